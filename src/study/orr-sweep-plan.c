/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From a sweep's specification to its list of networks. */
#include "orr-sweep.h"

#include <math.h>

#include "orr-error.h"
#include "orr-section.h"

static void
task_free (gpointer data)
{
  OrrSweepTask *task = data;

  g_free (task->name);
  g_free (task->recipe);
  g_free (task);
}

static gboolean
refuse (GError **error, const char *format, const char *what)
{
  g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, format, what);
  return FALSE;
}

static gboolean
check_fields (GVariant *spec, GError **error)
{
  static const char *const known[] = { "presets", "hidden", "noise_dim", "seeds", "recipe", "recipes", "options",
                                       NULL };
  GVariantIter iter;
  const char *name;

  g_variant_iter_init (&iter, spec);
  while (g_variant_iter_next (&iter, "{&sv}", &name, NULL))
    if (!g_strv_contains (known, name))
      return refuse (error, "The sweep has a field \"%s\"; known are presets, hidden, noise_dim, seeds, "
                            "recipe, recipes, options", name);
  return TRUE;
}

/* One whole number or a list of them; @fallback where there is none. */
static gboolean
read_counts (GVariant *spec, const char *name, double fallback, double least, GArray *counts, GError **error)
{
  g_autoptr (GVariant) value = orr_section_get_child (spec, name);
  gsize n;

  if (value == NULL)
    {
      g_array_append_val (counts, fallback);
      return TRUE;
    }
  if (g_variant_is_of_type (value, G_VARIANT_TYPE ("ad")))
    {
      g_autofree double *list = orr_section_dup_doubles (spec, name, &n);
      g_array_append_vals (counts, list, n);
    }
  else
    {
      double one = orr_section_get_int (spec, name, -1);
      g_array_append_val (counts, one);
    }
  if (counts->len == 0)
    return refuse (error, "The sweep's \"%s\" is empty", name);
  for (guint i = 0; i < counts->len; i++)
    {
      double count = g_array_index (counts, double, i);

      if (!(count >= least && count == floor (count) && count <= 1e9))
        return refuse (error, "The sweep's \"%s\" must be whole numbers, at least 0 for seeds and 1 for sizes", name);
    }
  return TRUE;
}

/* The names that @field gives, one or a list: (nullable) with @error set where they are no names. */
static char **
read_names (GVariant *spec, const char *field, GError **error)
{
  g_autoptr (GVariant) value = orr_section_get_child (spec, field);

  if (value != NULL && g_variant_is_of_type (value, G_VARIANT_TYPE_STRING_ARRAY) && g_variant_n_children (value) > 0)
    return g_variant_dup_strv (value, NULL);
  if (value != NULL && g_variant_is_of_type (value, G_VARIANT_TYPE_STRING))
    {
      const char *single[] = { g_variant_get_string (value, NULL), NULL };
      return g_strdupv ((char **) single);
    }
  if (value != NULL && g_variant_n_children (value) == 0)
    refuse (error, "The sweep's \"%s\" is empty", field);
  else
    refuse (error, value == NULL ? "The sweep has no \"%s\"" : "The sweep's \"%s\" must be names", field);
  return NULL;
}

static gboolean
read_presets (GVariant *spec, GPtrArray *presets, GError **error)
{
  g_auto (GStrv) names = read_names (spec, "presets", error);

  for (char **name = names; name != NULL && *name != NULL; name++)
    {
      const OrrHmmPreset *preset = orr_hmm_preset_find (*name);

      if (preset == NULL)
        return refuse (error, "There is no preset \"%s\"", *name);
      g_ptr_array_add (presets, (gpointer) preset);
    }
  return names != NULL;
}

/* "recipe" or "recipes", one or a list; the published one where neither is there. @listed: whether it is a list. */
static char **
read_recipes (GVariant *spec, gboolean *listed, GError **error)
{
  g_autoptr (GVariant) one = orr_section_get_child (spec, "recipe"), several = orr_section_get_child (spec, "recipes");

  *listed = FALSE;
  if (one == NULL && several == NULL)
    {
      const char *published[] = { "published", NULL };
      return g_strdupv ((char **) published);
    }
  if (one != NULL && several != NULL)
    {
      refuse (error, "The sweep has both \"recipe\" and \"%s\"", "recipes");
      return NULL;
    }
  *listed = g_variant_is_of_type (one != NULL ? one : several, G_VARIANT_TYPE_STRING_ARRAY);
  return read_names (spec, one != NULL ? "recipe" : "recipes", error);
}

/* Whether an option's value is of the kind that it has: a whole number stands for any number. */
static gboolean
check_option (const char *name, GVariant *known, GVariant *value, GError **error)
{
  if (g_str_equal (name, "activation"))
    return (g_variant_is_of_type (value, G_VARIANT_TYPE_STRING) &&
            (g_str_equal (g_variant_get_string (value, NULL), "relu") ||
             g_str_equal (g_variant_get_string (value, NULL), "tanh"))) ||
           refuse (error, "The sweep's option \"%s\" must be \"relu\" or \"tanh\"", name);
  if (g_variant_is_of_type (value, g_variant_get_type (known)))
    return TRUE;
  if (g_variant_is_of_type (known, G_VARIANT_TYPE_DOUBLE))
    return g_variant_is_of_type (value, G_VARIANT_TYPE_INT64) ||
           refuse (error, "The sweep's option \"%s\" must be a number", name);
  return refuse (error, g_variant_is_of_type (known, G_VARIANT_TYPE_BOOLEAN)
                            ? "The sweep's option \"%s\" must be true or false"
                            : "The sweep's option \"%s\" must be a whole number", name);
}

