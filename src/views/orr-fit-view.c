/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-fit-view.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <math.h>

#include "orr-chart.h"
#include "orr-fit-content.h"
#include "orr-view.h"

/**
 * OrrFitView:
 *
 * The data of the Equations page, the shown equation's curve with its confidence
 * band (slices for several inputs) and its residuals. Rows are selected by a
 * click, more of them with Control held, a part of the plot by dragging with
 * Control held; Delete leaves them out.
 */
struct _OrrFitView
{
  GtkWidget parent;

  OrrSession         *session;
  OrrChart           *chart;
  OrrFitContent      *content;  /* (nullable): what the chart shows */
  GtkWidget          *controls; /* in the card's header */
  GtkDropDown        *along;
  GtkEntry           *at;
  GMenu              *menu;
  GSimpleActionGroup *actions;
  guint               idle;     /* an update is due */
  gboolean            updating;
};

enum
{
  PROP_0,
  PROP_SESSION,
  N_PROPS,
};

static GParamSpec *props[N_PROPS];

static void view_init (OrrViewInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (OrrFitView, orr_fit_view, GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (ORR_TYPE_VIEW, view_init))

static OrrWorkbench *
get_bench (OrrFitView *self)
{
  return self->session != NULL ? orr_session_get_workbench (self->session) : NULL;
}

static OrrDataset *
get_dataset (OrrFitView *self)
{
  return self->session != NULL ? orr_workbench_get_dataset (get_bench (self)) : NULL;
}

/* Following the workbench ------------------------------------------------------------------------- */

/* Which input the x axis is: the list's last entry is none of them. */
static int
get_along (OrrFitView *self)
{
  OrrDataset *dataset = get_dataset (self);
  guint selected = gtk_drop_down_get_selected (self->along);

  return dataset != NULL && dataset->n_inputs > 1 && selected < dataset->n_inputs ? (int) selected : ORR_FIT_PREDICTED;
}

static void
update_actions (OrrFitView *self)
{
  OrrDataset *dataset = get_dataset (self);
  gboolean selected = dataset != NULL && !gtk_bitset_is_empty (orr_workbench_get_rows (get_bench (self)));
  gboolean by_hand = FALSE;

  for (gsize i = 0; dataset != NULL && i < dataset->n_rows && !by_hand; i++)
    by_hand = (dataset->left_out[i] & ORR_DATASET_LEFT_OUT_BY_HAND) != 0;
  g_simple_action_set_enabled (G_SIMPLE_ACTION (g_action_map_lookup_action (G_ACTION_MAP (self->actions), "leave-out")),
                               selected);
  g_simple_action_set_enabled (G_SIMPLE_ACTION (g_action_map_lookup_action (G_ACTION_MAP (self->actions), "use-all")),
                               by_hand);
  g_simple_action_set_enabled (
    G_SIMPLE_ACTION (g_action_map_lookup_action (G_ACTION_MAP (self->actions), "select-outliers")), dataset != NULL);
}

static void
update_now (OrrFitView *self)
{
  OrrWorkbench *bench = get_bench (self);
  g_autoptr (OrrFigure) figure = NULL;

  g_clear_pointer (&self->content, orr_fit_content_free);
  if (bench != NULL)
    {
      self->content = orr_fit_content_new (bench, get_along (self), gtk_editable_get_text (GTK_EDITABLE (self->at)));
      figure = orr_fit_content_create_figure (self->content);
    }
  else
    {
      const OrrFitPlot nothing = { 0 };
      figure = orr_figure_new_fit (&nothing);
    }
  orr_chart_set_figure (self->chart, figure);
  update_actions (self);
}

static gboolean
update_cb (gpointer user_data)
{
  OrrFitView *self = user_data;

  self->idle = 0;
  update_now (self);
  return G_SOURCE_REMOVE;
}

/* Several changes at once are one new picture. */
static void
queue_update (OrrFitView *self)
{
  if (self->idle == 0)
    self->idle = g_idle_add_full (G_PRIORITY_HIGH_IDLE, update_cb, self, NULL);
}

/* The inputs that the picture can go along. */
static void
dataset_cb (OrrFitView *self)
{
  OrrDataset *dataset = get_dataset (self);
  guint n = dataset != NULL ? dataset->n_inputs : 0;
  GtkStringList *old = GTK_STRING_LIST (gtk_drop_down_get_model (self->along));
  gboolean same = g_list_model_get_n_items (G_LIST_MODEL (old)) == n + 1;

  for (guint v = 0; v < n && same; v++)
    same = g_str_equal (gtk_string_list_get_string (old, v), dataset->columns[dataset->inputs[v]]);
  if (!same)
    {
      g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);

      for (guint v = 0; v < n; v++)
        gtk_string_list_append (names, dataset->columns[dataset->inputs[v]]);
      gtk_string_list_append (names, _("Predicted"));
      self->updating = TRUE;
      gtk_drop_down_set_model (self->along, G_LIST_MODEL (names));
      /* Two inputs fit into slices; more are better judged as a whole. */
      gtk_drop_down_set_selected (self->along, n == 2 ? 0 : n);
      gtk_editable_set_text (GTK_EDITABLE (self->at), "");
      self->updating = FALSE;
    }
  gtk_widget_set_visible (self->controls, n > 1);
  gtk_widget_set_visible (GTK_WIDGET (self->at), get_along (self) >= 0);
  queue_update (self);
}

