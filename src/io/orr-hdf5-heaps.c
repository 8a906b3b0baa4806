/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE /* memmem */
#include "orr-hdf5-private.h"

#include <string.h>

/*
 * HDF5 1.10 trusts what a global heap (where texts of variable length lie) says
 * of itself and what is said of it: a size that is wrong makes it copy beyond
 * the heap, a size of zero makes it loop for ever, a number that does not exist
 * makes it read anywhere. So heaps and references are looked at before it is let
 * near them (HDF5 File Format Specification 3.0, III.E, IV.A.2.m).
 */

#define SIGNATURE "GCOL"
#define COLLECTION_HEADER 16
#define OBJECT_HEADER 16
#define MIN_COLLECTION 4096
#define REFERENCE 16
#define MAX_NAME 1024

/* Addresses and lengths of 8 bytes: what every program writes today. */
#define FILE_SIGNATURE "\211HDF\r\n\032\n"
#define SIZE_OF_OFFSETS_V0 13
#define SIZE_OF_OFFSETS_V2 9

static guint64
get_number (const guint8 *data, guint n)
{
  guint64 number = 0;

  for (guint i = 0; i < n; i++)
    number |= (guint64) data[i] << (8 * i);
  return number;
}

/* The objects fill their collection one after the other; number 0 is free space. */
static gboolean
check_collection (const guint8 *collection, gsize available)
{
  guint64 size = get_number (collection + 8, 8);

  if (size < MIN_COLLECTION || size > available)
    return FALSE;
  for (guint64 at = COLLECTION_HEADER; size - at >= OBJECT_HEADER;)
    {
      guint64 number = get_number (collection + at, 2);
      guint64 length = get_number (collection + at + 8, 8);
      guint64 room = size - at;

      if (length > room || (number == 0 && length < OBJECT_HEADER) || (number > 0 && length > room - OBJECT_HEADER))
        return FALSE;
      /* Objects begin at multiples of 8; the last one may end with its collection. */
      guint64 step = (length + 7) / 8 * 8 + (number > 0 ? OBJECT_HEADER : 0);
      if (step > room)
        return FALSE;
      at += step;
    }
  return TRUE;
}

/* Where the superblock stands, after the user block; -1 when there is none or
 * it has addresses of another width. All addresses count from there. */
static gssize
find_superblock (const guint8 *data, gsize length)
{
  for (gsize at = 0; at < length && length - at >= 16; at = at == 0 ? 512 : 2 * at)
    if (memcmp (data + at, FILE_SIGNATURE, 8) == 0)
      {
        const guint8 *sizes = data + at + (data[at + 8] < 2 ? SIZE_OF_OFFSETS_V0 : SIZE_OF_OFFSETS_V2);
        return sizes[0] == 8 && sizes[1] == 8 ? (gssize) at : -1;
      }
  return -1;
}

/* A text of variable length is stored as length, address of its heap, number of
 * its object there: the object must exist and be long enough. */
static gboolean
check_reference (const guint8 *data, gsize length, gsize base, const guint8 *reference)
{
  guint64 text_length = get_number (reference, 4);
  guint64 address = get_number (reference + 4, 8);
  guint64 wanted = get_number (reference + 12, 4);

  if (address == 0)
    return text_length == 0;
  if (address > length || base + address > length || length - base - address < COLLECTION_HEADER)
    return FALSE;

  const guint8 *collection = data + base + address;
  gsize available = length - base - address;
  if (memcmp (collection, SIGNATURE, 4) != 0 || !check_collection (collection, available))
    return FALSE;
  guint64 size = get_number (collection + 8, 8);
  for (guint64 at = COLLECTION_HEADER; size - at >= OBJECT_HEADER;)
    {
      guint64 number = get_number (collection + at, 2);
      guint64 object_length = get_number (collection + at + 8, 8);

      if (number == wanted && number > 0)
        return text_length <= object_length;
      at += (object_length + 7) / 8 * 8 + (number > 0 ? OBJECT_HEADER : 0);
    }
  return FALSE;
}

/**
 * orr_hdf5_check_references:
 * @self: a file that is read
 * @at: where in the file a dataset of texts of variable length is stored
 * @n: how many texts it has
 *
 * Returns: whether all of them are where the dataset says
 */
