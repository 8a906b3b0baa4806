/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-random-kernels.h"

#include "orr-fast-math.h"

#define N ORR_RANDOM_KERNEL_BLOCKS
#define ROUNDS 10

/* Philox4x32's multipliers and Weyl keys (Salmon et al., SC 2011, table 2). */
#define MULTIPLIER_0 0xD2511F53u
#define MULTIPLIER_1 0xCD9E8D57u
#define WEYL_0 0x9E3779B9u
#define WEYL_1 0xBB67AE85u

typedef guint32 Words[4][N];

/* The same words as orr_random_block(), many blocks side by side. */
static inline void
make_words (Words words, gsize n_blocks, guint64 seed, guint64 stream, guint64 first_block)
{
  for (gsize i = 0; i < n_blocks; i++)
    {
      guint64 block = first_block + i;
      guint32 c0 = (guint32) block, c1 = (guint32) (block >> 32);
      guint32 c2 = (guint32) stream, c3 = (guint32) (stream >> 32);
      guint32 k0 = (guint32) seed, k1 = (guint32) (seed >> 32);

#pragma GCC unroll 10
      for (int round = 0; round < ROUNDS; round++)
        {
          guint64 a = (guint64) c0 * MULTIPLIER_0, b = (guint64) c2 * MULTIPLIER_1;

          c0 = (guint32) (b >> 32) ^ c1 ^ k0;
          c2 = (guint32) (a >> 32) ^ c3 ^ k1;
          c1 = (guint32) b;
          c3 = (guint32) a;
          k0 += WEYL_0;
          k1 += WEYL_1;
        }
      words[0][i] = c0;
      words[1][i] = c1;
      words[2][i] = c2;
      words[3][i] = c3;
    }
}

/* As in orr-random.c: never 0 or 1. */
static inline float
uniform_from_word (guint32 word)
{
  return ((float) (gint32) (word >> 9) + 0.5f) * 0x1p-23f;
}

void
ORR_VECTOR_NAME (orr_random_uniform_kernel) (float *out, gsize n_blocks, float scale, guint64 seed,
                                             guint64 stream, guint64 first_block)
{
  Words words;

  make_words (words, n_blocks, seed, stream, first_block);
  for (gsize i = 0; i < n_blocks; i++)
    for (int k = 0; k < 4; k++)
      out[4 * i + k] = uniform_from_word (words[k][i]);
}

/* Box-Muller: words 0, 1 give radii, words 2, 3 the angles of two pairs. */
void
ORR_VECTOR_NAME (orr_random_normal_kernel) (float *out, gsize n_blocks, float scale, guint64 seed,
                                            guint64 stream, guint64 first_block)
{
  Words words;
  float normals[4][N];

  make_words (words, n_blocks, seed, stream, first_block);
  for (int k = 0; k < 2; k++)
    for (gsize i = 0; i < n_blocks; i++)
      {
        float radius = scale * sqrtf (-2.0f * orr_fast_log (uniform_from_word (words[k][i])));
        float sine, cosine;

        orr_fast_sincos_turn (uniform_from_word (words[k + 2][i]), &sine, &cosine);
        normals[k][i] = radius * cosine;
        normals[k + 2][i] = radius * sine;
      }
  for (gsize i = 0; i < n_blocks; i++)
    for (int k = 0; k < 4; k++)
      out[4 * i + k] = normals[k][i];
}

/* Standard Gumbel numbers, -log(-log(u)). */
void
ORR_VECTOR_NAME (orr_random_gumbel_kernel) (float *out, gsize n_blocks, float scale, guint64 seed,
                                            guint64 stream, guint64 first_block)
{
  Words words;

  make_words (words, n_blocks, seed, stream, first_block);
  for (int k = 0; k < 4; k++)
    for (gsize i = 0; i < n_blocks; i++)
      {
        float gumbel = -orr_fast_log (-orr_fast_log (uniform_from_word (words[k][i])));
        words[k][i] = (guint32) orr_float_to_bits (gumbel);
      }
  for (gsize i = 0; i < n_blocks; i++)
    for (int k = 0; k < 4; k++)
      out[4 * i + k] = orr_float_from_bits ((gint32) words[k][i]);
}
