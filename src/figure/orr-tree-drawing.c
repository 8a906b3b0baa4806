/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-tree-drawing.h"

#include <math.h>
#include <pango/pangocairo.h>

#include "orr-formula.h"
#include "orr-tree-layout.h"

#define HEIGHT ORR_TREE_NODE_HEIGHT
#define MIN_WIDTH 64.0
#define CHAR_WIDTH 9.0
#define PADDING 30.0
#define GAP 22.0
#define TEXT_SIZE 15.0
/* Pixels beside an edge that still count as on it. */
#define EDGE_TOLERANCE 11.0

/**
 * orr_tree_name_operator:
 *
 * Returns: how an operator is written on a node and in the palette
 */
const char *
orr_tree_name_operator (OrrExprOp op)
{
  switch (op)
    {
    case ORR_EXPR_OP_ADD:
      return "+";
    case ORR_EXPR_OP_SUB:
    case ORR_EXPR_OP_NEG:
      return "−";
    case ORR_EXPR_OP_MUL:
      return "×";
    case ORR_EXPR_OP_DIV:
      return "÷";
    case ORR_EXPR_OP_POW:
      return "xʸ";
    case ORR_EXPR_OP_SQRT:
      return "√";
    default:
      return orr_expr_ops[op].name;
    }
}

/* A standard error at the level of rounding says only that the data are exact. */
static gboolean
is_worth_telling (const OrrExprNode *node)
{
  return !isnan (node->standard_error) && node->standard_error > 1e-10 * fabs (node->value);
}

static char *
name_node (const OrrExprNode *node, const char *const *names, guint n_names)
{
  if (orr_expr_op_arity (node->op) > 0)
    return g_strdup (orr_tree_name_operator (node->op));
  if (node->op == ORR_EXPR_OP_CONSTANT && is_worth_telling (node))
    {
      g_autofree char *value = orr_formula_name_leaf (node, names, n_names);

      return g_strdup_printf ("%s ± %.2g", value, node->standard_error);
    }
  return orr_formula_name_leaf (node, names, n_names);
}

/**
 * orr_tree_geometry_new:
 * @names: (nullable): [n_names] of the variables
 */
OrrTreeGeometry *
orr_tree_geometry_new (OrrExpr *expr, const char *const *names, guint n_names)
{
  OrrTreeGeometry *self = g_new0 (OrrTreeGeometry, 1);
  guint n = expr->n_nodes;

  self->expr = orr_expr_ref (expr);
  self->labels = g_new0 (char *, n + 1);
  self->widths = g_new (double, n);
  self->positions = g_new (double, 2 * n);
  for (guint i = 0; i < n; i++)
    {
      self->labels[i] = name_node (expr->nodes + i, names, n_names);
      self->widths[i] = fmax (MIN_WIDTH, PADDING + CHAR_WIDTH * g_utf8_strlen (self->labels[i], -1));
    }
  orr_tree_layout (expr, self->widths, GAP, ORR_TREE_LEVEL, self->positions);
  return self;
}

/**
 * orr_tree_geometry_shows:
 * @names: (nullable): [n_names] of the variables
 *
 * Returns: whether it is of @expr, and calls everything by these names
 */
gboolean
orr_tree_geometry_shows (const OrrTreeGeometry *self, const OrrExpr *expr, const char *const *names, guint n_names)
{
  if (self->expr != expr)
    return FALSE;
  for (guint i = 0; i < expr->n_nodes; i++)
    {
      g_autofree char *label = name_node (&expr->nodes[i], names, n_names);

      if (!g_str_equal (label, self->labels[i]))
        return FALSE;
    }
  return TRUE;
}

void
orr_tree_geometry_free (OrrTreeGeometry *self)
{
  if (self == NULL)
    return;
  orr_expr_unref (self->expr);
  g_strfreev (self->labels);
  g_free (self->widths);
  g_free (self->positions);
  g_free (self);
}

void
orr_tree_geometry_bounds (const OrrTreeGeometry *self, double *x, double *y, double *width, double *height)
{
  double left = 0.0, right = 0.0, bottom = 0.0;

  for (guint i = 0; i < self->expr->n_nodes; i++)
    {
      left = fmin (left, self->positions[2 * i] - 0.5 * self->widths[i]);
      right = fmax (right, self->positions[2 * i] + 0.5 * self->widths[i]);
      bottom = fmax (bottom, self->positions[2 * i + 1]);
    }
  *x = left;
  *y = -0.5 * HEIGHT;
  *width = right - left;
  *height = bottom + HEIGHT;
}

