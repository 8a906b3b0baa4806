/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-session.h"

G_BEGIN_DECLS

#define ORR_TYPE_EQUATION_BUTTON (orr_equation_button_get_type ())
G_DECLARE_FINAL_TYPE (OrrEquationButton, orr_equation_button, ORR, EQUATION_BUTTON, GtkWidget)

GtkWidget *orr_equation_button_new         (gboolean           compact);
void       orr_equation_button_set_session (OrrEquationButton *self,
                                            OrrSession        *session);
void       orr_equation_button_set_section (OrrEquationButton *self,
                                            const char        *section);

G_END_DECLS
