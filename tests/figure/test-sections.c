/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "orr-figure-connectivity.h"
#include "orr-figure-eigenvalues.h"
#include "orr-figure-section.h"
#include "orr-hmm-presets.h"
#include "orr-section.h"

static const OrrSeries *
find_kind (const OrrPlot *plot, OrrSeriesKind kind)
{
  for (guint i = 0; i < plot->series->len; i++)
    {
      const OrrSeries *series = g_ptr_array_index (plot->series, i);
      if (series->kind == kind)
        return series;
    }
  return NULL;
}

static const OrrSeries *
find_name (const OrrPlot *plot, const char *name)
{
  for (guint i = 0; i < plot->series->len; i++)
    {
      const OrrSeries *series = g_ptr_array_index (plot->series, i);
      if (g_strcmp0 (series->name, name) == 0)
        return series;
    }
  return NULL;
}

/* Every analysis says what is missing, and why where it does not apply. */
static void
test_empty (void)
{
  GVariantDict dict;
  guint n;
  const OrrFigureSection *sections = orr_figure_sections (&n);

  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "reason", "s", "It has no kick group");
  g_autoptr (GVariant) reason = g_variant_ref_sink (g_variant_dict_end (&dict));
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (OrrFigure) missing = orr_figure_new_section (sections[i].section, NULL, NULL);
      g_autoptr (OrrFigure) told = orr_figure_new_section (sections[i].section, reason, NULL);

      g_assert_cmpuint (missing->plots->len, ==, 1);
      g_assert_cmpstr (orr_figure_get_plot (missing, 0)->empty_text, ==, sections[i].empty);
      g_assert_true (orr_plot_is_empty (orr_figure_get_plot (told, 0)));
      if (told->plots->len == 1)
        g_assert_cmpstr (orr_figure_get_plot (told, 0)->empty_text, ==, "It has no kick group");
    }
  g_assert_null (orr_figure_new_section ("nothing", NULL, NULL));
}

static void
test_evolution (void)
{
  const double epoch[] = { 0, 10, 20 }, rate[] = { 0.6, 0.3, 0.05 }, critical[] = { 0, 0.01, 0.4 };
  GVariantDict dict;

  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert_value (&dict, "epoch", orr_section_new_doubles (epoch, 3));
  g_variant_dict_insert_value (&dict, "transition_rate", orr_section_new_doubles (rate, 3));
  g_variant_dict_insert_value (&dict, "critical_indicator", orr_section_new_doubles (critical, 3));
  g_variant_dict_insert (&dict, "bifurcation_epoch", "d", 20.0);
  g_autoptr (GVariant) section = g_variant_ref_sink (g_variant_dict_end (&dict));
  g_autoptr (OrrFigure) figure = orr_figure_new_section ("evolution", section, NULL);

  g_assert_cmpuint (figure->plots->len, ==, 2);
  g_assert_cmpfloat (find_name (orr_figure_get_plot (figure, 0), "emitted")->y[2], ==, 0.05);
  g_assert_cmpfloat (find_name (orr_figure_get_plot (figure, 1), "critical pair")->y[2], ==, 0.4);
  g_assert_cmpfloat (find_name (orr_figure_get_plot (figure, 1), "bifurcation: 20")->x[0], ==, 20.0);
}

