/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-commands.h"

#include <math.h>
#include <string.h>

#include "orr-analyses.h"
#include "orr-cli-model.h"
#include "orr-cli-network.h"
#include "orr-error.h"
#include "orr-network-file.h"

#define SHOWN_NUMBERS 8
/* All visited states are kept: some gigabytes for the usual network. */
#define MAX_STEPS 5000000

static const char description[] =
    "Reverse-engineers a network: NET is .pth, .pt, .safetensors, .npz or .h5, or a study\n"
    "(.orrery), which brings its model and the snapshots of its training.\n"
    "Each analysis is one section of the JSON object that --json prints (without it a\n"
    "summary is printed, long lists by their beginning); --only chooses some. Analyses that\n"
    "do not apply (composition needs three symbols, evolution needs snapshots) are left out\n"
    "with a remark, unless --only asks for them.\n\n"
    "Sections:\n"
    "  state_space             visited states, principal components, explained variance\n"
    "  fixed_points            fixed points of the noise-free map and their stability\n"
    "  orbit                   circulation, rotations, phase speed, emission by phase\n"
    "  residency               how long a symbol stays; transition, kick and cluster zones\n"
    "  kick_neurons            the few units that make it jump, with random controls\n"
    "  integrating_populations the units that push two kick groups to opposite sides\n"
    "  noise_sensitivity       how far noise carries cluster and kick-zone states\n"
    "  interventions           transition rate and critical pairs as gains are turned\n"
    "  resonance               a sweep of the noise, its optimum (with --hmm against the model)\n"
    "  evolution               the snapshots of a training and their bifurcation\n"
    "  composition             a subspace and orbit for each pair of symbols\n\n"
    "Snapshots are the files NET-epoch-N that `train --snapshots` writes beside NET, or in\n"
    "the folder that --snapshots names.\n\n"
    "Examples:\n"
    "  orreryctl analyze net.pth --json > analysis.json\n"
    "  orreryctl analyze net.pth --only state_space,fixed_points --steps 30000 --seed 1";

typedef struct
{
  char  *only;
  char  *hmm;
  char  *run;
  char  *snapshots;
  double noise;
  int    steps;
  int    burn_in;
  gint64 seed;
} Arguments;

static void
arguments_clear (Arguments *arguments)
{
  g_free (arguments->only);
  g_free (arguments->hmm);
  g_free (arguments->run);
  g_free (arguments->snapshots);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Arguments, arguments_clear)

/* The analyses that --only names, or all; a %NULL-terminated list. */
static GPtrArray *
choose_analyses (const char *only, GError **error)
{
  g_autoptr (GPtrArray) chosen = g_ptr_array_new ();
  guint n;
  const OrrAnalysis *all = orr_analyses (&n);

  for (guint i = 0; only == NULL && i < n; i++)
    g_ptr_array_add (chosen, (gpointer) &all[i]);
  /* An empty list is one wrong name. */
  g_auto (GStrv) names = only != NULL ? g_strsplit (*only != '\0' ? only : " ", ",", -1) : NULL;
  for (guint i = 0; names != NULL && names[i] != NULL; i++)
    {
      const OrrAnalysis *analysis = orr_analysis_find (g_strstrip (names[i]));

      if (analysis == NULL)
        {
          g_autoptr (GString) list = g_string_new (NULL);
          for (guint j = 0; j < n; j++)
            g_string_append_printf (list, "%s%s", j > 0 ? ", " : "", all[j].name);
          g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "There is no section \"%s\" (sections: %s)", names[i],
                       list->str);
          return NULL;
        }
      g_ptr_array_add (chosen, (gpointer) analysis);
    }
  return g_steal_pointer (&chosen);
}

