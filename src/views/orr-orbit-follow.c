/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The orbit viewer and its session: what is chosen here and shown there, and the other way round. */
#include "orr-orbit-view-private.h"

#include <glib/gi18n.h>

#include "orr-orbit-colours.h"
#include "orr-orbit-projection.h"
#include "orr-player.h"

static void
motion_changed_cb (OrrOrbitView *self)
{
  orr_orbit_view_update_motion (self);
}

static void
select_projection (OrrOrbitView *self)
{
  gtk_drop_down_set_selected (self->projection_drop_down, orr_session_get_projection (self->session) + 1);
}

/* In other coordinates all of it is to be seen first. */
static void
projection_changed_cb (OrrOrbitView *self)
{
  select_projection (self);
  self->refit = TRUE;
  orr_orbit_view_update_motion (self);
}

/* Only where there is a choice: a pair of symbols has a subspace of its own where there are three. */
static void
fill_projections (OrrOrbitView *self)
{
  g_autoptr (GtkStringList) list = orr_orbit_projections_list (self->session);

  self->filling_projections = TRUE;
  gtk_drop_down_set_model (self->projection_drop_down, G_LIST_MODEL (list));
  gtk_widget_set_visible (GTK_WIDGET (self->projection_drop_down), g_list_model_get_n_items (G_LIST_MODEL (list)) > 1);
  select_projection (self);
  self->filling_projections = FALSE;
}

static void
projection_selected_cb (GtkDropDown *drop_down, GParamSpec *pspec, OrrOrbitView *self)
{
  guint selected = gtk_drop_down_get_selected (drop_down);

  if (self->session != NULL && !self->filling_projections && selected != GTK_INVALID_LIST_POSITION)
    orr_session_set_projection (self->session, (int) selected - 1);
}

static void
network_changed_cb (OrrOrbitView *self)
{
  fill_projections (self);
  orr_orbit_view_update_page (self);
}

/* The slider over a training's saved epochs; its last place is the final network. */
static void
update_epochs (OrrOrbitView *self)
{
  OrrRun *run = orr_session_get_run (self->session);
  guint n = run != NULL ? run->snapshots->len : 0, place = n;
  int epoch = orr_session_get_epoch (self->session);
  g_autofree char *text = epoch >= 0 ? g_strdup_printf (_("epoch %d"), epoch) : g_strdup (_("final network"));

  for (guint i = 0; i < n; i++)
    if ((int) ((OrrSnapshot *) run->snapshots->pdata[i])->epoch == epoch)
      place = i;
  gtk_widget_set_visible (self->epoch_box, n > 1);
  gtk_label_set_label (self->epoch_label, text);
  self->setting_epoch = TRUE;
  gtk_range_set_range (self->epoch_scale, 0, MAX (n, 1));
  gtk_range_set_value (self->epoch_scale, place);
  self->setting_epoch = FALSE;
}

static void
epoch_moved_cb (GtkRange *scale, OrrOrbitView *self)
{
  OrrRun *run = self->session != NULL ? orr_session_get_run (self->session) : NULL;
  guint place = gtk_range_get_value (scale) + 0.5;

  if (self->setting_epoch || run == NULL)
    return;
  orr_session_set_epoch (self->session, place < run->snapshots->len
                                          ? (int) ((OrrSnapshot *) run->snapshots->pdata[place])->epoch
                                          : -1);
}

static void
run_changed_cb (OrrOrbitView *self)
{
  update_epochs (self);
  if (self->motion == NULL)
    return;
  orr_orbit_view_update_findings (self);
  orr_orbit_view_update_bounds (self, FALSE);
  orr_orbit_view_recolour (self);
  orr_orbit_canvas_scene_changed (self->canvas);
}

static void
select_source (OrrOrbitView *self)
{
  guint n;
  const OrrOrbitColourSource *sources = orr_orbit_colour_sources (&n);

  for (guint i = 0; i < n; i++)
    if (sources[i].colouring == orr_session_get_colouring (self->session))
      gtk_drop_down_set_selected (self->colour_drop_down, i);
}

static void
colouring_changed_cb (OrrOrbitView *self)
{
  select_source (self);
  orr_orbit_view_recolour (self);
}

