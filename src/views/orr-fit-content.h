/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-figure-fit.h"
#include "orr-workbench.h"

G_BEGIN_DECLS

/* Along no input: predicted against measured. */
#define ORR_FIT_PREDICTED (-1)

/**
 * OrrFitContent:
 *
 * All the numbers behind one picture of the fit.
 */
typedef struct _OrrFitContent OrrFitContent;

OrrFitContent *orr_fit_content_new          (OrrWorkbench        *bench,
                                             int                  along,
                                             const char          *at);
void           orr_fit_content_free         (OrrFitContent       *self);
OrrFigure     *orr_fit_content_create_figure (const OrrFitContent *self);
const double  *orr_fit_content_get_x        (const OrrFitContent *self,
                                             guint                plot);
const double  *orr_fit_content_get_y        (const OrrFitContent *self,
                                             guint                plot);
const guint8  *orr_fit_content_get_outliers (const OrrFitContent *self);
char          *orr_fit_content_dup_csv      (OrrWorkbench        *bench);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrrFitContent, orr_fit_content_free)

G_END_DECLS
