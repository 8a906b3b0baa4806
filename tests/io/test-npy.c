/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-npy.h"

#include <math.h>
#include <string.h>

#include "orr-error.h"
#include "orr-npz.h"
#include "orr-file.h"
#include "python.h"

static OrrArray *
parse (const char *header, const char *version, gconstpointer data, gsize length, GError **error)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();
  guint8 size[4] = { strlen (header) & 0xff, strlen (header) >> 8, 0, 0 };

  g_byte_array_append (out, (const guint8 *) "\x93NUMPY", 6);
  g_byte_array_append (out, (const guint8 *) version, 2);
  g_byte_array_append (out, size, version[0] == 1 ? 2 : 4);
  g_byte_array_append (out, (const guint8 *) header, strlen (header));
  g_byte_array_append (out, data, length);
  g_autoptr (GBytes) bytes = g_bytes_new (out->data, out->len);
  return orr_npy_parse (bytes, error);
}

static void
test_orders (void)
{
  const guint8 big[] = { 0, 1, 0, 2, 0, 3, 0xff, 0xfc, 0, 5, 0, 6 };
  g_autoptr (GError) error = NULL;

  g_autoptr (OrrArray) c = parse ("{'descr': '>i2', 'fortran_order': False, 'shape': (2, 3), }   \n", "\1\0", big,
                                  sizeof big, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (c->n_dims, ==, 2);
  g_assert_cmpfloat (orr_array_get_double (c, 3), ==, -4.0);
  g_assert_cmpfloat (orr_array_get_double (c, 5), ==, 6.0);

  g_autoptr (OrrArray) f = parse ("{\"shape\":(2,3),'fortran_order':True,'descr':'>i2'}", "\2\0", big, sizeof big,
                                  &error);
  g_assert_no_error (error);
  const double expected[] = { 1, 3, 5, 2, -4, 6 };
  for (gsize i = 0; i < 6; i++)
    g_assert_cmpfloat (orr_array_get_double (f, i), ==, expected[i]);

  g_autoptr (OrrMatrix) matrix = orr_array_to_matrix (f, &error);
  g_assert_cmpuint (matrix->cols, ==, 3);
  g_assert_cmpfloat (orr_matrix_row (matrix, 1)[1], ==, -4.0f);
}

static void
test_half (void)
{
  /* One, the largest, the smallest subnormal, infinity, minus two, not a number. */
  const guint16 half[] = { 0x3c00, 0x7bff, 0x0001, 0x7c00, 0xc000, 0x7e00 };
  const guint16 brain[] = { 0x3f80, 0x4049, 0xff80 };
  g_autoptr (OrrArray) h = orr_array_new_vector (ORR_ARRAY_FLOAT16, 6, half);
  g_autoptr (OrrArray) b = orr_array_new_vector (ORR_ARRAY_BFLOAT16, 3, brain);

  g_assert_cmpfloat (orr_array_get_double (h, 0), ==, 1.0);
  g_assert_cmpfloat (orr_array_get_double (h, 1), ==, 65504.0);
  g_assert_cmpfloat (orr_array_get_double (h, 2), ==, ldexp (1.0, -24));
  g_assert_true (isinf (orr_array_get_double (h, 3)));
  g_assert_cmpfloat (orr_array_get_double (h, 4), ==, -2.0);
  g_assert_true (isnan (orr_array_get_double (h, 5)));
  g_assert_cmpfloat (orr_array_get_double (b, 0), ==, 1.0);
  g_assert_cmpfloat (orr_array_get_double (b, 1), ==, 3.140625);
  g_assert_cmpfloat (orr_array_get_double (b, 2), ==, -INFINITY);
}

static void
test_refusals (void)
{
  const struct { const char *header; const char *says; } cases[] = {
    { "{'descr': '|O', 'fortran_order': False, 'shape': (1,)}", "Python objects" },
    { "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,)}", "records" },
    { "{'descr': '<c8', 'fortran_order': False, 'shape': (1,)}", "<c8" },
    { "{'descr': '<f4', 'fortran_order': False, 'shape': (3,)}", "cut short" },
    { "{'descr': '<f4', 'fortran_order': False, 'shape': (9999999999, 9999999999)}", "cut short" },
    { "{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}", "shape" },
    { "{'descr': '<f4', 'fortran_order': 7, 'shape': (1,)}", "fortran_order" },
    { "{'descr': '<f4', 'shape': (1,)}", "lacks" },
    { "{'descr': '<f4', 'fortran_order': False, 'shape': (1,)", "does not end" },
    { "{'descr': '<U0', 'fortran_order': False, 'shape': (9999999999,)}", "cut short" },
    { "hello", "dictionary" },
    { "{'descr': '\xdd\xdd\xdd\xdd\xdd\xdd\xdd\xdd\xdd\xdd\xdd\xdd\xdd\xdd\xdd\xdd\xdd', 'fortran_order': False, 'shape': (1,)}",
      "is not supported" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_assert_null (parse (cases[i].header, "\1\0", "abcdefgh", 8, &error));
      g_assert_error (error, ORR_ERROR, ORR_ERROR_INPUT);
      g_assert_nonnull (strstr (error->message, cases[i].says));
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
    }

  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) empty = g_bytes_new_static ("", 0);
  g_assert_null (orr_npy_parse (empty, &error));
  g_assert_error (error, ORR_ERROR, ORR_ERROR_INPUT);
  g_clear_error (&error);
  g_assert_null (orr_npy_load ("/nowhere/x.npy", &error));
  g_assert_error (error, ORR_ERROR, ORR_ERROR_INPUT);
  g_assert_nonnull (strstr (error->message, "x.npy"));
}

static void
test_from_numpy (void)
{
  static const char script[] =
    "import sys, numpy as np\n"
    "d = sys.argv[1]\n"
    "for t in '<f2 >f2 <f4 >f4 <f8 >f8 |i1 <i2 >i2 <i4 >i4 <i8 >i8 |u1 <u2 <u4 <u8 >u8 |b1'.split():\n"
    "    a = (np.arange(24).reshape(2, 3, 4) * 3 % 7).astype(t)\n"
    "    n = t.replace('<', 'l').replace('>', 'b').replace('|', 'n')\n"
    "    np.save(d + '/c-' + n + '.npy', a)\n"
    "    np.save(d + '/f-' + n + '.npy', np.asfortranarray(a))\n"
    "with open(d + '/v2.npy', 'wb') as f: np.lib.format.write_array(f, np.array([1.5]), version=(2, 0))\n"
    "with open(d + '/v3.npy', 'wb') as f: np.lib.format.write_array(f, np.array(2.5), version=(3, 0))\n"
    "np.save(d + '/text.npy', np.array(['a', 'naïve', '']))\n"
    "np.save(d + '/empty.npy', np.zeros((0, 3)))\n";

  if (!have_python ("numpy"))
    return;

  g_autofree char *folder = make_folder ();
  const char *arguments[] = { folder, NULL };
  g_assert_true (run_python (script, arguments, NULL));

  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;
  guint n_seen = 0;
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_autoptr (GError) error = NULL;
      g_autoptr (OrrArray) array = orr_npy_load (path, &error);

      g_assert_no_error (error);
      if (name[1] == '-')
        {
          gboolean flag = g_str_has_suffix (name, "b1.npy");
          g_assert_cmpuint (array->n_dims, ==, 3);
          g_assert_cmpuint (array->shape[2], ==, 4);
          for (gsize i = 0; i < 24; i++)
            g_assert_cmpfloat (orr_array_get_double (array, i), ==, flag ? (i * 3 % 7 != 0) : i * 3 % 7);
          n_seen++;
        }
      else if (strcmp (name, "text.npy") == 0)
        {
          g_assert_cmpstr (orr_array_get_text (array, 1), ==, "naïve");
          g_assert_cmpstr (orr_array_get_text (array, 2), ==, "");
        }
      else if (strcmp (name, "empty.npy") == 0)
        g_assert_cmpuint (array->n, ==, 0);
      else
        g_assert_cmpfloat (orr_array_get_double (array, 0), ==, name[1] == '2' ? 1.5 : 2.5);
    }
  g_assert_cmpuint (n_seen, ==, 38);
  remove_folder (folder);
}

