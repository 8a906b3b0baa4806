/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-network-state.h"

#include <string.h>

#include "orr-error.h"
#include "orr-format.h"

/* Names of the last part of a parameter: PyTorch's RNN and RNNCell, and plain ones. */
static const char *const recurrent_names[] = { "weight_hh_l0", "weight_hh", "W_hh", NULL };
static const char *const input_names[] = { "weight_ih_l0", "weight_ih", "W_ih", NULL };
static const char *const recurrent_bias_names[] = { "bias_hh_l0", "bias_hh", "b_hh", NULL };
static const char *const input_bias_names[] = { "bias_ih_l0", "bias_ih", "b_ih", NULL };
static const char *const readout_names[] = { "weight", "weight_out", "W_out", NULL };
static const char *const readout_bias_names[] = { "bias", "bias_out", "b_out", NULL };

#define MAX_UNITS (1u << 20)

typedef struct
{
  OrrArrays  *arrays;
  const char *recurrent;
  const char *input;
  const char *recurrent_bias;
  const char *input_bias;
  const char *readout;
  const char *readout_bias;
} Parts;

static gboolean
fail (GError **error, const char *format, ...) G_GNUC_PRINTF (2, 3);

static gboolean
fail (GError **error, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  g_autofree char *message = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error_literal (error, ORR_ERROR, ORR_ERROR_INPUT, message);
  return FALSE;
}

static const char *
leaf_of (const char *name)
{
  const char *dot = strrchr (name, '.');
  return dot != NULL ? dot + 1 : name;
}

static gboolean
same_module (const char *a, const char *b)
{
  gsize n = leaf_of (a) - a;

  return n == (gsize) (leaf_of (b) - b) && strncmp (a, b, n) == 0;
}

static gboolean
is_layer_above (const char *leaf)
{
  const char *number = strstr (leaf, "_l");

  return g_str_has_prefix (leaf, "weight_") && number != NULL && g_ascii_isdigit (number[2]) &&
         g_ascii_strtoull (number + 2, NULL, 10) > 0;
}

/* Kinds of networks that look like ours and are not. */
static gboolean
check_kind (OrrArrays *arrays, GError **error)
{
  for (guint i = 0; i < orr_arrays_get_length (arrays); i++)
    {
      const char *name = orr_arrays_get_name (arrays, i);
      const char *leaf = leaf_of (name);

      if (g_str_has_prefix (leaf, "weight_") && g_str_has_suffix (leaf, "_reverse"))
        return fail (error, "The network is bidirectional (\"%s\"), and Orrery opens networks that run forward only",
                     name);
      if (is_layer_above (leaf))
        return fail (error, "The network has several recurrent layers (\"%s\"), and Orrery opens networks of one",
                     name);
      if (g_str_has_prefix (leaf, "weight_hr"))
        return fail (error, "The network is an LSTM with projections (\"%s\"), which Orrery does not open", name);
    }
  return TRUE;
}

static gboolean
find_recurrent (Parts *self, GError **error)
{
  for (guint i = 0; i < orr_arrays_get_length (self->arrays); i++)
    {
      const char *name = orr_arrays_get_name (self->arrays, i);

      if (!g_strv_contains (recurrent_names, leaf_of (name)))
        continue;
      if (self->recurrent != NULL)
        return fail (error, "The file holds several recurrent layers (\"%s\" and \"%s\"), and Orrery opens networks "
                            "of one", self->recurrent, name);
      self->recurrent = name;
    }
  if (self->recurrent == NULL)
    {
      g_autofree char *names = orr_arrays_list_names (self->arrays);
      return fail (error, "No recurrent weights: \"weight_hh_l0\" is missing (the file has %s)", names);
    }
  return TRUE;
}

