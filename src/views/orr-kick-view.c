/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-kick-view.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <math.h>

#include "orr-kick-row.h"
#include "orr-number.h"
#include "orr-section.h"
#include "orr-section-status.h"
#include "orr-session-analysis.h"
#include "orr-view.h"

/**
 * OrrKickView:
 *
 * The kick neurons of the run that is shown, one a line: sortable, and selected
 * together with the session's units. Its button does the analyses that are missing.
 */
struct _OrrKickView
{
  GtkWidget parent;

  OrrSession        *session;
  GtkStack          *stack;
  GtkLabel          *message;
  GtkColumnView     *table;
  GtkWidget         *controls;
  GtkWidget         *analyze;
  GtkWidget         *box;
  OrrSectionStatus  *status;
  GListStore        *rows;
  GtkMultiSelection *selection;
  GVariant          *section;  /* (nullable): what is shown */
  gboolean           selecting; /* a selection is being passed on */
};

enum
{
  PROP_0,
  PROP_SESSION,
  N_PROPS,
};

static GParamSpec *props[N_PROPS];

static void view_init (OrrViewInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (OrrKickView, orr_kick_view, GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (ORR_TYPE_VIEW, view_init))

/* Columns ----------------------------------------------------------------------------------------- */

typedef enum
{
  COLUMN_DIRECTION,
  COLUMN_UNIT,
  COLUMN_EFFECT,
  COLUMN_RATIO,
  COLUMN_P,
  COLUMN_CROSSING,
  COLUMN_AUC,
  COLUMN_STABILITY,
  N_COLUMNS,
} Column;

static const struct
{
  const char *title;
  int         width; /* pixels; the first column takes what is left */
  const char *why;
} columns[N_COLUMNS] = {
  { N_("Jump"), -1, N_("The transition of the leading symbol that the unit brings about") },
  { N_("Unit"), 36, N_("Number of the hidden unit") },
  { N_("Alone"), 48, N_("Causal score: change of the transition\342\200\231s rate when this unit alone is silenced") },
  { N_("Left"), 76, N_("Rate that is left with its whole group silenced / with a random group of the same size silenced (mean of 199)") },
  { N_("p"), 44, N_("Share of the 199 random groups that lower the rate as far as its group") },
  { N_("Lead"), 42, N_("Mean steps before the jump at which its pre-activation crosses zero") },
  { N_("AUC"), 38, N_("How well its activity in the last 3 steps before the jump separates from that deep in the state: 0.5 is chance") },
  { N_("Again"), 50, N_("Share of the searches with other seeds that found the unit too; without any, overlap with the group found on the other half of the steps") },
};

static double
value_of (const OrrKickRow *row, Column column)
{
  switch (column)
    {
    case COLUMN_DIRECTION:
      return row->from * 1000.0 + row->to;
    case COLUMN_UNIT:
      return row->unit;
    case COLUMN_EFFECT:
      return row->effect;
    case COLUMN_CROSSING:
      return row->crossing_time;
    case COLUMN_AUC:
      return row->auc;
    case COLUMN_RATIO:
      return row->ratio;
    case COLUMN_STABILITY:
      return row->stability;
    default:
      return row->p_value;
    }
}

static char *
dup_percent (double share, gboolean sign)
{
  g_autofree char *number = orr_number_format_fixed (100.0 * share, 0);

  return isfinite (share) && sign ? g_strdup_printf ("%s\342\200\257%%", number) : g_steal_pointer (&number);
}

static char *
text_of (const OrrKickRow *row, Column column)
{
  double value = value_of (row, column);

  switch (column)
    {
    case COLUMN_DIRECTION:
      return g_strdup (row->direction);
    case COLUMN_UNIT:
      return g_strdup_printf ("%u", row->unit);
    case COLUMN_EFFECT:
    case COLUMN_STABILITY:
      return dup_percent (value, TRUE);
    case COLUMN_RATIO:
      {
        g_autofree char *group = dup_percent (value, FALSE), *random = dup_percent (row->control_ratio, TRUE);
        return g_strdup_printf ("%s / %s", group, random);
      }
    case COLUMN_CROSSING:
      return orr_number_format_fixed (value, 1);
    default:
      return orr_number_format_fixed (value, column == COLUMN_P ? 3 : 2);
    }
}

static int
compare_rows (gconstpointer a, gconstpointer b, gpointer user_data)
{
  double x = value_of (a, GPOINTER_TO_INT (user_data)), y = value_of (b, GPOINTER_TO_INT (user_data));

  /* what is not known comes last */
  if (isnan (x) || isnan (y))
    return isnan (x) - isnan (y);
  return (x > y) - (x < y);
}

static void
setup_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer user_data)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), GPOINTER_TO_INT (user_data) == COLUMN_DIRECTION ? 0.0 : 1.0);
  /* long names of symbols must not push the numbers out of sight */
  if (GPOINTER_TO_INT (user_data) == COLUMN_DIRECTION)
    {
      gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_MIDDLE);
      gtk_label_set_width_chars (GTK_LABEL (label), 5);
    }
  gtk_widget_add_css_class (label, "numeric");
  gtk_widget_set_tooltip_text (label, _(columns[GPOINTER_TO_INT (user_data)].why));
  gtk_list_item_set_child (item, label);
}

