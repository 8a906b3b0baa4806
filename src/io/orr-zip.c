/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-zip.h"

#include <string.h>
#include <zip.h>

#include "orr-error.h"

/* Deflate cannot shrink by more than this; a larger promise is a bomb or damage. */
#define MAX_DEFLATE_RATIO 1032

/* Fixed time stamp, so that equal contents give equal files: 1980-01-01. */
#define DOS_DATE ((0 << 9) | (1 << 5) | 1)

/* Fixed part of a local file header, before its name. */
#define LOCAL_HEADER_LENGTH 30
/* The extra field that fills up to an alignment; PyTorch uses the same id. */
#define PADDING_ID 0x4246
#define PADDING_HEADER_LENGTH 4

struct _OrrZip
{
  GBytes *bytes;
  zip_t  *zip;
};

gboolean
orr_zip_is_archive (GBytes *bytes)
{
  gsize length;
  const char *data = g_bytes_get_data (bytes, &length);

  return length >= 4 && (memcmp (data, "PK\003\004", 4) == 0 || memcmp (data, "PK\005\006", 4) == 0);
}

/* Entries that share their bytes are how small archives grow without bound. */
static gboolean
check_no_overlap (zip_t *zip, gsize length, GError **error)
{
  gsize total = 0;
  zip_stat_t info;

  for (zip_int64_t i = 0; i < zip_get_num_entries (zip, 0); i++)
    {
      if (zip_stat_index (zip, i, 0, &info) != 0 || (info.valid & ZIP_STAT_COMP_SIZE) == 0 ||
          info.comp_size > length - total)
        {
          g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT,
                       "The zip archive is damaged (its entries promise more bytes than it has)");
          return FALSE;
        }
      total += info.comp_size;
    }
  return TRUE;
}

/**
 * orr_zip_open:
 *
 * Returns: (transfer full) (nullable): the archive that @bytes are
 */
OrrZip *
orr_zip_open (GBytes *bytes, GError **error)
{
  zip_error_t reason;
  gsize length;
  gconstpointer data = g_bytes_get_data (bytes, &length);

  zip_error_init (&reason);
  zip_source_t *source = zip_source_buffer_create (data, length, 0, &reason);
  zip_t *zip = source != NULL ? zip_open_from_source (source, ZIP_RDONLY, &reason) : NULL;
  if (zip == NULL)
    {
      g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "The zip archive is damaged or cut short (%s)",
                   zip_error_strerror (&reason));
      if (source != NULL)
        zip_source_free (source);
      zip_error_fini (&reason);
      return NULL;
    }
  zip_error_fini (&reason);
  if (!check_no_overlap (zip, length, error))
    {
      zip_discard (zip);
      return NULL;
    }

  OrrZip *self = g_new0 (OrrZip, 1);
  self->bytes = g_bytes_ref (bytes);
  self->zip = zip;
  return self;
}

void
orr_zip_free (OrrZip *self)
{
  if (self == NULL)
    return;
  zip_discard (self->zip);
  g_bytes_unref (self->bytes);
  g_free (self);
}

guint
orr_zip_get_length (OrrZip *self)
{
  return (guint) MIN (zip_get_num_entries (self->zip, 0), G_MAXINT);
}

/**
 * orr_zip_get_name:
 *
 * Returns: the entry's path as UTF-8, owned by the archive
 */
const char *
orr_zip_get_name (OrrZip *self, guint index)
{
  const char *name = zip_get_name (self->zip, index, ZIP_FL_ENC_GUESS);

  return name != NULL && g_utf8_validate (name, -1, NULL) ? name : "";
}

gboolean
orr_zip_find (OrrZip *self, const char *name, guint *index)
{
  zip_int64_t found = zip_name_locate (self->zip, name, ZIP_FL_ENC_GUESS);

  if (found < 0 || found > G_MAXINT)
    return FALSE;
  *index = (guint) found;
  return TRUE;
}

/* Whether the entry can be what it says, before memory is taken for it. */
static gboolean
check_entry (OrrZip *self, guint index, const char *name, zip_stat_t *info, GError **error)
{
  const zip_uint64_t needed = ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_COMP_METHOD;
  const char *wrong = NULL;

  if (zip_stat_index (self->zip, index, 0, info) != 0 || (info->valid & needed) != needed)
    wrong = "is damaged";
  else if ((info->valid & ZIP_STAT_ENCRYPTION_METHOD) != 0 && info->encryption_method != ZIP_EM_NONE)
    wrong = "is encrypted";
  else if (info->comp_method != ZIP_CM_STORE && info->comp_method != ZIP_CM_DEFLATE)
    wrong = "is compressed by a method that is not supported";
  else if (info->comp_size > g_bytes_get_size (self->bytes) || info->size / MAX_DEFLATE_RATIO > info->comp_size ||
           (info->comp_method == ZIP_CM_STORE && info->size != info->comp_size))
    wrong = "promises more bytes than the archive can hold";

  if (wrong != NULL)
    g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "The entry \"%s\" of the zip archive %s", name, wrong);
  return wrong == NULL;
}

/**
 * orr_zip_read:
 *
 * Returns: (transfer full) (nullable): the entry's content, its checksum verified
 */
