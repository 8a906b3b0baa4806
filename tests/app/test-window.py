#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The window's own work: starting, opening, saving, undo, closing, recovery. test-window.py PROGRAM"""

import json
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import numpy  # noqa: E402

from drive import App, DriveError, FileDrag, Report, mean_colour  # noqa: E402

HOME = os.environ["HOME"]
STUDY = os.path.join(HOME, "mine.orrery")
NETWORK = os.path.join(HOME, "elsewhere.npz")
BROKEN = os.path.join(HOME, "broken.pth")
MODEL = os.path.join(HOME, "model.json")
ARCHIVE = os.path.join(HOME, "archive.npz")
TABLE = os.path.join(HOME, "rates.csv")
UNKNOWN = os.path.join(HOME, "notes.doc")


def write_settings():
    """The smallest interval between recovery copies, so that the test is short."""
    folder = os.path.join(os.environ["XDG_CONFIG_HOME"], "glib-2.0", "settings")
    os.makedirs(folder)
    with open(os.path.join(folder, "keyfile"), "w", encoding="utf-8") as file:
        file.write("[io/github/orrery/Orrery]\nautosave-seconds=uint32 5\n")


def write_files():
    random = numpy.random.default_rng(7)
    hidden, noise, symbols = 12, 4, 3
    numpy.savez(NETWORK, **{
        "rnn.weight_ih_l0": random.normal(size=(hidden, noise)).astype(numpy.float32) / hidden,
        "rnn.weight_hh_l0": random.normal(size=(hidden, hidden)).astype(numpy.float32) / hidden,
        "fc.weight": random.normal(size=(symbols, hidden)).astype(numpy.float32),
    })
    with open(BROKEN, "wb") as file:
        file.write(b"PK this is not a network")
    with open(MODEL, "w", encoding="utf-8") as file:
        json.dump({"start": [0.5, 0.5], "transition": [[0.7, 0.3], [0.2, 0.8]],
                   "emission": [[1.0, 0.0], [0.0, 1.0]]}, file)
    numpy.savez(ARCHIVE, startprob_=[0.5, 0.5], transmat_=[[0.6, 0.4], [0.2, 0.8]], emissionprob_=[[1, 0], [0, 1]])
    with open(TABLE, "w", encoding="utf-8") as file:
        file.write("run,speed (m/s),drag (N)\n" + "".join(f"r{i},{i / 4},{0.3 * (i / 4) ** 2}\n" for i in range(20)))
    with open(UNKNOWN, "w", encoding="utf-8") as file:
        file.write("no study\n")


def choose_file(app, path, button):
    app.find(button, role="push button")
    app.key("ctrl+a")
    app.type(path)
    app.key("enter")


