/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-commands.h"

#include <float.h>

#include "orr-cli-model.h"
#include "orr-cli-network.h"
#include "orr-error.h"
#include "orr-hmm-presets.h"
#include "orr-json.h"
#include "orr-match.h"
#include "orr-section.h"
#include "orr-train-options.h"

static const char description[] =
    "How well a network's sequences match those of a model: matched distance with the\n"
    "model against itself beside it, symbol transitions and frequencies, volatility\n"
    "(symbol changes in a sequence), all on sequences that training never used.\n\n"
    "JSON: distance.{hmm_hmm,hmm_rnn}.{mean,sd}, transition_matrix.{hmm,rnn},\n"
    "frequencies.{hmm,rnn}, volatility.{hmm,rnn}.{mean,sd,histogram}, sequences,\n"
    "length, seed.\n\n"
    "A study (.orrery) brings its model and the noise, length and initial state of its\n"
    "training.\n\n"
    "Examples:\n"
    "  orreryctl evaluate network.pth --hmm three --json\n"
    "  orreryctl evaluate three.orrery";

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

/* Of --sigma where it was not given. */
#define NOT_GIVEN (-DBL_MAX)

typedef struct
{
  char    *model;
  char    *run;
  int      sequences;
  int      length;
  gint64   seed;
  double   sigma;
  gboolean random_initial_state;
} Arguments;

static void
arguments_clear (Arguments *self)
{
  g_free (self->model);
  g_free (self->run);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Arguments, arguments_clear)

/* The model asked for, or else the one that the network of a study was trained on. */
static OrrHmm *
load_model (const Arguments *arguments, const char *path, const OrrRun *run, GError **error)
{
  if (arguments->model != NULL)
    return orr_cli_load_hmm (arguments->model, error);
  if (run != NULL && run->hmm != NULL)
    return orr_hmm_ref (run->hmm);
  if (run != NULL)
    g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT,
                 "%s does not say which model its network emulates: give --hmm with a preset's name or a file", path);
  else
    g_set_error_literal (error, ORR_ERROR, ORR_ERROR_INPUT, "Which model? Give --hmm with a preset's name or a file");
  return NULL;
}

/* The sequences to compare: as the network was trained where that is known, unless told otherwise. */
static void
choose_options (const Arguments *arguments, const OrrRun *run, OrrMatchOptions *options)
{
  const OrrHmmPreset *preset = arguments->model != NULL ? orr_hmm_preset_find (arguments->model) : NULL;
  OrrTrainOptions training;

  orr_match_options_init (options);
  if (run != NULL && run->options != NULL && orr_train_options_from_section (&training, run->options, NULL))
    {
      options->length = training.length;
      options->sigma = training.sigma;
      options->random_initial_state = training.random_initial_state;
    }
  if (preset != NULL)
    options->length = preset->length;
  if (arguments->length > 0)
    options->length = arguments->length;
  if (arguments->sigma != NOT_GIVEN)
    options->sigma = arguments->sigma;
  options->random_initial_state = options->random_initial_state || arguments->random_initial_state;
  options->sequences = arguments->sequences;
  options->seed = (guint64) arguments->seed;
}

static gboolean
evaluate (OrrCli *cli, const char *path, const Arguments *arguments, GError **error)
{
  g_autoptr (OrrRun) run = NULL;
  g_autoptr (OrrNetwork) network = orr_cli_load_network (path, arguments->run, &run, error);
  g_autoptr (OrrHmm) hmm = network != NULL ? load_model (arguments, path, run, error) : NULL;
  OrrMatchOptions options;

  if (hmm == NULL)
    return FALSE;
  choose_options (arguments, run, &options);
  options.threads = orr_cli_get_threads (cli);
  g_autoptr (GVariant) section = orr_match_evaluate (network, hmm, &options, orr_cli_get_progress (cli), error);
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
  g_auto (Arguments) a = { .sequences = 5000, .sigma = NOT_GIVEN };
  GOptionEntry entries[] = {
    { "hmm", 0, 0, G_OPTION_ARG_STRING, &a.model, "The model: a preset's name or a file (a study's own)", "PRESET|FILE" },
    ORR_CLI_RUN_ENTRY (&a.run),
    { "sequences", 'n', 0, G_OPTION_ARG_INT, &a.sequences, "Sequences of each side (5000)", "N" },
    { "length", 't', 0, G_OPTION_ARG_INT, &a.length, "Steps of each (as in training, or 100)", "T" },
    { "seed", 0, 0, G_OPTION_ARG_INT64, &a.seed, "Seed of both sides (0)", "S" },
    { "sigma", 0, 0, G_OPTION_ARG_DOUBLE, &a.sigma, "Standard deviation of the noise inputs (as in training, or 1)",
      "SIGMA" },
    { "random-initial-state", 0, 0, G_OPTION_ARG_NONE, &a.random_initial_state,
      "h_0 ~ N(0, I) instead of 0 (as in training)", NULL },
    G_OPTION_ENTRY_NULL
  };

  if (!orr_cli_parse (cli, "NET|STUDY.orrery --hmm PRESET|FILE", description, entries, &argc, &argv, error) ||
      !orr_cli_take_operands (argc, argv, 1, "NET", error))
    return FALSE;
  if (a.sequences < 0 || a.length < 0 || (a.sigma != NOT_GIVEN && !(a.sigma >= 0.0 && a.sigma < 1e6)))
    {
      g_set_error_literal (error, ORR_ERROR, ORR_ERROR_INPUT, "--sequences, --length and --sigma cannot be negative");
      return FALSE;
    }
  return evaluate (cli, argv[1], &a, error);
}

const OrrCommand orr_command_evaluate = {
  "evaluate", "Measure how well a network matches a hidden Markov model", run, NULL
};
