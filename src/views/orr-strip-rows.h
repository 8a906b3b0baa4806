/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-session.h"
#include "orr-strip-row.h"

G_BEGIN_DECLS

GPtrArray *orr_strip_rows_build (OrrSession *session);

G_END_DECLS