static gboolean
check_recurrent (Parts *self, GError **error)
{
  const OrrArray *array = orr_arrays_find (self->arrays, self->recurrent);
  g_autofree char *shape = orr_array_shape_string (array);
  gsize rows = array->shape[0], cols = array->shape[1];

  if (array->n_dims == 2 && cols > 0 && rows == 4 * cols)
    return fail (error, "The network is an LSTM (\"%s\" is %s, four gates), and Orrery opens plain recurrent networks",
                 self->recurrent, shape);
  if (array->n_dims == 2 && cols > 0 && rows == 3 * cols)
    return fail (error, "The network is a GRU (\"%s\" is %s, three gates), and Orrery opens plain recurrent networks",
                 self->recurrent, shape);
  if (array->n_dims != 2 || rows != cols || rows == 0)
    return fail (error, "Recurrent weights \"%s\" are %s and should be square", self->recurrent, shape);
  if (rows > MAX_UNITS)
    return fail (error, "Recurrent weights \"%s\" are %s, more units than Orrery can hold", self->recurrent, shape);
  return TRUE;
}

/* The array of the module that @name is of whose last part is one of @leaves. */
static const char *
find_sibling (Parts *self, const char *name, const char *const *leaves)
{
  for (guint i = 0; i < orr_arrays_get_length (self->arrays); i++)
    {
      const char *other = orr_arrays_get_name (self->arrays, i);
      if (g_strv_contains (leaves, leaf_of (other)) && same_module (name, other))
        return other;
    }
  return NULL;
}

static gboolean
find_input (Parts *self, gsize n_hidden, GError **error)
{
  self->input = find_sibling (self, self->recurrent, input_names);
  if (self->input == NULL)
    {
      g_autofree char *names = orr_arrays_list_names (self->arrays);
      return fail (error, "No input weights: \"weight_ih_l0\" is missing beside \"%s\" (the file has %s)",
                   self->recurrent, names);
    }

  const OrrArray *array = orr_arrays_find (self->arrays, self->input);
  if (array->n_dims != 2 || array->shape[0] != n_hidden || array->shape[1] == 0 || array->shape[1] > MAX_UNITS)
    {
      g_autofree char *shape = orr_array_shape_string (array);
      return fail (error, "Input weights \"%s\" are %s and should have %" G_GSIZE_FORMAT " rows, one a hidden unit",
                   self->input, shape, n_hidden);
    }
  self->input_bias = find_sibling (self, self->recurrent, input_bias_names);
  self->recurrent_bias = find_sibling (self, self->recurrent, recurrent_bias_names);
  return TRUE;
}

/* Whether "fc.weight" or "...fc.weight", the published name, or a plain one. */
static gboolean
is_named_readout (const char *name)
{
  const char *leaf = leaf_of (name);

  return g_str_equal (name, "fc.weight") || g_str_has_suffix (name, ".fc.weight") ||
         g_str_equal (leaf, "weight_out") || g_str_equal (leaf, "W_out");
}

static gboolean
is_linear (Parts *self, const char *name, const OrrArray *array)
{
  return g_strv_contains (readout_names, leaf_of (name)) && array->n_dims == 2 && name != self->recurrent &&
         name != self->input;
}

static gboolean
fail_readout (Parts *self, gsize n_hidden, GError **error)
{
  for (guint i = 0; i < orr_arrays_get_length (self->arrays); i++)
    {
      const char *name = orr_arrays_get_name (self->arrays, i);
      const OrrArray *array = orr_arrays_get (self->arrays, i);
      g_autofree char *shape = orr_array_shape_string (array);

      if (g_strv_contains (readout_names, leaf_of (name)))
        return fail (error, "Readout weights \"%s\" are %s and should have %" G_GSIZE_FORMAT
                            " columns, one a hidden unit", name, shape, n_hidden);
    }
  g_autofree char *names = orr_arrays_list_names (self->arrays);
  return fail (error, "No readout: \"fc.weight\" or another linear layer with %" G_GSIZE_FORMAT
                      " columns is missing (the file has %s)", n_hidden, names);
}

