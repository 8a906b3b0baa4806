/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-training-panel.h"

#include <glib/gi18n.h>
#include <math.h>

#include "orr-number.h"
#include "orr-training-fields.h"
#include "orr-view-style.h"
#include "orr-view.h"

/* One option on the panel. */
typedef struct
{
  const OrrTrainingField *field;
  GtkWidget              *editor; /* a spin button or a switch */
  GtkWidget              *reset;
} Row;

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

  GtkDropDown    *recipe;
  GtkLabel       *changes;
  GtkFlowBox     *fields;
  GtkFlowBox     *further;
  GtkLabel       *problem;
  GtkBox         *status;
  GtkProgressBar *progress;
  GtkLabel       *status_label;
  GtkWidget      *train;
  GtkWidget      *pause;
  GtkWidget      *stop;

  OrrSession         *session;
  OrrTraining        *training;
  GArray             *rows;
  OrrTrainOptions     options;
  OrrTrainOptions     planned; /* by the recipe, for the present model */
  const OrrHmmPreset *preset;
  gboolean            updating;
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

/* What is wrong is said in place; what is right can be trained. */
static void
update_problem (OrrTrainingPanel *self)
{
  g_autoptr (GError) error = NULL;
  OrrHmm *hmm = self->session != NULL ? orr_session_get_hmm (self->session) : NULL;
  gboolean valid = hmm != NULL && orr_train_options_validate (&self->options, hmm, &error);

  gtk_label_set_label (self->problem, error != NULL ? error->message : "");
  gtk_widget_set_visible (GTK_WIDGET (self->problem), error != NULL);
  gtk_widget_set_sensitive (self->train, valid && !is_training (self));
}

static void
update_changes (OrrTrainingPanel *self)
{
  const OrrTrainingRecipe *recipe = get_recipe (self);
  g_autofree char *changes = orr_training_describe_changes (recipe, &self->options, self->preset);
  g_autofree char *text = changes != NULL ? g_strdup_printf (_("Departs from %s: %s"), _(recipe->title), changes) : NULL;

  gtk_label_set_label (self->changes, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->changes), text != NULL);
  for (guint i = 0; i < self->rows->len; i++)
    {
      const Row *row = &g_array_index (self->rows, Row, i);
      gboolean changed = orr_training_field_get (row->field, &self->options)
                         != orr_training_field_get (row->field, &self->planned);

      gtk_widget_set_sensitive (row->reset, changed);
      gtk_widget_set_opacity (row->reset, changed ? 1.0 : 0.0);
    }
}

/* The options as they are, in every editor. */
static void
show_options (OrrTrainingPanel *self)
{
  self->updating = TRUE;
  for (guint i = 0; i < self->rows->len; i++)
    {
      const Row *row = &g_array_index (self->rows, Row, i);
      double value = orr_training_field_get (row->field, &self->options);

      if (GTK_IS_SWITCH (row->editor))
        gtk_switch_set_active (GTK_SWITCH (row->editor), value != 0.0);
      else
        gtk_spin_button_set_value (GTK_SPIN_BUTTON (row->editor), value);
    }
  self->updating = FALSE;
  update_changes (self);
  update_problem (self);
}

static const Row *
find_row (OrrTrainingPanel *self, GtkWidget *widget)
{
  for (guint i = 0; i < self->rows->len; i++)
    {
      const Row *row = &g_array_index (self->rows, Row, i);
      if (row->editor == widget || row->reset == widget)
        return row;
    }
  return NULL;
}

static void
set_value (OrrTrainingPanel *self, const OrrTrainingField *field, double value)
{
  gboolean constant = self->options.learning_rate_end == self->options.learning_rate;

  orr_training_field_set (field, &self->options, value);
  if (field->offset == offsetof (OrrTrainOptions, learning_rate) && constant)
    {
      self->options.learning_rate_end = self->options.learning_rate;
      show_options (self);
      return;
    }
  update_changes (self);
  update_problem (self);
}

static void
spin_changed_cb (GtkSpinButton *spin, OrrTrainingPanel *self)
{
  if (!self->updating)
    set_value (self, find_row (self, GTK_WIDGET (spin))->field, gtk_spin_button_get_value (spin));
}

static void
switch_changed_cb (GtkSwitch *toggle, GParamSpec *pspec, OrrTrainingPanel *self)
{
  if (!self->updating)
    set_value (self, find_row (self, GTK_WIDGET (toggle))->field, gtk_switch_get_active (toggle));
}

static void
reset_cb (GtkButton *button, OrrTrainingPanel *self)
{
  const OrrTrainingField *field = find_row (self, GTK_WIDGET (button))->field;

  orr_training_field_set (field, &self->options, orr_training_field_get (field, &self->planned));
  show_options (self);
}

/* Small rates are written as they are, without a tail of zeros. */
static gboolean
spin_output_cb (GtkSpinButton *spin, gpointer user_data)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  g_ascii_formatd (text, sizeof text, "%.6g", gtk_spin_button_get_value (spin));
  gtk_editable_set_text (GTK_EDITABLE (spin), text);
  return TRUE;
}

