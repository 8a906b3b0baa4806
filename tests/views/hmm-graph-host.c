/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A window with the HMM graph editor on a document, beside a small read-only
 * one, for tests that move a real pointer:
 *   hmm-graph-host [--dark] [--large N] [--size WxH] [PRESET]
 * prints one JSON line on standard output whenever the model or the selection
 * changes. Ctrl+Z and Shift+Ctrl+Z go through the history; Ctrl+Q leaves.
 */
#include <adwaita.h>
#include <stdio.h>

#include "orr-card.h"
#include "orr-hmm-edit.h"
#include "orr-hmm-graph-view.h"
#include "orr-hmm-layout.h"
#include "orr-hmm-presets.h"
#include "orr-hmm-section.h"
#include "orr-hmm-thumbnail.h"
#include "orr-json.h"

static OrrSession *session;
static char *size = NULL;
static gboolean dark = FALSE, small = FALSE, thumbnails = FALSE;
static int large = 0;

static void
report_cb (void)
{
  OrrDocument *document = orr_session_get_document (session);
  g_autoptr (GVariant) model = orr_hmm_to_section (orr_session_get_hmm (session));
  const char *undo = orr_document_get_undo_label (document);
  GVariantBuilder builder;
  int from, to;

  orr_session_get_transition (session, &from, &to);
  g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&builder, "{sv}", "model", model);
  g_variant_builder_add (&builder, "{sv}", "undo", g_variant_new_string (undo != NULL ? undo : ""));
  g_variant_builder_add (&builder, "{sv}", "state", g_variant_new_int32 (orr_session_get_state (session)));
  g_variant_builder_add (&builder, "{sv}", "from", g_variant_new_int32 (from));
  g_variant_builder_add (&builder, "{sv}", "to", g_variant_new_int32 (to));
  g_variant_builder_add (&builder, "{sv}", "symbol", g_variant_new_int32 (orr_session_get_symbol (session)));
  g_autoptr (GVariant) section = g_variant_ref_sink (g_variant_builder_end (&builder));
  g_autofree char *line = orr_json_print (section, FALSE);
  printf ("%s\n", line);
  fflush (stdout);
}

static void
undo_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  orr_document_undo (orr_session_get_document (session));
}

static void
redo_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  orr_document_redo (orr_session_get_document (session));
}

static void
quit_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  g_application_quit (G_APPLICATION (user_data));
}

/* A ring of @n states with some chords. */
static OrrHmm *
create_large (guint n)
{
  g_autoptr (OrrHmm) hmm = orr_hmm_new (n, 6);

  for (guint i = 0; i < n; i++)
    {
      double *row = hmm->transition + (gsize) i * n;

      row[i] = 0.6;
      row[(i + 1) % n] += 0.2;
      row[(i + 5) % n] += 0.1;
      row[(i * i + 3) % n] += 0.1;
    }
  return orr_hmm_layout (hmm);
}

static GtkWidget *
create_content (void)
{
  GtkWidget *editor = orr_card_new ("HMM graph", orr_hmm_graph_view_new (session));
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);

  gtk_widget_set_hexpand (editor, TRUE);
  gtk_box_append (GTK_BOX (box), editor);
  if (small)
    {
      GtkWidget *view = orr_hmm_graph_view_new (session);
      GtkWidget *card = orr_card_new ("Small HMM graph", view);

      orr_hmm_graph_view_set_editable (ORR_HMM_GRAPH_VIEW (view), FALSE);
      gtk_widget_set_size_request (card, 380, 240);
      gtk_widget_set_valign (card, GTK_ALIGN_START);
      gtk_box_append (GTK_BOX (box), card);
    }
  if (thumbnails)
    {
      GtkWidget *column = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
      guint n;
      const OrrHmmPreset *presets = orr_hmm_presets (&n);

      for (guint i = 0; i < n; i++)
        {
          g_autoptr (OrrHmm) hmm = orr_hmm_preset_create (presets + i);

          gtk_box_append (GTK_BOX (column), orr_hmm_thumbnail_new (hmm));
        }
      gtk_box_append (GTK_BOX (box), column);
    }
  gtk_widget_set_margin_start (box, 12);
  gtk_widget_set_margin_end (box, 12);
  gtk_widget_set_margin_top (box, 12);
  gtk_widget_set_margin_bottom (box, 12);
  return box;
}

