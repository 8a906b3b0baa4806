/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A window with the orbit viewer and the time strip, to be driven by hand:
 * dynamics-host [NETWORK [PRESET [STEPS]]] */
#include <adwaita.h>
#include <stdlib.h>

#include "orr-analyses.h"
#include "orr-dynamics-fixture.h"
#include "orr-hmm-presets.h"
#include "orr-network-file.h"
#include "orr-renderer.h"

/* Runs the analyses whose results the views show, with ORBIT_ANALYZE set. */
static void
analyze (OrrSession *session, OrrNetwork *network)
{
  const char *names[] = { "fixed_points", "orbit", "residency", "resonance" };
  OrrAnalysisOptions options;

  orr_analysis_options_init (&options);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (GError) error = NULL;
      GVariant *section = orr_analysis_find (names[i])->run (network, &options, NULL, &error);

      if (section == NULL)
        g_error ("%s", error->message);
      orr_document_set_section (orr_session_get_document (session), orr_session_get_run_id (session),
                                names[i], section);
    }
}

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
  if (g_getenv ("ORBIT_ANALYZE") != NULL)
    analyze (session, network);
  return session;
}

static void
style_cb (GtkToggleButton *button)
{
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (),
                                      gtk_toggle_button_get_active (button) ? ADW_COLOR_SCHEME_FORCE_DARK
                                                                            : ADW_COLOR_SCHEME_FORCE_LIGHT);
}

/* Frames of the window in each second, with ORBIT_FPS set. */
static gboolean
count_frames_cb (gpointer frames)
{
  g_print ("%d frames\n", *(int *) frames);
  *(int *) frames = 0;
  return G_SOURCE_CONTINUE;
}

static void
painted_cb (GdkFrameClock *clock, int *frames)
{
  *frames += 1;
}

int
main (int argc, char *argv[])
{
  adw_init ();
  orr_renderer_choose (gdk_display_get_default ());
  g_autoptr (OrrSession) session = make_session (argc, argv);
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  GtkWidget *window = orr_fixture_window (session, 1400, 900);
  int frames = 0;
  GtkWidget *dark = gtk_toggle_button_new_with_label ("Dark");

  g_signal_connect (dark, "toggled", G_CALLBACK (style_cb), NULL);
  GtkWidget *bar = gtk_header_bar_new ();
  gtk_header_bar_pack_start (GTK_HEADER_BAR (bar), dark);
  gtk_window_set_titlebar (GTK_WINDOW (window), bar);
  if (g_getenv ("ORBIT_DARK") != NULL)
    gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (dark), TRUE);
  gtk_window_present (GTK_WINDOW (window));
  if (g_getenv ("ORBIT_FPS") != NULL)
    {
      g_signal_connect (gtk_widget_get_frame_clock (window), "after-paint", G_CALLBACK (painted_cb), &frames);
      g_timeout_add_seconds (1, count_frames_cb, &frames);
    }
  g_signal_connect_swapped (window, "destroy", G_CALLBACK (g_main_loop_quit), loop);
  g_main_loop_run (loop);
  return 0;
}
