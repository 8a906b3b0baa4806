/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-train-watch.h"

#include <math.h>
#include <string.h>

#include "orr-hmm-presets.h"
#include "orr-rollout.h"
#include "orr-section.h"

static const OrrTrainLevels levels = { .baseline = 4.2, .independent = 5.6 };

static void
published (OrrTrainOptions *options)
{
  orr_train_options_init_published (options, orr_hmm_preset_find ("three"));
}

/* A healthy epoch with this loss; the best one so far is kept up. */
static void
append (GArray *history, double loss)
{
  OrrTrainEpoch epoch = { .epoch = history->len + 1, .train_loss = loss, .validation_loss = loss,
                          .best_validation_loss = loss, .best_epoch = history->len + 1, .gradient_norm = 0.5,
                          .selection_loss = loss, .silent_units = 3, .activity = 0.8, .activity_growth = 1.1 };

  if (history->len > 0)
    {
      const OrrTrainEpoch *last = &g_array_index (history, OrrTrainEpoch, history->len - 1);
      if (last->best_validation_loss < loss)
        {
          epoch.best_validation_loss = last->best_validation_loss;
          epoch.best_epoch = last->best_epoch;
        }
    }
  g_array_append_val (history, epoch);
}

/* A little up and down, as validation losses go. */
static void
append_many (GArray *history, guint n, double loss)
{
  for (guint i = 0; i < n; i++)
    append (history, loss + 0.05 * sin (2.1 * history->len));
}

static GArray *
watch (const GArray *history, const OrrTrainOptions *options)
{
  return orr_train_watch ((const OrrTrainEpoch *) (gpointer) history->data, history->len, options, &levels);
}

static OrrTrainEvent *
only_event (GArray *events)
{
  g_assert_cmpuint (events->len, ==, 1);
  return &g_array_index (events, OrrTrainEvent, 0);
}

/* Published runs rest on the plateau for 50 to 140 epochs, then break; odd epochs stand out. */
static void
test_healthy (void)
{
  g_autoptr (GArray) history = g_array_new (FALSE, FALSE, sizeof (OrrTrainEpoch));
  OrrTrainOptions options;

  published (&options);
  append_many (history, 3, 9.0);
  append_many (history, 135, 5.6);
  append_many (history, 20, 5.0);
  append_many (history, 150, 4.3);
  append (history, 7.9); /* one epoch that overshoots */
  append_many (history, 190, 4.1);
  g_autoptr (GArray) events = watch (history, &options);
  g_assert_cmpuint (events->len, ==, 0);
}

static void
test_plateau (void)
{
  g_autoptr (OrrHmm) three = orr_hmm_preset_create (orr_hmm_preset_find ("three"));
  g_autoptr (GArray) history = g_array_new (FALSE, FALSE, sizeof (OrrTrainEpoch));
  g_auto (OrrTrainRemedy) remedy = { 0 };
  OrrTrainOptions options;

  published (&options);
  guint patience = orr_train_plateau_patience (&options);
  g_assert_cmpuint (patience, ==, 150);
  append_many (history, patience - 1, 5.6);
  g_autoptr (GArray) before = watch (history, &options);
  g_assert_cmpuint (before->len, ==, 0);

  append_many (history, 51, 5.6);
  g_autoptr (GArray) during = watch (history, &options);
  OrrTrainEvent *event = only_event (during);
  g_assert_cmpint (event->kind, ==, ORR_TRAIN_EVENT_PLATEAU);
  g_assert_cmpuint (event->epoch, ==, patience);
  g_assert_cmpuint (event->until, ==, 0);

  /* The remedy that was found, from a fresh network. */
  orr_train_event_find_remedy (event, &options, three, &remedy);
  g_assert_cmpfloat (remedy.options.initial_gain, ==, 2.2);
  g_assert_false (remedy.go_on);
  g_assert_nonnull (strstr (remedy.label, "2.2"));
  remedy.options.initial_gain = options.initial_gain;
  g_assert_cmpmem (&remedy.options, sizeof remedy.options, &options, sizeof options);

  append_many (history, 20, 4.4);
  g_autoptr (GArray) after = watch (history, &options);
  event = only_event (after);
  g_assert_cmpuint (event->until, >=, 201);
  g_assert_cmpuint (event->until, <, 208);
}

/* The remedy of a plateau for this model and these options, followed until there is no other draw to try. */
static guint
follow_remedies (const OrrHmm *hmm, OrrTrainOptions *options, gboolean *gain, gboolean *statistics)
{
  const OrrTrainEvent event = { ORR_TRAIN_EVENT_PLATEAU, 150, 0, 5.6 };
  guint64 seed = options->seed;
  guint tried = 0;

  *gain = *statistics = FALSE;
  for (; options->seed == seed && tried < 10; tried++)
    {
      g_auto (OrrTrainRemedy) remedy = { 0 };

      orr_train_event_find_remedy (&event, options, hmm, &remedy);
      g_assert_true (orr_train_options_validate (&remedy.options, hmm, NULL));
      g_assert_cmpuint (strlen (remedy.label), >, 0);
      g_assert_cmpuint (strlen (remedy.reason), >, 0);
      g_assert_false (remedy.go_on);
      *gain |= remedy.options.initial_gain > 2.0;
      *statistics |= remedy.options.moment_weight > 0.0 && remedy.options.moment_from <= 1;
      *options = remedy.options;
    }
  return tried;
}

