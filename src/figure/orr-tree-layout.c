/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-tree-layout.h"

/* How far a subtree reaches to each side of its root at each depth below it. */
typedef struct
{
  GArray *left;  /* of double, negative or 0 */
  GArray *right; /* of double */
} Contour;

static Contour
contour_new (double half_width)
{
  Contour self = { g_array_new (FALSE, FALSE, sizeof (double)), g_array_new (FALSE, FALSE, sizeof (double)) };
  double left = -half_width;

  g_array_append_val (self.left, left);
  g_array_append_val (self.right, half_width);
  return self;
}

static void
contour_clear (Contour *self)
{
  g_array_unref (self->left);
  g_array_unref (self->right);
}

/* Below its first level @self gets the levels of @child, whose root is at @offset. */
static void
contour_add (Contour *self, const Contour *child, double offset)
{
  for (guint d = 0; d < child->left->len; d++)
    {
      double left = g_array_index (child->left, double, d) + offset;
      double right = g_array_index (child->right, double, d) + offset;

      if (d + 1 < self->left->len)
        {
          /* The first child wins on the left, the second on the right. */
          g_array_index (self->right, double, d + 1) = right;
          continue;
        }
      g_array_append_val (self->left, left);
      g_array_append_val (self->right, right);
    }
}

/* How far apart two subtrees' roots must be for a gap at every level. */
static double
separation (const Contour *a, const Contour *b, double gap)
{
  double apart = 0.0;

  for (guint d = 0; d < MIN (a->left->len, b->left->len); d++)
    apart = MAX (apart, g_array_index (a->right, double, d) - g_array_index (b->left, double, d) + gap);
  return apart;
}

/* Places the subtree with its root at 0: positions' x are relative to the parent's until resolve(). */
static Contour
place (const OrrExpr *expr, guint node, const double *widths, double gap, double *positions)
{
  Contour self = contour_new (0.5 * widths[node]);
  guint arity = orr_expr_op_arity (expr->nodes[node].op);
  Contour children[2];

  for (guint k = 0; k < arity; k++)
    children[k] = place (expr, orr_expr_operand (expr, node, k), widths, gap, positions);
  if (arity == 1)
    {
      positions[2 * orr_expr_operand (expr, node, 0)] = 0.0;
      contour_add (&self, &children[0], 0.0);
    }
  else if (arity == 2)
    {
      double half = 0.5 * separation (&children[0], &children[1], gap);

      positions[2 * orr_expr_operand (expr, node, 0)] = -half;
      positions[2 * orr_expr_operand (expr, node, 1)] = half;
      contour_add (&self, &children[0], -half);
      contour_add (&self, &children[1], half);
    }
  for (guint k = 0; k < arity; k++)
    contour_clear (&children[k]);
  return self;
}

static void
resolve (const OrrExpr *expr, guint node, double x, guint depth, double level, double *positions)
{
  x += positions[2 * node];
  positions[2 * node] = x;
  positions[2 * node + 1] = depth * level;
  for (guint k = 0; k < orr_expr_op_arity (expr->nodes[node].op); k++)
    resolve (expr, orr_expr_operand (expr, node, k), x, depth + 1, level, positions);
}

/**
 * orr_tree_layout:
 * @widths: [n_nodes] of the nodes as drawn
 * @gap: between neighbours of one level
 * @level: from one level to the next
 * @positions: (out caller-allocates): [n_nodes x 2] the nodes' middles, the root's at (0, 0), y down
 *
 * The tidy drawing of Reingold and Tilford (1981): parents stand over the
 * middle of their operands, subtrees are as close as their outlines allow, and
 * equal subtrees look alike wherever they are.
 */
void
orr_tree_layout (const OrrExpr *expr, const double *widths, double gap, double level, double *positions)
{
  Contour contour;

  g_return_if_fail (expr != NULL && widths != NULL && positions != NULL);
  positions[0] = 0.0;
  contour = place (expr, 0, widths, gap, positions);
  contour_clear (&contour);
  resolve (expr, 0, 0.0, 0, level, positions);
}
