/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-figure-loss.h"

#include <glib/gi18n.h>
#include <math.h>

#include "orr-number.h"

#define TRAINING_PAINT orr_colour_qualitative (1)
#define VALIDATION_PAINT orr_colour_qualitative (3)
/* Levels closer than this share are one: they are measured, for each seed anew. */
#define SAME_LEVEL 0.02

static void
add_baseline (OrrPlot *plot, const OrrLossCurve *curve)
{
  if (isfinite (curve->baseline))
    orr_plot_add_horizontal (plot, _("HMM against HMM"), curve->baseline, ORR_PAINT_DIM);
  if (isfinite (curve->independent))
    orr_plot_add_horizontal (plot, _("independent symbols"), curve->independent, ORR_PAINT_DIM);
}

static void
add_best (OrrPlot *plot, const OrrLossCurve *curve, const char *name, OrrPaint paint)
{
  for (gsize i = 0; i < curve->n; i++)
    if (curve->epoch[i] == curve->best_epoch)
      {
        OrrSeries *best = orr_plot_add_points (plot, name, &curve->epoch[i], &curve->validation[i], 1, paint);
        best->marker = ORR_MARKER_RING;
        best->width = 9.0;
      }
}

/* One network: both losses. */
static void
add_single (OrrPlot *plot, const OrrLossCurve *curve)
{
  orr_plot_add_line (plot, _("training"), curve->epoch, curve->training, curve->n, TRAINING_PAINT)->tag = 0;
  orr_plot_add_line (plot, _("validation"), curve->epoch, curve->validation, curve->n, VALIDATION_PAINT)->tag = 0;
  add_best (plot, curve, _("best"), VALIDATION_PAINT);
  add_baseline (plot, curve);
}

/**
 * orr_series_set_place:
 * @place: of a network among those that are compared
 *
 * Gives a series the colour of its place, the same in every plot; the second eight are
 * dashed as well as paler, so that sixteen can be told apart.
 */
OrrSeries *
orr_series_set_place (OrrSeries *self, guint place)
{
  self->paint = orr_colour_qualitative (place);
  self->dashed = place / ORR_COLOUR_N_QUALITATIVE % 2 == 1;
  return self;
}

/* The model's own level for a network that stands behind, in its colour, unless it is told already. */
static void
add_level (OrrPlot *plot, const OrrLossCurve *curves, guint i)
{
  for (guint j = 0; j < i; j++)
    if (fabs (curves[j].baseline - curves[i].baseline) <= SAME_LEVEL * curves[i].baseline)
      return;
  if (isfinite (curves[i].baseline))
    orr_plot_add_horizontal (plot, NULL, curves[i].baseline, orr_colour_qualitative (curves[i].place));
}

/* Several networks: the validation loss of each in their order, the first one's last, so that it is in front. */
static void
add_several (OrrPlot *plot, const OrrLossCurve *curves, guint n_curves)
{
  for (guint k = 1; k <= n_curves; k++)
    {
      guint i = k % n_curves;
      OrrPaint paint = orr_colour_qualitative (curves[i].place);
      OrrSeries *line =
        orr_plot_add_line (plot, curves[i].name, curves[i].epoch, curves[i].validation, curves[i].n, paint);

      orr_series_set_place (line, curves[i].place);
      line->width = i == 0 ? 2.4 : 1.3;
      line->tag = i;
      add_best (plot, &curves[i], NULL, paint);
      if (i == 0)
        add_baseline (plot, &curves[i]);
      else
        add_level (plot, curves, i);
    }
}

static char *
describe (const OrrLossCurve *curves, guint n_curves)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < n_curves; i++)
    {
      const OrrLossCurve *curve = &curves[i];

      if (curve->n == 0)
        continue;
      g_autofree char *first = orr_number_format (curve->validation[0], 4);
      g_autofree char *last = orr_number_format (curve->validation[curve->n - 1], 4);
      g_string_append_printf (text, _("%s: validation loss from %s to %s in %u epochs."), curve->name, first, last,
                              (guint) curve->n);
      g_string_append_c (text, ' ');
    }
  return g_string_free (text, FALSE);
}

/**
 * orr_figure_new_loss:
 * @curves: (array length=n_curves): the network in question first
 * @shown_epoch: the epoch that the views show, -1 for none
 * @logarithmic: whether the loss is on a logarithmic axis
 *
 * Returns: (transfer full): the loss curves
 */
