/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-progress.h"

#include "orr-error.h"

struct _OrrProgress
{
  OrrProgress    *parent; /* (nullable): its cancel and pause count here, too */
  OrrProgressFunc func;
  gpointer        user_data;
  GDestroyNotify  destroy;
  int             cancelled; /* atomic; read in hot loops */
  int             paused;    /* atomic; changed under the lock */
  GMutex          lock;
  GCond           changed;
  double          from; /* of a part: where it lies in its parent */
  double          to;
};

/**
 * orr_progress_new:
 * @func: (nullable) (scope notified): receives reports
 *
 * Returns: (transfer full): a new sink
 */
OrrProgress *
orr_progress_new (OrrProgressFunc func, gpointer user_data, GDestroyNotify destroy)
{
  OrrProgress *self = g_atomic_rc_box_new0 (OrrProgress);
  self->func = func;
  self->user_data = user_data;
  self->destroy = destroy;
  g_mutex_init (&self->lock);
  g_cond_init (&self->changed);
  return self;
}

/**
 * orr_progress_new_child:
 * @parent: (nullable): the whole that this is a part of
 * @func: (nullable): receives the part's reports
 *
 * Returns: (transfer full): a sink for one part of a computation: it is
 * cancelled and paused with @parent, but reports to @func alone
 */
OrrProgress *
orr_progress_new_child (OrrProgress *parent, OrrProgressFunc func, gpointer user_data)
{
  OrrProgress *self = orr_progress_new (func, user_data, NULL);

  self->parent = orr_progress_ref (parent);
  return self;
}

static void
report_part_cb (double fraction, const char *text, gpointer user_data)
{
  OrrProgress *self = user_data;
  double place = self->from + (self->to - self->from) * CLAMP (fraction, 0.0, 1.0);

  orr_progress_report (self->parent, fraction >= 0.0 ? place : fraction, text);
}

/**
 * orr_progress_new_part:
 * @whole: (nullable): the sink of a larger work
 * @from: where the part begins in it
 * @to: where the part ends in it
 *
 * Returns: (transfer full) (nullable): a child of @whole that reports to it:
 * its 0 to 1 are @from to @to of the whole. %NULL when nobody watches the whole
 */
OrrProgress *
orr_progress_new_part (OrrProgress *whole, double from, double to)
{
  if (whole == NULL)
    return NULL;

  OrrProgress *self = orr_progress_new_child (whole, report_part_cb, NULL);
  self->user_data = self;
  self->from = from;
  self->to = to;
  return self;
}

OrrProgress *
orr_progress_ref (OrrProgress *self)
{
  return self != NULL ? g_atomic_rc_box_acquire (self) : NULL;
}

static void
clear (gpointer box)
{
  OrrProgress *self = box;

  if (self->destroy != NULL)
    self->destroy (self->user_data);
  orr_progress_unref (self->parent);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->changed);
}

void
orr_progress_unref (OrrProgress *self)
{
  if (self != NULL)
    g_atomic_rc_box_release_full (self, clear);
}

void
orr_progress_report (OrrProgress *self, double fraction, const char *text)
{
  if (self != NULL && self->func != NULL)
    self->func (fraction, text, self->user_data);
}

void
orr_progress_cancel (OrrProgress *self)
{
  if (self == NULL)
    return;

  g_mutex_lock (&self->lock);
  g_atomic_int_set (&self->cancelled, TRUE);
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
}

gboolean
orr_progress_is_cancelled (OrrProgress *self)
{
  return self != NULL && (g_atomic_int_get (&self->cancelled) || orr_progress_is_cancelled (self->parent));
}

void
orr_progress_set_paused (OrrProgress *self, gboolean paused)
{
  if (self == NULL)
    return;

  g_mutex_lock (&self->lock);
  g_atomic_int_set (&self->paused, paused);
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
}

gboolean
orr_progress_is_paused (OrrProgress *self)
{
  return self != NULL && g_atomic_int_get (&self->paused);
}

/**
 * orr_progress_check:
 *
 * Asks whether to go on. Waits here while paused, so call it where nothing is
 * held that others need. Cheap enough for every few milliseconds of work.
 *
 * Returns: %FALSE with %ORR_ERROR_CANCELLED set when cancelled
 */
gboolean
orr_progress_check (OrrProgress *self, GError **error)
{
  if (self == NULL)
    return TRUE;

  if (g_atomic_int_get (&self->paused))
    {
      g_mutex_lock (&self->lock);
      while (g_atomic_int_get (&self->paused) && !g_atomic_int_get (&self->cancelled))
        g_cond_wait (&self->changed, &self->lock);
      g_mutex_unlock (&self->lock);
    }

  if (!orr_progress_check (self->parent, error))
    return FALSE;

  if (g_atomic_int_get (&self->cancelled))
    {
      g_set_error_literal (error, ORR_ERROR, ORR_ERROR_CANCELLED, "Cancelled");
      return FALSE;
    }

  return TRUE;
}