/* A larger gain is for chains of states: it freezes networks of the other presets, and of a person's own model
 * nobody knows. */
static void
test_remedy_by_model (void)
{
  guint n;
  const OrrHmmPreset *presets = orr_hmm_presets (&n);
  gboolean gain, statistics;
  OrrTrainOptions options;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (OrrHmm) hmm = orr_hmm_preset_create (&presets[i]);
      gboolean chain = !orr_train_statistics_lead (&presets[i]);

      orr_train_options_init_published (&options, &presets[i]);
      options.n_hidden = 50;
      options.seed = 7;
      options.batch = 1024;
      g_assert_cmpuint (follow_remedies (hmm, &options, &gain, &statistics), ==, 3);
      g_assert_cmpint (gain, ==, chain);
      g_assert_cmpint (statistics, ==, !chain);
      g_assert_cmpuint (options.n_hidden, ==, 50);
      g_assert_cmpuint (options.length, ==, presets[i].length);
      g_assert_cmpuint (options.batch, ==, 2048);
      g_assert_cmpuint (options.seed, ==, 8);
    }

  g_autoptr (OrrHmm) own = orr_hmm_preset_create (orr_hmm_preset_find ("cyclic"));
  own->transition[0] -= 0.01;
  own->transition[1] += 0.01;
  orr_train_options_init_published (&options, NULL);
  options.initial_gain = 2.2;
  follow_remedies (own, &options, &gain, &statistics);
  g_assert_false (gain);
  g_assert_true (statistics);
  g_assert_cmpfloat (options.initial_gain, ==, 1.0);
  g_assert_cmpuint (options.epochs, ==, 500);
}

/* With a larger gain the plateau is short, so patience is too; and it never is all of a short training. */
static void
test_patience (void)
{
  OrrTrainOptions options;

  orr_train_options_init_quick (&options, NULL);
  g_assert_cmpuint (orr_train_plateau_patience (&options), ==, 150);
  options.epochs = 80;
  g_assert_cmpuint (orr_train_plateau_patience (&options), ==, 64);
}

static void
test_silent (void)
{
  g_autoptr (GArray) history = g_array_new (FALSE, FALSE, sizeof (OrrTrainEpoch));
  g_auto (OrrTrainRemedy) remedy = { 0 };
  OrrTrainOptions options;

  published (&options);
  append_many (history, 40, 5.6);
  for (guint i = 20; i < 40; i++)
    g_array_index (history, OrrTrainEpoch, i).silent_units = 120;
  g_autoptr (GArray) events = watch (history, &options);
  OrrTrainEvent *event = only_event (events);
  g_assert_cmpint (event->kind, ==, ORR_TRAIN_EVENT_SILENT_UNITS);
  g_assert_cmpuint (event->epoch, ==, 30);
  g_assert_cmpfloat (event->value, ==, 120);
  orr_train_event_find_remedy (event, &options, NULL, &remedy);
  g_assert_cmpfloat (remedy.options.learning_rate, <, options.learning_rate);
  g_assert_cmpfloat (remedy.options.learning_rate_end, ==, remedy.options.learning_rate);

  /* Tanh units are never silent for long: 0 is where they start. */
  options.activation = ORR_ACTIVATION_TANH;
  g_autoptr (GArray) none = watch (history, &options);
  g_assert_cmpuint (none->len, ==, 0);
}

static void
test_explosion (void)
{
  g_autoptr (GArray) history = g_array_new (FALSE, FALSE, sizeof (OrrTrainEpoch));
  g_auto (OrrTrainRemedy) remedy = { 0 };
  OrrTrainOptions options;

  published (&options);
  append_many (history, 60, 4.6);
  for (guint i = 30; i < 45; i++)
    g_array_index (history, OrrTrainEpoch, i).activity_growth = 40.0;
  g_autoptr (GArray) events = watch (history, &options);
  OrrTrainEvent *event = only_event (events);
  g_assert_cmpint (event->kind, ==, ORR_TRAIN_EVENT_EXPLOSION);
  g_assert_cmpuint (event->epoch, ==, 40);
  g_assert_cmpuint (event->until, ==, 55);
  orr_train_event_find_remedy (event, &options, NULL, &remedy);
  g_assert_true (remedy.go_on);
  g_assert_cmpfloat (remedy.options.learning_rate_end, <, remedy.options.learning_rate);
  g_assert_cmpfloat (remedy.options.activity_weight, >, 0.0);
  g_assert_true (orr_train_options_validate (&remedy.options, NULL, NULL));
}

