/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-hmm-canvas.h"

#include <glib/gi18n.h>
#include <math.h>

#include "orr-hmm-items.h"
#include "orr-hmm-theme.h"

#define MIN_ZOOM 0.1
#define MAX_ZOOM 4.0
/* Pixels beside a line that still count as on it: comfortable for a finger. */
#define TOLERANCE 8.0
/* Of the way to their goal that strengths and the view go in each millisecond. */
#define FADE_RATE 0.012
#define GLIDE_RATE 0.014
#define SETTLED 0.004

/**
 * OrrHmmCanvas:
 *
 * Shows a model in a view that can be zoomed and moved, and knows what is under
 * a point. It edits nothing: whoever wants that listens to its events.
 */
struct _OrrHmmCanvas
{
  GtkWidget parent_instance;

  OrrHmm *hmm;              /* (nullable) */
  OrrHmmGeometry *geometry; /* (nullable): of @hmm at @geometry_scale */
  double geometry_scale;
  OrrHmmItems *items;

  OrrHmmViewport view;
  OrrHmmViewport goal;       /* the view glides there */
  gboolean fitted;           /* no person has moved the view: it follows the widget's size */
  int fit_width, fit_height; /* the size that the view was last fitted to */
  gboolean compact;
  int inset_top, inset;

  OrrHmmHighlight highlight;
  double *glow; /* (nullable): [S] */
  int active;
  guint tick;
  gint64 last_frame;
};

enum
{
  PROP_ZOOM = 1,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (OrrHmmCanvas, orr_hmm_canvas, GTK_TYPE_WIDGET)

static void
get_style (OrrHmmCanvas *self, OrrHmmStyle *style)
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
  get_style (self, &style);
  self->geometry = orr_hmm_style_measure (&style, self->hmm, self->view.scale);
  self->geometry_scale = self->view.scale;
  return self->geometry;
}

/* Animation --------------------------------------------------------------------------------------- */

static gboolean
approach (double *value, double goal, double share)
{
  if (fabs (goal - *value) < SETTLED)
    {
      *value = goal;
      return TRUE;
    }
  *value += share * (goal - *value);
  return FALSE;
}

static void
set_view (OrrHmmCanvas *self, const OrrHmmViewport *view)
{
  gboolean zoomed = view->scale != self->view.scale;

  if (!zoomed && view->x == self->view.x && view->y == self->view.y)
    return;
  self->view = *view;
  if (zoomed)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ZOOM]);
  gtk_widget_queue_allocate (GTK_WIDGET (self));
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static gboolean
glide (OrrHmmCanvas *self, double share)
{
  OrrHmmViewport next = self->view;
  const OrrHmmViewport *goal = &self->goal;

  if (fabs (goal->x - next.x) < 0.5 && fabs (goal->y - next.y) < 0.5 &&
      fabs (goal->scale / next.scale - 1.0) < 0.002)
    {
      if (next.x != goal->x || next.y != goal->y || next.scale != goal->scale)
        set_view (self, goal);
      return TRUE;
    }
  next.x += share * (goal->x - next.x);
  next.y += share * (goal->y - next.y);
  next.scale += share * (goal->scale - next.scale);
  set_view (self, &next);
  return FALSE;
}

static gboolean
tick_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  OrrHmmCanvas *self = ORR_HMM_CANVAS (widget);
  gint64 now = gdk_frame_clock_get_frame_time (clock);
  double elapsed = self->last_frame > 0 ? CLAMP (1e-3 * (now - self->last_frame), 1.0, 100.0) : 16.0;
  double fade = 1.0 - exp (-FADE_RATE * elapsed);
  gboolean settled = glide (self, 1.0 - exp (-GLIDE_RATE * elapsed));

  self->last_frame = now;
  settled &= approach (&self->highlight.strength, 1.0, fade);
  settled &= approach (&self->highlight.hover_strength, 1.0, fade);
  for (guint i = 0; self->glow != NULL && i < self->hmm->n_states; i++)
    settled &= approach (self->glow + i, (int) i == self->active ? 1.0 : 0.0, fade);
  gtk_widget_queue_draw (widget);
  if (!settled)
    return G_SOURCE_CONTINUE;
  self->tick = 0;
  return G_SOURCE_REMOVE;
}

static gboolean
can_animate (OrrHmmCanvas *self)
{
  gboolean enabled = TRUE;

  g_object_get (gtk_widget_get_settings (GTK_WIDGET (self)), "gtk-enable-animations", &enabled, NULL);
  return enabled && gtk_widget_get_mapped (GTK_WIDGET (self));
}

static void
animate (OrrHmmCanvas *self)
{
  gtk_widget_queue_draw (GTK_WIDGET (self));
  if (!can_animate (self))
    {
      self->highlight.strength = self->highlight.hover_strength = 1.0;
      for (guint i = 0; self->glow != NULL && i < self->hmm->n_states; i++)
        self->glow[i] = (int) i == self->active ? 1.0 : 0.0;
      if (self->view.scale != self->goal.scale || self->view.x != self->goal.x ||
          self->view.y != self->goal.y)
        set_view (self, &self->goal);
    }
  else if (self->tick == 0)
    {
      self->last_frame = 0;
      self->tick = gtk_widget_add_tick_callback (GTK_WIDGET (self), tick_cb, NULL, NULL);
    }
}

