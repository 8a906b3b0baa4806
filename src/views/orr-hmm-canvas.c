/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-hmm-canvas-private.h"

#include <glib/gi18n.h>

#include "orr-hmm-theme.h"

/* Pixels beside a line that still count as on it: comfortable for a finger. */
#define TOLERANCE 8.0

enum
{
  PROP_ZOOM = 1,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (OrrHmmCanvas, orr_hmm_canvas, GTK_TYPE_WIDGET)

void
orr_hmm_canvas_get_style (OrrHmmCanvas *self, OrrHmmStyle *style)
{
  orr_hmm_theme_get (GTK_WIDGET (self), style);
  /* Small and only to look at: what is selected says the rest. */
  style->loops = !self->compact;
  style->labels = !self->compact || gtk_widget_get_width (GTK_WIDGET (self)) > 560;
}

static OrrHmmGeometry *
ensure_geometry (OrrHmmCanvas *self)
{
  OrrHmmStyle style;

  if (self->hmm == NULL)
    return NULL;
  if (self->geometry != NULL && self->geometry->hmm == self->hmm && self->geometry_scale == self->view.scale)
    return self->geometry;
  g_clear_pointer (&self->geometry, orr_hmm_geometry_free);
  orr_hmm_canvas_get_style (self, &style);
  self->geometry = orr_hmm_style_measure (&style, self->hmm, self->view.scale);
  self->geometry_scale = self->view.scale;
  return self->geometry;
}

/* Points ------------------------------------------------------------------------------------------ */

void
orr_hmm_canvas_to_model (OrrHmmCanvas *self, double x, double y, double *model_x, double *model_y)
{
  *model_x = (x - self->view.x) / self->view.scale;
  *model_y = (y - self->view.y) / self->view.scale;
}

OrrHmmHit
orr_hmm_canvas_hit (OrrHmmCanvas *self, double x, double y)
{
  OrrHmmGeometry *geometry = ensure_geometry (self);
  OrrHmmHit none = { ORR_HMM_PART_NONE, ORR_HMM_NO_INDEX, ORR_HMM_NO_INDEX, ORR_HMM_NO_INDEX };
  double model_x, model_y;

  if (geometry == NULL)
    return none;
  orr_hmm_canvas_to_model (self, x, y, &model_x, &model_y);

  OrrHmmHit hit = orr_hmm_geometry_hit (geometry, model_x, model_y, TOLERANCE / self->view.scale);
  return self->compact && hit.part == ORR_HMM_PART_TRANSITION && hit.state == hit.to ? none : hit;
}

double
orr_hmm_canvas_bar_value (OrrHmmCanvas *self, guint state, double y)
{
  OrrHmmGeometry *geometry = ensure_geometry (self);

  return geometry != NULL
             ? orr_hmm_geometry_bar_value (geometry, state, (y - self->view.y) / self->view.scale)
             : 0.0;
}

/**
 * orr_hmm_canvas_get_anchor:
 * @state: a state, or %ORR_HMM_NO_INDEX for the transition @from, @to
 * @anchor: (out): where in the widget it is: what a popover points to
 */
gboolean
orr_hmm_canvas_get_anchor (OrrHmmCanvas *self, int state, int from, int to, GdkRectangle *anchor)
{
  OrrHmmGeometry *geometry = ensure_geometry (self);
  double x, y, half_width, half_height;

  if (geometry == NULL)
    return FALSE;
  if (state != ORR_HMM_NO_INDEX)
    {
      x = self->hmm->positions[2 * state];
      y = self->hmm->positions[2 * state + 1];
      half_width = half_height = ORR_HMM_NODE_RADIUS;
    }
  else
    {
      const OrrHmmArrow *arrow = orr_hmm_geometry_find_arrow (geometry, from, to);

      if (arrow == NULL)
        return FALSE;
      x = arrow->label_x;
      y = arrow->label_y;
      half_width = 0.5 * arrow->label_width;
      half_height = 0.5 * geometry->label_height;
    }
  *anchor = (GdkRectangle) { (int) (self->view.x + self->view.scale * (x - half_width)),
                             (int) (self->view.y + self->view.scale * (y - half_height)),
                             (int) (2.0 * self->view.scale * half_width),
                             (int) (2.0 * self->view.scale * half_height) };
  return TRUE;
}

/* What it shows ----------------------------------------------------------------------------------- */

OrrHmm *
orr_hmm_canvas_get_hmm (OrrHmmCanvas *self)
{
  return self->hmm;
}

static gboolean
is_in_sight (OrrHmmCanvas *self)
{
  double room = ORR_HMM_NODE_RADIUS * self->goal.scale;
  int width = gtk_widget_get_width (GTK_WIDGET (self)), height = gtk_widget_get_height (GTK_WIDGET (self));

  for (guint i = 0; i < self->hmm->n_states; i++)
    {
      double x = self->goal.x + self->goal.scale * self->hmm->positions[2 * i];
      double y = self->goal.y + self->goal.scale * self->hmm->positions[2 * i + 1];

      if (x < room || y < room || x > width - room || y > height - self->inset - room)
        return FALSE;
    }
  return TRUE;
}

/**
 * orr_hmm_canvas_set_hmm:
 * @keep_view: the model is in a person's hand: do not move the view under it
 */
void
orr_hmm_canvas_set_hmm (OrrHmmCanvas *self, OrrHmm *hmm, gboolean keep_view)
{
  gboolean first;

  g_return_if_fail (ORR_IS_HMM_CANVAS (self));
  if (self->hmm == hmm)
    return;
  first = self->hmm == NULL;
  if (first || hmm == NULL || hmm->n_states != self->hmm->n_states)
    g_clear_pointer (&self->glow, g_free);
  g_clear_pointer (&self->hmm, orr_hmm_unref);
  self->hmm = hmm != NULL ? orr_hmm_ref (hmm) : NULL;
  self->highlight.hover.part = ORR_HMM_PART_NONE;
  self->highlight.hover.state = self->highlight.hover.to = ORR_HMM_NO_INDEX;
  orr_hmm_items_set_hmm (self->items, hmm);
  if (hmm != NULL && self->glow == NULL)
    self->glow = g_new0 (double, hmm->n_states);
  if (hmm != NULL && self->active >= (int) hmm->n_states)
    self->active = ORR_HMM_NO_INDEX;
  if (hmm != NULL && first)
    orr_hmm_canvas_fit_now (self);
  else if (hmm != NULL && self->fitted && !keep_view && (self->compact || !is_in_sight (self)))
    orr_hmm_canvas_fit (self);
  gtk_widget_queue_allocate (GTK_WIDGET (self));
  orr_hmm_canvas_animate (self);
}

/**
 * orr_hmm_canvas_set_compact:
 * @compact: small and read-only: without self-loops, and without labels where narrow
 */
void
orr_hmm_canvas_set_compact (OrrHmmCanvas *self, gboolean compact)
{
  self->compact = compact;
  g_clear_pointer (&self->geometry, orr_hmm_geometry_free);
  orr_hmm_canvas_fit_now (self);
}

/**
 * orr_hmm_canvas_set_inset:
 * @top: @bottom: pixels there that something else covers
 */
void
orr_hmm_canvas_set_inset (OrrHmmCanvas *self, int top, int bottom)
{
  self->inset_top = top;
  self->inset = bottom;
  if (self->fitted)
    orr_hmm_canvas_fit_now (self);
}

void
orr_hmm_canvas_select (OrrHmmCanvas *self, int state, int from, int to, int symbol)
{
  OrrHmmHighlight *highlight = &self->highlight;

  g_return_if_fail (ORR_IS_HMM_CANVAS (self));
  if (highlight->state != state || highlight->from != from || highlight->to != to)
    highlight->strength = 0.0;
  highlight->state = state;
  highlight->from = from;
  highlight->to = to;
  highlight->symbol = symbol;
  orr_hmm_items_select (self->items, state, from, to);
  orr_hmm_canvas_animate (self);
}

/**
 * orr_hmm_canvas_set_active:
 * @state: the state that is lit, or %ORR_HMM_NO_INDEX
 */
void
orr_hmm_canvas_set_active (OrrHmmCanvas *self, int state)
{
  g_return_if_fail (ORR_IS_HMM_CANVAS (self));
  if (self->active == state)
    return;
  self->active = state;
  orr_hmm_canvas_animate (self);
}

/**
 * orr_hmm_canvas_set_hover:
 * @hit: (nullable): what the pointer is on
 */
void
orr_hmm_canvas_set_hover (OrrHmmCanvas *self, const OrrHmmHit *hit)
{
  OrrHmmHit *hover = &self->highlight.hover;
  OrrHmmHit none = { ORR_HMM_PART_NONE, ORR_HMM_NO_INDEX, ORR_HMM_NO_INDEX, ORR_HMM_NO_INDEX };

  g_return_if_fail (ORR_IS_HMM_CANVAS (self));
  if (hit == NULL)
    hit = &none;
  if (hover->part == hit->part && hover->state == hit->state && hover->to == hit->to &&
      hover->symbol == hit->symbol)
    return;
  if (hover->state != hit->state || hover->to != hit->to)
    self->highlight.hover_strength = 0.0;
  *hover = *hit;
  orr_hmm_canvas_animate (self);
}

/**
 * orr_hmm_canvas_set_drawing:
 * @from: state that a new arrow is drawn from, or %ORR_HMM_NO_INDEX for none
 * @to: state it would reach, or %ORR_HMM_NO_INDEX
 * @x: @y: its tip otherwise, in model units
 */
void
orr_hmm_canvas_set_drawing (OrrHmmCanvas *self, int from, int to, double x, double y)
{
  g_return_if_fail (ORR_IS_HMM_CANVAS (self));
  self->highlight.drawing_from = from;
  self->highlight.drawing_to = to;
  self->highlight.drawing_x = x;
  self->highlight.drawing_y = y;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* The widget -------------------------------------------------------------------------------------- */

static void
orr_hmm_canvas_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  OrrHmmCanvas *self = ORR_HMM_CANVAS (widget);
  OrrHmmGeometry *geometry = ensure_geometry (self);
  OrrHmmStyle style;

  if (geometry == NULL)
    return;
  orr_hmm_canvas_get_style (self, &style);
  self->highlight.glow = self->glow;
  self->highlight.focused = gtk_widget_has_visible_focus (widget);

  cairo_t *cr = gtk_snapshot_append_cairo (
      snapshot, &GRAPHENE_RECT_INIT (0, 0, gtk_widget_get_width (widget), gtk_widget_get_height (widget)));
  orr_hmm_draw_geometry (cr, geometry, &self->view, &style, &self->highlight);
  cairo_destroy (cr);
}

static void
orr_hmm_canvas_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                        int *natural, int *minimum_baseline, int *natural_baseline)
{
  *minimum = 80;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 320 : 200;
  *minimum_baseline = *natural_baseline = -1;
}

