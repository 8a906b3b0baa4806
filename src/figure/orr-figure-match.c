/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-figure-match.h"

#include <glib/gi18n.h>
#include <math.h>

#include "orr-number.h"
#include "orr-section.h"

#define BAR_WIDTH 0.36
#define BAR_OFFSET 0.2

static GStrv
symbol_names (const OrrHmm *hmm, gsize n)
{
  GStrv names = g_new0 (char *, n + 1);

  for (gsize k = 0; k < n; k++)
    names[k] = hmm != NULL && hmm->n_symbols == n && hmm->symbol_names[k] != NULL
                 ? g_strdup (hmm->symbol_names[k])
                 : g_strdup_printf ("%" G_GSIZE_FORMAT, k + 1);
  return names;
}

/* Side by side: the HMM in grey, the network in the colours of the symbols. */
static void
add_frequencies (OrrFigure *figure, GVariant *section, GStrv names)
{
  g_autoptr (GVariant) frequencies = orr_section_get_child (section, "frequencies");
  gsize n_hmm, n_rnn;
  g_autofree double *hmm = orr_section_dup_doubles (frequencies, "hmm", &n_hmm);
  g_autofree double *rnn = orr_section_dup_doubles (frequencies, "rnn", &n_rnn);
  OrrPlot *plot = orr_figure_add_plot (figure, _("Symbol frequencies"));

  if (hmm == NULL || n_hmm != n_rnn)
    return;
  g_autofree double *left = g_new (double, n_hmm), *right = g_new (double, n_hmm);
  g_autofree OrrPaint *paints = g_new (OrrPaint, n_hmm);
  for (gsize k = 0; k < n_hmm; k++)
    {
      left[k] = k - BAR_OFFSET;
      right[k] = k + BAR_OFFSET;
      paints[k] = orr_colour_qualitative (k);
    }
  orr_axis_set_categories (&plot->x, (const char *const *) names);
  orr_plot_add_bars (plot, _("HMM"), left, hmm, n_hmm, BAR_WIDTH, ORR_PAINT_DIM);
  OrrSeries *bars = orr_plot_add_bars (plot, _("network"), right, rnn, n_hmm, BAR_WIDTH, ORR_PAINT_FOREGROUND);
  orr_series_set_paints (bars, paints);
}

static void
add_matrix (OrrFigure *figure, const char *title, const double *table, gsize n, OrrHeatmapKind kind, GStrv names)
{
  OrrPlot *plot = orr_figure_add_plot (figure, title);
  g_autofree float *values = g_new (float, n * n);

  for (gsize i = 0; i < n * n; i++)
    values[i] = table[i];
  OrrHeatmap *heatmap = orr_plot_set_heatmap (plot, values, n, n, kind);
  heatmap->numbers = TRUE;
  heatmap->colour_bar = kind == ORR_HEATMAP_DIVERGING;
  if (kind == ORR_HEATMAP_DIVERGING && heatmap->high < 0.01)
    {
      /* differences that do not matter stay pale */
      heatmap->low = -0.01;
      heatmap->high = 0.01;
    }
  orr_axis_set_categories (&plot->x, (const char *const *) names);
  orr_axis_set_categories (&plot->y, (const char *const *) names);
}

static void
add_transitions (OrrFigure *figure, GVariant *section, GStrv names)
{
  g_autoptr (GVariant) matrices = orr_section_get_child (section, "transition_matrix");
  gsize rows, cols, rnn_rows, rnn_cols;
  g_autofree double *hmm = orr_section_dup_table (matrices, "hmm", &rows, &cols);
  g_autofree double *rnn = orr_section_dup_table (matrices, "rnn", &rnn_rows, &rnn_cols);

  if (hmm == NULL || rnn == NULL || rows != cols || rnn_rows != rows || rnn_cols != cols)
    return;
  add_matrix (figure, _("Transitions: HMM"), hmm, rows, ORR_HEATMAP_SHARE, names);
  add_matrix (figure, _("Transitions: network"), rnn, rows, ORR_HEATMAP_SHARE, names);
  g_autofree double *difference = g_new (double, rows * cols);
  for (gsize i = 0; i < rows * cols; i++)
    difference[i] = rnn[i] - hmm[i];
  add_matrix (figure, _("Network \342\210\222 HMM"), difference, rows, ORR_HEATMAP_DIVERGING, names);
}

