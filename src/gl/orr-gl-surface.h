/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-gl-program.h"

G_BEGIN_DECLS

/**
 * OrrGlSurface:
 *
 * Draws triangles, lit from the viewer where they have normals, in the GL context that was current
 * when it was made. Use and free it with that context current.
 */
typedef struct _OrrGlSurface OrrGlSurface;

OrrGlSurface *orr_gl_surface_new          (GError         **error);
void          orr_gl_surface_free         (OrrGlSurface    *self);
void          orr_gl_surface_set_geometry (OrrGlSurface    *self,
                                           const float     *positions,
                                           const float     *normals,
                                           const guint32   *colours,
                                           gsize            n_vertices,
                                           const guint32   *triangles,
                                           gsize            n_triangles);
gsize         orr_gl_surface_get_count    (OrrGlSurface    *self);
void          orr_gl_surface_draw         (OrrGlSurface    *self,
                                           const OrrGlView *view,
                                           const float      towards_viewer[3],
                                           float            opacity);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrrGlSurface, orr_gl_surface_free)

G_END_DECLS
