/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-agent.h"
#include "orr-template.h"

G_BEGIN_DECLS

/**
 * OrrProposal:
 * @filling: what goes into the template's holes
 * @log_probability: of its actions, where there was a choice; less the penalty on their number
 */
typedef struct
{
  OrrFilling filling;
  double     log_probability;
} OrrProposal;

GArray *orr_beam_search (const OrrAgentContext *context,
                         const OrrTemplate     *template,
                         guint                  width);
GArray *orr_beam_sample (const OrrAgentContext *context,
                         const OrrTemplate     *template,
                         guint                  n,
                         double                 temperature,
                         guint64                seed,
                         guint64                stream);

G_END_DECLS
