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
#include <string.h>
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
    "{\"presets\": \"two\", \"recipes\": []}",
    "{\"presets\": \"two\", \"recipes\": [1, 2]}",
    "{\"presets\": \"two\", \"recipe\": \"quick\", \"recipes\": [\"published\"]}",
    "{\"presets\": \"two\", \"sizes\": [5]}",
    "{\"presets\": \"two\", \"options\": {\"epoch\": 5}}",
    "{\"presets\": \"two\", \"options\": {\"epochs\": 0}}",
    "{\"presets\": \"two\", \"options\": {\"epochs\": \"5\"}}",
    "{\"presets\": \"two\", \"options\": {\"epochs\": 2.5}}",
    "{\"presets\": \"two\", \"options\": {\"sigma\": true}}",
    "{\"presets\": \"two\", \"options\": {\"biased\": 1}}",
    "{\"presets\": \"two\", \"options\": {\"activation\": \"sigmoid\"}}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (plan (bad[i], &error));
      g_assert_error (error, ORR_ERROR, ORR_ERROR_INPUT);
      g_test_message ("%s", error->message);
    }
}

/* Several recipes in one table: the published one's names are those it has alone, so that what is finished counts. */
static void
test_recipes (void)
{
  g_autoptr (GPtrArray) both = plan (
    "{\"presets\": [\"three\", \"five\"], \"seeds\": [0, 1, 2], \"recipes\": [\"published\", \"faithful\"]}", NULL);
  g_autoptr (GPtrArray) alone = plan ("{\"presets\": \"three\", \"seeds\": 2, \"recipe\": \"faithful\"}", NULL);
  g_autoptr (GPtrArray) list = plan ("{\"presets\": \"three\", \"seeds\": 2, \"recipe\": [\"faithful\"]}", NULL);
  const OrrSweepTask *published = both->pdata[2], *faithful = both->pdata[8], *one = alone->pdata[0],
                     *listed = list->pdata[0];

  g_assert_cmpuint (both->len, ==, 12);
  g_assert_cmpstr (published->name, ==, "three-h150-d100-s2");
  g_assert_cmpstr (published->recipe, ==, "published");
  g_assert_cmpfloat (published->options.moment_weight, ==, 0.0);
  g_assert_cmpstr (faithful->name, ==, "three-h150-d100-s2-faithful");
  g_assert_cmpstr (faithful->recipe, ==, "faithful");
  g_assert_cmpfloat (faithful->options.moment_weight, >, 0.0);
  g_assert_cmpstr (one->name, ==, "three-h150-d100-s2");
  g_assert_cmpstr (listed->name, ==, faithful->name);
}

/* A shorter sweep turns sooner, but for what its specification says. */
static void
test_turns (void)
{
  g_autoptr (GPtrArray) tasks = plan ("{\"presets\": \"three\", \"recipe\": \"quick\","
                                      " \"options\": {\"moment_from\": 150, \"epochs\": 100}}", NULL);
  const OrrSweepTask *task = tasks->pdata[0];

  g_assert_cmpuint (task->options.epochs, ==, 100);
  g_assert_cmpuint (task->options.decay_from, ==, 60);
  g_assert_cmpuint (task->options.moment_stages_from, ==, 60);
  g_assert_cmpuint (task->options.moment_from, ==, 150);
}

static void
test_published_losses (void)
{
  double lowest, highest;

  g_assert_true (orr_sweep_published_loss ("five", 150, &lowest, &highest));
  g_assert_cmpfloat (lowest, ==, 7.6);
  g_assert_cmpfloat (highest, ==, 7.8);
  g_assert_false (orr_sweep_published_loss ("cyclic", 50, &lowest, &highest));
  g_assert_false (orr_sweep_published_loss ("six", 150, &lowest, &highest));
}

/* A row with figures made up for the test: what misses its criterion is bold, the rest is not. */
static void
test_table (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) summary = orr_json_parse (
    "{\"finished\": 2, \"planned\": 3, \"networks\": ["
    "{\"preset\": \"three\", \"recipe\": \"faithful\", \"hidden\": 150, \"noise_dim\": 100, \"seed\": 1, \"epochs\": 200,"
    " \"best_epoch\": 190, \"best_validation_loss\": 4.125, \"baseline\": 4.25, \"seconds\": 60.5,"
    " \"transition_error\": 0.0015, \"frequency_error\": 0.0125, \"volatility_rnn\": 7.5, \"volatility_hmm\": 7.25,"
    " \"volatility_ratio\": 1.0345, \"distance_hmm_rnn\": 3.5, \"distance_hmm_hmm\": 3.0, \"distance_ratio\": 1.1667,"
    " \"published_lowest\": 4.0, \"published_highest\": 4.1, \"departures\": \"weight of the statistics 20\"},"
    "{\"preset\": \"three\", \"recipe\": \"faithful\", \"hidden\": 150, \"noise_dim\": 100, \"seed\": 2, \"epochs\": 200,"
    " \"best_epoch\": 190, \"best_validation_loss\": 4.125, \"baseline\": 4.25, \"seconds\": 60.5,"
    " \"transition_error\": 0.0025, \"frequency_error\": 0.0025, \"volatility_rnn\": 7.0, \"volatility_hmm\": 7.5,"
    " \"volatility_ratio\": 0.9333, \"distance_hmm_rnn\": 3.0, \"distance_hmm_hmm\": 3.0, \"distance_ratio\": 1.0,"
    " \"departures\": \"weight of the statistics 20\"}]}", -1, &error);
  g_assert_no_error (error);
  g_autofree char *text = orr_sweep_print_table (summary);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  g_assert_cmpstr (lines[0], ==, "2 of 3 networks are finished.");
  g_assert_cmpstr (lines[4], ==, "| three | faithful | 150 | 100 | 1 | 4.125 | 4.0 to 4.1 | 4.250 | 190 of 200 | 60 | "
                                 "0.00150 | **0.0125** | 7.50 / 7.25 | **3.500 / 3.000** |");
  g_assert_cmpstr (lines[5], ==, "| three | faithful | 150 | 100 | 2 | 4.125 |  | 4.250 | 190 of 200 | 60 | "
                                 "**0.00250** | 0.0025 | **7.00 / 7.50** | 3.000 / 3.000 |");
  /* The same departures are told once. */
  const char *told = strstr (text, "- `three`, faithful: weight of the statistics 20.\n");
  g_assert_nonnull (told);
  g_assert_null (strstr (told + 1, "- `three`"));
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

