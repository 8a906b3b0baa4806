/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>
#include <string.h>

#include "orr-hmm-dot.h"
#include "orr-hmm-file.h"
#include "orr-hmm-graph-view-private.h"
#include "orr-hmm-layout.h"

/* How models leave the graph and come in: the clipboard and files. */

/* Whether nobody has placed the states: they are where a new model has them. */
static gboolean
is_unplaced (const OrrHmm *hmm)
{
  g_autoptr (OrrHmm) fresh = orr_hmm_new (hmm->n_states, hmm->n_symbols);

  return memcmp (hmm->positions, fresh->positions, 2 * hmm->n_states * sizeof (double)) == 0;
}

static void
take (OrrHmmGraphView *self, OrrHmm *hmm, const char *label)
{
  g_autoptr (OrrHmm) placed = is_unplaced (hmm) ? orr_hmm_layout (hmm) : orr_hmm_ref (hmm);

  orr_hmm_editor_replace (self->editor, placed, label);
  orr_hmm_canvas_fit (self->canvas);
}

static void
copy_json_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  OrrHmmGraphView *self = user_data;
  g_autofree char *text = orr_hmm_print_json (orr_hmm_editor_get_hmm (self->editor));

  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), text);
}

static void
copy_dot_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  OrrHmmGraphView *self = user_data;
  g_autofree char *text = orr_hmm_to_dot (orr_hmm_editor_get_hmm (self->editor));

  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), text);
}

static void
pasted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (OrrHmmGraphView) self = user_data;
  g_autofree char *text = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (source), result, NULL);
  g_autoptr (GError) error = NULL;

  if (self->session == NULL || !self->editable)
    return;
  if (text == NULL)
    {
      orr_hmm_graph_view_say (self, _ ("There is no text to paste."));
      return;
    }

  g_autoptr (OrrHmm) hmm = orr_hmm_parse_json (text, -1, &error);
  if (hmm != NULL)
    take (self, hmm, _ ("Paste model"));
  else
    {
      g_autofree char *message = g_strdup_printf (_ ("What was copied is not a model: %s"), error->message);

      orr_hmm_graph_view_say (self, message);
    }
}

static void
paste_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  OrrHmmGraphView *self = user_data;

  gdk_clipboard_read_text_async (gtk_widget_get_clipboard (GTK_WIDGET (self)), NULL, pasted_cb,
                                 g_object_ref (self));
}

static void
load_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;
  OrrHmm *hmm = orr_hmm_load (data, &error);

  if (hmm != NULL)
    g_task_return_pointer (task, hmm, (GDestroyNotify) orr_hmm_unref);
  else
    g_task_return_error (task, error);
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  OrrHmmGraphView *self = ORR_HMM_GRAPH_VIEW (source);
  g_autoptr (GError) error = NULL;
  g_autoptr (OrrHmm) hmm = g_task_propagate_pointer (G_TASK (result), &error);

  if (self->session == NULL || !self->editable)
    return;
  if (hmm != NULL)
    take (self, hmm, _ ("Import model"));
  else
    orr_hmm_graph_view_say (self, error->message);
}

static void
add_filter (GtkFileChooser *chooser, const char *name, const char *const *patterns)
{
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();

  gtk_file_filter_set_name (filter, name);
  for (guint i = 0; patterns[i] != NULL; i++)
    gtk_file_filter_add_pattern (filter, patterns[i]);
  gtk_file_chooser_add_filter (chooser, filter);
}

static GtkFileChooserNative *
create_chooser (OrrHmmGraphView *self, const char *title, GtkFileChooserAction action, const char *accept)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWindow *window = GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL;
  GtkFileChooserNative *chooser = gtk_file_chooser_native_new (title, window, action, accept, NULL);

  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  add_filter (GTK_FILE_CHOOSER (chooser), _ ("Models (JSON, NumPy)"),
              (const char *[]) { "*.json", "*.npz", NULL });
  return chooser;
}

static void
import_response_cb (GtkNativeDialog *dialog, int response, OrrHmmGraphView *self)
{
  if (response == GTK_RESPONSE_ACCEPT)
    {
      g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
      g_autoptr (GTask) task = g_task_new (self, NULL, loaded_cb, NULL);

      g_task_set_task_data (task, g_file_get_path (file), g_free);
      g_task_run_in_thread (task, load_thread);
    }
  g_object_unref (dialog);
}

static void
import_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  OrrHmmGraphView *self = user_data;
  GtkFileChooserNative *chooser =
      create_chooser (self, _ ("Import model"), GTK_FILE_CHOOSER_ACTION_OPEN, _ ("_Import"));

  g_signal_connect_object (chooser, "response", G_CALLBACK (import_response_cb), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

static void
save_response_cb (GtkNativeDialog *dialog, int response, OrrHmmGraphView *self)
{
  g_autoptr (GFile) file =
      response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog)) : NULL;
  g_autofree char *path = file != NULL ? g_file_get_path (file) : NULL;
  g_autoptr (GError) error = NULL;

  if (path != NULL && self->session != NULL &&
      !orr_hmm_save (orr_hmm_editor_get_hmm (self->editor), path, &error))
    orr_hmm_graph_view_say (self, error->message);
  g_object_unref (dialog);
}

static void
save_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  OrrHmmGraphView *self = user_data;
  GtkFileChooserNative *chooser =
      create_chooser (self, _ ("Save model"), GTK_FILE_CHOOSER_ACTION_SAVE, _ ("_Save"));

  add_filter (GTK_FILE_CHOOSER (chooser), _ ("Graphviz (DOT)"), (const char *[]) { "*.dot", NULL });
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (chooser), "model.json");
  g_signal_connect_object (chooser, "response", G_CALLBACK (save_response_cb), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

void
orr_hmm_exchange_add_actions (OrrHmmGraphView *self)
{
  static const GActionEntry entries[] = {
    { "copy-json", copy_json_cb }, { "copy-dot", copy_dot_cb }, { "paste", paste_cb },
    { "import", import_cb },       { "save", save_cb },
  };

  g_action_map_add_action_entries (G_ACTION_MAP (self->actions), entries, G_N_ELEMENTS (entries), self);
}
