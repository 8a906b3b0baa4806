/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-expr.h"

#include <math.h>
#include <string.h>

static OrrExpr *
alloc (guint n_nodes)
{
  OrrExpr *self = g_atomic_rc_box_alloc (sizeof (OrrExpr) + n_nodes * sizeof (OrrExprNode));

  self->n_nodes = n_nodes;
  return self;
}

/* Fills in the subtree sizes from the back; FALSE when the nodes are not exactly one tree. */
static gboolean
set_sizes (OrrExprNode *nodes, guint n_nodes)
{
  for (guint i = n_nodes; i-- > 0;)
    {
      guint end = i + 1;

      for (guint k = 0; k < orr_expr_op_arity (nodes[i].op); k++)
        {
          if (end >= n_nodes)
            return FALSE;
          end += nodes[end].size;
        }
      nodes[i].size = end - i;
    }
  return n_nodes > 0 && nodes[0].size == n_nodes;
}

/* Gives every node that has no id yet, or one that was there before, a fresh one. */
static void
set_ids (OrrExprNode *nodes, guint n_nodes)
{
  guint32 last = 0;

  for (guint i = 0; i < n_nodes; i++)
    last = MAX (last, nodes[i].id);
  for (guint i = 0; i < n_nodes; i++)
    if (nodes[i].id == 0)
      nodes[i].id = ++last;
}

/**
 * orr_expr_new:
 * @nodes: (array length=n_nodes): in preorder; sizes are computed, an id of 0
 *   asks for a fresh one
 *
 * Returns: (transfer full) (nullable): the tree, or %NULL when the nodes are
 * not exactly one whole tree
 */
OrrExpr *
orr_expr_new (const OrrExprNode *nodes, guint n_nodes)
{
  g_return_val_if_fail (n_nodes > 0 && n_nodes <= ORR_EXPR_MAX_NODES, NULL);

  g_autoptr (OrrExpr) self = alloc (n_nodes);
  memcpy (self->nodes, nodes, n_nodes * sizeof (OrrExprNode));
  if (!set_sizes (self->nodes, n_nodes))
    return NULL;
  set_ids (self->nodes, n_nodes);
  return g_steal_pointer (&self);
}

/**
 * orr_expr_new_leaf:
 * @index: the variable, from 0
 * @value: of the number or constant
 *
 * Returns: (transfer full): a tree of one leaf
 */
OrrExpr *
orr_expr_new_leaf (OrrExprOp op, guint index, double value)
{
  OrrExprNode node = orr_expr_node (op, index, value);

  g_return_val_if_fail (orr_expr_op_arity (op) == 0, NULL);
  return orr_expr_new (&node, 1);
}

/* Appends a copy of @part with fresh ids. */
static guint
append_anew (OrrExprNode *nodes, guint at, const OrrExprNode *part, guint n)
{
  memcpy (nodes + at, part, n * sizeof (OrrExprNode));
  for (guint i = 0; i < n; i++)
    nodes[at + i].id = 0;
  return at + n;
}

/**
 * orr_expr_new_operator:
 * @b: (nullable): the second operand of a binary operator
 *
 * Returns: (transfer full): @op applied to copies of its operands
 */
OrrExpr *
orr_expr_new_operator (OrrExprOp op, const OrrExpr *a, const OrrExpr *b)
{
  g_return_val_if_fail (orr_expr_op_arity (op) == (b != NULL ? 2 : 1), NULL);

  guint n = 1 + a->n_nodes + (b != NULL ? b->n_nodes : 0);
  g_autofree OrrExprNode *nodes = g_new (OrrExprNode, n);
  nodes[0] = orr_expr_node (op, 0, 0.0);
  guint at = append_anew (nodes, 1, a->nodes, a->n_nodes);
  if (b != NULL)
    append_anew (nodes, at, b->nodes, b->n_nodes);
  return orr_expr_new (nodes, n);
}

OrrExpr *
orr_expr_ref (OrrExpr *self)
{
  return g_atomic_rc_box_acquire (self);
}

void
orr_expr_unref (OrrExpr *self)
{
  if (self != NULL)
    g_atomic_rc_box_release (self);
}

