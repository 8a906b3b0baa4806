/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "orr-hmm-geometry.h"

G_BEGIN_DECLS

#define ORR_TYPE_HMM_CANVAS (orr_hmm_canvas_get_type ())
G_DECLARE_FINAL_TYPE (OrrHmmCanvas, orr_hmm_canvas, ORR, HMM_CANVAS, GtkWidget)

/*
 * Properties: zoom (double, notifies): 1 is 100 %.
 */

OrrHmm   *orr_hmm_canvas_get_hmm        (OrrHmmCanvas    *self);
void      orr_hmm_canvas_set_hmm        (OrrHmmCanvas    *self,
                                         OrrHmm          *hmm,
                                         gboolean         keep_view);
void      orr_hmm_canvas_set_compact    (OrrHmmCanvas    *self,
                                         gboolean         compact);
void      orr_hmm_canvas_set_inset      (OrrHmmCanvas    *self,
                                         int              top,
                                         int              bottom);

void      orr_hmm_canvas_select         (OrrHmmCanvas    *self,
                                         int              state,
                                         int              from,
                                         int              to,
                                         int              symbol);
void      orr_hmm_canvas_set_active     (OrrHmmCanvas    *self,
                                         int              state);
void      orr_hmm_canvas_set_hover      (OrrHmmCanvas    *self,
                                         const OrrHmmHit *hit);
void      orr_hmm_canvas_set_drawing    (OrrHmmCanvas    *self,
                                         int              from,
                                         int              to,
                                         double           x,
                                         double           y);

OrrHmmHit orr_hmm_canvas_hit            (OrrHmmCanvas    *self,
                                         double           x,
                                         double           y);
void      orr_hmm_canvas_to_model       (OrrHmmCanvas    *self,
                                         double           x,
                                         double           y,
                                         double          *model_x,
                                         double          *model_y);
double    orr_hmm_canvas_bar_value      (OrrHmmCanvas    *self,
                                         guint            state,
                                         double           y);
gboolean  orr_hmm_canvas_get_anchor     (OrrHmmCanvas    *self,
                                         int              state,
                                         int              from,
                                         int              to,
                                         GdkRectangle    *anchor);

double    orr_hmm_canvas_get_zoom       (OrrHmmCanvas    *self);
void      orr_hmm_canvas_zoom_by        (OrrHmmCanvas    *self,
                                         double           factor,
                                         double           x,
                                         double           y);
void      orr_hmm_canvas_zoom_step      (OrrHmmCanvas    *self,
                                         double           factor);
void      orr_hmm_canvas_pan            (OrrHmmCanvas    *self,
                                         double           dx,
                                         double           dy);
void      orr_hmm_canvas_fit            (OrrHmmCanvas    *self);
void      orr_hmm_canvas_reveal         (OrrHmmCanvas    *self,
                                         double           model_x,
                                         double           model_y);

G_END_DECLS
