/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-candidates-view.h"

#include <glib/gi18n.h>
#include <math.h>

#include "orr-chart.h"
#include "orr-figure-pareto.h"
#include "orr-formula.h"
#include "orr-hmm-theme.h"
#include "orr-number.h"
#include "orr-view.h"

#define TEXT_DIGITS 4
#define FORMULA_SIZE 14.0
#define SMALLEST_FORMULA 10.0
#define FORMULA_HEIGHT 28
/* So that a few rows are seen in a small card, too. */
#define TABLE_HEIGHT 110

/**
 * OrrCandidatesView:
 *
 * The equations that were found: error against complexity, and a table that can be
 * sorted. A row or a point that is selected is previewed: the fit shows it. Enter, a
 * double click or "Take" puts it on the canvas. Pinned ones stay when others
 * are searched for.
 */
struct _OrrCandidatesView
{
  GtkWidget parent;

  OrrSession     *session;
  OrrChart       *chart;
  GtkWidget      *box;
  GtkStringList  *rows; /* one string a candidate: its index in the study */
  GtkColumnView  *table;
  GtkSingleSelection *selection;
  GtkWidget      *controls; /* in the card's header */
  GtkWidget      *take;
  gboolean        updating;
};

enum
{
  PROP_0,
  PROP_SESSION,
  N_PROPS,
};

static GParamSpec *props[N_PROPS];

static void view_init (OrrViewInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (OrrCandidatesView, orr_candidates_view, GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (ORR_TYPE_VIEW, view_init))

static OrrWorkbench *
get_bench (OrrCandidatesView *self)
{
  return self->session != NULL ? orr_session_get_workbench (self->session) : NULL;
}

static GPtrArray *
get_candidates (OrrCandidatesView *self)
{
  OrrWorkbench *bench = get_bench (self);
  return bench != NULL ? orr_workbench_get_equations (bench)->candidates : NULL;
}

static char *
print_expr (OrrWorkbench *bench, const OrrExpr *expr, OrrExprFormat format)
{
  return orr_workbench_print (bench, expr, format, format == ORR_EXPR_TEXT ? TEXT_DIGITS : 0);
}

/* Which candidate a row of the table is. */
static guint
get_index (gpointer row)
{
  return g_ascii_strtoull (gtk_string_object_get_string (row), NULL, 10);
}

/* The selected candidate's index, or -1. */
static int
get_selected (OrrCandidatesView *self)
{
  gpointer row = gtk_single_selection_get_selected_item (self->selection);
  GPtrArray *candidates = get_candidates (self);
  guint index = row != NULL ? get_index (row) : G_MAXUINT;

  return candidates != NULL && index < candidates->len ? (int) index : -1;
}

static void
select_index (OrrCandidatesView *self, int index)
{
  GListModel *model = G_LIST_MODEL (self->selection);

  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr (GtkStringObject) row = g_list_model_get_item (model, i);

      if (index >= 0 && get_index (row) == (guint) index)
        {
          gtk_single_selection_set_selected (self->selection, i);
          return;
        }
    }
  gtk_single_selection_set_selected (self->selection, GTK_INVALID_LIST_POSITION);
}

/* The chart --------------------------------------------------------------------------------------- */

static void
update_chart (OrrCandidatesView *self)
{
  GPtrArray *candidates = get_candidates (self);
  guint n = candidates != NULL ? candidates->len : 0;
  g_autofree double *complexity = g_new (double, MAX (n, 1));
  g_autofree double *r2 = g_new (double, MAX (n, 1));
  int shown = -1;

  for (guint i = 0; i < n; i++)
    {
      const OrrCandidate *candidate = candidates->pdata[i];

      complexity[i] = candidate->complexity;
      r2[i] = candidate->r2;
      if (candidate->expr == orr_workbench_get_preview (get_bench (self)))
        shown = i;
    }
  for (guint i = 0; i < n && shown < 0; i++)
    {
      const OrrCandidate *candidate = candidates->pdata[i];

      if (orr_expr_equal (candidate->expr, orr_workbench_get_expr (get_bench (self))))
        shown = i;
    }
  g_autoptr (OrrFigure) figure = orr_figure_new_pareto (complexity, r2, n, shown);
  orr_chart_set_figure (self->chart, figure);
}

