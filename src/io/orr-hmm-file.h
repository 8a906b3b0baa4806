/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-hmm.h"

G_BEGIN_DECLS

/*
 * Hidden Markov models in files. The format follows from the extension:
 *
 *   .json   an object with "start", "transition", "emission" and, if wanted,
 *           "states", "symbols" (names), "positions", "locked", "colours"
 *   .npz    hmmlearn's startprob_, transmat_, emissionprob_ (with or without the
 *           last underscore), or the names of the JSON fields
 *   .dot    Graphviz, only written
 */

OrrHmm   *orr_hmm_load         (const char    *path,
                                GError       **error);
gboolean  orr_hmm_save         (const OrrHmm  *hmm,
                                const char    *path,
                                GError       **error);
OrrHmm   *orr_hmm_parse_json   (const char    *text,
                                gssize         length,
                                GError       **error);
char     *orr_hmm_print_json   (const OrrHmm  *hmm);
gboolean  orr_hmm_is_file_name (const char    *path);
gboolean  orr_hmm_is_archive   (const char    *path);

G_END_DECLS
