/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-job-private.h"

#include "orr-error.h"

/* A report is at most this often passed on to the window. */
#define REPORT_INTERVAL_US (G_USEC_PER_SEC / 20)

struct _OrrJob
{
  GObject parent_instance;

  char          *label;
  OrrJobFunc     func;
  gpointer       data;
  GDestroyNotify data_free;
  gpointer       result;
  GDestroyNotify result_free;
  GWeakRef       owner;
  gboolean       has_owner;
  OrrJobDoneFunc done;
  GError        *error;

  OrrProgress *progress;
  GThread     *thread;
  OrrJobState  state;
  double       fraction;
  double       seconds_left;
  char        *text;
  gint64       clock_start;    /* when fraction was clock_fraction, for the estimate */
  double       clock_fraction;

  /* Latest report, written by the worker: many reports, one pending idle. */
  GMutex   lock;
  double   reported_fraction;
  char    *reported_text;
  guint    report_source;
  gint64   last_report;
};

enum
{
  PROP_LABEL = 1,
  PROP_TEXT,
  PROP_FRACTION,
  PROP_SECONDS_LEFT,
  PROP_STATE,
  PROP_ERROR_MESSAGE,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (OrrJob, orr_job, G_TYPE_OBJECT)

G_DEFINE_ENUM_TYPE (OrrJobState, orr_job_state,
                    G_DEFINE_ENUM_VALUE (ORR_JOB_WAITING, "waiting"),
                    G_DEFINE_ENUM_VALUE (ORR_JOB_RUNNING, "running"),
                    G_DEFINE_ENUM_VALUE (ORR_JOB_PAUSED, "paused"),
                    G_DEFINE_ENUM_VALUE (ORR_JOB_DONE, "done"),
                    G_DEFINE_ENUM_VALUE (ORR_JOB_FAILED, "failed"),
                    G_DEFINE_ENUM_VALUE (ORR_JOB_CANCELLED, "cancelled"))

static void
set_state (OrrJob *self, OrrJobState state)
{
  if (self->state == state)
    return;

  self->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
}

static void
restart_clock (OrrJob *self)
{
  self->clock_start = g_get_monotonic_time ();
  self->clock_fraction = MAX (self->fraction, 0.0);
}

/* Linear in what has been done since the clock was started (or the pause ended). */
static double
estimate_seconds_left (OrrJob *self)
{
  double elapsed = (g_get_monotonic_time () - self->clock_start) / (double) G_USEC_PER_SEC;
  double done = self->fraction - self->clock_fraction;

  if (self->state != ORR_JOB_RUNNING || done <= 0.0 || elapsed < 0.2)
    return -1.0;
  return (1.0 - self->fraction) * elapsed / done;
}

static gboolean
deliver_report_cb (gpointer user_data)
{
  OrrJob *self = user_data;
  g_autofree char *text = NULL;

  g_mutex_lock (&self->lock);
  self->report_source = 0;
  double fraction = self->reported_fraction;
  text = g_steal_pointer (&self->reported_text);
  g_mutex_unlock (&self->lock);

  if (!orr_job_is_active (self))
    return G_SOURCE_REMOVE;

  if (fraction >= 0.0 && self->fraction < 0.0)
    restart_clock (self);
  self->fraction = fraction;
  self->seconds_left = estimate_seconds_left (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FRACTION]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SECONDS_LEFT]);
  if (text != NULL && g_strcmp0 (text, self->text) != 0)
    {
      g_free (self->text);
      self->text = g_steal_pointer (&text);
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TEXT]);
    }
  return G_SOURCE_REMOVE;
}