static int
spin_input_cb (GtkSpinButton *spin, double *value, gpointer user_data)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (spin));
  char *end;

  *value = g_ascii_strtod (text, &end);
  return *end == '\0' && end != text && isfinite (*value) ? TRUE : GTK_INPUT_ERROR;
}

static GtkWidget *
create_spin (OrrTrainingPanel *self, const OrrTrainingField *field)
{
  GtkAdjustment *adjustment = gtk_adjustment_new (field->low, field->low, field->high, field->step, 10 * field->step, 0);
  GtkWidget *spin = gtk_spin_button_new (adjustment, 0.0, field->digits);

  gtk_editable_set_width_chars (GTK_EDITABLE (spin), 5);
  gtk_editable_set_max_width_chars (GTK_EDITABLE (spin), 5);
  gtk_spin_button_set_numeric (GTK_SPIN_BUTTON (spin), field->kind != ORR_TRAINING_FIELD_NUMBER);
  gtk_spin_button_set_update_policy (GTK_SPIN_BUTTON (spin), GTK_UPDATE_IF_VALID);
  if (field->kind == ORR_TRAINING_FIELD_NUMBER)
    {
      g_signal_connect (spin, "output", G_CALLBACK (spin_output_cb), NULL);
      g_signal_connect (spin, "input", G_CALLBACK (spin_input_cb), NULL);
    }
  g_signal_connect_object (spin, "value-changed", G_CALLBACK (spin_changed_cb), self, 0);
  return spin;
}

static GtkWidget *
create_switch (OrrTrainingPanel *self)
{
  GtkWidget *toggle = gtk_switch_new ();

  g_signal_connect_object (toggle, "notify::active", G_CALLBACK (switch_changed_cb), self, 0);
  return toggle;
}

