/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "orr-heatmap-blocks.h"
#include "orr-heatmap-model.h"
#include "orr-heatmap-view.h"
#include "orr-hmm-presets.h"
#include "orr-section.h"
#include "orr-view-test.h"
#include "orr-view.h"

enum { H = 20, D = 6 };

typedef struct
{
  OrrDocument    *document;
  OrrJobQueue    *jobs;
  OrrSession     *session;
  OrrNetwork     *network;
  OrrHeatmapView *view;
  GtkWidget      *window;
} Fixture;

static void
setup (Fixture *self, gconstpointer data)
{
  g_autoptr (OrrHmm) hmm = orr_hmm_preset_create (orr_hmm_preset_find ("three"));
  g_autoptr (OrrStudy) study = orr_study_new ("A study", hmm);

  self->document = orr_document_new (study);
  self->jobs = orr_job_queue_new ();
  self->session = orr_session_new (self->document, self->jobs);
  self->network = orr_network_new_random (H, D, 3, FALSE, 5);
  g_autoptr (OrrRun) run = orr_run_new ("random", self->network, hmm);
  orr_document_add_run (self->document, run, "Add");
  self->view = ORR_HEATMAP_VIEW (orr_heatmap_view_new (self->session));
  self->window = orr_view_test_present (GTK_WIDGET (self->view), 560, 480);
}

static void
teardown (Fixture *self, gconstpointer data)
{
  gtk_window_destroy (GTK_WINDOW (self->window));
  orr_job_queue_stop (self->jobs);
  orr_network_unref (self->network);
  g_object_unref (self->session);
  g_object_unref (self->jobs);
  g_object_unref (self->document);
}

static void
middle_of (Fixture *self, guint row, guint col, double *x, double *y)
{
  graphene_rect_t rect;

  orr_heatmap_canvas_get_cell_rect (orr_heatmap_view_get_canvas (self->view), row, col, &rect);
  *x = rect.origin.x + rect.size.width / 2;
  *y = rect.origin.y + rect.size.height / 2;
}

static char *
selected (Fixture *self)
{
  GString *text = g_string_new (NULL);
  GtkBitsetIter iter;
  guint unit;

  for (gboolean more = gtk_bitset_iter_init_first (&iter, orr_session_get_units (self->session), &unit); more;
       more = gtk_bitset_iter_next (&iter, &unit))
    g_string_append_printf (text, "%s%u", text->len > 0 ? " " : "", unit);
  return g_string_free (text, FALSE);
}

#define assert_selected(self, expected) \
  G_STMT_START { g_autofree char *units = selected (self); g_assert_cmpstr (units, ==, expected); } G_STMT_END

static void
test_pixels (Fixture *self, gconstpointer data)
{
  GtkWidget *canvas = GTK_WIDGET (orr_heatmap_view_get_canvas (self->view));
  const OrrHeatmapModel *model = orr_heatmap_canvas_get_model (ORR_HEATMAP_CANVAS (canvas));
  g_autoptr (GdkTexture) texture = orr_view_test_grab (canvas);
  int width = gdk_texture_get_width (texture);
  g_autofree guint32 *pixels = g_new (guint32, (gsize) width * gdk_texture_get_height (texture));

  gdk_texture_download (texture, (guchar *) pixels, 4 * (gsize) width);
  for (guint row = 0; row < H; row++)
    for (guint col = 0; col < H; col++)
      {
        double x, y, weight = orr_matrix_row (self->network->weight_hh, row)[col];
        guint32 expected = orr_colour_map_lookup (ORR_COLOUR_MAP_DIVERGING, (weight / model->limit + 1) / 2);

        middle_of (self, row, col, &x, &y);
        g_assert_cmphex (pixels[(gsize) y * width + (gsize) x] & 0xffffff, ==, expected);
      }
}

static void
test_selection (Fixture *self, gconstpointer data)
{
  GtkWidget *canvas = GTK_WIDGET (orr_heatmap_view_get_canvas (self->view));
  double x, y, to_x, to_y;

  middle_of (self, 3, 11, &x, &y);
  orr_view_test_move (canvas, x, y);
  g_assert_cmpint (orr_session_get_hovered_unit (self->session), ==, 3);
  orr_view_test_click (canvas, x, y, 1);
  assert_selected (self, "3 11");

  middle_of (self, 5, 5, &x, &y);
  orr_view_test_hold (canvas, "ctrl", TRUE);
  orr_view_test_click (canvas, x, y, 1);
  orr_view_test_hold (canvas, "ctrl", FALSE);
  assert_selected (self, "3 5 11");

  middle_of (self, 6, 14, &to_x, &to_y);
  middle_of (self, 4, 13, &x, &y);
  orr_view_test_drag (canvas, x, y, to_x, to_y);
  assert_selected (self, "4 5 6 13 14");

  /* the edge selects columns alone; Shift extends from there */
  middle_of (self, 0, 7, &x, &y);
  orr_view_test_click (canvas, x, y - 20, 1);
  assert_selected (self, "7");
  middle_of (self, 0, 9, &x, &y);
  orr_view_test_hold (canvas, "shift", TRUE);
  orr_view_test_click (canvas, x, y - 20, 1);
  orr_view_test_hold (canvas, "shift", FALSE);
  assert_selected (self, "7 8 9");
}

