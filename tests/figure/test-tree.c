/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "orr-expr-parse.h"
#include "orr-formula.h"
#include "orr-tree-drawing.h"

static const char *const formulas[] = {
  "x_1",
  "sin(x_1)",
  "2.5*sin(1.3*x_1)+?",
  "(x_1+1)^3/(x_1^2-x_1+1)",
  "sqrt(x_1^2+x_2^2)/(1+abs(x_1))",
  "((((x_1+1)*2+x_2)*3+x_1)*4+x_2)+(x_1*(x_2+(x_1*(x_2+5))))",
};

static OrrExpr *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  OrrExpr *expr = orr_expr_parse (text, NULL, 2, NULL, &error);

  g_assert_no_error (error);
  return expr;
}

/* Levels, parents over the middle of their operands, no overlaps, order kept. */
static void
test_layout (void)
{
  for (guint f = 0; f < G_N_ELEMENTS (formulas); f++)
    {
      g_autoptr (OrrExpr) expr = parse (formulas[f]);
      g_autoptr (OrrTreeGeometry) geometry = orr_tree_geometry_new (expr, NULL, 0);
      const double *p = geometry->positions;

      for (guint i = 0; i < expr->n_nodes; i++)
        {
          guint arity = orr_expr_op_arity (expr->nodes[i].op);
          guint first = arity > 0 ? orr_expr_operand (expr, i, 0) : 0;
          guint last = arity > 0 ? orr_expr_operand (expr, i, arity - 1) : 0;

          if (arity > 0)
            g_assert_cmpfloat_with_epsilon (0.5 * (p[2 * first] + p[2 * last]), p[2 * i], 1e-9);
          if (arity > 0)
            g_assert_cmpfloat_with_epsilon (p[2 * first + 1], p[2 * i + 1] + ORR_TREE_LEVEL, 1e-9);
          for (guint j = 0; j < i; j++)
            if (fabs (p[2 * i + 1] - p[2 * j + 1]) < 1.0)
              /* In preorder what comes later on a level stands further right. */
              g_assert_cmpfloat (p[2 * i] - p[2 * j], >, 0.5 * (geometry->widths[i] + geometry->widths[j]));
        }
    }
}

static void
test_hits (void)
{
  g_autoptr (OrrExpr) expr = parse ("2.5*sin(1.3*x_1)+?");
  g_autoptr (OrrTreeGeometry) geometry = orr_tree_geometry_new (expr, NULL, 0);
  const double *p = geometry->positions;

  for (guint i = 0; i < expr->n_nodes; i++)
    {
      OrrTreeHit hit = orr_tree_geometry_hit (geometry, p[2 * i], p[2 * i + 1]);
      int parent = orr_expr_parent (expr, i);

      g_assert_cmpint (hit.part, ==, ORR_TREE_PART_NODE);
      g_assert_cmpint (hit.node, ==, i);
      if (parent < 0)
        continue;
      hit = orr_tree_geometry_hit (geometry, 0.5 * (p[2 * i] + p[2 * parent]),
                                   0.5 * (p[2 * i + 1] + p[2 * parent + 1]));
      g_assert_cmpint (hit.part, ==, ORR_TREE_PART_EDGE);
      g_assert_cmpint (hit.node, ==, i);
    }
  g_assert_cmpint (orr_tree_geometry_hit (geometry, 900, -300).part, ==, ORR_TREE_PART_NONE);
}

/* Other names of the same tree's variables are other labels; errors of rounding are none. */
static void
test_labels (void)
{
  static const char *const before[] = { "x", "y" }, *const after[] = { "u", "y" };
  g_autoptr (OrrExpr) bare = parse ("c*x_1 + c");
  const double values[] = { 2.5, 3.0 }, errors[] = { 0.01, 1e-16 };
  g_autoptr (OrrExpr) expr = orr_expr_set_constants (bare, values, errors);
  g_autoptr (OrrTreeGeometry) geometry = orr_tree_geometry_new (expr, before, 2);

  g_assert_cmpstr (geometry->labels[2], ==, "2.5 ± 0.01");
  g_assert_cmpstr (geometry->labels[3], ==, "x");
  g_assert_cmpstr (geometry->labels[4], ==, "3");
  g_assert_true (orr_tree_geometry_shows (geometry, expr, before, 2));
  g_assert_false (orr_tree_geometry_shows (geometry, expr, after, 2));
  g_assert_false (orr_tree_geometry_shows (geometry, bare, before, 2));
}

