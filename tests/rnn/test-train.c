/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-train.h"

#include <math.h>
#include <string.h>

#include "orr-error.h"
#include "orr-parameters.h"
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

/* Trains on statistics alone: they come nearer, the validation loss is still told, and the road is repeatable. */
static void
test_statistics (void)
{
  g_autoptr (OrrHmm) hmm = create_model ();
  OrrTrainOptions options;
  guint n;

  small_options (&options);
  options.divergence_weight = 0.0;
  options.moment_weight = 5.0;
  options.learning_rate = options.learning_rate_end = 5e-3;
  options.epochs = 20;
  g_autoptr (OrrTrainer) two = orr_trainer_new (hmm, &options, NULL);
  options.threads = 1;
  g_autoptr (OrrTrainer) one = orr_trainer_new (hmm, &options, NULL);
  run_epochs (one, 15);
  run_epochs (two, 15);
  assert_same_state (one, two);

  const OrrTrainEpoch *history = orr_trainer_get_history (one, &n);
  g_assert_cmpfloat (history[14].statistics_distance, <, 0.2 * history[0].statistics_distance);
  g_assert_cmpfloat (history[14].train_loss, ==, 0.0);
  g_assert_cmpfloat (history[14].validation_loss, >, 0.0);
}

/* The choice of the best epoch weighs both. */
static void
test_weighted_selection (void)
{
  g_autoptr (OrrHmm) hmm = create_model ();
  OrrTrainOptions options;
  double best = INFINITY;
  guint n;

  small_options (&options);
  options.selection_weight = 3.0;
  g_autoptr (OrrTrainer) trainer = orr_trainer_new (hmm, &options, NULL);
  options.selection_weight = 0.0;
  g_autoptr (OrrTrainer) plain = orr_trainer_new (hmm, &options, NULL);
  run_epochs (trainer, 5);
  run_epochs (plain, 5);
  const OrrTrainEpoch *history = orr_trainer_get_history (trainer, &n), *losses = orr_trainer_get_history (plain, &n);
  for (guint i = 0; i < n; i++)
    {
      best = fmin (best, history[i].selection_loss);
      g_assert_cmpfloat (history[i].validation_loss, ==, losses[i].validation_loss);
      g_assert_cmpfloat_with_epsilon (history[i].selection_loss,
                                      losses[i].selection_loss + 3.0 * history[i].statistics_distance, 1e-9);
      g_assert_cmpfloat (history[history[i].best_epoch - 1].selection_loss, ==, best);
    }
}

static void
pack (OrrTrainer *trainer, float *out)
{
  g_autoptr (OrrNetwork) network = orr_trainer_copy_network (trainer);
  orr_parameters_pack (network, out);
}

/* Equal batches: the gradient of two together is that of one batch of both, but for the Sinkhorn term's own size. */
static void
test_accumulate (void)
{
  g_autoptr (OrrHmm) hmm = create_model ();
  OrrTrainOptions options;
  guint n;

  small_options (&options);
  options.sequences = 1800;
  options.accumulate = 2;
  g_autoptr (OrrTrainer) both = orr_trainer_new (hmm, &options, NULL);
  run_epochs (both, 2);
  g_autoptr (GVariant) state = g_variant_ref_sink (orr_trainer_save (both));
  g_assert_cmpint (orr_section_get_int (state, "adam_steps", 0), ==, 2);

  options.accumulate = 1;
  g_autoptr (OrrTrainer) each = orr_trainer_new (hmm, &options, NULL);
  run_epochs (each, 2);
  g_autoptr (GVariant) state_each = g_variant_ref_sink (orr_trainer_save (each));
  g_assert_cmpint (orr_section_get_int (state_each, "adam_steps", 0), ==, 4);

  /* Three batches in twos: the last one makes a step of its own. */
  options.sequences = 2700;
  options.accumulate = 2;
  g_autoptr (OrrTrainer) odd = orr_trainer_new (hmm, &options, NULL);
  run_epochs (odd, 1);
  g_autoptr (GVariant) state_odd = g_variant_ref_sink (orr_trainer_save (odd));
  g_assert_cmpint (orr_section_get_int (state_odd, "adam_steps", 0), ==, 2);
  g_assert_cmpfloat (orr_trainer_get_history (odd, &n)[0].train_loss, >, 0.0);
}

