/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-formula.h"

#include <math.h>
#include <pango/pangocairo.h>
#include <string.h>

#include "orr-expr-print.h"

#define SMALLER 0.72
#define SMALLEST 7.0

/* How tightly a part holds together. */
enum
{
  SUM = 1,
  PRODUCT,
  SIGN,
  POWER,
  CLOSED,
};

typedef struct
{
  cairo_t *cr;
  const OrrExpr *expr;
  const OrrFormulaStyle *style;
  PangoLayout *layout;
  gboolean ink; /* else only measured */
  guint8 *bare; /* [n_nodes] 1 for those whose minus stands before their term */
} Writer;

typedef struct
{
  double width, ascent, descent;
} Size;

static Size write_part (Writer *self, guint position, double size, int outer, double x, double y,
                        guint32 colour);

static void
extend (Size *size, Size more)
{
  size->width += more.width;
  size->ascent = fmax (size->ascent, more.ascent);
  size->descent = fmax (size->descent, more.descent);
}

static Size
write_text (Writer *self, const char *text, double size, gboolean italic, double x, double y, guint32 colour)
{
  PangoFontDescription *font = pango_font_description_new ();
  PangoRectangle logical;
  double baseline;

  pango_font_description_set_family (font, self->style->family != NULL ? self->style->family : "Serif");
  pango_font_description_set_style (font, italic ? PANGO_STYLE_ITALIC : PANGO_STYLE_NORMAL);
  pango_font_description_set_absolute_size (font, size * PANGO_SCALE);
  pango_layout_set_font_description (self->layout, font);
  pango_layout_set_text (self->layout, text, -1);
  pango_font_description_free (font);
  pango_layout_get_extents (self->layout, NULL, &logical);
  baseline = (double) pango_layout_get_baseline (self->layout) / PANGO_SCALE;
  if (self->ink)
    {
      cairo_set_source_rgb (self->cr, orr_colour_red (colour), orr_colour_green (colour),
                            orr_colour_blue (colour));
      cairo_move_to (self->cr, x, y - baseline);
      pango_cairo_show_layout (self->cr, self->layout);
      cairo_new_path (self->cr);
    }
  return (Size) { (double) logical.width / PANGO_SCALE, 0.78 * size, 0.22 * size };
}

/**
 * orr_formula_name_leaf:
 *
 * Returns: (transfer full): what is written for a leaf; the part behind a first
 *   "_" is meant as a subscript
 */
char *
orr_formula_name_leaf (const OrrExprNode *node, const char *const *names, guint n_names)
{
  switch (node->op)
    {
    case ORR_EXPR_OP_PLACEHOLDER:
      return g_strdup ("?");
    case ORR_EXPR_OP_VARIABLE:
      return node->index < n_names ? g_strdup (names[node->index])
                                   : g_strdup_printf ("x_%u", node->index + 1);
    case ORR_EXPR_OP_CONSTANT:
      if (node->value == 1.0 && isnan (node->standard_error))
        return node->index > 0 ? g_strdup_printf ("c_%u", node->index) : g_strdup ("c");
      return orr_expr_format_number (node->value, 3);
    default:
      return orr_expr_format_number (node->value, 4);
    }
}

/* Whether a leaf is written as digits; a free constant without a value is a letter. */
static gboolean
is_number (const OrrExprNode *node)
{
  return node->op == ORR_EXPR_OP_NUMBER ||
         (node->op == ORR_EXPR_OP_CONSTANT && (node->value != 1.0 || !isnan (node->standard_error)));
}

static gboolean
is_scientific (const OrrExprNode *node)
{
  g_autofree char *digits = is_number (node) ? orr_formula_name_leaf (node, NULL, 0) : NULL;

  return digits != NULL && strchr (digits, 'e') != NULL;
}

/* As by hand: a true minus, and 1.3e-09 as 1.3 times a power of ten. */
static Size
write_number (Writer *self, guint position, double size, double x, double y, guint32 colour)
{
  g_autofree char *digits = orr_formula_name_leaf (self->expr->nodes + position, NULL, 0);
  char *exponent = strchr (digits, 'e');
  const char *sign = digits[0] != '-' || self->bare[position] ? "" : "−", *mantissa = digits + (digits[0] == '-');

  if (exponent != NULL)
    *exponent++ = '\0';
  const char *power = exponent == NULL ? "" : g_str_equal (mantissa, "1") ? "10" : "·10";
  g_autofree char *text = g_strconcat (sign, g_str_equal (power, "10") ? "" : mantissa, power, NULL);
  Size total = write_text (self, text, size, FALSE, x, y, colour);
  if (exponent == NULL)
    return total;

  int ten = (int) g_ascii_strtoll (exponent, NULL, 10);
  g_autofree char *raised = g_strdup_printf (ten < 0 ? "−%d" : "%d", ABS (ten));
  Size above = write_text (self, raised, fmax (SMALLER * size, SMALLEST), FALSE, x + total.width, y - 0.36 * size, colour);
  above.ascent += 0.36 * size;
  above.descent = 0.0;
  extend (&total, above);
  return total;
}

