/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-view-test.h"

#include <adwaita.h>

#include "orr-dynamics-fixture.h"
#include "orr-hmm-presets.h"
#include "orr-orbit-view.h"
#include "orr-section.h"
#include "orr-time-strip.h"

#define N_STEPS 2000

typedef struct
{
  OrrSession   *session;
  GtkWidget    *window;
  OrrOrbitView *orbit;
  OrrTimeStrip *strip;
} Fixture;

static gboolean
is_at_rest (gpointer view)
{
  return orr_orbit_view_is_at_rest (view);
}

static void
wait_for_rest (Fixture *fixture)
{
  g_assert_true (orr_view_test_wait (is_at_rest, fixture->orbit));
  orr_view_test_settle ();
}

static gboolean
no_gl (void)
{
  return g_getenv ("ORR_TEST_NO_GL") != NULL;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (OrrNetwork) network = orr_fixture_network ();
  g_autoptr (OrrHmm) hmm = orr_hmm_preset_create (orr_hmm_preset_find ("three"));
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  fixture->session = orr_fixture_session (network, hmm, N_STEPS);
  fixture->orbit = ORR_ORBIT_VIEW (orr_orbit_view_new (fixture->session));
  fixture->strip = ORR_TIME_STRIP (orr_time_strip_new (fixture->session));
  gtk_widget_set_vexpand (GTK_WIDGET (fixture->orbit), TRUE);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (fixture->orbit));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (fixture->strip));
  fixture->window = orr_view_test_present (box, 800, 640);
  orr_fixture_wait (fixture->session);
  orr_view_test_settle ();
  if (!no_gl ())
    wait_for_rest (fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  orr_view_test_settle ();
  g_object_unref (fixture->session);
}

/* Where a step is seen. */
static void
find_step (Fixture *fixture, guint step, double screen[3])
{
  const float *p = orr_matrix_row (orr_session_get_motion (fixture->session)->projection, step);

  orr_camera_project (orr_orbit_view_get_camera (fixture->orbit), (double[3]){ p[0], p[1], p[2] }, screen);
}

/* How many pixels of two pictures differ. */
static guint
count_differences (GdkTexture *a, GdkTexture *b)
{
  gsize n = (gsize) gdk_texture_get_width (a) * gdk_texture_get_height (a);
  g_autofree guint32 *pixels_a = g_new (guint32, n), *pixels_b = g_new (guint32, n);
  guint differences = 0;

  g_assert_cmpint (gdk_texture_get_width (a), ==, gdk_texture_get_width (b));
  gdk_texture_download (a, (guchar *) pixels_a, 4 * (gsize) gdk_texture_get_width (a));
  gdk_texture_download (b, (guchar *) pixels_b, 4 * (gsize) gdk_texture_get_width (b));
  for (gsize i = 0; i < n; i++)
    differences += pixels_a[i] != pixels_b[i];
  return differences;
}

static gboolean
has_gl (void)
{
  if (no_gl ())
    g_test_skip ("this run is without GL");
  return !no_gl ();
}

static void
test_drag_turns (Fixture *fixture, gconstpointer data)
{
  GtkWidget *orbit = GTK_WIDGET (fixture->orbit);
  OrrCamera before = *orr_orbit_view_get_camera (fixture->orbit);

  if (!has_gl ())
    return;
  g_autoptr (GdkTexture) picture_before = orr_view_test_grab (orbit);
  orr_view_test_drag (orbit, 400, 250, 520, 290);
  wait_for_rest (fixture);
  const OrrCamera *after = orr_orbit_view_get_camera (fixture->orbit);
  g_assert_cmpfloat (after->axes[0][0], <, 0.99);
  g_assert_cmpfloat (after->span, ==, before.span);
  g_autoptr (GdkTexture) picture_after = orr_view_test_grab (orbit);
  g_assert_cmpuint (count_differences (picture_before, picture_after), >, 2000);

  /* The same drag backwards is the same picture again; the key 0 too. */
  orr_view_test_drag (orbit, 520, 290, 400, 250);
  orr_view_test_key (orbit, "0");
  wait_for_rest (fixture);
  g_assert_cmpfloat_with_epsilon (orr_orbit_view_get_camera (fixture->orbit)->axes[0][0], 1.0, 1e-9);
}

