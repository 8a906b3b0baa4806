/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>
#include <time.h>

#include "orr-beam.h"
#include "orr-expr-program.h"
#include "orr-search-private.h"
#include "orr-seeds.h"
#include "orr-seeds-around.h"
#include "orr-seeds-chains.h"

/* Proposals of the beam that are judged between two looks at what was found. */
#define BEAM_BLOCK 32
/* A closer look is told of when it leaves so much of what the first one did. */
#define MUCH_BETTER 0.8
/* Beams that only take a glance are so many times narrower. */
#define GLANCE_PART 2
/* Up to this view y is itself, or an inverse or a power of itself. */
#define LAST_POWER_VIEW 3
/* What laws that leave less of y than this leave is told as a wave, for so many of them. */
#define MAX_PROMISING_REST 0.5
#define MAX_RESTS 5
/* Functions of a wave are looked for that leaves less of y than this. */
#define MAX_PROMISING_WAVE 0.5
/* Width of the beam for what a law of the pool leaves of y. */
#define REST_BEAM 48

/* What was found for a view of y, or -1 for y itself, as a law for y; NULL when it is none. */
static OrrIndividual *
judge_seed (OrrSearch *self, const OrrSeed *seed, int view)
{
  OrrFilling filling = seed->filling;

  if (view >= 0 && !orr_view_turn_back (view, &seed->filling, &filling))
    return NULL;
  return orr_search_judge (self, &self->benches[0], &filling, TRUE, seed->constants);
}

static void
plant (OrrSearch *self, const GArray *seeds, int view)
{
  for (guint i = 0; i < seeds->len && !orr_progress_is_cancelled (self->progress); i++)
    {
      OrrIndividual *individual = judge_seed (self, &g_array_index (seeds, OrrSeed, i), view);
      if (individual != NULL)
        orr_search_add (self, individual);
    }
}

/* Functions of functions of functions, in all simple views of y. */
void
orr_search_plant_chains (OrrSearch *self)
{
  g_autofree double *y = g_new (double, self->fitted.n);
  g_autoptr (OrrSeedChains) chains = orr_seed_chains_new (&self->fitted, self->template->legal);

  for (int view = -1; view < ORR_N_SIMPLE_VIEWS && !orr_search_is_solved (self) && !orr_progress_is_cancelled (self->progress); view++)
    {
      g_autoptr (GArray) seeds = g_array_new (FALSE, TRUE, sizeof (OrrSeed));
      if (view >= 0 && !orr_view_look (view, &self->fitted, self->template->legal, y))
        continue;
      orr_seed_chains_look (chains, view < 0 ? self->fitted.y : y, seeds);
      plant (self, seeds, view);
    }
}

/*
 * y, or a view of it, as a wave or a tangent of a sum of functions: those views under which the waves of a law
 * become plain ones, the likeliest first. Powers of a wave need none, for they are waves of it, too.
 */
static const struct { int view; OrrSeedPhasesKind kind; } phase_views[] = {
  { -1, ORR_SEED_PHASES_WAVE },
  { -1, ORR_SEED_PHASES_TANGENT },
  { ORR_VIEW_LOGARITHM, ORR_SEED_PHASES_WAVE },
  { ORR_VIEW_BY_COLUMN, ORR_SEED_PHASES_WAVE },
  { ORR_VIEW_BY_COLUMN + 1, ORR_SEED_PHASES_WAVE },
  { ORR_VIEW_SQUARE, ORR_SEED_PHASES_WAVE },
  { ORR_VIEW_INVERSE, ORR_SEED_PHASES_WAVE },
  { ORR_VIEW_TIMES_COLUMN, ORR_SEED_PHASES_WAVE },
  { ORR_VIEW_TIMES_COLUMN + 1, ORR_SEED_PHASES_WAVE },
  { ORR_VIEW_EXPONENTIAL, ORR_SEED_PHASES_WAVE },
};

