/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-torch.h"

#include <string.h>

#include "orr-error.h"
#include "orr-pickle.h"
#include "orr-torch-private.h"
#include "orr-zip.h"

/* Checkpoints nest a few dictionaries; deeper or larger ones are not walked. */
#define MAX_DEPTH 6
#define MAX_VISITS 100000

/* Tensors may show one storage many times over: so much more than the file's own
 * size, and so long a name or note, is taken before it counts as hostile. */
#define MAX_GROWTH 16
#define MIN_BUDGET ((gsize) 16 << 20)
#define MAX_NAME_LENGTH 1024

static const char *const allowed[] = {
  "collections.OrderedDict",
  "collections.defaultdict",
  "builtins.dict",
  "builtins.list",
  "builtins.set",
  "__builtin__.dict",
  "__builtin__.list",
  "__builtin__.set",
  "torch._utils._rebuild_tensor",
  "torch._utils._rebuild_tensor_v2",
  "torch._utils._rebuild_tensor_v3",
  "torch._utils._rebuild_parameter",
  "torch._utils._rebuild_parameter_with_state",
  "torch.Size",
  "torch.device",
  "torch.FloatStorage",
  "torch.DoubleStorage",
  "torch.HalfStorage",
  "torch.BFloat16Storage",
  "torch.LongStorage",
  "torch.IntStorage",
  "torch.ShortStorage",
  "torch.CharStorage",
  "torch.ByteStorage",
  "torch.BoolStorage",
  "torch.UntypedStorage",
  "torch.storage.UntypedStorage",
  "torch.float32",
  "torch.float64",
  "torch.float16",
  "torch.bfloat16",
  "torch.int64",
  "torch.int32",
  "torch.int16",
  "torch.int8",
  "torch.uint8",
  "torch.uint16",
  "torch.uint32",
  "torch.uint64",
  "torch.bool",
  "argparse.Namespace",
  "numpy.core.multiarray.scalar",
  "numpy._core.multiarray.scalar",
  "numpy.dtype",
  "_codecs.encode",
  NULL,
};

/* Where checkpoints keep their state dict, in the order of trust. */
static const char *const state_dict_keys[] = {
  "state_dict", "model_state_dict", "model_state", "model", "module", "network", "net", "weights", "params",
};

typedef struct
{
  OrrZip     *zip;
  char       *folder;   /* of data.pkl in the archive, "" or ending in / */
  gboolean    swap;
  GHashTable *storages; /* key -> GBytes */
  gsize       budget;   /* bytes of tensors that may still be made */
  guint       visits;
} Reader;

static void
reader_clear (Reader *self)
{
  g_clear_pointer (&self->zip, orr_zip_free);
  g_clear_pointer (&self->folder, g_free);
  g_clear_pointer (&self->storages, g_hash_table_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Reader, reader_clear)

static gboolean
fail (GError **error, const char *message)
{
  g_set_error_literal (error, ORR_ERROR, ORR_ERROR_INPUT, message);
  return FALSE;
}

static gboolean
is_call_of (const OrrPickleValue *value, const char *name)
{
  const OrrPickleValue *global = value->kind == ORR_PICKLE_CALL ? orr_pickle_item (value, 0, ORR_PICKLE_GLOBAL) : NULL;

  return global != NULL && strcmp (global->text, name) == 0;
}

/* The call that rebuilds a tensor, within the parameter it may be wrapped in; else NULL. */
static const OrrPickleValue *
tensor_of (const OrrPickleValue *value)
{
  if (is_call_of (value, "torch._utils._rebuild_parameter") ||
      is_call_of (value, "torch._utils._rebuild_parameter_with_state"))
    value = orr_pickle_item (orr_pickle_item (value, 1, ORR_PICKLE_TUPLE), 0, ORR_PICKLE_CALL);

  if (value != NULL && (is_call_of (value, "torch._utils._rebuild_tensor_v2") ||
                        is_call_of (value, "torch._utils._rebuild_tensor_v3") ||
                        is_call_of (value, "torch._utils._rebuild_tensor")))
    return value;
  return NULL;
}

static GBytes *
read_storage (Reader *self, const char *key, GError **error)
{
  GBytes *bytes = g_hash_table_lookup (self->storages, key);
  g_autofree char *path = g_strconcat (self->folder, "data/", key, NULL);
  guint index;

  if (bytes != NULL)
    return bytes;
  if (!orr_zip_find (self->zip, path, &index))
    {
      g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "the archive has no entry \"%s\" with its values", path);
      return NULL;
    }
  bytes = orr_zip_read (self->zip, index, error);
  if (bytes != NULL)
    g_hash_table_insert (self->storages, g_strdup (key), bytes);
  return bytes;
}

