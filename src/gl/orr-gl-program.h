/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <epoxy/gl.h>
#include <glib.h>

G_BEGIN_DECLS

/**
 * OrrGlView:
 * @matrix: column-major, world to clip coordinates (see orr_camera_matrix())
 * @width: width of the picture in device pixels
 * @height: height of the picture in device pixels
 * @scale: device pixels of one logical pixel
 * @fog: 0 to 1, how much of the background the furthest things take on
 * @background: red, green and blue, each 0 to 1
 *
 * What all renderers need to know to draw one frame.
 */
typedef struct
{
  float matrix[16];
  float width;
  float height;
  float scale;
  float fog;
  float background[3];
} OrrGlView;

gboolean orr_gl_check_version    (GError         **error);
GLuint   orr_gl_program_new      (const char      *vertex,
                                  const char      *fragment,
                                  GError         **error);
void     orr_gl_program_use      (GLuint           program,
                                  const OrrGlView *view);
void     orr_gl_program_set_float (GLuint          program,
                                   const char     *name,
                                   float           value);

G_END_DECLS
