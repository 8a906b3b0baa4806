/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How soon the gain panel answers: bench-gain STUDY.orrery. Needs a display. From a change of the gain of the first
 * kick group to the end of the frame that shows read-outs, and an orbit, under the new gain: first the gain jumps
 * and rests, then it moves at every frame as under a dragging hand. Milliseconds by the clock; the least is what a
 * machine does that has nothing else to do. */
#include <adwaita.h>
#include <stdlib.h>

#include "orr-gain-view.h"
#include "orr-orbit-view.h"
#include "orr-renderer.h"
#include "orr-study-file.h"

#define N_JUMPS 15
#define DRAG_SECONDS 4

typedef struct
{
  OrrSession  *session;
  OrrGainView *view;
  GtkRange    *slider;
  GVariant    *preview;  /* of the frame before */
  OrrMotion   *motion;
  gint64       changed;  /* when the gain was */
  double       readouts; /* ms, negative until a frame shows them */
  double       orbit;
  GArray      *updates;  /* gint64: when frames showed other read-outs */
} Bench;

static GtkWidget *
find_slider (GtkWidget *widget)
{
  if (GTK_IS_SCALE (widget))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_slider (child);

      if (found != NULL)
        return found;
    }
  return NULL;
}

static void
painted_cb (GdkFrameClock *clock, Bench *self)
{
  GVariant *preview = orr_gain_view_get_preview (self->view);
  OrrMotion *motion = orr_session_get_motion (self->session);
  gint64 now = g_get_monotonic_time ();

  if (preview != self->preview)
    {
      self->preview = preview;
      g_array_append_val (self->updates, now);
      if (self->readouts < 0.0)
        self->readouts = (now - self->changed) / 1000.0;
    }
  if (motion != self->motion)
    {
      self->motion = motion;
      if (self->orbit < 0.0)
        self->orbit = (now - self->changed) / 1000.0;
    }
}

static void
turn (Bench *self, double gain)
{
  self->changed = g_get_monotonic_time ();
  self->readouts = self->orbit = -1.0;
  gtk_range_set_value (self->slider, gain);
}

static void
wait_for (double seconds)
{
  gint64 end = g_get_monotonic_time () + seconds * G_USEC_PER_SEC;

  while (g_get_monotonic_time () < end)
    g_main_context_iteration (NULL, FALSE) ? (void) 0 : g_usleep (500);
}

static int
compare_doubles (const void *a, const void *b)
{
  double x = *(const double *) a, y = *(const double *) b;
  return (x > y) - (x < y);
}

static void
print_times (const char *name, double *values, guint n)
{
  qsort (values, n, sizeof (double), compare_doubles);
  g_print ("{\"part\":\"%s\",\"n\":%u,\"least_ms\":%.1f,\"median_ms\":%.1f,\"most_ms\":%.1f}\n", name, n, values[0],
           values[n / 2], values[n - 1]);
}

static void
bench_jumps (Bench *self)
{
  double readouts[N_JUMPS], orbit[N_JUMPS];

  for (guint i = 0; i < N_JUMPS; i++)
    {
      turn (self, 0.2 + 1.5 * ((i * 7) % N_JUMPS) / N_JUMPS);
      while (self->readouts < 0.0 || self->orbit < 0.0)
        g_main_context_iteration (NULL, TRUE);
      readouts[i] = self->readouts;
      orbit[i] = self->orbit;
      wait_for (0.5);
    }
  print_times ("read-outs after a jump", readouts, N_JUMPS);
  print_times ("orbit after a jump", orbit, N_JUMPS);
}

static gboolean
drag_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  double *gain = user_data;

  *gain = *gain < 1.9 ? *gain + 0.01 : 0.1;
  gtk_range_set_value (GTK_RANGE (widget), *gain);
  return G_SOURCE_CONTINUE;
}

/* Between two frames that show other read-outs while the gain never rests. */
static void
bench_drag (Bench *self)
{
  double gain = 0.1;
  guint tick = gtk_widget_add_tick_callback (GTK_WIDGET (self->slider), drag_cb, &gain, NULL);

  g_array_set_size (self->updates, 0);
  wait_for (DRAG_SECONDS);
  gtk_widget_remove_tick_callback (GTK_WIDGET (self->slider), tick);
  guint n = self->updates->len;
  g_autofree double *gaps = g_new0 (double, MAX (n, 1));
  for (guint i = 1; i < n; i++)
    gaps[i - 1] = (g_array_index (self->updates, gint64, i) - g_array_index (self->updates, gint64, i - 1)) / 1000.0;
  if (n > 1)
    print_times ("between read-outs under a dragging hand", gaps, n - 1);
  else
    g_print ("no read-outs under a dragging hand\n");
}

int
main (int argc, char *argv[])
{
  g_autoptr (GError) error = NULL;
  g_autoptr (OrrStudy) study = argc > 1 ? orr_study_file_load (argv[1], &error) : NULL;

  if (!gtk_init_check ())
    return 77;
  if (study == NULL || study->runs->len == 0)
    {
      g_printerr ("%s\n", error != NULL ? error->message : "bench-gain STUDY.orrery");
      return 2;
    }
  adw_init ();
  orr_renderer_choose (gdk_display_get_default ());
  g_autoptr (OrrDocument) document = orr_document_new (study);
  g_autoptr (OrrJobQueue) jobs = orr_job_queue_new ();
  g_autoptr (OrrSession) session = orr_session_new (document, jobs);
  Bench self = { .session = session, .updates = g_array_new (FALSE, FALSE, sizeof (gint64)) };
  GtkWidget *window = gtk_window_new (), *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

  self.view = ORR_GAIN_VIEW (orr_gain_view_new (session));
  GtkWidget *orbit = orr_orbit_view_new (session);
  gtk_widget_set_hexpand (orbit, TRUE);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self.view));
  gtk_box_append (GTK_BOX (box), orbit);
  gtk_window_set_default_size (GTK_WINDOW (window), 1000, 500);
  gtk_window_set_child (GTK_WINDOW (window), box);
  self.slider = GTK_RANGE (find_slider (GTK_WIDGET (self.view)));
  gtk_window_present (GTK_WINDOW (window));
  while (orr_gain_view_get_preview (self.view) == NULL || orr_session_get_motion (session) == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_signal_connect_after (gtk_widget_get_frame_clock (window), "after-paint", G_CALLBACK (painted_cb), &self);
  wait_for (3.0);

  g_print ("{\"hidden\":%u,\"noise_inputs\":%u}\n", orr_session_get_network (session)->n_hidden,
           orr_session_get_network (session)->n_noise);
  bench_jumps (&self);
  bench_drag (&self);
  orr_job_queue_stop (jobs);
  gtk_window_destroy (GTK_WINDOW (window));
  g_array_unref (self.updates);
  return 0;
}
