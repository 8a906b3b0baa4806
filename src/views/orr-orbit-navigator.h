/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "orr-camera.h"

G_BEGIN_DECLS

#define ORR_TYPE_ORBIT_NAVIGATOR (orr_orbit_navigator_get_type ())
G_DECLARE_FINAL_TYPE (OrrOrbitNavigator, orr_orbit_navigator, ORR, ORBIT_NAVIGATOR, GObject)

typedef enum
{
  ORR_ORBIT_SIDE_FRONT,
  ORR_ORBIT_SIDE_TOP,
  ORR_ORBIT_SIDE_RIGHT,
  ORR_ORBIT_SIDE_OBLIQUE,
} OrrOrbitSide;

/*
 * OrrOrbitNavigator: turns what a person does with pointer and keys on a widget into the movement of a
 * camera. Signals:
 *   "moved" (gboolean moving): the camera is another one; more will follow at once if moving
 *   "hovered" (double x, double y): the pointer rests there; negative when it left
 *   "clicked" (double x, double y)
 *   "banding" (gpointer rectangle): [4] doubles, the rubber band so far; NULL when given up
 *   "banded" (gpointer rectangle): [4] doubles, the rubber band that was let go
 */

OrrOrbitNavigator *orr_orbit_navigator_new             (GtkWidget         *widget);
const OrrCamera   *orr_orbit_navigator_get_camera      (OrrOrbitNavigator *self);
void               orr_orbit_navigator_resize          (OrrOrbitNavigator *self,
                                                        double             width,
                                                        double             height);
void               orr_orbit_navigator_set_bounds      (OrrOrbitNavigator *self,
                                                        const double       low[3],
                                                        const double       high[3],
                                                        gboolean           refit);
void               orr_orbit_navigator_look_from       (OrrOrbitNavigator *self,
                                                        OrrOrbitSide       side);
void               orr_orbit_navigator_show_all        (OrrOrbitNavigator *self);
void               orr_orbit_navigator_reset           (OrrOrbitNavigator *self);
void               orr_orbit_navigator_set_perspective (OrrOrbitNavigator *self,
                                                        gboolean           perspective);
void               orr_orbit_navigator_set_banding     (OrrOrbitNavigator *self,
                                                        gboolean           banding);
gboolean           orr_orbit_navigator_is_moving       (OrrOrbitNavigator *self);

G_END_DECLS
