/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-orbit-view-private.h"

#include <glib/gi18n.h>

#include "orr-equation-button.h"
#include "orr-orbit-colours.h"
#include "orr-orbit-figure.h"
#include "orr-orbit-flow.h"
#include "orr-orbit-layers.h"
#include "orr-orbit-projection.h"
#include "orr-player.h"
#include "orr-view.h"

#define PICK_REACH 12.0
/* Points brushed within this many steps of each other belong to one visit. */
#define VISIT_GAP 3
/* Pixels of exported pictures for one logical pixel. */
#define PICTURE_SCALE 2.0

enum
{
  PROP_0,
  PROP_SESSION,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

static void view_init (OrrViewInterface *iface);

/**
 * OrrOrbitView:
 *
 * The orbit viewer: the motion of the session's network in the space of its first three principal
 * components. Shows the session's cursor, range, selection and colouring, and sets them.
 */
G_DEFINE_FINAL_TYPE_WITH_CODE (OrrOrbitView, orr_orbit_view, GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (ORR_TYPE_VIEW, view_init))

/* The session --------------------------------------------------------------------------------- */

static void
motion_changed_cb (OrrOrbitView *self)
{
  orr_orbit_view_update_motion (self);
}

static void
select_projection (OrrOrbitView *self)
{
  gtk_drop_down_set_selected (self->projection_drop_down, orr_session_get_projection (self->session) + 1);
}

/* In other coordinates all of it is to be seen first. */
static void
projection_changed_cb (OrrOrbitView *self)
{
  select_projection (self);
  self->refit = TRUE;
  orr_orbit_view_update_motion (self);
}

/* Only where there is a choice: a pair of symbols has a subspace of its own where there are three. */
static void
fill_projections (OrrOrbitView *self)
{
  g_autoptr (GtkStringList) list = orr_orbit_projections_list (self->session);

  self->filling_projections = TRUE;
  gtk_drop_down_set_model (self->projection_drop_down, G_LIST_MODEL (list));
  gtk_widget_set_visible (GTK_WIDGET (self->projection_drop_down), g_list_model_get_n_items (G_LIST_MODEL (list)) > 1);
  select_projection (self);
  self->filling_projections = FALSE;
}

static void
projection_selected_cb (GtkDropDown *drop_down, GParamSpec *pspec, OrrOrbitView *self)
{
  guint selected = gtk_drop_down_get_selected (drop_down);

  if (self->session != NULL && !self->filling_projections && selected != GTK_INVALID_LIST_POSITION)
    orr_session_set_projection (self->session, (int) selected - 1);
}

static void
network_changed_cb (OrrOrbitView *self)
{
  fill_projections (self);
  orr_orbit_view_update_page (self);
}

/* The slider over a training's saved epochs; its last place is the final network. */
static void
update_epochs (OrrOrbitView *self)
{
  OrrRun *run = orr_session_get_run (self->session);
  guint n = run != NULL ? run->snapshots->len : 0, place = n;
  int epoch = orr_session_get_epoch (self->session);
  g_autofree char *text = epoch >= 0 ? g_strdup_printf (_("epoch %d"), epoch) : g_strdup (_("final network"));

  for (guint i = 0; i < n; i++)
    if ((int) ((OrrSnapshot *) run->snapshots->pdata[i])->epoch == epoch)
      place = i;
  gtk_widget_set_visible (self->epoch_box, n > 1);
  gtk_label_set_label (self->epoch_label, text);
  self->setting_epoch = TRUE;
  gtk_range_set_range (self->epoch_scale, 0, MAX (n, 1));
  gtk_range_set_value (self->epoch_scale, place);
  self->setting_epoch = FALSE;
}

static void
epoch_moved_cb (GtkRange *scale, OrrOrbitView *self)
{
  OrrRun *run = self->session != NULL ? orr_session_get_run (self->session) : NULL;
  guint place = gtk_range_get_value (scale) + 0.5;

  if (self->setting_epoch || run == NULL)
    return;
  orr_session_set_epoch (self->session, place < run->snapshots->len
                                          ? (int) ((OrrSnapshot *) run->snapshots->pdata[place])->epoch
                                          : -1);
}

static void
run_changed_cb (OrrOrbitView *self)
{
  update_epochs (self);
  if (self->motion == NULL)
    return;
  orr_orbit_view_update_findings (self);
  orr_orbit_view_recolour (self);
  orr_orbit_canvas_scene_changed (self->canvas);
}

static void
select_source (OrrOrbitView *self)
{
  guint n;
  const OrrOrbitColourSource *sources = orr_orbit_colour_sources (&n);

  for (guint i = 0; i < n; i++)
    if (sources[i].colouring == orr_session_get_colouring (self->session))
      gtk_drop_down_set_selected (self->colour_drop_down, i);
}

static void
colouring_changed_cb (OrrOrbitView *self)
{
  select_source (self);
  orr_orbit_view_recolour (self);
}

/* Choosing units colours the orbit by them; giving the choice up goes back to symbols. */
static void
units_changed_cb (OrrOrbitView *self)
{
  OrrColouring colouring = orr_session_get_colouring (self->session);
  gboolean empty = gtk_bitset_is_empty (orr_session_get_units (self->session));

  if (!empty && colouring == ORR_COLOURING_SYMBOL)
    {
      self->coloured_by_units = TRUE;
      orr_session_set_colouring (self->session, ORR_COLOURING_UNITS);
    }
  else if (empty && colouring == ORR_COLOURING_UNITS && self->coloured_by_units)
    orr_session_set_colouring (self->session, ORR_COLOURING_SYMBOL);
  else if (colouring == ORR_COLOURING_UNITS)
    orr_orbit_view_recolour (self);
  self->coloured_by_units = self->coloured_by_units && !empty;
}

static void
selection_changed_cb (OrrOrbitView *self)
{
  if (self->motion == NULL)
    return;
  orr_orbit_view_update_lit (self);
  orr_orbit_canvas_scene_changed (self->canvas);
}

static void
range_changed_cb (OrrOrbitView *self)
{
  if (!self->setting_range)
    g_clear_pointer (&self->brushed, g_free);
  selection_changed_cb (self);
}

static void
cursor_changed_cb (OrrOrbitView *self)
{
  if (self->motion != NULL)
    orr_orbit_view_update_cursor (self);
}

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
  selection_changed_cb (self);
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
                                   .change_state = layers[i].layer == ORR_ORBIT_LAYER_EPOCHS
                                                     ? change_epochs_cb
                                                     : change_layer_cb };
      g_action_map_add_action_entries (G_ACTION_MAP (self->actions), &entry, 1, self);
    }
  gtk_widget_insert_action_group (GTK_WIDGET (self), "orbit", G_ACTION_GROUP (self->actions));
}

