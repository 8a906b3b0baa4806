/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-data-panel-private.h"

#include <glib/gi18n.h>

#include "orr-wheel.h"

/**
 * OrrDataPanel:
 *
 * The table that an equation is sought for: opens or pastes one (a file may be
 * dropped anywhere on the page), and says which column is what, which rows count
 * and which are kept to judge by. Every change is one undo step.
 */

enum
{
  PROP_0,
  PROP_SESSION,
  N_PROPS,
};

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (OrrDataPanel, orr_data_panel, GTK_TYPE_WIDGET)

OrrDataset *
orr_data_panel_get_dataset (OrrDataPanel *self)
{
  return self->session != NULL ? orr_workbench_get_dataset (orr_session_get_workbench (self->session)) : NULL;
}

/* @text: (nullable): what is wrong, said in the panel */
void
orr_data_panel_set_problem (OrrDataPanel *self, const char *text)
{
  gtk_label_set_text (self->problem, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->problem), text != NULL);
}

/* @next: (nullable): nothing to change; @merge_key: (nullable): as in orr_document_edit() */
void
orr_data_panel_change (OrrDataPanel *self, OrrDataset *next, const char *label, const char *merge_key)
{
  if (next != NULL)
    orr_workbench_change_dataset (orr_session_get_workbench (self->session), next, label, merge_key);
}

/* Following the data -------------------------------------------------------------------------------- */

static void
update (OrrDataPanel *self)
{
  OrrDataset *dataset = orr_data_panel_get_dataset (self);

  self->updating = TRUE;
  gtk_widget_set_visible (self->roles, dataset != NULL);
  gtk_label_set_text (self->origin, dataset != NULL ? dataset->origin : _("No data yet"));
  if (dataset != NULL)
    {
      orr_data_panel_fill_roles (self, dataset);
      orr_data_panel_fill_rows (self, dataset);
    }
  orr_data_panel_update_selection (self);
  self->updating = FALSE;
}

/* GObject ----------------------------------------------------------------------------------------- */

static void
orr_data_panel_root (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (orr_data_panel_parent_class)->root (widget);
  orr_data_panel_watch_page (ORR_DATA_PANEL (widget));
}

static void
orr_data_panel_unroot (GtkWidget *widget)
{
  orr_data_panel_forget_page (ORR_DATA_PANEL (widget));
  GTK_WIDGET_CLASS (orr_data_panel_parent_class)->unroot (widget);
}

static void
orr_data_panel_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_SESSION)
    g_value_set_object (value, ORR_DATA_PANEL (object)->session);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
orr_data_panel_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id == PROP_SESSION)
    orr_data_panel_set_session (ORR_DATA_PANEL (object), g_value_get_object (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
orr_data_panel_dispose (GObject *object)
{
  OrrDataPanel *self = ORR_DATA_PANEL (object);
  GtkWidget *child;

  if (self->session != NULL)
    g_signal_handlers_disconnect_by_data (orr_session_get_workbench (self->session), self);
  g_clear_object (&self->session);
  g_clear_object (&self->chooser);
  g_clear_handle_id (&self->idle, g_source_remove);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (orr_data_panel_parent_class)->dispose (object);
}

static void
orr_data_panel_class_init (OrrDataPanelClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = orr_data_panel_get_property;
  object_class->set_property = orr_data_panel_set_property;
  object_class->dispose = orr_data_panel_dispose;
  widget_class->root = orr_data_panel_root;
  widget_class->unroot = orr_data_panel_unroot;
  props[PROP_SESSION] = g_param_spec_object ("session", NULL, NULL, ORR_TYPE_SESSION,
                                             G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, props);

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "orrdatapanel");
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/orrery/Orrery/ui/orr-data-panel.ui");
  gtk_widget_class_bind_template_child (widget_class, OrrDataPanel, origin);
  gtk_widget_class_bind_template_child (widget_class, OrrDataPanel, problem);
  gtk_widget_class_bind_template_child (widget_class, OrrDataPanel, roles);
  gtk_widget_class_bind_template_child (widget_class, OrrDataPanel, target);
  gtk_widget_class_bind_template_child (widget_class, OrrDataPanel, inputs);
  gtk_widget_class_bind_template_child (widget_class, OrrDataPanel, error);
  gtk_widget_class_bind_template_child (widget_class, OrrDataPanel, error_kind);
  gtk_widget_class_bind_template_child (widget_class, OrrDataPanel, filter);
  gtk_widget_class_bind_template_child (widget_class, OrrDataPanel, held_out);
  gtk_widget_class_bind_template_child (widget_class, OrrDataPanel, split);
  gtk_widget_class_bind_template_child (widget_class, OrrDataPanel, seed);
  gtk_widget_class_bind_template_child (widget_class, OrrDataPanel, rows);
  gtk_widget_class_bind_template_child (widget_class, OrrDataPanel, outliers);
  gtk_widget_class_bind_template_child (widget_class, OrrDataPanel, leave_out);
  gtk_widget_class_bind_template_child (widget_class, OrrDataPanel, use_again);
  gtk_widget_class_bind_template_child (widget_class, OrrDataPanel, columns);
  gtk_widget_class_bind_template_child (widget_class, OrrDataPanel, listing_expander);
  gtk_widget_class_bind_template_child (widget_class, OrrDataPanel, listing);
  orr_data_panel_bind_roles (widget_class);
  orr_data_panel_bind_rows (widget_class);
  orr_data_panel_bind_source (widget_class);
}

static void
orr_data_panel_init (OrrDataPanel *self)
{
  self->updating = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
  orr_wheel_pass_on (GTK_WIDGET (self->held_out));
  orr_wheel_pass_on (GTK_WIDGET (self->seed));
  self->updating = FALSE;
  orr_data_panel_add_paste (self);
}

GtkWidget *
orr_data_panel_new (OrrSession *session)
{
  return g_object_new (ORR_TYPE_DATA_PANEL, "session", session, NULL);
}

/**
 * orr_data_panel_set_session:
 * @session: (nullable): whose equations' data to show
 */
void
orr_data_panel_set_session (OrrDataPanel *self, OrrSession *session)
{
  g_return_if_fail (ORR_IS_DATA_PANEL (self));

  if (self->session == session)
    return;
  if (self->session != NULL)
    g_signal_handlers_disconnect_by_data (orr_session_get_workbench (self->session), self);
  g_set_object (&self->session, session);
  if (session != NULL)
    {
      OrrWorkbench *bench = orr_session_get_workbench (session);

      g_signal_connect_object (bench, "notify::dataset", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (bench, "notify::expr", G_CALLBACK (orr_data_panel_queue_outliers), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (bench, "notify::rows", G_CALLBACK (orr_data_panel_update_selection), self, G_CONNECT_SWAPPED);
    }
  update (self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_SESSION]);
}
