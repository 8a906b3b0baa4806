/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-time-strip.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <math.h>

#include "orr-player.h"
#include "orr-strip-draw.h"
#include "orr-view-theme.h"
#include "orr-view.h"

#define LABELS_WIDTH 92.0
#define RIGHT_MARGIN 14.0
#define SHOWN_AT_FIRST 500.0
#define FEWEST_STEPS 12.0
#define GRIP 5.0
#define CLICK_SLOP 4.0
#define SCROLL_ZOOM 1.2
#define LONG_STEP 10

typedef enum
{
  DRAG_NONE,
  DRAG_CURSOR,
  DRAG_RANGE,
  DRAG_RANGE_START,
  DRAG_RANGE_END,
  DRAG_PAN,
} DragMode;

/**
 * OrrTimeStrip:
 *
 * The run of the session's network over time: symbols, estimated states, activity of the selected
 * units. Shows and sets the session's cursor and range of time.
 */
struct _OrrTimeStrip
{
  GtkWidget parent;

  GtkWidget       *scrollbar;
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
  gboolean       adjusting;

  GskRenderNode *content;
  DragMode       mode;
  double         drag_x;
  double         drag_start;
  guint          anchor;
  double         pointer_x;
  double         pinch;
};

enum
{
  PROP_0,
  PROP_SESSION,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

static void view_init (OrrViewInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (OrrTimeStrip, orr_time_strip, GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (ORR_TYPE_VIEW, view_init))

static void
get_geometry (OrrTimeStrip *self, OrrStripGeometry *geometry)
{
  int scrollbar_height;

  gtk_widget_measure (self->scrollbar, GTK_ORIENTATION_VERTICAL, -1, &scrollbar_height, NULL, NULL, NULL);
  geometry->left = LABELS_WIDTH;
  geometry->right = MAX (gtk_widget_get_width (GTK_WIDGET (self)) - RIGHT_MARGIN, LABELS_WIDTH + 1.0);
  geometry->bottom = gtk_widget_get_height (GTK_WIDGET (self)) - ORR_STRIP_AXIS_HEIGHT - scrollbar_height;
  geometry->start = self->start;
  geometry->end = self->end;
}

/* The picture below cursor and range is drawn again. */
static void
invalidate (OrrTimeStrip *self)
{
  g_clear_pointer (&self->content, gsk_render_node_unref);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* What is shown ------------------------------------------------------------------------------- */

static void
update_adjustment (OrrTimeStrip *self)
{
  double page = self->end - self->start;

  self->adjusting = TRUE;
  gtk_adjustment_configure (self->adjustment, self->start, 0.0, MAX (self->n_steps, page), 0.1 * page,
                            0.9 * page, page);
  self->adjusting = FALSE;
}

static void
scrolled_cb (OrrTimeStrip *self)
{
  double start = gtk_adjustment_get_value (self->adjustment);

  if (!self->adjusting)
    orr_time_strip_set_view (self, start, start + self->end - self->start);
}

/* Zooms about @step, which stays where it is. */
static void
zoom (OrrTimeStrip *self, double factor, double step)
{
  double width = CLAMP ((self->end - self->start) / factor, FEWEST_STEPS, MAX (self->n_steps, FEWEST_STEPS));
  double share = (step - self->start) / (self->end - self->start);

  orr_time_strip_set_view (self, step - share * width, step + (1.0 - share) * width);
}

static void
show_step (OrrTimeStrip *self, guint step)
{
  double width = self->end - self->start;

  if (step >= self->start && step + 1 <= self->end)
    return;
  /* Turns the page; a step back shows what came before. */
  if (step + 1 > self->end)
    orr_time_strip_set_view (self, step - 0.1 * width, step + 0.9 * width);
  else
    orr_time_strip_set_view (self, step - 0.9 * width, step + 0.1 * width);
}

static void
update_time_label (OrrTimeStrip *self)
{
  g_autofree char *text = g_strdup_printf (_("t = %u"), orr_session_get_cursor (self->session));

  gtk_label_set_label (self->time_label, self->rows->len > 0 ? text : "");
}

static void
update_rows (OrrTimeStrip *self)
{
  OrrMotion *motion = self->session != NULL ? orr_session_get_motion (self->session) : NULL;
  guint n_steps = motion != NULL ? motion->trajectory->n_steps : 0;

  g_clear_pointer (&self->rows, g_ptr_array_unref);
  self->rows = self->session != NULL ? orr_strip_rows_build (self->session) : g_ptr_array_new ();
  /* Before its range changes: a hidden scrollbar would be drawn later with parts that have no place. */
  gtk_widget_set_child_visible (self->scrollbar, n_steps > 0);
  gtk_widget_set_child_visible (self->empty_label, n_steps == 0);
  gtk_widget_queue_allocate (GTK_WIDGET (self));
  if (self->n_steps != n_steps)
    {
      self->n_steps = n_steps;
      orr_time_strip_set_view (self, 0.0, SHOWN_AT_FIRST);
    }
  gtk_widget_set_sensitive (self->controls, n_steps > 0);
  if (self->session != NULL)
    update_time_label (self);
  invalidate (self);
}

/* The session --------------------------------------------------------------------------------- */

static void
cursor_changed_cb (OrrTimeStrip *self)
{
  if (self->mode == DRAG_NONE)
    show_step (self, orr_session_get_cursor (self->session));
  update_time_label (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
playing_changed_cb (OrrTimeStrip *self)
{
  gtk_button_set_icon_name (GTK_BUTTON (self->play_button), orr_session_get_playing (self->session)
                                                              ? "media-playback-pause-symbolic"
                                                              : "media-playback-start-symbolic");
}

/* Cursor -------------------------------------------------------------------------------------- */

static void
move_cursor (OrrTimeStrip *self, gint64 steps)
{
  gint64 cursor = orr_session_get_cursor (self->session) + steps;

  if (self->n_steps > 0)
    orr_session_set_cursor (self->session, CLAMP (cursor, 0, (gint64) self->n_steps - 1));
}

static void
back_cb (OrrTimeStrip *self)
{
  move_cursor (self, -1);
}

static void
forward_cb (OrrTimeStrip *self)
{
  move_cursor (self, 1);
}

/* To the nearest change of the estimated state, or of the symbol where there is no estimate. */
static void
move_to_change (OrrTimeStrip *self, int direction)
{
  const OrrStripRow *row = NULL;

  for (guint i = 0; i < self->rows->len && i < 2; i++)
    if (((OrrStripRow *) self->rows->pdata[i])->kind == ORR_STRIP_BANDS)
      row = self->rows->pdata[i];
  if (row != NULL)
    orr_session_set_cursor (self->session,
                            orr_strip_next_change (row, orr_session_get_cursor (self->session), direction));
}

/* Pointer ------------------------------------------------------------------------------------- */

static guint
step_at (OrrTimeStrip *self, double x)
{
  OrrStripGeometry geometry;

  get_geometry (self, &geometry);
  return CLAMP (floor (orr_strip_to_step (&geometry, x)), 0.0, MAX (self->n_steps, 1) - 1.0);
}

static DragMode
choose_mode (OrrTimeStrip *self, double x, double y)
{
  GdkModifierType state = gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (self->drag));
  guint button = gtk_gesture_single_get_current_button (GTK_GESTURE_SINGLE (self->drag));
  OrrStripGeometry geometry;
  guint start, end;

  get_geometry (self, &geometry);
  if (self->n_steps == 0)
    return DRAG_NONE;
  if (button != GDK_BUTTON_PRIMARY || (state & GDK_SHIFT_MASK))
    return DRAG_PAN;
  if (y >= geometry.bottom
      || fabs (x - orr_strip_to_x (&geometry, orr_session_get_cursor (self->session) + 0.5)) <= GRIP)
    return DRAG_CURSOR;
  if (orr_session_get_range (self->session, &start, &end))
    {
      if (fabs (x - orr_strip_to_x (&geometry, start)) <= GRIP)
        return DRAG_RANGE_START;
      if (fabs (x - orr_strip_to_x (&geometry, end)) <= GRIP)
        return DRAG_RANGE_END;
    }
  return DRAG_RANGE;
}

static void
drag_begin_cb (GtkGestureDrag *gesture, double x, double y, OrrTimeStrip *self)
{
  guint start, end;

  gtk_widget_grab_focus (GTK_WIDGET (self));
  self->mode = choose_mode (self, x, y);
  if (self->mode == DRAG_NONE)
    return;
  self->drag_x = x;
  self->drag_start = self->start;
  orr_session_get_range (self->session, &start, &end);
  self->anchor = self->mode == DRAG_RANGE_START ? end - 1
                 : self->mode == DRAG_RANGE_END ? start
                                                : step_at (self, x);
  if (self->mode == DRAG_CURSOR)
    orr_session_set_cursor (self->session, step_at (self, x));
}

static void
drag_update_cb (GtkGestureDrag *gesture, double dx, double dy, OrrTimeStrip *self)
{
  OrrStripGeometry geometry;
  guint step = step_at (self, self->drag_x + dx);

  if (self->mode == DRAG_NONE || (self->mode == DRAG_RANGE && fabs (dx) < CLICK_SLOP))
    return;
  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  if (self->mode == DRAG_CURSOR)
    orr_session_set_cursor (self->session, step);
  else if (self->mode == DRAG_PAN)
    {
      double width = self->end - self->start;

      get_geometry (self, &geometry);
      double start = self->drag_start - dx * width / (geometry.right - geometry.left);
      orr_time_strip_set_view (self, start, start + width);
    }
  else
    orr_session_set_range (self->session, MIN (self->anchor, step), MAX (self->anchor, step) + 1);
}

static void
drag_end_cb (GtkGestureDrag *gesture, double dx, double dy, OrrTimeStrip *self)
{
  DragMode mode = self->mode;

  self->mode = DRAG_NONE;
  if (mode == DRAG_RANGE && fabs (dx) < CLICK_SLOP)
    orr_session_set_cursor (self->session, step_at (self, self->drag_x));
}

static void
motion_cb (GtkEventControllerMotion *controller, double x, double y, OrrTimeStrip *self)
{
  self->pointer_x = x;
  if (self->mode == DRAG_NONE && self->n_steps > 0)
    {
      DragMode mode = choose_mode (self, x, y);

      gtk_widget_set_cursor_from_name (GTK_WIDGET (self), mode == DRAG_CURSOR || mode == DRAG_RANGE_START
                                                                || mode == DRAG_RANGE_END
                                                            ? "ew-resize"
                                                            : NULL);
    }
}

static gboolean
scroll_cb (GtkEventControllerScroll *controller, double dx, double dy, OrrTimeStrip *self)
{
  GdkModifierType state = gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (controller));
  OrrStripGeometry geometry;
  double width = self->end - self->start;

  if (self->n_steps == 0)
    return GDK_EVENT_PROPAGATE;
  get_geometry (self, &geometry);
  if (state & GDK_SHIFT_MASK)
    orr_time_strip_set_view (self, self->start + 0.1 * width * (dx + dy),
                             self->end + 0.1 * width * (dx + dy));
  else
    {
      if (dx != 0.0)
        orr_time_strip_set_view (self, self->start + 0.1 * width * dx, self->end + 0.1 * width * dx);
      if (dy != 0.0)
        zoom (self, pow (SCROLL_ZOOM, -dy), orr_strip_to_step (&geometry, self->pointer_x));
    }
  return GDK_EVENT_STOP;
}

static void
pinch_begin_cb (GtkGesture *gesture, GdkEventSequence *sequence, OrrTimeStrip *self)
{
  self->pinch = 1.0;
}

static void
pinch_cb (GtkGestureZoom *gesture, double scale, OrrTimeStrip *self)
{
  OrrStripGeometry geometry;

  if (self->n_steps == 0 || !(scale > 0.0))
    return;
  get_geometry (self, &geometry);
  zoom (self, scale / self->pinch, orr_strip_to_step (&geometry, self->pointer_x));
  self->pinch = scale;
}

/* Keys ---------------------------------------------------------------------------------------- */

static void
step_by_key (OrrTimeStrip *self, int direction, GdkModifierType state)
{
  if (state & GDK_CONTROL_MASK)
    move_to_change (self, direction);
  else
    move_cursor (self, direction * (state & GDK_SHIFT_MASK ? LONG_STEP : 1));
}

static gboolean
key_cb (GtkEventControllerKey *controller, guint key, guint code, GdkModifierType state, OrrTimeStrip *self)
{
  double cursor = orr_session_get_cursor (self->session) + 0.5;

  if (self->n_steps == 0 || (state & GDK_ALT_MASK))
    return GDK_EVENT_PROPAGATE;
  switch (key)
    {
    case GDK_KEY_Left:
    case GDK_KEY_KP_Left:
      step_by_key (self, -1, state);
      break;
    case GDK_KEY_Right:
    case GDK_KEY_KP_Right:
      step_by_key (self, 1, state);
      break;
    case GDK_KEY_Home:
      orr_session_set_cursor (self->session, 0);
      break;
    case GDK_KEY_End:
      orr_session_set_cursor (self->session, self->n_steps - 1);
      break;
    case GDK_KEY_space:
      orr_session_set_playing (self->session, !orr_session_get_playing (self->session));
      break;
    case GDK_KEY_plus:
    case GDK_KEY_equal:
    case GDK_KEY_KP_Add:
      zoom (self, SCROLL_ZOOM, cursor);
      break;
    case GDK_KEY_minus:
    case GDK_KEY_KP_Subtract:
      zoom (self, 1.0 / SCROLL_ZOOM, cursor);
      break;
    case GDK_KEY_0:
    case GDK_KEY_KP_0:
      orr_time_strip_set_view (self, 0.0, self->n_steps);
      break;
    case GDK_KEY_Escape:
      orr_session_set_range (self->session, 0, 0);
      break;
    default:
      return GDK_EVENT_PROPAGATE;
    }
  return GDK_EVENT_STOP;
}

/* Drawing ------------------------------------------------------------------------------------- */

static void
render_content (OrrTimeStrip *self, const OrrStripGeometry *geometry, const OrrFigureTheme *theme)
{
  int width = gtk_widget_get_width (GTK_WIDGET (self)), height = gtk_widget_get_height (GTK_WIDGET (self));
  g_autoptr (GtkSnapshot) snapshot = gtk_snapshot_new ();
  cairo_t *cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, width, height));

  orr_strip_draw (cr, gtk_widget_get_pango_context (GTK_WIDGET (self)), self->rows, geometry, theme,
                  gtk_widget_get_scale_factor (GTK_WIDGET (self)));
  cairo_destroy (cr);
  self->content = gtk_snapshot_free_to_node (g_steal_pointer (&snapshot));
}

static void
draw_span (GtkSnapshot *snapshot, const OrrStripGeometry *geometry, double from, double to, guint32 rgb,
           double alpha)
{
  double x0 = CLAMP (from, geometry->left, geometry->right), x1 = CLAMP (to, geometry->left, geometry->right);
  GdkRGBA colour;

  if (x1 <= x0)
    return;
  orr_rgb_to_rgba (rgb, alpha, &colour);
  gtk_snapshot_append_color (snapshot, &colour, &GRAPHENE_RECT_INIT (x0, 0, x1 - x0, geometry->bottom));
}

/* A thin line wherever the selected transition happens. */
static void
draw_jumps (OrrTimeStrip *self, GtkSnapshot *snapshot, const OrrStripGeometry *geometry,
            const OrrFigureTheme *theme)
{
  const OrrMotion *motion = orr_session_get_motion (self->session);
  double last = -1.0;
  int from, to;

  orr_session_get_transition (self->session, &from, &to);
  if (from < 0 || to < 0 || motion->path == NULL)
    return;
  for (guint t = MAX (self->start, 0.0); t + 1 < MIN (self->end, self->n_steps); t++)
    {
      double x = orr_strip_to_x (geometry, t + 1.0);

      if (motion->path[t] != from || motion->path[t + 1] != to || x - last < 2.0)
        continue;
      draw_span (snapshot, geometry, x - 1.0, x + 1.0, theme->warning, 0.9);
      last = x;
    }
}

static void
draw_above (OrrTimeStrip *self, GtkSnapshot *snapshot, const OrrStripGeometry *geometry,
            const OrrFigureTheme *theme)
{
  double x = orr_strip_to_x (geometry, orr_session_get_cursor (self->session) + 0.5);
  guint start, end;

  if (orr_session_get_range (self->session, &start, &end))
    {
      double x0 = orr_strip_to_x (geometry, start), x1 = orr_strip_to_x (geometry, end);

      draw_span (snapshot, geometry, x0, x1, theme->accent, 0.16);
      draw_span (snapshot, geometry, x0 - 0.5, x0 + 0.5, theme->accent, 0.6);
      draw_span (snapshot, geometry, x1 - 0.5, x1 + 0.5, theme->accent, 0.6);
    }
  draw_jumps (self, snapshot, geometry, theme);
  draw_span (snapshot, geometry, x - 1.0, x + 1.0, theme->accent, 1.0);
}

static void
orr_time_strip_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  OrrTimeStrip *self = ORR_TIME_STRIP (widget);
  OrrStripGeometry geometry;
  OrrFigureTheme theme;

