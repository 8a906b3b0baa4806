/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <adwaita.h>
#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#include "orr-hmm-theme.h"
#include "orr-tree-canvas-private.h"

#define MIN_SCALE 0.2
#define MAX_SCALE 2.5
#define MARGIN 16.0
/* Below the tree, for what is said about it. */
#define FOOT 40.0
/* Of the way to rest that nodes go in each millisecond. */
#define RATE 0.014

enum
{
  SAY,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (OrrTreeCanvas, orr_tree_canvas, GTK_TYPE_WIDGET)

void
orr_tree_canvas_say (OrrTreeCanvas *self, const char *text)
{
  g_signal_emit (self, signals[SAY], 0, text);
}

/* Moving nodes ------------------------------------------------------------------------------------ */

static gboolean
tick_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  OrrTreeCanvas *self = ORR_TREE_CANVAS (widget);
  gint64 now = gdk_frame_clock_get_frame_time (clock);
  double elapsed = self->last_frame > 0 ? CLAMP (1e-3 * (now - self->last_frame), 1.0, 100.0) : 16.0;
  double share = 1.0 - exp (-RATE * elapsed);
  gboolean settled = TRUE;

  self->last_frame = now;
  for (guint i = 0; self->geometry != NULL && i < 2 * self->geometry->expr->n_nodes; i++)
    {
      double left = self->geometry->positions[i] - self->positions[i];

      settled &= fabs (left) < 0.3;
      self->positions[i] += fabs (left) < 0.3 ? left : share * left;
    }
  gtk_widget_queue_draw (widget);
  if (!settled)
    return G_SOURCE_CONTINUE;
  self->tick = 0;
  return G_SOURCE_REMOVE;
}

