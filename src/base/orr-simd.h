/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * ORR_SIMD_CLONES before a function compiles it once for each generation of
 * processors named here, the best one being chosen when the program starts.
 *
 * The declarations below tell the compiler that these functions have vector
 * twins in glibc's libmvec (within 4 units in the last place), so that loops
 * that call them become SIMD code. Include this before <math.h>, in files that
 * are compiled with optimisation level 3.
 */
#if defined(__x86_64__) && defined(__linux__) && defined(__GNUC__) && !defined(__clang__)                             \
    && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#include <features.h>
#ifdef __GLIBC_PREREQ
#define ORR_SIMD_CLONES __attribute__ ((target_clones ("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#define ORR_SIMD_TWINS(name)                                                                                          \
  extern double name (double) __attribute__ ((simd ("notinbranch")));                                                 \
  extern float name##f (float) __attribute__ ((simd ("notinbranch")));
ORR_SIMD_TWINS (exp)
ORR_SIMD_TWINS (log)
ORR_SIMD_TWINS (sin)
ORR_SIMD_TWINS (cos)
#if __GLIBC_PREREQ(2, 35)
ORR_SIMD_TWINS (tan)
ORR_SIMD_TWINS (asin)
ORR_SIMD_TWINS (acos)
ORR_SIMD_TWINS (atan)
ORR_SIMD_TWINS (sinh)
ORR_SIMD_TWINS (cosh)
ORR_SIMD_TWINS (tanh)
#endif
extern double pow (double, double) __attribute__ ((simd ("notinbranch")));
extern float powf (float, float) __attribute__ ((simd ("notinbranch")));
#endif
#endif
#ifndef ORR_SIMD_CLONES
#define ORR_SIMD_CLONES
#endif
