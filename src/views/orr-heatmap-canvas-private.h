/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-figure-layout.h"
#include "orr-heatmap-canvas.h"
#include "orr-heatmap-image.h"

G_BEGIN_DECLS

/* Where a drag began, or where the pointer is. */
typedef enum
{
  ORR_HEATMAP_NOWHERE,
  ORR_HEATMAP_CELLS,
  ORR_HEATMAP_ROW_EDGE,
  ORR_HEATMAP_COL_EDGE,
} OrrHeatmapZone;

/* A cell by its places; valid is FALSE for none. */
typedef struct
{
  gboolean valid;
  guint    row;
  guint    col;
} OrrHeatmapCell;

/* For orr-heatmap-canvas.c (drawing) and orr-heatmap-input.c (pointer and keys). */
struct _OrrHeatmapCanvas
{
  GtkWidget parent;

  OrrHeatmapModel *model;
  char           **symbol_names;
  char            *empty_text;
  GtkBitset       *units;
  int              hovered_unit;

  OrrHeatmapWindow window; /* the cells that are shown */
  OrrRect          area;   /* where they are shown */
  OrrRect          bar;
  OrrFigureTheme   theme;
  double           line;   /* height of a line of text */

  GdkTexture    *texture; /* (nullable): the cells */
  GskRenderNode *frame;   /* (nullable): labels, means, colour bar */
  GskRenderNode *blocks;  /* (nullable): what lies over the cells of groups */

  OrrHeatmapCell cursor;
  gboolean       cursor_by_key;
  double         pointer_x, pointer_y;

  OrrHeatmapZone   drag_zone;
  gboolean         panning;
  double           drag_x, drag_y, drag_to_x, drag_to_y;
  OrrHeatmapWindow drag_window;
  GtkBitset       *drag_units; /* (nullable): what was selected when it began, where it is added to */
  OrrHeatmapCell   anchor;
};

void           orr_heatmap_canvas_set_window (OrrHeatmapCanvas       *self,
                                              const OrrHeatmapWindow *window);
void           orr_heatmap_canvas_set_cursor (OrrHeatmapCanvas       *self,
                                              const OrrHeatmapCell   *cell,
                                              gboolean                by_key);
OrrHeatmapZone orr_heatmap_canvas_zone_at    (OrrHeatmapCanvas       *self,
                                              double                  x,
                                              double                  y);
double         orr_heatmap_canvas_to_col     (OrrHeatmapCanvas       *self,
                                              double                  x);
double         orr_heatmap_canvas_to_row     (OrrHeatmapCanvas       *self,
                                              double                  y);
void           orr_heatmap_canvas_init_input (OrrHeatmapCanvas       *self);

G_END_DECLS
