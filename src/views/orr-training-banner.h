/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-session.h"

G_BEGIN_DECLS

#define ORR_TYPE_TRAINING_BANNER (orr_training_banner_get_type ())
G_DECLARE_FINAL_TYPE (OrrTrainingBanner, orr_training_banner, ORR, TRAINING_BANNER, GtkWidget)

GtkWidget            *orr_training_banner_new          (void);
void                  orr_training_banner_set_training (OrrTrainingBanner *self,
                                                        OrrTraining       *training);
const OrrTrainRemedy *orr_training_banner_get_remedy   (OrrTrainingBanner *self);

G_END_DECLS
