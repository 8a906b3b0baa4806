/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-checkpoint.h"
#include "orr-hmm-presets.h"
#include "orr-training.h"
#include "orr-training-run.h"

#include <glib/gstdio.h>
#include <math.h>

static OrrDocument *
new_document (void)
{
  g_autoptr (OrrHmm) hmm = orr_hmm_preset_create (orr_hmm_preset_find ("three"));
  g_autoptr (OrrStudy) study = orr_study_new ("three", hmm);
  return orr_document_new (study);
}

static OrrTrainOptions
small_options (guint n_epochs)
{
  OrrTrainOptions options;

  orr_train_options_init_quick (&options, orr_hmm_preset_find ("three"));
  options.n_hidden = 16;
  options.n_noise = 8;
  options.length = 8;
  options.sequences = 192;
  options.batch = 64;
  options.epochs = n_epochs;
  options.snapshot_every = 2;
  options.threads = 1;
  return options;
}

static void
advanced_cb (OrrTraining *training, int *n)
{
  (*n)++;
}

static void
ended_cb (OrrTraining *training, OrrRun *run, OrrRun **ended)
{
  *ended = run;
}

static OrrTraining *
start (OrrDocument *document, OrrJobQueue *jobs, guint n_epochs)
{
  OrrTrainOptions options = small_options (n_epochs);
  g_autoptr (GError) error = NULL;
  const OrrTrainingRequest request = { .name = "net", .options = &options };
  OrrTraining *training = orr_training_start (document, jobs, &request, &error);

  g_assert_no_error (error);
  return training;
}

static void
test_to_the_end (void)
{
  g_autoptr (OrrDocument) document = new_document ();
  g_autoptr (OrrJobQueue) jobs = orr_job_queue_new ();
  g_autoptr (OrrTraining) training = start (document, jobs, 6);
  int n_advanced = 0;
  OrrRun *ended = NULL;
  guint n;

  g_signal_connect (training, "advanced", G_CALLBACK (advanced_cb), &n_advanced);
  g_signal_connect (training, "ended", G_CALLBACK (ended_cb), &ended);
  while (orr_training_is_active (training))
    g_main_context_iteration (NULL, TRUE);

  const OrrTrainEpoch *history = orr_training_get_history (training, &n);
  g_assert_cmpuint (n, ==, 6);
  g_assert_cmpint (n_advanced, >=, 1);
  g_assert_true (isfinite (orr_training_get_levels (training)->baseline));

  OrrStudy *study = orr_document_get_study (document);
  g_assert_cmpuint (study->runs->len, ==, 1);
  OrrRun *run = study->runs->pdata[0];
  g_assert_true (run == ended);
  g_assert_cmpstr (run->id, ==, orr_training_get_run_id (training));
  g_assert_cmpuint (run->history->rows, ==, 6);
  g_assert_cmpfloat (run->history->data[5 * ORR_HISTORY_N_COLUMNS + ORR_HISTORY_VALIDATION_LOSS], ==,
                     (float) history[5].validation_loss);
  g_assert_cmpuint (run->best_epoch, ==, history[5].best_epoch);
  g_assert_cmpuint (run->snapshots->len, >=, 3);
  g_assert_true (orr_document_undo (document));
}

/* What was trained until then is kept, and nothing is left to resume. */
static void
test_stop (void)
{
  g_autoptr (OrrDocument) document = new_document ();
  g_autoptr (OrrJobQueue) jobs = orr_job_queue_new ();
  g_autoptr (OrrTraining) training = start (document, jobs, 100000);
  guint n = 0;

  while (n < 3)
    {
      g_main_context_iteration (NULL, TRUE);
      orr_training_get_history (training, &n);
    }
  orr_training_stop (training);
  while (orr_training_is_active (training))
    g_main_context_iteration (NULL, TRUE);

  g_assert_cmpuint (orr_document_get_study (document)->runs->len, ==, 1);
  g_autoptr (GPtrArray) left = orr_checkpoint_find ();
  g_assert_cmpuint (left->len, ==, 0);
}

