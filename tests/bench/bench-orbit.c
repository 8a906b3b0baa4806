/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How long the frames of orbit viewer and time strip take: bench-orbit [STEPS]. Needs a display. Processor
 * time is that of all threads, software GL's too: it stays the same on a busy machine. */
#include <adwaita.h>
#include <stdlib.h>
#include <time.h>

#include "orr-dynamics-fixture.h"
#include "orr-hmm-presets.h"
#include "orr-orbit-view.h"
#include "orr-renderer.h"

#define N_FRAMES 90

typedef struct
{
  OrrSession   *session;
  GtkWidget    *window;
  OrrOrbitView *orbit;
  GArray       *work; /* double, milliseconds from the start of a frame to its end */
  gint64        start;
  guint         turn;
  gboolean      scrub;
} Bench;

static OrrOrbitView *
find_orbit (GtkWidget *widget)
{
  if (ORR_IS_ORBIT_VIEW (widget))
    return ORR_ORBIT_VIEW (widget);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      OrrOrbitView *found = find_orbit (child);

      if (found != NULL)
        return found;
    }
  return NULL;
}

static void
wait_for_rest (Bench *self)
{
  while (!orr_orbit_view_is_at_rest (self->orbit))
    g_main_context_iteration (NULL, TRUE);
}

static void
before_paint_cb (GdkFrameClock *clock, Bench *self)
{
  self->start = g_get_monotonic_time ();
}

static void
after_paint_cb (GdkFrameClock *clock, Bench *self)
{
  double work = (g_get_monotonic_time () - self->start) / 1000.0;

  g_array_append_val (self->work, work);
}

static gboolean
tick_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  Bench *self = user_data;

  if (self->scrub)
    orr_session_set_cursor (self->session, orr_session_get_cursor (self->session) + 37);
  /* A flight of 0.3 s to another side, again and again. */
  else if (self->work->len % 18 == 0)
    gtk_widget_activate_action (GTK_WIDGET (self->orbit), "orbit.look-from", "i", ++self->turn % 3);
  return self->work->len < N_FRAMES;
}

static int
compare_doubles (const void *a, const void *b)
{
  double x = *(const double *) a, y = *(const double *) b;
  return (x > y) - (x < y);
}

static void
measure (Bench *self, const char *name, gboolean scrub)
{
  clock_t begin;

  wait_for_rest (self);
  g_array_set_size (self->work, 0);
  self->scrub = scrub;
  begin = clock ();
  gtk_widget_add_tick_callback (self->window, tick_cb, self, NULL);
  while (self->work->len < N_FRAMES)
    g_main_context_iteration (NULL, TRUE);
  double processor = (clock () - begin) * 1000.0 / CLOCKS_PER_SEC / N_FRAMES;
  qsort (self->work->data, N_FRAMES, sizeof (double), compare_doubles);
  g_print ("%-34s %5.1f ms of processor time a frame; by the clock: median %5.1f ms, 95 %% within %5.1f ms\n", name,
           processor, g_array_index (self->work, double, N_FRAMES / 2),
           g_array_index (self->work, double, N_FRAMES * 95 / 100));
}

int
main (int argc, char *argv[])
{
  if (!gtk_init_check ())
    return 77;
  adw_init ();
  orr_renderer_choose (gdk_display_get_default ());
  g_autoptr (OrrNetwork) network = orr_fixture_network ();
  g_autoptr (OrrHmm) hmm = orr_hmm_preset_create (orr_hmm_preset_find ("three"));
  g_autoptr (OrrSession) session = orr_fixture_session (network, hmm, argc > 1 ? atoi (argv[1]) : 100000);
  Bench self = { .session = session, .work = g_array_new (FALSE, FALSE, sizeof (double)) };

  orr_fixture_wait (session);
  self.window = orr_fixture_window (session, 1000, 800);
  self.orbit = find_orbit (self.window);
  gtk_window_present (GTK_WINDOW (self.window));
  wait_for_rest (&self);
  GdkFrameClock *clock = gtk_widget_get_frame_clock (self.window);
  gulong before = g_signal_connect (clock, "before-paint", G_CALLBACK (before_paint_cb), &self);
  gulong after = g_signal_connect_after (clock, "after-paint", G_CALLBACK (after_paint_cb), &self);

  g_print ("%u steps\n", orr_session_get_motion (session)->trajectory->n_steps);
  measure (&self, "the cursor moves", TRUE);
  measure (&self, "the camera moves", FALSE);
  orr_session_select_state (session, 1);
  measure (&self, "the cursor moves, a state is lit", TRUE);
  measure (&self, "the camera moves, a state is lit", FALSE);
  g_signal_handler_disconnect (clock, before);
  g_signal_handler_disconnect (clock, after);
  gtk_window_destroy (GTK_WINDOW (self.window));
  g_array_unref (self.work);
  return 0;
}
