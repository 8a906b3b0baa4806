/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-dataset.h"

G_BEGIN_DECLS

/* How many interquartile ranges outside the quartiles a value is far out (Tukey 1977). */
#define ORR_DATASET_FENCE 3.0
/* How many robust standard deviations off the equation a residual is far out (Iglewicz and Hoaglin 1993). */
#define ORR_DATASET_RESIDUAL_LIMIT 3.5

guint8 *orr_dataset_find_outliers (const OrrDataset *self,
                                   const double     *predicted,
                                   gsize            *n);

G_END_DECLS
