/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-error.h"
#include "orr-progress.h"

static void
count_cb (double fraction, const char *text, gpointer user_data)
{
  double *last = user_data;
  *last = fraction;
}

static void
test_report (void)
{
  double last = -1.0;
  g_autoptr (OrrProgress) progress = orr_progress_new (count_cb, &last, NULL);

  orr_progress_report (progress, 0.25, "a");
  g_assert_cmpfloat (last, ==, 0.25);
  orr_progress_report (NULL, 0.5, NULL);
  g_assert_true (orr_progress_check (NULL, NULL));
}

static void
test_cancel (void)
{
  g_autoptr (OrrProgress) progress = orr_progress_new (NULL, NULL, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (orr_progress_check (progress, &error));
  orr_progress_cancel (progress);
  g_assert_false (orr_progress_check (progress, &error));
  g_assert_error (error, ORR_ERROR, ORR_ERROR_CANCELLED);
}

static gpointer
wait_thread (gpointer data)
{
  return GINT_TO_POINTER (orr_progress_check (data, NULL) ? 1 : 2);
}

static void
test_pause (void)
{
  g_autoptr (OrrProgress) progress = orr_progress_new (NULL, NULL, NULL);

  for (int cancel = 0; cancel < 2; cancel++)
    {
      orr_progress_set_paused (progress, TRUE);
      GThread *thread = g_thread_new ("waits", wait_thread, progress);
      g_usleep (20000);
      if (cancel)
        orr_progress_cancel (progress);
      else
        orr_progress_set_paused (progress, FALSE);
      g_assert_cmpint (GPOINTER_TO_INT (g_thread_join (thread)), ==, cancel ? 2 : 1);
    }
}

/* A part ends with the whole, but not the other way round. */
static void
test_child (void)
{
  double whole = -1.0, part = -1.0;
  g_autoptr (OrrProgress) parent = orr_progress_new (count_cb, &whole, NULL);
  g_autoptr (OrrProgress) child = orr_progress_new_child (parent, count_cb, &part);
  g_autoptr (OrrProgress) other = orr_progress_new_child (parent, NULL, NULL);

  orr_progress_report (child, 0.5, NULL);
  g_assert_cmpfloat (part, ==, 0.5);
  g_assert_cmpfloat (whole, ==, -1.0);
  orr_progress_cancel (child);
  g_assert_true (orr_progress_is_cancelled (child));
  g_assert_false (orr_progress_is_cancelled (parent));
  g_assert_true (orr_progress_check (other, NULL));
  orr_progress_cancel (parent);
  g_assert_true (orr_progress_is_cancelled (other));
  g_assert_false (orr_progress_check (other, NULL));
}

/* A part reports its share of the whole, and stops with it. */
static void
test_part (void)
{
  double last = -1.0;
  g_autoptr (OrrProgress) whole = orr_progress_new (count_cb, &last, NULL);
  g_autoptr (OrrProgress) half = orr_progress_new_part (whole, 0.5, 1.0);
  g_autoptr (OrrProgress) quarter = orr_progress_new_part (half, 0.0, 0.5);

  orr_progress_report (quarter, 0.5, "b");
  g_assert_cmpfloat (last, ==, 0.625);
  orr_progress_report (quarter, 1.0, "b");
  g_assert_cmpfloat (last, ==, 0.75);
  g_assert_null (orr_progress_new_part (NULL, 0.0, 1.0));

  g_assert_true (orr_progress_check (quarter, NULL));
  orr_progress_cancel (whole);
  g_assert_false (orr_progress_check (quarter, NULL));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/progress/report", test_report);
  g_test_add_func ("/progress/cancel", test_cancel);
  g_test_add_func ("/progress/pause", test_pause);
  g_test_add_func ("/progress/child", test_child);
  g_test_add_func ("/progress/part", test_part);
  return g_test_run ();
}
