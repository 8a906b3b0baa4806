/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

void       orr_recents_add    (GSettings *settings,
                               GFile     *file);
void       orr_recents_remove (GSettings *settings,
                               GFile     *file);
GPtrArray *orr_recents_list   (GSettings *settings);

G_END_DECLS
