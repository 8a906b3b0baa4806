/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-training-fields.h"

#include <glib/gi18n.h>
#include <math.h>

#include "orr-number.h"

#define FIELD(name) offsetof (OrrTrainOptions, name)

#define COUNT ORR_TRAINING_FIELD_COUNT
#define NUMBER ORR_TRAINING_FIELD_NUMBER
#define SWITCH ORR_TRAINING_FIELD_SWITCH

/* The activation is shown as a switch. */
G_STATIC_ASSERT (ORR_ACTIVATION_RELU == FALSE && ORR_ACTIVATION_TANH == TRUE
                 && sizeof (OrrActivation) == sizeof (gboolean));

static const OrrTrainingField fields[] = {
  { N_("Hidden units"), N_("How many units the network has; the published networks have 50, 150 or 200"), COUNT,
    FIELD (n_hidden), 1, 4096, 10, 0, ORR_TRAINING_GROUP_MAIN },
  { N_("Noise inputs"), N_("How many independent noise channels drive the network"), COUNT, FIELD (n_noise), 1, 4096,
    10, 0, ORR_TRAINING_GROUP_MAIN },
  { N_("Length"), N_("Steps of each sequence: long enough for several jumps"), COUNT, FIELD (length), 2,
    ORR_TRAIN_MAX_LENGTH, 10, 0, ORR_TRAINING_GROUP_MAIN },
  { N_("Sequences"), N_("Sequences of the target: a third each to train, to validate and to test"), COUNT,
    FIELD (sequences), 6, 10000000, 3000, 0, ORR_TRAINING_GROUP_MAIN },
  { N_("Epochs"), N_("Passes over the training sequences"), COUNT, FIELD (epochs), 1, 1000000, 50, 0,
    ORR_TRAINING_GROUP_MAIN },
  { N_("Batch"), N_("Sequences compared at once; below 2048 training often stays on its plateau"), COUNT,
    FIELD (batch), 2, 65536, 512, 0, ORR_TRAINING_GROUP_MAIN },
  { N_("Learning rate"), N_("Step of the optimiser (Adam)"), NUMBER, FIELD (learning_rate), 1e-6, 1, 1e-4, 6,
    ORR_TRAINING_GROUP_MAIN },
  { N_("Gradient clip"), N_("Largest length of a gradient; off (0) does not clip"), NUMBER, FIELD (clip), 0, 1000, 0.1, 2,
    ORR_TRAINING_GROUP_MAIN, N_("off") },
  { N_("Seed"), N_("The same seed and options give the same network"), ORR_TRAINING_FIELD_SEED, FIELD (seed), 0,
    9007199254740992.0, 1, 0, ORR_TRAINING_GROUP_MAIN },
  { N_("Threads"), N_("Processor cores to use, all (0) or so many; never changes the numbers"), COUNT, FIELD (threads), 0, 256,
    1, 0, ORR_TRAINING_GROUP_MAIN, N_("all") },

  { N_("Initial gain"), N_("Factor on the fresh recurrent weights: 2.2 leaves the plateau several times sooner"), NUMBER,
    FIELD (initial_gain), 0, 100, 0.1, 2, ORR_TRAINING_GROUP_START },
  { N_("Random start"), N_("Starts each sequence from a random state instead of 0, so that no first step is special"),
    SWITCH, FIELD (random_initial_state), 0, 1, 1, 0, ORR_TRAINING_GROUP_START },

  { N_("Final rate"), N_("Learning rate at the last epoch, reached along half a cosine: calms late explosions"),
    NUMBER, FIELD (learning_rate_end), 0, 1, 1e-4, 6, ORR_TRAINING_GROUP_SCHEDULE },
  { N_("Decay from"), N_("The epoch from which on learning rate and temperature fall: after the plateau"), COUNT,
    FIELD (decay_from), 0, 1000000, 10, 0, ORR_TRAINING_GROUP_SCHEDULE },
  { N_("Batches a step"), N_("Mean gradient of several batches: as calm as a larger batch, in less memory"), COUNT,
    FIELD (accumulate), 1, 1000, 1, 0, ORR_TRAINING_GROUP_SCHEDULE },
  { N_("Weight decay"), N_("L2: keeps weights small where the loss does not ask for more"), NUMBER,
    FIELD (weight_decay), 0, 1000, 1e-4, 6, ORR_TRAINING_GROUP_SCHEDULE },
  { N_("Running mean"), N_("Keeps the mean of the weights over about 1/(1 − value) steps: steadier from epoch to epoch"),
    NUMBER, FIELD (average), 0, 0.9998, 0.01, 4, ORR_TRAINING_GROUP_SCHEDULE },
  { N_("Patience"), N_("Stops early when the smoothed validation loss has not fallen for so many epochs; off (0) never does"),
    COUNT, FIELD (patience), 0, 1000000, 10, 0, ORR_TRAINING_GROUP_SCHEDULE, N_("off") },

  { N_("Divergence"), N_("Weight of the Sinkhorn divergence in what is trained on: it finds the order in time"), NUMBER,
    FIELD (divergence_weight), 0, 1000000, 0.1, 3, ORR_TRAINING_GROUP_AIM },
  { N_("Blur"), N_("Of the Sinkhorn divergence: near 0 it is exact optimal transport"), NUMBER, FIELD (blur), 0.01, 100,
    0.05, 2, ORR_TRAINING_GROUP_AIM },
  { N_("Statistics"), N_("Weight of symbol frequencies and pairs of symbols: brings rare symbols and jumps back"), NUMBER,
    FIELD (moment_weight), 0, 1000000, 0.1, 3, ORR_TRAINING_GROUP_AIM },
  { N_("Longest lag"), N_("How far apart the symbols of a pair may lie: longer ones tell of longer dwells"), COUNT, FIELD (moment_lag), 1,
    ORR_TRAIN_MAX_LENGTH, 1, 0, ORR_TRAINING_GROUP_AIM },
  { N_("Statistics from"), N_("The first epoch with statistics: in chains of states the divergence alone has to find the "
                              "order in time first"), COUNT,
    FIELD (moment_from), 0, 1000000, 10, 0, ORR_TRAINING_GROUP_AIM },
  { N_("Stages from"), N_("The first epoch that counts neighbours by stages of the sequence too, so that its start is "
                          "right by itself; off (0) does not"), COUNT,
    FIELD (moment_stages_from), 0, 1000000, 10, 0, ORR_TRAINING_GROUP_AIM, N_("off") },
  { N_("Best by statistics"), N_("How much the statistics count, beside the loss, when the best epoch is chosen"), NUMBER,
    FIELD (selection_weight), 0, 1000000, 0.1, 3, ORR_TRAINING_GROUP_AIM },
  { N_("Window"), N_("Compares short windows instead of whole sequences; off (0) does not"), COUNT, FIELD (window), 0,
    ORR_TRAIN_MAX_LENGTH, 1, 0, ORR_TRAINING_GROUP_AIM, N_("off") },
  { N_("Windows from"), N_("The first epoch with windows: whole sequences find the order in time sooner"), COUNT,
    FIELD (window_from), 0, 1000000, 10, 0, ORR_TRAINING_GROUP_AIM },

  { N_("Noise s.d."), N_("Standard deviation of the noise inputs: what drives the jumps"), NUMBER, FIELD (sigma), 0, 100,
    0.1, 2, ORR_TRAINING_GROUP_NETWORK },
  { N_("Biases"), N_("Gives every unit a bias, so that there can be fixed points other than 0"), SWITCH, FIELD (biased),
    0, 1, 1, 0, ORR_TRAINING_GROUP_NETWORK },
  { N_("Tanh units"), N_("Bounded, smooth units instead of relu: activity cannot explode"), SWITCH, FIELD (activation), 0,
    1, 1, 0, ORR_TRAINING_GROUP_NETWORK },
  { N_("Activity penalty"), N_("Weight of a penalty on activity above the limit: keeps relu units from exploding"), NUMBER,
    FIELD (activity_weight), 0, 1000000, 0.001, 6, ORR_TRAINING_GROUP_NETWORK },
  { N_("Activity limit"), N_("Where that penalty begins: what stays below it is left alone"), NUMBER, FIELD (activity_limit), 0, 1000000, 0.5, 2,
    ORR_TRAINING_GROUP_NETWORK },
  { N_("Temperature"), N_("Of the Gumbel-softmax: lower is closer to hard choices, higher has smoother gradients"), NUMBER,
    FIELD (tau), 0.001, 100, 0.1, 3, ORR_TRAINING_GROUP_NETWORK },
  { N_("Final temperature"), N_("Temperature at the last epoch, reached along half a cosine; off (0) keeps it constant"), NUMBER,
    FIELD (tau_end), 0, 100, 0.1, 3, ORR_TRAINING_GROUP_NETWORK, N_("off") },

  { N_("Snapshot every"), N_("Keeps the weights every so many epochs to follow how the mechanism forms; off (0) keeps none"),
    COUNT, FIELD (snapshot_every), 0, 1000000, 5, 0, ORR_TRAINING_GROUP_KEEP, N_("off") },
};

