/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-orbit-view-private.h"

#include <glib/gi18n.h>
#include <math.h>

#include "orr-orbit-colours.h"
#include "orr-orbit-cycle.h"
#include "orr-orbit-flow.h"
#include "orr-orbit-law.h"
#include "orr-orbit-layers.h"
#include "orr-orbit-mean.h"
#include "orr-orbit-projection.h"
#include "orr-orbit-zones.h"
#include "orr-subspace.h"

#define OPACITY_LINES 0.9f
#define OPACITY_BACK 0.13f
/* Steps outside the subspace that is shown. */
#define OUTSIDE 0.2
#define LEGENDS_GAP 24
/* Of the height of what is seen, for a contour's name. */
#define NAME_ROOM 0.05

/* Which action shows which layers. */
static const OrrOrbitLayerAction layer_actions[] = {
  { "lines", ORR_ORBIT_LAYER_LINES, TRUE },
  { "points", ORR_ORBIT_LAYER_POINTS, FALSE },
  { "relaxations", ORR_ORBIT_LAYER_RELAXATIONS, FALSE },
  { "fixed-points", ORR_ORBIT_LAYER_FIXED_POINTS, TRUE },
  { "axes", ORR_ORBIT_LAYER_AXES, TRUE },
  { "readout", ORR_ORBIT_LAYER_READOUT, FALSE },
  { "plane", ORR_ORBIT_LAYER_PLANE, FALSE },
  { "comet", ORR_ORBIT_LAYER_COMET, TRUE },
  { "mean-orbit", ORR_ORBIT_LAYER_MEAN_ORBIT, TRUE },
  { "tube", ORR_ORBIT_LAYER_TUBE, FALSE },
  { "flow", ORR_ORBIT_LAYER_FLOW, FALSE },
  { "flow-noise", ORR_ORBIT_LAYER_FLOW_NOISE, FALSE },
  { "flow-law", ORR_ORBIT_LAYER_FLOW_LAW, TRUE },
  { "law-error", ORR_ORBIT_LAYER_LAW_ERROR, FALSE },
  { "contours", ORR_ORBIT_LAYER_CONTOURS, FALSE },
  { "epochs", ORR_ORBIT_LAYER_EPOCHS, FALSE },
};

const OrrOrbitLayerAction *
orr_orbit_layer_actions (guint *n)
{
  *n = G_N_ELEMENTS (layer_actions);
  return layer_actions;
}

gboolean
orr_orbit_view_is_shown (OrrOrbitView *self, const char *action)
{
  g_autoptr (GVariant) state = g_action_group_get_action_state (G_ACTION_GROUP (self->actions), action);
  return state != NULL && g_variant_get_boolean (state);
}

/* Texts --------------------------------------------------------------------------------------- */

void
orr_orbit_view_draw_scale_cb (GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer user_data)
{
  cairo_pattern_t *gradient = cairo_pattern_create_linear (0, 0, width, 0);

  for (int i = 0; i <= 16; i++)
    {
      guint32 rgb = orr_orbit_scale_colour (i / 16.0);
      cairo_pattern_add_color_stop_rgb (gradient, i / 16.0, orr_colour_red (rgb), orr_colour_green (rgb),
                                        orr_colour_blue (rgb));
    }
  cairo_rectangle (cr, 0, 0, width, height);
  cairo_set_source (cr, gradient);
  cairo_fill (cr);
  cairo_pattern_destroy (gradient);
}

