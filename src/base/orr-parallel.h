/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

guint orr_parallel_threads (guint wanted);

G_END_DECLS
