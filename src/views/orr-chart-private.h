/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-chart.h"

G_BEGIN_DECLS

/*
 * For orr-chart.c (the widget, what it draws) and orr-chart-input.c (pointer
 * and keys) alone.
 */
struct _OrrChart
{
  GtkWidget parent;

  OrrFigure       *figure;
  OrrPlotRange    *ranges; /* of each plot */
  guint            first;  /* the first plot of the page that is shown */
  guint            on_page; /* how many plots a page has */
  OrrFigureLayout *layout; /* (nullable): the page arranged for the present size */
  GskRenderNode   *node;   /* (nullable): the figure, drawn */

  gboolean     has_hit;
  OrrFigureHit hit;

  double pointer_x, pointer_y;

  int     drag_plot; /* -1: nothing is dragged */
  gboolean panning, brushing;
  double  drag_x, drag_y, drag_to_x, drag_to_y;
  OrrPlotRange drag_range;
};

OrrFigureLayout *orr_chart_ensure_layout (OrrChart           *self);
guint            orr_chart_get_n_pages   (OrrChart           *self);
void             orr_chart_turn_page     (OrrChart           *self,
                                          int                 step);
void             orr_chart_set_hit       (OrrChart           *self,
                                          const OrrFigureHit *hit);
void             orr_chart_set_range     (OrrChart           *self,
                                          guint               plot,
                                          const OrrPlotRange *range);
void             orr_chart_init_input    (OrrChart           *self);

G_END_DECLS
