/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-tree-view.h"

#include <glib/gi18n.h>
#include <math.h>

#include "orr-expr-drop.h"
#include "orr-formula-export.h"
#include "orr-formula.h"
#include "orr-hmm-theme.h"
#include "orr-piece-button.h"
#include "orr-tree-canvas.h"
#include "orr-view.h"

#define FORMULA_SIZE 24.0
#define SMALLEST_FORMULA 11.0

/**
 * OrrTreeView:
 *
 * The expression tree editor: the formula as mathematics and as text, the tree,
 * and the tray of loose pieces.
 */
struct _OrrTreeView
{
  GtkWidget parent_instance;

  OrrSession *session;   /* (nullable) */
  OrrTreeEditor *editor; /* (nullable) */
  gboolean updating;
  gboolean typing; /* the formula entry holds what the tree is not */

  GtkDrawingArea *formula;
  GtkLabel *quality;
  GtkEntry *entry;
  GtkLabel *problem;
  GtkStack *line; /* how good it is, or what is wrong with what is being typed */
  GtkWidget *welcome;
  GtkLabel *hint; /* over the canvas */
  OrrTreeCanvas *canvas;
  GtkRevealer *tray_revealer;
  GtkBox *tray;
  GtkWidget *complete;
  GtkWidget *improve;
  GtkWidget *step;
  GtkWidget *suggest;
  GtkWidget *fit_constants;
  GtkWidget *stop;
  GtkWidget *show_all; /* in the card's header */
  GMenuModel *menu;
  GActionGroup *exports;
  GtkToggleButton *lock;
};

