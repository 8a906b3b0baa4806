/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-view.h"

#include "orr-views-resources.h"

G_DEFINE_INTERFACE (OrrView, orr_view, GTK_TYPE_WIDGET)

static void
orr_view_default_init (OrrViewInterface *iface)
{
  /* Names the resource, so that a static library keeps it. */
  orr_views_get_resource ();
}

GtkWidget *
orr_view_get_controls (OrrView *self)
{
  g_return_val_if_fail (ORR_IS_VIEW (self), NULL);
  OrrViewInterface *iface = ORR_VIEW_GET_IFACE (self);
  return iface->get_controls != NULL ? iface->get_controls (self) : NULL;
}

OrrFigure *
orr_view_create_figure (OrrView *self)
{
  g_return_val_if_fail (ORR_IS_VIEW (self), NULL);
  OrrViewInterface *iface = ORR_VIEW_GET_IFACE (self);
  return iface->create_figure != NULL ? iface->create_figure (self) : NULL;
}

GdkTexture *
orr_view_create_picture (OrrView *self)
{
  g_return_val_if_fail (ORR_IS_VIEW (self), NULL);
  OrrViewInterface *iface = ORR_VIEW_GET_IFACE (self);
  return iface->create_picture != NULL ? iface->create_picture (self) : NULL;
}

char *
orr_view_dup_csv (OrrView *self)
{
  g_return_val_if_fail (ORR_IS_VIEW (self), NULL);
  OrrViewInterface *iface = ORR_VIEW_GET_IFACE (self);
  return iface->dup_csv != NULL ? iface->dup_csv (self) : NULL;
}

GMenuModel *
orr_view_get_menu (OrrView *self)
{
  g_return_val_if_fail (ORR_IS_VIEW (self), NULL);
  OrrViewInterface *iface = ORR_VIEW_GET_IFACE (self);
  return iface->get_menu != NULL ? iface->get_menu (self) : NULL;
}

GActionGroup *
orr_view_get_actions (OrrView *self)
{
  g_return_val_if_fail (ORR_IS_VIEW (self), NULL);
  OrrViewInterface *iface = ORR_VIEW_GET_IFACE (self);
  return iface->get_actions != NULL ? iface->get_actions (self) : NULL;
}

/* Whether the view can ever give a figure: its card offers vector files. */
gboolean
orr_view_has_figure (OrrView *self)
{
  g_return_val_if_fail (ORR_IS_VIEW (self), FALSE);
  return ORR_VIEW_GET_IFACE (self)->create_figure != NULL;
}

/* Whether the view can ever give numbers: its card offers to export them. */
gboolean
orr_view_has_csv (OrrView *self)
{
  g_return_val_if_fail (ORR_IS_VIEW (self), FALSE);
  return ORR_VIEW_GET_IFACE (self)->dup_csv != NULL;
}
