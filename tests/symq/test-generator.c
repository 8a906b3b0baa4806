/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "orr-expr-normal.h"
#include "orr-expr-program.h"
#include "orr-generator.h"

#define N 3000

static const OrrGeneratorOptions options = {
  .seed = 5, .split = ORR_SPLIT_TRAINING, .min_points = 30, .max_points = 90, .max_variables = 3,
};

/* Every example is what it says: points the expression really has, in normal form, from the right deck. */
static void
test_examples (void)
{
  g_autoptr (OrrGenerator) generator = orr_generator_new (&options);
  g_autofree OrrExample *example = g_new0 (OrrExample, 1);
  guint per_variables[4] = { 0 }, points = 0, apart = 0;

  for (guint64 i = 0; i < N; i++)
    {
      double y[ORR_EXAMPLE_MAX_POINTS];

      orr_generator_make (generator, i, example);
      g_assert_cmpuint (example->n_points, >=, options.min_points);
      g_assert_cmpuint (example->n_points, <=, options.max_points);
      g_assert_true (orr_skeleton_split (example->actions, example->n_actions) == ORR_SPLIT_TRAINING);
      per_variables[example->n_variables]++;

      g_autoptr (OrrExpr) expr = orr_actions_to_expr (example->actions, example->n_actions);
      g_assert_cmpuint (orr_expr_count (expr, ORR_EXPR_OP_PLACEHOLDER), ==, 0);
      g_assert_cmpuint (orr_expr_count (expr, ORR_EXPR_OP_CONSTANT), ==, example->n_constants);
      g_assert_cmpuint (orr_expr_n_variables (expr), <=, example->n_variables);
      g_autoptr (OrrExprProgram) program = orr_expr_program_new (expr);
      orr_expr_program_eval (program, example->constants, example->x[0], ORR_EXAMPLE_MAX_POINTS, example->n_points, y);
      for (guint k = 0; k < example->n_points; k++)
        {
          g_assert_cmpfloat (fabs (example->y[k]), <, 5e4);
          points++;
          apart += !(fabs (y[k] - example->y[k]) <= 1e-6 * (1.0 + fabs (y[k])));
        }
    }
  /* Beside a pole, or far out in tan (exp (x)), the last bit of a sine decides. */
  g_assert_cmpuint (apart, <, points / 200);
  for (guint v = 1; v <= 3; v++)
    g_assert_cmpuint (per_variables[v], >, N / 20);
}

/* An example follows from seed and index alone. */
static void
test_deterministic (void)
{
  g_autoptr (OrrGenerator) a = orr_generator_new (&options), b = orr_generator_new (&options);
  g_autofree OrrExample *one = g_new0 (OrrExample, 1), *other = g_new0 (OrrExample, 1);

  for (guint64 i = 0; i < 200; i++)
    {
      orr_generator_make (a, i, one);
      orr_generator_make (b, (i * 77) % 200, other);
      orr_generator_make (b, i, other);
      g_assert_cmpuint (one->n_points, ==, other->n_points);
      g_assert_cmpmem (one->actions, one->n_actions, other->actions, other->n_actions);
      g_assert_cmpmem (one->y, one->n_points * sizeof (double), other->y, other->n_points * sizeof (double));
    }
}

static void
test_held_out (void)
{
  OrrGeneratorOptions held_out = options;
  g_autoptr (GHashTable) seen = g_hash_table_new (g_direct_hash, g_direct_equal);
  g_autofree OrrExample *example = g_new0 (OrrExample, 1);

  held_out.split = ORR_SPLIT_HELD_OUT;
  g_autoptr (OrrGenerator) training = orr_generator_new (&options), validation = orr_generator_new (&held_out);
  for (guint64 i = 0; i < N; i++)
    {
      orr_generator_make (training, i, example);
      g_hash_table_add (seen, (gpointer) (gsize) orr_actions_hash (example->actions, example->n_actions));
    }
  for (guint64 i = 0; i < 100; i++)
    {
      orr_generator_make (validation, i, example);
      g_assert_false (g_hash_table_contains (seen, (gpointer) (gsize) orr_actions_hash (example->actions, example->n_actions)));
    }
}

/* Other constants, the same skeleton. */
static void
test_redraw (void)
{
  g_autoptr (OrrGenerator) generator = orr_generator_new (&options);
  g_autofree OrrExample *example = g_new0 (OrrExample, 1);
  OrrExample before;
  guint changed = 0;

  for (guint64 i = 0; i < 50; i++)
    {
      orr_generator_make (generator, i, example);
      before = *example;
      if (!orr_generator_redraw (generator, 1000 + i, example))
        continue;
      g_assert_cmpmem (before.actions, before.n_actions, example->actions, example->n_actions);
      changed += memcmp (before.y, example->y, sizeof before.y) != 0;
    }
  g_assert_cmpuint (changed, >, 40);
}

/* Actions to trees and back. */
static void
test_actions (void)
{
  g_autoptr (OrrGenerator) generator = orr_generator_new (&options);
  g_autofree OrrExample *example = g_new0 (OrrExample, 1);

  for (int action = 0; action < ORR_N_ACTIONS; action++)
    {
      OrrExprNode node = orr_action_to_node (action);
      g_assert_cmpint (orr_action_from_node (&node), ==, action);
      g_assert_cmpint (orr_action_from_name (orr_action_name (action)), ==, action);
      g_assert_cmpuint (orr_action_arity (action), ==, orr_expr_op_arity (node.op));
    }
  for (guint64 i = 0; i < 300; i++)
    {
      OrrAction back[ORR_ACTIONS_MAX_LENGTH];
      orr_generator_make (generator, i, example);
      g_autoptr (OrrExpr) expr = orr_actions_to_expr (example->actions, example->n_actions);
      guint n = orr_actions_from_expr (expr, back, ORR_ACTIONS_MAX_LENGTH);
      g_assert_cmpmem (back, n, example->actions, example->n_actions);
      /* A prefix leaves open places. */
      g_autoptr (OrrExpr) open = orr_actions_to_expr (example->actions, example->n_actions - 1);
      g_assert_cmpuint (orr_expr_count (open, ORR_EXPR_OP_PLACEHOLDER), ==, 1);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/generator/examples", test_examples);
  g_test_add_func ("/generator/deterministic", test_deterministic);
  g_test_add_func ("/generator/held-out", test_held_out);
  g_test_add_func ("/generator/redraw", test_redraw);
  g_test_add_func ("/generator/actions", test_actions);
  return g_test_run ();
}
