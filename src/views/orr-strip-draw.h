/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "orr-figure-theme.h"
#include "orr-strip-row.h"

G_BEGIN_DECLS

/**
 * OrrStripGeometry:
 * @left: where steps begin, right of the labels, in logical pixels
 * @right: where they end
 * @bottom: where the rows end and the axis begins
 * @start: step at @left; step t covers [t, t + 1)
 * @end: step at @right
 * @first_trace: how many traces are scrolled out of sight above
 *
 * How time and rows are laid out.
 */
typedef struct
{
  double left;
  double right;
  double bottom;
  double start;
  double end;
  guint  first_trace;
} OrrStripGeometry;

#define ORR_STRIP_AXIS_HEIGHT 22.0

static inline double
orr_strip_to_x (const OrrStripGeometry *self, double step)
{
  return self->left + (step - self->start) * (self->right - self->left) / (self->end - self->start);
}

static inline double
orr_strip_to_step (const OrrStripGeometry *self, double x)
{
  return self->start + (x - self->left) * (self->end - self->start) / (self->right - self->left);
}

/* Where one row is, in logical pixels; of no height where it is out of sight. */
typedef struct
{
  double y;
  double height;
} OrrStripPlace;

guint orr_strip_layout (GPtrArray              *rows,
                        const OrrStripGeometry *geometry,
                        OrrStripPlace          *places);
void orr_strip_draw (cairo_t                *cr,
                     PangoContext           *context,
                     GPtrArray              *rows,
                     GtkBitset              *selected,
                     const OrrStripGeometry *geometry,
                     const OrrFigureTheme   *theme,
                     double                  scale);

G_END_DECLS