enum
{
  PROP_SESSION = 1,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

static void view_init (OrrViewInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (OrrTreeView, orr_tree_view, GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (ORR_TYPE_VIEW, view_init))

/* The formula ------------------------------------------------------------------------------------- */

/* The first part of a completion that the tree does not have. */
static int
find_new_part (const OrrExpr *ghost, const OrrExpr *expr)
{
  for (guint i = 0; i < ghost->n_nodes; i++)
    if (orr_expr_find (expr, ghost->nodes[i].id) < 0)
      return i;
  return -1;
}

static void
draw_formula_cb (GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer user_data)
{
  OrrTreeView *self = user_data;
  OrrFormulaStyle style = { .size = FORMULA_SIZE, .marked = -1 };
  OrrHmmStyle colours;

  if (self->editor == NULL)
    return;
  orr_hmm_theme_get (GTK_WIDGET (area), &colours);
  style.foreground = colours.foreground;
  style.accent = colours.accent;
  style.names = orr_tree_editor_get_names (self->editor, &style.n_names);
  style.marked = orr_tree_editor_get_selected (self->editor);

  OrrGhost *ghost = orr_workbench_get_ghost (orr_tree_editor_get_workbench (self->editor));
  const OrrExpr *expr = ghost != NULL ? ghost->expr : orr_tree_editor_get_expr (self->editor);
  if (ghost != NULL)
    style.marked = find_new_part (ghost->expr, orr_tree_editor_get_expr (self->editor));
  cairo_translate (cr, 12.0, 4.0);
  orr_formula_draw_within (cr, expr, &style, SMALLEST_FORMULA, width - 24.0, height - 8.0, 0.5);
}

/* Something about what is happening on the canvas, over it; %NULL or "" for nothing. */
static void
say (OrrTreeView *self, const char *text)
{
  gboolean something = text != NULL && *text != '\0';

  if (something)
    gtk_label_set_label (self->hint, text);
  gtk_widget_set_visible (GTK_WIDGET (self->hint), something);
}

static void
show_problem (OrrTreeView *self, const char *text, gboolean is_error)
{
  gtk_label_set_label (self->problem, text);
  gtk_stack_set_visible_child (self->line, *text != '\0' ? GTK_WIDGET (self->problem) : GTK_WIDGET (self->quality));
  if (is_error)
    gtk_widget_add_css_class (GTK_WIDGET (self->problem), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->problem), "error");
}

/* Live: says what is wrong while it is typed, and changes nothing before Enter. */
static void
formula_changed_cb (GtkEditable *editable, OrrTreeView *self)
{
  const char *text = gtk_editable_get_text (editable);
  g_autoptr (GError) error = NULL;
  g_autoptr (OrrExpr) expr = NULL;

  if (self->updating || self->editor == NULL)
    return;
  expr = orr_tree_editor_parse (self->editor, text, &error);
  self->typing = TRUE;
  if (expr == NULL)
    gtk_widget_add_css_class (GTK_WIDGET (editable), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (editable), "error");
  show_problem (self, error != NULL ? error->message : _ ("Enter takes the formula."), error != NULL);
}

static void
formula_activated_cb (GtkEntry *entry, OrrTreeView *self)
{
  g_autoptr (GError) error = NULL;

  if (self->editor == NULL || !self->typing)
    return;
  self->typing = FALSE;
  if (orr_workbench_set_formula (orr_tree_editor_get_workbench (self->editor),
                                 gtk_editable_get_text (GTK_EDITABLE (entry)), NULL, &error))
    show_problem (self, "", FALSE);
  else
    {
      self->typing = TRUE;
      show_problem (self, error->message, TRUE);
    }
}

/* Following the workbench ------------------------------------------------------------------------- */

static char *
describe_quality (double r2, double held_out, guint complexity)
{
  if (isnan (r2))
    return g_strdup_printf (_ ("complexity %u"), complexity);
  if (isnan (held_out))
    return g_strdup_printf (_ ("R² = %.4f, complexity %u"), r2, complexity);
  return g_strdup_printf (_ ("R² = %.4f (held out %.4f), complexity %u"), r2, held_out, complexity);
}

static void
update_quality (OrrTreeView *self)
{
  OrrWorkbench *workbench = orr_tree_editor_get_workbench (self->editor);
  OrrGhost *ghost = orr_workbench_get_ghost (workbench);
  /* Of the formula that stands above it. */
  g_autofree char *text =
      ghost != NULL
          ? describe_quality (ghost->r2, ghost->r2_held_out, orr_expr_complexity (ghost->expr))
          : describe_quality (orr_workbench_get_r2 (workbench), orr_workbench_get_r2_held_out (workbench),
                              orr_expr_complexity (orr_workbench_get_expr (workbench)));

  gtk_label_set_label (self->quality, text);
}

/* A completion that is looked at: in the tree, in the formula, and what it would bring. */
static void
update_ghost (OrrTreeView *self)
{
  OrrGhost *ghost = orr_workbench_get_ghost (orr_tree_editor_get_workbench (self->editor));
  g_autofree char *quality = NULL, *text = NULL;

  orr_tree_canvas_update (self->canvas);
  gtk_widget_queue_draw (GTK_WIDGET (self->formula));
  update_quality (self);
  if (ghost != NULL)
    {
      quality = describe_quality (ghost->r2, ghost->r2_held_out, orr_expr_complexity (ghost->expr));
      text = g_strdup_printf (_ ("Would give %s. Click to take it."), quality);
    }
  say (self, text);
}

static void
update_tray (OrrTreeView *self)
{
  GPtrArray *tray = orr_workbench_get_equations (orr_tree_editor_get_workbench (self->editor))->tray;
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->tray))) != NULL)
    gtk_box_remove (self->tray, child);
  for (guint i = 0; i < tray->len; i++)
    {
      g_autofree char *text = orr_tree_editor_print (self->editor, tray->pdata[i]);

      gtk_box_append (self->tray, orr_piece_button_new (self->editor, text, text, i));
    }
  gtk_revealer_set_reveal_child (self->tray_revealer, tray->len > 0);
}

