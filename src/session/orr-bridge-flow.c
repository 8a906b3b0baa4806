/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The flow of a law of two equations beside the network's own. */
#include "orr-bridge-private.h"

#include <glib/gi18n.h>
#include <math.h>

#include "orr-flow.h"

double
orr_bridge_get_flow_r2 (OrrBridge *self)
{
  return self->flow_r2;
}

/**
 * orr_bridge_get_flow_error:
 *
 * Returns: (transfer none) (nullable): law minus network at the nodes of the plane's grid
 */
OrrPlanarField *
orr_bridge_get_flow_error (OrrBridge *self)
{
  return self->flow_error;
}

static gboolean
is_planar (OrrBridge *self)
{
  return self->law != NULL && self->law->n_targets == 2 && orr_reduction_is_planar (self->law->source.kind) &&
         self->law->source.epoch == orr_session_get_epoch (self->session);
}

/* The law where the network's flow is known, its error there, and how much it explains. */
static OrrPlanarField *
create_law_field (OrrBridge *self)
{
  const OrrPlanarField *network = self->network_flow;
  OrrPlanarField *field = orr_planar_field_new (network->n_x, network->n_y, network->low, network->high);
  OrrPlanarField *error = orr_planar_field_new (network->n_x, network->n_y, network->low, network->high);
  gsize n = (gsize) network->n_x * network->n_y, n_known = 0;
  g_autofree double *x = g_new (double, 2 * n), *told = g_new (double, 2 * n);
  double mean[2] = { 0 }, sse = 0.0, sst = 0.0;

  for (gsize i = 0; i < n; i++)
    {
      double position[2];

      orr_planar_field_node (network, i % network->n_x, i / network->n_x, position);
      x[i] = position[0];
      x[n + i] = position[1];
      field->height[i] = error->height[i] = network->height[i];
    }
  orr_dataset_law_field (x, n, told, self->law);
  for (gsize i = 0; i < n; i++)
    for (guint a = 0; a < 2; a++)
      {
        double step = told[a * n + i] - (self->law->source.kind == ORR_REDUCTION_MAP ? x[a * n + i] : 0.0);
        gboolean known = isfinite (network->velocity[2 * i + a]);

        field->velocity[2 * i + a] = known ? step : NAN;
        error->velocity[2 * i + a] = step - network->velocity[2 * i + a];
        mean[a] += known ? network->velocity[2 * i + a] : 0.0;
        n_known += known && a == 0;
      }
  for (gsize i = 0; i < 2 * n; i++)
    if (isfinite (network->velocity[i]))
      {
        sse += error->velocity[i] * error->velocity[i];
        sst += pow (network->velocity[i] - mean[i % 2] / n_known, 2);
      }
  self->flow_r2 = sst > 0.0 && isfinite (sse) ? 1.0 - sse / sst : NAN;
  g_clear_pointer (&self->flow_error, orr_planar_field_unref);
  self->flow_error = error;
  return field;
}

static void
show_flow (OrrBridge *self)
{
  if (!is_planar (self) || self->network_flow == NULL)
    {
      g_clear_pointer (&self->flow_error, orr_planar_field_unref);
      self->flow_r2 = NAN;
      orr_session_set_law_flow (self->session, NULL, NULL, 0);
    }
  else
    {
      g_autoptr (OrrPlanarField) field = create_law_field (self);
      g_autofree char *label = isfinite (self->flow_r2)
                                 ? g_strdup_printf (_("the law’s flow, R² = %.3f of the network’s"), self->flow_r2)
                                 : g_strdup (_("the law’s flow, not defined everywhere"));
      orr_session_set_law_flow (self->session, field, label, ORR_BRIDGE_LAW_COLOUR);
    }
  orr_bridge_notify (self, ORR_BRIDGE_PROP_FLOW_R2);
}

static gpointer
flow_thread (OrrProgress *progress, gpointer data, GError **error)
{
  OrrMotion *motion = data;
  return orr_flow_under_noise (motion->projection, progress, error);
}

static void
flow_done_cb (gpointer owner, OrrJob *job, gpointer result, const GError *error)
{
  OrrBridge *self = owner;

  if (self->flowing != job)
    return;
  g_clear_object (&self->flowing);
  g_clear_pointer (&self->network_flow, orr_planar_field_unref);
  self->network_flow = result != NULL ? orr_planar_field_ref (result) : NULL;
  show_flow (self);
}

/* The network's own flow is found out once for each motion, when a law is there to compare with. */
void
orr_bridge_update_flow (OrrBridge *self)
{
  OrrMotion *motion = orr_session_get_motion (self->session);

  if (motion != self->flow_motion)
    {
      g_clear_pointer (&self->network_flow, orr_planar_field_unref);
      g_clear_pointer (&self->flow_motion, orr_motion_unref);
      g_clear_object (&self->flowing);
    }
  if (is_planar (self) && motion != NULL && self->network_flow == NULL && self->flowing == NULL)
    {
      orr_motion_unref (self->flow_motion);
      self->flow_motion = orr_motion_ref (motion);
      g_set_object (&self->flowing,
                    orr_job_queue_run (orr_session_get_jobs (self->session), ORR_JOB_LANE_NOW, _("Comparing flows"),
                                       flow_thread, orr_motion_ref (motion), (GDestroyNotify) orr_motion_unref,
                                       (GDestroyNotify) orr_planar_field_unref, G_OBJECT (self), flow_done_cb));
    }
  show_flow (self);
}
