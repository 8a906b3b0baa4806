/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-loss-view.h"

#include <glib/gi18n.h>
#include <math.h>

#include "orr-chart.h"
#include "orr-figure-loss.h"
#include "orr-section.h"
#include "orr-view.h"

/**
 * OrrLossView:
 *
 * The loss of the network that trains, live, else of the run that is shown; on
 * wish beside all other networks of the study. A click shows the weights of the
 * epoch nearest to it of which there is a snapshot.
 */
struct _OrrLossView
{
  GtkWidget parent;

  OrrSession         *session;
  OrrTraining        *training;
  OrrChart           *chart;
  GMenuModel         *menu;
  GSimpleActionGroup *actions;
  gboolean            logarithmic;
  gboolean            compare;
};

enum
{
  PROP_0,
  PROP_SESSION,
  N_PROPS,
};

static GParamSpec *props[N_PROPS];

static void view_init (OrrViewInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (OrrLossView, orr_loss_view, GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (ORR_TYPE_VIEW, view_init))

/* A curve with numbers of its own. */
static void
curve_clear (gpointer data)
{
  OrrLossCurve *curve = data;

  g_free ((char *) curve->name);
  g_free ((double *) curve->epoch);
  g_free ((double *) curve->training);
  g_free ((double *) curve->validation);
  g_free ((double *) curve->gradient_norm);
}

/* Room for a history of @n epochs, to be filled in by the caller. */
static OrrLossCurve *
add_curve (GArray *curves, const char *name, gsize n)
{
  OrrLossCurve curve = { .name = g_strdup (name), .n = n, .baseline = NAN, .independent = NAN };

  curve.epoch = g_new (double, MAX (n, 1));
  curve.training = g_new (double, MAX (n, 1));
  curve.validation = g_new (double, MAX (n, 1));
  curve.gradient_norm = g_new (double, MAX (n, 1));
  g_array_append_val (curves, curve);
  return &g_array_index (curves, OrrLossCurve, curves->len - 1);
}

static void
set_epoch (OrrLossCurve *curve, gsize i, double epoch, double training, double validation, double gradient_norm)
{
  ((double *) curve->epoch)[i] = epoch;
  ((double *) curve->training)[i] = training;
  ((double *) curve->validation)[i] = validation;
  ((double *) curve->gradient_norm)[i] = gradient_norm;
}

static void
add_training (GArray *curves, OrrTraining *training)
{
  guint n;
  const OrrTrainEpoch *history = orr_training_get_history (training, &n);
  const OrrTrainLevels *levels = orr_training_get_levels (training);
  OrrLossCurve *curve = add_curve (curves, orr_training_get_name (training), n);

  curve->best_epoch = n > 0 ? history[n - 1].best_epoch : 0;
  curve->baseline = levels->baseline;
  curve->independent = levels->independent;
  for (guint i = 0; i < n; i++)
    set_epoch (curve, i, history[i].epoch, history[i].train_loss, history[i].validation_loss, history[i].gradient_norm);
}

static void
add_run (GArray *curves, const OrrRun *run)
{
  if (run->history == NULL || run->history->cols < ORR_HISTORY_N_COLUMNS)
    return;
  OrrLossCurve *curve = add_curve (curves, run->name, run->history->rows);

  curve->best_epoch = run->best_epoch;
  curve->baseline = run->baseline;
  if (run->record != NULL)
    curve->independent = orr_section_get_double (run->record, "independent_level", NAN);
  for (gsize i = 0; i < run->history->rows; i++)
    {
      const float *row = orr_matrix_row (run->history, i);

      set_epoch (curve, i, row[ORR_HISTORY_EPOCH], row[ORR_HISTORY_TRAIN_LOSS], row[ORR_HISTORY_VALIDATION_LOSS],
                 row[ORR_HISTORY_GRADIENT_NORM]);
    }
}

static gboolean
shows_training (OrrLossView *self)
{
  return self->training != NULL && orr_training_is_active (self->training);
}

/* The network in question first, then the others of the study. */
static GArray *
collect_curves (OrrLossView *self)
{
  GArray *curves = g_array_new (FALSE, FALSE, sizeof (OrrLossCurve));
  OrrRun *shown = orr_session_get_run (self->session);
  OrrStudy *study = orr_document_get_study (orr_session_get_document (self->session));

  g_array_set_clear_func (curves, curve_clear);
  if (shows_training (self))
    add_training (curves, self->training);
  else if (shown != NULL)
    add_run (curves, shown);
  for (guint i = 0; self->compare && i < study->runs->len; i++)
    {
      const OrrRun *run = g_ptr_array_index (study->runs, i);
      if (shows_training (self) || run != shown)
        add_run (curves, run);
    }
  return curves;
}

static void
update (OrrLossView *self)
{
  g_autoptr (OrrFigure) figure = NULL;

  if (self->session != NULL)
    {
      g_autoptr (GArray) curves = collect_curves (self);
      int epoch = shows_training (self) ? -1 : orr_session_get_epoch (self->session);

      figure = orr_figure_new_loss ((const OrrLossCurve *) curves->data, curves->len, epoch, self->logarithmic);
    }
  else
    figure = orr_figure_new_loss (NULL, 0, -1, FALSE);
  orr_chart_set_figure (self->chart, figure);
}

static void
watch_training (OrrLossView *self)
{
  OrrTraining *training = self->session != NULL ? orr_session_get_training (self->session) : NULL;

  if (training != self->training)
    {
      if (self->training != NULL)
        g_signal_handlers_disconnect_by_data (self->training, self);
      g_set_object (&self->training, training);
      if (training != NULL)
        g_signal_connect_object (training, "advanced", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
    }
  update (self);
}

/* Shows the weights of the snapshot nearest to the epoch that was clicked. */
static void
picked_cb (OrrLossView *self, const OrrFigureHit *hit)
{
  OrrRun *run = self->session != NULL ? orr_session_get_run (self->session) : NULL;
  int nearest = -1;

  if (run == NULL || shows_training (self))
    return;
  for (guint i = 0; i < run->snapshots->len; i++)
    {
      const OrrSnapshot *snapshot = g_ptr_array_index (run->snapshots, i);

      if (nearest < 0 || fabs (snapshot->epoch - hit->x) < fabs (nearest - hit->x))
        nearest = snapshot->epoch;
    }
  orr_session_set_epoch (self->session, nearest == orr_session_get_epoch (self->session) ? -1 : nearest);
}

static void
toggle_cb (GSimpleAction *action, GVariant *state, gpointer user_data)
{
  OrrLossView *self = user_data;
  gboolean on = g_variant_get_boolean (state);

  g_simple_action_set_state (action, state);
  if (g_str_equal (g_action_get_name (G_ACTION (action)), "logarithmic"))
    self->logarithmic = on;
  else
    self->compare = on;
  update (self);
}

static void
reset_zoom_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  orr_chart_reset_zoom (ORR_LOSS_VIEW (user_data)->chart);
}

static void
create_menu (OrrLossView *self)
{
  const GActionEntry entries[] = {
    { "logarithmic", NULL, NULL, "false", toggle_cb },
    { "compare", NULL, NULL, "false", toggle_cb },
    { "reset-zoom", reset_zoom_cb },
  };
  GMenu *menu = g_menu_new ();

  self->actions = g_simple_action_group_new ();
  g_action_map_add_action_entries (G_ACTION_MAP (self->actions), entries, G_N_ELEMENTS (entries), self);
  g_menu_append (menu, _("_Logarithmic loss"), "view.logarithmic");
  g_menu_append (menu, _("C_ompare all networks"), "view.compare");
  g_menu_append (menu, _("_Show everything"), "view.reset-zoom");
  self->menu = G_MENU_MODEL (menu);
}

static void
orr_loss_view_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_SESSION)
    g_value_set_object (value, ORR_LOSS_VIEW (object)->session);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
