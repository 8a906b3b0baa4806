/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-section-status.h"

#include <glib/gi18n.h>
#include <math.h>

#include "orr-analyses.h"
#include "orr-analysis-settings.h"
#include "orr-info-button.h"
#include "orr-number.h"
#include "orr-run-analysis.h"
#include "orr-section.h"
#include "orr-session-analysis.h"

/* Seconds between looks at the clock. */
#define REFRESH 20
#define MAX_SETTINGS 12

/**
 * OrrSectionStatus:
 *
 * A line that says when the result of an analysis was computed, with which settings, and
 * whether what it rests on has changed since; and, for the card's header, the two buttons
 * that tell its definition and do it again with other settings.
 */
struct _OrrSectionStatus
{
  GtkWidget parent;

  OrrSession *session;
  char       *section;
  char       *details; /* (nullable) */
  guint       timer;

  GtkWidget  *line;
  GtkWidget  *warning;
  GtkLabel   *text;
  GtkWidget  *buttons;
  GtkWidget  *info;
  GtkWidget  *again;
  GtkLabel   *popover_text;
  GtkGrid    *grid;
  GtkWidget  *run;
  GtkWidget  *standard;

  guint                     n_settings;
  const OrrAnalysisSetting *settings[MAX_SETTINGS];
  GtkSpinButton            *values[MAX_SETTINGS];
};

G_DEFINE_FINAL_TYPE (OrrSectionStatus, orr_section_status, GTK_TYPE_WIDGET)

/**
 * orr_section_status_dup_age:
 * @seconds: since a result was computed
 *
 * Returns: (transfer full): that as a person says it
 */
char *
orr_section_status_dup_age (gint64 seconds)
{
  gint64 minutes = seconds / 60, hours = minutes / 60, days = hours / 24;

  if (minutes < 1)
    return g_strdup (_("computed just now"));
  if (minutes < 60)
    return g_strdup_printf (_("computed %d min ago"), (int) minutes);
  if (hours < 48)
    return g_strdup_printf (_("computed %d h ago"), (int) hours);
  return g_strdup_printf (_("computed %d days ago"), (int) days);
}

static const char *
describe_freshness (OrrSectionFreshness freshness)
{
  switch (freshness)
    {
    case ORR_SECTION_OTHER_NETWORK:
      return _("older than the network");
    case ORR_SECTION_OTHER_MODEL:
      return _("older than the model");
    case ORR_SECTION_OTHER_KICKS:
      return _("older than the kick neurons");
    case ORR_SECTION_OTHER_SNAPSHOTS:
      return _("older than the snapshots");
    default:
      return NULL;
    }
}

/* "30 000 steps, noise s.d. 1, seed 0": all settings, those that are not usual included. */
static void
append_settings (GString *text, const char *analysis, GVariant *section)
{
  guint n;
  const OrrAnalysisSetting *settings = orr_analysis_settings (&n);

  for (guint i = 0; i < n; i++)
    if (orr_analysis_setting_applies (&settings[i], analysis))
      {
        double value = orr_section_get_double (section, settings[i].name, -1.0);

        if (value < 0.0)
          continue;
        g_autofree char *number = orr_number_format_fixed (value, value == floor (value) ? 0 : settings[i].digits);
        g_autofree char *title = g_utf8_strdown (_(settings[i].title), -1);
        g_string_append_printf (text, " \302\267 %s %s", title, number);
      }
}

static OrrRun *
get_run (OrrSectionStatus *self)
{
  return self->session != NULL ? orr_session_get_run (self->session) : NULL;
}

static void
update (OrrSectionStatus *self)
{
  OrrRun *run = get_run (self);
  const OrrHmm *hmm = run != NULL && run->hmm != NULL ? run->hmm
                      : self->session != NULL         ? orr_session_get_hmm (self->session)
                                                      : NULL;
  g_autoptr (GVariant) section = run != NULL && self->section != NULL ? orr_run_get_section (run, self->section) : NULL;
  gint64 computed = orr_section_get_computed (section);
  g_autoptr (GString) text = g_string_new (NULL);
  const char *stale = section != NULL ? describe_freshness (orr_run_check_section (run, hmm, self->section)) : NULL;

  if (section != NULL)
    {
      g_autofree char *age =
        computed > 0 ? orr_section_status_dup_age (g_get_real_time () / G_USEC_PER_SEC - computed) : NULL;

      g_string_append (text, age != NULL ? age : _("computed some time ago"));
      if (stale != NULL)
        g_string_append_printf (text, ", %s", stale);
      append_settings (text, self->section, section);
    }
  gtk_widget_set_visible (self->line, section != NULL);
  gtk_widget_set_visible (self->warning, stale != NULL);
  gtk_widget_set_tooltip_text (self->line, text->str);
  gtk_label_set_label (self->text, text->str);
  gtk_label_set_label (self->popover_text, section != NULL ? text->str : _("Not computed yet"));
  gtk_widget_set_sensitive (self->again, run != NULL && self->section != NULL);
}

