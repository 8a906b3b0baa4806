/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-search.h"

#include <math.h>
#include <string.h>
#include <time.h>

#include "orr-beam.h"
#include "orr-expr-normal.h"
#include "orr-expr-program.h"
#include "orr-mutate.h"
#include "orr-seeds.h"
#include "orr-seeds-sums.h"
#include "orr-views.h"

/*
 * Anytime search: a pool of good candidates is bred, generation by generation.
 * Tasks of a generation know the pool as it was before, and their random
 * numbers follow from seed, generation and task, so that the result is the same
 * for any number of threads.
 */
#define POOL_SIZE 96
#define N_TASKS 8
#define TASK_SIZE 12
/* Proposals of the beam that are judged between two looks at what was found. */
#define BEAM_BLOCK 32
/* One task in so many asks the agent, which costs less a proposal the more it is asked for at once. */
#define REGROW_EVERY 4
#define REGROW_SIZE 24
#define MAX_COMPLEXITY 64
#define EXACT 1e-13
/* Microseconds between two reports of what was found. */
#define TELL_EVERY 300000
/* Generations that look for a simpler form once one fits exactly. */
#define N_AFTER 8
/* Another view of y, with a beam of this width, every so many generations. */
#define VIEW_EVERY 3
#define VIEW_BEAM 96
/* Up to this view y is itself, or an inverse or a power of itself. */
#define LAST_POWER_VIEW 3
/* A beam of this width for what a law of the pool leaves of y, in turn with them. */
#define REST_BEAM 48
/* A beam of this width takes a glance at all simple views, too. */
#define WIDE_BEAM 128

typedef struct
{
  OrrFilling   filling;
  guint64      hash;
  guint64      other_hash; /* of the form of it that was tried as well, or 0 */
  OrrProspect candidate;
  double       score;
} Individual;

/* One thread's tools. */
typedef struct
{
  OrrExprFitter     *fitter;
  OrrExprNormalizer *normalizer;
} Bench;

struct _OrrSearch
{
  const OrrAgentContext *context;
  const OrrTemplate     *template;
  OrrSamples             fitted;
  OrrSamples             held_out;
  double                 held_out_sst;
  Individual            *pool[POOL_SIZE]; /* best score first */
  guint                  n_pool;
  Individual            *front[MAX_COMPLEXITY + 1]; /* the smallest error of every complexity */
  guint                  next_view;
  OrrSeedSums           *sums; /* (nullable) */
  int                    next_sums; /* the next view of y that is told as a sum; -1: y itself */
  double                 node_penalty; /* in score_of()'s unit */
  GHashTable            *seen; /* hashes of fillings */
  guint64                n_tried;
  OrrSearchFound         found; /* (nullable) */
  gpointer               found_data;
  gint64                 told; /* when it was called last */
  gboolean               changed; /* the front, since then */
  OrrProgress           *progress; /* (nullable) (unowned): of the present run */
  Bench                  benches[N_TASKS];
};

void
orr_prospect_free (OrrProspect *self)
{
  if (self == NULL)
    return;
  orr_expr_unref (self->expr);
  g_free (self);
}

static void
individual_free (Individual *self)
{
  g_clear_pointer (&self->candidate.expr, orr_expr_unref);
  g_free (self);
}

static double
sum_of_squares (const OrrSamples *samples)
{
  double mean = 0.0, sum = 0.0;

  for (gsize i = 0; i < samples->n; i++)
    mean += samples->y[i] / samples->n;
  for (gsize i = 0; i < samples->n; i++)
    sum += (samples->y[i] - mean) * (samples->y[i] - mean);
  return sum;
}

/**
 * orr_search_new:
 * @context: (nullable): the agent's view of the data; %NULL searches without an agent
 * @template: what proposals look like
 * @fitted: rows that constants are fitted to
 * @held_out: rows that judge them; may be none
 *
 * All must outlive the search.
 */
