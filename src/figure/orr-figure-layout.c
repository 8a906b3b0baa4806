/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-figure-layout.h"

#include <math.h>

#include "orr-number.h"

enum
{
  PADDING = 8,
  TICK = 4,
  GAP = 6,
  SWATCH = 16,
  BAR_WIDTH = 10,
};

/* The share of a plot's height that its legend may take: the plot itself must be seen. */
#define MOST_LEGEND 0.45

static void
plot_layout_free (gpointer data)
{
  OrrPlotLayout *self = data;

  orr_ticks_free (self->x_ticks);
  orr_ticks_free (self->y_ticks);
  orr_ticks_free (self->bar_ticks);
  g_array_unref (self->legend);
  g_free (self);
}

void
orr_figure_layout_free (OrrFigureLayout *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->plots);
  g_object_unref (self->context);
  g_free ((char *) self->theme.font_family);
  orr_figure_unref (self->figure);
  g_free (self);
}

/**
 * orr_figure_layout_text:
 * @scale: size, as a multiple of the theme's
 *
 * Returns: (transfer full): @text ready to be measured or shown
 */
PangoLayout *
orr_figure_layout_text (const OrrFigureLayout *self, const char *text, double scale, gboolean bold)
{
  PangoLayout *layout = pango_layout_new (self->context);
  PangoFontDescription *font = pango_font_description_new ();

  pango_font_description_set_family (font, self->theme.font_family);
  pango_font_description_set_absolute_size (font, self->theme.font_size * scale * PANGO_SCALE);
  if (bold)
    pango_font_description_set_weight (font, PANGO_WEIGHT_BOLD);
  pango_layout_set_font_description (layout, font);
  pango_layout_set_text (layout, text, -1);
  pango_font_description_free (font);
  return layout;
}

/* Width of @text at the theme's size, in pixels. */
double
orr_figure_layout_measure (const OrrFigureLayout *self, const char *text)
{
  g_autoptr (PangoLayout) layout = orr_figure_layout_text (self, text, 1.0, FALSE);
  int width;

  pango_layout_get_pixel_size (layout, &width, NULL);
  return width;
}

/**
 * orr_axis_dup_title:
 * @ticks: (nullable): whose common factor is told too
 *
 * Returns: (transfer full) (nullable): "label (unit) ×10³", or %NULL for an axis without a name
 */
char *
orr_axis_dup_title (const OrrAxis *axis, const OrrTicks *ticks)
{
  GString *text = g_string_new (axis->label);

  if (axis->unit != NULL)
    g_string_append_printf (text, text->len > 0 ? " (%s)" : "%s", axis->unit);
  if (ticks != NULL && ticks->suffix != NULL)
    g_string_append_printf (text, text->len > 0 ? "  %s" : "%s", ticks->suffix);
  return g_string_free (text, text->len == 0);
}

static double
position (const OrrAxis *axis, double low, double high, double value)
{
  double share = axis->scale == ORR_SCALE_LOG ? log (value / low) / log (high / low)
                                              : (value - low) / (high - low);
  return axis->reversed ? 1.0 - share : share;
}

static double
value_at (const OrrAxis *axis, double low, double high, double share)
{
  if (axis->reversed)
    share = 1.0 - share;
  return axis->scale == ORR_SCALE_LOG ? low * pow (high / low, share) : low + share * (high - low);
}

double
orr_plot_layout_to_x (const OrrPlotLayout *self, double value)
{
  return self->area.x
         + self->area.width * position (&self->plot->x, self->range.x_low, self->range.x_high, value);
}

double
orr_plot_layout_to_y (const OrrPlotLayout *self, double value)
{
  return self->area.y
         + self->area.height * (1.0 - position (&self->plot->y, self->range.y_low, self->range.y_high, value));
}

double
orr_plot_layout_from_x (const OrrPlotLayout *self, double pixel)
{
  return value_at (&self->plot->x, self->range.x_low, self->range.x_high,
                   (pixel - self->area.x) / self->area.width);
}

double
orr_plot_layout_from_y (const OrrPlotLayout *self, double pixel)
{
  return value_at (&self->plot->y, self->range.y_low, self->range.y_high,
                   1.0 - (pixel - self->area.y) / self->area.height);
}

/* How many columns make the plots largest, were each half again as wide as high. */
static guint
choose_columns (const OrrFigure *figure, double width, double height)
{
  guint n = figure->plots->len, best = 1;
  double best_size = 0.0;

  if (figure->columns > 0)
    return MIN (figure->columns, MAX (n, 1));
  for (guint columns = 1; columns <= n; columns++)
    {
      double size = MIN (width / columns / 1.4, height / ((n + columns - 1) / columns));

      if (size > best_size * 1.02)
        {
          best_size = size;
          best = columns;
        }
    }
  return best;
}