static void
source_selected_cb (GtkDropDown *drop_down, GParamSpec *pspec, OrrOrbitView *self)
{
  guint n;
  const OrrOrbitColourSource *sources = orr_orbit_colour_sources (&n);
  guint selected = gtk_drop_down_get_selected (drop_down);

  /* Not where the list follows the session. */
  if (self->session == NULL || selected >= n
      || sources[selected].colouring == orr_session_get_colouring (self->session))
    return;
  self->coloured_by_units = FALSE;
  orr_session_set_colouring (self->session, sources[selected].colouring);
}

static void
fill_sources (OrrOrbitView *self)
{
  guint n;
  const OrrOrbitColourSource *sources = orr_orbit_colour_sources (&n);
  g_autoptr (GtkStringList) titles = gtk_string_list_new (NULL);

  for (guint i = 0; i < n; i++)
    gtk_string_list_append (titles, _(sources[i].title));
  gtk_drop_down_set_model (self->colour_drop_down, G_LIST_MODEL (titles));
  g_signal_connect_object (self->colour_drop_down, "notify::selected", G_CALLBACK (source_selected_cb), self,
                           0);
}

/* The widget ---------------------------------------------------------------------------------- */

static gboolean
show_no_graphics_cb (gpointer user_data)
{
  OrrOrbitView *self = user_data;
  const GError *error = gtk_gl_area_get_error (GTK_GL_AREA (self->canvas));

  self->no_graphics = error != NULL;
  if (error != NULL)
    {
      g_autofree char *text = g_strdup_printf (_("The orbit needs OpenGL, which is not available: %s\n"
                                                 "All other views work without it."),
                                               error->message);
      g_autofree char *escaped = g_markup_escape_text (text, -1);
      adw_status_page_set_description (self->no_gl, escaped);
    }
  orr_orbit_view_update_page (self);
  return G_SOURCE_REMOVE;
}

