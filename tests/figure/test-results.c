/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "orr-figure-loss.h"
#include "orr-figure-match.h"
#include "orr-hmm-presets.h"
#include "orr-section.h"

static const OrrSeries *
find_series (const OrrPlot *plot, const char *name)
{
  for (guint i = 0; i < plot->series->len; i++)
    {
      const OrrSeries *series = g_ptr_array_index (plot->series, i);
      if (g_strcmp0 (series->name, name) == 0)
        return series;
    }
  return NULL;
}

static void
test_loss (void)
{
  const double epoch[] = { 1, 2, 3 }, training[] = { 9, 5, 4 }, validation[] = { 9.5, 4.5, 4.75 };
  const OrrLossCurve curves[] = { { "one", 3, epoch, training, validation, 2, 4.2, 5.6, NULL, 0.0, 3 },
                                  { "two", 2, epoch, training, validation, 2, 4.23, NAN, NULL, 0.0, 0 },
                                  { "three", 2, epoch, training, validation, 2, 9.9, NAN, NULL, 0.0, 11 } };
  g_autoptr (OrrFigure) none = orr_figure_new_loss (NULL, 0, -1, FALSE);
  g_autoptr (OrrFigure) single = orr_figure_new_loss (curves, 1, 2, TRUE);
  g_autoptr (OrrFigure) several = orr_figure_new_loss (curves, 3, -1, FALSE);
  const OrrPlot *plot = orr_figure_get_plot (single, 0);
  guint baselines = 0;

  g_assert_true (orr_plot_is_empty (orr_figure_get_plot (none, 0)));
  g_assert_cmpfloat (find_series (plot, "validation")->y[2], ==, 4.75);
  g_assert_cmpfloat (find_series (plot, "best")->x[0], ==, 2);
  g_assert_cmpfloat (find_series (plot, "best")->y[0], ==, 4.5);
  g_assert_cmpfloat (find_series (plot, "HMM against HMM")->y[0], ==, 4.2);
  g_assert_cmpfloat (find_series (plot, "independent symbols")->y[0], ==, 5.6);
  g_assert_cmpfloat (find_series (plot, "shown")->x[0], ==, 2);
  g_assert_cmpint (plot->y.scale, ==, ORR_SCALE_LOG);

  plot = orr_figure_get_plot (several, 0);
  for (guint i = 0; i < plot->series->len; i++)
    baselines += ((const OrrSeries *) g_ptr_array_index (plot->series, i))->kind == ORR_SERIES_HORIZONTAL;
  /* Those of the first, and the one level that differs from it. */
  g_assert_cmpuint (baselines, ==, 3);
  g_assert_cmpuint (find_series (plot, "two")->n, ==, 2);

  /* A network keeps its colour whoever stands beside it; the second eight are dashed. */
  g_assert_cmpuint (find_series (plot, "one")->paint, ==, orr_colour_qualitative (3));
  g_assert_cmpuint (find_series (plot, "three")->paint, ==, orr_colour_qualitative (11));
  g_assert_false (find_series (plot, "one")->dashed);
  g_assert_true (find_series (plot, "three")->dashed);
  g_assert_cmpint (find_series (plot, "three")->tag, ==, 2);
  g_assert_cmpfloat (find_series (plot, "one")->width, >, find_series (plot, "two")->width);
}

static guint
count_kind (const OrrPlot *plot, OrrSeriesKind kind)
{
  guint n = 0;

  for (guint i = 0; i < plot->series->len; i++)
    n += ((const OrrSeries *) g_ptr_array_index (plot->series, i))->kind == kind;
  return n;
}

static void
test_gradients (void)
{
  const double epoch[] = { 1, 2, 3 }, loss[] = { 9, 5, 4 }, norm[] = { 0.5, 0.0, 40.0 };
  const OrrLossCurve curves[] = { { "one", 3, epoch, loss, loss, 2, 4.2, 5.6, norm, 0.9, 0 },
                                  { "two", 3, epoch, loss, loss, 2, 4.2, 5.6, norm, 0.9, 1 },
                                  { "three", 3, epoch, loss, loss, 2, 4.2, 5.6, norm, 0.0, 2 },
                                  { "four", 3, epoch, loss, loss, 2, 4.2, 5.6, NULL, 0.3, 3 },
                                  { "five", 3, epoch, loss, loss, 2, 4.2, 5.6, norm, 0.3, 4 } };
  g_autoptr (OrrFigure) single = orr_figure_new_loss (curves, 1, -1, FALSE);
  g_autoptr (OrrFigure) several = orr_figure_new_loss (curves, 5, -1, FALSE);

  orr_figure_add_gradients (single, curves, 1, 2);
  orr_figure_add_gradients (several, curves, 5, -1);
  const OrrPlot *plot = orr_figure_get_plot (single, 1);
  g_assert_cmpint (plot->y.scale, ==, ORR_SCALE_LOG);
  g_assert_cmpfloat (find_series (plot, "clipped to 0.9")->y[0], ==, 0.9);
  g_assert_cmpfloat (find_series (plot, "shown")->x[0], ==, 2);
  const OrrSeries *line = g_ptr_array_index (plot->series, 0);
  g_assert_cmpfloat (line->y[0], ==, 0.5);
  g_assert_true (isnan (line->y[1]));
  g_assert_cmpfloat (line->y[2], ==, 40.0);

  plot = orr_figure_get_plot (several, 1);
  /* Four networks, and the two levels among them. */
  g_assert_cmpuint (count_kind (plot, ORR_SERIES_LINE), ==, 6);
  g_assert_nonnull (find_series (plot, "clipped to 0.3"));
  g_assert_cmpint (find_series (plot, "five")->tag, ==, 4);
}

