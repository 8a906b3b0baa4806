/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-cli.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib-unix.h>
#include <omp.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "orr-error.h"
#include "orr-json.h"
#include "orr-parallel.h"
#include "orr-progress-printer.h"

/* More than any machine has; a thread more costs memory long before that. */
#define MAX_THREADS 1024

struct _OrrCli
{
  OrrProgressPrinter *printer;
  OrrProgress        *progress;
  GMainContext       *signals; /* SIGINT and SIGTERM are seen on their own thread */
  GString            *path;    /* the commands typed so far, for usage lines */
  gboolean            json;
  int                 threads; /* G_MININT where nothing was said */
  int                 interrupts;
};

static gboolean
interrupt_cb (gpointer user_data)
{
  OrrCli *self = user_data;

  /* Whoever asks twice does not want to wait for a tidy end. */
  if (self->interrupts++ > 0)
    _exit (130);
  orr_progress_cancel (self->progress);
  return G_SOURCE_CONTINUE;
}

static gpointer
watch_signals (gpointer data)
{
  GMainContext *context = data;

  while (TRUE)
    g_main_context_iteration (context, TRUE);
  return NULL;
}

static void
add_signal (OrrCli *self, int number)
{
  g_autoptr (GSource) source = g_unix_signal_source_new (number);

  g_source_set_callback (source, interrupt_cb, self, NULL);
  g_source_attach (source, self->signals);
}

/**
 * orr_cli_new:
 *
 * One for the whole process: it takes over SIGINT and SIGTERM.
 *
 * Returns: (transfer full): the frame that sub-commands run in
 */
OrrCli *
orr_cli_new (void)
{
  OrrCli *self = g_new0 (OrrCli, 1);

  self->printer = orr_progress_printer_new ();
  self->progress = orr_progress_new (orr_progress_printer_report, self->printer, NULL);
  self->path = g_string_new (NULL);
  self->threads = G_MININT;
  self->signals = g_main_context_new ();
  add_signal (self, SIGINT);
  add_signal (self, SIGTERM);
  g_thread_unref (g_thread_new ("signals", watch_signals, self->signals));
  return self;
}

/* The signal thread lives as long as the process and keeps its context and
 * @self's flags in use, so only what it does not touch goes. */
void
orr_cli_free (OrrCli *self)
{
  orr_progress_printer_finish (self->printer);
  g_string_free (self->path, TRUE);
}

static void
print_commands (OrrCli *self, const OrrCommand *command)
{
  gsize width = 0;

  for (const OrrCommand *const *c = command->commands; *c != NULL; c++)
    width = MAX (width, strlen ((*c)->name));

  g_print ("Usage:\n  %s COMMAND [OPTION...]\n\n%s.\n\nCommands:\n", self->path->str, command->summary);
  for (const OrrCommand *const *c = command->commands; *c != NULL; c++)
    g_print ("  %-*s  %s\n", (int) width, (*c)->name, (*c)->summary);
  g_print ("\n%s COMMAND --help tells more about a command.\n", self->path->str);
}

static gboolean
is_help (const char *argument)
{
  return g_str_equal (argument, "--help") || g_str_equal (argument, "-h") || g_str_equal (argument, "help");
}

/**
 * orr_cli_dispatch:
 * @argv: [@argc] what was typed, @command's own name first
 *
 * Runs @command, or the one of its sub-commands that argv[1] names.
 */
gboolean
orr_cli_dispatch (OrrCli *self, const OrrCommand *command, int argc, char **argv, GError **error)
{
  g_string_append_printf (self->path, "%s%s", self->path->len > 0 ? " " : "", command->name);
  if (command->commands == NULL)
    return command->run (self, argc, argv, error);

  if (argc > 1 && is_help (argv[1]))
    {
      print_commands (self, command);
      return TRUE;
    }
  if (argc > 1)
    for (const OrrCommand *const *c = command->commands; *c != NULL; c++)
      if (g_str_equal ((*c)->name, argv[1]))
        return orr_cli_dispatch (self, *c, argc - 1, argv + 1, error);

  if (argc > 1)
    g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "There is no command \"%s\" (%s --help lists them)", argv[1],
                 self->path->str);
  else
    g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "Which command? (%s --help lists them)", self->path->str);
  return FALSE;
}

static gboolean
parse_progress_cb (const char *name, const char *value, gpointer data, GError **error)
{
  OrrCli *self = data;

  if (orr_progress_printer_set_style (self->printer, value))
    return TRUE;
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               "--progress is auto, bar, lines, json or none, not \"%s\"", value);
  return FALSE;
}

/* The command's own options first, then those that all commands share. */
static GOptionGroup *
create_options (OrrCli *self, const GOptionEntry *entries)
{
  GOptionEntry common[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &self->json, "Print the result as one JSON object", NULL },
    { "progress", 0, 0, G_OPTION_ARG_CALLBACK, parse_progress_cb,
      "Progress on standard error: auto, bar, lines, json or none", "STYLE" },
    { "threads", 0, 0, G_OPTION_ARG_INT, &self->threads,
      "Threads to use (default: all cores); results do not depend on it", "N" },
    G_OPTION_ENTRY_NULL
  };
  GOptionGroup *group = g_option_group_new ("main", "Options", "Options", self, NULL);

  if (entries != NULL)
    g_option_group_add_entries (group, entries);
  g_option_group_add_entries (group, common);
  return group;
}