OrrSearch *
orr_search_new (const OrrAgentContext *context, const OrrTemplate *template, const OrrSamples *fitted,
                const OrrSamples *held_out)
{
  OrrSearch *self = g_new0 (OrrSearch, 1);

  self->context = context;
  self->template = template;
  self->fitted = *fitted;
  self->held_out = *held_out;
  self->held_out_sst = held_out->n > 0 ? sum_of_squares (held_out) : 0.0;
  self->seen = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  for (guint k = 0; k < N_TASKS; k++)
    {
      self->benches[k].fitter = orr_expr_fitter_new (&self->fitted);
      self->benches[k].normalizer = orr_expr_normalizer_new ();
    }
  return self;
}

void
orr_search_free (OrrSearch *self)
{
  if (self == NULL)
    return;
  for (guint k = 0; k < N_TASKS; k++)
    {
      orr_expr_fitter_free (self->benches[k].fitter);
      orr_expr_normalizer_free (self->benches[k].normalizer);
    }
  for (guint i = 0; i < self->n_pool; i++)
    individual_free (self->pool[i]);
  for (guint c = 0; c <= MAX_COMPLEXITY; c++)
    g_clear_pointer (&self->front[c], individual_free);
  g_clear_pointer (&self->sums, orr_seed_sums_free);
  g_hash_table_unref (self->seen);
  g_free (self);
}

guint64
orr_search_n_tried (const OrrSearch *self)
{
  return self->n_tried;
}

/* --- Judging one filling --- */

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
normalize_filling (const OrrSearch *self, Bench *bench, OrrFilling *filling)
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

/* Whether a closer look is worth its time: a first look put it among the better half of the pool, or it is not full yet. */
static gboolean
is_promising (const OrrSearch *self, const OrrExpr *expr, double error)
{
  if (error < EXACT)
    return FALSE;
  return self->n_pool < POOL_SIZE / 2
         || score_of (self, error, orr_template_complexity (self->template, expr)) < self->pool[self->n_pool / 2]->score;
}

/* @constants: (nullable): to start from, beside the usual places */
static Individual *
judge (const OrrSearch *self, Bench *bench, const OrrFilling *filling, gboolean closely, const double *constants)
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
      if (orr_expr_fitter_run (bench->fitter, expr, &orr_expr_fit_quick, from_present, &better) && better.sse < fit.sse)
        fit = better;
    }

  Individual *result = g_new0 (Individual, 1);
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
      result->candidate.error = MAX (result->candidate.error, 10.0 * EXACT);
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

static gboolean
is_free (const OrrTemplate *template)
{
  const guint64 needed = 1 | 1 << 2 | 1 << 3; /* c, add, mul */
  return template->expr->n_nodes == 1 && template->n_holes == 1 && (template->legal & needed) == needed;
}

static gboolean
is_seen (const OrrSearch *self, guint64 hash)
{
  return g_hash_table_contains (self->seen, &hash);
}

/* Whether one of this error and complexity would be among the pool or on the front. */
static gboolean
is_welcome (const OrrSearch *self, double error, guint complexity)
{
  if (self->n_pool < POOL_SIZE || score_of (self, error, complexity) < self->pool[self->n_pool - 1]->score)
    return TRUE;
  return complexity <= MAX_COMPLEXITY && (self->front[complexity] == NULL || error < self->front[complexity]->candidate.error);
}

/* Stands for what has been tried and is no use, so that it is not tried again. */
static Individual *
new_dud (guint64 hash, guint64 other_hash)
{
  Individual *dud = g_new0 (Individual, 1);

  dud->hash = hash;
  dud->other_hash = other_hash;
  return dud;
}

/*
 * The better of @filling and its scaled and shifted form. That one comes first: it
 * fits at least as well, so that when it is no use the other need not be fitted.
 */
static Individual *
try_both (const OrrSearch *self, Bench *bench, const OrrFilling *filling, const OrrFilling *wrapped, gboolean closely)
{
  guint64 hash = orr_filling_hash (filling, 1), wrapped_hash = orr_filling_hash (wrapped, 1);
  Individual *scaled = is_seen (self, wrapped_hash) ? NULL : judge (self, bench, wrapped, closely, NULL);
  g_autoptr (OrrExpr) expr = orr_template_fill (self->template, filling);

  if (scaled != NULL && !closely
      && !is_welcome (self, scaled->candidate.error, MIN (orr_template_complexity (self->template, expr), scaled->candidate.complexity)))
    {
      individual_free (scaled);
      return new_dud (hash, wrapped_hash);
    }
  Individual *plain = judge (self, bench, filling, closely, NULL);
  if (plain == NULL && scaled == NULL)
    return new_dud (hash, wrapped_hash);
  if (scaled == NULL || (plain != NULL && plain->score <= scaled->score))
    {
      g_clear_pointer (&scaled, individual_free);
      plain->other_hash = wrapped_hash;
      return plain;
    }
  g_clear_pointer (&plain, individual_free);
  scaled->other_hash = hash;
  return scaled;
}

