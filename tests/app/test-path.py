#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The first whole path, by pointer and keys: pick a model, edit it and take that back, train a network to the
end, look at its orbit, save, reopen, compare. test-path.py PROGRAM"""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from drive import App, Report, share_changed  # noqa: E402

FIRST = os.path.join(os.environ["HOME"], "first.orrery")
SECOND = os.path.join(os.environ["HOME"], "second.orrery")
# The machine may be busy with other work; nothing here asserts a time.
TRAINING_TIMEOUT = 2400


def save_as(app, path):
    app.key("ctrl+shift+s")
    app.find("Save Study")
    app.settle(0.5)
    app.key("ctrl+a")
    app.type(path)
    app.key("enter")
    app.wait(lambda: os.path.exists(path), f"the file {path}")
    app.wait(lambda: "•" not in app.window().get_name(), "the study to count as saved")


def contents(path):
    """Everything in an HDF5 file by its name."""
    import h5py
    found = {}

    def visit(name, item):
        found[name] = (item[()].tobytes() if isinstance(item, h5py.Dataset) and item.dtype.kind != "O"
                       else repr(item[()]) if isinstance(item, h5py.Dataset) else None,
                       sorted((key, repr(value)) for key, value in item.attrs.items()))

    with h5py.File(path, "r") as file:
        file.visititems(visit)
    return found


def main(program):
    report = Report()
    app = App(program)
    seen = {}

    def pick():
        app.click("Three states", role="push button")
        app.find("S1 → S2: 0.22")

    def edit_and_undo():
        app.find("S1 → S2: 0.22").click()
        app.key("enter")
        app.find("Probability", role="text")
        app.key("ctrl+a")
        app.type("0.4")
        app.key("enter")
        app.find("S1 → S2: 0.40")
        app.find("S1 → S1: 0.60")
        app.click("Undo", role="push button")
        app.find("S1 → S2: 0.22")
        assert not app.exists("S1 → S2: 0.40")

    def train():
        seen["match before"] = app.find("HMM and network match", role="image").pixels()
        seen["loss before"] = app.find("Loss curves", role="image").pixels()
        app.choose("Recipe", "Quick")
        app.click("Train", role="push button")
        app.wait(lambda: app.find("Stop", role="push button").has("sensitive"), "the training to start", 60)
        app.wait(lambda: app.find("Train", role="push button").has("sensitive"), "the training to end",
                 TRAINING_TIMEOUT, interval=1)

    def match_is_filled():
        app.wait_idle()
        for name in ("match", "loss"):
            item = app.find({"match": "HMM and network match", "loss": "Loss curves"}[name], role="image")
            changed = share_changed(seen[f"{name} before"], app.wait_still(item))
            assert changed > 0.02, f"the {name} view is as empty as before ({changed:.2%} of its pixels changed)"
        seen["match"] = app.find("HMM and network match", role="image").pixels()

    def rotate():
        app.click("Dynamics", role="push button")
        app.wait_idle()
        orbit = app.find("Orbit viewer")
        before = app.wait_still(orbit)
        app.screen.drag(orbit.point(0.45, 0.5), orbit.point(0.6, 0.62))
        changed = share_changed(before, app.wait_still(orbit))
        assert changed > 0.02, f"dragging turned nothing ({changed:.2%} of the pixels changed)"

    def recolour():
        orbit = app.find("Orbit viewer")
        before = app.wait_still(orbit)
        app.screen.click(*app.find("Connectivity heatmap", role="image").point(0.4, 0.6))
        app.find("Units", role="label")
        changed = share_changed(before, app.wait_still(orbit))
        assert changed > 0.02, f"choosing units left the orbit's colours ({changed:.2%} of the pixels changed)"

    def save():
        save_as(app, FIRST)

    def reopen():
        app.click("New", role="push button")
        app.click("first", role="list item")
        app.click("Model", role="push button")
        app.find("S1 → S2: 0.22")
        match = app.find("HMM and network match", role="image")
        app.wait(lambda: share_changed(seen["match"], app.wait_still(match)) < 0.01,
                 "the match panel to look as before", 60)

    def compare():
        save_as(app, SECOND)
        first, second = contents(FIRST), contents(SECOND)
        assert first.keys() == second.keys(), f"other names: {first.keys() ^ second.keys()}"
        assert any("weight" in name for name in first), f"no weights in {sorted(first)}"
        differ = [name for name in first if first[name] != second[name]]
        assert not differ, f"these differ after saving, reopening and saving: {differ}"

    def no_complaints():
        assert not app.complaints(), "\n".join(app.complaints()[:10])

    return report.run(app, (pick, edit_and_undo, train, match_is_filled, rotate, recolour, save, reopen, compare,
                            no_complaints))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
