#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a person sees of training, by pointer and keys: several seeds in the queue, their curves and orbits compared, one
opened; a network that explodes; recorded sequences. test-training.py PROGRAM"""

import os
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import numpy  # noqa: E402

from drive import App, DriveError, Report, share_changed  # noqa: E402

HOME = os.environ["HOME"]
EXPLODING = os.path.join(HOME, "exploding.npz")
RECORDED = os.path.join(HOME, "recorded.csv")
# Small enough for a few seconds each; nothing here asserts a time.
SMALL = {"Hidden units": "16", "Noise inputs": "8", "Sequences": "1200", "Batch": "400", "Epochs": "20"}
TIMEOUT = 600
# Of the first network in every chart: blue, green, red.
FIRST_COLOUR = (0x55, 0x76, 0x24)


def write_files():
    random = numpy.random.default_rng(3)
    hidden, noise, symbols = 12, 4, 3
    numpy.savez(EXPLODING, **{
        "rnn.weight_ih_l0": random.normal(size=(hidden, noise)).astype(numpy.float32),
        "rnn.weight_hh_l0": numpy.abs(random.normal(size=(hidden, hidden))).astype(numpy.float32),
        "fc.weight": random.normal(size=(symbols, hidden)).astype(numpy.float32),
    })
    # Two states that each emit their own symbol and last ten steps.
    with open(RECORDED, "w", encoding="utf-8") as file:
        for _ in range(300):
            state, row = random.integers(2), []
            for _ in range(30):
                row.append(str(state))
                state = 1 - state if random.random() < 0.1 else state
            file.write(",".join(row) + "\n")


def close_popover(app):
    """Without a window manager a closed popover keeps the pointer until the next press."""
    app.key("esc")
    left, top = app.window_origin(app.window())
    app.screen.click(left + 5, top + 5 + app.screen.height / 2)
    app.settle(0.3)


def open_popover(app, button, name, role=None):
    """Clicks until what is in it can be seen: the first press may only end the popover before."""
    for _ in range(4):
        app.find(button).click()
        deadline = time.monotonic() + 15
        while time.monotonic() < deadline:
            if app.exists(name, role):
                app.settle(0.5)
                return
            time.sleep(0.2)
    raise DriveError(f"“{button}” does not open; on the screen:\n{app.outline()}")


def set_options(app, options):
    for name, value in options.items():
        field = app.find(name, role="spin button")
        field.scroll_to()
        field.set_text(value)
        app.wait(lambda: abs(field.value - float(value)) < 2e-6, f"{name} to be {value}", 20)


def main(program):
    write_files()
    report = Report()
    app = App(program)

    def labels():
        return [item.name for item in app.find_all(role="label")]

    def has_label(part):
        return any(part in name for name in labels())

    def idle():
        return app.find("Train", role="push button").has("sensitive") and not app.find("Stop", role="push button").has("sensitive")

    def queue_three_seeds():
        app.click("Three states", role="push button")
        app.find("S1 → S2: 0.22")
        set_options(app, SMALL)
        open_popover(app, "Queue", "Number of seeds", "spin button")
        seeds = app.find("Number of seeds", role="spin button")
        seeds.set_text("3")
        app.wait(lambda: seeds.value == 3, "three seeds", 20)
        app.click("Add to queue", role="push button")
        close_popover(app)
        app.wait(lambda: has_label("Compare (3)") or app.exists("Compare (3)"), "the three to be compared", TIMEOUT)
        app.wait(lambda: idle() and not app.exists("Queue (2)"), "the queue to end", TIMEOUT, interval=0.5)
        app.wait_idle()

    def open_row():
        open_popover(app, "Compare (3)", "Compare three, seed 2", "check box")
        for seed in (0, 1, 2):
            app.find(f"Compare three, seed {seed}", role="check box")
        app.click("Open three, seed 1")
        app.wait(lambda: "three, seed 1" in labels(), "the network's name in the header")

    def choose_compared():
        chart = app.find("Loss curves", role="image")
        before = app.wait_still(chart)
        open_popover(app, "Compare (3)", "Compare three, seed 2", "check box")
        app.click("Compare three, seed 2", role="check box")
        app.find("Compare (2)")
        close_popover(app)
        assert share_changed(before, app.wait_still(chart)) > 0.001, "a curve less changes the picture"

    def overlay_orbits():
        chart = app.find("Loss curves", role="image")
        before = app.wait_still(chart)
        app.click("Orbits", role="push button")
        app.wait(lambda: share_changed(before, chart.pixels()) > 0.05, "the orbits")
        app.wait_idle()
        app.click("How orbits are compared")
        app.wait(lambda: has_label("no state space in common"), "what can be compared and what cannot")
        close_popover(app)

    def open_by_curve():
        """A click on the green curve, that of the first network, in the plots of losses and gradients."""
        chart = app.find("Loss curves", role="image")
        picture, (x, y, width, height) = app.wait_still(chart), chart.box
        pixels = numpy.frombuffer(picture, dtype=numpy.uint8).reshape(int(height), int(width), 4).astype(int)
        near = (abs(pixels[:, :, :3] - numpy.array(FIRST_COLOUR)).max(axis=2) < 24)
        near[:int(0.4 * height)] = False  # the legend
        columns, rows = numpy.nonzero(near[:, :int(0.6 * width)].T)
        assert len(rows) > 3, "the first network's curve is not to be seen"
        # Where two curves cross the click may be on the other one.
        for i in numpy.linspace(0, len(rows) - 1, 10).astype(int):
            app.screen.click(x + columns[i], y + rows[i])
            app.settle(0.6)
            if "three, seed 0" in labels():
                return
        raise AssertionError("no click on its curve opens the first network")

    def gradient():
        chart = app.find("Loss curves", role="image")
        before = app.wait_still(chart)
        app.click("Gradient", role="push button")
        assert share_changed(before, app.wait_still(chart)) > 0.02, "the gradient's plot goes"
        app.click("Gradient", role="push button")

    def explode():
        app.key("ctrl+o")
        app.find("Open", role="push button")
        app.key("ctrl+a")
        app.type(EXPLODING)
        app.key("enter")
        app.find("Add this network?")
        app.click("Add", role="push button")
        app.wait(lambda: has_label("grows beyond all bounds") and has_label("activity penalty"), "the sentence")
        assert not has_label("Simulating failed"), "a bare failure"
        app.click("Dynamics", role="push button")
        app.wait(lambda: has_label("This network has no motion to show"), "the orbit viewer to say why")
        app.click("Model", role="push button")

    def recorded():
        app.choose("Target", "Recorded")
        app.find("Open Recorded Sequences")
        app.settle(0.5)
        app.key("ctrl+a")
        app.type(RECORDED)
        app.key("enter")
        app.find("Fit to recorded behaviour", timeout=TIMEOUT)
        app.wait(lambda: app.find("Use this model", role="push button").has("sensitive"), "the fit", TIMEOUT)
        app.wait(lambda: has_label("2 states (least BIC)"), "the number of states by BIC")
        app.click("Use this model", role="push button")
        app.wait(lambda: not app.exists("Fit to recorded behaviour"), "the dialog to go")
        app.wait(lambda: has_label("recorded.csv: 2 symbols, 300 sequences of 30 steps"), "what the target is")
        set_options(app, {**SMALL, "Sequences": "900", "Batch": "300", "Epochs": "6"})
        app.click("Train", role="push button")
        app.wait(lambda: "recorded.csv, seed 0" in labels() and idle(), "the network of the recording", TIMEOUT)

    def no_complaints():
        assert not app.complaints(), "\n".join(app.complaints()[:10])

    return report.run(app, (queue_three_seeds, open_row, choose_compared, overlay_orbits, open_by_curve, gradient,
                            explode, recorded, no_complaints))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
