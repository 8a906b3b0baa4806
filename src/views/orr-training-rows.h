/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-training-fields.h"

G_BEGIN_DECLS

/*
 * OrrTrainingRows: an editor for each training option, in two boxes that the
 * owner provides: the first options side by side, the further ones under
 * headings, each with its reason. A box widget that holds the further ones.
 *
 * Signal "changed" (OrrTrainingField *field, double value): a person set it.
 * Signal "reset" (OrrTrainingField *field): a person wants the recipe's value.
 */
#define ORR_TYPE_TRAINING_ROWS (orr_training_rows_get_type ())
G_DECLARE_FINAL_TYPE (OrrTrainingRows, orr_training_rows, ORR, TRAINING_ROWS, GtkBox)

OrrTrainingRows *orr_training_rows_new  (GtkFlowBox            *first);
void             orr_training_rows_show (OrrTrainingRows       *self,
                                         const OrrTrainOptions *options,
                                         const OrrTrainOptions *planned);

G_END_DECLS
