/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-hmm-inspector.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "orr-hmm-colours.h"
#include "orr-hmm-edit.h"
#include "orr-hmm-matrix.h"

/**
 * OrrHmmInspector:
 *
 * The panel beside the graph: what is selected, and the whole model as tables.
 */
struct _OrrHmmInspector
{
  GtkWidget parent_instance;

  OrrHmmEditor *editor; /* (nullable) */

  GtkWidget *scroller;
  GtkBox *tables;
  GtkWidget *state_group;
  GtkWidget *name_row;
  GtkMenuButton *colour_button;
  GtkLabel *dwell_label;
  GtkWidget *transition_group;
  GtkWidget *probability_row;
  GtkSwitch *lock_switch;
  GtkLabel *problem;
  GtkWidget *symbols;
  GtkWidget *add_symbol;
  GtkWidget *remove_symbol;
  GtkWidget *symbol_group;
  GtkWidget *symbol_row;
  OrrHmmMatrix *matrices[3];
  gboolean updating;
};

G_DEFINE_FINAL_TYPE (OrrHmmInspector, orr_hmm_inspector, GTK_TYPE_WIDGET)

/* Says why the entry in @row was not taken; %NULL: nothing is wrong. */
static void
show_problem (OrrHmmInspector *self, GtkWidget *row, const GError *error)
{
  gtk_widget_remove_css_class (self->name_row, "error");
  gtk_widget_remove_css_class (self->probability_row, "error");
  gtk_widget_remove_css_class (self->symbol_row, "error");
  gtk_widget_set_visible (GTK_WIDGET (self->problem), error != NULL);
  if (error == NULL)
    return;
  gtk_label_set_label (self->problem, error->message);
  if (row != NULL)
    gtk_widget_add_css_class (row, "error");
}

static void
name_applied_cb (AdwEntryRow *row, OrrHmmInspector *self)
{
  int state = orr_session_get_state (orr_hmm_editor_get_session (self->editor));
  g_autoptr (GError) error = NULL;

  if (state >= 0)
    orr_hmm_editor_rename_state (self->editor, state, gtk_editable_get_text (GTK_EDITABLE (row)), &error);
  show_problem (self, GTK_WIDGET (row), error);
}

static void
probability_applied_cb (AdwEntryRow *row, OrrHmmInspector *self)
{
  g_autoptr (GError) error = NULL;
  double value;
  int from, to;

  orr_session_get_transition (orr_hmm_editor_get_session (self->editor), &from, &to);
  if (from >= 0 && orr_probability_parse (gtk_editable_get_text (GTK_EDITABLE (row)), &value, &error))
    orr_hmm_editor_set_transition (self->editor, from, to, value, &error);
  show_problem (self, GTK_WIDGET (row), error);
}

static void
symbol_applied_cb (AdwEntryRow *row, OrrHmmInspector *self)
{
  int symbol = orr_session_get_symbol (orr_hmm_editor_get_session (self->editor));
  g_autoptr (GError) error = NULL;

  if (symbol >= 0)
    orr_hmm_editor_rename_symbol (self->editor, symbol, gtk_editable_get_text (GTK_EDITABLE (row)), &error);
  show_problem (self, GTK_WIDGET (row), error);
}

static void
lock_switched_cb (GtkSwitch *lock, GParamSpec *pspec, OrrHmmInspector *self)
{
  int from, to;

  if (self->updating || self->editor == NULL)
    return;
  orr_session_get_transition (orr_hmm_editor_get_session (self->editor), &from, &to);
  if (from >= 0)
    orr_hmm_editor_set_locked (self->editor, from, to, gtk_switch_get_active (lock));
}

static void
add_symbol_cb (GtkButton *button, OrrHmmInspector *self)
{
  g_autoptr (GError) error = NULL;

  orr_hmm_editor_add_symbol (self->editor, &error);
  show_problem (self, NULL, error);
}

