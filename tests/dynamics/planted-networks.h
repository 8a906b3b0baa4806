/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "orr-network.h"

/*
 * Networks built by hand whose mechanism is known.
 *
 * Two wells with planted kicks: units 0 and 1 inhibit each other, each is held up
 * by its bias, so that one of them rests at 2 and the other at 0; symbol 0 reads
 * the first, symbol 1 the second. Unit PLANTED_KICK_01 is silent until its own noise
 * input passes a threshold and then switches the wells from 0 to 1,
 * PLANTED_KICK_10 back. All other units follow noise of their own and touch nothing.
 */
enum
{
  PLANTED_HIDDEN = 32,
  PLANTED_KICK_01 = 7,
  PLANTED_KICK_10 = 19,
};

static inline OrrNetwork *
create_planted_kicks (void)
{
  enum { H = PLANTED_HIDDEN };
  OrrNetwork *network = orr_network_new (H, H, 2, TRUE);
  float *w = network->weight_hh->data;
  const guint kicks[2] = { PLANTED_KICK_01, PLANTED_KICK_10 };

  for (guint u = 2; u < H; u++)
    {
      network->weight_ih->data[u * H + u] = 1.0f;
      w[u * H + u] = 0.3f;
    }
  for (guint s = 0; s < 2; s++)
    {
      guint other = 1 - s, kick = kicks[s];

      w[s * H + s] = 0.5f;
      w[s * H + other] = -2.0f;
      network->bias_hh->data[s] = 1.0f;
      /* The kick out of s: s goes down, the other comes up. */
      network->bias_hh->data[kick] = -2.1f;
      w[s * H + kick] = -200.0f;
      w[other * H + kick] = 200.0f;
      network->weight_out->data[s * H + s] = 3.0f;
    }
  return network;
}

/* A kick section that names the planted units, as orr_kick_neurons_analyze() would. */
static inline GVariant *
create_planted_section (void)
{
  const guint units[2] = { PLANTED_KICK_01, PLANTED_KICK_10 };
  GVariantBuilder section, groups;

  g_variant_builder_init (&groups, G_VARIANT_TYPE ("aa{sv}"));
  for (int g = 0; g < 2; g++)
    {
      const double unit = units[g];
      GVariantBuilder group;

      g_variant_builder_init (&group, G_VARIANT_TYPE_VARDICT);
      g_variant_builder_add (&group, "{sv}", "from", g_variant_new_int32 (g));
      g_variant_builder_add (&group, "{sv}", "to", g_variant_new_int32 (1 - g));
      g_variant_builder_add (&group, "{sv}", "units", g_variant_new_fixed_array (G_VARIANT_TYPE_DOUBLE, &unit, 1, sizeof unit));
      g_variant_builder_add_value (&groups, g_variant_builder_end (&group));
    }
  g_variant_builder_init (&section, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&section, "{sv}", "groups", g_variant_builder_end (&groups));
  return g_variant_ref_sink (g_variant_builder_end (&section));
}
