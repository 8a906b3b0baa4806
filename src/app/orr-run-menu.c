/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-run-menu.h"

#include <glib/gi18n.h>
#include <math.h>

/**
 * OrrRunMenu:
 *
 * The networks of the study: which one the window shows, their names, and
 * taking one out. Hidden while the study has none.
 */
struct _OrrRunMenu
{
  AdwBin parent_instance;

  GtkMenuButton *button;
  GtkLabel      *label;
  GtkListBox    *list;

  OrrSession *session; /* (nullable) */
};

G_DEFINE_FINAL_TYPE (OrrRunMenu, orr_run_menu, ADW_TYPE_BIN)

static OrrStudy *
get_study (OrrRunMenu *self)
{
  return self->session != NULL ? orr_document_get_study (orr_session_get_document (self->session)) : NULL;
}

static const char *
get_id (GtkWidget *row)
{
  return g_object_get_data (G_OBJECT (row), "run-id");
}

/* "150 hidden units, loss 4.09" */
static char *
describe (const OrrRun *run)
{
  GString *text = g_string_new (NULL);
  double best = INFINITY;

  g_string_printf (text, _("%u hidden units"), run->network->n_hidden);
  for (gsize i = 0; run->history != NULL && i < run->history->rows; i++)
    best = fmin (best, orr_matrix_row (run->history, i)[ORR_HISTORY_VALIDATION_LOSS]);
  if (isfinite (best))
    /* TRANSLATORS: goes on after "150 hidden units" */
    g_string_append_printf (text, _(", loss %.2f"), best);
  return g_string_free (text, FALSE);
}

static void
remove_cb (GtkWidget *button, OrrRunMenu *self)
{
  OrrDocument *document = orr_session_get_document (self->session);
  OrrRun *run = orr_study_find_run (get_study (self), get_id (button));

  if (run == NULL)
    return;
  g_autofree char *label = g_strdup_printf (_("Remove network %s"), run->name);
  g_autoptr (OrrStudy) next = orr_study_without_run (get_study (self), run->id);
  orr_document_edit (document, next, label, NULL);
}

static void
rename_cb (GtkEditable *entry, OrrRunMenu *self)
{
  OrrDocument *document = orr_session_get_document (self->session);
  OrrRun *run = orr_study_find_run (get_study (self), get_id (GTK_WIDGET (entry)));
  const char *name = gtk_editable_get_text (entry);

  if (run == NULL || *name == '\0' || g_str_equal (name, run->name))
    return;
  g_autofree char *label = g_strdup_printf (_("Rename network %s"), run->name);
  g_autoptr (OrrRun) renamed = orr_run_with_name (run, name);
  g_autoptr (OrrStudy) next = orr_study_with_run (get_study (self), renamed);
  orr_document_edit (document, next, label, NULL);
}

/* A name is edited in place; leaving the field or Enter takes it over. */
static void
editing_cb (GtkEditableLabel *label, GParamSpec *pspec, OrrRunMenu *self)
{
  if (!gtk_editable_label_get_editing (label))
    rename_cb (GTK_EDITABLE (label), self);
}

static GtkWidget *
create_row (OrrRunMenu *self, const OrrRun *run, gboolean shown)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  GtkWidget *check = gtk_image_new_from_icon_name ("object-select-symbolic");
  GtkWidget *name = gtk_editable_label_new (run->name);
  GtkWidget *removal = gtk_button_new_from_icon_name ("user-trash-symbolic");
  g_autofree char *detail = describe (run);
  g_autofree char *removal_name = g_strdup_printf (_("Remove %s"), run->name);
  GtkWidget *caption = gtk_label_new (detail);

  gtk_widget_set_opacity (check, shown ? 1.0 : 0.0);
  gtk_label_set_xalign (GTK_LABEL (caption), 0.0f);
  gtk_widget_add_css_class (caption, "caption");
  gtk_widget_add_css_class (caption, "dim-label");
  gtk_box_append (GTK_BOX (texts), name);
  gtk_box_append (GTK_BOX (texts), caption);
  gtk_widget_set_hexpand (texts, TRUE);
  gtk_widget_add_css_class (removal, "flat");
  gtk_widget_set_valign (removal, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (removal, removal_name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (removal), GTK_ACCESSIBLE_PROPERTY_LABEL, removal_name, -1);
  gtk_box_append (GTK_BOX (box), check);
  gtk_box_append (GTK_BOX (box), texts);
  gtk_box_append (GTK_BOX (box), removal);
  gtk_widget_set_margin_start (box, 8);
  gtk_widget_set_margin_end (box, 4);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, run->name, -1);

  g_object_set_data_full (G_OBJECT (row), "run-id", g_strdup (run->id), g_free);
  g_object_set_data_full (G_OBJECT (name), "run-id", g_strdup (run->id), g_free);
  g_object_set_data_full (G_OBJECT (removal), "run-id", g_strdup (run->id), g_free);
  g_signal_connect_object (removal, "clicked", G_CALLBACK (remove_cb), self, 0);
  g_signal_connect_object (name, "notify::editing", G_CALLBACK (editing_cb), self, 0);
  return row;
}

