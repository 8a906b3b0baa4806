/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-commands.h"

#include <cairo-svg.h>
#include <math.h>
#include <string.h>

#include "orr-analyses.h"
#include "orr-analysis-settings.h"
#include "orr-error.h"
#include "orr-figure-connectivity.h"
#include "orr-figure-csv.h"
#include "orr-figure-loss.h"
#include "orr-figure-match.h"
#include "orr-figure-save.h"
#include "orr-figure-section.h"
#include "orr-file.h"
#include "orr-findings.h"
#include "orr-hmm-drawing.h"
#include "orr-json.h"
#include "orr-report-table.h"
#include "orr-run-analysis.h"
#include "orr-section.h"
#include "orr-study-file.h"

/* Size of the figures in points. */
#define WIDTH 860.0
#define HEIGHT 330.0
#define ROW_HEIGHT 270.0
#define PLOTS_A_ROW 3
#define MODEL_HEIGHT 300.0
#define MATRIX_HEIGHT 620.0

static const char description[] =
    "Writes every figure and table of a study into a folder, with a page index.html that\n"
    "says what each shows: figures as SVG and PNG, their numbers as CSV, the results of the\n"
    "analyses as JSON. --analyze first runs the analyses that the study does not hold.\n\n"
    "With --table it makes one table of any number of studies and networks instead: what was\n"
    "found in each, beside the published figures where there are any. It is printed (Markdown,\n"
    "with --json as JSON) and, with --out, written as table.md, table.csv and table.json. A\n"
    "network is given as NET, with the model of --hmm, or as NET=MODEL.\n\n"
    "Examples:\n"
    "  orreryctl report three.orrery --out report --analyze\n"
    "  orreryctl report two.orrery three.orrery net.pth=cyclic --table --analyze --out table --keep";

typedef struct
{
  OrrCli     *cli;
  const char *directory;
  GString    *page;
  gboolean    analyze;
  int         n_figures;
} Report;

static char *
place (const Report *report, const char *stem, const char *suffix)
{
  g_autofree char *name = g_strconcat (stem, suffix, NULL);
  return g_build_filename (report->directory, name, NULL);
}

static gboolean
write_text (const Report *report, const char *stem, const char *suffix, char *text, GError **error)
{
  g_autofree char *path = place (report, stem, suffix);
  g_autoptr (GBytes) bytes = g_bytes_new_take (text, strlen (text));

  return orr_file_write (path, bytes, error);
}

static void
add_html (Report *report, const char *tag, const char *text)
{
  g_autofree char *escaped = g_markup_escape_text (text, -1);
  g_string_append_printf (report->page, "<%s>%s</%s>\n", tag, escaped, tag);
}

static gboolean
add_figure (Report *report, OrrFigure *figure, const char *stem, const char *caption, GError **error)
{
  g_autofree char *svg = place (report, stem, ".svg"), *png = place (report, stem, ".png");
  g_autofree char *escaped = g_markup_escape_text (caption, -1);

  guint rows = (figure->plots->len + PLOTS_A_ROW - 1) / PLOTS_A_ROW;
  gboolean matrix = figure->plots->len == 1 && orr_figure_get_plot (figure, 0)->heatmap != NULL;
  double height = matrix ? MATRIX_HEIGHT : rows > 1 ? rows * ROW_HEIGHT : HEIGHT;

  if (rows > 1)
    figure->columns = PLOTS_A_ROW;
  if (!orr_figure_save (figure, svg, ORR_FIGURE_SVG, WIDTH, height, error) ||
      !orr_figure_save (figure, png, ORR_FIGURE_PNG, WIDTH, height, error) ||
      !write_text (report, stem, ".csv", orr_figure_to_csv (figure), error))
    return FALSE;
  g_string_append_printf (report->page,
                          "<figure><img src=\"%s.svg\" alt=\"%s\"><figcaption>%s <span>(<a href=\"%s.png\">PNG</a>, "
                          "<a href=\"%s.csv\">numbers</a>)</span></figcaption></figure>\n",
                          stem, escaped, escaped, stem, stem);
  report->n_figures++;
  return TRUE;
}

