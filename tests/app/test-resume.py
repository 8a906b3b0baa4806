#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A program that is killed while it trains: what trains and what waits is offered again, and goes on from the last
checkpoint with no epoch missing. test-resume.py PROGRAM"""

import os
import re
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from drive import App, Report  # noqa: E402

CHECKPOINTS = os.path.join(os.environ["XDG_CACHE_HOME"], "orrery", "trainings")
STUDY = os.path.join(os.environ["HOME"], "resumed.orrery")
# The machine may be busy with other work; nothing here asserts a time.
TIMEOUT = 600
OPTIONS = {"Hidden units": "16", "Noise inputs": "8", "Sequences": "1200", "Batch": "400", "Epochs": "1000000"}


def checkpoints():
    """When each was written, by name."""
    names = os.listdir(CHECKPOINTS) if os.path.isdir(CHECKPOINTS) else []
    return {name: os.stat(os.path.join(CHECKPOINTS, name)).st_mtime_ns for name in names if "." in name}


def main(program):
    report = Report()
    app = App(program)
    seen = {}

    def epoch():
        for item in app.find_all(role="label"):
            found = re.match(r"Epoch (\d+) of 1000000 ", item.name)
            if found:
                return int(found.group(1))
        return 0

    def close_popover():
        app.key("esc")
        left, top = app.window_origin(app.window())
        app.screen.click(left + 5, top + 5 + app.screen.height / 2)
        app.settle(0.3)

    def train_and_queue():
        app.click("Three states", role="push button")
        for name, value in OPTIONS.items():
            field = app.find(name, role="spin button")
            field.scroll_to()
            field.set_text(value)
            app.wait(lambda: field.value == float(value), f"{name} to be {value}", 20)
        app.find("Queue").click()
        seeds = app.find("Number of seeds", role="spin button")
        seeds.set_text("2")
        app.wait(lambda: seeds.value == 2, "two seeds", 20)
        app.click("Add to queue", role="push button")
        close_popover()
        app.wait(lambda: epoch() > 0, "the first epochs", TIMEOUT)
        app.wait(lambda: len(checkpoints()) == 2, "the one that trains and the one that waits to be kept", TIMEOUT)

    def checkpoint():
        before = checkpoints()
        app.wait(lambda: any(before[name] != when for name, when in checkpoints().items() if name in before),
                 "a checkpoint", TIMEOUT, interval=0.5)
        seen["epoch"] = epoch()

    def kill():
        time.sleep(3)
        seen["killed"] = epoch()
        app.kill()
        assert len(checkpoints()) == 2, checkpoints()

    def resume():
        """Both are offered in one list, the one that had trained first; one by its row, the other as all that is left."""
        app.start()
        app.find("2 trainings were cut off.")
        app.find("Resume All", role="push button")
        rows = [item.name for item in app.find_all(role="push button") if item.name.startswith("Resume three, seed ")]
        assert rows == ["Resume three, seed 0", "Resume three, seed 1"], rows
        assert any(item.name.startswith("kept at epoch ") for item in app.find_all(role="label")), "no epoch is told"
        assert any(item.name == "it had not begun" for item in app.find_all(role="label")), "what waited is not told apart"
        app.click("Resume three, seed 0", role="push button")
        app.click("Resume Training", role="push button")
        app.find("Queue (2)")
        app.wait(lambda: app.find("Stop", role="push button").has("sensitive"), "the training to go on", TIMEOUT)
        app.wait(lambda: not app.exists("Resume Training"), "no third training to be offered")

    def go_on():
        app.wait(lambda: epoch() >= seen["epoch"], "the epochs before the last checkpoint", TIMEOUT)
        print(f"# at epoch {seen['epoch']} when a checkpoint was written, {seen['killed']} when killed")

    def pause():
        app.click("Pause", role="push button")
        app.find("Resume", role="push button")
        app.settle(1)
        at = epoch()
        app.settle(2)
        assert epoch() == at, f"it went on from epoch {at} to {epoch()} while it was held"
        app.click("Resume", role="push button")
        app.wait(lambda: epoch() > at, "the epochs to go on", TIMEOUT)

    def stop():
        for _ in range(2):
            if app.find("Stop", role="push button").has("sensitive"):
                app.click("Stop", role="push button")
                app.settle(2)
        app.wait(lambda: app.find("Train", role="push button").has("sensitive"), "the end", TIMEOUT)
        app.wait_idle()
        app.wait(lambda: not checkpoints(), "the checkpoints to go")

    def nothing_lost():
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
            longest = max((run["history"][()] for run in file["runs"].values()), key=len)
        epochs = longest[:, 0].astype(int).tolist()
        assert len(epochs) >= seen["epoch"], f"{len(epochs)} epochs, {seen['epoch']} were kept"
        assert epochs == list(range(1, len(epochs) + 1)), "an epoch is missing or twice there"

    def no_complaints():
        assert not app.complaints(), "\n".join(app.complaints()[:10])

    return report.run(app, (train_and_queue, checkpoint, kill, resume, go_on, pause, stop, nothing_lost,
                            no_complaints))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