/* The one linear layer that reads the hidden units; among several, the one
 * called fc. Any other layer would be part of what the network computes. */
static gboolean
find_readout (Parts *self, gsize n_hidden, GError **error)
{
  const char *other = NULL;

  for (guint i = 0; i < orr_arrays_get_length (self->arrays); i++)
    {
      const char *name = orr_arrays_get_name (self->arrays, i);
      const OrrArray *array = orr_arrays_get (self->arrays, i);

      if (!is_linear (self, name, array) || array->shape[1] != n_hidden || array->shape[0] == 0)
        continue;
      if (self->readout == NULL || (is_named_readout (name) && !is_named_readout (self->readout)))
        {
          other = self->readout;
          self->readout = name;
        }
      else
        other = name;
    }
  if (self->readout == NULL)
    return fail_readout (self, n_hidden, error);
  if (other != NULL && !is_named_readout (self->readout))
    return fail (error, "Which layer is the readout is not clear: both \"%s\" and \"%s\" fit; call it \"fc.weight\"",
                 self->readout, other);

  self->readout_bias = find_sibling (self, self->readout, readout_bias_names);
  for (guint i = 0; i < orr_arrays_get_length (self->arrays); i++)
    {
      const char *name = orr_arrays_get_name (self->arrays, i);
      const OrrArray *array = orr_arrays_get (self->arrays, i);
      g_autofree char *shape = orr_array_shape_string (array);
      gboolean head = array->n_dims == 2 && array->shape[1] == n_hidden;

      if (g_str_equal (leaf_of (name), "weight") && name != self->readout && !head)
        return fail (error, "The network has a further layer \"%s\" (%s) beside the recurrent one and the readout "
                            "\"%s\", and Orrery opens networks without", name, shape, self->readout);
    }
  return TRUE;
}

static OrrMatrix *
read_weight (Parts *self, const char *name, GError **error)
{
  g_autoptr (OrrMatrix) matrix = orr_array_to_matrix (orr_arrays_find (self->arrays, name), error);

  if (matrix == NULL)
    {
      g_prefix_error (error, "\"%s\": ", name);
      return NULL;
    }
  if (!orr_matrix_is_finite (matrix))
    {
      fail (error, "\"%s\" holds values that are not finite numbers", name);
      return NULL;
    }
  return g_steal_pointer (&matrix);
}

/* A bias of @n values as a vector, or as a matrix of one row or column. */
static gboolean
read_bias (Parts *self, const char *name, gsize n, OrrMatrix **bias, GError **error)
{
  if (name == NULL)
    return TRUE;

  const OrrArray *array = orr_arrays_find (self->arrays, name);
  g_autofree float *values = orr_array_to_floats (array, error);
  if (values == NULL)
    return FALSE;
  if (array->n != n || array->n_dims == 0)
    {
      g_autofree char *shape = orr_array_shape_string (array);
      return fail (error, "Bias \"%s\" is %s and should have %" G_GSIZE_FORMAT " values", name, shape, n);
    }
  *bias = orr_matrix_new (1, n);
  memcpy ((*bias)->data, values, n * sizeof (float));
  return TRUE;
}

/* From a note called activation or nonlinearity, wherever it stands. */
static gboolean
read_activation (OrrArrays *arrays, OrrActivation *activation, GError **error)
{
  GHashTableIter iter;
  gpointer name, text;

  *activation = ORR_ACTIVATION_RELU;
  g_hash_table_iter_init (&iter, orr_arrays_get_notes (arrays));
  while (g_hash_table_iter_next (&iter, &name, &text))
    {
      const char *leaf = leaf_of (name);

      if (!g_str_equal (leaf, "activation") && !g_str_equal (leaf, "nonlinearity"))
        continue;
      if (g_ascii_strcasecmp (text, "tanh") == 0)
        *activation = ORR_ACTIVATION_TANH;
      else if (g_ascii_strcasecmp (text, "relu") != 0)
        {
          g_autofree char *shown = orr_format_excerpt (text, 40);
          return fail (error, "The network's %s is \"%s\", and Orrery knows relu and tanh", leaf, shown);
        }
    }
  return TRUE;
}

