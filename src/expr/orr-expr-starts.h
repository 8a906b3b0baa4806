/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-expr-fit.h"

G_BEGIN_DECLS

/* What a constant does decides where a fit looks for it. */
typedef enum
{
  ORR_EXPR_ROLE_LINEAR,    /* solved exactly */
  ORR_EXPR_ROLE_FREQUENCY, /* multiplies inside sin, cos or tan */
  ORR_EXPR_ROLE_PHASE,     /* is added inside sin, cos or tan */
  ORR_EXPR_ROLE_OTHER,
} OrrExprRole;

/**
 * OrrExprStarts:
 * @roles: by slot
 * @is_signed: by slot, of frequencies: whether their sign matters
 * @grid_step: by slot, of frequencies: half the resolution that the rows allow
 */
typedef struct
{
  guint       n_constants;
  OrrExprRole roles[ORR_EXPR_FIT_MAX_CONSTANTS];
  gboolean    is_signed[ORR_EXPR_FIT_MAX_CONSTANTS];
  double      grid_step[ORR_EXPR_FIT_MAX_CONSTANTS];
  gboolean    has_linear;
} OrrExprStarts;

void orr_expr_starts_init (OrrExprStarts    *self,
                           const OrrExpr    *expr,
                           const OrrSamples *samples);
guint orr_expr_starts_count (const OrrExprStarts *self,
                             guint                most);
gboolean orr_expr_starts_has_waves (const OrrExprStarts *self);
void orr_expr_starts_get  (const OrrExprStarts *self,
                           guint                index,
                           double              *constants);

G_END_DECLS