static void
update_selection (OrrTreeView *self)
{
  int selected = orr_tree_editor_get_selected (self->editor);
  const OrrExpr *expr = orr_tree_editor_get_expr (self->editor);

  self->updating = TRUE;
  gtk_widget_set_sensitive (GTK_WIDGET (self->lock), selected >= 0);
  gtk_toggle_button_set_active (self->lock, selected >= 0 && expr->nodes[selected].locked);
  self->updating = FALSE;
  orr_tree_canvas_update (self->canvas);
  gtk_widget_queue_draw (GTK_WIDGET (self->formula));
}

static void
update_busy (OrrTreeView *self)
{
  OrrWorkbench *workbench = orr_tree_editor_get_workbench (self->editor);
  gboolean busy = orr_workbench_get_busy (workbench);
  gboolean ready = orr_workbench_get_dataset (workbench) != NULL && !busy;

  gtk_widget_set_sensitive (self->complete,
                            ready && orr_expr_is_open (orr_tree_editor_get_expr (self->editor)));
  gtk_widget_set_sensitive (self->step, ready && orr_expr_is_open (orr_tree_editor_get_expr (self->editor)));
  gtk_widget_set_sensitive (self->suggest, ready);
  gtk_widget_set_sensitive (self->improve, ready);
  gtk_widget_set_sensitive (self->fit_constants,
                            ready && !orr_expr_is_open (orr_tree_editor_get_expr (self->editor)));
  gtk_widget_set_visible (self->stop, busy);
  gtk_widget_set_visible (self->welcome, orr_workbench_get_dataset (workbench) == NULL && !busy &&
                                             orr_tree_editor_get_expr (self->editor)->n_nodes == 1);
}

static void
update_expr (OrrTreeView *self)
{
  g_autofree char *text = orr_tree_editor_print (self->editor, orr_tree_editor_get_expr (self->editor));
  gboolean editing = self->typing && gtk_widget_has_focus (GTK_WIDGET (self->entry));

  self->updating = TRUE;
  if (!editing)
    {
      gtk_editable_set_text (GTK_EDITABLE (self->entry), text);
      gtk_widget_remove_css_class (GTK_WIDGET (self->entry), "error");
      self->typing = FALSE;
      show_problem (self, "", FALSE);
    }
  self->updating = FALSE;
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->formula), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
  update_tray (self);
  update_selection (self);
  update_quality (self);
  update_busy (self);
}

static void
say_cb (OrrTreeCanvas *canvas, const char *text, OrrTreeView *self)
{
  say (self, text);
}

/* Buttons ----------------------------------------------------------------------------------------- */

static void
fit_constants_cb (GtkButton *button, OrrTreeView *self)
{
  if (self->editor != NULL)
    orr_workbench_fit_constants (orr_tree_editor_get_workbench (self->editor));
}

static void
lock_toggled_cb (GtkToggleButton *button, OrrTreeView *self)
{
  if (!self->updating && self->editor != NULL)
    orr_tree_editor_toggle_lock (self->editor, FALSE);
}

static void
complete_cb (GtkButton *button, OrrTreeView *self)
{
  if (self->editor != NULL)
    orr_workbench_complete (orr_tree_editor_get_workbench (self->editor));
}

static void
improve_cb (GtkButton *button, OrrTreeView *self)
{
  if (self->editor != NULL)
    orr_workbench_improve (orr_tree_editor_get_workbench (self->editor));
}

static void
step_cb (GtkButton *button, OrrTreeView *self)
{
  if (self->editor != NULL)
    orr_workbench_step (orr_tree_editor_get_workbench (self->editor));
}

/* Shows what the agent would do in the selected place, else in the next open one. */
static void
suggest_cb (GtkButton *button, OrrTreeView *self)
{
  OrrWorkbench *workbench = self->editor != NULL ? orr_tree_editor_get_workbench (self->editor) : NULL;
  const OrrExpr *expr = workbench != NULL ? orr_workbench_get_expr (workbench) : NULL;
  guint place = 0;

  if (workbench == NULL)
    return;
  for (guint i = expr->n_nodes; i-- > 0;)
    if (expr->nodes[i].op == ORR_EXPR_OP_PLACEHOLDER)
      place = i;
  if (orr_tree_editor_get_selected (self->editor) < 0)
    orr_tree_editor_select (self->editor, place);
  orr_workbench_look_at (workbench, 0);
}

