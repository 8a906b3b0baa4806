/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-hmm-items.h"

#include <glib/gi18n.h>
#include <math.h>

#include "orr-hmm-edit.h"

/* Beyond this many arrows only the states are listed. */
#define MAX_ARROWS 200

/*
 * OrrHmmItems: what assistive technology finds in the canvas: an invisible
 * child for each state and each arrow, with its name in words, placed over
 * where it is drawn. Pointers go through them to the canvas.
 */
struct _OrrHmmItems
{
  GtkWidget *canvas;
  OrrHmm *hmm;       /* (nullable) */
  GPtrArray *states; /* of GtkWidget, unowned: children of the canvas */
  GPtrArray *arrows; /* likewise, in the order of the geometry's arrows */
  int state, from, to;
};

#define ORR_TYPE_HMM_ITEM (orr_hmm_item_get_type ())
G_DECLARE_FINAL_TYPE (OrrHmmItem, orr_hmm_item, ORR, HMM_ITEM, GtkWidget)

struct _OrrHmmItem
{
  GtkWidget parent_instance;
};

G_DEFINE_FINAL_TYPE (OrrHmmItem, orr_hmm_item, GTK_TYPE_WIDGET)

static void
orr_hmm_item_class_init (OrrHmmItemClass *klass)
{
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (klass), GTK_ACCESSIBLE_ROLE_LIST_ITEM);
}

static void
orr_hmm_item_init (OrrHmmItem *self)
{
  gtk_widget_set_can_target (GTK_WIDGET (self), FALSE);
  gtk_widget_set_can_focus (GTK_WIDGET (self), FALSE);
}

OrrHmmItems *
orr_hmm_items_new (GtkWidget *canvas)
{
  OrrHmmItems *self = g_new0 (OrrHmmItems, 1);

  self->canvas = canvas;
  self->states = g_ptr_array_new ();
  self->arrows = g_ptr_array_new ();
  self->state = self->from = self->to = ORR_HMM_NO_INDEX;
  return self;
}

static void
resize (OrrHmmItems *self, GPtrArray *items, guint n)
{
  while (items->len > n)
    {
      gtk_widget_unparent (items->pdata[items->len - 1]);
      g_ptr_array_set_size (items, items->len - 1);
    }
  while (items->len < n)
    {
      GtkWidget *item = g_object_new (ORR_TYPE_HMM_ITEM, NULL);

      gtk_widget_set_parent (item, self->canvas);
      g_ptr_array_add (items, item);
    }
}

void
orr_hmm_items_free (OrrHmmItems *self)
{
  if (self == NULL)
    return;
  resize (self, self->states, 0);
  resize (self, self->arrows, 0);
  g_ptr_array_unref (self->states);
  g_ptr_array_unref (self->arrows);
  orr_hmm_unref (self->hmm);
  g_free (self);
}

static void
set_label (GtkWidget *item, const char *label, gboolean selected)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (item), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  gtk_accessible_update_state (GTK_ACCESSIBLE (item), GTK_ACCESSIBLE_STATE_SELECTED, selected, -1);
}

static void
name_arrows (OrrHmmItems *self)
{
  const OrrHmm *hmm = self->hmm;
  gsize S = hmm->n_states;
  guint a = 0;

  for (gsize i = 0; i < S * S && a < self->arrows->len; i++)
    if (hmm->transition[i] > 0.0)
      {
        g_autofree char *probability = orr_probability_to_string (hmm->transition[i]);
        /* TRANSLATORS: an arrow: from state, to state, its probability */
        g_autofree char *label =
            g_strdup_printf (hmm->locked[i] ? _ ("%s → %s: %s, locked") : _ ("%s → %s: %s"),
                             hmm->state_names[i / S], hmm->state_names[i % S], probability);

        set_label (self->arrows->pdata[a++], label, self->from == (int) (i / S) && self->to == (int) (i % S));
      }
}

void
orr_hmm_items_set_hmm (OrrHmmItems *self, OrrHmm *hmm)
{
  guint n_arrows = 0;

  if (hmm != NULL)
    orr_hmm_ref (hmm);
  orr_hmm_unref (self->hmm);
  self->hmm = hmm;
  for (gsize i = 0; hmm != NULL && i < (gsize) hmm->n_states * hmm->n_states; i++)
    n_arrows += hmm->transition[i] > 0.0;
  resize (self, self->states, hmm != NULL ? hmm->n_states : 0);
  resize (self, self->arrows, n_arrows <= MAX_ARROWS ? n_arrows : 0);
  if (hmm == NULL)
    return;
  for (guint i = 0; i < hmm->n_states; i++)
    set_label (self->states->pdata[i], hmm->state_names[i], self->state == (int) i);
  name_arrows (self);
}

void
orr_hmm_items_select (OrrHmmItems *self, int state, int from, int to)
{
  if (self->state == state && self->from == from && self->to == to)
    return;
  self->state = state;
  self->from = from;
  self->to = to;
  for (guint i = 0; i < self->states->len; i++)
    gtk_accessible_update_state (self->states->pdata[i], GTK_ACCESSIBLE_STATE_SELECTED, state == (int) i, -1);
  if (self->hmm != NULL)
    name_arrows (self);
}

static void
place (GtkWidget *item, double x, double y, double half_width, double half_height)
{
  GtkAllocation box = { (int) floor (x - half_width), (int) floor (y - half_height),
                        (int) ceil (2.0 * half_width), (int) ceil (2.0 * half_height) };

  gtk_widget_measure (item, GTK_ORIENTATION_HORIZONTAL, -1, NULL, NULL, NULL, NULL);
  gtk_widget_size_allocate (item, &box, -1);
}

/* To be called when the canvas is allocated. */
void
orr_hmm_items_place (OrrHmmItems *self, const OrrHmmGeometry *geometry, const OrrHmmViewport *view)
{
  double radius = ORR_HMM_NODE_RADIUS * view->scale;

  for (guint i = 0; i < self->states->len; i++)
    place (self->states->pdata[i], view->x + view->scale * geometry->hmm->positions[2 * i],
           view->y + view->scale * geometry->hmm->positions[2 * i + 1], radius, radius);
  for (guint a = 0; a < self->arrows->len && a < geometry->n_arrows; a++)
    {
      const OrrHmmArrow *arrow = geometry->arrows + a;

      place (self->arrows->pdata[a], view->x + view->scale * arrow->label_x,
             view->y + view->scale * arrow->label_y, 0.5 * fmax (view->scale * arrow->label_width, 12.0),
             0.5 * fmax (view->scale * geometry->label_height, 12.0));
    }
}
