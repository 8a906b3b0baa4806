/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-colour.h"
#include "orr-session.h"

G_BEGIN_DECLS

/**
 * OrrOrbitLegend:
 * @is_scale: whether values run along the sequential map, from @low to @high
 * @low: value at its dark end
 * @high: value at its bright end
 * @title: what is measured
 * @names: of kinds, one for each colour, where it is not a scale
 * @colours: 0xRRGGBB of each kind
 *
 * What the colours of the orbit mean.
 */
typedef struct
{
  gboolean   is_scale;
  double     low;
  double     high;
  char      *title;
  GPtrArray *names;
  GArray    *colours;
} OrrOrbitLegend;

OrrOrbitLegend *orr_orbit_legend_new  (void);
void            orr_orbit_legend_free (OrrOrbitLegend *self);

/**
 * OrrOrbitColourSource:
 * @colouring: which choice of the session it stands for
 * @title: (untranslated): what a person chooses
 * @fill: gives each step of the motion its colour, and says what colours mean; all
 *   grey, with a legend that says why, where the session lacks what it needs
 *
 * One way of colouring the orbit.
 */
typedef struct
{
  OrrColouring colouring;
  const char  *title;
  void       (*fill) (OrrSession     *session,
                      OrrMotion      *motion,
                      guint32        *rgb,
                      OrrOrbitLegend *legend);
} OrrOrbitColourSource;

const OrrOrbitColourSource *orr_orbit_colour_sources      (guint           *n);
const OrrOrbitColourSource *orr_orbit_colour_source_find  (OrrColouring     colouring);
guint32                     orr_orbit_state_colour        (const OrrHmm    *hmm,
                                                           guint            state);
guint32                     orr_orbit_scale_colour        (double           t);
double                     *orr_orbit_unit_activity       (const OrrMotion *motion,
                                                           GtkBitset       *units);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrrOrbitLegend, orr_orbit_legend_free)

G_END_DECLS
