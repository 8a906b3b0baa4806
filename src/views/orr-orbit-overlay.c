/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-orbit-overlay.h"

#include <math.h>

#include "orr-colour.h"

/* An axis whose direction is nearer than this cosine to that of the view is a point, and its numbers a heap. */
#define END_ON 0.985
#define CROSS_SIZE 5.0f
#define CURSOR_RADIUS 6.0f
#define HOVER_RADIUS 5.0f
#define EDGE 4.0
/* Half a line, and a bit. */
#define BESIDE 12.0

/**
 * OrrOrbitOverlay:
 *
 * What lies above the GL picture and keeps its size at any zoom: marks and texts of the scene, the
 * cursor's ring, the point under the pointer with its label, the rubber band. Drawn with GSK and
 * Pango, hence sharp at every scale. Takes no events.
 */
struct _OrrOrbitOverlay
{
  GtkWidget parent;

  OrrOrbitScene *scene;
  OrrCamera      camera;
  GPtrArray     *obstacles;

  gboolean has_cursor;
  gboolean has_hover;
  gboolean has_band;
  double   cursor[3];
  double   hover[3];
  double   band[4];
  char    *hover_text;
};

G_DEFINE_FINAL_TYPE (OrrOrbitOverlay, orr_orbit_overlay, GTK_TYPE_WIDGET)

static GdkRGBA
rgba (guint32 rgb, double alpha)
{
  return (GdkRGBA){ orr_colour_red (rgb), orr_colour_green (rgb), orr_colour_blue (rgb), alpha };
}

static void
draw_ring (GtkSnapshot *snapshot, float x, float y, float radius, float width, const GdkRGBA *colour)
{
  const GdkRGBA colours[4] = { *colour, *colour, *colour, *colour };
  const float widths[4] = { width, width, width, width };
  GskRoundedRect outline;

  gsk_rounded_rect_init_from_rect (&outline,
                                   &GRAPHENE_RECT_INIT (x - radius, y - radius, 2 * radius, 2 * radius),
                                   radius);
  gtk_snapshot_append_border (snapshot, &outline, widths, colours);
}

static void
draw_cross (GtkSnapshot *snapshot, float x, float y, const GdkRGBA *colour)
{
  for (int i = 0; i < 2; i++)
    {
      gtk_snapshot_save (snapshot);
      gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (x, y));
      gtk_snapshot_rotate (snapshot, i == 0 ? 45.0f : -45.0f);
      gtk_snapshot_append_color (snapshot, colour,
                                 &GRAPHENE_RECT_INIT (-CROSS_SIZE, -0.9f, 2 * CROSS_SIZE, 1.8f));
      gtk_snapshot_restore (snapshot);
    }
}

/* Text with its middle at (x, y); left out where another text is already: returns whether there was room. */
static gboolean
draw_text (OrrOrbitOverlay *self, GtkSnapshot *snapshot, const char *text, double x, double y,
           const GdkRGBA *colour, GArray *taken)
{
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), text);
  PangoRectangle extents;
  graphene_rect_t box;

  pango_layout_get_pixel_extents (layout, NULL, &extents);
  /* What belongs to a point inside the picture is written inside it. */
  if (x >= 0.0 && x <= gtk_widget_get_width (GTK_WIDGET (self)))
    x = CLAMP (x, 0.5 * extents.width + EDGE,
               gtk_widget_get_width (GTK_WIDGET (self)) - 0.5 * extents.width - EDGE);
  graphene_rect_init (&box, x - 0.5 * extents.width, y - 0.5 * extents.height, extents.width, extents.height);
  for (guint i = 0; i < taken->len; i++)
    if (graphene_rect_intersection (&box, &g_array_index (taken, graphene_rect_t, i), NULL))
      return FALSE;
  g_array_append_val (taken, box);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &box.origin);
  gtk_snapshot_append_layout (snapshot, layout, colour);
  gtk_snapshot_restore (snapshot);
  return TRUE;
}

/* At the tip of the axis, or beside it where the controls above the picture leave no room. */
static void
draw_axis_text (OrrOrbitOverlay *self, GtkSnapshot *snapshot, const OrrOrbitMark *mark, double x, double y,
                const GdkRGBA *colour, GArray *taken)
{
  double above = y + mark->dy;

  if (above > BESIDE && draw_text (self, snapshot, mark->text, x + mark->dx, above, colour, taken))
    return;
  if (mark->dy < 0.0)
    draw_text (self, snapshot, mark->text, x + 3.0 * BESIDE, MAX (y, 0.0) + BESIDE, colour, taken);
}

