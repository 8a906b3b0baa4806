/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "orr-document.h"
#include "orr-gains.h"
#include "orr-job-queue.h"
#include "orr-motion.h"
#include "orr-planar-field.h"
#include "orr-training.h"
#include "orr-bridge.h"
#include "orr-run-choice.h"
#include "orr-workbench.h"

G_BEGIN_DECLS

/**
 * OrrColouring:
 *
 * What the colour of a point of the orbit means.
 */
typedef enum
{
  ORR_COLOURING_SYMBOL,
  ORR_COLOURING_STATE,
  ORR_COLOURING_TIME,
  ORR_COLOURING_UNITS,
  ORR_COLOURING_RESIDENCY,
  ORR_COLOURING_ZONE,
  ORR_COLOURING_UNSTABLE,
  ORR_COLOURING_SIGN_CHANGES,
  ORR_COLOURING_KICKS,
  ORR_COLOURING_EPOCH,
} OrrColouring;

#define ORR_TYPE_COLOURING (orr_colouring_get_type ())
GType orr_colouring_get_type (void);

#define ORR_TYPE_SESSION (orr_session_get_type ())
G_DECLARE_FINAL_TYPE (OrrSession, orr_session, ORR, SESSION, GObject)

/*
 * OrrSession: what the views of one window share, so that they never need to
 * know each other. Every view sets what a person selects in it and listens to
 * "notify" for what it shows. Main thread only.
 *
 * Properties (all notify, only on change; indices are -1 for "none"):
 *   document         OrrDocument, construct only
 *   jobs             OrrJobQueue, construct only
 *   run              OrrRun * (pointer, nullable): the run that is shown; follows the document
 *   run-id           string: its id
 *   network          OrrNetwork * (pointer, nullable): the weights that are shown: of the
 *                    run, of the chosen epoch, or (with `follow`) of the training under way
 *   training         OrrTraining (nullable): the training that runs, else the latest one
 *   motion           OrrMotion * (pointer, nullable): how `network` moves; comes a
 *                    moment after it, computed in the background; none where it cannot be
 *                    computed, see orr_session_get_motion_problem()
 *   gains            OrrGains * (pointer, nullable): a preview: `motion` is that of the network
 *                    with these gains, in the axes of the network as it is; the study does not change
 *   follow           boolean: show the network that is being trained
 *   units            GtkBitset (boxed): selected hidden units; a set given to the session is not changed later
 *   hovered-unit     int
 *   state            int: selected HMM state
 *   transition-from, transition-to
 *                    int: selected transition; set both with orr_session_select_transition(), which
 *                    also selects the kick group that brings it about unless a person chose units
 *   symbol           int: selected symbol
 *   range-start, range-end
 *                    uint: selected steps [start, end) of the motion; equal: none
 *   cursor           uint: the step that all views point at
 *   epoch            int: the training epoch that is shown, -1: the final network
 *   colouring        OrrColouring
 *   playing          boolean: the cursor moves by itself
 *   projection       int: the pair of symbols (see orr_subspace_pair()) in whose subspace the orbit is
 *                    seen, -1: the components of all states
 *   law-flow         OrrPlanarField * (pointer, nullable): the flow of a fitted law in the coordinates
 *                    of `motion`, to be seen beside the network's; gone when the motion changes
 */

OrrSession   *orr_session_new               (OrrDocument  *document,
                                             OrrJobQueue  *jobs);
OrrDocument  *orr_session_get_document      (OrrSession   *self);
OrrJobQueue  *orr_session_get_jobs          (OrrSession   *self);

OrrWorkbench *orr_session_get_workbench     (OrrSession   *self);
OrrBridge    *orr_session_get_bridge        (OrrSession   *self);
OrrRunChoice *orr_session_get_choice        (OrrSession   *self);

