/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-commands.h"

#include <string.h>

#include "orr-analyses.h"
#include "orr-cli-model.h"
#include "orr-cli-network.h"
#include "orr-error.h"
#include "orr-reduction.h"
#include "orr-table.h"

/* All visited states are kept: some gigabytes for the usual network. */
#define MAX_STEPS 5000000

static const char description[] =
    "What of a network an equation can be sought for, as a table for \"orreryctl regress\":\n"
    "  phase_speed  d theta / dt = f (theta), around the orbit in the plane of PC1 and PC2\n"
    "  flow         dPC1, dPC2 = f (PC1, PC2): the mean displacement in cells of the plane\n"
    "  map          PC1, PC2 a step later = f (PC1, PC2), step by step\n"
    "  emission     p (theta) of the symbol of --symbol\n"
    "  residency    steps until the symbol changes, by phase\n"
    "  rate         transition rate by the noise's standard deviation sigma\n"
    "The table has the inputs and one target; with --all also standard errors, where they can\n"
    "be had, and what else could be an input. The network is a file of its own or one of\n"
    "a study, whose analyses are used where it has them.\n\n"
    "JSON: kind, rows, columns and target of the file, targets and errors there are, out.\n\n"
    "Examples:\n"
    "  orreryctl reduce three.orrery --kind rate --out rate.csv\n"
    "  orreryctl regress rate.csv --target rate --expression 'c*exp(-c/sigma^2)'";

typedef struct
{
  char  *kind;
  char  *out;
  char  *run;
  char  *target;
  gboolean all;
  int    symbol;
  int    steps;
  int    start;
  int    end;
  double noise;
  gint64 seed;
} Options;

static OrrReduction *
reduce_section (const char *name, OrrReductionKind kind, const OrrNetwork *network, const OrrRun *run,
                const Options *o, OrrCli *cli, GError **error)
{
  g_autoptr (GVariant) section = run != NULL ? orr_run_get_section (run, name) : NULL;
  OrrAnalysisOptions options;

  if (section == NULL)
    {
      orr_analysis_options_init (&options);
      options.n_steps = o->steps;
      options.noise_sd = o->noise;
      options.seed = o->seed;
      options.threads = orr_cli_get_threads (cli);
      options.hmm = run != NULL ? run->hmm : NULL;
      section = orr_analysis_find (name)->run (network, &options, orr_cli_get_progress (cli), error);
    }
  return section != NULL ? orr_reduction_from_section (section, kind, 0, error) : NULL;
}

static OrrReduction *
reduce_motion (OrrReductionKind kind, const OrrNetwork *network, const Options *o, OrrCli *cli, GError **error)
{
  OrrTrajectoryOptions options;
  const OrrReductionOptions range = { o->start, o->end, o->symbol - 1 };

  orr_trajectory_options_init (&options);
  options.n_steps = o->steps;
  options.noise_sd = o->noise;
  options.seed = o->seed;
  g_autoptr (OrrMotion) motion = orr_motion_compute (network, NULL, &options, orr_cli_get_progress (cli), error);
  return motion != NULL ? orr_reduction_from_motion (motion, kind, &range, error) : NULL;
}

/* Which of a system's equations the table is for. */
static int
find_target (const OrrReduction *reduction, const char *name, GError **error)
{
  g_autoptr (GString) known = g_string_new (NULL);

  if (name == NULL)
    return reduction->targets[0];
  for (guint i = 0; i < reduction->n_targets; i++)
    {
      const char *column = reduction->columns[reduction->targets[i]];

      if (g_str_equal (name, column))
        return reduction->targets[i];
      g_string_append_printf (known, "%s%s", i == 0 ? "" : " or ", column);
    }
  g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "This table has no target called \"%s\": it is %s", name, known->str);
  return -1;
}

/* The inputs and one target, so that every other column of the file may explain it; or everything. Ended by NULL. */
static guint
choose_columns (const OrrReduction *reduction, const Options *o, guint target, guint *chosen, const char **names)
{
  guint n = 0;

  for (guint c = 0; c < (o->all ? reduction->n_columns : reduction->n_inputs); c++)
    chosen[n++] = c;
  if (!o->all)
    chosen[n++] = target;
  for (guint c = 0; c < n; c++)
    names[c] = reduction->columns[chosen[c]];
  names[n] = NULL;
  return n;
}

static gboolean
save (const OrrReduction *reduction, const guint *chosen, guint n, const char *const *names, const char *path, GError **error)
{
  g_autoptr (OrrTable) table = orr_table_new (reduction->n_rows, n, names);

  for (guint c = 0; c < n; c++)
    memcpy (table->columns[c].numbers, reduction->values + chosen[c] * reduction->n_rows,
            reduction->n_rows * sizeof (double));
  return orr_table_save (table, path, error);
}

static GVariant *
describe (const OrrReduction *table, guint target, const char *const *columns, const char *out)
{
  const char *targets[3] = { NULL }, *errors[3] = { NULL };
  GVariantDict dict;

  for (guint i = 0; i < table->n_targets; i++)
    {
      targets[i] = table->columns[table->targets[i]];
      errors[i] = table->errors[i] >= 0 ? table->columns[table->errors[i]] : "";
    }
  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "kind", "s", orr_reduction_kind_name (table->kind));
  g_variant_dict_insert (&dict, "rows", "x", (gint64) table->n_rows);
  g_variant_dict_insert_value (&dict, "columns", g_variant_new_strv (columns, -1));
  g_variant_dict_insert (&dict, "target", "s", table->columns[target]);
  g_variant_dict_insert_value (&dict, "targets", g_variant_new_strv (targets, table->n_targets));
  g_variant_dict_insert_value (&dict, "errors", g_variant_new_strv (errors, table->n_targets));
  g_variant_dict_insert (&dict, "out", "s", out);
  return g_variant_dict_end (&dict);
}