static gboolean
read_options (OrrCli *cli, const Arguments *arguments, OrrAnalysisOptions *options, GError **error)
{
  if (arguments->steps < 100 || arguments->steps > MAX_STEPS || arguments->burn_in < 0 || arguments->burn_in > MAX_STEPS)
    {
      g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT,
                   "--steps must be at least 100 and --burn-in at least 0, both at most %d", MAX_STEPS);
      return FALSE;
    }
  if (!(arguments->noise >= 0.0) || !isfinite (arguments->noise))
    {
      g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "--noise must be 0 or more, not %g", arguments->noise);
      return FALSE;
    }
  orr_analysis_options_init (options);
  options->n_steps = arguments->steps;
  options->burn_in = arguments->burn_in;
  options->noise_sd = arguments->noise;
  options->seed = arguments->seed;
  options->threads = orr_cli_get_threads (cli);
  return TRUE;
}

/* Snapshots of a training, by rising epoch. */
typedef struct
{
  GPtrArray *networks;
  GArray    *epochs; /* of guint */
} Snapshots;

static void
snapshots_clear (Snapshots *snapshots)
{
  g_clear_pointer (&snapshots->networks, g_ptr_array_unref);
  g_clear_pointer (&snapshots->epochs, g_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Snapshots, snapshots_clear)

/* The epoch in STEM-epoch-N.EXTENSION, or -1 for other names. */
static gint64
parse_epoch (const char *name, const char *stem)
{
  gsize length = strlen (stem);

  if (strncmp (name, stem, length) != 0 || !g_str_has_prefix (name + length, "-epoch-") ||
      !orr_network_is_file_name (name))
    return -1;
  const char *digits = name + length + strlen ("-epoch-");
  return g_ascii_isdigit (*digits) ? (gint64) g_ascii_strtoull (digits, NULL, 10) : -1;
}

static int
compare_epochs (gconstpointer a, gconstpointer b, gpointer stem)
{
  gint64 x = parse_epoch (*(const char *const *) a, stem), y = parse_epoch (*(const char *const *) b, stem);
  return (x > y) - (x < y);
}

static void
take_snapshots (const OrrRun *run, Snapshots *snapshots)
{
  snapshots->networks = g_ptr_array_new_with_free_func ((GDestroyNotify) orr_network_unref);
  snapshots->epochs = g_array_new (FALSE, FALSE, sizeof (guint));
  for (guint i = 0; i < run->snapshots->len; i++)
    {
      const OrrSnapshot *snapshot = run->snapshots->pdata[i];

      g_ptr_array_add (snapshots->networks, orr_network_ref (snapshot->network));
      g_array_append_val (snapshots->epochs, snapshot->epoch);
    }
}

/* Reads the snapshots of the network at @path from @folder (%NULL: beside it). */
static gboolean
load_snapshots (const char *path, const char *folder, Snapshots *snapshots, GError **error)
{
  g_autofree char *beside = folder != NULL ? g_strdup (folder) : g_path_get_dirname (path);
  g_autofree char *stem = g_path_get_basename (path);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir) dir = g_dir_open (beside, 0, error);
  const char *name;

  if (dir == NULL)
    return FALSE;
  if (strrchr (stem, '.') != NULL)
    *strrchr (stem, '.') = '\0';
  while ((name = g_dir_read_name (dir)) != NULL)
    if (parse_epoch (name, stem) >= 0)
      g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort_with_data (names, compare_epochs, stem);

  snapshots->networks = g_ptr_array_new_with_free_func ((GDestroyNotify) orr_network_unref);
  snapshots->epochs = g_array_new (FALSE, FALSE, sizeof (guint));
  for (guint i = 0; i < names->len; i++)
    {
      g_autofree char *file = g_build_filename (beside, names->pdata[i], NULL);
      OrrNetwork *network = orr_network_load (file, error);
      guint epoch = parse_epoch (names->pdata[i], stem);

      if (network == NULL)
        return FALSE;
      g_ptr_array_add (snapshots->networks, network);
      g_array_append_val (snapshots->epochs, epoch);
    }
  return TRUE;
}

static gboolean
includes (GPtrArray *chosen, const char *name)
{
  for (guint i = 0; i < chosen->len; i++)
    if (g_str_equal (((const OrrAnalysis *) chosen->pdata[i])->name, name))
      return TRUE;
  return FALSE;
}

