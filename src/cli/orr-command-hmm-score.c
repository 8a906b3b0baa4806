/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-command-hmm.h"

#include <math.h>

#include "orr-cli-model.h"
#include "orr-cli-sequences.h"
#include "orr-hmm-inference.h"
#include "orr-section.h"

static const char description[] =
    "Prints ln p(sequences) under MODEL (a preset or a file). DATA is .npy with whole\n"
    "numbers, [T] or [N x T], or text: a line a sequence (commas, tabs, semicolons or\n"
    "blanks between symbols), or one symbol a line. Symbols count from 0.\n\n"
    "JSON: log_likelihood (null when a sequence is impossible), log_likelihoods (one a\n"
    "sequence), log_likelihood_per_symbol, sequences, symbols, impossible (numbers,\n"
    "from 0, of the sequences that the model cannot emit).\n\n"
    "Example:\n"
    "  orreryctl hmm score three symbols.npy --json";

static GVariant *
create_section (const OrrSequences *sequences, const double *scores, double sum)
{
  gsize n_symbols = sequences->offsets[sequences->n_sequences];
  g_autoptr (GArray) impossible = g_array_new (FALSE, FALSE, sizeof (double));
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);

  for (gsize n = 0; n < sequences->n_sequences; n++)
    if (scores[n] == -INFINITY)
      {
        double number = n;
        g_array_append_val (impossible, number);
      }
  g_variant_builder_add (&builder, "{sv}", "log_likelihood", g_variant_new_double (sum));
  g_variant_builder_add (&builder, "{sv}", "log_likelihood_per_symbol", g_variant_new_double (sum / n_symbols));
  g_variant_builder_add (&builder, "{sv}", "log_likelihoods", orr_section_new_doubles (scores, sequences->n_sequences));
  g_variant_builder_add (&builder, "{sv}", "sequences", g_variant_new_int64 (sequences->n_sequences));
  g_variant_builder_add (&builder, "{sv}", "symbols", g_variant_new_int64 (n_symbols));
  g_variant_builder_add (&builder, "{sv}", "impossible",
                         orr_section_new_doubles ((const double *) impossible->data, impossible->len));
  return g_variant_builder_end (&builder);
}

static gboolean
run (OrrCli *cli, int argc, char **argv, GError **error)
{
  g_autofree char *model = NULL;
  GOptionEntry entries[] = { ORR_CLI_HMM_ENTRY (&model), G_OPTION_ENTRY_NULL };
  double sum = 0.0;

  if (!orr_cli_parse (cli, "MODEL DATA", description, entries, &argc, &argv, error))
    return FALSE;
  g_autoptr (OrrHmm) hmm = orr_cli_take_hmm (model, &argc, &argv, error);
  if (hmm == NULL || !orr_cli_take_operands (argc, argv, 1, "MODEL DATA", error))
    return FALSE;
  g_autoptr (OrrSequences) sequences = orr_sequences_load (argv[1], error);
  if (sequences == NULL || !orr_sequences_check (sequences, hmm->n_symbols, error))
    return FALSE;

  g_autofree double *scores = g_new (double, sequences->n_sequences);
  for (gsize n = 0; n < sequences->n_sequences; n++)
    {
      scores[n] =
          orr_hmm_log_likelihood (hmm, orr_sequences_get (sequences, n), orr_sequences_length (sequences, n));
      sum += scores[n];
      if (scores[n] == -INFINITY)
        orr_cli_message (cli, "The model cannot emit sequence %" G_GSIZE_FORMAT, n + 1);
    }
  if (orr_cli_wants_json (cli))
    orr_cli_print_json (cli, create_section (sequences, scores, sum));
  else
    orr_cli_print (cli, "%.10g\n", sum);
  return TRUE;
}

const OrrCommand orr_command_hmm_score = { "score", "Print the log-likelihood of observed sequences", run };
