/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-parallel.h"

#define N 5000

typedef struct
{
  int seen[N];
  int busy[8];
  int clashes;
} Record;

static void
mark (gsize index, guint worker, gpointer data)
{
  Record *record = data;

  g_assert_cmpuint (worker, <, 8);
  if (g_atomic_int_add (&record->busy[worker], 1) != 0)
    g_atomic_int_inc (&record->clashes);
  g_atomic_int_inc (&record->seen[index]);
  g_atomic_int_add (&record->busy[worker], -1);
}

/* Every item once, and no worker's buffer in use twice at a time. */
static void
test_every_item_once (void)
{
  for (guint threads = 1; threads <= 8; threads++)
    {
      Record record = { 0 };

      orr_parallel_for (N, threads, mark, &record);
      for (guint i = 0; i < N; i++)
        g_assert_cmpint (record.seen[i], ==, 1);
      g_assert_cmpint (record.clashes, ==, 0);
    }
}

static void
count (gsize index, guint worker, gpointer data)
{
  g_atomic_int_inc ((int *) data);
}

static void
nest (gsize index, guint worker, gpointer data)
{
  orr_parallel_for (10, 4, count, data);
}

static gpointer
run_many (gpointer data)
{
  for (guint i = 0; i < 200; i++)
    orr_parallel_for (7, 3, count, data);
  return NULL;
}

/* Loops in loops, and from several threads at once, all end. */
static void
test_nested_and_concurrent (void)
{
  GThread *threads[4];
  int total = 0;

  orr_parallel_for (30, 4, nest, &total);
  g_assert_cmpint (total, ==, 300);

  total = 0;
  for (guint i = 0; i < 4; i++)
    threads[i] = g_thread_new ("many", run_many, &total);
  for (guint i = 0; i < 4; i++)
    g_thread_join (threads[i]);
  g_assert_cmpint (total, ==, 4 * 200 * 7);
  orr_parallel_for (0, 4, count, &total);
  g_assert_cmpint (total, ==, 4 * 200 * 7);
}

static void
test_threads (void)
{
  g_assert_cmpuint (orr_parallel_threads (0), >=, 1);
  g_assert_cmpuint (orr_parallel_threads (3), ==, 3);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/parallel/every-item-once", test_every_item_once);
  g_test_add_func ("/parallel/nested-and-concurrent", test_nested_and_concurrent);
  g_test_add_func ("/parallel/threads", test_threads);
  return g_test_run ();
}
