/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-document.h"

/* Edits share most of their content, so a long history is cheap. */
#define MAX_UNDO 500

typedef struct
{
  OrrStudy *study; /* the content to go back (or forward) to */
  char     *label; /* what going there takes back (or does again) */
} Step;

struct _OrrDocument
{
  GObject   parent_instance;

  OrrStudy *study;
  OrrStudy *saved; /* (nullable): what the file holds */
  GFile    *file;
  GPtrArray *undo; /* of Step, latest last */
  GPtrArray *redo;
  char     *merge_key;
};

enum
{
  PROP_STUDY = 1,
  PROP_FILE,
  PROP_MODIFIED,
  PROP_CAN_UNDO,
  PROP_CAN_REDO,
  PROP_UNDO_LABEL,
  PROP_REDO_LABEL,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (OrrDocument, orr_document, G_TYPE_OBJECT)

static Step *
step_new (OrrStudy *study, const char *label)
{
  Step *step = g_new (Step, 1);

  step->study = orr_study_ref (study);
  step->label = g_strdup (label);
  return step;
}

static void
step_free (gpointer data)
{
  Step *step = data;

  orr_study_unref (step->study);
  g_free (step->label);
  g_free (step);
}

static void
notify_all (OrrDocument *self)
{
  for (guint i = 1; i < N_PROPS; i++)
    if (i != PROP_FILE)
      g_object_notify_by_pspec (G_OBJECT (self), properties[i]);
}

static void
replace_study (OrrDocument *self, OrrStudy *next)
{
  OrrStudy *old = self->study;

  self->study = orr_study_ref (next);
  orr_study_unref (old);
}

/**
 * orr_document_new:
 * @study: its first content
 *
 * Returns: (transfer full): a document without file and history, unmodified
 */
OrrDocument *
orr_document_new (OrrStudy *study)
{
  OrrDocument *self = g_object_new (ORR_TYPE_DOCUMENT, NULL);

  self->study = orr_study_ref (study);
  self->saved = orr_study_ref (study);
  return self;
}

/**
 * orr_document_get_study:
 *
 * Returns: (transfer none): the present content; take a reference to keep it
 */
OrrStudy *
orr_document_get_study (OrrDocument *self)
{
  g_return_val_if_fail (ORR_IS_DOCUMENT (self), NULL);
  return self->study;
}

/**
 * orr_document_get_hmm:
 *
 * Returns: (transfer none): the present model
 */
OrrHmm *
orr_document_get_hmm (OrrDocument *self)
{
  g_return_val_if_fail (ORR_IS_DOCUMENT (self), NULL);
  return self->study->hmm;
}

GFile *
orr_document_get_file (OrrDocument *self)
{
  g_return_val_if_fail (ORR_IS_DOCUMENT (self), NULL);
  return self->file;
}

void
orr_document_set_file (OrrDocument *self, GFile *file)
{
  g_return_if_fail (ORR_IS_DOCUMENT (self));

  if (g_set_object (&self->file, file))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FILE]);
}

gboolean
orr_document_get_modified (OrrDocument *self)
{
  g_return_val_if_fail (ORR_IS_DOCUMENT (self), FALSE);
  return self->study != self->saved;
}

/**
 * orr_document_set_saved:
 * @saved: (nullable): the content that was written; %NULL: none is on disk (a
 *   recovered document)
 *
 * The document counts as modified when its present content is another one,
 * edits made while it was being written included.
 */
void
orr_document_set_saved (OrrDocument *self, OrrStudy *saved)
{
  g_return_if_fail (ORR_IS_DOCUMENT (self));

  g_clear_pointer (&self->saved, orr_study_unref);
  self->saved = saved != NULL ? orr_study_ref (saved) : NULL;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MODIFIED]);
}

/**
 * orr_document_edit:
 * @next: the content after the edit
 * @label: what was done, for the undo button: "Move state"
 * @merge_key: (nullable): consecutive edits with the same key are one undo step
 *   until orr_document_end_merge(): the frames of a drag, the letters of a name
 *
 * The only way a person's edit changes the study.
 */
