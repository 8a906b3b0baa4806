/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-colour.h"
#include "orr-figure-theme.h"

#include <math.h>

static double
oklab_distance (guint32 a, guint32 b)
{
  double p[3], q[3];

  orr_colour_to_oklab (a, p);
  orr_colour_to_oklab (b, q);
  return sqrt (pow (p[0] - q[0], 2) + pow (p[1] - q[1], 2) + pow (p[2] - q[2], 2));
}

/* Figures of Ottosson's article: red, green and blue of sRGB in OKLab. */
static void
test_oklab (void)
{
  const struct { guint32 rgb; double lab[3]; } known[] = {
    { 0xff0000, { 0.62796, 0.22486, 0.12585 } },
    { 0x00ff00, { 0.86644, -0.23389, 0.17950 } },
    { 0x0000ff, { 0.45201, -0.03246, -0.31153 } },
    { 0xffffff, { 1.0, 0.0, 0.0 } },
  };

  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    {
      double lab[3];

      orr_colour_to_oklab (known[i].rgb, lab);
      for (guint k = 0; k < 3; k++)
        g_assert_cmpfloat_with_epsilon (lab[k], known[i].lab[k], 2e-4);
    }
  for (guint32 rgb = 0; rgb < 0x1000000; rgb += 9973)
    {
      double lab[3];

      orr_colour_to_oklab (rgb, lab);
      g_assert_cmphex (orr_colour_from_oklab (lab), ==, rgb);
    }
}

static void
test_luminance (void)
{
  g_assert_cmpfloat_with_epsilon (orr_colour_luminance (0xffffff), 1.0, 1e-12);
  g_assert_cmpfloat_with_epsilon (orr_colour_luminance (0x808080), 0.215861, 1e-5);
  g_assert_cmpfloat_with_epsilon (orr_colour_luminance (0xff0000), 0.2126, 1e-12);
}

/* Equal steps of the value look like equal steps: over any twentieth of the map
 * the distance stays within a few per cent of the mean (8-bit channels round). */
static void
test_maps_are_uniform (void)
{
  for (OrrColourMap map = ORR_COLOUR_MAP_DIVERGING; map <= ORR_COLOUR_MAP_SHARE_DARK; map++)
    {
      const guint32 *table = orr_colour_map_table (map);
      double steps[20], mean = 0.0;

      for (guint i = 0; i < 20; i++)
        {
          steps[i] = oklab_distance (table[i * 510 / 20], table[(i + 1) * 510 / 20]);
          mean += steps[i] / 20;
        }
      for (guint i = 0; i < 20; i++)
        {
          g_assert_cmpfloat (steps[i], >, 0.8 * mean);
          g_assert_cmpfloat (steps[i], <, 1.2 * mean);
        }
    }
}

static void
test_diverging (void)
{
  const guint32 *table = orr_colour_map_table (ORR_COLOUR_MAP_DIVERGING);

  g_assert_cmphex (orr_colour_map_lookup (ORR_COLOUR_MAP_DIVERGING, 0.5), ==, 0xffffff);
  g_assert_cmpfloat_with_epsilon (oklab_distance (table[0], 0xffffff), oklab_distance (table[510], 0xffffff), 0.01);
  g_assert_cmpfloat (orr_colour_blue (table[0]), >, 2.0 * orr_colour_red (table[0]));
  g_assert_cmpfloat (orr_colour_red (table[510]), >, 2.0 * orr_colour_blue (table[510]));
  g_assert_cmpfloat (orr_colour_luminance (orr_colour_map_lookup (ORR_COLOUR_MAP_DIVERGING_DARK, 0.5)), <, 0.03);
}

static void
test_sequential_reads_in_grey (void)
{
  const guint32 *table = orr_colour_map_table (ORR_COLOUR_MAP_SEQUENTIAL);

  for (guint i = 17; i < ORR_COLOUR_MAP_SIZE; i += 17)
    g_assert_cmpfloat (orr_colour_luminance (table[i]), >, orr_colour_luminance (table[i - 17]));
  g_assert_cmphex (orr_colour_map_lookup (ORR_COLOUR_MAP_SEQUENTIAL, -3.0), ==, table[0]);
  g_assert_cmphex (orr_colour_map_lookup (ORR_COLOUR_MAP_SEQUENTIAL, 7.0), ==, table[510]);
  g_assert_cmphex (orr_colour_map_lookup (ORR_COLOUR_MAP_SEQUENTIAL, NAN), ==,
                   orr_colour_missing (ORR_COLOUR_MAP_SEQUENTIAL));
}

