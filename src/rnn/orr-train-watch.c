/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What goes wrong in a training, told from its history while it happens. */
#include "orr-train-watch.h"

#include <glib/gi18n.h>
#include <math.h>

/* A loss within this share of the way from independent symbols to the model is on the plateau ... */
#define ON_PLATEAU 0.15
/* ... and beyond this one it has left it. */
#define OFF_PLATEAU 0.30
/* Steps that runs which do leave the plateau need at most, with a fresh W_hh as published and with a larger one. */
#define PATIENCE 450
#define PATIENCE_WITH_GAIN 150
#define GAIN_OF_NOTE 1.8
/* From here on a network has not even found the frequencies. */
#define NOT_EVEN 1.2
/* Below this relative distance of the two levels there is no structure to find. */
#define LEAST_STRUCTURE 0.02
/* Epochs whose median tells, so that a single odd one does not. */
#define MEDIAN 5
/* Epochs in a row that make silence or growth an event, or end it. */
#define IN_A_ROW 10
#define SILENT_SHARE 0.5
#define GROWTH 3.0
#define LARGEST_ACTIVITY 1000.0
#define ABOVE_CLIP 100.0

static double
median_loss (const OrrTrainEpoch *history, guint end)
{
  double values[MEDIAN];
  guint n = MIN (end, MEDIAN);

  for (guint i = 0; i < n; i++)
    {
      double value = history[end - n + i].validation_loss;
      guint at = i;

      for (; at > 0 && values[at - 1] > value; at--)
        values[at] = values[at - 1];
      values[at] = value;
    }
  return values[n / 2];
}

static guint
steps_of_epoch (const OrrTrainOptions *options)
{
  guint third = MAX (options->sequences / 3, 1);
  guint batches = (third + options->batch - 1) / options->batch;

  return (batches + options->accumulate - 1) / MAX (options->accumulate, 1);
}

/**
 * orr_train_plateau_patience:
 *
 * Returns: after how many epochs without leaving the level of independent
 * symbols a training is said to rest there: more than those that leave it
 * take (420 steps at most as published, 100 with an initial gain of 2.2), or
 * four fifths of a training that is shorter
 */
guint
orr_train_plateau_patience (const OrrTrainOptions *options)
{
  guint steps = options->initial_gain >= GAIN_OF_NOTE ? PATIENCE_WITH_GAIN : PATIENCE;
  guint epochs = (steps + steps_of_epoch (options) - 1) / steps_of_epoch (options);

  return MAX (MIN (epochs, options->epochs / 5 * 4), 10);
}

/* How far the loss has come from independent symbols (0) to the model (1). */
static double
progress_of (double loss, const OrrTrainLevels *levels)
{
  return (levels->independent - loss) / (levels->independent - levels->baseline);
}

static gboolean
has_structure (const OrrTrainLevels *levels)
{
  return isfinite (levels->independent) && isfinite (levels->baseline)
         && levels->independent - levels->baseline > LEAST_STRUCTURE * levels->independent;
}

static OrrTrainEvent *
find_open (GArray *events, OrrTrainEventKind kind)
{
  for (guint i = events->len; i-- > 0;)
    {
      OrrTrainEvent *event = &g_array_index (events, OrrTrainEvent, i);
      if (event->kind == kind && event->until == 0)
        return event;
    }
  return NULL;
}

static void
set_open (GArray *events, OrrTrainEventKind kind, gboolean begins, gboolean ends, guint epoch, double value)
{
  OrrTrainEvent *open = find_open (events, kind);

  if (open == NULL && begins)
    {
      OrrTrainEvent event = { kind, epoch, 0, value };
      g_array_append_val (events, event);
    }
  else if (open != NULL && ends)
    open->until = epoch;
}

/* The levels say what a loss means; where a loss far above them is no plateau but a divergence. */
static void
watch_loss (GArray *events, const OrrTrainEpoch *history, guint i, const OrrTrainOptions *options,
            const OrrTrainLevels *levels, gboolean *left)
{
  double loss = median_loss (history, i + 1);
  double at = progress_of (loss, levels);
  double best = progress_of (history[i].best_validation_loss, levels);
  guint epoch = history[i].epoch;
  gboolean waited = epoch >= orr_train_plateau_patience (options);
  gboolean far_above = at < -1.0 && best > 0.0;

  *left |= at > OFF_PLATEAU;
  set_open (events, ORR_TRAIN_EVENT_PLATEAU, !*left && waited && !far_above && at < ON_PLATEAU, at > OFF_PLATEAU || far_above,
            epoch, loss);
  set_open (events, ORR_TRAIN_EVENT_DIVERGENCE, far_above && i + 1 >= MEDIAN, at > -0.5, epoch, loss);
}

static gboolean
explodes (const OrrTrainEpoch *epoch, const OrrTrainOptions *options)
{
  return epoch->activity_growth > GROWTH || epoch->activity > LARGEST_ACTIVITY
         || (options->clip > 0.0 && epoch->gradient_norm > ABOVE_CLIP * options->clip && epoch->activity_growth > 1.5);
}

