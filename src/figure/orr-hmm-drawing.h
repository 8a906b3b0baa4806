/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <cairo.h>

#include "orr-colour.h"
#include "orr-hmm-geometry.h"

G_BEGIN_DECLS

/**
 * OrrHmmStyle:
 * @background: of what the model is drawn on
 * @node: fill of a node without colour
 * @foreground: lines and names
 * @accent: what is selected or active
 * @font_family: (nullable): %NULL for the system's sans
 * @labels: whether arrows carry their probability
 * @loops: whether self-loops are drawn
 *
 * How a model looks. Start from orr_hmm_style_init().
 */
typedef struct
{
  guint32     background;
  guint32     node;
  guint32     foreground;
  guint32     accent;
  const char *font_family;
  gboolean    labels;
  gboolean    loops;
} OrrHmmStyle;

/**
 * OrrHmmViewport:
 * @scale: pixels a model unit
 * @x: @y: pixel of the model's origin
 */
typedef struct
{
  double scale;
  double x;
  double y;
} OrrHmmViewport;

/**
 * OrrHmmHighlight:
 * @state: selected state, or %ORR_HMM_NO_INDEX
 * @from: @to: selected transition, or %ORR_HMM_NO_INDEX
 * @symbol: selected symbol, or %ORR_HMM_NO_INDEX
 * @strength: of the selection, 0 to 1 (for fading in)
 * @focused: whether the keyboard acts here
 * @hover: what is under the pointer
 * @hover_strength: 0 to 1
 * @glow: (nullable): [S] how much each state is lit, 0 to 1: the active state at the time cursor
 * @drawing_from: state that an arrow is being drawn from, or %ORR_HMM_NO_INDEX
 * @drawing_to: state it would reach, or %ORR_HMM_NO_INDEX
 * @drawing_x: @drawing_y: its tip, in model units, while it reaches no state
 */
typedef struct
{
  int           state;
  int           from;
  int           to;
  int           symbol;
  double        strength;
  gboolean      focused;
  OrrHmmHit     hover;
  double        hover_strength;
  const double *glow;
  int           drawing_from;
  int           drawing_to;
  double        drawing_x;
  double        drawing_y;
} OrrHmmHighlight;

void            orr_hmm_style_init      (OrrHmmStyle           *style,
                                         gboolean               dark);
void            orr_hmm_highlight_init  (OrrHmmHighlight       *highlight);
OrrHmmGeometry *orr_hmm_style_measure   (const OrrHmmStyle     *style,
                                         const OrrHmm          *hmm,
                                         double                 scale);
OrrHmmViewport  orr_hmm_style_fit       (const OrrHmmStyle     *style,
                                         const OrrHmm          *hmm,
                                         double                 width,
                                         double                 height,
                                         double                 max_scale);
void            orr_hmm_draw_geometry   (cairo_t               *cr,
                                         const OrrHmmGeometry  *geometry,
                                         const OrrHmmViewport  *viewport,
                                         const OrrHmmStyle     *style,
                                         const OrrHmmHighlight *highlight);
void            orr_hmm_draw            (cairo_t               *cr,
                                         const OrrHmm          *hmm,
                                         double                 width,
                                         double                 height,
                                         const OrrHmmStyle     *style,
                                         const OrrHmmHighlight *highlight);

G_END_DECLS