static void
along_cb (OrrFitView *self)
{
  if (self->updating)
    return;
  gtk_widget_set_visible (GTK_WIDGET (self->at), get_along (self) >= 0);
  queue_update (self);
}

/* Selecting rows ---------------------------------------------------------------------------------- */

/* The row of the table that is drawn at the point. */
static int
find_row (OrrFitView *self, const OrrFigureHit *hit)
{
  OrrDataset *dataset = get_dataset (self);
  const double *x = orr_fit_content_get_x (self->content, hit->plot);
  const double *y = orr_fit_content_get_y (self->content, hit->plot);

  for (gsize i = 0; x != NULL && y != NULL && i < dataset->n_rows; i++)
    if (x[i] == hit->x && y[i] == hit->y)
      return i;
  return -1;
}

static gboolean
is_control_held (OrrFitView *self)
{
  GdkSeat *seat = gdk_display_get_default_seat (gtk_widget_get_display (GTK_WIDGET (self)));
  GdkDevice *keyboard = seat != NULL ? gdk_seat_get_keyboard (seat) : NULL;

  return keyboard != NULL && (gdk_device_get_modifier_state (keyboard) & GDK_CONTROL_MASK) != 0;
}

/* A row that came from the motion shows its moment in every view. */
static void
picked_cb (OrrFitView *self, const OrrFigureHit *hit)
{
  OrrDataset *dataset = get_dataset (self);

  if (dataset == NULL || self->content == NULL)
    return;
  int row = find_row (self, hit);
  if (row < 0)
    return;

  g_autoptr (GtkBitset) rows =
    is_control_held (self) ? gtk_bitset_copy (orr_workbench_get_rows (get_bench (self))) : gtk_bitset_new_empty ();
  if (!gtk_bitset_remove (rows, row))
    gtk_bitset_add (rows, row);
  orr_workbench_set_rows (get_bench (self), rows);
  if (dataset->steps != NULL)
    orr_session_set_cursor (self->session, dataset->steps[row]);
}

static void
brushed_cb (OrrFitView *self, guint plot, const OrrPlotRange *range)
{
  OrrDataset *dataset = get_dataset (self);

  if (dataset == NULL || self->content == NULL)
    return;
  const double *x = orr_fit_content_get_x (self->content, plot), *y = orr_fit_content_get_y (self->content, plot);
  g_autoptr (GtkBitset) rows = gtk_bitset_new_empty ();
  for (gsize i = 0; x != NULL && y != NULL && i < dataset->n_rows; i++)
    if (x[i] >= range->x_low && x[i] <= range->x_high && y[i] >= range->y_low && y[i] <= range->y_high)
      gtk_bitset_add (rows, i);
  orr_workbench_set_rows (get_bench (self), rows);
}

/* Actions ----------------------------------------------------------------------------------------- */

