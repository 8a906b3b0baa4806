/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-hmm-fit.h"

#include <math.h>
#include <string.h>

#include "orr-error.h"
#include "orr-hmm-inference.h"
#include "orr-parallel.h"
#include "orr-random.h"

/**
 * orr_hmm_fit_options_init:
 *
 * Two states, the symbols seen, 10 restarts of up to 500 iterations, tolerance
 * 1e-8 a symbol.
 */
void
orr_hmm_fit_options_init (OrrHmmFitOptions *options)
{
  *options = (OrrHmmFitOptions) { .n_states = 2, .restarts = 10, .max_iterations = 500, .tolerance = 1e-8 };
}

void
orr_hmm_fit_free (OrrHmmFit *self)
{
  if (self == NULL)
    return;
  orr_hmm_unref (self->model);
  g_free (self->history);
  g_free (self->restarts);
  g_free (self);
}

/* Expected counts under a model. */
typedef struct
{
  double *start;      /* [S] */
  double *transition; /* [S x S] */
  double *emission;   /* [S x K] */
  double *posterior;  /* [longest x S] scratch */
} Counts;

static void
counts_clear (Counts *counts)
{
  g_free (counts->start);
  g_free (counts->transition);
  g_free (counts->emission);
  g_free (counts->posterior);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Counts, counts_clear)

static Counts
counts_create (gsize S, gsize K, const OrrSequences *sequences)
{
  gsize longest = 0;

  for (gsize n = 0; n < sequences->n_sequences; n++)
    longest = MAX (longest, orr_sequences_length (sequences, n));
  return (Counts) { .start = g_new (double, S), .transition = g_new (double, S * S),
                    .emission = g_new (double, S * K), .posterior = g_new (double, longest * S) };
}

/* The E step. Returns the log-likelihood; -infinity where the model cannot emit a sequence. */
static double
expect (const OrrHmm *model, const OrrSequences *sequences, Counts *counts, OrrProgress *progress)
{
  gsize S = model->n_states, K = model->n_symbols;
  double sum = 0.0;

  memset (counts->start, 0, S * sizeof (double));
  memset (counts->transition, 0, S * S * sizeof (double));
  memset (counts->emission, 0, S * K * sizeof (double));
  for (gsize n = 0; n < sequences->n_sequences && !orr_progress_is_cancelled (progress); n++)
    {
      const guint16 *symbols = orr_sequences_get (sequences, n);
      gsize length = orr_sequences_length (sequences, n);
      double log_likelihood;

      if (!orr_hmm_forward_backward (model, symbols, length, counts->posterior, &log_likelihood, counts->transition,
                                     NULL))
        return -INFINITY;
      sum += log_likelihood;
      for (gsize i = 0; i < S; i++)
        counts->start[i] += counts->posterior[i];
      for (gsize t = 0; t < length; t++)
        for (gsize i = 0; i < S; i++)
          counts->emission[i * K + symbols[t]] += counts->posterior[t * S + i];
    }
  return sum;
}

/* The M step of one row: what is locked stays, the rest of the mass goes by the
 * counts. A row that was never used keeps its values. */
static void
maximise_row (double *row, const double *counts, const guint8 *locked, gsize n)
{
  double mass = 1.0, total = 0.0;

  for (gsize j = 0; j < n; j++)
    if (locked != NULL && locked[j])
      mass -= row[j];
    else
      total += counts[j];
  if (!(total > 0.0))
    return;
  for (gsize j = 0; j < n; j++)
    if (locked == NULL || !locked[j])
      row[j] = MAX (mass, 0.0) * counts[j] / total;
}

static void
maximise (OrrHmm *model, const Counts *counts)
{
  gsize S = model->n_states, K = model->n_symbols;

  maximise_row (model->start, counts->start, NULL, S);
  for (gsize i = 0; i < S; i++)
    {
      maximise_row (model->transition + i * S, counts->transition + i * S, model->locked + i * S, S);
      maximise_row (model->emission + i * K, counts->emission + i * K, NULL, K);
    }
}

