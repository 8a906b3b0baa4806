/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-hmm.h"

G_BEGIN_DECLS

/**
 * OrrHmmPreset:
 * @id: the name on the command line, such as "three"
 * @title: the name a person reads, such as "Three states" (untranslated)
 * @length: T, sequence length of the published training
 * @clip: gradient-norm clip of the published training
 * @epochs: epochs of the published training
 *
 * The models of arXiv:2510.25674 with their training schedules (SCIENCE, part 1).
 */
typedef struct
{
  const char *id;
  const char *title;
  guint       length;
  double      clip;
  guint       epochs;
} OrrHmmPreset;

const OrrHmmPreset *orr_hmm_presets        (guint              *n);
const OrrHmmPreset *orr_hmm_preset_find    (const char         *id);
OrrHmm             *orr_hmm_preset_create  (const OrrHmmPreset *preset);
const OrrHmmPreset *orr_hmm_preset_recognise (const OrrHmm     *hmm);

G_END_DECLS
