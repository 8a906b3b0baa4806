/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE /* memmem */
#include "orr-hdf5-private.h"

#include <string.h>

/*
 * HDF5 1.10 trusts what a global heap (where texts of variable length lie) says
 * of itself: a size that is wrong makes it copy beyond the heap, a size of zero
 * makes it loop for ever. So the heaps are looked at before it is let near them
 * (HDF5 File Format Specification 3.0, III.E).
 */

#define SIGNATURE "GCOL"
#define COLLECTION_HEADER 16
#define OBJECT_HEADER 16
#define MIN_COLLECTION 4096

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

static gboolean
check_superblock (const guint8 *data, gsize length)
{
  for (gsize at = 0; at < length && length - at >= 16; at = at == 0 ? 512 : 2 * at)
    if (memcmp (data + at, FILE_SIGNATURE, 8) == 0)
      {
        const guint8 *sizes = data + at + (data[at + 8] < 2 ? SIZE_OF_OFFSETS_V0 : SIZE_OF_OFFSETS_V2);
        return sizes[0] == 8 && sizes[1] == 8;
      }
  return FALSE;
}

/**
 * orr_hdf5_check_heaps:
 * @data: a whole file
 *
 * Returns: whether it begins like an HDF5 file and all of its global heaps are sound
 */
gboolean
orr_hdf5_check_heaps (const guint8 *data, gsize length)
{
  if (length == 0 || !check_superblock (data, length))
    return FALSE;

  const guint8 *end = data + length;
  for (const guint8 *at = data; (at = memmem (at, end - at, SIGNATURE, 4)) != NULL; at++)
    {
      /* Version 1 and three zeros: that is no accident. */
      if (end - at >= COLLECTION_HEADER && get_number (at + 4, 4) == 1 && !check_collection (at, end - at))
        return FALSE;
    }
  return TRUE;
}
