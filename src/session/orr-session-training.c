/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The trainings of a session: one runs, others wait for it. */
#include "orr-session-private.h"

static void
show_training (OrrSession *self, OrrTraining *training)
{
  if (!g_set_object (&self->training, training))
    return;
  self->live_next = 0;
  orr_session_update_network (self);
  orr_session_notify (self, PROP_TRAINING);
}

static void
training_advanced_cb (OrrSession *self, OrrTraining *training)
{
  if (training == self->training)
    orr_session_update_live (self);
}

static void
training_ended_cb (OrrSession *self, OrrRun *run, OrrTraining *training)
{
  g_autoptr (OrrTraining) next = NULL;
  guint position;

  if (g_list_store_find (self->trainings, training, &position))
    g_list_store_remove (self->trainings, position);
  next = g_list_model_get_item (G_LIST_MODEL (self->trainings), 0);
  g_clear_pointer (&self->live_spent, g_atomic_rc_box_release);
  self->live_next = 0;
  if (run != NULL)
    {
      /* While others wait, what is looked at stays. */
      if (next == NULL || orr_session_get_run (self) == NULL)
        orr_session_set_run_id (self, run->id);
      orr_session_evaluate_run (self, run);
    }
  if (next != NULL && training == self->training)
    {
      show_training (self, next);
      return;
    }
  orr_session_update_network (self);
  orr_session_notify (self, PROP_TRAINING);
}

/**
 * orr_session_adopt_training:
 * @training: one of this window's document
 *
 * Adds it to the trainings of the session. Views show the one that runs.
 */
void
orr_session_adopt_training (OrrSession *self, OrrTraining *training)
{
  g_return_if_fail (ORR_IS_SESSION (self));
  guint position;

  if (g_list_store_find (self->trainings, training, &position))
    return;

  g_signal_connect_object (training, "advanced", G_CALLBACK (training_advanced_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (training, "ended", G_CALLBACK (training_ended_cb), self, G_CONNECT_SWAPPED);
  g_list_store_append (self->trainings, training);
  if (self->training == NULL || !orr_training_is_active (self->training))
    show_training (self, training);
}

/**
 * orr_session_train:
 *
 * Starts a training on the document's model, or on recorded sequences, or puts
 * it behind those that wait.
 *
 * Returns: (transfer none) (nullable): the training
 */
OrrTraining *
orr_session_train (OrrSession *self, const OrrTrainingRequest *request, GError **error)
{
  g_return_val_if_fail (ORR_IS_SESSION (self), NULL);

  g_autoptr (OrrTraining) training = orr_training_start (self->document, self->jobs, request, error);
  if (training != NULL)
    orr_session_adopt_training (self, training);
  return training; /* the list keeps it */
}

/**
 * orr_session_get_trainings:
 *
 * Returns: (transfer none): a list of #OrrTraining: the one that runs, then those
 * that wait, in the order in which they will run
 */
GListModel *
orr_session_get_trainings (OrrSession *self)
{
  g_return_val_if_fail (ORR_IS_SESSION (self), NULL);
  return G_LIST_MODEL (self->trainings);
}

/**
 * orr_session_move_training:
 * @by: -1 for one place sooner, 1 for one place later
 *
 * Returns: whether @training waits and had a neighbour to change places with
 */
gboolean
orr_session_move_training (OrrSession *self, OrrTraining *training, int by)
{
  g_return_val_if_fail (ORR_IS_SESSION (self), FALSE);
  g_autoptr (OrrTraining) keep = g_object_ref (training);
  guint position;

  if (!g_list_store_find (self->trainings, training, &position)
      || !orr_job_queue_move (self->jobs, orr_training_get_job (training), by))
    return FALSE;
  g_list_store_remove (self->trainings, position);
  g_list_store_insert (self->trainings, position + by, training);
  return TRUE;
}
