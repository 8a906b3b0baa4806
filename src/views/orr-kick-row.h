/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "orr-hmm.h"

G_BEGIN_DECLS

#define ORR_TYPE_KICK_ROW (orr_kick_row_get_type ())
G_DECLARE_FINAL_TYPE (OrrKickRow, orr_kick_row, ORR, KICK_ROW, GObject)

/**
 * OrrKickRow:
 * @direction: the transition, in the names of the symbols
 * @from: symbol that is left
 * @to: symbol that comes
 * @unit: the kick neuron
 * @effect: relative change of the rate when it alone is silenced
 * @auc: how well its activity before the jump separates from that deep in the state
 * @crossing_time: steps before the jump at which it wakes
 * @ratio: rate with the whole group silenced, relative to nominal
 * @control_ratio: mean rate with a random group silenced, relative to nominal
 * @stability: share of searches with other seeds that found it, or of the other half of the
 *   same trajectory where there were none
 * @p_value: share of random groups that do as well as its group
 *
 * One kick neuron in the table. Immutable.
 */
struct _OrrKickRow
{
  GObject parent;

  char  *direction;
  guint  from;
  guint  to;
  guint  unit;
  double effect;
  double auc;
  double crossing_time;
  double ratio;
  double control_ratio;
  double stability;
  double p_value;
};

void orr_kick_rows_fill (GListStore   *store,
                         GVariant     *section,
                         const OrrHmm *hmm);
char *orr_kick_rows_to_csv (GListModel *rows);

G_END_DECLS