static void
leave_out_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  OrrFitView *self = user_data;
  OrrDataset *dataset = get_dataset (self);
  GtkBitset *selected = self->session != NULL ? orr_workbench_get_rows (get_bench (self)) : NULL;

  if (dataset == NULL || gtk_bitset_is_empty (selected))
    return;
  gsize n = gtk_bitset_get_size (selected);
  g_autofree guint32 *rows = g_new (guint32, n);
  for (gsize i = 0; i < n; i++)
    rows[i] = gtk_bitset_get_nth (selected, i);
  g_autoptr (OrrDataset) next = orr_dataset_with_rows_left_out (dataset, rows, n, TRUE);
  orr_workbench_change_dataset (get_bench (self), next, _("Leave out rows"), NULL);
  orr_workbench_set_rows (get_bench (self), NULL);
}

static void
use_all_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  OrrFitView *self = user_data;
  OrrDataset *dataset = get_dataset (self);

  if (dataset == NULL)
    return;
  g_autofree guint32 *rows = g_new (guint32, MAX (dataset->n_rows, 1));
  for (gsize i = 0; i < dataset->n_rows; i++)
    rows[i] = i;
  g_autoptr (OrrDataset) next = orr_dataset_with_rows_left_out (dataset, rows, dataset->n_rows, FALSE);
  orr_workbench_change_dataset (get_bench (self), next, _("Use all rows"), NULL);
}

static void
select_outliers_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  OrrFitView *self = user_data;
  OrrDataset *dataset = get_dataset (self);
  const guint8 *outliers = self->content != NULL ? orr_fit_content_get_outliers (self->content) : NULL;
  g_autoptr (GtkBitset) rows = gtk_bitset_new_empty ();

  for (gsize i = 0; dataset != NULL && outliers != NULL && i < dataset->n_rows; i++)
    if (outliers[i])
      gtk_bitset_add (rows, i);
  if (dataset != NULL)
    orr_workbench_set_rows (get_bench (self), rows);
}

static const GActionEntry entries[] = {
  { "leave-out", leave_out_cb, NULL, NULL, NULL },
  { "use-all", use_all_cb, NULL, NULL, NULL },
  { "select-outliers", select_outliers_cb, NULL, NULL, NULL },
};

static gboolean
key_cb (GtkEventControllerKey *controller, guint key, guint code, GdkModifierType state, OrrFitView *self)
{
  if (key != GDK_KEY_Delete && key != GDK_KEY_KP_Delete)
    return GDK_EVENT_PROPAGATE;
  leave_out_cb (NULL, NULL, self);
  return GDK_EVENT_STOP;
}

/* GObject ----------------------------------------------------------------------------------------- */

static void
orr_fit_view_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_SESSION)
    g_value_set_object (value, ORR_FIT_VIEW (object)->session);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
orr_fit_view_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id == PROP_SESSION)
    orr_fit_view_set_session (ORR_FIT_VIEW (object), g_value_get_object (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
orr_fit_view_dispose (GObject *object)
{
  OrrFitView *self = ORR_FIT_VIEW (object);

  orr_fit_view_set_session (self, NULL);
  g_clear_handle_id (&self->idle, g_source_remove);
  g_clear_pointer (&self->content, orr_fit_content_free);
  g_clear_object (&self->controls);
  g_clear_object (&self->menu);
  g_clear_object (&self->actions);
  if (self->chart != NULL)
    gtk_widget_unparent (GTK_WIDGET (self->chart));
  self->chart = NULL;
  G_OBJECT_CLASS (orr_fit_view_parent_class)->dispose (object);
}

static void
orr_fit_view_class_init (OrrFitViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = orr_fit_view_get_property;
  object_class->set_property = orr_fit_view_set_property;
  object_class->dispose = orr_fit_view_dispose;
  props[PROP_SESSION] = g_param_spec_object ("session", NULL, NULL, ORR_TYPE_SESSION,
                                             G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, props);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "orrfitview");
}

static void
create_controls (OrrFitView *self)
{
  GtkWidget *label = gtk_label_new (_("Along"));
  const char *none[] = { _("Predicted"), NULL };

  self->controls = g_object_ref_sink (gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6));
  self->along = GTK_DROP_DOWN (gtk_drop_down_new_from_strings (none));
  self->at = GTK_ENTRY (gtk_entry_new ());
  gtk_widget_add_css_class (label, "dim-label");
  gtk_editable_set_width_chars (GTK_EDITABLE (self->at), 10);
  gtk_entry_set_placeholder_text (self->at, _("slices at"));
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->at),
                               _("Values of the other input to draw the equation at, such as 1, 2.5, 4"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->along), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Along"), -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->at), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Slices at"), -1);
  gtk_box_append (GTK_BOX (self->controls), label);
  gtk_box_append (GTK_BOX (self->controls), GTK_WIDGET (self->along));
  gtk_box_append (GTK_BOX (self->controls), GTK_WIDGET (self->at));
  gtk_widget_set_visible (self->controls, FALSE);
  g_signal_connect_object (self->along, "notify::selected", G_CALLBACK (along_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->at, "changed", G_CALLBACK (along_cb), self, G_CONNECT_SWAPPED);
}