static GVariant *
pair (const char *a, GVariant *x, const char *b, GVariant *y)
{
  GVariantDict dict;

  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert_value (&dict, a, x);
  g_variant_dict_insert_value (&dict, b, y);
  return g_variant_dict_end (&dict);
}

static GVariant *
moments (double mean, double sd)
{
  return pair ("mean", g_variant_new_double (mean), "sd", g_variant_new_double (sd));
}

static GVariant *
make_match (void)
{
  const double f[] = { 0.5, 0.01, 0.49 }, g[] = { 0.48, 0.0, 0.52 };
  const double t[] = { 0.8, 0, 0.2, 0.5, 0, 0.5, 0.25, 0, 0.75 }, u[] = { 0.7, 0, 0.3, NAN, NAN, NAN, 0.25, 0, 0.75 };
  GVariantDict dict;

  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert_value (&dict, "frequencies", pair ("hmm", orr_section_new_doubles (f, 3), "rnn",
                                                           orr_section_new_doubles (g, 3)));
  g_variant_dict_insert_value (&dict, "transition_matrix", pair ("hmm", orr_section_new_table (t, 3, 3), "rnn",
                                                                 orr_section_new_table (u, 3, 3)));
  g_variant_dict_insert_value (&dict, "volatility", pair ("hmm", moments (7.4, 3), "rnn", moments (7.5, 2.5)));
  g_variant_dict_insert_value (&dict, "distance", pair ("hmm_hmm", moments (7.2, 1), "hmm_rnn", moments (7.3, 1)));
  return g_variant_ref_sink (g_variant_dict_end (&dict));
}

static void
test_match (void)
{
  g_autoptr (GVariant) section = make_match ();
  g_autoptr (OrrHmm) hmm = orr_hmm_preset_create (orr_hmm_preset_find ("three"));
  g_autoptr (OrrFigure) none = orr_figure_new_match (NULL, NULL, NULL);
  g_autoptr (OrrFigure) figure = orr_figure_new_match (section, NULL, hmm);

  g_assert_cmpuint (none->plots->len, ==, 1);
  g_assert_true (orr_plot_is_empty (orr_figure_get_plot (none, 0)));
  g_assert_cmpuint (figure->plots->len, ==, 6);
  const OrrSeries *network = find_series (orr_figure_get_plot (figure, 0), "network");
  g_assert_cmpfloat (network->y[2], ==, 0.52);
  g_assert_cmphex (network->paints[2], ==, orr_colour_qualitative (2));
  g_assert_cmpstr (orr_figure_get_plot (figure, 0)->x.categories[1], ==, hmm->symbol_names[1]);
  const OrrHeatmap *difference = orr_figure_get_plot (figure, 3)->heatmap;
  g_assert_cmpfloat_with_epsilon (difference->values[0], -0.1, 1e-6);
  g_assert_true (isnan (difference->values[4]));
  g_assert_cmpfloat_with_epsilon (difference->high, 0.1, 1e-6);
  const OrrSeries *volatility = g_ptr_array_index (orr_figure_get_plot (figure, 4)->series, 0);
  g_assert_cmpfloat (volatility->y[1], ==, 7.5);
  g_assert_cmpfloat (volatility->y2[0], ==, 3.0);
  g_assert_cmpuint (volatility->n, ==, 2);
}

/* A law that ran in the network's place stands beside both. */
static void
test_match_with_law (void)
{
  g_autoptr (GVariant) section = make_match ();
  const double f[] = { 0.4, 0.1, 0.5 }, t[] = { 0.9, 0, 0.1, 0.5, 0, 0.5, 0.2, 0, 0.8 };
  GVariantDict dict;

  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert_value (&dict, "frequencies", orr_section_new_doubles (f, 3));
  g_variant_dict_insert_value (&dict, "transition_matrix", orr_section_new_table (t, 3, 3));
  g_variant_dict_insert_value (&dict, "volatility", moments (6.1, 2.0));
  g_variant_dict_insert_value (&dict, "distance", moments (7.9, 1.1));
  g_autoptr (GVariant) law = g_variant_ref_sink (g_variant_dict_end (&dict));
  g_autoptr (OrrFigure) figure = orr_figure_new_match (section, law, NULL);

  g_assert_cmpuint (figure->plots->len, ==, 8);
  g_assert_cmpfloat (find_series (orr_figure_get_plot (figure, 0), "law")->y[1], ==, 0.1);
  g_assert_cmpfloat_with_epsilon (orr_figure_get_plot (figure, 5)->heatmap->values[0], 0.1, 1e-6);
  const OrrSeries *distance = g_ptr_array_index (orr_figure_get_plot (figure, 7)->series, 0);
  g_assert_cmpuint (distance->n, ==, 3);
  g_assert_cmpfloat (distance->y[2], ==, 7.9);
  g_assert_nonnull (strstr (figure->description, "7.9"));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/results/loss", test_loss);
  g_test_add_func ("/results/gradients", test_gradients);
  g_test_add_func ("/results/match", test_match);
  g_test_add_func ("/results/match-with-law", test_match_with_law);
  return g_test_run ();
}
