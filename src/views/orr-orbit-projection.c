/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-orbit-projection.h"

#include <glib/gi18n.h>

#include "orr-session-groups.h"
#include "orr-subspace.h"

typedef struct
{
  OrrNetwork *network;
  OrrMotion  *whole;
  int         pair;
} Request;

static void
request_free (gpointer data)
{
  Request *request = data;

  orr_network_unref (request->network);
  orr_motion_unref (request->whole);
  g_free (request);
}

static void
projection_free (gpointer data)
{
  OrrOrbitProjection *projection = data;

  orr_motion_unref (projection->whole);
  orr_motion_unref (projection->motion);
  g_free (projection->problem);
  g_free (projection);
}

static gpointer
compute (gpointer data)
{
  Request *request = data;
  OrrOrbitProjection *projection = g_new0 (OrrOrbitProjection, 1);
  g_autoptr (GError) error = NULL;
  guint a, b;

  orr_subspace_pair (request->network->n_symbols, request->pair, &a, &b);
  projection->whole = orr_motion_ref (request->whole);
  projection->pair = request->pair;
  projection->motion = orr_subspace_motion (request->whole, request->network, a, b, NULL, &error);
  if (error != NULL)
    projection->problem = g_strdup (error->message);
  return projection;
}

/**
 * orr_orbit_projections_new:
 * @done: takes an #OrrOrbitProjection on the main thread
 *
 * Returns: (transfer full): a worker that finds the subspaces of pairs of symbols in the background
 */
OrrLatest *
orr_orbit_projections_new (OrrLatestDone done, gpointer owner)
{
  return orr_latest_new (compute, done, owner, request_free, projection_free);
}

void
orr_orbit_projections_request (OrrLatest *latest, OrrNetwork *network, OrrMotion *whole, int pair)
{
  Request *request = g_new0 (Request, 1);

  request->network = orr_network_ref (network);
  request->whole = orr_motion_ref (whole);
  request->pair = pair;
  orr_latest_request (latest, request);
}

/**
 * orr_orbit_projections_list:
 *
 * Returns: (transfer full): what a person can choose: all states first, then the pairs in their order; only
 *   the first where the network has fewer than three symbols
 */
GtkStringList *
orr_orbit_projections_list (OrrSession *session)
{
  OrrNetwork *network = orr_session_get_network (session);
  guint n = network != NULL ? orr_subspace_count (network->n_symbols) : 0;
  GtkStringList *list = gtk_string_list_new (NULL);

  gtk_string_list_append (list, _("All states"));
  for (guint pair = 0; pair < n; pair++)
    {
      guint a, b;

      orr_subspace_pair (network->n_symbols, pair, &a, &b);
      g_autofree char *first = orr_session_dup_symbol_name (session, a);
      g_autofree char *second = orr_session_dup_symbol_name (session, b);
      gtk_string_list_take (list, g_strdup_printf (_("Symbols %s and %s"), first, second));
    }
  return list;
}