/* The view ---------------------------------------------------------------------------------------- */

static OrrHmmViewport
compute_fit (OrrHmmCanvas *self)
{
  OrrHmmStyle style;
  int width = gtk_widget_get_width (GTK_WIDGET (self));
  int height = gtk_widget_get_height (GTK_WIDGET (self)) - self->inset_top - self->inset;

  get_style (self, &style);

  OrrHmmViewport view =
      orr_hmm_style_fit (&style, self->hmm, MAX (width, 20), MAX (height, 20), ORR_HMM_PIXELS_PER_UNIT);
  view.y += self->inset_top;
  return view;
}

static void
fit_now (OrrHmmCanvas *self)
{
  if (self->hmm == NULL || gtk_widget_get_width (GTK_WIDGET (self)) < 2)
    return;
  self->goal = compute_fit (self);
  set_view (self, &self->goal);
}

/* A person moved the view: at once, and from now on it stays where they put it. */
static void
move_view (OrrHmmCanvas *self, const OrrHmmViewport *view)
{
  self->fitted = FALSE;
  self->goal = *view;
  set_view (self, view);
}

static void
zoomed_about (OrrHmmCanvas *self, OrrHmmViewport *view, double factor, double x, double y)
{
  double scale =
      CLAMP (view->scale * factor, MIN_ZOOM * ORR_HMM_PIXELS_PER_UNIT, MAX_ZOOM * ORR_HMM_PIXELS_PER_UNIT);

  view->x = x + (view->x - x) * scale / view->scale;
  view->y = y + (view->y - y) * scale / view->scale;
  view->scale = scale;
}

double
orr_hmm_canvas_get_zoom (OrrHmmCanvas *self)
{
  return self->view.scale / ORR_HMM_PIXELS_PER_UNIT;
}

/**
 * orr_hmm_canvas_zoom_by:
 * @x: @y: the point, in pixels of the widget, that stays where it is
 */
void
orr_hmm_canvas_zoom_by (OrrHmmCanvas *self, double factor, double x, double y)
{
  OrrHmmViewport view = self->view;

  g_return_if_fail (ORR_IS_HMM_CANVAS (self));
  zoomed_about (self, &view, factor, x, y);
  move_view (self, &view);
}

/**
 * orr_hmm_canvas_zoom_step:
 *
 * Glides to @factor times the zoom that it has or is gliding to, about the middle.
 */
void
orr_hmm_canvas_zoom_step (OrrHmmCanvas *self, double factor)
{
  g_return_if_fail (ORR_IS_HMM_CANVAS (self));
  self->fitted = FALSE;
  zoomed_about (self, &self->goal, factor, 0.5 * gtk_widget_get_width (GTK_WIDGET (self)),
                0.5 * (gtk_widget_get_height (GTK_WIDGET (self)) - self->inset));
  animate (self);
}

void
orr_hmm_canvas_pan (OrrHmmCanvas *self, double dx, double dy)
{
  OrrHmmViewport view = self->view;

  g_return_if_fail (ORR_IS_HMM_CANVAS (self));
  view.x += dx;
  view.y += dy;
  move_view (self, &view);
}

/**
 * orr_hmm_canvas_fit:
 *
 * Glides to where all of the model shows, and follows the widget's size again.
 */
void
orr_hmm_canvas_fit (OrrHmmCanvas *self)
{
  g_return_if_fail (ORR_IS_HMM_CANVAS (self));
  self->fitted = TRUE;
  if (self->hmm == NULL)
    return;
  self->goal = compute_fit (self);
  animate (self);
}

/**
 * orr_hmm_canvas_reveal:
 *
 * Glides just as far as it takes to have a node at the point in sight.
 */
void
orr_hmm_canvas_reveal (OrrHmmCanvas *self, double model_x, double model_y)
{
  double room = 1.2 * ORR_HMM_NODE_RADIUS * self->goal.scale;
  double x = self->goal.x + self->goal.scale * model_x, y = self->goal.y + self->goal.scale * model_y;
  double width = gtk_widget_get_width (GTK_WIDGET (self));
  double height = gtk_widget_get_height (GTK_WIDGET (self)) - self->inset;

  if (width < 2.0 * room || height < 2.0 * room)
    return;
  self->goal.x += CLAMP (x, room, width - room) - x;
  self->goal.y += CLAMP (y, room, height - room) - y;
  animate (self);
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
    fit_now (self);
  else if (hmm != NULL && self->fitted && !keep_view && (self->compact || !is_in_sight (self)))
    orr_hmm_canvas_fit (self);
  gtk_widget_queue_allocate (GTK_WIDGET (self));
  animate (self);
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
  fit_now (self);
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
    fit_now (self);
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
  animate (self);
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
  animate (self);
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
  animate (self);
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
  get_style (self, &style);
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
    fit_now (self);
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
      g_param_spec_double ("zoom", NULL, NULL, MIN_ZOOM, MAX_ZOOM, 1.0,
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
