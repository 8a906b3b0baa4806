/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-hmm-presets.h"
#include "orr-section.h"
#include "orr-session-groups.h"

#include <string.h>

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

/* A network whose activity explodes has no motion, and does not show another one's: it says so. */
static void
test_explosion (Fixture *f, gconstpointer data)
{
  g_autoptr (OrrNetwork) network = orr_network_new_random (8, 5, 3, FALSE, 1);
  g_autoptr (OrrRun) run = orr_run_new ("exploding", network, NULL);
  OrrRun *good = add_run (f, 12, 1);

  wait_for_jobs (f);
  g_assert_nonnull (orr_session_get_motion (f->session));
  g_assert_null (orr_session_get_motion_problem (f->session));
  for (guint i = 0; i < 8 * 8; i++)
    network->weight_hh->data[i] = 3.0f;
  orr_document_add_run (f->document, run, "Add");
  orr_session_set_run_id (f->session, run->id);
  wait_for_jobs (f);
  g_assert_null (orr_session_get_motion (f->session));
  g_assert_nonnull (strstr (orr_session_get_motion_problem (f->session), "beyond all bounds"));
  g_assert_nonnull (strstr (orr_session_get_motion_problem (f->session), "activity penalty"));
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (f->jobs)), ==, 0);

  orr_session_set_run_id (f->session, good->id);
  g_assert_null (orr_session_get_motion_problem (f->session));
  wait_for_jobs (f);
  g_assert_nonnull (orr_session_get_motion (f->session));
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
  const OrrTrainingRequest request = { .name = "small", .options = &options };
  g_assert_nonnull (orr_session_train (f->session, &request, &error));
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

/* A section with one kick group and the populations of one pair. */
static void
add_groups (Fixture *f)
{
  const int kick[] = { 4, 7, 900 }, units[] = { 1, 2, 3, 5 };
  const char *id = orr_session_get_run_id (f->session);
  GVariantBuilder group, groups, pair, pairs, section;

  g_variant_builder_init (&group, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&group, "{sv}", "from", g_variant_new_int32 (0));
  g_variant_builder_add (&group, "{sv}", "to", g_variant_new_int32 (2));
  g_variant_builder_add (&group, "{sv}", "units", orr_section_new_ints (kick, 3));
  g_variant_builder_init (&groups, G_VARIANT_TYPE ("aa{sv}"));
  g_variant_builder_add_value (&groups, g_variant_builder_end (&group));
  g_variant_builder_init (&section, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&section, "{sv}", "groups", g_variant_builder_end (&groups));
  orr_document_set_section (f->document, id, "kick_neurons", g_variant_builder_end (&section));

  g_variant_builder_init (&pair, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&pair, "{sv}", "from", g_variant_new_int32 (0));
  g_variant_builder_add (&pair, "{sv}", "to", g_variant_new_int32 (2));
  g_variant_builder_add (&pair, "{sv}", "units", orr_section_new_ints (units, 4));
  g_variant_builder_add (&pair, "{sv}", "driving_1", g_variant_new_int32 (3));
  g_variant_builder_init (&pairs, G_VARIANT_TYPE ("aa{sv}"));
  g_variant_builder_add_value (&pairs, g_variant_builder_end (&pair));
  g_variant_builder_init (&section, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&section, "{sv}", "pairs", g_variant_builder_end (&pairs));
  orr_document_set_section (f->document, id, "integrating_populations", g_variant_builder_end (&section));
}

/* Groups are those of the network shown; units that it does not have are left out. */
static void
test_groups (Fixture *f, gconstpointer data)
{
  add_run (f, 12, 1);
  add_groups (f);
  g_autoptr (GPtrArray) groups = orr_session_dup_groups (f->session);
  g_assert_cmpuint (groups->len, ==, 3);
  const OrrUnitGroup *kick = groups->pdata[0], *forth = groups->pdata[1], *back = groups->pdata[2];

  g_assert_true (kick->is_kick && !forth->is_kick && !back->is_kick);
  g_assert_cmpuint (gtk_bitset_get_size (kick->units), ==, 2);
  g_assert_true (gtk_bitset_contains (kick->units, 4) && gtk_bitset_contains (kick->units, 7));
  g_assert_cmpuint (gtk_bitset_get_size (forth->units), ==, 3);
  g_assert_cmpuint (back->from, ==, 2);
  g_assert_cmpuint (back->to, ==, 0);
  g_assert_true (gtk_bitset_contains (back->units, 5));

  orr_session_set_epoch (f->session, 3);
  g_autoptr (GPtrArray) none = orr_session_dup_groups (f->session);
  g_assert_cmpuint (none->len, ==, 0);
}

/* Moving from the first to the second of the three states makes the first symbol rarer and the last more
 * likely: with the transition its kick group is selected, and given up with it; units that a person chose
 * stay. */
