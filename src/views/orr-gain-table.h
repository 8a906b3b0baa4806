/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "orr-hmm.h"

G_BEGIN_DECLS

#define ORR_TYPE_GAIN_TABLE (orr_gain_table_get_type ())
G_DECLARE_FINAL_TYPE (OrrGainTable, orr_gain_table, ORR, GAIN_TABLE, GtkWidget)

GtkWidget *orr_gain_table_new     (void);
void       orr_gain_table_show    (OrrGainTable *self,
                                   GVariant     *preview,
                                   const OrrHmm *hmm,
                                   int           from,
                                   int           to);
char      *orr_gain_table_to_csv  (GVariant     *preview,
                                   const OrrHmm *hmm);

G_END_DECLS
