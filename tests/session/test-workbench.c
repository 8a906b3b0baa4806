/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-hmm-presets.h"
#include "orr-workbench.h"

#include <math.h>

typedef struct
{
  OrrDocument  *document;
  OrrJobQueue  *jobs;
  OrrWorkbench *bench;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  g_autoptr (OrrHmm) hmm = orr_hmm_preset_create (orr_hmm_preset_find ("two"));
  g_autoptr (OrrStudy) study = orr_study_new ("bench", hmm);

  f->document = orr_document_new (study);
  f->jobs = orr_job_queue_new ();
  f->bench = orr_workbench_new (f->document, f->jobs);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_clear_object (&f->bench);
  g_clear_object (&f->jobs);
  g_clear_object (&f->document);
}

/* y = 2.5 sin (1.3 x) + 0.4 x, 100 rows. */
static void
set_data (Fixture *f)
{
  static const char *const columns[] = { "x", "y", NULL };
  g_autoptr (OrrDataset) dataset = orr_dataset_new ("waves", "a test", columns, 100);

  for (int i = 0; i < 100; i++)
    {
      double x = -5.0 + 0.1 * i;

      dataset->values[i] = x;
      dataset->values[100 + i] = 2.5 * sin (1.3 * x) + 0.4 * x;
    }
  orr_workbench_set_dataset (f->bench, dataset);
}

static void
test_formula (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  guint column;

  set_data (f);
  g_assert_true (isnan (orr_workbench_get_r2 (f->bench)));
  g_assert_true (orr_workbench_set_formula (f->bench, "2.5*sin(1.3*x) + 0.4*x", &column, &error));
  g_assert_cmpfloat (orr_workbench_get_r2 (f->bench), >, 1.0 - 1e-12);
  g_assert_cmpfloat (orr_workbench_get_r2_held_out (f->bench), >, 1.0 - 1e-12);
  g_assert_cmpuint (orr_workbench_get_equations (f->bench)->moves->len, ==, 1);

  g_assert_false (orr_workbench_set_formula (f->bench, "2.5*sin(1.3*", &column, &error));
  g_assert_nonnull (error);
  g_assert_cmpfloat (orr_workbench_get_r2 (f->bench), >, 1.0 - 1e-12);

  g_autofree char *text = orr_workbench_dup_formula (f->bench);
  g_assert_true (orr_workbench_set_formula (f->bench, text, NULL, NULL));
  g_assert_cmpuint (orr_workbench_get_equations (f->bench)->moves->len, ==, 1);
  g_assert_true (orr_document_undo (f->document));
  g_assert_true (isnan (orr_workbench_get_r2 (f->bench)));
}

static void
test_predict (Fixture *f, gconstpointer data)
{
  gsize n;

  g_assert_null (orr_workbench_predict (f->bench, &n));
  set_data (f);
  g_assert_true (orr_workbench_set_formula (f->bench, "x^2", NULL, NULL));
  g_autofree double *predicted = orr_workbench_predict (f->bench, &n);
  g_assert_cmpuint (n, ==, 100);
  g_assert_cmpfloat (fabs (predicted[10] - 16.0), <, 1e-9);
}

static void
wait (Fixture *f)
{
  while (orr_workbench_get_busy (f->bench))
    g_main_context_iteration (NULL, TRUE);
}

static void
test_fit (Fixture *f, gconstpointer data)
{
  set_data (f);
  g_assert_true (orr_workbench_set_formula (f->bench, "c*sin(c*x) + c*x", NULL, NULL));
  orr_workbench_fit_constants (f->bench);
  g_assert_true (orr_workbench_get_busy (f->bench));
  wait (f);
  g_assert_cmpfloat (orr_workbench_get_r2 (f->bench), >, 1.0 - 1e-9);

  /* One undo step, and a move of the agent. */
  OrrEquations *equations = orr_workbench_get_equations (f->bench);
  OrrMove *last = equations->moves->pdata[equations->moves->len - 1];
  g_assert_cmpint (last->mover, ==, ORR_MOVER_AGENT);
  g_assert_true (orr_document_undo (f->document));
  g_assert_false (orr_workbench_get_r2 (f->bench) > 0.9999);
}

