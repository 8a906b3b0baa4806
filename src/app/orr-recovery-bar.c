/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-recovery-bar.h"

#include <glib/gi18n.h>

#include "orr-autosave.h"
#include "orr-checkpoint.h"
#include "orr-section.h"
#include "orr-study-file.h"
#include "orr-window.h"

/**
 * OrrRecoveryBar:
 *
 * Offers what a crash left behind: studies with unsaved work, one after the
 * other, then the trainings that were cut off, in one list. Each is taken up or
 * thrown away by a button, trainings also all at once.
 */
struct _OrrRecoveryBar
{
  AdwBin parent_instance;

  GtkRevealer *revealer;
  GtkLabel    *label;
  GtkButton   *accept_button;
  GtkButton   *discard_button;
  GtkWidget   *scroller;
  GtkListBox  *list; /* of trainings, where there are several */

  GPtrArray *studies;   /* of OrrRecovery */
  guint      n_settled; /* of them, taken up or thrown away */
  GPtrArray *trainings; /* of Interrupted */
};

/* A training that was cut off. */
typedef struct
{
  GFile  *file;
  char   *name;
  gint64  epoch;    /* of its checkpoint; 0: it waited for others */
  gint64  n_epochs;
  gint64  kept;     /* when, in microseconds */
} Interrupted;

G_DEFINE_FINAL_TYPE (OrrRecoveryBar, orr_recovery_bar, ADW_TYPE_BIN)

/* The study on offer, %NULL when all are settled. */
static OrrRecovery *
get_study (OrrRecoveryBar *self)
{
  return self->n_settled < self->studies->len ? g_ptr_array_index (self->studies, self->n_settled) : NULL;
}

static OrrWindow *
get_window (OrrRecoveryBar *self)
{
  return ORR_WINDOW (gtk_widget_get_root (GTK_WIDGET (self)));
}

static void
offer (OrrRecoveryBar *self, const char *text, const char *discard, const char *accept)
{
  gtk_label_set_label (self->label, text);
  gtk_button_set_label (self->discard_button, discard);
  gtk_button_set_label (self->accept_button, accept);
  gtk_widget_set_visible (gtk_revealer_get_child (self->revealer), TRUE);
  gtk_revealer_set_reveal_child (self->revealer, TRUE);
}

/* What is folded away is not there for a screen reader either. */
static void
folded_cb (OrrRecoveryBar *self)
{
  gtk_widget_set_visible (gtk_revealer_get_child (self->revealer),
                          gtk_revealer_get_reveal_child (self->revealer) ||
                            gtk_revealer_get_child_revealed (self->revealer));
}

static void
offer_study (OrrRecoveryBar *self, const OrrRecovery *recovery)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_local (recovery->time);
  g_autofree char *when = g_date_time_format (time, "%X");
  /* TRANSLATORS: title of a study, then the time of day */
  g_autofree char *text
    = g_strdup_printf (_("Unsaved work on “%s” was kept at %s, before Orrery ended unexpectedly."),
                       recovery->title, when);

  gtk_widget_set_visible (self->scroller, FALSE);
  offer (self, text, _("Discard"), _("Recover"));
}

