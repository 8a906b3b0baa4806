/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-regress.h"

G_BEGIN_DECLS

/**
 * OrrBenchmarkLaw:
 * @suite: nguyen, keijzer, constant, r or feynman
 * @name: as the literature calls it
 * @law: as text
 * @low: of the literature's own support, for every variable
 * @high: likewise
 *
 * A law that programs of this kind are asked to find (SCIENCE, part 4).
 */
typedef struct
{
  const char *suite;
  const char *name;
  const char *law;
  double      low;
  double      high;
} OrrBenchmarkLaw;

extern const OrrBenchmarkLaw orr_benchmark_laws[];
extern const guint orr_benchmark_n_laws;

/**
 * OrrBenchmarkTask:
 * @law: the truth, its constants in place
 * @low: support, for every variable
 * @high: support
 * @largest: rows where |y| is larger are left out
 * @n_points: rows
 * @noise: s.d. of the noise on y, relative to that of y
 * @refine: steps of refinement on this task before the answer, 0 for none
 * @seed: of rows and search
 */
typedef struct
{
  const OrrExpr *law;
  double         low;
  double         high;
  double         largest;
  guint          n_points;
  double         noise;
  guint          refine;
  guint64        seed;
} OrrBenchmarkTask;

/**
 * OrrBenchmarkOutcome:
 * @found: (nullable): the expression believed in
 * @exact: it is the law, by the equivalence test
 * @r2: on fresh points of the support
 * @r2_outside: on fresh points of a support twice as wide; NaN where the law has no values there
 * @recovered: both above 0.9999
 * @complexity: of @found
 * @seconds: taken
 * @cpu_seconds: of all processors together
 */
typedef struct
{
  OrrExpr *found;
  gboolean exact;
  double   r2;
  double   r2_outside;
  gboolean recovered;
  guint    complexity;
  double   seconds;
  double   cpu_seconds;
} OrrBenchmarkOutcome;

/* Of the benchmarks that the literature lists, and of the published training data and its held-out skeletons. */
#define ORR_BENCHMARK_LARGEST 1e8
#define ORR_BENCHMARK_LARGEST_HELD_OUT 5e4

gboolean orr_benchmark_has_answer (const OrrExpr        *law,
                                   double                low,
                                   double                high,
                                   guint64               seed);
gboolean orr_benchmark_run (const OrrAgent          *agent,
                            const OrrBenchmarkTask  *task,
                            const OrrRegressOptions *how,
                            OrrProgress             *progress,
                            OrrBenchmarkOutcome     *outcome,
                            GError                 **error);
void     orr_benchmark_outcome_clear (OrrBenchmarkOutcome *self);

G_END_DECLS
