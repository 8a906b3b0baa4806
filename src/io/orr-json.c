/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-json.h"

#include <json-glib/json-glib.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "orr-error.h"
#include "orr-format.h"

/* Deeper nesting than any section has; keeps hostile text from exhausting the stack. */
#define MAX_DEPTH 32

static void print_value (GString *out, GVariant *value, gboolean pretty, guint depth);

static void
print_string (GString *out, const char *text)
{
  g_string_append_c (out, '"');
  for (const char *p = text; *p != '\0'; p++)
    {
      if (*p == '"' || *p == '\\')
        g_string_append_printf (out, "\\%c", *p);
      else if (*p == '\n')
        g_string_append (out, "\\n");
      else if (*p == '\t')
        g_string_append (out, "\\t");
      else if ((guchar) *p < 0x20)
        g_string_append_printf (out, "\\u%04x", *p);
      else
        g_string_append_c (out, *p);
    }
  g_string_append_c (out, '"');
}

/* json-glib's own generator prints 0.05 as 0.050000000000000003. */
static void
print_double (GString *out, double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  /* A whole number would be read back as one, and those have no negative zero. */
  if (value == 0.0 && signbit (value))
    g_string_append (out, "-0.0");
  else
    g_string_append (out, isfinite (value) ? orr_format_double (text, value) : "null");
}

static void
print_break (GString *out, gboolean pretty, guint depth)
{
  if (!pretty)
    return;
  g_string_append_c (out, '\n');
  for (guint i = 0; i < depth; i++)
    g_string_append (out, "  ");
}

static void
print_object (GString *out, GVariant *object, gboolean pretty, guint depth)
{
  GVariantIter iter;
  const char *name;
  GVariant *value;
  gboolean first = TRUE;

  g_string_append_c (out, '{');
  g_variant_iter_init (&iter, object);
  while (g_variant_iter_next (&iter, "{&sv}", &name, &value))
    {
      if (!first)
        g_string_append_c (out, ',');
      first = FALSE;
      print_break (out, pretty, depth + 1);
      print_string (out, name);
      g_string_append (out, pretty ? ": " : ":");
      print_value (out, value, pretty, depth + 1);
      g_variant_unref (value);
    }
  if (!first)
    print_break (out, pretty, depth);
  g_string_append_c (out, '}');
}

/* Lists of numbers and texts stay on one line; lists of lists and objects break. */
static void
print_array (GString *out, GVariant *array, gboolean pretty, guint depth)
{
  gsize n = g_variant_n_children (array);
  gboolean broken = pretty && n > 0 &&
                    g_variant_type_is_container (g_variant_type_element (g_variant_get_type (array)));

  g_string_append_c (out, '[');
  for (gsize i = 0; i < n; i++)
    {
      g_autoptr (GVariant) item = g_variant_get_child_value (array, i);

      if (i > 0)
        g_string_append (out, pretty && !broken ? ", " : ",");
      if (broken)
        print_break (out, TRUE, depth + 1);
      print_value (out, item, pretty, depth + 1);
    }
  if (broken)
    print_break (out, TRUE, depth);
  g_string_append_c (out, ']');
}

static void
print_number_list (GString *out, GVariant *list, gboolean pretty)
{
  gsize n;
  const double *numbers = g_variant_get_fixed_array (list, &n, sizeof (double));

  g_string_append_c (out, '[');
  for (gsize i = 0; i < n; i++)
    {
      if (i > 0)
        g_string_append (out, pretty ? ", " : ",");
      print_double (out, numbers[i]);
    }
  g_string_append_c (out, ']');
}

