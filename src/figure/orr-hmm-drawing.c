/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-hmm-drawing.h"

#include <math.h>
#include <pango/pangocairo.h>

#define NAME_SIZE 14.0
#define LABEL_SIZE 12.0
/* Text is never smaller or larger than this, whatever the zoom. */
#define SMALLEST 8.5
#define LARGEST 22.0
/* Below this radius in pixels a node holds no bars, or no name. */
#define BARS_RADIUS 13.0
#define NAME_RADIUS 10.0
#define MARGIN 10.0

typedef struct
{
  cairo_t *cr;
  const OrrHmmGeometry *geometry;
  const OrrHmmStyle *style;
  const OrrHmmHighlight *highlight;
  const OrrHmmViewport *viewport;
  PangoLayout *layout;
  double radius;
} Painter;

/**
 * orr_hmm_style_init:
 *
 * The application's style on a card.
 */
void
orr_hmm_style_init (OrrHmmStyle *style, gboolean dark)
{
  *style = (OrrHmmStyle) {
    .background = dark ? 0x363636 : 0xffffff,
    .node = dark ? 0x2a2a2d : 0xffffff,
    .foreground = dark ? 0xe4e3e0 : 0x2e3436,
    .accent = dark ? 0x78aeed : 0x3584e4,
    .labels = TRUE,
    .loops = TRUE,
  };
}

void
orr_hmm_highlight_init (OrrHmmHighlight *highlight)
{
  *highlight = (OrrHmmHighlight) {
    .state = ORR_HMM_NO_INDEX,
    .from = ORR_HMM_NO_INDEX,
    .to = ORR_HMM_NO_INDEX,
    .symbol = ORR_HMM_NO_INDEX,
    .strength = 1.0,
    .hover = { ORR_HMM_PART_NONE, ORR_HMM_NO_INDEX, ORR_HMM_NO_INDEX, ORR_HMM_NO_INDEX },
    .hover_strength = 1.0,
    .drawing_from = ORR_HMM_NO_INDEX,
    .drawing_to = ORR_HMM_NO_INDEX,
  };
}

static double
text_size (double size, double scale)
{
  return CLAMP (size * scale / ORR_HMM_PIXELS_PER_UNIT, SMALLEST, LARGEST);
}

/**
 * orr_hmm_style_measure:
 * @scale: pixels a model unit
 *
 * Returns: (transfer full): the geometry of @hmm with labels of the size they
 * have at this scale
 */
OrrHmmGeometry *
orr_hmm_style_measure (const OrrHmmStyle *style, const OrrHmm *hmm, double scale)
{
  double size = style->labels ? text_size (LABEL_SIZE, scale) : 0.0;

  return orr_hmm_geometry_new (hmm, 0.56 * size / scale, 1.2 * size / scale);
}

/* What @style shows of a geometry: without loops their curves take no room. */
static OrrHmmBox
visible_bounds (const OrrHmmStyle *style, const OrrHmm *hmm, double scale)
{
  if (style->loops)
    {
      g_autoptr (OrrHmmGeometry) geometry = orr_hmm_style_measure (style, hmm, scale);

      return orr_hmm_geometry_bounds (geometry);
    }

  g_autoptr (OrrHmm) bare = orr_hmm_copy (hmm);
  for (guint i = 0; i < bare->n_states; i++)
    bare->transition[i * (bare->n_states + 1)] = 0.0;
  g_autoptr (OrrHmmGeometry) geometry = orr_hmm_style_measure (style, bare, scale);
  return orr_hmm_geometry_bounds (geometry);
}

/**
 * orr_hmm_style_fit:
 * @max_scale: small models are not blown up beyond this
 *
 * Returns: the viewport in which all of @hmm shows, centred
 */
OrrHmmViewport
orr_hmm_style_fit (const OrrHmmStyle *style, const OrrHmm *hmm, double width, double height, double max_scale)
{
  double margin = fmin (MARGIN, 0.06 * fmin (width, height));
  double scale = max_scale;
  OrrHmmBox box = { 0 };

  /* Labels take more of the model the smaller it is drawn: a few rounds settle that. */
  for (guint round = 0; round < 3; round++)
    {
      box = visible_bounds (style, hmm, scale);
      scale = fmin ((width - 2.0 * margin) / box.width, (height - 2.0 * margin) / box.height);
      scale = CLAMP (scale, 1.0, max_scale);
    }
  return (OrrHmmViewport) { scale, 0.5 * width - scale * (box.x + 0.5 * box.width),
                            0.5 * height - scale * (box.y + 0.5 * box.height) };
}

