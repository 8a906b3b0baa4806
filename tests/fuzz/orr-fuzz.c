/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Feeds libFuzzer's inputs to one reader, the one that the environment variable
 * ORR_FUZZ_TARGET names. See fuzz.sh.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "orr-expr-parse.h"
#include "orr-expr-print.h"
#include "orr-hdf5-array.h"
#include "orr-hmm-file.h"
#include "orr-json.h"
#include "orr-network-state.h"
#include "orr-npy.h"
#include "orr-npz.h"
#include "orr-safetensors.h"
#include "orr-study-file.h"
#include "orr-table.h"
#include "orr-torch.h"
#include "orr-zip.h"

int LLVMFuzzerInitialize (int *argc, char ***argv);
int LLVMFuzzerTestOneInput (const guint8 *data, size_t size);

static guint n_accepted;

/* What each reader must hold to: a value, or an error with a message; never both or neither. */
static void
check (gboolean read, const GError *error)
{
  if (read != (error == NULL) || (error != NULL && (*error->message == '\0' || !g_utf8_validate (error->message, -1, NULL))))
    abort ();
  n_accepted += read;
}

/* Text as its readers get it from a file: never NULL. */
static const char *
get_text (GBytes *input, gsize *length)
{
  const char *text = g_bytes_get_data (input, length);

  return text != NULL ? text : "";
}

static void
check_network (OrrArrays *arrays)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (OrrNetwork) network = orr_network_from_arrays (arrays, &error);

  check (network != NULL, error);
}

static void
check_arrays (OrrArrays *arrays, GError *error)
{
  g_autoptr (OrrArrays) owned = arrays;
  g_autoptr (GError) owned_error = error;

  check (owned != NULL, owned_error);
  if (owned != NULL)
    check_network (owned);
}

static void
fuzz_torch (GBytes *input)
{
  GError *error = NULL;
  OrrArrays *arrays = orr_torch_parse (input, &error);

  check_arrays (arrays, error);
}

/* The input as the pickle within an archive that is whole, with storages to refer to. */
static void
fuzz_pickle (GBytes *input)
{
  g_autoptr (GPtrArray) entries = g_ptr_array_new_with_free_func ((GDestroyNotify) orr_zip_entry_free);
  guint8 storage[256];
  GError *error = NULL;

  for (guint i = 0; i < sizeof storage; i++)
    storage[i] = i;
  g_ptr_array_add (entries, orr_zip_entry_new ("a/data.pkl", input, FALSE));
  for (guint i = 0; i < 6; i++)
    {
      g_autofree char *name = g_strdup_printf ("a/data/%u", i);
      g_autoptr (GBytes) content = g_bytes_new_static (storage, sizeof storage);
      g_ptr_array_add (entries, orr_zip_entry_new (name, content, FALSE));
    }
  g_autoptr (GBytes) archive = orr_zip_print (entries, 0, NULL);
  OrrArrays *arrays = orr_torch_parse (archive, &error);
  check_arrays (arrays, error);
}

static void
fuzz_safetensors (GBytes *input)
{
  GError *error = NULL;
  OrrArrays *arrays = orr_safetensors_parse (input, &error);

  check_arrays (arrays, error);
}

static void
fuzz_npz (GBytes *input)
{
  GError *error = NULL;
  OrrArrays *arrays = orr_npz_parse (input, &error);

  check_arrays (arrays, error);
}

/* What can be read can be written, and is the same when it is read again. */
static void
fuzz_npy (GBytes *input)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (OrrArray) array = orr_npy_parse (input, &error);

  check (array != NULL, error);
  if (array == NULL)
    return;
  g_autoptr (GBytes) printed = orr_npy_print (array);
  g_autoptr (OrrArray) again = orr_npy_parse (printed, &error);
  if (again == NULL || again->type != array->type || again->n != array->n ||
      (array->type != ORR_ARRAY_TEXT &&
       memcmp (again->data, array->data, array->n * orr_array_type_size (array->type)) != 0))
    abort ();
}

static void
fuzz_hmm (GBytes *input)
{
  g_autoptr (GError) error = NULL;
  gsize length;
  const char *text = get_text (input, &length);
  g_autoptr (OrrHmm) hmm = orr_hmm_parse_json (text, length, &error);

  check (hmm != NULL, error);
  if (hmm == NULL)
    return;
  g_autofree char *printed = orr_hmm_print_json (hmm);
  g_autoptr (OrrHmm) again = orr_hmm_parse_json (printed, -1, &error);
  if (again == NULL || !orr_hmm_equal (hmm, again))
    abort ();
}

