/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which network a session shows, how it moves, and how it comes about. */
#include "orr-session-private.h"

#include <glib/gi18n.h>
#include <time.h>

#include "orr-error.h"
#include "orr-match.h"

/* While a network trains, showing it may take this share of one core: of the time that the core worked for it, so that
 * as many orbits are seen where others keep the processor busy. */
#define LIVE_SHARE 0.05
#define LIVE_STEPS 2000

/* The network: which one, and how it moves ------------------------------------------------------- */

typedef struct
{
  OrrNetwork          *network;
  OrrHmm              *hmm;
  OrrGains            *gains; /* (nullable) */
  OrrPca              *pca;   /* (nullable): the axes to show it in */
  OrrTrajectoryOptions options;
  gboolean             live; /* one frame of a training or of gains that are turned */
  gint64              *spent; /* (nullable): the session's live_spent, for the thread to fill in */
} MotionRequest;

static void
motion_request_free (gpointer data)
{
  MotionRequest *request = data;

  orr_network_unref (request->network);
  orr_hmm_unref (request->hmm);
  orr_gains_unref (request->gains);
  orr_pca_unref (request->pca);
  g_clear_pointer (&request->spent, g_atomic_rc_box_release);
  g_free (request);
}

/* Microseconds that the processor worked for the calling thread. */
static gint64
measure_thread (void)
{
  struct timespec now;

  if (clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now) != 0)
    return g_get_monotonic_time ();
  return (gint64) now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}

static gpointer
motion_thread (OrrProgress *progress, gpointer data, GError **error)
{
  MotionRequest *request = data;
  gint64 start = measure_thread ();
  GError *failure = NULL;
  g_autoptr (OrrNetwork) network = request->gains != NULL ? orr_gains_apply (request->gains, request->network)
                                                          : orr_network_ref (request->network);
  OrrMotion *motion = orr_motion_compute_in (network, request->hmm, request->pca, &request->options, progress, &failure);

  if (request->spent != NULL)
    *request->spent = measure_thread () - start;
  if (failure != NULL && request->live)
    {
      /* A network in training or under a gain may explode: that frame is left out, nobody did anything wrong. */
      g_error_free (failure);
      g_set_error_literal (error, ORR_ERROR, ORR_ERROR_CANCELLED, "This moment cannot be shown");
    }
  else if (g_error_matches (failure, ORR_ERROR, ORR_ERROR_NUMERIC))
    {
      g_set_error (error, ORR_ERROR, ORR_ERROR_NUMERIC,
                   _("%s, so its motion cannot be shown: simulate fewer steps, or train it anew with an activity penalty."),
                   failure->message);
      g_error_free (failure);
    }
  else if (failure != NULL)
    g_propagate_error (error, failure);
  return motion;
}

static void
clamp_to_motion (OrrSession *self)
{
  guint n_steps = self->motion != NULL ? self->motion->trajectory->n_steps : 0;

  if (self->range_end > n_steps)
    orr_session_set_range (self, 0, 0);
  if (self->cursor >= n_steps)
    {
      if (self->gains != NULL && self->far_cursor == 0)
        self->far_cursor = self->cursor;
      orr_session_set_cursor (self, n_steps > 0 ? n_steps - 1 : 0);
    }
  else if (self->far_cursor > 0 && self->far_cursor < n_steps)
    {
      /* back where it was before a preview was too short for it, unless it was moved since */
      if (self->cursor + 1 == LIVE_STEPS)
        orr_session_set_cursor (self, self->far_cursor);
      self->far_cursor = 0;
    }
}

static void
set_motion (OrrSession *self, OrrMotion *motion)
{
  if (self->motion == motion)
    return;

  orr_motion_unref (self->motion);
  self->motion = motion != NULL ? orr_motion_ref (motion) : NULL;
  clamp_to_motion (self);
  orr_session_set_law_flow (self, NULL, NULL, 0);
  orr_session_notify (self, PROP_MOTION);
}

/* The network cannot be simulated: what another one did is not shown in its place. */
static void
lose_motion (OrrSession *self, OrrJob *job, const char *problem)
{
  self->motion_problem = g_strdup (problem);
  /* It is said where the motion would be. */
  orr_job_queue_dismiss (self->jobs, job);
  if (self->motion != NULL)
    set_motion (self, NULL);
  else
    orr_session_notify (self, PROP_MOTION);
}

static void preview_gains (OrrSession *self);
static void refine_gains (OrrSession *self);

