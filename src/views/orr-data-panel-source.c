/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a table comes from: a file that is chosen or dropped, or the clipboard. */
#include "orr-data-panel-private.h"

#include <glib/gi18n.h>

#include "orr-dataset-table.h"

/* A file, or text from the clipboard. */
typedef struct
{
  char *path; /* (nullable) */
  char *text; /* (nullable) */
} Source;

static void
source_free (gpointer data)
{
  Source *source = data;

  g_free (source->path);
  g_free (source->text);
  g_free (source);
}

static gpointer
load_thread (OrrProgress *progress, gpointer data, GError **error)
{
  const Source *source = data;
  g_autoptr (OrrTable) table =
    source->path != NULL ? orr_table_load (source->path, error) : orr_table_parse (source->text, -1, error);
  g_autofree char *name = source->path != NULL ? g_path_get_basename (source->path) : g_strdup (_("Pasted table"));

  return table != NULL ? orr_dataset_from_table (table, name, error) : NULL;
}

static void
loaded_cb (gpointer owner, OrrJob *job, gpointer result, const GError *error)
{
  OrrDataPanel *self = owner;

  orr_data_panel_set_problem (self, error != NULL ? error->message : NULL);
  if (error != NULL)
    orr_job_queue_dismiss (orr_session_get_jobs (self->session), job);
  if (result != NULL && self->session != NULL)
    orr_workbench_change_dataset (orr_session_get_workbench (self->session), result, _("Open table"), NULL);
}

static void
load (OrrDataPanel *self, char *path, char *text)
{
  Source *source = g_new0 (Source, 1);

  source->path = path;
  source->text = text;
  orr_job_queue_run (orr_session_get_jobs (self->session), ORR_JOB_LANE_NOW, _("Reading a table"), load_thread, source,
                     source_free, (GDestroyNotify) orr_dataset_unref, G_OBJECT (self), loaded_cb);
}

/**
 * orr_data_panel_open:
 * @file: a table
 *
 * Reads it in the background; what is wrong with it is said in the panel, and
 * the present data stay.
 */
void
orr_data_panel_open (OrrDataPanel *self, GFile *file)
{
  g_return_if_fail (ORR_IS_DATA_PANEL (self));
  g_return_if_fail (self->session != NULL);

  load (self, g_file_get_path (file), NULL);
}

static void
pasted_cb (GObject *clipboard, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (OrrDataPanel) self = user_data;
  g_autofree char *text = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (clipboard), result, NULL);

  if (self->session == NULL)
    return;
  if (text == NULL || *g_strchug (text) == '\0')
    orr_data_panel_set_problem (self, _("There is no table on the clipboard: copy cells in a spreadsheet, or lines of text"));
  else
    load (self, NULL, g_steal_pointer (&text));
}

static void
paste_clicked_cb (OrrDataPanel *self)
{
  if (self->session != NULL)
    gdk_clipboard_read_text_async (gtk_widget_get_clipboard (GTK_WIDGET (self)), NULL, pasted_cb, g_object_ref (self));
}

/* Ctrl+V anywhere on the page, unless something that is typed in takes it. */
static gboolean
paste_shortcut_cb (GtkWidget *widget, GVariant *parameters, gpointer user_data)
{
  if (!gtk_widget_get_mapped (widget))
    return FALSE;
  paste_clicked_cb (ORR_DATA_PANEL (widget));
  return TRUE;
}

static void
chosen_cb (OrrDataPanel *self, int response)
{
  if (response == GTK_RESPONSE_ACCEPT)
    {
      g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (self->chooser));
      orr_data_panel_open (self, file);
    }
  g_clear_object (&self->chooser);
}

static void
open_clicked_cb (OrrDataPanel *self)
{
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  g_clear_object (&self->chooser);
  gtk_file_filter_set_name (filter, _("Tables (CSV, TSV, text)"));
  gtk_file_filter_add_suffix (filter, "csv");
  gtk_file_filter_add_suffix (filter, "tsv");
  gtk_file_filter_add_suffix (filter, "txt");
  gtk_file_filter_add_suffix (filter, "dat");
  self->chooser = gtk_file_chooser_native_new (_("Open table"), GTK_WINDOW (root), GTK_FILE_CHOOSER_ACTION_OPEN,
                                               _("_Open"), _("_Cancel"));
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (self->chooser), filter);
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (chosen_cb), self, G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static gboolean
drop_cb (GtkDropTarget *drop, const GValue *value, double x, double y, gpointer user_data)
{
  OrrDataPanel *self = user_data;

  if (self->session == NULL)
    return FALSE;
  orr_data_panel_open (self, g_value_get_object (value));
  return TRUE;
}

/* Files that are no tables are left to the window. */
static gboolean
accept_cb (GtkDropTarget *drop, GdkDrop *offer, gpointer user_data)
{
  OrrDataPanel *self = user_data;
  GdkContentFormats *formats = gdk_drop_get_formats (offer);

  return self->session != NULL && (gdk_content_formats_contain_gtype (formats, G_TYPE_FILE) ||
                                   gdk_content_formats_contain_mime_type (formats, "text/uri-list"));
}

/* The outermost pane around the panel: all of the page. */
static GtkWidget *
find_page (OrrDataPanel *self)
{
  GtkWidget *page = GTK_WIDGET (self);

  for (GtkWidget *up = page; up != NULL; up = gtk_widget_get_parent (up))
    if (GTK_IS_PANED (up))
      page = up;
  return page;
}

void
orr_data_panel_forget_page (OrrDataPanel *self)
{
  if (self->page != NULL)
    {
      gtk_widget_remove_controller (self->page, self->drop);
      g_object_remove_weak_pointer (G_OBJECT (self->page), (gpointer *) &self->page);
    }
  self->page = NULL;
  self->drop = NULL;
}

/* Files may be dropped on the tree and the charts as well: before these see them. */
void
orr_data_panel_watch_page (OrrDataPanel *self)
{
  GtkDropTarget *drop = gtk_drop_target_new (G_TYPE_FILE, GDK_ACTION_COPY);

  g_signal_connect (drop, "accept", G_CALLBACK (accept_cb), self);
  g_signal_connect (drop, "drop", G_CALLBACK (drop_cb), self);
  self->drop = GTK_EVENT_CONTROLLER (drop);
  gtk_event_controller_set_propagation_phase (self->drop, GTK_PHASE_CAPTURE);
  self->page = find_page (self);
  gtk_widget_add_controller (self->page, self->drop);
  g_object_add_weak_pointer (G_OBJECT (self->page), (gpointer *) &self->page);
}

/* Ctrl+V pastes wherever the page has the keyboard. */
void
orr_data_panel_add_paste (OrrDataPanel *self)
{
  GtkEventController *shortcuts = gtk_shortcut_controller_new ();

  gtk_shortcut_controller_set_scope (GTK_SHORTCUT_CONTROLLER (shortcuts), GTK_SHORTCUT_SCOPE_GLOBAL);
  gtk_shortcut_controller_add_shortcut (
    GTK_SHORTCUT_CONTROLLER (shortcuts),
    gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_v, GDK_CONTROL_MASK),
                      gtk_callback_action_new (paste_shortcut_cb, NULL, NULL)));
  gtk_widget_add_controller (GTK_WIDGET (self), shortcuts);
}

/* Makes the callbacks of this file known to the template. */
void
orr_data_panel_bind_source (GtkWidgetClass *klass)
{
  gtk_widget_class_bind_template_callback (klass, open_clicked_cb);
  gtk_widget_class_bind_template_callback (klass, paste_clicked_cb);
}
