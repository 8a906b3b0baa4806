/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-orbit-view.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "orr-orbit-canvas.h"
#include "orr-orbit-colours.h"
#include "orr-orbit-cycle.h"
#include "orr-orbit-figure.h"
#include "orr-orbit-layers.h"
#include "orr-orbit-navigator.h"
#include "orr-orbit-overlay.h"
#include "orr-orbit-zones.h"
#include "orr-player.h"
#include "orr-view.h"

#define PICK_REACH 12.0
#define OPACITY_LINES 0.9f
#define OPACITY_BACK 0.13f
/* Points brushed within this many steps of each other belong to one visit. */
#define VISIT_GAP 3
/* Pixels of exported pictures for one logical pixel. */
#define PICTURE_SCALE 2.0

/**
 * OrrOrbitView:
 *
 * The orbit viewer: the motion of the session's network in the space of its first three principal
 * components. Shows the session's cursor, range, selection and colouring, and sets them.
 */
struct _OrrOrbitView
{
  GtkWidget parent;

  GtkStack        *stack;
  AdwStatusPage   *no_gl;
  GtkSpinner      *spinner;
  GtkWidget       *picture;
  GtkWidget       *controls;
  GtkWidget       *texts;
  OrrOrbitCanvas  *canvas;
  OrrOrbitOverlay *overlay;
  GtkDropDown     *colour_drop_down;
  GtkWidget       *perspective_button;
  GtkWidget       *brush_button;
  GtkWidget       *scale_box;
  GtkLabel        *scale_title;
  GtkLabel        *scale_low;
  GtkLabel        *scale_high;
  GtkDrawingArea  *scale_bar;
  GtkLabel        *kinds_label;
  GtkLabel        *layers_label;
  GtkLabel        *variance_label;
  GtkWidget       *epoch_box;
  GtkRange        *epoch_scale;
  GtkLabel        *epoch_label;

  OrrSession         *session;
  OrrMotion          *motion;
  OrrOrbitScene      *scene;
  OrrOrbitNavigator  *navigator;
  GSimpleActionGroup *actions;
  guint32            *rgb;
  guint8             *brushed;
  guint               n_visits;
  guint               n_jumps;
  gboolean            no_graphics;
  gboolean            has_mean_orbit;
  guint               n_contours;
  gboolean            setting_epoch;
  gboolean            coloured_by_units;
  gboolean            setting_range;
};

enum
{
  PROP_0,
  PROP_SESSION,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

static void view_init (OrrViewInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (OrrOrbitView, orr_orbit_view, GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (ORR_TYPE_VIEW, view_init))

/* Which action shows which layers. */
static const struct
{
  const char   *action;
  OrrOrbitLayer layer;
  gboolean      shown;
} layer_actions[] = {
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
  { "contours", ORR_ORBIT_LAYER_CONTOURS, FALSE },
};

static gboolean
is_shown (OrrOrbitView *self, const char *action)
{
  g_autoptr (GVariant) state = g_action_group_get_action_state (G_ACTION_GROUP (self->actions), action);
  return state != NULL && g_variant_get_boolean (state);
}

/* Texts --------------------------------------------------------------------------------------- */

static void
draw_scale_cb (GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer user_data)
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
append_entry (GString *text, const char *entry)
{
  if (text->len > 0)
    g_string_append (text, "   ");
  g_string_append (text, entry);
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
        = g_strdup_printf (g_dngettext (NULL, "%s → %s: %u jump", "%s → %s: %u jumps", self->n_jumps),
                           hmm->state_names[from], hmm->state_names[to], self->n_jumps);
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
update_layer_texts (OrrOrbitView *self)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *escaped = NULL;

  if (self->motion == NULL)
    return;
  append_selection (self, text);
  if (is_shown (self, "fixed-points"))
    append_entry (text, _("✕ fixed point"));
  if (is_shown (self, "relaxations"))
    append_entry (text, _("white: without noise"));
  if (self->has_mean_orbit && is_shown (self, "mean-orbit"))
    append_entry (text, is_shown (self, "tube") ? _("— mean orbit ± s.d. of its radius") : _("— mean orbit"));
  if (is_shown (self, "contours"))
    append_entry (text, self->n_contours > 0 ? _("95 % noise contours")
                                             : _("noise contours: run the analysis of resonance"));
  if (is_shown (self, "flow"))
    append_entry (text, _("→ mean step without noise"));
  gtk_label_set_label (self->layers_label, text->str);
}

static void
update_variance (OrrOrbitView *self)
{
  g_autoptr (GString) text = g_string_new (NULL);
  const OrrPca *pca = self->motion->pca;

  for (guint i = 0; i < MIN (3, pca->n_components); i++)
    g_string_append_printf (text, "%sPC%u %.0f %%", i > 0 ? ", " : "", i + 1, 100.0 * pca->variance_ratio[i]);
  gtk_label_set_label (self->variance_label, text->str);

  g_autofree char *tooltip = g_strdup_printf (
    _("Share of the variance of %u visited states that each principal component explains.\n"
      "While the camera moves, an even sample of the steps is drawn, as many as the graphics can follow; "
      "all of them when it rests."),
    self->motion->trajectory->n_steps);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->variance_label), tooltip);
}

