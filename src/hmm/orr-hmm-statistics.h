/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-hmm.h"

G_BEGIN_DECLS

gboolean  orr_hmm_stationary         (const OrrHmm *self,
                                      double       *stationary);
void      orr_hmm_dwell_times        (const OrrHmm *self,
                                      double       *dwell_times);
double    orr_hmm_entropy_rate       (const OrrHmm *self);
void      orr_hmm_symbol_frequencies (const OrrHmm *self,
                                      double       *frequencies);
void      orr_hmm_symbol_transitions (const OrrHmm *self,
                                      double       *transitions);
GVariant *orr_hmm_describe           (const OrrHmm *self);

G_END_DECLS
