/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-bench-view.h"

#include "orr-piece-button.h"

/**
 * OrrBenchView:
 *
 * What the views around the expression tree share: the session whose workbench
 * they show, the editor through which they change its tree, and a box of children.
 */
typedef struct
{
  OrrSession    *session; /* (nullable) */
  OrrTreeEditor *editor;  /* (nullable) */
} OrrBenchViewPrivate;

enum
{
  PROP_SESSION = 1,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (OrrBenchView, orr_bench_view, GTK_TYPE_WIDGET)

static void
disconnect (OrrBenchView *self)
{
  OrrBenchViewPrivate *priv = orr_bench_view_get_instance_private (self);

  if (priv->editor != NULL)
    g_signal_handlers_disconnect_by_data (orr_tree_editor_get_workbench (priv->editor), self);
}

/**
 * orr_bench_view_set_session:
 * @session: (nullable): whose tree the view is about
 */
void
orr_bench_view_set_session (OrrBenchView *self, OrrSession *session)
{
  OrrBenchViewPrivate *priv = orr_bench_view_get_instance_private (self);
  g_autoptr (OrrTreeEditor) old = NULL;

  g_return_if_fail (ORR_IS_BENCH_VIEW (self));
  if (priv->session == session)
    return;
  disconnect (self);
  old = g_steal_pointer (&priv->editor);
  g_set_object (&priv->session, session);
  if (session != NULL)
    priv->editor = orr_tree_editor_new (orr_session_get_workbench (session));
  ORR_BENCH_VIEW_GET_CLASS (self)->editor_changed (self, priv->editor);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SESSION]);
}

static void
orr_bench_view_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  OrrBenchViewPrivate *priv = orr_bench_view_get_instance_private (ORR_BENCH_VIEW (object));

  if (id == PROP_SESSION)
    g_value_set_object (value, priv->session);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
orr_bench_view_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id == PROP_SESSION)
    orr_bench_view_set_session (ORR_BENCH_VIEW (object), g_value_get_object (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
orr_bench_view_dispose (GObject *object)
{
  OrrBenchView *self = ORR_BENCH_VIEW (object);
  OrrBenchViewPrivate *priv = orr_bench_view_get_instance_private (self);
  GtkWidget *child;

  disconnect (self);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  g_clear_object (&priv->editor);
  g_clear_object (&priv->session);
  G_OBJECT_CLASS (orr_bench_view_parent_class)->dispose (object);
}

static void
orr_bench_view_class_init (OrrBenchViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = orr_bench_view_get_property;
  object_class->set_property = orr_bench_view_set_property;
  object_class->dispose = orr_bench_view_dispose;
  properties[PROP_SESSION] =
      g_param_spec_object ("session", NULL, NULL, ORR_TYPE_SESSION,
                           G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
orr_bench_view_init (OrrBenchView *self)
{
  orr_piece_button_load_style ();
}
