/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-cli.h"
#include "orr-expr.h"

G_BEGIN_DECLS

/**
 * OrrRegressQuestion:
 * @path: of the table
 * @target: (nullable): the column to explain; the one called y, or the last one
 * @inputs: (nullable): names of the columns that may explain it, separated by commas; all others
 * @require: (nullable): names of columns that must appear
 * @expression: (nullable): a formula with the columns' names
 *
 * What was asked about a table on the command line.
 */
typedef struct
{
  const char *path;
  const char *target;
  const char *inputs;
  const char *require;
  const char *expression;
} OrrRegressQuestion;

/**
 * OrrRegressData:
 * @names: (element-type utf8): of the inputs, ended by %NULL
 * @target: name of the target
 * @n_inputs: how many
 * @n_rows: rows without a missing number
 * @n_left_out: the others
 * @values: [(n_inputs + 1) x n_rows] columns of the inputs, then the target
 * @expression: (nullable): parsed; its variables are inputs
 * @required: bit v: input v must appear
 * @unused: (element-type utf8): names of columns without numbers
 * @remarks: (element-type utf8): about columns whose names mean something else in the formula, too
 * @n_offered: how many columns there were to choose the inputs from
 *
 * The numbers that an answer is sought for. All zeros before it is loaded.
 */
typedef struct
{
  GPtrArray *names;
  char      *target;
  guint      n_inputs;
  gsize      n_rows;
  gsize      n_left_out;
  double    *values;
  OrrExpr   *expression;
  guint64    required;
  GPtrArray *unused;
  GPtrArray *remarks;
  guint      n_offered;
} OrrRegressData;

/* Inputs that a formula and --require may name. */
#define ORR_REGRESS_DATA_MAX_INPUTS 64

gboolean orr_regress_data_load   (OrrRegressData           *self,
                                  const OrrRegressQuestion *question,
                                  GError                  **error);
void     orr_regress_data_report (const OrrRegressData     *self,
                                  OrrCli                   *cli,
                                  const guint              *order);
void     orr_regress_data_clear  (OrrRegressData           *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (OrrRegressData, orr_regress_data_clear)

G_END_DECLS