def main(program):
    write_settings()
    write_files()
    report = Report()
    app = App(program)

    def start_page():
        for name in ("Two states", "Three states", "Four states", "Five states", "Fully connected", "Cyclic",
                     "Blank model", "New", "Open"):
            app.find(name, role="push button")
        assert not app.exists("Save", role="push button"), "there is nothing to save yet"

    def new_study():
        app.click("Three states", role="push button")
        app.wait(lambda: app.window().get_name() == "Three states – Orrery", "the study's title")
        for page in ("Model", "Dynamics", "Mechanism", "Equations"):
            app.find(page, role="push button")

    def pages():
        for page in ("Dynamics", "Mechanism", "Equations", "Model"):
            app.click(page, role="push button")
        app.key("alt+2")
        app.key("alt+1")

    def maximise():
        app.find("S1", role="list item").click()
        app.key("alt+enter")
        app.wait(lambda: not app.exists("Loss curves", role="label"), "the other cards to go")
        app.key("alt+enter")
        app.find("Loss curves", role="label")

    def back_to_study():
        app.click("New", role="push button")
        app.find("Back to the study").click()
        assert app.window().get_name() == "Three states – Orrery"

    def add_network():
        app.key("ctrl+o")
        choose_file(app, NETWORK, "Open")
        app.find("Add this network?")
        app.click("Add", role="push button")
        app.find("elsewhere", role="label")
        assert "•" in app.window().get_name(), "the study counts as changed"

    def undo_and_redo():
        app.click("Undo", role="push button")
        app.wait(lambda: not app.exists("elsewhere"), "the network to go")
        app.key("ctrl+shift+z")
        app.find("elsewhere", role="label")

    def save():
        app.key("ctrl+s")
        choose_file(app, STUDY.removesuffix(".orrery"), "Save")
        app.wait(lambda: os.path.exists(STUDY), "the file")
        app.wait(lambda: "•" not in app.window().get_name(), "the study to count as saved")

    def reopen():
        app.click("New", role="push button")
        app.click("mine", role="list item")
        app.find("elsewhere", role="label")
        assert not app.find("Undo", role="push button").has("sensitive"), "a study that was just read has no history"

    def broken_file():
        title = app.window().get_name()
        app.key("ctrl+o")
        choose_file(app, BROKEN, "Open")
        app.find("Opening broken.pth failed")
        app.click("Details")
        app.click("Close", role="push button")
        assert app.window().get_name() == title, "nothing else changed"

    def unknown_file():
        app.key("ctrl+o")
        choose_file(app, UNKNOWN, "Open")
        app.find("Opening notes.doc failed")
        app.click("Details")
        app.wait(lambda: any("does not know this kind of file" in item.name for item in app.find_all(role="label")),
                 "a sentence that says what opens")
        app.click("Close", role="push button")

    def dark():
        before = mean_colour(app.screen.pixels((300, 20, 60, 20)))
        app.key("ctrl+comma")
        app.find("Follow the desktop").click()
        app.settle(1)
        app.key("down")
        app.key("down")
        app.key("enter")
        app.settle(1)
        app.key("esc")
        app.settle(1)
        after = mean_colour(app.screen.pixels((300, 20, 60, 20)))
        assert sum(after) < 0.6 * sum(before), f"the header went from {before} to {after}"

    def shortcuts():
        app.key("ctrl+question")
        app.find("Open a study, a network or a model")
        app.key("esc")

    def asks_before_closing():
        app.click("Undo", role="push button") if app.find("Undo").has("sensitive") else rename()
        app.key("ctrl+w")
        app.find("Save changes?")
        app.click("Cancel", role="push button")
        app.settle(1)
        assert app.is_alive()

    def rename():
        """An edit: the network's name."""
        app.find("elsewhere", role="label").click()
        app.find("Remove elsewhere", role="push button").click()
        app.key("esc")
        app.wait(lambda: "•" in app.window().get_name(), "the study to count as changed")

    def recovery():
        app.wait(lambda: any(name.endswith(".orrery") for name in os.listdir(
            os.path.join(os.environ["XDG_CACHE_HOME"], "orrery", "recovery"))), "a recovery copy", 30)
        app.kill()
        app.start()
        app.click("Recover", role="push button", timeout=30)
        app.wait(lambda: "•" in app.window().get_name(), "the unsaved study")
        assert not app.exists("elsewhere"), "the edit before the crash is there"

    def open_model():
        app.key("ctrl+o")
        choose_file(app, MODEL, "Open")
        app.find("Save changes?")
        app.click("Discard", role="push button")
        app.find("S1 → S2: 0.30")
        assert app.window().get_name() == "model – Orrery"

    def open_archive():
        """A model as hmmlearn has it."""
        app.key("ctrl+o")
        choose_file(app, ARCHIVE, "Open")
        app.find("S1 → S2: 0.40")
        assert app.window().get_name() == "archive – Orrery"

    def open_table():
        """A table that is no recording is for the Equations page."""
        app.key("ctrl+o")
        choose_file(app, TABLE, "Open")
        app.find("rates.csv", role="label")
        app.find("speed", role="check box")
        app.key("ctrl+z")
        app.find("No data yet", role="label")
        app.key("alt+1")

    def drop_files():
        """From a file manager: a network on the window, a table on the Equations page."""
        graph = app.find("HMM graph", role="panel")
        assert FileDrag([NETWORK]).drop(*graph.centre), "the window takes no file"
        app.find("Add this network?")
        app.click("Cancel", role="push button")
        app.key("alt+4")
        assert FileDrag([TABLE]).drop(*app.find("Expression tree", role="panel").centre), "the page takes no file"
        app.find("rates.csv", role="label")
        app.key("ctrl+z")
        app.find("No data yet", role="label")
        app.key("alt+1")

    def stay_while_training():
        app.choose("Recipe", "Quick")
        app.click("Train", role="push button")
        app.wait(lambda: app.find("Stop", role="push button").has("sensitive"), "the training to start")
        app.key("ctrl+w")
        app.find("Stop the training?")
        app.click("Go On Training", role="push button")
        app.settle(1)
        assert app.find("Stop", role="push button").has("sensitive"), "the training goes on"

    def tidy_end():
        app.key("ctrl+q")
        app.find("Stop the training?")
        app.click("Stop", role="push button")
        app.find("Save changes?")
        app.click("Discard", role="push button")
        try:
            app.process.wait(20)
        except Exception as error:
            raise DriveError("the program goes on after its last window closed") from error
        folder = os.path.join(os.environ["XDG_CACHE_HOME"], "orrery", "recovery")
        left = [name for name in os.listdir(folder) if name.endswith(".orrery")]
        assert not left, f"a tidy end leaves no recovery copy, but there is {left}"

    def no_complaints():
        assert not app.complaints(), "\n".join(app.complaints()[:10])

    return report.run(app, (start_page, new_study, pages, maximise, back_to_study, add_network, undo_and_redo, save,
                            reopen, broken_file, unknown_file, dark, shortcuts, asks_before_closing, recovery,
                            open_model, open_archive, open_table, drop_files, stay_while_training, tidy_end,
                            no_complaints))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
