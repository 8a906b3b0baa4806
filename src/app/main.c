/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>
#include <locale.h>

#include "orr-application.h"
#include "orr-paths.h"

int
main (int argc, char *argv[])
{
  g_autoptr (OrrApplication) application = NULL;
  g_autofree char *locale = NULL;

  orr_paths_init ();
  setlocale (LC_ALL, "");
  locale = orr_paths_dup_locale ();
  bindtextdomain (GETTEXT_PACKAGE, locale);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);

  application = orr_application_new ();
  return g_application_run (G_APPLICATION (application), argc, argv);
}
