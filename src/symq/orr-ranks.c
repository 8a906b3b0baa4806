/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-ranks.h"

#ifdef ORR_HAVE_MPI

#include <mpi.h>
#include <stdlib.h>

/* Allreduce takes an int. */
#define MAX_BLOCK (1 << 24)

static int count = 1, own = 0;

static void
finalize (void)
{
  MPI_Finalize ();
}

/* MPI is started for programs that a launcher started, and for no others: its start takes a while. */
static void
start (void)
{
  static gsize started = 0;

  if (!g_once_init_enter (&started))
    return;
  if ((g_getenv ("OMPI_COMM_WORLD_SIZE") != NULL || g_getenv ("PMI_SIZE") != NULL) && MPI_Init (NULL, NULL) == MPI_SUCCESS)
    {
      MPI_Comm_size (MPI_COMM_WORLD, &count);
      MPI_Comm_rank (MPI_COMM_WORLD, &own);
      atexit (finalize);
    }
  g_once_init_leave (&started, 1);
}

/* How many processes train together. */
guint
orr_ranks_count (void)
{
  start ();
  return count;
}

/* Which of them this is, from 0. */
guint
orr_ranks_index (void)
{
  start ();
  return own;
}

/* Sums over all ranks, in place. Of two ranks the sum is the same to the last bit wherever it is taken. */
void
orr_ranks_add (float *values, gsize n)
{
  for (gsize first = 0; orr_ranks_count () > 1 && first < n; first += MAX_BLOCK)
    MPI_Allreduce (MPI_IN_PLACE, values + first, MIN (n - first, MAX_BLOCK), MPI_FLOAT, MPI_SUM, MPI_COMM_WORLD);
}

void
orr_ranks_add_doubles (double *values, gsize n)
{
  if (orr_ranks_count () > 1)
    MPI_Allreduce (MPI_IN_PLACE, values, n, MPI_DOUBLE, MPI_SUM, MPI_COMM_WORLD);
}

/* What rank 0 says holds for all: of clocks and of people who interrupt there must be one. */
void
orr_ranks_agree (double *values, gsize n)
{
  if (orr_ranks_count () > 1)
    MPI_Bcast (values, n, MPI_DOUBLE, 0, MPI_COMM_WORLD);
}

#else

guint
orr_ranks_count (void)
{
  return 1;
}

guint
orr_ranks_index (void)
{
  return 0;
}

void
orr_ranks_add (float *values, gsize n)
{
}

void
orr_ranks_add_doubles (double *values, gsize n)
{
}

void
orr_ranks_agree (double *values, gsize n)
{
}

#endif
