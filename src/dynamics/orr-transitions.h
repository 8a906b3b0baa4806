/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-trajectory.h"

G_BEGIN_DECLS

/**
 * OrrTransition:
 * @time: first step at which the new symbol leads
 * @from: the symbol before
 * @to: the symbol that leads now
 * @dwell: steps for which the symbol before had led
 */
typedef struct
{
  guint   time;
  guint16 from;
  guint16 to;
  guint   dwell;
} OrrTransition;

/**
 * OrrTransitions:
 * @n_steps: T
 * @n_symbols: K
 * @symbols: [T] argmax of the logits (not the sampled symbol: emission noise
 *   changes nothing in the network)
 * @since: [T] steps since the symbol last changed
 * @until: [T] steps until it changes next
 * @n: transitions seen
 * @items: [@n] in order of time
 *
 * When the leading symbol of a trajectory changes.
 */
typedef struct
{
  guint          n_steps;
  guint          n_symbols;
  guint16       *symbols;
  guint         *since;
  guint         *until;
  guint          n;
  OrrTransition *items;
} OrrTransitions;

OrrTransitions *orr_transitions_new    (const OrrTrajectory  *run);
void            orr_transitions_free   (OrrTransitions       *self);
double          orr_transitions_rate   (const OrrTransitions *self);
guint           orr_transitions_count  (const OrrTransitions *self,
                                        guint                 from,
                                        guint                 to,
                                        guint                 min_dwell);
GArray         *orr_transitions_deep   (const OrrTransitions *self,
                                        guint                 symbol,
                                        guint                 margin);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrrTransitions, orr_transitions_free)

G_END_DECLS
