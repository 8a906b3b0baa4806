/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>
#include <math.h>

#include "orr-figure-section.h"
#include "orr-section-series.h"
#include "orr-section.h"

/* Paths this many times wider than at gain 0 and 1 would make those too small to see. */
#define MOST_WIDER 3.0

/* "kick 1 -> 3", in the names of the symbols; (transfer full). */
static char *
set_title (GVariant *set, const OrrHmm *hmm)
{
  static const struct { const char *name, *title; } kinds[] = {
    { "kick", N_("kick") },
    { "control", N_("random units") },
    { "noise_projection", N_("noise onto integrating") },
    { "noise_control", N_("noise onto random units") },
  };
  g_autofree char *name = orr_section_dup_string (set, "name");
  gint64 from = orr_section_get_int (set, "from", -1), to = orr_section_get_int (set, "to", -1);
  char **symbols = hmm != NULL ? hmm->symbol_names : NULL;
  guint n_symbols = hmm != NULL ? hmm->n_symbols : 0;
  const char *title = name != NULL ? name : "";

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_strcmp0 (kinds[i].name, name) == 0)
      title = _(kinds[i].title);
  if (from < 0 || to < 0)
    return g_strdup (title);
  g_autofree char *left = orr_section_symbol_name (symbols, n_symbols, from);
  g_autofree char *right = orr_section_symbol_name (symbols, n_symbols, to);
  return g_strdup_printf ("%s %s\342\206\222%s", title, left, right);
}

static gboolean
is_control (GVariant *set)
{
  g_autofree char *name = orr_section_dup_string (set, "name");
  return g_strcmp0 (name, "control") == 0 || g_strcmp0 (name, "noise_control") == 0;
}

/* Each set has a colour of its own; what they are compared with is grey. */
static OrrPaint
set_paint (GVariant *sets, gsize index)
{
  g_autoptr (GVariant) set = g_variant_get_child_value (sets, index);
  guint before = 0;

  if (is_control (set))
    return ORR_PAINT_DIM;
  for (gsize i = 0; i < index; i++)
    {
      g_autoptr (GVariant) other = g_variant_get_child_value (sets, i);
      before += !is_control (other);
    }
  return orr_colour_qualitative (before);
}

/* In the legend; (transfer full) (nullable): the controls share one entry a kind. */
static char *
set_entry (GVariant *sets, gsize index, const OrrHmm *hmm)
{
  g_autoptr (GVariant) set = g_variant_get_child_value (sets, index);
  g_autofree char *name = orr_section_dup_string (set, "name");

  if (!is_control (set))
    return set_title (set, hmm);
  for (gsize i = 0; i < index; i++)
    {
      g_autoptr (GVariant) other = g_variant_get_child_value (sets, i);
      g_autofree char *other_name = orr_section_dup_string (other, "name");

      if (g_strcmp0 (name, other_name) == 0)
        return NULL;
    }
  return g_strdup (g_str_equal (name, "control") ? _("random units") : _("noise onto random units"));
}

/* Rates of all sets: of any transition, or of the direction that each belongs to. */
static void
add_rates (OrrFigure *figure, GVariant *sets, const OrrHmm *hmm, const char *rate, const char *heading)
{
  OrrPlot *plot = orr_figure_add_plot (figure, heading);

  orr_axis_set_label (&plot->x, _("gain \316\274"), NULL);
  orr_axis_set_label (&plot->y, _("transition rate"), _("per step"));
  orr_axis_set_range (&plot->x, 0.0, 2.0);
  plot->y.include_zero = TRUE;
  for (gsize i = 0; i < g_variant_n_children (sets); i++)
    {
      g_autoptr (GVariant) set = g_variant_get_child_value (sets, i);
      g_autofree char *name = set_entry (sets, i, hmm);

      orr_section_add_curve (plot, set, "gain", rate, name, set_paint (sets, i));
    }
}

