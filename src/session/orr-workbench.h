/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "orr-advisor.h"
#include "orr-document.h"
#include "orr-job-queue.h"
#include "orr-refine.h"

G_BEGIN_DECLS

#define ORR_TYPE_WORKBENCH (orr_workbench_get_type ())
G_DECLARE_FINAL_TYPE (OrrWorkbench, orr_workbench, ORR, WORKBENCH, GObject)

/*
 * OrrWorkbench: what the views of the Equations page share, beside the session:
 * the tree on the canvas, its data, the selected node, how well it fits, and the
 * work that the agent does on it. Every edit goes through the document and can
 * be undone. Main thread only.
 *
 * Properties (all notify, only on change):
 *   equations     OrrEquations * (pointer): all that is kept in the study
 *   expr          OrrExpr * (pointer): the tree on the canvas
 *   dataset       OrrDataset * (pointer, nullable)
 *   selected      uint: id of the selected node, 0 for none
 *   r2            double: of the present tree on the training rows; NaN while
 *                 there are placeholders or no data, or it is not defined on them
 *   r2-held-out   double: on the held-out rows
 *   busy          boolean: the agent or a fit is at work
 *   rows          GtkBitset (boxed): selected rows of the data set, counted from 0; a
 *                 set given to the workbench is not changed later
 *   preview       OrrExpr * (pointer, nullable): an equation that is looked at without
 *                 being taken: the fit shows it; ends with the next edit
 *   suggestions   OrrSuggestions * (pointer, nullable): the agent's actions for the
 *                 selected place; notifies also when one of them was completed
 *   refinement    OrrRefinement * (pointer, nullable): what the agent's practice on
 *                 these data has brought; %NULL for the agent as it comes
 *   ghost         OrrGhost * (pointer, nullable): the completion that a person looks at
 */

/**
 * OrrGhost:
 * @expr: the whole tree as it would be; nodes that are there now keep their ids
 * @action: the suggestion that it follows from
 * @r2: on the training rows
 * @r2_held_out: on the held-out rows
 *
 * What the tree would become. Reference counted.
 */
typedef struct
{
  OrrExpr  *expr;
  OrrAction action;
  double    r2;
  double    r2_held_out;
} OrrGhost;

OrrGhost     *orr_ghost_ref                (OrrGhost      *self);
void          orr_ghost_unref              (OrrGhost      *self);

OrrWorkbench *orr_workbench_new            (OrrDocument   *document,
                                            OrrJobQueue   *jobs);
OrrEquations *orr_workbench_get_equations  (OrrWorkbench  *self);
OrrExpr      *orr_workbench_get_expr       (OrrWorkbench  *self);
OrrDataset   *orr_workbench_get_dataset    (OrrWorkbench  *self);

void          orr_workbench_set_dataset    (OrrWorkbench  *self,
                                            OrrDataset    *dataset);
void          orr_workbench_change_dataset (OrrWorkbench *self,
                                            OrrDataset    *dataset,
                                            const char    *label,
                                            const char    *merge_key);
void          orr_workbench_set_expr       (OrrWorkbench  *self,
                                            OrrExpr       *expr,
                                            const char    *label,
                                            const char    *merge_key);
gboolean      orr_workbench_set_formula    (OrrWorkbench  *self,
                                            const char    *text,
                                            guint         *column,
                                            GError       **error);
char         *orr_workbench_dup_formula    (OrrWorkbench  *self);
char         *orr_workbench_print         (OrrWorkbench  *self,
                                            const OrrExpr *expr,
                                            OrrExprFormat  format,
                                            int            digits);
void          orr_workbench_set_tree_and_tray (OrrWorkbench *self,
                                            OrrExpr       *expr,
                                            GPtrArray     *tray,
                                            const char    *label);
gboolean      orr_workbench_is_forbidden   (OrrWorkbench  *self,
                                            OrrExprOp      op);
void          orr_workbench_set_forbidden  (OrrWorkbench  *self,
                                            OrrExprOp      op,
                                            gboolean       forbidden);
void          orr_workbench_set_offered    (OrrWorkbench  *self,
                                            const double  *offered,
                                            guint          n);
void          orr_workbench_take_candidate (OrrWorkbench  *self,
                                            guint          index);
void          orr_workbench_pin_candidate (OrrWorkbench  *self,
                                            guint          index,
                                            gboolean       pinned);
void          orr_workbench_remove_candidate (OrrWorkbench *self,
                                            guint          index);
void          orr_workbench_set_constant  (OrrWorkbench  *self,
                                            guint          position,
                                            double         value,
                                            gboolean       moving);
void          orr_workbench_go_to_move     (OrrWorkbench  *self,
                                            int            index);
double        orr_workbench_r2_of_expr     (OrrWorkbench  *self,
                                            const OrrExpr *expr,
                                            gboolean       held_out);

GtkBitset    *orr_workbench_get_rows      (OrrWorkbench  *self);
void          orr_workbench_set_rows      (OrrWorkbench  *self,
                                            GtkBitset     *rows);
OrrExpr      *orr_workbench_get_preview   (OrrWorkbench  *self);
void          orr_workbench_set_preview   (OrrWorkbench  *self,
                                            OrrExpr       *preview);
OrrExpr      *orr_workbench_get_shown     (OrrWorkbench  *self);
guint         orr_workbench_get_selected   (OrrWorkbench  *self);
void          orr_workbench_set_selected   (OrrWorkbench  *self,
                                            guint          id);
double        orr_workbench_get_r2         (OrrWorkbench  *self);
double        orr_workbench_get_r2_held_out (OrrWorkbench *self);
double        orr_workbench_compute_r2    (const OrrExpr *expr,
                                            const OrrDataset *dataset,
                                            OrrDatasetPart part);
double       *orr_workbench_predict        (OrrWorkbench  *self,
                                            gsize         *n_rows);

guint8       *orr_workbench_find_outliers (OrrWorkbench  *self,
                                            gsize         *n);

gboolean      orr_workbench_get_busy       (OrrWorkbench  *self);
void          orr_workbench_fit_constants  (OrrWorkbench  *self);
void          orr_workbench_complete       (OrrWorkbench  *self);
void          orr_workbench_improve        (OrrWorkbench  *self);
void          orr_workbench_stop           (OrrWorkbench  *self);
void          orr_workbench_step           (OrrWorkbench  *self);
void          orr_workbench_refine         (OrrWorkbench  *self);
void          orr_workbench_forget_refinement (OrrWorkbench *self);
const OrrRefinement *orr_workbench_get_refinement (OrrWorkbench *self);
void          orr_workbench_open_example   (OrrWorkbench  *self);

gboolean      orr_workbench_is_asking      (OrrWorkbench  *self);
OrrSuggestions *orr_workbench_get_suggestions (OrrWorkbench *self);
OrrGhost     *orr_workbench_get_completion (OrrWorkbench  *self,
                                            guint          index);
OrrGhost     *orr_workbench_get_ghost      (OrrWorkbench  *self);
void          orr_workbench_look_at        (OrrWorkbench  *self,
                                            int            index);
void          orr_workbench_take_suggestion (OrrWorkbench *self,
                                            guint          index,
                                            gboolean       alone);
void          orr_workbench_carry_suggestion (OrrWorkbench *self,
                                            int            index);
int           orr_workbench_get_carried    (OrrWorkbench  *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrrGhost, orr_ghost_unref)

G_END_DECLS
