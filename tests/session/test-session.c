/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-hmm-presets.h"
#include "orr-session.h"

typedef struct
{
  OrrDocument *document;
  OrrJobQueue *jobs;
  OrrSession  *session;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  g_autoptr (OrrHmm) hmm = orr_hmm_preset_create (orr_hmm_preset_find ("three"));
  g_autoptr (OrrStudy) study = orr_study_new ("three", hmm);
  OrrTrajectoryOptions options;

  f->document = orr_document_new (study);
  f->jobs = orr_job_queue_new ();
  f->session = orr_session_new (f->document, f->jobs);
  orr_session_get_motion_options (f->session, &options);
  options.n_steps = 500;
  orr_session_simulate (f->session, &options);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  orr_job_queue_stop (f->jobs);
  g_clear_object (&f->session);
  g_clear_object (&f->jobs);
  g_clear_object (&f->document);
}

static OrrRun *
add_run (Fixture *f, guint n_hidden, guint64 seed)
{
  g_autoptr (OrrNetwork) network = orr_network_new_random (n_hidden, 5, 3, FALSE, seed);
  g_autoptr (OrrNetwork) early = orr_network_new_random (n_hidden, 5, 3, FALSE, seed + 100);
  g_autoptr (OrrRun) run = orr_run_new ("net", network, NULL);

  orr_run_add_snapshot (run, 3, early);
  orr_document_add_run (f->document, run, "Add");
  return orr_study_find_run (orr_document_get_study (f->document), run->id);
}

static void
wait_for_jobs (Fixture *f)
{
  while (orr_job_queue_get_n_active (f->jobs) > 0)
    g_main_context_iteration (NULL, TRUE);
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

/* A network that arrives is shown, its motion follows, and goes with it. */
static void
test_network_and_motion (Fixture *f, gconstpointer data)
{
  g_assert_null (orr_session_get_network (f->session));
  OrrRun *run = add_run (f, 12, 1);
  g_assert_true (orr_session_get_run (f->session) == run);
  g_assert_true (orr_session_get_network (f->session) == run->network);
  wait_for_jobs (f);
  g_assert_nonnull (orr_session_get_motion (f->session));
  g_assert_cmpuint (orr_session_get_motion (f->session)->trajectory->n_hidden, ==, 12);
  g_assert_cmpint (orr_session_get_active_state (f->session), >=, 0);

  orr_session_set_epoch (f->session, 3);
  g_assert_false (orr_session_get_network (f->session) == run->network);
  orr_session_set_epoch (f->session, -1);
  g_assert_true (orr_session_get_network (f->session) == run->network);

  orr_document_undo (f->document);
  g_assert_null (orr_session_get_network (f->session));
  g_assert_null (orr_session_get_motion (f->session));
}

/* What is selected never points beyond what is shown. */
static void
test_selection_stays_valid (Fixture *f, gconstpointer data)
{
  g_autoptr (GtkBitset) units = gtk_bitset_new_range (8, 4);
  OrrRun *large = add_run (f, 12, 1);

  wait_for_jobs (f);
  orr_session_set_units (f->session, units);
  orr_session_set_range (f->session, 100, 400);
  orr_session_set_cursor (f->session, 100000);
  g_assert_cmpuint (orr_session_get_cursor (f->session), ==, 499);

  add_run (f, 10, 2);
  orr_session_set_run_id (f->session, large->id);
  g_assert_cmpuint (gtk_bitset_get_size (orr_session_get_units (f->session)), ==, 4);
  OrrRun *small = orr_document_get_study (f->document)->runs->pdata[1];
  orr_session_set_run_id (f->session, small->id);
  g_assert_cmpuint (gtk_bitset_get_size (orr_session_get_units (f->session)), ==, 2);

  g_autoptr (OrrHmm) two = orr_hmm_preset_create (orr_hmm_preset_find ("two"));
  orr_session_select_transition (f->session, 1, 2);
  orr_document_edit_hmm (f->document, two, "Other model", NULL);
  int from, to;
  orr_session_get_transition (f->session, &from, &to);
  g_assert_cmpint (from, ==, -1);
  g_assert_cmpint (to, ==, -1);
}

static void
count_cb (int *n)
{
  (*n)++;
}

static void
test_state_or_transition (Fixture *f, gconstpointer data)
{
  int n_state = 0, n_cursor = 0, from, to;

  g_signal_connect_swapped (f->session, "notify::state", G_CALLBACK (count_cb), &n_state);
  g_signal_connect_swapped (f->session, "notify::cursor", G_CALLBACK (count_cb), &n_cursor);
  orr_session_select_state (f->session, 1);
  orr_session_select_state (f->session, 1);
  orr_session_set_cursor (f->session, 0);
  g_assert_cmpint (n_state, ==, 1);
  g_assert_cmpint (n_cursor, ==, 0);
  orr_session_select_transition (f->session, 0, 1);
  g_assert_cmpint (orr_session_get_state (f->session), ==, -1);
  orr_session_select_state (f->session, 2);
  orr_session_get_transition (f->session, &from, &to);
  g_assert_cmpint (from, ==, -1);
  orr_session_clear_selection (f->session);
  g_assert_cmpint (orr_session_get_state (f->session), ==, -1);
}

/* While it trains the network is followed; then the run is shown and compared with its model. */
static void
test_training (Fixture *f, gconstpointer data)
{
  OrrTrainOptions options;
  g_autoptr (GError) error = NULL;

  orr_train_options_init_quick (&options, orr_hmm_preset_find ("three"));
  options.n_hidden = 16;
  options.n_noise = 8;
  options.length = 8;
  options.sequences = 192;
  options.batch = 64;
  options.epochs = 5;
  options.threads = 1;
  g_assert_true (orr_session_train (f->session, "small", &options, &error));
  OrrTraining *training = orr_session_get_training (f->session);
  while (orr_training_get_network (training) == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_nonnull (orr_session_get_network (f->session));
  wait_for_jobs (f);

  OrrRun *run = orr_session_get_run (f->session);
  g_assert_cmpstr (run->id, ==, orr_training_get_run_id (training));
  g_assert_true (orr_session_get_network (f->session) == run->network);
  g_autoptr (GVariant) match = orr_run_get_section (run, "match");
  g_assert_nonnull (match);
}

#define ADD(name, func) g_test_add ("/session/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char *argv[])
{
  g_autofree char *cache = g_dir_make_tmp ("orrery-cache-XXXXXX", NULL);

  g_setenv ("XDG_CACHE_HOME", cache, TRUE);
  g_test_init (&argc, &argv, NULL);
  ADD ("network-and-motion", test_network_and_motion);
  ADD ("selection-stays-valid", test_selection_stays_valid);
  ADD ("state-or-transition", test_state_or_transition);
  ADD ("training", test_training);
  return g_test_run ();
}
