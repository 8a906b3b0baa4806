/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-sweep.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <math.h>
#include <sys/file.h>
#include <unistd.h>

#include "orr-checkpoint.h"
#include "orr-error.h"
#include "orr-match.h"
#include "orr-study-file.h"
#include "orr-training-run.h"

/*
 * Any number of processes may work in one folder, on one machine or (with a
 * shared file system) on many: each network is claimed by a lock on a file of
 * its own. A process that dies lets go of its locks, and another one resumes
 * from the checkpoint: all stay until every network is finished. So every launcher hands out work dynamically, without
 * the processes knowing each other.
 */

/* Tenths of a second after which the networks of others are looked at again. */
#define LOOK_AGAIN 10

typedef struct
{
  GPtrArray             *tasks;
  const char            *directory;
  const OrrSweepOptions *options;
  OrrProgress           *progress;
  int                    next; /* atomic: index of the next task to look at */
  GMutex                 lock;
  double                *fractions; /* [n tasks] under the lock */
  gboolean              *failed;    /* [n tasks] here, under the lock: not tried again */
  GError                *error;     /* the first, under the lock */
} Sweep;

typedef struct
{
  Sweep *sweep;
  guint  index;
} Report;

static char *
task_path (const char *directory, const OrrSweepTask *task, const char *suffix)
{
  g_autofree char *name = g_strconcat (task->name, suffix, NULL);
  return g_build_filename (directory, name, NULL);
}

/* Below 0 when another process has it, or, with @error set, when nobody can have it: that is not to be waited for. */
static int
claim (const char *directory, const OrrSweepTask *task, GError **error)
{
  g_autofree char *path = task_path (directory, task, ".lock");
  int fd = g_open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  int problem = fd < 0 ? errno : 0;

  if (fd >= 0 && flock (fd, LOCK_EX | LOCK_NB) != 0)
    {
      problem = errno != EWOULDBLOCK && errno != EINTR ? errno : 0;
      close (fd);
      fd = -1;
    }
  if (problem != 0)
    g_set_error (error, ORR_ERROR, ORR_ERROR_FAILED, "%s cannot be made and locked: %s", path, g_strerror (problem));
  return fd;
}

static void
report_cb (double fraction, const char *text, gpointer user_data)
{
  Report *report = user_data;
  Sweep *sweep = report->sweep;
  const OrrSweepTask *task = sweep->tasks->pdata[report->index];
  double sum = 0.0;

  g_mutex_lock (&sweep->lock);
  sweep->fractions[report->index] = CLAMP (fraction, 0.0, 1.0);
  for (guint i = 0; i < sweep->tasks->len; i++)
    sum += sweep->fractions[i];
  g_mutex_unlock (&sweep->lock);

  g_autofree char *line = g_strdup_printf ("%s: %s", task->name, text != NULL ? text : "");
  orr_progress_report (sweep->progress, sum / sweep->tasks->len, line);
}

/* From its checkpoint where there is one that fits. */
static OrrTrainer *
new_trainer (const OrrSweepTask *task, const OrrTrainOptions *options, OrrHmm *hmm, const char *checkpoint,
             GError **error)
{
  g_auto (OrrCheckpoint) content = { 0 };
  g_autoptr (GFile) file = g_file_new_for_path (checkpoint);

  if (g_file_query_exists (file, NULL) && orr_checkpoint_load (file, &content, NULL) &&
      g_str_equal (content.name, task->name))
    {
      g_autoptr (OrrTrainer) trainer = orr_trainer_restore (hmm, content.state, NULL);

      if (trainer != NULL)
        return g_steal_pointer (&trainer);
    }
  return orr_trainer_new (hmm, options, error);
}

/* The network's match with its model on fresh sequences, as the section "match". */
static OrrRun *
evaluate (OrrRun *run, const OrrTrainOptions *options, OrrProgress *progress, GError **error)
{
  OrrMatchOptions match;

  orr_match_options_init (&match);
  match.sequences = ORR_SWEEP_FRESH_SEQUENCES;
  match.length = options->length;
  match.sigma = options->sigma;
  match.tau = options->tau;
  match.threads = options->threads;
  match.random_initial_state = options->random_initial_state;
  GVariant *result = orr_match_evaluate (run->network, run->hmm, &match, progress, error);
  if (result == NULL)
    return NULL;

  g_autoptr (GVariant) section = g_variant_take_ref (result);
  return orr_run_with_section (run, "match", section);
}

static gboolean
train_task (Sweep *sweep, guint index, GError **error)
{
  const OrrSweepTask *task = sweep->tasks->pdata[index];
  g_autofree char *checkpoint = task_path (sweep->directory, task, ".checkpoint");
  g_autofree char *path = task_path (sweep->directory, task, ".orrery");
  g_autoptr (OrrHmm) hmm = orr_hmm_preset_create (task->preset);
  Report report = { sweep, index };
  g_autoptr (OrrProgress) progress = orr_progress_new_child (sweep->progress, report_cb, &report);
  OrrTrainOptions options = task->options;

  options.threads = sweep->options->threads;
  g_autoptr (OrrTrainer) trainer = new_trainer (task, &options, hmm, checkpoint, error);
  if (trainer == NULL)
    return FALSE;

  OrrTrainingPlan plan = { hmm, task->name, NULL, checkpoint, { NAN, NAN } };
  g_autoptr (GError) local_error = NULL;
  if (!orr_trainer_measure_levels (trainer, &plan.levels, progress, &local_error)
      || !orr_training_run (trainer, &plan, NULL, NULL, progress, &local_error))
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  g_autoptr (OrrRun) run = orr_training_build_run (trainer, &plan);
  g_autoptr (OrrRun) evaluated = evaluate (run, &options, progress, error);
  if (evaluated == NULL)
    return FALSE;

  g_autoptr (OrrStudy) empty = orr_study_new (task->name, hmm);
  g_autoptr (OrrStudy) study = orr_study_with_run (empty, evaluated);
  if (!orr_study_file_save (study, path, error))
    return FALSE;
  orr_checkpoint_remove (checkpoint);
  return TRUE;
}