/* How far it was, as people read it. */
static char *
describe_training (const Interrupted *training)
{
  if (training->epoch == 0)
    return g_strdup (_("it had not begun"));
  return g_strdup_printf (_("kept at epoch %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT), training->epoch,
                          training->n_epochs);
}

static void row_clicked_cb (GtkButton *button, OrrRecoveryBar *self);

static void
add_row_button (OrrRecoveryBar *self, GtkWidget *box, const Interrupted *training, const char *label, const char *format,
                gboolean accept)
{
  GtkWidget *button = gtk_button_new_with_label (label);
  g_autofree char *name = g_strdup_printf (format, training->name);

  gtk_widget_add_css_class (button, "flat");
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  g_object_set_data (G_OBJECT (button), "training", (gpointer) training);
  g_object_set_data (G_OBJECT (button), "accept", GINT_TO_POINTER (accept));
  g_signal_connect_object (button, "clicked", G_CALLBACK (row_clicked_cb), self, 0);
  gtk_box_append (GTK_BOX (box), button);
}

static GtkWidget *
create_row (OrrRecoveryBar *self, const Interrupted *training)
{
  GtkWidget *row = gtk_list_box_row_new (), *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *title = gtk_label_new (training->name), *detail = gtk_label_new (NULL);
  g_autofree char *text = describe_training (training);

  gtk_label_set_label (GTK_LABEL (detail), text);
  gtk_label_set_ellipsize (GTK_LABEL (title), PANGO_ELLIPSIZE_END);
  gtk_label_set_xalign (GTK_LABEL (detail), 0.0);
  gtk_widget_set_hexpand (detail, TRUE);
  gtk_widget_add_css_class (detail, "dim-label");
  gtk_widget_set_margin_start (box, 12);
  gtk_box_append (GTK_BOX (box), title);
  gtk_box_append (GTK_BOX (box), detail);
  add_row_button (self, box, training, _("Discard"), _("Discard %s"), FALSE);
  add_row_button (self, box, training, _("Resume"), _("Resume %s"), TRUE);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  return row;
}

static void
offer_trainings (OrrRecoveryBar *self)
{
  guint n = self->trainings->len;
  GtkWidget *child;
  g_autofree char *text = NULL, *detail = NULL;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->list))) != NULL)
    gtk_list_box_remove (self->list, child);
  gtk_widget_set_sensitive (GTK_WIDGET (self->list), TRUE);
  gtk_widget_set_visible (self->scroller, n > 1);
  if (n > 1)
    {
      for (guint i = 0; i < n; i++)
        gtk_list_box_append (self->list, create_row (self, self->trainings->pdata[i]));
      text = g_strdup_printf (ngettext ("%u training was cut off.", "%u trainings were cut off.", n), n);
      offer (self, text, _("Discard All"), _("Resume All"));
      return;
    }
  const Interrupted *training = self->trainings->pdata[0];
  detail = describe_training (training);
  /* TRANSLATORS: the name of a training, then how far it was */
  text = g_strdup_printf (_("The training of “%s” was cut off (%s)."), training->name, detail);
  offer (self, text, _("Discard"), _("Resume Training"));
}

static void
update (OrrRecoveryBar *self)
{
  OrrRecovery *recovery = get_study (self);

  if (recovery != NULL)
    offer_study (self, recovery);
  else if (self->trainings->len > 0)
    offer_trainings (self);
  else
    gtk_revealer_set_reveal_child (self->revealer, FALSE);
}

/* Studies */

static gpointer
read_func (OrrProgress *progress, gpointer data, GError **error)
{
  return orr_study_file_load (data, error);
}

static void
show_study_cb (OrrWindow *window, gpointer data)
{
  OrrJob *job = data;
  const OrrRecovery *recovery = g_object_get_data (G_OBJECT (job), "recovery");
  g_autoptr (OrrDocument) document = orr_document_new (g_object_get_data (G_OBJECT (job), "study"));

  if (recovery->original != NULL)
    orr_document_set_file (document, recovery->original);
  orr_document_set_saved (document, NULL);
  orr_window_set_document (window, document);
  orr_window_show_page (window, "model");
  /* The window keeps a copy of its own from now on. */
  orr_recovery_discard (recovery);
}

static void
study_read_cb (gpointer owner, OrrJob *job, gpointer result, const GError *error)
{
  OrrRecoveryBar *self = owner;

  if (result == NULL)
    return; /* the window tells about failed jobs; the copy stays */
  g_object_set_data_full (G_OBJECT (job), "study", orr_study_ref (result), (GDestroyNotify) orr_study_unref);
  orr_window_leave_study (get_window (self), show_study_cb, g_object_ref (job), g_object_unref);
}