OrrHmm       *orr_session_get_hmm           (OrrSession   *self);
OrrRun       *orr_session_get_run           (OrrSession   *self);
const char   *orr_session_get_run_id        (OrrSession   *self);
void          orr_session_set_run_id        (OrrSession   *self,
                                             const char   *run_id);
OrrNetwork   *orr_session_get_network       (OrrSession   *self);

OrrTraining  *orr_session_get_training      (OrrSession   *self);
OrrTraining  *orr_session_train             (OrrSession   *self,
                                             const OrrTrainingRequest *request,
                                             GError      **error);
GListModel   *orr_session_get_trainings     (OrrSession   *self);
gboolean      orr_session_move_training     (OrrSession   *self,
                                             OrrTraining  *training,
                                             int           by);
void          orr_session_adopt_training    (OrrSession   *self,
                                             OrrTraining  *training);
gboolean      orr_session_get_follow        (OrrSession   *self);
void          orr_session_set_follow        (OrrSession   *self,
                                             gboolean      follow);

OrrMotion    *orr_session_get_motion        (OrrSession   *self);
OrrMotion    *orr_session_get_own_motion    (OrrSession   *self);
const char   *orr_session_get_motion_problem (OrrSession  *self);
OrrGains     *orr_session_get_gains         (OrrSession   *self);
void          orr_session_set_gains         (OrrSession   *self,
                                             OrrGains     *gains);
void          orr_session_get_motion_options (OrrSession  *self,
                                             OrrTrajectoryOptions *options);
void          orr_session_simulate          (OrrSession   *self,
                                             const OrrTrajectoryOptions *options);
void          orr_session_evaluate_match    (OrrSession   *self);
gboolean      orr_session_is_evaluated      (OrrSession   *self,
                                             OrrRun       *run);

GtkBitset    *orr_session_get_units         (OrrSession   *self);
void          orr_session_set_units         (OrrSession   *self,
                                             GtkBitset    *units);
int           orr_session_get_hovered_unit  (OrrSession   *self);
void          orr_session_set_hovered_unit  (OrrSession   *self,
                                             int           unit);
int           orr_session_get_state         (OrrSession   *self);
void          orr_session_select_state      (OrrSession   *self,
                                             int           state);
void          orr_session_get_transition    (OrrSession   *self,
                                             int          *from,
                                             int          *to);
void          orr_session_select_transition (OrrSession   *self,
                                             int           from,
                                             int           to);
int           orr_session_get_symbol        (OrrSession   *self);
void          orr_session_set_symbol        (OrrSession   *self,
                                             int           symbol);
void          orr_session_clear_selection   (OrrSession   *self);

gboolean      orr_session_get_range         (OrrSession   *self,
                                             guint        *start,
                                             guint        *end);
void          orr_session_set_range         (OrrSession   *self,
                                             guint         start,
                                             guint         end);
guint         orr_session_get_cursor        (OrrSession   *self);
void          orr_session_set_cursor        (OrrSession   *self,
                                             guint         cursor);
int           orr_session_get_active_state  (OrrSession   *self);
int           orr_session_get_epoch         (OrrSession   *self);
void          orr_session_set_epoch         (OrrSession   *self,
                                             int           epoch);
OrrColouring  orr_session_get_colouring     (OrrSession   *self);
void          orr_session_set_colouring     (OrrSession   *self,
                                             OrrColouring  colouring);
gboolean      orr_session_get_playing       (OrrSession   *self);
void          orr_session_set_playing       (OrrSession   *self,
                                             gboolean      playing);
int           orr_session_get_projection    (OrrSession   *self);
void          orr_session_set_projection    (OrrSession   *self,
                                             int           pair);
OrrPlanarField *orr_session_get_law_flow    (OrrSession   *self,
                                             const char  **label,
                                             guint32      *rgb);
void          orr_session_set_law_flow      (OrrSession   *self,
                                             OrrPlanarField *field,
                                             const char   *label,
                                             guint32       rgb);

G_END_DECLS
