/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-orbit-view-private.h"

#include <glib/gi18n.h>

#include "orr-equation-button.h"
#include "orr-orbit-figure.h"
#include "orr-orbit-flow.h"
#include "orr-orbit-projection.h"
#include "orr-view.h"

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

/* A parent that keeps its size draws again only when told. */
static void
set_shown (GtkWidget *widget, gboolean shown)
{
  if (gtk_widget_get_child_visible (widget) == shown)
    return;
  gtk_widget_set_child_visible (widget, shown);
  gtk_widget_queue_draw (gtk_widget_get_parent (widget));
}

static void
orr_orbit_view_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  OrrOrbitView *self = ORR_ORBIT_VIEW (widget);
  gboolean roomy = width >= (gtk_widget_get_visible (self->epoch_box) ? 800 : 560);

  gtk_widget_allocate (GTK_WIDGET (self->stack), width, height, baseline, NULL);
  set_shown (self->perspective_button, roomy);
  set_shown (self->brush_button, roomy);
  set_shown (GTK_WIDGET (self->projection_drop_down), width >= (gtk_widget_get_visible (self->epoch_box) ? 860 : 640));
  /* In a small card it would lie over the menus; the loss curves choose epochs, too. */
  set_shown (self->epoch_box, width >= 520);
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
  gtk_widget_class_bind_template_child (widget_class, OrrOrbitView, problem);
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
  self->equation = g_object_ref_sink (orr_equation_button_new (FALSE));
  orr_equation_button_set_section (ORR_EQUATION_BUTTON (self->equation), "motion");
  self->flows = orr_orbit_flows_new (orr_orbit_view_take_flows, self);
  self->projections = orr_orbit_projections_new (orr_orbit_view_take_projection, self);
  self->navigator = orr_orbit_navigator_new (GTK_WIDGET (self));
  g_signal_connect_object (self->canvas, "realize", G_CALLBACK (canvas_realized_cb), self, G_CONNECT_AFTER);
  gtk_drawing_area_set_draw_func (self->scale_bar, orr_orbit_view_draw_scale_cb, NULL, NULL);
  orr_orbit_overlay_add_obstacle (self->overlay, self->controls);
  orr_orbit_overlay_add_obstacle (self->overlay, self->texts);
  orr_orbit_overlay_add_obstacle (self->overlay, GTK_WIDGET (self->variance_label));
  orr_orbit_overlay_add_obstacle (self->overlay, self->epoch_box);
  orr_orbit_view_add_input (self);
  orr_orbit_view_add_choices (self);
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
    orr_orbit_view_follow (self);
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
