/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "orr-document.h"

G_BEGIN_DECLS

#define ORR_TYPE_RECOVERY_BAR (orr_recovery_bar_get_type ())
G_DECLARE_FINAL_TYPE (OrrRecoveryBar, orr_recovery_bar, ORR, RECOVERY_BAR, AdwBin)

void orr_recovery_bar_search (OrrRecoveryBar *self);

G_END_DECLS
