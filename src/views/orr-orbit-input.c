/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a person does in the orbit viewer with pointer, keys and menus. */
#include "orr-orbit-view-private.h"

#include "orr-orbit-layers.h"

#define PICK_REACH 12.0
/* Points brushed within this many steps of each other belong to one visit. */
#define VISIT_GAP 3

/* Pointer ------------------------------------------------------------------------------------- */

static void
moved_cb (OrrOrbitNavigator *navigator, gboolean moving, OrrOrbitView *self)
{
  const OrrCamera *camera = orr_orbit_navigator_get_camera (navigator);

  if (moving)
    orr_orbit_overlay_set_hover (self->overlay, NULL, NULL);
  orr_orbit_canvas_set_camera (self->canvas, camera, moving);
  orr_orbit_overlay_set_camera (self->overlay, camera);
}

static gssize
pick (OrrOrbitView *self, double x, double y)
{
  if (self->motion == NULL ||
      (!orr_orbit_view_is_shown (self, "lines") && !orr_orbit_view_is_shown (self, "points")))
    return -1;
  return orr_orbit_pick (orr_orbit_navigator_get_camera (self->navigator), self->motion->projection->data,
                         self->motion->projection->rows, x, y, PICK_REACH);
}

static void
hovered_cb (OrrOrbitNavigator *navigator, double x, double y, OrrOrbitView *self)
{
  gssize step = x >= 0.0 && !orr_orbit_navigator_is_moving (navigator) ? pick (self, x, y) : -1;

  if (step >= 0)
    {
      const float *p = orr_matrix_row (self->motion->projection, step);
      const double position[3] = { p[0], p[1], p[2] };
      g_autofree char *text = orr_orbit_view_describe_step (self, step);

      orr_orbit_overlay_set_hover (self->overlay, position, text);
      gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text, -1);
    }
  else
    orr_orbit_overlay_set_hover (self->overlay, NULL, NULL);
}

static void
clicked_cb (OrrOrbitNavigator *navigator, double x, double y, OrrOrbitView *self)
{
  gssize step = pick (self, x, y);

  if (step >= 0)
    orr_session_set_cursor (self->session, step);
}

static void
banding_cb (OrrOrbitNavigator *navigator, gpointer rectangle, OrrOrbitView *self)
{
  orr_orbit_overlay_set_band (self->overlay, rectangle);
}

static void
banded_cb (OrrOrbitNavigator *navigator, gpointer rectangle, OrrOrbitView *self)
{
  guint start, end;

  orr_orbit_overlay_set_band (self->overlay, NULL);
  if (self->motion == NULL)
    return;
  g_free (self->brushed);
  self->brushed = orr_orbit_brush (orr_orbit_navigator_get_camera (navigator), self->motion->projection->data,
                                   self->motion->projection->rows, rectangle);
  self->n_visits
    = orr_orbit_longest_visit (self->brushed, self->motion->projection->rows, VISIT_GAP, &start, &end);
  if (self->n_visits == 0)
    g_clear_pointer (&self->brushed, g_free);
  self->setting_range = TRUE;
  orr_session_set_range (self->session, start, end);
  self->setting_range = FALSE;
  orr_orbit_view_show_selection (self);
}

/* Actions ------------------------------------------------------------------------------------- */

static void
change_layer_cb (GSimpleAction *action, GVariant *state, gpointer user_data)
{
  g_simple_action_set_state (action, state);
  orr_orbit_view_update_visible (user_data);
}

/* A stack is seen from the side. */
static void
change_epochs_cb (GSimpleAction *action, GVariant *state, gpointer user_data)
{
  OrrOrbitView *self = user_data;

  change_layer_cb (action, state, user_data);
  if (self->motion == NULL || self->n_epochs == 0)
    return;
  orr_orbit_view_update_bounds (self, FALSE);
  orr_orbit_navigator_look_from (self->navigator, g_variant_get_boolean (state) ? ORR_ORBIT_SIDE_OBLIQUE
                                                                                : ORR_ORBIT_SIDE_FRONT);
}

