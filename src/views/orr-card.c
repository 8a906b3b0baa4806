/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-card.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <string.h>

#include "orr-export.h"
#include "orr-view-style.h"

/**
 * OrrCard:
 *
 * A titled card around one view. Its menu maximises the card (`card.maximise`
 * toggles the property #OrrCard:maximised, which the page around it follows),
 * shows the entries of the view, and exports the view's figure and numbers.
 */
struct _OrrCard
{
  GtkWidget parent;

  GtkBox        *header;
  GtkLabel      *heading;
  GtkBox        *controls;
  GtkMenuButton *menu_button;
  AdwBin        *bin;

  gboolean maximised;
};

enum
{
  PROP_0,
  PROP_TITLE,
  PROP_CHILD,
  PROP_MAXIMISED,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

static void buildable_init (GtkBuildableIface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (OrrCard, orr_card, GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (GTK_TYPE_BUILDABLE, buildable_init))

static GtkBuildableIface *parent_buildable;

static OrrView *
get_view (OrrCard *self)
{
  GtkWidget *child = adw_bin_get_child (self->bin);
  return ORR_IS_VIEW (child) ? ORR_VIEW (child) : NULL;
}

static GMenuModel *
create_export_menu (OrrView *view)
{
  GMenu *menu = g_menu_new ();

  if (orr_view_has_figure (view))
    {
      g_menu_append (menu, _("Export figure as _SVG\342\200\246"), "card.export-svg");
      g_menu_append (menu, _("Export figure as P_DF\342\200\246"), "card.export-pdf");
    }
  g_menu_append (menu, _("Export figure as P_NG\342\200\246"), "card.export-png");
  if (orr_view_has_csv (view))
    g_menu_append (menu, _("Export numbers as CS_V\342\200\246"), "card.export-csv");
  g_menu_append (menu, _("_Copy image"), "card.copy-image");
  return G_MENU_MODEL (menu);
}

static void
update_menu (OrrCard *self)
{
  g_autoptr (GMenu) menu = g_menu_new ();
  g_autoptr (GMenu) window = g_menu_new ();
  OrrView *view = get_view (self);
  GMenuModel *entries = view != NULL ? orr_view_get_menu (view) : NULL;

  g_menu_append (window, self->maximised ? _("_Restore") : _("_Maximise"), "card.maximise");
  g_menu_append_section (menu, NULL, G_MENU_MODEL (window));
  if (entries != NULL)
    g_menu_append_section (menu, NULL, entries);
  if (view != NULL)
    {
      g_autoptr (GMenuModel) exports = create_export_menu (view);
      g_menu_append_section (menu, NULL, exports);
    }
  gtk_menu_button_set_menu_model (self->menu_button, G_MENU_MODEL (menu));
}

static void
maximise_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  OrrCard *self = ORR_CARD (widget);
  orr_card_set_maximised (self, !self->maximised);
}

static void
export_figure_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  OrrCard *self = ORR_CARD (widget);
  OrrView *view = get_view (self);
  OrrFigureFormat format = ORR_FIGURE_PNG;

  /* the names end like the files: card.export-svg */
  g_autofree char *ending = g_strconcat (".", name + strlen ("card.export-"), NULL);
  orr_figure_format_from_path (ending, &format);
  if (view != NULL)
    orr_export_figure (view, orr_card_get_title (self), format);
}

static void
export_csv_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  OrrCard *self = ORR_CARD (widget);

  if (get_view (self) != NULL)
    orr_export_csv (get_view (self), orr_card_get_title (self));
}

static void
copy_image_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  OrrCard *self = ORR_CARD (widget);

  if (get_view (self) != NULL)
    orr_export_copy_image (get_view (self));
}

static void
header_pressed_cb (GtkGestureClick *gesture, int n_press, double x, double y, OrrCard *self)
{
  if (n_press == 2)
    orr_card_set_maximised (self, !self->maximised);
}