/* How many nodes are @op. */
guint
orr_expr_count (const OrrExpr *self, OrrExprOp op)
{
  guint count = 0;

  for (guint i = 0; i < self->n_nodes; i++)
    count += self->nodes[i].op == op;
  return count;
}

/* One more than the highest variable's index: how many columns an evaluation needs. */
guint
orr_expr_n_variables (const OrrExpr *self)
{
  guint n = 0;

  for (guint i = 0; i < self->n_nodes; i++)
    if (self->nodes[i].op == ORR_EXPR_OP_VARIABLE)
      n = MAX (n, self->nodes[i].index + 1u);
  return n;
}

/**
 * orr_expr_constant_slots:
 * @slots: (out) (array) (nullable): [n_nodes], for every free constant the
 *   number of its slot in the list of constants
 *
 * Constants are listed in preorder; those that share a label share a slot, and
 * those whose value is locked have none (theirs in @slots are left as they were).
 *
 * Returns: the number of free constants to fit
 */
guint
orr_expr_constant_slots (const OrrExpr *self, guint *slots)
{
  g_autofree guint16 *labels = g_new (guint16, self->n_nodes);
  guint n = 0;

  for (guint i = 0; i < self->n_nodes; i++)
    {
      guint16 label = self->nodes[i].index;
      guint slot = 0;

      if (!orr_expr_is_free (&self->nodes[i]))
        continue;
      while (slot < n && (label == 0 || labels[slot] != label))
        slot++;
      if (slot == n)
        labels[n++] = label;
      if (slots != NULL)
        slots[i] = slot;
    }
  return n;
}

/**
 * orr_expr_complexity:
 *
 * Returns: the sum of the nodes' weights: 1 for leaves and arithmetic, 2 for
 * powers and everyday functions, 3 for the rarer ones; a number that is not a
 * small integer counts 2
 */
guint
orr_expr_complexity (const OrrExpr *self)
{
  guint sum = 0;

  for (guint i = 0; i < self->n_nodes; i++)
    {
      const OrrExprNode *node = &self->nodes[i];
      gboolean odd = node->op == ORR_EXPR_OP_NUMBER && (node->value != rint (node->value) || fabs (node->value) > 10.0);
      sum += orr_expr_ops[node->op].weight + odd;
    }
  return sum;
}

static gboolean
node_equal (const OrrExprNode *a, const OrrExprNode *b)
{
  if (a->op != b->op)
    return FALSE;
  switch (a->op)
    {
    case ORR_EXPR_OP_NUMBER:
      return a->value == b->value;
    case ORR_EXPR_OP_VARIABLE:
    case ORR_EXPR_OP_CONSTANT:
      return a->index == b->index;
    default:
      return TRUE;
    }
}

/* Whether both are the same tree; ids, locks and the values of free constants do not count. */
gboolean
orr_expr_equal (const OrrExpr *self, const OrrExpr *other)
{
  if (self->n_nodes != other->n_nodes)
    return FALSE;
  for (guint i = 0; i < self->n_nodes; i++)
    if (!node_equal (&self->nodes[i], &other->nodes[i]))
      return FALSE;
  return TRUE;
}

static guint64
mix (guint64 hash, guint64 value)
{
  hash = (hash ^ value) * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
  return hash ^ (hash >> 29);
}

/* A hash that agrees with orr_expr_equal(), the same on every machine. */
guint64
orr_expr_hash (const OrrExpr *self)
{
  guint64 hash = self->n_nodes;

  for (guint i = 0; i < self->n_nodes; i++)
    {
      const OrrExprNode *node = &self->nodes[i];
      guint64 bits = node->index;

      if (node->op == ORR_EXPR_OP_NUMBER)
        {
          double value = node->value + 0.0;
          memcpy (&bits, &value, sizeof bits);
        }
      hash = mix (hash, node->op);
      hash = mix (hash, bits);
    }
  return hash;
}

/* Position of the node called @id, or -1. */
int
orr_expr_find (const OrrExpr *self, guint32 id)
{
  for (guint i = 0; i < self->n_nodes; i++)
    if (self->nodes[i].id == id)
      return i;
  return -1;
}

