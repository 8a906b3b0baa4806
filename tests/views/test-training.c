/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "orr-chart.h"
#include "orr-loss-view.h"
#include "orr-match-view.h"
#include "orr-training-fields.h"
#include "orr-training-panel.h"
#include "orr-training-rows.h"
#include "orr-view-test.h"
#include "orr-view.h"

typedef struct
{
  OrrDocument *document;
  OrrJobQueue *jobs;
  OrrSession  *session;
} Fixture;

static void
setup (Fixture *self, gconstpointer data)
{
  g_autoptr (OrrHmm) hmm = orr_hmm_preset_create (orr_hmm_preset_find ("three"));
  g_autoptr (OrrStudy) study = orr_study_new ("A study", hmm);

  self->document = orr_document_new (study);
  self->jobs = orr_job_queue_new ();
  self->session = orr_session_new (self->document, self->jobs);
}

static void
teardown (Fixture *self, gconstpointer data)
{
  orr_job_queue_stop (self->jobs);
  g_object_unref (self->session);
  g_object_unref (self->jobs);
  g_object_unref (self->document);
}

static GtkWidget *
find_labelled (GtkWidget *widget, GType type, const char *label)
{
  if (G_TYPE_CHECK_INSTANCE_TYPE (widget, type)
      && (label == NULL || (GTK_IS_BUTTON (widget) && g_strcmp0 (gtk_button_get_label (GTK_BUTTON (widget)), label) == 0)))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_labelled (child, type, label);
      if (found != NULL)
        return found;
    }
  return NULL;
}

static void
click (GtkWidget *widget)
{
  orr_view_test_click (widget, gtk_widget_get_width (widget) / 2.0, gtk_widget_get_height (widget) / 2.0, 1);
}

static void
test_fields (void)
{
  OrrTrainOptions options, other;
  guint n;
  const OrrTrainingField *fields = orr_training_fields (&n);

  orr_train_options_init_published (&options, NULL);
  for (guint i = 0; i < n; i++)
    {
      double value = fields[i].kind == ORR_TRAINING_FIELD_SWITCH ? 1.0 : fields[i].high / 2;

      orr_training_field_set (&fields[i], &options, value);
      g_assert_cmpfloat (orr_training_field_get (&fields[i], &options), ==, value);
    }
  /* every field has its own place: setting one again changes no other */
  for (guint i = 0; i < n; i++)
    {
      other = options;
      orr_training_field_set (&fields[i], &other, fields[i].low);
      for (guint j = 0; j < n; j++)
        if (j != i)
          g_assert_cmpfloat (orr_training_field_get (&fields[j], &other), ==,
                             orr_training_field_get (&fields[j], &options));
    }
}

static void
test_presets_and_changes (void)
{
  const OrrHmmPreset *two = orr_hmm_preset_find ("two");
  g_autoptr (OrrHmm) hmm = orr_hmm_preset_create (two);
  OrrTrainOptions options;
  guint n;
  const OrrTrainingRecipe *recipes = orr_training_recipes (&n);

  g_assert_true (orr_hmm_preset_recognise (hmm) == two);
  hmm->positions[0] += 1.0;
  g_assert_true (orr_hmm_preset_recognise (hmm) == two);
  hmm->transition[0] -= 0.01;
  hmm->transition[1] += 0.01;
  g_assert_null (orr_hmm_preset_recognise (hmm));

  recipes[0].init (&options, two);
  g_assert_null (orr_training_describe_changes (&recipes[0], &options, two));
  options.seed = 7;
  options.threads = 2;
  g_assert_null (orr_training_describe_changes (&recipes[0], &options, two));
  options.epochs = 300;
  options.learning_rate = options.learning_rate_end = 0.003;
  g_autofree char *changes = orr_training_describe_changes (&recipes[0], &options, two);
  g_assert_cmpstr (changes, ==, "Epochs 300 instead of 500, Learning rate 0.003 instead of 0.001");
}

