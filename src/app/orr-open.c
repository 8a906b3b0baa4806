/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-open.h"

#include <glib/gi18n.h>

#include "orr-error.h"
#include "orr-file.h"
#include "orr-hmm-file.h"
#include "orr-import-dialog.h"
#include "orr-network-file.h"
#include "orr-recents.h"
#include "orr-record.h"
#include "orr-study-file.h"

/* What a file held: one of the three. */
typedef struct
{
  GFile      *file;
  OrrStudy   *study;
  OrrNetwork *network;
  OrrHmm     *hmm;
} Opened;

static void
opened_free (gpointer data)
{
  Opened *self = data;

  g_clear_object (&self->file);
  g_clear_pointer (&self->study, orr_study_unref);
  g_clear_pointer (&self->network, orr_network_unref);
  g_clear_pointer (&self->hmm, orr_hmm_unref);
  g_free (self);
}

/* Whatever a study is called, it is HDF5. */
static gboolean
begins_like_study (const char *path)
{
  static const char signature[] = "\211HDF\r\n\032\n";
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFileInputStream) stream = g_file_read (file, NULL, NULL);
  char start[sizeof signature - 1];
  gsize n = 0;

  return stream != NULL && g_input_stream_read_all (G_INPUT_STREAM (stream), start, sizeof start, &n, NULL, NULL) &&
         n == sizeof start && memcmp (start, signature, n) == 0;
}

static gpointer
read_func (OrrProgress *progress, gpointer data, GError **error)
{
  const char *path = data;
  Opened *opened = g_new0 (Opened, 1);

  opened->file = g_file_new_for_path (path);
  if (orr_file_has_extension (path, ".json") || orr_hmm_is_archive (path))
    opened->hmm = orr_hmm_load (path, error);
  else if (orr_network_is_file_name (path))
    opened->network = orr_network_load (path, error);
  else if (orr_file_has_extension (path, ".orrery") || begins_like_study (path))
    opened->study = orr_study_file_load (path, error);
  else
    {
      g_autofree char *name = g_path_get_basename (path);
      g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT,
                   _("%s: Orrery does not know this kind of file; it opens studies (.orrery), networks (.pth, .pt, "
                     ".safetensors, .npz, .h5), models (.json, .npz), and sequences and tables (.csv, .tsv, .txt)"),
                   name);
    }
  if (opened->study != NULL || opened->network != NULL || opened->hmm != NULL)
    return opened;
  opened_free (opened);
  return NULL;
}

/* A file's name without its extension, fit to call a network. */
static char *
dup_name (GFile *file)
{
  g_autofree char *base = g_file_get_basename (file);
  char *dot = strrchr (base, '.');

  if (dot != NULL && dot != base)
    *dot = '\0';
  return g_filename_display_name (base);
}

static void
show_study_cb (OrrWindow *window, gpointer data)
{
  Opened *opened = data;
  g_autoptr (OrrDocument) document = orr_document_new (opened->study);

  orr_document_set_file (document, opened->file);
  orr_recents_add (orr_window_get_settings (window), opened->file);
  orr_window_set_document (window, document);
  orr_window_show_page (window, "model");
}

static void
show_model_cb (OrrWindow *window, gpointer data)
{
  Opened *opened = data;
  g_autofree char *title = dup_name (opened->file);
  g_autoptr (OrrStudy) study = orr_study_new (title, opened->hmm);
  g_autoptr (OrrDocument) document = orr_document_new (study);

  orr_window_set_document (window, document);
  orr_window_show_page (window, "model");
}

/* The network becomes a run of the study that is shown, or of a new one. */
static void
import_cb (OrrWindow *window, OrrNetwork *network, const char *name, OrrHmm *hmm)
{
  g_autoptr (OrrRun) run = orr_run_new (name, network, hmm);
  OrrDocument *document = orr_window_get_document (window);
  g_autoptr (OrrDocument) created = NULL;
  g_autofree char *label = g_strdup_printf (_("Add network %s"), name);

  if (document == NULL)
    {
      g_autoptr (OrrHmm) model = hmm != NULL ? orr_hmm_ref (hmm) : orr_hmm_new (1, network->n_symbols);
      g_autoptr (OrrStudy) study = orr_study_new (name, model);

      document = created = orr_document_new (study);
      orr_window_set_document (window, document);
    }
  orr_document_add_run (document, run, label);
  orr_session_set_run_id (orr_window_get_session (window), run->id);
  orr_window_show_page (window, "dynamics");
}

