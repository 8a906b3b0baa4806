/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-orbit-colours.h"

#include <glib/gi18n.h>
#include <math.h>
#include <stdlib.h>

#include "orr-orbit-zones.h"
#include "orr-residency.h"
#include "orr-session-groups.h"

/* The darkest end of the map would vanish on the dark canvas. */
#define DARKEST 0.18
/* A few extreme values must not squeeze all others into one colour. */
#define TOP_QUANTILE 0.995
/* Where no kick group is active. */
#define SILENT 0x4b4d54u

OrrOrbitLegend *
orr_orbit_legend_new (void)
{
  OrrOrbitLegend *self = g_new0 (OrrOrbitLegend, 1);

  self->names = g_ptr_array_new_with_free_func (g_free);
  self->colours = g_array_new (FALSE, FALSE, sizeof (guint32));
  return self;
}

void
orr_orbit_legend_free (OrrOrbitLegend *self)
{
  if (self == NULL)
    return;
  g_free (self->title);
  g_ptr_array_unref (self->names);
  g_array_unref (self->colours);
  g_free (self);
}

static void
legend_add (OrrOrbitLegend *self, const char *name, guint32 colour)
{
  g_ptr_array_add (self->names, g_strdup (name));
  g_array_append_val (self->colours, colour);
}

static void
legend_set_scale (OrrOrbitLegend *self, const char *title, double low, double high)
{
  self->is_scale = TRUE;
  self->title = g_strdup (title);
  self->low = low;
  self->high = high;
}

/**
 * orr_orbit_scale_colour:
 * @t: 0 to 1
 *
 * Returns: the colour of a value on the dark canvas, 0xRRGGBB
 */
guint32
orr_orbit_scale_colour (double t)
{
  return orr_colour_map_lookup (ORR_COLOUR_MAP_SEQUENTIAL, DARKEST + (1.0 - DARKEST) * CLAMP (t, 0.0, 1.0));
}

static int
compare_doubles (const void *a, const void *b)
{
  double x = *(const double *) a, y = *(const double *) b;
  return (x > y) - (x < y);
}

/* Colours values by where they lie between the least and nearly the greatest of them. */
static void
fill_scale (const double *values, guint n, const char *title, guint32 *rgb, OrrOrbitLegend *legend)
{
  g_autofree double *sorted = g_memdup2 (values, n * sizeof *values);
  double low, high;

  qsort (sorted, n, sizeof *sorted, compare_doubles);
  low = sorted[0];
  high = sorted[(guint) (TOP_QUANTILE * (n - 1))];
  if (!(high > low))
    high = low + 1.0;
  for (guint t = 0; t < n; t++)
    rgb[t] = orr_orbit_scale_colour ((values[t] - low) / (high - low));
  legend_set_scale (legend, title, low, high);
}

/* Symbol ---------------------------------------------------------------------------------------- */

static void
fill_symbol (OrrSession *session, OrrMotion *motion, guint32 *rgb, OrrOrbitLegend *legend)
{
  const OrrTrajectory *run = motion->trajectory;
  OrrHmm *hmm = orr_session_get_hmm (session);
  gboolean named = hmm != NULL && hmm->n_symbols == run->n_symbols;

  for (guint t = 0; t < run->n_steps; t++)
    rgb[t] = orr_colour_qualitative (run->symbols[t]);
  legend->title = g_strdup (_("symbol"));
  for (guint k = 0; k < run->n_symbols; k++)
    {
      g_autofree char *number = g_strdup_printf ("%u", k);
      legend_add (legend, named ? hmm->symbol_names[k] : number, orr_colour_qualitative (k));
    }
}

/* State ----------------------------------------------------------------------------------------- */

/**
 * orr_orbit_state_colour:
 *
 * Returns: the colour that a person gave the state, or a default that no symbol has
 */
