/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-camera.h"
#include "orr-session.h"

G_BEGIN_DECLS

#define ORR_TYPE_ORBIT_VIEW (orr_orbit_view_get_type ())
G_DECLARE_FINAL_TYPE (OrrOrbitView, orr_orbit_view, ORR, ORBIT_VIEW, GtkWidget)

GtkWidget  *orr_orbit_view_new            (OrrSession   *session);
OrrSession *orr_orbit_view_get_session    (OrrOrbitView *self);
void        orr_orbit_view_set_session    (OrrOrbitView *self,
                                           OrrSession   *session);
const OrrCamera *orr_orbit_view_get_camera (OrrOrbitView *self);
gboolean    orr_orbit_view_is_at_rest     (OrrOrbitView *self);
GdkTexture *orr_orbit_view_take_picture   (OrrOrbitView *self,
                                           double        scale,
                                           GError      **error);

G_END_DECLS