static void
read_cb (gpointer owner, OrrJob *job, gpointer result, const GError *error)
{
  OrrWindow *window = ORR_WINDOW (owner);
  Opened *opened = result;

  if (opened == NULL)
    return; /* the window tells about failed jobs */
  if (opened->network != NULL)
    {
      g_autofree char *name = dup_name (opened->file);
      orr_import_dialog_present (window, opened->network, name, import_cb);
      return;
    }

  Opened *content = g_new0 (Opened, 1);
  content->file = g_object_ref (opened->file);
  content->study = opened->study != NULL ? orr_study_ref (opened->study) : NULL;
  content->hmm = opened->hmm != NULL ? orr_hmm_ref (opened->hmm) : NULL;
  orr_window_leave_study (window, content->study != NULL ? show_study_cb : show_model_cb, content, opened_free);
}

/**
 * orr_open_file:
 * @file: a study (.orrery), a network (.pth .pt .safetensors .npz .h5) or a
 *   model (.json, or .npz with hmmlearn's names), or recorded symbol sequences (.csv .tsv .txt .npy), by its extension
 *
 * Reads @file in the background and shows it in @window; a network joins the
 * study that the window shows, a study or model replaces it once it may go.
 */
void
orr_open_file (OrrWindow *window, GFile *file)
{
  g_autofree char *path = g_file_get_path (file);
  g_autofree char *name = g_file_get_basename (file);
  g_autofree char *label = g_strdup_printf (_("Opening %s"), name);

  if (path != NULL && orr_record_is_file_name (path))
    {
      orr_record_open (window, file);
      return;
    }
  if (path == NULL)
    {
      orr_window_show_error (window, _("The file cannot be opened"),
                             _("The place has no path on this computer."));
      return;
    }
  orr_job_queue_run (orr_window_get_jobs (window), ORR_JOB_LANE_NOW, label, read_func,
                     g_steal_pointer (&path), g_free, opened_free, G_OBJECT (window), read_cb);
}

static void
add_filter (GtkFileChooser *chooser, const char *name, const char *const *suffixes, gsize n)
{
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();

  gtk_file_filter_set_name (filter, name);
  for (gsize i = 0; i < n; i++)
    gtk_file_filter_add_suffix (filter, suffixes[i]);
  gtk_file_chooser_add_filter (chooser, filter);
}

static void
chosen_cb (GtkNativeDialog *dialog, int response, OrrWindow *window)
{
  if (response == GTK_RESPONSE_ACCEPT)
    {
      g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
      orr_open_file (window, file);
    }
  gtk_native_dialog_destroy (dialog);
  g_object_unref (dialog);
}

/**
 * orr_open_choose:
 * @networks_only: offer networks alone, to be added to the study
 *
 * Lets the person choose a file, and opens it.
 */
void
orr_open_choose (OrrWindow *window, gboolean networks_only)
{
  static const char *const suffixes[] = { "orrery", "json", "pth", "pt", "safetensors", "npz", "h5", "hdf5",
                                          "csv", "tsv", "txt", "npy" };
  GtkFileChooserNative *dialog
    = gtk_file_chooser_native_new (networks_only ? _("Add a Network") : _("Open"), GTK_WINDOW (window),
                                   GTK_FILE_CHOOSER_ACTION_OPEN, _("_Open"), _("_Cancel"));
  GtkFileChooser *chooser = GTK_FILE_CHOOSER (dialog);

  if (!networks_only)
    {
      add_filter (chooser, _("Studies, networks and models"), suffixes, G_N_ELEMENTS (suffixes));
      add_filter (chooser, _("Orrery studies"), suffixes, 1);
      add_filter (chooser, _("Models (JSON)"), suffixes + 1, 1);
      add_filter (chooser, _("Symbol sequences (CSV, TSV, NumPy)"), suffixes + 8, 4);
    }
  add_filter (chooser, _("Networks (PyTorch, safetensors, NumPy, HDF5)"), suffixes + 2,
              6);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  g_signal_connect_object (dialog, "response", G_CALLBACK (chosen_cb), window, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}
