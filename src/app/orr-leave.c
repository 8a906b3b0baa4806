/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-leave.h"

#include <glib/gi18n.h>

#include "orr-save.h"

/*
 * What stands between a window and another study (or its end): a training
 * under way, then changes that are not saved. Each is asked about once.
 */
typedef struct
{
  OrrWindow     *window;
  OrrWindowFunc  then;
  gpointer       data;
  GDestroyNotify data_free;
} Leave;

static void ask_next (Leave *self);

static void
leave_free (Leave *self)
{
  if (self->data_free != NULL)
    self->data_free (self->data);
  g_object_unref (self->window);
  g_free (self);
}

static void
go_now (gpointer data)
{
  Leave *self = data;

  self->then (self->window, self->data);
  leave_free (self);
}

/* Once the dialog that asked is gone: it must not outlive a window that closes now. */
static void
go (Leave *self)
{
  g_idle_add_once (go_now, self);
}

static void
saved_cb (OrrWindow *window, gboolean saved, gpointer user_data)
{
  Leave *self = user_data;

  if (saved)
    go (self);
  else
    leave_free (self);
}

static void
changes_response_cb (AdwMessageDialog *dialog, const char *response, gpointer user_data)
{
  Leave *self = user_data;

  if (g_str_equal (response, "save"))
    orr_save (self->window, FALSE, saved_cb, self);
  else if (g_str_equal (response, "discard"))
    go (self);
  else
    leave_free (self);
}

static void
ask_about_changes (Leave *self, OrrDocument *document)
{
  OrrStudy *study = orr_document_get_study (document);
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (self->window), _("Save changes?"), NULL);

  adw_message_dialog_format_body (ADW_MESSAGE_DIALOG (dialog),
                                  _("“%s” has changes that are not saved. They are lost if you do not save them."),
                                  study->title);
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _("_Cancel"), "discard",
                                    _("_Discard"), "save", _("_Save"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "discard",
                                              ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "save", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "save");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_signal_connect (dialog, "response", G_CALLBACK (changes_response_cb), self);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
training_ended_cb (OrrTraining *training, OrrRun *run, Leave *self)
{
  g_signal_handlers_disconnect_by_func (training, training_ended_cb, self);
  ask_next (self);
}

/* Those that wait are given up first, so that none of them begins. */
static void
stop_trainings (OrrSession *session)
{
  GListModel *trainings = orr_session_get_trainings (session);

  for (guint i = g_list_model_get_n_items (trainings); i-- > 0;)
    {
      g_autoptr (OrrTraining) training = g_list_model_get_item (trainings, i);
      orr_training_stop (training);
    }
}

static void
training_response_cb (AdwMessageDialog *dialog, const char *response, gpointer user_data)
{
  Leave *self = user_data;
  OrrSession *session = orr_window_get_session (self->window);
  OrrTraining *training = session != NULL ? orr_session_get_training (session) : NULL;

  if (!g_str_equal (response, "stop"))
    leave_free (self);
  else if (training == NULL || !orr_training_is_active (training))
    ask_next (self);
  else
    {
      /* The network so far becomes part of the study when the training has ended. */
      g_signal_connect (training, "ended", G_CALLBACK (training_ended_cb), self);
      stop_trainings (session);
    }
}

static void
ask_about_training (Leave *self)
{
  guint n = g_list_model_get_n_items (orr_session_get_trainings (orr_window_get_session (self->window)));
  g_autofree char *waiting = n > 1 ? g_strdup_printf (ngettext (" %u training that waits is given up.",
                                                                " %u trainings that wait are given up.", n - 1),
                                                      n - 1)
                                   : NULL;
  g_autofree char *body = g_strconcat (_("A network is being trained. The network as it is now "
                                         "stays in the study when you stop."),
                                       waiting, NULL);
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (self->window), _("Stop the training?"), body);

  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _("_Go On Training"), "stop",
                                    _("_Stop"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "stop",
                                              ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_signal_connect (dialog, "response", G_CALLBACK (training_response_cb), self);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
ask_next (Leave *self)
{
  OrrSession *session = orr_window_get_session (self->window);
  OrrTraining *training = session != NULL ? orr_session_get_training (session) : NULL;

  if (training != NULL && orr_training_is_active (training))
    ask_about_training (self);
  else if (session != NULL && orr_document_get_modified (orr_session_get_document (session)))
    ask_about_changes (self, orr_session_get_document (session));
  else
    go (self);
}

/**
 * orr_leave_ask:
 * @then: called when the study that @window shows may be left; never called
 *   when the person decides to stay
 */
void
orr_leave_ask (OrrWindow *window, OrrWindowFunc then, gpointer data, GDestroyNotify data_free)
{
  Leave *self = g_new0 (Leave, 1);

  self->window = g_object_ref (window);
  self->then = then;
  self->data = data;
  self->data_free = data_free;
  ask_next (self);
}
