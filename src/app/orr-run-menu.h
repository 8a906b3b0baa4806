/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "orr-session.h"

G_BEGIN_DECLS

#define ORR_TYPE_RUN_MENU (orr_run_menu_get_type ())
G_DECLARE_FINAL_TYPE (OrrRunMenu, orr_run_menu, ORR, RUN_MENU, AdwBin)

void orr_run_menu_set_session (OrrRunMenu *self,
                               OrrSession *session);

G_END_DECLS
