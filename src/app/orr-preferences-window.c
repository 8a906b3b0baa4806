/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-preferences-window.h"

/**
 * OrrPreferencesWindow:
 *
 * Style and autosave.
 */
struct _OrrPreferencesWindow
{
  AdwPreferencesWindow parent_instance;

  AdwComboRow   *style_row;
  GtkSwitch     *autosave_switch;
  GtkSpinButton *autosave_spin;

  GSettings *settings;
};

G_DEFINE_FINAL_TYPE (OrrPreferencesWindow, orr_preferences_window, ADW_TYPE_PREFERENCES_WINDOW)

static void
style_selected_cb (OrrPreferencesWindow *self)
{
  guint selected = adw_combo_row_get_selected (self->style_row);

  if (self->settings != NULL && selected != GTK_INVALID_LIST_POSITION)
    g_settings_set_enum (self->settings, "style", selected);
}

static void
orr_preferences_window_dispose (GObject *object)
{
  g_clear_object (&ORR_PREFERENCES_WINDOW (object)->settings);
  G_OBJECT_CLASS (orr_preferences_window_parent_class)->dispose (object);
}

static void
orr_preferences_window_class_init (OrrPreferencesWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = orr_preferences_window_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/orrery/Orrery/ui/orr-preferences-window.ui");
  gtk_widget_class_bind_template_child (widget_class, OrrPreferencesWindow, style_row);
  gtk_widget_class_bind_template_child (widget_class, OrrPreferencesWindow, autosave_switch);
  gtk_widget_class_bind_template_child (widget_class, OrrPreferencesWindow, autosave_spin);
  gtk_widget_class_bind_template_callback (widget_class, style_selected_cb);
}

static void
orr_preferences_window_init (OrrPreferencesWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
orr_preferences_window_new (GSettings *settings)
{
  OrrPreferencesWindow *self = g_object_new (ORR_TYPE_PREFERENCES_WINDOW, NULL);

  adw_combo_row_set_selected (self->style_row, g_settings_get_enum (settings, "style"));
  self->settings = g_object_ref (settings);
  g_settings_bind (settings, "autosave", self->autosave_switch, "active", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "autosave-seconds", self->autosave_spin, "value", G_SETTINGS_BIND_DEFAULT);
  g_object_bind_property (self->autosave_switch, "active", self->autosave_spin, "sensitive",
                          G_BINDING_SYNC_CREATE);
  return GTK_WIDGET (self);
}