/* The selected symbol, or else the last one. */
static void
remove_symbol_cb (GtkButton *button, OrrHmmInspector *self)
{
  int symbol = orr_session_get_symbol (orr_hmm_editor_get_session (self->editor));
  g_autoptr (GError) error = NULL;

  if (symbol < 0)
    symbol = orr_hmm_editor_get_hmm (self->editor)->n_symbols - 1;
  orr_hmm_editor_remove_symbol (self->editor, symbol, &error);
  show_problem (self, NULL, error);
}

static void
set_entry (GtkWidget *row, const char *text)
{
  if (g_strcmp0 (gtk_editable_get_text (GTK_EDITABLE (row)), text) != 0)
    gtk_editable_set_text (GTK_EDITABLE (row), text);
}

static void
show_state (OrrHmmInspector *self, const OrrHmm *hmm, guint state)
{
  double stay = hmm->transition[(gsize) state * (hmm->n_states + 1)];
  GtkWidget *popover = gtk_popover_new ();
  g_autofree char *dwell =
      stay < 1.0 ? g_strdup_printf (_ ("%.4g steps"), 1.0 / (1.0 - stay)) : g_strdup (_ ("for ever"));
  guint32 colour = hmm->colours[state];
  g_autofree char *markup =
      colour == ORR_HMM_NO_COLOUR
          ? g_strdup (_ ("None"))
          : g_strdup_printf ("<span foreground=\"#%06x\" size=\"large\">●</span>", colour);
  GtkWidget *label = gtk_label_new (NULL);

  set_entry (self->name_row, hmm->state_names[state]);
  gtk_label_set_label (self->dwell_label, dwell);
  gtk_label_set_markup (GTK_LABEL (label), markup);
  gtk_menu_button_set_child (self->colour_button, label);
  gtk_popover_set_child (GTK_POPOVER (popover), orr_hmm_colours_new (self->editor, state));
  gtk_menu_button_set_popover (self->colour_button, popover);
}

static void
show_transition (OrrHmmInspector *self, const OrrHmm *hmm, guint from, guint to)
{
  gsize index = (gsize) from * hmm->n_states + to;
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];
  /* TRANSLATORS: the probability of an arrow from one state to another */
  g_autofree char *title =
      g_strdup_printf (_ ("Probability %s → %s"), hmm->state_names[from], hmm->state_names[to]);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self->probability_row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->probability_row), title);
  set_entry (self->probability_row, g_ascii_formatd (buffer, sizeof buffer, "%.4g", hmm->transition[index]));
  gtk_switch_set_active (self->lock_switch, hmm->locked[index]);
}

/* To be called when something else is selected. */
void
orr_hmm_inspector_update_selection (OrrHmmInspector *self)
{
  OrrSession *session = self->editor != NULL ? orr_hmm_editor_get_session (self->editor) : NULL;
  const OrrHmm *hmm = self->editor != NULL ? orr_hmm_editor_get_hmm (self->editor) : NULL;
  int state, symbol, from, to;

  if (hmm == NULL)
    return;
  state = orr_session_get_state (session);
  symbol = orr_session_get_symbol (session);
  orr_session_get_transition (session, &from, &to);
  self->updating = TRUE;
  show_problem (self, NULL, NULL);
  gtk_widget_set_visible (self->state_group, state >= 0 && state < (int) hmm->n_states);
  gtk_widget_set_visible (self->transition_group, from >= 0 && MAX (from, to) < (int) hmm->n_states);
  gtk_widget_set_visible (self->symbol_group, symbol >= 0 && symbol < (int) hmm->n_symbols);
  if (gtk_widget_get_visible (self->state_group))
    show_state (self, hmm, state);
  if (gtk_widget_get_visible (self->transition_group))
    show_transition (self, hmm, from, to);
  if (gtk_widget_get_visible (self->symbol_group))
    set_entry (self->symbol_row, hmm->symbol_names[symbol]);
  self->updating = FALSE;
}