static void
example_cb (GtkButton *button, OrrTreeView *self)
{
  if (self->editor != NULL)
    orr_workbench_open_example (orr_tree_editor_get_workbench (self->editor));
}

static void
stop_cb (GtkButton *button, OrrTreeView *self)
{
  if (self->editor != NULL)
    orr_workbench_stop (orr_tree_editor_get_workbench (self->editor));
}

/* The widget -------------------------------------------------------------------------------------- */

GtkWidget *
orr_tree_view_new (OrrSession *session)
{
  return g_object_new (ORR_TYPE_TREE_VIEW, "session", session, NULL);
}

OrrSession *
orr_tree_view_get_session (OrrTreeView *self)
{
  g_return_val_if_fail (ORR_IS_TREE_VIEW (self), NULL);
  return self->session;
}

static void
disconnect (OrrTreeView *self)
{
  if (self->editor != NULL)
    g_signal_handlers_disconnect_by_data (orr_tree_editor_get_workbench (self->editor), self);
  g_clear_object (&self->editor);
  g_clear_object (&self->session);
}

/**
 * orr_tree_view_set_session:
 * @session: (nullable): whose equations are shown and edited
 */
void
orr_tree_view_set_session (OrrTreeView *self, OrrSession *session)
{
  g_return_if_fail (ORR_IS_TREE_VIEW (self));
  if (self->session == session)
    return;
  disconnect (self);
  if (session != NULL)
    {
      OrrWorkbench *workbench = orr_session_get_workbench (session);

      self->session = g_object_ref (session);
      self->editor = orr_tree_editor_new (workbench);
      g_signal_connect_swapped (workbench, "notify::equations", G_CALLBACK (update_expr), self);
      g_signal_connect_swapped (workbench, "notify::dataset", G_CALLBACK (update_busy), self);
      g_signal_connect_swapped (workbench, "notify::busy", G_CALLBACK (update_busy), self);
      g_signal_connect_swapped (workbench, "notify::selected", G_CALLBACK (update_selection), self);
      g_signal_connect_swapped (workbench, "notify::r2", G_CALLBACK (update_quality), self);
      g_signal_connect_swapped (workbench, "notify::ghost", G_CALLBACK (update_ghost), self);
    }
  orr_tree_canvas_set_editor (self->canvas, self->editor);
  orr_formula_export_set_workbench (self->exports, session != NULL ? orr_session_get_workbench (session) : NULL);
  if (self->editor != NULL)
    {
      update_expr (self);
      update_busy (self);
    }
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SESSION]);
}

static gboolean
orr_tree_view_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (ORR_TREE_VIEW (widget)->canvas));
}

static void
orr_tree_view_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_SESSION)
    g_value_set_object (value, ORR_TREE_VIEW (object)->session);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