static void
test_pan_and_zoom (Fixture *fixture, gconstpointer data)
{
  GtkWidget *orbit = GTK_WIDGET (fixture->orbit);
  OrrCamera before = *orr_orbit_view_get_camera (fixture->orbit);

  if (!has_gl ())
    return;
  orr_view_test_hold (orbit, "shift", TRUE);
  orr_view_test_drag (orbit, 400, 250, 440, 250);
  orr_view_test_hold (orbit, "shift", FALSE);
  const OrrCamera *after = orr_orbit_view_get_camera (fixture->orbit);
  g_assert_cmpfloat_with_epsilon (before.target[0] - after->target[0], 40 * before.span / before.height,
                                  1e-6);
  g_assert_cmpfloat_with_epsilon (after->axes[0][0], 1.0, 1e-12);
  orr_view_test_scroll (orbit, 300, 200, -2);
  g_assert_cmpfloat (orr_orbit_view_get_camera (fixture->orbit)->span, <, 0.9 * before.span);
  orr_view_test_key (orbit, "minus");
  orr_view_test_key (orbit, "minus");
  g_assert_cmpfloat (orr_orbit_view_get_camera (fixture->orbit)->span, >, 0.9 * before.span);
  orr_view_test_key (orbit, "p");
  g_assert_true (orr_orbit_view_get_camera (fixture->orbit)->perspective);
  orr_view_test_key (orbit, "Left");
  g_assert_cmpfloat (orr_orbit_view_get_camera (fixture->orbit)->axes[0][0], <, 0.9999);
  wait_for_rest (fixture);
}

static void
test_click_picks (Fixture *fixture, gconstpointer data)
{
  const float *chosen, *picked;
  double screen[3];

  if (!has_gl ())
    return;
  find_step (fixture, 1234, screen);
  orr_view_test_click (GTK_WIDGET (fixture->orbit), screen[0], screen[1], 1);
  /* Another step may lie under the same pixel; the one that was picked must be seen there. */
  find_step (fixture, orr_session_get_cursor (fixture->session), screen);
  chosen = orr_matrix_row (orr_session_get_motion (fixture->session)->projection, 1234);
  picked = orr_matrix_row (orr_session_get_motion (fixture->session)->projection,
                           orr_session_get_cursor (fixture->session));
  g_assert_cmpuint (orr_session_get_cursor (fixture->session), >, 0);
  double pixel =
      orr_orbit_view_get_camera (fixture->orbit)->span / orr_orbit_view_get_camera (fixture->orbit)->height;
  g_assert_cmpfloat (ABS (chosen[0] - picked[0]), <, 4 * pixel);
  g_assert_cmpfloat (ABS (chosen[1] - picked[1]), <, 4 * pixel);
}

static void
test_brush_selects_time (Fixture *fixture, gconstpointer data)
{
  GtkWidget *orbit = GTK_WIDGET (fixture->orbit);
  double screen[3];
  guint start, end;

  if (!has_gl ())
    return;
  find_step (fixture, 700, screen);
  g_autoptr (GdkTexture) before = orr_view_test_grab (orbit);
  orr_view_test_hold (orbit, "ctrl", TRUE);
  orr_view_test_drag (orbit, screen[0] - 40, screen[1] - 40, screen[0] + 40, screen[1] + 40);
  orr_view_test_hold (orbit, "ctrl", FALSE);
  wait_for_rest (fixture);
  g_assert_true (orr_session_get_range (fixture->session, &start, &end));
  g_assert_cmpuint (end - start, <, 300);
  find_step (fixture, start, screen);
  g_autoptr (GdkTexture) after = orr_view_test_grab (orbit);
  g_assert_cmpuint (count_differences (before, after), >, 2000);
  orr_view_test_key (orbit, "Escape");
  g_assert_false (orr_session_get_range (fixture->session, &start, &end));
}

/* Choosing units elsewhere recolours; giving the choice up goes back. */
static void
test_units_recolour (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GtkBitset) units = gtk_bitset_new_empty ();
  g_autoptr (GtkBitset) none = gtk_bitset_new_empty ();

  if (!has_gl ())
    return;
  g_autoptr (GdkTexture) before = orr_view_test_grab (GTK_WIDGET (fixture->orbit));
  gtk_bitset_add (units, 5);
  orr_session_set_units (fixture->session, units);
  g_assert_cmpint (orr_session_get_colouring (fixture->session), ==, ORR_COLOURING_UNITS);
  wait_for_rest (fixture);
  g_autoptr (GdkTexture) coloured = orr_view_test_grab (GTK_WIDGET (fixture->orbit));
  g_assert_cmpuint (count_differences (before, coloured), >, 2000);
  orr_session_set_units (fixture->session, none);
  g_assert_cmpint (orr_session_get_colouring (fixture->session), ==, ORR_COLOURING_SYMBOL);
}