static double
distance_to_segment (double x, double y, double x0, double y0, double x1, double y1)
{
  double dx = x1 - x0, dy = y1 - y0;
  double t = CLAMP (((x - x0) * dx + (y - y0) * dy) / fmax (dx * dx + dy * dy, 1e-9), 0.0, 1.0);

  return hypot (x - x0 - t * dx, y - y0 - t * dy);
}

/**
 * orr_tree_geometry_hit:
 *
 * Returns: the node at a point, else the edge near it
 */
OrrTreeHit
orr_tree_geometry_hit (const OrrTreeGeometry *self, double x, double y)
{
  const double *p = self->positions;
  OrrTreeHit hit = { ORR_TREE_PART_NONE, -1 };
  double nearest = EDGE_TOLERANCE;

  for (guint i = 0; i < self->expr->n_nodes; i++)
    if (fabs (x - p[2 * i]) <= 0.5 * self->widths[i] && fabs (y - p[2 * i + 1]) <= 0.5 * HEIGHT)
      return (OrrTreeHit) { ORR_TREE_PART_NODE, (int) i };
  for (guint i = 0; i < self->expr->n_nodes; i++)
    for (guint k = 0; k < orr_expr_op_arity (self->expr->nodes[i].op); k++)
      {
        guint child = orr_expr_operand (self->expr, i, k);
        double distance = distance_to_segment (x, y, p[2 * i], p[2 * i + 1], p[2 * child], p[2 * child + 1]);

        if (distance < nearest)
          {
            nearest = distance;
            hit = (OrrTreeHit) { ORR_TREE_PART_EDGE, (int) child };
          }
      }
  return hit;
}

static void
set_colour (cairo_t *cr, guint32 rgb, double alpha)
{
  cairo_set_source_rgba (cr, orr_colour_red (rgb), orr_colour_green (rgb), orr_colour_blue (rgb), alpha);
}

static void
pill (cairo_t *cr, double x, double y, double width, double height)
{
  double radius = 0.45 * height, left = x - 0.5 * width, top = y - 0.5 * height;

  cairo_new_sub_path (cr);
  cairo_arc (cr, left + width - radius, top + radius, radius, -G_PI_2, 0.0);
  cairo_arc (cr, left + width - radius, top + height - radius, radius, 0.0, G_PI_2);
  cairo_arc (cr, left + radius, top + height - radius, radius, G_PI_2, G_PI);
  cairo_arc (cr, left + radius, top + radius, radius, G_PI, 1.5 * G_PI);
  cairo_close_path (cr);
}

static void
paint_lock (cairo_t *cr, double x, double y, double size)
{
  cairo_set_line_width (cr, 0.16 * size);
  cairo_arc (cr, x, y - 0.08 * size, 0.25 * size, G_PI, 0.0);
  cairo_stroke (cr);
  cairo_rectangle (cr, x - 0.38 * size, y - 0.08 * size, 0.76 * size, 0.55 * size);
  cairo_fill (cr);
}

static void
paint_label (cairo_t *cr, PangoLayout *layout, const OrrExprNode *node, const char *label, double x, double y)
{
  PangoRectangle logical;
  const char *subscript = g_strrstr (label, "_");

  if (node->op == ORR_EXPR_OP_VARIABLE && subscript != NULL && subscript != label && subscript[1] != '\0')
    {
      g_autofree char *name = g_strndup (label, subscript - label);
      g_autofree char *markup = g_markup_printf_escaped ("%s<sub>%s</sub>", name, subscript + 1);

      pango_layout_set_markup (layout, markup, -1);
    }
  else
    {
      pango_layout_set_attributes (layout, NULL);
      pango_layout_set_text (layout, label, -1);
    }
  pango_layout_get_pixel_extents (layout, NULL, &logical);
  cairo_move_to (cr, x - 0.5 * logical.width, y - 0.5 * logical.height);
  pango_cairo_show_layout (cr, layout);
  cairo_new_path (cr);
}

static gboolean
is_lifted (const OrrExpr *expr, const OrrTreeStyle *style, guint node)
{
  return style->lifted >= 0 && (int) node >= style->lifted &&
         node < style->lifted + expr->nodes[style->lifted].size;
}

static gboolean
is_faint (const OrrTreeStyle *style, guint node)
{
  return style->faint != NULL && style->faint[node];
}

