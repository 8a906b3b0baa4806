/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-window.h"

G_BEGIN_DECLS

#define ORR_TYPE_FIT_DIALOG (orr_fit_dialog_get_type ())
G_DECLARE_FINAL_TYPE (OrrFitDialog, orr_fit_dialog, ORR, FIT_DIALOG, AdwWindow)

void orr_fit_dialog_present (OrrWindow *window);

G_END_DECLS