static void
fuzz_json (GBytes *input)
{
  g_autoptr (GError) error = NULL;
  gsize length;
  const char *text = get_text (input, &length);
  g_autoptr (GVariant) section = orr_json_parse (text, length, &error);

  check (section != NULL, error);
}

/* What is read and written as text reads back as the same tree. */
static void
fuzz_expression (GBytes *input)
{
  static const char *const names[] = { "dose", "body mass", "e", "sin" };
  g_autoptr (GError) error = NULL;
  gsize length;
  const char *bytes = get_text (input, &length);
  g_autofree char *text = g_strndup (bytes, length);
  guint column = 0;
  g_autoptr (OrrExpr) expr = orr_expr_parse (text, names, G_N_ELEMENTS (names), &column, &error);

  check (expr != NULL, error);
  if ((expr == NULL) != (column > 0))
    abort ();
  if (expr == NULL)
    return;
  g_autofree char *printed = orr_expr_to_skeleton (expr, names, G_N_ELEMENTS (names));
  g_autoptr (OrrExpr) again = orr_expr_parse (printed, names, G_N_ELEMENTS (names), NULL, NULL);
  g_autofree char *twice = again != NULL ? orr_expr_to_skeleton (again, names, G_N_ELEMENTS (names)) : NULL;
  /* Deep trees may need more brackets than the parser follows; all others come back. */
  if (again != NULL && !g_str_equal (printed, twice))
    abort ();
}

static void
fuzz_table (GBytes *input)
{
  g_autoptr (GError) error = NULL;
  gsize length;
  const char *text = get_text (input, &length);
  g_autoptr (OrrTable) table = orr_table_parse (text, length, &error);

  check (table != NULL, error);
  if (table == NULL)
    return;
  g_autofree char *printed = orr_table_print (table, ',');
  g_autoptr (OrrTable) again = orr_table_parse (printed, -1, &error);
  if (again != NULL && again->n_columns != table->n_columns)
    abort ();
}

/* HDF5 reads files by name. */
static char *file_path;
static int file = -1;

static const char *
write_file (GBytes *input)
{
  gsize length;
  const char *data = g_bytes_get_data (input, &length);

  if (file < 0)
    file = g_file_open_tmp ("orr-fuzz-XXXXXX", &file_path, NULL);
  if (file < 0 || ftruncate (file, 0) != 0 || pwrite (file, data, length, 0) != (ssize_t) length)
    abort ();
  return file_path;
}

static void
fuzz_hdf5 (GBytes *input)
{
  const char *path = write_file (input);
  GError *error = NULL;
  g_autoptr (OrrHdf5) file = orr_hdf5_open (path, &error);
  OrrArrays *arrays = file != NULL ? orr_hdf5_read_arrays (file, &error) : NULL;

  check_arrays (arrays, error);
}

static void
fuzz_study (GBytes *input)
{
  const char *path = write_file (input);
  g_autoptr (GError) error = NULL;
  g_autoptr (OrrStudy) study = orr_study_file_load (path, &error);

  check (study != NULL, error);
}

static const struct
{
  const char *name;
  void (*run) (GBytes *input);
} targets[] = {
  { "torch", fuzz_torch }, { "pickle", fuzz_pickle }, { "safetensors", fuzz_safetensors }, { "npz", fuzz_npz },
  { "npy", fuzz_npy },     { "hmm", fuzz_hmm },       { "json", fuzz_json },               { "table", fuzz_table },
  { "hdf5", fuzz_hdf5 },   { "study", fuzz_study },   { "expression", fuzz_expression },
};

static void (*run) (GBytes *input);

/* A harness that feeds its reader nothing that it likes would test nothing. */
static void
finish (void)
{
  if (file_path != NULL)
    g_unlink (file_path);
  if (n_accepted == 0)
    {
      g_printerr ("No input was accepted, not even the seeds.\n");
      _exit (1);
    }
}

int
LLVMFuzzerInitialize (int *argc, char ***argv)
{
  const char *name = g_getenv ("ORR_FUZZ_TARGET");

  for (guint i = 0; i < G_N_ELEMENTS (targets); i++)
    if (g_strcmp0 (targets[i].name, name) == 0)
      run = targets[i].run;
  if (run == NULL)
    {
      g_printerr ("ORR_FUZZ_TARGET must name a target:");
      for (guint i = 0; i < G_N_ELEMENTS (targets); i++)
        g_printerr (" %s", targets[i].name);
      g_printerr ("\n");
      exit (2);
    }
  atexit (finish);
  return 0;
}

int
LLVMFuzzerTestOneInput (const guint8 *data, size_t size)
{
  /* A copy of its own, so that the sanitizer sees reads beyond the end. */
  g_autoptr (GBytes) input = g_bytes_new (data, size);

  run (input);
  return 0;
}
