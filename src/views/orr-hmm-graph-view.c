/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-hmm-graph-view.h"

#include <glib/gi18n.h>
#include <math.h>

#include "orr-card.h"
#include "orr-hmm-edit.h"
#include "orr-hmm-graph-view-private.h"
#include "orr-view.h"

/* What the caption covers at the top of the canvas, and the toolbar at the bottom. */
#define CAPTION_INSET 14
#define TOOLBAR_INSET 62
#define MESSAGE_SECONDS 6
/* A new state keeps this far from others, in model units. */
#define FREE_DISTANCE 0.72

/**
 * OrrHmmGraphView:
 *
 * The session's model as a graph. Editable, it is the graph editor of the Model
 * page; else a small picture that lights the state at the time cursor and the
 * selected transition.
 */

enum
{
  PROP_SESSION = 1,
  PROP_EDITABLE,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

static void view_init (OrrViewInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (OrrHmmGraphView, orr_hmm_graph_view, GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (ORR_TYPE_VIEW, view_init))

/* Following the session --------------------------------------------------------------------------- */

static void
update_selection (OrrHmmGraphView *self)
{
  int from, to;

  if (self->session == NULL)
    return;
  orr_session_get_transition (self->session, &from, &to);
  orr_hmm_canvas_select (self->canvas, orr_session_get_state (self->session), from, to,
                         orr_session_get_symbol (self->session));
  orr_hmm_actions_update (self);
  if (self->editable)
    orr_hmm_inspector_update_selection (self->inspector);
}

/* The editor shows what is selected; only the small view is about the moment in time. */
static void
update_active (OrrHmmGraphView *self)
{
  orr_hmm_canvas_set_active (self->canvas, self->session != NULL && !self->editable
                                               ? orr_session_get_active_state (self->session)
                                               : ORR_HMM_NO_INDEX);
}

static void
update_hmm (OrrHmmGraphView *self)
{
  OrrHmm *hmm = self->session != NULL ? orr_session_get_hmm (self->session) : NULL;

  if (hmm == orr_hmm_canvas_get_hmm (self->canvas))
    return;
  if (hmm != NULL && self->link_from >= (int) hmm->n_states)
    orr_hmm_keys_end_link (self);
  orr_hmm_canvas_set_hmm (self->canvas, hmm, self->grab != ORR_HMM_GRAB_NONE);
  if (self->editable)
    orr_hmm_inspector_update (self->inspector);
  update_selection (self);
  update_active (self);
}

static void
update_zoom (OrrHmmGraphView *self)
{
  /* TRANSLATORS: zoom in per cent */
  g_autofree char *text =
      g_strdup_printf (_ ("%d %%"), (int) lround (100.0 * orr_hmm_canvas_get_zoom (self->canvas)));

  gtk_button_set_label (self->zoom_button, text);
}

static void
update_mode (OrrHmmGraphView *self)
{
  gtk_widget_set_visible (self->toolbar, self->editable);
  gtk_widget_set_visible (self->caption, self->editable);
  gtk_widget_set_visible (GTK_WIDGET (self->side), self->editable);
  orr_hmm_canvas_set_compact (self->canvas, !self->editable);
  orr_hmm_canvas_set_inset (self->canvas, self->editable ? CAPTION_INSET : 0,
                            self->editable ? TOOLBAR_INSET : 0);
  orr_hmm_actions_update (self);
  update_active (self);
}

/* In place ---------------------------------------------------------------------------------------- */

static gboolean
hide_message_cb (gpointer user_data)
{
  OrrHmmGraphView *self = user_data;

  self->message_source = 0;
  gtk_revealer_set_reveal_child (self->message, FALSE);
  return G_SOURCE_REMOVE;
}

/* Says something above the graph, for some seconds. */
void
orr_hmm_graph_view_say (OrrHmmGraphView *self, const char *text)
{
  g_clear_handle_id (&self->message_source, g_source_remove);
  gtk_label_set_label (self->message_label, text);
  gtk_revealer_set_reveal_child (self->message, TRUE);
  self->message_source = g_timeout_add_seconds (MESSAGE_SECONDS, hide_message_cb, self);
}

static OrrHmmPopover *
ensure_popover (OrrHmmGraphView *self)
{
  if (self->popover == NULL)
    {
      self->popover = ORR_HMM_POPOVER (orr_hmm_popover_new ());
      gtk_widget_set_parent (GTK_WIDGET (self->popover), GTK_WIDGET (self->canvas));
    }
  return self->popover;
}

/* Edits the selected transition where it is drawn. */
void
orr_hmm_graph_view_edit_in_place (OrrHmmGraphView *self)
{
  GdkRectangle anchor;
  int from, to;

  orr_session_get_transition (self->session, &from, &to);
  if (from >= 0 && orr_hmm_canvas_get_anchor (self->canvas, ORR_HMM_NO_INDEX, from, to, &anchor))
    orr_hmm_popover_edit_transition (ensure_popover (self), self->editor, from, to, &anchor);
}

/* Edits the selected state's name and colour where it is drawn. */
void
orr_hmm_graph_view_rename_in_place (OrrHmmGraphView *self)
{
  int state = orr_session_get_state (self->session);
  GdkRectangle anchor;

  if (state >= 0 &&
      orr_hmm_canvas_get_anchor (self->canvas, state, ORR_HMM_NO_INDEX, ORR_HMM_NO_INDEX, &anchor))
    orr_hmm_popover_edit_state (ensure_popover (self), self->editor, state, &anchor);
}

static gboolean
is_free (const OrrHmm *hmm, double x, double y)
{
  for (guint i = 0; i < hmm->n_states; i++)
    if (hypot (hmm->positions[2 * i] - x, hmm->positions[2 * i + 1] - y) < FREE_DISTANCE)
      return FALSE;
  return TRUE;
}

/* Adds a state at a point of the canvas, or at the nearest one that is free. */
void
orr_hmm_graph_view_add_state_at (OrrHmmGraphView *self, double x, double y)
{
  const OrrHmm *hmm = orr_hmm_editor_get_hmm (self->editor);
  g_autoptr (GError) error = NULL;
  double centre_x, centre_y, at_x, at_y;

  orr_hmm_canvas_to_model (self->canvas, x, y, &centre_x, &centre_y);
  at_x = centre_x;
  at_y = centre_y;
  /* Outwards on a spiral, below first. */
  for (guint i = 1; !is_free (hmm, at_x, at_y) && i < 4000; i++)
    {
      double angle = 0.5 * G_PI + 0.4 * i, radius = 0.03 * i;

      at_x = centre_x + 1.5 * radius * cos (angle);
      at_y = centre_y + radius * sin (angle);
    }
  if (!orr_hmm_editor_add_state (self->editor, at_x, at_y, &error))
    orr_hmm_graph_view_say (self, error->message);
  else
    orr_hmm_canvas_reveal (self->canvas, at_x, at_y);
}

/* At a point of the canvas, or (-1, -1) at what is selected. */
void
orr_hmm_graph_view_popup_menu (OrrHmmGraphView *self, double x, double y)
{
  GdkRectangle anchor = { (int) x, (int) y, 1, 1 };
  int from, to;

  orr_session_get_transition (self->session, &from, &to);
  if (x < 0.0 &&
      !orr_hmm_canvas_get_anchor (self->canvas, orr_session_get_state (self->session), from, to, &anchor))
    anchor = (GdkRectangle) { gtk_widget_get_width (GTK_WIDGET (self->canvas)) / 2, 40, 1, 1 };
  gtk_popover_set_pointing_to (GTK_POPOVER (self->menu), &anchor);
  gtk_popover_popup (GTK_POPOVER (self->menu));
}

/* The widget -------------------------------------------------------------------------------------- */

GtkWidget *
orr_hmm_graph_view_new (OrrSession *session)
{
  return g_object_new (ORR_TYPE_HMM_GRAPH_VIEW, "session", session, NULL);
}

OrrSession *
orr_hmm_graph_view_get_session (OrrHmmGraphView *self)
{
  g_return_val_if_fail (ORR_IS_HMM_GRAPH_VIEW (self), NULL);
  return self->session;
}

static void
disconnect (OrrHmmGraphView *self)
{
  if (self->session == NULL)
    return;
  g_signal_handlers_disconnect_by_data (orr_session_get_document (self->session), self);
  g_signal_handlers_disconnect_by_data (self->session, self);
  g_clear_object (&self->session);
  g_clear_object (&self->editor);
}

/**
 * orr_hmm_graph_view_set_session:
 * @session: (nullable): whose model is shown and edited
 */
void
orr_hmm_graph_view_set_session (OrrHmmGraphView *self, OrrSession *session)
{
  static const char *const selections[] = { "notify::state", "notify::transition-from",
                                            "notify::transition-to", "notify::symbol" };

  g_return_if_fail (ORR_IS_HMM_GRAPH_VIEW (self));
  if (self->session == session)
    return;
  disconnect (self);
  if (session != NULL)
    {
      self->session = g_object_ref (session);
      self->editor = orr_hmm_editor_new (session);
      g_signal_connect_swapped (orr_session_get_document (session), "notify::study", G_CALLBACK (update_hmm),
                                self);
      for (guint i = 0; i < G_N_ELEMENTS (selections); i++)
        g_signal_connect_swapped (session, selections[i], G_CALLBACK (update_selection), self);
      g_signal_connect_swapped (session, "notify::cursor", G_CALLBACK (update_active), self);
      g_signal_connect_swapped (session, "notify::motion", G_CALLBACK (update_active), self);
    }
  update_hmm (self);
  orr_hmm_inspector_set_editor (self->inspector, self->editor);
  update_selection (self);
  update_active (self);
  orr_hmm_actions_update (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SESSION]);
}

gboolean
orr_hmm_graph_view_get_editable (OrrHmmGraphView *self)
{
  g_return_val_if_fail (ORR_IS_HMM_GRAPH_VIEW (self), FALSE);
  return self->editable;
}

/**
 * orr_hmm_graph_view_set_editable:
 * @editable: %FALSE: small, only to look at and to select in
 */
void
orr_hmm_graph_view_set_editable (OrrHmmGraphView *self, gboolean editable)
{
  g_return_if_fail (ORR_IS_HMM_GRAPH_VIEW (self));
  if (self->editable == editable)
    return;
  self->editable = editable;
  update_mode (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_EDITABLE]);
}

