/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-actions.h"

G_BEGIN_DECLS

/*
 * The dictionary-correlation encoding of a data set: how strongly transforms
 * of y (y, y^2, ln|y| ...) correlate with a dictionary of functions of x, what
 * three steps of matching pursuit find, and the ranges of the data. A number
 * that no point can change the order of: the encoding of a set.
 */
#define ORR_DICTIONARY_UNARY 66
#define ORR_DICTIONARY_PAIR 36
#define ORR_DICTIONARY_BASES (3 * ORR_DICTIONARY_UNARY + 3 * ORR_DICTIONARY_PAIR + 6)
#define ORR_DICTIONARY_TRANSFORMS 9
#define ORR_DICTIONARY_STEPS 3
#define ORR_DICTIONARY_STATISTICS 32
#define ORR_DICTIONARY_FEATURES                                                                              \
  (2 * ORR_DICTIONARY_BASES * ORR_DICTIONARY_TRANSFORMS + 3 * ORR_DICTIONARY_BASES * ORR_DICTIONARY_STEPS      \
   + ORR_DICTIONARY_STATISTICS)
#define ORR_DICTIONARY_MAX_POINTS 256

typedef struct _OrrDictionary OrrDictionary;

OrrDictionary *orr_dictionary_new    (void);
void           orr_dictionary_free   (OrrDictionary *self);
void           orr_dictionary_encode (OrrDictionary *self,
                                      const double  *x,
                                      gsize          stride,
                                      guint          n_variables,
                                      const double  *y,
                                      guint          n,
                                      float         *features);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrrDictionary, orr_dictionary_free)

G_END_DECLS
