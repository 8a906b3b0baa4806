/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * OrrCamera:
 * @target: the point of the world that is turned about and looked at
 * @axes: orthonormal rows: the camera's right, up and backward (towards the
 *   viewer) directions in the world
 * @span: height of the world, in world units, seen at the target
 * @perspective: whether lines converge; the target keeps its size either way
 * @width: width of the picture in logical pixels
 * @height: height of the picture in logical pixels
 * @centre: centre of what there is to see
 * @radius: radius of what there is to see, for the clipping planes
 *
 * A camera that orbits a target. A plain value: copy it by assignment. Screen
 * coordinates are logical pixels, x to the right and y down from the top left
 * corner; depth is the distance in world units behind (negative: before) the
 * plane through the target that faces the viewer.
 */
typedef struct
{
  double   target[3];
  double   axes[3][3];
  double   span;
  gboolean perspective;
  double   width;
  double   height;
  double   centre[3];
  double   radius;
} OrrCamera;

void     orr_camera_init        (OrrCamera       *self);
void     orr_camera_fit         (OrrCamera       *self,
                                 const double     centre[3],
                                 double           radius);
void     orr_camera_fit_box     (OrrCamera       *self,
                                 const double     low[3],
                                 const double     high[3]);
void     orr_camera_resize      (OrrCamera       *self,
                                 double           width,
                                 double           height);
void     orr_camera_face        (OrrCamera       *self,
                                 const double     right[3],
                                 const double     up[3]);
void     orr_camera_arcball     (OrrCamera       *self,
                                 double           from_x,
                                 double           from_y,
                                 double           to_x,
                                 double           to_y);
void     orr_camera_turn        (OrrCamera       *self,
                                 double           yaw,
                                 double           pitch,
                                 double           roll);
void     orr_camera_pan         (OrrCamera       *self,
                                 double           dx,
                                 double           dy);
void     orr_camera_zoom        (OrrCamera       *self,
                                 double           factor,
                                 double           x,
                                 double           y);
void     orr_camera_interpolate (OrrCamera       *self,
                                 const OrrCamera *from,
                                 const OrrCamera *to,
                                 double           t);
double   orr_camera_distance    (const OrrCamera *self);
gboolean orr_camera_project     (const OrrCamera *self,
                                 const double     world[3],
                                 double           screen[3]);
void     orr_camera_unproject   (const OrrCamera *self,
                                 const double     screen[3],
                                 double           world[3]);
void     orr_camera_ray         (const OrrCamera *self,
                                 double           x,
                                 double           y,
                                 double           origin[3],
                                 double           direction[3]);
void     orr_camera_matrix      (const OrrCamera *self,
                                 float            matrix[16]);

G_END_DECLS
