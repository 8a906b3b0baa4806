/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-rollout.h"

#include <math.h>
#include <string.h>

#include "orr-error.h"
#include "orr-parallel.h"
#include "orr-parameters.h"
#include "orr-product-kernels.h"
#include "orr-random.h"
#include "orr-rollout-kernels.h"
#include "orr-rollout-matrix.h"

/*
 * Sequences run in blocks, one thread each, so that the numbers do not depend
 * on threads and a block's working set stays in the cache.
 */
#define BLOCK 256
/* Sequences whose noise is drawn at once: few enough for the first cache. */
#define NOISE_ROWS 32
/* Rows of one step's states: products may make more than there are sequences. */
#define ROUND_UP(n) (((gsize) (n) + ORR_PRODUCT_ROWS - 1) / ORR_PRODUCT_ROWS * ORR_PRODUCT_ROWS)

G_STATIC_ASSERT (BLOCK % ORR_PRODUCT_ROWS == 0);

struct _OrrRollout
{
  OrrRolloutOptions options;
  OrrRolloutMatrix  matrix;
  OrrActivation     activation;
  gboolean          keeps;    /* whether forward calls keep the states for a backward one */
  float            *states;   /* [T x ROUND_UP (most) x rows] h_1 .. h_T (backward only) */
  float            *softmax;  /* [most x T x K] */
  guint8           *symbols;  /* [most x T] */
  float            *gradients; /* [blocks x rows x cols] dM of each block (backward only) */
  guint             length;   /* T of the calls to come */
  guint             n;        /* of the last forward call */
  guint64           draw;
  const float      *emission_gradient; /* of the present backward call */
  OrrProgress      *progress; /* of the present call */
  struct _Scratch  *scratch;  /* [threads] of the present call */
};

/* A worker's buffers; see #OrrRolloutMatrix for rows of states and sides. */
typedef struct _Scratch
{
  float *noise;    /* [NOISE_ROWS x D] */
  float *initial;  /* states: h_0 [BLOCK x rows] */
  float *side;     /* [BLOCK x side_stride] */
  float *turns[2]; /* [BLOCK x rows]: states that are not kept, or gradients of v M^T, in turns */
  float *gumbel;   /* [BLOCK x K] */
} Scratch;

/**
 * orr_rollout_new:
 * @shape: a network of the shape and activation to run; its weights are not used
 */
OrrRollout *
orr_rollout_new (const OrrNetwork *shape, const OrrRolloutOptions *options)
{
  OrrRollout *self = g_new0 (OrrRollout, 1);
  gsize steps = (gsize) options->length * options->most;

  self->options = *options;
  self->length = options->length;
  self->options.threads = orr_parallel_threads (options->threads);
  orr_rollout_matrix_init (&self->matrix, shape);
  self->activation = shape->activation;
  self->symbols = g_malloc0 (steps);
  self->softmax = orr_aligned_alloc0 (steps * shape->n_symbols, sizeof (float));
  if (options->backward)
    {
      gsize blocks = (options->most + BLOCK - 1) / BLOCK;
      self->keeps = TRUE;
      self->states = orr_aligned_alloc0 (options->length * ROUND_UP (options->most) * self->matrix.rows, sizeof (float));
      self->gradients = orr_aligned_alloc0 (blocks * self->matrix.rows * self->matrix.cols, sizeof (float));
    }
  return self;
}

void
orr_rollout_free (OrrRollout *self)
{
  if (self == NULL)
    return;
  orr_rollout_matrix_clear (&self->matrix);
  orr_aligned_free (self->states);
  orr_aligned_free (self->softmax);
  orr_aligned_free (self->gradients);
  g_free (self->symbols);
  g_free (self);
}

void
orr_rollout_set_threads (OrrRollout *self, guint threads)
{
  self->options.threads = orr_parallel_threads (threads);
}

/**
 * orr_rollout_set_length:
 * @length: T of the calls to come, at most that of the options
 *
 * A sequence's first steps do not depend on how many follow.
 */
void
orr_rollout_set_length (OrrRollout *self, guint length)
{
  g_return_if_fail (length > 0 && length <= self->options.length);
  self->length = length;
}

