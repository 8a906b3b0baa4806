/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-orbit-navigator.h"

#include <adwaita.h>
#include <math.h>

#define KEY_TURN (5.0 * G_PI / 180.0)
#define KEY_PAN 24.0
#define KEY_ZOOM 1.2
#define SCROLL_ZOOM 1.15
#define CLICK_SLOP 4.0
#define FLIGHT_MS 300
/* A scene that grows or shrinks by more than this takes the camera with it. */
#define RESCALE 1.5
/* After the last turn of the wheel or key press the camera is at rest. */
#define REST_MS 140
/* Logical pixels that controls and legends take. */
#define INSET_TOP 34.0
#define INSET_BOTTOM 58.0
#define LEAST_FREE_HEIGHT 150.0

typedef enum
{
  DRAG_NONE,
  DRAG_TURN,
  DRAG_PAN,
  DRAG_BAND,
} DragMode;

struct _OrrOrbitNavigator
{
  GObject parent;

  GtkWidget *widget; /* not owned: it owns us */
  OrrCamera  camera;
  double     low[3];
  double     high[3];
  gboolean   touched;
  gboolean   moving;
  gboolean   banding;
  guint      rest_id;

  DragMode drag;
  double   drag_x, drag_y;
  double   last_x, last_y;
  double   pinch;

  AdwAnimation *flight;
  OrrCamera     flight_from;
  OrrCamera     flight_to;
};

enum
{
  MOVED,
  HOVERED,
  CLICKED,
  BANDING,
  BANDED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (OrrOrbitNavigator, orr_orbit_navigator, G_TYPE_OBJECT)

static void
emit_moved (OrrOrbitNavigator *self, gboolean moving)
{
  self->moving = moving;
  g_signal_emit (self, signals[MOVED], 0, moving);
}

static gboolean
rest_cb (gpointer user_data)
{
  OrrOrbitNavigator *self = user_data;

  self->rest_id = 0;
  emit_moved (self, FALSE);
  return G_SOURCE_REMOVE;
}

/* The camera was moved by a step of unknown follow-up: show it as moving until nothing comes any more. */
static void
moved_for_a_moment (OrrOrbitNavigator *self)
{
  self->touched = TRUE;
  g_clear_handle_id (&self->rest_id, g_source_remove);
  self->rest_id = g_timeout_add (REST_MS, rest_cb, self);
  emit_moved (self, TRUE);
}

static void
end_flight (OrrOrbitNavigator *self)
{
  if (self->flight != NULL)
    adw_animation_pause (self->flight);
  g_clear_object (&self->flight);
}

/* Shows everything between what lies over the picture's top and bottom: controls and legends. */
static void
fit (OrrOrbitNavigator *self, OrrCamera *camera)
{
  double free_height = camera->height - INSET_TOP - INSET_BOTTOM;

  orr_camera_fit_box (camera, self->low, self->high);
  if (free_height < LEAST_FREE_HEIGHT)
    return;
  orr_camera_zoom (camera, free_height / camera->height, 0.5 * camera->width, 0.5 * camera->height);
  orr_camera_pan (camera, 0.0, 0.5 * (INSET_TOP - INSET_BOTTOM));
}

/* Flying -------------------------------------------------------------------------------------- */

static void
flight_cb (double t, gpointer user_data)
{
  OrrOrbitNavigator *self = user_data;

  orr_camera_interpolate (&self->camera, &self->flight_from, &self->flight_to, t);
  emit_moved (self, t < 1.0);
}

static void
flight_done_cb (AdwAnimation *flight, OrrOrbitNavigator *self)
{
  self->camera = self->flight_to;
  emit_moved (self, FALSE);
  if (self->flight == flight)
    g_clear_object (&self->flight);
}

static void
fly_to (OrrOrbitNavigator *self, const OrrCamera *camera)
{
  end_flight (self);
  g_clear_handle_id (&self->rest_id, g_source_remove);
  self->flight_from = self->camera;
  self->flight_to = *camera;
  if (!gtk_widget_get_mapped (self->widget))
    {
      self->camera = *camera;
      emit_moved (self, FALSE);
      return;
    }
  self->flight = adw_timed_animation_new (self->widget, 0.0, 1.0, FLIGHT_MS,
                                          adw_callback_animation_target_new (flight_cb, self, NULL));
  g_object_ref_sink (self->flight);
  g_signal_connect_object (self->flight, "done", G_CALLBACK (flight_done_cb), self, 0);
  adw_animation_play (self->flight);
}

/* Pointer ------------------------------------------------------------------------------------- */

static void
get_band (OrrOrbitNavigator *self, double x, double y, double band[4])
{
  band[0] = MIN (self->drag_x, x);
  band[1] = MIN (self->drag_y, y);
  band[2] = MAX (self->drag_x, x);
  band[3] = MAX (self->drag_y, y);
}

static DragMode
choose_drag (OrrOrbitNavigator *self, GtkGestureSingle *gesture)
{
  GdkModifierType state = gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (gesture));

