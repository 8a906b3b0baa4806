/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-error.h"

G_DEFINE_QUARK (orr-error-quark, orr_error)
