/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>

#include "orr-file.h"
#include "orr-hmm-dot.h"
#include "orr-hmm-graph-view-private.h"
#include "orr-hmm-layout.h"
#include "orr-hmm-section.h"
#include "orr-json.h"

/* How models leave the graph and come in: the clipboard and files. */

#define MAX_FILE (16 * 1024 * 1024)

static char *
print_json (OrrHmmGraphView *self)
{
  g_autoptr (GVariant) section = orr_hmm_to_section (orr_hmm_editor_get_hmm (self->editor));

  return orr_json_print (section, TRUE);
}

/* Takes the model that @text holds; one without positions is laid out. */
static gboolean
take_json (OrrHmmGraphView *self, const char *text, gssize length, const char *label, GError **error)
{
  g_autoptr (GVariant) section = orr_json_parse (text, length, error);
  g_autoptr (OrrHmm) hmm = section != NULL ? orr_hmm_from_section (section, error) : NULL;

  if (hmm == NULL)
    return FALSE;
  if (!g_variant_lookup (section, "positions", "*", NULL))
    {
      OrrHmm *placed = orr_hmm_layout (hmm);

      orr_hmm_unref (hmm);
      hmm = placed;
    }
  orr_hmm_editor_replace (self->editor, hmm, label);
  orr_hmm_canvas_fit (self->canvas);
  return TRUE;
}

static void
copy_json_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  OrrHmmGraphView *self = user_data;
  g_autofree char *text = print_json (self);

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
    orr_hmm_graph_view_say (self, _ ("There is no text to paste."));
  else if (!take_json (self, text, -1, _ ("Paste model"), &error))
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
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (OrrHmmGraphView) self = user_data;
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  gsize length;

  if (self->session == NULL || !self->editable)
    return;
  if (!g_file_load_contents_finish (G_FILE (source), result, &text, &length, NULL, &error) ||
      !take_json (self, text, length, _ ("Import model"), &error))
    {
      g_autofree char *name = g_file_get_basename (G_FILE (source));
      g_autofree char *message = g_strdup_printf ("%s: %s", name, error->message);

      orr_hmm_graph_view_say (self, message);
    }
}

static void
size_known_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (OrrHmmGraphView) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GFileInfo) info = g_file_query_info_finish (G_FILE (source), result, &error);

  if (info == NULL)
    orr_hmm_graph_view_say (self, error->message);
  else if (g_file_info_get_size (info) > MAX_FILE)
    orr_hmm_graph_view_say (self, _ ("The file is too large to be a model."));
  else
    g_file_load_contents_async (G_FILE (source), NULL, loaded_cb, g_steal_pointer (&self));
}

static void
add_filter (GtkFileChooser *chooser, const char *name, const char *pattern)
{
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();

  gtk_file_filter_set_name (filter, name);
  gtk_file_filter_add_pattern (filter, pattern);
  gtk_file_chooser_add_filter (chooser, filter);
}

static GtkFileChooserNative *
create_chooser (OrrHmmGraphView *self, const char *title, GtkFileChooserAction action, const char *accept)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWindow *window = GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL;
  GtkFileChooserNative *chooser = gtk_file_chooser_native_new (title, window, action, accept, NULL);

  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  add_filter (GTK_FILE_CHOOSER (chooser), _ ("Models (JSON)"), "*.json");
  return chooser;
}

static void
import_response_cb (GtkNativeDialog *dialog, int response, OrrHmmGraphView *self)
{
  if (response == GTK_RESPONSE_ACCEPT)
    {
      g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));

      g_file_query_info_async (file, G_FILE_ATTRIBUTE_STANDARD_SIZE, G_FILE_QUERY_INFO_NONE,
                               G_PRIORITY_DEFAULT, NULL, size_known_cb, g_object_ref (self));
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

  if (path != NULL && self->session != NULL)
    {
      gboolean dot = orr_file_has_extension (path, "dot") || orr_file_has_extension (path, "gv");
      char *text = dot ? orr_hmm_to_dot (orr_hmm_editor_get_hmm (self->editor)) : print_json (self);
      g_autoptr (GBytes) bytes = g_bytes_new_take (text, strlen (text));

      if (!orr_file_write (path, bytes, &error))
        orr_hmm_graph_view_say (self, error->message);
    }
  g_object_unref (dialog);
}

static void
save_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  OrrHmmGraphView *self = user_data;
  GtkFileChooserNative *chooser =
      create_chooser (self, _ ("Save model"), GTK_FILE_CHOOSER_ACTION_SAVE, _ ("_Save"));

  add_filter (GTK_FILE_CHOOSER (chooser), _ ("Graphviz (DOT)"), "*.dot");
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
