/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-expr-fit.h"
#include "orr-template.h"

G_BEGIN_DECLS

/**
 * OrrSeed:
 * @filling: of a template that is one hole
 * @constants: values of its free constants, in order, to start a fit from
 *
 * A candidate that linear algebra finds, without an agent and without chance.
 */
typedef struct
{
  OrrFilling filling;
  guint      n_constants;
  double     constants[ORR_ACTIONS_MAX_LENGTH];
} OrrSeed;

GArray *orr_seeds_make (const OrrSamples *samples,
                        guint64           legal);

G_END_DECLS