/* A 0 that means something else than none is written as what it means, and read again. */
static void
test_zero (void)
{
  guint n, named = 0;
  const OrrTrainingField *fields = orr_training_fields (&n);
  GtkWidget *box = g_object_ref_sink (gtk_flow_box_new ());
  OrrTrainingRows *rows = g_object_ref_sink (orr_training_rows_new (GTK_FLOW_BOX (box)));
  OrrTrainOptions options;
  guint n_all = 0, n_off = 0;

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *none = orr_training_field_format (&fields[i], 0.0);
      g_autofree char *some = orr_training_field_format (&fields[i], 4.0);

      named += fields[i].zero != NULL;
      g_assert_cmpstr (none, ==, fields[i].zero != NULL ? fields[i].zero : fields[i].kind == ORR_TRAINING_FIELD_SWITCH ? "off" : "0");
      g_assert_cmpstr (some, ==, fields[i].kind == ORR_TRAINING_FIELD_SWITCH ? "on" : "4");
    }
  g_assert_cmpuint (named, ==, 7);

  orr_train_options_init_published (&options, NULL);
  orr_training_rows_show (rows, &options, &options);
  for (GtkWidget *child = gtk_widget_get_first_child (box); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkSpinButton *spin = GTK_SPIN_BUTTON (find_labelled (child, GTK_TYPE_SPIN_BUTTON, NULL));

      if (!g_str_equal (gtk_editable_get_text (GTK_EDITABLE (spin)), "all"))
        continue;
      n_all++;
      gtk_spin_button_set_value (spin, 3);
      g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (spin)), ==, "3");
      gtk_editable_set_text (GTK_EDITABLE (spin), "all");
      gtk_spin_button_update (spin);
      g_assert_cmpfloat (gtk_spin_button_get_value (spin), ==, 0.0);
      gtk_editable_set_text (GTK_EDITABLE (spin), "2");
      gtk_spin_button_update (spin);
      g_assert_cmpfloat (gtk_spin_button_get_value (spin), ==, 2.0);
      gtk_editable_set_text (GTK_EDITABLE (spin), "0");
      gtk_spin_button_update (spin);
      g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (spin)), ==, "all");
    }
  for (GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (rows)); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *spin = find_labelled (child, GTK_TYPE_SPIN_BUTTON, NULL);
      n_off += spin != NULL && g_str_equal (gtk_editable_get_text (GTK_EDITABLE (spin)), "off");
    }
  g_assert_cmpuint (n_all, ==, 1);
  g_assert_cmpuint (n_off, ==, 5);
  g_object_unref (rows);
  g_object_unref (box);
}

static gboolean
has_run (gpointer data)
{
  OrrStudy *study = orr_document_get_study (((Fixture *) data)->document);
  return study->runs->len > 0 && orr_session_get_run (((Fixture *) data)->session) != NULL;
}

static gboolean
has_match (gpointer data)
{
  OrrRun *run = orr_session_get_run (((Fixture *) data)->session);
  g_autoptr (GVariant) section = run != NULL ? orr_run_get_section (run, "match") : NULL;
  return section != NULL;
}

