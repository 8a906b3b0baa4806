/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "orr-agent-default.h"
#include "orr-agent-train.h"
#include "orr-benchmark.h"
#include "orr-calibration-report.h"
#include "orr-cli-model.h"
#include "orr-command-agent.h"
#include "orr-error.h"
#include "orr-expr-parse.h"
#include "orr-expr-print.h"
#include "orr-section.h"

static const char description[] =
    "Asks for laws that are known: the agent alone (its beam search), the agent with a\n"
    "search of --time seconds, and the search without the agent, so that what the agent\n"
    "contributes is visible. Suites: nguyen, keijzer, constant, r, feynman, all (these\n"
    "five), and ssdnc: --skeletons held-out skeletons with --draws draws of constants each,\n"
    "rows with |y| below 5e4 as in the training data, and no law that rounding makes\n"
    "unrecognisable, such as cos(exp(x_1^2)).\n"
    "A law counts as recovered with R2 above 0.9999 on fresh points inside and outside\n"
    "the sampled range, and as exact when the equivalence test says so, too.\n\n"
    "With --calibration it asks instead whether the values mean what they say: an action in\n"
    "an open place of a tree for a held-out skeleton, the R2 predicted for it, and the best\n"
    "R2 that the agent then reaches (beam 16, constants fitted), in ten bins.\n\n"
    "Interrupted, it prints what it has measured (exit status 130).\n\n"
    "JSON: modes[] (mode, laws, exact, recovered, complexity, seconds, cpu_seconds,\n"
    "results[]), suite, support, noise, time, interrupted; or calibration[] (values,\n"
    "objective, actions, expected_calibration_error, mean_predicted, mean_realised,\n"
    "correlation, bins[]).\n\n"
    "Example:\n"
    "  orreryctl agent evaluate --suite all --time 10 --threads 2";

typedef struct
{
  char    *suite;
  char    *agent;
  char    *modes;
  double   seconds;
  int      steps;
  double   noise;
  int      beam;
  int      points;
  int      skeletons;
  int      draws;
  gint64   seed;
  int      refine;
  int      calibration;
  gboolean own_support;
  gboolean cpu_time;
} Options;

/* One law to find, and what it is called. */
typedef struct
{
  char   *name;
  OrrExpr *law;
  double low, high, largest; /* of the columns, of |y| */
} Question;

static void
question_free (Question *self)
{
  g_free (self->name);
  orr_expr_unref (self->law);
  g_free (self);
}

typedef struct
{
  const char      *name;
  gboolean         with_agent;
  gboolean         with_search;
  guint            n, exact, recovered;
  double           complexity, seconds, cpu_seconds;
  GVariantBuilder  results;
  gboolean         wanted;
} Mode;

static void
add_suite (GPtrArray *questions, const Options *options)
{
  gboolean all = g_str_equal (options->suite, "all");

  for (guint i = 0; i < orr_benchmark_n_laws; i++)
    {
      const OrrBenchmarkLaw *law = &orr_benchmark_laws[i];
      if (!all && !g_str_equal (options->suite, law->suite))
        continue;
      Question *question = g_new0 (Question, 1);
      question->name = g_strdup (law->name);
      question->law = orr_expr_parse (law->law, NULL, 0, NULL, NULL);
      question->low = options->own_support ? law->low : -10.0;
      question->high = options->own_support ? law->high : 10.0;
      question->largest = ORR_BENCHMARK_LARGEST;
      g_ptr_array_add (questions, question);
    }
}

static void
add_draw (GPtrArray *questions, const OrrExample *example, int skeleton, int draw)
{
  g_autoptr (OrrExpr) bare = orr_actions_to_expr (example->actions, example->n_actions);
  g_autoptr (OrrExpr) law = orr_expr_set_constants (bare, example->constants, NULL);

  if (!orr_benchmark_has_answer (law, -10.0, 10.0, 0))
    return;
  Question *question = g_new0 (Question, 1);
  question->name = g_strdup_printf ("%d.%d", skeleton + 1, draw + 1);
  question->law = g_steal_pointer (&law);
  question->low = -10.0;
  question->high = 10.0;
  question->largest = ORR_BENCHMARK_LARGEST_HELD_OUT;
  g_ptr_array_add (questions, question);
}

/* Held-out skeletons of the generator, with new constants for every draw. */
static gboolean
add_held_out (GPtrArray *questions, const Options *options, OrrProgress *progress, GError **error)
{
  const OrrGeneratorOptions data = { .seed = 1000 + (guint64) options->seed, .split = ORR_SPLIT_HELD_OUT, .min_points = 60,
                                     .max_points = 100, .wide_only = TRUE, .max_variables = 2 };
  g_autoptr (OrrGenerator) generator = orr_generator_new (&data);
  g_autofree OrrExample *example = g_new0 (OrrExample, 1);

  for (int i = 0, n = 0; n < options->skeletons; i++)
    {
      if (!orr_progress_check (progress, error))
        return FALSE;
      orr_generator_make (generator, i, example);
      guint before = questions->len;
      for (int k = 0; k < options->draws; k++)
        if (k == 0 || orr_generator_redraw (generator, (guint64) i * options->draws + k, example))
          add_draw (questions, example, i, k);
      n += questions->len > before;
    }
  return TRUE;
}

