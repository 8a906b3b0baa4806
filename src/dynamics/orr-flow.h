/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-network.h"
#include "orr-pca.h"
#include "orr-planar-field.h"
#include "orr-progress.h"

G_BEGIN_DECLS

OrrPlanarField *orr_flow_estimate    (const OrrMatrix  *places,
                                      const OrrMatrix  *next,
                                      const float      *weights,
                                      OrrProgress      *progress,
                                      GError          **error);
OrrPlanarField *orr_flow_noise_free  (const OrrNetwork *network,
                                      const OrrMatrix  *states,
                                      const OrrPca     *pca,
                                      OrrProgress      *progress,
                                      GError          **error);
OrrPlanarField *orr_flow_under_noise (const OrrMatrix  *projection,
                                      OrrProgress      *progress,
                                      GError          **error);

G_END_DECLS
