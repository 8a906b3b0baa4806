/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-hmm-canvas.h"
#include "orr-hmm-editor.h"
#include "orr-hmm-graph-view.h"
#include "orr-hmm-inspector.h"
#include "orr-hmm-popover.h"

G_BEGIN_DECLS

/* What the pointer is doing while its button is down. */
typedef enum
{
  ORR_HMM_GRAB_NONE,
  ORR_HMM_GRAB_STATE,
  ORR_HMM_GRAB_RIM,
  ORR_HMM_GRAB_BAR,
  ORR_HMM_GRAB_VIEW,
} OrrHmmGrab;

struct _OrrHmmGraphView
{
  GtkWidget parent_instance;

  OrrSession         *session; /* (nullable) */
  OrrHmmEditor       *editor;  /* (nullable) */
  gboolean            editable;
  GSimpleActionGroup *actions;
  GMenuModel         *card_menu;

  GtkWidget       *overlay;
  OrrHmmCanvas    *canvas;
  GtkWidget       *caption;
  GtkRevealer     *message;
  GtkLabel        *message_label;
  GtkWidget       *toolbar;
  GtkButton       *zoom_button;
  GtkRevealer     *side;
  OrrHmmInspector *inspector;
  OrrHmmPopover   *popover;
  GtkPopoverMenu  *menu;
  guint            message_source;

  /* Pointer (orr-hmm-pointer.c) */
  OrrHmmGrab grab;
  OrrHmmHit  grabbed;
  gboolean   moved;       /* beyond what a click wobbles */
  gboolean   left_source; /* a new arrow has been out of its own state */
  gboolean   double_clicked;
  gboolean   space_held;
  double     grab_x, grab_y; /* grabbed point, in the widget */
  double     base_x, base_y; /* the state, or the bar's value, as it was; the last offset of the view */
  double     pointer_x, pointer_y;

  /* Keyboard (orr-hmm-keys.c): the states a new arrow goes between, or -1 */
  int link_from, link_to;
};

void orr_hmm_graph_view_say             (OrrHmmGraphView *self,
                                         const char      *text);
void orr_hmm_graph_view_edit_in_place   (OrrHmmGraphView *self);
void orr_hmm_graph_view_rename_in_place (OrrHmmGraphView *self);
void orr_hmm_graph_view_add_state_at    (OrrHmmGraphView *self,
                                         double           x,
                                         double           y);
void orr_hmm_graph_view_popup_menu      (OrrHmmGraphView *self,
                                         double           x,
                                         double           y);

void orr_hmm_pointer_init               (OrrHmmGraphView *self);
void orr_hmm_pointer_cancel             (OrrHmmGraphView *self);
void orr_hmm_keys_init                  (OrrHmmGraphView *self);
void orr_hmm_keys_begin_link            (OrrHmmGraphView *self);
void orr_hmm_keys_end_link              (OrrHmmGraphView *self);
void orr_hmm_actions_init               (OrrHmmGraphView *self);
void orr_hmm_actions_update             (OrrHmmGraphView *self);
void orr_hmm_exchange_add_actions       (OrrHmmGraphView *self);

G_END_DECLS