/* On the worker. */
static void
report_cb (double fraction, const char *text, gpointer user_data)
{
  OrrJob *self = user_data;
  gint64 now = g_get_monotonic_time ();

  g_mutex_lock (&self->lock);
  self->reported_fraction = fraction;
  if (text != NULL)
    {
      g_free (self->reported_text);
      self->reported_text = g_strdup (text);
    }
  if (self->report_source == 0 && now - self->last_report >= REPORT_INTERVAL_US)
    {
      self->last_report = now;
      self->report_source =
        g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, deliver_report_cb, g_object_ref (self), g_object_unref);
    }
  g_mutex_unlock (&self->lock);
}

static void
free_data (OrrJob *self)
{
  if (self->data_free != NULL && self->data != NULL)
    self->data_free (self->data);
  self->data = NULL;
}

static gboolean
deliver_end_cb (gpointer user_data)
{
  OrrJob *self = user_data;
  g_autoptr (GObject) owner = g_weak_ref_get (&self->owner);

  if (self->thread != NULL)
    g_thread_join (g_steal_pointer (&self->thread));
  free_data (self);
  self->seconds_left = -1.0;
  if (self->error == NULL)
    self->fraction = 1.0;

  if (g_error_matches (self->error, ORR_ERROR, ORR_ERROR_CANCELLED))
    set_state (self, ORR_JOB_CANCELLED);
  else
    set_state (self, self->error != NULL ? ORR_JOB_FAILED : ORR_JOB_DONE);

  if (self->done != NULL && (owner != NULL || !self->has_owner))
    self->done (owner, self, self->result, self->error);
  if (self->result_free != NULL && self->result != NULL)
    self->result_free (self->result);
  self->result = NULL;
  return G_SOURCE_REMOVE;
}

static gpointer
run_thread (gpointer user_data)
{
  OrrJob *self = user_data;

  if (orr_progress_check (self->progress, &self->error))
    self->result = self->func (self->progress, self->data, &self->error);
  if (self->result == NULL && self->error == NULL)
    g_set_error (&self->error, ORR_ERROR, ORR_ERROR_FAILED, "%s ended without a result", self->label);
  g_idle_add_full (G_PRIORITY_DEFAULT, deliver_end_cb, self, g_object_unref);
  return NULL;
}

OrrJob *
orr_job_new (const char *label, OrrJobFunc func, gpointer data, GDestroyNotify data_free,
             GDestroyNotify result_free, GObject *owner, OrrJobDoneFunc done)
{
  OrrJob *self = g_object_new (ORR_TYPE_JOB, NULL);

  self->label = g_strdup (label);
  self->func = func;
  self->data = data;
  self->data_free = data_free;
  self->result_free = result_free;
  self->has_owner = owner != NULL;
  g_weak_ref_set (&self->owner, owner);
  self->done = done;
  /* Reports come from the worker, which holds a reference: the sink needs none. */
  self->progress = orr_progress_new (report_cb, self, NULL);
  return self;
}

void
orr_job_start (OrrJob *self)
{
  g_return_if_fail (self->state == ORR_JOB_WAITING);

  restart_clock (self);
  set_state (self, orr_progress_is_paused (self->progress) ? ORR_JOB_PAUSED : ORR_JOB_RUNNING);
  /* The reference travels with the work: to the worker, then to the idle that delivers its end. */
  self->thread = g_thread_new ("orr-job", run_thread, g_object_ref (self));
}

/* Waits for the worker; what it delivers comes with the next turns of the main loop. */
void
orr_job_wait (OrrJob *self)
{
  if (self->thread != NULL)
    g_thread_join (g_steal_pointer (&self->thread));
}

const char *
orr_job_get_label (OrrJob *self)
{
  return self->label;
}

const char *
orr_job_get_text (OrrJob *self)
{
  return self->text;
}

double
orr_job_get_fraction (OrrJob *self)
{
  return self->fraction;
}

double
orr_job_get_seconds_left (OrrJob *self)
{
  return self->seconds_left;
}

OrrJobState
orr_job_get_state (OrrJob *self)
{
  return self->state;
}