static void
draw_mark (OrrOrbitOverlay *self, GtkSnapshot *snapshot, const OrrOrbitMark *mark, GArray *taken)
{
  GdkRGBA colour = rgba (mark->colour, 1.0);
  double screen[3];

  if (mark->axis >= 0 && fabs (self->camera.axes[2][mark->axis]) > END_ON)
    return;
  if (!orr_camera_project (&self->camera, mark->position, screen))
    return;
  if (mark->shape == ORR_ORBIT_MARK_CROSS)
    draw_cross (snapshot, screen[0], screen[1], &colour);
  else if (mark->shape == ORR_ORBIT_MARK_RING)
    draw_ring (snapshot, screen[0], screen[1], CROSS_SIZE, 1.8f, &colour);
  if (mark->text != NULL && mark->axis >= 0)
    draw_axis_text (self, snapshot, mark, screen[0], screen[1], &colour, taken);
  else if (mark->text != NULL)
    draw_text (self, snapshot, mark->text, screen[0] + mark->dx, screen[1] + mark->dy, &colour, taken);
}

static void
draw_hover (OrrOrbitOverlay *self, GtkSnapshot *snapshot)
{
  const GdkRGBA white = rgba (0xffffff, 0.95);
  const GdkRGBA plate = rgba (0x000000, 0.72);
  g_autoptr (PangoLayout) layout = NULL;
  PangoRectangle extents;
  GskRoundedRect box;
  double screen[3], x, y;

  if (!orr_camera_project (&self->camera, self->hover, screen))
    return;
  draw_ring (snapshot, screen[0], screen[1], HOVER_RADIUS, 1.6f, &white);
  if (self->hover_text == NULL)
    return;

  layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), self->hover_text);
  pango_layout_get_pixel_extents (layout, NULL, &extents);
  /* Beside the point, on the side where there is room. */
  x = screen[0] + 14.0;
  if (x + extents.width + 12.0 > gtk_widget_get_width (GTK_WIDGET (self)))
    x = screen[0] - 14.0 - extents.width - 12.0;
  y = CLAMP (screen[1] - 0.5 * extents.height, 6.0,
             gtk_widget_get_height (GTK_WIDGET (self)) - extents.height - 6.0);
  gsk_rounded_rect_init_from_rect (
    &box, &GRAPHENE_RECT_INIT (x, y - 4, extents.width + 12, extents.height + 8), 6);
  gtk_snapshot_push_rounded_clip (snapshot, &box);
  gtk_snapshot_append_color (snapshot, &plate, &box.bounds);
  gtk_snapshot_pop (snapshot);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (x + 6, y));
  gtk_snapshot_append_layout (snapshot, layout, &white);
  gtk_snapshot_restore (snapshot);
}

static void
draw_band (OrrOrbitOverlay *self, GtkSnapshot *snapshot)
{
  const GdkRGBA edge = rgba (0x78aeed, 0.9), inside = rgba (0x78aeed, 0.18);
  const GdkRGBA colours[4] = { edge, edge, edge, edge };
  const float widths[4] = { 1, 1, 1, 1 };
  graphene_rect_t rect = GRAPHENE_RECT_INIT (self->band[0], self->band[1], self->band[2] - self->band[0],
                                             self->band[3] - self->band[1]);
  GskRoundedRect outline;

  gsk_rounded_rect_init_from_rect (&outline, &rect, 0);
  gtk_snapshot_append_color (snapshot, &inside, &rect);
  gtk_snapshot_append_border (snapshot, &outline, widths, colours);
}

/* Where other widgets lie. */
static GArray *
find_taken (OrrOrbitOverlay *self)
{
  GArray *taken = g_array_new (FALSE, FALSE, sizeof (graphene_rect_t));

  for (guint i = 0; i < self->obstacles->len; i++)
    {
      graphene_rect_t box;

      if (gtk_widget_get_mapped (self->obstacles->pdata[i])
          && gtk_widget_compute_bounds (self->obstacles->pdata[i], GTK_WIDGET (self), &box))
        g_array_append_val (taken, box);
    }
  return taken;
}

