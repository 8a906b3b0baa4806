/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-figure.h"
#include "orr-session.h"

G_BEGIN_DECLS

int         orr_law_overlay_add          (OrrFigure  *figure,
                                          const char *section_name,
                                          GVariant   *section,
                                          OrrSession *session);
const char *orr_law_overlay_find_section (OrrSession *session);

G_END_DECLS
