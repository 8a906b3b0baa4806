/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-hmm-geometry.h"

#include <math.h>
#include <string.h>

#include "orr-hmm-edit.h"
#include "orr-hmm-presets.h"

/* A label of about 12 pixels at 100 %. */
#define CHAR_WIDTH (6.7 / ORR_HMM_PIXELS_PER_UNIT)
#define LABEL_HEIGHT (14.4 / ORR_HMM_PIXELS_PER_UNIT)
#define TOLERANCE (6.0 / ORR_HMM_PIXELS_PER_UNIT)

static OrrHmm *
preset (const char *id)
{
  return orr_hmm_preset_create (orr_hmm_preset_find (id));
}

static double
distance_to_state (const OrrHmm *hmm, guint state, double x, double y)
{
  return hypot (x - hmm->positions[2 * state], y - hmm->positions[2 * state + 1]);
}

static void
test_arrows_join_rims (void)
{
  guint n;
  const OrrHmmPreset *presets = orr_hmm_presets (&n);

  for (guint p = 0; p < n; p++)
    {
      g_autoptr (OrrHmm) hmm = orr_hmm_preset_create (presets + p);
      g_autoptr (OrrHmmGeometry) geometry = orr_hmm_geometry_new (hmm, CHAR_WIDTH, LABEL_HEIGHT);

      for (guint a = 0; a < geometry->n_arrows; a++)
        {
          const OrrHmmArrow *arrow = geometry->arrows + a;

          g_assert_cmpfloat_with_epsilon (distance_to_state (hmm, arrow->from, arrow->x[0], arrow->y[0]),
                                          ORR_HMM_NODE_RADIUS, 1e-9);
          g_assert_cmpfloat_with_epsilon (distance_to_state (hmm, arrow->to, arrow->x[3], arrow->y[3]),
                                          ORR_HMM_NODE_RADIUS, 1e-9);
          for (guint i = 1; i < 20; i++)
            for (guint k = 0; k < hmm->n_states; k++)
              {
                double x, y;

                orr_hmm_arrow_point (arrow, i / 20.0, &x, &y);
                g_assert_cmpfloat (distance_to_state (hmm, k, x, y), >, ORR_HMM_NODE_RADIUS);
              }
        }
    }
}

/* In every preset each label is shown, off the nodes, and off the other labels. */
static void
test_labels_keep_apart (void)
{
  guint n;
  const OrrHmmPreset *presets = orr_hmm_presets (&n);

  for (guint p = 0; p < n; p++)
    {
      g_autoptr (OrrHmm) hmm = orr_hmm_preset_create (presets + p);
      g_autoptr (OrrHmmGeometry) geometry = orr_hmm_geometry_new (hmm, CHAR_WIDTH, LABEL_HEIGHT);

      for (guint a = 0; a < geometry->n_arrows; a++)
        {
          const OrrHmmArrow *arrow = geometry->arrows + a;

          g_assert_true (arrow->label_fits);
          for (guint k = 0; k < hmm->n_states; k++)
            {
              double dx = fmax (fabs (arrow->label_x - hmm->positions[2 * k]) - 0.5 * arrow->label_width, 0);
              double dy = fmax (fabs (arrow->label_y - hmm->positions[2 * k + 1]) - 0.5 * LABEL_HEIGHT, 0);

              g_assert_cmpfloat (hypot (dx, dy), >=, ORR_HMM_NODE_RADIUS);
            }
          for (guint b = 0; b < a; b++)
            {
              const OrrHmmArrow *other = geometry->arrows + b;

              g_assert_true (fabs (arrow->label_x - other->label_x) >=
                                 0.5 * (arrow->label_width + other->label_width) ||
                             fabs (arrow->label_y - other->label_y) >= LABEL_HEIGHT);
            }
        }
    }
}

/* An arrow from one end of a straight row to the other goes round the states between. */
static void
test_arrows_go_round_nodes (void)
{
  g_autoptr (OrrHmm) hmm = orr_hmm_new (4, 2);

  for (guint i = 0; i < 4; i++)
    {
      hmm->positions[2 * i] = 1.25 * i;
      hmm->positions[2 * i + 1] = 0.0;
    }

  g_autoptr (OrrHmm) linked = orr_hmm_add_transition (hmm, 0, 3, NULL);
  g_autoptr (OrrHmmGeometry) geometry = orr_hmm_geometry_new (linked, CHAR_WIDTH, LABEL_HEIGHT);
  const OrrHmmArrow *arrow = orr_hmm_geometry_find_arrow (geometry, 0, 3);

  g_assert_nonnull (arrow);
  g_assert_null (orr_hmm_geometry_find_arrow (geometry, 3, 0));
  for (guint i = 1; i < 40; i++)
    for (guint k = 1; k < 3; k++)
      {
        double x, y;

        orr_hmm_arrow_point (arrow, i / 40.0, &x, &y);
        g_assert_cmpfloat (distance_to_state (linked, k, x, y), >, ORR_HMM_NODE_RADIUS);
      }
}

