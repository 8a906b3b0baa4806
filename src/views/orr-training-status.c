/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-training-status.h"

#include <glib/gi18n.h>
#include <math.h>

#include "orr-number.h"

/* Epochs whose mean tells how long one takes. */
#define RECENT 20

static char *
format_time (double seconds)
{
  guint whole = ceil (MAX (seconds, 0.0));

  if (whole < 60)
    return g_strdup_printf (ngettext ("%u second left", "%u seconds left", whole), whole);
  if (whole < 3600)
    return g_strdup_printf (ngettext ("%u minute left", "%u minutes left", (whole + 30) / 60), (whole + 30) / 60);
  return g_strdup_printf (_("%u h %u min left"), whole / 3600, whole % 3600 / 60);
}

/* Seconds an epoch, over the last ones. */
static double
recent_seconds (const OrrTrainEpoch *history, guint n)
{
  guint from = n > RECENT ? n - RECENT : 0;
  double sum = 0.0;

  for (guint i = from; i < n; i++)
    sum += history[i].seconds;
  return n > 0 ? sum / (n - from) : NAN;
}

static char *
describe_epochs (const OrrTrainEpoch *history, guint n, guint n_epochs)
{
  const OrrTrainEpoch *last = &history[n - 1];
  double seconds = recent_seconds (history, n);
  g_autofree char *each = orr_number_format (seconds, 2);
  g_autofree char *left = format_time (seconds * (n_epochs - n));
  g_autofree char *loss = orr_number_format (last->validation_loss, 4);
  g_autofree char *best = orr_number_format (last->best_validation_loss, 4);
  g_autofree char *norm = orr_number_format (last->gradient_norm, 2);

  return g_strdup_printf (_("Epoch %u of %u \302\267 %s s per epoch \302\267 %s\n"
                            "Validation %s, best %s at epoch %u \302\267 gradient %s"),
                          last->epoch, n_epochs, each, left, loss, best, last->best_epoch, norm);
}

/**
 * orr_training_status_describe:
 * @training: one that runs or waits
 *
 * Returns: (transfer full): how far it is, in two lines once it has epochs
 */
char *
orr_training_status_describe (OrrTraining *training)
{
  guint n;
  const OrrTrainEpoch *history = orr_training_get_history (training, &n);

  if (n > 0)
    return describe_epochs (history, n, orr_training_get_options (training)->epochs);
  if (orr_job_get_state (orr_training_get_job (training)) == ORR_JOB_WAITING)
    return g_strdup (_("Waiting for the training before"));
  return g_strdup (_("Drawing sequences from the model"));
}
