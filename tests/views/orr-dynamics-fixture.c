/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-dynamics-fixture.h"

#include <math.h>

#include "orr-card.h"
#include "orr-orbit-view.h"
#include "orr-time-strip.h"

#define N_RING 24

/* A network that goes round: unit j drives its neighbours ahead on a ring and is held back by those
 * opposite, so that a bump of activity travels; the three symbols read out a third of the ring each. */
OrrNetwork *
orr_fixture_network (void)
{
  OrrNetwork *network = orr_network_new (N_RING, 4, 3, FALSE);

  network->activation = ORR_ACTIVATION_TANH;
  for (guint i = 0; i < N_RING; i++)
    {
      for (guint j = 0; j < N_RING; j++)
        orr_matrix_row (network->weight_hh, i)[j] = 0.11 * cos (2 * G_PI * ((double) i - j - 0.6) / N_RING);
      for (guint d = 0; d < 4; d++)
        orr_matrix_row (network->weight_ih, i)[d] =
            0.3 * cos (2 * G_PI * (i * (d % 2 + 1) / (double)N_RING + d / 4.0));
      for (guint k = 0; k < 3; k++)
        orr_matrix_row (network->weight_out, k)[i] = 2.0 * cos (2 * G_PI * (i / (double) N_RING - k / 3.0));
    }
  return network;
}

OrrSession *
orr_fixture_session (OrrNetwork *network, OrrHmm *hmm, guint n_steps)
{
  g_autoptr (OrrRun) run = orr_run_new ("ring", network, hmm);
  g_autoptr (OrrStudy) empty = orr_study_new ("fixture", hmm);
  g_autoptr (OrrStudy) study = orr_study_with_run (empty, run);
  g_autoptr (OrrDocument) document = orr_document_new (study);
  g_autoptr (OrrJobQueue) jobs = orr_job_queue_new ();
  OrrSession *session = orr_session_new (document, jobs);
  OrrTrajectoryOptions options;

  if (n_steps > 0)
    {
      orr_session_get_motion_options (session, &options);
      options.n_steps = n_steps;
      orr_session_simulate (session, &options);
    }
  return session;
}

GtkWidget *
orr_fixture_window (OrrSession *session, int width, int height)
{
  GtkWidget *window = gtk_window_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *orbit = orr_card_new ("Orbit viewer", orr_orbit_view_new (session));

  gtk_widget_set_margin_top (box, 12);
  gtk_widget_set_margin_bottom (box, 12);
  gtk_widget_set_margin_start (box, 12);
  gtk_widget_set_margin_end (box, 12);
  gtk_widget_set_vexpand (orbit, TRUE);
  gtk_box_append (GTK_BOX (box), orbit);
  gtk_box_append (GTK_BOX (box), orr_card_new ("Time strip", orr_time_strip_new (session)));
  gtk_window_set_child (GTK_WINDOW (window), box);
  gtk_window_set_default_size (GTK_WINDOW (window), width, height);
  gtk_window_set_title (GTK_WINDOW (window), "Dynamics");
  return window;
}

/* Until the motion is there. */
void
orr_fixture_wait (OrrSession *session)
{
  while (orr_session_get_motion (session) == NULL)
    g_main_context_iteration (NULL, TRUE);
}
