/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-figure-match.h"

#include <glib/gi18n.h>
#include <math.h>

#include "orr-number.h"
#include "orr-section.h"

#define BAR_WIDTH 0.36
#define BAR_OFFSET 0.2
/* Where a law stands beside the network. */
#define THIRD_WIDTH 0.25
#define THIRD_OFFSET 0.27

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

static void
add_shares (OrrPlot *plot, const char *name, const double *shares, gsize n, double offset, double width, OrrPaint paint,
            const OrrPaint *paints)
{
  g_autofree double *x = g_new (double, n);

  for (gsize k = 0; k < n; k++)
    x[k] = k + offset;
  OrrSeries *bars = orr_plot_add_bars (plot, name, x, shares, n, width, paint);
  if (paints != NULL)
    orr_series_set_paints (bars, paints);
}

/* Side by side: the HMM in grey, the network in the colours of the symbols, the law in its own. */
static void
add_frequencies (OrrFigure *figure, GVariant *section, GVariant *law, GStrv names)
{
  g_autoptr (GVariant) frequencies = orr_section_get_child (section, "frequencies");
  gsize n_hmm, n_rnn, n_law;
  g_autofree double *hmm = orr_section_dup_doubles (frequencies, "hmm", &n_hmm);
  g_autofree double *rnn = orr_section_dup_doubles (frequencies, "rnn", &n_rnn);
  g_autofree double *emulated = law != NULL ? orr_section_dup_doubles (law, "frequencies", &n_law) : NULL;
  OrrPlot *plot = orr_figure_add_plot (figure, _("Symbol frequencies"));
  gboolean three = emulated != NULL && n_law == n_hmm;
  double width = three ? THIRD_WIDTH : BAR_WIDTH, offset = three ? THIRD_OFFSET : BAR_OFFSET;

  if (hmm == NULL || n_hmm != n_rnn)
    return;
  g_autofree OrrPaint *paints = g_new (OrrPaint, n_hmm);
  for (gsize k = 0; k < n_hmm; k++)
    paints[k] = orr_colour_qualitative (k);
  orr_axis_set_categories (&plot->x, (const char *const *) names);
  add_shares (plot, _("HMM"), hmm, n_hmm, -offset, width, ORR_PAINT_DIM, NULL);
  add_shares (plot, _("network"), rnn, n_hmm, three ? 0.0 : offset, width, ORR_PAINT_FOREGROUND, paints);
  if (three)
    add_shares (plot, _("law"), emulated, n_hmm, offset, width, ORR_PAINT_WARNING, NULL);
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
  orr_axis_set_label (&plot->x, _("to"), NULL);
  orr_axis_set_label (&plot->y, _("from"), NULL);
}

static void
add_difference (OrrFigure *figure, const char *title, const double *table, const double *hmm, gsize n, GStrv names)
{
  g_autofree double *difference = g_new (double, n * n);

  for (gsize i = 0; i < n * n; i++)
    difference[i] = table[i] - hmm[i];
  add_matrix (figure, title, difference, n, ORR_HEATMAP_DIVERGING, names);
}

static void
add_transitions (OrrFigure *figure, GVariant *section, GVariant *law, GStrv names)
{
  g_autoptr (GVariant) matrices = orr_section_get_child (section, "transition_matrix");
  gsize rows, cols, rnn_rows, rnn_cols, law_rows, law_cols;
  g_autofree double *hmm = orr_section_dup_table (matrices, "hmm", &rows, &cols);
  g_autofree double *rnn = orr_section_dup_table (matrices, "rnn", &rnn_rows, &rnn_cols);
  g_autofree double *emulated = law != NULL ? orr_section_dup_table (law, "transition_matrix", &law_rows, &law_cols) : NULL;

  if (hmm == NULL || rnn == NULL || rows != cols || rnn_rows != rows || rnn_cols != cols)
    return;
  add_matrix (figure, _("Transitions: HMM"), hmm, rows, ORR_HEATMAP_SHARE, names);
  add_matrix (figure, _("Transitions: network"), rnn, rows, ORR_HEATMAP_SHARE, names);
  add_difference (figure, _("Network \342\210\222 HMM"), rnn, hmm, rows, names);
  if (emulated == NULL || law_rows != rows || law_cols != cols)
    return;
  add_matrix (figure, _("Transitions: law"), emulated, rows, ORR_HEATMAP_SHARE, names);
  add_difference (figure, _("Law \342\210\222 HMM"), emulated, hmm, rows, names);
}

