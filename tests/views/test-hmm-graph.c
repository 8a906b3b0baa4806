/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "orr-card.h"
#include "orr-colour.h"
#include "orr-hmm-canvas.h"
#include "orr-hmm-edit.h"
#include "orr-hmm-file.h"
#include "orr-hmm-graph-view.h"
#include "orr-hmm-popover.h"
#include "orr-hmm-presets.h"
#include "orr-hmm-theme.h"
#include "orr-view-test.h"

/* The graph editor in a window, by pointer and keys. */
typedef struct
{
  OrrDocument *document;
  OrrJobQueue *jobs;
  OrrSession *session;
  GtkWidget *window;
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
set_up (Fixture *self, gconstpointer preset)
{
  g_autoptr (OrrHmm) hmm = orr_hmm_preset_create (orr_hmm_preset_find (preset));
  g_autoptr (OrrStudy) study = orr_study_new ("test", hmm);

  self->document = orr_document_new (study);
  self->jobs = orr_job_queue_new ();
  self->session = orr_session_new (self->document, self->jobs);
  self->view = orr_hmm_graph_view_new (self->session);
  self->window = orr_view_test_present (orr_card_new ("HMM graph", self->view), 840, 560);
  self->canvas = find (self->view, ORR_TYPE_HMM_CANVAS, NULL);
  orr_view_test_settle ();
}

static void
tear_down (Fixture *self, gconstpointer preset)
{
  gtk_window_destroy (GTK_WINDOW (self->window));
  orr_view_test_settle ();
  g_clear_object (&self->session);
  g_clear_object (&self->jobs);
  g_clear_object (&self->document);
}

static OrrHmm *
hmm_of (Fixture *self)
{
  return orr_document_get_hmm (self->document);
}

static double
transition (Fixture *self, guint i, guint j)
{
  return hmm_of (self)->transition[i * hmm_of (self)->n_states + j];
}

/* The middle of a state and, with @right, the point so many radii beside it. */
static void
locate (Fixture *self, int state, double right, double down, double *x, double *y)
{
  GdkRectangle box;

  g_assert_true (orr_hmm_canvas_get_anchor (ORR_HMM_CANVAS (self->canvas), state, -1, -1, &box));
  *x = box.x + 0.5 * box.width * (1.0 + right);
  *y = box.y + 0.5 * box.height * (1.0 + down);
}

static void
locate_label (Fixture *self, int from, int to, double *x, double *y)
{
  GdkRectangle box;

  g_assert_true (orr_hmm_canvas_get_anchor (ORR_HMM_CANVAS (self->canvas), -1, from, to, &box));
  *x = box.x + 0.5 * box.width;
  *y = box.y + 0.5 * box.height;
}

static void
press (Fixture *self, const char *key)
{
  orr_view_test_key (self->canvas, key);
}

/* To whatever has the focus now: a popover's entry. */
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

static void
test_move (Fixture *self, gconstpointer preset)
{
  double before = hmm_of (self)->positions[0], x, y;

  locate (self, 0, 0, 0, &x, &y);
  orr_view_test_drag (self->canvas, x, y, x + 60, y + 90);
  g_assert_cmpint (orr_session_get_state (self->session), ==, 0);
  g_assert_cmpfloat_with_epsilon (
      hmm_of (self)->positions[0] - before,
      60 / (ORR_HMM_PIXELS_PER_UNIT * orr_hmm_canvas_get_zoom (ORR_HMM_CANVAS (self->canvas))), 0.02);
  g_assert_cmpstr (orr_document_get_undo_label (self->document), ==, "Move state");

  /* All of the drag is one step. */
  orr_document_undo (self->document);
  g_assert_cmpfloat (hmm_of (self)->positions[0], ==, before);
  g_assert_false (orr_document_get_can_undo (self->document));

  /* The arrow keys move a selected state; what follows each other is one step. */
  press (self, "Right");
  press (self, "Right");
  g_assert_cmpfloat_with_epsilon (hmm_of (self)->positions[0] - before, 20 / ORR_HMM_PIXELS_PER_UNIT, 1e-9);
  orr_document_undo (self->document);
  g_assert_cmpfloat (hmm_of (self)->positions[0], ==, before);
}

static void
test_add_state (Fixture *self, gconstpointer preset)
{
  orr_view_test_click (self->canvas, 400, 370, 2);
  g_assert_cmpuint (hmm_of (self)->n_states, ==, 4);
  g_assert_cmpint (orr_session_get_state (self->session), ==, 3);
  g_assert_cmpstr (hmm_of (self)->state_names[3], ==, "S4");

  double x, y;
  locate (self, 3, 0, 0, &x, &y);
  g_assert_cmpfloat_with_epsilon (x, 400, 3);
  g_assert_cmpfloat_with_epsilon (y, 370, 3);

  GtkWidget *button = find (self->view, GTK_TYPE_BUTTON, "Add state");
  orr_view_test_click (button, 10, 10, 1);
  g_assert_cmpuint (hmm_of (self)->n_states, ==, 5);
  press (self, "Delete");
  g_assert_cmpuint (hmm_of (self)->n_states, ==, 4);
  orr_document_undo (self->document);
  orr_document_undo (self->document);
  orr_document_undo (self->document);
  g_assert_cmpuint (hmm_of (self)->n_states, ==, 3);
}

static void
test_add_transition (Fixture *self, gconstpointer preset)
{
  double x, y, to_x, to_y;

  locate (self, 0, 0, 0.95, &x, &y);
  locate (self, 2, 0, 0, &to_x, &to_y);
  g_assert_cmpfloat (transition (self, 0, 2), ==, 0);
  orr_view_test_drag (self->canvas, x, y, to_x, to_y);
  g_assert_cmpfloat_with_epsilon (transition (self, 0, 2), 0.1, 1e-9);

  int from, to;
  orr_session_get_transition (self->session, &from, &to);
  g_assert_cmpint (from, ==, 0);
  g_assert_cmpint (to, ==, 2);
  press (self, "Delete");
  g_assert_cmpfloat (transition (self, 0, 2), ==, 0);

  /* By keys: from the selected state, arrow keys to another, Enter. */
  locate (self, 0, 0, 0, &x, &y);
  orr_view_test_click (self->canvas, x, y, 1);
  press (self, "t");
  press (self, "Return");
  g_assert_cmpfloat_with_epsilon (transition (self, 0, 2), 0.1, 1e-9);
}

static GtkWidget *
find_popover (Fixture *self)
{
  return find (self->canvas, ORR_TYPE_HMM_POPOVER, NULL);
}

static void
test_edit_in_place (Fixture *self, gconstpointer preset)
{
  double x, y;

  locate_label (self, 0, 1, &x, &y);
  orr_view_test_click (self->canvas, x, y, 1);
  press (self, "Return");
  type_text ("0.4");
  press_focused ("Return");
  g_assert_cmpfloat_with_epsilon (transition (self, 0, 1), 0.4, 1e-12);
  g_assert_cmpfloat_with_epsilon (transition (self, 0, 0), 0.6, 1e-12);

  /* Locked, it says why it stays, and stays. */
  press (self, "l");
  g_assert_true (hmm_of (self)->locked[1]);
  press (self, "Return");
  type_text ("2/3");
  press_focused ("Return");
  g_assert_cmpfloat_with_epsilon (transition (self, 0, 1), 0.4, 1e-12);
  g_assert_true (gtk_widget_get_mapped (find_popover (self)));
  press_focused ("Escape");
  press (self, "l");
  g_assert_false (hmm_of (self)->locked[1]);

  /* The pointer comes back from where the popover was. */
  locate (self, 1, 0, 0, &x, &y);
  orr_view_test_move (self->canvas, x - 20, y - 10);
  orr_view_test_click (self->canvas, x, y, 1);
  g_assert_cmpint (orr_session_get_state (self->session), ==, 1);
  press (self, "F2");
  g_assert_true (gtk_widget_get_mapped (find_popover (self)));
  type_text ("burst");
  press_focused ("Return");
  g_assert_cmpstr (hmm_of (self)->state_names[1], ==, "burst");
  g_assert_cmpstr (orr_document_get_undo_label (self->document), ==, "Rename state");
}

static void
test_drag_bar (Fixture *self, gconstpointer preset)
{
  OrrHmmHit hit;
  double x, y, top = 0;

  /* The first bar of the first state is nearly full: look for it below the middle. */
  locate (self, 0, -0.37, 0.5, &x, &y);
  hit = orr_hmm_canvas_hit (ORR_HMM_CANVAS (self->canvas), x, y);
  g_assert_cmpint (hit.part, ==, ORR_HMM_PART_BAR);
  g_assert_cmpint (hit.symbol, ==, 0);
  locate (self, 0, 0, 0.54 * 0.5, &x, &top);
  double middle = 0;
  locate (self, 0, 0, 0, &x, &middle);
  locate (self, 0, -0.37, 0.5, &x, &y);
  orr_view_test_drag (self->canvas, x, y, x, y + top - middle);
  g_assert_cmpfloat_with_epsilon (hmm_of (self)->emission[0], 0.49, 0.05);
  g_assert_cmpfloat_with_epsilon (
      hmm_of (self)->emission[0] + hmm_of (self)->emission[1] + hmm_of (self)->emission[2], 1.0, 1e-9);
  g_assert_cmpint (orr_session_get_symbol (self->session), ==, 0);
  orr_document_undo (self->document);
  g_assert_cmpfloat_with_epsilon (hmm_of (self)->emission[0], 0.99, 1e-12);
}

static void
test_selection (Fixture *self, gconstpointer preset)
{
  int from, to, seen = 0;

  /* Tab goes through 3 states and 7 arrows. */
  for (guint i = 0; i < 10; i++)
    {
      press (self, "Tab");
      orr_session_get_transition (self->session, &from, &to);
      seen += orr_session_get_state (self->session) >= 0 || from >= 0;
    }
  g_assert_cmpint (seen, ==, 10);
  g_assert_cmpint (from, ==, 2);
  g_assert_cmpint (to, ==, 2);
  press (self, "Escape");
  g_assert_cmpint (orr_session_get_state (self->session), ==, -1);
  press (self, "Right");
  g_assert_cmpint (orr_session_get_state (self->session), ==, 0);
  press (self, "ctrl+Right");
  g_assert_cmpint (orr_session_get_state (self->session), ==, 1);

  /* What another view selects shows here. */
  orr_session_select_transition (self->session, 1, 2);
  orr_view_test_settle ();
  press (self, "Delete");
  g_assert_cmpfloat (transition (self, 1, 2), ==, 0);

  /* A click on nothing selects nothing. */
  orr_session_select_state (self->session, 0);
  orr_view_test_click (self->canvas, 60, 430, 1);
  g_assert_cmpint (orr_session_get_state (self->session), ==, -1);
}

static void
test_view (Fixture *self, gconstpointer preset)
{
  OrrHmmCanvas *canvas = ORR_HMM_CANVAS (self->canvas);
  double x, y, x1, y1, zoom = orr_hmm_canvas_get_zoom (canvas);

  locate (self, 1, 0, 0, &x, &y);
  orr_view_test_scroll (self->canvas, x, y, -3);
  g_assert_cmpfloat (orr_hmm_canvas_get_zoom (canvas), >, 1.2 * zoom);
  locate (self, 1, 0, 0, &x1, &y1);
  g_assert_cmpfloat_with_epsilon (x1, x, 3);
  orr_view_test_drag (self->canvas, 420, 440, 470, 410);
  locate (self, 1, 0, 0, &x, &y);
  g_assert_cmpfloat_with_epsilon (x, x1 + 50, 3);
  g_assert_cmpfloat_with_epsilon (y, y1 - 30, 3);
  press (self, "0");
  g_assert_cmpfloat_with_epsilon (orr_hmm_canvas_get_zoom (canvas), zoom, 1e-3);
  press (self, "minus");
  g_assert_cmpfloat (orr_hmm_canvas_get_zoom (canvas), <, zoom);
  g_assert_false (orr_document_get_can_undo (self->document));

  locate (self, 1, 0, 0, &x, &y);
  orr_view_test_drag (self->canvas, x, y, x, y + 120);
  GtkWidget *layout = find (self->view, GTK_TYPE_BUTTON, "Layout");
  orr_view_test_click (layout, 10, 10, 1);
  g_assert_cmpstr (orr_document_get_undo_label (self->document), ==, "Lay out");
  g_assert_cmpfloat_with_epsilon (hmm_of (self)->positions[0] + hmm_of (self)->positions[4], 0.0, 1e-6);
}

static GtkWidget *
find_entry (GtkWidget *widget, guint skip)
{
  g_autoptr (GPtrArray) queue = g_ptr_array_new ();

  g_ptr_array_add (queue, widget);
  for (guint i = 0; i < queue->len; i++)
    {
      if (gtk_widget_has_css_class (queue->pdata[i], "orr-cell") && skip-- == 0)
        return queue->pdata[i];
      for (GtkWidget *child = gtk_widget_get_first_child (queue->pdata[i]); child != NULL;
           child = gtk_widget_get_next_sibling (child))
        g_ptr_array_add (queue, child);
    }
  return NULL;
}

static void
test_matrix (Fixture *self, gconstpointer preset)
{
  GtkWidget *button = find (self->view, GTK_TYPE_TOGGLE_BUTTON, "Matrix"), *cell;

  orr_view_test_click (button, 10, 10, 1);
  orr_view_test_settle ();
  cell = find_entry (self->view, 3 + 1); /* after the start: S1 to S2 */
  g_assert_nonnull (cell);
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (cell), GTK_ACCESSIBLE_PROPERTY_LABEL, "S1 → S2");
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (cell)), ==, "0.2236");

  orr_view_test_click (cell, 20, 10, 1);
  press_focused ("ctrl+a");
  type_text ("0.5");
  press_focused ("Return");
  g_assert_cmpfloat_with_epsilon (transition (self, 0, 1), 0.5, 1e-12);

  int from, to;
  orr_session_get_transition (self->session, &from, &to);
  g_assert_cmpint (from, ==, 0);
  g_assert_cmpint (to, ==, 1);

  /* Nonsense explains itself and changes nothing. */
  press_focused ("ctrl+a");
  type_text ("1.5");
  press_focused ("Return");
  g_assert_true (gtk_widget_has_css_class (cell, "error"));
  g_assert_cmpfloat_with_epsilon (transition (self, 0, 1), 0.5, 1e-12);
  press_focused ("Escape");
  g_assert_false (gtk_widget_has_css_class (cell, "error"));
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (cell)), ==, "0.5");
}