static Size
write_leaf (Writer *self, guint position, double size, double x, double y, guint32 colour)
{
  const OrrExprNode *node = self->expr->nodes + position;
  g_autofree char *name = orr_formula_name_leaf (node, self->style->names, self->style->n_names);
  char *subscript =
      node->op == ORR_EXPR_OP_VARIABLE || node->op == ORR_EXPR_OP_CONSTANT ? strchr (name, '_') : NULL;
  gboolean letter = g_unichar_isalpha (g_utf8_get_char (name));
  Size total;

  if (is_number (node))
    return write_number (self, position, size, x, y, colour);
  if (node->op == ORR_EXPR_OP_PLACEHOLDER)
    colour = self->style->accent;
  if (subscript == NULL || subscript == name || subscript[1] == '\0')
    return write_text (self, name, size, letter, x, y, colour);
  *subscript = '\0';
  total = write_text (self, name, size, TRUE, x, y, colour);

  double small = fmax (SMALLER * size, SMALLEST);
  Size below = write_text (self, subscript + 1, small, FALSE, x + total.width, y + 0.22 * size, colour);
  below.descent += 0.22 * size;
  below.ascent -= 0.22 * size;
  extend (&total, below);
  return total;
}

static void
stroke_line (Writer *self, double x0, double y0, double x1, double y1, double width, guint32 colour)
{
  if (!self->ink)
    return;
  cairo_set_source_rgb (self->cr, orr_colour_red (colour), orr_colour_green (colour),
                        orr_colour_blue (colour));
  cairo_set_line_width (self->cr, width);
  cairo_move_to (self->cr, x0, y0);
  cairo_line_to (self->cr, x1, y1);
  cairo_stroke (self->cr);
}

static Size
measure (Writer *self, guint position, double size, int outer)
{
  gboolean ink = self->ink;
  Size result;

  self->ink = FALSE;
  result = write_part (self, position, size, outer, 0.0, 0.0, 0);
  self->ink = ink;
  return result;
}

/*
 * A pair of brackets around what is @inside, and how much room each takes: letters
 * where it is as tall as letters, else arcs, which fit fractions of any height.
 */
static double
write_brackets (Writer *self, Size inside, double size, double x, double y, guint32 colour)
{
  double room = 0.30 * size, top = y - inside.ascent - 0.04 * size, bottom = y + inside.descent + 0.04 * size;

  if (inside.ascent + inside.descent <= 1.15 * size)
    {
      room = write_text (self, "(", size, FALSE, x, y, colour).width;
      write_text (self, ")", size, FALSE, x + room + inside.width, y, colour);
      return room;
    }
  if (self->ink)
    {
      cairo_set_source_rgb (self->cr, orr_colour_red (colour), orr_colour_green (colour),
                            orr_colour_blue (colour));
      cairo_set_line_width (self->cr, 0.07 * size);
      for (int side = 0; side < 2; side++)
        {
          double edge = side == 0 ? x + 0.85 * room : x + room + inside.width + 0.15 * room;
          double bulge = side == 0 ? -0.8 * room : 0.8 * room;

          cairo_move_to (self->cr, edge, top);
          cairo_curve_to (self->cr, edge + bulge, top + 0.25 * (bottom - top), edge + bulge,
                          bottom - 0.25 * (bottom - top), edge, bottom);
          cairo_stroke (self->cr);
        }
    }
  return room;
}

static Size
add_brackets (Size inside, double room, double size)
{
  return (Size) { inside.width + 2.0 * room, inside.ascent + 0.05 * size, inside.descent + 0.05 * size };
}

static Size
write_in_brackets (Writer *self, guint position, double size, double x, double y, guint32 colour)
{
  Size inside = measure (self, position, size, SUM);
  double room = write_brackets (self, inside, size, x, y, colour);

  write_part (self, position, size, SUM, x + room, y, colour);
  return add_brackets (inside, room, size);
}

