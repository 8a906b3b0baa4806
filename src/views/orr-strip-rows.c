/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-strip-rows.h"

#include <glib/gi18n.h>
#include <math.h>

#include "orr-orbit-colours.h"
#include "orr-orbit-zones.h"
#include "orr-residency.h"
#include "orr-session-groups.h"

/* More units than this are shown as their mean. */
#define MOST_TRACES 5

static OrrStripRow *
add_bands (GPtrArray *rows, const char *label, const char *definition, const guint16 *codes, guint n_steps)
{
  OrrStripRow *row = g_new0 (OrrStripRow, 1);

  row->kind = ORR_STRIP_BANDS;
  row->label = g_strdup (label);
  row->definition = g_strdup (definition);
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
static OrrStripRow *
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
  return row;
}

static void
add_symbols (GPtrArray *rows, const OrrMotion *motion, const OrrHmm *hmm)
{
  const OrrTrajectory *run = motion->trajectory;
  OrrStripRow *row = add_bands (rows, _("symbol"),
                                _("The symbol that the network emits at each step, drawn from the softmax of its logits. "
                                  "A transition is a change of the leading symbol (the largest logit), and a dwell the "
                                  "steps between two of them: a symbol that slips in with a probability of 0.01 ends "
                                  "neither."),
                                run->symbols, run->n_steps);
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

  OrrStripRow *row = add_bands (rows, _("state"),
                                _("The model\342\200\231s most likely path of states, given all symbols that the network "
                                  "emits (Viterbi). The paler, the lower is the state\342\200\231s posterior probability at "
                                  "that step (forward-backward)."),
                                motion->path, motion->trajectory->n_steps);
  row->confidence = g_memdup2 (motion->path_posterior, row->n_steps * sizeof (float));
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
  row = add_bands (rows, _("zone"),
                   _("By residency time RT, the mean over 20 draws of noise of the steps until the leading symbol "
                     "changes (at most 50). Transition: RT < 2. Kick zone: 2 to 8. Cluster: RT > 8 and a softmax above "
                     "0.8. Other: what is left. Each step takes the zone of the nearest state that was measured."),
                   codes, n_steps);
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

/* The mean activity of each kick group, in the colour of the symbol that it leads to, and of the
 * populations that integrate noise for them, lighter. */
static void
add_groups (GPtrArray *rows, OrrSession *session, const OrrMotion *motion)
{
  g_autoptr (GPtrArray) groups = orr_session_dup_groups (session);

  for (guint g = 0; g < groups->len; g++)
    {
      const OrrUnitGroup *group = groups->pdata[g];
      g_autofree char *from = orr_session_dup_symbol_name (session, group->from);
      g_autofree char *to = orr_session_dup_symbol_name (session, group->to);
      guint32 colour = orr_colour_qualitative (group->to);
      guint n = gtk_bitset_get_size (group->units);
      OrrStripRow *row
        = add_trace (rows, g_strdup_printf (group->is_kick ? _("kick %s \342\206\222 %s") : _("integr. %s \342\206\222 %s"), from, to),
                     dup_mean (motion, group->units), motion->trajectory->n_steps,
                     group->is_kick ? colour : orr_colour_mix (colour, 0x808080, 0.45));

      row->units = gtk_bitset_ref (group->units);
      row->definition
        = group->is_kick
            ? g_strdup_printf (_("Mean activity of the %u kick neurons that bring the leading symbol from %s to %s. "
                                 "Click to select them everywhere."), n, from, to)
            : g_strdup_printf (_("Mean activity of the %u units that integrate noise for the kick neurons %s to %s: "
                                 "they excite these and inhibit the opposite ones. Click to select them everywhere."),
                               n, from, to);
    }
}

static gboolean
is_group (GPtrArray *rows, GtkBitset *units)
{
  for (guint i = 0; i < rows->len; i++)
    {
      const OrrStripRow *row = rows->pdata[i];

      if (row->units != NULL && gtk_bitset_equals (row->units, units))
        return TRUE;
    }
  return FALSE;
}

/**
 * orr_strip_rows_build:
 *
 * The rows for what the session shows now: symbols, estimated states, zones where they have been
 * analysed, the mean activity of kick groups and integrating populations where they are known, and the
 * activity of the selected units unless they are one of these groups. Where there are neither groups nor
 * selected units, the first principal components.
 *
 * Returns: (transfer full) (element-type OrrStripRow): the rows, none without a motion
 */
GPtrArray *
orr_strip_rows_build (OrrSession *session)
{
  GPtrArray *rows = g_ptr_array_new_with_free_func ((GDestroyNotify) orr_strip_row_free);
  g_autoptr (GPtrArray) groups = g_ptr_array_new ();
  OrrMotion *motion = orr_session_get_motion (session);
  OrrHmm *hmm = orr_session_get_hmm (session);
  GtkBitset *units = orr_session_get_units (session);

  if (motion == NULL)
    return rows;
  add_symbols (rows, motion, hmm);
  add_states (rows, motion, hmm);
  add_zones (rows, session, motion);
  add_groups (groups, session, motion);
  if (!gtk_bitset_is_empty (units) && !is_group (groups, units))
    add_units (rows, motion, units);
  else if (groups->len == 0)
    add_components (rows, motion);
  g_ptr_array_extend_and_steal (rows, g_steal_pointer (&groups));
  return rows;
}
