/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-hmm-fit.h"

G_BEGIN_DECLS

/**
 * OrrHmmScanEntry:
 * @n_states: S
 * @fit: of all sequences
 * @n_parameters: free ones: S - 1 + S (S - 1) + S (K - 1)
 * @bic: -2 log-likelihood + n_parameters ln (number of symbols); the least is best
 * @held_out: log-likelihood per symbol of the part that was kept back, under a
 *   model fitted to the rest
 */
typedef struct
{
  guint      n_states;
  OrrHmmFit *fit;
  guint      n_parameters;
  double     bic;
  double     held_out;
} OrrHmmScanEntry;

/**
 * OrrHmmScan:
 * @n_entries: how many numbers of states were tried
 * @entries: [@n_entries] in order of the number of states
 * @best_bic: index of the least BIC
 * @best_held_out: index of the largest held-out log-likelihood
 *
 * Models with different numbers of states, fitted to the same sequences.
 */
typedef struct
{
  guint            n_entries;
  OrrHmmScanEntry *entries;
  guint            best_bic;
  guint            best_held_out;
} OrrHmmScan;

OrrHmmScan *orr_hmm_scan            (const OrrSequences     *sequences,
                                     guint                   fewest,
                                     guint                   most,
                                     const OrrHmmFitOptions *options,
                                     OrrProgress            *progress,
                                     GError                **error);
void        orr_hmm_scan_free       (OrrHmmScan             *self);
GVariant   *orr_hmm_scan_to_section (const OrrHmmScan       *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrrHmmScan, orr_hmm_scan_free)

G_END_DECLS