/* A decay near 0 leaves the weights as they are; a larger one lags behind them, also over a checkpoint. */
static void
test_average (void)
{
  g_autoptr (OrrHmm) hmm = create_model ();
  g_autoptr (GError) error = NULL;
  OrrTrainOptions options;

  small_options (&options);
  gsize n = orr_parameters_count (20, 6, 3, FALSE);
  g_autofree float *start = g_new (float, n), *plain = g_new (float, n), *same = g_new (float, n),
                   *mean = g_new (float, n);
  g_autoptr (OrrTrainer) without = orr_trainer_new (hmm, &options, NULL);
  pack (without, start);
  options.average = 1e-9;
  g_autoptr (OrrTrainer) little = orr_trainer_new (hmm, &options, NULL);
  options.average = 0.9;
  g_autoptr (OrrTrainer) much = orr_trainer_new (hmm, &options, NULL);
  run_epochs (without, 4);
  run_epochs (little, 4);
  run_epochs (much, 4);
  pack (without, plain);
  pack (little, same);
  pack (much, mean);
  double from_start = 0.0, mean_from_start = 0.0;
  for (gsize i = 0; i < n; i++)
    {
      g_assert_cmpfloat_with_epsilon (same[i], plain[i], 1e-5);
      from_start += fabs (plain[i] - start[i]);
      mean_from_start += fabs (mean[i] - start[i]);
    }
  g_assert_cmpfloat (mean_from_start, <, 0.95 * from_start);
  g_assert_cmpfloat (mean_from_start, >, 0.1 * from_start);

  g_autoptr (GVariant) state = g_variant_ref_sink (orr_trainer_save (much));
  g_autoptr (OrrTrainer) restored = orr_trainer_restore (hmm, state, &error);
  g_assert_no_error (error);
  run_epochs (much, 2);
  run_epochs (restored, 2);
  assert_same_state (much, restored);
  pack (much, plain);
  pack (restored, same);
  g_assert_cmpmem (plain, n * sizeof (float), same, n * sizeof (float));
}

/* L2 draws all weights towards 0 where it is the whole gradient, nearly. */
static void
test_weight_decay (void)
{
  g_autoptr (OrrHmm) hmm = create_model ();
  OrrTrainOptions options;

  small_options (&options);
  options.weight_decay = 1e3;
  gsize n = orr_parameters_count (20, 6, 3, FALSE);
  g_autofree float *before = g_new (float, n), *after = g_new (float, n);
  g_autoptr (OrrTrainer) trainer = orr_trainer_new (hmm, &options, NULL);
  pack (trainer, before);
  run_epochs (trainer, 1);
  pack (trainer, after);
  for (gsize i = 0; i < n; i++)
    if (fabsf (before[i]) > 0.01f)
      g_assert_cmpfloat (fabsf (after[i]), <, fabsf (before[i]));
}

/* A temperature that stays is the same as none that ends; one that falls gives other numbers from the second epoch. */
static void
test_tau (void)
{
  g_autoptr (OrrHmm) hmm = create_model ();
  OrrTrainOptions options;
  guint n;

  small_options (&options);
  g_autoptr (OrrTrainer) none = orr_trainer_new (hmm, &options, NULL);
  options.tau_end = 1.0;
  g_autoptr (OrrTrainer) stays = orr_trainer_new (hmm, &options, NULL);
  options.tau_end = 0.3;
  g_autoptr (OrrTrainer) falls = orr_trainer_new (hmm, &options, NULL);
  run_epochs (none, 3);
  run_epochs (stays, 3);
  run_epochs (falls, 3);
  assert_same_state (none, stays);
  const OrrTrainEpoch *a = orr_trainer_get_history (none, &n), *b = orr_trainer_get_history (falls, &n);
  g_assert_cmpfloat (a[0].train_loss, ==, b[0].train_loss);
  g_assert_cmpfloat (a[1].gradient_norm, !=, b[1].gradient_norm);
}

/* With a rate of next to nothing the loss cannot improve for long: training ends by itself, and only then. */
static void
test_patience (void)
{
  g_autoptr (OrrHmm) hmm = create_model ();
  OrrTrainOptions options;

  small_options (&options);
  options.learning_rate = options.learning_rate_end = 1e-9;
  options.epochs = 1000;
  options.patience = 4;
  g_autoptr (OrrTrainer) trainer = orr_trainer_new (hmm, &options, NULL);
  while (!orr_trainer_is_done (trainer))
    run_epochs (trainer, 1);
  guint n;
  const OrrTrainEpoch *history = orr_trainer_get_history (trainer, &n);
  g_assert_cmpuint (n, >=, 5);
  g_assert_cmpuint (n, <, 200);
  double smoothed = history[0].selection_loss, best = smoothed;
  guint best_epoch = 1;
  for (guint i = 1; i < n; i++)
    {
      g_assert_cmpuint (i, <, best_epoch + 4);
      smoothed += (history[i].selection_loss - smoothed) / 10.0;
      if (smoothed < best)
        {
          best = smoothed;
          best_epoch = i + 1;
        }
    }
  g_assert_cmpuint (n, ==, best_epoch + 4);

  options.patience = 0;
  options.epochs = 2;
  g_autoptr (OrrTrainer) patient = orr_trainer_new (hmm, &options, NULL);
  run_epochs (patient, 1);
  g_assert_false (orr_trainer_is_done (patient));
  run_epochs (patient, 1);
  g_assert_true (orr_trainer_is_done (patient));
}

