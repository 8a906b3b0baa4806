/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-hmm.h"
#include "orr-sequences.h"

G_BEGIN_DECLS

double   orr_hmm_log_likelihood   (const OrrHmm       *self,
                                   const guint16      *symbols,
                                   gsize               length);
double   orr_hmm_score            (const OrrHmm       *self,
                                   const OrrSequences *sequences);
gboolean orr_hmm_forward_backward (const OrrHmm       *self,
                                   const guint16      *symbols,
                                   gsize               length,
                                   double             *posterior,
                                   double             *log_likelihood,
                                   double             *n_transitions,
                                   GError            **error);
gboolean orr_hmm_viterbi          (const OrrHmm       *self,
                                   const guint16      *symbols,
                                   gsize               length,
                                   guint16            *path,
                                   double             *log_probability,
                                   GError            **error);

G_END_DECLS
