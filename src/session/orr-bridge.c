/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-bridge-private.h"

#include <glib/gi18n.h>
#include <math.h>


static void orr_bridge_update_link (OrrBridge *self);

static GParamSpec *properties[ORR_BRIDGE_N_PROPS];

enum
{
  SIGNAL_FOUND,
  SIGNAL_EMULATED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (OrrBridge, orr_bridge, G_TYPE_OBJECT)

void
orr_bridge_notify (OrrBridge *self, guint property)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

OrrWorkbench *
orr_bridge_get_bench (OrrBridge *self)
{
  return orr_session_get_workbench (self->session);
}

/* One undo step. */
void
orr_bridge_edit (OrrBridge *self, OrrEquations *equations, const char *label)
{
  OrrDocument *document = orr_session_get_document (self->session);
  g_autoptr (OrrStudy) study = orr_study_with_equations (orr_document_get_study (document), equations);

  orr_document_edit (document, study, label, NULL);
}

/**
 * orr_bridge_set_target:
 * @target: of the system on the Equations page
 *
 * Puts this equation of the system onto the canvas.
 */
void
orr_bridge_set_target (OrrBridge *self, guint target)
{
  g_return_if_fail (ORR_IS_BRIDGE (self));
  OrrEquations *equations = orr_workbench_get_equations (orr_bridge_get_bench (self));

  if (equations->dataset == NULL || equations->dataset->target == target)
    return;
  g_autoptr (OrrDataset) dataset = orr_dataset_with_target (equations->dataset, target);
  g_autoptr (OrrEquations) next = orr_equations_with_dataset (equations, dataset);
  orr_bridge_edit (self, next, _("Switch equation"));
}

/* The state of affairs ---------------------------------------------------------------------------- */

gboolean
orr_bridge_has_source (OrrBridge *self)
{
  return self->has_source;
}

gboolean
orr_bridge_get_stale (OrrBridge *self)
{
  return self->stale;
}

OrrDatasetLaw *
orr_bridge_get_law (OrrBridge *self)
{
  return self->law;
}

static void
get_wanted_range (OrrBridge *self, guint *start, guint *end)
{
  OrrMotion *motion = orr_session_get_motion (self->session);

  if (!orr_session_get_range (self->session, start, end))
    {
      *start = 0;
      *end = motion != NULL ? motion->trajectory->n_steps : 0;
    }
}

/* Whether the steps of the data are those of the motion that is shown. */
gboolean
orr_bridge_same_motion (OrrBridge *self)
{
  OrrMotion *motion = orr_session_get_motion (self->session);

  return self->has_source && motion != NULL && self->source.epoch == orr_session_get_epoch (self->session) &&
         (!g_str_equal (self->source.section, "motion") ||
          (motion->trajectory->seed == self->source.seed && motion->trajectory->noise_sd == self->source.noise));
}

/**
 * orr_bridge_dup_change:
 *
 * Returns: (transfer full) (nullable): what has changed since the data were taken, for a person
 */
char *
orr_bridge_dup_change (OrrBridge *self)
{
  guint start, end;

  if (!self->stale)
    return NULL;
  get_wanted_range (self, &start, &end);
  if (!orr_bridge_same_motion (self))
    return g_strdup (_("The network has been simulated anew since these data were taken."));
  return g_strdup_printf (_("Steps %u to %u are selected now; these data are from steps %u to %u."), start, end - 1,
                          self->source.start, self->source.end - 1);
}

static gboolean
compute_stale (OrrBridge *self)
{
  OrrMotion *motion = orr_session_get_motion (self->session);
  guint start, end;

  if (!self->has_source || motion == NULL || !g_str_equal (self->source.section, "motion") ||
      self->source.epoch != orr_session_get_epoch (self->session))
    return FALSE;
  get_wanted_range (self, &start, &end);
  return !orr_bridge_same_motion (self) || start != self->source.start || end != self->source.end;
}

static void
update_stale (OrrBridge *self)
{
  gboolean stale = compute_stale (self);

  /* Another range of the same kind is news, too. */
  if (stale || self->stale)
    {
      self->stale = stale;
      orr_bridge_notify (self, ORR_BRIDGE_PROP_STALE);
    }
}

/* Following the session and the workbench --------------------------------------------------------- */

static gboolean
same_law (const OrrDatasetLaw *a, const OrrDatasetLaw *b)
{
  gboolean same = a == b || (a != NULL && b != NULL && a->dataset == b->dataset && a->n_targets == b->n_targets);

  for (guint i = 0; same && a != NULL && i < a->n_targets; i++)
    same = a->exprs[i] == b->exprs[i];
  return same;
}

static void
update_law (OrrBridge *self)
{
  g_autoptr (OrrDatasetLaw) law =
    self->has_source ? orr_dataset_law_new (orr_workbench_get_equations (orr_bridge_get_bench (self))) : NULL;

  if (same_law (law, self->law))
    return;
  orr_dataset_law_unref (self->law);
  self->law = g_steal_pointer (&law);
  orr_bridge_notify (self, ORR_BRIDGE_PROP_LAW);
  orr_bridge_update_flow (self);
}

static void
update (OrrBridge *self)
{
  OrrDataset *dataset = orr_workbench_get_dataset (orr_bridge_get_bench (self));
  gboolean had_source = self->has_source;

  orr_reduction_source_clear (&self->source);
  self->has_source = orr_reduction_source_read (&self->source, dataset) && self->source.run != NULL &&
                     self->source.section != NULL &&
                     g_strcmp0 (self->source.run, orr_session_get_run_id (self->session)) == 0;
  if (had_source != self->has_source)
    orr_bridge_notify (self, ORR_BRIDGE_PROP_SOURCE);
  update_law (self);
  update_stale (self);
  orr_bridge_update_link (self);
}

static void
motion_changed_cb (OrrBridge *self)
{
  orr_bridge_update_flow (self);
  update_stale (self);
  orr_bridge_update_link (self);
}

/* Rows and moments: the cursor selects the row, and a row that is selected by itself sets the cursor. */
static void
orr_bridge_update_link (OrrBridge *self)
{
  OrrDataset *dataset = orr_workbench_get_dataset (orr_bridge_get_bench (self));
  OrrMotion *motion = orr_session_get_motion (self->session);
  GtkBitset *rows = orr_workbench_get_rows (orr_bridge_get_bench (self));
  gboolean plane = self->has_source && orr_reduction_is_planar (self->source.kind);

  if (self->linking || dataset == NULL || dataset->steps == NULL || dataset->n_columns < 2 ||
      !orr_bridge_same_motion (self) || (!gtk_bitset_is_empty (rows) && rows != self->linked_rows))
    return;

  gssize row = orr_reduction_find_row (self->source.kind, motion, orr_session_get_cursor (self->session),
                                       orr_dataset_column (dataset, 0), plane ? orr_dataset_column (dataset, 1) : NULL,
                                       dataset->steps, dataset->n_rows);
  if (row < 0)
    return;
  g_autoptr (GtkBitset) selected = gtk_bitset_new_range (row, 1);
  self->linking = TRUE;
  orr_workbench_set_rows (orr_bridge_get_bench (self), selected);
  self->linking = FALSE;
  g_clear_pointer (&self->linked_rows, gtk_bitset_unref);
  self->linked_rows = gtk_bitset_ref (orr_workbench_get_rows (orr_bridge_get_bench (self)));
}

static void
rows_changed_cb (OrrBridge *self)
{
  OrrDataset *dataset = orr_workbench_get_dataset (orr_bridge_get_bench (self));
  GtkBitset *rows = orr_workbench_get_rows (orr_bridge_get_bench (self));

  if (self->linking || dataset == NULL || dataset->steps == NULL || gtk_bitset_get_size (rows) != 1 ||
      !orr_bridge_same_motion (self))
    return;
  guint row = gtk_bitset_get_minimum (rows);
  if (row >= dataset->n_rows)
    return;
  g_clear_pointer (&self->linked_rows, gtk_bitset_unref);
  self->linked_rows = gtk_bitset_ref (rows);
  self->linking = TRUE;
  orr_session_set_cursor (self->session, dataset->steps[row]);
  self->linking = FALSE;
}

/* GObject ----------------------------------------------------------------------------------------- */

/**
 * orr_bridge_new:
 * @session: (unowned): owns the bridge
 */
OrrBridge *
orr_bridge_new (OrrSession *session)
{
  OrrBridge *self = g_object_new (ORR_TYPE_BRIDGE, NULL);
  OrrWorkbench *bench = orr_session_get_workbench (session);

  self->session = session;
  g_signal_connect_object (bench, "notify::equations", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (bench, "notify::rows", G_CALLBACK (rows_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::run-id", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::motion", G_CALLBACK (motion_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::range-start", G_CALLBACK (update_stale), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::range-end", G_CALLBACK (update_stale), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::cursor", G_CALLBACK (orr_bridge_update_link), self, G_CONNECT_SWAPPED);
  update (self);
  return self;
}

static void
orr_bridge_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  OrrBridge *self = ORR_BRIDGE (object);

  switch (id)
    {
    case ORR_BRIDGE_PROP_SOURCE:
      g_value_set_boolean (value, self->has_source);
      break;
    case ORR_BRIDGE_PROP_LAW:
      g_value_set_pointer (value, self->law);
      break;
    case ORR_BRIDGE_PROP_STALE:
      g_value_set_boolean (value, self->stale);
      break;
    case ORR_BRIDGE_PROP_FLOW_R2:
      g_value_set_double (value, self->flow_r2);
      break;
    case ORR_BRIDGE_PROP_EMULATING:
      g_value_set_boolean (value, self->emulating != NULL);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
orr_bridge_dispose (GObject *object)
{
  OrrBridge *self = ORR_BRIDGE (object);

  g_clear_object (&self->gathering);
  g_clear_object (&self->flowing);
  g_clear_object (&self->emulating);
  G_OBJECT_CLASS (orr_bridge_parent_class)->dispose (object);
}

static void
orr_bridge_finalize (GObject *object)
{
  OrrBridge *self = ORR_BRIDGE (object);

  orr_reduction_source_clear (&self->source);
  orr_dataset_law_unref (self->law);
  orr_planar_field_unref (self->network_flow);
  orr_planar_field_unref (self->flow_error);
  orr_motion_unref (self->flow_motion);
  g_clear_pointer (&self->linked_rows, gtk_bitset_unref);
  G_OBJECT_CLASS (orr_bridge_parent_class)->finalize (object);
}

static void
orr_bridge_class_init (OrrBridgeClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = orr_bridge_get_property;
  object_class->dispose = orr_bridge_dispose;
  object_class->finalize = orr_bridge_finalize;
  properties[ORR_BRIDGE_PROP_SOURCE] = g_param_spec_boolean ("source", NULL, NULL, FALSE, flags);
  properties[ORR_BRIDGE_PROP_LAW] = g_param_spec_pointer ("law", NULL, NULL, flags);
  properties[ORR_BRIDGE_PROP_STALE] = g_param_spec_boolean ("stale", NULL, NULL, FALSE, flags);
  properties[ORR_BRIDGE_PROP_FLOW_R2] = g_param_spec_double ("flow-r2", NULL, NULL, -G_MAXDOUBLE, 1.0, 0.0, flags);
  properties[ORR_BRIDGE_PROP_EMULATING] = g_param_spec_boolean ("emulating", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, ORR_BRIDGE_N_PROPS, properties);
  signals[SIGNAL_FOUND] =
    g_signal_new ("found", ORR_TYPE_BRIDGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_EMULATED] =
    g_signal_new ("emulated", ORR_TYPE_BRIDGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
orr_bridge_init (OrrBridge *self)
{
  self->flow_r2 = NAN;
}