/* The list of sizes or strides at @index of a tensor's arguments. */
static gboolean
read_sizes (const OrrPickleValue *arguments, guint index, gsize *sizes, guint *n, GError **error)
{
  const OrrPickleValue *tuple = orr_pickle_item (arguments, index, ORR_PICKLE_TUPLE);

  if (tuple == NULL)
    return fail (error, "it has no shape");
  if (tuple->items->len > ORR_ARRAY_MAX_DIMS)
    return fail (error, "it has more than 8 dimensions");
  for (guint i = 0; i < tuple->items->len; i++)
    {
      const OrrPickleValue *size = orr_pickle_item (tuple, i, ORR_PICKLE_INTEGER);
      if (size == NULL || size->integer < 0)
        return fail (error, "its shape is not a list of sizes");
      sizes[i] = size->integer;
    }
  *n = tuple->items->len;
  return TRUE;
}

/* The furthest element that shape and strides reach, counted from the first. */
static gboolean
last_element (guint n_dims, const gsize *shape, const gsize *strides, gsize first, gsize *last)
{
  *last = first;
  for (guint d = 0; d < n_dims; d++)
    {
      gsize reach;
      if (shape[d] == 0)
        return TRUE;
      if (!g_size_checked_mul (&reach, shape[d] - 1, strides[d]) || !g_size_checked_add (last, *last, reach))
        return FALSE;
    }
  return TRUE;
}

static gboolean
element_type (const OrrPickleValue *arguments, const OrrPickleValue *id, OrrArrayType *type, GError **error)
{
  const OrrPickleValue *storage = orr_pickle_item (id, 1, ORR_PICKLE_GLOBAL);
  const OrrPickleValue *dtype = orr_pickle_item (arguments, 6, ORR_PICKLE_GLOBAL);

  for (guint i = 0; i < ORR_TORCH_N_TYPES; i++)
    if ((dtype != NULL && strcmp (dtype->text, orr_torch_types[i].dtype) == 0) ||
        (dtype == NULL && storage != NULL && strcmp (storage->text, orr_torch_types[i].storage) == 0))
      {
        *type = orr_torch_types[i].type;
        return TRUE;
      }
  return fail (error, "its type of numbers is not supported");
}

/* A tensor from the arguments of the call that rebuilds it: (storage, offset,
 * size, stride, requires_grad, hooks[, dtype]), where storage is the persistent
 * id ("storage", type, key, device, n). */
static OrrArray *
read_tensor (Reader *self, const OrrPickleValue *call, GError **error)
{
  const OrrPickleValue *arguments = orr_pickle_item (call, 1, ORR_PICKLE_TUPLE);
  const OrrPickleValue *id =
    orr_pickle_item (orr_pickle_item (arguments, 0, ORR_PICKLE_PERSISTENT), 0, ORR_PICKLE_TUPLE);
  const OrrPickleValue *key = orr_pickle_item (id, 2, ORR_PICKLE_TEXT);
  const OrrPickleValue *offset = orr_pickle_item (arguments, 1, ORR_PICKLE_INTEGER);
  gsize shape[ORR_ARRAY_MAX_DIMS], strides[ORR_ARRAY_MAX_DIMS], n, last, needed, length;
  guint n_dims, n_strides;
  OrrArrayType type;

  if (key == NULL || offset == NULL || offset->integer < 0)
    {
      fail (error, "it does not say where its values are");
      return NULL;
    }
  if (!element_type (arguments, id, &type, error) || !read_sizes (arguments, 2, shape, &n_dims, error) ||
      !read_sizes (arguments, 3, strides, &n_strides, error))
    return NULL;

  GBytes *storage = read_storage (self, key->text, error);
  if (storage == NULL)
    return NULL;

  gsize size = orr_array_type_size (type);
  const guint8 *data = g_bytes_get_data (storage, &length);
  if (n_strides != n_dims || !orr_array_count (n_dims, shape, size, &n) ||
      !last_element (n_dims, shape, strides, offset->integer, &last) || !g_size_checked_mul (&needed, last, size) ||
      (n > 0 && (needed >= length || length - needed < size)))
    {
      fail (error, "it is larger than its stored values");
      return NULL;
    }
  if (n > self->budget / size)
    {
      fail (error, "the tensors are many times larger than the file");
      return NULL;
    }
  self->budget -= n * size;
  return orr_array_new_gather (type, n_dims, shape, strides, n > 0 ? data + offset->integer * size : data, self->swap);
}

static gboolean
holds_tensor (const OrrPickleValue *dict)
{
  for (guint i = 1; i < dict->items->len; i += 2)
    if (tensor_of (dict->items->pdata[i]) != NULL)
      return TRUE;
  return FALSE;
}

