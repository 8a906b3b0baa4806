/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-piece-button.h"

#include <glib/gi18n.h>

#include "orr-drag-escape.h"
#include "orr-tree-canvas.h"

/*
 * A button that holds a piece of an expression: dragged, it takes the piece to
 * the tree; pressed, it puts it in the selected place.
 */

static int
get_loose (GtkWidget *button)
{
  return GPOINTER_TO_INT (g_object_get_data (G_OBJECT (button), "orr-loose"));
}

static GdkContentProvider *
prepare_cb (GtkDragSource *source, double x, double y, OrrTreeEditor *editor)
{
  GtkWidget *button = gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (source));
  const char *piece = g_object_get_data (G_OBJECT (button), "orr-piece");
  g_autoptr (GdkPaintable) icon = orr_tree_drag_create_icon (button, editor, piece);

  gtk_drag_source_set_icon (source, icon, 0, 0);
  return gdk_content_provider_new_typed (G_TYPE_STRING, piece);
}

static void
drag_begin_cb (GtkDragSource *source, GdkDrag *drag, OrrTreeEditor *editor)
{
  orr_tree_editor_lift (editor, -1,
                        get_loose (gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (source))));
}

static void
drag_end_cb (GtkDragSource *source, GdkDrag *drag, gboolean delete_data, OrrTreeEditor *editor)
{
  orr_tree_editor_lift (editor, -1, -1);
}

static void
clicked_cb (GtkButton *button, OrrTreeEditor *editor)
{
  g_autofree char *piece = g_strdup (g_object_get_data (G_OBJECT (button), "orr-piece"));
  int loose = get_loose (GTK_WIDGET (button));
  g_autoptr (GError) error = NULL;

  if (!orr_tree_editor_put (editor, piece, loose, &error))
    gtk_widget_error_bell (GTK_WIDGET (button));
}

static gboolean
key_pressed_cb (GtkEventControllerKey *controller, guint key, guint code, GdkModifierType modifiers,
                OrrTreeEditor *editor)
{
  int loose = get_loose (gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (controller)));

  if (loose < 0 || key != GDK_KEY_Delete)
    return GDK_EVENT_PROPAGATE;
  orr_tree_editor_drop_loose (editor, loose);
  return GDK_EVENT_STOP;
}

/**
 * orr_piece_button_new:
 * @label: what stands on it
 * @piece: the formula, `?` for its open places
 * @loose: its index in the tray, or -1: from the palette, of which there is no end
 */
GtkWidget *
orr_piece_button_new (OrrTreeEditor *editor, const char *label, const char *piece, int loose)
{
  GtkWidget *button = gtk_button_new_with_label (label);
  GtkLabel *text = GTK_LABEL (gtk_button_get_child (GTK_BUTTON (button)));
  GtkDragSource *source = gtk_drag_source_new ();
  GtkEventController *keys = gtk_event_controller_key_new ();

  /* A column may have a long name; the palette stays as narrow as it is. */
  gtk_label_set_ellipsize (text, PANGO_ELLIPSIZE_END);
  gtk_label_set_width_chars (text, MIN (g_utf8_strlen (label, -1), 4));
  gtk_label_set_max_width_chars (text, 14);

  g_object_set_data_full (G_OBJECT (button), "orr-piece", g_strdup (piece), g_free);
  g_object_set_data (G_OBJECT (button), "orr-loose", GINT_TO_POINTER (loose));
  gtk_widget_add_css_class (button, "orr-piece");
  if (loose >= 0)
    gtk_widget_set_tooltip_text (button, _ ("Drag it to the tree; Delete throws it away"));
  gtk_drag_source_set_actions (source, GDK_ACTION_COPY);
  orr_drag_follow_escape (source);
  g_signal_connect_object (source, "prepare", G_CALLBACK (prepare_cb), editor, 0);
  g_signal_connect_object (source, "drag-begin", G_CALLBACK (drag_begin_cb), editor, 0);
  g_signal_connect_object (source, "drag-end", G_CALLBACK (drag_end_cb), editor, 0);
  g_signal_connect_object (button, "clicked", G_CALLBACK (clicked_cb), editor, 0);
  g_signal_connect_object (keys, "key-pressed", G_CALLBACK (key_pressed_cb), editor, 0);
  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (source), GTK_PHASE_CAPTURE);
  gtk_widget_add_controller (button, GTK_EVENT_CONTROLLER (source));
  gtk_widget_add_controller (button, keys);
  return button;
}

/* Adds the style sheet of pieces to the display, once. */
void
orr_piece_button_load_style (void)
{
  static gsize done;

  if (g_once_init_enter (&done))
    {
      g_autoptr (GtkCssProvider) provider = gtk_css_provider_new ();

      gtk_css_provider_load_from_resource (provider, "/io/github/orrery/Orrery/css/orr-tree-view.css");
      gtk_style_context_add_provider_for_display (gdk_display_get_default (), GTK_STYLE_PROVIDER (provider),
                                                  GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
      g_once_init_leave (&done, 1);
    }
}