static gboolean
fill (Parts *self, OrrNetwork *network, GError **error)
{
  g_clear_pointer (&network->weight_hh, orr_matrix_unref);
  g_clear_pointer (&network->weight_ih, orr_matrix_unref);
  g_clear_pointer (&network->weight_out, orr_matrix_unref);

  return (network->weight_hh = read_weight (self, self->recurrent, error)) != NULL &&
         (network->weight_ih = read_weight (self, self->input, error)) != NULL &&
         (network->weight_out = read_weight (self, self->readout, error)) != NULL &&
         read_bias (self, self->recurrent_bias, network->n_hidden, &network->bias_hh, error) &&
         read_bias (self, self->input_bias, network->n_hidden, &network->bias_ih, error) &&
         read_bias (self, self->readout_bias, network->n_symbols, &network->bias_out, error) &&
         read_activation (self->arrays, &network->activation, error) && orr_network_validate (network, error);
}

/**
 * orr_network_from_arrays:
 * @arrays: a state dict, whatever prefixes its names have
 * @error: (out): %ORR_ERROR_INPUT says what is missing, or why this is another
 *   kind of network
 *
 * Recognises the recurrent layer by its names (weight_hh_l0, or weight_hh of an
 * RNNCell), the readout as the one linear layer that reads it, and takes H, D
 * and K from the shapes. Without a note on the activation it is relu.
 *
 * Returns: (transfer full) (nullable): the network
 */
OrrNetwork *
orr_network_from_arrays (OrrArrays *arrays, GError **error)
{
  Parts parts = { .arrays = arrays };

  if (!check_kind (arrays, error) || !find_recurrent (&parts, error) || !check_recurrent (&parts, error))
    return NULL;

  gsize n_hidden = orr_arrays_find (arrays, parts.recurrent)->shape[0];
  if (!find_input (&parts, n_hidden, error) || !find_readout (&parts, n_hidden, error))
    return NULL;

  gsize n_noise = orr_arrays_find (arrays, parts.input)->shape[1];
  gsize n_symbols = orr_arrays_find (arrays, parts.readout)->shape[0];
  if (n_symbols > MAX_UNITS)
    {
      fail (error, "Readout weights \"%s\" have more rows than Orrery can hold", parts.readout);
      return NULL;
    }
  g_autoptr (OrrNetwork) network = orr_network_new (n_hidden, n_noise, n_symbols, FALSE);
  return fill (&parts, network, error) ? g_steal_pointer (&network) : NULL;
}

static void
add_bias (OrrArrays *arrays, const char *name, const OrrMatrix *bias)
{
  if (bias != NULL)
    orr_arrays_take (arrays, name, orr_array_new_vector (ORR_ARRAY_FLOAT32, bias->cols, bias->data));
}

/**
 * orr_network_to_arrays:
 *
 * Returns: (transfer full): the network's state dict, float32, in PyTorch's order
 */
OrrArrays *
orr_network_to_arrays (const OrrNetwork *network)
{
  OrrArrays *arrays = orr_arrays_new ();

  orr_arrays_take (arrays, "rnn.weight_ih_l0", orr_array_new_matrix (network->weight_ih));
  orr_arrays_take (arrays, "rnn.weight_hh_l0", orr_array_new_matrix (network->weight_hh));
  add_bias (arrays, "rnn.bias_ih_l0", network->bias_ih);
  add_bias (arrays, "rnn.bias_hh_l0", network->bias_hh);
  orr_arrays_take (arrays, "fc.weight", orr_array_new_matrix (network->weight_out));
  add_bias (arrays, "fc.bias", network->bias_out);
  orr_arrays_set_note (arrays, "activation", network->activation == ORR_ACTIVATION_TANH ? "tanh" : "relu");
  return arrays;
}
