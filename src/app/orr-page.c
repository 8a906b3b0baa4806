/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-page.h"

#include "orr-bridge-bar.h"
#include "orr-candidates-view.h"
#include "orr-card.h"
#include "orr-data-panel.h"
#include "orr-fit-view.h"
#include "orr-eigenvalue-view.h"
#include "orr-gain-view.h"
#include "orr-heatmap-view.h"
#include "orr-history-view.h"
#include "orr-hmm-graph-view.h"
#include "orr-kick-view.h"
#include "orr-loss-view.h"
#include "orr-match-view.h"
#include "orr-orbit-view.h"
#include "orr-section-view.h"
#include "orr-suggestions-view.h"
#include "orr-time-strip.h"
#include "orr-palette-view.h"
#include "orr-training-panel.h"
#include "orr-tree-view.h"

/**
 * OrrPage:
 *
 * One page of the window: an arrangement of views, read from
 * "ui/page-NAME.ui". The file's object "root" is shown; every object with a
 * property "session" receives the window's; every OrrCard can be maximised over
 * the page; every GtkPaned is remembered.
 *
 * In the file, "position" of a GtkPaned is in thousandths of its length: the
 * place of its divider until a person moves it.
 *
 * A page that a small window has no room for is scrolled.
 */
struct _OrrPage
{
  AdwBin parent_instance;

  char      *name;
  GSettings *settings;
  GPtrArray *views;     /* GtkWidget with a property "session" */
  OrrCard   *maximised; /* (nullable) (unowned) */
};

G_DEFINE_FINAL_TYPE (OrrPage, orr_page, ADW_TYPE_BIN)

static double
lookup_pane (OrrPage *self, const char *key, double fallback)
{
  g_autoptr (GVariant) panes = g_settings_get_value (self->settings, "panes");
  double fraction = fallback;

  g_variant_lookup (panes, key, "d", &fraction);
  return CLAMP (fraction, 0.0, 1.0);
}

static void
store_pane (OrrPage *self, const char *key, double fraction)
{
  g_autoptr (GVariant) panes = g_settings_get_value (self->settings, "panes");
  g_auto (GVariantDict) dict = G_VARIANT_DICT_INIT (panes);

  g_variant_dict_insert (&dict, key, "d", fraction);
  g_settings_set_value (self->settings, "panes", g_variant_dict_end (&dict));
}

static int
get_length (GtkPaned *paned)
{
  gboolean across = gtk_orientable_get_orientation (GTK_ORIENTABLE (paned)) == GTK_ORIENTATION_HORIZONTAL;
  return across ? gtk_widget_get_width (GTK_WIDGET (paned)) : gtk_widget_get_height (GTK_WIDGET (paned));
}

static const char *
get_key (GtkPaned *paned)
{
  return g_object_get_data (G_OBJECT (paned), "orr-key");
}

/* A drag of the divider ends here; what the page's own resizing does to it is not stored. */
static void
paned_moved_cb (GtkPaned *paned, GParamSpec *pspec, OrrPage *self)
{
  int length = get_length (paned);
  gboolean dragged = gtk_widget_get_state_flags (GTK_WIDGET (paned)) & GTK_STATE_FLAG_ACTIVE;
  gboolean focused = gtk_widget_is_focus (GTK_WIDGET (paned));

  if (length > 0 && self->maximised == NULL && (dragged || focused))
    store_pane (self, get_key (paned), gtk_paned_get_position (paned) / (double) length);
}

static gboolean
place_divider_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  GtkPaned *paned = GTK_PANED (widget);
  double *fraction = g_object_get_data (G_OBJECT (paned), "orr-fraction");

  gtk_paned_set_position (paned, (int) (*fraction * get_length (paned) + 0.5));
  g_object_set_data (G_OBJECT (paned), "orr-fraction", NULL);
  g_signal_connect_object (paned, "notify::position", G_CALLBACK (paned_moved_cb), user_data, 0);
  return G_SOURCE_REMOVE;
}

/* The first size that a paned is given turns its fraction into pixels: in the next frame, since
 * this is told in the middle of the allocation. */
static void
paned_sized_cb (GtkPaned *paned, GParamSpec *pspec, OrrPage *self)
{
  if (get_length (paned) <= 1)
    return;
  g_signal_handlers_disconnect_by_func (paned, paned_sized_cb, self);
  gtk_widget_add_tick_callback (GTK_WIDGET (paned), place_divider_cb, self, NULL);
}

