/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-symbol-planes.h"

#include "orr-matrix.h"

static void
mark_constant_steps (OrrSymbolPlanes *self)
{
  guint n_symbols = self->n_symbols;

  for (guint t = 0; t < self->length; t++)
    {
      guint8 *row = self->some + (gsize) t * n_symbols;
      guint kinds = 0;

      for (guint k = 0; k < n_symbols; k++)
        kinds += row[k];
      for (guint k = 0; k < n_symbols; k++)
        self->all[(gsize) t * n_symbols + k] = row[k] && kinds == 1;
    }
}

/**
 * orr_symbol_planes_init:
 * @symbols: [n x T] symbols below @n_symbols; must outlive @self
 */
void
orr_symbol_planes_init (OrrSymbolPlanes *self, const guint8 *symbols, guint n, guint length, guint n_symbols)
{
  guint bits = 1;

  while ((1u << bits) < n_symbols)
    bits++;
  *self = (OrrSymbolPlanes){
    .symbols = symbols, .n = n, .length = length, .n_symbols = n_symbols,
    .n_words = (length + 31) / 32, .n_planes = bits, .stride = (n + 15) & ~15u,
  };
  self->planes = orr_aligned_alloc0 ((gsize) self->n_words * bits * self->stride, sizeof (guint32));
  self->some = g_malloc0 ((gsize) length * n_symbols);
  self->all = g_malloc0 ((gsize) length * n_symbols);
  for (guint j = 0; j < n; j++)
    for (guint t = 0; t < length; t++)
      {
        guint symbol = symbols[(gsize) j * length + t];

        self->some[(gsize) t * n_symbols + symbol] = 1;
        for (guint p = 0; p < bits; p++)
          self->planes[((gsize) (t / 32) * bits + p) * self->stride + j] |= ((symbol >> p) & 1u) << (t % 32);
      }
  mark_constant_steps (self);
}

void
orr_symbol_planes_clear (OrrSymbolPlanes *self)
{
  orr_aligned_free (self->planes);
  g_free (self->some);
  g_free (self->all);
}

/**
 * orr_symbol_planes_squared_diameter:
 *
 * Returns: the squared diagonal of the two sets' bounding box, of one-hot
 * points: the number of coordinates that vary
 */
double
orr_symbol_planes_squared_diameter (const OrrSymbolPlanes *x, const OrrSymbolPlanes *y)
{
  guint varying = 0;

  for (gsize c = 0; c < (gsize) x->length * x->n_symbols; c++)
    varying += (x->some[c] || y->some[c]) && !(x->all[c] && y->all[c]);
  return varying;
}