/* Position of the operator that has @position as an operand, or -1 for the root. */
int
orr_expr_parent (const OrrExpr *self, guint position)
{
  for (guint i = position; i-- > 0;)
    if (i + self->nodes[i].size > position)
      return i;
  return -1;
}

/* (transfer full): the subtree at @position, with its ids, as a tree of its own. */
OrrExpr *
orr_expr_subtree (const OrrExpr *self, guint position)
{
  g_return_val_if_fail (position < self->n_nodes, NULL);
  return orr_expr_new (self->nodes + position, self->nodes[position].size);
}

/**
 * orr_expr_replace:
 * @with: what stands there instead; its nodes get fresh ids
 *
 * Returns: (transfer full) (nullable): a copy with the subtree at @position
 * replaced, everything else keeping its ids; %NULL when it would grow too large
 */
OrrExpr *
orr_expr_replace (const OrrExpr *self, guint position, const OrrExpr *with)
{
  g_return_val_if_fail (position < self->n_nodes, NULL);

  guint after = position + self->nodes[position].size;
  guint n = self->n_nodes - self->nodes[position].size + with->n_nodes;
  if (n > ORR_EXPR_MAX_NODES)
    return NULL;

  g_autofree OrrExprNode *nodes = g_new (OrrExprNode, n);
  memcpy (nodes, self->nodes, position * sizeof (OrrExprNode));
  guint at = append_anew (nodes, position, with->nodes, with->n_nodes);
  memcpy (nodes + at, self->nodes + after, (self->n_nodes - after) * sizeof (OrrExprNode));

  /* Fresh ids continue after the highest one ever seen here, so that none comes back. */
  guint32 last = 0;
  for (guint i = 0; i < self->n_nodes; i++)
    last = MAX (last, self->nodes[i].id);
  for (guint i = position; i < at; i++)
    nodes[i].id = ++last;
  return orr_expr_new (nodes, n);
}

/**
 * orr_expr_set_operator:
 * @op: an operator of the table
 *
 * Returns: (transfer full): a copy in which the node at @position is @op. It
 * keeps its id and as many operands as it can; missing ones are placeholders.
 */
OrrExpr *
orr_expr_set_operator (const OrrExpr *self, guint position, OrrExprOp op)
{
  g_return_val_if_fail (position < self->n_nodes && orr_expr_op_arity (op) > 0, NULL);

  const OrrExprNode *old = &self->nodes[position];
  guint had = orr_expr_op_arity (old->op), wants = orr_expr_op_arity (op);
  g_autofree OrrExprNode *nodes = g_new (OrrExprNode, self->n_nodes + 2);
  guint at = position + 1;

  memcpy (nodes, self->nodes, at * sizeof (OrrExprNode));
  nodes[position].op = op;
  for (guint k = 0; k < wants; k++)
    if (k < had)
      {
        guint from = orr_expr_operand (self, position, k);
        memcpy (nodes + at, self->nodes + from, self->nodes[from].size * sizeof (OrrExprNode));
        at += self->nodes[from].size;
      }
    else
      nodes[at++] = orr_expr_node (ORR_EXPR_OP_PLACEHOLDER, 0, 0.0);

  guint after = position + old->size;
  memcpy (nodes + at, self->nodes + after, (self->n_nodes - after) * sizeof (OrrExprNode));
  return orr_expr_new (nodes, at + self->n_nodes - after);
}

/**
 * orr_expr_wrap:
 *
 * Returns: (transfer full): a copy with @op put above the node at @position,
 * which becomes its first operand; a second one is a placeholder
 */
OrrExpr *
orr_expr_wrap (const OrrExpr *self, guint position, OrrExprOp op)
{
  g_return_val_if_fail (position < self->n_nodes && orr_expr_op_arity (op) > 0, NULL);

  g_autofree OrrExprNode *nodes = g_new (OrrExprNode, self->n_nodes + 2);
  guint size = self->nodes[position].size, after = position + size;
  guint at = position;

  memcpy (nodes, self->nodes, position * sizeof (OrrExprNode));
  nodes[at++] = orr_expr_node (op, 0, 0.0);
  memcpy (nodes + at, self->nodes + position, size * sizeof (OrrExprNode));
  at += size;
  if (orr_expr_op_arity (op) == 2)
    nodes[at++] = orr_expr_node (ORR_EXPR_OP_PLACEHOLDER, 0, 0.0);
  memcpy (nodes + at, self->nodes + after, (self->n_nodes - after) * sizeof (OrrExprNode));
  return orr_expr_new (nodes, at + self->n_nodes - after);
}

