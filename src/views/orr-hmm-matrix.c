/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-hmm-matrix.h"

#include <glib/gi18n.h>
#include <math.h>

#include "orr-colour.h"
#include "orr-hmm-edit.h"

#define NAME_CHARS 8

/**
 * OrrHmmMatrix:
 *
 * The model's start, transitions or emissions as a table of cells to type in,
 * one row a state (the start is one row), with the sum of each row. An entry
 * that cannot be taken says why below the table and changes nothing.
 */
struct _OrrHmmMatrix
{
  GtkWidget parent_instance;

  OrrHmmMatrixKind kind;
  OrrHmmEditor *editor; /* (nullable) */
  GtkWidget *scroller;
  GtkWidget *grid;
  GtkWidget *problem;

  guint rows, cols;
  GPtrArray *cells; /* of GtkEntry, unowned, [rows x cols] */
  GPtrArray *sums;  /* of GtkLabel, unowned, [rows] */
  GPtrArray *heads; /* of GtkWidget, unowned, [cols] then, but for the start, [rows] */
  gboolean updating;
};

G_DEFINE_FINAL_TYPE (OrrHmmMatrix, orr_hmm_matrix, GTK_TYPE_WIDGET)

static const double *
get_values (OrrHmmMatrix *self, const OrrHmm *hmm)
{
  switch (self->kind)
    {
    case ORR_HMM_MATRIX_START:
      return hmm->start;
    case ORR_HMM_MATRIX_TRANSITION:
      return hmm->transition;
    default:
      return hmm->emission;
    }
}

static char *
format_cell (double value)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  return g_strdup (g_ascii_formatd (buffer, sizeof buffer, "%.4g", value));
}

static char *
name_cell (OrrHmmMatrix *self, const OrrHmm *hmm, guint row, guint col)
{
  switch (self->kind)
    {
    case ORR_HMM_MATRIX_START:
      /* TRANSLATORS: the probability that a sequence starts in this state */
      return g_strdup_printf (_ ("Start in %s"), hmm->state_names[col]);
    case ORR_HMM_MATRIX_TRANSITION:
      return g_strdup_printf ("%s → %s", hmm->state_names[row], hmm->state_names[col]);
    default:
      /* TRANSLATORS: the probability that a state emits a symbol */
      return g_strdup_printf (_ ("%s emits %s"), hmm->state_names[row], hmm->symbol_names[col]);
    }
}

static void
get_place (GtkWidget *cell, guint *row, guint *col)
{
  *row = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (cell), "orr-row"));
  *col = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (cell), "orr-col"));
}

static void
show_problem (OrrHmmMatrix *self, GtkWidget *cell, const char *text)
{
  gtk_label_set_label (GTK_LABEL (self->problem), text != NULL ? text : "");
  gtk_widget_set_visible (self->problem, text != NULL);
  for (guint i = 0; i < self->cells->len; i++)
    gtk_widget_remove_css_class (self->cells->pdata[i], "error");
  if (text != NULL)
    gtk_widget_add_css_class (cell, "error");
}

static void
revert (OrrHmmMatrix *self, GtkWidget *cell)
{
  guint row, col;

  get_place (cell, &row, &col);
  g_autofree char *text =
      format_cell (get_values (self, orr_hmm_editor_get_hmm (self->editor))[row * self->cols + col]);
  gtk_editable_set_text (GTK_EDITABLE (cell), text);
  show_problem (self, NULL, NULL);
}

static gboolean
set_value (OrrHmmMatrix *self, guint row, guint col, double value, GError **error)
{
  switch (self->kind)
    {
    case ORR_HMM_MATRIX_START:
      return orr_hmm_editor_set_start (self->editor, col, value, error);
    case ORR_HMM_MATRIX_TRANSITION:
      return orr_hmm_editor_set_transition (self->editor, row, col, value, error);
    default:
      return orr_hmm_editor_set_emission (self->editor, row, col, value, error);
    }
}

/* Takes what was typed, unless it is what was shown. */
static void
commit (OrrHmmMatrix *self, GtkWidget *cell)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (cell));
  g_autoptr (GError) error = NULL;
  double value;
  guint row, col;

  if (self->updating || self->editor == NULL)
    return;
  get_place (cell, &row, &col);

  const OrrHmm *hmm = orr_hmm_editor_get_hmm (self->editor);
  if (row >= self->rows || col >= self->cols)
    return;
  g_autofree char *shown = format_cell (get_values (self, hmm)[row * self->cols + col]);
  if (g_str_equal (text, shown))
    {
      if (gtk_widget_has_css_class (cell, "error"))
        show_problem (self, NULL, NULL);
      return;
    }
  if (!orr_probability_parse (text, &value, &error) || !set_value (self, row, col, value, &error))
    show_problem (self, cell, error->message);
  else
    revert (self, cell); /* to how the value is written */
}

