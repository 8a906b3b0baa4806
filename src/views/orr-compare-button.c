/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-compare-button.h"

#include <glib/gi18n.h>
#include <math.h>

#include "orr-colour.h"
#include "orr-number.h"

#define SWATCH_WIDTH 22
#define SWATCH_HEIGHT 16

/**
 * OrrCompareButton:
 *
 * A button that opens the list of the study's networks: a check for each that is
 * compared, its colour in the charts and what it reached. A click on a row opens that
 * network.
 */
struct _OrrCompareButton
{
  GtkWidget parent_instance;

  GtkMenuButton *button;
  GtkListBox    *list;
  GtkWidget     *empty;
  GtkWidget     *all;
  GtkWidget     *none;

  OrrSession *session;
  gboolean    updating;
};

G_DEFINE_FINAL_TYPE (OrrCompareButton, orr_compare_button, GTK_TYPE_WIDGET)

static OrrStudy *
get_study (OrrCompareButton *self)
{
  return orr_document_get_study (orr_session_get_document (self->session));
}

static const char *
get_id (gpointer widget)
{
  return g_object_get_data (G_OBJECT (widget), "run-id");
}

/* Rows ----------------------------------------------------------------------------------------------- */

/* A piece of its curve. */
static void
draw_swatch_cb (GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer user_data)
{
  guint place = GPOINTER_TO_UINT (user_data);
  guint32 rgb = orr_colour_qualitative (place);

  cairo_set_source_rgb (cr, orr_colour_red (rgb), orr_colour_green (rgb), orr_colour_blue (rgb));
  cairo_set_line_width (cr, 3.0);
  if (place / ORR_COLOUR_N_QUALITATIVE % 2 == 1)
    cairo_set_dash (cr, (double[]){ 4.0, 3.0 }, 2, 0.0);
  cairo_move_to (cr, 0.0, height / 2.0);
  cairo_line_to (cr, width, height / 2.0);
  cairo_stroke (cr);
}

/* "loss 4.09 at epoch 473, 150 hidden units" */
static char *
describe (const OrrRun *run)
{
  GString *text = g_string_new (NULL);

  for (gsize i = 0; run->history != NULL && i < run->history->rows; i++)
    {
      const float *row = orr_matrix_row (run->history, i);

      if (row[ORR_HISTORY_EPOCH] != run->best_epoch)
        continue;
      g_autofree char *loss = orr_number_format (row[ORR_HISTORY_VALIDATION_LOSS], 4);
      g_string_append_printf (text, _("loss %s at epoch %u, "), loss, run->best_epoch);
      break;
    }
  if (run->history == NULL)
    g_string_append (text, _("no training history, "));
  g_string_append_printf (text, _("%u hidden units"), run->network->n_hidden);
  return g_string_free (text, FALSE);
}

static void
toggled_cb (GtkCheckButton *check, OrrCompareButton *self)
{
  if (!self->updating)
    orr_run_choice_set (orr_session_get_choice (self->session), get_id (check), gtk_check_button_get_active (check));
}

static GtkWidget *
create_check (OrrCompareButton *self, const OrrRun *run)
{
  GtkWidget *check = gtk_check_button_new ();
  g_autofree char *name = g_strdup_printf (_("Compare %s"), run->name);

  g_object_set_data_full (G_OBJECT (check), "run-id", g_strdup (run->id), g_free);
  gtk_check_button_set_active (GTK_CHECK_BUTTON (check),
                               orr_run_choice_contains (orr_session_get_choice (self->session), run->id));
  gtk_widget_set_valign (check, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (check, name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (check), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  g_signal_connect_object (check, "toggled", G_CALLBACK (toggled_cb), self, 0);
  return check;
}

static GtkWidget *
create_text (const OrrRun *run, gboolean shown)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0), *name = gtk_label_new (run->name);
  g_autofree char *detail = describe (run);
  g_autofree char *text = shown ? g_strdup_printf (_("%s \302\267 shown"), detail) : g_strdup (detail);
  GtkWidget *caption = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (name), 0.0);
  gtk_label_set_ellipsize (GTK_LABEL (name), PANGO_ELLIPSIZE_END);
  gtk_label_set_xalign (GTK_LABEL (caption), 0.0);
  gtk_widget_add_css_class (caption, "caption");
  gtk_widget_add_css_class (caption, "dim-label");
  gtk_widget_add_css_class (caption, "numeric");
  if (shown)
    {
      g_autoptr (PangoAttrList) bold = pango_attr_list_new ();

      pango_attr_list_insert (bold, pango_attr_weight_new (PANGO_WEIGHT_BOLD));
      gtk_label_set_attributes (GTK_LABEL (name), bold);
    }
  gtk_box_append (GTK_BOX (box), name);
  gtk_box_append (GTK_BOX (box), caption);
  gtk_widget_set_hexpand (box, TRUE);
  return box;
}