guint32
orr_orbit_state_colour (const OrrHmm *hmm, guint state)
{
  if (hmm != NULL && state < hmm->n_states && hmm->colours[state] != ORR_HMM_NO_COLOUR)
    return hmm->colours[state];
  return orr_colour_qualitative ((hmm != NULL ? hmm->n_symbols : 0) + state);
}

static void
fill_state (OrrSession *session, OrrMotion *motion, guint32 *rgb, OrrOrbitLegend *legend)
{
  OrrHmm *hmm = orr_session_get_hmm (session);

  for (guint t = 0; t < motion->trajectory->n_steps; t++)
    rgb[t] = motion->path != NULL && motion->path[t] != ORR_MOTION_NO_STATE
               ? orr_orbit_state_colour (hmm, motion->path[t])
               : orr_colour_missing (ORR_COLOUR_MAP_SEQUENTIAL);
  legend->title
    = g_strdup (motion->path != NULL ? _("state") : _("states unknown: the model has other symbols"));
  if (motion->path == NULL)
    return;
  for (guint s = 0; hmm != NULL && s < hmm->n_states; s++)
    legend_add (legend, hmm->state_names[s], orr_orbit_state_colour (hmm, s));
}

/* Time ------------------------------------------------------------------------------------------ */

static void
fill_time (OrrSession *session, OrrMotion *motion, guint32 *rgb, OrrOrbitLegend *legend)
{
  guint n = motion->trajectory->n_steps;

  for (guint t = 0; t < n; t++)
    rgb[t] = orr_orbit_scale_colour (t / (double) MAX (n - 1, 1));
  legend_set_scale (legend, _("step"), 0, n - 1.0);
}

/* Units ----------------------------------------------------------------------------------------- */

/**
 * orr_orbit_unit_activity:
 * @units: not empty; units that the network does not have are left out
 *
 * Returns: (transfer full): [T] mean activity of @units at each step
 */
double *
orr_orbit_unit_activity (const OrrMotion *motion, GtkBitset *units)
{
  const OrrMatrix *states = motion->trajectory->states;
  double *activity = g_new0 (double, states->rows);
  g_autofree guint *picked = g_new (guint, states->cols);
  GtkBitsetIter iter;
  guint unit, n = 0;

  for (gboolean more = gtk_bitset_iter_init_first (&iter, units, &unit); more && unit < states->cols;
       more = gtk_bitset_iter_next (&iter, &unit))
    picked[n++] = unit;
  for (gsize t = 0; t < states->rows; t++)
    {
      const float *row = orr_matrix_row (states, t);

      for (guint i = 0; i < n; i++)
        activity[t] += row[picked[i]];
      activity[t] /= MAX (n, 1);
    }
  return activity;
}

static void
fill_units (OrrSession *session, OrrMotion *motion, guint32 *rgb, OrrOrbitLegend *legend)
{
  GtkBitset *units = orr_session_get_units (session);
  guint n = motion->trajectory->n_steps;

  if (gtk_bitset_is_empty (units))
    {
      for (guint t = 0; t < n; t++)
        rgb[t] = orr_colour_missing (ORR_COLOUR_MAP_SEQUENTIAL);
      legend->title = g_strdup (_("no unit selected"));
      return;
    }

  g_autofree double *activity = orr_orbit_unit_activity (motion, units);
  guint64 count = gtk_bitset_get_size (units);
  /* TRANSLATORS: legend of a colour scale: the activity of one hidden unit, or the mean of several */
  g_autofree char *title
    = count == 1 ? g_strdup_printf (_("activity of unit %u"), gtk_bitset_get_minimum (units))
                 : g_strdup_printf (_("mean activity of %u units"), (guint) count);
  fill_scale (activity, n, title, rgb, legend);
}

/* Residency ------------------------------------------------------------------------------------- */