/**
 * orr_rollout_set_keeps:
 * @keeps: whether the forward calls to come keep their states for orr_rollout_backward()
 *   and orr_rollout_measure(), which needs the `backward` option
 *
 * Calls that keep nothing write less memory. At first states are kept where the options say `backward`.
 */
void
orr_rollout_set_keeps (OrrRollout *self, gboolean keeps)
{
  g_return_if_fail (!keeps || self->states != NULL);
  self->keeps = keeps;
}

/**
 * orr_rollout_set_tau:
 * @tau: temperature of the calls to come, above 0
 */
void
orr_rollout_set_tau (OrrRollout *self, double tau)
{
  g_return_if_fail (tau > 0.0);
  self->options.tau = tau;
}

static void
scratch_init (Scratch *scratch, const OrrRollout *self)
{
  const OrrRolloutMatrix *matrix = &self->matrix;

  scratch->noise = orr_aligned_alloc0 ((gsize) NOISE_ROWS * matrix->n_noise, sizeof (float));
  scratch->initial = orr_aligned_alloc0 (BLOCK * matrix->rows, sizeof (float));
  scratch->side = orr_aligned_alloc0 (BLOCK * matrix->side_stride, sizeof (float));
  for (guint i = 0; i < 2; i++)
    scratch->turns[i] = orr_aligned_alloc0 (BLOCK * matrix->rows, sizeof (float));
  scratch->gumbel = orr_aligned_alloc0 ((gsize) BLOCK * matrix->n_symbols, sizeof (float));
}

static void
scratch_clear (Scratch *scratch)
{
  orr_aligned_free (scratch->noise);
  orr_aligned_free (scratch->initial);
  orr_aligned_free (scratch->side);
  orr_aligned_free (scratch->turns[0]);
  orr_aligned_free (scratch->turns[1]);
  orr_aligned_free (scratch->gumbel);
}

/* The noise's place in the side. */
static float *
get_noise (const OrrRollout *self, guint i, Scratch *scratch)
{
  const OrrRolloutMatrix *matrix = &self->matrix;
  return scratch->side + i * matrix->side_stride + matrix->n_hidden - matrix->split;
}

/* Calls for states that are needed soon, so that they are there by then: a float of each cache line. */
static inline void
prefetch_states (const float *states, gsize n)
{
  for (gsize i = 0; i < n; i += 16)
    __builtin_prefetch (states + i);
}

/*
 * x_t of the block's sequences into the side. Numbered by step, then sequence, so a block's are in a row. While the
 * processor is busy with numbers, the memory brings @soon (nullable), states of the block.
 */
static void
draw_noise (const OrrRollout *self, guint t, guint first, guint n, const float *soon, Scratch *scratch)
{
  guint D = self->matrix.n_noise;
  guint64 index = ((guint64) t * self->options.most + first) * D;
  gsize rows = self->matrix.rows;

  for (guint i = 0, count; i < n; i += count)
    {
      count = MIN (n - i, NOISE_ROWS);
      if (soon != NULL)
        prefetch_states (soon + i * rows, count * rows);
      orr_random_normal_fill (scratch->noise, (gsize) count * D, self->options.sigma, self->options.seed,
                              orr_random_substream (ORR_RANDOM_STREAM_NOISE, self->draw), index + (guint64) i * D);
      for (guint j = 0; j < count; j++)
        memcpy (get_noise (self, i + j, scratch), scratch->noise + (gsize) j * D, D * sizeof (float));
    }
}

/* h_0, and the constant 1 of the biases. */
static void
set_initial_state (const OrrRollout *self, guint first, guint n, Scratch *scratch)
{
  guint H = self->matrix.n_hidden;

  for (guint i = 0; i < n; i++)
    {
      float *row = scratch->initial + i * self->matrix.rows;

      if (self->options.random_initial_state)
        orr_random_normal_fill (row, H, 1.0, self->options.seed,
                                orr_random_substream (ORR_RANDOM_STREAM_INITIAL_STATE, self->draw),
                                (guint64) (first + i) * ORR_ROLLOUT_PAD (H));
      else
        memset (row, 0, H * sizeof (float));
      if (self->matrix.biased)
        get_noise (self, i, scratch)[self->matrix.n_noise] = 1.0f;
    }
}