/* A random row from the flat Dirichlet distribution over its free, non-zero
 * entries; @stay is added to entry @own before normalising. */
static void
randomise_row (double *row, const guint8 *locked, gsize n, gsize own, double stay, guint64 seed, guint64 stream,
               guint64 *index)
{
  double mass = 1.0, total = 0.0;
  g_autofree double *draws = g_new0 (double, n);

  for (gsize j = 0; j < n; j++)
    {
      double u = orr_random_uniform (seed, stream, (*index)++);

      if (locked != NULL && locked[j])
        mass -= row[j];
      else if (row[j] > 0.0)
        draws[j] = -log (u) + (j == own ? stay : 0.0);
      total += draws[j];
    }
  if (!(total > 0.0))
    return;
  for (gsize j = 0; j < n; j++)
    if (locked == NULL || !locked[j])
      row[j] = MAX (mass, 0.0) * draws[j] / total;
}

/* Where restart @restart begins: the initial model itself first, if there is
 * one; otherwise random rows, with states that tend to stay. */
static OrrHmm *
create_start (const OrrHmm *template, gboolean keep, guint restart, guint64 seed)
{
  OrrHmm *model = orr_hmm_copy (template);
  gsize S = model->n_states, K = model->n_symbols;
  guint64 stream = orr_random_substream (ORR_RANDOM_STREAM_FIT, restart), index = 0;

  if (keep && restart == 0)
    return model;
  randomise_row (model->start, NULL, S, S, 0.0, seed, stream, &index);
  for (gsize i = 0; i < S; i++)
    {
      randomise_row (model->transition + i * S, model->locked + i * S, S, i, S, seed, stream, &index);
      randomise_row (model->emission + i * K, NULL, K, K, 0.0, seed, stream, &index);
    }
  return model;
}

/* One restart, to its end. */
typedef struct
{
  OrrHmm  *model;
  GArray  *history; /* of double */
  gboolean converged;
} Run;

static void
run_restart (Run *run, const OrrSequences *sequences, const OrrHmmFitOptions *options, OrrProgress *progress)
{
  g_auto (Counts) counts = counts_create (run->model->n_states, run->model->n_symbols, sequences);
  double least_gain = options->tolerance * sequences->offsets[sequences->n_sequences];
  double before = -INFINITY;

  run->history = g_array_new (FALSE, FALSE, sizeof (double));
  for (guint iteration = 0; !orr_progress_is_cancelled (progress); iteration++)
    {
      double now = expect (run->model, sequences, &counts, progress);

      g_array_append_val (run->history, now);
      if (now == -INFINITY)
        return;
      run->converged = now - before < least_gain;
      if (run->converged || iteration == options->max_iterations)
        return;
      maximise (run->model, &counts);
      before = now;
    }
}

static double
run_score (const Run *run)
{
  double score = g_array_index (run->history, double, run->history->len - 1);
  return isnan (score) ? -INFINITY : score;
}

/* The template says which entries are free: all of them when there is no initial model. */
static OrrHmm *
create_template (const OrrSequences *sequences, const OrrHmm *initial, const OrrHmmFitOptions *options)
{
  if (initial != NULL)
    return orr_hmm_copy (initial);

  guint K = options->n_symbols > 0 ? options->n_symbols : orr_sequences_max_symbol (sequences) + 1;
  OrrHmm *template = orr_hmm_new (options->n_states, K);
  for (gsize i = 0; i < options->n_states * options->n_states; i++)
    template->transition[i] = 1.0 / options->n_states;
  return template;
}

