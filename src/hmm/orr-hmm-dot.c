/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-hmm-dot.h"

#include <string.h>

static void
append_quoted (GString *out, const char *text)
{
  g_string_append_c (out, '"');
  for (const char *p = text; *p != '\0'; p++)
    {
      if (*p == '"' || *p == '\\')
        g_string_append_c (out, '\\');
      g_string_append_c (out, *p);
    }
  g_string_append_c (out, '"');
}

/* With a point whatever the locale. */
static void
append_number (GString *out, const char *format, double value)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  g_string_append (out, g_ascii_formatd (buffer, sizeof buffer, format, value));
}

static void
append_state (GString *out, const OrrHmm *self, guint i)
{
  g_autoptr (GString) label = g_string_new (self->state_names[i]);

  for (guint k = 0; k < self->n_symbols; k++)
    {
      double p = self->emission[i * self->n_symbols + k];
      if (p > 0.0)
        {
          g_string_append_printf (label, "\n%s: ", self->symbol_names[k]);
          append_number (label, "%.4g", p);
        }
    }
  g_string_append_printf (out, "  s%u [label=", i + 1);
  append_quoted (out, label->str);
  /* Graphviz's y points up, ours down. */
  g_string_append (out, ", pos=\"");
  append_number (out, "%.4f", self->positions[2 * i]);
  g_string_append_c (out, ',');
  append_number (out, "%.4f", -self->positions[2 * i + 1]);
  g_string_append (out, "!\"");
  if (self->colours[i] != ORR_HMM_NO_COLOUR)
    g_string_append_printf (out, ", style=filled, fillcolor=\"#%06x\"", self->colours[i] & 0xffffff);
  g_string_append (out, "];\n");
}

/**
 * orr_hmm_to_dot:
 *
 * Returns: (transfer full): the model as a Graphviz digraph: states with their
 * emissions, arrows as wide as their probability (`neato -n` keeps the layout)
 */
char *
orr_hmm_to_dot (const OrrHmm *self)
{
  GString *out = g_string_new ("digraph hmm {\n  node [shape=circle];\n");

  for (guint i = 0; i < self->n_states; i++)
    append_state (out, self, i);
  for (guint i = 0; i < self->n_states; i++)
    for (guint j = 0; j < self->n_states; j++)
      {
        double p = self->transition[i * self->n_states + j];
        if (p <= 0.0)
          continue;
        g_string_append_printf (out, "  s%u -> s%u [label=\"", i + 1, j + 1);
        append_number (out, "%.4g", p);
        g_string_append (out, "\", penwidth=");
        append_number (out, "%.3g", 0.5 + 3.5 * p);
        g_string_append (out, self->locked[i * self->n_states + j] ? ", style=dashed];\n" : "];\n");
      }
  g_string_append (out, "}\n");
  return g_string_free (out, FALSE);
}
