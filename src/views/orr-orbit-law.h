/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-orbit-scene.h"
#include "orr-planar-field.h"

G_BEGIN_DECLS

#define ORR_ORBIT_LAW_ERROR_COLOUR 0xff7043u

double orr_orbit_layers_set_law_error (OrrOrbitScene        *scene,
                                       const OrrPlanarField *error);

G_END_DECLS
