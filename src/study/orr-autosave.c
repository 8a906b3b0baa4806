/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-autosave.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/file.h>
#include <unistd.h>

#include "orr-study-file.h"

#define GROUP "recovery"

struct _OrrAutosave
{
  GObject parent_instance;

  OrrDocument *document;
  OrrStudy    *written; /* (nullable): what the copy holds */
  char        *stem;    /* path of the copy without its suffix */
  int          lock;    /* locked while we live: a crash lets it go */
  guint        timer;
  gboolean     writing;
};

G_DEFINE_FINAL_TYPE (OrrAutosave, orr_autosave, G_TYPE_OBJECT)

static char *
recovery_dir (void)
{
  return g_build_filename (g_get_user_cache_dir (), "orrery", "recovery", NULL);
}

static char *
with_suffix (const char *stem, const char *suffix)
{
  return g_strconcat (stem, suffix, NULL);
}

static void
remove_files (const char *stem)
{
  static const char *const suffixes[] = { ".orrery", ".ini", ".lock" };

  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      g_autofree char *path = with_suffix (stem, suffixes[i]);
      g_unlink (path);
    }
}

/* Below 0 when somebody holds it. */
static int
take_lock (const char *stem)
{
  g_autofree char *path = with_suffix (stem, ".lock");
  int fd = g_open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

  if (fd >= 0 && flock (fd, LOCK_EX | LOCK_NB) != 0)
    {
      close (fd);
      return -1;
    }
  return fd;
}

typedef struct
{
  char     *stem;
  OrrStudy *study;
  char     *original; /* (nullable): URI */
} Copy;

static void
copy_free (gpointer data)
{
  Copy *copy = data;

  g_free (copy->stem);
  orr_study_unref (copy->study);
  g_free (copy->original);
  g_free (copy);
}

