/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-agent.h"
#include "orr-cli.h"

G_BEGIN_DECLS

gboolean orr_calibration_report (OrrCli         *cli,
                                 const OrrAgent *agent,
                                 guint           n,
                                 guint64         seed,
                                 GError        **error);

G_END_DECLS
