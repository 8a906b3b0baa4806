/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-history-view.h"

#include <glib/gi18n.h>

#include "orr-comparison.h"
#include "orr-move-chip.h"
#include "orr-piece-button.h"

#define NO_MARK -2

/**
 * OrrHistoryView:
 *
 * Every state that the tree has been in, in a strip: press one to go back to it
 * (what is done then branches off there), two to compare them.
 */
struct _OrrHistoryView
{
  OrrBenchView parent_instance;

  OrrTreeEditor *editor; /* (nullable) (unowned): of the bench view */
  GtkWidget     *compare;
  GtkWidget     *scroller;
  GtkWidget     *strip;
  int            mark; /* first of two states to compare: a move, -1 the start, NO_MARK none */
  guint          scroll;
};

G_DEFINE_FINAL_TYPE (OrrHistoryView, orr_history_view, ORR_TYPE_BENCH_VIEW)

static OrrWorkbench *
get_bench (OrrHistoryView *self)
{
  return self->editor != NULL ? orr_tree_editor_get_workbench (self->editor) : NULL;
}

/* The state on the canvas: a move, or -1 for the start. */
static int
get_current (OrrWorkbench *workbench)
{
  const OrrExpr *expr = orr_workbench_get_expr (workbench);
  int state = orr_equations_get_state (orr_workbench_get_equations (workbench));

  return state < 0 && expr->nodes[0].op != ORR_EXPR_OP_PLACEHOLDER ? NO_MARK : state;
}

static GtkWidget *
find_chip (OrrHistoryView *self, int index)
{
  GtkWidget *chip = gtk_widget_get_first_child (self->strip);

  while (chip != NULL && orr_move_chip_get_index (ORR_MOVE_CHIP (chip)) != index)
    chip = gtk_widget_get_next_sibling (chip);
  return chip;
}

/* Keeps what is on the canvas in sight: a new state has its place only a frame later. */
static gboolean
scroll_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  OrrHistoryView *self = ORR_HISTORY_VIEW (widget);
  GtkAdjustment *adjustment = gtk_scrolled_window_get_hadjustment (GTK_SCROLLED_WINDOW (self->scroller));
  GtkWidget *chip = self->editor != NULL ? find_chip (self, get_current (get_bench (self))) : NULL;
  graphene_rect_t bounds;

  if (chip != NULL && gtk_widget_get_mapped (chip) && gtk_widget_get_width (chip) == 0)
    return G_SOURCE_CONTINUE;
  self->scroll = 0;
  if (chip != NULL && gtk_widget_compute_bounds (chip, self->strip, &bounds))
    gtk_adjustment_clamp_page (adjustment, bounds.origin.x - 12.0, bounds.origin.x + bounds.size.width + 12.0);
  return G_SOURCE_REMOVE;
}

static void
update_states (OrrHistoryView *self)
{
  int current = get_current (get_bench (self));

  for (GtkWidget *chip = gtk_widget_get_first_child (self->strip); chip != NULL; chip = gtk_widget_get_next_sibling (chip))
    {
      int index = orr_move_chip_get_index (ORR_MOVE_CHIP (chip));

      orr_move_chip_set_state (ORR_MOVE_CHIP (chip), index == current, index == self->mark);
    }
  if (self->scroll == 0)
    self->scroll = gtk_widget_add_tick_callback (GTK_WIDGET (self), scroll_cb, NULL, NULL);
}

/* Comparing and going back ------------------------------------------------------------------------ */

static void
compare_with (OrrHistoryView *self, OrrMoveChip *chip)
{
  int first = self->mark, second = orr_move_chip_get_index (chip);
  GtkWidget *popover;

  if (first == NO_MARK || first == second)
    {
      self->mark = first == second ? NO_MARK : second;
      update_states (self);
      return;
    }
  popover = orr_comparison_new (self->editor, MIN (first, second), MAX (first, second));
  gtk_widget_set_parent (popover, GTK_WIDGET (chip));
  g_signal_connect (popover, "closed", G_CALLBACK (gtk_widget_unparent), NULL);
  self->mark = NO_MARK;
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (self->compare), FALSE);
  update_states (self);
  gtk_popover_popup (GTK_POPOVER (popover));
}

static gboolean
is_control_held (OrrHistoryView *self)
{
  GdkSeat *seat = gdk_display_get_default_seat (gtk_widget_get_display (GTK_WIDGET (self)));
  GdkDevice *keyboard = seat != NULL ? gdk_seat_get_keyboard (seat) : NULL;

  return keyboard != NULL && gdk_device_get_modifier_state (keyboard) & GDK_CONTROL_MASK;
}

static void
chip_clicked_cb (OrrMoveChip *chip, OrrHistoryView *self)
{
  if (gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (self->compare)) || is_control_held (self))
    compare_with (self, chip);
  else
    orr_workbench_go_to_move (get_bench (self), orr_move_chip_get_index (chip));
}

static void
compare_toggled_cb (OrrHistoryView *self)
{
  self->mark = NO_MARK;
  if (self->editor != NULL)
    update_states (self);
}