static void
set_colour (cairo_t *cr, guint32 rgb, double alpha)
{
  cairo_set_source_rgba (cr, orr_colour_red (rgb), orr_colour_green (rgb), orr_colour_blue (rgb), alpha);
}

static double
to_x (const Painter *self, double x)
{
  return self->viewport->x + self->viewport->scale * x;
}

static double
to_y (const Painter *self, double y)
{
  return self->viewport->y + self->viewport->scale * y;
}

/* Splits the curve at @t (de Casteljau) and strokes its first part, in pixels. */
static void
trace_until (const Painter *self, const OrrHmmArrow *arrow, double t)
{
  double p[2][4];

  for (guint i = 0; i < 4; i++)
    {
      p[0][i] = to_x (self, arrow->x[i]);
      p[1][i] = to_y (self, arrow->y[i]);
    }
  cairo_move_to (self->cr, p[0][0], p[1][0]);
  for (guint axis = 0; axis < 2; axis++)
    {
      double *q = p[axis], ab = q[0] + t * (q[1] - q[0]), bc = q[1] + t * (q[2] - q[1]);
      double cd = q[2] + t * (q[3] - q[2]), abc = ab + t * (bc - ab), bcd = bc + t * (cd - bc);

      q[1] = ab;
      q[2] = abc;
      q[3] = abc + t * (bcd - abc);
    }
  cairo_curve_to (self->cr, p[0][1], p[1][1], p[0][2], p[1][2], p[0][3], p[1][3]);
}

/* A triangle from its tip, @length long, pointing along (@dx, @dy). */
static void
fill_head (cairo_t *cr, double x, double y, double dx, double dy, double length)
{
  double norm = fmax (hypot (dx, dy), 1e-9), ux = dx / norm, uy = dy / norm, half = 0.42 * length;

  cairo_move_to (cr, x, y);
  cairo_line_to (cr, x - length * ux - half * uy, y - length * uy + half * ux);
  cairo_line_to (cr, x - 0.86 * length * ux, y - 0.86 * length * uy);
  cairo_line_to (cr, x - length * ux + half * uy, y - length * uy - half * ux);
  cairo_close_path (cr);
  cairo_fill (cr);
}

static void
paint_curve (const Painter *self, const OrrHmmArrow *arrow, double line, double head)
{
  double t = 1.0, x, y, tip_x = to_x (self, arrow->x[3]), tip_y = to_y (self, arrow->y[3]);

  do
    {
      t -= 0.01;
      orr_hmm_arrow_point (arrow, t, &x, &y);
      x = to_x (self, x);
      y = to_y (self, y);
    }
  while (t > 0.02 && hypot (tip_x - x, tip_y - y) < 0.9 * head);
  trace_until (self, arrow, t);
  cairo_set_line_width (self->cr, line);
  cairo_stroke (self->cr);
  fill_head (self->cr, tip_x, tip_y, tip_x - x, tip_y - y, head);
}

static gboolean
is_hovered (const Painter *self, const OrrHmmArrow *arrow)
{
  const OrrHmmHit *hover = &self->highlight->hover;

  return hover->part == ORR_HMM_PART_TRANSITION && hover->state == (int) arrow->from &&
         hover->to == (int) arrow->to;
}

static gboolean
is_selected (const Painter *self, const OrrHmmArrow *arrow)
{
  return self->highlight->from == (int) arrow->from && self->highlight->to == (int) arrow->to;
}

static void
paint_arrow (const Painter *self, const OrrHmmArrow *arrow)
{
  double scale = self->viewport->scale;
  double line = fmax (arrow->width * scale, 0.9), head = fmax (arrow->head * scale, 4.5);
  guint32 colour = self->style->foreground;
  gboolean loop = arrow->from == arrow->to;

  if (loop && !self->style->loops)
    return;
  /* Staying is the background of what happens. */
  if (loop)
    {
      colour = orr_colour_mix (colour, self->style->background, 0.55);
      line = fmin (line, fmax (3.0 * scale / ORR_HMM_PIXELS_PER_UNIT, 0.9));
      head = fmin (head, fmax (14.0 * scale / ORR_HMM_PIXELS_PER_UNIT, 4.5));
    }
  cairo_set_line_cap (self->cr, CAIRO_LINE_CAP_BUTT);
  if (is_hovered (self, arrow) && self->highlight->hover_strength > 0.0)
    {
      set_colour (self->cr, self->style->accent, 0.22 * self->highlight->hover_strength);
      paint_curve (self, arrow, line + 8.0, head + 4.0);
    }
  if (is_selected (self, arrow))
    {
      set_colour (self->cr, self->style->accent, 0.2 * self->highlight->strength);
      paint_curve (self, arrow, line + 8.0, head + 4.0);
      colour = orr_colour_mix (colour, self->style->accent, self->highlight->strength);
    }
  set_colour (self->cr, colour, 1.0);
  paint_curve (self, arrow, line, head);
}

