/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-view-test.h"

#include <adwaita.h>
#include <gdk/x11/gdkx.h>
#include <math.h>

/* Longer than anything that works ever takes. */
#define PATIENCE_US (90 * G_USEC_PER_SEC)

/**
 * orr_view_test_init:
 *
 * Returns: whether there is an X display and xdotool; else the program has said
 * that it is skipped
 */
gboolean
orr_view_test_init (int *argc, char ***argv)
{
  g_autofree char *xdotool = g_find_program_in_path ("xdotool");

  g_setenv ("GDK_BACKEND", "x11", TRUE);
  g_setenv ("GTK_A11Y", "test", TRUE);
  g_setenv ("GSETTINGS_BACKEND", "memory", TRUE);
  g_test_init (argc, argv, NULL);
  if (xdotool == NULL || !gtk_init_check ())
    {
      g_print ("1..0 # SKIP no X display or no xdotool\n");
      return FALSE;
    }
  adw_init ();
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);
  return TRUE;
}

/* Lets everything that is under way happen: a few frames and all events. */
void
orr_view_test_settle (void)
{
  for (guint i = 0; i < 8; i++)
    {
      while (g_main_context_iteration (NULL, FALSE))
        ;
      g_usleep (12000);
    }
}

/**
 * orr_view_test_wait:
 *
 * Returns: whether @func came true before patience ended
 */
gboolean
orr_view_test_wait (OrrViewTestFunc func, gpointer data)
{
  gint64 start = g_get_monotonic_time ();

  while (!func (data))
    {
      if (g_get_monotonic_time () - start > PATIENCE_US)
        return FALSE;
      if (!g_main_context_iteration (NULL, FALSE))
        g_usleep (5000);
    }
  return TRUE;
}

static gboolean
is_mapped (gpointer data)
{
  return gtk_widget_get_mapped (data) && gtk_widget_get_width (data) > 0;
}

static gulong
xid_of (GtkWidget *widget)
{
  return gdk_x11_surface_get_xid (gtk_native_get_surface (gtk_widget_get_native (widget)));
}

static void
xdotool (const char *first, ...)
{
  g_autoptr (GPtrArray) arguments = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;
  int status;
  va_list more;

  g_ptr_array_add (arguments, (char *) "xdotool");
  va_start (more, first);
  for (const char *argument = first; argument != NULL; argument = va_arg (more, const char *))
    g_ptr_array_add (arguments, (char *) argument);
  va_end (more);
  g_ptr_array_add (arguments, NULL);
  g_spawn_sync (NULL, (char **) arguments->pdata, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL, NULL, NULL,
                NULL, NULL, &status, &error);
  g_assert_no_error (error);
  g_assert_true (g_spawn_check_wait_status (status, &error));
  orr_view_test_settle ();
}

/**
 * orr_view_test_present:
 *
 * Returns: (transfer none): a window with @child in it, on the screen and focused
 */
GtkWidget *
orr_view_test_present (GtkWidget *child, int width, int height)
{
  GtkWidget *window = gtk_window_new ();

  gtk_window_set_decorated (GTK_WINDOW (window), FALSE);
  gtk_window_set_default_size (GTK_WINDOW (window), width, height);
  gtk_window_set_child (GTK_WINDOW (window), child);
  gtk_window_present (GTK_WINDOW (window));
  g_assert_true (orr_view_test_wait (is_mapped, child));
  g_autofree char *xid = g_strdup_printf ("%lu", xid_of (window));
  xdotool ("windowfocus", xid, NULL);
  return window;
}

void
orr_view_test_move (GtkWidget *widget, double x, double y)
{
  GtkNative *native = gtk_widget_get_native (widget);
  double origin_x, origin_y;
  int scale = gtk_widget_get_scale_factor (widget);

  gtk_native_get_surface_transform (native, &origin_x, &origin_y);
  gtk_widget_translate_coordinates (widget, GTK_WIDGET (native), x, y, &x, &y);
  g_autofree char *xid = g_strdup_printf ("%lu", xid_of (widget));
  g_autofree char *at_x = g_strdup_printf ("%d", (int) lrint ((x + origin_x) * scale));
  g_autofree char *at_y = g_strdup_printf ("%d", (int) lrint ((y + origin_y) * scale));
  xdotool ("mousemove", "--window", xid, at_x, at_y, NULL);
}

void
orr_view_test_click (GtkWidget *widget, double x, double y, int n_press)
{
  g_autofree char *times = g_strdup_printf ("%d", n_press);

  orr_view_test_move (widget, x, y);
  xdotool ("click", "--repeat", times, "--delay", "30", "1", NULL);
}

void
orr_view_test_drag (GtkWidget *widget, double x, double y, double to_x, double to_y)
{
  orr_view_test_move (widget, x, y);
  xdotool ("mousedown", "1", NULL);
  for (guint i = 1; i <= 4; i++)
    orr_view_test_move (widget, x + (to_x - x) * i / 4, y + (to_y - y) * i / 4);
  xdotool ("mouseup", "1", NULL);
}

/* Positive @steps scroll down. */
void
orr_view_test_scroll (GtkWidget *widget, double x, double y, int steps)
{
  orr_view_test_move (widget, x, y);
  for (int i = 0; i < ABS (steps); i++)
    xdotool ("click", steps > 0 ? "5" : "4", NULL);
}

/* Presses @key (as xdotool names it) with the focus on @widget. */
void
orr_view_test_key (GtkWidget *widget, const char *key)
{
  gtk_widget_grab_focus (widget);
  xdotool ("key", key, NULL);
}

void
orr_view_test_hold (GtkWidget *widget, const char *key, gboolean down)
{
  xdotool (down ? "keydown" : "keyup", key, NULL);
}

/**
 * orr_view_test_grab:
 *
 * Returns: (transfer full): the pixels of @widget
 */
GdkTexture *
orr_view_test_grab (GtkWidget *widget)
{
  g_autoptr (GdkPaintable) paintable = gtk_widget_paintable_new (widget);
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  int width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);

  gdk_paintable_snapshot (paintable, snapshot, width, height);
  g_autoptr (GskRenderNode) node = gtk_snapshot_free_to_node (snapshot);
  g_assert_nonnull (node);
  return gsk_renderer_render_texture (gtk_native_get_renderer (gtk_widget_get_native (widget)), node,
                                      &GRAPHENE_RECT_INIT (0, 0, width, height));
}

/* How many pixels of @widget have exactly this colour. */
guint
orr_view_test_count (GtkWidget *widget, guint32 rgb)
{
  g_autoptr (GdkTexture) texture = orr_view_test_grab (widget);
  int width = gdk_texture_get_width (texture), height = gdk_texture_get_height (texture);
  g_autofree guint32 *pixels = g_new (guint32, (gsize) width * height);
  guint n = 0;

  gdk_texture_download (texture, (guchar *) pixels, 4 * (gsize) width);
  for (gsize i = 0; i < (gsize) width * height; i++)
    n += (pixels[i] & 0xffffff) == rgb;
  return n;
}
