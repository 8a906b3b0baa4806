/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <math.h>
#include <string.h>

/*
 * float32 functions without branches, for loops that the compiler vectorises.
 * Relative errors are below 3e-7 in the stated ranges; the polynomials come
 * from tests/base/fit-fast-math.py.
 */

static inline float
orr_float_from_bits (gint32 bits)
{
  float value;
  memcpy (&value, &bits, sizeof value);
  return value;
}

static inline gint32
orr_float_to_bits (float value)
{
  gint32 bits;
  memcpy (&bits, &value, sizeof bits);
  return bits;
}

/* exp(x) for x in [-87, 88]; smaller x give 0, larger x give exp(88). */
static inline float
orr_fast_exp (float x)
{
  /* Adding 1.5 * 2^23 leaves the nearest integer in the low bits. */
  const float shift = 12582912.0f;
  float raised = x > -87.0f ? x : -87.0f;
  float bounded = raised < 88.0f ? raised : 88.0f;
  float shifted = bounded * 1.44269504088896341f + shift;
  float n = shifted - shift;
  float r = (bounded - n * 0.693145751953125f) - n * 1.428606820309417e-6f;
  float p = 1.382942059e-3f;

  p = p * r + 8.374771520e-3f;
  p = p * r + 4.166835803e-2f;
  p = p * r + 1.666642083e-1f;
  p = p * r + 4.999999149e-1f;
  p = p * r + 1.000000036f;
  p = p * r + 1.0f;
  p = orr_float_from_bits (orr_float_to_bits (p) + (gint32) ((guint32) orr_float_to_bits (shifted) << 23));
  return x < -87.0f ? 0.0f : p;
}

/* The polynomial of 2^r for r in [0, 1] (7.7e-8), lowest power first. */
#define ORR_EXP2_0 9.999999269e-1f
#define ORR_EXP2_1 6.931529682e-1f
#define ORR_EXP2_2 2.401545299e-1f
#define ORR_EXP2_3 5.582360446e-2f
#define ORR_EXP2_4 8.992584031e-3f
#define ORR_EXP2_5 1.876232945e-3f

/* 2^x for x in [-126, 126]; smaller x give 0, larger x give 2^126. */
static inline float
orr_fast_exp2 (float x)
{
  const float shift = 12582912.0f;
  float raised = x > -126.0f ? x : -126.0f;
  float bounded = raised < 126.0f ? raised : 126.0f;
  float shifted = (bounded - 0.5f) + shift;
  float r = bounded - (shifted - shift);
  float p = ORR_EXP2_5;

  p = p * r + ORR_EXP2_4;
  p = p * r + ORR_EXP2_3;
  p = p * r + ORR_EXP2_2;
  p = p * r + ORR_EXP2_1;
  p = p * r + ORR_EXP2_0;
  p = orr_float_from_bits (orr_float_to_bits (p) + (gint32) ((guint32) orr_float_to_bits (shifted) << 23));
  return x < -126.0f ? 0.0f : p;
}

/* exp(x) for x in [-708, 708] in double precision (1e-14); smaller x give 0. */
static inline double
orr_fast_exp_double (double x)
{
  const double shift = 6755399441055744.0; /* 1.5 * 2^52 */
  double raised = x > -708.0 ? x : -708.0;
  double bounded = raised < 708.0 ? raised : 708.0;
  double shifted = bounded * 1.4426950408889634 + shift;
  double n = shifted - shift;
  double r = (bounded - n * 0.693147180369123816490) - n * 1.90821492927058770002e-10;
  double p = 1.0 / 479001600.0;
  gint64 bits, exponent;

  p = p * r + 1.0 / 39916800.0;
  p = p * r + 1.0 / 3628800.0;
  p = p * r + 1.0 / 362880.0;
  p = p * r + 1.0 / 40320.0;
  p = p * r + 1.0 / 5040.0;
  p = p * r + 1.0 / 720.0;
  p = p * r + 1.0 / 120.0;
  p = p * r + 1.0 / 24.0;
  p = p * r + 1.0 / 6.0;
  p = p * r + 0.5;
  p = p * r + 1.0;
  p = p * r + 1.0;
  memcpy (&bits, &p, sizeof bits);
  memcpy (&exponent, &shifted, sizeof exponent);
  bits += (gint64) ((guint64) exponent << 52);
  memcpy (&p, &bits, sizeof p);
  return x < -708.0 ? 0.0 : p;
}

/* log(x) for normal x > 0. */
static inline float
orr_fast_log (float x)
{
  /* The bits of sqrt(1/2) split the exponent off so that m lies in [sqrt(1/2), sqrt(2)). */
  gint32 bits = orr_float_to_bits (x) - 0x3f3504f3;
  float exponent = (float) (bits >> 23);
  float f = orr_float_from_bits ((bits & 0x7fffff) + 0x3f3504f3) - 1.0f;
  float p = -7.778542613e-2f;

  p = p * f + 1.256365296e-1f;
  p = p * f - 1.301337873e-1f;
  p = p * f + 1.422247661e-1f;
  p = p * f - 1.664079165e-1f;
  p = p * f + 2.000077226e-1f;
  p = p * f - 2.500031006e-1f;
  p = p * f + 3.333333210e-1f;
  p = (p * f - 0.5f) * (f * f) + exponent * 1.428606820309417e-6f;
  return (p + f) + exponent * 0.693145751953125f;
}

/* Sine and cosine of 2 pi u, for u in [0, 1]. */
static inline void
orr_fast_sincos_turn (float u, float *sine, float *cosine)
{
  const float shift = 12582912.0f;
  float shifted = 4.0f * u + shift;
  gint32 quadrant = orr_float_to_bits (shifted);
  float r = 4.0f * u - (shifted - shift);
  float s = r * r;
  float a = 1.581948511e-4f, b = 9.033611586e-4f;

  a = a * s - 4.681260515e-3f;
  a = a * s + 7.969258183e-2f;
  a = a * s - 6.459640961e-1f;
  a = (a * s + 1.570796327f) * r;
  b = b * s - 2.085993510e-2f;
  b = b * s + 2.536691824e-1f;
  b = b * s - 1.233700540f;
  b = b * s + 1.0f;

  /* An odd quadrant swaps the two; the signs follow from the quadrant's bits. */
  gint32 odd = -(quadrant & 1);
  gint32 bits_a = orr_float_to_bits (a), bits_b = orr_float_to_bits (b);
  gint32 swap = (bits_a ^ bits_b) & odd;
  gint32 sign_sine = (gint32) ((guint32) (quadrant & 2) << 30);
  gint32 sign_cosine = (gint32) ((guint32) ((quadrant + 1) & 2) << 30);
  *sine = orr_float_from_bits ((bits_a ^ swap) ^ sign_sine);
  *cosine = orr_float_from_bits ((bits_b ^ swap) ^ sign_cosine);
}