static void
test_resonance (void)
{
  const double sigma[] = { 0.1, 1, 4 }, rate[] = { 0, 0.05, 0.2 }, ci[] = { 0, 0.01, 0.04, 0.06, 0.18, 0.22 };
  GVariantDict dict, optimum;

  g_variant_dict_init (&optimum, NULL);
  g_variant_dict_insert (&optimum, "sigma", "d", 1.02);
  g_variant_dict_insert (&optimum, "low", "d", 0.9);
  g_variant_dict_insert (&optimum, "high", "d", 1.1);
  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert_value (&dict, "sigma", orr_section_new_doubles (sigma, 3));
  g_variant_dict_insert_value (&dict, "transition_rate", orr_section_new_doubles (rate, 3));
  g_variant_dict_insert_value (&dict, "transition_rate_ci", orr_section_new_table (ci, 3, 2));
  g_variant_dict_insert_value (&dict, "optimum", g_variant_dict_end (&optimum));
  g_autoptr (GVariant) section = g_variant_ref_sink (g_variant_dict_end (&dict));
  g_autoptr (OrrFigure) figure = orr_figure_new_section ("resonance", section, NULL);
  const OrrPlot *plot = orr_figure_get_plot (figure, 0);

  g_assert_cmpuint (figure->plots->len, ==, 1);
  g_assert_cmpfloat (find_kind (plot, ORR_SERIES_BAND)->y[2], ==, 0.18);
  g_assert_cmpfloat (find_kind (plot, ORR_SERIES_BAND)->y2[2], ==, 0.22);
  g_assert_cmpfloat (find_kind (plot, ORR_SERIES_SPAN)->x[1], ==, 1.1);
  g_assert_cmpfloat (find_kind (plot, ORR_SERIES_VERTICAL)->x[0], ==, 1.02);
}

static GVariant *
zone (double fraction)
{
  const double ci[] = { fraction - 0.01, fraction + 0.03 };
  GVariantDict dict;

  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "fraction", "d", fraction);
  g_variant_dict_insert_value (&dict, "fraction_ci", orr_section_new_doubles (ci, 2));
  return g_variant_dict_end (&dict);
}

static void
test_residency (void)
{
  const double residency[] = { 1.0, 5.0, 49.9, 50.0 };
  GVariantDict dict, zones;

  g_variant_dict_init (&zones, NULL);
  g_variant_dict_insert_value (&zones, "transition", zone (0.07));
  g_variant_dict_insert_value (&zones, "kick", zone (0.15));
  g_variant_dict_insert_value (&zones, "cluster", zone (0.78));
  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "cap", "x", (gint64) 50);
  g_variant_dict_insert_value (&dict, "point_residency", orr_section_new_doubles (residency, 4));
  g_variant_dict_insert_value (&dict, "zones", g_variant_dict_end (&zones));
  g_autoptr (GVariant) section = g_variant_ref_sink (g_variant_dict_end (&dict));
  g_autoptr (OrrFigure) figure = orr_figure_new_section ("residency", section, NULL);

  g_assert_cmpuint (figure->plots->len, ==, 4);
  const OrrSeries *histogram = find_kind (orr_figure_get_plot (figure, 0), ORR_SERIES_HISTOGRAM);
  g_assert_cmpfloat (histogram->y[0], ==, 25.0);
  g_assert_cmpfloat (histogram->y[2], ==, 25.0);
  g_assert_cmpfloat (histogram->y[24], ==, 50.0);
  const OrrSeries *bars = find_kind (orr_figure_get_plot (figure, 1), ORR_SERIES_BARS);
  g_assert_cmpfloat_with_epsilon (bars->y[1], 15.0, 1e-9);
  g_assert_cmpfloat_with_epsilon (bars->y2[1], 2.0, 1e-9);
  g_assert_true (isnan (bars->y[3]));
}

static void
test_orbit (void)
{
  const double phase[] = { -1, 1 }, emission[] = { 0.9, 0.1, 0.2, 0.8 };
  GVariantDict dict;
  g_autoptr (OrrHmm) hmm = orr_hmm_new (2, 2);

  g_free (hmm->symbol_names[1]);
  hmm->symbol_names[1] = g_strdup ("go");
  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert_value (&dict, "phase", orr_section_new_doubles (phase, 2));
  g_variant_dict_insert_value (&dict, "emission_by_phase", orr_section_new_table (emission, 2, 2));
  g_autoptr (GVariant) section = g_variant_ref_sink (g_variant_dict_end (&dict));
  g_autoptr (OrrFigure) figure = orr_figure_new_section ("orbit", section, hmm);
  const OrrPlot *plot = orr_figure_get_plot (figure, figure->plots->len - 1);

  g_assert_cmpfloat (find_name (plot, "go")->y[0], ==, 0.1);
  g_assert_cmphex (find_name (plot, "go")->paint, ==, orr_colour_qualitative (1));
}

