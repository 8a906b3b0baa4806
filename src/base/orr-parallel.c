/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-parallel.h"

#include <cblas.h>
#include <omp.h>

/**
 * orr_parallel_threads:
 * @wanted: threads asked for, 0 for all cores
 *
 * The count for an OpenMP num_threads() clause. Call it before the first
 * matrix product of a computation: it also sets OpenBLAS to one thread, since
 * work is divided over blocks here, never inside a product. (OpenBLAS keeps
 * that number for the whole process; this is the one place that sets it.)
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
  return wanted > 0 ? wanted : (guint) MAX (omp_get_num_procs (), 1);
}