gboolean
orr_hdf5_check_references (OrrHdf5 *self, gsize at, gsize n)
{
  const guint8 *data = (const guint8 *) g_mapped_file_get_contents (self->content);
  gsize length = g_mapped_file_get_length (self->content);
  gssize base = find_superblock (data, length);

  if (base < 0 || at > length || n > (length - at) / REFERENCE)
    return FALSE;
  for (gsize i = 0; i < n; i++)
    if (!check_reference (data, length, base, data + at + i * REFERENCE))
      return FALSE;
  return TRUE;
}

static gsize
pad (gsize size, guint version)
{
  return version == 1 ? (size + 7) / 8 * 8 : size;
}

/* The number of values that the dataspace message at @space counts; 0 when it is damaged. */
static gsize
count_values (const guint8 *space, const guint8 *end)
{
  gsize n = 1, header = space[0] == 1 ? 8 : 4;
  guint rank = space[1];

  if (space[0] < 1 || space[0] > 2 || rank > 32 || (gsize) (end - space) < header + 8 * rank)
    return 0;
  for (guint d = 0; d < rank; d++)
    if (!g_size_checked_mul (&n, n, get_number (space + header + 8 * d, 8)))
      return G_MAXSIZE;
  return n;
}

/* Whether the attribute message at @message, whose type stands at @type, has sound references. */
static gboolean
check_attribute (const guint8 *data, gsize length, gsize base, const guint8 *message, const guint8 *type)
{
  const guint8 *end = data + length;
  guint version = message[0];
  const guint8 *space = type + pad (get_number (message + 4, 2), version);

  if (end - space < 12)
    return FALSE;
  gsize n = count_values (space, end);
  const guint8 *values = space + pad (get_number (message + 6, 2), version);
  if (values > end || n > (gsize) (end - values) / REFERENCE)
    return FALSE;
  for (gsize i = 0; i < n; i++)
    if (!check_reference (data, length, base, values + i * REFERENCE))
      return FALSE;
  return TRUE;
}

/* Whether a type that may be an attribute's really is one, and is sound: before
 * it stand the attribute's name and, before that, a header with its length. */
static gboolean
check_type (const guint8 *data, gsize length, gsize base, const guint8 *type)
{
  for (gsize n = 1; n <= MAX_NAME; n++)
    for (guint version = 1; version <= 3; version++)
      {
        gsize before = pad (n, version) + (version == 3 ? 9 : 8);
        const guint8 *message = type - before;

        if (before <= (gsize) (type - data) && message[0] == version && get_number (message + 2, 2) == n &&
            type[-1] == 0 && !check_attribute (data, length, base, message, type))
          return FALSE;
      }
  return TRUE;
}

/* The type of a text of variable length begins like this (class 9, kind 1, 16 bytes). */
static gboolean
is_text_type (const guint8 *type)
{
  return (type[0] & 0x0f) == 9 && (type[1] & 0x0f) == 1 && get_number (type + 3, 5) == 16 << 8;
}

/**
 * orr_hdf5_check_heaps:
 * @data: a whole file
 *
 * Returns: whether it begins like an HDF5 file, all of its global heaps are
 * sound, and its attributes refer to texts that are there
 */
gboolean
orr_hdf5_check_heaps (const guint8 *data, gsize length)
{
  gssize base = length > 0 ? find_superblock (data, length) : -1;

  if (base < 0)
    return FALSE;

  const guint8 *end = data + length;
  for (const guint8 *at = data; (at = memmem (at, end - at, SIGNATURE, 4)) != NULL; at++)
    {
      /* Version 1 and three zeros: that is no accident. */
      if (end - at >= COLLECTION_HEADER && get_number (at + 4, 4) == 1 && !check_collection (at, end - at))
        return FALSE;
    }
  for (const guint8 *at = data; (at = memmem (at, end - at, "\0\x10\0\0\0", 5)) != NULL; at++)
    {
      if (at - data >= 3 && is_text_type (at - 3) && !check_type (data, length, base, at - 3))
        return FALSE;
    }
  return TRUE;
}
