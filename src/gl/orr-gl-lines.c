/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-gl-lines.h"

#include <string.h>

/* One segment is one instance of a four-cornered strip, widened in the shader: lines wider than a
 * pixel are not to be had from core GL, and smooth ones cost five times as much in software. */
struct _OrrGlLines
{
  GLuint   program;
  GLuint   vertex_array;
  GLuint   buffers[2];
  guint32 *starts;
  gsize    n_segments;
};

typedef struct
{
  float start[3];
  float end[3];
} Segment;

typedef struct
{
  guint32 start;
  guint32 end;
} SegmentColours;

/* Parts behind the near plane are cut off before the division by w. Corners leave with w = 1, so that
 * the position within the line is interpolated evenly on the screen. */
static const char *vertex_source =
  "layout (location = 0) in vec3 start;\n"
  "layout (location = 1) in vec3 end;\n"
  "layout (location = 2) in vec4 start_colour;\n"
  "layout (location = 3) in vec4 end_colour;\n"
  "uniform float width;\n"
  "out vec4 colour;\n"
  "out vec3 place;\n"
  "void main ()\n"
  "{\n"
  "  vec4 a = matrix * vec4 (start, 1.0);\n"
  "  vec4 b = matrix * vec4 (end, 1.0);\n"
  "  float in_a = a.z + a.w;\n"
  "  float in_b = b.z + b.w;\n"
  "  gl_Position = vec4 (2.0, 2.0, 2.0, 1.0);\n"
  "  colour = vec4 (0.0);\n"
  "  place = vec3 (0.0);\n"
  "  if (in_a <= 0.0 && in_b <= 0.0)\n"
  "    return;\n"
  "  if (in_a < 0.0)\n"
  "    a = mix (a, b, 1.001 * in_a / (in_a - in_b));\n"
  "  if (in_b < 0.0)\n"
  "    b = mix (b, a, 1.001 * in_b / (in_b - in_a));\n"
  "  vec2 pixel_a = 0.5 * viewport * a.xy / a.w;\n"
  "  vec2 pixel_b = 0.5 * viewport * b.xy / b.w;\n"
  "  vec2 along = pixel_b - pixel_a;\n"
  "  float extent = length (along);\n"
  "  along = extent > 1e-4 ? along / extent : vec2 (1.0, 0.0);\n"
  "  float reach = 0.5 * width + 0.6;\n"
  "  float side = (gl_VertexID & 1) == 0 ? -reach : reach;\n"
  "  bool at_end = gl_VertexID >= 2;\n"
  "  vec4 c = at_end ? b : a;\n"
  "  vec2 pixel = (at_end ? pixel_b + reach * along : pixel_a - reach * along)\n"
  "               + side * vec2 (-along.y, along.x);\n"
  "  float depth = c.z / c.w;\n"
  "  gl_Position = vec4 (2.0 * pixel / viewport, depth, 1.0);\n"
  "  colour = in_fog (at_end ? end_colour : start_colour, depth);\n"
  "  place = vec3 (at_end ? extent + reach : -reach, side, extent);\n"
  "}\n";

/* The distance to the segment gives round ends, which join a polyline without gaps. */
static const char *fragment_source =
  "uniform float width;\n"
  "uniform float opacity;\n"
  "in vec4 colour;\n"
  "in vec3 place;\n"
  "out vec4 result;\n"
  "void main ()\n"
  "{\n"
  "  float beyond = place.x - clamp (place.x, 0.0, place.z);\n"
  "  float cover = clamp (0.5 * width + 0.5 - length (vec2 (beyond, place.y)), 0.0, 1.0);\n"
  "  float alpha = cover * colour.a * opacity * min (width, 1.0);\n"
  "  if (alpha < 0.02)\n"
  "    discard;\n"
  "  result = vec4 (colour.rgb, alpha);\n"
  "}\n";

/**
 * orr_gl_lines_new:
 *
 * Returns: (transfer full) (nullable): an empty set of lines for the current context
 */
OrrGlLines *
orr_gl_lines_new (GError **error)
{
  GLuint program = orr_gl_program_new (vertex_source, fragment_source, error);
  OrrGlLines *self;

  if (program == 0)
    return NULL;
  self = g_new0 (OrrGlLines, 1);
  self->program = program;
  glGenVertexArrays (1, &self->vertex_array);
  glGenBuffers (2, self->buffers);
  return self;
}

