/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-fit-view.h"

#include <math.h>

#include "orr-chart.h"
#include "orr-expr-program.h"
#include "orr-figure-fit.h"
#include "orr-view.h"

/* Points of the curve, and how far it reaches beyond the data. */
#define N_CURVE 600
#define REACH 0.15

/**
 * OrrFitView:
 *
 * The data of the Equations page, the present equation's curve and its residuals.
 */
struct _OrrFitView
{
  GtkWidget parent;

  OrrSession *session;
  OrrChart   *chart;
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

/* The equation over the input's range and a little beyond; %FALSE with placeholders. */
static gboolean
compute_curve (const OrrExpr *expr, const double *x, gsize n, double *curve_x, double *curve_y)
{
  double low = INFINITY, high = -INFINITY;

  for (gsize i = 0; i < n; i++)
    if (isfinite (x[i]))
      {
        low = fmin (low, x[i]);
        high = fmax (high, x[i]);
      }
  if (!(high > low))
    return FALSE;

  double start = low - REACH * (high - low), step = (1.0 + 2.0 * REACH) * (high - low) / (N_CURVE - 1);
  for (guint i = 0; i < N_CURVE; i++)
    curve_x[i] = start + i * step;
  return orr_expr_eval (expr, curve_x, N_CURVE, N_CURVE, curve_y);
}

static OrrFigure *
create_fit_figure (OrrWorkbench *bench)
{
  OrrDataset *dataset = orr_workbench_get_dataset (bench);
  OrrExpr *expr = orr_workbench_get_expr (bench);
  double curve_x[N_CURVE], curve_y[N_CURVE];
  OrrFitPlot fit = { 0 };
  gsize n;

  if (dataset == NULL)
    return orr_figure_new_fit (&fit);

  g_autofree double *predicted = orr_workbench_predict (bench, &n);
  fit.n = dataset->n_rows;
  fit.y = orr_dataset_column (dataset, dataset->target);
  fit.y_name = dataset->columns[dataset->target];
  fit.y_unit = dataset->units[dataset->target];
  fit.held_out = dataset->held_out;
  fit.predicted = predicted;
  if (dataset->n_inputs == 1)
    {
      fit.x = orr_dataset_column (dataset, dataset->inputs[0]);
      fit.x_name = dataset->columns[dataset->inputs[0]];
      fit.x_unit = dataset->units[dataset->inputs[0]];
      if (predicted != NULL && compute_curve (expr, fit.x, fit.n, curve_x, curve_y))
        {
          fit.n_curve = N_CURVE;
          fit.curve_x = curve_x;
          fit.curve_y = curve_y;
        }
    }
  return orr_figure_new_fit (&fit);
}

static void
update (OrrFitView *self)
{
  if (self->session == NULL)
    return;

  g_autoptr (OrrFigure) figure = create_fit_figure (orr_session_get_workbench (self->session));
  orr_chart_set_figure (self->chart, figure);
}

/* The row of the table whose target and input (or prediction) are those of the point. */
static int
find_row (OrrFitView *self, const OrrFigureHit *hit)
{
  OrrDataset *dataset = orr_workbench_get_dataset (orr_session_get_workbench (self->session));
  gsize n;
  g_autofree double *predicted = orr_workbench_predict (orr_session_get_workbench (self->session), &n);
  const double *y = orr_dataset_column (dataset, dataset->target);
  const double *x = hit->plot == 0 && dataset->n_inputs == 1 ? orr_dataset_column (dataset, dataset->inputs[0])
                                                             : predicted;

  for (gsize i = 0; x != NULL && i < dataset->n_rows; i++)
    if (x[i] == hit->x && (hit->plot == 0 ? y[i] == hit->y : predicted != NULL && y[i] - predicted[i] == hit->y))
      return i;
  return -1;
}

/* A row that came from the motion shows its moment in every view. */
static void
picked_cb (OrrFitView *self, const OrrFigureHit *hit)
{
  OrrDataset *dataset =
    self->session != NULL ? orr_workbench_get_dataset (orr_session_get_workbench (self->session)) : NULL;

  if (dataset == NULL || dataset->steps == NULL)
    return;
  int row = find_row (self, hit);
  if (row >= 0)
    orr_session_set_cursor (self->session, dataset->steps[row]);
}

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
orr_fit_view_init (OrrFitView *self)
{
  OrrFitPlot nothing = { 0 };
  g_autoptr (OrrFigure) figure = orr_figure_new_fit (&nothing);

  self->chart = ORR_CHART (orr_chart_new ());
  gtk_widget_set_parent (GTK_WIDGET (self->chart), GTK_WIDGET (self));
  orr_chart_set_figure (self->chart, figure);
  g_signal_connect_object (self->chart, "picked", G_CALLBACK (picked_cb), self, G_CONNECT_SWAPPED);
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

      g_signal_connect_object (bench, "notify::expr", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (bench, "notify::dataset", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
    }
  update (self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_SESSION]);
}

static OrrFigure *
create_figure (OrrView *view)
{
  return orr_view_create_figure (ORR_VIEW (ORR_FIT_VIEW (view)->chart));
}

static char *
dup_csv (OrrView *view)
{
  return orr_view_dup_csv (ORR_VIEW (ORR_FIT_VIEW (view)->chart));
}

static void
view_init (OrrViewInterface *iface)
{
  iface->create_figure = create_figure;
  iface->dup_csv = dup_csv;
}