/* The recipe's options with those that the specification sets over them. */
static gboolean
start_options (GVariant *spec, const char *recipe, const OrrHmmPreset *preset, OrrTrainOptions *options,
               GError **error)
{
  g_autoptr (GVariant) changes = orr_section_get_child (spec, "options");

  if (!orr_train_options_init_recipe (options, recipe, preset, error))
    return FALSE;
  if (changes == NULL)
    return TRUE;
  if (!g_variant_is_of_type (changes, G_VARIANT_TYPE_VARDICT))
    return refuse (error, "The sweep's \"%s\" must be an object of training options", "options");

  OrrTrainOptions planned = *options;
  gint64 epochs = orr_section_get_int (changes, "epochs", 0);
  if (epochs > 0 && epochs <= G_MAXINT)
    orr_train_options_set_epochs (options, &planned, (guint) epochs);
  g_autoptr (GVariant) base = g_variant_take_ref (orr_train_options_to_section (options));
  g_auto (GVariantDict) dict = G_VARIANT_DICT_INIT (base);
  GVariantIter iter;
  const char *name;
  GVariant *value;
  g_variant_iter_init (&iter, changes);
  while (g_variant_iter_next (&iter, "{&sv}", &name, &value))
    {
      g_autoptr (GVariant) owned = value;

      g_autoptr (GVariant) known = g_variant_lookup_value (base, name, NULL);

      if (known == NULL)
        return refuse (error, "There is no training option \"%s\"", name);
      if (!check_option (name, known, owned, error))
        return FALSE;
      g_variant_dict_insert_value (&dict, name, owned);
    }
  g_autoptr (GVariant) merged = g_variant_ref_sink (g_variant_dict_end (&dict));
  return orr_train_options_from_section (options, merged, error);
}

/* In a list of recipes all but the published one are part of the name. */
static OrrSweepTask *
new_task (const OrrHmmPreset *preset, const char *recipe, gboolean listed, const OrrTrainOptions *options)
{
  OrrSweepTask *task = g_new0 (OrrSweepTask, 1);
  gboolean named = listed && !g_str_equal (recipe, "published");

  task->preset = preset;
  task->recipe = g_strdup (recipe);
  task->options = *options;
  task->name = g_strdup_printf ("%s-h%u-d%u-s%" G_GUINT64_FORMAT "%s%s", preset->id, options->n_hidden,
                                options->n_noise, options->seed, named ? "-" : "", named ? recipe : "");
  return task;
}

/**
 * orr_sweep_plan:
 * @spec: `presets` (a name or a list of them), `hidden`, `noise_dim`, `seeds` (whole numbers or
 *   lists of them; 150, 100 and 0 where absent), `recipe` or `recipes` (a name or a list of "published",
 *   "faithful", "quick"), `options` (training options set over the recipe's)
 *
 * Returns: (transfer full) (nullable) (element-type OrrSweepTask): all
 * combinations, seeds running fastest, recipes slowest
 */
GPtrArray *
orr_sweep_plan (GVariant *spec, GError **error)
{
  g_autoptr (GPtrArray) presets = g_ptr_array_new ();
  g_autoptr (GArray) hidden = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (GArray) noise = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (GArray) seeds = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (GPtrArray) tasks = g_ptr_array_new_with_free_func (task_free);
  gboolean listed;

  if (!check_fields (spec, error) || !read_presets (spec, presets, error) ||
      !read_counts (spec, "hidden", 150, 1, hidden, error) ||
      !read_counts (spec, "noise_dim", 100, 1, noise, error) || !read_counts (spec, "seeds", 0, 0, seeds, error))
    return NULL;
  g_auto (GStrv) recipes = read_recipes (spec, &listed, error);
  if (recipes == NULL)
    return NULL;

  guint n = g_strv_length (recipes) * presets->len * hidden->len * noise->len * seeds->len;
  for (guint i = 0; i < n; i++)
    {
      guint rest = i;
      guint seed = rest % seeds->len;
      rest /= seeds->len;
      guint d = rest % noise->len;
      rest /= noise->len;
      guint h = rest % hidden->len;
      rest /= hidden->len;
      const OrrHmmPreset *preset = presets->pdata[rest % presets->len];
      const char *recipe = recipes[rest / presets->len];
      OrrTrainOptions options;

      if (!start_options (spec, recipe, preset, &options, error))
        return NULL;
      options.n_hidden = g_array_index (hidden, double, h);
      options.n_noise = g_array_index (noise, double, d);
      options.seed = g_array_index (seeds, double, seed);
      if (!orr_train_options_validate (&options, NULL, error))
        return NULL;
      g_ptr_array_add (tasks, new_task (preset, recipe, listed, &options));
    }
  return g_steal_pointer (&tasks);
}
