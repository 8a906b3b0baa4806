/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "orr-agent-train.h"
#include "orr-cli-model.h"
#include "orr-command-agent.h"
#include "orr-error.h"
#include "orr-ranks.h"

static const char description[] =
    "Trains the agent that proposes equations, on expressions and data made fresh all the\n"
    "time. Every four minutes, and when interrupted, it writes FILE (the weights in float16),\n"
    "FILE.weights and FILE.state (all that --resume needs) and a line of FILE.curve. The\n"
    "learning rate follows a cosine over --hours, all runs together, or over --steps.\n\n"
    "Objectives: cross-entropy of the demonstrated actions; published, sigmoid (Q) regressed\n"
    "to 0.9 for them and 0.1 for all others; conservative, Q-learning on rewards, for which\n"
    "demonstrations are changed at random and their constants fitted. --contrastive draws\n"
    "tables of the same skeleton together.\n\n"
    "Where built with MPI, mpirun -n 2 (or 4) orreryctl agent train ... shares every step\n"
    "between processes, with the same result.\n\n"
    "JSON: steps, examples, seconds, validation_cross_entropy, validation_accuracy, file.\n\n"
    "Example:\n"
    "  orreryctl agent train --hours 3 --threads 2 --out agent.weights";

static gboolean
train (OrrCli *cli, OrrAgentTraining *training, GError **error)
{
  OrrAgentTrained result;
  GVariantDict dict;

  training->n_threads = orr_cli_get_threads (cli);
  if (!orr_agent_train (training, &result, orr_cli_get_progress (cli), error))
    return FALSE;
  /* What was learned is kept, but the training that was asked for is not done. */
  if (!orr_progress_check (orr_cli_get_progress (cli), NULL))
    {
      g_set_error (error, ORR_ERROR, ORR_ERROR_CANCELLED,
                   "Interrupted after step %" G_GUINT64_FORMAT "; the same command with --resume goes on from %s.state",
                   result.steps, training->path);
      return FALSE;
    }
  if (orr_ranks_index () > 0)
    return TRUE;
  if (!orr_cli_wants_json (cli))
    {
      orr_cli_print (cli, "%" G_GUINT64_FORMAT " examples in %.0f s: accuracy %.4f, cross-entropy %.4f on held-out skeletons\n",
                     result.examples, result.seconds, result.validation.accuracy, result.validation.cross_entropy);
      return TRUE;
    }
  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "steps", "x", (gint64) result.steps);
  g_variant_dict_insert (&dict, "examples", "x", (gint64) result.examples);
  g_variant_dict_insert (&dict, "seconds", "d", result.seconds);
  g_variant_dict_insert (&dict, "validation_cross_entropy", "d", result.validation.cross_entropy);
  g_variant_dict_insert (&dict, "validation_accuracy", "d", result.validation.accuracy);
  g_variant_dict_insert (&dict, "file", "s", training->path);
  orr_cli_print_json (cli, g_variant_dict_end (&dict));
  return TRUE;
}

static gboolean
run (OrrCli *cli, int argc, char **argv, GError **error)
{
  OrrAgentTraining training;
  g_autofree char *out = NULL, *encoder = NULL, *objective = NULL;
  int steps = 0, batch = 0;
  gint64 seed = 0;

  orr_agent_training_defaults (&training);
  GOptionEntry entries[] = {
    { "out", 0, 0, G_OPTION_ARG_FILENAME, &out, "Where the weights go", "FILE" },
    { "hours", 0, 0, G_OPTION_ARG_DOUBLE, &training.hours, "How long, all runs together (1)", "H" },
    { "steps", 0, 0, G_OPTION_ARG_INT, &steps, "So many steps in all instead", "N" },
    { "batch", 0, 0, G_OPTION_ARG_INT, &batch, "Expressions a step (256)", "N" },
    { "learning-rate", 0, 0, G_OPTION_ARG_DOUBLE, &training.learning_rate, "At its highest (1e-3)", "RATE" },
    { "seed", 0, 0, G_OPTION_ARG_INT64, &seed, "Seed of weights and data (0)", "SEED" },
    { "encoder", 0, 0, G_OPTION_ARG_STRING, &encoder, "Set encoder: dictionary or attention (dictionary)", "NAME" },
    { "objective", 0, 0, G_OPTION_ARG_STRING, &objective, "cross-entropy, published or conservative (cross-entropy)", "NAME" },
    { "contrastive", 0, 0, G_OPTION_ARG_DOUBLE, &training.contrastive, "Weight of the contrastive term, 0.5 as published (0)", "WEIGHT" },
    { "resume", 0, 0, G_OPTION_ARG_NONE, &training.resume, "Go on from FILE.state", NULL },
    G_OPTION_ENTRY_NULL
  };

  if (!orr_cli_parse (cli, "--out FILE", description, entries, &argc, &argv, error)
      || !orr_cli_take_operands (argc, argv, 0, "--out FILE", error))
    return FALSE;
  if (batch == 0)
    batch = training.batch;
  if (out == NULL || steps < 0 || batch < 4 || batch % 4 != 0 || !(training.hours > 0.0) || !(training.learning_rate > 0.0 && training.learning_rate < 10.0)
      || !(training.contrastive >= 0.0 && training.contrastive < 1e3) || (objective != NULL && orr_objective_from_name (objective) < 0))
    {
      g_set_error_literal (error, ORR_ERROR, ORR_ERROR_INPUT,
                           "agent train needs --out FILE, positive --hours, a --learning-rate between 0 and 10, a --batch divisible by four, "
                           "a --contrastive weight of 0 or more and an --objective of cross-entropy, published or conservative");
      return FALSE;
    }
  if (!orr_cli_check_folder (out, error))
    return FALSE;
  training.path = out;
  training.steps = steps;
  training.batch = batch;
  training.seed = seed;
  if (objective != NULL)
    training.objective = orr_objective_from_name (objective);
  if (encoder != NULL)
    training.encoder = encoder;
  return train (cli, &training, error);
}

const OrrCommand orr_command_agent_train = { "train", "Train the agent that proposes equations", run, NULL };
