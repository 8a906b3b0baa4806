/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "orr-hmm-drawing.h"

G_BEGIN_DECLS

typedef struct _OrrHmmItems OrrHmmItems;

OrrHmmItems *orr_hmm_items_new     (GtkWidget            *canvas);
void         orr_hmm_items_free    (OrrHmmItems          *self);
void         orr_hmm_items_set_hmm (OrrHmmItems          *self,
                                    OrrHmm               *hmm);
void         orr_hmm_items_select  (OrrHmmItems          *self,
                                    int                   state,
                                    int                   from,
                                    int                   to);
void         orr_hmm_items_place   (OrrHmmItems          *self,
                                    const OrrHmmGeometry *geometry,
                                    const OrrHmmViewport *view);

G_END_DECLS