static Size
write_fraction (Writer *self, guint position, double size, double x, double y, guint32 colour)
{
  guint above = orr_expr_operand (self->expr, position, 0),
        below = orr_expr_operand (self->expr, position, 1);
  double inner = fmax (0.9 * size, SMALLEST), axis = 0.28 * size, gap = 0.14 * size;
  Size top = measure (self, above, inner, SUM), bottom = measure (self, below, inner, SUM);
  double width = fmax (top.width, bottom.width) + 0.3 * size, shift = 0.06 * size;

  if (self->ink)
    {
      write_part (self, above, inner, SUM, x + shift + 0.5 * (width - top.width),
                  y - axis - gap - top.descent, colour);
      write_part (self, below, inner, SUM, x + shift + 0.5 * (width - bottom.width),
                  y - axis + gap + bottom.ascent, colour);
      stroke_line (self, x + shift, y - axis, x + shift + width, y - axis, fmax (0.05 * size, 1.0), colour);
    }
  return (Size) { width + 2.0 * shift, axis + gap + top.descent + top.ascent,
                  -axis + gap + bottom.ascent + bottom.descent };
}

static Size
write_root (Writer *self, guint position, double size, double x, double y, guint32 colour)
{
  guint inside = orr_expr_operand (self->expr, position, 0);
  Size part = measure (self, inside, size, SUM);
  double sign = 0.55 * size, top = y - part.ascent - 0.14 * size, foot = y + part.descent;

  if (self->ink)
    {
      cairo_set_source_rgb (self->cr, orr_colour_red (colour), orr_colour_green (colour),
                            orr_colour_blue (colour));
      cairo_set_line_width (self->cr, fmax (0.06 * size, 1.0));
      cairo_move_to (self->cr, x, y - 0.25 * size);
      cairo_line_to (self->cr, x + 0.3 * sign, y - 0.33 * size);
      cairo_line_to (self->cr, x + 0.62 * sign, foot);
      cairo_line_to (self->cr, x + sign, top);
      cairo_line_to (self->cr, x + sign + part.width + 0.1 * size, top);
      cairo_stroke (self->cr);
      write_part (self, inside, size, SUM, x + sign + 0.05 * size, y, colour);
    }
  return (Size) { sign + part.width + 0.15 * size, part.ascent + 0.2 * size, part.descent };
}

/* @base as written by the caller so far; @exponent raised behind it. */
static Size
write_raised (Writer *self, Size base, guint exponent, double size, double x, double y, guint32 colour)
{
  double small = fmax (SMALLER * size, SMALLEST);
  Size above = measure (self, exponent, small, SUM);
  double raise = fmax (base.ascent - 0.42 * size + above.descent, 0.35 * size);

  write_part (self, exponent, small, SUM, x + base.width + 0.03 * size, y - raise, colour);
  base.width += above.width + 0.05 * size;
  base.ascent = fmax (base.ascent, raise + above.ascent);
  return base;
}

static Size
write_function (Writer *self, guint position, double size, double x, double y, guint32 colour)
{
  const char *name = orr_expr_ops[self->expr->nodes[position].op].name;
  Size total = write_text (self, name, size, FALSE, x, y, colour);

  total.width += 0.04 * size;
  extend (&total, write_in_brackets (self, orr_expr_operand (self->expr, position, 0), size, x + total.width,
                                     y, colour));
  return total;
}

static Size
write_abs (Writer *self, guint position, double size, double x, double y, guint32 colour)
{
  guint operand = orr_expr_operand (self->expr, position, 0);
  Size inside = measure (self, operand, size, SUM);
  double room = 0.28 * size, top = y - inside.ascent, bottom = y + inside.descent;

  write_part (self, operand, size, SUM, x + room, y, colour);
  stroke_line (self, x + 0.5 * room, top, x + 0.5 * room, bottom, fmax (0.06 * size, 1.0), colour);
  stroke_line (self, x + 1.5 * room + inside.width, top, x + 1.5 * room + inside.width, bottom,
               fmax (0.06 * size, 1.0), colour);
  inside.width += 2.0 * room;
  return inside;
}

static Size
write_infix (Writer *self, guint position, const char *sign, int left, int right, double space, double size,
             double x, double y, guint32 colour)
{
  Size total = write_part (self, orr_expr_operand (self->expr, position, 0), size, left, x, y, colour);

  total.width += space * size;
  extend (&total, write_text (self, sign, size, FALSE, x + total.width, y, colour));
  total.width += space * size;
  extend (&total, write_part (self, orr_expr_operand (self->expr, position, 1), size, right, x + total.width,
                              y, colour));
  return total;
}