static void
write_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Copy *copy = data;
  g_autoptr (GKeyFile) about = g_key_file_new ();
  g_autofree char *study_path = with_suffix (copy->stem, ".orrery");
  g_autofree char *about_path = with_suffix (copy->stem, ".ini");
  GError *error = NULL;

  if (copy->original != NULL)
    g_key_file_set_string (about, GROUP, "original", copy->original);
  g_key_file_set_string (about, GROUP, "title", copy->study->title);
  if (orr_study_file_save (copy->study, study_path, &error) &&
      g_key_file_save_to_file (about, about_path, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  OrrAutosave *self = ORR_AUTOSAVE (source);
  Copy *copy = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;

  self->writing = FALSE;
  if (g_task_propagate_boolean (G_TASK (result), &error))
    {
      g_clear_pointer (&self->written, orr_study_unref);
      self->written = orr_study_ref (copy->study);
    }
  else
    {
      g_message ("The recovery copy could not be written: %s", error->message);
    }

  /* Saved or ended while the copy was being written. */
  if (self->document == NULL || !orr_document_get_modified (self->document))
    {
      g_clear_pointer (&self->written, orr_study_unref);
      remove_files (self->stem);
    }
}

/**
 * orr_autosave_flush:
 *
 * Starts to write the copy now, when there is something new to write.
 */
void
orr_autosave_flush (OrrAutosave *self)
{
  g_return_if_fail (ORR_IS_AUTOSAVE (self));

  OrrStudy *study = orr_document_get_study (self->document);
  if (self->writing || study == self->written || !orr_document_get_modified (self->document))
    return;
  if (self->lock < 0)
    self->lock = take_lock (self->stem);

  g_autoptr (GTask) task = g_task_new (self, NULL, written_cb, NULL);
  Copy *copy = g_new0 (Copy, 1);
  GFile *file = orr_document_get_file (self->document);
  copy->stem = g_strdup (self->stem);
  copy->study = orr_study_ref (study);
  copy->original = file != NULL ? g_file_get_uri (file) : NULL;
  g_task_set_task_data (task, copy, copy_free);
  self->writing = TRUE;
  g_task_run_in_thread (task, write_thread);
}

static gboolean
timer_cb (gpointer user_data)
{
  orr_autosave_flush (user_data);
  return G_SOURCE_CONTINUE;
}

static void
modified_cb (OrrAutosave *self)
{
  if (!orr_document_get_modified (self->document) && self->written != NULL && !self->writing)
    {
      g_clear_pointer (&self->written, orr_study_unref);
      remove_files (self->stem);
      if (self->lock >= 0)
        close (self->lock);
      self->lock = -1;
    }
}

/**
 * orr_autosave_new:
 * @interval_seconds: how much work a crash may lose at most
 *
 * Returns: (transfer full): keep it as long as the document is open
 */
OrrAutosave *
orr_autosave_new (OrrDocument *document, guint interval_seconds)
{
  OrrAutosave *self = g_object_new (ORR_TYPE_AUTOSAVE, NULL);
  g_autofree char *dir = recovery_dir ();
  g_autofree char *id = g_uuid_string_random ();

  g_mkdir_with_parents (dir, 0700);
  self->document = g_object_ref (document);
  self->stem = g_build_filename (dir, id, NULL);
  self->timer = g_timeout_add_seconds (MAX (interval_seconds, 1), timer_cb, self);
  g_signal_connect_object (document, "notify::modified", G_CALLBACK (modified_cb), self, G_CONNECT_SWAPPED);
  return self;
}

static void
orr_autosave_dispose (GObject *object)
{
  OrrAutosave *self = ORR_AUTOSAVE (object);

  g_clear_handle_id (&self->timer, g_source_remove);
  if (self->document != NULL && !self->writing)
    remove_files (self->stem);
  g_clear_object (&self->document);
  if (self->lock >= 0)
    close (self->lock);
  self->lock = -1;
  G_OBJECT_CLASS (orr_autosave_parent_class)->dispose (object);
}

static void
orr_autosave_finalize (GObject *object)
{
  OrrAutosave *self = ORR_AUTOSAVE (object);

  g_clear_pointer (&self->written, orr_study_unref);
  g_free (self->stem);
  G_OBJECT_CLASS (orr_autosave_parent_class)->finalize (object);
}

static void
orr_autosave_class_init (OrrAutosaveClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = orr_autosave_dispose;
  G_OBJECT_CLASS (klass)->finalize = orr_autosave_finalize;
}

static void
orr_autosave_init (OrrAutosave *self)
{
  self->lock = -1;
}

static void
recovery_free (gpointer data)
{
  OrrRecovery *recovery = data;

  g_object_unref (recovery->study_file);
  g_clear_object (&recovery->original);
  g_free (recovery->title);
  g_free (recovery);
}

/* %NULL where the copy's owner still lives, or the copy is not complete. */
static OrrRecovery *
read_recovery (const char *stem)
{
  g_autoptr (GKeyFile) about = g_key_file_new ();
  g_autofree char *about_path = with_suffix (stem, ".ini");
  g_autofree char *study_path = with_suffix (stem, ".orrery");
  GStatBuf info;

  int lock = take_lock (stem);
  if (lock < 0)
    return NULL;
  close (lock);
  if (!g_key_file_load_from_file (about, about_path, G_KEY_FILE_NONE, NULL) || g_stat (study_path, &info) != 0)
    return NULL;

  OrrRecovery *recovery = g_new0 (OrrRecovery, 1);
  g_autofree char *original = g_key_file_get_string (about, GROUP, "original", NULL);
  recovery->study_file = g_file_new_for_path (study_path);
  recovery->original = original != NULL ? g_file_new_for_uri (original) : NULL;
  recovery->title = g_key_file_get_string (about, GROUP, "title", NULL);
  recovery->time = info.st_mtime;
  return recovery;
}

/**
 * orr_recovery_find:
 *
 * Returns: (transfer full) (element-type OrrRecovery): what crashed programs left behind
 */
GPtrArray *
orr_recovery_find (void)
{
  GPtrArray *found = g_ptr_array_new_with_free_func (recovery_free);
  g_autofree char *path = recovery_dir ();
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      if (!g_str_has_suffix (name, ".orrery"))
        continue;

      g_autofree char *stem_name = g_strndup (name, strlen (name) - strlen (".orrery"));
      g_autofree char *stem = g_build_filename (path, stem_name, NULL);
      OrrRecovery *recovery = read_recovery (stem);
      if (recovery != NULL)
        g_ptr_array_add (found, recovery);
    }
  return found;
}

/* The person has taken the work over, or does not want it. */
void
orr_recovery_discard (const OrrRecovery *recovery)
{
  g_autofree char *path = g_file_get_path (recovery->study_file);
  g_autofree char *stem = g_strndup (path, strlen (path) - strlen (".orrery"));

  remove_files (stem);
}