/* The card's menu stands outside of the view: it finds the view's actions on the card. */
static void
orr_hmm_graph_view_root (GtkWidget *widget)
{
  OrrHmmGraphView *self = ORR_HMM_GRAPH_VIEW (widget);
  GtkWidget *card = gtk_widget_get_ancestor (widget, ORR_TYPE_CARD);

  GTK_WIDGET_CLASS (orr_hmm_graph_view_parent_class)->root (widget);
  if (card != NULL)
    gtk_widget_insert_action_group (card, "hmm", G_ACTION_GROUP (self->actions));
}

static void
load_style (GtkWidget *widget)
{
  static gboolean loaded;
  GtkCssProvider *provider;

  if (loaded)
    return;
  loaded = TRUE;
  provider = gtk_css_provider_new ();
  gtk_css_provider_load_from_resource (provider, "/io/github/orrery/Orrery/css/orr-hmm-graph-view.css");
  gtk_style_context_add_provider_for_display (gtk_widget_get_display (widget), GTK_STYLE_PROVIDER (provider),
                                              GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
  g_object_unref (provider);
}

static gboolean
orr_hmm_graph_view_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (ORR_HMM_GRAPH_VIEW (widget)->canvas));
}

static void
orr_hmm_graph_view_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  OrrHmmGraphView *self = ORR_HMM_GRAPH_VIEW (object);

  switch (id)
    {
    case PROP_SESSION:
      g_value_set_object (value, self->session);
      break;
    case PROP_EDITABLE:
      g_value_set_boolean (value, self->editable);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
orr_hmm_graph_view_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  OrrHmmGraphView *self = ORR_HMM_GRAPH_VIEW (object);

  switch (id)
    {
    case PROP_SESSION:
      orr_hmm_graph_view_set_session (self, g_value_get_object (value));
      break;
    case PROP_EDITABLE:
      orr_hmm_graph_view_set_editable (self, g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
orr_hmm_graph_view_dispose (GObject *object)
{
  OrrHmmGraphView *self = ORR_HMM_GRAPH_VIEW (object);

  g_clear_handle_id (&self->message_source, g_source_remove);
  if (self->canvas != NULL)
    g_signal_handlers_disconnect_by_data (self->canvas, self);
  if (self->inspector != NULL)
    orr_hmm_inspector_set_editor (self->inspector, NULL);
  disconnect (self);
  g_clear_object (&self->actions);
  g_clear_object (&self->card_menu);
  g_clear_pointer (&self->overlay, gtk_widget_unparent);
  g_clear_pointer ((GtkWidget **) &self->side, gtk_widget_unparent);
  self->canvas = NULL;
  self->inspector = NULL;
  G_OBJECT_CLASS (orr_hmm_graph_view_parent_class)->dispose (object);
}

static void
orr_hmm_graph_view_class_init (OrrHmmGraphViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = orr_hmm_graph_view_get_property;
  object_class->set_property = orr_hmm_graph_view_set_property;
  object_class->dispose = orr_hmm_graph_view_dispose;
  widget_class->root = orr_hmm_graph_view_root;
  widget_class->grab_focus = orr_hmm_graph_view_grab_focus;
  properties[PROP_SESSION] = g_param_spec_object ("session", NULL, NULL, ORR_TYPE_SESSION, flags);
  properties[PROP_EDITABLE] = g_param_spec_boolean ("editable", NULL, NULL, TRUE, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (ORR_TYPE_VIEW);
  g_type_ensure (ORR_TYPE_HMM_CANVAS);
  g_type_ensure (ORR_TYPE_HMM_INSPECTOR);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/orrery/Orrery/ui/orr-hmm-graph-view.ui");
  gtk_widget_class_bind_template_child (widget_class, OrrHmmGraphView, overlay);
  gtk_widget_class_bind_template_child (widget_class, OrrHmmGraphView, canvas);
  gtk_widget_class_bind_template_child (widget_class, OrrHmmGraphView, caption);
  gtk_widget_class_bind_template_child (widget_class, OrrHmmGraphView, message);
  gtk_widget_class_bind_template_child (widget_class, OrrHmmGraphView, message_label);
  gtk_widget_class_bind_template_child (widget_class, OrrHmmGraphView, toolbar);
  gtk_widget_class_bind_template_child (widget_class, OrrHmmGraphView, zoom_button);
  gtk_widget_class_bind_template_child (widget_class, OrrHmmGraphView, side);
  gtk_widget_class_bind_template_child (widget_class, OrrHmmGraphView, inspector);
  gtk_widget_class_bind_template_child_full (widget_class, "canvas_menu", FALSE, 0);
  gtk_widget_class_bind_template_child_full (widget_class, "card_menu", FALSE, 0);
}

static void
orr_hmm_graph_view_init (OrrHmmGraphView *self)
{
  GMenuModel *canvas_menu;

  self->editable = TRUE;
  load_style (GTK_WIDGET (self));
  orr_hmm_actions_init (self);
  gtk_widget_init_template (GTK_WIDGET (self));
  self->card_menu = G_MENU_MODEL (
      g_object_ref (gtk_widget_get_template_child (GTK_WIDGET (self), ORR_TYPE_HMM_GRAPH_VIEW, "card_menu")));
  canvas_menu = G_MENU_MODEL (
      gtk_widget_get_template_child (GTK_WIDGET (self), ORR_TYPE_HMM_GRAPH_VIEW, "canvas_menu"));
  self->menu = GTK_POPOVER_MENU (gtk_popover_menu_new_from_model (canvas_menu));
  gtk_popover_set_has_arrow (GTK_POPOVER (self->menu), FALSE);
  gtk_widget_set_halign (GTK_WIDGET (self->menu), GTK_ALIGN_START);
  gtk_widget_set_parent (GTK_WIDGET (self->menu), GTK_WIDGET (self->canvas));
  orr_hmm_pointer_init (self);
  orr_hmm_keys_init (self);
  g_signal_connect_swapped (self->canvas, "notify::zoom", G_CALLBACK (update_zoom), self);
  update_mode (self);
  update_zoom (self);
}

/* What the card offers ---------------------------------------------------------------------------- */

static GMenuModel *
get_menu (OrrView *view)
{
  return ORR_HMM_GRAPH_VIEW (view)->card_menu;
}

static void
append_quoted (GString *csv, const char *text)
{
  g_string_append_c (csv, '"');
  for (const char *c = text; *c != '\0'; c++)
    {
      if (*c == '"')
        g_string_append_c (csv, '"');
      g_string_append_c (csv, *c);
    }
  g_string_append (csv, "\",");
}

static void
append_table (GString *csv, const char *name, const double *values, gsize rows, gsize cols, char **row_names,
              char **col_names)
{
  for (gsize i = 0; i < rows; i++)
    for (gsize j = 0; j < cols; j++)
      {
        char number[G_ASCII_DTOSTR_BUF_SIZE];

        g_ascii_dtostr (number, sizeof number, values[i * cols + j]);
        g_string_append_printf (csv, "%s,", name);
        append_quoted (csv, row_names != NULL ? row_names[i] : "");
        append_quoted (csv, col_names[j]);
        g_string_append_printf (csv, "%s\n", number);
      }
}

static char *
dup_csv (OrrView *view)
{
  const OrrHmm *hmm = orr_hmm_canvas_get_hmm (ORR_HMM_GRAPH_VIEW (view)->canvas);
  GString *csv;

  if (hmm == NULL)
    return NULL;
  csv = g_string_new ("table,from,to,probability\n");
  append_table (csv, "start", hmm->start, 1, hmm->n_states, NULL, hmm->state_names);
  append_table (csv, "transition", hmm->transition, hmm->n_states, hmm->n_states, hmm->state_names,
                hmm->state_names);
  append_table (csv, "emission", hmm->emission, hmm->n_states, hmm->n_symbols, hmm->state_names,
                hmm->symbol_names);
  return g_string_free (csv, FALSE);
}

static void
view_init (OrrViewInterface *iface)
{
  iface->get_menu = get_menu;
  iface->dup_csv = dup_csv;
}
