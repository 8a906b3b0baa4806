/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-gain-comparison.h"

#include <glib/gi18n.h>

#include "orr-card.h"
#include "orr-chart.h"
#include "orr-figure-section.h"
#include "orr-interventions.h"

#define WIDTH 980
#define HEIGHT 620

/**
 * OrrGainComparison:
 *
 * A window that shows the network at gain 0, 1 and 1.9 of one set of units side by side: its path, and below
 * them the transition rate and the critical pairs over the gain. Computed in the background for that set;
 * closing the window ends that.
 */
struct _OrrGainComparison
{
  AdwWindow parent;

  OrrHmm   *hmm; /* (nullable) */
  OrrJob   *job; /* (nullable) */
  OrrChart *chart;
};

G_DEFINE_FINAL_TYPE (OrrGainComparison, orr_gain_comparison, ADW_TYPE_WINDOW)

/* The worker's own copy of the set and of what it belongs to. */
typedef struct
{
  OrrNetwork        *network;
  OrrAnalysisOptions options;
  OrrInterventionSet set;
  char              *name;
  guint             *units;
} Work;

static void
work_free (gpointer data)
{
  Work *work = data;

  orr_network_unref (work->network);
  g_free (work->name);
  g_free (work->units);
  g_free (work);
}

static gpointer
compare_thread (OrrProgress *progress, gpointer data, GError **error)
{
  Work *work = data;

  return orr_interventions_run (work->network, &work->set, &work->options, progress, error);
}

static void
say (OrrGainComparison *self, const char *text)
{
  g_autoptr (OrrFigure) figure = orr_figure_new (NULL);

  orr_plot_set_empty_text (orr_figure_add_plot (figure, NULL), text);
  orr_chart_set_figure (self->chart, figure);
}

static void
compared_cb (gpointer owner, OrrJob *job, gpointer result, const GError *error)
{
  OrrGainComparison *self = owner;

  g_clear_object (&self->job);
  if (result == NULL)
    {
      say (self, error != NULL ? error->message : "");
      return;
    }
  g_autoptr (OrrFigure) figure = orr_figure_new_gain_comparison (result, self->hmm);
  orr_chart_set_figure (self->chart, figure);
}

static void
start (OrrGainComparison *self, OrrSession *session, const OrrGainSet *set)
{
  OrrMotion *motion = orr_session_get_own_motion (session);
  Work *work = g_new0 (Work, 1);

  work->network = orr_network_ref (orr_session_get_network (session));
  work->name = g_strdup (set->title);
  work->units = g_memdup2 (set->units, set->n_units * sizeof *set->units);
  work->set = (OrrInterventionSet){ work->name, set->from, set->to, set->n_units, work->units, set->noise_only };
  orr_analysis_options_init (&work->options);
  if (motion != NULL)
    {
      work->options.noise_sd = motion->trajectory->noise_sd;
      work->options.seed = motion->trajectory->seed;
      work->options.burn_in = motion->trajectory->burn_in;
    }
  say (self, _("Comparing the gains\342\200\246"));
  g_set_object (&self->job, orr_job_queue_run (orr_session_get_jobs (session), ORR_JOB_LANE_NOW, _("Comparing gains"),
                                               compare_thread, work, work_free, (GDestroyNotify) g_variant_unref,
                                               G_OBJECT (self), compared_cb));
}

static void
orr_gain_comparison_dispose (GObject *object)
{
  OrrGainComparison *self = ORR_GAIN_COMPARISON (object);

  if (self->job != NULL)
    orr_job_cancel (self->job);
  g_clear_object (&self->job);
  g_clear_pointer (&self->hmm, orr_hmm_unref);
  G_OBJECT_CLASS (orr_gain_comparison_parent_class)->dispose (object);
}

static void
orr_gain_comparison_class_init (OrrGainComparisonClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = orr_gain_comparison_dispose;
  gtk_widget_class_add_binding_action (GTK_WIDGET_CLASS (klass), GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
orr_gain_comparison_init (OrrGainComparison *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *chart = orr_chart_new ();
  GtkWidget *card = orr_card_new (_("Gain comparison"), chart);

  self->chart = ORR_CHART (chart);
  gtk_window_set_default_size (GTK_WINDOW (self), WIDTH, HEIGHT);
  gtk_widget_set_margin_start (card, 6);
  gtk_widget_set_margin_end (card, 6);
  gtk_widget_set_margin_bottom (card, 6);
  gtk_box_append (GTK_BOX (box), adw_header_bar_new ());
  gtk_box_append (GTK_BOX (box), card);
  adw_window_set_content (ADW_WINDOW (self), box);
}

/**
 * orr_gain_comparison_new:
 * @session: whose network it is
 * @set: (transfer none): the units whose gain is turned, at least one
 * @parent: (nullable): the window that it belongs to
 *
 * Returns: (transfer none): the window, not shown yet
 */
GtkWidget *
orr_gain_comparison_new (OrrSession *session, const OrrGainSet *set, GtkWindow *parent)
{
  OrrRun *run = orr_session_get_run (session);
  OrrHmm *hmm = run != NULL && run->hmm != NULL ? run->hmm : orr_session_get_hmm (session);
  g_autofree char *title = g_strdup_printf (_("Gain 0, 1 and 1.9: %s"), set->title);

  g_return_val_if_fail (set->n_units > 0 && orr_session_get_network (session) != NULL, NULL);
  OrrGainComparison *self =
      g_object_new (ORR_TYPE_GAIN_COMPARISON, "title", title, "transient-for", parent, "destroy-with-parent", TRUE, NULL);
  self->hmm = orr_hmm_ref (hmm);
  start (self, session, set);
  return GTK_WIDGET (self);
}
