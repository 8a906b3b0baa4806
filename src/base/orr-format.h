/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

const char *orr_format_double (char   buffer[G_ASCII_DTOSTR_BUF_SIZE],
                               double value);

char       *orr_format_excerpt (const char *text,
                                gsize       n_characters);

G_END_DECLS
