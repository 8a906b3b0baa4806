/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-orbit-canvas.h"

#include <math.h>

#include "orr-colour.h"
#include "orr-gl-lines.h"
#include "orr-gl-points.h"
#include "orr-gl-surface.h"
#include "orr-gl-target.h"

/* Time given to drawing in one frame while the camera moves (the window's own drawing needs its part of
 * 16 ms, too), and while the picture fills in. */
#define MOVING_BUDGET_US 9000
#define FILLING_BUDGET_US 30000
/* However slow the machine: fewer than this would no longer look like the orbit. */
#define FEWEST_ITEMS 3000
/* A batch above the others of more items than this is in progressive order, and thinned out like them. */
#define MOST_ABOVE 2000
#define FOG 0.55f

/* The GPU's copy of one batch. */
typedef struct
{
  OrrGlLines   *lines;
  OrrGlPoints  *points;
  OrrGlSurface *surface;
  guint         geometry_serial;
  guint         colour_serial;
} Copy;

/**
 * OrrOrbitCanvas:
 *
 * Draws an #OrrOrbitScene with GL. Two pictures are kept off the screen: that of the batches that hide each
 * other by depth, and the same with the batches above them. So a moving cursor costs a copy and a few
 * lines, whatever is lit. While the camera moves the first holds as many items as fit in a frame
 * (measured), evenly thinned out; at rest it fills in over the next frames, which keeps the window
 * responsive with software GL.
 */
struct _OrrOrbitCanvas
{
  GtkGLArea parent;

  OrrOrbitScene *scene;
  OrrCamera      camera;
  gboolean       moving;

  Copy         copies[ORR_ORBIT_N_LAYERS];
  OrrGlTarget *target;
  OrrGlTarget *composed; /* with what lies above */
  gboolean     stale;
  double       drawn;
  double       items_per_us;
};

G_DEFINE_FINAL_TYPE (OrrOrbitCanvas, orr_orbit_canvas, GTK_TYPE_GL_AREA)

static void
copy_clear (Copy *copy)
{
  g_clear_pointer (&copy->lines, orr_gl_lines_free);
  g_clear_pointer (&copy->points, orr_gl_points_free);
  g_clear_pointer (&copy->surface, orr_gl_surface_free);
  copy->geometry_serial = copy->colour_serial = 0;
}

/* Brings the GPU's copy up to date; creates it on first use. */
static gboolean
copy_update (Copy *copy, const OrrOrbitBatch *batch, GError **error)
{
  gboolean geometry = copy->geometry_serial != batch->geometry_serial;
  gboolean colours = geometry || copy->colour_serial != batch->colour_serial;

  if (!colours)
    return TRUE;
  if (batch->kind == ORR_ORBIT_LINES)
    {
      if (copy->lines == NULL && (copy->lines = orr_gl_lines_new (error)) == NULL)
        return FALSE;
      if (geometry)
        orr_gl_lines_set_geometry (copy->lines, batch->positions, batch->items, batch->n_items);
      orr_gl_lines_set_colours (copy->lines, batch->colours);
    }
  else if (batch->kind == ORR_ORBIT_POINTS)
    {
      if (copy->points == NULL && (copy->points = orr_gl_points_new (error)) == NULL)
        return FALSE;
      if (geometry)
        orr_gl_points_set_geometry (copy->points, batch->positions, batch->items, batch->n_items);
      orr_gl_points_set_colours (copy->points, batch->colours);
    }
  else
    {
      if (copy->surface == NULL && (copy->surface = orr_gl_surface_new (error)) == NULL)
        return FALSE;
      orr_gl_surface_set_geometry (copy->surface, batch->positions, batch->normals, batch->colours,
                                   batch->n_vertices, batch->items, batch->n_items);
    }
  copy->geometry_serial = batch->geometry_serial;
  copy->colour_serial = batch->colour_serial;
  return TRUE;
}

static gboolean
update_copies (OrrOrbitCanvas *self, GError **error)
{
  for (guint i = 0; i < ORR_ORBIT_N_LAYERS; i++)
    if (self->scene->batches[i].visible && !copy_update (&self->copies[i], &self->scene->batches[i], error))
      return FALSE;
  return TRUE;
}

static void
init_view (OrrOrbitCanvas *self, OrrGlView *view, int width, int height, double scale)
{
  orr_camera_matrix (&self->camera, view->matrix);
  view->width = width;
  view->height = height;
  view->scale = scale;
  view->fog = FOG;
  view->background[0] = orr_colour_red (ORR_ORBIT_BACKGROUND);
  view->background[1] = orr_colour_green (ORR_ORBIT_BACKGROUND);
  view->background[2] = orr_colour_blue (ORR_ORBIT_BACKGROUND);
}

