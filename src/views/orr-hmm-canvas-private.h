/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-hmm-canvas.h"
#include "orr-hmm-items.h"

G_BEGIN_DECLS

#define ORR_HMM_CANVAS_MIN_ZOOM 0.1
#define ORR_HMM_CANVAS_MAX_ZOOM 4.0

/**
 * OrrHmmCanvas:
 *
 * Shows a model in a view that can be zoomed and moved, and knows what is under
 * a point. It edits nothing: whoever wants that listens to its events.
 */
struct _OrrHmmCanvas
{
  GtkWidget parent_instance;

  OrrHmm *hmm;              /* (nullable) */
  OrrHmmGeometry *geometry; /* (nullable): of @hmm at @geometry_scale */
  double geometry_scale;
  OrrHmmItems *items;

  OrrHmmViewport view;
  OrrHmmViewport goal;       /* the view glides there */
  gboolean fitted;           /* no person has moved the view: it follows the widget's size */
  int fit_width, fit_height; /* the size that the view was last fitted to */
  gboolean compact;
  int inset_top, inset;

  OrrHmmHighlight highlight;
  double *glow; /* (nullable): [S] */
  int active;
  guint tick;
  gint64 last_frame;
};

/* For the canvas's own files. */
void orr_hmm_canvas_get_style (OrrHmmCanvas *self,
                               OrrHmmStyle  *style);
void orr_hmm_canvas_animate   (OrrHmmCanvas *self);
void orr_hmm_canvas_fit_now   (OrrHmmCanvas *self);

G_END_DECLS
