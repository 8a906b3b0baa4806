/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-hmm.h"
#include "orr-network.h"
#include "orr-progress.h"

G_BEGIN_DECLS

/* Sequences of each side whose distance is matched, at most. */
#define ORR_MATCH_DISTANCE_SEQUENCES 2000

/**
 * OrrMatchOptions:
 * @sequences: fresh sequences of each side
 * @length: T, steps of a sequence
 * @seed: of both sides
 * @threads: 0 for all cores; never changes the numbers
 * @sigma: standard deviation of the network's noise inputs
 * @tau: temperature of the Gumbel noise on the logits
 * @random_initial_state: h_0 ~ N(0, I) instead of 0
 */
typedef struct
{
  guint    sequences;
  guint    length;
  guint64  seed;
  guint    threads;
  double   sigma;
  double   tau;
  gboolean random_initial_state;
} OrrMatchOptions;

void      orr_match_options_init (OrrMatchOptions       *self);
GVariant *orr_match_evaluate     (const OrrNetwork      *network,
                                  const OrrHmm          *hmm,
                                  const OrrMatchOptions *options,
                                  OrrProgress           *progress,
                                  GError               **error);
GVariant *orr_match_describe     (const guint8          *symbols,
                                  const OrrHmm          *hmm,
                                  const OrrMatchOptions *options,
                                  OrrProgress           *progress,
                                  GError               **error);

G_END_DECLS