typedef struct
{
  GPtrArray  *tasks;
  const char *directory;
  int         fd;
} Other;

/* Another process that has a network, and dies when all others are finished. */
static gpointer
other_thread (gpointer data)
{
  Other *other = data;
  guint finished = 0;

  while (finished < other->tasks->len - 1)
    {
      finished = 0;
      g_usleep (20000);
      for (guint i = 0; i < other->tasks->len; i++)
        {
          const OrrSweepTask *task = other->tasks->pdata[i];
          g_autofree char *name = g_strconcat (task->name, ".orrery", NULL);
          g_autofree char *path = g_build_filename (other->directory, name, NULL);
          finished += g_file_test (path, G_FILE_TEST_EXISTS);
        }
    }
  close (other->fd);
  return NULL;
}

/* Shards, a finished network that is left alone, and one of a process that dies, which is taken over. */
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
  Other other = { tasks, directory, fd };
  GThread *thread = g_thread_new ("other", other_thread, &other);
  g_assert_true (orr_sweep_run (tasks, directory, &options, NULL, NULL));
  g_thread_join (thread);
  g_assert_cmpint (get_time (directory, "three-h6-d4-s1.orrery"), ==, time);
  assert_finished (tasks, directory, 8);

  g_autoptr (GVariant) summary = orr_sweep_summarise (tasks, directory, NULL);
  g_autofree char *csv_path = g_build_filename (directory, "summary.csv", NULL);
  g_autofree char *csv = NULL;
  g_assert_true (orr_sweep_write_summary (summary, directory, NULL));
  g_assert_true (g_file_get_contents (csv_path, &csv, NULL, NULL));
  g_auto (GStrv) lines = g_strsplit (csv, "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, 10);
  g_assert_true (g_str_has_prefix (lines[1], "three-h6-d4-s1,three,6,4,1,3,"));
  g_autofree char *table_path = g_build_filename (directory, "summary.md", NULL);
  g_autofree char *table = NULL;
  g_assert_true (g_file_get_contents (table_path, &table, NULL, NULL));
  g_assert_nonnull (strstr (table, "| two | published | 8 | 4 | 2 |"));
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

/* What nobody can lock is told, not waited for; the others are trained all the same. */
static void
test_no_lock (void)
{
  g_autofree char *directory = g_dir_make_tmp ("orrery-sweep-XXXXXX", NULL);
  g_autofree char *lock = NULL, *other = NULL;
  g_autoptr (GPtrArray) tasks = plan ("{\"presets\": \"two\", \"hidden\": 4, \"noise_dim\": 2, \"seeds\": [0, 1],"
                                      " \"options\": {\"length\": 4, \"sequences\": 30, \"batch\": 10, \"epochs\": 1}}",
                                      NULL);
  OrrSweepOptions options = { .jobs = 1, .threads = 1, .n_shards = 1 };
  g_autoptr (GError) error = NULL;

  lock = g_build_filename (directory, "two-h4-d2-s0.lock", NULL);
  other = g_build_filename (directory, "two-h4-d2-s1.orrery", NULL);
  g_assert_cmpint (g_mkdir (lock, 0777), ==, 0);
  g_assert_false (orr_sweep_run (tasks, directory, &options, NULL, &error));
  g_assert_error (error, ORR_ERROR, ORR_ERROR_FAILED);
  g_assert_nonnull (strstr (error->message, "two-h4-d2-s0.lock"));
  g_assert_true (g_file_test (other, G_FILE_TEST_EXISTS));
  g_rmdir (lock);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sweep/plan", test_plan);
  g_test_add_func ("/sweep/bad-plans", test_bad_plans);
  g_test_add_func ("/sweep/recipes", test_recipes);
  g_test_add_func ("/sweep/turns", test_turns);
  g_test_add_func ("/sweep/published-losses", test_published_losses);
  g_test_add_func ("/sweep/table", test_table);
  g_test_add_func ("/sweep/run", test_run);
  g_test_add_func ("/sweep/resume", test_resume);
  g_test_add_func ("/sweep/cancel", test_cancel);
  g_test_add_func ("/sweep/no-lock", test_no_lock);
  return g_test_run ();
}
