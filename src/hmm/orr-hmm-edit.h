/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-hmm.h"

G_BEGIN_DECLS

/*
 * The edits of a model, as functions from one value to the next: each takes a
 * model, leaves it alone and returns (transfer full) a new one, or %NULL with
 * %ORR_ERROR_INPUT and a sentence that says why not.
 *
 * One rule keeps rows stochastic: when an entry is set, the rest of its row
 * rescales in proportion, and locked entries stay.
 */

OrrHmm  *orr_hmm_add_state         (const OrrHmm  *self,
                                    double         x,
                                    double         y,
                                    GError       **error);
OrrHmm  *orr_hmm_remove_state      (const OrrHmm  *self,
                                    guint          state,
                                    GError       **error);
OrrHmm  *orr_hmm_add_symbol        (const OrrHmm  *self,
                                    GError       **error);
OrrHmm  *orr_hmm_remove_symbol     (const OrrHmm  *self,
                                    guint          symbol,
                                    GError       **error);
OrrHmm  *orr_hmm_add_transition    (const OrrHmm  *self,
                                    guint          from,
                                    guint          to,
                                    GError       **error);
OrrHmm  *orr_hmm_set_transition    (const OrrHmm  *self,
                                    guint          from,
                                    guint          to,
                                    double         probability,
                                    GError       **error);
OrrHmm  *orr_hmm_set_emission      (const OrrHmm  *self,
                                    guint          state,
                                    guint          symbol,
                                    double         probability,
                                    GError       **error);
OrrHmm  *orr_hmm_set_start         (const OrrHmm  *self,
                                    guint          state,
                                    double         probability,
                                    GError       **error);
OrrHmm  *orr_hmm_set_locked        (const OrrHmm  *self,
                                    guint          from,
                                    guint          to,
                                    gboolean       locked);
OrrHmm  *orr_hmm_rename_state      (const OrrHmm  *self,
                                    guint          state,
                                    const char    *name,
                                    GError       **error);
OrrHmm  *orr_hmm_rename_symbol     (const OrrHmm  *self,
                                    guint          symbol,
                                    const char    *name,
                                    GError       **error);
OrrHmm  *orr_hmm_set_colour        (const OrrHmm  *self,
                                    guint          state,
                                    guint32        colour);
OrrHmm  *orr_hmm_move_state        (const OrrHmm  *self,
                                    guint          state,
                                    double         x,
                                    double         y);
double   orr_hmm_transition_limit  (const OrrHmm  *self,
                                    guint          from,
                                    guint          to);

gboolean orr_probability_parse     (const char    *text,
                                    double        *probability,
                                    GError       **error);
char    *orr_probability_to_string (double         probability);

G_END_DECLS