static gboolean
check (const Options *o, GError **error)
{
  if (o->kind == NULL || orr_reduction_kind_find (o->kind) < 0)
    g_set_error_literal (error, ORR_ERROR, ORR_ERROR_INPUT,
                         "Which table? --kind is phase_speed, flow, map, emission, residency or rate");
  else if (o->out == NULL)
    g_set_error_literal (error, ORR_ERROR, ORR_ERROR_INPUT, "Where to? Give --out with the name of a CSV file");
  else if (o->steps < 50 || o->steps > MAX_STEPS || o->start < 0 || o->end < 0 || !(o->noise >= 0.0 && o->noise < 1e6))
    g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT,
                 "--steps is 50 to %d, and --start, --end and --noise are not negative", MAX_STEPS);
  else
    return TRUE;
  return FALSE;
}

static gboolean
reduce (OrrCli *cli, const char *path, const Options *o, GError **error)
{
  g_autoptr (OrrRun) run = NULL;
  g_autoptr (OrrReduction) table = NULL;

  if (!check (o, error) || !orr_cli_check_folder (o->out, error))
    return FALSE;
  OrrReductionKind kind = orr_reduction_kind_find (o->kind);
  g_autoptr (OrrNetwork) network = orr_cli_load_network (path, o->run, &run, error);
  if (network == NULL)
    return FALSE;
  if (kind == ORR_REDUCTION_EMISSION && (o->symbol < 1 || o->symbol > (int) network->n_symbols))
    {
      g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "--symbol is 1 to %u for this network", network->n_symbols);
      return FALSE;
    }
  if (kind == ORR_REDUCTION_RESIDENCY)
    table = reduce_section ("residency", kind, network, run, o, cli, error);
  else if (kind == ORR_REDUCTION_RATE)
    table = reduce_section ("resonance", kind, network, run, o, cli, error);
  else
    table = reduce_motion (kind, network, o, cli, error);
  if (table == NULL)
    return FALSE;

  const char *columns[ORR_REDUCTION_MAX_COLUMNS + 1];
  guint chosen[ORR_REDUCTION_MAX_COLUMNS];
  int target = find_target (table, o->target, error);
  if (target < 0)
    return FALSE;
  guint n = choose_columns (table, o, target, chosen, columns);
  if (!save (table, chosen, n, columns, o->out, error))
    return FALSE;
  if (orr_cli_wants_json (cli))
    orr_cli_print_json (cli, describe (table, target, columns, o->out));
  else
    orr_cli_print (cli, "%s: %" G_GSIZE_FORMAT " rows, target %s\n", o->out, table->n_rows, table->columns[target]);
  return TRUE;
}

static gboolean
run_command (OrrCli *cli, int argc, char **argv, GError **error)
{
  Options o = { .symbol = 1, .steps = 30000, .noise = 1.0 };
  GOptionEntry entries[] = {
    { "kind", 0, 0, G_OPTION_ARG_STRING, &o.kind, "Which table", "KIND" },
    { "out", 0, 0, G_OPTION_ARG_FILENAME, &o.out, "Where to write it", "DATA.csv" },
    ORR_CLI_RUN_ENTRY (&o.run),
    { "target", 0, 0, G_OPTION_ARG_STRING, &o.target, "Which equation of a system (the first)", "COLUMN" },
    { "all", 0, 0, G_OPTION_ARG_NONE, &o.all, "Every column: standard errors, visits, the other target", NULL },
    { "symbol", 0, 0, G_OPTION_ARG_INT, &o.symbol, "Whose emission, counted from 1 (1)", "K" },
    { "steps", 0, 0, G_OPTION_ARG_INT, &o.steps, "Steps to simulate (30000)", "N" },
    { "start", 0, 0, G_OPTION_ARG_INT, &o.start, "First step to use (0)", "STEP" },
    { "end", 0, 0, G_OPTION_ARG_INT, &o.end, "Step after the last one to use (all)", "STEP" },
    { "noise", 0, 0, G_OPTION_ARG_DOUBLE, &o.noise, "S.d. of the noise, in units of the training's (1)", "SIGMA" },
    { "seed", 0, 0, G_OPTION_ARG_INT64, &o.seed, "Seed of the noise (0)", "SEED" },
    G_OPTION_ENTRY_NULL
  };
  gboolean ok = orr_cli_parse (cli, "STUDY.orrery|NET", description, entries, &argc, &argv, error) &&
                orr_cli_take_operands (argc, argv, 1, "STUDY.orrery|NET", error) && reduce (cli, argv[1], &o, error);

  g_free (o.kind);
  g_free (o.out);
  g_free (o.run);
  g_free (o.target);
  return ok;
}

const OrrCommand orr_command_reduce = {
  "reduce", "Write what of a network an equation can be sought for", run_command, NULL
};
