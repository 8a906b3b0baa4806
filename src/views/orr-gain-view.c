/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-gain-view.h"

#include <glib/gi18n.h>
#include <math.h>

#include "orr-gain-comparison.h"
#include "orr-gain-meter.h"
#include "orr-gain-sets.h"
#include "orr-gain-table.h"
#include "orr-info-button.h"
#include "orr-number.h"
#include "orr-section.h"
#include "orr-session-groups.h"
#include "orr-view.h"

/**
 * OrrGainView:
 *
 * Turns the gains of sets of units and tells what that does while they are turned: kick
 * groups, the noise onto the integrating populations, controls, or the units that are
 * selected. Several sets can be turned together. The gains are the session's, so that the
 * orbit shows the motion under them; the study does not change.
 */
struct _OrrGainView
{
  GtkWidget parent;

  OrrSession    *session;
  GPtrArray     *sets; /* of OrrGainSet */
  OrrGainMeter  *meter;
  GVariant      *preview; /* (nullable): what is shown */
  gboolean       updating;
  gboolean       chosen; /* a person chose a set */

  GtkStack      *stack;
  GtkDropDown   *choice;
  GtkAdjustment *gain;
  GtkWidget     *silence;
  GtkWidget     *compare;
  GtkLabel      *also;
  OrrGainTable  *table;
  GtkLabel      *effort;
  GtkSpinner    *spinner;
  GtkWidget     *controls;
  GtkWidget     *reset;
};

enum
{
  PROP_0,
  PROP_SESSION,
  N_PROPS,
};

static GParamSpec *props[N_PROPS];

static void view_init (OrrViewInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (OrrGainView, orr_gain_view, GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (ORR_TYPE_VIEW, view_init))

/* Measuring --------------------------------------------------------------------------------------- */

static const OrrHmm *
get_hmm (OrrGainView *self)
{
  OrrRun *run = self->session != NULL ? orr_session_get_run (self->session) : NULL;

  if (run != NULL && run->hmm != NULL)
    return run->hmm;
  return self->session != NULL ? orr_session_get_hmm (self->session) : NULL;
}

static void
request (OrrGainView *self)
{
  gtk_spinner_set_spinning (self->spinner, orr_gain_meter_request (self->meter, self->session));
}

static const OrrGainSet *
get_chosen (OrrGainView *self)
{
  guint chosen = gtk_drop_down_get_selected (self->choice);
  return chosen < self->sets->len ? self->sets->pdata[chosen] : NULL;
}

static void
show_effort (OrrGainView *self)
{
  gint64 paths = orr_section_get_int (self->preview, "paths", 0), steps = orr_section_get_int (self->preview, "steps", 0),
         controls = orr_section_get_int (self->preview, "controls", 0);
  g_autofree char *text = NULL;

  if (orr_section_get_boolean (self->preview, "grows", FALSE))
    text = g_strdup (_("With these gains the activity grows without bound"));
  else if (controls > 0)
    text = g_strdup_printf (_("%d paths of %d steps, %d random groups; \302\261 95 %%"), (int) paths, (int) steps, (int) controls);
  else
    text = g_strdup_printf (_("%d paths of %d steps; \302\261 95 %%"), (int) paths, (int) steps);
  gtk_label_set_label (self->effort, text);
}

static void
show_preview (OrrGainView *self)
{
  const OrrGainSet *set = get_chosen (self);

  orr_gain_table_show (self->table, self->preview, get_hmm (self), set != NULL ? set->from : -1, set != NULL ? set->to : -1);
  if (self->preview != NULL)
    show_effort (self);
}

static void
measured_cb (gpointer owner, GVariant *preview, gboolean final)
{
  OrrGainView *self = owner;

  g_clear_pointer (&self->preview, g_variant_unref);
  self->preview = g_variant_ref (preview);
  show_preview (self);
  if (final)
    gtk_spinner_set_spinning (self->spinner, FALSE);
}

/* Turning ----------------------------------------------------------------------------------------- */

/* The sets that are turned beside the one that is shown, in words. */
static void
show_also (OrrGainView *self)
{
  const OrrGainSet *chosen = get_chosen (self);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < self->sets->len; i++)
    {
      const OrrGainSet *set = self->sets->pdata[i];

      if (set == chosen || set->gain == 1.0 || set->n_units == 0)
        continue;
      g_autofree char *gain = orr_number_format_fixed (set->gain, 2);
      g_string_append_printf (text, "%s%s \303\227 %s", text->len > 0 ? ", " : "", set->title, gain);
    }
  g_autofree char *label = g_strdup_printf (_("Also turned: %s"), text->str);
  gtk_label_set_label (self->also, label);
  gtk_widget_set_visible (GTK_WIDGET (self->also), text->len > 0);
}

