/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * OrrPlanarField:
 * @n_x: nodes of the grid along the first axis (at least 2)
 * @n_y: nodes along the second axis (at least 2)
 * @low: the first node
 * @high: the last node
 * @velocity: [n_y x n_x x 2] change per step at each node; NaN where the field is not defined
 * @height: [n_y x n_x] third coordinate of the sheet that the field lives on; 0 at first
 *
 * A vector field on a plane, known at the nodes of a grid: a flow in the plane of the first two principal
 * components, say. Whoever builds one fills @velocity and @height; immutable afterwards, reference counted.
 */
typedef struct
{
  guint   n_x;
  guint   n_y;
  double  low[2];
  double  high[2];
  double *velocity;
  double *height;
} OrrPlanarField;

OrrPlanarField *orr_planar_field_new       (guint                 n_x,
                                            guint                 n_y,
                                            const double          low[2],
                                            const double          high[2]);
OrrPlanarField *orr_planar_field_ref       (OrrPlanarField       *self);
void            orr_planar_field_unref     (OrrPlanarField       *self);
void            orr_planar_field_node      (const OrrPlanarField *self,
                                            guint                 x,
                                            guint                 y,
                                            double                position[2]);
gboolean        orr_planar_field_sample    (const OrrPlanarField *self,
                                            double                x,
                                            double                y,
                                            double                velocity[2],
                                            double               *height);
double          orr_planar_field_top_speed (const OrrPlanarField *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrrPlanarField, orr_planar_field_unref)

G_END_DECLS
