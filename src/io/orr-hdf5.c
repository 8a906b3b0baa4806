/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-hdf5-private.h"

#include <glib/gstdio.h>
#include <string.h>

#include "orr-error.h"
#include "orr-file.h"

#define DEFLATE_LEVEL 5
#define CHUNK_VALUES (1 << 16)

/* What reading may make of a file: deflate shrinks no further than this, and
 * small files may always have some. */
#define MAX_DEFLATE_RATIO 1032
#define ALWAYS_ALLOWED ((gsize) 1 << 16)
#define MIN_BUDGET ((gsize) 16 << 20)
#define MAX_CHUNK_BYTES ((gsize) 1 << 28)

/* So many objects are opened in one file: its links may go in circles. */
#define MAX_OPENED 500000

static GMutex library_lock;

/**
 * orr_hdf5_fail:
 *
 * Sets the error "NAME: WHAT at PLACE".
 *
 * Returns: %FALSE
 */
gboolean
orr_hdf5_fail (OrrHdf5 *self, const char *place, const char *what, GError **error)
{
  g_set_error (error, ORR_ERROR, self->writing ? ORR_ERROR_FAILED : ORR_ERROR_INPUT, "%s: %s at %s", self->name,
               what, place);
  return FALSE;
}

static OrrHdf5 *
take_file (hid_t file, const char *path, gboolean writing, GError **error)
{
  g_autofree char *name = orr_file_display_name (path);

  if (file < 0)
    {
      g_mutex_unlock (&library_lock);
      g_set_error (error, ORR_ERROR, writing ? ORR_ERROR_FAILED : ORR_ERROR_INPUT,
                   writing ? "%s: the file cannot be written" : "%s: not an HDF5 file, or a damaged one", name);
      return NULL;
    }

  OrrHdf5 *self = g_new0 (OrrHdf5, 1);
  self->file = file;
  self->name = g_steal_pointer (&name);
  self->writing = writing;
  self->objects_left = MAX_OPENED;
  self->bytes_left = G_MAXSIZE;
  return self;
}

/* Files are replaced, never changed in place, so locks (which not every file
 * system has) would bring nothing. */
static hid_t
file_access (void)
{
  hid_t access = H5Pcreate (H5P_FILE_ACCESS);

  H5Pset_file_locking (access, FALSE, TRUE);
  return access;
}

static void
lock_library (void)
{
  g_mutex_lock (&library_lock);
  /* Errors are told by us, in one sentence. */
  H5Eset_auto2 (H5E_DEFAULT, NULL, NULL);
  /* No link leads out of a file, on whatever way it is reached (fails harmlessly the second time). */
  H5Lunregister (H5L_TYPE_EXTERNAL);
}

/**
 * orr_hdf5_create:
 *
 * Makes a new file (over an old one). Links are listed in the order in which
 * they were made, and no times are stored: equal content gives equal files.
 *
 * Returns: (transfer full) (nullable): the file, open for writing
 */
OrrHdf5 *
orr_hdf5_create (const char *path, GError **error)
{
  lock_library ();

  g_auto (OrrHid) creation = H5Pcreate (H5P_FILE_CREATE);
  g_auto (OrrHid) access = file_access ();
  H5Pset_obj_track_times (creation, FALSE);
  H5Pset_link_creation_order (creation, H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED);
  H5Pset_libver_bounds (access, H5F_LIBVER_V18, H5F_LIBVER_LATEST);
  return take_file (H5Fcreate (path, H5F_ACC_TRUNC, creation, access), path, TRUE, error);
}

/**
 * orr_hdf5_open:
 *
 * Returns: (transfer full) (nullable): the file, open for reading
 */
OrrHdf5 *
orr_hdf5_open (const char *path, GError **error)
{
  GStatBuf info;
  gboolean exists = g_stat (path, &info) == 0;
  if (!exists || !S_ISREG (info.st_mode))
    {
      g_autofree char *name = orr_file_display_name (path);
      g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "%s: %s", name,
                   exists ? "this is not a file" : "there is no such file");
      return NULL;
    }

  g_autoptr (GMappedFile) content = g_mapped_file_new (path, FALSE, NULL);
  gboolean sound = content != NULL && orr_hdf5_check_heaps ((const guint8 *) g_mapped_file_get_contents (content),
                                                            g_mapped_file_get_length (content));
  lock_library ();
  g_auto (OrrHid) access = file_access ();
  OrrHdf5 *self = take_file (sound ? H5Fopen (path, H5F_ACC_RDONLY, access) : -1, path, FALSE, error);
  if (self != NULL)
    self->content = g_steal_pointer (&content);
  if (self != NULL && g_size_checked_mul (&self->bytes_left, info.st_size, MAX_DEFLATE_RATIO))
    self->bytes_left = MAX (self->bytes_left, MIN_BUDGET);
  return self;
}

