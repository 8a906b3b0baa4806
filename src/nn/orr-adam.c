/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-adam.h"

#include <math.h>
#include <string.h>

/**
 * orr_adam_new:
 * @n: number of parameters
 *
 * Returns: (transfer full): an optimiser that has taken no step, epsilon 1e-8
 */
OrrAdam *
orr_adam_new (gsize n, double beta_1, double beta_2)
{
  OrrAdam *self = g_new0 (OrrAdam, 1);

  self->n = n;
  self->beta_1 = beta_1;
  self->beta_2 = beta_2;
  self->epsilon = 1e-8;
  self->mean = g_new0 (float, MAX (n, 1));
  self->square = g_new0 (float, MAX (n, 1));
  return self;
}

void
orr_adam_free (OrrAdam *self)
{
  if (self == NULL)
    return;
  g_free (self->mean);
  g_free (self->square);
  g_free (self);
}

/* The state of @other, which has as many parameters. */
void
orr_adam_copy_from (OrrAdam *self, const OrrAdam *other)
{
  g_return_if_fail (self->n == other->n);

  self->steps = other->steps;
  memcpy (self->mean, other->mean, self->n * sizeof (float));
  memcpy (self->square, other->square, self->n * sizeof (float));
}

/**
 * orr_adam_step:
 * @parameters: [n], changed in place
 * @gradient: [n]
 * @learning_rate: of this step
 */
void
orr_adam_step (OrrAdam *self, float *parameters, const float *gradient, double learning_rate)
{
  float beta_1 = (float) self->beta_1, beta_2 = (float) self->beta_2;

  self->steps++;
  double correction_1 = 1.0 - pow (self->beta_1, (double) self->steps);
  double correction_2 = 1.0 - pow (self->beta_2, (double) self->steps);
  float step = (float) (learning_rate / correction_1);
  float root = (float) (1.0 / sqrt (correction_2)), epsilon = (float) self->epsilon;

  for (gsize i = 0; i < self->n; i++)
    {
      float g = gradient[i];
      self->mean[i] += (1.0f - beta_1) * (g - self->mean[i]);
      self->square[i] = beta_2 * self->square[i] + (1.0f - beta_2) * g * g;
      parameters[i] -= step * self->mean[i] / (sqrtf (self->square[i]) * root + epsilon);
    }
}

/**
 * orr_gradient_norm:
 *
 * Returns: the Euclidean norm, NaN or infinite where an entry is
 */
double
orr_gradient_norm (const float *gradient, gsize n)
{
  double sum = 0.0;

  for (gsize i = 0; i < n; i++)
    sum += (double) gradient[i] * gradient[i];
  return sqrt (sum);
}

/**
 * orr_gradient_clip:
 * @limit: largest norm to leave, 0 for no limit
 *
 * Scales the gradient down where it is longer than @limit.
 *
 * Returns: its norm before
 */
double
orr_gradient_clip (float *gradient, gsize n, double limit)
{
  double norm = orr_gradient_norm (gradient, n);
  /* The small term is PyTorch's, so that the same run gives the same numbers. */
  double scale = limit / (norm + 1e-6);

  if (limit > 0.0 && scale < 1.0)
    for (gsize i = 0; i < n; i++)
      gradient[i] *= (float) scale;
  return norm;
}
