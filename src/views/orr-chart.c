/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-chart.h"

#include <glib/gi18n.h>
#include <math.h>

#include "orr-bubble.h"
#include "orr-chart-private.h"
#include "orr-figure-csv.h"
#include "orr-figure-draw.h"
#include "orr-view-theme.h"
#include "orr-view.h"

enum
{
  SIGNAL_PICKED,
  SIGNAL_BRUSHED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static void view_init (OrrViewInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (OrrChart, orr_chart, GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (ORR_TYPE_VIEW, view_init))

static void
invalidate (OrrChart *self)
{
  g_clear_pointer (&self->layout, orr_figure_layout_free);
  g_clear_pointer (&self->node, gsk_render_node_unref);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* A plot smaller than this tells nothing. */
#define LEAST_WIDTH 165
#define LEAST_HEIGHT 135
#define PAGER_HEIGHT 18

guint
orr_chart_get_n_pages (OrrChart *self)
{
  guint n = self->figure != NULL ? self->figure->plots->len : 0;
  return n > 0 ? (n + self->on_page - 1) / self->on_page : 1;
}

/* As many plots as there is room for; the page is the one with the plot that came first before. */
static void
update_pages (OrrChart *self, int width, int height)
{
  guint n = self->figure->plots->len;
  guint room = MAX (width / LEAST_WIDTH, 1) * MAX (height / LEAST_HEIGHT, 1);

  self->on_page = CLAMP (room, 1, MAX (n, 1));
  self->first = self->first < n ? self->first / self->on_page * self->on_page : 0;
}

/* The plots of the page; they belong to the whole figure. */
static OrrFigure *
create_page (OrrChart *self)
{
  OrrFigure *page = orr_figure_new (NULL);

  page->columns = self->figure->columns;
  g_ptr_array_set_free_func (page->plots, NULL);
  for (guint i = self->first; i < MIN (self->first + self->on_page, self->figure->plots->len); i++)
    g_ptr_array_add (page->plots, orr_figure_get_plot (self->figure, i));
  return page;
}

/* The next page (@step 1) or the one before (-1), round and round. */
void
orr_chart_turn_page (OrrChart *self, int step)
{
  int n = orr_chart_get_n_pages (self);

  self->first = (self->first / self->on_page + n + step) % n * self->on_page;
  self->has_hit = FALSE;
  invalidate (self);
}

/**
 * orr_chart_show_plot:
 * @plot: its index in the figure
 *
 * Turns to the page with the plot.
 */
void
orr_chart_show_plot (OrrChart *self, guint plot)
{
  g_return_if_fail (ORR_IS_CHART (self) && self->figure != NULL && plot < self->figure->plots->len);

  self->first = plot;
  self->has_hit = FALSE;
  invalidate (self);
}

OrrFigureLayout *
orr_chart_ensure_layout (OrrChart *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  int width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  OrrFigureTheme theme;

  if (self->layout == NULL && self->figure != NULL && width > 0 && height > 0)
    {
      update_pages (self, width, height);
      g_autoptr (OrrFigure) page = create_page (self);
      orr_view_theme_init (&theme, widget);
      self->layout = orr_figure_layout_new (page, self->ranges + self->first, width,
                                            height - (orr_chart_get_n_pages (self) > 1 ? PAGER_HEIGHT : 0), &theme);
    }
  return self->layout;
}

static void
ensure_node (OrrChart *self)
{
  OrrFigureLayout *layout = orr_chart_ensure_layout (self);
  g_autoptr (GtkSnapshot) snapshot = NULL;

  if (layout == NULL || self->node != NULL)
    return;
  snapshot = gtk_snapshot_new ();
  cairo_t *cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, layout->width, layout->height));
  orr_figure_layout_draw (layout, cr);
  cairo_destroy (cr);
  self->node = gtk_snapshot_free_to_node (g_steal_pointer (&snapshot));
}

static void
snapshot_fill (GtkSnapshot *snapshot, guint32 rgb, double alpha, double x, double y, double width, double height)
{
  GdkRGBA colour;

  orr_rgb_to_rgba (rgb, alpha, &colour);
  gtk_snapshot_append_color (snapshot, &colour, &GRAPHENE_RECT_INIT (x, y, width, height));
}

static void
snapshot_dot (GtkSnapshot *snapshot, guint32 rgb, guint32 rim, double x, double y)
{
  GskRoundedRect circle;
  GdkRGBA fill, border;

  orr_rgb_to_rgba (rgb, 1.0, &fill);
  orr_rgb_to_rgba (rim, 1.0, &border);
  gsk_rounded_rect_init_from_rect (&circle, &GRAPHENE_RECT_INIT (x - 5, y - 5, 10, 10), 5);
  gtk_snapshot_push_rounded_clip (snapshot, &circle);
  gtk_snapshot_append_color (snapshot, &fill, &circle.bounds);
  gtk_snapshot_pop (snapshot);
  gtk_snapshot_append_border (snapshot, &circle, (float[]){ 2, 2, 2, 2 },
                              (GdkRGBA[]){ border, border, border, border });
}

static void
snapshot_tooltip (OrrChart *self, GtkSnapshot *snapshot)
{
  const OrrFigureLayout *layout = self->layout;
  g_autofree char *text = orr_figure_hit_dup_text (&self->hit, layout);
  g_autoptr (PangoLayout) words = orr_figure_layout_text (layout, text, 1.0, FALSE);

  orr_bubble_snapshot (snapshot, words, &layout->theme, self->hit.pixel_x, self->hit.pixel_y, layout->width,
                       layout->height);
}

static void
snapshot_cell (OrrChart *self, GtkSnapshot *snapshot, const OrrPlotLayout *plot)
{
  double left = orr_plot_layout_to_x (plot, self->hit.x - 0.5), right = orr_plot_layout_to_x (plot, self->hit.x + 0.5);
  double top = orr_plot_layout_to_y (plot, self->hit.y - 0.5), bottom = orr_plot_layout_to_y (plot, self->hit.y + 0.5);
  GskRoundedRect box;
  GdkRGBA colour;

  orr_rgb_to_rgba (self->layout->theme.foreground, 1.0, &colour);
  gsk_rounded_rect_init_from_rect (&box, &GRAPHENE_RECT_INIT (MIN (left, right), MIN (top, bottom), fabs (right - left),
                                                              fabs (bottom - top)), 0);
  gtk_snapshot_append_border (snapshot, &box, (float[]){ 2, 2, 2, 2 }, (GdkRGBA[]){ colour, colour, colour, colour });
}

static void
snapshot_hit (OrrChart *self, GtkSnapshot *snapshot)
{
  const OrrPlotLayout *plot = orr_figure_layout_get_plot (self->layout, self->hit.plot);
  const OrrFigureTheme *theme = &self->layout->theme;

  if (self->hit.series < 0)
    snapshot_cell (self, snapshot, plot);
  else
    {
      const OrrSeries *series = g_ptr_array_index (plot->plot->series, self->hit.series);
      guint32 rgb = orr_figure_theme_resolve (theme, series->paints != NULL ? series->paints[self->hit.index]
                                                                            : series->paint);

      if (series->kind == ORR_SERIES_LINE)
        snapshot_fill (snapshot, theme->dim, 0.6, floor (self->hit.pixel_x), plot->area.y, 1, plot->area.height);
      snapshot_dot (snapshot, rgb, theme->background, self->hit.pixel_x, self->hit.pixel_y);
    }
  snapshot_tooltip (self, snapshot);
}

static void
snapshot_band (OrrChart *self, GtkSnapshot *snapshot)
{
  double x = MIN (self->drag_x, self->drag_to_x), y = MIN (self->drag_y, self->drag_to_y);

  snapshot_fill (snapshot, self->layout->theme.accent, 0.2, x, y, fabs (self->drag_to_x - self->drag_x),
                 fabs (self->drag_to_y - self->drag_y));
}

/* "< 2 / 4 >" under the plots. */
static void
snapshot_pager (OrrChart *self, GtkSnapshot *snapshot)
{
  g_autofree char *text = g_strdup_printf ("\342\227\202  %u / %u  \342\226\270", self->first / self->on_page + 1,
                                           orr_chart_get_n_pages (self));
  g_autoptr (PangoLayout) words = orr_figure_layout_text (self->layout, text, 1.0, FALSE);
  GdkRGBA colour;
  int width;

  pango_layout_get_pixel_size (words, &width, NULL);
  orr_rgb_to_rgba (self->layout->theme.dim, 1.0, &colour);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT ((self->layout->width - width) / 2, self->layout->height));
  gtk_snapshot_append_layout (snapshot, words, &colour);
  gtk_snapshot_restore (snapshot);
}

