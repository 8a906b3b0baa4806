/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-run-analysis.h"

#include "orr-analysis-settings.h"
#include "orr-error.h"
#include "orr-section.h"
#include "orr-train-options.h"

/* What a stored result says of itself, beside its own numbers and settings. */
#define COMPUTED "computed"              /* x: seconds since 1970 */
#define NETWORK_SUM "of_network"         /* s: the weights */
#define MODEL_SUM "of_model"             /* s: the model, where it was compared with one */
#define KICKS_SUM "of_kick_neurons"      /* s: the kick groups that it builds on */
#define SNAPSHOTS_SUM "of_snapshots"     /* s: the snapshots */

#define SNAPSHOT_WEIGHTS 256

static const char *const uses_model[] = { "resonance", NULL };
static const char *const uses_kicks[] = { "integrating_populations", "interventions", "composition", NULL };
static const char *const uses_snapshots[] = { "evolution", NULL };

static void
add_matrix (GChecksum *sum, const OrrMatrix *matrix)
{
  if (matrix != NULL)
    g_checksum_update (sum, (const guchar *) matrix->data, matrix->rows * matrix->cols * sizeof (float));
}

static void
add_network (GChecksum *sum, const OrrNetwork *network)
{
  const guint32 activation = network->activation;

  g_checksum_update (sum, (const guchar *) &activation, sizeof activation);
  add_matrix (sum, network->weight_ih);
  add_matrix (sum, network->weight_hh);
  add_matrix (sum, network->weight_out);
  add_matrix (sum, network->bias_ih);
  add_matrix (sum, network->bias_hh);
  add_matrix (sum, network->bias_out);
}

/* A short name for what was summed up; (transfer full), takes @sum. */
static char *
finish (GChecksum *sum)
{
  char *name = g_strndup (g_checksum_get_string (sum), 16);

  g_checksum_free (sum);
  return name;
}

static char *
name_network (const OrrNetwork *network)
{
  GChecksum *sum = g_checksum_new (G_CHECKSUM_SHA256);

  add_network (sum, network);
  return finish (sum);
}

static char *
name_model (const OrrHmm *hmm)
{
  GChecksum *sum = g_checksum_new (G_CHECKSUM_SHA256);
  gsize S = hmm->n_states, K = hmm->n_symbols;

  g_checksum_update (sum, (const guchar *) hmm->start, S * sizeof *hmm->start);
  g_checksum_update (sum, (const guchar *) hmm->transition, S * S * sizeof *hmm->transition);
  g_checksum_update (sum, (const guchar *) hmm->emission, S * K * sizeof *hmm->emission);
  return finish (sum);
}

/* The groups alone: finding the same ones again changes nothing for what builds on them. */
static char *
name_kicks (GVariant *section)
{
  GChecksum *sum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autoptr (GVariant) groups = orr_section_get_child (section, "groups");

  for (gsize g = 0; groups != NULL && g < g_variant_n_children (groups); g++)
    {
      g_autoptr (GVariant) group = g_variant_get_child_value (groups, g);
      gsize n;
      g_autofree double *units = orr_section_dup_doubles (group, "units", &n);
      const gint64 ends[3] = { orr_section_get_int (group, "from", -1), orr_section_get_int (group, "to", -1), n };

      g_checksum_update (sum, (const guchar *) ends, sizeof ends);
      if (n > 0)
        g_checksum_update (sum, (const guchar *) units, n * sizeof (double));
    }
  return finish (sum);
}

static char *
name_snapshots (const OrrRun *run)
{
  GChecksum *sum = g_checksum_new (G_CHECKSUM_SHA256);

  for (guint i = 0; i < run->snapshots->len; i++)
    {
      const OrrSnapshot *snapshot = g_ptr_array_index (run->snapshots, i);
      const guint32 epoch = snapshot->epoch;

      const OrrMatrix *weights = snapshot->network->weight_hh;

      /* some weights are enough to tell two trainings apart, and quick */
      g_checksum_update (sum, (const guchar *) &epoch, sizeof epoch);
      g_checksum_update (sum, (const guchar *) weights->data,
                         MIN (weights->rows * weights->cols, SNAPSHOT_WEIGHTS) * sizeof (float));
    }
  return finish (sum);
}