static void
test_to_numpy (void)
{
  static const char script[] =
    "import sys, numpy as np\n"
    "d = sys.argv[1]\n"
    "for t in 'bool int8 uint8 int16 uint16 int32 uint32 int64 uint64 float16 float32 float64'.split():\n"
    "    a = np.load(d + '/' + t + '.npy')\n"
    "    assert a.dtype == np.dtype(t) and a.shape == (2, 3), t\n"
    "    assert a.tolist() == np.array([[0, 1, 0], [1, 1, 0]]).astype(t).tolist(), t\n"
    "a = np.load(d + '/bfloat16.npy'); assert a.dtype == np.float32 and a[1, 0] == 1\n"
    "a = np.load(d + '/text.npy'); assert a.tolist() == ['x', 'naïve', ''], a\n"
    "for n in 'stored', 'deflated':\n"
    "    z = np.load(d + '/' + n + '.npz')\n"
    "    assert sorted(z.files) == ['activation', 'first', 'second'], z.files\n"
    "    assert str(z['activation']) == 'tanh' and z['first'].shape == (2, 3) and z['second'].dtype == np.float32\n";
  const double pattern[] = { 0, 1, 0, 1, 1, 0 };
  const gsize shape[] = { 2, 3 };
  const char *const texts[] = { "x", "naïve", "" };
  g_autoptr (OrrArrays) arrays = orr_arrays_new ();
  g_autoptr (GError) error = NULL;

  if (!have_python ("numpy"))
    return;

  g_autofree char *folder = make_folder ();
  for (OrrArrayType type = ORR_ARRAY_BOOL; type < ORR_ARRAY_TEXT; type++)
    {
      g_autofree char *path = g_strdup_printf ("%s/%s.npy", folder, orr_array_type_name (type));
      g_autoptr (OrrArray) array = orr_array_new (type, 2, shape);

      for (gsize i = 0; i < 6; i++)
        {
          const guint64 bits = type == ORR_ARRAY_FLOAT16    ? 0x3c00
                               : type == ORR_ARRAY_BFLOAT16 ? 0x3f80
                               : type == ORR_ARRAY_FLOAT32  ? 0x3f800000
                               : type == ORR_ARRAY_FLOAT64  ? 0x3ff0000000000000
                                                            : 1;
          guint64 swapped = GUINT64_TO_LE (bits);
          if (pattern[i] != 0)
            memcpy ((char *) array->data + i * orr_array_type_size (type), &swapped, orr_array_type_size (type));
          g_assert_cmpfloat (orr_array_get_double (array, i), ==, pattern[i]);
        }
      g_assert_true (orr_npy_save (array, path, &error));
      if (type == ORR_ARRAY_UINT8)
        orr_arrays_add (arrays, "first", array);
      if (type == ORR_ARRAY_FLOAT32)
        orr_arrays_add (arrays, "second", array);
    }
  orr_arrays_set_note (arrays, "activation", "tanh");

  g_autoptr (OrrArray) text = orr_array_new_texts (texts, 3);
  g_autofree char *text_path = g_build_filename (folder, "text.npy", NULL);
  g_assert_true (orr_npy_save (text, text_path, &error));

  for (gboolean compress = FALSE; compress <= TRUE; compress++)
    {
      g_autofree char *path = g_build_filename (folder, compress ? "deflated.npz" : "stored.npz", NULL);
      g_autoptr (GBytes) bytes = orr_npz_print (arrays, compress, &error);
      g_assert_true (orr_file_write (path, bytes, &error));

      g_autoptr (OrrArrays) back = orr_npz_parse (bytes, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (orr_arrays_get_length (back), ==, 2);
      g_assert_cmpstr (orr_arrays_get_note (back, "activation"), ==, "tanh");
      g_assert_cmpfloat (orr_array_get_double (orr_arrays_find (back, "second"), 3), ==, 1.0);
    }

  const char *arguments[] = { folder, NULL };
  g_assert_true (run_python (script, arguments, NULL));
  remove_folder (folder);
}

static void
test_npz_damage (void)
{
  const float values[64] = { 1.0f };
  g_autoptr (OrrArrays) arrays = orr_arrays_new ();
  g_autoptr (GError) error = NULL;

  orr_arrays_take (arrays, "a", orr_array_new_vector (ORR_ARRAY_FLOAT32, 64, values));
  g_autoptr (GBytes) bytes = orr_npz_print (arrays, TRUE, &error);
  gsize length = g_bytes_get_size (bytes);

  /* Every truncation is refused, none crashes. */
  for (gsize n = 0; n < length; n++)
    {
      g_autoptr (GBytes) part = g_bytes_new_from_bytes (bytes, 0, n);
      g_autoptr (GError) reason = NULL;
      g_assert_null (orr_npz_parse (part, &reason));
      g_assert_error (reason, ORR_ERROR, ORR_ERROR_INPUT);
    }

  /* A flipped bit in the content is caught by the checksum. */
  g_autofree guint8 *flipped = g_memdup2 (g_bytes_get_data (bytes, NULL), length);
  flipped[60] ^= 0x10;
  g_autoptr (GBytes) damaged = g_bytes_new (flipped, length);
  g_assert_null (orr_npz_parse (damaged, &error));
  g_assert_error (error, ORR_ERROR, ORR_ERROR_INPUT);
}

static void
test_atomic_write (void)
{
  g_autofree char *folder = make_folder ();
  g_autofree char *path = g_build_filename (folder, "a", NULL);
  g_autofree char *missing = g_build_filename (folder, "no", "b", NULL);
  g_autoptr (GBytes) first = g_bytes_new_static ("first", 5);
  g_autoptr (GBytes) second = g_bytes_new_static ("second", 6);
  g_autoptr (GError) error = NULL;

  g_assert_true (orr_file_write (path, first, &error));
  g_assert_true (orr_file_write (path, second, &error));
  g_autoptr (GBytes) back = orr_file_read (path, &error);
  g_assert_true (g_bytes_equal (back, second));

  g_autofree char *beside = orr_file_begin_replace (path, &error);
  g_assert_no_error (error);
  g_assert_true (g_file_set_contents (beside, "third", 5, &error));
  g_assert_true (orr_file_commit_replace (beside, path, &error));
  g_autoptr (GBytes) third = orr_file_read (path, &error);
  g_assert_cmpuint (g_bytes_get_size (third), ==, 5);
  g_assert_false (g_file_test (beside, G_FILE_TEST_EXISTS));

  g_assert_false (orr_file_write (missing, first, &error));
  g_assert_error (error, ORR_ERROR, ORR_ERROR_INPUT);
  g_clear_error (&error);
  /* Neither a folder nor a device gives way to a file. */
  g_assert_false (orr_file_write (folder, first, &error));
  g_assert_error (error, ORR_ERROR, ORR_ERROR_INPUT);
  g_clear_error (&error);
  g_assert_true (orr_file_write ("/dev/null", first, &error));
  g_assert_false (g_file_test ("/dev/null", G_FILE_TEST_IS_REGULAR));
  g_assert_false (orr_file_write ("/dev/full", first, &error));
  g_assert_error (error, ORR_ERROR, ORR_ERROR_FAILED);
  g_clear_error (&error);
  g_assert_null (orr_file_read (folder, &error));
  g_assert_error (error, ORR_ERROR, ORR_ERROR_INPUT);
  remove_folder (folder);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/npy/orders", test_orders);
  g_test_add_func ("/npy/half", test_half);
  g_test_add_func ("/npy/refusals", test_refusals);
  g_test_add_func ("/npy/from-numpy", test_from_numpy);
  g_test_add_func ("/npy/to-numpy", test_to_numpy);
  g_test_add_func ("/npz/damage", test_npz_damage);
  g_test_add_func ("/file/atomic-write", test_atomic_write);
  return g_test_run ();
}
