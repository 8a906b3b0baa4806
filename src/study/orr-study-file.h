/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-study.h"

G_BEGIN_DECLS

/* Studies as `.orrery` files: plain HDF5, laid out as doc/file-format.md says. */

gboolean  orr_study_file_save (const OrrStudy *study,
                               const char     *path,
                               GError        **error);
OrrStudy *orr_study_file_load (const char     *path,
                               GError        **error);

G_END_DECLS
