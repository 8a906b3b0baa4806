/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-figure.h"

G_BEGIN_DECLS

/**
 * OrrFigureTheme:
 * @dark: whether light is drawn on dark
 * @opaque: whether the background is painted (else what is below shows)
 * @titled: whether the figure's own title is drawn
 * @font_family: such as "Cantarell"; (nullable) for the system's sans
 * @font_size: of labels, in pixels
 *
 * How a figure looks. Copy one of the two below and change what differs.
 */
typedef struct
{
  gboolean    dark;
  gboolean    opaque;
  gboolean    titled;
  guint32     background;
  guint32     foreground;
  guint32     dim;
  guint32     grid;
  guint32     accent;
  guint32     warning;
  const char *font_family;
  double      font_size;
} OrrFigureTheme;

const OrrFigureTheme *orr_figure_theme_light   (void);
const OrrFigureTheme *orr_figure_theme_dark    (void);
guint32               orr_figure_theme_resolve (const OrrFigureTheme *self,
                                                OrrPaint              paint);
guint32               orr_figure_theme_resolve_line (const OrrFigureTheme *self,
                                                     OrrPaint              paint);
OrrColourMap          orr_figure_theme_get_map (const OrrFigureTheme *self,
                                                OrrHeatmapKind        kind);

G_END_DECLS