static void
set_font (const Painter *self, double size, PangoWeight weight)
{
  PangoFontDescription *font = pango_font_description_new ();

  pango_font_description_set_family (font,
                                     self->style->font_family != NULL ? self->style->font_family : "Sans");
  pango_font_description_set_weight (font, weight);
  pango_font_description_set_absolute_size (font, size * PANGO_SCALE);
  pango_layout_set_font_description (self->layout, font);
  pango_font_description_free (font);
}

/* Centred on (@x, @y). Returns the width of the text. */
static double
show_text (const Painter *self, const char *text, double x, double y, double max_width)
{
  PangoRectangle ink, logical;

  pango_layout_set_width (self->layout, max_width > 0.0 ? (int) (max_width * PANGO_SCALE) : -1);
  pango_layout_set_ellipsize (self->layout, max_width > 0.0 ? PANGO_ELLIPSIZE_END : PANGO_ELLIPSIZE_NONE);
  pango_layout_set_alignment (self->layout, PANGO_ALIGN_CENTER);
  pango_layout_set_text (self->layout, text, -1);
  pango_layout_get_pixel_extents (self->layout, &ink, &logical);
  cairo_move_to (self->cr, x - 0.5 * (max_width > 0.0 ? max_width : logical.width), y - 0.5 * logical.height);
  pango_cairo_show_layout (self->cr, self->layout);
  cairo_new_path (self->cr);
  return logical.width;
}

static void
rounded_box (cairo_t *cr, double x, double y, double width, double height, double radius)
{
  cairo_new_sub_path (cr);
  cairo_arc (cr, x + width - radius, y + radius, radius, -G_PI_2, 0.0);
  cairo_arc (cr, x + width - radius, y + height - radius, radius, 0.0, G_PI_2);
  cairo_arc (cr, x + radius, y + height - radius, radius, G_PI_2, G_PI);
  cairo_arc (cr, x + radius, y + radius, radius, G_PI, 1.5 * G_PI);
  cairo_close_path (cr);
}

static void
paint_lock (cairo_t *cr, double x, double y, double size)
{
  cairo_set_line_width (cr, 0.16 * size);
  cairo_arc (cr, x, y - 0.08 * size, 0.25 * size, G_PI, 0.0);
  cairo_stroke (cr);
  rounded_box (cr, x - 0.38 * size, y - 0.08 * size, 0.76 * size, 0.55 * size, 0.1 * size);
  cairo_fill (cr);
}

