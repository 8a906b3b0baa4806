/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Equations as a section, for the study's file, and back. */
#include <math.h>

#include "orr-equations.h"
#include "orr-error.h"
#include "orr-section.h"

/* Trees ------------------------------------------------------------------------------------------- */

enum
{
  FIELD_INDEX,
  FIELD_ID,
  FIELD_LOCKED,
  FIELD_VALUE,
  FIELD_STANDARD_ERROR,
  FIELD_MINIMUM,
  FIELD_MAXIMUM,
  N_FIELDS,
};

/* `ops` [n] and `nodes` [n][7]: nothing is lost, node identities and locks included. */
static GVariant *
expr_to_section (const OrrExpr *expr)
{
  g_autofree double *nodes = g_new (double, expr->n_nodes * N_FIELDS);
  g_autofree const char **ops = g_new0 (const char *, expr->n_nodes + 1);
  GVariantDict dict;

  for (guint i = 0; i < expr->n_nodes; i++)
    {
      const OrrExprNode *node = &expr->nodes[i];
      double *fields = nodes + i * N_FIELDS;

      ops[i] = orr_expr_ops[node->op].name;
      fields[FIELD_INDEX] = node->index;
      fields[FIELD_ID] = node->id;
      fields[FIELD_LOCKED] = node->locked;
      fields[FIELD_VALUE] = node->value;
      fields[FIELD_STANDARD_ERROR] = node->standard_error;
      fields[FIELD_MINIMUM] = node->minimum;
      fields[FIELD_MAXIMUM] = node->maximum;
    }
  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert_value (&dict, "ops", g_variant_new_strv (ops, expr->n_nodes));
  g_variant_dict_insert_value (&dict, "nodes", orr_section_new_table (nodes, expr->n_nodes, N_FIELDS));
  return g_variant_dict_end (&dict);
}

static OrrExprOp
op_from_name (const char *name)
{
  for (int op = 0; op < ORR_EXPR_N_OPS; op++)
    if (g_strcmp0 (orr_expr_ops[op].name, name) == 0)
      return op;

  return ORR_EXPR_N_OPS;
}

/* Every operator has its operands, and nothing is left over. */
static gboolean
is_one_tree (const OrrExprNode *nodes, gsize n)
{
  gsize open = 1;

  for (gsize i = 0; i < n; i++)
    {
      if (open == 0)
        return FALSE;
      open += orr_expr_op_arity (nodes[i].op);
      open--;
    }
  return open == 0;
}

static OrrExpr *
expr_from_section (GVariant *section, GError **error)
{
  g_autoptr (GVariant) ops = section != NULL ? orr_section_get_child (section, "ops") : NULL;
  gsize n, cols;
  g_autofree double *fields = orr_section_dup_table (section, "nodes", &n, &cols);
  gboolean good = ops != NULL && g_variant_is_of_type (ops, G_VARIANT_TYPE_STRING_ARRAY) && fields != NULL &&
                  cols == N_FIELDS && n >= 1 && n <= ORR_EXPR_MAX_NODES && g_variant_n_children (ops) == n;
  g_autofree OrrExprNode *nodes = good ? g_new0 (OrrExprNode, n) : NULL;

  for (gsize i = 0; good && i < n; i++)
    {
      const double *f = fields + i * N_FIELDS;
      const char *name;
      OrrExprOp op;

      g_variant_get_child (ops, i, "&s", &name);
      op = op_from_name (name);
      good = op < ORR_EXPR_N_OPS && f[FIELD_INDEX] >= 0.0 && f[FIELD_INDEX] <= G_MAXUINT16 && f[FIELD_ID] >= 0.0 &&
             f[FIELD_ID] <= G_MAXUINT32;
      if (good)
        nodes[i] = (OrrExprNode){ .op = op, .locked = f[FIELD_LOCKED] > 0.0 ? MIN (f[FIELD_LOCKED], ORR_EXPR_LOCK_VALUE) : 0, .index = f[FIELD_INDEX],
                                  .id = f[FIELD_ID], .value = f[FIELD_VALUE],
                                  .standard_error = f[FIELD_STANDARD_ERROR], .minimum = f[FIELD_MINIMUM],
                                  .maximum = f[FIELD_MAXIMUM] };
    }
  if (!good || !is_one_tree (nodes, n))
    {
      g_set_error_literal (error, ORR_ERROR, ORR_ERROR_INPUT, "An expression tree is not complete");
      return NULL;
    }
  return orr_expr_new (nodes, n);
}

