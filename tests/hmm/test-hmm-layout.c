/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-hmm-layout.h"

#include <math.h>
#include <string.h>

#include "orr-hmm-dot.h"
#include "orr-hmm-presets.h"

#define AT(hmm, i) ((hmm)->positions + 2 * (i))

static void
link_states (OrrHmm *hmm, guint i, guint j)
{
  hmm->transition[i * hmm->n_states + j] = 0.5;
}

static double
turn (const double *a, const double *b, const double *c)
{
  return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
}

static guint
count_crossings (const OrrHmm *hmm)
{
  guint S = hmm->n_states, n = 0, crossings = 0;
  g_autofree guint *ends = g_new (guint, 2 * S * S);

  for (guint i = 0; i < S; i++)
    for (guint j = 0; j < i; j++)
      if (hmm->transition[i * S + j] > 0.0 || hmm->transition[j * S + i] > 0.0)
        {
          ends[2 * n] = i;
          ends[2 * n++ + 1] = j;
        }
  for (guint e = 0; e < n; e++)
    for (guint f = 0; f < e; f++)
      {
        const double *a = AT (hmm, ends[2 * e]), *b = AT (hmm, ends[2 * e + 1]);
        const double *c = AT (hmm, ends[2 * f]), *d = AT (hmm, ends[2 * f + 1]);

        if (a != c && a != d && b != c && b != d)
          crossings += turn (a, b, c) * turn (a, b, d) < 0.0 && turn (c, d, a) * turn (c, d, b) < 0.0;
      }
  return crossings;
}

static void
assert_apart (const OrrHmm *hmm)
{
  for (guint i = 0; i < hmm->n_states; i++)
    for (guint j = 0; j < i; j++)
      g_assert_cmpfloat (hypot (AT (hmm, i)[0] - AT (hmm, j)[0], AT (hmm, i)[1] - AT (hmm, j)[1]), >, 0.9);
}

/* Chains and rings of any length, their states numbered without order. */
static void
test_chains_and_rings (void)
{
  for (guint S = 2; S <= 40; S++)
    for (guint ring = 0; ring < 2; ring++)
      {
        g_autoptr (OrrHmm) hmm = orr_hmm_new (S, 2);
        guint stride = S % 7 != 0 ? 7 : 5;

        if (S % stride == 0)
          stride = 1;
        for (guint i = 0; i < S - 1 + ring; i++)
          link_states (hmm, i * stride % S, (i + 1) * stride % S);

        g_autoptr (OrrHmm) placed = orr_hmm_layout (hmm);
        assert_apart (placed);
        g_assert_cmpuint (count_crossings (placed), ==, 0);
        for (guint i = 0; i < S - 1; i++)
          {
            const double *a = AT (placed, i * stride % S), *b = AT (placed, (i + 1) * stride % S);

            g_assert_cmpfloat (hypot (a[0] - b[0], a[1] - b[1]), <, 2.6);
          }
      }
}

static void
test_tree (void)
{
  g_autoptr (OrrHmm) hmm = orr_hmm_new (15, 2);

  for (guint i = 1; i < 15; i++)
    link_states (hmm, (i - 1) / 2, i);

  g_autoptr (OrrHmm) placed = orr_hmm_layout (hmm);
  g_autoptr (OrrHmm) again = orr_hmm_layout (hmm);

  assert_apart (placed);
  g_assert_cmpuint (count_crossings (placed), ==, 0);
  g_assert_true (orr_hmm_equal (placed, again));
}

static void
test_parts_stand_apart (void)
{
  g_autoptr (OrrHmm) hmm = orr_hmm_new (12, 2);

  for (guint i = 0; i < 4; i++)
    for (guint j = 0; j < 4; j++)
      if (i != j)
        link_states (hmm, i, j);
  for (guint i = 5; i < 9; i++)
    link_states (hmm, i, i + 1);

  g_autoptr (OrrHmm) placed = orr_hmm_layout (hmm);
  assert_apart (placed);
  g_assert_cmpint (memcmp (hmm->transition, placed->transition, 144 * sizeof (double)), ==, 0);
}

static void
test_dot (void)
{
  g_autoptr (OrrHmm) hmm = orr_hmm_preset_create (orr_hmm_preset_find ("three"));

  g_free (hmm->state_names[1]);
  hmm->state_names[1] = g_strdup ("a \"b\"");
  hmm->locked[1] = 1;
  hmm->colours[2] = 0x3584e4;

  g_autofree char *dot = orr_hmm_to_dot (hmm);
  g_assert_true (g_str_has_prefix (dot, "digraph hmm {\n"));
  g_assert_nonnull (strstr (dot, "s1 -> s2 [label=\"0.2236\", penwidth=1.28, style=dashed];"));
  g_assert_nonnull (strstr (dot, "fillcolor=\"#3584e4\""));
  g_assert_nonnull (strstr (dot, "[label=\"a \\\"b\\\"\n1: 0.495\n2: 0.01\n3: 0.495\""));
  g_assert_null (strstr (dot, "s1 -> s3"));
  g_assert_true (g_str_has_suffix (dot, "}\n"));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/hmm-layout/chains-and-rings", test_chains_and_rings);
  g_test_add_func ("/hmm-layout/tree", test_tree);
  g_test_add_func ("/hmm-layout/parts-stand-apart", test_parts_stand_apart);
  g_test_add_func ("/hmm-layout/dot", test_dot);
  return g_test_run ();
}
