/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "orr-camera.h"

G_BEGIN_DECLS

/*
 * OrrOrbitScene: what the orbit viewer shows, as plain geometry: batches of lines, points or
 * triangles, and marks with texts. The view fills it, the canvas draws it with GL, the figure export
 * projects it. Knows nothing of widgets or GL.
 */

/* In the order in which they are drawn. */
typedef enum
{
  ORR_ORBIT_LAYER_PLANE,
  ORR_ORBIT_LAYER_LAW_ERROR,
  ORR_ORBIT_LAYER_TUBE,
  ORR_ORBIT_LAYER_AXES,
  ORR_ORBIT_LAYER_RELAXATIONS,
  ORR_ORBIT_LAYER_LINES,
  ORR_ORBIT_LAYER_POINTS,
  ORR_ORBIT_LAYER_EPOCHS,
  ORR_ORBIT_LAYER_CONTOURS,
  ORR_ORBIT_LAYER_RANGE,
  ORR_ORBIT_LAYER_TRANSITIONS,
  ORR_ORBIT_LAYER_FLOW,
  ORR_ORBIT_LAYER_FLOW_NOISE,
  ORR_ORBIT_LAYER_FLOW_LAW,
  ORR_ORBIT_LAYER_MEAN_ORBIT,
  ORR_ORBIT_LAYER_READOUT,
  ORR_ORBIT_LAYER_FIXED_POINTS,
  ORR_ORBIT_LAYER_COMET,
  ORR_ORBIT_N_LAYERS,
} OrrOrbitLayer;

typedef enum
{
  ORR_ORBIT_LINES,
  ORR_ORBIT_POINTS,
  ORR_ORBIT_TRIANGLES,
} OrrOrbitKind;

/**
 * OrrOrbitBatch:
 * @positions: [n_vertices x 3] in the coordinates of the principal components
 * @normals: (nullable): [n_vertices x 3], of triangles that are lit
 * @colours: [n_vertices] bytes red, green, blue, alpha in memory order
 * @items: first vertices of segments [n_items], vertices to draw as points [n_items], or the
 *   triangles' vertices [n_items x 3]; lines and points in progressive order where they are many
 * @size: width of lines or diameter of points, in logical pixels
 * @above: drawn over everything else (few items, or such in progressive order)
 * @live: drawn above all and anew in every frame: moves with the cursor (very few items)
 * @geometry_serial: another number whenever positions or items changed
 * @colour_serial: another number whenever colours changed
 */
typedef struct
{
  OrrOrbitKind kind;
  gsize        n_vertices;
  float       *positions;
  float       *normals;
  guint32     *colours;
  gsize        n_items;
  guint32     *items;
  float        size;
  float        opacity;
  gboolean     visible;
  gboolean     above;
  gboolean     live;
  guint        geometry_serial;
  guint        colour_serial;
} OrrOrbitBatch;

typedef enum
{
  ORR_ORBIT_MARK_NONE,
  ORR_ORBIT_MARK_CROSS,
  ORR_ORBIT_MARK_RING,
} OrrOrbitMarkShape;

/**
 * OrrOrbitMark:
 * @layer: it is shown with this layer (any, for the marks of fixed points)
 * @shape: drawn at @position, the same size at any zoom
 * @text: (nullable): written beside it
 * @dx: offset of the text's middle from the position, in logical pixels
 * @colour: 0xRRGGBB
 * @axis: the component along whose axis it stands, and with which it is left out when that is seen end-on;
 *   -1 for none
 */
typedef struct
{
  OrrOrbitLayer     layer;
  OrrOrbitMarkShape shape;
  double            position[3];
  char             *text;
  double            dx;
  double            dy;
  guint32           colour;
  int               axis;
} OrrOrbitMark;

typedef struct
{
  OrrOrbitBatch batches[ORR_ORBIT_N_LAYERS];
  GArray       *marks;
  double        low[3];
  double        high[3];
  double        centre[3];
  double        radius;
} OrrOrbitScene;

#define ORR_ORBIT_BACKGROUND 0x242529u

OrrOrbitScene *orr_orbit_scene_new           (void);
void           orr_orbit_scene_free          (OrrOrbitScene   *self);
void           orr_orbit_scene_clear         (OrrOrbitScene   *self,
                                              OrrOrbitLayer    layer);
void           orr_orbit_scene_set_vertices  (OrrOrbitScene   *self,
                                              OrrOrbitLayer    layer,
                                              float           *positions,
                                              guint32         *colours,
                                              gsize            n_vertices);
void           orr_orbit_scene_set_items     (OrrOrbitScene   *self,
                                              OrrOrbitLayer    layer,
                                              guint32         *items,
                                              gsize            n_items);
void           orr_orbit_scene_set_colours   (OrrOrbitScene   *self,
                                              OrrOrbitLayer    layer,
                                              guint32         *colours);
void           orr_orbit_scene_clear_marks   (OrrOrbitScene   *self,
                                              OrrOrbitLayer    layer);
OrrOrbitMark  *orr_orbit_scene_add_mark      (OrrOrbitScene   *self,
                                              OrrOrbitLayer    layer,
                                              OrrOrbitMarkShape shape,
                                              const double     position[3],
                                              const char      *text,
                                              double           dx,
                                              double           dy,
                                              guint32          colour);
gsize          orr_orbit_scene_count_items   (const OrrOrbitScene *self);
void           orr_orbit_bounds              (const float     *positions,
                                              gsize            n,
                                              double           low[3],
                                              double           high[3]);
gssize         orr_orbit_pick                (const OrrCamera *camera,
                                              const float     *positions,
                                              gsize            n,
                                              double           x,
                                              double           y,
                                              double           reach);
guint8        *orr_orbit_brush               (const OrrCamera *camera,
                                              const float     *positions,
                                              gsize            n,
                                              const double     rectangle[4]);

static inline guint32
orr_orbit_rgba (guint32 rgb, double alpha)
{
  guint32 bytes = (rgb >> 16 & 0xff) | (rgb & 0xff00) | (rgb & 0xff) << 16
                  | (guint32) (255.0 * CLAMP (alpha, 0.0, 1.0) + 0.5) << 24;
  return GUINT32_TO_LE (bytes);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrrOrbitScene, orr_orbit_scene_free)

G_END_DECLS
