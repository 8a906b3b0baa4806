/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-planar-field.h"

G_BEGIN_DECLS

/**
 * OrrStreamlines:
 * @n_lines: how many
 * @first: [n_lines + 1] where each line's points begin and, last, how many points there are
 * @points: [points x 3] along the flow, on the field's sheet
 * @speed: [points] length of the field's vector at each point
 *
 * Curves that follow a planar field, evenly spaced.
 */
typedef struct
{
  guint   n_lines;
  gsize  *first;
  double *points;
  double *speed;
} OrrStreamlines;

OrrStreamlines *orr_streamlines_trace (const OrrPlanarField *field,
                                       double                spacing);
void            orr_streamlines_free  (OrrStreamlines       *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrrStreamlines, orr_streamlines_free)

G_END_DECLS