/* Two bars with their standard deviations. */
static void
add_pair (OrrFigure *figure, const char *title, const char *axis, GVariant *both, const char *first,
          const char *second, const char *const *names)
{
  g_autoptr (GVariant) a = orr_section_get_child (both, first);
  g_autoptr (GVariant) b = orr_section_get_child (both, second);
  OrrPlot *plot = orr_figure_add_plot (figure, title);
  const double x[] = { 0.0, 1.0 };
  const double mean[] = { orr_section_get_double (a, "mean", NAN), orr_section_get_double (b, "mean", NAN) };
  const double sd[] = { orr_section_get_double (a, "sd", NAN), orr_section_get_double (b, "sd", NAN) };
  const OrrPaint paints[] = { ORR_PAINT_DIM, ORR_PAINT_ACCENT };

  OrrSeries *bars = orr_plot_add_bars (plot, NULL, x, mean, 2, 2 * BAR_WIDTH, ORR_PAINT_ACCENT);
  orr_series_set_errors (bars, sd);
  orr_series_set_paints (bars, paints);
  orr_axis_set_categories (&plot->x, names);
  orr_axis_set_label (&plot->y, axis, NULL);
  plot->weight = 0.7;
}

static char *
describe (GVariant *section)
{
  g_autoptr (GVariant) volatility = orr_section_get_child (section, "volatility");
  g_autoptr (GVariant) distance = orr_section_get_child (section, "distance");
  g_autoptr (GVariant) v_hmm = orr_section_get_child (volatility, "hmm");
  g_autoptr (GVariant) v_rnn = orr_section_get_child (volatility, "rnn");
  g_autoptr (GVariant) d_hmm = orr_section_get_child (distance, "hmm_hmm");
  g_autoptr (GVariant) d_rnn = orr_section_get_child (distance, "hmm_rnn");
  g_autofree char *a = orr_number_format (orr_section_get_double (v_hmm, "mean", NAN), 3);
  g_autofree char *b = orr_number_format (orr_section_get_double (v_rnn, "mean", NAN), 3);
  g_autofree char *c = orr_number_format (orr_section_get_double (d_hmm, "mean", NAN), 3);
  g_autofree char *d = orr_number_format (orr_section_get_double (d_rnn, "mean", NAN), 3);

  return g_strdup_printf (_("Volatility: HMM %s, network %s. Matched distance: HMM to HMM %s, HMM to network %s."), a, b,
                          c, d);
}

/**
 * orr_figure_new_match:
 * @section: (nullable): the section "match" (orr_match_evaluate())
 * @hmm: (nullable): gives the symbols their names
 *
 * Returns: (transfer full): the network beside its model: symbol frequencies,
 * transition matrices, volatility and matched distance
 */
OrrFigure *
orr_figure_new_match (GVariant *section, const OrrHmm *hmm)
{
  OrrFigure *figure = orr_figure_new (_("HMM and network match"));
  g_autoptr (GVariant) frequencies = section != NULL ? orr_section_get_child (section, "frequencies") : NULL;
  gsize n;
  g_autofree double *shares = orr_section_dup_doubles (frequencies, "hmm", &n);
  g_auto (GStrv) names = NULL;
  g_autofree char *description = NULL;

  if (shares == NULL)
    {
      orr_plot_set_empty_text (orr_figure_add_plot (figure, NULL),
                               _("When a network is trained, its sequences are compared with the model\342\200\231s here"));
      return figure;
    }
  names = symbol_names (hmm, n);
  add_frequencies (figure, section, names);
  add_transitions (figure, section, names);
  g_autoptr (GVariant) volatility = orr_section_get_child (section, "volatility");
  g_autoptr (GVariant) distance = orr_section_get_child (section, "distance");
  const char *const kinds[] = { _("HMM"), _("network"), NULL };
  const char *const pairs[] = { _("HMM\342\200\223HMM"), _("HMM\342\200\223net"), NULL };
  add_pair (figure, _("Volatility"), _("changes"), volatility, "hmm", "rnn", kinds);
  add_pair (figure, _("Matched distance"), _("distance"), distance, "hmm_hmm", "hmm_rnn", pairs);
  description = describe (section);
  orr_figure_set_description (figure, description);
  return figure;
}