  if (gtk_gesture_single_get_current_button (gesture) != GDK_BUTTON_PRIMARY)
    return DRAG_PAN;
  if (state & GDK_CONTROL_MASK)
    return DRAG_BAND;
  if (state & GDK_SHIFT_MASK)
    return DRAG_PAN;
  return self->banding ? DRAG_BAND : DRAG_TURN;
}

static void
drag_begin_cb (GtkGestureDrag *gesture, double x, double y, OrrOrbitNavigator *self)
{
  gtk_widget_grab_focus (self->widget);
  end_flight (self);
  self->drag = choose_drag (self, GTK_GESTURE_SINGLE (gesture));
  self->drag_x = self->last_x = x;
  self->drag_y = self->last_y = y;
}

static void
drag_update_cb (GtkGestureDrag *gesture, double dx, double dy, OrrOrbitNavigator *self)
{
  double x = self->drag_x + dx, y = self->drag_y + dy;
  double band[4];

  if (self->drag == DRAG_NONE || (x == self->last_x && y == self->last_y))
    return;
  /* A trembling hand is still a click. */
  if (hypot (dx, dy) < CLICK_SLOP && self->last_x == self->drag_x && self->last_y == self->drag_y)
    return;
  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  if (self->drag == DRAG_BAND)
    {
      get_band (self, x, y, band);
      g_signal_emit (self, signals[BANDING], 0, band);
    }
  else
    {
      if (self->drag == DRAG_TURN)
        orr_camera_arcball (&self->camera, self->last_x, self->last_y, x, y);
      else
        orr_camera_pan (&self->camera, x - self->last_x, y - self->last_y);
      self->touched = TRUE;
      emit_moved (self, TRUE);
    }
  self->last_x = x;
  self->last_y = y;
}

static void
drag_end_cb (GtkGestureDrag *gesture, double dx, double dy, OrrOrbitNavigator *self)
{
  gboolean clicked = self->last_x == self->drag_x && self->last_y == self->drag_y;
  DragMode drag = self->drag;
  double band[4];

  self->drag = DRAG_NONE;
  if (drag == DRAG_BAND)
    {
      get_band (self, self->last_x, self->last_y, band);
      g_signal_emit (self, signals[clicked ? BANDING : BANDED], 0, clicked ? NULL : band);
    }
  else if (drag != DRAG_NONE && !clicked)
    emit_moved (self, FALSE);
  if (clicked && drag != DRAG_NONE
      && gtk_gesture_single_get_current_button (GTK_GESTURE_SINGLE (gesture)) == GDK_BUTTON_PRIMARY)
    g_signal_emit (self, signals[CLICKED], 0, self->drag_x, self->drag_y);
}

static void
drag_cancel_cb (GtkGesture *gesture, GdkEventSequence *sequence, OrrOrbitNavigator *self)
{
  if (self->drag == DRAG_BAND)
    g_signal_emit (self, signals[BANDING], 0, NULL);
  if (self->drag != DRAG_NONE)
    emit_moved (self, FALSE);
  self->drag = DRAG_NONE;
}

static void
motion_cb (GtkEventControllerMotion *controller, double x, double y, OrrOrbitNavigator *self)
{
  self->last_x = self->drag == DRAG_NONE ? x : self->last_x;
  self->last_y = self->drag == DRAG_NONE ? y : self->last_y;
  if (self->drag == DRAG_NONE)
    g_signal_emit (self, signals[HOVERED], 0, x, y);
}