static void
bind_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer user_data)
{
  g_autofree char *text = text_of (gtk_list_item_get_item (item), GPOINTER_TO_INT (user_data));

  gtk_label_set_label (GTK_LABEL (gtk_list_item_get_child (item)), text);
}

static void
add_column (OrrKickView *self, Column column)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  const char *title = columns[column].title;
  g_autoptr (GtkColumnViewColumn) item = NULL;
  g_autoptr (GtkSorter) sorter =
    GTK_SORTER (gtk_custom_sorter_new (compare_rows, GINT_TO_POINTER (column), NULL));

  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), GINT_TO_POINTER (column));
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), GINT_TO_POINTER (column));
  item = gtk_column_view_column_new (_(title), factory);
  gtk_column_view_column_set_sorter (item, sorter);
  gtk_column_view_column_set_expand (item, column == COLUMN_DIRECTION);
  gtk_column_view_column_set_fixed_width (item, columns[column].width);
  gtk_column_view_append_column (self->table, item);
}

/* Selection --------------------------------------------------------------------------------------- */

/* How clearly a transition between two states of the model is this change of symbols: the
 * probability that moves from one to the other, or 0 where it is another change. */
static double
match_jump (const OrrHmm *hmm, guint from, guint to, guint left, guint right)
{
  const double *before = hmm->emission + (gsize) from * hmm->n_symbols, *after = hmm->emission + (gsize) to * hmm->n_symbols;
  double fall = before[left] - after[left], rise = after[right] - before[right];

  for (guint k = 0; k < hmm->n_symbols; k++)
    if (before[k] - after[k] > fall || after[k] - before[k] > rise)
      return 0.0;
  return MIN (fall, rise);
}

/* Selects the model's transition that the rows bring about, where they agree on one. */
static void
select_jump (OrrKickView *self, GtkBitset *places)
{
  GListModel *model = G_LIST_MODEL (self->selection);
  OrrHmm *hmm = orr_session_get_hmm (self->session);
  int best_from = -1, best_to = -1;
  double best = 0.0;
  g_autoptr (OrrKickRow) first = NULL;

  for (guint64 i = 0; i < gtk_bitset_get_size (places); i++)
    {
      g_autoptr (OrrKickRow) row = g_list_model_get_item (model, gtk_bitset_get_nth (places, i));

      if (first != NULL && (row->from != first->from || row->to != first->to))
        return;
      g_set_object (&first, row);
    }
  if (first == NULL || MAX (first->from, first->to) >= hmm->n_symbols)
    return;
  for (guint from = 0; from < hmm->n_states; from++)
    for (guint to = 0; to < hmm->n_states; to++)
      {
        double match = from != to && hmm->transition[(gsize) from * hmm->n_states + to] > 0.0
                         ? match_jump (hmm, from, to, first->from, first->to)
                         : 0.0;

        if (match > best + 1e-9)
          {
            best = match;
            best_from = from;
            best_to = to;
          }
      }
  if (best > 0.0)
    orr_session_select_transition (self->session, best_from, best_to);
}

static void
rows_selected_cb (OrrKickView *self)
{
  GListModel *model = G_LIST_MODEL (self->selection);
  g_autoptr (GtkBitset) places = gtk_selection_model_get_selection (GTK_SELECTION_MODEL (self->selection));
  g_autoptr (GtkBitset) units = gtk_bitset_new_empty ();
  GtkBitsetIter iter;
  guint place;

  if (self->selecting || self->session == NULL)
    return;
  for (gboolean more = gtk_bitset_iter_init_first (&iter, places, &place); more;
       more = gtk_bitset_iter_next (&iter, &place))
    {
      g_autoptr (OrrKickRow) row = g_list_model_get_item (model, place);

      gtk_bitset_add (units, row->unit);
    }
  self->selecting = TRUE;
  orr_session_set_units (self->session, units);
  select_jump (self, places);
  self->selecting = FALSE;
}

