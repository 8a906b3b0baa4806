/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-search-private.h"

/*
 * The plainest fillings of a template, all of them: what a person leaves open
 * beside parts that are known is most often x, c, c x or c x + c. The agent,
 * which prefers what is usual in whole equations, may not think of it.
 */

/* More combinations than this cost more than they are worth. */
#define MAX_FILLINGS 64
#define MAX_PLAIN (2 + 3 * ORR_ACTIONS_VARIABLES)

/* Appends @n actions as a sprout, unless one of them is forbidden. */
static guint
add_plain (OrrSprout *plain, guint n_plain, guint64 legal, const OrrAction *actions, guint n)
{
  for (guint k = 0; k < n; k++)
    {
      if ((legal >> actions[k] & 1) == 0)
        return n_plain;
      plain[n_plain].actions[k] = actions[k];
    }
  plain[n_plain].n = n;
  return n_plain + 1;
}

/* The simplest first. */
static guint
list_plain (guint64 legal, OrrSprout *plain)
{
  const OrrAction c = orr_action_from_name ("c"), add = orr_action_from_name ("add"), mul = orr_action_from_name ("mul");
  guint n = 0;

  for (guint v = 0; v < ORR_ACTIONS_VARIABLES; v++)
    n = add_plain (plain, n, legal, (OrrAction[]){ ORR_ACTIONS_FIRST_VARIABLE + v }, 1);
  n = add_plain (plain, n, legal, &c, 1);
  for (guint v = 0; v < ORR_ACTIONS_VARIABLES; v++)
    n = add_plain (plain, n, legal, (OrrAction[]){ mul, c, ORR_ACTIONS_FIRST_VARIABLE + v }, 3);
  for (guint v = 0; v < ORR_ACTIONS_VARIABLES; v++)
    n = add_plain (plain, n, legal, (OrrAction[]){ add, mul, c, ORR_ACTIONS_FIRST_VARIABLE + v, c }, 5);
  return n;
}

/* So many of the simplest that all their combinations may be tried. */
static guint
limit_plain (guint n_plain, guint n_holes)
{
  for (; n_plain > 1; n_plain--)
    {
      guint64 n = 1;

      for (guint h = 0; h < n_holes; h++)
        n *= n_plain;
      if (n <= MAX_FILLINGS)
        break;
    }
  return n_plain;
}

/* Puts the plainest parts into the holes of what a person has begun. */
void
orr_search_plant_simple (OrrSearch *self)
{
  OrrSprout plain[MAX_PLAIN];
  guint n_holes = self->template->n_holes, n_all = 1;
  guint n_plain = limit_plain (list_plain (self->template->legal, plain), n_holes);

  for (guint h = 0; h < n_holes; h++)
    n_all *= n_plain;
  for (guint i = 0; i < n_all && !orr_progress_is_cancelled (self->progress); i++)
    {
      OrrFilling filling = { { 0 } };
      OrrIndividual *individual;

      for (guint h = 0, rest = i; h < n_holes; h++, rest /= n_plain)
        orr_filling_set_hole (&filling, h, &plain[rest % n_plain]);
      individual = orr_search_try (self, &self->benches[0], &filling, FALSE);
      if (individual != NULL)
        orr_search_add (self, individual);
    }
}
