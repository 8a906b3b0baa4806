/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "orr-eigenvalue-view.h"
#include "orr-hmm-presets.h"
#include "orr-kick-view.h"
#include "orr-latest.h"
#include "orr-section-view.h"
#include "orr-section.h"
#include "orr-session-analysis.h"
#include "orr-view-test.h"
#include "orr-view.h"

enum { H = 16, D = 5 };

typedef struct
{
  OrrDocument *document;
  OrrJobQueue *jobs;
  OrrSession  *session;
} Fixture;

static void
setup (Fixture *self, gconstpointer data)
{
  g_autoptr (OrrHmm) hmm = orr_hmm_preset_create (orr_hmm_preset_find ("three"));
  g_autoptr (OrrStudy) study = orr_study_new ("A study", hmm);
  g_autoptr (OrrNetwork) network = orr_network_new_random (H, D, 3, FALSE, 5);
  g_autoptr (OrrRun) run = orr_run_new ("random", network, hmm);

  self->document = orr_document_new (study);
  self->jobs = orr_job_queue_new ();
  self->session = orr_session_new (self->document, self->jobs);
  orr_document_add_run (self->document, run, "Add");
}

static void
teardown (Fixture *self, gconstpointer data)
{
  orr_job_queue_stop (self->jobs);
  g_object_unref (self->session);
  g_object_unref (self->jobs);
  g_object_unref (self->document);
}

static GVariant *
make_kicks (void)
{
  const double units[] = { 7, 3 }, effects[] = { -0.41, -0.2 }, times[] = { 1.5, 2.0 };
  GVariantDict group, dict;

  g_variant_dict_init (&group, NULL);
  g_variant_dict_insert (&group, "from", "x", (gint64) 0);
  g_variant_dict_insert (&group, "to", "x", (gint64) 2);
  g_variant_dict_insert_value (&group, "units", orr_section_new_doubles (units, 2));
  g_variant_dict_insert_value (&group, "unit_effects", orr_section_new_doubles (effects, 2));
  g_variant_dict_insert_value (&group, "crossing_time", orr_section_new_doubles (times, 2));
  g_variant_dict_insert (&group, "p_value", "d", 0.005);
  GVariant *groups[] = { g_variant_dict_end (&group) };
  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert_value (&dict, "groups", g_variant_new_array (G_VARIANT_TYPE_VARDICT, groups, 1));
  return g_variant_dict_end (&dict);
}

static GtkWidget *
find_type (GtkWidget *widget, GType type)
{
  if (G_TYPE_CHECK_INSTANCE_TYPE (widget, type))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_type (child, type);
      if (found != NULL)
        return found;
    }
  return NULL;
}

static void
test_kick_table (Fixture *self, gconstpointer data)
{
  GtkWidget *view = orr_kick_view_new (self->session);
  GtkWidget *window = orr_view_test_present (view, 560, 300);
  GtkColumnView *table = GTK_COLUMN_VIEW (find_type (view, GTK_TYPE_COLUMN_VIEW));
  GtkSelectionModel *model = gtk_column_view_get_model (table);

  g_assert_null (orr_view_dup_csv (ORR_VIEW (view)));
  orr_document_set_section (self->document, orr_session_get_run_id (self->session), "kick_neurons", make_kicks ());
  orr_view_test_settle ();
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (model)), ==, 2);
  g_autofree char *csv = orr_view_dup_csv (ORR_VIEW (view));
  g_assert_nonnull (strstr (csv, ",7,-0.41,,1.5,,,0.005,\n"));

  /* a row that is chosen selects its unit, and the other way round */
  gtk_selection_model_select_item (model, 1, TRUE);
  g_assert_true (gtk_bitset_contains (orr_session_get_units (self->session), 3));
  g_assert_cmpuint (gtk_bitset_get_size (orr_session_get_units (self->session)), ==, 1);
  g_autoptr (GtkBitset) units = gtk_bitset_new_range (6, 3);
  orr_session_set_units (self->session, units);
  g_assert_true (gtk_selection_model_is_selected (model, 0));
  g_assert_false (gtk_selection_model_is_selected (model, 1));
  g_assert_true (gtk_bitset_equals (orr_session_get_units (self->session), units));
  gtk_window_destroy (GTK_WINDOW (window));
}

