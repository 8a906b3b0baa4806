/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-critical-pairs.h"

#include <math.h>

#include "orr-batch-means.h"
#include "orr-jacobian.h"
#include "orr-parallel.h"

#define WINDOW 15 /* steps on both sides of a transition */
#define WINDOW_STRIDE 3
#define CRITICAL_RE 0.1
#define CRITICAL_IM 0.06

/* Critical pairs around one transition: their number over all states of the window,
 * counted at every third. */
static double
count_around (OrrJacobian *jacobian, const OrrTrajectory *run, guint time, OrrProgress *progress)
{
  guint from = time > WINDOW ? time - WINDOW : 0, to = MIN (time + WINDOW, run->n_steps - 1), n = 0;
  double pairs = 0.0;

  for (guint t = from; t <= to && !orr_progress_is_cancelled (progress); t += WINDOW_STRIDE)
    if (orr_jacobian_decompose (jacobian, orr_matrix_row (run->states, t)))
      {
        pairs += orr_jacobian_n_critical (jacobian, CRITICAL_RE, CRITICAL_IM);
        n++;
      }
  return n > 0 ? pairs / n * (2 * WINDOW + 1) : NAN;
}

/**
 * orr_critical_pairs_measure:
 * @run: a trajectory of @network
 * @max_events: transitions that are looked at, at equal distances
 * @threads: 0 for all cores; never changes the numbers
 * @pairs: (out): the result; NaN without a transition
 *
 * Complex pairs of eigenvalues near the critical line, |Re w| < 0.1 and Im w > 0.06 with
 * w = (z - 1) / (z + 1), summed over the 31 states within 15 steps of a transition of the
 * leading symbol (SCIENCE, part 3.8).
 *
 * Returns: whether it was not cancelled
 */
gboolean
orr_critical_pairs_measure (const OrrNetwork *network, const OrrTrajectory *run, guint max_events, guint threads,
                            OrrCriticalPairs *pairs, OrrProgress *progress, GError **error)
{
  g_autoptr (OrrTransitions) transitions = orr_transitions_new (run);
  guint n = MIN (transitions->n, max_events);
  g_autofree double *counts = g_new (double, MAX (n, 1));
  double squares = 0.0;

#pragma omp parallel num_threads (orr_parallel_threads (threads))
  {
    g_autoptr (OrrJacobian) jacobian = orr_jacobian_new (network);

#pragma omp for schedule (dynamic, 1)
    for (guint e = 0; e < n; e++)
      counts[e] = count_around (jacobian, run, transitions->items[(gsize) e * transitions->n / n].time, progress);
  }
  if (!orr_progress_check (progress, error))
    return FALSE;
  orr_interval_half_width (counts, n, &pairs->mean);
  for (guint e = 0; e < n; e++)
    squares += (counts[e] - pairs->mean) * (counts[e] - pairs->mean);
  pairs->sd = n > 1 ? sqrt (squares / (n - 1)) : NAN;
  pairs->n = n;
  return TRUE;
}
