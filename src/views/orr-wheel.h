/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

void orr_wheel_pass_on (GtkWidget *spin);

G_END_DECLS