static void
show_legend (OrrOrbitView *self, const OrrOrbitLegend *legend)
{
  g_autoptr (GString) markup = g_string_new (NULL);
  g_autofree char *low = g_strdup_printf ("%.3g", legend->low);
  g_autofree char *high = g_strdup_printf ("%.*f", legend->high >= 1000 ? 0 : 2, legend->high);

  gtk_widget_set_visible (self->scale_box, legend->is_scale);
  gtk_widget_set_visible (GTK_WIDGET (self->kinds_label), !legend->is_scale);
  gtk_label_set_label (self->scale_title, legend->title);
  gtk_label_set_label (self->scale_low, low);
  gtk_label_set_label (self->scale_high, high);

  if (legend->title != NULL)
    g_string_append (markup, legend->title);
  for (guint i = 0; i < legend->names->len; i++)
    {
      g_autofree char *name = g_markup_escape_text (legend->names->pdata[i], -1);
      g_string_append_printf (markup, "   <span foreground=\"#%06x\">■</span> %s",
                              g_array_index (legend->colours, guint32, i), name);
    }
  gtk_label_set_markup (self->kinds_label, markup->str);
}

static void
append_entry (GString *markup, const char *entry)
{
  g_autofree char *escaped = g_markup_escape_text (entry, -1);

  g_string_append_printf (markup, "%s%s", markup->len > 0 ? "   " : "", escaped);
}

static void
append_flow (GString *markup, guint32 rgb, const char *entry)
{
  g_autofree char *escaped = g_markup_escape_text (entry, -1);

  g_string_append_printf (markup, "%s<span foreground=\"#%06x\">→</span> %s", markup->len > 0 ? "   " : "", rgb,
                          escaped);
}

static void
append_square (GString *markup, guint32 rgb, const char *entry)
{
  g_autofree char *escaped = g_markup_escape_text (entry, -1);

  g_string_append_printf (markup, "%s<span foreground=\"#%06x\">■</span> %s", markup->len > 0 ? "   " : "", rgb,
                          escaped);
}

/* What is lit, in words. */
static void
append_selection (OrrOrbitView *self, GString *text)
{
  OrrHmm *hmm = orr_session_get_hmm (self->session);
  guint start, end;
  int from, to;

  orr_session_get_transition (self->session, &from, &to);
  if (from >= 0 && to >= 0 && hmm != NULL && (guint) MAX (from, to) < hmm->n_states)
    {
      g_autofree char *entry
        = g_strdup_printf (g_dngettext (NULL, "%s → %s: %u jump, %u steps before it and, paler, after it",
                                        "%s → %s: %u jumps, %u steps before each and, paler, after", self->n_jumps),
                           hmm->state_names[from], hmm->state_names[to], self->n_jumps, ORR_ORBIT_JUMP_REACH);
      append_entry (text, entry);
    }
  if (orr_session_get_range (self->session, &start, &end))
    {
      g_autofree char *entry
        = self->brushed != NULL
            ? g_strdup_printf (g_dngettext (NULL, "%u visit, steps %u to %u",
                                            "%u visits, the longest in steps %u to %u", self->n_visits),
                               self->n_visits, start, end - 1)
            : g_strdup_printf (_("steps %u to %u"), start, end - 1);
      append_entry (text, entry);
    }
}

static void
append_flows (OrrOrbitView *self, GString *text)
{
  const char *label;
  guint32 rgb;

  if (orr_orbit_view_is_shown (self, "flow"))
    append_flow (text, ORR_ORBIT_FLOW_COLOUR, _("flow without noise"));
  if (orr_orbit_view_is_shown (self, "flow-noise"))
    append_flow (text, ORR_ORBIT_FLOW_NOISE_COLOUR, _("mean flow under noise"));
  if (orr_session_get_law_flow (self->session, &label, &rgb) != NULL && self->motion->inside == NULL
      && orr_orbit_view_is_shown (self, "flow-law"))
    append_flow (text, rgb, label != NULL ? label : _("fitted law"));
  if (self->law_error > 0.0 && orr_orbit_view_is_shown (self, "law-error"))
    {
      g_autofree char *entry = g_strdup_printf (_("error of the law’s flow, up to %.2g a step"), self->law_error);
      append_square (text, ORR_ORBIT_LAW_ERROR_COLOUR, entry);
    }
}

/* Analyses are of the final network. */
static gboolean
is_final (OrrOrbitView *self)
{
  OrrRun *run = orr_session_get_run (self->session);

  return run == NULL || run->network == orr_session_get_network (self->session);
}

