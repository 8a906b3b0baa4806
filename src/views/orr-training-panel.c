/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-training-panel.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "orr-training-banner.h"
#include "orr-training-queue.h"
#include "orr-training-rows.h"
#include "orr-training-status.h"
#include "orr-view-style.h"
#include "orr-view.h"

/**
 * OrrTrainingPanel:
 *
 * How to train a network on the study's model: a recipe, its options, the
 * buttons, and how far it is. What departs from the recipe is named; what is
 * wrong with the options or the model is said above the buttons.
 */
struct _OrrTrainingPanel
{
  GtkWidget parent;

  GtkWidget      *column; /* holds all else */
  GtkDropDown    *recipe;
  GtkLabel       *changes;
  GtkDropDown    *target;
  GtkWidget      *open;
  GtkLabel       *recording;
  GtkScrolledWindow *scroller;
  GtkFlowBox     *fields;
  GtkExpander    *further;
  OrrTrainingBanner *banner;
  GtkLabel       *problem;
  GtkBox         *status;
  GtkProgressBar *progress;
  GtkLabel       *status_label;
  GtkWidget      *train;
  OrrTrainingQueue *queue;
  GtkWidget      *pause;
  GtkWidget      *stop;

  OrrSession         *session;
  OrrTraining        *training;
  OrrTrainingRows    *rows;
  OrrTrainOptions     options;
  OrrTrainOptions     planned; /* by the recipe, for the present model */
  const OrrHmmPreset *preset;
  OrrTraining        *remedied; /* (nullable) */
  OrrTrainRemedy      remedy;   /* what to do once @remedied has ended: as its button said when it was pressed */
};

enum
{
  PROP_0,
  PROP_SESSION,
  N_PROPS,
};

static GParamSpec *props[N_PROPS];

static void view_init (OrrViewInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (OrrTrainingPanel, orr_training_panel, GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (ORR_TYPE_VIEW, view_init))

static const OrrTrainingRecipe *
get_recipe (OrrTrainingPanel *self)
{
  guint n;
  const OrrTrainingRecipe *recipes = orr_training_recipes (&n);
  guint selected = gtk_drop_down_get_selected (self->recipe);

  return &recipes[MIN (selected, n - 1)];
}

static gboolean
is_training (OrrTrainingPanel *self)
{
  return self->training != NULL && orr_training_is_active (self->training);
}

static OrrRecording *
get_recording (OrrTrainingPanel *self)
{
  return self->session != NULL ? orr_document_get_study (orr_session_get_document (self->session))->recording : NULL;
}

static gboolean
wants_recording (OrrTrainingPanel *self)
{
  return gtk_drop_down_get_selected (self->target) == 1;
}

/* What the recording is, or that there is none yet. */
static void
update_recording (OrrTrainingPanel *self)
{
  OrrRecording *recording = get_recording (self);
  g_autofree char *content = recording != NULL ? orr_recording_describe (recording) : NULL;
  g_autofree char *text = recording != NULL
                            ? g_strdup_printf ("%s: %s", recording->name, content)
                            : g_strdup (_("None yet: a CSV file with a sequence in each row, or one long session"));

  gtk_label_set_label (self->recording, text);
  gtk_widget_set_visible (GTK_WIDGET (self->recording), wants_recording (self));
  gtk_widget_set_visible (self->open, wants_recording (self));
}

/* What is wrong is said in place; what is right can be trained. */
static void
update_problem (OrrTrainingPanel *self)
{
  g_autoptr (GError) error = NULL;
  OrrHmm *hmm = self->session != NULL ? orr_session_get_hmm (self->session) : NULL;
  gboolean recorded = wants_recording (self), valid = FALSE;

  if (hmm != NULL && orr_train_options_validate (&self->options, recorded ? NULL : hmm, &error))
    valid = !recorded || get_recording (self) != NULL;
  update_recording (self);
  gtk_label_set_label (self->problem, error != NULL ? error->message : "");
  gtk_widget_set_visible (GTK_WIDGET (self->problem), error != NULL);
  gtk_widget_set_sensitive (self->train, valid && !is_training (self));
  orr_training_queue_set_seed (self->queue, self->options.seed, valid);
}

static void
update_changes (OrrTrainingPanel *self)
{
  const OrrTrainingRecipe *recipe = get_recipe (self);
  g_autofree char *changes = orr_training_describe_changes (recipe, &self->options, self->preset);
  g_autofree char *text = changes != NULL ? g_strdup_printf (_("Departs from %s: %s"), _(recipe->title), changes) : NULL;

  gtk_label_set_label (self->changes, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->changes), text != NULL);
  orr_training_rows_show (self->rows, &self->options, &self->planned);
}