/* Contours of strong noise may lie outside of what is seen. */
static void
change_contours_cb (GSimpleAction *action, GVariant *state, gpointer user_data)
{
  OrrOrbitView *self = user_data;

  change_layer_cb (action, state, user_data);
  if (self->motion == NULL || self->n_contours == 0)
    return;
  orr_orbit_view_update_bounds (self, FALSE);
  orr_orbit_navigator_show_all (self->navigator);
}

static void
change_perspective_cb (GSimpleAction *action, GVariant *state, gpointer user_data)
{
  OrrOrbitView *self = user_data;

  g_simple_action_set_state (action, state);
  orr_orbit_navigator_set_perspective (self->navigator, g_variant_get_boolean (state));
}

static void
change_brush_cb (GSimpleAction *action, GVariant *state, gpointer user_data)
{
  OrrOrbitView *self = user_data;

  g_simple_action_set_state (action, state);
  orr_orbit_navigator_set_banding (self->navigator, g_variant_get_boolean (state));
  gtk_widget_set_cursor_from_name (self->picture, g_variant_get_boolean (state) ? "crosshair" : NULL);
}

static void
reset_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  orr_orbit_navigator_reset (ORR_ORBIT_VIEW (user_data)->navigator);
}

static void
look_from_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  orr_orbit_navigator_look_from (ORR_ORBIT_VIEW (user_data)->navigator, g_variant_get_int32 (parameter));
}

static void
play_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  OrrOrbitView *self = user_data;

  if (self->session != NULL)
    orr_session_set_playing (self->session, !orr_session_get_playing (self->session));
}

static void
clear_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  OrrOrbitView *self = user_data;
  guint start, end;

  if (self->session == NULL)
    return;
  if (orr_session_get_range (self->session, &start, &end))
    orr_session_set_range (self->session, 0, 0);
  else
    orr_session_clear_selection (self->session);
}

static void
add_actions (OrrOrbitView *self)
{
  const GActionEntry entries[] = {
    { .name = "perspective", .state = "false", .change_state = change_perspective_cb },
    { .name = "brush", .state = "false", .change_state = change_brush_cb },
    { .name = "reset", .activate = reset_cb },
    { .name = "look-from", .activate = look_from_cb, .parameter_type = "i" },
    { .name = "play", .activate = play_cb },
    { .name = "clear", .activate = clear_cb },
  };
  const OrrOrbitLayerAction *layers;
  guint n;

  self->actions = g_simple_action_group_new ();
  g_action_map_add_action_entries (G_ACTION_MAP (self->actions), entries, G_N_ELEMENTS (entries), self);
  layers = orr_orbit_layer_actions (&n);
  for (guint i = 0; i < n; i++)
    {
      const GActionEntry entry = { .name = layers[i].action,
                                   .state = layers[i].shown ? "true" : "false",
                                   .change_state = layers[i].layer == ORR_ORBIT_LAYER_EPOCHS     ? change_epochs_cb
                                                   : layers[i].layer == ORR_ORBIT_LAYER_CONTOURS ? change_contours_cb
                                                                                                 : change_layer_cb };
      g_action_map_add_action_entries (G_ACTION_MAP (self->actions), &entry, 1, self);
    }
  gtk_widget_insert_action_group (GTK_WIDGET (self), "orbit", G_ACTION_GROUP (self->actions));
}

/* Pointer and keys move the camera and select; actions are what menus and keys do. */
void
orr_orbit_view_add_input (OrrOrbitView *self)
{
  g_signal_connect_object (self->navigator, "moved", G_CALLBACK (moved_cb), self, 0);
  g_signal_connect_object (self->navigator, "hovered", G_CALLBACK (hovered_cb), self, 0);
  g_signal_connect_object (self->navigator, "clicked", G_CALLBACK (clicked_cb), self, 0);
  g_signal_connect_object (self->navigator, "banding", G_CALLBACK (banding_cb), self, 0);
  g_signal_connect_object (self->navigator, "banded", G_CALLBACK (banded_cb), self, 0);
  add_actions (self);
}