/* Lists ------------------------------------------------------------------------------------------- */

typedef GVariant *(*ToSection) (gconstpointer item);
typedef gpointer (*FromSection) (GVariant *section, GError **error);

static GVariant *
candidate_to_section (gconstpointer item)
{
  const OrrCandidate *candidate = item;
  GVariantDict dict;

  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert_value (&dict, "expression", expr_to_section (candidate->expr));
  g_variant_dict_insert (&dict, "r2", "d", candidate->r2);
  g_variant_dict_insert (&dict, "r2_held_out", "d", candidate->r2_held_out);
  g_variant_dict_insert (&dict, "complexity", "i", (int) candidate->complexity);
  g_variant_dict_insert (&dict, "pinned", "b", candidate->pinned);
  return g_variant_dict_end (&dict);
}

static OrrExpr *
read_expression (GVariant *section, GError **error)
{
  g_autoptr (GVariant) child = orr_section_get_child (section, "expression");
  g_autoptr (GVariant) empty = g_variant_ref_sink (g_variant_new_array (G_VARIANT_TYPE ("{sv}"), NULL, 0));
  gboolean good = child != NULL && g_variant_is_of_type (child, G_VARIANT_TYPE_VARDICT);

  return expr_from_section (good ? child : empty, error);
}

static gpointer
candidate_from_section (GVariant *section, GError **error)
{
  g_autoptr (OrrExpr) expr = read_expression (section, error);
  if (expr == NULL)
    return NULL;

  OrrCandidate *candidate = orr_candidate_new (expr, orr_section_get_double (section, "r2", NAN),
                                               orr_section_get_double (section, "r2_held_out", NAN));
  candidate->pinned = orr_section_get_boolean (section, "pinned", FALSE);
  return candidate;
}

static GVariant *
move_to_section (gconstpointer item)
{
  const OrrMove *move = item;
  GVariantDict dict;

  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert_value (&dict, "expression", expr_to_section (move->expr));
  g_variant_dict_insert (&dict, "mover", "s", move->mover == ORR_MOVER_AGENT ? "agent" : "person");
  g_variant_dict_insert (&dict, "label", "s", move->label);
  g_variant_dict_insert (&dict, "from", "i", move->from);
  g_variant_dict_insert (&dict, "r2", "d", move->r2);
  return g_variant_dict_end (&dict);
}

static gpointer
move_from_section (GVariant *section, GError **error)
{
  OrrExpr *expr = read_expression (section, error);
  if (expr == NULL)
    return NULL;

  g_autofree char *mover = orr_section_dup_string (section, "mover");
  OrrMove *move = g_new0 (OrrMove, 1);
  move->mover = g_strcmp0 (mover, "agent") == 0 ? ORR_MOVER_AGENT : ORR_MOVER_PERSON;
  move->label = orr_section_dup_string (section, "label");
  if (move->label == NULL)
    move->label = g_strdup ("");
  move->expr = expr;
  move->r2 = orr_section_get_double (section, "r2", NAN);
  move->from = orr_section_get_int (section, "from", -1);
  return move;
}

static void
insert_list (GVariantDict *dict, const char *name, GPtrArray *items, ToSection convert)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("aa{sv}"));
  for (guint i = 0; i < items->len; i++)
    g_variant_builder_add_value (&builder, convert (items->pdata[i]));
  g_variant_dict_insert_value (dict, name, g_variant_builder_end (&builder));
}

static gboolean
read_list (GVariant *section, const char *name, GPtrArray *items, FromSection convert, GError **error)
{
  g_autoptr (GVariant) list = orr_section_get_child (section, name);

  if (list == NULL || !g_variant_is_of_type (list, G_VARIANT_TYPE ("aa{sv}")))
    return TRUE;
  for (gsize i = 0; i < g_variant_n_children (list); i++)
    {
      g_autoptr (GVariant) child = g_variant_get_child_value (list, i);
      gpointer item = convert (child, error);

      if (item == NULL)
        return FALSE;
      g_ptr_array_add (items, item);
    }
  return TRUE;
}

static GVariant *
piece_to_section (gconstpointer item)
{
  GVariantDict dict;

  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert_value (&dict, "expression", expr_to_section (item));
  return g_variant_dict_end (&dict);
}

static gpointer
piece_from_section (GVariant *section, GError **error)
{
  return read_expression (section, error);
}

