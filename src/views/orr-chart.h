/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "orr-figure-hit.h"

G_BEGIN_DECLS

#define ORR_TYPE_CHART (orr_chart_get_type ())
G_DECLARE_FINAL_TYPE (OrrChart, orr_chart, ORR, CHART, GtkWidget)

/*
 * OrrChart: shows an OrrFigure. The pointer and the arrow keys move a crosshair
 * along the data; dragging marks the part to zoom to, scrolling and + - zoom,
 * Shift pans, a double click and 0 go back to everything. Where a figure has more
 * plots than there is room for it has pages: the arrows under it and Page Up and Page
 * Down turn them. An OrrView.
 *
 * Signal "picked" (const OrrFigureHit *): a person clicked on a datum, or
 * pressed Enter on it; its plot counts from the first one of the page.
 * Signal "brushed" (plot, const OrrPlotRange *): a person dragged over a part with
 * Control held: selects what is in it.
 */

GtkWidget          *orr_chart_new        (void);
void                orr_chart_set_figure (OrrChart           *self,
                                          OrrFigure          *figure);
void                orr_chart_show_plot  (OrrChart           *self,
                                           guint               plot);
OrrFigure          *orr_chart_get_figure (OrrChart           *self);
void                orr_chart_reset_zoom (OrrChart           *self);
const OrrPlotRange *orr_chart_get_range  (OrrChart           *self,
                                          guint               plot);
guint               orr_chart_get_first_plot (OrrChart       *self);
gboolean            orr_chart_get_hit    (OrrChart           *self,
                                          OrrFigureHit       *hit);

G_END_DECLS
