/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "orr-session.h"
#include "orr-tree-editor.h"

G_BEGIN_DECLS

#define ORR_TYPE_BENCH_VIEW (orr_bench_view_get_type ())
G_DECLARE_DERIVABLE_TYPE (OrrBenchView, orr_bench_view, ORR, BENCH_VIEW, GtkWidget)

/*
 * Properties: session (OrrSession).
 */

/**
 * OrrBenchViewClass:
 * @editor_changed: the view is of another tree from now on, or of none; signals of
 *   the workbench that were connected with the view as their data are gone.
 *   @editor is (nullable) (unowned), and lives until the next call
 */
struct _OrrBenchViewClass
{
  GtkWidgetClass parent_class;

  void (*editor_changed) (OrrBenchView *self, OrrTreeEditor *editor);
};

void orr_bench_view_set_session (OrrBenchView *self,
                                 OrrSession   *session);

G_END_DECLS
