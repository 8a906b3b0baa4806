/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-gl-lines.h"
#include "orr-gl-points.h"
#include "orr-gl-surface.h"
#include "orr-gl-target.h"

#include <epoxy/egl.h>

#include <string.h>

#include "orr-camera.h"
#include "orr-error.h"

#define WIDTH 200
#define HEIGHT 100

typedef struct
{
  EGLDisplay   display;
  EGLContext   context;
  OrrGlTarget *target;
  OrrGlView    view;
  OrrCamera    camera;
} Fixture;

#define RED 0xff0000ffu
#define GREEN 0xff00ff00u

/* A context without any display; whether the machine has one is not for this test to judge. */
static gboolean
make_context (Fixture *fixture, gboolean es)
{
  const EGLint config_wish[] = { EGL_SURFACE_TYPE, EGL_PBUFFER_BIT, EGL_RENDERABLE_TYPE,
                                 es ? EGL_OPENGL_ES3_BIT : EGL_OPENGL_BIT, EGL_NONE };
  const EGLint desktop[] = { EGL_CONTEXT_MAJOR_VERSION, 3, EGL_CONTEXT_MINOR_VERSION, 3,
                             EGL_CONTEXT_OPENGL_PROFILE_MASK, EGL_CONTEXT_OPENGL_CORE_PROFILE_BIT, EGL_NONE };
  const EGLint embedded[] = { EGL_CONTEXT_MAJOR_VERSION, 3, EGL_CONTEXT_MINOR_VERSION, 0, EGL_NONE };
  EGLConfig config;
  EGLint n = 0;

  const char *extensions = eglQueryString (EGL_NO_DISPLAY, EGL_EXTENSIONS);
  if (extensions == NULL || !epoxy_extension_in_string (extensions, "EGL_MESA_platform_surfaceless"))
    return FALSE;
  fixture->display = eglGetPlatformDisplayEXT (EGL_PLATFORM_SURFACELESS_MESA, EGL_DEFAULT_DISPLAY, NULL);
  if (!eglInitialize (fixture->display, NULL, NULL) || !eglBindAPI (es ? EGL_OPENGL_ES_API : EGL_OPENGL_API)
      || !eglChooseConfig (fixture->display, config_wish, &config, 1, &n) || n < 1)
    return FALSE;
  fixture->context = eglCreateContext (fixture->display, config, EGL_NO_CONTEXT, es ? embedded : desktop);
  return fixture->context != EGL_NO_CONTEXT
         && eglMakeCurrent (fixture->display, EGL_NO_SURFACE, EGL_NO_SURFACE, fixture->context);
}

static void
set_up (Fixture *fixture, gconstpointer es)
{
  const double origin[3] = { 0, 0, 0 };
  g_autoptr (GError) error = NULL;

  if (!make_context (fixture, GPOINTER_TO_INT (es)))
    return;
  g_assert_true (orr_gl_check_version (&error));
  fixture->target = orr_gl_target_new (WIDTH, HEIGHT, &error);
  g_assert_no_error (error);

  /* One world unit is 25 pixels, the origin in the middle. */
  orr_camera_init (&fixture->camera);
  orr_camera_resize (&fixture->camera, WIDTH, HEIGHT);
  orr_camera_fit (&fixture->camera, origin, 1.0);
  fixture->camera.span = 4.0;
  orr_camera_matrix (&fixture->camera, fixture->view.matrix);
  fixture->view.width = WIDTH;
  fixture->view.height = HEIGHT;
  fixture->view.scale = 1.0f;
  orr_gl_target_bind (fixture->target);
  glEnable (GL_BLEND);
  glBlendFunc (GL_SRC_ALPHA, GL_ONE_MINUS_SRC_ALPHA);
  glEnable (GL_DEPTH_TEST);
  glClearColor (0, 0, 0, 1);
  glClear (GL_COLOR_BUFFER_BIT | GL_DEPTH_BUFFER_BIT);
}

static void
tear_down (Fixture *fixture, gconstpointer es)
{
  if (fixture->target != NULL)
    g_assert_cmpint (glGetError (), ==, GL_NO_ERROR);
  g_clear_pointer (&fixture->target, orr_gl_target_free);
  if (fixture->context != NULL)
    {
      eglMakeCurrent (fixture->display, EGL_NO_SURFACE, EGL_NO_SURFACE, EGL_NO_CONTEXT);
      eglDestroyContext (fixture->display, fixture->context);
    }
}

static gboolean
no_context (Fixture *fixture)
{
  if (fixture->target == NULL)
    g_test_skip ("no off-screen GL context of this kind");
  return fixture->target == NULL;
}

