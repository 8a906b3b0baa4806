/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-cli-training.h"

#include <float.h>

#include "orr-error.h"

/* No number that a person types: NaN is one, and has to be refused. */
#define UNSAID (-DBL_MAX)

/* How an option of training is called on the command line; the number in brackets is the published one. */
static const struct
{
  const char *flag;
  char        letter;
  const char *field;
  const char *help;
  const char *argument;
} flags[] = {
  { "hidden", 0, "n_hidden", "Hidden units (150)", "H" },
  { "noise-dim", 0, "n_noise", "Noise inputs (100)", "D" },
  { "length", 't', "length", "Steps of a sequence (the preset's)", "T" },
  { "sequences", 'n', "sequences", "Sequences, in thirds: train, validate, test (30000)", "N" },
  { "batch", 0, "batch", "Sequences of a batch (4096)", "B" },
  { "accumulate", 0, "accumulate", "Batches whose mean gradient makes one step (1)", "N" },
  { "epochs", 0, "epochs", "Epochs; what a recipe does from an epoch on moves along (the recipe's)", "N" },
  { "patience", 0, "patience",
    "Stop when the smoothed loss has not improved for so many epochs, 0 for never (0)", "N" },
  { "learning-rate", 0, "learning_rate", "Adam's step (1e-3)", "RATE" },
  { "final-learning-rate", 0, "learning_rate_end", "Reach this by half a cosine (default: constant)", "RATE" },
  { "decay-from", 0, "decay_from", "First epoch of the way to final rate and temperature (1)", "EPOCH" },
  { "weight-decay", 0, "weight_decay", "L2: adds LAMBDA / 2 |weights|^2 to the loss (0)", "LAMBDA" },
  { "clip", 0, "clip", "Largest gradient norm, 0 for no limit (the preset's)", "NORM" },
  { "average", 0, "average", "Keep a running mean of the weights with this decay a step (0)", "DECAY" },
  { "sigma", 0, "sigma", "Standard deviation of the noise inputs (1)", "SIGMA" },
  { "tau", 0, "tau", "Temperature of the Gumbel-softmax (1)", "TAU" },
  { "final-tau", 0, "tau_end", "Reach this temperature by half a cosine, 0 for a constant one (0)", "TAU" },
  { "blur", 0, "blur", "Blur of the Sinkhorn divergence (0.2)", "BLUR" },
  { "initial-gain", 0, "initial_gain",
    "Factor on the fresh recurrent weights; 2.2 leaves the loss plateau sooner (1)", "GAIN" },
  { "divergence-weight", 0, "divergence_weight", "Weight of the Sinkhorn divergence in training (1)", "W" },
  { "statistics-weight", 0, "moment_weight",
    "Weight of the distance from the model's symbol frequencies and lagged pairs (0)", "W" },
  { "statistics-lag", 0, "moment_lag", "Longest lag of those pairs (8)", "STEPS" },
  { "statistics-stages-from", 0, "moment_stages_from",
    "The first epoch that counts neighbours by stages of the sequence as well, 0 for never (0)", "EPOCH" },
  { "statistics-from", 0, "moment_from", "The first epoch that trains on them (1)", "EPOCH" },
  { "selection-weight", 0, "selection_weight",
    "Weight of that distance beside the loss when the best epoch is chosen (0)", "W" },
  { "activity-weight", 0, "activity_weight", "Weight of a penalty on activity above a limit (0)", "W" },
  { "activity-limit", 0, "activity_limit", "That limit (5)", "LIMIT" },
  { "window", 0, "window", "Train on windows of W steps at random places, 0 for whole sequences (0)", "W" },
  { "window-from", 0, "window_from", "The first epoch that trains on windows (1)", "EPOCH" },
  { "biased", 0, "biased", "A network with biases", NULL },
  { "random-initial-state", 0, "random_initial_state", "h_0 ~ N(0, I) instead of 0", NULL },
};

struct _OrrCliTraining
{
  char    *recipe;
  gboolean quick, tanh;
  gint64   seed;
  int      counts[G_N_ELEMENTS (flags)];   /* G_MININT where nothing was said */
  double   numbers[G_N_ELEMENTS (flags)];  /* UNSAID where nothing was said */
  gboolean switches[G_N_ELEMENTS (flags)];
};

static const OrrTrainOption *
find_field (const char *name)
{
  guint n;
  const OrrTrainOption *fields = orr_train_options_get_fields (&n);

  for (guint i = 0; i < n; i++)
    if (g_str_equal (fields[i].name, name))
      return &fields[i];
  g_assert_not_reached ();
}

