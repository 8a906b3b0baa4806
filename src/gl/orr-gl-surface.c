/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-gl-surface.h"

struct _OrrGlSurface
{
  GLuint program;
  GLuint vertex_array;
  GLuint buffers[4];
  gsize  n_triangles;
};

enum
{
  BUFFER_POSITIONS,
  BUFFER_NORMALS,
  BUFFER_COLOURS,
  BUFFER_TRIANGLES,
};

/* Both sides are lit; a normal of length 0 means "flat, as coloured". */
static const char *vertex_source =
  "layout (location = 0) in vec3 position;\n"
  "layout (location = 1) in vec3 normal;\n"
  "layout (location = 2) in vec4 own_colour;\n"
  "uniform vec3 towards_viewer;\n"
  "out vec4 colour;\n"
  "void main ()\n"
  "{\n"
  "  float facing = dot (normal, normal) > 0.0 ? abs (dot (normalize (normal), towards_viewer)) : 1.0;\n"
  "  gl_Position = matrix * vec4 (position, 1.0);\n"
  "  colour = in_fog (vec4 (own_colour.rgb * (0.45 + 0.55 * facing), own_colour.a),\n"
  "                   gl_Position.z / gl_Position.w);\n"
  "}\n";

static const char *fragment_source =
  "uniform float opacity;\n"
  "in vec4 colour;\n"
  "out vec4 result;\n"
  "void main ()\n"
  "{\n"
  "  result = vec4 (colour.rgb, colour.a * opacity);\n"
  "}\n";

/**
 * orr_gl_surface_new:
 *
 * Returns: (transfer full) (nullable): an empty surface for the current context
 */
OrrGlSurface *
orr_gl_surface_new (GError **error)
{
  GLuint program = orr_gl_program_new (vertex_source, fragment_source, error);
  OrrGlSurface *self;

  if (program == 0)
    return NULL;
  self = g_new0 (OrrGlSurface, 1);
  self->program = program;
  glGenVertexArrays (1, &self->vertex_array);
  glGenBuffers (G_N_ELEMENTS (self->buffers), self->buffers);
  glBindVertexArray (self->vertex_array);
  for (GLuint i = BUFFER_POSITIONS; i <= BUFFER_COLOURS; i++)
    {
      gboolean is_colour = i == BUFFER_COLOURS;

      glBindBuffer (GL_ARRAY_BUFFER, self->buffers[i]);
      glVertexAttribPointer (i, is_colour ? 4 : 3, is_colour ? GL_UNSIGNED_BYTE : GL_FLOAT, is_colour, 0,
                             NULL);
      glEnableVertexAttribArray (i);
    }
  glBindBuffer (GL_ELEMENT_ARRAY_BUFFER, self->buffers[BUFFER_TRIANGLES]);
  glBindVertexArray (0);
  glBindBuffer (GL_ARRAY_BUFFER, 0);
  return self;
}

void
orr_gl_surface_free (OrrGlSurface *self)
{
  if (self == NULL)
    return;
  glDeleteProgram (self->program);
  glDeleteVertexArrays (1, &self->vertex_array);
  glDeleteBuffers (G_N_ELEMENTS (self->buffers), self->buffers);
  g_free (self);
}

static void
fill (GLuint buffer, const void *data, gsize size)
{
  glBindBuffer (GL_ARRAY_BUFFER, buffer);
  glBufferData (GL_ARRAY_BUFFER, size, data, GL_STATIC_DRAW);
  glBindBuffer (GL_ARRAY_BUFFER, 0);
}

/**
 * orr_gl_surface_set_geometry:
 * @positions: [@n_vertices x 3] in world units
 * @normals: (nullable): [@n_vertices x 3], of any length; %NULL for a surface that is not lit
 * @colours: [@n_vertices] bytes red, green, blue, alpha in memory order
 * @triangles: [@n_triangles x 3] vertices of each
 */
void
orr_gl_surface_set_geometry (OrrGlSurface *self, const float *positions, const float *normals,
                             const guint32 *colours, gsize n_vertices, const guint32 *triangles,
                             gsize n_triangles)
{
  g_autofree float *flat = normals == NULL ? g_new0 (float, 3 * MAX (n_vertices, 1)) : NULL;

  fill (self->buffers[BUFFER_POSITIONS], positions, 3 * n_vertices * sizeof (float));
  fill (self->buffers[BUFFER_NORMALS], normals != NULL ? normals : flat, 3 * n_vertices * sizeof (float));
  fill (self->buffers[BUFFER_COLOURS], colours, n_vertices * sizeof (guint32));
  glBindVertexArray (self->vertex_array);
  glBufferData (GL_ELEMENT_ARRAY_BUFFER, 3 * n_triangles * sizeof (guint32), triangles, GL_STATIC_DRAW);
  glBindVertexArray (0);
  self->n_triangles = n_triangles;
}

gsize
orr_gl_surface_get_count (OrrGlSurface *self)
{
  return self->n_triangles;
}

/**
 * orr_gl_surface_draw:
 * @towards_viewer: [3] unit vector of the world, the third of the camera's axes
 * @opacity: multiplies the colours' alpha
 *
 * The caller has set blending and the depth test.
 */
void
orr_gl_surface_draw (OrrGlSurface *self, const OrrGlView *view, const float towards_viewer[3], float opacity)
{
  if (self->n_triangles == 0)
    return;
  orr_gl_program_use (self->program, view);
  orr_gl_program_set_float (self->program, "opacity", opacity);
  glUniform3fv (glGetUniformLocation (self->program, "towards_viewer"), 1, towards_viewer);
  glBindVertexArray (self->vertex_array);
  glDrawElements (GL_TRIANGLES, 3 * self->n_triangles, GL_UNSIGNED_INT, NULL);
  glBindVertexArray (0);
}