static void
orr_hmm_canvas_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  OrrHmmCanvas *self = ORR_HMM_CANVAS (widget);

  /* Edits allocate too, to place the items: they must not move the view. */
  if (self->fitted && (width != self->fit_width || height != self->fit_height))
    orr_hmm_canvas_fit_now (self);
  self->fit_width = width;
  self->fit_height = height;
  if (ensure_geometry (self) != NULL)
    orr_hmm_items_place (self->items, self->geometry, &self->view);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (GTK_IS_POPOVER (child))
      gtk_popover_present (GTK_POPOVER (child));
}

static void
orr_hmm_canvas_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_ZOOM)
    g_value_set_double (value, orr_hmm_canvas_get_zoom (ORR_HMM_CANVAS (object)));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
orr_hmm_canvas_dispose (GObject *object)
{
  OrrHmmCanvas *self = ORR_HMM_CANVAS (object);
  GtkWidget *child;

  g_clear_pointer (&self->items, orr_hmm_items_free);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (orr_hmm_canvas_parent_class)->dispose (object);
}

static void
orr_hmm_canvas_finalize (GObject *object)
{
  OrrHmmCanvas *self = ORR_HMM_CANVAS (object);

  g_clear_pointer (&self->hmm, orr_hmm_unref);
  g_clear_pointer (&self->geometry, orr_hmm_geometry_free);
  g_free (self->glow);
  G_OBJECT_CLASS (orr_hmm_canvas_parent_class)->finalize (object);
}

