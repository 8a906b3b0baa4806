/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-pickle.h"

#include <math.h>
#include <string.h>

#include "orr-error.h"
#include "orr-format.h"

/*
 * A pickle is a program for a small stack machine (Python's pickletools module
 * documents the opcodes). Only those that state dicts and plain checkpoints
 * use are understood, in protocols 2 to 5. Every opcode makes at most one
 * value, so memory stays in proportion to the input.
 */

struct _OrrPickle
{
  GPtrArray      *values;
  OrrPickleValue *root;
};

typedef struct
{
  const guint8      *data;
  gsize              length;
  gsize              at;
  OrrPickle         *pickle;
  const char *const *allowed;
  GPtrArray         *stack;
  GArray            *marks;
  GHashTable        *memo;
} Machine;

static void
value_free (gpointer data)
{
  OrrPickleValue *self = data;

  g_free (self->text);
  if (self->items != NULL)
    g_ptr_array_unref (self->items);
  g_free (self);
}

static OrrPickleValue *
value_new (Machine *self, OrrPickleKind kind)
{
  OrrPickleValue *value = g_new0 (OrrPickleValue, 1);

  value->kind = kind;
  if (kind >= ORR_PICKLE_TUPLE && kind != ORR_PICKLE_GLOBAL)
    value->items = g_ptr_array_new ();
  g_ptr_array_add (self->pickle->values, value);
  return value;
}

static gboolean
fail (Machine *self, GError **error, const char *what)
{
  g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "The pickle %s (at byte %" G_GSIZE_FORMAT ")", what, self->at);
  return FALSE;
}

static gboolean
fail_short (Machine *self, GError **error)
{
  return fail (self, error, "is cut short");
}

static gboolean
fail_stack (Machine *self, GError **error)
{
  return fail (self, error, "is damaged: it takes more from its stack than is there");
}

/* The next @n bytes, or NULL. */
static const guint8 *
take (Machine *self, guint64 n)
{
  if (n > self->length - self->at)
    return NULL;

  const guint8 *bytes = self->data + self->at;
  self->at += n;
  return bytes;
}

/* The next @n bytes as an unsigned little-endian number. */
static gboolean
take_number (Machine *self, guint n, guint64 *number, GError **error)
{
  const guint8 *bytes = take (self, n);

  if (bytes == NULL)
    return fail_short (self, error);
  *number = 0;
  for (guint i = 0; i < n; i++)
    *number |= (guint64) bytes[i] << (8 * i);
  return TRUE;
}

static void
push (Machine *self, OrrPickleValue *value)
{
  g_ptr_array_add (self->stack, value);
}

static void
push_integer (Machine *self, gint64 integer)
{
  OrrPickleValue *value = value_new (self, ORR_PICKLE_INTEGER);

  value->integer = integer;
  push (self, value);
}

/* Lowest place on the stack that an opcode without a mark may touch. */
static guint
floor_of (Machine *self)
{
  return self->marks->len > 0 ? g_array_index (self->marks, guint, self->marks->len - 1) : 0;
}

static OrrPickleValue *
pop (Machine *self)
{
  if (self->stack->len <= floor_of (self))
    return NULL;
  return g_ptr_array_steal_index (self->stack, self->stack->len - 1);
}

static OrrPickleValue *
top (Machine *self)
{
  return self->stack->len > floor_of (self) ? self->stack->pdata[self->stack->len - 1] : NULL;
}

/* Takes everything above the last mark off the stack, adding it to @items. */
static gboolean
pop_mark (Machine *self, GPtrArray *items, GError **error)
{
  if (self->marks->len == 0)
    return fail_stack (self, error);

  guint first = floor_of (self);
  g_array_set_size (self->marks, self->marks->len - 1);
  for (guint i = first; i < self->stack->len; i++)
    g_ptr_array_add (items, self->stack->pdata[i]);
  g_ptr_array_set_size (self->stack, first);
  return TRUE;
}

static gboolean
push_text (Machine *self, OrrPickleKind kind, guint length_bytes, GError **error)
{
  guint64 length;

  if (!take_number (self, length_bytes, &length, error))
    return FALSE;
  const guint8 *bytes = take (self, length);
  if (bytes == NULL)
    return fail_short (self, error);
  if (kind == ORR_PICKLE_TEXT && !g_utf8_validate ((const char *) bytes, length, NULL))
    return fail (self, error, "holds a text that is not UTF-8");

  OrrPickleValue *value = value_new (self, kind);
  /* What bytes hold is never needed: numbers of NumPy in checkpoints. */
  if (kind == ORR_PICKLE_TEXT)
    value->text = g_strndup ((const char *) bytes, length);
  push (self, value);
  return TRUE;
}

