/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-array.h"

G_BEGIN_DECLS

/*
 * NumPy's .npy format, versions 1 to 3: numbers of all plain types in both byte
 * orders and both orders of dimensions, and texts. Files that hold Python
 * objects or records are refused, since reading them would mean to run them or
 * to guess.
 */

OrrArray *orr_npy_parse (GBytes         *bytes,
                         GError        **error);
GBytes   *orr_npy_print (const OrrArray *array);
OrrArray *orr_npy_load  (const char     *path,
                         GError        **error);
gboolean  orr_npy_save  (const OrrArray *array,
                         const char     *path,
                         GError        **error);

G_END_DECLS
