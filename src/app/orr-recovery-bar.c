/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-recovery-bar.h"

#include <glib/gi18n.h>

#include "orr-autosave.h"
#include "orr-checkpoint.h"
#include "orr-study-file.h"
#include "orr-window.h"

/**
 * OrrRecoveryBar:
 *
 * Offers, one after the other, what a crash left behind: studies with unsaved
 * work, then trainings that were cut off. Each is taken up or thrown away by a
 * button.
 */
struct _OrrRecoveryBar
{
  AdwBin parent_instance;

  GtkRevealer *revealer;
  GtkLabel    *label;
  GtkButton   *accept_button;

  GPtrArray *studies;   /* of OrrRecovery */
  guint      n_settled; /* of them, taken up or thrown away */
  GPtrArray *trainings; /* of GFile */
};

G_DEFINE_FINAL_TYPE (OrrRecoveryBar, orr_recovery_bar, ADW_TYPE_BIN)

/* The study on offer, %NULL when all are settled. */
static OrrRecovery *
get_study (OrrRecoveryBar *self)
{
  return self->n_settled < self->studies->len ? g_ptr_array_index (self->studies, self->n_settled) : NULL;
}

static OrrWindow *
get_window (OrrRecoveryBar *self)
{
  return ORR_WINDOW (gtk_widget_get_root (GTK_WIDGET (self)));
}

static void
offer (OrrRecoveryBar *self, const char *text, const char *accept)
{
  gtk_label_set_label (self->label, text);
  gtk_button_set_label (self->accept_button, accept);
  gtk_widget_set_visible (gtk_revealer_get_child (self->revealer), TRUE);
  gtk_revealer_set_reveal_child (self->revealer, TRUE);
}

/* What is folded away is not there for a screen reader either. */
static void
folded_cb (OrrRecoveryBar *self)
{
  gtk_widget_set_visible (gtk_revealer_get_child (self->revealer),
                          gtk_revealer_get_reveal_child (self->revealer) ||
                            gtk_revealer_get_child_revealed (self->revealer));
}

static void
offer_study (OrrRecoveryBar *self, const OrrRecovery *recovery)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_local (recovery->time);
  g_autofree char *when = g_date_time_format (time, "%X");
  /* TRANSLATORS: title of a study, then the time of day */
  g_autofree char *text
    = g_strdup_printf (_("Unsaved work on “%s” was kept at %s, before Orrery ended unexpectedly."),
                       recovery->title, when);

  offer (self, text, _("Recover"));
}

/* Whether there is a training to offer; files that cannot be resumed go. */
static gboolean
offer_training (OrrRecoveryBar *self)
{
  while (self->trainings->len > 0)
    {
      GFile *file = g_ptr_array_index (self->trainings, 0);
      g_auto (OrrCheckpoint) content = { 0 };

      if (orr_checkpoint_load (file, &content, NULL))
        {
          g_autofree char *text = g_strdup_printf (_("The training of “%s” was cut off."), content.name);
          offer (self, text, _("Resume Training"));
          return TRUE;
        }
      g_file_delete (file, NULL, NULL);
      g_ptr_array_remove_index (self->trainings, 0);
    }
  return FALSE;
}

static void
update (OrrRecoveryBar *self)
{
  OrrRecovery *recovery = get_study (self);

  if (recovery != NULL)
    offer_study (self, recovery);
  else if (!offer_training (self))
    gtk_revealer_set_reveal_child (self->revealer, FALSE);
}

/* Studies */

static gpointer
read_func (OrrProgress *progress, gpointer data, GError **error)
{
  return orr_study_file_load (data, error);
}

static void
show_study_cb (OrrWindow *window, gpointer data)
{
  OrrJob *job = data;
  const OrrRecovery *recovery = g_object_get_data (G_OBJECT (job), "recovery");
  g_autoptr (OrrDocument) document = orr_document_new (g_object_get_data (G_OBJECT (job), "study"));

  if (recovery->original != NULL)
    orr_document_set_file (document, recovery->original);
  orr_document_set_saved (document, NULL);
  orr_window_set_document (window, document);
  orr_window_show_page (window, "model");
  /* The window keeps a copy of its own from now on. */
  orr_recovery_discard (recovery);
}

static void
study_read_cb (gpointer owner, OrrJob *job, gpointer result, const GError *error)
{
  OrrRecoveryBar *self = owner;

  if (result == NULL)
    return; /* the window tells about failed jobs; the copy stays */
  g_object_set_data_full (G_OBJECT (job), "study", orr_study_ref (result), (GDestroyNotify) orr_study_unref);
  orr_window_leave_study (get_window (self), show_study_cb, g_object_ref (job), g_object_unref);
}