static void
orr_card_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  OrrCard *self = ORR_CARD (object);

  switch (id)
    {
    case PROP_TITLE:
      g_value_set_string (value, orr_card_get_title (self));
      break;
    case PROP_CHILD:
      g_value_set_object (value, orr_card_get_child (self));
      break;
    case PROP_MAXIMISED:
      g_value_set_boolean (value, self->maximised);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
orr_card_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  OrrCard *self = ORR_CARD (object);

  switch (id)
    {
    case PROP_TITLE:
      orr_card_set_title (self, g_value_get_string (value));
      break;
    case PROP_CHILD:
      orr_card_set_child (self, g_value_get_object (value));
      break;
    case PROP_MAXIMISED:
      orr_card_set_maximised (self, g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
orr_card_dispose (GObject *object)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (orr_card_parent_class)->dispose (object);
}

static void
orr_card_class_init (OrrCardClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = orr_card_get_property;
  object_class->set_property = orr_card_set_property;
  object_class->dispose = orr_card_dispose;
  props[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL,
                                           G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY
                                             | G_PARAM_STATIC_STRINGS);
  props[PROP_CHILD] = g_param_spec_object ("child", NULL, NULL, GTK_TYPE_WIDGET,
                                           G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY
                                             | G_PARAM_STATIC_STRINGS);
  props[PROP_MAXIMISED] = g_param_spec_boolean ("maximised", NULL, NULL, FALSE,
                                                G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY
                                                  | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);

  g_type_ensure (ADW_TYPE_BIN);
  g_type_ensure (ORR_TYPE_VIEW);
  gtk_widget_class_set_css_name (widget_class, "orrcard");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_REGION);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/orrery/Orrery/ui/orr-card.ui");
  gtk_widget_class_bind_template_child (widget_class, OrrCard, header);
  gtk_widget_class_bind_template_child (widget_class, OrrCard, heading);
  gtk_widget_class_bind_template_child (widget_class, OrrCard, controls);
  gtk_widget_class_bind_template_child (widget_class, OrrCard, menu_button);
  gtk_widget_class_bind_template_child (widget_class, OrrCard, bin);
  gtk_widget_class_bind_template_callback (widget_class, header_pressed_cb);
  gtk_widget_class_install_action (widget_class, "card.maximise", NULL, maximise_cb);
  gtk_widget_class_install_action (widget_class, "card.export-svg", NULL, export_figure_cb);
  gtk_widget_class_install_action (widget_class, "card.export-pdf", NULL, export_figure_cb);
  gtk_widget_class_install_action (widget_class, "card.export-png", NULL, export_figure_cb);
  gtk_widget_class_install_action (widget_class, "card.export-csv", NULL, export_csv_cb);
  gtk_widget_class_install_action (widget_class, "card.copy-image", NULL, copy_image_cb);
}

static void
orr_card_init (OrrCard *self)
{
  orr_view_style_ensure ();
  gtk_widget_set_hexpand (GTK_WIDGET (self), TRUE);
  gtk_widget_set_vexpand (GTK_WIDGET (self), TRUE);
  gtk_widget_init_template (GTK_WIDGET (self));
  update_menu (self);
}

/* Lets a .ui file put the view in as the card's child. */
static void
add_child (GtkBuildable *buildable, GtkBuilder *builder, GObject *child, const char *type)
{
  OrrCard *self = ORR_CARD (buildable);

  if (self->bin != NULL && GTK_IS_WIDGET (child) && GTK_WIDGET (child) != GTK_WIDGET (self->bin))
    orr_card_set_child (self, GTK_WIDGET (child));
  else
    parent_buildable->add_child (buildable, builder, child, type);
}

static void
buildable_init (GtkBuildableIface *iface)
{
  parent_buildable = g_type_interface_peek_parent (iface);
  iface->add_child = add_child;
}

/**
 * orr_card_new:
 * @title: (nullable): the heading, and the card's accessible name
 * @child: (nullable): the view in it
 *
 * Returns: (transfer floating): a card
 */
GtkWidget *
orr_card_new (const char *title, GtkWidget *child)
{
  return g_object_new (ORR_TYPE_CARD, "title", title, "child", child, NULL);
}

const char *
orr_card_get_title (OrrCard *self)
{
  g_return_val_if_fail (ORR_IS_CARD (self), NULL);
  return gtk_label_get_label (self->heading);
}

void
orr_card_set_title (OrrCard *self, const char *title)
{
  g_return_if_fail (ORR_IS_CARD (self));
  title = title != NULL ? title : "";
  if (g_str_equal (title, gtk_label_get_label (self->heading)))
    return;

  /* TRANSLATORS: the name of the menu button on a view's card, for screen readers */
  g_autofree char *menu_name = g_strdup_printf (_("%s menu"), title);
  gtk_label_set_label (self->heading, title);
  /* Where the controls leave no room for all of it. */
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->heading), title);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->menu_button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  menu_name, -1);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->menu_button), menu_name);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_TITLE]);
}

GtkWidget *
orr_card_get_child (OrrCard *self)
{
  g_return_val_if_fail (ORR_IS_CARD (self), NULL);
  return adw_bin_get_child (self->bin);
}

void
orr_card_set_child (OrrCard *self, GtkWidget *child)
{
  GtkWidget *old;

  g_return_if_fail (ORR_IS_CARD (self));
  if (adw_bin_get_child (self->bin) == child)
    return;
  while ((old = gtk_widget_get_first_child (GTK_WIDGET (self->controls))) != NULL)
    gtk_box_remove (self->controls, old);
  adw_bin_set_child (self->bin, child);

  OrrView *view = get_view (self);
  GtkWidget *controls = view != NULL ? orr_view_get_controls (view) : NULL;
  if (controls != NULL)
    gtk_box_append (self->controls, controls);
  gtk_widget_insert_action_group (GTK_WIDGET (self), "view", view != NULL ? orr_view_get_actions (view) : NULL);
  update_menu (self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_CHILD]);
}

gboolean
orr_card_get_maximised (OrrCard *self)
{
  g_return_val_if_fail (ORR_IS_CARD (self), FALSE);
  return self->maximised;
}

void
orr_card_set_maximised (OrrCard *self, gboolean maximised)
{
  g_return_if_fail (ORR_IS_CARD (self));
  if (self->maximised == maximised)
    return;
  self->maximised = maximised;
  update_menu (self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_MAXIMISED]);
}
