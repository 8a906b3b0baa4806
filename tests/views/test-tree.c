/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "orr-expr-print.h"
#include "orr-hmm-presets.h"
#include "orr-palette-view.h"
#include "orr-tree-canvas.h"
#include "orr-tree-view.h"
#include "orr-view-test.h"

/* The palette and the expression tree editor in a window, by pointer and keys. */
typedef struct
{
  OrrDocument *document;
  OrrJobQueue *jobs;
  OrrSession *session;
  OrrWorkbench *workbench;
  GtkWidget *window;
  GtkWidget *palette;
  GtkWidget *view;
  GtkWidget *canvas;
} Fixture;

static GtkWidget *
find (GtkWidget *widget, GType type, const char *label)
{
  const char *own = GTK_IS_BUTTON (widget) ? gtk_button_get_label (GTK_BUTTON (widget)) : NULL;

  if (G_TYPE_CHECK_INSTANCE_TYPE (widget, type) && (label == NULL || g_strcmp0 (own, label) == 0))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find (child, type, label);

      if (found != NULL)
        return found;
    }
  return NULL;
}

static void
set_up (Fixture *self, gconstpointer formula)
{
  g_autoptr (OrrHmm) hmm = orr_hmm_preset_create (orr_hmm_preset_find ("two"));
  g_autoptr (OrrStudy) study = orr_study_new ("test", hmm);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);

  self->document = orr_document_new (study);
  self->jobs = orr_job_queue_new ();
  self->session = orr_session_new (self->document, self->jobs);
  self->workbench = orr_session_get_workbench (self->session);
  g_assert_true (orr_workbench_set_formula (self->workbench, formula, NULL, NULL));
  self->palette = orr_palette_view_new (self->session);
  self->view = orr_tree_view_new (self->session);
  gtk_widget_set_size_request (self->palette, 200, -1);
  gtk_widget_set_hexpand (self->view, TRUE);
  gtk_box_append (GTK_BOX (box), self->palette);
  gtk_box_append (GTK_BOX (box), self->view);
  self->window = orr_view_test_present (box, 900, 620);
  self->canvas = find (self->view, ORR_TYPE_TREE_CANVAS, NULL);
  orr_view_test_settle ();
}

static void
tear_down (Fixture *self, gconstpointer formula)
{
  gtk_window_destroy (GTK_WINDOW (self->window));
  orr_view_test_settle ();
  g_clear_object (&self->session);
  g_clear_object (&self->jobs);
  g_clear_object (&self->document);
}

static void
assert_formula (Fixture *self, const char *expected)
{
  g_autofree char *text = orr_expr_to_skeleton (orr_workbench_get_expr (self->workbench), NULL, 0);

  g_assert_cmpstr (text, ==, expected);
}

static void
locate (Fixture *self, int position, double *x, double *y)
{
  GdkRectangle box;

  g_assert_true (orr_tree_canvas_get_anchor (ORR_TREE_CANVAS (self->canvas), position, &box));
  *x = box.x + 0.5 * box.width;
  *y = box.y + 0.5 * box.height;
}

/* Between any two widgets of the window. */
static void
drag (GtkWidget *from, double x, double y, GtkWidget *to, double to_x, double to_y)
{
  gtk_widget_translate_coordinates (to, from, to_x, to_y, &to_x, &to_y);
  orr_view_test_drag (from, x, y, to_x, to_y);
  orr_view_test_settle ();
}

static void
type_text (const char *text)
{
  g_autofree char *command = g_strdup_printf ("xdotool type --delay 20 '%s'", text);

  g_assert_true (g_spawn_command_line_sync (command, NULL, NULL, NULL, NULL));
  orr_view_test_settle ();
}

static void
press_focused (const char *key)
{
  g_autofree char *command = g_strdup_printf ("xdotool key %s", key);

  g_assert_true (g_spawn_command_line_sync (command, NULL, NULL, NULL, NULL));
  orr_view_test_settle ();
}