static void
orr_chart_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  OrrChart *self = ORR_CHART (widget);

  ensure_node (self);
  if (self->node == NULL)
    return;
  gtk_snapshot_append_node (snapshot, self->node);
  if (orr_chart_get_n_pages (self) > 1)
    snapshot_pager (self, snapshot);
  if (self->drag_plot >= 0 && !self->panning)
    snapshot_band (self, snapshot);
  else if (self->has_hit)
    snapshot_hit (self, snapshot);
  if (gtk_widget_has_visible_focus (widget))
    gtk_snapshot_render_focus (snapshot, gtk_widget_get_style_context (widget), 1, 1, self->layout->width - 2,
                               self->layout->height - 2);
}

static void
orr_chart_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  OrrChart *self = ORR_CHART (widget);

  self->has_hit = FALSE;
  invalidate (self);
}

static void
orr_chart_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                   int *minimum_baseline, int *natural_baseline)
{
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? 120 : 80;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 320 : 180;
}

static void
orr_chart_css_changed (GtkWidget *widget, GtkCssStyleChange *change)
{
  GTK_WIDGET_CLASS (orr_chart_parent_class)->css_changed (widget, change);
  invalidate (ORR_CHART (widget));
}

static void
describe (OrrChart *self)
{
  g_autofree char *at = self->has_hit && self->layout != NULL ? orr_figure_hit_dup_text (&self->hit, self->layout)
                                                              : NULL;
  const char *text = self->figure != NULL ? self->figure->description : NULL;
  g_autofree char *whole = at == NULL ? g_strdup (text) : text == NULL ? g_strdup (at)
                                                        : g_strdup_printf ("%s\n%s", at, text);

  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  whole != NULL ? whole : "", -1);
}

