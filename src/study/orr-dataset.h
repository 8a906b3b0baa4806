/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

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
 * @error: the column of standard errors of the target, -1 for none
 * @held_out: [N] 1 where a row is kept from fitting, to judge by
 * @steps: (nullable): [N] the step of the motion that a row came from
 *
 * A table with the roles of its columns. A value: build it, then treat it as
 * immutable. Reference counted.
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
  guint8  *held_out;
  guint32 *steps;
} OrrDataset;

/**
 * OrrDatasetRows:
 * @n: how many rows
 * @rows: [n] their numbers in the data set
 * @x: [n_inputs x n] column after column
 * @y: [n]
 * @weights: (nullable): [n] 1 / error^2
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
gsize           orr_dataset_n_missing    (const OrrDataset   *self,
                                          guint               column);
OrrDatasetRows *orr_dataset_extract      (const OrrDataset   *self,
                                          OrrDatasetPart      part);
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
