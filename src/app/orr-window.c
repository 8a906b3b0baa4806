/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-window-private.h"

#include <glib/gi18n.h>

#include "orr-error.h"
#include "orr-leave.h"
#include "orr-open.h"

/* In the order of the switcher. A page without a file "ui/page-NAME.ui" is left out. */
static const struct
{
  const char *name;
  const char *title;
} page_list[ORR_WINDOW_N_PAGES] = {
  { "model", N_("Model") },
  { "dynamics", N_("Dynamics") },
  { "mechanism", N_("Mechanism") },
  { "equations", N_("Equations") },
};

/**
 * OrrWindow:
 *
 * One study in a window: the start page, then the pages, all linked through
 * one session; saving, undo, and the jobs in the background.
 */

G_DEFINE_FINAL_TYPE (OrrWindow, orr_window, ADW_TYPE_APPLICATION_WINDOW)

gboolean
orr_window_on_start_page (OrrWindow *self)
{
  return g_strcmp0 (gtk_stack_get_visible_child_name (self->stack), "start") == 0;
}

static void
set_enabled (OrrWindow *self, const char *action, gboolean enabled)
{
  gtk_widget_action_set_enabled (GTK_WIDGET (self), action, enabled);
}

static void
update_history_button (GtkWidget *button, const char *verb, const char *label)
{
  g_autofree char *tooltip = label != NULL ? g_strdup_printf ("%s: %s", verb, label) : g_strdup (verb);
  gtk_widget_set_tooltip_text (button, tooltip);
}

/* Title, buttons and actions follow the document. */
static void
update (OrrWindow *self)
{
  OrrDocument *document = orr_window_get_document (self);
  gboolean shown = document != NULL && !orr_window_on_start_page (self);
  g_autofree char *title = NULL;

  set_enabled (self, "win.save", shown);
  set_enabled (self, "win.save-as", shown);
  set_enabled (self, "win.undo", shown && orr_document_get_can_undo (document));
  set_enabled (self, "win.redo", shown && orr_document_get_can_redo (document));
  set_enabled (self, "win.maximise-card", shown);
  gtk_widget_set_visible (GTK_WIDGET (self->switcher), shown);
  gtk_widget_set_visible (self->save_button, shown);
  gtk_widget_set_visible (GTK_WIDGET (self->history_box), shown);
  orr_start_page_set_can_go_back (self->start_page, document != NULL);
  if (shown)
    {
      title = g_strdup_printf ("%s%s – %s", orr_document_get_modified (document) ? "• " : "",
                               orr_document_get_study (document)->title, _("Orrery"));
      update_history_button (self->undo_button, _("Undo"), orr_document_get_undo_label (document));
      update_history_button (self->redo_button, _("Redo"), orr_document_get_redo_label (document));
    }
  gtk_window_set_title (GTK_WINDOW (self), shown ? title : _("Orrery"));
}

/* Pages */

/* (nullable): the page that is shown, %NULL for the start page */
OrrPage *
orr_window_get_page (OrrWindow *self)
{
  GtkWidget *child = gtk_stack_get_visible_child (self->stack);
  return ORR_IS_PAGE (child) ? ORR_PAGE (child) : NULL;
}

/* Pages in the background are no part of what assistive technology presents. */
static void
hide_other_pages (OrrWindow *self)
{
  GtkWidget *shown = gtk_stack_get_visible_child (self->stack);

  for (GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self->stack)); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    gtk_accessible_update_state (GTK_ACCESSIBLE (child), GTK_ACCESSIBLE_STATE_HIDDEN, child != shown, -1);
}

/**
 * orr_window_show_page:
 * @name: "start", or the page of a study
 */
void
orr_window_show_page (OrrWindow *self, const char *name)
{
  g_return_if_fail (ORR_IS_WINDOW (self));
  if (self->session == NULL)
    name = "start";
  if (gtk_stack_get_child_by_name (self->stack, name) == NULL)
    return;
  gtk_stack_set_visible_child_name (self->stack, name);
  hide_other_pages (self);
  update (self);
}

static void
page_state_cb (OrrWindow *self)
{
  g_object_notify (G_OBJECT (self), "page");
}

