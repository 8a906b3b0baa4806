/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-formula-label.h"

#include <math.h>

#include "orr-formula.h"
#include "orr-hmm-theme.h"

/* A formula that is longer is written smaller, down to this share. */
#define SMALLEST 0.6

/**
 * OrrFormulaLabel:
 *
 * A formula as mathematics, as wide as it needs up to a limit.
 */
struct _OrrFormulaLabel
{
  GtkWidget parent_instance;

  OrrTreeEditor *editor; /* (nullable) */
  OrrExpr       *expr;   /* (nullable) */
  double         size;
  int            widest;
  double         scale;
  double         width, ascent, descent;
};

G_DEFINE_FINAL_TYPE (OrrFormulaLabel, orr_formula_label, GTK_TYPE_WIDGET)

static OrrFormulaStyle
get_style (OrrFormulaLabel *self)
{
  OrrFormulaStyle style = { .size = self->size * self->scale, .marked = -1 };
  OrrHmmStyle colours;

  orr_hmm_theme_get (GTK_WIDGET (self), &colours);
  style.foreground = colours.foreground;
  style.accent = colours.accent;
  style.names = orr_tree_editor_get_names (self->editor, &style.n_names);
  return style;
}

static void
measure_formula (OrrFormulaLabel *self)
{
  cairo_surface_t *scratch = cairo_recording_surface_create (CAIRO_CONTENT_COLOR_ALPHA, NULL);
  cairo_t *cr = cairo_create (scratch);
  OrrFormulaStyle style;

  self->scale = 1.0;
  style = get_style (self);
  orr_formula_measure (cr, self->expr, &style, &self->width, &self->ascent, &self->descent);
  if (self->width > self->widest)
    {
      self->scale = fmax (SMALLEST, self->widest / self->width);
      style = get_style (self);
      orr_formula_measure (cr, self->expr, &style, &self->width, &self->ascent, &self->descent);
    }
  cairo_destroy (cr);
  cairo_surface_destroy (scratch);
}

void
orr_formula_label_set (OrrFormulaLabel *self, OrrTreeEditor *editor, OrrExpr *expr)
{
  g_return_if_fail (ORR_IS_FORMULA_LABEL (self));

  orr_expr_ref (expr);
  g_clear_pointer (&self->expr, orr_expr_unref);
  self->expr = expr;
  g_set_object (&self->editor, editor);
  measure_formula (self);
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

/**
 * orr_formula_label_new:
 * @size: of the letters
 * @widest: what does not fit into so many pixels is written smaller, and then cut off
 */
GtkWidget *
orr_formula_label_new (double size, int widest)
{
  OrrFormulaLabel *self = g_object_new (ORR_TYPE_FORMULA_LABEL, NULL);

  self->size = size;
  self->widest = widest;
  return GTK_WIDGET (self);
}

static void
orr_formula_label_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                           int *minimum_baseline, int *natural_baseline)
{
  OrrFormulaLabel *self = ORR_FORMULA_LABEL (widget);

  *minimum = *natural = orientation == GTK_ORIENTATION_HORIZONTAL
                            ? (int) ceil (fmin (self->width, self->widest)) + 2
                            : (int) fmax (1.6 * self->size, ceil (self->ascent + self->descent));
  *minimum_baseline = *natural_baseline = -1;
}

static void
orr_formula_label_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  OrrFormulaLabel *self = ORR_FORMULA_LABEL (widget);
  int width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  OrrFormulaStyle style;
  cairo_t *cr;

  if (self->expr == NULL || width < 1 || height < 1)
    return;
  style = get_style (self);
  cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, width, height));
  orr_formula_draw (cr, self->expr, &style, 1.0, 0.5 * (height + self->ascent - self->descent));
  cairo_destroy (cr);
}

static void
orr_formula_label_dispose (GObject *object)
{
  OrrFormulaLabel *self = ORR_FORMULA_LABEL (object);

  g_clear_object (&self->editor);
  g_clear_pointer (&self->expr, orr_expr_unref);
  G_OBJECT_CLASS (orr_formula_label_parent_class)->dispose (object);
}

static void
orr_formula_label_class_init (OrrFormulaLabelClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = orr_formula_label_dispose;
  widget_class->measure = orr_formula_label_measure;
  widget_class->snapshot = orr_formula_label_snapshot;
}

static void
orr_formula_label_init (OrrFormulaLabel *self)
{
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  orr_hmm_theme_watch (GTK_WIDGET (self));
}
