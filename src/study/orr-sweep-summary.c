/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of a sweep's finished networks. */
#include "orr-sweep.h"

#include <math.h>

#include "orr-error.h"
#include "orr-file.h"
#include "orr-json.h"
#include "orr-section.h"
#include "orr-study-file.h"

/* Rows of the transition matrix whose symbol is rarer than this say little. Frequencies here are counted, so a symbol
 * of 1 % may show a little less. */
#define RARE 0.009

static double
lookup (GVariant *section, const char *a, const char *b, const char *c)
{
  g_autoptr (GVariant) outer = orr_section_get_child (section, a);
  g_autoptr (GVariant) inner = outer != NULL ? orr_section_get_child (outer, b) : NULL;
  return inner != NULL ? orr_section_get_double (inner, c, NAN) : NAN;
}

/* Largest squared difference in rows of symbols that are not rare. */
static double
transition_error (GVariant *match)
{
  g_autoptr (GVariant) transitions = orr_section_get_child (match, "transition_matrix");
  g_autoptr (GVariant) frequencies = orr_section_get_child (match, "frequencies");
  gsize K, cols, n;
  double largest = 0.0;

  if (transitions == NULL || frequencies == NULL)
    return NAN;
  g_autofree double *hmm = orr_section_dup_table (transitions, "hmm", &K, &cols);
  g_autofree double *rnn = orr_section_dup_table (transitions, "rnn", &K, &cols);
  g_autofree double *share = orr_section_dup_doubles (frequencies, "hmm", &n);
  if (hmm == NULL || rnn == NULL || share == NULL || n != K)
    return NAN;
  for (gsize i = 0; i < K * K; i++)
    if (share[i / K] >= RARE)
      largest = fmax (largest, pow (hmm[i] - rnn[i], 2));
  return largest;
}

static double
frequency_error (GVariant *match)
{
  g_autoptr (GVariant) frequencies = orr_section_get_child (match, "frequencies");
  gsize n, m;
  double largest = 0.0;

  if (frequencies == NULL)
    return NAN;
  g_autofree double *hmm = orr_section_dup_doubles (frequencies, "hmm", &n);
  g_autofree double *rnn = orr_section_dup_doubles (frequencies, "rnn", &m);
  if (hmm == NULL || rnn == NULL || n != m)
    return NAN;
  for (gsize k = 0; k < n; k++)
    largest = fmax (largest, fabs (hmm[k] - rnn[k]));
  return largest;
}

/* What the finished network was trained with, which need not be what the recipe says by now. */
static char *
print_departures (const OrrSweepTask *task, const OrrRun *run)
{
  OrrTrainOptions options;

  if (run->options == NULL || !orr_train_options_from_section (&options, run->options, NULL))
    return g_strdup ("");
  g_auto (GStrv) departures = orr_train_options_dup_departures (&options, task->preset);
  return g_strjoinv ("; ", departures);
}

static void
insert_ratio (GVariantDict *row, const char *name, double value, double of)
{
  g_variant_dict_insert (row, name, "d", of > 0.0 ? value / of : NAN);
}

static void
insert_row (GVariantBuilder *rows, const OrrSweepTask *task, const OrrRun *run)
{
  g_autoptr (GVariant) match = orr_run_get_section (run, "match");
  double volatility = lookup (match, "volatility", "hmm", "mean"), lowest = NAN, highest = NAN;
  double distance = lookup (match, "distance", "hmm_hmm", "mean");
  g_autofree char *departures = print_departures (task, run);
  GVariantDict row;

  orr_sweep_published_loss (task->preset->id, task->options.n_hidden, &lowest, &highest);
  g_variant_dict_init (&row, NULL);
  g_variant_dict_insert (&row, "name", "s", task->name);
  g_variant_dict_insert (&row, "preset", "s", task->preset->id);
  g_variant_dict_insert (&row, "hidden", "i", (int) task->options.n_hidden);
  g_variant_dict_insert (&row, "noise_dim", "i", (int) task->options.n_noise);
  g_variant_dict_insert (&row, "seed", "x", (gint64) task->options.seed);
  g_variant_dict_insert (&row, "epochs", "x", orr_section_get_int (run->record, "epochs", 0));
  g_variant_dict_insert (&row, "best_validation_loss", "d",
                         orr_section_get_double (run->record, "best_validation_loss", NAN));
  g_variant_dict_insert (&row, "best_epoch", "x", (gint64) run->best_epoch);
  g_variant_dict_insert (&row, "baseline", "d", run->baseline);
  g_variant_dict_insert (&row, "seconds", "d", orr_section_get_double (run->record, "seconds", NAN));
  g_variant_dict_insert (&row, "transition_error", "d", transition_error (match));
  g_variant_dict_insert (&row, "frequency_error", "d", frequency_error (match));
  g_variant_dict_insert (&row, "volatility_hmm", "d", volatility);
  g_variant_dict_insert (&row, "volatility_rnn", "d", lookup (match, "volatility", "rnn", "mean"));
  insert_ratio (&row, "volatility_ratio", lookup (match, "volatility", "rnn", "mean"), volatility);
  g_variant_dict_insert (&row, "distance_hmm_hmm", "d", distance);
  g_variant_dict_insert (&row, "distance_hmm_rnn", "d", lookup (match, "distance", "hmm_rnn", "mean"));
  insert_ratio (&row, "distance_ratio", lookup (match, "distance", "hmm_rnn", "mean"), distance);
  g_variant_dict_insert (&row, "published_lowest", "d", lowest);
  g_variant_dict_insert (&row, "published_highest", "d", highest);
  g_variant_dict_insert (&row, "recipe", "s", task->recipe);
  g_variant_dict_insert (&row, "departures", "s", departures);
  g_variant_builder_add_value (rows, g_variant_dict_end (&row));
}

