/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-formula-export.h"

#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#include "orr-error.h"
#include "orr-expr-export.h"
#include "orr-formula.h"
#include "orr-tree-drawing.h"

/* Pictures are in the light style, on nothing: they go into papers. */
#define INK 0x1e1e1e
#define ACCENT 0x1c71d8
#define PAPER 0xffffff
#define FORMULA_SIZE 32.0
#define MARGIN 12.0
#define PIXEL_SCALE 3.0

static const struct
{
  const char *id;
  const char *label;
} formats[ORR_EXPR_N_FORMATS] = {
  [ORR_EXPR_TEXT] = { "text", N_("Text") },     [ORR_EXPR_LATEX] = { "latex", N_("LaTeX") },
  [ORR_EXPR_PYTHON] = { "python", N_("Python") }, [ORR_EXPR_C] = { "c", N_("C") },
  [ORR_EXPR_SYMPY] = { "sympy", N_("SymPy") },  [ORR_EXPR_MATHML] = { "mathml", N_("MathML") },
};

typedef struct
{
  GtkWidget    *widget;
  OrrWorkbench *workbench;
  char         *text;  /* (nullable): to save */
  OrrExpr      *expr;  /* (nullable): to draw and save */
  gboolean      tree;
} Saving;

static OrrWorkbench *
get_workbench (GtkWidget *widget)
{
  return g_object_get_data (G_OBJECT (widget), "formula-export-workbench");
}

static void
say (GtkWidget *widget, const char *message)
{
  gtk_widget_activate_action (widget, "win.toast", "s", message);
}

/* Text ---------------------------------------------------------------------------------------------- */

static OrrExprFormat
find_format (GVariant *parameter)
{
  for (int format = 0; format < ORR_EXPR_N_FORMATS; format++)
    if (g_strcmp0 (g_variant_get_string (parameter, NULL), formats[format].id) == 0)
      return format;
  return ORR_EXPR_TEXT;
}

/* The equation in one format, with the values of its constants; (transfer full) (nullable): what is open cannot be run. */
static char *
dup_text (GtkWidget *widget, OrrExprFormat format, gboolean as_file)
{
  OrrWorkbench *bench = get_workbench (widget);
  const OrrExpr *expr = orr_workbench_get_expr (bench);
  OrrDataset *dataset = orr_workbench_get_dataset (bench);
  g_auto (GStrv) names = dataset != NULL ? orr_dataset_input_names (dataset) : NULL;
  OrrExprPrint how = { .format = format, .names = (const char *const *) names,
                       .n_names = dataset != NULL ? dataset->n_inputs : 0 };

  if (orr_expr_format_is_code (format) && orr_expr_count (expr, ORR_EXPR_OP_PLACEHOLDER) > 0)
    {
      say (widget, _("The formula still has open places: fill them to use it as a program"));
      return NULL;
    }
  return as_file ? orr_expr_export (expr, &how, dataset != NULL ? dataset->columns[dataset->target] : NULL)
                 : orr_expr_print (expr, &how);
}

static void
copy_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  GtkWidget *widget = user_data;
  OrrExprFormat format = find_format (parameter);
  g_autofree char *text = get_workbench (widget) != NULL ? dup_text (widget, format, FALSE) : NULL;
  g_autofree char *message = g_strdup_printf (_("Copied as %s"), _(formats[format].label));

  if (text == NULL)
    return;
  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), text);
  say (widget, message);
}

/* Pictures ------------------------------------------------------------------------------------------ */

static void
draw_formula (cairo_t *cr, OrrExpr *expr, const char *const *names, guint n_names, double *width, double *height)
{
  OrrFormulaStyle style = { FORMULA_SIZE, INK, ACCENT, NULL, names, n_names, -1 };
  double ascent, descent;

  orr_formula_measure (cr, expr, &style, width, &ascent, &descent);
  orr_formula_draw (cr, expr, &style, MARGIN, MARGIN + ascent);
  *width += 2.0 * MARGIN;
  *height = ascent + descent + 2.0 * MARGIN;
}

static void
draw_tree (cairo_t *cr, OrrExpr *expr, const char *const *names, guint n_names, double *width, double *height)
{
  g_autoptr (OrrTreeGeometry) geometry = orr_tree_geometry_new (expr, names, n_names);
  OrrTreeStyle style = { .background = PAPER, .node = PAPER, .foreground = INK, .accent = ACCENT,
                         .selected = -1, .hovered = -1, .target = { ORR_TREE_PART_NONE, -1 }, .lifted = -1 };
  double x, y;

  orr_tree_geometry_bounds (geometry, &x, &y, width, height);
  cairo_save (cr);
  cairo_translate (cr, MARGIN - x, MARGIN - y);
  orr_tree_draw (cr, geometry, NULL, &style);
  cairo_restore (cr);
  *width += 2.0 * MARGIN;
  *height += 2.0 * MARGIN;
}

