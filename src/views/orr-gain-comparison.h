/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "orr-gain-sets.h"
#include "orr-session.h"

G_BEGIN_DECLS

#define ORR_TYPE_GAIN_COMPARISON (orr_gain_comparison_get_type ())
G_DECLARE_FINAL_TYPE (OrrGainComparison, orr_gain_comparison, ORR, GAIN_COMPARISON, AdwWindow)

GtkWidget *orr_gain_comparison_new (OrrSession       *session,
                                    const OrrGainSet *set,
                                    GtkWindow        *parent);

G_END_DECLS
