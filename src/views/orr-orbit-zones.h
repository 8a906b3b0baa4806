/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-session-groups.h"

G_BEGIN_DECLS

double   *orr_orbit_dup_residency    (OrrSession *session,
                                      OrrMotion  *motion,
                                      const char *field);
guint32   orr_orbit_zone_colour      (guint       zone);
const char *orr_orbit_zone_title     (guint       zone);

G_END_DECLS
