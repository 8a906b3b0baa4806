/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-training.h"

#include <math.h>

#include "orr-checkpoint.h"
#include "orr-error.h"
#include "orr-training-run.h"

/* What worker and window share: a latest-wins mailbox. Reference counted. */
typedef struct
{
  GMutex      lock;
  GWeakRef    training;
  GArray     *epochs;  /* of OrrTrainEpoch, not fetched yet */
  OrrNetwork *network; /* (nullable): the latest weights, not fetched yet */
  OrrTrainLevels levels;
  guint       failed_epoch;
  guint       source;
  gboolean    begun;   /* the checkpoint is the training's from now on */
} Mailbox;

/* The worker's own copy of all it needs. */
typedef struct
{
  Mailbox        *mailbox;
  OrrHmm         *hmm;
  OrrTrainData   *data;  /* (nullable) */
  OrrNetwork     *start; /* (nullable) */
  OrrTrainOptions options;
  char           *name;
  char           *run_id;
  char           *checkpoint; /* path */
  OrrTrainLevels  levels;
  GVariant       *state; /* (nullable): of a checkpoint to go on from */
} Work;

struct _OrrTraining
{
  GObject parent_instance;

  OrrDocument    *document;
  OrrJob         *job;
  Mailbox        *mailbox;
  OrrHmm         *hmm;
  OrrRecording   *recording; /* (nullable) */
  OrrTrainOptions options;
  char           *name;
  char           *run_id;
  GArray         *history;
  OrrNetwork     *network;
  OrrTrainLevels  levels;
  guint           failed_epoch;
  gboolean        ended;
};

