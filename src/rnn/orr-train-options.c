/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-train-options.h"

#include <math.h>

#include "orr-error.h"
#include "orr-section.h"

#define COUNT(field, label, least, most)                                                                              \
  { #field, label, ORR_TRAIN_OPTION_COUNT, G_STRUCT_OFFSET (OrrTrainOptions, field), least, most }
#define NUMBER(field, label, least, most)                                                                             \
  { #field, label, ORR_TRAIN_OPTION_NUMBER, G_STRUCT_OFFSET (OrrTrainOptions, field), least, most }
#define SWITCH(field, label)                                                                                          \
  { #field, label, ORR_TRAIN_OPTION_SWITCH, G_STRUCT_OFFSET (OrrTrainOptions, field), 0, 1 }

/* The activation and the seed, which are neither, are not here. */
static const OrrTrainOption fields[] = {
  COUNT (n_hidden, "number of hidden units", 1, 4096),
  COUNT (n_noise, "number of noise inputs", 1, 4096),
  COUNT (length, "sequence length", 2, ORR_TRAIN_MAX_LENGTH),
  COUNT (sequences, "number of sequences", 6, 10000000),
  COUNT (batch, "batch size", 2, 65536),
  COUNT (epochs, "number of epochs", 1, 1000000),
  NUMBER (learning_rate, "learning rate", 1e-9, 10),
  NUMBER (learning_rate_end, "final learning rate", 0, 10),
  COUNT (decay_from, "first epoch of the decay", 0, 1000000),
  COUNT (accumulate, "number of batches a step", 1, 1000),
  NUMBER (weight_decay, "weight decay", 0, 1e3),
  NUMBER (clip, "gradient clip", 0, 1e9),
  COUNT (threads, "number of threads", 0, G_MAXINT),
  NUMBER (sigma, "noise level sigma", 0, 1e3),
  NUMBER (tau, "temperature tau", 1e-3, 1e3),
  NUMBER (tau_end, "final temperature", 0, 1e3),
  NUMBER (blur, "blur", 1e-2, 1e2),
  SWITCH (biased, "use of biases"),
  SWITCH (random_initial_state, "random initial state"),
  NUMBER (initial_gain, "initial gain", 0, 100),
  NUMBER (divergence_weight, "weight of the divergence", 0, 1e6),
  NUMBER (moment_weight, "weight of the statistics", 0, 1e6),
  COUNT (moment_lag, "longest lag of the statistics", 1, ORR_TRAIN_MAX_LENGTH),
  COUNT (moment_stages_from, "first epoch of the statistics by stages", 0, 1000000),
  COUNT (moment_from, "first epoch of the statistics", 0, 1000000),
  NUMBER (activity_weight, "weight of the activity penalty", 0, 1e6),
  NUMBER (activity_limit, "activity limit", 0, 1e6),
  NUMBER (average, "decay of the weights' running mean", 0, 0.99999),
  NUMBER (selection_weight, "weight of the statistics in the choice of the best epoch", 0, 1e6),
  COUNT (patience, "patience of early stopping", 0, 1000000),
  COUNT (window, "window", 0, ORR_TRAIN_MAX_LENGTH),
  COUNT (window_from, "first epoch of the windows", 0, 1000000),
  COUNT (snapshot_every, "spacing of the snapshots", 0, 1000000),
};

/**
 * orr_train_options_get_fields:
 * @n: (out): how many
 *
 * Returns: (transfer none) (array length=n): all options that are numbers or switches
 */
const OrrTrainOption *
orr_train_options_get_fields (guint *n)
{
  *n = G_N_ELEMENTS (fields);
  return fields;
}

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
    .decay_from = 1,
    .accumulate = 1,
    .clip = preset != NULL ? preset->clip : 0.9,
    .sigma = 1.0,
    .tau = 1.0,
    .blur = 0.2,
    .initial_gain = 1.0,
    .divergence_weight = 1.0,
    .moment_lag = 8,
    .activity_limit = 5.0,
    .activation = ORR_ACTIVATION_RELU,
  };
}

/**
 * orr_train_statistics_lead:
 * @preset: (nullable): a model
 *
 * Returns: whether its states are held by long dwells alone. A larger fresh W_hh freezes
 *   networks of such models (each sequence keeps to one symbol), and the divergence
 *   leaves its plateau late: there the statistics have to lead
 */
gboolean
orr_train_statistics_lead (const OrrHmmPreset *preset)
{
  static const char *const ids[] = { "fully-connected", "cyclic", NULL };
  return preset != NULL && g_strv_contains (ids, preset->id);
}

/**
 * orr_train_options_lead_with_statistics:
 *
 * The model's statistics from the first step on, from a fresh network of gain 1: what led
 * every model that was tried off its plateau (doc/training.md).
 */
void
orr_train_options_lead_with_statistics (OrrTrainOptions *self)
{
  self->initial_gain = 1.0;
  self->moment_weight = 20.0;
  self->moment_lag = 32;
  self->moment_from = 0;
  self->selection_weight = 20.0;
  self->activity_weight = 0.1;
  self->activity_limit = 5.0;
}

/* What faithful and quick have in common, in a schedule of @epochs epochs. */
static void
add_statistics (OrrTrainOptions *self, const OrrHmmPreset *preset, guint epochs)
{
  self->epochs = epochs;
  self->decay_from = epochs * 3 / 5;
  self->learning_rate_end = 1e-4;
  self->selection_weight = 20.0;
  if (orr_train_statistics_lead (preset))
    {
      orr_train_options_lead_with_statistics (self);
      return;
    }
  self->initial_gain = 2.2;
  /* What follows within two steps, and strongly: longer lags leave the rate of changes a few percent too high. */
  self->moment_weight = 40.0;
  self->moment_lag = 2;
  self->moment_from = epochs / 3;
}

/*
 * Symbols are kept so long that how a sequence begins weighs in its distance from the model's. From rest
 * a network wavers before it takes to a symbol; from a state drawn at random it need not, once its first steps are
 * compared by themselves. That it holds its symbols by a few strong units then, not by all of them together, so that there are
 * kick neurons to find, takes room for strong activity.
 */
static void
settle_start (OrrTrainOptions *self)
{
  self->random_initial_state = TRUE;
  self->moment_stages_from = self->decay_from;
  self->activity_limit = 50.0;
}

/**
 * orr_train_options_init_faithful:
 * @preset: (nullable): as in orr_train_options_init_published()
 *
 * Statistics of the model in what is trained on and in the choice of the best
 * epoch: the divergence alone gives up rare symbols and up to 40 % of the
 * transitions. In chains of states they come in after a third of the epochs,
 * since what they alone would shape is a slow integrator, not the orbit with its
 * kick neurons that the divergence finds; a larger fresh W_hh lets it find that
 * in time. With statistics three to four tenths of the published epochs are
 * enough; a falling rate and a running mean of the weights settle the rest
 * (doc/training.md says what was tried).
 */
void
orr_train_options_init_faithful (OrrTrainOptions *self, const OrrHmmPreset *preset)
{
  orr_train_options_init_published (self, preset);
  add_statistics (self, preset, MAX (self->epochs * 3 / 10, orr_train_statistics_lead (preset) ? 200 : 0));
  self->average = 0.98;
  if (preset != NULL && g_str_equal (preset->id, "fully-connected"))
    settle_start (self);
}

/**
 * orr_train_options_init_quick:
 * @preset: (nullable): as in orr_train_options_init_published()
 *
 * A schedule of a minute or two, to a usable orbit: that of
 * orr_train_options_init_faithful() with fewer sequences and smaller batches, one
 * step an epoch. Batches below 2048 often fail to leave the loss's plateau.
 */
void
orr_train_options_init_quick (OrrTrainOptions *self, const OrrHmmPreset *preset)
{
  orr_train_options_init_published (self, preset);
  self->sequences = 6144;
  self->batch = 2048;
  add_statistics (self, preset, 300);
  self->average = 0.95;
  if (orr_train_statistics_lead (preset))
    return;
  /* One step an epoch: sequences of 100 steps may leave the plateau as late as step 150, and statistics on the way
   * out keep the loss from falling further. */
  self->moment_weight = 20.0;
  self->moment_lag = 8;
  self->moment_from = self->moment_stages_from = self->decay_from;
}

/**
 * orr_train_options_init_recipe:
 * @name: "published", "faithful" or "quick"
 * @preset: (nullable): as in orr_train_options_init_published()
 * @error: (out): %ORR_ERROR_INPUT naming those that there are
 */
gboolean
orr_train_options_init_recipe (OrrTrainOptions *self, const char *name, const OrrHmmPreset *preset, GError **error)
{
  if (g_str_equal (name, "published"))
    orr_train_options_init_published (self, preset);
  else if (g_str_equal (name, "faithful"))
    orr_train_options_init_faithful (self, preset);
  else if (g_str_equal (name, "quick"))
    orr_train_options_init_quick (self, preset);
  else
    {
      g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT,
                   "There is no recipe \"%s\"; there are published, faithful and quick", name);
      return FALSE;
    }
  return TRUE;
}

