/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-data-panel.h"

#include <glib/gi18n.h>
#include <math.h>

#include "orr-dataset-table.h"

/* As many rows are listed one by one. */
#define MAX_LISTED 100
/* As many columns can be renamed in the panel. */
#define MAX_NAMED 60

/**
 * OrrDataPanel:
 *
 * The table that an equation is sought for: opens or pastes one (a file may be
 * dropped anywhere on the page), and says which column is what, which rows count
 * and which are kept to judge by. Every change is one undo step.
 */
struct _OrrDataPanel
{
  GtkWidget parent;

  OrrSession           *session;
  GtkFileChooserNative *chooser;
  GtkWidget            *page;     /* (nullable): where files may be dropped */
  GtkEventController   *drop;     /* of the page */
  gboolean              updating; /* the widgets follow the data, not a person */
  guint                 idle;     /* outliers are to be looked for */

  GtkLabel      *origin;
  GtkLabel      *problem;
  GtkWidget     *roles;
  GtkDropDown   *target;
  GtkFlowBox    *inputs;
  GtkDropDown   *error;
  GtkDropDown   *error_kind;
  GtkEntry      *filter;
  GtkSpinButton *held_out;
  GtkDropDown   *split;
  GtkSpinButton *seed;
  GtkLabel      *rows;
  GtkButton     *outliers;
  GtkWidget     *leave_out;
  GtkWidget     *use_again;
  GtkGrid       *columns;
  GtkExpander   *listing_expander;
  GtkListBox    *listing;
};

enum
{
  PROP_0,
  PROP_SESSION,
  N_PROPS,
};

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (OrrDataPanel, orr_data_panel, GTK_TYPE_WIDGET)

static OrrDataset *
get_dataset (OrrDataPanel *self)
{
  return self->session != NULL ? orr_workbench_get_dataset (orr_session_get_workbench (self->session)) : NULL;
}

static void
set_problem (OrrDataPanel *self, const char *text)
{
  gtk_label_set_text (self->problem, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->problem), text != NULL);
}

/* Roles ------------------------------------------------------------------------------------------- */

static GtkCheckButton *
get_check (OrrDataPanel *self, guint column)
{
  GtkFlowBoxChild *child = gtk_flow_box_get_child_at_index (self->inputs, column);
  return child != NULL ? GTK_CHECK_BUTTON (gtk_flow_box_child_get_child (child)) : NULL;
}

static void
change (OrrDataPanel *self, OrrDataset *next, const char *label, const char *merge_key)
{
  if (next != NULL)
    orr_workbench_change_dataset (orr_session_get_workbench (self->session), next, label, merge_key);
}

/* Gives the data set the roles that the widgets show. */
static void
apply_roles (OrrDataPanel *self)
{
  OrrDataset *dataset = get_dataset (self);
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
  set_problem (self, error != NULL ? error->message : NULL);
  change (self, next, _("Change roles of columns"), NULL);
}

static void
target_cb (OrrDataPanel *self)
{
  OrrDataset *dataset = get_dataset (self);

  /* The list tells again what it was told, after the fact: only a change counts. */
  if (!self->updating && dataset != NULL && gtk_drop_down_get_selected (self->target) != dataset->target)
    apply_roles (self);
}

static void
error_cb (OrrDataPanel *self)
{
  OrrDataset *dataset = get_dataset (self);

  if (!self->updating && dataset != NULL && (int) gtk_drop_down_get_selected (self->error) - 1 != dataset->error)
    apply_roles (self);
}

static void
error_kind_cb (OrrDataPanel *self)
{
  OrrDataset *dataset = get_dataset (self);
  gboolean weights = gtk_drop_down_get_selected (self->error_kind) == 1;

  if (self->updating || dataset == NULL || weights == dataset->error_is_weight)
    return;
  g_autoptr (OrrDataset) next = orr_dataset_with_error_kind (dataset, weights);
  change (self, next, _("Change kind of errors"), NULL);
}

static void
input_cb (OrrDataPanel *self)
{
  if (!self->updating && get_dataset (self) != NULL)
    apply_roles (self);
}