static void
orr_fit_view_init (OrrFitView *self)
{
  GtkEventController *keys = gtk_event_controller_key_new ();

  create_controls (self);
  self->chart = ORR_CHART (orr_chart_new ());
  gtk_widget_set_parent (GTK_WIDGET (self->chart), GTK_WIDGET (self));
  g_signal_connect_object (self->chart, "picked", G_CALLBACK (picked_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->chart, "brushed", G_CALLBACK (brushed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect (keys, "key-pressed", G_CALLBACK (key_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), keys);

  self->actions = g_simple_action_group_new ();
  g_action_map_add_action_entries (G_ACTION_MAP (self->actions), entries, G_N_ELEMENTS (entries), self);
  self->menu = g_menu_new ();
  g_menu_append (self->menu, _("Leave out selected rows"), "view.leave-out");
  g_menu_append (self->menu, _("Use all rows"), "view.use-all");
  g_menu_append (self->menu, _("Select outliers"), "view.select-outliers");
  update_now (self);
}

GtkWidget *
orr_fit_view_new (OrrSession *session)
{
  return g_object_new (ORR_TYPE_FIT_VIEW, "session", session, NULL);
}

/**
 * orr_fit_view_set_session:
 * @session: (nullable): whose equations to show
 */
void
orr_fit_view_set_session (OrrFitView *self, OrrSession *session)
{
  g_return_if_fail (ORR_IS_FIT_VIEW (self));

  if (self->session == session)
    return;
  if (self->session != NULL)
    g_signal_handlers_disconnect_by_data (orr_session_get_workbench (self->session), self);
  g_set_object (&self->session, session);
  if (session != NULL)
    {
      OrrWorkbench *bench = orr_session_get_workbench (session);

      g_signal_connect_object (bench, "notify::expr", G_CALLBACK (queue_update), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (bench, "notify::preview", G_CALLBACK (queue_update), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (bench, "notify::rows", G_CALLBACK (queue_update), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (bench, "notify::dataset", G_CALLBACK (dataset_cb), self, G_CONNECT_SWAPPED);
    }
  if (self->chart != NULL && self->controls != NULL)
    dataset_cb (self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_SESSION]);
}

static OrrFigure *
create_figure (OrrView *view)
{
  return orr_view_create_figure (ORR_VIEW (ORR_FIT_VIEW (view)->chart));
}

/* The predictions, row by row, rather than what the chart draws. */
static char *
dup_csv (OrrView *view)
{
  OrrFitView *self = ORR_FIT_VIEW (view);
  char *csv = self->session != NULL ? orr_fit_content_dup_csv (get_bench (self)) : NULL;

  return csv != NULL ? csv : orr_view_dup_csv (ORR_VIEW (self->chart));
}

static GtkWidget *
get_controls (OrrView *view)
{
  return ORR_FIT_VIEW (view)->controls;
}

static GMenuModel *
get_menu (OrrView *view)
{
  return G_MENU_MODEL (ORR_FIT_VIEW (view)->menu);
}

static GActionGroup *
get_actions (OrrView *view)
{
  return G_ACTION_GROUP (ORR_FIT_VIEW (view)->actions);
}

static void
view_init (OrrViewInterface *iface)
{
  iface->create_figure = create_figure;
  iface->dup_csv = dup_csv;
  iface->get_controls = get_controls;
  iface->get_menu = get_menu;
  iface->get_actions = get_actions;
}
