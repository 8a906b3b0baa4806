/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-start-page.h"

#include <glib/gi18n.h>

#include "orr-hmm-presets.h"
#include "orr-hmm-thumbnail.h"
#include "orr-paths.h"
#include "orr-recents.h"

#define THUMBNAIL_WIDTH 196
#define THUMBNAIL_HEIGHT 112

/**
 * OrrStartPage:
 *
 * Where a study begins: a model of the literature, an empty one, a file, a
 * study opened lately, a bundled example. Every choice is an action of the window.
 */
struct _OrrStartPage
{
  AdwBin parent_instance;

  GtkFlowBox          *presets;
  AdwPreferencesGroup *recents;
  AdwPreferencesGroup *examples;
  GtkWidget           *back_button;

  GSettings *settings;
  GPtrArray *recent_rows; /* GtkWidget, held by their group */
};

G_DEFINE_FINAL_TYPE (OrrStartPage, orr_start_page, ADW_TYPE_BIN)

static GtkWidget *
create_choice (const char *title, const char *detail, GtkWidget *picture, const char *id)
{
  GtkWidget *button = gtk_button_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  GtkWidget *heading = gtk_label_new (title);
  GtkWidget *caption = gtk_label_new (detail);

  gtk_widget_set_size_request (picture, THUMBNAIL_WIDTH, THUMBNAIL_HEIGHT);
  gtk_widget_set_can_target (picture, FALSE);
  gtk_widget_add_css_class (heading, "heading");
  gtk_widget_add_css_class (caption, "caption");
  gtk_widget_add_css_class (caption, "dim-label");
  gtk_box_append (GTK_BOX (box), picture);
  gtk_box_append (GTK_BOX (box), heading);
  gtk_box_append (GTK_BOX (box), caption);
  gtk_widget_set_margin_bottom (box, 6);
  gtk_button_set_child (GTK_BUTTON (button), box);
  gtk_widget_add_css_class (button, "card");
  gtk_widget_add_css_class (button, "preset");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "win.new-study");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", id);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, title,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, detail, -1);
  return button;
}

static void
add_choice (OrrStartPage *self, GtkWidget *button)
{
  GtkWidget *child = gtk_flow_box_child_new ();

  /* The button takes the focus; the cell around it would be a second stop for the keyboard. */
  gtk_flow_box_child_set_child (GTK_FLOW_BOX_CHILD (child), button);
  gtk_widget_set_focusable (child, FALSE);
  gtk_flow_box_append (self->presets, child);
}

static void
fill_presets (OrrStartPage *self)
{
  guint n;
  const OrrHmmPreset *presets = orr_hmm_presets (&n);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (OrrHmm) hmm = orr_hmm_preset_create (&presets[i]);
      g_autofree char *states
        = g_strdup_printf (ngettext ("%u state", "%u states", hmm->n_states), hmm->n_states);
      g_autofree char *symbols
        = g_strdup_printf (ngettext ("%u symbol", "%u symbols", hmm->n_symbols), hmm->n_symbols);
      g_autofree char *detail = g_strdup_printf ("%s, %s", states, symbols);

      add_choice (self, create_choice (_(presets[i].title), detail, orr_hmm_thumbnail_new (hmm), presets[i].id));
    }

  GtkWidget *icon = gtk_image_new_from_icon_name ("list-add-symbolic");
  gtk_image_set_pixel_size (GTK_IMAGE (icon), 32);
  gtk_widget_add_css_class (icon, "dim-label");
  add_choice (self, create_choice (_("Blank model"), _("Draw your own"), icon, "blank"));
}

static GtkWidget *
create_file_row (GFile *file, const char *title, const char *subtitle)
{
  GtkWidget *row = adw_action_row_new ();
  g_autofree char *uri = g_file_get_uri (file);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 1);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 1);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (row), "win.open-uri");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (row), "s", uri);
  return row;
}

/* "three" for three.orrery */
static char *
dup_title (GFile *file)
{
  g_autofree char *name = g_file_get_basename (file);
  char *dot = strrchr (name, '.');

  if (dot != NULL && dot != name)
    *dot = '\0';
  return g_filename_display_name (name);
}

static char *
dup_place (GFile *file)
{
  g_autoptr (GFile) folder = g_file_get_parent (file);
  g_autofree char *path = folder != NULL ? g_file_get_path (folder) : NULL;
  const char *home = g_get_home_dir ();

  if (path == NULL)
    return g_file_get_uri (file);
  if (g_str_has_prefix (path, home))
    return g_strconcat ("~", path + strlen (home), NULL);
  return g_filename_display_name (path);
}

/* The place of a bundled study's preset among the presets; studies of something else come behind. */
static guint
get_rank (const char *name)
{
  guint n;
  const OrrHmmPreset *presets = orr_hmm_presets (&n);

  for (guint i = 0; i < n; i++)
    if (g_str_has_prefix (name, presets[i].id) && name[strlen (presets[i].id)] == '.')
      return i;
  return n;
}

