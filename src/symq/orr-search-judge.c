/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "orr-expr-program.h"
#include "orr-search-private.h"

/* What explains less of y than the rest of this is not looked at closely, unless asked to. */
#define MAX_PROMISING 0.97
/* What misses y by less than this may be the law, its constants short of their last digits. */
#define NEARLY_EXACT 1e-5
/* So many exact laws of each thread are relieved of constants that they can spare. */
#define MAX_TIDIED 3

void
orr_individual_free (OrrIndividual *self)
{
  g_clear_pointer (&self->candidate.expr, orr_expr_unref);
  g_free (self);
}

static double
held_out_error (const OrrSearch *self, const OrrExpr *expr)
{
  const OrrSamples *s = &self->held_out;
  double sse = 0.0;

  if (s->n == 0 || self->held_out_sst <= 0.0)
    return 0.0;
  g_autofree double *values = g_new (double, s->n);
  orr_expr_eval (expr, s->x, s->stride, s->n, values);
  for (gsize i = 0; i < s->n; i++)
    sse += (values[i] - s->y[i]) * (values[i] - s->y[i]);
  /* Undefined on a held-out row: as wrong as a guess of the mean. */
  return isfinite (sse) ? sse / self->held_out_sst : 1.0;
}

static double
score_of (const OrrSearch *self, double error, guint complexity)
{
  return log10 (MAX (error, 1e-15)) + (0.03 + self->node_penalty) * complexity;
}

static gboolean
has_offered (const OrrFilling *filling, guint hole)
{
  for (guint k = 0; k < filling->n[hole]; k++)
    if (filling->actions[hole][k] >= ORR_ACTIONS_FIRST_OFFERED)
      return TRUE;
  return FALSE;
}

/* Brings every hole into normal form; FALSE when one cannot be. Offered numbers would melt into constants there. */
static gboolean
normalize_filling (const OrrSearch *self, OrrSearchBench *bench, OrrFilling *filling)
{
  for (guint h = 0; h < self->template->n_holes; h++)
    {
      OrrExprNode nodes[ORR_ACTIONS_MAX_LENGTH], normal[ORR_ACTIONS_MAX_LENGTH];

      if (has_offered (filling, h))
        continue;
      for (guint k = 0; k < filling->n[h]; k++)
        nodes[k] = orr_action_to_node (filling->actions[h][k]);
      guint n = orr_expr_normalizer_run (bench->normalizer, nodes, ORR_EXPR_NORMAL_MERGE | ORR_EXPR_NORMAL_ACTIONS, normal,
                                         ORR_ACTIONS_MAX_LENGTH);
      if (n == 0)
        return FALSE;
      OrrAction actions[ORR_ACTIONS_MAX_LENGTH];
      for (guint k = 0; k < n; k++)
        {
          int action = orr_action_from_node (&normal[k]);
          /* The normal form may need an action that is forbidden: then the form it had stays. */
          if (action < 0 || (self->template->legal >> action & 1) == 0)
            return TRUE;
          actions[k] = action;
        }
      filling->n[h] = n;
      memcpy (filling->actions[h], actions, n);
    }
  return TRUE;
}

/* Whether a closer look is worth its time: a first look put it among the best quarter of the pool, or it is not full yet. */
static gboolean
is_promising (const OrrSearch *self, const OrrExpr *expr, double error)
{
  if (error < ORR_SEARCH_EXACT || error > MAX_PROMISING)
    return FALSE;
  return self->n_pool < ORR_SEARCH_POOL_SIZE / 2
         || score_of (self, error, orr_template_complexity (self->template, expr)) < self->pool[self->n_pool / 4]->score;
}

/* Follows the constants of what is nearly exact to the end, so that a law is known for one and the search is over. */
static void
polish (OrrSearchBench *bench, const OrrExpr *expr, OrrExprFit *fit)
{
  const OrrExprFitEffort to_the_end = { .n_starts = 0, .n_descents = 1, .n_iterations = 40 };
  g_autoptr (OrrExpr) fitted = orr_expr_set_constants (expr, fit->constants, NULL);
  OrrExprFit better;

  if (orr_expr_fitter_run (bench->fitter, fitted, &to_the_end, TRUE, &better) && better.sse < fit->sse)
    *fit = better;
}

