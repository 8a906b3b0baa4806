/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-latest.h"

struct _OrrLatest
{
  OrrLatestFunc  func;
  OrrLatestDone  done;
  gpointer       owner; /* (nullable): once freed */
  GDestroyNotify data_free;
  GDestroyNotify result_free;
  gpointer       waiting; /* (nullable): the latest request that has not begun */
  gboolean       busy;
  GThread       *thread; /* (nullable): the worker, until its result is delivered */
};

/* What travels to the worker and back. */
typedef struct
{
  OrrLatest *latest; /* referenced */
  gpointer   data;
  gpointer   result;
} Task;

static void start (OrrLatest *self);

static void
clear_box (gpointer box)
{
  OrrLatest *self = box;

  if (self->waiting != NULL)
    self->data_free (self->waiting);
}

static void
latest_unref (OrrLatest *self)
{
  g_atomic_rc_box_release_full (self, clear_box);
}

static gboolean
deliver_cb (gpointer user_data)
{
  Task *task = user_data;
  OrrLatest *self = task->latest;

  self->busy = FALSE;
  g_clear_pointer (&self->thread, g_thread_join);
  if (self->owner != NULL && task->result != NULL)
    self->done (self->owner, task->result);
  if (task->result != NULL)
    self->result_free (task->result);
  task->data = NULL;
  if (self->owner != NULL && self->waiting != NULL)
    start (self);
  latest_unref (self);
  g_free (task);
  return G_SOURCE_REMOVE;
}

static gpointer
work_thread (gpointer user_data)
{
  Task *task = user_data;

  task->result = task->latest->func (task->data);
  task->latest->data_free (task->data);
  g_idle_add (deliver_cb, task);
  return NULL;
}

static void
start (OrrLatest *self)
{
  Task *task = g_new0 (Task, 1);

  task->latest = g_atomic_rc_box_acquire (self);
  task->data = g_steal_pointer (&self->waiting);
  self->busy = TRUE;
  self->thread = g_thread_new ("orr-latest", work_thread, task);
}

/**
 * orr_latest_new:
 * @func: computes on the worker
 * @done: takes the result on the main thread
 * @owner: given to @done; free the OrrLatest before it dies
 *
 * Returns: (transfer full): a worker without work
 */
OrrLatest *
orr_latest_new (OrrLatestFunc func, OrrLatestDone done, gpointer owner, GDestroyNotify data_free,
                GDestroyNotify result_free)
{
  OrrLatest *self = g_atomic_rc_box_new0 (OrrLatest);

  self->func = func;
  self->done = done;
  self->owner = owner;
  self->data_free = data_free;
  self->result_free = result_free;
  return self;
}

/**
 * orr_latest_request:
 * @data: (transfer full): what to compute from; replaces a request that waits
 */
void
orr_latest_request (OrrLatest *self, gpointer data)
{
  orr_latest_drop (self);
  self->waiting = data;
  if (!self->busy)
    start (self);
}

/* Forgets the request that waits. */
void
orr_latest_drop (OrrLatest *self)
{
  if (self->waiting != NULL)
    self->data_free (g_steal_pointer (&self->waiting));
}

/*
 * No result is delivered any more. Waits for the work under way, which is short:
 * a worker that is still computing when the program ends would use libraries
 * that have been shut down.
 */
void
orr_latest_free (OrrLatest *self)
{
  if (self == NULL)
    return;
  self->owner = NULL;
  orr_latest_drop (self);
  g_clear_pointer (&self->thread, g_thread_join);
  latest_unref (self);
}
