/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "orr-hmm-canvas-private.h"

/* How the canvas's view moves, and how what is selected and active lights up. */

/* Of the way to their goal that strengths and the view go in each millisecond. */
#define FADE_RATE 0.012
#define GLIDE_RATE 0.014
#define SETTLED 0.004

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
    g_object_notify (G_OBJECT (self), "zoom");
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

void
orr_hmm_canvas_animate (OrrHmmCanvas *self)
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

  orr_hmm_canvas_get_style (self, &style);

  OrrHmmViewport view =
      orr_hmm_style_fit (&style, self->hmm, MAX (width, 20), MAX (height, 20), ORR_HMM_PIXELS_PER_UNIT);
  view.y += self->inset_top;
  return view;
}

void
orr_hmm_canvas_fit_now (OrrHmmCanvas *self)
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
  const double least = ORR_HMM_CANVAS_MIN_ZOOM * ORR_HMM_PIXELS_PER_UNIT;
  const double most = ORR_HMM_CANVAS_MAX_ZOOM * ORR_HMM_PIXELS_PER_UNIT;
  double scale = CLAMP (view->scale * factor, least, most);

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
  orr_hmm_canvas_animate (self);
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
  orr_hmm_canvas_animate (self);
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
  orr_hmm_canvas_animate (self);
}
