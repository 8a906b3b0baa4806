/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-renderer.h"

#include <epoxy/gl.h>
#include <string.h>

/**
 * orr_renderer_is_software:
 *
 * Returns: whether OpenGL is there, but computed by the processor (Mesa's llvmpipe, softpipe, swrast)
 */
gboolean
orr_renderer_is_software (GdkDisplay *display)
{
  static const char *const names[] = { "llvmpipe", "softpipe", "Software Rasterizer" };
  g_autoptr (GdkGLContext) context = gdk_display_create_gl_context (display, NULL);
  const char *renderer;
  gboolean software = FALSE;

  if (context == NULL || !gdk_gl_context_realize (context, NULL))
    return FALSE;
  gdk_gl_context_make_current (context);
  renderer = (const char *) glGetString (GL_RENDERER);
  for (guint i = 0; i < G_N_ELEMENTS (names) && renderer != NULL; i++)
    software = software || strstr (renderer, names[i]) != NULL;
  gdk_gl_context_clear_current ();
  return software;
}

/**
 * orr_renderer_choose:
 *
 * Lets GTK draw windows with Cairo where OpenGL is only emulated: GTK's GL renderer draws the whole
 * window anew in every frame, which takes the processor four times as long as what has changed. The
 * orbit is drawn with OpenGL either way. To be called before the first window is shown; a person's own
 * choice in the environment (GSK_RENDERER) stands.
 */
void
orr_renderer_choose (GdkDisplay *display)
{
  if (g_getenv ("GSK_RENDERER") == NULL && orr_renderer_is_software (display))
    g_setenv ("GSK_RENDERER", "cairo", FALSE);
}
