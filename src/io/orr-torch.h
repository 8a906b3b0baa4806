/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-arrays.h"

G_BEGIN_DECLS

/*
 * PyTorch's files: what torch.save writes for a state dict since version 1.6, a
 * zip archive with a pickle and one entry a storage.
 */

OrrArrays *orr_torch_parse (GBytes     *bytes,
                            GError    **error);
GBytes    *orr_torch_print (OrrArrays  *arrays,
                            GError    **error);

G_END_DECLS