/* What there is now of the kind that a result remembers as @key; (transfer full) (nullable). */
static char *
name_now (const OrrRun *run, const OrrHmm *hmm, const char *analysis, const char *key)
{
  if (g_str_equal (key, NETWORK_SUM))
    return name_network (run->network);
  if (g_str_equal (key, MODEL_SUM) && g_strv_contains (uses_model, analysis))
    return hmm != NULL && hmm->n_symbols == run->network->n_symbols ? name_model (hmm) : NULL;
  if (g_str_equal (key, SNAPSHOTS_SUM) && g_strv_contains (uses_snapshots, analysis))
    return name_snapshots (run);
  if (g_str_equal (key, KICKS_SUM) && g_strv_contains (uses_kicks, analysis))
    {
      g_autoptr (GVariant) kicks = orr_run_get_section (run, "kick_neurons");
      return kicks != NULL ? name_kicks (kicks) : NULL;
    }
  return NULL;
}

static const struct
{
  const char         *key;
  OrrSectionFreshness missed;
} sums[] = {
  { NETWORK_SUM, ORR_SECTION_OTHER_NETWORK },
  { MODEL_SUM, ORR_SECTION_OTHER_MODEL },
  { KICKS_SUM, ORR_SECTION_OTHER_KICKS },
  { SNAPSHOTS_SUM, ORR_SECTION_OTHER_SNAPSHOTS },
};

/* The result with what it rests on and when it was computed. */
static GVariant *
stamp (const OrrRun *run, const OrrHmm *hmm, const char *analysis, GVariant *section)
{
  g_autoptr (GVariant) result = g_variant_take_ref (section);
  GVariantDict dict;

  g_variant_dict_init (&dict, result);
  g_variant_dict_insert (&dict, COMPUTED, "x", g_get_real_time () / G_USEC_PER_SEC);
  for (guint i = 0; i < G_N_ELEMENTS (sums); i++)
    {
      g_autofree char *name = name_now (run, hmm, analysis, sums[i].key);

      if (name != NULL)
        g_variant_dict_insert (&dict, sums[i].key, "s", name);
    }
  return g_variant_ref_sink (g_variant_dict_end (&dict));
}

/**
 * orr_run_analysis_options:
 * @analysis: name of an analysis
 * @options: (out caller-allocates): the settings to do it with: those of the result
 *   that the run has, otherwise the noise that the network was trained with and the
 *   standard values
 */
void
orr_run_analysis_options (const OrrRun *run, const char *analysis, OrrAnalysisOptions *options)
{
  g_autoptr (GVariant) section = orr_run_get_section (run, analysis);
  OrrTrainOptions training;

  orr_analysis_options_init (options);
  if (run->options != NULL && orr_train_options_from_section (&training, run->options, NULL))
    options->noise_sd = training.sigma;
  orr_analysis_options_read (options, analysis, section);
}

/**
 * orr_run_analyze:
 * @hmm: (nullable): the model that the network emulates
 * @options: the settings; what the run itself gives (model, snapshots, kick neurons) is
 *   filled in
 *
 * Does one analysis of a run. Its section is as @analysis makes it, and tells besides
 * when it was `computed` (seconds since 1970) and what it rests on (`of_network`,
 * `of_model`, `of_kick_neurons`, `of_snapshots`), so that orr_run_check_section() sees
 * when that changed.
 *
 * Returns: (transfer full) (nullable): the section
 */
