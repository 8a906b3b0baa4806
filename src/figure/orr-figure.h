/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "orr-colour.h"

G_BEGIN_DECLS

/**
 * OrrPaint:
 *
 * A colour in a figure: 0xRRGGBB as it is, or a role that the theme fills in
 * (so that one figure is right in the light and in the dark style).
 */
typedef guint32 OrrPaint;

#define ORR_PAINT_FOREGROUND 0x01000000u
#define ORR_PAINT_DIM        0x02000000u
#define ORR_PAINT_ACCENT     0x03000000u
#define ORR_PAINT_BACKGROUND 0x04000000u
#define ORR_PAINT_WARNING    0x05000000u

typedef enum
{
  ORR_SCALE_LINEAR,
  ORR_SCALE_LOG,
} OrrScale;

/**
 * OrrAxis:
 * @label: (nullable): what is measured
 * @unit: (nullable): in which unit
 * @fixed: whether @low and @high are given rather than found from the data
 * @include_zero: whether a range found from the data reaches to 0
 * @integers: whether only whole numbers get ticks (epochs, counts)
 * @categories: (nullable) (array zero-terminated=1): names at 0, 1, 2 ...
 *   instead of numbers
 * @reversed: whether it grows to the left or downwards
 * @hidden: whether neither line nor ticks are drawn
 */
typedef struct
{
  char    *label;
  char    *unit;
  OrrScale scale;
  gboolean fixed;
  double   low;
  double   high;
  gboolean include_zero;
  gboolean integers;
  char   **categories;
  gboolean reversed;
  gboolean hidden;
} OrrAxis;

typedef enum
{
  ORR_SERIES_LINE,
  ORR_SERIES_POINTS,
  ORR_SERIES_BARS,
  ORR_SERIES_BAND,
  ORR_SERIES_HISTOGRAM,
  ORR_SERIES_VERTICAL,
  ORR_SERIES_HORIZONTAL,
  ORR_SERIES_SPAN,
} OrrSeriesKind;

typedef enum
{
  ORR_MARKER_CIRCLE,
  ORR_MARKER_CROSS,
  ORR_MARKER_DIAMOND,
  ORR_MARKER_RING,
} OrrMarker;

/**
 * OrrSeries:
 * @name: (nullable): in the legend and the tooltip; markers draw it beside their line
 * @n: how many points, bars or bins
 * @x: positions: [n], or [n + 1] edges of a histogram's bins; a vertical
 *   marker's in [0], a span's two ends in [0] and [1]
 * @y: (nullable): [n] values (NaN makes a gap); a band's lower edge; a
 *   horizontal marker's in [0]
 * @y2: (nullable): [n]: a band's upper edge; of points and bars the half-length of the error bar
 * @paints: (nullable): [n]: a colour for each point or bar
 * @alpha: opacity, 0 to 1
 * @width: of a line in pixels; a marker's diameter; a bar's width in data units
 * @dashed: lines and markers
 * @in_legend: whether the legend names it
 * @tag: what it belongs to, for who made the figure and is told of a click; -1 for nothing
 */
typedef struct
{
  OrrSeriesKind kind;
  char         *name;
  gsize         n;
  double       *x;
  double       *y;
  double       *y2;
  OrrPaint     *paints;
  OrrPaint      paint;
  double        alpha;
  double        width;
  OrrMarker     marker;
  gboolean      dashed;
  gboolean      in_legend;
  int           tag;
} OrrSeries;

/**
 * OrrHeatmapKind:
 * @ORR_HEATMAP_DIVERGING: signed values: blue below the centre, red above
 * @ORR_HEATMAP_SEQUENTIAL: values that rise from some lowest one
 * @ORR_HEATMAP_SHARE: probabilities: one hue, pale where there is nothing
 */
typedef enum
{
  ORR_HEATMAP_DIVERGING,
  ORR_HEATMAP_SEQUENTIAL,
  ORR_HEATMAP_SHARE,
} OrrHeatmapKind;

/**
 * OrrHeatmap:
 * @values: [rows x cols] row-major, row 0 on top; NaN is drawn as missing
 * @low: value at the map's low end
 * @high: value at its high end
 * @kind: which colours
 * @numbers: whether cells hold their number where they are large enough
 * @colour_bar: whether a colour bar stands beside it
 */
typedef struct
{
  gsize    rows;
  gsize    cols;
  float   *values;
  double   low;
  double   high;
  gboolean numbers;
  gboolean colour_bar;

  OrrHeatmapKind kind;
} OrrHeatmap;

