/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-session.h"

G_BEGIN_DECLS

/**
 * OrrUnitGroup:
 * @is_kick: a kick group; otherwise the population that integrates noise for one
 * @from: symbol that is left
 * @to: symbol that comes
 * @units: which units
 *
 * Units that an analysis found to act together.
 */
typedef struct
{
  gboolean   is_kick;
  guint      from;
  guint      to;
  GtkBitset *units;
} OrrUnitGroup;

GVariant  *orr_session_dup_section   (OrrSession   *self,
                                      const char   *name);
GPtrArray *orr_session_dup_groups    (OrrSession   *self);
gboolean   orr_session_get_direction (OrrSession   *self,
                                      guint        *from,
                                      guint        *to);
char      *orr_session_dup_symbol_name (OrrSession *self,
                                      guint         symbol);

G_END_DECLS
