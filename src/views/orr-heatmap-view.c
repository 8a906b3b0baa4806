/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-heatmap-view.h"

#include <glib/gi18n.h>

#include "orr-cluster.h"
#include "orr-view.h"

/**
 * OrrHeatmapView:
 *
 * The weights of the network that the session shows, live while it trains. The
 * units selected here are the session's. Orders are found in the background; until
 * one is there the order before stays.
 */
struct _OrrHeatmapView
{
  GtkWidget parent;

  OrrSession       *session;
  OrrHeatmapCanvas *canvas;
  GtkWidget        *controls;
  GtkDropDown      *weights;
  GtkDropDown      *orderings;

  OrrHeatmapOrder  *order;      /* (nullable): of the network that is shown */
  OrrJob           *order_job;  /* (nullable): that looks for the next */
};

enum
{
  PROP_0,
  PROP_SESSION,
  N_PROPS,
};

static GParamSpec *props[N_PROPS];

static void view_init (OrrViewInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (OrrHeatmapView, orr_heatmap_view, GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (ORR_TYPE_VIEW, view_init))

static OrrNetwork *
get_network (OrrHeatmapView *self)
{
  return self->session != NULL ? orr_session_get_network (self->session) : NULL;
}

static gboolean
order_fits (OrrHeatmapView *self, const OrrNetwork *network)
{
  return self->order != NULL && self->order->n_units == network->n_hidden
         && self->order->n_inputs == network->n_noise;
}

/* The network as it is now, in the order that is known. */
static void
show_network (OrrHeatmapView *self)
{
  OrrNetwork *network = get_network (self);

  if (network == NULL)
    {
      orr_heatmap_canvas_set_model (self->canvas, NULL);
      return;
    }
  if (!order_fits (self, network))
    {
      orr_heatmap_order_unref (self->order);
      self->order = orr_heatmap_order_new (network->n_hidden, network->n_noise);
    }
  orr_heatmap_canvas_set_model (self->canvas,
                                orr_heatmap_model_new (network, gtk_drop_down_get_selected (self->weights), self->order));
}

static gpointer
cluster_thread (OrrProgress *progress, gpointer data, GError **error)
{
  const OrrNetwork *network = data;
  g_autofree guint *units = orr_cluster_order_units (network, progress, error);
  g_autofree guint *inputs = units != NULL ? orr_cluster_order_inputs (network, progress, error) : NULL;
  OrrHeatmapOrder *order;

  if (inputs == NULL)
    return NULL;
  order = orr_heatmap_order_new (network->n_hidden, network->n_noise);
  g_free (order->units);
  g_free (order->inputs);
  order->units = g_steal_pointer (&units);
  order->inputs = g_steal_pointer (&inputs);
  return order;
}

static void
cluster_done_cb (gpointer owner, OrrJob *job, gpointer result, const GError *error)
{
  OrrHeatmapView *self = owner;

  if (self->order_job != job)
    return;
  g_clear_object (&self->order_job);
  if (result == NULL)
    return;
  orr_heatmap_order_unref (self->order);
  self->order = orr_heatmap_order_ref (result);
  show_network (self);
}

static void
stop_ordering (OrrHeatmapView *self)
{
  if (self->order_job != NULL)
    orr_job_cancel (self->order_job);
  g_clear_object (&self->order_job);
}

static void
order_by_cluster (OrrHeatmapView *self, OrrNetwork *network)
{
  g_set_object (&self->order_job,
                orr_job_queue_run (orr_session_get_jobs (self->session), ORR_JOB_LANE_NOW, _("Ordering units"),
                                   cluster_thread, orr_network_ref (network), (GDestroyNotify) orr_network_unref,
                                   (GDestroyNotify) orr_heatmap_order_unref, G_OBJECT (self), cluster_done_cb));
}

static OrrHeatmapOrder *
order_by_group (OrrHeatmapView *self, OrrNetwork *network)
{
  OrrRun *run = orr_session_get_run (self->session);
  g_autoptr (GVariant) kicks = run != NULL ? orr_run_get_section (run, "kick_neurons") : NULL;
  g_autoptr (GVariant) integrating = run != NULL ? orr_run_get_section (run, "integrating_populations") : NULL;

  return orr_heatmap_order_new_groups (network->n_hidden, network->n_noise, kicks, integrating);
}

/* Finds the order again: another one was chosen, or another network is shown. */
static void
find_order (OrrHeatmapView *self)
{
  OrrNetwork *network = get_network (self);
  OrrHeatmapOrdering ordering = gtk_drop_down_get_selected (self->orderings);

  stop_ordering (self);
  if (network != NULL && ordering == ORR_HEATMAP_BY_CLUSTER)
    order_by_cluster (self, network);
  else
    g_clear_pointer (&self->order, orr_heatmap_order_unref);
  if (network != NULL && ordering == ORR_HEATMAP_BY_GROUP)
    self->order = order_by_group (self, network);
  show_network (self);
}

/* While a network trains the order stays, so that cells can be followed. */
static void
network_changed_cb (OrrHeatmapView *self)
{
  OrrNetwork *network = get_network (self);
  OrrTraining *training = orr_session_get_training (self->session);
  gboolean live = training != NULL && orr_training_is_active (training) && orr_session_get_follow (self->session);

  if (network != NULL && live && order_fits (self, network))
    show_network (self);
  else
    find_order (self);
}

static void
run_changed_cb (OrrHeatmapView *self)
{
  if (gtk_drop_down_get_selected (self->orderings) == ORR_HEATMAP_BY_GROUP)
    find_order (self);
}

static void
study_changed_cb (OrrHeatmapView *self)
{
  OrrHmm *hmm = orr_session_get_hmm (self->session);
  g_autofree char **names = g_new0 (char *, hmm->n_symbols + 1);

  for (guint k = 0; k < hmm->n_symbols; k++)
    names[k] = hmm->symbol_names[k];
  orr_heatmap_canvas_set_symbol_names (self->canvas, names);
}

static void
units_changed_cb (OrrHeatmapView *self)
{
  orr_heatmap_canvas_set_units (self->canvas, orr_session_get_units (self->session));
}

static void
hovered_unit_changed_cb (OrrHeatmapView *self)
{
  orr_heatmap_canvas_set_hovered_unit (self->canvas, orr_session_get_hovered_unit (self->session));
}

static void
units_selected_cb (OrrHeatmapView *self, GtkBitset *units)
{
  if (self->session != NULL)
    orr_session_set_units (self->session, units);
}

static void
unit_hovered_cb (OrrHeatmapView *self, int unit)
{
  if (self->session != NULL)
    orr_session_set_hovered_unit (self->session, unit);
}

static void
symbol_selected_cb (OrrHeatmapView *self, int symbol)
{
  if (self->session != NULL)
    orr_session_set_symbol (self->session, symbol == orr_session_get_symbol (self->session) ? -1 : symbol);
}

static GtkDropDown *
create_choice (OrrHeatmapView *self, const char *name, const char *const *items)
{
  GtkWidget *choice = gtk_drop_down_new_from_strings (items);

  gtk_widget_add_css_class (choice, "flat");
  gtk_widget_set_valign (choice, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (choice, name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (choice), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_box_append (GTK_BOX (self->controls), choice);
  return GTK_DROP_DOWN (choice);
}

static void
create_controls (OrrHeatmapView *self)
{
  const char *const weights[] = { _("Recurrent"), _("Noise input"), _("Readout"), NULL };
  const char *const orderings[] = { _("By index"), _("By similarity"), _("By kick group"), NULL };

  self->controls = g_object_ref_sink (gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0));
  self->weights = create_choice (self, _("Weights"), weights);
  self->orderings = create_choice (self, _("Order"), orderings);
  /* the order that shows the mechanism; by index until the groups are known */
  gtk_drop_down_set_selected (self->orderings, ORR_HEATMAP_BY_GROUP);
  g_signal_connect_object (self->weights, "notify::selected", G_CALLBACK (show_network), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->orderings, "notify::selected", G_CALLBACK (find_order), self, G_CONNECT_SWAPPED);
}

static void
orr_heatmap_view_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_SESSION)
    g_value_set_object (value, ORR_HEATMAP_VIEW (object)->session);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
orr_heatmap_view_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id == PROP_SESSION)
    orr_heatmap_view_set_session (ORR_HEATMAP_VIEW (object), g_value_get_object (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
disconnect (OrrHeatmapView *self)
{
  if (self->session == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->session, self);
  g_signal_handlers_disconnect_by_data (orr_session_get_document (self->session), self);
}

static void
orr_heatmap_view_dispose (GObject *object)
{
  OrrHeatmapView *self = ORR_HEATMAP_VIEW (object);

  stop_ordering (self);
  disconnect (self);
  g_clear_object (&self->session);
  g_clear_object (&self->controls);
  g_clear_pointer (&self->order, orr_heatmap_order_unref);
  if (self->canvas != NULL)
    gtk_widget_unparent (GTK_WIDGET (self->canvas));
  self->canvas = NULL;
  G_OBJECT_CLASS (orr_heatmap_view_parent_class)->dispose (object);
}

static void
orr_heatmap_view_class_init (OrrHeatmapViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = orr_heatmap_view_get_property;
  object_class->set_property = orr_heatmap_view_set_property;
  object_class->dispose = orr_heatmap_view_dispose;
  props[PROP_SESSION] = g_param_spec_object ("session", NULL, NULL, ORR_TYPE_SESSION,
                                             G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, props);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "orrheatmapview");
}

static void
orr_heatmap_view_init (OrrHeatmapView *self)
{
  self->canvas = ORR_HEATMAP_CANVAS (orr_heatmap_canvas_new ());
  orr_heatmap_canvas_set_empty_text (self->canvas, _("Train or open a network to see how its units are connected"));
  gtk_widget_set_parent (GTK_WIDGET (self->canvas), GTK_WIDGET (self));
  g_signal_connect_object (self->canvas, "units-selected", G_CALLBACK (units_selected_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->canvas, "unit-hovered", G_CALLBACK (unit_hovered_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->canvas, "symbol-selected", G_CALLBACK (symbol_selected_cb), self, G_CONNECT_SWAPPED);
  create_controls (self);
}

GtkWidget *
orr_heatmap_view_new (OrrSession *session)
{
  return g_object_new (ORR_TYPE_HEATMAP_VIEW, "session", session, NULL);
}

/**
 * orr_heatmap_view_set_session:
 * @session: (nullable): whose network to show
 */
void
orr_heatmap_view_set_session (OrrHeatmapView *self, OrrSession *session)
{
  g_return_if_fail (ORR_IS_HEATMAP_VIEW (self));

  if (self->session == session)
    return;
  stop_ordering (self);
  disconnect (self);
  g_set_object (&self->session, session);
  if (session != NULL)
    {
      GConnectFlags swapped = G_CONNECT_SWAPPED;

      g_signal_connect_object (session, "notify::network", G_CALLBACK (network_changed_cb), self, swapped);
      g_signal_connect_object (session, "notify::run", G_CALLBACK (run_changed_cb), self, swapped);
      g_signal_connect_object (session, "notify::units", G_CALLBACK (units_changed_cb), self, swapped);
      g_signal_connect_object (session, "notify::hovered-unit", G_CALLBACK (hovered_unit_changed_cb), self, swapped);
      g_signal_connect_object (orr_session_get_document (session), "notify::study", G_CALLBACK (study_changed_cb), self,
                               swapped);
      study_changed_cb (self);
      units_changed_cb (self);
    }
  find_order (self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_SESSION]);
}

OrrHeatmapCanvas *
orr_heatmap_view_get_canvas (OrrHeatmapView *self)
{
  g_return_val_if_fail (ORR_IS_HEATMAP_VIEW (self), NULL);
  return self->canvas;
}

void
orr_heatmap_view_set_weights (OrrHeatmapView *self, OrrHeatmapWeights weights)
{
  g_return_if_fail (ORR_IS_HEATMAP_VIEW (self));
  gtk_drop_down_set_selected (self->weights, weights);
}

void
orr_heatmap_view_set_ordering (OrrHeatmapView *self, OrrHeatmapOrdering ordering)
{
  g_return_if_fail (ORR_IS_HEATMAP_VIEW (self));
  gtk_drop_down_set_selected (self->orderings, ordering);
}

static GtkWidget *
get_controls (OrrView *view)
{
  return ORR_HEATMAP_VIEW (view)->controls;
}

static OrrFigure *
create_figure (OrrView *view)
{
  OrrHeatmapCanvas *canvas = ORR_HEATMAP_VIEW (view)->canvas;
  const OrrHeatmapModel *model = orr_heatmap_canvas_get_model (canvas);

  return model != NULL ? orr_heatmap_model_create_figure (model, orr_heatmap_canvas_get_symbol_names (canvas)) : NULL;
}

static char *
dup_csv (OrrView *view)
{
  OrrHeatmapCanvas *canvas = ORR_HEATMAP_VIEW (view)->canvas;
  const OrrHeatmapModel *model = orr_heatmap_canvas_get_model (canvas);

  return model != NULL ? orr_heatmap_model_dup_csv (model, orr_heatmap_canvas_get_symbol_names (canvas)) : NULL;
}

static void
view_init (OrrViewInterface *iface)
{
  iface->get_controls = get_controls;
  iface->create_figure = create_figure;
  iface->dup_csv = dup_csv;
}