orr_tree_view_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id == PROP_SESSION)
    orr_tree_view_set_session (ORR_TREE_VIEW (object), g_value_get_object (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
orr_tree_view_dispose (GObject *object)
{
  OrrTreeView *self = ORR_TREE_VIEW (object);
  GtkWidget *child;

  if (self->canvas != NULL)
    orr_tree_canvas_set_editor (self->canvas, NULL);
  disconnect (self);
  if (self->exports != NULL)
    orr_formula_export_set_workbench (self->exports, NULL);
  g_clear_object (&self->exports);
  g_clear_object (&self->menu);
  g_clear_object (&self->show_all);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  self->canvas = NULL;
  G_OBJECT_CLASS (orr_tree_view_parent_class)->dispose (object);
}

static void
orr_tree_view_class_init (OrrTreeViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = orr_tree_view_get_property;
  object_class->set_property = orr_tree_view_set_property;
  object_class->dispose = orr_tree_view_dispose;
  widget_class->grab_focus = orr_tree_view_grab_focus;
  properties[PROP_SESSION] =
      g_param_spec_object ("session", NULL, NULL, ORR_TYPE_SESSION,
                           G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  g_type_ensure (ORR_TYPE_VIEW);
  g_type_ensure (ORR_TYPE_TREE_CANVAS);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/orrery/Orrery/ui/orr-tree-view.ui");
  gtk_widget_class_bind_template_child (widget_class, OrrTreeView, formula);
  gtk_widget_class_bind_template_child (widget_class, OrrTreeView, quality);
  gtk_widget_class_bind_template_child (widget_class, OrrTreeView, entry);
  gtk_widget_class_bind_template_child (widget_class, OrrTreeView, problem);
  gtk_widget_class_bind_template_child (widget_class, OrrTreeView, line);
  gtk_widget_class_bind_template_child (widget_class, OrrTreeView, hint);
  gtk_widget_class_bind_template_child (widget_class, OrrTreeView, welcome);
  gtk_widget_class_bind_template_callback (widget_class, example_cb);
  gtk_widget_class_bind_template_child (widget_class, OrrTreeView, canvas);
  gtk_widget_class_bind_template_child (widget_class, OrrTreeView, tray_revealer);
  gtk_widget_class_bind_template_child (widget_class, OrrTreeView, tray);
  gtk_widget_class_bind_template_child (widget_class, OrrTreeView, complete);
  gtk_widget_class_bind_template_child (widget_class, OrrTreeView, improve);
  gtk_widget_class_bind_template_child (widget_class, OrrTreeView, step);
  gtk_widget_class_bind_template_child (widget_class, OrrTreeView, suggest);
  gtk_widget_class_bind_template_child (widget_class, OrrTreeView, fit_constants);
  gtk_widget_class_bind_template_child (widget_class, OrrTreeView, stop);
  gtk_widget_class_bind_template_child (widget_class, OrrTreeView, lock);
  gtk_widget_class_bind_template_callback (widget_class, formula_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, formula_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, fit_constants_cb);
  gtk_widget_class_bind_template_callback (widget_class, lock_toggled_cb);
  gtk_widget_class_bind_template_callback (widget_class, complete_cb);
  gtk_widget_class_bind_template_callback (widget_class, improve_cb);
  gtk_widget_class_bind_template_callback (widget_class, stop_cb);
  gtk_widget_class_bind_template_callback (widget_class, step_cb);
  gtk_widget_class_bind_template_callback (widget_class, suggest_cb);
}

static void
orr_tree_view_init (OrrTreeView *self)
{
  orr_piece_button_load_style ();
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_drawing_area_set_draw_func (self->formula, draw_formula_cb, self, NULL);
  orr_hmm_theme_watch (GTK_WIDGET (self->formula));
  self->menu = orr_formula_export_create_menu ();
  self->exports = orr_formula_export_create_actions (GTK_WIDGET (self));
  g_signal_connect (self->canvas, "say", G_CALLBACK (say_cb), self);
  self->show_all = g_object_ref_sink (gtk_button_new_with_label (_ ("Show all")));
  gtk_widget_add_css_class (self->show_all, "flat");
  gtk_widget_set_tooltip_text (self->show_all, _ ("Show all of the tree"));
  g_signal_connect_object (self->show_all, "clicked", G_CALLBACK (orr_tree_canvas_fit), self->canvas,
                           G_CONNECT_SWAPPED);
}

static GtkWidget *
get_controls (OrrView *view)
{
  return ORR_TREE_VIEW (view)->show_all;
}

static GMenuModel *
get_menu (OrrView *view)
{
  return ORR_TREE_VIEW (view)->menu;
}

static GActionGroup *
get_actions (OrrView *view)
{
  return ORR_TREE_VIEW (view)->exports;
}

static void
view_init (OrrViewInterface *iface)
{
  iface->get_menu = get_menu;
  iface->get_actions = get_actions;
  iface->get_controls = get_controls;
}
