/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-seeds-phases.h"

#include <cblas.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "orr-matrix.h"
#include "orr-seeds-library.h"
#include "orr-seeds-private.h"

/* Factors of each function, from one that makes a quarter of a wave of its range; beside 1 and 2. */
#define MIN_FACTORS 16
#define MAX_FACTORS 48
/* Factors up to this are of interest. */
#define LARGEST_FACTOR 2.6
/* Powers and products reach so far that this takes many. */
#define MAX_FAST_FACTORS 1400
/* Columns of a matrix product at a time. */
#define BLOCK 512
/* And rows of it. */
#define PARTS_OF_JOB 64
/* Share of y that a wave must have to be looked at again, and to be proposed. */
#define MIN_SHARE 0.3f
#define MIN_PROPOSED 0.42
#define N_AGAIN 64
/* Halvings of the grid on which their factors are looked for then. */
#define N_HALVINGS 4
#define MUCH_LESS 0.7
#define N_KEPT 6
/* What leaves so many times as much of y as the best is not proposed. */
#define MUCH_MORE 8.0
/* A tangent's largest value is at least so many times its median. */
#define POLE 6.0
/* Parts of a phase: three where two of them have the factor 1. */
#define MAX_PARTS 3

/* In preorder, x and z being columns. Sums of any two of the first few are the third part of a phase. */
static const char *const of_one[] = {
  "x", "pow x 2", "sqrt abs x", "ln abs x", "sin x", "cos x", "div 1 x", "pow x 3", "tan x", "abs x", "div 1 pow x 2", "exp x", "pow sin x 2",
  "exp mul -1 x", "mul x sin x", "mul x cos x", "mul x tan x", "div sin x x", "div sin x pow x 2", "div cos x x", "tanh x", "atan x",
  "mul x ln abs x", "mul x sqrt abs x", "mul x abs x", "pow x 4",
};
static const char *const of_two[] = {
  "mul x z", "div x z", "div z x", "mul x pow z 2", "mul z pow x 2", "mul x sin z", "mul z sin x", "mul x cos z", "mul z cos x",
  "mul x tan z", "mul z tan x", "mul x ln abs z", "mul z ln abs x", "mul x sqrt abs z", "mul z sqrt abs x", "sqrt abs mul x z",
  "div x pow z 2", "div z pow x 2", "sqrt add pow x 2 pow z 2", "mul x abs z", "mul z abs x",
};
/* Those that reach far. */
static const char *const fast[] = { "pow x 2", "pow x 3", "mul x z", "mul x pow z 2", "mul z pow x 2", NULL };
#define N_CORE_OF_ONE 7
#define N_CORE_OF_TWO 3

typedef struct
{
  OrrSeedTerm term;
  double     *values;
  double      range;
  gboolean    core, fast;
} Function;

/* Functions with factors: a part of a phase, or two with the factors 1 or -1. */
typedef struct
{
  guint8 n;
  guint8 functions[2];
  double factors[2];
} Part;

/* Parts, and the cosine and sine of each at every row. */
typedef struct
{
  GArray *parts;
  float  *cosines; /* [parts x stride] */
  float  *sines;
} Bank;

/* A part of one bank and one of another, added to or taken off. */
typedef struct
{
  Part   first, second;
  double sign;
  double      share;
  double      constant, cosine, sine; /* y = constant + cosine cos(phase) + sine sin(phase) */
} Found;

struct _OrrSeedPhases
{
  OrrSamples samples;
  guint64    legal;
  gsize      stride;
  GArray    *functions;
  Bank       slow; /* every function with its factors, those of one function together */
  Bank       fast; /* functions that reach far */
  Bank       plain; /* nothing, and every function with the factors 1 and 2 */
  Bank       sums; /* of two of the first functions, with the factors 1 and -1 */
};

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  double p = *(const double *) a, q = *(const double *) b;
  return (p > q) - (p < q);
}

/* How far apart most of the values are: poles must not make the grid useless. */
static double
range_of (const double *values, gsize n)
{
  g_autofree double *sorted = g_memdup2 (values, n * sizeof (double));

  qsort (sorted, n, sizeof (double), compare_doubles);
  return 1.25 * (sorted[n - 1 - n / 10] - sorted[n / 10]);
}

