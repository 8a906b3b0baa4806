/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-random.h"

#include <Random123/philox.h>
#include <math.h>
#include <string.h>

#include "orr-random-kernels.h"

/**
 * orr_random_block:
 * @block: index of the block of four words
 * @out: (out): four independent uniform 32-bit words
 */
void
orr_random_block (guint64 seed, guint64 stream, guint64 block, guint32 out[4])
{
  philox4x32_ctr_t counter = { { (guint32) block, (guint32) (block >> 32),
                                 (guint32) stream, (guint32) (stream >> 32) } };
  philox4x32_key_t key = { { (guint32) seed, (guint32) (seed >> 32) } };
  philox4x32_ctr_t words = philox4x32 (counter, key);

  for (int i = 0; i < 4; i++)
    out[i] = words.v[i];
}

/**
 * orr_random_uniform:
 *
 * Returns: a double in the open interval (0, 1), 52 random bits
 */
double
orr_random_uniform (guint64 seed, guint64 stream, guint64 index)
{
  guint32 words[4];

  /* Two numbers a block: the pair (2k, 2k + 1) shares block k. */
  orr_random_block (seed, stream, index >> 1, words);
  const guint32 *pair = words + 2 * (index & 1);
  guint64 bits = ((guint64) pair[0] << 20) | (pair[1] >> 12);
  return ((double) bits + 0.5) * 0x1p-52;
}

/**
 * orr_random_normal:
 *
 * Returns: a standard normal double (Box-Muller)
 */
double
orr_random_normal (guint64 seed, guint64 stream, guint64 index)
{
  double u = orr_random_uniform (seed, stream, 2 * index);
  double v = orr_random_uniform (seed, stream, 2 * index + 1);
  return sqrt (-2.0 * log (u)) * cos (2.0 * G_PI * v);
}

/**
 * orr_random_below:
 *
 * Returns: an integer in [0, @n), by the 64-bit multiply-shift (its bias is
 * below n / 2^64)
 */
guint64
orr_random_below (guint64 seed, guint64 stream, guint64 index, guint64 n)
{
  guint32 words[4];

  orr_random_block (seed, stream, index >> 1, words);
  const guint32 *pair = words + 2 * (index & 1);
  guint64 bits = ((guint64) pair[0] << 32) | pair[1];
  return (guint64) (((unsigned __int128) bits * n) >> 64);
}

/* Whole blocks go straight to @out; the ragged ends pass through a buffer. */
static void
fill (OrrRandomKernel kernel, float *out, gsize n, float scale, guint64 seed, guint64 stream, guint64 first)
{
  while (n > 0)
    {
      guint64 block = first >> 2;
      guint skip = first & 3;
      gsize done;

      if (skip == 0 && n >= 4)
        {
          gsize n_blocks = MIN (n >> 2, ORR_RANDOM_KERNEL_BLOCKS);
          kernel (out, n_blocks, scale, seed, stream, block);
          done = 4 * n_blocks;
        }
      else
        {
          float four[4];
          done = MIN (4 - skip, n);
          kernel (four, 1, scale, seed, stream, block);
          memcpy (out, four + skip, done * sizeof (float));
        }
      out += done;
      n -= done;
      first += done;
    }
}

/**
 * orr_random_uniform_fill:
 * @out: (array length=n): receives numbers @first .. @first + @n - 1 of the stream
 *
 * float32 in the open interval (0, 1): (k + 0.5) / 2^23, so that logarithms of
 * it and of 1 minus it stay finite. Word i of the stream is word i mod 4 of
 * block i / 4, so any part can be filled on its own.
 */
void
orr_random_uniform_fill (float *out, gsize n, guint64 seed, guint64 stream, guint64 first)
{
  fill (ORR_VECTOR_PICK (orr_random_uniform_kernel), out, n, 1.0f, seed, stream, first);
}

/**
 * orr_random_normal_fill:
 * @out: (array length=n): receives numbers @first .. @first + @n - 1 of the stream
 * @sd: standard deviation
 *
 * float32 normal numbers by Box-Muller, four a block.
 */
void
orr_random_normal_fill (float *out, gsize n, double sd, guint64 seed, guint64 stream, guint64 first)
{
  fill (ORR_VECTOR_PICK (orr_random_normal_kernel), out, n, (float) sd, seed, stream, first);
}

/**
 * orr_random_gumbel_fill:
 * @out: (array length=n): receives numbers @first .. @first + @n - 1 of the stream
 *
 * float32 standard Gumbel numbers, -log(-log(u)); argmax (z + g) then draws
 * from softmax (z).
 */
void
orr_random_gumbel_fill (float *out, gsize n, guint64 seed, guint64 stream, guint64 first)
{
  fill (ORR_VECTOR_PICK (orr_random_gumbel_kernel), out, n, 1.0f, seed, stream, first);
}

/**
 * orr_random_shuffle:
 * @items: (array length=n): permuted in place, uniformly (Fisher-Yates)
 */
void
orr_random_shuffle (guint32 *items, gsize n, guint64 seed, guint64 stream)
{
  for (gsize i = n; i > 1; i--)
    {
      gsize j = orr_random_below (seed, stream, i, i);
      guint32 swap = items[i - 1];
      items[i - 1] = items[j];
      items[j] = swap;
    }
}
