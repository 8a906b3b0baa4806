/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-gl-program.h"

G_BEGIN_DECLS

/**
 * OrrGlPoints:
 *
 * Draws round points with smooth edges, in the GL context that was current when it was made. Use and
 * free it with that context current.
 */
typedef struct _OrrGlPoints OrrGlPoints;

OrrGlPoints *orr_gl_points_new          (GError         **error);
void         orr_gl_points_free         (OrrGlPoints     *self);
void         orr_gl_points_set_geometry (OrrGlPoints     *self,
                                         const float     *positions,
                                         const guint32   *order,
                                         gsize            n_points);
void         orr_gl_points_set_colours  (OrrGlPoints     *self,
                                         const guint32   *colours);
gsize        orr_gl_points_get_count    (OrrGlPoints     *self);
void         orr_gl_points_draw         (OrrGlPoints     *self,
                                         const OrrGlView *view,
                                         gsize            first,
                                         gsize            count,
                                         float            size,
                                         float            opacity);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrrGlPoints, orr_gl_points_free)

G_END_DECLS