static void
leave_cb (GtkEventControllerMotion *controller, OrrOrbitNavigator *self)
{
  g_signal_emit (self, signals[HOVERED], 0, -1.0, -1.0);
}

static gboolean
scroll_cb (GtkEventControllerScroll *controller, double dx, double dy, OrrOrbitNavigator *self)
{
  end_flight (self);
  orr_camera_zoom (&self->camera, pow (SCROLL_ZOOM, -dy), self->last_x, self->last_y);
  moved_for_a_moment (self);
  return GDK_EVENT_STOP;
}

static void
pinch_begin_cb (GtkGesture *gesture, GdkEventSequence *sequence, OrrOrbitNavigator *self)
{
  end_flight (self);
  self->pinch = 1.0;
}

static void
pinch_cb (GtkGestureZoom *gesture, double scale, OrrOrbitNavigator *self)
{
  double x = 0.5 * self->camera.width, y = 0.5 * self->camera.height;

  gtk_gesture_get_bounding_box_center (GTK_GESTURE (gesture), &x, &y);
  if (scale > 0.0)
    orr_camera_zoom (&self->camera, scale / self->pinch, x, y);
  self->pinch = scale > 0.0 ? scale : self->pinch;
  moved_for_a_moment (self);
}

/* Keys ---------------------------------------------------------------------------------------- */

static gboolean
move_by_key (OrrOrbitNavigator *self, guint key, gboolean pan)
{
  double x = key == GDK_KEY_Left || key == GDK_KEY_KP_Left     ? -1.0
             : key == GDK_KEY_Right || key == GDK_KEY_KP_Right ? 1.0
                                                               : 0.0;
  double y = key == GDK_KEY_Up || key == GDK_KEY_KP_Up       ? -1.0
             : key == GDK_KEY_Down || key == GDK_KEY_KP_Down ? 1.0
                                                             : 0.0;

  if (x == 0.0 && y == 0.0)
    return FALSE;
  if (pan)
    orr_camera_pan (&self->camera, KEY_PAN * x, KEY_PAN * y);
  else
    orr_camera_turn (&self->camera, KEY_TURN * x, KEY_TURN * y, 0.0);
  return TRUE;
}

static gboolean
zoom_or_roll_by_key (OrrOrbitNavigator *self, guint key)
{
  double x = 0.5 * self->camera.width, y = 0.5 * self->camera.height;

  switch (key)
    {
    case GDK_KEY_plus:
    case GDK_KEY_equal:
    case GDK_KEY_KP_Add:
      orr_camera_zoom (&self->camera, KEY_ZOOM, x, y);
      return TRUE;
    case GDK_KEY_minus:
    case GDK_KEY_KP_Subtract:
      orr_camera_zoom (&self->camera, 1.0 / KEY_ZOOM, x, y);
      return TRUE;
    case GDK_KEY_Page_Up:
      orr_camera_turn (&self->camera, 0.0, 0.0, KEY_TURN);
      return TRUE;
    case GDK_KEY_Page_Down:
      orr_camera_turn (&self->camera, 0.0, 0.0, -KEY_TURN);
      return TRUE;
    default:
      return FALSE;
    }
}

static gboolean
key_cb (GtkEventControllerKey *controller, guint key, guint code, GdkModifierType state,
        OrrOrbitNavigator *self)
{
  if (state & (GDK_CONTROL_MASK | GDK_ALT_MASK))
    return GDK_EVENT_PROPAGATE;
  if (key == GDK_KEY_0 || key == GDK_KEY_KP_0)
    {
      orr_orbit_navigator_reset (self);
      return GDK_EVENT_STOP;
    }
  end_flight (self);
  if (!move_by_key (self, key, state & GDK_SHIFT_MASK) && !zoom_or_roll_by_key (self, key))
    return GDK_EVENT_PROPAGATE;
  moved_for_a_moment (self);
  return GDK_EVENT_STOP;
}