/* (transfer full): a copy in which the operator at @position gives way to its first operand. */
OrrExpr *
orr_expr_unwrap (const OrrExpr *self, guint position)
{
  g_return_val_if_fail (position < self->n_nodes && orr_expr_op_arity (self->nodes[position].op) > 0, NULL);

  guint operand = position + 1, kept = self->nodes[operand].size;
  guint after = position + self->nodes[position].size;
  g_autofree OrrExprNode *nodes = g_new (OrrExprNode, self->n_nodes);

  memcpy (nodes, self->nodes, position * sizeof (OrrExprNode));
  memcpy (nodes + position, self->nodes + operand, kept * sizeof (OrrExprNode));
  memcpy (nodes + position + kept, self->nodes + after, (self->n_nodes - after) * sizeof (OrrExprNode));
  return orr_expr_new (nodes, position + kept + self->n_nodes - after);
}

static OrrExpr *
copy (const OrrExpr *self)
{
  OrrExpr *result = alloc (self->n_nodes);

  memcpy (result->nodes, self->nodes, self->n_nodes * sizeof (OrrExprNode));
  return result;
}

/* A constant that was fitted or given a value: worth keeping when its subtree is locked. */
static gboolean
has_own_value (const OrrExprNode *node)
{
  return isfinite (node->standard_error) || node->value != 1.0;
}

/**
 * orr_expr_set_locked:
 *
 * A constant that is locked keeps its value. In a whole subtree that holds for those
 * that have a value of their own; new ones stay free to be fitted, in their place.
 *
 * Returns: (transfer full): a copy with the node at @position, or its whole
 * subtree, locked or free
 */
OrrExpr *
orr_expr_set_locked (const OrrExpr *self, guint position, gboolean locked, gboolean whole_subtree)
{
  g_return_val_if_fail (position < self->n_nodes, NULL);

  OrrExpr *result = copy (self);
  guint n = whole_subtree ? self->nodes[position].size : 1;
  for (guint i = 0; i < n; i++)
    {
      OrrExprNode *node = &result->nodes[position + i];
      gboolean value = node->op == ORR_EXPR_OP_CONSTANT && (!whole_subtree || has_own_value (node));

      node->locked = !locked ? ORR_EXPR_LOCK_NONE : value ? ORR_EXPR_LOCK_VALUE : ORR_EXPR_LOCK_NODE;
      for (guint k = 0; node->op == ORR_EXPR_OP_CONSTANT && node->index > 0 && k < self->n_nodes; k++)
        if (self->nodes[k].op == ORR_EXPR_OP_CONSTANT && self->nodes[k].index == node->index)
          result->nodes[k].locked = node->locked;
    }
  return result;
}

/* Whether constants a and b are one and the same. */
static gboolean
is_same_constant (const OrrExpr *self, guint a, guint b)
{
  return a == b || (self->nodes[a].op == ORR_EXPR_OP_CONSTANT && self->nodes[b].op == ORR_EXPR_OP_CONSTANT &&
                    self->nodes[a].index > 0 && self->nodes[a].index == self->nodes[b].index);
}

/* (transfer full): a copy in which the constant at @position (and those that share its label) stays within
 * [@minimum, @maximum]. */
OrrExpr *
orr_expr_set_range (const OrrExpr *self, guint position, double minimum, double maximum)
{
  g_return_val_if_fail (position < self->n_nodes && minimum <= maximum, NULL);

  OrrExpr *result = copy (self);
  for (guint i = 0; i < self->n_nodes; i++)
    if (is_same_constant (self, position, i))
      {
        result->nodes[i].minimum = minimum;
        result->nodes[i].maximum = maximum;
        if (!isnan (self->nodes[i].value))
          result->nodes[i].value = CLAMP (self->nodes[i].value, minimum, maximum);
      }
  return result;
}

