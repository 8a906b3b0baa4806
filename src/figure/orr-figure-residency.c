/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>
#include <math.h>

#include "orr-figure-section.h"
#include "orr-section.h"

#define N_BINS 25

static const char *const zones[] = { "transition", "kick", "cluster", "other" };
static const guint32 zone_colours[] = { 0xa51d2d, 0xe66100, 0x77767b, 0xb5b3ae };

static const char *
zone_title (guint zone)
{
  static const char *const titles[] = { N_("transition"), N_("kick"), N_("cluster"), N_("unclear") };
  return _(titles[zone]);
}

/* How many states stay how long. */
static void
add_histogram (OrrFigure *figure, GVariant *section)
{
  gsize n;
  g_autofree double *residency = orr_section_dup_doubles (section, "point_residency", &n);
  double cap = orr_section_get_int (section, "cap", 50), edges[N_BINS + 1], counts[N_BINS] = { 0 };
  OrrPlot *plot;

  if (residency == NULL || n == 0)
    return;
  for (guint i = 0; i <= N_BINS; i++)
    edges[i] = cap * i / N_BINS;
  for (gsize i = 0; i < n; i++)
    if (residency[i] >= 0.0)
      counts[MIN ((guint) (residency[i] / cap * N_BINS), N_BINS - 1)] += 100.0 / n;
  plot = orr_figure_add_plot (figure, _("Residency times"));
  orr_axis_set_label (&plot->x, _("residency time"), _("steps"));
  orr_axis_set_label (&plot->y, _("states"), "%");
  orr_plot_add_span (plot, NULL, 0.0, 2.0, zone_colours[0]);
  orr_plot_add_span (plot, NULL, 2.0, 8.0, zone_colours[1]);
  orr_plot_add_histogram (plot, NULL, edges, counts, N_BINS, ORR_PAINT_ACCENT);
}

typedef struct
{
  double x[G_N_ELEMENTS (zones)];
  double mean[G_N_ELEMENTS (zones)];
  double error[G_N_ELEMENTS (zones)];
} ZoneValues;

static void
read_zones (GVariant *section, const char *name, ZoneValues *values)
{
  g_autoptr (GVariant) all = orr_section_get_child (section, "zones");
  g_autofree char *interval = g_strconcat (name, "_ci", NULL);

  for (guint z = 0; z < G_N_ELEMENTS (zones); z++)
    {
      g_autoptr (GVariant) zone = orr_section_get_child (all, zones[z]);
      gsize n;
      g_autofree double *ci = orr_section_dup_doubles (zone, interval, &n);

      values->x[z] = z;
      values->mean[z] = orr_section_get_double (zone, name, NAN);
      values->error[z] = ci != NULL && n == 2 ? (ci[1] - ci[0]) / 2.0 : NAN;
    }
}

static void
add_zone_bars (OrrFigure *figure, GVariant *section, const char *name, const char *title, const char *label,
               const char *unit, double scale)
{
  const char *names[G_N_ELEMENTS (zones) + 1] = { NULL };
  OrrPlot *plot = orr_figure_add_plot (figure, title);
  ZoneValues values;

  read_zones (section, name, &values);
  for (guint z = 0; z < G_N_ELEMENTS (zones); z++)
    {
      names[z] = zone_title (z);
      values.mean[z] *= scale;
      values.error[z] *= scale;
    }
  OrrSeries *bars =
    orr_plot_add_bars (plot, NULL, values.x, values.mean, G_N_ELEMENTS (zones), 0.7, ORR_PAINT_ACCENT);
  orr_series_set_errors (bars, values.error);
  orr_series_set_paints (bars, zone_colours);
  orr_axis_set_categories (&plot->x, names);
  orr_axis_set_label (&plot->y, label, unit);
}

/* Residency times, and what the zones are like. */
void
orr_figure_fill_residency (OrrFigure *figure, GVariant *section, const OrrHmm *hmm)
{
  g_autoptr (GVariant) all = orr_section_get_child (section, "zones");

  add_histogram (figure, section);
  if (all == NULL)
    return;
  add_zone_bars (figure, section, "fraction", _("Share of the time"), _("states"), "%", 100.0);
  add_zone_bars (figure, section, "unstable_directions", _("Unstable directions"), _("|z| > 1"), NULL, 1.0);
  add_zone_bars (figure, section, "sign_changes", _("Sign changes"), _("of the leading logit"), NULL, 1.0);
}
