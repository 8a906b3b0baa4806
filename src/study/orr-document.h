/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "orr-study.h"

G_BEGIN_DECLS

#define ORR_TYPE_DOCUMENT (orr_document_get_type ())
G_DECLARE_FINAL_TYPE (OrrDocument, orr_document, ORR, DOCUMENT, GObject)

/*
 * OrrDocument: the study that a window edits: the present OrrStudy, its
 * history, its file and whether it has unsaved changes. Main thread only.
 *
 * Properties (all notify, read-only where not said): study (OrrStudy),
 * file (GFile, read-write), modified, can-undo, can-redo, undo-label, redo-label.
 * "notify::study" is the one signal that the content changed.
 */

OrrDocument *orr_document_new            (OrrStudy    *study);
OrrStudy    *orr_document_get_study      (OrrDocument *self);
OrrHmm      *orr_document_get_hmm        (OrrDocument *self);
GFile       *orr_document_get_file       (OrrDocument *self);
void         orr_document_set_file       (OrrDocument *self,
                                          GFile       *file);
gboolean     orr_document_get_modified   (OrrDocument *self);
void         orr_document_set_saved      (OrrDocument *self,
                                          OrrStudy    *saved);
void         orr_document_edit           (OrrDocument *self,
                                          OrrStudy    *next,
                                          const char  *label,
                                          const char  *merge_key);
void         orr_document_edit_hmm       (OrrDocument *self,
                                          OrrHmm      *hmm,
                                          const char  *label,
                                          const char  *merge_key);
void         orr_document_end_merge      (OrrDocument *self);
void         orr_document_add_run        (OrrDocument *self,
                                          OrrRun      *run,
                                          const char  *label);
gboolean     orr_document_amend_run      (OrrDocument *self,
                                          OrrRun      *run);
void         orr_document_set_section    (OrrDocument *self,
                                          const char  *run_id,
                                          const char  *name,
                                          GVariant    *section);
gboolean     orr_document_undo           (OrrDocument *self);
gboolean     orr_document_redo           (OrrDocument *self);
gboolean     orr_document_get_can_undo   (OrrDocument *self);
gboolean     orr_document_get_can_redo   (OrrDocument *self);
const char  *orr_document_get_undo_label (OrrDocument *self);
const char  *orr_document_get_redo_label (OrrDocument *self);

G_END_DECLS
