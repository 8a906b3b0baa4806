/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * Counter-based random numbers: Philox4x32-10 (Salmon et al., SC 2011;
 * Random123). A number depends on its seed, stream and index alone, never on
 * threads or on the order of calls, so that parallel work is reproducible.
 *
 * A stream is one purpose (noise drive, Gumbel noise, HMM sampling ...), so
 * that two purposes with one seed never share numbers. Names of streams are in
 * OrrRandomStream; a purpose that repeats (epochs, restarts) adds its count in
 * the upper bits with orr_random_substream().
 */
typedef enum
{
  ORR_RANDOM_STREAM_WEIGHTS = 1,
  ORR_RANDOM_STREAM_NOISE,
  ORR_RANDOM_STREAM_GUMBEL,
  ORR_RANDOM_STREAM_HMM,
  ORR_RANDOM_STREAM_SHUFFLE,
  ORR_RANDOM_STREAM_INITIAL_STATE,
  ORR_RANDOM_STREAM_FIT,
  ORR_RANDOM_STREAM_ANALYSIS,
  ORR_RANDOM_STREAM_EXPRESSION,
  ORR_RANDOM_STREAM_SEARCH,
  ORR_RANDOM_STREAM_TEST,
} OrrRandomStream;

/* 64-bit stream: the purpose in the low 8 bits, @count (below 2^56) above. */
static inline guint64
orr_random_substream (OrrRandomStream purpose, guint64 count)
{
  return (guint64) purpose | (count << 8);
}

void    orr_random_block        (guint64  seed,
                                 guint64  stream,
                                 guint64  block,
                                 guint32  out[4]);
double  orr_random_uniform      (guint64  seed,
                                 guint64  stream,
                                 guint64  index);
double  orr_random_normal       (guint64  seed,
                                 guint64  stream,
                                 guint64  index);
guint64 orr_random_below        (guint64  seed,
                                 guint64  stream,
                                 guint64  index,
                                 guint64  n);
void    orr_random_uniform_fill (float   *out,
                                 gsize    n,
                                 guint64  seed,
                                 guint64  stream,
                                 guint64  first);
void    orr_random_normal_fill  (float   *out,
                                 gsize    n,
                                 double   sd,
                                 guint64  seed,
                                 guint64  stream,
                                 guint64  first);
void    orr_random_gumbel_fill  (float   *out,
                                 gsize    n,
                                 guint64  seed,
                                 guint64  stream,
                                 guint64  first);
void    orr_random_shuffle      (guint32 *items,
                                 gsize    n,
                                 guint64  seed,
                                 guint64  stream);

G_END_DECLS