static void
test_pairs_and_widths (void)
{
  g_autoptr (OrrHmm) hmm = preset ("fully-connected");
  g_autoptr (OrrHmm) edited = orr_hmm_set_transition (hmm, 0, 1, 0.4, NULL);
  g_autoptr (OrrHmmGeometry) geometry = orr_hmm_geometry_new (edited, CHAR_WIDTH, LABEL_HEIGHT);
  const OrrHmmArrow *there = orr_hmm_geometry_find_arrow (geometry, 0, 1);
  const OrrHmmArrow *back = orr_hmm_geometry_find_arrow (geometry, 1, 0);
  double x0, y0, x1, y1;

  orr_hmm_arrow_point (there, 0.5, &x0, &y0);
  orr_hmm_arrow_point (back, 0.5, &x1, &y1);
  g_assert_cmpfloat (hypot (x1 - x0, y1 - y0), >, 0.3);
  g_assert_cmpfloat (there->width, >, 1.5 * back->width);
  g_assert_cmpstr (there->label, ==, "0.40");
}

static void
assert_hit (const OrrHmmGeometry *geometry, double x, double y, OrrHmmPart part, int state, int to,
            int symbol)
{
  OrrHmmHit hit = orr_hmm_geometry_hit (geometry, x, y, TOLERANCE);

  g_assert_cmpint (hit.part, ==, part);
  g_assert_cmpint (hit.state, ==, state);
  g_assert_cmpint (hit.to, ==, to);
  g_assert_cmpint (hit.symbol, ==, symbol);
}

static void
test_hits (void)
{
  g_autoptr (OrrHmm) hmm = preset ("fully-connected");
  g_autoptr (OrrHmmGeometry) geometry = orr_hmm_geometry_new (hmm, CHAR_WIDTH, LABEL_HEIGHT);

  for (int i = 0; i < 3; i++)
    {
      double x = hmm->positions[2 * i], y = hmm->positions[2 * i + 1];

      /* The middle of a node always moves it, even where its middle bar is full. */
      assert_hit (geometry, x, y, ORR_HMM_PART_STATE, i, -1, -1);
      assert_hit (geometry, x, y - 0.5 * ORR_HMM_NODE_RADIUS, ORR_HMM_PART_STATE, i, -1, -1);
      assert_hit (geometry, x, y - 0.97 * ORR_HMM_NODE_RADIUS, ORR_HMM_PART_RIM, i, -1, -1);
      for (int k = 0; k < 3; k++)
        {
          OrrHmmBox bar = orr_hmm_geometry_bar (geometry, i, k);

          assert_hit (geometry, bar.x + 0.5 * bar.width, bar.y + 0.5 * bar.height, ORR_HMM_PART_BAR, i, -1,
                      k);
          g_assert_cmpfloat_with_epsilon (orr_hmm_geometry_bar_value (geometry, i, bar.y),
                                          hmm->emission[3 * i + k], 1e-9);
        }
    }
  for (guint a = 0; a < geometry->n_arrows; a++)
    {
      const OrrHmmArrow *arrow = geometry->arrows + a;
      double x, y;

      orr_hmm_arrow_point (arrow, 0.5, &x, &y);
      assert_hit (geometry, x, y, ORR_HMM_PART_TRANSITION, arrow->from, arrow->to, -1);
      assert_hit (geometry, arrow->label_x, arrow->label_y, ORR_HMM_PART_TRANSITION, arrow->from, arrow->to,
                  -1);
    }
  assert_hit (geometry, 5.0, 5.0, ORR_HMM_PART_NONE, -1, -1, -1);
}

static void
test_bounds (void)
{
  g_autoptr (OrrHmm) hmm = preset ("four");
  g_autoptr (OrrHmmGeometry) geometry = orr_hmm_geometry_new (hmm, CHAR_WIDTH, LABEL_HEIGHT);
  OrrHmmBox box = orr_hmm_geometry_bounds (geometry);

  for (guint a = 0; a < geometry->n_arrows; a++)
    {
      const OrrHmmArrow *arrow = geometry->arrows + a;

      g_assert_cmpfloat (arrow->label_x - 0.5 * arrow->label_width, >=, box.x - 1e-9);
      g_assert_cmpfloat (arrow->label_y - 0.5 * LABEL_HEIGHT, >=, box.y - 1e-9);
      g_assert_cmpfloat (arrow->label_x + 0.5 * arrow->label_width, <=, box.x + box.width + 1e-9);
    }
  for (guint i = 0; i < 4; i++)
    g_assert_cmpfloat (hmm->positions[2 * i + 1] + ORR_HMM_NODE_RADIUS, <=, box.y + box.height + 1e-9);
  /* The chain with its loops is wider than its nodes alone. */
  g_assert_cmpfloat (box.width, >, 3 * 1.25 + 2 * ORR_HMM_NODE_RADIUS);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/hmm-geometry/arrows-join-rims", test_arrows_join_rims);
  g_test_add_func ("/hmm-geometry/labels-keep-apart", test_labels_keep_apart);
  g_test_add_func ("/hmm-geometry/arrows-go-round-nodes", test_arrows_go_round_nodes);
  g_test_add_func ("/hmm-geometry/pairs-and-widths", test_pairs_and_widths);
  g_test_add_func ("/hmm-geometry/hits", test_hits);
  g_test_add_func ("/hmm-geometry/bounds", test_bounds);
  return g_test_run ();
}
