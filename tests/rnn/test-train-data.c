/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-train-data.h"

#include <string.h>

#include "orr-error.h"
#include "orr-hmm-presets.h"
#include "orr-hmm-sample.h"
#include "orr-train.h"

/* A session whose every window tells where it is from: three symbols count in base three, seven digits a place. */
static OrrSequences *
create_session (gsize places)
{
  g_autofree guint16 *symbols = g_new (guint16, 7 * places);

  for (gsize i = 0; i < places; i++)
    for (gsize d = 0, rest = i; d < 7; d++, rest /= 3)
      symbols[7 * i + d] = rest % 3;
  return orr_sequences_new_equal (1, 7 * places, symbols);
}

/* Every window is a stretch of the session, and no step is in two thirds. */
static void
test_session (void)
{
  g_autoptr (OrrSequences) session = create_session (600);
  g_autoptr (GError) error = NULL;
  g_autoptr (OrrTrainData) data = orr_train_data_new (session, "session", 21, 300, 4, &error);
  g_autofree guint8 *used = g_malloc0 (4200);

  g_assert_no_error (error);
  g_assert_cmpuint (data->n_sequences, >=, 250);
  g_assert_cmpuint (data->n_sequences, <=, 300);
  g_assert_cmpuint (data->n_symbols, ==, 3);
  for (guint i = 0; i < data->n_sequences; i++)
    {
      guint third = i / (data->n_sequences / 3);
      gsize first = 0;
      guint t = 0;

      for (; first + 21 <= 4200 && t < 21; first++)
        for (t = 0; t < 21 && data->symbols[i * 21 + t] == session->symbols[first + t]; t++)
          ;
      g_assert_cmpuint (t, ==, 21);
      for (t = 0; t < 21; t++)
        {
          guint8 *step = &used[first - 1 + t];
          g_assert_true (*step == 0 || *step == third + 1);
          *step = third + 1;
        }
    }

  g_autoptr (OrrTrainData) again = orr_train_data_new (session, "session", 21, 300, 4, NULL);
  g_assert_cmpmem (again->symbols, again->n_sequences * 21, data->symbols, data->n_sequences * 21);
}

/* Rows of equal length stay what they are. */
static void
test_rows (void)
{
  g_autofree guint16 *symbols = g_new0 (guint16, 60 * 10);
  g_autofree guint8 *seen = g_malloc0 (60);

  for (guint i = 0; i < 60; i++)
    symbols[i * 10] = i;
  g_autoptr (OrrSequences) rows = orr_sequences_new_equal (60, 10, symbols);
  g_autoptr (OrrTrainData) data = orr_train_data_new (rows, "rows", 10, 30000, 0, NULL);
  g_assert_cmpuint (data->n_sequences, ==, 60);
  for (guint i = 0; i < 60; i++)
    seen[data->symbols[i * 10]]++;
  for (guint i = 0; i < 60; i++)
    g_assert_cmpuint (seen[i], ==, 1);
}

static void
test_too_short (void)
{
  const guint16 symbols[12] = { 0, 1, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0 };
  const guint16 large[3] = { 0, 300, 1 };
  g_autoptr (OrrSequences) few = orr_sequences_new_equal (1, 12, symbols);
  g_autoptr (OrrSequences) wide = orr_sequences_new_equal (1, 3, large);
  g_autoptr (GError) error = NULL;

  g_assert_null (orr_train_data_new (few, "few", 20, 100, 0, &error));
  g_assert_error (error, ORR_ERROR, ORR_ERROR_INPUT);
  g_clear_error (&error);
  g_assert_null (orr_train_data_new (few, "few", 6, 100, 0, &error));
  g_assert_error (error, ORR_ERROR, ORR_ERROR_INPUT);
  g_clear_error (&error);
  g_assert_null (orr_train_data_new (wide, "wide", 2, 100, 0, &error));
  g_assert_nonnull (strstr (error->message, "300"));
}

