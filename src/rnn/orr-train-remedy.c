/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What helps a training in trouble, by the model that it is trained on (doc/training.md). */
#include <glib/gi18n.h>
#include <math.h>

#include "orr-train-watch.h"

/* Chains leave their plateau soonest with this one; GAIN_OF_NOTE is near enough to it. */
#define REMEDY_GAIN 2.2
#define GAIN_OF_NOTE 1.8
/* Rates below the first one do not move a network. */
#define LEAST_RATE 3e-4
#define USUAL_RATE 1e-3
#define LEAST_BATCH 2048

void
orr_train_remedy_clear (OrrTrainRemedy *remedy)
{
  g_clear_pointer (&remedy->label, g_free);
  g_clear_pointer (&remedy->reason, g_free);
}

static void
say (OrrTrainRemedy *remedy, char *label, const char *reason)
{
  remedy->label = label;
  remedy->reason = g_strdup (reason);
}

/* Chains of states: what the divergence alone finds in time is the published mechanism, so it stays as it is. */
static gboolean
enlarge_gain (const OrrTrainOptions *options, const OrrHmmPreset *preset, OrrTrainRemedy *remedy)
{
  if (preset == NULL || orr_train_statistics_lead (preset) || options->initial_gain >= GAIN_OF_NOTE
      || options->activation != ORR_ACTIVATION_RELU)
    return FALSE;
  remedy->options.initial_gain = REMEDY_GAIN;
  say (remedy, g_strdup_printf (_("Restart with initial gain %.1f"), REMEDY_GAIN),
       _("In a chain of states larger fresh weights leave the plateau in about a quarter of the steps."));
  return TRUE;
}

/* The recipe as a whole, but for what is no part of a recipe. */
static void
take_faithful (const OrrTrainOptions *options, const OrrHmmPreset *preset, OrrTrainRemedy *remedy)
{
  OrrTrainOptions *next = &remedy->options;

  orr_train_options_init_faithful (next, preset);
  next->n_hidden = options->n_hidden;
  next->n_noise = options->n_noise;
  next->length = options->length;
  next->sequences = options->sequences;
  next->batch = options->batch;
  next->activation = options->activation;
  next->biased = options->biased;
  next->random_initial_state |= options->random_initial_state;
  next->sigma = options->sigma;
  next->tau = options->tau;
  next->seed = options->seed;
  next->threads = options->threads;
  next->snapshot_every = options->snapshot_every;
}

/* All others: nobody knows beforehand whether a larger gain helps or freezes. */
static gboolean
lead_with_statistics (const OrrTrainOptions *options, const OrrHmmPreset *preset, OrrTrainRemedy *remedy)
{
  gboolean known = orr_train_statistics_lead (preset);

  if ((preset != NULL && !known) || (options->moment_weight > 0.0 && options->moment_from <= 1))
    return FALSE;
  if (known)
    {
      take_faithful (options, preset, remedy);
      remedy->recipe = "faithful";
      say (remedy, g_strdup (_("Restart with the recipe Faithful")),
           _("Larger fresh weights, which help chains of states, freeze networks of this model; symbol statistics from "
             "the first step lead them off the plateau."));
      return TRUE;
    }
  orr_train_options_lead_with_statistics (&remedy->options);
  say (remedy, g_strdup (_("Restart with statistics from the start")),
       _("Not tried with this model: symbol statistics from the first step led every model tried off its plateau, but may "
         "find another mechanism. Initial gain 2.2 is sooner for chains of states, and freezes the network where states "
         "last long."));
  return TRUE;
}