static gboolean
add_model (Report *report, const OrrHmm *hmm, GError **error)
{
  g_autofree char *path = place (report, "model", ".svg");
  cairo_surface_t *surface = cairo_svg_surface_create (path, WIDTH, MODEL_HEIGHT);
  cairo_t *cr = cairo_create (surface);
  OrrHmmHighlight highlight;
  OrrHmmStyle style;

  orr_hmm_style_init (&style, FALSE);
  orr_hmm_highlight_init (&highlight);
  orr_hmm_draw (cr, hmm, WIDTH, MODEL_HEIGHT, &style, &highlight);
  cairo_destroy (cr);
  cairo_surface_finish (surface);
  gboolean good = cairo_surface_status (surface) == CAIRO_STATUS_SUCCESS;
  cairo_surface_destroy (surface);
  if (!good)
    {
      g_set_error (error, ORR_ERROR, ORR_ERROR_FAILED, "%s: the figure cannot be written", path);
      return FALSE;
    }
  g_string_append (report->page, "<figure><img src=\"model.svg\" alt=\"The model\"><figcaption>The hidden Markov "
                                 "model</figcaption></figure>\n");
  report->n_figures++;
  return TRUE;
}

static double *
history_column (const OrrMatrix *history, OrrHistoryColumn column)
{
  double *values = g_new (double, MAX (history->rows, 1));

  for (gsize i = 0; i < history->rows; i++)
    values[i] = orr_matrix_row (history, i)[column];
  return values;
}

static gboolean
add_loss (Report *report, const OrrRun *run, const char *prefix, GError **error)
{
  if (run->history == NULL)
    return TRUE;

  g_autofree double *epoch = history_column (run->history, ORR_HISTORY_EPOCH);
  g_autofree double *training = history_column (run->history, ORR_HISTORY_TRAIN_LOSS);
  g_autofree double *validation = history_column (run->history, ORR_HISTORY_VALIDATION_LOSS);
  g_autofree double *gradient = history_column (run->history, ORR_HISTORY_GRADIENT_NORM);
  OrrLossCurve curve = { run->name, run->history->rows, epoch, training, validation, run->best_epoch, run->baseline,
                         run->record != NULL ? orr_section_get_double (run->record, "independent_level", NAN) : NAN,
                         gradient, run->options != NULL ? orr_section_get_double (run->options, "clip", 0.0) : 0.0 };
  g_autoptr (OrrFigure) figure = orr_figure_new_loss (&curve, 1, -1, FALSE);
  orr_figure_add_gradients (figure, &curve, 1, -1);
  g_autofree char *stem = g_strconcat (prefix, "loss", NULL);
  return add_figure (report, figure, stem,
                     "Sinkhorn divergence over the training, the model against itself, and the gradient norm", error);
}

/* What a person reads under the figure of an analysis. */
static const struct
{
  const char *section, *caption;
} captions[] = {
  { "state_space", "Visited states in the plane of the first two principal components, in the colours of the symbols emitted "
                   "there; the share of the variance of each component; and the mean size of the state on the way of visited "
                   "states to rest without noise." },
  { "fixed_points", "Where the fixed points of the noise-free map lie among the visited states (pale), and how paths go to "
                    "them: their eigenvalues, or, at a kink where there are none, by how many powers of ten paths shrink." },
  { "orbit", "Speed along the orbit and the probability of each symbol by phase, with 95 % bands; the mean orbit among the "
             "visited states (pale), with one standard deviation of the radius on both sides." },
  { "residency", "How long the leading symbol lasts from visited states, and the share of the time in each zone (95 %)." },
  { "kick_neurons", "Left: the rate of each transition with its kick group silenced, beside random groups of the same size. "
                    "Right: each unit's lead before the jump and what silencing it alone does." },
  { "integrating_populations", "Mean weights between the two kick groups of a pair of directions and the two populations that "
                               "integrate noise for them." },
  { "noise_sensitivity", "Spread of states driven by recorded noise mixed with fresh noise, from a cluster and from the "
                         "kick-zone." },
  { "interventions", "Transition rate (95 % bands) and critical pairs (s.d. over transitions) as gains are turned, in the same "
                     "colours; and the path of 300 steps at gain 0, 1 and 1.9 of each kick group." },
  { "resonance", "What weaker and stronger noise does, with 95 % bands; the optimum with its 95 % interval (shaded); and the "
                 "region in which the network is 95 % of the time." },
  { "evolution", "Transition rate and states near the edge over the training, the bifurcation marked; and the second-order "
                 "response E[\316\264h\342\202\202] of every unit: its mean activity after two steps of noise less that after two "
                 "steps without." },
  { "composition", "The orbit of each pair of symbols in its own plane, the subspaces and kick groups that they share, and the "
                   "angle of each readout axis." },
};

