/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * How soon every analysis stops when it is cancelled.
 *   bench-cancel STUDY.orrery [ANALYSIS ...]
 * Does each analysis of the study's first network once, on one thread, and prints one line of JSON for it:
 *   processor_seconds   that it took
 *   longest_gap         the most processor seconds between two moments at which it asks whether to go on, its
 *                       beginning and its end counted too: what it answers within, whenever it is cancelled
 *   longest_answer      the most processor seconds that it really took to return after it was cancelled, over
 *                       random moments
 * Processor time of the thread, so that other programs do not count. The questions are caught by the linker
 * (--wrap), without a trace in the program itself.
 */
#include <pthread.h>
#include <stdio.h>
#include <time.h>

#include "orr-error.h"
#include "orr-parallel.h"
#include "orr-run-analysis.h"
#include "orr-study-file.h"

#define N_CANCELS 8
#define MOST_SECONDS 15.0 /* for the cancels of one analysis */

gboolean __real_orr_progress_check (OrrProgress *self, GError **error);
gboolean __wrap_orr_progress_check (OrrProgress *self, GError **error);
gboolean __real_orr_progress_is_cancelled (OrrProgress *self);
gboolean __wrap_orr_progress_is_cancelled (OrrProgress *self);

static double last_question, longest_gap;
static gpointer longest_place;

static double
thread_seconds (clockid_t clock)
{
  struct timespec now = { 0 };

  clock_gettime (clock, &now);
  return now.tv_sec + 1e-9 * now.tv_nsec;
}

static void
note_question (gpointer place)
{
  double now = thread_seconds (CLOCK_THREAD_CPUTIME_ID);

  if (now - last_question > longest_gap)
    {
      longest_gap = now - last_question;
      longest_place = place;
    }
  last_question = now;
}

gboolean
__wrap_orr_progress_check (OrrProgress *self, GError **error)
{
  if (self != NULL)
    note_question (__builtin_return_address (0));
  return __real_orr_progress_check (self, error);
}

gboolean
__wrap_orr_progress_is_cancelled (OrrProgress *self)
{
  if (self != NULL)
    note_question (__builtin_return_address (0));
  return __real_orr_progress_is_cancelled (self);
}

/* One run of an analysis on a thread of its own. */
typedef struct
{
  const OrrAnalysis *analysis;
  const OrrRun      *run;
  const OrrHmm      *hmm;
  OrrProgress       *progress;
  clockid_t          clock;
  int                begun; /* atomic */
  int                ended; /* atomic */
  double             seconds;
  GError            *error;
} Trial;

static void
ignore (double fraction, const char *text, gpointer user_data)
{
}

static void *
work (void *data)
{
  Trial *trial = data;
  OrrAnalysisOptions options;

  pthread_getcpuclockid (pthread_self (), &trial->clock);
  orr_analysis_options_init (&options);
  options.threads = 1;
  last_question = thread_seconds (CLOCK_THREAD_CPUTIME_ID);
  g_atomic_int_set (&trial->begun, TRUE);
  GVariant *section = orr_run_analyze (trial->run, trial->hmm, trial->analysis, &options, trial->progress, &trial->error);
  note_question (NULL);
  trial->seconds = thread_seconds (CLOCK_THREAD_CPUTIME_ID);
  g_atomic_int_set (&trial->ended, TRUE);
  g_clear_pointer (&section, g_variant_unref);
  return NULL;
}

/* Cancels it once it has used @moment seconds, and tells how long it went on: 0 where it had ended by then. */
static double
cancel_at (Trial *trial, double moment)
{
  pthread_t thread;

  trial->progress = orr_progress_new (ignore, NULL, NULL);
  g_atomic_int_set (&trial->begun, FALSE);
  g_atomic_int_set (&trial->ended, FALSE);
  pthread_create (&thread, NULL, work, trial);
  while (!g_atomic_int_get (&trial->begun) || (!g_atomic_int_get (&trial->ended) && thread_seconds (trial->clock) < moment))
    g_usleep (1000);
  double before = g_atomic_int_get (&trial->ended) ? trial->seconds : thread_seconds (trial->clock);
  orr_progress_cancel (trial->progress);
  pthread_join (thread, NULL);
  orr_progress_unref (trial->progress);
  g_clear_error (&trial->error);
  return trial->seconds - before;
}

static void
bench (Trial *trial)
{
  double longest_answer = 0.0, used = 0.0;
  g_autoptr (GRand) random = g_rand_new_with_seed (0);
  pthread_t thread;

  longest_gap = 0.0;
  trial->progress = orr_progress_new (ignore, NULL, NULL);
  pthread_create (&thread, NULL, work, trial);
  pthread_join (thread, NULL);
  g_clear_pointer (&trial->progress, orr_progress_unref);
  double whole = trial->seconds, gap = longest_gap;
  gpointer place = longest_place;
  g_autofree char *problem = trial->error != NULL ? g_strescape (trial->error->message, NULL) : NULL;
  g_clear_error (&trial->error);

  /* up to nine tenths: an analysis that has returned could not be cancelled */
  for (guint i = 0; problem == NULL && i < N_CANCELS && used < MOST_SECONDS; i++)
    {
      double moment = 0.9 * whole * g_rand_double (random);

      longest_answer = MAX (longest_answer, cancel_at (trial, moment));
      used += moment;
    }
  printf ("{\"analysis\":\"%s\",\"processor_seconds\":%.2f,\"longest_gap\":%.3f,\"longest_answer\":%.3f", trial->analysis->name,
          whole, gap, longest_answer);
  if (problem != NULL)
    printf (",\"problem\":\"%s\"", problem);
  if (g_getenv ("BENCH_CANCEL_PLACE") != NULL)
    printf (",\"place\":\"%p\"", place);
  printf ("}\n");
  fflush (stdout);
}

int
main (int argc, char *argv[])
{
  g_autoptr (GError) error = NULL;
  g_autoptr (OrrStudy) study = argc > 1 ? orr_study_file_load (argv[1], &error) : NULL;
  guint n;
  const OrrAnalysis *analyses = orr_analyses (&n);

  if (study == NULL || study->runs->len == 0)
    {
      fprintf (stderr, "%s\n", error != NULL ? error->message : "bench-cancel STUDY.orrery [ANALYSIS ...]");
      return 2;
    }
  OrrRun *run = g_ptr_array_index (study->runs, 0);
  for (guint i = 0; i < n; i++)
    if (argc < 3 || g_strv_contains ((const char *const *) argv + 2, analyses[i].name))
      {
        Trial trial = { .analysis = &analyses[i], .run = run, .hmm = run->hmm != NULL ? run->hmm : study->hmm };

        bench (&trial);
      }
  return 0;
}
