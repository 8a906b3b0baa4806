/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-session.h"

G_BEGIN_DECLS

#define ORR_TYPE_TRAINING_PANEL (orr_training_panel_get_type ())
G_DECLARE_FINAL_TYPE (OrrTrainingPanel, orr_training_panel, ORR, TRAINING_PANEL, GtkWidget)

GtkWidget             *orr_training_panel_new         (OrrSession            *session);
void                   orr_training_panel_set_session (OrrTrainingPanel      *self,
                                                       OrrSession            *session);
const OrrTrainOptions *orr_training_panel_get_options (OrrTrainingPanel      *self);
void                   orr_training_panel_set_options (OrrTrainingPanel      *self,
                                                       const OrrTrainOptions *options);

G_END_DECLS
