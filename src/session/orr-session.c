/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-session-private.h"

#include "orr-subspace.h"

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (OrrSession, orr_session, G_TYPE_OBJECT)

G_DEFINE_ENUM_TYPE (OrrColouring, orr_colouring,
                    G_DEFINE_ENUM_VALUE (ORR_COLOURING_SYMBOL, "symbol"),
                    G_DEFINE_ENUM_VALUE (ORR_COLOURING_STATE, "state"),
                    G_DEFINE_ENUM_VALUE (ORR_COLOURING_TIME, "time"),
                    G_DEFINE_ENUM_VALUE (ORR_COLOURING_UNITS, "units"),
                    G_DEFINE_ENUM_VALUE (ORR_COLOURING_RESIDENCY, "residency"),
                    G_DEFINE_ENUM_VALUE (ORR_COLOURING_ZONE, "zone"),
                    G_DEFINE_ENUM_VALUE (ORR_COLOURING_UNSTABLE, "unstable"),
                    G_DEFINE_ENUM_VALUE (ORR_COLOURING_SIGN_CHANGES, "sign-changes"),
                    G_DEFINE_ENUM_VALUE (ORR_COLOURING_KICKS, "kicks"),
                    G_DEFINE_ENUM_VALUE (ORR_COLOURING_EPOCH, "epoch"))

void
orr_session_notify (OrrSession *self, guint property)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

/* Notifies where @value is another. */
void
orr_session_set_int (OrrSession *self, int *field, int value, guint property)
{
  if (*field == value)
    return;
  *field = value;
  orr_session_notify (self, property);
}

void
orr_session_set_uint (OrrSession *self, guint *field, guint value, guint property)
{
  if (*field == value)
    return;
  *field = value;
  orr_session_notify (self, property);
}

static void
study_changed_cb (OrrSession *self)
{
  OrrStudy *study = orr_document_get_study (self->document);

  if (orr_study_find_run (study, self->run_id) == NULL)
    {
      OrrRun *last = study->runs->len > 0 ? study->runs->pdata[study->runs->len - 1] : NULL;
      orr_session_set_run_id (self, last != NULL ? last->id : NULL);
    }
  orr_session_notify (self, PROP_RUN);
  orr_session_update_network (self);
  if (self->state >= (int) study->hmm->n_states)
    orr_session_select_state (self, -1);
  if (MAX (self->transition_from, self->transition_to) >= (int) study->hmm->n_states)
    orr_session_select_transition (self, -1, -1);
  if (self->symbol >= (int) study->hmm->n_symbols)
    orr_session_set_symbol (self, -1);
}

/* Getters and setters ----------------------------------------------------------------------------- */

OrrSession *
orr_session_new (OrrDocument *document, OrrJobQueue *jobs)
{
  return g_object_new (ORR_TYPE_SESSION, "document", document, "jobs", jobs, NULL);
}

OrrDocument *
orr_session_get_document (OrrSession *self)
{
  return self->document;
}

OrrJobQueue *
orr_session_get_jobs (OrrSession *self)
{
  return self->jobs;
}

/**
 * orr_session_get_workbench:
 *
 * Returns: (transfer none): what the views of the Equations page share
 */
OrrWorkbench *
orr_session_get_workbench (OrrSession *self)
{
  return self->workbench;
}

/**
 * orr_session_get_bridge:
 *
 * Returns: (transfer none): between the network's dynamics and the Equations page
 */
OrrBridge *
orr_session_get_bridge (OrrSession *self)
{
  return self->bridge;
}

/**
 * orr_session_get_choice:
 *
 * Returns: (transfer none): the networks that are compared
 */
OrrRunChoice *
orr_session_get_choice (OrrSession *self)
{
  return self->choice;
}

/**
 * orr_session_get_hmm:
 *
 * Returns: (transfer none): the document's present model
 */
OrrHmm *
orr_session_get_hmm (OrrSession *self)
{
  return orr_document_get_hmm (self->document);
}

/**
 * orr_session_get_run:
 *
 * Returns: (transfer none) (nullable): the run that is shown
 */
OrrRun *
orr_session_get_run (OrrSession *self)
{
  return orr_study_find_run (orr_document_get_study (self->document), self->run_id);
}

const char *
orr_session_get_run_id (OrrSession *self)
{
  return self->run_id;
}

void
orr_session_set_run_id (OrrSession *self, const char *run_id)
{
  g_return_if_fail (ORR_IS_SESSION (self));

  if (g_strcmp0 (run_id, self->run_id) == 0)
    return;
  g_free (self->run_id);
  self->run_id = g_strdup (run_id);
  orr_session_set_int (self, &self->epoch, -1, PROP_EPOCH);
  orr_session_notify (self, PROP_RUN_ID);
  orr_session_notify (self, PROP_RUN);
  orr_session_update_network (self);
}

