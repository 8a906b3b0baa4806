/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-recents.h"

#include <gtk/gtk.h>

#define MAX_RECENTS 12

static void
put (GSettings *settings, GFile *file, gboolean first)
{
  g_autofree char *uri = g_file_get_uri (file);
  g_auto (GStrv) old = g_settings_get_strv (settings, "recent-studies");
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  guint n = 0;

  if (first)
    {
      g_strv_builder_add (builder, uri);
      n++;
    }
  for (guint i = 0; old[i] != NULL && n < MAX_RECENTS; i++)
    if (!g_str_equal (old[i], uri))
      {
        g_strv_builder_add (builder, old[i]);
        n++;
      }

  g_auto (GStrv) all = g_strv_builder_end (builder);
  g_settings_set_strv (settings, "recent-studies", (const char *const *) all);
}

/**
 * orr_recents_add:
 *
 * Puts @file first among the recent studies, here and in the desktop's list.
 */
void
orr_recents_add (GSettings *settings, GFile *file)
{
  g_autofree char *uri = g_file_get_uri (file);

  put (settings, file, TRUE);
  gtk_recent_manager_add_item (gtk_recent_manager_get_default (), uri);
}

void
orr_recents_remove (GSettings *settings, GFile *file)
{
  put (settings, file, FALSE);
}

/**
 * orr_recents_list:
 *
 * Returns: (transfer full) (element-type GFile): the latest first; a file may be gone
 */
GPtrArray *
orr_recents_list (GSettings *settings)
{
  g_auto (GStrv) uris = g_settings_get_strv (settings, "recent-studies");
  GPtrArray *files = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; uris[i] != NULL; i++)
    g_ptr_array_add (files, g_file_new_for_uri (uris[i]));
  return files;
}
