/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-loss-view.h"

#include <glib/gi18n.h>
#include <math.h>

#include "orr-chart.h"
#include "orr-compare-button.h"
#include "orr-figure-loss.h"
#include "orr-info-button.h"
#include "orr-run-orbits.h"
#include "orr-section.h"
#include "orr-view.h"

/**
 * OrrLossView:
 *
 * The loss and the gradient norm of the network that trains, live, else of the run that
 * is shown; beside them those of the networks that are compared, and their orbits laid
 * over each other. A click on another network's curve opens it, one on the shown network's
 * shows the weights of the epoch nearest to it of which there is a snapshot.
 */
struct _OrrLossView
{
  GtkWidget parent;

  OrrSession         *session;
  OrrTraining        *training;
  OrrChart           *chart;
  GtkWidget          *controls;
  GtkToggleButton    *gradient;
  GtkToggleButton    *orbits;
  OrrCompareButton   *compare;
  GMenuModel         *menu;
  GSimpleActionGroup *actions;
  gboolean            logarithmic;
  GPtrArray          *ids;         /* by the tags of the chart's series: of runs, "" for the one that trains */
  int                 orbits_plot; /* -1: there is none */
  guint               update_source;
};

/* While a network trains its curves are drawn at most so often: drawing takes time from it. */
#define LIVE_INTERVAL_MS 250

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
add_curve (GArray *curves, const char *name, gsize n, guint place)
{
  OrrLossCurve curve = { .name = g_strdup (name), .n = n, .baseline = NAN, .independent = NAN, .place = place };

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

static OrrStudy *
get_study (OrrLossView *self)
{
  return orr_document_get_study (orr_session_get_document (self->session));
}

static gboolean
shows_training (OrrLossView *self)
{
  return self->training != NULL && orr_training_is_active (self->training);
}

/* Its place is the one that its run will have. */
static void
add_training (OrrLossView *self, GArray *curves)
{
  guint n, place = get_study (self)->runs->len;
  const OrrTrainEpoch *history = orr_training_get_history (self->training, &n);
  const OrrTrainLevels *levels = orr_training_get_levels (self->training);
  OrrLossCurve *curve = add_curve (curves, orr_training_get_name (self->training), n, place);

  g_ptr_array_add (self->ids, g_strdup (""));
  curve->clip = orr_training_get_options (self->training)->clip;
  curve->best_epoch = n > 0 ? history[n - 1].best_epoch : 0;
  curve->baseline = levels->baseline;
  curve->independent = levels->independent;
  for (guint i = 0; i < n; i++)
    set_epoch (curve, i, history[i].epoch, history[i].train_loss, history[i].validation_loss, history[i].gradient_norm);
}

static gboolean
has_history (const OrrRun *run)
{
  return run->history != NULL && run->history->rows > 0 && run->history->cols >= ORR_HISTORY_N_COLUMNS;
}

static void
add_run (OrrLossView *self, GArray *curves, const OrrRun *run, guint place)
{
  if (!has_history (run))
    return;
  OrrLossCurve *curve = add_curve (curves, run->name, run->history->rows, place);

  g_ptr_array_add (self->ids, g_strdup (run->id));
  if (run->options != NULL)
    curve->clip = orr_section_get_double (run->options, "clip", 0.0);
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

/* The network in question first, then the others that are chosen. */
static GArray *
collect_curves (OrrLossView *self)
{
  GArray *curves = g_array_new (FALSE, FALSE, sizeof (OrrLossCurve));
  OrrRunChoice *choice = orr_session_get_choice (self->session);
  OrrRun *shown = shows_training (self) ? NULL : orr_session_get_run (self->session);
  GPtrArray *runs = get_study (self)->runs;
  guint place;

  g_array_set_clear_func (curves, curve_clear);
  if (shows_training (self))
    add_training (self, curves);
  else if (shown != NULL && g_ptr_array_find (runs, shown, &place))
    add_run (self, curves, shown, place);
  for (guint i = 0; i < runs->len; i++)
    {
      const OrrRun *run = runs->pdata[i];
      if (run != shown && orr_run_choice_contains (choice, run->id))
        add_run (self, curves, run, i);
    }
  return curves;
}

static int
find_tag (OrrLossView *self, const char *id)
{
  guint tag;

  if (!g_ptr_array_find_with_equal_func (self->ids, id, g_str_equal, &tag))
    {
      tag = self->ids->len;
      g_ptr_array_add (self->ids, g_strdup (id));
    }
  return tag;
}

/* That of the shown network first, then those that are chosen. */
static void
add_orbits (OrrLossView *self, OrrFigure *figure)
{
  g_autoptr (GArray) orbits = g_array_new (FALSE, FALSE, sizeof (OrrRunOrbit));
  OrrRunChoice *choice = orr_session_get_choice (self->session);
  OrrRun *shown = orr_session_get_run (self->session);
  GPtrArray *runs = get_study (self)->runs;

  for (int others = 0; others < 2; others++)
    for (guint i = 0; i < runs->len; i++)
      {
        OrrRun *run = runs->pdata[i];
        OrrRunOrbit orbit = { run, i, 0 };

        if ((run != shown) != others || (others && !orr_run_choice_contains (choice, run->id)))
          continue;
        orbit.tag = find_tag (self, run->id);
        g_array_append_val (orbits, orbit);
      }
  self->orbits_plot = figure->plots->len;
  orr_run_orbits_add (figure, choice, (const OrrRunOrbit *) (gpointer) orbits->data, orbits->len);
}

static OrrFigure *
build_figure (OrrLossView *self)
{
  g_autoptr (GArray) curves = collect_curves (self);
  const OrrLossCurve *data = (const OrrLossCurve *) (gpointer) curves->data;
  int epoch = shows_training (self) ? -1 : orr_session_get_epoch (self->session);
  OrrFigure *figure = orr_figure_new_loss (data, curves->len, epoch, self->logarithmic);

  if (gtk_toggle_button_get_active (self->gradient))
    orr_figure_add_gradients (figure, data, curves->len, epoch);
  if (shows_training (self))
    for (guint i = 0; i < figure->plots->len; i++)
      orr_plot_set_empty_text (g_ptr_array_index (figure->plots, i), _("The first epoch is being trained"));
  if (gtk_toggle_button_get_active (self->orbits))
    add_orbits (self, figure);
  /* Side by side: the orbits are as high as wide, and three leave no hole. */
  figure->columns = figure->plots->len;
  return figure;
}

static void
update (OrrLossView *self)
{
  g_autoptr (OrrFigure) figure = NULL;

  g_clear_handle_id (&self->update_source, g_source_remove);
  g_ptr_array_set_size (self->ids, 0);
  self->orbits_plot = -1;
  figure = self->session != NULL ? build_figure (self) : orr_figure_new_loss (NULL, 0, -1, FALSE);
  orr_chart_set_figure (self->chart, figure);
}

static gboolean
update_cb (gpointer user_data)
{
  OrrLossView *self = user_data;

  self->update_source = 0;
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    update (self);
  return G_SOURCE_REMOVE;
}

/* Where nobody sees it nothing is drawn; it is made up for when the page is shown. */
static void
advanced_cb (OrrLossView *self)
{
  if (self->update_source == 0 && gtk_widget_get_mapped (GTK_WIDGET (self)))
    self->update_source = g_timeout_add (LIVE_INTERVAL_MS, update_cb, self);
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
        g_signal_connect_object (training, "advanced", G_CALLBACK (advanced_cb), self, G_CONNECT_SWAPPED);
    }
  update (self);
}

/* Shows the weights of the snapshot nearest to the epoch that was clicked. */
static void
show_epoch (OrrLossView *self, OrrRun *run, double epoch)
{
  int nearest = -1;

  for (guint i = 0; i < run->snapshots->len; i++)
    {
      const OrrSnapshot *snapshot = g_ptr_array_index (run->snapshots, i);

      if (nearest < 0 || fabs (snapshot->epoch - epoch) < fabs (nearest - epoch))
        nearest = snapshot->epoch;
    }
  orr_session_set_epoch (self->session, nearest == orr_session_get_epoch (self->session) ? -1 : nearest);
}

/* The id of the run whose curve was hit, or %NULL. */
static const char *
find_hit (OrrLossView *self, guint plot, const OrrFigureHit *hit)
{
  OrrFigure *figure = orr_chart_get_figure (self->chart);

  if (hit->series < 0 || plot >= figure->plots->len)
    return NULL;
  const OrrSeries *series = g_ptr_array_index (orr_figure_get_plot (figure, plot)->series, hit->series);
  return series->tag >= 0 && series->tag < (int) self->ids->len ? g_ptr_array_index (self->ids, series->tag) : NULL;
}

static void
picked_cb (OrrLossView *self, const OrrFigureHit *hit)
{
  guint plot = orr_chart_get_first_plot (self->chart) + hit->plot;
  const char *id = self->session != NULL ? find_hit (self, plot, hit) : NULL;
  OrrRun *run = id != NULL ? orr_study_find_run (get_study (self), id) : NULL;

  if (run == NULL)
    return;
  if (run != orr_session_get_run (self->session))
    orr_session_set_run_id (self->session, run->id);
  else if ((int) plot != self->orbits_plot && !shows_training (self))
    show_epoch (self, run, hit->x);
}

static void
logarithmic_cb (GSimpleAction *action, GVariant *state, gpointer user_data)
{
  OrrLossView *self = user_data;

  g_simple_action_set_state (action, state);
  self->logarithmic = g_variant_get_boolean (state);
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
    { "logarithmic", NULL, NULL, "false", logarithmic_cb },
    { "reset-zoom", reset_zoom_cb },
  };
  GMenu *menu = g_menu_new ();

  self->actions = g_simple_action_group_new ();
  g_action_map_add_action_entries (G_ACTION_MAP (self->actions), entries, G_N_ELEMENTS (entries), self);
  g_menu_append (menu, _("_Logarithmic loss"), "view.logarithmic");
  g_menu_append (menu, _("Show _everything"), "view.reset-zoom");
  self->menu = G_MENU_MODEL (menu);
}

