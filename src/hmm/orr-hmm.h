/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * OrrHmm:
 * @n_states: S, number of latent states (at least 1)
 * @n_symbols: K, number of output symbols (at least 1)
 * @start: [S] probabilities of the first state
 * @transition: [S x S] row-stochastic, row-major
 * @emission: [S x K] row-stochastic, row-major
 * @locked: [S x S] flags: this transition is held when others of its row change
 *   and when the model is fitted
 * @state_names: [S] names
 * @symbol_names: [K] names
 * @positions: [S x 2] where the graph editor draws each state: model units,
 *   x to the right, y down, about 1 between neighbours
 * @colours: [S] 0xRRGGBB, or %ORR_HMM_NO_COLOUR for the default
 *
 * A hidden Markov model as a value: build it, then treat it as immutable
 * (threads and undo history share it); to edit, edit a copy. Reference counted.
 */
typedef struct
{
  guint    n_states;
  guint    n_symbols;
  double  *start;
  double  *transition;
  double  *emission;
  guint8  *locked;
  char   **state_names;
  char   **symbol_names;
  double  *positions;
  guint32 *colours;
} OrrHmm;

#define ORR_HMM_NO_COLOUR G_MAXUINT32
#define ORR_HMM_MAX_STATES 256
#define ORR_HMM_MAX_SYMBOLS 256

OrrHmm  *orr_hmm_new      (guint          n_states,
                           guint          n_symbols);
OrrHmm  *orr_hmm_copy     (const OrrHmm  *self);
OrrHmm  *orr_hmm_ref      (OrrHmm        *self);
void     orr_hmm_unref    (OrrHmm        *self);
gboolean orr_hmm_equal    (const OrrHmm  *a,
                           const OrrHmm  *b);
gboolean orr_hmm_validate (const OrrHmm  *self,
                           GError       **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrrHmm, orr_hmm_unref)

G_END_DECLS
