/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-progress-printer.h"

#include <math.h>
#include <stdio.h>
#include <unistd.h>

#include "orr-json.h"

#define BAR_WIDTH 24
#define BAR_INTERVAL_US (G_USEC_PER_SEC / 10)
#define LINE_INTERVAL_US (3 * G_USEC_PER_SEC)

typedef enum
{
  STYLE_NONE,
  STYLE_BAR,
  STYLE_LINES,
  STYLE_JSON,
} Style;

struct _OrrProgressPrinter
{
  GMutex   lock;
  Style    style;
  gint64   started; /* 0 until the first report */
  double   first;   /* the fraction of that report: work that goes on does not begin at 0 */
  gint64   printed;
  gboolean open; /* a bar stands on the terminal's last line */
};

static Style
choose_style (void)
{
  return isatty (STDERR_FILENO) ? STYLE_BAR : STYLE_LINES;
}

OrrProgressPrinter *
orr_progress_printer_new (void)
{
  OrrProgressPrinter *self = g_new0 (OrrProgressPrinter, 1);

  g_mutex_init (&self->lock);
  self->style = choose_style ();
  return self;
}

/**
 * orr_progress_printer_set_style:
 * @name: "auto", "bar", "lines", "json" or "none"
 *
 * Returns: whether there is such a style
 */
gboolean
orr_progress_printer_set_style (OrrProgressPrinter *self, const char *name)
{
  static const struct { const char *name; Style style; } styles[] = {
    { "none", STYLE_NONE }, { "bar", STYLE_BAR }, { "lines", STYLE_LINES }, { "json", STYLE_JSON },
  };

  if (g_str_equal (name, "auto"))
    {
      self->style = choose_style ();
      return TRUE;
    }
  for (guint i = 0; i < G_N_ELEMENTS (styles); i++)
    if (g_str_equal (name, styles[i].name))
      {
        self->style = styles[i].style;
        return TRUE;
      }
  return FALSE;
}

static char *
describe_time_left (const OrrProgressPrinter *self, double fraction, double elapsed)
{
  double gained = fraction - self->first;

  if (!(gained > 0.01 * (1.0 - self->first)) || elapsed < 1.0)
    return g_strdup ("");

  double left = elapsed * (1.0 - fraction) / gained;
  if (left < 60.0)
    return g_strdup_printf (", %.0f s left", ceil (left));
  if (left < 3600.0)
    return g_strdup_printf (", %.0f min left", ceil (left / 60.0));
  return g_strdup_printf (", %.1f h left", left / 3600.0);
}

static void
print_bar (OrrProgressPrinter *self, double fraction, const char *text, double elapsed)
{
  g_autofree char *left = describe_time_left (self, fraction, elapsed);
  char bar[BAR_WIDTH + 1];

  for (int i = 0; i < BAR_WIDTH; i++)
    bar[i] = i < fraction * BAR_WIDTH ? '=' : ' ';
  bar[BAR_WIDTH] = '\0';
  if (fraction >= 0.0)
    fprintf (stderr, "\r[%s] %3.0f %%  %s%s\033[K", bar, 100.0 * fraction, text, left);
  else
    fprintf (stderr, "\r%s (%.0f s)\033[K", text, elapsed);
  fflush (stderr);
  self->open = TRUE;
}

static void
print_line (const OrrProgressPrinter *self, double fraction, const char *text, double elapsed)
{
  g_autofree char *left = describe_time_left (self, fraction, elapsed);

  if (fraction >= 0.0)
    fprintf (stderr, "%3.0f %%  %s (%.0f s%s)\n", 100.0 * fraction, text, elapsed, left);
  else
    fprintf (stderr, "%s (%.0f s)\n", text, elapsed);
}

static void
print_json (double fraction, const char *text, double elapsed)
{
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);

  g_variant_builder_add (&builder, "{sv}", "progress", g_variant_new_double (fraction >= 0.0 ? fraction : NAN));
  g_variant_builder_add (&builder, "{sv}", "text", g_variant_new_string (text));
  g_variant_builder_add (&builder, "{sv}", "seconds", g_variant_new_double (elapsed));
  g_autoptr (GVariant) section = g_variant_ref_sink (g_variant_builder_end (&builder));
  g_autofree char *line = orr_json_print (section, FALSE);
  fprintf (stderr, "%s\n", line);
}

/**
 * orr_progress_printer_report:
 * @printer: an #OrrProgressPrinter
 *
 * An #OrrProgressFunc.
 */
void
orr_progress_printer_report (double fraction, const char *text, gpointer printer)
{
  OrrProgressPrinter *self = printer;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  gint64 now = g_get_monotonic_time ();

  if (self->started == 0)
    {
      self->started = self->printed = now;
      self->first = CLAMP (fraction, 0.0, 1.0);
    }
  if (self->style == STYLE_NONE)
    return;
  if (now - self->printed < (self->style == STYLE_BAR ? BAR_INTERVAL_US : LINE_INTERVAL_US))
    return;

  double elapsed = (now - self->started) / (double) G_USEC_PER_SEC;
  self->printed = now;
  if (text == NULL)
    text = "Working";
  if (self->style == STYLE_BAR)
    print_bar (self, fraction, text, elapsed);
  else if (self->style == STYLE_LINES)
    print_line (self, fraction, text, elapsed);
  else
    print_json (fraction, text, elapsed);
}

static void
close_bar (OrrProgressPrinter *self)
{
  if (self->open)
    fputs ("\r\033[K", stderr);
  self->open = FALSE;
}

/**
 * orr_progress_printer_message:
 *
 * Prints a line of its own, without tearing the bar.
 */
void
orr_progress_printer_message (OrrProgressPrinter *self, const char *text)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  close_bar (self);
  fprintf (stderr, "%s\n", text);
}

/**
 * orr_progress_printer_event:
 *
 * Prints @section as one JSON line in the style "json", nothing in the others.
 */
void
orr_progress_printer_event (OrrProgressPrinter *self, GVariant *section)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  if (self->style != STYLE_JSON)
    return;
  g_autofree char *line = orr_json_print (section, FALSE);
  fprintf (stderr, "%s\n", line);
}

/**
 * orr_progress_printer_finish:
 *
 * Wipes the bar; the next report starts anew.
 */
void
orr_progress_printer_finish (OrrProgressPrinter *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  close_bar (self);
  self->started = 0;
}
