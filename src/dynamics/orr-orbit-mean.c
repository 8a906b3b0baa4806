/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-orbit-mean.h"

#include <math.h>

#include "orr-phase.h"
#include "orr-section.h"

#define N_BINS 36
#define FEWEST 5

/**
 * orr_orbit_mean:
 *
 * The mean orbit of a motion by phase around its centre, over its steps inside: as in the analysis `orbit`
 * in 36 bins, `centre` [2], `mean_orbit` [36][3], `radius_sd` [36] and `phase_occupancy` [36]; NaN in bins of
 * fewer than 5 steps.
 *
 * Returns: (transfer full): a section with these
 */
GVariant *
orr_orbit_mean (const OrrMotion *motion)
{
  double places[N_BINS][3] = { 0 }, radius[N_BINS] = { 0 }, square[N_BINS] = { 0 }, share[N_BINS] = { 0 };
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  guint n = 0;

  for (guint t = 0; t < motion->trajectory->n_steps; t++)
    {
      const float *p = orr_matrix_row (motion->projection, t);
      guint bin = MIN ((guint) ((orr_phase_at (motion->centre, p) + G_PI) / (2.0 * G_PI) * N_BINS), N_BINS - 1);
      double r = hypot (p[0] - motion->centre[0], p[1] - motion->centre[1]);

      if (motion->inside != NULL && !motion->inside[t])
        continue;
      for (int k = 0; k < 3; k++)
        places[bin][k] += p[k];
      radius[bin] += r;
      square[bin] += r * r;
      share[bin] += 1.0;
      n++;
    }
  for (guint b = 0; b < N_BINS; b++)
    {
      double count = share[b] >= FEWEST ? share[b] : NAN;

      for (int k = 0; k < 3; k++)
        places[b][k] /= count;
      radius[b] = sqrt (fmax (square[b] / count - (radius[b] / count) * (radius[b] / count), 0.0));
      if (isnan (count))
        radius[b] = NAN;
      share[b] /= MAX (n, 1);
    }
  g_variant_builder_add (&builder, "{sv}", "centre", orr_section_new_doubles (motion->centre, 2));
  g_variant_builder_add (&builder, "{sv}", "mean_orbit", orr_section_new_table (places[0], N_BINS, 3));
  g_variant_builder_add (&builder, "{sv}", "radius_sd", orr_section_new_doubles (radius, N_BINS));
  g_variant_builder_add (&builder, "{sv}", "phase_occupancy", orr_section_new_doubles (share, N_BINS));
  return g_variant_ref_sink (g_variant_builder_end (&builder));
}
