/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "orr-figure.h"

G_BEGIN_DECLS

#define ORR_TYPE_VIEW (orr_view_get_type ())
G_DECLARE_INTERFACE (OrrView, orr_view, ORR, VIEW, GtkWidget)

/**
 * OrrViewInterface:
 * @get_controls: (transfer none) (nullable): a small widget for the header of
 *   the card around the view
 * @create_figure: (transfer full) (nullable): what is shown, as a figure to
 *   export; where a view has none the card exports its pixels
 * @create_picture: (transfer full) (nullable): pixels to save as PNG and to copy,
 *   where they show more than the figure does
 * @dup_csv: (transfer full) (nullable): the numbers that are shown, as CSV
 * @get_menu: (transfer none) (nullable): entries for the card's menu
 * @get_actions: (transfer none) (nullable): the actions of those entries; the
 *   menu knows them as "view.NAME"
 *
 * What a card offers about the view in it. Every function may be left out.
 */
struct _OrrViewInterface
{
  GTypeInterface parent;

  GtkWidget    *(*get_controls)  (OrrView *self);
  OrrFigure    *(*create_figure) (OrrView *self);
  GdkTexture   *(*create_picture) (OrrView *self);
  char         *(*dup_csv)       (OrrView *self);
  GMenuModel   *(*get_menu)      (OrrView *self);
  GActionGroup *(*get_actions)   (OrrView *self);
};

GtkWidget    *orr_view_get_controls  (OrrView *self);
OrrFigure    *orr_view_create_figure (OrrView *self);
GdkTexture   *orr_view_create_picture (OrrView *self);
char         *orr_view_dup_csv       (OrrView *self);
GMenuModel   *orr_view_get_menu      (OrrView *self);
GActionGroup *orr_view_get_actions   (OrrView *self);
gboolean      orr_view_has_figure    (OrrView *self);
gboolean      orr_view_has_csv       (OrrView *self);

G_END_DECLS