static const char *
find_caption (const char *section, const char *fallback)
{
  for (guint i = 0; i < G_N_ELEMENTS (captions); i++)
    if (g_str_equal (captions[i].section, section))
      return captions[i].caption;
  return fallback;
}

/* Settings and date of a result, in one line. */
static void
add_settings (Report *report, GVariant *section, const char *name)
{
  g_autoptr (GString) text = g_string_new (NULL);
  gint64 computed = orr_section_get_computed (section);
  guint n;
  const OrrAnalysisSetting *settings = orr_analysis_settings (&n);

  for (guint i = 0; i < n; i++)
    if (orr_analysis_setting_applies (&settings[i], name))
      {
        double value = orr_section_get_double (section, settings[i].name, NAN);
        g_autofree char *title = g_ascii_strdown (settings[i].title, -1);

        if (!isnan (value))
          g_string_append_printf (text, "%s%s %.6g", text->len > 0 ? ", " : "", title, value);
      }
  if (computed > 0)
    {
      g_autoptr (GDateTime) date = g_date_time_new_from_unix_utc (computed);
      g_autofree char *day = g_date_time_format (date, "%Y-%m-%d %H:%M UTC");
      g_string_append_printf (text, "%scomputed %s", text->len > 0 ? "; " : "", day);
    }
  if (text->len > 0)
    g_string_append_printf (report->page, "<p class=\"settings\">%s</p>\n", text->str);
}

/* One result: what it means, its figure where it has one, all numbers. */
static gboolean
add_section (Report *report, const OrrRun *run, const OrrHmm *hmm, const char *prefix, const char *name, const char *title,
             const char *definition, GVariant *section, GError **error)
{
  g_autofree char *stem = g_strconcat (prefix, name, NULL), *reason = orr_section_dup_string (section, "reason");
  guint n;
  const OrrFigureSection *figures = orr_figure_sections (&n);

  add_html (report, "h3", title);
  if (definition != NULL)
    add_html (report, "p", definition);
  if (reason != NULL)
    {
      add_html (report, "p", reason);
      return TRUE;
    }
  if (!write_text (report, stem, ".json", orr_json_print (section, TRUE), error))
    return FALSE;
  for (guint i = 0; i < n; i++)
    if (g_str_equal (figures[i].section, name))
      {
        g_autoptr (OrrFigure) figure = orr_figure_new_section (name, section, hmm);
        g_autoptr (GVariant) state_space = orr_run_get_section (run, "state_space");

        orr_figure_add_visited (figure, section, state_space);
        if (!add_figure (report, figure, stem, find_caption (name, figures[i].title), error))
          return FALSE;
      }
  if (g_str_equal (name, "match"))
    {
      g_autoptr (GVariant) law = orr_run_get_section (run, "match_law");
      g_autoptr (OrrFigure) figure = orr_figure_new_match (section, law, hmm);

      if (!add_figure (report, figure, stem, "The network's sequences beside the model's", error))
        return FALSE;
    }
  add_settings (report, section, name);
  g_string_append_printf (report->page, "<p><a href=\"%s.json\">All numbers</a></p>\n", stem);
  return TRUE;
}

/* The recurrent weights in the order of the groups that were found. */
static gboolean
add_connectivity (Report *report, const OrrRun *run, const OrrHmm *hmm, const char *prefix, GError **error)
{
  g_autoptr (GVariant) kicks = orr_run_get_section (run, "kick_neurons");
  g_autoptr (GVariant) populations = orr_run_get_section (run, "integrating_populations");
  g_autoptr (OrrFigure) figure = orr_figure_new_connectivity (run->network->weight_hh, kicks, populations, hmm);
  g_autofree char *stem = g_strconcat (prefix, "connectivity", NULL);
  g_autofree char *caption =
      g_strdup_printf ("Recurrent weights, from the units along the x axis onto those along the y axis, in the order: %s%s. "
                       "Colours end at three times the weights' root mean square.",
                       figure->description, kicks != NULL ? ", then the others by their number" : "");

  add_html (report, "h3", "Connectivity");
  return add_figure (report, figure, stem, caption, error);
}