static char *
describe_step (OrrOrbitView *self, guint step)
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
  source->fill (self->session, self->motion, self->rgb, legend);
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
             && (state < 0 || motion->path[t] == state) && (symbol < 0 || motion->trajectory->symbols[t] == symbol);
  return lit;
}

/* Lights what is selected and dims the rest. */
static void
update_lit (OrrOrbitView *self)
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
  opacity = lit != NULL || jumps != NULL ? OPACITY_BACK : OPACITY_LINES;
  if (jumps != NULL && lit != NULL)
    batches[ORR_ORBIT_LAYER_RANGE].opacity = 0.5f;
  else
    batches[ORR_ORBIT_LAYER_RANGE].opacity = 1.0f;
  batches[ORR_ORBIT_LAYER_LINES].opacity = batches[ORR_ORBIT_LAYER_POINTS].opacity = opacity;
  update_layer_texts (self);
}

static void
update_cursor (OrrOrbitView *self)
{
  guint cursor = MIN (orr_session_get_cursor (self->session), self->motion->trajectory->n_steps - 1);
  const float *p = orr_matrix_row (self->motion->projection, cursor);
  const double position[3] = { p[0], p[1], p[2] };

  orr_orbit_layers_set_comet (self->scene, self->motion, self->rgb, cursor);
  orr_orbit_overlay_set_cursor (self->overlay, position);
  orr_orbit_canvas_above_changed (self->canvas);
}

static gboolean
origin_is_fixed (OrrNetwork *network)
{
  return network != NULL && network->bias_hh == NULL && network->bias_ih == NULL;
}

/* What analyses have found. */
static void
update_findings (OrrOrbitView *self)
{
  OrrNetwork *network = orr_session_get_network (self->session);
  g_autoptr (GVariant) fixed_points = orr_session_dup_section (self->session, "fixed_points");
  g_autoptr (GVariant) orbit = orr_session_dup_section (self->session, "orbit");
  g_autoptr (GVariant) resonance = orr_session_dup_section (self->session, "resonance");

  orr_orbit_layers_set_fixed_points (self->scene, self->motion, origin_is_fixed (network), fixed_points);
  self->has_mean_orbit = orr_orbit_layers_set_mean_orbit (self->scene, orbit);
  self->n_contours = orr_orbit_layers_set_contours (self->scene, resonance);
  update_layer_texts (self);
  orr_orbit_overlay_set_scene (self->overlay, self->scene);
}

/* Only where it is shown: it asks the network. */
static void
update_flow (OrrOrbitView *self)
{
  OrrNetwork *network = self->session != NULL ? orr_session_get_network (self->session) : NULL;
  g_autoptr (GError) error = NULL;

  if (self->motion == NULL || network == NULL || !is_shown (self, "flow"))
    return;
  orr_orbit_layers_set_flow (self->scene, self->motion, network, &error);
  if (error != NULL)
    g_message ("%s", error->message);
}

