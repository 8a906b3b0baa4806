/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "orr-camera.h"
#include "orr-orbit-scene.h"

G_BEGIN_DECLS

#define ORR_TYPE_ORBIT_OVERLAY (orr_orbit_overlay_get_type ())
G_DECLARE_FINAL_TYPE (OrrOrbitOverlay, orr_orbit_overlay, ORR, ORBIT_OVERLAY, GtkWidget)

GtkWidget *orr_orbit_overlay_new        (void);
void       orr_orbit_overlay_add_obstacle (OrrOrbitOverlay *self,
                                         GtkWidget       *widget);
void       orr_orbit_overlay_set_scene  (OrrOrbitOverlay *self,
                                         OrrOrbitScene   *scene);
void       orr_orbit_overlay_set_camera (OrrOrbitOverlay *self,
                                         const OrrCamera *camera);
void       orr_orbit_overlay_set_cursor (OrrOrbitOverlay *self,
                                         const double    *position);
void       orr_orbit_overlay_set_hover  (OrrOrbitOverlay *self,
                                         const double    *position,
                                         const char      *text);
const char *orr_orbit_overlay_get_hover_text (OrrOrbitOverlay *self);
void       orr_orbit_overlay_set_band   (OrrOrbitOverlay *self,
                                         const double    *rectangle);

G_END_DECLS