/* Presses Train, sees curves and match fill, by the pointer alone. */
static void
test_train (Fixture *self, gconstpointer data)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *panel = orr_training_panel_new (self->session);
  GtkWidget *loss = orr_loss_view_new (self->session), *match = orr_match_view_new (self->session);
  OrrTrainOptions options = *orr_training_panel_get_options (ORR_TRAINING_PANEL (panel));

  g_assert_cmpuint (options.length, ==, 30);
  g_assert_cmpuint (options.epochs, ==, 500);
  options.n_hidden = 12;
  options.n_noise = 5;
  options.sequences = 120;
  options.batch = 40;
  options.epochs = 4;
  orr_training_panel_set_options (ORR_TRAINING_PANEL (panel), &options);
  gtk_box_append (GTK_BOX (box), panel);
  gtk_box_append (GTK_BOX (box), loss);
  gtk_box_append (GTK_BOX (box), match);
  GtkWidget *window = orr_view_test_present (box, 700, 800);

  g_autoptr (OrrFigure) empty = orr_view_create_figure (ORR_VIEW (loss));
  g_assert_true (orr_plot_is_empty (orr_figure_get_plot (empty, 0)));
  click (find_labelled (panel, GTK_TYPE_BUTTON, "Train"));
  g_assert_true (orr_view_test_wait (has_run, self));
  OrrRun *run = orr_session_get_run (self->session);
  g_assert_cmpuint (run->history->rows, ==, 4);
  g_assert_cmpuint (run->network->n_hidden, ==, 12);
  g_assert_cmpstr (run->name, ==, "three, seed 0");

  g_autofree char *csv = orr_view_dup_csv (ORR_VIEW (loss));
  g_auto (GStrv) lines = g_strsplit (csv, "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), >=, 9);
  g_assert_true (orr_view_test_wait (has_match, self));
  orr_view_test_settle ();
  g_autoptr (OrrFigure) full = orr_view_create_figure (ORR_VIEW (match));
  g_assert_cmpuint (full->plots->len, ==, 6);
  gtk_window_destroy (GTK_WINDOW (window));
}

/* A run with a history of five epochs, all at @loss. */
static OrrRun *
make_run (const char *name, guint64 seed, double loss)
{
  g_autoptr (OrrHmm) hmm = orr_hmm_preset_create (orr_hmm_preset_find ("three"));
  g_autoptr (OrrNetwork) network = orr_network_new_random (20, 10, 3, FALSE, seed);
  OrrRun *run = orr_run_new (name, network, hmm);
  OrrTrainOptions options;

  orr_train_options_init_published (&options, NULL);
  run->options = g_variant_take_ref (orr_train_options_to_section (&options));
  run->history = orr_matrix_new (5, ORR_HISTORY_N_COLUMNS);
  for (guint i = 0; i < 5; i++)
    {
      float *row = orr_matrix_row (run->history, i);

      row[ORR_HISTORY_EPOCH] = i + 1;
      row[ORR_HISTORY_TRAIN_LOSS] = row[ORR_HISTORY_VALIDATION_LOSS] = loss;
      row[ORR_HISTORY_GRADIENT_NORM] = 0.5 + seed;
    }
  return run;
}

static const OrrSeries *
find_named (const OrrFigure *figure, guint plot, const char *start)
{
  const GPtrArray *all = orr_figure_get_plot (figure, plot)->series;

  for (guint i = 0; i < all->len; i++)
    {
      const OrrSeries *series = all->pdata[i];
      if (series->name != NULL && g_str_has_prefix (series->name, start))
        return series;
    }
  return NULL;
}

typedef struct
{
  OrrChart   *chart;
  const char *name;
} OrbitWait;

static gboolean
has_orbit (gpointer data)
{
  const OrbitWait *wait = data;
  return find_named (orr_chart_get_figure (wait->chart), 2, wait->name) != NULL;
}

static void
pick (OrrChart *chart, guint plot, const char *name)
{
  const OrrSeries *series = find_named (orr_chart_get_figure (chart), plot, name);
  OrrFigureHit hit = { .plot = plot, .index = 2, .x = 3.0 };
  guint index;

  g_assert_nonnull (series);
  g_assert_true (g_ptr_array_find (orr_figure_get_plot (orr_chart_get_figure (chart), plot)->series, series, &index));
  hit.series = index;
  g_signal_emit_by_name (chart, "picked", &hit);
}

