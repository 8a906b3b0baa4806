/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-run-choice.h"

#include <glib/gi18n.h>

#include "orr-error.h"

/* Enough for the shape of an orbit, and quick. */
#define N_STEPS 3000

/* How one network moves: known, under way (@job) or beyond all bounds (@failed). */
typedef struct
{
  OrrNetwork *network;
  OrrMotion  *motion; /* (nullable) */
  OrrJob     *job;    /* (nullable) */
  gboolean    failed;
} Entry;

struct _OrrRunChoice
{
  GObject parent_instance;

  OrrDocument *document;
  OrrJobQueue *jobs;
  GHashTable  *ids;     /* of the runs that are chosen */
  GHashTable  *entries; /* id of a run -> Entry */
};

static guint changed_signal;

G_DEFINE_FINAL_TYPE (OrrRunChoice, orr_run_choice, G_TYPE_OBJECT)

static void
entry_free (gpointer data)
{
  Entry *entry = data;

  if (entry->job != NULL)
    orr_job_cancel (entry->job);
  g_clear_object (&entry->job);
  orr_motion_unref (entry->motion);
  orr_network_unref (entry->network);
  g_free (entry);
}

static gpointer
motion_thread (OrrProgress *progress, gpointer data, GError **error)
{
  OrrTrajectoryOptions options;
  GError *failure = NULL;

  orr_trajectory_options_init (&options);
  options.n_steps = N_STEPS;
  OrrMotion *motion = orr_motion_compute (data, NULL, &options, progress, &failure);
  if (g_error_matches (failure, ORR_ERROR, ORR_ERROR_NUMERIC))
    {
      /* One of many explodes: its row says so, no toast is due. */
      g_error_free (failure);
      failure = g_error_new_literal (ORR_ERROR, ORR_ERROR_CANCELLED, "This network has no orbit to show");
    }
  if (failure != NULL)
    g_propagate_error (error, failure);
  return motion;
}

static void
motion_done_cb (gpointer owner, OrrJob *job, gpointer result, const GError *error)
{
  OrrRunChoice *self = owner;
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->entries);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      Entry *entry = value;

      if (entry->job != job)
        continue;
      g_clear_object (&entry->job);
      entry->motion = result != NULL ? orr_motion_ref (result) : NULL;
      entry->failed = result == NULL;
      g_signal_emit (self, changed_signal, 0);
      return;
    }
}

/**
 * orr_run_choice_get_motion:
 * @failed: (out) (optional): whether there is none, since its activity grows beyond bounds
 *
 * How the network of a run moves, in its own components. Where that is not known yet it is
 * computed in the background; "changed" tells when it is.
 *
 * Returns: (transfer none) (nullable): the motion
 */
OrrMotion *
orr_run_choice_get_motion (OrrRunChoice *self, OrrRun *run, gboolean *failed)
{
  g_return_val_if_fail (ORR_IS_RUN_CHOICE (self), NULL);
  Entry *entry = g_hash_table_lookup (self->entries, run->id);

  if (entry == NULL || entry->network != run->network)
    {
      entry = g_new0 (Entry, 1);
      entry->network = orr_network_ref (run->network);
      g_hash_table_replace (self->entries, g_strdup (run->id), entry);
      entry->job = g_object_ref (orr_job_queue_run (self->jobs, ORR_JOB_LANE_NOW, _("Simulating"), motion_thread,
                                                    orr_network_ref (run->network), (GDestroyNotify) orr_network_unref,
                                                    (GDestroyNotify) orr_motion_unref, G_OBJECT (self),
                                                    motion_done_cb));
    }
  if (failed != NULL)
    *failed = entry->failed;
  return entry->motion;
}

gboolean
orr_run_choice_contains (OrrRunChoice *self, const char *run_id)
{
  g_return_val_if_fail (ORR_IS_RUN_CHOICE (self), FALSE);
  return run_id != NULL && g_hash_table_contains (self->ids, run_id);
}

/**
 * orr_run_choice_set:
 * @run_id: of a run, or of one that is still to come of a training
 */
void
orr_run_choice_set (OrrRunChoice *self, const char *run_id, gboolean chosen)
{
  g_return_if_fail (ORR_IS_RUN_CHOICE (self));
  gboolean changed = chosen ? g_hash_table_add (self->ids, g_strdup (run_id))
                            : g_hash_table_remove (self->ids, run_id);

  if (changed)
    g_signal_emit (self, changed_signal, 0);
}

/* All networks of the study, or none. */
void
orr_run_choice_set_all (OrrRunChoice *self, gboolean chosen)
{
  g_return_if_fail (ORR_IS_RUN_CHOICE (self));
  GPtrArray *runs = orr_document_get_study (self->document)->runs;

  g_hash_table_remove_all (self->ids);
  for (guint i = 0; chosen && i < runs->len; i++)
    g_hash_table_add (self->ids, g_strdup (((const OrrRun *) runs->pdata[i])->id));
  g_signal_emit (self, changed_signal, 0);
}

/* Motions of runs that are gone; which are chosen stays, for an undo. */
static void
study_changed_cb (OrrRunChoice *self)
{
  OrrStudy *study = orr_document_get_study (self->document);
  GHashTableIter iter;
  gpointer key;

  g_hash_table_iter_init (&iter, self->entries);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    if (orr_study_find_run (study, key) == NULL)
      g_hash_table_iter_remove (&iter);
}

static void
orr_run_choice_dispose (GObject *object)
{
  OrrRunChoice *self = ORR_RUN_CHOICE (object);

  g_hash_table_remove_all (self->entries);
  g_clear_object (&self->document);
  g_clear_object (&self->jobs);
  G_OBJECT_CLASS (orr_run_choice_parent_class)->dispose (object);
}

static void
orr_run_choice_finalize (GObject *object)
{
  OrrRunChoice *self = ORR_RUN_CHOICE (object);

  g_hash_table_unref (self->ids);
  g_hash_table_unref (self->entries);
  G_OBJECT_CLASS (orr_run_choice_parent_class)->finalize (object);
}

static void
orr_run_choice_class_init (OrrRunChoiceClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = orr_run_choice_dispose;
  G_OBJECT_CLASS (klass)->finalize = orr_run_choice_finalize;
  changed_signal = g_signal_new ("changed", ORR_TYPE_RUN_CHOICE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                 0);
}

static void
orr_run_choice_init (OrrRunChoice *self)
{
  self->ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->entries = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, entry_free);
}

OrrRunChoice *
orr_run_choice_new (OrrDocument *document, OrrJobQueue *jobs)
{
  OrrRunChoice *self = g_object_new (ORR_TYPE_RUN_CHOICE, NULL);

  self->document = g_object_ref (document);
  self->jobs = g_object_ref (jobs);
  g_signal_connect_object (document, "notify::study", G_CALLBACK (study_changed_cb), self, G_CONNECT_SWAPPED);
  return self;
}
