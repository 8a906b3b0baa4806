/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-workbench-private.h"

#include <math.h>
#include <string.h>

#include <glib/gi18n.h>

#include "orr-expr-parse.h"
#include "orr-expr-print.h"
#include "orr-expr-program.h"

enum
{
  PROP_EQUATIONS = 1,
  PROP_EXPR,
  PROP_DATASET,
  PROP_SELECTED,
  PROP_R2,
  PROP_R2_HELD_OUT,
  PROP_BUSY,
  PROP_ROWS,
  PROP_PREVIEW,
  PROP_SUGGESTIONS,
  PROP_GHOST,
  PROP_REFINEMENT,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (OrrWorkbench, orr_workbench, G_TYPE_OBJECT)

static void
notify (OrrWorkbench *self, guint property)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

/* How well the present tree fits ------------------------------------------------------------------ */

static void
set_number (OrrWorkbench *self, double *field, double value, guint property)
{
  if (*field == value || (isnan (*field) && isnan (value)))
    return;
  *field = value;
  notify (self, property);
}

static void
update_fit (OrrWorkbench *self)
{
  OrrDataset *dataset = self->equations->dataset;
  OrrExpr *expr = self->equations->expr;

  set_number (self, &self->r2,
              dataset != NULL ? orr_workbench_compute_r2 (expr, dataset, ORR_DATASET_TRAINING) : NAN,
              PROP_R2);
  set_number (self, &self->r2_held_out,
              dataset != NULL ? orr_workbench_compute_r2 (expr, dataset, ORR_DATASET_HELD_OUT) : NAN,
              PROP_R2_HELD_OUT);
}

/* Edits ------------------------------------------------------------------------------------------- */

static void
study_changed_cb (OrrWorkbench *self)
{
  OrrEquations *now = orr_document_get_study (self->document)->equations;

  if (now == self->equations)
    return;

  g_autoptr (OrrEquations) before = self->equations;
  self->equations = orr_equations_ref (now);
  g_object_freeze_notify (G_OBJECT (self));
  notify (self, PROP_EQUATIONS);
  if (before->expr != now->expr)
    notify (self, PROP_EXPR);
  if (before->dataset != now->dataset)
    {
      notify (self, PROP_DATASET);
      orr_workbench_forget_refinement (self);
    }
  if (before->dataset == NULL || now->dataset == NULL || !orr_dataset_is_same_table (before->dataset, now->dataset))
    orr_workbench_set_rows (self, NULL);
  orr_workbench_set_preview (self, NULL);
  if (self->selected != 0 && orr_expr_find (now->expr, self->selected) < 0)
    orr_workbench_set_selected (self, 0);
  if (before->expr != now->expr || before->dataset != now->dataset)
    update_fit (self);
  if (before->expr != now->expr || before->dataset != now->dataset ||
      !g_strv_equal ((const char *const *) before->forbidden, (const char *const *) now->forbidden) ||
      before->offered != now->offered)
    orr_advice_update (self->advice);
  g_object_thaw_notify (G_OBJECT (self));
}

/* One undo step; also told to whoever listens. */
void
orr_workbench_edit (OrrWorkbench *self, OrrEquations *next, const char *label, const char *merge_key)
{
  g_autoptr (OrrStudy) study = orr_study_with_equations (orr_document_get_study (self->document), next);

  orr_document_edit (self->document, study, label, merge_key);
}

OrrEquations *
orr_workbench_get_equations (OrrWorkbench *self)
{
  return self->equations;
}

OrrExpr *
orr_workbench_get_expr (OrrWorkbench *self)
{
  return self->equations->expr;
}

OrrDataset *
orr_workbench_get_dataset (OrrWorkbench *self)
{
  return self->equations->dataset;
}

/* On the training rows of the present data. */
double
orr_workbench_r2_of (OrrWorkbench *self, const OrrExpr *expr)
{
  OrrDataset *dataset = self->equations->dataset;
  return dataset != NULL ? orr_workbench_compute_r2 (expr, dataset, ORR_DATASET_TRAINING) : NAN;
}

/**
 * orr_workbench_set_expr:
 * @label: what was done: in the history strip and on the undo button
 * @merge_key: (nullable): as in orr_document_edit(); the frames of a drag leave no moves
 *
 * A person's edit of the tree.
 */
void
orr_workbench_set_expr (OrrWorkbench *self, OrrExpr *expr, const char *label, const char *merge_key)
{
  g_return_if_fail (ORR_IS_WORKBENCH (self));

  g_autoptr (OrrEquations) next =
      orr_equations_with_expr (self->equations, expr, ORR_MOVER_PERSON, merge_key == NULL ? label : NULL,
                               orr_workbench_r2_of (self, expr));
  orr_workbench_edit (self, next, label, merge_key);
}

/**
 * orr_workbench_set_tree_and_tray:
 * @tray: (element-type OrrExpr): the loose pieces after the edit
 *
 * An edit that moves a piece between the tree and the tray: one undo step.
 */
void
orr_workbench_set_tree_and_tray (OrrWorkbench *self, OrrExpr *expr, GPtrArray *tray, const char *label)
{
  g_return_if_fail (ORR_IS_WORKBENCH (self));

  g_autoptr (OrrEquations) moved = orr_equations_with_expr (self->equations, expr, ORR_MOVER_PERSON, label,
                                                            orr_workbench_r2_of (self, expr));
  g_autoptr (OrrEquations) next = orr_equations_with_tray (moved, tray);
  orr_workbench_edit (self, next, label, NULL);
}

/**
 * orr_workbench_agent_moves:
 * @what: in the history strip
 * @label: on the undo button
 *
 * The agent's edit of the tree.
 */
void
orr_workbench_agent_moves (OrrWorkbench *self, OrrExpr *expr, const char *what, const char *label)
{
  g_autoptr (OrrEquations) next =
    orr_equations_with_expr (self->equations, expr, ORR_MOVER_AGENT, what, orr_workbench_r2_of (self, expr));
  orr_workbench_edit (self, next, label, NULL);
}

void
orr_workbench_notify_refinement (OrrWorkbench *self)
{
  notify (self, PROP_REFINEMENT);
}

/* Other advice; @ghost_too: also another completion is looked at. */
void
orr_workbench_notify_advice (OrrWorkbench *self, gboolean ghost_too)
{
  OrrGhost *ghost = orr_workbench_get_ghost (self);

  notify (self, PROP_SUGGESTIONS);
  if (!ghost_too)
    return;
  notify (self, PROP_GHOST);
  /* The fit shows it as well; what others look at is left to them. */
  if (ghost != NULL || self->ghost_previewed)
    orr_workbench_set_preview (self, ghost != NULL ? ghost->expr : NULL);
  self->ghost_previewed = ghost != NULL;
}

static char **
input_names (OrrWorkbench *self, guint *n)
{
  OrrDataset *dataset = self->equations->dataset;

  *n = dataset != NULL ? dataset->n_inputs : 0;
  return dataset != NULL ? orr_dataset_input_names (dataset) : NULL;
}

/**
 * orr_workbench_set_formula:
 * @text: what a person typed
 * @column: (out) (optional): the character, from 1, where an error is
 * @error: (out): what is wrong with it; the tree stays as it was
 */
gboolean
orr_workbench_set_formula (OrrWorkbench *self, const char *text, guint *column, GError **error)
{
  g_return_val_if_fail (ORR_IS_WORKBENCH (self), FALSE);

  guint n;
  g_auto (GStrv) names = input_names (self, &n);
  g_autoptr (OrrExpr) expr = orr_expr_parse (text, (const char *const *)names, n, column, error);
  if (expr == NULL)
    return FALSE;
  if (!orr_expr_equal (expr, self->equations->expr))
    {
      g_autoptr (OrrExpr) next = orr_expr_adopt (expr, self->equations->expr);
      orr_workbench_set_expr (self, next, _ ("Type formula"), NULL);
    }
  return TRUE;
}

/**
 * orr_workbench_dup_formula:
 *
 * Returns: (transfer full): the present tree as a person types it, with `c` for
 * every free constant: orr_workbench_set_formula() takes it back and keeps
 * the constants' values
 */
char *
orr_workbench_dup_formula (OrrWorkbench *self)
{
  guint n;
  g_auto (GStrv) names = input_names (self, &n);

  return orr_expr_to_skeleton (self->equations->expr, (const char *const *)names, n);
}

/**
 * orr_workbench_print:
 * @expr: over the inputs of the present data
 * @digits: significant digits, 0 for as many as reading them back needs
 *
 * Returns: (transfer full): @expr with the values of its constants
 */
char *
orr_workbench_print (OrrWorkbench *self, const OrrExpr *expr, OrrExprFormat format, int digits)
{
  guint n;
  g_auto (GStrv) names = input_names (self, &n);
  OrrExprPrint how = { .format = format, .names = (const char *const *) names, .n_names = n, .digits = digits };

  return orr_expr_print (expr, &how);
}

gboolean
orr_workbench_is_forbidden (OrrWorkbench *self, OrrExprOp op)
{
  return g_strv_contains ((const char *const *)self->equations->forbidden, orr_expr_ops[op].name);
}

/* Whether the agent may use @op; a person always may. */
void
orr_workbench_set_forbidden (OrrWorkbench *self, OrrExprOp op, gboolean forbidden)
{
  g_return_if_fail (ORR_IS_WORKBENCH (self));

  const char *name = orr_expr_ops[op].name;
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  if (orr_workbench_is_forbidden (self, op) == !!forbidden)
    return;
  for (char **old = self->equations->forbidden; *old != NULL; old++)
    if (!g_str_equal (*old, name))
      g_strv_builder_add (builder, *old);
  if (forbidden)
    g_strv_builder_add (builder, name);

  g_auto (GStrv) list = g_strv_builder_end (builder);
  g_autoptr (OrrEquations) next = orr_equations_with_forbidden (self->equations, (const char *const *)list);
  orr_workbench_edit (self, next, forbidden ? _ ("Forbid operator") : _ ("Allow operator"), NULL);
}

/**
 * orr_workbench_set_offered:
 * @offered: (array): [n] numbers that the agent may use as they stand
 */
void
orr_workbench_set_offered (OrrWorkbench *self, const double *offered, guint n)
{
  g_return_if_fail (ORR_IS_WORKBENCH (self));

  GArray *now = self->equations->offered;
  if (now->len == n && memcmp (now->data, offered, n * sizeof (double)) == 0)
    return;
  g_autoptr (OrrEquations) next = orr_equations_with_offered (self->equations, offered, n);
  orr_workbench_edit (self, next, _ ("Offer constants"), NULL);
}

/* Selection --------------------------------------------------------------------------------------- */

guint
orr_workbench_get_selected (OrrWorkbench *self)
{
  return self->selected;
}

void
orr_workbench_set_selected (OrrWorkbench *self, guint id)
{
  g_return_if_fail (ORR_IS_WORKBENCH (self));

  if (self->selected == id)
    return;
  self->selected = id;
  notify (self, PROP_SELECTED);
  orr_advice_update (self->advice);
}

/* (transfer none): rows of the data set, counted from 0; never changed. */
GtkBitset *
orr_workbench_get_rows (OrrWorkbench *self)
{
  return self->rows;
}

/**
 * orr_workbench_set_rows:
 * @rows: (nullable): of the data set, not changed afterwards; %NULL for none
 *
 * Selects rows in every view that shows them.
 */
void
orr_workbench_set_rows (OrrWorkbench *self, GtkBitset *rows)
{
  g_return_if_fail (ORR_IS_WORKBENCH (self));

  g_autoptr (GtkBitset) next = rows != NULL ? gtk_bitset_ref (rows) : gtk_bitset_new_empty ();
  if (gtk_bitset_equals (self->rows, next))
    return;
  gtk_bitset_unref (self->rows);
  self->rows = g_steal_pointer (&next);
  notify (self, PROP_ROWS);
}

OrrExpr *
orr_workbench_get_preview (OrrWorkbench *self)
{
  return self->preview;
}

/* The equation that the fit and its residuals are of: the preview, or else the tree on the canvas. */
OrrExpr *
orr_workbench_get_shown (OrrWorkbench *self)
{
  return self->preview != NULL ? self->preview : self->equations->expr;
}

/**
 * orr_workbench_set_preview:
 * @preview: (nullable): an equation to look at without taking it
 *
 * Not an edit: any change of the equations ends it.
 */
void
orr_workbench_set_preview (OrrWorkbench *self, OrrExpr *preview)
{
  g_return_if_fail (ORR_IS_WORKBENCH (self));

  if (self->preview == preview)
    return;
  g_clear_pointer (&self->preview, orr_expr_unref);
  self->preview = preview != NULL ? orr_expr_ref (preview) : NULL;
  notify (self, PROP_PREVIEW);
}

double
orr_workbench_get_r2 (OrrWorkbench *self)
{
  return self->r2;
}

double
orr_workbench_get_r2_held_out (OrrWorkbench *self)
{
  return self->r2_held_out;
}

gboolean
orr_workbench_get_busy (OrrWorkbench *self)
{
  return self->job != NULL;
}

/* Work -------------------------------------------------------------------------------------------- */

/* @job: (nullable): what is under way from now on. */
void
orr_workbench_set_job (OrrWorkbench *self, OrrJob *job)
{
  if (g_set_object (&self->job, job))
    notify (self, PROP_BUSY);
}

/* What is under way gives way to something new; its result is not wanted any more. */
void
orr_workbench_abandon_job (OrrWorkbench *self)
{
  if (self->job == NULL)
    return;
  orr_job_cancel (self->job);
  orr_workbench_set_job (self, NULL);
}

/* GObject ----------------------------------------------------------------------------------------- */

/**
 * orr_workbench_new:
 *
 * Returns: (transfer full): the workbench of @document's equations
 */
OrrWorkbench *
orr_workbench_new (OrrDocument *document, OrrJobQueue *jobs)
{
  OrrWorkbench *self = g_object_new (ORR_TYPE_WORKBENCH, NULL);

  self->document = g_object_ref (document);
  self->jobs = g_object_ref (jobs);
  self->equations = orr_equations_ref (orr_document_get_study (document)->equations);
  g_signal_connect_object (document, "notify::study", G_CALLBACK (study_changed_cb), self, G_CONNECT_SWAPPED);
  self->advice = orr_advice_new (self);
  update_fit (self);
  orr_advice_update (self->advice);
  return self;
}

static void
orr_workbench_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  OrrWorkbench *self = ORR_WORKBENCH (object);