/* The segments of a jump light up; the rest goes into the background. */
static void
test_transition_lights (Fixture *fixture, gconstpointer data)
{
  const OrrMotion *motion = orr_session_get_motion (fixture->session);
  guint t = 0;

  if (!has_gl ())
    return;
  g_assert_nonnull (motion->path);
  while (t + 2 < N_STEPS && motion->path[t] == motion->path[t + 1])
    t++;
  g_assert_cmpuint (motion->path[t], !=, motion->path[t + 1]);
  g_autoptr (GdkTexture) before = orr_view_test_grab (GTK_WIDGET (fixture->orbit));
  orr_session_select_transition (fixture->session, motion->path[t], motion->path[t + 1]);
  wait_for_rest (fixture);
  g_autoptr (GdkTexture) lit = orr_view_test_grab (GTK_WIDGET (fixture->orbit));
  g_assert_cmpuint (count_differences (before, lit), >, 2000);
  orr_view_test_key (GTK_WIDGET (fixture->orbit), "Escape");
  wait_for_rest (fixture);
  g_autoptr (GdkTexture) after = orr_view_test_grab (GTK_WIDGET (fixture->orbit));
  g_assert_cmpuint (count_differences (before, after), <, 2000);
}

static void
test_picture (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_autoptr (GdkTexture) picture = orr_orbit_view_take_picture (fixture->orbit, 2.0, &error);
  if (no_gl ())
    {
      g_assert_null (picture);
      g_assert_nonnull (error);
      return;
    }
  g_assert_no_error (error);
  g_assert_cmpint (gdk_texture_get_width (picture), ==,
                   2 * gtk_widget_get_width (GTK_WIDGET (fixture->orbit)));
}

static GtkWidget *
find_type (GtkWidget *widget, GType type)
{
  GtkWidget *found =
      G_TYPE_CHECK_INSTANCE_TYPE (widget, type) && gtk_widget_get_mapped (widget) ? widget : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_type (child, type);
  return found;
}

/* Without GL the viewer says so, and the strip beside it works. */
static void
test_status_page (Fixture *fixture, gconstpointer data)
{
  GtkWidget *page = find_type (GTK_WIDGET (fixture->orbit), ADW_TYPE_STATUS_PAGE);

  if (!no_gl ())
    {
      g_assert_null (page);
      return;
    }
  g_assert_nonnull (page);
  g_assert_nonnull (strstr (adw_status_page_get_description (ADW_STATUS_PAGE (page)), "OpenGL"));
}

static void
test_strip_pointer (Fixture *fixture, gconstpointer data)
{
  GtkWidget *strip = GTK_WIDGET (fixture->strip);
  int height = gtk_widget_get_height (strip);
  double start, end, later;
  guint from, to;

  orr_time_strip_get_view (fixture->strip, &start, &end);
  g_assert_cmpfloat (start, ==, 0.0);
  /* A click sets the cursor, a drag the range. The strip's steps begin right of its labels. */
  orr_view_test_click (strip, 400, 30, 1);
  guint clicked = orr_session_get_cursor (fixture->session);
  g_assert_cmpuint (clicked, >, 100);
  g_assert_cmpuint (clicked, <, 400);
  orr_view_test_drag (strip, 500, 30, 600, 40);
  g_assert_true (orr_session_get_range (fixture->session, &from, &to));
  g_assert_cmpuint (from, >, clicked);
  g_assert_cmpfloat_with_epsilon ((to - from) / (end - start), 100.0 / (gtk_widget_get_width (strip) - 106.0),
                                  0.02);
  g_assert_cmpuint (orr_session_get_cursor (fixture->session), ==, clicked);
  /* The cursor's line is dragged on the axis. */
  orr_view_test_drag (strip, 300, height - 26, 350, height - 26);
  g_assert_cmpuint (orr_session_get_cursor (fixture->session), <, clicked);
  orr_view_test_scroll (strip, 400, 30, -2);
  orr_time_strip_get_view (fixture->strip, &start, &later);
  g_assert_cmpfloat (later - start, <, 0.8 * end);
  g_assert_cmpfloat (start, >, 0.0);
}