static GtkWidget *
create_row (OrrCompareButton *self, const OrrRun *run, guint place, gboolean shown)
{
  GtkWidget *row = gtk_list_box_row_new (), *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);
  GtkWidget *check = create_check (self, run), *swatch = gtk_drawing_area_new ();
  g_autofree char *name = g_strdup_printf (_("Open %s"), run->name);

  gtk_drawing_area_set_content_width (GTK_DRAWING_AREA (swatch), SWATCH_WIDTH);
  gtk_drawing_area_set_content_height (GTK_DRAWING_AREA (swatch), SWATCH_HEIGHT);
  gtk_drawing_area_set_draw_func (GTK_DRAWING_AREA (swatch), draw_swatch_cb, GUINT_TO_POINTER (place), NULL);
  gtk_widget_set_valign (swatch, GTK_ALIGN_CENTER);
  gtk_widget_set_margin_start (box, 6);
  gtk_widget_set_margin_end (box, 9);
  gtk_widget_set_margin_top (box, 4);
  gtk_widget_set_margin_bottom (box, 4);
  gtk_box_append (GTK_BOX (box), check);
  gtk_box_append (GTK_BOX (box), swatch);
  gtk_box_append (GTK_BOX (box), create_text (run, shown));
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_widget_set_tooltip_text (row, name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  g_object_set_data_full (G_OBJECT (row), "run-id", g_strdup (run->id), g_free);
  g_object_set_data (G_OBJECT (row), "check", check);
  return row;
}

/* What is shown -------------------------------------------------------------------------------------- */

/* Rows are made anew when the list opens, and when the networks change while it is open. */
static void
fill_list (OrrCompareButton *self)
{
  GPtrArray *runs = get_study (self)->runs;
  const char *shown = orr_session_get_run_id (self->session);
  GtkWidget *row;

  while ((row = gtk_widget_get_first_child (GTK_WIDGET (self->list))) != NULL)
    gtk_list_box_remove (self->list, row);
  for (guint i = 0; i < runs->len; i++)
    {
      const OrrRun *run = runs->pdata[i];
      gtk_list_box_append (self->list, create_row (self, run, i, g_strcmp0 (run->id, shown) == 0));
    }
  gtk_widget_set_visible (GTK_WIDGET (self->list), runs->len > 0);
  gtk_widget_set_visible (self->empty, runs->len == 0);
  gtk_widget_set_sensitive (self->all, runs->len > 0);
  gtk_widget_set_sensitive (self->none, runs->len > 0);
}

static guint
count_chosen (OrrCompareButton *self)
{
  GPtrArray *runs = get_study (self)->runs;
  guint n = 0;

  for (guint i = 0; i < runs->len; i++)
    n += orr_run_choice_contains (orr_session_get_choice (self->session), ((const OrrRun *) runs->pdata[i])->id);
  return n;
}

static void
update_label (OrrCompareButton *self)
{
  guint n = self->session != NULL ? count_chosen (self) : 0;
  g_autofree char *label = n > 0 ? g_strdup_printf (_("Compare (%u)"), n) : g_strdup (_("Compare"));

  gtk_menu_button_set_label (self->button, label);
}

static void
study_changed_cb (OrrCompareButton *self)
{
  update_label (self);
  if (gtk_widget_get_mapped (GTK_WIDGET (self->list)) || gtk_widget_get_mapped (self->empty))
    fill_list (self);
}

/* The checks follow; their rows stay, so that the keyboard stays where it is. */
static void
choice_changed_cb (OrrCompareButton *self)
{
  OrrRunChoice *choice = orr_session_get_choice (self->session);

  update_label (self);
  self->updating = TRUE;
  for (GtkWidget *row = gtk_widget_get_first_child (GTK_WIDGET (self->list)); row != NULL;
       row = gtk_widget_get_next_sibling (row))
    gtk_check_button_set_active (g_object_get_data (G_OBJECT (row), "check"), orr_run_choice_contains (choice, get_id (row)));
  self->updating = FALSE;
}

static void
popover_shown_cb (OrrCompareButton *self)
{
  if (self->session != NULL)
    fill_list (self);
}

static void
row_activated_cb (OrrCompareButton *self, GtkListBoxRow *row)
{
  orr_session_set_run_id (self->session, get_id (row));
  gtk_menu_button_popdown (self->button);
}