/* `fixed_points` is the list itself in the JSON object; what is told of the
 * search beside it stands in `fixed_point_search`. */
static void
add_section (GVariantBuilder *builder, const char *name, GVariant *section)
{
  if (!g_str_equal (name, "fixed_points"))
    {
      g_variant_builder_add (builder, "{sv}", name, section);
      return;
    }

  GVariantDict rest;
  g_variant_dict_init (&rest, section);
  g_autoptr (GVariant) points = g_variant_dict_lookup_value (&rest, "points", NULL);
  g_variant_dict_remove (&rest, "points");
  g_variant_builder_add (builder, "{sv}", name, points);
  g_variant_builder_add (builder, "{sv}", "fixed_point_search", g_variant_dict_end (&rest));
}

static gboolean
run_analyses (OrrCli *cli, const OrrNetwork *network, const OrrAnalysisOptions *given, GPtrArray *chosen,
              gboolean skip, GVariantBuilder *builder, GError **error)
{
  OrrAnalysisOptions options = *given;
  g_autoptr (GVariant) kick_neurons = NULL;

  for (guint i = 0; i < chosen->len; i++)
    {
      const OrrAnalysis *analysis = chosen->pdata[i];
      g_autoptr (OrrProgress) part =
          orr_progress_new_part (orr_cli_get_progress (cli), (double) i / chosen->len, (i + 1.0) / chosen->len);
      g_autoptr (GError) local = NULL;
      g_autoptr (GVariant) section = analysis->run (network, &options, part, &local);

      if (section != NULL)
        {
          add_section (builder, analysis->name, section);
          if (g_str_equal (analysis->name, "kick_neurons"))
            options.kick_neurons = kick_neurons = g_variant_ref (section);
        }
      else if (skip && g_error_matches (local, ORR_ERROR, ORR_ERROR_INPUT))
        orr_cli_message (cli, "Left out %s: %s", analysis->name, local->message);
      else
        {
          g_propagate_prefixed_error (error, g_steal_pointer (&local), "%s: ", analysis->title);
          return FALSE;
        }
    }
  return TRUE;
}

/* One value for people: short lists whole, long ones by their size. */
static char *
describe_value (GVariant *value)
{
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_DOUBLE))
    return g_strdup_printf ("%.5g", g_variant_get_double (value));
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_STRING))
    return g_variant_dup_string (value, NULL);
  if (g_variant_is_of_type (value, G_VARIANT_TYPE ("aad")))
    return g_strdup_printf ("(table of %" G_GSIZE_FORMAT " rows)", g_variant_n_children (value));
  if (!g_variant_is_of_type (value, G_VARIANT_TYPE ("ad")))
    return g_variant_print (value, FALSE);

  gsize n;
  const double *numbers = g_variant_get_fixed_array (value, &n, sizeof (double));
  g_autoptr (GString) text = g_string_new (NULL);
  for (gsize i = 0; i < MIN (n, SHOWN_NUMBERS); i++)
    g_string_append_printf (text, "%s%.5g", i > 0 ? " " : "", numbers[i]);
  if (n > SHOWN_NUMBERS)
    g_string_append_printf (text, " ... (%" G_GSIZE_FORMAT ")", n);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
print_section (OrrCli *cli, GVariant *section, int indent)
{
  GVariantIter iter;
  const char *name;
  GVariant *value;

  g_variant_iter_init (&iter, section);
  while (g_variant_iter_next (&iter, "{&sv}", &name, &value))
    {
      if (g_variant_is_of_type (value, G_VARIANT_TYPE_VARDICT))
        {
          orr_cli_print (cli, "%*s%s\n", indent, "", name);
          print_section (cli, value, indent + 2);
        }
      else if (g_variant_is_of_type (value, G_VARIANT_TYPE ("aa{sv}")))
        for (gsize i = 0; i < g_variant_n_children (value); i++)
          {
            g_autoptr (GVariant) item = g_variant_get_child_value (value, i);
            orr_cli_print (cli, "%*s%s %" G_GSIZE_FORMAT "\n", indent, "", name, i + 1);
            print_section (cli, item, indent + 2);
          }
      else
        {
          g_autofree char *text = describe_value (value);
          orr_cli_print (cli, "%*s%-*s %s\n", indent, "", MAX (28 - indent, 1), name, text);
        }
      g_variant_unref (value);
    }
}