/* Mean and s.d. of the critical pairs of each set at mu = 0, 1, 1.9. */
static void
add_pairs (OrrFigure *figure, GVariant *sets, const OrrHmm *hmm)
{
  OrrPlot *plot = orr_figure_add_plot (figure, _("Critical pairs"));

  orr_axis_set_label (&plot->x, _("gain \316\274"), NULL);
  orr_axis_set_label (&plot->y, _("near a transition"), NULL);
  orr_axis_set_range (&plot->x, -0.1, 2.2);
  plot->y.include_zero = TRUE;
  for (gsize i = 0; i < g_variant_n_children (sets); i++)
    {
      g_autoptr (GVariant) set = g_variant_get_child_value (sets, i);
      g_autoptr (GVariant) shown = orr_section_get_child (set, "shown");
      gsize n = shown != NULL ? g_variant_n_children (shown) : 0;
      g_autofree double *x = g_new (double, MAX (n, 1)), *y = g_new (double, MAX (n, 1)), *sd = g_new (double, MAX (n, 1));

      for (gsize k = 0; k < n; k++)
        {
          g_autoptr (GVariant) at = g_variant_get_child_value (shown, k);

          x[k] = orr_section_get_double (at, "gain", NAN) + 0.02 * i;
          y[k] = orr_section_get_double (at, "critical_pairs", NAN);
          sd[k] = orr_section_get_double (at, "critical_pairs_sd", NAN);
        }
      orr_series_set_errors (orr_plot_add_points (plot, NULL, x, y, n, set_paint (sets, i)), sd);
    }
}

/* How far the paths at some gains reach. */
typedef struct
{
  double low[2], high[2];
} Reach;

static void
reach_include (Reach *reach, GVariant *at)
{
  gsize rows, cols;
  g_autofree double *path = orr_section_dup_table (at, "trajectory", &rows, &cols);

  for (gsize i = 0; path != NULL && cols >= 2 && i < rows; i++)
    for (guint c = 0; c < 2; c++)
      {
        reach->low[c] = MIN (reach->low[c], path[i * cols + c]);
        reach->high[c] = MAX (reach->high[c], path[i * cols + c]);
      }
}

static gboolean
is_much_wider (const Reach *all, const Reach *usual)
{
  for (guint c = 0; c < 2; c++)
    if (all->high[c] - all->low[c] > MOST_WIDER * (usual->high[c] - usual->low[c]))
      return TRUE;
  return FALSE;
}

/* One path, on the axes that are shared where they are given. */
static void
add_path (OrrFigure *figure, GVariant *at, const char *title, const Reach *shared)
{
  gsize rows, cols;
  g_autofree double *path = orr_section_dup_table (at, "trajectory", &rows, &cols);
  g_autofree double *x = g_new (double, MAX (rows, 1)), *y = g_new (double, MAX (rows, 1));
  OrrPlot *plot = orr_figure_add_plot (figure, title);

  orr_axis_set_label (&plot->x, "PC1", NULL);
  orr_axis_set_label (&plot->y, "PC2", NULL);
  if (path == NULL || cols < 2)
    {
      orr_plot_set_empty_text (plot, _("The activity grows without bound"));
      return;
    }
  for (gsize i = 0; i < rows; i++)
    {
      x[i] = path[i * cols];
      y[i] = path[i * cols + 1];
    }
  if (shared != NULL)
    {
      orr_axis_set_range (&plot->x, shared->low[0], shared->high[0]);
      orr_axis_set_range (&plot->y, shared->low[1], shared->high[1]);
    }
  orr_plot_add_line (plot, NULL, x, y, rows, ORR_PAINT_ACCENT)->width = 1.0;
}

/* The path in the plane of the first two components at mu = 0, 1 and 1.9, side by side on the same axes; where
 * a large gain reaches far beyond the others it has its own, and says so. */
