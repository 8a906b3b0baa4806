/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-job-queue.h"

#include "orr-job-private.h"

struct _OrrJobQueue
{
  GObject parent_instance;

  GListStore *jobs;                      /* active and failed, oldest first */
  GQueue      waiting[ORR_JOB_N_LANES];  /* of OrrJob */
  OrrJob     *running[ORR_JOB_N_LANES];  /* (nullable); unused for LANE_NOW */
};

enum
{
  PROP_N_ACTIVE = 1,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];
static guint job_failed_signal;

static void orr_job_queue_list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (OrrJobQueue, orr_job_queue, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, orr_job_queue_list_model_init))

static void
remove_job (OrrJobQueue *self, OrrJob *job)
{
  guint position;

  if (g_list_store_find (self->jobs, job, &position))
    g_list_store_remove (self->jobs, position);
}

static void
start_next (OrrJobQueue *self, OrrJobLane lane)
{
  while (self->running[lane] == NULL && !g_queue_is_empty (&self->waiting[lane]))
    {
      g_autoptr (OrrJob) job = g_queue_pop_head (&self->waiting[lane]);

      if (orr_job_get_state (job) != ORR_JOB_WAITING)
        continue;
      self->running[lane] = g_object_ref (job);
      orr_job_start (job);
    }
}

static void
job_state_cb (OrrJob *job, GParamSpec *pspec, OrrJobQueue *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_ACTIVE]);
  if (orr_job_is_active (job))
    return;

  g_autoptr (OrrJob) keep = g_object_ref (job);
  if (orr_job_get_state (job) == ORR_JOB_FAILED)
    g_signal_emit (self, job_failed_signal, 0, job);
  else
    remove_job (self, job);

  for (OrrJobLane lane = ORR_JOB_LANE_ANALYSIS; lane < ORR_JOB_N_LANES; lane++)
    if (self->running[lane] == job)
      {
        g_clear_object (&self->running[lane]);
        start_next (self, lane);
      }
}

OrrJobQueue *
orr_job_queue_new (void)
{
  return g_object_new (ORR_TYPE_JOB_QUEUE, NULL);
}

/**
 * orr_job_queue_run:
 * @label: what a person reads: "Training three"
 * @data: (transfer full): handed to @func on the worker, freed with @data_free on the main thread
 * @result_free: (nullable): frees the result after @done has seen it
 * @owner: (nullable): when it is gone by then, the result is dropped and @done not called
 *
 * Returns: (transfer none): the job; the queue keeps it until it has ended
 */
OrrJob *
orr_job_queue_run (OrrJobQueue *self, OrrJobLane lane, const char *label, OrrJobFunc func, gpointer data,
                   GDestroyNotify data_free, GDestroyNotify result_free, GObject *owner, OrrJobDoneFunc done)
{
  g_return_val_if_fail (ORR_IS_JOB_QUEUE (self), NULL);

  g_autoptr (OrrJob) job = orr_job_new (label, func, data, data_free, result_free, owner, done);

  g_signal_connect_object (job, "notify::state", G_CALLBACK (job_state_cb), self, 0);
  g_list_store_append (self->jobs, job);
  if (lane == ORR_JOB_LANE_NOW)
    {
      orr_job_start (job);
    }
  else
    {
      g_queue_push_tail (&self->waiting[lane], g_object_ref (job));
      start_next (self, lane);
    }
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_ACTIVE]);
  return job;
}

guint
orr_job_queue_get_n_active (OrrJobQueue *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->jobs)), active = 0;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (OrrJob) job = g_list_model_get_item (G_LIST_MODEL (self->jobs), i);
      active += orr_job_is_active (job);
    }
  return active;
}

/* The list shows waiting jobs in the order in which they will run. */
static void
move_in_list (OrrJobQueue *self, OrrJob *job, OrrJob *neighbour)
{
  g_autoptr (OrrJob) keep = g_object_ref (job);
  guint from, to;

  if (!g_list_store_find (self->jobs, job, &from) || !g_list_store_find (self->jobs, neighbour, &to))
    return;
  g_list_store_remove (self->jobs, from);
  g_list_store_insert (self->jobs, to, job);
}

