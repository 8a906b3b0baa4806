/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-commands.h"

#include <math.h>

#include "orr-cli-model.h"
#include "orr-cli-sequences.h"
#include "orr-cli-training.h"
#include "orr-error.h"
#include "orr-file.h"
#include "orr-network-file.h"
#include "orr-match.h"
#include "orr-study-file.h"
#include "orr-train.h"
#include "orr-training-run.h"

#define CHECKPOINT_SECONDS 30

static const char description[] =
    "Trains a recurrent network to emit sequences like a model's and writes the network\n"
    "of the best validation epoch to NET (.pth, .safetensors, .npz or .h5). The schedule\n"
    "is a recipe's for the preset (that of `three` for a file), and every number of it can\n"
    "be given. Recipes: `published` is the paper's; `faithful` trains on the model's symbol\n"
    "statistics as well, so that rare symbols and transitions come out right; `quick` is a\n"
    "short one of that kind. With --epochs the epochs at which a recipe turns (statistics,\n"
    "stages and windows come in, rate and temperature begin to fall) move along with its\n"
    "length; those given by an option of their own stay as given.\n\n"
    "NET.checkpoint is written beside NET at least once a minute, when interrupted and\n"
    "at the end; --resume goes on from it, to the same numbers as a run that was never\n"
    "stopped, also for more --epochs (turns stay where they were). --snapshots 25 writes the weights after every\n"
    "25th epoch to NET's name with -epoch-00025 before its extension. A NET that ends in\n"
    ".orrery becomes a study that the window opens: the network with its options, loss\n"
    "curves, snapshots and match with the model in one file.\n\n"
    "With --data FILE the network is trained on recorded symbol sequences instead (CSV with\n"
    "a sequence in each row, or one symbol a row; .npy): cut into windows of --length steps,\n"
    "--sequences of them at most, whose thirds to train, validate and test share no step.\n"
    "--hmm is then the model to compare with; left out, the Markov chain of the symbols.\n\n"
    "JSON: best_validation_loss, best_epoch, epochs, seconds, seconds_per_epoch, threads,\n"
    "seed, network, baseline (the model against itself), independent_level (symbols with\n"
    "the model's frequencies but no order in time: where the plateau lies), events (what\n"
    "was seen to go wrong: kind, epoch, until, value, message), options,\n"
    "departures (from the published recipe, in words), history. With\n"
    "--progress json each epoch and each event is a line of JSON on standard error.\n\n"
    "Examples:\n"
    "  orreryctl train --hmm three --out three.npz --json\n"
    "  orreryctl train --hmm three --out three.orrery --snapshots 25\n"
    "  orreryctl train --data sessions.csv --out behaviour.orrery\n"
    "  orreryctl train --hmm model.json --out net.pth --epochs 200 --hidden 50 --snapshots 10";

typedef struct
{
  char           *command;
  char           *model;
  char           *data;
  char           *out;
  OrrCliTraining *training;
  int             snapshots;
  gboolean        resume;
} Arguments;

typedef struct
{
  OrrCli     *cli;
  OrrTrainer *trainer;
  OrrHmm     *hmm;
  OrrTrainData *data;      /* (nullable): recorded sequences to train on */
  OrrRecording *recording; /* (nullable): where they are from */
  const char *model;
  const char *command; /* as it was typed */
  const char *out;
  char       *checkpoint;
  guint       snapshots; /* every so many epochs a file; the trainer need not keep them */
  OrrTrainOptions planned; /* the recipe's options, as they are for its own number of epochs */
  OrrTrainLevels levels;
  guint       n_events; /* told so far */
  double      seconds; /* of this run and those it resumes */
} Run;

static gboolean
save_checkpoint (Run *run, GError **error)
{
  g_autoptr (GVariant) state = g_variant_ref_sink (orr_trainer_save (run->trainer));
  g_autoptr (GBytes) bytes = g_variant_get_data_as_bytes (state);

  return orr_file_write (run->checkpoint, bytes, error);
}