static void
activate_cb (GtkWidget *cell, OrrHmmMatrix *self)
{
  commit (self, cell);
}

static void
focus_leave_cb (GtkEventControllerFocus *controller, OrrHmmMatrix *self)
{
  commit (self, gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (controller)));
}

/* The views follow the cell that a person is in. */
static void
focus_enter_cb (GtkEventControllerFocus *controller, OrrHmmMatrix *self)
{
  GtkWidget *cell = gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (controller));
  guint row, col;

  if (self->updating || self->editor == NULL)
    return;
  get_place (cell, &row, &col);

  OrrSession *session = orr_hmm_editor_get_session (self->editor);
  if (self->kind == ORR_HMM_MATRIX_TRANSITION)
    orr_session_select_transition (session, row, col);
  else
    orr_session_select_state (session, self->kind == ORR_HMM_MATRIX_START ? col : row);
  if (self->kind == ORR_HMM_MATRIX_EMISSION)
    orr_session_set_symbol (session, col);
}

static void
lock_clicked_cb (GtkEntry *cell, GtkEntryIconPosition position, OrrHmmMatrix *self)
{
  guint row, col;

  get_place (GTK_WIDGET (cell), &row, &col);
  orr_hmm_editor_set_locked (self->editor, row, col, FALSE);
}

static gboolean
key_pressed_cb (GtkEventControllerKey *controller, guint key, guint code, GdkModifierType modifiers,
                OrrHmmMatrix *self)
{
  GtkWidget *cell = gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (controller));
  guint row, col;

  get_place (cell, &row, &col);
  if (key == GDK_KEY_Escape)
    revert (self, cell);
  else if (key == GDK_KEY_l && modifiers & GDK_CONTROL_MASK && self->kind == ORR_HMM_MATRIX_TRANSITION)
    orr_hmm_editor_set_locked (self->editor, row, col,
                               !orr_hmm_editor_get_hmm (self->editor)->locked[row * self->cols + col]);
  else if ((key == GDK_KEY_Up && row > 0) || (key == GDK_KEY_Down && row + 1 < self->rows))
    gtk_widget_grab_focus (self->cells->pdata[(key == GDK_KEY_Up ? row - 1 : row + 1) * self->cols + col]);
  else
    return GDK_EVENT_PROPAGATE;
  return GDK_EVENT_STOP;
}

static GtkWidget *
create_cell (OrrHmmMatrix *self, guint row, guint col)
{
  GtkWidget *cell = gtk_entry_new ();
  GtkEventController *focus = gtk_event_controller_focus_new ();
  GtkEventController *keys = gtk_event_controller_key_new ();

  g_object_set_data (G_OBJECT (cell), "orr-row", GUINT_TO_POINTER (row));
  g_object_set_data (G_OBJECT (cell), "orr-col", GUINT_TO_POINTER (col));
  gtk_editable_set_width_chars (GTK_EDITABLE (cell), 5);
  gtk_editable_set_max_width_chars (GTK_EDITABLE (cell), 6);
  gtk_entry_set_alignment (GTK_ENTRY (cell), 1.0);
  gtk_widget_add_css_class (cell, "numeric");
  gtk_widget_add_css_class (cell, "orr-cell");
  g_signal_connect (cell, "activate", G_CALLBACK (activate_cb), self);
  g_signal_connect (cell, "icon-release", G_CALLBACK (lock_clicked_cb), self);
  g_signal_connect (focus, "enter", G_CALLBACK (focus_enter_cb), self);
  g_signal_connect (focus, "leave", G_CALLBACK (focus_leave_cb), self);
  g_signal_connect (keys, "key-pressed", G_CALLBACK (key_pressed_cb), self);
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  gtk_widget_add_controller (cell, focus);
  gtk_widget_add_controller (cell, keys);
  return cell;
}

static GtkWidget *
create_label (float align, const char *css_class)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (GTK_LABEL (label), NAME_CHARS);
  gtk_label_set_xalign (GTK_LABEL (label), align);
  gtk_widget_add_css_class (label, css_class);
  return label;
}