static void
update_layer_texts (OrrOrbitView *self)
{
  g_autoptr (GString) text = g_string_new (NULL);

  if (self->motion == NULL)
    return;
  if (self->projection_problem != NULL)
    append_entry (text, self->projection_problem);
  else if (self->motion->inside != NULL)
    append_entry (text, _("dim: outside the pair\342\200\231s stretches"));
  append_selection (self, text);
  if (orr_orbit_view_is_shown (self, "fixed-points"))
    append_entry (text, _("✕ fixed point"));
  if (orr_orbit_view_is_shown (self, "relaxations"))
    append_entry (text, _("white: without noise"));
  if (self->has_mean_orbit && orr_orbit_view_is_shown (self, "mean-orbit"))
    append_entry (text, orr_orbit_view_is_shown (self, "tube") ? _("— mean orbit ± s.d. of its radius")
                                                               : _("— mean orbit"));
  if (orr_orbit_view_is_shown (self, "contours"))
    append_entry (text, self->n_contours > 0      ? _("95 % noise contours")
                        : self->motion->inside != NULL ? _("noise contours: of all states alone")
                        : is_final (self)         ? _("noise contours: run the analysis of resonance")
                                          : _("noise contours: of the final network alone"));
  if (orr_orbit_view_is_shown (self, "epochs"))
    append_entry (text, self->n_epochs > 0 ? _("epochs stacked along PC3, each in its own PC1 and PC2")
                        : self->motion->inside != NULL ? _("epochs: of all states alone")
                                           : _("epochs: run the analysis of training evolution"));
  append_flows (self, text);
  gtk_label_set_markup (self->layers_label, text->str);
}

static void
update_variance (OrrOrbitView *self)
{
  g_autoptr (GString) text = g_string_new (NULL);
  const OrrPca *pca = self->motion->pca;

  for (guint i = 0; i < MIN (3, pca->n_components); i++)
    g_string_append_printf (text, "%sPC%u %.0f %%", i > 0 ? ", " : "", i + 1, 100.0 * pca->variance_ratio[i]);
  gtk_label_set_label (self->variance_label, text->str);
  /* The legend beside it ends before it. */
  int width;
  gtk_widget_measure (GTK_WIDGET (self->variance_label), GTK_ORIENTATION_HORIZONTAL, -1, NULL, &width, NULL, NULL);
  gtk_widget_set_margin_end (GTK_WIDGET (self->layers_label), width + LEGENDS_GAP);

  guint n_inside = 0;
  for (guint t = 0; self->motion->inside != NULL && t < self->motion->trajectory->n_steps; t++)
    n_inside += self->motion->inside[t];
  if (self->motion->inside != NULL)
    {
      g_autofree char *definition = g_strdup_printf (
        _("Components of the %u steps in stretches of at least %u steps in which only these two symbols lead (have "
          "the largest logit) and change, within the first %u components of all states; with the share of these "
          "steps\342\200\231 variance that each explains."),
        n_inside, ORR_SUBSPACE_MIN_STRETCH, ORR_SUBSPACE_N_REDUCED);
      gtk_widget_set_tooltip_text (GTK_WIDGET (self->variance_label), definition);
      return;
    }

  g_autofree char *tooltip = g_strdup_printf (
    _("Share of the variance of %u visited states that each principal component explains.\n"
      "While the camera moves, an even sample of the steps is drawn, as many as the graphics can follow; "
      "all of them when it rests."),
    self->motion->trajectory->n_steps);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->variance_label), tooltip);
}

