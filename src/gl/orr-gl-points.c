/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-gl-points.h"

#include <string.h>

struct _OrrGlPoints
{
  GLuint   program;
  GLuint   vertex_array;
  GLuint   buffers[2];
  guint32 *order;
  gsize    n_points;
};

static const char *vertex_source =
  "layout (location = 0) in vec3 position;\n"
  "layout (location = 1) in vec4 own_colour;\n"
  "uniform float size;\n"
  "out vec4 colour;\n"
  "void main ()\n"
  "{\n"
  "  gl_Position = matrix * vec4 (position, 1.0);\n"
  "  gl_PointSize = size + 1.0;\n"
  "  colour = in_fog (own_colour, gl_Position.z / gl_Position.w);\n"
  "}\n";

static const char *fragment_source =
  "uniform float size;\n"
  "uniform float opacity;\n"
  "in vec4 colour;\n"
  "out vec4 result;\n"
  "void main ()\n"
  "{\n"
  "  float from_centre = length (gl_PointCoord - vec2 (0.5)) * (size + 1.0);\n"
  "  float alpha = clamp (0.5 * size + 0.5 - from_centre, 0.0, 1.0) * colour.a * opacity;\n"
  "  if (alpha < 0.02)\n"
  "    discard;\n"
  "  result = vec4 (colour.rgb, alpha);\n"
  "}\n";

/**
 * orr_gl_points_new:
 *
 * Returns: (transfer full) (nullable): an empty set of points for the current context
 */
OrrGlPoints *
orr_gl_points_new (GError **error)
{
  GLuint program = orr_gl_program_new (vertex_source, fragment_source, error);
  OrrGlPoints *self;

  if (program == 0)
    return NULL;
  self = g_new0 (OrrGlPoints, 1);
  self->program = program;
  glGenVertexArrays (1, &self->vertex_array);
  glGenBuffers (2, self->buffers);
  glBindVertexArray (self->vertex_array);
  glBindBuffer (GL_ARRAY_BUFFER, self->buffers[0]);
  glVertexAttribPointer (0, 3, GL_FLOAT, GL_FALSE, 0, NULL);
  glEnableVertexAttribArray (0);
  glBindBuffer (GL_ARRAY_BUFFER, self->buffers[1]);
  glVertexAttribPointer (1, 4, GL_UNSIGNED_BYTE, GL_TRUE, 0, NULL);
  glEnableVertexAttribArray (1);
  glBindBuffer (GL_ARRAY_BUFFER, 0);
  glBindVertexArray (0);
  return self;
}

void
orr_gl_points_free (OrrGlPoints *self)
{
  if (self == NULL)
    return;
  glDeleteProgram (self->program);
  glDeleteVertexArrays (1, &self->vertex_array);
  glDeleteBuffers (2, self->buffers);
  g_free (self->order);
  g_free (self);
}

/**
 * orr_gl_points_set_geometry:
 * @positions: [N x 3] vertices, in world units
 * @order: [@n_points] which of them to draw, in this order (see orr_gl_lines_set_geometry())
 *
 * Colours have to be set again.
 */
void
orr_gl_points_set_geometry (OrrGlPoints *self, const float *positions, const guint32 *order, gsize n_points)
{
  g_autofree float *sorted = g_new (float, 3 * MAX (n_points, 1));

  for (gsize i = 0; i < n_points; i++)
    memcpy (sorted + 3 * i, positions + 3 * (gsize) order[i], 3 * sizeof (float));

  g_free (self->order);
  self->order = g_memdup2 (order, n_points * sizeof *order);
  self->n_points = n_points;
  glBindBuffer (GL_ARRAY_BUFFER, self->buffers[0]);
  glBufferData (GL_ARRAY_BUFFER, 3 * n_points * sizeof (float), sorted, GL_STATIC_DRAW);
  glBindBuffer (GL_ARRAY_BUFFER, 0);
}

/**
 * orr_gl_points_set_colours:
 * @colours: [N] one for each vertex, bytes red, green, blue, alpha in memory order
 */
void
orr_gl_points_set_colours (OrrGlPoints *self, const guint32 *colours)
{
  g_autofree guint32 *sorted = g_new (guint32, MAX (self->n_points, 1));

  for (gsize i = 0; i < self->n_points; i++)
    sorted[i] = colours[self->order[i]];
  glBindBuffer (GL_ARRAY_BUFFER, self->buffers[1]);
  glBufferData (GL_ARRAY_BUFFER, self->n_points * sizeof *sorted, sorted, GL_STATIC_DRAW);
  glBindBuffer (GL_ARRAY_BUFFER, 0);
}

gsize
orr_gl_points_get_count (OrrGlPoints *self)
{
  return self->n_points;
}

/**
 * orr_gl_points_draw:
 * @first: first point, in the order given
 * @count: how many points; cut to what there is
 * @size: diameter in logical pixels
 * @opacity: multiplies the colours' alpha
 *
 * The caller has set blending and the depth test.
 */
void
orr_gl_points_draw (OrrGlPoints *self, const OrrGlView *view, gsize first, gsize count, float size,
                    float opacity)
{
  if (first >= self->n_points)
    return;
  count = MIN (count, self->n_points - first);

  /* GLES always takes the size from the shader and does not know the switch. */
  if (epoxy_is_desktop_gl ())
    glEnable (GL_PROGRAM_POINT_SIZE);
  orr_gl_program_use (self->program, view);
  orr_gl_program_set_float (self->program, "size", size * view->scale);
  orr_gl_program_set_float (self->program, "opacity", opacity);
  glBindVertexArray (self->vertex_array);
  glDrawArrays (GL_POINTS, first, count);
  glBindVertexArray (0);
}