static void
add_result (Mode *mode, const Question *question, const OrrBenchmarkOutcome *outcome)
{
  g_autofree char *law = orr_expr_to_text (question->law, NULL, 0);
  g_autofree char *found = outcome->found != NULL ? orr_expr_to_text (outcome->found, NULL, 0) : g_strdup ("");
  GVariantDict dict;

  mode->n++;
  mode->exact += outcome->exact;
  mode->recovered += outcome->recovered;
  mode->complexity += outcome->complexity;
  mode->seconds += outcome->seconds;
  mode->cpu_seconds += outcome->cpu_seconds;
  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "name", "s", question->name);
  g_variant_dict_insert (&dict, "law", "s", law);
  g_variant_dict_insert (&dict, "found", "s", found);
  g_variant_dict_insert (&dict, "exact", "b", outcome->exact);
  g_variant_dict_insert (&dict, "recovered", "b", outcome->recovered);
  g_variant_dict_insert (&dict, "r2", "d", outcome->r2);
  g_variant_dict_insert (&dict, "r2_outside", "d", outcome->r2_outside);
  g_variant_dict_insert (&dict, "complexity", "x", (gint64) outcome->complexity);
  g_variant_dict_insert (&dict, "seconds", "d", outcome->seconds);
  g_variant_dict_insert (&dict, "cpu_seconds", "d", outcome->cpu_seconds);
  g_variant_builder_add_value (&mode->results, g_variant_dict_end (&dict));
}

static gboolean
ask (OrrCli *cli, const OrrAgent *agent, const Question *question, Mode *mode, const Options *options, GError **error)
{
  OrrRegressOptions how;
  OrrBenchmarkOutcome outcome;
  const OrrBenchmarkTask task = { question->law, question->low, question->high, question->largest, options->points, options->noise,
                                  options->refine, 7919 * (guint64) options->seed + 17 };

  orr_regress_defaults (&how);
  how.beam = options->beam;
  how.seconds = mode->with_search ? options->seconds : 0.0;
  how.steps = mode->with_search ? options->steps : 0;
  how.cpu_time = options->cpu_time;
  how.n_threads = orr_cli_get_threads (cli);
  if (!orr_benchmark_run (mode->with_agent ? agent : NULL, &task, &how, orr_cli_get_progress (cli), &outcome, error))
    return FALSE;
  add_result (mode, question, &outcome);
  if (!orr_cli_wants_json (cli))
    {
      g_autofree char *found = outcome.found != NULL ? orr_expr_to_text (outcome.found, NULL, 0) : g_strdup ("nothing");
      orr_cli_print (cli, "%-12s %-12s %-9s R2 %.6f  %6.2f s  %s\n", question->name, mode->name,
                     outcome.exact ? "exact" : outcome.recovered ? "recovered" : "-", outcome.r2, outcome.seconds, found);
    }
  orr_benchmark_outcome_clear (&outcome);
  return TRUE;
}

static GVariant *
mode_section (Mode *mode)
{
  GVariantDict dict;

  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "mode", "s", mode->name);
  g_variant_dict_insert (&dict, "laws", "x", (gint64) mode->n);
  g_variant_dict_insert (&dict, "exact", "x", (gint64) mode->exact);
  g_variant_dict_insert (&dict, "recovered", "x", (gint64) mode->recovered);
  g_variant_dict_insert (&dict, "complexity", "d", mode->complexity / MAX (mode->n, 1));
  g_variant_dict_insert (&dict, "seconds", "d", mode->seconds / MAX (mode->n, 1));
  g_variant_dict_insert (&dict, "cpu_seconds", "d", mode->cpu_seconds / MAX (mode->n, 1));
  g_variant_dict_insert_value (&dict, "results", g_variant_builder_end (&mode->results));
  return g_variant_dict_end (&dict);
}

static void
print_summary (OrrCli *cli, const Mode *modes, guint n_modes)
{
  orr_cli_print (cli, "\n%-14s %6s %6s %10s %11s %8s %8s\n", "", "laws", "exact", "recovered", "complexity", "seconds", "of CPU");
  for (guint m = 0; m < n_modes; m++)
    if (modes[m].n > 0)
      orr_cli_print (cli, "%-14s %6u %6u %10u %11.1f %8.2f %8.2f\n", modes[m].name, modes[m].n, modes[m].exact, modes[m].recovered,
                     modes[m].complexity / modes[m].n, modes[m].seconds / modes[m].n, modes[m].cpu_seconds / modes[m].n);
}