char *
orr_orbit_view_describe_step (OrrOrbitView *self, guint step)
{
  OrrHmm *hmm = orr_session_get_hmm (self->session);
  const OrrTrajectory *run = self->motion->trajectory;
  guint symbol = run->symbols[step];
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, _("t = %u"), step);
  if (hmm != NULL && hmm->n_symbols == run->n_symbols)
    g_string_append_printf (text, _(", symbol %s"), hmm->symbol_names[symbol]);
  else
    g_string_append_printf (text, _(", symbol %u"), symbol);
  if (self->motion->path != NULL && hmm != NULL && self->motion->path[step] < hmm->n_states)
    g_string_append_printf (text, _(", state %s"), hmm->state_names[self->motion->path[step]]);
  if (orr_session_get_colouring (self->session) == ORR_COLOURING_UNITS
      && !gtk_bitset_is_empty (orr_session_get_units (self->session)))
    {
      GtkBitset *units = orr_session_get_units (self->session);
      double sum = 0.0;
      GtkBitsetIter iter;
      guint unit;

      for (gboolean more = gtk_bitset_iter_init_first (&iter, units, &unit); more && unit < run->n_hidden;
           more = gtk_bitset_iter_next (&iter, &unit))
        sum += orr_matrix_row (run->states, step)[unit];
      g_string_append_printf (text, _(", activity %.3f"), sum / gtk_bitset_get_size (units));
    }
  return g_string_free (text, FALSE);
}

/* The scene ----------------------------------------------------------------------------------- */

static void
update_colours (OrrOrbitView *self)
{
  g_autoptr (OrrOrbitLegend) legend = orr_orbit_legend_new ();
  const OrrOrbitColourSource *source
    = orr_orbit_colour_source_find (orr_session_get_colouring (self->session));

  g_free (self->rgb);
  self->rgb = g_new (guint32, self->motion->trajectory->n_steps);
  source->fill (self->session, self->whole, self->rgb, legend);
  for (guint t = 0; self->motion->inside != NULL && t < self->motion->trajectory->n_steps; t++)
    if (!self->motion->inside[t])
      self->rgb[t] = orr_colour_mix (ORR_ORBIT_BACKGROUND, self->rgb[t], OUTSIDE);
  show_legend (self, legend);
}

static guint8 *
find_lit (OrrOrbitView *self)
{
  const OrrMotion *motion = self->motion;
  guint n = motion->trajectory->n_steps;
  int state = orr_session_get_state (self->session);
  int symbol = orr_session_get_symbol (self->session);
  guint start, end;
  gboolean range = orr_session_get_range (self->session, &start, &end);
  guint8 *lit;

  if (state >= 0 && motion->path == NULL)
    state = -1;
  if (!range && state < 0 && symbol < 0)
    return NULL;

  lit = g_new (guint8, n);
  for (guint t = 0; t < n; t++)
    lit[t] = (!range || (self->brushed != NULL ? self->brushed[t] : t >= start && t < end))
             && (state < 0 || motion->path[t] == state)
             && (symbol < 0 || motion->trajectory->symbols[t] == symbol);
  return lit;
}

/* Lights what is selected and dims the rest. */
void
orr_orbit_view_update_lit (OrrOrbitView *self)
{
  g_autofree guint8 *lit = find_lit (self);
  g_autofree guint8 *jumps = NULL;
  OrrOrbitBatch *batches = self->scene->batches;
  int from, to;
  float opacity;

  orr_session_get_transition (self->session, &from, &to);
  self->n_jumps = 0;
  if (from >= 0 && to >= 0 && self->motion->path != NULL)
    jumps = orr_orbit_find_jumps (self->motion->path, self->motion->trajectory->n_steps, from, to,
                                  ORR_ORBIT_JUMP_REACH, &self->n_jumps);

  batches[ORR_ORBIT_LAYER_RANGE].visible = lit != NULL;
  batches[ORR_ORBIT_LAYER_TRANSITIONS].visible = jumps != NULL;
  if (lit != NULL)
    orr_orbit_layers_set_lit (self->scene, ORR_ORBIT_LAYER_RANGE, self->motion, self->rgb, lit);
  if (jumps != NULL)
    orr_orbit_layers_set_lit (self->scene, ORR_ORBIT_LAYER_TRANSITIONS, self->motion, self->rgb, jumps);
  opacity = lit != NULL || jumps != NULL || (self->n_epochs > 0 && orr_orbit_view_is_shown (self, "epochs"))
              ? OPACITY_BACK
              : OPACITY_LINES;
  if (jumps != NULL && lit != NULL)
    batches[ORR_ORBIT_LAYER_RANGE].opacity = 0.5f;
  else
    batches[ORR_ORBIT_LAYER_RANGE].opacity = 1.0f;
  batches[ORR_ORBIT_LAYER_LINES].opacity = batches[ORR_ORBIT_LAYER_POINTS].opacity = opacity;
  update_layer_texts (self);
}

