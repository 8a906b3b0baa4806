/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A window with the palette and the expression tree editor, for tests that move
 * a real pointer:
 *   tree-host [--dark] [FORMULA]
 * prints the formula, the loose pieces and the selected position on standard
 * output whenever they change. Ctrl+Z undoes, Shift+Ctrl+Z redoes.
 */
#include <adwaita.h>
#include <stdio.h>

#include "orr-card.h"
#include "orr-expr-print.h"
#include "orr-hmm-presets.h"
#include "orr-palette-view.h"
#include "orr-tree-view.h"

static OrrSession *session;
static gboolean dark = FALSE;

static void
report_cb (void)
{
  OrrWorkbench *workbench = orr_session_get_workbench (session);
  g_autofree char *formula = orr_workbench_dup_formula (workbench);
  GPtrArray *tray = orr_workbench_get_equations (workbench)->tray;
  guint id = orr_workbench_get_selected (workbench);

  printf ("%s |", formula);
  for (guint i = 0; i < tray->len; i++)
    {
      g_autofree char *piece = orr_expr_to_text (tray->pdata[i], NULL, 0);

      printf (" [%s]", piece);
    }
  printf (" | %d\n", id != 0 ? orr_expr_find (orr_workbench_get_expr (workbench), id) : -1);
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
activate_cb (GtkApplication *application, gpointer user_data)
{
  static const GActionEntry entries[] = { { "undo", undo_cb }, { "redo", redo_cb } };
  GtkWidget *window = adw_application_window_new (application),
            *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *palette = orr_card_new ("Palette", orr_palette_view_new (session));
  GtkWidget *tree = orr_card_new ("Expression tree", orr_tree_view_new (session));

  if (dark)
    adw_style_manager_set_color_scheme (adw_style_manager_get_default (), ADW_COLOR_SCHEME_FORCE_DARK);
  g_action_map_add_action_entries (G_ACTION_MAP (application), entries, G_N_ELEMENTS (entries), application);
  gtk_application_set_accels_for_action (application, "app.undo", (const char *[]) { "<Control>z", NULL });
  gtk_application_set_accels_for_action (application, "app.redo",
                                         (const char *[]) { "<Shift><Control>z", NULL });
  gtk_widget_set_size_request (palette, 210, -1);
  gtk_widget_set_hexpand (tree, TRUE);
  gtk_box_append (GTK_BOX (box), palette);
  gtk_box_append (GTK_BOX (box), tree);
  gtk_widget_set_margin_start (box, 12);
  gtk_widget_set_margin_end (box, 12);
  gtk_widget_set_margin_top (box, 12);
  gtk_widget_set_margin_bottom (box, 12);
  gtk_window_set_title (GTK_WINDOW (window), "Tree host");
  gtk_window_set_default_size (GTK_WINDOW (window), 980, 640);
  adw_application_window_set_content (ADW_APPLICATION_WINDOW (window), box);
  gtk_window_present (GTK_WINDOW (window));
  report_cb ();
}

int
main (int argc, char *argv[])
{
  GOptionEntry options[] = {
    { "dark", 0, 0, G_OPTION_ARG_NONE, &dark, "Dark style", NULL },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new ("[FORMULA]");
  g_autoptr (GError) error = NULL;

  g_option_context_add_main_entries (context, options, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    {
      g_printerr ("%s\n", error->message);
      return 2;
    }

  g_autoptr (OrrHmm) hmm = orr_hmm_preset_create (orr_hmm_preset_find ("three"));
  g_autoptr (OrrStudy) study = orr_study_new ("host", hmm);
  g_autoptr (OrrDocument) document = orr_document_new (study);
  g_autoptr (OrrJobQueue) jobs = orr_job_queue_new ();
  session = orr_session_new (document, jobs);
  if (argc > 1 && !orr_workbench_set_formula (orr_session_get_workbench (session), argv[1], NULL, &error))
    {
      g_printerr ("%s\n", error->message);
      return 2;
    }
  g_signal_connect (orr_session_get_workbench (session), "notify::equations", report_cb, NULL);
  g_signal_connect (orr_session_get_workbench (session), "notify::selected", report_cb, NULL);

  g_autoptr (AdwApplication) application =
      adw_application_new ("io.github.orrery.TreeHost", G_APPLICATION_NON_UNIQUE);
  g_signal_connect (application, "activate", G_CALLBACK (activate_cb), NULL);
  int status = g_application_run (G_APPLICATION (application), 1, argv);
  g_clear_object (&session);
  return status;
}
