/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-document.h"
#include "orr-hmm-presets.h"
#include "orr-section.h"

static OrrDocument *
new_document (void)
{
  g_autoptr (OrrHmm) hmm = orr_hmm_preset_create (orr_hmm_preset_find ("three"));
  g_autoptr (OrrStudy) study = orr_study_new ("three", hmm);
  return orr_document_new (study);
}

static void
edit_start (OrrDocument *document, double value, const char *merge_key)
{
  g_autoptr (OrrHmm) hmm = orr_hmm_copy (orr_document_get_hmm (document));

  hmm->start[0] = value;
  orr_document_edit_hmm (document, hmm, "Edit start", merge_key);
}

static double
get_start (OrrDocument *document)
{
  return orr_document_get_hmm (document)->start[0];
}

static void
test_undo_redo (void)
{
  g_autoptr (OrrDocument) document = new_document ();
  double before = get_start (document);

  g_assert_false (orr_document_undo (document));
  g_assert_false (orr_document_get_modified (document));

  edit_start (document, 0.1, NULL);
  edit_start (document, 0.2, NULL);
  g_assert_true (orr_document_get_modified (document));
  g_assert_cmpstr (orr_document_get_undo_label (document), ==, "Edit start");
  g_assert_true (orr_document_undo (document));
  g_assert_cmpfloat (get_start (document), ==, 0.1);
  g_assert_true (orr_document_undo (document));
  g_assert_cmpfloat (get_start (document), ==, before);
  g_assert_false (orr_document_get_modified (document));
  g_assert_true (orr_document_redo (document));
  g_assert_true (orr_document_redo (document));
  g_assert_false (orr_document_redo (document));
  g_assert_cmpfloat (get_start (document), ==, 0.2);

  /* A new edit after undo forgets what was undone. */
  orr_document_undo (document);
  edit_start (document, 0.5, NULL);
  g_assert_false (orr_document_get_can_redo (document));
}

static void
test_merge (void)
{
  g_autoptr (OrrDocument) document = new_document ();
  double before = get_start (document);

  for (int i = 1; i <= 20; i++)
    edit_start (document, i / 100.0, "drag");
  orr_document_end_merge (document);
  edit_start (document, 0.9, "drag");
  orr_document_undo (document);
  g_assert_cmpfloat (get_start (document), ==, 0.2);
  orr_document_undo (document);
  g_assert_cmpfloat (get_start (document), ==, before);
  g_assert_false (orr_document_get_can_undo (document));
}

static GVariant *
new_section (double value)
{
  GVariantDict dict;

  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "x", "d", value);
  return g_variant_dict_end (&dict);
}

static double
get_section_value (OrrDocument *document, const char *id)
{
  OrrRun *run = orr_study_find_run (orr_document_get_study (document), id);
  g_autoptr (GVariant) section = run != NULL ? orr_run_get_section (run, "match") : NULL;
  return orr_section_get_double (section, "x", -1.0);
}

/* A result that arrives after an edit stays when the edit is undone. */
static void
test_results_survive_undo (void)
{
  g_autoptr (OrrDocument) document = new_document ();
  g_autoptr (OrrNetwork) network = orr_network_new_random (4, 2, 3, FALSE, 1);
  g_autoptr (OrrRun) run = orr_run_new ("net", network, NULL);

  orr_document_add_run (document, run, "Train network");
  edit_start (document, 0.7, NULL);
  orr_document_set_section (document, run->id, "match", new_section (3.5));
  g_assert_cmpfloat (get_section_value (document, run->id), ==, 3.5);
  orr_document_undo (document);
  g_assert_cmpfloat (get_section_value (document, run->id), ==, 3.5);

  /* The network itself can be undone; its result waits for the redo. */
  orr_document_undo (document);
  g_assert_null (orr_study_find_run (orr_document_get_study (document), run->id));
  orr_document_set_section (document, run->id, "match", new_section (4.5));
  orr_document_redo (document);
  g_assert_cmpfloat (get_section_value (document, run->id), ==, 4.5);
}

static void
count_cb (int *count)
{
  (*count)++;
}

static void
test_saved (void)
{
  g_autoptr (OrrDocument) document = new_document ();
  int n_changes = 0;

  g_signal_connect_swapped (document, "notify::study", G_CALLBACK (count_cb), &n_changes);
  edit_start (document, 0.3, NULL);
  g_autoptr (OrrStudy) written = orr_study_ref (orr_document_get_study (document));
  edit_start (document, 0.4, NULL);
  orr_document_set_saved (document, written);
  g_assert_true (orr_document_get_modified (document));
  orr_document_undo (document);
  g_assert_false (orr_document_get_modified (document));
  g_assert_cmpint (n_changes, ==, 3);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/document/undo-redo", test_undo_redo);
  g_test_add_func ("/document/merge", test_merge);
  g_test_add_func ("/document/results-survive-undo", test_results_survive_undo);
  g_test_add_func ("/document/saved", test_saved);
  return g_test_run ();
}
