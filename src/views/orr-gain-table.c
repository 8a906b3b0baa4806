/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-gain-table.h"

#include <glib/gi18n.h>
#include <math.h>

#include "orr-figure-csv.h"
#include "orr-number.h"
#include "orr-section-series.h"
#include "orr-section.h"

/**
 * OrrGainTable:
 *
 * The read-outs of orr_gain_preview(): each as the network is, with the gains, and with the
 * same gains on random units. What changed more than by chance stands out.
 */
struct _OrrGainTable
{
  GtkWidget parent;

  GtkGrid *grid;
  guint    n_rows;
};

enum
{
  COLUMN_NAME,
  COLUMN_NOMINAL,
  COLUMN_GAINED,
  COLUMN_CONTROL,
  N_COLUMNS,
};

G_DEFINE_FINAL_TYPE (OrrGainTable, orr_gain_table, GTK_TYPE_WIDGET)

static const struct
{
  const char *name, *title, *why;
} readouts[] = {
  { "transition_rate", N_("Transitions"), N_("Changes of the leading symbol (argmax of the logits) per step") },
  { "hazard", N_("Jumps"),
    N_("How often the symbol is left for the other, per step in it (after its third step)") },
  { "volatility", N_("Volatility"), N_("Expected changes of the emitted symbol in one sequence") },
  { "residency", N_("Residency"),
    N_("Steps until the leading symbol changes, at most 50, over all moments") },
  { "frequency", N_("Symbol"), N_("Mean probability of the symbol") },
};

static const char *
get_text (const char *name, gboolean why)
{
  for (guint i = 0; i < G_N_ELEMENTS (readouts); i++)
    if (g_strcmp0 (readouts[i].name, name) == 0)
      return why ? _(readouts[i].why) : _(readouts[i].title);
  return "";
}

/* "Jumps 1 -> 3", "Symbol 2". */
static char *
dup_title (GVariant *readout, const OrrHmm *hmm)
{
  g_autofree char *name = orr_section_dup_string (readout, "name");
  gint64 from = orr_section_get_int (readout, "from", -1), to = orr_section_get_int (readout, "to", -1);
  char **names = hmm != NULL ? hmm->symbol_names : NULL;
  guint n = hmm != NULL ? hmm->n_symbols : 0;
  const char *title = get_text (name, FALSE);

  if (from < 0)
    return g_strdup (title);
  g_autofree char *left = orr_section_symbol_name (names, n, from);
  if (to < 0)
    return g_strdup_printf ("%s %s", title, left);
  g_autofree char *right = orr_section_symbol_name (names, n, to);
  return g_strdup_printf ("%s %s \342\206\222 %s", title, left, right);
}

/* Enough decimals for three figures of numbers of this size. */
static guint
count_decimals (double value)
{
  double size = fabs (value);

  return size >= 10.0 ? 1 : size >= 1.0 ? 2 : 3;
}

static char *
dup_value (double value, GVariant *readout, const char *interval, guint decimals)
{
  gsize n;
  g_autofree double *bounds = interval != NULL ? orr_section_dup_doubles (readout, interval, &n) : NULL;
  double half = bounds != NULL && n == 2 ? 0.5 * (bounds[1] - bounds[0]) : NAN;

  if (!isfinite (value))
    return g_strdup ("\342\200\223");
  g_autofree char *number = orr_number_format_fixed (value, decimals);
  if (!isfinite (half))
    return g_steal_pointer (&number);
  g_autofree char *error = orr_number_format_fixed (half, decimals);
  return g_strdup_printf ("%s <span alpha='60%%' size='smaller'>\302\261 %s</span>", number, error);
}

/* Outside of what as many random units do, and not as before. */
static gboolean
stands_out (GVariant *readout)
{
  gsize n, n_control;
  g_autofree double *gained = orr_section_dup_doubles (readout, "gained_ci", &n);
  g_autofree double *control = orr_section_dup_doubles (readout, "control_range", &n_control);
  double nominal = orr_section_get_double (readout, "nominal", NAN), value = orr_section_get_double (readout, "gained", NAN);

  if (n != 2 || n_control != 2 || !isfinite (nominal) || !isfinite (value))
    return FALSE;
  return (nominal < gained[0] || nominal > gained[1]) && (value < control[0] || value > control[1]);
}