/**
 * orr_sweep_summarise:
 *
 * Returns: (transfer full) (nullable): a section: `networks` (a list, one
 * sub-section a finished network), `finished`, `planned`. `transition_error` is the
 * largest squared difference of the symbols' transition matrices in rows of
 * symbols with at least 1 %, `frequency_error` the largest absolute difference.
 */
GVariant *
orr_sweep_summarise (GPtrArray *tasks, const char *directory, GError **error)
{
  g_auto (GVariantBuilder) rows = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa{sv}"));
  GVariantDict summary;
  int n_finished = 0;

  for (guint i = 0; i < tasks->len; i++)
    {
      const OrrSweepTask *task = tasks->pdata[i];
      g_autofree char *name = g_strconcat (task->name, ".orrery", NULL);
      g_autofree char *path = g_build_filename (directory, name, NULL);

      if (!g_file_test (path, G_FILE_TEST_EXISTS))
        continue;
      g_autoptr (OrrStudy) study = orr_study_file_load (path, error);
      if (study == NULL)
        return NULL;
      if (study->runs->len != 1)
        {
          g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "%s is not a network of a sweep", path);
          return NULL;
        }
      insert_row (&rows, task, study->runs->pdata[0]);
      n_finished++;
    }

  g_variant_dict_init (&summary, NULL);
  g_variant_dict_insert_value (&summary, "networks", g_variant_builder_end (&rows));
  g_variant_dict_insert (&summary, "finished", "i", n_finished);
  g_variant_dict_insert (&summary, "planned", "i", (int) tasks->len);
  return g_variant_ref_sink (g_variant_dict_end (&summary));
}

static void
append_cell (GString *csv, GVariant *row, const char *column)
{
  g_autoptr (GVariant) value = orr_section_get_child (row, column);
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  if (value == NULL)
    return;
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_STRING))
    g_string_append (csv, g_variant_get_string (value, NULL));
  else if (g_variant_is_of_type (value, G_VARIANT_TYPE_DOUBLE))
    g_string_append (csv, isfinite (g_variant_get_double (value))
                            ? g_ascii_formatd (number, sizeof number, "%.9g", g_variant_get_double (value))
                            : "");
  else
    g_string_append_printf (csv, "%" G_GINT64_FORMAT, orr_section_get_int (row, column, 0));
}

static char *
print_csv (GVariant *summary)
{
  static const char *const columns[] = {
    "name", "preset", "hidden", "noise_dim", "seed", "epochs", "best_validation_loss", "best_epoch", "baseline",
    "seconds", "transition_error", "frequency_error", "volatility_hmm", "volatility_rnn", "distance_hmm_hmm",
    "distance_hmm_rnn", "volatility_ratio", "distance_ratio", "published_lowest", "published_highest", "recipe",
  };
  g_autoptr (GVariant) rows = orr_section_get_child (summary, "networks");
  GString *csv = g_string_new (NULL);

  for (guint c = 0; c < G_N_ELEMENTS (columns); c++)
    g_string_append_printf (csv, "%s%s", c > 0 ? "," : "", columns[c]);
  g_string_append_c (csv, '\n');
  for (gsize i = 0; i < g_variant_n_children (rows); i++)
    {
      g_autoptr (GVariant) row = g_variant_get_child_value (rows, i);

      for (guint c = 0; c < G_N_ELEMENTS (columns); c++)
        {
          if (c > 0)
            g_string_append_c (csv, ',');
          append_cell (csv, row, columns[c]);
        }
      g_string_append_c (csv, '\n');
    }
  return g_string_free (csv, FALSE);
}

static gboolean
write_text (const char *directory, const char *name, char *text, GError **error)
{
  g_autofree char *path = g_build_filename (directory, name, NULL);
  g_autoptr (GBytes) bytes = g_bytes_new_take (text, strlen (text));

  return orr_file_write (path, bytes, error);
}

/* Writes summary.json, summary.csv and summary.md. */
gboolean
orr_sweep_write_summary (GVariant *summary, const char *directory, GError **error)
{
  return write_text (directory, "summary.json", orr_json_print (summary, TRUE), error) &&
         write_text (directory, "summary.csv", print_csv (summary), error) &&
         write_text (directory, "summary.md", orr_sweep_print_table (summary), error);
}
