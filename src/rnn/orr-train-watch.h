/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-train.h"

G_BEGIN_DECLS

/**
 * OrrTrainEventKind:
 * @ORR_TRAIN_EVENT_PLATEAU: the loss rests at the level of independent symbols
 * @ORR_TRAIN_EVENT_SILENT_UNITS: most units are silent on a whole batch, so
 *   that no gradient reaches them
 * @ORR_TRAIN_EVENT_EXPLOSION: activity grows along the sequences, or the
 *   gradient is far above the clip
 * @ORR_TRAIN_EVENT_DIVERGENCE: the loss is far above where it was, or the
 *   gradient is no longer finite
 */
typedef enum
{
  ORR_TRAIN_EVENT_PLATEAU,
  ORR_TRAIN_EVENT_SILENT_UNITS,
  ORR_TRAIN_EVENT_EXPLOSION,
  ORR_TRAIN_EVENT_DIVERGENCE,
  ORR_TRAIN_EVENT_N_KINDS,
} OrrTrainEventKind;

/**
 * OrrTrainEvent:
 * @kind: what is wrong
 * @epoch: the epoch at which it was seen
 * @until: the epoch from which on it is over, 0 while it lasts
 * @value: plateau and divergence: the validation loss then (NaN: not finite); silent
 *   units: their number; explosion: the growth of the activity over the second
 *   half of the sequences
 *
 * Something about a training that a person may want to act on.
 */
typedef struct
{
  OrrTrainEventKind kind;
  guint             epoch;
  guint             until;
  double            value;
} OrrTrainEvent;

/**
 * OrrTrainRemedy:
 * @options: what to train with
 * @go_on: whether to go on from the best epoch's weights rather than from a fresh network
 * @label: what to do, as the label of a button
 * @reason: one sentence: what is known about it for this model
 * @recipe: (nullable): the recipe that @options are of, where it is another one than before
 *
 * What may help a training. Clear with orr_train_remedy_clear().
 */
typedef struct
{
  OrrTrainOptions options;
  gboolean        go_on;
  char           *label;
  char           *reason;
  const char     *recipe;
} OrrTrainRemedy;

GArray     *orr_train_watch           (const OrrTrainEpoch   *history,
                                       guint                  n,
                                       const OrrTrainOptions *options,
                                       const OrrTrainLevels  *levels);
guint       orr_train_plateau_patience (const OrrTrainOptions *options);
const char *orr_train_event_name      (OrrTrainEventKind      kind);
char       *orr_train_event_describe  (const OrrTrainEvent   *event,
                                       const OrrTrainOptions *options,
                                       const OrrTrainLevels  *levels);
void        orr_train_event_find_remedy (const OrrTrainEvent *event,
                                       const OrrTrainOptions *options,
                                       const OrrHmm          *hmm,
                                       OrrTrainRemedy        *remedy);
void        orr_train_remedy_clear    (OrrTrainRemedy        *remedy);
GVariant   *orr_train_events_to_section (const GArray          *events,
                                       const OrrTrainOptions *options,
                                       const OrrTrainLevels  *levels);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (OrrTrainRemedy, orr_train_remedy_clear)

G_END_DECLS