GBytes *
orr_zip_read (OrrZip *self, guint index, GError **error)
{
  const char *name = orr_zip_get_name (self, index);
  zip_stat_t info;

  if (!check_entry (self, index, name, &info, error))
    return NULL;

  /* One byte more than promised, so that the end (and the checksum) is reached. */
  g_autofree char *content = g_try_malloc (info.size + 1);
  zip_file_t *file = content != NULL ? zip_fopen_index (self->zip, index, 0) : NULL;
  zip_int64_t n = file != NULL ? zip_fread (file, content, info.size + 1) : -1;
  if (file != NULL)
    zip_fclose (file);
  if (n < 0 || (zip_uint64_t) n != info.size)
    {
      g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "The entry \"%s\" of the zip archive is damaged (%s)", name,
                   zip_strerror (self->zip));
      return NULL;
    }
  return g_bytes_new_take (g_steal_pointer (&content), info.size);
}

OrrZipEntry *
orr_zip_entry_new (const char *name, GBytes *content, gboolean deflate)
{
  OrrZipEntry *self = g_new0 (OrrZipEntry, 1);

  self->name = g_strdup (name);
  self->content = g_bytes_ref (content);
  self->deflate = deflate;
  return self;
}

void
orr_zip_entry_free (OrrZipEntry *self)
{
  g_free (self->name);
  g_bytes_unref (self->content);
  g_free (self);
}

/* Pads the local header of a stored entry at @offset so that its content begins
 * at a multiple of @alignment. Returns the padding's length. */
static gsize
add_padding (zip_t *zip, zip_uint64_t index, gsize content_at, guint alignment)
{
  guint8 zeros[4096] = { 0 };
  gsize missing = (alignment - (content_at + PADDING_HEADER_LENGTH) % alignment) % alignment;

  g_return_val_if_fail (alignment <= sizeof zeros, 0);
  if (zip_file_extra_field_set (zip, index, PADDING_ID, 0, zeros, missing, ZIP_FL_LOCAL) != 0)
    return 0;
  return PADDING_HEADER_LENGTH + missing;
}

static gboolean
add_entries (zip_t *zip, GPtrArray *entries, guint alignment)
{
  gsize offset = 0;

  for (guint i = 0; i < entries->len; i++)
    {
      const OrrZipEntry *entry = entries->pdata[i];
      gsize length, name_length = strlen (entry->name);
      gconstpointer data = g_bytes_get_data (entry->content, &length);
      zip_source_t *source = zip_source_buffer (zip, data, length, 0);
      zip_int64_t index = source != NULL ? zip_file_add (zip, entry->name, source, ZIP_FL_ENC_UTF_8) : -1;

      if (index < 0)
        {
          zip_source_free (source);
          return FALSE;
        }
      if (zip_set_file_compression (zip, index, entry->deflate ? ZIP_CM_DEFLATE : ZIP_CM_STORE, 0) != 0 ||
          zip_file_set_dostime (zip, index, 0, DOS_DATE, 0) != 0)
        return FALSE;
      if (alignment > 0 && !entry->deflate)
        {
          offset += LOCAL_HEADER_LENGTH + name_length;
          offset += add_padding (zip, index, offset, alignment) + length;
        }
    }
  return TRUE;
}

static GBytes *
read_source (zip_source_t *source)
{
  zip_stat_t info;

  if (zip_source_stat (source, &info) != 0 || (info.valid & ZIP_STAT_SIZE) == 0 || zip_source_open (source) != 0)
    return NULL;

  g_autofree char *content = g_malloc (MAX (info.size, 1));
  zip_int64_t n = zip_source_read (source, content, info.size);
  zip_source_close (source);
  if (n < 0 || (zip_uint64_t) n != info.size)
    return NULL;
  return g_bytes_new_take (g_steal_pointer (&content), info.size);
}

/**
 * orr_zip_print:
 * @entries: (element-type OrrZipEntry): in the archive's order
 * @alignment: begin the content of stored entries at multiples of this many
 *   bytes, as PyTorch does to map them (needs all entries stored, and names in
 *   ASCII); 0 for no care
 *
 * Returns: (transfer full) (nullable): the archive; equal entries give equal bytes
 */
GBytes *
orr_zip_print (GPtrArray *entries, guint alignment, GError **error)
{
  zip_error_t reason;
  GBytes *bytes = NULL;

  zip_error_init (&reason);
  zip_source_t *source = zip_source_buffer_create (NULL, 0, 0, &reason);
  if (source != NULL)
    zip_source_keep (source);
  zip_t *zip = source != NULL ? zip_open_from_source (source, ZIP_CREATE | ZIP_TRUNCATE, &reason) : NULL;

  if (zip != NULL)
    {
      if (add_entries (zip, entries, alignment) && zip_close (zip) == 0)
        bytes = read_source (source);
      else
        zip_discard (zip);
    }
  if (bytes == NULL)
    g_set_error (error, ORR_ERROR, ORR_ERROR_FAILED, "The zip archive could not be made");
  if (source != NULL)
    zip_source_free (source);
  zip_error_fini (&reason);
  return bytes;
}