/* One that waits is kept on the disk as well, until it is taken out or has ended. */
static void
test_waiting_is_kept (void)
{
  g_autoptr (OrrDocument) document = new_document ();
  g_autoptr (OrrJobQueue) jobs = orr_job_queue_new ();
  g_autoptr (OrrTraining) running = start (document, jobs, 100000), waiting = start (document, jobs, 7);
  g_autofree char *path = orr_checkpoint_path (orr_training_get_run_id (waiting));
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_auto (OrrCheckpoint) content = { 0 };
  g_autoptr (GError) error = NULL;

  while (!g_file_query_exists (file, NULL) || orr_job_queue_get_n_active (jobs) > 2)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (orr_checkpoint_load (file, &content, &error));
  g_assert_no_error (error);
  g_autoptr (OrrTrainer) trainer = orr_trainer_restore (content.hmm, content.state, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (orr_trainer_get_epoch (trainer), ==, 0);
  g_assert_cmpuint (orr_trainer_get_options (trainer)->epochs, ==, 7);

  orr_training_stop (waiting);
  orr_training_stop (running);
  while (orr_training_is_active (running) || orr_training_is_active (waiting))
    g_main_context_iteration (NULL, TRUE);
  g_autoptr (GPtrArray) left = orr_checkpoint_find ();
  g_assert_cmpuint (left->len, ==, 0);
}

static void
test_bad_options (void)
{
  g_autoptr (OrrDocument) document = new_document ();
  g_autoptr (OrrJobQueue) jobs = orr_job_queue_new ();
  g_autoptr (GError) error = NULL;
  OrrTrainOptions options = small_options (3);

  options.n_hidden = 0;
  const OrrTrainingRequest request = { .name = "net", .options = &options };
  g_assert_null (orr_training_start (document, jobs, &request, &error));
  g_assert_nonnull (error);
  g_assert_cmpuint (orr_job_queue_get_n_active (jobs), ==, 0);
}

/* Cut off in the middle, then resumed from its checkpoint: the same weights as in one go. */
static void
test_resume (void)
{
  g_autoptr (OrrHmm) hmm = orr_hmm_preset_create (orr_hmm_preset_find ("three"));
  OrrTrainOptions options = small_options (6);
  g_autoptr (OrrTrainer) whole = orr_trainer_new (hmm, &options, NULL);
  g_autofree char *path = orr_checkpoint_path ("resumed");
  OrrTrainingPlan plan = { hmm, "net", "resumed", NULL, { NAN, NAN } };
  OrrTrainEpoch epoch;

  g_assert_true (orr_training_run (whole, &plan, NULL, NULL, NULL, NULL));
  g_autoptr (OrrRun) expected = orr_training_build_run (whole, &plan);

  g_autoptr (OrrTrainer) part = orr_trainer_new (hmm, &options, NULL);
  for (int i = 0; i < 3; i++)
    g_assert_true (orr_trainer_run_epoch (part, &epoch, NULL, NULL));
  g_assert_true (orr_checkpoint_save (path, "resumed", "net", hmm, part, NULL));

  g_autoptr (OrrDocument) document = new_document ();
  g_autoptr (OrrJobQueue) jobs = orr_job_queue_new ();
  g_autoptr (GPtrArray) left = orr_checkpoint_find ();
  g_assert_cmpuint (left->len, ==, 1);
  g_autoptr (OrrTraining) training = orr_training_resume (document, jobs, left->pdata[0], NULL);
  while (orr_training_is_active (training))
    g_main_context_iteration (NULL, TRUE);

  OrrRun *run = orr_study_find_run (orr_document_get_study (document), "resumed");
  g_assert_cmpmem (run->network->weight_hh->data, 16 * 16 * 4, expected->network->weight_hh->data, 16 * 16 * 4);
  g_assert_cmpuint (run->history->rows, ==, 6);
  g_assert_cmpuint (run->snapshots->len, ==, expected->snapshots->len);
}

static void
test_bad_checkpoint (void)
{
  g_auto (OrrCheckpoint) content = { 0 };
  g_autoptr (GError) error = NULL;
  g_autofree char *path = orr_checkpoint_path ("broken");
  g_autoptr (GFile) file = g_file_new_for_path (path);

  g_assert_true (g_file_set_contents (path, "not a checkpoint", -1, NULL));
  g_assert_false (orr_checkpoint_load (file, &content, &error));
  g_assert_nonnull (error);
  orr_checkpoint_remove (path);
}

int
main (int argc, char *argv[])
{
  g_autofree char *cache = g_dir_make_tmp ("orrery-cache-XXXXXX", NULL);

  g_setenv ("XDG_CACHE_HOME", cache, TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/training/to-the-end", test_to_the_end);
  g_test_add_func ("/training/stop", test_stop);
  g_test_add_func ("/training/waiting-is-kept", test_waiting_is_kept);
  g_test_add_func ("/training/bad-options", test_bad_options);
  g_test_add_func ("/training/resume", test_resume);
  g_test_add_func ("/training/bad-checkpoint", test_bad_checkpoint);
  return g_test_run ();
}
