/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-cluster.h"

#include <cblas.h>
#include <math.h>
#include <string.h>

#include "orr-parallel.h"

/* Rows of zero mean and unit length: their products are correlations. A row
 * without variance becomes zero, uncorrelated with all. */
static OrrMatrix *
standardise (const OrrMatrix *rows)
{
  OrrMatrix *unit = orr_matrix_new (rows->rows, rows->cols);

  for (gsize i = 0; i < rows->rows; i++)
    {
      const float *from = orr_matrix_row (rows, i);
      float *to = orr_matrix_row (unit, i);
      double mean = 0.0, squares = 0.0;

      for (gsize j = 0; j < rows->cols; j++)
        mean += from[j] / (double) rows->cols;
      for (gsize j = 0; j < rows->cols; j++)
        squares += (from[j] - mean) * (from[j] - mean);
      if (squares <= 1e-20)
        continue;
      for (gsize j = 0; j < rows->cols; j++)
        to[j] = (from[j] - mean) / sqrt (squares);
    }
  return unit;
}

/* [n x n] 1 - correlation of the rows; symmetric. */
static OrrMatrix *
correlation_distances (const OrrMatrix *rows)
{
  g_autoptr (OrrMatrix) unit = standardise (rows);
  OrrMatrix *distances = orr_matrix_new (rows->rows, rows->rows);
  gsize n = rows->rows;

  orr_parallel_threads (1); /* before any product: BLAS stays on the caller's thread */
  cblas_sgemm (CblasRowMajor, CblasNoTrans, CblasTrans, n, n, rows->cols, -1.0f, unit->data, rows->cols, unit->data,
               rows->cols, 0.0f, distances->data, n);
  for (gsize i = 0; i < n; i++)
    for (gsize j = 0; j <= i; j++)
      {
        float *a = &distances->data[i * n + j], *b = &distances->data[j * n + i];
        *a = *b = i == j ? 0.0f : MAX (1.0f + *a, 0.0f);
      }
  return distances;
}

typedef struct
{
  OrrMatrix *distances; /* [n x n] between the clusters in their slots */
  gsize      n;
  guint     *size;      /* [n] of the cluster in each slot, 0: none */
  guint     *node;      /* [n] its number in the dendrogram */
  guint     *chain;     /* [n] */
  gsize      chain_length;
} Agglomeration;

/* The nearest other cluster; of equals the one before it in the chain, else the
 * lowest, so that the result depends on nothing but the numbers. */
static guint
nearest (const Agglomeration *self, guint slot, guint before)
{
  const float *row = orr_matrix_row (self->distances, slot);
  guint best = before;

  for (gsize k = 0; k < self->n; k++)
    if (k != slot && self->size[k] > 0 && (best == G_MAXUINT || row[k] < row[best]))
      best = k;
  return best;
}

/* Puts the cluster in @b into @a: distances to the others are means over all pairs. */
static void
merge_slots (Agglomeration *self, guint a, guint b)
{
  double share = self->size[a] / (double) (self->size[a] + self->size[b]);
  float *row_a = orr_matrix_row (self->distances, a), *row_b = orr_matrix_row (self->distances, b);

  for (gsize k = 0; k < self->n; k++)
    if (k != a && k != b && self->size[k] > 0)
      {
        row_a[k] = share * row_a[k] + (1.0 - share) * row_b[k];
        self->distances->data[k * self->n + a] = row_a[k];
      }
  self->size[a] += self->size[b];
  self->size[b] = 0;
}

static guint
first_cluster (const Agglomeration *self)
{
  for (gsize k = 0; k < self->n; k++)
    if (self->size[k] > 0)
      return k;
  return 0;
}

/* Follows nearest neighbours until two are each other's. */
static void
grow_chain (Agglomeration *self, guint *a, guint *b)
{
  if (self->chain_length == 0)
    self->chain[self->chain_length++] = first_cluster (self);
  for (;;)
    {
      guint top = self->chain[self->chain_length - 1];
      guint before = self->chain_length > 1 ? self->chain[self->chain_length - 2] : G_MAXUINT;
      guint next = nearest (self, top, before);

      if (next == before)
        {
          *a = MIN (top, before);
          *b = MAX (top, before);
          self->chain_length -= 2;
          return;
        }
      self->chain[self->chain_length++] = next;
    }
}

static OrrClusterMerge *
agglomerate (OrrMatrix *distances, OrrProgress *progress, GError **error)
{
  gsize n = distances->rows;
  g_autofree guint *size = g_new (guint, MAX (n, 1)), *node = g_new (guint, MAX (n, 1));
  g_autofree guint *chain = g_new (guint, MAX (n, 1));
  g_autofree OrrClusterMerge *merges = g_new0 (OrrClusterMerge, MAX (n, 1));
  Agglomeration state = { distances, n, size, node, chain, 0 };

  for (gsize i = 0; i < n; i++)
    {
      size[i] = 1;
      node[i] = i;
    }
  for (gsize m = 0; m + 1 < n; m++)
    {
      guint a, b;

      if (m % 16 == 0)
        {
          orr_progress_report (progress, m / (double) n, NULL);
          if (!orr_progress_check (progress, error))
            return NULL;
        }
      grow_chain (&state, &a, &b);
      merges[m] = (OrrClusterMerge){ node[a], node[b], orr_matrix_row (distances, a)[b] };
      merge_slots (&state, a, b);
      node[a] = n + m;
    }
  return g_steal_pointer (&merges);
}