/* Normal form, then its fit, or that of its scaled and shifted form when that is better. NULL when it is not new. */
static Individual *
try_filling (const OrrSearch *self, Bench *bench, const OrrFilling *proposed, gboolean closely)
{
  OrrFilling filling = *proposed, wrapped;

  if (!normalize_filling (self, bench, &filling))
    return NULL;
  guint64 hash = orr_filling_hash (&filling, self->template->n_holes);
  if (is_seen (self, hash))
    return NULL;
  if (is_free (self->template) && wrap_filling (&filling, &wrapped) && normalize_filling (self, bench, &wrapped))
    return try_both (self, bench, &filling, &wrapped, closely);
  Individual *plain = judge (self, bench, &filling, closely, NULL);
  return plain != NULL ? plain : new_dud (hash, 0);
}

/* --- The pool --- */

static Individual *
copy_individual (const Individual *self)
{
  Individual *copy = g_memdup2 (self, sizeof (Individual));

  copy->candidate.expr = orr_expr_ref (self->candidate.expr);
  return copy;
}

/* Of the same complexity. Where numbers are offered, of two that fit about equally well the one with fewer free constants. */
static gboolean
is_better (const OrrSearch *self, const OrrProspect *a, const OrrProspect *b)
{
  double tolerance = 1.0 + 4.0 / MAX (self->fitted.n, 4), x = MAX (a->error, EXACT), y = MAX (b->error, EXACT);

  if (self->template->n_offered > 0 && a->fit.n_constants != b->fit.n_constants && x < y * tolerance && y < x * tolerance)
    return a->fit.n_constants < b->fit.n_constants;
  return a->error < b->error;
}

static void
update_front (OrrSearch *self, const Individual *individual)
{
  guint c = individual->candidate.complexity;

  if (c > MAX_COMPLEXITY || (self->front[c] != NULL && !is_better (self, &individual->candidate, &self->front[c]->candidate)))
    return;
  g_clear_pointer (&self->front[c], individual_free);
  self->front[c] = copy_individual (individual);
  self->changed = TRUE;
}

/* Takes over @individual. */
static void
add_individual (OrrSearch *self, Individual *individual)
{
  gboolean known = is_seen (self, individual->hash);

  self->n_tried++;
  g_hash_table_add (self->seen, g_memdup2 (&individual->hash, sizeof (guint64)));
  if (individual->other_hash != 0)
    g_hash_table_add (self->seen, g_memdup2 (&individual->other_hash, sizeof (guint64)));
  if (known || individual->candidate.expr == NULL)
    {
      individual_free (individual);
      return;
    }
  update_front (self, individual);

  guint at = self->n_pool;
  while (at > 0 && self->pool[at - 1]->score > individual->score)
    at--;
  if (at == POOL_SIZE)
    {
      individual_free (individual);
      return;
    }
  if (self->n_pool == POOL_SIZE)
    individual_free (self->pool[--self->n_pool]);
  memmove (self->pool + at + 1, self->pool + at, (self->n_pool - at) * sizeof (Individual *));
  self->pool[at] = individual;
  self->n_pool++;
}

static gboolean
is_solved (const OrrSearch *self)
{
  for (guint c = 0; c <= MAX_COMPLEXITY; c++)
    if (self->front[c] != NULL && self->front[c]->candidate.error < EXACT)
      return TRUE;
  return FALSE;
}

