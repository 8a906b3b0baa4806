/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-seeds.h"

G_BEGIN_DECLS

/* Writes a seed's actions; @failed once one does not fit or is not legal. */
typedef struct
{
  OrrSeed  seed;
  guint64  legal;
  gboolean failed;
} OrrSeedWriter;

void orr_seed_writer_put      (OrrSeedWriter *self,
                               const char    *action);
void orr_seed_writer_number   (OrrSeedWriter *self,
                               double         value);
void orr_seed_writer_variable (OrrSeedWriter *self,
                               guint          variable);
void orr_seed_writer_power    (OrrSeedWriter *self,
                               guint          variable,
                               guint          power);
void orr_seed_writer_finish   (OrrSeedWriter *self,
                               GArray        *seeds);

void orr_seeds_rational       (const OrrSamples *samples,
                               guint64           legal,
                               GArray           *seeds);
void orr_seeds_waves          (const OrrSamples *samples,
                               guint64           legal,
                               GArray           *seeds);
void orr_seeds_powers         (const OrrSamples *samples,
                               const double     *y,
                               guint64           legal,
                               GArray           *seeds);
void orr_seeds_quotients      (const OrrSamples *samples,
                               const double     *y,
                               guint64           legal,
                               GArray           *seeds);

G_END_DECLS