static void
paint_edges (cairo_t *cr, const OrrExpr *expr, const double *p, const OrrTreeStyle *style)
{
  for (guint i = 0; i < expr->n_nodes; i++)
    for (guint k = 0; k < orr_expr_op_arity (expr->nodes[i].op); k++)
      {
        guint child = orr_expr_operand (expr, i, k);
        gboolean target = style->target.part == ORR_TREE_PART_EDGE && style->target.node == (int) child;

        set_colour (cr, target ? style->accent : orr_colour_mix (style->foreground, style->background, 0.5),
                    is_lifted (expr, style, child) || is_faint (style, child) ? 0.35 : 1.0);
        cairo_set_line_width (cr, target ? 4.0 : 1.8);
        cairo_move_to (cr, p[2 * i], p[2 * i + 1]);
        cairo_line_to (cr, p[2 * child], p[2 * child + 1]);
        cairo_stroke (cr);
        if (target)
          {
            cairo_arc (cr, 0.5 * (p[2 * i] + p[2 * child]), 0.5 * (p[2 * i + 1] + p[2 * child + 1]), 8.0, 0.0,
                       2.0 * G_PI);
            cairo_fill (cr);
          }
      }
}

static void
paint_node (cairo_t *cr, PangoLayout *layout, const OrrTreeGeometry *geometry, const double *p,
            const OrrTreeStyle *style, guint i)
{
  static const double dashes[] = { 5.0, 4.0 };
  const OrrExprNode *node = geometry->expr->nodes + i;
  double x = p[2 * i], y = p[2 * i + 1], width = geometry->widths[i];
  gboolean open = node->op == ORR_EXPR_OP_PLACEHOLDER, selected = style->selected == (int) i;
  gboolean target = style->target.part == ORR_TREE_PART_NODE && style->target.node == (int) i;
  gboolean faint = is_faint (style, i);
  double alpha = is_lifted (geometry->expr, style, i) ? 0.35 : faint ? 0.6 : 1.0;
  guint32 line = open || selected || target || faint ? style->accent : style->foreground, fill = style->node;

  if (target || style->hovered == (int) i)
    {
      set_colour (cr, style->accent, target ? 0.35 : 0.15);
      pill (cr, x, y, width + 10.0, HEIGHT + 10.0);
      cairo_fill (cr);
    }
  if (selected && style->focused)
    {
      set_colour (cr, style->accent, 0.5);
      cairo_set_line_width (cr, 2.0);
      pill (cr, x, y, width + 9.0, HEIGHT + 9.0);
      cairo_stroke (cr);
    }
  if (node->locked)
    fill = orr_colour_mix (fill, style->foreground, 0.12);
  if (open || selected || target)
    fill = orr_colour_mix (fill, style->accent, open && !selected ? 0.08 : 0.14);
  pill (cr, x, y, width, HEIGHT);
  set_colour (cr, fill, 1.0);
  cairo_fill_preserve (cr);
  set_colour (cr, line, alpha);
  cairo_set_line_width (cr, selected || target ? 2.6 : node->locked ? 2.2 : 1.6);
  if (open || faint)
    cairo_set_dash (cr, dashes, 2, 0.0);
  cairo_stroke (cr);
  cairo_set_dash (cr, NULL, 0, 0.0);
  set_colour (cr, open || faint ? style->accent : style->foreground, alpha);
  paint_label (cr, layout, node, geometry->labels[i], x, y);
  if (node->locked)
    {
      set_colour (cr, orr_colour_mix (style->foreground, style->background, 0.2), alpha);
      paint_lock (cr, x + 0.5 * width - 2.0, y - 0.5 * HEIGHT - 1.0, 17.0);
    }
}

/**
 * orr_tree_draw:
 * @positions: (nullable): [n_nodes x 2] where the nodes are just now, %NULL: at rest
 *
 * Draws the tree in its own coordinates: the caller has set the transformation.
 */
void
orr_tree_draw (cairo_t *cr, const OrrTreeGeometry *geometry, const double *positions,
               const OrrTreeStyle *style)
{
  PangoLayout *layout = pango_cairo_create_layout (cr);
  PangoFontDescription *font = pango_font_description_new ();

  if (positions == NULL)
    positions = geometry->positions;
  pango_font_description_set_family (font, style->family != NULL ? style->family : "Sans");
  pango_font_description_set_absolute_size (font, TEXT_SIZE * PANGO_SCALE);
  pango_layout_set_font_description (layout, font);
  pango_font_description_free (font);
  cairo_save (cr);
  paint_edges (cr, geometry->expr, positions, style);
  for (guint i = 0; i < geometry->expr->n_nodes; i++)
    paint_node (cr, layout, geometry, positions, style, i);
  cairo_restore (cr);
  g_object_unref (layout);
}