/* The two agree in all that settles the numbers of an epoch, made equally long with the recipe's turns or without. */
static gboolean
same_schedule (const OrrTrainOptions *a, const OrrTrainOptions *b, const OrrTrainOptions *planned)
{
  OrrTrainOptions adjusted = *b;

  if (planned != NULL)
    orr_train_options_set_epochs (&adjusted, planned, a->epochs);
  adjusted.epochs = a->epochs;
  adjusted.threads = a->threads;
  g_autoptr (GVariant) section_a = g_variant_ref_sink (orr_train_options_to_section (a));
  g_autoptr (GVariant) section_b = g_variant_ref_sink (orr_train_options_to_section (&adjusted));
  return g_variant_equal (section_a, section_b);
}

static OrrTrainer *
restore (Run *run, const OrrTrainOptions *options, GError **error)
{
  g_autoptr (GBytes) bytes = orr_file_read (run->checkpoint, error);

  if (bytes == NULL)
    return NULL;
  g_autoptr (GVariant) raw = g_variant_ref_sink (g_variant_new_from_bytes (G_VARIANT_TYPE_VARDICT, bytes, FALSE));
  g_autoptr (GVariant) state = g_variant_get_normal_form (raw);
  g_autoptr (OrrTrainer) trainer = orr_trainer_restore (run->hmm, state, error);
  if (trainer == NULL)
    {
      g_prefix_error (error, "%s: ", run->checkpoint);
      return NULL;
    }
  const OrrTrainData *data = orr_trainer_get_data (trainer);
  gboolean same_target = (data == NULL) == (run->data == NULL) && (data == NULL || orr_train_data_equal (data, run->data));
  const OrrTrainOptions *before = orr_trainer_get_options (trainer);
  if (!same_target || !(same_schedule (before, options, NULL) || same_schedule (before, options, &run->planned)))
    {
      g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT,
                   "%s was made with other options or data; give the same ones, or train without --resume", run->checkpoint);
      return NULL;
    }
  orr_trainer_set_epochs (trainer, options->epochs);
  orr_trainer_set_threads (trainer, options->threads);
  return g_steal_pointer (&trainer);
}

static gboolean
is_study (const char *out)
{
  return orr_file_has_extension (out, ".orrery");
}

/* @out with "-epoch-N" before its extension. */
static char *
snapshot_path (const char *out, guint epoch)
{
  const char *dot = strrchr (out, '.');
  g_autofree char *stem = g_strndup (out, dot - out);

  return g_strdup_printf ("%s-epoch-%05u%s", stem, epoch, dot);
}

static gboolean
save_snapshot (Run *run, guint epoch, GError **error)
{
  g_autofree char *path = snapshot_path (run->out, epoch);
  g_autoptr (OrrNetwork) network = orr_trainer_copy_network (run->trainer);

  return orr_network_save (network, path, error);
}

static GVariant *
epoch_section (const OrrTrainEpoch *epoch, guint epochs)
{
  GVariantDict dict;

  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "epoch", "x", (gint64) epoch->epoch);
  g_variant_dict_insert (&dict, "epochs", "x", (gint64) epochs);
  g_variant_dict_insert (&dict, "train_loss", "d", epoch->train_loss);
  g_variant_dict_insert (&dict, "validation_loss", "d", epoch->validation_loss);
  g_variant_dict_insert (&dict, "best_validation_loss", "d", epoch->best_validation_loss);
  g_variant_dict_insert (&dict, "best_epoch", "x", (gint64) epoch->best_epoch);
  g_variant_dict_insert (&dict, "gradient_norm", "d", epoch->gradient_norm);
  g_variant_dict_insert (&dict, "selection_loss", "d", epoch->selection_loss);
  g_variant_dict_insert (&dict, "statistics_distance", "d", epoch->statistics_distance);
  g_variant_dict_insert (&dict, "seconds", "d", epoch->seconds);
  return g_variant_dict_end (&dict);
}