static void
add_controllers (OrrOrbitNavigator *self)
{
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkEventController *scroll = gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_VERTICAL);
  GtkEventController *key = gtk_event_controller_key_new ();
  GtkGesture *drag = gtk_gesture_drag_new ();
  GtkGesture *pinch = gtk_gesture_zoom_new ();

  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (drag), 0);
  g_signal_connect_object (drag, "drag-begin", G_CALLBACK (drag_begin_cb), self, 0);
  g_signal_connect_object (drag, "drag-update", G_CALLBACK (drag_update_cb), self, 0);
  g_signal_connect_object (drag, "drag-end", G_CALLBACK (drag_end_cb), self, 0);
  g_signal_connect_object (drag, "cancel", G_CALLBACK (drag_cancel_cb), self, 0);
  g_signal_connect_object (motion, "motion", G_CALLBACK (motion_cb), self, 0);
  g_signal_connect_object (motion, "leave", G_CALLBACK (leave_cb), self, 0);
  g_signal_connect_object (scroll, "scroll", G_CALLBACK (scroll_cb), self, 0);
  g_signal_connect_object (pinch, "begin", G_CALLBACK (pinch_begin_cb), self, 0);
  g_signal_connect_object (pinch, "scale-changed", G_CALLBACK (pinch_cb), self, 0);
  g_signal_connect_object (key, "key-pressed", G_CALLBACK (key_cb), self, 0);
  gtk_widget_add_controller (self->widget, GTK_EVENT_CONTROLLER (drag));
  gtk_widget_add_controller (self->widget, GTK_EVENT_CONTROLLER (pinch));
  gtk_widget_add_controller (self->widget, motion);
  gtk_widget_add_controller (self->widget, scroll);
  gtk_widget_add_controller (self->widget, key);
}

static void
orr_orbit_navigator_dispose (GObject *object)
{
  OrrOrbitNavigator *self = ORR_ORBIT_NAVIGATOR (object);

  end_flight (self);
  g_clear_handle_id (&self->rest_id, g_source_remove);
  G_OBJECT_CLASS (orr_orbit_navigator_parent_class)->dispose (object);
}

static guint
add_signal (const char *name, guint n_parameters, GType first, GType second)
{
  return g_signal_new (name, ORR_TYPE_ORBIT_NAVIGATOR, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                       n_parameters, first, second);
}

static void
orr_orbit_navigator_class_init (OrrOrbitNavigatorClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = orr_orbit_navigator_dispose;
  signals[MOVED] = add_signal ("moved", 1, G_TYPE_BOOLEAN, G_TYPE_NONE);
  signals[HOVERED] = add_signal ("hovered", 2, G_TYPE_DOUBLE, G_TYPE_DOUBLE);
  signals[CLICKED] = add_signal ("clicked", 2, G_TYPE_DOUBLE, G_TYPE_DOUBLE);
  signals[BANDING] = add_signal ("banding", 1, G_TYPE_POINTER, G_TYPE_NONE);
  signals[BANDED] = add_signal ("banded", 1, G_TYPE_POINTER, G_TYPE_NONE);
}

static void
orr_orbit_navigator_init (OrrOrbitNavigator *self)
{
  orr_camera_init (&self->camera);
}

/**
 * orr_orbit_navigator_new:
 * @widget: (transfer none): gets event controllers; must outlive the navigator
 *
 * Returns: (transfer full): a navigator
 */
OrrOrbitNavigator *
orr_orbit_navigator_new (GtkWidget *widget)
{
  OrrOrbitNavigator *self = g_object_new (ORR_TYPE_ORBIT_NAVIGATOR, NULL);

  self->widget = widget;
  add_controllers (self);
  return self;
}

const OrrCamera *
orr_orbit_navigator_get_camera (OrrOrbitNavigator *self)
{
  g_return_val_if_fail (ORR_IS_ORBIT_NAVIGATOR (self), NULL);
  return &self->camera;
}

void
orr_orbit_navigator_resize (OrrOrbitNavigator *self, double width, double height)
{
  g_return_if_fail (ORR_IS_ORBIT_NAVIGATOR (self));
  if (width <= 0.0 || height <= 0.0 || (self->camera.width == width && self->camera.height == height))
    return;
  end_flight (self);
  orr_camera_resize (&self->camera, width, height);
  if (!self->touched && self->high[0] > self->low[0])
    fit (self, &self->camera);
  emit_moved (self, FALSE);
}