static void
orr_orbit_overlay_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  OrrOrbitOverlay *self = ORR_ORBIT_OVERLAY (widget);
  const GdkRGBA white = rgba (0xffffff, 1.0), shade = rgba (0x000000, 0.6);
  g_autoptr (GArray) taken = find_taken (self);
  double screen[3];

  if (self->scene == NULL)
    return;
  for (guint i = 0; i < self->scene->marks->len; i++)
    {
      const OrrOrbitMark *mark = &g_array_index (self->scene->marks, OrrOrbitMark, i);

      if (self->scene->batches[mark->layer].visible)
        draw_mark (self, snapshot, mark, taken);
    }
  if (self->has_cursor && orr_camera_project (&self->camera, self->cursor, screen))
    {
      draw_ring (snapshot, screen[0], screen[1], CURSOR_RADIUS + 1.2f, 1.2f, &shade);
      draw_ring (snapshot, screen[0], screen[1], CURSOR_RADIUS, 2.2f, &white);
    }
  if (self->has_band)
    draw_band (self, snapshot);
  if (self->has_hover)
    draw_hover (self, snapshot);
}

static void
orr_orbit_overlay_finalize (GObject *object)
{
  g_free (ORR_ORBIT_OVERLAY (object)->hover_text);
  g_ptr_array_unref (ORR_ORBIT_OVERLAY (object)->obstacles);
  G_OBJECT_CLASS (orr_orbit_overlay_parent_class)->finalize (object);
}

static void
orr_orbit_overlay_class_init (OrrOrbitOverlayClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = orr_orbit_overlay_finalize;
  GTK_WIDGET_CLASS (klass)->snapshot = orr_orbit_overlay_snapshot;
}

static void
orr_orbit_overlay_init (OrrOrbitOverlay *self)
{
  gtk_widget_set_can_target (GTK_WIDGET (self), FALSE);
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  gtk_widget_add_css_class (GTK_WIDGET (self), "caption");
  orr_camera_init (&self->camera);
  self->obstacles = g_ptr_array_new ();
}

GtkWidget *
orr_orbit_overlay_new (void)
{
  return g_object_new (ORR_TYPE_ORBIT_OVERLAY, NULL);
}

/**
 * orr_orbit_overlay_add_obstacle:
 * @widget: (transfer none): lies above the overlay and lives as long; no text is written under it
 */
void
orr_orbit_overlay_add_obstacle (OrrOrbitOverlay *self, GtkWidget *widget)
{
  g_return_if_fail (ORR_IS_ORBIT_OVERLAY (self));
  g_ptr_array_add (self->obstacles, widget);
}

/**
 * orr_orbit_overlay_set_scene:
 * @scene: (nullable) (transfer none): lives at least until another one is set; call again when it
 *   was edited
 */
void
orr_orbit_overlay_set_scene (OrrOrbitOverlay *self, OrrOrbitScene *scene)
{
  g_return_if_fail (ORR_IS_ORBIT_OVERLAY (self));
  self->scene = scene;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
orr_orbit_overlay_set_camera (OrrOrbitOverlay *self, const OrrCamera *camera)
{
  g_return_if_fail (ORR_IS_ORBIT_OVERLAY (self));
  self->camera = *camera;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/**
 * orr_orbit_overlay_set_cursor:
 * @position: (nullable): [3] where the cursor's ring is; %NULL hides it
 */
void
orr_orbit_overlay_set_cursor (OrrOrbitOverlay *self, const double *position)
{
  g_return_if_fail (ORR_IS_ORBIT_OVERLAY (self));
  self->has_cursor = position != NULL;
  for (int k = 0; k < 3 && position != NULL; k++)
    self->cursor[k] = position[k];
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/**
 * orr_orbit_overlay_set_hover:
 * @position: (nullable): [3] the point under the pointer; %NULL for none
 * @text: (nullable): what it is
 */
void
orr_orbit_overlay_set_hover (OrrOrbitOverlay *self, const double *position, const char *text)
{
  g_return_if_fail (ORR_IS_ORBIT_OVERLAY (self));
  self->has_hover = position != NULL;
  for (int k = 0; k < 3 && position != NULL; k++)
    self->hover[k] = position[k];
  g_free (self->hover_text);
  self->hover_text = g_strdup (position != NULL ? text : NULL);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

const char *
orr_orbit_overlay_get_hover_text (OrrOrbitOverlay *self)
{
  g_return_val_if_fail (ORR_IS_ORBIT_OVERLAY (self), NULL);
  return self->hover_text;
}

/**
 * orr_orbit_overlay_set_band:
 * @rectangle: (nullable): [4] left, top, right, bottom of the rubber band; %NULL for none
 */
void
orr_orbit_overlay_set_band (OrrOrbitOverlay *self, const double *rectangle)
{
  g_return_if_fail (ORR_IS_ORBIT_OVERLAY (self));
  self->has_band = rectangle != NULL;
  for (int k = 0; k < 4 && rectangle != NULL; k++)
    self->band[k] = rectangle[k];
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
