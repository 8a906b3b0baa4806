/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-hmm-presets.h"
#include "orr-train.h"

G_BEGIN_DECLS

/**
 * OrrSweepTask:
 * @name: unique in the sweep, such as "three-h150-d100-s0": names its files
 * @preset: the model
 * @recipe: the recipe's name
 * @options: how it is trained
 *
 * One network of a sweep.
 */
typedef struct
{
  char               *name;
  const OrrHmmPreset *preset;
  char               *recipe;
  OrrTrainOptions     options;
} OrrSweepTask;

/**
 * OrrSweepOptions:
 * @jobs: networks trained at once by this process
 * @threads: threads of each training
 * @shard: this process takes every @n_shards-th network, from @shard (counted from 0)
 * @n_shards: 1 for all
 */
typedef struct
{
  guint jobs;
  guint threads;
  guint shard;
  guint n_shards;
} OrrSweepOptions;

/* Fresh sequences that a finished network's statistics are of: enough for the rare symbols' rows. */
#define ORR_SWEEP_FRESH_SEQUENCES 20000
/* What makes a network's statistics the model's: see the table of orr_sweep_print_table(). */
#define ORR_SWEEP_TRANSITION_ERROR 0.002
#define ORR_SWEEP_FREQUENCY_ERROR 0.01
#define ORR_SWEEP_VOLATILITY_ERROR 0.05
#define ORR_SWEEP_DISTANCE_ERROR 0.05

GPtrArray *orr_sweep_plan      (GVariant              *spec,
                                GError               **error);
gboolean   orr_sweep_run       (GPtrArray             *tasks,
                                const char            *directory,
                                const OrrSweepOptions *options,
                                OrrProgress           *progress,
                                GError               **error);
GVariant  *orr_sweep_summarise (GPtrArray             *tasks,
                                const char            *directory,
                                GError               **error);
gboolean   orr_sweep_published_loss (const char       *preset,
                                     int               hidden,
                                     double           *lowest,
                                     double           *highest);
char      *orr_sweep_print_table    (GVariant         *summary);
gboolean   orr_sweep_write_summary (GVariant          *summary,
                                const char            *directory,
                                GError               **error);

G_END_DECLS
