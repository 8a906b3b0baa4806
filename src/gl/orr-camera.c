/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-camera.h"

#include <math.h>
#include <string.h>

/* Half the vertical opening angle of the perspective view, in radians: narrow, so that depth is
 * readable without bending the orbit's proportions. */
#define HALF_ANGLE (16.0 * G_PI / 180.0)
#define SMALLEST_SPAN 1e-6
#define LARGEST_SPAN 1e9
/* A fitted sphere leaves this much room around itself. */
#define FIT_MARGIN 1.08

static double
dot (const double a[3], const double b[3])
{
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

static void
cross (const double a[3], const double b[3], double out[3])
{
  out[0] = a[1] * b[2] - a[2] * b[1];
  out[1] = a[2] * b[0] - a[0] * b[2];
  out[2] = a[0] * b[1] - a[1] * b[0];
}

/* Returns FALSE, leaving @v alone, where it has no direction. */
static gboolean
normalise (double v[3])
{
  double length = sqrt (dot (v, v));

  if (!(length > 1e-12))
    return FALSE;
  for (int k = 0; k < 3; k++)
    v[k] /= length;
  return TRUE;
}

/* Gram-Schmidt from the back axis: keeps small rotations from drifting out of orthonormality. */
static void
orthonormalise (OrrCamera *self)
{
  double *right = self->axes[0], *up = self->axes[1], *back = self->axes[2];
  double along;

  normalise (back);
  along = dot (up, back);
  for (int k = 0; k < 3; k++)
    up[k] -= along * back[k];
  normalise (up);
  cross (up, back, right);
}

/* Turns the world seen by the camera by @angle about @axis, both in camera coordinates: the rows of
 * the world-to-camera rotation become R(axis, angle) axes (Rodrigues' formula). */
static void
rotate_about (OrrCamera *self, const double axis[3], double angle)
{
  double c = cos (angle), s = sin (angle);
  double rotated[3][3];

  for (int column = 0; column < 3; column++)
    {
      double v[3] = { self->axes[0][column], self->axes[1][column], self->axes[2][column] };
      double across[3];
      double along = dot (axis, v);

      cross (axis, v, across);
      for (int k = 0; k < 3; k++)
        rotated[k][column] = v[k] * c + across[k] * s + axis[k] * along * (1.0 - c);
    }
  memcpy (self->axes, rotated, sizeof rotated);
  orthonormalise (self);
}

/* World units of one logical pixel at the target. */
static double
pixel_size (const OrrCamera *self)
{
  return self->span / MAX (self->height, 1.0);
}

/**
 * orr_camera_init:
 *
 * Looks along the third axis: the first one to the right, the second one up.
 */
void
orr_camera_init (OrrCamera *self)
{
  memset (self, 0, sizeof *self);
  for (int k = 0; k < 3; k++)
    self->axes[k][k] = 1.0;
  self->width = self->height = 1.0;
  self->span = 2.0;
  self->radius = 1.0;
}

/**
 * orr_camera_fit:
 * @centre: [3] middle of what is to be seen
 * @radius: every visible point lies within this distance of @centre
 *
 * Shows all of a sphere; the directions stay as they are.
 */
void
orr_camera_fit (OrrCamera *self, const double centre[3], double radius)
{
  double aspect = self->width / MAX (self->height, 1.0);

  self->radius = radius > 0.0 && isfinite (radius) ? radius : 1.0;
  for (int k = 0; k < 3; k++)
    self->target[k] = self->centre[k] = centre[k];

  /* A sphere seen in perspective reaches further than its equator: 1/cos of half the angle. */
  self->span = 2.0 * self->radius * FIT_MARGIN;
  if (self->perspective)
    self->span /= cos (HALF_ANGLE);
  if (aspect < 1.0 && aspect > 0.0)
    self->span /= aspect;
  self->span = CLAMP (self->span, SMALLEST_SPAN, LARGEST_SPAN);
}

/**
 * orr_camera_fit_box:
 * @low: [3] least coordinates
 * @high: [3] greatest coordinates
 *
 * Shows all of a box as large as it goes in the present directions (in perspective: all of it that
 * lies no nearer than its middle). After a turn parts may lie outside the picture.
 */
void
orr_camera_fit_box (OrrCamera *self, const double low[3], const double high[3])
{
  double centre[3], half[3], extent[2] = { 0, 0 };

  for (int k = 0; k < 3; k++)
    {
      centre[k] = 0.5 * (low[k] + high[k]);
      half[k] = 0.5 * (high[k] - low[k]);
    }
  orr_camera_fit (self, centre, sqrt (dot (half, half)));
  for (int i = 0; i < 2; i++)
    for (int k = 0; k < 3; k++)
      extent[i] += 2.0 * FIT_MARGIN * fabs (self->axes[i][k]) * half[k];
  extent[0] *= self->height / MAX (self->width, 1.0);
  self->span = CLAMP (MAX (extent[0], extent[1]), 0.05 * self->radius, self->span);
}

/**
 * orr_camera_resize:
 * @width: in logical pixels
 * @height: in logical pixels
 *
 * Keeps what is seen of the shorter side.
 */
void
orr_camera_resize (OrrCamera *self, double width, double height)
{
  double old_short = MIN (1.0, self->width / MAX (self->height, 1.0));
  double new_short;

  g_return_if_fail (width > 0.0 && height > 0.0);

  new_short = MIN (1.0, width / height);
  self->span *= old_short / new_short;
  self->width = width;
  self->height = height;
}

/**
 * orr_camera_face:
 * @right: [3] direction of the world to show to the right
 * @up: [3] direction of the world to show upwards
 *
 * Nothing happens where the two do not span a plane.
 */
void
orr_camera_face (OrrCamera *self, const double right[3], const double up[3])
{
  double back[3];

  cross (right, up, back);
  if (!normalise (back))
    return;
  memcpy (self->axes[2], back, sizeof back);
  memcpy (self->axes[1], up, 3 * sizeof (double));
  orthonormalise (self);
}

/* Point of the trackball under a pixel: a sphere in the middle, a hyperbola outside (so that a drag
 * near the edge rolls smoothly instead of stopping). */
static void
on_ball (const OrrCamera *self, double x, double y, double out[3])
{
  double radius = 0.5 * MIN (self->width, self->height);
  double u = (x - 0.5 * self->width) / radius;
  double v = (0.5 * self->height - y) / radius;
  double square = u * u + v * v;

  out[0] = u;
  out[1] = v;
  out[2] = square <= 0.5 ? sqrt (1.0 - square) : 0.5 / sqrt (square);
  normalise (out);
}

/**
 * orr_camera_arcball:
 *
 * Turns the world as if it were a ball held at (@from_x, @from_y) and dragged to (@to_x, @to_y).
 */
void
orr_camera_arcball (OrrCamera *self, double from_x, double from_y, double to_x, double to_y)
{
  double from[3], to[3], axis[3];
  double angle;

  on_ball (self, from_x, from_y, from);
  on_ball (self, to_x, to_y, to);
  cross (from, to, axis);
  angle = atan2 (sqrt (dot (axis, axis)), dot (from, to));
  if (normalise (axis))
    rotate_about (self, axis, angle);
}

/**
 * orr_camera_turn:
 * @yaw: radians about the screen's upward axis; positive carries the front to the right
 * @pitch: radians about the screen's rightward axis; positive carries the front down
 * @roll: radians in the screen; positive turns anticlockwise
 */
void
orr_camera_turn (OrrCamera *self, double yaw, double pitch, double roll)
{
  const double right[3] = { 1, 0, 0 }, up[3] = { 0, 1, 0 }, back[3] = { 0, 0, 1 };

  rotate_about (self, up, yaw);
  rotate_about (self, right, pitch);
  rotate_about (self, back, roll);
}

/**
 * orr_camera_pan:
 * @dx: logical pixels to the right
 * @dy: logical pixels down
 *
 * Moves the picture: what lies in the target's plane follows the pointer exactly.
 */
void
orr_camera_pan (OrrCamera *self, double dx, double dy)
{
  double size = pixel_size (self);

  for (int k = 0; k < 3; k++)
    self->target[k] += size * (dy * self->axes[1][k] - dx * self->axes[0][k]);
}

/**
 * orr_camera_zoom:
 * @factor: above 1 shows things larger
 * @x: pixel that stays where it is
 * @y: pixel that stays where it is
 */
void
orr_camera_zoom (OrrCamera *self, double factor, double x, double y)
{
  double span = CLAMP (self->span / factor, SMALLEST_SPAN, LARGEST_SPAN);
  double shift;

  g_return_if_fail (factor > 0.0);

  shift = (self->span - span) / MAX (self->height, 1.0);
  for (int k = 0; k < 3; k++)
    self->target[k] += shift * ((x - 0.5 * self->width) * self->axes[0][k]
                                + (0.5 * self->height - y) * self->axes[1][k]);
  self->span = span;
}

/* Axis and angle of the rotation that takes the axes of @from to those of @to. */
static double
rotation_between (const OrrCamera *from, const OrrCamera *to, double axis[3])
{
  double r[3][3];
  double cosine;

  for (int i = 0; i < 3; i++)
    for (int j = 0; j < 3; j++)
      r[i][j] = dot (to->axes[i], from->axes[j]);

  cosine = CLAMP (0.5 * (r[0][0] + r[1][1] + r[2][2] - 1.0), -1.0, 1.0);
  axis[0] = r[2][1] - r[1][2];
  axis[1] = r[0][2] - r[2][0];
  axis[2] = r[1][0] - r[0][1];
  if (normalise (axis))
    return acos (cosine);

  /* No turn, or half a turn: then R = 2 axis axis^T - I, whose largest column points along it. */
  if (cosine > 0.0)
    return 0.0;
  int k = r[0][0] > r[1][1] ? (r[0][0] > r[2][2] ? 0 : 2) : (r[1][1] > r[2][2] ? 1 : 2);
  for (int i = 0; i < 3; i++)
    axis[i] = r[i][k] + (i == k ? 1.0 : 0.0);
  normalise (axis);
  return G_PI;
}

/**
 * orr_camera_interpolate:
 * @t: 0 gives @from, 1 gives @to
 *
 * A view between two others: turned evenly, zoomed by even factors. The picture's size and the kind
 * of projection are those of @to.
 */
void
orr_camera_interpolate (OrrCamera *self, const OrrCamera *from, const OrrCamera *to, double t)
{
  OrrCamera between = *to;
  double axis[3];
  double angle = rotation_between (from, to, axis);

  memcpy (between.axes, from->axes, sizeof between.axes);
  if (angle > 0.0)
    rotate_about (&between, axis, angle * t);
  between.span = from->span * pow (to->span / from->span, t);
  for (int k = 0; k < 3; k++)
    between.target[k] = from->target[k] + t * (to->target[k] - from->target[k]);
  *self = t >= 1.0 ? *to : between;
}

/**
 * orr_camera_distance:
 *
 * Returns: distance of the eye from the target in world units (in the orthographic view: where the
 * eye of the perspective view would be)
 */
double
orr_camera_distance (const OrrCamera *self)
{
  return 0.5 * self->span / tan (HALF_ANGLE);
}

/* How much larger or smaller than in the target's plane things at @depth appear. */
static double
depth_scale (const OrrCamera *self, double depth)
{
  double distance = orr_camera_distance (self);

  return self->perspective ? distance / (distance + depth) : 1.0;
}

/**
 * orr_camera_project:
 * @world: [3] point
 * @screen: (out): [3] x and y in logical pixels, depth in world units
 *
 * Returns: whether the point lies before the eye; @screen is meaningless otherwise
 */
gboolean
orr_camera_project (const OrrCamera *self, const double world[3], double screen[3])
{
  double from_target[3] = { world[0] - self->target[0], world[1] - self->target[1],
                            world[2] - self->target[2] };
  double depth = -dot (self->axes[2], from_target);
  double scale = depth_scale (self, depth) / pixel_size (self);

  screen[0] = 0.5 * self->width + scale * dot (self->axes[0], from_target);
  screen[1] = 0.5 * self->height - scale * dot (self->axes[1], from_target);
  screen[2] = depth;
  return !self->perspective || depth > -0.999 * orr_camera_distance (self);
}

/**
 * orr_camera_unproject:
 * @screen: [3] x and y in logical pixels, depth in world units
 * @world: (out): [3] the point that orr_camera_project() takes there
 */
void
orr_camera_unproject (const OrrCamera *self, const double screen[3], double world[3])
{
  double size = pixel_size (self) / depth_scale (self, screen[2]);
  double right = size * (screen[0] - 0.5 * self->width);
  double up = size * (0.5 * self->height - screen[1]);

  for (int k = 0; k < 3; k++)
    world[k] = self->target[k] + right * self->axes[0][k] + up * self->axes[1][k]
               - screen[2] * self->axes[2][k];
}

/**
 * orr_camera_ray:
 * @origin: (out): [3] where the line of sight starts: the eye, or in the orthographic view a point
 *   of the plane through the eye
 * @direction: (out): [3] unit vector away from the viewer
 *
 * The line of sight through a pixel, for picking.
 */
void
orr_camera_ray (const OrrCamera *self, double x, double y, double origin[3], double direction[3])
{
  const double near_pixel[3] = { x, y, 0.0 };
  double at_target[3];
  double distance = orr_camera_distance (self);

  orr_camera_unproject (self, near_pixel, at_target);
  for (int k = 0; k < 3; k++)
    {
      origin[k] = (self->perspective ? self->target[k] : at_target[k]) + distance * self->axes[2][k];
      direction[k] = at_target[k] - origin[k];
    }
  normalise (direction);
}

/**
 * orr_camera_matrix:
 * @matrix: (out): [16] column-major, as GL takes it: world to clip coordinates
 *
 * The clipping planes enclose the fitted sphere (@centre, @radius) with a margin, as far as it lies
 * before the eye; normalised depth is therefore comparable between views.
 */
void
orr_camera_matrix (const OrrCamera *self, float matrix[16])
{
  double distance = orr_camera_distance (self);
  double to_centre[3] = { self->centre[0] - self->target[0], self->centre[1] - self->target[1],
                          self->centre[2] - self->target[2] };
  double middle = distance - dot (self->axes[2], to_centre);
  double reach = 1.5 * self->radius;
  double near_plane = middle - reach, far_plane = middle + reach;
  double half_height = 0.5 * self->span;
  double half_width = half_height * self->width / MAX (self->height, 1.0);
  /* Rows of the clip-space matrix in terms of camera coordinates x, y, z (z towards the viewer, eye
   * at z = distance) and 1. */
  double rows[4][4] = { { 0 } };

  if (self->perspective)
    {
      near_plane = MAX (near_plane, 0.01 * distance);
      far_plane = MAX (far_plane, 1.01 * near_plane);
      double depth_a = (far_plane + near_plane) / (far_plane - near_plane);
      double depth_b = 2.0 * far_plane * near_plane / (far_plane - near_plane);

      rows[0][0] = distance / half_width;
      rows[1][1] = distance / half_height;
      rows[2][2] = -depth_a;
      rows[2][3] = depth_a * distance - depth_b;
      rows[3][2] = -1.0;
      rows[3][3] = distance;
    }
  else
    {
      rows[0][0] = 1.0 / half_width;
      rows[1][1] = 1.0 / half_height;
      rows[2][2] = -2.0 / (far_plane - near_plane);
      rows[2][3] = (2.0 * distance - far_plane - near_plane) / (far_plane - near_plane);
      rows[3][3] = 1.0;
    }

  for (int i = 0; i < 4; i++)
    {
      double constant = rows[i][3];

      for (int j = 0; j < 3; j++)
        {
          double value = 0.0;

          for (int k = 0; k < 3; k++)
            value += rows[i][k] * self->axes[k][j];
          matrix[4 * j + i] = value;
          constant -= value * self->target[j];
        }
      matrix[12 + i] = constant;
    }
}
