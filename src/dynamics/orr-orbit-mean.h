/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-motion.h"

G_BEGIN_DECLS

GVariant *orr_orbit_mean (const OrrMotion *motion);

G_END_DECLS