/* Moves the crosshair; %NULL hides it. */
void
orr_chart_set_hit (OrrChart *self, const OrrFigureHit *hit)
{
  if (hit == NULL && !self->has_hit)
    return;
  if (hit != NULL && self->has_hit && hit->plot == self->hit.plot && hit->series == self->hit.series
      && hit->index == self->hit.index)
    return;
  self->has_hit = hit != NULL;
  if (hit != NULL)
    self->hit = *hit;
  describe (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* Shows a part of a plot of the page; %NULL shows everything. */
void
orr_chart_set_range (OrrChart *self, guint plot, const OrrPlotRange *range)
{
  g_return_if_fail (self->figure != NULL && self->first + plot < self->figure->plots->len);
  self->ranges[self->first + plot] = range != NULL ? *range : (OrrPlotRange){ 0 };
  self->has_hit = FALSE;
  invalidate (self);
}

static void
orr_chart_finalize (GObject *object)
{
  OrrChart *self = ORR_CHART (object);

  g_clear_pointer (&self->layout, orr_figure_layout_free);
  g_clear_pointer (&self->node, gsk_render_node_unref);
  g_clear_pointer (&self->figure, orr_figure_unref);
  g_free (self->ranges);
  G_OBJECT_CLASS (orr_chart_parent_class)->finalize (object);
}

static void
orr_chart_class_init (OrrChartClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = orr_chart_finalize;
  widget_class->snapshot = orr_chart_snapshot;
  widget_class->size_allocate = orr_chart_size_allocate;
  widget_class->measure = orr_chart_measure;
  widget_class->css_changed = orr_chart_css_changed;
  gtk_widget_class_set_css_name (widget_class, "orrchart");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
  signals[SIGNAL_PICKED] = g_signal_new ("picked", ORR_TYPE_CHART, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                         G_TYPE_NONE, 1, G_TYPE_POINTER);
  signals[SIGNAL_BRUSHED] = g_signal_new ("brushed", ORR_TYPE_CHART, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                          G_TYPE_NONE, 2, G_TYPE_UINT, G_TYPE_POINTER);
}

static void
orr_chart_init (OrrChart *self)
{
  self->drag_plot = -1;
  self->on_page = 1;
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_set_hexpand (GTK_WIDGET (self), TRUE);
  gtk_widget_set_vexpand (GTK_WIDGET (self), TRUE);
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  orr_view_theme_watch (GTK_WIDGET (self), G_CALLBACK (invalidate));
  orr_chart_init_input (self);
}

GtkWidget *
orr_chart_new (void)
{
  return g_object_new (ORR_TYPE_CHART, NULL);
}

/**
 * orr_chart_set_figure:
 * @figure: (nullable) (transfer none): what to show
 *
 * Keeps what a person has zoomed to, where the figure has as many plots as before.
 */
void
orr_chart_set_figure (OrrChart *self, OrrFigure *figure)
{
  g_return_if_fail (ORR_IS_CHART (self));
  guint before = self->figure != NULL ? self->figure->plots->len : 0;
  guint now = figure != NULL ? figure->plots->len : 0;

  invalidate (self);
  if (figure != NULL)
    orr_figure_ref (figure);
  orr_figure_unref (self->figure);
  self->figure = figure;
  if (now != before)
    {
      g_free (self->ranges);
      self->ranges = g_new0 (OrrPlotRange, MAX (now, 1));
      self->drag_plot = -1;
      self->first = 0;
    }
  self->has_hit = FALSE;
  describe (self);
  if (figure != NULL && figure->title != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, figure->title, -1);
  invalidate (self);
}

OrrFigure *
orr_chart_get_figure (OrrChart *self)
{
  g_return_val_if_fail (ORR_IS_CHART (self), NULL);
  return self->figure;
}

/* Shows everything in every plot again. */
void
orr_chart_reset_zoom (OrrChart *self)
{
  g_return_if_fail (ORR_IS_CHART (self));
  for (guint i = 0; self->figure != NULL && i < self->figure->plots->len; i++)
    self->ranges[i] = (OrrPlotRange){ 0 };
  self->has_hit = FALSE;
  invalidate (self);
}

/**
 * orr_chart_get_range:
 *
 * Returns: (nullable): what a plot of the page shows now; %NULL before the widget has a size
 */
const OrrPlotRange *
orr_chart_get_range (OrrChart *self, guint plot)
{
  g_return_val_if_fail (ORR_IS_CHART (self), NULL);
  OrrFigureLayout *layout = orr_chart_ensure_layout (self);
  return layout != NULL ? &orr_figure_layout_get_plot (layout, plot)->range : NULL;
}

/* Of the page that is shown, which hits and ranges count from. */
guint
orr_chart_get_first_plot (OrrChart *self)
{
  g_return_val_if_fail (ORR_IS_CHART (self), 0);
  return self->first;
}

/**
 * orr_chart_get_hit:
 * @hit: (out caller-allocates): where the crosshair is
 *
 * Returns: whether there is a crosshair
 */
gboolean
orr_chart_get_hit (OrrChart *self, OrrFigureHit *hit)
{
  g_return_val_if_fail (ORR_IS_CHART (self), FALSE);
  if (self->has_hit)
    *hit = self->hit;
  return self->has_hit;
}

static OrrFigure *
create_figure (OrrView *view)
{
  OrrChart *self = ORR_CHART (view);
  return self->figure != NULL ? orr_figure_ref (self->figure) : NULL;
}

static char *
dup_csv (OrrView *view)
{
  OrrChart *self = ORR_CHART (view);
  return self->figure != NULL ? orr_figure_to_csv (self->figure) : NULL;
}

static void
view_init (OrrViewInterface *iface)
{
  iface->create_figure = create_figure;
  iface->dup_csv = dup_csv;
}
