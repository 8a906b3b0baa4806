/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-training-rows.h"

#include <glib/gi18n.h>
#include <math.h>

#include "orr-wheel.h"

/* One option on the panel. */
typedef struct
{
  const OrrTrainingField *field;
  GtkWidget              *editor; /* a spin button or a switch */
  GtkWidget              *reset;
} Row;

struct _OrrTrainingRows
{
  GtkBox parent_instance;

  GArray  *rows; /* of Row */
  gboolean updating;
};

enum
{
  SIGNAL_CHANGED,
  SIGNAL_RESET,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (OrrTrainingRows, orr_training_rows, GTK_TYPE_BOX)

static const Row *
find_row (OrrTrainingRows *self, GtkWidget *widget)
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
emit_changed (OrrTrainingRows *self, GtkWidget *editor, double value)
{
  if (!self->updating)
    g_signal_emit (self, signals[SIGNAL_CHANGED], 0, find_row (self, editor)->field, value);
}

static void
spin_changed_cb (GtkSpinButton *spin, OrrTrainingRows *self)
{
  emit_changed (self, GTK_WIDGET (spin), gtk_spin_button_get_value (spin));
}

static void
switch_changed_cb (GtkSwitch *toggle, GParamSpec *pspec, OrrTrainingRows *self)
{
  emit_changed (self, GTK_WIDGET (toggle), gtk_switch_get_active (toggle));
}

static void
reset_cb (GtkButton *button, OrrTrainingRows *self)
{
  g_signal_emit (self, signals[SIGNAL_RESET], 0, find_row (self, GTK_WIDGET (button))->field);
}

/* Small rates are written as they are, without a tail of zeros; a 0 that means something else than none says so. */
static gboolean
spin_output_cb (GtkSpinButton *spin, gpointer user_data)
{
  const OrrTrainingField *field = user_data;
  double value = gtk_spin_button_get_value (spin);
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  if (field->zero != NULL && value == 0.0)
    {
      gtk_editable_set_text (GTK_EDITABLE (spin), _(field->zero));
      return TRUE;
    }
  g_ascii_formatd (text, sizeof text, field->kind == ORR_TRAINING_FIELD_NUMBER ? "%.6g" : "%.0f", value);
  gtk_editable_set_text (GTK_EDITABLE (spin), text);
  return TRUE;
}

static int
spin_input_cb (GtkSpinButton *spin, double *value, gpointer user_data)
{
  const OrrTrainingField *field = user_data;
  const char *text = gtk_editable_get_text (GTK_EDITABLE (spin));
  char *end;

  *value = 0.0;
  if (field->zero != NULL && g_utf8_collate (text, _(field->zero)) == 0)
    return TRUE;
  *value = g_ascii_strtod (text, &end);
  return *end == '\0' && end != text && isfinite (*value) ? TRUE : GTK_INPUT_ERROR;
}

static GtkWidget *
create_spin (OrrTrainingRows *self, const OrrTrainingField *field)
{
  GtkAdjustment *adjustment = gtk_adjustment_new (field->low, field->low, field->high, field->step, 10 * field->step, 0);
  GtkWidget *spin = gtk_spin_button_new (adjustment, 0.0, field->digits);

  gtk_editable_set_width_chars (GTK_EDITABLE (spin), 5);
  gtk_editable_set_max_width_chars (GTK_EDITABLE (spin), 5);
  gtk_spin_button_set_numeric (GTK_SPIN_BUTTON (spin), field->kind != ORR_TRAINING_FIELD_NUMBER && field->zero == NULL);
  gtk_spin_button_set_update_policy (GTK_SPIN_BUTTON (spin), GTK_UPDATE_IF_VALID);
  if (field->kind == ORR_TRAINING_FIELD_NUMBER || field->zero != NULL)
    {
      g_signal_connect (spin, "output", G_CALLBACK (spin_output_cb), (gpointer) field);
      g_signal_connect (spin, "input", G_CALLBACK (spin_input_cb), (gpointer) field);
      gtk_spin_button_update (GTK_SPIN_BUTTON (spin));
    }
  orr_wheel_pass_on (spin);
  g_signal_connect_object (spin, "value-changed", G_CALLBACK (spin_changed_cb), self, 0);
  return spin;
}

static GtkWidget *
create_switch (OrrTrainingRows *self)
{
  GtkWidget *toggle = gtk_switch_new ();

  g_signal_connect_object (toggle, "notify::active", G_CALLBACK (switch_changed_cb), self, 0);
  return toggle;
}

static GtkWidget *
create_reset (OrrTrainingRows *self, const OrrTrainingField *field)
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

/* The name; under a further option its reason. */
static GtkWidget *
create_text (const OrrTrainingField *field)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *label = gtk_label_new (_(field->label));

