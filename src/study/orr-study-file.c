/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-study-file.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "orr-error.h"
#include "orr-file.h"
#include "orr-hdf5.h"
#include "orr-hmm-section.h"
#include "orr-section.h"

#define FORMAT_NAME "orrery-study"
#define FORMAT_VERSION 1

/* Networks ---------------------------------------------------------------------------------------- */

static gboolean
write_part (OrrHdf5 *file, const char *group, const char *name, const OrrMatrix *part, GError **error)
{
  g_autofree char *place = g_strconcat (group, "/", name, NULL);
  return part == NULL || orr_hdf5_write_matrix (file, place, part, error);
}

static gboolean
write_network (OrrHdf5 *file, const char *group, const OrrNetwork *network, GError **error)
{
  GVariantDict dict;

  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "activation", "s",
                         network->activation == ORR_ACTIVATION_TANH ? "tanh" : "relu");
  g_autoptr (GVariant) attributes = g_variant_ref_sink (g_variant_dict_end (&dict));

  return orr_hdf5_write_section (file, group, attributes, error) &&
         write_part (file, group, "weight_ih", network->weight_ih, error) &&
         write_part (file, group, "weight_hh", network->weight_hh, error) &&
         write_part (file, group, "weight_out", network->weight_out, error) &&
         write_part (file, group, "bias_ih", network->bias_ih, error) &&
         write_part (file, group, "bias_hh", network->bias_hh, error) &&
         write_part (file, group, "bias_out", network->bias_out, error);
}

static gboolean
read_part (OrrHdf5 *file, const char *group, const char *name, gboolean required, OrrMatrix **part, GError **error)
{
  g_autofree char *place = g_strconcat (group, "/", name, NULL);

  if (!required && !orr_hdf5_has (file, place))
    return TRUE;

  OrrMatrix *matrix = orr_hdf5_read_matrix (file, place, error);
  if (matrix == NULL)
    return FALSE;
  orr_matrix_unref (*part);
  *part = matrix;
  return TRUE;
}

static gboolean
validate_network (const OrrNetwork *network, const char *group, GError **error)
{
  if (orr_network_validate (network, error))
    return TRUE;
  g_prefix_error (error, "%s: ", group);
  return FALSE;
}

static OrrNetwork *
read_network (OrrHdf5 *file, const char *group, GError **error)
{
  g_autoptr (OrrMatrix) readout = NULL;
  g_autoptr (OrrMatrix) input = NULL;

  if (!read_part (file, group, "weight_out", TRUE, &readout, error) ||
      !read_part (file, group, "weight_ih", TRUE, &input, error))
    return NULL;
  if (readout->cols == 0 || readout->cols > G_MAXUINT16 || input->cols > G_MAXUINT16 || readout->rows > G_MAXUINT16)
    {
      g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "The network at %s has impossible shapes", group);
      return NULL;
    }

  g_autoptr (OrrNetwork) network = orr_network_new (readout->cols, input->cols, readout->rows, FALSE);
  g_autoptr (GVariant) section = orr_hdf5_read_attributes (file, group, error);
  if (section == NULL || !read_part (file, group, "weight_ih", TRUE, &network->weight_ih, error) ||
      !read_part (file, group, "weight_hh", TRUE, &network->weight_hh, error) ||
      !read_part (file, group, "weight_out", TRUE, &network->weight_out, error) ||
      !read_part (file, group, "bias_ih", FALSE, &network->bias_ih, error) ||
      !read_part (file, group, "bias_hh", FALSE, &network->bias_hh, error) ||
      !read_part (file, group, "bias_out", FALSE, &network->bias_out, error) ||
      !validate_network (network, group, error))
    return NULL;

  g_autofree char *activation = orr_section_dup_string (section, "activation");
  network->activation = g_strcmp0 (activation, "tanh") == 0 ? ORR_ACTIVATION_TANH : ORR_ACTIVATION_RELU;
  return g_steal_pointer (&network);
}

static gboolean
write_hmm (OrrHdf5 *file, const char *group, const OrrHmm *hmm, GError **error)
{
  g_autoptr (GVariant) section = g_variant_take_ref (orr_hmm_to_section (hmm));
  return orr_hdf5_write_section (file, group, section, error);
}

static OrrHmm *
read_hmm (OrrHdf5 *file, const char *group, GError **error)
{
  g_autoptr (GVariant) section = orr_hdf5_read_section (file, group, error);
  OrrHmm *hmm = section != NULL ? orr_hmm_from_section (section, error) : NULL;

  if (section != NULL && hmm == NULL)
    g_prefix_error (error, "%s: ", group);
  return hmm;
}