static void
add_function (OrrSeedPhases *self, const char *text, guint x, guint z, gboolean core)
{
  gsize n = self->samples.n;
  g_autofree double *values = g_new (double, n);
  Function function = { .core = core, .fast = g_strv_contains (fast, text) };

  if (!orr_seed_term_read (text, x, z, self->legal, &function.term) || !orr_seed_term_eval (&function.term, &self->samples, values))
    return;
  for (gsize i = 0; i < n; i++)
    if (!(fabs (values[i]) < 1e9))
      return;
  function.range = range_of (values, n);
  if (!(function.range > 1e-6))
    return;
  /* |x| where no x is negative. */
  for (guint k = 0; k < self->functions->len; k++)
    if (memcmp (g_array_index (self->functions, Function, k).values, values, n * sizeof (double)) == 0)
      return;
  function.values = g_steal_pointer (&values);
  g_array_append_val (self->functions, function);
}

static void
function_clear (gpointer data)
{
  g_free (((Function *) data)->values);
}

static void
bank_clear (Bank *self)
{
  g_clear_pointer (&self->parts, g_array_unref);
  orr_aligned_free (self->cosines);
  orr_aligned_free (self->sines);
}

/* The waves of all parts that were put in. */
static void
bank_fill (Bank *self, const OrrSeedPhases *phases)
{
  gsize stride = phases->stride;

  self->cosines = orr_aligned_alloc0 (MAX (self->parts->len, 1) * stride, sizeof (float));
  self->sines = orr_aligned_alloc0 (MAX (self->parts->len, 1) * stride, sizeof (float));
  for (guint k = 0; k < self->parts->len; k++)
    {
      const Part *part = &g_array_index (self->parts, Part, k);
      float *cosines = self->cosines + k * stride, *sines = self->sines + k * stride;
      double turns[2] = { part->factors[0] / (2.0 * G_PI), part->factors[1] / (2.0 * G_PI) };
      for (gsize i = 0; i < phases->samples.n; i++)
        {
          double turn = 0.0;
          for (guint j = 0; j < part->n; j++)
            turn += turns[j] * g_array_index (phases->functions, Function, part->functions[j]).values[i];
          cosines[i] = turn - rint (turn);
        }
      for (gsize i = 0; i < phases->samples.n; i++)
        sines[i] = sinf ((float) (2.0 * G_PI) * cosines[i]);
      for (gsize i = 0; i < phases->samples.n; i++)
        cosines[i] = cosf ((float) (2.0 * G_PI) * cosines[i]);
    }
}

static void
add_part (Bank *bank, guint function, double factor)
{
  Part part = { 1, { function }, { factor } };

  g_array_append_val (bank->parts, part);
}

/* A grid of factors, and 1 and 2 as they are. */
static void
add_factors (OrrSeedPhases *self, Bank *bank, guint function, guint most)
{
  double step = G_PI / g_array_index (self->functions, Function, function).range;
  guint n = CLAMP (LARGEST_FACTOR / step, MIN_FACTORS, most);

  add_part (bank, function, 1.0);
  add_part (bank, function, 2.0);
  for (guint k = 1; k <= n; k++)
    add_part (bank, function, k * step);
}

static void
add_parts (OrrSeedPhases *self)
{
  Bank *banks[] = { &self->slow, &self->fast, &self->plain, &self->sums };
  const Part nothing = { 0 };

  for (guint k = 0; k < G_N_ELEMENTS (banks); k++)
    banks[k]->parts = g_array_new (FALSE, FALSE, sizeof (Part));
  g_array_append_val (self->plain.parts, nothing);
  for (guint f = 0; f < self->functions->len; f++)
    {
      const Function *function = &g_array_index (self->functions, Function, f);
      add_factors (self, &self->slow, f, MAX_FACTORS);
      if (LARGEST_FACTOR * function->range > MAX_FACTORS * G_PI && function->fast)
        add_factors (self, &self->fast, f, MAX_FAST_FACTORS);
      add_part (&self->plain, f, 1.0);
      add_part (&self->plain, f, 2.0);
      for (guint g = 0; function->core && g < f; g++)
        for (int sign = -1; sign <= 1 && g_array_index (self->functions, Function, g).core; sign += 2)
          {
            Part part = { 2, { f, g }, { 1.0, sign } };
            g_array_append_val (self->sums.parts, part);
          }
    }
  for (guint k = 0; k < G_N_ELEMENTS (banks); k++)
    bank_fill (banks[k], self);
}