static void
test_transition_brings_units (Fixture *f, gconstpointer data)
{
  g_autoptr (GtkBitset) own = gtk_bitset_new_range (0, 2);
  guint from, to;

  add_run (f, 12, 1);
  add_groups (f);
  g_assert_false (orr_session_get_direction (f->session, &from, &to));
  orr_session_select_transition (f->session, 0, 1);
  g_assert_true (orr_session_get_direction (f->session, &from, &to));
  g_assert_cmpuint (from, ==, 0);
  g_assert_cmpuint (to, ==, 2);
  g_assert_cmpuint (gtk_bitset_get_size (orr_session_get_units (f->session)), ==, 2);

  /* No group is known for the way back. */
  orr_session_select_transition (f->session, 1, 0);
  g_assert_true (gtk_bitset_is_empty (orr_session_get_units (f->session)));
  orr_session_select_transition (f->session, 1, 2);
  g_assert_cmpuint (gtk_bitset_get_size (orr_session_get_units (f->session)), ==, 2);
  orr_session_select_state (f->session, 1);
  g_assert_true (gtk_bitset_is_empty (orr_session_get_units (f->session)));

  orr_session_set_units (f->session, own);
  orr_session_select_transition (f->session, 0, 1);
  g_assert_true (gtk_bitset_equals (orr_session_get_units (f->session), own));
  orr_session_select_transition (f->session, -1, -1);
  g_assert_true (gtk_bitset_equals (orr_session_get_units (f->session), own));
}

/* Gains are a preview: the motion is that of the gained network in the axes of its own, the study stays. */
static void
test_gains (Fixture *f, gconstpointer data)
{
  static const guint units[2] = { 3, 7 };
  OrrRun *run = add_run (f, 20, 3);
  g_autoptr (OrrGains) gains = orr_gains_new (20), others = orr_gains_new (20);

  wait_for_jobs (f);
  OrrMotion *own = orr_session_get_motion (f->session);
  OrrStudy *study = orr_document_get_study (f->document);
  orr_gains_turn (gains, units, 2, 0.0, 0.0);
  orr_gains_turn (others, units, 1, 0.5, 0.5);
  orr_session_set_gains (f->session, gains);
  orr_session_set_gains (f->session, others); /* the latest count */
  wait_for_jobs (f);

  OrrMotion *gained = orr_session_get_motion (f->session);
  g_assert_true (gained != own);
  g_assert_true (gained->pca == own->pca);
  g_assert_true (orr_session_get_own_motion (f->session) == own);
  g_assert_true (orr_session_get_network (f->session) == run->network);
  g_autoptr (OrrNetwork) network = orr_gains_apply (others, run->network);
  g_autoptr (OrrTrajectory) expected = NULL;
  OrrTrajectoryOptions options;
  orr_session_get_motion_options (f->session, &options);
  expected = orr_trajectory_simulate (network, &options, NULL, NULL);
  g_assert_cmpmem (gained->trajectory->states->data, 500 * 20 * sizeof (float), expected->states->data,
                   500 * 20 * sizeof (float));

  orr_session_set_gains (f->session, NULL);
  g_assert_true (orr_session_get_motion (f->session) == own);
  g_assert_true (orr_document_get_study (f->document) == study);

  /* another network is shown as it is */
  orr_session_set_gains (f->session, gains);
  orr_session_set_run_id (f->session, add_run (f, 20, 4)->id);
  g_assert_null (orr_session_get_gains (f->session));
  wait_for_jobs (f);
}

/* The flow of a law is told about, and goes when the coordinates do. */
static void
test_law_flow (Fixture *f, gconstpointer data)
{
  const double low[2] = { -1, -1 }, high[2] = { 1, 1 };
  g_autoptr (OrrPlanarField) field = orr_planar_field_new (3, 3, low, high);
  const char *label;
  guint32 rgb;
  int count = 0;

  add_run (f, 12, 1);
  wait_for_jobs (f);
  g_signal_connect_swapped (f->session, "notify::law-flow", G_CALLBACK (count_cb), &count);
  orr_session_set_law_flow (f->session, field, "law", 0xff8800);
  orr_session_set_law_flow (f->session, field, "law", 0xff8800);
  g_assert_cmpint (count, ==, 1);
  g_assert_true (orr_session_get_law_flow (f->session, &label, &rgb) == field);
  g_assert_cmpstr (label, ==, "law");
  g_assert_cmphex (rgb, ==, 0xff8800);
  orr_session_set_epoch (f->session, 3);
  wait_for_jobs (f);
  g_assert_null (orr_session_get_law_flow (f->session, &label, NULL));
  g_assert_null (label);
  g_assert_cmpint (count, ==, 2);
}

int
main (int argc, char *argv[])
{
  g_autofree char *cache = g_dir_make_tmp ("orrery-cache-XXXXXX", NULL);

  g_setenv ("XDG_CACHE_HOME", cache, TRUE);
  g_test_init (&argc, &argv, NULL);
  ADD ("network-and-motion", test_network_and_motion);
  ADD ("explosion", test_explosion);
  ADD ("selection-stays-valid", test_selection_stays_valid);
  ADD ("state-or-transition", test_state_or_transition);
  ADD ("groups", test_groups);
  ADD ("transition-brings-units", test_transition_brings_units);
  ADD ("gains", test_gains);
  ADD ("law-flow", test_law_flow);
  ADD ("training", test_training);
  return g_test_run ();
}
