/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-hmm-editor.h"

#include <glib/gi18n.h>

#include "orr-hmm-edit.h"
#include "orr-hmm-layout.h"

struct _OrrHmmEditor
{
  GObject parent_instance;

  OrrSession *session;
  OrrHmm *base; /* (nullable): the model at the beginning of a drag */
  char *drag_key;
  guint n_drags;
  gboolean dragged; /* the drag has edited something */
};

G_DEFINE_FINAL_TYPE (OrrHmmEditor, orr_hmm_editor, G_TYPE_OBJECT)

static void
orr_hmm_editor_finalize (GObject *object)
{
  OrrHmmEditor *self = ORR_HMM_EDITOR (object);

  g_clear_object (&self->session);
  g_clear_pointer (&self->base, orr_hmm_unref);
  g_free (self->drag_key);
  G_OBJECT_CLASS (orr_hmm_editor_parent_class)->finalize (object);
}

static void
orr_hmm_editor_class_init (OrrHmmEditorClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = orr_hmm_editor_finalize;
}

static void
orr_hmm_editor_init (OrrHmmEditor *self)
{
}

OrrHmmEditor *
orr_hmm_editor_new (OrrSession *session)
{
  OrrHmmEditor *self = g_object_new (ORR_TYPE_HMM_EDITOR, NULL);

  self->session = g_object_ref (session);
  return self;
}

OrrSession *
orr_hmm_editor_get_session (OrrHmmEditor *self)
{
  return self->session;
}

/**
 * orr_hmm_editor_get_hmm:
 *
 * Returns: (transfer none): the present model
 */
OrrHmm *
orr_hmm_editor_get_hmm (OrrHmmEditor *self)
{
  return orr_session_get_hmm (self->session);
}

/* What an edit starts from. */
static OrrHmm *
get_base (OrrHmmEditor *self)
{
  return self->base != NULL ? self->base : orr_hmm_editor_get_hmm (self);
}

static OrrDocument *
get_document (OrrHmmEditor *self)
{
  return orr_session_get_document (self->session);
}

/* Takes @next; %NULL when the edit was refused. An edit that changes nothing is not a step. */
static gboolean
apply (OrrHmmEditor *self, OrrHmm *next, const char *label, const char *merge_key)
{
  g_autoptr (OrrHmm) owned = next;

  if (next == NULL)
    return FALSE;
  if (orr_hmm_equal (next, orr_hmm_editor_get_hmm (self)))
    return TRUE;
  self->dragged = self->base != NULL;
  orr_document_edit_hmm (get_document (self), next, label, self->base != NULL ? self->drag_key : merge_key);
  return TRUE;
}

void
orr_hmm_editor_begin_drag (OrrHmmEditor *self)
{
  g_return_if_fail (ORR_IS_HMM_EDITOR (self));

  orr_hmm_editor_end_drag (self);
  self->base = orr_hmm_ref (orr_hmm_editor_get_hmm (self));
  self->drag_key = g_strdup_printf ("hmm-drag-%u", self->n_drags++);
  self->dragged = FALSE;
}

void
orr_hmm_editor_end_drag (OrrHmmEditor *self)
{
  g_return_if_fail (ORR_IS_HMM_EDITOR (self));

  if (self->base == NULL)
    return;
  g_clear_pointer (&self->base, orr_hmm_unref);
  g_clear_pointer (&self->drag_key, g_free);
  orr_document_end_merge (get_document (self));
}

/* Ends the drag and takes back what it did. */
void
orr_hmm_editor_cancel_drag (OrrHmmEditor *self)
{
  gboolean dragged = self->base != NULL && self->dragged;

  orr_hmm_editor_end_drag (self);
  if (dragged)
    orr_document_undo (get_document (self));
}

/**
 * orr_hmm_editor_add_state:
 * @x: @y: where, in model units
 *
 * The new state is selected.
 */
gboolean
orr_hmm_editor_add_state (OrrHmmEditor *self, double x, double y, GError **error)
{
  OrrHmm *next = orr_hmm_add_state (get_base (self), x, y, error);

  if (!apply (self, next, _ ("Add state"), NULL))
    return FALSE;
  orr_session_select_state (self->session, orr_hmm_editor_get_hmm (self)->n_states - 1);
  return TRUE;
}

/**
 * orr_hmm_editor_add_transition:
 *
 * The transition, new or there already, is selected.
 */
