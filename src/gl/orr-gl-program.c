/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-gl-program.h"

#include "orr-error.h"

/* The shaders are written in what GLSL 3.30 and GLSL ES 3.00 share; only their first lines differ. */
#define HEADER_DESKTOP "#version 330 core\n"
#define HEADER_ES "#version 300 es\nprecision highp float;\nprecision highp int;\n"

/* Every vertex shader begins with this: the view, and how far things fade into the background.
 * Normalised depth is 0 in the middle of the scene and +-2/3 at its ends; the nearer half is clear. */
#define VERTEX_COMMON                                                                                        \
  "uniform mat4 matrix;\n"                                                                                   \
  "uniform vec2 viewport;\n"                                                                                 \
  "uniform float scale;\n"                                                                                   \
  "uniform float fog;\n"                                                                                     \
  "uniform vec3 background;\n"                                                                               \
  "vec4 in_fog (vec4 colour, float depth)\n"                                                                 \
  "{\n"                                                                                                      \
  "  float far = clamp (1.5 * depth, 0.0, 1.0);\n"                                                           \
  "  return vec4 (mix (colour.rgb, background, fog * far), colour.a);\n"                                     \
  "}\n"

/**
 * orr_gl_check_version:
 *
 * Whether the current context can run the shaders: OpenGL 3.3 or OpenGL ES 3.0, or newer. Fails with
 * %ORR_ERROR_FAILED and a sentence that names what was found.
 */
gboolean
orr_gl_check_version (GError **error)
{
  int needed = epoxy_is_desktop_gl () ? 33 : 30;
  int found = epoxy_gl_version ();

  if (found >= needed)
    return TRUE;
  g_set_error (error, ORR_ERROR, ORR_ERROR_FAILED,
               "The graphics driver offers %s %d.%d, but 3D views need OpenGL 3.3 or OpenGL ES 3.0.",
               epoxy_is_desktop_gl () ? "OpenGL" : "OpenGL ES", found / 10, found % 10);
  return FALSE;
}

static GLuint
compile (GLenum kind, const char *source, GError **error)
{
  const char *parts[] = { epoxy_is_desktop_gl () ? HEADER_DESKTOP : HEADER_ES,
                          kind == GL_VERTEX_SHADER ? VERTEX_COMMON : "", source };
  GLuint shader = glCreateShader (kind);
  GLint fine = GL_FALSE;
  char log[1024] = "";

  glShaderSource (shader, G_N_ELEMENTS (parts), parts, NULL);
  glCompileShader (shader);
  glGetShaderiv (shader, GL_COMPILE_STATUS, &fine);
  if (fine)
    return shader;

  glGetShaderInfoLog (shader, sizeof log, NULL, log);
  g_set_error (error, ORR_ERROR, ORR_ERROR_FAILED, "The graphics driver refused a %s shader: %s",
               kind == GL_VERTEX_SHADER ? "vertex" : "fragment", g_strstrip (log));
  glDeleteShader (shader);
  return 0;
}

/**
 * orr_gl_program_new:
 * @vertex: GLSL without its `#version` line; in_fog() and the uniforms of the view are there already
 * @fragment: GLSL without its `#version` line
 *
 * Compiles and links for the current context. Fails with %ORR_ERROR_FAILED.
 *
 * Returns: the program, to be deleted with glDeleteProgram(); 0 on failure
 */
GLuint
orr_gl_program_new (const char *vertex, const char *fragment, GError **error)
{
  GLuint shaders[2] = { 0, 0 };
  GLuint program = 0;
  GLint fine = GL_FALSE;

  shaders[0] = compile (GL_VERTEX_SHADER, vertex, error);
  if (shaders[0] != 0)
    shaders[1] = compile (GL_FRAGMENT_SHADER, fragment, error);
  if (shaders[1] != 0)
    {
      program = glCreateProgram ();
      glAttachShader (program, shaders[0]);
      glAttachShader (program, shaders[1]);
      glLinkProgram (program);
      glGetProgramiv (program, GL_LINK_STATUS, &fine);
      if (!fine)
        {
          char log[1024] = "";

          glGetProgramInfoLog (program, sizeof log, NULL, log);
          g_set_error (error, ORR_ERROR, ORR_ERROR_FAILED, "The graphics driver could not link a shader: %s",
                       g_strstrip (log));
          glDeleteProgram (program);
          program = 0;
        }
    }
  for (int i = 0; i < 2; i++)
    if (shaders[i] != 0)
      glDeleteShader (shaders[i]);
  return program;
}

/**
 * orr_gl_program_use:
 *
 * Makes @program the one that draws, with @view in its uniforms.
 */
void
orr_gl_program_use (GLuint program, const OrrGlView *view)
{
  glUseProgram (program);
  glUniformMatrix4fv (glGetUniformLocation (program, "matrix"), 1, GL_FALSE, view->matrix);
  glUniform2f (glGetUniformLocation (program, "viewport"), view->width, view->height);
  glUniform3fv (glGetUniformLocation (program, "background"), 1, view->background);
  orr_gl_program_set_float (program, "scale", view->scale);
  orr_gl_program_set_float (program, "fog", view->fog);
}

void
orr_gl_program_set_float (GLuint program, const char *name, float value)
{
  glUniform1f (glGetUniformLocation (program, name), value);
}