/* A tournament of three in the pool, or anyone on the front. */
static const Individual *
choose_parent (const OrrSearch *self, OrrDice *dice)
{
  if (orr_dice_chance (dice, 0.3))
    {
      guint c = orr_dice_below (dice, MAX_COMPLEXITY);
      for (guint k = 0; k < MAX_COMPLEXITY; k++)
        if (self->front[(c + k) % MAX_COMPLEXITY] != NULL)
          return self->front[(c + k) % MAX_COMPLEXITY];
    }
  guint best = orr_dice_below (dice, self->n_pool);
  for (guint k = 0; k < 2; k++)
    best = MIN (best, orr_dice_below (dice, self->n_pool));
  return self->pool[best];
}

/* --- Breeding --- */

static OrrSprout
hole_of (const OrrFilling *filling, guint hole)
{
  OrrSprout sprout = { .n = filling->n[hole] };

  memcpy (sprout.actions, filling->actions[hole], sprout.n);
  return sprout;
}

static void
set_hole (OrrFilling *filling, guint hole, const OrrSprout *sprout)
{
  filling->n[hole] = sprout->n;
  memcpy (filling->actions[hole], sprout->actions, sprout->n);
}

static gboolean
breed (const OrrSearch *self, OrrDice *dice, OrrFilling *out)
{
  const OrrTemplate *template = self->template;

  if (self->n_pool == 0 || orr_dice_chance (dice, 0.03))
    {
      for (guint h = 0; h < template->n_holes; h++)
        {
          OrrSprout fresh = { .n = 0 };
          if (!orr_sprout_grow (dice, template->legal, orr_dice_below (dice, 6), &fresh))
            return FALSE;
          set_hole (out, h, &fresh);
        }
      return TRUE;
    }

  const Individual *parent = choose_parent (self, dice);
  guint hole = orr_dice_below (dice, template->n_holes);
  OrrSprout sprout = hole_of (&parent->filling, hole);
  *out = parent->filling;
  if (orr_dice_chance (dice, 0.2))
    {
      OrrSprout other = hole_of (&choose_parent (self, dice)->filling, hole);
      if (!orr_sprout_cross (&sprout, &other, dice, &sprout))
        return FALSE;
    }
  else
    do
      if (!orr_sprout_mutate (&sprout, dice, template->legal, &sprout))
        return FALSE;
    while (orr_dice_chance (dice, 0.35));
  set_hole (out, hole, &sprout);
  return TRUE;
}

/* Position in the filled template of action @at of hole @hole. */
static guint
position_in_expr (const OrrTemplate *template, const OrrFilling *filling, guint hole, guint at)
{
  guint position = 0, h = 0;

  for (guint i = 0; i < template->expr->n_nodes; i++)
    if (template->expr->nodes[i].op != ORR_EXPR_OP_PLACEHOLDER)
      position++;
    else if (h == hole)
      return position + at;
    else
      position += filling->n[h++];
  return position;
}

/* The agent regrows one subtree of a parent, REGROW_SIZE times at once. */
static guint
regrow (const OrrSearch *self, OrrDice *dice, guint64 seed, guint64 stream, OrrFilling *out)
{
  const Individual *parent = choose_parent (self, dice);
  guint hole = orr_dice_below (dice, self->template->n_holes), n = 0;
  OrrSprout sprout = hole_of (&parent->filling, hole);
  guint at = orr_dice_below (dice, sprout.n);
  guint position = position_in_expr (self->template, &parent->filling, hole, at);
  g_autoptr (OrrExpr) full = orr_template_fill (self->template, &parent->filling);
  g_autoptr (OrrExpr) leaf = orr_expr_new_leaf (ORR_EXPR_OP_PLACEHOLDER, 0, 0.0);
  g_autoptr (OrrExpr) open = orr_expr_replace (full, position, leaf);
  g_autoptr (OrrTemplate) template = orr_template_new_offering (open, self->context->n_variables, ~self->template->legal, 0,
                                                                self->template->offered, self->template->n_offered, NULL);

  if (template == NULL)
    return 0;
  double temperature = orr_dice_chance (dice, 0.5) ? 1.0 : 1.6;
  g_autoptr (GArray) proposals = orr_beam_sample (self->context, template, REGROW_SIZE, temperature, seed, stream);
  for (guint i = 0; i < proposals->len; i++)
    {
      const OrrProposal *proposal = &g_array_index (proposals, OrrProposal, i);
      OrrSprout grown;
      if (!orr_sprout_replace (&sprout, at, proposal->filling.actions[0], proposal->filling.n[0], &grown))
        continue;
      out[n] = parent->filling;
      set_hole (&out[n++], hole, &grown);
    }
  return n;
}