static void
print_value (GString *out, GVariant *value, gboolean pretty, guint depth)
{
  switch (g_variant_classify (value))
    {
    case G_VARIANT_CLASS_BOOLEAN:
      g_string_append (out, g_variant_get_boolean (value) ? "true" : "false");
      break;
    case G_VARIANT_CLASS_INT32:
      g_string_append_printf (out, "%" G_GINT32_FORMAT, g_variant_get_int32 (value));
      break;
    case G_VARIANT_CLASS_INT64:
      g_string_append_printf (out, "%" G_GINT64_FORMAT, g_variant_get_int64 (value));
      break;
    case G_VARIANT_CLASS_DOUBLE:
      print_double (out, g_variant_get_double (value));
      break;
    case G_VARIANT_CLASS_STRING:
      print_string (out, g_variant_get_string (value, NULL));
      break;
    case G_VARIANT_CLASS_VARIANT:
      {
        g_autoptr (GVariant) inner = g_variant_get_variant (value);
        print_value (out, inner, pretty, depth);
        break;
      }
    case G_VARIANT_CLASS_ARRAY:
      if (g_variant_is_of_type (value, G_VARIANT_TYPE_VARDICT))
        print_object (out, value, pretty, depth);
      else if (g_variant_is_of_type (value, G_VARIANT_TYPE ("ad")))
        print_number_list (out, value, pretty);
      else
        print_array (out, value, pretty, depth);
      break;
    default:
      g_critical ("A section holds a value of type %s", g_variant_get_type_string (value));
      g_string_append (out, "null");
    }
}

/**
 * orr_json_print:
 * @section: a section
 * @pretty: for people: a line a field; otherwise everything on one line
 *
 * Numbers are printed with as many digits as it takes to read the same number
 * back; NaN and infinities become null.
 *
 * Returns: (transfer full): one JSON object, without a newline at the end
 */
char *
orr_json_print (GVariant *section, gboolean pretty)
{
  GString *out = g_string_new (NULL);

  g_return_val_if_fail (g_variant_is_of_type (section, G_VARIANT_TYPE_VARDICT), NULL);

  print_value (out, section, pretty, 0);
  return g_string_free (out, FALSE);
}

static GVariant *parse_value (JsonNode *node, const char *where, GError **error);

static gboolean
is_number_or_null (JsonNode *node)
{
  if (JSON_NODE_HOLDS_NULL (node))
    return TRUE;
  return JSON_NODE_HOLDS_VALUE (node) && (json_node_get_value_type (node) == G_TYPE_INT64 ||
                                          json_node_get_value_type (node) == G_TYPE_DOUBLE);
}

static gboolean
is_string (JsonNode *node)
{
  return JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING;
}

static gboolean
is_number_list (JsonNode *node)
{
  if (!JSON_NODE_HOLDS_ARRAY (node))
    return FALSE;

  JsonArray *array = json_node_get_array (node);
  for (guint i = 0; i < json_array_get_length (array); i++)
    if (!is_number_or_null (json_array_get_element (array, i)))
      return FALSE;
  return TRUE;
}

static gboolean
is_object (JsonNode *node)
{
  return JSON_NODE_HOLDS_OBJECT (node);
}

static gboolean
all (JsonArray *array, gboolean (*test) (JsonNode *))
{
  for (guint i = 0; i < json_array_get_length (array); i++)
    if (!test (json_array_get_element (array, i)))
      return FALSE;
  return TRUE;
}

static GVariant *
parse_number_list (JsonArray *array)
{
  guint n = json_array_get_length (array);
  g_autofree double *numbers = g_new (double, MAX (n, 1));

  for (guint i = 0; i < n; i++)
    {
      JsonNode *node = json_array_get_element (array, i);
      numbers[i] = JSON_NODE_HOLDS_NULL (node) ? NAN : json_node_get_double (node);
    }
  return g_variant_new_fixed_array (G_VARIANT_TYPE_DOUBLE, numbers, n, sizeof (double));
}

static GVariant *
parse_object (JsonObject *object, const char *where, GError **error)
{
  GVariantBuilder builder;
  JsonObjectIter iter;
  const char *name;
  JsonNode *member;

  g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);
  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &name, &member))
    {
      g_autofree char *path = g_strdup_printf ("%s%s%s", where, *where != '\0' ? "." : "", name);
      GVariant *value = parse_value (member, path, error);

      if (value == NULL)
        {
          g_variant_builder_clear (&builder);
          return NULL;
        }
      g_variant_builder_add (&builder, "{sv}", name, value);
    }
  return g_variant_builder_end (&builder);
}

