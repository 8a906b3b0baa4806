/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-dynamics-fixture.h"
#include "orr-hmm-presets.h"
#include "orr-section.h"
#include "orr-strip-draw.h"
#include "orr-strip-rows.h"

#include <math.h>
#include <string.h>

/* No peak is lost, each column shows what it covers, and columns outside are empty. */
static void
test_decimate (void)
{
  float values[1000], low[50], high[50];

  for (int t = 0; t < 1000; t++)
    values[t] = sin (0.01 * t);
  values[503] = 9;
  values[517] = -7;
  orr_strip_decimate (values, 1000, 0, 1000, 50, low, high);
  g_assert_cmpfloat (high[25], ==, 9);
  g_assert_cmpfloat (low[25], ==, -7);
  g_assert_cmpfloat_with_epsilon (low[0], 0.0, 1e-6);
  g_assert_cmpfloat_with_epsilon (high[0], sin (0.19), 1e-6);
  orr_strip_decimate (values, 1000, 900, 1100, 50, low, high);
  g_assert_true (isfinite (low[24]));
  g_assert_true (isnan (low[25]));
  /* Less than a step a column: the step is repeated. */
  orr_strip_decimate (values, 1000, 502, 504, 50, low, high);
  g_assert_cmpfloat (high[49], ==, 9);
  g_assert_cmpfloat (high[0], ==, values[502]);
}

static void
test_mean_colour_and_changes (void)
{
  guint16 codes[] = { 0, 0, 1, 1, ORR_STRIP_NO_CODE, 1, 0, 0 };
  guint32 colours[] = { 0xff0000, 0x0000ff };
  OrrStripRow row = { .kind = ORR_STRIP_BANDS, .n_steps = G_N_ELEMENTS (codes), .codes = codes };
  double share;

  row.colours = g_array_append_vals (g_array_new (FALSE, FALSE, sizeof (guint32)), colours, 2);
  g_assert_cmphex (orr_strip_mean_colour (&row, 0, 2, &share), ==, 0xff0000);
  g_assert_cmphex (orr_strip_mean_colour (&row, 1, 3, &share), ==, 0x800080);
  g_assert_cmpfloat (share, ==, 1.0);
  g_assert_cmphex (orr_strip_mean_colour (&row, 3, 5, &share), ==, 0x0000ff);
  g_assert_cmpfloat (share, ==, 0.5);
  g_assert_cmpuint (orr_strip_next_change (&row, 0, 1), ==, 2);
  g_assert_cmpuint (orr_strip_next_change (&row, 2, 1), ==, 4);
  g_assert_cmpuint (orr_strip_next_change (&row, 7, -1), ==, 6);
  g_assert_cmpuint (orr_strip_next_change (&row, 6, 1), ==, 7);
  g_assert_cmpuint (orr_strip_next_change (&row, 1, -1), ==, 0);
  g_array_unref (row.colours);
}

static OrrStripRow *
find_row (GPtrArray *rows, const char *label)
{
  for (guint i = 0; i < rows->len; i++)
    if (g_str_equal (((OrrStripRow *) rows->pdata[i])->label, label))
      return rows->pdata[i];
  return NULL;
}

static GVariant *
make_kicks (void)
{
  const int units[] = { 2, 5 };
  GVariantBuilder group, groups, section;

  g_variant_builder_init (&group, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&group, "{sv}", "from", g_variant_new_int32 (0));
  g_variant_builder_add (&group, "{sv}", "to", g_variant_new_int32 (2));
  g_variant_builder_add (&group, "{sv}", "units", orr_section_new_ints (units, 2));
  g_variant_builder_init (&groups, G_VARIANT_TYPE ("aa{sv}"));
  g_variant_builder_add_value (&groups, g_variant_builder_end (&group));
  g_variant_builder_init (&section, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&section, "{sv}", "groups", g_variant_builder_end (&groups));
  return g_variant_builder_end (&section);
}