static void
run_task (const OrrSearch *self, guint task, guint64 seed, guint64 generation, Individual **results)
{
  Bench *bench = (Bench *) &self->benches[task];
  guint64 stream = orr_random_substream (ORR_RANDOM_STREAM_SEARCH, 2 * (generation * N_TASKS + task));
  OrrDice dice = orr_dice (seed, stream);
  OrrFilling fillings[REGROW_SIZE] = { { { 0 } } };
  guint n = 0;

  if (self->context != NULL && self->n_pool > 0 && task % REGROW_EVERY == 0)
    n = regrow (self, &dice, seed, stream + (1 << 8), fillings);
  else
    for (guint i = 0; i < TASK_SIZE; i++)
      n += breed (self, &dice, &fillings[n]);
  for (guint i = 0; i < n && !orr_progress_is_cancelled (self->progress); i++)
    results[i] = try_filling (self, bench, &fillings[i], FALSE);
}

static void
run_generation (OrrSearch *self, guint64 generation, const OrrSearchOptions *options)
{
  Individual *results[N_TASKS][REGROW_SIZE] = { { NULL } };

#pragma omp parallel for num_threads(options->n_threads) schedule(dynamic)
  for (guint task = 0; task < N_TASKS; task++)
    run_task (self, task, options->seed, generation, results[task]);
  for (guint task = 0; task < N_TASKS; task++)
    for (guint i = 0; i < REGROW_SIZE; i++)
      if (results[task][i] != NULL)
        add_individual (self, results[task][i]);
}

/* What linear algebra proposes. */
static void
plant_seeds (OrrSearch *self)
{
  g_autoptr (GArray) seeds = orr_seeds_make (&self->fitted, self->template->legal);

  for (guint i = 0; i < seeds->len && !orr_progress_is_cancelled (self->progress); i++)
    {
      const OrrSeed *seed = &g_array_index (seeds, OrrSeed, i);
      Individual *individual = judge (self, &self->benches[0], &seed->filling, TRUE, seed->constants);
      if (individual != NULL)
        add_individual (self, individual);
    }
}

/* What linear algebra proposes for the next view of y that exists: sums of functions of the columns. */
static void
plant_sums (OrrSearch *self)
{
  g_autofree double *y = g_new (double, self->fitted.n);
  g_autoptr (GArray) seeds = g_array_new (FALSE, TRUE, sizeof (OrrSeed));
  int view = self->next_sums;

  if (self->sums == NULL)
    {
      self->sums = orr_seed_sums_new (&self->fitted, self->template->legal);
      view = -1;
    }
  while (view >= 0 && view < ORR_N_VIEWS && !orr_view_look (view, &self->fitted, self->template->legal, y))
    view++;
  self->next_sums = view + 1;
  if (view >= ORR_N_VIEWS)
    return;
  orr_seed_sums_look (self->sums, view < 0 ? self->fitted.y : y, view <= LAST_POWER_VIEW, seeds);
  for (guint i = 0; i < seeds->len; i++)
    {
      const OrrSeed *seed = &g_array_index (seeds, OrrSeed, i);
      OrrFilling filling = seed->filling;
      Individual *individual = NULL;
      if (view < 0 || orr_view_turn_back (view, &seed->filling, &filling))
        individual = judge (self, &self->benches[0], &filling, TRUE, seed->constants);
      if (individual != NULL)
        add_individual (self, individual);
    }
}

/* A beam of the agent before @context; what it proposes is undone by @view where that is one, and judged. */
static void
ask (OrrSearch *self, const OrrAgentContext *context, int view, guint beam, guint n_threads)
{
  g_autoptr (GArray) proposals = orr_beam_search (context, self->template, beam);
  guint n = proposals->len;
  g_autofree Individual **results = g_new0 (Individual *, n + 1);

#pragma omp parallel for num_threads(n_threads) schedule(dynamic)
  for (guint task = 0; task < N_TASKS; task++)
    for (guint i = task; i < n && !orr_progress_is_cancelled (self->progress); i += N_TASKS)
      {
        OrrFilling filling = g_array_index (proposals, OrrProposal, i).filling, turned;
        if (view < 0 || orr_view_turn_back (view, &filling, &turned))
          results[i] = try_filling (self, &self->benches[task], view < 0 ? &filling : &turned, FALSE);
      }
  for (guint i = 0; i < n; i++)
    if (results[i] != NULL)
      add_individual (self, results[i]);
}

