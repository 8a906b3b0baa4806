/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-checkpoint.h"
#include "orr-error.h"
#include "orr-json.h"
#include "orr-section.h"
#include "orr-study-file.h"
#include "orr-sweep.h"
#include "orr-training-run.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <math.h>
#include <sys/file.h>
#include <unistd.h>

static const char small_spec[] =
  "{\"presets\": [\"three\", \"two\"], \"hidden\": [6, 8], \"noise_dim\": 4, \"seeds\": [1, 2],"
  " \"options\": {\"length\": 6, \"sequences\": 96, \"batch\": 32, \"epochs\": 3, \"snapshot_every\": 1}}";

static GPtrArray *
plan (const char *text, GError **error)
{
  g_autoptr (GVariant) spec = orr_json_parse (text, -1, error);
  g_assert_nonnull (spec);
  return orr_sweep_plan (spec, error);
}

static void
test_plan (void)
{
  g_autoptr (GPtrArray) tasks = plan (small_spec, NULL);
  const OrrSweepTask *first = tasks->pdata[0], *last = tasks->pdata[7];

  g_assert_cmpuint (tasks->len, ==, 8);
  g_assert_cmpstr (first->name, ==, "three-h6-d4-s1");
  g_assert_cmpstr (last->name, ==, "two-h8-d4-s2");
  g_assert_cmpuint (last->options.epochs, ==, 3);
  g_assert_cmpfloat (last->options.clip, ==, 0.9);

  /* The published grid of 144 networks in one line. */
  g_autoptr (GPtrArray) grid = plan (
    "{\"presets\": [\"two\",\"three\",\"four\",\"five\"], \"hidden\": [50,150,200], \"noise_dim\": [1,10,100,200],"
    " \"seeds\": [0,1,2]}", NULL);
  g_assert_cmpuint (grid->len, ==, 144);
}

static void
test_bad_plans (void)
{
  static const char *const bad[] = {
    "{\"hidden\": [50]}",
    "{\"presets\": [\"six\"]}",
    "{\"presets\": []}",
    "{\"presets\": \"two\", \"hidden\": [0]}",
    "{\"presets\": \"two\", \"hidden\": [1.5]}",
    "{\"presets\": \"two\", \"seeds\": [-1]}",
    "{\"presets\": \"two\", \"recipe\": \"secret\"}",
    "{\"presets\": \"two\", \"sizes\": [5]}",
    "{\"presets\": \"two\", \"options\": {\"epoch\": 5}}",
    "{\"presets\": \"two\", \"options\": {\"epochs\": 0}}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (plan (bad[i], &error));
      g_assert_error (error, ORR_ERROR, ORR_ERROR_INPUT);
      g_test_message ("%s", error->message);
    }
}

static void
assert_finished (GPtrArray *tasks, const char *directory, int n)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) summary = orr_sweep_summarise (tasks, directory, &error);

  g_assert_no_error (error);
  g_assert_cmpint (orr_section_get_int (summary, "finished", -1), ==, n);
}

static gint64
get_time (const char *directory, const char *name)
{
  g_autofree char *path = g_build_filename (directory, name, NULL);
  GStatBuf info;

  g_assert_cmpint (g_stat (path, &info), ==, 0);
  return info.st_mtim.tv_sec * 1000000000 + info.st_mtim.tv_nsec;
}

