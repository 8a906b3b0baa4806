/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-gain-sets.h"

#include <glib/gi18n.h>

#include "orr-section-series.h"
#include "orr-section.h"

static void
set_free (gpointer data)
{
  OrrGainSet *set = data;

  g_free (set->title);
  g_free (set->units);
  g_free (set);
}

static OrrGainSet *
add_set (GPtrArray *sets, char *title, int from, int to, gboolean noise_only)
{
  OrrGainSet *set = g_new0 (OrrGainSet, 1);

  set->title = title;
  set->from = from;
  set->to = to;
  set->noise_only = noise_only;
  set->gain = 1.0;
  g_ptr_array_add (sets, set);
  return set;
}

void
orr_gain_set_take_units (OrrGainSet *self, guint *units, guint n_units)
{
  g_free (self->units);
  self->units = units;
  self->n_units = n_units;
}

/* Units @first to @end of a list of an analysis. */
static void
read_units (OrrGainSet *set, GVariant *section, const char *name, guint n_hidden)
{
  gsize n;
  guint count = 0;
  g_autofree double *values = orr_section_dup_doubles (section, name, &n);
  guint *units = g_new (guint, MAX (n, 1));

  for (gsize i = 0; i < n; i++)
    if (values[i] >= 0.0 && values[i] < n_hidden)
      units[count++] = values[i];
  orr_gain_set_take_units (set, units, count);
}

static char *
dup_direction (GVariant *item, const OrrHmm *hmm, const char *arrow)
{
  char **names = hmm != NULL ? hmm->symbol_names : NULL;
  guint n = hmm != NULL ? hmm->n_symbols : 0;
  g_autofree char *from = orr_section_symbol_name (names, n, orr_section_get_int (item, "from", 0));
  g_autofree char *to = orr_section_symbol_name (names, n, orr_section_get_int (item, "to", 0));

  return g_strdup_printf ("%s %s %s", from, arrow, to);
}

/* One set for every element of a list of an analysis. */
static void
add_list (GPtrArray *sets, const OrrRun *run, const OrrHmm *hmm, const char *analysis, const char *list, const char *kind,
          const char *title, const char *arrow, gboolean noise_only)
{
  g_autoptr (GVariant) section = orr_run_get_section (run, analysis);
  g_autoptr (GVariant) items = orr_section_get_child (section, list);

  for (gsize i = 0; items != NULL && i < g_variant_n_children (items); i++)
    {
      g_autoptr (GVariant) item = g_variant_get_child_value (items, i);
      g_autofree char *name = orr_section_dup_string (item, "name");
      g_autofree char *direction = dup_direction (item, hmm, arrow);

      if (kind != NULL && g_strcmp0 (name, kind) != 0)
        continue;
      OrrGainSet *set = add_set (sets, NULL, orr_section_get_int (item, "from", -1), orr_section_get_int (item, "to", -1),
                                 noise_only);
      read_units (set, item, "units", run->network->n_hidden);
      set->title = g_strdup_printf ("%s %s (%u)", title, direction, set->n_units);
    }
}

/**
 * orr_gain_sets_new:
 * @run: (nullable): a network with what was found in it
 * @hmm: (nullable): gives the symbols their names
 *
 * Returns: (transfer full) (element-type OrrGainSet): the selected units, their noise input, the
 *   kick groups, the noise onto the integrating populations, and random controls of both
 */
GPtrArray *
orr_gain_sets_new (const OrrRun *run, const OrrHmm *hmm)
{
  GPtrArray *sets = g_ptr_array_new_with_free_func (set_free);

  if (run != NULL)
    {
      add_list (sets, run, hmm, "kick_neurons", "groups", NULL, _("Kick group"), "\342\206\222", FALSE);
      add_list (sets, run, hmm, "integrating_populations", "pairs", NULL, _("Noise onto integrating"), "\342\207\204", TRUE);
      add_list (sets, run, hmm, "interventions", "sets", "control", _("Random units as control of"), "\342\206\222", FALSE);
      add_list (sets, run, hmm, "interventions", "sets", "noise_control", _("Noise onto random units as control of"),
                "\342\207\204", TRUE);
    }
  add_set (sets, g_strdup (_("Selected units")), -1, -1, FALSE)->selection = TRUE;
  add_set (sets, g_strdup (_("Noise onto selected units")), -1, -1, TRUE)->selection = TRUE;
  return sets;
}

/**
 * orr_gain_sets_combine:
 *
 * Returns: (transfer full) (nullable): the gains of all sets together; %NULL when nothing is turned
 */
OrrGains *
orr_gain_sets_combine (GPtrArray *sets, guint n_units)
{
  g_autoptr (OrrGains) gains = orr_gains_new (n_units);

  for (guint i = 0; i < sets->len; i++)
    {
      const OrrGainSet *set = sets->pdata[i];

      if (set->gain != 1.0)
        orr_gains_turn (gains, set->units, set->n_units, set->noise_only ? 1.0 : set->gain, set->gain);
    }
  return orr_gains_count (gains) > 0 ? g_steal_pointer (&gains) : NULL;
}