/* The locked sine stays; what was open is found exactly; a forbidden operator is not used. */
static void
test_complete (Fixture *f, gconstpointer data)
{
  set_data (f);
  g_assert_true (orr_workbench_set_formula (f->bench, "c*sin(?) + ?", NULL, NULL));
  orr_workbench_set_forbidden (f->bench, ORR_EXPR_OP_TAN, TRUE);
  orr_workbench_complete (f->bench);
  wait (f);
  g_assert_cmpfloat (orr_workbench_get_r2 (f->bench), >, 1.0 - 1e-9);
  g_assert_cmpfloat (orr_workbench_get_r2_held_out (f->bench), >, 1.0 - 1e-9);
  OrrExpr *expr = orr_workbench_get_expr (f->bench);
  g_assert_cmpuint (orr_expr_count (expr, ORR_EXPR_OP_SIN), >=, 1);
  g_assert_cmpuint (orr_expr_count (expr, ORR_EXPR_OP_TAN), ==, 0);
  g_assert_cmpuint (orr_workbench_get_equations (f->bench)->candidates->len, >, 0);

  g_assert_true (orr_document_undo (f->document));
  g_assert_cmpuint (orr_expr_count (orr_workbench_get_expr (f->bench), ORR_EXPR_OP_PLACEHOLDER), ==, 2);
}

/* Nothing is open, and nothing is locked but the sine: the rest is found around it. */
static void
test_improve (Fixture *f, gconstpointer data)
{
  set_data (f);
  g_assert_true (orr_workbench_set_formula (f->bench, "2*sin(x) + 1", NULL, NULL));
  OrrExpr *expr = orr_workbench_get_expr (f->bench);
  guint sine = 0;
  while (expr->nodes[sine].op != ORR_EXPR_OP_SIN)
    sine++;
  g_autoptr (OrrExpr) locked = orr_expr_set_locked (expr, sine, TRUE, FALSE);
  orr_workbench_set_expr (f->bench, locked, "lock", NULL);
  orr_workbench_improve (f->bench);
  g_assert_true (orr_workbench_get_busy (f->bench));
  wait (f);
  g_assert_cmpfloat (orr_workbench_get_r2 (f->bench), >, 0.99);
  g_assert_cmpuint (orr_expr_count (orr_workbench_get_expr (f->bench), ORR_EXPR_OP_SIN), >=, 1);
}

static void
test_stop (Fixture *f, gconstpointer data)
{
  set_data (f);
  g_assert_true (orr_workbench_set_formula (f->bench, "c*sin(c*x)", NULL, NULL));
  orr_workbench_fit_constants (f->bench);
  orr_workbench_stop (f->bench);
  wait (f);
  g_assert_cmpuint (orr_job_queue_get_n_active (f->jobs), ==, 0);
  g_assert_cmpuint (orr_workbench_get_equations (f->bench)->moves->len, <=, 2);
}

static void
test_forbidden (Fixture *f, gconstpointer data)
{
  g_assert_false (orr_workbench_is_forbidden (f->bench, ORR_EXPR_OP_TAN));
  orr_workbench_set_forbidden (f->bench, ORR_EXPR_OP_TAN, TRUE);
  orr_workbench_set_forbidden (f->bench, ORR_EXPR_OP_COTH, TRUE);
  orr_workbench_set_forbidden (f->bench, ORR_EXPR_OP_TAN, FALSE);
  g_assert_false (orr_workbench_is_forbidden (f->bench, ORR_EXPR_OP_TAN));
  g_assert_true (orr_workbench_is_forbidden (f->bench, ORR_EXPR_OP_COTH));
}

static void
test_selection (Fixture *f, gconstpointer data)
{
  g_assert_true (orr_workbench_set_formula (f->bench, "sin(x) + 1", NULL, NULL));
  OrrExpr *expr = orr_workbench_get_expr (f->bench);
  orr_workbench_set_selected (f->bench, expr->nodes[1].id);

  /* Stays with the node while it lives, and goes with it. */
  g_autoptr (OrrExpr) wrapped = orr_expr_wrap (expr, 0, ORR_EXPR_OP_EXP);
  orr_workbench_set_expr (f->bench, wrapped, "wrap", NULL);
  g_assert_cmpint (orr_expr_find (wrapped, orr_workbench_get_selected (f->bench)), ==, 2);
  g_assert_true (orr_workbench_set_formula (f->bench, "2", NULL, NULL));
  g_assert_cmpuint (orr_workbench_get_selected (f->bench), ==, 0);

  /* The history keeps what was there. */
  orr_workbench_go_to_move (f->bench, 0);
  g_assert_cmpuint (orr_workbench_get_expr (f->bench)->n_nodes, ==, 4);
  g_assert_cmpuint (orr_workbench_get_equations (f->bench)->moves->len, ==, 3);
}

static void
count_cb (guint *n)
{
  (*n)++;
}

