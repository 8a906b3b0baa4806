/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * OrrSymbolPlanes:
 * @symbols: [n x T] the sequences, not owned
 * @n: number of sequences
 * @length: T
 * @n_symbols: K
 * @n_words: words of 32 steps in a sequence
 * @n_planes: bits of a symbol
 * @stride: of @planes, in sequences
 * @planes: [n_words x n_planes x stride]: bit t of a word is that of step t
 * @some: [T x K]: the symbol occurs here
 * @all: [T x K]: no other symbol occurs here
 *
 * Sequences of symbols as bit planes, for Hamming distances by counting bits,
 * and which symbols occur where.
 */
typedef struct
{
  const guint8 *symbols;
  guint         n;
  guint         length;
  guint         n_symbols;
  guint         n_words;
  guint         n_planes;
  gsize         stride;
  guint32      *planes;
  guint8       *some;
  guint8       *all;
} OrrSymbolPlanes;

void   orr_symbol_planes_init             (OrrSymbolPlanes       *self,
                                           const guint8          *symbols,
                                           guint                  n,
                                           guint                  length,
                                           guint                  n_symbols);
void   orr_symbol_planes_clear            (OrrSymbolPlanes       *self);
double orr_symbol_planes_squared_diameter (const OrrSymbolPlanes *x,
                                           const OrrSymbolPlanes *y);

G_END_DECLS
