/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-window.h"

G_BEGIN_DECLS

/**
 * OrrImportFunc:
 * @name: what the person calls the network
 * @hmm: (nullable): the model it is compared with
 */
typedef void (*OrrImportFunc) (OrrWindow *window, OrrNetwork *network, const char *name, OrrHmm *hmm);

void orr_import_dialog_present (OrrWindow     *window,
                                OrrNetwork    *network,
                                const char    *name,
                                OrrImportFunc  func);

G_END_DECLS
