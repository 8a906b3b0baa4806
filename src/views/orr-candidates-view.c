/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-candidates-view.h"

#include <glib/gi18n.h>
#include <math.h>

#include "orr-chart.h"
#include "orr-expr-print.h"
#include "orr-figure-pareto.h"
#include "orr-view.h"

#define TEXT_DIGITS 4

/**
 * OrrCandidatesView:
 *
 * The equations that were found: error against complexity, and a table. A row or
 * a point that is chosen goes onto the canvas.
 */
struct _OrrCandidatesView
{
  GtkWidget parent;

  OrrSession     *session;
  OrrChart       *chart;
  GtkWidget      *box;
  GtkStringList  *rows; /* one string a candidate: its index in the study */
  GtkColumnView  *table;
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
  OrrDataset *dataset = orr_workbench_get_dataset (bench);
  g_auto (GStrv) names = dataset != NULL ? orr_dataset_input_names (dataset) : NULL;
  OrrExprPrint how = { .format = format, .names = (const char *const *) names,
                       .n_names = dataset != NULL ? dataset->n_inputs : 0,
                       .digits = format == ORR_EXPR_TEXT ? TEXT_DIGITS : 0 };

  return orr_expr_print (expr, &how);
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
      if (shown < 0 && orr_expr_equal (candidate->expr, orr_workbench_get_expr (get_bench (self))))
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
          orr_workbench_take_candidate (get_bench (self), i);
          return;
        }
    }
}

/* The table --------------------------------------------------------------------------------------- */

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
  gtk_string_list_splice (self->rows, 0, g_list_model_get_n_items (G_LIST_MODEL (self->rows)),
                          (const char *const *) rows);
  gtk_widget_set_visible (gtk_widget_get_parent (GTK_WIDGET (self->table)), n > 0);
  update_chart (self);
}

typedef enum
{
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
    case COLUMN_EQUATION:
      return print_expr (get_bench (self), candidate->expr, ORR_EXPR_TEXT);
    case COLUMN_COMPLEXITY:
      return g_strdup_printf ("%u", candidate->complexity);
    case COLUMN_R2:
      return g_strdup_printf ("%.6g", candidate->r2);
    default:
      return isnan (candidate->r2_held_out) ? g_strdup ("–") : g_strdup_printf ("%.6g", candidate->r2_held_out);
    }
}

static void
setup_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer column)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), GPOINTER_TO_INT (column) == COLUMN_EQUATION ? 0.0 : 1.0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_list_item_set_child (item, label);
}

static void
bind_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer column)
{
  OrrCandidatesView *self = g_object_get_data (G_OBJECT (factory), "view");
  GPtrArray *candidates = get_candidates (self);
  GtkStringObject *row = gtk_list_item_get_item (item);
  guint index = g_ascii_strtoull (gtk_string_object_get_string (row), NULL, 10);
  GtkWidget *label = gtk_list_item_get_child (item);

  if (candidates == NULL || index >= candidates->len)
    return;
  g_autofree char *text = dup_cell (self, candidates->pdata[index], GPOINTER_TO_INT (column));
  gtk_label_set_text (GTK_LABEL (label), text);
  gtk_widget_set_tooltip_text (label, GPOINTER_TO_INT (column) == COLUMN_EQUATION ? text : NULL);
}

static void
add_column (OrrCandidatesView *self, const char *title, Column column)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

  g_object_set_data (G_OBJECT (factory), "view", self);
  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), GINT_TO_POINTER (column));
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), GINT_TO_POINTER (column));
  g_autoptr (GtkColumnViewColumn) view_column = gtk_column_view_column_new (title, factory);
  gtk_column_view_column_set_expand (view_column, column == COLUMN_EQUATION);
  gtk_column_view_column_set_resizable (view_column, TRUE);
  gtk_column_view_append_column (self->table, view_column);
}

static void
activate_cb (OrrCandidatesView *self, guint position)
{
  GPtrArray *candidates = get_candidates (self);

  if (candidates != NULL && position < candidates->len)
    orr_workbench_take_candidate (get_bench (self), position);
}

static void
create_table (OrrCandidatesView *self)
{
  GtkSingleSelection *selection = gtk_single_selection_new (g_object_ref (G_LIST_MODEL (self->rows)));
  GtkWidget *scroller = gtk_scrolled_window_new ();

  gtk_single_selection_set_autoselect (selection, FALSE);
  self->table = GTK_COLUMN_VIEW (gtk_column_view_new (GTK_SELECTION_MODEL (selection)));
  gtk_column_view_set_single_click_activate (self->table, TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->table), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Candidates"), -1);
  add_column (self, _("Equation"), COLUMN_EQUATION);
  add_column (self, _("Complexity"), COLUMN_COMPLEXITY);
  add_column (self, _("R²"), COLUMN_R2);
  add_column (self, _("Held out"), COLUMN_HELD_OUT);
  g_signal_connect_object (self->table, "activate", G_CALLBACK (activate_cb), self, G_CONNECT_SWAPPED);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), GTK_WIDGET (self->table));
  gtk_widget_set_vexpand (scroller, TRUE);
  gtk_box_append (GTK_BOX (self->box), scroller);
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
  g_clear_object (&self->rows);
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
  GString *csv = g_string_new ("complexity,r2,r2_held_out,text,latex,python\n");

  for (guint i = 0; candidates != NULL && i < candidates->len; i++)
    {
      const OrrCandidate *candidate = candidates->pdata[i];
      g_autofree char *text = print_expr (get_bench (self), candidate->expr, ORR_EXPR_TEXT);
      g_autofree char *latex = print_expr (get_bench (self), candidate->expr, ORR_EXPR_LATEX);
      g_autofree char *python = print_expr (get_bench (self), candidate->expr, ORR_EXPR_PYTHON);

      g_string_append_printf (csv, "%u,%.17g,%.17g,\"%s\",\"%s\",\"%s\"\n", candidate->complexity, candidate->r2,
                              candidate->r2_held_out, text, latex, python);
    }
  return g_string_free (csv, FALSE);
}

static void
view_init (OrrViewInterface *iface)
{
  iface->create_figure = create_figure;
  iface->dup_csv = dup_csv;
}
