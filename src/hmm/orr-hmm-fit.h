/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-hmm.h"
#include "orr-progress.h"
#include "orr-sequences.h"

G_BEGIN_DECLS

/**
 * OrrHmmFitOptions:
 * @n_states: S of a model fitted from nothing (ignored with an initial model)
 * @n_symbols: K of a model fitted from nothing; 0 takes the largest symbol + 1
 * @restarts: how many starting points to try (at least 1)
 * @max_iterations: of each (at least 1)
 * @tolerance: a restart ends when the log-likelihood per symbol gains less
 * @seed: of the random starting points
 * @threads: 0 for all cores; never changes the numbers
 */
typedef struct
{
  guint   n_states;
  guint   n_symbols;
  guint   restarts;
  guint   max_iterations;
  double  tolerance;
  guint64 seed;
  guint   threads;
} OrrHmmFitOptions;

/**
 * OrrHmmFit:
 * @model: the best model found
 * @log_likelihood: of all sequences under it
 * @converged: whether the best restart ended by its tolerance
 * @n_iterations: iterations of the best restart
 * @history: [@n_iterations + 1] log-likelihood of the best restart before each
 *   iteration and after the last; never falls
 * @best_restart: which it was
 * @n_restarts: R
 * @restarts: [R] where each restart ended; -infinity for a start that cannot
 *   emit the sequences
 */
typedef struct
{
  OrrHmm  *model;
  double   log_likelihood;
  gboolean converged;
  guint    n_iterations;
  double  *history;
  guint    best_restart;
  guint    n_restarts;
  double  *restarts;
} OrrHmmFit;

void       orr_hmm_fit_options_init (OrrHmmFitOptions       *options);
OrrHmmFit *orr_hmm_fit              (const OrrSequences     *sequences,
                                     const OrrHmm           *initial,
                                     const OrrHmmFitOptions *options,
                                     OrrProgress            *progress,
                                     GError                **error);
void       orr_hmm_fit_free         (OrrHmmFit              *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrrHmmFit, orr_hmm_fit_free)

G_END_DECLS
