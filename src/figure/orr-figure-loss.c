/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-figure-loss.h"

#include <glib/gi18n.h>
#include <math.h>

#include "orr-number.h"

#define TRAINING_PAINT orr_colour_qualitative (1)
#define VALIDATION_PAINT orr_colour_qualitative (3)

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
  orr_plot_add_line (plot, _("training"), curve->epoch, curve->training, curve->n, TRAINING_PAINT);
  orr_plot_add_line (plot, _("validation"), curve->epoch, curve->validation, curve->n, VALIDATION_PAINT);
  add_best (plot, curve, _("best"), VALIDATION_PAINT);
  add_baseline (plot, curve);
}

/* Several networks: the validation loss of each, the first one's in front. */
static void
add_several (OrrPlot *plot, const OrrLossCurve *curves, guint n_curves)
{
  for (guint i = n_curves; i-- > 0;)
    {
      OrrPaint paint = orr_colour_qualitative (i);
      OrrSeries *line =
        orr_plot_add_line (plot, curves[i].name, curves[i].epoch, curves[i].validation, curves[i].n, paint);
      gboolean told = FALSE;

      line->width = i == 0 ? 2.0 : 1.2;
      add_best (plot, &curves[i], NULL, paint);
      for (guint j = n_curves - 1; j > i; j--)
        told |= curves[j].baseline == curves[i].baseline;
      if (!told)
        add_baseline (plot, &curves[i]);
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