static gboolean
is_finished (Sweep *sweep, const OrrSweepTask *task)
{
  g_autofree char *path = task_path (sweep->directory, task, ".orrery");
  return g_file_test (path, G_FILE_TEST_EXISTS);
}

/* Tells the first failure; one network that fails does not stop the others. */
static void
keep_error (Sweep *sweep, guint index, GError *error)
{
  const OrrSweepTask *task = sweep->tasks->pdata[index];

  if (!g_error_matches (error, ORR_ERROR, ORR_ERROR_CANCELLED))
    g_prefix_error (&error, "%s: ", task->name);
  g_mutex_lock (&sweep->lock);
  sweep->failed[index] = TRUE;
  if (sweep->error == NULL)
    sweep->error = error;
  else
    g_error_free (error);
  g_mutex_unlock (&sweep->lock);
}

static gboolean
has_failed (Sweep *sweep, guint index)
{
  g_mutex_lock (&sweep->lock);
  gboolean failed = sweep->failed[index];
  g_mutex_unlock (&sweep->lock);
  return failed;
}

/* Returns whether somebody else is at it, so that it is to be looked at again. */
static gboolean
work_on (Sweep *sweep, guint index)
{
  const OrrSweepTask *task = sweep->tasks->pdata[index];
  Report report = { sweep, index };
  GError *error = NULL;

  if (index % sweep->options->n_shards != sweep->options->shard || has_failed (sweep, index))
    return FALSE;
  if (is_finished (sweep, task))
    {
      report_cb (1.0, "finished", &report);
      return FALSE;
    }
  int lock = claim (sweep->directory, task, &error);
  if (error != NULL)
    {
      keep_error (sweep, index, error);
      return FALSE;
    }
  if (lock < 0)
    return TRUE;

  /* Another process may have finished it between the look and the claim. */
  if (is_finished (sweep, task) || train_task (sweep, index, &error))
    {
      g_autofree char *path = task_path (sweep->directory, task, ".lock");
      report_cb (1.0, "finished", &report);
      g_unlink (path);
    }
  else
    keep_error (sweep, index, error);
  close (lock);
  return FALSE;
}

static gboolean
is_cancelled (Sweep *sweep)
{
  return orr_progress_is_cancelled (sweep->progress);
}

/*
 * First each network once, handed out among the workers; then, until all are
 * finished, those that others were at: whoever of them dies leaves a network
 * with a checkpoint behind, and the first to see it goes on with it.
 */
static gpointer
worker (gpointer data)
{
  Sweep *sweep = data;
  gboolean waiting = TRUE;
  guint index;

  while (!is_cancelled (sweep) && (index = g_atomic_int_add (&sweep->next, 1)) < sweep->tasks->len)
    work_on (sweep, index);
  while (waiting && !is_cancelled (sweep))
    {
      waiting = FALSE;
      for (index = 0; index < sweep->tasks->len && !is_cancelled (sweep); index++)
        waiting |= work_on (sweep, index);
      for (guint i = 0; waiting && i < LOOK_AGAIN && !is_cancelled (sweep); i++)
        g_usleep (100 * 1000);
    }
  return NULL;
}

/**
 * orr_sweep_run:
 * @tasks: (element-type OrrSweepTask): of orr_sweep_plan()
 * @directory: made where it does not exist; NAME.orrery is a finished network
 *
 * Trains every network that is not finished and that no other process has
 * claimed, @options->jobs at a time, and waits for those that others have: a
 * network whose process dies is taken over.
 *
 * Returns: %FALSE when cancelled, or when a network failed (the others are done all the same)
 */
gboolean
orr_sweep_run (GPtrArray *tasks, const char *directory, const OrrSweepOptions *options, OrrProgress *progress,
               GError **error)
{
  g_autofree double *fractions = g_new0 (double, tasks->len);
  g_autoptr (GPtrArray) threads = g_ptr_array_new ();
  g_autofree gboolean *failed = g_new0 (gboolean, tasks->len);
  Sweep sweep = { tasks, directory, options, progress, .fractions = fractions, .failed = failed };

  if (g_mkdir_with_parents (directory, 0777) != 0)
    {
      g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "The folder %s cannot be made", directory);
      return FALSE;
    }
  g_mutex_init (&sweep.lock);
  for (guint i = 0; i < MAX (options->jobs, 1); i++)
    g_ptr_array_add (threads, g_thread_new ("sweep", worker, &sweep));
  for (guint i = 0; i < threads->len; i++)
    g_thread_join (threads->pdata[i]);
  g_mutex_clear (&sweep.lock);

  if (sweep.error == NULL)
    return orr_progress_check (progress, error);
  g_propagate_error (error, sweep.error);
  return FALSE;
}