/* The options as they are, in every editor. */
static void
show_options (OrrTrainingPanel *self)
{
  update_changes (self);
  update_problem (self);
}

static void
field_changed_cb (OrrTrainingPanel *self, const OrrTrainingField *field, double value)
{
  gboolean constant = self->options.learning_rate_end == self->options.learning_rate;

  if (field->offset == offsetof (OrrTrainOptions, epochs))
    orr_train_options_set_epochs (&self->options, &self->planned, value);
  else
    orr_training_field_set (field, &self->options, value);
  if (field->offset == offsetof (OrrTrainOptions, learning_rate) && constant)
    self->options.learning_rate_end = self->options.learning_rate;
  show_options (self);
}

/* What went along with the change goes back along with it. */
static void
field_reset_cb (OrrTrainingPanel *self, const OrrTrainingField *field)
{
  field_changed_cb (self, field, orr_training_field_get (field, &self->planned));
}

/* Its content is laid out some frames after the expander opens. */
static gboolean
reveal_further_cb (GtkWidget *expander, GdkFrameClock *clock, gpointer user_data)
{
  OrrTrainingPanel *self = user_data;
  GtkWidget *content = gtk_widget_get_parent (expander);
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (self->scroller);
  graphene_rect_t bounds;

  if (!gtk_expander_get_expanded (GTK_EXPANDER (expander)))
    return G_SOURCE_REMOVE;
  if (gtk_widget_get_height (GTK_WIDGET (self->rows)) == 0
      || gtk_widget_get_height (content) > gtk_adjustment_get_upper (adjustment)
      || !gtk_widget_compute_bounds (expander, content, &bounds))
    return G_SOURCE_CONTINUE;
  gtk_adjustment_set_value (adjustment, bounds.origin.y);
  return G_SOURCE_REMOVE;
}

/* In a panel that is full already, what opens below would not be seen. */
static void
further_expanded_cb (OrrTrainingPanel *self)
{
  gtk_widget_add_tick_callback (GTK_WIDGET (self->further), reveal_further_cb, self, NULL);
}

/* The recipe's values for the present model; @keep_changes keeps what a person has set. */
static void
apply_recipe (OrrTrainingPanel *self, gboolean keep_changes)
{
  OrrTrainOptions before = self->planned;
  OrrTrainOptions now = self->options;
  guint n;
  const OrrTrainingField *fields = orr_training_fields (&n);
  guint64 seed = self->options.seed;
  guint threads = self->options.threads, snapshot_every = self->options.snapshot_every;

  get_recipe (self)->init (&self->planned, self->preset);
  self->options = self->planned;
  self->options.seed = seed;
  self->options.threads = threads;
  self->options.snapshot_every = snapshot_every;
  for (guint i = 0; keep_changes && i < n; i++)
    {
      double value = orr_training_field_get (&fields[i], &now);
      if (value != orr_training_field_get (&fields[i], &before))
        orr_training_field_set (&fields[i], &self->options, value);
    }
  show_options (self);
}

static void
recipe_changed_cb (OrrTrainingPanel *self)
{
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->recipe), _(get_recipe (self)->why));
  apply_recipe (self, FALSE);
}

static void
study_changed_cb (OrrTrainingPanel *self)
{
  const OrrHmmPreset *preset =
    self->session != NULL ? orr_hmm_preset_recognise (orr_session_get_hmm (self->session)) : NULL;

  if (preset != self->preset)
    {
      self->preset = preset;
      apply_recipe (self, TRUE);
    }
  else
    update_problem (self);
}

static void
update_status (OrrTrainingPanel *self)
{
  gboolean active = is_training (self);
  OrrJob *job = active ? orr_training_get_job (self->training) : NULL;
  OrrJobState state = active ? orr_job_get_state (job) : ORR_JOB_DONE;
  g_autofree char *text = active ? orr_training_status_describe (self->training) : NULL;
  guint n;

  if (active)
    {
      orr_training_get_history (self->training, &n);
      gtk_progress_bar_set_fraction (self->progress, (double) n / orr_training_get_options (self->training)->epochs);
    }
  gtk_label_set_label (self->status_label, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->status), active);
  gtk_widget_set_sensitive (self->pause, active);
  gtk_widget_set_sensitive (self->stop, active);
  gtk_button_set_label (GTK_BUTTON (self->pause), state == ORR_JOB_PAUSED ? _("Resume") : _("Pause"));
  update_problem (self);
}