/**
 * orr_seed_phases_new:
 * @samples: up to a few hundred rows; must outlive it
 * @legal: bit k: action k may be used
 */
OrrSeedPhases *
orr_seed_phases_new (const OrrSamples *samples, guint64 legal)
{
  OrrSeedPhases *self = g_new0 (OrrSeedPhases, 1);
  /* Three columns have more functions than there is time for. */
  guint n_variables = MIN (samples->n_variables, ORR_ACTIONS_VARIABLES), n_of_one = n_variables > 2 ? 14 : G_N_ELEMENTS (of_one);

  self->samples = *samples;
  self->legal = legal;
  self->stride = (samples->n + 15) & ~(gsize) 15;
  self->functions = g_array_new (FALSE, FALSE, sizeof (Function));
  g_array_set_clear_func (self->functions, function_clear);
  for (guint v = 0; v < n_variables; v++)
    for (guint k = 0; k < n_of_one; k++)
      add_function (self, of_one[k], v, v, k < N_CORE_OF_ONE);
  for (guint a = 0; a < n_variables; a++)
    for (guint b = a + 1; b < n_variables; b++)
      for (guint k = 0; k < (n_variables > 2 ? 9 : G_N_ELEMENTS (of_two)); k++)
        add_function (self, of_two[k], a, b, k < N_CORE_OF_TWO);
  add_parts (self);
  return self;
}

void
orr_seed_phases_free (OrrSeedPhases *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->functions);
  bank_clear (&self->slow);
  bank_clear (&self->fast);
  bank_clear (&self->plain);
  bank_clear (&self->sums);
  g_free (self);
}

/* Keeps the best wave of a part of one bank with each function of another. */
static void
note_best (const Part *first, const Bank *second, guint from, guint n, const float *cc, const float *ss, const float *sc, const float *cs,
           float scale, GArray *found)
{
  for (guint begin = 0, end; begin < n; begin = end)
    {
      guint function = g_array_index (second->parts, Part, from + begin).functions[0];
      float most = 0.0f;

      for (end = begin; end < n && g_array_index (second->parts, Part, from + end).functions[0] == function; end++)
        ;
      for (guint k = begin; k < end; k++)
        {
          float a = cc[k] - ss[k], b = sc[k] + cs[k], c = cc[k] + ss[k], d = sc[k] - cs[k];
          most = MAX (most, MAX (a * a + b * b, c * c + d * d));
        }
      if (most * scale < MIN_SHARE)
        continue;
      for (guint k = begin; k < end; k++)
        {
          float a = cc[k] - ss[k], b = sc[k] + cs[k], c = cc[k] + ss[k], d = sc[k] - cs[k];
          if (MAX (a * a + b * b, c * c + d * d) < most)
            continue;
          Found one = { *first, g_array_index (second->parts, Part, from + k), a * a + b * b >= most ? 1.0 : -1.0, most * scale };
          g_array_append_val (found, one);
          break;
        }
    }
}