static void
update_visible (OrrOrbitView *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (layer_actions); i++)
    self->scene->batches[layer_actions[i].layer].visible = is_shown (self, layer_actions[i].action);
  update_layer_texts (self);
  update_flow (self);
  orr_orbit_overlay_set_scene (self->overlay, self->scene);
  orr_orbit_canvas_scene_changed (self->canvas);
}

static void
update_page (OrrOrbitView *self)
{
  gboolean network = self->session != NULL && orr_session_get_network (self->session) != NULL;
  const char *page = self->motion == NULL ? (network ? "waiting" : "empty") : self->no_graphics ? "no-gl" : "picture";

  gtk_stack_set_visible_child_name (self->stack, page);
  gtk_spinner_set_spinning (self->spinner, g_str_equal (page, "waiting"));
}

/* Everything that hangs on the motion. */
static void
update_motion (OrrOrbitView *self)
{
  OrrMotion *motion = orr_session_get_motion (self->session);
  gboolean first = self->motion == NULL;

  if (motion != NULL)
    orr_motion_ref (motion);
  g_clear_pointer (&self->motion, orr_motion_unref);
  self->motion = motion;
  g_clear_pointer (&self->brushed, g_free);
  orr_orbit_overlay_set_hover (self->overlay, NULL, NULL);
  update_page (self);
  if (motion == NULL)
    return;

  update_colours (self);
  orr_orbit_layers_set_run (self->scene, motion, self->rgb);
  orr_orbit_layers_set_relaxations (self->scene, motion);
  orr_orbit_layers_set_axes (self->scene, motion);
  orr_orbit_layers_set_readout (self->scene, motion, orr_session_get_hmm (self->session));
  update_findings (self);
  update_flow (self);
  update_lit (self);
  update_variance (self);
  update_cursor (self);
  orr_orbit_navigator_set_bounds (self->navigator, self->scene->low, self->scene->high, first);
  orr_orbit_canvas_scene_changed (self->canvas);
}

static void
recolour (OrrOrbitView *self)
{
  gsize n;

  if (self->motion == NULL)
    return;
  n = self->motion->trajectory->n_steps;
  update_colours (self);
  for (int layer = ORR_ORBIT_LAYER_LINES; layer <= ORR_ORBIT_LAYER_POINTS; layer++)
    {
      guint32 *colours = g_new (guint32, n);

      for (gsize t = 0; t < n; t++)
        colours[t] = orr_orbit_rgba (self->rgb[t], 1.0);
      orr_orbit_scene_set_colours (self->scene, layer, colours);
    }
  update_lit (self);
  update_cursor (self);
  orr_orbit_canvas_scene_changed (self->canvas);
}

/* The session --------------------------------------------------------------------------------- */

static void
motion_changed_cb (OrrOrbitView *self)
{
  update_motion (self);
}

static void
network_changed_cb (OrrOrbitView *self)
{
  update_page (self);
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
  update_findings (self);
  recolour (self);
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
  recolour (self);
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
    recolour (self);
  self->coloured_by_units = self->coloured_by_units && !empty;
}

static void
selection_changed_cb (OrrOrbitView *self)
{
  if (self->motion == NULL)
    return;
  update_lit (self);
  orr_orbit_canvas_scene_changed (self->canvas);
}

static void
range_changed_cb (OrrOrbitView *self)
{
  if (!self->setting_range)
    g_clear_pointer (&self->brushed, g_free);
  selection_changed_cb (self);
}

static void
cursor_changed_cb (OrrOrbitView *self)
{
  if (self->motion != NULL)
    update_cursor (self);
}

/* Pointer ------------------------------------------------------------------------------------- */

static void
moved_cb (OrrOrbitNavigator *navigator, gboolean moving, OrrOrbitView *self)
{
  const OrrCamera *camera = orr_orbit_navigator_get_camera (navigator);

  if (moving)
    orr_orbit_overlay_set_hover (self->overlay, NULL, NULL);
  orr_orbit_canvas_set_camera (self->canvas, camera, moving);
  orr_orbit_overlay_set_camera (self->overlay, camera);
}

