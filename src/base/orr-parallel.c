/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-parallel.h"

#include <cblas.h>

/**
 * orr_parallel_threads:
 * @wanted: threads asked for, 0 for all cores
 *
 * How many threads a computation uses. Call it before the computation's first
 * matrix product: it also sets OpenBLAS to one thread, since work is divided
 * over blocks here, never inside a product. (OpenBLAS keeps that number for the
 * whole process; this is the one place that sets it.)
 *
 * Returns: at least 1
 */
guint
orr_parallel_threads (guint wanted)
{
  static gsize once = 0;

  if (g_once_init_enter (&once))
    {
      openblas_set_num_threads (1);
      g_once_init_leave (&once, 1);
    }
  return wanted > 0 ? wanted : g_get_num_processors ();
}

/* One loop. Helpers that come too late find it closed. */
typedef struct
{
  gsize           n;
  gsize           next; /* atomic */
  OrrParallelFunc func;
  gpointer        data;
  GMutex          lock;
  GCond           left;
  guint           entered, active;
  gboolean        closed;
} Loop;

static void
clear_loop (gpointer box)
{
  Loop *loop = box;

  g_mutex_clear (&loop->lock);
  g_cond_clear (&loop->left);
}

static void
work (Loop *loop, guint worker)
{
  gsize index;

  while ((index = (gsize) g_atomic_pointer_add (&loop->next, 1)) < loop->n)
    loop->func (index, worker, loop->data);
}

static void
help (gpointer data, gpointer unused)
{
  Loop *loop = data;
  guint worker = 0;

  g_mutex_lock (&loop->lock);
  if (!loop->closed)
    {
      worker = ++loop->entered;
      loop->active++;
    }
  g_mutex_unlock (&loop->lock);

  if (worker > 0)
    {
      work (loop, worker);
      g_mutex_lock (&loop->lock);
      loop->active--;
      g_cond_signal (&loop->left);
      g_mutex_unlock (&loop->lock);
    }
  g_atomic_rc_box_release_full (loop, clear_loop);
}

static GThreadPool *
get_pool (void)
{
  static GThreadPool *pool = NULL;

  if (g_once_init_enter (&pool))
    g_once_init_leave (&pool, g_thread_pool_new (help, NULL, MAX (g_get_num_processors (), 2), TRUE, NULL));
  return pool;
}

/**
 * orr_parallel_for:
 * @n: number of items
 * @threads: how many threads at most, the caller's included (at least 1)
 * @func: (scope call): does one item; items must not depend on each other
 *
 * Runs @func for every index below @n, in any order, and returns when all are
 * done. Waiting threads sleep: OpenMP's spin, and where other programs want the
 * cores too that made short loops several times slower.
 */
void
orr_parallel_for (gsize n, guint threads, OrrParallelFunc func, gpointer data)
{
  guint helpers = (guint) MIN (threads, n);

  if (helpers < 2)
    {
      for (gsize i = 0; i < n; i++)
        func (i, 0, data);
      return;
    }

  Loop *loop = g_atomic_rc_box_new0 (Loop);
  loop->n = n;
  loop->func = func;
  loop->data = data;
  g_mutex_init (&loop->lock);
  g_cond_init (&loop->left);
  for (guint i = 1; i < helpers; i++)
    g_thread_pool_push (get_pool (), g_atomic_rc_box_acquire (loop), NULL);

  work (loop, 0);
  g_mutex_lock (&loop->lock);
  loop->closed = TRUE;
  while (loop->active > 0)
    g_cond_wait (&loop->left, &loop->lock);
  g_mutex_unlock (&loop->lock);
  g_atomic_rc_box_release_full (loop, clear_loop);
}
