/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-figure.h"

G_BEGIN_DECLS

char *orr_figure_to_csv  (const OrrFigure *figure);
void  orr_csv_append     (GString         *csv,
                          const char      *field);
void  orr_csv_append_number (GString      *csv,
                             double        value);

G_END_DECLS