/* An integer of up to 8 bytes; longer ones (random generators' states) become 0. */
static gboolean
push_long (Machine *self, guint length_bytes, GError **error)
{
  guint64 length;

  if (!take_number (self, length_bytes, &length, error))
    return FALSE;
  const guint8 *bytes = take (self, length);
  if (bytes == NULL)
    return fail_short (self, error);

  guint64 bits = length > 0 && (bytes[length - 1] & 0x80) != 0 ? G_MAXUINT64 : 0;
  if (length > 8)
    bits = 0;
  else
    for (guint i = 0; i < length; i++)
      bits = (bits & ~((guint64) 0xff << (8 * i))) | (guint64) bytes[i] << (8 * i);
  push_integer (self, (gint64) bits);
  return TRUE;
}

static gboolean
push_float (Machine *self, GError **error)
{
  const guint8 *bytes = take (self, 8);
  guint64 bits = 0;

  if (bytes == NULL)
    return fail_short (self, error);
  for (guint i = 0; i < 8; i++)
    bits = bits << 8 | bytes[i];
  OrrPickleValue *value = value_new (self, ORR_PICKLE_NUMBER);
  memcpy (&value->number, &bits, sizeof bits);
  push (self, value);
  return TRUE;
}

static gboolean
push_boolean (Machine *self, gboolean flag)
{
  OrrPickleValue *value = value_new (self, ORR_PICKLE_BOOLEAN);

  value->integer = flag;
  push (self, value);
  return TRUE;
}

static gboolean
push_tuple (Machine *self, guint n, GError **error)
{
  OrrPickleValue *tuple = value_new (self, ORR_PICKLE_TUPLE);

  if (self->stack->len - floor_of (self) < n)
    return fail_stack (self, error);
  for (guint i = 0; i < n; i++)
    g_ptr_array_add (tuple->items, self->stack->pdata[self->stack->len - n + i]);
  g_ptr_array_set_size (self->stack, self->stack->len - n);
  push (self, tuple);
  return TRUE;
}

static gboolean
push_marked_tuple (Machine *self, GError **error)
{
  OrrPickleValue *tuple = value_new (self, ORR_PICKLE_TUPLE);

  if (!pop_mark (self, tuple->items, error))
    return FALSE;
  push (self, tuple);
  return TRUE;
}

static gboolean
push_empty (Machine *self, OrrPickleKind kind)
{
  push (self, value_new (self, kind));
  return TRUE;
}

/* Names a class or function; only what @allowed lists may appear at all. */
static gboolean
push_named_global (Machine *self, const char *module, const char *name, GError **error)
{
  g_autofree char *full = g_strdup_printf ("%s.%s", module, name);

  if (!g_strv_contains (self->allowed, full))
    {
      g_autofree char *shown = orr_format_excerpt (full, 120);
      g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT,
                   "The file asks for \"%s\", which a state dict does not need and Orrery never runs; "
                   "save model.state_dict() alone", shown);
      return FALSE;
    }
  OrrPickleValue *value = value_new (self, ORR_PICKLE_GLOBAL);
  value->text = g_steal_pointer (&full);
  push (self, value);
  return TRUE;
}

static char *
take_line (Machine *self)
{
  const guint8 *start = self->data + self->at;
  const guint8 *end = memchr (start, '\n', self->length - self->at);

  if (end == NULL)
    return NULL;
  self->at += end - start + 1;
  return g_strndup ((const char *) start, end - start);
}

static gboolean
push_global (Machine *self, GError **error)
{
  g_autofree char *module = take_line (self);
  g_autofree char *name = take_line (self);

  if (module == NULL || name == NULL)
    return fail_short (self, error);
  return push_named_global (self, module, name, error);
}

static gboolean
push_stack_global (Machine *self, GError **error)
{
  const OrrPickleValue *name = pop (self);
  const OrrPickleValue *module = pop (self);

  if (name == NULL || module == NULL || name->kind != ORR_PICKLE_TEXT || module->kind != ORR_PICKLE_TEXT)
    return fail_stack (self, error);
  return push_named_global (self, module->text, name->text, error);
}

static gboolean
reduce (Machine *self, GError **error)
{
  OrrPickleValue *arguments = pop (self);
  OrrPickleValue *callable = pop (self);

  if (arguments == NULL || callable == NULL)
    return fail_stack (self, error);
  if (callable->kind != ORR_PICKLE_GLOBAL || arguments->kind != ORR_PICKLE_TUPLE)
    return fail (self, error, "is damaged: it calls what cannot be called");

  gboolean ordered = strcmp (callable->text, "collections.OrderedDict") == 0 && arguments->items->len == 0;
  if (ordered || strcmp (callable->text, "collections.defaultdict") == 0)
    return push_empty (self, ORR_PICKLE_DICT);

  OrrPickleValue *call = value_new (self, ORR_PICKLE_CALL);
  g_ptr_array_add (call->items, callable);
  g_ptr_array_add (call->items, arguments);
  push (self, call);
  return TRUE;
}

