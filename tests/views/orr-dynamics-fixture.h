/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-session.h"

OrrNetwork *orr_fixture_network (void);
OrrSession *orr_fixture_session (OrrNetwork *network,
                                 OrrHmm     *hmm,
                                 guint       n_steps);
GtkWidget  *orr_fixture_window  (OrrSession *session,
                                 int         width,
                                 int         height);
void        orr_fixture_wait    (OrrSession *session);
