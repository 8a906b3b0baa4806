/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-orbit-scene.h"

G_BEGIN_DECLS

gboolean orr_orbit_layers_set_mean_orbit (OrrOrbitScene    *scene,
                                          GVariant         *section);
guint    orr_orbit_layers_set_contours   (OrrOrbitScene    *scene,
                                          GVariant         *section);
guint    orr_orbit_layers_set_epochs     (OrrOrbitScene    *scene,
                                          GVariant         *section,
                                          gboolean          by_epoch,
                                          int               shown,
                                          double            heights[2]);

G_END_DECLS
