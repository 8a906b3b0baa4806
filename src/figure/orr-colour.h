/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * Colours are 0xRRGGBB in sRGB everywhere. All three families are computed in
 * OKLab (B. Ottosson, 2020), in which equal distances look about equal.
 */

typedef enum
{
  ORR_COLOUR_MAP_DIVERGING,
  ORR_COLOUR_MAP_DIVERGING_DARK,
  ORR_COLOUR_MAP_SEQUENTIAL,
  ORR_COLOUR_MAP_SHARE,
  ORR_COLOUR_MAP_SHARE_DARK,
} OrrColourMap;

#define ORR_COLOUR_MAP_SIZE 511
#define ORR_COLOUR_N_QUALITATIVE 8

const guint32 *orr_colour_map_table  (OrrColourMap map);
guint32        orr_colour_map_lookup (OrrColourMap map,
                                      double       t);
guint32        orr_colour_missing    (OrrColourMap map);
guint32        orr_colour_qualitative (guint       index);
void           orr_colour_to_oklab   (guint32      rgb,
                                      double       lab[3]);
guint32        orr_colour_from_oklab (const double lab[3]);
guint32        orr_colour_mix        (guint32      a,
                                      guint32      b,
                                      double       share);
double         orr_colour_luminance  (guint32      rgb);

static inline double
orr_colour_red (guint32 rgb)
{
  return ((rgb >> 16) & 0xff) / 255.0;
}

static inline double
orr_colour_green (guint32 rgb)
{
  return ((rgb >> 8) & 0xff) / 255.0;
}

static inline double
orr_colour_blue (guint32 rgb)
{
  return (rgb & 0xff) / 255.0;
}

G_END_DECLS
