/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-figure-save.h"

#include <glib/gstdio.h>
#include <string.h>

#include "orr-error.h"

static OrrFigure *
make_figure (void)
{
  OrrFigure *figure = orr_figure_new ("Loss of a network");
  OrrPlot *plot = orr_figure_add_plot (figure, NULL), *map = orr_figure_add_plot (figure, "Weights");
  const double x[] = { 0, 1, 2 }, y[] = { 1, 1, 1 }, low[] = { 0, 0, 0 }, edges[] = { 0, 0.5, 1, 2 };
  const float values[] = { 1, -1, -1, 1 };

  orr_axis_set_range (&plot->y, 0, 2);
  orr_plot_add_band (plot, "band", x, low, y, 3, 0xff0000)->alpha = 1.0;
  orr_plot_add_line (plot, "line", x, y, 3, ORR_PAINT_ACCENT);
  orr_plot_add_histogram (plot, NULL, edges, low, 3, ORR_PAINT_DIM);
  orr_plot_add_points (plot, NULL, x, y, 3, ORR_PAINT_DIM)->marker = ORR_MARKER_DIAMOND;
  orr_plot_add_vertical (plot, "best", 1.0, ORR_PAINT_WARNING);
  orr_plot_add_horizontal (plot, "level", 1.5, ORR_PAINT_DIM);
  orr_plot_add_span (plot, NULL, 0.0, 0.5, ORR_PAINT_ACCENT);
  orr_plot_set_heatmap (map, values, 2, 2, ORR_HEATMAP_DIVERGING)->numbers = TRUE;
  return figure;
}

static char *
save (OrrFigure *figure, const char *name, OrrFigureFormat format, gsize *length)
{
  g_autofree char *directory = g_dir_make_tmp ("orr-figure-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (directory, name, NULL);
  g_autoptr (GError) error = NULL;
  char *contents = NULL;

  g_assert_true (orr_figure_save (figure, path, format, 400, 200, &error));
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (path, &contents, length, &error));
  g_remove (path);
  g_rmdir (directory);
  return contents;
}

static void
test_svg (void)
{
  g_autoptr (OrrFigure) figure = make_figure ();
  gsize length;
  g_autofree char *svg = save (figure, "a.svg", ORR_FIGURE_SVG, &length);

  g_assert_nonnull (strstr (svg, "<svg"));
  g_assert_nonnull (strstr (svg, "width=\"400"));
  /* the band's red, and cells as shapes, not as a picture */
  g_assert_nonnull (strstr (svg, "rgb(100%,0%,0%)"));
  g_assert_null (strstr (svg, "<image"));
  g_assert_true (g_str_has_suffix (g_strchomp (svg), "</svg>"));
}

static void
test_pdf (void)
{
  g_autoptr (OrrFigure) figure = make_figure ();
  gsize length;
  g_autofree char *pdf = save (figure, "a.pdf", ORR_FIGURE_PDF, &length);

  g_assert_cmpmem (pdf, 5, "%PDF-", 5);
  g_assert_cmpmem (pdf + length - 6, 6, "%%EOF\n", 6);
}

static void
test_png (void)
{
  g_autoptr (OrrFigure) figure = make_figure ();
  gsize length;
  g_autofree char *png = save (figure, "a.png", ORR_FIGURE_PNG, &length);
  const guint8 *header = (const guint8 *) png;

  g_assert_cmpmem (png, 8, "\211PNG\r\n\032\n", 8);
  g_assert_cmpuint (header[18] << 8 | header[19], ==, 1200);
  g_assert_cmpuint (header[22] << 8 | header[23], ==, 600);
}

/* The pixels: paper in the corner, the band's red under the line. */
static void
test_render (void)
{
  g_autoptr (OrrFigure) figure = make_figure ();
  cairo_surface_t *image = orr_figure_render (figure, 400, 200, 2.0, orr_figure_theme_light ());
  const guint8 *data = cairo_image_surface_get_data (image);
  guint red = 0;

  g_assert_cmpint (cairo_image_surface_get_width (image), ==, 800);
  g_assert_cmphex (*(const guint32 *) data, ==, 0xffffffff);
  for (int y = 0; y < 400; y++)
    for (int x = 0; x < 800; x++)
      red += *(const guint32 *) (data + y * cairo_image_surface_get_stride (image) + 4 * x) == 0xffff0000;
  g_assert_cmpuint (red, >, 5000);
  cairo_surface_destroy (image);
}

static void
test_failure (void)
{
  g_autoptr (OrrFigure) figure = make_figure ();
  g_autoptr (GError) error = NULL;

  g_assert_false (orr_figure_save (figure, "/nonexistent/dir/a.svg", ORR_FIGURE_SVG, 400, 200, &error));
  g_assert_error (error, ORR_ERROR, ORR_ERROR_FAILED);
  g_assert_nonnull (strstr (error->message, "could not be saved"));
}

static void
test_format (void)
{
  OrrFigureFormat format;

  g_assert_true (orr_figure_format_from_path ("/tmp/Loss.SVG", &format));
  g_assert_cmpint (format, ==, ORR_FIGURE_SVG);
  g_assert_true (orr_figure_format_from_path ("a.pdf", &format));
  g_assert_cmpint (format, ==, ORR_FIGURE_PDF);
  g_assert_false (orr_figure_format_from_path ("png", &format));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/save/svg", test_svg);
  g_test_add_func ("/save/pdf", test_pdf);
  g_test_add_func ("/save/png", test_png);
  g_test_add_func ("/save/render", test_render);
  g_test_add_func ("/save/failure", test_failure);
  g_test_add_func ("/save/format", test_format);
  return g_test_run ();
}
