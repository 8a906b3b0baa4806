/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-rollout-matrix.h"

#include <cblas.h>
#include <string.h>

#include "orr-parallel.h"
#include "orr-product-kernels.h"
#include "orr-rollout-kernels.h"

G_STATIC_ASSERT (ORR_ROLLOUT_PAD (1) % ORR_PRODUCT_COLS == 0);

/**
 * orr_rollout_matrix_init:
 * @shape: a network of the shape to come; its weights are not used
 */
void
orr_rollout_matrix_init (OrrRolloutMatrix *self, const OrrNetwork *shape)
{
  gboolean biased = shape->bias_hh != NULL;

  *self = (OrrRolloutMatrix){
    .n_hidden = shape->n_hidden,
    .n_noise = shape->n_noise,
    .n_symbols = shape->n_symbols,
    .biased = biased,
    .rows = ORR_ROLLOUT_PAD (shape->n_hidden + shape->n_symbols),
    .cols = ORR_ROLLOUT_PAD (shape->n_hidden + shape->n_noise + (biased ? 1 : 0)),
  };
  self->values = orr_aligned_alloc0 (self->rows * self->cols, sizeof (float));
#ifdef ORR_HAVE_VECTOR_VARIANTS
  self->wide = orr_vector_level () == ORR_VECTOR_LEVEL_AVX512;
#endif
  self->side_stride = self->cols;
  if (self->wide)
    {
      self->panels = orr_aligned_alloc0 (self->rows * (self->cols + ORR_ROLLOUT_PAD (shape->n_hidden)), sizeof (float));
      self->split = self->n_hidden / ORR_PRODUCT_COLS * ORR_PRODUCT_COLS;
      /* An odd number of cache lines, so that rows do not share few of the cache's sets. */
      self->side_stride = (self->cols - self->split) | 16;
    }
}

void
orr_rollout_matrix_clear (OrrRolloutMatrix *self)
{
  orr_aligned_free (self->values);
  orr_aligned_free (self->panels);
}

/* The two forms of M that the kernel reads: [rows / P][cols][P] and [ORR_ROLLOUT_PAD (H) / P][rows][P]. */
static void
pack_panels (OrrRolloutMatrix *self)
{
  const gsize P = ORR_PRODUCT_COLS;
  float *out = self->panels;

  if (!self->wide)
    return;
  for (gsize p = 0; p < self->rows; p += P)
    for (gsize k = 0; k < self->cols; k++)
      for (gsize j = 0; j < P; j++)
        *out++ = self->values[(p + j) * self->cols + k];
  for (gsize p = 0; p < ORR_ROLLOUT_PAD (self->n_hidden); p += P)
    for (gsize k = 0; k < self->rows; k++, out += P)
      memcpy (out, self->values + k * self->cols + p, P * sizeof (float));
}

/**
 * orr_rollout_matrix_pack:
 * @network: of the shape given to orr_rollout_matrix_init()
 */
void
orr_rollout_matrix_pack (OrrRolloutMatrix *self, const OrrNetwork *network)
{
  guint H = self->n_hidden, D = self->n_noise;

  memset (self->values, 0, self->rows * self->cols * sizeof (float));
  for (guint i = 0; i < H; i++)
    {
      float *row = self->values + i * self->cols;
      memcpy (row, orr_matrix_row (network->weight_hh, i), H * sizeof (float));
      memcpy (row + H, orr_matrix_row (network->weight_ih, i), D * sizeof (float));
      if (self->biased)
        row[H + D] = network->bias_ih->data[i] + network->bias_hh->data[i];
    }
  for (guint k = 0; k < self->n_symbols; k++)
    {
      float *row = self->values + (H + k) * self->cols;
      memcpy (row, orr_matrix_row (network->weight_out, k), H * sizeof (float));
      if (self->biased)
        row[H + D] = network->bias_out->data[k];
    }
  pack_panels (self);
}

/* The rest of the activities, which the states alone do not give, into the side. */
static void
fill_side (const OrrRolloutMatrix *self, guint n, const float *states, float *side)
{
  for (guint i = 0; i < n; i++)
    memcpy (side + i * self->side_stride, states + i * self->rows + self->split,
            (self->n_hidden - self->split) * sizeof (float));
}

/* Columns @first .. of v M^T. */
static void
make_next (const OrrRolloutMatrix *self, guint n, gsize first, gboolean relu, const float *states, float *side,
           float *next)
{
#ifdef ORR_HAVE_VECTOR_VARIANTS
  if (self->wide)
    {
      OrrProduct product = {
        .n = n,
        .m = self->rows - first,
        .depth = self->n_hidden,
        .a = states,
        .a_row = self->rows,
        .a_depth = 1,
        .depth_more = self->n_noise + (self->biased ? 1 : 0),
        .a_more = side + self->n_hidden - self->split,
        .a_more_row = self->side_stride,
        .b = self->panels + first * self->cols,
        .b_panel = self->cols * ORR_PRODUCT_COLS,
        .b_depth = ORR_PRODUCT_COLS,
        .c = next + first,
        .c_row = self->rows,
        .end = relu ? ORR_PRODUCT_RELU : ORR_PRODUCT_STORE,
        .n_relu = self->n_hidden,
      };
      orr_product_kernel_avx512 (&product);
      return;
    }
#endif
  fill_side (self, n, states, side);
  cblas_sgemm (CblasRowMajor, CblasNoTrans, CblasTrans, n, self->rows - first, self->cols, 1.0f, side, self->cols,
               self->values + first * self->cols, self->cols, 0.0f, next + first, self->rows);
  if (relu)
    ORR_VECTOR_PICK (orr_relu_kernel) (n, self->n_hidden, next, self->rows);
}

