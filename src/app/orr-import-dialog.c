/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-import-dialog.h"

#include <glib/gi18n.h>

/* What an imported network is called, and which model it is to be compared with. */
typedef struct
{
  OrrWindow    *window;
  OrrNetwork   *network;
  OrrImportFunc func;
  GtkWidget    *name_row;
  GtkWidget    *model_row;
  GPtrArray    *models; /* of OrrHmm, one a choice of the row; %NULL for "none" */
} Import;

static void
clear_model (gpointer model)
{
  orr_hmm_unref (model);
}

static void
import_free (gpointer data)
{
  Import *self = data;

  orr_network_unref (self->network);
  g_ptr_array_unref (self->models);
  g_free (self);
}

static void
response_cb (AdwMessageDialog *dialog, const char *response, Import *self)
{
  const char *name = gtk_editable_get_text (GTK_EDITABLE (self->name_row));
  guint selected = adw_combo_row_get_selected (ADW_COMBO_ROW (self->model_row));

  if (g_str_equal (response, "import") && selected < self->models->len)
    self->func (self->window, self->network, *name != '\0' ? name : _("Network"),
                g_ptr_array_index (self->models, selected));
}

static void
add_model (Import *self, GtkStringList *titles, const char *title, OrrHmm *hmm)
{
  gtk_string_list_append (titles, title);
  g_ptr_array_add (self->models, hmm);
}

/* The study's own model first, then the presets: those that emit as many symbols as the network. */
static GtkStringList *
list_models (Import *self)
{
  GtkStringList *titles = gtk_string_list_new (NULL);
  OrrDocument *document = orr_window_get_document (self->window);
  guint n;
  const OrrHmmPreset *presets = orr_hmm_presets (&n);

  if (document != NULL && orr_document_get_hmm (document)->n_symbols == self->network->n_symbols)
    {
      g_autofree char *title
        = g_strdup_printf (_("This study: %s"), orr_document_get_study (document)->title);
      add_model (self, titles, title, orr_hmm_ref (orr_document_get_hmm (document)));
    }
  for (guint i = 0; i < n; i++)
    {
      OrrHmm *hmm = orr_hmm_preset_create (&presets[i]);

      if (hmm->n_symbols == self->network->n_symbols)
        add_model (self, titles, _(presets[i].title), hmm);
      else
        orr_hmm_unref (hmm);
    }
  add_model (self, titles, _("None"), NULL);
  return titles;
}

static char *
describe (const OrrNetwork *network)
{
  return g_strdup_printf (_("%u hidden units (%s), %u noise inputs, %u symbols, %s."), network->n_hidden,
                          network->activation == ORR_ACTIVATION_TANH ? _("tanh") : _("ReLU"),
                          network->n_noise, network->n_symbols,
                          network->bias_hh != NULL ? _("with biases") : _("without biases"));
}

static GtkWidget *
create_form (Import *self, const char *name)
{
  GtkWidget *list = gtk_list_box_new ();
  g_autoptr (GtkStringList) titles = list_models (self);

  self->name_row = adw_entry_row_new ();
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->name_row), _("Name"));
  gtk_editable_set_text (GTK_EDITABLE (self->name_row), name);
  self->model_row = adw_combo_row_new ();
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->model_row), _("Trained on"));
  adw_combo_row_set_model (ADW_COMBO_ROW (self->model_row), G_LIST_MODEL (titles));
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  gtk_list_box_append (GTK_LIST_BOX (list), self->name_row);
  gtk_list_box_append (GTK_LIST_BOX (list), self->model_row);
  return list;
}

/**
 * orr_import_dialog_present:
 * @name: what to call the network unless the person says otherwise
 * @func: called when the person agrees
 */
void
orr_import_dialog_present (OrrWindow *window, OrrNetwork *network, const char *name, OrrImportFunc func)
{
  Import *self = g_new0 (Import, 1);
  g_autofree char *body = describe (network);
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (window), _("Add this network?"), body);

  self->window = window; /* the dialog is transient for it and goes with it */
  self->network = orr_network_ref (network);
  self->func = func;
  self->models = g_ptr_array_new_with_free_func (clear_model);
  adw_message_dialog_set_extra_child (ADW_MESSAGE_DIALOG (dialog), create_form (self, name));
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _("_Cancel"), "import", _("_Add"),
                                    NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "import",
                                              ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "import");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_signal_connect (dialog, "response", G_CALLBACK (response_cb), self);
  g_object_set_data_full (G_OBJECT (dialog), "orr-import", self, import_free);
  gtk_window_present (GTK_WINDOW (dialog));
}
