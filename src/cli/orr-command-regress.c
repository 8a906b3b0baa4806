/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "orr-agent-default.h"
#include "orr-cli-model.h"
#include "orr-commands.h"
#include "orr-error.h"
#include "orr-expr-print.h"
#include "orr-refine.h"
#include "orr-regress-data.h"
#include "orr-regress.h"
#include "orr-section.h"

static const char description[] =
    "Finds equations that explain one column of a table by the others. DATA.csv has one\n"
    "row an observation, with or without a heading, separated by commas, semicolons or\n"
    "tabs; rows with missing numbers are left out. The target is the column called y, or\n"
    "the last one. In --expression, ? stands for a part to be found and c for a constant\n"
    "to be fitted; the rest stays as it is written. Columns are x_1, x_2 ... or called by\n"
    "their names (in backquotes where a name has spaces). A column called c is `c`, in\n"
    "backquotes; other columns' names come before e, pi, c_1 and x_1.\n\n"
    "The agent and the search use up to three columns, those of --require and those that\n"
    "tell most about the target by themselves; --inputs names the ones to choose from. Of\n"
    "more than 64, those of --expression, of --require and the most telling ones are taken.\n\n"
    "Numbers of --offer may be used as they stand, beside constants that are fitted (or\n"
    "instead of them, with --forbid c).\n\n"
    "With --steps the answer depends on the table, the options and the seed alone; with\n"
    "--time on the machine's speed, too. Both stop early when an equation fits exactly.\n"
    "Interrupted, it prints what it has found (exit status 130).\n\n"
    "JSON: best, candidates[] (expression, skeleton, complexity, r2, r2_held_out,\n"
    "constants, standard_errors, latex, python), seconds, tried, rows, rows_left_out,\n"
    "target, columns, agent; with --refine also refinement (steps, tried, best_r2,\n"
    "first_r2, last_r2: mean R2 of what the agent tried in the first and last tenth).\n\n"
    "Examples:\n"
    "  orreryctl regress planets.csv --target period\n"
    "  orreryctl regress data.csv --expression 'c*sin(?) + ?' --forbid tan,abs --time 30 --json";

typedef struct
{
  char    *target;
  char    *inputs;
  char    *expression;
  char    *forbid;
  char    *require;
  char    *offer;
  double   length_penalty;
  char    *agent;
  gboolean no_agent;
  double   seconds;
  int      steps;
  int      beam;
  int      refine;
  gint64   seed;
} Options;

static gboolean
parse_forbidden (const char *list, guint64 *forbidden, GError **error)
{
  g_auto (GStrv) names = list != NULL ? g_strsplit (list, ",", -1) : NULL;

  for (guint i = 0; names != NULL && names[i] != NULL; i++)
    {
      int action = orr_action_from_name (g_strstrip (names[i]));
      if (action < 0)
        {
          g_autoptr (GString) known = g_string_new (NULL);
          for (guint k = 0; k < ORR_ACTIONS_FIRST_VARIABLE; k++)
            g_string_append_printf (known, "%s%s", k > 0 ? " " : "", orr_action_name (k));
          g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "--forbid does not know \"%s\"; it knows: %s", names[i], known->str);
          return FALSE;
        }
      *forbidden |= G_GUINT64_CONSTANT (1) << action;
    }
  return TRUE;
}

static gboolean
parse_offered (const char *list, OrrRegressOptions *how, GError **error)
{
  g_auto (GStrv) items = list != NULL ? g_strsplit (list, ",", -1) : NULL;

  for (guint i = 0; items != NULL && items[i] != NULL; i++)
    {
      char *end, *item = g_strstrip (items[i]);
      double value = g_ascii_strtod (item, &end);
      if (end == item || *end != '\0' || !isfinite (value))
        {
          g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "--offer takes numbers separated by commas, and \"%s\" is none", item);
          return FALSE;
        }
      if (how->n_offered == ORR_ACTIONS_MAX_OFFERED)
        {
          g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "--offer takes at most %d numbers", ORR_ACTIONS_MAX_OFFERED);
          return FALSE;
        }
      how->offered[how->n_offered++] = value;
    }
  return TRUE;
}

