/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-arrays.h"

G_BEGIN_DECLS

/*
 * The safetensors format: the length of a JSON header, the header with name,
 * type, shape and place of every tensor, the values. Its __metadata__ are the
 * arrays' notes.
 */

OrrArrays *orr_safetensors_parse (GBytes     *bytes,
                                  GError    **error);
GBytes    *orr_safetensors_print (OrrArrays  *arrays,
                                  GError    **error);

G_END_DECLS