static void
motion_done_cb (gpointer owner, OrrJob *job, gpointer result, const GError *error)
{
  OrrSession *self = owner;

  if (self->motion_job != job)
    return;

  g_clear_object (&self->motion_job);
  if (self->live_spent != NULL)
    {
      self->live_next = g_get_monotonic_time () + *self->live_spent / LIVE_SHARE;
      g_clear_pointer (&self->live_spent, g_atomic_rc_box_release);
    }
  if (result != NULL)
    set_motion (self, result);
  else if (error != NULL && !g_error_matches (error, ORR_ERROR, ORR_ERROR_CANCELLED))
    lose_motion (self, job, error->message);
  if (self->gains_wait)
    preview_gains (self);
  else if (result != NULL && self->gains != NULL && !self->gains_rest)
    refine_gains (self);
}

static void
request_motion (OrrSession *self, const OrrTrajectoryOptions *options, const char *label)
{
  OrrRun *run = orr_session_get_run (self);
  OrrHmm *hmm = run != NULL && run->hmm != NULL ? run->hmm : orr_session_get_hmm (self);
  MotionRequest *request = g_new0 (MotionRequest, 1);

  if (self->motion_job != NULL)
    {
      orr_job_cancel (self->motion_job);
      g_clear_object (&self->motion_job);
    }
  g_clear_pointer (&self->motion_problem, g_free);
  request->network = orr_network_ref (self->network);
  request->hmm = hmm->n_symbols == self->network->n_symbols ? orr_hmm_ref (hmm) : NULL;
  request->options = *options;
  request->live = self->live_spent != NULL || self->gains != NULL;
  request->spent = self->live_spent != NULL ? g_atomic_rc_box_acquire (self->live_spent) : NULL;
  if (self->gains != NULL && self->own_motion != NULL)
    {
      request->gains = orr_gains_ref (self->gains);
      request->pca = orr_pca_ref (self->own_motion->pca);
    }
  g_set_object (&self->motion_job,
                orr_job_queue_run (self->jobs, ORR_JOB_LANE_NOW, label, motion_thread, request,
                                   motion_request_free, (GDestroyNotify) orr_motion_unref, G_OBJECT (self),
                                   motion_done_cb));
}

/* The motion under the gains, once the one before is there: so that it is seen while a hand turns them. */
static void
preview_gains (OrrSession *self)
{
  OrrTrajectoryOptions options = self->motion_options;

  /* a short preview is let finish, what refines the one before is not */
  self->gains_wait = self->motion_job != NULL && !self->gains_rest;
  if (self->gains_wait || self->gains == NULL)
    return;
  options.n_steps = MIN (options.n_steps, LIVE_STEPS);
  self->gains_rest = options.n_steps == self->motion_options.n_steps;
  request_motion (self, &options, _("Previewing gains"));
}

/* The hand rests: as many steps as of the network's own motion. */
static void
refine_gains (OrrSession *self)
{
  self->gains_rest = TRUE;
  request_motion (self, &self->motion_options, _("Computing the motion under the gains"));
}

/* Gains are of one network: with another they go. */
static void
drop_gains (OrrSession *self)
{
  self->gains_wait = self->gains_rest = FALSE;
  g_clear_pointer (&self->own_motion, orr_motion_unref);
  if (self->gains == NULL)
    return;
  g_clear_pointer (&self->gains, orr_gains_unref);
  orr_session_notify (self, PROP_GAINS);
}

/**
 * orr_session_get_gains:
 *
 * Returns: (transfer none) (nullable): the gains that the motion is shown with
 */
OrrGains *
orr_session_get_gains (OrrSession *self)
{
  g_return_val_if_fail (ORR_IS_SESSION (self), NULL);
  return self->gains;
}

/**
 * orr_session_get_own_motion:
 *
 * Returns: (transfer none) (nullable): the motion of the network as it is, whatever gains are
 *   previewed
 */
OrrMotion *
orr_session_get_own_motion (OrrSession *self)
{
  g_return_val_if_fail (ORR_IS_SESSION (self), NULL);
  return self->gains != NULL ? self->own_motion : self->motion;
}

/**
 * orr_session_get_motion_problem:
 *
 * Returns: (nullable): one sentence: why the network that is shown has no motion
 */
const char *
orr_session_get_motion_problem (OrrSession *self)
{
  g_return_val_if_fail (ORR_IS_SESSION (self), NULL);
  return self->motion_problem;
}

