/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * OrrParams:
 *
 * The parameters of a network, one flat float32 array with named parts, so that
 * optimisers, gradients and files deal with one array. Lay all parts out with
 * orr_params_add(), then call orr_params_allocate() once.
 */
typedef struct
{
  char *name;
  guint rows;
  guint cols;
  gsize offset; /* of the first value, a multiple of 16 */
  gboolean decay; /* a weight matrix, which weight decay pulls to 0 */
} OrrParamsPart;

typedef struct
{
  GArray *parts; /* of OrrParamsPart */
  gsize   size;
  float  *values; /* 64-byte aligned */
} OrrParams;

OrrParams *orr_params_new      (void);
void       orr_params_free     (OrrParams   *self);
guint      orr_params_add      (OrrParams   *self,
                                const char  *name,
                                guint        rows,
                                guint        cols);
void       orr_params_allocate (OrrParams   *self);
void       orr_params_fill_uniform (OrrParams *self,
                                    guint      part,
                                    float      limit,
                                    guint64    seed);
void       orr_params_fill     (OrrParams   *self,
                                guint        part,
                                float        value);

gboolean   orr_params_save     (const OrrParams *self,
                                const char      *path,
                                const char      *header,
                                gboolean         half,
                                GError         **error);
gboolean   orr_params_load     (OrrParams       *self,
                                const char      *path,
                                GError         **error);
char      *orr_params_read_header (const char   *path,
                                   GError      **error);

static inline const OrrParamsPart *
orr_params_part (const OrrParams *self, guint part)
{
  return &g_array_index (self->parts, OrrParamsPart, part);
}

/* Where @part lies in @array, which has the layout of @self (its values, or gradients). */
static inline float *
orr_params_at (const OrrParams *self, float *array, guint part)
{
  return array + orr_params_part (self, part)->offset;
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrrParams, orr_params_free)

G_END_DECLS