static gboolean
run (OrrCli *cli, int argc, char **argv, GError **error)
{
  g_auto (Arguments) arguments = { .noise = 1.0, .steps = 30000, .burn_in = 20 };
  GOptionEntry entries[] = {
    { "only", 0, 0, G_OPTION_ARG_STRING, &arguments.only, "Only these sections", "SECTION,..." },
    { "noise", 0, 0, G_OPTION_ARG_DOUBLE, &arguments.noise, "Noise s.d. in units of the training noise (1)", "SIGMA" },
    { "steps", 0, 0, G_OPTION_ARG_INT, &arguments.steps, "Steps of the visited trajectory (30000)", "T" },
    { "burn-in", 0, 0, G_OPTION_ARG_INT, &arguments.burn_in, "Steps before it (20)", "N" },
    { "seed", 0, 0, G_OPTION_ARG_INT64, &arguments.seed, "Seed (0)", "S" },
    { "hmm", 0, 0, G_OPTION_ARG_STRING, &arguments.hmm, "The model that the network emulates", "MODEL" },
    ORR_CLI_RUN_ENTRY (&arguments.run),
    { "snapshots", 0, 0, G_OPTION_ARG_FILENAME, &arguments.snapshots, "Where the training's snapshots are (beside NET; in a study)",
      "FOLDER" },
    G_OPTION_ENTRY_NULL
  };
  OrrAnalysisOptions options;

  if (!orr_cli_parse (cli, "NET", description, entries, &argc, &argv, error) ||
      !orr_cli_take_operands (argc, argv, 1, "NET", error) || !read_options (cli, &arguments, &options, error))
    return FALSE;
  g_autoptr (GPtrArray) chosen = choose_analyses (arguments.only, error);
  if (chosen == NULL)
    return FALSE;
  g_autoptr (OrrRun) of_study = NULL;
  g_autoptr (OrrNetwork) network = orr_cli_load_network (argv[1], arguments.run, &of_study, error);
  if (network == NULL)
    return FALSE;
  g_autoptr (OrrHmm) hmm = arguments.hmm != NULL ? orr_cli_load_hmm (arguments.hmm, error) : NULL;
  if (arguments.hmm != NULL && hmm == NULL)
    return FALSE;
  if (hmm == NULL && of_study != NULL && of_study->hmm != NULL)
    hmm = orr_hmm_ref (of_study->hmm);
  options.hmm = hmm;
  g_auto (Snapshots) snapshots = { 0 };
  if (includes (chosen, "evolution"))
    {
      if (of_study != NULL && arguments.snapshots == NULL)
        take_snapshots (of_study, &snapshots);
      else if (!load_snapshots (argv[1], arguments.snapshots, &snapshots, error))
        return FALSE;
      options.n_snapshots = snapshots.networks->len;
      options.snapshots = (const OrrNetwork *const *) snapshots.networks->pdata;
      options.snapshot_epochs = (const guint *) snapshots.epochs->data;
    }

  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&builder, "{sv}", "network", g_variant_new_string (argv[1]));
  if (!run_analyses (cli, network, &options, chosen, arguments.only == NULL, &builder, error))
    return FALSE;
  g_autoptr (GVariant) result = g_variant_ref_sink (g_variant_builder_end (&builder));
  if (orr_cli_wants_json (cli))
    orr_cli_print_json (cli, result);
  else
    print_section (cli, result, 0);
  return TRUE;
}

const OrrCommand orr_command_analyze = { "analyze", "Reverse-engineer a trained network", run };
