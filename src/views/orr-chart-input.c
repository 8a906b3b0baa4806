/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "orr-chart-private.h"

/* How near the pointer must come, in pixels; how far a drag must go to count. */
#define REACH 24.0
#define DRAG_LEAST 6.0
#define ZOOM_STEP 1.25

/* A value from one end of an axis to the other, along which zooming is even. */
static double
along (const OrrAxis *axis, double low, double high, double share)
{
  return axis->scale == ORR_SCALE_LOG ? low * pow (high / low, share) : low + share * (high - low);
}

static void
zoom_axis (const OrrAxis *axis, double *low, double *high, double centre, double factor)
{
  double from = *low, to = *high;
  double share = axis->scale == ORR_SCALE_LOG ? log (centre / from) / log (to / from) : (centre - from) / (to - from);

  *low = along (axis, from, to, share * (1.0 - factor));
  *high = along (axis, from, to, share + (1.0 - share) * factor);
}

static void
zoom_at (OrrChart *self, guint plot, double x, double y, double factor)
{
  const OrrPlotLayout *placed = orr_figure_layout_get_plot (self->layout, plot);
  OrrPlotRange range = placed->range;

  zoom_axis (&placed->plot->x, &range.x_low, &range.x_high, orr_plot_layout_from_x (placed, x), factor);
  zoom_axis (&placed->plot->y, &range.y_low, &range.y_high, orr_plot_layout_from_y (placed, y), factor);
  range.set = TRUE;
  /* Numbers must still tell the two ends apart. */
  if (range.x_high - range.x_low > 1e-9 * fabs (range.x_high) && range.y_high - range.y_low > 1e-9 * fabs (range.y_high))
    orr_chart_set_range (self, plot, &range);
}

/* Moves what @start shows by a distance in pixels. */
static void
pan_by (OrrChart *self, guint plot, const OrrPlotRange *start, double dx, double dy)
{
  const OrrPlotLayout *placed = orr_figure_layout_get_plot (self->layout, plot);
  const OrrAxis *x = &placed->plot->x, *y = &placed->plot->y;
  double right = -dx / placed->area.width * (x->reversed ? -1.0 : 1.0);
  double up = dy / placed->area.height * (y->reversed ? -1.0 : 1.0);
  OrrPlotRange range = { .set = TRUE,
                         .x_low = along (x, start->x_low, start->x_high, right),
                         .x_high = along (x, start->x_low, start->x_high, 1.0 + right),
                         .y_low = along (y, start->y_low, start->y_high, up),
                         .y_high = along (y, start->y_low, start->y_high, 1.0 + up) };

  orr_chart_set_range (self, plot, &range);
}

static void
motion_cb (GtkEventControllerMotion *controller, double x, double y, OrrChart *self)
{
  OrrFigureLayout *layout = orr_chart_ensure_layout (self);
  OrrFigureHit hit;

  self->pointer_x = x;
  self->pointer_y = y;
  if (layout == NULL || self->drag_plot >= 0)
    return;
  orr_chart_set_hit (self, orr_figure_layout_hit (layout, x, y, REACH, &hit) ? &hit : NULL);
}

static void
leave_cb (GtkEventControllerMotion *controller, OrrChart *self)
{
  orr_chart_set_hit (self, NULL);
}

static gboolean
scroll_cb (GtkEventControllerScroll *controller, double dx, double dy, OrrChart *self)
{
  OrrFigureLayout *layout = orr_chart_ensure_layout (self);

  /* GTK does not tell where the wheel was turned: the motion before did. */
  if (layout == NULL)
    return GDK_EVENT_PROPAGATE;
  int plot = orr_figure_layout_plot_at (layout, self->pointer_x, self->pointer_y);
  if (plot < 0)
    return GDK_EVENT_PROPAGATE;
  zoom_at (self, plot, self->pointer_x, self->pointer_y, pow (ZOOM_STEP, CLAMP (dy, -4.0, 4.0)));
  return GDK_EVENT_STOP;
}

static void
pinch_cb (GtkGestureZoom *gesture, double scale, OrrChart *self)
{
  OrrFigureLayout *layout = orr_chart_ensure_layout (self);
  double x, y;

  if (layout == NULL || !gtk_gesture_get_bounding_box_center (GTK_GESTURE (gesture), &x, &y))
    return;
  int plot = orr_figure_layout_plot_at (layout, x, y);
  if (plot >= 0 && scale > 0.0)
    zoom_at (self, plot, x, y, scale > 1.0 ? 1.0 / 1.03 : 1.03);
}

