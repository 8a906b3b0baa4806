/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-dataset-table.h"
#include "orr-equations.h"
#include "orr-error.h"
#include "orr-expr-parse.h"
#include "orr-expr-print.h"

#include <math.h>

static OrrDataset *
new_dataset (void)
{
  static const char *const columns[] = { "theta", "other", "speed", "sd", NULL };
  OrrDataset *dataset = orr_dataset_new ("phase", "a test", columns, 10);

  for (int r = 0; r < 10; r++)
    for (int c = 0; c < 4; c++)
      dataset->values[c * 10 + r] = c == 3 ? 0.5 : 10.0 * c + r;
  return dataset;
}

static void
test_roles_and_rows (void)
{
  g_autoptr (OrrDataset) first = new_dataset ();
  const guint inputs[1] = { 0 };
  g_autoptr (GError) error = NULL;

  first->values[0 * 10 + 3] = NAN;
  first->values[2 * 10 + 5] = INFINITY;
  first->values[3 * 10 + 7] = 0.0;
  g_autoptr (OrrDataset) dataset = orr_dataset_with_roles (first, 2, inputs, 1, 3, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (orr_dataset_n_missing (dataset, 0), ==, 1);

  /* Of ten rows, 4 and 9 are held out; 3, 5 and 7 are not complete. */
  g_autoptr (OrrDatasetRows) training = orr_dataset_extract (dataset, ORR_DATASET_TRAINING);
  g_autoptr (OrrDatasetRows) held_out = orr_dataset_extract (dataset, ORR_DATASET_HELD_OUT);
  g_autoptr (OrrDatasetRows) all = orr_dataset_extract (dataset, ORR_DATASET_ALL);
  g_assert_cmpuint (training->n, ==, 5);
  g_assert_cmpuint (held_out->n, ==, 2);
  g_assert_cmpuint (all->n, ==, 7);
  g_assert_cmpuint (training->rows[3], ==, 6);
  g_assert_cmpfloat (training->x[3], ==, 6.0);
  g_assert_cmpfloat (training->y[3], ==, 26.0);
  g_assert_cmpfloat (training->weights[3], ==, 4.0);

  g_autoptr (OrrDataset) split = orr_dataset_with_split (dataset, 0.5, 1);
  int n = 0;
  for (int r = 0; r < 10; r++)
    n += split->held_out[r];
  g_assert_cmpint (n, ==, 5);
}

static void
test_bad_roles (void)
{
  g_autoptr (OrrDataset) dataset = new_dataset ();
  const guint twice[2] = { 0, 0 }, target[1] = { 2 }, beyond[1] = { 4 };
  const struct { const guint *inputs; guint n, target; int error; } bad[] = {
    { twice, 2, 2, -1 }, { target, 1, 2, -1 }, { beyond, 1, 2, -1 }, { target, 1, 9, -1 }, { twice, 1, 2, 4 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (
        orr_dataset_with_roles (dataset, bad[i].target, bad[i].inputs, bad[i].n, bad[i].error, &error));
      g_assert_error (error, ORR_ERROR, ORR_ERROR_INPUT);
    }
}

static OrrExpr *
parse (const char *text)
{
  static const char *const names[] = { "x_1", "x_2" };
  guint column;
  OrrExpr *expr = orr_expr_parse (text, names, 2, &column, NULL);

  g_assert_nonnull (expr);
  return expr;
}

static OrrEquations *
new_equations (void)
{
  static const char *const forbidden[] = { "tan", "coth", NULL };
  g_autoptr (OrrDataset) dataset = new_dataset ();
  g_autoptr (OrrExpr) plain = parse ("2.5*sin(1.3*x_1) + ?");
  g_autoptr (OrrExpr) expr = orr_expr_set_locked (plain, 1, TRUE, TRUE);
  g_autoptr (OrrExpr) piece = parse ("x_1*x_2");
  g_autoptr (GPtrArray) tray = g_ptr_array_new_with_free_func ((GDestroyNotify) orr_expr_unref);
  g_autoptr (GPtrArray) candidates = g_ptr_array_new_with_free_func ((GDestroyNotify) orr_candidate_free);
  g_autoptr (OrrEquations) a = orr_equations_new ();
  g_autoptr (OrrEquations) b = orr_equations_with_dataset (a, dataset);
  g_autoptr (OrrEquations) c = orr_equations_with_expr (b, piece, ORR_MOVER_PERSON, "first", 0.5);
  g_autoptr (OrrEquations) d = orr_equations_with_expr (c, expr, ORR_MOVER_AGENT, "second", NAN);
  g_autoptr (OrrEquations) e = orr_equations_with_forbidden (d, forbidden);

  g_ptr_array_add (tray, orr_expr_ref (piece));
  g_ptr_array_add (candidates, orr_candidate_new (piece, 0.75, 0.7));
  ((OrrCandidate *) candidates->pdata[0])->pinned = TRUE;
  g_autoptr (OrrEquations) f = orr_equations_with_tray (e, tray);
  const double offered[] = { 9.81, -0.5 };
  g_autoptr (OrrEquations) g = orr_equations_with_offered (f, offered, 2);
  return orr_equations_with_candidates (g, candidates);
}

static void
test_round_trip (void)
{
  g_autoptr (OrrEquations) equations = new_equations ();
  g_autoptr (GVariant) section = orr_equations_to_section (equations);
  g_autoptr (GError) error = NULL;
  g_autoptr (OrrEquations) read = orr_equations_from_section (section, &error);

  g_assert_no_error (error);
  g_autoptr (GVariant) again = orr_equations_to_section (read);
  g_autofree char *first = g_variant_print (section, TRUE), *second = g_variant_print (again, TRUE);
  g_assert_cmpstr (first, ==, second);

  g_assert_cmpuint (read->moves->len, ==, 2);
  g_assert_cmpint (((OrrMove *) read->moves->pdata[1])->mover, ==, ORR_MOVER_AGENT);
  g_assert_cmpint (((OrrMove *) read->moves->pdata[0])->from, ==, -1);
  g_assert_cmpint (((OrrMove *) read->moves->pdata[1])->from, ==, 0);
  g_assert_cmpint (orr_equations_get_state (read), ==, 1);
  g_assert_cmpuint (read->offered->len, ==, 2);
  g_assert_cmpfloat (g_array_index (read->offered, double, 0), ==, 9.81);
  g_assert_true (orr_expr_equal (read->expr, equations->expr));
  for (guint i = 0; i < read->expr->n_nodes; i++)
    {
      g_assert_cmpuint (read->expr->nodes[i].id, ==, equations->expr->nodes[i].id);
      g_assert_cmpuint (read->expr->nodes[i].locked, ==, equations->expr->nodes[i].locked);
    }
  g_assert_true (((OrrCandidate *) read->candidates->pdata[0])->pinned);
}

/* The part of a tree that a damaged file may hold must not get in. */
static void
test_broken_tree (void)
{
  const char *ops[] = { "add", NULL };
  const double nodes[7] = { 0 };
  GVariantDict tree, dict;
  g_autoptr (GError) error = NULL;

  g_variant_dict_init (&tree, NULL);
  g_variant_dict_insert_value (&tree, "ops", g_variant_new_strv (ops, 1));
  GVariant *row = g_variant_new_fixed_array (G_VARIANT_TYPE_DOUBLE, nodes, 7, sizeof (double));
  g_variant_dict_insert_value (&tree, "nodes", g_variant_new_array (G_VARIANT_TYPE ("ad"), &row, 1));
  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert_value (&dict, "expression", g_variant_dict_end (&tree));
  g_autoptr (GVariant) section = g_variant_ref_sink (g_variant_dict_end (&dict));
  g_assert_null (orr_equations_from_section (section, &error));
  g_assert_error (error, ORR_ERROR, ORR_ERROR_INPUT);
}

static void
test_first_state (void)
{
  g_autoptr (GVariant) empty = g_variant_ref_sink (g_variant_new_array (G_VARIANT_TYPE ("{sv}"), NULL, 0));
  g_autoptr (OrrEquations) equations = orr_equations_from_section (empty, NULL);

  g_assert_cmpuint (equations->expr->n_nodes, ==, 1);
  g_assert_cmpint (equations->expr->nodes[0].op, ==, ORR_EXPR_OP_PLACEHOLDER);
  g_assert_null (equations->dataset);
}

/* Texts are left out, units are taken from the headings. */
static void
test_from_table (void)
{
  g_autoptr (OrrTable) table = orr_table_parse ("planet,distance [AU],period (yr)\nEarth,1,1\nMars,1.524,\n", -1, NULL);
  g_autoptr (OrrTable) lonely = orr_table_parse ("a,b\nx,1\ny,2\n", -1, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (OrrDataset) dataset = orr_dataset_from_table (table, "planets.csv", NULL);

  g_assert_cmpuint (dataset->n_columns, ==, 2);
  g_assert_cmpstr (dataset->columns[0], ==, "distance");
  g_assert_cmpstr (dataset->units[0], ==, "AU");
  g_assert_cmpstr (dataset->units[1], ==, "yr");
  g_assert_cmpfloat (orr_dataset_column (dataset, 0)[1], ==, 1.524);
  g_assert_cmpuint (orr_dataset_n_missing (dataset, 1), ==, 1);
  g_assert_null (orr_dataset_from_table (lonely, "lonely.csv", &error));
  g_assert_error (error, ORR_ERROR, ORR_ERROR_INPUT);
}

/* A data set with two targets: each has its own tree, candidates and moves, on the canvas or aside. */
static void
test_system (void)
{
  static const char *const columns[] = { "PC1", "PC2", "dPC1", "dPC2", "e1", "e2", NULL };
  const guint targets[2] = { 2, 3 }, inputs[2] = { 0, 1 };
  const int errors[2] = { 4, 5 };
  g_autoptr (GError) error = NULL;
  g_autoptr (OrrDataset) table = orr_dataset_new ("flow", "a test", columns, 20);
  g_autoptr (OrrDataset) first = orr_dataset_with_roles (table, 2, inputs, 2, 4, &error);
  g_assert_no_error (error);
  orr_dataset_set_system (first, targets, errors, 2);
  g_autoptr (OrrDataset) second = orr_dataset_with_target (first, 3);
  g_assert_cmpuint (second->target, ==, 3);
  g_assert_cmpint (second->error, ==, 5);
  g_assert_true (orr_dataset_same_system (first, second));
  g_assert_false (orr_dataset_same_system (first, table));

  g_autoptr (OrrExpr) a = orr_expr_parse ("x_1 - x_2", NULL, 0, NULL, &error);
  g_autoptr (OrrExpr) b = orr_expr_parse ("sin(x_2)", NULL, 0, NULL, &error);
  g_autoptr (OrrEquations) empty = orr_equations_new ();
  g_autoptr (OrrEquations) with_data = orr_equations_with_dataset (empty, first);
  g_autoptr (OrrEquations) with_a = orr_equations_with_expr (with_data, a, ORR_MOVER_PERSON, "a", 0.5);
  g_assert_null (orr_equations_get_law (with_a, 3));

  g_autoptr (OrrEquations) switched = orr_equations_with_dataset (with_a, second);
  g_assert_cmpint (switched->expr->nodes[0].op, ==, ORR_EXPR_OP_PLACEHOLDER);
  g_assert_cmpuint (switched->moves->len, ==, 0);
  g_assert_true (orr_equations_get_law (switched, 2) == a);
  g_autoptr (OrrEquations) with_b = orr_equations_with_expr (switched, b, ORR_MOVER_AGENT, "b", 0.7);

  /* Through the file's form and back to the first equation. */
  g_autoptr (GVariant) section = orr_equations_to_section (with_b);
  g_autoptr (OrrEquations) read = orr_equations_from_section (section, &error);
  g_assert_no_error (error);
  g_assert_true (orr_dataset_same_system (read->dataset, first));
  g_autoptr (OrrDataset) back = orr_dataset_with_target (read->dataset, 2);
  g_autoptr (OrrEquations) returned = orr_equations_with_dataset (read, back);
  g_assert_true (orr_expr_equal (returned->expr, a));
  g_assert_cmpuint (returned->moves->len, ==, 1);
  g_assert_true (orr_expr_equal (orr_equations_get_law (returned, 3), b));

  /* Other rows of the same system keep the trees; another table does not keep what is aside. */
  g_autoptr (OrrDataset) other_rows = orr_dataset_copy (back);
  g_autoptr (OrrEquations) kept = orr_equations_with_dataset (returned, other_rows);
  g_assert_nonnull (orr_equations_get_law (kept, 3));
  g_autoptr (OrrEquations) left = orr_equations_with_dataset (returned, table);
  g_assert_cmpuint (left->parked->len, ==, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/equations/roles-and-rows", test_roles_and_rows);
  g_test_add_func ("/equations/bad-roles", test_bad_roles);
  g_test_add_func ("/equations/round-trip", test_round_trip);
  g_test_add_func ("/equations/broken-tree", test_broken_tree);
  g_test_add_func ("/equations/first-state", test_first_state);
  g_test_add_func ("/equations/from-table", test_from_table);
  g_test_add_func ("/equations/system", test_system);
  return g_test_run ();
}
