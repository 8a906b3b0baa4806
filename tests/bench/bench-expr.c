/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * How fast an expression is evaluated:
 *   bench-expr EXPRESSION N [THREADS]
 * at N points drawn uniformly in [0.1, 3] for x_1 and x_2. Prints one line of
 * JSON: seconds of the fastest of several evaluations, and of one with the
 * derivatives by all constants, nodes, and the sum of the values.
 */
#include <stdio.h>
#include <stdlib.h>

#include "orr-expr-parse.h"
#include "orr-expr-program.h"

/* Its numbers as free constants, exponents but for, so that there is something to derive by. */
static OrrExpr *
free_numbers (const OrrExpr *expr)
{
  g_autofree OrrExprNode *nodes = g_memdup2 (expr->nodes, expr->n_nodes * sizeof (OrrExprNode));

  for (guint i = 0; i < expr->n_nodes; i++)
    {
      int parent = orr_expr_parent (expr, i);
      gboolean exponent = parent >= 0 && nodes[parent].op == ORR_EXPR_OP_POW && (guint) parent + 1 != i;

      if (nodes[i].op == ORR_EXPR_OP_NUMBER && !exponent)
        nodes[i] = orr_expr_node (ORR_EXPR_OP_CONSTANT, 0, nodes[i].value);
    }
  return orr_expr_new (nodes, expr->n_nodes);
}

int
main (int argc, char *argv[])
{
  gsize n = argc >= 3 ? strtoull (argv[2], NULL, 10) : 0;
  g_autoptr (GError) error = NULL;
  g_autoptr (OrrExpr) expr = argc >= 3 ? orr_expr_parse (argv[1], NULL, 2, NULL, &error) : NULL;

  if (expr == NULL || n == 0)
    {
      fprintf (stderr, "bench-expr EXPRESSION N [THREADS]: %s\n", error != NULL ? error->message : "");
      return 2;
    }
  g_autoptr (OrrExprProgram) program = orr_expr_program_new (expr);
  g_autoptr (OrrExpr) with_constants = free_numbers (expr);
  g_autoptr (OrrExprProgram) derived = orr_expr_program_new (with_constants);
  orr_expr_program_set_threads (program, argc > 3 ? atoi (argv[3]) : 1);
  orr_expr_program_set_threads (derived, argc > 3 ? atoi (argv[3]) : 1);
  g_autofree double *x = g_new (double, 2 * n), *y = g_new (double, n);
  g_autofree double *gradient = g_new (double, n * MAX (orr_expr_program_n_constants (derived), 1));
  double best[2] = { 1e9, 1e9 }, sum = 0.0;
  gsize repeats = MAX (200000 / n, 1);

  for (gsize i = 0; i < 2 * n; i++)
    x[i] = 0.1 + 2.9 * ((i * 2654435761u) % 1000003) / 1000003.0;
  for (int round = 0; round < 15; round++)
    for (int which = 0; which < 2; which++)
      {
        gint64 start = g_get_monotonic_time ();
        for (gsize k = 0; k < repeats; k++)
          if (which == 0)
            orr_expr_program_eval (program, NULL, x, n, n, y);
          else
            orr_expr_program_eval_gradient (derived, NULL, x, n, n, y, gradient);
        best[which] = MIN (best[which], (g_get_monotonic_time () - start) * 1e-6 / repeats);
      }
  for (gsize i = 0; i < n; i++)
    sum += y[i];
  printf ("{\"seconds\": %.9f, \"with_gradient\": %.9f, \"nodes\": %u, \"sum\": %.12g}\n", best[0], best[1], expr->n_nodes, sum);
  return 0;
}
