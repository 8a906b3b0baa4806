/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "orr-seeds-private.h"

/* Frequencies of a grid, half a resolution apart. */
#define N_FREQUENCIES 64
/* Shares of y that make a wave worth a try. */
#define MIN_SHARE 0.15
#define N_KEPT 3

/* sin and cos of a column at all frequencies: [2 * N_FREQUENCIES x n]. */
typedef struct
{
  double  step;
  gsize   n;
  double *raw;
} Grid;

typedef struct
{
  guint  variables[2];
  guint  waves[2]; /* frequency's number times two, plus one for cos */
  double share;
} Product;

static void
grid_init (Grid *self, const double *x, gsize n)
{
  double low = INFINITY, high = -INFINITY;

  for (gsize i = 0; i < n; i++)
    {
      low = MIN (low, x[i]);
      high = MAX (high, x[i]);
    }
  *self = (Grid){ .step = high > low ? G_PI / (2.0 * (high - low)) : 0.0, .n = n, .raw = g_new (double, 2 * N_FREQUENCIES * n) };
  for (guint k = 0; k < N_FREQUENCIES; k++)
    for (gsize i = 0; i < n; i++)
      {
        double angle = (k + 1) * self->step * x[i];
        self->raw[2 * k * n + i] = sin (angle);
        self->raw[(2 * k + 1) * n + i] = cos (angle);
      }
}

/* Squared correlation of y, which is centered and of norm 1, with a times b. */
static double
share_of (const double *y, const double *a, const double *b, gsize n)
{
  double sum = 0.0, squares = 0.0, along = 0.0;

  for (gsize i = 0; i < n; i++)
    {
      double value = a[i] * b[i];
      sum += value;
      squares += value * value;
      along += value * y[i];
    }
  squares -= sum * sum / n;
  return squares > 1e-12 * n ? along * along / squares : 0.0;
}

/* Keeps the best few, of different frequencies. */
static void
keep (GArray *products, Product product)
{
  for (guint i = 0; i < products->len; i++)
    {
      Product *other = &g_array_index (products, Product, i);
      gboolean close = TRUE;
      for (guint k = 0; k < 2; k++)
        close = close && other->variables[k] == product.variables[k] && other->waves[k] % 2 == product.waves[k] % 2
                && ABS ((int) other->waves[k] - (int) product.waves[k]) <= 4;
      if (close)
        {
          if (product.share > other->share)
            *other = product;
          return;
        }
    }
  if (products->len < N_KEPT)
    {
      g_array_append_val (products, product);
      return;
    }
  guint worst = 0;
  for (guint i = 1; i < products->len; i++)
    if (g_array_index (products, Product, i).share < g_array_index (products, Product, worst).share)
      worst = i;
  if (product.share > g_array_index (products, Product, worst).share)
    g_array_index (products, Product, worst) = product;
}

static void
write_wave (OrrSeedWriter *writer, const char *wave, double frequency, guint variable, guint power)
{
  orr_seed_writer_put (writer, wave);
  orr_seed_writer_put (writer, "mul");
  orr_seed_writer_put (writer, "c");
  if (!writer->failed)
    writer->seed.constants[writer->seed.n_constants++] = frequency;
  orr_seed_writer_power (writer, variable, power);
}

/* c * wave (w x_a) * wave (w' x_b) */
static void
write_product (const Product *product, const Grid *grids, guint64 legal, GArray *seeds)
{
  OrrSeedWriter writer = { .legal = legal };

  orr_seed_writer_put (&writer, "mul");
  orr_seed_writer_number (&writer, 1.5);
  orr_seed_writer_put (&writer, "mul");
  for (guint k = 0; k < 2; k++)
    write_wave (&writer, product->waves[k] % 2 ? "cos" : "sin",
                (product->waves[k] / 2 + 1) * grids[product->variables[k]].step, product->variables[k], 1);
  orr_seed_writer_finish (&writer, seeds);
}