static OrrAgent *
load_agent (OrrCli *cli, const Options *options, GError **error)
{
  if (options->no_agent)
    return NULL;
  if (options->agent != NULL)
    return orr_agent_load (options->agent, error);

  g_autoptr (GError) problem = NULL;
  OrrAgent *agent = orr_agent_load_default (&problem);
  if (agent == NULL)
    orr_cli_message (cli, "%s; searching without the agent.", problem != NULL ? problem->message : "No agent's weights are installed");
  return agent;
}

static char *
print_as (const OrrExpr *expr, OrrExprFormat format, const OrrRegressData *data)
{
  const OrrExprPrint how = { .format = format, .names = (const char *const *) data->names->pdata, .n_names = data->n_inputs };
  return orr_expr_print (expr, &how);
}

static GVariant *
law_section (const OrrLaw *law, const OrrRegressData *data)
{
  const char *const *names = (const char *const *) data->names->pdata;
  g_autofree char *text = orr_expr_to_text (law->expr, names, data->n_inputs);
  g_autofree char *skeleton = orr_expr_to_skeleton (law->expr, names, data->n_inputs);
  g_autofree char *latex = print_as (law->expr, ORR_EXPR_LATEX, data), *python = print_as (law->expr, ORR_EXPR_PYTHON, data);
  GVariantDict dict;

  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "expression", "s", text);
  g_variant_dict_insert (&dict, "skeleton", "s", skeleton);
  g_variant_dict_insert (&dict, "complexity", "x", (gint64) law->complexity);
  g_variant_dict_insert (&dict, "r2", "d", law->r2);
  g_variant_dict_insert (&dict, "r2_held_out", "d", law->r2_held_out);
  g_variant_dict_insert_value (&dict, "constants", orr_section_new_doubles (law->fit.constants, law->fit.n_constants));
  g_variant_dict_insert_value (&dict, "standard_errors",
                               orr_section_new_doubles (law->fit.standard_errors, law->fit.n_constants));
  g_variant_dict_insert (&dict, "latex", "s", latex);
  g_variant_dict_insert (&dict, "python", "s", python);
  return g_variant_dict_end (&dict);
}

static GVariant *
refinement_section (const OrrRefinement *refinement)
{
  GVariantDict dict;

  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "steps", "x", (gint64) refinement->steps);
  g_variant_dict_insert (&dict, "tried", "x", (gint64) refinement->n_tried);
  g_variant_dict_insert (&dict, "best_r2", "d", refinement->best_reward);
  g_variant_dict_insert (&dict, "first_r2", "d", refinement->first_reward);
  g_variant_dict_insert (&dict, "last_r2", "d", refinement->last_reward);
  return g_variant_dict_end (&dict);
}

static GVariant *
result_section (const OrrRegression *result, const OrrRegressData *data, const OrrAgent *agent, const OrrRefinement *refinement)
{
  GVariantBuilder laws;
  GVariantDict dict;

  g_variant_builder_init (&laws, G_VARIANT_TYPE ("aa{sv}"));
  for (guint i = 0; i < result->laws->len; i++)
    g_variant_builder_add_value (&laws, law_section (orr_regression_law (result, i), data));
  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert_value (&dict, "best", law_section (orr_regression_law (result, result->best), data));
  g_variant_dict_insert_value (&dict, "candidates", g_variant_builder_end (&laws));
  g_variant_dict_insert (&dict, "seconds", "d", result->seconds);
  g_variant_dict_insert (&dict, "tried", "x", (gint64) result->n_tried);
  g_variant_dict_insert (&dict, "rows", "x", (gint64) data->n_rows);
  g_variant_dict_insert (&dict, "rows_left_out", "x", (gint64) data->n_left_out);
  g_variant_dict_insert (&dict, "target", "s", data->target);
  g_variant_dict_insert_value (&dict, "columns", g_variant_new_strv ((const char *const *) data->names->pdata, -1));
  g_variant_dict_insert (&dict, "agent", "b", agent != NULL);
  if (refinement->steps > 0)
    g_variant_dict_insert_value (&dict, "refinement", refinement_section (refinement));
  return g_variant_dict_end (&dict);
}