/* @epoch of a schedule of @of epochs, in one of @epochs; the first stays the first. */
static guint
move_epoch (guint epoch, guint of, guint epochs)
{
  return epoch > 1 ? MAX (1, (guint) lrint ((double) epoch / of * epochs)) : epoch;
}

/**
 * orr_train_options_set_epochs:
 * @planned: the recipe's options
 *
 * Makes a training longer or shorter. The epochs at which the recipe's schedule turns (the rate
 * falls, statistics, stages or windows come in) move with its length, but for those that stand
 * elsewhere than the recipe has them: a short training that ends before its turns would be
 * another recipe.
 */
void
orr_train_options_set_epochs (OrrTrainOptions *self, const OrrTrainOptions *planned, guint epochs)
{
  static const gsize turns[] = {
    G_STRUCT_OFFSET (OrrTrainOptions, decay_from),
    G_STRUCT_OFFSET (OrrTrainOptions, moment_from),
    G_STRUCT_OFFSET (OrrTrainOptions, moment_stages_from),
    G_STRUCT_OFFSET (OrrTrainOptions, window_from),
  };

  for (guint i = 0; i < G_N_ELEMENTS (turns); i++)
    {
      guint turn = G_STRUCT_MEMBER (guint, planned, turns[i]);
      guint *now = &G_STRUCT_MEMBER (guint, self, turns[i]);

      if (*now == move_epoch (turn, planned->epochs, self->epochs))
        *now = move_epoch (turn, planned->epochs, epochs);
    }
  self->epochs = epochs;
}