/* Choosing units colours the orbit by them; giving the choice up goes back to symbols. */
static void
units_changed_cb (OrrOrbitView *self)
{
  OrrColouring colouring = orr_session_get_colouring (self->session);
  gboolean empty = gtk_bitset_is_empty (orr_session_get_units (self->session));

  if (!empty && colouring == ORR_COLOURING_SYMBOL)
    {
      self->coloured_by_units = TRUE;
      orr_session_set_colouring (self->session, ORR_COLOURING_UNITS);
    }
  else if (empty && colouring == ORR_COLOURING_UNITS && self->coloured_by_units)
    orr_session_set_colouring (self->session, ORR_COLOURING_SYMBOL);
  else if (colouring == ORR_COLOURING_UNITS)
    orr_orbit_view_recolour (self);
  self->coloured_by_units = self->coloured_by_units && !empty;
}

/* What is selected is lit. */
void
orr_orbit_view_show_selection (OrrOrbitView *self)
{
  if (self->motion == NULL)
    return;
  orr_orbit_view_update_lit (self);
  orr_orbit_canvas_scene_changed (self->canvas);
}

static void
range_changed_cb (OrrOrbitView *self)
{
  if (!self->setting_range)
    g_clear_pointer (&self->brushed, g_free);
  orr_orbit_view_show_selection (self);
}

static void
cursor_changed_cb (OrrOrbitView *self)
{
  if (self->motion != NULL)
    orr_orbit_view_update_cursor (self);
}

static void
source_selected_cb (GtkDropDown *drop_down, GParamSpec *pspec, OrrOrbitView *self)
{
  guint n;
  const OrrOrbitColourSource *sources = orr_orbit_colour_sources (&n);
  guint selected = gtk_drop_down_get_selected (drop_down);

  /* Not where the list follows the session. */
  if (self->session == NULL || selected >= n
      || sources[selected].colouring == orr_session_get_colouring (self->session))
    return;
  self->coloured_by_units = FALSE;
  orr_session_set_colouring (self->session, sources[selected].colouring);
}

static void
fill_sources (OrrOrbitView *self)
{
  guint n;
  const OrrOrbitColourSource *sources = orr_orbit_colour_sources (&n);
  g_autoptr (GtkStringList) titles = gtk_string_list_new (NULL);

  for (guint i = 0; i < n; i++)
    gtk_string_list_append (titles, _(sources[i].title));
  gtk_drop_down_set_model (self->colour_drop_down, G_LIST_MODEL (titles));
  g_signal_connect_object (self->colour_drop_down, "notify::selected", G_CALLBACK (source_selected_cb), self,
                           0);
}

static void
listen (OrrOrbitView *self, const char *property, GCallback callback)
{
  g_autofree char *signal = g_strconcat ("notify::", property, NULL);
  g_signal_connect_object (self->session, signal, callback, self, G_CONNECT_SWAPPED);
}

/**
 * orr_orbit_view_follow:
 *
 * Shows the session that was just set and listens to it.
 */
void
orr_orbit_view_follow (OrrOrbitView *self)
{
  listen (self, "motion", G_CALLBACK (motion_changed_cb));
  listen (self, "network", G_CALLBACK (network_changed_cb));
  listen (self, "run", G_CALLBACK (run_changed_cb));
  listen (self, "epoch", G_CALLBACK (update_epochs));
  listen (self, "colouring", G_CALLBACK (colouring_changed_cb));
  listen (self, "units", G_CALLBACK (units_changed_cb));
  listen (self, "state", G_CALLBACK (orr_orbit_view_show_selection));
  listen (self, "symbol", G_CALLBACK (orr_orbit_view_show_selection));
  listen (self, "transition-from", G_CALLBACK (orr_orbit_view_show_selection));
  listen (self, "transition-to", G_CALLBACK (orr_orbit_view_show_selection));
  listen (self, "range-start", G_CALLBACK (range_changed_cb));
  listen (self, "range-end", G_CALLBACK (range_changed_cb));
  listen (self, "cursor", G_CALLBACK (cursor_changed_cb));
  listen (self, "projection", G_CALLBACK (projection_changed_cb));
  listen (self, "law-flow", G_CALLBACK (orr_orbit_view_update_law));
  orr_player_attach (GTK_WIDGET (self), self->session);
  select_source (self);
  update_epochs (self);
  fill_projections (self);
  orr_orbit_view_update_law (self);
  orr_orbit_view_update_motion (self);
}

/* The drop-down lists and the slider, which set what the session shows. */
void
orr_orbit_view_add_choices (OrrOrbitView *self)
{
  g_signal_connect_object (self->projection_drop_down, "notify::selected", G_CALLBACK (projection_selected_cb),
                           self, 0);
  g_signal_connect_object (self->epoch_scale, "value-changed", G_CALLBACK (epoch_moved_cb), self, 0);
  fill_sources (self);
}