static void
test_strip_keys (Fixture *fixture, gconstpointer data)
{
  GtkWidget *strip = GTK_WIDGET (fixture->strip);
  double start, end;

  orr_view_test_key (strip, "Right");
  orr_view_test_key (strip, "Right");
  orr_view_test_key (strip, "Left");
  g_assert_cmpuint (orr_session_get_cursor (fixture->session), ==, 1);
  orr_view_test_key (strip, "shift+Right");
  g_assert_cmpuint (orr_session_get_cursor (fixture->session), ==, 11);
  orr_view_test_key (strip, "End");
  g_assert_cmpuint (orr_session_get_cursor (fixture->session), ==, N_STEPS - 1);
  orr_time_strip_get_view (fixture->strip, &start, &end);
  g_assert_cmpfloat (end, ==, N_STEPS);
  orr_view_test_key (strip, "Home");
  g_assert_cmpuint (orr_session_get_cursor (fixture->session), ==, 0);
  orr_view_test_key (strip, "0");
  orr_time_strip_get_view (fixture->strip, &start, &end);
  g_assert_cmpfloat (end - start, ==, N_STEPS);
}

static gboolean
has_moved (gpointer session)
{
  return orr_session_get_cursor (session) >= 5;
}

static void
test_play (Fixture *fixture, gconstpointer data)
{
  guint stopped;

  orr_view_test_key (GTK_WIDGET (fixture->strip), "space");
  g_assert_true (orr_session_get_playing (fixture->session));
  g_assert_true (orr_view_test_wait (has_moved, fixture->session));
  orr_view_test_key (GTK_WIDGET (fixture->strip), "space");
  g_assert_false (orr_session_get_playing (fixture->session));
  stopped = orr_session_get_cursor (fixture->session);
  orr_view_test_settle ();
  g_assert_cmpuint (orr_session_get_cursor (fixture->session), ==, stopped);

  /* At the end it stops by itself; a range is repeated. */
  orr_session_set_cursor (fixture->session, N_STEPS - 3);
  orr_session_set_playing (fixture->session, TRUE);
  while (orr_session_get_playing (fixture->session))
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (orr_session_get_cursor (fixture->session), ==, N_STEPS - 1);
}

typedef struct
{
  OrrSession *session;
  OrrNetwork *first;
} Follow;

static gboolean
shows_another_network (gpointer data)
{
  Follow *follow = data;
  OrrMotion *motion = orr_session_get_motion (follow->session);

  return orr_session_get_network (follow->session) != follow->first && motion != NULL
         && motion->trajectory->n_hidden == 16;
}

/* While a network trains both views show how it moves now. */
static void
test_follows_training (Fixture *fixture, gconstpointer data)
{
  Follow follow = { fixture->session, orr_session_get_network (fixture->session) };
  OrrTrainOptions options;
  g_autoptr (GError) error = NULL;

  orr_train_options_init_quick (&options, orr_hmm_preset_find ("three"));
  options.n_hidden = 16;
  options.n_noise = 4;
  options.length = 8;
  options.sequences = 192;
  options.batch = 64;
  options.epochs = 100000;
  options.window = options.window_from = 0;
  /* Slowly, from a quiet network and on the divergence alone: one whose activity explodes has no motion to show. */
  options.initial_gain = 1.0;
  options.learning_rate = options.learning_rate_end = 1e-5;
  options.moment_weight = 0.0;
  const OrrTrainingRequest request = { .name = "live", .options = &options };
  g_assert_nonnull (orr_session_train (fixture->session, &request, &error));
  g_assert_no_error (error);
  g_assert_true (orr_view_test_wait (shows_another_network, &follow));
  follow.first = orr_session_get_network (fixture->session);
  g_assert_true (orr_view_test_wait (shows_another_network, &follow));
  g_assert_true (orr_training_is_active (orr_session_get_training (fixture->session)));
  if (!no_gl ())
    g_assert_true (orr_view_test_wait (is_at_rest, fixture->orbit));
  orr_training_stop (orr_session_get_training (fixture->session));
  orr_job_queue_stop (orr_session_get_jobs (fixture->session));
}

typedef struct
{
  Fixture    *fixture;
  GdkTexture *before;
  guint       least;
  guint       most;
} Change;

static gboolean
has_changed (gpointer data)
{
  Change *change = data;

  if (!orr_orbit_view_is_at_rest (change->fixture->orbit))
    return FALSE;
  g_autoptr (GdkTexture) now = orr_orbit_view_take_picture (change->fixture->orbit, 1.0, NULL);
  guint n = count_differences (change->before, now);
  return n >= change->least && n <= change->most;
}

/* What comes from the background: waits until at least and at most so many pixels are others. */
static void
wait_for_change (Fixture *fixture, GdkTexture *before, guint least, guint most)
{
  Change change = { fixture, before, least, most };

  g_assert_true (orr_view_test_wait (has_changed, &change));
}

