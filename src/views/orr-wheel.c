/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orr-wheel.h"

/**
 * orr_wheel_pass_on:
 * @spin: a spin button in a list that scrolls
 *
 * Leaves the wheel over @spin to the list around it: whoever scrolls through options is not to change one
 * that happens to pass under the pointer.
 */
void
orr_wheel_pass_on (GtkWidget *spin)
{
  g_return_if_fail (GTK_IS_SPIN_BUTTON (spin));
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (spin);

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (GTK_IS_EVENT_CONTROLLER_SCROLL (controller))
        gtk_event_controller_set_propagation_phase (controller, GTK_PHASE_NONE);
    }
}