  gtk_label_set_xalign (GTK_LABEL (label), 0.0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_box_append (GTK_BOX (box), label);
  if (field->group != ORR_TRAINING_GROUP_MAIN)
    {
      GtkWidget *why = gtk_label_new (_(field->why));

      gtk_label_set_xalign (GTK_LABEL (why), 0.0);
      gtk_label_set_wrap (GTK_LABEL (why), TRUE);
      gtk_widget_add_css_class (why, "caption");
      gtk_widget_add_css_class (why, "dim-label");
      gtk_box_append (GTK_BOX (box), why);
    }
  gtk_widget_set_hexpand (box, TRUE);
  gtk_widget_set_valign (box, GTK_ALIGN_CENTER);
  return box;
}

static GtkWidget *
create_row (OrrTrainingRows *self, const OrrTrainingField *field)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 4);
  Row row = { field,
              field->kind == ORR_TRAINING_FIELD_SWITCH ? create_switch (self) : create_spin (self, field),
              create_reset (self, field) };

  gtk_widget_set_valign (row.editor, GTK_ALIGN_CENTER);
  if (field->group == ORR_TRAINING_GROUP_MAIN)
    gtk_widget_set_tooltip_text (box, _(field->why));
  gtk_accessible_update_property (GTK_ACCESSIBLE (row.editor), GTK_ACCESSIBLE_PROPERTY_LABEL, _(field->label),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, _(field->why), -1);
  gtk_box_append (GTK_BOX (box), create_text (field));
  gtk_box_append (GTK_BOX (box), row.reset);
  gtk_box_append (GTK_BOX (box), row.editor);
  g_array_append_val (self->rows, row);
  return box;
}

static void
add_first (OrrTrainingRows *self, GtkFlowBox *first, const OrrTrainingField *field)
{
  GtkWidget *child = gtk_flow_box_child_new ();

  gtk_flow_box_child_set_child (GTK_FLOW_BOX_CHILD (child), create_row (self, field));
  gtk_widget_set_focusable (child, FALSE);
  gtk_flow_box_append (first, child);
}

static void
add_heading (OrrTrainingRows *self, OrrTrainingGroup group)
{
  GtkWidget *heading = gtk_label_new (_(orr_training_group_title (group)));

  gtk_label_set_xalign (GTK_LABEL (heading), 0.0);
  gtk_widget_add_css_class (heading, "caption-heading");
  gtk_widget_set_margin_top (heading, 6);
  gtk_box_append (GTK_BOX (self), heading);
}

/**
 * orr_training_rows_show:
 * @options: what to show
 * @planned: the recipe's: what departs from it can be reset
 */
void
orr_training_rows_show (OrrTrainingRows *self, const OrrTrainOptions *options, const OrrTrainOptions *planned)
{
  g_return_if_fail (ORR_IS_TRAINING_ROWS (self));

  self->updating = TRUE;
  for (guint i = 0; i < self->rows->len; i++)
    {
      const Row *row = &g_array_index (self->rows, Row, i);
      double value = orr_training_field_get (row->field, options);
      gboolean changed = value != orr_training_field_get (row->field, planned);

      if (GTK_IS_SWITCH (row->editor))
        gtk_switch_set_active (GTK_SWITCH (row->editor), value != 0.0);
      else if (gtk_spin_button_get_value (GTK_SPIN_BUTTON (row->editor)) != value)
        gtk_spin_button_set_value (GTK_SPIN_BUTTON (row->editor), value);
      gtk_widget_set_sensitive (row->reset, changed);
      gtk_widget_set_opacity (row->reset, changed ? 1.0 : 0.0);
    }
  self->updating = FALSE;
}

static void
orr_training_rows_finalize (GObject *object)
{
  g_array_unref (ORR_TRAINING_ROWS (object)->rows);
  G_OBJECT_CLASS (orr_training_rows_parent_class)->finalize (object);
}

static void
orr_training_rows_class_init (OrrTrainingRowsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = orr_training_rows_finalize;
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", ORR_TYPE_TRAINING_ROWS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                          G_TYPE_NONE, 2, G_TYPE_POINTER, G_TYPE_DOUBLE);
  signals[SIGNAL_RESET] = g_signal_new ("reset", ORR_TYPE_TRAINING_ROWS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                        G_TYPE_NONE, 1, G_TYPE_POINTER);
}

static void
orr_training_rows_init (OrrTrainingRows *self)
{
  self->rows = g_array_new (FALSE, FALSE, sizeof (Row));
}

/**
 * orr_training_rows_new:
 * @first: takes the first options
 *
 * Returns: (transfer floating): a box with the further options
 */
OrrTrainingRows *
orr_training_rows_new (GtkFlowBox *first)
{
  OrrTrainingRows *self = g_object_new (ORR_TYPE_TRAINING_ROWS, "orientation", GTK_ORIENTATION_VERTICAL, "spacing", 4,
                                        NULL);
  OrrTrainingGroup group = ORR_TRAINING_GROUP_MAIN;
  guint n;
  const OrrTrainingField *fields = orr_training_fields (&n);

  for (guint i = 0; i < n; i++)
    {
      if (fields[i].group == ORR_TRAINING_GROUP_MAIN)
        {
          add_first (self, first, &fields[i]);
          continue;
        }
      if (fields[i].group != group)
        add_heading (self, fields[i].group);
      group = fields[i].group;
      gtk_box_append (GTK_BOX (self), create_row (self, &fields[i]));
    }
  return self;
}
