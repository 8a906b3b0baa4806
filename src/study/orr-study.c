/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-study.h"

G_DEFINE_BOXED_TYPE (OrrStudy, orr_study, orr_study_ref, orr_study_unref)

static GPtrArray *
new_run_list (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) orr_run_unref);
}

static GPtrArray *
copy_run_list (GPtrArray *runs)
{
  GPtrArray *copy = new_run_list ();

  for (guint i = 0; i < runs->len; i++)
    g_ptr_array_add (copy, orr_run_ref (runs->pdata[i]));
  return copy;
}

/**
 * orr_study_new:
 *
 * Returns: (transfer full): a study of @hmm without networks
 */
OrrStudy *
orr_study_new (const char *title, OrrHmm *hmm)
{
  OrrStudy *self = g_atomic_rc_box_new0 (OrrStudy);

  self->title = g_strdup (title);
  self->notes = g_strdup ("");
  self->hmm = orr_hmm_ref (hmm);
  self->runs = new_run_list ();
  self->equations = orr_equations_new ();
  return self;
}

static OrrStudy *
copy_study (const OrrStudy *self)
{
  OrrStudy *copy = g_atomic_rc_box_new0 (OrrStudy);

  copy->title = g_strdup (self->title);
  copy->notes = g_strdup (self->notes);
  copy->hmm = orr_hmm_ref (self->hmm);
  copy->runs = g_ptr_array_ref (self->runs);
  copy->equations = orr_equations_ref (self->equations);
  copy->recording = self->recording != NULL ? orr_recording_ref (self->recording) : NULL;
  return copy;
}

OrrStudy *
orr_study_with_title (const OrrStudy *self, const char *title)
{
  OrrStudy *copy = copy_study (self);

  g_free (copy->title);
  copy->title = g_strdup (title);
  return copy;
}

OrrStudy *
orr_study_with_notes (const OrrStudy *self, const char *notes)
{
  OrrStudy *copy = copy_study (self);

  g_free (copy->notes);
  copy->notes = g_strdup (notes);
  return copy;
}

OrrStudy *
orr_study_with_hmm (const OrrStudy *self, OrrHmm *hmm)
{
  OrrStudy *copy = copy_study (self);

  orr_hmm_unref (copy->hmm);
  copy->hmm = orr_hmm_ref (hmm);
  return copy;
}

static int
find_run_index (const OrrStudy *self, const char *id)
{
  for (guint i = 0; id != NULL && i < self->runs->len; i++)
    if (g_str_equal (((OrrRun *) self->runs->pdata[i])->id, id))
      return i;

  return -1;
}

/**
 * orr_study_with_run:
 *
 * Returns: (transfer full): a study in which @run replaces the run of the same
 * id, or is the last where there is none
 */
OrrStudy *
orr_study_with_run (const OrrStudy *self, OrrRun *run)
{
  OrrStudy *copy = copy_study (self);
  int index = find_run_index (self, run->id);

  g_ptr_array_unref (copy->runs);
  copy->runs = copy_run_list (self->runs);
  if (index < 0)
    {
      g_ptr_array_add (copy->runs, orr_run_ref (run));
    }
  else
    {
      orr_run_unref (copy->runs->pdata[index]);
      copy->runs->pdata[index] = orr_run_ref (run);
    }
  return copy;
}

OrrStudy *
orr_study_without_run (const OrrStudy *self, const char *id)
{
  OrrStudy *copy = copy_study (self);
  int index = find_run_index (self, id);

  if (index >= 0)
    {
      g_ptr_array_unref (copy->runs);
      copy->runs = copy_run_list (self->runs);
      g_ptr_array_remove_index (copy->runs, index);
    }
  return copy;
}

OrrStudy *
orr_study_with_equations (const OrrStudy *self, OrrEquations *equations)
{
  OrrStudy *copy = copy_study (self);

  orr_equations_ref (equations);
  orr_equations_unref (copy->equations);
  copy->equations = equations;
  return copy;
}

/**
 * orr_study_with_recording:
 * @recording: (nullable): %NULL for none
 */
OrrStudy *
orr_study_with_recording (const OrrStudy *self, OrrRecording *recording)
{
  OrrStudy *copy = copy_study (self);

  orr_recording_unref (copy->recording);
  copy->recording = recording != NULL ? orr_recording_ref (recording) : NULL;
  return copy;
}

/**
 * orr_study_find_run:
 * @id: (nullable): a run's id
 *
 * Returns: (transfer none) (nullable): the run of that id
 */
OrrRun *
orr_study_find_run (const OrrStudy *self, const char *id)
{
  int index = find_run_index (self, id);
  return index >= 0 ? self->runs->pdata[index] : NULL;
}

OrrStudy *
orr_study_ref (OrrStudy *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
clear (gpointer box)
{
  OrrStudy *self = box;

  g_free (self->title);
  g_free (self->notes);
  orr_hmm_unref (self->hmm);
  g_ptr_array_unref (self->runs);
  orr_equations_unref (self->equations);
  orr_recording_unref (self->recording);
}

void
orr_study_unref (OrrStudy *self)
{
  if (self != NULL)
    g_atomic_rc_box_release_full (self, clear);
}
