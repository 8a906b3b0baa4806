/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-command-hmm.h"

#include "orr-cli-model.h"
#include "orr-error.h"
#include "orr-hmm-dot.h"
#include "orr-hmm-section.h"
#include "orr-hmm-statistics.h"

static const char description[] =
    "MODEL is a preset (two, three, four, five, fully-connected, cyclic) or a file:\n"
    "JSON as this command prints it with --json, or .npz with hmmlearn's startprob_,\n"
    "transmat_ and emissionprob_.\n\n"
    "Beside the model it prints what follows from it: the stationary distribution,\n"
    "expected dwell times (steps), the entropy rate of the hidden chain (bits a step),\n"
    "and the frequencies and transitions of the emitted symbols.\n\n"
    "Examples:\n"
    "  orreryctl hmm show three\n"
    "  orreryctl hmm show three --json > three.json\n"
    "  orreryctl hmm show three --dot | neato -n -Tsvg > three.svg";

static void
print_table (OrrCli *cli, const char *title, const double *values, guint rows, guint cols, char **names)
{
  orr_cli_print (cli, "%s\n", title);
  for (guint i = 0; i < rows; i++)
    {
      orr_cli_print (cli, "  %-8s", names != NULL ? names[i] : "");
      for (guint j = 0; j < cols; j++)
        orr_cli_print (cli, " %9.6g", values[i * cols + j]);
      orr_cli_print (cli, "\n");
    }
}

static void
print_model (OrrCli *cli, const OrrHmm *hmm)
{
  guint S = hmm->n_states, K = hmm->n_symbols;
  g_autofree double *states = g_new (double, S);
  g_autofree double *symbols = g_new (double, K * K);

  orr_cli_print (cli, "%u states, %u symbols\n", S, K);
  print_table (cli, "Start", hmm->start, 1, S, NULL);
  print_table (cli, "Transitions (from row to column)", hmm->transition, S, S, hmm->state_names);
  print_table (cli, "Emissions", hmm->emission, S, K, hmm->state_names);
  gboolean unique = orr_hmm_stationary (hmm, states);
  print_table (cli, unique ? "Stationary distribution" : "Stationary distribution (reached from the start; one of many)",
               states, 1, S, NULL);
  orr_hmm_dwell_times (hmm, states);
  print_table (cli, "Dwell times (steps)", states, 1, S, NULL);
  orr_hmm_symbol_frequencies (hmm, symbols);
  print_table (cli, "Symbol frequencies", symbols, 1, K, NULL);
  orr_hmm_symbol_transitions (hmm, symbols);
  print_table (cli, "Symbol transitions (from row to column)", symbols, K, K, hmm->symbol_names);
  orr_cli_print (cli, "Entropy rate of the hidden chain\n  %.6g bits a step\n", orr_hmm_entropy_rate (hmm));
}

/* The model's own fields and what follows from it, as one object. */
static GVariant *
create_section (const OrrHmm *hmm)
{
  g_autoptr (GVariant) model = orr_hmm_to_section (hmm);
  g_autoptr (GVariant) statistics = orr_hmm_describe (hmm);
  GVariantDict dict;
  GVariantIter iter;
  const char *name;
  GVariant *value;

  g_variant_dict_init (&dict, model);
  g_variant_iter_init (&iter, statistics);
  while (g_variant_iter_next (&iter, "{&sv}", &name, &value))
    {
      g_variant_dict_insert_value (&dict, name, value);
      g_variant_unref (value);
    }
  return g_variant_dict_end (&dict);
}

static gboolean
run (OrrCli *cli, int argc, char **argv, GError **error)
{
  gboolean dot = FALSE;
  g_autofree char *model = NULL;
  GOptionEntry entries[] = {
    { "dot", 0, 0, G_OPTION_ARG_NONE, &dot, "Print a Graphviz graph instead", NULL },
    ORR_CLI_HMM_ENTRY (&model),
    G_OPTION_ENTRY_NULL
  };

  if (!orr_cli_parse (cli, "MODEL", description, entries, &argc, &argv, error))
    return FALSE;
  g_autoptr (OrrHmm) hmm = orr_cli_take_hmm (model, &argc, &argv, error);
  if (hmm == NULL || !orr_cli_take_operands (argc, argv, 0, "MODEL", error))
    return FALSE;

  if (orr_cli_wants_json (cli))
    orr_cli_print_json (cli, create_section (hmm));
  else if (dot)
    {
      g_autofree char *text = orr_hmm_to_dot (hmm);
      orr_cli_print (cli, "%s", text);
    }
  else
    print_model (cli, hmm);
  return TRUE;
}

const OrrCommand orr_command_hmm_show = { "show", "Print a model and what follows from it", run };
