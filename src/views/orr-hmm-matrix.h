/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-hmm-editor.h"

G_BEGIN_DECLS

typedef enum
{
  ORR_HMM_MATRIX_START,
  ORR_HMM_MATRIX_TRANSITION,
  ORR_HMM_MATRIX_EMISSION,
} OrrHmmMatrixKind;

#define ORR_TYPE_HMM_MATRIX (orr_hmm_matrix_get_type ())
G_DECLARE_FINAL_TYPE (OrrHmmMatrix, orr_hmm_matrix, ORR, HMM_MATRIX, GtkWidget)

GtkWidget *orr_hmm_matrix_new        (OrrHmmMatrixKind kind);
void       orr_hmm_matrix_set_editor (OrrHmmMatrix    *self,
                                      OrrHmmEditor    *editor);
void       orr_hmm_matrix_update     (OrrHmmMatrix    *self);

G_END_DECLS
