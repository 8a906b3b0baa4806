/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "orr-analysis-settings.h"
#include "orr-error.h"
#include "orr-findings.h"
#include "orr-run-analysis.h"
#include "orr-section.h"

static OrrRun *
new_run (const char *preset, guint64 seed)
{
  g_autoptr (OrrHmm) hmm = orr_hmm_preset_create (orr_hmm_preset_find (preset));
  g_autoptr (OrrNetwork) network = orr_network_new_random (16, 4, 3, FALSE, seed);
  return orr_run_new (preset, network, hmm);
}

static OrrRun *
take_section (OrrRun *run, const char *name, GVariantDict *dict)
{
  OrrRun *next = orr_run_with_section (run, name, g_variant_dict_end (dict));

  orr_run_unref (run);
  return next;
}

static OrrRun *
add_variance (OrrRun *run, double first, double second)
{
  const double ratio[3] = { first, second, 0.01 };
  GVariantDict dict;

  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert_value (&dict, "explained_variance_ratio", orr_section_new_doubles (ratio, 3));
  return take_section (run, "state_space", &dict);
}

static OrrRun *
add_kick_group (OrrRun *run, double first_unit)
{
  const double units[2] = { first_unit, 7 };
  GVariantBuilder groups;
  GVariantDict group, dict;

  g_variant_dict_init (&group, NULL);
  g_variant_dict_insert (&group, "from", "i", 0);
  g_variant_dict_insert (&group, "to", "i", 2);
  g_variant_dict_insert (&group, "rate_nominal", "d", 0.1);
  g_variant_dict_insert (&group, "control_rate", "d", 0.09);
  g_variant_dict_insert (&group, "rate_ratio", "d", 0.05);
  g_variant_dict_insert (&group, "p_value", "d", 0.005);
  g_variant_dict_insert_value (&group, "units", orr_section_new_doubles (units, 2));
  g_variant_builder_init (&groups, G_VARIANT_TYPE ("aa{sv}"));
  g_variant_builder_add_value (&groups, g_variant_dict_end (&group));
  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert_value (&dict, "groups", g_variant_builder_end (&groups));
  return take_section (run, "kick_neurons", &dict);
}

static const OrrFinding *
find (GPtrArray *findings, const char *key)
{
  for (guint i = 0; i < findings->len; i++)
    if (g_str_equal (((OrrFinding *) findings->pdata[i])->key, key))
      return findings->pdata[i];
  g_assert_not_reached ();
}

static void
test_findings (void)
{
  g_autoptr (OrrRun) run = add_kick_group (add_variance (new_run ("two", 1), 0.50, 0.19), 3);
  g_autoptr (GPtrArray) findings = orr_findings_new (run, run->hmm);
  const OrrFinding *variance = find (findings, "explained_variance"), *kicks = find (findings, "kick_groups");

  g_assert_cmpfloat_with_epsilon (variance->value, 0.69, 1e-12);
  g_assert_cmpstr (variance->text, ==, "PC1 50 %, PC2 19 %");
  g_assert_cmpstr (variance->published, ==, "PC1 56 %, PC2 14 %");
  g_assert_false (variance->differs); /* 0.69 of 0.70 */
  g_assert_cmpstr (kicks->text, ==, "1 \342\206\222 3: 2 units leave 5 % of the rate (random groups 90 %), p = 0.005");
  g_assert_true (kicks->differs); /* two units a group, not three */
  g_assert_nonnull (kicks->remark);
  g_assert_true (isnan (find (findings, "resonance")->value));
  g_assert_null (find (findings, "resonance")->published);
}

/* Another model has no published figure of its own; all networks have the same rows. */
static void
test_table (void)
{
  g_autoptr (OrrRun) two = add_variance (new_run ("two", 1), 0.2, 0.1), three = add_variance (new_run ("three", 2), 0.2, 0.1);
  g_autoptr (GPtrArray) names = g_ptr_array_new (), findings = g_ptr_array_new_with_free_func ((GDestroyNotify) g_ptr_array_unref);

  g_ptr_array_add (names, (gpointer) "a|b");
  g_ptr_array_add (names, (gpointer) "three");
  g_ptr_array_add (findings, orr_findings_new (two, two->hmm));
  g_ptr_array_add (findings, orr_findings_new (three, three->hmm));
  g_autofree char *markdown = orr_findings_to_markdown (names, findings), *csv = orr_findings_to_csv (names, findings);
  g_autoptr (GVariant) section = orr_findings_to_section (names, findings);
  g_auto (GStrv) lines = g_strsplit (csv, "\n", -1);

  g_assert_nonnull (strstr (markdown, "| | a\\|b | three |\n| --- | --- | --- |\n"));
  g_assert_nonnull (strstr (markdown, "| Explained variance | \342\211\240 PC1 20 %, PC2 10 %<br>*published: PC1 56 %, PC2 14 %* | "
                                      "PC1 20 %, PC2 10 % |\n"));
  g_assert_cmpuint (g_strv_length (lines), ==, 2 + 2 * ((GPtrArray *) findings->pdata[0])->len);
  g_assert_nonnull (strstr (csv, "\"three\",explained_variance,0.3,,,\"PC1 20 %, PC2 10 %\",\"\",0\n"));
  g_autoptr (GVariant) networks = orr_section_get_child (section, "networks");
  g_autoptr (GVariant) first = g_variant_get_child_value (networks, 0);
  g_autoptr (GVariant) variance = orr_section_get_child (first, "explained_variance");
  g_assert_true (orr_section_get_boolean (variance, "differs", FALSE));
}

