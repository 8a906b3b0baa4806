/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-bridge-private.h"

#include <glib/gi18n.h>
#include <math.h>

#include "orr-flow.h"
#include "orr-section.h"

static void orr_bridge_update_link (OrrBridge *self);

enum
{
  PROP_SOURCE = 1,
  PROP_LAW,
  PROP_STALE,
  PROP_FLOW_R2,
  PROP_EMULATING,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

enum
{
  SIGNAL_FOUND,
  SIGNAL_EMULATED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (OrrBridge, orr_bridge, G_TYPE_OBJECT)

static void
notify (OrrBridge *self, guint property)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

static OrrWorkbench *
get_bench (OrrBridge *self)
{
  return orr_session_get_workbench (self->session);
}

/* What can be sought ------------------------------------------------------------------------------ */

static void
offer_free (gpointer data)
{
  OrrBridgeOffer *offer = data;

  g_free (offer->title);
  g_free (offer);
}

static char *
dup_symbol_name (OrrBridge *self, guint symbol)
{
  OrrRun *run = orr_session_get_run (self->session);
  OrrHmm *hmm = run != NULL && run->hmm != NULL ? run->hmm : orr_session_get_hmm (self->session);

  if (symbol < hmm->n_symbols && hmm->symbol_names[symbol] != NULL)
    return g_strdup (hmm->symbol_names[symbol]);
  return g_strdup_printf ("%u", symbol + 1);
}

char *
orr_bridge_dup_title (OrrBridge *self, OrrReductionKind kind, guint symbol)
{
  switch (kind)
    {
    case ORR_REDUCTION_PHASE_SPEED:
      return g_strdup (_("Phase speed dθ/dt = f(θ)"));
    case ORR_REDUCTION_FLOW:
      return g_strdup (_("Reduced flow dPC1, dPC2 = f(PC1, PC2)"));
    case ORR_REDUCTION_MAP:
      return g_strdup (_("Map to the next step PC1, PC2 = f(PC1, PC2)"));
    case ORR_REDUCTION_EMISSION:
      {
        g_autofree char *name = dup_symbol_name (self, symbol);
        /* TRANSLATORS: %s is a symbol's name; theta is the phase along the orbit */
        return g_strdup_printf (_("Emission of symbol %s p(θ)"), name);
      }
    case ORR_REDUCTION_RESIDENCY:
      return g_strdup (_("Residency time along the orbit"));
    default:
      return g_strdup (_("Transition rate by the noise"));
    }
}

static void
add_offer (OrrBridge *self, GPtrArray *offers, OrrReductionKind kind, guint symbol)
{
  OrrBridgeOffer *offer = g_new0 (OrrBridgeOffer, 1);

  offer->kind = kind;
  offer->symbol = symbol;
  offer->title = orr_bridge_dup_title (self, kind, symbol);
  g_ptr_array_add (offers, offer);
}

/**
 * orr_bridge_list_offers:
 * @section: an analysis ("orbit", "residency", "resonance"), or "motion" for the orbit viewer
 *
 * Returns: (transfer full) (element-type OrrBridgeOffer): what an equation can be sought for
 * with what is there now; empty where there is nothing
 */
GPtrArray *
orr_bridge_list_offers (OrrBridge *self, const char *section)
{
  GPtrArray *offers = g_ptr_array_new_with_free_func (offer_free);
  OrrRun *run = orr_session_get_run (self->session);
  OrrMotion *motion = orr_session_get_motion (self->session);
  gboolean in_motion = g_strcmp0 (section, "motion") == 0, orbit = g_strcmp0 (section, "orbit") == 0;
  g_autoptr (GVariant) result = run != NULL && section != NULL && !in_motion ? orr_run_get_section (run, section) : NULL;

  if (run == NULL || (in_motion ? motion == NULL || motion->trajectory->n_hidden < 2 : result == NULL))
    return offers;
  if (in_motion || orbit)
    add_offer (self, offers, ORR_REDUCTION_PHASE_SPEED, 0);
  if (in_motion)
    {
      add_offer (self, offers, ORR_REDUCTION_FLOW, 0);
      add_offer (self, offers, ORR_REDUCTION_MAP, 0);
    }
  for (guint k = 0; (in_motion || orbit) && k < run->network->n_symbols; k++)
    add_offer (self, offers, ORR_REDUCTION_EMISSION, k);
  if (g_strcmp0 (section, "residency") == 0)
    add_offer (self, offers, ORR_REDUCTION_RESIDENCY, 0);
  if (g_strcmp0 (section, "resonance") == 0)
    add_offer (self, offers, ORR_REDUCTION_RATE, 0);
  return offers;
}

/* Taking the data --------------------------------------------------------------------------------- */

typedef struct
{
  OrrMotion          *motion;  /* (nullable) */
  GVariant           *section; /* (nullable) */
  OrrReductionSource  source;
  char               *name;
  char               *origin;
  gboolean            again; /* the same data from another range */
} GatherRequest;

static void
gather_request_free (gpointer data)
{
  GatherRequest *request = data;

  orr_motion_unref (request->motion);
  g_clear_pointer (&request->section, g_variant_unref);
  orr_reduction_source_clear (&request->source);
  g_free (request->name);
  g_free (request->origin);
  g_free (request);
}

static gpointer
gather_thread (OrrProgress *progress, gpointer data, GError **error)
{
  GatherRequest *request = data;
  const OrrReductionSource *source = &request->source;
  const OrrReductionOptions options = { source->start, source->end, source->symbol };
  g_autoptr (OrrReduction) reduction =
    request->section != NULL ? orr_reduction_from_section (request->section, source->kind, source->symbol, error)
                             : orr_reduction_from_motion (request->motion, source->kind, &options, error);

  if (reduction == NULL)
    return NULL;
  if (request->section != NULL && request->motion != NULL)
    orr_reduction_add_steps (reduction, request->motion);
  return orr_dataset_from_reduction (reduction, source, request->name, request->origin);
}

static void
edit (OrrBridge *self, OrrEquations *equations, const char *label)
{
  OrrDocument *document = orr_session_get_document (self->session);
  g_autoptr (OrrStudy) study = orr_study_with_equations (orr_document_get_study (document), equations);

  orr_document_edit (document, study, label, NULL);
}

/* New data with the trees to begin with; what operators are forbidden stays. */
static void
start_afresh (OrrBridge *self, OrrDataset *dataset)
{
  OrrEquations *before = orr_workbench_get_equations (get_bench (self));
  g_autoptr (OrrEquations) empty = orr_equations_new ();
  g_autoptr (OrrEquations) allowed = orr_equations_with_forbidden (empty, (const char *const *) before->forbidden);
  g_autoptr (OrrEquations) with_data = orr_equations_with_dataset (allowed, dataset);
  g_autoptr (OrrExpr) tree = orr_dataset_starting_tree (dataset, dataset->target);
  g_autoptr (OrrEquations) next = orr_equations_with_expr (with_data, tree, ORR_MOVER_PERSON, dataset->name, NAN);

  for (guint i = 0; i < dataset->n_targets; i++)
    if (dataset->targets[i] != dataset->target)
      {
        g_autoptr (OrrExpr) other = orr_dataset_starting_tree (dataset, dataset->targets[i]);
        OrrEquations *more = orr_equations_with_law (next, dataset->targets[i], other);

        orr_equations_unref (next);
        next = more;
      }
  edit (self, next, _("Find an equation"));
}

static void
gathered_cb (gpointer owner, OrrJob *job, gpointer result, const GError *error)
{
  OrrBridge *self = owner;
  OrrDataset *dataset = result;
  gboolean again = GPOINTER_TO_INT (g_object_get_data (G_OBJECT (job), "again"));

  if (dataset == NULL || self->gathering != job)
    return;
  g_clear_object (&self->gathering);
  if (again)
    {
      OrrEquations *before = orr_workbench_get_equations (get_bench (self));
      g_autoptr (OrrDataset) same = orr_dataset_same_system (before->dataset, dataset)
                                      ? orr_dataset_with_target (dataset, before->dataset->target)
                                      : orr_dataset_ref (dataset);
      g_autoptr (OrrEquations) next = orr_equations_with_dataset (before, same);
      edit (self, next, _("Use the new range"));
      return;
    }
  start_afresh (self, dataset);
  g_signal_emit (self, signals[SIGNAL_FOUND], 0);
}

static char *
dup_origin (OrrBridge *self, OrrRun *run, const OrrReductionSource *source, gboolean in_motion)
{
  g_autofree char *noise = g_strdup_printf ("%g", source->noise);

  if (in_motion)
    /* TRANSLATORS: where data came from: a network's name, steps, the noise's size, the seed */
    return g_strdup_printf (_("%s: motion, steps %u to %u, noise %s, seed %" G_GUINT64_FORMAT), run->name, source->start,
                            source->end - 1, noise, source->seed);
  /* TRANSLATORS: where data came from: a network's name, an analysis, the noise's size, the seed */
  return g_strdup_printf (_("%s: analysis “%s”, noise %s, seed %" G_GUINT64_FORMAT), run->name, source->section, noise,
                          source->seed);
}

static void
gather (OrrBridge *self, const char *section, OrrReductionKind kind, guint symbol, gboolean again)
{
  OrrRun *run = orr_session_get_run (self->session);
  OrrMotion *motion = orr_session_get_motion (self->session);
  gboolean in_motion = g_str_equal (section, "motion");
  g_autoptr (GVariant) result = run != NULL && !in_motion ? orr_run_get_section (run, section) : NULL;
  OrrTrajectoryOptions how;
  guint start, end;

  if (run == NULL || (in_motion ? motion == NULL : result == NULL))
    return;
  GatherRequest *request = g_new0 (GatherRequest, 1);
  OrrReductionSource *source = &request->source;

  request->motion = motion != NULL ? orr_motion_ref (motion) : NULL;
  request->section = result != NULL ? g_variant_ref (result) : NULL;
  source->kind = kind;
  source->symbol = symbol;
  source->run = g_strdup (run->id);
  source->section = g_strdup (section);
  source->epoch = in_motion ? orr_session_get_epoch (self->session) : -1;
  orr_session_get_motion_options (self->session, &how);
  if (in_motion)
    {
      gboolean ranged = orr_session_get_range (self->session, &start, &end);

      source->start = ranged ? start : 0;
      source->end = ranged ? end : motion->trajectory->n_steps;
      source->noise = motion->trajectory->noise_sd;
      source->seed = motion->trajectory->seed;
    }
  else
    {
      source->noise = orr_section_get_double (result, "noise", NAN);
      source->seed = (guint64) orr_section_get_int (result, "seed", 0);
    }
  request->name = orr_bridge_dup_title (self, kind, symbol);
  request->origin = dup_origin (self, run, source, in_motion);

  OrrJob *job = orr_job_queue_run (orr_session_get_jobs (self->session), ORR_JOB_LANE_NOW, _("Taking the data"),
                                   gather_thread, request, gather_request_free, (GDestroyNotify) orr_dataset_unref,
                                   G_OBJECT (self), gathered_cb);
  g_object_set_data (G_OBJECT (job), "again", GINT_TO_POINTER (again));
  g_set_object (&self->gathering, job);
}

/**
 * orr_bridge_find_equation:
 * @section: where the data are shown: "motion" or an analysis
 * @kind: one of the offers there
 * @symbol: of an emission
 *
 * Takes the data in the background (of the selected range of time, where they come from
 * the motion) and puts them on the Equations page with a tree to begin with, as one undo
 * step; then "found" is emitted.
 */
void
orr_bridge_find_equation (OrrBridge *self, const char *section, OrrReductionKind kind, guint symbol)
{
  g_return_if_fail (ORR_IS_BRIDGE (self));

  gather (self, section, kind, symbol, FALSE);
}

/**
 * orr_bridge_use_range:
 *
 * Takes the present data again, from the range of time that is selected now; the trees stay.
 */
void
orr_bridge_use_range (OrrBridge *self)
{
  g_return_if_fail (ORR_IS_BRIDGE (self));
  g_auto (OrrReductionSource) source = { 0 };

  if (orr_reduction_source_read (&source, orr_workbench_get_dataset (get_bench (self))))
    gather (self, source.section, source.kind, source.symbol, TRUE);
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
  OrrEquations *equations = orr_workbench_get_equations (get_bench (self));

  if (equations->dataset == NULL || equations->dataset->target == target)
    return;
  g_autoptr (OrrDataset) dataset = orr_dataset_with_target (equations->dataset, target);
  g_autoptr (OrrEquations) next = orr_equations_with_dataset (equations, dataset);
  edit (self, next, _("Switch equation"));
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
      notify (self, PROP_STALE);
    }
}

/* The law's flow ---------------------------------------------------------------------------------- */

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
  notify (self, PROP_FLOW_R2);
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
static void
update_flow (OrrBridge *self)
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
    self->has_source ? orr_dataset_law_new (orr_workbench_get_equations (get_bench (self))) : NULL;

