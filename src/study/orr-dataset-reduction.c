/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Data sets from a network's reductions, and the laws found for them. */
#include "orr-dataset-reduction.h"

#include <math.h>
#include <string.h>

#include "orr-expr-parse.h"
#include "orr-expr-print.h"
#include "orr-expr-program.h"
#include "orr-section.h"

void
orr_reduction_source_clear (OrrReductionSource *self)
{
  g_clear_pointer (&self->run, g_free);
  g_clear_pointer (&self->section, g_free);
}

static GVariant *
source_to_section (const OrrReductionSource *self)
{
  GVariantDict dict;

  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "kind", "s", orr_reduction_kind_name (self->kind));
  g_variant_dict_insert (&dict, "run", "s", self->run != NULL ? self->run : "");
  g_variant_dict_insert (&dict, "section", "s", self->section != NULL ? self->section : "");
  g_variant_dict_insert (&dict, "symbol", "i", (int) self->symbol);
  g_variant_dict_insert (&dict, "epoch", "i", self->epoch);
  g_variant_dict_insert (&dict, "start", "x", (gint64) self->start);
  g_variant_dict_insert (&dict, "end", "x", (gint64) self->end);
  g_variant_dict_insert (&dict, "noise", "d", self->noise);
  g_variant_dict_insert (&dict, "seed", "x", (gint64) self->seed);
  return g_variant_ref_sink (g_variant_dict_end (&dict));
}

/**
 * orr_reduction_source_read:
 * @self: (out): clear with orr_reduction_source_clear()
 * @dataset: (nullable)
 *
 * Returns: whether @dataset came from a network
 */
gboolean
orr_reduction_source_read (OrrReductionSource *self, const OrrDataset *dataset)
{
  memset (self, 0, sizeof *self);
  if (dataset == NULL || dataset->source == NULL)
    return FALSE;

  g_autofree char *name = orr_section_dup_string (dataset->source, "kind");
  int kind = orr_reduction_kind_find (name);
  if (kind < 0)
    return FALSE;
  self->kind = kind;
  self->run = orr_section_dup_string (dataset->source, "run");
  self->section = orr_section_dup_string (dataset->source, "section");
  self->symbol = (guint) CLAMP (orr_section_get_int (dataset->source, "symbol", 0), 0, G_MAXUINT16);
  self->epoch = (int) CLAMP (orr_section_get_int (dataset->source, "epoch", -1), -1, G_MAXINT);
  self->start = (guint) CLAMP (orr_section_get_int (dataset->source, "start", 0), 0, G_MAXUINT);
  self->end = (guint) CLAMP (orr_section_get_int (dataset->source, "end", 0), 0, G_MAXUINT);
  self->noise = orr_section_get_double (dataset->source, "noise", NAN);
  self->seed = (guint64) orr_section_get_int (dataset->source, "seed", 0);
  return TRUE;
}

/**
 * orr_dataset_from_reduction:
 * @name: what a person calls it
 * @origin: where it came from, for a person
 *
 * Returns: (transfer full): the table with its roles: a system where there are two targets
 */
OrrDataset *
orr_dataset_from_reduction (const OrrReduction *reduction, const OrrReductionSource *source, const char *name,
                            const char *origin)
{
  const char *columns[ORR_REDUCTION_MAX_COLUMNS + 1] = { NULL };

  for (guint c = 0; c < reduction->n_columns; c++)
    columns[c] = reduction->columns[c];
  OrrDataset *dataset = orr_dataset_new (name, origin, columns, reduction->n_rows);

  memcpy (dataset->values, reduction->values, reduction->n_columns * reduction->n_rows * sizeof (double));
  for (guint c = 0; c < reduction->n_columns; c++)
    {
      g_free (dataset->units[c]);
      dataset->units[c] = g_strdup (reduction->units[c]);
    }
  dataset->n_inputs = reduction->n_inputs;
  for (guint i = 0; i < reduction->n_inputs; i++)
    dataset->inputs[i] = i;
  dataset->target = reduction->targets[0];
  dataset->error = reduction->errors[0];
  if (reduction->n_targets > 1)
    orr_dataset_set_system (dataset, reduction->targets, reduction->errors, reduction->n_targets);
  if (reduction->steps != NULL)
    dataset->steps = g_memdup2 (reduction->steps, reduction->n_rows * sizeof (guint32));
  dataset->source = source_to_section (source);
  return dataset;
}

/**
 * orr_dataset_starting_tree:
 *
 * Returns: (transfer full): where to begin: what theory or the shape of the quantity
 * suggests, with a placeholder for the rest
 */
OrrExpr *
orr_dataset_starting_tree (const OrrDataset *dataset, guint target)
{
  g_auto (OrrReductionSource) source = { 0 };
  g_auto (GStrv) names = orr_dataset_input_names (dataset);
  const char *text = "?";

  if (orr_reduction_source_read (&source, dataset))
    switch (source.kind)
      {
      case ORR_REDUCTION_PHASE_SPEED:
        text = "? + c*sin(theta + c)"; /* a rotator with one harmonic */
        break;
      case ORR_REDUCTION_FLOW:
      case ORR_REDUCTION_MAP:
        text = "c*PC1 + c*PC2 + ?"; /* the linear part */
        break;
      case ORR_REDUCTION_EMISSION:
        text = "1/(1 + exp(?))"; /* stays between 0 and 1 */
        break;
      case ORR_REDUCTION_RATE:
        text = "c*exp(-c/sigma^2)"; /* escape over a barrier by noise */
        break;
      default:
        break;
      }
  OrrExpr *expr = orr_expr_parse (text, (const char *const *) names, dataset->n_inputs, NULL, NULL);
  return expr != NULL ? expr : orr_expr_new_leaf (ORR_EXPR_OP_PLACEHOLDER, 0, 0.0);
}

