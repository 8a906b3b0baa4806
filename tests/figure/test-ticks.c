/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-ticks.h"

#include <math.h>

static char *
labels (const OrrTicks *ticks)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < ticks->ticks->len; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? " " : "",
                            orr_ticks_get (ticks, i)->label != NULL ? orr_ticks_get (ticks, i)->label : ".");
  return g_string_free (text, FALSE);
}

static void
assert_labels (const OrrAxis *axis, double low, double high, guint most, const char *expected, const char *suffix)
{
  g_autoptr (OrrTicks) ticks = orr_ticks_new (axis, low, high, most);
  g_autofree char *text = labels (ticks);

  g_assert_cmpstr (text, ==, expected);
  g_assert_cmpstr (ticks->suffix, ==, suffix);
}

static void
test_linear (void)
{
  const OrrAxis axis = { .scale = ORR_SCALE_LINEAR };

  assert_labels (&axis, 0.0, 10.0, 5, "0 2 4 6 8 10", NULL);
  assert_labels (&axis, -0.31, 0.29, 4, "−0.2 0.0 0.2", NULL);
  assert_labels (&axis, 3.92, 4.31, 4, "4.0 4.1 4.2 4.3", NULL);
  assert_labels (&axis, 1.0, 500.0, 5, "100 200 300 400 500", NULL);
  assert_labels (&axis, 0.0, 3.1e7, 3, "0 20", "×10⁶");
  assert_labels (&axis, 0.0, 5e-4, 5, "0 100 200 300 400 500", "×10⁻⁶");
  assert_labels (&axis, 1234567.0, 1234567.9, 4, "0.0 0.5", " + 1\u202f234\u202f567.0");
}

static void
test_integers (void)
{
  const OrrAxis axis = { .integers = TRUE };

  assert_labels (&axis, 0.5, 3.5, 12, "1 2 3", NULL);
}

static void
test_log (void)
{
  const OrrAxis axis = { .scale = ORR_SCALE_LOG };

  assert_labels (&axis, 0.1, 10.0, 8, "0.1 0.2 . . 0.5 . . . . 1 2 . . 5 . . . . 10", NULL);
  assert_labels (&axis, 1e-6, 1e6, 4, "10⁻⁶ 0.001 1 1000 10⁶", NULL);
  /* less than one decade reads better with even steps */
  assert_labels (&axis, 2.0, 6.0, 4, "2 3 4 5 6", NULL);
}

static void
test_categories (void)
{
  char *names[] = { "A", "B", "C", "D", NULL };
  const OrrAxis axis = { .categories = names };

  assert_labels (&axis, -0.5, 3.5, 4, "A B C D", NULL);
  assert_labels (&axis, -0.5, 3.5, 2, "A C", NULL);
  assert_labels (&axis, 0.5, 2.5, 4, "B C", NULL);
}

/* Whatever the range: steps are 1, 2 or 5, few enough, and inside. */
static void
test_any_range (void)
{
  const OrrAxis axis = { .scale = ORR_SCALE_LINEAR };

  for (double span = 3.7e-9; span < 1e9; span *= 1.7)
    for (guint most = 1; most < 12; most++)
      {
        double low = -0.37 * span, high = 0.63 * span, step = orr_ticks_step (span, most);
        double digit = step / pow (10.0, floor (log10 (step) + 1e-9));
        g_autoptr (OrrTicks) ticks = orr_ticks_new (&axis, low, high, most);

        g_assert_true (fabs (digit - 1) < 1e-6 || fabs (digit - 2) < 1e-6 || fabs (digit - 5) < 1e-6);
        g_assert_cmpfloat (span / step, <=, most + 1e-6);
        g_assert_cmpuint (ticks->ticks->len, <=, most + 1);
        g_assert_cmpuint (ticks->ticks->len, >=, 1);
        for (guint i = 0; i < ticks->ticks->len; i++)
          {
            g_assert_cmpfloat (orr_ticks_get (ticks, i)->value, >=, low - 1e-6 * span);
            g_assert_cmpfloat (orr_ticks_get (ticks, i)->value, <=, high + 1e-6 * span);
            if (i > 0)
              g_assert_cmpstr (orr_ticks_get (ticks, i)->label, !=, orr_ticks_get (ticks, i - 1)->label);
          }
      }
}

static void
test_nonsense (void)
{
  const OrrAxis axis = { .scale = ORR_SCALE_LINEAR };

  assert_labels (&axis, 2.0, 2.0, 5, "", NULL);
  assert_labels (&axis, NAN, 2.0, 5, "", NULL);
  assert_labels (&axis, 0.0, INFINITY, 5, "", NULL);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ticks/linear", test_linear);
  g_test_add_func ("/ticks/integers", test_integers);
  g_test_add_func ("/ticks/log", test_log);
  g_test_add_func ("/ticks/categories", test_categories);
  g_test_add_func ("/ticks/any-range", test_any_range);
  g_test_add_func ("/ticks/nonsense", test_nonsense);
  return g_test_run ();
}
