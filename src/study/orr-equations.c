/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-equations.h"

#include <math.h>

OrrCandidate *
orr_candidate_new (OrrExpr *expr, double r2, double r2_held_out)
{
  OrrCandidate *self = g_new0 (OrrCandidate, 1);

  self->expr = orr_expr_ref (expr);
  self->r2 = r2;
  self->r2_held_out = r2_held_out;
  self->complexity = orr_expr_complexity (expr);
  return self;
}

OrrCandidate *
orr_candidate_copy (const OrrCandidate *self)
{
  OrrCandidate *copy = orr_candidate_new (self->expr, self->r2, self->r2_held_out);

  copy->pinned = self->pinned;
  return copy;
}

void
orr_candidate_free (OrrCandidate *self)
{
  if (self == NULL)
    return;
  orr_expr_unref (self->expr);
  g_free (self);
}

static void
move_free (gpointer data)
{
  OrrMove *move = data;

  g_free (move->label);
  orr_expr_unref (move->expr);
  g_free (move);
}

static OrrMove *
move_new (OrrMover mover, const char *label, OrrExpr *expr, double r2, int from)
{
  OrrMove *move = g_new0 (OrrMove, 1);

  move->mover = mover;
  move->label = g_strdup (label);
  move->expr = orr_expr_ref (expr);
  move->r2 = r2;
  move->from = from;
  return move;
}

static OrrParked *
parked_new (guint target, OrrExpr *expr, GPtrArray *tray, GPtrArray *candidates, GPtrArray *moves)
{
  OrrParked *self = g_new0 (OrrParked, 1);

  self->target = target;
  self->expr = orr_expr_ref (expr);
  self->tray = g_ptr_array_ref (tray);
  self->candidates = g_ptr_array_ref (candidates);
  self->moves = g_ptr_array_ref (moves);
  return self;
}

void
orr_parked_free (OrrParked *self)
{
  if (self == NULL)
    return;
  orr_expr_unref (self->expr);
  g_ptr_array_unref (self->tray);
  g_ptr_array_unref (self->candidates);
  g_ptr_array_unref (self->moves);
  g_free (self);
}

/**
 * orr_equations_new:
 *
 * Returns: (transfer full): one placeholder and no data
 */
OrrEquations *
orr_equations_new (void)
{
  OrrEquations *self = g_atomic_rc_box_new0 (OrrEquations);

  self->expr = orr_expr_new_leaf (ORR_EXPR_OP_PLACEHOLDER, 0, 0.0);
  self->tray = g_ptr_array_new_with_free_func ((GDestroyNotify) orr_expr_unref);
  self->forbidden = g_new0 (char *, 1);
  self->offered = g_array_new (FALSE, FALSE, sizeof (double));
  self->candidates = g_ptr_array_new_with_free_func ((GDestroyNotify) orr_candidate_free);
  self->moves = g_ptr_array_new_with_free_func (move_free);
  self->parked = g_ptr_array_new_with_free_func ((GDestroyNotify) orr_parked_free);
  return self;
}

static OrrEquations *
copy_equations (const OrrEquations *self)
{
  OrrEquations *copy = g_atomic_rc_box_new0 (OrrEquations);

  copy->dataset = self->dataset != NULL ? orr_dataset_ref (self->dataset) : NULL;
  copy->expr = orr_expr_ref (self->expr);
  copy->tray = g_ptr_array_ref (self->tray);
  copy->forbidden = g_strdupv (self->forbidden);
  copy->offered = g_array_ref (self->offered);
  copy->candidates = g_ptr_array_ref (self->candidates);
  copy->moves = g_ptr_array_ref (self->moves);
  copy->parked = g_ptr_array_ref (self->parked);
  return copy;
}

static void
take_pointer (GPtrArray **field, GPtrArray *value)
{
  g_ptr_array_unref (*field);
  *field = value;
}

