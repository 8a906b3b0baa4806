/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-workbench-private.h"

#include <glib/gi18n.h>
#include <math.h>

/* Puts the candidate's equation on the canvas. */
void
orr_workbench_take_candidate (OrrWorkbench *self, guint index)
{
  g_return_if_fail (ORR_IS_WORKBENCH (self));
  g_return_if_fail (index < self->equations->candidates->len);

  const OrrCandidate *candidate = self->equations->candidates->pdata[index];
  orr_workbench_set_expr (self, candidate->expr, _ ("Take candidate"), NULL);
}

/* (transfer full): copies to change. */
static GPtrArray *
copy_candidates (OrrWorkbench *self)
{
  GPtrArray *old = self->equations->candidates;
  GPtrArray *copies = g_ptr_array_new_with_free_func ((GDestroyNotify) orr_candidate_free);

  for (guint i = 0; i < old->len; i++)
    g_ptr_array_add (copies, orr_candidate_copy (old->pdata[i]));
  return copies;
}

/**
 * orr_workbench_pin_candidate:
 *
 * A pinned candidate stays in the list, whatever is searched for next.
 */
void
orr_workbench_pin_candidate (OrrWorkbench *self, guint index, gboolean pinned)
{
  g_return_if_fail (ORR_IS_WORKBENCH (self));
  g_return_if_fail (index < self->equations->candidates->len);

  g_autoptr (GPtrArray) candidates = copy_candidates (self);
  OrrCandidate *candidate = candidates->pdata[index];
  if (!candidate->pinned == !pinned)
    return;
  candidate->pinned = pinned;
  g_autoptr (OrrEquations) next = orr_equations_with_candidates (self->equations, candidates);
  orr_workbench_edit (self, next, pinned ? _ ("Pin candidate") : _ ("Unpin candidate"), NULL);
}

/* Takes a candidate off the list. */
void
orr_workbench_remove_candidate (OrrWorkbench *self, guint index)
{
  g_return_if_fail (ORR_IS_WORKBENCH (self));
  g_return_if_fail (index < self->equations->candidates->len);

  g_autoptr (GPtrArray) candidates = copy_candidates (self);
  g_ptr_array_remove_index (candidates, index);
  g_autoptr (OrrEquations) next = orr_equations_with_candidates (self->equations, candidates);
  orr_workbench_edit (self, next, _ ("Remove candidate"), NULL);
}

/**
 * orr_workbench_go_to_move:
 * @index: of the move; -1: the first placeholder
 *
 * Goes back to a state of the history strip; the later ones stay, so that one can branch.
 */
void
orr_workbench_go_to_move (OrrWorkbench *self, int index)
{
  g_return_if_fail (ORR_IS_WORKBENCH (self));
  g_return_if_fail (index < (int) self->equations->moves->len);

  const OrrMove *move = index >= 0 ? self->equations->moves->pdata[index] : NULL;
  g_autoptr (OrrExpr) start = orr_expr_new_leaf (ORR_EXPR_OP_PLACEHOLDER, 0, 0.0);
  OrrExpr *expr = move != NULL ? move->expr : start;
  if (expr == self->equations->expr)
    return;
  g_autoptr (OrrEquations) next =
      orr_equations_with_expr (self->equations, expr, ORR_MOVER_PERSON, NULL, orr_workbench_r2_of (self, expr));
  orr_workbench_edit (self, next, _ ("Go back"), NULL);
}

/* R2 of any tree on the present training rows, or on the held-out ones; NaN where it has none. */
double
orr_workbench_r2_of_expr (OrrWorkbench *self, const OrrExpr *expr, gboolean held_out)
{
  OrrDataset *dataset = self->equations->dataset;

  return dataset != NULL
             ? orr_workbench_compute_r2 (expr, dataset, held_out ? ORR_DATASET_HELD_OUT : ORR_DATASET_TRAINING)
             : NAN;
}