static void
test_departures (void)
{
  const OrrHmmPreset *preset = orr_hmm_preset_find ("five");
  OrrTrainOptions options;

  orr_train_options_init_published (&options, preset);
  options.seed = 3;
  options.n_hidden = 50;
  options.threads = 1;
  options.snapshot_every = 5;
  options.moment_lag = 24;
  g_auto (GStrv) none = orr_train_options_dup_departures (&options, preset);
  g_assert_cmpuint (g_strv_length (none), ==, 0);

  options.initial_gain = 2.2;
  options.moment_weight = 5.0;
  options.epochs = 200;
  options.biased = TRUE;
  g_auto (GStrv) some = orr_train_options_dup_departures (&options, preset);
  g_assert_true (g_strv_contains ((const char *const *) some, "initial gain 2.2 (published: 1)"));
  g_assert_true (g_strv_contains ((const char *const *) some, "number of epochs 200 (published: 500)"));
  g_assert_true (g_strv_contains ((const char *const *) some, "longest lag of the statistics 24"));
  g_assert_true (g_strv_contains ((const char *const *) some, "use of biases"));
  g_assert_cmpuint (g_strv_length (some), ==, 5);
  g_auto (GStrv) unknown = orr_train_options_dup_departures (&options, NULL);
  g_assert_cmpuint (g_strv_length (unknown), ==, 4);
}

/* Each recipe fits each model, and only the published one departs in nothing. */
static void
test_recipes (void)
{
  static const char *const names[] = { "published", "faithful", "quick" };
  guint n;
  const OrrHmmPreset *presets = orr_hmm_presets (&n);
  g_autoptr (GError) error = NULL;
  OrrTrainOptions options;

  for (guint i = 0; i <= n; i++)
    for (guint r = 0; r < G_N_ELEMENTS (names); r++)
      {
        const OrrHmmPreset *preset = i < n ? &presets[i] : NULL;

        g_assert_true (orr_train_options_init_recipe (&options, names[r], preset, &error));
        g_assert_true (orr_train_options_validate (&options, NULL, &error));
        g_assert_no_error (error);
        g_auto (GStrv) departures = orr_train_options_dup_departures (&options, preset);
        g_assert_cmpint (g_strv_length (departures) == 0, ==, r == 0);
        /* The statistics have come in, and the rate has begun to fall, before the end. */
        g_assert_cmpuint (options.moment_from, <, options.epochs);
        g_assert_cmpuint (options.decay_from, <, options.epochs);
        if (preset != NULL)
          g_assert_cmpuint (options.length, ==, preset->length);
      }
  g_assert_false (orr_train_options_init_recipe (&options, "secret", NULL, &error));
  g_assert_error (error, ORR_ERROR, ORR_ERROR_INPUT);
}

/* Until the statistics come in, training is by the divergence alone, to the last bit. */
static void
test_statistics_from (void)
{
  g_autoptr (OrrHmm) hmm = create_model ();
  OrrTrainOptions options;
  guint n;

  small_options (&options);
  g_autoptr (OrrTrainer) plain = orr_trainer_new (hmm, &options, NULL);
  options.moment_weight = 5.0;
  options.moment_from = 3;
  g_autoptr (OrrTrainer) later = orr_trainer_new (hmm, &options, NULL);
  run_epochs (plain, 2);
  run_epochs (later, 2);
  assert_same_state (plain, later);
  run_epochs (plain, 1);
  run_epochs (later, 1);
  g_assert_cmpfloat (orr_trainer_get_history (plain, &n)[2].gradient_norm, <,
                     orr_trainer_get_history (later, &n)[2].gradient_norm);
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

/* A shorter training keeps the shape of its schedule, but for what was set by hand. */
static void
test_epochs (void)
{
  const OrrHmmPreset *three = orr_hmm_preset_find ("three");
  OrrTrainOptions planned, options;

  orr_train_options_init_quick (&planned, three);
  g_assert_cmpuint (planned.epochs, ==, 300);
  options = planned;
  orr_train_options_set_epochs (&options, &planned, 100);
  g_assert_cmpuint (options.epochs, ==, 100);
  g_assert_cmpuint (options.decay_from, ==, planned.decay_from / 3);
  g_assert_cmpuint (options.moment_from, ==, (planned.moment_from + 1) / 3);
  options.decay_from = 7;
  orr_train_options_set_epochs (&options, &planned, 300);
  g_assert_cmpuint (options.decay_from, ==, 7);
  g_assert_cmpuint (options.moment_from, ==, planned.moment_from);
  orr_train_options_init_published (&planned, three);
  options = planned;
  orr_train_options_set_epochs (&options, &planned, 5);
  g_assert_cmpuint (options.decay_from, ==, planned.decay_from);
  g_assert_cmpuint (options.moment_from, ==, planned.moment_from);
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
  g_test_add_func ("/train/statistics", test_statistics);
  g_test_add_func ("/train/weighted-selection", test_weighted_selection);
  g_test_add_func ("/train/accumulate", test_accumulate);
  g_test_add_func ("/train/average", test_average);
  g_test_add_func ("/train/weight-decay", test_weight_decay);
  g_test_add_func ("/train/tau", test_tau);
  g_test_add_func ("/train/patience", test_patience);
  g_test_add_func ("/train/departures", test_departures);
  g_test_add_func ("/train/recipes", test_recipes);
  g_test_add_func ("/train/epochs", test_epochs);
  g_test_add_func ("/train/statistics-from", test_statistics_from);
  g_test_add_func ("/train/bad-states", test_bad_states);
  g_test_add_func ("/train/baseline", test_baseline);
  return g_test_run ();
}
