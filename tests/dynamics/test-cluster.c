/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-cluster.h"

#include <math.h>
#include <stdlib.h>

#include "orr-error.h"
#include "orr-random.h"

enum { N = 24, M = 9 };

static OrrMatrix *
random_rows (gsize n, gsize m, guint64 seed)
{
  OrrMatrix *rows = orr_matrix_new (n, m);

  orr_random_normal_fill (rows->data, n * m, 1.0, seed, ORR_RANDOM_STREAM_TEST, 0);
  return rows;
}

static double
correlation (const float *a, const float *b, gsize m)
{
  double sa = 0, sb = 0, saa = 0, sbb = 0, sab = 0;

  for (gsize k = 0; k < m; k++)
    {
      sa += a[k];
      sb += b[k];
      saa += a[k] * a[k];
      sbb += b[k] * b[k];
      sab += a[k] * b[k];
    }
  return (sab - sa * sb / m) / sqrt ((saa - sa * sa / m) * (sbb - sb * sb / m));
}

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;
  return (x > y) - (x < y);
}

/* By the definition: join the two clusters whose members are closest on average, again and again. */
static void
brute_force (const OrrMatrix *rows, double *heights)
{
  int cluster[N];

  for (int i = 0; i < N; i++)
    cluster[i] = i;
  for (int step = 0; step < N - 1; step++)
    {
      double best = INFINITY;
      int from = -1, into = -1;

      for (int a = 0; a < N; a++)
        for (int b = a + 1; b < N; b++)
          {
            double sum = 0.0;
            int pairs = 0;

            for (int i = 0; i < N; i++)
              for (int j = 0; j < N; j++)
                if (cluster[i] == a && cluster[j] == b)
                  {
                    sum += 1.0 - correlation (orr_matrix_row (rows, i), orr_matrix_row (rows, j), M);
                    pairs++;
                  }
            if (pairs > 0 && sum / pairs < best)
              {
                best = sum / pairs;
                into = a;
                from = b;
              }
          }
      heights[step] = best;
      for (int i = 0; i < N; i++)
        if (cluster[i] == from)
          cluster[i] = into;
    }
}

static void
test_heights (void)
{
  for (guint64 seed = 1; seed <= 5; seed++)
    {
      g_autoptr (OrrMatrix) rows = random_rows (N, M, seed);
      g_autofree OrrClusterMerge *merges = orr_cluster_average (rows, NULL, NULL);
      double expected[N - 1], found[N - 1];

      brute_force (rows, expected);
      for (guint m = 0; m < N - 1; m++)
        {
          g_assert_cmpuint (merges[m].left, <, N + m);
          g_assert_cmpuint (merges[m].right, <, N + m);
          found[m] = merges[m].height;
        }
      qsort (expected, N - 1, sizeof (double), compare_doubles);
      qsort (found, N - 1, sizeof (double), compare_doubles);
      for (guint m = 0; m < N - 1; m++)
        g_assert_cmpfloat_with_epsilon (found[m], expected[m], 1e-5);
    }
}

static void
assert_permutation (const guint *order, gsize n)
{
  g_autofree guint8 *seen = g_new0 (guint8, n);

  for (gsize i = 0; i < n; i++)
    {
      g_assert_cmpuint (order[i], <, n);
      g_assert_cmpuint (seen[order[i]]++, ==, 0);
    }
}

/* Every cluster of the dendrogram lies side by side in the order. */
static void
test_order_follows_the_tree (void)
{
  g_autoptr (OrrMatrix) rows = random_rows (N, M, 11);
  g_autofree OrrClusterMerge *merges = orr_cluster_average (rows, NULL, NULL);
  g_autofree guint *order = orr_cluster_order (rows, NULL, NULL);
  guint low[2 * N], high[2 * N], size[2 * N];

  assert_permutation (order, N);
  for (guint place = 0; place < N; place++)
    {
      low[order[place]] = high[order[place]] = place;
      size[order[place]] = 1;
    }
  for (guint m = 0; m < N - 1; m++)
    {
      guint a = merges[m].left, b = merges[m].right;

      low[N + m] = MIN (low[a], low[b]);
      high[N + m] = MAX (high[a], high[b]);
      size[N + m] = size[a] + size[b];
      g_assert_cmpuint (high[N + m] - low[N + m] + 1, ==, size[N + m]);
    }
}

/* Three planted groups, shuffled among each other, come out in three blocks. */
static void
test_planted_groups (void)
{
  enum { GROUPS = 3, EACH = 40, COLS = 60 };
  g_autoptr (OrrMatrix) prototypes = random_rows (GROUPS, COLS, 3);
  g_autoptr (OrrMatrix) rows = random_rows (GROUPS * EACH, COLS, 4);
  guint changes = 0;

  for (gsize i = 0; i < rows->rows; i++)
    for (gsize j = 0; j < COLS; j++)
      orr_matrix_row (rows, i)[j] = 0.5f * orr_matrix_row (rows, i)[j] + orr_matrix_row (prototypes, i % GROUPS)[j];
  g_autofree guint *order = orr_cluster_order (rows, NULL, NULL);
  assert_permutation (order, rows->rows);
  for (gsize i = 1; i < rows->rows; i++)
    changes += order[i] % GROUPS != order[i - 1] % GROUPS;
  g_assert_cmpuint (changes, ==, GROUPS - 1);
}

static void
test_degenerate (void)
{
  g_autoptr (OrrMatrix) one = random_rows (1, 4, 1);
  g_autoptr (OrrMatrix) same = orr_matrix_new (7, 4);
  g_autofree guint *single = orr_cluster_order (one, NULL, NULL);
  g_autofree guint *constant = orr_cluster_order (same, NULL, NULL);
  g_autoptr (OrrNetwork) network = orr_network_new_random (13, 5, 3, FALSE, 2);
  g_autofree guint *units = orr_cluster_order_units (network, NULL, NULL);
  g_autofree guint *inputs = orr_cluster_order_inputs (network, NULL, NULL);

  g_assert_cmpuint (single[0], ==, 0);
  assert_permutation (constant, 7);
  assert_permutation (units, 13);
  assert_permutation (inputs, 5);
}

static void
test_cancel (void)
{
  g_autoptr (OrrMatrix) rows = random_rows (N, M, 1);
  g_autoptr (OrrProgress) progress = orr_progress_new (NULL, NULL, NULL);
  g_autoptr (GError) error = NULL;

  orr_progress_cancel (progress);
  g_assert_null (orr_cluster_order (rows, progress, &error));
  g_assert_error (error, ORR_ERROR, ORR_ERROR_CANCELLED);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cluster/heights", test_heights);
  g_test_add_func ("/cluster/order", test_order_follows_the_tree);
  g_test_add_func ("/cluster/planted", test_planted_groups);
  g_test_add_func ("/cluster/degenerate", test_degenerate);
  g_test_add_func ("/cluster/cancel", test_cancel);
  return g_test_run ();
}