/* The match, then all analyses in their order, then what else the run holds. */
static gboolean
add_sections (Report *report, const OrrRun *run, const OrrHmm *hmm, const char *prefix, GError **error)
{
  g_autoptr (GVariant) match = orr_run_get_section (run, "match");
  guint n;
  const OrrAnalysis *analyses = orr_analyses (&n);

  if (match != NULL
      && !add_section (report, run, hmm, prefix, "match", "Match with the model",
                       "Fresh sequences of the network beside fresh sequences of the model.", match, error))
    return FALSE;
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GVariant) section = orr_run_get_section (run, analyses[i].name);

      if (section != NULL
          && !add_section (report, run, hmm, prefix, analyses[i].name, analyses[i].title, analyses[i].definition, section,
                           error))
        return FALSE;
    }
  GVariantIter iter;
  const char *name;
  GVariant *value;
  g_variant_iter_init (&iter, run->sections);
  while (g_variant_iter_next (&iter, "{&sv}", &name, &value))
    {
      g_autoptr (GVariant) section = value;

      if (orr_analysis_find (name) == NULL && !g_str_equal (name, "match")
          && !add_section (report, run, hmm, prefix, name,
                           g_str_equal (name, "match_law") ? "A fitted law in the network's place" : name, NULL, section,
                           error))
        return FALSE;
    }
  return TRUE;
}

/* All results of a network in one table, beside the published figures. */
static void
add_findings (Report *report, const OrrRun *run, const OrrHmm *hmm)
{
  g_autoptr (GPtrArray) findings = orr_findings_new (run, hmm);

  g_string_append (report->page, "<table><tr><th></th><th>this network</th><th>published</th></tr>\n");
  for (guint i = 0; i < findings->len; i++)
    {
      const OrrFinding *finding = findings->pdata[i];
      g_autofree char *text = g_markup_escape_text (finding->text, -1);
      g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
      g_autofree char *cell = g_strjoinv ("<br>", lines);

      g_string_append_printf (report->page, "<tr><td>%s</td><td>%s</td><td>%s%s</td></tr>\n", finding->title, cell,
                              finding->published != NULL ? finding->published : "", finding->differs ? " \342\211\240" : "");
    }
  g_string_append (report->page, "</table>\n");
  for (guint i = 0; i < findings->len; i++)
    {
      const OrrFinding *finding = findings->pdata[i];

      if (finding->remark != NULL)
        g_string_append_printf (report->page, "<p class=\"settings\">\342\211\240 %s: %s.</p>\n", finding->title,
                                finding->remark);
    }
}

static gboolean
add_run (Report *report, const OrrStudy *study, guint index, GError **error)
{
  const OrrRun *run = study->runs->pdata[index];
  const OrrHmm *hmm = run->hmm != NULL ? run->hmm : study->hmm;
  g_autofree char *prefix = g_strdup_printf ("network-%u-", index + 1);
  g_autofree char *command = orr_section_dup_string (run->record, "command");
  g_autofree char *size =
      g_strdup_printf ("%u hidden units, %u noise inputs, %u symbols.", run->network->n_hidden, run->network->n_noise,
                       run->network->n_symbols);
  g_autoptr (OrrRun) complete =
      report->analyze ? orr_run_analyze_missing (run, hmm, orr_cli_get_threads (report->cli),
                                                 orr_cli_get_progress (report->cli), error)
                      : orr_run_copy (run);

  if (complete == NULL)
    return FALSE;
  add_html (report, "h2", run->name);
  add_html (report, "p", size);
  if (command != NULL)
    add_html (report, "pre", command);
  add_findings (report, complete, hmm);
  return add_loss (report, complete, prefix, error) && add_sections (report, complete, hmm, prefix, error)
         && add_connectivity (report, complete, hmm, prefix, error);
}

