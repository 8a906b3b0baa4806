/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The orbits of several networks laid over each other, each in the plane of its own components. */
#include "orr-run-orbits.h"

#include <glib/gi18n.h>
#include <math.h>

#include "orr-figure-loss.h"
#include "orr-orbit-alignment.h"
#include "orr-orbit-mean.h"
#include "orr-section-series.h"
#include "orr-section.h"

/* States of each network that are drawn as points. */
#define N_POINTS 500
/* Net turns in a thousand steps from which on a mean orbit says something: three times what jumps to and fro, as
 * often as in the presets, come to by chance in so many steps. */
#define FEWEST_TURNS 6.0
/* How long readout axes are drawn: together as long as so many spreads. */
#define AXES_LENGTH 2.2

static const OrrMarker markers[] = { ORR_MARKER_CIRCLE, ORR_MARKER_DIAMOND, ORR_MARKER_CROSS, ORR_MARKER_RING };

/* What is said where the picture is explained. */
const char *
orr_run_orbits_explain (void)
{
  return _("Orbits: different networks have no state space in common, so each is seen in the plane of its own first two "
           "principal components, as 3000 steps under the training's noise visit it. The plane is scaled to unit spread, "
           "and turned or mirrored so that the network's readout axes (short lines, a mark at the end for each symbol) come "
           "as near as possible to those of the network in front; where they leave the mirror image open, so that both turn "
           "the same way. Compare shapes and how they lie to the symbols, not places. The thick line is the mean orbit, "
           "drawn where a network goes round at least 6 times in 1000 steps. In brackets: what the plane holds of the "
           "variance.");
}

static OrrSeries *
style (OrrSeries *series, const OrrRunOrbit *orbit)
{
  orr_series_set_place (series, orbit->place);
  series->tag = orbit->tag;
  return series;
}

static char *
create_name (const OrrRunOrbit *orbit, const OrrMotion *motion)
{
  const double *share = motion->pca->variance_ratio;
  double both = share[0] + (motion->pca->n_components > 1 ? share[1] : 0.0);

  return g_strdup_printf ("%s (%.0f %%)", orbit->run->name, 100.0 * both);
}

static void
add_points (OrrPlot *plot, const OrrRunOrbit *orbit, const OrrMotion *motion, const OrrOrbitAlignment *alignment)
{
  guint n = MIN (motion->trajectory->n_steps, N_POINTS);
  double x[N_POINTS], y[N_POINTS];

  for (guint t = 0; t < n; t++)
    {
      const float *p = orr_matrix_row (motion->projection, t);
      double place[2];

      orr_orbit_alignment_apply (alignment, (double[]){ p[0], p[1] }, place);
      x[t] = place[0];
      y[t] = place[1];
    }
  OrrSeries *points = style (orr_plot_add_points (plot, NULL, x, y, n, 0), orbit);
  points->width = 3.0;
  points->alpha = 0.35;
  points->dashed = FALSE;
}

/* A closed line through the phases that were visited. */
static void
add_mean (OrrPlot *plot, const char *name, const OrrRunOrbit *orbit, const OrrMotion *motion,
          const OrrOrbitAlignment *alignment)
{
  g_autoptr (GVariant) section = orr_orbit_mean (motion);
  gsize rows, cols;
  g_autofree double *mean = orr_section_dup_table (section, "mean_orbit", &rows, &cols);
  g_autofree double *x = g_new (double, rows + 1), *y = g_new (double, rows + 1);
  gsize n = 0;

  for (gsize i = 0; i < rows; i++)
    {
      double place[2];

      if (!isfinite (mean[i * cols]))
        continue;
      orr_orbit_alignment_apply (alignment, &mean[i * cols], place);
      x[n] = place[0];
      y[n++] = place[1];
    }
  if (n == 0)
    return;
  x[n] = x[0];
  y[n] = y[0];
  style (orr_plot_add_line (plot, name, x, y, n + 1, 0), orbit)->width = 2.4;
}

/* @name: (nullable): the network's, where no mean orbit bears it */
static void
add_axes (OrrPlot *plot, const char *name, const OrrRunOrbit *orbit, const OrrMotion *motion,
          const OrrOrbitAlignment *alignment, gboolean first)
{
  gsize K = motion->readout->rows;
  g_autofree double *axes = g_new (double, 2 * K);
  const OrrHmm *hmm = orbit->run->hmm;

  orr_orbit_alignment_apply_to_readout (alignment, motion, axes);
  for (gsize k = 0; k < K; k++)
    {
      double x[2] = { 0.0, AXES_LENGTH * axes[2 * k] }, y[2] = { 0.0, AXES_LENGTH * axes[2 * k + 1] };
      g_autofree char *symbol = orr_section_symbol_name (hmm != NULL ? hmm->symbol_names : NULL,
                                                         hmm != NULL ? hmm->n_symbols : 0, k);
      g_autofree char *end_name = first ? g_strdup_printf (_("reads out %s"), symbol) : NULL;

      style (orr_plot_add_line (plot, k == 0 ? name : NULL, x, y, 2, 0), orbit)->width = 1.0;
      OrrSeries *end = style (orr_plot_add_points (plot, end_name, &x[1], &y[1], 1, 0), orbit);
      end->marker = markers[k % G_N_ELEMENTS (markers)];
      end->width = 8.0;
      if (first)
        end->paint = ORR_PAINT_FOREGROUND;
    }
}

static void
add_network (OrrPlot *plot, const OrrRunOrbit *orbit, OrrMotion *motion, OrrMotion *reference)
{
  OrrOrbitAlignment alignment;
  gboolean turns = fabs (orr_orbit_turns (motion)) >= FEWEST_TURNS * motion->trajectory->n_steps / 1000.0;
  g_autofree char *name = create_name (orbit, motion);

  orr_orbit_align (motion, reference, &alignment);
  add_points (plot, orbit, motion, &alignment);
  if (turns)
    add_mean (plot, name, orbit, motion, &alignment);
  add_axes (plot, turns ? NULL : name, orbit, motion, &alignment, motion == reference);
}

/**
 * orr_run_orbits_add:
 * @choice: knows how the networks move, or finds out and tells with "changed"
 * @orbits: (array length=n): the one in question first: the others are turned to it
 *
 * Adds a plot with the orbits of networks laid over each other, as far as they are known.
 */
void
orr_run_orbits_add (OrrFigure *figure, OrrRunChoice *choice, const OrrRunOrbit *orbits, guint n)
{
  OrrPlot *plot = orr_figure_add_plot (figure, NULL);
  g_autofree OrrMotion **motions = g_new0 (OrrMotion *, MAX (n, 1));
  OrrMotion *reference = NULL;
  gboolean waits = FALSE;

  for (guint i = 0; i < n; i++)
    {
      gboolean failed;

      motions[i] = orr_run_choice_get_motion (choice, orbits[i].run, &failed);
      waits |= motions[i] == NULL && !failed;
      if (reference == NULL)
        reference = motions[i];
    }
  plot->square = TRUE;
  orr_axis_set_label (&plot->x, n > 1 ? _("each turned by its readout axes") : _("own PC 1"), n > 1 ? NULL : _("spreads"));
  orr_axis_set_label (&plot->y, n > 1 ? _("own PC planes") : _("own PC 2"), _("spreads"));
  orr_plot_set_empty_text (plot, waits   ? _("Simulating\342\200\246")
                                 : n > 0 ? _("Its activity grows beyond all bounds")
                                         : _("Train or open a network to see its orbit here"));
  for (guint i = n; i-- > 0;)
    if (motions[i] != NULL)
      add_network (plot, &orbits[i], motions[i], reference);
}
