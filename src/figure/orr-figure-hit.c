/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-figure-hit.h"

#include <math.h>

#include "orr-number.h"

static gboolean
contains (const OrrRect *rect, double x, double y)
{
  return x >= rect->x && x < rect->x + rect->width && y >= rect->y && y < rect->y + rect->height;
}

/**
 * orr_figure_layout_plot_at:
 *
 * Returns: the index of the plot whose axes hold this pixel, or -1
 */
int
orr_figure_layout_plot_at (const OrrFigureLayout *self, double x, double y)
{
  for (guint i = 0; i < self->plots->len; i++)
    if (contains (&orr_figure_layout_get_plot (self, i)->area, x, y))
      return i;
  return -1;
}

static double
centre_x (const OrrSeries *series, gsize i)
{
  return series->kind == ORR_SERIES_HISTOGRAM ? (series->x[i] + series->x[i + 1]) / 2.0 : series->x[i];
}

/* Bars are hit anywhere above or below their box's middle, lines and points by
 * distance; a line counts its horizontal distance more, so that the crosshair
 * rides along it. */
static double
distance (const OrrPlotLayout *plot, const OrrSeries *series, gsize i, double x, double y, OrrFigureHit *hit)
{
  double at = centre_x (series, i);
  double dx = orr_plot_layout_to_x (plot, at) - x;
  double dy = orr_plot_layout_to_y (plot, series->y[i]) - y;

  hit->index = i;
  hit->x = at;
  hit->y = series->y[i];
  hit->pixel_x = dx + x;
  hit->pixel_y = dy + y;
  switch (series->kind)
    {
    case ORR_SERIES_BARS:
      return fabs (orr_plot_layout_from_x (plot, x) - at) <= series->width / 2 ? 0.0 : INFINITY;
    case ORR_SERIES_HISTOGRAM:
      {
        double value = orr_plot_layout_from_x (plot, x);
        return value >= series->x[i] && value < series->x[i + 1] ? 0.0 : INFINITY;
      }
    case ORR_SERIES_LINE:
      return sqrt (dx * dx + 0.01 * dy * dy);
    default:
      return sqrt (dx * dx + dy * dy);
    }
}

static gboolean
hit_cell (const OrrPlotLayout *plot, double x, double y, OrrFigureHit *hit)
{
  const OrrHeatmap *heatmap = plot->plot->heatmap;
  double col = rint (orr_plot_layout_from_x (plot, x)), row = rint (orr_plot_layout_from_y (plot, y));

  if (col < 0 || row < 0 || col >= heatmap->cols || row >= heatmap->rows)
    return FALSE;
  hit->series = -1;
  hit->index = (gsize) row * heatmap->cols + (gsize) col;
  hit->x = col;
  hit->y = row;
  hit->pixel_x = orr_plot_layout_to_x (plot, col);
  hit->pixel_y = orr_plot_layout_to_y (plot, row);
  return TRUE;
}

/**
 * orr_figure_layout_hit:
 * @reach: how far from a point counts, in pixels
 * @hit: (out caller-allocates): the nearest point, bar or cell
 *
 * Returns: whether something is there
 */
gboolean
orr_figure_layout_hit (const OrrFigureLayout *self, double x, double y, double reach, OrrFigureHit *hit)
{
  int index = orr_figure_layout_plot_at (self, x, y);
  double nearest = reach;
  gboolean found = FALSE;

  if (index < 0)
    return FALSE;
  const OrrPlotLayout *plot = orr_figure_layout_get_plot (self, index);
  for (guint s = 0; s < plot->plot->series->len; s++)
    {
      const OrrSeries *series = g_ptr_array_index (plot->plot->series, s);
      OrrFigureHit candidate = { .plot = index, .series = s };

      if (series->kind >= ORR_SERIES_VERTICAL || series->kind == ORR_SERIES_BAND)
        continue;
      for (gsize i = 0; i < series->n; i++)
        {
          double here = distance (plot, series, i, x, y, &candidate);

          if (here <= nearest && contains (&plot->area, candidate.pixel_x,
                                           CLAMP (candidate.pixel_y, plot->area.y,
                                                  plot->area.y + plot->area.height - 0.1)))
            {
              nearest = here;
              *hit = candidate;
              found = TRUE;
            }
        }
    }
  if (!found && plot->plot->heatmap != NULL)
    {
      hit->plot = index;
      found = hit_cell (plot, x, y, hit);
    }
  return found;
}

static char *
axis_value (const OrrAxis *axis, double value)
{
  if (axis->categories != NULL && value > -0.5 && value < g_strv_length (axis->categories) - 0.5)
    return g_strdup (axis->categories[(guint) rint (value)]);
  return axis->integers && value == rint (value) ? orr_number_format_fixed (value, 0)
                                                 : orr_number_format (value, 4);
}

static void
append_value (GString *text, const char *name, double value, double error)
{
  g_autofree char *number = orr_number_format (value, 4);
  g_autofree char *bound = isnan (error) ? NULL : orr_number_format (error, 2);

  g_string_append_printf (text, "\n%s%s%s%s%s", name != NULL ? name : "", name != NULL ? ": " : "", number,
                          bound != NULL ? " \302\261 " : "", bound != NULL ? bound : "");
}

static char *
cell_text (const OrrFigureHit *self, const OrrPlot *plot)
{
  g_autofree char *row = axis_value (&plot->y, self->y);
  g_autofree char *col = axis_value (&plot->x, self->x);
  g_autofree char *number = orr_number_format (plot->heatmap->values[self->index], 4);

  return g_strdup_printf ("%s%s%s \342\206\222 %s%s%s\n%s", plot->y.label != NULL ? plot->y.label : "",
                          plot->y.label != NULL ? " " : "", row, plot->x.label != NULL ? plot->x.label : "",
                          plot->x.label != NULL ? " " : "", col, number);
}

/* The index in @series at the same place as @x, or -1. */
static gssize
index_at (const OrrSeries *series, double x, gsize guess)
{
  if (guess < series->n && centre_x (series, guess) == x)
    return guess;
  for (gsize i = 0; i < series->n; i++)
    if (centre_x (series, i) == x)
      return i;
  return -1;
}

/**
 * orr_figure_hit_dup_text:
 *
 * Returns: (transfer full): what a tooltip says: the place on the x axis, then
 * the value of every series that has one there
 */
char *
orr_figure_hit_dup_text (const OrrFigureHit *self, const OrrFigureLayout *layout)
{
  const OrrPlot *plot = orr_figure_layout_get_plot (layout, self->plot)->plot;

  if (self->series < 0)
    return cell_text (self, plot);

  g_autofree char *place = axis_value (&plot->x, self->x);
  const OrrSeries *hit = g_ptr_array_index (plot->series, self->series);
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, "%s%s%s%s%s", plot->x.label != NULL ? plot->x.label : "",
                          plot->x.label != NULL ? " " : "", place, plot->x.unit != NULL ? " " : "",
                          plot->x.unit != NULL ? plot->x.unit : "");
  for (guint s = 0; s < plot->series->len; s++)
    {
      const OrrSeries *series = g_ptr_array_index (plot->series, s);
      gssize i = -1;

      if (series == hit)
        i = self->index;
      else if (series->kind == ORR_SERIES_LINE && hit->kind == ORR_SERIES_LINE)
        i = index_at (series, self->x, self->index);
      if (i >= 0 && !isnan (series->y[i]))
        append_value (text, series->name != NULL ? series->name : plot->y.label, series->y[i],
                      series->y2 != NULL && series->kind != ORR_SERIES_BAND ? series->y2[i] : NAN);
    }
  return g_string_free (text, FALSE);
}