static void
take_up_study (OrrRecoveryBar *self, OrrRecovery *recovery)
{
  g_autofree char *label = g_strdup_printf (_("Recovering %s"), recovery->title);
  OrrJob *job = orr_job_queue_run (orr_window_get_jobs (get_window (self)), ORR_JOB_LANE_NOW, label, read_func,
                                   g_file_get_path (recovery->study_file), g_free,
                                   (GDestroyNotify) orr_study_unref, G_OBJECT (self), study_read_cb);

  /* The array owns the recovery: hold on to both until the job has gone. */
  g_object_set_data (G_OBJECT (job), "recovery", recovery);
  g_object_set_data_full (G_OBJECT (job), "recoveries", g_ptr_array_ref (self->studies),
                          (GDestroyNotify) g_ptr_array_unref);
}

/* Trainings */

static void
interrupted_free (gpointer data)
{
  Interrupted *training = data;

  g_object_unref (training->file);
  g_free (training->name);
  g_free (training);
}

static gint64
when_written (GFile *file)
{
  g_autoptr (GFileInfo) info = g_file_query_info (file, G_FILE_ATTRIBUTE_TIME_MODIFIED "," G_FILE_ATTRIBUTE_TIME_MODIFIED_USEC,
                                                  G_FILE_QUERY_INFO_NONE, NULL, NULL);
  g_autoptr (GDateTime) time = info != NULL ? g_file_info_get_modification_date_time (info) : NULL;

  return time != NULL ? g_date_time_to_unix (time) * G_USEC_PER_SEC + g_date_time_get_microsecond (time) : 0;
}

/* Those that had begun come first, then those that waited, in the order in which they were put there. */
static int
compare_trainings (gconstpointer a, gconstpointer b)
{
  const Interrupted *first = *(const Interrupted *const *) a, *second = *(const Interrupted *const *) b;

  if ((first->epoch > 0) != (second->epoch > 0))
    return first->epoch > 0 ? -1 : 1;
  if (first->kept != second->kept)
    return first->kept < second->kept ? -1 : 1;
  return g_strcmp0 (first->name, second->name);
}

/* Files that cannot be resumed go. */
static GPtrArray *
find_trainings (void)
{
  g_autoptr (GPtrArray) files = orr_checkpoint_find ();
  GPtrArray *found = g_ptr_array_new_with_free_func (interrupted_free);

  for (guint i = 0; i < files->len; i++)
    {
      GFile *file = files->pdata[i];
      g_auto (OrrCheckpoint) content = { 0 };

      if (!orr_checkpoint_load (file, &content, NULL))
        {
          g_file_delete (file, NULL, NULL);
          continue;
        }
      Interrupted *training = g_new0 (Interrupted, 1);
      g_autoptr (GVariant) options = orr_section_get_child (content.state, "options");
      training->file = g_object_ref (file);
      training->name = g_strdup (content.name);
      training->epoch = orr_section_get_int (content.state, "epoch", 0);
      training->n_epochs = options != NULL ? orr_section_get_int (options, "epochs", 0) : 0;
      training->kept = when_written (file);
      g_ptr_array_add (found, training);
    }
  g_ptr_array_sort (found, compare_trainings);
  return found;
}

/* The study that a training is taken up in: the one that is shown, or a new one around its model. */
static OrrDocument *
ensure_document (OrrWindow *window, GFile *file)
{
  OrrDocument *document = orr_window_get_document (window);
  g_auto (OrrCheckpoint) content = { 0 };

  if (document != NULL || !orr_checkpoint_load (file, &content, NULL))
    return document;

  g_autoptr (OrrStudy) study = orr_study_new (content.name, content.hmm);
  g_autoptr (OrrDocument) created = orr_document_new (study);
  orr_window_set_document (window, created);
  return created;
}

static void
take_up_training (OrrRecoveryBar *self, GFile *file)
{
  OrrWindow *window = get_window (self);
  OrrDocument *document = ensure_document (window, file);
  g_autoptr (GError) error = NULL;
  g_autoptr (OrrTraining) training = NULL;

  if (document != NULL)
    training = orr_training_resume (document, orr_window_get_jobs (window), file, &error);
  if (training != NULL)
    {
      orr_session_adopt_training (orr_window_get_session (window), training);
      orr_window_show_page (window, "model");
    }
  else
    orr_window_show_error (window, _("The training cannot be resumed"), error != NULL ? error->message : NULL);
}

