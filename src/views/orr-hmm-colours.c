/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-hmm-colours.h"

#include <glib/gi18n.h>

#include "orr-colour.h"

#define SWATCH 22

/* The qualitative colours of every view, by the name a person would use. */
static const char *names[ORR_COLOUR_N_QUALITATIVE] = {
  N_ ("Teal"), N_ ("Amber"),  N_ ("Crimson"), N_ ("Blue"),
  N_ ("Lime"), N_ ("Violet"), N_ ("Sky"),     N_ ("Brown"),
};

static void
draw_swatch (GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer user_data)
{
  guint32 colour = GPOINTER_TO_UINT (user_data);
  GdkRGBA line;

  gtk_style_context_get_color (gtk_widget_get_style_context (GTK_WIDGET (area)), &line);
  cairo_arc (cr, 0.5 * width, 0.5 * height, 0.5 * MIN (width, height) - 1.0, 0.0, 2.0 * G_PI);
  if (colour != ORR_HMM_NO_COLOUR)
    {
      cairo_set_source_rgb (cr, orr_colour_red (colour), orr_colour_green (colour), orr_colour_blue (colour));
      cairo_fill (cr);
      return;
    }
  line.alpha *= 0.6;
  gdk_cairo_set_source_rgba (cr, &line);
  cairo_set_line_width (cr, 1.5);
  cairo_stroke (cr);
}

static void
clicked_cb (GtkButton *button, OrrHmmEditor *editor)
{
  guint state = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (button), "orr-state"));
  guint32 colour = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (button), "orr-colour"));
  GtkWidget *popover = gtk_widget_get_ancestor (GTK_WIDGET (button), GTK_TYPE_POPOVER);

  if (state < orr_hmm_editor_get_hmm (editor)->n_states)
    orr_hmm_editor_set_colour (editor, state, colour);
  if (popover != NULL)
    gtk_popover_popdown (GTK_POPOVER (popover));
}

/**
 * orr_hmm_colours_new:
 *
 * Returns: (transfer floating): buttons that give a state one of the colours, or none
 */
GtkWidget *
orr_hmm_colours_new (OrrHmmEditor *editor, guint state)
{
  GtkWidget *grid = gtk_grid_new ();

  for (guint i = 0; i <= ORR_COLOUR_N_QUALITATIVE; i++)
    {
      guint32 colour = i == 0 ? ORR_HMM_NO_COLOUR : orr_colour_qualitative (i - 1);
      const char *name = i == 0 ? _ ("No colour") : _ (names[i - 1]);
      GtkWidget *button = gtk_button_new (), *swatch = gtk_drawing_area_new ();

      gtk_drawing_area_set_content_width (GTK_DRAWING_AREA (swatch), SWATCH);
      gtk_drawing_area_set_content_height (GTK_DRAWING_AREA (swatch), SWATCH);
      gtk_drawing_area_set_draw_func (GTK_DRAWING_AREA (swatch), draw_swatch, GUINT_TO_POINTER (colour),
                                      NULL);
      gtk_button_set_child (GTK_BUTTON (button), swatch);
      gtk_widget_add_css_class (button, "flat");
      gtk_widget_add_css_class (button, "circular");
      gtk_widget_set_tooltip_text (button, name);
      gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
      g_object_set_data (G_OBJECT (button), "orr-state", GUINT_TO_POINTER (state));
      g_object_set_data (G_OBJECT (button), "orr-colour", GUINT_TO_POINTER (colour));
      g_signal_connect_object (button, "clicked", G_CALLBACK (clicked_cb), editor, 0);
      gtk_grid_attach (GTK_GRID (grid), button, i % 3, i / 3, 1, 1);
    }
  return grid;
}