/* What is left to try on a plateau: rates that move, whole sequences, larger batches, then another draw. */
static void
try_the_rest (const OrrTrainOptions *options, OrrTrainRemedy *remedy)
{
  OrrTrainOptions *next = &remedy->options;

  if (options->learning_rate < LEAST_RATE)
    {
      next->learning_rate = USUAL_RATE;
      next->learning_rate_end = MAX (options->learning_rate_end, USUAL_RATE);
      say (remedy, g_strdup_printf (_("Restart with learning rate %.2g"), USUAL_RATE),
           _("Networks that leave the plateau were trained at about this rate."));
    }
  else if (options->window > 0 && options->window_from <= orr_train_plateau_patience (options))
    {
      next->window = 0;
      say (remedy, g_strdup (_("Restart with whole sequences")),
           _("Short windows from the first epoch on did not leave the plateau where whole sequences did."));
    }
  else if (options->batch < LEAST_BATCH && options->sequences >= 3 * LEAST_BATCH)
    {
      next->batch = LEAST_BATCH;
      say (remedy, g_strdup_printf (_("Restart with batches of %d"), LEAST_BATCH),
           _("With smaller batches three of five trainings stayed on the plateau."));
    }
  else
    {
      next->seed = options->seed + 1;
      say (remedy, g_strdup_printf (_("Restart with seed %" G_GUINT64_FORMAT), next->seed),
           _("Whatever is known to help is in these options already; another draw may leave the plateau."));
    }
}

static void
wake_units (const OrrTrainOptions *options, const OrrHmmPreset *preset, OrrTrainRemedy *remedy)
{
  OrrTrainOptions *next = &remedy->options;

  if (options->initial_gain > sqrt (6.0) || options->initial_gain < 0.5)
    {
      next->initial_gain = preset == NULL || orr_train_statistics_lead (preset) ? 1.0 : REMEDY_GAIN;
      say (remedy, g_strdup_printf (_("Restart with initial gain %.1f"), next->initial_gain),
           _("Below 0.5 activity dies out at once, and above 2.45 it grows beyond bounds."));
      return;
    }
  next->learning_rate = options->learning_rate / 3.0;
  next->learning_rate_end = MIN (options->learning_rate_end, next->learning_rate);
  say (remedy, g_strdup_printf (_("Restart with learning rate %.2g"), next->learning_rate),
       _("Large steps push units below 0 on every sequence, and no gradient brings them back."));
}

/* Activity that grows is held by the penalty, whatever else runs away by a rate that falls. */
static void
calm_down (const OrrTrainEvent *event, const OrrTrainOptions *options, OrrTrainRemedy *remedy)
{
  OrrTrainOptions *next = &remedy->options;
  gboolean constant = options->learning_rate_end >= options->learning_rate;

  remedy->go_on = event->epoch > 1;
  next->learning_rate = constant ? options->learning_rate : options->learning_rate / 3.0;
  next->learning_rate_end = next->learning_rate / 10.0;
  if (event->kind == ORR_TRAIN_EVENT_EXPLOSION && options->activity_weight == 0.0
      && options->activation == ORR_ACTIVATION_RELU)
    {
      next->activity_weight = 0.1;
      next->activity_limit = 5.0;
      say (remedy,
           g_strdup (remedy->go_on ? _("Go on from the best epoch, with an activity penalty")
                                   : _("Restart with an activity penalty")),
           _("A penalty on activity above 5 and a falling rate keep a network bounded beyond the length it is trained for."));
      return;
    }
  say (remedy,
       g_strdup (remedy->go_on ? _("Go on from the best epoch, with a falling rate") : _("Restart with a falling rate")),
       _("Smaller steps towards the end keep the loss from running away again."));
}

/**
 * orr_train_event_find_remedy:
 * @hmm: (nullable): the model that is trained on; %NULL where it is not known
 * @remedy: (out caller-allocates): what to do
 *
 * What helped in experiments (doc/training.md). It depends on the model: what leaves the
 * plateau in a chain of states freezes a network whose states are to last.
 */
void
orr_train_event_find_remedy (const OrrTrainEvent *event, const OrrTrainOptions *options, const OrrHmm *hmm,
                             OrrTrainRemedy *remedy)
{
  const OrrHmmPreset *preset = hmm != NULL ? orr_hmm_preset_recognise (hmm) : NULL;

  *remedy = (OrrTrainRemedy){ .options = *options };
  if (event->kind == ORR_TRAIN_EVENT_SILENT_UNITS)
    wake_units (options, preset, remedy);
  else if (event->kind != ORR_TRAIN_EVENT_PLATEAU)
    calm_down (event, options, remedy);
  else if (!enlarge_gain (options, preset, remedy) && !lead_with_statistics (options, preset, remedy))
    try_the_rest (options, remedy);
}
