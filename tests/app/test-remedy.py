#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A training that rests on its plateau: the panel says so while the network trains, and the button does what it says, for a
chain of states and for a cycle. The rate is too small for any network to leave it. test-remedy.py PROGRAM"""

import os
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from drive import App, DriveError, Report  # noqa: E402

STUDY = os.path.join(os.environ["HOME"], "remedied.orrery")
# A few milliseconds an epoch, and more epochs than anybody waits for: it is still training when it is remedied.
OPTIONS = {"Hidden units": "8", "Noise inputs": "4", "Length": "20", "Sequences": "300", "Batch": "100",
           "Epochs": "1000000"}
RATE = "Learning rate 1e-06 instead of 0.001"
# The machine may be busy with other work; nothing here asserts a time.
TIMEOUT = 600


def main(program):
    report = Report()
    app = App(program)

    def has_label(part):
        return any(part in item.name for item in app.find_all(role="label"))

    def trains():
        return app.find("Stop", role="push button").has("sensitive")

    def train():
        for name, value in OPTIONS.items():
            field = app.find(name, role="spin button")
            field.scroll_to()
            field.set_text(value)
            app.wait(lambda: field.value == float(value), f"{name} to be {value}", 20)
        rate = app.find("Learning rate", role="spin button")
        rate.scroll_to()
        rate.set_text("0.000001")
        # GTK tells assistive technology of no change below 0.001.
        app.wait(lambda: has_label(RATE), "the rate among the departures", 20)
        app.click("Train", role="push button")
        app.wait(trains, "the training", TIMEOUT)

    def press(remedy, done, what):
        """Presses the button of the warning; again where the panel's lines moved it away from under the pointer."""
        app.find(remedy, role="push button", timeout=TIMEOUT)
        assert trains(), "it is told when the training is over"
        for _ in range(4):
            button = next(iter(app.find_all(remedy, role="push button")), None)
            if button is not None:
                button.click()
            deadline = time.monotonic() + 20
            while time.monotonic() < deadline:
                if done():
                    return
                time.sleep(0.2)
        raise DriveError(f"“{remedy}” does not bring {what}; on the screen:\n{app.outline()}")

    def stop():
        app.click("Stop", role="push button")
        app.wait(lambda: app.find("Train", role="push button").has("sensitive"), "the end", TIMEOUT)
        app.wait_idle()

    def plateau_of_a_chain():
        app.click("Three states", role="push button")
        app.find("Train", role="push button")
        train()
        press("Restart with initial gain 2.2", lambda: has_label("Initial gain 2.2 instead of 1"), "the gain")
        app.wait(trains, "the next training", TIMEOUT)

    def what_is_tried_already():
        """The gain is there now, and the rate is what else keeps the network from moving."""
        press("Restart with learning rate 0.001", lambda: not has_label(RATE), "the rate")
        app.wait(trains, "the next training", TIMEOUT)
        app.wait(lambda: has_label("s per epoch"), "its first epochs", TIMEOUT)
        stop()

    def is_kept():
        """All three networks, each with the options that the buttons said, and the first two with what was told."""
        app.key("ctrl+s")
        app.find("Save Study")
        app.settle(0.5)
        app.key("ctrl+a")
        app.type(STUDY)
        app.key("enter")
        app.wait(lambda: os.path.exists(STUDY), "the file")
        app.wait(lambda: "•" not in app.window().get_name(), "the study to count as saved")
        import h5py
        with h5py.File(STUDY, "r") as file:
            runs = {run.attrs["name"]: run["options"].attrs for run in file["runs"].values()}
            found = {name: (float(options["initial_gain"]), float(options["learning_rate"]), int(options["seed"]))
                     for name, options in runs.items()}
        assert sorted(found) == ["three, seed 0", "three, seed 0 (2)", "three, seed 0 (3)"], found
        assert sorted(found.values()) == [(1.0, 1e-6, 0), (2.2, 1e-6, 0), (2.2, 1e-3, 0)], found

    def plateau_of_a_cycle():
        """There the whole recipe changes, and the panel shows which one it is now."""
        app.click("New", role="push button")
        app.click("Cyclic", role="push button")
        app.settle(1)
        if app.exists("Save changes?"):
            app.click("Discard", role="push button")
        app.find("Train", role="push button")
        app.choose("Recipe", "Published")
        train()
        epochs = app.find("Epochs", role="spin button")
        press("Restart with the recipe Faithful", lambda: epochs.value == 200, "the recipe's epochs")
        app.wait(lambda: app.find_all("Faithful", role="label", inside=app.find("Recipe", role="combo box")),
                 "the recipe's name")
        app.wait(lambda: has_label("Departs from Faithful: Hidden units 8"), "the departures from it")
        assert not has_label("Statistics 20 instead"), "what belongs to the recipe is no departure"
        # It is a short one.
        app.wait(lambda: has_label("cyclic, seed 0 (2)"), "its network", TIMEOUT)
        app.wait_idle()

    def no_complaints():
        assert not app.complaints(), "\n".join(app.complaints()[:10])

    return report.run(app, (plateau_of_a_chain, what_is_tried_already, is_kept, plateau_of_a_cycle, no_complaints))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