static gssize
pick (OrrOrbitView *self, double x, double y)
{
  if (self->motion == NULL || (!is_shown (self, "lines") && !is_shown (self, "points")))
    return -1;
  return orr_orbit_pick (orr_orbit_navigator_get_camera (self->navigator), self->motion->projection->data,
                         self->motion->projection->rows, x, y, PICK_REACH);
}

static void
hovered_cb (OrrOrbitNavigator *navigator, double x, double y, OrrOrbitView *self)
{
  gssize step = x >= 0.0 && !orr_orbit_navigator_is_moving (navigator) ? pick (self, x, y) : -1;

  if (step >= 0)
    {
      const float *p = orr_matrix_row (self->motion->projection, step);
      const double position[3] = { p[0], p[1], p[2] };
      g_autofree char *text = describe_step (self, step);

      orr_orbit_overlay_set_hover (self->overlay, position, text);
      gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text, -1);
    }
  else
    orr_orbit_overlay_set_hover (self->overlay, NULL, NULL);
}

static void
clicked_cb (OrrOrbitNavigator *navigator, double x, double y, OrrOrbitView *self)
{
  gssize step = pick (self, x, y);

  if (step >= 0)
    orr_session_set_cursor (self->session, step);
}

static void
banding_cb (OrrOrbitNavigator *navigator, gpointer rectangle, OrrOrbitView *self)
{
  orr_orbit_overlay_set_band (self->overlay, rectangle);
}

static void
banded_cb (OrrOrbitNavigator *navigator, gpointer rectangle, OrrOrbitView *self)
{
  guint start, end;

  orr_orbit_overlay_set_band (self->overlay, NULL);
  if (self->motion == NULL)
    return;
  g_free (self->brushed);
  self->brushed = orr_orbit_brush (orr_orbit_navigator_get_camera (navigator), self->motion->projection->data,
                                   self->motion->projection->rows, rectangle);
  self->n_visits
    = orr_orbit_longest_visit (self->brushed, self->motion->projection->rows, VISIT_GAP, &start, &end);
  if (self->n_visits == 0)
    g_clear_pointer (&self->brushed, g_free);
  self->setting_range = TRUE;
  orr_session_set_range (self->session, start, end);
  self->setting_range = FALSE;
  selection_changed_cb (self);
}

/* Actions ------------------------------------------------------------------------------------- */

static void
change_layer_cb (GSimpleAction *action, GVariant *state, gpointer user_data)
{
  g_simple_action_set_state (action, state);
  update_visible (user_data);
}

static void
change_perspective_cb (GSimpleAction *action, GVariant *state, gpointer user_data)
{
  OrrOrbitView *self = user_data;

  g_simple_action_set_state (action, state);
  orr_orbit_navigator_set_perspective (self->navigator, g_variant_get_boolean (state));
}

static void
change_brush_cb (GSimpleAction *action, GVariant *state, gpointer user_data)
{
  OrrOrbitView *self = user_data;

  g_simple_action_set_state (action, state);
  orr_orbit_navigator_set_banding (self->navigator, g_variant_get_boolean (state));
  gtk_widget_set_cursor_from_name (self->picture, g_variant_get_boolean (state) ? "crosshair" : NULL);
}

static void
reset_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  orr_orbit_navigator_reset (ORR_ORBIT_VIEW (user_data)->navigator);
}

static void
look_from_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  orr_orbit_navigator_look_from (ORR_ORBIT_VIEW (user_data)->navigator, g_variant_get_int32 (parameter));
}

static void
play_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  OrrOrbitView *self = user_data;

  if (self->session != NULL)
    orr_session_set_playing (self->session, !orr_session_get_playing (self->session));
}

static void
clear_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  OrrOrbitView *self = user_data;
  guint start, end;

  if (self->session == NULL)
    return;
  if (orr_session_get_range (self->session, &start, &end))
    orr_session_set_range (self->session, 0, 0);
  else
    orr_session_clear_selection (self->session);
}