static void
start_moving (OrrTreeCanvas *self)
{
  gboolean animations = TRUE;

  g_object_get (gtk_widget_get_settings (GTK_WIDGET (self)), "gtk-enable-animations", &animations, NULL);
  if (!animations || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    memcpy (self->positions, self->geometry->positions, 2 * self->geometry->expr->n_nodes * sizeof (double));
  else if (self->tick == 0)
    {
      self->last_frame = 0;
      self->tick = gtk_widget_add_tick_callback (GTK_WIDGET (self), tick_cb, NULL, NULL);
    }
}

/* Nodes that were there start from where they are; new ones from their parent. */
static void
carry_over (OrrTreeCanvas *self, const OrrTreeGeometry *old, const double *old_positions)
{
  const OrrExpr *expr = self->geometry->expr;

  self->positions = g_memdup2 (self->geometry->positions, 2 * expr->n_nodes * sizeof (double));
  for (guint i = 0; old != NULL && i < expr->n_nodes; i++)
    {
      int was = orr_expr_find (old->expr, expr->nodes[i].id), parent = orr_expr_parent (expr, i);

      if (was < 0 && parent < 0)
        continue;
      self->positions[2 * i] = was >= 0 ? old_positions[2 * was] : self->positions[2 * parent];
      self->positions[2 * i + 1] = was >= 0 ? old_positions[2 * was + 1] : self->positions[2 * parent + 1];
    }
}

/* The view ---------------------------------------------------------------------------------------- */

static void
fit_now (OrrTreeCanvas *self)
{
  double x, y, width, height;
  int own_width = gtk_widget_get_width (GTK_WIDGET (self)),
      own_height = gtk_widget_get_height (GTK_WIDGET (self));

  if (self->geometry == NULL || own_width < 2)
    return;
  orr_tree_geometry_bounds (self->geometry, &x, &y, &width, &height);
  self->scale = fmin ((own_width - 2.0 * MARGIN) / width, (own_height - MARGIN - FOOT) / height);
  self->scale = CLAMP (self->scale, MIN_SCALE, 1.0);
  self->x = 0.5 * own_width - self->scale * (x + 0.5 * width);
  self->y = fmax (MARGIN, 0.3 * (own_height - FOOT - self->scale * height)) - self->scale * y;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* Shows all of the tree, and follows it again. */
void
orr_tree_canvas_fit (OrrTreeCanvas *self)
{
  self->fitted = TRUE;
  fit_now (self);
}

void
orr_tree_canvas_zoom_by (OrrTreeCanvas *self, double factor, double x, double y)
{
  double scale = CLAMP (self->scale * factor, MIN_SCALE, MAX_SCALE);

  self->fitted = FALSE;
  self->x = x + (self->x - x) * scale / self->scale;
  self->y = y + (self->y - y) * scale / self->scale;
  self->scale = scale;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
orr_tree_canvas_pan_by (OrrTreeCanvas *self, double dx, double dy)
{
  self->fitted = FALSE;
  self->x += dx;
  self->y += dy;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* Where a node of the tree stands in what is drawn: a completion that is only looked at has other places. -1: nowhere. */
int
orr_tree_canvas_place (OrrTreeCanvas *self, int position)
{
  const OrrExpr *expr = orr_tree_editor_get_expr (self->editor);

  if (position < 0 || position >= (int) expr->n_nodes || self->geometry->expr == expr)
    return position;
  return orr_expr_find (self->geometry->expr, expr->nodes[position].id);
}

OrrTreeHit
orr_tree_canvas_hit (OrrTreeCanvas *self, double x, double y)
{
  OrrTreeHit hit = { ORR_TREE_PART_NONE, -1 };

  if (self->geometry == NULL || self->editor == NULL)
    return hit;
  hit = orr_tree_geometry_hit (self->geometry, (x - self->x) / self->scale, (y - self->y) / self->scale);
  if (hit.node >= 0 && self->faint != NULL)
    hit.node = orr_expr_find (orr_tree_editor_get_expr (self->editor), self->geometry->expr->nodes[hit.node].id);
  return hit.node >= 0 ? hit : (OrrTreeHit) { ORR_TREE_PART_NONE, -1 };
}

/**
 * orr_tree_canvas_get_anchor:
 * @anchor: (out): where in the widget the node is
 */
gboolean
orr_tree_canvas_get_anchor (OrrTreeCanvas *self, int position, GdkRectangle *anchor)
{
  position = self->geometry != NULL ? orr_tree_canvas_place (self, position) : -1;
  if (position < 0 || position >= (int) self->geometry->expr->n_nodes)
    return FALSE;

  double width = self->scale * self->geometry->widths[position], height = self->scale * ORR_TREE_NODE_HEIGHT;

  *anchor = (GdkRectangle) {
    (int) (self->x + self->scale * self->geometry->positions[2 * position] - 0.5 * width),
    (int) (self->y + self->scale * self->geometry->positions[2 * position + 1] - 0.5 * height), (int) width,
    (int) height
  };
  return TRUE;
}

/* Which nodes of a completion are not in the tree. */
static guint8 *
find_faint (const OrrExpr *ghost, const OrrExpr *expr)
{
  guint8 *faint = g_new0 (guint8, ghost->n_nodes);

  for (guint i = 0; i < ghost->n_nodes; i++)
    {
      int was = orr_expr_find (expr, ghost->nodes[i].id);

      faint[i] = was < 0 || expr->nodes[was].op != ghost->nodes[i].op;
    }
  return faint;
}

/* To be called when the tree, its variables' names, the selection or the completion that is looked at has changed. */
void
orr_tree_canvas_update (OrrTreeCanvas *self)
{
  OrrGhost *ghost =
      self->editor != NULL ? orr_workbench_get_ghost (orr_tree_editor_get_workbench (self->editor)) : NULL;
  OrrExpr *real = self->editor != NULL ? orr_tree_editor_get_expr (self->editor) : NULL;
  OrrExpr *expr = ghost != NULL ? ghost->expr : real;
  g_autoptr (OrrTreeGeometry) old = NULL;
  g_autofree double *old_positions = NULL;
  const char *const *names = NULL;
  guint n_names = 0;

  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_clear_pointer (&self->faint, g_free);
  if (ghost != NULL)
    self->faint = find_faint (ghost->expr, real);
  if (expr != NULL)
    names = orr_tree_editor_get_names (self->editor, &n_names);
  if (self->geometry != NULL && expr != NULL && orr_tree_geometry_shows (self->geometry, expr, names, n_names))
    return;
  old = g_steal_pointer (&self->geometry);
  old_positions = g_steal_pointer (&self->positions);
  self->hovered = -1;
  self->target.part = ORR_TREE_PART_NONE;
  if (expr == NULL)
    return;

  self->geometry = orr_tree_geometry_new (expr, names, n_names);
  carry_over (self, old, old_positions);
  start_moving (self);
  if (self->fitted)
    fit_now (self);
}

void
orr_tree_canvas_set_editor (OrrTreeCanvas *self, OrrTreeEditor *editor)
{
  g_return_if_fail (ORR_IS_TREE_CANVAS (self));

  if (g_set_object (&self->editor, editor))
    orr_tree_canvas_update (self);
}

/* The widget -------------------------------------------------------------------------------------- */

static void
orr_tree_canvas_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  OrrTreeCanvas *self = ORR_TREE_CANVAS (widget);
  OrrHmmStyle colours;

  if (self->geometry == NULL)
    return;
  orr_hmm_theme_get (widget, &colours);

  OrrTreeStyle style = { colours.background,
                         colours.node,
                         colours.foreground,
                         colours.accent,
                         colours.font_family,
                         orr_tree_canvas_place (self, orr_tree_editor_get_selected (self->editor)),
                         orr_tree_canvas_place (self, self->hovered),
                         { self->target.part, orr_tree_canvas_place (self, self->target.node) },
                         orr_tree_canvas_place (self, orr_tree_editor_get_lifted (self->editor)),
                         gtk_widget_has_visible_focus (widget),
                         self->faint };
  cairo_t *cr = gtk_snapshot_append_cairo (
      snapshot, &GRAPHENE_RECT_INIT (0, 0, gtk_widget_get_width (widget), gtk_widget_get_height (widget)));
  cairo_translate (cr, self->x, self->y);
  cairo_scale (cr, self->scale, self->scale);
  orr_tree_draw (cr, self->geometry, self->positions, &style);
  cairo_destroy (cr);
}

static void
orr_tree_canvas_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                         int *natural, int *minimum_baseline, int *natural_baseline)
{
  *minimum = 100;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 400 : 260;
  *minimum_baseline = *natural_baseline = -1;
}

static void
orr_tree_canvas_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  OrrTreeCanvas *self = ORR_TREE_CANVAS (widget);

  if (self->fitted && (width != self->fit_width || height != self->fit_height))
    fit_now (self);
  self->fit_width = width;
  self->fit_height = height;
  if (self->popover != NULL)
    gtk_popover_present (GTK_POPOVER (self->popover));
  if (self->constant != NULL)
    gtk_popover_present (GTK_POPOVER (self->constant));
}

static void
orr_tree_canvas_dispose (GObject *object)
{
  OrrTreeCanvas *self = ORR_TREE_CANVAS (object);

  g_clear_pointer (&self->popover, gtk_widget_unparent);
  g_clear_pointer (&self->constant, gtk_widget_unparent);
  g_clear_object (&self->editor);
  g_clear_pointer (&self->geometry, orr_tree_geometry_free);
  g_clear_pointer (&self->positions, g_free);
  g_clear_pointer (&self->faint, g_free);
  G_OBJECT_CLASS (orr_tree_canvas_parent_class)->dispose (object);
}

static void
orr_tree_canvas_class_init (OrrTreeCanvasClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = orr_tree_canvas_dispose;
  widget_class->snapshot = orr_tree_canvas_snapshot;
  widget_class->measure = orr_tree_canvas_measure;
  widget_class->size_allocate = orr_tree_canvas_size_allocate;
  gtk_widget_class_set_css_name (widget_class, "treecanvas");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  signals[SAY] = g_signal_new ("say", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                               G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
orr_tree_canvas_init (OrrTreeCanvas *self)
{
  self->scale = 1.0;
  self->fitted = TRUE;
  self->hovered = -1;
  self->target = (OrrTreeHit) { ORR_TREE_PART_NONE, -1 };
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Tree"), -1);
  orr_hmm_theme_watch (GTK_WIDGET (self));
  orr_tree_scrub_init (self);
  orr_tree_drag_init (self);
  orr_tree_input_init (self);
}