/* From the palette into a place, onto a node, onto an edge; a part out of the tree; undone again. */
static void
test_drag (Fixture *self, gconstpointer formula)
{
  double x, y, x0, y0;

  locate (self, 5, &x, &y);
  drag (find (self->palette, GTK_TYPE_BUTTON, "x_1"), 12, 12, self->canvas, x, y);
  assert_formula (self, "c*sin(?) + x_1");
  locate (self, 3, &x, &y);
  drag (find (self->palette, GTK_TYPE_BUTTON, "cos"), 12, 12, self->canvas, x, y);
  assert_formula (self, "c*cos(?) + x_1");
  locate (self, 0, &x0, &y0);
  locate (self, 5, &x, &y);
  drag (find (self->palette, GTK_TYPE_BUTTON, "exp"), 12, 12, self->canvas, 0.5 * (x + x0), 0.5 * (y + y0));
  assert_formula (self, "c*cos(?) + exp(x_1)");

  locate (self, 3, &x, &y);
  drag (self->canvas, x, y, self->canvas, 30, 30);
  assert_formula (self, "c*? + exp(x_1)");
  g_assert_cmpuint (orr_workbench_get_equations (self->workbench)->tray->len, ==, 1);
  for (guint i = 0; i < 4; i++)
    orr_document_undo (self->document);
  assert_formula (self, "c*sin(?) + ?");
  for (guint i = 0; i < 4; i++)
    orr_document_redo (self->document);
  assert_formula (self, "c*? + exp(x_1)");
}

/* On a sibling, two parts change places. */
static void
test_swap (Fixture *self, gconstpointer formula)
{
  double x, y, to_x, to_y;

  locate (self, 1, &x, &y);
  locate (self, 5, &to_x, &to_y);
  drag (self->canvas, x, y, self->canvas, to_x, to_y);
  assert_formula (self, "? + c*sin(?)");
}

static void
test_keys (Fixture *self, gconstpointer formula)
{
  double x, y;

  locate (self, 5, &x, &y);
  orr_view_test_click (self->canvas, x, y, 1);
  orr_view_test_key (self->canvas, "asterisk");
  press_focused ("Return");
  assert_formula (self, "c*sin(?) + ?*?");
  orr_view_test_key (self->canvas, "x");
  type_text ("_1");
  press_focused ("Return");
  assert_formula (self, "c*sin(?) + x_1*?");

  /* What makes no sense is said, and changes nothing. */
  orr_view_test_key (self->canvas, "x");
  type_text ("(");
  press_focused ("Return");
  assert_formula (self, "c*sin(?) + x_1*?");
  press_focused ("Escape");

  locate (self, 3, &x, &y);
  orr_view_test_move (self->canvas, x - 10, y - 4);
  orr_view_test_click (self->canvas, x, y, 1);
  orr_view_test_key (self->canvas, "l");
  g_assert_true (orr_workbench_get_expr (self->workbench)->nodes[3].locked);
  orr_view_test_key (self->canvas, "Delete");
  assert_formula (self, "c*sin(?) + x_1*?");
  orr_view_test_key (self->canvas, "l");
  orr_view_test_key (self->canvas, "Delete");
  assert_formula (self, "c*? + x_1*?");
  orr_view_test_key (self->canvas, "Up");
  g_assert_cmpuint (orr_workbench_get_selected (self->workbench), ==,
                    orr_workbench_get_expr (self->workbench)->nodes[1].id);
}

static void
test_formula_entry (Fixture *self, gconstpointer formula)
{
  GtkWidget *entry = find (self->view, GTK_TYPE_ENTRY, NULL);

  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (entry)), ==, "c*sin(?) + ?");
  orr_view_test_click (entry, 60, 12, 1);
  press_focused ("ctrl+a");
  type_text ("exp(x_2");
  g_assert_true (gtk_widget_has_css_class (entry, "error"));
  assert_formula (self, "c*sin(?) + ?");
  type_text (")");
  g_assert_false (gtk_widget_has_css_class (entry, "error"));
  press_focused ("Return");
  assert_formula (self, "exp(x_2)");
}