/**
 * orr_hdf5_charge:
 *
 * Counts an object that is opened and the @bytes that it needs.
 *
 * Returns: whether an honest file of this size can hold so much
 */
gboolean
orr_hdf5_charge (OrrHdf5 *self, gsize bytes)
{
  if (self->objects_left == 0 || bytes > self->bytes_left)
    return FALSE;
  self->objects_left--;
  self->bytes_left -= bytes;
  return TRUE;
}

/**
 * orr_hdf5_descend:
 * @object: that is read next
 * @depth: how many groups it is in, counted from where reading began
 *
 * Returns: whether it may be read: not too deep, not one of the groups that it
 * is in, and not one object too many
 */
gboolean
orr_hdf5_descend (OrrHdf5 *self, hid_t object, guint depth)
{
  H5O_info_t info;

  if (depth > ORR_HDF5_MAX_DEPTH || !orr_hdf5_charge (self, 0) || H5Oget_info1 (object, &info) < 0)
    return FALSE;
  for (guint i = 0; i < depth; i++)
    if (self->ancestors[i] == info.addr)
      return FALSE;
  self->ancestors[depth] = info.addr;
  return TRUE;
}

static gboolean
has_known_filters (hid_t creation)
{
  int n = H5Pget_nfilters (creation);

  for (int i = 0; i < n; i++)
    {
      unsigned flags;
      size_t n_values = 0;
      H5Z_filter_t filter = H5Pget_filter2 (creation, i, &flags, &n_values, NULL, 0, NULL, NULL);

      if (filter != H5Z_FILTER_DEFLATE && filter != H5Z_FILTER_SHUFFLE && filter != H5Z_FILTER_FLETCHER32)
        return FALSE;
    }
  return n >= 0;
}

/**
 * orr_hdf5_check_storage:
 * @n_values: the number of its elements
 *
 * Returns: whether reading the dataset stays within the file and within reason:
 * nothing comes from other files or goes through plug-ins, and no few bytes ask
 * for gigabytes. Counts what it needs.
 */
gboolean
orr_hdf5_check_storage (OrrHdf5 *self, hid_t dataset, hsize_t n_values)
{
  g_auto (OrrHid) creation = H5Dget_create_plist (dataset);
  g_auto (OrrHid) type = H5Dget_type (dataset);
  gsize bytes, size = MAX (H5Tget_size (type), sizeof (double));
  hsize_t chunk[H5S_MAX_RANK];

  if (creation < 0 || !has_known_filters (creation) || H5Pget_external_count (creation) != 0 ||
      H5Pget_layout (creation) == H5D_VIRTUAL || !g_size_checked_mul (&bytes, n_values, size))
    return FALSE;

  if (H5Pget_layout (creation) == H5D_CHUNKED)
    {
      int n_dims = H5Pget_chunk (creation, H5S_MAX_RANK, chunk);
      double chunk_bytes = size;

      for (int d = 0; d < n_dims; d++)
        chunk_bytes *= chunk[d];
      if (n_dims < 0 || chunk_bytes > MAX_CHUNK_BYTES)
        return FALSE;
    }
  if (H5Tis_variable_str (type) > 0 && self->content != NULL && H5Dget_storage_size (dataset) > 0 &&
      (H5Pget_layout (creation) != H5D_CONTIGUOUS ||
       !orr_hdf5_check_references (self, H5Dget_offset (dataset), n_values)))
    return FALSE;
  /* What is narrower in the file than the doubles it becomes may look up to 8 times larger. */
  return (bytes <= ALWAYS_ALLOWED || bytes / MAX_DEFLATE_RATIO / sizeof (double) <= H5Dget_storage_size (dataset)) &&
         orr_hdf5_charge (self, bytes);
}

/**
 * orr_hdf5_close:
 * @self: (transfer full): the file
 *
 * Returns: whether everything written is in the file
 */