/**
 * orr_session_get_network:
 *
 * Returns: (transfer none) (nullable): the weights that are shown
 */
OrrNetwork *
orr_session_get_network (OrrSession *self)
{
  return self->network;
}

/**
 * orr_session_get_training:
 *
 * Returns: (transfer none) (nullable): the latest training, under way or ended
 */
OrrTraining *
orr_session_get_training (OrrSession *self)
{
  return self->training;
}

gboolean
orr_session_get_follow (OrrSession *self)
{
  return self->follow;
}

void
orr_session_set_follow (OrrSession *self, gboolean follow)
{
  if (self->follow == !!follow)
    return;
  self->follow = !!follow;
  orr_session_notify (self, PROP_FOLLOW);
  orr_session_update_network (self);
}

/**
 * orr_session_get_motion:
 *
 * Returns: (transfer none) (nullable): how the shown network moves
 */
OrrMotion *
orr_session_get_motion (OrrSession *self)
{
  return self->motion;
}

/**
 * orr_session_get_active_state:
 *
 * Returns: the estimated HMM state at the cursor, -1 when there is none
 */
int
orr_session_get_active_state (OrrSession *self)
{
  if (self->motion == NULL || self->motion->path == NULL)
    return -1;

  guint16 state = self->motion->path[self->cursor];
  return state != ORR_MOTION_NO_STATE ? state : -1;
}

int
orr_session_get_epoch (OrrSession *self)
{
  return self->epoch;
}

void
orr_session_set_epoch (OrrSession *self, int epoch)
{
  if (self->epoch == epoch)
    return;
  orr_session_set_int (self, &self->epoch, epoch, PROP_EPOCH);
  orr_session_update_network (self);
}

OrrColouring
orr_session_get_colouring (OrrSession *self)
{
  return self->colouring;
}

void
orr_session_set_colouring (OrrSession *self, OrrColouring colouring)
{
  if (self->colouring == colouring)
    return;
  self->colouring = colouring;
  orr_session_notify (self, PROP_COLOURING);
}

gboolean
orr_session_get_playing (OrrSession *self)
{
  return self->playing;
}

void
orr_session_set_playing (OrrSession *self, gboolean playing)
{
  if (self->playing == !!playing)
    return;
  self->playing = !!playing;
  orr_session_notify (self, PROP_PLAYING);
}

int
orr_session_get_projection (OrrSession *self)
{
  return self->projection;
}

/* Pairs that the shown network does not have mean all states. */
void
orr_session_set_projection (OrrSession *self, int pair)
{
  guint n = self->network != NULL ? orr_subspace_count (self->network->n_symbols) : 0;

  g_return_if_fail (ORR_IS_SESSION (self));
  orr_session_set_int (self, &self->projection, pair < (int) n ? MAX (pair, -1) : -1, PROP_PROJECTION);
}

/**
 * orr_session_get_law_flow:
 * @label: (out) (optional) (nullable): what a person reads beside it
 * @rgb: (out) (optional): its colour, 0xRRGGBB
 *
 * Returns: (transfer none) (nullable): the flow of a fitted law that is shown beside the network's
 */
OrrPlanarField *
orr_session_get_law_flow (OrrSession *self, const char **label, guint32 *rgb)
{
  if (label != NULL)
    *label = self->law_label;
  if (rgb != NULL)
    *rgb = self->law_rgb;
  return self->law_flow;
}

/**
 * orr_session_set_law_flow:
 * @field: (nullable): in the coordinates of the session's present motion: the plane of its first two
 *   principal components; %NULL for none
 * @label: (nullable): what a person reads beside it, "dPC1 = -0.1 PC2" say
 * @rgb: its colour, 0xRRGGBB
 */
void
orr_session_set_law_flow (OrrSession *self, OrrPlanarField *field, const char *label, guint32 rgb)
{
  g_return_if_fail (ORR_IS_SESSION (self));

  if (field == self->law_flow && g_strcmp0 (label, self->law_label) == 0 && rgb == self->law_rgb)
    return;
  OrrPlanarField *old = self->law_flow;
  self->law_flow = field != NULL ? orr_planar_field_ref (field) : NULL;
  orr_planar_field_unref (old);
  g_free (self->law_label);
  self->law_label = g_strdup (label);
  self->law_rgb = rgb;
  orr_session_notify (self, PROP_LAW_FLOW);
}

