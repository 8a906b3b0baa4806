/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-figure.h"

G_BEGIN_DECLS

/**
 * OrrFitSlice:
 * @name: what is the same along it: "x_2 = 3"
 * @n: points of the equation's curve
 * @x: [n]
 * @y: [n]
 *
 * The equation along one input while the others stay.
 */
typedef struct
{
  const char   *name;
  gsize         n;
  const double *x;
  const double *y;
} OrrFitSlice;

/**
 * OrrFitPlot:
 * @n: rows with a target
 * @x: (nullable): [n] the input, where there is one; %NULL: predicted against measured is drawn
 * @y: [n] measured
 * @errors: (nullable): [n] standard errors of @y: error bars
 * @predicted: (nullable): [n], NaN where it is not defined; %NULL without an equation
 * @held_out: [n] 1 where a row was kept from fitting
 * @left_out: (nullable): [n] not 0 where a row is not used
 * @outliers: (nullable): [n] 1 where a row is far from the others
 * @selected: (nullable): [n] 1 where a row is selected
 * @n_curve: points of the equation's curve, 0 for none
 * @curve_x: [n_curve] rising; reaches beyond the data on both sides
 * @curve_y: [n_curve]
 * @curve_error: (nullable): [n_curve] half of the confidence band's width
 * @n_slices: curves instead of one
 * @slices: [n_slices]
 * @slice_of: (nullable): [n] the slice that a row is nearest to
 * @map_x: (nullable): [n] with @map_y: two inputs, over which residuals are mapped
 * @map_y: (nullable): [n]
 * @map_x_name: @map_y_name: of these
 * @title: (nullable): over the data: how well it fits
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
  const double *errors;
  const double *predicted;
  const guint8 *held_out;
  const guint8 *left_out;
  const guint8 *outliers;
  const guint8 *selected;
  gsize         n_curve;
  const double *curve_x;
  const double *curve_y;
  const double *curve_error;
  guint         n_slices;
  const OrrFitSlice *slices;
  const guint8 *slice_of;
  const double *map_x;
  const double *map_y;
  const char   *map_x_name;
  const char   *map_y_name;
  const char   *title;
  const char   *x_name;
  const char   *x_unit;
  const char   *y_name;
  const char   *y_unit;
} OrrFitPlot;

OrrFigure *orr_figure_new_fit (const OrrFitPlot *fit);

G_END_DECLS
