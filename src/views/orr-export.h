/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-figure-save.h"
#include "orr-view.h"

G_BEGIN_DECLS

void orr_export_figure     (OrrView         *view,
                            const char      *title,
                            OrrFigureFormat  format);
void orr_export_csv        (OrrView         *view,
                            const char      *title);
void orr_export_copy_image (OrrView         *view);

G_END_DECLS
