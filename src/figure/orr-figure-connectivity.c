/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-figure-connectivity.h"

#include <glib/gi18n.h>
#include <math.h>

#include "orr-section-series.h"
#include "orr-section.h"

/* Units in the order in which they are drawn: kick groups, integrating populations, the others. */
typedef struct
{
  gsize     n;
  guint    *units;   /* [n] */
  gboolean *placed;  /* [n] */
  guint     count;
  GString  *legend;
  GArray   *edges;   /* of guint: where a group ends */
} Order;

static void
order_clear (Order *order)
{
  g_free (order->units);
  g_free (order->placed);
  g_array_unref (order->edges);
  g_string_free (order->legend, TRUE);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Order, order_clear)

/* Units [@first, @end) of a list that no earlier group took. */
static void
add_group (Order *order, const char *title, const double *units, gsize first, gsize end)
{
  guint before = order->count;

  for (gsize i = first; i < end; i++)
    if (units[i] >= 0.0 && units[i] < order->n && !order->placed[(gsize) units[i]])
      {
        order->placed[(gsize) units[i]] = TRUE;
        order->units[order->count++] = units[i];
      }
  if (order->count == before)
    return;
  g_array_append_val (order->edges, order->count);
  g_string_append_printf (order->legend, "%s%s (%u)", order->legend->len > 0 ? ", " : "", title, order->count - before);
}

/* "1 -> 3" */
static char *
dup_direction (const OrrHmm *hmm, guint from, guint to)
{
  char **names = hmm != NULL ? hmm->symbol_names : NULL;
  guint n = hmm != NULL ? hmm->n_symbols : 0;
  g_autofree char *left = orr_section_symbol_name (names, n, from), *right = orr_section_symbol_name (names, n, to);

  return g_strdup_printf ("%s\342\206\222%s", left, right);
}

static void
add_kicks (Order *order, GVariant *section, const OrrHmm *hmm)
{
  g_autoptr (GVariant) groups = orr_section_get_child (section, "groups");

  for (gsize g = 0; groups != NULL && g < g_variant_n_children (groups); g++)
    {
      g_autoptr (GVariant) group = g_variant_get_child_value (groups, g);
      gsize n;
      g_autofree double *units = orr_section_dup_doubles (group, "units", &n);
      g_autofree char *direction = dup_direction (hmm, orr_section_get_int (group, "from", 0), orr_section_get_int (group, "to", 0));
      g_autofree char *title = g_strdup_printf (_("kick %s"), direction);

      add_group (order, title, units, 0, n);
    }
}

static void
add_populations (Order *order, GVariant *section, const OrrHmm *hmm)
{
  g_autoptr (GVariant) pairs = orr_section_get_child (section, "pairs");

  for (gsize p = 0; pairs != NULL && p < g_variant_n_children (pairs); p++)
    {
      g_autoptr (GVariant) pair = g_variant_get_child_value (pairs, p);
      gsize n;
      g_autofree double *units = orr_section_dup_doubles (pair, "units", &n);
      gsize half = CLAMP (orr_section_get_int (pair, "driving_1", n / 2), 0, (gint64) n);
      guint from = orr_section_get_int (pair, "from", 0), to = orr_section_get_int (pair, "to", 0);
      g_autofree char *forward = dup_direction (hmm, from, to), *back = dup_direction (hmm, to, from);
      g_autofree char *first = g_strdup_printf (_("integrating %s"), forward), *second = g_strdup_printf (_("integrating %s"), back);

      add_group (order, first, units, 0, half);
      add_group (order, second, units, half, n);
    }
}

/**
 * orr_figure_new_connectivity:
 * @weight_hh: [H x H], rows onto units, columns from them
 * @kick_neurons: (nullable): section of that analysis
 * @integrating_populations: (nullable): section of that analysis
 * @hmm: (nullable): gives the symbols their names
 *
 * The recurrent weights, units ordered by kick group, then integrating population, then the others by number; a
 * unit of several groups stands in the first. The description names the groups in their order.
 *
 * Returns: (transfer full): the figure
 */
OrrFigure *
orr_figure_new_connectivity (const OrrMatrix *weight_hh, GVariant *kick_neurons, GVariant *integrating_populations,
                             const OrrHmm *hmm)
{
  gsize n = weight_hh->rows;
  g_auto (Order) order = { n, g_new (guint, n), g_new0 (gboolean, n), 0, g_string_new (NULL),
                           g_array_new (FALSE, FALSE, sizeof (guint)) };
  g_autofree float *values = g_new (float, n * n);
  OrrFigure *figure = orr_figure_new (_("Connectivity heatmap"));
  OrrPlot *plot = orr_figure_add_plot (figure, NULL);

  add_kicks (&order, kick_neurons, hmm);
  add_populations (&order, integrating_populations, hmm);
  for (guint u = 0; u < n; u++)
    if (!order.placed[u])
      order.units[order.count++] = u;
  for (gsize i = 0; i < n; i++)
    for (gsize j = 0; j < n; j++)
      values[i * n + j] = orr_matrix_row (weight_hh, order.units[i])[order.units[j]];
  OrrHeatmap *heatmap = orr_plot_set_heatmap (plot, values, n, n, ORR_HEATMAP_DIVERGING);
  /* single large weights would leave all others pale */
  double squares = 0.0;
  for (gsize i = 0; i < n * n; i++)
    squares += (double) values[i] * values[i] / (n * n);
  heatmap->high = MIN (heatmap->high, 3.0 * sqrt (squares));
  heatmap->low = -heatmap->high;
  orr_axis_set_label (&plot->x, _("from unit, place in this order"), NULL);
  orr_axis_set_label (&plot->y, _("onto unit"), NULL);
  for (guint e = 0; e < order.edges->len; e++)
    {
      double edge = g_array_index (order.edges, guint, e) - 0.5;

      orr_plot_add_vertical (plot, NULL, edge, ORR_PAINT_FOREGROUND)->dashed = FALSE;
      orr_plot_add_horizontal (plot, NULL, edge, ORR_PAINT_FOREGROUND)->dashed = FALSE;
    }
  orr_figure_set_description (figure, order.legend->len > 0 ? order.legend->str : _("units by their number"));
  return figure;
}
