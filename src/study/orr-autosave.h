/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-document.h"

G_BEGIN_DECLS

#define ORR_TYPE_AUTOSAVE (orr_autosave_get_type ())
G_DECLARE_FINAL_TYPE (OrrAutosave, orr_autosave, ORR, AUTOSAVE, GObject)

/*
 * OrrAutosave: keeps a recovery copy of a document's unsaved work in the user's
 * cache, written in the background. The copy goes when the document is saved or
 * the autosave is disposed of (a tidy end); what a crash leaves behind is found
 * by orr_recovery_find(). Main thread only.
 */

OrrAutosave *orr_autosave_new   (OrrDocument  *document,
                                 guint         interval_seconds);
void         orr_autosave_flush (OrrAutosave  *self);

/**
 * OrrRecovery:
 * @study_file: the recovery copy, a study
 * @original: (nullable): the file that the work belongs to
 * @title: of the study
 * @time: when the copy was written (seconds since 1970)
 *
 * Work that a crash left behind.
 */
typedef struct
{
  GFile *study_file;
  GFile *original;
  char  *title;
  gint64 time;
} OrrRecovery;

GPtrArray *orr_recovery_find    (void);
void       orr_recovery_discard (const OrrRecovery *recovery);

G_END_DECLS
