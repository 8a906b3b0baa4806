/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-colour.h"

#include <math.h>

/* Green, amber, magenta, blue, olive, violet, sky, brown: moved from the first
 * sketch by a random search until the least distance in OKLab between any two, as
 * seen with normal sight, protanopia, deuteranopia or tritanopia, was 0.12 for the
 * first four and 0.075 for all, and 0.24 to white and to dark grey. */
static const guint32 qualitative[ORR_COLOUR_N_QUALITATIVE] = {
  0x247655, 0xe3af53, 0xbf56a1, 0x2d7ced, 0x8fa21e, 0x7956be, 0x5ab4e0, 0x99561e,
};

static double
to_linear (double c)
{
  return c <= 0.04045 ? c / 12.92 : pow ((c + 0.055) / 1.055, 2.4);
}

static double
from_linear (double c)
{
  c = CLAMP (c, 0.0, 1.0);
  return c <= 0.0031308 ? 12.92 * c : 1.055 * pow (c, 1.0 / 2.4) - 0.055;
}

/**
 * orr_colour_to_oklab:
 * @lab: (out): lightness 0 to 1, green-red, blue-yellow
 */
void
orr_colour_to_oklab (guint32 rgb, double lab[3])
{
  double r = to_linear (orr_colour_red (rgb));
  double g = to_linear (orr_colour_green (rgb));
  double b = to_linear (orr_colour_blue (rgb));
  double l = cbrt (0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  double m = cbrt (0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  double s = cbrt (0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);

  lab[0] = 0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s;
  lab[1] = 1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s;
  lab[2] = 0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s;
}

/**
 * orr_colour_from_oklab:
 *
 * Returns: the nearest sRGB colour, each channel clipped to its range
 */
guint32
orr_colour_from_oklab (const double lab[3])
{
  double l = lab[0] + 0.3963377774 * lab[1] + 0.2158037573 * lab[2];
  double m = lab[0] - 0.1055613458 * lab[1] - 0.0638541728 * lab[2];
  double s = lab[0] - 0.0894841775 * lab[1] - 1.2914855480 * lab[2];

  l = l * l * l;
  m = m * m * m;
  s = s * s * s;
  guint r = lrint (255.0 * from_linear (4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s));
  guint g = lrint (255.0 * from_linear (-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s));
  guint b = lrint (255.0 * from_linear (-0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s));
  return r << 16 | g << 8 | b;
}

/**
 * orr_colour_mix:
 * @share: how much of @b, 0 to 1
 *
 * Returns: the colour between the two, along a straight line in OKLab
 */
guint32
orr_colour_mix (guint32 a, guint32 b, double share)
{
  double from[3], to[3];

  orr_colour_to_oklab (a, from);
  orr_colour_to_oklab (b, to);
  for (guint i = 0; i < 3; i++)
    from[i] += share * (to[i] - from[i]);
  return orr_colour_from_oklab (from);
}

/**
 * orr_colour_luminance:
 *
 * Returns: relative luminance as WCAG 2 defines it, 0 (black) to 1 (white)
 */
double
orr_colour_luminance (guint32 rgb)
{
  return 0.2126 * to_linear (orr_colour_red (rgb)) + 0.7152 * to_linear (orr_colour_green (rgb))
         + 0.0722 * to_linear (orr_colour_blue (rgb));
}

/**
 * orr_colour_qualitative:
 *
 * Returns: the colour of the symbol, group or series @index; the set repeats,
 * each time paler, after %ORR_COLOUR_N_QUALITATIVE
 */
guint32
orr_colour_qualitative (guint index)
{
  guint round = index / ORR_COLOUR_N_QUALITATIVE;
  guint32 colour = qualitative[index % ORR_COLOUR_N_QUALITATIVE];

  return round == 0 ? colour : orr_colour_mix (colour, 0x9a9996, 1.0 - 1.0 / (1.0 + 0.6 * round));
}

/* A straight line in OKLab from the centre to each end has constant speed; the
 * ends are placed so that both arms are equally long. */
static void
fill_diverging (guint32 *table, guint32 low, guint32 centre, guint32 high)
{
  int half = ORR_COLOUR_MAP_SIZE / 2;
  double middle[3], ends[2][3], lengths[2];

  orr_colour_to_oklab (centre, middle);
  orr_colour_to_oklab (low, ends[0]);
  orr_colour_to_oklab (high, ends[1]);
  for (guint arm = 0; arm < 2; arm++)
    lengths[arm] = sqrt (pow (ends[arm][0] - middle[0], 2) + pow (ends[arm][1] - middle[1], 2)
                         + pow (ends[arm][2] - middle[2], 2));
  double length = MIN (lengths[0], lengths[1]);

  for (int i = -half; i <= half; i++)
    {
      const double *end = ends[i > 0];
      double share = fabs (i / (double) half) * length / lengths[i > 0];
      double lab[3];

      for (guint k = 0; k < 3; k++)
        lab[k] = middle[k] + share * (end[k] - middle[k]);
      table[i + half] = orr_colour_from_oklab (lab);
    }
}

/* The sequential path: violet over blue and green to yellow, lightness rising
 * all along so that it also reads in grey. */
static void
sequential_at (double t, double lab[3])
{
  double hue = (305.0 - 200.0 * t) * G_PI / 180.0;
  double chroma = 0.115 + 0.05 * t;

  lab[0] = 0.30 + 0.61 * t;
  lab[1] = chroma * cos (hue);
  lab[2] = chroma * sin (hue);
}

static void
fill_sequential (guint32 *table)
{
  enum { FINE = 8192 };
  g_autofree double *length = g_new (double, FINE + 1);
  double before[3], here[3];
  guint at = 0;

  length[0] = 0.0;
  sequential_at (0.0, before);
  for (guint i = 1; i <= FINE; i++)
    {
      sequential_at (i / (double) FINE, here);
      length[i] = length[i - 1] + sqrt (pow (here[0] - before[0], 2) + pow (here[1] - before[1], 2)
                                        + pow (here[2] - before[2], 2));
      for (guint k = 0; k < 3; k++)
        before[k] = here[k];
    }
  for (guint i = 0; i < ORR_COLOUR_MAP_SIZE; i++)
    {
      double wanted = length[FINE] * i / (ORR_COLOUR_MAP_SIZE - 1);

      while (at < FINE && length[at] < wanted)
        at++;
      sequential_at (at / (double) FINE, here);
      table[i] = orr_colour_from_oklab (here);
    }
}

/* One hue, from nearly nothing to full: shares and probabilities. */
static void
fill_share (guint32 *table, guint32 none, guint32 all)
{
  for (guint i = 0; i < ORR_COLOUR_MAP_SIZE; i++)
    table[i] = orr_colour_mix (none, all, i / (ORR_COLOUR_MAP_SIZE - 1.0));
}

/**
 * orr_colour_map_table:
 *
 * Returns: (array fixed-size=511): the map from its low to its high end; the
 * centre of a diverging map is entry 255. Thread-safe.
 */
const guint32 *
orr_colour_map_table (OrrColourMap map)
{
  static guint32 tables[5][ORR_COLOUR_MAP_SIZE];
  static gsize ready;

  g_return_val_if_fail ((guint) map < G_N_ELEMENTS (tables), tables[0]);
  if (g_once_init_enter (&ready))
    {
      fill_diverging (tables[ORR_COLOUR_MAP_DIVERGING], 0x1a4fb8, 0xffffff, 0xb8121f);
      fill_diverging (tables[ORR_COLOUR_MAP_DIVERGING_DARK], 0x7fb0ff, 0x26262a, 0xff8a78);
      fill_sequential (tables[ORR_COLOUR_MAP_SEQUENTIAL]);
      fill_share (tables[ORR_COLOUR_MAP_SHARE], 0xfafafa, 0x1c71d8);
      fill_share (tables[ORR_COLOUR_MAP_SHARE_DARK], 0x323237, 0x78aeed);
      g_once_init_leave (&ready, 1);
    }
  return tables[map];
}

/**
 * orr_colour_map_lookup:
 * @t: where on the map, 0 to 1 (clipped); NaN gives orr_colour_missing()
 */
guint32
orr_colour_map_lookup (OrrColourMap map, double t)
{
  if (isnan (t))
    return orr_colour_missing (map);
  return orr_colour_map_table (map)[lrint (CLAMP (t, 0.0, 1.0) * (ORR_COLOUR_MAP_SIZE - 1))];
}

/**
 * orr_colour_missing:
 *
 * Returns: the colour of "no value here", a grey that the map does not hold
 */
guint32
orr_colour_missing (OrrColourMap map)
{
  return map == ORR_COLOUR_MAP_DIVERGING_DARK || map == ORR_COLOUR_MAP_SHARE_DARK ? 0x55555a : 0xc4c2be;
}
