/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-commands.h"

#include "orr-cli-model.h"
#include "orr-error.h"
#include "orr-npy.h"
#include "orr-section.h"
#include "orr-sinkhorn.h"

static const char description[] =
    "The debiased Sinkhorn divergence of two point sets, with cost |x - y|^2 / 2 and\n"
    "uniform weights. X and Y are .npy arrays [N x P] and [M x P]; further dimensions\n"
    "count as coordinates, one dimension alone as points on a line. --gradient writes\n"
    "the derivative of the divergence by X, float32 [N x P].\n\n"
    "JSON: divergence, points [N, M], dimension, blur.\n\n"
    "Example:\n"
    "  orreryctl divergence x.npy y.npy --blur 0.2 --gradient gradient.npy --json";

typedef struct
{
  gsize  n;
  gsize  dimension;
  float *values;
} Points;

static gboolean
load_points (const char *path, Points *points, GError **error)
{
  g_autoptr (OrrArray) array = orr_npy_load (path, error);

  if (array == NULL)
    return FALSE;
  if (array->n_dims == 0 || array->n == 0)
    {
      g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "%s holds no points", path);
      return FALSE;
    }
  points->n = array->shape[0];
  points->dimension = array->n / array->shape[0];
  points->values = orr_array_to_floats (array, error);
  if (points->values == NULL)
    g_prefix_error (error, "%s: ", path);
  return points->values != NULL;
}

static gboolean
save_gradient (const float *gradient, const Points *points, const char *path, GError **error)
{
  g_autoptr (OrrArray) array = orr_array_new_table (ORR_ARRAY_FLOAT32, points->n, points->dimension, gradient);
  return orr_npy_save (array, path, error);
}

static GVariant *
create_section (double divergence, const Points *x, const Points *y, double blur)
{
  int counts[2] = { (int) x->n, (int) y->n };
  GVariantDict dict;

  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "divergence", "d", divergence);
  g_variant_dict_insert_value (&dict, "points", orr_section_new_ints (counts, 2));
  g_variant_dict_insert (&dict, "dimension", "x", (gint64) x->dimension);
  g_variant_dict_insert (&dict, "blur", "d", blur);
  return g_variant_dict_end (&dict);
}

static gboolean
compute (OrrCli *cli, char **paths, double blur, const char *out, GError **error)
{
  Points x = { 0 }, y = { 0 };
  g_autofree float *x_values = NULL, *y_values = NULL, *gradient = NULL;
  double divergence;

  if (!load_points (paths[0], &x, error))
    return FALSE;
  x_values = x.values;
  if (!load_points (paths[1], &y, error))
    return FALSE;
  y_values = y.values;
  if (x.dimension != y.dimension)
    {
      g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT,
                   "The points of %s have %" G_GSIZE_FORMAT " coordinates and those of %s %" G_GSIZE_FORMAT, paths[0],
                   x.dimension, paths[1], y.dimension);
      return FALSE;
    }

  if (out != NULL)
    gradient = g_new (float, x.n * x.dimension);
  if (!orr_sinkhorn_points (x.values, x.n, y.values, y.n, x.dimension, blur, orr_cli_get_threads (cli), &divergence,
                            gradient, orr_cli_get_progress (cli), error) ||
      (out != NULL && !save_gradient (gradient, &x, out, error)))
    return FALSE;

  if (orr_cli_wants_json (cli))
    orr_cli_print_json (cli, create_section (divergence, &x, &y, blur));
  else
    orr_cli_print (cli, "%.9g\n", divergence);
  return TRUE;
}

static gboolean
run (OrrCli *cli, int argc, char **argv, GError **error)
{
  g_autofree char *gradient = NULL;
  double blur = 0.2;
  GOptionEntry entries[] = {
    { "blur", 0, 0, G_OPTION_ARG_DOUBLE, &blur, "Finest scale, in the points' units (0.2)", "BLUR" },
    { "gradient", 0, 0, G_OPTION_ARG_FILENAME, &gradient, "Write the gradient by X here", "G.npy" },
    G_OPTION_ENTRY_NULL
  };

  if (!orr_cli_parse (cli, "X.npy Y.npy", description, entries, &argc, &argv, error) ||
      !orr_cli_take_operands (argc, argv, 2, "X.npy Y.npy", error))
    return FALSE;
  if (!(blur > 0.0 && blur < 1e6))
    {
      g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "--blur must be a positive number, not %g", blur);
      return FALSE;
    }
  if (gradient != NULL && !orr_cli_check_folder (gradient, error))
    return FALSE;
  return compute (cli, argv + 1, blur, gradient, error);
}

const OrrCommand orr_command_divergence = {
  "divergence", "Compare two point sets by the Sinkhorn divergence", run, NULL
};
