/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-strip-row.h"

#include <glib/gi18n.h>
#include <math.h>

#include "orr-colour.h"

void
orr_strip_row_free (OrrStripRow *self)
{
  if (self == NULL)
    return;
  g_free (self->label);
  g_free (self->codes);
  g_free (self->confidence);
  g_free (self->values);
  g_free (self->definition);
  g_clear_pointer (&self->units, gtk_bitset_unref);
  g_clear_pointer (&self->colours, g_array_unref);
  g_clear_pointer (&self->names, g_ptr_array_unref);
  g_free (self);
}

/**
 * orr_strip_row_describe:
 *
 * Returns: (transfer full): what the row shows at @step, in words
 */
char *
orr_strip_row_describe (const OrrStripRow *self, guint step)
{
  if (self->kind == ORR_STRIP_TRACE)
    return g_strdup_printf ("%s %.3f", self->label, self->values[step]);
  if (self->codes[step] >= self->names->len)
    return g_strdup_printf (_("%s unknown"), self->label);
  const char *name = self->names->pdata[self->codes[step]];
  if (self->confidence != NULL)
    return g_strdup_printf (_("%s %s (%.0f %%)"), self->label, name, 100.0 * self->confidence[step]);
  return g_strdup_printf ("%s %s", self->label, name);
}

/**
 * orr_strip_decimate:
 * @start: step at the left edge; a step t covers [t, t + 1)
 * @end: step at the right edge
 * @low: (out): [@n_columns] least value of the steps that each column covers, NaN where it covers none
 * @high: (out): [@n_columns] greatest
 *
 * What a trace looks like in so many columns of pixels: no peak is lost, however narrow.
 */
void
orr_strip_decimate (const float *values, guint n_steps, double start, double end, guint n_columns, float *low,
                    float *high)
{
  double width = (end - start) / n_columns;

  for (guint c = 0; c < n_columns; c++)
    {
      gint64 first = floor (start + c * width), last = ceil (start + (c + 1) * width);

      low[c] = high[c] = NAN;
      for (gint64 t = MAX (first, 0); t < MIN (last, (gint64) n_steps); t++)
        {
          low[c] = fminf (low[c], values[t]);
          high[c] = fmaxf (high[c], values[t]);
        }
    }
}

/**
 * orr_strip_mean_colour:
 * @from: first step
 * @to: one after the last step
 * @share: (out): share of the steps that have a kind, each counted by how sure it is
 *
 * Returns: the mean colour of several steps of a row of bands, 0xRRGGBB
 */
guint32
orr_strip_mean_colour (const OrrStripRow *self, guint from, guint to, double *share)
{
  double red = 0.0, green = 0.0, blue = 0.0, sure = 0.0;
  guint n = 0;

  for (guint t = from; t < MIN (to, self->n_steps); t++)
    {
      guint32 colour;

      if (self->codes[t] >= self->colours->len)
        continue;
      colour = g_array_index (self->colours, guint32, self->codes[t]);
      red += orr_colour_red (colour);
      green += orr_colour_green (colour);
      blue += orr_colour_blue (colour);
      sure += self->confidence != NULL ? self->confidence[t] : 1.0;
      n++;
    }
  *share = to > from ? sure / (to - from) : 0.0;
  if (n == 0)
    return 0;
  return (guint32) lrint (255.0 * red / n) << 16 | (guint32) lrint (255.0 * green / n) << 8
         | (guint32) lrint (255.0 * blue / n);
}

/**
 * orr_strip_next_change:
 * @direction: 1 forwards, -1 backwards
 *
 * Returns: the nearest step after (before) @step where a band begins; the last (first) step where
 *   there is none
 */
guint
orr_strip_next_change (const OrrStripRow *self, guint step, int direction)
{
  gint64 t = step;

  for (t += direction; t > 0 && t < self->n_steps; t += direction)
    if (self->codes[t] != self->codes[t - 1])
      return t;
  return direction > 0 ? self->n_steps - 1 : 0;
}