/* Sets an object's attributes; those of dictionaries (_metadata) and of what was not made do not matter. */
static gboolean
build (Machine *self, GError **error)
{
  if (pop (self) == NULL || top (self) == NULL)
    return fail_stack (self, error);
  return TRUE;
}

static gboolean
add_items (Machine *self, OrrPickleKind kind, gboolean marked, GError **error)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new ();
  guint n_plain = kind == ORR_PICKLE_DICT ? 2 : 1;

  if (marked)
    {
      if (!pop_mark (self, items, error))
        return FALSE;
    }
  else
    {
      if (self->stack->len - floor_of (self) < n_plain)
        return fail_stack (self, error);
      for (guint i = 0; i < n_plain; i++)
        g_ptr_array_add (items, self->stack->pdata[self->stack->len - n_plain + i]);
      g_ptr_array_set_size (self->stack, self->stack->len - n_plain);
    }

  OrrPickleValue *target = top (self);
  if (target == NULL || target->kind != kind || items->len % n_plain != 0)
    return fail (self, error, "is damaged: it adds elements to what has none");
  g_ptr_array_extend (target->items, items, NULL, NULL);
  return TRUE;
}

static gboolean
push_persistent (Machine *self, GError **error)
{
  OrrPickleValue *id = pop (self);

  if (id == NULL)
    return fail_stack (self, error);
  OrrPickleValue *value = value_new (self, ORR_PICKLE_PERSISTENT);
  g_ptr_array_add (value->items, id);
  push (self, value);
  return TRUE;
}

static gboolean
put (Machine *self, guint64 index, GError **error)
{
  if (top (self) == NULL)
    return fail_stack (self, error);
  g_hash_table_insert (self->memo, GSIZE_TO_POINTER (index), top (self));
  return TRUE;
}

static gboolean
put_numbered (Machine *self, guint length_bytes, GError **error)
{
  guint64 index;

  return take_number (self, length_bytes, &index, error) && put (self, index, error);
}

static gboolean
get_numbered (Machine *self, guint length_bytes, GError **error)
{
  guint64 index;

  if (!take_number (self, length_bytes, &index, error))
    return FALSE;
  OrrPickleValue *value = g_hash_table_lookup (self->memo, GSIZE_TO_POINTER (index));
  if (value == NULL)
    return fail (self, error, "is damaged: it remembers what it never stored");
  push (self, value);
  return TRUE;
}

static gboolean
push_fixed_integer (Machine *self, guint length_bytes, GError **error)
{
  guint64 number;

  if (!take_number (self, length_bytes, &number, error))
    return FALSE;
  /* Only the four-byte one is signed. */
  push_integer (self, length_bytes == 4 ? (gint32) number : (gint64) number);
  return TRUE;
}

static gboolean
push_mark (Machine *self)
{
  g_array_append_val (self->marks, self->stack->len);
  return TRUE;
}

static gboolean
check_protocol (Machine *self, GError **error)
{
  guint64 protocol;

  if (!take_number (self, 1, &protocol, error))
    return FALSE;
  if (protocol < 2 || protocol > 5)
    return fail (self, error, "has a protocol that is not supported; 2 to 5 are");
  return TRUE;
}