static void
adopt_paned (OrrPage *self, GtkPaned *paned, const char *id)
{
  double *fraction = g_new (double, 1);
  char *key = g_strdup_printf ("%s-%s", self->name, id);

  /* Cards keep the room that they need: a page that has too little scrolls. */
  gtk_paned_set_shrink_start_child (paned, FALSE);
  gtk_paned_set_shrink_end_child (paned, FALSE);
  *fraction = lookup_pane (self, key, 1e-3 * gtk_paned_get_position (paned));
  g_object_set_data_full (G_OBJECT (paned), "orr-key", key, g_free);
  g_object_set_data_full (G_OBJECT (paned), "orr-fraction", fraction, g_free);
  g_signal_connect_object (paned, "notify::max-position", G_CALLBACK (paned_sized_cb), self, 0);
}

/* The card alone, or everything: by hiding what stands beside it, so that no view is moved to
 * another parent (a GL area would lose its context). */
static void
show_beside (OrrPage *self, GtkWidget *card, gboolean visible)
{
  for (GtkWidget *widget = card; widget != NULL && widget != GTK_WIDGET (self);
       widget = gtk_widget_get_parent (widget))
    {
      GtkWidget *parent = gtk_widget_get_parent (widget);

      if (GTK_IS_PANED (parent))
        {
          GtkWidget *start = gtk_paned_get_start_child (GTK_PANED (parent));
          GtkWidget *other = start == widget ? gtk_paned_get_end_child (GTK_PANED (parent)) : start;
          gtk_widget_set_visible (other, visible);
        }
      else if (GTK_IS_BOX (parent))
        for (GtkWidget *other = gtk_widget_get_first_child (parent); other != NULL; other = gtk_widget_get_next_sibling (other))
          if (other != widget && ORR_IS_CARD (other))
            gtk_widget_set_visible (other, visible);
    }
}

static void
card_maximised_cb (OrrCard *card, GParamSpec *pspec, OrrPage *self)
{
  if (orr_card_get_maximised (card))
    {
      orr_page_restore (self);
      self->maximised = card;
      show_beside (self, GTK_WIDGET (card), FALSE);
    }
  else if (self->maximised == card)
    {
      show_beside (self, GTK_WIDGET (card), TRUE);
      self->maximised = NULL;
    }
}

static void
orr_page_dispose (GObject *object)
{
  OrrPage *self = ORR_PAGE (object);

  g_clear_pointer (&self->views, g_ptr_array_unref);
  g_clear_object (&self->settings);
  self->maximised = NULL;
  G_OBJECT_CLASS (orr_page_parent_class)->dispose (object);
}

static void
orr_page_finalize (GObject *object)
{
  g_free (ORR_PAGE (object)->name);
  G_OBJECT_CLASS (orr_page_parent_class)->finalize (object);
}

static void
orr_page_class_init (OrrPageClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = orr_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = orr_page_finalize;
  /* What the pages' files name. */
  g_type_ensure (ORR_TYPE_BRIDGE_BAR);
  g_type_ensure (ORR_TYPE_CANDIDATES_VIEW);
  g_type_ensure (ORR_TYPE_CARD);
  g_type_ensure (ORR_TYPE_DATA_PANEL);
  g_type_ensure (ORR_TYPE_FIT_VIEW);
  g_type_ensure (ORR_TYPE_EIGENVALUE_VIEW);
  g_type_ensure (ORR_TYPE_GAIN_VIEW);
  g_type_ensure (ORR_TYPE_HEATMAP_VIEW);
  g_type_ensure (ORR_TYPE_HISTORY_VIEW);
  g_type_ensure (ORR_TYPE_HMM_GRAPH_VIEW);
  g_type_ensure (ORR_TYPE_KICK_VIEW);
  g_type_ensure (ORR_TYPE_LOSS_VIEW);
  g_type_ensure (ORR_TYPE_MATCH_VIEW);
  g_type_ensure (ORR_TYPE_ORBIT_VIEW);
  g_type_ensure (ORR_TYPE_SECTION_VIEW);
  g_type_ensure (ORR_TYPE_SUGGESTIONS_VIEW);
  g_type_ensure (ORR_TYPE_TIME_STRIP);
  g_type_ensure (ORR_TYPE_PALETTE_VIEW);
  g_type_ensure (ORR_TYPE_TRAINING_PANEL);
  g_type_ensure (ORR_TYPE_TREE_VIEW);
}

static void
orr_page_init (OrrPage *self)
{
  self->views = g_ptr_array_new_with_free_func (g_object_unref);
}

