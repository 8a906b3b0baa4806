/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <cairo.h>

#include "orr-colour.h"
#include "orr-expr.h"

G_BEGIN_DECLS

#define ORR_TREE_NODE_HEIGHT 42.0
#define ORR_TREE_LEVEL 70.0

typedef enum
{
  ORR_TREE_PART_NONE,
  ORR_TREE_PART_NODE,
  ORR_TREE_PART_EDGE,
} OrrTreePart;

/**
 * OrrTreeHit:
 * @node: position of the node, or of the one below the edge
 */
typedef struct
{
  OrrTreePart part;
  int         node;
} OrrTreeHit;

/**
 * OrrTreeGeometry:
 * @labels: (array zero-terminated=1): [n_nodes] what is written in each node
 * @widths: [n_nodes]
 * @positions: [n_nodes x 2] middles, the root at (0, 0), y down, in pixels at 100 %
 *
 * Where everything of a tree's drawing is.
 */
typedef struct
{
  OrrExpr *expr;
  char   **labels;
  double  *widths;
  double  *positions;
} OrrTreeGeometry;

/**
 * OrrTreeStyle:
 * @background: @node: @foreground: @accent: colours
 * @family: (nullable): font, %NULL for the system's sans
 * @selected: @hovered: node, or -1
 * @target: where a dragged piece would go
 * @lifted: root of the subtree that is being dragged away, or -1
 * @focused: whether the keyboard acts here
 * @faint: (nullable): [n_nodes] whether a node is only proposed
 */
typedef struct
{
  guint32     background;
  guint32     node;
  guint32     foreground;
  guint32     accent;
  const char *family;
  int         selected;
  int         hovered;
  OrrTreeHit  target;
  int         lifted;
  gboolean    focused;
  const guint8 *faint;
} OrrTreeStyle;

const char      *orr_tree_name_operator   (OrrExprOp              op);
OrrTreeGeometry *orr_tree_geometry_new    (OrrExpr               *expr,
                                           const char *const     *names,
                                           guint                  n_names);
gboolean         orr_tree_geometry_shows  (const OrrTreeGeometry *self,
                                           const OrrExpr         *expr,
                                           const char *const     *names,
                                           guint                  n_names);
void             orr_tree_geometry_free   (OrrTreeGeometry       *self);
void             orr_tree_geometry_bounds (const OrrTreeGeometry *self,
                                           double                *x,
                                           double                *y,
                                           double                *width,
                                           double                *height);
OrrTreeHit       orr_tree_geometry_hit    (const OrrTreeGeometry *self,
                                           double                 x,
                                           double                 y);
void             orr_tree_draw            (cairo_t               *cr,
                                           const OrrTreeGeometry *geometry,
                                           const double          *positions,
                                           const OrrTreeStyle    *style);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrrTreeGeometry, orr_tree_geometry_free)

G_END_DECLS
