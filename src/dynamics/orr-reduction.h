/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-motion.h"

G_BEGIN_DECLS

/**
 * OrrReductionKind:
 * @ORR_REDUCTION_PHASE_SPEED: d theta / dt = f (theta)
 * @ORR_REDUCTION_FLOW: dPC1, dPC2 = f (PC1, PC2): the mean motion
 * @ORR_REDUCTION_MAP: PC1, PC2 a step later = f (PC1, PC2)
 * @ORR_REDUCTION_EMISSION: p_k (theta) of one symbol
 * @ORR_REDUCTION_RESIDENCY: residency time by phase
 * @ORR_REDUCTION_RATE: transition rate by the noise's standard deviation
 *
 * What of a network an equation is sought for (SCIENCE, part 4, "where the halves meet").
 */
typedef enum
{
  ORR_REDUCTION_PHASE_SPEED,
  ORR_REDUCTION_FLOW,
  ORR_REDUCTION_MAP,
  ORR_REDUCTION_EMISSION,
  ORR_REDUCTION_RESIDENCY,
  ORR_REDUCTION_RATE,
  ORR_REDUCTION_N_KINDS,
} OrrReductionKind;

#define ORR_REDUCTION_MAX_COLUMNS 8

/**
 * OrrReductionOptions:
 * @start: first step of the motion that counts
 * @end: the step after the last one; 0 for the end of the motion
 * @symbol: whose emission
 */
typedef struct
{
  guint start;
  guint end;
  guint symbol;
} OrrReductionOptions;

/**
 * OrrReduction:
 * @kind: what it is about
 * @n_rows: N
 * @n_columns: C
 * @columns: [C] names, as formulas use them
 * @units: [C] "" for none
 * @values: [C x N] column after column
 * @n_inputs: the first so many columns are inputs; the others of @n_offered could be
 * @n_offered: columns that an equation may use
 * @n_targets: columns that an equation each is sought for
 * @targets: [n_targets]
 * @errors: [n_targets] the column of each one's standard errors, -1 for none
 * @steps: (nullable): [N] a step of the motion at which the network was where the row is
 *
 * A table that a network's analysis or motion gives. Free with orr_reduction_free().
 */
typedef struct
{
  OrrReductionKind kind;
  gsize            n_rows;
  guint            n_columns;
  const char      *columns[ORR_REDUCTION_MAX_COLUMNS];
  const char      *units[ORR_REDUCTION_MAX_COLUMNS];
  double          *values;
  guint            n_inputs;
  guint            n_offered;
  guint            n_targets;
  guint            targets[2];
  int              errors[2];
  guint32         *steps;
} OrrReduction;

const char   *orr_reduction_kind_name    (OrrReductionKind           kind);
int           orr_reduction_kind_find    (const char                *name);
OrrReduction *orr_reduction_from_motion  (const OrrMotion           *motion,
                                          OrrReductionKind           kind,
                                          const OrrReductionOptions *options,
                                          GError                   **error);
OrrReduction *orr_reduction_from_section (GVariant                  *section,
                                          OrrReductionKind           kind,
                                          guint                      symbol,
                                          GError                   **error);
void          orr_reduction_add_steps    (OrrReduction              *self,
                                          const OrrMotion           *motion);
gssize        orr_reduction_find_row     (OrrReductionKind           kind,
                                          const OrrMotion           *motion,
                                          guint                      step,
                                          const double              *first,
                                          const double              *second,
                                          const guint32             *steps,
                                          gsize                      n_rows);
void          orr_reduction_free         (OrrReduction              *self);

/* Whether its rows are places in the plane rather than phases or noises. */
static inline gboolean
orr_reduction_is_planar (OrrReductionKind kind)
{
  return kind == ORR_REDUCTION_FLOW || kind == ORR_REDUCTION_MAP;
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrrReduction, orr_reduction_free)

G_END_DECLS
