/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-commands.h"

#include "orr-cli-model.h"
#include "orr-cli-network.h"
#include "orr-hmm-file.h"
#include "orr-network-file.h"

static const char description[] =
    "Converts between the formats of networks, by the extensions of the files:\n"
    ".pth .pt (PyTorch state dicts), .safetensors, .npz (NumPy), .h5 .hdf5.\n"
    "PyTorch files are read without executing anything in them. IN may also be a study\n"
    "(.orrery), whose network is written out.\n\n"
    "Hidden Markov models are converted too: from .json or .npz to .json, .npz\n"
    "(hmmlearn's names) or .dot (Graphviz); one of the two must not be .npz.\n\n"
    "Examples:\n"
    "  orreryctl convert three.pth three.safetensors\n"
    "  orreryctl convert three.orrery three.npz\n"
    "  orreryctl convert model.json model.npz";

static GVariant *
describe_network (const char *path, const OrrNetwork *network)
{
  GVariantDict dict;

  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "network", "s", path);
  g_variant_dict_insert (&dict, "hidden", "i", network->n_hidden);
  g_variant_dict_insert (&dict, "noise_dim", "i", network->n_noise);
  g_variant_dict_insert (&dict, "symbols", "i", network->n_symbols);
  g_variant_dict_insert (&dict, "biased", "b",
                         network->bias_ih != NULL || network->bias_hh != NULL || network->bias_out != NULL);
  g_variant_dict_insert (&dict, "activation", "s", network->activation == ORR_ACTIVATION_TANH ? "tanh" : "relu");
  return g_variant_dict_end (&dict);
}

static gboolean
convert_network (OrrCli *cli, const char *in, const char *name, const char *out, GError **error)
{
  g_autoptr (OrrRun) run = NULL;
  g_autoptr (OrrNetwork) network = orr_cli_load_network (in, name, &run, error);

  if (network == NULL || !orr_network_save (network, out, error))
    return FALSE;
  if (orr_cli_wants_json (cli))
    orr_cli_print_json (cli, describe_network (out, network));
  else
    orr_cli_print (cli, "%s: %u hidden units, %u noise inputs, %u symbols\n", out, network->n_hidden,
                   network->n_noise, network->n_symbols);
  return TRUE;
}

static gboolean
convert_model (OrrCli *cli, const char *in, const char *out, GError **error)
{
  g_autoptr (OrrHmm) hmm = orr_hmm_load (in, error);

  if (hmm == NULL || !orr_hmm_save (hmm, out, error))
    return FALSE;
  if (orr_cli_wants_json (cli))
    {
      GVariantDict dict;

      g_variant_dict_init (&dict, NULL);
      g_variant_dict_insert (&dict, "hmm", "s", out);
      g_variant_dict_insert (&dict, "states", "i", hmm->n_states);
      g_variant_dict_insert (&dict, "symbols", "i", hmm->n_symbols);
      orr_cli_print_json (cli, g_variant_dict_end (&dict));
    }
  else
    orr_cli_print (cli, "%s: %u states, %u symbols\n", out, hmm->n_states, hmm->n_symbols);
  return TRUE;
}

static gboolean
run (OrrCli *cli, int argc, char **argv, GError **error)
{
  g_autofree char *name = NULL;
  GOptionEntry entries[] = { ORR_CLI_RUN_ENTRY (&name), G_OPTION_ENTRY_NULL };

  if (!orr_cli_parse (cli, "IN OUT", description, entries, &argc, &argv, error) ||
      !orr_cli_take_operands (argc, argv, 2, "IN OUT", error))
    return FALSE;
  if (!orr_cli_check_folder (argv[2], error))
    return FALSE;
  if (orr_hmm_is_file_name (argv[1]) || orr_hmm_is_file_name (argv[2]))
    return convert_model (cli, argv[1], argv[2], error);
  return convert_network (cli, argv[1], name, argv[2], error);
}

const OrrCommand orr_command_convert = { "convert", "Convert networks, or models, between file formats", run };
