/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-training.h"

G_BEGIN_DECLS

char *orr_training_status_describe (OrrTraining *training);

G_END_DECLS
