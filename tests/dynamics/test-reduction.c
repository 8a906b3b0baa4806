/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-reduction-law.h"

#include <math.h>

#include "orr-error.h"
#include "orr-orbit.h"
#include "orr-residency.h"
#include "orr-section.h"

/* h' = A (h - 10) + 10 + noise: far from the kink, so that a ReLU network is linear. Symbol 0 where
 * the first unit is above 10. */
static OrrNetwork *
create_linear (double decay, double turn, double noise_1, double noise_2)
{
  OrrNetwork *network = orr_network_new (2, 2, 2, TRUE);
  float *w = network->weight_hh->data;

  w[0] = w[3] = decay * cos (turn);
  w[1] = -decay * sin (turn);
  w[2] = decay * sin (turn);
  for (guint i = 0; i < 2; i++)
    network->bias_hh->data[i] = 10.0f * (1.0f - w[2 * i] - w[2 * i + 1]);
  network->weight_ih->data[0] = noise_1;
  network->weight_ih->data[3] = noise_2;
  network->weight_out->data[0] = 200.0f;
  network->bias_out->data[0] = -2000.0f;
  return network;
}

static OrrMotion *
move (const OrrNetwork *network)
{
  OrrTrajectoryOptions options;
  g_autoptr (GError) error = NULL;

  orr_trajectory_options_init (&options);
  options.burn_in = 200;
  OrrMotion *motion = orr_motion_compute (network, NULL, &options, NULL, &error);
  g_assert_no_error (error);
  return motion;
}

static OrrReduction *
reduce (const OrrMotion *motion, OrrReductionKind kind)
{
  const OrrReductionOptions options = { 0 };
  g_autoptr (GError) error = NULL;
  OrrReduction *reduction = orr_reduction_from_motion (motion, kind, &options, &error);

  g_assert_no_error (error);
  return reduction;
}

/* The planted matrix as it looks in the principal components: C A C'. */
static void
get_planted (const OrrNetwork *network, const OrrMotion *motion, double planted[4])
{
  const double *c = motion->pca->components;

  for (guint i = 0; i < 2; i++)
    for (guint j = 0; j < 2; j++)
      {
        planted[2 * i + j] = 0.0;
        for (guint u = 0; u < 2; u++)
          for (guint v = 0; v < 2; v++)
            planted[2 * i + j] += c[2 * i + u] * network->weight_hh->data[2 * u + v] * c[2 * j + v];
      }
}

/* The mean displacement in every cell is (A - 1) x within its standard error. */
static void
test_flow (void)
{
  g_autoptr (OrrNetwork) network = create_linear (0.9, 0.3, 0.4, 0.3);
  g_autoptr (OrrMotion) motion = move (network);
  g_autoptr (OrrReduction) flow = reduce (motion, ORR_REDUCTION_FLOW);
  gsize N = flow->n_rows, n_within = 0;
  double planted[4], visits = 0.0;

  get_planted (network, motion, planted);
  g_assert_cmpuint (flow->n_targets, ==, 2);
  g_assert_cmpuint (N, >, 100);
  for (gsize i = 0; i < N; i++)
    {
      const double x[2] = { flow->values[i], flow->values[N + i] };

      visits += flow->values[6 * N + i];
      for (guint a = 0; a < 2; a++)
        {
          double expected = planted[2 * a] * x[0] + planted[2 * a + 1] * x[1] - x[a];
          double d = flow->values[flow->targets[a] * N + i] - expected;

          n_within += fabs (d) < 2.0 * flow->values[flow->errors[a] * N + i];
        }
    }
  /* The mean of the components is 0 only up to what 30 000 correlated steps allow; 95 % in theory. */
  g_assert_cmpfloat (n_within, >, 0.85 * 2 * N);
  g_assert_cmpfloat (visits, >, 25000);
  g_assert_cmpfloat (visits, <, 30000);
}

static void
test_map (void)
{
  g_autoptr (OrrNetwork) network = create_linear (0.9, 0.3, 0.4, 0.4);
  g_autoptr (OrrMotion) motion = move (network);
  g_autoptr (OrrReduction) map = reduce (motion, ORR_REDUCTION_MAP);
  gsize N = map->n_rows;
  double planted[4], rest = 0.0;

  get_planted (network, motion, planted);
  g_assert_cmpuint (N, ==, 2000);
  for (gsize i = 0; i < N; i++)
    {
      guint t = map->steps[i];

      g_assert_cmpfloat (map->values[i], ==, orr_matrix_row (motion->projection, t)[0]);
      g_assert_cmpfloat (map->values[3 * N + i], ==, orr_matrix_row (motion->projection, t + 1)[1]);
      rest += pow (map->values[2 * N + i] - planted[0] * map->values[i] - planted[1] * map->values[N + i], 2) / N;
    }
  g_assert_cmpfloat_with_epsilon (sqrt (rest), 0.4, 0.02);
  /* Between two rows, the nearer one. */
  g_assert_cmpint (orr_reduction_find_row (ORR_REDUCTION_MAP, motion, map->steps[7] + 1, map->values, map->values + N,
                                           map->steps, N), ==, 7);
}

