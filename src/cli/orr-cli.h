/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "orr-progress.h"

G_BEGIN_DECLS

/*
 * How to add a sub-command: write orr-command-NAME.c with
 *
 *   static gboolean
 *   run (OrrCli *cli, int argc, char **argv, GError **error)
 *   {
 *     GOptionEntry entries[] = { ... };
 *     if (!orr_cli_parse (cli, "NET --hmm PRESET|FILE", help_text, entries, &argc, &argv, error))
 *       return FALSE;                           (argv[1..] are now the operands)
 *     ... work with orr_cli_get_progress (cli) ...
 *     if (orr_cli_wants_json (cli))
 *       orr_cli_print_json (cli, section);
 *     else
 *       orr_cli_print (cli, "...");
 *     return TRUE;
 *   }
 *   const OrrCommand orr_command_name = { "name", "One line that says what it does", run };
 *
 * declare it in orr-commands.h and list it in main.c. Standard output is for
 * results alone: with --json exactly one JSON object. Errors return through
 * GError; their domain and code decide the exit status (orr_cli_exit_status()).
 */

typedef struct _OrrCli OrrCli;
typedef struct _OrrCommand OrrCommand;

/**
 * OrrCommandFunc:
 * @argc: number of arguments, the command's own name included
 * @argv: [@argc] arguments, the command's name first
 *
 * Returns: whether it worked; otherwise @error is set
 */
typedef gboolean (*OrrCommandFunc) (OrrCli *cli, int argc, char **argv, GError **error);

/**
 * OrrCommand:
 * @name: as typed
 * @summary: one line for the list in --help, without a full stop
 * @run: (nullable): does it; %NULL where @commands has the parts
 * @commands: (nullable): sub-commands, ended by %NULL
 */
struct _OrrCommand
{
  const char              *name;
  const char              *summary;
  OrrCommandFunc           run;
  const OrrCommand *const *commands;
};

/**
 * OrrCliRange:
 * @option: with its dashes, for the sentence
 * @value: what was said; not a number is never within
 * @least: the smallest value that makes sense
 * @most: the largest
 */
typedef struct
{
  const char *option;
  double      value;
  double      least;
  double      most;
} OrrCliRange;

OrrCli      *orr_cli_new          (void);
void         orr_cli_free         (OrrCli                  *self);
gboolean     orr_cli_dispatch     (OrrCli                  *self,
                                   const OrrCommand        *command,
                                   int                      argc,
                                   char                   **argv,
                                   GError                 **error);
gboolean     orr_cli_parse        (OrrCli                  *self,
                                   const char              *operands,
                                   const char              *description,
                                   const GOptionEntry      *entries,
                                   int                     *argc,
                                   char                  ***argv,
                                   GError                 **error);
gboolean     orr_cli_check_ranges (const OrrCliRange       *ranges,
                                   guint                    n,
                                   GError                 **error);
gboolean     orr_cli_finish       (OrrCli                  *self,
                                   GError                 **error);
int          orr_cli_exit_status  (const GError            *error);

OrrProgress *orr_cli_get_progress (OrrCli                  *self);
guint        orr_cli_get_threads  (OrrCli                  *self);
gboolean     orr_cli_wants_json   (OrrCli                  *self);
void         orr_cli_print_json   (OrrCli                  *self,
                                   GVariant                *section);
void         orr_cli_print        (OrrCli                  *self,
                                   const char              *format,
                                   ...) G_GNUC_PRINTF (2, 3);
void         orr_cli_message      (OrrCli                  *self,
                                   const char              *format,
                                   ...) G_GNUC_PRINTF (2, 3);
void         orr_cli_event        (OrrCli                  *self,
                                   GVariant                *section);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrrCli, orr_cli_free)

G_END_DECLS
