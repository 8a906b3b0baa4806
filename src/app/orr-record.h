/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-window.h"

G_BEGIN_DECLS

gboolean orr_record_is_file_name (const char *path);
void     orr_record_open         (OrrWindow  *window,
                                  GFile      *file);
void     orr_record_choose       (OrrWindow  *window);

G_END_DECLS
