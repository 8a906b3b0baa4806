/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include "orr-commands.h"
#include "orr-error.h"
#include "orr-file.h"
#include "orr-json.h"
#include "orr-section.h"
#include "orr-sweep.h"

static const char help_text[] =
  "Trains many networks into one folder: all combinations of what SPEC.json lists, such as\n"
  "\n"
  "  {\"presets\": [\"two\", \"three\", \"four\", \"five\"], \"hidden\": [50, 150, 200],\n"
  "   \"noise_dim\": [1, 10, 100, 200], \"seeds\": [0, 1, 2]}\n"
  "\n"
  "Further fields: \"recipe\" (\"published\", \"faithful\", \"quick\", or a list of them: then all but the\n"
  "published one are part of the networks' names) and \"options\", an object of training options set over\n"
  "the recipe's, such as {\"epochs\": 200, \"snapshot_every\": 25}; as in orreryctl train, what a recipe\n"
  "does from an epoch on moves along with \"epochs\" unless it is given as well.\n"
  "\n"
  "Each network becomes DIR/NAME.orrery. A finished network is never trained again; one that was cut off\n"
  "goes on from its last checkpoint. Any number of processes may work in one folder at the same time: on\n"
  "one machine, or on many that share the folder. So under a launcher there is nothing to set up:\n"
  "\n"
  "  mpirun --enable-recovery -n 8 orreryctl sweep spec.json --out DIR --jobs 1 --threads 1\n"
  "  sbatch --array=0-9 ... orreryctl sweep spec.json --out DIR --shard $SLURM_ARRAY_TASK_ID/10\n"
  "\n"
  "All stay until every network is finished: one whose process dies is taken over by another, from its\n"
  "checkpoint (mpirun itself ends the others unless it has --enable-recovery). No MPI library is needed.\n"
  "\n"
  "Ends with DIR/summary.csv, DIR/summary.json and DIR/summary.md (a table to read, beside the published\n"
  "figures), one row a finished network.\n";

static gboolean
parse_shard (const char *text, OrrSweepOptions *options, GError **error)
{
  g_auto (GStrv) parts = text != NULL ? g_strsplit (text, "/", 2) : NULL;
  guint64 shard, n;

  if (text == NULL)
    return TRUE;
  if (g_strv_length (parts) != 2 || !g_ascii_string_to_unsigned (parts[1], 10, 1, 100000, &n, NULL) ||
      !g_ascii_string_to_unsigned (parts[0], 10, 0, n - 1, &shard, NULL))
    {
      g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "--shard is I/N with I from 0 to N - 1, not \"%s\"", text);
      return FALSE;
    }
  options->shard = shard;
  options->n_shards = n;
  return TRUE;
}

static GPtrArray *
load_plan (const char *path, GError **error)
{
  g_autoptr (GBytes) bytes = orr_file_read (path, error);
  if (bytes == NULL)
    return NULL;

  g_autoptr (GVariant) spec = orr_json_parse (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), error);
  GPtrArray *tasks = spec != NULL ? orr_sweep_plan (spec, error) : NULL;
  if (tasks == NULL)
    orr_file_prefix_error (error, path);
  return tasks;
}

static void
print_summary (OrrCli *cli, GVariant *summary)
{
  g_autoptr (GVariant) rows = orr_section_get_child (summary, "networks");

  orr_cli_print (cli, "%-28s %10s %6s %9s %10s %10s %12s\n", "network", "best loss", "epoch", "seconds", "transition",
                 "frequency", "volatility");
  for (gsize i = 0; i < g_variant_n_children (rows); i++)
    {
      g_autoptr (GVariant) row = g_variant_get_child_value (rows, i);
      g_autofree char *name = orr_section_dup_string (row, "name");

      orr_cli_print (cli, "%-28s %10.3f %6d %9.1f %10.5f %10.4f %5.2f / %.2f\n", name,
                     orr_section_get_double (row, "best_validation_loss", 0),
                     (int) orr_section_get_int (row, "best_epoch", 0), orr_section_get_double (row, "seconds", 0),
                     orr_section_get_double (row, "transition_error", 0),
                     orr_section_get_double (row, "frequency_error", 0),
                     orr_section_get_double (row, "volatility_rnn", 0),
                     orr_section_get_double (row, "volatility_hmm", 0));
    }
  orr_cli_print (cli, "%d of %d networks are finished.\n", (int) orr_section_get_int (summary, "finished", 0),
                 (int) orr_section_get_int (summary, "planned", 0));
}

static gboolean
run (OrrCli *cli, int argc, char **argv, GError **error)
{
  OrrSweepOptions options = { .n_shards = 1 };
  g_autofree char *directory = NULL;
  g_autofree char *shard = NULL;
  gboolean table = FALSE;
  int jobs = 0;
  GOptionEntry entries[] = {
    { "out", 0, 0, G_OPTION_ARG_FILENAME, &directory, "Folder of the networks and the summary", "DIR" },
    { "jobs", 0, 0, G_OPTION_ARG_INT, &jobs, "Networks trained at once (default: one a thread)", "N" },
    { "table", 0, 0, G_OPTION_ARG_NONE, &table, "Train nothing: only write the summary of what is finished", NULL },
    { "shard", 0, 0, G_OPTION_ARG_STRING, &shard, "Take only every N-th network, from the I-th (from 0)", "I/N" },
    G_OPTION_ENTRY_NULL
  };

  if (!orr_cli_parse (cli, "SPEC.json --out DIR", help_text, entries, &argc, &argv, error) ||
      !parse_shard (shard, &options, error))
    return FALSE;
  if (argc != 2 || directory == NULL || jobs < 0)
    {
      g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT,
                   "A sweep needs one SPEC.json, --out DIR, and --jobs of at least 1 where given");
      return FALSE;
    }

  g_autoptr (GPtrArray) tasks = load_plan (argv[1], error);
  if (tasks == NULL)
    return FALSE;
  if (table && !g_file_test (directory, G_FILE_TEST_IS_DIR))
    {
      g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "There is no folder \"%s\" with networks to make a table of",
                   directory);
      return FALSE;
    }
  guint cores = orr_cli_get_threads (cli);
  options.jobs = jobs > 0 ? (guint) jobs : MIN (cores, tasks->len);
  options.threads = MAX (cores / options.jobs, 1);

  g_autoptr (GError) failure = NULL;
  gboolean done = table || orr_sweep_run (tasks, directory, &options, orr_cli_get_progress (cli), &failure);
  g_autoptr (GVariant) summary = orr_sweep_summarise (tasks, directory, done ? error : NULL);
  if (summary == NULL || !orr_sweep_write_summary (summary, directory, done ? error : NULL))
    done = FALSE;
  if (failure != NULL)
    g_propagate_error (error, g_steal_pointer (&failure));
  if (!done)
    return FALSE;

  print_summary (cli, summary);
  if (orr_cli_wants_json (cli))
    orr_cli_print_json (cli, summary);
  return TRUE;
}

const OrrCommand orr_command_sweep = { "sweep", "Train many networks, on one machine or many", run, NULL };