/* The ink of a formula lies within what was measured. */
static void
test_formula (void)
{
  for (guint f = 0; f < G_N_ELEMENTS (formulas); f++)
    {
      g_autoptr (OrrExpr) expr = parse (formulas[f]);
      OrrFormulaStyle style = { 24, 0x000000, 0x000000, NULL, NULL, 0, -1 };
      cairo_surface_t *surface = cairo_recording_surface_create (CAIRO_CONTENT_COLOR_ALPHA, NULL);
      cairo_t *cr = cairo_create (surface);
      double width, ascent, descent, x, y, ink_width, ink_height;

      orr_formula_measure (cr, expr, &style, &width, &ascent, &descent);
      orr_formula_draw (cr, expr, &style, 0, 0);
      cairo_recording_surface_ink_extents (surface, &x, &y, &ink_width, &ink_height);
      g_assert_cmpfloat (ink_width, >, 0.4 * width);
      g_assert_cmpfloat (x, >, -6.0);
      g_assert_cmpfloat (x + ink_width, <, width + 6.0);
      g_assert_cmpfloat (y, >, -ascent - 8.0);
      g_assert_cmpfloat (y + ink_height, <, descent + 8.0);
      cairo_destroy (cr);
      cairo_surface_destroy (surface);
    }
}

static double
measure (const char *text)
{
  g_autoptr (OrrExpr) expr = parse (text);
  OrrFormulaStyle style = { 24, 0x000000, 0x000000, NULL, NULL, 0, -1 };
  cairo_surface_t *surface = cairo_recording_surface_create (CAIRO_CONTENT_COLOR_ALPHA, NULL);
  cairo_t *cr = cairo_create (surface);
  double width, ascent, descent;

  orr_formula_measure (cr, expr, &style, &width, &ascent, &descent);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
  return width;
}

/* A negative term is subtracted; a minus within brackets stays where it is. */
static void
test_minus (void)
{
  g_assert_cmpfloat_with_epsilon (measure ("x_1+(-3)*x_2"), measure ("x_1-3*x_2"), 0.5);
  g_assert_cmpfloat_with_epsilon (measure ("x_1+(-x_2)"), measure ("x_1-x_2"), 0.5);
  g_assert_cmpfloat_with_epsilon (measure ("x_1-(-3)*x_2"), measure ("x_1+3*x_2"), 0.5);
  g_assert_cmpfloat (measure ("x_1-(-3+x_2)"), >, measure ("x_1-(3+x_2)") + 4.0);
  g_assert_cmpfloat_with_epsilon (measure ("exp(-(-3/x_1))"), measure ("exp(3/x_1)"), 0.5);
  g_assert_cmpfloat_with_epsilon (measure ("x_1+(-(-3*x_2))"), measure ("x_1+3*x_2"), 0.5);
  g_assert_cmpfloat_with_epsilon (measure ("x_1+((-3)*x_2+5)"), measure ("x_1-3*x_2+5"), 0.5);
  g_assert_cmpfloat (measure ("x_1+(-3+x_2)*x_1"), >, measure ("x_1+(3+x_2)*x_1") + 4.0);
  /* 3e-09 as a power of ten: two letters and a small one instead of "e-09". */
  g_assert_cmpfloat (measure ("3e-9*x_1"), >, measure ("3*x_1") + 20.0);
  g_assert_cmpfloat (measure ("1e-9*x_1"), <, measure ("3e-9*x_1") - 10.0);
}

/* A box of any width holds all that is drawn. */
static void
test_within (void)
{
  static const double widths[] = { 600.0, 150.0, 60.0 };

  for (guint f = 0; f < G_N_ELEMENTS (formulas); f++)
    for (guint w = 0; w < G_N_ELEMENTS (widths); w++)
      {
        g_autoptr (OrrExpr) expr = parse (formulas[f]);
        OrrFormulaStyle style = { 24, 0x000000, 0x000000, NULL, NULL, 0, -1 };
        cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_A8, 700, 50);
        cairo_t *cr = cairo_create (surface);
        guint ink = 0, outside = 0;

        orr_formula_draw_within (cr, expr, &style, 10.0, widths[w], 50.0, 0.5);
        cairo_surface_flush (surface);
        for (int y = 0; y < 50; y++)
          for (int x = 0; x < 700; x++)
            {
              guint8 alpha = cairo_image_surface_get_data (surface)[y * cairo_image_surface_get_stride (surface) + x];

              ink += alpha > 60;
              outside += alpha > 60 && x > widths[w] + 1.0;
            }
        g_assert_cmpuint (ink, >, 10);
        g_assert_cmpuint (outside, ==, 0);
        cairo_destroy (cr);
        cairo_surface_destroy (surface);
      }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tree/layout", test_layout);
  g_test_add_func ("/tree/hits", test_hits);
  g_test_add_func ("/tree/labels", test_labels);
  g_test_add_func ("/tree/formula", test_formula);
  g_test_add_func ("/tree/formula/minus", test_minus);
  g_test_add_func ("/tree/formula/within", test_within);
  return g_test_run ();
}
