/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  ORR_PICKLE_NONE,
  ORR_PICKLE_BOOLEAN,
  ORR_PICKLE_INTEGER,
  ORR_PICKLE_NUMBER,
  ORR_PICKLE_TEXT,
  ORR_PICKLE_BYTES,
  ORR_PICKLE_TUPLE,
  ORR_PICKLE_LIST,
  ORR_PICKLE_SET,
  ORR_PICKLE_DICT,
  ORR_PICKLE_GLOBAL,
  ORR_PICKLE_PERSISTENT,
  ORR_PICKLE_CALL,
} OrrPickleKind;

typedef struct _OrrPickleValue OrrPickleValue;

/**
 * OrrPickleValue:
 * @kind: what it is
 * @integer: of a boolean or an integer
 * @number: of a number
 * @text: (nullable): of a text (UTF-8); of a global its name "module.name"
 * @items: (nullable) (element-type OrrPickleValue): of a tuple, list or set the
 *   elements; of a dictionary key, value, key, value; of a persistent id the
 *   one value that identifies it; of a call the global and its tuple of arguments
 *
 * A value of a pickle. A "call" is only a note that Python would have called
 * something there: nothing is ever executed. Values may contain each other in
 * circles, so whoever walks them limits the depth and the count.
 */
struct _OrrPickleValue
{
  OrrPickleKind  kind;
  gint64         integer;
  double         number;
  char          *text;
  GPtrArray     *items;
};

/**
 * OrrPickle:
 *
 * A parsed pickle; owns all of its values.
 */
typedef struct _OrrPickle OrrPickle;

OrrPickle            *orr_pickle_parse    (GBytes               *bytes,
                                           const char *const    *allowed,
                                           GError              **error);
void                  orr_pickle_free     (OrrPickle            *self);
const OrrPickleValue *orr_pickle_get_root (OrrPickle            *self);
const OrrPickleValue *orr_pickle_find     (const OrrPickleValue *dict,
                                           const char           *key);
const OrrPickleValue *orr_pickle_item     (const OrrPickleValue *value,
                                           guint                 index,
                                           OrrPickleKind         kind);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrrPickle, orr_pickle_free)

G_END_DECLS