static void
show_definition (OrrSectionStatus *self)
{
  const OrrAnalysis *analysis = self->section != NULL ? orr_analysis_find (self->section) : NULL;
  g_autofree char *text = g_strdup_printf ("%s%s%s", analysis != NULL ? _(analysis->definition) : "",
                                           self->details != NULL ? "\n\n" : "", self->details != NULL ? self->details : "");

  orr_info_button_set_text (self->info, text);
}

static gboolean
refresh_cb (gpointer data)
{
  update (data);
  return G_SOURCE_CONTINUE;
}

/* Options --------------------------------------------------------------------------------------- */

static void
show_values (OrrSectionStatus *self, const OrrAnalysisOptions *options)
{
  for (guint i = 0; i < self->n_settings; i++)
    gtk_spin_button_set_value (self->values[i], orr_analysis_setting_get (self->settings[i], options));
}

static void
read_values (OrrSectionStatus *self, OrrAnalysisOptions *options)
{
  for (guint i = 0; i < self->n_settings; i++)
    {
      gtk_spin_button_update (self->values[i]);
      orr_analysis_setting_set (self->settings[i], options, gtk_spin_button_get_value (self->values[i]));
    }
}

static void
standard_cb (OrrSectionStatus *self)
{
  OrrAnalysisOptions options;

  orr_analysis_options_init (&options);
  show_values (self, &options);
}

static void
run_cb (OrrSectionStatus *self)
{
  OrrRun *run = get_run (self);
  OrrAnalysisOptions options;

  if (run == NULL || self->section == NULL)
    return;
  orr_run_analysis_options (run, self->section, &options);
  read_values (self, &options);
  gtk_menu_button_popdown (GTK_MENU_BUTTON (self->again));
  orr_session_analyze_with (self->session, self->section, &options);
}

/* The popover opens with the settings of the result that is there. */
static void
opened_cb (OrrSectionStatus *self)
{
  OrrRun *run = get_run (self);
  OrrAnalysisOptions options;

  if (run == NULL || self->section == NULL)
    return;
  orr_run_analysis_options (run, self->section, &options);
  show_values (self, &options);
  update (self);
}

static void
add_setting (OrrSectionStatus *self, const OrrAnalysisSetting *setting)
{
  guint row = self->n_settings;
  GtkWidget *label = gtk_label_new (_(setting->title));
  GtkWidget *spin = gtk_spin_button_new_with_range (setting->low, setting->high, setting->step);

  gtk_label_set_xalign (GTK_LABEL (label), 0.0);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_widget_set_tooltip_text (label, _(setting->why));
  gtk_spin_button_set_digits (GTK_SPIN_BUTTON (spin), setting->digits);
  gtk_widget_set_tooltip_text (spin, _(setting->why));
  gtk_accessible_update_property (GTK_ACCESSIBLE (spin), GTK_ACCESSIBLE_PROPERTY_LABEL, _(setting->title), -1);
  gtk_grid_attach (self->grid, label, 0, row, 1, 1);
  gtk_grid_attach (self->grid, spin, 1, row, 1, 1);
  self->settings[row] = setting;
  self->values[row] = GTK_SPIN_BUTTON (spin);
  self->n_settings++;
}

static void
list_settings (OrrSectionStatus *self)
{
  guint n;
  const OrrAnalysisSetting *settings = orr_analysis_settings (&n);

  while (self->n_settings > 0)
    gtk_grid_remove_row (self->grid, --self->n_settings);
  for (guint i = 0; self->section != NULL && i < n && self->n_settings < MAX_SETTINGS; i++)
    if (orr_analysis_setting_applies (&settings[i], self->section))
      add_setting (self, &settings[i]);
}

static GtkWidget *
create_popover (OrrSectionStatus *self)
{
  GtkWidget *popover = gtk_popover_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 9);
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

  self->popover_text = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_wrap (self->popover_text, TRUE);
  gtk_label_set_max_width_chars (self->popover_text, 36);
  gtk_label_set_xalign (self->popover_text, 0.0);
  gtk_widget_add_css_class (GTK_WIDGET (self->popover_text), "dim-label");
  self->grid = GTK_GRID (gtk_grid_new ());
  gtk_grid_set_row_spacing (self->grid, 6);
  gtk_grid_set_column_spacing (self->grid, 12);
  self->standard = gtk_button_new_with_label (_("Defaults"));
  gtk_widget_set_tooltip_text (self->standard, _("Set all options to their usual values"));
  self->run = gtk_button_new_with_label (_("Analyze again"));
  gtk_widget_add_css_class (self->run, "suggested-action");
  gtk_widget_set_hexpand (self->run, TRUE);
  g_signal_connect_object (self->standard, "clicked", G_CALLBACK (standard_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->run, "clicked", G_CALLBACK (run_cb), self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (row), self->standard);
  gtk_box_append (GTK_BOX (row), self->run);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->popover_text));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->grid));
  gtk_box_append (GTK_BOX (box), row);
  gtk_popover_set_child (GTK_POPOVER (popover), box);
  g_signal_connect_object (popover, "show", G_CALLBACK (opened_cb), self, G_CONNECT_SWAPPED);
  return popover;
}

