/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-latest.h"
#include "orr-motion.h"
#include "orr-orbit-scene.h"
#include "orr-planar-field.h"

G_BEGIN_DECLS

#define ORR_ORBIT_FLOW_COLOUR 0xf0e6c0u
#define ORR_ORBIT_FLOW_NOISE_COLOUR 0x8ecbffu

/**
 * OrrOrbitFlows:
 * @motion: the motion that they belong to
 * @noise_free: (nullable): the flow without noise
 * @under_noise: (nullable): the mean flow under noise
 *
 * What a worker found out; %NULL what was not asked for or cannot be had.
 */
typedef struct
{
  OrrMotion      *motion;
  OrrPlanarField *noise_free;
  OrrPlanarField *under_noise;
} OrrOrbitFlows;

OrrLatest *orr_orbit_flows_new       (OrrLatestDone         done,
                                      gpointer              owner);
void       orr_orbit_flows_request   (OrrLatest            *latest,
                                      OrrNetwork           *network,
                                      OrrMotion            *motion,
                                      gboolean              noise_free,
                                      gboolean              under_noise);
guint      orr_orbit_layers_set_flow (OrrOrbitScene        *scene,
                                      OrrOrbitLayer         layer,
                                      const OrrPlanarField *field,
                                      guint32               rgb);

G_END_DECLS