static void
add_to_switcher (OrrWindow *self, const char *name, const char *title)
{
  GtkWidget *button = gtk_toggle_button_new_with_label (title);

  gtk_widget_add_css_class (button, "flat");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "win.page");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", name);
  gtk_box_append (self->switcher, button);
}

static void
create_pages (OrrWindow *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (page_list); i++)
    {
      const char *name = page_list[i].name;

      if (!orr_page_exists (name))
        continue;
      self->pages[i] = ORR_PAGE (orr_page_new (name, self->settings));
      gtk_stack_add_named (self->stack, GTK_WIDGET (self->pages[i]), name);
      add_to_switcher (self, name, _(page_list[i].title));
    }
}

/* Document */

static void
update_autosave (OrrWindow *self)
{
  OrrDocument *document = orr_window_get_document (self);

  g_clear_object (&self->autosave);
  if (document == NULL || !g_settings_get_boolean (self->settings, "autosave"))
    return;
  self->autosave = orr_autosave_new (document, g_settings_get_uint (self->settings, "autosave-seconds"));
  orr_autosave_flush (self->autosave);
}

static void
replace_session (OrrWindow *self, OrrSession *session)
{
  if (self->session != NULL)
    g_signal_handlers_disconnect_by_func (orr_session_get_document (self->session), update, self);
  g_set_object (&self->session, session);
  for (guint i = 0; i < G_N_ELEMENTS (page_list); i++)
    if (self->pages[i] != NULL)
      orr_page_set_session (self->pages[i], session);
  if (self->run_menu != NULL)
    orr_run_menu_set_session (self->run_menu, session);
  if (session != NULL)
    g_signal_connect_object (orr_session_get_document (session), "notify", G_CALLBACK (update), self,
                             G_CONNECT_SWAPPED);
}

/**
 * orr_window_set_document:
 * @document: (nullable): the study to show, %NULL for the start page
 *
 * Does not ask about the study that was shown before: see orr_window_leave_study().
 */
void
orr_window_set_document (OrrWindow *self, OrrDocument *document)
{
  g_autoptr (OrrSession) session = NULL;
  gboolean was_on_start_page;

  g_return_if_fail (ORR_IS_WINDOW (self));
  was_on_start_page = orr_window_on_start_page (self);
  if (document != NULL)
    session = orr_session_new (document, self->jobs);
  replace_session (self, session);
  update_autosave (self);
  if (document == NULL)
    orr_window_show_page (self, "start");
  else if (was_on_start_page)
    orr_window_show_page (self, "model");
  update (self);
}

OrrSession *
orr_window_get_session (OrrWindow *self)
{
  g_return_val_if_fail (ORR_IS_WINDOW (self), NULL);
  return self->session;
}

OrrDocument *
orr_window_get_document (OrrWindow *self)
{
  g_return_val_if_fail (ORR_IS_WINDOW (self), NULL);
  return self->session != NULL ? orr_session_get_document (self->session) : NULL;
}

OrrJobQueue *
orr_window_get_jobs (OrrWindow *self)
{
  g_return_val_if_fail (ORR_IS_WINDOW (self), NULL);
  return self->jobs;
}

GSettings *
orr_window_get_settings (OrrWindow *self)
{
  g_return_val_if_fail (ORR_IS_WINDOW (self), NULL);
  return self->settings;
}

/**
 * orr_window_is_occupied:
 *
 * Returns: whether the window shows or is reading a study
 */
gboolean
orr_window_is_occupied (OrrWindow *self)
{
  g_return_val_if_fail (ORR_IS_WINDOW (self), FALSE);
  return self->session != NULL || orr_job_queue_get_n_active (self->jobs) > 0;
}

gboolean
orr_window_shows_file (OrrWindow *self, GFile *file)
{
  OrrDocument *document = orr_window_get_document (self);
  GFile *own = document != NULL ? orr_document_get_file (document) : NULL;

  return own != NULL && g_file_equal (own, file);
}

/**
 * orr_window_open:
 * @file: a study, a network or a model
 */
void
orr_window_open (OrrWindow *self, GFile *file)
{
  g_return_if_fail (ORR_IS_WINDOW (self));
  orr_open_file (self, file);
}

/**
 * orr_window_offer_recovery:
 *
 * Looks for work that a crash left behind, and offers it in a bar.
 */
void
orr_window_offer_recovery (OrrWindow *self)
{
  g_return_if_fail (ORR_IS_WINDOW (self));
  orr_recovery_bar_search (self->recovery_bar);
}