static double
get_value (const OrrTrainOptions *self, const OrrTrainOption *field)
{
  if (field->kind == ORR_TRAIN_OPTION_COUNT)
    return G_STRUCT_MEMBER (guint, self, field->offset);
  if (field->kind == ORR_TRAIN_OPTION_NUMBER)
    return G_STRUCT_MEMBER (double, self, field->offset);
  return G_STRUCT_MEMBER (gboolean, self, field->offset);
}

static gboolean
validate_field (const OrrTrainOptions *self, const OrrTrainOption *field, GError **error)
{
  double value = get_value (self, field), most = field->most;

  if (g_str_equal (field->name, "window"))
    most = self->length;
  if (field->kind == ORR_TRAIN_OPTION_SWITCH || (value >= field->least && value <= most))
    return TRUE;
  g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "The %s is %.9g; it must lie between %.9g and %.9g", field->label,
               value, field->least, most);
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
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    if (!validate_field (self, &fields[i], error))
      return FALSE;
  if (self->divergence_weight == 0.0 && self->moment_weight == 0.0)
    {
      g_set_error_literal (error, ORR_ERROR, ORR_ERROR_INPUT,
                           "The weights of the divergence and of the statistics are both 0, so there is nothing to "
                           "train on");
      return FALSE;
    }
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
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      double value = get_value (self, &fields[i]);

      if (fields[i].kind == ORR_TRAIN_OPTION_COUNT)
        g_variant_dict_insert (&dict, fields[i].name, "x", (gint64) value);
      else if (fields[i].kind == ORR_TRAIN_OPTION_NUMBER)
        g_variant_dict_insert (&dict, fields[i].name, "d", value);
      else
        g_variant_dict_insert (&dict, fields[i].name, "b", value != 0.0);
    }
  g_variant_dict_insert (&dict, "seed", "x", (gint64) self->seed);
  g_variant_dict_insert (&dict, "activation", "s", self->activation == ORR_ACTIVATION_TANH ? "tanh" : "relu");
  return g_variant_dict_end (&dict);
}

