/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "orr-findings.h"

static const OrrFinding *
get (GPtrArray *findings, guint network, guint i)
{
  return g_ptr_array_index ((GPtrArray *) findings->pdata[network], i);
}

/* Text for one cell of a Markdown table. */
static void
append_cell (GString *text, const char *cell)
{
  for (const char *c = cell; *c != '\0'; c++)
    if (*c == '\n')
      g_string_append (text, "<br>");
    else if (*c == '|')
      g_string_append (text, "\\|");
    else
      g_string_append_c (text, *c);
}

/* Why numbers differ, each reason once. */
static void
append_remarks (GString *text, GPtrArray *findings)
{
  guint n = ((GPtrArray *) findings->pdata[0])->len;
  gboolean any = FALSE;

  for (guint i = 0; i < n; i++)
    for (guint network = 0; network < findings->len; network++)
      {
        const OrrFinding *finding = get (findings, network, i);

        if (finding->remark == NULL)
          continue;
        if (!any)
          g_string_append (text, "\n\342\211\240 marks what lies more than a tenth outside of the published figure. Why that "
                                 "can be:\n\n");
        any = TRUE;
        g_string_append_printf (text, "- %s: %s.\n", finding->title, finding->remark);
        break;
      }
}

/**
 * orr_findings_to_markdown:
 * @names: (element-type utf8): of the networks
 * @findings: (element-type GPtrArray): of each network, of orr_findings_new()
 *
 * Returns: (transfer full): a table with a row for each quantity and a column for each
 *   network, published figures in the cells that have one
 */
char *
orr_findings_to_markdown (GPtrArray *names, GPtrArray *findings)
{
  g_autoptr (GString) text = g_string_new ("| |");

  for (guint network = 0; network < names->len; network++)
    {
      g_string_append_c (text, ' ');
      append_cell (text, names->pdata[network]);
      g_string_append (text, " |");
    }
  g_string_append (text, "\n| --- |");
  for (guint network = 0; network < names->len; network++)
    g_string_append (text, " --- |");
  g_string_append_c (text, '\n');
  for (guint i = 0; findings->len > 0 && i < ((GPtrArray *) findings->pdata[0])->len; i++)
    {
      g_string_append_printf (text, "| %s |", get (findings, 0, i)->title);
      for (guint network = 0; network < findings->len; network++)
        {
          const OrrFinding *finding = get (findings, network, i);

          g_string_append (text, finding->differs ? " \342\211\240 " : " ");
          append_cell (text, finding->text);
          if (finding->published != NULL)
            g_string_append_printf (text, "<br>*published: %s*", finding->published);
          g_string_append (text, " |");
        }
      g_string_append_c (text, '\n');
    }
  if (findings->len > 0)
    append_remarks (text, findings);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
append_quoted (GString *csv, const char *text)
{
  g_string_append_c (csv, '"');
  for (const char *c = text; *c != '\0'; c++)
    {
      if (*c == '"')
        g_string_append_c (csv, '"');
      g_string_append (csv, *c == '\n' ? "; " : (char[]){ *c, '\0' });
    }
  g_string_append_c (csv, '"');
}

static void
append_number (GString *csv, double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  g_string_append_c (csv, ',');
  if (isfinite (value))
    g_string_append (csv, g_ascii_formatd (text, sizeof text, "%.6g", value));
}

/* (transfer full): one row for each network and quantity */
char *
orr_findings_to_csv (GPtrArray *names, GPtrArray *findings)
{
  GString *csv = g_string_new ("network,quantity,value,low,high,result,published,differs\n");

  for (guint network = 0; network < names->len; network++)
    for (guint i = 0; i < ((GPtrArray *) findings->pdata[network])->len; i++)
      {
        const OrrFinding *finding = get (findings, network, i);

        append_quoted (csv, names->pdata[network]);
        g_string_append_printf (csv, ",%s", finding->key);
        append_number (csv, finding->value);
        append_number (csv, finding->low);
        append_number (csv, finding->high);
        g_string_append_c (csv, ',');
        append_quoted (csv, finding->text);
        g_string_append_c (csv, ',');
        append_quoted (csv, finding->published != NULL ? finding->published : "");
        g_string_append (csv, finding->differs ? ",1\n" : ",0\n");
      }
  return g_string_free (csv, FALSE);
}

static GVariant *
create_entry (const OrrFinding *finding)
{
  GVariantDict entry;

  g_variant_dict_init (&entry, NULL);
  g_variant_dict_insert (&entry, "result", "s", finding->text);
  g_variant_dict_insert (&entry, "value", "d", finding->value);
  if (isfinite (finding->low))
    {
      g_variant_dict_insert (&entry, "low", "d", finding->low);
      g_variant_dict_insert (&entry, "high", "d", finding->high);
    }
  if (finding->published != NULL)
    {
      g_variant_dict_insert (&entry, "published", "s", finding->published);
      g_variant_dict_insert (&entry, "differs", "b", finding->differs);
    }
  if (finding->remark != NULL)
    g_variant_dict_insert (&entry, "remark", "s", finding->remark);
  return g_variant_dict_end (&entry);
}

/* (transfer full): `networks`[] with `name` and, by quantity, `result`, `value`, `low` and
 * `high`, `published`, `differs`, `remark` */
GVariant *
orr_findings_to_section (GPtrArray *names, GPtrArray *findings)
{
  GVariantBuilder networks;
  GVariantDict all;

  g_variant_builder_init (&networks, G_VARIANT_TYPE ("aa{sv}"));
  for (guint network = 0; network < names->len; network++)
    {
      GVariantDict one;

      g_variant_dict_init (&one, NULL);
      g_variant_dict_insert (&one, "name", "s", (const char *) names->pdata[network]);
      for (guint i = 0; i < ((GPtrArray *) findings->pdata[network])->len; i++)
        {
          const OrrFinding *finding = get (findings, network, i);

          g_variant_dict_insert_value (&one, finding->key, create_entry (finding));
        }
      g_variant_builder_add_value (&networks, g_variant_dict_end (&one));
    }
  g_variant_dict_init (&all, NULL);
  g_variant_dict_insert_value (&all, "networks", g_variant_builder_end (&networks));
  return g_variant_ref_sink (g_variant_dict_end (&all));
}