/* A number before a name needs no sign between them. */
static gboolean
is_juxtaposed (const OrrExpr *expr, guint position)
{
  const OrrExprNode *a = expr->nodes + orr_expr_operand (expr, position, 0);
  const OrrExprNode *b = expr->nodes + orr_expr_operand (expr, position, 1);
  gboolean number = a->op == ORR_EXPR_OP_NUMBER || a->op == ORR_EXPR_OP_CONSTANT;

  return number &&
         (b->op == ORR_EXPR_OP_VARIABLE || (b->op == ORR_EXPR_OP_POW && b[1].op == ORR_EXPR_OP_VARIABLE));
}

static int
precedence (const Writer *self, guint position)
{
  const OrrExprNode *node = self->expr->nodes + position;

  switch (node->op)
    {
    case ORR_EXPR_OP_ADD:
    case ORR_EXPR_OP_SUB:
      return SUM;
    case ORR_EXPR_OP_MUL:
      return PRODUCT;
    case ORR_EXPR_OP_NEG:
      return SIGN;
    case ORR_EXPR_OP_POW:
    case ORR_EXPR_OP_EXP:
      return POWER;
    case ORR_EXPR_OP_NUMBER:
    case ORR_EXPR_OP_CONSTANT:
      if (is_scientific (node))
        return PRODUCT;
      return node->value < 0.0 && !self->bare[position] ? SIGN : CLOSED;
    default:
      return CLOSED;
    }
}

static gboolean
is_sum (const OrrExprNode *node)
{
  return node->op == ORR_EXPR_OP_ADD || node->op == ORR_EXPR_OP_SUB;
}

/* The minus, or the negative number, that the first term begins with, or -1; two of them undo each other. */
static int
find_minus (const OrrExpr *expr, guint position)
{
  while (is_sum (expr->nodes + position))
    position = orr_expr_operand (expr, position, 0);
  while (expr->nodes[position].op == ORR_EXPR_OP_MUL || expr->nodes[position].op == ORR_EXPR_OP_DIV)
    position = orr_expr_operand (expr, position, 0);
  const OrrExprNode *first = expr->nodes + position;
  if (first->op == ORR_EXPR_OP_NEG)
    return is_sum (first + 1) || find_minus (expr, position + 1) < 0 ? (int) position : -1;
  return is_number (first) && first->value < 0.0 ? (int) position : -1;
}

static Size
write_negated (Writer *self, guint position, double size, double x, double y, guint32 colour)
{
  guint operand = position + 1;
  int minus = is_sum (self->expr->nodes + operand) ? -1 : find_minus (self->expr, operand);

  if (minus >= 0)
    {
      self->bare[minus] = 1;
      return write_part (self, operand, size, PRODUCT, x, y, colour);
    }
  Size total = write_text (self, self->bare[position] ? "" : "−", size, FALSE, x, y, colour);
  extend (&total, write_part (self, operand, size, SIGN, x + total.width, y, colour));
  return total;
}

/* "a − 3 b" for a + (-3) b, and "a + 3 b" for a - (-3) b. */
static Size
write_sum (Writer *self, guint position, double size, double x, double y, guint32 colour)
{
  gboolean subtracts = self->expr->nodes[position].op == ORR_EXPR_OP_SUB;
  guint right = orr_expr_operand (self->expr, position, 1);
  /* A sum that is subtracted keeps its brackets, and its minus in them. */
  int minus = subtracts && is_sum (self->expr->nodes + right) ? -1 : find_minus (self->expr, right);

  if (minus >= 0)
    self->bare[minus] = 1;
  return write_infix (self, position, subtracts == (minus >= 0) ? "+" : "−", SUM, subtracts ? PRODUCT : SUM, 0.22, size, x, y, colour);
}

static Size
write_open (Writer *self, guint position, double size, double x, double y, guint32 colour)
{
  guint first = position + 1;
  Size base;

  switch (self->expr->nodes[position].op)
    {
    case ORR_EXPR_OP_ADD:
    case ORR_EXPR_OP_SUB:
      return write_sum (self, position, size, x, y, colour);
    case ORR_EXPR_OP_MUL:
      return write_infix (self, position, is_juxtaposed (self->expr, position) ? "" : "·", PRODUCT, SIGN,
                          is_juxtaposed (self->expr, position) ? 0.07 : 0.12, size, x, y, colour);
    case ORR_EXPR_OP_DIV:
      return write_fraction (self, position, size, x, y, colour);
    case ORR_EXPR_OP_POW:
      base = write_part (self, first, size, CLOSED, x, y, colour);
      return write_raised (self, base, orr_expr_operand (self->expr, position, 1), size, x, y, colour);
    case ORR_EXPR_OP_EXP:
      base = write_text (self, "e", size, FALSE, x, y, colour);
      return write_raised (self, base, first, size, x, y, colour);
    case ORR_EXPR_OP_NEG:
      return write_negated (self, position, size, x, y, colour);
    case ORR_EXPR_OP_SQRT:
      return write_root (self, position, size, x, y, colour);
    case ORR_EXPR_OP_ABS:
      return write_abs (self, position, size, x, y, colour);
    case ORR_EXPR_OP_PLACEHOLDER:
    case ORR_EXPR_OP_NUMBER:
    case ORR_EXPR_OP_CONSTANT:
    case ORR_EXPR_OP_VARIABLE:
      return write_leaf (self, position, size, x, y, colour);
    default:
      return write_function (self, position, size, x, y, colour);
    }
}

