/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-hmm-thumbnail.h"

#include "orr-hmm-theme.h"

#define WIDTH 160
#define HEIGHT 96

/**
 * OrrHmmThumbnail:
 *
 * A model drawn small: states, emission bars and the arrows between states.
 */
struct _OrrHmmThumbnail
{
  GtkWidget parent_instance;

  OrrHmm *hmm; /* (nullable) */
};

G_DEFINE_FINAL_TYPE (OrrHmmThumbnail, orr_hmm_thumbnail, GTK_TYPE_WIDGET)

static void
orr_hmm_thumbnail_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                           int *natural, int *minimum_baseline, int *natural_baseline)
{
  *minimum = *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? WIDTH : HEIGHT;
  *minimum_baseline = *natural_baseline = -1;
}

static void
orr_hmm_thumbnail_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  OrrHmmThumbnail *self = ORR_HMM_THUMBNAIL (widget);
  int width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  OrrHmmStyle style;

  if (self->hmm == NULL || width < 1 || height < 1)
    return;
  orr_hmm_theme_get (widget, &style);
  style.labels = style.loops = FALSE;

  cairo_t *cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, width, height));
  orr_hmm_draw (cr, self->hmm, width, height, &style, NULL);
  cairo_destroy (cr);
}

static void
orr_hmm_thumbnail_finalize (GObject *object)
{
  g_clear_pointer (&ORR_HMM_THUMBNAIL (object)->hmm, orr_hmm_unref);
  G_OBJECT_CLASS (orr_hmm_thumbnail_parent_class)->finalize (object);
}

static void
orr_hmm_thumbnail_class_init (OrrHmmThumbnailClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = orr_hmm_thumbnail_finalize;
  widget_class->measure = orr_hmm_thumbnail_measure;
  widget_class->snapshot = orr_hmm_thumbnail_snapshot;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
orr_hmm_thumbnail_init (OrrHmmThumbnail *self)
{
  orr_hmm_theme_watch (GTK_WIDGET (self));
}

/**
 * orr_hmm_thumbnail_new:
 * @hmm: (nullable): the model
 */
GtkWidget *
orr_hmm_thumbnail_new (OrrHmm *hmm)
{
  OrrHmmThumbnail *self = g_object_new (ORR_TYPE_HMM_THUMBNAIL, NULL);

  orr_hmm_thumbnail_set_hmm (self, hmm);
  return GTK_WIDGET (self);
}

void
orr_hmm_thumbnail_set_hmm (OrrHmmThumbnail *self, OrrHmm *hmm)
{
  g_return_if_fail (ORR_IS_HMM_THUMBNAIL (self));

  if (self->hmm == hmm)
    return;
  g_clear_pointer (&self->hmm, orr_hmm_unref);
  if (hmm != NULL)
    self->hmm = orr_hmm_ref (hmm);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
