/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-matrix.h"

G_BEGIN_DECLS

typedef enum
{
  ORR_ACTIVATION_RELU,
  ORR_ACTIVATION_TANH,
} OrrActivation;

/**
 * OrrNetwork:
 * @n_hidden: H, hidden units
 * @n_noise: D, noise inputs
 * @n_symbols: K, output symbols
 * @activation: phi
 * @weight_ih: [H x D] input (noise) weights
 * @weight_hh: [H x H] recurrent weights, row = receiving unit
 * @weight_out: [K x H] readout weights
 * @bias_ih: (nullable): [1 x H]
 * @bias_hh: (nullable): [1 x H]
 * @bias_out: (nullable): [1 x K]
 *
 * h_t = phi (W_hh h_{t-1} + W_ih x_t + b_ih + b_hh), x_t ~ N(0, sigma^2 I),
 * logits z_t = W_out h_t + b_out. (SCIENCE, part 2; the matrices are named as in
 * PyTorch's state dicts: rnn.weight_ih_l0, rnn.weight_hh_l0, fc.weight.)
 *
 * A value: build it, then treat it as immutable. Reference counted.
 */
typedef struct
{
  guint         n_hidden;
  guint         n_noise;
  guint         n_symbols;
  OrrActivation activation;
  OrrMatrix    *weight_ih;
  OrrMatrix    *weight_hh;
  OrrMatrix    *weight_out;
  OrrMatrix    *bias_ih;
  OrrMatrix    *bias_hh;
  OrrMatrix    *bias_out;
} OrrNetwork;

OrrNetwork *orr_network_new        (guint             n_hidden,
                                    guint             n_noise,
                                    guint             n_symbols,
                                    gboolean          biased);
OrrNetwork *orr_network_new_random (guint             n_hidden,
                                    guint             n_noise,
                                    guint             n_symbols,
                                    gboolean          biased,
                                    guint64           seed);
OrrNetwork *orr_network_copy       (const OrrNetwork *self);
OrrNetwork *orr_network_ref        (OrrNetwork       *self);
void        orr_network_unref      (OrrNetwork       *self);
gboolean    orr_network_validate   (const OrrNetwork *self,
                                    GError          **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrrNetwork, orr_network_unref)

G_END_DECLS