static void
take_up_study (OrrRecoveryBar *self, OrrRecovery *recovery)
{
  g_autofree char *label = g_strdup_printf (_("Recovering %s"), recovery->title);
  OrrJob *job = orr_job_queue_run (orr_window_get_jobs (get_window (self)), ORR_JOB_LANE_NOW, label, read_func,
                                   g_file_get_path (recovery->study_file), g_free,
                                   (GDestroyNotify) orr_study_unref, G_OBJECT (self), study_read_cb);

  /* The array owns the recovery: hold on to both until the job has gone. */
  g_object_set_data (G_OBJECT (job), "recovery", recovery);
  g_object_set_data_full (G_OBJECT (job), "recoveries", g_ptr_array_ref (self->studies),
                          (GDestroyNotify) g_ptr_array_unref);
}

/* Trainings */

/* The study that a training is taken up in: the one that is shown, or a new one around its model. */
static OrrDocument *
ensure_document (OrrWindow *window, GFile *file)
{
  OrrDocument *document = orr_window_get_document (window);
  g_auto (OrrCheckpoint) content = { 0 };

  if (document != NULL || !orr_checkpoint_load (file, &content, NULL))
    return document;

  g_autoptr (OrrStudy) study = orr_study_new (content.name, content.hmm);
  g_autoptr (OrrDocument) created = orr_document_new (study);
  orr_window_set_document (window, created);
  return created;
}

static void
take_up_training (OrrRecoveryBar *self)
{
  OrrWindow *window = get_window (self);
  GFile *file = g_ptr_array_index (self->trainings, 0);
  OrrDocument *document = ensure_document (window, file);
  g_autoptr (GError) error = NULL;
  g_autoptr (OrrTraining) training = NULL;

  if (document != NULL)
    training = orr_training_resume (document, orr_window_get_jobs (window), file, &error);
  if (training != NULL)
    {
      orr_session_adopt_training (orr_window_get_session (window), training);
      orr_window_show_page (window, "model");
    }
  else
    orr_window_show_error (window, _("The training cannot be resumed"), error != NULL ? error->message : NULL);
}

static void
accept_cb (OrrRecoveryBar *self)
{
  OrrRecovery *recovery = get_study (self);

  if (recovery != NULL)
    {
      take_up_study (self, recovery);
      self->n_settled++;
    }
  else if (self->trainings->len > 0)
    {
      take_up_training (self);
      g_ptr_array_remove_index (self->trainings, 0);
    }
  update (self);
}

static void
discard_cb (OrrRecoveryBar *self)
{
  OrrRecovery *recovery = get_study (self);

  if (recovery != NULL)
    {
      orr_recovery_discard (recovery);
      self->n_settled++;
    }
  else if (self->trainings->len > 0)
    {
      g_file_delete (g_ptr_array_index (self->trainings, 0), NULL, NULL);
      g_ptr_array_remove_index (self->trainings, 0);
    }
  update (self);
}

static void
orr_recovery_bar_dispose (GObject *object)
{
  OrrRecoveryBar *self = ORR_RECOVERY_BAR (object);

  g_clear_pointer (&self->studies, g_ptr_array_unref);
  g_clear_pointer (&self->trainings, g_ptr_array_unref);
  G_OBJECT_CLASS (orr_recovery_bar_parent_class)->dispose (object);
}

static void
orr_recovery_bar_class_init (OrrRecoveryBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = orr_recovery_bar_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/orrery/Orrery/ui/orr-recovery-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, OrrRecoveryBar, revealer);
  gtk_widget_class_bind_template_child (widget_class, OrrRecoveryBar, label);
  gtk_widget_class_bind_template_child (widget_class, OrrRecoveryBar, accept_button);
  gtk_widget_class_bind_template_callback (widget_class, accept_cb);
  gtk_widget_class_bind_template_callback (widget_class, discard_cb);
}

static void
orr_recovery_bar_init (OrrRecoveryBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->studies = g_ptr_array_new ();
  self->trainings = g_ptr_array_new ();
  g_signal_connect_swapped (self->revealer, "notify::child-revealed", G_CALLBACK (folded_cb), self);
  folded_cb (self);
}

/**
 * orr_recovery_bar_search:
 *
 * Looks for what a crash left behind, and offers it.
 */
void
orr_recovery_bar_search (OrrRecoveryBar *self)
{
  g_return_if_fail (ORR_IS_RECOVERY_BAR (self));
  g_clear_pointer (&self->studies, g_ptr_array_unref);
  g_clear_pointer (&self->trainings, g_ptr_array_unref);
  self->studies = orr_recovery_find ();
  self->n_settled = 0;
  self->trainings = orr_checkpoint_find ();
  update (self);
}