/* Tidying writes what it likes. */
static gboolean
may_be_anything (const OrrTemplate *template)
{
  guint64 all = orr_actions_legal (ORR_ACTIONS_VARIABLES) & ((G_GUINT64_CONSTANT (1) << ORR_ACTIONS_FIRST_VARIABLE) - 1);

  return orr_search_is_free (template) && template->required == 0 && (template->legal & all) == all;
}

/*
 * What fits exactly with constants that only do what others do is the law with
 * some to spare: @expr (inout) and @fit without those, if that is as exact.
 */
static void
drop_spare_constants (OrrSearchBench *bench, OrrExpr **expr, OrrExprFit *fit)
{
  g_autoptr (OrrExpr) fitted = orr_expr_set_constants (*expr, fit->constants, NULL);
  OrrExprFit without = *fit;
  g_autoptr (OrrExpr) tidy = NULL;

  if (bench->n_tidied++ >= MAX_TIDIED)
    return;
  tidy = orr_expr_fitter_tidy (bench->fitter, fitted, &without);
  if (without.strain > ORR_EXPR_FIT_STRAINED || without.sse > ORR_SEARCH_EXACT * orr_expr_fitter_sst (bench->fitter))
    return;
  *fit = without;
  orr_expr_unref (*expr);
  *expr = g_steal_pointer (&tidy);
}

/* @constants: (nullable): to start from, beside the usual places */
OrrIndividual *
orr_search_judge (const OrrSearch *self, OrrSearchBench *bench, const OrrFilling *filling, gboolean closely, const double *constants)
{
  g_autoptr (OrrExpr) skeleton = orr_template_fill (self->template, filling);
  g_autoptr (OrrExpr) expr = skeleton != NULL && constants != NULL ? orr_expr_set_constants (skeleton, constants, NULL)
                             : skeleton != NULL                    ? orr_expr_ref (skeleton)
                                                                   : NULL;
  gboolean from_present = constants != NULL;
  OrrExprFit fit;

  if (expr == NULL || !orr_template_accepts (self->template, expr)
      || !orr_expr_fitter_run (bench->fitter, expr, &orr_expr_fit_glance, from_present, &fit))
    return NULL;
  if (closely || is_promising (self, expr, 1.0 - fit.r2))
    {
      OrrExprFit better;
      if (orr_expr_fitter_run (bench->fitter, expr, closely ? &orr_expr_fit_close : &orr_expr_fit_quick, from_present, &better) && better.sse < fit.sse)
        fit = better;
    }
  if (fit.n_constants > 0 && fit.strain <= ORR_EXPR_FIT_STRAINED && 1.0 - fit.r2 < NEARLY_EXACT && 1.0 - fit.r2 > ORR_SEARCH_EXACT)
    polish (bench, expr, &fit);
  if (fit.n_constants > 0 && fit.strain > ORR_EXPR_FIT_STRAINED && 1.0 - fit.r2 < ORR_SEARCH_EXACT && may_be_anything (self->template))
    drop_spare_constants (bench, &expr, &fit);

  OrrIndividual *result = g_new0 (OrrIndividual, 1);
  result->filling = *filling;
  result->hash = orr_filling_hash (filling, self->template->n_holes);
  result->candidate.expr = orr_expr_set_constants (expr, fit.constants, fit.standard_errors);
  result->candidate.fit = fit;
  result->candidate.complexity = orr_template_complexity (self->template, expr);
  double sst = orr_expr_fitter_sst (bench->fitter);
  result->candidate.error = MAX (sst > 0.0 ? fit.sse / sst : 0.0, held_out_error (self, result->candidate.expr));
  if (fit.strain > ORR_EXPR_FIT_STRAINED)
    {
      /* The digits that cancel had to be written, too; and it is never the end of the search. */
      result->candidate.complexity += MIN (3 * (guint) ceil (log10 (fit.strain / ORR_EXPR_FIT_STRAINED)), 12);
      result->candidate.error = MAX (result->candidate.error, 10.0 * ORR_SEARCH_EXACT);
    }
  result->score = score_of (self, result->candidate.error, result->candidate.complexity);
  return result;
}