/* Tells each event once, when it comes: its sentence and what helped others. */
static void
report_events (Run *run)
{
  const OrrTrainOptions *options = orr_trainer_get_options (run->trainer);
  OrrTrainingPlan plan = { .levels = run->levels };
  g_autoptr (GArray) events = orr_training_list_events (run->trainer, &plan);
  g_autoptr (GVariant) sections = NULL;

  if (events->len <= run->n_events)
    return;
  sections = g_variant_ref_sink (orr_train_events_to_section (events, options, &run->levels));
  for (; run->n_events < events->len; run->n_events++)
    {
      const OrrTrainEvent *event = &g_array_index (events, OrrTrainEvent, run->n_events);
      g_auto (OrrTrainRemedy) remedy = { 0 };
      g_autofree char *text = orr_train_event_describe (event, options, &run->levels);
      g_autoptr (GVariant) section = g_variant_get_child_value (sections, run->n_events);
      GVariantDict dict;

      orr_train_event_find_remedy (event, options, run->hmm, &remedy);
      g_variant_dict_init (&dict, NULL);
      g_variant_dict_insert_value (&dict, "event", section);
      g_autoptr (GVariant) line = g_variant_ref_sink (g_variant_dict_end (&dict));
      orr_cli_message (run->cli, "%s %s. %s", text, remedy.label, remedy.reason);
      orr_cli_event (run->cli, line);
    }
}

static void
report_epoch (Run *run, const OrrTrainEpoch *epoch, guint epochs)
{
  g_autofree char *text =
      g_strdup_printf ("epoch %u: loss %.3f, validation %.3f, statistics %.4f, best %.3f (epoch %u)", epoch->epoch,
                       epoch->train_loss, epoch->validation_loss, epoch->statistics_distance,
                       epoch->best_validation_loss, epoch->best_epoch);

  orr_progress_report (orr_cli_get_progress (run->cli), (double) epoch->epoch / epochs, text);
  orr_cli_event (run->cli, epoch_section (epoch, epochs));
  report_events (run);
}

/* Keeps what is done before passing an interruption or a numerical failure on. */
static gboolean
give_up (Run *run, GError *reason, GError **error)
{
  guint epoch = orr_trainer_get_epoch (run->trainer);
  g_autoptr (GError) failure = NULL;

  if (!save_checkpoint (run, &failure))
    orr_cli_message (run->cli, "The checkpoint could not be written: %s", failure->message);
  else if (g_error_matches (reason, ORR_ERROR, ORR_ERROR_CANCELLED))
    {
      g_set_error (error, ORR_ERROR, ORR_ERROR_CANCELLED,
                   "Interrupted after epoch %u; the same command with --resume goes on from %s", epoch,
                   run->checkpoint);
      g_error_free (reason);
      return FALSE;
    }
  g_propagate_error (error, reason);
  return FALSE;
}

static gboolean
run_epochs (Run *run, GError **error)
{
  const OrrTrainOptions *options = orr_trainer_get_options (run->trainer);
  gint64 saved = g_get_monotonic_time ();

  while (!orr_trainer_is_done (run->trainer))
    {
      OrrTrainEpoch epoch;
      GError *reason = NULL;

      if (!orr_trainer_run_epoch (run->trainer, &epoch, orr_cli_get_progress (run->cli), &reason))
        return give_up (run, reason, error);
      report_epoch (run, &epoch, options->epochs);
      if (run->snapshots > 0 && !is_study (run->out) && epoch.epoch % run->snapshots == 0 &&
          !save_snapshot (run, epoch.epoch, error))
        return FALSE;
      if (g_get_monotonic_time () - saved > CHECKPOINT_SECONDS * G_USEC_PER_SEC)
        {
          if (!save_checkpoint (run, error))
            return FALSE;
          saved = g_get_monotonic_time ();
        }
    }
  return save_checkpoint (run, error);
}

static GVariant *
list_events (Run *run)
{
  OrrTrainingPlan plan = { .levels = run->levels };
  g_autoptr (GArray) events = orr_training_list_events (run->trainer, &plan);

  return orr_train_events_to_section (events, orr_trainer_get_options (run->trainer), &run->levels);
}