/* The page must not change while the canvas is still being realized. */
static void
canvas_realized_cb (GtkWidget *canvas, OrrOrbitView *self)
{
  if (gtk_gl_area_get_error (GTK_GL_AREA (canvas)) != NULL)
    g_idle_add_full (G_PRIORITY_DEFAULT, show_no_graphics_cb, g_object_ref (self), g_object_unref);
}

static void
orr_orbit_view_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                        int *natural, int *minimum_baseline, int *natural_baseline)
{
  gtk_widget_measure (GTK_WIDGET (ORR_ORBIT_VIEW (widget)->stack), orientation, for_size, minimum, natural,
                      minimum_baseline, natural_baseline);
}

static void
orr_orbit_view_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  OrrOrbitView *self = ORR_ORBIT_VIEW (widget);
  gboolean roomy = width >= (gtk_widget_get_visible (self->epoch_box) ? 800 : 560);

  gtk_widget_allocate (GTK_WIDGET (self->stack), width, height, baseline, NULL);
  gtk_widget_set_child_visible (self->perspective_button, roomy);
  gtk_widget_set_child_visible (self->brush_button, roomy);
  gtk_widget_set_child_visible (GTK_WIDGET (self->projection_drop_down), width >= (gtk_widget_get_visible (self->epoch_box) ? 860 : 640));
  /* In a small card it would lie over the menus; the loss curves choose epochs, too. */
  gtk_widget_set_child_visible (self->epoch_box, width >= 520);
  orr_orbit_navigator_resize (self->navigator, width, height);
}

static void
orr_orbit_view_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_SESSION)
    g_value_set_object (value, ORR_ORBIT_VIEW (object)->session);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
