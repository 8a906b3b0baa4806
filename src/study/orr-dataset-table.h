/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-dataset.h"
#include "orr-table.h"

G_BEGIN_DECLS

OrrDataset *orr_dataset_from_table (const OrrTable *table,
                                    const char     *name,
                                    GError        **error);

G_END_DECLS