/* The chips --------------------------------------------------------------------------------------- */

static void
add_chip (OrrHistoryView *self, const OrrMove *move, int index)
{
  GtkWidget *chip = orr_move_chip_new (self->editor, move, index);

  g_signal_connect (chip, "clicked", G_CALLBACK (chip_clicked_cb), self);
  gtk_box_append (GTK_BOX (self->strip), chip);
}

static void
remove_from (OrrHistoryView *self, GtkWidget *chip)
{
  while (chip != NULL)
    {
      GtkWidget *next = gtk_widget_get_next_sibling (chip);

      gtk_box_remove (GTK_BOX (self->strip), chip);
      chip = next;
    }
}

/* Only what has changed since is made anew: mostly one chip at the end. */
static void
update (OrrHistoryView *self)
{
  GPtrArray *moves = orr_workbench_get_equations (get_bench (self))->moves;
  GtkWidget *chip = gtk_widget_get_first_child (self->strip);
  guint kept = 0;

  if (chip == NULL)
    add_chip (self, NULL, -1);
  else
    chip = gtk_widget_get_next_sibling (chip);
  while (chip != NULL && kept < moves->len &&
         orr_move_chip_get_expr (ORR_MOVE_CHIP (chip)) == ((const OrrMove *) moves->pdata[kept])->expr)
    {
      kept++;
      chip = gtk_widget_get_next_sibling (chip);
    }
  remove_from (self, chip);
  for (guint i = kept; i < moves->len; i++)
    add_chip (self, moves->pdata[i], i);
  if (self->mark >= (int) moves->len)
    self->mark = NO_MARK;
  gtk_widget_set_sensitive (self->compare, moves->len > 0);
  update_states (self);
}

/* Columns may have other names now. */
static void
dataset_changed_cb (OrrHistoryView *self)
{
  remove_from (self, gtk_widget_get_first_child (self->strip));
  update (self);
}

/* The widget -------------------------------------------------------------------------------------- */

GtkWidget *
orr_history_view_new (OrrSession *session)
{
  return g_object_new (ORR_TYPE_HISTORY_VIEW, "session", session, NULL);
}

static void
editor_changed (OrrBenchView *view, OrrTreeEditor *editor)
{
  OrrHistoryView *self = ORR_HISTORY_VIEW (view);

  self->editor = editor;
  remove_from (self, gtk_widget_get_first_child (self->strip));
  self->mark = NO_MARK;
  if (editor == NULL)
    return;
  OrrWorkbench *workbench = get_bench (self);
  g_signal_connect_swapped (workbench, "notify::equations", G_CALLBACK (update), self);
  g_signal_connect_swapped (workbench, "notify::dataset", G_CALLBACK (dataset_changed_cb), self);
  update (self);
}

static void
orr_history_view_dispose (GObject *object)
{
  OrrHistoryView *self = ORR_HISTORY_VIEW (object);

  if (self->scroll != 0)
    gtk_widget_remove_tick_callback (GTK_WIDGET (self), self->scroll);
  self->scroll = 0;
  G_OBJECT_CLASS (orr_history_view_parent_class)->dispose (object);
}

static void
orr_history_view_class_init (OrrHistoryViewClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = orr_history_view_dispose;
  ORR_BENCH_VIEW_CLASS (klass)->editor_changed = editor_changed;
  gtk_widget_class_set_css_name (GTK_WIDGET_CLASS (klass), "orrhistoryview");
}

static void
orr_history_view_init (OrrHistoryView *self)
{
  GtkWidget *heading = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2), *title = gtk_label_new (_ ("History"));

  self->mark = NO_MARK;
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("History"), -1);
  gtk_widget_add_css_class (GTK_WIDGET (self), "card");
  gtk_widget_add_css_class (title, "heading");
  gtk_label_set_xalign (GTK_LABEL (title), 0.0);
  self->compare = gtk_toggle_button_new_with_label (_ ("Compare"));
  gtk_widget_set_tooltip_text (self->compare, _ ("Then choose two states"));
  gtk_widget_add_css_class (self->compare, "flat");
  gtk_widget_add_css_class (self->compare, "orr-compare");
  g_signal_connect_swapped (self->compare, "toggled", G_CALLBACK (compare_toggled_cb), self);
  gtk_box_append (GTK_BOX (heading), title);
  gtk_box_append (GTK_BOX (heading), self->compare);
  gtk_widget_set_valign (heading, GTK_ALIGN_CENTER);
  gtk_widget_set_margin_start (heading, 12);
  gtk_widget_set_margin_end (heading, 6);
  gtk_widget_set_parent (heading, GTK_WIDGET (self));

  self->strip = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  gtk_widget_set_valign (self->strip, GTK_ALIGN_CENTER);
  self->scroller = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (self->scroller), GTK_POLICY_EXTERNAL, GTK_POLICY_NEVER);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (self->scroller), self->strip);
  gtk_widget_set_hexpand (self->scroller, TRUE);
  gtk_widget_set_parent (self->scroller, GTK_WIDGET (self));
}