static void
picked_cb (OrrCandidatesView *self, const OrrFigureHit *hit)
{
  GPtrArray *candidates = get_candidates (self);

  for (guint i = 0; candidates != NULL && i < candidates->len; i++)
    {
      const OrrCandidate *candidate = candidates->pdata[i];

      if (candidate->complexity == hit->x && fabs (log (fmax (1.0 - candidate->r2, 1e-16) / hit->y)) < 1e-9)
        {
          select_index (self, i);
          return;
        }
    }
}

/* The table --------------------------------------------------------------------------------------- */

/* What is selected is looked at. */
static void
selected_cb (OrrCandidatesView *self)
{
  GPtrArray *candidates = get_candidates (self);
  int index = get_selected (self);

  gtk_widget_set_sensitive (self->take, index >= 0);
  if (self->updating || candidates == NULL)
    return;
  orr_workbench_set_preview (get_bench (self),
                             index >= 0 ? ((const OrrCandidate *) candidates->pdata[index])->expr : NULL);
}

static void
update (OrrCandidatesView *self)
{
  GPtrArray *candidates = get_candidates (self);
  guint n = candidates != NULL ? candidates->len : 0;
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *index = g_strdup_printf ("%u", i);
      g_strv_builder_add (builder, index);
    }
  g_auto (GStrv) rows = g_strv_builder_end (builder);
  self->updating = TRUE;
  gtk_string_list_splice (self->rows, 0, g_list_model_get_n_items (G_LIST_MODEL (self->rows)),
                          (const char *const *) rows);
  select_index (self, -1);
  self->updating = FALSE;
  gtk_widget_set_visible (gtk_widget_get_parent (GTK_WIDGET (self->table)), n > 0);
  gtk_widget_set_visible (self->controls, n > 0);
  gtk_widget_set_sensitive (self->take, FALSE);
  update_chart (self);
}

/* Another equation is looked at, here or elsewhere. */
static void
preview_cb (OrrCandidatesView *self)
{
  GPtrArray *candidates = get_candidates (self);
  OrrExpr *preview = get_bench (self) != NULL ? orr_workbench_get_preview (get_bench (self)) : NULL;
  int index = -1;

  for (guint i = 0; candidates != NULL && preview != NULL && i < candidates->len; i++)
    if (((const OrrCandidate *) candidates->pdata[i])->expr == preview)
      index = i;
  if (index != get_selected (self) && !self->updating)
    {
      self->updating = TRUE;
      select_index (self, index);
      self->updating = FALSE;
    }
  update_chart (self);
}

typedef enum
{
  COLUMN_PINNED,
  COLUMN_EQUATION,
  COLUMN_COMPLEXITY,
  COLUMN_R2,
  COLUMN_HELD_OUT,
} Column;

static char *
dup_cell (OrrCandidatesView *self, const OrrCandidate *candidate, Column column)
{
  switch (column)
    {
    case COLUMN_COMPLEXITY:
      return g_strdup_printf ("%u", candidate->complexity);
    case COLUMN_R2:
      return orr_number_format_fixed (candidate->r2, 4);
    default:
      return orr_number_format_fixed (candidate->r2_held_out, 4);
    }
}

/* The formula as mathematics, as large as there is room for. */
static void
draw_formula_cb (GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer user_data)
{
  OrrCandidatesView *self = g_object_get_data (G_OBJECT (area), "view");
  GPtrArray *candidates = get_candidates (self);
  GtkListItem *item = user_data;
  gpointer row = gtk_list_item_get_item (item);
  OrrFormulaStyle style = { .size = FORMULA_SIZE, .marked = -1 };
  OrrHmmStyle colours;

  if (row == NULL || candidates == NULL || get_index (row) >= candidates->len)
    return;
  const OrrExpr *expr = ((const OrrCandidate *) candidates->pdata[get_index (row)])->expr;
  OrrDataset *dataset = orr_workbench_get_dataset (get_bench (self));
  g_auto (GStrv) names = dataset != NULL ? orr_dataset_input_names (dataset) : NULL;

  orr_hmm_theme_get (GTK_WIDGET (area), &colours);
  style.foreground = colours.foreground;
  style.accent = colours.accent;
  style.names = (const char *const *) names;
  style.n_names = dataset != NULL ? dataset->n_inputs : 0;
  orr_formula_draw_within (cr, expr, &style, SMALLEST_FORMULA, width, height, 0.0);
}

static void
pin_toggled_cb (GtkToggleButton *button, GtkListItem *item)
{
  OrrCandidatesView *self = g_object_get_data (G_OBJECT (button), "view");
  gpointer row = gtk_list_item_get_item (item);
  GPtrArray *candidates = get_candidates (self);

  if (!self->updating && row != NULL && candidates != NULL && get_index (row) < candidates->len)
    orr_workbench_pin_candidate (get_bench (self), get_index (row), gtk_toggle_button_get_active (button));
}