/* The controls tell what the chosen set's gain is. */
static void
update_controls (OrrGainView *self)
{
  const OrrGainSet *set = get_chosen (self);
  gboolean turned = FALSE;

  for (guint i = 0; i < self->sets->len; i++)
    turned |= ((OrrGainSet *) self->sets->pdata[i])->gain != 1.0;
  self->updating = TRUE;
  gtk_adjustment_set_value (self->gain, set != NULL ? set->gain : 1.0);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (self->silence), set != NULL && set->gain == 0.0);
  self->updating = FALSE;
  gtk_widget_set_sensitive (self->silence, set != NULL && set->n_units > 0);
  gtk_widget_set_sensitive (self->compare, set != NULL && set->n_units > 0);
  gtk_widget_set_sensitive (self->reset, turned);
  show_also (self);
}

/* Gains of all sets go to the session, and what they do is measured anew. */
static void
apply (OrrGainView *self)
{
  OrrNetwork *network = self->session != NULL ? orr_session_get_network (self->session) : NULL;

  update_controls (self);
  if (network == NULL || orr_session_get_own_motion (self->session) == NULL)
    return;
  g_autoptr (OrrGains) gains = orr_gain_sets_combine (self->sets, network->n_hidden);
  self->updating = TRUE;
  orr_session_set_gains (self->session, gains);
  self->updating = FALSE;
  request (self);
}

static void
turn (OrrGainView *self, double gain)
{
  OrrGainSet *set = (OrrGainSet *) get_chosen (self);

  if (set == NULL || set->gain == gain)
    return;
  set->gain = gain;
  apply (self);
}

static void
gain_changed_cb (OrrGainView *self)
{
  double gain = round (gtk_adjustment_get_value (self->gain) * 100.0) / 100.0;

  if (!self->updating)
    turn (self, gain);
}

static void
silence_toggled_cb (OrrGainView *self)
{
  if (!self->updating)
    turn (self, gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (self->silence)) ? 0.0 : 1.0);
}

static void
reset_cb (OrrGainView *self)
{
  for (guint i = 0; i < self->sets->len; i++)
    ((OrrGainSet *) self->sets->pdata[i])->gain = 1.0;
  apply (self);
}

/* The network at gain 0, 1 and 1.9 of the chosen units, in a window of its own. */
static void
compare_cb (OrrGainView *self)
{
  const OrrGainSet *set = get_chosen (self);
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  if (set != NULL && set->n_units > 0 && self->session != NULL && orr_session_get_network (self->session) != NULL)
    gtk_window_present (GTK_WINDOW (orr_gain_comparison_new (self->session, set, GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL)));
}

static void
chosen_cb (OrrGainView *self)
{
  if (self->updating)
    return;
  self->chosen = TRUE;
  update_controls (self);
  show_preview (self);
}

/* Sets -------------------------------------------------------------------------------------------- */

static guint *
list_units (GtkBitset *bitset, guint *n)
{
  guint *units = g_new (guint, MAX (gtk_bitset_get_size (bitset), 1));
  GtkBitsetIter iter;
  guint unit;

  *n = 0;
  for (gboolean more = gtk_bitset_iter_init_first (&iter, bitset, &unit); more; more = gtk_bitset_iter_next (&iter, &unit))
    units[(*n)++] = unit;
  return units;
}

/* The names in the list follow the selection's size. */
static void
list_sets (OrrGainView *self, guint chosen)
{
  g_autoptr (GtkStringList) titles = gtk_string_list_new (NULL);

  for (guint i = 0; i < self->sets->len; i++)
    {
      const OrrGainSet *set = self->sets->pdata[i];
      g_autofree char *title =
        set->selection ? g_strdup_printf ("%s (%u)", set->title, set->n_units) : g_strdup (set->title);

      gtk_string_list_append (titles, title);
    }
  self->updating = TRUE;
  gtk_drop_down_set_model (self->choice, G_LIST_MODEL (titles));
  gtk_drop_down_set_selected (self->choice, MIN (chosen, self->sets->len - 1));
  self->updating = FALSE;
}

static void
take_selection (OrrGainView *self, gboolean *turned)
{
  for (guint i = 0; i < self->sets->len; i++)
    {
      OrrGainSet *set = self->sets->pdata[i];

      if (set->selection && self->session != NULL)
        {
          guint n, *units = list_units (orr_session_get_units (self->session), &n);

          orr_gain_set_take_units (set, units, n);
          *turned |= set->gain != 1.0;
        }
    }
}

static void
units_changed_cb (OrrGainView *self)
{
  guint chosen = gtk_drop_down_get_selected (self->choice);
  gboolean turned = FALSE;

  take_selection (self, &turned);
  list_sets (self, chosen);
  if (turned)
    apply (self);
  else
    update_controls (self);
}

