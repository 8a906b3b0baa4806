/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-ticks.h"

#include <math.h>

#include "orr-number.h"

void
orr_tick_clear (OrrTick *tick)
{
  g_free (tick->label);
}

void
orr_ticks_free (OrrTicks *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->ticks);
  g_free (self->suffix);
  g_free (self);
}

static void
add (OrrTicks *self, double value, char *label)
{
  OrrTick tick = { value, label };
  g_array_append_val (self->ticks, tick);
}

/**
 * orr_ticks_step:
 * @span: length of the axis, above 0
 * @most: how many steps there is room for
 *
 * Returns: the smallest of 1, 2, 5 times a power of ten that needs at most
 * @most steps
 */
double
orr_ticks_step (double span, guint most)
{
  double rough = span / MAX (most, 1);
  double power = pow (10.0, floor (log10 (rough)));

  for (guint i = 0; i < 3; i++)
    {
      static const double factors[] = { 1.0, 2.0, 5.0 };
      if (factors[i] * power >= rough * (1.0 - 1e-9))
        return factors[i] * power;
    }
  return 10.0 * power;
}

/* Digits after the point that tell multiples of @step apart. */
static guint
decimals_for (double step)
{
  return MAX (0, (int) -floor (log10 (step) + 1e-9));
}

static void
fill_linear (OrrTicks *self, double low, double high, guint most, gboolean integers)
{
  double step = orr_ticks_step (high - low, most);
  double largest = MAX (fabs (low), fabs (high));
  double offset = 0.0;
  int exponent = 0;

  if (integers)
    step = MAX (step, 1.0);
  if ((high - low) < 1e-4 * largest)
    {
      offset = floor (low / step) * step;
      largest = high - offset;
    }
  if (largest >= 1e6 || largest < 1e-3)
    exponent = 3 * (int) floor (log10 (largest) / 3.0);

  double scale = pow (10.0, exponent);
  guint decimals = decimals_for (step / scale);
  double first = ceil (low / step - 1e-9), last = floor (high / step + 1e-9);
  for (double k = first; k <= last; k += 1.0)
    add (self, k * step, orr_number_format_fixed ((k * step - offset) / scale, decimals));

  g_autofree char *power = exponent != 0 ? orr_number_format_power (exponent) : NULL;
  g_autofree char *base = offset != 0.0 ? orr_number_format_fixed (fabs (offset), decimals_for (step)) : NULL;
  if (power != NULL || base != NULL)
    self->suffix = g_strconcat (power != NULL ? "\303\227" : "", power != NULL ? power : "",
                                base == NULL ? "" : offset > 0.0 ? " + " : " \342\210\222 ",
                                base != NULL ? base : "", NULL);
}

static char *
log_label (int decade, int factor)
{
  if (decade >= -3 && decade <= 3)
    return orr_number_format_fixed (factor * pow (10.0, decade), MAX (0, -decade));

  char *power = orr_number_format_power (decade);
  if (factor == 1)
    return power;
  char *label = g_strdup_printf ("%d\303\227%s", factor, power);
  g_free (power);
  return label;
}

static void
fill_log (OrrTicks *self, double low, double high, guint most)
{
  double decades = log10 (high / low);
  int stride = MAX (1, (int) ceil (decades / MAX (most, 1)));
  gboolean between = 3.0 * decades <= most;

  for (int decade = floor (log10 (low)); decade <= ceil (log10 (high)); decade++)
    for (int factor = 1; factor < 10; factor++)
      {
        double value = factor * pow (10.0, decade);
        gboolean named = factor == 1 ? decade % stride == 0 : between && (factor == 2 || factor == 5);

        if (value < low * (1.0 - 1e-9) || value > high * (1.0 + 1e-9) || (stride > 1 && !named))
          continue;
        add (self, value, named ? log_label (decade, factor) : NULL);
      }
}

static void
fill_categories (OrrTicks *self, char **categories, double low, double high, guint most)
{
  guint n = g_strv_length (categories);
  double shown = MIN (high, n - 0.5) - MAX (low, -0.5);
  guint stride = MAX (1, (guint) ceil (shown / MAX (most, 1)));

  for (guint i = 0; i < n; i += stride)
    if (i >= low && i <= high)
      add (self, i, g_strdup (categories[i]));
}

/**
 * orr_ticks_new:
 * @axis: says which kind of ticks
 * @low: where the axis begins
 * @high: where it ends, above @low
 * @most: how many labels there is room for
 *
 * Returns: (transfer full): ticks at round places of the axis
 */
OrrTicks *
orr_ticks_new (const OrrAxis *axis, double low, double high, guint most)
{
  OrrTicks *self = g_new0 (OrrTicks, 1);

  self->ticks = g_array_new (FALSE, FALSE, sizeof (OrrTick));
  g_array_set_clear_func (self->ticks, (GDestroyNotify) orr_tick_clear);
  if (!(high > low) || !isfinite (high - low))
    return self;
  if (axis->categories != NULL)
    fill_categories (self, axis->categories, low, high, most);
  else if (axis->scale == ORR_SCALE_LOG && low > 0.0 && high / low >= 5.0)
    fill_log (self, low, high, most);
  else
    fill_linear (self, low, high, most, axis->integers);
  return self;
}