static GtkWidget *
create_cell (OrrCandidatesView *self, GtkListItem *item, Column column)
{
  GtkWidget *cell;

  switch (column)
    {
    case COLUMN_PINNED:
      cell = gtk_toggle_button_new ();
      gtk_button_set_icon_name (GTK_BUTTON (cell), "view-pin-symbolic");
      gtk_widget_add_css_class (cell, "flat");
      gtk_widget_set_tooltip_text (cell, _("Keep this equation when others are searched for"));
      gtk_accessible_update_property (GTK_ACCESSIBLE (cell), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Pin"), -1);
      g_object_set_data (G_OBJECT (cell), "view", self);
      g_signal_connect (cell, "toggled", G_CALLBACK (pin_toggled_cb), item);
      return cell;
    case COLUMN_EQUATION:
      cell = gtk_drawing_area_new ();
      gtk_drawing_area_set_content_height (GTK_DRAWING_AREA (cell), FORMULA_HEIGHT);
      gtk_drawing_area_set_content_width (GTK_DRAWING_AREA (cell), 90);
      gtk_drawing_area_set_draw_func (GTK_DRAWING_AREA (cell), draw_formula_cb, item, NULL);
      g_object_set_data (G_OBJECT (cell), "view", self);
      orr_hmm_theme_watch (cell);
      return cell;
    default:
      cell = gtk_label_new (NULL);
      gtk_label_set_xalign (GTK_LABEL (cell), 1.0);
      gtk_widget_add_css_class (cell, "numeric");
      return cell;
    }
}

static void
setup_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer column)
{
  OrrCandidatesView *self = g_object_get_data (G_OBJECT (factory), "view");

  gtk_list_item_set_child (item, create_cell (self, item, GPOINTER_TO_INT (column)));
}

static void
bind_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer data)
{
  OrrCandidatesView *self = g_object_get_data (G_OBJECT (factory), "view");
  GPtrArray *candidates = get_candidates (self);
  guint index = get_index (gtk_list_item_get_item (item));
  GtkWidget *cell = gtk_list_item_get_child (item);
  Column column = GPOINTER_TO_INT (data);
  gboolean updating = self->updating;

  if (candidates == NULL || index >= candidates->len)
    return;
  const OrrCandidate *candidate = candidates->pdata[index];
  if (column == COLUMN_PINNED)
    {
      self->updating = TRUE;
      gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (cell), candidate->pinned);
      self->updating = updating;
    }
  else if (column == COLUMN_EQUATION)
    {
      g_autofree char *text = print_expr (get_bench (self), candidate->expr, ORR_EXPR_TEXT);

      gtk_widget_set_tooltip_text (cell, text);
      gtk_accessible_update_property (GTK_ACCESSIBLE (cell), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
      gtk_widget_queue_draw (cell);
    }
  else
    {
      g_autofree char *text = dup_cell (self, candidate, column);
      gtk_label_set_text (GTK_LABEL (cell), text);
    }
}

static double
sort_key (const OrrCandidate *candidate, Column column)
{
  switch (column)
    {
    case COLUMN_PINNED:
      return candidate->pinned ? 0.0 : 1.0;
    case COLUMN_R2:
      return candidate->r2;
    case COLUMN_HELD_OUT:
      return candidate->r2_held_out;
    default:
      return candidate->complexity;
    }
}

typedef struct
{
  OrrCandidatesView *view;
  Column             column;
} Order;

static int
compare_cb (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const Order *order = user_data;
  GPtrArray *candidates = get_candidates (order->view);
  guint i = get_index ((gpointer) a), j = get_index ((gpointer) b);

  if (candidates == NULL || i >= candidates->len || j >= candidates->len)
    return GTK_ORDERING_EQUAL;
  double x = sort_key (candidates->pdata[i], order->column), y = sort_key (candidates->pdata[j], order->column);
  /* What has no number is worst. */
  if (isnan (x) || isnan (y))
    return gtk_ordering_from_cmpfunc (isnan (y) - isnan (x));
  return gtk_ordering_from_cmpfunc ((x > y) - (x < y));
}

