/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Each writes its rows of @n values (a multiple of 16) one after the other and returns how many rows. */
int orr_dictionary_unary      (const float *x,
                               float       *rows,
                               int          n);
int orr_dictionary_pair       (const float *x,
                               const float *z,
                               float       *rows,
                               int          n);
int orr_dictionary_triple     (const float *x,
                               const float *z,
                               const float *w,
                               float       *rows,
                               int          n);
int orr_dictionary_transforms (const float *y,
                               float       *rows,
                               int          n);
gboolean orr_dictionary_normalize (float   *row,
                                   int      n);
float orr_dictionary_dot      (const float *a,
                               const float *b,
                               int          n);
void orr_dictionary_subtract  (float       *a,
                               const float *b,
                               float        times,
                               int          n);

G_END_DECLS