/* Streamlines appear, in the subspace of two symbols others, and go again. */
static void
test_flow_and_projection (Fixture *fixture, gconstpointer data)
{
  GtkWidget *orbit = GTK_WIDGET (fixture->orbit);

  /* There is no tenth pair of three symbols. */
  orr_session_set_projection (fixture->session, 9);
  g_assert_cmpint (orr_session_get_projection (fixture->session), ==, -1);
  if (!has_gl ())
    return;
  g_autoptr (GdkTexture) before = orr_orbit_view_take_picture (fixture->orbit, 1.0, NULL);
  gtk_widget_activate_action (orbit, "orbit.flow", NULL);
  wait_for_change (fixture, before, 1000, G_MAXUINT);
  g_autoptr (GdkTexture) flow = orr_orbit_view_take_picture (fixture->orbit, 1.0, NULL);
  orr_session_set_projection (fixture->session, 1);
  wait_for_change (fixture, flow, 2000, G_MAXUINT);
  orr_session_set_projection (fixture->session, -1);
  gtk_widget_activate_action (orbit, "orbit.flow", NULL);
  wait_for_change (fixture, before, 0, 1000);
}

/* A row's label selects its units and gives them up again, by pointer and by keys. */
static void
test_strip_groups (Fixture *fixture, gconstpointer data)
{
  GtkWidget *strip = GTK_WIDGET (fixture->strip);
  const int units[] = { 2, 5 };
  GVariantBuilder group, groups, section;

  g_variant_builder_init (&group, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&group, "{sv}", "from", g_variant_new_int32 (0));
  g_variant_builder_add (&group, "{sv}", "to", g_variant_new_int32 (2));
  g_variant_builder_add (&group, "{sv}", "units", orr_section_new_ints (units, 2));
  g_variant_builder_init (&groups, G_VARIANT_TYPE ("aa{sv}"));
  g_variant_builder_add_value (&groups, g_variant_builder_end (&group));
  g_variant_builder_init (&section, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&section, "{sv}", "groups", g_variant_builder_end (&groups));
  orr_document_set_section (orr_session_get_document (fixture->session), orr_session_get_run_id (fixture->session),
                            "kick_neurons", g_variant_builder_end (&section));
  orr_view_test_settle ();

  /* Symbols, states, and the group below them. */
  orr_view_test_click (strip, 40, 90, 1);
  g_assert_cmpuint (gtk_bitset_get_size (orr_session_get_units (fixture->session)), ==, 2);
  g_assert_true (gtk_bitset_contains (orr_session_get_units (fixture->session), 5));
  g_assert_cmpuint (orr_session_get_cursor (fixture->session), ==, 0);
  orr_view_test_click (strip, 40, 90, 1);
  g_assert_true (gtk_bitset_is_empty (orr_session_get_units (fixture->session)));
  orr_view_test_key (strip, "Down");
  g_assert_cmpuint (gtk_bitset_get_size (orr_session_get_units (fixture->session)), ==, 2);
  orr_view_test_key (strip, "Down");
  g_assert_true (gtk_bitset_is_empty (orr_session_get_units (fixture->session)));
}

static void
test_names (Fixture *fixture, gconstpointer data)
{
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (fixture->orbit), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Orbit viewer");
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (fixture->strip), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Time strip");
}

int
main (int argc, char *argv[])
{
  const struct
  {
    const char *path;
    void (*func) (Fixture *, gconstpointer);
  } tests[] = {
    { "/dynamics/drag-turns", test_drag_turns },
    { "/dynamics/pan-and-zoom", test_pan_and_zoom },
    { "/dynamics/click-picks", test_click_picks },
    { "/dynamics/brush-selects-time", test_brush_selects_time },
    { "/dynamics/units-recolour", test_units_recolour },
    { "/dynamics/transition-lights", test_transition_lights },
    { "/dynamics/picture", test_picture },
    { "/dynamics/status-page", test_status_page },
    { "/dynamics/strip-pointer", test_strip_pointer },
    { "/dynamics/strip-keys", test_strip_keys },
    { "/dynamics/play", test_play },
    { "/dynamics/follows-training", test_follows_training },
    { "/dynamics/flow-and-projection", test_flow_and_projection },
    { "/dynamics/strip-groups", test_strip_groups },
    { "/dynamics/names", test_names },
  };

  if (!orr_view_test_init (&argc, &argv))
    return 0;
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].func, tear_down);
  return g_test_run ();
}