/**
 * orr_cli_parse:
 * @operands: what stands after the options in the usage line, such as "NET"
 * @description: what the command does, its operands and an example; for --help
 * @entries: (nullable): the command's own options, ended by %G_OPTION_ENTRY_NULL
 * @argc: (inout): number of arguments; the operands remain
 * @argv: (inout): the arguments
 * @error: (out): what is wrong with the options
 *
 * Reads the options of a command and those that all commands share: --json,
 * --progress, --threads, --help (which prints and ends the program).
 */
gboolean
orr_cli_parse (OrrCli *self, const char *operands, const char *description, const GOptionEntry *entries,
               int *argc, char ***argv, GError **error)
{
  g_autoptr (GOptionContext) context = g_option_context_new (operands);

  g_set_prgname (self->path->str);
  g_option_context_set_main_group (context, create_options (self, entries));
  g_option_context_set_description (context, description);
  if (!g_option_context_parse (context, argc, argv, error))
    return FALSE;

  /* "--" only separates; it is no operand. */
  if (*argc > 1 && g_str_equal ((*argv)[1], "--"))
    {
      (*argv)[1] = (*argv)[0];
      (*argv)++;
      (*argc)--;
    }
  if (self->threads != G_MININT && (self->threads < 1 || self->threads > MAX_THREADS))
    {
      g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "--threads must be from 1 to %d, not %d", MAX_THREADS, self->threads);
      return FALSE;
    }
  if (self->threads > 0)
    omp_set_num_threads (self->threads);
  return TRUE;
}

/**
 * orr_cli_check_ranges:
 * @ranges: (array length=n): options that are numbers
 * @error: (out): the first that is out of its range
 */
gboolean
orr_cli_check_ranges (const OrrCliRange *ranges, guint n, GError **error)
{
  for (guint i = 0; i < n; i++)
    if (!(ranges[i].value >= ranges[i].least && ranges[i].value <= ranges[i].most))
      {
        g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "%s must be from %.10g to %.10g, not %.10g", ranges[i].option,
                     ranges[i].least, ranges[i].most, ranges[i].value);
        return FALSE;
      }
  return TRUE;
}

/**
 * orr_cli_finish:
 *
 * Hands what was printed to whoever reads it.
 *
 * Returns: %FALSE when it did not arrive there: a full disk behind a redirection
 */
gboolean
orr_cli_finish (OrrCli *self, GError **error)
{
  orr_progress_printer_finish (self->printer);
  errno = 0;
  if (fflush (stdout) == 0 && !ferror (stdout))
    return TRUE;
  g_set_error (error, ORR_ERROR, ORR_ERROR_FAILED, "The result cannot be written to standard output (%s)",
               g_strerror (errno != 0 ? errno : EIO));
  return FALSE;
}

/**
 * orr_cli_exit_status:
 *
 * Returns: 0 for no error, 2 for bad usage or bad input, 130 when
 * interrupted, 1 otherwise
 */
int
orr_cli_exit_status (const GError *error)
{
  if (error == NULL)
    return 0;
  if (g_error_matches (error, ORR_ERROR, ORR_ERROR_CANCELLED) ||
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return 130;
  if (error->domain == G_OPTION_ERROR || g_error_matches (error, ORR_ERROR, ORR_ERROR_INPUT))
    return 2;
  /* Files that are named wrong are bad input; a disk that fails is not. */
  if (g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOENT) ||
      g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_ISDIR) ||
      g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_ACCES) ||
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND) ||
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_IS_DIRECTORY) ||
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED))
    return 2;
  return 1;
}

/**
 * orr_cli_get_progress:
 *
 * Returns: (transfer none): prints on standard error; cancelled by SIGINT and SIGTERM
 */
OrrProgress *
orr_cli_get_progress (OrrCli *self)
{
  return self->progress;
}

/**
 * orr_cli_get_threads:
 *
 * Returns: how many threads to use, at least 1
 */
guint
orr_cli_get_threads (OrrCli *self)
{
  return orr_parallel_threads (MAX (self->threads, 0));
}

gboolean
orr_cli_wants_json (OrrCli *self)
{
  return self->json;
}

/**
 * orr_cli_print_json:
 * @section: (transfer floating): the result
 *
 * Prints it on standard output: call it once.
 */
void
orr_cli_print_json (OrrCli *self, GVariant *section)
{
  g_autoptr (GVariant) owned = g_variant_ref_sink (section);
  g_autofree char *text = orr_json_print (owned, FALSE);

  orr_progress_printer_finish (self->printer);
  puts (text);
}

/**
 * orr_cli_print:
 *
 * Prints a result for people on standard output; nothing with --json.
 */
void
orr_cli_print (OrrCli *self, const char *format, ...)
{
  va_list arguments;

  if (self->json)
    return;
  orr_progress_printer_finish (self->printer);
  va_start (arguments, format);
  vprintf (format, arguments);
  va_end (arguments);
  /* Through a pipe, too, line by line, while a long command goes on. */
  fflush (stdout);
}

/**
 * orr_cli_message:
 *
 * Prints a remark on a line of standard error.
 */
void
orr_cli_message (OrrCli *self, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  g_autofree char *text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  orr_progress_printer_message (self->printer, text);
}

/**
 * orr_cli_event:
 * @section: (transfer floating): what happened, such as an epoch's losses
 *
 * Prints it as one JSON line on standard error with --progress json; nothing otherwise.
 */
void
orr_cli_event (OrrCli *self, GVariant *section)
{
  g_autoptr (GVariant) owned = g_variant_ref_sink (section);

  orr_progress_printer_event (self->printer, owned);
}