/**
 * orr_session_set_gains:
 * @gains: (nullable): of the shown network's units; %NULL shows it as it is
 *
 * Shows how the network moves with other gains. Computed in the background: at once over a
 * few steps, and, once the gains rest, over as many as its own motion has; of gains that come
 * quickly one after the other, the latest are shown. Does nothing before the network's own
 * motion is known.
 */
void
orr_session_set_gains (OrrSession *self, OrrGains *gains)
{
  g_return_if_fail (ORR_IS_SESSION (self));
  g_return_if_fail (gains == NULL || (self->network != NULL && gains->n_units == self->network->n_hidden));

  if (orr_gains_equal (gains, self->gains) || (self->gains == NULL && self->motion == NULL))
    return;
  if (self->gains == NULL)
    self->own_motion = orr_motion_ref (self->motion);
  orr_gains_unref (self->gains);
  self->gains = gains != NULL ? orr_gains_ref (gains) : NULL;
  orr_session_notify (self, PROP_GAINS);
  if (gains != NULL)
    {
      preview_gains (self);
      return;
    }
  if (self->motion_job != NULL)
    orr_job_cancel (self->motion_job);
  g_clear_object (&self->motion_job);
  self->gains_wait = self->gains_rest = FALSE;
  set_motion (self, self->own_motion);
  g_clear_pointer (&self->own_motion, orr_motion_unref);
}

static gboolean
is_following (OrrSession *self)
{
  return self->follow && self->training != NULL && orr_training_is_active (self->training) &&
         orr_training_get_network (self->training) != NULL;
}

static OrrNetwork *
find_snapshot (OrrRun *run, int epoch)
{
  for (guint i = 0; i < run->snapshots->len; i++)
    {
      OrrSnapshot *snapshot = run->snapshots->pdata[i];

      if ((int) snapshot->epoch == epoch)
        return snapshot->network;
    }
  return NULL;
}

static OrrNetwork *
choose_network (OrrSession *self)
{
  OrrRun *run = orr_session_get_run (self);
  OrrNetwork *snapshot = NULL;

  if (is_following (self))
    return orr_training_get_network (self->training);
  if (run == NULL)
    return NULL;
  if (self->epoch >= 0)
    snapshot = find_snapshot (run, self->epoch);
  return snapshot != NULL ? snapshot : run->network;
}

static void
drop_units_beyond (OrrSession *self, guint n_hidden)
{
  if (!gtk_bitset_is_empty (self->units) && gtk_bitset_get_maximum (self->units) >= n_hidden)
    {
      g_autoptr (GtkBitset) kept = gtk_bitset_copy (self->units);
      g_autoptr (GtkBitset) valid = gtk_bitset_new_range (0, n_hidden);

      gtk_bitset_intersect (kept, valid);
      orr_session_set_units (self, kept);
    }
  if (self->hovered_unit >= (int) n_hidden)
    orr_session_set_hovered_unit (self, -1);
}

/* Shows the network that the state of affairs asks for. */
void
orr_session_update_network (OrrSession *self)
{
  OrrNetwork *network = choose_network (self);

  if (network == self->network)
    return;

  orr_network_unref (self->network);
  self->network = network != NULL ? orr_network_ref (network) : NULL;
  g_clear_pointer (&self->motion_problem, g_free);
  drop_units_beyond (self, network != NULL ? network->n_hidden : 0);
  drop_gains (self);
  orr_session_set_projection (self, self->projection);
  orr_session_notify (self, PROP_NETWORK);
  if (network == NULL)
    {
      if (self->motion_job != NULL)
        orr_job_cancel (self->motion_job);
      g_clear_object (&self->motion_job);
      set_motion (self, NULL);
    }
  else if (is_following (self))
    {
      OrrTrajectoryOptions options = self->motion_options;

      options.n_steps = MIN (options.n_steps, LIVE_STEPS);
      g_clear_pointer (&self->live_spent, g_atomic_rc_box_release);
      self->live_spent = g_atomic_rc_box_new0 (gint64);
      request_motion (self, &options, _("Following the training"));
    }
  else
    {
      g_clear_pointer (&self->live_spent, g_atomic_rc_box_release);
      request_motion (self, &self->motion_options, _("Simulating"));
    }
}

/* At most LIVE_SHARE of the time, and never two at once. */
void
orr_session_update_live (OrrSession *self)
{
  if (is_following (self) && (self->live_spent != NULL || g_get_monotonic_time () < self->live_next))
    return;
  orr_session_update_network (self);
}