static void
adopt (OrrPage *self, GObject *object)
{
  if (GTK_IS_PANED (object))
    adopt_paned (self, GTK_PANED (object), gtk_buildable_get_buildable_id (GTK_BUILDABLE (object)));
  else if (ORR_IS_CARD (object))
    g_signal_connect_object (object, "notify::maximised", G_CALLBACK (card_maximised_cb), self, 0);
  if (GTK_IS_WIDGET (object) && g_object_class_find_property (G_OBJECT_GET_CLASS (object), "session") != NULL)
    g_ptr_array_add (self->views, g_object_ref (object));
}

/* The button within a list has the keyboard, and the box around a menu's button is told as one: left alone,
 * both are called after their types. */
static void
name_buttons (GtkWidget *widget)
{
  GtkWidget *child = gtk_widget_get_first_child (widget);

  if (GTK_IS_DROP_DOWN (widget) && child != NULL)
    gtk_accessible_update_relation (GTK_ACCESSIBLE (child), GTK_ACCESSIBLE_RELATION_LABELLED_BY, widget, NULL, -1);
  else if (GTK_IS_MENU_BUTTON (widget) && gtk_menu_button_get_label (GTK_MENU_BUTTON (widget)) != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                    gtk_menu_button_get_label (GTK_MENU_BUTTON (widget)), -1);
  for (; child != NULL; child = gtk_widget_get_next_sibling (child))
    name_buttons (child);
}

static char *
dup_path (const char *name)
{
  return g_strdup_printf ("/io/github/orrery/Orrery/ui/page-%s.ui", name);
}

/**
 * orr_page_exists:
 *
 * Returns: whether there is a file for the page @name
 */
gboolean
orr_page_exists (const char *name)
{
  g_autofree char *path = dup_path (name);
  return g_resources_get_info (path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL, NULL, NULL);
}

/**
 * orr_page_new:
 * @name: of the page and of its .ui file
 * @settings: where the panes are remembered
 *
 * Returns: (transfer floating): the page, without a session
 */
GtkWidget *
orr_page_new (const char *name, GSettings *settings)
{
  OrrPage *self = g_object_new (ORR_TYPE_PAGE, NULL);
  g_autofree char *path = dup_path (name);
  g_autoptr (GtkBuilder) builder = gtk_builder_new_from_resource (path);
  g_autoptr (GSList) objects = gtk_builder_get_objects (builder);
  GtkWidget *scroller = gtk_scrolled_window_new ();

  self->name = g_strdup (name);
  self->settings = g_object_ref (settings);
  for (GSList *l = objects; l != NULL; l = l->next)
    adopt (self, l->data);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), GTK_WIDGET (gtk_builder_get_object (builder, "root")));
  adw_bin_set_child (ADW_BIN (self), scroller);
  name_buttons (scroller);
  return GTK_WIDGET (self);
}

/**
 * orr_page_set_session:
 * @session: (nullable): what all views of the page share
 */
void
orr_page_set_session (OrrPage *self, OrrSession *session)
{
  g_return_if_fail (ORR_IS_PAGE (self));
  for (guint i = 0; i < self->views->len; i++)
    g_object_set (g_ptr_array_index (self->views, i), "session", session, NULL);
}

/**
 * orr_page_toggle_maximise:
 * @focus: (nullable): the widget that has the keyboard
 *
 * Shows the card around @focus alone, or all cards again.
 *
 * Returns: whether there was something to do
 */
gboolean
orr_page_toggle_maximise (OrrPage *self, GtkWidget *focus)
{
  GtkWidget *card;

  g_return_val_if_fail (ORR_IS_PAGE (self), FALSE);
  if (orr_page_restore (self))
    return TRUE;
  card = focus != NULL ? gtk_widget_get_ancestor (focus, ORR_TYPE_CARD) : NULL;
  if (card == NULL || !gtk_widget_is_ancestor (card, GTK_WIDGET (self)))
    return FALSE;
  orr_card_set_maximised (ORR_CARD (card), TRUE);
  return TRUE;
}

/**
 * orr_page_restore:
 *
 * Returns: whether a card was maximised, and no longer is
 */
gboolean
orr_page_restore (OrrPage *self)
{
  g_return_val_if_fail (ORR_IS_PAGE (self), FALSE);
  if (self->maximised == NULL)
    return FALSE;
  orr_card_set_maximised (self->maximised, FALSE);
  return TRUE;
}
