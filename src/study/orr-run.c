/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-run.h"

#include <math.h>

static void
snapshot_free (gpointer data)
{
  OrrSnapshot *snapshot = data;

  orr_network_unref (snapshot->network);
  g_free (snapshot);
}

static GVariant *
empty_dict (void)
{
  return g_variant_ref_sink (g_variant_new_array (G_VARIANT_TYPE ("{sv}"), NULL, 0));
}

/**
 * orr_run_new:
 * @hmm: (nullable): the model it was trained on
 *
 * Returns: (transfer full): a run that refers to @network and @hmm, with a new id
 */
OrrRun *
orr_run_new (const char *name, OrrNetwork *network, OrrHmm *hmm)
{
  OrrRun *self = g_atomic_rc_box_new0 (OrrRun);

  self->id = g_uuid_string_random ();
  self->name = g_strdup (name);
  self->network = orr_network_ref (network);
  self->hmm = hmm != NULL ? orr_hmm_ref (hmm) : NULL;
  self->baseline = NAN;
  self->snapshots = g_ptr_array_new_with_free_func (snapshot_free);
  self->sections = empty_dict ();
  return self;
}

/**
 * orr_run_copy:
 *
 * Returns: (transfer full): a run with the same id that shares all parts with
 * @self; its fields may be replaced until it is shared
 */
OrrRun *
orr_run_copy (const OrrRun *self)
{
  OrrRun *copy = g_atomic_rc_box_new0 (OrrRun);

  copy->id = g_strdup (self->id);
  copy->name = g_strdup (self->name);
  copy->network = orr_network_ref (self->network);
  copy->hmm = self->hmm != NULL ? orr_hmm_ref (self->hmm) : NULL;
  copy->options = self->options != NULL ? g_variant_ref (self->options) : NULL;
  copy->history = self->history != NULL ? orr_matrix_ref (self->history) : NULL;
  copy->best_epoch = self->best_epoch;
  copy->baseline = self->baseline;
  copy->snapshots = g_ptr_array_ref (self->snapshots);
  copy->record = self->record != NULL ? g_variant_ref (self->record) : NULL;
  copy->sections = g_variant_ref (self->sections);
  return copy;
}

OrrRun *
orr_run_with_name (const OrrRun *self, const char *name)
{
  OrrRun *copy = orr_run_copy (self);

  g_free (copy->name);
  copy->name = g_strdup (name);
  return copy;
}

/**
 * orr_run_with_section:
 * @section: (nullable): the a{sv} to store as @name; a floating one is taken; %NULL removes
 *
 * Returns: (transfer full): the changed copy
 */
OrrRun *
orr_run_with_section (const OrrRun *self, const char *name, GVariant *section)
{
  OrrRun *copy = orr_run_copy (self);
  GVariantDict dict;

  g_variant_dict_init (&dict, self->sections);
  g_variant_dict_remove (&dict, name);
  if (section != NULL)
    g_variant_dict_insert_value (&dict, name, section);
  g_variant_unref (copy->sections);
  copy->sections = g_variant_ref_sink (g_variant_dict_end (&dict));
  return copy;
}

/**
 * orr_run_get_section:
 *
 * Returns: (transfer full) (nullable): the stored section called @name
 */
GVariant *
orr_run_get_section (const OrrRun *self, const char *name)
{
  return g_variant_lookup_value (self->sections, name, G_VARIANT_TYPE_VARDICT);
}

/**
 * orr_run_add_snapshot:
 *
 * Appends a snapshot; only while @self is being built, and its list is not
 * shared with a copy yet.
 */
void
orr_run_add_snapshot (OrrRun *self, guint epoch, OrrNetwork *network)
{
  OrrSnapshot *snapshot = g_new (OrrSnapshot, 1);

  snapshot->epoch = epoch;
  snapshot->network = orr_network_ref (network);
  g_ptr_array_add (self->snapshots, snapshot);
}

OrrRun *
orr_run_ref (OrrRun *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
clear (gpointer box)
{
  OrrRun *self = box;

  g_free (self->id);
  g_free (self->name);
  orr_network_unref (self->network);
  orr_hmm_unref (self->hmm);
  g_clear_pointer (&self->options, g_variant_unref);
  orr_matrix_unref (self->history);
  g_ptr_array_unref (self->snapshots);
  g_clear_pointer (&self->record, g_variant_unref);
  g_variant_unref (self->sections);
}

void
orr_run_unref (OrrRun *self)
{
  if (self != NULL)
    g_atomic_rc_box_release_full (self, clear);
}