/**
 * OrrPlot:
 * @heatmap: (nullable): drawn under the series
 * @square: whether a unit is equally long on both axes
 * @legend: whether it may have a legend (it has one where series are named)
 * @weight: its width beside its neighbours'
 * @wants_visited: whether it lies in the plane of the first two components, and visited states belong behind it
 * @empty_text: (nullable): said in the middle where there is nothing to draw
 *
 * One pair of axes and what is drawn in it.
 */
typedef struct
{
  char       *title;
  OrrAxis     x;
  OrrAxis     y;
  GPtrArray  *series;
  OrrHeatmap *heatmap;
  gboolean    square;
  gboolean    legend;
  double      weight;
  gboolean    wants_visited;
  char       *empty_text;
} OrrPlot;

/**
 * OrrFigure:
 * @title: (nullable): above all plots of an exported figure
 * @description: (nullable): what it shows, in words
 * @plots: of OrrPlot
 * @columns: how many plots in a row, or 0 to arrange them by the space there is
 *
 * A figure as a value: build it, then treat it as immutable. Reference counted.
 * The same figure is shown by a chart, exported, and printed in a report.
 */
typedef struct
{
  char      *title;
  char      *description;
  GPtrArray *plots;
  guint      columns;
} OrrFigure;

OrrFigure *orr_figure_new             (const char      *title);
OrrFigure *orr_figure_ref             (OrrFigure       *self);
void       orr_figure_unref           (OrrFigure       *self);
void       orr_figure_set_description (OrrFigure       *self,
                                       const char      *description);
OrrPlot   *orr_figure_add_plot        (OrrFigure       *self,
                                       const char      *title);
OrrPlot   *orr_figure_get_plot        (const OrrFigure *self,
                                       guint            index);

void       orr_axis_set_label         (OrrAxis         *self,
                                       const char      *label,
                                       const char      *unit);
void       orr_axis_set_range         (OrrAxis         *self,
                                       double           low,
                                       double           high);
void       orr_axis_set_categories    (OrrAxis         *self,
                                       const char *const *categories);

void       orr_plot_set_empty_text    (OrrPlot         *self,
                                       const char      *text);
gboolean   orr_plot_is_empty          (const OrrPlot   *self);
OrrSeries *orr_plot_add_line          (OrrPlot         *self,
                                       const char      *name,
                                       const double    *x,
                                       const double    *y,
                                       gsize            n,
                                       OrrPaint         paint);
OrrSeries *orr_plot_add_points        (OrrPlot         *self,
                                       const char      *name,
                                       const double    *x,
                                       const double    *y,
                                       gsize            n,
                                       OrrPaint         paint);
OrrSeries *orr_plot_add_bars          (OrrPlot         *self,
                                       const char      *name,
                                       const double    *x,
                                       const double    *y,
                                       gsize            n,
                                       double           width,
                                       OrrPaint         paint);
OrrSeries *orr_plot_add_band          (OrrPlot         *self,
                                       const char      *name,
                                       const double    *x,
                                       const double    *low,
                                       const double    *high,
                                       gsize            n,
                                       OrrPaint         paint);
OrrSeries *orr_plot_add_histogram     (OrrPlot         *self,
                                       const char      *name,
                                       const double    *edges,
                                       const double    *counts,
                                       gsize            n_bins,
                                       OrrPaint         paint);
OrrSeries *orr_plot_add_vertical      (OrrPlot         *self,
                                       const char      *name,
                                       double           x,
                                       OrrPaint         paint);
OrrSeries *orr_plot_add_horizontal    (OrrPlot         *self,
                                       const char      *name,
                                       double           y,
                                       OrrPaint         paint);
OrrSeries *orr_plot_add_span          (OrrPlot         *self,
                                       const char      *name,
                                       double           from,
                                       double           to,
                                       OrrPaint         paint);
OrrHeatmap *orr_plot_set_heatmap      (OrrPlot         *self,
                                       const float     *values,
                                       gsize            rows,
                                       gsize            cols,
                                       OrrHeatmapKind   kind);
void       orr_series_set_errors      (OrrSeries       *self,
                                       const double    *half_lengths);
void       orr_series_set_paints      (OrrSeries       *self,
                                       const OrrPaint  *paints);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrrFigure, orr_figure_unref)

G_END_DECLS