/* Analyses are of the final network: at an earlier epoch there is nothing to run. */
static char *
dup_missing (OrrSession *session, const char *advice)
{
  OrrRun *run = orr_session_get_run (session);
  gboolean is_final = run == NULL || run->network == orr_session_get_network (session);

  return g_strdup (is_final ? advice : _("analysed for the final network alone"));
}

/* Where the analysis is missing everything is grey, and the legend says what to do. */
static double *
dup_measured (OrrSession *session, OrrMotion *motion, const char *field, guint32 *rgb, OrrOrbitLegend *legend)
{
  double *values = orr_orbit_dup_residency (session, motion, field);

  if (values != NULL)
    return values;
  for (guint t = 0; t < motion->trajectory->n_steps; t++)
    rgb[t] = orr_colour_missing (ORR_COLOUR_MAP_SEQUENTIAL);
  legend->title = dup_missing (session, _("not analysed yet: run the analysis of residency"));
  return NULL;
}

static void
fill_measured (OrrSession *session, OrrMotion *motion, const char *field, const char *title, guint32 *rgb,
               OrrOrbitLegend *legend)
{
  g_autofree double *values = dup_measured (session, motion, field, rgb, legend);

  if (values != NULL)
    fill_scale (values, motion->trajectory->n_steps, title, rgb, legend);
}

static void
fill_residency (OrrSession *session, OrrMotion *motion, guint32 *rgb, OrrOrbitLegend *legend)
{
  fill_measured (session, motion, "point_residency", _("residency time (steps)"), rgb, legend);
}

static void
fill_unstable (OrrSession *session, OrrMotion *motion, guint32 *rgb, OrrOrbitLegend *legend)
{
  fill_measured (session, motion, "point_unstable_directions", _("unstable directions"), rgb, legend);
}

static void
fill_sign_changes (OrrSession *session, OrrMotion *motion, guint32 *rgb, OrrOrbitLegend *legend)
{
  fill_measured (session, motion, "point_sign_changes", _("sign changes of the leading logit\342\200\231s steps"), rgb,
                 legend);
}

static void
fill_zone (OrrSession *session, OrrMotion *motion, guint32 *rgb, OrrOrbitLegend *legend)
{
  g_autofree double *values = dup_measured (session, motion, "point_zone", rgb, legend);

  if (values == NULL)
    return;
  for (guint t = 0; t < motion->trajectory->n_steps; t++)
    rgb[t] = orr_orbit_zone_colour (values[t]);
  legend->title = g_strdup (_("zone"));
  for (guint z = 0; z < ORR_ZONE_N; z++)
    legend_add (legend, orr_orbit_zone_title (z), orr_orbit_zone_colour (z));
}

/* Kick groups ----------------------------------------------------------------------------------- */

/* Mean activities in shares of nearly their greatest, so that groups can be compared. */
static double *
dup_relative_activity (const OrrMotion *motion, GtkBitset *units)
{
  guint n = motion->trajectory->n_steps;
  double *activity = orr_orbit_unit_activity (motion, units);
  g_autofree double *sorted = g_memdup2 (activity, n * sizeof *activity);

  qsort (sorted, n, sizeof *sorted, compare_doubles);
  double high = sorted[(guint) (TOP_QUANTILE * (n - 1))];
  for (guint t = 0; t < n; t++)
    activity[t] = high > 0.0 ? CLAMP (activity[t] / high, 0.0, 1.0) : 0.0;
  return activity;
}

/* Each step in the colour of the group that is most active in its own terms, the stronger the brighter: the
 * colour of the symbol that the group leads to. */