/* Parts @from to @from + @n of @first with all of @second from @start on. */
static void
scan (const OrrSeedPhases *self, const float *y, const Bank *first, guint from, guint n, const Bank *second, guint start, GArray *found)
{
  gsize stride = self->stride;
  g_autofree float *weighted = g_new (float, 2 * n * stride), *products = g_new (float, 4 * n * BLOCK);
  float *cosines = weighted, *sines = weighted + n * stride;

  for (guint k = 0; k < n; k++)
    for (gsize i = 0; i < stride; i++)
      {
        cosines[k * stride + i] = y[i] * first->cosines[(from + k) * stride + i];
        sines[k * stride + i] = y[i] * first->sines[(from + k) * stride + i];
      }
  for (guint at = start; at < second->parts->len; at += BLOCK)
    {
      guint m = MIN (BLOCK, second->parts->len - at);
      for (guint k = 0; k < 4; k++)
        cblas_sgemm (CblasRowMajor, CblasNoTrans, CblasTrans, n, m, stride, 1.0f, k == 0 || k == 3 ? cosines : sines, stride,
                     (k == 0 || k == 2 ? second->cosines : second->sines) + at * stride, stride, 0.0f, products + k * n * BLOCK, BLOCK);
      for (guint k = 0; k < n; k++)
        note_best (&g_array_index (first->parts, Part, from + k), second, at, m, products + k * BLOCK, products + (n + k) * BLOCK,
                   products + (2 * n + k) * BLOCK, products + (3 * n + k) * BLOCK, 2.0f / self->samples.n, found);
    }
}

static double
phase_of (const OrrSeedPhases *self, const Found *found, gsize i)
{
  double phase = 0.0;

  for (guint k = 0; k < found->first.n; k++)
    phase += found->first.factors[k] * g_array_index (self->functions, Function, found->first.functions[k]).values[i];
  return phase + found->sign * found->second.factors[0] * g_array_index (self->functions, Function, found->second.functions[0]).values[i];
}

/* Its share of y by least squares, a constant beside it. */
static void
look_again (const OrrSeedPhases *self, const float *y, Found *found)
{
  gsize n = self->samples.n;
  double c = 0.0, s = 0.0, cc = 0.0, cs = 0.0, ss = 0.0, yc = 0.0, ys = 0.0;

  for (gsize i = 0; i < n; i++)
    {
      double phase = phase_of (self, found, i), p = cos (phase), q = sin (phase);
      c += p / n;
      s += q / n;
      cc += p * p;
      cs += p * q;
      ss += q * q;
      yc += y[i] * p;
      ys += y[i] * q;
    }
  /* y has the mean 0 and the norm 1. */
  cc -= n * c * c;
  cs -= n * c * s;
  ss -= n * s * s;
  double determinant = cc * ss - cs * cs;
  if (!(determinant > 1e-9 * n * n))
    {
      found->share = 0.0;
      return;
    }
  found->cosine = (ss * yc - cs * ys) / determinant;
  found->sine = (cc * ys - cs * yc) / determinant;
  found->share = found->cosine * yc + found->sine * ys;
  found->constant = -found->cosine * c - found->sine * s;
}

/* Moves a factor that is on the grid by halves of its step as long as that makes the share larger. */
static void
refine_factor (const OrrSeedPhases *self, const float *y, Found *found, double *factor, guint function, double step)
{
  const double own = g_array_index (self->functions, Function, function).range;

  for (int sign = -1; sign <= 1; sign += 2)
    {
      Found moved = *found;
      double *there = (double *) ((char *) &moved + ((char *) factor - (char *) found));
      *there += sign * step * G_PI / own;
      look_again (self, y, &moved);
      if (moved.share > found->share)
        {
          *found = moved;
          return;
        }
    }
}

/* A factor of 1 or 2 stays one unless others leave much less of y. */
static void
refine (const OrrSeedPhases *self, const float *y, Found *found)
{
  double step = 0.5;

  look_again (self, y, found);
  Found moved = *found;
  for (guint k = 0; k < N_HALVINGS; k++, step *= 0.5)
    {
      if (moved.first.n == 1)
        refine_factor (self, y, &moved, &moved.first.factors[0], moved.first.functions[0], step);
      refine_factor (self, y, &moved, &moved.second.factors[0], moved.second.functions[0], step);
    }
  if (1.0 - moved.share < MUCH_LESS * (1.0 - found->share))
    *found = moved;
}

static int
compare_found (gconstpointer a, gconstpointer b)
{
  double p = ((const Found *) a)->share, q = ((const Found *) b)->share;
  return (p < q) - (p > q);
}