/* Whether a tensor is somewhere below: state dicts of modules may be nested. */
static gboolean
leads_to_tensor (Reader *self, const OrrPickleValue *value, guint depth)
{
  if (value->kind != ORR_PICKLE_DICT || depth > MAX_DEPTH || ++self->visits > MAX_VISITS)
    return FALSE;
  if (holds_tensor (value))
    return TRUE;
  for (guint i = 1; i < value->items->len; i += 2)
    if (leads_to_tensor (self, value->items->pdata[i], depth + 1))
      return TRUE;
  return FALSE;
}

/* The state dict within a checkpoint: where the keys people use point to; a
 * dictionary that holds tensors itself is one already. */
static const OrrPickleValue *
find_state_dict (Reader *self, const OrrPickleValue *root)
{
  for (guint depth = 0; depth < MAX_DEPTH && !holds_tensor (root); depth++)
    {
      const OrrPickleValue *next = NULL;

      for (guint i = 0; next == NULL && i < G_N_ELEMENTS (state_dict_keys); i++)
        {
          const OrrPickleValue *child = orr_pickle_find (root, state_dict_keys[i]);
          if (child != NULL && leads_to_tensor (self, child, 0))
            next = child;
        }
      if (next == NULL)
        break;
      root = next;
    }
  return root;
}

static char *
join_key (const char *prefix, const OrrPickleValue *key)
{
  const char *dot = prefix[0] != '\0' ? "." : "";

  if (key->kind == ORR_PICKLE_TEXT)
    return g_strconcat (prefix, dot, key->text, NULL);
  if (key->kind == ORR_PICKLE_INTEGER)
    return g_strdup_printf ("%s%s%" G_GINT64_FORMAT, prefix, dot, key->integer);
  return NULL;
}

/* Adds the tensors (and, as notes, the texts) below a dictionary under dotted names. */
static gboolean
collect (Reader *self, const OrrPickleValue *dict, const char *prefix, guint depth, OrrArrays *arrays, GError **error)
{
  for (guint i = 0; i + 1 < dict->items->len; i += 2)
    {
      const OrrPickleValue *value = dict->items->pdata[i + 1];
      const OrrPickleValue *tensor = tensor_of (value);
      g_autofree char *name = join_key (prefix, dict->items->pdata[i]);

      if (++self->visits > MAX_VISITS || (name != NULL && strlen (name) > MAX_NAME_LENGTH))
        return fail (error, "The file holds too many values, or too long names, to be one state dict");
      /* Optimisers keep tensors too, of the same shapes. */
      if (name == NULL || (depth == 0 && g_str_has_prefix (name, "optim")))
        continue;
      if (tensor != NULL)
        {
          g_autoptr (OrrArray) array = read_tensor (self, tensor, error);
          if (array == NULL)
            {
              g_prefix_error (error, "Tensor \"%s\": ", name);
              return FALSE;
            }
          orr_arrays_add (arrays, name, array);
        }
      else if (value->kind == ORR_PICKLE_TEXT && strlen (value->text) <= MAX_NAME_LENGTH)
        orr_arrays_set_note (arrays, name, value->text);
      else if (value->kind == ORR_PICKLE_DICT && depth < MAX_DEPTH &&
               !collect (self, value, name, depth + 1, arrays, error))
        return FALSE;
    }
  return TRUE;
}

/* Texts of the checkpoint around the state dict, such as {"config": {"nonlinearity": "tanh"}}. */
static void
collect_notes (Reader *self, const OrrPickleValue *dict, guint depth, OrrArrays *arrays)
{
  for (guint i = 0; i + 1 < dict->items->len && ++self->visits <= MAX_VISITS; i += 2)
    {
      const OrrPickleValue *key = dict->items->pdata[i];
      const OrrPickleValue *value = dict->items->pdata[i + 1];

      if (key->kind == ORR_PICKLE_TEXT && value->kind == ORR_PICKLE_TEXT &&
          strlen (key->text) + strlen (value->text) <= MAX_NAME_LENGTH)
        orr_arrays_set_note (arrays, key->text, value->text);
      else if (value->kind == ORR_PICKLE_DICT && depth < MAX_DEPTH && !holds_tensor (value))
        collect_notes (self, value, depth + 1, arrays);
    }
}

static void
read_own_notes (Reader *self, OrrArrays *arrays)
{
  g_autofree char *folder = g_strconcat (self->folder, ORR_TORCH_NOTES_FOLDER, NULL);

  for (guint i = 0; i < orr_zip_get_length (self->zip); i++)
    {
      const char *name = orr_zip_get_name (self->zip, i);
      g_autoptr (GBytes) content = NULL;
      gsize length;

      if (!g_str_has_prefix (name, folder) || name[strlen (folder)] == '\0')
        continue;
      content = orr_zip_read (self->zip, i, NULL);
      if (content == NULL || g_bytes_get_size (content) > MAX_NAME_LENGTH)
        continue;
      const char *data = g_bytes_get_data (content, &length);
      g_autofree char *text = g_strndup (data, length);
      if (g_utf8_validate (text, -1, NULL))
        orr_arrays_set_note (arrays, name + strlen (folder), text);
    }
}