/* The wave of a seed of phases, as it was fitted: only its phase. FALSE when that has no share of y. */
static gboolean
take_phase (const OrrIndividual *wave, OrrSeed *phase)
{
  /* add c mul c sin add c ... */
  const guint n_before = 5, n_constants_before = 2;
  const OrrFilling *filling = &wave->filling;

  *phase = (OrrSeed){ .filling = { .n = { filling->n[0] - n_before } } };
  memcpy (phase->filling.actions[0], filling->actions[0] + n_before, phase->filling.n[0]);
  phase->n_constants = wave->candidate.fit.n_constants - n_constants_before;
  memcpy (phase->constants, wave->candidate.fit.constants + n_constants_before, phase->n_constants * sizeof (double));
  if (wave->candidate.fit.constants[1] < 0.0)
    phase->constants[0] += G_PI;
  return wave->candidate.error < MAX_PROMISING_WAVE;
}

/* Judges waves of a view of y, and functions of the best of them. */
static void
plant_waves (OrrSearch *self, const GArray *seeds, int view, OrrSeedPhasesKind kind, const double *y)
{
  OrrSeed phase = { .n_constants = 0 };
  double least = INFINITY;

  for (guint i = 0; i < seeds->len && !orr_progress_is_cancelled (self->progress); i++)
    {
      OrrIndividual *individual = judge_seed (self, &g_array_index (seeds, OrrSeed, i), view);
      if (individual == NULL)
        continue;
      if (view < 0 && kind == ORR_SEED_PHASES_WAVE && individual->candidate.error < least && take_phase (individual, &phase))
        least = individual->candidate.error;
      orr_search_add (self, individual);
    }
  if (least < INFINITY && !orr_search_is_solved (self))
    {
      g_autoptr (GArray) around = g_array_new (FALSE, TRUE, sizeof (OrrSeed));
      orr_seeds_around (&self->fitted, y, &phase, self->template->legal, around);
      plant (self, around, -1);
    }
}

/* Waves whose phase is a sum, in the next view of y that exists. FALSE when there is none left. */
gboolean
orr_search_plant_phases (OrrSearch *self, guint n_threads)
{
  g_autofree double *y = g_memdup2 (self->fitted.y, self->fitted.n * sizeof (double));
  g_autoptr (GArray) seeds = g_array_new (FALSE, TRUE, sizeof (OrrSeed));
  guint next = self->next_phases;

  while (next < G_N_ELEMENTS (phase_views) && phase_views[next].view >= 0
         && !orr_view_look (phase_views[next].view, &self->fitted, self->template->legal, y))
    next++;
  self->next_phases = next + 1;
  if (next >= G_N_ELEMENTS (phase_views))
    return FALSE;
  if (self->phases == NULL)
    self->phases = orr_seed_phases_new (&self->fitted, self->template->legal);
  orr_seed_phases_look (self->phases, y, phase_views[next].kind, next == 0, n_threads, seeds);
  plant_waves (self, seeds, phase_views[next].view, phase_views[next].kind, y);
  return TRUE;
}

/* What linear algebra proposes. */
void
orr_search_plant_seeds (OrrSearch *self)
{
  g_autoptr (GArray) seeds = orr_seeds_make (&self->fitted, self->template->legal);

  plant (self, seeds, -1);
}

/* What linear algebra proposes for the next view of y that exists: sums of functions of the columns. */
void
orr_search_plant_sums (OrrSearch *self)
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
  plant (self, seeds, view);
}

/* A beam of the agent before @context; what it proposes is undone by @view where that is one, and judged. */
static void
ask (OrrSearch *self, const OrrAgentContext *context, int view, guint beam, guint n_threads)
{
  g_autoptr (GArray) proposals = orr_beam_search (context, self->template, beam);
  guint n = proposals->len;
  g_autofree OrrIndividual **results = g_new0 (OrrIndividual *, n + 1);

#pragma omp parallel for num_threads(n_threads) schedule(dynamic)
  for (guint task = 0; task < ORR_SEARCH_N_TASKS; task++)
    for (guint i = task; i < n && !orr_progress_is_cancelled (self->progress); i += ORR_SEARCH_N_TASKS)
      {
        OrrFilling filling = g_array_index (proposals, OrrProposal, i).filling, turned;
        if (view < 0 || orr_view_turn_back (view, &filling, &turned))
          results[i] = orr_search_try (self, &self->benches[task], view < 0 ? &filling : &turned, FALSE);
      }
  for (guint i = 0; i < n; i++)
    if (results[i] != NULL)
      orr_search_add (self, results[i]);
}