static void
fill_list (OrrRunMenu *self, OrrStudy *study, const char *shown)
{
  GtkWidget *row;

  while ((row = gtk_widget_get_first_child (GTK_WIDGET (self->list))) != NULL)
    gtk_list_box_remove (self->list, row);
  for (guint i = 0; study != NULL && i < study->runs->len; i++)
    {
      OrrRun *run = g_ptr_array_index (study->runs, i);
      gtk_list_box_append (self->list, create_row (self, run, g_strcmp0 (run->id, shown) == 0));
    }
}

static void
update (OrrRunMenu *self)
{
  OrrStudy *study = get_study (self);
  OrrRun *run = self->session != NULL ? orr_session_get_run (self->session) : NULL;

  gtk_widget_set_visible (GTK_WIDGET (self), study != NULL && study->runs->len > 0);
  gtk_label_set_label (self->label, run != NULL ? run->name : _("Network"));
  /* Rows are made when they can be seen, and not under the person's hands. */
  if (gtk_widget_get_mapped (GTK_WIDGET (self->list)))
    fill_list (self, study, run != NULL ? run->id : NULL);
}

static void
list_mapped_cb (OrrRunMenu *self)
{
  update (self);
}

static void
activated_cb (OrrRunMenu *self, GtkListBoxRow *row)
{
  orr_session_set_run_id (self->session, get_id (GTK_WIDGET (row)));
  gtk_menu_button_popdown (self->button);
}

static void
orr_run_menu_dispose (GObject *object)
{
  OrrRunMenu *self = ORR_RUN_MENU (object);

  if (self->session != NULL)
    {
      g_signal_handlers_disconnect_by_func (self->session, update, self);
      g_signal_handlers_disconnect_by_func (orr_session_get_document (self->session), update, self);
    }
  g_clear_object (&self->session);
  G_OBJECT_CLASS (orr_run_menu_parent_class)->dispose (object);
}

static void
orr_run_menu_class_init (OrrRunMenuClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = orr_run_menu_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/orrery/Orrery/ui/orr-run-menu.ui");
  gtk_widget_class_bind_template_child (widget_class, OrrRunMenu, button);
  gtk_widget_class_bind_template_child (widget_class, OrrRunMenu, label);
  gtk_widget_class_bind_template_child (widget_class, OrrRunMenu, list);
  gtk_widget_class_bind_template_callback (widget_class, list_mapped_cb);
  gtk_widget_class_bind_template_callback (widget_class, activated_cb);
}

static void
orr_run_menu_init (OrrRunMenu *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  update (self);
}

/**
 * orr_run_menu_set_session:
 * @session: (nullable): whose networks to list
 */
void
orr_run_menu_set_session (OrrRunMenu *self, OrrSession *session)
{
  g_return_if_fail (ORR_IS_RUN_MENU (self));
  if (self->session == session)
    return;
  if (self->session != NULL)
    {
      g_signal_handlers_disconnect_by_func (self->session, update, self);
      g_signal_handlers_disconnect_by_func (orr_session_get_document (self->session), update, self);
    }
  g_set_object (&self->session, session);
  if (session != NULL)
    {
      g_signal_connect_object (session, "notify::run", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (orr_session_get_document (session), "notify::study", G_CALLBACK (update), self,
                               G_CONNECT_SWAPPED);
    }
  update (self);
}
