/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-figure-theme.h"

#include "orr-colour.h"

/* Colours from GNOME's palette, as Adwaita uses them in its two styles. */
static const OrrFigureTheme light = {
  .dark = FALSE,
  .opaque = TRUE,
  .titled = TRUE,
  .background = 0xffffff,
  .foreground = 0x2e3436,
  .dim = 0x77767b,
  .grid = 0xe8e7e4,
  .accent = 0x3584e4,
  .warning = 0xc64600,
  .font_size = 12.0,
};

static const OrrFigureTheme dark = {
  .dark = TRUE,
  .opaque = TRUE,
  .titled = TRUE,
  .background = 0x2a2a2e,
  .foreground = 0xf0efed,
  .dim = 0xa5a4a8,
  .grid = 0x3d3d42,
  .accent = 0x78aeed,
  .warning = 0xffa348,
  .font_size = 12.0,
};

const OrrFigureTheme *
orr_figure_theme_light (void)
{
  return &light;
}

const OrrFigureTheme *
orr_figure_theme_dark (void)
{
  return &dark;
}

/**
 * orr_figure_theme_resolve:
 *
 * Returns: the colour 0xRRGGBB that @paint means in this theme
 */
guint32
orr_figure_theme_resolve (const OrrFigureTheme *self, OrrPaint paint)
{
  switch (paint & 0xff000000u)
    {
    case ORR_PAINT_FOREGROUND:
      return self->foreground;
    case ORR_PAINT_DIM:
      return self->dim;
    case ORR_PAINT_ACCENT:
      return self->accent;
    case ORR_PAINT_BACKGROUND:
      return self->background;
    case ORR_PAINT_WARNING:
      return self->warning;
    default:
      return paint & 0xffffffu;
    }
}

/* Of WCAG 2: of 1 (none) to 21. */
static double
contrast (guint32 a, guint32 b)
{
  double x = orr_colour_luminance (a) + 0.05, y = orr_colour_luminance (b) + 0.05;
  return MAX (x, y) / MIN (x, y);
}

/**
 * orr_figure_theme_resolve_line:
 *
 * A thin line needs more contrast than an area. On the dark background the colours that have too little of
 * it are made lighter, in the same hue, until they reach the ratio of 3 that WCAG 2 asks of graphics.
 *
 * Returns: the colour 0xRRGGBB that @paint means for a line in this theme
 */
guint32
orr_figure_theme_resolve_line (const OrrFigureTheme *self, OrrPaint paint)
{
  guint32 rgb = orr_figure_theme_resolve (self, paint), lighter = rgb;

  if (!self->dark || (paint & 0xff000000u) != 0)
    return rgb;
  for (guint step = 1; step <= 20 && contrast (lighter, self->background) < 3.0; step++)
    lighter = orr_colour_mix (rgb, 0xffffff, 0.05 * step);
  return lighter;
}

OrrColourMap
orr_figure_theme_get_map (const OrrFigureTheme *self, OrrHeatmapKind kind)
{
  switch (kind)
    {
    case ORR_HEATMAP_DIVERGING:
      return self->dark ? ORR_COLOUR_MAP_DIVERGING_DARK : ORR_COLOUR_MAP_DIVERGING;
    case ORR_HEATMAP_SHARE:
      return self->dark ? ORR_COLOUR_MAP_SHARE_DARK : ORR_COLOUR_MAP_SHARE;
    default:
      return ORR_COLOUR_MAP_SEQUENTIAL;
    }
}