static void
units_changed_cb (OrrKickView *self)
{
  GListModel *model = G_LIST_MODEL (self->selection);
  guint n = g_list_model_get_n_items (model);
  GtkBitset *units = orr_session_get_units (self->session);
  g_autoptr (GtkBitset) selected = gtk_bitset_new_empty ();
  g_autoptr (GtkBitset) all = gtk_bitset_new_range (0, n);

  if (self->selecting)
    return;
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (OrrKickRow) row = g_list_model_get_item (model, i);

      if (gtk_bitset_contains (units, row->unit))
        gtk_bitset_add (selected, i);
    }
  self->selecting = TRUE;
  gtk_selection_model_set_selection (GTK_SELECTION_MODEL (self->selection), selected, all);
  self->selecting = FALSE;
}

/* Content ----------------------------------------------------------------------------------------- */

static void
show_message (OrrKickView *self, const OrrRun *run)
{
  g_autofree char *reason = orr_section_dup_string (self->section, "reason");

  if (run == NULL)
    gtk_label_set_label (self->message, _("Train or open a network to find the units that make it jump"));
  else if (reason != NULL)
    gtk_label_set_label (self->message, reason);
  else if (self->section != NULL)
    gtk_label_set_label (self->message, _("No group of units was found that makes the network jump"));
  else
    gtk_label_set_label (self->message, _("Analyze the network to find the units that make it jump"));
  gtk_stack_set_visible_child_name (self->stack, "message");
}

static void
update (OrrKickView *self)
{
  OrrRun *run = self->session != NULL ? orr_session_get_run (self->session) : NULL;
  g_autoptr (GVariant) section = run != NULL ? orr_run_get_section (run, "kick_neurons") : NULL;
  const OrrHmm *hmm = run != NULL && run->hmm != NULL ? run->hmm
                      : self->session != NULL         ? orr_session_get_hmm (self->session)
                                                      : NULL;

  gtk_widget_set_sensitive (self->analyze, run != NULL);
  orr_section_status_set (self->status, self->session, "kick_neurons");
  if (section == NULL || self->section == NULL || !g_variant_equal (section, self->section))
    {
      g_clear_pointer (&self->section, g_variant_unref);
      self->section = section != NULL ? g_variant_ref (section) : NULL;
      self->selecting = TRUE;
      orr_kick_rows_fill (self->rows, section, hmm);
      self->selecting = FALSE;
      if (self->session != NULL)
        units_changed_cb (self);
    }
  if (g_list_model_get_n_items (G_LIST_MODEL (self->rows)) > 0)
    gtk_stack_set_visible_child_name (self->stack, "table");
  else
    show_message (self, run);
}

static void
analyze_cb (OrrKickView *self)
{
  if (self->session != NULL)
    orr_session_analyze (self->session, NULL);
}

static void
create_table (OrrKickView *self)
{
  GtkSorter *sorter;
  GtkSortListModel *sorted;
  GtkWidget *scrolled = gtk_scrolled_window_new ();

  self->rows = g_list_store_new (ORR_TYPE_KICK_ROW);
  self->table = GTK_COLUMN_VIEW (gtk_column_view_new (NULL));
  for (guint column = 0; column < N_COLUMNS; column++)
    add_column (self, column);
  sorter = gtk_column_view_get_sorter (self->table);
  sorted = gtk_sort_list_model_new (G_LIST_MODEL (g_object_ref (self->rows)), g_object_ref (sorter));
  self->selection = gtk_multi_selection_new (G_LIST_MODEL (sorted));
  gtk_column_view_set_model (self->table, GTK_SELECTION_MODEL (self->selection));
  gtk_widget_add_css_class (GTK_WIDGET (self->table), "data-table");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->table), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Kick neurons"), -1);
  g_signal_connect_object (self->selection, "selection-changed", G_CALLBACK (rows_selected_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), GTK_WIDGET (self->table));
  gtk_stack_add_named (self->stack, scrolled, "table");
}