/**
 * orr_expr_set_constant:
 * @position: of a constant or a number
 * @value: kept within the constant's range
 *
 * Returns: (transfer full): a copy in which it, and the constants that share its
 * label, hold @value; the standard errors of all constants belonged to the fit
 * and are gone
 */
OrrExpr *
orr_expr_set_constant (const OrrExpr *self, guint position, double value)
{
  g_return_val_if_fail (position < self->n_nodes, NULL);

  OrrExpr *result = copy (self);
  for (guint i = 0; i < self->n_nodes; i++)
    {
      if (is_same_constant (self, position, i))
        result->nodes[i].value = CLAMP (value, self->nodes[i].minimum, self->nodes[i].maximum);
      result->nodes[i].standard_error = NAN;
    }
  return result;
}

static gboolean
equal_parts (const OrrExprNode *a, const OrrExprNode *b)
{
  gboolean equal = a->size == b->size;

  for (guint i = 0; equal && i < a->size; i++)
    equal = node_equal (a + i, b + i);
  return equal;
}

static void
adopt (OrrExprNode *nodes, guint at, const OrrExpr *old, guint was)
{
  guint arity = orr_expr_op_arity (nodes[at].op);

  if (equal_parts (nodes + at, old->nodes + was))
    {
      memcpy (nodes + at, old->nodes + was, nodes[at].size * sizeof (OrrExprNode));
      return;
    }
  if (nodes[at].op != old->nodes[was].op)
    return;
  nodes[at].id = old->nodes[was].id;
  nodes[at].locked = old->nodes[was].locked;
  for (guint k = 0, a = at + 1, b = was + 1; k < arity; k++)
    {
      adopt (nodes, a, old, b);
      a += nodes[a].size;
      b += old->nodes[b].size;
    }
}

/**
 * orr_expr_adopt:
 * @old: what @self was typed from
 *
 * Returns: (transfer full): @self with identities, locks, values and ranges of
 * what it has in common with @old, in the same places
 */
OrrExpr *
orr_expr_adopt (const OrrExpr *self, const OrrExpr *old)
{
  g_autofree OrrExprNode *nodes = g_memdup2 (self->nodes, self->n_nodes * sizeof (OrrExprNode));
  guint32 last = 0;

  for (guint i = 0; i < self->n_nodes; i++)
    nodes[i].id = 0;
  adopt (nodes, 0, old, 0);
  /* What is new gets no identity that a node of the old tree had. */
  for (guint i = 0; i < old->n_nodes; i++)
    last = MAX (last, old->nodes[i].id);
  for (guint i = 0; i < self->n_nodes; i++)
    if (nodes[i].id == 0)
      nodes[i].id = ++last;
  return orr_expr_new (nodes, self->n_nodes);
}

/**
 * orr_expr_set_constants:
 * @values: (array): one a slot, see orr_expr_constant_slots()
 * @standard_errors: (array) (nullable): one a slot
 *
 * Returns: (transfer full): a copy with these values in its free constants
 */
OrrExpr *
orr_expr_set_constants (const OrrExpr *self, const double *values, const double *standard_errors)
{
  OrrExpr *result = copy (self);
  g_autofree guint *slots = g_new0 (guint, self->n_nodes);

  orr_expr_constant_slots (self, slots);
  for (guint i = 0; i < self->n_nodes; i++)
    if (orr_expr_is_free (&self->nodes[i]))
      {
        result->nodes[i].value = values[slots[i]];
        result->nodes[i].standard_error = standard_errors != NULL ? standard_errors[slots[i]] : NAN;
      }
  return result;
}

/* (transfer full): a copy in which every free constant is the number it now holds. */
OrrExpr *
orr_expr_fix_constants (const OrrExpr *self)
{
  OrrExpr *result = copy (self);

  for (guint i = 0; i < self->n_nodes; i++)
    if (self->nodes[i].op == ORR_EXPR_OP_CONSTANT)
      {
        result->nodes[i].op = ORR_EXPR_OP_NUMBER;
        result->nodes[i].index = 0;
      }
  return result;
}
