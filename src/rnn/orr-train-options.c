/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-train-options.h"

#include <math.h>

#include "orr-error.h"
#include "orr-section.h"

/**
 * orr_train_options_init_published:
 * @preset: (nullable): whose length, clip and epochs; those of `three` for none
 *
 * The schedule of arXiv:2510.25674 (SCIENCE, parts 1 and 2).
 */
void
orr_train_options_init_published (OrrTrainOptions *self, const OrrHmmPreset *preset)
{
  *self = (OrrTrainOptions){
    .n_hidden = 150,
    .n_noise = 100,
    .length = preset != NULL ? preset->length : 30,
    .sequences = 30000,
    .batch = 4096,
    .epochs = preset != NULL ? preset->epochs : 500,
    .learning_rate = 1e-3,
    .learning_rate_end = 1e-3,
    .clip = preset != NULL ? preset->clip : 0.9,
    .sigma = 1.0,
    .tau = 1.0,
    .blur = 0.2,
    .initial_gain = 1.0,
    .activation = ORR_ACTIVATION_RELU,
  };
}

/**
 * orr_train_options_init_quick:
 * @preset: (nullable): as in orr_train_options_init_published()
 *
 * A schedule of a minute or two, to a usable orbit: fewer sequences, smaller
 * batches, and a fresh W_hh 2.2 times as large. With relu units its recurrence
 * then neither dies out nor grows (the critical factor is sqrt (6)), so that the
 * first steps already see how one symbol depends on those before; the plateau
 * of the loss, at the level of independent symbols, ends several times sooner.
 * Batches below 2048 often fail to leave it.
 */
void
orr_train_options_init_quick (OrrTrainOptions *self, const OrrHmmPreset *preset)
{
  orr_train_options_init_published (self, preset);
  self->sequences = 6144;
  self->batch = 2048;
  self->epochs = 300;
  self->initial_gain = 2.2;
}

static gboolean
validate_count (const char *what, guint value, guint least, guint most, GError **error)
{
  if (value >= least && value <= most)
    return TRUE;
  g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "%s is %u; it must lie between %u and %u", what, value, least,
               most);
  return FALSE;
}

static gboolean
validate_number (const char *what, double value, double least, double most, GError **error)
{
  if (value >= least && value <= most)
    return TRUE;
  g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "%s is %g; it must lie between %g and %g", what, value, least,
               most);
  return FALSE;
}

/**
 * orr_train_options_validate:
 * @hmm: (nullable): the model to train on, checked as well
 * @error: (out): %ORR_ERROR_INPUT naming the option and its range
 */
gboolean
orr_train_options_validate (const OrrTrainOptions *self, const OrrHmm *hmm, GError **error)
{
  if (!validate_count ("The number of hidden units", self->n_hidden, 1, 4096, error) ||
      !validate_count ("The number of noise inputs", self->n_noise, 1, 4096, error) ||
      !validate_count ("The sequence length", self->length, 2, ORR_TRAIN_MAX_LENGTH, error) ||
      !validate_count ("The number of sequences", self->sequences, 6, 10000000, error) ||
      !validate_count ("The batch size", self->batch, 2, 65536, error) ||
      !validate_count ("The number of epochs", self->epochs, 1, 1000000, error) ||
      !validate_count ("The window", self->window, 0, self->length, error) ||
      !validate_number ("The learning rate", self->learning_rate, 1e-9, 10.0, error) ||
      !validate_number ("The final learning rate", self->learning_rate_end, 0.0, 10.0, error) ||
      !validate_number ("The gradient clip", self->clip, 0.0, 1e9, error) ||
      !validate_number ("The noise level sigma", self->sigma, 0.0, 1e3, error) ||
      !validate_number ("The temperature tau", self->tau, 1e-3, 1e3, error) ||
      !validate_number ("The initial gain", self->initial_gain, 0.0, 100.0, error) ||
      !validate_number ("The blur", self->blur, 1e-2, 1e2, error))
    return FALSE;
  return hmm == NULL || orr_hmm_validate (hmm, error);
}

/**
 * orr_train_options_to_section:
 *
 * Returns: (transfer floating): a section with the options' field names
 */