static gboolean
has_six_states (gpointer data)
{
  return hmm_of (data)->n_states == 6;
}

static void
test_clipboard (Fixture *self, gconstpointer preset)
{
  g_autoptr (OrrHmm) hmm = orr_hmm_new (6, 2);
  g_autofree char *json = orr_hmm_print_json (hmm);
  GdkClipboard *clipboard = gtk_widget_get_clipboard (self->canvas);

  gdk_clipboard_set_text (clipboard, json);
  press (self, "ctrl+v");
  g_assert_true (orr_view_test_wait (has_six_states, self));
  g_assert_cmpstr (orr_document_get_undo_label (self->document), ==, "Paste model");

  gdk_clipboard_set_text (clipboard, "{ \"transition\": [[1]] }");
  press (self, "ctrl+v");
  orr_view_test_settle ();
  g_assert_cmpuint (hmm_of (self)->n_states, ==, 6);
}

/* Read-only it shows and selects, and nothing can be changed. */
static void
test_read_only (Fixture *self, gconstpointer preset)
{
  double x, y;

  orr_hmm_graph_view_set_editable (ORR_HMM_GRAPH_VIEW (self->view), FALSE);
  orr_view_test_settle ();
  locate (self, 1, 0, 0, &x, &y);
  orr_view_test_drag (self->canvas, x, y, x + 80, y + 40);
  g_assert_cmpint (orr_session_get_state (self->session), ==, 1);
  press (self, "Delete");
  press (self, "Right");
  orr_view_test_click (self->canvas, 60, 430, 2);
  g_assert_false (orr_document_get_can_undo (self->document));
  g_assert_cmpuint (hmm_of (self)->n_states, ==, 3);
}

