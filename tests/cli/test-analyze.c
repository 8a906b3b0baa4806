/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "cli-harness.h"
#include "orr-network-file.h"
#include "orr-section.h"

static char *
save_network (void)
{
  g_autoptr (OrrNetwork) network = orr_network_new_random (24, 8, 3, FALSE, 5);
  char *path = cli_temp_file ("net.npz");

  g_assert_true (orr_network_save (network, path, NULL));
  return path;
}

static void
test_sections (void)
{
  g_autofree char *path = save_network ();
  g_autoptr (GVariant) result = cli_run_json ("analyze", path, "--only", "state_space,fixed_points", "--steps", "2000",
                                              "--seed", "3", "--json", NULL);
  g_autoptr (GVariant) space = orr_section_get_child (result, "state_space");
  g_autoptr (GVariant) points = orr_section_get_child (result, "fixed_points");
  gsize n;
  double sum = 0.0;

  g_autofree double *ratio = orr_section_dup_doubles (space, "explained_variance_ratio", &n);
  g_assert_cmpuint (n, ==, 20);
  for (gsize p = 0; p < n; p++)
    {
      g_assert_cmpfloat (ratio[p], >=, p + 1 < n ? ratio[p + 1] : 0.0);
      sum += ratio[p];
    }
  g_assert_cmpfloat (sum, <=, 1.0 + 1e-9);
  g_assert_true (g_variant_is_of_type (points, G_VARIANT_TYPE ("aa{sv}")));
  g_autoptr (GVariant) origin = g_variant_get_child_value (points, 0);
  g_assert_true (orr_section_get_boolean (origin, "stable", FALSE));
  g_assert_cmpfloat (orr_section_get_double (origin, "residual", 1.0), ==, 0.0);
  g_assert_cmpfloat (orr_section_get_double (origin, "basin_fraction", 0.0), ==, 1.0);
}

/* The same seed gives the same text, whatever the number of threads; another seed another. */
static void
test_reproducible (void)
{
  g_autofree char *path = save_network ();
  g_autoptr (CliResult) one = cli_run ("analyze", path, "--only=state_space", "--steps=500", "--seed=1", "--json",
                                       "--threads=1", NULL);
  g_autoptr (CliResult) two = cli_run ("analyze", path, "--only=state_space", "--steps=500", "--seed=1", "--json",
                                       "--threads=2", NULL);
  g_autoptr (CliResult) other = cli_run ("analyze", path, "--only=state_space", "--steps=500", "--seed=2", "--json", NULL);

  g_assert_cmpint (one->status, ==, 0);
  g_assert_cmpstr (one->out, ==, two->out);
  g_assert_cmpstr (one->out, !=, other->out);
}

/* Snapshots lie beside the network, are put in order of epoch, and are asked for by name. */
static void
test_snapshots (void)
{
  g_autofree char *path = save_network ();
  const guint epochs[3] = { 100, 5, 20 };

  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (OrrNetwork) network = orr_network_new_random (24, 8, 3, FALSE, epochs[i]);
      g_autofree char *name = g_strdup_printf ("net-epoch-%05u.npz", epochs[i]);
      g_autofree char *file = cli_temp_file (name);

      g_assert_true (orr_network_save (network, file, NULL));
    }
  g_autoptr (GVariant) result =
      cli_run_json ("analyze", path, "--only", "evolution", "--steps", "300", "--json", NULL);
  g_autoptr (GVariant) evolution = orr_section_get_child (result, "evolution");
  gsize n;
  g_autofree double *list = orr_section_dup_doubles (evolution, "epoch", &n);
  g_assert_cmpuint (n, ==, 3);
  g_assert_cmpfloat (list[0], ==, 5.0);
  g_assert_cmpfloat (list[2], ==, 100.0);

  g_autofree char *lonely = cli_temp_file ("lonely.npz");
  g_autoptr (OrrNetwork) network = orr_network_new_random (24, 8, 3, FALSE, 1);
  g_assert_true (orr_network_save (network, lonely, NULL));
  g_autoptr (CliResult) missing = cli_run ("analyze", lonely, "--only", "evolution", NULL);
  cli_assert_bad (missing, "at least two snapshots");
}

static void
test_bad_input (void)
{
  g_autofree char *path = save_network ();
  const struct { const char *operand; const char *option; const char *says; } cases[] = {
    { "/nowhere/net.pth", NULL, "net.pth" },
    { path, "--only=state_space,orbits", "no section \"orbits\"" },
    { path, "--noise=-1", "--noise" },
    { path, "--steps=3", "--steps" },
    { path, "--hmm=none", "none" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (CliResult) result = cli_run ("analyze", cases[i].operand, cases[i].option, NULL);
      cli_assert_bad (result, cases[i].says);
    }
  g_autoptr (CliResult) nothing = cli_run ("analyze", NULL);
  cli_assert_bad (nothing, "operand is missing");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cli/analyze/sections", test_sections);
  g_test_add_func ("/cli/analyze/reproducible", test_reproducible);
  g_test_add_func ("/cli/analyze/snapshots", test_snapshots);
  g_test_add_func ("/cli/analyze/bad-input", test_bad_input);
  return g_test_run ();
}
