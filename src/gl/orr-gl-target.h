/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-gl-program.h"

G_BEGIN_DECLS

/**
 * OrrGlTarget:
 * @framebuffer: to bind for drawing
 * @width: in device pixels
 * @height: in device pixels
 *
 * A picture with depth, off the screen: a drawing that is kept, so that what moves above it (cursor,
 * comet) costs nothing more than copying it. In the GL context that was current when it was made.
 */
typedef struct
{
  GLuint framebuffer;
  GLuint colour;
  GLuint depth;
  int    width;
  int    height;
} OrrGlTarget;

OrrGlTarget *orr_gl_target_new    (int           width,
                                   int           height,
                                   GError      **error);
void         orr_gl_target_free   (OrrGlTarget  *self);
void         orr_gl_target_bind   (OrrGlTarget  *self);
void         orr_gl_target_copy   (OrrGlTarget  *self,
                                   GLuint        framebuffer);
guint8      *orr_gl_target_read   (OrrGlTarget  *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrrGlTarget, orr_gl_target_free)

G_END_DECLS
