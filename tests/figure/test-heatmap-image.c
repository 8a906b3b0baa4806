/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-heatmap-image.h"

#include <math.h>

#include "orr-random.h"

static guint32
pixel (cairo_surface_t *image, guint x, guint y)
{
  const guint8 *data = cairo_image_surface_get_data (image);
  return *(const guint32 *) (data + y * cairo_image_surface_get_stride (image) + 4 * x);
}

static guint32
colour_of (double value)
{
  return 0xff000000u | orr_colour_map_lookup (ORR_COLOUR_MAP_DIVERGING, (value + 1.0) / 2.0);
}

/* Every pixel of a magnified matrix has exactly its cell's colour. */
static void
test_crisp (void)
{
  const float values[] = { -1.0f, 0.5f, 0.0f, 1.0f, NAN, -0.25f };
  const guint rows[] = { 1, 0 }, cols[] = { 2, 0, 1 };
  const OrrHeatmapWindow window = { -0.5, 0.0, 3.0, 2.0 };
  cairo_surface_t *image = orr_heatmap_image (values, 2, 3, rows, cols, &window, -1.0, 1.0,
                                              ORR_COLOUR_MAP_DIVERGING, 70, 40);

  for (guint y = 0; y < 40; y++)
    for (guint x = 0; x < 70; x++)
      {
        double col = -0.5 + (x + 0.5) / 20.0;
        guint row = y / 20;
        guint32 expected = 0;

        if (col >= 0.0)
          {
            float value = values[rows[row] * 3 + cols[(guint) col]];
            expected = isnan (value) ? 0xff000000u | orr_colour_missing (ORR_COLOUR_MAP_DIVERGING) : colour_of (value);
          }
        g_assert_cmphex (pixel (image, x, y), ==, expected);
      }
  cairo_surface_destroy (image);
}

/* A single strong weight among thousands stays visible when a pixel holds many. */
static void
test_strong_cell_survives (void)
{
  enum { H = 1000 };
  g_autofree float *values = g_new (float, H * H);
  const OrrHeatmapWindow window = { 0, 0, H, H };

  orr_random_normal_fill (values, H * H, 0.01, 3, ORR_RANDOM_STREAM_TEST, 0);
  values[777 * H + 123] = -1.0f;
  cairo_surface_t *image = orr_heatmap_image (values, H, H, NULL, NULL, &window, -1.0, 1.0,
                                              ORR_COLOUR_MAP_DIVERGING, 100, 100);
  g_assert_cmphex (pixel (image, 12, 77), ==, colour_of (-1.0));
  g_assert_cmphex (pixel (image, 14, 77), !=, colour_of (-1.0));
  cairo_surface_destroy (image);
}

static void
test_mean_of_a_sequential_map (void)
{
  const float values[] = { 0.0f, 1.0f, 1.0f, 2.0f };
  const OrrHeatmapWindow window = { 0, 0, 2, 2 };
  cairo_surface_t *image = orr_heatmap_image (values, 2, 2, NULL, NULL, &window, 0.0, 2.0,
                                              ORR_COLOUR_MAP_SEQUENTIAL, 1, 1);
  g_assert_cmphex (pixel (image, 0, 0), ==, 0xff000000u | orr_colour_map_lookup (ORR_COLOUR_MAP_SEQUENTIAL, 0.5));
  cairo_surface_destroy (image);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/heatmap-image/crisp", test_crisp);
  g_test_add_func ("/heatmap-image/strong-cell", test_strong_cell_survives);
  g_test_add_func ("/heatmap-image/mean", test_mean_of_a_sequential_map);
  return g_test_run ();
}