void
orr_orbit_view_update_cursor (OrrOrbitView *self)
{
  guint cursor = MIN (orr_session_get_cursor (self->session), self->motion->trajectory->n_steps - 1);
  const float *p = orr_matrix_row (self->motion->projection, cursor);
  const double position[3] = { p[0], p[1], p[2] };

  orr_orbit_layers_set_comet (self->scene, self->motion, self->rgb, cursor);
  orr_orbit_overlay_set_cursor (self->overlay, position);
  orr_orbit_canvas_live_changed (self->canvas);
}

static gboolean
origin_is_fixed (OrrNetwork *network)
{
  return network != NULL && network->bias_hh == NULL && network->bias_ih == NULL;
}

/* What analyses have found. */
void
orr_orbit_view_update_findings (OrrOrbitView *self)
{
  OrrNetwork *network = orr_session_get_network (self->session);
  g_autoptr (GVariant) fixed_points = orr_session_dup_section (self->session, "fixed_points");
  gboolean projected = self->motion->inside != NULL;
  g_autoptr (GVariant) orbit
    = projected ? orr_orbit_mean (self->motion) : orr_session_dup_section (self->session, "orbit");
  g_autoptr (GVariant) resonance = projected ? NULL : orr_session_dup_section (self->session, "resonance");
  /* The training's history is the run's, whichever of its epochs is shown. */
  OrrRun *run = orr_session_get_run (self->session);
  g_autoptr (GVariant) evolution = run != NULL && !projected ? orr_run_get_section (run, "evolution") : NULL;

  orr_orbit_layers_set_fixed_points (self->scene, self->motion, origin_is_fixed (network), fixed_points);
  self->has_mean_orbit = orr_orbit_layers_set_mean_orbit (self->scene, orbit);
  self->n_contours = orr_orbit_layers_set_contours (self->scene, resonance);
  self->n_epochs = orr_orbit_layers_set_epochs (
    self->scene, evolution, orr_session_get_colouring (self->session) == ORR_COLOURING_EPOCH,
    orr_session_get_epoch (self->session), self->epoch_heights);
  update_layer_texts (self);
  orr_orbit_overlay_set_scene (self->overlay, self->scene);
}

/* Contours of strong noise lie around the orbit. */
static void
include_contours (OrrOrbitView *self, double low[3], double high[3])
{
  const OrrOrbitBatch *batch = &self->scene->batches[ORR_ORBIT_LAYER_CONTOURS];

  for (gsize i = 0; i < batch->n_vertices; i++)
    for (int k = 0; k < 3; k++)
      if (isfinite (batch->positions[3 * i + k]))
        {
          low[k] = MIN (low[k], batch->positions[3 * i + k]);
          high[k] = MAX (high[k], batch->positions[3 * i + k]);
        }
  /* room for the name over the uppermost */
  high[1] += NAME_ROOM * (high[1] - low[1]);
}

/* What there is to see; a stack of epochs and contours of strong noise reach far out of the orbit. */
void
orr_orbit_view_update_bounds (OrrOrbitView *self, gboolean refit)
{
  double low[3], high[3];

  for (int k = 0; k < 3; k++)
    {
      low[k] = self->scene->low[k];
      high[k] = self->scene->high[k];
    }
  if (self->n_epochs > 0 && orr_orbit_view_is_shown (self, "epochs"))
    {
      low[2] = MIN (low[2], self->epoch_heights[0]);
      high[2] = MAX (high[2], self->epoch_heights[1]);
    }
  if (self->n_contours > 0 && orr_orbit_view_is_shown (self, "contours"))
    include_contours (self, low, high);
  orr_orbit_navigator_set_bounds (self->navigator, low, high, refit);
}

