/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * A section is the result of one analysis: a GVariant of type a{sv}, immutable
 * and shared freely between threads. Values are
 *   b  i  x  d  s      one number, flag or text
 *   ad                 a list of numbers (NaN allowed: "not defined here")
 *   aad                a table of numbers, row by row
 *   as                 a list of texts
 *   a{sv}, aa{sv}      a sub-section, a list of sub-sections
 * The same section is printed as JSON, stored in a study's HDF5 file and read
 * by the views, so that every number has one name everywhere.
 */

GVariant *orr_section_new_doubles  (const double *values,
                                    gsize         n);
GVariant *orr_section_new_floats   (const float  *values,
                                    gsize         n);
GVariant *orr_section_new_table    (const double *values,
                                    gsize         rows,
                                    gsize         cols);
GVariant *orr_section_new_ints     (const int    *values,
                                    gsize         n);

double         orr_section_get_double  (GVariant   *section,
                                        const char *name,
                                        double      fallback);
gint64         orr_section_get_int     (GVariant   *section,
                                        const char *name,
                                        gint64      fallback);
gboolean       orr_section_get_boolean (GVariant   *section,
                                        const char *name,
                                        gboolean    fallback);
char          *orr_section_dup_string  (GVariant   *section,
                                        const char *name);
double        *orr_section_dup_doubles (GVariant   *section,
                                        const char *name,
                                        gsize      *n);
double        *orr_section_dup_table   (GVariant   *section,
                                        const char *name,
                                        gsize      *rows,
                                        gsize      *cols);
GVariant      *orr_section_get_child   (GVariant   *section,
                                        const char *name);

G_END_DECLS
