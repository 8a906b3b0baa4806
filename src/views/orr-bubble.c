/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-bubble.h"

#include "orr-view-theme.h"

/**
 * orr_bubble_snapshot:
 * @x: what the words are about
 * @y: as @x
 * @width: of the widget, in which the bubble stays
 * @height: as @width
 *
 * A tooltip that comes at once: @words in a box beside (@x, @y).
 */
void
orr_bubble_snapshot (GtkSnapshot *snapshot, PangoLayout *words, const OrrFigureTheme *theme, double x, double y,
                     double width, double height)
{
  GskRoundedRect box;
  GdkRGBA paper, ink;
  int box_width, box_height;

  pango_layout_get_pixel_size (words, &box_width, &box_height);
  box_width += 16;
  box_height += 10;
  double left = x + 12, top = y - box_height - 8;
  if (left + box_width > width - 2)
    left = x - 12 - box_width;
  left = MAX (left, 2.0);
  if (top < 2.0)
    top = y + 16;
  top = CLAMP (top, 2.0, MAX (height - box_height - 2, 2.0));

  orr_rgb_to_rgba (theme->dark ? 0xf6f5f4 : 0x2b2b2f, 0.94, &paper);
  orr_rgb_to_rgba (theme->dark ? 0x1e1e21 : 0xffffff, 1.0, &ink);
  gsk_rounded_rect_init_from_rect (&box, &GRAPHENE_RECT_INIT (left, top, box_width, box_height), 6);
  gtk_snapshot_push_rounded_clip (snapshot, &box);
  gtk_snapshot_append_color (snapshot, &paper, &box.bounds);
  gtk_snapshot_pop (snapshot);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (left + 8, top + 5));
  gtk_snapshot_append_layout (snapshot, words, &ink);
  gtk_snapshot_restore (snapshot);
}
