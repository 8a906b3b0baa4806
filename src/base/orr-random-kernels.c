/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-random-kernels.h"

#ifdef __AVX512F__
#include <immintrin.h>
#endif

#include "orr-fast-math.h"

#define N ORR_RANDOM_KERNEL_BLOCKS
#define ROUNDS 10

/* Philox4x32's multipliers and Weyl keys (Salmon et al., SC 2011, table 2). */
#define MULTIPLIER_0 0xD2511F53u
#define MULTIPLIER_1 0xCD9E8D57u
#define WEYL_0 0x9E3779B9u
#define WEYL_1 0xBB67AE85u

typedef guint32 Words[4][N];

/* Blocks @from .. @n_blocks - 1, a word at a time or as the compiler arranges it. */
static inline void
make_words_one_by_one (Words words, gsize from, gsize n_blocks, guint64 seed, guint64 stream, guint64 first_block)
{
  for (gsize i = from; i < n_blocks; i++)
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

#ifdef __AVX512F__

#define GROUPS 4
#define SIDE_BY_SIDE (8 * GROUPS)

/*
 * The rounds for many blocks, a word in the lower half of each 64-bit lane: what multiplications leave above it is
 * never read. (Compilers make products of 64 bits of these, which take three times as long.) Groups of lanes take
 * turns, so that one's products are under way while the others' are used.
 */
static inline void
mix_side_by_side (Words words, gsize i, guint64 block, guint64 seed, guint64 stream)
{
  const __m512i m0 = _mm512_set1_epi64 (MULTIPLIER_0), m1 = _mm512_set1_epi64 (MULTIPLIER_1);
  const __m512i lanes = _mm512_set_epi64 (7, 6, 5, 4, 3, 2, 1, 0);
  __m512i c[4][GROUPS];

#pragma GCC unroll 4
  for (int g = 0; g < GROUPS; g++)
    {
      c[0][g] = _mm512_add_epi64 (_mm512_set1_epi64 ((gint64) block + 8 * g), lanes);
      c[1][g] = _mm512_srli_epi64 (c[0][g], 32);
      c[2][g] = _mm512_set1_epi64 ((gint64) stream);
      c[3][g] = _mm512_srli_epi64 (c[2][g], 32);
    }
#pragma GCC unroll 10
  for (int round = 0; round < ROUNDS; round++)
    {
      const __m512i k0 = _mm512_set1_epi64 ((guint32) seed + round * WEYL_0);
      const __m512i k1 = _mm512_set1_epi64 ((guint32) (seed >> 32) + round * WEYL_1);

#pragma GCC unroll 4
      for (int g = 0; g < GROUPS; g++)
        {
          __m512i a = _mm512_mul_epu32 (c[0][g], m0), b = _mm512_mul_epu32 (c[2][g], m1);

          c[0][g] = _mm512_xor_si512 (_mm512_xor_si512 (_mm512_srli_epi64 (b, 32), c[1][g]), k0);
          c[2][g] = _mm512_xor_si512 (_mm512_xor_si512 (_mm512_srli_epi64 (a, 32), c[3][g]), k1);
          c[1][g] = b;
          c[3][g] = a;
        }
    }
#pragma GCC unroll 4
  for (int k = 0; k < 4; k++)
    for (int g = 0; g < GROUPS; g++)
      _mm256_storeu_si256 ((__m256i *) &words[k][i + 8 * g], _mm512_cvtepi64_epi32 (c[k][g]));
}

#else
#define SIDE_BY_SIDE 0
#endif

/* The same words as orr_random_block(), many blocks side by side. */
static inline void
make_words (Words words, gsize n_blocks, guint64 seed, guint64 stream, guint64 first_block)
{
  gsize done = 0;

#if SIDE_BY_SIDE > 0
  for (; done + SIDE_BY_SIDE <= n_blocks; done += SIDE_BY_SIDE)
    mix_side_by_side (words, done, first_block + done, seed, stream);
#endif
  make_words_one_by_one (words, done, n_blocks, seed, stream, first_block);
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