/* Draws the part of a batch between two fractions of its items; triangles at once at the start. */
static void
draw_batch (OrrOrbitCanvas *self, guint layer, const OrrGlView *view, double from, double to)
{
  const OrrOrbitBatch *batch = &self->scene->batches[layer];
  Copy *copy = &self->copies[layer];
  gsize first = ceil (from * batch->n_items), end = ceil (to * batch->n_items);

  if (!batch->visible || batch->n_items == 0)
    return;
  if (batch->kind == ORR_ORBIT_LINES)
    orr_gl_lines_draw (copy->lines, view, first, end - first, batch->size, batch->opacity);
  else if (batch->kind == ORR_ORBIT_POINTS)
    orr_gl_points_draw (copy->points, view, first, end - first, batch->size, batch->opacity);
  else if (from == 0.0)
    {
      const float towards[3] = { self->camera.axes[2][0], self->camera.axes[2][1], self->camera.axes[2][2] };

      /* Translucent: seen through, so it must not hide what is drawn after it. */
      glDepthMask (GL_FALSE);
      orr_gl_surface_draw (copy->surface, view, towards, batch->opacity);
      glDepthMask (GL_TRUE);
    }
}

static void
prepare_blending (void)
{
  glEnable (GL_BLEND);
  glBlendFuncSeparate (GL_SRC_ALPHA, GL_ONE_MINUS_SRC_ALPHA, GL_ONE, GL_ONE_MINUS_SRC_ALPHA);
  glDisable (GL_CULL_FACE);
  glDisable (GL_SCISSOR_TEST);
}

static void
clear_picture (const OrrGlView *view)
{
  glClearColor (view->background[0], view->background[1], view->background[2], 1.0f);
  glClear (GL_COLOR_BUFFER_BIT | GL_DEPTH_BUFFER_BIT);
}

/* Draws into the bound framebuffer what lies between two fractions of everything that is kept. */
static void
draw_kept (OrrOrbitCanvas *self, const OrrGlView *view, double from, double to)
{
  prepare_blending ();
  glEnable (GL_DEPTH_TEST);
  glDepthFunc (GL_LEQUAL);
  if (from == 0.0)
    clear_picture (view);
  for (guint i = 0; i < ORR_ORBIT_N_LAYERS; i++)
    if (!self->scene->batches[i].above && !self->scene->batches[i].live)
      draw_batch (self, i, view, from, to);
}

/* @share: of batches with many items */
static void
draw_above (OrrOrbitCanvas *self, const OrrGlView *view, double share)
{
  prepare_blending ();
  glDisable (GL_DEPTH_TEST);
  for (guint i = 0; i < ORR_ORBIT_N_LAYERS; i++)
    if (self->scene->batches[i].above)
      draw_batch (self, i, view, 0.0, self->scene->batches[i].n_items > MOST_ABOVE ? share : 1.0);
}

static void
draw_live (OrrOrbitCanvas *self, const OrrGlView *view)
{
  prepare_blending ();
  glDisable (GL_DEPTH_TEST);
  for (guint i = 0; i < ORR_ORBIT_N_LAYERS; i++)
    if (self->scene->batches[i].live)
      draw_batch (self, i, view, 0.0, 1.0);
}

/* How much of everything fits into one frame; learns from how long the last part took. */
static double
next_fraction (OrrOrbitCanvas *self, gsize n_items)
{
  double budget = self->moving ? MOVING_BUDGET_US : FILLING_BUDGET_US;
  double affordable = MAX (self->items_per_us * budget, FEWEST_ITEMS);

  return n_items > 0 ? MIN (affordable / n_items, 1.0) : 1.0;
}

static void
learn_speed (OrrOrbitCanvas *self, double items, gint64 microseconds)
{
  double speed = items / MAX (microseconds, 1);

  /* Small parts measure the overhead, not the speed. */
  if (items >= 0.5 * FEWEST_ITEMS)
    self->items_per_us = 0.7 * self->items_per_us + 0.3 * speed;
}

/* Draws the next part of the kept pictures; returns whether more is to come. */
static gboolean
advance_picture (OrrOrbitCanvas *self, const OrrGlView *view)
{
  gsize n_items = orr_orbit_scene_count_items (self->scene);
  double from = self->stale ? 0.0 : self->drawn;
  double to;
  gint64 begin;

  if (!self->stale && (self->moving || from >= 1.0))
    return FALSE;

  to = MIN (from + next_fraction (self, n_items), 1.0);
  begin = g_get_monotonic_time ();
  orr_gl_target_bind (self->target);
  draw_kept (self, view, from, to);
  orr_gl_target_copy (self->target, self->composed->framebuffer);
  glViewport (0, 0, self->composed->width, self->composed->height);
  draw_above (self, view, to);
  /* Software GL draws when it is asked for the result: wait for it, so that what was measured is the
   * drawing and the next part can be chosen to fit. */
  glFinish ();
  learn_speed (self, (to - from) * n_items, g_get_monotonic_time () - begin);
  self->stale = FALSE;
  self->drawn = to;
  return !self->moving && to < 1.0;
}

