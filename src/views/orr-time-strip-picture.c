/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-time-strip-private.h"

#include <glib/gi18n.h>

#include "orr-view-theme.h"

static void
render_content (OrrTimeStrip *self, const OrrStripGeometry *geometry, const OrrFigureTheme *theme)
{
  int width = gtk_widget_get_width (GTK_WIDGET (self)), height = gtk_widget_get_height (GTK_WIDGET (self));
  g_autoptr (GtkSnapshot) snapshot = gtk_snapshot_new ();
  cairo_t *cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, width, height));

  orr_strip_draw (cr, gtk_widget_get_pango_context (GTK_WIDGET (self)), self->rows,
                  orr_session_get_units (self->session), geometry, theme,
                  gtk_widget_get_scale_factor (GTK_WIDGET (self)));
  cairo_destroy (cr);
  self->content = gtk_snapshot_free_to_node (g_steal_pointer (&snapshot));
}

static void
draw_span (GtkSnapshot *snapshot, const OrrStripGeometry *geometry, double from, double to, guint32 rgb,
           double alpha)
{
  double x0 = CLAMP (from, geometry->left, geometry->right), x1 = CLAMP (to, geometry->left, geometry->right);
  GdkRGBA colour;

  if (x1 <= x0)
    return;
  orr_rgb_to_rgba (rgb, alpha, &colour);
  gtk_snapshot_append_color (snapshot, &colour, &GRAPHENE_RECT_INIT (x0, 0, x1 - x0, geometry->bottom));
}

/* A thin line wherever the selected transition happens. */
static void
draw_jumps (OrrTimeStrip *self, GtkSnapshot *snapshot, const OrrStripGeometry *geometry,
            const OrrFigureTheme *theme)
{
  const OrrMotion *motion = orr_session_get_motion (self->session);
  double last = -1.0;
  int from, to;

  orr_session_get_transition (self->session, &from, &to);
  if (from < 0 || to < 0 || motion->path == NULL)
    return;
  for (guint t = MAX (self->start, 0.0); t + 1 < MIN (self->end, self->n_steps); t++)
    {
      double x = orr_strip_to_x (geometry, t + 1.0);

      if (motion->path[t] != from || motion->path[t + 1] != to || x - last < 2.0)
        continue;
      draw_span (snapshot, geometry, x - 1.0, x + 1.0, theme->warning, 0.9);
      last = x;
    }
}

static void
draw_above (OrrTimeStrip *self, GtkSnapshot *snapshot, const OrrStripGeometry *geometry,
            const OrrFigureTheme *theme)
{
  double x = orr_strip_to_x (geometry, orr_session_get_cursor (self->session) + 0.5);
  guint start, end;

  if (orr_session_get_range (self->session, &start, &end))
    {
      double x0 = orr_strip_to_x (geometry, start), x1 = orr_strip_to_x (geometry, end);

      draw_span (snapshot, geometry, x0, x1, theme->accent, 0.16);
      draw_span (snapshot, geometry, x0 - 0.5, x0 + 0.5, theme->accent, 0.6);
      draw_span (snapshot, geometry, x1 - 0.5, x1 + 0.5, theme->accent, 0.6);
    }
  draw_jumps (self, snapshot, geometry, theme);
  draw_span (snapshot, geometry, x - 1.0, x + 1.0, theme->accent, 1.0);
}

void
orr_time_strip_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  OrrTimeStrip *self = ORR_TIME_STRIP (widget);
  OrrStripGeometry geometry;
  OrrFigureTheme theme;

  if (self->n_steps > 0)
    {
      orr_time_strip_get_geometry (self, &geometry);
      orr_view_theme_init (&theme, widget);
      if (self->content == NULL)
        render_content (self, &geometry, &theme);
      if (self->content != NULL)
        gtk_snapshot_append_node (snapshot, self->content);
      draw_above (self, snapshot, &geometry, &theme);
    }
  gtk_widget_snapshot_child (widget, self->scrollbar, snapshot);
  gtk_widget_snapshot_child (widget, self->rows_scrollbar, snapshot);
  gtk_widget_snapshot_child (widget, self->empty_label, snapshot);
}

/* What a row shows, beside its label. */
static gboolean
explain_row (OrrTimeStrip *self, gssize row, GtkTooltip *tooltip)
{
  const char *definition = row >= 0 ? ((OrrStripRow *) self->rows->pdata[row])->definition : NULL;

  if (definition == NULL)
    return FALSE;
  gtk_tooltip_set_text (tooltip, definition);
  return TRUE;
}

/**
 * orr_time_strip_row_at:
 *
 * Returns: the row at height @y, -1 where there is none
 */
gssize
orr_time_strip_row_at (OrrTimeStrip *self, double y)
{
  g_autofree OrrStripPlace *places = g_new (OrrStripPlace, MAX (self->rows->len, 1));
  OrrStripGeometry geometry;

  orr_time_strip_get_geometry (self, &geometry);
  orr_strip_layout (self->rows, &geometry, places);
  for (guint i = 0; i < self->rows->len; i++)
    if (places[i].height > 0.0 && y >= places[i].y - 1.0 && y <= places[i].y + places[i].height + 1.0)
      return i;
  return -1;
}

gboolean
orr_time_strip_query_tooltip (GtkWidget *widget, int x, int y, gboolean keyboard, GtkTooltip *tooltip)
{
  OrrTimeStrip *self = ORR_TIME_STRIP (widget);
  OrrStripGeometry geometry;
  g_autoptr (GString) text = g_string_new (NULL);

  if (self->n_steps == 0)
    return FALSE;
  orr_time_strip_get_geometry (self, &geometry);
  guint step = keyboard ? orr_session_get_cursor (self->session) : orr_time_strip_step_at (self, x);
  if (!keyboard && (x > geometry.right || y > geometry.bottom))
    return FALSE;
  if (!keyboard && x < geometry.left)
    return explain_row (self, orr_time_strip_row_at (self, y), tooltip);
  g_string_append_printf (text, _("t = %u"), step);
  for (guint i = 0; i < self->rows->len; i++)
    {
      g_autofree char *entry = orr_strip_row_describe (self->rows->pdata[i], step);
      g_string_append_printf (text, "\n%s", entry);
    }
  gtk_tooltip_set_text (tooltip, text->str);
  return TRUE;
}