static void
draw (cairo_t *cr, OrrWorkbench *bench, OrrExpr *expr, gboolean tree, double *width, double *height)
{
  OrrDataset *dataset = orr_workbench_get_dataset (bench);
  g_auto (GStrv) names = dataset != NULL ? orr_dataset_input_names (dataset) : NULL;
  guint n_names = dataset != NULL ? dataset->n_inputs : 0;

  (tree ? draw_tree : draw_formula) (cr, expr, (const char *const *) names, n_names, width, height);
}

static void
measure (OrrWorkbench *bench, OrrExpr *expr, gboolean tree, double *width, double *height)
{
  cairo_surface_t *scratch = cairo_recording_surface_create (CAIRO_CONTENT_COLOR_ALPHA, NULL);
  cairo_t *cr = cairo_create (scratch);

  draw (cr, bench, expr, tree, width, height);
  cairo_destroy (cr);
  cairo_surface_destroy (scratch);
}

static cairo_surface_t *
create_pixels (OrrWorkbench *bench, OrrExpr *expr, gboolean tree)
{
  double width, height;

  measure (bench, expr, tree, &width, &height);
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, (int) ceil (width * PIXEL_SCALE),
                                                         (int) ceil (height * PIXEL_SCALE));
  cairo_t *cr = cairo_create (surface);
  cairo_scale (cr, PIXEL_SCALE, PIXEL_SCALE);
  draw (cr, bench, expr, tree, &width, &height);
  cairo_destroy (cr);
  cairo_surface_flush (surface);
  return surface;
}

static void
copy_image_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  GtkWidget *widget = user_data;
  OrrWorkbench *bench = get_workbench (widget);

  if (bench == NULL)
    return;
  cairo_surface_t *surface =
    create_pixels (bench, orr_workbench_get_expr (bench), g_str_equal (g_variant_get_string (parameter, NULL), "tree"));
  int height = cairo_image_surface_get_height (surface), stride = cairo_image_surface_get_stride (surface);
  g_autoptr (GBytes) bytes = g_bytes_new (cairo_image_surface_get_data (surface), (gsize) height * stride);
  g_autoptr (GdkTexture) texture = gdk_memory_texture_new (cairo_image_surface_get_width (surface), height,
                                                           GDK_MEMORY_DEFAULT, bytes, stride);
  gdk_clipboard_set_texture (gtk_widget_get_clipboard (widget), texture);
  cairo_surface_destroy (surface);
  say (widget, _("Copied as an image"));
}

/* By the name's ending: SVG and PDF are drawn with lines, all else with pixels. */
static gboolean
save_picture (const Saving *saving, const char *path, GError **error)
{
  gboolean svg = g_str_has_suffix (path, ".svg"), pdf = g_str_has_suffix (path, ".pdf");
  cairo_surface_t *surface;
  cairo_status_t status;
  double width, height;

  if (svg || pdf)
    {
      measure (saving->workbench, saving->expr, saving->tree, &width, &height);
      surface = svg ? cairo_svg_surface_create (path, width, height) : cairo_pdf_surface_create (path, width, height);
      cairo_t *cr = cairo_create (surface);
      draw (cr, saving->workbench, saving->expr, saving->tree, &width, &height);
      cairo_destroy (cr);
      cairo_surface_finish (surface);
      status = cairo_surface_status (surface);
    }
  else
    {
      surface = create_pixels (saving->workbench, saving->expr, saving->tree);
      status = cairo_surface_write_to_png (surface, path);
    }
  cairo_surface_destroy (surface);
  if (status != CAIRO_STATUS_SUCCESS)
    g_set_error (error, ORR_ERROR, ORR_ERROR_FAILED, _("The picture could not be saved as “%s”: %s"), path,
                 cairo_status_to_string (status));
  return status == CAIRO_STATUS_SUCCESS;
}

/* Files --------------------------------------------------------------------------------------------- */

static void
saving_free (gpointer data)
{
  Saving *saving = data;

  g_object_unref (saving->widget);
  g_object_unref (saving->workbench);
  g_free (saving->text);
  orr_expr_unref (saving->expr);
  g_free (saving);
}

static void
forget_cb (gpointer data, GClosure *closure)
{
  saving_free (data);
}

static void
response_cb (GtkNativeDialog *dialog, int response, Saving *saving)
{
  g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
  g_autofree char *path = file != NULL ? g_file_get_path (file) : NULL;

  if (response == GTK_RESPONSE_ACCEPT && path != NULL)
    {
      g_autofree char *name = g_path_get_basename (path);
      g_autofree char *saved = g_strdup_printf (_("Saved “%s”"), name);
      g_autoptr (GError) error = NULL;
      gboolean done = saving->text != NULL ? g_file_set_contents (path, saving->text, -1, &error)
                                           : save_picture (saving, path, &error);

      say (saving->widget, done ? saved : error->message);
    }
  g_object_unref (dialog);
}

