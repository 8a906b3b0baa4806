/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Sections (see orr-section.h) as JSON text and back. */

char     *orr_json_print (GVariant   *section,
                          gboolean    pretty);
GVariant *orr_json_parse (const char *text,
                          gssize      length,
                          GError    **error);

G_END_DECLS
