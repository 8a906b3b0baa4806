/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-view-theme.h"

#include <adwaita.h>

/* Labels of charts are this much smaller than the text of the window. */
#define CAPTION_SCALE 0.82

/**
 * orr_view_theme_init:
 * @theme: (out caller-allocates): the light or dark theme in @widget's font, to be
 *   drawn over what is below; its font family belongs to @widget's style
 */
void
orr_view_theme_init (OrrFigureTheme *theme, GtkWidget *widget)
{
  PangoContext *context = gtk_widget_get_pango_context (widget);
  const PangoFontDescription *font = pango_context_get_font_description (context);
  double size = pango_font_description_get_size (font) / (double) PANGO_SCALE;
  double resolution = pango_cairo_context_get_resolution (context);

  *theme = adw_style_manager_get_dark (adw_style_manager_get_default ()) ? *orr_figure_theme_dark ()
                                                                        : *orr_figure_theme_light ();
  theme->opaque = FALSE;
  theme->titled = FALSE;
  if (!pango_font_description_get_size_is_absolute (font))
    size *= (resolution > 0.0 ? resolution : 96.0) / 72.0;
  if (size > 0.0)
    theme->font_size = CAPTION_SCALE * size;
  theme->font_family = pango_font_description_get_family (font);
}

/**
 * orr_view_theme_watch:
 * @changed_cb: called with @widget first, whenever light turns dark or contrast changes
 */
void
orr_view_theme_watch (GtkWidget *widget, GCallback changed_cb)
{
  AdwStyleManager *manager = adw_style_manager_get_default ();

  g_signal_connect_object (manager, "notify::dark", changed_cb, widget, G_CONNECT_SWAPPED);
  g_signal_connect_object (manager, "notify::high-contrast", changed_cb, widget, G_CONNECT_SWAPPED);
}

void
orr_rgb_to_rgba (guint32 rgb, double alpha, GdkRGBA *rgba)
{
  rgba->red = orr_colour_red (rgb);
  rgba->green = orr_colour_green (rgb);
  rgba->blue = orr_colour_blue (rgb);
  rgba->alpha = alpha;
}