/* The agent after it has practised on this table, or @agent itself when nobody asked for that. */
static OrrAgent *
refine (OrrCli *cli, OrrAgent *agent, const OrrSamples *samples, const OrrRegressOptions *how, int steps,
        OrrRefinement *refinement, GError **error)
{
  OrrRefineOptions options;

  if (agent == NULL || steps == 0)
    return agent != NULL ? orr_agent_ref (agent) : NULL;
  orr_refine_defaults (&options);
  options.steps = steps;
  OrrAgent *refined = orr_agent_refine (agent, samples, how, &options, refinement, orr_cli_get_progress (cli), error);
  if (refined != NULL && !orr_cli_wants_json (cli))
    orr_cli_message (cli, "Refined on %u expressions: their mean R2 went from %.3f to %.3f.", refinement->n_tried,
                     refinement->first_reward, refinement->last_reward);
  return refined;
}

static void
print_laws (OrrCli *cli, const OrrRegression *result, const OrrRegressData *data)
{
  orr_cli_print (cli, "  %10s  %12s  %s\n", "complexity", "1 - R2", data->target);
  for (guint i = 0; i < result->laws->len; i++)
    {
      const OrrLaw *law = orr_regression_law (result, i);
      const OrrExprPrint how = { .names = (const char *const *) data->names->pdata, .n_names = data->n_inputs, .digits = 6 };
      g_autofree char *text = orr_expr_print (law->expr, &how);
      orr_cli_print (cli, "%c %10u  %12.3g  %s\n", i == result->best ? '*' : ' ', law->complexity, MAX (1.0 - law->r2, 0.0), text);
    }
}

/* Everything that can be wrong is said before anything else is, and then what a person should know about the table. */
static gboolean
check (OrrCli *cli, const OrrSamples *samples, const OrrRegressOptions *how, const OrrRegressData *data, GError **error)
{
  g_autoptr (OrrProblem) problem = NULL;
  g_autoptr (OrrTemplate) template = NULL;

  if (!orr_regress_prepare (samples, how, &problem, &template, error))
    return FALSE;
  orr_regress_data_report (data, cli, template->n_holes > 0 ? problem->order : NULL);
  return TRUE;
}

static gboolean
regress (OrrCli *cli, const char *path, const Options *options, GError **error)
{
  g_auto (OrrRegressData) data = { NULL };
  OrrRegressOptions how;

  orr_regress_defaults (&how);
  const OrrRegressQuestion question = { path, options->target, options->inputs, options->require, options->expression };
  if (!orr_regress_data_load (&data, &question, error) || !parse_forbidden (options->forbid, &how.forbidden, error)
      || !parse_offered (options->offer, &how, error))
    return FALSE;
  how.required = data.required;
  how.expression = data.expression;
  how.beam = options->beam;
  how.length_penalty = options->length_penalty;
  how.seconds = options->seconds;
  how.steps = options->steps;
  how.seed = options->seed;
  how.n_threads = orr_cli_get_threads (cli);

  g_autoptr (GError) agent_error = NULL;
  g_autoptr (OrrAgent) agent = load_agent (cli, options, &agent_error);
  if (agent_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&agent_error));
      return FALSE;
    }
  const OrrSamples samples = { data.values, data.n_rows, data.n_inputs, data.values + data.n_inputs * data.n_rows, data.n_rows };
  if (!check (cli, &samples, &how, &data, error))
    return FALSE;
  /* Without an agent and without time there would be nothing to answer with. */
  if (agent == NULL && how.steps == 0 && how.seconds == 0.0)
    how.steps = 1;
  OrrRefinement refinement = { 0 };
  g_autoptr (OrrAgent) refined = refine (cli, agent, &samples, &how, options->refine, &refinement, error);
  if (agent != NULL && refined == NULL)
    return FALSE;
  g_autoptr (OrrRegression) result = orr_regress (refined, &samples, &how, orr_cli_get_progress (cli), error);
  if (result == NULL)
    return FALSE;
  if (orr_cli_wants_json (cli))
    orr_cli_print_json (cli, result_section (result, &data, refined, &refinement));
  else
    print_laws (cli, result, &data);
  /* What was found until then is worth having; that it is not all is said by the status. */
  if (!orr_progress_check (orr_cli_get_progress (cli), NULL))
    {
      g_set_error_literal (error, ORR_ERROR, ORR_ERROR_CANCELLED, "Interrupted; this is what was found until then");
      return FALSE;
    }
  return TRUE;
}

