/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-training-queue.h"

#include <glib/gi18n.h>

#include "orr-number.h"

#define MOST_SEEDS 50

/**
 * OrrTrainingQueue:
 *
 * A button that opens the list of trainings: the one that runs, then those that
 * wait, to be put in another order or taken out; and that adds the panel's
 * options with one seed or several.
 *
 * Signal "add" (uint n): a person wants so many trainings, with seeds one after the other.
 */
struct _OrrTrainingQueue
{
  GtkWidget parent_instance;

  GtkMenuButton *button;
  GtkListBox    *list;
  GtkLabel      *empty;
  GtkSpinButton *seeds;
  GtkLabel      *from;
  GtkWidget     *add;

  OrrSession *session;
};

static guint add_signal;

G_DEFINE_FINAL_TYPE (OrrTrainingQueue, orr_training_queue, GTK_TYPE_WIDGET)

static char *
describe (OrrTraining *training)
{
  OrrJob *job = orr_training_get_job (training);
  guint n, n_epochs = orr_training_get_options (training)->epochs;
  const OrrTrainEpoch *history = orr_training_get_history (training, &n);

  if (n == 0)
    return g_strdup (orr_job_get_state (job) == ORR_JOB_WAITING ? _("Waiting") : _("Starting"));
  g_autofree char *loss = orr_number_format (history[n - 1].validation_loss, 4);
  return g_strdup_printf (_("Epoch %u of %u, validation %s"), n, n_epochs, loss);
}

/* Rows ----------------------------------------------------------------------------------------------- */

static void
update_row (GtkWidget *row)
{
  OrrTraining *training = g_object_get_data (G_OBJECT (row), "training");
  GtkLabel *detail = g_object_get_data (G_OBJECT (row), "detail");
  GtkProgressBar *bar = g_object_get_data (G_OBJECT (row), "bar");
  gboolean waits = orr_job_get_state (orr_training_get_job (training)) == ORR_JOB_WAITING;
  g_autofree char *text = describe (training);
  guint n;

  orr_training_get_history (training, &n);
  gtk_label_set_label (detail, text);
  gtk_progress_bar_set_fraction (bar, (double) n / orr_training_get_options (training)->epochs);
  gtk_widget_set_visible (GTK_WIDGET (bar), !waits);
  gtk_widget_set_sensitive (g_object_get_data (G_OBJECT (row), "sooner"), waits);
  gtk_widget_set_sensitive (g_object_get_data (G_OBJECT (row), "later"), waits);
}

static void
button_cb (GtkButton *button, OrrTrainingQueue *self)
{
  GtkWidget *row = gtk_widget_get_ancestor (GTK_WIDGET (button), GTK_TYPE_LIST_BOX_ROW);
  OrrTraining *training = g_object_get_data (G_OBJECT (row), "training");
  int by = GPOINTER_TO_INT (g_object_get_data (G_OBJECT (button), "by"));

  if (by == 0)
    orr_training_stop (training);
  else
    orr_session_move_training (self->session, training, by);
}

static GtkWidget *
add_button (OrrTrainingQueue *self, GtkWidget *box, const char *icon, const char *format, const char *name, int by)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon);
  g_autofree char *label = g_strdup_printf (format, name);

  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (button, label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  g_object_set_data (G_OBJECT (button), "by", GINT_TO_POINTER (by));
  g_signal_connect_object (button, "clicked", G_CALLBACK (button_cb), self, 0);
  gtk_box_append (GTK_BOX (box), button);
  return button;
}

static GtkWidget *
create_row (gpointer item, gpointer user_data)
{
  OrrTrainingQueue *self = user_data;
  OrrTraining *training = item;
  const char *name = orr_training_get_name (training);
  GtkWidget *row = gtk_list_box_row_new (), *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 2);
  GtkWidget *text = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2), *title = gtk_label_new (name);
  GtkWidget *detail = gtk_label_new (NULL), *bar = gtk_progress_bar_new ();

  gtk_label_set_xalign (GTK_LABEL (title), 0.0);
  gtk_label_set_ellipsize (GTK_LABEL (title), PANGO_ELLIPSIZE_END);
  gtk_label_set_xalign (GTK_LABEL (detail), 0.0);
  gtk_widget_add_css_class (detail, "caption");
  gtk_widget_add_css_class (detail, "dim-label");
  gtk_widget_add_css_class (detail, "numeric");
  gtk_accessible_update_property (GTK_ACCESSIBLE (bar), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_widget_set_hexpand (text, TRUE);
  gtk_widget_set_valign (text, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (text), title);
  gtk_box_append (GTK_BOX (text), detail);
  gtk_box_append (GTK_BOX (text), bar);
  gtk_widget_set_margin_start (box, 6);
  gtk_widget_set_margin_top (box, 3);
  gtk_widget_set_margin_bottom (box, 3);
  gtk_box_append (GTK_BOX (box), text);
  g_object_set_data (G_OBJECT (row), "detail", detail);
  g_object_set_data (G_OBJECT (row), "bar", bar);
  g_object_set_data (G_OBJECT (row), "sooner", add_button (self, box, "go-up-symbolic", _("Train %s sooner"), name, -1));
  g_object_set_data (G_OBJECT (row), "later", add_button (self, box, "go-down-symbolic", _("Train %s later"), name, 1));
  add_button (self, box, "window-close-symbolic", _("Take %s out"), name, 0);
  g_object_set_data_full (G_OBJECT (row), "training", g_object_ref (training), g_object_unref);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  g_signal_connect_object (training, "advanced", G_CALLBACK (update_row), row, G_CONNECT_SWAPPED);
  g_signal_connect_object (orr_training_get_job (training), "notify::state", G_CALLBACK (update_row), row,
                           G_CONNECT_SWAPPED);
  update_row (row);
  return row;
}

