/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-figure.h"

G_BEGIN_DECLS

/**
 * OrrTick:
 * @value: where on the axis
 * @label: (nullable): what is written there; %NULL for a minor tick
 */
typedef struct
{
  double value;
  char  *label;
} OrrTick;

/**
 * OrrTicks:
 * @ticks: (element-type OrrTick): in rising order
 * @suffix: (nullable): what all labels leave out, such as "×10⁻³" or "+ 2 000"
 */
typedef struct
{
  GArray *ticks;
  char   *suffix;
} OrrTicks;

void      orr_tick_clear (OrrTick       *tick);
OrrTicks *orr_ticks_new  (const OrrAxis *axis,
                          double         low,
                          double         high,
                          guint          most);
void      orr_ticks_free (OrrTicks      *self);
double    orr_ticks_step (double         span,
                          guint          most);

static inline const OrrTick *
orr_ticks_get (const OrrTicks *self, guint i)
{
  return &g_array_index (self->ticks, OrrTick, i);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrrTicks, orr_ticks_free)

G_END_DECLS
