/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * OrrZip:
 *
 * A zip archive in memory, opened for reading. Used from one thread at a time.
 */
typedef struct _OrrZip OrrZip;

gboolean    orr_zip_is_archive (GBytes        *bytes);
OrrZip     *orr_zip_open       (GBytes        *bytes,
                                GError       **error);
void        orr_zip_free       (OrrZip        *self);
guint       orr_zip_get_length (OrrZip        *self);
const char *orr_zip_get_name   (OrrZip        *self,
                                guint          index);
gboolean    orr_zip_find       (OrrZip        *self,
                                const char    *name,
                                guint         *index);
GBytes     *orr_zip_read       (OrrZip        *self,
                                guint          index,
                                GError       **error);

/**
 * OrrZipEntry:
 * @name: its path within the archive
 * @content: what it holds
 * @deflate: compress it
 */
typedef struct
{
  char     *name;
  GBytes   *content;
  gboolean  deflate;
} OrrZipEntry;

OrrZipEntry *orr_zip_entry_new  (const char   *name,
                                 GBytes       *content,
                                 gboolean      deflate);
void         orr_zip_entry_free (OrrZipEntry  *self);
GBytes      *orr_zip_print      (GPtrArray    *entries,
                                 guint         alignment,
                                 GError      **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrrZip, orr_zip_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrrZipEntry, orr_zip_entry_free)

G_END_DECLS
