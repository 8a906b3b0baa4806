#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Equations page: a table, half a formula, and the other half found. test-equations.py PROGRAM"""

import math
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from drive import App, Report  # noqa: E402

HOME = os.environ["HOME"]
TABLE = os.path.join(HOME, "waves.csv")
TEXTS = os.path.join(HOME, "texts.csv")


def write_tables():
    with open(TABLE, "w", encoding="utf-8") as file:
        file.write("x,y\n")
        for i in range(200):
            x = -5 + i / 20
            file.write(f"{x},{2.5 * math.sin(1.3 * x) + 0.4 * x}\n")
    with open(TEXTS, "w", encoding="utf-8") as file:
        file.write("a,b\none,two\nthree,four\n")


def main(program):
    write_tables()
    report = Report()
    app = App(program)

    def open_table(path):
        app.click("Open table", role="push button")
        app.find("Open", role="push button", index=-1)
        app.settle(1)
        app.key("ctrl+a")
        app.type(path)
        app.key("enter")

    def page():
        app.click("Three states", role="push button")
        app.click("Equations", role="push button")
        for name in ("Palette", "Expression tree", "Candidates", "Fit", "Data"):
            app.find(name)

    def table_of_texts():
        open_table(TEXTS)
        app.wait(lambda: any("columns of numbers" in item.name for item in app.find_all(role="label")),
                 "a sentence that says what is wrong with the table")
        app.find("No data yet", role="label")

    def table():
        open_table(TABLE)
        app.find("waves.csv", role="label")
        app.find("160 rows to fit, 40 held out", role="label")

    def type_formula(text):
        app.find("Formula").click(count=3)
        app.key("ctrl+a")
        app.type(text)
        app.key("enter")

    def has_label(part):
        return any(part in item.name for item in app.find_all(role="label"))

    def half_a_formula():
        type_formula("c*sin(?)+?")
        app.wait(lambda: app.find("Complete", role="push button").has("sensitive"), "Complete to be offered")

    def complete():
        app.click("Complete", role="push button")
        app.wait(lambda: has_label("R² = 1.0000 (held out 1.0000)"), "the law to be found", timeout=120)

    def undo_and_redo():
        app.click("Undo", role="push button")
        app.wait(lambda: not has_label("R² = 1.0000"), "the placeholders to come back")
        app.click("Redo", role="push button")
        app.wait(lambda: has_label("R² = 1.0000"), "the law to come back")

    def other_roles():
        """Another target and back; the inputs follow."""
        app.choose("Target", "x")
        app.wait(lambda: app.find("y", role="check box").has("sensitive"), "y to be an input")
        app.choose("Target", "y")
        app.click("x", role="check box")
        app.wait(lambda: app.find("x", role="check box").has("checked"), "x to be the input again")

    report.step("the page has its views", page)
    report.step("a table of texts is refused", table_of_texts)
    report.step("a table is opened", table)
    report.step("columns change their roles", other_roles)
    report.step("half a formula is typed", half_a_formula)
    report.step("Complete finds the rest", complete)
    report.step("undo and redo", undo_and_redo)
    report.tell_complaints(app)
    app.stop()
    return report.finish()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