gboolean
orr_hmm_editor_add_transition (OrrHmmEditor *self, guint from, guint to, GError **error)
{
  OrrHmm *next = orr_hmm_add_transition (get_base (self), from, to, error);

  if (!apply (self, next, _ ("Add transition"), NULL))
    return FALSE;
  orr_session_select_transition (self->session, from, to);
  return TRUE;
}

gboolean
orr_hmm_editor_add_symbol (OrrHmmEditor *self, GError **error)
{
  return apply (self, orr_hmm_add_symbol (get_base (self), error), _ ("Add symbol"), NULL);
}

gboolean
orr_hmm_editor_remove_symbol (OrrHmmEditor *self, guint symbol, GError **error)
{
  return apply (self, orr_hmm_remove_symbol (get_base (self), symbol, error), _ ("Remove symbol"), NULL);
}

/**
 * orr_hmm_editor_remove_selected:
 *
 * Removes the selected state or transition, if there is one.
 */
gboolean
orr_hmm_editor_remove_selected (OrrHmmEditor *self, GError **error)
{
  int state = orr_session_get_state (self->session), from, to;

  orr_session_get_transition (self->session, &from, &to);
  if (state >= 0)
    {
      OrrHmm *next = orr_hmm_remove_state (get_base (self), state, error);

      if (next != NULL)
        orr_session_select_state (self->session, -1);
      return apply (self, next, _ ("Remove state"), NULL);
    }
  if (from >= 0)
    {
      if (!apply (self, orr_hmm_set_transition (get_base (self), from, to, 0.0, error),
                  _ ("Remove transition"), NULL))
        return FALSE;
      orr_session_select_transition (self->session, -1, -1);
    }
  return TRUE;
}

gboolean
orr_hmm_editor_set_transition (OrrHmmEditor *self, guint from, guint to, double probability, GError **error)
{
  return apply (self, orr_hmm_set_transition (get_base (self), from, to, probability, error),
                _ ("Change transition"), NULL);
}

gboolean
orr_hmm_editor_set_emission (OrrHmmEditor *self, guint state, guint symbol, double probability,
                             GError **error)
{
  return apply (self, orr_hmm_set_emission (get_base (self), state, symbol, probability, error),
                _ ("Change emission"), NULL);
}

gboolean
orr_hmm_editor_set_start (OrrHmmEditor *self, guint state, double probability, GError **error)
{
  return apply (self, orr_hmm_set_start (get_base (self), state, probability, error), _ ("Change start"),
                NULL);
}

gboolean
orr_hmm_editor_rename_state (OrrHmmEditor *self, guint state, const char *name, GError **error)
{
  return apply (self, orr_hmm_rename_state (get_base (self), state, name, error), _ ("Rename state"), NULL);
}

gboolean
orr_hmm_editor_rename_symbol (OrrHmmEditor *self, guint symbol, const char *name, GError **error)
{
  return apply (self, orr_hmm_rename_symbol (get_base (self), symbol, name, error), _ ("Rename symbol"),
                NULL);
}

/**
 * orr_hmm_editor_set_colour:
 * @colour: 0xRRGGBB, or %ORR_HMM_NO_COLOUR
 */
void
orr_hmm_editor_set_colour (OrrHmmEditor *self, guint state, guint32 colour)
{
  apply (self, orr_hmm_set_colour (get_base (self), state, colour), _ ("Colour state"), NULL);
}

/**
 * orr_hmm_editor_move_state:
 * @merge_key: (nullable): moves in a row with the same key are one step
 */
void
orr_hmm_editor_move_state (OrrHmmEditor *self, guint state, double x, double y, const char *merge_key)
{
  apply (self, orr_hmm_move_state (get_base (self), state, x, y), _ ("Move state"), merge_key);
}

void
orr_hmm_editor_set_locked (OrrHmmEditor *self, guint from, guint to, gboolean locked)
{
  apply (self, orr_hmm_set_locked (get_base (self), from, to, locked),
         locked ? _ ("Lock transition") : _ ("Unlock transition"), NULL);
}

/* Lays the states out anew. */
void
orr_hmm_editor_arrange (OrrHmmEditor *self)
{
  apply (self, orr_hmm_layout (get_base (self)), _ ("Lay out"), NULL);
}

/**
 * orr_hmm_editor_replace:
 * @hmm: (transfer none): takes the place of all of the model
 */
void
orr_hmm_editor_replace (OrrHmmEditor *self, OrrHmm *hmm, const char *label)
{
  apply (self, orr_hmm_ref (hmm), label, NULL);
}
