/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-dataset.h"
#include "orr-expr.h"

G_BEGIN_DECLS

/**
 * OrrCandidate:
 * @expr: the equation with its fitted constants
 * @r2: on the training rows
 * @r2_held_out: on the held-out rows, NaN where there are none
 * @complexity: orr_expr_complexity()
 * @pinned: a person wants to keep it
 *
 * One equation that was found.
 */
typedef struct
{
  OrrExpr *expr;
  double   r2;
  double   r2_held_out;
  guint    complexity;
  gboolean pinned;
} OrrCandidate;

typedef enum
{
  ORR_MOVER_PERSON,
  ORR_MOVER_AGENT,
} OrrMover;

/**
 * OrrMove:
 * @mover: who made it
 * @label: what was done: "sin", "lock", "complete"
 * @expr: the tree after it
 * @r2: on the training rows, NaN while it has placeholders
 * @from: the state that it was made in: an index, -1 for the first placeholder
 *
 * One state of the history strip.
 */
typedef struct
{
  OrrMover mover;
  char    *label;
  OrrExpr *expr;
  double   r2;
  int      from;
} OrrMove;

/**
 * OrrParked:
 * @target: the column that it explains
 * @expr: its tree
 * @tray: (element-type OrrExpr)
 * @candidates: (element-type OrrCandidate)
 * @moves: (element-type OrrMove)
 *
 * An equation of a system that is not on the canvas at the moment.
 */
typedef struct
{
  guint      target;
  OrrExpr   *expr;
  GPtrArray *tray;
  GPtrArray *candidates;
  GPtrArray *moves;
} OrrParked;

/**
 * OrrEquations:
 * @dataset: (nullable): what is to be explained
 * @expr: the tree on the canvas
 * @tray: (element-type OrrExpr): loose pieces
 * @forbidden: (array zero-terminated=1): names of operators the agent must not use
 * @offered: (element-type double): numbers that the agent may use
 * @candidates: (element-type OrrCandidate): best first
 * @moves: (element-type OrrMove): oldest first
 * @parked: (element-type OrrParked): of a system, the equations of the other targets
 *
 * All that the Equations page keeps in a study. A value: the with-functions
 * return changed copies that share all the rest. Reference counted.
 */
typedef struct
{
  OrrDataset *dataset;
  OrrExpr    *expr;
  GPtrArray  *tray;
  char      **forbidden;
  GArray     *offered;
  GPtrArray  *candidates;
  GPtrArray  *moves;
  GPtrArray  *parked;
} OrrEquations;

OrrEquations *orr_equations_new             (void);
OrrEquations *orr_equations_with_dataset    (const OrrEquations *self,
                                             OrrDataset         *dataset);
OrrExpr      *orr_equations_get_law         (const OrrEquations *self,
                                             guint               target);
OrrEquations *orr_equations_with_law        (const OrrEquations *self,
                                             guint               target,
                                             OrrExpr            *expr);
OrrEquations *orr_equations_with_expr       (const OrrEquations *self,
                                             OrrExpr            *expr,
                                             OrrMover            mover,
                                             const char         *label,
                                             double              r2);
OrrEquations *orr_equations_with_tray       (const OrrEquations *self,
                                             GPtrArray          *tray);
OrrEquations *orr_equations_with_forbidden  (const OrrEquations *self,
                                             const char *const  *forbidden);
OrrEquations *orr_equations_with_offered    (const OrrEquations *self,
                                             const double       *offered,
                                             guint               n);
int           orr_equations_get_state       (const OrrEquations *self);
OrrEquations *orr_equations_with_candidates (const OrrEquations *self,
                                             GPtrArray          *candidates);
GVariant     *orr_equations_to_section      (const OrrEquations *self);
OrrEquations *orr_equations_from_section    (GVariant           *section,
                                             GError            **error);
OrrEquations *orr_equations_ref             (OrrEquations       *self);
void          orr_equations_unref           (OrrEquations       *self);

OrrCandidate *orr_candidate_new             (OrrExpr            *expr,
                                             double              r2,
                                             double              r2_held_out);
OrrCandidate *orr_candidate_copy            (const OrrCandidate *self);
void          orr_candidate_free            (OrrCandidate       *self);

void          orr_parked_free               (OrrParked          *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrrEquations, orr_equations_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrrParked, orr_parked_free)

G_END_DECLS
