/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-workbench-private.h"

#include <glib/gi18n.h>

/* Puts the candidate's equation on the canvas. */
void
orr_workbench_take_candidate (OrrWorkbench *self, guint index)
{
  g_return_if_fail (ORR_IS_WORKBENCH (self));
  g_return_if_fail (index < self->equations->candidates->len);

  const OrrCandidate *candidate = self->equations->candidates->pdata[index];
  orr_workbench_set_expr (self, candidate->expr, _ ("Take candidate"), NULL);
}

/* Goes back to a state of the history strip; the later ones stay, so that one can branch. */
void
orr_workbench_go_to_move (OrrWorkbench *self, guint index)
{
  g_return_if_fail (ORR_IS_WORKBENCH (self));
  g_return_if_fail (index < self->equations->moves->len);

  const OrrMove *move = self->equations->moves->pdata[index];
  g_autoptr (OrrEquations) next =
      orr_equations_with_expr (self->equations, move->expr, ORR_MOVER_PERSON, NULL, move->r2);
  orr_workbench_edit (self, next, _ ("Go back"), NULL);
}
