/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-autosave.h"
#include "orr-jobs-button.h"
#include "orr-page.h"
#include "orr-recovery-bar.h"
#include "orr-run-menu.h"
#include "orr-start-page.h"
#include "orr-window.h"

G_BEGIN_DECLS

#define ORR_WINDOW_N_PAGES 4

struct _OrrWindow
{
  AdwApplicationWindow parent_instance;

  AdwToastOverlay *toasts;
  GtkBox          *switcher;
  GtkWidget       *save_button;
  GtkBox          *history_box;
  GtkWidget       *undo_button;
  GtkWidget       *redo_button;
  OrrRunMenu      *run_menu;
  GtkMenuButton   *menu_button;
  OrrJobsButton   *jobs_button;
  OrrRecoveryBar  *recovery_bar;
  GtkStack        *stack;
  OrrStartPage    *start_page;

  GSettings   *settings;
  OrrJobQueue *jobs;
  OrrSession  *session; /* (nullable) */
  OrrAutosave *autosave; /* (nullable): of the session's document */
  OrrPage     *pages[ORR_WINDOW_N_PAGES]; /* (nullable) */
  gboolean     may_close;
};

gboolean  orr_window_on_start_page   (OrrWindow      *self);
OrrPage  *orr_window_get_page        (OrrWindow      *self);
void      orr_window_install_actions (GtkWidgetClass *klass);

G_END_DECLS
