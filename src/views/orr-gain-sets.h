/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-gains.h"
#include "orr-hmm.h"
#include "orr-run.h"

G_BEGIN_DECLS

/**
 * OrrGainSet:
 * @title: for people
 * @from: symbol of the direction that it belongs to, or -1
 * @to: symbol that comes, or -1
 * @n_units: how many units
 * @units: [@n_units] which
 * @noise_only: whether its gain acts on the noise input alone
 * @selection: whether it is whatever units are selected
 * @gain: its gain, 1 untouched
 *
 * A set of units whose gain a person can turn.
 */
typedef struct
{
  char    *title;
  int      from;
  int      to;
  guint    n_units;
  guint   *units;
  gboolean noise_only;
  gboolean selection;
  double   gain;
} OrrGainSet;

GPtrArray *orr_gain_sets_new        (const OrrRun *run,
                                     const OrrHmm *hmm);
void       orr_gain_set_take_units  (OrrGainSet   *self,
                                     guint        *units,
                                     guint         n_units);
OrrGains  *orr_gain_sets_combine    (GPtrArray    *sets,
                                     guint         n_units);

G_END_DECLS