  if (self->n_steps > 0)
    {
      get_geometry (self, &geometry);
      orr_view_theme_init (&theme, widget);
      if (self->content == NULL)
        render_content (self, &geometry, &theme);
      if (self->content != NULL)
        gtk_snapshot_append_node (snapshot, self->content);
      draw_above (self, snapshot, &geometry, &theme);
    }
  gtk_widget_snapshot_child (widget, self->scrollbar, snapshot);
  gtk_widget_snapshot_child (widget, self->empty_label, snapshot);
}

static gboolean
orr_time_strip_query_tooltip (GtkWidget *widget, int x, int y, gboolean keyboard, GtkTooltip *tooltip)
{
  OrrTimeStrip *self = ORR_TIME_STRIP (widget);
  OrrStripGeometry geometry;
  g_autoptr (GString) text = g_string_new (NULL);

  if (self->n_steps == 0)
    return FALSE;
  get_geometry (self, &geometry);
  guint step = keyboard ? orr_session_get_cursor (self->session) : step_at (self, x);
  if (!keyboard && (x < geometry.left || x > geometry.right || y > geometry.bottom))
    return FALSE;
  g_string_append_printf (text, _("t = %u"), step);
  for (guint i = 0; i < self->rows->len; i++)
    {
      g_autofree char *entry = orr_strip_row_describe (self->rows->pdata[i], step);
      g_string_append_printf (text, "\n%s", entry);
    }
  gtk_tooltip_set_text (tooltip, text->str);
  return TRUE;
}

