/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-arrays.h"
#include "orr-network.h"

G_BEGIN_DECLS

/*
 * A network as named arrays, the names being those of PyTorch's state dicts:
 * rnn.weight_ih_l0 [H x D], rnn.weight_hh_l0 [H x H], fc.weight [K x H] and,
 * where biased, rnn.bias_ih_l0, rnn.bias_hh_l0 [H], fc.bias [K]. The note
 * "activation" is "relu" or "tanh".
 */

OrrNetwork *orr_network_from_arrays (OrrArrays         *arrays,
                                     GError           **error);
OrrArrays  *orr_network_to_arrays   (const OrrNetwork  *network);

G_END_DECLS