/* Puts the equation on the canvas aside and takes out that of @target; a target that has none yet
 * starts with a placeholder. */
static void
switch_target (OrrEquations *self, const OrrEquations *from, guint target)
{
  g_autoptr (OrrEquations) fresh = orr_equations_new ();
  g_autoptr (OrrParked) found =
    parked_new (target, fresh->expr, fresh->tray, fresh->candidates, fresh->moves);
  GPtrArray *parked = g_ptr_array_new_with_free_func ((GDestroyNotify) orr_parked_free);

  g_ptr_array_add (parked, parked_new (from->dataset->target, from->expr, from->tray, from->candidates, from->moves));
  for (guint i = 0; i < from->parked->len; i++)
    {
      const OrrParked *old = from->parked->pdata[i];
      OrrParked *copy = parked_new (old->target, old->expr, old->tray, old->candidates, old->moves);

      if (old->target == target)
        {
          orr_parked_free (found);
          found = copy;
        }
      else
        g_ptr_array_add (parked, copy);
    }
  orr_expr_unref (self->expr);
  self->expr = orr_expr_ref (found->expr);
  take_pointer (&self->tray, g_ptr_array_ref (found->tray));
  take_pointer (&self->candidates, g_ptr_array_ref (found->candidates));
  take_pointer (&self->moves, g_ptr_array_ref (found->moves));
  take_pointer (&self->parked, parked);
}

/**
 * orr_equations_with_dataset:
 * @dataset: (nullable): other data: candidates found for the old ones are dropped
 *
 * Where only the target of a system changes, the equation of the old target is put
 * aside with its candidates and moves, and that of the new one comes onto the canvas.
 */
OrrEquations *
orr_equations_with_dataset (const OrrEquations *self, OrrDataset *dataset)
{
  OrrEquations *copy = copy_equations (self);
  gboolean same_system = orr_dataset_same_system (self->dataset, dataset);

  g_clear_pointer (&copy->dataset, orr_dataset_unref);
  copy->dataset = dataset != NULL ? orr_dataset_ref (dataset) : NULL;
  if (same_system && self->dataset->target != dataset->target)
    {
      switch_target (copy, self, dataset->target);
      return copy;
    }
  take_pointer (&copy->candidates, g_ptr_array_new_with_free_func ((GDestroyNotify) orr_candidate_free));
  if (!same_system)
    take_pointer (&copy->parked, g_ptr_array_new_with_free_func ((GDestroyNotify) orr_parked_free));
  return copy;
}

/**
 * orr_equations_get_law:
 * @target: a column of the data
 *
 * Returns: (transfer none) (nullable): the tree that explains it, on the canvas or put aside
 */
OrrExpr *
orr_equations_get_law (const OrrEquations *self, guint target)
{
  if (self->dataset == NULL)
    return NULL;
  if (self->dataset->target == target)
    return self->expr;
  for (guint i = 0; i < self->parked->len; i++)
    {
      const OrrParked *parked = self->parked->pdata[i];

      if (parked->target == target)
        return parked->expr;
    }
  return NULL;
}

/**
 * orr_equations_with_law:
 * @target: a target of the system that is not on the canvas
 *
 * Returns: (transfer full): with @expr as its tree, without candidates and moves
 */
OrrEquations *
orr_equations_with_law (const OrrEquations *self, guint target, OrrExpr *expr)
{
  OrrEquations *copy = copy_equations (self);
  g_autoptr (OrrEquations) fresh = orr_equations_new ();
  GPtrArray *parked = g_ptr_array_new_with_free_func ((GDestroyNotify) orr_parked_free);

  for (guint i = 0; i < self->parked->len; i++)
    {
      const OrrParked *old = self->parked->pdata[i];

      if (old->target != target)
        g_ptr_array_add (parked, parked_new (old->target, old->expr, old->tray, old->candidates, old->moves));
    }
  g_ptr_array_add (parked, parked_new (target, expr, fresh->tray, fresh->candidates, fresh->moves));
  take_pointer (&copy->parked, parked);
  return copy;
}