static GVariant *
create_section (Run *run)
{
  const OrrTrainOptions *options = orr_trainer_get_options (run->trainer);
  guint n;
  const OrrTrainEpoch *history = orr_trainer_get_history (run->trainer, &n);
  GVariantDict dict;

  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "best_validation_loss", "d", history[n - 1].best_validation_loss);
  g_variant_dict_insert (&dict, "best_epoch", "x", (gint64) history[n - 1].best_epoch);
  g_variant_dict_insert (&dict, "epochs", "x", (gint64) n);
  g_variant_dict_insert (&dict, "seconds", "d", run->seconds);
  g_variant_dict_insert (&dict, "seconds_per_epoch", "d", run->seconds / n);
  g_variant_dict_insert (&dict, "threads", "x", (gint64) options->threads);
  g_variant_dict_insert (&dict, "seed", "x", (gint64) options->seed);
  g_variant_dict_insert (&dict, "network", "s", run->out);
  g_variant_dict_insert (&dict, "baseline", "d", run->levels.baseline);
  g_variant_dict_insert (&dict, "independent_level", "d", run->levels.independent);
  g_variant_dict_insert_value (&dict, "events", list_events (run));
  g_auto (GStrv) departures = orr_train_options_dup_departures (options, run->model != NULL ? orr_hmm_preset_find (run->model) : NULL);
  g_variant_dict_insert_value (&dict, "departures", g_variant_new_strv ((const char *const *) departures, -1));
  g_variant_dict_insert_value (&dict, "options", orr_train_options_to_section (options));
  g_variant_dict_insert_value (&dict, "history", orr_train_history_to_section (history, n));
  return g_variant_dict_end (&dict);
}

/* What the record of a study says about how to make it again. */
static GVariant *
add_command (GVariant *record, const char *command)
{
  GVariantDict dict;

  g_variant_dict_init (&dict, record);
  g_variant_dict_insert (&dict, "command", "s", command);
  return g_variant_ref_sink (g_variant_dict_end (&dict));
}

/* The match with the model on fresh sequences, with the training's own noise and length. */
static GVariant *
evaluate_match (Run *run, const OrrNetwork *network, GError **error)
{
  const OrrTrainOptions *options = orr_trainer_get_options (run->trainer);
  OrrMatchOptions match;

  orr_match_options_init (&match);
  match.length = options->length;
  match.threads = options->threads;
  match.sigma = options->sigma;
  match.tau = options->tau;
  match.random_initial_state = options->random_initial_state;
  GVariant *section = orr_match_evaluate (network, run->hmm, &match, orr_cli_get_progress (run->cli), error);
  return section != NULL ? g_variant_take_ref (section) : NULL;
}

static gboolean
save_study (Run *run, GError **error)
{
  const OrrHmmPreset *preset = run->recording == NULL ? orr_hmm_preset_find (run->model) : NULL;
  g_autofree char *base = run->recording != NULL ? g_strdup (run->recording->name) : g_path_get_basename (run->model);
  OrrTrainingPlan plan = { .hmm = run->hmm, .name = base, .levels = run->levels };
  g_autoptr (OrrRun) trained = orr_training_build_run (run->trainer, &plan);
  g_autoptr (GVariant) match = evaluate_match (run, trained->network, error);

  if (match == NULL)
    return FALSE;
  GVariant *record = add_command (trained->record, run->command);
  g_clear_pointer (&trained->record, g_variant_unref);
  trained->record = record;
  g_autoptr (OrrRun) matched = orr_run_with_section (trained, "match", match);
  g_autoptr (OrrStudy) empty = orr_study_new (preset != NULL ? preset->title : base, run->hmm);
  g_autoptr (OrrStudy) recorded = orr_study_with_recording (empty, run->recording);
  g_autoptr (OrrStudy) study = orr_study_with_run (recorded, matched);
  return orr_study_file_save (study, run->out, error);
}