static void
orr_hmm_canvas_class_init (OrrHmmCanvasClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = orr_hmm_canvas_get_property;
  object_class->dispose = orr_hmm_canvas_dispose;
  object_class->finalize = orr_hmm_canvas_finalize;
  widget_class->snapshot = orr_hmm_canvas_snapshot;
  widget_class->measure = orr_hmm_canvas_measure;
  widget_class->size_allocate = orr_hmm_canvas_size_allocate;
  gtk_widget_class_set_css_name (widget_class, "hmmcanvas");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);

  properties[PROP_ZOOM] =
      g_param_spec_double ("zoom", NULL, NULL, ORR_HMM_CANVAS_MIN_ZOOM, ORR_HMM_CANVAS_MAX_ZOOM, 1.0,
                           G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
orr_hmm_canvas_init (OrrHmmCanvas *self)
{
  orr_hmm_highlight_init (&self->highlight);
  self->view = self->goal = (OrrHmmViewport) { ORR_HMM_PIXELS_PER_UNIT, 0.0, 0.0 };
  self->fitted = TRUE;
  self->active = ORR_HMM_NO_INDEX;
  self->items = orr_hmm_items_new (GTK_WIDGET (self));
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("States and transitions"), -1);
  orr_hmm_theme_watch (GTK_WIDGET (self));
}
