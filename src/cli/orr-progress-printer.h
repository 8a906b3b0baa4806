/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * OrrProgressPrinter:
 *
 * Shows on standard error how far a computation is: a bar with the time left
 * on a terminal, a line every few seconds elsewhere, or JSON lines. Thread-safe.
 */
typedef struct _OrrProgressPrinter OrrProgressPrinter;

OrrProgressPrinter *orr_progress_printer_new       (void);
gboolean            orr_progress_printer_set_style (OrrProgressPrinter *self,
                                                    const char         *name);
void                orr_progress_printer_report    (double              fraction,
                                                    const char         *text,
                                                    gpointer            printer);
void                orr_progress_printer_message   (OrrProgressPrinter *self,
                                                    const char         *text);
void                orr_progress_printer_event     (OrrProgressPrinter *self,
                                                    GVariant           *section);
void                orr_progress_printer_finish    (OrrProgressPrinter *self);

G_END_DECLS
