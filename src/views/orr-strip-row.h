/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef enum
{
  ORR_STRIP_BANDS,
  ORR_STRIP_TRACE,
} OrrStripKind;

/* A step without a kind (an estimated state that is unknown, say). */
#define ORR_STRIP_NO_CODE G_MAXUINT16

/**
 * OrrStripRow:
 * @label: what it shows
 * @n_steps: T
 * @codes: [T] kind of each step, an index into @colours and @names, or
 *   %ORR_STRIP_NO_CODE; of bands
 * @colours: 0xRRGGBB of each kind
 * @names: of each kind
 * @confidence: (nullable): [T] 0 to 1, how sure the kind is; the less, the paler
 * @values: [T], of a trace
 * @low: least value
 * @high: greatest value
 * @colour: of a trace
 * @units: (nullable): whose mean activity a trace shows: its label selects them
 * @definition: (nullable): what is shown, in a sentence
 *
 * One row of the time strip, as a value.
 */
typedef struct
{
  OrrStripKind kind;
  char        *label;
  guint        n_steps;
  guint16     *codes;
  GArray      *colours;
  GPtrArray   *names;
  float       *confidence;
  float       *values;
  float        low;
  float        high;
  guint32      colour;
  GtkBitset   *units;
  char        *definition;
} OrrStripRow;

void       orr_strip_row_free      (OrrStripRow       *self);
char      *orr_strip_row_describe  (const OrrStripRow *self,
                                    guint              step);
void       orr_strip_decimate      (const float       *values,
                                    guint              n_steps,
                                    double             start,
                                    double             end,
                                    guint              n_columns,
                                    float             *low,
                                    float             *high);
guint32    orr_strip_mean_colour   (const OrrStripRow *self,
                                    guint              from,
                                    guint              to,
                                    double            *share);
guint      orr_strip_next_change   (const OrrStripRow *self,
                                    guint              step,
                                    int                direction);

G_END_DECLS