static gboolean
fill_in_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  gtk_gl_area_queue_render (GTK_GL_AREA (widget));
  return G_SOURCE_REMOVE;
}

static gboolean
ensure_target (OrrOrbitCanvas *self, int width, int height, GError **error)
{
  if (self->composed != NULL && self->target->width == width && self->target->height == height)
    return TRUE;
  g_clear_pointer (&self->target, orr_gl_target_free);
  g_clear_pointer (&self->composed, orr_gl_target_free);
  self->target = orr_gl_target_new (width, height, error);
  if (self->target != NULL)
    self->composed = orr_gl_target_new (width, height, error);
  self->stale = TRUE;
  return self->composed != NULL;
}

static gboolean
orr_orbit_canvas_render (GtkGLArea *area, GdkGLContext *context)
{
  OrrOrbitCanvas *self = ORR_ORBIT_CANVAS (area);
  int scale = gtk_widget_get_scale_factor (GTK_WIDGET (self));
  int width = scale * gtk_widget_get_width (GTK_WIDGET (self));
  int height = scale * gtk_widget_get_height (GTK_WIDGET (self));
  g_autoptr (GError) error = NULL;
  GLint framebuffer = 0;
  OrrGlView view;

  if (self->scene == NULL || width <= 0 || height <= 0)
    return FALSE;

  glGetIntegerv (GL_FRAMEBUFFER_BINDING, &framebuffer);
  if (!ensure_target (self, width, height, &error) || !update_copies (self, &error))
    {
      gtk_gl_area_set_error (area, error);
      return FALSE;
    }
  init_view (self, &view, width, height, scale);
  if (advance_picture (self, &view))
    gtk_widget_add_tick_callback (GTK_WIDGET (self), fill_in_cb, NULL, NULL);
  orr_gl_target_copy (self->composed, framebuffer);
  glViewport (0, 0, width, height);
  draw_live (self, &view);
  return TRUE;
}

/* GTK asks for desktop GL only; machines that have GLES alone are welcome too. */
static GdkGLContext *
create_context_cb (GtkGLArea *area, gpointer user_data)
{
  GdkSurface *surface = gtk_native_get_surface (gtk_widget_get_native (GTK_WIDGET (area)));
  g_autoptr (GError) error = NULL;
  g_autoptr (GdkGLContext) context = gdk_surface_create_gl_context (surface, &error);

  if (context != NULL)
    {
      gdk_gl_context_set_allowed_apis (context, GDK_GL_API_GL | GDK_GL_API_GLES);
      gdk_gl_context_set_required_version (context, 3, 0);
      if (!gdk_gl_context_realize (context, &error))
        g_clear_object (&context);
    }
  if (error != NULL)
    gtk_gl_area_set_error (area, error);
  return g_steal_pointer (&context);
}

static void
orr_orbit_canvas_realize (GtkWidget *widget)
{
  OrrOrbitCanvas *self = ORR_ORBIT_CANVAS (widget);
  g_autoptr (GError) error = NULL;

  GTK_WIDGET_CLASS (orr_orbit_canvas_parent_class)->realize (widget);
  gtk_gl_area_make_current (GTK_GL_AREA (self));
  if (gtk_gl_area_get_error (GTK_GL_AREA (self)) != NULL)
    return;
  if (!orr_gl_check_version (&error))
    gtk_gl_area_set_error (GTK_GL_AREA (self), error);
  self->stale = TRUE;
}

static void
orr_orbit_canvas_unrealize (GtkWidget *widget)
{
  OrrOrbitCanvas *self = ORR_ORBIT_CANVAS (widget);

  /* The context that is current here is the window's, not ours. */
  gtk_gl_area_make_current (GTK_GL_AREA (self));
  if (gtk_gl_area_get_error (GTK_GL_AREA (self)) == NULL)
    {
      for (guint i = 0; i < ORR_ORBIT_N_LAYERS; i++)
        copy_clear (&self->copies[i]);
      g_clear_pointer (&self->target, orr_gl_target_free);
      g_clear_pointer (&self->composed, orr_gl_target_free);
    }
  GTK_WIDGET_CLASS (orr_orbit_canvas_parent_class)->unrealize (widget);
}

