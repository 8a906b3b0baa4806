/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-network-file.h"

#include <string.h>

#include "orr-error.h"
#include "orr-network-state.h"
#include "python.h"

#define H 6
#define D 4
#define K 3

static float
number (guint i, guint step, guint modulus)
{
  return ((int) (i * step % modulus) - (int) (modulus / 2)) / 16.0f;
}

static void
check_numbers (const OrrMatrix *matrix, guint rows, guint cols, guint step, guint modulus)
{
  g_assert_cmpuint (matrix->rows, ==, rows);
  g_assert_cmpuint (matrix->cols, ==, cols);
  for (guint i = 0; i < rows * cols; i++)
    g_assert_cmpfloat (matrix->data[i], ==, number (i, step, modulus));
}

/* The weights that make-networks.py gives every good file. */
static void
check_values (const OrrNetwork *network, gboolean biased, OrrActivation activation)
{
  g_assert_cmpuint (network->n_hidden, ==, H);
  g_assert_cmpuint (network->n_noise, ==, D);
  g_assert_cmpuint (network->n_symbols, ==, K);
  g_assert_cmpint (network->activation, ==, activation);
  check_numbers (network->weight_ih, H, D, 5, 13);
  check_numbers (network->weight_hh, H, H, 7, 17);
  check_numbers (network->weight_out, K, H, 3, 11);
  g_assert_cmpint (network->bias_ih != NULL, ==, biased);
  g_assert_cmpint (network->bias_hh != NULL, ==, biased);
  g_assert_cmpint (network->bias_out != NULL, ==, biased);
  if (biased)
    {
      check_numbers (network->bias_ih, 1, H, 3, 11);
      check_numbers (network->bias_hh, 1, H, 2, 7);
      check_numbers (network->bias_out, 1, K, 1, 5);
    }
}

static void
fill (OrrMatrix *matrix, guint step, guint modulus)
{
  for (gsize i = 0; i < matrix->rows * matrix->cols; i++)
    matrix->data[i] = number (i, step, modulus);
}

static OrrNetwork *
make_network (gboolean biased, OrrActivation activation)
{
  OrrNetwork *network = orr_network_new (H, D, K, biased);

  network->activation = activation;
  fill (network->weight_ih, 5, 13);
  fill (network->weight_hh, 7, 17);
  fill (network->weight_out, 3, 11);
  if (biased)
    {
      fill (network->bias_ih, 3, 11);
      fill (network->bias_hh, 2, 7);
      fill (network->bias_out, 1, 5);
    }
  return network;
}

/* Files that PyTorch wrote, stored with the script that made them. */
static void
test_torch_reads (void)
{
  g_autofree char *folder = g_test_build_filename (G_TEST_DIST, "io", "data", "networks", NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;
  guint n = 0;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_autoptr (GError) error = NULL;

      if (!g_str_has_prefix (name, "good-"))
        continue;
      g_autoptr (OrrNetwork) network = orr_network_load (path, &error);
      g_assert_no_error (error);
      check_values (network, g_str_has_prefix (name, "good-biased-"),
                    strstr (name, "tanh") != NULL ? ORR_ACTIVATION_TANH : ORR_ACTIVATION_RELU);
      n++;
    }
  g_assert_cmpuint (n, >=, 28);
}