/* Sets are found anew when the run or its results change; gains stay with sets of the same title. */
static void
update_sets (OrrGainView *self)
{
  OrrRun *run = self->session != NULL ? orr_session_get_run (self->session) : NULL;
  g_autoptr (GPtrArray) before = g_steal_pointer (&self->sets);
  guint chosen = gtk_drop_down_get_selected (self->choice), place = 0;
  const OrrGainSet *old = before != NULL && chosen < before->len ? before->pdata[chosen] : NULL;
  gboolean ignored = FALSE;

  self->sets = orr_gain_sets_new (run, get_hmm (self));
  take_selection (self, &ignored);
  for (guint i = 0; i < self->sets->len; i++)
    {
      OrrGainSet *set = self->sets->pdata[i];

      if (self->chosen && old != NULL && g_str_equal (set->title, old->title))
        place = i;
      for (guint k = 0; before != NULL && k < before->len; k++)
        if (g_str_equal (set->title, ((OrrGainSet *) before->pdata[k])->title))
          set->gain = ((OrrGainSet *) before->pdata[k])->gain;
    }
  list_sets (self, place);
  update_controls (self);
  gtk_stack_set_visible_child_name (self->stack, run != NULL ? "gains" : "message");
}

/* The kick group of a transition that is selected anywhere is the one to turn, unless another is being turned. */
static void
transition_changed_cb (OrrGainView *self)
{
  const OrrGainSet *chosen = get_chosen (self);
  guint from, to;

  if (!orr_session_get_direction (self->session, &from, &to) || (chosen != NULL && chosen->gain != 1.0))
    return;
  for (guint i = 0; i < self->sets->len; i++)
    {
      const OrrGainSet *set = self->sets->pdata[i];

      if (set->from == (int) from && set->to == (int) to && !set->noise_only)
        {
          gtk_drop_down_set_selected (self->choice, i);
          return;
        }
    }
}

/* Another network: nothing is turned in it. */
static void
network_changed_cb (OrrGainView *self)
{
  for (guint i = 0; i < self->sets->len; i++)
    ((OrrGainSet *) self->sets->pdata[i])->gain = 1.0;
  g_clear_pointer (&self->preview, g_variant_unref);
  show_preview (self);
  gtk_label_set_label (self->effort, "");
  update_controls (self);
}

/* The network's own motion is what everything is measured from. */
static void
motion_changed_cb (OrrGainView *self)
{
  if (!self->updating && orr_session_get_gains (self->session) == NULL)
    request (self);
}

/* Somebody else took the gains back. */
static void
gains_changed_cb (OrrGainView *self)
{
  if (!self->updating && orr_session_get_gains (self->session) == NULL)
    network_changed_cb (self);
}

/* Widgets ----------------------------------------------------------------------------------------- */

static void
setup_title_cb (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0.0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_list_item_set_child (item, label);
}

static void
bind_title_cb (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  GtkStringObject *string = gtk_list_item_get_item (item);

  gtk_label_set_label (GTK_LABEL (gtk_list_item_get_child (item)), gtk_string_object_get_string (string));
}

/* The definition stands beside the button that takes all back. */
static void
append_definition (OrrGainView *self)
{
  const char *text = _("h = \317\206(c_r (W_hh h + b) + c_n W_ih x): the gain \316\274 "
                       "multiplies the inputs of the chosen units, all of them or the noise alone. Paths from "
                       "visited states under the gains are compared with the same paths, under the same noise, "
                       "without them, and with the same gains on as many active units drawn at random. "
                       "\302\261 is half of the 95 % interval; for random units, of their range. What lies "
                       "outside of both is coloured. The orbit shows the motion under the gains, in the axes of "
                       "the network as it is. Nothing is changed in the study.");

  gtk_box_append (GTK_BOX (self->controls), orr_info_button_new (_("About gains"), text));
}

static void
orr_gain_view_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_SESSION)
    g_value_set_object (value, ORR_GAIN_VIEW (object)->session);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