static void
fill_kicks (OrrSession *session, OrrMotion *motion, guint32 *rgb, OrrOrbitLegend *legend)
{
  g_autoptr (GPtrArray) groups = orr_session_dup_groups (session);
  guint n = motion->trajectory->n_steps, n_kicks = 0;
  g_autofree double *strongest = g_new0 (double, n);

  for (guint t = 0; t < n; t++)
    rgb[t] = SILENT;
  for (guint g = 0; g < groups->len; g++)
    {
      const OrrUnitGroup *group = groups->pdata[g];

      if (!group->is_kick)
        continue;
      g_autofree double *activity = dup_relative_activity (motion, group->units);
      g_autofree char *from = orr_session_dup_symbol_name (session, group->from);
      g_autofree char *to = orr_session_dup_symbol_name (session, group->to);
      g_autofree char *name = g_strdup_printf ("%s \342\206\222 %s", from, to);
      guint32 colour = orr_colour_qualitative (group->to);

      /* Two groups that lead to one symbol: the second is lighter. */
      for (guint i = 0; i < legend->colours->len; i++)
        if (g_array_index (legend->colours, guint32, i) == colour)
          colour = orr_colour_mix (colour, 0xffffff, 0.4);
      for (guint t = 0; t < n; t++)
        if (activity[t] > strongest[t])
          {
            strongest[t] = activity[t];
            rgb[t] = orr_colour_mix (SILENT, colour, sqrt (activity[t]));
          }
      legend_add (legend, name, colour);
      n_kicks++;
    }
  legend->title = n_kicks > 0 ? g_strdup (_("most active kick group (dark: all silent)"))
                              : dup_missing (session, _("not analysed yet: run the analysis of kick neurons"));
}

/* Epoch ----------------------------------------------------------------------------------------- */

/* The whole run in the colour of its moment of the training; the stacked epochs use the same scale. */
static void
fill_epoch (OrrSession *session, OrrMotion *motion, guint32 *rgb, OrrOrbitLegend *legend)
{
  OrrRun *run = orr_session_get_run (session);
  guint n = run != NULL ? run->snapshots->len : 0;
  double last = n > 0 ? ((OrrSnapshot *) run->snapshots->pdata[n - 1])->epoch : 0.0;
  int epoch = orr_session_get_epoch (session);
  guint32 colour = orr_orbit_scale_colour (epoch < 0 || !(last > 0.0) ? 1.0 : epoch / last);

  for (guint t = 0; t < motion->trajectory->n_steps; t++)
    rgb[t] = colour;
  if (n > 0)
    legend_set_scale (legend, _("epoch"), 0, last);
  else
    legend->title = g_strdup (_("no saved epochs: train with snapshots"));
}

static const OrrOrbitColourSource sources[] = {
  { ORR_COLOURING_SYMBOL, N_("Symbol"), fill_symbol },
  { ORR_COLOURING_STATE, N_("State"), fill_state },
  { ORR_COLOURING_TIME, N_("Time"), fill_time },
  { ORR_COLOURING_UNITS, N_("Units"), fill_units },
  { ORR_COLOURING_RESIDENCY, N_("Residency"), fill_residency },
  { ORR_COLOURING_ZONE, N_("Zone"), fill_zone },
  { ORR_COLOURING_UNSTABLE, N_("Unstable directions"), fill_unstable },
  { ORR_COLOURING_SIGN_CHANGES, N_("Sign changes"), fill_sign_changes },
  { ORR_COLOURING_KICKS, N_("Kick groups"), fill_kicks },
  { ORR_COLOURING_EPOCH, N_("Epoch"), fill_epoch },
};

/**
 * orr_orbit_colour_sources:
 * @n: (out): how many
 *
 * Returns: (transfer none) (array length=n): all ways of colouring, in the order of the menu
 */
const OrrOrbitColourSource *
orr_orbit_colour_sources (guint *n)
{
  *n = G_N_ELEMENTS (sources);
  return sources;
}

/**
 * orr_orbit_colour_source_find:
 *
 * Returns: (transfer none): the source for @colouring; that of symbols where there is none
 */
const OrrOrbitColourSource *
orr_orbit_colour_source_find (OrrColouring colouring)
{
  for (guint i = 0; i < G_N_ELEMENTS (sources); i++)
    if (sources[i].colouring == colouring)
      return &sources[i];
  return &sources[0];
}
