/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which column of the table is what, and what the columns are called. */
#include "orr-data-panel-private.h"

#include <glib/gi18n.h>

/* As many columns can be renamed in the panel. */
#define MAX_NAMED 60

/* Roles ------------------------------------------------------------------------------------------- */

static GtkCheckButton *
get_check (OrrDataPanel *self, guint column)
{
  GtkFlowBoxChild *child = gtk_flow_box_get_child_at_index (self->inputs, column);
  return child != NULL ? GTK_CHECK_BUTTON (gtk_flow_box_child_get_child (child)) : NULL;
}

/* Gives the data set the roles that the widgets show. */
static void
apply_roles (OrrDataPanel *self)
{
  OrrDataset *dataset = orr_data_panel_get_dataset (self);
  guint target = gtk_drop_down_get_selected (self->target);
  int errors = (int) gtk_drop_down_get_selected (self->error) - 1;
  g_autofree guint *inputs = g_new (guint, MAX (dataset->n_columns, 1));
  guint n = 0;
  g_autoptr (GError) error = NULL;

  if (errors == (int) target)
    errors = -1;
  for (guint c = 0; c < dataset->n_columns; c++)
    if (c != target && (int) c != errors && gtk_check_button_get_active (get_check (self, c)))
      inputs[n++] = c;
  g_autoptr (OrrDataset) next = orr_dataset_with_roles (dataset, target, inputs, n, errors, &error);
  orr_data_panel_set_problem (self, error != NULL ? error->message : NULL);
  orr_data_panel_change (self, next, _("Change roles of columns"), NULL);
}

static void
target_cb (OrrDataPanel *self)
{
  OrrDataset *dataset = orr_data_panel_get_dataset (self);

  /* The list tells again what it was told, after the fact: only a change counts. */
  if (!self->updating && dataset != NULL && gtk_drop_down_get_selected (self->target) != dataset->target)
    apply_roles (self);
}

static void
error_cb (OrrDataPanel *self)
{
  OrrDataset *dataset = orr_data_panel_get_dataset (self);

  if (!self->updating && dataset != NULL && (int) gtk_drop_down_get_selected (self->error) - 1 != dataset->error)
    apply_roles (self);
}

static void
error_kind_cb (OrrDataPanel *self)
{
  OrrDataset *dataset = orr_data_panel_get_dataset (self);
  gboolean weights = gtk_drop_down_get_selected (self->error_kind) == 1;

  if (self->updating || dataset == NULL || weights == dataset->error_is_weight)
    return;
  g_autoptr (OrrDataset) next = orr_dataset_with_error_kind (dataset, weights);
  orr_data_panel_change (self, next, _("Change kind of errors"), NULL);
}

static void
input_cb (OrrDataPanel *self)
{
  if (!self->updating && orr_data_panel_get_dataset (self) != NULL)
    apply_roles (self);
}

/* Names the columns in a list, which stays as it is while they do. */
static void
fill_list (GtkDropDown *list, const OrrDataset *dataset, const char *first, guint selected)
{
  GListModel *model = gtk_drop_down_get_model (list);
  guint offset = first != NULL ? 1 : 0;
  gboolean same = model != NULL && g_list_model_get_n_items (model) == dataset->n_columns + offset;

  for (guint c = 0; same && c < dataset->n_columns; c++)
    same = g_str_equal (gtk_string_list_get_string (GTK_STRING_LIST (model), c + offset), dataset->columns[c]);
  if (!same)
    {
      g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);

      if (first != NULL)
        gtk_string_list_append (names, first);
      for (guint c = 0; c < dataset->n_columns; c++)
        gtk_string_list_append (names, dataset->columns[c]);
      gtk_drop_down_set_model (list, G_LIST_MODEL (names));
    }
  if (gtk_drop_down_get_selected (list) != selected)
    gtk_drop_down_set_selected (list, selected);
}

/* Whether the boxes are those of these columns; then a click keeps its place. */
static gboolean
has_boxes_of (OrrDataPanel *self, const OrrDataset *dataset)
{
  gboolean same = get_check (self, dataset->n_columns) == NULL;

  for (guint c = 0; same && c < dataset->n_columns; c++)
    same = get_check (self, c) != NULL &&
           g_strcmp0 (gtk_check_button_get_label (get_check (self, c)), dataset->columns[c]) == 0;
  return same;
}

static gboolean
is_input (const OrrDataset *dataset, guint column)
{
  for (guint i = 0; i < dataset->n_inputs; i++)
    if (dataset->inputs[i] == column)
      return TRUE;
  return FALSE;
}

static void
create_boxes (OrrDataPanel *self, const OrrDataset *dataset)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->inputs))) != NULL)
    gtk_flow_box_remove (self->inputs, child);
  for (guint c = 0; c < dataset->n_columns; c++)
    {
      GtkWidget *check = gtk_check_button_new_with_label (dataset->columns[c]);

      g_signal_connect_object (check, "toggled", G_CALLBACK (input_cb), self, G_CONNECT_SWAPPED);
      gtk_flow_box_append (self->inputs, check);
      gtk_widget_set_focusable (gtk_widget_get_parent (check), FALSE);
    }
}

