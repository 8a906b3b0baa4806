/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-expr-fit.h"
#include "orr-template.h"

G_BEGIN_DECLS

#define ORR_SEED_TERM_LENGTH 12
#define ORR_SEED_TERM_CONSTANTS 2

/**
 * OrrSeedTerm:
 * @actions: a tree in preorder
 * @n: how many actions
 * @constants: what its free constants are set to, in order
 * @n_constants: how many
 *
 * A function of the columns that sums are made of.
 */
typedef struct
{
  OrrAction actions[ORR_SEED_TERM_LENGTH];
  guint     n;
  double    constants[ORR_SEED_TERM_CONSTANTS];
  guint     n_constants;
} OrrSeedTerm;

/**
 * OrrSeedLibrary:
 * @n_rows: rows of the table
 * @stride: of @values, @n_rows rounded up
 * @terms: (element-type OrrSeedTerm)
 * @values: [terms x stride] mean 0 and norm 1 over the rows
 * @means: [terms] what was taken off for it
 * @norms: [terms] and what was divided by
 *
 * Functions of one column and of two, products of such functions, and waves of many frequencies.
 */
typedef struct
{
  gsize   n_rows;
  gsize   stride;
  GArray *terms;
  double *values;
  double *means;
  double *norms;
} OrrSeedLibrary;

OrrSeedLibrary *orr_seed_library_new  (const OrrSamples *samples,
                                       guint64           legal);
void            orr_seed_library_free (OrrSeedLibrary   *self);
gboolean        orr_seed_term_read    (const char        *text,
                                       guint              x,
                                       guint              z,
                                       guint64            legal,
                                       OrrSeedTerm       *term);
gboolean        orr_seed_term_eval    (const OrrSeedTerm *term,
                                       const OrrSamples  *samples,
                                       double            *values);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrrSeedLibrary, orr_seed_library_free)

G_END_DECLS
