/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-strip-rows.h"

#include <glib/gi18n.h>
#include <math.h>

#include "orr-orbit-colours.h"
#include "orr-orbit-zones.h"
#include "orr-residency.h"
#include "orr-section.h"

/* More units than this are shown as their mean. */
#define MOST_TRACES 5
#define MOST_GROUPS 4

static void
row_free (gpointer data)
{
  OrrStripRow *self = data;

  g_free (self->label);
  g_free (self->codes);
  g_free (self->values);
  g_clear_pointer (&self->colours, g_array_unref);
  g_clear_pointer (&self->names, g_ptr_array_unref);
  g_free (self);
}

static OrrStripRow *
add_bands (GPtrArray *rows, const char *label, const guint16 *codes, guint n_steps)
{
  OrrStripRow *row = g_new0 (OrrStripRow, 1);

  row->kind = ORR_STRIP_BANDS;
  row->label = g_strdup (label);
  row->n_steps = n_steps;
  row->codes = g_memdup2 (codes, n_steps * sizeof *codes);
  row->colours = g_array_new (FALSE, FALSE, sizeof (guint32));
  row->names = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (rows, row);
  return row;
}

static void
add_kind (OrrStripRow *row, const char *name, guint32 colour)
{
  g_array_append_val (row->colours, colour);
  g_ptr_array_add (row->names, g_strdup (name));
}

/* @values: (transfer full) */
static void
add_trace (GPtrArray *rows, char *label, float *values, guint n_steps, guint32 colour)
{
  OrrStripRow *row = g_new0 (OrrStripRow, 1);

  row->kind = ORR_STRIP_TRACE;
  row->label = label;
  row->n_steps = n_steps;
  row->values = values;
  row->colour = colour;
  row->low = INFINITY;
  row->high = -INFINITY;
  for (guint t = 0; t < n_steps; t++)
    if (isfinite (values[t]))
      {
        row->low = MIN (row->low, values[t]);
        row->high = MAX (row->high, values[t]);
      }
  if (!(row->high > row->low))
    {
      row->low = isfinite (row->low) ? row->low - 0.5f : 0.0f;
      row->high = row->low + 1.0f;
    }
  g_ptr_array_add (rows, row);
}

static void
add_symbols (GPtrArray *rows, const OrrMotion *motion, const OrrHmm *hmm)
{
  const OrrTrajectory *run = motion->trajectory;
  OrrStripRow *row = add_bands (rows, _("symbol"), run->symbols, run->n_steps);
  gboolean named = hmm != NULL && hmm->n_symbols == run->n_symbols;

  for (guint k = 0; k < run->n_symbols; k++)
    {
      g_autofree char *number = g_strdup_printf ("%u", k);
      add_kind (row, named ? hmm->symbol_names[k] : number, orr_colour_qualitative (k));
    }
}

static void
add_states (GPtrArray *rows, const OrrMotion *motion, const OrrHmm *hmm)
{
  if (motion->path == NULL || hmm == NULL)
    return;

  OrrStripRow *row = add_bands (rows, _("state"), motion->path, motion->trajectory->n_steps);
  for (guint s = 0; s < hmm->n_states; s++)
    add_kind (row, hmm->state_names[s], orr_orbit_state_colour (hmm, s));
}

/* The zone of state space at each step, where it has been analysed. */
static void
add_zones (GPtrArray *rows, OrrSession *session, OrrMotion *motion)
{
  guint n_steps = motion->trajectory->n_steps;
  g_autofree double *zones = orr_orbit_dup_residency (session, motion, "point_zone");
  g_autofree guint16 *codes = NULL;
  OrrStripRow *row;

  if (zones == NULL)
    return;
  codes = g_new (guint16, n_steps);
  for (guint t = 0; t < n_steps; t++)
    codes[t] = zones[t] >= 0.0 ? zones[t] : ORR_STRIP_NO_CODE;
  row = add_bands (rows, _("zone"), codes, n_steps);
  for (guint z = 0; z < ORR_ZONE_N; z++)
    add_kind (row, orr_orbit_zone_title (z), orr_orbit_zone_colour (z));
}