static void
test_divergence (void)
{
  g_autoptr (GArray) history = g_array_new (FALSE, FALSE, sizeof (OrrTrainEpoch));
  OrrTrainOptions options;

  published (&options);
  append_many (history, 80, 4.6);
  append_many (history, 10, 14.0);
  g_autoptr (GArray) events = watch (history, &options);
  OrrTrainEvent *event = only_event (events);
  g_assert_cmpint (event->kind, ==, ORR_TRAIN_EVENT_DIVERGENCE);
  g_assert_cmpuint (event->epoch, >, 80);
  g_assert_cmpuint (event->epoch, <, 86);

  g_autoptr (GVariant) list = g_variant_ref_sink (orr_train_events_to_section (events, &options, &levels));
  g_autoptr (GVariant) first = g_variant_get_child_value (list, 0);
  g_autofree char *kind = orr_section_dup_string (first, "kind");
  g_autofree char *message = orr_section_dup_string (first, "message");
  g_assert_cmpstr (kind, ==, "divergence");
  g_assert_nonnull (strstr (message, "5.60"));
}

/* A network without recurrence emits independent symbols: what it reaches is the level. */
static void
test_independent_level (void)
{
  g_autoptr (OrrHmm) three = orr_hmm_preset_create (orr_hmm_preset_find ("three"));
  g_autoptr (OrrHmm) chance = orr_hmm_copy (three);
  OrrTrainOptions options;
  OrrTrainLevels measured, of_chance;

  published (&options);
  options.n_hidden = 8;
  options.n_noise = 4;
  options.sequences = 3000;
  options.batch = 1000;
  g_autoptr (OrrTrainer) trainer = orr_trainer_new (three, &options, NULL);
  g_assert_true (orr_trainer_measure_levels (trainer, &measured, NULL, NULL));
  g_assert_cmpfloat (measured.baseline, ==, orr_train_baseline (three, &options, NULL, NULL));
  g_assert_cmpfloat (measured.independent, >, 1.15 * measured.baseline);

  /* A model without memory: each state follows each, so both levels are one up to sampling. */
  for (guint i = 0; i < 9; i++)
    chance->transition[i] = 1.0 / 3.0;
  g_autoptr (OrrTrainer) second = orr_trainer_new (chance, &options, NULL);
  g_assert_true (orr_trainer_measure_levels (second, &of_chance, NULL, NULL));
  g_assert_cmpfloat (fabs (of_chance.independent / of_chance.baseline - 1.0), <, 0.01);

  /* Then there is no plateau to rest on. */
  g_autoptr (GArray) history = g_array_new (FALSE, FALSE, sizeof (OrrTrainEpoch));
  append_many (history, 300, of_chance.independent);
  g_autoptr (GArray) events = orr_train_watch ((const OrrTrainEpoch *) (gpointer) history->data, history->len, &options,
                                               &of_chance);
  g_assert_cmpuint (events->len, ==, 0);
}

/* Weights for which the answer is known. */
static void
test_measure (void)
{
  OrrRolloutOptions options = { .length = 9, .most = 20, .backward = TRUE, .sigma = 1.0, .tau = 1.0, .threads = 1 };
  g_autoptr (OrrNetwork) network = orr_network_new (6, 3, 2, TRUE);
  OrrRolloutActivity activity;

  /* Units 0 and 1 are held down; 2 doubles itself from a bias of 1, without noise; the others stay as they are. */
  network->bias_hh->data[0] = network->bias_hh->data[1] = -1.0f;
  network->bias_hh->data[2] = 1.0f;
  network->weight_hh->data[2 * 6 + 2] = 2.0f;
  for (guint i = 3; i < 6; i++)
    network->bias_hh->data[i] = 0.001f;
  g_autoptr (OrrRollout) rollout = orr_rollout_new (network, &options);
  g_assert_true (orr_rollout_forward (rollout, network, 20, 0, NULL, NULL));
  orr_rollout_measure (rollout, &activity);
  g_assert_cmpuint (activity.silent_units, ==, 2);
  /* h = 2^t - 1 at step t: 511 at the ninth, 31 at the fifth. */
  g_assert_cmpfloat_with_epsilon (activity.last, 511.0 / sqrt (6.0), 1e-3);
  g_assert_cmpfloat_with_epsilon (activity.growth, 511.0 / 31.0, 1e-3);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/watch/healthy", test_healthy);
  g_test_add_func ("/watch/plateau", test_plateau);
  g_test_add_func ("/watch/remedy-by-model", test_remedy_by_model);
  g_test_add_func ("/watch/patience", test_patience);
  g_test_add_func ("/watch/silent", test_silent);
  g_test_add_func ("/watch/explosion", test_explosion);
  g_test_add_func ("/watch/divergence", test_divergence);
  g_test_add_func ("/watch/independent-level", test_independent_level);
  g_test_add_func ("/watch/measure", test_measure);
  return g_test_run ();
}