static void
add_column (OrrCandidatesView *self, const char *title, Column column)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  Order *order = g_new (Order, 1);

  *order = (Order){ self, column };
  g_object_set_data (G_OBJECT (factory), "view", self);
  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), GINT_TO_POINTER (column));
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), GINT_TO_POINTER (column));
  g_autoptr (GtkColumnViewColumn) view_column = gtk_column_view_column_new (title, factory);
  g_autoptr (GtkSorter) sorter = GTK_SORTER (gtk_custom_sorter_new (compare_cb, order, g_free));
  gtk_column_view_column_set_sorter (view_column, sorter);
  gtk_column_view_column_set_expand (view_column, column == COLUMN_EQUATION);
  gtk_column_view_column_set_resizable (view_column, column != COLUMN_PINNED);
  gtk_column_view_append_column (self->table, view_column);
}

static void
activate_cb (OrrCandidatesView *self, guint position)
{
  g_autoptr (GtkStringObject) row = g_list_model_get_item (G_LIST_MODEL (self->selection), position);
  GPtrArray *candidates = get_candidates (self);

  if (row != NULL && candidates != NULL && get_index (row) < candidates->len)
    orr_workbench_take_candidate (get_bench (self), get_index (row));
}

static void
take_clicked_cb (OrrCandidatesView *self)
{
  int index = get_selected (self);

  if (index >= 0)
    orr_workbench_take_candidate (get_bench (self), index);
}

/* P pins, Delete takes off the list, Escape looks away. */
static gboolean
key_cb (GtkEventControllerKey *controller, guint key, guint code, GdkModifierType state, OrrCandidatesView *self)
{
  int index = get_selected (self);

  if (index < 0 || (state & (GDK_CONTROL_MASK | GDK_ALT_MASK)) != 0)
    return GDK_EVENT_PROPAGATE;
  const OrrCandidate *candidate = get_candidates (self)->pdata[index];
  switch (key)
    {
    case GDK_KEY_p:
      orr_workbench_pin_candidate (get_bench (self), index, !candidate->pinned);
      select_index (self, index);
      return GDK_EVENT_STOP;
    case GDK_KEY_Delete:
      orr_workbench_remove_candidate (get_bench (self), index);
      return GDK_EVENT_STOP;
    case GDK_KEY_Escape:
      select_index (self, -1);
      return GDK_EVENT_STOP;
    default:
      return GDK_EVENT_PROPAGATE;
    }
}

static void
create_table (OrrCandidatesView *self)
{
  GtkWidget *scroller = gtk_scrolled_window_new ();
  GtkEventController *keys = gtk_event_controller_key_new ();

  self->table = GTK_COLUMN_VIEW (gtk_column_view_new (NULL));
  GtkSorter *sorter = g_object_ref (gtk_column_view_get_sorter (self->table));
  GtkSortListModel *sorted = gtk_sort_list_model_new (g_object_ref (G_LIST_MODEL (self->rows)), sorter);
  self->selection = gtk_single_selection_new (G_LIST_MODEL (sorted));
  gtk_single_selection_set_autoselect (self->selection, FALSE);
  gtk_single_selection_set_can_unselect (self->selection, TRUE);
  g_signal_connect_object (self->selection, "notify::selected", G_CALLBACK (selected_cb), self, G_CONNECT_SWAPPED);
  gtk_column_view_set_model (self->table, GTK_SELECTION_MODEL (self->selection));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->table), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Candidates"), -1);
  add_column (self, "", COLUMN_PINNED);
  add_column (self, _("Equation"), COLUMN_EQUATION);
  add_column (self, _("Complexity"), COLUMN_COMPLEXITY);
  add_column (self, _("R²"), COLUMN_R2);
  add_column (self, _("Held out"), COLUMN_HELD_OUT);
  g_signal_connect_object (self->table, "activate", G_CALLBACK (activate_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect (keys, "key-pressed", G_CALLBACK (key_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self->table), keys);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), GTK_WIDGET (self->table));
  gtk_scrolled_window_set_min_content_height (GTK_SCROLLED_WINDOW (scroller), TABLE_HEIGHT);
  gtk_widget_set_vexpand (scroller, TRUE);
  gtk_box_append (GTK_BOX (self->box), scroller);
}

static void
create_controls (OrrCandidatesView *self)
{
  self->controls = g_object_ref_sink (gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6));
  self->take = gtk_button_new_with_label (_("Take"));
  gtk_widget_add_css_class (self->take, "flat");
  gtk_widget_set_tooltip_text (self->take, _("Put the selected equation on the canvas (Enter, or a double click)"));
  g_signal_connect_object (self->take, "clicked", G_CALLBACK (take_clicked_cb), self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (self->controls), self->take);
}

