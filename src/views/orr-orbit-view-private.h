/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "orr-latest.h"
#include "orr-orbit-canvas.h"
#include "orr-orbit-navigator.h"
#include "orr-orbit-overlay.h"
#include "orr-orbit-view.h"

G_BEGIN_DECLS

/*
 * Shared by the files of the orbit viewer: orr-orbit-view.c is the widget, orr-orbit-follow.c follows and sets
 * the session, orr-orbit-input.c takes pointer, keys and menus, orr-orbit-content.c fills scene and texts.
 */

struct _OrrOrbitView
{
  GtkWidget parent;

  GtkStack        *stack;
  AdwStatusPage   *no_gl;
  AdwStatusPage   *problem;
  GtkSpinner      *spinner;
  GtkWidget       *picture;
  GtkWidget       *controls;
  GtkWidget       *texts;
  OrrOrbitCanvas  *canvas;
  OrrOrbitOverlay *overlay;
  GtkDropDown     *colour_drop_down;
  GtkDropDown     *projection_drop_down;
  GtkWidget       *perspective_button;
  GtkWidget       *brush_button;
  GtkWidget       *scale_box;
  GtkLabel        *scale_title;
  GtkLabel        *scale_low;
  GtkLabel        *scale_high;
  GtkDrawingArea  *scale_bar;
  GtkLabel        *kinds_label;
  GtkLabel        *layers_label;
  GtkLabel        *variance_label;
  GtkWidget       *epoch_box;
  GtkRange        *epoch_scale;
  GtkLabel        *epoch_label;

  OrrSession         *session;
  OrrMotion          *whole;  /* the session's motion */
  OrrMotion          *motion; /* the same as it is projected */
  OrrOrbitScene      *scene;
  OrrOrbitNavigator  *navigator;
  OrrLatest          *flows;
  GtkWidget          *equation;  /* for the card's header */
  double              law_error; /* the largest one, 0 without a law */
  OrrLatest          *projections;
  char               *projection_problem;
  gboolean            refit;
  GSimpleActionGroup *actions;
  guint32            *rgb;
  guint8             *brushed;
  guint               n_visits;
  guint               n_jumps;
  gboolean            no_graphics;
  gboolean            has_mean_orbit;
  gboolean            has_flow[2]; /* of the present motion: without noise, under noise */
  guint               n_contours;
  guint               n_epochs;
  double              epoch_heights[2];
  gboolean            setting_epoch;
  gboolean            coloured_by_units;
  gboolean            setting_range;
  gboolean            filling_projections;
};

/* Which action shows which layer, and whether it does at first. */
typedef struct
{
  const char   *action;
  OrrOrbitLayer layer;
  gboolean      shown;
} OrrOrbitLayerAction;

const OrrOrbitLayerAction *orr_orbit_layer_actions (guint *n);

gboolean orr_orbit_view_is_shown        (OrrOrbitView   *self,
                                         const char     *action);
char    *orr_orbit_view_describe_step   (OrrOrbitView   *self,
                                         guint           step);
void     orr_orbit_view_draw_scale_cb   (GtkDrawingArea *area,
                                         cairo_t        *cr,
                                         int             width,
                                         int             height,
                                         gpointer        user_data);
void     orr_orbit_view_update_page     (OrrOrbitView   *self);
void     orr_orbit_view_update_motion   (OrrOrbitView   *self);
void     orr_orbit_view_update_findings (OrrOrbitView   *self);
void     orr_orbit_view_update_bounds   (OrrOrbitView   *self,
                                         gboolean        refit);
void     orr_orbit_view_update_visible  (OrrOrbitView   *self);
void     orr_orbit_view_update_lit      (OrrOrbitView   *self);
void     orr_orbit_view_update_cursor   (OrrOrbitView   *self);
void     orr_orbit_view_recolour        (OrrOrbitView   *self);
void     orr_orbit_view_take_flows      (gpointer        self,
                                         gpointer        flows);
void     orr_orbit_view_update_law      (OrrOrbitView   *self);
void     orr_orbit_view_follow          (OrrOrbitView   *self);
void     orr_orbit_view_show_selection (OrrOrbitView    *self);
void     orr_orbit_view_add_choices     (OrrOrbitView   *self);
void     orr_orbit_view_add_input       (OrrOrbitView   *self);
void     orr_orbit_view_take_projection (gpointer        self,
                                         gpointer        projection);

G_END_DECLS
