/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "orr-error.h"
#include "orr-parameters.h"
#include "orr-section.h"
#include "orr-train-private.h"

#define FORMAT "orrery-trainer-1"

static GVariant *
new_bytes (gconstpointer data, gsize size)
{
  return g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, data, size, 1);
}

/* The columns of a history, in the order of OrrTrainEpoch. */
#define N_COLUMNS 12
#define N_REQUIRED 8 /* the others came later: older checkpoints lack them */

static const char *const column_names[N_COLUMNS] = {
  "epoch",   "train_loss",     "validation_loss", "best_validation_loss", "best_epoch",      "gradient_norm",
  "seconds", "selection_loss", "statistics_distance", "silent_units", "activity", "activity_growth",
};

/**
 * orr_train_history_to_section:
 * @history: (array length=n): finished epochs
 *
 * Returns: (transfer floating): a section with one list of n numbers for each
 * field of #OrrTrainEpoch
 */
GVariant *
orr_train_history_to_section (const OrrTrainEpoch *history, guint n)
{
  g_autofree double *columns = g_new (double, MAX (n, 1) * N_COLUMNS);
  GVariantDict dict;

  for (guint i = 0; i < n; i++)
    {
      const OrrTrainEpoch *e = &history[i];
      const double values[N_COLUMNS] = { e->epoch,         e->train_loss, e->validation_loss, e->best_validation_loss,
                                         e->best_epoch,    e->gradient_norm, e->seconds,      e->selection_loss,
                                         e->statistics_distance, e->silent_units, e->activity, e->activity_growth };

      for (guint c = 0; c < N_COLUMNS; c++)
        columns[c * n + i] = values[c];
    }
  g_variant_dict_init (&dict, NULL);
  for (guint c = 0; c < N_COLUMNS; c++)
    g_variant_dict_insert_value (&dict, column_names[c], orr_section_new_doubles (columns + c * n, n));
  return g_variant_dict_end (&dict);
}

static void
insert_snapshots (GVariantDict *dict, const OrrTrainer *self)
{
  guint n = self->snapshots->len;
  g_autofree float *weights = g_new (float, MAX (n, 1) * self->n_parameters);
  g_autofree double *epochs = g_new (double, MAX (n, 1));

  for (guint i = 0; i < n; i++)
    {
      const OrrTrainSnapshot *snapshot = &g_array_index (self->snapshots, OrrTrainSnapshot, i);
      epochs[i] = snapshot->epoch;
      orr_parameters_pack (snapshot->network, weights + i * self->n_parameters);
    }
  g_variant_dict_insert_value (dict, "snapshot_epochs", orr_section_new_doubles (epochs, n));
  g_variant_dict_insert_value (dict, "snapshots", new_bytes (weights, n * self->n_parameters * sizeof (float)));
}

/**
 * orr_trainer_save:
 *
 * Returns: (transfer floating): a section with everything needed to go on
 * later as if nothing had happened; weights are float32 in byte arrays ("ay")
 * in the order W_hh, W_ih, W_out, b_ih, b_hh, b_out
 */