/* Follows the session's latest training. */
static void
watch_training (OrrTrainingPanel *self)
{
  OrrTraining *training = self->session != NULL ? orr_session_get_training (self->session) : NULL;

  if (training != self->training)
    {
      if (self->training != NULL)
        {
          g_signal_handlers_disconnect_by_data (self->training, self);
          g_signal_handlers_disconnect_by_data (orr_training_get_job (self->training), self);
        }
      g_set_object (&self->training, training);
      orr_training_banner_set_training (self->banner, training);
      if (training != NULL)
        {
          g_signal_connect_object (training, "advanced", G_CALLBACK (update_status), self, G_CONNECT_SWAPPED);
          g_signal_connect_object (orr_training_get_job (training), "notify::state", G_CALLBACK (update_status), self,
                                   G_CONNECT_SWAPPED);
        }
    }
  update_status (self);
}

static gboolean
is_name_taken (OrrTrainingPanel *self, const char *name)
{
  OrrStudy *study = orr_document_get_study (orr_session_get_document (self->session));
  GListModel *trainings = orr_session_get_trainings (self->session);

  for (guint i = 0; i < study->runs->len; i++)
    if (g_str_equal (((const OrrRun *) study->runs->pdata[i])->name, name))
      return TRUE;
  for (guint i = 0; i < g_list_model_get_n_items (trainings); i++)
    {
      g_autoptr (OrrTraining) training = g_list_model_get_item (trainings, i);
      if (g_str_equal (orr_training_get_name (training), name))
        return TRUE;
    }
  return FALSE;
}

/* "three, seed 0", or with a number when there is one of that name. */
static char *
choose_name (OrrTrainingPanel *self, OrrRecording *recording, guint64 seed)
{
  const char *model = recording != NULL ? recording->name : self->preset != NULL ? self->preset->id : _("model");
  g_autofree char *base = g_strdup_printf (_("%s, seed %" G_GUINT64_FORMAT), model, seed);
  char *name = g_strdup (base);

  for (guint count = 2; is_name_taken (self, name); count++)
    {
      g_free (name);
      name = g_strdup_printf ("%s (%u)", base, count);
    }
  return name;
}

/* Returns the training, or %NULL with what is wrong said in place. */
static OrrTraining *
start (OrrTrainingPanel *self, const OrrTrainOptions *options, OrrRecording *recording, OrrNetwork *network)
{
  g_autofree char *name = choose_name (self, recording, options->seed);
  const OrrTrainingRequest request = { name, options, recording, network };
  g_autoptr (GError) error = NULL;
  OrrTraining *training = orr_session_train (self->session, &request, &error);

  if (training == NULL)
    {
      gtk_label_set_label (self->problem, error->message);
      gtk_widget_set_visible (GTK_WIDGET (self->problem), TRUE);
    }
  return training;
}

static void
train_cb (OrrTrainingPanel *self)
{
  if (self->session != NULL)
    start (self, &self->options, wants_recording (self) ? get_recording (self) : NULL, NULL);
}

/* One training for each seed; several are trained to be compared. */
static void
queue_cb (OrrTrainingPanel *self, guint n)
{
  OrrTrainOptions options = self->options;

  for (guint i = 0; i < n; i++, options.seed++)
    {
      OrrTraining *training = start (self, &options, wants_recording (self) ? get_recording (self) : NULL, NULL);

      if (training == NULL)
        return;
      if (n > 1)
        orr_run_choice_set (orr_session_get_choice (self->session), orr_training_get_run_id (training), TRUE);
    }
}

static void
select_recipe (OrrTrainingPanel *self, const char *id)
{
  guint n;
  const OrrTrainingRecipe *recipes = orr_training_recipes (&n);

  for (guint i = 0; i < n; i++)
    if (g_str_equal (recipes[i].id, id))
      gtk_drop_down_set_selected (self->recipe, i);
}

/* The training that was to be remedied has ended: another one takes its place, before those that wait. */
static void
remedied_ended_cb (OrrTrainingPanel *self, OrrRun *run)
{
  g_autoptr (OrrTraining) before = g_steal_pointer (&self->remedied);
  OrrStudy *study = orr_document_get_study (orr_session_get_document (self->session));
  OrrRun *kept = orr_study_find_run (study, orr_training_get_run_id (before));

  g_signal_handlers_disconnect_by_func (before, remedied_ended_cb, self);
  OrrTraining *training = start (self, &self->remedy.options, orr_training_get_recording (before),
                                 self->remedy.go_on && kept != NULL ? kept->network : NULL);
  while (training != NULL && orr_session_move_training (self->session, training, -1))
    ;
  if (self->remedy.recipe != NULL)
    select_recipe (self, self->remedy.recipe);
  self->options = self->remedy.options;
  show_options (self);
}

