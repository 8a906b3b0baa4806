/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-equations.h"
#include "orr-reduction.h"

G_BEGIN_DECLS

/**
 * OrrReductionSource:
 * @kind: what the data are about
 * @run: id of the run, "" on the command line
 * @section: the analysis that they come from; "motion" for the motion that is shown
 * @symbol: of an emission
 * @epoch: of the training, -1 for the final network
 * @start: first step of the motion
 * @end: the step after the last one
 * @noise: s.d. of the noise that drove it, in units of the training noise
 * @seed: of that noise
 *
 * How a data set was derived from a network; its @source says the same as a section.
 */
typedef struct
{
  OrrReductionKind kind;
  char            *run;
  char            *section;
  guint            symbol;
  int              epoch;
  guint            start;
  guint            end;
  double           noise;
  guint64          seed;
} OrrReductionSource;

void        orr_reduction_source_clear (OrrReductionSource       *self);
gboolean    orr_reduction_source_read  (OrrReductionSource       *self,
                                        const OrrDataset         *dataset);
OrrDataset *orr_dataset_from_reduction (const OrrReduction       *reduction,
                                        const OrrReductionSource *source,
                                        const char               *name,
                                        const char               *origin);
OrrExpr    *orr_dataset_starting_tree  (const OrrDataset         *dataset,
                                        guint                     target);

/**
 * OrrDatasetLaw:
 * @dataset: whose inputs it takes
 * @source: where these came from
 * @n_targets: equations
 * @exprs: [n_targets] complete trees
 *
 * What was found for a data set that came from a network, ready to be evaluated at any
 * phase, place or noise. Reference counted.
 */
typedef struct
{
  OrrDataset        *dataset;
  OrrReductionSource source;
  guint              n_targets;
  OrrExpr           *exprs[2];
} OrrDatasetLaw;

OrrDatasetLaw *orr_dataset_law_new   (const OrrEquations  *equations);
OrrDatasetLaw *orr_dataset_law_ref   (OrrDatasetLaw       *self);
void           orr_dataset_law_unref (OrrDatasetLaw       *self);
guint          orr_dataset_law_dimension (const OrrDatasetLaw *self);
void           orr_dataset_law_field (const double        *x,
                                      gsize                n,
                                      double              *out,
                                      gpointer             law);
char          *orr_dataset_law_dup_text (const OrrDatasetLaw *self,
                                         guint                index,
                                         int                  digits);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (OrrReductionSource, orr_reduction_source_clear)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrrDatasetLaw, orr_dataset_law_unref)

G_END_DECLS