static void
add_actions (OrrOrbitView *self)
{
  const GActionEntry entries[] = {
    { .name = "perspective", .state = "false", .change_state = change_perspective_cb },
    { .name = "brush", .state = "false", .change_state = change_brush_cb },
    { .name = "reset", .activate = reset_cb },
    { .name = "look-from", .activate = look_from_cb, .parameter_type = "i" },
    { .name = "play", .activate = play_cb },
    { .name = "clear", .activate = clear_cb },
  };

  self->actions = g_simple_action_group_new ();
  g_action_map_add_action_entries (G_ACTION_MAP (self->actions), entries, G_N_ELEMENTS (entries), self);
  for (guint i = 0; i < G_N_ELEMENTS (layer_actions); i++)
    {
      const GActionEntry entry = { .name = layer_actions[i].action,
                                   .state = layer_actions[i].shown ? "true" : "false",
                                   .change_state = change_layer_cb };
      g_action_map_add_action_entries (G_ACTION_MAP (self->actions), &entry, 1, self);
    }
  gtk_widget_insert_action_group (GTK_WIDGET (self), "orbit", G_ACTION_GROUP (self->actions));
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
  g_signal_connect_object (self->colour_drop_down, "notify::selected", G_CALLBACK (source_selected_cb), self, 0);
}

/* The widget ---------------------------------------------------------------------------------- */

static gboolean
show_no_graphics_cb (gpointer user_data)
{
  OrrOrbitView *self = user_data;
  const GError *error = gtk_gl_area_get_error (GTK_GL_AREA (self->canvas));

  self->no_graphics = error != NULL;
  if (error != NULL)
    {
      g_autofree char *text = g_strdup_printf (_("The orbit needs OpenGL, which is not available: %s\n"
                                                 "All other views work without it."),
                                               error->message);
      g_autofree char *escaped = g_markup_escape_text (text, -1);
      adw_status_page_set_description (self->no_gl, escaped);
    }
  update_page (self);
  return G_SOURCE_REMOVE;
}

/* The page must not change while the canvas is still being realized. */
static void
canvas_realized_cb (GtkWidget *canvas, OrrOrbitView *self)
{
  if (gtk_gl_area_get_error (GTK_GL_AREA (canvas)) != NULL)
    g_idle_add_full (G_PRIORITY_DEFAULT, show_no_graphics_cb, g_object_ref (self), g_object_unref);
}

static void
orr_orbit_view_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                        int *natural, int *minimum_baseline, int *natural_baseline)
{
  gtk_widget_measure (GTK_WIDGET (ORR_ORBIT_VIEW (widget)->stack), orientation, for_size, minimum, natural,
                      minimum_baseline, natural_baseline);
}

static void
orr_orbit_view_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  OrrOrbitView *self = ORR_ORBIT_VIEW (widget);
  gboolean roomy = width >= (gtk_widget_get_visible (self->epoch_box) ? 720 : 480);

  gtk_widget_allocate (GTK_WIDGET (self->stack), width, height, baseline, NULL);
  gtk_widget_set_child_visible (self->perspective_button, roomy);
  gtk_widget_set_child_visible (self->brush_button, roomy);
  orr_orbit_navigator_resize (self->navigator, width, height);
}

static void
orr_orbit_view_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_SESSION)
    g_value_set_object (value, ORR_ORBIT_VIEW (object)->session);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
