/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-application.h"

#include <glib/gi18n.h>

#include "orr-paths.h"
#include "orr-preferences-window.h"
#include "orr-renderer.h"
#include "orr-window.h"

#define GUIDE_ADDRESS "https://github.com/orrery/orrery/blob/main/doc/guide.md"

/**
 * OrrApplication:
 *
 * The one instance of the program: its windows, and what is not about one
 * study: preferences, help, about, quit.
 */
struct _OrrApplication
{
  AdwApplication parent_instance;

  GSettings *settings;
  gboolean   recovered; /* whether work left by a crash has been looked for */
};

G_DEFINE_FINAL_TYPE (OrrApplication, orr_application, ADW_TYPE_APPLICATION)

static void
style_changed_cb (OrrApplication *self)
{
  static const AdwColorScheme schemes[] = {
    ADW_COLOR_SCHEME_DEFAULT,
    ADW_COLOR_SCHEME_FORCE_LIGHT,
    ADW_COLOR_SCHEME_FORCE_DARK,
  };
  int style = g_settings_get_enum (self->settings, "style");

  adw_style_manager_set_color_scheme (adw_style_manager_get_default (),
                                      schemes[CLAMP (style, 0, (int) G_N_ELEMENTS (schemes) - 1)]);
}

static OrrWindow *
create_window (OrrApplication *self)
{
  OrrWindow *window = orr_window_new (self, self->settings);

  if (!self->recovered)
    {
      self->recovered = TRUE;
      orr_window_offer_recovery (window);
    }
  return window;
}

static void
orr_application_activate (GApplication *application)
{
  GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (application));

  if (window == NULL)
    window = GTK_WINDOW (create_window (ORR_APPLICATION (application)));
  gtk_window_present (window);
}

/* The window that shows @file, or one without a study, or a new one. */
static OrrWindow *
find_window (OrrApplication *self, GFile *file)
{
  OrrWindow *empty = NULL;

  for (GList *l = gtk_application_get_windows (GTK_APPLICATION (self)); l != NULL; l = l->next)
    {
      if (!ORR_IS_WINDOW (l->data))
        continue;
      if (orr_window_shows_file (l->data, file))
        return l->data;
      if (empty == NULL && !orr_window_is_occupied (l->data))
        empty = l->data;
    }
  return empty != NULL ? empty : create_window (self);
}

static void
orr_application_open (GApplication *application, GFile **files, int n_files, const char *hint)
{
  OrrApplication *self = ORR_APPLICATION (application);

  for (int i = 0; i < n_files; i++)
    {
      OrrWindow *window = find_window (self, files[i]);

      gtk_window_present (GTK_WINDOW (window));
      if (!orr_window_shows_file (window, files[i]))
        orr_window_open (window, files[i]);
    }
}

static void
new_window_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  gtk_window_present (GTK_WINDOW (create_window (user_data)));
}

/* Each window may ask about unsaved changes; the program ends with the last one. */
static void
quit_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  g_autoptr (GList) windows = g_list_copy (gtk_application_get_windows (user_data));

  for (GList *l = windows; l != NULL; l = l->next)
    gtk_window_close (l->data);
}

static void
preferences_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  OrrApplication *self = user_data;
  GtkWidget *window = orr_preferences_window_new (self->settings);

  gtk_window_set_transient_for (GTK_WINDOW (window),
                                gtk_application_get_active_window (GTK_APPLICATION (self)));
  gtk_window_present (GTK_WINDOW (window));
}

static void
about_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  OrrApplication *self = user_data;
  static const char *developers[] = { "The Orrery developers", NULL };

  adw_show_about_window (gtk_application_get_active_window (GTK_APPLICATION (self)),
                         "application-name", _("Orrery"),
                         "application-icon", ORR_APP_ID,
                         "version", ORR_VERSION,
                         "developer-name", _("The Orrery developers"),
                         "developers", developers,
                         "license-type", GTK_LICENSE_GPL_3_0,
                         "website", "https://github.com/orrery/orrery",
                         "issue-url", "https://github.com/orrery/orrery/issues",
                         "comments", _("Train recurrent networks on hidden Markov models, open them up, and see "
                                       "how they compute."),
                         NULL);
}

