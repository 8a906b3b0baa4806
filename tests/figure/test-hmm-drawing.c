/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-hmm-drawing.h"

#include <math.h>
#include <stdlib.h>

#include "orr-hmm-presets.h"

#define WIDTH 800
#define HEIGHT 480

static guint32
pixel_at (cairo_surface_t *surface, double x, double y)
{
  const guchar *row =
      cairo_image_surface_get_data (surface) + (int) y * cairo_image_surface_get_stride (surface);

  cairo_surface_flush (surface);
  return ((const guint32 *) row)[(int) x] & 0xffffff;
}

static gboolean
similar (guint32 a, guint32 b)
{
  return fabs (orr_colour_red (a) - orr_colour_red (b)) < 0.1 &&
         fabs (orr_colour_green (a) - orr_colour_green (b)) < 0.1 &&
         fabs (orr_colour_blue (a) - orr_colour_blue (b)) < 0.1;
}

static cairo_surface_t *
draw (const OrrHmm *hmm, const OrrHmmStyle *style, const OrrHmmHighlight *highlight)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, WIDTH, HEIGHT);
  cairo_t *cr = cairo_create (surface);

  cairo_set_source_rgb (cr, orr_colour_red (style->background), orr_colour_green (style->background),
                        orr_colour_blue (style->background));
  cairo_paint (cr);
  orr_hmm_draw (cr, hmm, WIDTH, HEIGHT, style, highlight);
  cairo_destroy (cr);
  return surface;
}

/* Bars in the colours of their symbols, arrows in the foreground and, when
 * selected, in the accent: read back from the pixels, light and dark. */
static void
test_pixels (void)
{
  g_autoptr (OrrHmm) hmm = orr_hmm_preset_create (orr_hmm_preset_find ("three"));

  for (int dark = 0; dark < 2; dark++)
    {
      OrrHmmStyle style;
      OrrHmmHighlight highlight;

      orr_hmm_style_init (&style, dark);
      orr_hmm_highlight_init (&highlight);
      highlight.from = 1;
      highlight.to = 2;

      cairo_surface_t *surface = draw (hmm, &style, &highlight);
      OrrHmmViewport viewport = orr_hmm_style_fit (&style, hmm, WIDTH, HEIGHT, ORR_HMM_PIXELS_PER_UNIT);
      g_autoptr (OrrHmmGeometry) geometry = orr_hmm_style_measure (&style, hmm, viewport.scale);
      OrrHmmBox bar = orr_hmm_geometry_bar (geometry, 0, 0);
      double x, y;

      g_assert_true (similar (pixel_at (surface, viewport.x + viewport.scale * (bar.x + 0.5 * bar.width),
                                        viewport.y + viewport.scale * (bar.y + 0.5 * bar.height)),
                              orr_colour_qualitative (0)));
      orr_hmm_arrow_point (orr_hmm_geometry_find_arrow (geometry, 0, 1), 0.5, &x, &y);
      g_assert_true (
          similar (pixel_at (surface, viewport.x + viewport.scale * x, viewport.y + viewport.scale * y),
                   style.foreground));
      orr_hmm_arrow_point (orr_hmm_geometry_find_arrow (geometry, 1, 2), 0.5, &x, &y);
      g_assert_true (
          similar (pixel_at (surface, viewport.x + viewport.scale * x, viewport.y + viewport.scale * y),
                   style.accent));
      g_assert_cmphex (pixel_at (surface, 2, 2), ==, style.background);
      cairo_surface_destroy (surface);
    }
}

/* All of a model lies inside the space it was given, however odd that is. */
static void
test_fit (void)
{
  static const double sizes[][2] = { { 800, 480 }, { 160, 100 }, { 90, 400 }, { 40, 30 } };
  guint n;
  const OrrHmmPreset *presets = orr_hmm_presets (&n);
  OrrHmmStyle style;

  orr_hmm_style_init (&style, FALSE);
  for (guint p = 0; p < n; p++)
    for (guint s = 0; s < G_N_ELEMENTS (sizes); s++)
      {
        g_autoptr (OrrHmm) hmm = orr_hmm_preset_create (presets + p);

        style.labels = style.loops = s == 0;

        OrrHmmViewport view =
            orr_hmm_style_fit (&style, hmm, sizes[s][0], sizes[s][1], 2 * ORR_HMM_PIXELS_PER_UNIT);
        for (guint i = 0; i < hmm->n_states; i++)
          for (guint axis = 0; axis < 2; axis++)
            {
              double centre = (axis ? view.y : view.x) + view.scale * hmm->positions[2 * i + axis];

              g_assert_cmpfloat (centre - view.scale * ORR_HMM_NODE_RADIUS, >=, 0.0);
              g_assert_cmpfloat (centre + view.scale * ORR_HMM_NODE_RADIUS, <=, sizes[s][axis]);
            }
      }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/hmm-drawing/pixels", test_pixels);
  g_test_add_func ("/hmm-drawing/fit", test_fit);
  return g_test_run ();
}
