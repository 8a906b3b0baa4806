/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-regress-data.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "orr-actions.h"
#include "orr-error.h"
#include "orr-expr-parse.h"
#include "orr-problem.h"
#include "orr-table.h"

/* A table and those of its columns that may be inputs: a formula's variables count them. */
typedef struct
{
  const OrrTable *table;
  int             target;
  GArray         *columns;
  GPtrArray      *names;
  gboolean       *chosen; /* [columns] */
} Offer;

static void
offer_clear (Offer *self)
{
  g_clear_pointer (&self->columns, g_array_unref);
  g_clear_pointer (&self->names, g_ptr_array_unref);
  g_clear_pointer (&self->chosen, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Offer, offer_clear)

void
orr_regress_data_clear (OrrRegressData *self)
{
  g_clear_pointer (&self->names, g_ptr_array_unref);
  g_clear_pointer (&self->unused, g_ptr_array_unref);
  g_clear_pointer (&self->remarks, g_ptr_array_unref);
  g_clear_pointer (&self->values, g_free);
  g_clear_pointer (&self->target, g_free);
  g_clear_pointer (&self->expression, orr_expr_unref);
}

/* Whether a column of numbers has none of them. */
static gboolean
is_empty (const OrrTable *table, guint column)
{
  for (gsize i = 0; i < table->n_rows; i++)
    if (isfinite (table->columns[column].numbers[i]))
      return FALSE;
  return TRUE;
}

static gboolean
is_usable (const OrrTable *table, guint column)
{
  return table->columns[column].numbers != NULL && !is_empty (table, column);
}

static gboolean
has_numbers (const OrrTable *table)
{
  for (guint k = 0; k < table->n_columns; k++)
    if (is_usable (table, k))
      return TRUE;
  return FALSE;
}

static int
find_target (const OrrTable *table, const char *path, const char *name, GError **error)
{
  int column = name != NULL ? orr_table_find_column (table, name) : orr_table_find_column (table, "y");

  if (column < 0 && name == NULL)
    column = (int) table->n_columns - 1;
  if (column < 0)
    g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "%s has no column called %s", path,
                 name == NULL ? "y" : *name != '\0' ? name : "\"\"");
  else if (!has_numbers (table))
    g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "%s holds no numbers", path);
  else if (table->columns[column].numbers == NULL)
    g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "The target column %s of %s holds text, not numbers",
                 table->columns[column].name, path);
  else if (is_empty (table, column))
    g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "The target column %s of %s holds no numbers",
                 table->columns[column].name, path);
  else
    return column;
  return -1;
}

static void
offer_column (Offer *self, int column)
{
  g_array_append_val (self->columns, column);
  g_ptr_array_add (self->names, self->table->columns[column].name);
}

/* Of a list "a, b": whether column @k of the table has that name, or is x_k of those beside the target. */
static int
find_named (const Offer *self, const char *name)
{
  int column = orr_table_find_column (self->table, name);
  guint64 number;

  if (column >= 0 || !g_str_has_prefix (name, "x_")
      || !g_ascii_string_to_unsigned (name + 2, 10, 1, self->table->n_columns, &number, NULL))
    return column;
  for (int k = 0; k < (int) self->table->n_columns; k++)
    if (k != self->target && is_usable (self->table, k) && --number == 0)
      return k;
  return -1;
}

static gboolean
offer_named (Offer *self, const char *list, GError **error)
{
  g_auto (GStrv) names = g_strsplit (list, ",", -1);

  for (guint i = 0; names[i] != NULL; i++)
    {
      const char *name = g_strstrip (names[i]);
      int column = find_named (self, name);
      gboolean again = FALSE;

      for (guint k = 0; k < self->columns->len; k++)
        again |= g_array_index (self->columns, int, k) == column;
      if (column < 0)
        g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "--inputs does not know a column called \"%s\"", name);
      else if (column == self->target)
        g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "--inputs names %s, which is the target", name);
      else if (!is_usable (self->table, column))
        g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "--inputs names %s, which holds no numbers", name);
      else if (!again)
        {
          offer_column (self, column);
          continue;
        }
      else
        continue;
      return FALSE;
    }
  if (self->columns->len <= ORR_REGRESS_DATA_MAX_INPUTS)
    return TRUE;
  g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "--inputs takes at most %d columns, not %u", ORR_REGRESS_DATA_MAX_INPUTS,
               self->columns->len);
  return FALSE;
}

static void
offer_all (Offer *self, GPtrArray *unused)
{
  for (int k = 0; k < (int) self->table->n_columns; k++)
    if (k != self->target && is_usable (self->table, k))
      offer_column (self, k);
    else if (k != self->target)
      g_ptr_array_add (unused, g_strdup (self->table->columns[k].name));
}