void
orr_gl_lines_free (OrrGlLines *self)
{
  if (self == NULL)
    return;
  glDeleteProgram (self->program);
  glDeleteVertexArrays (1, &self->vertex_array);
  glDeleteBuffers (2, self->buffers);
  g_free (self->starts);
  g_free (self);
}

/**
 * orr_gl_lines_set_geometry:
 * @positions: [N x 3] vertices, in world units
 * @starts: [@n_segments] a segment joins vertex starts[i] with the one after it, starts[i] + 1 < N
 *
 * Segments are drawn in the order of @starts: whoever wants to draw a fraction of a long line gives
 * them in an order of which every beginning is an even sample. Colours have to be set again.
 */
void
orr_gl_lines_set_geometry (OrrGlLines *self, const float *positions, const guint32 *starts, gsize n_segments)
{
  g_autofree Segment *segments = g_new (Segment, MAX (n_segments, 1));

  for (gsize i = 0; i < n_segments; i++)
    memcpy (&segments[i], positions + 3 * (gsize) starts[i], sizeof segments[i]);

  g_free (self->starts);
  self->starts = g_memdup2 (starts, n_segments * sizeof *starts);
  self->n_segments = n_segments;
  glBindBuffer (GL_ARRAY_BUFFER, self->buffers[0]);
  glBufferData (GL_ARRAY_BUFFER, n_segments * sizeof *segments, segments, GL_STATIC_DRAW);
  glBindBuffer (GL_ARRAY_BUFFER, 0);
}

/**
 * orr_gl_lines_set_colours:
 * @colours: [N] one for each vertex, bytes red, green, blue, alpha in memory order
 */
void
orr_gl_lines_set_colours (OrrGlLines *self, const guint32 *colours)
{
  g_autofree SegmentColours *pairs = g_new (SegmentColours, MAX (self->n_segments, 1));

  for (gsize i = 0; i < self->n_segments; i++)
    memcpy (&pairs[i], colours + self->starts[i], sizeof pairs[i]);
  glBindBuffer (GL_ARRAY_BUFFER, self->buffers[1]);
  glBufferData (GL_ARRAY_BUFFER, self->n_segments * sizeof *pairs, pairs, GL_STATIC_DRAW);
  glBindBuffer (GL_ARRAY_BUFFER, 0);
}

gsize
orr_gl_lines_get_count (OrrGlLines *self)
{
  return self->n_segments;
}

static void
point_at (GLuint location, GLint size, GLenum type, GLboolean normalised, gsize stride, gsize offset)
{
  glVertexAttribPointer (location, size, type, normalised, stride, GSIZE_TO_POINTER (offset));
  glVertexAttribDivisor (location, 1);
  glEnableVertexAttribArray (location);
}

/**
 * orr_gl_lines_draw:
 * @first: first segment, in the order given
 * @count: how many segments; cut to what there is
 * @width: in logical pixels
 * @opacity: multiplies the colours' alpha
 *
 * The caller has set blending (source alpha, one minus source alpha) and the depth test.
 */
void
orr_gl_lines_draw (OrrGlLines *self, const OrrGlView *view, gsize first, gsize count, float width,
                   float opacity)
{
  if (first >= self->n_segments)
    return;
  count = MIN (count, self->n_segments - first);

  orr_gl_program_use (self->program, view);
  orr_gl_program_set_float (self->program, "width", width * view->scale);
  orr_gl_program_set_float (self->program, "opacity", opacity);

  /* GLES 3.0 has no base instance: the range is chosen by where the attributes start. */
  glBindVertexArray (self->vertex_array);
  glBindBuffer (GL_ARRAY_BUFFER, self->buffers[0]);
  point_at (0, 3, GL_FLOAT, GL_FALSE, sizeof (Segment), first * sizeof (Segment));
  point_at (1, 3, GL_FLOAT, GL_FALSE, sizeof (Segment),
            first * sizeof (Segment) + G_STRUCT_OFFSET (Segment, end));
  glBindBuffer (GL_ARRAY_BUFFER, self->buffers[1]);
  point_at (2, 4, GL_UNSIGNED_BYTE, GL_TRUE, sizeof (SegmentColours), first * sizeof (SegmentColours));
  point_at (3, 4, GL_UNSIGNED_BYTE, GL_TRUE, sizeof (SegmentColours),
            first * sizeof (SegmentColours) + G_STRUCT_OFFSET (SegmentColours, end));
  glDrawArraysInstanced (GL_TRIANGLE_STRIP, 0, 4, count);
  glBindBuffer (GL_ARRAY_BUFFER, 0);
  glBindVertexArray (0);
}