static void
test_torch_refusals (void)
{
  static const struct { const char *name; const char *says; } cases[] = {
    { "bad-legacy.pth", "PyTorch 1.6 or newer" },
    { "bad-layers.pth", "several recurrent layers (\"rnn.weight_ih_l1\")" },
    { "bad-bidirectional.pth", "bidirectional" },
    { "bad-lstm.pth", "LSTM (\"rnn.weight_hh_l0\" is 24 x 6, four gates)" },
    { "bad-gru.pth", "GRU (\"rnn.weight_hh_l0\" is 18 x 6, three gates)" },
    { "bad-whole-model.pth", "\"__main__.Model\"" },
    { "bad-evil.pth", "\"posix.system\"" },
    { "bad-list.pth", "state_dict()" },
    { "bad-empty.pth", "no tensors" },
    { "bad-pickle.pth", "bare Python pickle" },
    { "bad-script.pt", "TorchScript" },
    { "bad-no-readout.pth", "(the file has rnn.weight_ih_l0, rnn.weight_hh_l0, rnn.bias_ih_l0, rnn.bias_hh_l0)" },
    { "bad-no-input.pth", "\"weight_ih_l0\" is missing" },
    { "bad-no-recurrent.pth", "\"weight_hh_l0\" is missing" },
    { "bad-readout-shape.pth", "\"fc.weight\" are 3 x 7 and should have 6 columns" },
    { "bad-input-shape.pth", "\"rnn.weight_ih_l0\" are 4 x 6 and should have 6 rows" },
    { "bad-square.pth", "should be square" },
    { "bad-bias-shape.pth", "\"fc.bias\" is 4 and should have 3" },
    { "bad-nan.pth", "\"fc.weight\" holds values that are not finite" },
    { "bad-deep-readout.pth", "\"fc.2.weight\" (3 x 5)" },
    { "bad-two-readouts.pth", "\"a.weight\" and \"b.weight\"" },
    { "bad-two-recurrent.pth", "\"second.weight_hh_l0\"" },
    { "bad-activation.pth", "\"gelu\"" },
    { "bad-cut.pth", "cut short" },
    { "bad-storage.pth", "\"rnn.weight_hh_l0\": the archive has no entry" },
    { "bad-short-storage.pth", "\"rnn.weight_hh_l0\": it is larger than its stored values" },
  };
  g_autofree char *folder = g_test_build_filename (G_TEST_DIST, "io", "data", "networks", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_build_filename (folder, cases[i].name, NULL);
      g_autoptr (GError) error = NULL;

      g_assert_null (orr_network_load (path, &error));
      g_assert_error (error, ORR_ERROR, ORR_ERROR_INPUT);
      g_test_message ("%s", error->message);
      g_assert_nonnull (strstr (error->message, cases[i].says));
      g_assert_true (g_str_has_prefix (error->message, cases[i].name));
    }
  g_autofree char *executed = g_build_filename (folder, "executed", NULL);
  g_assert_false (g_file_test (executed, G_FILE_TEST_EXISTS));
}

/* A file made in another second must still be the same: none has times in it. */
static void
wait_for_next_second (void)
{
  gint64 second = g_get_real_time () / G_USEC_PER_SEC;

  while (g_get_real_time () / G_USEC_PER_SEC == second)
    g_usleep (20000);
}

static void
test_no_times (void)
{
  static const char *const extensions[] = { "pth", "safetensors", "npz", "h5" };
  g_autofree char *folder = make_folder ();
  g_autoptr (OrrNetwork) network = make_network (TRUE, ORR_ACTIVATION_TANH);

  for (guint pass = 0; pass < 2; pass++)
    {
      for (guint i = 0; i < G_N_ELEMENTS (extensions); i++)
        {
          g_autofree char *path = g_strdup_printf ("%s/%u.%s", folder, pass, extensions[i]);
          g_assert_true (orr_network_save (network, path, NULL));
        }
      wait_for_next_second ();
    }
  for (guint i = 0; i < G_N_ELEMENTS (extensions); i++)
    {
      g_autofree char *first = NULL;
      g_autofree char *second = NULL;
      g_autofree char *path = g_strdup_printf ("%s/0.%s", folder, extensions[i]);
      g_autofree char *other = g_strdup_printf ("%s/1.%s", folder, extensions[i]);
      gsize n_first, n_second;

      g_assert_true (g_file_get_contents (path, &first, &n_first, NULL));
      g_assert_true (g_file_get_contents (other, &second, &n_second, NULL));
      g_assert_cmpmem (first, n_first, second, n_second);
    }
  remove_folder (folder);
}

static void
test_round_trips (void)
{
  static const char *const extensions[] = { "pth", "pt", "PTH", "safetensors", "npz", "h5", "hdf5" };
  g_autofree char *folder = make_folder ();

  for (guint i = 0; i < G_N_ELEMENTS (extensions); i++)
    for (guint biased = 0; biased < 2; biased++)
      {
        OrrActivation activation = biased ? ORR_ACTIVATION_TANH : ORR_ACTIVATION_RELU;
        g_autofree char *path = g_strdup_printf ("%s/n.%s", folder, extensions[i]);
        g_autoptr (OrrNetwork) network = make_network (biased, activation);
        g_autoptr (GError) error = NULL;
        g_autofree char *first = NULL;
        g_autofree char *second = NULL;
        gsize n_first, n_second;

        g_assert_true (orr_network_save (network, path, &error));
        g_assert_true (g_file_get_contents (path, &first, &n_first, NULL));
        g_autoptr (OrrNetwork) back = orr_network_load (path, &error);
        g_assert_no_error (error);
        check_values (back, biased, activation);

        g_assert_true (orr_network_save (back, path, &error));
        g_assert_true (g_file_get_contents (path, &second, &n_second, NULL));
        g_assert_cmpmem (first, n_first, second, n_second);
      }
  remove_folder (folder);
}

