/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <pango/pangocairo.h>

#include "orr-figure-theme.h"
#include "orr-ticks.h"

G_BEGIN_DECLS

typedef struct
{
  double x;
  double y;
  double width;
  double height;
} OrrRect;

/**
 * OrrPlotRange:
 * @set: whether the plot shows this range rather than its own
 *
 * What a plot shows after zooming, in data units.
 */
typedef struct
{
  gboolean set;
  double   x_low;
  double   x_high;
  double   y_low;
  double   y_high;
} OrrPlotRange;

/* One name in a legend: where its swatch begins. */
typedef struct
{
  guint  series;
  double x;
  double y;
  double width;
} OrrLegendEntry;

/**
 * OrrPlotLayout:
 * @cell: the plot with its labels
 * @area: inside the axes
 * @header_y: top of the line of the y label and the legend
 * @legend_hidden: whether there was no room for the legend
 * @range: what is shown
 * @bar: the colour bar; of no width where there is none
 *
 * Where one plot is. Pixels, from the figure's top left.
 */
typedef struct
{
  const OrrPlot *plot;
  OrrRect        cell;
  OrrRect        area;
  OrrRect        bar;
  double         title_y;
  double         header_y;
  OrrPlotRange   range;
  OrrTicks      *x_ticks;
  OrrTicks      *y_ticks;
  OrrTicks      *bar_ticks;
  GArray        *legend;
  gboolean       legend_hidden;
} OrrPlotLayout;

/**
 * OrrFigureLayout:
 * @plots: of OrrPlotLayout, as in the figure
 * @line: height of a line of text
 *
 * A figure arranged on a page of a given size. Belongs to one thread.
 */
typedef struct
{
  OrrFigure      *figure;
  OrrFigureTheme  theme;
  double          width;
  double          height;
  double          line;
  PangoContext   *context;
  GPtrArray      *plots;
} OrrFigureLayout;

OrrFigureLayout     *orr_figure_layout_new      (OrrFigure             *figure,
                                                 const OrrPlotRange    *ranges,
                                                 double                 width,
                                                 double                 height,
                                                 const OrrFigureTheme  *theme);
void                 orr_figure_layout_free     (OrrFigureLayout       *self);
const OrrPlotLayout *orr_figure_layout_get_plot (const OrrFigureLayout *self,
                                                 guint                  index);
PangoLayout         *orr_figure_layout_text     (const OrrFigureLayout *self,
                                                 const char            *text,
                                                 double                 scale,
                                                 gboolean               bold);
double               orr_figure_layout_measure  (const OrrFigureLayout *self,
                                                 const char            *text);
char                *orr_axis_dup_title         (const OrrAxis         *axis,
                                                 const OrrTicks        *ticks);
double               orr_plot_layout_to_x       (const OrrPlotLayout   *self,
                                                 double                 value);
double               orr_plot_layout_to_y       (const OrrPlotLayout   *self,
                                                 double                 value);
double               orr_plot_layout_from_x     (const OrrPlotLayout   *self,
                                                 double                 pixel);
double               orr_plot_layout_from_y     (const OrrPlotLayout   *self,
                                                 double                 pixel);
OrrPlotRange         orr_plot_find_range        (const OrrPlot         *plot);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrrFigureLayout, orr_figure_layout_free)

G_END_DECLS
