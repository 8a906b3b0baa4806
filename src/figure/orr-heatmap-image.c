/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-heatmap-image.h"

#include <math.h>
#include <string.h>

typedef struct
{
  gsize from;
  gsize to;
} Stretch;

/* Which cells each pixel of one axis covers: one where cells are larger than
 * pixels (decided at the pixel's middle, so that edges are crisp), several
 * where they are smaller, none outside. */
static Stretch *
map_pixels (double low, double high, gsize n_cells, guint n_pixels)
{
  Stretch *stretches = g_new0 (Stretch, n_pixels);
  double scale = (high - low) / n_pixels;

  for (guint p = 0; p < n_pixels; p++)
    {
      double from = low + p * scale, to = from + scale;

      if (scale <= 1.0)
        from = to = low + (p + 0.5) * scale;
      from = floor (from);
      to = scale <= 1.0 ? from + 1.0 : ceil (to);
      if (to <= 0.0 || from >= n_cells)
        continue;
      stretches[p].from = MAX (from, 0.0);
      stretches[p].to = MIN (to, (double) n_cells);
    }
  return stretches;
}

typedef struct
{
  const float *values;
  gsize        cols;
  const guint *row_order;
  const guint *col_order;
  gboolean     diverging;
  double       centre;
} Source;

/* Several cells in one pixel: the one farthest from the centre of a diverging
 * map, since a mean would hide the few strong weights that a person looks for;
 * the mean on a sequential map. */
static double
gather (const Source *source, Stretch rows, Stretch cols)
{
  double sum = 0.0, farthest = NAN;
  gsize n = 0;

  for (gsize i = rows.from; i < rows.to; i++)
    {
      const float *row = source->values + (source->row_order ? source->row_order[i] : i) * source->cols;

      for (gsize j = cols.from; j < cols.to; j++)
        {
          double value = row[source->col_order ? source->col_order[j] : j];

          if (isnan (value))
            continue;
          sum += value;
          n++;
          if (isnan (farthest) || fabs (value - source->centre) > fabs (farthest - source->centre))
            farthest = value;
        }
    }
  return source->diverging ? farthest : n > 0 ? sum / n : NAN;
}

/**
 * orr_heatmap_image:
 * @values: [rows x cols] row-major
 * @row_order: (nullable) (array length=rows): which row is shown at each place
 * @col_order: (nullable) (array length=cols): which column
 * @window: the part that fills the image
 * @low: value at the map's low end
 * @high: value at its high end
 * @width: of the image, in pixels of the device
 * @height: of the image
 *
 * Returns: (transfer full): an ARGB image with crisp cells, transparent where
 * @window reaches outside the matrix
 */
cairo_surface_t *
orr_heatmap_image (const float *values, gsize rows, gsize cols, const guint *row_order,
                   const guint *col_order, const OrrHeatmapWindow *window, double low, double high,
                   OrrColourMap map, guint width, guint height)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, width, height);
  guint8 *data = cairo_image_surface_get_data (surface);

  if (cairo_surface_status (surface) != CAIRO_STATUS_SUCCESS || width == 0 || height == 0)
    return surface;

  g_autofree Stretch *across = map_pixels (window->left, window->right, cols, width);
  g_autofree Stretch *down = map_pixels (window->top, window->bottom, rows, height);
  Source source = { values, cols, row_order, col_order, map <= ORR_COLOUR_MAP_DIVERGING_DARK, (low + high) / 2 };
  int stride = cairo_image_surface_get_stride (surface);

  cairo_surface_flush (surface);
  for (guint y = 0; y < height; y++)
    {
      guint32 *line = (guint32 *) (data + (gsize) y * stride);

      if (y > 0 && down[y].from == down[y - 1].from && down[y].to == down[y - 1].to)
        {
          memcpy (line, data + (gsize) (y - 1) * stride, width * sizeof (guint32));
          continue;
        }
      for (guint x = 0; x < width; x++)
        if (down[y].to <= down[y].from || across[x].to <= across[x].from)
          line[x] = 0;
        else if (x > 0 && across[x].from == across[x - 1].from && across[x].to == across[x - 1].to)
          line[x] = line[x - 1];
        else
          line[x] = 0xff000000u
                    | orr_colour_map_lookup (map, (gather (&source, down[y], across[x]) - low) / (high - low));
    }
  cairo_surface_mark_dirty (surface);
  return surface;
}
