/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-vector.h"

static OrrVectorLevel
detect (void)
{
#ifdef ORR_HAVE_VECTOR_VARIANTS
  __builtin_cpu_init ();
  if (__builtin_cpu_supports ("avx512f") && __builtin_cpu_supports ("avx512bw") &&
      __builtin_cpu_supports ("avx512dq") && __builtin_cpu_supports ("avx512vl"))
    return ORR_VECTOR_LEVEL_AVX512;
  if (__builtin_cpu_supports ("avx2") && __builtin_cpu_supports ("fma"))
    return ORR_VECTOR_LEVEL_AVX2;
#endif
  return ORR_VECTOR_LEVEL_PLAIN;
}

/**
 * orr_vector_level:
 *
 * Returns: the widest vectors that this machine and this build have;
 * ORR_VECTOR=plain or avx2 in the environment asks for less, to compare
 */
OrrVectorLevel
orr_vector_level (void)
{
  static gsize once = 0;

  if (g_once_init_enter (&once))
    {
      const char *wish = g_getenv ("ORR_VECTOR");
      OrrVectorLevel level = detect ();

      if (g_strcmp0 (wish, "plain") == 0)
        level = ORR_VECTOR_LEVEL_PLAIN;
      else if (g_strcmp0 (wish, "avx2") == 0)
        level = MIN (level, ORR_VECTOR_LEVEL_AVX2);
      g_once_init_leave (&once, (gsize) level + 1);
    }
  return (OrrVectorLevel) (once - 1);
}
