/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-hmm-theme.h"

#include <adwaita.h>

static guint32
to_rgb (const GdkRGBA *colour)
{
  return (guint32) (colour->red * 255.0 + 0.5) << 16 | (guint32) (colour->green * 255.0 + 0.5) << 8 |
         (guint32) (colour->blue * 255.0 + 0.5);
}

/* A named colour of the theme over another one. */
static gboolean
look_up (GtkStyleContext *context, const char *name, guint32 under, guint32 *rgb)
{
  GdkRGBA colour;

  if (!gtk_style_context_lookup_color (context, name, &colour))
    return FALSE;

  GdkRGBA over = { colour.red * colour.alpha + orr_colour_red (under) * (1.0 - colour.alpha),
                   colour.green * colour.alpha + orr_colour_green (under) * (1.0 - colour.alpha),
                   colour.blue * colour.alpha + orr_colour_blue (under) * (1.0 - colour.alpha), 1.0 };
  *rgb = to_rgb (&over);
  return TRUE;
}

/**
 * orr_hmm_theme_get:
 * @style: (out): the look of a model on a card, in the widget's theme. Its font
 *   family belongs to the widget's Pango context.
 */
void
orr_hmm_theme_get (GtkWidget *widget, OrrHmmStyle *style)
{
  GtkStyleContext *context = gtk_widget_get_style_context (widget);
  PangoContext *pango = gtk_widget_get_pango_context (widget);
  gboolean dark = adw_style_manager_get_dark (adw_style_manager_get_default ());
  guint32 window = dark ? 0x242424 : 0xfafafa;

  orr_hmm_style_init (style, dark);
  look_up (context, "window_bg_color", window, &window);
  look_up (context, "card_bg_color", window, &style->background);
  look_up (context, dark ? "accent_color" : "accent_bg_color", window, &style->accent);
  if (adw_style_manager_get_high_contrast (adw_style_manager_get_default ()))
    style->foreground = dark ? 0xffffff : 0x000000;
  style->font_family = pango_font_description_get_family (pango_context_get_font_description (pango));
}

/**
 * orr_hmm_theme_watch:
 *
 * Draws @widget again whenever the style turns dark, light or high in contrast.
 */
void
orr_hmm_theme_watch (GtkWidget *widget)
{
  AdwStyleManager *manager = adw_style_manager_get_default ();

  g_signal_connect_object (manager, "notify::dark", G_CALLBACK (gtk_widget_queue_draw), widget,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (manager, "notify::high-contrast", G_CALLBACK (gtk_widget_queue_draw), widget,
                           G_CONNECT_SWAPPED);
}