/* Machado, Oliveira and Fernandes (2009), full severity, on linear sRGB. */
static const double blindness[3][9] = {
  { 0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998 },
  { 0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.011820, 0.042940, 0.968881 },
  { 1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.303900 },
};

static double
linear (double c)
{
  return c <= 0.04045 ? c / 12.92 : pow ((c + 0.055) / 1.055, 2.4);
}

static guint32
as_seen (guint32 rgb, const double *m)
{
  double c[3] = { linear (orr_colour_red (rgb)), linear (orr_colour_green (rgb)), linear (orr_colour_blue (rgb)) };
  guint32 seen = 0;

  for (guint i = 0; i < 3; i++)
    {
      double v = CLAMP (m[3 * i] * c[0] + m[3 * i + 1] * c[1] + m[3 * i + 2] * c[2], 0.0, 1.0);
      v = v <= 0.0031308 ? 12.92 * v : 1.055 * pow (v, 1.0 / 2.4) - 0.055;
      seen = seen << 8 | (guint32) lrint (255.0 * v);
    }
  return seen;
}

static void
test_qualitative_for_all_eyes (void)
{
  for (guint i = 0; i < ORR_COLOUR_N_QUALITATIVE; i++)
    {
      g_assert_cmpfloat (oklab_distance (orr_colour_qualitative (i), 0xffffff), >, 0.2);
      g_assert_cmpfloat (oklab_distance (orr_colour_qualitative (i), 0x2a2a2e), >, 0.2);
      for (guint j = 0; j < i; j++)
        for (guint eye = 0; eye < 3; eye++)
          {
            double apart = oklab_distance (as_seen (orr_colour_qualitative (i), blindness[eye]),
                                           as_seen (orr_colour_qualitative (j), blindness[eye]));
            g_test_message ("%u %u eye %u: %.3f", i, j, eye, apart);
            /* the first four, which most models need, are far apart; no two coincide */
            g_assert_cmpfloat (apart, >, i < 4 ? 0.11 : 0.07);
          }
    }
  g_assert_cmphex (orr_colour_qualitative (0), !=, orr_colour_qualitative (ORR_COLOUR_N_QUALITATIVE));
}

/* On the dark background every line has the contrast that WCAG 2 asks of graphics; on paper colours stay. */
static void
test_lines_stand_out (void)
{
  const OrrFigureTheme *dark = orr_figure_theme_dark (), *light = orr_figure_theme_light ();
  double ground = orr_colour_luminance (dark->background) + 0.05;
  gboolean any_lighter = FALSE;

  for (guint i = 0; i < 2 * ORR_COLOUR_N_QUALITATIVE; i++)
    {
      guint32 rgb = orr_colour_qualitative (i), line = orr_figure_theme_resolve_line (dark, rgb);

      g_assert_cmpfloat ((orr_colour_luminance (line) + 0.05) / ground, >=, 3.0);
      g_assert_cmphex (orr_figure_theme_resolve_line (light, rgb), ==, rgb);
      any_lighter = any_lighter || line != rgb;
    }
  g_assert_true (any_lighter);
  g_assert_cmphex (orr_figure_theme_resolve_line (dark, ORR_PAINT_DIM), ==, dark->dim);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/colour/oklab", test_oklab);
  g_test_add_func ("/colour/luminance", test_luminance);
  g_test_add_func ("/colour/uniform", test_maps_are_uniform);
  g_test_add_func ("/colour/diverging", test_diverging);
  g_test_add_func ("/colour/sequential", test_sequential_reads_in_grey);
  g_test_add_func ("/colour/lines", test_lines_stand_out);
  g_test_add_func ("/colour/qualitative", test_qualitative_for_all_eyes);
  return g_test_run ();
}
