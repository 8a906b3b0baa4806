/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-analysis.h"
#include "orr-hazard.h"
#include "orr-transitions.h"

G_BEGIN_DECLS

/* How a kick group is looked for; SCIENCE, part 3.6 and orr_kick_neurons_analyze(). */
#define ORR_KICK_MARGIN 3         /* steps that a deep state lies from both ends of its dwell */
#define ORR_KICK_LAG 2            /* steps before the change by which units are ranked */
#define ORR_KICK_LAGS 3           /* steps before the change in which a unit must wake ... */
#define ORR_KICK_TIMING 0.65      /* ... with this separation from deep states */
#define ORR_KICK_HORIZON 40       /* steps that each trajectory is followed at most */
#define ORR_KICK_STARTS 400       /* deep states that trajectories start from */
#define ORR_KICK_CANDIDATES 20    /* units that may join a group by their separation */
#define ORR_KICK_EXTRA 6          /* and by their effect alone */
#define ORR_KICK_HOLDS 5.0        /* times faster a state is left without a unit that holds it */
#define ORR_KICK_COLLAPSE 0.25    /* and the rate a step at which it no longer stands */
#define ORR_KICK_CONTROLS 199     /* random groups */
#define ORR_KICK_MIN_EVENTS 20    /* transitions that a direction needs */

/**
 * OrrKickData:
 * @network: the network
 * @options: settings
 * @run: the visited trajectory
 * @transitions: its changes of symbol
 * @n_alive: units that are active at all
 * @alive: [@n_alive] which they are
 */
typedef struct
{
  const OrrNetwork         *network;
  const OrrAnalysisOptions *options;
  const OrrTrajectory      *run;
  const OrrTransitions     *transitions;
  guint                     n_alive;
  guint                    *alive;
} OrrKickData;

/**
 * OrrKickHalf:
 * @deep: (element-type guint): times of deep states of the symbol in this half of
 *   the trajectory
 * @starts: [n x H] some of them
 * @stream: random stream for noise from these starts
 *
 * One half of the trajectory: groups are chosen on one and judged on the other.
 */
typedef struct
{
  guint      begin;
  guint      end;
  guint      symbol;
  GArray    *deep;
  OrrMatrix *starts;
  guint64    stream;
} OrrKickHalf;

/**
 * OrrKickScores:
 * @auc: [H] separation ORR_KICK_LAG steps before, of orr_kick_separation()
 * @timing: [H] best separation, of orr_kick_timing()
 * @effect: [H] relative change of the rate when the unit is silenced alone
 * @eligible: [H] whether both states stand without it, of orr_kick_find_eligible()
 *
 * What is known of each unit before a group is chosen.
 */
typedef struct
{
  double   *auc;
  double   *timing;
  double   *effect;
  gboolean *eligible;
} OrrKickScores;

void       orr_kick_half_init      (OrrKickHalf       *self,
                                    const OrrKickData *data,
                                    guint              symbol,
                                    guint              begin,
                                    guint              end,
                                    guint64            stream);
void       orr_kick_half_clear     (OrrKickHalf       *self);
void       orr_kick_separation     (const OrrKickData *data,
                                    const OrrKickHalf *half,
                                    guint              to,
                                    guint              lag,
                                    double            *auc,
                                    OrrProgress       *progress);
void       orr_kick_timing         (const OrrKickData *data,
                                    const OrrKickHalf *half,
                                    guint              to,
                                    double            *timing,
                                    OrrProgress       *progress);
void       orr_kick_find_eligible  (const OrrHazard   *units_from,
                                    const OrrHazard   *units_to,
                                    gboolean          *eligible);
OrrHazard *orr_kick_measure_groups (const OrrKickData *data,
                                    const OrrKickHalf *half,
                                    GPtrArray         *groups,
                                    OrrProgress       *progress,
                                    GError           **error);
OrrHazard *orr_kick_measure_units  (const OrrKickData *data,
                                    const OrrKickHalf *half,
                                    OrrProgress       *progress,
                                    GError           **error);
GArray    *orr_kick_choose_group   (const OrrKickData *data,
                                    const OrrKickHalf *half,
                                    guint              to,
                                    const OrrKickScores *scores,
                                    OrrProgress       *progress,
                                    GError           **error);
GPtrArray *orr_kick_draw_controls  (const OrrKickData *data,
                                    const GArray      *group,
                                    const gboolean    *eligible,
                                    guint              n,
                                    guint64            first);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (OrrKickHalf, orr_kick_half_clear)

G_END_DECLS
