/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-session.h"

G_BEGIN_DECLS

void orr_player_attach (GtkWidget  *widget,
                        OrrSession *session);

G_END_DECLS