static void
create_buttons (OrrSectionStatus *self)
{
  self->buttons = g_object_ref_sink (gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0));
  self->info = orr_info_button_new (_("Definition"), NULL);
  self->again = gtk_menu_button_new ();
  gtk_menu_button_set_icon_name (GTK_MENU_BUTTON (self->again), "view-refresh-symbolic");
  gtk_menu_button_set_popover (GTK_MENU_BUTTON (self->again), create_popover (self));
  gtk_widget_add_css_class (self->again, "flat");
  gtk_widget_set_valign (self->again, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (self->again, _("Options, and analyze again"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->again), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Analysis options"), -1);
  gtk_box_append (GTK_BOX (self->buttons), self->info);
  gtk_box_append (GTK_BOX (self->buttons), self->again);
}

static void
orr_section_status_dispose (GObject *object)
{
  OrrSectionStatus *self = ORR_SECTION_STATUS (object);

  g_clear_handle_id (&self->timer, g_source_remove);
  if (self->session != NULL)
    g_signal_handlers_disconnect_by_data (self->session, self);
  g_clear_object (&self->session);
  g_clear_object (&self->buttons);
  g_clear_pointer (&self->line, gtk_widget_unparent);
  G_OBJECT_CLASS (orr_section_status_parent_class)->dispose (object);
}

static void
orr_section_status_finalize (GObject *object)
{
  g_free (ORR_SECTION_STATUS (object)->section);
  g_free (ORR_SECTION_STATUS (object)->details);
  G_OBJECT_CLASS (orr_section_status_parent_class)->finalize (object);
}

static void
orr_section_status_class_init (OrrSectionStatusClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = orr_section_status_dispose;
  G_OBJECT_CLASS (klass)->finalize = orr_section_status_finalize;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
orr_section_status_init (OrrSectionStatus *self)
{
  self->line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 4);
  self->warning = gtk_image_new_from_icon_name ("dialog-warning-symbolic");
  self->text = GTK_LABEL (gtk_label_new (NULL));
  gtk_widget_add_css_class (self->line, "section-status");
  gtk_widget_add_css_class (self->warning, "warning");
  gtk_widget_add_css_class (GTK_WIDGET (self->text), "dim-label");
  gtk_label_set_xalign (self->text, 0.0);
  gtk_label_set_ellipsize (self->text, PANGO_ELLIPSIZE_END);
  gtk_box_append (GTK_BOX (self->line), self->warning);
  gtk_box_append (GTK_BOX (self->line), GTK_WIDGET (self->text));
  gtk_widget_set_parent (self->line, GTK_WIDGET (self));
  create_buttons (self);
  self->timer = g_timeout_add_seconds (REFRESH, refresh_cb, self);
  update (self);
}

GtkWidget *
orr_section_status_new (void)
{
  return g_object_new (ORR_TYPE_SECTION_STATUS, NULL);
}

/* (transfer none): what belongs into the card's header */
GtkWidget *
orr_section_status_get_buttons (OrrSectionStatus *self)
{
  g_return_val_if_fail (ORR_IS_SECTION_STATUS (self), NULL);
  return self->buttons;
}

/**
 * orr_section_status_set:
 * @session: (nullable): whose run
 * @section: (nullable): name of the analysis
 */
void
orr_section_status_set (OrrSectionStatus *self, OrrSession *session, const char *section)
{
  g_return_if_fail (ORR_IS_SECTION_STATUS (self));

  if (self->session != session)
    {
      if (self->session != NULL)
        g_signal_handlers_disconnect_by_data (self->session, self);
      g_set_object (&self->session, session);
      if (session != NULL)
        g_signal_connect_object (session, "notify::run", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
    }
  if (g_strcmp0 (self->section, section) != 0)
    {
      g_free (self->section);
      self->section = g_strdup (section);
      show_definition (self);
      list_settings (self);
    }
  update (self);
}

/**
 * orr_section_status_set_details:
 * @details: (nullable): what the view itself has to explain, below the definition
 */
void
orr_section_status_set_details (OrrSectionStatus *self, const char *details)
{
  g_return_if_fail (ORR_IS_SECTION_STATUS (self));
  g_free (self->details);
  self->details = g_strdup (details);
  show_definition (self);
}