OrrFigure *
orr_figure_new_loss (const OrrLossCurve *curves, guint n_curves, int shown_epoch, gboolean logarithmic)
{
  OrrFigure *figure = orr_figure_new (_("Loss curves"));
  OrrPlot *plot = orr_figure_add_plot (figure, NULL);
  g_autofree char *description = describe (curves, n_curves);

  orr_axis_set_label (&plot->x, _("epoch"), NULL);
  orr_axis_set_label (&plot->y, _("Sinkhorn divergence"), NULL);
  plot->x.integers = TRUE;
  plot->y.scale = logarithmic ? ORR_SCALE_LOG : ORR_SCALE_LINEAR;
  orr_plot_set_empty_text (plot, _("Train a network to see its loss here"));
  if (n_curves == 1)
    add_single (plot, &curves[0]);
  else if (n_curves > 1)
    add_several (plot, curves, n_curves);
  if (shown_epoch >= 0)
    orr_plot_add_vertical (plot, _("shown"), shown_epoch, ORR_PAINT_ACCENT);
  orr_figure_set_description (figure, description);
  return figure;
}

/* What is not above 0 has no place on a logarithmic axis. */
static OrrSeries *
add_gradient (OrrPlot *plot, const char *name, const OrrLossCurve *curve, OrrPaint paint)
{
  g_autofree double *norm = g_new (double, MAX (curve->n, 1));

  for (gsize i = 0; i < curve->n; i++)
    norm[i] = curve->gradient_norm[i] > 0.0 ? curve->gradient_norm[i] : NAN;
  return orr_plot_add_line (plot, name, curve->epoch, norm, curve->n, paint);
}

/* Each level at which gradients are clipped, once; in the legend, since the curve lies about it. */
static void
add_clip (OrrPlot *plot, const OrrLossCurve *curves, guint i)
{
  const OrrLossCurve *curve = &curves[i];
  g_autofree double *level = g_new (double, MAX (curve->n, 1));

  if (!(curve->clip > 0.0) || curve->n == 0)
    return;
  for (guint j = 0; j < i; j++)
    if (curves[j].clip == curve->clip && curves[j].n > 0 && curves[j].gradient_norm != NULL)
      return;
  for (gsize k = 0; k < curve->n; k++)
    level[k] = curve->clip;
  g_autofree char *name = g_strdup_printf (_("clipped to %g"), curve->clip);
  OrrSeries *line = orr_plot_add_line (plot, name, curve->epoch, level, curve->n, ORR_PAINT_FOREGROUND);
  line->dashed = TRUE;
  line->width = 1.2;
}

/**
 * orr_figure_add_gradients:
 * @curves: (array length=n_curves): the network in question first
 * @shown_epoch: the epoch that the views show, -1 for none
 *
 * Adds a plot of the largest gradient norm of each epoch, before it was clipped, with the
 * level that it was clipped to.
 */
void
orr_figure_add_gradients (OrrFigure *self, const OrrLossCurve *curves, guint n_curves, int shown_epoch)
{
  OrrPlot *plot = orr_figure_add_plot (self, NULL);

  orr_axis_set_label (&plot->x, _("epoch"), NULL);
  orr_axis_set_label (&plot->y, _("gradient norm"), NULL);
  plot->x.integers = TRUE;
  plot->y.scale = ORR_SCALE_LOG;
  orr_plot_set_empty_text (plot, _("Train a network to see its gradients here"));
  for (guint k = 1; k <= n_curves; k++)
    {
      guint i = k % n_curves;

      if (curves[i].gradient_norm == NULL)
        continue;
      OrrSeries *line = add_gradient (plot, n_curves > 1 ? curves[i].name : NULL, &curves[i], TRAINING_PAINT);
      line->tag = i;
      /* the colours are those of the losses beside them, which name them */
      line->in_legend = FALSE;
      if (n_curves > 1)
        orr_series_set_place (line, curves[i].place)->width = i == 0 ? 2.4 : 1.3;
      add_clip (plot, curves, i);
    }
  if (shown_epoch >= 0)
    orr_plot_add_vertical (plot, _("shown"), shown_epoch, ORR_PAINT_ACCENT);
}