/* Shards, a network that another process has, a finished one that is left alone. */
static void
test_run (void)
{
  g_autofree char *directory = g_dir_make_tmp ("orrery-sweep-XXXXXX", NULL);
  g_autoptr (GPtrArray) tasks = plan (small_spec, NULL);
  OrrSweepOptions options = { .jobs = 2, .threads = 1, .shard = 0, .n_shards = 2 };
  g_autoptr (GError) error = NULL;

  g_assert_true (orr_sweep_run (tasks, directory, &options, NULL, &error));
  g_assert_no_error (error);
  assert_finished (tasks, directory, 4);

  g_autofree char *lock = g_build_filename (directory, "two-h8-d4-s2.lock", NULL);
  int fd = g_open (lock, O_RDWR | O_CREAT, 0666);
  g_assert_cmpint (flock (fd, LOCK_EX | LOCK_NB), ==, 0);
  gint64 time = get_time (directory, "three-h6-d4-s1.orrery");
  options.n_shards = 1;
  g_assert_true (orr_sweep_run (tasks, directory, &options, NULL, NULL));
  assert_finished (tasks, directory, 7);
  g_assert_cmpint (get_time (directory, "three-h6-d4-s1.orrery"), ==, time);

  close (fd);
  g_assert_true (orr_sweep_run (tasks, directory, &options, NULL, NULL));
  assert_finished (tasks, directory, 8);

  g_autoptr (GVariant) summary = orr_sweep_summarise (tasks, directory, NULL);
  g_autofree char *csv_path = g_build_filename (directory, "summary.csv", NULL);
  g_autofree char *csv = NULL;
  g_assert_true (orr_sweep_write_summary (summary, directory, NULL));
  g_assert_true (g_file_get_contents (csv_path, &csv, NULL, NULL));
  g_auto (GStrv) lines = g_strsplit (csv, "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, 10);
  g_assert_true (g_str_has_prefix (lines[1], "three-h6-d4-s1,three,6,4,1,3,"));
}

/* Cut off after two epochs by another process: the rest gives the same weights. */
static void
test_resume (void)
{
  g_autofree char *directory = g_dir_make_tmp ("orrery-sweep-XXXXXX", NULL);
  g_autofree char *whole = g_dir_make_tmp ("orrery-sweep-XXXXXX", NULL);
  g_autoptr (GPtrArray) tasks = plan (
    "{\"presets\": \"three\", \"hidden\": 8, \"noise_dim\": 4, \"options\": {\"length\": 6, \"sequences\": 96,"
    " \"batch\": 32, \"epochs\": 4}}", NULL);
  const OrrSweepTask *task = tasks->pdata[0];
  OrrSweepOptions options = { .jobs = 1, .threads = 1, .n_shards = 1 };
  g_autoptr (OrrHmm) hmm = orr_hmm_preset_create (task->preset);
  g_autoptr (OrrTrainer) part = orr_trainer_new (hmm, &task->options, NULL);
  g_autofree char *checkpoint = g_build_filename (directory, "three-h8-d4-s0.checkpoint", NULL);
  OrrTrainEpoch epoch;

  for (int i = 0; i < 2; i++)
    g_assert_true (orr_trainer_run_epoch (part, &epoch, NULL, NULL));
  g_assert_true (orr_checkpoint_save (checkpoint, "", task->name, hmm, part, NULL));
  g_assert_true (orr_sweep_run (tasks, directory, &options, NULL, NULL));
  g_assert_true (orr_sweep_run (tasks, whole, &options, NULL, NULL));
  g_assert_false (g_file_test (checkpoint, G_FILE_TEST_EXISTS));

  g_autofree char *path = g_build_filename (directory, "three-h8-d4-s0.orrery", NULL);
  g_autofree char *whole_path = g_build_filename (whole, "three-h8-d4-s0.orrery", NULL);
  g_autoptr (OrrStudy) a = orr_study_file_load (path, NULL);
  g_autoptr (OrrStudy) b = orr_study_file_load (whole_path, NULL);
  OrrRun *run_a = a->runs->pdata[0], *run_b = b->runs->pdata[0];
  g_assert_cmpmem (run_a->network->weight_hh->data, 64 * 4, run_b->network->weight_hh->data, 64 * 4);
}

static void
test_cancel (void)
{
  g_autofree char *directory = g_dir_make_tmp ("orrery-sweep-XXXXXX", NULL);
  g_autoptr (GPtrArray) tasks = plan (small_spec, NULL);
  OrrSweepOptions options = { .jobs = 2, .threads = 1, .n_shards = 1 };
  g_autoptr (OrrProgress) progress = orr_progress_new (NULL, NULL, NULL);
  g_autoptr (GError) error = NULL;

  orr_progress_cancel (progress);
  g_assert_false (orr_sweep_run (tasks, directory, &options, progress, &error));
  g_assert_error (error, ORR_ERROR, ORR_ERROR_CANCELLED);
  assert_finished (tasks, directory, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sweep/plan", test_plan);
  g_test_add_func ("/sweep/bad-plans", test_bad_plans);
  g_test_add_func ("/sweep/run", test_run);
  g_test_add_func ("/sweep/resume", test_resume);
  g_test_add_func ("/sweep/cancel", test_cancel);
  return g_test_run ();
}