/* Out of guint's range becomes its greatest value, which validation then names. */
static void
read_field (OrrTrainOptions *self, const OrrTrainOption *field, GVariant *section)
{
  gint64 count;

  switch (field->kind)
    {
    case ORR_TRAIN_OPTION_COUNT:
      count = orr_section_get_int (section, field->name, G_STRUCT_MEMBER (guint, self, field->offset));
      G_STRUCT_MEMBER (guint, self, field->offset) = count >= 0 && count <= G_MAXUINT ? (guint) count : G_MAXUINT;
      break;
    case ORR_TRAIN_OPTION_NUMBER:
      G_STRUCT_MEMBER (double, self, field->offset) =
        orr_section_get_double (section, field->name, G_STRUCT_MEMBER (double, self, field->offset));
      break;
    case ORR_TRAIN_OPTION_SWITCH:
      G_STRUCT_MEMBER (gboolean, self, field->offset) =
        orr_section_get_boolean (section, field->name, G_STRUCT_MEMBER (gboolean, self, field->offset));
      break;
    }
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

  orr_train_options_init_published (self, NULL);
  /* Without an end of its own, the rate is constant. */
  self->learning_rate_end = orr_section_get_double (section, "learning_rate", self->learning_rate);
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    read_field (self, &fields[i], section);
  self->seed = (guint64) orr_section_get_int (section, "seed", 0);
  self->activation = g_strcmp0 (activation, "tanh") == 0 ? ORR_ACTIVATION_TANH : ORR_ACTIVATION_RELU;
  return orr_train_options_validate (self, NULL, error);
}

/* Fields that depart in company of others only: the published recipe has no use for them. */
static gboolean
is_companion (const OrrTrainOption *field)
{
  static const char *const companions[] = { "decay_from", "moment_lag", "moment_from", "activity_limit",
                                            "window_from", NULL };
  return g_strv_contains (companions, field->name);
}

static gboolean
is_in_use (const OrrTrainOptions *self, const OrrTrainOption *field)
{
  gboolean decays = self->learning_rate_end != self->learning_rate || self->tau_end > 0.0;

  return (decays && g_str_equal (field->name, "decay_from")) ||
         ((self->moment_weight > 0.0 || self->selection_weight > 0.0) && g_str_equal (field->name, "moment_lag")) ||
         (self->moment_weight > 0.0 && self->moment_from > 1 && g_str_equal (field->name, "moment_from")) ||
         (self->activity_weight > 0.0 && g_str_equal (field->name, "activity_limit")) ||
         (self->window > 0 && g_str_equal (field->name, "window_from"));
}

/* Whether @field says something about the recipe and says it otherwise than the published one. */
static gboolean
departs (const OrrTrainOptions *self, const OrrTrainOptions *published, const OrrTrainOption *field,
         const OrrHmmPreset *preset)
{
  static const char *const neutral[] = { "n_hidden", "n_noise", "threads", "snapshot_every", NULL };
  static const char *const of_presets[] = { "length", "epochs", "clip", NULL };

  if (g_strv_contains (neutral, field->name) || (preset == NULL && g_strv_contains (of_presets, field->name)))
    return FALSE;
  if (is_companion (field))
    return is_in_use (self, field);
  if (g_str_equal (field->name, "learning_rate_end"))
    return self->learning_rate_end != self->learning_rate;
  return get_value (self, field) != get_value (published, field);
}

/**
 * orr_train_options_dup_departures:
 * @preset: (nullable): the model's; without one, length, epochs and clip are not judged
 *
 * Where these options depart from the published recipe, one phrase each, such
 * as "initial gain 2.2 (published: 1)". Network size, seed, threads and snapshots
 * are not departures.
 *
 * Returns: (transfer full): %NULL-terminated, empty where nothing departs
 */
char **
orr_train_options_dup_departures (const OrrTrainOptions *self, const OrrHmmPreset *preset)
{
  g_autoptr (GStrvBuilder) list = g_strv_builder_new ();
  OrrTrainOptions published;

  orr_train_options_init_published (&published, preset);
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      double mine = get_value (self, &fields[i]), theirs = get_value (&published, &fields[i]);
      g_autofree char *phrase = NULL;

      if (!departs (self, &published, &fields[i], preset))
        continue;
      if (fields[i].kind == ORR_TRAIN_OPTION_SWITCH)
        phrase = g_strdup (fields[i].label);
      else if (is_companion (&fields[i]))
        phrase = g_strdup_printf ("%s %.9g", fields[i].label, mine);
      else
        phrase = g_strdup_printf ("%s %.9g (published: %.9g)", fields[i].label, mine, theirs);
      g_strv_builder_add (list, phrase);
    }
  if (self->activation == ORR_ACTIVATION_TANH)
    g_strv_builder_add (list, "tanh units (published: relu)");
  return g_strv_builder_end (list);
}
