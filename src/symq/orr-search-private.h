/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-dice.h"
#include "orr-expr-normal.h"
#include "orr-mutate.h"
#include "orr-search.h"
#include "orr-seeds-phases.h"
#include "orr-seeds-sums.h"
#include "orr-views.h"

G_BEGIN_DECLS

/* What the files of the search share: judging is in orr-search-judge.c, proposals that are not bred in orr-search-ask.c and orr-search-simple.c. */
#define ORR_SEARCH_POOL_SIZE 96
#define ORR_SEARCH_N_TASKS 8
/* Proposals of a task that asks the agent, which costs less a proposal the more it is asked for at once. */
#define ORR_SEARCH_REGROW_SIZE 24
/* A beam of this width takes a glance at all simple views, too, and only a glance at first. */
#define ORR_SEARCH_WIDE_BEAM 128
/* Width of the beam for one view of y. */
#define ORR_SEARCH_VIEW_BEAM 96
#define ORR_SEARCH_MAX_COMPLEXITY 64
#define ORR_SEARCH_EXACT 1e-13

/* A filling of the template's holes, judged. */
typedef struct
{
  OrrFilling   filling;
  guint64      hash;
  guint64      other_hash; /* of the form of it that was tried as well, or 0 */
  OrrProspect  candidate;
  double       score;
  gboolean     again; /* was judged before, less closely */
} OrrIndividual;

/* One thread's tools. */
typedef struct
{
  OrrExprFitter     *fitter;
  OrrExprNormalizer *normalizer;
  guint              n_tidied; /* laws that were exact but for constants too many */
} OrrSearchBench;

struct _OrrSearch
{
  const OrrAgentContext *context;
  const OrrTemplate     *template;
  OrrSamples             fitted;
  OrrSamples             held_out;
  double                 held_out_sst;
  OrrIndividual         *pool[ORR_SEARCH_POOL_SIZE]; /* best score first */
  guint                  n_pool;
  OrrIndividual         *front[ORR_SEARCH_MAX_COMPLEXITY + 1]; /* the smallest error of every complexity */
  GArray                *beam; /* (nullable) (element-type OrrProposal): what the beam proposed, to be looked at more closely */
  double                *beam_errors; /* (nullable): how each did */
  guint                  next_in_beam;
  guint                  next_view;
  OrrSeedSums           *sums; /* (nullable) */
  int                    next_sums; /* the next view of y that is told as a sum; -1: y itself */
  OrrSeedPhases         *phases; /* (nullable) */
  guint                  next_phases; /* what is told as a wave of a sum next */
  guint                  n_rests; /* what laws left of y was told as such a wave so often */
  guint64                last_rest; /* that law's hash */
  GArray                *shapes; /* (nullable) (element-type OrrFilling) */
  guint                  next_shape;
  double                 node_penalty; /* in score_of()'s unit */
  GHashTable            *seen; /* hashes of fillings */
  guint64                n_tried;
  OrrSearchFound         found; /* (nullable) */
  gpointer               found_data;
  gint64                 told; /* when it was called last */
  gboolean               changed; /* the front, since then */
  OrrProgress           *progress; /* (nullable) (unowned): of the present run */
  OrrSearchBench         benches[ORR_SEARCH_N_TASKS];
};

void                  orr_individual_free       (OrrIndividual *self);
OrrIndividual        *orr_search_judge          (const OrrSearch *self,
                                                 OrrSearchBench *bench,
                                                 const OrrFilling *filling,
                                                 gboolean closely,
                                                 const double *constants);
gboolean              orr_search_is_free        (const OrrTemplate *template);
gboolean              orr_search_has_seen       (const OrrSearch *self,
                                                 guint64 hash);
OrrIndividual        *orr_search_try            (const OrrSearch *self,
                                                 OrrSearchBench *bench,
                                                 const OrrFilling *proposed,
                                                 gboolean closely);
OrrIndividual        *orr_search_try_again      (const OrrSearch *self,
                                                 OrrSearchBench *bench,
                                                 const OrrFilling *proposed);
void                  orr_search_add            (OrrSearch *self,
                                                 OrrIndividual *individual);
gboolean              orr_search_is_solved      (const OrrSearch *self);
const OrrIndividual  *orr_search_choose_parent  (const OrrSearch *self,
                                                 OrrDice *dice);
void                  orr_search_plant_seeds    (OrrSearch *self);
void                  orr_search_plant_sums     (OrrSearch *self);
void                  orr_search_plant_chains   (OrrSearch *self);
gboolean              orr_search_plant_phases   (OrrSearch *self,
                                                 guint n_threads);
void                  orr_search_plant_rest_phases (OrrSearch *self,
                                                 guint n_threads);
void                  orr_search_plant_shapes   (OrrSearch *self,
                                                 guint n_threads);
void                  orr_search_plant_simple   (OrrSearch *self);
gboolean              orr_search_ask_view       (OrrSearch *self,
                                                 guint *next,
                                                 guint beam,
                                                 guint n_threads);
void                  orr_search_ask_rest       (OrrSearch *self,
                                                 guint64 seed,
                                                 guint64 generation,
                                                 guint n_threads);
double                orr_search_clock          (const OrrSearchOptions *options);
void                  orr_search_ask_beam       (OrrSearch *self,
                                                 const OrrSearchOptions *options,
                                                 double start);
gboolean              orr_search_ask_beam_again (OrrSearch *self,
                                                 const OrrSearchOptions *options,
                                                 double start);
void                  orr_search_glance         (OrrSearch *self,
                                                 const OrrSearchOptions *options,
                                                 double start);
OrrSprout             orr_filling_hole          (const OrrFilling *filling,
                                                 guint hole);
void                  orr_filling_set_hole      (OrrFilling *filling,
                                                 guint hole,
                                                 const OrrSprout *sprout);
guint                 orr_search_regrow         (const OrrSearch *self,
                                                 OrrDice *dice,
                                                 guint64 seed,
                                                 guint64 stream,
                                                 OrrFilling *out);

G_END_DECLS