static void
remedy_cb (OrrTrainingPanel *self)
{
  if (self->training == NULL || self->remedied != NULL)
    return;
  self->remedied = g_object_ref (self->training);
  /* What goes wrong may be another thing by the time that the training has stopped. */
  self->remedy = *orr_training_banner_get_remedy (self->banner);
  self->remedy.label = self->remedy.reason = NULL;
  if (!is_training (self))
    {
      remedied_ended_cb (self, NULL);
      return;
    }
  g_signal_connect_object (self->training, "ended", G_CALLBACK (remedied_ended_cb), self, G_CONNECT_SWAPPED);
  orr_training_stop (self->training);
}

static void
open_cb (OrrTrainingPanel *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.open-recording", NULL);
}

/* Choosing recorded sequences without having any asks for them. */
static void
target_changed_cb (OrrTrainingPanel *self)
{
  update_problem (self);
  if (wants_recording (self) && self->session != NULL && get_recording (self) == NULL)
    open_cb (self);
}

static void
pause_cb (OrrTrainingPanel *self)
{
  if (!is_training (self))
    return;
  OrrJob *job = orr_training_get_job (self->training);
  orr_job_set_paused (job, orr_job_get_state (job) != ORR_JOB_PAUSED);
}

static void
stop_cb (OrrTrainingPanel *self)
{
  if (is_training (self))
    orr_training_stop (self->training);
}

static void
orr_training_panel_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_SESSION)
    g_value_set_object (value, ORR_TRAINING_PANEL (object)->session);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
orr_training_panel_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id == PROP_SESSION)
    orr_training_panel_set_session (ORR_TRAINING_PANEL (object), g_value_get_object (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

/* Lines that wrap ask for more width where there is little height: the page around the panel would leap whenever one
 * comes or goes. So its width does not depend on its height. */
static void
orr_training_panel_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                            int *minimum_baseline, int *natural_baseline)
{
  gtk_widget_measure (ORR_TRAINING_PANEL (widget)->column, orientation,
                      orientation == GTK_ORIENTATION_HORIZONTAL ? -1 : for_size, minimum, natural, minimum_baseline,
                      natural_baseline);
}

static void
orr_training_panel_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  gtk_widget_allocate (ORR_TRAINING_PANEL (widget)->column, width, height, baseline, NULL);
}

static GtkSizeRequestMode
orr_training_panel_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
orr_training_panel_dispose (GObject *object)
{
  OrrTrainingPanel *self = ORR_TRAINING_PANEL (object);

  if (self->session != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->session, self);
      g_signal_handlers_disconnect_by_data (orr_session_get_document (self->session), self);
    }
  if (self->training != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->training, self);
      g_signal_handlers_disconnect_by_data (orr_training_get_job (self->training), self);
    }
  g_clear_object (&self->remedied);
  g_clear_object (&self->training);
  g_clear_object (&self->session);
  g_clear_pointer (&self->column, gtk_widget_unparent);
  G_OBJECT_CLASS (orr_training_panel_parent_class)->dispose (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/orrery/Orrery/ui/orr-training-panel.ui");
  gtk_widget_class_bind_template_child (widget_class, OrrTrainingPanel, column);
  gtk_widget_class_bind_template_child (widget_class, OrrTrainingPanel, recipe);
  gtk_widget_class_bind_template_child (widget_class, OrrTrainingPanel, changes);
  gtk_widget_class_bind_template_child (widget_class, OrrTrainingPanel, target);
  gtk_widget_class_bind_template_child (widget_class, OrrTrainingPanel, open);
  gtk_widget_class_bind_template_child (widget_class, OrrTrainingPanel, recording);
  gtk_widget_class_bind_template_child (widget_class, OrrTrainingPanel, banner);
  gtk_widget_class_bind_template_child (widget_class, OrrTrainingPanel, queue);
  gtk_widget_class_bind_template_child (widget_class, OrrTrainingPanel, scroller);
  gtk_widget_class_bind_template_child (widget_class, OrrTrainingPanel, fields);
  gtk_widget_class_bind_template_child (widget_class, OrrTrainingPanel, further);
  gtk_widget_class_bind_template_child (widget_class, OrrTrainingPanel, problem);
  gtk_widget_class_bind_template_child (widget_class, OrrTrainingPanel, status);
  gtk_widget_class_bind_template_child (widget_class, OrrTrainingPanel, progress);
  gtk_widget_class_bind_template_child (widget_class, OrrTrainingPanel, status_label);
  gtk_widget_class_bind_template_child (widget_class, OrrTrainingPanel, train);
  gtk_widget_class_bind_template_child (widget_class, OrrTrainingPanel, pause);
  gtk_widget_class_bind_template_child (widget_class, OrrTrainingPanel, stop);
  gtk_widget_class_bind_template_callback (widget_class, train_cb);
  gtk_widget_class_bind_template_callback (widget_class, open_cb);
  gtk_widget_class_bind_template_callback (widget_class, remedy_cb);
  gtk_widget_class_bind_template_callback (widget_class, queue_cb);
  gtk_widget_class_bind_template_callback (widget_class, pause_cb);
  gtk_widget_class_bind_template_callback (widget_class, stop_cb);
}

