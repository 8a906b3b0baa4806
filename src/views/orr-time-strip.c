/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-time-strip-private.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <math.h>

#include "orr-player.h"
#include "orr-strip-rows.h"
#include "orr-view-theme.h"
#include "orr-view.h"

#define LABELS_WIDTH 92.0
#define RIGHT_MARGIN 14.0
#define SHOWN_AT_FIRST 500.0

/**
 * OrrTimeStrip:
 *
 * The run of the session's network over time: symbols, estimated states, zones, activity of groups of units
 * and of the selected units. Shows and sets the session's cursor and range of time; a row's label selects
 * its units.
 */

enum
{
  PROP_0,
  PROP_SESSION,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

static void view_init (OrrViewInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (OrrTimeStrip, orr_time_strip, GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (ORR_TYPE_VIEW, view_init))

void
orr_time_strip_get_geometry (OrrTimeStrip *self, OrrStripGeometry *geometry)
{
  int scrollbar_height;

  gtk_widget_measure (self->scrollbar, GTK_ORIENTATION_VERTICAL, -1, &scrollbar_height, NULL, NULL, NULL);
  geometry->left = LABELS_WIDTH;
  geometry->right = MAX (gtk_widget_get_width (GTK_WIDGET (self)) - RIGHT_MARGIN, LABELS_WIDTH + 1.0);
  geometry->bottom = gtk_widget_get_height (GTK_WIDGET (self)) - ORR_STRIP_AXIS_HEIGHT - scrollbar_height;
  geometry->start = self->start;
  geometry->end = self->end;
  geometry->first_trace = self->rows_adjustment != NULL ? lrint (gtk_adjustment_get_value (self->rows_adjustment)) : 0;
}

/* The picture below cursor and range is drawn again. */
void
orr_time_strip_invalidate (OrrTimeStrip *self)
{
  g_clear_pointer (&self->content, gsk_render_node_unref);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* What is shown ------------------------------------------------------------------------------- */

static void
update_adjustment (OrrTimeStrip *self)
{
  double page = self->end - self->start;

  self->adjusting = TRUE;
  gtk_adjustment_configure (self->adjustment, self->start, 0.0, MAX (self->n_steps, page), 0.1 * page,
                            0.9 * page, page);
  self->adjusting = FALSE;
}

static void
scrolled_cb (OrrTimeStrip *self)
{
  double start = gtk_adjustment_get_value (self->adjustment);

  if (!self->adjusting)
    orr_time_strip_set_view (self, start, start + self->end - self->start);
}

/* How many traces there are, and how many of them are in sight. */
static guint
count_traces (OrrTimeStrip *self, guint *n_seen)
{
  g_autofree OrrStripPlace *places = g_new (OrrStripPlace, MAX (self->rows->len, 1));
  OrrStripGeometry geometry;
  guint n = 0;

  *n_seen = 0;
  orr_time_strip_get_geometry (self, &geometry);
  orr_strip_layout (self->rows, &geometry, places);
  for (guint i = 0; i < self->rows->len; i++)
    if (((OrrStripRow *) self->rows->pdata[i])->kind == ORR_STRIP_TRACE)
      {
        n++;
        *n_seen += places[i].height > 0.0;
      }
  return n;
}

/* The bar at the right edge is there only where rows are out of sight. */
static void
update_rows_adjustment (OrrTimeStrip *self)
{
  guint n_seen, n = count_traces (self, &n_seen);

  gtk_widget_set_child_visible (self->rows_scrollbar, n_seen < n && n_seen > 0);
  self->adjusting = TRUE;
  gtk_adjustment_configure (self->rows_adjustment, gtk_adjustment_get_value (self->rows_adjustment), 0.0, n, 1.0,
                            MAX (n_seen, 1), MIN (MAX (n_seen, 1), MAX (n, 1)));
  self->adjusting = FALSE;
}

static void
rows_scrolled_cb (OrrTimeStrip *self)
{
  if (!self->adjusting)
    orr_time_strip_invalidate (self);
}

/* Moves the traces up by that many. */
void
orr_time_strip_scroll_rows (OrrTimeStrip *self, double by)
{
  gtk_adjustment_set_value (self->rows_adjustment, rint (gtk_adjustment_get_value (self->rows_adjustment) + by));
}

/* Scrolls until a row is in sight. */
void
orr_time_strip_show_row (OrrTimeStrip *self, gssize row)
{
  guint n_seen, trace = 0;

  count_traces (self, &n_seen);
  for (gssize i = 0; i < row; i++)
    trace += ((OrrStripRow *) self->rows->pdata[i])->kind == ORR_STRIP_TRACE;
  if (row >= 0 && n_seen > 0 && ((OrrStripRow *) self->rows->pdata[row])->kind == ORR_STRIP_TRACE)
    gtk_adjustment_clamp_page (self->rows_adjustment, trace, trace + 1.0);
}

/* Zooms about @step, which stays where it is. */
void
orr_time_strip_zoom (OrrTimeStrip *self, double factor, double step)
{
  double width = CLAMP ((self->end - self->start) / factor, ORR_TIME_STRIP_FEWEST_STEPS, MAX (self->n_steps, ORR_TIME_STRIP_FEWEST_STEPS));
  double share = (step - self->start) / (self->end - self->start);

  orr_time_strip_set_view (self, step - share * width, step + (1.0 - share) * width);
}

static void
show_step (OrrTimeStrip *self, guint step)
{
  double width = self->end - self->start;

  if (step >= self->start && step + 1 <= self->end)
    return;
  /* Turns the page; a step back shows what came before. */
  if (step + 1 > self->end)
    orr_time_strip_set_view (self, step - 0.1 * width, step + 0.9 * width);
  else
    orr_time_strip_set_view (self, step - 0.9 * width, step + 0.1 * width);
}

static void
update_time_label (OrrTimeStrip *self)
{
  g_autofree char *text = g_strdup_printf (_("t = %u"), orr_session_get_cursor (self->session));

  gtk_label_set_label (self->time_label, self->rows->len > 0 ? text : "");
}

static void
update_rows (OrrTimeStrip *self)
{
  OrrMotion *motion = self->session != NULL ? orr_session_get_motion (self->session) : NULL;
  guint n_steps = motion != NULL ? motion->trajectory->n_steps : 0;

  g_clear_pointer (&self->rows, g_ptr_array_unref);
  self->rows = self->session != NULL ? orr_strip_rows_build (self->session) : g_ptr_array_new ();
  /* Before its range changes: a hidden scrollbar would be drawn later with parts that have no place. */
  gtk_widget_set_child_visible (self->scrollbar, n_steps > 0);
  gtk_widget_set_child_visible (self->empty_label, n_steps == 0);
  gtk_widget_queue_allocate (GTK_WIDGET (self));
  if (self->n_steps != n_steps)
    {
      gboolean kept = self->n_steps > 0 && self->end <= n_steps;

      self->n_steps = n_steps;
      orr_time_strip_set_view (self, kept ? self->start : 0.0, kept ? self->end : SHOWN_AT_FIRST);
    }
  if (self->rows_adjustment != NULL)
    update_rows_adjustment (self);
  gtk_widget_set_sensitive (self->controls, n_steps > 0);
  if (self->session != NULL)
    update_time_label (self);
  orr_time_strip_invalidate (self);
}

/* Selects the units of a row everywhere; where they are selected already, gives the selection up. */
void
orr_time_strip_select_row (OrrTimeStrip *self, gssize row)
{
  const OrrStripRow *shown = row >= 0 ? self->rows->pdata[row] : NULL;
  g_autoptr (GtkBitset) none = gtk_bitset_new_empty ();
  gboolean again;

  if (shown == NULL || shown->units == NULL)
    return;
  again = gtk_bitset_equals (shown->units, orr_session_get_units (self->session));
  g_autoptr (GtkBitset) units = gtk_bitset_ref (again ? none : shown->units);
  g_autofree char *text = again ? g_strdup_printf (_("%s: no longer selected"), shown->label)
                                : g_strdup_printf (_("%s: %u units selected"), shown->label,
                                                   (guint) gtk_bitset_get_size (shown->units));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text, -1);
  orr_session_set_units (self->session, units);
}

/* The session --------------------------------------------------------------------------------- */

static void
cursor_changed_cb (OrrTimeStrip *self)
{
  if (self->mode == ORR_STRIP_DRAG_NONE)
    show_step (self, orr_session_get_cursor (self->session));
  update_time_label (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
playing_changed_cb (OrrTimeStrip *self)
{
  gtk_button_set_icon_name (GTK_BUTTON (self->play_button), orr_session_get_playing (self->session)
                                                              ? "media-playback-pause-symbolic"
                                                              : "media-playback-start-symbolic");
}

static void
orr_time_strip_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                        int *natural, int *minimum_baseline, int *natural_baseline)
{
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? 240 : 120;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 600 : 190;
}

static void
orr_time_strip_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  OrrTimeStrip *self = ORR_TIME_STRIP (widget);
  OrrStripGeometry geometry;
  int scrollbar_height, label_height, bar_width, bar_height;
  double x;

  /* Before the bar is given its place: one whose range changes afterwards has parts without any. */
  update_rows_adjustment (self);
  orr_time_strip_get_geometry (self, &geometry);
  gtk_widget_measure (self->scrollbar, GTK_ORIENTATION_VERTICAL, -1, &scrollbar_height, NULL, NULL, NULL);
  gtk_widget_measure (self->empty_label, GTK_ORIENTATION_VERTICAL, width, &label_height, NULL, NULL, NULL);
  x = geometry.left;
  gtk_widget_size_allocate (self->scrollbar,
                            &(GtkAllocation){ x, height - scrollbar_height, width - RIGHT_MARGIN - x,
                                              scrollbar_height },
                            -1);
  gtk_widget_measure (self->rows_scrollbar, GTK_ORIENTATION_HORIZONTAL, -1, &bar_width, NULL, NULL, NULL);
  gtk_widget_measure (self->rows_scrollbar, GTK_ORIENTATION_VERTICAL, bar_width, &bar_height, NULL, NULL, NULL);
  gtk_widget_size_allocate (self->rows_scrollbar,
                            &(GtkAllocation){ width - bar_width, 0, bar_width, MAX (geometry.bottom, bar_height) }, -1);
  gtk_widget_size_allocate (self->empty_label,
                            &(GtkAllocation){ 0, MAX (0, (height - label_height) / 2), width, label_height },
                            -1);
  g_clear_pointer (&self->content, gsk_render_node_unref);
}

/* The widget ---------------------------------------------------------------------------------- */

static void
orr_time_strip_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_SESSION)
    g_value_set_object (value, ORR_TIME_STRIP (object)->session);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
orr_time_strip_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id == PROP_SESSION)
    orr_time_strip_set_session (ORR_TIME_STRIP (object), g_value_get_object (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
orr_time_strip_dispose (GObject *object)
{
  OrrTimeStrip *self = ORR_TIME_STRIP (object);
  GtkWidget *child;

  if (self->session != NULL)
    g_signal_handlers_disconnect_by_data (self->session, self);
  g_clear_pointer (&self->play_binding, g_binding_unbind);
  g_clear_object (&self->session);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);
  g_clear_pointer (&self->content, gsk_render_node_unref);
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  self->n_steps = 0;
  G_OBJECT_CLASS (orr_time_strip_parent_class)->dispose (object);
}

static void
orr_time_strip_class_init (OrrTimeStripClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = orr_time_strip_get_property;
  object_class->set_property = orr_time_strip_set_property;
  object_class->dispose = orr_time_strip_dispose;
  widget_class->snapshot = orr_time_strip_snapshot;
  widget_class->measure = orr_time_strip_measure;
  widget_class->size_allocate = orr_time_strip_size_allocate;
  widget_class->query_tooltip = orr_time_strip_query_tooltip;
  props[PROP_SESSION] = g_param_spec_object ("session", NULL, NULL, ORR_TYPE_SESSION,
                                             G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY
                                               | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);

  g_type_ensure (ORR_TYPE_VIEW);
  gtk_widget_class_set_css_name (widget_class, "orrtimestrip");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/orrery/Orrery/ui/orr-time-strip.ui");
  gtk_widget_class_bind_template_child (widget_class, OrrTimeStrip, scrollbar);
  gtk_widget_class_bind_template_child (widget_class, OrrTimeStrip, rows_scrollbar);
  gtk_widget_class_bind_template_child (widget_class, OrrTimeStrip, empty_label);
  gtk_widget_class_bind_template_child (widget_class, OrrTimeStrip, controls);
  gtk_widget_class_bind_template_child (widget_class, OrrTimeStrip, play_button);
  gtk_widget_class_bind_template_child (widget_class, OrrTimeStrip, time_label);
  gtk_widget_class_bind_template_child (widget_class, OrrTimeStrip, drag);
  orr_time_strip_bind_input (widget_class);
}

static void
orr_time_strip_init (OrrTimeStrip *self)
{
  self->end = SHOWN_AT_FIRST;
  self->rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  self->adjustment = gtk_scrollbar_get_adjustment (GTK_SCROLLBAR (self->scrollbar));
  self->rows_adjustment = gtk_scrollbar_get_adjustment (GTK_SCROLLBAR (self->rows_scrollbar));
  g_signal_connect_object (self->rows_adjustment, "value-changed", G_CALLBACK (rows_scrolled_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->adjustment, "value-changed", G_CALLBACK (scrolled_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect (self, "notify::scale-factor", G_CALLBACK (orr_time_strip_invalidate), NULL);
  orr_view_theme_watch (GTK_WIDGET (self), G_CALLBACK (orr_time_strip_invalidate));
  update_rows (self);
}

static GtkWidget *
get_controls (OrrView *view)
{
  return ORR_TIME_STRIP (view)->controls;
}

/* One line a step, one column a row. */
static char *
dup_csv (OrrView *view)
{
  OrrTimeStrip *self = ORR_TIME_STRIP (view);
  GString *csv = g_string_new ("t");

  for (guint i = 0; i < self->rows->len; i++)
    g_string_append_printf (csv, ",%s", ((OrrStripRow *) self->rows->pdata[i])->label);
  for (guint t = 0; t < self->n_steps; t++)
    {
      g_string_append_printf (csv, "\n%u", t);
      for (guint i = 0; i < self->rows->len; i++)
        {
          const OrrStripRow *row = self->rows->pdata[i];
          char number[G_ASCII_DTOSTR_BUF_SIZE];

          if (row->kind == ORR_STRIP_TRACE)
            g_string_append_printf (csv, ",%s",
                                    g_ascii_formatd (number, sizeof number, "%.6g", row->values[t]));
          else
            g_string_append_printf (csv, ",%s", row->codes[t] < row->names->len
                                                  ? (char *) row->names->pdata[row->codes[t]]
                                                  : "");
        }
    }
  g_string_append_c (csv, '\n');
  return g_string_free (csv, FALSE);
}

static void
view_init (OrrViewInterface *iface)
{
  iface->get_controls = get_controls;
  iface->dup_csv = dup_csv;
}

/**
 * orr_time_strip_new:
 * @session: (nullable): what it shows
 *
 * Returns: (transfer floating): a time strip
 */
GtkWidget *
orr_time_strip_new (OrrSession *session)
{
  return g_object_new (ORR_TYPE_TIME_STRIP, "session", session, NULL);
}

OrrSession *
orr_time_strip_get_session (OrrTimeStrip *self)
{
  g_return_val_if_fail (ORR_IS_TIME_STRIP (self), NULL);
  return self->session;
}

static void
listen (OrrTimeStrip *self, const char *property, GCallback callback)
{
  g_autofree char *signal = g_strconcat ("notify::", property, NULL);
  g_signal_connect_object (self->session, signal, callback, self, G_CONNECT_SWAPPED);
}

void
orr_time_strip_set_session (OrrTimeStrip *self, OrrSession *session)
{
  g_return_if_fail (ORR_IS_TIME_STRIP (self));
  g_return_if_fail (session == NULL || ORR_IS_SESSION (session));
  if (self->session == session)
    return;

  if (self->session != NULL)
    g_signal_handlers_disconnect_by_data (self->session, self);
  g_clear_pointer (&self->play_binding, g_binding_unbind);
  g_set_object (&self->session, session);
  if (session != NULL)
    {
      listen (self, "motion", G_CALLBACK (update_rows));
      listen (self, "units", G_CALLBACK (update_rows));
      listen (self, "run", G_CALLBACK (update_rows));
      listen (self, "cursor", G_CALLBACK (cursor_changed_cb));
      listen (self, "playing", G_CALLBACK (playing_changed_cb));
      listen (self, "range-start", G_CALLBACK (gtk_widget_queue_draw));
      listen (self, "range-end", G_CALLBACK (gtk_widget_queue_draw));
      listen (self, "transition-from", G_CALLBACK (gtk_widget_queue_draw));
      listen (self, "transition-to", G_CALLBACK (gtk_widget_queue_draw));
      self->play_binding = g_object_bind_property (session, "playing", self->play_button, "active",
                                                   G_BINDING_BIDIRECTIONAL | G_BINDING_SYNC_CREATE);
      orr_player_attach (GTK_WIDGET (self), session);
    }
  update_rows (self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_SESSION]);
}

/**
 * orr_time_strip_get_view:
 * @start: (out): step at the left edge
 * @end: (out): step at the right edge
 */
void
orr_time_strip_get_view (OrrTimeStrip *self, double *start, double *end)
{
  g_return_if_fail (ORR_IS_TIME_STRIP (self));
  *start = self->start;
  *end = self->end;
}

/**
 * orr_time_strip_set_view:
 *
 * Shows the steps from @start to @end, moved and cut to what there is.
 */
void
orr_time_strip_set_view (OrrTimeStrip *self, double start, double end)
{
  double most = MAX (self->n_steps, ORR_TIME_STRIP_FEWEST_STEPS);
  double width;

  g_return_if_fail (ORR_IS_TIME_STRIP (self));
  g_return_if_fail (end > start);

  width = CLAMP (end - start, ORR_TIME_STRIP_FEWEST_STEPS, most);
  self->start = CLAMP (start, 0.0, most - width);
  self->end = self->start + width;
  update_adjustment (self);
  orr_time_strip_invalidate (self);
}