static GVariant *
result_section (Mode *modes, guint n_modes, const Options *options, gboolean interrupted)
{
  GVariantBuilder list;
  GVariantDict dict;

  g_variant_builder_init (&list, G_VARIANT_TYPE ("aa{sv}"));
  for (guint m = 0; m < n_modes; m++)
    g_variant_builder_add_value (&list, mode_section (&modes[m]));
  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "suite", "s", options->suite);
  g_variant_dict_insert (&dict, "support", "s", options->own_support ? "own" : "wide");
  g_variant_dict_insert (&dict, "noise", "d", options->noise);
  g_variant_dict_insert (&dict, "time", "d", options->seconds);
  g_variant_dict_insert (&dict, "interrupted", "b", interrupted);
  g_variant_dict_insert_value (&dict, "modes", g_variant_builder_end (&list));
  return g_variant_dict_end (&dict);
}

/* What --modes asks for. Without an agent there is only the search; somebody who asked for the agent is told so. */
static gboolean
choose_modes (OrrCli *cli, Mode *modes, guint n_modes, const char *list, gboolean has_agent, GError **error)
{
  g_auto (GStrv) names = list != NULL ? g_strsplit (list, ",", -1) : NULL;

  for (guint m = 0; m < n_modes && list == NULL; m++)
    modes[m].wanted = has_agent || !modes[m].with_agent;
  if (list == NULL && !has_agent)
    orr_cli_message (cli, "No agent's weights are installed: the search alone is measured.");
  if (list != NULL && *list == '\0')
    {
      g_set_error_literal (error, ORR_ERROR, ORR_ERROR_INPUT, "--modes is empty: name some of agent, agent+search and search");
      return FALSE;
    }
  for (guint i = 0; names != NULL && names[i] != NULL; i++)
    {
      const char *name = g_strstrip (names[i]);
      guint m = 0;
      while (m < n_modes && !g_str_equal (modes[m].name, name))
        m++;
      if (m == n_modes)
        {
          g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT,
                       "There is no mode called \"%s\": choose some of agent, agent+search and search", name);
          return FALSE;
        }
      if (modes[m].with_agent && !has_agent)
        {
          g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT,
                       "There is no agent for the mode %s: name its weights with --agent", name);
          return FALSE;
        }
      modes[m].wanted = TRUE;
    }
  return TRUE;
}

static gboolean
choose_questions (OrrCli *cli, GPtrArray *questions, const Options *options, GError **error)
{
  if (g_str_equal (options->suite, "ssdnc"))
    return add_held_out (questions, options, orr_cli_get_progress (cli), error);
  add_suite (questions, options);
  if (questions->len > 0)
    return TRUE;
  g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT,
               "There is no suite called \"%s\": choose nguyen, keijzer, constant, r, feynman, all or ssdnc", options->suite);
  return FALSE;
}

/* Asks all that is wanted; interrupted, it says what was measured until then. */
static gboolean
evaluate (OrrCli *cli, const OrrAgent *agent, const Options *options, GError **error)
{
  g_autoptr (GPtrArray) questions = g_ptr_array_new_with_free_func ((GDestroyNotify) question_free);
  Mode modes[] = { { .name = "agent", .with_agent = TRUE },
                   { .name = "agent+search", .with_agent = TRUE, .with_search = TRUE },
                   { .name = "search", .with_search = TRUE } };
  g_autoptr (GError) failure = NULL;
  guint n_done = 0, n_asked = 0;

  if (!choose_modes (cli, modes, G_N_ELEMENTS (modes), options->modes, agent != NULL, error)
      || !choose_questions (cli, questions, options, error))
    return FALSE;
  for (guint m = 0; m < G_N_ELEMENTS (modes); m++)
    {
      g_variant_builder_init (&modes[m].results, G_VARIANT_TYPE ("aa{sv}"));
      n_asked += modes[m].wanted ? questions->len : 0;
      for (guint i = 0; modes[m].wanted && failure == NULL && i < questions->len; i++)
        n_done += ask (cli, agent, g_ptr_array_index (questions, i), &modes[m], options, &failure);
    }

  gboolean interrupted = g_error_matches (failure, ORR_ERROR, ORR_ERROR_CANCELLED);
  g_autoptr (GVariant) section = g_variant_ref_sink (result_section (modes, G_N_ELEMENTS (modes), options, interrupted));
  if (failure != NULL && !interrupted)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  if (orr_cli_wants_json (cli))
    orr_cli_print_json (cli, section);
  else
    print_summary (cli, modes, G_N_ELEMENTS (modes));
  if (interrupted)
    g_set_error (error, ORR_ERROR, ORR_ERROR_CANCELLED, "Interrupted after %u of %u laws; this is what was measured until then",
                 n_done, n_asked);
  return !interrupted;
}

