/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a window does when it is told to: by buttons, menus, keys and views. */
#include "orr-window-private.h"

#include <glib/gi18n.h>

#include "orr-fit-dialog.h"
#include "orr-open-table.h"
#include "orr-open.h"
#include "orr-record.h"
#include "orr-save.h"

/* How views say what became of something. */
static void
toast_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  orr_window_show_message (ORR_WINDOW (widget), g_variant_get_string (parameter, NULL));
}

static void
maximise_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  OrrPage *page = orr_window_get_page (ORR_WINDOW (widget));

  if (page != NULL && !orr_page_toggle_maximise (page, gtk_window_get_focus (GTK_WINDOW (widget))))
    orr_window_show_message (ORR_WINDOW (widget), _("Choose a view first: click in it, or go to it with Tab."));
}

static void
new_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  OrrWindow *self = ORR_WINDOW (widget);

  orr_start_page_refresh (self->start_page);
  orr_window_show_page (self, "start");
  gtk_widget_grab_focus (GTK_WIDGET (self->start_page));
}

static void
back_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  OrrWindow *self = ORR_WINDOW (widget);

  OrrPage *page = orr_window_get_page (self);

  if (self->session != NULL && orr_window_on_start_page (self))
    orr_window_show_page (self, "model");
  else if (page != NULL)
    orr_page_restore (page);
}

static void
open_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  orr_open_choose (ORR_WINDOW (widget), FALSE);
}

static void
import_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  orr_open_choose (ORR_WINDOW (widget), TRUE);
}

static void
open_table_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  orr_open_table_choose (ORR_WINDOW (widget));
}

static void
open_recording_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  orr_record_choose (ORR_WINDOW (widget));
}

/* To the recording that the study has, or to one that is chosen now. */
static void
fit_recording_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  OrrDocument *document = orr_window_get_document (ORR_WINDOW (widget));

  if (document != NULL && orr_document_get_study (document)->recording != NULL)
    orr_fit_dialog_present (ORR_WINDOW (widget));
  else
    orr_record_choose (ORR_WINDOW (widget));
}

static void
open_uri_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  g_autoptr (GFile) file = g_file_new_for_uri (g_variant_get_string (parameter, NULL));
  orr_open_file (ORR_WINDOW (widget), file);
}

static void
create_study_cb (OrrWindow *self, gpointer data)
{
  g_autoptr (OrrDocument) document = orr_document_new (data);
  orr_window_set_document (self, document);
  orr_window_show_page (self, "model");
}

static void
new_study_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  const char *id = g_variant_get_string (parameter, NULL);
  const OrrHmmPreset *preset = orr_hmm_preset_find (id);
  g_autoptr (OrrHmm) hmm = preset != NULL ? orr_hmm_preset_create (preset) : orr_hmm_new (1, 3);
  OrrStudy *study = orr_study_new (preset != NULL ? _(preset->title) : _("New study"), hmm);

  orr_window_leave_study (ORR_WINDOW (widget), create_study_cb, study, (GDestroyNotify) orr_study_unref);
}

static void
save_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  orr_save (ORR_WINDOW (widget), g_str_equal (action, "win.save-as"), NULL, NULL);
}

/* While a person types, undo and redo belong to the text, as long as it has something to take back. */
static gboolean
edit_text (OrrWindow *self, const char *action)
{
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (self));
  g_autofree char *before = NULL;

  if (!GTK_IS_TEXT (focus))
    return FALSE;
  before = g_strdup (gtk_editable_get_text (GTK_EDITABLE (focus)));
  gtk_widget_activate_action (focus, action, NULL);
  return !g_str_equal (before, gtk_editable_get_text (GTK_EDITABLE (focus)));
}

static void
undo_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  OrrWindow *self = ORR_WINDOW (widget);
  if (self->session != NULL && !edit_text (self, "text.undo"))
    orr_document_undo (orr_session_get_document (self->session));
}

static void
redo_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  OrrWindow *self = ORR_WINDOW (widget);
  if (self->session != NULL && !edit_text (self, "text.redo"))
    orr_document_redo (orr_session_get_document (self->session));
}

static void
jobs_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  orr_jobs_button_popup (ORR_WINDOW (widget)->jobs_button);
}

static void
menu_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  gtk_menu_button_popup (ORR_WINDOW (widget)->menu_button);
}

static void
fullscreen_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  GtkWindow *window = GTK_WINDOW (widget);

  if (gtk_window_is_fullscreen (window))
    gtk_window_unfullscreen (window);
  else
    gtk_window_fullscreen (window);
}

/**
 * orr_window_install_actions:
 *
 * The actions that are about one study, "win.NAME", and Escape, which leads back from the start page.
 */
void
orr_window_install_actions (GtkWidgetClass *klass)
{
  static const struct
  {
    const char                     *name;
    const char                     *parameter;
    GtkWidgetActionActivateFunc     func;
  } actions[] = {
    { "win.new", NULL, new_cb },
    { "win.back", NULL, back_cb },
    { "win.new-study", "s", new_study_cb },
    { "win.open", NULL, open_cb },
    { "win.open-uri", "s", open_uri_cb },
    { "win.import", NULL, import_cb },
    { "win.open-table", NULL, open_table_cb },
    { "win.open-recording", NULL, open_recording_cb },
    { "win.fit-recording", NULL, fit_recording_cb },
    { "win.save", NULL, save_cb },
    { "win.save-as", NULL, save_cb },
    { "win.undo", NULL, undo_cb },
    { "win.redo", NULL, redo_cb },
    { "win.maximise-card", NULL, maximise_cb },
    { "win.fullscreen", NULL, fullscreen_cb },
    { "win.jobs", NULL, jobs_cb },
    { "win.menu", NULL, menu_cb },
    { "win.toast", "s", toast_cb },
  };

  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_class_install_action (klass, actions[i].name, actions[i].parameter, actions[i].func);
  gtk_widget_class_install_property_action (klass, "win.page", "page");
  gtk_widget_class_add_binding_action (klass, GDK_KEY_Escape, 0, "win.back", NULL);
}
