/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-agent-default.h"
#include "orr-cli-model.h"
#include "orr-command-agent.h"
#include "orr-error.h"
#include "orr-expected.h"

static const char description[] =
    "Trains the head of the agent that says what R2 to expect after each action, by\n"
    "conservative Q-learning on rewards and from actions it followed to their end; the rest\n"
    "of the agent stays as it is. Data are made fresh all the time, on skeletons that\n"
    "\"agent evaluate --calibration\" never asks about.\n"
    "--objective published or cross-entropy trains a head for comparison.\n\n"
    "JSON: steps, objective, file.\n\n"
    "Example:\n"
    "  orreryctl agent values --agent agent.weights --out agent.weights";

static gboolean
train (OrrCli *cli, const char *path, const char *out, const OrrExpectedTraining *options, GError **error)
{
  g_autoptr (GError) load_error = NULL;
  g_autoptr (OrrAgent) agent = path != NULL ? orr_agent_load (path, &load_error) : orr_agent_load_default (&load_error);
  GVariantDict dict;

  if (load_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&load_error));
      return FALSE;
    }
  if (agent == NULL)
    {
      g_set_error_literal (error, ORR_ERROR, ORR_ERROR_INPUT, "There is no agent to give a head to: name one with --agent");
      return FALSE;
    }
  g_autoptr (OrrAgent) result = orr_expected_train (agent, options, orr_cli_get_progress (cli), error);
  if (result == NULL || !orr_agent_save (result, out, TRUE, error))
    return FALSE;
  if (!orr_cli_wants_json (cli))
    return TRUE;
  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "steps", "x", (gint64) options->steps);
  g_variant_dict_insert (&dict, "objective", "s", orr_objective_name (options->objective));
  g_variant_dict_insert (&dict, "file", "s", out);
  orr_cli_print_json (cli, g_variant_dict_end (&dict));
  return TRUE;
}

static gboolean
run (OrrCli *cli, int argc, char **argv, GError **error)
{
  g_autofree char *agent = NULL, *out = NULL, *objective = NULL;
  OrrExpectedTraining options;
  int steps, rollouts;
  gint64 seed = 0;

  orr_expected_defaults (&options);
  steps = options.steps;
  rollouts = options.rollouts;
  GOptionEntry entries[] = {
    { "agent", 0, 0, G_OPTION_ARG_FILENAME, &agent, "Weights of the agent (those that come with the program)", "FILE" },
    { "out", 0, 0, G_OPTION_ARG_FILENAME, &out, "Where the weights go, body and heads", "FILE" },
    { "steps", 0, 0, G_OPTION_ARG_INT, &steps, "Steps of the optimiser (800)", "N" },
    { "rollouts", 0, 0, G_OPTION_ARG_INT, &rollouts, "Actions followed to their end (12000)", "N" },
    { "objective", 0, 0, G_OPTION_ARG_STRING, &objective, "conservative, published or cross-entropy (conservative)", "NAME" },
    { "seed", 0, 0, G_OPTION_ARG_INT64, &seed, "Seed of weights and data (0)", "SEED" },
    G_OPTION_ENTRY_NULL
  };

  if (!orr_cli_parse (cli, "--out FILE", description, entries, &argc, &argv, error)
      || !orr_cli_take_operands (argc, argv, 0, "--out FILE", error))
    return FALSE;
  const OrrCliRange ranges[] = { { "--steps", steps, 1, 1e6 }, { "--rollouts", rollouts, 100, 1e7 } };
  if (!orr_cli_check_ranges (ranges, G_N_ELEMENTS (ranges), error))
    return FALSE;
  if (out == NULL)
    {
      g_set_error_literal (error, ORR_ERROR, ORR_ERROR_INPUT, "Where to? Give --out with the name of a file");
      return FALSE;
    }
  if (objective != NULL && orr_objective_from_name (objective) < 0)
    {
      g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT,
                   "There is no objective called \"%s\": choose conservative, published or cross-entropy", objective);
      return FALSE;
    }
  if (!orr_cli_check_folder (out, error))
    return FALSE;
  options.steps = steps;
  options.rollouts = rollouts;
  options.seed = seed;
  options.n_threads = orr_cli_get_threads (cli);
  if (objective != NULL)
    options.objective = orr_objective_from_name (objective);
  return train (cli, agent, out, &options, error);
}

const OrrCommand orr_command_agent_values = { "values", "Train what the agent says about the R2 to expect", run, NULL };