/**
 * orr_equations_with_expr:
 * @label: (nullable): adds a move to the history strip; %NULL for none
 * @r2: of @expr, NaN when unknown
 */
OrrEquations *
orr_equations_with_expr (const OrrEquations *self, OrrExpr *expr, OrrMover mover, const char *label, double r2)
{
  OrrEquations *copy = copy_equations (self);

  orr_expr_ref (expr);
  orr_expr_unref (copy->expr);
  copy->expr = expr;
  if (label != NULL)
    {
      g_ptr_array_unref (copy->moves);
      copy->moves = g_ptr_array_new_with_free_func (move_free);
      for (guint i = 0; i < self->moves->len; i++)
        {
          const OrrMove *move = self->moves->pdata[i];
          g_ptr_array_add (copy->moves, move_new (move->mover, move->label, move->expr, move->r2, move->from));
        }
      g_ptr_array_add (copy->moves, move_new (mover, label, expr, r2, orr_equations_get_state (self)));
    }
  return copy;
}

/**
 * orr_equations_with_tray:
 * @tray: (element-type OrrExpr): shared, do not change it any more
 */
OrrEquations *
orr_equations_with_tray (const OrrEquations *self, GPtrArray *tray)
{
  OrrEquations *copy = copy_equations (self);

  g_ptr_array_unref (copy->tray);
  copy->tray = g_ptr_array_ref (tray);
  return copy;
}

OrrEquations *
orr_equations_with_forbidden (const OrrEquations *self, const char *const *forbidden)
{
  OrrEquations *copy = copy_equations (self);

  g_strfreev (copy->forbidden);
  copy->forbidden = g_strdupv ((char **) forbidden);
  return copy;
}

/**
 * orr_equations_with_offered:
 * @offered: (array): [n] numbers that the agent may use as they stand
 */
OrrEquations *
orr_equations_with_offered (const OrrEquations *self, const double *offered, guint n)
{
  OrrEquations *copy = copy_equations (self);

  g_array_unref (copy->offered);
  copy->offered = g_array_sized_new (FALSE, FALSE, sizeof (double), n);
  g_array_append_vals (copy->offered, offered, n);
  return copy;
}

/**
 * orr_equations_get_state:
 *
 * Returns: the move whose tree is on the canvas, the latest of equal ones; -1 when it is none's
 */
int
orr_equations_get_state (const OrrEquations *self)
{
  for (guint i = self->moves->len; i-- > 0;)
    if (((const OrrMove *) self->moves->pdata[i])->expr == self->expr)
      return i;
  for (guint i = self->moves->len; i-- > 0;)
    if (orr_expr_equal (((const OrrMove *) self->moves->pdata[i])->expr, self->expr))
      return i;
  return -1;
}

/**
 * orr_equations_with_candidates:
 * @candidates: (element-type OrrCandidate): shared, do not change it any more
 */
OrrEquations *
orr_equations_with_candidates (const OrrEquations *self, GPtrArray *candidates)
{
  OrrEquations *copy = copy_equations (self);

  g_ptr_array_unref (copy->candidates);
  copy->candidates = g_ptr_array_ref (candidates);
  return copy;
}

OrrEquations *
orr_equations_ref (OrrEquations *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
clear (gpointer box)
{
  OrrEquations *self = box;

  orr_dataset_unref (self->dataset);
  orr_expr_unref (self->expr);
  g_ptr_array_unref (self->tray);
  g_strfreev (self->forbidden);
  g_array_unref (self->offered);
  g_ptr_array_unref (self->candidates);
  g_ptr_array_unref (self->moves);
  g_ptr_array_unref (self->parked);
}

void
orr_equations_unref (OrrEquations *self)
{
  if (self != NULL)
    g_atomic_rc_box_release_full (self, clear);
}