static void
set_text (GtkWidget *label, const char *text)
{
  gtk_label_set_label (GTK_LABEL (label), text);
  gtk_label_set_width_chars (GTK_LABEL (label), MIN (g_utf8_strlen (text, -1) + 1, NAME_CHARS));
  gtk_widget_set_tooltip_text (label, text);
}

static void
build (OrrHmmMatrix *self, guint rows, guint cols)
{
  GtkGrid *grid = GTK_GRID (self->grid);
  GtkWidget *child, *sum;
  gboolean named_rows = self->kind != ORR_HMM_MATRIX_START;

  while ((child = gtk_widget_get_first_child (self->grid)) != NULL)
    gtk_grid_remove (grid, child);
  g_ptr_array_set_size (self->cells, 0);
  g_ptr_array_set_size (self->sums, 0);
  g_ptr_array_set_size (self->heads, 0);
  self->rows = rows;
  self->cols = cols;
  for (guint col = 0; col < cols; col++)
    {
      g_ptr_array_add (self->heads, create_label (0.5, "caption-heading"));
      gtk_grid_attach (grid, self->heads->pdata[col], col + 1, 0, 1, 1);
    }
  sum = create_label (1.0, "dim-label");
  set_text (sum, _ ("Sum"));
  gtk_grid_attach (grid, sum, cols + 1, 0, 1, 1);
  for (guint row = 0; row < rows; row++)
    {
      if (named_rows)
        {
          g_ptr_array_add (self->heads, create_label (0.0, "caption-heading"));
          gtk_grid_attach (grid, self->heads->pdata[cols + row], 0, row + 1, 1, 1);
        }
      for (guint col = 0; col < cols; col++)
        {
          GtkWidget *cell = create_cell (self, row, col);

          g_ptr_array_add (self->cells, cell);
          gtk_grid_attach (grid, cell, col + 1, row + 1, 1, 1);
        }
      g_ptr_array_add (self->sums, create_label (1.0, "dim-label"));
      gtk_grid_attach (grid, self->sums->pdata[row], cols + 1, row + 1, 1, 1);
    }
}