/**
 * orr_job_queue_move:
 * @by: -1 for one place sooner, 1 for one place later
 *
 * Changes the order in which a lane's waiting jobs will run.
 *
 * Returns: whether @job was waiting and had a neighbour to change places with
 */
gboolean
orr_job_queue_move (OrrJobQueue *self, OrrJob *job, int by)
{
  g_return_val_if_fail (ORR_IS_JOB_QUEUE (self) && (by == 1 || by == -1), FALSE);

  for (guint lane = 0; lane < ORR_JOB_N_LANES; lane++)
    {
      GList *link = g_queue_find (&self->waiting[lane], job);
      GList *other = link == NULL ? NULL : by < 0 ? link->prev : link->next;

      if (other == NULL)
        continue;
      OrrJob *neighbour = other->data;
      link->data = neighbour;
      other->data = job;
      move_in_list (self, job, neighbour);
      return TRUE;
    }
  return FALSE;
}

/* Forgets a failed job that a person has read. */
void
orr_job_queue_dismiss (OrrJobQueue *self, OrrJob *job)
{
  g_return_if_fail (ORR_IS_JOB_QUEUE (self));

  if (!orr_job_is_active (job))
    remove_job (self, job);
}

void
orr_job_queue_cancel_all (OrrJobQueue *self)
{
  g_return_if_fail (ORR_IS_JOB_QUEUE (self));

  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->jobs));
  for (guint i = n; i-- > 0;)
    {
      g_autoptr (OrrJob) job = g_list_model_get_item (G_LIST_MODEL (self->jobs), i);
      if (job != NULL)
        orr_job_cancel (job);
    }
}

/**
 * orr_job_queue_stop:
 *
 * Cancels everything and waits until the workers have let go: before the program ends.
 */
void
orr_job_queue_stop (OrrJobQueue *self)
{
  orr_job_queue_cancel_all (self);

  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->jobs));
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (OrrJob) job = g_list_model_get_item (G_LIST_MODEL (self->jobs), i);
      orr_job_wait (job);
    }
}

static GType
get_item_type (GListModel *model)
{
  return ORR_TYPE_JOB;
}

static guint
get_n_items (GListModel *model)
{
  return g_list_model_get_n_items (G_LIST_MODEL (ORR_JOB_QUEUE (model)->jobs));
}

static gpointer
get_item (GListModel *model, guint position)
{
  return g_list_model_get_item (G_LIST_MODEL (ORR_JOB_QUEUE (model)->jobs), position);
}

static void
orr_job_queue_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

static void
items_changed_cb (GListModel *jobs, guint position, guint removed, guint added, OrrJobQueue *self)
{
  g_list_model_items_changed (G_LIST_MODEL (self), position, removed, added);
}

static void
orr_job_queue_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_N_ACTIVE)
    g_value_set_uint (value, orr_job_queue_get_n_active (ORR_JOB_QUEUE (object)));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
orr_job_queue_dispose (GObject *object)
{
  OrrJobQueue *self = ORR_JOB_QUEUE (object);

  if (self->jobs != NULL)
    orr_job_queue_cancel_all (self);
  for (guint lane = 0; lane < ORR_JOB_N_LANES; lane++)
    {
      g_queue_clear_full (&self->waiting[lane], g_object_unref);
      g_clear_object (&self->running[lane]);
    }
  g_clear_object (&self->jobs);
  G_OBJECT_CLASS (orr_job_queue_parent_class)->dispose (object);
}

static void
orr_job_queue_class_init (OrrJobQueueClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = orr_job_queue_get_property;
  object_class->dispose = orr_job_queue_dispose;

  properties[PROP_N_ACTIVE] =
    g_param_spec_uint ("n-active", NULL, NULL, 0, G_MAXUINT, 0,
                       G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  job_failed_signal = g_signal_new ("job-failed", ORR_TYPE_JOB_QUEUE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                    G_TYPE_NONE, 1, ORR_TYPE_JOB);
}

static void
orr_job_queue_init (OrrJobQueue *self)
{
  self->jobs = g_list_store_new (ORR_TYPE_JOB);
  g_signal_connect_object (self->jobs, "items-changed", G_CALLBACK (items_changed_cb), self, 0);
  for (guint lane = 0; lane < ORR_JOB_N_LANES; lane++)
    g_queue_init (&self->waiting[lane]);
}
