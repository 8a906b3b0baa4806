/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an equation can be sought for, and taking the data for it. */
#include "orr-bridge-private.h"

#include <glib/gi18n.h>
#include <math.h>

#include "orr-section.h"

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

/* New data with the trees to begin with; what operators are forbidden stays. */
static void
start_afresh (OrrBridge *self, OrrDataset *dataset)
{
  OrrEquations *before = orr_workbench_get_equations (orr_bridge_get_bench (self));
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
  orr_bridge_edit (self, next, _("Find an equation"));
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
      OrrEquations *before = orr_workbench_get_equations (orr_bridge_get_bench (self));
      g_autoptr (OrrDataset) same = orr_dataset_same_system (before->dataset, dataset)
                                      ? orr_dataset_with_target (dataset, before->dataset->target)
                                      : orr_dataset_ref (dataset);
      g_autoptr (OrrEquations) next = orr_equations_with_dataset (before, same);
      orr_bridge_edit (self, next, _("Use the new range"));
      return;
    }
  start_afresh (self, dataset);
  g_signal_emit_by_name (self, "found");
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

  if (orr_reduction_source_read (&source, orr_workbench_get_dataset (orr_bridge_get_bench (self))))
    gather (self, source.section, source.kind, source.symbol, TRUE);
}
