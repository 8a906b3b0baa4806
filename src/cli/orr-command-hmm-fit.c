/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-command-hmm.h"

#include <string.h>

#include "orr-cli-model.h"
#include "orr-cli-sequences.h"
#include "orr-error.h"
#include "orr-file.h"
#include "orr-hmm-scan.h"
#include "orr-hmm-section.h"
#include "orr-json.h"
#include "orr-section.h"

static const char description[] =
    "Fits a model to observed sequences by Baum-Welch from several starting points and\n"
    "keeps the best. DATA as for `hmm score`. Give --states, or a MODEL (a preset or a\n"
    "file) to start from: its locked transitions keep their values and its zeros stay\n"
    "zero (forbidden) in every restart.\n\n"
    "With a range, --states 1-6, models of each number of states are fitted, also to four\n"
    "fifths of the data to judge them by the rest, and the one with the least BIC is kept.\n\n"
    "JSON: log_likelihood, start, transition, emission and the model's other fields,\n"
    "iterations, converged, restarts (where each ended), history; with a range also scan:\n"
    "states, log_likelihood, parameters, bic, held_out (per symbol), best_bic, best_held_out.\n\n"
    "Examples:\n"
    "  orreryctl hmm fit symbols.npy --states 3 --out fitted.json\n"
    "  orreryctl hmm fit sessions.csv --states 1-6 --out fitted.json\n"
    "  orreryctl hmm fit cyclic symbols.csv --restarts 20 --json";

static GVariant *
create_section (const OrrHmmFit *fit, const OrrHmmScan *scan)
{
  g_autoptr (GVariant) model = orr_hmm_to_section (fit->model);
  GVariantDict dict;

  g_variant_dict_init (&dict, model);
  g_variant_dict_insert (&dict, "log_likelihood", "d", fit->log_likelihood);
  g_variant_dict_insert (&dict, "iterations", "i", fit->n_iterations);
  g_variant_dict_insert (&dict, "converged", "b", fit->converged);
  g_variant_dict_insert (&dict, "best_restart", "i", fit->best_restart);
  g_variant_dict_insert_value (&dict, "restarts", orr_section_new_doubles (fit->restarts, fit->n_restarts));
  g_variant_dict_insert_value (&dict, "history", orr_section_new_doubles (fit->history, fit->n_iterations + 1));
  if (scan != NULL)
    g_variant_dict_insert_value (&dict, "scan", orr_hmm_scan_to_section (scan));
  return g_variant_ref_sink (g_variant_dict_end (&dict));
}

/* A line for each number of states; a star at the one that is kept. */
static void
print_scan (OrrCli *cli, const OrrHmmScan *scan)
{
  orr_cli_print (cli, "%6s %10s %14s %14s %18s\n", "states", "parameters", "log-likelihood", "BIC", "held out per symbol");
  for (guint i = 0; i < scan->n_entries; i++)
    {
      const OrrHmmScanEntry *entry = &scan->entries[i];

      orr_cli_print (cli, "%6u %10u %14.2f %14.2f %18.5f %s%s\n", entry->n_states, entry->n_parameters,
                     entry->fit->log_likelihood, entry->bic, entry->held_out, i == scan->best_bic ? "*" : "",
                     i == scan->best_held_out ? " (best held out)" : "");
    }
}

static gboolean
save_model (const OrrHmm *hmm, const char *path, GError **error)
{
  g_autoptr (GVariant) section = orr_hmm_to_section (hmm);
  g_autofree char *text = orr_json_print (section, TRUE);
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));

  return orr_file_write (path, bytes, error);
}

static gboolean
report (OrrCli *cli, const OrrHmmFit *fit, const OrrHmmScan *scan, const char *out, GError **error)
{
  g_autoptr (GVariant) section = create_section (fit, scan);

  if (out != NULL && !save_model (fit->model, out, error))
    return FALSE;
  if (!fit->converged)
    orr_cli_message (cli, "The best restart did not converge in %u iterations: try more with --iterations",
                     fit->n_iterations);
  if (scan != NULL && !orr_cli_wants_json (cli) && out != NULL)
    print_scan (cli, scan);
  if (orr_cli_wants_json (cli))
    orr_cli_print_json (cli, section);
  else if (out == NULL)
    {
      g_autofree char *text = orr_json_print (section, TRUE);
      orr_cli_print (cli, "%s\n", text);
    }
  else
    orr_cli_print (cli, "log-likelihood %.10g after %u iterations; wrote %s\n", fit->log_likelihood, fit->n_iterations,
                   out);
  return TRUE;
}

static gboolean
load_initial (const char *option, int states, int *argc, char ***argv, OrrHmm **initial, GError **error)
{
  *initial = NULL;
  if (option == NULL && *argc < 3)
    {
      if (states >= 1)
        return TRUE;
      g_set_error_literal (error, ORR_ERROR, ORR_ERROR_INPUT,
                           "How many states? Give --states N, or a model to start from");
      return FALSE;
    }
  *initial = orr_cli_take_hmm (option, argc, argv, error);
  if (*initial != NULL && states > 0 && (*initial)->n_states != (guint) states)
    {
      g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "--states is %d but the model to start from has %u", states,
                   (*initial)->n_states);
      return FALSE;
    }
  return *initial != NULL;
}