static void
choose_file (Saving *saving, const char *name)
{
  GtkRoot *root = gtk_widget_get_root (saving->widget);
  GtkFileChooserNative *chooser = gtk_file_chooser_native_new (
    _("Save equation"), GTK_WINDOW (root), GTK_FILE_CHOOSER_ACTION_SAVE, _("_Save"), _("_Cancel"));

  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (chooser), name);
  g_signal_connect_data (chooser, "response", G_CALLBACK (response_cb), saving, forget_cb, 0);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

static Saving *
saving_new (GtkWidget *widget)
{
  Saving *saving = g_new0 (Saving, 1);

  saving->widget = g_object_ref (widget);
  saving->workbench = g_object_ref (get_workbench (widget));
  return saving;
}

static void
save_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  GtkWidget *widget = user_data;
  OrrExprFormat format = find_format (parameter);
  char *text = get_workbench (widget) != NULL ? dup_text (widget, format, TRUE) : NULL;

  if (text == NULL)
    return;
  g_autofree char *name = g_strdup_printf ("law.%s", orr_expr_format_extension (format));
  Saving *saving = saving_new (widget);
  saving->text = text;
  choose_file (saving, name);
}

static void
save_image_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  GtkWidget *widget = user_data;

  if (get_workbench (widget) == NULL)
    return;
  Saving *saving = saving_new (widget);
  saving->expr = orr_expr_ref (orr_workbench_get_expr (saving->workbench));
  saving->tree = g_str_equal (g_variant_get_string (parameter, NULL), "tree");
  choose_file (saving, saving->tree ? "tree.svg" : "formula.svg");
}

/* The menu ------------------------------------------------------------------------------------------ */

static GMenu *
create_formats_menu (const char *action)
{
  GMenu *menu = g_menu_new ();

  for (int format = 0; format < ORR_EXPR_N_FORMATS; format++)
    {
      g_autofree char *detailed = g_strdup_printf ("view.%s::%s", action, formats[format].id);
      g_menu_append (menu, _(formats[format].label), detailed);
    }
  return menu;
}

/* (transfer full): "Copy as", "Save as", and pictures. */
GMenuModel *
orr_formula_export_create_menu (void)
{
  GMenu *menu = g_menu_new ();
  g_autoptr (GMenu) copy = create_formats_menu ("copy-formula"), save = create_formats_menu ("save-formula");
  g_autoptr (GMenu) image = g_menu_new ();

  g_menu_append (image, _("Copy formula"), "view.copy-picture::formula");
  g_menu_append (image, _("Copy tree"), "view.copy-picture::tree");
  g_menu_append (image, _("Save formula (SVG, PDF, PNG)"), "view.save-picture::formula");
  g_menu_append (image, _("Save tree (SVG, PDF, PNG)"), "view.save-picture::tree");
  g_menu_append_submenu (menu, _("Copy formula as"), G_MENU_MODEL (copy));
  g_menu_append_submenu (menu, _("Save formula as"), G_MENU_MODEL (save));
  g_menu_append_submenu (menu, _("Picture"), G_MENU_MODEL (image));
  return G_MENU_MODEL (menu);
}

/**
 * orr_formula_export_create_actions:
 * @widget: whose clipboard and window are used; outlives the actions
 *
 * Returns: (transfer full): the actions of the menu
 */
GActionGroup *
orr_formula_export_create_actions (GtkWidget *widget)
{
  static const GActionEntry entries[] = {
    { "copy-formula", copy_cb, "s", NULL, NULL },
    { "save-formula", save_cb, "s", NULL, NULL },
    { "copy-picture", copy_image_cb, "s", NULL, NULL },
    { "save-picture", save_image_cb, "s", NULL, NULL },
  };
  GSimpleActionGroup *actions = g_simple_action_group_new ();

  g_action_map_add_action_entries (G_ACTION_MAP (actions), entries, G_N_ELEMENTS (entries), widget);
  g_object_set_data (G_OBJECT (actions), "widget", widget);
  return G_ACTION_GROUP (actions);
}

/* Whose equation is exported (nullable). */
void
orr_formula_export_set_workbench (GActionGroup *actions, OrrWorkbench *workbench)
{
  g_object_set_data_full (g_object_get_data (G_OBJECT (actions), "widget"), "formula-export-workbench",
                          workbench != NULL ? g_object_ref (workbench) : NULL,
                          workbench != NULL ? g_object_unref : NULL);
}
