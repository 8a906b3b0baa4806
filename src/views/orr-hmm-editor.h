/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-session.h"

G_BEGIN_DECLS

#define ORR_TYPE_HMM_EDITOR (orr_hmm_editor_get_type ())
G_DECLARE_FINAL_TYPE (OrrHmmEditor, orr_hmm_editor, ORR, HMM_EDITOR, GObject)

/*
 * OrrHmmEditor: a person's edits of the session's model, each one undo step
 * with its name. What cannot be done leaves everything as it was and says why.
 *
 * A drag is many edits and one step: between orr_hmm_editor_begin_drag() and
 * orr_hmm_editor_end_drag() every edit starts from the model as it was at the
 * beginning and takes the place of the one before.
 */

OrrHmmEditor *orr_hmm_editor_new            (OrrSession    *session);
OrrSession   *orr_hmm_editor_get_session    (OrrHmmEditor  *self);
OrrHmm       *orr_hmm_editor_get_hmm        (OrrHmmEditor  *self);

void          orr_hmm_editor_begin_drag     (OrrHmmEditor  *self);
void          orr_hmm_editor_end_drag       (OrrHmmEditor  *self);
void          orr_hmm_editor_cancel_drag    (OrrHmmEditor  *self);

gboolean      orr_hmm_editor_add_state      (OrrHmmEditor  *self,
                                             double         x,
                                             double         y,
                                             GError       **error);
gboolean      orr_hmm_editor_add_transition (OrrHmmEditor  *self,
                                             guint          from,
                                             guint          to,
                                             GError       **error);
gboolean      orr_hmm_editor_add_symbol     (OrrHmmEditor  *self,
                                             GError       **error);
gboolean      orr_hmm_editor_remove_symbol  (OrrHmmEditor  *self,
                                             guint          symbol,
                                             GError       **error);
gboolean      orr_hmm_editor_remove_selected (OrrHmmEditor *self,
                                             GError       **error);
gboolean      orr_hmm_editor_set_transition (OrrHmmEditor  *self,
                                             guint          from,
                                             guint          to,
                                             double         probability,
                                             GError       **error);
gboolean      orr_hmm_editor_set_emission   (OrrHmmEditor  *self,
                                             guint          state,
                                             guint          symbol,
                                             double         probability,
                                             GError       **error);
gboolean      orr_hmm_editor_set_start      (OrrHmmEditor  *self,
                                             guint          state,
                                             double         probability,
                                             GError       **error);
gboolean      orr_hmm_editor_rename_state   (OrrHmmEditor  *self,
                                             guint          state,
                                             const char    *name,
                                             GError       **error);
gboolean      orr_hmm_editor_rename_symbol  (OrrHmmEditor  *self,
                                             guint          symbol,
                                             const char    *name,
                                             GError       **error);
void          orr_hmm_editor_set_colour     (OrrHmmEditor  *self,
                                             guint          state,
                                             guint32        colour);
void          orr_hmm_editor_move_state     (OrrHmmEditor  *self,
                                             guint          state,
                                             double         x,
                                             double         y,
                                             const char    *merge_key);
void          orr_hmm_editor_set_locked     (OrrHmmEditor  *self,
                                             guint          from,
                                             guint          to,
                                             gboolean       locked);
void          orr_hmm_editor_arrange        (OrrHmmEditor  *self);
void          orr_hmm_editor_replace        (OrrHmmEditor  *self,
                                             OrrHmm        *hmm,
                                             const char    *label);

G_END_DECLS
