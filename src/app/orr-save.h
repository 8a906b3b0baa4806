/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-window.h"

G_BEGIN_DECLS

/**
 * OrrSavedFunc:
 * @saved: whether the study is in its file now
 */
typedef void (*OrrSavedFunc) (OrrWindow *window, gboolean saved, gpointer user_data);

void orr_save (OrrWindow    *window,
               gboolean      choose_name,
               OrrSavedFunc  done,
               gpointer      user_data);

G_END_DECLS