static float *
dup_unit (const OrrMotion *motion, guint unit)
{
  const OrrMatrix *states = motion->trajectory->states;
  float *values = g_new (float, states->rows);

  for (gsize t = 0; t < states->rows; t++)
    values[t] = orr_matrix_row (states, t)[unit];
  return values;
}

static float *
dup_mean (const OrrMotion *motion, GtkBitset *units)
{
  gsize n = motion->trajectory->n_steps;
  g_autofree double *mean = orr_orbit_unit_activity (motion, units);
  float *values = g_new (float, n);

  for (gsize t = 0; t < n; t++)
    values[t] = mean[t];
  return values;
}

static void
add_units (GPtrArray *rows, const OrrMotion *motion, GtkBitset *units)
{
  guint n_steps = motion->trajectory->n_steps;
  guint first_colour = motion->trajectory->n_symbols;
  GtkBitsetIter iter;
  guint unit, n = 0;

  if (gtk_bitset_get_size (units) > MOST_TRACES)
    {
      char *label = g_strdup_printf (_("mean of %u units"), (guint) gtk_bitset_get_size (units));
      add_trace (rows, label, dup_mean (motion, units), n_steps, orr_colour_qualitative (first_colour));
      return;
    }
  for (gboolean more = gtk_bitset_iter_init_first (&iter, units, &unit);
       more && unit < motion->trajectory->n_hidden; more = gtk_bitset_iter_next (&iter, &unit))
    add_trace (rows, g_strdup_printf (_("unit %u"), unit), dup_unit (motion, unit), n_steps,
               orr_colour_qualitative (first_colour + n++));
}

/* Where nothing is selected: how the run goes along the first components. */
static void
add_components (GPtrArray *rows, const OrrMotion *motion)
{
  gsize n = motion->projection->rows;

  for (guint p = 0; p < MIN (2, motion->pca->n_components); p++)
    {
      float *values = g_new (float, n);

      for (gsize t = 0; t < n; t++)
        values[t] = orr_matrix_row (motion->projection, t)[p];
      add_trace (rows, g_strdup_printf (_("PC%u"), p + 1), values, n, p == 0 ? 0x8a8f98 : 0xa9aeb6);
    }
}

/* The units of one group of the section "kick_neurons". */
static GtkBitset *
dup_group (GVariant *group, guint n_hidden)
{
  gsize n;
  g_autofree double *numbers = orr_section_dup_doubles (group, "units", &n);
  GtkBitset *units = gtk_bitset_new_empty ();

  for (gsize i = 0; i < n; i++)
    if (numbers[i] >= 0.0 && numbers[i] < n_hidden)
      gtk_bitset_add (units, numbers[i]);
  return units;
}

/* The mean activity of each kick group, in the colour of the symbol that it leads to. */
static gboolean
add_kick_groups (GPtrArray *rows, const OrrMotion *motion, GVariant *section)
{
  g_autoptr (GVariant) groups = orr_section_get_child (section, "groups");
  guint n_shown = 0;

  if (groups == NULL || !g_variant_is_of_type (groups, G_VARIANT_TYPE ("aa{sv}")))
    return FALSE;
  for (gsize i = 0; i < g_variant_n_children (groups) && n_shown < MOST_GROUPS; i++)
    {
      g_autoptr (GVariant) group = g_variant_get_child_value (groups, i);
      g_autoptr (GtkBitset) units = dup_group (group, motion->trajectory->n_hidden);
      guint from = orr_section_get_int (group, "from", 0), to = orr_section_get_int (group, "to", 0);

      if (gtk_bitset_is_empty (units))
        continue;
      add_trace (rows, g_strdup_printf (_("kick %u → %u"), from + 1, to + 1), dup_mean (motion, units),
                 motion->trajectory->n_steps, orr_colour_qualitative (to));
      n_shown++;
    }
  return n_shown > 0;
}

/**
 * orr_strip_rows_build:
 *
 * The rows for what the session shows now: symbols, estimated states, zones where they have been
 * analysed, and the activity of the selected units; where none is selected, that of the kick groups if they
 * are known, else the first principal components.
 *
 * Returns: (transfer full) (element-type OrrStripRow): the rows, none without a motion
 */
