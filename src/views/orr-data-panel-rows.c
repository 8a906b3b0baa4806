/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which rows of the table count, which judge, and which want a look. */
#include "orr-data-panel-private.h"

#include <glib/gi18n.h>
#include <math.h>

/* As many rows are listed one by one. */
#define MAX_LISTED 100

static void
filter_cb (OrrDataPanel *self)
{
  OrrDataset *dataset = orr_data_panel_get_dataset (self);
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->filter));
  g_autoptr (GError) error = NULL;

  if (self->updating || dataset == NULL || g_str_equal (text, dataset->filter))
    return;
  g_autoptr (OrrDataset) next = orr_dataset_with_filter (dataset, text, &error);
  orr_data_panel_set_problem (self, error != NULL ? error->message : NULL);
  orr_data_panel_change (self, next, _("Choose rows"), NULL);
}

static void
split_cb (OrrDataPanel *self)
{
  OrrDataset *dataset = orr_data_panel_get_dataset (self);
  const OrrDatasetSplit how = { gtk_drop_down_get_selected (self->split),
                                gtk_spin_button_get_value (self->held_out) / 100.0,
                                gtk_spin_button_get_value_as_int (self->seed) };

  if (self->updating || dataset == NULL || how.kind >= ORR_DATASET_N_SPLITS ||
      (how.kind == dataset->split.kind && how.share == dataset->split.share && how.seed == dataset->split.seed))
    return;
  g_autoptr (OrrDataset) next = orr_dataset_with_split_kind (dataset, &how);
  orr_data_panel_change (self, next, _("Hold out other rows"), "split");
}

static void
append_count (GString *text, const char *format, gsize n)
{
  g_autofree char *number = g_strdup_printf ("%" G_GSIZE_FORMAT, n);

  if (n > 0)
    g_string_append_printf (text, format, number);
}

static void
fill_counts (OrrDataPanel *self, const OrrDataset *dataset)
{
  g_autoptr (OrrDatasetRows) training = orr_dataset_extract (dataset, ORR_DATASET_TRAINING);
  g_autoptr (OrrDatasetRows) held_out = orr_dataset_extract (dataset, ORR_DATASET_HELD_OUT);
  gsize n_incomplete = 0, n_by_hand = 0, n_by_filter = 0;
  g_autoptr (GString) text = g_string_new (NULL);

  for (gsize i = 0; i < dataset->n_rows; i++)
    if (dataset->left_out[i] & ORR_DATASET_LEFT_OUT_BY_FILTER)
      n_by_filter++;
    else if (dataset->left_out[i] != 0)
      n_by_hand++;
    else
      n_incomplete += !orr_dataset_is_complete (dataset, i);
  g_string_append_printf (text, _("%" G_GSIZE_FORMAT " rows to fit, %" G_GSIZE_FORMAT " held out"), training->n,
                          held_out->n);
  append_count (text, _("; %s left out because a value is missing"), n_incomplete);
  append_count (text, _("; %s left out by hand"), n_by_hand);
  append_count (text, _("; %s left out by the condition"), n_by_filter);
  gtk_label_set_text (self->rows, text->str);
  gtk_widget_set_sensitive (self->use_again, n_by_hand > 0);
}

static void
list_row (OrrDataPanel *self, gsize row, const char *what)
{
  g_autofree char *text = g_strdup_printf (_("Row %" G_GSIZE_FORMAT ": %s"), row + 1, what);
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0.0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_set_margin_start (label, 8);
  g_object_set_data (G_OBJECT (label), "row", GSIZE_TO_POINTER (row));
  gtk_list_box_append (self->listing, label);
}

/* What is wrong with a row; (transfer full) (nullable). */
static char *
describe_row (const OrrDataset *dataset, const guint8 *outliers, gsize row)
{
  const char *target = dataset->columns[dataset->target];

  if (!isfinite (orr_dataset_column (dataset, dataset->target)[row]))
    return g_strdup_printf (_("%s is missing"), target);
  for (guint v = 0; v < dataset->n_inputs; v++)
    if (!isfinite (orr_dataset_column (dataset, dataset->inputs[v])[row]))
      return g_strdup_printf (_("%s is missing"), dataset->columns[dataset->inputs[v]]);
  if (!orr_dataset_is_complete (dataset, row))
    return g_strdup_printf (_("%s is not above 0"), dataset->columns[dataset->error]);
  if (dataset->left_out[row] & ORR_DATASET_LEFT_OUT_BY_HAND)
    return g_strdup (_("left out by hand"));
  if (outliers[row])
    return g_strdup_printf (_("outlier, %s = %.4g"), target, orr_dataset_column (dataset, dataset->target)[row]);
  return NULL;
}

static void
fill_listing (OrrDataPanel *self, const OrrDataset *dataset, const guint8 *outliers)
{
  GtkWidget *child;
  gsize n = 0;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->listing))) != NULL)
    gtk_list_box_remove (self->listing, child);
  for (gsize i = 0; i < dataset->n_rows; i++)
    {
      g_autofree char *what = describe_row (dataset, outliers, i);

      if (what != NULL && n++ < MAX_LISTED)
        list_row (self, i, what);
    }
  g_autofree char *title = n > MAX_LISTED
                             ? g_strdup_printf (_("Rows to look at: the first %d of %" G_GSIZE_FORMAT), MAX_LISTED, n)
                             : g_strdup_printf (_("Rows to look at: %" G_GSIZE_FORMAT), n);
  gtk_expander_set_label (self->listing_expander, title);
  gtk_widget_set_visible (GTK_WIDGET (self->listing_expander), n > 0);
}