/* A part of a sum, with another to come. */
static void
write_part (const OrrSeedPhases *self, guint function, double factor, gboolean last, OrrSeedWriter *writer)
{
  const OrrSeedTerm *term = &g_array_index (self->functions, Function, function).term;

  if (!last)
    orr_seed_writer_put (writer, "add");
  if (factor != 1.0)
    {
      orr_seed_writer_put (writer, "mul");
      orr_seed_writer_number (writer, factor);
    }
  for (guint k = 0; k < term->n; k++)
    orr_seed_writer_put (writer, orr_action_name (term->actions[k]));
}

/* constant + amplitude * sin(phase + its parts), or the tangent of half of that. @mean, @norm: of y before. */
static void
write_seed (const OrrSeedPhases *self, const Found *found, OrrSeedPhasesKind kind, double mean, double norm, GArray *seeds)
{
  OrrSeedWriter writer = { .legal = self->legal };
  gboolean tangent = kind == ORR_SEED_PHASES_TANGENT;
  double half = tangent ? 0.5 : 1.0, amplitude = hypot (found->cosine, found->sine);
  /* cosine cos u + sine sin u is amplitude sin(u + atan2 (cosine, sine)), and amplitude cos(u - atan2 (sine, cosine)). */
  double offset = tangent ? -0.5 * atan2 (found->sine, found->cosine) : atan2 (found->cosine, found->sine);

  orr_seed_writer_put (&writer, "add");
  orr_seed_writer_put (&writer, "c");
  orr_seed_writer_put (&writer, "mul");
  orr_seed_writer_put (&writer, "c");
  orr_seed_writer_put (&writer, tangent ? "tan" : "sin");
  orr_seed_writer_put (&writer, "add");
  orr_seed_writer_put (&writer, "c");
  writer.seed.constants[0] = tangent ? 0.0 : mean + norm * found->constant;
  writer.seed.constants[1] = tangent ? norm : norm * amplitude;
  writer.seed.constants[2] = offset;
  writer.seed.n_constants = 3;
  for (guint k = 0; k < found->first.n; k++)
    write_part (self, found->first.functions[k], half * found->first.factors[k], FALSE, &writer);
  write_part (self, found->second.functions[0], half * found->sign * found->second.factors[0], TRUE, &writer);
  orr_seed_writer_finish (&writer, seeds);
}

/*
 * With the mean 0 and the norm 1, padded with zeros; FALSE when nothing is left
 * of it. A tangent of u becomes (1 - y^2)/(1 + y^2), which is cos(2 u), y in
 * units of its median: then other scales come out as distorted waves, which is
 * enough to tell them by.
 */
static gboolean
prepare (const OrrSeedPhases *self, const double *y, OrrSeedPhasesKind kind, float *out, double *mean, double *norm)
{
  gsize n = self->samples.n;
  g_autofree double *values = g_memdup2 (y, n * sizeof (double)), *sizes = g_new (double, n);
  double squares = 0.0, scale = 1.0;

  if (kind == ORR_SEED_PHASES_TANGENT)
    {
      for (gsize i = 0; i < n; i++)
        sizes[i] = fabs (y[i]);
      qsort (sizes, n, sizeof (double), compare_doubles);
      scale = sizes[n / 2];
      /* It has poles, and so do not fall short of them all. */
      if (!(sizes[n - 1] > POLE * scale))
        return FALSE;
      for (gsize i = 0; i < n && scale > 0.0; i++)
        values[i] = 2.0 / (1.0 + (y[i] / scale) * (y[i] / scale)) - 1.0;
    }
  *mean = 0.0;
  for (gsize i = 0; i < n; i++)
    *mean += values[i] / n;
  for (gsize i = 0; i < n; i++)
    squares += (values[i] - *mean) * (values[i] - *mean);
  if (!(squares > 1e-18 * n * *mean * *mean) || !isfinite (squares) || squares == 0.0)
    return FALSE;
  for (gsize i = 0; i < n; i++)
    out[i] = (values[i] - *mean) / sqrt (squares);
  *norm = kind == ORR_SEED_PHASES_TANGENT ? scale : sqrt (squares);
  return TRUE;
}

/* Parts @from to @from + @n of @first, with all of @second from @start on. */
typedef struct
{
  const Bank *first, *second;
  guint       from, n, start;
} Job;

