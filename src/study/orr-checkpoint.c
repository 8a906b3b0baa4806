/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-checkpoint.h"

#include "orr-error.h"
#include "orr-hmm-section.h"
#include "orr-section.h"

#define SUFFIX ".checkpoint"
#define FORMAT_VERSION 1

static char *
checkpoint_dir (void)
{
  return g_build_filename (g_get_user_cache_dir (), "orrery", "trainings", NULL);
}

/**
 * orr_checkpoint_path:
 *
 * Returns: (transfer full): where the window keeps the checkpoint of the run to be
 */
char *
orr_checkpoint_path (const char *run_id)
{
  g_autofree char *dir = checkpoint_dir ();
  g_autofree char *name = g_strconcat (run_id, SUFFIX, NULL);
  return g_build_filename (dir, name, NULL);
}

/**
 * orr_checkpoint_save:
 *
 * Writes the training's present state over its earlier checkpoint, atomically;
 * makes the folder. The file is one serialised a{sv} in the machine's byte
 * order: it is not meant to leave the machine.
 */
gboolean
orr_checkpoint_save (const char *path, const char *run_id, const char *name, const OrrHmm *hmm,
                     const OrrTrainer *trainer, GError **error)
{
  g_autofree char *dir = g_path_get_dirname (path);
  g_autoptr (GVariant) hmm_section = g_variant_take_ref (orr_hmm_to_section (hmm));
  g_autoptr (GVariant) state = g_variant_take_ref (orr_trainer_save (trainer));
  GVariantDict dict;

  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "version", "i", FORMAT_VERSION);
  g_variant_dict_insert (&dict, "run_id", "s", run_id);
  g_variant_dict_insert (&dict, "name", "s", name);
  g_variant_dict_insert_value (&dict, "hmm", hmm_section);
  g_variant_dict_insert_value (&dict, "state", state);
  g_autoptr (GVariant) content = g_variant_ref_sink (g_variant_dict_end (&dict));

  if (g_mkdir_with_parents (dir, 0700) != 0)
    {
      g_set_error (error, ORR_ERROR, ORR_ERROR_FAILED, "The folder %s cannot be made", dir);
      return FALSE;
    }
  return g_file_set_contents (path, g_variant_get_data (content), g_variant_get_size (content), error);
}

/**
 * orr_checkpoint_load:
 * @content: (out caller-allocates): what it holds
 */
gboolean
orr_checkpoint_load (GFile *file, OrrCheckpoint *content, GError **error)
{
  g_autoptr (GBytes) bytes = g_file_load_bytes (file, NULL, NULL, error);

  if (bytes == NULL)
    return FALSE;

  g_autoptr (GVariant) raw = g_variant_ref_sink (g_variant_new_from_bytes (G_VARIANT_TYPE_VARDICT, bytes, FALSE));
  /* An untrusted file (cut short, say) becomes a value in normal form with defaults where it is broken. */
  g_autoptr (GVariant) dict = g_variant_get_normal_form (raw);
  g_autoptr (GVariant) hmm = g_variant_lookup_value (dict, "hmm", G_VARIANT_TYPE_VARDICT);
  g_autoptr (GVariant) state = g_variant_lookup_value (dict, "state", G_VARIANT_TYPE_VARDICT);

  content->run_id = orr_section_dup_string (dict, "run_id");
  content->name = orr_section_dup_string (dict, "name");
  if (orr_section_get_int (dict, "version", 0) != FORMAT_VERSION || content->run_id == NULL ||
      content->name == NULL || hmm == NULL || state == NULL)
    {
      g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "%s is not a training that can be resumed",
                   g_file_peek_path (file));
      orr_checkpoint_clear (content);
      return FALSE;
    }
  content->hmm = orr_hmm_from_section (hmm, error);
  content->state = g_steal_pointer (&state);
  if (content->hmm == NULL)
    {
      orr_checkpoint_clear (content);
      return FALSE;
    }
  return TRUE;
}

void
orr_checkpoint_clear (OrrCheckpoint *content)
{
  g_clear_pointer (&content->run_id, g_free);
  g_clear_pointer (&content->name, g_free);
  g_clear_pointer (&content->hmm, orr_hmm_unref);
  g_clear_pointer (&content->state, g_variant_unref);
}

void
orr_checkpoint_remove (const char *path)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);

  g_file_delete (file, NULL, NULL);
}

/**
 * orr_checkpoint_find:
 *
 * Returns: (transfer full) (element-type GFile): trainings that were cut off
 */
GPtrArray *
orr_checkpoint_find (void)
{
  GPtrArray *found = g_ptr_array_new_with_free_func (g_object_unref);
  g_autofree char *path = checkpoint_dir ();
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_suffix (name, SUFFIX))
      g_ptr_array_add (found, g_file_new_build_filename (path, name, NULL));
  return found;
}