/*
 * The agent looks at y another way (its inverse, its square, y times a column
 * ...), and what it sees there is turned back. A law that is a mouthful as it
 * stands may be a short one of another view.
 */
gboolean
orr_search_ask_view (OrrSearch *self, guint *next, guint beam, guint n_threads)
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
put_beside (const OrrIndividual *parent, gboolean product, const OrrFilling *more, OrrFilling *out, double *constants)
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

/* @parent and a wave, with constants to start from; the wave's own offset only where it has one. FALSE when it gets too long. */
static gboolean
put_wave_beside (const OrrIndividual *parent, const OrrSeed *wave, OrrFilling *out, double *constants)
{
  /* add c mul c sin ...: without the first two it is a wave about 0. */
  gboolean about_zero = fabs (wave->constants[0]) < 0.05 * fabs (wave->constants[1]);
  guint skip = about_zero ? 2 : 0, skip_constants = about_zero ? 1 : 0, n_parent = parent->candidate.fit.n_constants;
  const OrrFilling *first = &parent->filling, *second = &wave->filling;

  if (first->n[0] + second->n[0] - skip + 1 > ORR_ACTIONS_MAX_LENGTH || n_parent + wave->n_constants - skip_constants > ORR_EXPR_FIT_MAX_CONSTANTS)
    return FALSE;
  *out = (OrrFilling){ .n = { 1 + first->n[0] + second->n[0] - skip } };
  out->actions[0][0] = orr_action_from_name ("add");
  memcpy (out->actions[0] + 1, first->actions[0], first->n[0]);
  memcpy (out->actions[0] + 1 + first->n[0], second->actions[0] + skip, second->n[0] - skip);
  memcpy (constants, parent->candidate.fit.constants, n_parent * sizeof (double));
  memcpy (constants + n_parent, wave->constants + skip_constants, (wave->n_constants - skip_constants) * sizeof (double));
  return TRUE;
}

/* What the best of the pool leaves of y, as a wave whose phase is a sum. */
void
orr_search_plant_rest_phases (OrrSearch *self, guint n_threads)
{
  g_autofree double *values = g_new (double, 2 * self->fitted.n);
  double *left = values + self->fitted.n;
  g_autoptr (GArray) seeds = g_array_new (FALSE, TRUE, sizeof (OrrSeed));
  const OrrIndividual *best = self->pool[0];

  if (self->phases == NULL || best->hash == self->last_rest || self->n_rests >= MAX_RESTS || best->candidate.error > MAX_PROMISING_REST
      || orr_search_is_solved (self)
      || !orr_expr_eval (best->candidate.expr, self->fitted.x, self->fitted.stride, self->fitted.n, values)
      || !look_beside (self, values, FALSE, left))
    return;
  self->last_rest = best->hash;
  self->n_rests++;
  orr_seed_phases_look (self->phases, left, ORR_SEED_PHASES_WAVE, TRUE, n_threads, seeds);
  /* The pool changes below. */
  OrrIndividual parent = *best;
  parent.candidate.expr = NULL;
  for (guint i = 0; i < seeds->len && !orr_progress_is_cancelled (self->progress); i++)
    {
      OrrFilling filling;
      double constants[ORR_EXPR_FIT_MAX_CONSTANTS];
      OrrIndividual *individual = NULL;
      if (put_wave_beside (&parent, &g_array_index (seeds, OrrSeed, i), &filling, constants))
        individual = orr_search_judge (self, &self->benches[0], &filling, FALSE, constants);
      if (individual != NULL)
        orr_search_add (self, individual);
    }
}