/* The button -------------------------------------------------------------------------------------------- */

static void
update (OrrTrainingQueue *self)
{
  guint n = self->session != NULL ? g_list_model_get_n_items (orr_session_get_trainings (self->session)) : 0;
  g_autofree char *label = n > 1 ? g_strdup_printf (_("Queue (%u)"), n) : g_strdup (_("Queue"));

  gtk_menu_button_set_label (self->button, label);
  gtk_widget_set_visible (GTK_WIDGET (self->empty), n == 0);
  gtk_widget_set_visible (GTK_WIDGET (self->list), n > 0);
}

static void
add_cb (OrrTrainingQueue *self)
{
  g_signal_emit (self, add_signal, 0, (guint) gtk_spin_button_get_value_as_int (self->seeds));
}

/**
 * orr_training_queue_set_session:
 * @session: (nullable): whose trainings to list
 */
void
orr_training_queue_set_session (OrrTrainingQueue *self, OrrSession *session)
{
  g_return_if_fail (ORR_IS_TRAINING_QUEUE (self));

  if (self->session != NULL && self->session != session)
    g_signal_handlers_disconnect_by_data (orr_session_get_trainings (self->session), self);
  if (!g_set_object (&self->session, session))
    return;
  gtk_list_box_bind_model (self->list, session != NULL ? orr_session_get_trainings (session) : NULL, create_row, self,
                           NULL);
  if (session != NULL)
    g_signal_connect_object (orr_session_get_trainings (session), "items-changed", G_CALLBACK (update), self,
                             G_CONNECT_SWAPPED);
  update (self);
}

/**
 * orr_training_queue_set_seed:
 * @seed: that of the first training to be added
 * @valid: whether the options can be trained with
 */
void
orr_training_queue_set_seed (OrrTrainingQueue *self, guint64 seed, gboolean valid)
{
  g_return_if_fail (ORR_IS_TRAINING_QUEUE (self));
  g_autofree char *text = g_strdup_printf (_("seeds from %" G_GUINT64_FORMAT " on"), seed);

  gtk_label_set_label (self->from, text);
  gtk_widget_set_sensitive (self->add, valid);
}

static void
orr_training_queue_dispose (GObject *object)
{
  OrrTrainingQueue *self = ORR_TRAINING_QUEUE (object);

  if (self->button != NULL)
    orr_training_queue_set_session (self, NULL);
  g_clear_pointer ((GtkWidget **) &self->button, gtk_widget_unparent);
  G_OBJECT_CLASS (orr_training_queue_parent_class)->dispose (object);
}

static void
orr_training_queue_class_init (OrrTrainingQueueClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = orr_training_queue_dispose;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "orrtrainingqueue");
  add_signal = g_signal_new ("add", ORR_TYPE_TRAINING_QUEUE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                             G_TYPE_UINT);
}

static GtkWidget *
create_list (OrrTrainingQueue *self)
{
  GtkWidget *scroller = gtk_scrolled_window_new (), *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  self->list = GTK_LIST_BOX (gtk_list_box_new ());
  self->empty = GTK_LABEL (gtk_label_new (_("Nothing trains. What is added here is trained one after the other.")));
  gtk_list_box_set_selection_mode (self->list, GTK_SELECTION_NONE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Trainings"), -1);
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "boxed-list");
  gtk_label_set_wrap (self->empty, TRUE);
  gtk_label_set_xalign (self->empty, 0.0);
  gtk_label_set_max_width_chars (self->empty, 34);
  gtk_widget_add_css_class (GTK_WIDGET (self->empty), "dim-label");
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->empty));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->list));
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), box);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scroller), TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scroller), 320);
  return scroller;
}

static GtkWidget *
create_adder (OrrTrainingQueue *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

  self->seeds = GTK_SPIN_BUTTON (gtk_spin_button_new_with_range (1, MOST_SEEDS, 1));
  self->from = GTK_LABEL (gtk_label_new (NULL));
  self->add = gtk_button_new_with_label (_("Add to queue"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->seeds), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Number of seeds"), -1);
  gtk_label_set_xalign (self->from, 0.0);
  gtk_widget_set_hexpand (GTK_WIDGET (self->from), TRUE);
  gtk_widget_add_css_class (self->add, "suggested-action");
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->seeds));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->from));
  gtk_box_append (GTK_BOX (box), self->add);
  g_signal_connect_object (self->add, "clicked", G_CALLBACK (add_cb), self, G_CONNECT_SWAPPED);
  return box;
}

static void
orr_training_queue_init (OrrTrainingQueue *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 9), *popover = gtk_popover_new ();

  gtk_widget_set_size_request (box, 360, -1);
  gtk_box_append (GTK_BOX (box), create_list (self));
  gtk_box_append (GTK_BOX (box), create_adder (self));
  gtk_popover_set_child (GTK_POPOVER (popover), box);
  self->button = GTK_MENU_BUTTON (gtk_menu_button_new ());
  gtk_menu_button_set_popover (self->button, popover);
  gtk_menu_button_set_direction (self->button, GTK_ARROW_UP);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->button), _("Trainings that wait, and several seeds at once"));
  gtk_widget_set_parent (GTK_WIDGET (self->button), GTK_WIDGET (self));
  update (self);
}

GtkWidget *
orr_training_queue_new (void)
{
  return g_object_new (ORR_TYPE_TRAINING_QUEUE, NULL);
}