/* "3" or "1-6"; both 0 where nothing is said. */
static gboolean
parse_states (const char *text, int *fewest, int *most, GError **error)
{
  g_auto (GStrv) parts = g_strsplit (text != NULL ? text : "", "-", 2);
  guint n = g_strv_length (parts);
  guint64 first = 0, last = 0;

  *fewest = *most = 0;
  if (text == NULL)
    return TRUE;
  if (n == 0 || !g_ascii_string_to_unsigned (parts[0], 10, 1, ORR_HMM_MAX_STATES, &first, NULL)
      || (n == 2 && !g_ascii_string_to_unsigned (parts[1], 10, first, ORR_HMM_MAX_STATES, &last, NULL)))
    {
      g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT,
                   "--states is a number from 1 to %d or a range such as 1-6, not \"%s\"", ORR_HMM_MAX_STATES, text);
      return FALSE;
    }
  *fewest = first;
  *most = n == 2 ? last : first;
  return TRUE;
}

static gboolean
run (OrrCli *cli, int argc, char **argv, GError **error)
{
  g_autofree char *model = NULL, *out = NULL, *range = NULL;
  int states = 0, most_states = 0, symbols = 0, restarts = 10, iterations = 500;
  gint64 seed = 0;
  OrrHmmFitOptions options;
  orr_hmm_fit_options_init (&options);
  GOptionEntry entries[] = {
    { "states", 's', 0, G_OPTION_ARG_STRING, &range, "Number of hidden states, or a range of them", "S|FROM-TO" },
    { "symbols", 'k', 0, G_OPTION_ARG_INT, &symbols, "Number of symbols (default: the largest seen + 1)", "K" },
    { "initial", 0, 0, G_OPTION_ARG_STRING, &model, "Model to start from, instead of the operand MODEL", "MODEL" },
    { "hmm", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_STRING, &model, "The same as --initial", "MODEL" },
    { "restarts", 0, 0, G_OPTION_ARG_INT, &restarts, "Starting points to try (10)", "R" },
    { "iterations", 0, 0, G_OPTION_ARG_INT, &iterations, "Iterations of each at most (500)", "N" },
    { "tolerance", 0, 0, G_OPTION_ARG_DOUBLE, &options.tolerance,
      "End when the log-likelihood per symbol gains less (1e-8)", "X" },
    { "seed", 0, 0, G_OPTION_ARG_INT64, &seed, "Seed of the random starting points (0)", "S" },
    { "out", 'o', 0, G_OPTION_ARG_FILENAME, &out, "Where to write the fitted model (JSON)", "FILE" },
    G_OPTION_ENTRY_NULL
  };

  if (!orr_cli_parse (cli, "[MODEL] DATA", description, entries, &argc, &argv, error) ||
      !parse_states (range, &states, &most_states, error))
    return FALSE;
  if (symbols < 0 || restarts < 1 || iterations < 1 || !(options.tolerance >= 0.0))
    {
      g_set_error_literal (error, ORR_ERROR, ORR_ERROR_INPUT,
                           "--symbols, --restarts and --iterations must be at least 1, --tolerance at least 0");
      return FALSE;
    }
  if (out != NULL && !orr_cli_check_folder (out, error))
    return FALSE;
  g_autoptr (OrrHmm) initial = NULL;
  if (!load_initial (model, states, &argc, &argv, &initial, error) ||
      !orr_cli_take_operands (argc, argv, 1, "[MODEL] DATA", error))
    return FALSE;
  g_autoptr (OrrSequences) sequences = orr_sequences_load (argv[1], error);
  if (sequences == NULL)
    return FALSE;

  options.n_states = states;
  options.n_symbols = symbols;
  options.restarts = restarts;
  options.max_iterations = iterations;
  options.seed = seed;
  options.threads = orr_cli_get_threads (cli);
  if (most_states > states && initial != NULL)
    {
      g_set_error_literal (error, ORR_ERROR, ORR_ERROR_INPUT, "A range of --states starts from no model; leave MODEL out");
      return FALSE;
    }
  if (most_states > states)
    {
      g_autoptr (OrrHmmScan) scan = orr_hmm_scan (sequences, states, most_states, &options, orr_cli_get_progress (cli),
                                                  error);
      return scan != NULL && report (cli, scan->entries[scan->best_bic].fit, scan, out, error);
    }
  g_autoptr (OrrHmmFit) fit = orr_hmm_fit (sequences, initial, &options, orr_cli_get_progress (cli), error);
  return fit != NULL && report (cli, fit, NULL, out, error);
}

const OrrCommand orr_command_hmm_fit = { "fit", "Fit a model to observed sequences", run };