static gboolean
has_eigenvalues (gpointer view)
{
  g_autoptr (OrrFigure) figure = orr_view_create_figure (view);
  return figure != NULL && figure->plots->len == 2;
}

static gboolean
is_at_step_3 (gpointer view)
{
  g_autoptr (OrrFigure) figure = orr_view_create_figure (view);
  return figure != NULL && figure->description != NULL && g_str_has_prefix (figure->description, "At step 3:");
}

static void
test_eigenvalues (Fixture *self, gconstpointer data)
{
  GtkWidget *view = orr_eigenvalue_view_new (self->session);
  GtkWidget *window = orr_view_test_present (view, 500, 260);

  g_assert_true (orr_view_test_wait (has_eigenvalues, view));
  for (guint step = 50; step >= 3; step--)
    orr_session_set_cursor (self->session, step);
  g_assert_true (orr_view_test_wait (is_at_step_3, view));
  gtk_window_destroy (GTK_WINDOW (window));
}

static gboolean
has_orbit (gpointer data)
{
  OrrRun *run = orr_session_get_run (((Fixture *) data)->session);
  g_autoptr (GVariant) orbit = orr_run_get_section (run, "orbit");
  g_autoptr (GVariant) space = orr_run_get_section (run, "state_space");
  return orbit != NULL && space != NULL;
}

static void
test_analyze (Fixture *self, gconstpointer data)
{
  const char *const names[] = { "orbit", "state_space", NULL };
  GtkWidget *view = orr_section_view_new ("orbit", self->session);
  GtkWidget *window = orr_view_test_present (view, 700, 300);
  g_autoptr (OrrFigure) before = orr_view_create_figure (ORR_VIEW (view));

  g_assert_true (orr_plot_is_empty (orr_figure_get_plot (before, 0)));
  orr_session_analyze (self->session, names);
  g_assert_true (orr_view_test_wait (has_orbit, self));
  orr_view_test_settle ();
  g_autoptr (OrrFigure) after = orr_view_create_figure (ORR_VIEW (view));
  g_assert_false (orr_plot_is_empty (orr_figure_get_plot (after, 0)));
  gtk_window_destroy (GTK_WINDOW (window));
}

static gpointer
square (gpointer data)
{
  int value = *(int *) data;

  g_usleep (20000);
  value *= value;
  return g_memdup2 (&value, sizeof value);
}

static GArray *results;

static void
collect (gpointer owner, gpointer result)
{
  g_array_append_val (results, *(int *) result);
}

static gboolean
has_last (gpointer data)
{
  return results->len > 0 && g_array_index (results, int, results->len - 1) == 81;
}

/* Of many requests the first and the last are done, not all between. */
static void
test_latest (void)
{
  OrrLatest *latest = orr_latest_new (square, collect, &results, g_free, g_free);

  results = g_array_new (FALSE, FALSE, sizeof (int));
  for (int i = 0; i < 10; i++)
    orr_latest_request (latest, g_memdup2 (&i, sizeof i));
  g_assert_true (orr_view_test_wait (has_last, NULL));
  g_assert_cmpuint (results->len, ==, 2);
  g_assert_cmpint (g_array_index (results, int, 0), ==, 0);
  orr_latest_request (latest, g_memdup2 (&(int){ 3 }, sizeof (int)));
  orr_latest_free (latest);
  orr_view_test_settle ();
  g_assert_cmpuint (results->len, ==, 2);
  g_array_unref (results);
}

int
main (int argc, char *argv[])
{
  if (!orr_view_test_init (&argc, &argv))
    return 0;
  g_test_add ("/findings/kick-table", Fixture, NULL, setup, test_kick_table, teardown);
  g_test_add ("/findings/eigenvalues", Fixture, NULL, setup, test_eigenvalues, teardown);
  g_test_add ("/findings/analyze", Fixture, NULL, setup, test_analyze, teardown);
  g_test_add_func ("/findings/latest", test_latest);
  return g_test_run ();
}