/**
 * orr_window_leave_study:
 *
 * Calls @then when the present study may go, after asking about a training
 * under way and unsaved changes.
 */
void
orr_window_leave_study (OrrWindow *self, OrrWindowFunc then, gpointer data, GDestroyNotify data_free)
{
  g_return_if_fail (ORR_IS_WINDOW (self));
  orr_leave_ask (self, then, data, data_free);
}

/* Messages */

static void
details_cb (AdwToast *toast, OrrWindow *self)
{
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (self), g_object_get_data (G_OBJECT (toast), "what"),
                                              g_object_get_data (G_OBJECT (toast), "details"));

  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "close", _("_Close"));
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "close");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "close");
  gtk_window_present (GTK_WINDOW (dialog));
}

void
orr_window_show_message (OrrWindow *self, const char *text)
{
  g_autofree char *markup = g_markup_escape_text (text, -1);

  g_return_if_fail (ORR_IS_WINDOW (self));
  adw_toast_overlay_add_toast (self->toasts, adw_toast_new (markup));
}

/**
 * orr_window_show_error:
 * @what: what failed, in a few words
 * @details: (nullable): the sentence that says why
 *
 * A toast with a button for the details.
 */
void
orr_window_show_error (OrrWindow *self, const char *what, const char *details)
{
  g_autofree char *markup = g_markup_escape_text (what, -1);
  AdwToast *toast;

  g_return_if_fail (ORR_IS_WINDOW (self));
  toast = adw_toast_new (markup);
  adw_toast_set_priority (toast, ADW_TOAST_PRIORITY_HIGH);
  adw_toast_set_timeout (toast, 10);
  if (details != NULL)
    {
      adw_toast_set_button_label (toast, _("Details"));
      g_object_set_data_full (G_OBJECT (toast), "what", g_strdup (what), g_free);
      g_object_set_data_full (G_OBJECT (toast), "details", g_strdup (details), g_free);
      g_signal_connect_object (toast, "button-clicked", G_CALLBACK (details_cb), self, 0);
    }
  adw_toast_overlay_add_toast (self->toasts, toast);
}

/* A sentence that says all, over as many lines as it takes. */
static void
show_sentence (OrrWindow *self, const char *sentence)
{
  AdwToast *toast = adw_toast_new (sentence);
  GtkWidget *label = gtk_label_new (sentence);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 70);
  gtk_label_set_xalign (GTK_LABEL (label), 0.0);
  adw_toast_set_custom_title (toast, label);
  adw_toast_set_priority (toast, ADW_TOAST_PRIORITY_HIGH);
  adw_toast_set_timeout (toast, 12);
  adw_toast_overlay_add_toast (self->toasts, toast);
}

/* What numbers do is no failure of the program: the sentence stands for itself. */
static void
job_failed_cb (OrrWindow *self, OrrJob *job)
{
  if (g_error_matches (orr_job_get_error (job), ORR_ERROR, ORR_ERROR_NUMERIC))
    {
      show_sentence (self, orr_job_get_error_message (job));
      return;
    }
  g_autofree char *what = g_strdup_printf (_("%s failed"), orr_job_get_label (job));
  orr_window_show_error (self, what, orr_job_get_error_message (job));
}

static gboolean
drop_cb (GtkDropTarget *target, const GValue *value, double x, double y, gpointer user_data)
{
  g_autoptr (GSList) files = gdk_file_list_get_files (g_value_get_boxed (value));

  for (GSList *l = files; l != NULL; l = l->next)
    orr_open_file (ORR_WINDOW (user_data), l->data);
  return files != NULL;
}

/* Closing */

static void
close_now_cb (OrrWindow *self, gpointer data)
{
  self->may_close = TRUE;
  gtk_window_close (GTK_WINDOW (self));
}

static void
store_state (OrrWindow *self)
{
  int width, height;

  gtk_window_get_default_size (GTK_WINDOW (self), &width, &height);
  g_settings_set (self->settings, "window-size", "(ii)", width, height);
  g_settings_set_boolean (self->settings, "window-maximized", gtk_window_is_maximized (GTK_WINDOW (self)));
}

