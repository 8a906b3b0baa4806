/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-progress-ring.h"

#define SIZE 16
#define LINE_WIDTH 2.5
/* Turns a second while the fraction is unknown, and the share of the ring that turns. */
#define TURNS_PER_SECOND 0.8
#define TURNING_SHARE 0.25

/**
 * OrrProgressRing:
 *
 * A small circle that fills up clockwise from the top; while the fraction is
 * unknown (negative) a quarter of it turns.
 */
struct _OrrProgressRing
{
  GtkWidget parent_instance;

  double fraction;
  double phase; /* of the turning quarter, in turns */
  guint  tick;
};

enum
{
  PROP_FRACTION = 1,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (OrrProgressRing, orr_progress_ring, GTK_TYPE_WIDGET)

static gboolean
tick_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  OrrProgressRing *self = ORR_PROGRESS_RING (widget);
  double seconds = gdk_frame_clock_get_frame_time (clock) / (double) G_USEC_PER_SEC;

  self->phase = seconds * TURNS_PER_SECOND;
  self->phase -= (gint64) self->phase;
  gtk_widget_queue_draw (widget);
  return G_SOURCE_CONTINUE;
}

static void
update_tick (OrrProgressRing *self)
{
  gboolean turns = self->fraction < 0.0 && gtk_widget_get_mapped (GTK_WIDGET (self));

  if (turns && self->tick == 0)
    self->tick = gtk_widget_add_tick_callback (GTK_WIDGET (self), tick_cb, NULL, NULL);
  else if (!turns && self->tick != 0)
    {
      gtk_widget_remove_tick_callback (GTK_WIDGET (self), self->tick);
      self->tick = 0;
    }
}

static void
draw_arc (cairo_t *cr, double from, double share, double radius, const GdkRGBA *colour)
{
  double start = 2.0 * G_PI * (from - 0.25);

  gdk_cairo_set_source_rgba (cr, colour);
  cairo_arc (cr, 0.0, 0.0, radius, start, start + 2.0 * G_PI * share);
  cairo_stroke (cr);
}

static void
orr_progress_ring_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  OrrProgressRing *self = ORR_PROGRESS_RING (widget);
  GtkStyleContext *style = gtk_widget_get_style_context (widget);
  int width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  double radius = 0.5 * (MIN (width, height) - LINE_WIDTH);
  cairo_t *cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, width, height));
  GdkRGBA ink, track;

  gtk_style_context_get_color (style, &track);
  track.alpha *= 0.2f;
  if (!gtk_style_context_lookup_color (style, "accent_color", &ink))
    gtk_style_context_get_color (style, &ink);
  cairo_translate (cr, 0.5 * width, 0.5 * height);
  cairo_set_line_width (cr, LINE_WIDTH);
  draw_arc (cr, 0.0, 1.0, radius, &track);
  if (self->fraction < 0.0)
    draw_arc (cr, self->phase, TURNING_SHARE, radius, &ink);
  else if (self->fraction > 0.0)
    draw_arc (cr, 0.0, MIN (self->fraction, 1.0), radius, &ink);
  cairo_destroy (cr);
}

static void
orr_progress_ring_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                           int *natural, int *minimum_baseline, int *natural_baseline)
{
  *minimum = *natural = SIZE;
}

static void
orr_progress_ring_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (orr_progress_ring_parent_class)->map (widget);
  update_tick (ORR_PROGRESS_RING (widget));
}

static void
orr_progress_ring_unmap (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (orr_progress_ring_parent_class)->unmap (widget);
  update_tick (ORR_PROGRESS_RING (widget));
}

static void
orr_progress_ring_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_FRACTION)
    g_value_set_double (value, ORR_PROGRESS_RING (object)->fraction);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
orr_progress_ring_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id == PROP_FRACTION)
    orr_progress_ring_set_fraction (ORR_PROGRESS_RING (object), g_value_get_double (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
orr_progress_ring_class_init (OrrProgressRingClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = orr_progress_ring_get_property;
  object_class->set_property = orr_progress_ring_set_property;
  widget_class->snapshot = orr_progress_ring_snapshot;
  widget_class->measure = orr_progress_ring_measure;
  widget_class->map = orr_progress_ring_map;
  widget_class->unmap = orr_progress_ring_unmap;

  properties[PROP_FRACTION] = g_param_spec_double ("fraction", NULL, NULL, -1.0, 1.0, 0.0,
                                                   G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY
                                                     | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  gtk_widget_class_set_css_name (widget_class, "progressring");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
orr_progress_ring_init (OrrProgressRing *self)
{
}

GtkWidget *
orr_progress_ring_new (void)
{
  return g_object_new (ORR_TYPE_PROGRESS_RING, NULL);
}

double
orr_progress_ring_get_fraction (OrrProgressRing *self)
{
  g_return_val_if_fail (ORR_IS_PROGRESS_RING (self), 0.0);
  return self->fraction;
}

/**
 * orr_progress_ring_set_fraction:
 * @fraction: 0 to 1, or negative when unknown
 */
void
orr_progress_ring_set_fraction (OrrProgressRing *self, double fraction)
{
  g_return_if_fail (ORR_IS_PROGRESS_RING (self));
  fraction = fraction < 0.0 ? -1.0 : MIN (fraction, 1.0);
  if (self->fraction == fraction)
    return;

  self->fraction = fraction;
  update_tick (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FRACTION]);
}
