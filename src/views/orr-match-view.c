/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-match-view.h"

#include <glib/gi18n.h>

#include "orr-chart.h"
#include "orr-figure-match.h"
#include "orr-view.h"

/**
 * OrrMatchView:
 *
 * The sequences of the run that is shown beside those of its model, and beside those
 * of a law that ran in the network's place where there are any. It fills
 * when a training ends; its refresh button compares on fresh sequences again.
 */
struct _OrrMatchView
{
  GtkWidget parent;

  OrrSession *session;
  OrrChart   *chart;
  GtkWidget  *refresh;
  GVariant   *section; /* (nullable): what is shown */
  GVariant   *law;     /* (nullable): and the law beside it */
};

enum
{
  PROP_0,
  PROP_SESSION,
  N_PROPS,
};

static GParamSpec *props[N_PROPS];

static void view_init (OrrViewInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (OrrMatchView, orr_match_view, GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (ORR_TYPE_VIEW, view_init))

static OrrHmm *
model_of (OrrMatchView *self, const OrrRun *run)
{
  return run != NULL && run->hmm != NULL ? run->hmm : orr_session_get_hmm (self->session);
}

/* Says why there is nothing, where an imported network cannot be compared. */
static void
explain (OrrMatchView *self, OrrFigure *figure, OrrRun *run, const OrrHmm *hmm)
{
  OrrPlot *plot = orr_figure_get_plot (figure, 0);
  g_autofree char *text = NULL;

  if (run->network->n_symbols != hmm->n_symbols)
    text = g_strdup_printf (_("\342\200\234%s\342\200\235 emits %u symbols and the model %u, so they cannot be compared"),
                            run->name, run->network->n_symbols, hmm->n_symbols);
  else if (orr_session_is_evaluated (self->session, run))
    text = g_strdup (_("The network\342\200\231s sequences are being compared with the model\342\200\231s"));
  else
    text = g_strdup (_("Refresh to compare the network\342\200\231s sequences with the model\342\200\231s"));
  orr_plot_set_empty_text (plot, text);
}

static void
update (OrrMatchView *self)
{
  OrrRun *run = self->session != NULL ? orr_session_get_run (self->session) : NULL;
  const OrrHmm *hmm = self->session != NULL ? model_of (self, run) : NULL;
  g_autoptr (GVariant) section = run != NULL ? orr_run_get_section (run, "match") : NULL;
  g_autoptr (OrrFigure) figure = NULL;

  gtk_widget_set_sensitive (self->refresh, run != NULL && run->network->n_symbols == hmm->n_symbols);
  g_autoptr (GVariant) law = run != NULL ? orr_run_get_section (run, "match_law") : NULL;
  if (section != NULL && self->section != NULL && g_variant_equal (section, self->section) &&
      (law == self->law || (law != NULL && self->law != NULL && g_variant_equal (law, self->law))))
    return;
  g_clear_pointer (&self->law, g_variant_unref);
  self->law = law != NULL ? g_variant_ref (law) : NULL;
  g_clear_pointer (&self->section, g_variant_unref);
  self->section = section != NULL ? g_variant_ref (section) : NULL;
  figure = orr_figure_new_match (section, law, hmm);
  if (section == NULL && run != NULL)
    explain (self, figure, run, hmm);
  orr_chart_set_figure (self->chart, figure);
}

static void
refresh_cb (OrrMatchView *self)
{
  if (self->session != NULL)
    orr_session_evaluate_match (self->session);
}

static void
orr_match_view_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_SESSION)
    g_value_set_object (value, ORR_MATCH_VIEW (object)->session);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
orr_match_view_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id == PROP_SESSION)
    orr_match_view_set_session (ORR_MATCH_VIEW (object), g_value_get_object (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
orr_match_view_dispose (GObject *object)
{
  OrrMatchView *self = ORR_MATCH_VIEW (object);

  if (self->session != NULL)
    g_signal_handlers_disconnect_by_data (self->session, self);
  g_clear_object (&self->session);
  g_clear_object (&self->refresh);
  g_clear_pointer (&self->section, g_variant_unref);
  g_clear_pointer (&self->law, g_variant_unref);
  if (self->chart != NULL)
    gtk_widget_unparent (GTK_WIDGET (self->chart));
  self->chart = NULL;
  G_OBJECT_CLASS (orr_match_view_parent_class)->dispose (object);
}

static void
orr_match_view_class_init (OrrMatchViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = orr_match_view_get_property;
  object_class->set_property = orr_match_view_set_property;
  object_class->dispose = orr_match_view_dispose;
  props[PROP_SESSION] = g_param_spec_object ("session", NULL, NULL, ORR_TYPE_SESSION,
                                             G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, props);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "orrmatchview");
}

static void
orr_match_view_init (OrrMatchView *self)
{
  self->chart = ORR_CHART (orr_chart_new ());
  gtk_widget_set_parent (GTK_WIDGET (self->chart), GTK_WIDGET (self));
  self->refresh = g_object_ref_sink (gtk_button_new_from_icon_name ("view-refresh-symbolic"));
  gtk_widget_add_css_class (self->refresh, "flat");
  gtk_widget_set_tooltip_text (self->refresh, _("Compare again"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->refresh), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Compare again"),
                                  -1);
  g_signal_connect_object (self->refresh, "clicked", G_CALLBACK (refresh_cb), self, G_CONNECT_SWAPPED);
  update (self);
}

GtkWidget *
orr_match_view_new (OrrSession *session)
{
  return g_object_new (ORR_TYPE_MATCH_VIEW, "session", session, NULL);
}

/**
 * orr_match_view_set_session:
 * @session: (nullable): whose run to compare with its model
 */
void
orr_match_view_set_session (OrrMatchView *self, OrrSession *session)
{
  g_return_if_fail (ORR_IS_MATCH_VIEW (self));
  OrrSession *before = self->session;

  if (before == session)
    return;
  if (before != NULL)
    g_signal_handlers_disconnect_by_data (before, self);
  g_set_object (&self->session, session);
  if (session != NULL)
    g_signal_connect_object (session, "notify::run", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_SESSION]);
}

static GtkWidget *
get_controls (OrrView *view)
{
  return ORR_MATCH_VIEW (view)->refresh;
}

static OrrFigure *
create_figure (OrrView *view)
{
  return orr_view_create_figure (ORR_VIEW (ORR_MATCH_VIEW (view)->chart));
}

static char *
dup_csv (OrrView *view)
{
  return orr_view_dup_csv (ORR_VIEW (ORR_MATCH_VIEW (view)->chart));
}

static void
view_init (OrrViewInterface *iface)
{
  iface->get_controls = get_controls;
  iface->create_figure = create_figure;
  iface->dup_csv = dup_csv;
}