static void
filter_cb (OrrDataPanel *self)
{
  OrrDataset *dataset = get_dataset (self);
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->filter));
  g_autoptr (GError) error = NULL;

  if (self->updating || dataset == NULL || g_str_equal (text, dataset->filter))
    return;
  g_autoptr (OrrDataset) next = orr_dataset_with_filter (dataset, text, &error);
  set_problem (self, error != NULL ? error->message : NULL);
  change (self, next, _("Choose rows"), NULL);
}

static void
split_cb (OrrDataPanel *self)
{
  OrrDataset *dataset = get_dataset (self);
  const OrrDatasetSplit how = { gtk_drop_down_get_selected (self->split),
                                gtk_spin_button_get_value (self->held_out) / 100.0,
                                gtk_spin_button_get_value_as_int (self->seed) };

  if (self->updating || dataset == NULL || how.kind >= ORR_DATASET_N_SPLITS ||
      (how.kind == dataset->split.kind && how.share == dataset->split.share && how.seed == dataset->split.seed))
    return;
  g_autoptr (OrrDataset) next = orr_dataset_with_split_kind (dataset, &how);
  change (self, next, _("Hold out other rows"), "split");
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
  OrrDataset *dataset = get_dataset (self);
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
  set_problem (self, error != NULL ? error->message : NULL);
  change (self, next, _("Rename column"), NULL);
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

/* Rows ---------------------------------------------------------------------------------------------- */

static void
append_count (GString *text, const char *format, gsize n)
{
  g_autofree char *number = g_strdup_printf ("%" G_GSIZE_FORMAT, n);

  if (n > 0)
    g_string_append_printf (text, format, number);
}

static void
fill_rows (OrrDataPanel *self, const OrrDataset *dataset)
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
  OrrDataset *dataset = get_dataset (self);
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

static void
queue_outliers (OrrDataPanel *self)
{
  if (self->idle == 0)
    self->idle = g_timeout_add_full (G_PRIORITY_DEFAULT_IDLE, 60, outliers_cb, self, NULL);
}

static void
selection_cb (OrrDataPanel *self)
{
  OrrWorkbench *bench = self->session != NULL ? orr_session_get_workbench (self->session) : NULL;

  gtk_widget_set_sensitive (self->leave_out, bench != NULL && !gtk_bitset_is_empty (orr_workbench_get_rows (bench)));
}

static void
outliers_clicked_cb (OrrDataPanel *self)
{
  OrrWorkbench *bench = orr_session_get_workbench (self->session);
  OrrDataset *dataset = get_dataset (self);
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
  OrrDataset *dataset = get_dataset (self);

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
  change (self, next, left_out ? _("Leave out rows") : _("Use rows again"), NULL);
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

/* Following the data -------------------------------------------------------------------------------- */

static void
update (OrrDataPanel *self)
{
  OrrDataset *dataset = get_dataset (self);

  self->updating = TRUE;
  gtk_widget_set_visible (self->roles, dataset != NULL);
  gtk_label_set_text (self->origin, dataset != NULL ? dataset->origin : _("No data yet"));
  if (dataset != NULL)
    {
      gboolean random = dataset->split.kind == ORR_DATASET_SPLIT_RANDOM;

      fill_list (self->target, dataset, NULL, dataset->target);
      fill_list (self->error, dataset, _("none"), dataset->error + 1);
      gtk_drop_down_set_selected (self->error_kind, dataset->error_is_weight ? 1 : 0);
      gtk_widget_set_visible (GTK_WIDGET (self->error_kind), dataset->error >= 0);
      fill_inputs (self, dataset);
      gtk_editable_set_text (GTK_EDITABLE (self->filter), dataset->filter);
      gtk_spin_button_set_value (self->held_out, round (100.0 * dataset->split.share));
      gtk_drop_down_set_selected (self->split, dataset->split.kind);
      gtk_spin_button_set_value (self->seed, dataset->split.seed);
      gtk_widget_set_visible (GTK_WIDGET (self->seed), random);
      fill_columns (self, dataset);
      fill_rows (self, dataset);
      queue_outliers (self);
    }
  selection_cb (self);
  self->updating = FALSE;
}

/* Opening ----------------------------------------------------------------------------------------- */

/* A file, or text from the clipboard. */
typedef struct
{
  char *path; /* (nullable) */
  char *text; /* (nullable) */
} Source;

static void
source_free (gpointer data)
{
  Source *source = data;

  g_free (source->path);
  g_free (source->text);
  g_free (source);
}

static gpointer
load_thread (OrrProgress *progress, gpointer data, GError **error)
{
  const Source *source = data;
  g_autoptr (OrrTable) table =
    source->path != NULL ? orr_table_load (source->path, error) : orr_table_parse (source->text, -1, error);
  g_autofree char *name = source->path != NULL ? g_path_get_basename (source->path) : g_strdup (_("Pasted table"));

  return table != NULL ? orr_dataset_from_table (table, name, error) : NULL;
}

static void
loaded_cb (gpointer owner, OrrJob *job, gpointer result, const GError *error)
{
  OrrDataPanel *self = owner;

  set_problem (self, error != NULL ? error->message : NULL);
  if (error != NULL)
    orr_job_queue_dismiss (orr_session_get_jobs (self->session), job);
  if (result != NULL && self->session != NULL)
    orr_workbench_change_dataset (orr_session_get_workbench (self->session), result, _("Open table"), NULL);
}

static void
load (OrrDataPanel *self, char *path, char *text)
{
  Source *source = g_new0 (Source, 1);

  source->path = path;
  source->text = text;
  orr_job_queue_run (orr_session_get_jobs (self->session), ORR_JOB_LANE_NOW, _("Reading a table"), load_thread, source,
                     source_free, (GDestroyNotify) orr_dataset_unref, G_OBJECT (self), loaded_cb);
}

/**
 * orr_data_panel_open:
 * @file: a table
 *
 * Reads it in the background; what is wrong with it is said in the panel, and
 * the present data stay.
 */
void
orr_data_panel_open (OrrDataPanel *self, GFile *file)
{
  g_return_if_fail (ORR_IS_DATA_PANEL (self));
  g_return_if_fail (self->session != NULL);

  load (self, g_file_get_path (file), NULL);
}

static void
pasted_cb (GObject *clipboard, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (OrrDataPanel) self = user_data;
  g_autofree char *text = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (clipboard), result, NULL);

  if (self->session == NULL)
    return;
  if (text == NULL || *g_strchug (text) == '\0')
    set_problem (self, _("There is no table on the clipboard: copy cells in a spreadsheet, or lines of text"));
  else
    load (self, NULL, g_steal_pointer (&text));
}

static void
paste_clicked_cb (OrrDataPanel *self)
{
  if (self->session != NULL)
    gdk_clipboard_read_text_async (gtk_widget_get_clipboard (GTK_WIDGET (self)), NULL, pasted_cb, g_object_ref (self));
}

/* Ctrl+V anywhere on the page, unless something that is typed in takes it. */
static gboolean
paste_shortcut_cb (GtkWidget *widget, GVariant *parameters, gpointer user_data)
{
  if (!gtk_widget_get_mapped (widget))
    return FALSE;
  paste_clicked_cb (ORR_DATA_PANEL (widget));
  return TRUE;
}

static void
chosen_cb (OrrDataPanel *self, int response)
{
  if (response == GTK_RESPONSE_ACCEPT)
    {
      g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (self->chooser));
      orr_data_panel_open (self, file);
    }
  g_clear_object (&self->chooser);
}