GVariant *
orr_train_options_to_section (const OrrTrainOptions *self)
{
  GVariantDict dict;

  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "n_hidden", "x", (gint64) self->n_hidden);
  g_variant_dict_insert (&dict, "n_noise", "x", (gint64) self->n_noise);
  g_variant_dict_insert (&dict, "length", "x", (gint64) self->length);
  g_variant_dict_insert (&dict, "sequences", "x", (gint64) self->sequences);
  g_variant_dict_insert (&dict, "batch", "x", (gint64) self->batch);
  g_variant_dict_insert (&dict, "epochs", "x", (gint64) self->epochs);
  g_variant_dict_insert (&dict, "learning_rate", "d", self->learning_rate);
  g_variant_dict_insert (&dict, "learning_rate_end", "d", self->learning_rate_end);
  g_variant_dict_insert (&dict, "clip", "d", self->clip);
  g_variant_dict_insert (&dict, "seed", "x", (gint64) self->seed);
  g_variant_dict_insert (&dict, "threads", "x", (gint64) self->threads);
  g_variant_dict_insert (&dict, "sigma", "d", self->sigma);
  g_variant_dict_insert (&dict, "tau", "d", self->tau);
  g_variant_dict_insert (&dict, "blur", "d", self->blur);
  g_variant_dict_insert (&dict, "biased", "b", self->biased);
  g_variant_dict_insert (&dict, "activation", "s", self->activation == ORR_ACTIVATION_TANH ? "tanh" : "relu");
  g_variant_dict_insert (&dict, "random_initial_state", "b", self->random_initial_state);
  g_variant_dict_insert (&dict, "initial_gain", "d", self->initial_gain);
  g_variant_dict_insert (&dict, "window", "x", (gint64) self->window);
  g_variant_dict_insert (&dict, "window_from", "x", (gint64) self->window_from);
  g_variant_dict_insert (&dict, "snapshot_every", "x", (gint64) self->snapshot_every);
  return g_variant_dict_end (&dict);
}

/* Out of guint's range becomes 0, which validation then names. */
static guint
read_count (GVariant *section, const char *name, guint fallback)
{
  gint64 value = orr_section_get_int (section, name, fallback);
  return value >= 0 && value <= G_MAXUINT ? (guint) value : 0;
}

/**
 * orr_train_options_from_section:
 * @section: what orr_train_options_to_section() made; names that are missing
 *   take the published value
 * @error: (out): %ORR_ERROR_INPUT naming the option and its range
 */
gboolean
orr_train_options_from_section (OrrTrainOptions *self, GVariant *section, GError **error)
{
  g_autofree char *activation = orr_section_dup_string (section, "activation");
  OrrTrainOptions d;

  orr_train_options_init_published (&d, NULL);
  self->n_hidden = read_count (section, "n_hidden", d.n_hidden);
  self->n_noise = read_count (section, "n_noise", d.n_noise);
  self->length = read_count (section, "length", d.length);
  self->sequences = read_count (section, "sequences", d.sequences);
  self->batch = read_count (section, "batch", d.batch);
  self->epochs = read_count (section, "epochs", d.epochs);
  self->learning_rate = orr_section_get_double (section, "learning_rate", d.learning_rate);
  self->learning_rate_end = orr_section_get_double (section, "learning_rate_end", self->learning_rate);
  self->clip = orr_section_get_double (section, "clip", d.clip);
  self->seed = (guint64) orr_section_get_int (section, "seed", 0);
  self->threads = read_count (section, "threads", 0);
  self->sigma = orr_section_get_double (section, "sigma", d.sigma);
  self->tau = orr_section_get_double (section, "tau", d.tau);
  self->blur = orr_section_get_double (section, "blur", d.blur);
  self->biased = orr_section_get_boolean (section, "biased", FALSE);
  self->activation = g_strcmp0 (activation, "tanh") == 0 ? ORR_ACTIVATION_TANH : ORR_ACTIVATION_RELU;
  self->random_initial_state = orr_section_get_boolean (section, "random_initial_state", FALSE);
  self->initial_gain = orr_section_get_double (section, "initial_gain", d.initial_gain);
  self->window = read_count (section, "window", 0);
  self->window_from = read_count (section, "window_from", 0);
  self->snapshot_every = read_count (section, "snapshot_every", 0);
  return orr_train_options_validate (self, NULL, error);
}