/* a f + b: whether the shape is right does not depend on its scale. */
static gboolean
wrap_filling (const OrrFilling *filling, OrrFilling *out)
{
  static const char *const before[] = { "add", "mul", "c" };
  guint n = filling->n[0];

  if (n + 4 > ORR_ACTIONS_MAX_LENGTH)
    return FALSE;
  *out = *filling;
  for (guint k = 0; k < 3; k++)
    out->actions[0][k] = orr_action_from_name (before[k]);
  memcpy (out->actions[0] + 3, filling->actions[0], n);
  out->actions[0][n + 3] = orr_action_from_name ("c");
  out->n[0] = n + 4;
  return TRUE;
}

gboolean
orr_search_is_free (const OrrTemplate *template)
{
  const guint64 needed = 1 | 1 << 2 | 1 << 3; /* c, add, mul */
  return template->expr->n_nodes == 1 && template->n_holes == 1 && (template->legal & needed) == needed;
}

gboolean
orr_search_has_seen (const OrrSearch *self, guint64 hash)
{
  return g_hash_table_contains (self->seen, &hash);
}

/* Whether one of this error and complexity would be among the pool or on the front. */
static gboolean
is_welcome (const OrrSearch *self, double error, guint complexity)
{
  if (self->n_pool < ORR_SEARCH_POOL_SIZE || score_of (self, error, complexity) < self->pool[self->n_pool - 1]->score)
    return TRUE;
  return complexity <= ORR_SEARCH_MAX_COMPLEXITY && (self->front[complexity] == NULL || error < self->front[complexity]->candidate.error);
}

/* Stands for what has been tried and is no use, so that it is not tried again. */
static OrrIndividual *
new_dud (guint64 hash, guint64 other_hash)
{
  OrrIndividual *dud = g_new0 (OrrIndividual, 1);

  dud->hash = hash;
  dud->other_hash = other_hash;
  return dud;
}

/*
 * The better of @filling and its scaled and shifted form. That one comes first: it
 * fits at least as well, so that when it is no use the other need not be fitted.
 */
static OrrIndividual *
try_both (const OrrSearch *self, OrrSearchBench *bench, const OrrFilling *filling, const OrrFilling *wrapped, gboolean closely)
{
  guint64 hash = orr_filling_hash (filling, 1), wrapped_hash = orr_filling_hash (wrapped, 1);
  OrrIndividual *scaled = orr_search_has_seen (self, wrapped_hash) ? NULL : orr_search_judge (self, bench, wrapped, closely, NULL);
  g_autoptr (OrrExpr) expr = orr_template_fill (self->template, filling);

  if (scaled != NULL && !closely
      && !is_welcome (self, scaled->candidate.error, MIN (orr_template_complexity (self->template, expr), scaled->candidate.complexity)))
    {
      orr_individual_free (scaled);
      return new_dud (hash, wrapped_hash);
    }
  OrrIndividual *plain = orr_search_judge (self, bench, filling, closely, NULL);
  if (plain == NULL && scaled == NULL)
    return new_dud (hash, wrapped_hash);
  if (scaled == NULL || (plain != NULL && plain->score <= scaled->score))
    {
      g_clear_pointer (&scaled, orr_individual_free);
      plain->other_hash = wrapped_hash;
      return plain;
    }
  g_clear_pointer (&plain, orr_individual_free);
  scaled->other_hash = hash;
  return scaled;
}

/* Normal form, then its fit, or that of its scaled and shifted form when that is better. NULL when it is not new. */
OrrIndividual *
orr_search_try (const OrrSearch *self, OrrSearchBench *bench, const OrrFilling *proposed, gboolean closely)
{
  OrrFilling filling = *proposed, wrapped;

  if (!normalize_filling (self, bench, &filling))
    return NULL;
  guint64 hash = orr_filling_hash (&filling, self->template->n_holes);
  if (orr_search_has_seen (self, hash))
    return NULL;
  if (orr_search_is_free (self->template) && wrap_filling (&filling, &wrapped) && normalize_filling (self, bench, &wrapped))
    return try_both (self, bench, &filling, &wrapped, closely);
  OrrIndividual *plain = orr_search_judge (self, bench, &filling, closely, NULL);
  return plain != NULL ? plain : new_dud (hash, 0);
}