/*
 * The agent looks at y another way (its inverse, its square, y times a column
 * ...), and what it sees there is turned back. A law that is a mouthful as it
 * stands may be a short one of another view.
 */
static gboolean
run_view (OrrSearch *self, guint *next, guint beam, guint n_threads)
{
  g_autofree double *y = g_new (double, self->fitted.n);
  guint view = *next;

  while (view < ORR_N_VIEWS && !orr_view_look (view, &self->fitted, self->template->legal, y))
    view++;
  *next = view + 1;
  if (view >= ORR_N_VIEWS)
    return FALSE;
  g_autoptr (OrrAgentContext) context = orr_agent_context_new (self->context->agent, self->fitted.x, self->fitted.stride,
                                                               self->context->n_variables, y, self->fitted.n);
  ask (self, context, view, beam, n_threads);
  return TRUE;
}

/*
 * The agent looks at a part of the rows only: those where y is smallest, or the
 * columns are. Over all rows the highest power may hide everything else.
 */
static gboolean
zoom_in (OrrSearch *self, guint zoom, guint beam, guint n_threads)
{
  guint v = self->context->n_variables;
  g_autofree double *rows = g_new (double, (v + 1) * self->fitted.n);
  guint n = orr_view_zoom (zoom, &self->fitted, v, rows);

  if (n == 0)
    return FALSE;
  g_autoptr (OrrAgentContext) context = orr_agent_context_new (self->context->agent, rows, n, v, rows + v * n, n);
  ask (self, context, -1, beam, n_threads);
  return TRUE;
}

/* What is left of y beside @values: the rest of a sum, or of a product; FALSE where that has no values. */
static gboolean
look_beside (const OrrSearch *self, const double *values, gboolean product, double *left)
{
  gboolean differs = FALSE;

  for (gsize i = 0; i < self->fitted.n; i++)
    {
      left[i] = product ? self->fitted.y[i] / values[i] : self->fitted.y[i] - values[i];
      if (!(fabs (left[i]) < 1e6))
        return FALSE;
      differs = differs || left[i] != left[0];
    }
  return differs;
}

/* @parent and c times @more, as a sum or as a product, and constants to start from. FALSE when it gets too long. */
static gboolean
put_beside (const Individual *parent, gboolean product, const OrrFilling *more, OrrFilling *out, double *constants)
{
  const OrrFilling *first = &parent->filling;
  guint n = 0;

  if (first->n[0] + more->n[0] + 3 > ORR_ACTIONS_MAX_LENGTH || parent->candidate.fit.n_constants + more->n[0] + 1 > ORR_EXPR_FIT_MAX_CONSTANTS)
    return FALSE;
  out->actions[0][n++] = orr_action_from_name (product ? "mul" : "add");
  memcpy (out->actions[0] + n, first->actions[0], first->n[0]);
  n += first->n[0];
  out->actions[0][n++] = orr_action_from_name ("mul");
  out->actions[0][n++] = orr_action_from_name ("c");
  memcpy (out->actions[0] + n, more->actions[0], more->n[0]);
  out->n[0] = n + more->n[0];
  memcpy (constants, parent->candidate.fit.constants, parent->candidate.fit.n_constants * sizeof (double));
  for (guint k = parent->candidate.fit.n_constants; k < ORR_EXPR_FIT_MAX_CONSTANTS; k++)
    constants[k] = 1.0;
  return TRUE;
}

