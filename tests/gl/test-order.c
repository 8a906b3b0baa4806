/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-progressive-order.h"

#include <string.h>

static void
test_is_permutation (void)
{
  const gsize sizes[] = { 1, 2, 3, 16, 17, 1000, 4097 };
  const gsize runs[] = { 1, 5, 16, 5000 };

  g_assert_null (orr_progressive_order (0, 4));
  for (gsize s = 0; s < G_N_ELEMENTS (sizes); s++)
    for (gsize r = 0; r < G_N_ELEMENTS (runs); r++)
      {
        g_autofree guint32 *order = orr_progressive_order (sizes[s], runs[r]);
        g_autofree guint8 *seen = g_new0 (guint8, sizes[s]);

        for (gsize i = 0; i < sizes[s]; i++)
          {
            g_assert_cmpuint (order[i], <, sizes[s]);
            g_assert_cmpuint (seen[order[i]]++, ==, 0);
          }
      }
}

/* Every beginning leaves gaps of at most twice (rounded up to a power of two) the even spacing. */
static void
test_beginnings_are_even (void)
{
  const gsize n = 1000;
  g_autofree guint32 *order = orr_progressive_order (n, 1);

  for (gsize m = 8; m <= n; m *= 3)
    {
      g_autofree guint8 *there = g_new0 (guint8, n);
      gsize gap = 0, widest = 0;

      for (gsize i = 0; i < m; i++)
        there[order[i]] = 1;
      for (gsize i = 0; i < n; i++)
        {
          gap = there[i] ? 0 : gap + 1;
          widest = MAX (widest, gap);
        }
      g_assert_cmpuint (widest, <=, 4 * n / m);
    }
}

static void
test_runs_stay_together (void)
{
  g_autofree guint32 *order = orr_progressive_order (103, 10);

  for (gsize i = 0; i + 1 < 103; i++)
    if (order[i] % 10 != 9 && order[i] != 102)
      g_assert_cmpuint (order[i + 1], ==, order[i] + 1);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/order/permutation", test_is_permutation);
  g_test_add_func ("/order/even", test_beginnings_are_even);
  g_test_add_func ("/order/runs", test_runs_stay_together);
  return g_test_run ();
}
