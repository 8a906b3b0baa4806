/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-gain-meter.h"

#include <math.h>

#include "orr-findings.h"
#include "orr-gain-preview.h"
#include "orr-latest.h"
#include "orr-section.h"
#include "orr-train-options.h"

/* How carefully gains are measured: at once, with a first look at critical pairs as soon as the hand rests for
 * a moment, then better and better. */
static const OrrGainEffort efforts[] = {
  { .n_paths = 16, .n_steps = 200, .n_controls = 8, .n_events = 0 },
  { .n_paths = 16, .n_steps = 200, .n_controls = 8, .n_events = 4 },
  { .n_paths = 64, .n_steps = 500, .n_controls = 40, .n_events = 4 },
  { .n_paths = 64, .n_steps = 500, .n_controls = 40, .n_events = 20 },
};

#define USUAL_LENGTH 100

struct _OrrGainMeter
{
  OrrGainMeterFunc func;
  gpointer         owner;
  OrrSession      *session; /* (nullable) (unowned): of the latest request */
  OrrLatest       *worker;
  OrrProgress     *careful; /* (nullable): of a request that a turning hand does not wait for */

  /* The critical pairs of the network as it is, which gains do not change. */
  OrrMotion       *pairs_of; /* (nullable) */
  guint            pairs_events;
  OrrCriticalPairs pairs;
};

typedef struct
{
  OrrNetwork      *network;
  OrrMotion       *motion;
  OrrGains        *gains;
  OrrGainEffort    effort;
  OrrCriticalPairs known_pairs;
  guint            stage;
  OrrProgress     *progress;
} Request;

/* What came of a request: a section, or none when a newer one cancelled it. */
typedef struct
{
  GVariant  *section;
  guint      stage;
  guint      n_events;
  OrrGains  *gains;
  OrrMotion *motion;
} Result;

static void
request_free (gpointer data)
{
  Request *request = data;

  orr_network_unref (request->network);
  orr_motion_unref (request->motion);
  orr_gains_unref (request->gains);
  orr_progress_unref (request->progress);
  g_free (request);
}

static void
result_free (gpointer data)
{
  Result *result = data;

  g_variant_unref (result->section);
  orr_gains_unref (result->gains);
  orr_motion_unref (result->motion);
  g_free (result);
}

static gpointer
measure (gpointer data)
{
  Request *request = data;
  OrrAnalysisOptions options;
  GVariant *section;

  orr_analysis_options_init (&options);
  options.noise_sd = request->motion->trajectory->noise_sd;
  options.seed = request->motion->trajectory->seed;
  /* a few milliseconds are not worth to wait for a second thread on a busy machine */
  options.threads = request->stage == 0 ? 1 : 0;
  section = orr_gain_preview (request->network, request->gains, request->motion->trajectory->states, &request->effort,
                              &options, request->progress, NULL);
  if (section == NULL)
    return NULL;
  Result *result = g_new (Result, 1);
  *result = (Result){ section, request->stage, request->effort.n_events, orr_gains_ref (request->gains),
                      orr_motion_ref (request->motion) };
  return result;
}

/* Steps of a sequence, which the volatility counts over. */
static guint
get_length (OrrSession *session)
{
  OrrRun *run = orr_session_get_run (session);
  const OrrHmmPreset *preset =
      orr_findings_get_preset (run != NULL && run->hmm != NULL ? run->hmm : orr_session_get_hmm (session));
  OrrTrainOptions options;

  if (run != NULL && run->options != NULL && orr_train_options_from_section (&options, run->options, NULL))
    return options.length;
  return preset != NULL ? preset->length : USUAL_LENGTH;
}

static void
forget_careful (OrrGainMeter *self)
{
  if (self->careful != NULL)
    orr_progress_cancel (self->careful);
  g_clear_pointer (&self->careful, orr_progress_unref);
}

static gboolean
request_stage (OrrGainMeter *self, guint stage)
{
  OrrNetwork *network = self->session != NULL ? orr_session_get_network (self->session) : NULL;
  OrrMotion *motion = network != NULL ? orr_session_get_own_motion (self->session) : NULL;

  /* What is quick is let finish: a hand that never rests would else see nothing. */
  forget_careful (self);
  if (motion == NULL || motion->trajectory->n_hidden != network->n_hidden)
    {
      orr_latest_drop (self->worker);
      return FALSE;
    }
  OrrGains *gains = orr_session_get_gains (self->session);
  Request *request = g_new0 (Request, 1);
  request->network = orr_network_ref (network);
  request->motion = orr_motion_ref (motion);
  request->gains = gains != NULL ? orr_gains_ref (gains) : orr_gains_new (network->n_hidden);
  request->effort = efforts[stage];
  request->effort.length = get_length (self->session);
  if (gains == NULL)
    request->effort.n_controls = 0;
  request->stage = stage;
  request->progress = orr_progress_new (NULL, NULL, NULL);
  if (self->pairs_of == motion && self->pairs_events == request->effort.n_events)
    {
      request->known_pairs = self->pairs;
      request->effort.known_pairs = &request->known_pairs;
    }
  if (stage > 0)
    self->careful = orr_progress_ref (request->progress);
  orr_latest_request (self->worker, request);
  return TRUE;
}

static void
remember_pairs (OrrGainMeter *self, const Result *result)
{
  if (result->n_events == 0)
    return;
  if (self->pairs_of != result->motion)
    {
      orr_motion_unref (self->pairs_of);
      self->pairs_of = orr_motion_ref (result->motion);
    }
  self->pairs_events = result->n_events;
  self->pairs = (OrrCriticalPairs){ orr_section_get_double (result->section, "critical_pairs_nominal", NAN),
                                    orr_section_get_double (result->section, "critical_pairs_nominal_sd", NAN),
                                    orr_section_get_int (result->section, "critical_pairs_nominal_events", 0) };
}

static void
measured_cb (gpointer owner, gpointer data)
{
  OrrGainMeter *self = owner;
  Result *result = data;
  OrrGains *gains = self->session != NULL ? orr_session_get_gains (self->session) : NULL;
  gboolean current = gains != NULL ? orr_gains_equal (gains, result->gains) : orr_gains_count (result->gains) == 0;
  gboolean last = result->stage + 1 == G_N_ELEMENTS (efforts);

  remember_pairs (self, result);
  /* while the hand moves, what was just measured is better than nothing */
  if (!current && result->stage > 0)
    return;
  self->func (self->owner, result->section, current && last);
  if (current && !last)
    request_stage (self, result->stage + 1);
}

/**
 * orr_gain_meter_new:
 * @func: takes what was measured
 * @owner: given to @func; frees the meter before it dies
 */
OrrGainMeter *
orr_gain_meter_new (OrrGainMeterFunc func, gpointer owner)
{
  OrrGainMeter *self = g_new0 (OrrGainMeter, 1);

  self->func = func;
  self->owner = owner;
  self->worker = orr_latest_new (measure, measured_cb, self, request_free, result_free);
  return self;
}

void
orr_gain_meter_free (OrrGainMeter *self)
{
  if (self == NULL)
    return;
  forget_careful (self);
  orr_latest_free (self->worker);
  orr_motion_unref (self->pairs_of);
  g_free (self);
}

/**
 * orr_gain_meter_request:
 * @session: (nullable): whose network to measure under its gains, from states that its own motion visits
 *
 * Returns: whether there is something to measure
 */
gboolean
orr_gain_meter_request (OrrGainMeter *self, OrrSession *session)
{
  self->session = session;
  return request_stage (self, 0);
}
