/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-section-view.h"

#include <glib/gi18n.h>

#include "orr-chart.h"
#include "orr-equation-button.h"
#include "orr-figure-section.h"
#include "orr-law-overlay.h"
#include "orr-section-status.h"
#include "orr-view.h"

/**
 * OrrSectionView:
 *
 * The result of one analysis of the run that is shown, as a chart: its property
 * `section` names the analysis ("resonance", "evolution", "residency" ...); with
 * `choose` a person chooses it in the card's header. Where epochs run along the axis,
 * a click shows the weights of that epoch.
 */
struct _OrrSectionView
{
  GtkWidget parent;

  OrrSession *session;
  GtkWidget  *box;
  OrrChart   *chart;
  GtkWidget  *controls;
  GtkWidget  *choice;
  OrrSectionStatus *status;
  GtkWidget  *equation;
  char       *section;
  GVariant   *shown; /* (nullable) */
};

enum
{
  PROP_0,
  PROP_SESSION,
  PROP_SECTION,
  PROP_CHOOSE,
  N_PROPS,
};

static GParamSpec *props[N_PROPS];

static void view_init (OrrViewInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (OrrSectionView, orr_section_view, GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (ORR_TYPE_VIEW, view_init))

static gboolean
same (GVariant *a, GVariant *b)
{
  return a == b || (a != NULL && b != NULL && g_variant_equal (a, b));
}

static void
update (OrrSectionView *self)
{
  OrrRun *run = self->session != NULL ? orr_session_get_run (self->session) : NULL;
  const OrrHmm *hmm = run != NULL && run->hmm != NULL ? run->hmm
                      : self->session != NULL         ? orr_session_get_hmm (self->session)
                                                      : NULL;
  g_autoptr (GVariant) section = run != NULL && self->section != NULL ? orr_run_get_section (run, self->section) : NULL;
  int law_plot = -1;

  orr_section_status_set (self->status, self->session, self->section);
  if (orr_chart_get_figure (self->chart) != NULL && same (section, self->shown))
    return;
  g_clear_pointer (&self->shown, g_variant_unref);
  self->shown = section != NULL ? g_variant_ref (section) : NULL;
  g_autoptr (OrrFigure) figure = self->section != NULL ? orr_figure_new_section (self->section, section, hmm) : NULL;
  if (figure != NULL)
    {
      g_autoptr (GVariant) state_space = run != NULL ? orr_run_get_section (run, "state_space") : NULL;

      orr_figure_add_visited (figure, section, state_space);
      law_plot = orr_law_overlay_add (figure, self->section, section, self->session);
    }
  orr_chart_set_figure (self->chart, figure);
  if (law_plot >= 0)
    orr_chart_show_plot (self->chart, (guint) law_plot);
}

/* A law is drawn where its data came from: a view with a choice turns there. */
static void
law_changed_cb (OrrSectionView *self)
{
  const char *section = orr_law_overlay_find_section (self->session);

  orr_chart_set_figure (self->chart, NULL);
  if (section != NULL && gtk_widget_get_visible (self->choice) && g_strcmp0 (section, self->section) != 0)
    orr_section_view_set_section (self, section);
  else
    update (self);
}

/* A chart over epochs leads to the snapshot that was clicked on. */
static void
picked_cb (OrrSectionView *self, const OrrFigureHit *hit)
{
  if (self->session != NULL && g_strcmp0 (self->section, "evolution") == 0 && hit->series >= 0)
    orr_session_set_epoch (self->session, (int) hit->x);
}

static void
orr_section_view_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  OrrSectionView *self = ORR_SECTION_VIEW (object);

  switch (id)
    {
    case PROP_SESSION:
      g_value_set_object (value, self->session);
      break;
    case PROP_SECTION:
      g_value_set_string (value, self->section);
      break;
    case PROP_CHOOSE:
      g_value_set_boolean (value, gtk_widget_get_visible (self->choice));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
orr_section_view_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  OrrSectionView *self = ORR_SECTION_VIEW (object);

  switch (id)
    {
    case PROP_SESSION:
      orr_section_view_set_session (self, g_value_get_object (value));
      break;
    case PROP_SECTION:
      orr_section_view_set_section (self, g_value_get_string (value));
      break;
    case PROP_CHOOSE:
      gtk_widget_set_visible (self->choice, g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
orr_section_view_dispose (GObject *object)
{
  OrrSectionView *self = ORR_SECTION_VIEW (object);

  orr_section_view_set_session (self, NULL);
  g_clear_pointer (&self->shown, g_variant_unref);
  self->equation = NULL;
  g_clear_object (&self->controls);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  G_OBJECT_CLASS (orr_section_view_parent_class)->dispose (object);
}

static void
orr_section_view_finalize (GObject *object)
{
  g_free (ORR_SECTION_VIEW (object)->section);
  G_OBJECT_CLASS (orr_section_view_parent_class)->finalize (object);
}

static void
orr_section_view_class_init (OrrSectionViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = orr_section_view_get_property;
  object_class->set_property = orr_section_view_set_property;
  object_class->dispose = orr_section_view_dispose;
  object_class->finalize = orr_section_view_finalize;
  props[PROP_SESSION] = g_param_spec_object ("session", NULL, NULL, ORR_TYPE_SESSION, flags);
  props[PROP_SECTION] = g_param_spec_string ("section", NULL, NULL, NULL, flags);
  props[PROP_CHOOSE] = g_param_spec_boolean ("choose", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "orrsectionview");
}

static void
choice_changed_cb (OrrSectionView *self)
{
  guint n;
  const OrrFigureSection *sections = orr_figure_sections (&n);
  guint chosen = gtk_drop_down_get_selected (GTK_DROP_DOWN (self->choice));

  if (chosen < n)
    orr_section_view_set_section (self, sections[chosen].section);
}

static void
create_controls (OrrSectionView *self)
{
  g_autoptr (GtkStringList) titles = gtk_string_list_new (NULL);
  guint n;
  const OrrFigureSection *sections = orr_figure_sections (&n);

  for (guint i = 0; i < n; i++)
    gtk_string_list_append (titles, _(sections[i].title));
  self->controls = g_object_ref_sink (gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0));
  self->choice = gtk_drop_down_new (G_LIST_MODEL (g_steal_pointer (&titles)), NULL);
  gtk_widget_add_css_class (self->choice, "flat");
  gtk_widget_set_valign (self->choice, GTK_ALIGN_CENTER);
  gtk_widget_set_visible (self->choice, FALSE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->choice), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Analysis"), -1);
  g_signal_connect_object (self->choice, "notify::selected", G_CALLBACK (choice_changed_cb), self, G_CONNECT_SWAPPED);
  self->equation = orr_equation_button_new (TRUE);
  gtk_box_append (GTK_BOX (self->controls), self->choice);
  gtk_box_append (GTK_BOX (self->controls), self->equation);
  gtk_box_append (GTK_BOX (self->controls), orr_section_status_get_buttons (self->status));
}

/* Keeps the list of choices with what is shown. */
static void
update_choice (OrrSectionView *self)
{
  guint n;
  const OrrFigureSection *sections = orr_figure_sections (&n);

  for (guint i = 0; i < n; i++)
    if (g_strcmp0 (sections[i].section, self->section) == 0)
      gtk_drop_down_set_selected (GTK_DROP_DOWN (self->choice), i);
}

static void
orr_section_view_init (OrrSectionView *self)
{
  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  self->chart = ORR_CHART (orr_chart_new ());
  self->status = ORR_SECTION_STATUS (orr_section_status_new ());
  gtk_widget_set_vexpand (GTK_WIDGET (self->chart), TRUE);
  gtk_box_append (GTK_BOX (self->box), GTK_WIDGET (self->chart));
  gtk_box_append (GTK_BOX (self->box), GTK_WIDGET (self->status));
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
  g_signal_connect_object (self->chart, "picked", G_CALLBACK (picked_cb), self, G_CONNECT_SWAPPED);
  create_controls (self);
}

GtkWidget *
orr_section_view_new (const char *section, OrrSession *session)
{
  return g_object_new (ORR_TYPE_SECTION_VIEW, "section", section, "session", session, NULL);
}

/**
 * orr_section_view_set_section:
 * @section: (nullable): the analysis whose result to show
 */
void
orr_section_view_set_section (OrrSectionView *self, const char *section)
{
  g_return_if_fail (ORR_IS_SECTION_VIEW (self));
  if (g_strcmp0 (self->section, section) == 0)
    return;
  g_free (self->section);
  self->section = g_strdup (section);
  orr_chart_set_figure (self->chart, NULL);
  update (self);
  update_choice (self);
  orr_equation_button_set_section (ORR_EQUATION_BUTTON (self->equation), section);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_SECTION]);
}

/**
 * orr_section_view_set_session:
 * @session: (nullable): whose run to show
 */
void
orr_section_view_set_session (OrrSectionView *self, OrrSession *session)
{
  g_return_if_fail (ORR_IS_SECTION_VIEW (self));
  if (self->session == session)
    return;
  if (self->session != NULL)
    {
      g_signal_handlers_disconnect_by_data (orr_session_get_bridge (self->session), self);
      g_signal_handlers_disconnect_by_data (self->session, self);
    }
  g_set_object (&self->session, session);
  if (session != NULL)
    {
      g_signal_connect_object (session, "notify::run", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (orr_session_get_bridge (session), "notify::law", G_CALLBACK (law_changed_cb), self,
                               G_CONNECT_SWAPPED);
    }
  if (self->equation != NULL)
    orr_equation_button_set_session (ORR_EQUATION_BUTTON (self->equation), session);
  update (self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_SESSION]);
}

static GtkWidget *
get_controls (OrrView *view)
{
  return ORR_SECTION_VIEW (view)->controls;
}

static OrrFigure *
create_figure (OrrView *view)
{
  return orr_view_create_figure (ORR_VIEW (ORR_SECTION_VIEW (view)->chart));
}

static char *
dup_csv (OrrView *view)
{
  return orr_view_dup_csv (ORR_VIEW (ORR_SECTION_VIEW (view)->chart));
}

static void
view_init (OrrViewInterface *iface)
{
  iface->get_controls = get_controls;
  iface->create_figure = create_figure;
  iface->dup_csv = dup_csv;
}