orr_loss_view_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id == PROP_SESSION)
    orr_loss_view_set_session (ORR_LOSS_VIEW (object), g_value_get_object (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
orr_loss_view_dispose (GObject *object)
{
  OrrLossView *self = ORR_LOSS_VIEW (object);

  if (self->session != NULL)
    g_signal_handlers_disconnect_by_data (self->session, self);
  if (self->training != NULL)
    g_signal_handlers_disconnect_by_data (self->training, self);
  g_clear_object (&self->training);
  g_clear_object (&self->session);
  g_clear_object (&self->menu);
  g_clear_object (&self->actions);
  if (self->chart != NULL)
    gtk_widget_unparent (GTK_WIDGET (self->chart));
  self->chart = NULL;
  G_OBJECT_CLASS (orr_loss_view_parent_class)->dispose (object);
}

static void
orr_loss_view_class_init (OrrLossViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = orr_loss_view_get_property;
  object_class->set_property = orr_loss_view_set_property;
  object_class->dispose = orr_loss_view_dispose;
  props[PROP_SESSION] = g_param_spec_object ("session", NULL, NULL, ORR_TYPE_SESSION,
                                             G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, props);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "orrlossview");
}

static void
orr_loss_view_init (OrrLossView *self)
{
  self->chart = ORR_CHART (orr_chart_new ());
  gtk_widget_set_parent (GTK_WIDGET (self->chart), GTK_WIDGET (self));
  g_signal_connect_object (self->chart, "picked", G_CALLBACK (picked_cb), self, G_CONNECT_SWAPPED);
  create_menu (self);
  update (self);
}

GtkWidget *
orr_loss_view_new (OrrSession *session)
{
  return g_object_new (ORR_TYPE_LOSS_VIEW, "session", session, NULL);
}

/**
 * orr_loss_view_set_session:
 * @session: (nullable): whose trainings and runs to show
 */
void
orr_loss_view_set_session (OrrLossView *self, OrrSession *session)
{
  g_return_if_fail (ORR_IS_LOSS_VIEW (self));
  OrrSession *before = self->session;

  if (before == session)
    return;
  if (before != NULL)
    g_signal_handlers_disconnect_by_data (before, self);
  g_set_object (&self->session, session);
  if (session != NULL)
    {
      g_signal_connect_object (session, "notify::training", G_CALLBACK (watch_training), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (session, "notify::run", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (session, "notify::epoch", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
    }
  watch_training (self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_SESSION]);
}

static OrrFigure *
create_figure (OrrView *view)
{
  return orr_view_create_figure (ORR_VIEW (ORR_LOSS_VIEW (view)->chart));
}

static char *
dup_csv (OrrView *view)
{
  return orr_view_dup_csv (ORR_VIEW (ORR_LOSS_VIEW (view)->chart));
}

static GMenuModel *
get_menu (OrrView *view)
{
  return ORR_LOSS_VIEW (view)->menu;
}

static GActionGroup *
get_actions (OrrView *view)
{
  return G_ACTION_GROUP (ORR_LOSS_VIEW (view)->actions);
}

static void
view_init (OrrViewInterface *iface)
{
  iface->create_figure = create_figure;
  iface->dup_csv = dup_csv;
  iface->get_menu = get_menu;
  iface->get_actions = get_actions;
}
