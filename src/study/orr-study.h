/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

#include "orr-equations.h"
#include "orr-recording.h"
#include "orr-run.h"

G_BEGIN_DECLS

/**
 * OrrStudy:
 * @title: what a person calls the study
 * @notes: free text
 * @hmm: the model that the Model page shows and that training aims at
 * @runs: (element-type OrrRun): its networks, oldest first
 * @equations: what the Equations page shows
 * @recording: (nullable): recorded behaviour, to fit models to and train networks on
 *
 * The whole document at one moment. A value: never changed once shared; the
 * orr_study_with_*() functions return changed copies that share all the rest, so
 * that a history of studies costs what differs. Reference counted, a boxed type.
 */
typedef struct
{
  char         *title;
  char         *notes;
  OrrHmm       *hmm;
  GPtrArray    *runs;
  OrrEquations *equations;
  OrrRecording *recording;
} OrrStudy;

#define ORR_TYPE_STUDY (orr_study_get_type ())
GType     orr_study_get_type       (void);
OrrStudy *orr_study_new            (const char     *title,
                                    OrrHmm         *hmm);
OrrStudy *orr_study_with_title     (const OrrStudy *self,
                                    const char     *title);
OrrStudy *orr_study_with_notes     (const OrrStudy *self,
                                    const char     *notes);
OrrStudy *orr_study_with_hmm       (const OrrStudy *self,
                                    OrrHmm         *hmm);
OrrStudy *orr_study_with_run       (const OrrStudy *self,
                                    OrrRun         *run);
OrrStudy *orr_study_without_run    (const OrrStudy *self,
                                    const char     *id);
OrrStudy *orr_study_with_equations (const OrrStudy *self,
                                    OrrEquations   *equations);
OrrStudy *orr_study_with_recording (const OrrStudy *self,
                                    OrrRecording   *recording);
OrrRun   *orr_study_find_run       (const OrrStudy *self,
                                    const char     *id);
OrrStudy *orr_study_ref            (OrrStudy       *self);
void      orr_study_unref          (OrrStudy       *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrrStudy, orr_study_unref)

G_END_DECLS
