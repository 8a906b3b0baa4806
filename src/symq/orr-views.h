/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-expr-fit.h"
#include "orr-template.h"

G_BEGIN_DECLS

/* 22 simple ones, the first of which tell most often, and 36 that multiply or divide by a column first, then are one of the first six. */
#define ORR_N_USUAL_VIEWS 12
#define ORR_N_SIMPLE_VIEWS 22
#define ORR_N_VIEWS 58

/* Some of them by name; of columns the first. */
enum
{
  ORR_VIEW_INVERSE = 0,
  ORR_VIEW_SQUARE = 1,
  ORR_VIEW_EXPONENTIAL = 4,
  ORR_VIEW_LOGARITHM = 5,
  ORR_VIEW_TIMES_COLUMN = 6,
  ORR_VIEW_BY_COLUMN = ORR_VIEW_TIMES_COLUMN + ORR_ACTIONS_VARIABLES,
};

gboolean orr_view_look      (guint             view,
                             const OrrSamples *samples,
                             guint64           legal,
                             double           *y);
#define ORR_N_ZOOMS 4

gboolean orr_view_turn_back (guint             view,
                             const OrrFilling *seen,
                             OrrFilling       *out);
guint    orr_view_zoom      (guint             zoom,
                             const OrrSamples *samples,
                             guint             n_variables,
                             double           *rows);

G_END_DECLS
