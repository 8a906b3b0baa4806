/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-session.h"

G_BEGIN_DECLS

#define ORR_TYPE_TRAINING_QUEUE (orr_training_queue_get_type ())
G_DECLARE_FINAL_TYPE (OrrTrainingQueue, orr_training_queue, ORR, TRAINING_QUEUE, GtkWidget)

GtkWidget *orr_training_queue_new         (void);
void       orr_training_queue_set_session (OrrTrainingQueue *self,
                                           OrrSession       *session);
void       orr_training_queue_set_seed    (OrrTrainingQueue *self,
                                           guint64           seed,
                                           gboolean          valid);

G_END_DECLS
