/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-commands.h"

#include "orr-cli-model.h"
#include "orr-error.h"
#include "orr-hmm-presets.h"
#include "orr-json.h"
#include "orr-match.h"
#include "orr-network-file.h"
#include "orr-section.h"

static const char description[] =
    "How well a network's sequences match those of a model: matched distance with the\n"
    "model against itself beside it, symbol transitions and frequencies, volatility\n"
    "(symbol changes in a sequence), all on sequences that training never used.\n\n"
    "JSON: distance.{hmm_hmm,hmm_rnn}.{mean,sd}, transition_matrix.{hmm,rnn},\n"
    "frequencies.{hmm,rnn}, volatility.{hmm,rnn}.{mean,sd,histogram}, sequences,\n"
    "length, seed.\n\n"
    "Example:\n"
    "  orreryctl evaluate network.pth --hmm three --json";

static void
print_side (OrrCli *cli, GVariant *section, const char *side, const char *distance_name)
{
  g_autoptr (GVariant) distances = orr_section_get_child (section, "distance");
  g_autoptr (GVariant) distance = orr_section_get_child (distances, distance_name);
  g_autoptr (GVariant) volatilities = orr_section_get_child (section, "volatility");
  g_autoptr (GVariant) volatility = orr_section_get_child (volatilities, side);
  g_autoptr (GVariant) frequencies = orr_section_get_child (section, "frequencies");
  g_autoptr (GVariant) transitions = orr_section_get_child (section, "transition_matrix");
  gsize n, rows, cols;
  g_autofree double *f = orr_section_dup_doubles (frequencies, side, &n);
  g_autofree double *m = orr_section_dup_table (transitions, side, &rows, &cols);

  orr_cli_print (cli, "%s\n  matched distance %.4f (sd %.4f)\n", g_str_equal (side, "hmm") ? "Model" : "Network",
                 orr_section_get_double (distance, "mean", 0.0), orr_section_get_double (distance, "sd", 0.0));
  orr_cli_print (cli, "  changes in a sequence %.3f (sd %.3f)\n  symbols    ",
                 orr_section_get_double (volatility, "mean", 0.0), orr_section_get_double (volatility, "sd", 0.0));
  for (gsize k = 0; k < n; k++)
    orr_cli_print (cli, " %.4f", f[k]);
  for (gsize i = 0; i < rows; i++)
    {
      orr_cli_print (cli, i == 0 ? "\n  transitions" : "\n             ");
      for (gsize j = 0; j < cols; j++)
        orr_cli_print (cli, " %.4f", m[i * cols + j]);
    }
  orr_cli_print (cli, "\n");
}

static gboolean
evaluate (OrrCli *cli, const char *path, const OrrHmm *hmm, const OrrMatchOptions *options, GError **error)
{
  g_autoptr (OrrNetwork) network = orr_network_load (path, error);

  if (network == NULL)
    return FALSE;
  g_autoptr (GVariant) section = orr_match_evaluate (network, hmm, options, orr_cli_get_progress (cli), error);
  if (section == NULL)
    return FALSE;
  g_variant_ref_sink (section);
  if (orr_cli_wants_json (cli))
    orr_cli_print_json (cli, section);
  else
    {
      print_side (cli, section, "hmm", "hmm_hmm");
      print_side (cli, section, "rnn", "hmm_rnn");
    }
  return TRUE;
}

static gboolean
run (OrrCli *cli, int argc, char **argv, GError **error)
{
  g_autofree char *model = NULL;
  int sequences = 5000, length = 0;
  gint64 seed = 0;
  OrrMatchOptions options;
  orr_match_options_init (&options);
  GOptionEntry entries[] = {
    { "hmm", 0, 0, G_OPTION_ARG_STRING, &model, "The model: a preset's name or a file", "PRESET|FILE" },
    { "sequences", 'n', 0, G_OPTION_ARG_INT, &sequences, "Sequences of each side (5000)", "N" },
    { "length", 't', 0, G_OPTION_ARG_INT, &length, "Steps of each (a preset's training length, or 100)", "T" },
    { "seed", 0, 0, G_OPTION_ARG_INT64, &seed, "Seed of both sides (0)", "S" },
    { "sigma", 0, 0, G_OPTION_ARG_DOUBLE, &options.sigma, "Standard deviation of the noise inputs (1)", "SIGMA" },
    G_OPTION_ENTRY_NULL
  };

  if (!orr_cli_parse (cli, "NET --hmm PRESET|FILE", description, entries, &argc, &argv, error) ||
      !orr_cli_take_operands (argc, argv, 1, "NET", error))
    return FALSE;
  if (model == NULL)
    {
      g_set_error_literal (error, ORR_ERROR, ORR_ERROR_INPUT, "Which model? Give --hmm with a preset's name or a file");
      return FALSE;
    }
  if (sequences < 0 || length < 0 || !(options.sigma >= 0.0 && options.sigma < 1e6))
    {
      g_set_error_literal (error, ORR_ERROR, ORR_ERROR_INPUT, "--sequences, --length and --sigma cannot be negative");
      return FALSE;
    }
  g_autoptr (OrrHmm) hmm = orr_cli_load_hmm (model, error);
  if (hmm == NULL)
    return FALSE;

  const OrrHmmPreset *preset = orr_hmm_preset_find (model);
  if (length == 0)
    length = preset != NULL ? (int) preset->length : (int) options.length;
  options.sequences = sequences;
  options.length = length;
  options.seed = (guint64) seed;
  options.threads = orr_cli_get_threads (cli);
  return evaluate (cli, argv[1], hmm, &options, error);
}

const OrrCommand orr_command_evaluate = {
  "evaluate", "Measure how well a network matches a hidden Markov model", run, NULL
};
