/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/*
 * Loops worth wide vectors live in files called *-kernels.c. The build compiles
 * such a file once for the plain machine and, on x86-64, once more for each
 * wider instruction set (see meson.build here), with ORR_VECTOR_NAME(x) giving
 * every variant names of its own. The caller picks with orr_vector_level() at
 * run time, so that one binary runs everywhere.
 */

#ifndef ORR_VECTOR_SUFFIX
#define ORR_VECTOR_SUFFIX plain
#endif

#define ORR_VECTOR_PASTE_(name, suffix) name##_##suffix
#define ORR_VECTOR_PASTE(name, suffix) ORR_VECTOR_PASTE_ (name, suffix)
#define ORR_VECTOR_NAME(name) ORR_VECTOR_PASTE (name, ORR_VECTOR_SUFFIX)

typedef enum
{
  ORR_VECTOR_LEVEL_PLAIN,
  ORR_VECTOR_LEVEL_AVX2,
  ORR_VECTOR_LEVEL_AVX512,
} OrrVectorLevel;

OrrVectorLevel orr_vector_level (void);

/* The variant of @name for this machine. */
#ifdef ORR_HAVE_VECTOR_VARIANTS
#define ORR_VECTOR_PICK(name)                                   \
  (orr_vector_level () == ORR_VECTOR_LEVEL_AVX512 ? name##_avx512 \
   : orr_vector_level () == ORR_VECTOR_LEVEL_AVX2 ? name##_avx2   \
                                                  : name##_plain)
#else
#define ORR_VECTOR_PICK(name) (name##_plain)
#endif
