/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-figure-save.h"

#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <math.h>
#include <string.h>

#include "orr-error.h"
#include "orr-figure-draw.h"

/* Pixels of a saved picture per unit of its size: fit for a printed page. */
#define PNG_SCALE 3.0

static cairo_status_t
append_cb (void *closure, const unsigned char *data, unsigned int length)
{
  g_byte_array_append (closure, data, length);
  return CAIRO_STATUS_SUCCESS;
}

static gboolean
check_status (cairo_status_t status, const char *path, GError **error)
{
  if (status == CAIRO_STATUS_SUCCESS)
    return TRUE;
  g_set_error (error, ORR_ERROR, ORR_ERROR_FAILED, "The figure \342\200\234%s\342\200\235 could not be drawn: %s",
               path, cairo_status_to_string (status));
  return FALSE;
}

/* The whole file or the old one: written beside it and renamed. */
static gboolean
write_file (const char *path, const GByteArray *bytes, GError **error)
{
  g_autoptr (GError) reason = NULL;

  if (g_file_set_contents_full (path, (const char *) bytes->data, bytes->len, G_FILE_SET_CONTENTS_CONSISTENT,
                                0666, &reason))
    return TRUE;
  g_set_error (error, ORR_ERROR, ORR_ERROR_FAILED, "The figure could not be saved: %s", reason->message);
  return FALSE;
}

/**
 * orr_figure_render:
 * @width: in figure pixels
 * @height: as @width
 * @scale: pixels of the image per figure pixel
 *
 * Returns: (transfer full): the figure as an image
 */
cairo_surface_t *
orr_figure_render (OrrFigure *figure, double width, double height, double scale, const OrrFigureTheme *theme)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, ceil (width * scale),
                                                         ceil (height * scale));
  cairo_t *cr = cairo_create (surface);

  cairo_scale (cr, scale, scale);
  orr_figure_draw (figure, cr, width, height, theme);
  cairo_destroy (cr);
  return surface;
}

/* Saves an image as PNG, whole or not at all. */
gboolean
orr_surface_save_png (cairo_surface_t *surface, const char *path, GError **error)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  cairo_status_t status = cairo_surface_write_to_png_stream (surface, append_cb, bytes);

  return check_status (status, path, error) && write_file (path, bytes, error);
}

/**
 * orr_figure_format_from_path:
 * @format: (out): which format the ending of @path asks for
 *
 * Returns: whether the ending is known
 */
gboolean
orr_figure_format_from_path (const char *path, OrrFigureFormat *format)
{
  static const char *const endings[] = { ".svg", ".pdf", ".png" };
  g_autofree char *lower = g_ascii_strdown (path, -1);

  for (guint i = 0; i < G_N_ELEMENTS (endings); i++)
    if (g_str_has_suffix (lower, endings[i]))
      {
        *format = (OrrFigureFormat) i;
        return TRUE;
      }
  return FALSE;
}

/**
 * orr_figure_save:
 * @path: the file; an old one is replaced
 * @width: in points (SVG: pixels); a PNG has three pixels for each
 * @height: as @width
 * @error: (out): %ORR_ERROR_FAILED
 *
 * Saves @figure in the light theme, as for print. Callable on any thread.
 */
gboolean
orr_figure_save (OrrFigure *figure, const char *path, OrrFigureFormat format, double width, double height,
                 GError **error)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  const OrrFigureTheme *theme = orr_figure_theme_light ();
  cairo_surface_t *surface;

  g_return_val_if_fail (width >= 1.0 && height >= 1.0, FALSE);
  if (format == ORR_FIGURE_PNG)
    {
      surface = orr_figure_render (figure, width, height, PNG_SCALE, theme);
      gboolean saved = orr_surface_save_png (surface, path, error);
      cairo_surface_destroy (surface);
      return saved;
    }

  surface = format == ORR_FIGURE_SVG ? cairo_svg_surface_create_for_stream (append_cb, bytes, width, height)
                                     : cairo_pdf_surface_create_for_stream (append_cb, bytes, width, height);
  if (format == ORR_FIGURE_PDF && figure->title != NULL)
    cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_TITLE, figure->title);
  cairo_t *cr = cairo_create (surface);
  orr_figure_draw (figure, cr, width, height, theme);
  cairo_status_t status = cairo_status (cr);
  cairo_destroy (cr);
  cairo_surface_finish (surface);
  if (status == CAIRO_STATUS_SUCCESS)
    status = cairo_surface_status (surface);
  cairo_surface_destroy (surface);
  return check_status (status, path, error) && write_file (path, bytes, error);
}