  if (same_law (law, self->law))
    return;
  orr_dataset_law_unref (self->law);
  self->law = g_steal_pointer (&law);
  notify (self, PROP_LAW);
  update_flow (self);
}

static void
update (OrrBridge *self)
{
  OrrDataset *dataset = orr_workbench_get_dataset (get_bench (self));
  gboolean had_source = self->has_source;

  orr_reduction_source_clear (&self->source);
  self->has_source = orr_reduction_source_read (&self->source, dataset) && self->source.run != NULL &&
                     self->source.section != NULL &&
                     g_strcmp0 (self->source.run, orr_session_get_run_id (self->session)) == 0;
  if (had_source != self->has_source)
    notify (self, PROP_SOURCE);
  update_law (self);
  update_stale (self);
  orr_bridge_update_link (self);
}

static void
motion_changed_cb (OrrBridge *self)
{
  update_flow (self);
  update_stale (self);
  orr_bridge_update_link (self);
}

/* Rows and moments: the cursor selects the row, and a row that is selected by itself sets the cursor. */
static void
orr_bridge_update_link (OrrBridge *self)
{
  OrrDataset *dataset = orr_workbench_get_dataset (get_bench (self));
  OrrMotion *motion = orr_session_get_motion (self->session);
  GtkBitset *rows = orr_workbench_get_rows (get_bench (self));
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
  orr_workbench_set_rows (get_bench (self), selected);
  self->linking = FALSE;
  g_clear_pointer (&self->linked_rows, gtk_bitset_unref);
  self->linked_rows = gtk_bitset_ref (orr_workbench_get_rows (get_bench (self)));
}

static void
rows_changed_cb (OrrBridge *self)
{
  OrrDataset *dataset = orr_workbench_get_dataset (get_bench (self));
  GtkBitset *rows = orr_workbench_get_rows (get_bench (self));

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
    case PROP_SOURCE:
      g_value_set_boolean (value, self->has_source);
      break;
    case PROP_LAW:
      g_value_set_pointer (value, self->law);
      break;
    case PROP_STALE:
      g_value_set_boolean (value, self->stale);
      break;
    case PROP_FLOW_R2:
      g_value_set_double (value, self->flow_r2);
      break;
    case PROP_EMULATING:
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
  properties[PROP_SOURCE] = g_param_spec_boolean ("source", NULL, NULL, FALSE, flags);
  properties[PROP_LAW] = g_param_spec_pointer ("law", NULL, NULL, flags);
  properties[PROP_STALE] = g_param_spec_boolean ("stale", NULL, NULL, FALSE, flags);
  properties[PROP_FLOW_R2] = g_param_spec_double ("flow-r2", NULL, NULL, -G_MAXDOUBLE, 1.0, 0.0, flags);
  properties[PROP_EMULATING] = g_param_spec_boolean ("emulating", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
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
