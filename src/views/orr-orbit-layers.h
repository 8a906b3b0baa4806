/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-motion.h"
#include "orr-orbit-scene.h"
#include "orr-run.h"

G_BEGIN_DECLS

/* How many steps before and after a jump are lit. */
#define ORR_ORBIT_JUMP_REACH 6

/* How a step is lit; 0 is not at all. */
#define ORR_ORBIT_LIT 1
#define ORR_ORBIT_PALE 2

void     orr_orbit_layers_set_run         (OrrOrbitScene   *scene,
                                           const OrrMotion *motion,
                                           const guint32   *rgb);
void     orr_orbit_layers_set_relaxations (OrrOrbitScene   *scene,
                                           const OrrMotion *motion);
void     orr_orbit_layers_set_axes        (OrrOrbitScene   *scene,
                                           const OrrMotion *motion);
void     orr_orbit_layers_set_readout     (OrrOrbitScene   *scene,
                                           const OrrMotion *motion,
                                           const OrrHmm    *hmm);
void     orr_orbit_layers_set_fixed_points (OrrOrbitScene  *scene,
                                           const OrrMotion *motion,
                                           gboolean         origin_is_fixed,
                                           GVariant        *section);
void     orr_orbit_layers_set_comet       (OrrOrbitScene   *scene,
                                           const OrrMotion *motion,
                                           const guint32   *rgb,
                                           guint            cursor);
void     orr_orbit_layers_set_lit         (OrrOrbitScene   *scene,
                                           OrrOrbitLayer    layer,
                                           const OrrMotion *motion,
                                           const guint32   *rgb,
                                           const guint8    *lit);
guint8  *orr_orbit_find_jumps             (const guint16   *path,
                                           guint            n_steps,
                                           guint            from,
                                           guint            to,
                                           guint            reach,
                                           guint           *n_jumps);
guint    orr_orbit_longest_visit          (const guint8    *inside,
                                           guint            n_steps,
                                           guint            gap,
                                           guint           *start,
                                           guint           *end);
double   orr_orbit_nice_step              (double           range,
                                           guint            wanted);

G_END_DECLS
