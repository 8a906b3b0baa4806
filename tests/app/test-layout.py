#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether what matters is in sight: every card of every page in a window of half a wide screen, the loss curves beside a
warning and a queue, further options once they open; and that the wheel scrolls options without changing them.
test-layout.py PROGRAM EXAMPLE"""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from drive import App, Report  # noqa: E402
from Xlib import X  # noqa: E402

WIDTH, HEIGHT = 960, 700
CARDS = {
    "Model": ("HMM graph", "Training", "Loss curves", "HMM and network match"),
    "Dynamics": ("Orbit viewer", "HMM graph", "Connectivity heatmap", "Time strip"),
    "Mechanism": ("Connectivity heatmap", "Kick neurons", "Gain", "Orbit viewer", "HMM graph", "Eigenvalues", "Analyses",
                  "Resonance", "Training evolution"),
    "Equations": ("Palette", "Expression tree", "Suggestions", "Candidates", "Fit", "Data", "History"),
}
# Small enough for milliseconds an epoch; the rate is too small for any network to leave its plateau.
SMALL = {"Hidden units": "8", "Noise inputs": "4", "Length": "20", "Sequences": "300", "Batch": "100", "Epochs": "1000000",
         "Learning rate": "0.000001"}
TIMEOUT = 600


def main(program, example):
    report = Report()
    app = App(program, example)

    def resize(width, height):
        """There is no window manager whom to ask."""
        for window in app.screen.root.query_tree().children:
            box = window.get_geometry()
            if window.get_attributes().map_state == X.IsViewable and box.width > 600:
                window.configure(x=0, y=0, width=width, height=height)
        app.screen.display.sync()
        app.wait(lambda: any(box[2:] == (width, height) for box in app.x_windows()), "the window's new size", 60)
        app.settle(1)

    def card(name):
        return next(item for item in app.find_all(name) if item.role in ("filler", "panel"))

    def is_inside(name):
        x, y, width, height = card(name).resting_box()
        return x >= 0 and y >= 0 and width > 100 and height > 40 and x + width <= WIDTH and y + height <= HEIGHT

    def every_card_in_half_a_screen():
        app.find("Train", role="push button")
        app.wait_idle()
        resize(WIDTH, HEIGHT)
        for page, names in CARDS.items():
            app.click(page, role="push button")
            for name in names:
                app.wait(lambda: is_inside(name), f"all of “{name}” on the page {page}", 60)

    def further_options_come_into_sight():
        app.click("Model", role="push button")
        resize(1400, 900)
        app.click("Further options", role="push button")
        train = app.find("Train", role="push button").box

        def is_shown():
            box = app.find("Random start").box
            return 100 < box[1] < train[1] - box[3]
        app.wait(is_shown, "the first further options", 60)

    def wheel_scrolls_options():
        field = app.find("Batches a step", role="spin button")
        field.scroll_to()
        field.resting_box()
        before = field.box[1]
        app.screen.scroll(*field.point(0.2, 0.5), -2)
        app.wait(lambda: field.box[1] < before, "the list to scroll", 60)
        assert not any("Departs from" in item.name for item in app.find_all(role="label")), "the wheel changed an option"

    def curves_beside_a_warning():
        app.click("Further options", role="push button")
        for name, value in SMALL.items():
            field = app.find(name, role="spin button")
            field.scroll_to()
            field.set_text(value)
            app.wait(lambda: abs(field.value - float(value)) < 1e-3, f"{name} to be {value}", 20)
        app.click("Train", role="push button")
        app.find("Restart with initial gain 2.2", role="push button", timeout=TIMEOUT)
        chart, button = app.find("Loss curves", role="image").resting_box(), app.find("Stop", role="push button").box
        assert chart[3] >= 150, f"the loss curves are only {chart[3]} pixels high"
        assert button[1] + button[3] < chart[1], "the panel's buttons are covered"
        app.click("Stop", role="push button")
        app.wait(lambda: app.find("Train", role="push button").has("sensitive"), "the end", TIMEOUT)

    def no_complaints():
        assert not app.complaints(), "\n".join(app.complaints()[:10])

    return report.run(app, [every_card_in_half_a_screen, further_options_come_into_sight, wheel_scrolls_options,
                            curves_beside_a_warning, no_complaints])


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
