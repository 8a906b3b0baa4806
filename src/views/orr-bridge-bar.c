/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-bridge-bar.h"

#include <glib/gi18n.h>
#include <math.h>

/**
 * OrrBridgeBar:
 *
 * Above the Equations page while its data came from the network that is shown: which
 * data, which equation of a system is on the canvas, back to the view that they came
 * from, and the law in the network's place. When the time range changes it offers the
 * new one, without being in the way.
 */
struct _OrrBridgeBar
{
  GtkWidget parent;

  GtkLabel    *name;
  GtkLabel    *origin;
  GtkLabel    *agreement;
  GtkBox      *targets;
  GtkWidget   *emulate_button;
  GtkRevealer *revealer;
  GtkLabel    *change;

  OrrSession *session;
  OrrDataset *dataset; /* (nullable): that the targets' buttons are for */
  char       *kept;    /* (nullable): the change that a person does not want */
  gboolean    updating;
};

enum
{
  PROP_0,
  PROP_SESSION,
  N_PROPS,
};

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (OrrBridgeBar, orr_bridge_bar, GTK_TYPE_WIDGET)

static OrrBridge *
get_bridge (OrrBridgeBar *self)
{
  return orr_session_get_bridge (self->session);
}

static void
target_toggled_cb (GtkToggleButton *button, OrrBridgeBar *self)
{
  if (!self->updating && self->session != NULL && gtk_toggle_button_get_active (button))
    orr_bridge_set_target (get_bridge (self), GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (button), "target")));
}

/* One button for each equation of a system. */
static void
fill_targets (OrrBridgeBar *self, OrrDataset *dataset)
{
  GtkWidget *child;
  GtkToggleButton *first = NULL;

  if (orr_dataset_same_system (self->dataset, dataset))
    return;
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->targets))) != NULL)
    gtk_box_remove (self->targets, child);
  for (guint i = 0; i < dataset->n_targets; i++)
    {
      GtkWidget *button = gtk_toggle_button_new_with_label (dataset->columns[dataset->targets[i]]);

      g_object_set_data (G_OBJECT (button), "target", GUINT_TO_POINTER (dataset->targets[i]));
      gtk_widget_set_tooltip_text (button, _("The equation of the system that is on the canvas"));
      gtk_toggle_button_set_group (GTK_TOGGLE_BUTTON (button), first);
      first = first != NULL ? first : GTK_TOGGLE_BUTTON (button);
      g_signal_connect_object (button, "toggled", G_CALLBACK (target_toggled_cb), self, 0);
      gtk_box_append (self->targets, button);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->targets), dataset->n_targets > 1);
}

static void
show_target (OrrBridgeBar *self, OrrDataset *dataset)
{
  self->updating = TRUE;
  for (GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self->targets)); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (child), "target")) == dataset->target)
      gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (child), TRUE);
  self->updating = FALSE;
}

/* Says how the simulation is made, since it stands for less than the network. */
static void
update_emulation (OrrBridgeBar *self)
{
  OrrBridge *bridge = get_bridge (self);
  OrrDatasetLaw *law = orr_bridge_get_law (bridge);
  gboolean moves = law == NULL || law->source.kind <= ORR_REDUCTION_MAP;

  gtk_widget_set_sensitive (self->emulate_button, orr_bridge_can_emulate (bridge));
  gtk_widget_set_visible (self->emulate_button, moves);
  gtk_widget_set_tooltip_text (
    self->emulate_button,
    law == NULL
      ? _("Once the law is complete it can run in the network’s place")
      : _("Emits sequences as long and as many as the match compares. Every one starts where the network was at a random "
          "moment. Each step adds what the law says and Gaussian noise, drawn anew, with the covariance of what the law "
          "leaves unexplained near there; noise that remembers, and other directions than those of the law, are left out. "
          "The symbol is drawn from the network’s mean emission near the place that is reached. A step beyond what the "
          "network visited is held at the edge."));
}

static void
update_change (OrrBridgeBar *self)
{
  g_autofree char *change = orr_bridge_dup_change (get_bridge (self));

  if (change == NULL)
    g_clear_pointer (&self->kept, g_free);
  else
    gtk_label_set_label (self->change, change);
  gtk_revealer_set_reveal_child (self->revealer, change != NULL && g_strcmp0 (change, self->kept) != 0);
}

static void
update_agreement (OrrBridgeBar *self)
{
  double r2 = orr_bridge_get_flow_r2 (get_bridge (self));
  g_autofree char *text = g_strdup_printf (_("R² of the flow %.3f"), r2);

  gtk_label_set_label (self->agreement, text);
  gtk_widget_set_visible (GTK_WIDGET (self->agreement), isfinite (r2));
}

static void
update (OrrBridgeBar *self)
{
  OrrDataset *dataset =
    self->session != NULL ? orr_workbench_get_dataset (orr_session_get_workbench (self->session)) : NULL;
  gboolean shown = dataset != NULL && orr_bridge_has_source (get_bridge (self));

  gtk_widget_set_visible (GTK_WIDGET (self), shown);
  if (!shown)
    return;
  gtk_label_set_label (self->name, dataset->name);
  gtk_label_set_label (self->origin, dataset->origin);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->origin), dataset->origin);
  fill_targets (self, dataset);
  g_clear_pointer (&self->dataset, orr_dataset_unref);
  self->dataset = orr_dataset_ref (dataset);
  show_target (self, dataset);
  update_emulation (self);
  update_change (self);
  update_agreement (self);
}