static void
orr_time_strip_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                        int *natural, int *minimum_baseline, int *natural_baseline)
{
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? 240 : 120;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 600 : 190;
}

static void
orr_time_strip_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  OrrTimeStrip *self = ORR_TIME_STRIP (widget);
  OrrStripGeometry geometry;
  int scrollbar_height, label_height;
  double x;

  get_geometry (self, &geometry);
  gtk_widget_measure (self->scrollbar, GTK_ORIENTATION_VERTICAL, -1, &scrollbar_height, NULL, NULL, NULL);
  gtk_widget_measure (self->empty_label, GTK_ORIENTATION_VERTICAL, width, &label_height, NULL, NULL, NULL);
  x = geometry.left;
  gtk_widget_size_allocate (self->scrollbar,
                            &(GtkAllocation){ x, height - scrollbar_height, width - RIGHT_MARGIN - x,
                                              scrollbar_height },
                            -1);
  gtk_widget_size_allocate (self->empty_label,
                            &(GtkAllocation){ 0, MAX (0, (height - label_height) / 2), width, label_height },
                            -1);
  g_clear_pointer (&self->content, gsk_render_node_unref);
}

/* The widget ---------------------------------------------------------------------------------- */

static void
orr_time_strip_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_SESSION)
    g_value_set_object (value, ORR_TIME_STRIP (object)->session);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
