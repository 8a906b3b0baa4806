/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-jobs-button.h"

#include <glib/gi18n.h>

#include "orr-job-row.h"
#include "orr-progress-ring.h"

/* What is done sooner than this is not worth a look. */
#define REVEAL_DELAY_MS 300

/**
 * OrrJobsButton:
 *
 * The header's sign of what runs in the background: a ring and a line such as
 * "training three, 62 %, 1 min left"; pressed, it lists all jobs. Hidden while
 * there is none.
 */
struct _OrrJobsButton
{
  AdwBin parent_instance;

  GtkMenuButton   *button;
  OrrProgressRing *ring;
  GtkImage        *warning;
  GtkLabel        *label;
  GtkListBox      *list;

  OrrJobQueue *jobs;
  OrrJob      *watched; /* the job that the line tells about */
  guint        reveal_source;
};

G_DEFINE_FINAL_TYPE (OrrJobsButton, orr_jobs_button, ADW_TYPE_BIN)

/* The first running job, else the first active, else the latest failed one. */
static OrrJob *
choose_job (OrrJobsButton *self, guint *n_active)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->jobs));
  OrrJob *best = NULL;

  *n_active = 0;
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (OrrJob) job = g_list_model_get_item (G_LIST_MODEL (self->jobs), i);
      gboolean active = orr_job_is_active (job);

      *n_active += active;
      if (best == NULL || !orr_job_is_active (best)
          || (orr_job_get_state (job) == ORR_JOB_RUNNING && orr_job_get_state (best) != ORR_JOB_RUNNING))
        best = job; /* the queue holds it */
    }
  return best;
}

static char *
describe (OrrJob *job, guint n_active)
{
  GString *line = g_string_new (orr_job_get_label (job));
  double fraction = orr_job_get_fraction (job);
  g_autofree char *left = orr_format_time_left (orr_job_get_seconds_left (job));

  if (!orr_job_is_active (job))
    {
      g_string_free (line, TRUE);
      return g_strdup_printf (_("%s failed"), orr_job_get_label (job));
    }
  if (fraction >= 0.0)
    g_string_append_printf (line, _(", %d %%"), (int) (100.0 * fraction));
  if (orr_job_get_state (job) == ORR_JOB_PAUSED)
    g_string_append (line, _(", paused"));
  else if (left != NULL)
    g_string_append_printf (line, ", %s", left);
  if (n_active > 1)
    g_string_append_printf (line, ngettext (" and %u more", " and %u more", n_active - 1), n_active - 1);
  return g_string_free (line, FALSE);
}

static gboolean
reveal_cb (gpointer user_data)
{
  OrrJobsButton *self = user_data;

  self->reveal_source = 0;
  gtk_widget_set_visible (GTK_WIDGET (self->button), TRUE);
  return G_SOURCE_REMOVE;
}

static void
show_button (OrrJobsButton *self, gboolean shown)
{
  if (!shown)
    {
      g_clear_handle_id (&self->reveal_source, g_source_remove);
      gtk_menu_button_popdown (self->button);
      gtk_widget_set_visible (GTK_WIDGET (self->button), FALSE);
    }
  else if (self->reveal_source == 0 && !gtk_widget_get_visible (GTK_WIDGET (self->button)))
    self->reveal_source = g_timeout_add (REVEAL_DELAY_MS, reveal_cb, self);
}

static void
update (OrrJobsButton *self)
{
  guint n_active = 0;
  OrrJob *job = self->jobs != NULL ? choose_job (self, &n_active) : NULL;

  if (job != self->watched)
    {
      if (self->watched != NULL)
        g_signal_handlers_disconnect_by_func (self->watched, update, self);
      g_set_object (&self->watched, job);
      if (job != NULL)
        g_signal_connect_object (job, "notify", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
    }
  show_button (self, job != NULL);
  if (job == NULL)
    return;

  g_autofree char *line = describe (job, n_active);
  gboolean active = orr_job_is_active (job);
  gtk_label_set_label (self->label, line);
  gtk_widget_set_visible (GTK_WIDGET (self->ring), active);
  gtk_widget_set_visible (GTK_WIDGET (self->warning), !active);
  orr_progress_ring_set_fraction (self->ring, orr_job_get_fraction (job));
}

static GtkWidget *
create_row_cb (gpointer item, gpointer user_data)
{
  OrrJobsButton *self = user_data;
  return orr_job_row_new (self->jobs, item);
}

static void
orr_jobs_button_dispose (GObject *object)
{
  OrrJobsButton *self = ORR_JOBS_BUTTON (object);

  orr_jobs_button_set_jobs (self, NULL);
  g_clear_handle_id (&self->reveal_source, g_source_remove);
  G_OBJECT_CLASS (orr_jobs_button_parent_class)->dispose (object);
}

static void
orr_jobs_button_class_init (OrrJobsButtonClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = orr_jobs_button_dispose;
  g_type_ensure (ORR_TYPE_PROGRESS_RING);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/orrery/Orrery/ui/orr-jobs-button.ui");
  gtk_widget_class_bind_template_child (widget_class, OrrJobsButton, button);
  gtk_widget_class_bind_template_child (widget_class, OrrJobsButton, ring);
  gtk_widget_class_bind_template_child (widget_class, OrrJobsButton, warning);
  gtk_widget_class_bind_template_child (widget_class, OrrJobsButton, label);
  gtk_widget_class_bind_template_child (widget_class, OrrJobsButton, list);
}

static void
orr_jobs_button_init (OrrJobsButton *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  update (self);
}

/**
 * orr_jobs_button_set_jobs:
 * @jobs: (nullable): the queue to show
 */
void
orr_jobs_button_set_jobs (OrrJobsButton *self, OrrJobQueue *jobs)
{
  g_return_if_fail (ORR_IS_JOBS_BUTTON (self));
  if (self->jobs == jobs)
    return;

  if (self->jobs != NULL)
    g_signal_handlers_disconnect_by_func (self->jobs, update, self);
  g_set_object (&self->jobs, jobs);
  if (self->list != NULL)
    gtk_list_box_bind_model (self->list, (GListModel *) jobs, create_row_cb, self, NULL);
  if (jobs != NULL)
    g_signal_connect_object (jobs, "items-changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  if (self->button != NULL)
    update (self);
}

void
orr_jobs_button_popup (OrrJobsButton *self)
{
  g_return_if_fail (ORR_IS_JOBS_BUTTON (self));
  if (gtk_widget_get_visible (GTK_WIDGET (self->button)))
    gtk_menu_button_popup (self->button);
}
