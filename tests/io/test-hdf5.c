/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-hdf5-array.h"

#include <string.h>

#include "orr-error.h"
#include "orr-file.h"
#include "orr-section.h"
#include "python.h"

static void
test_arrays (void)
{
  const gsize shape[] = { 50, 7 };
  g_autofree char *folder = make_folder ();
  g_autofree char *path = g_build_filename (folder, "arrays.h5", NULL);
  g_autoptr (OrrArrays) arrays = orr_arrays_new ();
  g_autoptr (GError) error = NULL;

  for (OrrArrayType type = ORR_ARRAY_BOOL; type < ORR_ARRAY_TEXT; type++)
    {
      OrrArray *array = orr_array_new (type, 2, shape);
      guint8 *bytes = array->data;

      if (type == ORR_ARRAY_FLOAT16 || type == ORR_ARRAY_BFLOAT16)
        {
          orr_array_unref (array);
          continue;
        }
      for (gsize i = 0; i < array->n; i++)
        bytes[i * orr_array_type_size (type)] = type == ORR_ARRAY_BOOL ? i % 2 : i % 100;
      orr_arrays_take (arrays, orr_array_type_name (type), array);
    }
  orr_arrays_set_note (arrays, "activation", "tanh \xe2\x86\x92");

  OrrHdf5 *file = orr_hdf5_create (path, &error);
  g_assert_no_error (error);
  g_assert_true (orr_hdf5_write_arrays (file, arrays, &error));
  g_assert_true (orr_hdf5_close (file, &error));

  g_autoptr (OrrHdf5) again = orr_hdf5_open (path, &error);
  g_autoptr (OrrArrays) back = orr_hdf5_read_arrays (again, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (orr_arrays_get_note (back, "activation"), ==, "tanh \xe2\x86\x92");
  g_assert_cmpuint (orr_arrays_get_length (back), ==, orr_arrays_get_length (arrays));
  for (guint k = 0; k < orr_arrays_get_length (arrays); k++)
    {
      const OrrArray *array = orr_arrays_get (arrays, k);
      const OrrArray *copy = orr_arrays_find (back, orr_arrays_get_name (arrays, k));

      g_assert_cmpint (copy->type, ==, array->type == ORR_ARRAY_BOOL ? ORR_ARRAY_UINT8 : array->type);
      g_assert_cmpuint (copy->n_dims, ==, 2);
      g_assert_cmpuint (copy->shape[0], ==, 50);
      for (gsize i = 0; i < array->n; i++)
        g_assert_cmpfloat (orr_array_get_double (copy, i), ==, orr_array_get_double (array, i));
    }
  remove_folder (folder);
}

/* Everything that h5py writes: half floats, other byte orders, filters, both kinds of text, links, circles. */
static void
test_from_h5py (void)
{
  static const char script[] =
    "import sys, h5py, numpy as np\n"
    "with h5py.File(sys.argv[1] + '/good.h5', 'w', libver='latest', userblock_size=1024) as f:\n"
    "    g = f.create_group('a/b', track_order=True)\n"
    "    g.create_dataset('half', data=np.arange(6, dtype='f2').reshape(2, 3), compression='gzip')\n"
    "    g.create_dataset('big', data=np.arange(3, dtype='>i4'), maxshape=(None,), fletcher32=True)\n"
    "    g['cube'] = np.ones((2, 3, 4, 5))\n"
    "    g['texts'] = ['x', 'n\\u00e4ive']\n"
    "    g['fixed'] = np.array([b'ab', b'c'])\n"
    "    g['flags'] = np.array([True, False])\n"
    "    f['soft'] = h5py.SoftLink('/a/b/big')\n"
    "    f.attrs['activation'] = 'tanh'\n"
    "    f['a'].attrs['bytes'] = np.bytes_('fixed')\n"
    "    f['a/self'] = f['a']\n";

  if (!have_python ("h5py"))
    return;
  g_autofree char *folder = make_folder ();
  g_autofree char *path = g_build_filename (folder, "good.h5", NULL);
  const char *arguments[] = { folder, NULL };
  g_assert_true (run_python (script, arguments, NULL));

  g_autoptr (GError) error = NULL;
  g_autoptr (OrrHdf5) file = orr_hdf5_open (path, &error);
  g_autoptr (OrrArrays) arrays = orr_hdf5_read_arrays (file, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (orr_arrays_get_note (arrays, "activation"), ==, "tanh");
  g_assert_cmpstr (orr_arrays_get_note (arrays, "a.bytes"), ==, "fixed");
  g_assert_cmpfloat (orr_array_get_double (orr_arrays_find (arrays, "a.b.half"), 5), ==, 5.0);
  g_assert_cmpfloat (orr_array_get_double (orr_arrays_find (arrays, "soft"), 2), ==, 2.0);
  g_assert_cmpuint (orr_arrays_find (arrays, "a.b.cube")->n_dims, ==, 4);
  g_assert_cmpstr (orr_array_get_text (orr_arrays_find (arrays, "a.b.texts"), 1), ==, "n\xc3\xa4ive");
  g_assert_cmpstr (orr_array_get_text (orr_arrays_find (arrays, "a.b.fixed"), 1), ==, "c");
  g_assert_cmpfloat (orr_array_get_double (orr_arrays_find (arrays, "a.b.flags"), 0), ==, 1.0);
  remove_folder (folder);
}

static void
assert_refused (const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (OrrHdf5) file = orr_hdf5_open (path, &error);

  g_assert_no_error (error);
  g_assert_null (orr_hdf5_read_arrays (file, &error));
  g_test_message ("%s", error->message);
  g_assert_error (error, ORR_ERROR, ORR_ERROR_INPUT);
  g_assert_nonnull (strstr (error->message, " at /x"));
  g_clear_error (&error);

  /* The readers of studies refuse the same, matrix or section. */
  g_assert_null (orr_hdf5_read_matrix (file, "/x", &error));
  g_assert_error (error, ORR_ERROR, ORR_ERROR_INPUT);
  g_clear_error (&error);
  g_assert_null (orr_hdf5_read_section (file, "/", &error));
  g_assert_error (error, ORR_ERROR, ORR_ERROR_INPUT);
}

/* Files that would show other files, load plug-ins, or grow without bound. */
static void
test_hostile (void)
{
  static const char script[] =
    "import sys, h5py, numpy as np\n"
    "d = sys.argv[1]\n"
    "with h5py.File(d + '/other.h5', 'w') as f: f['secret'] = np.ones((2, 2))\n"
    "with h5py.File(d + '/external.h5', 'w') as f:\n"
    "    f.create_dataset('x', (2, 2), 'f8', external=[(d + '/other.h5', 0, 32)])\n"
    "with h5py.File(d + '/virtual.h5', 'w') as f:\n"
    "    layout = h5py.VirtualLayout(shape=(2, 2), dtype='f8')\n"
    "    layout[:] = h5py.VirtualSource(d + '/other.h5', 'secret', shape=(2, 2))\n"
    "    f.create_virtual_dataset('x', layout)\n"
    "with h5py.File(d + '/bomb.h5', 'w') as f:\n"
    "    f.create_dataset('x', (10**4, 10**4), 'f8', chunks=(100, 100), compression='gzip')\n"
    "with h5py.File(d + '/chunk.h5', 'w') as f:\n"
    "    f.create_dataset('x', (1, 1), 'f8', chunks=(10**4, 10**4), maxshape=(None, None), compression='gzip')[0] = 1\n"
    "with h5py.File(d + '/lzf.h5', 'w') as f:\n"
    "    f.create_dataset('x', data=np.zeros((10, 1000)), compression='lzf')\n"
    "with h5py.File(d + '/compound.h5', 'w') as f:\n"
    "    f['x'] = np.zeros(3, dtype=[('a', 'f4'), ('b', 'i4')])\n"
    "with h5py.File(d + '/link.h5', 'w') as f:\n"
    "    f['x'] = h5py.ExternalLink(d + '/other.h5', '/secret')\n"
    "    f['y'] = h5py.ExternalLink(d + '/other.h5', '/')\n"
    "    f['z'] = h5py.SoftLink('/y/secret')\n"
    "with h5py.File(d + '/circle.h5', 'w') as f:\n"
    "    g = f.create_group('x')\n"
    "    for i in range(20): g['%02d' % i] = g\n";
  static const char *const bad[] = {
    "external.h5", "virtual.h5", "bomb.h5", "chunk.h5", "lzf.h5", "compound.h5", NULL,
  };

  if (!have_python ("h5py"))
    return;
  g_autofree char *folder = make_folder ();
  const char *arguments[] = { folder, NULL };
  g_autoptr (GError) error = NULL;
  g_assert_true (run_python (script, arguments, NULL));

  for (guint i = 0; bad[i] != NULL; i++)
    assert_refused (folder, bad[i]);

  g_autofree char *path = g_build_filename (folder, "link.h5", NULL);
  g_autoptr (OrrHdf5) file = orr_hdf5_open (path, &error);
  g_assert_false (orr_hdf5_has (file, "/x"));
  g_assert_false (orr_hdf5_has (file, "/y/secret"));
  g_assert_false (orr_hdf5_has (file, "/z"));
  g_assert_null (orr_hdf5_read_matrix (file, "/z", &error));
  g_assert_error (error, ORR_ERROR, ORR_ERROR_INPUT);
  g_clear_error (&error);
  g_clear_pointer (&file, orr_hdf5_abandon);

  /* Ends, by its depth or by the count of objects. */
  g_autofree char *circle = g_build_filename (folder, "circle.h5", NULL);
  file = orr_hdf5_open (circle, &error);
  g_assert_null (orr_hdf5_read_section (file, "/", &error));
  g_assert_error (error, ORR_ERROR, ORR_ERROR_INPUT);
  remove_folder (folder);
}

static void
test_absent (void)
{
  g_autofree char *folder = make_folder ();
  g_autofree char *path = g_build_filename (folder, "empty.h5", NULL);
  g_autoptr (GError) error = NULL;
  OrrHdf5 *file = orr_hdf5_create (path, &error);

  g_assert_true (orr_hdf5_close (file, &error));
  g_autoptr (OrrHdf5) again = orr_hdf5_open (path, &error);
  g_assert_null (orr_hdf5_read_array (again, "/nothing", &error));
  g_assert_error (error, ORR_ERROR, ORR_ERROR_INPUT);
  g_clear_error (&error);
  g_assert_null (orr_hdf5_read_array (again, "/nothing/at/all", &error));
  g_assert_error (error, ORR_ERROR, ORR_ERROR_INPUT);
  g_assert_nonnull (strstr (error->message, "empty.h5: a dataset is missing at /nothing/at/all"));
  g_clear_error (&error);
  g_clear_pointer (&again, orr_hdf5_abandon);

  g_assert_null (orr_hdf5_open (folder, &error));
  g_assert_error (error, ORR_ERROR, ORR_ERROR_INPUT);
  remove_folder (folder);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/hdf5/arrays", test_arrays);
  g_test_add_func ("/hdf5/from-h5py", test_from_h5py);
  g_test_add_func ("/hdf5/hostile", test_hostile);
  g_test_add_func ("/hdf5/absent", test_absent);
  return g_test_run ();
}