/* Which networks' curves, gradients and orbits are drawn together, in colours that stay; a curve opens its network. */
static void
test_compare (Fixture *self, gconstpointer data)
{
  GtkWidget *loss = orr_loss_view_new (self->session);
  const char *const names[] = { "one", "two", "three" };
  const char *ids[3];

  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (OrrRun) run = make_run (names[i], i, 4.0 + i);
      orr_document_add_run (self->document, run, "Add");
      ids[i] = ((OrrRun *) orr_document_get_study (self->document)->runs->pdata[i])->id;
    }
  orr_session_set_run_id (self->session, ids[0]);
  GtkWidget *window = orr_view_test_present (loss, 1000, 400);
  OrrChart *chart = ORR_CHART (find_labelled (loss, ORR_TYPE_CHART, NULL));
  OrrRunChoice *choice = orr_session_get_choice (self->session);

  /* Alone: both losses, and the gradient with its clip. */
  g_assert_cmpuint (orr_chart_get_figure (chart)->plots->len, ==, 2);
  g_assert_nonnull (find_named (orr_chart_get_figure (chart), 0, "validation"));
  g_assert_nonnull (find_named (orr_chart_get_figure (chart), 1, "clipped to 0.9"));

  orr_run_choice_set (choice, ids[2], TRUE);
  g_assert_null (find_named (orr_chart_get_figure (chart), 0, "two"));
  g_assert_cmpuint (find_named (orr_chart_get_figure (chart), 0, "three")->paint, ==, orr_colour_qualitative (2));
  g_assert_cmpfloat (find_named (orr_chart_get_figure (chart), 1, "three")->y[0], ==, 2.5);
  orr_run_choice_set_all (choice, TRUE);
  g_assert_nonnull (find_named (orr_chart_get_figure (chart), 0, "two"));
  g_assert_cmpuint (find_named (orr_chart_get_figure (chart), 0, "three")->paint, ==, orr_colour_qualitative (2));

  pick (chart, 0, "three");
  g_assert_cmpstr (orr_session_get_run_id (self->session), ==, ids[2]);
  pick (chart, 1, "one");
  g_assert_cmpstr (orr_session_get_run_id (self->session), ==, ids[0]);

  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (find_labelled (orr_view_get_controls (ORR_VIEW (loss)),
                                                                  GTK_TYPE_TOGGLE_BUTTON, "Orbits")), TRUE);
  for (guint i = 0; i < 3; i++)
    {
      OrbitWait wait = { chart, names[i] };
      g_assert_true (orr_view_test_wait (has_orbit, &wait));
    }
  pick (chart, 2, "two");
  g_assert_cmpstr (orr_session_get_run_id (self->session), ==, ids[1]);
  orr_run_choice_set_all (choice, FALSE);
  g_assert_null (find_named (orr_chart_get_figure (chart), 2, "three"));
  g_assert_nonnull (find_named (orr_chart_get_figure (chart), 2, "two"));
  gtk_window_destroy (GTK_WINDOW (window));
}

static gboolean
is_active (gpointer data)
{
  OrrTraining *training = orr_session_get_training (((Fixture *) data)->session);
  guint n = 0;

  if (training != NULL)
    orr_training_get_history (training, &n);
  return n > 0;
}

static gboolean
is_paused (gpointer data)
{
  return orr_job_get_state (orr_training_get_job (orr_session_get_training (((Fixture *) data)->session))) == ORR_JOB_PAUSED;
}

