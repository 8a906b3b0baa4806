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
  static const char *const known[] = { "presets", "hidden", "noise_dim", "seeds", "recipe", "options", NULL };
  GVariantIter iter;
  const char *name;

  g_variant_iter_init (&iter, spec);
  while (g_variant_iter_next (&iter, "{&sv}", &name, NULL))
    if (!g_strv_contains (known, name))
      return refuse (error, "The sweep has a field \"%s\"; known are presets, hidden, noise_dim, seeds, recipe, "
                            "options", name);
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

static gboolean
read_presets (GVariant *spec, GPtrArray *presets, GError **error)
{
  g_autoptr (GVariant) value = orr_section_get_child (spec, "presets");
  g_autofree const char **names = NULL;
  const char *single[2] = { NULL, NULL };

  if (value == NULL)
    return refuse (error, "The sweep has no \"%s\"", "presets");
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_STRING_ARRAY))
    names = g_variant_get_strv (value, NULL);
  else if (g_variant_is_of_type (value, G_VARIANT_TYPE_STRING))
    single[0] = g_variant_get_string (value, NULL);
  else
    return refuse (error, "The sweep's \"%s\" must be names", "presets");

  for (const char **name = names != NULL ? names : single; *name != NULL; name++)
    {
      const OrrHmmPreset *preset = orr_hmm_preset_find (*name);

      if (preset == NULL)
        return refuse (error, "There is no preset \"%s\"", *name);
      g_ptr_array_add (presets, (gpointer) preset);
    }
  return presets->len > 0 || refuse (error, "The sweep's \"%s\" is empty", "presets");
}

/* The recipe's options with those that the specification sets over them. */
static gboolean
start_options (GVariant *spec, const OrrHmmPreset *preset, OrrTrainOptions *options, GError **error)
{
  g_autofree char *recipe = orr_section_dup_string (spec, "recipe");
  g_autoptr (GVariant) changes = orr_section_get_child (spec, "options");

  if (!orr_train_options_init_recipe (options, recipe != NULL ? recipe : "published", preset, error))
    return FALSE;
  if (changes == NULL)
    return TRUE;
  if (!g_variant_is_of_type (changes, G_VARIANT_TYPE_VARDICT))
    return refuse (error, "The sweep's \"%s\" must be an object of training options", "options");

  g_autoptr (GVariant) base = g_variant_take_ref (orr_train_options_to_section (options));
  g_auto (GVariantDict) dict = G_VARIANT_DICT_INIT (base);
  GVariantIter iter;
  const char *name;
  GVariant *value;
  g_variant_iter_init (&iter, changes);
  while (g_variant_iter_next (&iter, "{&sv}", &name, &value))
    {
      g_autoptr (GVariant) owned = value;

      if (!g_variant_dict_contains (&dict, name))
        return refuse (error, "There is no training option \"%s\"", name);
      g_variant_dict_insert_value (&dict, name, owned);
    }
  g_autoptr (GVariant) merged = g_variant_ref_sink (g_variant_dict_end (&dict));
  return orr_train_options_from_section (options, merged, error);
}

static OrrSweepTask *
new_task (const OrrHmmPreset *preset, const OrrTrainOptions *options)
{
  OrrSweepTask *task = g_new0 (OrrSweepTask, 1);

  task->preset = preset;
  task->options = *options;
  task->name = g_strdup_printf ("%s-h%u-d%u-s%" G_GUINT64_FORMAT, preset->id, options->n_hidden, options->n_noise,
                                options->seed);
  return task;
}

/**
 * orr_sweep_plan:
 * @spec: `presets` (names), `hidden`, `noise_dim`, `seeds` (whole numbers or
 *   lists of them; 150, 100 and 0 where absent), `recipe` ("published", "quick"),
 *   `options` (training options set over the recipe's)
 *
 * Returns: (transfer full) (nullable) (element-type OrrSweepTask): all
 * combinations, seeds running fastest
 */
GPtrArray *
orr_sweep_plan (GVariant *spec, GError **error)
{
  g_autoptr (GPtrArray) presets = g_ptr_array_new ();
  g_autoptr (GArray) hidden = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (GArray) noise = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (GArray) seeds = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (GPtrArray) tasks = g_ptr_array_new_with_free_func (task_free);

  if (!check_fields (spec, error) || !read_presets (spec, presets, error) ||
      !read_counts (spec, "hidden", 150, 1, hidden, error) ||
      !read_counts (spec, "noise_dim", 100, 1, noise, error) || !read_counts (spec, "seeds", 0, 0, seeds, error))
    return NULL;

  guint n = presets->len * hidden->len * noise->len * seeds->len;
  for (guint i = 0; i < n; i++)
    {
      guint rest = i;
      guint seed = rest % seeds->len;
      rest /= seeds->len;
      guint d = rest % noise->len;
      rest /= noise->len;
      guint h = rest % hidden->len;
      const OrrHmmPreset *preset = presets->pdata[rest / hidden->len];
      OrrTrainOptions options;

      if (!start_options (spec, preset, &options, error))
        return NULL;
      options.n_hidden = g_array_index (hidden, double, h);
      options.n_noise = g_array_index (noise, double, d);
      options.seed = g_array_index (seeds, double, seed);
      if (!orr_train_options_validate (&options, NULL, error))
        return NULL;
      g_ptr_array_add (tasks, new_task (preset, &options));
    }
  return g_steal_pointer (&tasks);
}