/* Outliers depend on the equation, too. */
static gboolean
outliers_cb (gpointer user_data)
{
  OrrDataPanel *self = user_data;
  OrrDataset *dataset = orr_data_panel_get_dataset (self);
  gsize n = 0;

  self->idle = 0;
  if (dataset == NULL)
    return G_SOURCE_REMOVE;
  g_autofree guint8 *outliers = orr_workbench_find_outliers (orr_session_get_workbench (self->session), &n);
  g_autofree char *text = g_strdup_printf (
    g_dngettext (NULL, "%" G_GSIZE_FORMAT " outlier", "%" G_GSIZE_FORMAT " outliers", n), n);
  gtk_button_set_label (self->outliers, text);
  gtk_widget_set_sensitive (GTK_WIDGET (self->outliers), n > 0);
  fill_listing (self, dataset, outliers);
  return G_SOURCE_REMOVE;
}

void
orr_data_panel_queue_outliers (OrrDataPanel *self)
{
  if (self->idle == 0)
    self->idle = g_timeout_add_full (G_PRIORITY_DEFAULT_IDLE, 60, outliers_cb, self, NULL);
}

/* The button for what is selected. */
void
orr_data_panel_update_selection (OrrDataPanel *self)
{
  OrrWorkbench *bench = self->session != NULL ? orr_session_get_workbench (self->session) : NULL;

  gtk_widget_set_sensitive (self->leave_out, bench != NULL && !gtk_bitset_is_empty (orr_workbench_get_rows (bench)));
}

static void
outliers_clicked_cb (OrrDataPanel *self)
{
  OrrWorkbench *bench = orr_session_get_workbench (self->session);
  OrrDataset *dataset = orr_data_panel_get_dataset (self);
  gsize n;

  if (dataset == NULL)
    return;
  g_autofree guint8 *outliers = orr_workbench_find_outliers (bench, &n);
  g_autoptr (GtkBitset) rows = gtk_bitset_new_empty ();
  for (gsize i = 0; i < dataset->n_rows; i++)
    if (outliers[i])
      gtk_bitset_add (rows, i);
  orr_workbench_set_rows (bench, rows);
}

/* Leaves the selected rows out, or uses them again. */
static void
mark_selected (OrrDataPanel *self, gboolean left_out)
{
  OrrDataset *dataset = orr_data_panel_get_dataset (self);

  if (dataset == NULL)
    return;
  OrrWorkbench *bench = orr_session_get_workbench (self->session);
  GtkBitset *selected = orr_workbench_get_rows (bench);
  gboolean all = gtk_bitset_is_empty (selected);
  gsize n = all ? dataset->n_rows : gtk_bitset_get_size (selected);
  g_autofree guint32 *rows = g_new (guint32, MAX (n, 1));

  for (gsize i = 0; i < n; i++)
    rows[i] = all ? i : gtk_bitset_get_nth (selected, i);
  if (all && left_out)
    return;
  g_autoptr (OrrDataset) next = orr_dataset_with_rows_left_out (dataset, rows, n, left_out);
  orr_data_panel_change (self, next, left_out ? _("Leave out rows") : _("Use rows again"), NULL);
  orr_workbench_set_rows (bench, NULL);
}

static void
leave_out_clicked_cb (OrrDataPanel *self)
{
  mark_selected (self, TRUE);
}

static void
use_again_clicked_cb (OrrDataPanel *self)
{
  mark_selected (self, FALSE);
}

static void
listing_activated_cb (OrrDataPanel *self, GtkListBoxRow *listed)
{
  GtkWidget *label = gtk_list_box_row_get_child (listed);
  gsize row = GPOINTER_TO_SIZE (g_object_get_data (G_OBJECT (label), "row"));
  g_autoptr (GtkBitset) rows = gtk_bitset_new_range (row, 1);

  orr_workbench_set_rows (orr_session_get_workbench (self->session), rows);
}

/* Shows the rows that @dataset has, and how they are split. */
void
orr_data_panel_fill_rows (OrrDataPanel *self, const OrrDataset *dataset)
{
  gtk_editable_set_text (GTK_EDITABLE (self->filter), dataset->filter);
  gtk_spin_button_set_value (self->held_out, round (100.0 * dataset->split.share));
  gtk_drop_down_set_selected (self->split, dataset->split.kind);
  gtk_spin_button_set_value (self->seed, dataset->split.seed);
  gtk_widget_set_visible (GTK_WIDGET (self->seed), dataset->split.kind == ORR_DATASET_SPLIT_RANDOM);
  fill_counts (self, dataset);
  orr_data_panel_queue_outliers (self);
}

/* Makes the callbacks of this file known to the template. */
void
orr_data_panel_bind_rows (GtkWidgetClass *klass)
{
  gtk_widget_class_bind_template_callback (klass, filter_cb);
  gtk_widget_class_bind_template_callback (klass, split_cb);
  gtk_widget_class_bind_template_callback (klass, outliers_clicked_cb);
  gtk_widget_class_bind_template_callback (klass, leave_out_clicked_cb);
  gtk_widget_class_bind_template_callback (klass, use_again_clicked_cb);
  gtk_widget_class_bind_template_callback (klass, listing_activated_cb);
}