/* The agent looks at what one of the pool leaves of y, and what it sees there is put beside that. */
void
orr_search_ask_rest (OrrSearch *self, guint64 seed, guint64 generation, guint n_threads)
{
  OrrDice dice = orr_dice (seed, orr_random_substream (ORR_RANDOM_STREAM_SEARCH, 2 * generation * ORR_SEARCH_N_TASKS + 1));
  const OrrIndividual *parent = orr_search_choose_parent (self, &dice);
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
  g_autofree OrrIndividual **results = g_new0 (OrrIndividual *, n + 1);

#pragma omp parallel for num_threads(n_threads) schedule(dynamic)
  for (guint task = 0; task < ORR_SEARCH_N_TASKS; task++)
    for (guint i = task; i < n && !orr_progress_is_cancelled (self->progress); i += ORR_SEARCH_N_TASKS)
      {
        OrrFilling filling = { { 0 } };
        double constants[ORR_EXPR_FIT_MAX_CONSTANTS];
        if (put_beside (parent, product, &g_array_index (proposals, OrrProposal, i).filling, &filling, constants)
            && !orr_search_has_seen (self, orr_filling_hash (&filling, 1)))
          results[i] = orr_search_judge (self, &self->benches[task], &filling, FALSE, constants);
      }
  for (guint i = 0; i < n; i++)
    if (results[i] != NULL)
      orr_search_add (self, results[i]);
}

/* In seconds: the time of the wall, or that which the processor has spent on each thread. */
double
orr_search_clock (const OrrSearchOptions *options)
{
  struct timespec spent;

  if (!options->cpu_time || clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &spent) != 0)
    return g_get_monotonic_time () * 1e-6;
  return (spent.tv_sec + spent.tv_nsec * 1e-9) / MAX (options->n_threads, 1);
}

static gboolean
is_over (const OrrSearchOptions *options, double start)
{
  return options->steps == 0 && options->seconds > 0.0 && orr_search_clock (options) - start > options->seconds;
}

/* Judges a few of the beam's proposals, and says in @errors how each did; those that did no better than before are left out. */
static void
judge_block (OrrSearch *self, const GArray *proposals, guint from, guint n, gboolean closely, gboolean again, guint n_threads, double *errors)
{
  OrrIndividual *results[BEAM_BLOCK] = { NULL };

#pragma omp parallel for num_threads(n_threads) schedule(dynamic)
  for (guint task = 0; task < ORR_SEARCH_N_TASKS; task++)
    for (guint i = task; i < n && !orr_progress_is_cancelled (self->progress); i += ORR_SEARCH_N_TASKS)
      {
        const OrrFilling *filling = &g_array_index (proposals, OrrProposal, from + i).filling;
        results[i] = again ? orr_search_try_again (self, &self->benches[task], filling)
                           : orr_search_try (self, &self->benches[task], filling, closely);
      }
  for (guint i = 0; i < n; i++)
    {
      double error = results[i] != NULL && results[i]->candidate.expr != NULL ? results[i]->candidate.error : INFINITY;
      if (results[i] == NULL)
        continue;
      if (again && !(error < MUCH_BETTER * errors[from + i]))
        orr_individual_free (results[i]);
      else
        orr_search_add (self, results[i]);
      errors[from + i] = MIN (errors[from + i], error);
    }
}

/*
 * The agent's own best proposals, judged: a few at a time, the most probable first, until one of them is the law.
 * A wide beam for anything is only glanced at here, for most laws show at once; see orr_search_ask_beam_again().
 */
