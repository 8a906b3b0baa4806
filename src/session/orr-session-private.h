/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-session.h"

G_BEGIN_DECLS

struct _OrrSession
{
  GObject parent_instance;

  OrrDocument *document;
  OrrJobQueue *jobs;
  OrrWorkbench *workbench;
  OrrBridge   *bridge;
  OrrRunChoice *choice;

  char        *run_id;
  OrrNetwork  *network; /* (nullable): what is shown */
  OrrTraining *training;
  GListStore  *trainings;
  gboolean     follow;
  GHashTable  *evaluated; /* ids of the runs that are being compared with their models */

  OrrTrajectoryOptions motion_options;
  OrrMotion   *motion;
  OrrJob      *motion_job; /* (nullable): the latest request */
  char        *motion_problem; /* (nullable): why the network has no motion */
  OrrMotion   *own_motion; /* (nullable): that of the network as it is, where gains are turned */
  OrrGains    *gains;      /* (nullable): a preview that the motion is computed with */
  gboolean     gains_wait; /* other gains came while the motion was computed */
  gboolean     gains_rest; /* the motion under them is computed at full length */
  guint        far_cursor; /* where the cursor was before a short preview, or 0 */
  gint64      *live_spent; /* (nullable): atomic reference counted; microseconds that the processor worked for the frame
                            * of a training that is computed now, known when it is done */
  gint64       live_next; /* not before this time is the training shown again */

  GtkBitset   *units;
  int          hovered_unit;
  int          state;
  int          transition_from;
  int          transition_to;
  int          symbol;
  gboolean     units_by_transition; /* they were chosen with it, and go with it */
  guint        range_start;
  guint        range_end;
  guint        cursor;
  int          epoch;
  OrrColouring colouring;
  gboolean     playing;

  int          projection;
  OrrPlanarField *law_flow; /* (nullable) */
  char        *law_label;
  guint32      law_rgb;
};

enum
{
  PROP_DOCUMENT = 1,
  PROP_JOBS,
  PROP_RUN,
  PROP_RUN_ID,
  PROP_NETWORK,
  PROP_TRAINING,
  PROP_FOLLOW,
  PROP_MOTION,
  PROP_GAINS,
  PROP_UNITS,
  PROP_HOVERED_UNIT,
  PROP_STATE,
  PROP_TRANSITION_FROM,
  PROP_TRANSITION_TO,
  PROP_SYMBOL,
  PROP_RANGE_START,
  PROP_RANGE_END,
  PROP_CURSOR,
  PROP_EPOCH,
  PROP_COLOURING,
  PROP_PLAYING,
  PROP_PROJECTION,
  PROP_LAW_FLOW,
  N_PROPS,
};

/* For the session's own files. */
void orr_session_notify         (OrrSession *self,
                                 guint       property);
void orr_session_set_int        (OrrSession *self,
                                 int        *field,
                                 int         value,
                                 guint       property);
void orr_session_set_uint       (OrrSession *self,
                                 guint      *field,
                                 guint       value,
                                 guint       property);
void orr_session_update_network (OrrSession *self);
void orr_session_update_live    (OrrSession *self);
void orr_session_evaluate_run   (OrrSession *self,
                                 OrrRun     *run);

G_END_DECLS
