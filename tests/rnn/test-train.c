/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-train.h"

#include <math.h>
#include <string.h>

#include "orr-error.h"
#include "orr-section.h"

static void
small_options (OrrTrainOptions *options)
{
  orr_train_options_init_published (options, orr_hmm_preset_find ("three"));
  options->n_hidden = 20;
  options->n_noise = 6;
  options->length = 12;
  options->sequences = 1200;
  options->batch = 300;
  options->epochs = 6;
  options->seed = 5;
  options->snapshot_every = 2;
  options->threads = 2;
}

static OrrHmm *
create_model (void)
{
  return orr_hmm_preset_create (orr_hmm_preset_find ("three"));
}

static void
run_epochs (OrrTrainer *trainer, guint n)
{
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < n; i++)
    {
      g_assert_true (orr_trainer_run_epoch (trainer, NULL, NULL, &error));
      g_assert_no_error (error);
    }
}

/* All but the seconds, which no run repeats. */
static GVariant *
state_without_seconds (OrrTrainer *trainer)
{
  g_autoptr (GVariant) state = g_variant_ref_sink (orr_trainer_save (trainer));
  g_autoptr (GVariant) history = g_variant_lookup_value (state, "history", G_VARIANT_TYPE_VARDICT);
  GVariantDict dict, inner;

  g_variant_dict_init (&inner, history);
  g_variant_dict_remove (&inner, "seconds");
  g_variant_dict_init (&dict, state);
  g_variant_dict_insert_value (&dict, "history", g_variant_dict_end (&inner));
  g_variant_dict_remove (&dict, "options");
  return g_variant_ref_sink (g_variant_dict_end (&dict));
}

static void
assert_same_state (OrrTrainer *a, OrrTrainer *b)
{
  g_autoptr (GVariant) state_a = state_without_seconds (a), state_b = state_without_seconds (b);
  static const char *const names[] = { "epoch", "best_epoch", "best_validation_loss", "adam_steps", "parameters",
                                       "best_parameters", "adam_mean", "adam_square", "snapshot_epochs", "snapshots" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (GVariant) value_a = g_variant_lookup_value (state_a, names[i], NULL);
      g_autoptr (GVariant) value_b = g_variant_lookup_value (state_b, names[i], NULL);
      g_assert_nonnull (value_a);
      g_assert_true (g_variant_equal (value_a, value_b));
    }
}

static void
test_threads (void)
{
  g_autoptr (OrrHmm) hmm = create_model ();
  OrrTrainOptions options;

  small_options (&options);
  g_autoptr (OrrTrainer) two = orr_trainer_new (hmm, &options, NULL);
  options.threads = 1;
  g_autoptr (OrrTrainer) one = orr_trainer_new (hmm, &options, NULL);
  run_epochs (one, 3);
  run_epochs (two, 3);
  assert_same_state (one, two);
}