static gboolean
run (OrrCli *cli, int argc, char **argv, GError **error)
{
  Options o = { .seconds = 10.0, .beam = 128 };
  GOptionEntry entries[] = {
    { "target", 0, 0, G_OPTION_ARG_STRING, &o.target, "Column to explain (y, or the last)", "COLUMN" },
    { "inputs", 0, 0, G_OPTION_ARG_STRING, &o.inputs, "Columns that may explain it (all others)", "COLUMN,..." },
    { "expression", 0, 0, G_OPTION_ARG_STRING, &o.expression, "Formula with ? for the parts to find", "TEXT" },
    { "forbid", 0, 0, G_OPTION_ARG_STRING, &o.forbid, "Operators never to be used, such as tan,abs", "OP,..." },
    { "require", 0, 0, G_OPTION_ARG_STRING, &o.require, "Columns that must appear", "COLUMN,..." },
    { "offer", 0, 0, G_OPTION_ARG_STRING, &o.offer, "Numbers that may be used, such as 9.81,3.14 (at most 8)", "NUMBER,..." },
    { "length-penalty", 0, 0, G_OPTION_ARG_DOUBLE, &o.length_penalty, "Prefer shorter equations: nats an operator or leaf costs (0)", "NATS" },
    { "time", 0, 0, G_OPTION_ARG_DOUBLE, &o.seconds, "Search for so long after the agent's proposals (10)", "SECONDS" },
    { "steps", 0, 0, G_OPTION_ARG_INT, &o.steps, "Search for so many generations instead", "N" },
    { "beam", 0, 0, G_OPTION_ARG_INT, &o.beam, "Width of the agent's beam search (128)", "N" },
    { "seed", 0, 0, G_OPTION_ARG_INT64, &o.seed, "Seed of everything random (0)", "SEED" },
    { "agent", 0, 0, G_OPTION_ARG_FILENAME, &o.agent, "Weights of the agent", "FILE" },
    { "refine", 0, 0, G_OPTION_ARG_INT, &o.refine, "Let the agent learn on this table first, so many steps", "N" },
    { "no-agent", 0, 0, G_OPTION_ARG_NONE, &o.no_agent, "Search without the agent", NULL },
    G_OPTION_ENTRY_NULL
  };
  gboolean ok = FALSE;

  if (orr_cli_parse (cli, "DATA.csv", description, entries, &argc, &argv, error)
      && orr_cli_take_operands (argc, argv, 1, "DATA.csv", error))
    {
      const OrrCliRange ranges[] = { { "--time", o.seconds, 0, 1e7 },  { "--steps", o.steps, 0, 1e9 },
                                     { "--beam", o.beam, 0, 4096 },    { "--refine", o.refine, 0, 1e6 },
                                     { "--length-penalty", o.length_penalty, 0, 1000 } };

      if (!orr_cli_check_ranges (ranges, G_N_ELEMENTS (ranges), error))
        ok = FALSE;
      else if (o.no_agent && (o.agent != NULL || o.refine > 0))
        g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "--no-agent and --%s contradict each other",
                     o.agent != NULL ? "agent" : "refine");
      else
        ok = regress (cli, argv[1], &o, error);
    }
  g_free (o.target);
  g_free (o.inputs);
  g_free (o.expression);
  g_free (o.forbid);
  g_free (o.require);
  g_free (o.offer);
  g_free (o.agent);
  return ok;
}

const OrrCommand orr_command_regress = { "regress", "Find equations that explain a table", run, NULL };