orr_orbit_view_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id == PROP_SESSION)
    orr_orbit_view_set_session (ORR_ORBIT_VIEW (object), g_value_get_object (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
orr_orbit_view_dispose (GObject *object)
{
  OrrOrbitView *self = ORR_ORBIT_VIEW (object);
  GtkWidget *child;

  orr_orbit_view_set_session (self, NULL);
  g_clear_pointer (&self->flows, orr_latest_free);
  g_clear_pointer (&self->projections, orr_latest_free);
  if (self->canvas != NULL)
    orr_orbit_canvas_set_scene (self->canvas, NULL);
  if (self->overlay != NULL)
    orr_orbit_overlay_set_scene (self->overlay, NULL);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  g_clear_object (&self->equation);
  g_clear_object (&self->navigator);
  g_clear_object (&self->actions);
  G_OBJECT_CLASS (orr_orbit_view_parent_class)->dispose (object);
}

static void
orr_orbit_view_finalize (GObject *object)
{
  OrrOrbitView *self = ORR_ORBIT_VIEW (object);

  g_clear_pointer (&self->scene, orr_orbit_scene_free);
  g_free (self->rgb);
  g_free (self->brushed);
  g_free (self->projection_problem);
  G_OBJECT_CLASS (orr_orbit_view_parent_class)->finalize (object);
}

static void
load_css (void)
{
  g_autoptr (GtkCssProvider) provider = gtk_css_provider_new ();

  gtk_css_provider_load_from_resource (provider, "/io/github/orrery/Orrery/css/orr-orbit-view.css");
  gtk_style_context_add_provider_for_display (gdk_display_get_default (), GTK_STYLE_PROVIDER (provider),
                                              GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, OrrOrbitView, stack);
  gtk_widget_class_bind_template_child (widget_class, OrrOrbitView, no_gl);
  gtk_widget_class_bind_template_child (widget_class, OrrOrbitView, spinner);
  gtk_widget_class_bind_template_child (widget_class, OrrOrbitView, picture);
  gtk_widget_class_bind_template_child (widget_class, OrrOrbitView, controls);
  gtk_widget_class_bind_template_child (widget_class, OrrOrbitView, texts);
  gtk_widget_class_bind_template_child (widget_class, OrrOrbitView, canvas);
  gtk_widget_class_bind_template_child (widget_class, OrrOrbitView, overlay);
  gtk_widget_class_bind_template_child (widget_class, OrrOrbitView, colour_drop_down);
  gtk_widget_class_bind_template_child (widget_class, OrrOrbitView, projection_drop_down);
  gtk_widget_class_bind_template_child (widget_class, OrrOrbitView, perspective_button);
  gtk_widget_class_bind_template_child (widget_class, OrrOrbitView, brush_button);
  gtk_widget_class_bind_template_child (widget_class, OrrOrbitView, scale_box);
  gtk_widget_class_bind_template_child (widget_class, OrrOrbitView, scale_title);
  gtk_widget_class_bind_template_child (widget_class, OrrOrbitView, scale_low);
  gtk_widget_class_bind_template_child (widget_class, OrrOrbitView, scale_high);
  gtk_widget_class_bind_template_child (widget_class, OrrOrbitView, scale_bar);
  gtk_widget_class_bind_template_child (widget_class, OrrOrbitView, kinds_label);
  gtk_widget_class_bind_template_child (widget_class, OrrOrbitView, layers_label);
  gtk_widget_class_bind_template_child (widget_class, OrrOrbitView, variance_label);
  gtk_widget_class_bind_template_child (widget_class, OrrOrbitView, epoch_box);
  gtk_widget_class_bind_template_child (widget_class, OrrOrbitView, epoch_scale);
  gtk_widget_class_bind_template_child (widget_class, OrrOrbitView, epoch_label);
}

static void
orr_orbit_view_class_init (OrrOrbitViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = orr_orbit_view_get_property;
  object_class->set_property = orr_orbit_view_set_property;
  object_class->dispose = orr_orbit_view_dispose;
  object_class->finalize = orr_orbit_view_finalize;
  widget_class->measure = orr_orbit_view_measure;
  widget_class->size_allocate = orr_orbit_view_size_allocate;
  props[PROP_SESSION] = g_param_spec_object ("session", NULL, NULL, ORR_TYPE_SESSION,
                                             G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY
                                               | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);

  g_type_ensure (ORR_TYPE_VIEW);
  g_type_ensure (ORR_TYPE_ORBIT_CANVAS);
  g_type_ensure (ORR_TYPE_ORBIT_OVERLAY);
  load_css ();
  gtk_widget_class_set_css_name (widget_class, "orrorbitview");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/orrery/Orrery/ui/orr-orbit-view.ui");
  bind_children (widget_class);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_p, 0, "orbit.perspective", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_b, 0, "orbit.brush", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_space, 0, "orbit.play", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "orbit.clear", NULL);
}

static void
orr_orbit_view_init (OrrOrbitView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->scene = orr_orbit_scene_new ();
  self->equation = g_object_ref_sink (orr_equation_button_new ());
  orr_equation_button_set_section (ORR_EQUATION_BUTTON (self->equation), "motion");
  self->flows = orr_orbit_flows_new (orr_orbit_view_take_flows, self);
  self->projections = orr_orbit_projections_new (orr_orbit_view_take_projection, self);
  g_signal_connect_object (self->projection_drop_down, "notify::selected", G_CALLBACK (projection_selected_cb),
                           self, 0);
  self->navigator = orr_orbit_navigator_new (GTK_WIDGET (self));
  g_signal_connect_object (self->navigator, "moved", G_CALLBACK (moved_cb), self, 0);
  g_signal_connect_object (self->navigator, "hovered", G_CALLBACK (hovered_cb), self, 0);
  g_signal_connect_object (self->navigator, "clicked", G_CALLBACK (clicked_cb), self, 0);
  g_signal_connect_object (self->navigator, "banding", G_CALLBACK (banding_cb), self, 0);
  g_signal_connect_object (self->navigator, "banded", G_CALLBACK (banded_cb), self, 0);
  g_signal_connect_object (self->canvas, "realize", G_CALLBACK (canvas_realized_cb), self, G_CONNECT_AFTER);
  g_signal_connect_object (self->epoch_scale, "value-changed", G_CALLBACK (epoch_moved_cb), self, 0);
  gtk_drawing_area_set_draw_func (self->scale_bar, orr_orbit_view_draw_scale_cb, NULL, NULL);
  orr_orbit_overlay_add_obstacle (self->overlay, self->controls);
  orr_orbit_overlay_add_obstacle (self->overlay, self->texts);
  orr_orbit_overlay_add_obstacle (self->overlay, GTK_WIDGET (self->variance_label));
  orr_orbit_overlay_add_obstacle (self->overlay, self->epoch_box);
  add_actions (self);
  fill_sources (self);
  orr_orbit_canvas_set_scene (self->canvas, self->scene);
  orr_orbit_view_update_visible (self);
}

static OrrFigure *
create_figure (OrrView *view)
{
  OrrOrbitView *self = ORR_ORBIT_VIEW (view);

  if (self->motion == NULL)
    return NULL;
  return orr_orbit_figure_new (self->scene, orr_orbit_navigator_get_camera (self->navigator));
}

static GdkTexture *
create_picture (OrrView *view)
{
  OrrOrbitView *self = ORR_ORBIT_VIEW (view);

  return self->motion != NULL && !self->no_graphics ? orr_orbit_view_take_picture (self, PICTURE_SCALE, NULL)
                                                    : NULL;
}

/* One line a step: symbol, estimated state and place. */
static char *
dup_csv (OrrView *view)
{
  OrrOrbitView *self = ORR_ORBIT_VIEW (view);
  const OrrMotion *motion = self->motion;
  GString *csv;

  if (motion == NULL)
    return NULL;
  csv = g_string_new ("t,symbol,state,PC1,PC2,PC3\n");
  for (guint t = 0; t < motion->trajectory->n_steps; t++)
    {
      g_string_append_printf (csv, "%u,%u,", t, motion->trajectory->symbols[t]);
      if (motion->path != NULL && motion->path[t] != ORR_MOTION_NO_STATE)
        g_string_append_printf (csv, "%u", motion->path[t]);
      for (int k = 0; k < 3; k++)
        {
          char number[G_ASCII_DTOSTR_BUF_SIZE];
          g_string_append_printf (csv, ",%s", g_ascii_formatd (number, sizeof number, "%.7g",
                                                               orr_matrix_row (motion->projection, t)[k]));
        }
      g_string_append_c (csv, '\n');
    }
  return g_string_free (csv, FALSE);
}

static GtkWidget *
get_controls (OrrView *view)
{
  return ORR_ORBIT_VIEW (view)->equation;
}

static void
view_init (OrrViewInterface *iface)
{
  iface->get_controls = get_controls;
  iface->create_figure = create_figure;
  iface->create_picture = create_picture;
  iface->dup_csv = dup_csv;
}

/**
 * orr_orbit_view_new:
 * @session: (nullable): what it shows
 *
 * Returns: (transfer floating): an orbit viewer
 */
GtkWidget *
orr_orbit_view_new (OrrSession *session)
{
  return g_object_new (ORR_TYPE_ORBIT_VIEW, "session", session, NULL);
}

OrrSession *
orr_orbit_view_get_session (OrrOrbitView *self)
{
  g_return_val_if_fail (ORR_IS_ORBIT_VIEW (self), NULL);
  return self->session;
}

static void
listen (OrrOrbitView *self, const char *property, GCallback callback)
{
  g_autofree char *signal = g_strconcat ("notify::", property, NULL);
  g_signal_connect_object (self->session, signal, callback, self, G_CONNECT_SWAPPED);
}

void
orr_orbit_view_set_session (OrrOrbitView *self, OrrSession *session)
{
  g_return_if_fail (ORR_IS_ORBIT_VIEW (self));
  g_return_if_fail (session == NULL || ORR_IS_SESSION (session));
  if (self->session == session)
    return;

  if (self->session != NULL)
    g_signal_handlers_disconnect_by_data (self->session, self);
  g_set_object (&self->session, session);
  if (self->equation != NULL)
    orr_equation_button_set_session (ORR_EQUATION_BUTTON (self->equation), session);
  g_clear_pointer (&self->motion, orr_motion_unref);
  g_clear_pointer (&self->whole, orr_motion_unref);
  if (session != NULL)
    {
      listen (self, "motion", G_CALLBACK (motion_changed_cb));
      listen (self, "network", G_CALLBACK (network_changed_cb));
      listen (self, "run", G_CALLBACK (run_changed_cb));
      listen (self, "epoch", G_CALLBACK (update_epochs));
      listen (self, "colouring", G_CALLBACK (colouring_changed_cb));
      listen (self, "units", G_CALLBACK (units_changed_cb));
      listen (self, "state", G_CALLBACK (selection_changed_cb));
      listen (self, "symbol", G_CALLBACK (selection_changed_cb));
      listen (self, "transition-from", G_CALLBACK (selection_changed_cb));
      listen (self, "transition-to", G_CALLBACK (selection_changed_cb));
      listen (self, "range-start", G_CALLBACK (range_changed_cb));
      listen (self, "range-end", G_CALLBACK (range_changed_cb));
      listen (self, "cursor", G_CALLBACK (cursor_changed_cb));
      listen (self, "projection", G_CALLBACK (projection_changed_cb));
      listen (self, "law-flow", G_CALLBACK (orr_orbit_view_update_law));
      orr_player_attach (GTK_WIDGET (self), session);
      select_source (self);
      update_epochs (self);
      fill_projections (self);
      orr_orbit_view_update_law (self);
      orr_orbit_view_update_motion (self);
    }
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_SESSION]);
}

