/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-orbit-figure.h"

#include <glib/gi18n.h>
#include <math.h>

/* Colours that differ by less than this share one path of the drawing: 5 bits a channel. */
#define COLOUR_MASK 0xf8f8f8u

/* The lines of one colour: points of a polyline with gaps (NaN) between its pieces. */
typedef struct
{
  guint32 rgb;
  guint32 last;
  GArray *x;
  GArray *y;
} Path;

static void
path_free (gpointer data)
{
  Path *path = data;

  g_array_unref (path->x);
  g_array_unref (path->y);
  g_free (path);
}

static Path *
find_path (GHashTable *paths, guint32 rgba_bytes)
{
  guint32 bytes = GUINT32_FROM_LE (rgba_bytes);
  guint32 rgb = (bytes & 0xff) << 16 | (bytes & 0xff00) | (bytes >> 16 & 0xff);
  Path *path = g_hash_table_lookup (paths, GUINT_TO_POINTER (rgb & COLOUR_MASK));

  if (path == NULL)
    {
      path = g_new0 (Path, 1);
      path->rgb = rgb;
      path->last = G_MAXUINT32;
      path->x = g_array_new (FALSE, FALSE, sizeof (double));
      path->y = g_array_new (FALSE, FALSE, sizeof (double));
      g_hash_table_insert (paths, GUINT_TO_POINTER (rgb & COLOUR_MASK), path);
    }
  return path;
}

static void
path_add (Path *path, double x, double y)
{
  g_array_append_val (path->x, x);
  g_array_append_val (path->y, y);
}

static gboolean
project (const OrrCamera *camera, const float *p, double *x, double *y)
{
  const double world[3] = { p[0], p[1], p[2] };
  double screen[3];

  if (!orr_camera_project (camera, world, screen))
    return FALSE;
  *x = screen[0];
  *y = screen[1];
  return TRUE;
}

static void
add_series (OrrPlot *plot, GHashTable *paths, const OrrOrbitBatch *batch)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, paths);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      Path *path = value;
      const double *x = (double *) path->x->data, *y = (double *) path->y->data;
      OrrSeries *series = batch->kind == ORR_ORBIT_LINES
                            ? orr_plot_add_line (plot, NULL, x, y, path->x->len, path->rgb)
                            : orr_plot_add_points (plot, NULL, x, y, path->x->len, path->rgb);
      series->alpha = batch->opacity;
      series->width = batch->size;
    }
}

static void
add_lines (OrrPlot *plot, const OrrOrbitBatch *batch, const OrrCamera *camera)
{
  g_autoptr (GHashTable) paths = g_hash_table_new_full (NULL, NULL, NULL, path_free);

  for (gsize i = 0; i < batch->n_items; i++)
    {
      guint32 start = batch->items[i];
      Path *path = find_path (paths, batch->colours[start]);
      double x0, y0, x1, y1;

      if (!project (camera, batch->positions + 3 * (gsize) start, &x0, &y0)
          || !project (camera, batch->positions + 3 * (gsize) (start + 1), &x1, &y1))
        continue;
      if (path->last != start)
        {
          if (path->x->len > 0)
            path_add (path, NAN, NAN);
          path_add (path, x0, y0);
        }
      path_add (path, x1, y1);
      path->last = start + 1;
    }
  add_series (plot, paths, batch);
}

static void
add_points (OrrPlot *plot, const OrrOrbitBatch *batch, const OrrCamera *camera)
{
  g_autoptr (GHashTable) paths = g_hash_table_new_full (NULL, NULL, NULL, path_free);

  for (gsize i = 0; i < batch->n_items; i++)
    {
      double x, y;

      if (project (camera, batch->positions + 3 * (gsize) batch->items[i], &x, &y))
        path_add (find_path (paths, batch->colours[batch->items[i]]), x, y);
    }
  add_series (plot, paths, batch);
}

static void
add_marks (OrrPlot *plot, const OrrOrbitScene *scene, const OrrCamera *camera)
{
  for (guint i = 0; i < scene->marks->len; i++)
    {
      const OrrOrbitMark *mark = &g_array_index (scene->marks, OrrOrbitMark, i);
      double screen[3];

      if (mark->shape == ORR_ORBIT_MARK_NONE || !scene->batches[mark->layer].visible
          || !orr_camera_project (camera, mark->position, screen))
        continue;
      OrrSeries *series = orr_plot_add_points (plot, NULL, &screen[0], &screen[1], 1, ORR_PAINT_FOREGROUND);
      series->marker = mark->shape == ORR_ORBIT_MARK_CROSS ? ORR_MARKER_CROSS : ORR_MARKER_RING;
      series->width = 9.0;
    }
}

/**
 * orr_orbit_figure_new:
 *
 * The visible layers as seen by the camera, as a figure of lines and points in the plane of the
 * screen (logical pixels, y down): for SVG and PDF, where nothing is hidden by what is before it.
 *
 * Returns: (transfer full): the figure
 */
OrrFigure *
orr_orbit_figure_new (const OrrOrbitScene *scene, const OrrCamera *camera)
{
  OrrFigure *figure = orr_figure_new (_("Orbit"));
  OrrPlot *plot = orr_figure_add_plot (figure, NULL);

  orr_axis_set_range (&plot->x, 0.0, camera->width);
  orr_axis_set_range (&plot->y, 0.0, camera->height);
  plot->x.hidden = plot->y.hidden = TRUE;
  plot->y.reversed = TRUE;
  plot->square = TRUE;
  plot->legend = FALSE;
  for (guint i = 0; i < ORR_ORBIT_N_LAYERS; i++)
    {
      const OrrOrbitBatch *batch = &scene->batches[i];

      if (!batch->visible || i == ORR_ORBIT_LAYER_COMET)
        continue;
      if (batch->kind == ORR_ORBIT_LINES)
        add_lines (plot, batch, camera);
      else if (batch->kind == ORR_ORBIT_POINTS)
        add_points (plot, batch, camera);
    }
  add_marks (plot, scene, camera);
  return figure;
}