static void
test_keyboard (Fixture *self, gconstpointer data)
{
  GtkWidget *canvas = GTK_WIDGET (orr_heatmap_view_get_canvas (self->view));
  graphene_rect_t before, after;

  orr_view_test_move (canvas, 2, 2);
  orr_view_test_key (canvas, "Right");
  orr_view_test_key (canvas, "Down");
  orr_view_test_key (canvas, "Down");
  orr_view_test_key (canvas, "Right");
  orr_view_test_key (canvas, "space");
  assert_selected (self, "1 2");
  orr_view_test_key (canvas, "shift+Down");
  assert_selected (self, "1 2 3");
  orr_view_test_key (canvas, "ctrl+a");
  g_assert_cmpuint (gtk_bitset_get_size (orr_session_get_units (self->session)), ==, H);
  orr_view_test_key (canvas, "Escape");
  assert_selected (self, "");

  orr_heatmap_canvas_get_cell_rect (ORR_HEATMAP_CANVAS (canvas), 0, 0, &before);
  orr_view_test_key (canvas, "plus");
  orr_heatmap_canvas_get_cell_rect (ORR_HEATMAP_CANVAS (canvas), 0, 0, &after);
  g_assert_cmpfloat (after.size.width, >, 1.1 * before.size.width);
  orr_view_test_key (canvas, "0");
  orr_heatmap_canvas_get_cell_rect (ORR_HEATMAP_CANVAS (canvas), 0, 0, &after);
  g_assert_cmpfloat_with_epsilon (after.size.width, before.size.width, 1e-6);
}

static void
test_zoom (Fixture *self, gconstpointer data)
{
  GtkWidget *canvas = GTK_WIDGET (orr_heatmap_view_get_canvas (self->view));
  double x, y;
  guint row, col;

  middle_of (self, 12, 4, &x, &y);
  orr_view_test_scroll (canvas, x, y, -5);
  g_assert_true (orr_heatmap_canvas_cell_at (ORR_HEATMAP_CANVAS (canvas), x, y, &row, &col));
  g_assert_cmpuint (row, ==, 12);
  g_assert_cmpuint (col, ==, 4);
  graphene_rect_t rect;
  orr_heatmap_canvas_get_cell_rect (ORR_HEATMAP_CANVAS (canvas), row, col, &rect);
  g_assert_cmpfloat (rect.size.width, >, 30);
  orr_view_test_click (canvas, x, y, 2);
  orr_heatmap_canvas_get_cell_rect (ORR_HEATMAP_CANVAS (canvas), row, col, &rect);
  g_assert_cmpfloat (rect.size.width, <, 20);
}

static gboolean
is_reordered (gpointer data)
{
  const OrrHeatmapModel *model = orr_heatmap_canvas_get_model (orr_heatmap_view_get_canvas (((Fixture *) data)->view));

  for (guint i = 0; i < model->rows.n; i++)
    if (model->rows.order[i] != i)
      return TRUE;
  return FALSE;
}

static void
test_orders_and_matrices (Fixture *self, gconstpointer data)
{
  OrrHeatmapCanvas *canvas = orr_heatmap_view_get_canvas (self->view);

  g_assert_false (is_reordered (self));
  orr_heatmap_view_set_ordering (self->view, ORR_HEATMAP_BY_CLUSTER);
  g_assert_true (orr_view_test_wait (is_reordered, self));
  const OrrHeatmapModel *model = orr_heatmap_canvas_get_model (canvas);
  g_assert_cmpfloat (orr_heatmap_model_get (model, 2, 9), ==,
                     orr_matrix_row (self->network->weight_hh, model->rows.order[2])[model->cols.order[9]]);
  g_assert_cmpuint (model->rows.place[model->rows.order[7]], ==, 7);

  orr_heatmap_view_set_weights (self->view, ORR_HEATMAP_WEIGHTS_OUT);
  model = orr_heatmap_canvas_get_model (canvas);
  g_assert_cmpuint (model->rows.n, ==, 3);
  g_autofree char *text = orr_heatmap_model_describe (model, 1, 0, orr_heatmap_canvas_get_symbol_names (canvas));
  g_assert_nonnull (strstr (text, "symbol"));
  orr_heatmap_view_set_weights (self->view, ORR_HEATMAP_WEIGHTS_IH);
  g_assert_cmpuint (orr_heatmap_canvas_get_model (canvas)->cols.n, ==, D);

  g_autofree char *csv = orr_view_dup_csv (ORR_VIEW (self->view));
  g_auto (GStrv) lines = g_strsplit (csv, "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, H + 2);
  g_autoptr (OrrFigure) figure = orr_view_create_figure (ORR_VIEW (self->view));
  g_assert_cmpuint (orr_figure_get_plot (figure, 0)->heatmap->cols, ==, D);
}

static GVariant *
kick_group (gint64 from, gint64 to, const double *units, gsize n)
{
  GVariantDict dict;

  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "from", "x", from);
  g_variant_dict_insert (&dict, "to", "x", to);
  g_variant_dict_insert_value (&dict, "units", orr_section_new_doubles (units, n));
  return g_variant_dict_end (&dict);
}

