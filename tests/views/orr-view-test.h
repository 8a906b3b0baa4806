/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/*
 * Drives widgets in a real window by real pointer and key events, sent by
 * xdotool to the X server (Xvfb in the tests). Coordinates are of a widget.
 */

typedef gboolean (*OrrViewTestFunc) (gpointer data);

gboolean   orr_view_test_init    (int             *argc,
                                  char          ***argv);
GtkWidget *orr_view_test_present (GtkWidget       *child,
                                  int              width,
                                  int              height);
void       orr_view_test_settle  (void);
gboolean   orr_view_test_wait    (OrrViewTestFunc  func,
                                  gpointer         data);
void       orr_view_test_move    (GtkWidget       *widget,
                                  double           x,
                                  double           y);
void       orr_view_test_click   (GtkWidget       *widget,
                                  double           x,
                                  double           y,
                                  int              n_press);
void       orr_view_test_drag    (GtkWidget       *widget,
                                  double           x,
                                  double           y,
                                  double           to_x,
                                  double           to_y);
void       orr_view_test_scroll  (GtkWidget       *widget,
                                  double           x,
                                  double           y,
                                  int              steps);
void       orr_view_test_key     (GtkWidget       *widget,
                                  const char      *key);
void       orr_view_test_hold    (GtkWidget       *widget,
                                  const char      *key,
                                  gboolean         down);
GdkTexture *orr_view_test_grab   (GtkWidget       *widget);
guint      orr_view_test_count   (GtkWidget       *widget,
                                  guint32          rgb);

G_END_DECLS
