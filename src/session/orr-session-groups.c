/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What analyses of the shown network found, and which groups of units belong to a transition. */
#include "orr-session-groups.h"

#include "orr-kick-neurons.h"
#include "orr-section.h"
#include "orr-session-private.h"

/**
 * orr_session_dup_section:
 *
 * Returns: (transfer full) (nullable): the result of an analysis of the network that is shown now,
 *   not of another epoch or of one in training
 */
GVariant *
orr_session_dup_section (OrrSession *self, const char *name)
{
  OrrRun *run = orr_session_get_run (self);

  if (run == NULL || run->network != self->network)
    return NULL;
  return orr_run_get_section (run, name);
}

static void
group_free (gpointer data)
{
  OrrUnitGroup *group = data;

  gtk_bitset_unref (group->units);
  g_free (group);
}

/* Takes units [@first, @end) of a list; those that the network does not have are left out. */
static void
add_group (GPtrArray *groups, OrrSession *self, gboolean is_kick, guint from, guint to, const double *units,
           gsize first, gsize end)
{
  OrrUnitGroup *group = g_new0 (OrrUnitGroup, 1);

  group->is_kick = is_kick;
  group->from = from;
  group->to = to;
  group->units = gtk_bitset_new_empty ();
  for (gsize i = first; i < end; i++)
    if (units[i] >= 0.0 && units[i] < self->network->n_hidden)
      gtk_bitset_add (group->units, units[i]);
  if (gtk_bitset_is_empty (group->units))
    group_free (group);
  else
    g_ptr_array_add (groups, group);
}

static void
add_kicks (GPtrArray *groups, OrrSession *self)
{
  g_autoptr (GVariant) section = orr_session_dup_section (self, "kick_neurons");
  g_autoptr (GVariant) list = orr_section_get_child (section, "groups");

  if (list == NULL || !g_variant_is_of_type (list, G_VARIANT_TYPE ("aa{sv}")))
    return;
  for (gsize i = 0; i < g_variant_n_children (list); i++)
    {
      g_autoptr (GVariant) item = g_variant_get_child_value (list, i);
      gsize n;
      g_autofree double *units = orr_section_dup_doubles (item, "units", &n);

      add_group (groups, self, TRUE, orr_section_get_int (item, "from", 0), orr_section_get_int (item, "to", 0),
                 units, 0, n);
    }
}

static void
add_populations (GPtrArray *groups, OrrSession *self)
{
  g_autoptr (GVariant) section = orr_session_dup_section (self, "integrating_populations");
  g_autoptr (GVariant) list = orr_section_get_child (section, "pairs");

  if (list == NULL || !g_variant_is_of_type (list, G_VARIANT_TYPE ("aa{sv}")))
    return;
  for (gsize i = 0; i < g_variant_n_children (list); i++)
    {
      g_autoptr (GVariant) item = g_variant_get_child_value (list, i);
      guint from = orr_section_get_int (item, "from", 0), to = orr_section_get_int (item, "to", 0);
      gsize n;
      g_autofree double *units = orr_section_dup_doubles (item, "units", &n);
      gsize half = CLAMP (orr_section_get_int (item, "driving_1", n / 2), 0, (gint64) n);

      add_group (groups, self, FALSE, from, to, units, 0, half);
      add_group (groups, self, FALSE, to, from, units, half, n);
    }
}

/**
 * orr_session_dup_groups:
 *
 * Returns: (transfer full) (element-type OrrUnitGroup): the kick groups and then the populations that
 *   integrate noise for them, as far as the shown network has been analysed
 */
GPtrArray *
orr_session_dup_groups (OrrSession *self)
{
  GPtrArray *groups = g_ptr_array_new_with_free_func (group_free);

  if (self->network == NULL)
    return groups;
  add_kicks (groups, self);
  add_populations (groups, self);
  return groups;
}

/**
 * orr_session_get_direction:
 * @from: (out): the symbol that becomes less likely
 * @to: (out): the symbol that becomes more likely
 *
 * What the selected transition between two states of the model does to the symbols: its direction leads
 * from the symbol whose emission probability falls most to the one whose probability rises most.
 *
 * Returns: whether a transition is selected whose states emit differently
 */
gboolean
orr_session_get_direction (OrrSession *self, guint *from, guint *to)
{
  OrrHmm *hmm = orr_session_get_hmm (self);
  double least = 0.0, most = 0.0;

  if (self->transition_from < 0 || self->transition_to < 0
      || MAX (self->transition_from, self->transition_to) >= (int) hmm->n_states)
    return FALSE;
  for (guint k = 0; k < hmm->n_symbols; k++)
    {
      double change = hmm->emission[(gsize) self->transition_to * hmm->n_symbols + k]
                      - hmm->emission[(gsize) self->transition_from * hmm->n_symbols + k];

      if (change < least)
        {
          least = change;
          *from = k;
        }
      if (change > most)
        {
          most = change;
          *to = k;
        }
    }
  return least < 0.0 && most > 0.0;
}

/**
 * orr_session_dup_symbol_name:
 *
 * Returns: (transfer full): as the model names it; its number where the network has other symbols
 */
char *
orr_session_dup_symbol_name (OrrSession *self, guint symbol)
{
  OrrHmm *hmm = orr_session_get_hmm (self);

  if (symbol < hmm->n_symbols && (self->network == NULL || hmm->n_symbols == self->network->n_symbols))
    return g_strdup (hmm->symbol_names[symbol]);
  return g_strdup_printf ("%u", symbol);
}
