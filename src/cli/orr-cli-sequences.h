/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-sequences.h"

G_BEGIN_DECLS

OrrSequences *orr_cli_load_sequences (const char    *path,
                                      GError       **error);
gboolean      orr_cli_save_sequences (const char    *path,
                                      gsize          n_sequences,
                                      const gsize   *offsets,
                                      const guint16 *values,
                                      GError       **error);
char         *orr_cli_print_sequences (gsize         n_sequences,
                                      const gsize   *offsets,
                                      const guint16 *values);

G_END_DECLS
