/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-figure.h"
#include "orr-session.h"

G_BEGIN_DECLS

/**
 * OrrRunOrbit:
 * @run: the network
 * @place: its place among the networks, see orr_series_set_place()
 * @tag: of its series
 *
 * One of the networks whose orbits are laid over each other.
 */
typedef struct
{
  OrrRun *run;
  guint   place;
  int     tag;
} OrrRunOrbit;

void        orr_run_orbits_add     (OrrFigure         *figure,
                                    OrrRunChoice      *choice,
                                    const OrrRunOrbit *orbits,
                                    guint              n);
const char *orr_run_orbits_explain (void);

G_END_DECLS
