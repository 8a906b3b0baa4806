/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What all views of a window have selected: units, state, transition, symbol, time. */
#include "orr-session-private.h"

#include "orr-session-groups.h"

/* The kick group that brings the selected transition about is selected with it, where it is known and the
 * person has not chosen units of their own; it goes when the transition does. */
static void
follow_transition (OrrSession *self)
{
  g_autoptr (GPtrArray) groups = NULL;
  g_autoptr (GtkBitset) units = gtk_bitset_new_empty ();
  guint from, to;

  if (!self->units_by_transition && !gtk_bitset_is_empty (self->units))
    return;
  groups = orr_session_dup_groups (self);
  for (guint i = 0; i < groups->len && orr_session_get_direction (self, &from, &to); i++)
    {
      const OrrUnitGroup *group = groups->pdata[i];

      if (group->is_kick && group->from == from && group->to == to)
        gtk_bitset_union (units, group->units);
    }
  orr_session_set_units (self, units);
  self->units_by_transition = !gtk_bitset_is_empty (units);
}

/**
 * orr_session_get_units:
 *
 * Returns: (transfer none): the selected units; copy before changing
 */
GtkBitset *
orr_session_get_units (OrrSession *self)
{
  return self->units;
}

void
orr_session_set_units (OrrSession *self, GtkBitset *units)
{
  g_return_if_fail (ORR_IS_SESSION (self));

  if (gtk_bitset_equals (self->units, units))
    return;
  g_autoptr (GtkBitset) copy = gtk_bitset_copy (units);
  gtk_bitset_unref (self->units);
  self->units = g_steal_pointer (&copy);
  self->units_by_transition = FALSE;
  orr_session_notify (self, PROP_UNITS);
}

int
orr_session_get_hovered_unit (OrrSession *self)
{
  return self->hovered_unit;
}

void
orr_session_set_hovered_unit (OrrSession *self, int unit)
{
  orr_session_set_int (self, &self->hovered_unit, unit, PROP_HOVERED_UNIT);
}

int
orr_session_get_state (OrrSession *self)
{
  return self->state;
}

/* A state or a transition is selected, never both. */
void
orr_session_select_state (OrrSession *self, int state)
{
  g_return_if_fail (ORR_IS_SESSION (self));

  g_object_freeze_notify (G_OBJECT (self));
  orr_session_set_int (self, &self->state, state, PROP_STATE);
  if (state >= 0)
    orr_session_select_transition (self, -1, -1);
  g_object_thaw_notify (G_OBJECT (self));
}

void
orr_session_get_transition (OrrSession *self, int *from, int *to)
{
  *from = self->transition_from;
  *to = self->transition_to;
}

void
orr_session_select_transition (OrrSession *self, int from, int to)
{
  g_return_if_fail (ORR_IS_SESSION (self));
  g_return_if_fail ((from < 0) == (to < 0));

  if (self->transition_from == from && self->transition_to == to)
    return;
  g_object_freeze_notify (G_OBJECT (self));
  orr_session_set_int (self, &self->transition_from, from, PROP_TRANSITION_FROM);
  orr_session_set_int (self, &self->transition_to, to, PROP_TRANSITION_TO);
  if (from >= 0)
    orr_session_set_int (self, &self->state, -1, PROP_STATE);
  follow_transition (self);
  g_object_thaw_notify (G_OBJECT (self));
}

int
orr_session_get_symbol (OrrSession *self)
{
  return self->symbol;
}

void
orr_session_set_symbol (OrrSession *self, int symbol)
{
  orr_session_set_int (self, &self->symbol, symbol, PROP_SYMBOL);
}

void
orr_session_clear_selection (OrrSession *self)
{
  g_autoptr (GtkBitset) none = gtk_bitset_new_empty ();

  g_object_freeze_notify (G_OBJECT (self));
  orr_session_select_state (self, -1);
  orr_session_select_transition (self, -1, -1);
  orr_session_set_symbol (self, -1);
  orr_session_set_range (self, 0, 0);
  orr_session_set_units (self, none);
  g_object_thaw_notify (G_OBJECT (self));
}

/**
 * orr_session_get_range:
 *
 * Returns: whether there is a selected time range
 */
gboolean
orr_session_get_range (OrrSession *self, guint *start, guint *end)
{
  *start = self->range_start;
  *end = self->range_end;
  return self->range_end > self->range_start;
}

void
orr_session_set_range (OrrSession *self, guint start, guint end)
{
  g_return_if_fail (ORR_IS_SESSION (self));
  g_return_if_fail (start <= end);

  if (start == end)
    start = end = 0;
  g_object_freeze_notify (G_OBJECT (self));
  orr_session_set_uint (self, &self->range_start, start, PROP_RANGE_START);
  orr_session_set_uint (self, &self->range_end, end, PROP_RANGE_END);
  g_object_thaw_notify (G_OBJECT (self));
}

guint
orr_session_get_cursor (OrrSession *self)
{
  return self->cursor;
}

/* Steps beyond the motion's last one mean the last one. */
void
orr_session_set_cursor (OrrSession *self, guint cursor)
{
  guint n_steps = self->motion != NULL ? self->motion->trajectory->n_steps : 0;

  orr_session_set_uint (self, &self->cursor, n_steps > 0 ? MIN (cursor, n_steps - 1) : 0, PROP_CURSOR);
}
