/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-expr-fit.h"

G_BEGIN_DECLS

/**
 * OrrDatasetSplitKind:
 * @ORR_DATASET_SPLIT_SPREAD: evenly through the table
 * @ORR_DATASET_SPLIT_RANDOM: drawn at random
 * @ORR_DATASET_SPLIT_LAST: the last ones of the table: judges extrapolation in time
 * @ORR_DATASET_SPLIT_HIGHEST: those with the highest first input: judges extrapolation
 */
typedef enum
{
  ORR_DATASET_SPLIT_SPREAD,
  ORR_DATASET_SPLIT_RANDOM,
  ORR_DATASET_SPLIT_LAST,
  ORR_DATASET_SPLIT_HIGHEST,
  ORR_DATASET_N_SPLITS,
} OrrDatasetSplitKind;

/**
 * OrrDatasetSplit:
 * @share: of the rows, 0 to 0.9
 * @seed: of a random one
 */
typedef struct
{
  OrrDatasetSplitKind kind;
  double              share;
  guint64             seed;
} OrrDatasetSplit;

typedef enum
{
  ORR_DATASET_LEFT_OUT_BY_HAND = 1 << 0,
  ORR_DATASET_LEFT_OUT_BY_FILTER = 1 << 1,
} OrrDatasetLeftOut;

/**
 * OrrDataset:
 * @name: what a person calls it
 * @origin: where it came from: a file's name, or "phase speed of three"
 * @n_rows: N
 * @n_columns: C
 * @columns: [C] names
 * @units: [C] units, "" where unknown
 * @values: [C x N] column after column; NaN where a value is missing
 * @target: the column that an equation is sought for
 * @n_inputs: how many columns it may use
 * @inputs: [n_inputs] these columns: x_1, x_2 ...
 * @error: the column of standard errors of the target, or of weights, -1 for none
 * @error_is_weight: whether @error holds weights (1 / variance, in any unit)
 * @held_out: [N] 1 where a row is kept from fitting, to judge by
 * @split: how @held_out came about
 * @left_out: [N] why a row is neither fitted nor judged by: OrrDatasetLeftOut, 0 where it is used
 * @filter: the condition that rows must meet to be used, "" for none
 * @steps: (nullable): [N] the step of the motion that a row came from
 * @n_targets: 2 or more for a system: the columns that an equation each is sought
 *   for, all of the same inputs; 0 otherwise
 * @targets: [n_targets] these columns; @target is one of them
 * @target_errors: [n_targets] the column of each one's standard errors, -1 for none
 * @source: (nullable): a{sv}, how it was derived from a network, see orr-dataset-reduction.h
 *
 * A table with the roles of its columns. A value: build it, then treat it as
 * immutable: copies share @values. Reference counted.
 */
typedef struct
{
  char    *name;
  char    *origin;
  gsize    n_rows;
  guint    n_columns;
  char   **columns;
  char   **units;
  double  *values;
  guint    target;
  guint    n_inputs;
  guint   *inputs;
  int      error;
  gboolean error_is_weight;
  guint8  *held_out;
  guint8  *left_out;
  char    *filter;
  guint32 *steps;
  guint    n_targets;
  guint   *targets;
  int     *target_errors;
  GVariant *source;

  OrrDatasetSplit split;
} OrrDataset;

/**
 * OrrDatasetRows:
 * @n: how many rows
 * @rows: [n] their numbers in the data set
 * @x: [n_inputs x n] column after column
 * @y: [n]
 * @weights: (nullable): [n] 1 / error^2, or the weights given
 *
 * The complete rows of one part of a data set. Free with orr_dataset_rows_free().
 */
typedef struct
{
  gsize    n;
  guint32 *rows;
  double  *x;
  double  *y;
  double  *weights;
} OrrDatasetRows;

typedef enum
{
  ORR_DATASET_TRAINING,
  ORR_DATASET_HELD_OUT,
  ORR_DATASET_ALL,
} OrrDatasetPart;

#define ORR_DATASET_DEFAULT_HELD_OUT 0.2

OrrDataset     *orr_dataset_new          (const char         *name,
                                          const char         *origin,
                                          const char *const  *columns,
                                          gsize               n_rows);
OrrDataset     *orr_dataset_copy         (const OrrDataset   *self);
OrrDataset     *orr_dataset_with_roles   (const OrrDataset   *self,
                                          guint               target,
                                          const guint        *inputs,
                                          guint               n_inputs,
                                          int                 error_column,
                                          GError            **error);
OrrDataset     *orr_dataset_with_split   (const OrrDataset   *self,
                                          double              held_out,
                                          guint64             seed);
OrrDataset     *orr_dataset_with_target  (const OrrDataset   *self,
                                          guint               target);
void            orr_dataset_set_system   (OrrDataset         *self,
                                          const guint        *targets,
                                          const int          *errors,
                                          guint               n_targets);
gboolean        orr_dataset_same_system  (const OrrDataset   *self,
                                          const OrrDataset   *other);
OrrDataset     *orr_dataset_with_error_kind (const OrrDataset *self,
                                          gboolean            error_is_weight);
OrrDataset     *orr_dataset_with_split_kind (const OrrDataset *self,
                                          const OrrDatasetSplit *split);
OrrDataset     *orr_dataset_with_column  (const OrrDataset   *self,
                                          guint               column,
                                          const char         *name,
                                          const char         *unit,
                                          GError            **error);
OrrDataset     *orr_dataset_with_rows_left_out (const OrrDataset *self,
                                          const guint32      *rows,
                                          gsize               n_rows,
                                          gboolean            left_out);
OrrDataset     *orr_dataset_with_filter  (const OrrDataset   *self,
                                          const char         *filter,
                                          GError            **error);
gboolean        orr_dataset_is_complete  (const OrrDataset   *self,
                                          gsize               row);
gboolean        orr_dataset_is_same_table (const OrrDataset  *self,
                                          const OrrDataset   *other);
gboolean        orr_dataset_has_same_inputs (const OrrDataset *self,
                                          const OrrDataset   *other);
gsize           orr_dataset_n_missing    (const OrrDataset   *self,
                                          guint               column);
OrrDatasetRows *orr_dataset_extract      (const OrrDataset   *self,
                                          OrrDatasetPart      part);
OrrSamples      orr_dataset_get_samples  (const OrrDataset     *self,
                                          const OrrDatasetRows *rows);
void            orr_dataset_rows_free    (OrrDatasetRows     *rows);
char          **orr_dataset_input_names  (const OrrDataset   *self);
GVariant       *orr_dataset_to_section   (const OrrDataset   *self);
OrrDataset     *orr_dataset_from_section (GVariant           *section,
                                          GError            **error);
OrrDataset     *orr_dataset_ref          (OrrDataset         *self);
void            orr_dataset_unref        (OrrDataset         *self);

static inline const double *
orr_dataset_column (const OrrDataset *self, guint column)
{
  return self->values + (gsize) column * self->n_rows;
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrrDataset, orr_dataset_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrrDatasetRows, orr_dataset_rows_free)

G_END_DECLS
