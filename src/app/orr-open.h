/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-window.h"

G_BEGIN_DECLS

void orr_open_file   (OrrWindow *window,
                      GFile     *file);
void orr_open_choose (OrrWindow *window,
                      gboolean   networks_only);

G_END_DECLS