static gboolean
save_result (Run *run, GError **error)
{
  g_autoptr (OrrNetwork) best = orr_trainer_copy_best (run->trainer);

  return is_study (run->out) ? save_study (run, error) : orr_network_save (best, run->out, error);
}

static gboolean
finish (Run *run, GError **error)
{
  guint n;
  const OrrTrainEpoch *history = orr_trainer_get_history (run->trainer, &n);

  if (!save_result (run, error))
    return FALSE;
  for (guint i = 0; i < n; i++)
    run->seconds += history[i].seconds;
  if (orr_cli_wants_json (run->cli))
    orr_cli_print_json (run->cli, create_section (run));
  else
    orr_cli_print (run->cli,
                   "best validation loss %.4f (epoch %u of %u; the model against itself: %.4f) in %.0f s; wrote %s\n",
                   history[n - 1].best_validation_loss, history[n - 1].best_epoch, n, run->levels.baseline, run->seconds,
                   run->out);
  return TRUE;
}

static gboolean
train (Run *run, const OrrTrainOptions *options, gboolean resume, GError **error)
{
  if (resume && !g_file_test (run->checkpoint, G_FILE_TEST_EXISTS))
    {
      orr_cli_message (run->cli, "There is no %s yet, so this starts from the beginning", run->checkpoint);
      resume = FALSE;
    }
  run->trainer = resume ? restore (run, options, error) : orr_trainer_new_with_data (run->hmm, run->data, options, error);
  if (run->trainer == NULL)
    return FALSE;
  return orr_trainer_measure_levels (run->trainer, &run->levels, orr_cli_get_progress (run->cli), error)
         && run_epochs (run, error) && finish (run, error);
}

static gboolean
validate_out (const char *out, GError **error)
{
  if (out == NULL)
    {
      g_set_error_literal (error, ORR_ERROR, ORR_ERROR_INPUT, "Where to? Give --out with the network's file name");
      return FALSE;
    }
  g_autofree char *folder = g_path_get_dirname (out);
  if (!orr_network_is_file_name (out) && !is_study (out))
    g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT,
                 "\"%s\" says no known format: a network's file ends in .pth, .safetensors, .npz or .h5, a study's in "
                 ".orrery", out);
  else if (g_file_test (out, G_FILE_TEST_IS_DIR))
    g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "\"%s\" is a folder, not a file to write the network to", out);
  else if (!g_file_test (folder, G_FILE_TEST_IS_DIR))
    g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "There is no folder \"%s\" to write the network to", folder);
  else
    return TRUE;
  return FALSE;
}

/* The recorded sequences, and what to compare with where no model is given. */
static gboolean
load_data (Run *run, const char *path, GError **error)
{
  g_autoptr (OrrSequences) sequences = orr_sequences_load (path, error);
  g_autofree char *name = g_path_get_basename (path);

  if (sequences == NULL)
    return FALSE;
  run->recording = orr_recording_new (name, sequences, error);
  if (run->recording == NULL)
    {
      g_prefix_error (error, "%s: ", path);
      return FALSE;
    }
  if (run->hmm == NULL)
    run->hmm = orr_sequences_create_chain (sequences);
  return TRUE;
}

/* The recipe is that of the preset; of the length that the recording suggests where there is none. */
static gboolean
take_options (Run *run, const Arguments *arguments, OrrTrainOptions *options, GError **error)
{
  const OrrHmmPreset *preset = run->model != NULL ? orr_hmm_preset_find (run->model) : NULL;
  OrrHmmPreset recorded = *orr_hmm_preset_find ("three");

  if (preset == NULL && run->recording != NULL)
    {
      recorded.length = orr_sequences_suggest_length (run->recording->sequences, recorded.length);
      preset = &recorded;
    }
  if (!orr_cli_training_take (arguments->training, preset, options, &run->planned, error))
    return FALSE;
  options->threads = orr_cli_get_threads (run->cli);
  /* A study holds its snapshots itself, and so does its trainer. */
  if (is_study (run->out))
    options->snapshot_every = run->snapshots;
  if (run->recording == NULL)
    return TRUE;
  run->data = orr_train_data_new (run->recording->sequences, run->recording->name, options->length, options->sequences,
                                  options->seed, error);
  if (run->data == NULL)
    return FALSE;
  options->sequences = run->data->n_sequences;
  return TRUE;
}

