/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-analysis.h"

#include <string.h>

/**
 * orr_analysis_options_init:
 *
 * 30 000 steps after a burn-in of 20, sigma 1, seed 0, all cores (SCIENCE, part 3.1); kick groups of
 * at most 10 units that leave a tenth of the rate, looked for twice more with other seeds; stretches of 10 steps.
 */
void
orr_analysis_options_init (OrrAnalysisOptions *options)
{
  *options = (OrrAnalysisOptions) {
    .n_steps = 30000, .burn_in = 20, .noise_sd = 1.0, .kick_max_group = ORR_ANALYSIS_MAX_GROUP, .kick_target = 0.1,
    .kick_repeats = 2, .min_stretch = 10,
  };
}

/**
 * orr_analysis_simulate:
 *
 * The trajectory of visited states that every analysis with these options starts from.
 *
 * Returns: (transfer full) (nullable): the trajectory
 */
OrrTrajectory *
orr_analysis_simulate (const OrrNetwork *network, const OrrAnalysisOptions *options, OrrProgress *progress,
                       GError **error)
{
  OrrTrajectoryOptions run;

  orr_trajectory_options_init (&run);
  run.n_steps = options->n_steps;
  run.burn_in = options->burn_in;
  run.noise_sd = options->noise_sd;
  run.seed = options->seed;
  return orr_trajectory_simulate (network, &run, progress, error);
}

/**
 * orr_analysis_add_settings:
 * @builder: a vardict
 *
 * Adds what a reader needs to run the analysis again: `hidden`, `noise_inputs`,
 * `symbols`, `steps`, `burn_in`, `noise`, `seed`.
 */
void
orr_analysis_add_settings (GVariantBuilder *builder, const OrrNetwork *network, const OrrAnalysisOptions *options)
{
  g_variant_builder_add (builder, "{sv}", "hidden", g_variant_new_int32 (network->n_hidden));
  g_variant_builder_add (builder, "{sv}", "noise_inputs", g_variant_new_int32 (network->n_noise));
  g_variant_builder_add (builder, "{sv}", "symbols", g_variant_new_int32 (network->n_symbols));
  g_variant_builder_add (builder, "{sv}", "steps", g_variant_new_int64 (options->n_steps));
  g_variant_builder_add (builder, "{sv}", "burn_in", g_variant_new_int32 (options->burn_in));
  g_variant_builder_add (builder, "{sv}", "noise", g_variant_new_double (options->noise_sd));
  g_variant_builder_add (builder, "{sv}", "seed", g_variant_new_int64 (options->seed));
}

/**
 * orr_analysis_pick_states:
 * @states: [T x H]
 * @n: how many to pick; no more than T are
 *
 * Returns: (transfer full): [n x H] rows at equal distances in time
 */
OrrMatrix *
orr_analysis_pick_states (const OrrMatrix *states, guint n)
{
  gsize count = MIN (n, states->rows);
  OrrMatrix *picked = orr_matrix_new (count, states->cols);

  for (gsize i = 0; i < count; i++)
    memcpy (orr_matrix_row (picked, i), orr_matrix_row (states, (2 * i + 1) * states->rows / (2 * count)),
            states->cols * sizeof (float));
  return picked;
}

/**
 * orr_analysis_is_homogeneous:
 *
 * Returns: whether the noise-free map commutes with h -> s h for s > 0: ReLU without
 * biases on the hidden units. The origin is fixed then, and the size of the noise only
 * scales the states.
 */
gboolean
orr_analysis_is_homogeneous (const OrrNetwork *network)
{
  const OrrMatrix *biases[2] = { network->bias_ih, network->bias_hh };

  if (network->activation != ORR_ACTIVATION_RELU)
    return FALSE;
  for (guint b = 0; b < 2; b++)
    for (gsize i = 0; biases[b] != NULL && i < network->n_hidden; i++)
      if (biases[b]->data[i] != 0.0f)
        return FALSE;
  return TRUE;
}
