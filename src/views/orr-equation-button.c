/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-equation-button.h"

#include <adwaita.h>
#include <glib/gi18n.h>

/**
 * OrrEquationButton:
 *
 * "Find an equation": for the header of a card that shows something an equation can be
 * sought for. It takes the data of its section ("motion" or an analysis) to the Equations
 * page: at once where there is one thing to explain, from a menu where there are several.
 * Hidden while there is nothing.
 */
struct _OrrEquationButton
{
  GtkWidget parent;

  OrrSession *session;
  char       *section;
  GPtrArray  *offers; /* (element-type OrrBridgeOffer) (nullable) */
  GtkWidget  *button;
  GtkWidget  *menu_button;
};

G_DEFINE_FINAL_TYPE (OrrEquationButton, orr_equation_button, GTK_TYPE_WIDGET)

static void
find (OrrEquationButton *self, guint index)
{
  if (self->session == NULL || self->offers == NULL || index >= self->offers->len)
    return;
  const OrrBridgeOffer *offer = self->offers->pdata[index];
  orr_bridge_find_equation (orr_session_get_bridge (self->session), self->section, offer->kind, offer->symbol);
}

static void
clicked_cb (OrrEquationButton *self)
{
  find (self, 0);
}

static void
find_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  find (ORR_EQUATION_BUTTON (widget), g_variant_get_uint32 (parameter));
}

static gboolean
same_offers (GPtrArray *a, GPtrArray *b)
{
  gboolean same = a != NULL && a->len == b->len;

  for (guint i = 0; same && i < b->len; i++)
    same = g_str_equal (((OrrBridgeOffer *) a->pdata[i])->title, ((OrrBridgeOffer *) b->pdata[i])->title);
  return same;
}

static void
update (OrrEquationButton *self)
{
  GPtrArray *offers = self->session != NULL && self->section != NULL
                        ? orr_bridge_list_offers (orr_session_get_bridge (self->session), self->section)
                        : g_ptr_array_new ();
  gboolean same = same_offers (self->offers, offers);

  g_clear_pointer (&self->offers, g_ptr_array_unref);
  self->offers = offers;
  if (same)
    return;
  g_autoptr (GMenu) menu = g_menu_new ();
  for (guint i = 0; i < offers->len; i++)
    {
      g_autoptr (GMenuItem) item = g_menu_item_new (((OrrBridgeOffer *) offers->pdata[i])->title, NULL);

      g_menu_item_set_action_and_target (item, "equation.find", "u", i);
      g_menu_append_item (menu, item);
    }
  gtk_menu_button_set_menu_model (GTK_MENU_BUTTON (self->menu_button), G_MENU_MODEL (menu));
  gtk_widget_set_visible (self->button, offers->len == 1);
  gtk_widget_set_visible (self->menu_button, offers->len > 1);
  gtk_widget_set_visible (GTK_WIDGET (self), offers->len > 0);
  if (offers->len == 1)
    {
      const OrrBridgeOffer *offer = offers->pdata[0];
      g_autofree char *tooltip = g_strdup_printf (_("Find an equation: %s"), offer->title);

      gtk_widget_set_tooltip_text (self->button, tooltip);
    }
}

static void
orr_equation_button_dispose (GObject *object)
{
  OrrEquationButton *self = ORR_EQUATION_BUTTON (object);
  GtkWidget *child;

  if (self->session != NULL)
    g_signal_handlers_disconnect_by_data (self->session, self);
  g_clear_object (&self->session);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (orr_equation_button_parent_class)->dispose (object);
}

static void
orr_equation_button_finalize (GObject *object)
{
  OrrEquationButton *self = ORR_EQUATION_BUTTON (object);

  g_free (self->section);
  g_clear_pointer (&self->offers, g_ptr_array_unref);
  G_OBJECT_CLASS (orr_equation_button_parent_class)->finalize (object);
}

static void
orr_equation_button_class_init (OrrEquationButtonClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = orr_equation_button_dispose;
  G_OBJECT_CLASS (klass)->finalize = orr_equation_button_finalize;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "orrequationbutton");
  gtk_widget_class_install_action (widget_class, "equation.find", "u", find_cb);
}

/* Words where there is room for them, a sign in a narrow card. */
static GtkWidget *
create_face (gboolean compact)
{
  GtkWidget *face, *sign = g_object_new (GTK_TYPE_IMAGE, "icon-name", "orr-equation-symbolic", "accessible-role",
                                         GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);

  if (compact)
    return sign;
  face = adw_squeezer_new ();
  adw_squeezer_set_homogeneous (ADW_SQUEEZER (face), FALSE);
  adw_squeezer_add (ADW_SQUEEZER (face), gtk_label_new (_("Find an equation")));
  adw_squeezer_add (ADW_SQUEEZER (face), sign);
  return face;
}

static void
orr_equation_button_init (OrrEquationButton *self)
{
  self->button = gtk_button_new ();
  self->menu_button = gtk_menu_button_new ();
  gtk_widget_set_tooltip_text (self->menu_button, _("Find an equation for what is shown"));
  for (int i = 0; i < 2; i++)
    {
      GtkWidget *button = i == 0 ? self->button : self->menu_button;

      gtk_widget_add_css_class (button, "flat");
      gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
      gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Find an equation"), -1);
      gtk_widget_set_parent (button, GTK_WIDGET (self));
    }
  g_signal_connect_object (self->button, "clicked", G_CALLBACK (clicked_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

/**
 * orr_equation_button_new:
 * @compact: a sign, for cards that are always narrow
 *
 * Returns: (transfer floating): a button without a session
 */
GtkWidget *
orr_equation_button_new (gboolean compact)
{
  OrrEquationButton *self = g_object_new (ORR_TYPE_EQUATION_BUTTON, NULL);

  gtk_button_set_child (GTK_BUTTON (self->button), create_face (compact));
  gtk_menu_button_set_child (GTK_MENU_BUTTON (self->menu_button), create_face (compact));
  return GTK_WIDGET (self);
}

/**
 * orr_equation_button_set_session:
 * @session: (nullable): whose network is shown
 */
void
orr_equation_button_set_session (OrrEquationButton *self, OrrSession *session)
{
  g_return_if_fail (ORR_IS_EQUATION_BUTTON (self));

  if (self->session != NULL)
    g_signal_handlers_disconnect_by_data (self->session, self);
  g_set_object (&self->session, session);
  if (session != NULL)
    {
      g_signal_connect_object (session, "notify::run", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (session, "notify::motion", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
    }
  update (self);
}

/**
 * orr_equation_button_set_section:
 * @section: (nullable): "motion", or the analysis that is shown
 */
void
orr_equation_button_set_section (OrrEquationButton *self, const char *section)
{
  g_return_if_fail (ORR_IS_EQUATION_BUTTON (self));

  g_free (self->section);
  self->section = g_strdup (section);
  update (self);
}
