/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-network.h"

G_BEGIN_DECLS

/**
 * OrrJacobian:
 * @n_hidden: H
 * @n_eigenvalues: how many eigenvalues the last call found; the other
 *   H - n_eigenvalues are exactly 0
 * @re: [H] real parts
 * @im: [H] imaginary parts
 *
 * Workspace for the noise-free Jacobian J = diag (phi' (W_hh h + b)) W_hh of one
 * network at many states (SCIENCE, part 3.2). Rows of silent ReLU units are
 * zero, so the eigenvalues are those of the active units' block, which is what
 * is decomposed. For one thread.
 */
typedef struct
{
  gsize       n_hidden;
  gsize       n_eigenvalues;
  double     *re;
  double     *im;
  gboolean    tanh;
  double     *weight; /* [H x H] */
  double     *bias;   /* [H] */
  double     *drive;  /* [H] pre-activations */
  double     *block;  /* [H x H] */
  gsize      *active; /* [H] */
} OrrJacobian;

OrrJacobian *orr_jacobian_new         (const OrrNetwork *network);
void         orr_jacobian_free        (OrrJacobian      *self);
gboolean     orr_jacobian_decompose   (OrrJacobian      *self,
                                       const float      *state);
double       orr_jacobian_radius      (const OrrJacobian *self);
guint        orr_jacobian_n_unstable  (const OrrJacobian *self);
guint        orr_jacobian_n_critical  (const OrrJacobian *self,
                                       double            max_re,
                                       double            min_im);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OrrJacobian, orr_jacobian_free)

G_END_DECLS