GVariant *
orr_run_analyze (const OrrRun *run, const OrrHmm *hmm, const OrrAnalysis *analysis, const OrrAnalysisOptions *options,
                 OrrProgress *progress, GError **error)
{
  guint n = run->snapshots->len;
  g_autofree guint *epochs = g_new (guint, MAX (n, 1));
  g_autofree const OrrNetwork **snapshots = g_new (const OrrNetwork *, MAX (n, 1));
  g_autoptr (GVariant) kicks = orr_run_get_section (run, "kick_neurons");
  g_autofree char *failed = orr_section_dup_string (kicks, "reason");
  OrrAnalysisOptions all = *options;

  for (guint i = 0; i < n; i++)
    {
      const OrrSnapshot *snapshot = g_ptr_array_index (run->snapshots, i);

      epochs[i] = snapshot->epoch;
      snapshots[i] = snapshot->network;
    }
  all.hmm = hmm != NULL && hmm->n_symbols == run->network->n_symbols ? hmm : NULL;
  all.n_snapshots = n;
  all.snapshot_epochs = epochs;
  all.snapshots = snapshots;
  all.kick_neurons = failed == NULL ? kicks : NULL;
  GVariant *section = analysis->run (run->network, &all, progress, error);
  return section != NULL ? stamp (run, hmm, analysis->name, section) : NULL;
}

/**
 * orr_run_analyze_missing:
 * @hmm: (nullable): the model that the network emulates
 * @threads: 0 for all cores
 *
 * Does all analyses that a run does not have yet, in their order. One that does not
 * apply to the network leaves a section with the `reason`.
 *
 * Returns: (transfer full) (nullable): the run with them
 */
OrrRun *
orr_run_analyze_missing (const OrrRun *run, const OrrHmm *hmm, guint threads, OrrProgress *progress, GError **error)
{
  g_autoptr (OrrRun) done = orr_run_copy (run);
  guint n;
  const OrrAnalysis *analyses = orr_analyses (&n);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (OrrProgress) part = orr_progress_new_part (progress, (double) i / n, (i + 1.0) / n);
      g_autoptr (GVariant) there = orr_run_get_section (done, analyses[i].name);
      g_autoptr (GError) local = NULL;
      OrrAnalysisOptions options;

      if (there != NULL)
        continue;
      orr_run_analysis_options (done, analyses[i].name, &options);
      options.threads = threads;
      orr_progress_report (part, 0.0, analyses[i].title);
      g_autoptr (GVariant) section = orr_run_analyze (done, hmm, &analyses[i], &options, part, &local);
      if (section == NULL && !g_error_matches (local, ORR_ERROR, ORR_ERROR_INPUT))
        {
          g_propagate_prefixed_error (error, g_steal_pointer (&local), "%s: ", analyses[i].title);
          return NULL;
        }
      if (section == NULL)
        section = orr_section_new_reason (local->message);
      OrrRun *next = orr_run_with_section (done, analyses[i].name, section);
      orr_run_unref (done);
      done = next;
    }
  return g_steal_pointer (&done);
}

/**
 * orr_section_new_reason:
 *
 * What does not apply to a network is told in its place, not as a failure.
 *
 * Returns: (transfer full): a section that says why there is no result
 */
GVariant *
orr_section_new_reason (const char *reason)
{
  GVariantDict dict;

  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "reason", "s", reason);
  g_variant_dict_insert (&dict, COMPUTED, "x", g_get_real_time () / G_USEC_PER_SEC);
  return g_variant_ref_sink (g_variant_dict_end (&dict));
}

/**
 * orr_section_get_computed:
 * @section: (nullable): a stored result
 *
 * Returns: when it was computed, in seconds since 1970; 0 when it does not say
 */
gint64
orr_section_get_computed (GVariant *section)
{
  return orr_section_get_int (section, COMPUTED, 0);
}

/**
 * orr_run_check_section:
 * @hmm: (nullable): the model that the network emulates
 * @name: of the result
 *
 * Returns: whether what the result rests on is as it was then; one that does not say what
 *   it rests on counts as fresh
 */
OrrSectionFreshness
orr_run_check_section (const OrrRun *run, const OrrHmm *hmm, const char *name)
{
  g_autoptr (GVariant) section = orr_run_get_section (run, name);

  for (guint i = 0; section != NULL && i < G_N_ELEMENTS (sums); i++)
    {
      g_autofree char *then = orr_section_dup_string (section, sums[i].key);
      g_autofree char *now = then != NULL ? name_now (run, hmm, name, sums[i].key) : NULL;

      if (then != NULL && g_strcmp0 (then, now) != 0)
        return sums[i].missed;
    }
  return ORR_SECTION_FRESH;
}
