/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-hmm-popover.h"

#include <glib/gi18n.h>

#include "orr-hmm-colours.h"
#include "orr-hmm-edit.h"

/**
 * OrrHmmPopover:
 *
 * Edits in place, beside what is edited: a transition's probability and lock,
 * or a state's name and colour. Enter takes the entry, Escape leaves it; an
 * entry that cannot be taken stays and says why.
 */
struct _OrrHmmPopover
{
  GtkPopover parent_instance;

  OrrHmmEditor *editor; /* (nullable) */
  int state, from, to;
  gboolean updating;

  GtkLabel *title;
  GtkEntry *entry;
  GtkToggleButton *lock;
  GtkLabel *problem;
  GtkWidget *rule;
  GtkBox *extra;
};

G_DEFINE_FINAL_TYPE (OrrHmmPopover, orr_hmm_popover, GTK_TYPE_POPOVER)

static void
show_problem (OrrHmmPopover *self, const GError *error)
{
  gtk_label_set_label (self->problem, error != NULL ? error->message : "");
  gtk_widget_set_visible (GTK_WIDGET (self->problem), error != NULL);
  if (error != NULL)
    gtk_widget_add_css_class (GTK_WIDGET (self->entry), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->entry), "error");
}

static void
activate_cb (GtkEntry *entry, OrrHmmPopover *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (entry));
  g_autoptr (GError) error = NULL;
  double probability;
  gboolean done;

  if (self->state >= 0)
    done = orr_hmm_editor_rename_state (self->editor, self->state, text, &error);
  else
    done = orr_probability_parse (text, &probability, &error) &&
           orr_hmm_editor_set_transition (self->editor, self->from, self->to, probability, &error);
  show_problem (self, error);
  if (done)
    gtk_popover_popdown (GTK_POPOVER (self));
}

static void
changed_cb (GtkEditable *editable, OrrHmmPopover *self)
{
  show_problem (self, NULL);
}

static void
lock_toggled_cb (GtkToggleButton *lock, OrrHmmPopover *self)
{
  if (!self->updating && self->from >= 0)
    orr_hmm_editor_set_locked (self->editor, self->from, self->to, gtk_toggle_button_get_active (lock));
}

/* Back to the canvas, so that the next key acts there. */
static void
closed_cb (GtkPopover *popover, gpointer user_data)
{
  GtkWidget *parent = gtk_widget_get_parent (GTK_WIDGET (popover));

  if (parent != NULL)
    gtk_widget_grab_focus (parent);
}

static void
open (OrrHmmPopover *self, OrrHmmEditor *editor, const char *title, const char *label, const char *text,
      const GdkRectangle *anchor)
{
  gboolean transition = self->from >= 0;
  GtkWidget *child;

  g_set_object (&self->editor, editor);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->extra))) != NULL)
    gtk_box_remove (self->extra, child);
  if (!transition)
    gtk_box_append (self->extra, orr_hmm_colours_new (editor, self->state));
  gtk_widget_set_visible (GTK_WIDGET (self->extra), !transition);
  gtk_widget_set_visible (GTK_WIDGET (self->lock), transition);
  gtk_widget_set_visible (self->rule, transition);
  gtk_label_set_label (self->title, title);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->entry), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  gtk_editable_set_text (GTK_EDITABLE (self->entry), text);
  show_problem (self, NULL);
  gtk_popover_set_pointing_to (GTK_POPOVER (self), anchor);
  gtk_popover_popup (GTK_POPOVER (self));
  gtk_widget_grab_focus (GTK_WIDGET (self->entry));
  gtk_editable_select_region (GTK_EDITABLE (self->entry), 0, -1);
}

/**
 * orr_hmm_popover_edit_state:
 * @anchor: where the state is, in the parent widget
 */
void
orr_hmm_popover_edit_state (OrrHmmPopover *self, OrrHmmEditor *editor, guint state,
                            const GdkRectangle *anchor)
{
  const char *name = orr_hmm_editor_get_hmm (editor)->state_names[state];

  self->state = state;
  self->from = self->to = -1;
  open (self, editor, name, _ ("Name"), name, anchor);
}

/**
 * orr_hmm_popover_edit_transition:
 * @anchor: where its label is, in the parent widget
 */
void
orr_hmm_popover_edit_transition (OrrHmmPopover *self, OrrHmmEditor *editor, guint from, guint to,
                                 const GdkRectangle *anchor)
{
  const OrrHmm *hmm = orr_hmm_editor_get_hmm (editor);
  gsize index = (gsize) from * hmm->n_states + to;
  g_autofree char *title = g_strdup_printf ("%s → %s", hmm->state_names[from], hmm->state_names[to]);
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  self->state = -1;
  self->from = from;
  self->to = to;
  self->updating = TRUE;
  gtk_toggle_button_set_active (self->lock, hmm->locked[index]);
  self->updating = FALSE;
  open (self, editor, title, _ ("Probability"),
        g_ascii_formatd (buffer, sizeof buffer, "%.4g", hmm->transition[index]), anchor);
}

static void
orr_hmm_popover_dispose (GObject *object)
{
  g_clear_object (&ORR_HMM_POPOVER (object)->editor);
  G_OBJECT_CLASS (orr_hmm_popover_parent_class)->dispose (object);
}

static void
orr_hmm_popover_class_init (OrrHmmPopoverClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = orr_hmm_popover_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/orrery/Orrery/ui/orr-hmm-popover.ui");
  gtk_widget_class_bind_template_child (widget_class, OrrHmmPopover, title);
  gtk_widget_class_bind_template_child (widget_class, OrrHmmPopover, entry);
  gtk_widget_class_bind_template_child (widget_class, OrrHmmPopover, lock);
  gtk_widget_class_bind_template_child (widget_class, OrrHmmPopover, problem);
  gtk_widget_class_bind_template_child (widget_class, OrrHmmPopover, rule);
  gtk_widget_class_bind_template_child (widget_class, OrrHmmPopover, extra);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, lock_toggled_cb);
}

static void
orr_hmm_popover_init (OrrHmmPopover *self)
{
  self->state = self->from = self->to = -1;
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect (self, "closed", G_CALLBACK (closed_cb), NULL);
}

GtkWidget *
orr_hmm_popover_new (void)
{
  return g_object_new (ORR_TYPE_HMM_POPOVER, NULL);
}
