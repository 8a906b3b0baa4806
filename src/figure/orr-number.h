/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *orr_number_format          (double value,
                                  guint  digits);
char *orr_number_format_fixed    (double value,
                                  guint  decimals);
char *orr_number_format_power    (int    exponent);

G_END_DECLS