static void
test_palette (Fixture *self, gconstpointer formula)
{
  GtkWidget *search = find (self->palette, GTK_TYPE_SEARCH_ENTRY, NULL);
  GtkWidget *sine = find (self->palette, GTK_TYPE_BUTTON, "sin");
  double x, y;

  /* Pressed, a piece goes to the selected place. */
  locate (self, 5, &x, &y);
  orr_view_test_click (self->canvas, x, y, 1);
  orr_view_test_click (sine, 12, 12, 1);
  assert_formula (self, "c*sin(?) + sin(?)");

  orr_workbench_set_forbidden (self->workbench, ORR_EXPR_OP_TAN, TRUE);
  g_assert_true (gtk_widget_has_css_class (find (self->palette, GTK_TYPE_BUTTON, "tan"), "forbidden"));
  g_assert_false (gtk_widget_has_css_class (find (self->palette, GTK_TYPE_BUTTON, "sin"), "forbidden"));

  orr_view_test_click (search, 60, 12, 1);
  type_text ("tan");
  g_usleep (300000);
  orr_view_test_settle ();
  g_assert_nonnull (find (self->palette, GTK_TYPE_BUTTON, "tanh"));
  g_assert_null (find (self->palette, GTK_TYPE_BUTTON, "sin"));
}

static OrrDataset *
create_data (void)
{
  static const char *const columns[] = { "x", "y", NULL };
  g_autoptr (OrrDataset) table = orr_dataset_new ("sine", "test", columns, 120);
  guint input = 0;

  for (guint i = 0; i < 120; i++)
    {
      double x = -5.0 + 10.0 * i / 119.0;

      table->values[i] = x;
      table->values[120 + i] = 2.5 * sin (1.3 * x) + 0.4 * x;
    }
  return orr_dataset_with_roles (table, 1, &input, 1, -1, NULL);
}

static gboolean
is_done (gpointer data)
{
  Fixture *self = data;

  return !orr_workbench_get_busy (self->workbench) && orr_workbench_get_r2 (self->workbench) > 0.9999;
}

/* The sine is a person's, the rest the agent's: found exactly, the lock untouched, undone in one step. */
static void
test_complete (Fixture *self, gconstpointer formula)
{
  g_autoptr (OrrDataset) data = create_data ();
  GtkWidget *complete = find (self->view, GTK_TYPE_BUTTON, "Complete");
  double x, y;

  g_assert_false (gtk_widget_get_sensitive (complete));
  orr_workbench_set_dataset (self->workbench, data);
  g_assert_true (gtk_widget_get_sensitive (complete));
  g_assert_nonnull (find (self->palette, GTK_TYPE_BUTTON, "x"));

  locate (self, 3, &x, &y);
  orr_view_test_click (self->canvas, x, y, 1);
  orr_view_test_click (find (self->view, GTK_TYPE_TOGGLE_BUTTON, "Lock"), 20, 10, 1);
  g_assert_true (orr_workbench_get_expr (self->workbench)->nodes[3].locked);
  orr_view_test_click (complete, 20, 10, 1);
  g_assert_true (orr_view_test_wait (is_done, self));

  const OrrExpr *found = orr_workbench_get_expr (self->workbench);
  guint locked = 0;
  for (guint i = 0; i < found->n_nodes; i++)
    locked += found->nodes[i].locked && found->nodes[i].op == ORR_EXPR_OP_SIN;
  g_assert_cmpuint (locked, ==, 1);
  g_assert_cmpuint (orr_expr_count (found, ORR_EXPR_OP_PLACEHOLDER), ==, 0);
  orr_document_undo (self->document);
  assert_formula (self, "c*sin(?) + ?");
}

int
main (int argc, char *argv[])
{
  if (!orr_view_test_init (&argc, &argv))
    return 0;
  g_test_add ("/tree/drag", Fixture, "c*sin(?)+?", set_up, test_drag, tear_down);
  g_test_add ("/tree/swap", Fixture, "c*sin(?)+?", set_up, test_swap, tear_down);
  g_test_add ("/tree/keys", Fixture, "c*sin(?)+?", set_up, test_keys, tear_down);
  g_test_add ("/tree/formula-entry", Fixture, "c*sin(?)+?", set_up, test_formula_entry, tear_down);
  g_test_add ("/tree/complete", Fixture, "c*sin(?)+?", set_up, test_complete, tear_down);
  g_test_add ("/tree/palette", Fixture, "c*sin(?)+?", set_up, test_palette, tear_down);
  return g_test_run ();
}
