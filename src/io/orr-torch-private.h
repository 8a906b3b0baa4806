/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-array.h"

G_BEGIN_DECLS

/* Texts beside the state dict, such as the activation, live in entries under
 * this folder of the archive, where PyTorch does not look. */
#define ORR_TORCH_NOTES_FOLDER "extra/"

#define ORR_TORCH_N_TYPES 13

/* How PyTorch calls a type of element as a storage ("" where it has none) and as a dtype. */
typedef struct
{
  OrrArrayType type;
  const char  *storage;
  const char  *dtype;
} OrrTorchType;

extern const OrrTorchType orr_torch_types[ORR_TORCH_N_TYPES];

G_END_DECLS
