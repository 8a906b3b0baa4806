/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "orr-strip-draw.h"
#include "orr-time-strip.h"

G_BEGIN_DECLS

/*
 * Shared by the files of the time strip: orr-time-strip.c is the widget and follows the session,
 * orr-time-strip-input.c takes pointer and keys, orr-time-strip-picture.c draws and explains.
 */

#define ORR_TIME_STRIP_FEWEST_STEPS 12.0

typedef enum
{
  ORR_STRIP_DRAG_NONE,
  ORR_STRIP_DRAG_CURSOR,
  ORR_STRIP_DRAG_RANGE,
  ORR_STRIP_DRAG_RANGE_START,
  ORR_STRIP_DRAG_RANGE_END,
  ORR_STRIP_DRAG_PAN,
  ORR_STRIP_DRAG_LABEL,
} OrrStripDrag;

struct _OrrTimeStrip
{
  GtkWidget parent;

  GtkWidget       *scrollbar;
  GtkWidget       *rows_scrollbar;
  GtkWidget       *empty_label;
  GtkWidget       *controls;
  GtkToggleButton *play_button;
  GtkLabel        *time_label;
  GtkGesture      *drag;

  OrrSession    *session;
  GBinding      *play_binding;
  GPtrArray     *rows;
  guint          n_steps;
  double         start;
  double         end;
  GtkAdjustment *adjustment;
  GtkAdjustment *rows_adjustment; /* in traces */
  gboolean       adjusting;

  GskRenderNode *content;
  OrrStripDrag   mode;
  double         drag_x;
  double         drag_y;
  double         drag_start;
  guint          anchor;
  double         pointer_x;
  double         pinch;
};


void    orr_time_strip_get_geometry   (OrrTimeStrip     *self,
                                       OrrStripGeometry *geometry);
void    orr_time_strip_invalidate     (OrrTimeStrip     *self);
guint   orr_time_strip_step_at        (OrrTimeStrip     *self,
                                       double            x);
void    orr_time_strip_zoom           (OrrTimeStrip     *self,
                                       double            factor,
                                       double            step);
gssize  orr_time_strip_row_at         (OrrTimeStrip     *self,
                                       double            y);
void    orr_time_strip_select_row     (OrrTimeStrip     *self,
                                       gssize            row);
void    orr_time_strip_scroll_rows    (OrrTimeStrip     *self,
                                       double            by);
void    orr_time_strip_show_row       (OrrTimeStrip     *self,
                                       gssize            row);
void    orr_time_strip_bind_input     (GtkWidgetClass   *widget_class);
void    orr_time_strip_snapshot       (GtkWidget        *widget,
                                       GtkSnapshot      *snapshot);
gboolean orr_time_strip_query_tooltip (GtkWidget        *widget,
                                       int               x,
                                       int               y,
                                       gboolean          keyboard,
                                       GtkTooltip       *tooltip);

G_END_DECLS
