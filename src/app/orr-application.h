/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define ORR_TYPE_APPLICATION (orr_application_get_type ())
G_DECLARE_FINAL_TYPE (OrrApplication, orr_application, ORR, APPLICATION, AdwApplication)

OrrApplication *orr_application_new (void);

G_END_DECLS
