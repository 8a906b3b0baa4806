/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-figure-csv.h"

#include <math.h>
#include <string.h>

/**
 * orr_csv_append:
 *
 * Appends @field, quoted where RFC 4180 asks for it.
 */
void
orr_csv_append (GString *csv, const char *field)
{
  if (field == NULL)
    return;
  if (strpbrk (field, ",\"\r\n") == NULL)
    {
      g_string_append (csv, field);
      return;
    }
  g_string_append_c (csv, '"');
  for (const char *c = field; *c != '\0'; c++)
    {
      if (*c == '"')
        g_string_append_c (csv, '"');
      g_string_append_c (csv, *c);
    }
  g_string_append_c (csv, '"');
}

/* Appends the shortest text that reads back as @value (as float32 where it is one); nothing for NaN. */
void
orr_csv_append_number (GString *csv, double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  if (isnan (value))
    return;
  for (int digits = 9; digits <= 17; digits += 4)
    {
      char format[8];

      g_snprintf (format, sizeof format, "%%.%dg", digits);
      g_ascii_formatd (text, sizeof text, format, value);
      double read = g_ascii_strtod (text, NULL);
      gboolean is_float = value == (double) (float) value;
      if (read == value || (is_float && (float) read == (float) value))
        break;
    }
  g_string_append (csv, text);
}

static gboolean
is_data (const OrrSeries *series)
{
  return series->kind < ORR_SERIES_VERTICAL;
}

/* Whether all series stand over the same positions, and can share a column. */
static gboolean
shares_x (const OrrPlot *plot)
{
  const OrrSeries *first = NULL;

  if (plot->heatmap != NULL)
    return FALSE;
  for (guint s = 0; s < plot->series->len; s++)
    {
      const OrrSeries *series = g_ptr_array_index (plot->series, s);

      if (!is_data (series))
        continue;
      if (series->kind == ORR_SERIES_HISTOGRAM)
        return FALSE;
      if (first == NULL)
        first = series;
      else if (series->n != first->n || memcmp (series->x, first->x, first->n * sizeof (double)) != 0)
        return FALSE;
    }
  return first != NULL;
}

static void
append_name (GString *csv, const OrrSeries *series, const OrrPlot *plot, const char *what)
{
  g_autofree char *name = g_strconcat (series->name != NULL ? series->name
                                       : plot->y.label != NULL ? plot->y.label : "y", what, NULL);
  g_string_append_c (csv, ',');
  orr_csv_append (csv, name);
}

static const char *
second_name (const OrrSeries *series)
{
  return series->kind == ORR_SERIES_BAND ? " upper" : " error";
}

static void
append_place (GString *csv, const OrrAxis *axis, double value)
{
  double index = rint (value);

  if (axis->categories != NULL && index >= 0 && index < g_strv_length (axis->categories))
    orr_csv_append (csv, axis->categories[(guint) index]);
  else
    orr_csv_append_number (csv, value);
}

/* One line a position, one column a series. */
static void
append_wide (GString *csv, const OrrPlot *plot)
{
  const OrrSeries *first = NULL;

  orr_csv_append (csv, plot->x.label != NULL ? plot->x.label : "x");
  for (guint s = 0; s < plot->series->len; s++)
    {
      const OrrSeries *series = g_ptr_array_index (plot->series, s);

      if (!is_data (series))
        continue;
      first = first != NULL ? first : series;
      append_name (csv, series, plot, series->kind == ORR_SERIES_BAND ? " lower" : "");
      if (series->y2 != NULL)
        append_name (csv, series, plot, second_name (series));
    }
  g_string_append_c (csv, '\n');
  for (gsize i = 0; i < first->n; i++)
    {
      append_place (csv, &plot->x, first->x[i]);
      for (guint s = 0; s < plot->series->len; s++)
        {
          const OrrSeries *series = g_ptr_array_index (plot->series, s);

          if (!is_data (series))
            continue;
          g_string_append_c (csv, ',');
          orr_csv_append_number (csv, series->y[i]);
          if (series->y2 != NULL)
            {
              g_string_append_c (csv, ',');
              orr_csv_append_number (csv, series->y2[i]);
            }
        }
      g_string_append_c (csv, '\n');
    }
}

static void
append_long_row (GString *csv, const OrrPlot *plot, const char *name)
{
  orr_csv_append (csv, plot->title);
  g_string_append_c (csv, ',');
  orr_csv_append (csv, name);
  g_string_append_c (csv, ',');
}

static void
append_series (GString *csv, const OrrPlot *plot, const OrrSeries *series)
{
  gboolean vertical = series->kind == ORR_SERIES_VERTICAL;

  if (series->kind == ORR_SERIES_SPAN)
    return;
  for (gsize i = 0; i < series->n; i++)
    {
      double x = series->x != NULL ? series->x[i] : NAN;

      append_long_row (csv, plot, series->name);
      append_place (csv, &plot->x, x);
      g_string_append_c (csv, ',');
      if (series->kind == ORR_SERIES_HISTOGRAM)
        orr_csv_append_number (csv, series->x[i + 1]);
      g_string_append_c (csv, ',');
      orr_csv_append_number (csv, vertical ? NAN : series->y[i]);
      g_string_append_c (csv, ',');
      orr_csv_append_number (csv, series->y2 != NULL ? series->y2[i] : NAN);
      g_string_append_c (csv, '\n');
    }
}

static void
append_heatmap (GString *csv, const OrrPlot *plot)
{
  const OrrHeatmap *heatmap = plot->heatmap;

  for (gsize i = 0; i < heatmap->rows; i++)
    for (gsize j = 0; j < heatmap->cols; j++)
      {
        GString *row = g_string_new (NULL);

        append_place (row, &plot->y, i);
        append_long_row (csv, plot, row->str);
        append_place (csv, &plot->x, j);
        g_string_append (csv, ",,");
        orr_csv_append_number (csv, heatmap->values[i * heatmap->cols + j]);
        g_string_append (csv, ",\n");
        g_string_free (row, TRUE);
      }
}

/**
 * orr_figure_to_csv:
 *
 * Returns: (transfer full): the numbers of the figure. A single plot whose
 * series share their positions becomes a table with a column for each;
 * anything else one line a number: plot, series (or row), x (or column),
 * x_end (histograms), y, y2 (a band's upper edge or an error)
 */
char *
orr_figure_to_csv (const OrrFigure *figure)
{
  GString *csv = g_string_new (NULL);

  if (figure->plots->len == 1 && shares_x (orr_figure_get_plot (figure, 0)))
    append_wide (csv, orr_figure_get_plot (figure, 0));
  else
    {
      g_string_append (csv, "plot,series,x,x_end,y,y2\n");
      for (guint p = 0; p < figure->plots->len; p++)
        {
          const OrrPlot *plot = orr_figure_get_plot (figure, p);

          if (plot->heatmap != NULL)
            append_heatmap (csv, plot);
          for (guint s = 0; s < plot->series->len; s++)
            append_series (csv, plot, g_ptr_array_index (plot->series, s));
        }
    }
  return g_string_free (csv, FALSE);
}