/* Where no program shows it, a person learns where it is. */
static void
help_shown_cb (GObject *parent, GAsyncResult *result, gpointer user_data)
{
  g_autofree char *place = user_data;
  g_autofree char *details = g_strdup_printf (_("No program on this computer shows it. It is here: %s"), place);

  if (!gtk_show_uri_full_finish (GTK_WINDOW (parent), result, NULL) && ORR_IS_WINDOW (parent))
    orr_window_show_error (ORR_WINDOW (parent), _("The guide cannot be shown"), details);
}

/* The guide that came with the program; it needs no network. */
static void
help_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  GtkWindow *parent = gtk_application_get_active_window (user_data);
  char *path = orr_paths_dup_guide ();
  g_autofree char *uri = g_file_test (path, G_FILE_TEST_EXISTS) ? g_filename_to_uri (path, NULL, NULL) : NULL;

  if (uri == NULL)
    {
      g_free (path);
      path = g_strdup (GUIDE_ADDRESS);
    }
  gtk_show_uri_full (parent, uri != NULL ? uri : GUIDE_ADDRESS, GDK_CURRENT_TIME, NULL, help_shown_cb, path);
}

static void
set_accels (GtkApplication *application)
{
  static const struct
  {
    const char *action;
    const char *accels[3];
  } entries[] = {
    { "app.quit", { "<Primary>q" } },
    { "app.new-window", { "<Primary><Shift>n" } },
    { "app.preferences", { "<Primary>comma" } },
    { "app.help", { "F1" } },
    { "win.new", { "<Primary>n" } },
    { "win.open", { "<Primary>o" } },
    { "win.save", { "<Primary>s" } },
    { "win.save-as", { "<Primary><Shift>s" } },
    { "win.import", { "<Primary>i" } },
    { "win.undo", { "<Primary>z" } },
    { "win.redo", { "<Primary><Shift>z", "<Primary>y" } },
    { "win.page::model", { "<Alt>1" } },
    { "win.page::dynamics", { "<Alt>2" } },
    { "win.page::mechanism", { "<Alt>3" } },
    { "win.page::equations", { "<Alt>4" } },
    { "win.maximise-card", { "<Alt>Return" } },
    { "win.fullscreen", { "F11" } },
    { "win.jobs", { "<Primary>j" } },
    { "win.menu", { "F10" } },
    { "window.close", { "<Primary>w" } },
  };

  for (guint i = 0; i < G_N_ELEMENTS (entries); i++)
    gtk_application_set_accels_for_action (application, entries[i].action, entries[i].accels);
}

static void
orr_application_startup (GApplication *application)
{
  OrrApplication *self = ORR_APPLICATION (application);
  static const GActionEntry actions[] = {
    { "quit", quit_cb },   { "new-window", new_window_cb }, { "preferences", preferences_cb },
    { "about", about_cb }, { "help", help_cb },
  };

  G_APPLICATION_CLASS (orr_application_parent_class)->startup (application);
  orr_renderer_choose (gdk_display_get_default ());
  gtk_window_set_default_icon_name (ORR_APP_ID);
  g_action_map_add_action_entries (G_ACTION_MAP (self), actions, G_N_ELEMENTS (actions), self);
  set_accels (GTK_APPLICATION (self));
  self->settings = g_settings_new (ORR_APP_ID);
  g_signal_connect_object (self->settings, "changed::style", G_CALLBACK (style_changed_cb), self,
                           G_CONNECT_SWAPPED);
  style_changed_cb (self);
}

static void
orr_application_dispose (GObject *object)
{
  g_clear_object (&ORR_APPLICATION (object)->settings);
  G_OBJECT_CLASS (orr_application_parent_class)->dispose (object);
}

static void
orr_application_class_init (OrrApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = orr_application_dispose;
  application_class->startup = orr_application_startup;
  application_class->activate = orr_application_activate;
  application_class->open = orr_application_open;
}

static void
orr_application_init (OrrApplication *self)
{
  g_application_set_option_context_parameter_string (G_APPLICATION (self), _("[FILE…]"));
}

OrrApplication *
orr_application_new (void)
{
  return g_object_new (ORR_TYPE_APPLICATION, "application-id", ORR_APP_ID, "flags",
                       G_APPLICATION_HANDLES_OPEN, "resource-base-path", "/io/github/orrery/Orrery", NULL);
}
