/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A window with the orbit viewer and the time strip, to be driven by hand:
 * dynamics-host [NETWORK [PRESET [STEPS]]] */
#include <adwaita.h>
#include <stdlib.h>

#include "orr-card.h"
#include "orr-dynamics-fixture.h"
#include "orr-hmm-presets.h"
#include "orr-network-file.h"

static OrrSession *
make_session (int argc, char *argv[])
{
  g_autoptr (GError) error = NULL;
  g_autoptr (OrrNetwork) network = argc > 1 ? orr_network_load (argv[1], &error) : orr_fixture_network ();
  const OrrHmmPreset *preset = orr_hmm_preset_find (argc > 2 ? argv[2] : "three");

  if (network == NULL || preset == NULL)
    g_error ("%s", error != NULL ? error->message : "no such preset");
  g_autoptr (OrrHmm) hmm = orr_hmm_preset_create (preset);
  OrrSession *session = orr_fixture_session (network, hmm, argc > 3 ? atoi (argv[3]) : 0);
  return session;
}

static void
style_cb (GtkToggleButton *button)
{
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (),
                                      gtk_toggle_button_get_active (button) ? ADW_COLOR_SCHEME_FORCE_DARK
                                                                            : ADW_COLOR_SCHEME_FORCE_LIGHT);
}

int
main (int argc, char *argv[])
{
  adw_init ();
  g_autoptr (OrrSession) session = make_session (argc, argv);
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  GtkWidget *window = orr_fixture_window (session, 1400, 900);
  GtkWidget *dark = gtk_toggle_button_new_with_label ("Dark");

  g_signal_connect (dark, "toggled", G_CALLBACK (style_cb), NULL);
  GtkWidget *bar = gtk_header_bar_new ();
  gtk_header_bar_pack_start (GTK_HEADER_BAR (bar), dark);
  gtk_window_set_titlebar (GTK_WINDOW (window), bar);
  if (g_getenv ("ORBIT_DARK") != NULL)
    gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (dark), TRUE);
  gtk_window_present (GTK_WINDOW (window));
  g_signal_connect_swapped (window, "destroy", G_CALLBACK (g_main_loop_quit), loop);
  g_main_loop_run (loop);
  return 0;
}