/* In the background, and only those that are shown and not there yet. */
static void
update_flows (OrrOrbitView *self)
{
  OrrNetwork *network = self->session != NULL ? orr_session_get_network (self->session) : NULL;
  gboolean noise_free = orr_orbit_view_is_shown (self, "flow") && !self->has_flow[0];
  gboolean under_noise = orr_orbit_view_is_shown (self, "flow-noise") && !self->has_flow[1];

  if (self->motion != NULL && network != NULL && (noise_free || under_noise))
    orr_orbit_flows_request (self->flows, network, self->motion, noise_free, under_noise);
}

/* The flows of another motion come too late. */
void
orr_orbit_view_take_flows (gpointer owner, gpointer result)
{
  OrrOrbitView *self = owner;
  const OrrOrbitFlows *flows = result;

  if (flows->motion != self->motion)
    return;
  if (flows->noise_free != NULL)
    orr_orbit_layers_set_flow (self->scene, ORR_ORBIT_LAYER_FLOW, flows->noise_free, ORR_ORBIT_FLOW_COLOUR);
  if (flows->under_noise != NULL)
    orr_orbit_layers_set_flow (self->scene, ORR_ORBIT_LAYER_FLOW_NOISE, flows->under_noise,
                               ORR_ORBIT_FLOW_NOISE_COLOUR);
  self->has_flow[0] |= flows->noise_free != NULL;
  self->has_flow[1] |= flows->under_noise != NULL;
  orr_orbit_canvas_scene_changed (self->canvas);
}

static void
clear_flows (OrrOrbitView *self)
{
  for (int i = 0; i < 2; i++)
    {
      orr_orbit_scene_clear (self->scene, ORR_ORBIT_LAYER_FLOW + i);
      self->has_flow[i] = FALSE;
    }
}

/* The flow of a fitted law, given by the session. */
void
orr_orbit_view_update_law (OrrOrbitView *self)
{
  guint32 rgb;
  OrrPlanarField *field = orr_session_get_law_flow (self->session, NULL, &rgb);
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self->actions), "flow-law");
  GAction *error_action = g_action_map_lookup_action (G_ACTION_MAP (self->actions), "law-error");
  OrrPlanarField *error = orr_bridge_get_flow_error (orr_session_get_bridge (self->session));

  /* A law is about the components of all states. */
  if (self->motion != NULL && self->motion->inside != NULL)
    field = error = NULL;
  orr_orbit_layers_set_flow (self->scene, ORR_ORBIT_LAYER_FLOW_LAW, field, rgb);
  self->law_error = orr_orbit_layers_set_law_error (self->scene, error);
  g_simple_action_set_enabled (G_SIMPLE_ACTION (action), field != NULL);
  g_simple_action_set_enabled (G_SIMPLE_ACTION (error_action), error != NULL);
  update_layer_texts (self);
  orr_orbit_canvas_scene_changed (self->canvas);
}

void
orr_orbit_view_update_visible (OrrOrbitView *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (layer_actions); i++)
    self->scene->batches[layer_actions[i].layer].visible
      = orr_orbit_view_is_shown (self, layer_actions[i].action);
  if (self->motion != NULL)
    orr_orbit_view_update_lit (self);
  update_layer_texts (self);
  update_flows (self);
  orr_orbit_overlay_set_scene (self->overlay, self->scene);
  orr_orbit_canvas_scene_changed (self->canvas);
}