/* Rows are of one table: another table has none selected; the preview ends with the next edit. */
static void
test_rows_and_preview (Fixture *f, gconstpointer data)
{
  guint n = 0;
  g_autoptr (GtkBitset) rows = gtk_bitset_new_range (3, 4);
  g_autoptr (GtkBitset) same = gtk_bitset_new_range (3, 4);

  set_data (f);
  g_signal_connect_swapped (f->bench, "notify::rows", G_CALLBACK (count_cb), &n);
  orr_workbench_set_rows (f->bench, rows);
  orr_workbench_set_rows (f->bench, same);
  g_assert_cmpuint (n, ==, 1);

  g_assert_true (orr_workbench_set_formula (f->bench, "x", NULL, NULL));
  g_autoptr (OrrExpr) two = orr_expr_new_leaf (ORR_EXPR_OP_NUMBER, 0, 2.0);
  gsize n_rows;
  orr_workbench_set_preview (f->bench, two);
  g_autofree double *predicted = orr_workbench_predict (f->bench, &n_rows);
  g_assert_cmpfloat (predicted[7], ==, 2.0);
  g_autoptr (OrrDataset) filtered = orr_dataset_with_filter (orr_workbench_get_dataset (f->bench), "x > 0", NULL);
  orr_workbench_set_dataset (f->bench, filtered);
  g_assert_null (orr_workbench_get_preview (f->bench));
  g_assert_true (gtk_bitset_equals (orr_workbench_get_rows (f->bench), rows));
  set_data (f);
  g_assert_true (gtk_bitset_is_empty (orr_workbench_get_rows (f->bench)));
}

/* A column keeps its place in the formula; one that is no input any more leaves an open place. */
static void
test_inputs_change (Fixture *f, gconstpointer data)
{
  static const char *const columns[] = { "a", "b", "y", NULL };
  static const guint b = 1;
  g_autoptr (OrrDataset) dataset = orr_dataset_new ("two", "a test", columns, 10);

  for (int i = 0; i < 20; i++)
    dataset->values[i] = i;
  for (int i = 0; i < 10; i++)
    dataset->values[20 + i] = 2.0 * i * (i + 10);
  orr_workbench_set_dataset (f->bench, dataset);
  g_assert_true (orr_workbench_set_formula (f->bench, "sin(b) + a", NULL, NULL));
  g_autoptr (OrrDataset) alone = orr_dataset_with_roles (dataset, 2, &b, 1, -1, NULL);
  orr_workbench_set_dataset (f->bench, alone);
  OrrExpr *expr = orr_workbench_get_expr (f->bench);
  g_assert_cmpint (expr->nodes[2].op, ==, ORR_EXPR_OP_VARIABLE);
  g_assert_cmpuint (expr->nodes[2].index, ==, 0);
  g_assert_cmpint (expr->nodes[3].op, ==, ORR_EXPR_OP_PLACEHOLDER);
  g_assert_true (orr_document_undo (f->document));
  g_assert_cmpuint (orr_workbench_get_expr (f->bench)->nodes[2].index, ==, 1);
}

static void
wait_for_suggestions (Fixture *f)
{
  OrrSuggestions *before = orr_workbench_get_suggestions (f->bench);

  while (orr_workbench_get_suggestions (f->bench) == NULL || orr_workbench_get_suggestions (f->bench) == before)
    g_main_context_iteration (NULL, TRUE);
}

static OrrGhost *
wait_for_ghost (Fixture *f)
{
  while (orr_workbench_get_ghost (f->bench) == NULL)
    g_main_context_iteration (NULL, TRUE);
  return orr_workbench_get_ghost (f->bench);
}