/**
 * orr_training_group_title:
 *
 * Returns: (nullable): the untranslated heading of a group, %NULL for the first
 */
const char *
orr_training_group_title (OrrTrainingGroup group)
{
  static const char *const titles[ORR_TRAINING_N_GROUPS] = {
    NULL,
    N_("How it starts"),
    N_("Schedule"),
    N_("What it aims at"),
    N_("Network and noise"),
    N_("What is kept"),
  };

  g_return_val_if_fail (group < ORR_TRAINING_N_GROUPS, NULL);
  return titles[group];
}

static const OrrTrainingRecipe recipes[] = {
  { "published", N_("Published"), N_("The schedule of the paper, for this preset"), orr_train_options_init_published },
  { "faithful", N_("Faithful"), N_("Gets the statistics right too: symbol frequencies, transitions and volatility, rare ones included"),
    orr_train_options_init_faithful },
  { "quick", N_("Quick"), N_("A usable orbit in a minute or two: fewer sequences, smaller batches, fewer epochs"),
    orr_train_options_init_quick },
};

const OrrTrainingField *
orr_training_fields (guint *n)
{
  *n = G_N_ELEMENTS (fields);
  return fields;
}

const OrrTrainingRecipe *
orr_training_recipes (guint *n)
{
  *n = G_N_ELEMENTS (recipes);
  return recipes;
}

