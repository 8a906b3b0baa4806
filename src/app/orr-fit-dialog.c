/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-fit-dialog.h"

#include <glib/gi18n.h>

#include "orr-chart.h"
#include "orr-figure-scan.h"
#include "orr-hmm-layout.h"
#include "orr-hmm-scan.h"

#define MOST_STATES 30

/**
 * OrrFitDialog:
 *
 * Fits models with several numbers of states to the study's recorded
 * sequences, shows how good each is, and makes the one that a person chooses the
 * study's model.
 */
struct _OrrFitDialog
{
  AdwWindow parent_instance;

  GtkLabel       *about;
  GtkSpinButton  *fewest;
  GtkSpinButton  *most;
  GtkSpinButton  *restarts;
  GtkSpinButton  *seed;
  GtkButton      *fit;
  GtkProgressBar *progress;
  OrrChart       *chart;
  GtkDropDown    *choice;
  GtkWidget      *use;

  OrrWindow    *window; /* transient for it: lives as long */
  OrrRecording *recording;
  OrrJob       *job;  /* (nullable) */
  OrrHmmScan   *scan; /* (nullable) */
  gboolean      updating;
};

G_DEFINE_FINAL_TYPE (OrrFitDialog, orr_fit_dialog, ADW_TYPE_WINDOW)

/* The worker's own copy of all it needs. */
typedef struct
{
  OrrSequences    *sequences;
  guint            fewest;
  guint            most;
  OrrHmmFitOptions options;
} Work;

static void
work_free (gpointer data)
{
  Work *work = data;

  orr_sequences_unref (work->sequences);
  g_free (work);
}

static gpointer
scan_thread (OrrProgress *progress, gpointer data, GError **error)
{
  Work *work = data;

  return orr_hmm_scan (work->sequences, work->fewest, work->most, &work->options, progress, error);
}

/* What is shown ------------------------------------------------------------------------------------------ */

static const OrrHmmScanEntry *
get_chosen (OrrFitDialog *self)
{
  guint index = gtk_drop_down_get_selected (self->choice);

  return self->scan != NULL && index < self->scan->n_entries ? &self->scan->entries[index] : NULL;
}

static void
update_chart (OrrFitDialog *self)
{
  const OrrHmmScanEntry *chosen = get_chosen (self);
  g_autoptr (OrrFigure) figure = NULL;

  gtk_widget_set_sensitive (self->use, chosen != NULL);
  if (self->scan == NULL)
    return;
  g_autoptr (GVariant) section = g_variant_ref_sink (orr_hmm_scan_to_section (self->scan));
  figure = orr_figure_new_scan (section, chosen != NULL ? chosen->n_states : 0);
  orr_chart_set_figure (self->chart, figure);
}

static void
choice_cb (OrrFitDialog *self)
{
  if (!self->updating)
    update_chart (self);
}

/* A click near a number of states chooses it. */
static void
picked_cb (OrrFitDialog *self, const OrrFigureHit *hit)
{
  if (self->scan == NULL)
    return;
  guint first = self->scan->entries[0].n_states;
  guint states = (guint) MAX (hit->x + 0.5, first);

  gtk_drop_down_set_selected (self->choice, MIN (states - first, self->scan->n_entries - 1));
}

static void
show_scan (OrrFitDialog *self)
{
  g_autoptr (GtkStringList) titles = gtk_string_list_new (NULL);

  for (guint i = 0; i < self->scan->n_entries; i++)
    {
      guint states = self->scan->entries[i].n_states;
      g_autofree char *count = g_strdup_printf (ngettext ("%u state", "%u states", states), states);
      g_autofree char *title = i == self->scan->best_bic ? g_strdup_printf (_("%s (least BIC)"), count) : g_strdup (count);

      gtk_string_list_append (titles, title);
    }
  self->updating = TRUE;
  gtk_drop_down_set_model (self->choice, G_LIST_MODEL (titles));
  gtk_drop_down_set_selected (self->choice, self->scan->best_bic);
  self->updating = FALSE;
  gtk_widget_set_sensitive (GTK_WIDGET (self->choice), TRUE);
  update_chart (self);
}

/* The fit ------------------------------------------------------------------------------------------------- */

static void
update_running (OrrFitDialog *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self->progress), self->job != NULL);
  gtk_button_set_label (self->fit, self->job != NULL ? _("Stop") : _("Fit"));
}

static void
fraction_cb (OrrFitDialog *self)
{
  if (self->job != NULL)
    gtk_progress_bar_set_fraction (self->progress, CLAMP (orr_job_get_fraction (self->job), 0.0, 1.0));
}

static void
scanned_cb (gpointer owner, OrrJob *job, gpointer result, const GError *error)
{
  OrrFitDialog *self = owner;

  if (job != self->job)
    return;
  g_clear_object (&self->job);
  update_running (self);
  if (result == NULL)
    return; /* stopped; the window tells about failures */
  /* The scan is handed over: the job frees an empty one. */
  g_clear_pointer (&self->scan, orr_hmm_scan_free);
  self->scan = g_new0 (OrrHmmScan, 1);
  *self->scan = *(OrrHmmScan *) result;
  *(OrrHmmScan *) result = (OrrHmmScan){ 0 };
  show_scan (self);
}

