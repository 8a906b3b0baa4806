/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

#include "orr-hmm.h"
#include "orr-sequences.h"

G_BEGIN_DECLS

/**
 * OrrRecording:
 * @name: what a person calls it: the file's name
 * @sequences: symbols below 256
 * @n_symbols: K, the largest symbol + 1
 *
 * Recorded behaviour: what models can be fitted to and networks trained on. A
 * value: immutable and reference counted.
 */
typedef struct
{
  char         *name;
  OrrSequences *sequences;
  guint         n_symbols;
} OrrRecording;

OrrRecording *orr_recording_new          (const char         *name,
                                          OrrSequences       *sequences,
                                          GError            **error);
OrrRecording *orr_recording_ref          (OrrRecording       *self);
void          orr_recording_unref        (OrrRecording       *self);
char         *orr_recording_describe     (const OrrRecording *self);
OrrHmm       *orr_recording_choose_model (const OrrRecording *self,
                                          OrrHmm             *model);
GVariant     *orr_recording_to_section   (const OrrRecording *self);
OrrRecording *orr_recording_from_section (GVariant           *section,
                                          GError            **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrrRecording, orr_recording_unref)

G_END_DECLS
