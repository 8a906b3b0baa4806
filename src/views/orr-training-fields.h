/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "orr-train-options.h"

G_BEGIN_DECLS

/**
 * OrrTrainingFieldKind:
 *
 * How an option is stored in OrrTrainOptions.
 */
typedef enum
{
  ORR_TRAINING_FIELD_COUNT,  /* guint */
  ORR_TRAINING_FIELD_SEED,   /* guint64 */
  ORR_TRAINING_FIELD_NUMBER, /* double */
  ORR_TRAINING_FIELD_SWITCH, /* gboolean */
} OrrTrainingFieldKind;

/**
 * OrrTrainingGroup:
 *
 * Where an option stands: with the first ones, or among the further options
 * under a heading of its own.
 */
typedef enum
{
  ORR_TRAINING_GROUP_MAIN,
  ORR_TRAINING_GROUP_START,
  ORR_TRAINING_GROUP_SCHEDULE,
  ORR_TRAINING_GROUP_AIM,
  ORR_TRAINING_GROUP_NETWORK,
  ORR_TRAINING_GROUP_KEEP,
  ORR_TRAINING_N_GROUPS,
} OrrTrainingGroup;

/**
 * OrrTrainingField:
 * @label: what a person reads (untranslated)
 * @why: what it does, in a sentence (untranslated)
 * @kind: how it is stored
 * @offset: where in OrrTrainOptions
 * @low: least value offered
 * @high: largest value offered
 * @step: of the spin button
 * @digits: after the point
 * @group: where it stands
 * @zero: (nullable): what stands in place of a 0 (untranslated)
 *
 * One option of a training as the panel offers it.
 */
typedef struct
{
  const char          *label;
  const char          *why;
  OrrTrainingFieldKind kind;
  gsize                offset;
  double               low;
  double               high;
  double               step;
  guint                digits;
  OrrTrainingGroup     group;
  const char          *zero;
} OrrTrainingField;

/**
 * OrrTrainingRecipe:
 * @id: its name in files and on the command line
 * @title: what a person reads (untranslated)
 * @why: what it is good for (untranslated)
 * @init: sets all options for a preset (or none)
 */
typedef struct
{
  const char *id;
  const char *title;
  const char *why;
  void (*init) (OrrTrainOptions *options, const OrrHmmPreset *preset);
} OrrTrainingRecipe;

const OrrTrainingField  *orr_training_fields        (guint                  *n);
const char              *orr_training_group_title   (OrrTrainingGroup        group);
const OrrTrainingRecipe *orr_training_recipes       (guint                  *n);
double                   orr_training_field_get     (const OrrTrainingField *self,
                                                     const OrrTrainOptions  *options);
void                     orr_training_field_set     (const OrrTrainingField *self,
                                                     OrrTrainOptions        *options,
                                                     double                  value);
char                    *orr_training_field_format  (const OrrTrainingField *self,
                                                     double                  value);
char                    *orr_training_describe_changes (const OrrTrainingRecipe *recipe,
                                                     const OrrTrainOptions  *options,
                                                     const OrrHmmPreset     *preset);

G_END_DECLS
