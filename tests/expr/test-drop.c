/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-expr-drop.h"

#include "orr-error.h"
#include "orr-expr-parse.h"
#include "orr-expr-print.h"

static OrrExpr *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  OrrExpr *expr = orr_expr_parse (text, NULL, 2, NULL, &error);

  g_assert_no_error (error);
  return expr;
}

static void
assert_text (const OrrExpr *expr, const char *expected)
{
  g_autofree char *text = NULL;

  g_assert_nonnull (expr);
  text = orr_expr_to_text (expr, NULL, 0);
  g_assert_cmpstr (text, ==, expected);
}

static GPtrArray *
new_tray (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) orr_expr_unref);
}

static void
test_fill_and_replace (void)
{
  g_autoptr (OrrExpr) expr = parse ("sin(x_1)+?");
  g_autoptr (OrrExpr) cosine = parse ("cos(?)"), times = parse ("?*?"), two = parse ("2"),
                      whole = parse ("exp(2*x_2)");
  g_autoptr (GPtrArray) tray = new_tray ();

  g_assert_true (orr_expr_is_bare_operator (cosine));
  g_assert_true (orr_expr_is_bare_operator (times));
  g_assert_false (orr_expr_is_bare_operator (expr));
  g_assert_false (orr_expr_is_bare_operator (two));
  g_assert_true (orr_expr_is_open (expr));
  g_assert_false (orr_expr_is_open (whole));

  g_autoptr (OrrExpr) filled = orr_expr_drop_on (expr, 3, cosine, tray, NULL);
  assert_text (filled, "sin(x_1) + cos(?)");
  g_autoptr (OrrExpr) exchanged = orr_expr_drop_on (expr, 1, cosine, tray, NULL);
  assert_text (exchanged, "cos(x_1) + ?");
  g_autoptr (OrrExpr) product = orr_expr_drop_on (expr, 1, times, tray, NULL);
  assert_text (product, "x_1*? + ?");
  g_assert_cmpuint (tray->len, ==, 0);

  /* A one-operand function keeps the first operand of a sum; the second comes loose. */
  g_autoptr (OrrExpr) sum = parse ("x_1+2*x_2");
  g_autoptr (OrrExpr) of_first = orr_expr_drop_on (sum, 0, cosine, tray, NULL);
  assert_text (of_first, "cos(x_1)");
  g_assert_cmpuint (tray->len, ==, 1);
  assert_text (tray->pdata[0], "2*x_2");

  g_autoptr (OrrExpr) replaced = orr_expr_drop_on (expr, 1, whole, tray, NULL);
  assert_text (replaced, "exp(2*x_2) + ?");
  g_assert_cmpuint (tray->len, ==, 2);
  assert_text (tray->pdata[1], "sin(x_1)");
}

static void
test_insert (void)
{
  g_autoptr (OrrExpr) expr = parse ("sin(x_1)+x_2");
  g_autoptr (OrrExpr) times = parse ("?*?"), scaled = parse ("2*?+1"), two = parse ("2");
  g_autoptr (GError) error = NULL;

  g_autoptr (OrrExpr) wrapped = orr_expr_drop_above (expr, 2, times, NULL);
  assert_text (wrapped, "sin(x_1*?) + x_2");
  g_autoptr (OrrExpr) inside = orr_expr_drop_above (expr, 1, scaled, NULL);
  assert_text (inside, "2*sin(x_1) + 1 + x_2");
  g_assert_cmpint (orr_expr_find (inside, expr->nodes[1].id), >, 0);
  g_assert_null (orr_expr_drop_above (expr, 1, two, &error));
  g_assert_error (error, ORR_ERROR, ORR_ERROR_INPUT);
}

static void
test_move (void)
{
  g_autoptr (OrrExpr) expr = parse ("sin(x_1)-(x_2+3)");
  g_autoptr (GPtrArray) tray = new_tray ();
  g_autoptr (GError) error = NULL;

  /* Siblings change places and keep their ids. */
  g_autoptr (OrrExpr) swapped = orr_expr_move (expr, 1, 3, FALSE, tray, NULL);
  assert_text (swapped, "x_2 + 3 - sin(x_1)");
  g_assert_cmpint (orr_expr_find (swapped, expr->nodes[1].id), ==, 4);
  g_assert_cmpuint (tray->len, ==, 0);

  g_autoptr (OrrExpr) moved = orr_expr_move (expr, 1, 5, FALSE, tray, NULL);
  assert_text (moved, "? - (x_2 + sin(x_1))");
  g_assert_cmpuint (tray->len, ==, 1);
  assert_text (tray->pdata[0], "3");

  g_autoptr (OrrExpr) copied = orr_expr_move (expr, 1, 5, TRUE, tray, NULL);
  assert_text (copied, "sin(x_1) - (x_2 + sin(x_1))");

  g_assert_null (orr_expr_move (expr, 1, 2, FALSE, tray, &error));
  g_assert_error (error, ORR_ERROR, ORR_ERROR_INPUT);
}

static void
test_remove_and_locks (void)
{
  g_autoptr (OrrExpr) expr = parse ("sin(x_1)+x_2");
  g_autoptr (OrrExpr) locked = orr_expr_set_locked (expr, 2, TRUE, FALSE), cosine = parse ("cos(?)"),
                      two = parse ("2");
  g_autoptr (GPtrArray) tray = new_tray ();
  g_autoptr (GError) error = NULL;

  g_autoptr (OrrExpr) removed = orr_expr_remove (expr, 1, NULL);
  assert_text (removed, "? + x_2");

  /* A locked leaf stays, and so does what holds it; the operator above may change. */
  g_assert_null (orr_expr_remove (locked, 1, &error));
  g_assert_error (error, ORR_ERROR, ORR_ERROR_INPUT);
  g_clear_error (&error);
  g_assert_null (orr_expr_drop_on (locked, 2, two, tray, &error));
  g_assert_error (error, ORR_ERROR, ORR_ERROR_INPUT);
  g_autoptr (OrrExpr) changed = orr_expr_drop_on (locked, 1, cosine, tray, NULL);
  assert_text (changed, "cos(x_1) + x_2");
  g_assert_true (changed->nodes[2].locked);
  g_assert_cmpuint (tray->len, ==, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/expr-drop/fill-and-replace", test_fill_and_replace);
  g_test_add_func ("/expr-drop/insert", test_insert);
  g_test_add_func ("/expr-drop/move", test_move);
  g_test_add_func ("/expr-drop/remove-and-locks", test_remove_and_locks);
  return g_test_run ();
}