orr_orbit_view_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id == PROP_SESSION)
    orr_orbit_view_set_session (ORR_ORBIT_VIEW (object), g_value_get_object (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
orr_orbit_view_dispose (GObject *object)
{
  OrrOrbitView *self = ORR_ORBIT_VIEW (object);
  GtkWidget *child;

  orr_orbit_view_set_session (self, NULL);
  if (self->canvas != NULL)
    orr_orbit_canvas_set_scene (self->canvas, NULL);
  if (self->overlay != NULL)
    orr_orbit_overlay_set_scene (self->overlay, NULL);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  g_clear_object (&self->navigator);
  g_clear_object (&self->actions);
  G_OBJECT_CLASS (orr_orbit_view_parent_class)->dispose (object);
}

static void
orr_orbit_view_finalize (GObject *object)
{
  OrrOrbitView *self = ORR_ORBIT_VIEW (object);

  g_clear_pointer (&self->scene, orr_orbit_scene_free);
  g_free (self->rgb);
  g_free (self->brushed);
  G_OBJECT_CLASS (orr_orbit_view_parent_class)->finalize (object);
}

static void
load_css (void)
{
  g_autoptr (GtkCssProvider) provider = gtk_css_provider_new ();

  gtk_css_provider_load_from_resource (provider, "/io/github/orrery/Orrery/css/orr-orbit-view.css");
  gtk_style_context_add_provider_for_display (gdk_display_get_default (), GTK_STYLE_PROVIDER (provider),
                                              GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, OrrOrbitView, stack);
  gtk_widget_class_bind_template_child (widget_class, OrrOrbitView, no_gl);
  gtk_widget_class_bind_template_child (widget_class, OrrOrbitView, spinner);
  gtk_widget_class_bind_template_child (widget_class, OrrOrbitView, picture);
  gtk_widget_class_bind_template_child (widget_class, OrrOrbitView, controls);
  gtk_widget_class_bind_template_child (widget_class, OrrOrbitView, texts);
  gtk_widget_class_bind_template_child (widget_class, OrrOrbitView, canvas);
  gtk_widget_class_bind_template_child (widget_class, OrrOrbitView, overlay);
  gtk_widget_class_bind_template_child (widget_class, OrrOrbitView, colour_drop_down);
  gtk_widget_class_bind_template_child (widget_class, OrrOrbitView, perspective_button);
  gtk_widget_class_bind_template_child (widget_class, OrrOrbitView, brush_button);
  gtk_widget_class_bind_template_child (widget_class, OrrOrbitView, scale_box);
  gtk_widget_class_bind_template_child (widget_class, OrrOrbitView, scale_title);
  gtk_widget_class_bind_template_child (widget_class, OrrOrbitView, scale_low);
  gtk_widget_class_bind_template_child (widget_class, OrrOrbitView, scale_high);
  gtk_widget_class_bind_template_child (widget_class, OrrOrbitView, scale_bar);
  gtk_widget_class_bind_template_child (widget_class, OrrOrbitView, kinds_label);
  gtk_widget_class_bind_template_child (widget_class, OrrOrbitView, layers_label);
  gtk_widget_class_bind_template_child (widget_class, OrrOrbitView, variance_label);
  gtk_widget_class_bind_template_child (widget_class, OrrOrbitView, epoch_box);
  gtk_widget_class_bind_template_child (widget_class, OrrOrbitView, epoch_scale);
  gtk_widget_class_bind_template_child (widget_class, OrrOrbitView, epoch_label);
}

static void
orr_orbit_view_class_init (OrrOrbitViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = orr_orbit_view_get_property;
  object_class->set_property = orr_orbit_view_set_property;
  object_class->dispose = orr_orbit_view_dispose;
  object_class->finalize = orr_orbit_view_finalize;
  widget_class->measure = orr_orbit_view_measure;
  widget_class->size_allocate = orr_orbit_view_size_allocate;
  props[PROP_SESSION] = g_param_spec_object ("session", NULL, NULL, ORR_TYPE_SESSION,
                                             G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY
                                               | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);

  g_type_ensure (ORR_TYPE_VIEW);
  g_type_ensure (ORR_TYPE_ORBIT_CANVAS);
  g_type_ensure (ORR_TYPE_ORBIT_OVERLAY);
  load_css ();
  gtk_widget_class_set_css_name (widget_class, "orrorbitview");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/orrery/Orrery/ui/orr-orbit-view.ui");
  bind_children (widget_class);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_p, 0, "orbit.perspective", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_b, 0, "orbit.brush", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_space, 0, "orbit.play", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "orbit.clear", NULL);
}

static void
orr_orbit_view_init (OrrOrbitView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->scene = orr_orbit_scene_new ();
  self->navigator = orr_orbit_navigator_new (GTK_WIDGET (self));
  g_signal_connect_object (self->navigator, "moved", G_CALLBACK (moved_cb), self, 0);
  g_signal_connect_object (self->navigator, "hovered", G_CALLBACK (hovered_cb), self, 0);
  g_signal_connect_object (self->navigator, "clicked", G_CALLBACK (clicked_cb), self, 0);
  g_signal_connect_object (self->navigator, "banding", G_CALLBACK (banding_cb), self, 0);
  g_signal_connect_object (self->navigator, "banded", G_CALLBACK (banded_cb), self, 0);
  g_signal_connect_object (self->canvas, "realize", G_CALLBACK (canvas_realized_cb), self, G_CONNECT_AFTER);
  g_signal_connect_object (self->epoch_scale, "value-changed", G_CALLBACK (epoch_moved_cb), self, 0);
  gtk_drawing_area_set_draw_func (self->scale_bar, draw_scale_cb, NULL, NULL);
  orr_orbit_overlay_add_obstacle (self->overlay, self->controls);
  orr_orbit_overlay_add_obstacle (self->overlay, self->texts);
  orr_orbit_overlay_add_obstacle (self->overlay, GTK_WIDGET (self->variance_label));
  orr_orbit_overlay_add_obstacle (self->overlay, self->epoch_box);
  add_actions (self);
  fill_sources (self);
  orr_orbit_canvas_set_scene (self->canvas, self->scene);
  update_visible (self);
}

static OrrFigure *
create_figure (OrrView *view)
{
  OrrOrbitView *self = ORR_ORBIT_VIEW (view);

  if (self->motion == NULL)
    return NULL;
  return orr_orbit_figure_new (self->scene, orr_orbit_navigator_get_camera (self->navigator));
}

static GdkTexture *
create_picture (OrrView *view)
{
  OrrOrbitView *self = ORR_ORBIT_VIEW (view);

  return self->motion != NULL && !self->no_graphics ? orr_orbit_view_take_picture (self, PICTURE_SCALE, NULL) : NULL;
}

/* One line a step: symbol, estimated state and place. */
static char *
dup_csv (OrrView *view)
{
  OrrOrbitView *self = ORR_ORBIT_VIEW (view);
  const OrrMotion *motion = self->motion;
  GString *csv;

  if (motion == NULL)
    return NULL;
  csv = g_string_new ("t,symbol,state,PC1,PC2,PC3\n");
  for (guint t = 0; t < motion->trajectory->n_steps; t++)
    {
      g_string_append_printf (csv, "%u,%u,", t, motion->trajectory->symbols[t]);
      if (motion->path != NULL && motion->path[t] != ORR_MOTION_NO_STATE)
        g_string_append_printf (csv, "%u", motion->path[t]);
      for (int k = 0; k < 3; k++)
        {
          char number[G_ASCII_DTOSTR_BUF_SIZE];
          g_string_append_printf (csv, ",%s", g_ascii_formatd (number, sizeof number, "%.7g",
                                                               orr_matrix_row (motion->projection, t)[k]));
        }
      g_string_append_c (csv, '\n');
    }
  return g_string_free (csv, FALSE);
}

static void
view_init (OrrViewInterface *iface)
{
  iface->create_figure = create_figure;
  iface->create_picture = create_picture;
  iface->dup_csv = dup_csv;
}

/**
 * orr_orbit_view_new:
 * @session: (nullable): what it shows
 *
 * Returns: (transfer floating): an orbit viewer
 */
GtkWidget *
orr_orbit_view_new (OrrSession *session)
{
  return g_object_new (ORR_TYPE_ORBIT_VIEW, "session", session, NULL);
}

OrrSession *
orr_orbit_view_get_session (OrrOrbitView *self)
{
  g_return_val_if_fail (ORR_IS_ORBIT_VIEW (self), NULL);
  return self->session;
}

static void
listen (OrrOrbitView *self, const char *property, GCallback callback)
{
  g_autofree char *signal = g_strconcat ("notify::", property, NULL);
  g_signal_connect_object (self->session, signal, callback, self, G_CONNECT_SWAPPED);
}

void
orr_orbit_view_set_session (OrrOrbitView *self, OrrSession *session)
{
  g_return_if_fail (ORR_IS_ORBIT_VIEW (self));
  g_return_if_fail (session == NULL || ORR_IS_SESSION (session));
  if (self->session == session)
    return;

  if (self->session != NULL)
    g_signal_handlers_disconnect_by_data (self->session, self);
  g_set_object (&self->session, session);
  g_clear_pointer (&self->motion, orr_motion_unref);
  if (session != NULL)
    {
      listen (self, "motion", G_CALLBACK (motion_changed_cb));
      listen (self, "network", G_CALLBACK (network_changed_cb));
      listen (self, "run", G_CALLBACK (run_changed_cb));
      listen (self, "epoch", G_CALLBACK (update_epochs));
      listen (self, "colouring", G_CALLBACK (colouring_changed_cb));
      listen (self, "units", G_CALLBACK (units_changed_cb));
      listen (self, "state", G_CALLBACK (selection_changed_cb));
      listen (self, "symbol", G_CALLBACK (selection_changed_cb));
      listen (self, "transition-from", G_CALLBACK (selection_changed_cb));
      listen (self, "transition-to", G_CALLBACK (selection_changed_cb));
      listen (self, "range-start", G_CALLBACK (range_changed_cb));
      listen (self, "range-end", G_CALLBACK (range_changed_cb));
      listen (self, "cursor", G_CALLBACK (cursor_changed_cb));
      orr_player_attach (GTK_WIDGET (self), session);
      select_source (self);
      update_epochs (self);
      update_motion (self);
    }
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_SESSION]);
}