/* (nullable): why it failed or was cancelled */
const GError *
orr_job_get_error (OrrJob *self)
{
  return self->error;
}

const char *
orr_job_get_error_message (OrrJob *self)
{
  return self->error != NULL ? self->error->message : NULL;
}

/* Waiting, running or paused. */
gboolean
orr_job_is_active (OrrJob *self)
{
  return self->state <= ORR_JOB_PAUSED;
}

/**
 * orr_job_cancel:
 *
 * Asks the job to stop; its end is delivered as %ORR_JOB_CANCELLED. One that
 * waits in the queue ends at once.
 */
void
orr_job_cancel (OrrJob *self)
{
  g_return_if_fail (ORR_IS_JOB (self));

  if (!orr_job_is_active (self) || orr_progress_is_cancelled (self->progress))
    return;

  orr_progress_cancel (self->progress);
  if (self->state == ORR_JOB_WAITING)
    {
      g_set_error_literal (&self->error, ORR_ERROR, ORR_ERROR_CANCELLED, "Cancelled");
      set_state (self, ORR_JOB_CANCELLED);
      g_idle_add_full (G_PRIORITY_DEFAULT, deliver_end_cb, g_object_ref (self), g_object_unref);
    }
}

void
orr_job_set_paused (OrrJob *self, gboolean paused)
{
  g_return_if_fail (ORR_IS_JOB (self));

  if (!orr_job_is_active (self))
    return;

  orr_progress_set_paused (self->progress, paused);
  if (self->state == ORR_JOB_WAITING)
    return;
  if (!paused)
    restart_clock (self);
  set_state (self, paused ? ORR_JOB_PAUSED : ORR_JOB_RUNNING);
}

static void
orr_job_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  OrrJob *self = ORR_JOB (object);

  switch (id)
    {
    case PROP_LABEL:
      g_value_set_string (value, self->label);
      break;
    case PROP_TEXT:
      g_value_set_string (value, self->text);
      break;
    case PROP_FRACTION:
      g_value_set_double (value, self->fraction);
      break;
    case PROP_SECONDS_LEFT:
      g_value_set_double (value, self->seconds_left);
      break;
    case PROP_STATE:
      g_value_set_enum (value, self->state);
      break;
    case PROP_ERROR_MESSAGE:
      g_value_set_string (value, orr_job_get_error_message (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
orr_job_finalize (GObject *object)
{
  OrrJob *self = ORR_JOB (object);

  free_data (self);
  g_free (self->label);
  g_free (self->text);
  g_free (self->reported_text);
  g_weak_ref_clear (&self->owner);
  g_clear_error (&self->error);
  orr_progress_unref (self->progress);
  g_mutex_clear (&self->lock);
  G_OBJECT_CLASS (orr_job_parent_class)->finalize (object);
}

static void
orr_job_class_init (OrrJobClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = orr_job_get_property;
  object_class->finalize = orr_job_finalize;

  properties[PROP_LABEL] = g_param_spec_string ("label", NULL, NULL, NULL, flags);
  properties[PROP_TEXT] = g_param_spec_string ("text", NULL, NULL, NULL, flags);
  properties[PROP_FRACTION] = g_param_spec_double ("fraction", NULL, NULL, -1.0, 1.0, -1.0, flags);
  properties[PROP_SECONDS_LEFT] =
    g_param_spec_double ("seconds-left", NULL, NULL, -1.0, G_MAXDOUBLE, -1.0, flags);
  properties[PROP_STATE] =
    g_param_spec_enum ("state", NULL, NULL, ORR_TYPE_JOB_STATE, ORR_JOB_WAITING, flags);
  properties[PROP_ERROR_MESSAGE] = g_param_spec_string ("error-message", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
orr_job_init (OrrJob *self)
{
  g_mutex_init (&self->lock);
  g_weak_ref_init (&self->owner, NULL);
  self->fraction = -1.0;
  self->seconds_left = -1.0;
}