orr_time_strip_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id == PROP_SESSION)
    orr_time_strip_set_session (ORR_TIME_STRIP (object), g_value_get_object (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
orr_time_strip_dispose (GObject *object)
{
  OrrTimeStrip *self = ORR_TIME_STRIP (object);
  GtkWidget *child;

  if (self->session != NULL)
    g_signal_handlers_disconnect_by_data (self->session, self);
  g_clear_pointer (&self->play_binding, g_binding_unbind);
  g_clear_object (&self->session);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);
  g_clear_pointer (&self->content, gsk_render_node_unref);
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  self->n_steps = 0;
  G_OBJECT_CLASS (orr_time_strip_parent_class)->dispose (object);
}

static void
orr_time_strip_class_init (OrrTimeStripClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = orr_time_strip_get_property;
  object_class->set_property = orr_time_strip_set_property;
  object_class->dispose = orr_time_strip_dispose;
  widget_class->snapshot = orr_time_strip_snapshot;
  widget_class->measure = orr_time_strip_measure;
  widget_class->size_allocate = orr_time_strip_size_allocate;
  widget_class->query_tooltip = orr_time_strip_query_tooltip;
  props[PROP_SESSION] = g_param_spec_object ("session", NULL, NULL, ORR_TYPE_SESSION,
                                             G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY
                                               | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);

  g_type_ensure (ORR_TYPE_VIEW);
  gtk_widget_class_set_css_name (widget_class, "orrtimestrip");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/orrery/Orrery/ui/orr-time-strip.ui");
  gtk_widget_class_bind_template_child (widget_class, OrrTimeStrip, scrollbar);
  gtk_widget_class_bind_template_child (widget_class, OrrTimeStrip, empty_label);
  gtk_widget_class_bind_template_child (widget_class, OrrTimeStrip, controls);
  gtk_widget_class_bind_template_child (widget_class, OrrTimeStrip, play_button);
  gtk_widget_class_bind_template_child (widget_class, OrrTimeStrip, time_label);
  gtk_widget_class_bind_template_child (widget_class, OrrTimeStrip, drag);
  gtk_widget_class_bind_template_callback (widget_class, back_cb);
  gtk_widget_class_bind_template_callback (widget_class, forward_cb);
  gtk_widget_class_bind_template_callback (widget_class, drag_begin_cb);
  gtk_widget_class_bind_template_callback (widget_class, drag_update_cb);
  gtk_widget_class_bind_template_callback (widget_class, drag_end_cb);
  gtk_widget_class_bind_template_callback (widget_class, motion_cb);
  gtk_widget_class_bind_template_callback (widget_class, scroll_cb);
  gtk_widget_class_bind_template_callback (widget_class, pinch_begin_cb);
  gtk_widget_class_bind_template_callback (widget_class, pinch_cb);
  gtk_widget_class_bind_template_callback (widget_class, key_cb);
}

static void
orr_time_strip_init (OrrTimeStrip *self)
{
  self->end = SHOWN_AT_FIRST;
  self->rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  self->adjustment = gtk_scrollbar_get_adjustment (GTK_SCROLLBAR (self->scrollbar));
  g_signal_connect_object (self->adjustment, "value-changed", G_CALLBACK (scrolled_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect (self, "notify::scale-factor", G_CALLBACK (invalidate), NULL);
  orr_view_theme_watch (GTK_WIDGET (self), G_CALLBACK (invalidate));
  update_rows (self);
}

static GtkWidget *
get_controls (OrrView *view)
{
  return ORR_TIME_STRIP (view)->controls;
}

/* One line a step, one column a row. */
static char *
dup_csv (OrrView *view)
{
  OrrTimeStrip *self = ORR_TIME_STRIP (view);
  GString *csv = g_string_new ("t");

  for (guint i = 0; i < self->rows->len; i++)
    g_string_append_printf (csv, ",%s", ((OrrStripRow *) self->rows->pdata[i])->label);
  for (guint t = 0; t < self->n_steps; t++)
    {
      g_string_append_printf (csv, "\n%u", t);
      for (guint i = 0; i < self->rows->len; i++)
        {
          const OrrStripRow *row = self->rows->pdata[i];
          char number[G_ASCII_DTOSTR_BUF_SIZE];

          if (row->kind == ORR_STRIP_TRACE)
            g_string_append_printf (csv, ",%s",
                                    g_ascii_formatd (number, sizeof number, "%.6g", row->values[t]));
          else
            g_string_append_printf (csv, ",%s", row->codes[t] < row->names->len
                                                  ? (char *) row->names->pdata[row->codes[t]]
                                                  : "");
        }
    }
  g_string_append_c (csv, '\n');
  return g_string_free (csv, FALSE);
}

static void
view_init (OrrViewInterface *iface)
{
  iface->get_controls = get_controls;
  iface->dup_csv = dup_csv;
}

/**
 * orr_time_strip_new:
 * @session: (nullable): what it shows
 *
 * Returns: (transfer floating): a time strip
 */
GtkWidget *
orr_time_strip_new (OrrSession *session)
{
  return g_object_new (ORR_TYPE_TIME_STRIP, "session", session, NULL);
}

OrrSession *
orr_time_strip_get_session (OrrTimeStrip *self)
{
  g_return_val_if_fail (ORR_IS_TIME_STRIP (self), NULL);
  return self->session;
}

static void
listen (OrrTimeStrip *self, const char *property, GCallback callback)
{
  g_autofree char *signal = g_strconcat ("notify::", property, NULL);
  g_signal_connect_object (self->session, signal, callback, self, G_CONNECT_SWAPPED);
}

void
orr_time_strip_set_session (OrrTimeStrip *self, OrrSession *session)
{
  g_return_if_fail (ORR_IS_TIME_STRIP (self));
  g_return_if_fail (session == NULL || ORR_IS_SESSION (session));
  if (self->session == session)
    return;

  if (self->session != NULL)
    g_signal_handlers_disconnect_by_data (self->session, self);
  g_clear_pointer (&self->play_binding, g_binding_unbind);
  g_set_object (&self->session, session);
  if (session != NULL)
    {
      listen (self, "motion", G_CALLBACK (update_rows));
      listen (self, "units", G_CALLBACK (update_rows));
      listen (self, "run", G_CALLBACK (update_rows));
      listen (self, "cursor", G_CALLBACK (cursor_changed_cb));
      listen (self, "playing", G_CALLBACK (playing_changed_cb));
      listen (self, "range-start", G_CALLBACK (gtk_widget_queue_draw));
      listen (self, "range-end", G_CALLBACK (gtk_widget_queue_draw));
      listen (self, "transition-from", G_CALLBACK (gtk_widget_queue_draw));
      listen (self, "transition-to", G_CALLBACK (gtk_widget_queue_draw));
      self->play_binding = g_object_bind_property (session, "playing", self->play_button, "active",
                                                   G_BINDING_BIDIRECTIONAL | G_BINDING_SYNC_CREATE);
      orr_player_attach (GTK_WIDGET (self), session);
    }
  update_rows (self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_SESSION]);
}

/**
 * orr_time_strip_get_view:
 * @start: (out): step at the left edge
 * @end: (out): step at the right edge
 */
void
orr_time_strip_get_view (OrrTimeStrip *self, double *start, double *end)
{
  g_return_if_fail (ORR_IS_TIME_STRIP (self));
  *start = self->start;
  *end = self->end;
}

/**
 * orr_time_strip_set_view:
 *
 * Shows the steps from @start to @end, moved and cut to what there is.
 */
void
orr_time_strip_set_view (OrrTimeStrip *self, double start, double end)
{
  double most = MAX (self->n_steps, FEWEST_STEPS);
  double width;

  g_return_if_fail (ORR_IS_TIME_STRIP (self));
  g_return_if_fail (end > start);

  width = CLAMP (end - start, FEWEST_STEPS, most);
  self->start = CLAMP (start, 0.0, most - width);
  self->end = self->start + width;
  update_adjustment (self);
  invalidate (self);
}
