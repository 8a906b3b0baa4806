/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "orr-attention.h"
#include "orr-encoder.h"
#include "orr-layers.h"
#include "orr-matrix.h"

/*
 * The published kind of set encoder (SCIENCE, part 4), small: every number of a
 * row as the 16 bits of a half float at +-1, a linear map to WIDTH, induced set
 * attention (INDUCED learned points ask the rows, then the rows ask them),
 * pooling by attention to SEEDS learned points, a linear map and a norm.
 */
#define WIDTH 64
#define HEADS 4
#define INDUCED 16
#define SEEDS 8
#define POINTS 64
#define COLUMNS 4
#define BITS (16 * COLUMNS)

enum { EMBED_W, EMBED_B, INDUCED_X, SEEDS_X, OUT_W, OUT_B, OUT_GAIN, OUT_BIAS, N_PARTS };

/* Three attention blocks, in this order after the parts above. */
enum { ASK_ROWS, ASK_INDUCED, POOL, N_BLOCKS };
#define PARTS_PER_BLOCK 10

typedef struct
{
  OrrAttentionPass *blocks[N_BLOCKS];
  float            *rows;    /* [POINTS x WIDTH] */
  float            *induced; /* [INDUCED x WIDTH] */
  float            *mixed;   /* [POINTS x WIDTH] */
} Item;

struct _OrrEncoderPass
{
  guint  max_rows;
  Item  *items;
  float *pooled;  /* [B x SEEDS * WIDTH] */
  float *linear;  /* [B x n_out] */
  float *normal;
  float *scale;
};

static OrrAttention
block (const OrrEncoder *self, guint which)
{
  return (OrrAttention){ WIDTH, HEADS, self->first_part + N_PARTS + which * PARTS_PER_BLOCK };
}

static void
layout (OrrEncoder *self, OrrParams *params)
{
  static const char *const names[N_BLOCKS] = { "set.ask_rows", "set.ask_induced", "set.pool" };
  guint e = self->n_out;

  self->first_part = params->parts->len;
  orr_params_add (params, "set.embed_w", WIDTH, BITS);
  orr_params_add (params, "set.embed_b", 1, WIDTH);
  orr_params_add (params, "set.induced", INDUCED, WIDTH);
  orr_params_add (params, "set.seeds", SEEDS, WIDTH);
  orr_params_add (params, "set.out_w", e, SEEDS * WIDTH);
  orr_params_add (params, "set.out_b", 1, e);
  orr_params_add (params, "set.out_gain", 1, e);
  orr_params_add (params, "set.out_bias", 1, e);
  for (guint i = 0; i < N_BLOCKS; i++)
    {
      OrrAttention attention = { WIDTH, HEADS, 0 };
      orr_attention_layout (&attention, params, names[i]);
    }
}

static void
initialize (const OrrEncoder *self, OrrParams *params, guint64 seed)
{
  guint p = self->first_part;

  orr_params_fill_uniform (params, p + EMBED_W, 1.7f / sqrtf (BITS), seed);
  orr_params_fill_uniform (params, p + INDUCED_X, 1.0f, seed);
  orr_params_fill_uniform (params, p + SEEDS_X, 1.0f, seed);
  orr_params_fill_uniform (params, p + OUT_W, 1.7f / sqrtf (SEEDS * WIDTH), seed);
  orr_params_fill (params, p + OUT_GAIN, 1.0f);
  for (guint i = 0; i < N_BLOCKS; i++)
    {
      OrrAttention attention = block (self, i);
      orr_attention_initialize (&attention, params, seed);
    }
}

static gpointer
scratch_new (void)
{
  return NULL;
}

static void
scratch_free (gpointer scratch)
{
}

/* Sign, 5 bits of exponent, 10 of mantissa, each at +-1. */
static void
write_bits (double value, float *out)
{
  _Float16 half = (_Float16) CLAMP (value, -65000.0, 65000.0);
  guint16 bits;

  memcpy (&bits, &half, sizeof bits);
  for (guint k = 0; k < 16; k++)
    out[k] = bits >> (15 - k) & 1 ? 1.0f : -1.0f;
}

/* How many rows there are, then POINTS of them spread evenly; columns that are missing have 0 for bits. */
static void
features (gpointer scratch, const double *x, gsize stride, guint n_variables, const double *y, guint n, float *out)
{
  guint m = MIN (n, POINTS);

  memset (out, 0, (1 + POINTS * BITS) * sizeof (float));
  out[0] = m;
  for (guint i = 0; i < m; i++)
    {
      guint from = (guint64) i * n / m;
      float *row = out + 1 + i * BITS;
      for (guint v = 0; v < MIN (n_variables, COLUMNS - 1); v++)
        write_bits (x[v * stride + from], row + 16 * v);
      write_bits (y[from], row + 16 * (COLUMNS - 1));
    }
}

static OrrEncoderPass *
pass_new (const OrrEncoder *self, guint max_rows)
{
  static const guint askers[N_BLOCKS] = { INDUCED, POINTS, SEEDS }, answerers[N_BLOCKS] = { POINTS, INDUCED, POINTS };
  OrrEncoderPass *pass = g_new0 (OrrEncoderPass, 1);

  pass->max_rows = max_rows;
  pass->items = g_new0 (Item, max_rows);
  for (guint r = 0; r < max_rows; r++)
    {
      for (guint i = 0; i < N_BLOCKS; i++)
        {
          OrrAttention attention = block (self, i);
          pass->items[r].blocks[i] = orr_attention_pass_new (&attention, askers[i], answerers[i]);
        }
      pass->items[r].rows = orr_aligned_alloc0 (POINTS * WIDTH, sizeof (float));
      pass->items[r].induced = orr_aligned_alloc0 (INDUCED * WIDTH, sizeof (float));
      pass->items[r].mixed = orr_aligned_alloc0 (POINTS * WIDTH, sizeof (float));
    }
  pass->pooled = orr_aligned_alloc0 ((gsize) max_rows * SEEDS * WIDTH, sizeof (float));
  pass->linear = orr_aligned_alloc0 ((gsize) max_rows * self->n_out, sizeof (float));
  pass->normal = orr_aligned_alloc0 ((gsize) max_rows * self->n_out, sizeof (float));
  pass->scale = orr_aligned_alloc0 (max_rows, sizeof (float));
  return pass;
}

