/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-cli-model.h"

#include "orr-error.h"
#include "orr-hmm-presets.h"
#include "orr-hmm-section.h"
#include "orr-json.h"

static char *
list_presets (void)
{
  g_autoptr (GString) list = g_string_new (NULL);
  guint n;
  const OrrHmmPreset *presets = orr_hmm_presets (&n);

  for (guint i = 0; i < n; i++)
    g_string_append_printf (list, "%s%s", i > 0 ? ", " : "", presets[i].id);
  return g_string_free (g_steal_pointer (&list), FALSE);
}

static OrrHmm *
load_json (const char *path, GError **error)
{
  g_autofree char *text = NULL;
  gsize length;

  if (!g_file_get_contents (path, &text, &length, error))
    return NULL;
  g_autoptr (GVariant) section = orr_json_parse (text, length, error);
  OrrHmm *hmm = section != NULL ? orr_hmm_from_section (section, error) : NULL;
  if (hmm == NULL)
    g_prefix_error (error, "%s: ", path);
  return hmm;
}

/**
 * orr_cli_load_hmm:
 * @name: a preset's name, or a file: JSON as `hmm show --json` prints it
 *
 * Returns: (transfer full) (nullable): the model
 */
OrrHmm *
orr_cli_load_hmm (const char *name, GError **error)
{
  const OrrHmmPreset *preset = orr_hmm_preset_find (name);

  if (preset != NULL)
    return orr_hmm_preset_create (preset);
  if (!g_file_test (name, G_FILE_TEST_EXISTS))
    {
      g_autofree char *presets = list_presets ();
      g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "There is no preset and no file called \"%s\" (presets: %s)",
                   name, presets);
      return NULL;
    }
  return load_json (name, error);
}