static gboolean
drag_pans (GtkGesture *gesture)
{
  GdkModifierType state = gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (gesture));

  return gtk_gesture_single_get_current_button (GTK_GESTURE_SINGLE (gesture)) == GDK_BUTTON_MIDDLE
         || (state & GDK_SHIFT_MASK) != 0;
}

static void
drag_begin_cb (GtkGestureDrag *gesture, double x, double y, OrrChart *self)
{
  OrrFigureLayout *layout = orr_chart_ensure_layout (self);
  guint button = gtk_gesture_single_get_current_button (GTK_GESTURE_SINGLE (gesture));

  self->drag_plot = layout != NULL && button != GDK_BUTTON_SECONDARY ? orr_figure_layout_plot_at (layout, x, y) : -1;
  self->drag_x = self->drag_to_x = x;
  self->drag_y = self->drag_to_y = y;
  if (self->drag_plot < 0)
    return;
  self->panning = drag_pans (GTK_GESTURE (gesture));
  self->brushing =
    (gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (gesture)) & GDK_CONTROL_MASK) != 0;
  self->drag_range = orr_figure_layout_get_plot (layout, self->drag_plot)->range;
  gtk_widget_grab_focus (GTK_WIDGET (self));
}

static void
drag_update_cb (GtkGestureDrag *gesture, double dx, double dy, OrrChart *self)
{
  OrrFigureLayout *layout = orr_chart_ensure_layout (self);

  if (self->drag_plot < 0 || layout == NULL)
    return;
  if (self->panning)
    {
      pan_by (self, self->drag_plot, &self->drag_range, dx, dy);
      return;
    }
  const OrrRect *area = &orr_figure_layout_get_plot (layout, self->drag_plot)->area;
  self->drag_to_x = CLAMP (self->drag_x + dx, area->x, area->x + area->width);
  self->drag_to_y = CLAMP (self->drag_y + dy, area->y, area->y + area->height);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
order (double *low, double *high)
{
  if (*low > *high)
    {
      double swap = *low;
      *low = *high;
      *high = swap;
    }
}

/* The marked part: zoomed to, or what is in it selected. A narrow band along one axis is one of that axis alone. */
static void
take_band (OrrChart *self)
{
  const OrrPlotLayout *plot = orr_figure_layout_get_plot (self->layout, self->drag_plot);
  OrrPlotRange range = plot->range;
  double width = fabs (self->drag_to_x - self->drag_x), height = fabs (self->drag_to_y - self->drag_y);

  if (width < DRAG_LEAST && height < DRAG_LEAST)
    return;
  if (width >= DRAG_LEAST)
    {
      range.x_low = orr_plot_layout_from_x (plot, self->drag_x);
      range.x_high = orr_plot_layout_from_x (plot, self->drag_to_x);
    }
  if (height >= DRAG_LEAST)
    {
      range.y_low = orr_plot_layout_from_y (plot, self->drag_y);
      range.y_high = orr_plot_layout_from_y (plot, self->drag_to_y);
    }
  order (&range.x_low, &range.x_high);
  order (&range.y_low, &range.y_high);
  range.set = TRUE;
  if (self->brushing)
    g_signal_emit_by_name (self, "brushed", (guint) self->drag_plot, &range);
  else
    orr_chart_set_range (self, self->drag_plot, &range);
}

static void
drag_end_cb (GtkGestureDrag *gesture, double dx, double dy, OrrChart *self)
{
  if (self->drag_plot >= 0 && !self->panning && orr_chart_ensure_layout (self) != NULL)
    take_band (self);
  self->drag_plot = -1;
  self->panning = FALSE;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
cancel_cb (GtkGesture *gesture, GdkEventSequence *sequence, OrrChart *self)
{
  self->drag_plot = -1;
}

static void
released_cb (GtkGestureClick *gesture, int n_press, double x, double y, OrrChart *self)
{
  OrrFigureLayout *layout = orr_chart_ensure_layout (self);
  OrrFigureHit hit;

  if (layout == NULL)
    return;
  if (y >= layout->height && orr_chart_get_n_pages (self) > 1)
    {
      orr_chart_turn_page (self, x < layout->width / 2 ? -1 : 1);
      return;
    }
  int plot = orr_figure_layout_plot_at (layout, x, y);
  if (hypot (x - self->drag_x, y - self->drag_y) >= DRAG_LEAST)
    return;
  if (n_press == 2 && plot >= 0)
    orr_chart_set_range (self, plot, NULL);
  else if (n_press == 1 && orr_figure_layout_hit (layout, x, y, REACH, &hit))
    g_signal_emit_by_name (self, "picked", &hit);
}

/* A series of @plot that the crosshair can stand on, @step from @series on. */
static int
next_series (const OrrPlot *plot, int series, int step)
{
  int n = plot->series->len;

  for (int tried = 0; tried < n; tried++)
    {
      series = (series + step + n) % n;
      const OrrSeries *candidate = g_ptr_array_index (plot->series, series);
      if (candidate->kind < ORR_SERIES_VERTICAL && candidate->kind != ORR_SERIES_BAND && candidate->n > 0)
        return series;
    }
  return -1;
}

static void
place_on_series (OrrChart *self, guint plot_index, int series_index, gssize index)
{
  const OrrPlotLayout *plot = orr_figure_layout_get_plot (self->layout, plot_index);
  const OrrSeries *series = g_ptr_array_index (plot->plot->series, series_index);
  OrrFigureHit hit = { .plot = plot_index, .series = series_index };

  hit.index = CLAMP (index, 0, (gssize) series->n - 1);
  hit.x = series->kind == ORR_SERIES_HISTOGRAM ? (series->x[hit.index] + series->x[hit.index + 1]) / 2.0
                                               : series->x[hit.index];
  hit.y = series->y[hit.index];
  hit.pixel_x = orr_plot_layout_to_x (plot, hit.x);
  hit.pixel_y = isfinite (hit.y) ? orr_plot_layout_to_y (plot, hit.y) : plot->area.y + plot->area.height;
  orr_chart_set_hit (self, &hit);
}

static void
place_on_cell (OrrChart *self, guint plot_index, gssize row, gssize col)
{
  const OrrPlotLayout *plot = orr_figure_layout_get_plot (self->layout, plot_index);
  const OrrHeatmap *heatmap = plot->plot->heatmap;
  OrrFigureHit hit = { .plot = plot_index, .series = -1 };

  hit.y = CLAMP (row, 0, (gssize) heatmap->rows - 1);
  hit.x = CLAMP (col, 0, (gssize) heatmap->cols - 1);
  hit.index = (gsize) hit.y * heatmap->cols + (gsize) hit.x;
  hit.pixel_x = orr_plot_layout_to_x (plot, hit.x);
  hit.pixel_y = orr_plot_layout_to_y (plot, hit.y);
  orr_chart_set_hit (self, &hit);
}

/* The crosshair at the beginning of a plot that has data, @step from @from on. */
static gboolean
enter_plot (OrrChart *self, int from, int step)
{
  int n = self->layout->plots->len;

  for (int tried = 0, i = from; tried < n; tried++, i = (i + step + n) % n)
    {
      const OrrPlot *plot = orr_figure_layout_get_plot (self->layout, i)->plot;
      int series = plot->series->len > 0 ? next_series (plot, -1, 1) : -1;

      if (series >= 0)
        place_on_series (self, i, series, 0);
      else if (plot->heatmap != NULL)
        place_on_cell (self, i, 0, 0);
      else
        continue;
      return TRUE;
    }
  return FALSE;
}

static void
step_crosshair (OrrChart *self, int dx, int dy)
{
  if (!self->has_hit)
    {
      enter_plot (self, 0, 1);
      return;
    }
  const OrrPlot *plot = orr_figure_layout_get_plot (self->layout, self->hit.plot)->plot;
  if (self->hit.series < 0)
    place_on_cell (self, self->hit.plot, self->hit.y + dy, self->hit.x + dx);
  else if (dy != 0)
    place_on_series (self, self->hit.plot, next_series (plot, self->hit.series, dy), self->hit.index);
  else
    place_on_series (self, self->hit.plot, self->hit.series, (gssize) self->hit.index + dx);
}

static void
zoom_by_key (OrrChart *self, double factor)
{
  guint plot = self->has_hit ? self->hit.plot : 0;
  OrrFigureHit hit = self->hit;
  gboolean had_hit = self->has_hit;
  const OrrRect *area = &orr_figure_layout_get_plot (self->layout, plot)->area;
  double x = had_hit ? hit.pixel_x : area->x + area->width / 2, y = had_hit ? hit.pixel_y : area->y + area->height / 2;

  zoom_at (self, plot, x, y, factor);
  if (had_hit && orr_chart_ensure_layout (self) != NULL)
    {
      if (hit.series >= 0)
        place_on_series (self, plot, hit.series, hit.index);
      else
        place_on_cell (self, plot, hit.y, hit.x);
    }
}

static gboolean
arrow_key (OrrChart *self, int dx, int dy, GdkModifierType state)
{
  guint plot = self->has_hit ? self->hit.plot : 0;

  if (state & GDK_SHIFT_MASK)
    {
      OrrPlotRange range = orr_figure_layout_get_plot (self->layout, plot)->range;
      pan_by (self, plot, &range, -20.0 * dx, -20.0 * dy);
    }
  else
    step_crosshair (self, dx * (state & GDK_CONTROL_MASK ? 10 : 1), dy);
  return GDK_EVENT_STOP;
}

/* From plot to plot, and on to the next page after the last. */
static gboolean
step_plot (OrrChart *self, int step)
{
  int n = self->layout->plots->len, plot = self->has_hit ? (int) self->hit.plot + step : step > 0 ? 0 : n - 1;

  if ((plot < 0 || plot >= n) && orr_chart_get_n_pages (self) > 1)
    {
      orr_chart_turn_page (self, step);
      if (orr_chart_ensure_layout (self) == NULL)
        return GDK_EVENT_STOP;
      n = self->layout->plots->len;
      plot = step > 0 ? 0 : n - 1;
    }
  enter_plot (self, (plot + n) % n, step);
  return GDK_EVENT_STOP;
}

static gboolean
key_cb (GtkEventControllerKey *controller, guint key, guint code, GdkModifierType state, OrrChart *self)
{
  if (orr_chart_ensure_layout (self) == NULL || self->layout->plots->len == 0 || (state & GDK_ALT_MASK))
    return GDK_EVENT_PROPAGATE;
  switch (key)
    {
    case GDK_KEY_Left:
      return arrow_key (self, -1, 0, state);
    case GDK_KEY_Right:
      return arrow_key (self, 1, 0, state);
    case GDK_KEY_Up:
      return arrow_key (self, 0, -1, state);
    case GDK_KEY_Down:
      return arrow_key (self, 0, 1, state);
    case GDK_KEY_Home:
      step_crosshair (self, -G_MAXINT / 2, 0);
      return GDK_EVENT_STOP;
    case GDK_KEY_End:
      step_crosshair (self, G_MAXINT / 2, 0);
      return GDK_EVENT_STOP;
    case GDK_KEY_Page_Down:
      return step_plot (self, 1);
    case GDK_KEY_Page_Up:
      return step_plot (self, -1);
    case GDK_KEY_plus:
    case GDK_KEY_equal:
    case GDK_KEY_KP_Add:
      zoom_by_key (self, 1.0 / ZOOM_STEP);
      return GDK_EVENT_STOP;
    case GDK_KEY_minus:
    case GDK_KEY_KP_Subtract:
      zoom_by_key (self, ZOOM_STEP);
      return GDK_EVENT_STOP;
    case GDK_KEY_0:
    case GDK_KEY_KP_0:
      orr_chart_reset_zoom (self);
      return GDK_EVENT_STOP;
    case GDK_KEY_Escape:
      if (!self->has_hit)
        return GDK_EVENT_PROPAGATE;
      orr_chart_set_hit (self, NULL);
      return GDK_EVENT_STOP;
    case GDK_KEY_Return:
    case GDK_KEY_KP_Enter:
      if (!self->has_hit)
        return GDK_EVENT_PROPAGATE;
      g_signal_emit_by_name (self, "picked", &self->hit);
      return GDK_EVENT_STOP;
    default:
      return GDK_EVENT_PROPAGATE;
    }
}

void
orr_chart_init_input (OrrChart *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkEventController *scroll = gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_VERTICAL);
  GtkEventController *key = gtk_event_controller_key_new ();
  GtkGesture *drag = gtk_gesture_drag_new (), *click = gtk_gesture_click_new (), *pinch = gtk_gesture_zoom_new ();

  g_signal_connect (motion, "motion", G_CALLBACK (motion_cb), self);
  g_signal_connect (motion, "leave", G_CALLBACK (leave_cb), self);
  g_signal_connect (scroll, "scroll", G_CALLBACK (scroll_cb), self);
  g_signal_connect (key, "key-pressed", G_CALLBACK (key_cb), self);
  g_signal_connect (drag, "drag-begin", G_CALLBACK (drag_begin_cb), self);
  g_signal_connect (drag, "drag-update", G_CALLBACK (drag_update_cb), self);
  g_signal_connect (drag, "drag-end", G_CALLBACK (drag_end_cb), self);
  g_signal_connect (drag, "cancel", G_CALLBACK (cancel_cb), self);
  g_signal_connect (click, "released", G_CALLBACK (released_cb), self);
  g_signal_connect (pinch, "scale-changed", G_CALLBACK (pinch_cb), self);
  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (drag), 0);
  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (click), GDK_BUTTON_PRIMARY);
  gtk_gesture_group (drag, click);
  gtk_widget_add_controller (widget, motion);
  gtk_widget_add_controller (widget, scroll);
  gtk_widget_add_controller (widget, key);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (drag));
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (click));
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (pinch));
}
