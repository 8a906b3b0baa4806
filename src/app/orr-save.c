/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-save.h"

#include <glib/gi18n.h>

#include "orr-paths.h"
#include "orr-recents.h"
#include "orr-study-file.h"

/* One saving: from the choice of a name to the answer. */
typedef struct
{
  OrrWindow   *window;
  OrrDocument *document;
  OrrStudy    *study; /* what is written: the document may go on changing */
  GFile       *file;
  OrrSavedFunc done;
  gpointer     user_data;
} Saving;

/* The worker's share of it. */
typedef struct
{
  OrrStudy *study;
  char     *path;
} Content;

static void
saving_end (Saving *self, gboolean saved)
{
  if (self->done != NULL)
    self->done (self->window, saved, self->user_data);
  g_object_unref (self->window);
  g_object_unref (self->document);
  g_clear_pointer (&self->study, orr_study_unref);
  g_clear_object (&self->file);
  g_free (self);
}

static void
content_free (gpointer data)
{
  Content *self = data;

  orr_study_unref (self->study);
  g_free (self->path);
  g_free (self);
}

static gpointer
write_func (OrrProgress *progress, gpointer data, GError **error)
{
  Content *content = data;
  return orr_study_file_save (content->study, content->path, error) ? GINT_TO_POINTER (1) : NULL;
}

static void
written_cb (gpointer owner, OrrJob *job, gpointer result, const GError *error)
{
  Saving *self = g_object_get_data (G_OBJECT (job), "saving");

  if (result != NULL)
    {
      orr_document_set_file (self->document, self->file);
      orr_document_set_saved (self->document, self->study);
      orr_recents_add (orr_window_get_settings (self->window), self->file);
    }
  saving_end (self, result != NULL);
}

static void
write_study (Saving *self)
{
  g_autofree char *path = g_file_get_path (self->file);
  g_autofree char *name = g_file_get_basename (self->file);
  g_autofree char *label = g_strdup_printf (_("Saving %s"), name);
  Content *content;
  OrrJob *job;

  if (path == NULL)
    {
      orr_window_show_error (self->window, _("The study cannot be saved there"),
                             _("The place has no path on this computer."));
      saving_end (self, FALSE);
      return;
    }
  content = g_new0 (Content, 1);
  content->study = orr_study_ref (self->study);
  content->path = g_steal_pointer (&path);
  job = orr_job_queue_run (orr_window_get_jobs (self->window), ORR_JOB_LANE_NOW, label, write_func, content,
                           content_free, NULL, G_OBJECT (self->window), written_cb);
  g_object_set_data (G_OBJECT (job), "saving", self);
}

static void
replace_response_cb (AdwMessageDialog *dialog, const char *response, gpointer user_data)
{
  Saving *self = user_data;

  if (g_str_equal (response, "replace"))
    write_study (self);
  else
    saving_end (self, FALSE);
}

/* The chooser asked about the name as it was typed, which may be another. */
static void
ask_to_replace (Saving *self)
{
  g_autofree char *name = g_file_get_basename (self->file);
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (self->window), _("Replace the file?"), NULL);

  adw_message_dialog_format_body (ADW_MESSAGE_DIALOG (dialog), _("There is a file “%s” already. Its content is lost if you replace it."),
                                  name);
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _("_Cancel"), "replace", _("_Replace"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "replace", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_signal_connect (dialog, "response", G_CALLBACK (replace_response_cb), self);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* A name without a dot gets the study's extension, so that it is found again; returns whether it did. */
static gboolean
complete_name (GFile **file)
{
  g_autofree char *name = g_file_get_basename (*file);
  g_autofree char *complete = g_strconcat (name, ".orrery", NULL);
  g_autoptr (GFile) folder = g_file_get_parent (*file);

  if (strchr (name, '.') != NULL || folder == NULL)
    return FALSE;
  g_object_unref (*file);
  *file = g_file_get_child (folder, complete);
  return TRUE;
}

static void
chosen_cb (GtkNativeDialog *dialog, int response, gpointer user_data)
{
  Saving *self = user_data;

  if (response != GTK_RESPONSE_ACCEPT)
    saving_end (self, FALSE);
  else
    {
      self->file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
      if (complete_name (&self->file) && g_file_query_exists (self->file, NULL))
        ask_to_replace (self);
      else
        write_study (self);
    }
  gtk_native_dialog_destroy (dialog);
  g_object_unref (dialog);
}

/* The bundled examples are read and built upon, not written over. */
static gboolean
may_write_over (GFile *file)
{
  g_autofree char *folder = orr_paths_dup_examples ();
  g_autoptr (GFile) examples = g_file_new_for_path (folder);

  return file != NULL && !g_file_has_prefix (file, examples);
}

static void
choose_file (Saving *self)
{
  GtkFileChooserNative *dialog
    = gtk_file_chooser_native_new (_("Save Study"), GTK_WINDOW (self->window), GTK_FILE_CHOOSER_ACTION_SAVE,
                                   _("_Save"), _("_Cancel"));
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();
  GFile *old = orr_document_get_file (self->document);

  gtk_file_filter_set_name (filter, _("Orrery studies"));
  gtk_file_filter_add_suffix (filter, "orrery");
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (dialog), filter);
  if (may_write_over (old))
    gtk_file_chooser_set_file (GTK_FILE_CHOOSER (dialog), old, NULL);
  else
    {
      g_autofree char *name
        = old != NULL ? g_file_get_basename (old) : g_strdup_printf ("%s.orrery", self->study->title);
      gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (dialog), g_strdelimit (name, "/", '-'));
    }
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  g_signal_connect (dialog, "response", G_CALLBACK (chosen_cb), self);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

/**
 * orr_save:
 * @choose_name: ask for a file even if the study has one
 * @done: (nullable): told how it ended
 *
 * Saves the study of @window in the background.
 */
void
orr_save (OrrWindow *window, gboolean choose_name, OrrSavedFunc done, gpointer user_data)
{
  OrrDocument *document = orr_window_get_document (window);
  Saving *self;

  g_return_if_fail (document != NULL);
  self = g_new0 (Saving, 1);
  self->window = g_object_ref (window);
  self->document = g_object_ref (document);
  self->study = orr_study_ref (orr_document_get_study (document));
  self->done = done;
  self->user_data = user_data;
  if (choose_name || !may_write_over (orr_document_get_file (document)))
    choose_file (self);
  else
    {
      self->file = g_object_ref (orr_document_get_file (document));
      write_study (self);
    }
}