/* A closer look at what has been judged before: it, or its scaled and shifted form when that fits better. (nullable) */
OrrIndividual *
orr_search_try_again (const OrrSearch *self, OrrSearchBench *bench, const OrrFilling *proposed)
{
  OrrFilling filling = *proposed, wrapped;

  if (!normalize_filling (self, bench, &filling))
    return NULL;
  OrrIndividual *plain = orr_search_judge (self, bench, &filling, TRUE, NULL), *scaled = NULL;
  if ((plain == NULL || plain->candidate.error > ORR_SEARCH_EXACT) && wrap_filling (&filling, &wrapped)
      && normalize_filling (self, bench, &wrapped))
    scaled = orr_search_judge (self, bench, &wrapped, TRUE, NULL);
  if (scaled != NULL && (plain == NULL || scaled->score < plain->score))
    {
      g_clear_pointer (&plain, orr_individual_free);
      plain = g_steal_pointer (&scaled);
    }
  g_clear_pointer (&scaled, orr_individual_free);
  if (plain != NULL)
    plain->again = TRUE;
  return plain;
}

static OrrIndividual *
copy_individual (const OrrIndividual *self)
{
  OrrIndividual *copy = g_memdup2 (self, sizeof (OrrIndividual));

  copy->candidate.expr = orr_expr_ref (self->candidate.expr);
  return copy;
}

/* Of the same complexity. Where numbers are offered, of two that fit about equally well the one with fewer free constants. */
static gboolean
is_better (const OrrSearch *self, const OrrProspect *a, const OrrProspect *b)
{
  double tolerance = 1.0 + 4.0 / MAX (self->fitted.n, 4), x = MAX (a->error, ORR_SEARCH_EXACT), y = MAX (b->error, ORR_SEARCH_EXACT);

  if (self->template->n_offered > 0 && a->fit.n_constants != b->fit.n_constants && x < y * tolerance && y < x * tolerance)
    return a->fit.n_constants < b->fit.n_constants;
  return a->error < b->error;
}

static void
update_front (OrrSearch *self, const OrrIndividual *individual)
{
  guint c = individual->candidate.complexity;

  if (c > ORR_SEARCH_MAX_COMPLEXITY || (self->front[c] != NULL && !is_better (self, &individual->candidate, &self->front[c]->candidate)))
    return;
  g_clear_pointer (&self->front[c], orr_individual_free);
  self->front[c] = copy_individual (individual);
  self->changed = TRUE;
}

/* Takes over @individual. */
void
orr_search_add (OrrSearch *self, OrrIndividual *individual)
{
  gboolean known = !individual->again && orr_search_has_seen (self, individual->hash);

  self->n_tried++;
  g_hash_table_add (self->seen, g_memdup2 (&individual->hash, sizeof (guint64)));
  if (individual->other_hash != 0)
    g_hash_table_add (self->seen, g_memdup2 (&individual->other_hash, sizeof (guint64)));
  if (known || individual->candidate.expr == NULL)
    {
      orr_individual_free (individual);
      return;
    }
  update_front (self, individual);

  guint at = self->n_pool;
  while (at > 0 && self->pool[at - 1]->score > individual->score)
    at--;
  if (at == ORR_SEARCH_POOL_SIZE)
    {
      orr_individual_free (individual);
      return;
    }
  if (self->n_pool == ORR_SEARCH_POOL_SIZE)
    orr_individual_free (self->pool[--self->n_pool]);
  memmove (self->pool + at + 1, self->pool + at, (self->n_pool - at) * sizeof (OrrIndividual *));
  self->pool[at] = individual;
  self->n_pool++;
}

gboolean
orr_search_is_solved (const OrrSearch *self)
{
  for (guint c = 0; c <= ORR_SEARCH_MAX_COMPLEXITY; c++)
    if (self->front[c] != NULL && self->front[c]->candidate.error < ORR_SEARCH_EXACT)
      return TRUE;
  return FALSE;
}

/* A tournament of three in the pool, or anyone on the front. */
const OrrIndividual *
orr_search_choose_parent (const OrrSearch *self, OrrDice *dice)
{
  if (orr_dice_chance (dice, 0.3))
    {
      guint c = orr_dice_below (dice, ORR_SEARCH_MAX_COMPLEXITY);
      for (guint k = 0; k < ORR_SEARCH_MAX_COMPLEXITY; k++)
        if (self->front[(c + k) % ORR_SEARCH_MAX_COMPLEXITY] != NULL)
          return self->front[(c + k) % ORR_SEARCH_MAX_COMPLEXITY];
    }
  guint best = orr_dice_below (dice, self->n_pool);
  for (guint k = 0; k < 2; k++)
    best = MIN (best, orr_dice_below (dice, self->n_pool));
  return self->pool[best];
}