void
orr_document_edit (OrrDocument *self, OrrStudy *next, const char *label, const char *merge_key)
{
  g_return_if_fail (ORR_IS_DOCUMENT (self));
  g_return_if_fail (next != NULL);

  if (next == self->study)
    return;

  gboolean merges = merge_key != NULL && self->undo->len > 0 && g_strcmp0 (merge_key, self->merge_key) == 0;
  if (!merges)
    {
      g_ptr_array_add (self->undo, step_new (self->study, label));
      if (self->undo->len > MAX_UNDO)
        g_ptr_array_remove_index (self->undo, 0);
    }
  g_free (self->merge_key);
  self->merge_key = g_strdup (merge_key);
  g_ptr_array_set_size (self->redo, 0);
  replace_study (self, next);
  notify_all (self);
}

void
orr_document_edit_hmm (OrrDocument *self, OrrHmm *hmm, const char *label, const char *merge_key)
{
  g_return_if_fail (ORR_IS_DOCUMENT (self));

  g_autoptr (OrrStudy) next = orr_study_with_hmm (self->study, hmm);
  orr_document_edit (self, next, label, merge_key);
}

/* The drag or the typing is over: what comes next is a new undo step. */
void
orr_document_end_merge (OrrDocument *self)
{
  g_return_if_fail (ORR_IS_DOCUMENT (self));
  g_clear_pointer (&self->merge_key, g_free);
}

void
orr_document_add_run (OrrDocument *self, OrrRun *run, const char *label)
{
  g_return_if_fail (ORR_IS_DOCUMENT (self));

  g_autoptr (OrrStudy) next = orr_study_with_run (self->study, run);
  orr_document_edit (self, next, label, NULL);
}

static gboolean
amend_steps (GPtrArray *steps, OrrRun *run)
{
  gboolean found = FALSE;

  for (guint i = 0; i < steps->len; i++)
    {
      Step *step = steps->pdata[i];

      if (orr_study_find_run (step->study, run->id) != NULL)
        {
          OrrStudy *amended = orr_study_with_run (step->study, run);
          orr_study_unref (step->study);
          step->study = amended;
          found = TRUE;
        }
    }
  return found;
}

/**
 * orr_document_amend_run:
 * @run: a changed copy of a run of this document
 *
 * A result came in: it replaces the run of the same id now and everywhere in the
 * history, so that undoing an older edit does not lose it. Not an undo step.
 *
 * Returns: whether the document has, or can come back to, such a run
 */
gboolean
orr_document_amend_run (OrrDocument *self, OrrRun *run)
{
  g_return_val_if_fail (ORR_IS_DOCUMENT (self), FALSE);

  gboolean found = amend_steps (self->undo, run);
  found |= amend_steps (self->redo, run);
  if (orr_study_find_run (self->study, run->id) != NULL)
    {
      g_autoptr (OrrStudy) next = orr_study_with_run (self->study, run);

      replace_study (self, next);
      notify_all (self);
      found = TRUE;
    }
  return found;
}

static OrrRun *
find_run_anywhere (OrrDocument *self, const char *id)
{
  OrrRun *run = orr_study_find_run (self->study, id);

  for (guint i = self->undo->len; run == NULL && i-- > 0;)
    run = orr_study_find_run (((Step *) self->undo->pdata[i])->study, id);
  for (guint i = self->redo->len; run == NULL && i-- > 0;)
    run = orr_study_find_run (((Step *) self->redo->pdata[i])->study, id);
  return run;
}

/**
 * orr_document_set_section:
 * @section: the result of an analysis of the run @run_id; a floating one is taken
 *
 * Like orr_document_amend_run() for one section. Does nothing when the run is gone.
 */
void
orr_document_set_section (OrrDocument *self, const char *run_id, const char *name, GVariant *section)
{
  g_return_if_fail (ORR_IS_DOCUMENT (self));

  g_autoptr (GVariant) owned = section != NULL ? g_variant_ref_sink (section) : NULL;
  OrrRun *run = find_run_anywhere (self, run_id);
  if (run == NULL)
    return;

  g_autoptr (OrrRun) amended = orr_run_with_section (run, name, owned);
  orr_document_amend_run (self, amended);
}

