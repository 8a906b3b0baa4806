/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * OrrError:
 * @ORR_ERROR_FAILED: the work could not be done (exit 1 on the command line)
 * @ORR_ERROR_INPUT: what was given is wrong: a file, a table, a model, an
 *   option's value (exit 2 on the command line)
 * @ORR_ERROR_CANCELLED: a person stopped it (exit 130 on the command line)
 * @ORR_ERROR_NUMERIC: a computation left the finite numbers or did not converge
 *
 * One error domain for the whole program. Messages are one clear sentence that
 * says what and where, fit to be shown to a person.
 */
typedef enum
{
  ORR_ERROR_FAILED,
  ORR_ERROR_INPUT,
  ORR_ERROR_CANCELLED,
  ORR_ERROR_NUMERIC,
} OrrError;

#define ORR_ERROR (orr_error_quark ())
GQuark orr_error_quark (void);

G_END_DECLS