gboolean
orr_hdf5_close (OrrHdf5 *self, GError **error)
{
  gboolean flushed = !self->writing || H5Fflush (self->file, H5F_SCOPE_LOCAL) >= 0;
  gboolean closed = H5Fclose (self->file) >= 0;
  gboolean done = (flushed && closed) || orr_hdf5_fail (self, "/", "the file could not be completed", error);

  g_mutex_unlock (&library_lock);
  g_clear_pointer (&self->content, g_mapped_file_unref);
  g_free (self->name);
  g_free (self);
  return done;
}

/* Closes a file in which something has failed already. */
void
orr_hdf5_abandon (OrrHdf5 *self)
{
  if (self != NULL)
    orr_hdf5_close (self, NULL);
}

/**
 * orr_hdf5_has:
 *
 * Returns: whether there is a group or dataset at @place
 */
gboolean
orr_hdf5_has (OrrHdf5 *self, const char *place)
{
  g_auto (GStrv) parts = g_strsplit (place, "/", -1);
  g_autoptr (GString) path = g_string_new (NULL);

  /* H5Lexists wants every group on the way to exist. */
  for (char **part = parts; *part != NULL; part++)
    {
      if (**part == '\0')
        continue;
      g_string_append_printf (path, "/%s", *part);
      /* Links out of the file are not followed. */
      H5L_info_t info;
      if (H5Lexists (self->file, path->str, H5P_DEFAULT) <= 0 ||
          H5Lget_info (self->file, path->str, &info, H5P_DEFAULT) < 0 || info.type == H5L_TYPE_EXTERNAL)
        return FALSE;
    }
  return path->len == 0 || H5Oexists_by_name (self->file, path->str, H5P_DEFAULT) > 0;
}

static herr_t
collect_cb (hid_t group, const char *name, const H5L_info_t *info, void *builder)
{
  /* Links out of the file are not followed. */
  if (info->type != H5L_TYPE_EXTERNAL)
    g_strv_builder_add (builder, name);
  return 0;
}

/**
 * orr_hdf5_list:
 *
 * Returns: (transfer full): names of what is in @group, by name; empty where there is no such group
 */
char **
orr_hdf5_list (OrrHdf5 *self, const char *group)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (OrrHid) id = orr_hdf5_has (self, group) ? H5Gopen2 (self->file, group, H5P_DEFAULT) : -1;

  if (id >= 0)
    H5Literate (id, H5_INDEX_NAME, H5_ITER_INC, NULL, collect_cb, builder);
  return g_strv_builder_end (builder);
}

static hid_t
utf8_links (void)
{
  hid_t links = H5Pcreate (H5P_LINK_CREATE);

  H5Pset_char_encoding (links, H5T_CSET_UTF8);
  return links;
}

static gboolean
write_parent (OrrHdf5 *self, const char *place, GError **error)
{
  const char *slash = strrchr (place, '/');
  g_autofree char *parent = slash != NULL ? g_strndup (place, slash - place) : g_strdup ("");

  return *parent == '\0' || orr_hdf5_write_group (self, parent, error);
}

/* Does nothing where the group is there. Groups on the way are made here and not
 * by the library, which would give them the time of day. */
gboolean
orr_hdf5_write_group (OrrHdf5 *self, const char *place, GError **error)
{
  if (orr_hdf5_has (self, place))
    return TRUE;
  if (!write_parent (self, place, error))
    return FALSE;

  g_auto (OrrHid) links = utf8_links ();
  g_auto (OrrHid) creation = H5Pcreate (H5P_GROUP_CREATE);
  H5Pset_obj_track_times (creation, FALSE);
  g_auto (OrrHid) group = H5Gcreate2 (self->file, place, links, creation, H5P_DEFAULT);
  return group >= 0 || orr_hdf5_fail (self, place, "a group could not be written", error);
}

/* Variable-length UTF-8. */
hid_t
orr_hdf5_string_type (void)
{
  hid_t type = H5Tcopy (H5T_C_S1);

  H5Tset_size (type, H5T_VARIABLE);
  H5Tset_cset (type, H5T_CSET_UTF8);
  return type;
}

/**
 * orr_hdf5_new_dataset:
 * @n_dims: 0 (one value), 1 or 2
 *
 * Returns: (transfer full): the dataset, or below 0
 */