/* GObject ----------------------------------------------------------------------------------------- */

static void
orr_candidates_view_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_SESSION)
    g_value_set_object (value, ORR_CANDIDATES_VIEW (object)->session);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
orr_candidates_view_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id == PROP_SESSION)
    orr_candidates_view_set_session (ORR_CANDIDATES_VIEW (object), g_value_get_object (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
orr_candidates_view_dispose (GObject *object)
{
  OrrCandidatesView *self = ORR_CANDIDATES_VIEW (object);

  if (self->session != NULL)
    g_signal_handlers_disconnect_by_data (orr_session_get_workbench (self->session), self);
  g_clear_object (&self->session);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_object (&self->selection);
  g_clear_object (&self->rows);
  g_clear_object (&self->controls);
  G_OBJECT_CLASS (orr_candidates_view_parent_class)->dispose (object);
}

static void
orr_candidates_view_class_init (OrrCandidatesViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = orr_candidates_view_get_property;
  object_class->set_property = orr_candidates_view_set_property;
  object_class->dispose = orr_candidates_view_dispose;
  props[PROP_SESSION] = g_param_spec_object ("session", NULL, NULL, ORR_TYPE_SESSION,
                                             G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, props);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "orrcandidatesview");
}

static void
orr_candidates_view_init (OrrCandidatesView *self)
{
  self->rows = gtk_string_list_new (NULL);
  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
  self->chart = ORR_CHART (orr_chart_new ());
  gtk_widget_set_vexpand (GTK_WIDGET (self->chart), TRUE);
  gtk_box_append (GTK_BOX (self->box), GTK_WIDGET (self->chart));
  g_signal_connect_object (self->chart, "picked", G_CALLBACK (picked_cb), self, G_CONNECT_SWAPPED);
  create_controls (self);
  create_table (self);
  update (self);
}

GtkWidget *
orr_candidates_view_new (OrrSession *session)
{
  return g_object_new (ORR_TYPE_CANDIDATES_VIEW, "session", session, NULL);
}

/**
 * orr_candidates_view_set_session:
 * @session: (nullable): whose candidates to show
 */
void
orr_candidates_view_set_session (OrrCandidatesView *self, OrrSession *session)
{
  g_return_if_fail (ORR_IS_CANDIDATES_VIEW (self));

  if (self->session == session)
    return;
  if (self->session != NULL)
    g_signal_handlers_disconnect_by_data (orr_session_get_workbench (self->session), self);
  g_set_object (&self->session, session);
  if (session != NULL)
    {
      OrrWorkbench *bench = orr_session_get_workbench (session);

      g_signal_connect_object (bench, "notify::equations", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (bench, "notify::preview", G_CALLBACK (preview_cb), self, G_CONNECT_SWAPPED);
    }
  update (self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_SESSION]);
}

static OrrFigure *
create_figure (OrrView *view)
{
  return orr_view_create_figure (ORR_VIEW (ORR_CANDIDATES_VIEW (view)->chart));
}

/* Equations as text, LaTeX and Python, one a row. */
static char *
dup_csv (OrrView *view)
{
  OrrCandidatesView *self = ORR_CANDIDATES_VIEW (view);
  GPtrArray *candidates = get_candidates (self);
  GString *csv = g_string_new ("complexity,r2,r2_held_out,pinned,text,latex,python\n");

  for (guint i = 0; candidates != NULL && i < candidates->len; i++)
    {
      const OrrCandidate *candidate = candidates->pdata[i];
      g_autofree char *text = print_expr (get_bench (self), candidate->expr, ORR_EXPR_TEXT);
      g_autofree char *latex = print_expr (get_bench (self), candidate->expr, ORR_EXPR_LATEX);
      g_autofree char *python = print_expr (get_bench (self), candidate->expr, ORR_EXPR_PYTHON);

      g_string_append_printf (csv, "%u,%.17g,%.17g,%d,\"%s\",\"%s\",\"%s\"\n", candidate->complexity, candidate->r2,
                              candidate->r2_held_out, candidate->pinned, text, latex, python);
    }
  return g_string_free (csv, FALSE);
}

static GtkWidget *
get_controls (OrrView *view)
{
  return ORR_CANDIDATES_VIEW (view)->controls;
}

static void
view_init (OrrViewInterface *iface)
{
  iface->create_figure = create_figure;
  iface->get_controls = get_controls;
  iface->dup_csv = dup_csv;
}
