/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-view-style.h"

/* Adds the style sheet of the views (ui/views.css) to the display, once. */
void
orr_view_style_ensure (void)
{
  static gsize done;

  if (gdk_display_get_default () != NULL && g_once_init_enter (&done))
    {
      g_autoptr (GtkCssProvider) provider = gtk_css_provider_new ();

      gtk_css_provider_load_from_resource (provider, "/io/github/orrery/Orrery/ui/views.css");
      gtk_style_context_add_provider_for_display (gdk_display_get_default (), GTK_STYLE_PROVIDER (provider),
                                                  GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
      g_once_init_leave (&done, 1);
    }
}