orr_gain_view_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id == PROP_SESSION)
    orr_gain_view_set_session (ORR_GAIN_VIEW (object), g_value_get_object (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
orr_gain_view_dispose (GObject *object)
{
  OrrGainView *self = ORR_GAIN_VIEW (object);

  g_clear_pointer (&self->meter, orr_gain_meter_free);
  if (self->session != NULL)
    g_signal_handlers_disconnect_by_data (self->session, self);
  g_clear_object (&self->session);
  g_clear_pointer (&self->preview, g_variant_unref);
  gtk_widget_dispose_template (GTK_WIDGET (self), ORR_TYPE_GAIN_VIEW);
  G_OBJECT_CLASS (orr_gain_view_parent_class)->dispose (object);
}

static void
orr_gain_view_finalize (GObject *object)
{
  g_ptr_array_unref (ORR_GAIN_VIEW (object)->sets);
  G_OBJECT_CLASS (orr_gain_view_parent_class)->finalize (object);
}

static void
orr_gain_view_class_init (OrrGainViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = orr_gain_view_get_property;
  object_class->set_property = orr_gain_view_set_property;
  object_class->dispose = orr_gain_view_dispose;
  object_class->finalize = orr_gain_view_finalize;
  props[PROP_SESSION] = g_param_spec_object ("session", NULL, NULL, ORR_TYPE_SESSION,
                                             G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, props);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "orrgainview");
  g_type_ensure (ORR_TYPE_GAIN_TABLE);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/orrery/Orrery/ui/orr-gain-view.ui");
  gtk_widget_class_bind_template_child (widget_class, OrrGainView, stack);
  gtk_widget_class_bind_template_child (widget_class, OrrGainView, choice);
  gtk_widget_class_bind_template_child (widget_class, OrrGainView, gain);
  gtk_widget_class_bind_template_child (widget_class, OrrGainView, silence);
  gtk_widget_class_bind_template_child (widget_class, OrrGainView, compare);
  gtk_widget_class_bind_template_child (widget_class, OrrGainView, also);
  gtk_widget_class_bind_template_child (widget_class, OrrGainView, table);
  gtk_widget_class_bind_template_child (widget_class, OrrGainView, effort);
  gtk_widget_class_bind_template_child (widget_class, OrrGainView, spinner);
  gtk_widget_class_bind_template_child (widget_class, OrrGainView, controls);
  gtk_widget_class_bind_template_child (widget_class, OrrGainView, reset);
  gtk_widget_class_bind_template_callback (widget_class, setup_title_cb);
  gtk_widget_class_bind_template_callback (widget_class, bind_title_cb);
  gtk_widget_class_bind_template_callback (widget_class, chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, gain_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, silence_toggled_cb);
  gtk_widget_class_bind_template_callback (widget_class, compare_cb);
  gtk_widget_class_bind_template_callback (widget_class, reset_cb);
}

static void
orr_gain_view_init (OrrGainView *self)
{
  self->sets = orr_gain_sets_new (NULL, NULL);
  self->meter = orr_gain_meter_new (measured_cb, self);
  gtk_widget_init_template (GTK_WIDGET (self));
  append_definition (self);
  update_sets (self);
}

GtkWidget *
orr_gain_view_new (OrrSession *session)
{
  return g_object_new (ORR_TYPE_GAIN_VIEW, "session", session, NULL);
}

/**
 * orr_gain_view_set_session:
 * @session: (nullable): whose network's gains to turn
 */
void
orr_gain_view_set_session (OrrGainView *self, OrrSession *session)
{
  g_return_if_fail (ORR_IS_GAIN_VIEW (self));
  if (self->session == session)
    return;
  if (self->session != NULL)
    g_signal_handlers_disconnect_by_data (self->session, self);
  g_set_object (&self->session, session);
  g_clear_pointer (&self->preview, g_variant_unref);
  self->chosen = FALSE;
  if (session != NULL)
    {
      const GConnectFlags swapped = G_CONNECT_SWAPPED;

      g_signal_connect_object (session, "notify::run", G_CALLBACK (update_sets), self, swapped);
      g_signal_connect_object (session, "notify::units", G_CALLBACK (units_changed_cb), self, swapped);
      g_signal_connect_object (session, "notify::network", G_CALLBACK (network_changed_cb), self, swapped);
      g_signal_connect_object (session, "notify::motion", G_CALLBACK (motion_changed_cb), self, swapped);
      g_signal_connect_object (session, "notify::gains", G_CALLBACK (gains_changed_cb), self, swapped);
      g_signal_connect_object (session, "notify::transition-from", G_CALLBACK (transition_changed_cb), self, swapped);
      g_signal_connect_object (session, "notify::transition-to", G_CALLBACK (transition_changed_cb), self, swapped);
    }
  update_sets (self);
  if (session != NULL)
    network_changed_cb (self);
  request (self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_SESSION]);
}

/**
 * orr_gain_view_get_preview:
 *
 * Returns: (transfer none) (nullable): the section of orr_gain_preview() that is shown
 */
GVariant *
orr_gain_view_get_preview (OrrGainView *self)
{
  g_return_val_if_fail (ORR_IS_GAIN_VIEW (self), NULL);
  return self->preview;
}

static GtkWidget *
get_controls (OrrView *view)
{
  return ORR_GAIN_VIEW (view)->controls;
}

static char *
dup_csv (OrrView *view)
{
  OrrGainView *self = ORR_GAIN_VIEW (view);
  return self->preview != NULL ? orr_gain_table_to_csv (self->preview, get_hmm (self)) : NULL;
}

static void
view_init (OrrViewInterface *iface)
{
  iface->get_controls = get_controls;
  iface->dup_csv = dup_csv;
}
