/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "orr-expr-parse.h"
#include "orr-hmm-presets.h"
#include "orr-section.h"
#include "orr-session.h"

/*
 * A linear network: h' = 0.9 R(0.3) (h - 10) + 10 + noise, far from the kink, its noise
 * the same in all directions: dPC = (0.9 R - 1) PC in any orthonormal components, up to
 * the sense of turning. Symbol 0 where the first unit is above 10, 2 elsewhere.
 */
#define DECAY 0.9
#define TURN 0.3

typedef struct
{
  OrrDocument *document;
  OrrJobQueue *jobs;
  OrrSession  *session;
  OrrBridge   *bridge;
  OrrWorkbench *bench;
  guint        n_found;
} Fixture;

static OrrNetwork *
create_linear (void)
{
  OrrNetwork *network = orr_network_new (2, 2, 3, TRUE);
  float *w = network->weight_hh->data;

  w[0] = w[3] = DECAY * cos (TURN);
  w[1] = -DECAY * sin (TURN);
  w[2] = DECAY * sin (TURN);
  for (guint i = 0; i < 2; i++)
    {
      network->bias_hh->data[i] = 10.0f * (1.0f - w[2 * i] - w[2 * i + 1]);
      network->weight_ih->data[3 * i] = 0.4f;
    }
  network->weight_out->data[0] = 100.0f;
  network->bias_out->data[0] = -1000.0f;
  network->weight_out->data[4] = -100.0f;
  network->bias_out->data[2] = 1000.0f;
  network->bias_out->data[1] = -1000.0f;
  return network;
}