static gboolean
orr_window_close_request (GtkWindow *window)
{
  OrrWindow *self = ORR_WINDOW (window);

  if (!self->may_close)
    {
      orr_window_leave_study (self, close_now_cb, NULL, NULL);
      return TRUE;
    }
  store_state (self);
  orr_job_queue_stop (self->jobs);
  return GTK_WINDOW_CLASS (orr_window_parent_class)->close_request (window);
}

static void
orr_window_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  OrrWindow *self = ORR_WINDOW (object);
  const char *name = self->stack != NULL ? gtk_stack_get_visible_child_name (self->stack) : NULL;

  /* The state of an action must not be %NULL, whatever is torn down or not yet there. */
  g_value_set_string (value, name != NULL ? name : "start");
}

static void
orr_window_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  orr_window_show_page (ORR_WINDOW (object), g_value_get_string (value));
}

static void
orr_window_dispose (GObject *object)
{
  OrrWindow *self = ORR_WINDOW (object);

  replace_session (self, NULL);
  g_clear_object (&self->autosave);
  memset (self->pages, 0, sizeof self->pages);
  g_clear_object (&self->jobs);
  g_clear_object (&self->settings);
  G_OBJECT_CLASS (orr_window_parent_class)->dispose (object);
}

static void
orr_window_class_init (OrrWindowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = orr_window_get_property;
  object_class->set_property = orr_window_set_property;
  object_class->dispose = orr_window_dispose;
  GTK_WINDOW_CLASS (klass)->close_request = orr_window_close_request;

  g_object_class_install_property (object_class, 1,
                                   g_param_spec_string ("page", NULL, NULL, "start",
                                                        G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS));
  orr_window_install_actions (widget_class);
  g_type_ensure (ORR_TYPE_JOBS_BUTTON);
  g_type_ensure (ORR_TYPE_RECOVERY_BAR);
  g_type_ensure (ORR_TYPE_RUN_MENU);
  g_type_ensure (ORR_TYPE_START_PAGE);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/orrery/Orrery/ui/orr-window.ui");
  gtk_widget_class_bind_template_child (widget_class, OrrWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, OrrWindow, switcher);
  gtk_widget_class_bind_template_child (widget_class, OrrWindow, save_button);
  gtk_widget_class_bind_template_child (widget_class, OrrWindow, history_box);
  gtk_widget_class_bind_template_child (widget_class, OrrWindow, undo_button);
  gtk_widget_class_bind_template_child (widget_class, OrrWindow, redo_button);
  gtk_widget_class_bind_template_child (widget_class, OrrWindow, run_menu);
  gtk_widget_class_bind_template_child (widget_class, OrrWindow, menu_button);
  gtk_widget_class_bind_template_child (widget_class, OrrWindow, jobs_button);
  gtk_widget_class_bind_template_child (widget_class, OrrWindow, recovery_bar);
  gtk_widget_class_bind_template_child (widget_class, OrrWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, OrrWindow, start_page);
}

static void
orr_window_init (OrrWindow *self)
{
  GtkDropTarget *drop = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);

  self->jobs = orr_job_queue_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  orr_jobs_button_set_jobs (self->jobs_button, self->jobs);
  g_signal_connect_object (self->jobs, "job-failed", G_CALLBACK (job_failed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->stack, "notify::visible-child", G_CALLBACK (page_state_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect (drop, "drop", G_CALLBACK (drop_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drop));
}

/**
 * orr_window_new:
 *
 * Returns: (transfer floating): a window that shows the start page
 */
OrrWindow *
orr_window_new (OrrApplication *application, GSettings *settings)
{
  OrrWindow *self = g_object_new (ORR_TYPE_WINDOW, "application", application, NULL);
  int width, height;

  self->settings = g_object_ref (settings);
  g_settings_get (settings, "window-size", "(ii)", &width, &height);
  gtk_window_set_default_size (GTK_WINDOW (self), width, height);
  if (g_settings_get_boolean (settings, "window-maximized"))
    gtk_window_maximize (GTK_WINDOW (self));
  create_pages (self);
  hide_other_pages (self);
  orr_start_page_set_settings (self->start_page, settings);
  g_signal_connect_object (settings, "changed::autosave", G_CALLBACK (update_autosave), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (settings, "changed::autosave-seconds", G_CALLBACK (update_autosave), self,
                           G_CONNECT_SWAPPED);
  update (self);
  return self;
}
