/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define ORR_TYPE_PREFERENCES_WINDOW (orr_preferences_window_get_type ())
G_DECLARE_FINAL_TYPE (OrrPreferencesWindow, orr_preferences_window, ORR, PREFERENCES_WINDOW,
                      AdwPreferencesWindow)

GtkWidget *orr_preferences_window_new (GSettings *settings);

G_END_DECLS
