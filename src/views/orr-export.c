/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-export.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <string.h>

#include "orr-error.h"

/* Figures of views that are folded away are this large. */
#define DEFAULT_WIDTH 640.0
#define DEFAULT_HEIGHT 400.0
#define COPY_SCALE 2.0

/* What is to be written once a person has chosen where. */
typedef struct
{
  GtkWidget      *widget;
  OrrFigure      *figure;  /* (nullable) */
  GdkTexture     *texture; /* (nullable): the pixels of a view without a figure */
  char           *csv;     /* (nullable) */
  OrrFigureFormat format;
  double          width;
  double          height;
} Export;

static void
export_free (gpointer data)
{
  Export *self = data;

  g_object_unref (self->widget);
  orr_figure_unref (self->figure);
  g_clear_object (&self->texture);
  g_free (self->csv);
  g_free (self);
}

static void
say (GtkWidget *widget, const char *message)
{
  GtkRoot *root = gtk_widget_get_root (widget);

  if (gtk_widget_activate_action (widget, "win.toast", "s", message) || root == NULL)
    return;
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (root), NULL, message);
  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "close", _("_Close"));
  gtk_window_present (GTK_WINDOW (dialog));
}

/* The pixels of @widget as they are on the screen; (transfer full) (nullable). */
static GdkTexture *
grab (GtkWidget *widget)
{
  g_autoptr (GdkPaintable) paintable = gtk_widget_paintable_new (widget);
  g_autoptr (GtkSnapshot) snapshot = gtk_snapshot_new ();
  GtkNative *native = gtk_widget_get_native (widget);
  int width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  int scale = gtk_widget_get_scale_factor (widget);

  if (native == NULL || width == 0 || height == 0)
    return NULL;
  gtk_snapshot_scale (snapshot, scale, scale);
  gdk_paintable_snapshot (paintable, snapshot, width, height);
  g_autoptr (GskRenderNode) node = gtk_snapshot_free_to_node (g_steal_pointer (&snapshot));
  if (node == NULL)
    return NULL;
  return gsk_renderer_render_texture (gtk_native_get_renderer (native), node,
                                      &GRAPHENE_RECT_INIT (0, 0, width * scale, height * scale));
}

static GdkTexture *
texture_from_surface (cairo_surface_t *surface)
{
  int height = cairo_image_surface_get_height (surface), stride = cairo_image_surface_get_stride (surface);

  cairo_surface_flush (surface);
  g_autoptr (GBytes) bytes = g_bytes_new (cairo_image_surface_get_data (surface), (gsize) height * stride);
  return gdk_memory_texture_new (cairo_image_surface_get_width (surface), height, GDK_MEMORY_DEFAULT, bytes,
                                 stride);
}

static gboolean
save_texture (GdkTexture *texture, const char *path, GError **error)
{
  if (gdk_texture_save_to_png (texture, path))
    return TRUE;
  g_set_error (error, ORR_ERROR, ORR_ERROR_FAILED, _("The picture could not be saved as \342\200\234%s\342\200\235"),
               path);
  return FALSE;
}

static gboolean
write_export (const Export *self, const char *path, GError **error)
{
  if (self->csv != NULL)
    return g_file_set_contents (path, self->csv, -1, error);
  if (self->figure != NULL)
    return orr_figure_save (self->figure, path, self->format, self->width, self->height, error);
  return save_texture (self->texture, path, error);
}

static void
response_cb (GtkNativeDialog *dialog, int response, Export *self)
{
  g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
  g_autofree char *path = file != NULL ? g_file_get_path (file) : NULL;
  g_autoptr (GError) error = NULL;

  if (response == GTK_RESPONSE_ACCEPT && path != NULL)
    {
      g_autofree char *name = g_path_get_basename (path);
      g_autofree char *saved = g_strdup_printf (_("Saved \342\200\234%s\342\200\235"), name);

      write_export (self, path, &error);
      say (self->widget, error != NULL ? error->message : saved);
    }
  g_object_unref (dialog);
}

static void
ask_where (Export *self, const char *title, const char *ending)
{
  GtkRoot *root = gtk_widget_get_root (self->widget);
  g_autofree char *name = g_strdelimit (g_strdup_printf ("%s.%s", title, ending), "/\\:", '-');
  GtkFileChooserNative *dialog =
    gtk_file_chooser_native_new (_("Export"), GTK_WINDOW (root), GTK_FILE_CHOOSER_ACTION_SAVE, _("_Export"),
                                 _("_Cancel"));

  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (dialog), name);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  g_signal_connect_data (dialog, "response", G_CALLBACK (response_cb), self, (GClosureNotify) (GCallback) export_free, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

static Export *
export_new (OrrView *view)
{
  Export *self = g_new0 (Export, 1);
  int width = gtk_widget_get_width (GTK_WIDGET (view)), height = gtk_widget_get_height (GTK_WIDGET (view));

  self->widget = g_object_ref (GTK_WIDGET (view));
  self->width = width >= 100 ? width : DEFAULT_WIDTH;
  self->height = height >= 100 ? height : DEFAULT_HEIGHT;
  return self;
}

/**
 * orr_export_figure:
 * @title: the suggested name of the file
 *
 * Asks where and saves what the view shows: its figure, or its pixels where it
 * has none (as PNG alone). Says how that went in a toast.
 */
void
orr_export_figure (OrrView *view, const char *title, OrrFigureFormat format)
{
  static const char *const endings[] = { "svg", "pdf", "png" };
  Export *self = export_new (view);

  self->format = format;
  if (format == ORR_FIGURE_PNG)
    self->texture = orr_view_create_picture (view);
  if (self->texture == NULL)
    self->figure = orr_view_create_figure (view);
  if (self->figure == NULL && self->texture == NULL && format == ORR_FIGURE_PNG)
    self->texture = grab (GTK_WIDGET (view));
  if (self->figure == NULL && self->texture == NULL)
    {
      say (self->widget, _("There is nothing to export yet"));
      export_free (self);
      return;
    }
  ask_where (self, title, endings[format]);
}

/* Asks where and saves the view's numbers. */
void
orr_export_csv (OrrView *view, const char *title)
{
  Export *self = export_new (view);

  self->csv = orr_view_dup_csv (view);
  if (self->csv == NULL)
    {
      say (self->widget, _("There is nothing to export yet"));
      export_free (self);
      return;
    }
  ask_where (self, title, "csv");
}

/* Puts the view's figure (else its pixels) on the clipboard. */
void
orr_export_copy_image (OrrView *view)
{
  GtkWidget *widget = GTK_WIDGET (view);
  Export *self = export_new (view);
  g_autoptr (GdkTexture) texture = orr_view_create_picture (view);
  g_autoptr (OrrFigure) figure = texture == NULL ? orr_view_create_figure (view) : NULL;

  if (figure != NULL)
    {
      cairo_surface_t *surface =
        orr_figure_render (figure, self->width, self->height, COPY_SCALE, orr_figure_theme_light ());
      texture = texture_from_surface (surface);
      cairo_surface_destroy (surface);
    }
  else if (texture == NULL)
    texture = grab (widget);
  if (texture != NULL)
    gdk_clipboard_set_texture (gtk_widget_get_clipboard (widget), texture);
  say (widget, texture != NULL ? _("Copied") : _("There is nothing to copy yet"));
  export_free (self);
}
