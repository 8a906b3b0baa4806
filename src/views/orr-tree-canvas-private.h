/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-tree-canvas.h"

G_BEGIN_DECLS

struct _OrrTreeCanvas
{
  GtkWidget parent_instance;

  OrrTreeEditor   *editor;   /* (nullable) */
  OrrTreeGeometry *geometry; /* (nullable) */
  double          *positions; /* [n_nodes x 2] where the nodes are just now */
  guint8          *faint;     /* (nullable): [n_nodes] what the tree does not have yet */
  guint            tick;
  gint64           last_frame;

  double   scale;
  double   x, y;   /* pixel of the tree's origin */
  gboolean fitted; /* no person has moved the view */
  int      fit_width, fit_height;

  int        hovered;
  OrrTreeHit target; /* where the piece being dragged would go */
  double     pan_x, pan_y;
  double     pinch;
  double     pointer_x, pointer_y;

  guint32  scrubbed;   /* the constant whose value is being dragged, 0 for none */
  gboolean scrubbing;  /* it has moved */
  double   scrub_from; /* its value before */

  GtkWidget *constant; /* (nullable): the popover of a constant */
  GtkWidget *popover; /* to type in */
  GtkWidget *entry;
  GtkWidget *problem;
};

int        orr_tree_canvas_place      (OrrTreeCanvas *self,
                                       int            position);
OrrTreeHit orr_tree_canvas_hit        (OrrTreeCanvas *self,
                                       double         x,
                                       double         y);
void       orr_tree_canvas_zoom_by    (OrrTreeCanvas *self,
                                       double         factor,
                                       double         x,
                                       double         y);
void       orr_tree_canvas_pan_by     (OrrTreeCanvas *self,
                                       double         dx,
                                       double         dy);
void       orr_tree_canvas_say        (OrrTreeCanvas *self,
                                       const char    *text);
gboolean   orr_tree_canvas_can_scrub  (OrrTreeCanvas *self,
                                       int            position);
void       orr_tree_scrub_init        (OrrTreeCanvas *self);
void       orr_tree_drag_init         (OrrTreeCanvas *self);
void       orr_tree_input_init        (OrrTreeCanvas *self);

G_END_DECLS
