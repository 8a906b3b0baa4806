/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

guint32 *orr_progressive_order (gsize n,
                                gsize run);

G_END_DECLS