/* Bars with their standard deviations: the model, the network, and a law where there is one. */
static void
add_bars (OrrFigure *figure, const char *title, const char *axis, GVariant *const *moments, const char *const *names)
{
  OrrPlot *plot = orr_figure_add_plot (figure, title);
  const OrrPaint paints[] = { ORR_PAINT_DIM, ORR_PAINT_ACCENT, ORR_PAINT_WARNING };
  double x[3], mean[3], sd[3];
  guint n = g_strv_length ((char **) names);

  for (guint i = 0; i < n; i++)
    {
      x[i] = i;
      mean[i] = orr_section_get_double (moments[i], "mean", NAN);
      sd[i] = orr_section_get_double (moments[i], "sd", NAN);
    }
  OrrSeries *bars = orr_plot_add_bars (plot, NULL, x, mean, n, 2 * BAR_WIDTH, ORR_PAINT_ACCENT);
  orr_series_set_errors (bars, sd);
  orr_series_set_paints (bars, paints);
  orr_axis_set_categories (&plot->x, names);
  orr_axis_set_label (&plot->y, axis, NULL);
  plot->weight = 0.35 * n;
}

/* Volatility and matched distance, in this order: of the model, the network and the law. */
typedef struct
{
  GVariant *volatility[3];
  GVariant *distance[3];
} Moments;

static void
moments_clear (Moments *self)
{
  for (guint i = 0; i < 3; i++)
    {
      g_clear_pointer (&self->volatility[i], g_variant_unref);
      g_clear_pointer (&self->distance[i], g_variant_unref);
    }
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Moments, moments_clear)

static void
read_moments (Moments *self, GVariant *section, GVariant *law)
{
  g_autoptr (GVariant) volatility = orr_section_get_child (section, "volatility");
  g_autoptr (GVariant) distance = orr_section_get_child (section, "distance");

  self->volatility[0] = orr_section_get_child (volatility, "hmm");
  self->volatility[1] = orr_section_get_child (volatility, "rnn");
  self->distance[0] = orr_section_get_child (distance, "hmm_hmm");
  self->distance[1] = orr_section_get_child (distance, "hmm_rnn");
  if (law != NULL)
    {
      self->volatility[2] = orr_section_get_child (law, "volatility");
      self->distance[2] = orr_section_get_child (law, "distance");
    }
}

static char *
format_mean (GVariant *moments)
{
  return orr_number_format (orr_section_get_double (moments, "mean", NAN), 3);
}

static char *
describe (const Moments *moments, GVariant *law)
{
  g_autofree char *a = format_mean (moments->volatility[0]), *b = format_mean (moments->volatility[1]);
  g_autofree char *c = format_mean (moments->distance[0]), *d = format_mean (moments->distance[1]);
  g_autofree char *text =
    g_strdup_printf (_("Volatility: HMM %s, network %s. Matched distance: HMM to HMM %s, HMM to network %s."), a, b, c, d);

  if (law == NULL)
    return g_steal_pointer (&text);
  g_autofree char *e = format_mean (moments->volatility[2]), *f = format_mean (moments->distance[2]);
  g_autofree char *more = g_strdup_printf (_("The law in the network\342\200\231s place: volatility %s, HMM to law %s."), e, f);
  return g_strdup_printf ("%s %s", text, more);
}

/**
 * orr_figure_new_match:
 * @section: (nullable): the section "match" (orr_match_evaluate())
 * @law: (nullable): the section "match_law": what a law emitted in the network's place
 * @hmm: (nullable): gives the symbols their names
 *
 * Returns: (transfer full): the network, and the law, beside the model: symbol frequencies,
 * transition matrices, volatility and matched distance
 */
OrrFigure *
orr_figure_new_match (GVariant *section, GVariant *law, const OrrHmm *hmm)
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
  add_frequencies (figure, section, law, names);
  add_transitions (figure, section, law, names);
  const char *const kinds[] = { _("HMM"), _("network"), law != NULL ? _("law") : NULL, NULL };
  const char *const pairs[] = { _("HMM\342\200\223HMM"), _("HMM\342\200\223net"), law != NULL ? _("HMM\342\200\223law") : NULL, NULL };
  g_auto (Moments) moments = { { NULL } };
  read_moments (&moments, section, law);
  add_bars (figure, _("Volatility"), _("changes"), moments.volatility, kinds);
  add_bars (figure, _("Matched distance"), _("distance"), moments.distance, pairs);
  description = describe (&moments, law);
  orr_figure_set_description (figure, description);
  return figure;
}
