/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-command-hmm.h"

#include <stdio.h>

#include "orr-cli-model.h"
#include "orr-cli-sequences.h"
#include "orr-error.h"
#include "orr-hmm-sample.h"
#include "orr-section.h"

/* Symbols drawn between two looks at whether to go on. */
#define SHARE 1000000

static const char description[] =
    "Draws symbol sequences from MODEL (a preset or a file) and writes them as .npy\n"
    "(int64 [N x T]) or CSV (a line a sequence), by the name of --out; without --out\n"
    "as CSV on standard output. Symbols and states count from 0. A sequence depends\n"
    "on the seed, its number and the length alone.\n\n"
    "Examples:\n"
    "  orreryctl hmm sample three --sequences 1000 --length 30 --out three.npy\n"
    "  orreryctl hmm sample model.json --length 200 --states states.csv --out symbols.csv";

typedef struct
{
  char   *model;
  int     sequences;
  int     length;
  gint64  seed;
  char   *out;
  char   *states;
} Arguments;

static void
arguments_clear (Arguments *arguments)
{
  g_free (arguments->model);
  g_free (arguments->out);
  g_free (arguments->states);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Arguments, arguments_clear)

static GVariant *
create_table (const guint16 *values, gsize rows, gsize cols)
{
  g_autofree double *numbers = g_new (double, rows * cols);

  for (gsize i = 0; i < rows * cols; i++)
    numbers[i] = values[i];
  return orr_section_new_table (numbers, rows, cols);
}

static void
print_section (OrrCli *cli, const Arguments *arguments, const guint16 *symbols, const guint16 *states)
{
  gsize N = arguments->sequences, T = arguments->length;
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);

  g_variant_builder_add (&builder, "{sv}", "sequences", g_variant_new_int64 (N));
  g_variant_builder_add (&builder, "{sv}", "length", g_variant_new_int64 (T));
  g_variant_builder_add (&builder, "{sv}", "seed", g_variant_new_int64 (arguments->seed));
  if (arguments->out != NULL)
    g_variant_builder_add (&builder, "{sv}", "out", g_variant_new_string (arguments->out));
  else
    {
      g_variant_builder_add (&builder, "{sv}", "symbols", create_table (symbols, N, T));
      g_variant_builder_add (&builder, "{sv}", "states", create_table (states, N, T));
    }
  orr_cli_print_json (cli, g_variant_builder_end (&builder));
}

static gboolean
write_results (OrrCli *cli, const Arguments *arguments, const guint16 *symbols, const guint16 *states, GError **error)
{
  gsize N = arguments->sequences;
  g_autofree gsize *offsets = g_new (gsize, N + 1);

  for (gsize n = 0; n <= N; n++)
    offsets[n] = n * arguments->length;
  if (arguments->out != NULL && !orr_cli_save_sequences (arguments->out, N, offsets, symbols, error))
    return FALSE;
  if (arguments->states != NULL && !orr_cli_save_sequences (arguments->states, N, offsets, states, error))
    return FALSE;

  if (orr_cli_wants_json (cli))
    print_section (cli, arguments, symbols, states);
  else if (arguments->out == NULL)
    {
      g_autofree char *text = orr_cli_print_sequences (N, offsets, symbols);
      fputs (text, stdout);
    }
  return TRUE;
}

/* Sequence by sequence, so that a person can stop it. */
static gboolean
sample (OrrCli *cli, const OrrHmm *hmm, const Arguments *arguments, guint16 *symbols, guint16 *states, GError **error)
{
  OrrProgress *progress = orr_cli_get_progress (cli);
  gsize N = arguments->sequences, T = arguments->length, share = MAX (SHARE / T, 1);

  for (gsize first = 0; first < N; first += share)
    {
      gsize n = MIN (share, N - first);

      if (!orr_progress_check (progress, error))
        return FALSE;
      orr_hmm_sample (hmm, first, n, T, arguments->seed, symbols + first * T, states + first * T);
      orr_progress_report (progress, (double) (first + n) / N, "Drawing sequences");
    }
  return TRUE;
}

static gboolean
run (OrrCli *cli, int argc, char **argv, GError **error)
{
  g_auto (Arguments) arguments = { .sequences = 1, .length = 1000 };
  GOptionEntry entries[] = {
    ORR_CLI_HMM_ENTRY (&arguments.model),
    { "sequences", 'n', 0, G_OPTION_ARG_INT, &arguments.sequences, "How many sequences (1)", "N" },
    { "length", 'l', 0, G_OPTION_ARG_INT, &arguments.length, "Steps of each (1000)", "T" },
    { "seed", 0, 0, G_OPTION_ARG_INT64, &arguments.seed, "Seed (0)", "S" },
    { "out", 'o', 0, G_OPTION_ARG_FILENAME, &arguments.out, "Where to write the symbols (.npy or .csv)", "FILE" },
    { "states", 0, 0, G_OPTION_ARG_FILENAME, &arguments.states, "Where to write the hidden states too", "FILE" },
    G_OPTION_ENTRY_NULL
  };

  if (!orr_cli_parse (cli, "MODEL", description, entries, &argc, &argv, error))
    return FALSE;
  g_autoptr (OrrHmm) hmm = orr_cli_take_hmm (arguments.model, &argc, &argv, error);
  if (hmm == NULL || !orr_cli_take_operands (argc, argv, 0, "MODEL", error))
    return FALSE;
  if ((arguments.out != NULL && !orr_cli_check_folder (arguments.out, error))
      || (arguments.states != NULL && !orr_cli_check_folder (arguments.states, error)))
    return FALSE;
  gsize total = 0;
  if (arguments.sequences < 1 || arguments.length < 1 ||
      !g_size_checked_mul (&total, arguments.sequences, arguments.length) || total > G_MAXINT32)
    {
      g_set_error_literal (error, ORR_ERROR, ORR_ERROR_INPUT,
                           "--sequences and --length must be at least 1, and their product below 2^31");
      return FALSE;
    }

  g_autofree guint16 *symbols = g_new (guint16, total);
  g_autofree guint16 *states = g_new (guint16, total);
  if (!sample (cli, hmm, &arguments, symbols, states, error))
    return FALSE;
  return write_results (cli, &arguments, symbols, states, error);
}

const OrrCommand orr_command_hmm_sample = { "sample", "Draw symbol sequences from a model", run };