  switch (id)
    {
    case PROP_EQUATIONS:
      g_value_set_pointer (value, self->equations);
      break;
    case PROP_EXPR:
      g_value_set_pointer (value, self->equations->expr);
      break;
    case PROP_DATASET:
      g_value_set_pointer (value, self->equations->dataset);
      break;
    case PROP_SELECTED:
      g_value_set_uint (value, self->selected);
      break;
    case PROP_R2:
      g_value_set_double (value, self->r2);
      break;
    case PROP_R2_HELD_OUT:
      g_value_set_double (value, self->r2_held_out);
      break;
    case PROP_BUSY:
      g_value_set_boolean (value, self->job != NULL);
      break;
    case PROP_ROWS:
      g_value_set_boxed (value, self->rows);
      break;
    case PROP_PREVIEW:
      g_value_set_pointer (value, self->preview);
      break;
    case PROP_SUGGESTIONS:
      g_value_set_pointer (value, orr_workbench_get_suggestions (self));
      break;
    case PROP_GHOST:
      g_value_set_pointer (value, orr_workbench_get_ghost (self));
      break;
    case PROP_REFINEMENT:
      g_value_set_pointer (value, self->refinement);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
orr_workbench_dispose (GObject *object)
{
  OrrWorkbench *self = ORR_WORKBENCH (object);

  if (self->job != NULL)
    orr_job_cancel (self->job);
  g_clear_object (&self->job);
  G_OBJECT_CLASS (orr_workbench_parent_class)->dispose (object);
}

static void
orr_workbench_finalize (GObject *object)
{
  OrrWorkbench *self = ORR_WORKBENCH (object);

  orr_advice_free (self->advice);
  g_free (self->refinement);
  g_clear_object (&self->document);
  g_clear_object (&self->jobs);
  orr_equations_unref (self->equations);
  gtk_bitset_unref (self->rows);
  g_clear_pointer (&self->preview, orr_expr_unref);
  G_OBJECT_CLASS (orr_workbench_parent_class)->finalize (object);
}

static void
orr_workbench_class_init (OrrWorkbenchClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = orr_workbench_get_property;
  object_class->dispose = orr_workbench_dispose;
  object_class->finalize = orr_workbench_finalize;

  properties[PROP_EQUATIONS] = g_param_spec_pointer ("equations", NULL, NULL, flags);
  properties[PROP_EXPR] = g_param_spec_pointer ("expr", NULL, NULL, flags);
  properties[PROP_DATASET] = g_param_spec_pointer ("dataset", NULL, NULL, flags);
  properties[PROP_SELECTED] = g_param_spec_uint ("selected", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_R2] = g_param_spec_double ("r2", NULL, NULL, -G_MAXDOUBLE, 1.0, 0.0, flags);
  properties[PROP_R2_HELD_OUT] =
      g_param_spec_double ("r2-held-out", NULL, NULL, -G_MAXDOUBLE, 1.0, 0.0, flags);
  properties[PROP_BUSY] = g_param_spec_boolean ("busy", NULL, NULL, FALSE, flags);
  properties[PROP_ROWS] = g_param_spec_boxed ("rows", NULL, NULL, GTK_TYPE_BITSET, flags);
  properties[PROP_PREVIEW] = g_param_spec_pointer ("preview", NULL, NULL, flags);
  properties[PROP_SUGGESTIONS] = g_param_spec_pointer ("suggestions", NULL, NULL, flags);
  properties[PROP_REFINEMENT] = g_param_spec_pointer ("refinement", NULL, NULL, flags);
  properties[PROP_GHOST] = g_param_spec_pointer ("ghost", NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
orr_workbench_init (OrrWorkbench *self)
{
  self->r2 = NAN;
  self->r2_held_out = NAN;
  self->rows = gtk_bitset_new_empty ();
}