/**
 * orr_train_watch:
 * @history: (array length=n): finished epochs
 * @levels: what the losses are compared with; NaN where unknown, which leaves
 *   out what needs it
 *
 * Reads the history from its beginning, so that the answer is the same for a
 * training that was interrupted.
 *
 * Returns: (transfer full) (element-type OrrTrainEvent): the events so far,
 * in the order in which they were seen
 */
GArray *
orr_train_watch (const OrrTrainEpoch *history, guint n, const OrrTrainOptions *options, const OrrTrainLevels *levels)
{
  GArray *events = g_array_new (FALSE, FALSE, sizeof (OrrTrainEvent));
  gboolean known = has_structure (levels), left = FALSE;
  guint silent = 0, heard = 0, growing = 0, steady = 0;

  for (guint i = 0; i < n; i++)
    {
      const OrrTrainEpoch *epoch = &history[i];
      gboolean is_silent = options->activation == ORR_ACTIVATION_RELU
                           && epoch->silent_units > SILENT_SHARE * options->n_hidden;
      gboolean is_growing = explodes (epoch, options);

      if (known)
        watch_loss (events, history, i, options, levels, &left);
      silent = is_silent ? silent + 1 : 0;
      heard = is_silent ? 0 : heard + 1;
      growing = is_growing ? growing + 1 : 0;
      steady = is_growing ? 0 : steady + 1;
      set_open (events, ORR_TRAIN_EVENT_SILENT_UNITS, silent >= IN_A_ROW, heard >= IN_A_ROW, epoch->epoch,
                epoch->silent_units);
      set_open (events, ORR_TRAIN_EVENT_EXPLOSION, growing >= IN_A_ROW, steady >= IN_A_ROW, epoch->epoch,
                epoch->activity_growth);
    }
  return events;
}

/* The name in files and in JSON. */
const char *
orr_train_event_name (OrrTrainEventKind kind)
{
  static const char *const names[] = { "plateau", "silent-units", "explosion", "divergence" };

  g_return_val_if_fail (kind < ORR_TRAIN_EVENT_N_KINDS, NULL);
  return names[kind];
}

/**
 * orr_train_event_describe:
 *
 * Returns: (transfer full): one sentence for a person
 */
char *
orr_train_event_describe (const OrrTrainEvent *event, const OrrTrainOptions *options, const OrrTrainLevels *levels)
{
  switch (event->kind)
    {
    case ORR_TRAIN_EVENT_PLATEAU:
      if (event->value > NOT_EVEN * levels->independent)
        return g_strdup_printf (_("The loss is still at %.2f after %u epochs: even independent symbols of the right "
                                  "frequencies reach %.2f."),
                                event->value, event->epoch, levels->independent);
      return g_strdup_printf (_("The loss rests at %.2f after %u epochs: the level of independent symbols is %.2f, so "
                                "the network has not found the order in time."),
                              event->value, event->epoch, levels->independent);
    case ORR_TRAIN_EVENT_SILENT_UNITS:
      return g_strdup_printf (_("%.0f of %u units are silent on the whole batch (epoch %u): no gradient reaches them."),
                              event->value, options->n_hidden, event->epoch);
    case ORR_TRAIN_EVENT_EXPLOSION:
      return g_strdup_printf (_("Activity explodes (epoch %u): it grows %.3g times over the second half of the "
                                "sequences."),
                              event->epoch, event->value);
    case ORR_TRAIN_EVENT_DIVERGENCE:
    default:
      if (!isfinite (event->value))
        return g_strdup_printf (_("Training diverged in epoch %u: its gradient is no longer finite."), event->epoch);
      return g_strdup_printf (_("The loss is at %.2f (epoch %u), far above that of independent symbols, %.2f."),
                              event->value, event->epoch, levels->independent);
    }
}

/**
 * orr_train_events_to_section:
 *
 * Returns: (transfer floating): a list of sub-sections with `kind`, `epoch`,
 * `until` (0: to the end), `value` and `message`
 */
GVariant *
orr_train_events_to_section (const GArray *events, const OrrTrainOptions *options, const OrrTrainLevels *levels)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("aa{sv}"));
  for (guint i = 0; i < events->len; i++)
    {
      const OrrTrainEvent *event = &g_array_index (events, OrrTrainEvent, i);
      GVariantDict dict;

      g_variant_dict_init (&dict, NULL);
      g_variant_dict_insert (&dict, "kind", "s", orr_train_event_name (event->kind));
      g_variant_dict_insert (&dict, "epoch", "x", (gint64) event->epoch);
      g_variant_dict_insert (&dict, "until", "x", (gint64) event->until);
      g_variant_dict_insert (&dict, "value", "d", event->value);
      g_variant_dict_insert_value (&dict, "message",
                                   g_variant_new_take_string (orr_train_event_describe (event, options, levels)));
      g_variant_builder_add_value (&builder, g_variant_dict_end (&dict));
    }
  return g_variant_builder_end (&builder);
}
