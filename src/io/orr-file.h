/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * Whole files: read into memory, written so that whoever looks sees either the
 * old file or the complete new one, also after a power cut.
 */

GBytes     *orr_file_read           (const char  *path,
                                     GError     **error);
gboolean    orr_file_write          (const char  *path,
                                     GBytes      *bytes,
                                     GError     **error);

char       *orr_file_begin_replace  (const char  *path,
                                     GError     **error);
gboolean    orr_file_commit_replace (const char  *beside,
                                     const char  *path,
                                     GError     **error);

char       *orr_file_display_name   (const char  *path);
gboolean    orr_file_has_extension  (const char  *path,
                                     const char  *extension);
void        orr_file_prefix_error   (GError     **error,
                                     const char  *path);

G_END_DECLS