enum
{
  SIGNAL_ADVANCED,
  SIGNAL_ENDED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (OrrTraining, orr_training, G_TYPE_OBJECT)

static void
mailbox_clear (gpointer box)
{
  Mailbox *self = box;

  g_mutex_clear (&self->lock);
  g_weak_ref_clear (&self->training);
  g_array_unref (self->epochs);
  orr_network_unref (self->network);
}

static void
mailbox_unref (gpointer box)
{
  g_atomic_rc_box_release_full (box, mailbox_clear);
}

static Mailbox *
mailbox_new (OrrTraining *training)
{
  Mailbox *self = g_atomic_rc_box_new0 (Mailbox);

  g_mutex_init (&self->lock);
  g_weak_ref_init (&self->training, training);
  self->epochs = g_array_new (FALSE, FALSE, sizeof (OrrTrainEpoch));
  self->levels = (OrrTrainLevels){ NAN, NAN };
  return self;
}

static void
work_free (gpointer data)
{
  Work *work = data;

  mailbox_unref (work->mailbox);
  orr_hmm_unref (work->hmm);
  orr_train_data_unref (work->data);
  orr_network_unref (work->start);
  g_free (work->name);
  g_free (work->run_id);
  g_free (work->checkpoint);
  g_clear_pointer (&work->state, g_variant_unref);
  g_free (work);
}

/* Main thread: takes everything out of the mailbox. */
static void
fetch (OrrTraining *self)
{
  g_autoptr (OrrNetwork) old = NULL;
  Mailbox *mailbox = self->mailbox;

  g_mutex_lock (&mailbox->lock);
  g_array_append_vals (self->history, mailbox->epochs->data, mailbox->epochs->len);
  g_array_set_size (mailbox->epochs, 0);
  self->levels = mailbox->levels;
  self->failed_epoch = mailbox->failed_epoch;
  if (mailbox->network != NULL)
    {
      old = self->network;
      self->network = g_steal_pointer (&mailbox->network);
    }
  g_mutex_unlock (&mailbox->lock);
}

static gboolean
advanced_cb (gpointer user_data)
{
  Mailbox *mailbox = user_data;

  g_mutex_lock (&mailbox->lock);
  mailbox->source = 0;
  g_mutex_unlock (&mailbox->lock);

  g_autoptr (OrrTraining) self = g_weak_ref_get (&mailbox->training);
  if (self != NULL && !self->ended)
    {
      fetch (self);
      g_signal_emit (self, signals[SIGNAL_ADVANCED], 0);
    }
  return G_SOURCE_REMOVE;
}

/* Worker: leaves new epochs and the weights reached, and wakes the window once. */
static void
mailbox_put (Mailbox *self, const OrrTrainEpoch *epochs, guint n, OrrNetwork *network, const OrrTrainLevels *levels)
{
  g_mutex_lock (&self->lock);
  g_array_append_vals (self->epochs, epochs, n);
  orr_network_unref (self->network);
  self->network = network;
  self->levels = *levels;
  if (self->source == 0)
    self->source = g_timeout_add_full (G_PRIORITY_DEFAULT_IDLE, 50, advanced_cb,
                                       g_atomic_rc_box_acquire (self), mailbox_unref);
  g_mutex_unlock (&self->lock);
}

/* After each epoch, on the worker. */
static void
epoch_cb (OrrTrainer *trainer, const OrrTrainEpoch *epoch, gpointer user_data)
{
  Work *work = user_data;

  mailbox_put (work->mailbox, epoch, 1, orr_trainer_copy_network (trainer), &work->levels);
}

/* Worker: the gradient was no longer finite. */
static void
mailbox_fail (Mailbox *self, guint epoch)
{
  g_mutex_lock (&self->lock);
  self->failed_epoch = epoch;
  g_mutex_unlock (&self->lock);
}

static void
mailbox_begin (Mailbox *self)
{
  g_mutex_lock (&self->lock);
  self->begun = TRUE;
  g_mutex_unlock (&self->lock);
}

static OrrTrainer *
create_trainer (const Work *work, GError **error)
{
  g_autoptr (OrrTrainer) trainer = work->state != NULL
                                     ? orr_trainer_restore (work->hmm, work->state, error)
                                     : orr_trainer_new_with_data (work->hmm, work->data, &work->options, error);

  if (trainer == NULL || (work->start != NULL && !orr_trainer_start_from (trainer, work->start, error)))
    return NULL;
  return g_steal_pointer (&trainer);
}

/* A training that waits is kept as well: whoever ends the program, it is offered at the next start. */
static gpointer
keep_thread (OrrProgress *progress, gpointer data, GError **error)
{
  const Work *work = data;
  g_autoptr (OrrTrainer) trainer = create_trainer (work, error);
  gboolean kept = trainer != NULL;

  if (trainer == NULL)
    return NULL;
  g_mutex_lock (&work->mailbox->lock);
  if (!work->mailbox->begun)
    kept = orr_checkpoint_save (work->checkpoint, work->run_id, work->name, work->hmm, trainer, error);
  g_mutex_unlock (&work->mailbox->lock);
  return kept ? GINT_TO_POINTER (1) : NULL;
}

static gpointer
train_thread (OrrProgress *progress, gpointer data, GError **error)
{
  Work *work = data;
  g_autoptr (GError) local_error = NULL;
  g_autoptr (OrrTrainer) trainer = NULL;
  guint n;

  mailbox_begin (work->mailbox);
  trainer = create_trainer (work, error);
  if (trainer == NULL)
    return NULL;

  const OrrTrainEpoch *epochs = orr_trainer_get_history (trainer, &n);
  work->levels = (OrrTrainLevels){ NAN, NAN };
  orr_trainer_measure_levels (trainer, &work->levels, progress, NULL);
  mailbox_put (work->mailbox, epochs, n, orr_trainer_copy_network (trainer), &work->levels);

  OrrTrainingPlan plan = { work->hmm, work->name, work->run_id, work->checkpoint, work->levels };
  gboolean done = orr_training_run (trainer, &plan, epoch_cb, work, progress, &local_error);
  gboolean stopped = g_error_matches (local_error, ORR_ERROR, ORR_ERROR_CANCELLED);

  if (g_error_matches (local_error, ORR_ERROR, ORR_ERROR_NUMERIC) && orr_trainer_get_epoch (trainer) > 0)
    {
      /* The best network so far is worth keeping, and the record says what happened. */
      plan.failed_epoch = orr_trainer_get_epoch (trainer) + 1;
      mailbox_fail (work->mailbox, plan.failed_epoch);
      stopped = TRUE;
    }

  /* Ended or stopped by hand: nothing is left to resume, what was reached is kept. */
  orr_checkpoint_remove (work->checkpoint);
  if (done || (stopped && orr_trainer_get_epoch (trainer) > 0))
    return orr_training_build_run (trainer, &plan);
  g_propagate_error (error, g_steal_pointer (&local_error));
  return NULL;
}

static void
train_done_cb (gpointer owner, OrrJob *job, gpointer result, const GError *error)
{
  OrrTraining *self = owner;
  OrrRun *run = result;

  fetch (self);
  self->ended = TRUE;
  if (result == NULL)
    {
      /* Taken out of the queue before it began, or failed: nothing is left to resume. */
      g_autofree char *checkpoint = orr_checkpoint_path (self->run_id);

      mailbox_begin (self->mailbox);
      orr_checkpoint_remove (checkpoint);
    }
  g_signal_emit (self, signals[SIGNAL_ADVANCED], 0);
  if (run != NULL)
    orr_document_add_run (self->document, run, "Train network");
  g_signal_emit (self, signals[SIGNAL_ENDED], 0, run);
}

static Work *
work_new (OrrTraining *self)
{
  Work *work = g_new0 (Work, 1);

  work->mailbox = g_atomic_rc_box_acquire (self->mailbox);
  work->hmm = orr_hmm_ref (self->hmm);
  work->options = self->options;
  work->name = g_strdup (self->name);
  work->run_id = g_strdup (self->run_id);
  work->checkpoint = orr_checkpoint_path (self->run_id);
  return work;
}

static OrrTraining *
training_new (OrrDocument *document, OrrHmm *hmm, const char *name, const char *run_id, const OrrTrainOptions *options)
{
  OrrTraining *self = g_object_new (ORR_TYPE_TRAINING, NULL);

  self->document = g_object_ref (document);
  self->hmm = orr_hmm_ref (hmm);
  self->options = *options;
  self->name = g_strdup (name);
  self->run_id = run_id != NULL ? g_strdup (run_id) : g_uuid_string_random ();
  self->mailbox = mailbox_new (self);
  return self;
}

static Work *
work_copy (OrrTraining *self, const Work *work)
{
  Work *copy = work_new (self);

  copy->data = work->data != NULL ? orr_train_data_ref (work->data) : NULL;
  copy->start = work->start != NULL ? orr_network_ref (work->start) : NULL;
  copy->state = work->state != NULL ? g_variant_ref (work->state) : NULL;
  return copy;
}

/* Takes @work over. */
static void
run (OrrTraining *self, OrrJobQueue *jobs, Work *work)
{
  Work *copy = work_copy (self, work);
  g_autofree char *label = g_strdup_printf ("Training %s", self->name);

  self->job = g_object_ref (orr_job_queue_run (jobs, ORR_JOB_LANE_TRAINING, label, train_thread, work, work_free,
                                               (GDestroyNotify) orr_run_unref, G_OBJECT (self), train_done_cb));
  if (orr_job_get_state (self->job) == ORR_JOB_WAITING)
    {
      g_autofree char *kept = g_strdup_printf ("Keeping %s", self->name);
      orr_job_queue_run (jobs, ORR_JOB_LANE_ANALYSIS, kept, keep_thread, copy, work_free, NULL, NULL, NULL);
    }
  else
    work_free (copy);
}

/**
 * orr_training_start:
 * @error: (out): what is wrong with the model, the recording or the options
 *
 * Trains a network on the document's present model, or on recorded sequences,
 * in the training lane.
 *
 * Returns: (transfer full) (nullable): the training; keep it until it has ended
 */
OrrTraining *
orr_training_start (OrrDocument *document, OrrJobQueue *jobs, const OrrTrainingRequest *request, GError **error)
{
  g_return_val_if_fail (ORR_IS_DOCUMENT (document), NULL);

  OrrRecording *recording = request->recording;
  g_autoptr (OrrHmm) hmm = recording != NULL ? orr_recording_choose_model (recording, orr_document_get_hmm (document))
                                             : orr_hmm_ref (orr_document_get_hmm (document));
  g_autoptr (OrrTrainData) data = NULL;
  OrrTrainOptions options = *request->options;

  if (!orr_hmm_validate (hmm, error) || !orr_train_options_validate (&options, hmm, error))
    return NULL;
  if (recording != NULL)
    {
      data = orr_train_data_new (recording->sequences, recording->name, options.length, options.sequences, options.seed,
                                 error);
      if (data == NULL)
        return NULL;
      options.sequences = data->n_sequences;
    }

  OrrTraining *self = training_new (document, hmm, request->name, NULL, &options);
  Work *work = work_new (self);
  self->recording = recording != NULL ? orr_recording_ref (recording) : NULL;
  work->data = g_steal_pointer (&data);
  work->start = request->start != NULL ? orr_network_ref (request->start) : NULL;
  run (self, jobs, work);
  return self;
}

/**
 * orr_training_resume:
 * @checkpoint: one of orr_training_find_checkpoints()
 *
 * Goes on with a training that was cut off, to the same result as if it had not been.
 *
 * Returns: (transfer full) (nullable): the training
 */
OrrTraining *
orr_training_resume (OrrDocument *document, OrrJobQueue *jobs, GFile *checkpoint, GError **error)
{
  g_auto (OrrCheckpoint) content = { 0 };

  if (!orr_checkpoint_load (checkpoint, &content, error))
    return NULL;

  g_autoptr (OrrTrainer) trainer = orr_trainer_restore (content.hmm, content.state, error);
  if (trainer == NULL)
    return NULL;
  OrrTraining *self = training_new (document, content.hmm, content.name, content.run_id,
                                    orr_trainer_get_options (trainer));
  Work *work = work_new (self);
  work->state = g_variant_ref (content.state);
  run (self, jobs, work);
  return self;
}

OrrJob *
orr_training_get_job (OrrTraining *self)
{
  return self->job;
}

const char *
orr_training_get_name (OrrTraining *self)
{
  return self->name;
}

/* The id that its run has, or will have, in the document. */
const char *
orr_training_get_run_id (OrrTraining *self)
{
  return self->run_id;
}

OrrHmm *
orr_training_get_hmm (OrrTraining *self)
{
  return self->hmm;
}

/* (nullable): what it trains on instead of the model; unknown of a resumed training */
OrrRecording *
orr_training_get_recording (OrrTraining *self)
{
  return self->recording;
}

const OrrTrainOptions *
orr_training_get_options (OrrTraining *self)
{
  return &self->options;
}

/**
 * orr_training_get_history:
 *
 * Returns: (array length=n): all epochs so far; valid until the main loop turns
 */
const OrrTrainEpoch *
orr_training_get_history (OrrTraining *self, guint *n)
{
  *n = self->history->len;
  return (const OrrTrainEpoch *) self->history->data;
}

/* What the losses are compared with; NaN until they are known. */
const OrrTrainLevels *
orr_training_get_levels (OrrTraining *self)
{
  return &self->levels;
}

/**
 * orr_training_watch:
 *
 * Returns: (transfer full) (element-type OrrTrainEvent): what has been seen so far
 */
GArray *
orr_training_watch (OrrTraining *self)
{
  GArray *events = orr_train_watch ((const OrrTrainEpoch *) (gpointer) self->history->data, self->history->len,
                                    &self->options, &self->levels);

  if (self->failed_epoch > 0)
    {
      OrrTrainEvent event = { ORR_TRAIN_EVENT_DIVERGENCE, self->failed_epoch, 0, NAN };
      g_array_append_val (events, event);
    }
  return events;
}

/**
 * orr_training_get_network:
 *
 * Returns: (transfer none) (nullable): the weights after the latest epoch
 */
OrrNetwork *
orr_training_get_network (OrrTraining *self)
{
  return self->network;
}

gboolean
orr_training_is_active (OrrTraining *self)
{
  return !self->ended;
}

/* Ends it within 0.2 s; what has been trained is kept. */
void
orr_training_stop (OrrTraining *self)
{
  g_return_if_fail (ORR_IS_TRAINING (self));
  orr_job_cancel (self->job);
}

static void
orr_training_finalize (GObject *object)
{
  OrrTraining *self = ORR_TRAINING (object);

  g_clear_object (&self->document);
  g_clear_object (&self->job);
  mailbox_unref (self->mailbox);
  orr_hmm_unref (self->hmm);
  orr_recording_unref (self->recording);
  g_free (self->name);
  g_free (self->run_id);
  g_array_unref (self->history);
  orr_network_unref (self->network);
  G_OBJECT_CLASS (orr_training_parent_class)->finalize (object);
}

static void
orr_training_class_init (OrrTrainingClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = orr_training_finalize;

  signals[SIGNAL_ADVANCED] = g_signal_new ("advanced", ORR_TYPE_TRAINING, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                           G_TYPE_NONE, 0);
  signals[SIGNAL_ENDED] = g_signal_new ("ended", ORR_TYPE_TRAINING, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                        G_TYPE_NONE, 1, G_TYPE_POINTER);
}

static void
orr_training_init (OrrTraining *self)
{
  self->history = g_array_new (FALSE, FALSE, sizeof (OrrTrainEpoch));
  self->levels = (OrrTrainLevels){ NAN, NAN };
}
