/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-search-private.h"

/* At a time. */
#define BLOCK 64

/* Functions of one argument, which is ?. */
static const char *const functions[] = {
  "sin ?", "cos ?", "exp ?", "pow ? 2", "sqrt ?", "ln ?", "tan ?", "div 1 ?", "pow ? 3", "tanh ?", "atan ?", "abs ?", "sinh ?", "cosh ?",
};
#define N_FUNCTIONS G_N_ELEMENTS (functions)

/* Of two columns there are more arguments, and only so many of the functions are tried. */
#define N_OF_TWO 8

/* What stands between an outer function and an inner one, and before the argument of that; constants are free. */
static const struct { const char *between, *inside; } shapes[] = {
  { "mul c", NULL }, { "add c", NULL }, { NULL, "mul c" }, { NULL, "add c" }, { "add c", "mul c" }, { "mul c", "add c" },
};
#define N_SHAPES_OF_TWO 4

/* x and z being columns; a law of two columns has a function of both innermost. */
static const char *const arguments_of_two[] = { "mul x z", "add x z", "add x mul -1 z", "div x z", "div z x" };

/* Appends @text, columns x and z in it being numbers @x and @z. FALSE when it may not be used or gets too long. */
static gboolean
put_words (const char *text, guint x, guint z, guint64 legal, OrrFilling *out)
{
  g_auto (GStrv) words = g_strsplit (text != NULL ? text : "", " ", -1);

  for (guint k = 0; words[k] != NULL; k++)
    {
      if (*words[k] == '\0')
        continue;
      int action = g_str_equal (words[k], "x")   ? (int) (ORR_ACTIONS_FIRST_VARIABLE + x)
                   : g_str_equal (words[k], "z") ? (int) (ORR_ACTIONS_FIRST_VARIABLE + z)
                                                 : orr_action_from_name (words[k]);
      if (action < 0 || (legal >> action & 1) == 0 || out->n[0] == ORR_ACTIONS_MAX_LENGTH)
        return FALSE;
      out->actions[0][out->n[0]++] = action;
    }
  return TRUE;
}

/* outer (between inner (inside argument)) */
static gboolean
make_filling (guint shape, const char *outer, const char *inner, const char *argument, guint x, guint z, guint64 legal, OrrFilling *out)
{
  g_auto (GStrv) around = g_strsplit (outer, "?", 2), within = g_strsplit (inner, "?", 2);
  const char *words[] = { around[0], shapes[shape].between, within[0], shapes[shape].inside, argument, within[1], around[1] };

  *out = (OrrFilling){ { 0 } };
  for (guint k = 0; k < G_N_ELEMENTS (words); k++)
    if (!put_words (words[k], x, z, legal, out))
      return FALSE;
  return TRUE;
}

static void
try_block (OrrSearch *self, const GArray *fillings, guint from, guint n, guint n_threads)
{
  OrrIndividual *results[BLOCK] = { NULL };

#pragma omp parallel for num_threads(n_threads) schedule(dynamic)
  for (guint task = 0; task < ORR_SEARCH_N_TASKS; task++)
    for (guint i = task; i < n && !orr_progress_is_cancelled (self->progress); i += ORR_SEARCH_N_TASKS)
      results[i] = orr_search_try (self, &self->benches[task], &g_array_index (fillings, OrrFilling, from + i), FALSE);
  for (guint i = 0; i < n; i++)
    if (results[i] != NULL)
      orr_search_add (self, results[i]);
}

static void
add_fillings (const char *argument, guint x, guint z, guint shape, guint n_functions, guint64 legal, GArray *fillings)
{
  for (guint outer = 0; outer < n_functions; outer++)
    for (guint inner = 0; inner < n_functions; inner++)
      {
        OrrFilling filling;
        if (make_filling (shape, functions[outer], functions[inner], argument, x, z, legal, &filling))
          g_array_append_val (fillings, filling);
      }
}

static GArray *
make_shapes (const OrrSearch *self)
{
  guint n_variables = MIN (self->fitted.n_variables, ORR_ACTIONS_VARIABLES);
  guint64 legal = self->template->legal;
  GArray *fillings = g_array_new (FALSE, FALSE, sizeof (OrrFilling));

  for (guint shape = 0; shape < G_N_ELEMENTS (shapes); shape++)
    {
      if (n_variables == 1)
        add_fillings ("x", 0, 0, shape, N_FUNCTIONS, legal, fillings);
      for (guint a = 0; a < n_variables && shape < N_SHAPES_OF_TWO; a++)
        for (guint b = a + 1; b < n_variables; b++)
          for (guint k = 0; k < G_N_ELEMENTS (arguments_of_two); k++)
            add_fillings (arguments_of_two[k], a, b, shape, N_OF_TWO, legal, fillings);
    }
  return fillings;
}

/**
 * orr_search_plant_shapes:
 *
 * The next few of all functions of functions with free constants between and
 * inside them, as cosh(c sinh(x)) and cos(tanh(x) + c): few enough to try every one.
 */
void
orr_search_plant_shapes (OrrSearch *self, guint n_threads)
{
  if (self->shapes == NULL)
    self->shapes = make_shapes (self);
  guint n = MIN (BLOCK, self->shapes->len - self->next_shape);
  try_block (self, self->shapes, self->next_shape, n, n_threads);
  self->next_shape += n;
}
