/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-data-panel.h"

G_BEGIN_DECLS

struct _OrrDataPanel
{
  GtkWidget parent;

  OrrSession           *session;
  GtkFileChooserNative *chooser;
  GtkWidget            *page;     /* (nullable): where files may be dropped */
  GtkEventController   *drop;     /* of the page */
  gboolean              updating; /* the widgets follow the data, not a person */
  guint                 idle;     /* outliers are to be looked for */

  GtkLabel      *origin;
  GtkLabel      *problem;
  GtkWidget     *roles;
  GtkDropDown   *target;
  GtkFlowBox    *inputs;
  GtkDropDown   *error;
  GtkDropDown   *error_kind;
  GtkEntry      *filter;
  GtkSpinButton *held_out;
  GtkDropDown   *split;
  GtkSpinButton *seed;
  GtkLabel      *rows;
  GtkButton     *outliers;
  GtkWidget     *leave_out;
  GtkWidget     *use_again;
  GtkGrid       *columns;
  GtkExpander   *listing_expander;
  GtkListBox    *listing;
};

OrrDataset *orr_data_panel_get_dataset      (OrrDataPanel     *self);
void        orr_data_panel_set_problem      (OrrDataPanel     *self,
                                             const char       *text);
void        orr_data_panel_change           (OrrDataPanel     *self,
                                             OrrDataset       *next,
                                             const char       *label,
                                             const char       *merge_key);

/* Which column is what (orr-data-panel-roles.c) */
void        orr_data_panel_fill_roles       (OrrDataPanel     *self,
                                             const OrrDataset *dataset);
void        orr_data_panel_bind_roles       (GtkWidgetClass   *klass);

/* Which rows count (orr-data-panel-rows.c) */
void        orr_data_panel_fill_rows        (OrrDataPanel     *self,
                                             const OrrDataset *dataset);
void        orr_data_panel_queue_outliers   (OrrDataPanel     *self);
void        orr_data_panel_update_selection (OrrDataPanel     *self);
void        orr_data_panel_bind_rows        (GtkWidgetClass   *klass);

/* Where a table comes from (orr-data-panel-source.c) */
void        orr_data_panel_watch_page       (OrrDataPanel     *self);
void        orr_data_panel_forget_page      (OrrDataPanel     *self);
void        orr_data_panel_add_paste        (OrrDataPanel     *self);
void        orr_data_panel_bind_source      (GtkWidgetClass   *klass);

G_END_DECLS
