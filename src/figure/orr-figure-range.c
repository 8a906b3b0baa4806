/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "orr-figure-layout.h"

typedef struct
{
  double low;
  double high;
  gboolean log;
} Extent;

static void
include (Extent *self, double value)
{
  if (!isfinite (value) || (self->log && value <= 0.0))
    return;
  self->low = MIN (self->low, value);
  self->high = MAX (self->high, value);
}

static void
include_all (Extent *self, const double *values, gsize n, double margin)
{
  for (gsize i = 0; values != NULL && i < n; i++)
    {
      include (self, values[i] - margin);
      include (self, values[i] + margin);
    }
}

static void
include_series (const OrrSeries *series, Extent *x, Extent *y)
{
  gsize n = series->n;

  switch (series->kind)
    {
    case ORR_SERIES_SPAN:
      return;
    case ORR_SERIES_VERTICAL:
      include (x, series->x[0]);
      return;
    case ORR_SERIES_HORIZONTAL:
      include (y, series->y[0]);
      return;
    case ORR_SERIES_HISTOGRAM:
      include_all (x, series->x, n + 1, 0.0);
      include_all (y, series->y, n, 0.0);
      return;
    default:
      break;
    }
  include_all (x, series->x, n, series->kind == ORR_SERIES_BARS ? series->width / 2 : 0.0);
  for (gsize i = 0; i < n; i++)
    {
      include (y, series->y[i]);
      if (series->kind == ORR_SERIES_BAND)
        include (y, series->y2[i]);
      else if (series->y2 != NULL && isfinite (series->y2[i]))
        {
          include (y, series->y[i] - series->y2[i]);
          include (y, series->y[i] + series->y2[i]);
        }
    }
}

/* Fills [low, high] from what the data reach over, with @margin of it added. */
static void
settle (const OrrAxis *axis, Extent extent, double margin, double *low, double *high)
{
  gboolean at_zero_low = FALSE, at_zero_high = FALSE;

  if (axis->fixed)
    {
      *low = axis->low;
      *high = axis->high;
      return;
    }
  if (axis->include_zero && !extent.log)
    {
      at_zero_low = extent.low >= 0.0;
      at_zero_high = extent.high <= 0.0;
      include (&extent, 0.0);
    }
  if (extent.low > extent.high)
    {
      extent.low = extent.log ? 0.1 : 0.0;
      extent.high = extent.log ? 10.0 : 1.0;
    }
  if (extent.log)
    {
      double factor = extent.low < extent.high ? pow (extent.high / extent.low, margin) : 2.0;
      *low = extent.low / factor;
      *high = extent.high * factor;
      return;
    }
  double span = extent.high - extent.low;
  if (!(span > 1e-12 * MAX (fabs (extent.low), fabs (extent.high))))
    {
      span = extent.low != 0.0 ? fabs (extent.low) : 1.0;
      margin = MAX (margin, 0.5);
    }
  *low = extent.low - (at_zero_low ? 0.0 : margin * span);
  *high = extent.high + (at_zero_high ? 0.0 : margin * span);
}

/**
 * orr_plot_find_range:
 *
 * Returns: what the plot shows when nobody has zoomed: the fixed range of each
 * axis, or all data and markers with a little air
 */
OrrPlotRange
orr_plot_find_range (const OrrPlot *plot)
{
  Extent x = { INFINITY, -INFINITY, plot->x.scale == ORR_SCALE_LOG };
  Extent y = { INFINITY, -INFINITY, plot->y.scale == ORR_SCALE_LOG };
  OrrPlotRange range = { .set = TRUE };
  gboolean marks = FALSE, lines = FALSE;

  for (guint i = 0; i < plot->series->len; i++)
    {
      const OrrSeries *series = g_ptr_array_index (plot->series, i);

      include_series (series, &x, &y);
      marks |= series->kind == ORR_SERIES_POINTS || series->kind == ORR_SERIES_BARS;
      lines |= series->kind == ORR_SERIES_LINE;
    }
  /* air for half a marker or bar; lines reach the edges */
  settle (&plot->x, x, !marks ? 0.0 : lines ? 0.015 : 0.04, &range.x_low, &range.x_high);
  settle (&plot->y, y, 0.05, &range.y_low, &range.y_high);
  return range;
}
