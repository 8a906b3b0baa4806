/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "orr-hmm.h"
#include "orr-train.h"

G_BEGIN_DECLS

/**
 * OrrCheckpoint:
 * @run_id: of the run to be
 * @name: of the run to be
 * @hmm: the model it is trained on
 * @state: what orr_trainer_restore() takes
 *
 * A training under way, as it lies on the disk until it ends: in the user's
 * cache for the window, beside the results for a sweep. Clear with
 * orr_checkpoint_clear().
 */
typedef struct
{
  char     *run_id;
  char     *name;
  OrrHmm   *hmm;
  GVariant *state;
} OrrCheckpoint;

char      *orr_checkpoint_path   (const char        *run_id);
gboolean   orr_checkpoint_save   (const char        *path,
                                  const char        *run_id,
                                  const char        *name,
                                  const OrrHmm      *hmm,
                                  const OrrTrainer  *trainer,
                                  GError           **error);
gboolean   orr_checkpoint_load   (GFile             *file,
                                  OrrCheckpoint     *content,
                                  GError           **error);
void       orr_checkpoint_clear  (OrrCheckpoint     *content);
void       orr_checkpoint_remove (const char        *path);
GPtrArray *orr_checkpoint_find   (void);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (OrrCheckpoint, orr_checkpoint_clear)

G_END_DECLS