static void
test_resume (void)
{
  g_autoptr (OrrHmm) hmm = create_model ();
  g_autoptr (GError) error = NULL;
  OrrTrainOptions options;

  small_options (&options);
  options.learning_rate_end = 1e-4;
  g_autoptr (OrrTrainer) whole = orr_trainer_new (hmm, &options, NULL);
  g_autoptr (OrrTrainer) first = orr_trainer_new (hmm, &options, NULL);
  run_epochs (whole, 5);
  run_epochs (first, 3);

  g_autoptr (GVariant) state = g_variant_ref_sink (orr_trainer_save (first));
  g_autoptr (OrrTrainer) second = orr_trainer_restore (hmm, state, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (orr_trainer_get_epoch (second), ==, 3);
  run_epochs (second, 2);
  assert_same_state (whole, second);
}

static void
test_history (void)
{
  g_autoptr (OrrHmm) hmm = create_model ();
  OrrTrainOptions options;
  double best = INFINITY;
  guint n, epoch;

  small_options (&options);
  g_autoptr (OrrTrainer) trainer = orr_trainer_new (hmm, &options, NULL);
  run_epochs (trainer, 5);
  const OrrTrainEpoch *history = orr_trainer_get_history (trainer, &n);
  g_assert_cmpuint (n, ==, 5);
  for (guint i = 0; i < n; i++)
    {
      best = MIN (best, history[i].validation_loss);
      g_assert_cmpuint (history[i].epoch, ==, i + 1);
      g_assert_cmpfloat (history[i].best_validation_loss, ==, best);
      g_assert_cmpfloat (history[i].validation_loss, ==,
                         history[history[i].epoch - 1].validation_loss);
      g_assert_cmpfloat (history[i].gradient_norm, >, 0.0);
    }
  g_assert_cmpfloat (history[history[n - 1].best_epoch - 1].validation_loss, ==, best);

  g_assert_cmpuint (orr_trainer_get_n_snapshots (trainer), ==, 2);
  g_autoptr (OrrNetwork) snapshot = orr_trainer_get_snapshot (trainer, 1, &epoch);
  g_assert_cmpuint (epoch, ==, 4);
  g_assert_true (orr_network_validate (snapshot, NULL));
}

/* The best network is a copy of its epoch's, not the last one under another name. */
static void
test_best_is_a_copy (void)
{
  g_autoptr (OrrHmm) hmm = create_model ();
  g_autoptr (OrrNetwork) at_best = NULL;
  OrrTrainOptions options;
  OrrTrainEpoch epoch;

  small_options (&options);
  options.learning_rate = options.learning_rate_end = 0.02;
  g_autoptr (OrrTrainer) trainer = orr_trainer_new (hmm, &options, NULL);
  do
    {
      g_assert_true (orr_trainer_run_epoch (trainer, &epoch, NULL, NULL));
      if (epoch.best_epoch == epoch.epoch)
        {
          g_clear_pointer (&at_best, orr_network_unref);
          at_best = orr_trainer_copy_network (trainer);
        }
    }
  while (epoch.best_epoch == epoch.epoch && epoch.epoch < 60);
  g_assert_cmpuint (epoch.best_epoch, <, epoch.epoch);

  g_autoptr (OrrNetwork) best = orr_trainer_copy_best (trainer);
  g_autoptr (OrrNetwork) last = orr_trainer_copy_network (trainer);
  gsize n = best->weight_hh->rows * best->weight_hh->cols * sizeof (float);
  g_assert_cmpmem (best->weight_hh->data, n, at_best->weight_hh->data, n);
  g_assert_cmpint (memcmp (best->weight_hh->data, last->weight_hh->data, n), !=, 0);
}

typedef struct
{
  OrrProgress *progress;
  gint64       cancelled_at;
} Stopper;

static gpointer
stop (gpointer data)
{
  Stopper *stopper = data;

  g_usleep (30000);
  stopper->cancelled_at = g_get_monotonic_time ();
  orr_progress_cancel (stopper->progress);
  return NULL;
}

/* After a cancel in mid-epoch the trainer is where the last finished epoch left it. */
static void
test_cancel (void)
{
  g_autoptr (OrrHmm) hmm = create_model ();
  g_autoptr (GError) error = NULL;
  OrrTrainOptions options;
  Stopper stopper = { orr_progress_new (NULL, NULL, NULL), 0 };

  small_options (&options);
  g_autoptr (OrrTrainer) stopped = orr_trainer_new (hmm, &options, NULL);
  g_autoptr (OrrTrainer) whole = orr_trainer_new (hmm, &options, NULL);
  run_epochs (stopped, 1);
  run_epochs (whole, 2);

  GThread *thread = g_thread_new ("stop", stop, &stopper);
  while (orr_trainer_run_epoch (stopped, NULL, stopper.progress, &error))
    ;
  g_thread_join (thread);
  g_assert_error (error, ORR_ERROR, ORR_ERROR_CANCELLED);
  orr_progress_unref (stopper.progress);

  guint reached = orr_trainer_get_epoch (stopped);
  if (reached < 2)
    run_epochs (stopped, 2 - reached);
  else
    run_epochs (whole, reached - 2);
  assert_same_state (stopped, whole);
}

/* Windows: repeatable with any number of threads and over a checkpoint, and their loss is that of short sequences. */
static void
test_windows (void)
{
  g_autoptr (OrrHmm) hmm = create_model ();
  g_autoptr (GError) error = NULL;
  OrrTrainOptions options;
  OrrTrainEpoch whole, windows;

  small_options (&options);
  g_autoptr (OrrTrainer) plain = orr_trainer_new (hmm, &options, NULL);
  options.window = 4;
  g_autoptr (OrrTrainer) one = orr_trainer_new (hmm, &options, NULL);
  options.threads = 1;
  g_autoptr (OrrTrainer) two = orr_trainer_new (hmm, &options, NULL);
  g_assert_true (orr_trainer_run_epoch (plain, &whole, NULL, NULL));
  g_assert_true (orr_trainer_run_epoch (one, &windows, NULL, NULL));
  g_assert_cmpfloat (windows.train_loss, <, 0.5 * whole.train_loss);
  run_epochs (one, 2);
  run_epochs (two, 2);

  g_autoptr (GVariant) state = g_variant_ref_sink (orr_trainer_save (two));
  g_autoptr (OrrTrainer) third = orr_trainer_restore (hmm, state, &error);
  g_assert_no_error (error);
  run_epochs (third, 1);
  assert_same_state (one, third);
}

/* From the first epoch of windows on, they choose the best epoch, among themselves. */
static void
test_selection (void)
{
  g_autoptr (OrrHmm) hmm = create_model ();
  OrrTrainOptions options;
  guint n;

  small_options (&options);
  options.window = 4;
  options.window_from = 4;
  g_autoptr (OrrTrainer) trainer = orr_trainer_new (hmm, &options, NULL);
  run_epochs (trainer, 6);
  const OrrTrainEpoch *history = orr_trainer_get_history (trainer, &n);
  double best = INFINITY;
  for (guint i = 0; i < n; i++)
    {
      if (i == 3)
        best = INFINITY;
      best = MIN (best, history[i].selection_loss);
      g_assert_cmpfloat (history[history[i].best_epoch - 1].selection_loss, ==, best);
      g_assert_cmpfloat (history[i].best_validation_loss, ==, history[history[i].best_epoch - 1].validation_loss);
      if (i < 3)
        g_assert_cmpfloat (history[i].selection_loss, ==, history[i].validation_loss);
      else
        g_assert_cmpfloat (history[i].selection_loss, <, 0.5 * history[i].validation_loss);
    }
}

/* With windows as long as the sequences nothing changes but the road to the same numbers. */
static void
test_widest_window (void)
{
  g_autoptr (OrrHmm) hmm = create_model ();
  OrrTrainOptions options;

  small_options (&options);
  g_autoptr (OrrTrainer) plain = orr_trainer_new (hmm, &options, NULL);
  options.window = options.length;
  g_autoptr (OrrTrainer) widest = orr_trainer_new (hmm, &options, NULL);
  run_epochs (plain, 2);
  run_epochs (widest, 2);
  assert_same_state (plain, widest);
}

static void
test_options (void)
{
  g_autoptr (GError) error = NULL;
  OrrTrainOptions options, back;

  small_options (&options);
  options.biased = TRUE;
  options.activation = ORR_ACTIVATION_TANH;
  options.sigma = 0.5;
  options.learning_rate_end = 1e-5;
  g_autoptr (GVariant) section = g_variant_ref_sink (orr_train_options_to_section (&options));
  g_assert_true (orr_train_options_from_section (&back, section, &error));
  g_autoptr (GVariant) again = g_variant_ref_sink (orr_train_options_to_section (&back));
  g_assert_true (g_variant_equal (section, again));

  options.initial_gain = 1.0;
  g_autoptr (OrrHmm) hmm = create_model ();
  g_autoptr (OrrTrainer) plain = orr_trainer_new (hmm, &options, NULL);
  options.initial_gain = 2.5;
  g_autoptr (OrrTrainer) raised = orr_trainer_new (hmm, &options, NULL);
  g_autoptr (OrrNetwork) network = orr_trainer_copy_network (plain);
  g_autoptr (OrrNetwork) network_raised = orr_trainer_copy_network (raised);
  for (guint i = 0; i < 400; i++)
    g_assert_cmpfloat_with_epsilon (network_raised->weight_hh->data[i], 2.5f * network->weight_hh->data[i], 1e-6);
  g_assert_cmpfloat (network_raised->weight_out->data[7], ==, network->weight_out->data[7]);

  options.batch = 1;
  g_assert_false (orr_train_options_validate (&options, NULL, &error));
  g_assert_error (error, ORR_ERROR, ORR_ERROR_INPUT);
  g_assert_nonnull (strstr (error->message, "batch"));
  g_clear_error (&error);
  options.batch = 100;
  options.sigma = NAN;
  g_assert_false (orr_train_options_validate (&options, NULL, &error));
  g_assert_error (error, ORR_ERROR, ORR_ERROR_INPUT);
}

static void
test_bad_states (void)
{
  g_autoptr (OrrHmm) hmm = create_model ();
  g_autoptr (OrrHmm) other = orr_hmm_preset_create (orr_hmm_preset_find ("four"));
  g_autoptr (GError) error = NULL;
  OrrTrainOptions options;
  GVariantDict dict;

  small_options (&options);
  g_autoptr (OrrTrainer) trainer = orr_trainer_new (hmm, &options, NULL);
  run_epochs (trainer, 1);
  g_autoptr (GVariant) state = g_variant_ref_sink (orr_trainer_save (trainer));

  g_assert_null (orr_trainer_restore (other, state, &error));
  g_assert_error (error, ORR_ERROR, ORR_ERROR_INPUT);
  g_clear_error (&error);

  static const char *const needed[] = { "format", "options", "epoch", "parameters", "adam_mean", "history" };
  for (guint i = 0; i < G_N_ELEMENTS (needed); i++)
    {
      g_variant_dict_init (&dict, state);
      g_variant_dict_remove (&dict, needed[i]);
      g_autoptr (GVariant) torn = g_variant_ref_sink (g_variant_dict_end (&dict));
      g_assert_null (orr_trainer_restore (hmm, torn, &error));
      g_assert_error (error, ORR_ERROR, ORR_ERROR_INPUT);
      g_clear_error (&error);
    }
}

/* The model against itself: small beside what a network on its plateau reaches, and repeatable. */
static void
test_baseline (void)
{
  g_autoptr (OrrHmm) hmm = create_model ();
  OrrTrainOptions options;
  OrrTrainEpoch epoch;

  small_options (&options);
  double baseline = orr_train_baseline (hmm, &options, NULL, NULL);
  g_assert_cmpfloat (baseline, ==, orr_train_baseline (hmm, &options, NULL, NULL));
  g_autoptr (OrrTrainer) trainer = orr_trainer_new (hmm, &options, NULL);
  g_assert_true (orr_trainer_run_epoch (trainer, &epoch, NULL, NULL));
  g_assert_cmpfloat (baseline, >, 0.0);
  g_assert_cmpfloat (baseline, <, 0.7 * epoch.validation_loss);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/train/threads", test_threads);
  g_test_add_func ("/train/resume", test_resume);
  g_test_add_func ("/train/history", test_history);
  g_test_add_func ("/train/best-is-a-copy", test_best_is_a_copy);
  g_test_add_func ("/train/cancel", test_cancel);
  g_test_add_func ("/train/windows", test_windows);
  g_test_add_func ("/train/selection", test_selection);
  g_test_add_func ("/train/widest-window", test_widest_window);
  g_test_add_func ("/train/options", test_options);
  g_test_add_func ("/train/bad-states", test_bad_states);
  g_test_add_func ("/train/baseline", test_baseline);
  return g_test_run ();
}
