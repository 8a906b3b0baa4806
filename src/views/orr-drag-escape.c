/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-drag-escape.h"

#ifdef GDK_WINDOWING_X11
#include <X11/Xlib.h>
#include <X11/extensions/XInput2.h>
#include <gdk/x11/gdkx.h>

/*
 * On X11 GDK 4 grabs Escape at the root window while something is dragged, and
 * then has no surface to deliver it to: a drag could not be cancelled. Its
 * "xevent" signal still tells of the key.
 */
static gboolean
xevent_cb (GdkX11Display *display, gpointer xevent, GdkDrag *drag)
{
  const XGenericEventCookie *cookie = xevent;
  guint key = 0;

  if (cookie->type != GenericEvent || cookie->evtype != XI_KeyPress || cookie->data == NULL)
    return FALSE;
  const XIDeviceEvent *press = cookie->data;
  if (!gdk_display_translate_key (GDK_DISPLAY (display), press->detail, 0, 0, &key, NULL, NULL, NULL) ||
      key != GDK_KEY_Escape)
    return FALSE;
  g_signal_handlers_disconnect_by_func (display, xevent_cb, drag);
  g_signal_emit_by_name (drag, "cancel", GDK_DRAG_CANCEL_USER_CANCELLED);
  return TRUE;
}

static void
drag_begin_cb (GtkDragSource *source, GdkDrag *drag)
{
  if (GDK_IS_X11_DISPLAY (gdk_drag_get_display (drag)))
    g_signal_connect_object (gdk_drag_get_display (drag), "xevent", G_CALLBACK (xevent_cb), drag, 0);
}

static void
drag_end_cb (GtkDragSource *source, GdkDrag *drag)
{
  g_signal_handlers_disconnect_by_func (gdk_drag_get_display (drag), xevent_cb, drag);
}
#endif

/**
 * orr_drag_follow_escape:
 *
 * Lets Escape cancel the drags of @source on every kind of display.
 */
void
orr_drag_follow_escape (GtkDragSource *source)
{
#ifdef GDK_WINDOWING_X11
  g_signal_connect (source, "drag-begin", G_CALLBACK (drag_begin_cb), NULL);
  g_signal_connect (source, "drag-end", G_CALLBACK (drag_end_cb), NULL);
#endif
}
