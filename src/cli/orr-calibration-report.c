/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-calibration-report.h"

#include "orr-cli-model.h"
#include "orr-error.h"
#include "orr-agent-outcome.h"

static GVariant *
calibration_section (const char *values, OrrObjective objective, const OrrCalibration *c)
{
  GVariantBuilder bins;
  GVariantDict dict;

  g_variant_builder_init (&bins, G_VARIANT_TYPE ("aa{sv}"));
  for (guint b = 0; b < ORR_CALIBRATION_BINS; b++)
    {
      GVariantDict bin;
      g_variant_dict_init (&bin, NULL);
      g_variant_dict_insert (&bin, "actions", "x", (gint64) c->bins[b].n);
      g_variant_dict_insert (&bin, "predicted", "d", c->bins[b].predicted);
      g_variant_dict_insert (&bin, "realised", "d", c->bins[b].realised);
      g_variant_builder_add_value (&bins, g_variant_dict_end (&bin));
    }
  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "values", "s", values);
  g_variant_dict_insert (&dict, "objective", "s", orr_objective_name (objective));
  g_variant_dict_insert (&dict, "actions", "x", (gint64) c->n);
  g_variant_dict_insert (&dict, "expected_calibration_error", "d", c->error);
  g_variant_dict_insert (&dict, "mean_predicted", "d", c->predicted);
  g_variant_dict_insert (&dict, "mean_realised", "d", c->realised);
  g_variant_dict_insert (&dict, "correlation", "d", c->correlation);
  g_variant_dict_insert_value (&dict, "bins", g_variant_builder_end (&bins));
  return g_variant_dict_end (&dict);
}

static void
print_calibration (OrrCli *cli, const char *values, OrrObjective objective, const OrrCalibration *c)
{
  orr_cli_print (cli, "%s (%s): expected calibration error %.3f, correlation %.2f, %u actions\n", values,
                 orr_objective_name (objective), c->error, c->correlation, c->n);
  orr_cli_print (cli, "  %12s %8s %10s %10s\n", "predicted R2", "actions", "predicted", "realised");
  for (guint b = 0; b < ORR_CALIBRATION_BINS; b++)
    if (c->bins[b].n > 0)
      orr_cli_print (cli, "    %.1f to %.1f %8u %10.3f %10.3f\n", b / 10.0, (b + 1) / 10.0, c->bins[b].n, c->bins[b].predicted,
                     c->bins[b].realised);
  orr_cli_print (cli, "\n");
}

/**
 * orr_calibration_report:
 * @n: actions to follow to their end
 *
 * Says whether the R2 that the agent predicts comes true, on skeletons it was never trained on.
 */
gboolean
orr_calibration_report (OrrCli *cli, const OrrAgent *agent, guint n, guint64 seed, GError **error)
{
  GVariantBuilder list;
  GVariantDict dict;

  if (agent == NULL)
    {
      g_set_error_literal (error, ORR_ERROR, ORR_ERROR_INPUT, "There is no agent whose values could be checked");
      return FALSE;
    }
  g_autoptr (GArray) rollouts = orr_agent_outcomes_make (agent, ORR_SPLIT_HELD_OUT, n, 5000 + seed, orr_cli_get_threads (cli), NULL,
                                                   orr_cli_get_progress (cli), error);
  if (rollouts == NULL)
    return FALSE;
  const OrrCalibration first = orr_agent_outcomes_measure (rollouts, G_STRUCT_OFFSET (OrrAgentOutcome, probability));
  const OrrCalibration second = orr_agent_outcomes_measure (rollouts, G_STRUCT_OFFSET (OrrAgentOutcome, expected));
  gboolean has_second = agent->n_expected > 0;

  if (!orr_cli_wants_json (cli))
    {
      print_calibration (cli, "choice", agent->objective, &first);
      if (has_second)
        print_calibration (cli, "expected R2", agent->expected_objective, &second);
      return TRUE;
    }
  g_variant_builder_init (&list, G_VARIANT_TYPE ("aa{sv}"));
  g_variant_builder_add_value (&list, calibration_section ("choice", agent->objective, &first));
  if (has_second)
    g_variant_builder_add_value (&list, calibration_section ("expected R2", agent->expected_objective, &second));
  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert_value (&dict, "calibration", g_variant_builder_end (&list));
  g_autoptr (GVariant) section = g_variant_ref_sink (g_variant_dict_end (&dict));
  orr_cli_print_json (cli, section);
  return TRUE;
}