static void
stop (OrrFitDialog *self)
{
  if (self->job == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->job, self);
  orr_job_cancel (self->job);
  g_clear_object (&self->job);
  update_running (self);
}

static void
fit_cb (OrrFitDialog *self)
{
  g_autofree char *label = g_strdup_printf (_("Fitting models to %s"), self->recording->name);
  Work *work;

  if (self->job != NULL)
    {
      stop (self);
      return;
    }
  work = g_new0 (Work, 1);
  orr_hmm_fit_options_init (&work->options);
  work->sequences = orr_sequences_ref (self->recording->sequences);
  work->fewest = gtk_spin_button_get_value_as_int (self->fewest);
  work->most = MAX (gtk_spin_button_get_value_as_int (self->most), (int) work->fewest);
  work->options.restarts = gtk_spin_button_get_value_as_int (self->restarts);
  work->options.seed = gtk_spin_button_get_value_as_int (self->seed);
  work->options.tolerance = 1e-7;
  self->job = g_object_ref (orr_job_queue_run (orr_window_get_jobs (self->window), ORR_JOB_LANE_NOW, label, scan_thread,
                                               work, work_free, (GDestroyNotify) orr_hmm_scan_free, G_OBJECT (self),
                                               scanned_cb));
  g_signal_connect_object (self->job, "notify::fraction", G_CALLBACK (fraction_cb), self, G_CONNECT_SWAPPED);
  gtk_progress_bar_set_fraction (self->progress, 0.0);
  update_running (self);
}

static void
use_cb (OrrFitDialog *self)
{
  const OrrHmmScanEntry *chosen = get_chosen (self);
  OrrDocument *document = orr_window_get_document (self->window);

  if (chosen == NULL || document == NULL)
    return;
  g_autoptr (OrrHmm) placed = orr_hmm_layout (chosen->fit->model);
  g_autofree char *label = g_strdup_printf (ngettext ("Fit model with %u state", "Fit model with %u states",
                                                      chosen->n_states),
                                            chosen->n_states);
  orr_document_edit_hmm (document, placed, label, NULL);
  gtk_window_close (GTK_WINDOW (self));
}

static void
orr_fit_dialog_dispose (GObject *object)
{
  OrrFitDialog *self = ORR_FIT_DIALOG (object);

  if (self->job != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->job, self);
      orr_job_cancel (self->job);
      g_clear_object (&self->job);
    }
  g_clear_pointer (&self->recording, orr_recording_unref);
  g_clear_pointer (&self->scan, orr_hmm_scan_free);
  G_OBJECT_CLASS (orr_fit_dialog_parent_class)->dispose (object);
}

static void
orr_fit_dialog_class_init (OrrFitDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = orr_fit_dialog_dispose;
  g_type_ensure (ORR_TYPE_CHART);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/orrery/Orrery/ui/orr-fit-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, OrrFitDialog, about);
  gtk_widget_class_bind_template_child (widget_class, OrrFitDialog, fewest);
  gtk_widget_class_bind_template_child (widget_class, OrrFitDialog, most);
  gtk_widget_class_bind_template_child (widget_class, OrrFitDialog, restarts);
  gtk_widget_class_bind_template_child (widget_class, OrrFitDialog, seed);
  gtk_widget_class_bind_template_child (widget_class, OrrFitDialog, fit);
  gtk_widget_class_bind_template_child (widget_class, OrrFitDialog, progress);
  gtk_widget_class_bind_template_child (widget_class, OrrFitDialog, chart);
  gtk_widget_class_bind_template_child (widget_class, OrrFitDialog, choice);
  gtk_widget_class_bind_template_child (widget_class, OrrFitDialog, use);
  gtk_widget_class_bind_template_callback (widget_class, fit_cb);
  gtk_widget_class_bind_template_callback (widget_class, use_cb);
  gtk_widget_class_bind_template_callback (widget_class, choice_cb);
  gtk_widget_class_bind_template_callback (widget_class, picked_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
orr_fit_dialog_init (OrrFitDialog *self)
{
  g_autoptr (OrrFigure) empty = orr_figure_new (_("Models by number of states"));

  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_spin_button_set_range (self->fewest, 1, MOST_STATES);
  gtk_spin_button_set_range (self->most, 1, MOST_STATES);
  gtk_spin_button_set_value (self->fewest, 1);
  gtk_spin_button_set_value (self->most, 6);
  orr_chart_set_figure (self->chart, empty);
}

/**
 * orr_fit_dialog_present:
 * @window: whose study has a recording
 *
 * Opens the dialog and begins to fit.
 */
void
orr_fit_dialog_present (OrrWindow *window)
{
  OrrRecording *recording = orr_document_get_study (orr_window_get_document (window))->recording;
  OrrFitDialog *self = g_object_new (ORR_TYPE_FIT_DIALOG, "transient-for", window, "modal", TRUE, NULL);
  g_autofree char *content = orr_recording_describe (recording);
  g_autofree char *about = g_strdup_printf ("%s: %s", recording->name, content);

  self->window = window;
  self->recording = orr_recording_ref (recording);
  gtk_label_set_label (self->about, about);
  gtk_window_present (GTK_WINDOW (self));
  fit_cb (self);
}