static void
pass_free (OrrEncoderPass *pass)
{
  if (pass == NULL)
    return;
  for (guint r = 0; r < pass->max_rows; r++)
    {
      for (guint i = 0; i < N_BLOCKS; i++)
        orr_attention_pass_free (pass->items[r].blocks[i]);
      orr_aligned_free (pass->items[r].rows);
      orr_aligned_free (pass->items[r].induced);
      orr_aligned_free (pass->items[r].mixed);
    }
  g_free (pass->items);
  orr_aligned_free (pass->pooled);
  orr_aligned_free (pass->linear);
  orr_aligned_free (pass->normal);
  orr_aligned_free (pass->scale);
  g_free (pass);
}

static void
forward (const OrrEncoder *self, const OrrParams *params, OrrEncoderPass *pass, const float *f, guint b, float *out)
{
  const OrrAttention ask_rows = block (self, ASK_ROWS), ask_induced = block (self, ASK_INDUCED), pool = block (self, POOL);

#define P(part) orr_params_at (params, params->values, self->first_part + part)
  for (guint r = 0; r < b; r++)
    {
      const float *row = f + (gsize) r * self->n_features;
      guint n = row[0];
      Item *item = &pass->items[r];

      orr_linear_forward (row + 1, P (EMBED_W), P (EMBED_B), item->rows, n, BITS, WIDTH);
      orr_attention_forward (&ask_rows, params, item->blocks[ASK_ROWS], P (INDUCED_X), INDUCED, item->rows, n, item->induced);
      orr_attention_forward (&ask_induced, params, item->blocks[ASK_INDUCED], item->rows, n, item->induced, INDUCED, item->mixed);
      orr_attention_forward (&pool, params, item->blocks[POOL], P (SEEDS_X), SEEDS, item->mixed, n,
                             pass->pooled + (gsize) r * SEEDS * WIDTH);
    }
  orr_linear_forward (pass->pooled, P (OUT_W), P (OUT_B), pass->linear, b, SEEDS * WIDTH, self->n_out);
  orr_layer_norm_forward (pass->linear, P (OUT_GAIN), P (OUT_BIAS), out, pass->normal, pass->scale, b, self->n_out);
}

static void
add (float *to, const float *from, gsize n)
{
  for (gsize i = 0; i < n; i++)
    to[i] += from[i];
}

static void
backward (const OrrEncoder *self, const OrrParams *params, OrrEncoderPass *pass, const float *f, guint b,
          const float *dout, float *gradient)
{
  const OrrAttention ask_rows = block (self, ASK_ROWS), ask_induced = block (self, ASK_INDUCED), pool = block (self, POOL);
  g_autofree float *dlinear = g_new (float, (gsize) b * self->n_out);
  g_autofree float *dpooled = g_new (float, (gsize) b * SEEDS * WIDTH);
  float drows[POINTS * WIDTH], dmixed[POINTS * WIDTH], dinduced[INDUCED * WIDTH], dlearned[INDUCED * WIDTH], dask[POINTS * WIDTH];

#define G(part) orr_params_at (params, gradient, self->first_part + part)
  orr_layer_norm_backward (pass->normal, pass->scale, P (OUT_GAIN), dout, dlinear, G (OUT_GAIN), G (OUT_BIAS), b, self->n_out);
  orr_linear_backward (pass->pooled, P (OUT_W), dlinear, dpooled, FALSE, G (OUT_W), G (OUT_B), b, SEEDS * WIDTH, self->n_out);
  for (guint r = 0; r < b; r++)
    {
      const float *row = f + (gsize) r * self->n_features;
      guint n = row[0];
      Item *item = &pass->items[r];

      memset (drows, 0, sizeof drows);
      memset (dmixed, 0, sizeof dmixed);
      memset (dinduced, 0, sizeof dinduced);
      orr_attention_backward (&pool, params, item->blocks[POOL], dpooled + (gsize) r * SEEDS * WIDTH, dlearned, dmixed, gradient);
      add (G (SEEDS_X), dlearned, SEEDS * WIDTH);
      orr_attention_backward (&ask_induced, params, item->blocks[ASK_INDUCED], dmixed, dask, dinduced, gradient);
      add (drows, dask, (gsize) n * WIDTH);
      orr_attention_backward (&ask_rows, params, item->blocks[ASK_ROWS], dinduced, dlearned, drows, gradient);
      add (G (INDUCED_X), dlearned, INDUCED * WIDTH);
      orr_linear_backward (row + 1, P (EMBED_W), drows, NULL, FALSE, G (EMBED_W), G (EMBED_B), n, BITS, WIDTH);
    }
#undef P
#undef G
}

const OrrEncoder orr_encoder_attention = {
  .name = "attention",
  .n_features = 1 + POINTS * BITS,
  .layout = layout,
  .initialize = initialize,
  .scratch_new = scratch_new,
  .scratch_free = scratch_free,
  .features = features,
  .pass_new = pass_new,
  .pass_free = pass_free,
  .forward = forward,
  .backward = backward,
};
