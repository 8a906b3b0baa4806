/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-command-hmm.h"

#include "orr-cli-model.h"
#include "orr-cli-sequences.h"
#include "orr-error.h"
#include "orr-hmm-inference.h"
#include "orr-section.h"

static const char description[] =
    "Prints the hidden states behind observed sequences: by default the most likely\n"
    "path (Viterbi), with --method posterior the most likely state of each step on its\n"
    "own (forward-backward). MODEL is a preset or a file; DATA as for `hmm score`.\n"
    "States count from 0.\n\n"
    "JSON: states (a list for one sequence, a list of lists for several), method,\n"
    "log_likelihood, and log_probability (of the Viterbi path with the symbols) or\n"
    "posterior ([T][S], one sequence) with --method posterior.\n\n"
    "Examples:\n"
    "  orreryctl hmm decode three symbols.npy --out states.npy\n"
    "  orreryctl hmm decode three symbols.csv --method posterior --json";

typedef struct
{
  guint16 *states;     /* as OrrSequences.symbols */
  double  *posterior;  /* [symbols x S], with --method posterior */
  double   log_probability;
} Decoded;

static void
decoded_clear (Decoded *decoded)
{
  g_free (decoded->states);
  g_free (decoded->posterior);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Decoded, decoded_clear)

static guint16
find_largest (const double *values, guint n)
{
  guint16 largest = 0;

  for (guint i = 1; i < n; i++)
    if (values[i] > values[largest])
      largest = i;
  return largest;
}

static gboolean
decode (const OrrHmm *hmm, const OrrSequences *sequences, gboolean posterior, Decoded *decoded, GError **error)
{
  gsize S = hmm->n_states, total = sequences->offsets[sequences->n_sequences];

  decoded->states = g_new (guint16, total);
  decoded->posterior = posterior ? g_new (double, total * S) : NULL;
  for (gsize n = 0; n < sequences->n_sequences; n++)
    {
      gsize first = sequences->offsets[n], length = orr_sequences_length (sequences, n);
      const guint16 *symbols = sequences->symbols + first;
      double log_probability = 0.0;
      gboolean possible =
          posterior ? orr_hmm_forward_backward (hmm, symbols, length, decoded->posterior + first * S, NULL, NULL, error)
                    : orr_hmm_viterbi (hmm, symbols, length, decoded->states + first, &log_probability, error);

      if (!possible)
        {
          g_prefix_error (error, "Sequence %" G_GSIZE_FORMAT ": ", n + 1);
          return FALSE;
        }
      decoded->log_probability += log_probability;
    }
  for (gsize i = 0; posterior && i < total; i++)
    decoded->states[i] = find_largest (decoded->posterior + i * S, S);
  return TRUE;
}

static GVariant *
create_states (const OrrSequences *sequences, const guint16 *states)
{
  gsize total = sequences->offsets[sequences->n_sequences];
  g_autofree double *numbers = g_new (double, total);
  GVariantBuilder builder;

  for (gsize i = 0; i < total; i++)
    numbers[i] = states[i];
  if (sequences->n_sequences == 1)
    return orr_section_new_doubles (numbers, total);
  g_variant_builder_init (&builder, G_VARIANT_TYPE ("aad"));
  for (gsize n = 0; n < sequences->n_sequences; n++)
    g_variant_builder_add_value (&builder, orr_section_new_doubles (numbers + sequences->offsets[n],
                                                                    orr_sequences_length (sequences, n)));
  return g_variant_builder_end (&builder);
}

static GVariant *
create_section (const OrrHmm *hmm, const OrrSequences *sequences, const Decoded *decoded)
{
  gboolean posterior = decoded->posterior != NULL;
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);

  g_variant_builder_add (&builder, "{sv}", "states", create_states (sequences, decoded->states));
  g_variant_builder_add (&builder, "{sv}", "method", g_variant_new_string (posterior ? "posterior" : "viterbi"));
  g_variant_builder_add (&builder, "{sv}", "log_likelihood", g_variant_new_double (orr_hmm_score (hmm, sequences)));
  if (!posterior)
    g_variant_builder_add (&builder, "{sv}", "log_probability", g_variant_new_double (decoded->log_probability));
  else if (sequences->n_sequences == 1)
    g_variant_builder_add (&builder, "{sv}", "posterior",
                           orr_section_new_table (decoded->posterior, orr_sequences_length (sequences, 0),
                                                  hmm->n_states));
  return g_variant_builder_end (&builder);
}

static gboolean
run (OrrCli *cli, int argc, char **argv, GError **error)
{
  g_autofree char *model = NULL, *out = NULL, *method = NULL;
  GOptionEntry entries[] = {
    ORR_CLI_HMM_ENTRY (&model),
    { "method", 0, 0, G_OPTION_ARG_STRING, &method, "viterbi (default) or posterior", "METHOD" },
    { "out", 'o', 0, G_OPTION_ARG_FILENAME, &out, "Where to write the states (.npy or .csv)", "FILE" },
    G_OPTION_ENTRY_NULL
  };
  g_auto (Decoded) decoded = { 0 };

  if (!orr_cli_parse (cli, "MODEL DATA", description, entries, &argc, &argv, error))
    return FALSE;
  if (method != NULL && !g_str_equal (method, "viterbi") && !g_str_equal (method, "posterior"))
    {
      g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "--method is viterbi or posterior, not \"%s\"", method);
      return FALSE;
    }
  if (out != NULL && !orr_cli_check_folder (out, error))
    return FALSE;
  g_autoptr (OrrHmm) hmm = orr_cli_take_hmm (model, &argc, &argv, error);
  if (hmm == NULL || !orr_cli_take_operands (argc, argv, 1, "MODEL DATA", error))
    return FALSE;
  g_autoptr (OrrSequences) sequences = orr_sequences_load (argv[1], error);
  if (sequences == NULL || !orr_sequences_check (sequences, hmm->n_symbols, error) ||
      !decode (hmm, sequences, g_strcmp0 (method, "posterior") == 0, &decoded, error))
    return FALSE;

  if (out != NULL && !orr_cli_save_sequences (out, sequences->n_sequences, sequences->offsets, decoded.states, error))
    return FALSE;
  if (orr_cli_wants_json (cli))
    orr_cli_print_json (cli, create_section (hmm, sequences, &decoded));
  else if (out == NULL)
    {
      g_autofree char *text = orr_cli_print_sequences (sequences->n_sequences, sequences->offsets, decoded.states);
      orr_cli_print (cli, "%s", text);
    }
  return TRUE;
}

const OrrCommand orr_command_hmm_decode = { "decode", "Print the hidden states behind observed sequences", run };
