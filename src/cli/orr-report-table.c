/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-report-table.h"

#include <string.h>

#include "orr-cli-model.h"
#include "orr-error.h"
#include "orr-file.h"
#include "orr-findings.h"
#include "orr-json.h"
#include "orr-match.h"
#include "orr-network-file.h"
#include "orr-run-analysis.h"
#include "orr-study-file.h"
#include "orr-train-options.h"

typedef struct
{
  OrrCli                      *cli;
  const OrrReportTableOptions *options;
  GPtrArray                   *names;
  GPtrArray                   *findings;
} Table;

/* The part of a path that names the study. */
static char *
dup_stem (const char *path)
{
  char *stem = g_path_get_basename (path);
  char *dot = strrchr (stem, '.');

  if (dot != NULL && dot != stem)
    *dot = '\0';
  return stem;
}

/* NET or NET=MODEL as a study with that one network. */
static OrrStudy *
load_network (const char *input, const char *model, GError **error)
{
  g_autofree char *path = g_strdup (input);
  char *equals = strrchr (path, '=');

  if (equals != NULL && !g_file_test (path, G_FILE_TEST_EXISTS))
    {
      *equals = '\0';
      model = equals + 1;
    }
  g_autoptr (OrrNetwork) network = orr_network_load (path, error);
  if (network == NULL)
    return NULL;
  g_autoptr (OrrHmm) hmm = model != NULL ? orr_cli_load_hmm (model, error) : NULL;
  if (model != NULL && hmm == NULL)
    return NULL;
  if (hmm != NULL && hmm->n_symbols != network->n_symbols)
    {
      g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "%s has %u symbols, the model %s has %u", path, network->n_symbols,
                   model, hmm->n_symbols);
      return NULL;
    }
  g_autofree char *name = dup_stem (path);
  g_autoptr (OrrRun) run = orr_run_new (name, network, hmm);
  g_autoptr (OrrHmm) any = hmm != NULL ? orr_hmm_ref (hmm) : orr_hmm_preset_create (orr_hmm_preset_find ("three"));
  g_autoptr (OrrStudy) study = orr_study_new (name, any);
  return orr_study_with_run (study, run);
}

static OrrStudy *
load (const char *input, const char *model, GError **error)
{
  return g_str_has_suffix (input, ".orrery") ? orr_study_file_load (input, error) : load_network (input, model, error);
}

/* How well the network emulates its model, where that was not measured yet. */
static OrrRun *
add_match (Table *table, OrrRun *run, const OrrHmm *hmm, OrrProgress *progress, GError **error)
{
  g_autoptr (GVariant) there = orr_run_get_section (run, "match");
  const OrrHmmPreset *preset = orr_findings_get_preset (hmm);
  OrrMatchOptions options;
  OrrTrainOptions training;

  if (there != NULL || hmm == NULL)
    return orr_run_ref (run);
  orr_match_options_init (&options);
  options.threads = orr_cli_get_threads (table->cli);
  if (preset != NULL)
    options.length = preset->length;
  if (run->options != NULL && orr_train_options_from_section (&training, run->options, NULL))
    {
      options.length = training.length;
      options.sigma = training.sigma;
      options.random_initial_state = training.random_initial_state;
    }
  GVariant *result = orr_match_evaluate (run->network, hmm, &options, progress, error);
  if (result == NULL)
    return NULL;
  g_autoptr (GVariant) match = g_variant_take_ref (result);
  return orr_run_with_section (run, "match", match);
}

/* The run with all that can be known of it, where that was asked for. */
static OrrRun *
complete (Table *table, OrrRun *run, const OrrHmm *hmm, OrrProgress *progress, GError **error)
{
  g_autoptr (OrrProgress) first = orr_progress_new_part (progress, 0.0, 0.05);
  g_autoptr (OrrProgress) second = orr_progress_new_part (progress, 0.05, 1.0);

  if (!table->options->analyze)
    return orr_run_ref (run);
  g_autoptr (OrrRun) matched = add_match (table, run, hmm, first, error);
  return matched != NULL
           ? orr_run_analyze_missing (matched, hmm, orr_cli_get_threads (table->cli), second, error)
           : NULL;
}