GPtrArray *
orr_strip_rows_build (OrrSession *session)
{
  GPtrArray *rows = g_ptr_array_new_with_free_func (row_free);
  OrrMotion *motion = orr_session_get_motion (session);
  OrrHmm *hmm = orr_session_get_hmm (session);
  GtkBitset *units = orr_session_get_units (session);

  if (motion == NULL)
    return rows;
  add_symbols (rows, motion, hmm);
  add_states (rows, motion, hmm);
  add_zones (rows, session, motion);
  if (!gtk_bitset_is_empty (units))
    {
      add_units (rows, motion, units);
      return rows;
    }

  g_autoptr (GVariant) kicks = orr_session_dup_section (session, "kick_neurons");
  if (kicks == NULL || !add_kick_groups (rows, motion, kicks))
    add_components (rows, motion);
  return rows;
}

/**
 * orr_strip_row_describe:
 *
 * Returns: (transfer full): what the row shows at @step, in words
 */
char *
orr_strip_row_describe (const OrrStripRow *self, guint step)
{
  if (self->kind == ORR_STRIP_TRACE)
    return g_strdup_printf ("%s %.3f", self->label, self->values[step]);
  if (self->codes[step] >= self->names->len)
    return g_strdup_printf (_("%s unknown"), self->label);
  return g_strdup_printf ("%s %s", self->label, (char *) self->names->pdata[self->codes[step]]);
}

/**
 * orr_strip_decimate:
 * @start: step at the left edge; a step t covers [t, t + 1)
 * @end: step at the right edge
 * @low: (out): [@n_columns] least value of the steps that each column covers, NaN where it covers none
 * @high: (out): [@n_columns] greatest
 *
 * What a trace looks like in so many columns of pixels: no peak is lost, however narrow.
 */
void
orr_strip_decimate (const float *values, guint n_steps, double start, double end, guint n_columns, float *low,
                    float *high)
{
  double width = (end - start) / n_columns;

  for (guint c = 0; c < n_columns; c++)
    {
      gint64 first = floor (start + c * width), last = ceil (start + (c + 1) * width);

      low[c] = high[c] = NAN;
      for (gint64 t = MAX (first, 0); t < MIN (last, (gint64) n_steps); t++)
        {
          low[c] = fminf (low[c], values[t]);
          high[c] = fmaxf (high[c], values[t]);
        }
    }
}

/**
 * orr_strip_mean_colour:
 * @from: first step
 * @to: one after the last step
 * @share: (out): share of the steps that have a kind
 *
 * Returns: the mean colour of several steps of a row of bands, 0xRRGGBB
 */
guint32
orr_strip_mean_colour (const OrrStripRow *self, guint from, guint to, double *share)
{
  double red = 0.0, green = 0.0, blue = 0.0;
  guint n = 0;

  for (guint t = from; t < MIN (to, self->n_steps); t++)
    {
      guint32 colour;

      if (self->codes[t] >= self->colours->len)
        continue;
      colour = g_array_index (self->colours, guint32, self->codes[t]);
      red += orr_colour_red (colour);
      green += orr_colour_green (colour);
      blue += orr_colour_blue (colour);
      n++;
    }
  *share = to > from ? n / (double) (to - from) : 0.0;
  if (n == 0)
    return 0;
  return (guint32) lrint (255.0 * red / n) << 16 | (guint32) lrint (255.0 * green / n) << 8
         | (guint32) lrint (255.0 * blue / n);
}

/**
 * orr_strip_next_change:
 * @direction: 1 forwards, -1 backwards
 *
 * Returns: the nearest step after (before) @step where a band begins; the last (first) step where
 *   there is none
 */
guint
orr_strip_next_change (const OrrStripRow *self, guint step, int direction)
{
  gint64 t = step;

  for (t += direction; t > 0 && t < self->n_steps; t += direction)
    if (self->codes[t] != self->codes[t - 1])
      return t;
  return direction > 0 ? self->n_steps - 1 : 0;
}