static void
test_chain (void)
{
  const guint16 symbols[10] = { 0, 0, 1, 0, 2, 2, 2, 1, 0, 3 };
  const gsize lengths[2] = { 5, 5 };
  g_autoptr (OrrSequences) two = orr_sequences_new (2, lengths, symbols);
  g_autoptr (OrrHmm) chain = orr_sequences_create_chain (two);

  g_assert_true (orr_hmm_validate (chain, NULL));
  g_assert_cmpfloat (chain->start[0], ==, 0.5);
  g_assert_cmpfloat (chain->start[2], ==, 0.5);
  g_assert_cmpfloat_with_epsilon (chain->transition[0 * 4 + 0], 0.25, 1e-15);
  g_assert_cmpfloat_with_epsilon (chain->transition[0 * 4 + 3], 0.25, 1e-15);
  g_assert_cmpfloat_with_epsilon (chain->transition[2 * 4 + 1], 0.5, 1e-15);
  g_assert_cmpfloat (chain->transition[3 * 4 + 3], ==, 1.0);
}

/* Training on recorded sequences: resumes to the same bits, and does not look at the model. */
static void
test_training (void)
{
  g_autoptr (OrrHmm) three = orr_hmm_preset_create (orr_hmm_preset_find ("three"));
  g_autofree guint16 *symbols = g_new (guint16, 900 * 12);
  g_autoptr (GError) error = NULL;
  OrrTrainOptions options;
  OrrTrainEpoch a, b, c;

  orr_hmm_sample (three, 0, 900, 12, 77, symbols, NULL);
  g_autoptr (OrrSequences) rows = orr_sequences_new_equal (900, 12, symbols);
  g_autoptr (OrrTrainData) data = orr_train_data_new (rows, "rows", 12, 900, 0, NULL);
  g_autoptr (OrrHmm) chain = orr_sequences_create_chain (rows);
  orr_train_options_init_published (&options, NULL);
  options.n_hidden = 20;
  options.n_noise = 6;
  options.batch = 300;
  g_autoptr (OrrTrainer) whole = orr_trainer_new_with_data (three, data, &options, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (orr_trainer_get_options (whole)->sequences, ==, 900);
  g_assert_cmpuint (orr_trainer_get_options (whole)->length, ==, 12);
  g_autoptr (OrrTrainer) other = orr_trainer_new_with_data (chain, data, &options, &error);
  g_assert_true (orr_trainer_run_epoch (whole, &a, NULL, &error));
  g_assert_true (orr_trainer_run_epoch (other, &b, NULL, &error));
  g_assert_cmpfloat (a.validation_loss, ==, b.validation_loss);

  g_autoptr (GVariant) state = g_variant_ref_sink (orr_trainer_save (whole));
  g_autoptr (OrrTrainer) resumed = orr_trainer_restore (three, state, &error);
  g_assert_no_error (error);
  g_assert_true (orr_trainer_run_epoch (whole, &a, NULL, &error));
  g_assert_true (orr_trainer_run_epoch (resumed, &c, NULL, &error));
  g_assert_cmpfloat (a.validation_loss, ==, c.validation_loss);
}

/* The weights to go on from are those that the first epoch starts with. */
static void
test_start_from (void)
{
  g_autoptr (OrrHmm) three = orr_hmm_preset_create (orr_hmm_preset_find ("three"));
  g_autoptr (GError) error = NULL;
  OrrTrainOptions options;

  orr_train_options_init_published (&options, NULL);
  options.n_hidden = 20;
  options.n_noise = 6;
  options.sequences = 60;
  g_autoptr (OrrTrainer) trainer = orr_trainer_new (three, &options, NULL);
  g_autoptr (OrrNetwork) fits = orr_network_new_random (20, 6, 3, FALSE, 99);
  g_autoptr (OrrNetwork) wide = orr_network_new_random (21, 6, 3, FALSE, 99);
  g_assert_false (orr_trainer_start_from (trainer, wide, &error));
  g_assert_error (error, ORR_ERROR, ORR_ERROR_INPUT);
  g_assert_true (orr_trainer_start_from (trainer, fits, NULL));
  g_autoptr (OrrNetwork) now = orr_trainer_copy_network (trainer);
  g_assert_cmpmem (now->weight_hh->data, 400 * sizeof (float), fits->weight_hh->data, 400 * sizeof (float));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/train-data/session", test_session);
  g_test_add_func ("/train-data/rows", test_rows);
  g_test_add_func ("/train-data/too-short", test_too_short);
  g_test_add_func ("/train-data/chain", test_chain);
  g_test_add_func ("/train-data/training", test_training);
  g_test_add_func ("/train-data/start-from", test_start_from);
  return g_test_run ();
}