static GtkWidget *
create_label (OrrGainTable *self, guint column, guint row)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), column == COLUMN_NAME ? 0.0 : 1.0);
  gtk_label_set_use_markup (GTK_LABEL (label), TRUE);
  gtk_widget_set_hexpand (label, column == COLUMN_NAME);
  gtk_widget_add_css_class (label, row == 0 ? "dim-label" : "numeric");
  if (row == 0)
    gtk_widget_add_css_class (label, "caption");
  gtk_grid_attach (self->grid, label, column, row, 1, 1);
  return label;
}

static void
set_row (OrrGainTable *self, guint row, const char *const texts[N_COLUMNS], const char *why, gboolean strong)
{
  for (guint column = 0; column < N_COLUMNS; column++)
    {
      GtkWidget *label = gtk_grid_get_child_at (self->grid, column, row);

      if (label == NULL)
        label = create_label (self, column, row);
      gtk_label_set_markup (GTK_LABEL (label), texts[column]);
      gtk_widget_set_tooltip_text (label, why);
      if (strong && (column == COLUMN_GAINED || column == COLUMN_NAME))
        gtk_widget_add_css_class (label, "accent");
      else
        gtk_widget_remove_css_class (label, "accent");
    }
}

static void
set_readout (OrrGainTable *self, guint row, GVariant *readout, const OrrHmm *hmm, int from, int to)
{
  g_autofree char *name = orr_section_dup_string (readout, "name"), *title = dup_title (readout, hmm);
  double nominal = orr_section_get_double (readout, "nominal", NAN), gained = orr_section_get_double (readout, "gained", NAN),
         control = orr_section_get_double (readout, "control", NAN), p = orr_section_get_double (readout, "p_value", NAN);
  guint decimals = count_decimals (fmax (nominal, gained));
  gboolean own = from >= 0 && to >= 0 && orr_section_get_int (readout, "from", -1) == from
                 && orr_section_get_int (readout, "to", -1) == to;
  g_autofree char *escaped = g_markup_escape_text (title, -1);
  g_autofree char *shown = own ? g_strdup_printf ("<b>%s</b>", escaped) : g_strdup (escaped);
  g_autofree char *was = dup_value (nominal, readout, "nominal_ci", decimals);
  g_autofree char *now = dup_value (gained, readout, "gained_ci", decimals);
  g_autofree char *random = dup_value (control, readout, "control_range", decimals);
  g_autofree char *p_text = isnan (p) ? NULL : orr_number_format_fixed (p, 3);
  g_autofree char *why = p_text == NULL ? g_strdup (get_text (name, TRUE))
                                        : g_strdup_printf (_("%s. Share of random groups that change it as far: %s"),
                                                           get_text (name, TRUE), p_text);
  const char *const texts[N_COLUMNS] = { shown, was, now, random };

  set_row (self, row, texts, why, stands_out (readout));
}

/* Critical pairs come a moment later than the others, and without random groups. */
static void
set_pairs (OrrGainTable *self, guint row, GVariant *preview)
{
  double nominal = orr_section_get_double (preview, "critical_pairs_nominal", NAN);
  double gained = orr_section_get_double (preview, "critical_pairs_gained", NAN);
  g_autoptr (GVariant) measured = orr_section_get_child (preview, "critical_pairs_nominal");
  double sd_nominal = orr_section_get_double (preview, "critical_pairs_nominal_sd", NAN);
  double sd_gained = orr_section_get_double (preview, "critical_pairs_gained_sd", NAN);
  const double values[2] = { nominal, gained }, sds[2] = { sd_nominal, sd_gained };
  char *cells[2];

  for (guint i = 0; i < 2; i++)
    {
      g_autofree char *mean = isfinite (values[i]) ? orr_number_format_fixed (values[i], 1) : g_strdup ("\342\200\223");
      g_autofree char *sd = isfinite (sds[i]) ? orr_number_format_fixed (sds[i], 1) : NULL;

      cells[i] = measured == NULL ? g_strdup ("\342\200\246")
                 : sd != NULL     ? g_strdup_printf ("%s <span alpha='60%%' size='smaller'>\302\261 %s</span>", mean, sd)
                                  : g_strdup (mean);
    }
  const char *const row_texts[N_COLUMNS] = { _("Critical pairs"), cells[0], cells[1], "" };
  set_row (self, row, row_texts,
           _("Complex pairs of eigenvalues with |Re w| < 0.1 and Im w > 0.06, w = (z - 1)/(z + 1), summed over the 31 "
             "states around a transition: mean and s.d. over up to 20 transitions"),
           FALSE);
  g_free (cells[0]);
  g_free (cells[1]);
}