static GtkToggleButton *
add_toggle (OrrLossView *self, const char *label, const char *tooltip, gboolean active)
{
  GtkWidget *toggle = gtk_toggle_button_new_with_label (label);

  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (toggle), active);
  gtk_widget_set_tooltip_text (toggle, tooltip);
  gtk_widget_add_css_class (toggle, "flat");
  g_signal_connect_object (toggle, "toggled", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (self->controls), toggle);
  return GTK_TOGGLE_BUTTON (toggle);
}

static void
create_controls (OrrLossView *self)
{
  self->controls = g_object_ref_sink (gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 2));
  gtk_widget_add_css_class (self->controls, "loss-controls");
  self->gradient = add_toggle (self, _("Gradient"), _("The largest gradient norm of each epoch, and where it is clipped"),
                               TRUE);
  self->orbits = add_toggle (self, _("Orbits"), _("The orbits of the compared networks, laid over each other"), FALSE);
  self->compare = ORR_COMPARE_BUTTON (orr_compare_button_new ());
  gtk_box_append (GTK_BOX (self->controls), GTK_WIDGET (self->compare));
  gtk_box_append (GTK_BOX (self->controls), orr_info_button_new (_("How orbits are compared"), orr_run_orbits_explain ()));
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
forget_session (OrrLossView *self)
{
  if (self->session == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->session, self);
  g_signal_handlers_disconnect_by_data (orr_session_get_choice (self->session), self);
  g_clear_object (&self->session);
}