static void
test_rows_of_session (void)
{
  g_autoptr (OrrNetwork) network = orr_fixture_network ();
  g_autoptr (OrrHmm) hmm = orr_hmm_preset_create (orr_hmm_preset_find ("three"));
  g_autoptr (OrrSession) session = orr_fixture_session (network, hmm, 300);
  g_autoptr (GtkBitset) units = gtk_bitset_new_empty ();

  g_autoptr (GPtrArray) none = orr_strip_rows_build (session);
  g_assert_cmpuint (none->len, ==, 0);
  orr_fixture_wait (session);
  OrrMotion *motion = orr_session_get_motion (session);

  g_autoptr (GPtrArray) idle = orr_strip_rows_build (session);
  const OrrStripRow *symbols = find_row (idle, "symbol");
  g_assert_cmpuint (symbols->n_steps, ==, 300);
  for (guint t = 0; t < 300; t++)
    g_assert_cmpuint (symbols->codes[t], ==, motion->trajectory->symbols[t]);
  g_assert_nonnull (find_row (idle, "PC1"));

  gtk_bitset_add (units, 3);
  gtk_bitset_add (units, 7);
  orr_session_set_units (session, units);
  g_autoptr (GPtrArray) two = orr_strip_rows_build (session);
  const OrrStripRow *unit = find_row (two, "unit 7");
  g_assert_nonnull (find_row (two, "unit 3"));
  g_assert_null (find_row (two, "PC1"));
  g_assert_cmpfloat (unit->values[42], ==, orr_matrix_row (motion->trajectory->states, 42)[7]);

  gtk_bitset_add_range (units, 0, 10);
  orr_session_set_units (session, units);
  g_autoptr (GPtrArray) many = orr_strip_rows_build (session);
  const OrrStripRow *mean = find_row (many, "mean of 10 units");
  float expected = 0;
  for (guint u = 0; u < 10; u++)
    expected += orr_matrix_row (motion->trajectory->states, 99)[u] / 10;
  g_assert_cmpfloat_with_epsilon (mean->values[99], expected, 1e-5);

  /* Kick groups stand in where nothing is selected. */
  orr_session_clear_selection (session);
  orr_document_set_section (orr_session_get_document (session), orr_session_get_run_id (session),
                            "kick_neurons", make_kicks ());
  g_autoptr (GPtrArray) kicks = orr_strip_rows_build (session);
  const OrrStripRow *kick = find_row (kicks, "kick 1 \342\206\222 3");
  g_assert_nonnull (kick);
  const float *state = orr_matrix_row (motion->trajectory->states, 5);
  g_assert_cmpfloat_with_epsilon (kick->values[5], 0.5f * (state[2] + state[5]), 1e-5);
  g_assert_cmpuint (gtk_bitset_get_size (kick->units), ==, 2);
  g_assert_null (find_row (kicks, "PC1"));

  /* A selection that is a group has no row of its own; any other one stands beside the groups. */
  orr_session_set_units (session, kick->units);
  g_autoptr (GPtrArray) chosen = orr_strip_rows_build (session);
  g_assert_cmpuint (chosen->len, ==, kicks->len);
  gtk_bitset_add (units, 20);
  orr_session_set_units (session, units);
  g_autoptr (GPtrArray) both = orr_strip_rows_build (session);
  g_assert_cmpuint (both->len, ==, kicks->len + 1);
  g_assert_nonnull (find_row (both, "mean of 11 units"));
  g_assert_nonnull (find_row (both, "kick 1 \342\206\222 3"));

  /* How sure the state is at each step is told in words, too. */
  const OrrStripRow *states = find_row (both, "state");
  g_autofree char *text = orr_strip_row_describe (states, 17);
  g_autofree char *sure = g_strdup_printf ("(%.0f %%)", 100.0 * motion->path_posterior[17]);
  g_assert_nonnull (strstr (text, sure));
}

/* Three bands, then traces. */
static GPtrArray *
create_rows (guint n)
{
  GPtrArray *rows = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < n; i++)
    {
      OrrStripRow *row = g_new0 (OrrStripRow, 1);

      row->kind = i < 3 ? ORR_STRIP_BANDS : ORR_STRIP_TRACE;
      g_ptr_array_add (rows, row);
    }
  return rows;
}

static void
check_places (const OrrStripPlace *places, guint n, guint placed, double height)
{
  double bottom = 0.0;
  guint seen = 0;

  for (guint i = 0; i < n; i++)
    {
      if (places[i].height == 0.0)
        continue;
      seen++;
      g_assert_cmpfloat (places[i].height, >=, 14.0);
      g_assert_cmpfloat (places[i].y, >=, bottom);
      bottom = places[i].y + places[i].height;
      g_assert_cmpfloat (bottom, <=, height);
    }
  g_assert_cmpuint (seen, ==, placed);
}

/* Rows never overlap and stay above the axis; what has no room is left out from below. */
static void
test_layout (void)
{
  for (guint n = 1; n < 16; n++)
    for (double height = 60.0; height < 400.0; height += 17.0)
      {
        g_autoptr (GPtrArray) rows = create_rows (n);
        const OrrStripGeometry geometry = { .left = 90, .right = 500, .bottom = height, .end = 100 };
        OrrStripPlace places[16];
        guint placed = orr_strip_layout (rows, &geometry, places);
        g_assert_cmpuint (placed, >=, 1);
        g_assert_cmpuint (placed, <=, n);
        check_places (places, n, placed, height);
        if (height > 42.0 + 20.0 * n)
          g_assert_cmpuint (placed, ==, n);
      }
}

/* Whatever is out of sight comes into it: scrolled step by step, every trace is seen, the bands always. */
static void
test_scrolled (void)
{
  g_autoptr (GPtrArray) rows = create_rows (24);
  OrrStripPlace places[24];
  gboolean seen[24] = { FALSE };

  for (guint first = 0; first < 21; first++)
    {
      const OrrStripGeometry geometry = { .left = 90, .right = 500, .bottom = 190.0, .end = 100, .first_trace = first };
      guint placed = orr_strip_layout (rows, &geometry, places);

      check_places (places, 24, placed, 190.0);
      g_assert_cmpuint (placed, <, 24);
      g_assert_cmpuint (placed, >=, 7);
      for (guint i = 0; i < 24; i++)
        seen[i] |= places[i].height > 0.0;
      for (guint i = 0; i < 3; i++)
        g_assert_cmpfloat (places[i].height, >, 0.0);
      if (first <= 24 - placed)
        g_assert_cmpfloat (places[3 + first].height, >, 0.0);
    }
  for (guint i = 0; i < 24; i++)
    g_assert_true (seen[i]);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/strip-rows/decimate", test_decimate);
  g_test_add_func ("/strip-rows/colours", test_mean_colour_and_changes);
  g_test_add_func ("/strip-rows/session", test_rows_of_session);
  g_test_add_func ("/strip-rows/layout", test_layout);
  g_test_add_func ("/strip-rows/scrolled", test_scrolled);
  return g_test_run ();
}