/**
 * orr_gain_table_show:
 * @preview: (nullable): a section of orr_gain_preview()
 * @hmm: (nullable): gives the symbols their names
 * @from: symbol of the direction to mark, or -1
 * @to: symbol that comes
 */
void
orr_gain_table_show (OrrGainTable *self, GVariant *preview, const OrrHmm *hmm, int from, int to)
{
  g_autoptr (GVariant) list = orr_section_get_child (preview, "readouts");
  gsize n = list != NULL ? g_variant_n_children (list) : 0;
  guint rows = n > 0 ? n + 2 : 0;

  for (; self->n_rows > rows; self->n_rows--)
    gtk_grid_remove_row (self->grid, self->n_rows - 1);
  if (n == 0)
    return;
  const char *const heads[N_COLUMNS] = { "", _("as it is"), _("with gains"), _("random units") };
  set_row (self, 0, heads, NULL, FALSE);
  for (gsize i = 0; i < n; i++)
    {
      g_autoptr (GVariant) readout = g_variant_get_child_value (list, i);
      set_readout (self, i + 1, readout, hmm, from, to);
    }
  set_pairs (self, n + 1, preview);
  self->n_rows = rows;
}

/* (transfer full): all read-outs with their intervals */
char *
orr_gain_table_to_csv (GVariant *preview, const OrrHmm *hmm)
{
  static const char *const intervals[3] = { "nominal_ci", "gained_ci", "control_range" };
  static const char *const values[3] = { "nominal", "gained", "control" };
  GString *csv = g_string_new ("read-out,nominal,nominal_low,nominal_high,gained,gained_low,gained_high,control,"
                               "control_low,control_high,p_value\n");
  g_autoptr (GVariant) list = orr_section_get_child (preview, "readouts");

  for (gsize i = 0; list != NULL && i < g_variant_n_children (list); i++)
    {
      g_autoptr (GVariant) readout = g_variant_get_child_value (list, i);
      g_autofree char *title = dup_title (readout, hmm);

      orr_csv_append (csv, title);
      for (guint k = 0; k < 3; k++)
        {
          gsize n;
          g_autofree double *bounds = orr_section_dup_doubles (readout, intervals[k], &n);

          g_string_append_c (csv, ',');
          orr_csv_append_number (csv, orr_section_get_double (readout, values[k], NAN));
          for (gsize b = 0; b < 2; b++)
            {
              g_string_append_c (csv, ',');
              orr_csv_append_number (csv, n == 2 ? bounds[b] : NAN);
            }
        }
      g_string_append_c (csv, ',');
      orr_csv_append_number (csv, orr_section_get_double (readout, "p_value", NAN));
      g_string_append_c (csv, '\n');
    }
  return g_string_free (csv, FALSE);
}

static void
orr_gain_table_dispose (GObject *object)
{
  OrrGainTable *self = ORR_GAIN_TABLE (object);

  if (self->grid != NULL)
    gtk_widget_unparent (GTK_WIDGET (self->grid));
  self->grid = NULL;
  G_OBJECT_CLASS (orr_gain_table_parent_class)->dispose (object);
}

static void
orr_gain_table_class_init (OrrGainTableClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = orr_gain_table_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
orr_gain_table_init (OrrGainTable *self)
{
  self->grid = GTK_GRID (gtk_grid_new ());
  gtk_grid_set_column_spacing (self->grid, 8);
  gtk_grid_set_row_spacing (self->grid, 1);
  gtk_widget_set_parent (GTK_WIDGET (self->grid), GTK_WIDGET (self));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->grid), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Read-outs"), -1);
}

GtkWidget *
orr_gain_table_new (void)
{
  return g_object_new (ORR_TYPE_GAIN_TABLE, NULL);
}