static void
fill_inputs (OrrDataPanel *self, const OrrDataset *dataset)
{
  if (!has_boxes_of (self, dataset))
    create_boxes (self, dataset);
  for (guint c = 0; c < dataset->n_columns; c++)
    {
      gtk_check_button_set_active (get_check (self, c), is_input (dataset, c));
      gtk_widget_set_sensitive (GTK_WIDGET (get_check (self, c)), c != dataset->target);
    }
}

/* Columns: names and units ------------------------------------------------------------------------- */

static void
column_edited_cb (OrrDataPanel *self, GtkWidget *entry)
{
  OrrDataset *dataset = orr_data_panel_get_dataset (self);
  guint column = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (entry), "column"));
  GtkWidget *name = dataset != NULL ? gtk_grid_get_child_at (self->columns, 0, column) : NULL;
  GtkWidget *unit = dataset != NULL ? gtk_grid_get_child_at (self->columns, 1, column) : NULL;
  g_autoptr (GError) error = NULL;

  if (self->updating || name == NULL || column >= dataset->n_columns)
    return;
  const char *new_name = gtk_editable_get_text (GTK_EDITABLE (name)), *new_unit = gtk_editable_get_text (GTK_EDITABLE (unit));
  if (g_str_equal (new_name, dataset->columns[column]) && g_str_equal (new_unit, dataset->units[column]))
    return;
  g_autoptr (OrrDataset) next = orr_dataset_with_column (dataset, column, new_name, new_unit, &error);
  orr_data_panel_set_problem (self, error != NULL ? error->message : NULL);
  orr_data_panel_change (self, next, _("Rename column"), NULL);
}

static void
column_left_cb (GtkEventControllerFocus *focus, OrrDataPanel *self)
{
  column_edited_cb (self, gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (focus)));
}

static void
add_column_entry (OrrDataPanel *self, guint column, guint place, const char *label, int width)
{
  GtkWidget *entry = gtk_entry_new ();
  GtkEventController *focus = gtk_event_controller_focus_new ();

  gtk_editable_set_width_chars (GTK_EDITABLE (entry), width);
  gtk_widget_set_hexpand (entry, place == 0);
  gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  g_object_set_data (G_OBJECT (entry), "column", GUINT_TO_POINTER (column));
  g_signal_connect_object (entry, "activate", G_CALLBACK (column_edited_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (focus, "leave", G_CALLBACK (column_left_cb), self, 0);
  gtk_widget_add_controller (entry, focus);
  gtk_grid_attach (self->columns, entry, place, column, 1, 1);
}

static void
fill_columns (OrrDataPanel *self, const OrrDataset *dataset)
{
  guint n = MIN (dataset->n_columns, MAX_NAMED);
  GtkWidget *child;

  while ((child = gtk_grid_get_child_at (self->columns, 0, n)) != NULL)
    gtk_grid_remove_row (self->columns, n);
  for (guint c = 0; c < n; c++)
    {
      gsize n_missing = orr_dataset_n_missing (dataset, c);
      g_autofree char *missing =
        n_missing > 0 ? g_strdup_printf (_("%" G_GSIZE_FORMAT " missing"), n_missing) : g_strdup ("");

      if (gtk_grid_get_child_at (self->columns, 0, c) == NULL)
        {
          g_autofree char *name = g_strdup_printf (_("Name of column %u"), c + 1);
          g_autofree char *unit = g_strdup_printf (_("Unit of column %u"), c + 1);
          GtkWidget *label = gtk_label_new (NULL);

          add_column_entry (self, c, 0, name, 10);
          add_column_entry (self, c, 1, unit, 5);
          gtk_entry_set_placeholder_text (GTK_ENTRY (gtk_grid_get_child_at (self->columns, 1, c)), _("unit"));
          gtk_widget_add_css_class (label, "dim-label");
          gtk_grid_attach (self->columns, label, 2, c, 1, 1);
        }
      gtk_editable_set_text (GTK_EDITABLE (gtk_grid_get_child_at (self->columns, 0, c)), dataset->columns[c]);
      gtk_editable_set_text (GTK_EDITABLE (gtk_grid_get_child_at (self->columns, 1, c)), dataset->units[c]);
      gtk_label_set_text (GTK_LABEL (gtk_grid_get_child_at (self->columns, 2, c)), missing);
    }
}

/* Shows the roles and names that @dataset has. */
void
orr_data_panel_fill_roles (OrrDataPanel *self, const OrrDataset *dataset)
{
  fill_list (self->target, dataset, NULL, dataset->target);
  fill_list (self->error, dataset, _("none"), dataset->error + 1);
  gtk_drop_down_set_selected (self->error_kind, dataset->error_is_weight ? 1 : 0);
  gtk_widget_set_visible (GTK_WIDGET (self->error_kind), dataset->error >= 0);
  fill_inputs (self, dataset);
  fill_columns (self, dataset);
}

/* Makes the callbacks of this file known to the template. */
void
orr_data_panel_bind_roles (GtkWidgetClass *klass)
{
  gtk_widget_class_bind_template_callback (klass, target_cb);
  gtk_widget_class_bind_template_callback (klass, error_cb);
  gtk_widget_class_bind_template_callback (klass, error_kind_cb);
}