GVariant *
orr_trainer_save (const OrrTrainer *self)
{
  gsize bytes = self->n_parameters * sizeof (float), S = self->hmm->n_states;
  g_autofree float *best = g_new (float, self->n_parameters);
  GVariantDict dict;

  orr_parameters_pack (self->best, best);
  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "format", "s", FORMAT);
  g_variant_dict_insert_value (&dict, "options", orr_train_options_to_section (&self->options));
  g_variant_dict_insert_value (&dict, "model_start", orr_section_new_doubles (self->hmm->start, S));
  g_variant_dict_insert_value (&dict, "model_transition", orr_section_new_doubles (self->hmm->transition, S * S));
  g_variant_dict_insert_value (&dict, "model_emission",
                               orr_section_new_doubles (self->hmm->emission, S * self->hmm->n_symbols));
  if (self->data != NULL)
    g_variant_dict_insert_value (&dict, "data", orr_train_data_to_section (self->data));
  g_variant_dict_insert (&dict, "epoch", "x", (gint64) self->epoch);
  g_variant_dict_insert (&dict, "best_epoch", "x", (gint64) self->best_epoch);
  g_variant_dict_insert (&dict, "best_validation_loss", "d", self->best_validation_loss);
  g_variant_dict_insert (&dict, "best_selection_loss", "d", self->best_selection_loss);
  g_variant_dict_insert (&dict, "adam_steps", "x", (gint64) self->adam->steps);
  g_variant_dict_insert_value (&dict, "parameters", new_bytes (self->parameters, bytes));
  if (self->averaged != NULL)
    g_variant_dict_insert_value (&dict, "averaged_parameters", new_bytes (self->averaged, bytes));
  g_variant_dict_insert_value (&dict, "best_parameters", new_bytes (best, bytes));
  g_variant_dict_insert_value (&dict, "adam_mean", new_bytes (self->adam->mean, bytes));
  g_variant_dict_insert_value (&dict, "adam_square", new_bytes (self->adam->square, bytes));
  g_variant_dict_insert_value (&dict, "history",
                               orr_train_history_to_section ((const OrrTrainEpoch *) (gpointer) self->history->data,
                                                             self->history->len));
  insert_snapshots (&dict, self);
  return g_variant_dict_end (&dict);
}

static gboolean
fail (GError **error, const char *what)
{
  g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "The training checkpoint cannot be used: %s", what);
  return FALSE;
}

static gboolean
same_numbers (GVariant *state, const char *name, const double *values, gsize n)
{
  gsize n_stored;
  g_autofree double *stored = orr_section_dup_doubles (state, name, &n_stored);
  return stored != NULL && n_stored == n && memcmp (stored, values, n * sizeof (double)) == 0;
}

static gboolean
read_floats (GVariant *state, const char *name, float *out, gsize n, GError **error)
{
  g_autoptr (GVariant) value = g_variant_lookup_value (state, name, G_VARIANT_TYPE_BYTESTRING);
  gsize size = 0;
  gconstpointer data = value != NULL ? g_variant_get_fixed_array (value, &size, 1) : NULL;

  if (data == NULL || size != n * sizeof (float))
    {
      g_autofree char *what = g_strdup_printf ("its %s are missing or of another size", name);
      return fail (error, what);
    }
  memcpy (out, data, size);
  for (gsize i = 0; i < n; i++)
    if (!isfinite (out[i]))
      {
        g_autofree char *what = g_strdup_printf ("its %s hold a value that is not finite", name);
        return fail (error, what);
      }
  return TRUE;
}

static gboolean
read_history (OrrTrainer *self, GVariant *state, GError **error)
{
  g_autoptr (GVariant) history = g_variant_lookup_value (state, "history", G_VARIANT_TYPE_VARDICT);
  double *columns[N_COLUMNS] = { NULL };
  gboolean fits = TRUE;

  for (guint c = 0; c < N_COLUMNS; c++)
    {
      gsize n;

      columns[c] = orr_section_dup_doubles (history, column_names[c], &n);
      if (c >= N_REQUIRED && n != self->epoch)
        g_clear_pointer (&columns[c], g_free);
      fits &= n == self->epoch || c >= N_REQUIRED;
    }
  for (guint i = 0; fits && i < self->epoch; i++)
    {
      OrrTrainEpoch epoch = { (guint) columns[0][i], columns[1][i], columns[2][i], columns[3][i],
                              (guint) columns[4][i], columns[5][i], columns[6][i], columns[7][i],
                              columns[8] != NULL ? columns[8][i] : NAN,
                              columns[9] != NULL ? (guint) columns[9][i] : 0,
                              columns[10] != NULL ? columns[10][i] : NAN,
                              columns[11] != NULL ? columns[11][i] : NAN };
      g_array_append_val (self->history, epoch);
    }
  for (guint c = 0; c < N_COLUMNS; c++)
    g_free (columns[c]);
  return fits || fail (error, "its history does not fit its epoch");
}