/* The pixels of the bars have the colours of the symbols; a lit state has the accent's ring. */
static void
test_pixels (Fixture *self, gconstpointer preset)
{
  OrrHmmStyle style;

  for (guint k = 0; k < 3; k += 2)
    g_assert_cmpuint (orr_view_test_count (self->canvas, orr_colour_qualitative (k)), >, 300);
  orr_hmm_theme_get (self->canvas, &style);
  g_assert_cmpuint (orr_view_test_count (self->canvas, style.accent), ==, 0);
  orr_hmm_canvas_set_active (ORR_HMM_CANVAS (self->canvas), 1);
  orr_view_test_settle ();
  g_assert_cmpuint (orr_view_test_count (self->canvas, style.accent), >, 200);
}

int
main (int argc, char *argv[])
{
  static const struct
  {
    const char *path;
    void (*test) (Fixture *, gconstpointer);
  } tests[] = {
    { "/hmm-graph/move", test_move },
    { "/hmm-graph/add-state", test_add_state },
    { "/hmm-graph/add-transition", test_add_transition },
    { "/hmm-graph/edit-in-place", test_edit_in_place },
    { "/hmm-graph/drag-bar", test_drag_bar },
    { "/hmm-graph/selection", test_selection },
    { "/hmm-graph/view", test_view },
    { "/hmm-graph/matrix", test_matrix },
    { "/hmm-graph/clipboard", test_clipboard },
    { "/hmm-graph/read-only", test_read_only },
    { "/hmm-graph/pixels", test_pixels },
  };

  if (!orr_view_test_init (&argc, &argv))
    return 0;
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, "three", set_up, tests[i].test, tear_down);
  return g_test_run ();
}