static void
create_message (OrrKickView *self)
{
  self->message = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_wrap (self->message, TRUE);
  gtk_label_set_justify (self->message, GTK_JUSTIFY_CENTER);
  gtk_label_set_max_width_chars (self->message, 40);
  gtk_widget_add_css_class (GTK_WIDGET (self->message), "dim-label");
  gtk_widget_set_margin_start (GTK_WIDGET (self->message), 12);
  gtk_widget_set_margin_end (GTK_WIDGET (self->message), 12);
  gtk_stack_add_named (self->stack, GTK_WIDGET (self->message), "message");
}

/* What each column means, under the (i). */
static void
explain_columns (OrrKickView *self)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint column = 0; column < N_COLUMNS; column++)
    g_string_append_printf (text, "%s%s: %s.", column > 0 ? "\n" : "", _(columns[column].title), _(columns[column].why));
  orr_section_status_set_details (self->status, text->str);
}

static void
orr_kick_view_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_SESSION)
    g_value_set_object (value, ORR_KICK_VIEW (object)->session);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
orr_kick_view_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id == PROP_SESSION)
    orr_kick_view_set_session (ORR_KICK_VIEW (object), g_value_get_object (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
orr_kick_view_dispose (GObject *object)
{
  OrrKickView *self = ORR_KICK_VIEW (object);

  if (self->session != NULL)
    g_signal_handlers_disconnect_by_data (self->session, self);
  g_clear_object (&self->session);
  g_clear_object (&self->controls);
  g_clear_object (&self->rows);
  g_clear_object (&self->selection);
  g_clear_pointer (&self->section, g_variant_unref);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  G_OBJECT_CLASS (orr_kick_view_parent_class)->dispose (object);
}

static void
orr_kick_view_class_init (OrrKickViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = orr_kick_view_get_property;
  object_class->set_property = orr_kick_view_set_property;
  object_class->dispose = orr_kick_view_dispose;
  props[PROP_SESSION] = g_param_spec_object ("session", NULL, NULL, ORR_TYPE_SESSION,
                                             G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, props);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "orrkickview");
}

static void
orr_kick_view_init (OrrKickView *self)
{
  self->stack = GTK_STACK (gtk_stack_new ());
  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  self->status = ORR_SECTION_STATUS (orr_section_status_new ());
  gtk_widget_set_vexpand (GTK_WIDGET (self->stack), TRUE);
  gtk_box_append (GTK_BOX (self->box), GTK_WIDGET (self->stack));
  gtk_box_append (GTK_BOX (self->box), GTK_WIDGET (self->status));
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
  create_message (self);
  create_table (self);
  self->controls = g_object_ref_sink (gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0));
  self->analyze = gtk_button_new_with_label (_("Analyze"));
  gtk_widget_set_valign (self->analyze, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (self->analyze, _("Do all analyses that the network does not have yet"));
  g_signal_connect_object (self->analyze, "clicked", G_CALLBACK (analyze_cb), self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (self->controls), self->analyze);
  explain_columns (self);
  gtk_box_append (GTK_BOX (self->controls), orr_section_status_get_buttons (self->status));
  update (self);
}

GtkWidget *
orr_kick_view_new (OrrSession *session)
{
  return g_object_new (ORR_TYPE_KICK_VIEW, "session", session, NULL);
}

/**
 * orr_kick_view_set_session:
 * @session: (nullable): whose run to show
 */
void
orr_kick_view_set_session (OrrKickView *self, OrrSession *session)
{
  g_return_if_fail (ORR_IS_KICK_VIEW (self));
  if (self->session == session)
    return;
  if (self->session != NULL)
    g_signal_handlers_disconnect_by_data (self->session, self);
  g_set_object (&self->session, session);
  if (session != NULL)
    {
      g_signal_connect_object (session, "notify::run", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (session, "notify::units", G_CALLBACK (units_changed_cb), self, G_CONNECT_SWAPPED);
    }
  update (self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_SESSION]);
}

static GtkWidget *
get_controls (OrrView *view)
{
  return ORR_KICK_VIEW (view)->controls;
}

static char *
dup_csv (OrrView *view)
{
  OrrKickView *self = ORR_KICK_VIEW (view);

  return g_list_model_get_n_items (G_LIST_MODEL (self->rows)) > 0
           ? orr_kick_rows_to_csv (G_LIST_MODEL (self->selection))
           : NULL;
}

static void
view_init (OrrViewInterface *iface)
{
  iface->get_controls = get_controls;
  iface->dup_csv = dup_csv;
}