static gboolean
prepare_and_train (OrrCli *cli, const Arguments *arguments, GError **error)
{
  OrrTrainOptions options;
  Run run = { .cli = cli, .model = arguments->model, .command = arguments->command, .out = arguments->out,
              .snapshots = arguments->snapshots };
  gboolean done = FALSE;

  if (arguments->model == NULL && arguments->data == NULL)
    {
      g_set_error_literal (error, ORR_ERROR, ORR_ERROR_INPUT,
                           "Train on what? Give --hmm with a preset's name or a file, or --data with recorded sequences");
      return FALSE;
    }
  if (arguments->snapshots < 0)
    {
      g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "--snapshots must be 1 or more epochs, not %d", arguments->snapshots);
      return FALSE;
    }
  if (!validate_out (arguments->out, error))
    return FALSE;
  if (arguments->model != NULL && (run.hmm = orr_cli_load_hmm (arguments->model, error)) == NULL)
    return FALSE;

  run.checkpoint = g_strconcat (arguments->out, ".checkpoint", NULL);
  if ((arguments->data == NULL || load_data (&run, arguments->data, error))
      && take_options (&run, arguments, &options, error))
    done = train (&run, &options, arguments->resume, error);
  orr_trainer_free (run.trainer);
  orr_train_data_unref (run.data);
  orr_recording_unref (run.recording);
  orr_hmm_unref (run.hmm);
  g_free (run.checkpoint);
  return done;
}

static gboolean
run_train (OrrCli *cli, int argc, char **argv, GError **error)
{
  g_autoptr (OrrCliTraining) training = orr_cli_training_new ();
  Arguments a = { .training = training };
  const GOptionEntry own[] = {
    { "hmm", 0, 0, G_OPTION_ARG_STRING, &a.model, "The model: a preset's name or a file", "PRESET|FILE" },
    { "data", 0, 0, G_OPTION_ARG_FILENAME, &a.data, "Train on the recorded sequences of this file instead", "FILE" },
    { "out", 'o', 0, G_OPTION_ARG_FILENAME, &a.out, "Where to write the network", "NET" },
    { "snapshots", 0, 0, G_OPTION_ARG_INT, &a.snapshots, "Write the weights after every N epochs", "N" },
    { "resume", 0, 0, G_OPTION_ARG_NONE, &a.resume, "Go on from NET.checkpoint", NULL },
  };
  g_autoptr (GArray) entries = g_array_new (TRUE, FALSE, sizeof (GOptionEntry));
  g_array_append_vals (entries, own, G_N_ELEMENTS (own));
  orr_cli_training_add_entries (training, entries);

  g_autoptr (GStrvBuilder) typed = g_strv_builder_new ();
  g_strv_builder_add (typed, "orreryctl");
  for (int i = 0; i < argc; i++)
    {
      gboolean plain = strpbrk (argv[i], " \t\n'\"\\$*?") == NULL;
      g_autofree char *word = plain ? g_strdup (argv[i]) : g_shell_quote (argv[i]);
      g_strv_builder_add (typed, word);
    }
  g_auto (GStrv) words = g_strv_builder_end (typed);
  a.command = g_strjoinv (" ", words);

  gboolean done = orr_cli_parse (cli, "--hmm PRESET|FILE|--data FILE --out NET", description,
                                 (const GOptionEntry *) (gpointer) entries->data, &argc, &argv, error) &&
                  orr_cli_take_operands (argc, argv, 0, "no operands", error) && prepare_and_train (cli, &a, error);
  g_free (a.command);
  g_free (a.model);
  g_free (a.data);
  g_free (a.out);
  return done;
}

const OrrCommand orr_command_train = {
  "train", "Train a recurrent network to emulate a hidden Markov model", run_train, NULL
};