static void
update_cell (OrrHmmMatrix *self, const OrrHmm *hmm, guint row, guint col)
{
  GtkWidget *cell = self->cells->pdata[row * self->cols + col];
  gboolean locked = self->kind == ORR_HMM_MATRIX_TRANSITION && hmm->locked[row * self->cols + col];
  g_autofree char *text = format_cell (get_values (self, hmm)[row * self->cols + col]);
  g_autofree char *name = name_cell (self, hmm, row, col);

  if (!gtk_widget_has_css_class (cell, "error") &&
      g_strcmp0 (text, gtk_editable_get_text (GTK_EDITABLE (cell))) != 0)
    gtk_editable_set_text (GTK_EDITABLE (cell), text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (cell), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_entry_set_icon_from_icon_name (GTK_ENTRY (cell), GTK_ENTRY_ICON_SECONDARY,
                                     locked ? "changes-prevent-symbolic" : NULL);
  if (locked)
    gtk_entry_set_icon_tooltip_text (GTK_ENTRY (cell), GTK_ENTRY_ICON_SECONDARY,
                                     _ ("Locked: click to unlock"));
}

static void
update_heads (OrrHmmMatrix *self, const OrrHmm *hmm)
{
  gboolean symbols = self->kind == ORR_HMM_MATRIX_EMISSION;

  for (guint col = 0; col < self->cols; col++)
    {
      const char *name = symbols ? hmm->symbol_names[col] : hmm->state_names[col];

      if (symbols)
        {
          g_autofree char *markup = g_markup_printf_escaped ("<span foreground=\"#%06x\">■</span> %s",
                                                             orr_colour_qualitative (col), name);

          gtk_label_set_markup (self->heads->pdata[col], markup);
          gtk_widget_set_tooltip_text (self->heads->pdata[col], name);
        }
      else
        set_text (self->heads->pdata[col], name);
    }
  for (guint row = 0; self->kind != ORR_HMM_MATRIX_START && row < self->rows; row++)
    set_text (self->heads->pdata[self->cols + row], hmm->state_names[row]);
}

/* To be called when the model has changed. */
void
orr_hmm_matrix_update (OrrHmmMatrix *self)
{
  const OrrHmm *hmm = self->editor != NULL ? orr_hmm_editor_get_hmm (self->editor) : NULL;
  guint rows, cols;

  if (hmm == NULL)
    return;
  rows = self->kind == ORR_HMM_MATRIX_START ? 1 : hmm->n_states;
  cols = self->kind == ORR_HMM_MATRIX_EMISSION ? hmm->n_symbols : hmm->n_states;
  self->updating = TRUE;
  show_problem (self, NULL, NULL);
  if (rows != self->rows || cols != self->cols)
    build (self, rows, cols);
  update_heads (self, hmm);
  for (guint row = 0; row < rows; row++)
    {
      const double *values = get_values (self, hmm) + row * cols;
      double sum = 0.0;

      for (guint col = 0; col < cols; col++)
        {
          update_cell (self, hmm, row, col);
          sum += values[col];
        }
      g_autofree char *text = format_cell (sum);
      gtk_label_set_label (self->sums->pdata[row], text);
    }
  self->updating = FALSE;
}

/**
 * orr_hmm_matrix_set_editor:
 * @editor: (nullable): what is shown and edited
 */
void
orr_hmm_matrix_set_editor (OrrHmmMatrix *self, OrrHmmEditor *editor)
{
  g_return_if_fail (ORR_IS_HMM_MATRIX (self));

  if (g_set_object (&self->editor, editor))
    orr_hmm_matrix_update (self);
}

static void
orr_hmm_matrix_dispose (GObject *object)
{
  OrrHmmMatrix *self = ORR_HMM_MATRIX (object);

  self->updating = TRUE; /* what loses the focus now is no entry */
  g_clear_pointer (&self->scroller, gtk_widget_unparent);
  g_clear_pointer (&self->problem, gtk_widget_unparent);
  g_clear_object (&self->editor);
  G_OBJECT_CLASS (orr_hmm_matrix_parent_class)->dispose (object);
}

static void
orr_hmm_matrix_finalize (GObject *object)
{
  OrrHmmMatrix *self = ORR_HMM_MATRIX (object);

  g_ptr_array_unref (self->cells);
  g_ptr_array_unref (self->sums);
  g_ptr_array_unref (self->heads);
  G_OBJECT_CLASS (orr_hmm_matrix_parent_class)->finalize (object);
}

static void
orr_hmm_matrix_class_init (OrrHmmMatrixClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = orr_hmm_matrix_dispose;
  G_OBJECT_CLASS (klass)->finalize = orr_hmm_matrix_finalize;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BOX_LAYOUT);
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (klass), GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
orr_hmm_matrix_init (OrrHmmMatrix *self)
{
  GtkLayoutManager *layout = gtk_widget_get_layout_manager (GTK_WIDGET (self));

  gtk_orientable_set_orientation (GTK_ORIENTABLE (layout), GTK_ORIENTATION_VERTICAL);
  gtk_box_layout_set_spacing (GTK_BOX_LAYOUT (layout), 6);
  self->cells = g_ptr_array_new ();
  self->sums = g_ptr_array_new ();
  self->heads = g_ptr_array_new ();
  self->grid = gtk_grid_new ();
  gtk_grid_set_row_spacing (GTK_GRID (self->grid), 3);
  gtk_grid_set_column_spacing (GTK_GRID (self->grid), 3);
  self->scroller = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (self->scroller), GTK_POLICY_AUTOMATIC,
                                  GTK_POLICY_NEVER);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (self->scroller), self->grid);
  gtk_widget_set_parent (self->scroller, GTK_WIDGET (self));
  self->problem = gtk_label_new (NULL);
  gtk_label_set_wrap (GTK_LABEL (self->problem), TRUE);
  gtk_label_set_xalign (GTK_LABEL (self->problem), 0.0);
  gtk_widget_add_css_class (self->problem, "error");
  gtk_widget_add_css_class (self->problem, "caption");
  gtk_widget_set_visible (self->problem, FALSE);
  gtk_widget_set_parent (self->problem, GTK_WIDGET (self));
}

/**
 * orr_hmm_matrix_new:
 * @kind: which of the model's tables
 */
GtkWidget *
orr_hmm_matrix_new (OrrHmmMatrixKind kind)
{
  static const char *names[] = { N_ ("Start"), N_ ("Transitions"), N_ ("Emissions") };
  OrrHmmMatrix *self = g_object_new (ORR_TYPE_HMM_MATRIX, NULL);

  self->kind = kind;
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, _ (names[kind]), -1);
  return GTK_WIDGET (self);
}