static gboolean
is_named (const OrrPlot *plot, const OrrSeries *series)
{
  return plot->legend && series->in_legend && series->name != NULL && series->n > 0;
}

/* Legend entries in lines from the right, the first beside the y label; returns
 * how many lines the header takes. Where it would leave little of the plot there is none:
 * the crosshair names what it stands on. */
static guint
place_legend (const OrrFigureLayout *self, OrrPlotLayout *layout)
{
  const OrrPlot *plot = layout->plot;
  g_autoptr (OrrTicks) ticks = orr_ticks_new (&plot->y, layout->range.y_low, layout->range.y_high, 5);
  g_autofree char *title = orr_axis_dup_title (&plot->y, ticks);
  double label_width = title != NULL && !plot->y.hidden ? orr_figure_layout_measure (self, title) + 3 * GAP : 0.0;
  double width = layout->cell.width, used = label_width;
  guint line = 0, first = 0;

  for (guint i = 0; i < plot->series->len; i++)
    {
      const OrrSeries *series = g_ptr_array_index (plot->series, i);

      if (!is_named (plot, series))
        continue;
      OrrLegendEntry entry = { .series = i };
      entry.width = MIN (SWATCH + GAP + orr_figure_layout_measure (self, series->name) + 2 * GAP, width);
      if (used + entry.width > width && used > 0.0)
        {
          line++;
          used = 0.0;
        }
      entry.y = line;
      used += entry.width;
      g_array_append_val (layout->legend, entry);
    }

  if (line > 0 && (line + 1) * self->line > MOST_LEGEND * layout->cell.height)
    {
      g_array_set_size (layout->legend, 0);
      layout->legend_hidden = TRUE;
      return 2;
    }

  /* now that each line's length is known, push it to the right edge */
  for (guint i = 0; i <= layout->legend->len; i++)
    if (i == layout->legend->len
        || g_array_index (layout->legend, OrrLegendEntry, i).y
             != g_array_index (layout->legend, OrrLegendEntry, first).y)
      {
        double x = layout->cell.x + width - GAP;

        for (guint j = i; j-- > first;)
          {
            OrrLegendEntry *entry = &g_array_index (layout->legend, OrrLegendEntry, j);
            x -= entry->width;
            entry->x = x;
          }
        first = i;
      }
  return layout->legend->len > 0 ? line + 1 : label_width > 0.0 ? 1 : 0;
}

static guint
room_for (double length, double label)
{
  return MAX (1, (guint) (length / MAX (label, 1.0)));
}

static double
widest_label (const OrrFigureLayout *self, const OrrTicks *ticks)
{
  double widest = 0.0;

  for (guint i = 0; i < ticks->ticks->len; i++)
    if (orr_ticks_get (ticks, i)->label != NULL)
      widest = MAX (widest, orr_figure_layout_measure (self, orr_ticks_get (ticks, i)->label));
  return widest;
}

static guint
count_labels (const OrrTicks *ticks)
{
  guint named = 0;

  for (guint i = 0; i < ticks->ticks->len; i++)
    named += orr_ticks_get (ticks, i)->label != NULL;
  return named;
}

/* Whether no two neighbours touch; names of categories stand at equal distances and differ much in length. */
static gboolean
labels_fit (const OrrFigureLayout *self, const OrrPlot *plot, const OrrTicks *ticks, const OrrPlotRange *range, double width)
{
  double unit = width / (range->x_high - range->x_low), before = 0.0, end = -INFINITY;

  if (plot->x.categories == NULL)
    return (widest_label (self, ticks) + GAP) * count_labels (ticks) <= width * 1.05;
  for (guint i = 0; i < ticks->ticks->len; i++)
    {
      const OrrTick *tick = orr_ticks_get (ticks, i);

      if (tick->label == NULL)
        continue;
      double half = 0.5 * orr_figure_layout_measure (self, tick->label), middle = unit * tick->value;
      if (middle - half < end + before + 0.5 * GAP)
        return FALSE;
      end = middle;
      before = half;
    }
  return TRUE;
}

/* Fewer ticks until the labels along the x axis keep apart; but more where a round step leaves
 * fewer than two in a narrow plot, and their labels are short enough. */