/* h_0 for @t = 0, then h_t where it is kept, or where it stands until h_{t + 2} is made. */
static float *
get_states (const OrrRollout *self, guint t, guint first, Scratch *scratch)
{
  if (t == 0)
    return scratch->initial;
  if (!self->keeps)
    return scratch->turns[t % 2];
  return self->states + ((t - 1) * ROUND_UP (self->options.most) + first) * self->matrix.rows;
}

/* Gumbel-softmax of the logits of h_{t + 1}, which stand in @next behind the activities. */
static void
emit (OrrRollout *self, guint t, guint first, guint n, const float *next, Scratch *scratch)
{
  guint K = self->matrix.n_symbols, T = self->length;
  float inverse_tau = (float) (1.0 / self->options.tau);
  guint64 index = ((guint64) t * self->options.most + first) * K;

  orr_random_gumbel_fill (scratch->gumbel, (gsize) n * K, self->options.seed,
                          orr_random_substream (ORR_RANDOM_STREAM_GUMBEL, self->draw), index);
  for (guint i = 0; i < n; i++)
    {
      const float *logits = next + i * self->matrix.rows + self->matrix.n_hidden;
      const float *gumbel = scratch->gumbel + (gsize) i * K;
      gsize step = (gsize) (first + i) * T + t;
      float *softmax = self->softmax + step * K, sum = 0.0f;
      guint best = 0;

      for (guint k = 0; k < K; k++)
        {
          softmax[k] = (logits[k] + gumbel[k]) * inverse_tau;
          if (softmax[k] > softmax[best])
            best = k;
        }
      float largest = softmax[best];
      for (guint k = 0; k < K; k++)
        {
          softmax[k] = expf (softmax[k] - largest);
          sum += softmax[k];
        }
      for (guint k = 0; k < K; k++)
        softmax[k] /= sum;
      self->symbols[step] = (guint8) best;
    }
}

static void
apply_tanh (const OrrRollout *self, guint n, float *states)
{
  for (guint i = 0; i < n; i++)
    for (guint u = 0; u < self->matrix.n_hidden; u++)
      states[i * self->matrix.rows + u] = tanhf (states[i * self->matrix.rows + u]);
}

static void
forward_block (gsize block, guint worker, gpointer data)
{
  OrrRollout *self = data;
  Scratch *scratch = &self->scratch[worker];
  guint first = (guint) block * BLOCK, n = MIN (self->n - first, BLOCK), T = self->length;
  gboolean relu = self->activation == ORR_ACTIVATION_RELU;

  set_initial_state (self, first, n, scratch);
  for (guint t = 0; t < T && !orr_progress_is_cancelled (self->progress); t++)
    {
      float *states = get_states (self, t, first, scratch), *next = get_states (self, t + 1, first, scratch);

      draw_noise (self, t, first, n, NULL, scratch);
      orr_rollout_matrix_forward (&self->matrix, n, relu, states, scratch->side, next);
      if (!relu)
        apply_tanh (self, n, next);
      if (t > 0)
        emit (self, t - 1, first, n, next, scratch);
    }
  /* After the last step only the logits are wanted. */
  float *spare = scratch->turns[(T + 1) % 2];
  orr_rollout_matrix_read_out (&self->matrix, n, get_states (self, T, first, scratch), scratch->side, spare);
  emit (self, T - 1, first, n, spare, scratch);
}

static gboolean
run_blocks (OrrRollout *self, OrrParallelFunc run, OrrProgress *progress, GError **error)
{
  guint threads = self->options.threads;

  if (!orr_progress_check (progress, error))
    return FALSE;
  self->progress = progress;
  self->scratch = g_new (Scratch, threads);
  for (guint i = 0; i < threads; i++)
    scratch_init (&self->scratch[i], self);
  orr_parallel_for ((self->n + BLOCK - 1) / BLOCK, threads, run, self);
  for (guint i = 0; i < threads; i++)
    scratch_clear (&self->scratch[i]);
  g_clear_pointer (&self->scratch, g_free);
  return orr_progress_check (progress, error);
}

