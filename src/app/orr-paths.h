/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

void   orr_paths_init         (void);
char  *orr_paths_dup_examples (void);
char  *orr_paths_dup_guide    (void);
char  *orr_paths_dup_locale   (void);

G_END_DECLS