static gboolean
travel (OrrDocument *self, GPtrArray *from, GPtrArray *to)
{
  if (from->len == 0)
    return FALSE;

  Step *step = g_ptr_array_steal_index (from, from->len - 1);
  g_ptr_array_add (to, step_new (self->study, step->label));
  replace_study (self, step->study);
  step_free (step);
  orr_document_end_merge (self);
  notify_all (self);
  return TRUE;
}

gboolean
orr_document_undo (OrrDocument *self)
{
  g_return_val_if_fail (ORR_IS_DOCUMENT (self), FALSE);
  return travel (self, self->undo, self->redo);
}

gboolean
orr_document_redo (OrrDocument *self)
{
  g_return_val_if_fail (ORR_IS_DOCUMENT (self), FALSE);
  return travel (self, self->redo, self->undo);
}

gboolean
orr_document_get_can_undo (OrrDocument *self)
{
  return self->undo->len > 0;
}

gboolean
orr_document_get_can_redo (OrrDocument *self)
{
  return self->redo->len > 0;
}

static const char *
last_label (GPtrArray *steps)
{
  return steps->len > 0 ? ((Step *) steps->pdata[steps->len - 1])->label : NULL;
}

/**
 * orr_document_get_undo_label:
 *
 * Returns: (nullable): what undo would take back
 */
const char *
orr_document_get_undo_label (OrrDocument *self)
{
  return last_label (self->undo);
}

const char *
orr_document_get_redo_label (OrrDocument *self)
{
  return last_label (self->redo);
}

static void
orr_document_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  OrrDocument *self = ORR_DOCUMENT (object);

  switch (id)
    {
    case PROP_STUDY:
      g_value_set_boxed (value, self->study);
      break;
    case PROP_FILE:
      g_value_set_object (value, self->file);
      break;
    case PROP_MODIFIED:
      g_value_set_boolean (value, orr_document_get_modified (self));
      break;
    case PROP_CAN_UNDO:
      g_value_set_boolean (value, orr_document_get_can_undo (self));
      break;
    case PROP_CAN_REDO:
      g_value_set_boolean (value, orr_document_get_can_redo (self));
      break;
    case PROP_UNDO_LABEL:
      g_value_set_string (value, orr_document_get_undo_label (self));
      break;
    case PROP_REDO_LABEL:
      g_value_set_string (value, orr_document_get_redo_label (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
orr_document_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id == PROP_FILE)
    orr_document_set_file (ORR_DOCUMENT (object), g_value_get_object (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
orr_document_finalize (GObject *object)
{
  OrrDocument *self = ORR_DOCUMENT (object);

  orr_study_unref (self->study);
  orr_study_unref (self->saved);
  g_clear_object (&self->file);
  g_ptr_array_unref (self->undo);
  g_ptr_array_unref (self->redo);
  g_free (self->merge_key);
  G_OBJECT_CLASS (orr_document_parent_class)->finalize (object);
}

static void
orr_document_class_init (OrrDocumentClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags readable = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = orr_document_get_property;
  object_class->set_property = orr_document_set_property;
  object_class->finalize = orr_document_finalize;

  properties[PROP_STUDY] = g_param_spec_boxed ("study", NULL, NULL, ORR_TYPE_STUDY, readable);
  properties[PROP_FILE] = g_param_spec_object ("file", NULL, NULL, G_TYPE_FILE, readable | G_PARAM_WRITABLE);
  properties[PROP_MODIFIED] = g_param_spec_boolean ("modified", NULL, NULL, FALSE, readable);
  properties[PROP_CAN_UNDO] = g_param_spec_boolean ("can-undo", NULL, NULL, FALSE, readable);
  properties[PROP_CAN_REDO] = g_param_spec_boolean ("can-redo", NULL, NULL, FALSE, readable);
  properties[PROP_UNDO_LABEL] = g_param_spec_string ("undo-label", NULL, NULL, NULL, readable);
  properties[PROP_REDO_LABEL] = g_param_spec_string ("redo-label", NULL, NULL, NULL, readable);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
orr_document_init (OrrDocument *self)
{
  self->undo = g_ptr_array_new_with_free_func (step_free);
  self->redo = g_ptr_array_new_with_free_func (step_free);
}