static void
paint_label (const Painter *self, const OrrHmmArrow *arrow)
{
  gboolean special = is_hovered (self, arrow) || is_selected (self, arrow);
  gboolean locked =
      self->geometry->hmm->locked[(gsize) arrow->from * self->geometry->hmm->n_states + arrow->to];
  double size = text_size (LABEL_SIZE, self->viewport->scale);
  double x = to_x (self, arrow->label_x), y = to_y (self, arrow->label_y);
  double width = arrow->label_width * self->viewport->scale, height = 1.2 * size;
  guint32 colour = orr_colour_mix (self->style->foreground, self->style->background, 0.15);

  if ((!arrow->label_fits && !special) || (arrow->from == arrow->to && !self->style->loops))
    return;
  set_colour (self->cr, self->style->background, special ? 0.95 : 0.75);
  rounded_box (self->cr, x - 0.5 * width, y - 0.5 * height, width, height, 0.3 * height);
  cairo_fill (self->cr);
  if (is_selected (self, arrow))
    colour = orr_colour_mix (colour, self->style->accent, self->highlight->strength);
  set_colour (self->cr, colour, 1.0);
  set_font (self, size, is_selected (self, arrow) ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
  if (locked)
    {
      double text = show_text (self, arrow->label, x - 0.4 * size, y, 0.0);

      paint_lock (self->cr, x - 0.4 * size + 0.5 * text + 0.6 * size, y, 0.75 * size);
    }
  else
    show_text (self, arrow->label, x, y, 0.0);
}

static void
paint_bars (const Painter *self, guint state)
{
  const OrrHmm *hmm = self->geometry->hmm;
  const OrrHmmHit *hover = &self->highlight->hover;

  for (guint k = 0; k < hmm->n_symbols; k++)
    {
      OrrHmmBox bar = orr_hmm_geometry_bar (self->geometry, state, k);
      double x = to_x (self, bar.x), width = self->viewport->scale * bar.width;
      double height = fmax (self->viewport->scale * bar.height, 1.0);
      double base = to_y (self, bar.y + bar.height);
      gboolean hovered =
          hover->part == ORR_HMM_PART_BAR && hover->state == (int) state && hover->symbol == (int) k;
      gboolean faded = self->highlight->symbol != ORR_HMM_NO_INDEX && self->highlight->symbol != (int) k;

      set_colour (self->cr, orr_colour_qualitative (k), faded ? 0.35 : 1.0);
      cairo_rectangle (self->cr, x, base - height, width, height);
      cairo_fill (self->cr);
      if (hovered)
        {
          set_colour (self->cr, self->style->foreground, 0.8 * self->highlight->hover_strength);
          rounded_box (self->cr, x - 2.0, base - height - 2.0, width + 4.0, 4.0, 2.0);
          cairo_fill (self->cr);
        }
    }
}

/* How much a state stands out: selected, lit, or about to be reached by a new arrow. */
static double
emphasis (const Painter *self, guint state)
{
  const OrrHmmHighlight *highlight = self->highlight;
  double strength = highlight->state == (int) state ? highlight->strength : 0.0;

  if (highlight->glow != NULL)
    strength = fmax (strength, highlight->glow[state]);
  if (highlight->drawing_from != ORR_HMM_NO_INDEX && highlight->drawing_to == (int) state)
    strength = fmax (strength, 0.8);
  return strength;
}

static void
paint_node (const Painter *self, guint state)
{
  const OrrHmm *hmm = self->geometry->hmm;
  const OrrHmmHit *hover = &self->highlight->hover;
  double x = to_x (self, hmm->positions[2 * state]), y = to_y (self, hmm->positions[2 * state + 1]);
  double strength = emphasis (self, state), zoom = self->viewport->scale / ORR_HMM_PIXELS_PER_UNIT;
  double line = CLAMP (1.6 * zoom, 1.0, 2.5);
  guint32 own = hmm->colours[state], ring = self->style->foreground, fill = self->style->node;

  if (own != ORR_HMM_NO_COLOUR)
    {
      fill = orr_colour_mix (fill, own, 0.22);
      ring = orr_colour_mix (own, self->style->foreground, 0.15);
      line *= 1.4;
    }
  ring = orr_colour_mix (ring, self->style->accent, strength);
  fill = orr_colour_mix (fill, self->style->accent, 0.11 * strength);
  line += 1.6 * strength;

  if (hover->state == (int) state && hover->part != ORR_HMM_PART_TRANSITION)
    {
      gboolean rim = hover->part == ORR_HMM_PART_RIM;

      set_colour (self->cr, self->style->accent, (rim ? 0.30 : 0.16) * self->highlight->hover_strength);
      cairo_arc (self->cr, x, y, self->radius + (rim ? 5.0 : 3.5), 0.0, 2.0 * G_PI);
      cairo_fill (self->cr);
    }
  if (self->highlight->focused && self->highlight->state == (int) state)
    {
      set_colour (self->cr, self->style->accent, 0.45);
      cairo_set_line_width (self->cr, 2.0);
      cairo_arc (self->cr, x, y, self->radius + 5.5, 0.0, 2.0 * G_PI);
      cairo_stroke (self->cr);
    }
  cairo_arc (self->cr, x, y, self->radius, 0.0, 2.0 * G_PI);
  set_colour (self->cr, fill, 1.0);
  cairo_fill_preserve (self->cr);
  set_colour (self->cr, ring, 1.0);
  cairo_set_line_width (self->cr, line);
  cairo_stroke (self->cr);

  gboolean bars = self->radius >= BARS_RADIUS;
  if (bars)
    paint_bars (self, state);
  if (self->radius < NAME_RADIUS)
    return;
  set_colour (self->cr, self->style->foreground, 1.0);
  set_font (self, fmin (text_size (NAME_SIZE, self->viewport->scale), 0.8 * self->radius), PANGO_WEIGHT_BOLD);
  show_text (self, hmm->state_names[state], x, y - (bars ? 0.36 * self->radius : 0.0), 1.55 * self->radius);
}

/* The arrow that a person is pulling out of a node's rim. */
static void
paint_drawing (const Painter *self)
{
  const OrrHmmHighlight *highlight = self->highlight;
  const double *from, *to;
  double x0, y0, x1, y1, distance;

  if (highlight->drawing_from == ORR_HMM_NO_INDEX || highlight->drawing_to == highlight->drawing_from)
    return;
  from = self->geometry->hmm->positions + 2 * highlight->drawing_from;
  to = highlight->drawing_to != ORR_HMM_NO_INDEX ? self->geometry->hmm->positions + 2 * highlight->drawing_to
                                                 : NULL;
  x0 = to_x (self, from[0]);
  y0 = to_y (self, from[1]);
  x1 = to_x (self, to != NULL ? to[0] : highlight->drawing_x);
  y1 = to_y (self, to != NULL ? to[1] : highlight->drawing_y);
  distance = hypot (x1 - x0, y1 - y0);
  if (distance <= self->radius)
    return;

  double ux = (x1 - x0) / distance, uy = (y1 - y0) / distance, head = 14.0;
  if (to != NULL)
    {
      x1 -= self->radius * ux;
      y1 -= self->radius * uy;
    }
  set_colour (self->cr, self->style->accent, 1.0);
  cairo_set_line_width (self->cr, 2.5);
  cairo_move_to (self->cr, x0 + self->radius * ux, y0 + self->radius * uy);
  cairo_line_to (self->cr, x1 - 0.8 * head * ux, y1 - 0.8 * head * uy);
  cairo_stroke (self->cr);
  fill_head (self->cr, x1, y1, ux, uy, head);
}

/**
 * orr_hmm_draw_geometry:
 * @highlight: (nullable): what stands out
 *
 * Draws arrows, nodes over them, and labels over all; @geometry must be
 * measured at the viewport's scale.
 */
void
orr_hmm_draw_geometry (cairo_t *cr, const OrrHmmGeometry *geometry, const OrrHmmViewport *viewport,
                       const OrrHmmStyle *style, const OrrHmmHighlight *highlight)
{
  OrrHmmHighlight none;
  Painter self = { cr,
                   geometry,
                   style,
                   highlight,
                   viewport,
                   pango_cairo_create_layout (cr),
                   ORR_HMM_NODE_RADIUS * viewport->scale };

  orr_hmm_highlight_init (&none);
  if (highlight == NULL)
    self.highlight = &none;
  cairo_save (cr);
  for (guint a = 0; a < geometry->n_arrows; a++)
    if (!is_selected (&self, geometry->arrows + a))
      paint_arrow (&self, geometry->arrows + a);
  for (guint a = 0; a < geometry->n_arrows; a++)
    if (is_selected (&self, geometry->arrows + a))
      paint_arrow (&self, geometry->arrows + a);
  for (guint i = 0; i < geometry->hmm->n_states; i++)
    paint_node (&self, i);
  for (guint a = 0; style->labels && a < geometry->n_arrows; a++)
    paint_label (&self, geometry->arrows + a);
  paint_drawing (&self);
  cairo_restore (cr);
  g_object_unref (self.layout);
}

/**
 * orr_hmm_draw:
 * @width: @height: of the space, in pixels; all of the model is fitted in
 * @highlight: (nullable): what stands out
 *
 * Draws a model small: in a thumbnail, a report, a read-only view.
 */
void
orr_hmm_draw (cairo_t *cr, const OrrHmm *hmm, double width, double height, const OrrHmmStyle *style,
              const OrrHmmHighlight *highlight)
{
  OrrHmmViewport viewport = orr_hmm_style_fit (style, hmm, width, height, ORR_HMM_PIXELS_PER_UNIT);
  g_autoptr (OrrHmmGeometry) geometry = orr_hmm_style_measure (style, hmm, viewport.scale);

  orr_hmm_draw_geometry (cr, geometry, &viewport, style, highlight);
}
