/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-eigenvalue-view.h"

#include <glib/gi18n.h>
#include <math.h>

#include "orr-chart.h"
#include "orr-figure-eigenvalues.h"
#include "orr-jacobian.h"
#include "orr-latest.h"
#include "orr-view.h"

/**
 * OrrEigenvalueView:
 *
 * The eigenvalues of the noise-free Jacobian at the state under the session's
 * time cursor, found in the background as the cursor moves.
 */
struct _OrrEigenvalueView
{
  GtkWidget parent;

  OrrSession *session;
  OrrChart   *chart;
  OrrLatest  *worker;
};

enum
{
  PROP_0,
  PROP_SESSION,
  N_PROPS,
};

static GParamSpec *props[N_PROPS];

static void view_init (OrrViewInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (OrrEigenvalueView, orr_eigenvalue_view, GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (ORR_TYPE_VIEW, view_init))

/* A network at one moment of its motion. */
typedef struct
{
  OrrNetwork *network;
  OrrMotion  *motion;
  guint       step;
} Request;

static void
request_free (gpointer data)
{
  Request *request = data;

  orr_network_unref (request->network);
  orr_motion_unref (request->motion);
  g_free (request);
}

static gpointer
decompose (gpointer data)
{
  const Request *request = data;
  g_autoptr (OrrJacobian) jacobian = orr_jacobian_new (request->network);
  g_autofree char *where = g_strdup_printf (_("At step %u"), request->step);

  if (!orr_jacobian_decompose (jacobian, orr_matrix_row (request->motion->trajectory->states, request->step)))
    return NULL;
  return orr_figure_new_eigenvalues (jacobian->re, jacobian->im, jacobian->n_eigenvalues, where);
}

static void
show (gpointer owner, gpointer result)
{
  OrrEigenvalueView *self = owner;
  OrrNetwork *network = self->session != NULL ? orr_session_get_network (self->session) : NULL;

  if (network != NULL)
    orr_chart_set_figure (self->chart, result);
}

static void
update (OrrEigenvalueView *self)
{
  OrrNetwork *network = self->session != NULL ? orr_session_get_network (self->session) : NULL;
  OrrMotion *motion = self->session != NULL ? orr_session_get_motion (self->session) : NULL;
  guint step = self->session != NULL ? orr_session_get_cursor (self->session) : 0;

  if (network == NULL || motion == NULL || motion->trajectory->n_hidden != network->n_hidden
      || step >= motion->trajectory->n_steps)
    {
      g_autoptr (OrrFigure) empty = orr_figure_new_eigenvalues (NULL, NULL, 0, NULL);

      orr_latest_drop (self->worker);
      orr_chart_set_figure (self->chart, empty);
      return;
    }
  /* No work for what nobody sees; it is done when the view comes back. */
  if (!gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  Request *request = g_new (Request, 1);
  *request = (Request){ orr_network_ref (network), orr_motion_ref (motion), step };
  orr_latest_request (self->worker, request);
}

static void
orr_eigenvalue_view_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (orr_eigenvalue_view_parent_class)->map (widget);
  update (ORR_EIGENVALUE_VIEW (widget));
}

static void
orr_eigenvalue_view_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_SESSION)
    g_value_set_object (value, ORR_EIGENVALUE_VIEW (object)->session);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
orr_eigenvalue_view_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id == PROP_SESSION)
    orr_eigenvalue_view_set_session (ORR_EIGENVALUE_VIEW (object), g_value_get_object (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
orr_eigenvalue_view_dispose (GObject *object)
{
  OrrEigenvalueView *self = ORR_EIGENVALUE_VIEW (object);

  g_clear_pointer (&self->worker, orr_latest_free);
  if (self->session != NULL)
    g_signal_handlers_disconnect_by_data (self->session, self);
  g_clear_object (&self->session);
  if (self->chart != NULL)
    gtk_widget_unparent (GTK_WIDGET (self->chart));
  self->chart = NULL;
  G_OBJECT_CLASS (orr_eigenvalue_view_parent_class)->dispose (object);
}

static void
orr_eigenvalue_view_class_init (OrrEigenvalueViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = orr_eigenvalue_view_get_property;
  object_class->set_property = orr_eigenvalue_view_set_property;
  object_class->dispose = orr_eigenvalue_view_dispose;
  widget_class->map = orr_eigenvalue_view_map;
  props[PROP_SESSION] = g_param_spec_object ("session", NULL, NULL, ORR_TYPE_SESSION,
                                             G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, props);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "orreigenvalueview");
}

static void
orr_eigenvalue_view_init (OrrEigenvalueView *self)
{
  self->worker = orr_latest_new (decompose, show, self, request_free, (GDestroyNotify) orr_figure_unref);
  self->chart = ORR_CHART (orr_chart_new ());
  gtk_widget_set_parent (GTK_WIDGET (self->chart), GTK_WIDGET (self));
  update (self);
}

GtkWidget *
orr_eigenvalue_view_new (OrrSession *session)
{
  return g_object_new (ORR_TYPE_EIGENVALUE_VIEW, "session", session, NULL);
}

/**
 * orr_eigenvalue_view_set_session:
 * @session: (nullable): whose network and cursor to follow
 */
void
orr_eigenvalue_view_set_session (OrrEigenvalueView *self, OrrSession *session)
{
  g_return_if_fail (ORR_IS_EIGENVALUE_VIEW (self));

  if (self->session == session)
    return;
  if (self->session != NULL)
    g_signal_handlers_disconnect_by_data (self->session, self);
  g_set_object (&self->session, session);
  if (session != NULL)
    {
      g_signal_connect_object (session, "notify::motion", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (session, "notify::cursor", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
    }
  update (self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_SESSION]);
}

static OrrFigure *
create_figure (OrrView *view)
{
  return orr_view_create_figure (ORR_VIEW (ORR_EIGENVALUE_VIEW (view)->chart));
}

static char *
dup_csv (OrrView *view)
{
  return orr_view_dup_csv (ORR_VIEW (ORR_EIGENVALUE_VIEW (view)->chart));
}

static void
view_init (OrrViewInterface *iface)
{
  iface->create_figure = create_figure;
  iface->dup_csv = dup_csv;
}