static void
orr_session_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  OrrSession *self = ORR_SESSION (object);

  switch (id)
    {
    case PROP_DOCUMENT:
      g_value_set_object (value, self->document);
      break;
    case PROP_JOBS:
      g_value_set_object (value, self->jobs);
      break;
    case PROP_RUN:
      g_value_set_pointer (value, orr_session_get_run (self));
      break;
    case PROP_RUN_ID:
      g_value_set_string (value, self->run_id);
      break;
    case PROP_NETWORK:
      g_value_set_pointer (value, self->network);
      break;
    case PROP_TRAINING:
      g_value_set_object (value, self->training);
      break;
    case PROP_FOLLOW:
      g_value_set_boolean (value, self->follow);
      break;
    case PROP_MOTION:
      g_value_set_pointer (value, self->motion);
      break;
    case PROP_GAINS:
      g_value_set_pointer (value, self->gains);
      break;
    case PROP_UNITS:
      g_value_set_boxed (value, self->units);
      break;
    case PROP_HOVERED_UNIT:
      g_value_set_int (value, self->hovered_unit);
      break;
    case PROP_STATE:
      g_value_set_int (value, self->state);
      break;
    case PROP_TRANSITION_FROM:
      g_value_set_int (value, self->transition_from);
      break;
    case PROP_TRANSITION_TO:
      g_value_set_int (value, self->transition_to);
      break;
    case PROP_SYMBOL:
      g_value_set_int (value, self->symbol);
      break;
    case PROP_RANGE_START:
      g_value_set_uint (value, self->range_start);
      break;
    case PROP_RANGE_END:
      g_value_set_uint (value, self->range_end);
      break;
    case PROP_CURSOR:
      g_value_set_uint (value, self->cursor);
      break;
    case PROP_EPOCH:
      g_value_set_int (value, self->epoch);
      break;
    case PROP_COLOURING:
      g_value_set_enum (value, self->colouring);
      break;
    case PROP_PROJECTION:
      g_value_set_int (value, self->projection);
      break;
    case PROP_LAW_FLOW:
      g_value_set_pointer (value, self->law_flow);
      break;
    case PROP_PLAYING:
      g_value_set_boolean (value, self->playing);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
orr_session_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  OrrSession *self = ORR_SESSION (object);

  switch (id)
    {
    case PROP_DOCUMENT:
      self->document = g_value_dup_object (value);
      break;
    case PROP_JOBS:
      self->jobs = g_value_dup_object (value);
      break;
    case PROP_RUN_ID:
      orr_session_set_run_id (self, g_value_get_string (value));
      break;
    case PROP_FOLLOW:
      orr_session_set_follow (self, g_value_get_boolean (value));
      break;
    case PROP_UNITS:
      orr_session_set_units (self, g_value_get_boxed (value));
      break;
    case PROP_HOVERED_UNIT:
      orr_session_set_hovered_unit (self, g_value_get_int (value));
      break;
    case PROP_SYMBOL:
      orr_session_set_symbol (self, g_value_get_int (value));
      break;
    case PROP_CURSOR:
      orr_session_set_cursor (self, g_value_get_uint (value));
      break;
    case PROP_EPOCH:
      orr_session_set_epoch (self, g_value_get_int (value));
      break;
    case PROP_COLOURING:
      orr_session_set_colouring (self, g_value_get_enum (value));
      break;
    case PROP_PROJECTION:
      orr_session_set_projection (self, g_value_get_int (value));
      break;
    case PROP_PLAYING:
      orr_session_set_playing (self, g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
orr_session_constructed (GObject *object)
{
  OrrSession *self = ORR_SESSION (object);

  G_OBJECT_CLASS (orr_session_parent_class)->constructed (object);
  g_signal_connect_object (self->document, "notify::study", G_CALLBACK (study_changed_cb), self,
                           G_CONNECT_SWAPPED);
  self->workbench = orr_workbench_new (self->document, self->jobs);
  study_changed_cb (self);
  self->bridge = orr_bridge_new (self);
  self->choice = orr_run_choice_new (self->document, self->jobs);
}

static void
orr_session_dispose (GObject *object)
{
  OrrSession *self = ORR_SESSION (object);

  if (self->motion_job != NULL)
    orr_job_cancel (self->motion_job);
  g_clear_object (&self->motion_job);
  g_clear_object (&self->training);
  g_clear_object (&self->bridge);
  g_clear_object (&self->choice);
  g_clear_object (&self->trainings);
  g_clear_object (&self->workbench);
  G_OBJECT_CLASS (orr_session_parent_class)->dispose (object);
}

static void
orr_session_finalize (GObject *object)
{
  OrrSession *self = ORR_SESSION (object);

  g_clear_object (&self->document);
  g_clear_object (&self->jobs);
  g_free (self->run_id);
  orr_network_unref (self->network);
  orr_motion_unref (self->motion);
  orr_motion_unref (self->own_motion);
  g_free (self->motion_problem);
  g_clear_pointer (&self->live_spent, g_atomic_rc_box_release);
  g_hash_table_unref (self->evaluated);
  orr_gains_unref (self->gains);
  orr_planar_field_unref (self->law_flow);
  g_free (self->law_label);
  gtk_bitset_unref (self->units);
  G_OBJECT_CLASS (orr_session_parent_class)->finalize (object);
}

static void
install_selection_properties (void)
{
  GParamFlags r = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;
  GParamFlags rw = r | G_PARAM_WRITABLE;

  properties[PROP_UNITS] = g_param_spec_boxed ("units", NULL, NULL, GTK_TYPE_BITSET, rw);
  properties[PROP_HOVERED_UNIT] = g_param_spec_int ("hovered-unit", NULL, NULL, -1, G_MAXINT, -1, rw);
  properties[PROP_STATE] = g_param_spec_int ("state", NULL, NULL, -1, G_MAXINT, -1, r);
  properties[PROP_TRANSITION_FROM] = g_param_spec_int ("transition-from", NULL, NULL, -1, G_MAXINT, -1, r);
  properties[PROP_TRANSITION_TO] = g_param_spec_int ("transition-to", NULL, NULL, -1, G_MAXINT, -1, r);
  properties[PROP_SYMBOL] = g_param_spec_int ("symbol", NULL, NULL, -1, G_MAXINT, -1, rw);
  properties[PROP_RANGE_START] = g_param_spec_uint ("range-start", NULL, NULL, 0, G_MAXUINT, 0, r);
  properties[PROP_RANGE_END] = g_param_spec_uint ("range-end", NULL, NULL, 0, G_MAXUINT, 0, r);
  properties[PROP_CURSOR] = g_param_spec_uint ("cursor", NULL, NULL, 0, G_MAXUINT, 0, rw);
  properties[PROP_EPOCH] = g_param_spec_int ("epoch", NULL, NULL, -1, G_MAXINT, -1, rw);
  properties[PROP_COLOURING] =
    g_param_spec_enum ("colouring", NULL, NULL, ORR_TYPE_COLOURING, ORR_COLOURING_SYMBOL, rw);
  properties[PROP_PLAYING] = g_param_spec_boolean ("playing", NULL, NULL, FALSE, rw);
  properties[PROP_PROJECTION] = g_param_spec_int ("projection", NULL, NULL, -1, G_MAXINT, -1, rw);
  properties[PROP_LAW_FLOW] = g_param_spec_pointer ("law-flow", NULL, NULL, r);
}

static void
orr_session_class_init (OrrSessionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags r = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;
  GParamFlags construct = G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = orr_session_get_property;
  object_class->set_property = orr_session_set_property;
  object_class->constructed = orr_session_constructed;
  object_class->dispose = orr_session_dispose;
  object_class->finalize = orr_session_finalize;

  properties[PROP_DOCUMENT] = g_param_spec_object ("document", NULL, NULL, ORR_TYPE_DOCUMENT, construct);
  properties[PROP_JOBS] = g_param_spec_object ("jobs", NULL, NULL, ORR_TYPE_JOB_QUEUE, construct);
  properties[PROP_RUN] = g_param_spec_pointer ("run", NULL, NULL, r);
  properties[PROP_RUN_ID] = g_param_spec_string ("run-id", NULL, NULL, NULL, r | G_PARAM_WRITABLE);
  properties[PROP_NETWORK] = g_param_spec_pointer ("network", NULL, NULL, r);
  properties[PROP_TRAINING] = g_param_spec_object ("training", NULL, NULL, ORR_TYPE_TRAINING, r);
  properties[PROP_FOLLOW] = g_param_spec_boolean ("follow", NULL, NULL, TRUE, r | G_PARAM_WRITABLE);
  properties[PROP_MOTION] = g_param_spec_pointer ("motion", NULL, NULL, r);
  properties[PROP_GAINS] = g_param_spec_pointer ("gains", NULL, NULL, r);
  install_selection_properties ();
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
orr_session_init (OrrSession *self)
{
  self->trainings = g_list_store_new (ORR_TYPE_TRAINING);
  self->evaluated = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->follow = TRUE;
  self->units = gtk_bitset_new_empty ();
  self->hovered_unit = -1;
  self->state = -1;
  self->transition_from = -1;
  self->transition_to = -1;
  self->symbol = -1;
  self->epoch = -1;
  self->projection = -1;
  orr_trajectory_options_init (&self->motion_options);
}
