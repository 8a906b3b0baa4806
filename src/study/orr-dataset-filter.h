/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-dataset.h"

G_BEGIN_DECLS

guint8 *orr_dataset_filter_rows (const OrrDataset *dataset,
                                 const char       *filter,
                                 GError          **error);

G_END_DECLS