static void
choose_all_cb (OrrCompareButton *self)
{
  orr_run_choice_set_all (orr_session_get_choice (self->session), TRUE);
}

static void
choose_none_cb (OrrCompareButton *self)
{
  orr_run_choice_set_all (orr_session_get_choice (self->session), FALSE);
}

static void
forget_session (OrrCompareButton *self)
{
  if (self->session == NULL)
    return;
  g_signal_handlers_disconnect_by_data (orr_session_get_document (self->session), self);
  g_signal_handlers_disconnect_by_data (orr_session_get_choice (self->session), self);
  g_clear_object (&self->session);
}

/**
 * orr_compare_button_set_session:
 * @session: (nullable): whose networks to list
 */
void
orr_compare_button_set_session (OrrCompareButton *self, OrrSession *session)
{
  g_return_if_fail (ORR_IS_COMPARE_BUTTON (self));

  if (self->session == session)
    return;
  forget_session (self);
  if (g_set_object (&self->session, session) && session != NULL)
    {
      g_signal_connect_object (orr_session_get_document (session), "notify::study", G_CALLBACK (study_changed_cb), self,
                               G_CONNECT_SWAPPED);
      g_signal_connect_object (orr_session_get_choice (session), "changed", G_CALLBACK (choice_changed_cb), self,
                               G_CONNECT_SWAPPED);
    }
  update_label (self);
}

static void
orr_compare_button_dispose (GObject *object)
{
  OrrCompareButton *self = ORR_COMPARE_BUTTON (object);

  forget_session (self);
  g_clear_pointer ((GtkWidget **) &self->button, gtk_widget_unparent);
  G_OBJECT_CLASS (orr_compare_button_parent_class)->dispose (object);
}

static void
orr_compare_button_class_init (OrrCompareButtonClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = orr_compare_button_dispose;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "orrcomparebutton");
}

static GtkWidget *
create_list (OrrCompareButton *self)
{
  GtkWidget *scroller = gtk_scrolled_window_new (), *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  self->list = GTK_LIST_BOX (gtk_list_box_new ());
  self->empty = gtk_label_new (_("There is no network yet. Train or open some to compare them."));
  gtk_list_box_set_selection_mode (self->list, GTK_SELECTION_NONE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Networks to compare"), -1);
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "boxed-list");
  gtk_label_set_wrap (GTK_LABEL (self->empty), TRUE);
  gtk_label_set_xalign (GTK_LABEL (self->empty), 0.0);
  gtk_label_set_max_width_chars (GTK_LABEL (self->empty), 34);
  gtk_widget_add_css_class (self->empty, "dim-label");
  g_signal_connect_object (self->list, "row-activated", G_CALLBACK (row_activated_cb), self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (box), self->empty);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->list));
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), box);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scroller), TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scroller), 360);
  return scroller;
}

static GtkWidget *
add_choice (OrrCompareButton *self, GtkWidget *box, const char *label, GCallback callback)
{
  GtkWidget *button = gtk_button_new_with_label (label);

  g_signal_connect_object (button, "clicked", callback, self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (box), button);
  return button;
}

static void
orr_compare_button_init (OrrCompareButton *self)
{
  GtkWidget *popover = gtk_popover_new (), *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 9);
  GtkWidget *choices = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

  gtk_widget_set_size_request (box, 320, -1);
  gtk_box_set_homogeneous (GTK_BOX (choices), TRUE);
  gtk_box_append (GTK_BOX (box), create_list (self));
  self->all = add_choice (self, choices, _("All"), G_CALLBACK (choose_all_cb));
  self->none = add_choice (self, choices, _("None"), G_CALLBACK (choose_none_cb));
  gtk_box_append (GTK_BOX (box), choices);
  gtk_popover_set_child (GTK_POPOVER (popover), box);
  g_signal_connect_object (popover, "show", G_CALLBACK (popover_shown_cb), self, G_CONNECT_SWAPPED);
  self->button = GTK_MENU_BUTTON (gtk_menu_button_new ());
  gtk_menu_button_set_popover (self->button, popover);
  gtk_widget_add_css_class (GTK_WIDGET (self->button), "flat");
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->button), _("Which networks' curves and orbits are drawn together"));
  gtk_widget_set_parent (GTK_WIDGET (self->button), GTK_WIDGET (self));
  update_label (self);
}

GtkWidget *
orr_compare_button_new (void)
{
  return g_object_new (ORR_TYPE_COMPARE_BUTTON, NULL);
}