static int
compare_files (gconstpointer a, gconstpointer b)
{
  const char *first = *(const char *const *) a, *second = *(const char *const *) b;
  int ranks = (int) get_rank (first) - (int) get_rank (second);

  return ranks != 0 ? ranks : g_strcmp0 (first, second);
}

/* What a bundled study is about; the others hold a network that was trained on the preset of their name. */
static char *
dup_description (const char *title)
{
  const OrrHmmPreset *preset = orr_hmm_preset_find (title);

  if (g_str_equal (title, "nullcline"))
    return g_strdup (_("A table, and a law found with a person’s help"));
  if (g_str_equal (title, "escape"))
    return g_strdup (_("A law for a network’s rate of transitions"));
  /* TRANSLATORS: %s is a model: "Three states" */
  return preset != NULL ? g_strdup_printf (_("%s: a trained network with its analyses"), _(preset->title))
                        : g_strdup (_("Trained network"));
}

static void
fill_examples (OrrStartPage *self)
{
  g_autofree char *folder = orr_paths_dup_examples ();
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_suffix (name, ".orrery"))
      g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare_files);

  for (guint i = 0; i < names->len; i++)
    {
      g_autoptr (GFile) file = g_file_new_build_filename (folder, g_ptr_array_index (names, i), NULL);
      g_autofree char *title = dup_title (file);

      g_autofree char *description = dup_description (title);

      adw_preferences_group_add (self->examples, create_file_row (file, title, description));
    }
  gtk_widget_set_visible (GTK_WIDGET (self->examples), names->len > 0);
}

/**
 * orr_start_page_refresh:
 *
 * Shows the studies opened or saved lately that are still there.
 */
void
orr_start_page_refresh (OrrStartPage *self)
{
  g_autoptr (GPtrArray) files = NULL;

  g_return_if_fail (ORR_IS_START_PAGE (self));
  for (guint i = 0; i < self->recent_rows->len; i++)
    adw_preferences_group_remove (self->recents, g_ptr_array_index (self->recent_rows, i));
  g_ptr_array_set_size (self->recent_rows, 0);
  files = orr_recents_list (self->settings);
  for (guint i = 0; i < files->len; i++)
    {
      GFile *file = g_ptr_array_index (files, i);
      /* Only local files: asking a remote one could take long. */
      const char *path = g_file_peek_path (file);
      g_autofree char *title = dup_title (file), *place = dup_place (file);

      if (path == NULL || !g_file_test (path, G_FILE_TEST_EXISTS))
        continue;
      GtkWidget *row = create_file_row (file, title, place);
      adw_preferences_group_add (self->recents, row);
      g_ptr_array_add (self->recent_rows, row);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->recents), self->recent_rows->len > 0);
}

/* To the first choice. */
static gboolean
orr_start_page_grab_focus (GtkWidget *widget)
{
  GtkFlowBoxChild *first = gtk_flow_box_get_child_at_index (ORR_START_PAGE (widget)->presets, 0);
  return gtk_widget_grab_focus (gtk_flow_box_child_get_child (first));
}

static void
orr_start_page_dispose (GObject *object)
{
  OrrStartPage *self = ORR_START_PAGE (object);

  g_clear_object (&self->settings);
  g_clear_pointer (&self->recent_rows, g_ptr_array_unref);
  G_OBJECT_CLASS (orr_start_page_parent_class)->dispose (object);
}

static void
orr_start_page_class_init (OrrStartPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = orr_start_page_dispose;
  widget_class->grab_focus = orr_start_page_grab_focus;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/orrery/Orrery/ui/orr-start-page.ui");
  gtk_widget_class_bind_template_child (widget_class, OrrStartPage, presets);
  gtk_widget_class_bind_template_child (widget_class, OrrStartPage, recents);
  gtk_widget_class_bind_template_child (widget_class, OrrStartPage, examples);
  gtk_widget_class_bind_template_child (widget_class, OrrStartPage, back_button);
}

static void
orr_start_page_init (OrrStartPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->recent_rows = g_ptr_array_new ();
  fill_presets (self);
  fill_examples (self);
}

void
orr_start_page_set_settings (OrrStartPage *self, GSettings *settings)
{
  g_return_if_fail (ORR_IS_START_PAGE (self));
  if (!g_set_object (&self->settings, settings))
    return;
  g_signal_connect_object (settings, "changed::recent-studies", G_CALLBACK (orr_start_page_refresh), self,
                           G_CONNECT_SWAPPED);
  orr_start_page_refresh (self);
}

/**
 * orr_start_page_set_can_go_back:
 * @can_go_back: whether the window has a study to go back to
 */
void
orr_start_page_set_can_go_back (OrrStartPage *self, gboolean can_go_back)
{
  g_return_if_fail (ORR_IS_START_PAGE (self));
  gtk_widget_set_visible (self->back_button, can_go_back);
}
