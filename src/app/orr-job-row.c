/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-job-row.h"

#include <glib/gi18n.h>

/**
 * OrrJobRow:
 *
 * One job in the list of the header's jobs button: what it does, how far it
 * is, the time left, and a button that cancels it or puts its failure away.
 */
struct _OrrJobRow
{
  GtkListBoxRow parent_instance;

  GtkLabel       *heading;
  GtkLabel       *detail;
  GtkProgressBar *bar;
  GtkButton      *pause_button;
  GtkButton      *end_button;

  OrrJobQueue *jobs;
  OrrJob      *job;
};

G_DEFINE_FINAL_TYPE (OrrJobRow, orr_job_row, GTK_TYPE_LIST_BOX_ROW)

/**
 * orr_format_time_left:
 * @seconds: negative when unknown
 *
 * Returns: (transfer full) (nullable): such as "1 min left", %NULL when unknown
 */
char *
orr_format_time_left (double seconds)
{
  if (seconds < 0.0)
    return NULL;
  if (seconds < 59.5)
    {
      int n = MAX ((int) (seconds + 0.5), 1);
      return g_strdup_printf (_("%d s left"), n);
    }

  int minutes = (int) (seconds / 60.0 + 0.5);
  if (minutes < 60)
    return g_strdup_printf (_("%d min left"), minutes);
  return g_strdup_printf (_("%d h %d min left"), minutes / 60, minutes % 60);
}

static char *
describe (OrrJob *job)
{
  const char *text = orr_job_get_text (job);
  g_autofree char *left = NULL;

  switch (orr_job_get_state (job))
    {
    case ORR_JOB_WAITING:
      return g_strdup (_("Waiting"));
    case ORR_JOB_PAUSED:
      return g_strdup (_("Paused"));
    case ORR_JOB_FAILED:
      return g_strdup (orr_job_get_error_message (job));
    case ORR_JOB_DONE:
      return g_strdup (_("Done"));
    case ORR_JOB_CANCELLED:
      return g_strdup (_("Cancelled"));
    case ORR_JOB_RUNNING:
    default:
      left = orr_format_time_left (orr_job_get_seconds_left (job));
      if (text != NULL && left != NULL)
        return g_strdup_printf ("%s, %s", text, left);
      return g_strdup (text != NULL ? text : left != NULL ? left : _("Running"));
    }
}

static void
update (OrrJobRow *self)
{
  gboolean active = orr_job_is_active (self->job);
  gboolean paused = orr_job_get_state (self->job) == ORR_JOB_PAUSED;
  double fraction = orr_job_get_fraction (self->job);
  g_autofree char *detail = describe (self->job);

  gtk_label_set_label (self->heading, orr_job_get_label (self->job));
  gtk_label_set_label (self->detail, detail);
  gtk_widget_set_visible (GTK_WIDGET (self->bar), active && fraction >= 0.0);
  gtk_progress_bar_set_fraction (self->bar, CLAMP (fraction, 0.0, 1.0));
  gtk_widget_set_visible (GTK_WIDGET (self->pause_button), active);
  gtk_button_set_label (self->pause_button, paused ? _("Resume") : _("Pause"));
  gtk_button_set_label (self->end_button, active ? _("Cancel") : _("Dismiss"));
  if (active)
    gtk_widget_remove_css_class (GTK_WIDGET (self->detail), "error");
  else
    gtk_widget_add_css_class (GTK_WIDGET (self->detail), "error");
}

static void
pause_cb (OrrJobRow *self)
{
  orr_job_set_paused (self->job, orr_job_get_state (self->job) != ORR_JOB_PAUSED);
}

static void
end_cb (OrrJobRow *self)
{
  if (orr_job_is_active (self->job))
    orr_job_cancel (self->job);
  else
    orr_job_queue_dismiss (self->jobs, self->job);
}

static void
orr_job_row_dispose (GObject *object)
{
  OrrJobRow *self = ORR_JOB_ROW (object);

  g_clear_object (&self->jobs);
  g_clear_object (&self->job);
  G_OBJECT_CLASS (orr_job_row_parent_class)->dispose (object);
}

static void
orr_job_row_class_init (OrrJobRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = orr_job_row_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/orrery/Orrery/ui/orr-job-row.ui");
  gtk_widget_class_bind_template_child (widget_class, OrrJobRow, heading);
  gtk_widget_class_bind_template_child (widget_class, OrrJobRow, detail);
  gtk_widget_class_bind_template_child (widget_class, OrrJobRow, bar);
  gtk_widget_class_bind_template_child (widget_class, OrrJobRow, pause_button);
  gtk_widget_class_bind_template_child (widget_class, OrrJobRow, end_button);
  gtk_widget_class_bind_template_callback (widget_class, pause_cb);
  gtk_widget_class_bind_template_callback (widget_class, end_cb);
}

static void
orr_job_row_init (OrrJobRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
orr_job_row_new (OrrJobQueue *jobs, OrrJob *job)
{
  OrrJobRow *self = g_object_new (ORR_TYPE_JOB_ROW, NULL);

  self->jobs = g_object_ref (jobs);
  self->job = g_object_ref (job);
  g_signal_connect_object (job, "notify", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
  return GTK_WIDGET (self);
}