/**
 * orr_orbit_view_get_camera:
 *
 * Returns: (transfer none): how the orbit is looked at now
 */
const OrrCamera *
orr_orbit_view_get_camera (OrrOrbitView *self)
{
  g_return_val_if_fail (ORR_IS_ORBIT_VIEW (self), NULL);
  return orr_orbit_navigator_get_camera (self->navigator);
}

/* The whole scene is drawn, and nothing is under way. */
gboolean
orr_orbit_view_is_at_rest (OrrOrbitView *self)
{
  g_return_val_if_fail (ORR_IS_ORBIT_VIEW (self), FALSE);
  return self->motion != NULL && !orr_orbit_navigator_is_moving (self->navigator)
         && orr_orbit_canvas_is_complete (self->canvas);
}

/* The marks and texts over the canvas's picture, at its size. */
static GdkTexture *
add_overlay (OrrOrbitView *self, GdkTexture *picture, double scale)
{
  g_autoptr (GdkPaintable) overlay = gtk_widget_paintable_new (GTK_WIDGET (self->overlay));
  GtkNative *native = gtk_widget_get_native (GTK_WIDGET (self));
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  int width = gdk_texture_get_width (picture), height = gdk_texture_get_height (picture);

  gtk_snapshot_append_texture (snapshot, picture, &GRAPHENE_RECT_INIT (0, 0, width, height));
  gtk_snapshot_scale (snapshot, scale, scale);
  gdk_paintable_snapshot (overlay, snapshot, width / scale, height / scale);
  g_autoptr (GskRenderNode) node = gtk_snapshot_free_to_node (snapshot);
  return gsk_renderer_render_texture (gtk_native_get_renderer (native), node,
                                      &GRAPHENE_RECT_INIT (0, 0, width, height));
}

/**
 * orr_orbit_view_take_picture:
 * @scale: pixels for one logical pixel
 *
 * Returns: (transfer full) (nullable): what the viewer shows, without its controls
 */
GdkTexture *
orr_orbit_view_take_picture (OrrOrbitView *self, double scale, GError **error)
{
  g_return_val_if_fail (ORR_IS_ORBIT_VIEW (self), NULL);
  if (!gtk_widget_get_realized (GTK_WIDGET (self->canvas)))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_INITIALIZED, _("The orbit is not shown yet."));
      return NULL;
    }
  g_autoptr (GdkTexture) picture = orr_orbit_canvas_take_picture (self->canvas, scale, error);
  return picture != NULL ? add_overlay (self, picture, scale) : NULL;
}
