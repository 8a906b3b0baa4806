/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-player.h"

#define STEPS_PER_SECOND 25

/* The moment of the session's last step, shared by all views of it. */
static gint64 *
get_clock (OrrSession *session)
{
  gint64 *clock = g_object_get_data (G_OBJECT (session), "orr-player-clock");

  if (clock == NULL)
    {
      clock = g_new0 (gint64, 1);
      g_object_set_data_full (G_OBJECT (session), "orr-player-clock", clock, g_free);
    }
  return clock;
}

/* Moves the cursor on; a selected range is repeated, otherwise the last step ends it. */
static void
advance (OrrSession *session, guint steps)
{
  OrrMotion *motion = orr_session_get_motion (session);
  guint n_steps = motion != NULL ? motion->trajectory->n_steps : 0;
  guint cursor = orr_session_get_cursor (session) + steps;
  guint start, end;

  if (orr_session_get_range (session, &start, &end))
    orr_session_set_cursor (session, cursor < start || cursor >= end ? start : cursor);
  else if (cursor < n_steps)
    orr_session_set_cursor (session, cursor);
  else
    {
      orr_session_set_cursor (session, n_steps > 0 ? n_steps - 1 : 0);
      orr_session_set_playing (session, FALSE);
    }
}

static gboolean
tick_cb (GtkWidget *widget, GdkFrameClock *frames, gpointer user_data)
{
  OrrSession *session = user_data;
  gint64 *clock = get_clock (session);
  gint64 now = gdk_frame_clock_get_frame_time (frames);
  gint64 passed = now - *clock;
  guint steps = passed * STEPS_PER_SECOND / G_USEC_PER_SEC;

  if (!orr_session_get_playing (session))
    {
      g_object_set_data (G_OBJECT (widget), "orr-player-ticking", NULL);
      return G_SOURCE_REMOVE;
    }
  /* A window that was hidden does not jump ahead when it comes back. */
  if (*clock == 0 || passed > G_USEC_PER_SEC / 2)
    *clock = now;
  else if (steps > 0)
    {
      *clock += (gint64) steps * G_USEC_PER_SEC / STEPS_PER_SECOND;
      advance (session, steps);
    }
  return G_SOURCE_CONTINUE;
}

static void
playing_changed_cb (GtkWidget *widget, GParamSpec *pspec, OrrSession *session)
{
  if (!orr_session_get_playing (session) ||
      g_object_get_data (G_OBJECT (widget), "orr-player-ticking") != NULL)
    return;

  OrrMotion *motion = orr_session_get_motion (session);
  guint start, end;

  /* Playing again from the very end means: from the beginning. */
  if (motion != NULL && !orr_session_get_range (session, &start, &end)
      && orr_session_get_cursor (session) + 1 >= motion->trajectory->n_steps)
    orr_session_set_cursor (session, 0);
  g_object_set_data (G_OBJECT (widget), "orr-player-ticking", GINT_TO_POINTER (1));
  gtk_widget_add_tick_callback (widget, tick_cb, g_object_ref (session), g_object_unref);
}

/**
 * orr_player_attach:
 * @widget: a view that shows the cursor
 *
 * While @session is playing and @widget is on the screen, the cursor moves. Several views may be
 * attached to one session: time passes once.
 */
void
orr_player_attach (GtkWidget *widget, OrrSession *session)
{
  g_return_if_fail (GTK_IS_WIDGET (widget));
  g_return_if_fail (ORR_IS_SESSION (session));
  g_signal_connect_object (session, "notify::playing", G_CALLBACK (playing_changed_cb), widget,
                           G_CONNECT_SWAPPED);
}