static void
add_jobs (GArray *jobs, const Bank *first, guint from, guint n, const Bank *second, guint start)
{
  for (guint k = 0; k < n; k += PARTS_OF_JOB)
    {
      Job job = { first, second, from + k, MIN (PARTS_OF_JOB, n - k), start };
      g_array_append_val (jobs, job);
    }
}

/* Every function with its factors and those that follow it; plain ones with those that reach far; sums of two with a third. */
static GArray *
list_jobs (const OrrSeedPhases *self, gboolean all_factors)
{
  const GArray *parts = self->slow.parts;
  GArray *jobs = g_array_new (FALSE, FALSE, sizeof (Job));

  for (guint begin = 0, end; all_factors && begin < parts->len; begin = end)
    {
      for (end = begin; end < parts->len
                        && g_array_index (parts, Part, end).functions[0] == g_array_index (parts, Part, begin).functions[0];
           end++)
        ;
      add_jobs (jobs, &self->slow, begin, end - begin, &self->slow, end);
    }
  add_jobs (jobs, &self->plain, 0, self->plain.parts->len, &self->fast, 0);
  add_jobs (jobs, &self->plain, 0, all_factors ? 1 : self->plain.parts->len, &self->slow, 0);
  add_jobs (jobs, &self->sums, 0, self->sums.parts->len, &self->slow, 0);
  return jobs;
}

/* What is found comes in the order of the jobs, however many threads share them. */
static void
scan_all (const OrrSeedPhases *self, const float *y, gboolean all_factors, guint n_threads, GArray *found)
{
  g_autoptr (GArray) jobs = list_jobs (self, all_factors);
  g_autofree GArray **results = g_new (GArray *, jobs->len);

#pragma omp parallel for num_threads(n_threads) schedule(dynamic)
  for (guint k = 0; k < jobs->len; k++)
    {
      const Job *job = &g_array_index (jobs, Job, k);
      results[k] = g_array_new (FALSE, FALSE, sizeof (Found));
      scan (self, y, job->first, job->from, job->n, job->second, job->start, results[k]);
    }
  for (guint k = 0; k < jobs->len; k++)
    {
      g_array_append_vals (found, results[k]->data, results[k]->len);
      g_array_unref (results[k]);
    }
}

/* Whether this wave, but for factors, is among the first @n. */
static gboolean
is_there (const Found *found, guint n, const Found *one)
{
  for (guint k = 0; k < n; k++)
    if (found[k].first.n == one->first.n && found[k].second.functions[0] == one->second.functions[0]
        && memcmp (found[k].first.functions, one->first.functions, one->first.n) == 0)
      return TRUE;
  return FALSE;
}

/**
 * orr_seed_phases_look:
 * @y: (array): [rows] a view of y
 * @all_factors: whether both functions may have any factor; if not, one has 1 or 2, which takes a third of the time
 * @n_threads: threads; they make no difference to what is found
 * @seeds: (element-type OrrSeed): gets the waves that have the largest shares of it
 */
void
orr_seed_phases_look (const OrrSeedPhases *self, const double *y, OrrSeedPhasesKind kind, gboolean all_factors, guint n_threads,
                      GArray *seeds)
{
  g_autofree float *normal = g_new0 (float, self->stride);
  g_autoptr (GArray) found = g_array_new (FALSE, FALSE, sizeof (Found));
  double mean, norm;
  guint n = 0, n_kept = 0;

  if (!prepare (self, y, kind, normal, &mean, &norm))
    return;
  scan_all (self, normal, all_factors, n_threads, found);
  g_array_sort (found, compare_found);
  Found *all = (Found *) (gpointer) found->data;
  for (guint k = 0; k < found->len && n < N_AGAIN; k++)
    if (!is_there (all, n, &all[k]))
      all[n++] = all[k];
  g_array_set_size (found, n);
  for (guint k = 0; k < n; k++)
    refine (self, normal, &all[k]);
  g_array_sort (found, compare_found);
  for (; n_kept < MIN (n, N_KEPT) && all[n_kept].share > MIN_PROPOSED && 1.0 - all[n_kept].share <= MUCH_MORE * (1.0 - all[0].share); n_kept++)
    write_seed (self, &all[n_kept], kind, mean, norm, seeds);
}
