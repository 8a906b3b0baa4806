/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-training-banner.h"

#include <glib/gi18n.h>

/**
 * OrrTrainingBanner:
 *
 * One sentence about what goes wrong in a training while it happens, with a
 * button that does what helped others, and why that may help this model. Hidden
 * while all is well. What was closed stays closed for that training.
 *
 * Signal "remedy": a person wants it, see orr_training_banner_get_remedy().
 */
struct _OrrTrainingBanner
{
  GtkWidget parent_instance;

  GtkWidget *box;
  GtkLabel  *label;
  GtkLabel  *reason;
  GtkButton *button;

  OrrTraining    *training;
  guint           dismissed; /* bits by kind of event */
  OrrTrainEvent   event;     /* the one that is shown */
  OrrTrainRemedy  remedy;
};

static guint remedy_signal;

G_DEFINE_FINAL_TYPE (OrrTrainingBanner, orr_training_banner, GTK_TYPE_WIDGET)

/* The worst of those that last: kinds come in the order of how bad they are. */
static const OrrTrainEvent *
choose_event (OrrTrainingBanner *self, const GArray *events)
{
  const OrrTrainEvent *worst = NULL;

  for (guint i = 0; i < events->len; i++)
    {
      const OrrTrainEvent *event = &g_array_index (events, OrrTrainEvent, i);

      if (event->until == 0 && !(self->dismissed & (1u << event->kind)) && (worst == NULL || event->kind > worst->kind))
        worst = event;
    }
  return worst;
}

static void
update (OrrTrainingBanner *self)
{
  g_autoptr (GArray) events = self->training != NULL ? orr_training_watch (self->training) : NULL;
  const OrrTrainEvent *event = events != NULL ? choose_event (self, events) : NULL;

  gtk_widget_set_visible (GTK_WIDGET (self), event != NULL);
  if (event == NULL)
    return;

  const OrrTrainOptions *options = orr_training_get_options (self->training);
  g_autofree char *text = orr_train_event_describe (event, options, orr_training_get_levels (self->training));
  orr_train_remedy_clear (&self->remedy);
  orr_train_event_find_remedy (event, options,
                               orr_training_get_recording (self->training) == NULL ? orr_training_get_hmm (self->training)
                                                                                   : NULL,
                               &self->remedy);
  self->event = *event;
  gtk_label_set_label (self->label, text);
  gtk_label_set_label (self->reason, self->remedy.reason);
  gtk_button_set_label (self->button, self->remedy.label);
}

static void
remedy_cb (OrrTrainingBanner *self)
{
  g_signal_emit (self, remedy_signal, 0);
}

static void
close_cb (OrrTrainingBanner *self)
{
  self->dismissed |= 1u << self->event.kind;
  update (self);
}

/**
 * orr_training_banner_set_training:
 * @training: (nullable): the one to watch
 */
void
orr_training_banner_set_training (OrrTrainingBanner *self, OrrTraining *training)
{
  g_return_if_fail (ORR_IS_TRAINING_BANNER (self));

  if (self->training != NULL && self->training != training)
    g_signal_handlers_disconnect_by_data (self->training, self);
  if (g_set_object (&self->training, training))
    {
      self->dismissed = 0;
      if (training != NULL)
        {
          g_signal_connect_object (training, "advanced", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
          g_signal_connect_object (training, "ended", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
        }
    }
  update (self);
}

/**
 * orr_training_banner_get_remedy:
 *
 * Returns: (transfer none): what the button says; valid until the training advances
 */
const OrrTrainRemedy *
orr_training_banner_get_remedy (OrrTrainingBanner *self)
{
  g_return_val_if_fail (ORR_IS_TRAINING_BANNER (self), NULL);
  return &self->remedy;
}

static void
orr_training_banner_dispose (GObject *object)
{
  OrrTrainingBanner *self = ORR_TRAINING_BANNER (object);

  if (self->training != NULL)
    g_signal_handlers_disconnect_by_data (self->training, self);
  g_clear_object (&self->training);
  orr_train_remedy_clear (&self->remedy);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  G_OBJECT_CLASS (orr_training_banner_parent_class)->dispose (object);
}

static void
orr_training_banner_class_init (OrrTrainingBannerClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = orr_training_banner_dispose;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "orrtrainingbanner");
  remedy_signal = g_signal_new ("remedy", ORR_TYPE_TRAINING_BANNER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 0);
}

static void
orr_training_banner_init (OrrTrainingBanner *self)
{
  GtkWidget *icon = gtk_image_new_from_icon_name ("dialog-warning-symbolic");
  GtkWidget *close = gtk_button_new_from_icon_name ("window-close-symbolic");
  GtkWidget *text = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);

  self->box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  self->label = GTK_LABEL (gtk_label_new (NULL));
  self->button = GTK_BUTTON (gtk_button_new_with_label (""));
  gtk_label_set_wrap (GTK_LABEL (gtk_button_get_child (self->button)), TRUE);
  gtk_label_set_xalign (GTK_LABEL (gtk_button_get_child (self->button)), 0.0);
  self->reason = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_wrap (self->label, TRUE);
  gtk_label_set_xalign (self->label, 0.0);
  gtk_widget_add_css_class (GTK_WIDGET (self->label), "caption");
  gtk_label_set_wrap (self->reason, TRUE);
  gtk_label_set_xalign (self->reason, 0.0);
  gtk_widget_add_css_class (GTK_WIDGET (self->reason), "caption");
  gtk_widget_set_hexpand (text, TRUE);
  gtk_widget_set_valign (icon, GTK_ALIGN_START);
  gtk_widget_set_halign (GTK_WIDGET (self->button), GTK_ALIGN_START);
  gtk_widget_set_valign (close, GTK_ALIGN_START);
  gtk_widget_add_css_class (close, "flat");
  gtk_widget_add_css_class (close, "circular");
  gtk_widget_set_tooltip_text (close, _("Close"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (close), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Close the warning"), -1);
  gtk_box_append (GTK_BOX (text), GTK_WIDGET (self->label));
  gtk_box_append (GTK_BOX (text), GTK_WIDGET (self->reason));
  gtk_box_append (GTK_BOX (text), GTK_WIDGET (self->button));
  gtk_box_append (GTK_BOX (self->box), icon);
  gtk_box_append (GTK_BOX (self->box), text);
  gtk_box_append (GTK_BOX (self->box), close);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
  g_signal_connect_object (self->button, "clicked", G_CALLBACK (remedy_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (close, "clicked", G_CALLBACK (close_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

GtkWidget *
orr_training_banner_new (void)
{
  return g_object_new (ORR_TYPE_TRAINING_BANNER, NULL);
}
