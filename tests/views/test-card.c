/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-card.h"

#include <adwaita.h>

static guint
count_items (GtkWidget *menu_button)
{
  GMenuModel *menu = gtk_menu_button_get_menu_model (GTK_MENU_BUTTON (menu_button));
  guint n = 0;

  for (int i = 0; i < g_menu_model_get_n_items (menu); i++)
    {
      g_autoptr (GMenuModel) section = g_menu_model_get_item_link (menu, i, G_MENU_LINK_SECTION);
      n += g_menu_model_get_n_items (section);
    }
  return n;
}

static GtkWidget *
find_type (GtkWidget *widget, GType type)
{
  if (G_TYPE_CHECK_INSTANCE_TYPE (widget, type))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_type (child, type);
      if (found != NULL)
        return found;
    }
  return NULL;
}

static void
test_properties (void)
{
  GtkWidget *label = gtk_label_new ("inside");
  g_autoptr (OrrCard) card = g_object_ref_sink (ORR_CARD (orr_card_new ("Loss curves", label)));

  g_assert_cmpstr (orr_card_get_title (card), ==, "Loss curves");
  g_assert_true (orr_card_get_child (card) == label);
  g_assert_true (gtk_widget_is_ancestor (label, GTK_WIDGET (card)));
  gtk_test_accessible_assert_role (GTK_ACCESSIBLE (card), GTK_ACCESSIBLE_ROLE_REGION);
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (card), GTK_ACCESSIBLE_PROPERTY_LABEL, "Loss curves");

  orr_card_set_child (card, NULL);
  g_assert_null (orr_card_get_child (card));
}

static void
count_cb (GObject *object, GParamSpec *pspec, guint *count)
{
  *count += 1;
}

static void
test_maximise (void)
{
  g_autoptr (OrrCard) card = g_object_ref_sink (ORR_CARD (orr_card_new ("Fit", gtk_label_new ("x"))));
  guint count = 0;

  g_signal_connect (card, "notify::maximised", G_CALLBACK (count_cb), &count);
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (card), "card.maximise", NULL));
  g_assert_true (orr_card_get_maximised (card));
  orr_card_set_maximised (card, TRUE);
  g_assert_cmpuint (count, ==, 1);
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (card), "card.maximise", NULL));
  g_assert_false (orr_card_get_maximised (card));
  g_assert_cmpuint (count, ==, 2);
  g_assert_cmpuint (count_items (find_type (GTK_WIDGET (card), GTK_TYPE_MENU_BUTTON)), >=, 1);
}

static void
test_builder (void)
{
  g_autoptr (GtkBuilder) builder = gtk_builder_new ();
  g_autoptr (GError) error = NULL;

  gtk_builder_add_from_string (builder,
                               "<interface><object class='OrrCard' id='card'>"
                               "<property name='title'>Fit</property>"
                               "<child><object class='GtkLabel' id='child'/></child>"
                               "</object></interface>", -1, &error);
  g_assert_no_error (error);
  OrrCard *card = ORR_CARD (gtk_builder_get_object (builder, "card"));
  g_assert_true (orr_card_get_child (card) == GTK_WIDGET (gtk_builder_get_object (builder, "child")));
  g_assert_cmpstr (orr_card_get_title (card), ==, "Fit");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  if (!gtk_init_check ())
    {
      g_print ("1..0 # SKIP no display\n");
      return 0;
    }
  adw_init ();
  g_type_ensure (ORR_TYPE_CARD);
  g_test_add_func ("/card/properties", test_properties);
  g_test_add_func ("/card/maximise", test_maximise);
  g_test_add_func ("/card/builder", test_builder);
  return g_test_run ();
}
