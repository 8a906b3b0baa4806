/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-data-panel.h"

#include <glib/gi18n.h>
#include <math.h>

#include "orr-dataset-table.h"

/**
 * OrrDataPanel:
 *
 * The table that an equation is sought for: opens one (a file may be dropped
 * here), and says which column is the target and which are inputs.
 */
struct _OrrDataPanel
{
  GtkWidget parent;

  OrrSession           *session;
  GtkFileChooserNative *chooser;
  gboolean              updating; /* the widgets follow the data, not a person */

  GtkLabel      *origin;
  GtkLabel      *problem;
  GtkWidget     *roles;
  GtkDropDown   *target;
  GtkFlowBox    *inputs;
  GtkSpinButton *held_out;
  GtkLabel      *rows;
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

/* Gives the data set the roles that the widgets show. */
static void
apply_roles (OrrDataPanel *self)
{
  OrrDataset *dataset = get_dataset (self);
  guint target = gtk_drop_down_get_selected (self->target);
  g_autofree guint *inputs = g_new (guint, MAX (dataset->n_columns, 1));
  guint n = 0;
  g_autoptr (GError) error = NULL;

  for (guint c = 0; c < dataset->n_columns; c++)
    if (c != target && gtk_check_button_get_active (get_check (self, c)))
      inputs[n++] = c;
  g_autoptr (OrrDataset) next = orr_dataset_with_roles (dataset, target, inputs, n, dataset->error, &error);
  set_problem (self, error != NULL ? error->message : NULL);
  if (next != NULL)
    orr_workbench_set_dataset (orr_session_get_workbench (self->session), next);
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
input_cb (OrrDataPanel *self)
{
  if (!self->updating && get_dataset (self) != NULL)
    apply_roles (self);
}

static void
held_out_cb (OrrDataPanel *self)
{
  OrrDataset *dataset = get_dataset (self);

  if (self->updating || dataset == NULL)
    return;
  g_autoptr (OrrDataset) next =
    orr_dataset_with_split (dataset, gtk_spin_button_get_value (self->held_out) / 100.0, 0);
  orr_workbench_set_dataset (orr_session_get_workbench (self->session), next);
}

/* Names the columns in the list of targets, which stays as it is while they do. */
static void
fill_targets (OrrDataPanel *self, const OrrDataset *dataset)
{
  GListModel *model = gtk_drop_down_get_model (self->target);
  gboolean same = model != NULL && g_list_model_get_n_items (model) == dataset->n_columns;

  for (guint c = 0; same && c < dataset->n_columns; c++)
    same = g_str_equal (gtk_string_list_get_string (GTK_STRING_LIST (model), c), dataset->columns[c]);
  if (!same)
    {
      g_autoptr (GtkStringList) names = gtk_string_list_new ((const char *const *) dataset->columns);
      gtk_drop_down_set_model (self->target, G_LIST_MODEL (names));
    }
  if (gtk_drop_down_get_selected (self->target) != dataset->target)
    gtk_drop_down_set_selected (self->target, dataset->target);
}

static void
fill_inputs (OrrDataPanel *self, const OrrDataset *dataset)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->inputs))) != NULL)
    gtk_flow_box_remove (self->inputs, child);
  for (guint c = 0; c < dataset->n_columns; c++)
    {
      GtkWidget *check = gtk_check_button_new_with_label (dataset->columns[c]);
      gboolean is_input = FALSE;

      for (guint i = 0; i < dataset->n_inputs; i++)
        is_input |= dataset->inputs[i] == c;
      gtk_check_button_set_active (GTK_CHECK_BUTTON (check), is_input);
      gtk_widget_set_sensitive (check, c != dataset->target);
      g_signal_connect_object (check, "toggled", G_CALLBACK (input_cb), self, G_CONNECT_SWAPPED);
      gtk_flow_box_append (self->inputs, check);
    }
}

static void
fill_rows (OrrDataPanel *self, const OrrDataset *dataset)
{
  g_autoptr (OrrDatasetRows) training = orr_dataset_extract (dataset, ORR_DATASET_TRAINING);
  g_autoptr (OrrDatasetRows) held_out = orr_dataset_extract (dataset, ORR_DATASET_HELD_OUT);
  gsize n_incomplete = dataset->n_rows - training->n - held_out->n, n_held = 0;
  g_autofree char *text =
    n_incomplete > 0
      ? g_strdup_printf (_("%" G_GSIZE_FORMAT " rows to fit, %" G_GSIZE_FORMAT " held out; %" G_GSIZE_FORMAT
                           " left out because a value is missing"),
                         training->n, held_out->n, n_incomplete)
      : g_strdup_printf (_("%" G_GSIZE_FORMAT " rows to fit, %" G_GSIZE_FORMAT " held out"), training->n, held_out->n);

  gtk_label_set_text (self->rows, text);
  for (gsize i = 0; i < dataset->n_rows; i++)
    n_held += dataset->held_out[i];
  gtk_spin_button_set_value (self->held_out, dataset->n_rows > 0 ? round (100.0 * n_held / dataset->n_rows) : 0.0);
}

static void
update (OrrDataPanel *self)
{
  OrrDataset *dataset = get_dataset (self);

  self->updating = TRUE;
  gtk_widget_set_visible (self->roles, dataset != NULL);
  gtk_label_set_text (self->origin, dataset != NULL ? dataset->origin : _("No data yet"));
  if (dataset != NULL)
    {
      fill_targets (self, dataset);
      fill_inputs (self, dataset);
      fill_rows (self, dataset);
    }
  self->updating = FALSE;
}

/* Opening ----------------------------------------------------------------------------------------- */

static gpointer
load_thread (OrrProgress *progress, gpointer data, GError **error)
{
  g_autoptr (OrrTable) table = orr_table_load (data, error);
  g_autofree char *name = g_path_get_basename (data);

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
    orr_workbench_set_dataset (orr_session_get_workbench (self->session), result);
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

  orr_job_queue_run (orr_session_get_jobs (self->session), ORR_JOB_LANE_NOW, _("Reading a table"), load_thread,
                     g_file_get_path (file), g_free, (GDestroyNotify) orr_dataset_unref, G_OBJECT (self), loaded_cb);
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
  gtk_widget_class_bind_template_child (widget_class, OrrDataPanel, held_out);
  gtk_widget_class_bind_template_child (widget_class, OrrDataPanel, rows);
  gtk_widget_class_bind_template_callback (widget_class, open_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, target_cb);
  gtk_widget_class_bind_template_callback (widget_class, held_out_cb);
}

static void
orr_data_panel_init (OrrDataPanel *self)
{
  GtkDropTarget *drop = gtk_drop_target_new (G_TYPE_FILE, GDK_ACTION_COPY);

  self->updating = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
  self->updating = FALSE;
  g_signal_connect (drop, "drop", G_CALLBACK (drop_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drop));
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
    g_signal_connect_object (orr_session_get_workbench (session), "notify::dataset", G_CALLBACK (update), self,
                             G_CONNECT_SWAPPED);
  update (self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_SESSION]);
}