static void
test_pause_and_stop (Fixture *self, gconstpointer data)
{
  GtkWidget *panel = orr_training_panel_new (self->session);
  OrrTrainOptions options = *orr_training_panel_get_options (ORR_TRAINING_PANEL (panel));
  GtkWidget *window = orr_view_test_present (panel, 520, 500);

  options.n_hidden = 8;
  options.n_noise = 2;
  options.sequences = 90;
  options.batch = 30;
  options.epochs = 1000000;
  orr_training_panel_set_options (ORR_TRAINING_PANEL (panel), &options);
  orr_view_test_settle ();
  click (find_labelled (panel, GTK_TYPE_BUTTON, "Train"));
  g_assert_true (orr_view_test_wait (is_active, self));
  g_assert_false (gtk_widget_get_sensitive (find_labelled (panel, GTK_TYPE_BUTTON, "Train")));
  click (find_labelled (panel, GTK_TYPE_BUTTON, "Pause"));
  g_assert_true (orr_view_test_wait (is_paused, self));
  click (find_labelled (panel, GTK_TYPE_BUTTON, "Resume"));
  g_assert_false (is_paused (self));
  click (find_labelled (panel, GTK_TYPE_BUTTON, "Stop"));
  g_assert_true (orr_view_test_wait (has_run, self));
  orr_view_test_settle ();
  g_assert_true (gtk_widget_get_sensitive (find_labelled (panel, GTK_TYPE_BUTTON, "Train")));
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
test_problem (Fixture *self, gconstpointer data)
{
  GtkWidget *panel = orr_training_panel_new (self->session);
  GtkWidget *window = orr_view_test_present (panel, 520, 500);
  g_autoptr (OrrHmm) broken = orr_hmm_copy (orr_session_get_hmm (self->session));

  g_assert_true (gtk_widget_get_sensitive (find_labelled (panel, GTK_TYPE_BUTTON, "Train")));
  broken->transition[0] += 0.5;
  orr_document_edit_hmm (self->document, broken, "Break", NULL);
  g_assert_false (gtk_widget_get_sensitive (find_labelled (panel, GTK_TYPE_BUTTON, "Train")));
  orr_document_undo (self->document);
  g_assert_true (gtk_widget_get_sensitive (find_labelled (panel, GTK_TYPE_BUTTON, "Train")));

  /* another preset brings its own length and epochs, and keeps what was set by hand */
  OrrTrainOptions options = *orr_training_panel_get_options (ORR_TRAINING_PANEL (panel));
  options.n_hidden = 50;
  orr_training_panel_set_options (ORR_TRAINING_PANEL (panel), &options);
  g_autoptr (OrrHmm) fully = orr_hmm_preset_create (orr_hmm_preset_find ("fully-connected"));
  orr_document_edit_hmm (self->document, fully, "Replace", NULL);
  g_assert_cmpuint (orr_training_panel_get_options (ORR_TRAINING_PANEL (panel))->epochs, ==, 1000);
  g_assert_cmpuint (orr_training_panel_get_options (ORR_TRAINING_PANEL (panel))->n_hidden, ==, 50);
  gtk_window_destroy (GTK_WINDOW (window));
}

/* A line that wraps asks for no more width where there is little height: the page around the panel stays as it is. */
static void
test_width (Fixture *self, gconstpointer data)
{
  GtkWidget *panel = orr_training_panel_new (self->session);
  GtkWidget *window = orr_view_test_present (panel, 520, 340);
  OrrTrainOptions options = *orr_training_panel_get_options (ORR_TRAINING_PANEL (panel));
  int before, free, low;

  gtk_widget_measure (panel, GTK_ORIENTATION_HORIZONTAL, -1, &before, NULL, NULL, NULL);
  options.divergence_weight = 0.0;
  orr_training_panel_set_options (ORR_TRAINING_PANEL (panel), &options);
  orr_view_test_settle ();
  g_assert_false (gtk_widget_get_sensitive (find_labelled (panel, GTK_TYPE_BUTTON, "Train")));
  gtk_widget_measure (panel, GTK_ORIENTATION_HORIZONTAL, -1, &free, NULL, NULL, NULL);
  gtk_widget_measure (panel, GTK_ORIENTATION_HORIZONTAL, 300, &low, NULL, NULL, NULL);
  g_assert_cmpint (free, ==, before);
  g_assert_cmpint (low, ==, before);
  gtk_window_destroy (GTK_WINDOW (window));
}

int
main (int argc, char *argv[])
{
  if (!orr_view_test_init (&argc, &argv))
    return 0;
  g_test_add_func ("/training/fields", test_fields);
  g_test_add_func ("/training/changes", test_presets_and_changes);
  g_test_add_func ("/training/zero", test_zero);
  g_test_add ("/training/width", Fixture, NULL, setup, test_width, teardown);
  g_test_add ("/training/train", Fixture, NULL, setup, test_train, teardown);
  g_test_add ("/training/compare", Fixture, NULL, setup, test_compare, teardown);
  g_test_add ("/training/pause-and-stop", Fixture, NULL, setup, test_pause_and_stop, teardown);
  g_test_add ("/training/problem", Fixture, NULL, setup, test_problem, teardown);
  return g_test_run ();
}