/* The Moebius map of known numbers: 0 to -1, i to i, 2 to 1/3. */
static void
test_eigenvalues (void)
{
  const double re[] = { 0.0, 0.0, 2.0 }, im[] = { 0.0, 1.0, 0.0 };
  g_autoptr (OrrFigure) figure = orr_figure_new_eigenvalues (re, im, 3, "At step 5");
  const OrrPlot *plane = orr_figure_get_plot (figure, 0), *moebius = orr_figure_get_plot (figure, 1);
  g_autoptr (OrrFigure) none = orr_figure_new_eigenvalues (NULL, NULL, 0, NULL);

  g_assert_cmpuint (find_name (plane, "unstable")->n, ==, 1);
  g_assert_cmpfloat (find_name (plane, "unstable")->x[0], ==, 2.0);
  g_assert_cmpfloat_with_epsilon (find_name (moebius, "unstable")->x[0], 1.0 / 3.0, 1e-12);
  g_assert_cmpfloat_with_epsilon (find_name (moebius, "stable")->x[0], -1.0, 1e-12);
  g_assert_cmpfloat_with_epsilon (find_name (moebius, "stable")->x[1], 0.0, 1e-12);
  g_assert_cmpfloat_with_epsilon (find_name (moebius, "stable")->y[1], 1.0, 1e-12);
  g_assert_nonnull (strstr (figure->description, "1 of them unstable"));
  g_assert_true (orr_plot_is_empty (orr_figure_get_plot (none, 0)));
}

static GVariant *
visited (gint64 seed)
{
  const double points[] = { 1, 2, 3, -4, 5, 6 }, symbols[] = { 0, 1, 0 }, ratio[] = { 0.6, 0.2 };
  GVariantDict dict;

  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert_value (&dict, "points", orr_section_new_table (points, 3, 2));
  g_variant_dict_insert_value (&dict, "point_symbols", orr_section_new_doubles (symbols, 3));
  g_variant_dict_insert_value (&dict, "explained_variance_ratio", orr_section_new_doubles (ratio, 2));
  g_variant_dict_insert (&dict, "symbols", "i", 2);
  g_variant_dict_insert (&dict, "hidden", "i", 4);
  g_variant_dict_insert (&dict, "steps", "x", (gint64) 3000);
  g_variant_dict_insert (&dict, "burn_in", "i", 20);
  g_variant_dict_insert (&dict, "noise", "d", 1.0);
  g_variant_dict_insert (&dict, "seed", "x", seed);
  return g_variant_ref_sink (g_variant_dict_end (&dict));
}