/* A spiral that noise keeps going, the same in every direction, turns by its angle at every phase. */
static void
test_phase_speed (void)
{
  g_autoptr (OrrNetwork) network = create_linear (0.98, 0.4, 0.2, 0.2);
  g_autoptr (OrrMotion) motion = move (network);
  g_autoptr (OrrReduction) speed = reduce (motion, ORR_REDUCTION_PHASE_SPEED);
  gsize N = speed->n_rows;

  g_assert_cmpuint (N, ==, 72);
  for (gsize i = 0; i < N; i++)
    {
      double theta = speed->values[i];

      g_assert_cmpfloat_with_epsilon (speed->values[N + i], sin (theta), 1e-12);
      g_assert_cmpfloat (fabs (fabs (speed->values[3 * N + i]) - 0.4), <, 0.01 + 4.0 * speed->values[4 * N + i]);
      g_assert_cmpfloat (speed->values[4 * N + i], <, 0.05);
      g_assert_cmpint (orr_reduction_find_row (ORR_REDUCTION_PHASE_SPEED, motion, speed->steps[i], speed->values, NULL,
                                               speed->steps, N), ==, i);
    }

  /* One of the phases' halves belongs to symbol 0. */
  g_autoptr (OrrReduction) emission = reduce (motion, ORR_REDUCTION_EMISSION);
  guint n_high = 0;
  g_assert_cmpstr (emission->columns[3], ==, "p_1");
  for (gsize i = 0; i < emission->n_rows; i++)
    n_high += emission->values[3 * emission->n_rows + i] > 0.5;
  g_assert_cmpuint (n_high * 2, >=, emission->n_rows - 6);
  g_assert_cmpuint (n_high * 2, <=, emission->n_rows + 6);
}

