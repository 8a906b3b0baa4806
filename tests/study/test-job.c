/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-error.h"
#include "orr-job-queue.h"

typedef struct
{
  int      n_done;
  int      value;
  int      code;
  GThread *thread;
} Outcome;

static Outcome outcome;

static gpointer
count_thread (OrrProgress *progress, gpointer data, GError **error)
{
  int n = GPOINTER_TO_INT (data);

  g_assert_true (g_thread_self () != outcome.thread);
  for (int i = 0; i < n; i++)
    {
      if (!orr_progress_check (progress, error))
        return NULL;
      orr_progress_report (progress, (double) i / n, "counting");
      g_usleep (1000);
    }
  return GINT_TO_POINTER (n);
}

static gpointer
fail_thread (OrrProgress *progress, gpointer data, GError **error)
{
  g_set_error_literal (error, ORR_ERROR, ORR_ERROR_INPUT, "It is no good");
  return NULL;
}

static void
done_cb (gpointer owner, OrrJob *job, gpointer result, const GError *error)
{
  g_assert_true (g_thread_self () == outcome.thread);
  g_assert_false (orr_job_is_active (job));
  outcome.n_done++;
  outcome.value += GPOINTER_TO_INT (result);
  outcome.code = error != NULL ? error->code : -1;
}

static void
reset (void)
{
  outcome = (Outcome) { .thread = g_thread_self () };
}

static void
turn_until (int n_done)
{
  while (outcome.n_done < n_done)
    g_main_context_iteration (NULL, TRUE);
}

static OrrJob *
run_count (OrrJobQueue *queue, OrrJobLane lane, int n, GObject *owner)
{
  return g_object_ref (orr_job_queue_run (queue, lane, "Count", count_thread, GINT_TO_POINTER (n), NULL, NULL,
                                          owner, done_cb));
}

static void
test_result (void)
{
  g_autoptr (OrrJobQueue) queue = orr_job_queue_new ();
  g_autoptr (GObject) owner = g_object_new (G_TYPE_OBJECT, NULL);

  reset ();
  g_autoptr (OrrJob) job = run_count (queue, ORR_JOB_LANE_NOW, 120, owner);
  g_assert_cmpuint (orr_job_queue_get_n_active (queue), ==, 1);
  turn_until (1);
  g_assert_cmpint (outcome.value, ==, 120);
  g_assert_cmpint (orr_job_get_state (job), ==, ORR_JOB_DONE);
  g_assert_cmpstr (orr_job_get_text (job), ==, "counting");
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (queue)), ==, 0);
}

static void
failed_cb (OrrJobQueue *queue, OrrJob *job, int *n)
{
  g_assert_cmpstr (orr_job_get_error_message (job), ==, "It is no good");
  (*n)++;
}

static void
test_failure (void)
{
  g_autoptr (OrrJobQueue) queue = orr_job_queue_new ();
  int n_failed = 0;

  reset ();
  g_signal_connect (queue, "job-failed", G_CALLBACK (failed_cb), &n_failed);
  g_autoptr (OrrJob) job = g_object_ref (
    orr_job_queue_run (queue, ORR_JOB_LANE_NOW, "Fail", fail_thread, NULL, NULL, NULL, NULL, done_cb));
  turn_until (1);
  g_assert_cmpint (n_failed, ==, 1);
  g_assert_cmpint (outcome.code, ==, ORR_ERROR_INPUT);
  /* Stays in the list until somebody has read it. */
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (queue)), ==, 1);
  orr_job_queue_dismiss (queue, job);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (queue)), ==, 0);
}

static void
test_cancel_and_lanes (void)
{
  g_autoptr (OrrJobQueue) queue = orr_job_queue_new ();
  OrrJob *jobs[3];

  reset ();
  for (int i = 0; i < 3; i++)
    jobs[i] = run_count (queue, ORR_JOB_LANE_TRAINING, i == 2 ? 30 : 100000, NULL);
  g_assert_cmpint (orr_job_get_state (jobs[0]), ==, ORR_JOB_RUNNING);
  g_assert_cmpint (orr_job_get_state (jobs[1]), ==, ORR_JOB_WAITING);
  orr_job_cancel (jobs[1]);
  orr_job_cancel (jobs[0]);
  turn_until (3);
  g_assert_cmpint (orr_job_get_state (jobs[0]), ==, ORR_JOB_CANCELLED);
  g_assert_cmpint (orr_job_get_state (jobs[1]), ==, ORR_JOB_CANCELLED);
  g_assert_cmpint (orr_job_get_state (jobs[2]), ==, ORR_JOB_DONE);
  g_assert_cmpint (outcome.value, ==, 30);
  for (int i = 0; i < 3; i++)
    g_object_unref (jobs[i]);
}

static void
test_pause (void)
{
  g_autoptr (OrrJobQueue) queue = orr_job_queue_new ();

  reset ();
  g_autoptr (OrrJob) job = run_count (queue, ORR_JOB_LANE_NOW, 20, NULL);
  orr_job_set_paused (job, TRUE);
  g_assert_cmpint (orr_job_get_state (job), ==, ORR_JOB_PAUSED);
  g_usleep (80000);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpint (outcome.n_done, ==, 0);
  orr_job_set_paused (job, FALSE);
  turn_until (1);
  g_assert_cmpint (outcome.value, ==, 20);
}

/* The window is closed while work goes on: nothing is called, nothing crashes. */
static void
test_owner_gone (void)
{
  OrrJobQueue *queue = orr_job_queue_new ();
  GObject *owner = g_object_new (G_TYPE_OBJECT, NULL);

  reset ();
  g_autoptr (OrrJob) job = run_count (queue, ORR_JOB_LANE_NOW, 50, owner);
  g_object_unref (owner);
  orr_job_queue_stop (queue);
  g_object_unref (queue);
  while (orr_job_is_active (job))
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (outcome.n_done, ==, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/job/result", test_result);
  g_test_add_func ("/job/failure", test_failure);
  g_test_add_func ("/job/cancel-and-lanes", test_cancel_and_lanes);
  g_test_add_func ("/job/pause", test_pause);
  g_test_add_func ("/job/owner-gone", test_owner_gone);
  return g_test_run ();
}