/**
 * orr_rollout_forward:
 * @network: of the shape given to orr_rollout_new()
 * @n: number of sequences, at most the options' @most
 * @draw: which noise: the same number gives the same noise (below 2^56)
 * @error: (out): %ORR_ERROR_CANCELLED
 */
gboolean
orr_rollout_forward (OrrRollout *self, const OrrNetwork *network, guint n, guint64 draw, OrrProgress *progress,
                     GError **error)
{
  g_return_val_if_fail (n > 0 && n <= self->options.most, FALSE);
  g_return_val_if_fail (network->n_hidden == self->matrix.n_hidden && network->n_noise == self->matrix.n_noise, FALSE);

  self->n = n;
  self->draw = draw;
  orr_rollout_matrix_pack (&self->matrix, network);
  return run_blocks (self, forward_block, progress, error);
}

/**
 * orr_rollout_get_symbols:
 *
 * Returns: (transfer none): [n x T] the symbols emitted by the last forward call
 */
const guint8 *
orr_rollout_get_symbols (const OrrRollout *self)
{
  return self->symbols;
}

/**
 * orr_rollout_get_softmax:
 *
 * Returns: (transfer none): [n x T x K] the Gumbel-softmax behind each symbol
 */
const float *
orr_rollout_get_softmax (const OrrRollout *self)
{
  return self->softmax;
}

/* The straight-through gradient of the logits of h_{t + 1}, behind those of the activities. */
static void
emit_backward (OrrRollout *self, guint t, guint first, guint n, float *gradients)
{
  guint K = self->matrix.n_symbols, T = self->length;
  float inverse_tau = (float) (1.0 / self->options.tau);

  for (guint i = 0; i < n; i++)
    {
      gsize step = (gsize) (first + i) * T + t;
      const float *p = self->softmax + step * K, *d = self->emission_gradient + step * K;
      float *out = gradients + i * self->matrix.rows + self->matrix.n_hidden, mean = 0.0f;

      for (guint k = 0; k < K; k++)
        mean += p[k] * d[k];
      for (guint k = 0; k < K; k++)
        out[k] = p[k] * (d[k] - mean) * inverse_tau;
    }
}

/* The slope of the penalty on activity above the limit, added to the gradient of the activities. */
static void
penalise_activity (const OrrRollout *self, guint n, const float *states, float *gradients)
{
  float weight = (float) (self->options.activity_weight / self->n / self->length);
  float limit = (float) self->options.activity_limit;

  for (gsize i = 0; i < n * self->matrix.rows; i += self->matrix.rows)
    for (guint u = 0; u < self->matrix.n_hidden; u++)
      gradients[i + u] += weight * fmaxf (states[i + u] - limit, 0.0f);
}

static void
differentiate_tanh (const OrrRollout *self, guint n, const float *states, float *gradients)
{
  for (gsize i = 0; i < n * self->matrix.rows; i += self->matrix.rows)
    for (guint u = 0; u < self->matrix.n_hidden; u++)
      gradients[i + u] *= 1.0f - states[i + u] * states[i + u];
}

/* From the gradients of step t's v M^T those of the pre-activations behind h_t. A penalty is 0 where relu's slope is. */
static void
step_back (const OrrRollout *self, guint n, const float *states, const float *gradients, float *previous)
{
  gboolean relu = self->activation == ORR_ACTIVATION_RELU;

  orr_rollout_matrix_backward (&self->matrix, n, relu ? states : NULL, gradients, previous);
  if (self->options.activity_weight > 0.0)
    penalise_activity (self, n, states, previous);
  if (!relu)
    differentiate_tanh (self, n, states, previous);
}

/* As in the forward call; drawing the noise again costs less than keeping it. After the last step there is none. */
static void
restore_side (const OrrRollout *self, guint t, guint first, guint n, Scratch *scratch)
{
  if (t < self->length)
    draw_noise (self, t, first, n, t > 1 ? get_states (self, t - 1, first, scratch) : NULL, scratch);
  else
    for (guint i = 0; i < n; i++)
      memset (get_noise (self, i, scratch), 0, self->matrix.n_noise * sizeof (float));
}

