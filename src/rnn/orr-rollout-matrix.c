/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-rollout-matrix.h"

#include <cblas.h>
#include <string.h>

#include "orr-parallel.h"
#include "orr-product-kernels.h"
#include "orr-vector.h"

/* A product's rows may be more than there are sequences: there is room for them. */
#define ROUND_UP(n) (((n) + ORR_PRODUCT_ROWS - 1) / ORR_PRODUCT_ROWS * ORR_PRODUCT_ROWS)

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
  if (self->wide)
    self->panels = orr_aligned_alloc0 (self->rows * (self->cols + ORR_ROLLOUT_PAD (shape->n_hidden)), sizeof (float));
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

/**
 * orr_rollout_matrix_forward:
 * @readout: only the columns of the last panels, where the logits are
 * @input: v [n x cols]
 * @output: (out): v M^T [n x rows]
 */
void
orr_rollout_matrix_forward (const OrrRolloutMatrix *self, guint n, gboolean readout, const float *input, float *output)
{
  gsize skip = readout ? self->n_hidden / ORR_PRODUCT_COLS * ORR_PRODUCT_COLS : 0;

#ifdef ORR_HAVE_VECTOR_VARIANTS
  if (self->wide)
    {
      orr_product_kernel_avx512 (ROUND_UP (n), self->rows - skip, self->cols, input, self->cols, 1,
                                 self->panels + skip * self->cols, self->cols * ORR_PRODUCT_COLS, ORR_PRODUCT_COLS,
                                 output + skip, self->rows, FALSE);
      return;
    }
#endif
  cblas_sgemm (CblasRowMajor, CblasNoTrans, CblasTrans, n, self->rows - skip, self->cols, 1.0f, input,
               self->cols, self->values + skip * self->cols, self->cols, 0.0f, output + skip, self->rows);
}

/**
 * orr_rollout_matrix_backward:
 * @output: [n x rows]
 * @hidden: (out): [n x H, padded] the first columns of output M
 */
void
orr_rollout_matrix_backward (const OrrRolloutMatrix *self, guint n, const float *output, float *hidden)
{
  gsize cols = ORR_ROLLOUT_PAD (self->n_hidden);

#ifdef ORR_HAVE_VECTOR_VARIANTS
  if (self->wide)
    {
      orr_product_kernel_avx512 (ROUND_UP (n), cols, self->rows, output, self->rows, 1,
                                 self->panels + self->rows * self->cols, self->rows * ORR_PRODUCT_COLS,
                                 ORR_PRODUCT_COLS, hidden, cols, FALSE);
      return;
    }
#endif
  cblas_sgemm (CblasRowMajor, CblasNoTrans, CblasNoTrans, n, cols, self->rows, 1.0f, output, self->rows,
               self->values, self->cols, 0.0f, hidden, cols);
}

/**
 * orr_rollout_matrix_add_gradient:
 * @input: v [n x cols]
 * @output: gradient of v M^T [n x rows]
 * @gradient: (inout): [rows x cols]: output^T v is added
 */
void
orr_rollout_matrix_add_gradient (const OrrRolloutMatrix *self, guint n, const float *input, const float *output,
                                 float *gradient)
{
#ifdef ORR_HAVE_VECTOR_VARIANTS
  if (self->wide)
    {
      orr_product_kernel_avx512 (self->rows, self->cols, n, output, 1, self->rows, input,
                                 ORR_PRODUCT_COLS, self->cols, gradient, self->cols, TRUE);
      return;
    }
#endif
  cblas_sgemm (CblasRowMajor, CblasTrans, CblasNoTrans, self->rows, self->cols, n, 1.0f, output, self->rows,
               input, self->cols, 1.0f, gradient, self->cols);
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