static void
orr_loss_view_finalize (GObject *object)
{
  g_ptr_array_unref (ORR_LOSS_VIEW (object)->ids);
  G_OBJECT_CLASS (orr_loss_view_parent_class)->finalize (object);
}

static void
orr_loss_view_dispose (GObject *object)
{
  OrrLossView *self = ORR_LOSS_VIEW (object);

  g_clear_handle_id (&self->update_source, g_source_remove);
  forget_session (self);
  if (self->training != NULL)
    g_signal_handlers_disconnect_by_data (self->training, self);
  g_clear_object (&self->training);
  g_clear_object (&self->controls);
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
  object_class->finalize = orr_loss_view_finalize;
  props[PROP_SESSION] = g_param_spec_object ("session", NULL, NULL, ORR_TYPE_SESSION,
                                             G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, props);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "orrlossview");
}

static void
orr_loss_view_init (OrrLossView *self)
{
  self->ids = g_ptr_array_new_with_free_func (g_free);
  self->chart = ORR_CHART (orr_chart_new ());
  gtk_widget_set_parent (GTK_WIDGET (self->chart), GTK_WIDGET (self));
  g_signal_connect_object (self->chart, "picked", G_CALLBACK (picked_cb), self, G_CONNECT_SWAPPED);
  /* What came while the page was hidden. */
  g_signal_connect_object (self, "map", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  create_controls (self);
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

  if (self->session == session)
    return;
  forget_session (self);
  g_set_object (&self->session, session);
  orr_compare_button_set_session (self->compare, session);
  if (session != NULL)
    {
      g_signal_connect_object (orr_session_get_choice (session), "changed", G_CALLBACK (update), self,
                               G_CONNECT_SWAPPED);
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

static GtkWidget *
get_controls (OrrView *view)
{
  return ORR_LOSS_VIEW (view)->controls;
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
  iface->get_controls = get_controls;
  iface->create_figure = create_figure;
  iface->dup_csv = dup_csv;
  iface->get_menu = get_menu;
  iface->get_actions = get_actions;
}