/* Alternative writers and names, through the arrays alone. */
static void
test_plain_names (void)
{
  g_autoptr (OrrArrays) arrays = orr_arrays_new ();
  g_autoptr (OrrNetwork) network = make_network (TRUE, ORR_ACTIVATION_RELU);
  g_autoptr (GError) error = NULL;

  orr_arrays_take (arrays, "W_hh", orr_array_new_matrix (network->weight_hh));
  orr_arrays_take (arrays, "W_ih", orr_array_new_matrix (network->weight_ih));
  orr_arrays_take (arrays, "W_out", orr_array_new_matrix (network->weight_out));
  orr_arrays_take (arrays, "b_hh", orr_array_new_matrix (network->bias_hh));
  orr_arrays_take (arrays, "b_ih", orr_array_new_matrix (network->bias_ih));
  orr_arrays_take (arrays, "b_out", orr_array_new_matrix (network->bias_out));
  g_autoptr (OrrNetwork) back = orr_network_from_arrays (arrays, &error);
  g_assert_no_error (error);
  check_values (back, TRUE, ORR_ACTIVATION_RELU);
}

static void
test_bad_paths (void)
{
  g_autoptr (OrrNetwork) network = make_network (FALSE, ORR_ACTIVATION_RELU);
  g_autoptr (GError) error = NULL;

  g_assert_null (orr_network_load ("/nowhere/a.pth", &error));
  g_assert_error (error, ORR_ERROR, ORR_ERROR_INPUT);
  g_clear_error (&error);
  g_assert_null (orr_network_load ("/nowhere/a.onnx", &error));
  g_assert_error (error, ORR_ERROR, ORR_ERROR_INPUT);
  g_assert_nonnull (strstr (error->message, ".safetensors"));
  g_clear_error (&error);
  g_assert_false (orr_network_save (network, "/nowhere/a.pth", &error));
  g_assert_error (error, ORR_ERROR, ORR_ERROR_INPUT);
}

static void
save_all (const char *folder, const char *const *extensions)
{
  for (guint biased = 0; biased < 2; biased++)
    {
      g_autoptr (OrrNetwork) network = make_network (biased, ORR_ACTIVATION_TANH);

      for (guint i = 0; extensions[i] != NULL; i++)
        {
          g_autofree char *path = g_strdup_printf ("%s/%s.%s", folder, biased ? "biased" : "plain", extensions[i]);
          g_autoptr (GError) error = NULL;
          g_assert_true (orr_network_save (network, path, &error));
        }
    }
}

static void
test_torch_loads (void)
{
  static const char script[] =
    "import sys, zipfile, torch\n"
    "from torch import nn\n"
    "class Model(nn.Module):\n"
    "    def __init__(self, bias):\n"
    "        super().__init__()\n"
    "        self.rnn = nn.RNN(4, 6, bias=bias); self.fc = nn.Linear(6, 3, bias=bias)\n"
    "for name in 'plain', 'biased':\n"
    "    path = sys.argv[1] + '/' + name + '.pth'\n"
    "    state = torch.load(path)\n"
    "    safe = torch.load(path, weights_only=True)\n"
    "    assert list(state) == list(safe) and type(state).__name__ == 'OrderedDict'\n"
    "    model = Model(name == 'biased'); model.load_state_dict(state, strict=True)\n"
    "    w = model.rnn.weight_hh_l0\n"
    "    assert all(w[i // 6, i % 6] == (i * 7 % 17 - 8) / 16 for i in range(36))\n"
    "    assert model.fc.weight[2, 5] == (17 * 3 % 11 - 5) / 16\n"
    "    with zipfile.ZipFile(path) as z, open(path, 'rb') as f:\n"
    "        for e in z.infolist():\n"
    "            f.seek(e.header_offset + 26); n, m = f.read(2), f.read(2)\n"
    "            start = e.header_offset + 30 + int.from_bytes(n, 'little') + int.from_bytes(m, 'little')\n"
    "            assert start % 64 == 0, (e.filename, start)\n"
    "    model.rnn(torch.zeros(2, 1, 4))\n";
  static const char *const extensions[] = { "pth", NULL };

  if (!have_python ("torch"))
    return;
  g_autofree char *folder = make_folder ();
  const char *arguments[] = { folder, NULL };
  save_all (folder, extensions);
  g_assert_true (run_python (script, arguments, NULL));
  remove_folder (folder);
}