static void
wait_for_jobs (Fixture *f)
{
  while (orr_job_queue_get_n_active (f->jobs) > 0)
    g_main_context_iteration (NULL, TRUE);
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static void
count_cb (Fixture *f)
{
  f->n_found++;
}

static void
set_up (Fixture *f, gconstpointer data)
{
  g_autoptr (OrrHmm) hmm = orr_hmm_preset_create (orr_hmm_preset_find ("three"));
  g_autoptr (OrrStudy) study = orr_study_new ("three", hmm);
  g_autoptr (OrrNetwork) network = create_linear ();
  g_autoptr (OrrRun) run = orr_run_new ("linear", network, NULL);

  f->document = orr_document_new (study);
  f->jobs = orr_job_queue_new ();
  f->session = orr_session_new (f->document, f->jobs);
  f->bridge = orr_session_get_bridge (f->session);
  f->bench = orr_session_get_workbench (f->session);
  g_signal_connect_swapped (f->bridge, "found", G_CALLBACK (count_cb), f);
  orr_document_add_run (f->document, run, "Add");
  wait_for_jobs (f);
  g_assert_nonnull (orr_session_get_motion (f->session));
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  orr_job_queue_stop (f->jobs);
  g_clear_object (&f->session);
  g_clear_object (&f->jobs);
  g_clear_object (&f->document);
}

static void
find (Fixture *f, const char *section, OrrReductionKind kind)
{
  guint before = f->n_found;

  orr_bridge_find_equation (f->bridge, section, kind, 0);
  wait_for_jobs (f);
  g_assert_cmpuint (f->n_found, ==, before + 1);
}

/* The sense in which the components turn, from the network's weights. */
static double
get_sense (Fixture *f)
{
  const double *c = orr_session_get_motion (f->session)->pca->components;
  return c[0] * c[3] - c[1] * c[2] > 0.0 ? 1.0 : -1.0;
}

static void
set_flow_law (Fixture *f)
{
  double s = get_sense (f);
  g_autofree char *x = g_strdup_printf ("%g*PC1 - %g*PC2", DECAY * cos (TURN) - 1.0, s * DECAY * sin (TURN));
  g_autofree char *y = g_strdup_printf ("%g*PC1 + %g*PC2", s * DECAY * sin (TURN), DECAY * cos (TURN) - 1.0);
  g_autoptr (GError) error = NULL;

  orr_workbench_set_formula (f->bench, x, NULL, &error);
  g_assert_no_error (error);
  g_assert_null (orr_bridge_get_law (f->bridge));
  orr_bridge_set_target (f->bridge, 3);
  orr_workbench_set_formula (f->bench, y, NULL, &error);
  g_assert_no_error (error);
  wait_for_jobs (f);
}

static void
test_offers (Fixture *f, gconstpointer data)
{
  g_autoptr (GPtrArray) motion = orr_bridge_list_offers (f->bridge, "motion");
  g_autoptr (GPtrArray) none = orr_bridge_list_offers (f->bridge, "resonance");
  const double sigma[] = { 0.5, 1, 2, 3 }, rate[] = { 0.1, 0.2, 0.3, 0.35 };
  const double interval[] = { 0.09, 0.11, 0.19, 0.21, 0.28, 0.32, 0.33, 0.37 };
  GVariantDict dict;

  g_assert_cmpuint (motion->len, ==, 6); /* speed, flow, map, three emissions */
  g_assert_cmpuint (none->len, ==, 0);

  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert_value (&dict, "sigma", orr_section_new_doubles (sigma, 4));
  g_variant_dict_insert_value (&dict, "transition_rate", orr_section_new_doubles (rate, 4));
  g_variant_dict_insert_value (&dict, "transition_rate_ci", orr_section_new_table (interval, 4, 2));
  orr_document_set_section (f->document, orr_session_get_run_id (f->session), "resonance", g_variant_dict_end (&dict));
  find (f, "resonance", ORR_REDUCTION_RATE);
  OrrDataset *dataset = orr_workbench_get_dataset (f->bench);
  g_assert_cmpuint (dataset->n_rows, ==, 4);
  g_assert_cmpfloat_with_epsilon (orr_dataset_column (dataset, dataset->error)[1], 0.02 / 3.92, 1e-4);
  g_autofree char *formula = orr_workbench_dup_formula (f->bench);
  g_assert_nonnull (strstr (formula, "exp"));
  g_assert_false (orr_bridge_can_emulate (f->bridge));
}

/* One undo step each way; the law of both equations agrees with the network's flow. */
static void
test_flow (Fixture *f, gconstpointer data)
{
  find (f, "motion", ORR_REDUCTION_FLOW);
  OrrDataset *dataset = orr_workbench_get_dataset (f->bench);
  g_assert_cmpuint (dataset->n_targets, ==, 2);
  g_assert_true (orr_bridge_has_source (f->bridge));
  g_assert_cmpuint (orr_expr_count (orr_workbench_get_expr (f->bench), ORR_EXPR_OP_PLACEHOLDER), ==, 1);
  orr_document_undo (f->document);
  g_assert_null (orr_workbench_get_dataset (f->bench));
  g_assert_false (orr_bridge_has_source (f->bridge));
  orr_document_redo (f->document);

  set_flow_law (f);
  g_assert_nonnull (orr_bridge_get_law (f->bridge));
  g_assert_cmpfloat (orr_bridge_get_flow_r2 (f->bridge), >, 0.95);
  g_assert_nonnull (orr_session_get_law_flow (f->session, NULL, NULL));
  g_assert_nonnull (orr_bridge_get_flow_error (f->bridge));

  /* Back to the first equation: its tree is still there, and the law stays. */
  orr_bridge_set_target (f->bridge, 2);
  g_assert_cmpuint (orr_expr_count (orr_workbench_get_expr (f->bench), ORR_EXPR_OP_PLACEHOLDER), ==, 0);
  g_assert_nonnull (orr_bridge_get_law (f->bridge));

  /* A placeholder takes the law away. */
  g_assert_true (orr_workbench_set_formula (f->bench, "? + PC1", NULL, NULL));
  g_assert_null (orr_bridge_get_law (f->bridge));
  g_assert_null (orr_session_get_law_flow (f->session, NULL, NULL));
}

/* The sign of the rotating process changes with probability arccos (0.9 cos 0.3) / pi. */
static void
test_emulate (Fixture *f, gconstpointer data)
{
  find (f, "motion", ORR_REDUCTION_FLOW);
  set_flow_law (f);
  g_assert_true (orr_bridge_can_emulate (f->bridge));
  orr_bridge_emulate (f->bridge);
  g_assert_false (orr_bridge_can_emulate (f->bridge));
  wait_for_jobs (f);

  OrrRun *run = orr_session_get_run (f->session);
  g_autoptr (GVariant) law = orr_run_get_section (run, "match_law");
  g_autoptr (GVariant) match = orr_run_get_section (run, "match");
  gsize rows, cols, n;
  g_assert_nonnull (law);
  g_assert_nonnull (match);
  g_autofree double *transitions = orr_section_dup_table (law, "transition_matrix", &rows, &cols);
  g_autofree double *r2 = orr_section_dup_doubles (law, "one_step_r2", &n);
  g_autofree double *memory = orr_section_dup_doubles (law, "noise_memory", &n);
  g_assert_cmpuint (rows, ==, 3);
  g_assert_cmpfloat_with_epsilon (transitions[2], acos (DECAY * cos (TURN)) / G_PI, 0.02);
  g_assert_cmpfloat_with_epsilon (transitions[6], acos (DECAY * cos (TURN)) / G_PI, 0.02);
  /* |A - 1|^2 / (|A - 1|^2 + 1 - 0.9^2), A - 1 = 0.9 R - 1 */
  double pull = 1.0 + DECAY * DECAY - 2.0 * DECAY * cos (TURN);
  g_assert_cmpfloat_with_epsilon (r2[0], pull / (pull + 1.0 - DECAY * DECAY), 0.03);
  g_assert_cmpfloat_with_epsilon (memory[0], 0.0, 0.03);

  /* The network itself does the same. */
  g_autoptr (GVariant) both = orr_section_get_child (match, "transition_matrix");
  g_autofree double *network = orr_section_dup_table (both, "rnn", &rows, &cols);
  g_assert_cmpfloat_with_epsilon (network[2], transitions[2], 0.04);
}

static void
test_link (Fixture *f, gconstpointer data)
{
  find (f, "motion", ORR_REDUCTION_PHASE_SPEED);
  OrrDataset *dataset = orr_workbench_get_dataset (f->bench);

  /* The row of the present moment is selected from the start; another row shows its own moment. */
  g_assert_cmpuint (gtk_bitset_get_size (orr_workbench_get_rows (f->bench)), ==, 1);
  guint other = (gtk_bitset_get_minimum (orr_workbench_get_rows (f->bench)) + 11) % dataset->n_rows;
  g_autoptr (GtkBitset) row = gtk_bitset_new_range (other, 1);
  orr_workbench_set_rows (f->bench, row);
  g_assert_cmpuint (orr_session_get_cursor (f->session), ==, dataset->steps[other]);

  /* A moment selects its row. */
  orr_session_set_cursor (f->session, dataset->steps[9]);
  g_assert_cmpuint (gtk_bitset_get_size (orr_workbench_get_rows (f->bench)), ==, 1);
  g_assert_cmpuint (gtk_bitset_get_minimum (orr_workbench_get_rows (f->bench)), ==, 9);

  /* Rows that a person selected are left alone. */
  g_autoptr (GtkBitset) some = gtk_bitset_new_range (3, 4);
  orr_workbench_set_rows (f->bench, some);
  orr_session_set_cursor (f->session, dataset->steps[20]);
  g_assert_cmpuint (gtk_bitset_get_size (orr_workbench_get_rows (f->bench)), ==, 4);
}

static void
test_range (Fixture *f, gconstpointer data)
{
  find (f, "motion", ORR_REDUCTION_MAP);
  g_assert_true (orr_workbench_set_formula (f->bench, "0.8*PC1", NULL, NULL));
  g_assert_false (orr_bridge_get_stale (f->bridge));
  g_assert_null (orr_bridge_dup_change (f->bridge));
  orr_session_set_range (f->session, 2000, 4000);
  g_assert_true (orr_bridge_get_stale (f->bridge));
  g_autofree char *change = orr_bridge_dup_change (f->bridge);
  g_assert_nonnull (strstr (change, "2000"));
  g_assert_cmpuint (orr_workbench_get_dataset (f->bench)->steps[0], ==, 0); /* not before it is wanted */

  orr_bridge_use_range (f->bridge);
  wait_for_jobs (f);
  OrrDataset *dataset = orr_workbench_get_dataset (f->bench);
  g_assert_cmpuint (dataset->steps[0], ==, 2000);
  g_assert_cmpuint (dataset->steps[dataset->n_rows - 1], <, 4000);
  g_assert_false (orr_bridge_get_stale (f->bridge));
  g_autofree char *formula = orr_workbench_dup_formula (f->bench);
  g_assert_cmpstr (formula, ==, "0.8*PC1");
  orr_document_undo (f->document);
  g_assert_true (orr_bridge_get_stale (f->bridge));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/bridge/offers", Fixture, NULL, set_up, test_offers, tear_down);
  g_test_add ("/bridge/flow", Fixture, NULL, set_up, test_flow, tear_down);
  g_test_add ("/bridge/emulate", Fixture, NULL, set_up, test_emulate, tear_down);
  g_test_add ("/bridge/link", Fixture, NULL, set_up, test_link, tear_down);
  g_test_add ("/bridge/range", Fixture, NULL, set_up, test_range, tear_down);
  return g_test_run ();
}
