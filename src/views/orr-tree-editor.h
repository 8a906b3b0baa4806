/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-workbench.h"

G_BEGIN_DECLS

#define ORR_TYPE_TREE_EDITOR (orr_tree_editor_get_type ())
G_DECLARE_FINAL_TYPE (OrrTreeEditor, orr_tree_editor, ORR, TREE_EDITOR, GObject)

/*
 * OrrTreeEditor: a person's edits of the workbench's tree, each one undo step,
 * and what is being dragged. What cannot be done leaves everything as it was
 * and says why.
 */

OrrTreeEditor     *orr_tree_editor_new           (OrrWorkbench      *workbench);
OrrWorkbench      *orr_tree_editor_get_workbench (OrrTreeEditor     *self);
OrrExpr           *orr_tree_editor_get_expr      (OrrTreeEditor     *self);
const char *const *orr_tree_editor_get_names     (OrrTreeEditor     *self,
                                                  guint             *n_names);
int                orr_tree_editor_get_selected  (OrrTreeEditor     *self);
void               orr_tree_editor_select        (OrrTreeEditor     *self,
                                                  int                position);

OrrExpr           *orr_tree_editor_parse         (OrrTreeEditor *self,
                                                      const char        *text,
                                                      GError           **error);
char              *orr_tree_editor_print         (OrrTreeEditor *self,
                                                      const OrrExpr     *expr);

void               orr_tree_editor_lift          (OrrTreeEditor *self,
                                                      int                position,
                                                      int                loose);
int                orr_tree_editor_get_lifted    (OrrTreeEditor *self);

gboolean           orr_tree_editor_drop_on       (OrrTreeEditor *self,
                                                      int                position,
                                                      const char        *piece,
                                                      gboolean           copy,
                                                      GError           **error);
gboolean           orr_tree_editor_drop_above    (OrrTreeEditor *self,
                                                      int                position,
                                                      const char        *piece,
                                                      GError           **error);
gboolean           orr_tree_editor_drop_outside  (OrrTreeEditor *self,
                                                      const char        *piece,
                                                      GError           **error);
gboolean           orr_tree_editor_type          (OrrTreeEditor *self,
                                                      const char        *text,
                                                      GError           **error);
gboolean           orr_tree_editor_put          (OrrTreeEditor     *self,
                                                  const char        *piece,
                                                  int                loose,
                                                  GError           **error);
gboolean           orr_tree_editor_remove        (OrrTreeEditor *self,
                                                      GError           **error);
void               orr_tree_editor_toggle_lock   (OrrTreeEditor *self,
                                                      gboolean           whole_subtree);
void               orr_tree_editor_drop_loose    (OrrTreeEditor *self,
                                                      guint              index);

G_END_DECLS
