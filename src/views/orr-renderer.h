/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gdk/gdk.h>

G_BEGIN_DECLS

gboolean orr_renderer_is_software (GdkDisplay *display);
void     orr_renderer_choose      (GdkDisplay *display);

G_END_DECLS