static void
activate_cb (GtkApplication *application, gpointer user_data)
{
  static const GActionEntry entries[] = { { "undo", undo_cb }, { "redo", redo_cb }, { "quit", quit_cb } };
  GtkWidget *window = adw_application_window_new (application);
  int width = 840, height = 560;

  if (dark)
    adw_style_manager_set_color_scheme (adw_style_manager_get_default (), ADW_COLOR_SCHEME_FORCE_DARK);
  if (size != NULL)
    sscanf (size, "%dx%d", &width, &height);
  g_action_map_add_action_entries (G_ACTION_MAP (application), entries, G_N_ELEMENTS (entries), application);
  gtk_application_set_accels_for_action (application, "app.undo", (const char *[]) { "<Control>z", NULL });
  gtk_application_set_accels_for_action (application, "app.redo",
                                         (const char *[]) { "<Shift><Control>z", NULL });
  gtk_application_set_accels_for_action (application, "app.quit", (const char *[]) { "<Control>q", NULL });
  gtk_window_set_title (GTK_WINDOW (window), "HMM graph host");
  gtk_window_set_default_size (GTK_WINDOW (window), width, height);
  adw_application_window_set_content (ADW_APPLICATION_WINDOW (window), create_content ());
  gtk_window_present (GTK_WINDOW (window));
  report_cb ();
}

int
main (int argc, char *argv[])
{
  GOptionEntry options[] = {
    { "dark", 0, 0, G_OPTION_ARG_NONE, &dark, "Dark style", NULL },
    { "small", 0, 0, G_OPTION_ARG_NONE, &small, "A small read-only view beside it", NULL },
    { "thumbnails", 0, 0, G_OPTION_ARG_NONE, &thumbnails, "The presets drawn small beside it", NULL },
    { "large", 0, 0, G_OPTION_ARG_INT, &large, "A model of so many states", "N" },
    { "size", 0, 0, G_OPTION_ARG_STRING, &size, "Size of the window", "WxH" },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new ("[PRESET]");
  g_autoptr (GError) error = NULL;
  const OrrHmmPreset *preset;

  g_option_context_add_main_entries (context, options, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    {
      g_printerr ("%s\n", error->message);
      return 2;
    }
  preset = orr_hmm_preset_find (argc > 1 ? argv[1] : "three");
  if (preset == NULL)
    {
      g_printerr ("There is no preset called %s.\n", argv[1]);
      return 2;
    }

  g_autoptr (OrrHmm) hmm = large > 0 ? create_large (large) : orr_hmm_preset_create (preset);
  g_autoptr (OrrStudy) study = orr_study_new ("host", hmm);
  g_autoptr (OrrDocument) document = orr_document_new (study);
  g_autoptr (OrrJobQueue) jobs = orr_job_queue_new ();
  session = orr_session_new (document, jobs);
  g_signal_connect (document, "notify::study", report_cb, NULL);
  g_signal_connect (session, "notify::state", report_cb, NULL);
  g_signal_connect (session, "notify::transition-to", report_cb, NULL);
  g_signal_connect (session, "notify::symbol", report_cb, NULL);

  g_autoptr (AdwApplication) application =
      adw_application_new ("io.github.orrery.GraphHost", G_APPLICATION_NON_UNIQUE);
  g_signal_connect (application, "activate", G_CALLBACK (activate_cb), NULL);
  int status = g_application_run (G_APPLICATION (application), 1, argv);
  g_clear_object (&session);
  return status;
}
