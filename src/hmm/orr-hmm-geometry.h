/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-hmm.h"

G_BEGIN_DECLS

/* All lengths are in model units, in which neighbours are about 1.25 apart; x
 * to the right, y down. */
#define ORR_HMM_NODE_RADIUS 0.34
/* Screen pixels a model unit at 100 %. */
#define ORR_HMM_PIXELS_PER_UNIT 185.0
#define ORR_HMM_NO_INDEX (-1)

/**
 * OrrHmmArrow:
 * @from: @to: the transition; a self-loop where they are the same
 * @x: @y: the four points of a cubic Bezier curve from rim to rim
 * @width: of the line
 * @head: length of the arrow head
 * @label: the probability as text
 * @label_x: @label_y: @label_width: centre and width of the label
 * @label_fits: whether the label is free of nodes and of other labels
 */
typedef struct
{
  guint    from;
  guint    to;
  double   probability;
  double   x[4];
  double   y[4];
  double   width;
  double   head;
  char     label[16];
  double   label_x;
  double   label_y;
  double   label_width;
  gboolean label_fits;
} OrrHmmArrow;

/**
 * OrrHmmGeometry:
 * @hmm: the model drawn
 * @arrows: [n_arrows] transitions above 0, row by row
 * @label_height: of all labels
 *
 * Where everything of a model's drawing is: a value, computed once and then
 * drawn and hit. Pure numbers, no toolkit.
 */
typedef struct
{
  OrrHmm      *hmm;
  guint        n_arrows;
  OrrHmmArrow *arrows;
  double       label_height;
} OrrHmmGeometry;

typedef enum
{
  ORR_HMM_PART_NONE,
  ORR_HMM_PART_STATE,
  ORR_HMM_PART_RIM,
  ORR_HMM_PART_BAR,
  ORR_HMM_PART_TRANSITION,
} OrrHmmPart;

/**
 * OrrHmmHit:
 * @state: the state, or the one the transition leaves; or %ORR_HMM_NO_INDEX
 * @to: the state the transition reaches
 * @symbol: the emission bar's symbol
 *
 * What is under a point.
 */
typedef struct
{
  OrrHmmPart part;
  int        state;
  int        to;
  int        symbol;
} OrrHmmHit;

typedef struct
{
  double x, y, width, height;
} OrrHmmBox;

OrrHmmGeometry    *orr_hmm_geometry_new        (const OrrHmm         *hmm,
                                                double                char_width,
                                                double                label_height);
void               orr_hmm_geometry_free       (OrrHmmGeometry       *self);
OrrHmmBox          orr_hmm_geometry_bounds     (const OrrHmmGeometry *self);
const OrrHmmArrow *orr_hmm_geometry_find_arrow (const OrrHmmGeometry *self,
                                                guint                 from,
                                                guint                 to);
OrrHmmBox          orr_hmm_geometry_bar        (const OrrHmmGeometry *self,
                                                guint                 state,
                                                guint                 symbol);
double             orr_hmm_geometry_bar_value  (const OrrHmmGeometry *self,
                                                guint                 state,
                                                double                y);
OrrHmmHit          orr_hmm_geometry_hit        (const OrrHmmGeometry *self,
                                                double                x,
                                                double                y,
                                                double                tolerance);
void               orr_hmm_arrow_point         (const OrrHmmArrow    *self,
                                                double                t,
                                                double               *x,
                                                double               *y);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrrHmmGeometry, orr_hmm_geometry_free)

G_END_DECLS