static GVariant *
parse_array (JsonArray *array, const char *where, GError **error)
{
  const char *type;
  GVariantBuilder builder;

  if (all (array, is_number_or_null))
    return parse_number_list (array);
  if (all (array, is_number_list))
    type = "aad";
  else if (all (array, is_string))
    type = "as";
  else if (all (array, is_object))
    type = "aa{sv}";
  else
    {
      g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "The list \"%s\" mixes values of different kinds", where);
      return NULL;
    }

  g_variant_builder_init (&builder, G_VARIANT_TYPE (type));
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      g_autofree char *path = g_strdup_printf ("%s[%u]", where, i);
      GVariant *value = parse_value (json_array_get_element (array, i), path, error);

      if (value == NULL)
        {
          g_variant_builder_clear (&builder);
          return NULL;
        }
      g_variant_builder_add_value (&builder, value);
    }
  return g_variant_builder_end (&builder);
}

static GVariant *
parse_value (JsonNode *node, const char *where, GError **error)
{
  if (JSON_NODE_HOLDS_OBJECT (node))
    return parse_object (json_node_get_object (node), where, error);
  if (JSON_NODE_HOLDS_ARRAY (node))
    return parse_array (json_node_get_array (node), where, error);
  if (JSON_NODE_HOLDS_NULL (node))
    return g_variant_new_double (NAN);
  if (is_string (node))
    return g_variant_new_string (json_node_get_string (node));
  if (json_node_get_value_type (node) == G_TYPE_INT64)
    return g_variant_new_int64 (json_node_get_int (node));
  if (json_node_get_value_type (node) == G_TYPE_BOOLEAN)
    return g_variant_new_boolean (json_node_get_boolean (node));
  return g_variant_new_double (json_node_get_double (node));
}

/* json-glib's parser recurses without a limit, so look before it leaps. */
static gboolean
check_depth (const char *text, gsize length, GError **error)
{
  gboolean quoted = FALSE;
  guint depth = 0;

  for (gsize i = 0; i < length; i++)
    {
      if (quoted && text[i] == '\\')
        i++;
      else if (text[i] == '"')
        quoted = !quoted;
      else if (!quoted && (text[i] == '{' || text[i] == '['))
        depth++;
      else if (!quoted && depth > 0 && (text[i] == '}' || text[i] == ']'))
        depth--;
      if (depth > MAX_DEPTH)
        {
          g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "The JSON text is nested more than %d levels deep",
                       MAX_DEPTH);
          return FALSE;
        }
    }
  return TRUE;
}

/**
 * orr_json_parse:
 * @text: JSON text
 * @length: its length in bytes, or -1 when it ends with a zero byte
 * @error: (out): %ORR_ERROR_INPUT with the line of the text that is wrong
 *
 * Reads one JSON object: lists of numbers (null is NaN) become "ad", lists of
 * those "aad", of texts "as", of objects "aa{sv}"; whole numbers become "x".
 *
 * Returns: (transfer full) (nullable): the section
 */
GVariant *
orr_json_parse (const char *text, gssize length, GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) local = NULL;

  if (!g_utf8_validate (text, length, NULL))
    {
      g_set_error_literal (error, ORR_ERROR, ORR_ERROR_INPUT, "This is not JSON: the text is not UTF-8");
      return NULL;
    }
  if (!check_depth (text, length >= 0 ? (gsize) length : strlen (text), error))
    return NULL;
  if (!json_parser_load_from_data (parser, text, length, &local))
    {
      guint line = 1;

      /* json-glib tells the place in its message alone: "<data>:LINE:COLUMN: ...". */
      sscanf (local->message, "<data>:%u", &line);
      g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "Line %u is not valid JSON", line);
      return NULL;
    }

  JsonNode *root = json_parser_get_root (parser);
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    {
      g_set_error_literal (error, ORR_ERROR, ORR_ERROR_INPUT, "The JSON text is not an object in braces");
      return NULL;
    }

  GVariant *section = parse_object (json_node_get_object (root), "", error);
  return section != NULL ? g_variant_ref_sink (section) : NULL;
}
