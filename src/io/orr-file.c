/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "orr-error.h"

/**
 * orr_file_display_name:
 *
 * Returns: (transfer full): the file's own name as UTF-8, for messages
 */
char *
orr_file_display_name (const char *path)
{
  return g_filename_display_basename (path);
}

/**
 * orr_file_has_extension:
 * @extension: with its dot, such as ".npy"; letter case is ignored
 */
gboolean
orr_file_has_extension (const char *path, const char *extension)
{
  gsize n = strlen (path), m = strlen (extension);

  return n > m && g_ascii_strcasecmp (path + n - m, extension) == 0;
}

/**
 * orr_file_prefix_error:
 *
 * Puts "NAME: " before the message, so that it says which file is meant.
 */
void
orr_file_prefix_error (GError **error, const char *path)
{
  g_autofree char *name = orr_file_display_name (path);

  g_prefix_error (error, "%s: ", name);
}

/* What is wrong with the name a person gave, as opposed to a disk that fails. */
static gboolean
is_input (int code)
{
  switch (code)
    {
    case ENOENT:
    case EISDIR:
    case ENOTDIR:
    case EACCES:
    case EPERM:
    case EROFS:
    case ENAMETOOLONG:
    case ELOOP:
      return TRUE;
    default:
      return FALSE;
    }
}

static void
set_error_from_errno (GError **error, const char *path, const char *doing, int code)
{
  g_autofree char *name = orr_file_display_name (path);

  g_set_error (error, ORR_ERROR, is_input (code) ? ORR_ERROR_INPUT : ORR_ERROR_FAILED, "%s: the file cannot be %s (%s)",
               name, doing, g_strerror (code));
}

/**
 * orr_file_read:
 * @error: (out): says which file and why
 *
 * Returns: (transfer full) (nullable): the file's content
 */
GBytes *
orr_file_read (const char *path, GError **error)
{
  g_autoptr (GError) local = NULL;
  struct stat info;
  char *content;
  gsize length;

  if (g_stat (path, &info) != 0)
    {
      set_error_from_errno (error, path, "opened", errno);
      return NULL;
    }
  /* A pipe or a device could be read for ever. */
  if (!S_ISREG (info.st_mode))
    {
      g_autofree char *name = orr_file_display_name (path);
      g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "%s: this is not a file", name);
      return NULL;
    }
  /* GLib's own message would name the file a second time. */
  if (g_access (path, R_OK) != 0)
    {
      set_error_from_errno (error, path, "read", errno);
      return NULL;
    }
  if (!g_file_get_contents (path, &content, &length, &local))
    {
      g_autofree char *name = orr_file_display_name (path);
      g_set_error (error, ORR_ERROR, ORR_ERROR_FAILED, "%s: the file cannot be read (%s)", name, local->message);
      return NULL;
    }
  return g_bytes_new_take (content, length);
}

/**
 * orr_file_begin_replace:
 *
 * For writers that want a file of their own to write to (HDF5): makes an empty
 * one beside @path, with the permissions the finished file shall have. End with
 * orr_file_commit_replace(), or remove it.
 *
 * Returns: (transfer full) (nullable): where to write
 */
char *
orr_file_begin_replace (const char *path, GError **error)
{
  g_autofree char *beside = g_strconcat (path, ".XXXXXX", NULL);
  struct stat info;
  gboolean replaces = g_stat (path, &info) == 0;

  /* The renaming would put a file in the place of a folder or a device. */
  if (replaces && !S_ISREG (info.st_mode))
    {
      g_autofree char *name = orr_file_display_name (path);
      g_set_error (error, ORR_ERROR, ORR_ERROR_INPUT, "%s: the file cannot be written (this is %s)", name,
                   S_ISDIR (info.st_mode) ? "a folder" : "not a file");
      return NULL;
    }
  /* Nor does it ask whether somebody protected the old file. */
  int fd = replaces && g_access (path, W_OK) != 0 ? -1 : g_mkstemp_full (beside, O_RDWR | O_CLOEXEC, 0666);
  if (fd < 0)
    {
      set_error_from_errno (error, path, "written", errno);
      return NULL;
    }
  /* A file system without permissions may refuse, which does no harm. */
  if (replaces && fchmod (fd, info.st_mode & 07777) != 0)
    g_debug ("%s: permissions not kept: %s", path, g_strerror (errno));
  close (fd);
  return g_steal_pointer (&beside);
}

static gboolean
flush (const char *path)
{
  int fd = g_open (path, O_RDONLY | O_CLOEXEC, 0);
  gboolean done = fd >= 0 && fsync (fd) == 0;
  int code = errno;

  if (fd >= 0)
    close (fd);
  errno = code;
  return done;
}

/**
 * orr_file_commit_replace:
 * @beside: the complete new file, from orr_file_begin_replace()
 *
 * Flushes @beside to the disk and gives it the name @path. When that fails
 * @beside is removed and @path is untouched.
 */
gboolean
orr_file_commit_replace (const char *beside, const char *path, GError **error)
{
  if (!flush (beside) || g_rename (beside, path) != 0)
    {
      set_error_from_errno (error, path, "written", errno);
      g_unlink (beside);
      return FALSE;
    }

  /* The new name must reach the disk too; not every file system can. */
  g_autofree char *folder = g_path_get_dirname (path);
  if (!flush (folder))
    g_debug ("%s: folder not flushed: %s", folder, g_strerror (errno));
  return TRUE;
}

static gboolean
write_all (const char *path, const char *data, gsize length)
{
  int fd = g_open (path, O_WRONLY | O_CLOEXEC, 0);
  gsize done = 0;

  while (fd >= 0 && done < length)
    {
      gssize n = write (fd, data + done, length - done);

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        break;
      done += n;
    }
  int code = errno;
  if (fd < 0)
    return FALSE;
  /* Some file systems tell only here that the disk is full. */
  if (close (fd) != 0 && done == length)
    return FALSE;
  errno = code;
  return done == length;
}

/* A pipe or a device takes the bytes as they are; nothing can be put in its place. */
static gboolean
is_stream (const char *path)
{
  struct stat info;

  return g_stat (path, &info) == 0 && (S_ISFIFO (info.st_mode) || S_ISCHR (info.st_mode));
}

/**
 * orr_file_write:
 *
 * Replaces the file at @path: writes beside it, flushes to the disk, renames.
 * A pipe or a device such as /dev/stdout is written to.
 *
 * Returns: whether it was written; when not, the old file is untouched
 */
gboolean
orr_file_write (const char *path, GBytes *bytes, GError **error)
{
  gsize length;
  const char *data = g_bytes_get_data (bytes, &length);

  if (is_stream (path))
    {
      if (write_all (path, data, length))
        return TRUE;
      set_error_from_errno (error, path, "written", errno);
      return FALSE;
    }

  g_autofree char *beside = orr_file_begin_replace (path, error);
  if (beside == NULL)
    return FALSE;
  if (!write_all (beside, data, length))
    {
      set_error_from_errno (error, path, "written", errno);
      g_unlink (beside);
      return FALSE;
    }
  return orr_file_commit_replace (beside, path, error);
}