void
orr_orbit_view_update_page (OrrOrbitView *self)
{
  gboolean network = self->session != NULL && orr_session_get_network (self->session) != NULL;
  const char *problem = network ? orr_session_get_motion_problem (self->session) : NULL;
  g_autofree char *escaped = problem != NULL ? g_markup_escape_text (problem, -1) : NULL;
  const char *page = problem != NULL        ? "problem"
                     : self->motion == NULL ? (network ? "waiting" : "empty")
                     : self->no_graphics    ? "no-gl"
                                            : "picture";

  adw_status_page_set_description (self->problem, escaped);

  gtk_stack_set_visible_child_name (self->stack, page);
  gtk_spinner_set_spinning (self->spinner, g_str_equal (page, "waiting"));
}

/* Everything that hangs on the motion. */
static void
show_motion (OrrOrbitView *self, OrrMotion *motion)
{
  gboolean refit = self->motion == NULL || self->refit;

  if (motion != NULL)
    orr_motion_ref (motion);
  g_clear_pointer (&self->motion, orr_motion_unref);
  self->motion = motion;
  g_clear_pointer (&self->brushed, g_free);
  orr_orbit_overlay_set_hover (self->overlay, NULL, NULL);
  orr_orbit_view_update_page (self);
  if (motion == NULL)
    return;

  self->refit = FALSE;
  update_colours (self);
  orr_orbit_layers_set_run (self->scene, motion, self->rgb);
  orr_orbit_layers_set_relaxations (self->scene, motion);
  orr_orbit_layers_set_axes (self->scene, motion);
  orr_orbit_layers_set_readout (self->scene, motion, orr_session_get_hmm (self->session));
  orr_orbit_view_update_findings (self);
  clear_flows (self);
  update_flows (self);
  orr_orbit_view_update_law (self);
  orr_orbit_view_update_lit (self);
  update_variance (self);
  orr_orbit_view_update_cursor (self);
  orr_orbit_view_update_bounds (self, refit);
  orr_orbit_canvas_scene_changed (self->canvas);
}

/* A projection that nobody waits for any more is left. */
void
orr_orbit_view_take_projection (gpointer owner, gpointer result)
{
  OrrOrbitView *self = owner;
  const OrrOrbitProjection *projection = result;

  if (projection->whole != self->whole || projection->pair != orr_session_get_projection (self->session))
    return;
  g_free (self->projection_problem);
  self->projection_problem = g_strdup (projection->problem);
  show_motion (self, projection->motion != NULL ? projection->motion : self->whole);
}

/* Another motion, or another way to see it: in a pair's subspace it comes a moment later. */
void
orr_orbit_view_update_motion (OrrOrbitView *self)
{
  OrrMotion *motion = orr_session_get_motion (self->session);
  int pair = orr_session_get_projection (self->session);

  if (motion != NULL)
    orr_motion_ref (motion);
  g_clear_pointer (&self->whole, orr_motion_unref);
  self->whole = motion;
  g_clear_pointer (&self->projection_problem, g_free);
  if (motion != NULL && pair >= 0)
    orr_orbit_projections_request (self->projections, orr_session_get_network (self->session), motion, pair);
  if (motion == NULL || pair < 0 || self->motion == NULL)
    show_motion (self, motion);
}

void
orr_orbit_view_recolour (OrrOrbitView *self)
{
  gsize n;

  if (self->motion == NULL)
    return;
  n = self->motion->trajectory->n_steps;
  update_colours (self);
  if (self->n_epochs > 0)
    orr_orbit_view_update_findings (self);
  for (int layer = ORR_ORBIT_LAYER_LINES; layer <= ORR_ORBIT_LAYER_POINTS; layer++)
    {
      guint32 *colours = g_new (guint32, n);

      for (gsize t = 0; t < n; t++)
        colours[t] = orr_orbit_rgba (self->rgb[t], 1.0);
      orr_orbit_scene_set_colours (self->scene, layer, colours);
    }
  orr_orbit_view_update_lit (self);
  orr_orbit_view_update_cursor (self);
  orr_orbit_canvas_scene_changed (self->canvas);
}