/* To be called when the model has changed. */
void
orr_hmm_inspector_update (OrrHmmInspector *self)
{
  /* Nobody sees it, and hundreds of cells take their time: it is done when the panel opens. */
  if (!gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  for (guint i = 0; i < G_N_ELEMENTS (self->matrices); i++)
    orr_hmm_matrix_update (self->matrices[i]);
  orr_hmm_inspector_update_selection (self);
}

void
orr_hmm_inspector_set_editor (OrrHmmInspector *self, OrrHmmEditor *editor)
{
  g_return_if_fail (ORR_IS_HMM_INSPECTOR (self));

  if (!g_set_object (&self->editor, editor))
    return;
  for (guint i = 0; i < G_N_ELEMENTS (self->matrices); i++)
    orr_hmm_matrix_set_editor (self->matrices[i], editor);
  orr_hmm_inspector_update (self);
}

static void
orr_hmm_inspector_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (orr_hmm_inspector_parent_class)->map (widget);
  orr_hmm_inspector_update (ORR_HMM_INSPECTOR (widget));
}

static void
orr_hmm_inspector_dispose (GObject *object)
{
  OrrHmmInspector *self = ORR_HMM_INSPECTOR (object);

  g_clear_pointer (&self->scroller, gtk_widget_unparent);
  g_clear_object (&self->editor);
  G_OBJECT_CLASS (orr_hmm_inspector_parent_class)->dispose (object);
}

static void
orr_hmm_inspector_class_init (OrrHmmInspectorClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = orr_hmm_inspector_dispose;
  widget_class->map = orr_hmm_inspector_map;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/orrery/Orrery/ui/orr-hmm-inspector.ui");
  gtk_widget_class_bind_template_child (widget_class, OrrHmmInspector, scroller);
  gtk_widget_class_bind_template_child (widget_class, OrrHmmInspector, tables);
  gtk_widget_class_bind_template_child (widget_class, OrrHmmInspector, state_group);
  gtk_widget_class_bind_template_child (widget_class, OrrHmmInspector, name_row);
  gtk_widget_class_bind_template_child (widget_class, OrrHmmInspector, colour_button);
  gtk_widget_class_bind_template_child (widget_class, OrrHmmInspector, dwell_label);
  gtk_widget_class_bind_template_child (widget_class, OrrHmmInspector, transition_group);
  gtk_widget_class_bind_template_child (widget_class, OrrHmmInspector, probability_row);
  gtk_widget_class_bind_template_child (widget_class, OrrHmmInspector, lock_switch);
  gtk_widget_class_bind_template_child (widget_class, OrrHmmInspector, problem);
  gtk_widget_class_bind_template_child (widget_class, OrrHmmInspector, symbols);
  gtk_widget_class_bind_template_child (widget_class, OrrHmmInspector, add_symbol);
  gtk_widget_class_bind_template_child (widget_class, OrrHmmInspector, remove_symbol);
  gtk_widget_class_bind_template_child (widget_class, OrrHmmInspector, symbol_group);
  gtk_widget_class_bind_template_child (widget_class, OrrHmmInspector, symbol_row);
  gtk_widget_class_bind_template_callback (widget_class, name_applied_cb);
  gtk_widget_class_bind_template_callback (widget_class, probability_applied_cb);
  gtk_widget_class_bind_template_callback (widget_class, symbol_applied_cb);
  gtk_widget_class_bind_template_callback (widget_class, lock_switched_cb);
  gtk_widget_class_bind_template_callback (widget_class, add_symbol_cb);
  gtk_widget_class_bind_template_callback (widget_class, remove_symbol_cb);
}

static void
orr_hmm_inspector_init (OrrHmmInspector *self)
{
  GtkWidget *heading;

  gtk_widget_init_template (GTK_WIDGET (self));

  /* Each table stands below its heading; that of the transitions below its rule too. */
  heading = gtk_widget_get_first_child (GTK_WIDGET (self->tables));
  for (guint i = 0; i < G_N_ELEMENTS (self->matrices); i++)
    {
      GtkWidget *matrix = orr_hmm_matrix_new (i);

      if (i == ORR_HMM_MATRIX_TRANSITION)
        heading = gtk_widget_get_next_sibling (heading);
      gtk_box_insert_child_after (self->tables, matrix, heading);
      heading = gtk_widget_get_next_sibling (matrix);
      self->matrices[i] = ORR_HMM_MATRIX (matrix);
    }
}
