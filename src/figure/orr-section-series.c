/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-section-series.h"

#include "orr-section.h"

/* The band "@y_ci" [n][2], or "@y_low" and "@y_high", where the section has one. */
static void
add_interval (OrrPlot *plot, GVariant *section, const double *x, gsize n, const char *y, OrrPaint paint)
{
  g_autofree char *ci = g_strconcat (y, "_ci", NULL);
  g_autofree char *below = g_strconcat (y, "_low", NULL), *above = g_strconcat (y, "_high", NULL);
  gsize rows, cols, n_low, n_high;
  g_autofree double *table = orr_section_dup_table (section, ci, &rows, &cols);
  g_autofree double *low = orr_section_dup_doubles (section, below, &n_low);
  g_autofree double *high = orr_section_dup_doubles (section, above, &n_high);

  if (table != NULL && rows == n && cols == 2)
    {
      g_free (low);
      g_free (high);
      low = g_new (double, n);
      high = g_new (double, n);
      for (gsize i = 0; i < n; i++)
        {
          low[i] = table[2 * i];
          high[i] = table[2 * i + 1];
        }
      n_low = n_high = n;
    }
  if (low != NULL && high != NULL && n_low == n && n_high == n)
    orr_plot_add_band (plot, NULL, x, low, high, n, paint);
}

/**
 * orr_section_add_curve:
 * @x: name of the list of positions
 * @y: name of the list of values; its confidence interval is drawn where there is one
 * @name: (nullable): in the legend
 *
 * Returns: whether the section has both lists, equally long
 */
gboolean
orr_section_add_curve (OrrPlot *plot, GVariant *section, const char *x, const char *y, const char *name,
                       OrrPaint paint)
{
  gsize n, n_values;
  g_autofree double *positions = orr_section_dup_doubles (section, x, &n);
  g_autofree double *values = orr_section_dup_doubles (section, y, &n_values);

  if (positions == NULL || values == NULL || n != n_values)
    return FALSE;
  add_interval (plot, section, positions, n, y, paint);
  orr_plot_add_line (plot, name, positions, values, n, paint);
  OrrSeries *points = orr_plot_add_points (plot, NULL, positions, values, n, paint);
  points->width = 4.0;
  return TRUE;
}

/* The name of a symbol, or its number from 1; (transfer full). */
char *
orr_section_symbol_name (char **names, guint n_names, guint symbol)
{
  return symbol < n_names && names[symbol] != NULL ? g_strdup (names[symbol]) : g_strdup_printf ("%u", symbol + 1);
}

static int
compare_values (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const double *values = user_data;
  double x = values[*(const guint *) a], y = values[*(const guint *) b];

  return (x > y) - (x < y);
}

/**
 * orr_section_rank:
 *
 * Returns: (transfer full): [@n] indices, that of the smallest value first
 */
guint *
orr_section_rank (const double *values, gsize n)
{
  guint *order = g_new (guint, MAX (n, 1));

  for (gsize i = 0; i < n; i++)
    order[i] = i;
  g_qsort_with_data (order, n, sizeof (guint), compare_values, (gpointer) values);
  return order;
}