/* c * envelope * wave (w x^power) + c, the envelope 1 or x */
static void
write_single (guint variable, guint power, gboolean envelope, guint wave, double step, guint64 legal, GArray *seeds)
{
  OrrSeedWriter writer = { .legal = legal };

  orr_seed_writer_put (&writer, "add");
  orr_seed_writer_number (&writer, 0.5);
  orr_seed_writer_put (&writer, "mul");
  orr_seed_writer_number (&writer, 1.5);
  if (envelope)
    {
      orr_seed_writer_put (&writer, "mul");
      orr_seed_writer_variable (&writer, variable);
    }
  write_wave (&writer, wave % 2 ? "cos" : "sin", (wave / 2 + 1) * step, variable, power);
  orr_seed_writer_finish (&writer, seeds);
}

static void
seed_singles (const OrrSamples *samples, const double *y, guint variable, guint64 legal, GArray *seeds)
{
  gsize n = samples->n;
  const double *x = samples->x + variable * samples->stride;
  g_autofree double *argument = g_new (double, n), *ones = g_new (double, n);

  for (guint power = 1; power <= 2; power++)
    {
      Grid grid;

      for (gsize i = 0; i < n; i++)
        {
          argument[i] = power == 1 ? x[i] : x[i] * x[i];
          ones[i] = 1.0;
        }
      grid_init (&grid, argument, n);
      for (guint envelope = 0; envelope < 2; envelope++)
        {
          double best = MIN_SHARE;
          int wave = -1;
          for (guint k = 0; k < 2 * N_FREQUENCIES && grid.step > 0.0; k++)
            {
              double share = share_of (y, grid.raw + k * n, envelope ? x : ones, n);
              if (share > best)
                {
                  best = share;
                  wave = k;
                }
            }
          if (wave >= 0)
            write_single (variable, power, envelope, wave, grid.step, legal, seeds);
        }
      g_free (grid.raw);
    }
}

static void
seed_products (const OrrSamples *samples, const double *y, guint64 legal, GArray *seeds)
{
  guint n_variables = MIN (samples->n_variables, ORR_ACTIONS_VARIABLES);
  gsize n = samples->n;
  Grid grids[ORR_ACTIONS_VARIABLES];
  g_autoptr (GArray) products = g_array_new (FALSE, FALSE, sizeof (Product));

  for (guint v = 0; v < n_variables; v++)
    grid_init (&grids[v], samples->x + v * samples->stride, n);
  for (guint a = 0; a < n_variables; a++)
    for (guint b = a + 1; b < n_variables; b++)
      for (guint j = 0; j < 2 * N_FREQUENCIES; j++)
        for (guint k = 0; k < 2 * N_FREQUENCIES; k++)
          {
            Product product = { { a, b }, { j, k }, share_of (y, grids[a].raw + j * n, grids[b].raw + k * n, n) };
            if (product.share > MIN_SHARE)
              keep (products, product);
          }
  for (guint i = 0; i < products->len; i++)
    write_product (&g_array_index (products, Product, i), grids, legal, seeds);
  for (guint v = 0; v < n_variables; v++)
    g_free (grids[v].raw);
}

/* Waves of one column and products of two columns' waves, by their correlation with y on grids of frequencies. */
void
orr_seeds_waves (const OrrSamples *samples, guint64 legal, GArray *seeds)
{
  gsize n = samples->n;
  g_autofree double *y = g_new (double, n);
  double mean = 0.0, squares = 0.0;

  for (gsize i = 0; i < n; i++)
    mean += samples->y[i] / n;
  for (gsize i = 0; i < n; i++)
    {
      y[i] = samples->y[i] - mean;
      squares += y[i] * y[i];
    }
  if (!(squares > 0.0))
    return;
  for (gsize i = 0; i < n; i++)
    y[i] /= sqrt (squares);
  for (guint v = 0; v < MIN (samples->n_variables, ORR_ACTIONS_VARIABLES); v++)
    seed_singles (samples, y, v, legal, seeds);
  seed_products (samples, y, legal, seeds);
}