double
orr_training_field_get (const OrrTrainingField *self, const OrrTrainOptions *options)
{
  gconstpointer at = (const char *) options + self->offset;

  switch (self->kind)
    {
    case ORR_TRAINING_FIELD_COUNT:
      return *(const guint *) at;
    case ORR_TRAINING_FIELD_SEED:
      return *(const guint64 *) at;
    case ORR_TRAINING_FIELD_SWITCH:
      return *(const gboolean *) at;
    default:
      return *(const double *) at;
    }
}

void
orr_training_field_set (const OrrTrainingField *self, OrrTrainOptions *options, double value)
{
  gpointer at = (char *) options + self->offset;

  switch (self->kind)
    {
    case ORR_TRAINING_FIELD_COUNT:
      *(guint *) at = lrint (value);
      break;
    case ORR_TRAINING_FIELD_SEED:
      *(guint64 *) at = (guint64) value;
      break;
    case ORR_TRAINING_FIELD_SWITCH:
      *(gboolean *) at = value != 0.0;
      break;
    default:
      *(double *) at = value;
    }
}

/* The value as the panel and the list of changes write it; (transfer full). */
char *
orr_training_field_format (const OrrTrainingField *self, double value)
{
  if (self->zero != NULL && value == 0.0)
    return g_strdup (_(self->zero));
  if (self->kind == ORR_TRAINING_FIELD_SWITCH)
    return g_strdup (value != 0.0 ? _("on") : _("off"));
  if (self->kind == ORR_TRAINING_FIELD_NUMBER)
    {
      char text[G_ASCII_DTOSTR_BUF_SIZE];
      g_ascii_formatd (text, sizeof text, "%.6g", value);
      return g_strdup (text);
    }
  return orr_number_format_fixed (value, 0);
}

/* Seed and threads are no departure from a recipe. */
static gboolean
is_part_of_recipe (const OrrTrainingField *field)
{
  return field->kind != ORR_TRAINING_FIELD_SEED && field->offset != FIELD (threads)
         && field->offset != FIELD (snapshot_every);
}

/**
 * orr_training_describe_changes:
 *
 * Returns: (transfer full) (nullable): how @options depart from the recipe, as
 * "Epochs 300 instead of 500, ..."; %NULL when they do not
 */
char *
orr_training_describe_changes (const OrrTrainingRecipe *recipe, const OrrTrainOptions *options,
                               const OrrHmmPreset *preset)
{
  GString *text = g_string_new (NULL);
  OrrTrainOptions planned;

  recipe->init (&planned, preset);
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      double now = orr_training_field_get (&fields[i], options);
      double then = orr_training_field_get (&fields[i], &planned);
      /* a constant rate stays constant when the rate is changed */
      gboolean follows = fields[i].offset == FIELD (learning_rate_end)
                         && options->learning_rate_end == options->learning_rate
                         && planned.learning_rate_end == planned.learning_rate;

      if (now == then || follows || !is_part_of_recipe (&fields[i]))
        continue;
      g_autofree char *is = orr_training_field_format (&fields[i], now);
      g_autofree char *was = orr_training_field_format (&fields[i], then);
      /* TRANSLATORS: an option, its value, the value that the recipe has */
      g_string_append_printf (text, _("%s%s %s instead of %s"), text->len > 0 ? ", " : "", _(fields[i].label), is, was);
    }
  return g_string_free (text, text->len == 0);
}