/* What the agent would do in an open place: the best first, nothing forbidden, and what it leads to. */
static void
test_suggestions (Fixture *f, gconstpointer data)
{
  set_data (f);
  orr_workbench_set_forbidden (f->bench, ORR_EXPR_OP_TAN, TRUE);
  g_assert_true (orr_workbench_set_formula (f->bench, "2.5*sin(1.3*x) + ?", NULL, NULL));
  gint64 start = g_get_monotonic_time ();
  wait_for_suggestions (f);
  g_test_message ("suggestions after %.1f ms", 1e-3 * (g_get_monotonic_time () - start));

  OrrSuggestions *suggestions = orr_workbench_get_suggestions (f->bench);
  g_assert_cmpuint (suggestions->n, >, 10);
  for (guint i = 0; i < suggestions->n; i++)
    {
      g_assert_cmpstr (orr_action_name (suggestions->items[i].action), !=, "tan");
      g_assert_true (i == 0 || suggestions->items[i].q <= suggestions->items[i - 1].q);
      g_assert_cmpuint (orr_expr_count (suggestions->items[i].expr, ORR_EXPR_OP_SIN), >=, 1);
    }

  start = g_get_monotonic_time ();
  orr_workbench_look_at (f->bench, 0);
  OrrGhost *ghost = wait_for_ghost (f);
  g_test_message ("a completion after %.1f ms", 1e-3 * (g_get_monotonic_time () - start));
  g_assert_cmpuint (orr_expr_count (ghost->expr, ORR_EXPR_OP_PLACEHOLDER), ==, 0);
  g_assert_cmpfloat (ghost->r2, >, 0.9);
  g_assert_true (orr_workbench_get_preview (f->bench) == ghost->expr);

  /* Taken, it is one undo step and the agent's move. */
  g_autoptr (OrrExpr) expr = orr_expr_ref (ghost->expr);
  orr_workbench_take_suggestion (f->bench, 0, FALSE);
  g_assert_true (orr_workbench_get_expr (f->bench) == expr);
  GPtrArray *moves = orr_workbench_get_equations (f->bench)->moves;
  g_assert_cmpint (((OrrMove *) moves->pdata[moves->len - 1])->mover, ==, ORR_MOVER_AGENT);
  g_assert_true (orr_document_undo (f->document));
  g_assert_cmpuint (orr_expr_count (orr_workbench_get_expr (f->bench), ORR_EXPR_OP_PLACEHOLDER), ==, 1);
}

/* A locked part gets no suggestions, and keeps its lock and its value through a completion. */
static void
test_suggestions_and_locks (Fixture *f, gconstpointer data)
{
  set_data (f);
  g_assert_true (orr_workbench_set_formula (f->bench, "c*sin(?) + ?", NULL, NULL));
  OrrExpr *expr = orr_workbench_get_expr (f->bench);
  const double value = 2.0;
  g_autoptr (OrrExpr) valued = orr_expr_set_constants (expr, &value, NULL);
  g_autoptr (OrrExpr) once = orr_expr_set_locked (valued, 2, TRUE, FALSE);
  g_autoptr (OrrExpr) locked = orr_expr_set_locked (once, 3, TRUE, FALSE);
  orr_workbench_set_expr (f->bench, locked, "lock", NULL);
  orr_workbench_complete (f->bench);
  wait (f);

  OrrExpr *found = orr_workbench_get_expr (f->bench);
  int constant = orr_expr_find (found, locked->nodes[2].id), sine = orr_expr_find (found, locked->nodes[3].id);
  g_assert_cmpint (constant, >=, 0);
  g_assert_cmpint (sine, >=, 0);
  g_assert_cmpint (found->nodes[constant].op, ==, ORR_EXPR_OP_CONSTANT);
  g_assert_cmpfloat (found->nodes[constant].value, ==, 2.0);
  g_assert_true (found->nodes[constant].locked && found->nodes[sine].locked);
  g_assert_false (found->nodes[0].locked);

  orr_workbench_set_selected (f->bench, locked->nodes[3].id);
  wait_for_suggestions (f);
  g_assert_cmpuint (orr_workbench_get_suggestions (f->bench)->n, ==, 0);
}

/* The agent alone, one action at a time, until the tree is whole and fitted. */
static void
test_steps (Fixture *f, gconstpointer data)
{
  set_data (f);
  for (guint i = 0; i < 40 && orr_expr_count (orr_workbench_get_expr (f->bench), ORR_EXPR_OP_PLACEHOLDER) > 0; i++)
    {
      OrrExpr *before = orr_workbench_get_expr (f->bench);

      orr_workbench_step (f->bench);
      while (orr_workbench_get_expr (f->bench) == before)
        g_main_context_iteration (NULL, TRUE);
      g_assert_cmpuint (orr_workbench_get_equations (f->bench)->moves->len, ==, i + 1);
    }
  g_assert_cmpuint (orr_expr_count (orr_workbench_get_expr (f->bench), ORR_EXPR_OP_PLACEHOLDER), ==, 0);
  g_assert_false (isnan (orr_workbench_get_r2 (f->bench)));
}

#define ADD(name, func) g_test_add ("/workbench/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("formula", test_formula);
  ADD ("predict", test_predict);
  ADD ("fit", test_fit);
  ADD ("complete", test_complete);
  ADD ("improve", test_improve);
  ADD ("stop", test_stop);
  ADD ("forbidden", test_forbidden);
  ADD ("selection", test_selection);
  ADD ("rows-and-preview", test_rows_and_preview);
  ADD ("inputs-change", test_inputs_change);
  ADD ("suggestions", test_suggestions);
  ADD ("suggestions-and-locks", test_suggestions_and_locks);
  ADD ("steps", test_steps);
  return g_test_run ();
}