hid_t
orr_hdf5_new_dataset (OrrHdf5 *self, const char *place, hid_t type, int n_dims, const hsize_t *dims, GError **error)
{
  g_auto (OrrHid) space = n_dims == 0 ? H5Screate (H5S_SCALAR) : H5Screate_simple (n_dims, dims, NULL);
  g_auto (OrrHid) creation = H5Pcreate (H5P_DATASET_CREATE);
  g_auto (OrrHid) links = utf8_links ();
  hsize_t n_values = 1;

  if (!write_parent (self, place, error))
    return -1;
  H5Pset_obj_track_times (creation, FALSE);
  for (int i = 0; i < n_dims; i++)
    n_values *= dims[i];
  if (n_values >= 64 && !H5Tis_variable_str (type))
    {
      hsize_t cols = n_dims == 2 ? dims[1] : 1;
      hsize_t chunk[2] = { CLAMP (CHUNK_VALUES / MAX (cols, 1), 1, dims[0]), MIN (cols, CHUNK_VALUES) };

      H5Pset_chunk (creation, n_dims, chunk);
      H5Pset_shuffle (creation);
      H5Pset_deflate (creation, DEFLATE_LEVEL);
    }

  hid_t dataset = H5Dcreate2 (self->file, place, type, space, links, creation, H5P_DEFAULT);
  if (dataset < 0)
    orr_hdf5_fail (self, place, "a dataset could not be written", error);
  return dataset;
}

gboolean
orr_hdf5_write_matrix (OrrHdf5 *self, const char *place, const OrrMatrix *matrix, GError **error)
{
  hsize_t dims[2] = { matrix->rows, matrix->cols };
  g_auto (OrrHid) dataset = orr_hdf5_new_dataset (self, place, H5T_IEEE_F32LE, 2, dims, error);

  if (dataset < 0)
    return FALSE;
  return H5Dwrite (dataset, H5T_NATIVE_FLOAT, H5S_ALL, H5S_ALL, H5P_DEFAULT, matrix->data) >= 0 ||
         orr_hdf5_fail (self, place, "a dataset could not be written", error);
}

/**
 * orr_hdf5_get_dims:
 * @dims: (out): the extents, 1 where there are fewer than two
 * @n_values: (out): their product
 *
 * Returns: the number of dimensions, or -1 where there are more than two or too many values
 */
int
orr_hdf5_get_dims (hid_t space, hsize_t dims[2], hsize_t *n_values)
{
  int n_dims = H5Sget_simple_extent_ndims (space);

  dims[0] = dims[1] = 1;
  if (n_dims < 0 || n_dims > 2)
    return -1;
  H5Sget_simple_extent_dims (space, dims, NULL);
  if (dims[0] > ORR_HDF5_MAX_VALUES || dims[1] > ORR_HDF5_MAX_VALUES || dims[0] * dims[1] > ORR_HDF5_MAX_VALUES)
    return -1;
  *n_values = dims[0] * dims[1];
  return n_dims;
}

/**
 * orr_hdf5_read_matrix:
 *
 * Returns: (transfer full) (nullable): the two-dimensional numeric dataset at
 * @place (a one-dimensional one is a single row)
 */
OrrMatrix *
orr_hdf5_read_matrix (OrrHdf5 *self, const char *place, GError **error)
{
  g_auto (OrrHid) dataset = orr_hdf5_has (self, place) ? H5Dopen2 (self->file, place, H5P_DEFAULT) : -1;
  if (dataset < 0)
    {
      orr_hdf5_fail (self, place, "a dataset is missing", error);
      return NULL;
    }

  g_auto (OrrHid) space = H5Dget_space (dataset);
  g_auto (OrrHid) type = H5Dget_type (dataset);
  H5T_class_t class = H5Tget_class (type);
  hsize_t dims[2], n_values;
  int n_dims = orr_hdf5_get_dims (space, dims, &n_values);
  if (n_dims < 1 || (class != H5T_FLOAT && class != H5T_INTEGER) || !orr_hdf5_check_storage (self, dataset, n_values))
    {
      orr_hdf5_fail (self, place, "there should be a matrix of numbers", error);
      return NULL;
    }

  g_autoptr (OrrMatrix) matrix =
    n_dims == 2 ? orr_matrix_new (dims[0], dims[1]) : orr_matrix_new (1, dims[0]);
  if (n_values > 0 && H5Dread (dataset, H5T_NATIVE_FLOAT, H5S_ALL, H5S_ALL, H5P_DEFAULT, matrix->data) < 0)
    {
      orr_hdf5_fail (self, place, "a dataset is damaged", error);
      return NULL;
    }
  return g_steal_pointer (&matrix);
}