/**
 * orr_orbit_view_get_camera:
 *
 * Returns: (transfer none): how the orbit is looked at now
 */
const OrrCamera *
orr_orbit_view_get_camera (OrrOrbitView *self)
{
  g_return_val_if_fail (ORR_IS_ORBIT_VIEW (self), NULL);
  return orr_orbit_navigator_get_camera (self->navigator);
}

/* The whole scene is drawn, and nothing is under way. */
gboolean
orr_orbit_view_is_at_rest (OrrOrbitView *self)
{
  g_return_val_if_fail (ORR_IS_ORBIT_VIEW (self), FALSE);
  return self->motion != NULL && !orr_orbit_navigator_is_moving (self->navigator)
         && orr_orbit_canvas_is_complete (self->canvas);
}

/* The marks and texts over the canvas's picture, at its size. */
static GdkTexture *
add_overlay (OrrOrbitView *self, GdkTexture *picture, double scale)
{
  g_autoptr (GdkPaintable) overlay = gtk_widget_paintable_new (GTK_WIDGET (self->overlay));
  GtkNative *native = gtk_widget_get_native (GTK_WIDGET (self));
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  int width = gdk_texture_get_width (picture), height = gdk_texture_get_height (picture);

  gtk_snapshot_append_texture (snapshot, picture, &GRAPHENE_RECT_INIT (0, 0, width, height));
  gtk_snapshot_scale (snapshot, scale, scale);
  gdk_paintable_snapshot (overlay, snapshot, width / scale, height / scale);
  g_autoptr (GskRenderNode) node = gtk_snapshot_free_to_node (snapshot);
  return gsk_renderer_render_texture (gtk_native_get_renderer (native), node,
                                      &GRAPHENE_RECT_INIT (0, 0, width, height));
}

/**
 * orr_orbit_view_take_picture:
 * @scale: pixels for one logical pixel
 *
 * Returns: (transfer full) (nullable): what the viewer shows, without its controls
 */
GdkTexture *
orr_orbit_view_take_picture (OrrOrbitView *self, double scale, GError **error)
{
  g_return_val_if_fail (ORR_IS_ORBIT_VIEW (self), NULL);
  if (!gtk_widget_get_realized (GTK_WIDGET (self->canvas)))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_INITIALIZED, _("The orbit is not shown yet."));
      return NULL;
    }
  g_autoptr (GdkTexture) picture = orr_orbit_canvas_take_picture (self->canvas, scale, error);
  return picture != NULL ? add_overlay (self, picture, scale) : NULL;
}