/* Columns by name or as x_1, x_2 ..., as in a formula. */
static gboolean
choose_required (Offer *self, const char *list, GError **error)
{
  g_auto (GStrv) names = list != NULL ? g_strsplit (list, ",", -1) : NULL;

  for (guint i = 0; names != NULL && names[i] != NULL; i++)
    {
      g_auto (GStrv) parts = g_strsplit (g_strstrip (names[i]), "`", -1);
      g_autofree char *escaped = g_strjoinv ("``", parts), *quoted = g_strdup_printf ("`%s`", escaped);
      g_autoptr (OrrExpr) expr = orr_expr_parse (quoted, (const char *const *) self->names->pdata, self->columns->len, NULL, NULL);

      if (expr == NULL || expr->nodes[0].op != ORR_EXPR_OP_VARIABLE)
        {
          g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "--require does not know a column called \"%s\"", names[i]);
          return FALSE;
        }
      self->chosen[expr->nodes[0].index] = TRUE;
    }
  return TRUE;
}

static gboolean
parse_expression (const Offer *self, const char *text, OrrExpr **expression, GError **error)
{
  if (text == NULL)
    return TRUE;
  *expression = orr_expr_parse (text, (const char *const *) self->names->pdata, self->columns->len, NULL, error);
  if (*expression != NULL)
    return TRUE;
  g_prefix_error (error, "--expression: ");
  return FALSE;
}

/* How much a column tells by itself, on the rows that have it and the target, less the share of rows that would be lost. */
static double
relevance (const Offer *self, int column)
{
  const double *x = self->table->columns[column].numbers, *y = self->table->columns[self->target].numbers;
  gsize n = self->table->n_rows, n_both = 0;
  g_autofree double *both = g_new (double, 2 * n);

  for (gsize i = 0; i < n; i++)
    if (isfinite (x[i]) && isfinite (y[i]))
      {
        both[n_both] = x[i];
        both[n + n_both++] = y[i];
      }
  double share = (double) n_both / n;
  return n_both > 2 ? share * orr_problem_relevance (both, both + n, n_both) - (1.0 - share) : -INFINITY;
}

typedef struct
{
  guint  position;
  double weight;
} Ranked;

static int
compare_ranked (gconstpointer a, gconstpointer b)
{
  const Ranked *p = a, *q = b;

  return p->weight != q->weight ? (p->weight < q->weight) - (p->weight > q->weight)
                                : (p->position > q->position) - (p->position < q->position);
}

/* Beside those that were named, the most telling columns as far as there is room; all where there is for all. */
static gboolean
choose_others (Offer *self, GError **error)
{
  guint n = self->columns->len, n_chosen = 0;
  g_autofree Ranked *ranked = g_new (Ranked, MAX (n, 1));

  for (guint k = 0; k < n; k++)
    n_chosen += self->chosen[k];
  if (n_chosen > ORR_REGRESS_DATA_MAX_INPUTS)
    {
      g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "--expression and --require name %u columns, and at most %d can be used",
                   n_chosen, ORR_REGRESS_DATA_MAX_INPUTS);
      return FALSE;
    }
  for (guint k = 0; k < n; k++)
    ranked[k] = (Ranked){ k, n <= ORR_REGRESS_DATA_MAX_INPUTS ? 0.0 : relevance (self, g_array_index (self->columns, int, k)) };
  qsort (ranked, n, sizeof (Ranked), compare_ranked);
  for (guint k = 0; k < n && n_chosen < ORR_REGRESS_DATA_MAX_INPUTS; k++)
    if (!self->chosen[ranked[k].position])
      {
        self->chosen[ranked[k].position] = TRUE;
        n_chosen++;
      }
  return TRUE;
}

static gboolean
is_complete (const OrrTable *table, const GArray *columns, gsize row)
{
  for (guint k = 0; k < columns->len; k++)
    if (!isfinite (table->columns[g_array_index (columns, int, k)].numbers[row]))
      return FALSE;
  return TRUE;
}

static void
copy_rows (OrrRegressData *self, const OrrTable *table, const GArray *columns)
{
  self->values = g_new (double, columns->len * MAX (table->n_rows, 1));
  for (gsize i = 0; i < table->n_rows; i++)
    if (is_complete (table, columns, i))
      {
        for (guint k = 0; k < columns->len; k++)
          self->values[k * table->n_rows + self->n_rows] = table->columns[g_array_index (columns, int, k)].numbers[i];
        self->n_rows++;
      }
  self->n_left_out = table->n_rows - self->n_rows;
  for (guint k = 1; k < columns->len; k++)
    memmove (self->values + k * self->n_rows, self->values + k * table->n_rows, self->n_rows * sizeof (double));
}

/* (transfer full): @expr with its variables numbered as the inputs are. */
static OrrExpr *
renumber (const OrrExpr *expr, const guint *numbers)
{
  g_autofree OrrExprNode *nodes = g_memdup2 (expr->nodes, expr->n_nodes * sizeof (OrrExprNode));

  for (guint i = 0; i < expr->n_nodes; i++)
    if (nodes[i].op == ORR_EXPR_OP_VARIABLE)
      nodes[i].index = numbers[nodes[i].index];
  return orr_expr_new (nodes, expr->n_nodes);
}

