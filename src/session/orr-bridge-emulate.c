/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A law in the network's place: what it would emit, compared with the model. */
#include "orr-bridge-private.h"

#include <glib/gi18n.h>

#include "orr-match.h"
#include "orr-reduction-law.h"
#include "orr-section.h"

typedef struct
{
  char           *run_id;
  OrrMotion      *motion;
  OrrHmm         *hmm;
  OrrDatasetLaw  *law;
  OrrMatchOptions options;
} EmulateRequest;

static void
request_free (gpointer data)
{
  EmulateRequest *request = data;

  g_free (request->run_id);
  orr_motion_unref (request->motion);
  orr_hmm_unref (request->hmm);
  orr_dataset_law_unref (request->law);
  g_free (request);
}

/* Its own numbers: what it was, and how well it stands for single steps. */
static void
add_law (GVariantDict *dict, const OrrDatasetLaw *law, const OrrReducedLaw *ready, double held)
{
  g_autoptr (GStrvBuilder) texts = g_strv_builder_new ();

  for (guint i = 0; i < law->n_targets; i++)
    {
      g_autofree char *text = orr_dataset_law_dup_text (law, i, 4);
      g_strv_builder_add (texts, text);
    }
  g_auto (GStrv) list = g_strv_builder_end (texts);
  g_variant_dict_insert (dict, "kind", "s", orr_reduction_kind_name (ready->kind));
  g_variant_dict_insert_value (dict, "law", g_variant_new_strv ((const char *const *) list, -1));
  g_variant_dict_insert_value (dict, "one_step_r2", orr_section_new_doubles (ready->one_step_r2, ready->dimension));
  g_variant_dict_insert_value (dict, "noise_memory", orr_section_new_doubles (ready->memory, ready->dimension));
  g_variant_dict_insert_value (dict, "noise_covariance",
                               orr_section_new_table (ready->covariance, ready->dimension, ready->dimension));
  g_variant_dict_insert (dict, "held_at_edge", "d", held);
  g_variant_dict_insert (dict, "undefined", "d", ready->undefined);
}

/* The section travels with the id of its run. */
static gpointer
emulate_thread (OrrProgress *progress, gpointer data, GError **error)
{
  EmulateRequest *request = data;
  const OrrReducedRun run = { request->options.sequences, request->options.length, request->options.seed };
  double held;
  g_autoptr (OrrReducedLaw) ready =
    orr_reduced_law_new (request->motion, request->law->source.kind, orr_dataset_law_field, request->law, error);

  if (ready == NULL)
    return NULL;
  g_autoptr (OrrProgress) first = orr_progress_new_part (progress, 0.0, 0.3);
  g_autofree guint8 *symbols =
    orr_reduced_law_simulate (ready, orr_dataset_law_field, request->law, &run, &held, first, error);
  if (symbols == NULL)
    return NULL;
  g_autoptr (OrrProgress) second = orr_progress_new_part (progress, 0.3, 1.0);
  GVariant *described = orr_match_describe (symbols, request->hmm, &request->options, second, error);
  if (described == NULL)
    return NULL;

  g_autoptr (GVariant) section = g_variant_ref_sink (described);
  GVariantDict dict;
  g_variant_dict_init (&dict, section);
  add_law (&dict, request->law, ready, held);
  return g_variant_ref_sink (g_variant_new ("(s@a{sv})", request->run_id, g_variant_dict_end (&dict)));
}

static void
emulated_cb (gpointer owner, OrrJob *job, gpointer result, const GError *error)
{
  OrrBridge *self = owner;

  if (self->emulating == job)
    {
      g_clear_object (&self->emulating);
      g_object_notify (G_OBJECT (self), "emulating");
    }
  if (result == NULL)
    return;

  const char *run_id;
  g_autoptr (GVariant) section = NULL;
  g_variant_get (result, "(&s@a{sv})", &run_id, &section);
  orr_document_set_section (orr_session_get_document (self->session), run_id, "match_law", section);
  g_signal_emit_by_name (self, "emulated");
}

/* Whether there is a law of motion, and a model with the network's symbols to compare with. */
gboolean
orr_bridge_can_emulate (OrrBridge *self)
{
  OrrRun *run = orr_session_get_run (self->session);
  OrrMotion *motion = orr_session_get_motion (self->session);
  OrrHmm *hmm = run != NULL && run->hmm != NULL ? run->hmm : orr_session_get_hmm (self->session);

  return self->law != NULL && self->law->source.kind <= ORR_REDUCTION_MAP && run != NULL && motion != NULL &&
         self->law->source.epoch == orr_session_get_epoch (self->session) &&
         hmm->n_symbols == run->network->n_symbols && self->emulating == NULL;
}

/**
 * orr_bridge_emulate:
 *
 * Runs the law with its noise in the network's place (orr_reduced_law_simulate()) in the
 * background, as many and as long sequences as the match with the model uses, and stores
 * the statistics as the run's section "match_law"; then "emulated" is emitted.
 */
void
orr_bridge_emulate (OrrBridge *self)
{
  g_return_if_fail (ORR_IS_BRIDGE (self));

  if (!orr_bridge_can_emulate (self))
    return;
  OrrRun *run = orr_session_get_run (self->session);
  EmulateRequest *request = g_new0 (EmulateRequest, 1);
  OrrTrainOptions training;

  g_autoptr (GVariant) match = orr_run_get_section (run, "match");
  if (match == NULL)
    orr_session_evaluate_match (self->session);
  orr_match_options_init (&request->options);
  if (run->options != NULL && orr_train_options_from_section (&training, run->options, NULL))
    request->options.length = training.length;
  request->run_id = g_strdup (run->id);
  request->motion = orr_motion_ref (orr_session_get_motion (self->session));
  request->hmm = orr_hmm_ref (run->hmm != NULL ? run->hmm : orr_session_get_hmm (self->session));
  request->law = orr_dataset_law_ref (self->law);
  g_set_object (&self->emulating,
                orr_job_queue_run (orr_session_get_jobs (self->session), ORR_JOB_LANE_ANALYSIS,
                                   _("Running the law in the network’s place"), emulate_thread, request, request_free,
                                   (GDestroyNotify) g_variant_unref, G_OBJECT (self), emulated_cb));
  g_object_notify (G_OBJECT (self), "emulating");
}