/* One of the list, or all. */
static void
settle_training (OrrRecoveryBar *self, const Interrupted *training, gboolean accept)
{
  guint index;

  if (accept)
    take_up_training (self, training->file);
  else
    g_file_delete (training->file, NULL, NULL);
  if (g_ptr_array_find (self->trainings, training, &index))
    g_ptr_array_remove_index (self->trainings, index);
}

static gboolean
update_idle_cb (gpointer data)
{
  update (data);
  return G_SOURCE_REMOVE;
}

static void
row_clicked_cb (GtkButton *button, OrrRecoveryBar *self)
{
  const Interrupted *training = g_object_get_data (G_OBJECT (button), "training");

  /* Its row goes, and the button with it: once its click is over. */
  settle_training (self, training, g_object_get_data (G_OBJECT (button), "accept") != NULL);
  gtk_widget_set_sensitive (GTK_WIDGET (self->list), FALSE);
  g_idle_add_full (G_PRIORITY_DEFAULT, update_idle_cb, g_object_ref (self), g_object_unref);
}

static void
accept_cb (OrrRecoveryBar *self)
{
  OrrRecovery *recovery = get_study (self);

  if (recovery != NULL)
    {
      take_up_study (self, recovery);
      self->n_settled++;
    }
  else
    while (self->trainings->len > 0)
      settle_training (self, self->trainings->pdata[0], TRUE);
  update (self);
}

static void
discard_cb (OrrRecoveryBar *self)
{
  OrrRecovery *recovery = get_study (self);

  if (recovery != NULL)
    {
      orr_recovery_discard (recovery);
      self->n_settled++;
    }
  else
    while (self->trainings->len > 0)
      settle_training (self, self->trainings->pdata[0], FALSE);
  update (self);
}

static void
orr_recovery_bar_dispose (GObject *object)
{
  OrrRecoveryBar *self = ORR_RECOVERY_BAR (object);

  g_clear_pointer (&self->studies, g_ptr_array_unref);
  g_clear_pointer (&self->trainings, g_ptr_array_unref);
  G_OBJECT_CLASS (orr_recovery_bar_parent_class)->dispose (object);
}

static void
orr_recovery_bar_class_init (OrrRecoveryBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = orr_recovery_bar_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/orrery/Orrery/ui/orr-recovery-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, OrrRecoveryBar, revealer);
  gtk_widget_class_bind_template_child (widget_class, OrrRecoveryBar, label);
  gtk_widget_class_bind_template_child (widget_class, OrrRecoveryBar, accept_button);
  gtk_widget_class_bind_template_child (widget_class, OrrRecoveryBar, discard_button);
  gtk_widget_class_bind_template_child (widget_class, OrrRecoveryBar, scroller);
  gtk_widget_class_bind_template_child (widget_class, OrrRecoveryBar, list);
  gtk_widget_class_bind_template_callback (widget_class, accept_cb);
  gtk_widget_class_bind_template_callback (widget_class, discard_cb);
}

static void
orr_recovery_bar_init (OrrRecoveryBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->studies = g_ptr_array_new ();
  self->trainings = g_ptr_array_new ();
  g_signal_connect_swapped (self->revealer, "notify::child-revealed", G_CALLBACK (folded_cb), self);
  folded_cb (self);
}

/**
 * orr_recovery_bar_search:
 *
 * Looks for what a crash left behind, and offers it.
 */
void
orr_recovery_bar_search (OrrRecoveryBar *self)
{
  g_return_if_fail (ORR_IS_RECOVERY_BAR (self));
  g_clear_pointer (&self->studies, g_ptr_array_unref);
  g_clear_pointer (&self->trainings, g_ptr_array_unref);
  self->studies = orr_recovery_find ();
  self->n_settled = 0;
  self->trainings = find_trainings ();
  update (self);
}
