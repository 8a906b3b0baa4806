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
    "FILE.weights and FILE.state (all that --resume needs); every four minutes and at the\n"
    "end also a line of FILE.curve. The learning rate follows a cosine over --hours, all\n"
    "runs together, or over --steps.\n\n"
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

#define UNSAID G_MININT64

typedef struct
{
  char    *out;
  char    *encoder;
  char    *objective;
  int      steps;
  int      batch;
  int      width;
  gint64   seed; /* UNSAID where nothing was said */
} Options;

static void
options_clear (Options *self)
{
  g_free (self->out);
  g_free (self->encoder);
  g_free (self->objective);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static gboolean
check (const Options *options, const OrrAgentTraining *training, GError **error)
{
  const OrrCliRange ranges[] = { { "--hours", training->hours, 1e-4, 1e5 },
                                 { "--steps", options->steps, 0, 1e9 },
                                 { "--batch", options->batch, 4, 65536 },
                                 { "--width", options->width, 8, 4096 },
                                 { "--learning-rate", training->learning_rate, 1e-9, 10 },
                                 { "--contrastive", training->contrastive, 0, 1000 } };

  if (options->out == NULL)
    g_set_error_literal (error, ORR_ERROR, ORR_ERROR_INPUT, "Where to? Give --out with the name of a file");
  else if (!orr_cli_check_ranges (ranges, G_N_ELEMENTS (ranges), error))
    return FALSE;
  else if (options->batch % 4 != 0)
    g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "--batch must be divisible by four, and %d is not", options->batch);
  else if (options->objective != NULL && orr_objective_from_name (options->objective) < 0)
    g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT,
                 "There is no objective called \"%s\": choose cross-entropy, published or conservative", options->objective);
  else
    return orr_cli_check_folder (options->out, error);
  return FALSE;
}

/* What a training was begun with stays: to say something else when it goes on is a mistake. */
static gboolean
check_resumed (const Options *options, GError **error)
{
  g_autofree char *path = g_strdup_printf ("%s.weights", options->out);
  g_autoptr (OrrAgent) agent = orr_agent_load (path, error);
  g_autofree char *seed = NULL;
  const char *option = NULL, *was = NULL;
  guint64 begun_with;

  if (agent == NULL || !orr_agent_training_read_seed (options->out, &begun_with, error))
    return FALSE;
  seed = g_strdup_printf ("%" G_GINT64_FORMAT, (gint64) begun_with);
  if (options->objective != NULL && orr_objective_from_name (options->objective) != (int) agent->objective)
    option = "--objective", was = orr_objective_name (agent->objective);
  else if (options->encoder != NULL && g_strcmp0 (options->encoder, agent->encoder->name) != 0)
    option = "--encoder", was = agent->encoder->name;
  else if (options->seed != UNSAID && (guint64) options->seed != begun_with)
    option = "--seed", was = seed;
  else
    return TRUE;
  g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "%s was begun with %s %s, which --resume cannot change", options->out, option,
               was);
  return FALSE;
}

static gboolean
run (OrrCli *cli, int argc, char **argv, GError **error)
{
  OrrAgentTraining training;
  g_auto (Options) o = { .seed = UNSAID };

  orr_agent_training_defaults (&training);
  o.batch = training.batch;
  o.width = training.n_hidden;
  GOptionEntry entries[] = {
    { "out", 0, 0, G_OPTION_ARG_FILENAME, &o.out, "Where the weights go", "FILE" },
    { "hours", 0, 0, G_OPTION_ARG_DOUBLE, &training.hours, "How long, all runs together (1)", "H" },
    { "steps", 0, 0, G_OPTION_ARG_INT, &o.steps, "So many steps in all instead", "N" },
    { "batch", 0, 0, G_OPTION_ARG_INT, &o.batch, "Expressions a step (256)", "N" },
    { "learning-rate", 0, 0, G_OPTION_ARG_DOUBLE, &training.learning_rate, "At its highest (1e-3)", "RATE" },
    { "seed", 0, 0, G_OPTION_ARG_INT64, &o.seed, "Seed of weights and data (0)", "SEED" },
    { "encoder", 0, 0, G_OPTION_ARG_STRING, &o.encoder, "Set encoder: dictionary or attention (dictionary)", "NAME" },
    { "width", 0, 0, G_OPTION_ARG_INT, &o.width, "Of embedding, recurrent unit and head of a new agent (256)", "N" },
    { "objective", 0, 0, G_OPTION_ARG_STRING, &o.objective, "cross-entropy, published or conservative (cross-entropy)", "NAME" },
    { "contrastive", 0, 0, G_OPTION_ARG_DOUBLE, &training.contrastive, "Weight of the contrastive term, 0.5 as published (0)", "WEIGHT" },
    { "resume", 0, 0, G_OPTION_ARG_NONE, &training.resume, "Go on from FILE.state", NULL },
    G_OPTION_ENTRY_NULL
  };

  if (!orr_cli_parse (cli, "--out FILE", description, entries, &argc, &argv, error)
      || !orr_cli_take_operands (argc, argv, 0, "--out FILE", error) || !check (&o, &training, error)
      || (training.resume && !check_resumed (&o, error)))
    return FALSE;
  training.path = o.out;
  training.steps = o.steps;
  training.batch = o.batch;
  training.seed = o.seed != UNSAID ? o.seed : 0;
  training.n_embedding = training.n_hidden = training.n_head = o.width;
  if (o.objective != NULL)
    training.objective = orr_objective_from_name (o.objective);
  if (o.encoder != NULL)
    training.encoder = o.encoder;
  return train (cli, &training, error);
}

const OrrCommand orr_command_agent_train = { "train", "Train the agent that proposes equations", run, NULL };