/**
 * orr_orbit_navigator_set_bounds:
 * @low: [3] least coordinates of what there is to see
 * @high: [3] greatest coordinates
 * @refit: show all of it even if a person has moved the camera
 *
 * A camera that nobody has touched follows. One that was keeps its direction; where what there is to see
 * becomes much larger or smaller (activities grow by orders of magnitude in a training), it keeps its share
 * of the picture, too.
 */
void
orr_orbit_navigator_set_bounds (OrrOrbitNavigator *self, const double low[3], const double high[3],
                                gboolean refit)
{
  OrrCamera fitted;

  g_return_if_fail (ORR_IS_ORBIT_NAVIGATOR (self));
  for (int k = 0; k < 3; k++)
    {
      self->low[k] = low[k];
      self->high[k] = high[k];
    }
  fitted = self->camera;
  fit (self, &fitted);
  if (refit || !self->touched)
    {
      end_flight (self);
      self->camera = fitted;
      self->touched = FALSE;
    }
  else
    {
      double ratio = self->camera.radius > 0.0 ? fitted.radius / self->camera.radius : 1.0;

      for (int k = 0; k < 3 && (ratio > RESCALE || ratio < 1.0 / RESCALE); k++)
        self->camera.target[k] = fitted.centre[k] + ratio * (self->camera.target[k] - self->camera.centre[k]);
      if (ratio > RESCALE || ratio < 1.0 / RESCALE)
        self->camera.span *= ratio;
      for (int k = 0; k < 3; k++)
        self->camera.centre[k] = fitted.centre[k];
      self->camera.radius = fitted.radius;
    }
  emit_moved (self, self->moving);
}

/**
 * orr_orbit_navigator_look_from:
 *
 * Flies to a view along one of the axes: front shows the first component to the right and the second
 * upwards, top the first and the third, right the third and the second, oblique all of them.
 */
void
orr_orbit_navigator_look_from (OrrOrbitNavigator *self, OrrOrbitSide side)
{
  static const double right[][3] = { { 1, 0, 0 }, { 1, 0, 0 }, { 0, 0, -1 }, { 0.55, 0, 0.84 } };
  static const double up[][3] = { { 0, 1, 0 }, { 0, 0, -1 }, { 0, 1, 0 }, { -0.3, 0.93, 0.2 } };
  OrrCamera camera;

  g_return_if_fail (ORR_IS_ORBIT_NAVIGATOR (self));
  camera = self->camera;
  orr_camera_face (&camera, right[side], up[side]);
  fit (self, &camera);
  self->touched = TRUE;
  fly_to (self, &camera);
}

/* Flies to where everything is seen, from the same side. */
void
orr_orbit_navigator_show_all (OrrOrbitNavigator *self)
{
  OrrCamera camera;

  g_return_if_fail (ORR_IS_ORBIT_NAVIGATOR (self));
  camera = self->camera;
  fit (self, &camera);
  fly_to (self, &camera);
}

/* Flies back to where everything is seen from the front. */
void
orr_orbit_navigator_reset (OrrOrbitNavigator *self)
{
  OrrCamera camera;

  g_return_if_fail (ORR_IS_ORBIT_NAVIGATOR (self));
  orr_camera_init (&camera);
  camera.perspective = self->camera.perspective;
  camera.width = self->camera.width;
  camera.height = self->camera.height;
  fit (self, &camera);
  self->touched = FALSE;
  fly_to (self, &camera);
}

void
orr_orbit_navigator_set_perspective (OrrOrbitNavigator *self, gboolean perspective)
{
  g_return_if_fail (ORR_IS_ORBIT_NAVIGATOR (self));
  if (self->camera.perspective == perspective)
    return;
  end_flight (self);
  self->camera.perspective = perspective;
  emit_moved (self, FALSE);
}

/**
 * orr_orbit_navigator_set_banding:
 *
 * Whether a plain drag opens a rubber band (as it does with Ctrl) instead of turning.
 */
void
orr_orbit_navigator_set_banding (OrrOrbitNavigator *self, gboolean banding)
{
  g_return_if_fail (ORR_IS_ORBIT_NAVIGATOR (self));
  self->banding = banding;
}

gboolean
orr_orbit_navigator_is_moving (OrrOrbitNavigator *self)
{
  g_return_val_if_fail (ORR_IS_ORBIT_NAVIGATOR (self), FALSE);
  return self->moving;
}
