/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-window.h"

G_BEGIN_DECLS

void orr_leave_ask (OrrWindow      *window,
                    OrrWindowFunc   then,
                    gpointer        data,
                    GDestroyNotify  data_free);

G_END_DECLS