static void
test_groups (void)
{
  const double first[] = { 7, 3 }, second[] = { 3, 9, 400 }, pulled[] = { 1, 7, 4 };
  GVariant *groups[] = { kick_group (0, 2, first, 2), kick_group (2, 0, second, 3) };
  GVariantDict kicks, populations, pair;

  g_variant_dict_init (&kicks, NULL);
  g_variant_dict_insert_value (&kicks, "groups", g_variant_new_array (G_VARIANT_TYPE_VARDICT, groups, 2));
  g_autoptr (GVariant) section = g_variant_ref_sink (g_variant_dict_end (&kicks));
  g_variant_dict_init (&pair, NULL);
  g_variant_dict_insert_value (&pair, "units", orr_section_new_doubles (pulled, 3));
  g_variant_dict_insert (&pair, "driving_1", "x", (gint64) 2);
  GVariant *pairs[] = { g_variant_dict_end (&pair) };
  g_variant_dict_init (&populations, NULL);
  g_variant_dict_insert_value (&populations, "pairs", g_variant_new_array (G_VARIANT_TYPE_VARDICT, pairs, 1));
  g_autoptr (GVariant) integrating = g_variant_ref_sink (g_variant_dict_end (&populations));

  g_autoptr (OrrHeatmapOrder) order = orr_heatmap_order_new_groups (10, 2, section, integrating);
  const guint expected[] = { 7, 3, 9, 1, 4, 0, 2, 5, 6, 8 };
  g_assert_cmpmem (order->units, sizeof expected, expected, sizeof expected);
  g_assert_cmpuint (order->groups->len, ==, 4);
  const OrrHeatmapGroup *group = &g_array_index (order->groups, OrrHeatmapGroup, 1);
  g_assert_cmpstr (group->name, ==, "kick 3 → 1");
  g_assert_cmpuint (group->first, ==, 2);
  g_assert_cmpuint (group->n, ==, 1);

  /* the mean of a block is that of its weights, and it is told with its cell */
  g_autoptr (OrrNetwork) network = orr_network_new_random (10, 2, 3, FALSE, 1);
  g_autoptr (OrrHeatmapModel) model = orr_heatmap_model_new (network, ORR_HEATMAP_WEIGHTS_HH, order);
  const OrrHeatmapGroup *sender = orr_heatmap_group_at (model, &model->rows, 0);
  OrrHeatmapBlock block;
  orr_heatmap_block_measure (model, group, sender, &block);
  g_assert_cmpuint (block.n, ==, sender->n);
  double sum = 0.0;
  for (guint i = 0; i < sender->n; i++)
    sum += network->weight_hh->data[9 * 10 + order->units[sender->first + i]];
  g_assert_cmpfloat_with_epsilon (block.mean, sum / sender->n, 1e-9);
  g_autofree char *told = orr_heatmap_block_describe (model, 2, 0);
  g_assert_nonnull (strstr (told, "onto kick 3 → 1"));
  g_assert_null (orr_heatmap_block_describe (model, 9, 0));
  g_autoptr (GtkBitset) members = orr_heatmap_group_dup_units (model, group);
  g_assert_true (gtk_bitset_contains (members, 9));
  g_assert_cmpuint (gtk_bitset_get_size (members), ==, 1);

  g_autoptr (OrrHeatmapOrder) none = orr_heatmap_order_new_groups (4, 2, NULL, NULL);
  g_assert_cmpuint (none->groups->len, ==, 0);
}

int
main (int argc, char *argv[])
{
  if (!orr_view_test_init (&argc, &argv))
    return 0;
  g_test_add ("/heatmap/pixels", Fixture, NULL, setup, test_pixels, teardown);
  g_test_add ("/heatmap/selection", Fixture, NULL, setup, test_selection, teardown);
  g_test_add ("/heatmap/keyboard", Fixture, NULL, setup, test_keyboard, teardown);
  g_test_add ("/heatmap/zoom", Fixture, NULL, setup, test_zoom, teardown);
  g_test_add ("/heatmap/orders", Fixture, NULL, setup, test_orders_and_matrices, teardown);
  g_test_add_func ("/heatmap/groups", test_groups);
  return g_test_run ();
}