static gboolean
keep (Table *table, const char *input, OrrStudy *study, GError **error)
{
  g_autofree char *stem = dup_stem (input);
  g_autofree char *name = g_strconcat (stem, ".orrery", NULL);
  g_autofree char *path = g_build_filename (table->options->directory, name, NULL);
  g_autofree char *from = g_canonicalize_filename (input, NULL), *to = g_canonicalize_filename (path, NULL);

  if (g_str_equal (from, to))
    {
      g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "%s would be written over; choose another folder with --out", input);
      return FALSE;
    }
  return orr_study_file_save (study, path, error);
}

/* All networks of one input, each a column. */
static gboolean
add_input (Table *table, const char *input, OrrProgress *progress, GError **error)
{
  g_autoptr (OrrStudy) study = load (input, table->options->hmm, error);

  if (study == NULL)
    return FALSE;
  guint n = study->runs->len;
  g_autoptr (OrrStudy) given = orr_study_ref (study);
  for (guint i = 0; i < n; i++)
    {
      OrrRun *run = given->runs->pdata[i];
      gboolean own = run->hmm == NULL && g_str_has_suffix (input, ".orrery");
      const OrrHmm *hmm = own ? study->hmm : run->hmm;
      g_autoptr (OrrProgress) part = orr_progress_new_part (progress, (double) i / n, (i + 1.0) / n);
      g_autoptr (OrrRun) done = complete (table, run, hmm, part, error);

      if (done == NULL)
        return FALSE;
      g_ptr_array_add (table->names, g_strdup (run->name));
      g_ptr_array_add (table->findings, orr_findings_new (done, hmm));
      OrrStudy *next = orr_study_with_run (study, done);
      orr_study_unref (study);
      study = next;
    }
  return !table->options->keep || keep (table, input, study, error);
}

static gboolean
write_file (const char *directory, const char *name, const char *text, GError **error)
{
  g_autofree char *path = g_build_filename (directory, name, NULL);
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));

  return orr_file_write (path, bytes, error);
}

/**
 * orr_report_table:
 * @inputs: [@n_inputs] studies, or networks as NET or NET=MODEL
 *
 * One table of what was found in several networks, beside the published figures: written
 * as Markdown, CSV and JSON, and printed.
 *
 * Returns: whether it worked
 */
gboolean
orr_report_table (OrrCli *cli, char **inputs, guint n_inputs, const OrrReportTableOptions *options, GError **error)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) findings = g_ptr_array_new_with_free_func ((GDestroyNotify) g_ptr_array_unref);
  Table table = { cli, options, names, findings };

  if (options->directory != NULL && g_mkdir_with_parents (options->directory, 0777) != 0)
    {
      g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "The folder %s cannot be made", options->directory);
      return FALSE;
    }
  for (guint i = 0; i < n_inputs; i++)
    {
      g_autoptr (OrrProgress) part =
        orr_progress_new_part (orr_cli_get_progress (cli), (double) i / n_inputs, (i + 1.0) / n_inputs);

      if (!add_input (&table, inputs[i], part, error))
        return FALSE;
    }
  if (names->len == 0)
    {
      g_set_error_literal (error, ORR_ERROR, ORR_ERROR_INPUT, "There is no network in these studies");
      return FALSE;
    }

  g_autofree char *markdown = orr_findings_to_markdown (names, findings);
  g_autofree char *csv = orr_findings_to_csv (names, findings);
  g_autoptr (GVariant) section = orr_findings_to_section (names, findings);
  g_autofree char *json = orr_json_print (section, TRUE);
  if (options->directory != NULL
      && (!write_file (options->directory, "table.md", markdown, error)
          || !write_file (options->directory, "table.csv", csv, error)
          || !write_file (options->directory, "table.json", json, error)))
    return FALSE;
  if (orr_cli_wants_json (cli))
    orr_cli_print_json (cli, section);
  else
    orr_cli_print (cli, "%s", markdown);
  return TRUE;
}