/* Match -------------------------------------------------------------------------------------------- */

typedef struct
{
  char           *run_id;
  OrrNetwork     *network;
  OrrHmm         *hmm;
  OrrMatchOptions options;
} MatchRequest;

static void
match_request_free (gpointer data)
{
  MatchRequest *request = data;

  g_free (request->run_id);
  orr_network_unref (request->network);
  orr_hmm_unref (request->hmm);
  g_free (request);
}

/* The section travels with the id of its run. */
static gpointer
match_thread (OrrProgress *progress, gpointer data, GError **error)
{
  MatchRequest *request = data;
  GVariant *result = orr_match_evaluate (request->network, request->hmm, &request->options, progress, error);

  if (result == NULL)
    return NULL;
  g_autoptr (GVariant) section = g_variant_take_ref (result);
  return g_variant_ref_sink (g_variant_new ("(s@a{sv})", request->run_id, section));
}

static void
match_done_cb (gpointer owner, OrrJob *job, gpointer result, const GError *error)
{
  OrrSession *self = owner;

  g_hash_table_remove (self->evaluated, g_object_get_data (G_OBJECT (job), "run-id"));
  if (result == NULL)
    {
      orr_session_notify (self, PROP_RUN);
      return;
    }

  const char *run_id;
  g_autoptr (GVariant) section = NULL;
  g_variant_get (result, "(&s@a{sv})", &run_id, &section);
  orr_document_set_section (self->document, run_id, "match", section);
}

/* As orr_session_evaluate_match(), for any run of the document. */
void
orr_session_evaluate_run (OrrSession *self, OrrRun *run)
{
  OrrHmm *hmm = run != NULL && run->hmm != NULL ? run->hmm : orr_session_get_hmm (self);
  if (run == NULL || hmm->n_symbols != run->network->n_symbols)
    return;

  MatchRequest *request = g_new0 (MatchRequest, 1);
  OrrTrainOptions options;
  orr_match_options_init (&request->options);
  if (run->options != NULL && orr_train_options_from_section (&options, run->options, NULL))
    {
      request->options.length = options.length;
      request->options.sigma = options.sigma;
      request->options.tau = options.tau;
      request->options.random_initial_state = options.random_initial_state;
    }
  request->run_id = g_strdup (run->id);
  request->network = orr_network_ref (run->network);
  request->hmm = orr_hmm_ref (hmm);
  OrrJob *job = orr_job_queue_run (self->jobs, ORR_JOB_LANE_ANALYSIS, _("Comparing with the HMM"), match_thread, request,
                                   match_request_free, (GDestroyNotify) g_variant_unref, G_OBJECT (self), match_done_cb);
  g_object_set_data_full (G_OBJECT (job), "run-id", g_strdup (run->id), g_free);
  g_hash_table_add (self->evaluated, g_strdup (run->id));
  orr_session_notify (self, PROP_RUN);
}

/**
 * orr_session_is_evaluated:
 *
 * Returns: whether @run is being compared with its model now
 */
gboolean
orr_session_is_evaluated (OrrSession *self, OrrRun *run)
{
  g_return_val_if_fail (ORR_IS_SESSION (self), FALSE);

  return run != NULL && g_hash_table_contains (self->evaluated, run->id);
}

/**
 * orr_session_evaluate_match:
 *
 * Compares the shown run's network with its model (or the document's, for an
 * imported one) in the background and stores the section "match". Does nothing
 * without a network or when the symbols differ in number.
 */
void
orr_session_evaluate_match (OrrSession *self)
{
  g_return_if_fail (ORR_IS_SESSION (self));

  orr_session_evaluate_run (self, orr_session_get_run (self));
}

/**
 * orr_session_simulate:
 * @options: (nullable): from now on; %NULL keeps those in use
 *
 * Computes the shown network's motion again in the background.
 */
void
orr_session_simulate (OrrSession *self, const OrrTrajectoryOptions *options)
{
  g_return_if_fail (ORR_IS_SESSION (self));

  if (options != NULL)
    self->motion_options = *options;
  drop_gains (self);
  if (self->network != NULL)
    request_motion (self, &self->motion_options, _("Simulating"));
}

void
orr_session_get_motion_options (OrrSession *self, OrrTrajectoryOptions *options)
{
  *options = self->motion_options;
}