static GVariant *
parked_to_section (gconstpointer item)
{
  const OrrParked *parked = item;
  GVariantDict dict;

  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "target", "i", (int) parked->target);
  g_variant_dict_insert_value (&dict, "expression", expr_to_section (parked->expr));
  insert_list (&dict, "tray", parked->tray, piece_to_section);
  insert_list (&dict, "candidates", parked->candidates, candidate_to_section);
  insert_list (&dict, "moves", parked->moves, move_to_section);
  return g_variant_dict_end (&dict);
}

static gpointer
parked_from_section (GVariant *section, GError **error)
{
  g_autoptr (OrrEquations) fresh = orr_equations_new ();
  g_autoptr (OrrParked) parked = g_new0 (OrrParked, 1);

  parked->target = (guint) orr_section_get_int (section, "target", 0);
  parked->tray = g_ptr_array_ref (fresh->tray);
  parked->candidates = g_ptr_array_ref (fresh->candidates);
  parked->moves = g_ptr_array_ref (fresh->moves);
  parked->expr = read_expression (section, error);
  if (parked->expr == NULL || !read_list (section, "tray", parked->tray, piece_from_section, error) ||
      !read_list (section, "candidates", parked->candidates, candidate_from_section, error) ||
      !read_list (section, "moves", parked->moves, move_from_section, error))
    return NULL;
  return g_steal_pointer (&parked);
}

/* The whole --------------------------------------------------------------------------------------- */

/**
 * orr_equations_to_section:
 *
 * Returns: (transfer full): `dataset`, `expression`, `tray`, `forbidden`, `offered`, `candidates`, `moves`, and `parked`
 * of a system
 */
GVariant *
orr_equations_to_section (const OrrEquations *self)
{
  GVariantDict dict;

  g_variant_dict_init (&dict, NULL);
  if (self->dataset != NULL)
    {
      g_autoptr (GVariant) dataset = orr_dataset_to_section (self->dataset);
      g_variant_dict_insert_value (&dict, "dataset", dataset);
    }
  g_variant_dict_insert_value (&dict, "expression", expr_to_section (self->expr));
  g_variant_dict_insert_value (&dict, "forbidden", g_variant_new_strv ((const char *const *) self->forbidden, -1));
  g_variant_dict_insert_value (&dict, "offered",
                               orr_section_new_doubles ((const double *) (gpointer) self->offered->data, self->offered->len));
  insert_list (&dict, "tray", self->tray, piece_to_section);
  insert_list (&dict, "candidates", self->candidates, candidate_to_section);
  insert_list (&dict, "moves", self->moves, move_to_section);
  if (self->parked->len > 0)
    insert_list (&dict, "parked", self->parked, parked_to_section);
  return g_variant_ref_sink (g_variant_dict_end (&dict));
}

/**
 * orr_equations_from_section:
 * @section: of orr_equations_to_section(); an empty one gives the page's first state
 *
 * Returns: (transfer full) (nullable): the equations
 */
OrrEquations *
orr_equations_from_section (GVariant *section, GError **error)
{
  g_autoptr (OrrEquations) self = orr_equations_new ();
  g_autoptr (GVariant) dataset = orr_section_get_child (section, "dataset");
  g_autoptr (GVariant) expression = orr_section_get_child (section, "expression");
  g_autoptr (GVariant) forbidden = orr_section_get_child (section, "forbidden");

  if (dataset != NULL && g_variant_is_of_type (dataset, G_VARIANT_TYPE_VARDICT) &&
      (self->dataset = orr_dataset_from_section (dataset, error)) == NULL)
    return NULL;
  if (expression != NULL)
    {
      OrrExpr *expr = read_expression (section, error);

      if (expr == NULL)
        return NULL;
      orr_expr_unref (self->expr);
      self->expr = expr;
    }
  gsize n_offered;
  g_autofree double *offered = orr_section_dup_doubles (section, "offered", &n_offered);
  if (offered != NULL)
    g_array_append_vals (self->offered, offered, n_offered);
  if (forbidden != NULL && g_variant_is_of_type (forbidden, G_VARIANT_TYPE_STRING_ARRAY))
    {
      g_strfreev (self->forbidden);
      self->forbidden = g_variant_dup_strv (forbidden, NULL);
    }
  if (!read_list (section, "tray", self->tray, piece_from_section, error) ||
      !read_list (section, "candidates", self->candidates, candidate_from_section, error) ||
      !read_list (section, "moves", self->moves, move_from_section, error) ||
      !read_list (section, "parked", self->parked, parked_from_section, error))
    return NULL;
  return g_steal_pointer (&self);
}