/* Laws -------------------------------------------------------------------------------------------- */

static gboolean
is_known_input (OrrReductionKind kind, const char *column)
{
  static const char *const by_phase[] = { "theta", "sin_theta", "cos_theta", NULL };
  static const char *const plane[] = { "PC1", "PC2", NULL };
  static const char *const noise[] = { "sigma", NULL };
  const char *const *known = kind == ORR_REDUCTION_RATE                              ? noise
                             : kind == ORR_REDUCTION_FLOW || kind == ORR_REDUCTION_MAP ? plane
                                                                                       : by_phase;
  return g_strv_contains (known, column);
}

/**
 * orr_dataset_law_new:
 *
 * Returns: (transfer full) (nullable): the law; %NULL where the data did not come from a
 * network, an equation of the system still has placeholders, or an input is not a function
 * of the place
 */
OrrDatasetLaw *
orr_dataset_law_new (const OrrEquations *equations)
{
  OrrDataset *dataset = equations->dataset;
  g_auto (OrrReductionSource) source = { 0 };
  guint n = dataset != NULL ? MAX (dataset->n_targets, 1) : 0;
  gboolean whole = orr_reduction_source_read (&source, dataset) && n <= 2;

  for (guint i = 0; whole && i < dataset->n_inputs; i++)
    whole = is_known_input (source.kind, dataset->columns[dataset->inputs[i]]);
  for (guint i = 0; whole && i < n; i++)
    {
      OrrExpr *expr = orr_equations_get_law (equations, n > 1 ? dataset->targets[i] : dataset->target);

      whole = expr != NULL && orr_expr_count (expr, ORR_EXPR_OP_PLACEHOLDER) == 0 &&
              orr_expr_n_variables (expr) <= dataset->n_inputs;
    }
  if (!whole)
    return NULL;

  OrrDatasetLaw *self = g_atomic_rc_box_new0 (OrrDatasetLaw);
  self->dataset = orr_dataset_ref (dataset);
  self->source = source;
  memset (&source, 0, sizeof source);
  self->n_targets = n;
  for (guint i = 0; i < n; i++)
    self->exprs[i] = orr_expr_ref (orr_equations_get_law (equations, n > 1 ? dataset->targets[i] : dataset->target));
  return self;
}

OrrDatasetLaw *
orr_dataset_law_ref (OrrDatasetLaw *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
clear (gpointer box)
{
  OrrDatasetLaw *self = box;

  orr_dataset_unref (self->dataset);
  orr_reduction_source_clear (&self->source);
  for (guint i = 0; i < self->n_targets; i++)
    orr_expr_unref (self->exprs[i]);
}

void
orr_dataset_law_unref (OrrDatasetLaw *self)
{
  if (self != NULL)
    g_atomic_rc_box_release_full (self, clear);
}

/* Numbers that say where one is: a phase, a place in the plane, or the noise. */
guint
orr_dataset_law_dimension (const OrrDatasetLaw *self)
{
  return self->source.kind == ORR_REDUCTION_FLOW || self->source.kind == ORR_REDUCTION_MAP ? 2 : 1;
}

static double
input_at (const char *column, const double *x, gsize n, gsize i)
{
  if (g_str_equal (column, "sin_theta"))
    return sin (x[i]);
  if (g_str_equal (column, "cos_theta"))
    return cos (x[i]);
  return g_str_equal (column, "PC2") ? x[n + i] : x[i];
}

/**
 * orr_dataset_law_field:
 * @x: [dimension x n] phases, noises, or first and then second components
 * @out: [n_targets x n] the law's values, NaN where it is not defined
 * @law: an #OrrDatasetLaw
 *
 * An #OrrReducedField.
 */
void
orr_dataset_law_field (const double *x, gsize n, double *out, gpointer law)
{
  const OrrDatasetLaw *self = law;
  const OrrDataset *dataset = self->dataset;
  g_autofree double *inputs = g_new (double, MAX (dataset->n_inputs * n, 1));

  for (guint v = 0; v < dataset->n_inputs; v++)
    for (gsize i = 0; i < n; i++)
      inputs[v * n + i] = input_at (dataset->columns[dataset->inputs[v]], x, n, i);
  for (guint k = 0; k < self->n_targets; k++)
    orr_expr_eval (self->exprs[k], inputs, n, n, out + k * n);
}

/**
 * orr_dataset_law_dup_text:
 * @index: which equation
 * @digits: significant digits
 *
 * Returns: (transfer full): "dtheta = 0.2 + 0.1*sin(theta)"
 */
char *
orr_dataset_law_dup_text (const OrrDatasetLaw *self, guint index, int digits)
{
  const OrrDataset *dataset = self->dataset;
  g_auto (GStrv) names = orr_dataset_input_names (dataset);
  const OrrExprPrint how = { .names = (const char *const *) names, .n_names = dataset->n_inputs, .digits = digits };
  g_autofree char *text = orr_expr_print (self->exprs[index], &how);
  guint target = dataset->n_targets > 1 ? dataset->targets[index] : dataset->target;

  return g_strdup_printf ("%s = %s", dataset->columns[target], text);
}