static gboolean
write_report (Report *report, const OrrStudy *study, GError **error)
{
  g_string_append (report->page,
                   "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"><title>Orrery</title><style>"
                   "body { font-family: sans-serif; max-width: 900px; margin: 2em auto; color: #222; line-height: 1.45 } "
                   "img { max-width: 100% } figure { margin: 1em 0 } figcaption { color: #666 } "
                   "figcaption span { white-space: nowrap } h2 { border-top: 1px solid #ccc; padding-top: 1em; margin-top: 2em } "
                   "table { border-collapse: collapse; font-size: 92%; margin: 1em 0 } "
                   "td, th { text-align: left; vertical-align: top; padding: .3em .8em .3em 0; border-bottom: 1px solid #e4e4e4 } "
                   ".settings { color: #666; font-size: 88% } "
                   "pre { background: #f4f4f4; padding: .6em; white-space: pre-wrap }</style></head><body>\n");
  add_html (report, "h1", study->title);
  if (*study->notes != '\0')
    add_html (report, "p", study->notes);
  if (!add_model (report, study->hmm, error))
    return FALSE;
  for (guint i = 0; i < study->runs->len; i++)
    if (!add_run (report, study, i, error))
      return FALSE;
  g_string_append (report->page, "</body></html>\n");
  return write_text (report, "index", ".html", g_strdup (report->page->str), error);
}

static gboolean
check_usage (int argc, gboolean table, const char *directory, const OrrReportTableOptions *options, GError **error)
{
  const char *problem = NULL;

  if (table && argc < 2)
    problem = "A table needs at least one study or network";
  else if (!table && (argc != 2 || directory == NULL))
    problem = "A report needs one STUDY.orrery and --out DIR (several studies: --table)";
  else if (options->keep && (!table || !options->analyze || directory == NULL))
    problem = "--keep goes with --table, --analyze and --out DIR";
  else if (options->hmm != NULL && !table)
    problem = "--hmm goes with --table: a study has its model";
  if (problem != NULL)
    g_set_error_literal (error, ORR_ERROR, ORR_ERROR_INPUT, problem);
  return problem == NULL;
}

static gboolean
run_report (OrrCli *cli, int argc, char **argv, GError **error)
{
  g_autofree char *directory = NULL, *hmm = NULL;
  g_autoptr (GString) page = g_string_new (NULL);
  Report report = { .cli = cli, .page = page };
  OrrReportTableOptions options = { 0 };
  gboolean table = FALSE;
  GOptionEntry entries[] = {
    { "out", 'o', 0, G_OPTION_ARG_FILENAME, &directory, "Folder of the report", "DIR" },
    { "analyze", 0, 0, G_OPTION_ARG_NONE, &report.analyze, "Run the analyses that the study does not hold", NULL },
    { "table", 0, 0, G_OPTION_ARG_NONE, &table, "One table of several studies and networks instead", NULL },
    { "keep", 0, 0, G_OPTION_ARG_NONE, &options.keep, "With --table --analyze: keep the analysed studies in DIR", NULL },
    { "hmm", 0, 0, G_OPTION_ARG_STRING, &hmm, "With --table: the model of networks that come without one", "MODEL" },
    G_OPTION_ENTRY_NULL
  };

  if (!orr_cli_parse (cli, "STUDY.orrery --out DIR", description, entries, &argc, &argv, error))
    return FALSE;
  options.directory = directory;
  options.hmm = hmm;
  options.analyze = report.analyze;
  if (!check_usage (argc, table, directory, &options, error))
    return FALSE;
  if (table)
    return orr_report_table (cli, argv + 1, argc - 1, &options, error);

  g_autoptr (OrrStudy) study = orr_study_file_load (argv[1], error);
  if (study == NULL)
    return FALSE;
  if (g_mkdir_with_parents (directory, 0777) != 0)
    {
      g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "The folder %s cannot be made", directory);
      return FALSE;
    }
  report.directory = directory;
  if (!write_report (&report, study, error))
    return FALSE;

  g_autofree char *index = g_build_filename (directory, "index.html", NULL);
  GVariantDict dict;
  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "page", "s", index);
  g_variant_dict_insert (&dict, "figures", "i", report.n_figures);
  g_autoptr (GVariant) summary = g_variant_ref_sink (g_variant_dict_end (&dict));
  if (orr_cli_wants_json (cli))
    orr_cli_print_json (cli, summary);
  else
    orr_cli_print (cli, "%d figures; the page is %s\n", report.n_figures, index);
  return TRUE;
}

const OrrCommand orr_command_report = { "report", "Write every figure and table of a study", run_report, NULL };