static void
open_clicked_cb (OrrDataPanel *self)
{
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  g_clear_object (&self->chooser);
  gtk_file_filter_set_name (filter, _("Tables (CSV, TSV, text)"));
  gtk_file_filter_add_suffix (filter, "csv");
  gtk_file_filter_add_suffix (filter, "tsv");
  gtk_file_filter_add_suffix (filter, "txt");
  gtk_file_filter_add_suffix (filter, "dat");
  self->chooser = gtk_file_chooser_native_new (_("Open table"), GTK_WINDOW (root), GTK_FILE_CHOOSER_ACTION_OPEN,
                                               _("_Open"), _("_Cancel"));
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (self->chooser), filter);
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (chosen_cb), self, G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static gboolean
drop_cb (GtkDropTarget *drop, const GValue *value, double x, double y, gpointer user_data)
{
  OrrDataPanel *self = user_data;

  if (self->session == NULL)
    return FALSE;
  orr_data_panel_open (self, g_value_get_object (value));
  return TRUE;
}

/* Files that are no tables are left to the window. */
static gboolean
accept_cb (GtkDropTarget *drop, GdkDrop *offer, gpointer user_data)
{
  OrrDataPanel *self = user_data;
  GdkContentFormats *formats = gdk_drop_get_formats (offer);

  return self->session != NULL && (gdk_content_formats_contain_gtype (formats, G_TYPE_FILE) ||
                                   gdk_content_formats_contain_mime_type (formats, "text/uri-list"));
}

