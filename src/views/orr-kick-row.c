/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-kick-row.h"

#include <math.h>

#include "orr-figure-csv.h"
#include "orr-section-series.h"
#include "orr-section.h"

G_DEFINE_FINAL_TYPE (OrrKickRow, orr_kick_row, G_TYPE_OBJECT)

static void
orr_kick_row_finalize (GObject *object)
{
  g_free (ORR_KICK_ROW (object)->direction);
  G_OBJECT_CLASS (orr_kick_row_parent_class)->finalize (object);
}

static void
orr_kick_row_class_init (OrrKickRowClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = orr_kick_row_finalize;
}

static void
orr_kick_row_init (OrrKickRow *self)
{
}

static double
value_at (const double *values, gsize n, gsize i)
{
  return values != NULL && i < n ? values[i] : NAN;
}

static void
add_group (GListStore *store, GVariant *group, const OrrHmm *hmm)
{
  gsize n, n_effects, n_aucs, n_times, n_stable;
  g_autofree double *units = orr_section_dup_doubles (group, "units", &n);
  g_autofree double *effects = orr_section_dup_doubles (group, "unit_effects", &n_effects);
  g_autofree double *aucs = orr_section_dup_doubles (group, "unit_auc", &n_aucs);
  g_autofree double *times = orr_section_dup_doubles (group, "crossing_time", &n_times);
  g_autofree double *stable = orr_section_dup_doubles (group, "unit_stability", &n_stable);
  double half = orr_section_get_double (group, "overlap_other_half", NAN);
  guint from = orr_section_get_int (group, "from", 0), to = orr_section_get_int (group, "to", 0);
  char **names = hmm != NULL ? hmm->symbol_names : NULL;
  g_autofree char *left = orr_section_symbol_name (names, hmm != NULL ? hmm->n_symbols : 0, from);
  g_autofree char *right = orr_section_symbol_name (names, hmm != NULL ? hmm->n_symbols : 0, to);

  for (gsize i = 0; i < n; i++)
    {
      g_autoptr (OrrKickRow) row = g_object_new (ORR_TYPE_KICK_ROW, NULL);

      row->direction = g_strdup_printf ("%s \342\206\222 %s", left, right);
      row->from = from;
      row->to = to;
      row->unit = units[i];
      row->effect = value_at (effects, n_effects, i);
      row->auc = value_at (aucs, n_aucs, i);
      row->crossing_time = value_at (times, n_times, i);
      row->ratio = orr_section_get_double (group, "rate_ratio", NAN);
      row->control_ratio = orr_section_get_double (group, "control_rate", NAN)
                           / orr_section_get_double (group, "rate_nominal", NAN);
      row->stability = stable != NULL ? value_at (stable, n_stable, i) : half;
      row->p_value = orr_section_get_double (group, "p_value", NAN);
      g_list_store_append (store, row);
    }
}

/**
 * orr_kick_rows_fill:
 * @store: of #OrrKickRow; what was in it goes
 * @section: (nullable): the section "kick_neurons"
 * @hmm: (nullable): gives the symbols their names
 */
void
orr_kick_rows_fill (GListStore *store, GVariant *section, const OrrHmm *hmm)
{
  g_autoptr (GVariant) groups = orr_section_get_child (section, "groups");

  g_list_store_remove_all (store);
  for (gsize g = 0; groups != NULL && g < g_variant_n_children (groups); g++)
    {
      g_autoptr (GVariant) group = g_variant_get_child_value (groups, g);
      add_group (store, group, hmm);
    }
}

/* (transfer full) */
char *
orr_kick_rows_to_csv (GListModel *rows)
{
  GString *csv = g_string_new ("direction,unit,effect,auc,crossing_time,group_rate_ratio,random_rate_ratio,p_value,stability\n");

  for (guint i = 0; i < g_list_model_get_n_items (rows); i++)
    {
      g_autoptr (OrrKickRow) row = g_list_model_get_item (rows, i);
      const double values[] = { row->unit, row->effect, row->auc, row->crossing_time, row->ratio, row->control_ratio,
                                row->p_value, row->stability };

      orr_csv_append (csv, row->direction);
      for (guint k = 0; k < G_N_ELEMENTS (values); k++)
        {
          g_string_append_c (csv, ',');
          orr_csv_append_number (csv, values[k]);
        }
      g_string_append_c (csv, '\n');
    }
  return g_string_free (csv, FALSE);
}