static OrrHmmFit *
collect (Run *runs, guint n_runs)
{
  OrrHmmFit *fit = g_new0 (OrrHmmFit, 1);

  fit->n_restarts = n_runs;
  fit->restarts = g_new (double, n_runs);
  for (guint r = 0; r < n_runs; r++)
    {
      fit->restarts[r] = run_score (&runs[r]);
      if (fit->restarts[r] > fit->restarts[fit->best_restart])
        fit->best_restart = r;
    }

  Run *best = &runs[fit->best_restart];
  fit->model = orr_hmm_ref (best->model);
  fit->log_likelihood = fit->restarts[fit->best_restart];
  fit->converged = best->converged;
  fit->n_iterations = best->history->len - 1;
  fit->history = g_memdup2 (best->history->data, best->history->len * sizeof (double));
  return fit;
}

static gboolean
check_arguments (const OrrSequences *sequences, const OrrHmm *initial, const OrrHmmFitOptions *options, GError **error)
{
  guint K = initial != NULL ? initial->n_symbols : options->n_symbols;
  guint S = initial != NULL ? initial->n_states : options->n_states;

  if (S < 1 || S > ORR_HMM_MAX_STATES)
    {
      g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "A model has 1 to %d states, not %u", ORR_HMM_MAX_STATES, S);
      return FALSE;
    }
  if (options->restarts < 1 || options->max_iterations < 1)
    {
      g_set_error_literal (error, ORR_ERROR, ORR_ERROR_INPUT, "A fit takes at least one restart and one iteration");
      return FALSE;
    }
  if (initial != NULL && !orr_hmm_validate (initial, error))
    return FALSE;
  return orr_sequences_check (sequences, K > 0 ? MIN (K, ORR_HMM_MAX_SYMBOLS) : ORR_HMM_MAX_SYMBOLS, error);
}

/**
 * orr_hmm_fit:
 * @sequences: what was observed
 * @initial: (nullable): where the first restart begins, and what stays: locked
 *   transitions keep their values, and entries of start, transition and
 *   emission that are 0 stay 0, in every restart
 * @options: how
 * @error: (out): %ORR_ERROR_INPUT for symbols outside the model or when no
 *   allowed model can emit the sequences, %ORR_ERROR_CANCELLED
 *
 * Maximum likelihood by Baum-Welch from several starting points (the random
 * ones from flat Dirichlet rows whose states tend to stay). Locks and zeros
 * are exact constraints of the M step, so the likelihood never falls.
 *
 * Returns: (transfer full) (nullable): the best fit
 */
OrrHmmFit *
orr_hmm_fit (const OrrSequences *sequences, const OrrHmm *initial, const OrrHmmFitOptions *options,
             OrrProgress *progress, GError **error)
{
  if (!check_arguments (sequences, initial, options, error))
    return NULL;

  g_autoptr (OrrHmm) template = create_template (sequences, initial, options);
  guint n_runs = options->restarts;
  g_autofree Run *runs = g_new0 (Run, n_runs);
  guint threads = orr_parallel_threads (options->threads);
  OrrHmmFit *fit = NULL;
  guint done = 0;

#pragma omp parallel for num_threads (MIN (threads, n_runs)) schedule (dynamic, 1)
  for (guint r = 0; r < n_runs; r++)
    {
      runs[r].model = create_start (template, initial != NULL, r, options->seed);
      run_restart (&runs[r], sequences, options, progress);
#pragma omp critical (orr_hmm_fit_progress)
      orr_progress_report (progress, (double) ++done / n_runs, "Fitting");
    }

  if (orr_progress_check (progress, error))
    {
      fit = collect (runs, n_runs);
      if (fit->log_likelihood == -INFINITY)
        {
          g_clear_pointer (&fit, orr_hmm_fit_free);
          g_set_error_literal (error, ORR_ERROR, ORR_ERROR_INPUT,
                               "The model's forbidden transitions and emissions leave no way to emit the sequences");
        }
    }
  for (guint r = 0; r < n_runs; r++)
    {
      orr_hmm_unref (runs[r].model);
      g_clear_pointer (&runs[r].history, g_array_unref);
    }
  return fit;
}
