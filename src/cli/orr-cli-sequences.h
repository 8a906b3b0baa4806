/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-sequence-file.h"

G_BEGIN_DECLS

gboolean      orr_cli_save_sequences (const char    *path,
                                      gsize          n_sequences,
                                      const gsize   *offsets,
                                      const guint16 *values,
                                      GError       **error);
char         *orr_cli_print_sequences (gsize         n_sequences,
                                      const gsize   *offsets,
                                      const guint16 *values);

G_END_DECLS