static void
show_cb (OrrBridgeBar *self)
{
  g_auto (OrrReductionSource) source = { 0 };

  if (self->session == NULL ||
      !orr_reduction_source_read (&source, orr_workbench_get_dataset (orr_session_get_workbench (self->session))))
    return;
  gtk_widget_activate_action (GTK_WIDGET (self), "win.page", "s",
                              g_strcmp0 (source.section, "motion") == 0 && source.kind != ORR_REDUCTION_PHASE_SPEED &&
                                  source.kind != ORR_REDUCTION_EMISSION
                                ? "dynamics"
                                : "mechanism");
}

static void
emulate_cb (OrrBridgeBar *self)
{
  if (self->session != NULL)
    orr_bridge_emulate (get_bridge (self));
}

static void
use_cb (OrrBridgeBar *self)
{
  if (self->session != NULL)
    orr_bridge_use_range (get_bridge (self));
}

static void
keep_cb (OrrBridgeBar *self)
{
  g_free (self->kept);
  self->kept = g_strdup (gtk_label_get_label (self->change));
  gtk_revealer_set_reveal_child (self->revealer, FALSE);
}

static void
found_cb (OrrBridgeBar *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.page", "s", "equations");
}

static void
emulated_cb (OrrBridgeBar *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.toast", "s",
                              _("The law’s sequences stand beside the network’s on the Model page."));
}

static void
orr_bridge_bar_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_SESSION)
    g_value_set_object (value, ORR_BRIDGE_BAR (object)->session);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
orr_bridge_bar_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id == PROP_SESSION)
    orr_bridge_bar_set_session (ORR_BRIDGE_BAR (object), g_value_get_object (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
orr_bridge_bar_dispose (GObject *object)
{
  OrrBridgeBar *self = ORR_BRIDGE_BAR (object);
  GtkWidget *child;

  orr_bridge_bar_set_session (self, NULL);
  g_clear_pointer (&self->dataset, orr_dataset_unref);
  g_clear_pointer (&self->kept, g_free);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (orr_bridge_bar_parent_class)->dispose (object);
}

static void
orr_bridge_bar_class_init (OrrBridgeBarClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = orr_bridge_bar_get_property;
  object_class->set_property = orr_bridge_bar_set_property;
  object_class->dispose = orr_bridge_bar_dispose;
  props[PROP_SESSION] = g_param_spec_object ("session", NULL, NULL, ORR_TYPE_SESSION,
                                             G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, props);
  gtk_widget_class_set_css_name (widget_class, "orrbridgebar");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/orrery/Orrery/ui/orr-bridge-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, OrrBridgeBar, name);
  gtk_widget_class_bind_template_child (widget_class, OrrBridgeBar, origin);
  gtk_widget_class_bind_template_child (widget_class, OrrBridgeBar, agreement);
  gtk_widget_class_bind_template_child (widget_class, OrrBridgeBar, targets);
  gtk_widget_class_bind_template_child (widget_class, OrrBridgeBar, emulate_button);
  gtk_widget_class_bind_template_child (widget_class, OrrBridgeBar, revealer);
  gtk_widget_class_bind_template_child (widget_class, OrrBridgeBar, change);
  gtk_widget_class_bind_template_callback (widget_class, show_cb);
  gtk_widget_class_bind_template_callback (widget_class, emulate_cb);
  gtk_widget_class_bind_template_callback (widget_class, use_cb);
  gtk_widget_class_bind_template_callback (widget_class, keep_cb);
}

static void
orr_bridge_bar_init (OrrBridgeBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
orr_bridge_bar_new (OrrSession *session)
{
  return g_object_new (ORR_TYPE_BRIDGE_BAR, "session", session, NULL);
}

static void
listen (OrrBridgeBar *self, gpointer object, const char *signal, void (*callback) (OrrBridgeBar *self))
{
  g_signal_connect_object (object, signal, G_CALLBACK (callback), self, G_CONNECT_SWAPPED);
}

/**
 * orr_bridge_bar_set_session:
 * @session: (nullable): whose data to tell about
 */
void
orr_bridge_bar_set_session (OrrBridgeBar *self, OrrSession *session)
{
  g_return_if_fail (ORR_IS_BRIDGE_BAR (self));

  if (self->session == session)
    return;
  if (self->session != NULL)
    {
      g_signal_handlers_disconnect_by_data (orr_session_get_workbench (self->session), self);
      g_signal_handlers_disconnect_by_data (get_bridge (self), self);
      g_signal_handlers_disconnect_by_data (self->session, self);
    }
  g_set_object (&self->session, session);
  g_clear_pointer (&self->kept, g_free);
  if (session != NULL)
    {
      listen (self, orr_session_get_workbench (session), "notify::dataset", update);
      listen (self, get_bridge (self), "notify::source", update);
      listen (self, get_bridge (self), "notify::law", update_emulation);
      listen (self, get_bridge (self), "notify::emulating", update_emulation);
      listen (self, get_bridge (self), "notify::stale", update_change);
      listen (self, get_bridge (self), "notify::flow-r2", update_agreement);
      listen (self, get_bridge (self), "found", found_cb);
      listen (self, get_bridge (self), "emulated", emulated_cb);
      listen (self, session, "notify::motion", update_emulation);
    }
  update (self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_SESSION]);
}