static void
backward_block (gsize block, guint worker, gpointer data)
{
  OrrRollout *self = data;
  Scratch *scratch = &self->scratch[worker];
  guint first = (guint) block * BLOCK, n = MIN (self->n - first, BLOCK);
  guint T = self->length, H = self->matrix.n_hidden, K = self->matrix.n_symbols;
  gsize rows = self->matrix.rows;
  float *sum = self->gradients + block * rows * self->matrix.cols;

  memset (sum, 0, rows * self->matrix.cols * sizeof (float));
  memset (scratch->turns[(T + 1) % 2], 0, BLOCK * rows * sizeof (float));
  set_initial_state (self, first, n, scratch);

  for (guint t = T + 1; t-- > 0 && !orr_progress_is_cancelled (self->progress);)
    {
      const float *states = get_states (self, t, first, scratch);
      float *gradients = scratch->turns[(t + 1) % 2], *previous = scratch->turns[t % 2];

      restore_side (self, t, first, n, scratch);
      if (t > 0)
        emit_backward (self, t - 1, first, n, gradients);
      else
        for (guint i = 0; i < n; i++)
          memset (gradients + i * rows + H, 0, K * sizeof (float));
      orr_rollout_matrix_add_gradient (&self->matrix, n, states, scratch->side, gradients, sum);
      if (t > 0)
        step_back (self, n, states, gradients, previous);
    }
}

/* Sums of fixed blocks, so that the number is the same for any number of threads. */
static double
root_mean_square (const OrrRollout *self, guint t)
{
  guint H = self->matrix.n_hidden;
  const float *h = self->states + t * ROUND_UP (self->options.most) * self->matrix.rows;
  double sum = 0.0;

  for (guint i = 0; i < self->n; i++, h += self->matrix.rows)
    for (guint u = 0; u < H; u++)
      sum += (double) h[u] * h[u];
  return sqrt (sum / ((double) self->n * H));
}

/* A unit that is heard once needs no further look: few rows are read where units are well. */
static guint
count_silent (const OrrRollout *self)
{
  guint H = self->matrix.n_hidden, left = H;
  g_autofree guint *silent = g_new (guint, H);

  for (guint u = 0; u < H; u++)
    silent[u] = u;
  for (guint t = 0; t < self->length && left > 0; t++)
    for (guint i = 0; i < self->n && left > 0; i++)
      {
        const float *h = self->states + (t * ROUND_UP (self->options.most) + i) * self->matrix.rows;
        guint kept = 0;

        for (guint s = 0; s < left; s++)
          if (h[silent[s]] == 0.0f)
            silent[kept++] = silent[s];
        left = kept;
      }
  return left;
}

/**
 * orr_rollout_measure:
 * @activity: (out caller-allocates): of the last forward call; needs the `backward` option
 */
void
orr_rollout_measure (const OrrRollout *self, OrrRolloutActivity *activity)
{
  g_return_if_fail (self->keeps && self->n > 0);

  double middle = root_mean_square (self, (self->length - 1) / 2);
  activity->silent_units = count_silent (self);
  activity->last = root_mean_square (self, self->length - 1);
  activity->growth = middle > 0.0 ? activity->last / middle : activity->last > 0.0 ? INFINITY : 1.0;
}

/**
 * orr_rollout_backward:
 * @emission_gradient: [n x T x K] d loss / d emission of the last forward call
 * @weight_gradient: (out): d loss / d parameters, in the order of orr_parameters_pack()
 * @error: (out): %ORR_ERROR_CANCELLED
 */
gboolean
orr_rollout_backward (OrrRollout *self, const float *emission_gradient, float *weight_gradient,
                      OrrProgress *progress, GError **error)
{
  g_return_val_if_fail (self->keeps && self->n > 0, FALSE);

  gsize size = self->matrix.rows * self->matrix.cols;
  guint n_blocks = (self->n + BLOCK - 1) / BLOCK;
  self->emission_gradient = emission_gradient;
  if (!run_blocks (self, backward_block, progress, error))
    return FALSE;

  for (guint b = 1; b < n_blocks; b++)
    for (gsize i = 0; i < size; i++)
      self->gradients[i] += self->gradients[b * size + i];
  orr_rollout_matrix_unpack (&self->matrix, self->gradients, weight_gradient);
  return TRUE;
}