void
orr_search_ask_beam (OrrSearch *self, const OrrSearchOptions *options, double start)
{
  g_autoptr (GArray) proposals = orr_beam_search (self->context, self->template, options->beam);
  gboolean closely = !orr_search_is_free (self->template) || options->beam < ORR_SEARCH_WIDE_BEAM;
  g_autofree double *errors = g_new (double, MAX (proposals->len, 1));

  for (guint i = 0; i < proposals->len; i++)
    errors[i] = INFINITY;
  for (guint from = 0; from < proposals->len && !orr_search_is_solved (self); from += BEAM_BLOCK)
    {
      if (from > 0 && is_over (options, start))
        break;
      judge_block (self, proposals, from, MIN (proposals->len - from, BEAM_BLOCK), closely, FALSE, options->n_threads, errors);
    }
  if (closely)
    return;
  g_clear_pointer (&self->beam, g_array_unref);
  g_free (self->beam_errors);
  self->next_in_beam = 0;
  self->beam = g_steal_pointer (&proposals);
  self->beam_errors = g_steal_pointer (&errors);
}

/* The next few of the same proposals once more, closely. FALSE when there are no more, the law is found or the time is over. */
gboolean
orr_search_ask_beam_again (OrrSearch *self, const OrrSearchOptions *options, double start)
{
  if (self->beam == NULL || self->next_in_beam >= self->beam->len || orr_search_is_solved (self) || is_over (options, start)
      || orr_progress_is_cancelled (self->progress))
    return FALSE;
  judge_block (self, self->beam, self->next_in_beam, MIN (self->beam->len - self->next_in_beam, BEAM_BLOCK), TRUE, TRUE, options->n_threads,
               self->beam_errors);
  self->next_in_beam += BEAM_BLOCK;
  return TRUE;
}

/* Part of a wide beam: ones half as wide on some of the rows and in every simple view, until the law is found or the time is over. */
void
orr_search_glance (OrrSearch *self, const OrrSearchOptions *options, double start)
{
  guint next = 0;
  /* A search that follows has its turn at the others; there is none after a beam alone. */
  guint last = options->steps > 0 || options->seconds > 0.0 ? ORR_N_USUAL_VIEWS : ORR_N_SIMPLE_VIEWS;

  for (guint turn = 0; turn < ORR_N_ZOOMS + last && next < last && !orr_search_is_solved (self); turn++)
    {
      if (orr_progress_is_cancelled (self->progress))
        break;
      if (is_over (options, start))
        break;
      if (turn < ORR_N_ZOOMS)
        zoom_in (self, turn, options->beam / GLANCE_PART, options->n_threads);
      else
        orr_search_ask_view (self, &next, options->beam / GLANCE_PART, options->n_threads);
    }
  /* The search goes on with those that are not simple. */
  self->next_view = next;
}

OrrSprout
orr_filling_hole (const OrrFilling *filling, guint hole)
{
  OrrSprout sprout = { .n = filling->n[hole] };

  memcpy (sprout.actions, filling->actions[hole], sprout.n);
  return sprout;
}

void
orr_filling_set_hole (OrrFilling *filling, guint hole, const OrrSprout *sprout)
{
  filling->n[hole] = sprout->n;
  memcpy (filling->actions[hole], sprout->actions, sprout->n);
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

/* The agent regrows one subtree of a parent, ORR_SEARCH_REGROW_SIZE times at once. */
guint
orr_search_regrow (const OrrSearch *self, OrrDice *dice, guint64 seed, guint64 stream, OrrFilling *out)
{
  const OrrIndividual *parent = orr_search_choose_parent (self, dice);
  guint hole = orr_dice_below (dice, self->template->n_holes), n = 0;
  OrrSprout sprout = orr_filling_hole (&parent->filling, hole);
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
  g_autoptr (GArray) proposals = orr_beam_sample (self->context, template, ORR_SEARCH_REGROW_SIZE, temperature, seed, stream);
  for (guint i = 0; i < proposals->len; i++)
    {
      const OrrProposal *proposal = &g_array_index (proposals, OrrProposal, i);
      OrrSprout grown;
      if (!orr_sprout_replace (&sprout, at, proposal->filling.actions[0], proposal->filling.n[0], &grown))
        continue;
      out[n] = parent->filling;
      orr_filling_set_hole (&out[n++], hole, &grown);
    }
  return n;
}
