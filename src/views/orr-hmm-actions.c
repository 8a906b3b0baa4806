/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>

#include "orr-hmm-graph-view-private.h"

#define ZOOM_STEP 1.25

/* The actions "hmm.…" that toolbar, menus and keys share. */

static void
report (OrrHmmGraphView *self, const GError *error)
{
  if (error != NULL)
    orr_hmm_graph_view_say (self, error->message);
}

/* The middle of what is seen, beside the selected state if there is one. */
static void
add_state_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  OrrHmmGraphView *self = user_data;
  GtkWidget *canvas = GTK_WIDGET (self->canvas);

  orr_hmm_graph_view_add_state_at (self, 0.5 * gtk_widget_get_width (canvas),
                                   0.45 * gtk_widget_get_height (canvas));
}

static void
add_symbol_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  OrrHmmGraphView *self = user_data;
  g_autoptr (GError) error = NULL;

  orr_hmm_editor_add_symbol (self->editor, &error);
  report (self, error);
}

static void
remove_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  OrrHmmGraphView *self = user_data;
  g_autoptr (GError) error = NULL;

  orr_hmm_editor_remove_selected (self->editor, &error);
  report (self, error);
}

static void
rename_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  orr_hmm_graph_view_rename_in_place (user_data);
}

static void
edit_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  OrrHmmGraphView *self = user_data;

  if (orr_session_get_state (self->session) >= 0)
    orr_hmm_graph_view_rename_in_place (self);
  else
    orr_hmm_graph_view_edit_in_place (self);
}

static void
lock_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  OrrHmmGraphView *self = user_data;
  const OrrHmm *hmm = orr_hmm_editor_get_hmm (self->editor);
  int from, to;

  orr_session_get_transition (self->session, &from, &to);
  if (from >= 0)
    orr_hmm_editor_set_locked (self->editor, from, to, !hmm->locked[(gsize) from * hmm->n_states + to]);
}

static void
link_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  OrrHmmGraphView *self = user_data;

  orr_hmm_keys_begin_link (self);
  orr_hmm_graph_view_say (self, _ ("Choose the state it goes to with the arrow keys, then press Enter."));
}

static void
layout_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  OrrHmmGraphView *self = user_data;

  orr_hmm_editor_arrange (self->editor);
  orr_hmm_canvas_fit (self->canvas);
}

static void
fit_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  orr_hmm_canvas_fit (ORR_HMM_GRAPH_VIEW (user_data)->canvas);
}

static void
zoom_in_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  orr_hmm_canvas_zoom_step (ORR_HMM_GRAPH_VIEW (user_data)->canvas, ZOOM_STEP);
}

static void
zoom_out_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  orr_hmm_canvas_zoom_step (ORR_HMM_GRAPH_VIEW (user_data)->canvas, 1.0 / ZOOM_STEP);
}

static void
zoom_normal_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  OrrHmmCanvas *canvas = ORR_HMM_GRAPH_VIEW (user_data)->canvas;

  orr_hmm_canvas_zoom_step (canvas, 1.0 / orr_hmm_canvas_get_zoom (canvas));
}

static void
matrix_changed_cb (GSimpleAction *action, GVariant *value, gpointer user_data)
{
  OrrHmmGraphView *self = user_data;

  g_simple_action_set_state (action, value);
  gtk_revealer_set_reveal_child (self->side, g_variant_get_boolean (value));
}

/* Which actions make sense now. */
void
orr_hmm_actions_update (OrrHmmGraphView *self)
{
  static const char *const of_state[] = { "rename", "link" }, *const of_transition[] = { "lock", "probability" };
  gboolean ready = self->session != NULL && self->editable;
  int state = ready ? orr_session_get_state (self->session) : -1, from = -1, to = -1;
  g_auto (GStrv) names = g_action_group_list_actions (G_ACTION_GROUP (self->actions));

  if (ready)
    orr_session_get_transition (self->session, &from, &to);
  for (guint i = 0; names[i] != NULL; i++)
    {
      gboolean copies = g_str_has_prefix (names[i], "copy-") || g_str_equal (names[i], "save");
      gboolean enabled = ready || (copies && self->session != NULL);

      for (guint k = 0; k < G_N_ELEMENTS (of_state); k++)
        if (g_str_equal (names[i], of_state[k]))
          enabled = state >= 0;
      for (guint k = 0; k < G_N_ELEMENTS (of_transition); k++)
        if (g_str_equal (names[i], of_transition[k]))
          enabled = from >= 0;
      if (g_str_equal (names[i], "remove") || g_str_equal (names[i], "edit"))
        enabled = state >= 0 || from >= 0;
      g_simple_action_set_enabled (
          G_SIMPLE_ACTION (g_action_map_lookup_action (G_ACTION_MAP (self->actions), names[i])), enabled);
    }
}

void
orr_hmm_actions_init (OrrHmmGraphView *self)
{
  static const GActionEntry entries[] = {
    { "add-state", add_state_cb },
    { "add-symbol", add_symbol_cb },
    { "remove", remove_cb },
    { "rename", rename_cb },
    { "edit", edit_cb },
    { "probability", edit_cb },
    { "lock", lock_cb },
    { "link", link_cb },
    { "layout", layout_cb },
    { "fit", fit_cb },
    { "zoom-in", zoom_in_cb },
    { "zoom-out", zoom_out_cb },
    { "zoom-normal", zoom_normal_cb },
    { "matrix", NULL, NULL, "false", matrix_changed_cb },
  };

  self->actions = g_simple_action_group_new ();
  g_action_map_add_action_entries (G_ACTION_MAP (self->actions), entries, G_N_ELEMENTS (entries), self);
  orr_hmm_exchange_add_actions (self);
  gtk_widget_insert_action_group (GTK_WIDGET (self), "hmm", G_ACTION_GROUP (self->actions));
}