static gboolean
read_snapshots (OrrTrainer *self, GVariant *state, GError **error)
{
  gsize n;
  g_autofree double *epochs = orr_section_dup_doubles (state, "snapshot_epochs", &n);

  if (n == 0)
    return TRUE;
  if (n > self->epoch)
    return fail (error, "it has more snapshots than epochs");

  g_autofree float *weights = g_new (float, n * self->n_parameters);
  if (!read_floats (state, "snapshots", weights, n * self->n_parameters, error))
    return FALSE;
  for (gsize i = 0; i < n; i++)
    {
      OrrTrainSnapshot snapshot = { (guint) epochs[i], orr_network_copy (self->network) };
      orr_parameters_unpack (snapshot.network, weights + i * self->n_parameters);
      g_array_append_val (self->snapshots, snapshot);
    }
  return TRUE;
}

static gboolean
read_state (OrrTrainer *self, GVariant *state, GError **error)
{
  gsize S = self->hmm->n_states, n = self->n_parameters;
  g_autofree float *best = g_new (float, n);
  gint64 epoch = orr_section_get_int (state, "epoch", -1);

  if (!same_numbers (state, "model_start", self->hmm->start, S) ||
      !same_numbers (state, "model_transition", self->hmm->transition, S * S) ||
      !same_numbers (state, "model_emission", self->hmm->emission, S * self->hmm->n_symbols))
    return fail (error, "it was made for another model");
  if (epoch < 0 || epoch > G_MAXINT)
    return fail (error, "its epoch is missing");
  self->epoch = (guint) epoch;
  self->best_epoch = (guint) CLAMP (orr_section_get_int (state, "best_epoch", 0), 0, epoch);
  self->best_validation_loss = orr_section_get_double (state, "best_validation_loss", INFINITY);
  self->best_selection_loss = orr_section_get_double (state, "best_selection_loss", INFINITY);
  self->adam->steps = (guint64) MAX (orr_section_get_int (state, "adam_steps", 0), 0);
  if (!read_floats (state, "parameters", self->parameters, n, error) ||
      (self->averaged != NULL && !read_floats (state, "averaged_parameters", self->averaged, n, error)) ||
      !read_floats (state, "best_parameters", best, n, error) ||
      !read_floats (state, "adam_mean", self->adam->mean, n, error) ||
      !read_floats (state, "adam_square", self->adam->square, n, error) ||
      !read_history (self, state, error) || !read_snapshots (self, state, error))
    return FALSE;
  orr_parameters_unpack (self->network, self->averaged != NULL ? self->averaged : self->parameters);
  orr_parameters_unpack (self->best, best);
  return TRUE;
}

/**
 * orr_trainer_restore:
 * @hmm: the model the checkpoint was made for
 * @state: what orr_trainer_save() returned
 * @error: (out): %ORR_ERROR_INPUT saying what is wrong with it
 *
 * Returns: (transfer full) (nullable): a trainer that goes on to the same
 * numbers as one that was never stopped
 */
OrrTrainer *
orr_trainer_restore (const OrrHmm *hmm, GVariant *state, GError **error)
{
  g_autofree char *format = orr_section_dup_string (state, "format");
  g_autoptr (GVariant) section = g_variant_lookup_value (state, "options", G_VARIANT_TYPE_VARDICT);
  OrrTrainOptions options;

  if (g_strcmp0 (format, FORMAT) != 0 || section == NULL)
    {
      fail (error, "it is not one");
      return NULL;
    }
  if (!orr_train_options_from_section (&options, section, error))
    return NULL;

  g_autoptr (GVariant) recorded = g_variant_lookup_value (state, "data", G_VARIANT_TYPE_VARDICT);
  g_autoptr (OrrTrainData) data = recorded != NULL ? orr_train_data_from_section (recorded, error) : NULL;
  if (recorded != NULL && data == NULL)
    return NULL;
  g_autoptr (OrrTrainer) self = orr_trainer_new_with_data (hmm, data, &options, error);
  if (self == NULL || !read_state (self, state, error))
    return NULL;
  return g_steal_pointer (&self);
}