static OrrTicks *
fit_x_ticks (const OrrFigureLayout *self, const OrrPlot *plot, const OrrPlotRange *range, double width)
{
  guint most = plot->x.categories != NULL ? g_strv_length (plot->x.categories) : room_for (width, 3.0 * self->line);
  g_autoptr (OrrTicks) ticks = NULL;

  for (;; most--)
    {
      g_clear_pointer (&ticks, orr_ticks_free);
      ticks = orr_ticks_new (&plot->x, range->x_low, range->x_high, most);
      guint named = count_labels (ticks);

      if (most <= 1 || named <= 1 || labels_fit (self, plot, ticks, range, width))
        break;
    }
  for (guint more = most + 1; more <= most + 4 && plot->x.categories == NULL && count_labels (ticks) < 2; more++)
    {
      g_autoptr (OrrTicks) finer = orr_ticks_new (&plot->x, range->x_low, range->x_high, more);
      guint named = count_labels (finer);

      if (named >= 2 && (widest_label (self, finer) + GAP) * named <= width * 1.05)
        return g_steal_pointer (&finer);
    }
  return g_steal_pointer (&ticks);
}

/* The ends, and 0 between them. */
static OrrTicks *
bar_ticks (const OrrHeatmap *heatmap)
{
  double values[] = { heatmap->low, 0.0, heatmap->high };
  OrrTicks *ticks = g_new0 (OrrTicks, 1);

  ticks->ticks = g_array_new (FALSE, FALSE, sizeof (OrrTick));
  g_array_set_clear_func (ticks->ticks, (GDestroyNotify) orr_tick_clear);
  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    if (i != 1 || (heatmap->low < 0.0 && heatmap->high > 0.0))
      {
        OrrTick tick = { values[i], orr_number_format (values[i], 2) };
        g_array_append_val (ticks->ticks, tick);
      }
  return ticks;
}

static void
place_bar (const OrrFigureLayout *self, OrrPlotLayout *layout, double right)
{
  layout->bar_ticks = bar_ticks (layout->plot->heatmap);
  double labels = widest_label (self, layout->bar_ticks);
  layout->area.width = MAX (right - labels - TICK - BAR_WIDTH - 2 * GAP - layout->area.x, 1.0);
  layout->bar.width = BAR_WIDTH;
}

/* One unit as long on both axes: a heatmap shrinks to its own shape, other
 * plots show more of the axis that has room. */
static void
make_square (OrrPlotLayout *layout)
{
  OrrPlotRange *range = &layout->range;
  double x_scale = layout->area.width / (range->x_high - range->x_low);
  double y_scale = layout->area.height / (range->y_high - range->y_low);

  if (layout->plot->heatmap != NULL)
    {
      double scale = MIN (x_scale, y_scale);
      layout->area.width = scale * (range->x_high - range->x_low);
      layout->area.height = scale * (range->y_high - range->y_low);
      return;
    }
  double x_more = (MAX (x_scale / y_scale, 1.0) - 1.0) * (range->x_high - range->x_low) / 2;
  double y_more = (MAX (y_scale / x_scale, 1.0) - 1.0) * (range->y_high - range->y_low) / 2;
  range->x_low -= x_more;
  range->x_high += x_more;
  range->y_low -= y_more;
  range->y_high += y_more;
}

/* Everything between the header and the axis titles, which are placed already. */
static void
place_area (const OrrFigureLayout *self, OrrPlotLayout *layout, double top, double bottom)
{
  const OrrPlot *plot = layout->plot;
  OrrPlotRange *range = &layout->range;
  double right = layout->cell.x + layout->cell.width;

  layout->area.y = top;
  layout->area.height = MAX (bottom - top, 1.0);
  layout->y_ticks = orr_ticks_new (&plot->y, range->y_low, range->y_high,
                                   room_for (layout->area.height, 2.2 * self->line));
  double labels = plot->y.hidden ? 0.0 : widest_label (self, layout->y_ticks) + TICK + 2;
  layout->area.x = layout->cell.x + labels;
  layout->area.width = MAX (right - 2 * GAP - layout->area.x, 1.0);
  if (plot->heatmap != NULL && plot->heatmap->colour_bar)
    place_bar (self, layout, right);
  if (plot->square)
    {
      make_square (layout);
      orr_ticks_free (layout->y_ticks);
      layout->y_ticks = orr_ticks_new (&plot->y, range->y_low, range->y_high,
                                       room_for (layout->area.height, 2.2 * self->line));
    }
  layout->x_ticks = fit_x_ticks (self, plot, range, layout->area.width);
  if (layout->bar.width > 0)
    layout->bar = (OrrRect){ layout->area.x + layout->area.width + 2 * GAP, layout->area.y, BAR_WIDTH,
                             layout->area.height };
}

static double
bottom_margin (const OrrFigureLayout *self, const OrrPlot *plot)
{
  double margin = plot->x.hidden ? 2.0 : self->line + TICK + 2;

  if (plot->x.label != NULL || plot->x.unit != NULL)
    margin += self->line;
  return margin;
}

