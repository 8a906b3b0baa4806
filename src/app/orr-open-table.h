/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-dataset.h"
#include "orr-window.h"

G_BEGIN_DECLS

OrrDataset *orr_open_table_read   (const char *path,
                                   GError    **error);
void        orr_open_table_show   (OrrWindow  *window,
                                   OrrDataset *dataset);
void        orr_open_table_choose (OrrWindow  *window);

G_END_DECLS
