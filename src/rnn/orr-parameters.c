/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-parameters.h"

#include <string.h>

#define N_PARTS 6

static void
list_parts (const OrrNetwork *network, OrrMatrix *parts[N_PARTS])
{
  parts[0] = network->weight_hh;
  parts[1] = network->weight_ih;
  parts[2] = network->weight_out;
  parts[3] = network->bias_ih;
  parts[4] = network->bias_hh;
  parts[5] = network->bias_out;
}

/**
 * orr_parameters_count:
 *
 * Returns: the length of the flat vector of all parameters: W_hh, W_ih, W_out,
 * then (where biased) b_ih, b_hh, b_out, each row by row
 */
gsize
orr_parameters_count (guint n_hidden, guint n_noise, guint n_symbols, gboolean biased)
{
  gsize n = (gsize) n_hidden * (n_hidden + n_noise + n_symbols);
  return biased ? n + 2 * n_hidden + n_symbols : n;
}

/* The network's parameters as one vector. */
void
orr_parameters_pack (const OrrNetwork *network, float *out)
{
  OrrMatrix *parts[N_PARTS];

  list_parts (network, parts);
  for (guint i = 0; i < N_PARTS; i++)
    if (parts[i] != NULL)
      {
        gsize n = parts[i]->rows * parts[i]->cols;
        memcpy (out, parts[i]->data, n * sizeof (float));
        out += n;
      }
}

/* Overwrites the parameters of a network that nobody shares yet. */
void
orr_parameters_unpack (OrrNetwork *network, const float *parameters)
{
  OrrMatrix *parts[N_PARTS];

  list_parts (network, parts);
  for (guint i = 0; i < N_PARTS; i++)
    if (parts[i] != NULL)
      {
        gsize n = parts[i]->rows * parts[i]->cols;
        memcpy (parts[i]->data, parameters, n * sizeof (float));
        parameters += n;
      }
}
