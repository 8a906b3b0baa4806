/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Laws found on the Equations page, drawn back over the charts that their data came from. */
#include "orr-law-overlay.h"

#include <glib/gi18n.h>
#include <math.h>

#define N_CURVE 400

/* Which plot of which analysis shows what a law is about. */
static const struct
{
  const char      *section;
  OrrReductionKind kind;
  const char      *plot; /* untranslated title */
} places[] = {
  { "orbit", ORR_REDUCTION_PHASE_SPEED, N_("Phase speed") },
  { "orbit", ORR_REDUCTION_EMISSION, N_("Emission along the orbit") },
  { "residency", ORR_REDUCTION_RESIDENCY, N_("Residency along the orbit") },
  { "resonance", ORR_REDUCTION_RATE, N_("Transition rate") },
};

static int
find_plot (OrrFigure *figure, const char *title)
{
  for (guint i = 0; i < figure->plots->len; i++)
    if (g_strcmp0 (orr_figure_get_plot (figure, i)->title, title) == 0)
      return (int) i;
  return -1;
}

static OrrDatasetLaw *
get_law (OrrSession *session)
{
  return session != NULL ? orr_bridge_get_law (orr_session_get_bridge (session)) : NULL;
}

/* What the analysis does not draw by itself: residency times by phase. */
static void
add_residency_plot (OrrFigure *figure, GVariant *section)
{
  g_autoptr (OrrReduction) times = orr_reduction_from_section (section, ORR_REDUCTION_RESIDENCY, 0, NULL);

  if (times == NULL)
    return;
  gsize n = times->n_rows;
  OrrPlot *plot = orr_figure_add_plot (figure, _("Residency along the orbit"));
  OrrSeries *points = orr_plot_add_points (plot, NULL, times->values, times->values + times->targets[0] * n, n,
                                           ORR_PAINT_ACCENT);

  points->width = 4.0;
  orr_series_set_errors (points, times->values + times->errors[0] * n);
  orr_axis_set_label (&plot->x, _("phase"), "rad");
  orr_axis_set_label (&plot->y, _("residency time"), _("steps"));
}

static void
get_reach (const OrrPlot *plot, double *low, double *high)
{
  *low = INFINITY;
  *high = -INFINITY;
  for (guint s = 0; s < plot->series->len; s++)
    {
      const OrrSeries *series = plot->series->pdata[s];

      if (series->kind != ORR_SERIES_LINE && series->kind != ORR_SERIES_POINTS)
        continue;
      for (gsize i = 0; i < series->n; i++)
        {
          *low = fmin (*low, series->x[i]);
          *high = fmax (*high, series->x[i]);
        }
    }
}

static void
add_law (OrrPlot *plot, OrrDatasetLaw *law)
{
  double x[N_CURVE], y[2 * N_CURVE], low, high;

  get_reach (plot, &low, &high);
  if (!(low < high) || law->n_targets != 1)
    return;
  for (guint i = 0; i < N_CURVE; i++)
    x[i] = low + (high - low) * i / (N_CURVE - 1);
  orr_dataset_law_field (x, N_CURVE, y, law);

  g_autofree char *text = orr_dataset_law_dup_text (law, 0, 3);
  /* TRANSLATORS: in a chart's legend; %s is a formula */
  g_autofree char *name = g_strdup_printf (_("law: %s"), text);
  OrrSeries *curve = orr_plot_add_line (plot, name, x, y, N_CURVE, ORR_PAINT_WARNING);
  curve->width = 2.5;
}

/**
 * orr_law_overlay_add:
 * @figure: just made from @section, not shown yet
 * @section_name: the analysis
 * @section: (nullable): its result
 *
 * Adds the law that the session's bridge holds as a curve with its formula, where it is
 * about something that the figure shows.
 *
 * Returns: the index of the plot with the law, -1 where there is none
 */
int
orr_law_overlay_add (OrrFigure *figure, const char *section_name, GVariant *section, OrrSession *session)
{
  OrrDatasetLaw *law = get_law (session);

  if (section == NULL)
    return -1;
  if (g_strcmp0 (section_name, "residency") == 0)
    add_residency_plot (figure, section);
  for (guint i = 0; law != NULL && i < G_N_ELEMENTS (places); i++)
    if (g_strcmp0 (places[i].section, section_name) == 0 && places[i].kind == law->source.kind)
      {
        int index = find_plot (figure, _(places[i].plot));

        if (index >= 0)
          add_law (orr_figure_get_plot (figure, (guint) index), law);
        return index;
      }
  return -1;
}

/**
 * orr_law_overlay_find_section:
 *
 * Returns: (nullable): the analysis over whose chart the law of the session's bridge is drawn
 */
const char *
orr_law_overlay_find_section (OrrSession *session)
{
  OrrDatasetLaw *law = get_law (session);

  for (guint i = 0; law != NULL && i < G_N_ELEMENTS (places); i++)
    if (places[i].kind == law->source.kind)
      return places[i].section;
  return NULL;
}