/* Visited states in their symbols' colours; behind other results of the same trajectory alone. */
static void
test_visited (void)
{
  const double components[] = { 0.5, 0.25 };
  g_autoptr (GVariant) states = visited (7);
  g_autoptr (GVariant) others = visited (8);
  g_autoptr (OrrFigure) space = orr_figure_new_section ("state_space", states, NULL);
  const OrrPlot *plane = orr_figure_get_plot (space, 0);
  GVariantBuilder list;
  GVariantDict point;

  g_assert_cmpuint (find_name (plane, "1")->n, ==, 2);
  g_assert_cmpfloat (find_name (plane, "1")->x[1], ==, 5.0);
  g_assert_cmpfloat (find_name (plane, "2")->y[0], ==, -4.0);
  g_assert_cmpstr (plane->x.label, ==, "PC1, 60 %");

  g_variant_dict_init (&point, NULL);
  g_variant_dict_insert_value (&point, "components", orr_section_new_doubles (components, 2));
  g_variant_dict_insert (&point, "stable", "b", TRUE);
  g_variant_builder_init (&list, G_VARIANT_TYPE ("aa{sv}"));
  g_variant_builder_add_value (&list, g_variant_dict_end (&point));
  g_auto (GVariantDict) dict = G_VARIANT_DICT_INIT (states);
  g_variant_dict_insert_value (&dict, "points", g_variant_builder_end (&list));
  g_autoptr (GVariant) section = g_variant_ref_sink (g_variant_dict_end (&dict));
  g_autoptr (OrrFigure) figure = orr_figure_new_section ("fixed_points", section, NULL);
  const OrrPlot *plot = orr_figure_get_plot (figure, 0);

  orr_figure_add_visited (figure, section, others);
  g_assert_null (find_name (plot, "visited states"));
  orr_figure_add_visited (figure, section, NULL);
  g_assert_null (find_name (plot, "visited states"));
  orr_figure_add_visited (figure, section, states);
  g_assert_cmpuint (find_name (plot, "visited states")->n, ==, 3);
  g_assert_true (find_name (plot, "visited states") == g_ptr_array_index (plot->series, 0));
}

/* Units of the kick group first, each once, and the weights with them. */
static void
test_connectivity (void)
{
  const double units[] = { 2, 0 }, integrating[] = { 0, 3 };
  g_autoptr (OrrMatrix) weights = orr_matrix_new (4, 4);
  GVariantBuilder list;
  GVariantDict item, dict;

  for (guint i = 0; i < 16; i++)
    weights->data[i] = i;
  g_variant_dict_init (&item, NULL);
  g_variant_dict_insert (&item, "from", "i", 0);
  g_variant_dict_insert (&item, "to", "i", 2);
  g_variant_dict_insert_value (&item, "units", orr_section_new_doubles (units, 2));
  g_variant_builder_init (&list, G_VARIANT_TYPE ("aa{sv}"));
  g_variant_builder_add_value (&list, g_variant_dict_end (&item));
  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert_value (&dict, "groups", g_variant_builder_end (&list));
  g_autoptr (GVariant) kicks = g_variant_ref_sink (g_variant_dict_end (&dict));

  g_variant_dict_init (&item, NULL);
  g_variant_dict_insert (&item, "from", "i", 0);
  g_variant_dict_insert (&item, "to", "i", 2);
  g_variant_dict_insert (&item, "driving_1", "i", 1);
  g_variant_dict_insert_value (&item, "units", orr_section_new_doubles (integrating, 2));
  g_variant_builder_init (&list, G_VARIANT_TYPE ("aa{sv}"));
  g_variant_builder_add_value (&list, g_variant_dict_end (&item));
  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert_value (&dict, "pairs", g_variant_builder_end (&list));
  g_autoptr (GVariant) pairs = g_variant_ref_sink (g_variant_dict_end (&dict));

  g_autoptr (OrrFigure) figure = orr_figure_new_connectivity (weights, kicks, pairs, NULL);
  const OrrHeatmap *heatmap = orr_figure_get_plot (figure, 0)->heatmap;
  const guint order[] = { 2, 0, 3, 1 };

  for (guint i = 0; i < 4; i++)
    for (guint j = 0; j < 4; j++)
      g_assert_cmpfloat (heatmap->values[4 * i + j], ==, 4 * order[i] + order[j]);
  g_assert_cmpstr (figure->description, ==, "kick 1\342\206\2223 (2), integrating 3\342\206\2221 (1)");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sections/empty", test_empty);
  g_test_add_func ("/sections/evolution", test_evolution);
  g_test_add_func ("/sections/resonance", test_resonance);
  g_test_add_func ("/sections/residency", test_residency);
  g_test_add_func ("/sections/orbit", test_orbit);
  g_test_add_func ("/sections/eigenvalues", test_eigenvalues);
  g_test_add_func ("/sections/visited", test_visited);
  g_test_add_func ("/sections/connectivity", test_connectivity);
  return g_test_run ();
}