/* Runs -------------------------------------------------------------------------------------------- */

static GVariant *
describe_run (const OrrRun *run)
{
  static const char *const columns[] = { "epoch", "train_loss", "validation_loss", "gradient_norm", "seconds",
                                         "statistics_distance" };
  GVariantDict dict;

  G_STATIC_ASSERT (G_N_ELEMENTS (columns) == ORR_HISTORY_N_COLUMNS);
  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "id", "s", run->id);
  g_variant_dict_insert (&dict, "name", "s", run->name);
  g_variant_dict_insert (&dict, "best_epoch", "x", (gint64) run->best_epoch);
  g_variant_dict_insert (&dict, "baseline", "d", run->baseline);
  if (run->history != NULL)
    g_variant_dict_insert_value (&dict, "history_columns", g_variant_new_strv (columns, G_N_ELEMENTS (columns)));
  return g_variant_ref_sink (g_variant_dict_end (&dict));
}

static gboolean
write_snapshots (OrrHdf5 *file, const char *group, const OrrRun *run, GError **error)
{
  for (guint i = 0; i < run->snapshots->len; i++)
    {
      const OrrSnapshot *snapshot = run->snapshots->pdata[i];
      g_autofree char *place = g_strdup_printf ("%s/snapshots/%06u", group, snapshot->epoch);

      if (!write_network (file, place, snapshot->network, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
write_optional (OrrHdf5 *file, const char *group, const char *name, GVariant *section, GError **error)
{
  g_autofree char *place = g_strconcat (group, "/", name, NULL);
  return section == NULL || orr_hdf5_write_section (file, place, section, error);
}

static gboolean
write_run (OrrHdf5 *file, const char *group, const OrrRun *run, GError **error)
{
  g_autoptr (GVariant) description = describe_run (run);
  g_autofree char *network = g_strconcat (group, "/network", NULL);
  g_autofree char *hmm = g_strconcat (group, "/hmm", NULL);
  g_autofree char *history = g_strconcat (group, "/history", NULL);

  return orr_hdf5_write_section (file, group, description, error) &&
         write_network (file, network, run->network, error) &&
         (run->hmm == NULL || write_hmm (file, hmm, run->hmm, error)) &&
         (run->history == NULL || orr_hdf5_write_matrix (file, history, run->history, error)) &&
         write_optional (file, group, "options", run->options, error) &&
         write_optional (file, group, "record", run->record, error) &&
         write_optional (file, group, "sections", run->sections, error) &&
         write_snapshots (file, group, run, error);
}

static gboolean
read_optional (OrrHdf5 *file, const char *group, const char *name, GVariant **section, GError **error)
{
  g_autofree char *place = g_strconcat (group, "/", name, NULL);

  if (!orr_hdf5_has (file, place))
    return TRUE;

  GVariant *value = orr_hdf5_read_section (file, place, error);
  if (value == NULL)
    return FALSE;
  g_clear_pointer (section, g_variant_unref);
  *section = value;
  return TRUE;
}

static gboolean
read_snapshots (OrrHdf5 *file, const char *group, OrrRun *run, GError **error)
{
  g_autofree char *place = g_strconcat (group, "/snapshots", NULL);
  g_auto (GStrv) names = orr_hdf5_list (file, place);

  for (char **name = names; *name != NULL; name++)
    {
      g_autofree char *snapshot_place = g_strconcat (place, "/", *name, NULL);
      g_autoptr (OrrNetwork) network = read_network (file, snapshot_place, error);

      if (network == NULL)
        return FALSE;
      orr_run_add_snapshot (run, g_ascii_strtoull (*name, NULL, 10), network);
    }
  return TRUE;
}

/* Studies of earlier versions have no statistics: their column becomes NaN. */
static OrrMatrix *
widen_history (const OrrMatrix *history)
{
  OrrMatrix *wide = orr_matrix_new (history->rows, ORR_HISTORY_N_COLUMNS);

  for (gsize i = 0; i < history->rows; i++)
    {
      float *row = orr_matrix_row (wide, i);

      memcpy (row, orr_matrix_row (history, i), history->cols * sizeof (float));
      row[ORR_HISTORY_STATISTICS] = NAN;
    }
  return wide;
}

static gboolean
read_history (OrrHdf5 *file, const char *group, OrrRun *run, GError **error)
{
  g_autofree char *place = g_strconcat (group, "/history", NULL);

  if (!orr_hdf5_has (file, place))
    return TRUE;
  run->history = orr_hdf5_read_matrix (file, place, error);
  if (run->history == NULL)
    return FALSE;
  if (run->history->cols == ORR_HISTORY_STATISTICS)
    {
      g_autoptr (OrrMatrix) narrow = run->history;
      run->history = widen_history (narrow);
    }
  if (run->history->cols != ORR_HISTORY_N_COLUMNS)
    {
      g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "The history at %s has %" G_GSIZE_FORMAT " columns, not %d",
                   place, run->history->cols, ORR_HISTORY_N_COLUMNS);
      return FALSE;
    }
  return TRUE;
}

/* The attributes of the run's own group. */
static void
read_description (OrrRun *run, GVariant *description)
{
  g_autofree char *id = orr_section_dup_string (description, "id");

  if (id != NULL && *id != '\0')
    {
      g_free (run->id);
      run->id = g_steal_pointer (&id);
    }
  run->best_epoch = MAX (orr_section_get_int (description, "best_epoch", 0), 0);
  run->baseline = orr_section_get_double (description, "baseline", NAN);
}

static OrrRun *
read_run (OrrHdf5 *file, const char *group, GError **error)
{
  g_autofree char *network_place = g_strconcat (group, "/network", NULL);
  g_autofree char *hmm_place = g_strconcat (group, "/hmm", NULL);
  g_autoptr (GVariant) description = orr_hdf5_read_attributes (file, group, error);
  g_autoptr (OrrNetwork) network = description != NULL ? read_network (file, network_place, error) : NULL;
  g_autoptr (OrrHmm) hmm = NULL;

  if (network == NULL)
    return NULL;
  if (orr_hdf5_has (file, hmm_place) && (hmm = read_hmm (file, hmm_place, error)) == NULL)
    return NULL;

  g_autofree char *name = orr_section_dup_string (description, "name");
  g_autoptr (OrrRun) run = orr_run_new (name != NULL ? name : "network", network, hmm);
  read_description (run, description);
  if (!read_history (file, group, run, error) || !read_optional (file, group, "options", &run->options, error) ||
      !read_optional (file, group, "record", &run->record, error) ||
      !read_optional (file, group, "sections", &run->sections, error) ||
      !read_snapshots (file, group, run, error))
    return NULL;
  return g_steal_pointer (&run);
}

/* Studies ----------------------------------------------------------------------------------------- */

static gboolean
write_equations (OrrHdf5 *file, const OrrEquations *equations, GError **error)
{
  g_autoptr (GVariant) section = orr_equations_to_section (equations);
  return orr_hdf5_write_section (file, "/equations", section, error);
}

static gboolean
write_recording (OrrHdf5 *file, const OrrRecording *recording, GError **error)
{
  if (recording == NULL)
    return TRUE;
  g_autoptr (GVariant) section = g_variant_ref_sink (orr_recording_to_section (recording));
  return orr_hdf5_write_section (file, "/recording", section, error);
}

static gboolean
write_study (OrrHdf5 *file, const OrrStudy *study, GError **error)
{
  GVariantDict dict;

  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "format", "s", FORMAT_NAME);
  g_variant_dict_insert (&dict, "version", "i", FORMAT_VERSION);
  g_variant_dict_insert (&dict, "title", "s", study->title);
  g_variant_dict_insert (&dict, "notes", "s", study->notes);
  g_autoptr (GVariant) attributes = g_variant_ref_sink (g_variant_dict_end (&dict));

  if (!orr_hdf5_write_section (file, "/", attributes, error) || !write_hmm (file, "/hmm", study->hmm, error) ||
      !write_equations (file, study->equations, error) || !write_recording (file, study->recording, error) ||
      !orr_hdf5_write_group (file, "/runs", error))
    return FALSE;

  for (guint i = 0; i < study->runs->len; i++)
    {
      g_autofree char *group = g_strdup_printf ("/runs/%04u", i + 1);

      if (!write_run (file, group, study->runs->pdata[i], error))
        return FALSE;
    }
  return TRUE;
}

/**
 * orr_study_file_save:
 * @path: where; an earlier file is replaced in one step when the new one is complete
 *
 * Takes a moment for large studies: call it on a worker.
 */
gboolean
orr_study_file_save (const OrrStudy *study, const char *path, GError **error)
{
  g_autofree char *beside = orr_file_begin_replace (path, error);
  if (beside == NULL)
    return FALSE;

  OrrHdf5 *file = orr_hdf5_create (beside, error);
  gboolean written = file != NULL && write_study (file, study, error);
  if (written)
    written = orr_hdf5_close (file, error) && orr_file_commit_replace (beside, path, error);
  else
    orr_hdf5_abandon (file);
  if (!written)
    g_unlink (beside);
  return written;
}

static gboolean
check_format (OrrHdf5 *file, GError **error)
{
  g_autoptr (GVariant) head = orr_hdf5_read_attributes (file, "/", error);
  if (head == NULL)
    return FALSE;

  g_autofree char *format = orr_section_dup_string (head, "format");
  gint64 version = orr_section_get_int (head, "version", 0);
  if (g_strcmp0 (format, FORMAT_NAME) != 0)
    {
      g_set_error_literal (error, ORR_ERROR, ORR_ERROR_INPUT,
                           "This is an HDF5 file but not an Orrery study (it has no format \"" FORMAT_NAME "\")");
      return FALSE;
    }
  if (version < 1 || version > FORMAT_VERSION)
    {
      g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT,
                   "The study was written by a newer Orrery (format %" G_GINT64_FORMAT ", this one reads up to %d)",
                   version, FORMAT_VERSION);
      return FALSE;
    }
  return TRUE;
}

static gboolean
read_texts (OrrHdf5 *file, OrrStudy *study, GError **error)
{
  g_autoptr (GVariant) head = orr_hdf5_read_attributes (file, "/", error);
  if (head == NULL)
    return FALSE;

  g_autofree char *title = orr_section_dup_string (head, "title");
  g_autofree char *notes = orr_section_dup_string (head, "notes");
  if (title != NULL)
    {
      g_free (study->title);
      study->title = g_steal_pointer (&title);
    }
  if (notes != NULL)
    {
      g_free (study->notes);
      study->notes = g_steal_pointer (&notes);
    }
  return TRUE;
}

static gboolean
read_equations (OrrHdf5 *file, OrrStudy *study, GError **error)
{
  g_autoptr (GVariant) section = NULL;

  if (!read_optional (file, "", "equations", &section, error))
    return FALSE;
  if (section == NULL)
    return TRUE;

  OrrEquations *equations = orr_equations_from_section (section, error);
  if (equations == NULL)
    {
      g_prefix_error (error, "/equations: ");
      return FALSE;
    }
  orr_equations_unref (study->equations);
  study->equations = equations;
  return TRUE;
}

static gboolean
read_recording (OrrHdf5 *file, OrrStudy *study, GError **error)
{
  g_autoptr (GVariant) section = NULL;

  if (!read_optional (file, "", "recording", &section, error))
    return FALSE;
  if (section == NULL)
    return TRUE;
  study->recording = orr_recording_from_section (section, error);
  if (study->recording == NULL)
    g_prefix_error (error, "/recording: ");
  return study->recording != NULL;
}

static OrrStudy *
read_study (OrrHdf5 *file, GError **error)
{
  if (!check_format (file, error))
    return NULL;

  g_autoptr (OrrHmm) hmm = read_hmm (file, "/hmm", error);
  if (hmm == NULL)
    return NULL;

  g_autoptr (OrrStudy) study = orr_study_new ("", hmm);
  g_auto (GStrv) names = orr_hdf5_list (file, "/runs");
  if (!read_texts (file, study, error) || !read_equations (file, study, error) ||
      !read_recording (file, study, error))
    return NULL;
  for (char **name = names; *name != NULL; name++)
    {
      g_autofree char *group = g_strconcat ("/runs/", *name, NULL);
      OrrRun *run = read_run (file, group, error);

      if (run == NULL)
        return NULL;
      g_ptr_array_add (study->runs, run);
    }
  return g_steal_pointer (&study);
}

/**
 * orr_study_file_load:
 * @error: (out): %ORR_ERROR_INPUT: what is wrong with the file, and where in it
 *
 * Groups that this version does not know are passed over.
 *
 * Returns: (transfer full) (nullable): the study
 */
OrrStudy *
orr_study_file_load (const char *path, GError **error)
{
  g_autoptr (OrrHdf5) file = orr_hdf5_open (path, error);
  if (file == NULL)
    return NULL;
  g_autoptr (GError) local = NULL;
  OrrStudy *study = read_study (file, &local);
  if (study != NULL)
    return study;
  /* What is wrong with a value does not say in which file. */
  g_autofree char *name = orr_file_display_name (path);
  if (!g_str_has_prefix (local->message, name))
    g_prefix_error (&local, "%s: ", name);
  g_propagate_error (error, g_steal_pointer (&local));
  return NULL;
}
