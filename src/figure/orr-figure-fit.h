/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-figure.h"

G_BEGIN_DECLS

/**
 * OrrFitPlot:
 * @n: rows with a target
 * @x: (nullable): [n] the input, where there is one; %NULL: predicted against measured is drawn
 * @y: [n] measured
 * @predicted: (nullable): [n], NaN where it is not defined; %NULL without an equation
 * @held_out: [n] 1 where a row was kept from fitting
 * @n_curve: points of the equation's curve, 0 for none
 * @curve_x: [n_curve] rising; reaches beyond the data on both sides
 * @curve_y: [n_curve]
 * @x_name: of the input
 * @x_unit: its unit, "" for none
 * @y_name: of the target
 * @y_unit: its unit, "" for none
 *
 * A table and an equation for it.
 */
typedef struct
{
  gsize         n;
  const double *x;
  const double *y;
  const double *predicted;
  const guint8 *held_out;
  gsize         n_curve;
  const double *curve_x;
  const double *curve_y;
  const char   *x_name;
  const char   *x_unit;
  const char   *y_name;
  const char   *y_unit;
} OrrFitPlot;

OrrFigure *orr_figure_new_fit (const OrrFitPlot *fit);

G_END_DECLS