static Size
write_part (Writer *self, guint position, double size, int outer, double x, double y, guint32 colour)
{
  if ((int) position == self->style->marked)
    colour = self->style->accent;
  if (precedence (self, position) >= outer)
    return write_open (self, position, size, x, y, colour);

  /* In brackets: as an operand of its own. */
  Size inside;
  gboolean ink = self->ink;
  double room;

  self->ink = FALSE;
  inside = write_open (self, position, size, x, y, colour);
  self->ink = ink;
  room = write_brackets (self, inside, size, x, y, colour);
  write_open (self, position, size, x + room, y, colour);
  return add_brackets (inside, room, size);
}

/**
 * orr_formula_measure:
 * @width: (out): @ascent: (out): @descent: (out): in pixels, from the baseline
 */
void
orr_formula_measure (cairo_t *cr, const OrrExpr *expr, const OrrFormulaStyle *style, double *width,
                     double *ascent, double *descent)
{
  g_autofree guint8 *bare = g_new0 (guint8, expr->n_nodes);
  Writer self = { cr, expr, style, pango_cairo_create_layout (cr), FALSE, bare };
  Size size = write_part (&self, 0, style->size, SUM, 0.0, 0.0, style->foreground);

  *width = size.width;
  *ascent = size.ascent;
  *descent = size.descent;
  g_object_unref (self.layout);
}

/**
 * orr_formula_draw:
 * @x: left end
 * @baseline: of the letters
 *
 * Writes the expression as mathematics: fractions, powers, roots, subscripts.
 */
void
orr_formula_draw (cairo_t *cr, const OrrExpr *expr, const OrrFormulaStyle *style, double x, double baseline)
{
  g_autofree guint8 *bare = g_new0 (guint8, expr->n_nodes);
  Writer self = { cr, expr, style, pango_cairo_create_layout (cr), TRUE, bare };

  cairo_save (cr);
  write_part (&self, 0, style->size, SUM, x, baseline, style->foreground);
  cairo_restore (cr);
  g_object_unref (self.layout);
}

/* What does not fit even when small fades over so many pixels. */
#define FADE 28.0

/**
 * orr_formula_draw_within:
 * @smallest: the smallest size of letters
 * @width: @height: of the box with its corner at (0, 0)
 * @align: 0 to write at the box's left end, 0.5 in its middle
 *
 * As orr_formula_draw(), at the style's size or as small as the box asks for. What is
 * still too wide fades out at the right.
 */
void
orr_formula_draw_within (cairo_t *cr, const OrrExpr *expr, const OrrFormulaStyle *style, double smallest, double width,
                         double height, double align)
{
  OrrFormulaStyle own = *style;
  double needed, ascent, descent;

  orr_formula_measure (cr, expr, &own, &needed, &ascent, &descent);
  /* Letters that are at their smallest already do not shrink with the others: once is not enough. */
  for (guint i = 0; i < 4 && own.size > smallest && (needed > width || ascent + descent > height); i++)
    {
      own.size = fmax (smallest, 0.99 * own.size * fmin (width / needed, height / (ascent + descent)));
      orr_formula_measure (cr, expr, &own, &needed, &ascent, &descent);
    }
  double x = fmax (0.0, align * (width - needed)), baseline = 0.5 * (height + ascent - descent);
  if (needed <= width)
    {
      orr_formula_draw (cr, expr, &own, x, baseline);
      return;
    }
  cairo_pattern_t *fade = cairo_pattern_create_linear (fmax (width - FADE, 0.0), 0.0, width, 0.0);
  cairo_pattern_add_color_stop_rgba (fade, 0.0, 0.0, 0.0, 0.0, 1.0);
  cairo_pattern_add_color_stop_rgba (fade, 1.0, 0.0, 0.0, 0.0, 0.0);
  cairo_push_group (cr);
  orr_formula_draw (cr, expr, &own, x, baseline);
  cairo_pop_group_to_source (cr);
  cairo_mask (cr, fade);
  cairo_pattern_destroy (fade);
}
