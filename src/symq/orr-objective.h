/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-actions.h"

G_BEGIN_DECLS

/**
 * OrrObjective:
 * @ORR_OBJECTIVE_CROSS_ENTROPY: values are logits of the demonstrated action
 * @ORR_OBJECTIVE_PUBLISHED: sigmoid (Q) regressed to 0.9 for the demonstrated action, to 0.1 for every other
 * @ORR_OBJECTIVE_CONSERVATIVE: sigmoid (Q) is the R2 to expect; actions that no episode took are held down
 *
 * What an agent's values were trained to mean (SCIENCE, part 4).
 */
typedef enum
{
  ORR_OBJECTIVE_CROSS_ENTROPY,
  ORR_OBJECTIVE_PUBLISHED,
  ORR_OBJECTIVE_CONSERVATIVE,
  ORR_N_OBJECTIVES
} OrrObjective;

const char *orr_objective_name       (OrrObjective  objective);
int         orr_objective_from_name  (const char   *name);
double      orr_objective_step       (OrrObjective  objective,
                                      float        *values,
                                      OrrAction     action,
                                      guint64       legal,
                                      double        reward,
                                      double        weight,
                                      guint        *n_right);
void        orr_objective_log_scores (OrrObjective  objective,
                                      const float  *values,
                                      guint64       legal,
                                      double        temperature,
                                      double       *scores);
void        orr_objective_predict_r2 (OrrObjective  objective,
                                      const float  *values,
                                      guint64       legal,
                                      double       *r2);

G_END_DECLS