/* A result knows what it rests on. */
static void
test_freshness (void)
{
  g_autoptr (OrrRun) run = add_kick_group (new_run ("three", 1), 3);
  g_autoptr (GError) error = NULL;
  OrrAnalysisOptions options;

  orr_run_analysis_options (run, "composition", &options);
  options.n_steps = 500;
  options.min_stretch = 7;
  g_autoptr (GVariant) section =
    orr_run_analyze (run, run->hmm, orr_analysis_find ("composition"), &options, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (ABS (orr_section_get_computed (section) - g_get_real_time () / G_USEC_PER_SEC), <, 600);
  g_autoptr (OrrRun) done = orr_run_with_section (run, "composition", section);
  g_assert_cmpint (orr_run_check_section (done, run->hmm, "composition"), ==, ORR_SECTION_FRESH);

  /* the settings that it was done with are those for the next time */
  orr_run_analysis_options (done, "composition", &options);
  g_assert_cmpuint (options.n_steps, ==, 500);
  g_assert_cmpuint (options.min_stretch, ==, 7);
  orr_run_analysis_options (done, "orbit", &options);
  g_assert_cmpuint (options.n_steps, ==, 30000);

  g_autoptr (OrrRun) other_kicks = add_kick_group (orr_run_copy (done), 4);
  g_assert_cmpint (orr_run_check_section (other_kicks, run->hmm, "composition"), ==, ORR_SECTION_OTHER_KICKS);
  g_autoptr (OrrRun) same_kicks = add_kick_group (orr_run_copy (done), 3);
  g_assert_cmpint (orr_run_check_section (same_kicks, run->hmm, "composition"), ==, ORR_SECTION_FRESH);

  g_autoptr (OrrRun) other = new_run ("three", 2);
  g_autoptr (OrrRun) moved = orr_run_with_section (other, "composition", section);
  g_assert_cmpint (orr_run_check_section (moved, run->hmm, "composition"), ==, ORR_SECTION_OTHER_NETWORK);

  /* one from before results told what they rest on */
  g_autoptr (OrrRun) old = add_variance (new_run ("three", 1), 0.5, 0.1);
  g_assert_cmpint (orr_run_check_section (old, run->hmm, "state_space"), ==, ORR_SECTION_FRESH);
}

static void
test_model (void)
{
  g_autoptr (OrrRun) run = new_run ("three", 1);
  g_autoptr (OrrHmm) other = orr_hmm_copy (run->hmm);
  g_autoptr (GError) error = NULL;
  OrrAnalysisOptions options;

  orr_run_analysis_options (run, "resonance", &options);
  options.n_steps = 500;
  g_autoptr (GVariant) section = orr_run_analyze (run, run->hmm, orr_analysis_find ("resonance"), &options, NULL, &error);
  g_assert_no_error (error);
  g_autoptr (OrrRun) done = orr_run_with_section (run, "resonance", section);
  g_assert_cmpint (orr_run_check_section (done, run->hmm, "resonance"), ==, ORR_SECTION_FRESH);
  other->transition[0] = 0.5;
  g_assert_cmpint (orr_run_check_section (done, other, "resonance"), ==, ORR_SECTION_OTHER_MODEL);
}

/* Every setting can be read back, stays in its range, and belongs to an analysis. */
static void
test_settings (void)
{
  guint n;
  const OrrAnalysisSetting *settings = orr_analysis_settings (&n);

  for (guint i = 0; i < n; i++)
    {
      OrrAnalysisOptions options;

      orr_analysis_options_init (&options);
      g_assert_cmpfloat (orr_analysis_setting_get (&settings[i], &options), ==, settings[i].standard);
      orr_analysis_setting_set (&settings[i], &options, settings[i].low);
      g_assert_cmpfloat (orr_analysis_setting_get (&settings[i], &options), ==, settings[i].low);
      orr_analysis_setting_set (&settings[i], &options, 1e30);
      g_assert_cmpfloat (orr_analysis_setting_get (&settings[i], &options), ==, settings[i].high);
      g_assert_true (settings[i].analysis == NULL || orr_analysis_find (settings[i].analysis) != NULL);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/study/findings/findings", test_findings);
  g_test_add_func ("/study/findings/table", test_table);
  g_test_add_func ("/study/findings/freshness", test_freshness);
  g_test_add_func ("/study/findings/model", test_model);
  g_test_add_func ("/study/findings/settings", test_settings);
  return g_test_run ();
}