static gboolean
step (Machine *self, guint8 opcode, GError **error)
{
  guint64 ignored;

  switch (opcode)
    {
    case 0x80: return check_protocol (self, error);
    case 0x95: return take_number (self, 8, &ignored, error); /* a frame's length */
    case '(': return push_mark (self);
    case 'N': return push_empty (self, ORR_PICKLE_NONE);
    case 0x88: return push_boolean (self, TRUE);
    case 0x89: return push_boolean (self, FALSE);
    case 'K': return push_fixed_integer (self, 1, error);
    case 'M': return push_fixed_integer (self, 2, error);
    case 'J': return push_fixed_integer (self, 4, error);
    case 0x8a: return push_long (self, 1, error);
    case 0x8b: return push_long (self, 4, error);
    case 'G': return push_float (self, error);
    case 0x8c: return push_text (self, ORR_PICKLE_TEXT, 1, error);
    case 'X': return push_text (self, ORR_PICKLE_TEXT, 4, error);
    case 0x8d: return push_text (self, ORR_PICKLE_TEXT, 8, error);
    case 'U':
    case 'C': return push_text (self, ORR_PICKLE_BYTES, 1, error);
    case 'T':
    case 'B': return push_text (self, ORR_PICKLE_BYTES, 4, error);
    case 0x8e: return push_text (self, ORR_PICKLE_BYTES, 8, error);
    case ']': return push_empty (self, ORR_PICKLE_LIST);
    case '}': return push_empty (self, ORR_PICKLE_DICT);
    case 0x8f: return push_empty (self, ORR_PICKLE_SET);
    case ')': return push_tuple (self, 0, error);
    case 0x85: return push_tuple (self, 1, error);
    case 0x86: return push_tuple (self, 2, error);
    case 0x87: return push_tuple (self, 3, error);
    case 't': return push_marked_tuple (self, error);
    case 'a': return add_items (self, ORR_PICKLE_LIST, FALSE, error);
    case 'e': return add_items (self, ORR_PICKLE_LIST, TRUE, error);
    case 's': return add_items (self, ORR_PICKLE_DICT, FALSE, error);
    case 'u': return add_items (self, ORR_PICKLE_DICT, TRUE, error);
    case 0x90: return add_items (self, ORR_PICKLE_SET, TRUE, error);
    case 'q': return put_numbered (self, 1, error);
    case 'r': return put_numbered (self, 4, error);
    case 0x94: return put (self, g_hash_table_size (self->memo), error);
    case 'h': return get_numbered (self, 1, error);
    case 'j': return get_numbered (self, 4, error);
    case 'c': return push_global (self, error);
    case 0x93: return push_stack_global (self, error);
    case 'R':
    case 0x81: return reduce (self, error);
    case 'b': return build (self, error);
    case 'Q': return push_persistent (self, error);
    default:
      g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT,
                   "The pickle uses opcode 0x%02x at byte %" G_GSIZE_FORMAT ", which state dicts do not need", opcode,
                   self->at - 1);
      return FALSE;
    }
}

static gboolean
run (Machine *self, GError **error)
{
  const guint8 *opcode;

  while ((opcode = take (self, 1)) != NULL)
    {
      if (*opcode == '.')
        {
          self->pickle->root = pop (self);
          return self->pickle->root != NULL || fail_stack (self, error);
        }
      if (!step (self, *opcode, error))
        return FALSE;
    }
  return fail_short (self, error);
}

/**
 * orr_pickle_parse:
 * @bytes: a pickle
 * @allowed: (array zero-terminated): the globals "module.name" that may appear
 * @error: (out): %ORR_ERROR_INPUT names the first global that may not, or says
 *   where the pickle is damaged
 *
 * Returns: (transfer full) (nullable): what the pickle describes; nothing of it
 * was executed
 */
OrrPickle *
orr_pickle_parse (GBytes *bytes, const char *const *allowed, GError **error)
{
  g_autoptr (OrrPickle) pickle = g_new0 (OrrPickle, 1);
  Machine machine = { .pickle = pickle, .allowed = allowed };
  gboolean done;

  pickle->values = g_ptr_array_new_with_free_func (value_free);
  machine.data = g_bytes_get_data (bytes, &machine.length);
  machine.stack = g_ptr_array_new ();
  machine.marks = g_array_new (FALSE, FALSE, sizeof (guint));
  machine.memo = g_hash_table_new (NULL, NULL);

  done = run (&machine, error);

  g_ptr_array_unref (machine.stack);
  g_array_unref (machine.marks);
  g_hash_table_unref (machine.memo);
  return done ? g_steal_pointer (&pickle) : NULL;
}

void
orr_pickle_free (OrrPickle *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->values);
  g_free (self);
}

/**
 * orr_pickle_get_root:
 *
 * Returns: (transfer none): the value that the pickle stands for
 */
const OrrPickleValue *
orr_pickle_get_root (OrrPickle *self)
{
  return self->root;
}

/**
 * orr_pickle_find:
 *
 * Returns: (nullable): what a dictionary holds under the text @key
 */
const OrrPickleValue *
orr_pickle_find (const OrrPickleValue *dict, const char *key)
{
  if (dict == NULL || dict->kind != ORR_PICKLE_DICT)
    return NULL;
  /* As in Python, the last of two equal keys counts. */
  for (guint i = dict->items->len; i >= 2; i -= 2)
    {
      const OrrPickleValue *name = dict->items->pdata[i - 2];
      if (name->kind == ORR_PICKLE_TEXT && strcmp (name->text, key) == 0)
        return dict->items->pdata[i - 1];
    }
  return NULL;
}

/**
 * orr_pickle_item:
 * @value: (nullable): any value
 *
 * Returns: (nullable): its element at @index, when it has one and it is of @kind
 */
const OrrPickleValue *
orr_pickle_item (const OrrPickleValue *value, guint index, OrrPickleKind kind)
{
  if (value == NULL || value->items == NULL || index >= value->items->len)
    return NULL;

  const OrrPickleValue *item = value->items->pdata[index];
  return item->kind == kind ? item : NULL;
}
