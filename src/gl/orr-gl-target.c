/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-gl-target.h"

#include <string.h>

#include "orr-error.h"

/**
 * orr_gl_target_new:
 * @width: in device pixels
 * @height: in device pixels
 *
 * Leaves the new framebuffer bound. Fails with %ORR_ERROR_FAILED.
 *
 * Returns: (transfer full) (nullable): a picture of undefined content
 */
OrrGlTarget *
orr_gl_target_new (int width, int height, GError **error)
{
  g_autoptr (OrrGlTarget) self = g_new0 (OrrGlTarget, 1);

  self->width = MAX (width, 1);
  self->height = MAX (height, 1);
  glGenFramebuffers (1, &self->framebuffer);
  glGenRenderbuffers (1, &self->colour);
  glGenRenderbuffers (1, &self->depth);
  glBindFramebuffer (GL_FRAMEBUFFER, self->framebuffer);
  glBindRenderbuffer (GL_RENDERBUFFER, self->colour);
  glRenderbufferStorage (GL_RENDERBUFFER, GL_RGBA8, self->width, self->height);
  glFramebufferRenderbuffer (GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_RENDERBUFFER, self->colour);
  glBindRenderbuffer (GL_RENDERBUFFER, self->depth);
  glRenderbufferStorage (GL_RENDERBUFFER, GL_DEPTH_COMPONENT24, self->width, self->height);
  glFramebufferRenderbuffer (GL_FRAMEBUFFER, GL_DEPTH_ATTACHMENT, GL_RENDERBUFFER, self->depth);
  glBindRenderbuffer (GL_RENDERBUFFER, 0);

  if (glCheckFramebufferStatus (GL_FRAMEBUFFER) != GL_FRAMEBUFFER_COMPLETE)
    {
      g_set_error (error, ORR_ERROR, ORR_ERROR_FAILED,
                   "The graphics driver could not make a picture of %d x %d pixels.", self->width,
                   self->height);
      return NULL;
    }
  return g_steal_pointer (&self);
}

void
orr_gl_target_free (OrrGlTarget *self)
{
  if (self == NULL)
    return;
  glDeleteFramebuffers (1, &self->framebuffer);
  glDeleteRenderbuffers (1, &self->colour);
  glDeleteRenderbuffers (1, &self->depth);
  g_free (self);
}

/**
 * orr_gl_target_bind:
 *
 * What is drawn from now on goes into the picture.
 */
void
orr_gl_target_bind (OrrGlTarget *self)
{
  glBindFramebuffer (GL_FRAMEBUFFER, self->framebuffer);
  glViewport (0, 0, self->width, self->height);
}

/**
 * orr_gl_target_copy:
 * @framebuffer: of the same size; left bound
 *
 * Copies the colours.
 */
void
orr_gl_target_copy (OrrGlTarget *self, GLuint framebuffer)
{
  glBindFramebuffer (GL_READ_FRAMEBUFFER, self->framebuffer);
  glBindFramebuffer (GL_DRAW_FRAMEBUFFER, framebuffer);
  glBlitFramebuffer (0, 0, self->width, self->height, 0, 0, self->width, self->height, GL_COLOR_BUFFER_BIT,
                     GL_NEAREST);
  glBindFramebuffer (GL_FRAMEBUFFER, framebuffer);
}

/**
 * orr_gl_target_read:
 *
 * Returns: (transfer full): @height rows from the top of @width pixels, bytes red, green, blue, alpha
 */
guint8 *
orr_gl_target_read (OrrGlTarget *self)
{
  gsize stride = 4 * (gsize) self->width;
  guint8 *pixels = g_malloc (stride * self->height);
  g_autofree guint8 *row = g_malloc (stride);

  glBindFramebuffer (GL_FRAMEBUFFER, self->framebuffer);
  glPixelStorei (GL_PACK_ALIGNMENT, 4);
  glReadPixels (0, 0, self->width, self->height, GL_RGBA, GL_UNSIGNED_BYTE, pixels);
  for (int y = 0; y < self->height / 2; y++)
    {
      guint8 *top = pixels + y * stride;
      guint8 *bottom = pixels + (self->height - 1 - y) * stride;

      memcpy (row, top, stride);
      memcpy (top, bottom, stride);
      memcpy (bottom, row, stride);
    }
  return pixels;
}