static GtkWidget *
create_reset (OrrTrainingPanel *self, const OrrTrainingField *field)
{
  GtkWidget *reset = gtk_button_new_from_icon_name ("edit-undo-symbolic");
  g_autofree char *name = g_strdup_printf (_("Reset %s"), _(field->label));

  gtk_widget_add_css_class (reset, "flat");
  gtk_widget_add_css_class (reset, "circular");
  gtk_widget_add_css_class (reset, "reset");
  gtk_widget_set_valign (reset, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (reset, name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (reset), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  g_signal_connect_object (reset, "clicked", G_CALLBACK (reset_cb), self, 0);
  return reset;
}

static void
add_row (OrrTrainingPanel *self, const OrrTrainingField *field)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 4);
  GtkWidget *label = gtk_label_new (_(field->label));
  Row row = { field,
              field->kind == ORR_TRAINING_FIELD_SWITCH ? create_switch (self) : create_spin (self, field),
              create_reset (self, field) };

  gtk_label_set_xalign (GTK_LABEL (label), 0.0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_widget_set_valign (row.editor, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (box, _(field->why));
  gtk_accessible_update_property (GTK_ACCESSIBLE (row.editor), GTK_ACCESSIBLE_PROPERTY_LABEL, _(field->label),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, _(field->why), -1);
  gtk_box_append (GTK_BOX (box), label);
  gtk_box_append (GTK_BOX (box), row.reset);
  gtk_box_append (GTK_BOX (box), row.editor);
  g_array_append_val (self->rows, row);

  GtkWidget *child = gtk_flow_box_child_new ();
  gtk_flow_box_child_set_child (GTK_FLOW_BOX_CHILD (child), box);
  gtk_widget_set_focusable (child, FALSE);
  gtk_flow_box_append (field->further ? self->further : self->fields, child);
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
    self->session != NULL ? orr_training_find_preset (orr_session_get_hmm (self->session)) : NULL;

  if (preset != self->preset)
    {
      self->preset = preset;
      apply_recipe (self, TRUE);
    }
  else
    update_problem (self);
}

static char *
format_time (double seconds)
{
  guint whole = ceil (MAX (seconds, 0.0));

  if (whole < 60)
    return g_strdup_printf (ngettext ("%u second left", "%u seconds left", whole), whole);
  if (whole < 3600)
    return g_strdup_printf (ngettext ("%u minute left", "%u minutes left", (whole + 30) / 60), (whole + 30) / 60);
  return g_strdup_printf (_("%u h %u min left"), whole / 3600, whole % 3600 / 60);
}

/* Seconds an epoch, over the last ones. */
static double
recent_seconds (const OrrTrainEpoch *history, guint n)
{
  guint from = n > 20 ? n - 20 : 0;
  double sum = 0.0;

  for (guint i = from; i < n; i++)
    sum += history[i].seconds;
  return n > 0 ? sum / (n - from) : NAN;
}

static char *
describe_epochs (const OrrTrainEpoch *history, guint n, guint n_epochs)
{
  const OrrTrainEpoch *last = &history[n - 1];
  double seconds = recent_seconds (history, n);
  g_autofree char *each = orr_number_format (seconds, 2);
  g_autofree char *left = format_time (seconds * (n_epochs - n));
  g_autofree char *loss = orr_number_format (last->validation_loss, 4);
  g_autofree char *best = orr_number_format (last->best_validation_loss, 4);
  g_autofree char *norm = orr_number_format (last->gradient_norm, 2);

  return g_strdup_printf (_("Epoch %u of %u \302\267 %s s per epoch \302\267 %s\n"
                            "Validation %s, best %s at epoch %u \302\267 gradient %s"),
                          last->epoch, n_epochs, each, left, loss, best, last->best_epoch, norm);
}

static void
update_status (OrrTrainingPanel *self)
{
  gboolean active = is_training (self);
  OrrJob *job = active ? orr_training_get_job (self->training) : NULL;
  OrrJobState state = active ? orr_job_get_state (job) : ORR_JOB_DONE;
  g_autofree char *text = NULL;
  guint n = 0;

  if (active)
    {
      const OrrTrainEpoch *history = orr_training_get_history (self->training, &n);
      guint n_epochs = orr_training_get_options (self->training)->epochs;

      text = n > 0                       ? describe_epochs (history, n, n_epochs)
             : state == ORR_JOB_WAITING  ? g_strdup (_("Waiting for the training before"))
                                         : g_strdup (_("Drawing sequences from the model"));
      gtk_progress_bar_set_fraction (self->progress, (double) n / n_epochs);
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
      if (training != NULL)
        {
          g_signal_connect_object (training, "advanced", G_CALLBACK (update_status), self, G_CONNECT_SWAPPED);
          g_signal_connect_object (orr_training_get_job (training), "notify::state", G_CALLBACK (update_status), self,
                                   G_CONNECT_SWAPPED);
        }
    }
  update_status (self);
}

/* "three, seed 0", or with a number when the study has one of that name. */
static char *
choose_name (OrrTrainingPanel *self)
{
  OrrStudy *study = orr_document_get_study (orr_session_get_document (self->session));
  const char *model = self->preset != NULL ? self->preset->id : _("model");
  g_autofree char *base = g_strdup_printf (_("%s, seed %" G_GUINT64_FORMAT), model, self->options.seed);
  char *name = g_strdup (base);

  for (guint i = 0, count = 1; i < study->runs->len; i++)
    {
      const OrrRun *run = g_ptr_array_index (study->runs, i);

      if (!g_str_equal (run->name, name))
        continue;
      g_free (name);
      name = g_strdup_printf ("%s (%u)", base, ++count);
      i = -1;
    }
  return name;
}

static void
train_cb (OrrTrainingPanel *self)
{
  g_autoptr (GError) error = NULL;

  if (self->session == NULL)
    return;
  g_autofree char *name = choose_name (self);
  if (!orr_session_train (self->session, name, &self->options, &error))
    {
      gtk_label_set_label (self->problem, error->message);
      gtk_widget_set_visible (GTK_WIDGET (self->problem), TRUE);
    }
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

static void
orr_training_panel_dispose (GObject *object)
{
  OrrTrainingPanel *self = ORR_TRAINING_PANEL (object);
  GtkWidget *child;

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
  g_clear_object (&self->training);
  g_clear_object (&self->session);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (orr_training_panel_parent_class)->dispose (object);
}

static void
orr_training_panel_finalize (GObject *object)
{
  g_array_unref (ORR_TRAINING_PANEL (object)->rows);
  G_OBJECT_CLASS (orr_training_panel_parent_class)->finalize (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/orrery/Orrery/ui/orr-training-panel.ui");
  gtk_widget_class_bind_template_child (widget_class, OrrTrainingPanel, recipe);
  gtk_widget_class_bind_template_child (widget_class, OrrTrainingPanel, changes);
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
  object_class->finalize = orr_training_panel_finalize;
  props[PROP_SESSION] = g_param_spec_object ("session", NULL, NULL, ORR_TYPE_SESSION,
                                             G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, props);
  g_type_ensure (ORR_TYPE_VIEW);
  gtk_widget_class_set_css_name (widget_class, "orrtrainingpanel");
  bind_template (widget_class);
}

static void
orr_training_panel_init (OrrTrainingPanel *self)
{
  g_autoptr (GtkStringList) titles = gtk_string_list_new (NULL);
  guint n_fields, n_recipes;
  const OrrTrainingField *fields = orr_training_fields (&n_fields);
  const OrrTrainingRecipe *recipes = orr_training_recipes (&n_recipes);

  orr_view_style_ensure ();
  self->rows = g_array_new (FALSE, FALSE, sizeof (Row));
  gtk_widget_init_template (GTK_WIDGET (self));
  for (guint i = 0; i < n_recipes; i++)
    gtk_string_list_append (titles, _(recipes[i].title));
  gtk_drop_down_set_model (self->recipe, G_LIST_MODEL (titles));
  for (guint i = 0; i < n_fields; i++)
    add_row (self, &fields[i]);
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