static void
assert_pixel (const guint8 *pixels, int x, int y, int red, int green, int blue)
{
  const guint8 *pixel = pixels + 4 * (y * WIDTH + x);

  g_assert_cmpint (ABS (pixel[0] - red), <=, 2);
  g_assert_cmpint (ABS (pixel[1] - green), <=, 2);
  g_assert_cmpint (ABS (pixel[2] - blue), <=, 2);
}

static gsize
count_lit (const guint8 *pixels)
{
  gsize n = 0;

  for (gsize i = 0; i < WIDTH * HEIGHT; i++)
    n += pixels[4 * i] > 20 || pixels[4 * i + 1] > 20 || pixels[4 * i + 2] > 20;
  return n;
}

static void
test_lines (Fixture *fixture, gconstpointer es)
{
  const float positions[] = { -2, 1, 0, 2, 1, 0, 2, -1, 0, -2, -1, 0 };
  const guint32 colours[] = { RED, RED, GREEN, GREEN };
  const guint32 starts[] = { 0, 2 };
  g_autoptr (GError) error = NULL;

  if (no_context (fixture))
    return;
  g_autoptr (OrrGlLines) lines = orr_gl_lines_new (&error);
  g_assert_no_error (error);
  orr_gl_lines_set_geometry (lines, positions, starts, 2);
  orr_gl_lines_set_colours (lines, colours);
  g_assert_cmpuint (orr_gl_lines_get_count (lines), ==, 2);

  /* Only the second segment, then both: the line from the one to the other is not there. */
  orr_gl_lines_draw (lines, &fixture->view, 1, 99, 4.0f, 1.0f);
  g_autofree guint8 *second = orr_gl_target_read (fixture->target);
  assert_pixel (second, 100, 75, 0, 255, 0);
  assert_pixel (second, 100, 25, 0, 0, 0);
  orr_gl_lines_draw (lines, &fixture->view, 0, 1, 4.0f, 1.0f);
  g_autofree guint8 *both = orr_gl_target_read (fixture->target);
  assert_pixel (both, 100, 25, 255, 0, 0);
  assert_pixel (both, 60, 23, 255, 0, 0);
  assert_pixel (both, 60, 20, 0, 0, 0);
  assert_pixel (both, 150, 50, 0, 0, 0);
  /* 100 pixels long, 4 wide, smooth edges and round ends. */
  g_assert_cmpuint (count_lit (both), >, 2 * 100 * 4);
  g_assert_cmpuint (count_lit (both), <, 2 * 110 * 7);
}

/* A line that passes behind the eye must be cut, not turned inside out. */
static void
test_line_behind_eye (Fixture *fixture, gconstpointer es)
{
  float positions[] = { 0, 1, 0, 0, 1, 0 };
  const guint32 colours[] = { RED, RED };
  const guint32 start = 0;

  if (no_context (fixture))
    return;
  fixture->camera.perspective = TRUE;
  positions[5] = 3.0 * orr_camera_distance (&fixture->camera);
  orr_camera_matrix (&fixture->camera, fixture->view.matrix);
  g_autoptr (OrrGlLines) lines = orr_gl_lines_new (NULL);
  orr_gl_lines_set_geometry (lines, positions, &start, 1);
  orr_gl_lines_set_colours (lines, colours);
  orr_gl_lines_draw (lines, &fixture->view, 0, 1, 3.0f, 1.0f);
  g_autofree guint8 *pixels = orr_gl_target_read (fixture->target);
  assert_pixel (pixels, 100, 21, 255, 0, 0);
  assert_pixel (pixels, 100, 70, 0, 0, 0);
  assert_pixel (pixels, 100, 95, 0, 0, 0);
}

static void
test_points (Fixture *fixture, gconstpointer es)
{
  const float positions[] = { -1, 0, 0, 0, 0, 0, 1, 0, 0 };
  const guint32 colours[] = { RED, GREEN, RED };
  const guint32 order[] = { 2, 0 };

  if (no_context (fixture))
    return;
  g_autoptr (OrrGlPoints) points = orr_gl_points_new (NULL);
  orr_gl_points_set_geometry (points, positions, order, 2);
  orr_gl_points_set_colours (points, colours);
  orr_gl_points_draw (points, &fixture->view, 0, 1, 10.0f, 1.0f);
  g_autofree guint8 *first = orr_gl_target_read (fixture->target);
  assert_pixel (first, 125, 50, 255, 0, 0);
  assert_pixel (first, 75, 50, 0, 0, 0);
  orr_gl_points_draw (points, &fixture->view, 1, 9, 10.0f, 0.5f);
  g_autofree guint8 *all = orr_gl_target_read (fixture->target);
  assert_pixel (all, 75, 50, 128, 0, 0);
  assert_pixel (all, 100, 50, 0, 0, 0);
  /* Round: the corner of its square is empty. */
  assert_pixel (all, 125 - 5, 50 - 5, 0, 0, 0);
}

