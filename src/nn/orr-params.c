/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-params.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "orr-error.h"
#include "orr-matrix.h"
#include "orr-random.h"

#define MAGIC "OrrWeights1\n"
#define ALIGNMENT 16

OrrParams *
orr_params_new (void)
{
  OrrParams *self = g_new0 (OrrParams, 1);

  self->parts = g_array_new (FALSE, TRUE, sizeof (OrrParamsPart));
  return self;
}

void
orr_params_free (OrrParams *self)
{
  if (self == NULL)
    return;
  for (guint i = 0; i < self->parts->len; i++)
    g_free (g_array_index (self->parts, OrrParamsPart, i).name);
  g_array_unref (self->parts);
  orr_aligned_free (self->values);
  g_free (self);
}

/* Adds a part of @rows x @cols values (a vector has one row); returns its number. */
guint
orr_params_add (OrrParams *self, const char *name, guint rows, guint cols)
{
  OrrParamsPart part = { g_strdup (name), rows, cols, self->size, rows > 1 };

  g_return_val_if_fail (self->values == NULL, 0);
  self->size += ((gsize) rows * cols + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  g_array_append_val (self->parts, part);
  return self->parts->len - 1;
}

/* Allocates the values, all 0. */
void
orr_params_allocate (OrrParams *self)
{
  g_return_if_fail (self->values == NULL);
  self->values = orr_aligned_alloc0 (self->size, sizeof (float));
}

/* Fills @part uniformly in (-limit, limit); numbers depend on the seed and the part's place. */
void
orr_params_fill_uniform (OrrParams *self, guint part, float limit, guint64 seed)
{
  const OrrParamsPart *p = orr_params_part (self, part);
  float *values = self->values + p->offset;
  gsize n = (gsize) p->rows * p->cols;

  orr_random_uniform_fill (values, n, seed, ORR_RANDOM_STREAM_WEIGHTS, p->offset);
  for (gsize i = 0; i < n; i++)
    values[i] = limit * (2.0f * values[i] - 1.0f);
}

void
orr_params_fill (OrrParams *self, guint part, float value)
{
  const OrrParamsPart *p = orr_params_part (self, part);

  for (gsize i = 0; i < (gsize) p->rows * p->cols; i++)
    self->values[p->offset + i] = value;
}

/* --- Files: magic, one line of header, then the parts: name, shape, width, values. Little endian. --- */

static gboolean
write_part (FILE *file, const OrrParamsPart *part, const float *values, gboolean half)
{
  gsize n = (gsize) part->rows * part->cols;

  fprintf (file, "%s %u %u %s\n", part->name, part->rows, part->cols, half ? "f16" : "f32");
  if (!half)
    return fwrite (values, sizeof (float), n, file) == n;

  g_autofree _Float16 *narrow = g_new (_Float16, n);
  for (gsize i = 0; i < n; i++)
    narrow[i] = (_Float16) values[i];
  return fwrite (narrow, sizeof (_Float16), n, file) == n;
}

/**
 * orr_params_save:
 * @header: one line of text that says what the weights are for
 * @half: store as float16
 *
 * Writes beside @path first and renames, so that an interruption leaves the old file whole.
 */
gboolean
orr_params_save (const OrrParams *self, const char *path, const char *header, gboolean half, GError **error)
{
  g_autofree char *temporary = g_strdup_printf ("%s.part", path);
  FILE *file = fopen (temporary, "wb");
  gboolean ok = file != NULL;

  if (ok)
    {
      ok = fprintf (file, MAGIC "%s\n%u\n", header, self->parts->len) > 0;
      for (guint i = 0; ok && i < self->parts->len; i++)
        ok = write_part (file, orr_params_part (self, i), self->values + orr_params_part (self, i)->offset, half);
      ok = fclose (file) == 0 && ok;
    }
  ok = ok && rename (temporary, path) == 0;
  if (!ok)
    g_set_error (error, ORR_ERROR, ORR_ERROR_FAILED, "The weights could not be written to %s", path);
  return ok;
}

typedef struct
{
  const char *at;
  const char *end;
} Reader;

/* (transfer full) (nullable): the next line, without its end. */
static char *
read_line (Reader *reader)
{
  const char *newline = memchr (reader->at, '\n', reader->end - reader->at);

  if (newline == NULL)
    return NULL;
  char *line = g_strndup (reader->at, newline - reader->at);
  reader->at = newline + 1;
  return line;
}

static char *
open_file (const char *path, Reader *reader, char **contents, GError **error)
{
  gsize length;

  if (!g_file_get_contents (path, contents, &length, NULL))
    {
      g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "The weights in %s could not be read", path);
      return NULL;
    }
  *reader = (Reader){ *contents, *contents + length };
  if (length > strlen (MAGIC) && memcmp (*contents, MAGIC, strlen (MAGIC)) == 0)
    {
      reader->at += strlen (MAGIC);
      char *header = read_line (reader);
      if (header != NULL)
        return header;
    }
  g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "%s is not a file of weights", path);
  return NULL;
}

/* (transfer full) (nullable): the line that says what the weights in @path are for. */
char *
orr_params_read_header (const char *path, GError **error)
{
  g_autofree char *contents = NULL;
  Reader reader;

  return open_file (path, &reader, &contents, error);
}

static gboolean
read_part (Reader *reader, const OrrParamsPart *part, float *values)
{
  g_autofree char *line = read_line (reader);
  g_autofree char *narrow = g_strdup_printf ("%s %u %u f16", part->name, part->rows, part->cols);
  g_autofree char *wide = g_strdup_printf ("%s %u %u f32", part->name, part->rows, part->cols);
  gboolean half = g_strcmp0 (line, narrow) == 0;
  gsize n = (gsize) part->rows * part->cols;
  gsize width = half ? sizeof (_Float16) : sizeof (float);

  if (line == NULL || (!half && !g_str_equal (line, wide)) || (gsize) (reader->end - reader->at) < n * width)
    return FALSE;
  for (gsize i = 0; i < n; i++)
    if (half)
      {
        _Float16 value;
        memcpy (&value, reader->at + i * width, width);
        values[i] = (float) value;
      }
    else
      memcpy (&values[i], reader->at + i * width, width);
  reader->at += n * width;
  for (gsize i = 0; i < n; i++)
    if (!isfinite (values[i]))
      return FALSE;
  return TRUE;
}

/**
 * orr_params_load:
 *
 * Reads weights of exactly this layout into an allocated @self.
 */
gboolean
orr_params_load (OrrParams *self, const char *path, GError **error)
{
  g_autofree char *contents = NULL;
  Reader reader;
  g_autofree char *header = open_file (path, &reader, &contents, error);

  if (header == NULL)
    return FALSE;
  g_autofree char *count = read_line (&reader);
  gboolean ok = count != NULL && g_ascii_strtoull (count, NULL, 10) == self->parts->len;
  for (guint i = 0; ok && i < self->parts->len; i++)
    {
      const OrrParamsPart *part = orr_params_part (self, i);
      ok = read_part (&reader, part, self->values + part->offset);
      if (!ok)
        g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "The weights in %s do not fit this network at %s", path,
                     part->name);
    }
  if (!ok && error != NULL && *error == NULL)
    g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "The weights in %s do not fit this network", path);
  return ok;
}