/* The agent looks at what one of the pool leaves of y, and what it sees there is put beside that. */
static void
run_rest (OrrSearch *self, guint64 seed, guint64 generation, guint n_threads)
{
  OrrDice dice = orr_dice (seed, orr_random_substream (ORR_RANDOM_STREAM_SEARCH, 2 * generation * N_TASKS + 1));
  const Individual *parent = choose_parent (self, &dice);
  gboolean product = orr_dice_chance (&dice, 0.4);
  g_autofree double *values = g_new (double, 2 * self->fitted.n);
  double *left = values + self->fitted.n;

  if (!orr_expr_eval (parent->candidate.expr, self->fitted.x, self->fitted.stride, self->fitted.n, values)
      || !look_beside (self, values, product, left))
    return;
  g_autoptr (OrrAgentContext) context = orr_agent_context_new (self->context->agent, self->fitted.x, self->fitted.stride,
                                                               self->context->n_variables, left, self->fitted.n);
  g_autoptr (GArray) proposals = orr_beam_search (context, self->template, REST_BEAM);
  guint n = proposals->len;
  g_autofree Individual **results = g_new0 (Individual *, n + 1);

#pragma omp parallel for num_threads(n_threads) schedule(dynamic)
  for (guint task = 0; task < N_TASKS; task++)
    for (guint i = task; i < n && !orr_progress_is_cancelled (self->progress); i += N_TASKS)
      {
        OrrFilling filling = { { 0 } };
        double constants[ORR_EXPR_FIT_MAX_CONSTANTS];
        if (put_beside (parent, product, &g_array_index (proposals, OrrProposal, i).filling, &filling, constants)
            && !is_seen (self, orr_filling_hash (&filling, 1)))
          results[i] = judge (self, &self->benches[task], &filling, FALSE, constants);
      }
  for (guint i = 0; i < n; i++)
    if (results[i] != NULL)
      add_individual (self, results[i]);
}

/* In seconds: the time of the wall, or that which the processor has spent on each thread. */
static double
clock_of (const OrrSearchOptions *options)
{
  struct timespec spent;

  if (!options->cpu_time || clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &spent) != 0)
    return g_get_monotonic_time () * 1e-6;
  return (spent.tv_sec + spent.tv_nsec * 1e-9) / MAX (options->n_threads, 1);
}

static gboolean
is_over (const OrrSearchOptions *options, double start)
{
  return options->steps == 0 && options->seconds > 0.0 && clock_of (options) - start > options->seconds;
}

/* The agent's own best proposals, judged: a few at a time, the most probable first, until one of them is the law. */
static void
run_beam (OrrSearch *self, const OrrSearchOptions *options, double start)
{
  g_autoptr (GArray) proposals = orr_beam_search (self->context, self->template, options->beam);

  for (guint from = 0; from < proposals->len && !is_solved (self); from += BEAM_BLOCK)
    {
      Individual *results[BEAM_BLOCK] = { NULL };
      guint n = MIN (proposals->len - from, BEAM_BLOCK);

      if (from > 0 && is_over (options, start))
        break;
#pragma omp parallel for num_threads(options->n_threads) schedule(dynamic)
      for (guint task = 0; task < N_TASKS; task++)
        for (guint i = task; i < n && !orr_progress_is_cancelled (self->progress); i += N_TASKS)
          results[i] = try_filling (self, &self->benches[task], &g_array_index (proposals, OrrProposal, from + i).filling, TRUE);
      for (guint i = 0; i < n; i++)
        if (results[i] != NULL)
          add_individual (self, results[i]);
    }
}

/* Part of a wide beam: ones half as wide on some of the rows and in every simple view, until the law is found or the time is over. */
static void
glance_at_views (OrrSearch *self, const OrrSearchOptions *options, double start)
{
  guint next = 0;

  for (guint turn = 0; turn < ORR_N_ZOOMS + ORR_N_SIMPLE_VIEWS && next < ORR_N_SIMPLE_VIEWS && !is_solved (self); turn++)
    {
      if (orr_progress_is_cancelled (self->progress))
        break;
      if (is_over (options, start))
        break;
      if (turn < ORR_N_ZOOMS)
        zoom_in (self, turn, options->beam / 2, options->n_threads);
      else
        run_view (self, &next, options->beam / 2, options->n_threads);
    }
  /* The search goes on with those that are not simple. */
  self->next_view = next;
}

/**
 * orr_search_watch:
 * @found: (nullable): told of better expressions while the search runs
 */
