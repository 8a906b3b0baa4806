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

G_STATIC_ASSERT (BLOCK % ORR_PRODUCT_ROWS == 0);

struct _OrrRollout
{
  OrrRolloutOptions options;
  OrrRolloutMatrix  matrix;
  OrrActivation     activation;
  float            *states;   /* [T x most x H] h_1 .. h_T (backward only) */
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

/* A worker's buffers. */
typedef struct _Scratch
{
  float *noise;  /* [BLOCK x D] */
  float *input;  /* v [BLOCK x cols] */
  float *output; /* v M^T, or the gradient of it [BLOCK x rows] */
  float *hidden; /* gradient of h [BLOCK x ORR_ROLLOUT_PAD (H)] */
  float *gumbel; /* [BLOCK x K] */
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
      self->states = orr_aligned_alloc0 (steps * shape->n_hidden, sizeof (float));
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
  scratch->noise = orr_aligned_alloc0 ((gsize) BLOCK * self->matrix.n_noise, sizeof (float));
  scratch->input = orr_aligned_alloc0 (BLOCK * self->matrix.cols, sizeof (float));
  scratch->output = orr_aligned_alloc0 (BLOCK * self->matrix.rows, sizeof (float));
  scratch->hidden = orr_aligned_alloc0 (BLOCK * (gsize) ORR_ROLLOUT_PAD (self->matrix.n_hidden), sizeof (float));
  scratch->gumbel = orr_aligned_alloc0 ((gsize) BLOCK * self->matrix.n_symbols, sizeof (float));
}

static void
scratch_clear (Scratch *scratch)
{
  orr_aligned_free (scratch->noise);
  orr_aligned_free (scratch->input);
  orr_aligned_free (scratch->output);
  orr_aligned_free (scratch->hidden);
  orr_aligned_free (scratch->gumbel);
}

/* x_t of the block's sequences into v. Numbered by step, then sequence, so a block's are in a row. */
static void
draw_noise (const OrrRollout *self, guint t, guint first, guint n, Scratch *scratch)
{
  guint D = self->matrix.n_noise;
  guint64 index = ((guint64) t * self->options.most + first) * D;

  orr_random_normal_fill (scratch->noise, (gsize) n * D, self->options.sigma, self->options.seed,
                          orr_random_substream (ORR_RANDOM_STREAM_NOISE, self->draw), index);
  for (guint i = 0; i < n; i++)
    memcpy (scratch->input + i * self->matrix.cols + self->matrix.n_hidden, scratch->noise + (gsize) i * D,
            D * sizeof (float));
}

/* h_0 into v, and the constant 1 of the biases. */
static void
set_initial_state (const OrrRollout *self, guint first, guint n, Scratch *scratch)
{
  guint H = self->matrix.n_hidden;

  for (guint i = 0; i < n; i++)
    {
      float *row = scratch->input + i * self->matrix.cols;

      if (self->options.random_initial_state)
        orr_random_normal_fill (row, H, 1.0, self->options.seed,
                                orr_random_substream (ORR_RANDOM_STREAM_INITIAL_STATE, self->draw),
                                (guint64) (first + i) * ORR_ROLLOUT_PAD (H));
      else
        memset (row, 0, H * sizeof (float));
      if (self->matrix.biased)
        row[H + self->matrix.n_noise] = 1.0f;
    }
}

/* Gumbel-softmax of the logits of h_t, which stand in the last columns of the output. */
static void
emit (OrrRollout *self, guint t, guint first, guint n, Scratch *scratch)
{
  guint K = self->matrix.n_symbols, T = self->length;
  float inverse_tau = (float) (1.0 / self->options.tau);
  guint64 index = ((guint64) t * self->options.most + first) * K;

  orr_random_gumbel_fill (scratch->gumbel, (gsize) n * K, self->options.seed,
                          orr_random_substream (ORR_RANDOM_STREAM_GUMBEL, self->draw), index);
  for (guint i = 0; i < n; i++)
    {
      const float *logits = scratch->output + i * self->matrix.rows + self->matrix.n_hidden;
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

/* h_t from the output's first columns, into v and the kept states. */
static void
activate (OrrRollout *self, guint t, guint first, guint n, Scratch *scratch)
{
  guint H = self->matrix.n_hidden;
  float *kept = self->states != NULL ? self->states + ((gsize) t * self->options.most + first) * H : NULL;

  if (self->activation == ORR_ACTIVATION_RELU)
    {
      ORR_VECTOR_PICK (orr_relu_kernel) (n, H, scratch->output, self->matrix.rows, scratch->input, self->matrix.cols,
                                         kept);
      return;
    }
  for (guint i = 0; i < n; i++)
    {
      float *h = scratch->input + i * self->matrix.cols;

      for (guint u = 0; u < H; u++)
        h[u] = tanhf (scratch->output[i * self->matrix.rows + u]);
      if (kept != NULL)
        memcpy (kept + (gsize) i * H, h, H * sizeof (float));
    }
}

static void
forward_block (gsize block, guint worker, gpointer data)
{
  OrrRollout *self = data;
  Scratch *scratch = &self->scratch[worker];
  guint first = (guint) block * BLOCK, n = MIN (self->n - first, BLOCK), T = self->length;

  set_initial_state (self, first, n, scratch);
  for (guint t = 0; t <= T && !orr_progress_is_cancelled (self->progress); t++)
    {
      if (t < T)
        draw_noise (self, t, first, n, scratch);
      /* After the last step only the logits are wanted. */
      orr_rollout_matrix_forward (&self->matrix, n, t == T, scratch->input, scratch->output);
      if (t > 0)
        emit (self, t - 1, first, n, scratch);
      if (t < T)
        activate (self, t, first, n, scratch);
    }
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

/* The straight-through gradient of the logits of h_t, into the last columns of the output. */
static void
emit_backward (OrrRollout *self, guint t, guint first, guint n, Scratch *scratch)
{
  guint K = self->matrix.n_symbols, T = self->length;
  float inverse_tau = (float) (1.0 / self->options.tau);

  for (guint i = 0; i < n; i++)
    {
      gsize step = (gsize) (first + i) * T + t;
      const float *p = self->softmax + step * K, *d = self->emission_gradient + step * K;
      float *out = scratch->output + i * self->matrix.rows + self->matrix.n_hidden, mean = 0.0f;

      for (guint k = 0; k < K; k++)
        mean += p[k] * d[k];
      for (guint k = 0; k < K; k++)
        out[k] = p[k] * (d[k] - mean) * inverse_tau;
    }
}

/* The slope of the penalty on activity above the limit, added to the gradient of h_t. */
static void
penalise_activity (OrrRollout *self, guint t, guint first, guint n, Scratch *scratch)
{
  guint H = self->matrix.n_hidden;
  const float *h = self->states + ((gsize) t * self->options.most + first) * H;
  float weight = (float) (self->options.activity_weight / self->n / self->length);
  float limit = (float) self->options.activity_limit;

  for (gsize i = 0; i < n; i++)
    for (guint u = 0; u < H; u++)
      scratch->hidden[i * ORR_ROLLOUT_PAD (H) + u] += weight * fmaxf (h[i * H + u] - limit, 0.0f);
}

/* The gradient of the pre-activations of h_t from that of h_t, into the first columns of the output. */
static void
activate_backward (OrrRollout *self, guint t, guint first, guint n, Scratch *scratch)
{
  guint H = self->matrix.n_hidden;
  const float *h = self->states + ((gsize) t * self->options.most + first) * H;
  const float *d = scratch->hidden;

  if (self->activation == ORR_ACTIVATION_RELU)
    {
      ORR_VECTOR_PICK (orr_relu_backward_kernel) (n, H, h, d, ORR_ROLLOUT_PAD (H), scratch->output, self->matrix.rows);
      return;
    }
  for (guint i = 0; i < n; i++)
    for (guint u = 0; u < H; u++)
      {
        float state = h[(gsize) i * H + u];
        scratch->output[i * self->matrix.rows + u] = d[i * ORR_ROLLOUT_PAD (H) + u] * (1.0f - state * state);
      }
}

static void
restore_input (OrrRollout *self, guint t, guint first, guint n, Scratch *scratch)
{
  guint H = self->matrix.n_hidden;

  if (t == 0)
    set_initial_state (self, first, n, scratch);
  else
    for (guint i = 0; i < n; i++)
      memcpy (scratch->input + i * self->matrix.cols,
              self->states + ((gsize) (t - 1) * self->options.most + first + i) * H, H * sizeof (float));
  /* Drawing the noise again costs less than keeping it. */
  if (t < self->length)
    draw_noise (self, t, first, n, scratch);
}

static void
backward_block (gsize block, guint worker, gpointer data)
{
  OrrRollout *self = data;
  Scratch *scratch = &self->scratch[worker];
  guint first = (guint) block * BLOCK, n = MIN (self->n - first, BLOCK);
  guint T = self->length, H = self->matrix.n_hidden;
  float *gradient = self->gradients + block * self->matrix.rows * self->matrix.cols;

  memset (gradient, 0, self->matrix.rows * self->matrix.cols * sizeof (float));
  memset (scratch->output, 0, BLOCK * self->matrix.rows * sizeof (float));
  set_initial_state (self, first, n, scratch);
  for (guint i = 0; i < n; i++)
    memset (scratch->input + i * self->matrix.cols + H, 0, self->matrix.n_noise * sizeof (float));

  for (guint t = T + 1; t-- > 0 && !orr_progress_is_cancelled (self->progress);)
    {
      restore_input (self, t, first, n, scratch);
      if (t < T && self->options.activity_weight > 0.0)
        penalise_activity (self, t, first, n, scratch);
      if (t < T)
        activate_backward (self, t, first, n, scratch);
      if (t > 0)
        emit_backward (self, t - 1, first, n, scratch);
      else
        for (guint i = 0; i < n; i++)
          memset (scratch->output + i * self->matrix.rows + H, 0, self->matrix.n_symbols * sizeof (float));
      orr_rollout_matrix_add_gradient (&self->matrix, n, scratch->input, scratch->output, gradient);
      if (t > 0)
        orr_rollout_matrix_backward (&self->matrix, n, scratch->output, scratch->hidden);
    }
}

/* Sums of fixed blocks, so that the number is the same for any number of threads. */
static double
root_mean_square (const OrrRollout *self, guint t)
{
  gsize size = (gsize) self->n * self->matrix.n_hidden;
  const float *h = self->states + (gsize) t * self->options.most * self->matrix.n_hidden;
  double sum = 0.0;

  for (gsize i = 0; i < size; i++)
    sum += (double) h[i] * h[i];
  return sqrt (sum / size);
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
        const float *h = self->states + ((gsize) t * self->options.most + i) * H;
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
  g_return_if_fail (self->states != NULL && self->n > 0);

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
  g_return_val_if_fail (self->states != NULL && self->n > 0, FALSE);

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
