/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "orr-camera.h"
#include "orr-orbit-scene.h"

G_BEGIN_DECLS

#define ORR_TYPE_ORBIT_CANVAS (orr_orbit_canvas_get_type ())
G_DECLARE_FINAL_TYPE (OrrOrbitCanvas, orr_orbit_canvas, ORR, ORBIT_CANVAS, GtkGLArea)

GtkWidget  *orr_orbit_canvas_new           (void);
void        orr_orbit_canvas_set_scene     (OrrOrbitCanvas  *self,
                                            OrrOrbitScene   *scene);
void        orr_orbit_canvas_scene_changed (OrrOrbitCanvas  *self);
void        orr_orbit_canvas_live_changed (OrrOrbitCanvas  *self);
void        orr_orbit_canvas_set_camera    (OrrOrbitCanvas  *self,
                                            const OrrCamera *camera,
                                            gboolean         moving);
gboolean    orr_orbit_canvas_is_complete   (OrrOrbitCanvas  *self);
GdkTexture *orr_orbit_canvas_take_picture  (OrrOrbitCanvas  *self,
                                            double           scale,
                                            GError         **error);

G_END_DECLS
