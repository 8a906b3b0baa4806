/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A table of numbers comes into a study: the data of its Equations page. */
#include "orr-open-table.h"

#include <glib/gi18n.h>

#include "orr-dataset-table.h"
#include "orr-table.h"

/**
 * orr_open_table_read:
 * @error: (out): one sentence that names the place
 *
 * Returns: (transfer full) (nullable): the columns of numbers of the table at @path
 */
OrrDataset *
orr_open_table_read (const char *path, GError **error)
{
  g_autofree char *base = g_path_get_basename (path);
  g_autofree char *name = g_filename_display_name (base);
  g_autoptr (OrrTable) table = orr_table_load (path, error);

  return table != NULL ? orr_dataset_from_table (table, name, error) : NULL;
}

/**
 * orr_open_table_show:
 *
 * Puts @dataset onto the Equations page of the study that @window shows, or of a new one.
 */
void
orr_open_table_show (OrrWindow *window, OrrDataset *dataset)
{
  if (orr_window_get_document (window) == NULL)
    {
      g_autoptr (OrrHmm) hmm = orr_hmm_new (1, 3);
      g_autoptr (OrrStudy) study = orr_study_new (dataset->origin, hmm);
      g_autoptr (OrrDocument) document = orr_document_new (study);

      orr_window_set_document (window, document);
    }
  orr_workbench_change_dataset (orr_session_get_workbench (orr_window_get_session (window)), dataset, _("Open table"),
                                NULL);
  orr_window_show_page (window, "equations");
}

static gpointer
read_thread (OrrProgress *progress, gpointer data, GError **error)
{
  return orr_open_table_read (data, error);
}

static void
read_cb (gpointer owner, OrrJob *job, gpointer result, const GError *error)
{
  /* The window tells about failed jobs. */
  if (result != NULL)
    orr_open_table_show (ORR_WINDOW (owner), result);
}

static void
chosen_cb (GtkNativeDialog *dialog, int response, OrrWindow *window)
{
  g_autoptr (GFile) file = response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog)) : NULL;
  char *path = file != NULL ? g_file_get_path (file) : NULL;

  if (path != NULL)
    orr_job_queue_run (orr_window_get_jobs (window), ORR_JOB_LANE_NOW, _("Reading a table"), read_thread, path, g_free,
                       (GDestroyNotify) orr_dataset_unref, G_OBJECT (window), read_cb);
  else if (file != NULL)
    orr_window_show_error (window, _("The file cannot be opened"), _("The place has no path on this computer."));
  gtk_native_dialog_destroy (dialog);
  g_object_unref (dialog);
}

/**
 * orr_open_table_choose:
 *
 * Lets the person choose a table, and opens it on the Equations page.
 */
void
orr_open_table_choose (OrrWindow *window)
{
  static const char *const suffixes[] = { "csv", "tsv", "txt", "dat" };
  GtkFileChooserNative *dialog
    = gtk_file_chooser_native_new (_("Open table"), GTK_WINDOW (window), GTK_FILE_CHOOSER_ACTION_OPEN, _("_Open"),
                                   _("_Cancel"));
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();

  gtk_file_filter_set_name (filter, _("Tables (CSV, TSV, text)"));
  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++)
    gtk_file_filter_add_suffix (filter, suffixes[i]);
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (dialog), filter);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  g_signal_connect_object (dialog, "response", G_CALLBACK (chosen_cb), window, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}