void
orr_search_watch (OrrSearch *self, OrrSearchFound found, gpointer user_data)
{
  self->found = found;
  self->found_data = user_data;
}

static void
tell (OrrSearch *self)
{
  gint64 now = g_get_monotonic_time ();

  if (self->found == NULL || !self->changed || now - self->told < TELL_EVERY)
    return;
  self->told = now;
  self->changed = FALSE;
  self->found (self, self->found_data);
}

/**
 * orr_search_begin_with:
 * @expr: a complete tree that looks like the template
 *
 * Puts a tree that a person has into the pool, so that the search goes on from it.
 *
 * Returns: whether it could be read
 */
gboolean
orr_search_begin_with (OrrSearch *self, const OrrExpr *expr)
{
  OrrFilling filling = { { 0 } };
  Individual *individual;

  if (!orr_template_read (self->template, expr, &filling))
    return FALSE;
  individual = try_filling (self, &self->benches[0], &filling, TRUE);
  if (individual != NULL)
    add_individual (self, individual);
  return TRUE;
}

/**
 * orr_search_run:
 *
 * The agent's beam, then generations until the time or the steps are over or
 * an expression fits exactly and no simpler one turns up soon. May be called
 * again to go on.
 *
 * Returns: %FALSE when cancelled before anything was found; what was found stays
 */
gboolean
orr_search_run (OrrSearch *self, const OrrSearchOptions *options, OrrProgress *progress, GError **error)
{
  double start = clock_of (options);
  guint64 generation = 0;
  guint solved = 0;

  self->progress = progress;
  /* A prior of so many nats an action, against n/2 ln (error) nats of misfit. */
  self->node_penalty = 2.0 * self->template->length_penalty / (M_LN10 * MAX (self->fitted.n, 1));
  if (self->template->n_holes == 0)
    {
      /* Nothing to find but the constants. */
      OrrFilling nothing = { { 0 } };
      Individual *only = judge (self, &self->benches[0], &nothing, TRUE, NULL);
      if (only != NULL)
        add_individual (self, only);
      return TRUE;
    }
  if (self->context != NULL && options->beam > 0)
    run_beam (self, options, start);
  if (self->context != NULL && options->beam >= WIDE_BEAM && is_free (self->template))
    glance_at_views (self, options, start);
  tell (self);
  for (; solved < N_AFTER; solved += is_solved (self))
    {
      double seconds = clock_of (options) - start;
      double done = options->steps > 0      ? (double) generation / options->steps
                    : options->seconds > 0 ? seconds / options->seconds
                                           : 1.0;
      if (done >= 1.0)
        break;
      if (!orr_progress_check (progress, self->n_pool == 0 ? error : NULL))
        return self->n_pool > 0;
      orr_progress_report (progress, done, "Searching");
      if (generation == 0 && is_free (self->template))
        plant_seeds (self);
      if (is_free (self->template) && self->next_sums <= ORR_N_VIEWS)
        plant_sums (self);
      if (self->context != NULL && is_free (self->template) && generation % VIEW_EVERY == 1)
        run_view (self, &self->next_view, VIEW_BEAM, options->n_threads);
      if (self->context != NULL && is_free (self->template) && self->n_pool > 0 && generation % VIEW_EVERY == 2)
        run_rest (self, options->seed, generation, options->n_threads);
      run_generation (self, generation++, options);
      tell (self);
    }
  return TRUE;
}

/**
 * orr_search_prospects:
 *
 * Returns: (transfer full) (element-type OrrProspect): the Pareto front:
 * every one fits better than all simpler ones; the simplest first
 */
GPtrArray *
orr_search_prospects (const OrrSearch *self)
{
  GPtrArray *candidates = g_ptr_array_new_with_free_func ((GDestroyNotify) orr_prospect_free);
  double best = INFINITY;

  for (guint c = 0; c <= MAX_COMPLEXITY; c++)
    if (self->front[c] != NULL && self->front[c]->candidate.error < best)
      {
        OrrProspect *copy = g_memdup2 (&self->front[c]->candidate, sizeof (OrrProspect));
        copy->expr = orr_expr_ref (copy->expr);
        best = copy->error;
        g_ptr_array_add (candidates, copy);
      }
  return candidates;
}
