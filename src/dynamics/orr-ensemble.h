/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-matrix.h"
#include "orr-network.h"

G_BEGIN_DECLS

/**
 * OrrEnsemble:
 * @network: the network
 * @pitch: floats from one state to the next in a block: H rounded up to 16
 * @noise_pitch: D rounded up to 16
 * @symbol_pitch: K rounded up to 16
 * @n_gains: G, sets of gains (at least 1)
 * @gain_recurrent: [G x @pitch] factor on W_hh h + b of each unit
 * @gain_noise: [G x @pitch] factor on W_ih x of each unit
 *
 * A network made ready to run many trajectories at once through matrix
 * products, possibly under several sets of gains side by side:
 *   h_t = phi (c_r (W_hh h_{t-1} + b) + c_n (W_ih x_t))      (SCIENCE, part 3.8)
 * Gain set 0 is all ones unless it was replaced. Immutable once built, shared by threads.
 */
typedef struct
{
  OrrNetwork *network;
  gsize       pitch;
  gsize       noise_pitch;
  gsize       symbol_pitch;
  guint       n_gains;
  float      *gain_recurrent;
  float      *gain_noise;
  float      *weight_hh;  /* [pitch x pitch], transposed, zero-padded */
  float      *weight_ih;  /* [noise_pitch x pitch], transposed, zero-padded */
  float      *weight_out; /* [pitch x symbol_pitch], transposed, zero-padded */
  float      *bias;       /* [pitch] */
} OrrEnsemble;

OrrEnsemble *orr_ensemble_new       (const OrrNetwork *network,
                                     guint             n_gains);
void         orr_ensemble_free      (OrrEnsemble      *self);
void         orr_ensemble_set_gain  (OrrEnsemble      *self,
                                     guint             set,
                                     guint             unit,
                                     double            recurrent,
                                     double            noise);

/**
 * OrrEnsembleBlock:
 * @n_rows: trajectories now in the block
 * @states: [n_rows x pitch] h of each; columns from H on are zero
 * @path: [n_rows] which noise path each follows, below @n_paths
 * @gain: [n_rows] which gain set each runs under
 * @tag: [n_rows] the caller's own number for each; kept through removals
 * @logits: [n_rows x symbol_pitch] filled by orr_ensemble_block_read_out()
 * @symbols: [n_rows] argmax of the logits, filled with them
 * @n_paths: noise paths
 * @first_path: number of the first path in the random stream
 * @step: steps made
 * @noise_sd: sigma
 * @seed: of the noise
 * @stream: random stream of the noise
 *
 * Some trajectories of an ensemble: the unit of parallel work, used by one
 * thread. Rows that share a path feel the same noise (matched noise). Noise input
 * d of path p at step t is number (p 2^20 + t) noise_pitch + d of the stream, so
 * it depends on neither blocks nor threads.
 */
typedef struct
{
  const OrrEnsemble *ensemble;
  gsize              max_rows;
  gsize              max_paths;
  gsize              n_rows;
  float             *states;
  guint32           *path;
  guint32           *gain;
  guint32           *tag;
  float             *logits;
  guint16           *symbols;
  gsize              n_paths;
  guint64            first_path;
  guint64            step;
  double             noise_sd;
  guint64            seed;
  guint64            stream;
  float             *next;  /* [max_rows x pitch] */
  float             *noise; /* [max_paths x noise_pitch] x of this step */
  float             *drive; /* [max_paths x pitch] W_ih x of this step */
} OrrEnsembleBlock;

#define ORR_ENSEMBLE_MAX_STEPS (1u << 20)

OrrEnsembleBlock *orr_ensemble_block_new       (const OrrEnsemble *ensemble,
                                                gsize              max_rows,
                                                gsize              max_paths);
void              orr_ensemble_block_free      (OrrEnsembleBlock  *self);
void              orr_ensemble_block_begin     (OrrEnsembleBlock  *self,
                                                gsize              n_rows,
                                                gsize              n_paths,
                                                guint64            first_path);
void              orr_ensemble_block_set_state (OrrEnsembleBlock  *self,
                                                gsize              row,
                                                const float       *state);
void              orr_ensemble_block_step      (OrrEnsembleBlock  *self);
void              orr_ensemble_block_advance   (OrrEnsembleBlock  *self);
void              orr_ensemble_block_read_out  (OrrEnsembleBlock  *self);
void              orr_ensemble_block_keep      (OrrEnsembleBlock  *self,
                                                const guint8      *keep);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrrEnsemble, orr_ensemble_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrrEnsembleBlock, orr_ensemble_block_free)

G_END_DECLS