static void
orr_training_panel_class_init (OrrTrainingPanelClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = orr_training_panel_get_property;
  object_class->set_property = orr_training_panel_set_property;
  object_class->dispose = orr_training_panel_dispose;
  widget_class->measure = orr_training_panel_measure;
  widget_class->size_allocate = orr_training_panel_size_allocate;
  widget_class->get_request_mode = orr_training_panel_get_request_mode;
  props[PROP_SESSION] = g_param_spec_object ("session", NULL, NULL, ORR_TYPE_SESSION,
                                             G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, props);
  g_type_ensure (ADW_TYPE_CLAMP);
  g_type_ensure (ORR_TYPE_VIEW);
  g_type_ensure (ORR_TYPE_TRAINING_BANNER);
  g_type_ensure (ORR_TYPE_TRAINING_QUEUE);
  gtk_widget_class_set_css_name (widget_class, "orrtrainingpanel");
  bind_template (widget_class);
}

static void
orr_training_panel_init (OrrTrainingPanel *self)
{
  g_autoptr (GtkStringList) titles = gtk_string_list_new (NULL);
  guint n_recipes;
  const OrrTrainingRecipe *recipes = orr_training_recipes (&n_recipes);

  orr_view_style_ensure ();
  gtk_widget_init_template (GTK_WIDGET (self));
  self->rows = orr_training_rows_new (self->fields);
  gtk_expander_set_child (self->further, GTK_WIDGET (self->rows));
  g_signal_connect_object (self->further, "notify::expanded", G_CALLBACK (further_expanded_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->rows, "changed", G_CALLBACK (field_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->rows, "reset", G_CALLBACK (field_reset_cb), self, G_CONNECT_SWAPPED);
  for (guint i = 0; i < n_recipes; i++)
    gtk_string_list_append (titles, _(recipes[i].title));
  gtk_drop_down_set_model (self->recipe, G_LIST_MODEL (titles));
  g_signal_connect_object (self->target, "notify::selected", G_CALLBACK (target_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->recipe, "notify::selected", G_CALLBACK (recipe_changed_cb), self, G_CONNECT_SWAPPED);
  recipe_changed_cb (self);
  update_status (self);
}

GtkWidget *
orr_training_panel_new (OrrSession *session)
{
  return g_object_new (ORR_TYPE_TRAINING_PANEL, "session", session, NULL);
}

/**
 * orr_training_panel_set_session:
 * @session: (nullable): whose model is trained on
 */
void
orr_training_panel_set_session (OrrTrainingPanel *self, OrrSession *session)
{
  g_return_if_fail (ORR_IS_TRAINING_PANEL (self));
  OrrSession *before = self->session;

  if (before == session)
    return;
  if (before != NULL)
    {
      g_signal_handlers_disconnect_by_data (before, self);
      g_signal_handlers_disconnect_by_data (orr_session_get_document (before), self);
    }
  g_set_object (&self->session, session);
  if (session != NULL)
    {
      g_signal_connect_object (session, "notify::training", G_CALLBACK (watch_training), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (orr_session_get_document (session), "notify::study", G_CALLBACK (study_changed_cb), self,
                               G_CONNECT_SWAPPED);
    }
  orr_training_queue_set_session (self->queue, session);
  study_changed_cb (self);
  watch_training (self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_SESSION]);
}

/* The options as the panel shows them. */
const OrrTrainOptions *
orr_training_panel_get_options (OrrTrainingPanel *self)
{
  g_return_val_if_fail (ORR_IS_TRAINING_PANEL (self), NULL);
  return &self->options;
}

void
orr_training_panel_set_options (OrrTrainingPanel *self, const OrrTrainOptions *options)
{
  g_return_if_fail (ORR_IS_TRAINING_PANEL (self));
  self->options = *options;
  show_options (self);
}

static void
view_init (OrrViewInterface *iface)
{
}
