/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-training-run.h"

#include <math.h>

#include "orr-checkpoint.h"
#include "orr-hmm-presets.h"

/* At most this much work is lost when the program is killed. */
#define CHECKPOINT_INTERVAL_US (45 * G_USEC_PER_SEC)

static void
save_checkpoint (const OrrTrainingPlan *plan, OrrTrainer *trainer)
{
  g_autoptr (GError) error = NULL;

  /* A full disk must not stop the training; the next try may succeed. */
  if (!orr_checkpoint_save (plan->checkpoint, plan->run_id != NULL ? plan->run_id : "", plan->name, plan->hmm,
                            trainer, &error))
    g_message ("The training could not be saved for later: %s", error->message);
}

/**
 * orr_training_run:
 * @trainer: a new or restored trainer
 * @func: (nullable): called after each epoch
 *
 * Trains to the last epoch, or until early stopping, with a checkpoint at the start, every 45 s and at the
 * end when it is cut short. The checkpoint stays: whoever keeps the result removes it.
 *
 * Returns: %FALSE when cancelled or failed; @trainer is then at its last finished epoch
 */
gboolean
orr_training_run (OrrTrainer *trainer, const OrrTrainingPlan *plan, OrrTrainingEpochFunc func, gpointer user_data,
                  OrrProgress *progress, GError **error)
{
  guint n_epochs = orr_trainer_get_options (trainer)->epochs;
  gint64 saved = g_get_monotonic_time ();

  /* From the start, so that what was asked for is not lost either. */
  if (plan->checkpoint != NULL)
    save_checkpoint (plan, trainer);
  while (!orr_trainer_is_done (trainer))
    {
      OrrTrainEpoch epoch;

      if (!orr_trainer_run_epoch (trainer, &epoch, progress, error))
        {
          if (plan->checkpoint != NULL && orr_trainer_get_epoch (trainer) > 0)
            save_checkpoint (plan, trainer);
          return FALSE;
        }

      g_autofree char *text =
        g_strdup_printf ("epoch %u of %u, validation %.3f, statistics %.4f", epoch.epoch, n_epochs,
                         epoch.validation_loss, epoch.statistics_distance);
      orr_progress_report (progress, (double) epoch.epoch / n_epochs, text);
      if (func != NULL)
        func (trainer, &epoch, user_data);
      if (plan->checkpoint != NULL && g_get_monotonic_time () - saved > CHECKPOINT_INTERVAL_US)
        {
          save_checkpoint (plan, trainer);
          saved = g_get_monotonic_time ();
        }
    }
  return TRUE;
}

static OrrMatrix *
build_history (const OrrTrainEpoch *epochs, guint n)
{
  OrrMatrix *history = orr_matrix_new (n, ORR_HISTORY_N_COLUMNS);

  for (guint i = 0; i < n; i++)
    {
      float *row = orr_matrix_row (history, i);

      row[ORR_HISTORY_EPOCH] = epochs[i].epoch;
      row[ORR_HISTORY_TRAIN_LOSS] = epochs[i].train_loss;
      row[ORR_HISTORY_VALIDATION_LOSS] = epochs[i].validation_loss;
      row[ORR_HISTORY_GRADIENT_NORM] = epochs[i].gradient_norm;
      row[ORR_HISTORY_SECONDS] = epochs[i].seconds;
      row[ORR_HISTORY_STATISTICS] = epochs[i].statistics_distance;
    }
  return history;
}

/**
 * orr_training_list_events:
 *
 * Returns: (transfer full) (element-type OrrTrainEvent): what its history tells, and how it ended
 */
GArray *
orr_training_list_events (const OrrTrainer *trainer, const OrrTrainingPlan *plan)
{
  guint n;
  const OrrTrainEpoch *epochs = orr_trainer_get_history (trainer, &n);
  GArray *events = orr_train_watch (epochs, n, orr_trainer_get_options (trainer), &plan->levels);

  if (plan->failed_epoch > 0)
    {
      OrrTrainEvent event = { ORR_TRAIN_EVENT_DIVERGENCE, plan->failed_epoch, 0, NAN };
      g_array_append_val (events, event);
    }
  return events;
}

static GVariant *
build_record (const OrrTrainer *trainer, const OrrTrainingPlan *plan, const OrrTrainEpoch *epochs, guint n)
{
  const OrrTrainOptions *options = orr_trainer_get_options (trainer);
  g_autoptr (GArray) events = orr_training_list_events (trainer, plan);
  g_auto (GStrv) departures = orr_train_options_dup_departures (options, orr_hmm_preset_recognise (plan->hmm));
  g_autofree char *departures_text = g_strjoinv ("; ", departures);
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  GVariantDict record;
  double seconds = 0.0;

  for (guint i = 0; i < n; i++)
    seconds += epochs[i].seconds;
  g_variant_dict_init (&record, NULL);
  g_variant_dict_insert (&record, "program", "s", "Orrery " ORR_VERSION);
  g_variant_dict_insert_value (&record, "created", g_variant_new_take_string (g_date_time_format_iso8601 (now)));
  if (orr_trainer_get_data (trainer) != NULL)
    g_variant_dict_insert (&record, "recording", "s", orr_trainer_get_data (trainer)->name);
  g_variant_dict_insert (&record, "seed", "x", (gint64) options->seed);
  g_variant_dict_insert (&record, "epochs", "x", (gint64) n);
  g_variant_dict_insert (&record, "epochs_planned", "x", (gint64) options->epochs);
  g_variant_dict_insert (&record, "seconds", "d", seconds);
  g_variant_dict_insert (&record, "departures", "s",
                         *departures_text != '\0' ? departures_text : "none: the published recipe");
  if (n > 0)
    g_variant_dict_insert (&record, "best_validation_loss", "d", epochs[n - 1].best_validation_loss);
  if (isfinite (plan->levels.independent))
    g_variant_dict_insert (&record, "independent_level", "d", plan->levels.independent);
  if (events->len > 0)
    g_variant_dict_insert_value (&record, "events", orr_train_events_to_section (events, options, &plan->levels));
  return g_variant_ref_sink (g_variant_dict_end (&record));
}

/**
 * orr_training_build_run:
 * @trainer: a trainer between two epochs
 *
 * Returns: (transfer full): what @trainer has reached, as a run: the best epoch's weights
 */
OrrRun *
orr_training_build_run (OrrTrainer *trainer, const OrrTrainingPlan *plan)
{
  guint n;
  const OrrTrainEpoch *epochs = orr_trainer_get_history (trainer, &n);
  const OrrTrainOptions *options = orr_trainer_get_options (trainer);
  g_autoptr (OrrNetwork) best = orr_trainer_copy_best (trainer);
  OrrRun *run = orr_run_new (plan->name, best, (OrrHmm *) plan->hmm);

  if (plan->run_id != NULL)
    {
      g_free (run->id);
      run->id = g_strdup (plan->run_id);
    }
  run->options = g_variant_take_ref (orr_train_options_to_section (options));
  run->history = build_history (epochs, n);
  run->best_epoch = n > 0 ? epochs[n - 1].best_epoch : 0;
  run->baseline = plan->levels.baseline;
  run->record = build_record (trainer, plan, epochs, n);
  for (guint i = 0; i < orr_trainer_get_n_snapshots (trainer); i++)
    {
      guint epoch;
      g_autoptr (OrrNetwork) network = orr_trainer_get_snapshot (trainer, i, &epoch);
      orr_run_add_snapshot (run, epoch, network);
    }
  return run;
}