/* The inputs that were chosen, in their order. */
static void
take (OrrRegressData *self, const Offer *offer, const gboolean *required, const OrrExpr *expression)
{
  g_autoptr (GArray) columns = g_array_new (FALSE, FALSE, sizeof (int));
  g_autofree guint *numbers = g_new0 (guint, offer->columns->len + 1);

  self->names = g_ptr_array_new_with_free_func (g_free);
  for (guint k = 0; k < offer->columns->len; k++)
    if (offer->chosen[k])
      {
        numbers[k] = columns->len;
        if (required[k])
          self->required |= G_GUINT64_CONSTANT (1) << columns->len;
        g_array_append_val (columns, g_array_index (offer->columns, int, k));
        g_ptr_array_add (self->names, g_strdup (g_ptr_array_index (offer->names, k)));
      }
  g_ptr_array_add (self->names, NULL);
  self->n_inputs = columns->len;
  self->n_offered = offer->columns->len;
  self->target = g_strdup (offer->table->columns[offer->target].name);
  if (expression != NULL)
    self->expression = renumber (expression, numbers);
  g_array_append_val (columns, offer->target);
  copy_rows (self, offer->table, columns);
}

/* Columns whose names also mean something else, where the formula holds them. */
static void
explain_names (OrrRegressData *self, const Offer *offer, const char *text)
{
  for (guint k = 0; k < offer->names->len; k++)
    {
      char *sentence = strstr (text, offer->names->pdata[k]) != NULL
                         ? orr_expr_explain_name ((const char *const *) offer->names->pdata, offer->names->len, k)
                         : NULL;
      if (sentence != NULL)
        g_ptr_array_add (self->remarks, sentence);
    }
}

/**
 * orr_regress_data_load:
 * @self: (out): clear it afterwards, whatever comes of it
 *
 * Reads the table and chooses the inputs: those of @question->inputs, or all
 * columns of numbers. Of more than %ORR_REGRESS_DATA_MAX_INPUTS, those that the
 * expression or @question->require names, then those that tell most about the
 * target by themselves. x_1, x_2 ... count the columns to choose from.
 */
gboolean
orr_regress_data_load (OrrRegressData *self, const OrrRegressQuestion *question, GError **error)
{
  g_autoptr (OrrTable) table = orr_table_load (question->path, error);
  g_auto (Offer) offer = { .table = table, .columns = g_array_new (FALSE, FALSE, sizeof (int)),
                           .names = g_ptr_array_new () };
  g_autoptr (OrrExpr) expression = NULL;

  *self = (OrrRegressData){ .unused = g_ptr_array_new_with_free_func (g_free),
                            .remarks = g_ptr_array_new_with_free_func (g_free) };
  offer.target = table != NULL ? find_target (table, question->path, question->target, error) : -1;
  if (offer.target < 0)
    return FALSE;
  if (question->inputs == NULL)
    offer_all (&offer, self->unused);
  else if (!offer_named (&offer, question->inputs, error))
    return FALSE;
  offer.chosen = g_new0 (gboolean, offer.columns->len + 1);
  if (!choose_required (&offer, question->require, error) || !parse_expression (&offer, question->expression, &expression, error))
    return FALSE;
  g_autofree gboolean *required = g_memdup2 (offer.chosen, (offer.columns->len + 1) * sizeof (gboolean));
  for (guint i = 0; expression != NULL && i < expression->n_nodes; i++)
    if (expression->nodes[i].op == ORR_EXPR_OP_VARIABLE)
      offer.chosen[expression->nodes[i].index] = TRUE;
  if (!choose_others (&offer, error))
    return FALSE;
  take (self, &offer, required, expression);
  if (expression != NULL)
    explain_names (self, &offer, question->expression);
  if (self->n_rows > 0 || self->n_left_out == 0)
    return TRUE;
  g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "Every row of %s misses a number: name the columns to use with --inputs",
               question->path);
  return FALSE;
}

/**
 * orr_regress_data_report:
 * @order: (nullable): [n_inputs] which inputs are looked at first; %NULL when nothing is sought but constants
 *
 * Says what a person should know about the table.
 */
void
orr_regress_data_report (const OrrRegressData *self, OrrCli *cli, const guint *order)
{
  const char *const *names = (const char *const *) self->names->pdata;

  for (guint i = 0; i < self->unused->len; i++)
    orr_cli_message (cli, "Column %s holds no numbers and is not used.", (const char *) g_ptr_array_index (self->unused, i));
  if (self->n_left_out > 0)
    orr_cli_message (cli, "%" G_GSIZE_FORMAT " of %" G_GSIZE_FORMAT " rows miss a number and are left out.", self->n_left_out,
                     self->n_left_out + self->n_rows);
  for (guint i = 0; i < self->remarks->len; i++)
    orr_cli_message (cli, "%s.", (const char *) g_ptr_array_index (self->remarks, i));
  if (order != NULL && self->n_offered > ORR_ACTIONS_VARIABLES)
    orr_cli_message (cli, "Of %u columns the search uses %s, %s and %s, which tell most by themselves; --inputs or --require names others.",
                     self->n_offered, names[order[0]], names[order[1]], names[order[2]]);
}