OrrCliTraining *
orr_cli_training_new (void)
{
  OrrCliTraining *self = g_new0 (OrrCliTraining, 1);

  for (guint i = 0; i < G_N_ELEMENTS (flags); i++)
    {
      self->counts[i] = G_MININT;
      self->numbers[i] = UNSAID;
    }
  return self;
}

void
orr_cli_training_free (OrrCliTraining *self)
{
  if (self == NULL)
    return;
  g_free (self->recipe);
  g_free (self);
}

/**
 * orr_cli_training_add_entries:
 * @entries: (element-type GOptionEntry): they point into @self
 */
void
orr_cli_training_add_entries (OrrCliTraining *self, GArray *entries)
{
  const GOptionEntry own[] = {
    { "recipe", 0, 0, G_OPTION_ARG_STRING, &self->recipe,
      "The schedule that all else changes: published, faithful or quick (published)", "NAME" },
    { "quick", 0, 0, G_OPTION_ARG_NONE, &self->quick, "The same as --recipe quick", NULL },
    { "seed", 0, 0, G_OPTION_ARG_INT64, &self->seed, "Seed of weights, sequences and noise (0)", "S" },
    { "tanh", 0, 0, G_OPTION_ARG_NONE, &self->tanh, "tanh instead of relu", NULL },
  };

  g_array_append_vals (entries, own, G_N_ELEMENTS (own));
  for (guint i = 0; i < G_N_ELEMENTS (flags); i++)
    {
      GOptionEntry entry = { flags[i].flag, flags[i].letter, 0, G_OPTION_ARG_NONE, &self->switches[i], flags[i].help,
                             flags[i].argument };
      OrrTrainOptionKind kind = find_field (flags[i].field)->kind;

      if (kind == ORR_TRAIN_OPTION_COUNT)
        {
          entry.arg = G_OPTION_ARG_INT;
          entry.arg_data = &self->counts[i];
        }
      else if (kind == ORR_TRAIN_OPTION_NUMBER)
        {
          entry.arg = G_OPTION_ARG_DOUBLE;
          entry.arg_data = &self->numbers[i];
        }
      g_array_append_val (entries, entry);
    }
}

static gboolean
take_recipe (const OrrCliTraining *self, const OrrHmmPreset *preset, OrrTrainOptions *options, GError **error)
{
  const char *name = self->recipe != NULL ? self->recipe : self->quick ? "quick" : "published";

  if (self->quick && !g_str_equal (name, "quick"))
    {
      g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "--quick and --recipe %s contradict each other", name);
      return FALSE;
    }
  return orr_train_options_init_recipe (options, name, preset, error);
}

/**
 * orr_cli_training_take:
 * @preset: (nullable): the model's
 * @options: (out): the recipe's, with what the command line said set over them; threads are not touched.
 *   Where it says the epochs, the recipe's turns move along, but for those that it says as well
 * @planned: (out): the recipe's
 * @error: (out): %ORR_ERROR_INPUT naming the option and its range
 */
gboolean
orr_cli_training_take (const OrrCliTraining *self, const OrrHmmPreset *preset, OrrTrainOptions *options,
                       OrrTrainOptions *planned, GError **error)
{
  gboolean constant_rate;

  if (!take_recipe (self, preset, planned, error))
    return FALSE;
  *options = *planned;
  constant_rate = options->learning_rate_end == options->learning_rate;
  for (guint i = 0; i < G_N_ELEMENTS (flags); i++)
    {
      gsize offset = find_field (flags[i].field)->offset;

      if (self->counts[i] != G_MININT && g_str_equal (flags[i].field, "epochs"))
        orr_train_options_set_epochs (options, planned, MAX (self->counts[i], 0));
      else if (self->counts[i] != G_MININT)
        G_STRUCT_MEMBER (guint, options, offset) = MAX (self->counts[i], 0);
      if (self->numbers[i] != UNSAID)
        G_STRUCT_MEMBER (double, options, offset) = self->numbers[i];
      if (self->switches[i])
        G_STRUCT_MEMBER (gboolean, options, offset) = TRUE;
      /* A rate given alone stays constant where the recipe's did; --final-learning-rate comes after it. */
      if (g_str_equal (flags[i].field, "learning_rate") && constant_rate)
        options->learning_rate_end = options->learning_rate;
    }
  options->seed = (guint64) self->seed;
  options->activation = self->tanh ? ORR_ACTIVATION_TANH : ORR_ACTIVATION_RELU;
  return orr_train_options_validate (options, NULL, error);
}