/* The outermost pane around the panel: all of the page. */
static GtkWidget *
find_page (OrrDataPanel *self)
{
  GtkWidget *page = GTK_WIDGET (self);

  for (GtkWidget *up = page; up != NULL; up = gtk_widget_get_parent (up))
    if (GTK_IS_PANED (up))
      page = up;
  return page;
}

static void
forget_page (OrrDataPanel *self)
{
  if (self->page != NULL)
    {
      gtk_widget_remove_controller (self->page, self->drop);
      g_object_remove_weak_pointer (G_OBJECT (self->page), (gpointer *) &self->page);
    }
  self->page = NULL;
  self->drop = NULL;
}

/* Files may be dropped on the tree and the charts as well: before these see them. */
static void
orr_data_panel_root (GtkWidget *widget)
{
  OrrDataPanel *self = ORR_DATA_PANEL (widget);
  GtkDropTarget *drop = gtk_drop_target_new (G_TYPE_FILE, GDK_ACTION_COPY);

  GTK_WIDGET_CLASS (orr_data_panel_parent_class)->root (widget);
  g_signal_connect (drop, "accept", G_CALLBACK (accept_cb), self);
  g_signal_connect (drop, "drop", G_CALLBACK (drop_cb), self);
  self->drop = GTK_EVENT_CONTROLLER (drop);
  gtk_event_controller_set_propagation_phase (self->drop, GTK_PHASE_CAPTURE);
  self->page = find_page (self);
  gtk_widget_add_controller (self->page, self->drop);
  g_object_add_weak_pointer (G_OBJECT (self->page), (gpointer *) &self->page);
}

static void
orr_data_panel_unroot (GtkWidget *widget)
{
  forget_page (ORR_DATA_PANEL (widget));
  GTK_WIDGET_CLASS (orr_data_panel_parent_class)->unroot (widget);
}

/* GObject ----------------------------------------------------------------------------------------- */

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
  gtk_widget_class_bind_template_callback (widget_class, open_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, paste_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, target_cb);
  gtk_widget_class_bind_template_callback (widget_class, error_cb);
  gtk_widget_class_bind_template_callback (widget_class, error_kind_cb);
  gtk_widget_class_bind_template_callback (widget_class, filter_cb);
  gtk_widget_class_bind_template_callback (widget_class, split_cb);
  gtk_widget_class_bind_template_callback (widget_class, outliers_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, leave_out_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, use_again_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, listing_activated_cb);
}

static void
orr_data_panel_init (OrrDataPanel *self)
{
  GtkEventController *shortcuts = gtk_shortcut_controller_new ();

  self->updating = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
  self->updating = FALSE;
  gtk_shortcut_controller_set_scope (GTK_SHORTCUT_CONTROLLER (shortcuts), GTK_SHORTCUT_SCOPE_GLOBAL);
  gtk_shortcut_controller_add_shortcut (
    GTK_SHORTCUT_CONTROLLER (shortcuts),
    gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_v, GDK_CONTROL_MASK),
                      gtk_callback_action_new (paste_shortcut_cb, NULL, NULL)));
  gtk_widget_add_controller (GTK_WIDGET (self), shortcuts);
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
      g_signal_connect_object (bench, "notify::expr", G_CALLBACK (queue_outliers), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (bench, "notify::rows", G_CALLBACK (selection_cb), self, G_CONNECT_SWAPPED);
    }
  update (self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_SESSION]);
}
