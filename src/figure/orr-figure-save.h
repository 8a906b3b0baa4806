/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <cairo.h>

#include "orr-figure-theme.h"

G_BEGIN_DECLS

typedef enum
{
  ORR_FIGURE_SVG,
  ORR_FIGURE_PDF,
  ORR_FIGURE_PNG,
} OrrFigureFormat;

gboolean         orr_figure_save             (OrrFigure            *figure,
                                              const char           *path,
                                              OrrFigureFormat       format,
                                              double                width,
                                              double                height,
                                              GError              **error);
gboolean         orr_figure_format_from_path (const char           *path,
                                              OrrFigureFormat      *format);
cairo_surface_t *orr_figure_render           (OrrFigure            *figure,
                                              double                width,
                                              double                height,
                                              double                scale,
                                              const OrrFigureTheme *theme);
gboolean         orr_surface_save_png        (cairo_surface_t      *surface,
                                              const char           *path,
                                              GError              **error);

G_END_DECLS