static gboolean
check (const Options *o, GError **error)
{
  const OrrCliRange ranges[] = { { "--time", o->seconds, 0, 1e7 },       { "--steps", o->steps, 0, 1e9 },
                                 { "--beam", o->beam, 1, 4096 },         { "--points", o->points, 10, 100000 },
                                 { "--noise", o->noise, 0, 100 },        { "--refine", o->refine, 0, 1e6 },
                                 { "--skeletons", o->skeletons, 1, 1e5 }, { "--draws", o->draws, 1, 1000 },
                                 { "--calibration", o->calibration, 0, 1e7 } };

  if (!orr_cli_check_ranges (ranges, G_N_ELEMENTS (ranges), error))
    return FALSE;
  if (!o->own_support || !g_str_equal (o->suite, "ssdnc"))
    return TRUE;
  g_set_error_literal (error, ORR_ERROR, ORR_ERROR_INPUT,
                       "--own-support is for the suites of the literature: ssdnc has no supports of its own");
  return FALSE;
}

static gboolean
run (OrrCli *cli, int argc, char **argv, GError **error)
{
  Options o = { .seconds = 10.0, .beam = 128, .points = 100, .skeletons = 100, .draws = 10 };
  GOptionEntry entries[] = {
    { "suite", 0, 0, G_OPTION_ARG_STRING, &o.suite, "nguyen, keijzer, constant, r, feynman, all or ssdnc (all)", "SUITE" },
    { "agent", 0, 0, G_OPTION_ARG_FILENAME, &o.agent, "Weights of the agent", "FILE" },
    { "modes", 0, 0, G_OPTION_ARG_STRING, &o.modes, "agent, agent+search, search (all three)", "MODE,..." },
    { "time", 0, 0, G_OPTION_ARG_DOUBLE, &o.seconds, "Search for so long, each law (10)", "SECONDS" },
    { "cpu-time", 0, 0, G_OPTION_ARG_NONE, &o.cpu_time, "Count only the time of the processor, so that a busy machine finds as much", NULL },
    { "steps", 0, 0, G_OPTION_ARG_INT, &o.steps, "Search for so many generations instead", "N" },
    { "beam", 0, 0, G_OPTION_ARG_INT, &o.beam, "Width of the agent's beam search (128)", "N" },
    { "points", 0, 0, G_OPTION_ARG_INT, &o.points, "Rows of data, each law (100)", "N" },
    { "noise", 0, 0, G_OPTION_ARG_DOUBLE, &o.noise, "Noise on y, relative to its spread (0)", "SHARE" },
    { "refine", 0, 0, G_OPTION_ARG_INT, &o.refine, "Refine the agent on each law for so many steps first (0)", "N" },
    { "calibration", 0, 0, G_OPTION_ARG_INT, &o.calibration, "Instead, follow so many actions to see whether the predicted R2 comes true", "N" },
    { "own-support", 0, 0, G_OPTION_ARG_NONE, &o.own_support, "The literature's supports instead of [-10, 10]", NULL },
    { "skeletons", 0, 0, G_OPTION_ARG_INT, &o.skeletons, "Held-out skeletons of ssdnc (100)", "N" },
    { "draws", 0, 0, G_OPTION_ARG_INT, &o.draws, "Draws of constants, each skeleton (10)", "N" },
    { "seed", 0, 0, G_OPTION_ARG_INT64, &o.seed, "Seed of data and search (0)", "SEED" },
    G_OPTION_ENTRY_NULL
  };
  gboolean ok = FALSE;

  if (orr_cli_parse (cli, "[--suite SUITE]", description, entries, &argc, &argv, error)
      && orr_cli_take_operands (argc, argv, 0, "[--suite SUITE]", error))
    {
      if (o.suite == NULL)
        o.suite = g_strdup ("all");
      if (check (&o, error))
        {
          g_autoptr (GError) agent_error = NULL;
          g_autoptr (OrrAgent) agent = o.agent != NULL ? orr_agent_load (o.agent, &agent_error)
                                                       : orr_agent_load_default (&agent_error);
          if (agent_error != NULL)
            g_propagate_error (error, g_steal_pointer (&agent_error));
          else
            ok = o.calibration > 0 ? orr_calibration_report (cli, agent, o.calibration, o.seed, error)
                                   : evaluate (cli, agent, &o, error);
        }
    }
  g_free (o.suite);
  g_free (o.agent);
  g_free (o.modes);
  return ok;
}

const OrrCommand orr_command_agent_evaluate = { "evaluate", "Measure what the agent and the search find", run, NULL };