static void
test_numpy_loads (void)
{
  static const char script[] =
    "import sys, json, struct, numpy as np\n"
    "for name in 'plain', 'biased':\n"
    "    z = np.load(sys.argv[1] + '/' + name + '.npz')\n"
    "    names = ['rnn.weight_ih_l0', 'rnn.weight_hh_l0', 'fc.weight']\n"
    "    if name == 'biased': names += ['rnn.bias_ih_l0', 'rnn.bias_hh_l0', 'fc.bias']\n"
    "    assert sorted(z.files) == sorted(names + ['activation'])\n"
    "    assert str(z['activation']) == 'tanh' and z['rnn.weight_ih_l0'].shape == (6, 4)\n"
    "    data = open(sys.argv[1] + '/' + name + '.safetensors', 'rb').read()\n"
    "    n, = struct.unpack('<Q', data[:8]); header = json.loads(data[8:8 + n])\n"
    "    assert (8 + n) % 8 == 0\n"
    "    assert header.pop('__metadata__') == {'format': 'pt', 'activation': 'tanh'}\n"
    "    assert sorted(header) == sorted(names)\n"
    "    end = 0\n"
    "    for key, entry in header.items():\n"
    "        a, b = entry['data_offsets']; assert a == end and entry['dtype'] == 'F32'; end = b\n"
    "        values = np.frombuffer(data[8 + n + a:8 + n + b], '<f4').reshape(entry['shape'])\n"
    "        assert (values == z[key]).all() and values.any()\n"
    "    assert len(data) == 8 + n + end\n"
    "    np.savez(sys.argv[1] + '/from-numpy-' + name + '.npz', **{k: z[k] for k in z.files})\n";
  static const char *const extensions[] = { "npz", "safetensors", NULL };

  if (!have_python ("numpy"))
    return;
  g_autofree char *folder = make_folder ();
  const char *arguments[] = { folder, NULL };
  save_all (folder, extensions);
  g_assert_true (run_python (script, arguments, NULL));

  for (guint biased = 0; biased < 2; biased++)
    {
      g_autofree char *path = g_strdup_printf ("%s/from-numpy-%s.npz", folder, biased ? "biased" : "plain");
      g_autoptr (GError) error = NULL;
      g_autoptr (OrrNetwork) network = orr_network_load (path, &error);
      g_assert_no_error (error);
      check_values (network, biased, ORR_ACTIVATION_TANH);
    }
  remove_folder (folder);
}

static void
test_h5py_loads (void)
{
  static const char script[] =
    "import sys, h5py, numpy as np\n"
    "for name in 'plain', 'biased':\n"
    "    with h5py.File(sys.argv[1] + '/' + name + '.h5', 'r') as f, \\\n"
    "         h5py.File(sys.argv[1] + '/from-h5py-' + name + '.h5', 'w') as g:\n"
    "        names = ['rnn.weight_ih_l0', 'rnn.weight_hh_l0', 'fc.weight']\n"
    "        if name == 'biased': names += ['rnn.bias_ih_l0', 'rnn.bias_hh_l0', 'fc.bias']\n"
    "        assert sorted(f) == sorted(names) and f.attrs['activation'] == 'tanh'\n"
    "        assert f['fc.weight'].dtype == np.float32 and f['fc.weight'].shape == (3, 6)\n"
    "        assert f['rnn.weight_hh_l0'][1, 0] == (6 * 7 % 17 - 8) / 16\n"
    "        for key in f: g['model/' + key.replace('.', '/')] = f[key][()].astype('f8')\n"
    "        g['model'].attrs['nonlinearity'] = 'tanh'\n";
  static const char *const extensions[] = { "h5", NULL };

  if (!have_python ("h5py"))
    return;
  g_autofree char *folder = make_folder ();
  const char *arguments[] = { folder, NULL };
  save_all (folder, extensions);
  g_assert_true (run_python (script, arguments, NULL));

  for (guint biased = 0; biased < 2; biased++)
    {
      g_autofree char *path = g_strdup_printf ("%s/from-h5py-%s.h5", folder, biased ? "biased" : "plain");
      g_autoptr (GError) error = NULL;
      g_autoptr (OrrNetwork) network = orr_network_load (path, &error);
      g_assert_no_error (error);
      check_values (network, biased, ORR_ACTIVATION_TANH);
    }
  remove_folder (folder);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/network-file/torch-reads", test_torch_reads);
  g_test_add_func ("/network-file/torch-refusals", test_torch_refusals);
  g_test_add_func ("/network-file/round-trips", test_round_trips);
  g_test_add_func ("/network-file/no-times", test_no_times);
  g_test_add_func ("/network-file/plain-names", test_plain_names);
  g_test_add_func ("/network-file/bad-paths", test_bad_paths);
  g_test_add_func ("/network-file/torch-loads", test_torch_loads);
  g_test_add_func ("/network-file/numpy-loads", test_numpy_loads);
  g_test_add_func ("/network-file/h5py-loads", test_h5py_loads);
  return g_test_run ();
}
