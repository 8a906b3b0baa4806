/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-network.h"

G_BEGIN_DECLS

/**
 * OrrGains:
 * @n_units: H
 * @recurrent: [H] c_r, factor on W_hh h + b of each unit
 * @noise: [H] c_n, factor on W_ih x of each unit
 *
 * A gain for every unit, 1 where nothing was turned (SCIENCE, part 3.8). Immutable
 * once shared, reference counted.
 */
typedef struct
{
  guint   n_units;
  double *recurrent;
  double *noise;
} OrrGains;

OrrGains   *orr_gains_new      (guint             n_units);
OrrGains   *orr_gains_ref      (OrrGains         *self);
void        orr_gains_unref    (OrrGains         *self);
void        orr_gains_turn     (OrrGains         *self,
                                const guint      *units,
                                guint             n_units,
                                double            recurrent,
                                double            noise);
guint       orr_gains_count    (const OrrGains   *self);
gboolean    orr_gains_equal    (const OrrGains   *a,
                                const OrrGains   *b);
OrrNetwork *orr_gains_apply    (const OrrGains   *self,
                                const OrrNetwork *network);
OrrGains   *orr_gains_scatter  (const OrrGains   *self,
                                const guint      *others,
                                guint             n_others);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrrGains, orr_gains_unref)

G_END_DECLS