/* The nearer thing hides the further one whatever the order; fog takes the further one away. */
static void
test_depth_and_fog (Fixture *fixture, gconstpointer es)
{
  const float positions[] = { 0, 0, 0.5f, 0, 0, -0.5f, 1, 0, -1.0f };
  const guint32 colours[] = { RED, GREEN, GREEN };
  const guint32 order[] = { 0, 1, 2 };

  if (no_context (fixture))
    return;
  fixture->view.fog = 1.0f;
  fixture->view.background[2] = 1.0f;
  g_autoptr (OrrGlPoints) points = orr_gl_points_new (NULL);
  orr_gl_points_set_geometry (points, positions, order, 3);
  orr_gl_points_set_colours (points, colours);
  orr_gl_points_draw (points, &fixture->view, 0, 3, 10.0f, 1.0f);
  g_autofree guint8 *pixels = orr_gl_target_read (fixture->target);
  g_assert_cmpint (pixels[4 * (50 * WIDTH + 100)], >, 150);
  g_assert_cmpint (pixels[4 * (50 * WIDTH + 100) + 1], ==, 0);
  assert_pixel (pixels, 125, 50, 0, 0, 255);
}

static void
test_surface (Fixture *fixture, gconstpointer es)
{
  const float positions[] = { -1, -1, 0, 1, -1, 0, 0, 1, 0 };
  const float sideways[] = { 1, 0, 0, 1, 0, 0, 1, 0, 0 };
  const guint32 colours[] = { RED, RED, RED };
  const guint32 triangle[] = { 0, 1, 2 };
  const float viewer[] = { 0, 0, 1 };

  if (no_context (fixture))
    return;
  g_autoptr (OrrGlSurface) surface = orr_gl_surface_new (NULL);
  orr_gl_surface_draw (surface, &fixture->view, viewer, 1.0f);
  orr_gl_surface_set_geometry (surface, positions, NULL, colours, 3, triangle, 1);
  orr_gl_surface_draw (surface, &fixture->view, viewer, 1.0f);
  g_autofree guint8 *flat = orr_gl_target_read (fixture->target);
  assert_pixel (flat, 100, 50, 255, 0, 0);
  assert_pixel (flat, 80, 30, 0, 0, 0);
  glClear (GL_COLOR_BUFFER_BIT | GL_DEPTH_BUFFER_BIT);
  orr_gl_surface_set_geometry (surface, positions, sideways, colours, 3, triangle, 1);
  orr_gl_surface_draw (surface, &fixture->view, viewer, 1.0f);
  g_autofree guint8 *lit = orr_gl_target_read (fixture->target);
  assert_pixel (lit, 100, 50, 115, 0, 0);
}

static void
test_target_copy (Fixture *fixture, gconstpointer es)
{
  if (no_context (fixture))
    return;
  g_autoptr (OrrGlTarget) other = orr_gl_target_new (WIDTH, HEIGHT, NULL);
  glClearColor (0, 1, 0, 1);
  glClear (GL_COLOR_BUFFER_BIT);
  orr_gl_target_copy (other, fixture->target->framebuffer);
  g_autofree guint8 *pixels = orr_gl_target_read (fixture->target);
  assert_pixel (pixels, 3, 97, 0, 255, 0);
}

static void
test_bad_shader (Fixture *fixture, gconstpointer es)
{
  g_autoptr (GError) error = NULL;

  if (no_context (fixture))
    return;
  g_assert_cmpuint (orr_gl_program_new ("void main () { gl_Position = nonsense; }\n",
                                        "out vec4 o; void main () { o = vec4 (1.0); }\n", &error), ==, 0);
  g_assert_error (error, ORR_ERROR, ORR_ERROR_FAILED);
  g_assert_nonnull (strstr (error->message, "vertex"));
}

int
main (int argc, char *argv[])
{
  const struct
  {
    const char *name;
    void (*test) (Fixture *, gconstpointer);
  } tests[] = {
    { "lines", test_lines },     { "line-behind-eye", test_line_behind_eye },
    { "points", test_points },   { "depth-and-fog", test_depth_and_fog },
    { "surface", test_surface }, { "target-copy", test_target_copy },
    { "bad-shader", test_bad_shader },
  };

  g_test_init (&argc, &argv, NULL);
  for (int es = 0; es < 2; es++)
    for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
      {
        g_autofree char *path = g_strdup_printf ("/renderers/%s/%s", es ? "gles" : "gl", tests[i].name);
        g_test_add (path, Fixture, GINT_TO_POINTER (es), set_up, tests[i].test, tear_down);
      }
  return g_test_run ();
}