/* The plots of one row of the grid: their axes begin and end at the same heights. */
static void
place_row (OrrFigureLayout *self, guint first, guint last, guint columns, double y, double height)
{
  double total = columns - (last - first), x = PADDING, top = 0.0, bottom = 0.0;
  double width = self->width - 2 * PADDING - (columns - 1) * 2.0 * PADDING;

  for (guint i = first; i < last; i++)
    total += orr_figure_layout_get_plot (self, i)->plot->weight;
  for (guint i = first; i < last; i++)
    {
      OrrPlotLayout *layout = g_ptr_array_index (self->plots, i);

      layout->cell = (OrrRect){ x, y, MAX (width * layout->plot->weight / total, 1.0), height };
      x += layout->cell.width + 2.0 * PADDING;
      layout->title_y = y;
      layout->header_y = y + (layout->plot->title != NULL ? self->line + GAP : 0.0);
      guint lines = place_legend (self, layout);
      for (guint j = 0; j < layout->legend->len; j++)
        {
          OrrLegendEntry *entry = &g_array_index (layout->legend, OrrLegendEntry, j);
          entry->y = layout->header_y + entry->y * self->line;
        }
      top = MAX (top, layout->header_y + lines * self->line + (lines > 0 ? 3 : 0));
      bottom = MAX (bottom, bottom_margin (self, layout->plot));
    }
  for (guint i = first; i < last; i++)
    place_area (self, g_ptr_array_index (self->plots, i), top, y + height - bottom);
}

static void
place_all (OrrFigureLayout *self)
{
  guint n = self->plots->len;
  guint columns = choose_columns (self->figure, self->width, self->height);
  guint rows = (n + columns - 1) / columns;
  double top = PADDING;

  if (self->theme.titled && self->figure->title != NULL)
    top += 1.2 * self->line + PADDING;
  double height = (self->height - top - PADDING - (rows > 0 ? rows - 1 : 0) * 2.0 * PADDING) / MAX (rows, 1);
  for (guint row = 0; row < rows; row++)
    place_row (self, row * columns, MIN ((row + 1) * columns, n), columns,
               top + row * (height + 2.0 * PADDING), height);
}

static gboolean
range_is_usable (const OrrPlotRange *range, const OrrPlot *plot)
{
  return range->set && range->x_low < range->x_high && range->y_low < range->y_high
         && isfinite (range->x_high - range->x_low) && isfinite (range->y_high - range->y_low)
         && (plot->x.scale == ORR_SCALE_LINEAR || range->x_low > 0.0)
         && (plot->y.scale == ORR_SCALE_LINEAR || range->y_low > 0.0);
}

/**
 * orr_figure_layout_new:
 * @ranges: (nullable) (array): what each plot shows, where somebody has zoomed
 * @width: of the page, in pixels (points in a vector file)
 * @height: of the page
 *
 * Returns: (transfer full): every plot of @figure in its place
 */
OrrFigureLayout *
orr_figure_layout_new (OrrFigure *figure, const OrrPlotRange *ranges, double width, double height,
                       const OrrFigureTheme *theme)
{
  OrrFigureLayout *self = g_new0 (OrrFigureLayout, 1);
  g_autoptr (PangoLayout) sample = NULL;
  int line;

  self->figure = orr_figure_ref (figure);
  self->theme = *theme;
  self->theme.font_family = g_strdup (theme->font_family != NULL ? theme->font_family : "Sans");
  self->width = width;
  self->height = height;
  self->context = pango_font_map_create_context (pango_cairo_font_map_get_default ());
  self->plots = g_ptr_array_new_with_free_func (plot_layout_free);
  sample = orr_figure_layout_text (self, "Ag", 1.0, FALSE);
  pango_layout_get_pixel_size (sample, NULL, &line);
  self->line = line;

  for (guint i = 0; i < figure->plots->len; i++)
    {
      OrrPlotLayout *layout = g_new0 (OrrPlotLayout, 1);

      layout->plot = orr_figure_get_plot (figure, i);
      layout->legend = g_array_new (FALSE, FALSE, sizeof (OrrLegendEntry));
      layout->range = ranges != NULL && range_is_usable (&ranges[i], layout->plot)
                        ? ranges[i]
                        : orr_plot_find_range (layout->plot);
      g_ptr_array_add (self->plots, layout);
    }
  place_all (self);
  return self;
}

const OrrPlotLayout *
orr_figure_layout_get_plot (const OrrFigureLayout *self, guint index)
{
  g_return_val_if_fail (index < self->plots->len, NULL);
  return g_ptr_array_index (self->plots, index);
}