/**
 * orr_rollout_matrix_forward:
 * @relu: whether the first H numbers of each row of @next below 0 are made 0
 * @states: [n x rows] with h_{t-1}
 * @side: the noise of the step in its place (and the biases' 1); the rest is filled here as needed
 * @next: (out): v M^T [n x rows]
 */
void
orr_rollout_matrix_forward (const OrrRolloutMatrix *self, guint n, gboolean relu, const float *states, float *side,
                            float *next)
{
  make_next (self, n, 0, relu, states, side, next);
}

/**
 * orr_rollout_matrix_read_out:
 *
 * As orr_rollout_matrix_forward() where only the logits are wanted: makes the
 * last panels of @next alone.
 */
void
orr_rollout_matrix_read_out (const OrrRolloutMatrix *self, guint n, const float *states, float *side, float *next)
{
  make_next (self, n, self->n_hidden / ORR_PRODUCT_COLS * ORR_PRODUCT_COLS, FALSE, states, side, next);
}

/**
 * orr_rollout_matrix_backward:
 * @mask: (nullable): [n x rows]: where its first H numbers are not above 0, @previous is 0
 * @gradients: of v M^T [n x rows]
 * @previous: (out): [n x rows]: its first H columns are those of gradients M; up to
 *   the next panel (and in all columns where there is no kernel) the others lose their numbers
 */
void
orr_rollout_matrix_backward (const OrrRolloutMatrix *self, guint n, const float *mask, const float *gradients,
                             float *previous)
{
  gsize cols = ORR_ROLLOUT_PAD (self->n_hidden), H = self->n_hidden;

#ifdef ORR_HAVE_VECTOR_VARIANTS
  if (self->wide)
    {
      OrrProduct product = {
        .n = n,
        .m = cols,
        .depth = H + self->n_symbols,
        .a = gradients,
        .a_row = self->rows,
        .a_depth = 1,
        .b = self->panels + self->rows * self->cols,
        .b_panel = self->rows * ORR_PRODUCT_COLS,
        .b_depth = ORR_PRODUCT_COLS,
        .c = previous,
        .c_row = self->rows,
        .end = mask != NULL ? ORR_PRODUCT_MASK : ORR_PRODUCT_STORE,
        .mask = mask,
      };
      orr_product_kernel_avx512 (&product);
      return;
    }
#endif
  cblas_sgemm (CblasRowMajor, CblasNoTrans, CblasNoTrans, n, cols, self->rows, 1.0f, gradients, self->rows,
               self->values, self->cols, 0.0f, previous, self->rows);
  for (guint i = 0; i < n; i++)
    memset (previous + i * self->rows + H, 0, (self->rows - H) * sizeof (float));
  if (mask != NULL)
    ORR_VECTOR_PICK (orr_relu_mask_kernel) (n, H, mask, previous, self->rows);
}

/**
 * orr_rollout_matrix_add_gradient:
 * @states: [n x rows] with h_{t-1}
 * @side: as in orr_rollout_matrix_forward()
 * @gradients: of v M^T [n x rows]
 * @sum: (inout): [rows x cols]: gradients^T v is added
 */
void
orr_rollout_matrix_add_gradient (const OrrRolloutMatrix *self, guint n, const float *states, float *side,
                                 const float *gradients, float *sum)
{
  fill_side (self, n, states, side);
#ifdef ORR_HAVE_VECTOR_VARIANTS
  if (self->wide)
    {
      OrrProduct product = {
        .n = self->n_hidden + self->n_symbols,
        .m = self->split,
        .depth = n,
        .a = gradients,
        .a_row = 1,
        .a_depth = self->rows,
        .b = states,
        .b_panel = ORR_PRODUCT_COLS,
        .b_depth = self->rows,
        .c = sum,
        .c_row = self->cols,
        .end = ORR_PRODUCT_ADD,
      };
      orr_product_kernel_avx512 (&product);
      product.m = self->cols - self->split;
      product.b = side;
      product.b_depth = self->side_stride;
      product.c = sum + self->split;
      orr_product_kernel_avx512 (&product);
      return;
    }
#endif
  cblas_sgemm (CblasRowMajor, CblasTrans, CblasNoTrans, self->rows, self->cols, n, 1.0f, gradients, self->rows,
               side, self->cols, 1.0f, sum, self->cols);
}

/**
 * orr_rollout_matrix_unpack:
 * @gradient: dM [rows x cols]
 * @out: (out): the same in the order of orr_parameters_pack()
 */
void
orr_rollout_matrix_unpack (const OrrRolloutMatrix *self, const float *gradient, float *out)
{
  guint H = self->n_hidden, D = self->n_noise, K = self->n_symbols;
  float *hh = out, *ih = hh + (gsize) H * H, *readout = ih + (gsize) H * D, *bias = readout + (gsize) K * H;

  for (guint i = 0; i < H; i++)
    {
      const float *row = gradient + i * self->cols;
      memcpy (hh + (gsize) i * H, row, H * sizeof (float));
      memcpy (ih + (gsize) i * D, row + H, D * sizeof (float));
      if (self->biased)
        bias[i] = bias[H + i] = row[H + D];
    }
  for (guint k = 0; k < K; k++)
    {
      const float *row = gradient + (H + k) * self->cols;
      memcpy (readout + (gsize) k * H, row, H * sizeof (float));
      if (self->biased)
        bias[2 * H + k] = row[H + D];
    }
}