static void
orr_orbit_canvas_class_init (OrrOrbitCanvasClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->realize = orr_orbit_canvas_realize;
  widget_class->unrealize = orr_orbit_canvas_unrealize;
  GTK_GL_AREA_CLASS (klass)->render = orr_orbit_canvas_render;
}

static void
orr_orbit_canvas_init (OrrOrbitCanvas *self)
{
  g_signal_connect (self, "create-context", G_CALLBACK (create_context_cb), NULL);
  gtk_gl_area_set_auto_render (GTK_GL_AREA (self), FALSE);
  orr_camera_init (&self->camera);
  /* A first guess, about a software rasteriser's speed. */
  self->items_per_us = 0.7;
  self->stale = TRUE;
}

GtkWidget *
orr_orbit_canvas_new (void)
{
  return g_object_new (ORR_TYPE_ORBIT_CANVAS, NULL);
}

/**
 * orr_orbit_canvas_set_scene:
 * @scene: (nullable) (transfer none): lives at least until another one is set
 */
void
orr_orbit_canvas_set_scene (OrrOrbitCanvas *self, OrrOrbitScene *scene)
{
  g_return_if_fail (ORR_IS_ORBIT_CANVAS (self));
  self->scene = scene;
  orr_orbit_canvas_scene_changed (self);
}

/**
 * orr_orbit_canvas_scene_changed:
 *
 * To be called after the scene was edited.
 */
void
orr_orbit_canvas_scene_changed (OrrOrbitCanvas *self)
{
  g_return_if_fail (ORR_IS_ORBIT_CANVAS (self));
  self->stale = TRUE;
  gtk_gl_area_queue_render (GTK_GL_AREA (self));
}

/**
 * orr_orbit_canvas_live_changed:
 *
 * To be called after only live batches were edited: the picture below them is kept.
 */
void
orr_orbit_canvas_live_changed (OrrOrbitCanvas *self)
{
  g_return_if_fail (ORR_IS_ORBIT_CANVAS (self));
  gtk_gl_area_queue_render (GTK_GL_AREA (self));
}

/**
 * orr_orbit_canvas_set_camera:
 * @moving: whether the next camera follows at once; the picture is thinned out then
 */
void
orr_orbit_canvas_set_camera (OrrOrbitCanvas *self, const OrrCamera *camera, gboolean moving)
{
  g_return_if_fail (ORR_IS_ORBIT_CANVAS (self));
  self->camera = *camera;
  self->moving = moving;
  self->stale = TRUE;
  gtk_gl_area_queue_render (GTK_GL_AREA (self));
}

/* Whether the picture on the screen shows everything. */
gboolean
orr_orbit_canvas_is_complete (OrrOrbitCanvas *self)
{
  g_return_val_if_fail (ORR_IS_ORBIT_CANVAS (self), FALSE);
  return !self->stale && self->drawn >= 1.0;
}

/**
 * orr_orbit_canvas_take_picture:
 * @scale: pixels for one logical pixel
 *
 * Draws everything once, off the screen. Fails where there is no GL.
 *
 * Returns: (transfer full) (nullable): what the canvas shows
 */
GdkTexture *
orr_orbit_canvas_take_picture (OrrOrbitCanvas *self, double scale, GError **error)
{
  OrrGlView view;

  g_return_val_if_fail (ORR_IS_ORBIT_CANVAS (self), NULL);
  g_return_val_if_fail (self->scene != NULL, NULL);

  gtk_gl_area_make_current (GTK_GL_AREA (self));
  if (gtk_gl_area_get_error (GTK_GL_AREA (self)) != NULL)
    {
      g_propagate_error (error, g_error_copy (gtk_gl_area_get_error (GTK_GL_AREA (self))));
      return NULL;
    }
  if (!update_copies (self, error))
    return NULL;
  g_autoptr (OrrGlTarget) picture
    = orr_gl_target_new (lrint (scale * self->camera.width), lrint (scale * self->camera.height), error);
  if (picture == NULL)
    return NULL;

  init_view (self, &view, picture->width, picture->height, scale);
  orr_gl_target_bind (picture);
  draw_kept (self, &view, 0.0, 1.0);
  draw_above (self, &view, 1.0);
  draw_live (self, &view);

  gsize stride = 4 * (gsize) picture->width;
  g_autoptr (GBytes) bytes = g_bytes_new_take (orr_gl_target_read (picture), stride * picture->height);
  return gdk_memory_texture_new (picture->width, picture->height, GDK_MEMORY_R8G8B8A8, bytes, stride);
}
