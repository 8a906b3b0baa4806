#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tables and constants on the Equations page: test-tables.py PROGRAM [FOLDER]

With a folder, leaves screenshots there."""

import math
import os
import random
import sys

import numpy

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from drive import App, Atspi, Report  # noqa: E402

HOME = os.environ["HOME"]
TABLE = os.path.join(HOME, "wave.csv")


def write_table():
    """A wave with errors of its own in every row, one value missing and two far off."""
    draw = random.Random(3)
    with open(TABLE, "w", encoding="utf-8") as file:
        file.write("t [s],sigma,signal [V]\n")
        for i in range(80):
            t = -5 + 10 * draw.random()
            sigma = 0.15 + 0.1 * draw.random()
            y = 2.5 * math.sin(1.3 * t) + 0.4 * t + draw.gauss(0, sigma) + (9 if i in (10, 30) else 0)
            file.write(f"{t:.4f},{sigma:.3f},{'' if i == 20 else f'{y:.4f}'}\n")


def main(program, folder=None):
    write_table()
    report = Report()
    app = App(program)

    def picture(name):
        if folder is not None:
            app.screen.move(app.screen.width // 2, 4)
            app.settle(1)
            app.screenshot(os.path.join(folder, f"{name}.png"))

    def has_label(part):
        return any(part in item.name for item in app.find_all(role="label"))

    def press(name):
        """By the accessibility bus: the panel may have scrolled it out of sight."""
        item = app.find(name, role="push button")
        app.wait(lambda: item.has("sensitive"), f"“{name}” to become sensitive", 30)
        Atspi.Action.do_action(item.accessible, 0)
        app.settle()

    def wait_label(part, timeout=60):
        app.wait(lambda: has_label(part), f"a label with “{part}”", timeout)

    def type_formula(text):
        app.find("Formula").click(count=3)
        app.key("ctrl+a")
        app.type(text)
        app.key("enter")

    def formula():
        return app.find("Formula").text

    def open_table():
        app.click("Three states", role="push button")
        app.click("Equations", role="push button")
        app.click("Open table", role="push button")
        app.find("Open", role="push button", index=-1)
        app.settle(1)
        app.key("ctrl+a")
        app.type(TABLE)
        app.key("enter")
        app.find("wave.csv", role="label")
        wait_label("1 left out because a value is missing")
        wait_label("63 rows to fit, 16 held out")

    def errors():
        """σ is not an input but the error of the target."""
        app.choose("Errors", "sigma")
        app.wait(lambda: not app.find("sigma", role="check box").has("checked"), "sigma to be no input")
        app.find("Kind of errors")

    def fit():
        type_formula("c*sin(c*t)+c*t")
        app.click("Fit constants", role="push button")
        wait_label("R² = 0.", 60)
        app.find("2 outliers", role="push button")
        picture("tables-fit")

    def leave_out():
        press("2 outliers")
        press("Leave out")
        wait_label("2 left out by hand")
        app.click("Fit constants", role="push button")
        wait_label("R² = 0.99", 60)
        app.click("Undo", role="push button")
        app.click("Undo", role="push button")
        app.wait(lambda: not has_label("left out by hand"), "the rows to be used again")
        app.click("Redo", role="push button")
        app.click("Redo", role="push button")
        wait_label("2 left out by hand")

    def filter_rows():
        app.find("Rows where", role="text").click()
        app.key("ctrl+a")
        app.type("t >")
        app.key("enter")
        wait_label("A side of a comparison is missing")
        app.key("ctrl+a")
        app.type("t > 0")
        app.key("enter")
        wait_label("left out by the condition")
        picture("tables-filter")
        app.click("Undo", role="push button")
        app.wait(lambda: not has_label("left out by the condition"), "the condition to be gone")

    def hold_out():
        app.choose("Which rows are held out", "the last rows")
        wait_label("rows to fit, 15 held out")
        app.click("Undo", role="push button")

    def constant_typed():
        """The first constant of the tree, by keyboard: value, range, undo."""
        tree = app.find("Tree")
        app.screen.click(*tree.point(0.5, 0.97))
        app.settle()
        for _ in range(3):
            app.key("tab")
        before = formula()
        app.key("F2")
        app.find("Value", role="text")
        app.key("ctrl+a")
        app.type("2")
        app.key("tab")
        app.key("tab")
        app.type("2.2")
        picture("tables-constant")
        app.key("enter")
        app.settle(1)
        assert formula() == before, "the formula keeps its free constant"
        app.click("Fit constants", role="push button")
        app.settle(2)
        picture("tables-range")

    def constant_dragged():
        """Sideways from the selected constant: one undo step."""
        tree = app.find("Tree")
        quality = [item.name for item in app.find_all(role="label") if "R² = " in item.name][0]
        x, y = constant_place(tree)
        app.screen.drag((x, y), (x - 60, y), steps=10)
        app.settle(1)
        changed = [item.name for item in app.find_all(role="label") if "R² = " in item.name][0]
        assert changed != quality, f"R² follows the drag: {quality}, {changed}"
        picture("tables-scrub")
        app.click("Undo", role="push button")
        app.settle(1)
        back = [item.name for item in app.find_all(role="label") if "R² = " in item.name][0]
        assert back == quality, f"one undo step: {quality}, {back}"

    def constant_place(tree):
        """Where the selected node is: the middle of what is drawn in the accent."""
        x, y, width, height = (int(round(value)) for value in tree.box)
        pixels = numpy.frombuffer(tree.pixels(), dtype=numpy.uint8).reshape(height, width, 4)
        accent = (abs(pixels[:, :, :3].astype(int) - (0xe4, 0x84, 0x35)) < 12).all(axis=2)
        rows, columns = accent.nonzero()
        assert len(rows) > 0, "a node is selected"
        return x + (columns.min() + columns.max()) / 2, y + (rows.min() + rows.max()) / 2

    report.step("a table with a missing value is opened", open_table)
    report.step("a column of errors", errors)
    report.step("outliers are found by the residuals", fit)
    report.step("outliers are left out", leave_out)
    report.step("a condition on rows", filter_rows)
    report.step("the last rows are held out", hold_out)
    report.step("a constant is typed, with a range", constant_typed)
    report.step("a constant is dragged", constant_dragged)
    report.tell_complaints(app)
    app.stop()
    return report.finish()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