/* Finds the pickle in the archive and how its numbers are stored. */
static GBytes *
open_archive (Reader *self, GBytes *bytes, GError **error)
{
  gboolean script = FALSE;
  guint index = G_MAXUINT;

  self->zip = orr_zip_open (bytes, error);
  if (self->zip == NULL)
    return NULL;
  for (guint i = 0; i < orr_zip_get_length (self->zip); i++)
    {
      const char *name = orr_zip_get_name (self->zip, i);

      if (index == G_MAXUINT && (strcmp (name, "data.pkl") == 0 || g_str_has_suffix (name, "/data.pkl")))
        {
          index = i;
          self->folder = g_strndup (name, strlen (name) - strlen ("data.pkl"));
        }
      script = script || g_str_has_suffix (name, "/constants.pkl");
    }
  if (index == G_MAXUINT || script)
    {
      fail (error, script ? "This is a TorchScript program; save its state_dict() with torch.save instead"
                          : "This zip archive is not a PyTorch file (it has no data.pkl)");
      return NULL;
    }

  g_autofree char *order_path = g_strconcat (self->folder, "byteorder", NULL);
  guint order_index;
  if (orr_zip_find (self->zip, order_path, &order_index))
    {
      g_autoptr (GBytes) order = orr_zip_read (self->zip, order_index, NULL);
      gsize length = 0;
      const char *text = order != NULL ? g_bytes_get_data (order, &length) : NULL;
      gboolean big = length >= 3 && memcmp (text, "big", 3) == 0;
      self->swap = big != (G_BYTE_ORDER == G_BIG_ENDIAN);
    }
  else
    self->swap = G_BYTE_ORDER == G_BIG_ENDIAN;
  return orr_zip_read (self->zip, index, error);
}

static gboolean
check_container (GBytes *bytes, GError **error)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (bytes, &length);
  /* The old format begins with a pickled magic number; the oldest was a tar archive. */
  static const guint8 legacy[] = { 0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9 };
  gboolean old = (length >= sizeof legacy && memcmp (data, legacy, sizeof legacy) == 0) ||
                 (length >= 512 && memcmp (data + 257, "ustar", 5) == 0);

  if (orr_zip_is_archive (bytes))
    return TRUE;
  if (old)
    return fail (error, "This file has PyTorch's format from before 1.6; load it and save it again with torch.save "
                        "of PyTorch 1.6 or newer");
  if (length >= 2 && data[0] == 0x80 && data[1] <= 5)
    return fail (error, "This is a bare Python pickle, not a PyTorch file; save model.state_dict() with torch.save");
  return fail (error, "This is not a PyTorch file (it does not begin like a zip archive)");
}

/**
 * orr_torch_parse:
 * @bytes: the content of a .pth or .pt file of PyTorch 1.6 or newer
 * @error: (out): %ORR_ERROR_INPUT says what cannot be read and what to do
 *
 * Reads a state dict, or the state dict within a checkpoint. Executes nothing.
 *
 * Returns: (transfer full) (nullable): the tensors under their names, nested
 * dictionaries joined with dots; texts of the checkpoint as notes
 */
OrrArrays *
orr_torch_parse (GBytes *bytes, GError **error)
{
  g_auto (Reader) reader = { 0 };
  g_autoptr (OrrArrays) arrays = orr_arrays_new ();

  if (!check_container (bytes, error))
    return NULL;
  g_autoptr (GBytes) program = open_archive (&reader, bytes, error);
  g_autoptr (OrrPickle) pickle = program != NULL ? orr_pickle_parse (program, allowed, error) : NULL;
  if (pickle == NULL)
    return NULL;

  reader.budget = MAX (MIN_BUDGET, MAX_GROWTH * g_bytes_get_size (bytes));
  reader.storages = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_bytes_unref);
  const OrrPickleValue *root = orr_pickle_get_root (pickle);
  if (root->kind != ORR_PICKLE_DICT)
    {
      fail (error, "The file does not hold a state dict but a single value; save model.state_dict() with torch.save");
      return NULL;
    }
  const OrrPickleValue *state_dict = find_state_dict (&reader, root);
  reader.visits = 0;
  if (state_dict != root)
    collect_notes (&reader, root, 0, arrays);
  if (!collect (&reader, state_dict, "", 0, arrays, error))
    return NULL;
  read_own_notes (&reader, arrays);
  if (orr_arrays_get_length (arrays) == 0)
    {
      fail (error, "The file holds no tensors, so it is not a state dict");
      return NULL;
    }
  return g_steal_pointer (&arrays);
}
