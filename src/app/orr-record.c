/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Recorded behaviour comes into a study: a file of symbol sequences. What turns out to be a table of
 * numbers goes to the Equations page. */
#include "orr-record.h"

#include <glib/gi18n.h>

#include "orr-file.h"
#include "orr-fit-dialog.h"
#include "orr-open-table.h"
#include "orr-sequence-file.h"

static const char *const suffixes[] = { "csv", "tsv", "txt", "npy" };

/* Whether a file of this name may hold symbol sequences. */
gboolean
orr_record_is_file_name (const char *path)
{
  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++)
    if (orr_file_has_extension (path, suffixes[i]))
      return TRUE;
  return FALSE;
}

/* What a file held: one of the two. */
typedef struct
{
  OrrRecording *recording;
  OrrDataset   *dataset;
} Content;

static void
content_free (gpointer data)
{
  Content *self = data;

  g_clear_pointer (&self->recording, orr_recording_unref);
  g_clear_pointer (&self->dataset, orr_dataset_unref);
  g_free (self);
}

static gpointer
read_thread (OrrProgress *progress, gpointer data, GError **error)
{
  const char *path = data;
  g_autofree char *base = g_path_get_basename (path);
  g_autofree char *name = g_filename_display_name (base);
  g_autoptr (OrrSequences) sequences = orr_sequences_load (path, error);
  g_autoptr (OrrRecording) recording = sequences != NULL ? orr_recording_new (name, sequences, error) : NULL;
  g_autoptr (OrrDataset) dataset = NULL;

  if (sequences != NULL && recording == NULL)
    orr_file_prefix_error (error, path);
  if (recording == NULL && !orr_file_has_extension (path, ".npy"))
    dataset = orr_open_table_read (path, NULL);
  if (recording == NULL && dataset == NULL)
    return NULL;
  g_clear_error (error);
  Content *content = g_new0 (Content, 1);
  content->recording = g_steal_pointer (&recording);
  content->dataset = g_steal_pointer (&dataset);
  return content;
}

/* Into the study that is shown, or into a new one. */
static void
read_cb (gpointer owner, OrrJob *job, gpointer result, const GError *error)
{
  OrrWindow *window = ORR_WINDOW (owner);
  Content *content = result;
  OrrDocument *document = orr_window_get_document (window);

  if (content == NULL)
    return; /* the window tells about failed jobs */
  if (content->dataset != NULL)
    {
      orr_open_table_show (window, content->dataset);
      return;
    }
  OrrRecording *recording = content->recording;
  if (document == NULL)
    {
      g_autoptr (OrrHmm) hmm = orr_hmm_new (1, recording->n_symbols);
      g_autoptr (OrrStudy) empty = orr_study_new (recording->name, hmm);
      g_autoptr (OrrDocument) created = orr_document_new (empty);

      orr_window_set_document (window, created);
      document = orr_window_get_document (window);
    }
  g_autoptr (OrrStudy) study = orr_study_with_recording (orr_document_get_study (document), recording);
  g_autofree char *label = g_strdup_printf (_("Open %s"), recording->name);
  orr_document_edit (document, study, label, NULL);
  orr_window_show_page (window, "model");
  orr_fit_dialog_present (window);
}

/**
 * orr_record_open:
 * @file: symbol sequences, see orr_sequences_load(), or a table of numbers
 *
 * Reads @file in the background. A recording stays in the study, and models can be
 * fitted to it; other tables become the data of the Equations page.
 */
void
orr_record_open (OrrWindow *window, GFile *file)
{
  g_autofree char *path = g_file_get_path (file);
  g_autofree char *name = g_file_get_basename (file);
  g_autofree char *label = g_strdup_printf (_("Opening %s"), name);

  if (path == NULL)
    {
      orr_window_show_error (window, _("The file cannot be opened"), _("The place has no path on this computer."));
      return;
    }
  orr_job_queue_run (orr_window_get_jobs (window), ORR_JOB_LANE_NOW, label, read_thread, g_steal_pointer (&path), g_free,
                     content_free, G_OBJECT (window), read_cb);
}

static void
chosen_cb (GtkNativeDialog *dialog, int response, OrrWindow *window)
{
  if (response == GTK_RESPONSE_ACCEPT)
    {
      g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
      orr_record_open (window, file);
    }
  gtk_native_dialog_destroy (dialog);
  g_object_unref (dialog);
}

/**
 * orr_record_choose:
 *
 * Lets the person choose a file of symbol sequences, and opens it.
 */
void
orr_record_choose (OrrWindow *window)
{
  GtkFileChooserNative *dialog
    = gtk_file_chooser_native_new (_("Open Recorded Sequences"), GTK_WINDOW (window), GTK_FILE_CHOOSER_ACTION_OPEN,
                                   _("_Open"), _("_Cancel"));
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();

  gtk_file_filter_set_name (filter, _("Symbol sequences (CSV, TSV, NumPy)"));
  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++)
    gtk_file_filter_add_suffix (filter, suffixes[i]);
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (dialog), filter);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  g_signal_connect_object (dialog, "response", G_CALLBACK (chosen_cb), window, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}
