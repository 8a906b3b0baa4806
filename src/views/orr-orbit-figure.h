/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-figure.h"
#include "orr-orbit-scene.h"

G_BEGIN_DECLS

OrrFigure *orr_orbit_figure_new (const OrrOrbitScene *scene,
                                 const OrrCamera     *camera);

G_END_DECLS
