/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-gl-program.h"

G_BEGIN_DECLS

/**
 * OrrGlLines:
 *
 * Draws line segments of any width with smooth edges, in the GL context that was current when it was
 * made. Use and free it with that context current.
 */
typedef struct _OrrGlLines OrrGlLines;

OrrGlLines *orr_gl_lines_new          (GError         **error);
void        orr_gl_lines_free         (OrrGlLines      *self);
void        orr_gl_lines_set_geometry (OrrGlLines      *self,
                                       const float     *positions,
                                       const guint32   *starts,
                                       gsize            n_segments);
void        orr_gl_lines_set_colours  (OrrGlLines      *self,
                                       const guint32   *colours);
gsize       orr_gl_lines_get_count    (OrrGlLines      *self);
void        orr_gl_lines_draw         (OrrGlLines      *self,
                                       const OrrGlView *view,
                                       gsize            first,
                                       gsize            count,
                                       float            width,
                                       float            opacity);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrrGlLines, orr_gl_lines_free)

G_END_DECLS