static void
test_range (void)
{
  g_autoptr (OrrNetwork) network = create_linear (0.9, 0.3, 0.4, 0.4);
  g_autoptr (OrrMotion) motion = move (network);
  const OrrReductionOptions part = { .start = 1000, .end = 3000 }, tiny = { .start = 10, .end = 20 };
  g_autoptr (GError) error = NULL;
  g_autoptr (OrrReduction) map = orr_reduction_from_motion (motion, ORR_REDUCTION_MAP, &part, &error);

  g_assert_no_error (error);
  for (gsize i = 0; i < map->n_rows; i++)
    {
      g_assert_cmpuint (map->steps[i], >=, 1000);
      g_assert_cmpuint (map->steps[i], <, 2999);
    }
  /* A short range still has a flow, in fewer cells. */
  const OrrReductionOptions brief = { .start = 1000, .end = 1250 };
  g_autoptr (OrrReduction) flow = orr_reduction_from_motion (motion, ORR_REDUCTION_FLOW, &brief, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (flow->n_rows, >=, 6);
  g_assert_cmpuint (flow->n_rows, <=, 16);
  g_autoptr (OrrReduction) speed = orr_reduction_from_motion (motion, ORR_REDUCTION_PHASE_SPEED, &brief, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (speed->n_rows, ==, 12);
  g_assert_null (orr_reduction_from_motion (motion, ORR_REDUCTION_FLOW, &tiny, &error));
  g_assert_error (error, ORR_ERROR, ORR_ERROR_INPUT);
}

/* What the analysis says and what the motion says is the same, bin by bin of the coarser one. */
static void
test_sections (void)
{
  g_autoptr (OrrNetwork) network = create_linear (0.98, 0.4, 0.2, 0.2);
  OrrAnalysisOptions options;
  g_autoptr (GError) error = NULL;

  orr_analysis_options_init (&options);
  g_autoptr (GVariant) orbit = orr_orbit_analyze (network, &options, NULL, &error);
  g_assert_no_error (error);
  g_autoptr (OrrReduction) speed = orr_reduction_from_section (orbit, ORR_REDUCTION_PHASE_SPEED, 0, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (speed->n_rows, ==, 36);
  for (gsize i = 0; i < 36; i++)
    g_assert_cmpfloat (fabs (fabs (speed->values[3 * 36 + i]) - 0.4), <, 0.01 + 4.0 * speed->values[4 * 36 + i]);
  g_assert_null (orr_reduction_from_section (orbit, ORR_REDUCTION_EMISSION, 7, &error));
  g_assert_error (error, ORR_ERROR, ORR_ERROR_INPUT);
  g_clear_error (&error);

  g_autoptr (GVariant) residency = orr_residency_analyze (network, &options, NULL, &error);
  g_assert_no_error (error);
  g_autoptr (OrrReduction) times = orr_reduction_from_section (residency, ORR_REDUCTION_RESIDENCY, 0, &error);
  g_assert_no_error (error);
  /* From where it enters a half it stays pi / 0.4 steps at most. */
  for (gsize i = 0; i < times->n_rows; i++)
    g_assert_cmpfloat (times->values[3 * times->n_rows + i], <, 9.0);
}

/* The law in the network's place ------------------------------------------------------------------ */

static void
linear_field (const double *x, gsize n, double *out, gpointer data)
{
  const double *m = data;

  for (gsize i = 0; i < n; i++)
    for (guint a = 0; a < 2; a++)
      out[a * n + i] = m[2 * a] * x[i] + m[2 * a + 1] * x[n + i];
}

static double
change_rate (const guint8 *symbols, gsize N, gsize T)
{
  gsize changes = 0;

  for (gsize i = 0; i < N; i++)
    for (gsize t = 1; t < T; t++)
      changes += symbols[i * T + t] != symbols[i * T + t - 1];
  return (double) changes / (N * (T - 1));
}

/* The sign of an autoregressive process of order one changes with probability arccos (rho) / pi. */
static void
test_simulated_map (void)
{
  g_autoptr (OrrNetwork) network = create_linear (0.9, 0.0, 0.4, 0.1);
  g_autoptr (OrrMotion) motion = move (network);
  const OrrReducedRun run = { .sequences = 500, .length = 100, .seed = 3 };
  g_autoptr (GError) error = NULL;
  double planted[4], held, ones = 0.0;

  get_planted (network, motion, planted);
  g_autoptr (OrrReducedLaw) law = orr_reduced_law_new (motion, ORR_REDUCTION_MAP, linear_field, planted, &error);
  g_assert_no_error (error);
  g_assert_cmpfloat_with_epsilon (law->covariance[0], 0.16, 0.01);
  g_assert_cmpfloat_with_epsilon (law->covariance[3], 0.01, 0.001);
  g_assert_cmpfloat_with_epsilon (law->memory[0], 0.0, 0.02);
  /* Of single steps, (rho - 1) x explains (1 - rho) / 2. */
  g_assert_cmpfloat_with_epsilon (law->one_step_r2[0], 0.05, 0.01);
  g_assert_cmpfloat (law->undefined, ==, 0.0);

  g_autofree guint8 *symbols = orr_reduced_law_simulate (law, linear_field, planted, &run, &held, NULL, &error);
  g_autofree guint8 *again = orr_reduced_law_simulate (law, linear_field, planted, &run, &held, NULL, &error);
  g_assert_cmpmem (symbols, 50000, again, 50000);
  g_assert_cmpfloat (held, <, 0.01);
  for (gsize i = 0; i < 50000; i++)
    ones += symbols[i] / 50000.0;
  g_assert_cmpfloat_with_epsilon (ones, 0.5, 0.04);
  g_assert_cmpfloat_with_epsilon (change_rate (symbols, 500, 100), acos (0.9) / G_PI, 0.02);
}

static void
turning_field (const double *x, gsize n, double *out, gpointer data)
{
  for (gsize i = 0; i < n; i++)
    out[i] = *(double *) data;
}

/* Two changes a turn. */
static void
test_simulated_phase (void)
{
  g_autoptr (OrrNetwork) network = create_linear (1.0, 0.2, 0.004, 0.004);
  g_autoptr (OrrMotion) motion = move (network);
  g_autoptr (OrrReduction) speed = reduce (motion, ORR_REDUCTION_PHASE_SPEED);
  const OrrReducedRun run = { .sequences = 200, .length = 200, .seed = 1 };
  g_autoptr (GError) error = NULL;
  double turn = speed->values[3 * speed->n_rows] > 0.0 ? 0.2 : -0.2, held;
  g_autoptr (OrrReducedLaw) law = orr_reduced_law_new (motion, ORR_REDUCTION_PHASE_SPEED, turning_field, &turn, &error);

  g_assert_no_error (error);
  g_autofree guint8 *symbols = orr_reduced_law_simulate (law, turning_field, &turn, &run, &held, NULL, &error);
  g_assert_cmpfloat (held, ==, 0.0);
  g_assert_cmpfloat_with_epsilon (change_rate (symbols, 200, 200), 0.2 / G_PI, 0.005);
}

static void
nowhere_field (const double *x, gsize n, double *out, gpointer data)
{
  for (gsize i = 0; i < 2 * n; i++)
    out[i] = NAN;
}

static void
test_undefined (void)
{
  g_autoptr (OrrNetwork) network = create_linear (0.9, 0.3, 0.4, 0.4);
  g_autoptr (OrrMotion) motion = move (network);
  g_autoptr (GError) error = NULL;

  g_assert_null (orr_reduced_law_new (motion, ORR_REDUCTION_FLOW, nowhere_field, NULL, &error));
  g_assert_error (error, ORR_ERROR, ORR_ERROR_INPUT);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/reduction/flow", test_flow);
  g_test_add_func ("/reduction/map", test_map);
  g_test_add_func ("/reduction/phase-speed", test_phase_speed);
  g_test_add_func ("/reduction/range", test_range);
  g_test_add_func ("/reduction/sections", test_sections);
  g_test_add_func ("/reduction/simulated-map", test_simulated_map);
  g_test_add_func ("/reduction/simulated-phase", test_simulated_phase);
  g_test_add_func ("/reduction/undefined", test_undefined);
  return g_test_run ();
}
