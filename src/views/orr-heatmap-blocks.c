/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-heatmap-blocks.h"

#include <glib/gi18n.h>
#include <math.h>

#include "orr-number.h"

/**
 * orr_heatmap_group_at:
 * @axis: one of the model's
 * @place: along it
 *
 * Returns: (transfer none) (nullable): the group that the place belongs to
 */
const OrrHeatmapGroup *
orr_heatmap_group_at (const OrrHeatmapModel *model, const OrrHeatmapAxis *axis, guint place)
{
  const GArray *groups = model->order->groups;

  for (guint g = 0; axis->items == ORR_HEATMAP_UNITS && g < groups->len; g++)
    {
      const OrrHeatmapGroup *group = &g_array_index (groups, OrrHeatmapGroup, g);

      if (place >= group->first && place < group->first + group->n)
        return group;
    }
  return NULL;
}

/**
 * orr_heatmap_block_measure:
 * @to: (nullable): the group that receives, %NULL for all rows
 * @from: (nullable): the group that sends, %NULL for all columns
 */
void
orr_heatmap_block_measure (const OrrHeatmapModel *model, const OrrHeatmapGroup *to, const OrrHeatmapGroup *from,
                           OrrHeatmapBlock *block)
{
  guint top = to != NULL ? to->first : 0, bottom = to != NULL ? to->first + to->n : model->rows.n;
  guint left = from != NULL ? from->first : 0, right = from != NULL ? from->first + from->n : model->cols.n;
  double sum = 0.0, squares = 0.0;

  *block = (OrrHeatmapBlock){ to, from, NAN, NAN, (gsize) (bottom - top) * (right - left) };
  for (guint i = top; i < bottom; i++)
    for (guint j = left; j < right; j++)
      sum += orr_heatmap_model_get (model, i, j);
  block->mean = sum / block->n;
  for (guint i = top; i < bottom; i++)
    for (guint j = left; j < right; j++)
      {
        double off = orr_heatmap_model_get (model, i, j) - block->mean;
        squares += off * off;
      }
  block->sd = block->n > 1 ? sqrt (squares / (block->n - 1)) : NAN;
}

/**
 * orr_heatmap_block_describe:
 *
 * Returns: (transfer full) (nullable): "kick 1 -> 3 onto integrating 1: mean 0.097, s.d. 0.09, n = 140",
 *   for the block that a cell lies in; %NULL where no group is involved
 */
char *
orr_heatmap_block_describe (const OrrHeatmapModel *model, guint row_place, guint col_place)
{
  const OrrHeatmapGroup *to = orr_heatmap_group_at (model, &model->rows, row_place);
  const OrrHeatmapGroup *from = orr_heatmap_group_at (model, &model->cols, col_place);
  OrrHeatmapBlock block;

  /* a unit outside of all groups is no block; inputs and symbols stand for all of their kind */
  if ((to == NULL && model->rows.items == ORR_HEATMAP_UNITS) || (from == NULL && model->cols.items == ORR_HEATMAP_UNITS)
      || (to == NULL && from == NULL))
    return NULL;
  orr_heatmap_block_measure (model, to, from, &block);
  g_autofree char *mean = orr_number_format_fixed (block.mean, 3), *sd = orr_number_format_fixed (block.sd, 3);
  g_autofree char *count = g_strdup_printf ("%" G_GSIZE_FORMAT, block.n);
  const char *sender = from != NULL ? from->name : _("noise"), *receiver = to != NULL ? to->name : _("readout");
  /* TRANSLATORS: a block of the weight matrix: from a group of units onto a group of units */
  return g_strdup_printf (_("%s onto %s:\nmean %s, s.d. %s, n = %s"), sender, receiver, mean, sd, count);
}

/* (transfer full): the units of a group */
GtkBitset *
orr_heatmap_group_dup_units (const OrrHeatmapModel *model, const OrrHeatmapGroup *group)
{
  GtkBitset *units = gtk_bitset_new_empty ();

  for (guint i = 0; i < group->n; i++)
    gtk_bitset_add (units, model->order->units[group->first + i]);
  return units;
}