/**
 * orr_cluster_average:
 * @rows: [n x m] what is clustered: its rows
 * @error: (out): cancelled
 *
 * Hierarchical clustering with average linkage on the correlation distance
 * 1 - r, by chains of nearest neighbours (F. Murtagh, Computer Journal 26, 1983):
 * n^2 time and memory. Merges come children first, not by height.
 *
 * Returns: (transfer full) (array) (nullable): n - 1 merges
 */
OrrClusterMerge *
orr_cluster_average (const OrrMatrix *rows, OrrProgress *progress, GError **error)
{
  g_autoptr (OrrMatrix) distances = correlation_distances (rows);

  return agglomerate (distances, progress, error);
}

/* A stretch of leaves as a doubly linked list, so that it can be turned round. */
typedef struct
{
  guint ends[2];
} Stretch;

static guint
other_neighbour (guint (*links)[2], guint leaf, guint from)
{
  return links[leaf][0] == from ? links[leaf][1] : links[leaf][0];
}

static void
link_leaves (guint (*links)[2], guint a, guint b)
{
  links[a][links[a][0] == G_MAXUINT ? 0 : 1] = b;
  links[b][links[b][0] == G_MAXUINT ? 0 : 1] = a;
}

/* Joins the two stretches at their most similar ends. */
static Stretch
join (Stretch a, Stretch b, const OrrMatrix *distances, guint (*links)[2])
{
  guint best = 0;
  float least = INFINITY;

  for (guint way = 0; way < 4; way++)
    {
      float here = orr_matrix_row (distances, a.ends[way & 1])[b.ends[way >> 1]];
      if (here < least)
        {
          least = here;
          best = way;
        }
    }
  link_leaves (links, a.ends[best & 1], b.ends[best >> 1]);
  return (Stretch){ { a.ends[!(best & 1)], b.ends[!(best >> 1)] } };
}

/**
 * orr_cluster_order:
 * @rows: [n x m] with n above 0
 * @error: (out): cancelled
 *
 * The leaves of orr_cluster_average()'s dendrogram, each pair of subtrees turned
 * so that the leaves that meet are as alike as can be; the end with the lower
 * index comes first.
 *
 * Returns: (transfer full) (array) (nullable): [n] which row comes at each place
 */
guint *
orr_cluster_order (const OrrMatrix *rows, OrrProgress *progress, GError **error)
{
  gsize n = rows->rows;
  g_autoptr (OrrMatrix) distances = correlation_distances (rows);
  g_autoptr (OrrMatrix) changing = orr_matrix_copy (distances);
  g_autofree OrrClusterMerge *merges = agglomerate (changing, progress, error);
  g_autofree Stretch *stretches = g_new (Stretch, 2 * n);
  g_autofree guint (*links)[2] = g_malloc (n * sizeof *links);
  guint *order;

  if (merges == NULL)
    return NULL;
  memset (links, 0xff, n * sizeof *links);
  for (gsize i = 0; i < n; i++)
    stretches[i] = (Stretch){ { i, i } };
  for (gsize m = 0; m + 1 < n; m++)
    stretches[n + m] = join (stretches[merges[m].left], stretches[merges[m].right], distances, links);

  const guint *ends = stretches[n > 1 ? 2 * n - 2 : 0].ends;
  order = g_new (guint, n);
  guint before = G_MAXUINT, leaf = MIN (ends[0], ends[1]);
  for (gsize i = 0; i < n; i++)
    {
      guint next = other_neighbour (links, leaf, before);

      order[i] = leaf;
      before = leaf;
      leaf = next;
    }
  return order;
}

/**
 * orr_cluster_order_units:
 *
 * Returns: (transfer full) (array) (nullable): [H] hidden units, those with like
 * afferent and efferent recurrent weights side by side
 */
guint *
orr_cluster_order_units (const OrrNetwork *network, OrrProgress *progress, GError **error)
{
  gsize H = network->n_hidden;
  g_autoptr (OrrMatrix) both = orr_matrix_new (H, 2 * H);

  for (gsize i = 0; i < H; i++)
    {
      float *row = orr_matrix_row (both, i);

      memcpy (row, orr_matrix_row (network->weight_hh, i), H * sizeof (float));
      for (gsize j = 0; j < H; j++)
        row[H + j] = orr_matrix_row (network->weight_hh, j)[i];
    }
  return orr_cluster_order (both, progress, error);
}

/**
 * orr_cluster_order_inputs:
 *
 * Returns: (transfer full) (array) (nullable): [D] noise inputs, those that drive
 * the units alike side by side
 */
guint *
orr_cluster_order_inputs (const OrrNetwork *network, OrrProgress *progress, GError **error)
{
  g_autoptr (OrrMatrix) columns = orr_matrix_new (network->n_noise, network->n_hidden);

  for (gsize j = 0; j < network->n_noise; j++)
    for (gsize i = 0; i < network->n_hidden; i++)
      orr_matrix_row (columns, j)[i] = orr_matrix_row (network->weight_ih, i)[j];
  return orr_cluster_order (columns, progress, error);
}