static void
add_paths (OrrFigure *figure, GVariant *set, const char *name)
{
  g_autoptr (GVariant) shown = orr_section_get_child (set, "shown");
  Reach usual = { { INFINITY, INFINITY }, { -INFINITY, -INFINITY } }, all = usual;
  gsize n = shown != NULL ? g_variant_n_children (shown) : 0;

  for (gsize k = 0; k < n; k++)
    {
      g_autoptr (GVariant) at = g_variant_get_child_value (shown, k);

      reach_include (&all, at);
      if (orr_section_get_double (at, "gain", NAN) <= 1.0)
        reach_include (&usual, at);
    }
  gboolean apart = is_much_wider (&all, &usual);
  for (gsize k = 0; k < n; k++)
    {
      g_autoptr (GVariant) at = g_variant_get_child_value (shown, k);
      double value = orr_section_get_double (at, "gain", NAN);
      gboolean own = apart && value > 1.0;
      g_autofree char *gain = g_strdup_printf ("%.3g", value);
      g_autofree char *title = g_strdup_printf ("%s%s\316\274 = %s%s", name != NULL ? name : "", name != NULL ? ", " : "", gain,
                                                own ? _(" (wider axes)") : "");

      add_path (figure, at, title, own ? NULL : apart ? &usual : &all);
    }
}

/* What turning the gain of each set of units does. */
void
orr_figure_fill_interventions (OrrFigure *figure, GVariant *section, const OrrHmm *hmm)
{
  g_autoptr (GVariant) sets = orr_section_get_child (section, "sets");

  if (sets == NULL || g_variant_n_children (sets) == 0)
    return;
  add_rates (figure, sets, hmm, "transition_rate", _("Transitions under changed gain"));
  /* the colours of the first plot's legend hold for all three */
  add_rates (figure, sets, hmm, "direction_rate", _("Jumps of its own direction"));
  orr_figure_get_plot (figure, 1)->legend = FALSE;
  add_pairs (figure, sets, hmm);
  for (gsize i = 0; i < g_variant_n_children (sets); i++)
    {
      g_autoptr (GVariant) set = g_variant_get_child_value (sets, i);
      g_autofree char *name = orr_section_dup_string (set, "name");

      if (g_strcmp0 (name, "kick") == 0)
        {
          g_autofree char *title = set_title (set, hmm);
          add_paths (figure, set, title);
        }
    }
}

/* Rates of one set over the gain: all transitions, and those of its own direction. */
static void
add_own_rates (OrrFigure *figure, GVariant *set, const OrrHmm *hmm)
{
  OrrPlot *plot = orr_figure_add_plot (figure, _("Transitions"));
  gint64 from = orr_section_get_int (set, "from", -1), to = orr_section_get_int (set, "to", -1);
  char **symbols = hmm != NULL ? hmm->symbol_names : NULL;
  guint n_symbols = hmm != NULL ? hmm->n_symbols : 0;

  orr_axis_set_label (&plot->x, _("gain \316\274"), NULL);
  orr_axis_set_label (&plot->y, _("transition rate"), _("per step"));
  orr_axis_set_range (&plot->x, 0.0, 2.0);
  plot->y.include_zero = TRUE;
  orr_section_add_curve (plot, set, "gain", "transition_rate", _("all"), ORR_PAINT_ACCENT);
  if (from < 0 || to < 0)
    return;
  g_autofree char *left = orr_section_symbol_name (symbols, n_symbols, from);
  g_autofree char *right = orr_section_symbol_name (symbols, n_symbols, to);
  g_autofree char *name = g_strdup_printf ("%s \342\206\222 %s", left, right);
  orr_section_add_curve (plot, set, "gain", "direction_rate", name, orr_colour_qualitative (to));
}

/**
 * orr_figure_new_gain_comparison:
 * @set: of orr_interventions_run()
 * @hmm: (nullable): gives the symbols their names
 *
 * Returns: (transfer full): the network at gain 0, 1 and 1.9 of one set of units side by side, and its rates
 *   and critical pairs over the gain
 */
OrrFigure *
orr_figure_new_gain_comparison (GVariant *set, const OrrHmm *hmm)
{
  g_autofree char *name = orr_section_dup_string (set, "name");
  OrrFigure *figure = orr_figure_new (name);
  g_autoptr (GVariant) sets = g_variant_ref_sink (g_variant_new_array (G_VARIANT_TYPE_VARDICT, &set, 1));

  figure->columns = 3;
  add_paths (figure, set, NULL);
  add_own_rates (figure, set, hmm);
  add_pairs (figure, sets, hmm);
  return figure;
}
