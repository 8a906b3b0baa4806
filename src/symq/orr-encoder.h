/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-params.h"

G_BEGIN_DECLS

/**
 * OrrEncoder:
 * @name: what a file of weights calls it
 * @n_features: numbers a data set is turned into before anything is learned
 * @layout: adds the learned parts to @params and returns the encoder's learned state
 * @initialize: sets the parts' first values
 * @features: turns a data set into [n_features]; its workspace is one thread's
 * @forward: [B x n_features] to embeddings [B x n_out]
 * @backward: gradients of the embeddings to those of the parts, added to @gradient
 *
 * A set encoder: any way to turn rows (x, y) in any order into one vector. The
 * rest of the agent knows it by this interface alone.
 */
typedef struct _OrrEncoder OrrEncoder;
typedef struct _OrrEncoderPass OrrEncoderPass;

struct _OrrEncoder
{
  const char *name;
  guint       n_features;
  guint       first_part;
  guint       n_out;
  void     (*layout)       (OrrEncoder *self, OrrParams *params);
  void     (*initialize)   (const OrrEncoder *self, OrrParams *params, guint64 seed);
  gpointer (*scratch_new)  (void);
  void     (*scratch_free) (gpointer scratch);
  void     (*features)     (gpointer scratch, const double *x, gsize stride, guint n_variables, const double *y, guint n,
                            float *features);
  OrrEncoderPass *(*pass_new)  (const OrrEncoder *self, guint max_rows);
  void            (*pass_free) (OrrEncoderPass *pass);
  void     (*forward)      (const OrrEncoder *self, const OrrParams *params, OrrEncoderPass *pass, const float *features,
                            guint b, float *out);
  void     (*backward)     (const OrrEncoder *self, const OrrParams *params, OrrEncoderPass *pass, const float *features,
                            guint b, const float *dout, float *gradient);
};

OrrEncoder *orr_encoder_new  (const char *name,
                              guint       n_out);
void        orr_encoder_free (OrrEncoder *self);

/* The two set encoders there are. */
extern const OrrEncoder orr_encoder_dictionary;
extern const OrrEncoder orr_encoder_attention;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrrEncoder, orr_encoder_free)

G_END_DECLS
