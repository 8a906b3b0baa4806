#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The expression tree, edited by real drags and keys, and the agent beside it. test-tree-editor.py PROGRAM"""

import math
import os
import re
import sys
import time

import numpy

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from drive import App, Report  # noqa: E402

TABLE = os.path.join(os.environ["HOME"], "waves.csv")
# A filled place may hold the factors of a product in either order.
TIMES_X = r"((c|{0})\*x|x\*(c|{0}))"
LAW = r"(c|2\.5)\*sin\(" + TIMES_X.format(r"1\.3") + r"\) \+ " + TIMES_X.format(r"0\.4")


def write_table():
    with open(TABLE, "w", encoding="utf-8") as file:
        file.write("x,y\n")
        for i in range(200):
            x = -5 + i / 20
            file.write(f"{x},{2.5 * math.sin(1.3 * x) + 0.4 * x}\n")


class Tree:
    """The canvas: where its nodes are is seen by their colour."""

    def __init__(self, app):
        self.app = app

    def find(self):
        return self.app.find("Tree", role="panel")

    def blue(self, least):
        """Middles of the patches that are filled with at least so much of the accent, from left to right."""
        item = self.find()
        x, y, width, height = (int(round(v)) for v in item.box)
        picture = numpy.frombuffer(self.app.screen.pixels((x, y, width, height)), dtype=numpy.uint8)
        picture = picture.reshape(height, width, 4).astype(int)
        mask = (picture[:, :, 0] - picture[:, :, 2] >= least) & (picture[:, :, 2] > 200)
        left = numpy.argwhere(mask[::2, ::2])
        patches = []
        for row, column in left:
            for patch in patches:
                if abs(patch[-1][0] - row) + abs(patch[-1][1] - column) < 40 and \
                        any(abs(p[0] - row) < 4 and abs(p[1] - column) < 4 for p in patch[-60:]):
                    patch.append((row, column))
                    break
            else:
                patches.append([(row, column)])
        boxes = []
        for patch in patches:
            rows, columns = [p[0] for p in patch], [p[1] for p in patch]
            boxes.append([min(rows), max(rows), min(columns), max(columns), len(patch)])
        merged = True
        while merged:
            merged = False
            for a in boxes:
                for b in boxes:
                    if a is not b and a[0] <= b[1] + 3 and b[0] <= a[1] + 3 and a[2] <= b[3] + 3 and b[2] <= a[3] + 3:
                        boxes.remove(b)
                        a[:] = [min(a[0], b[0]), max(a[1], b[1]), min(a[2], b[2]), max(a[3], b[3]), a[4] + b[4]]
                        merged = True
                        break
                if merged:
                    break
        return sorted((x + box[2] + box[3], y + box[0] + box[1]) for box in boxes if box[4] > 60)

    def places(self):
        self.deselect()
        return self.blue(9)

    def deselect(self):
        """Clicks beside the tree."""
        self.app.screen.click(*self.find().point(0.02, 0.05))
        self.app.wait_still(self.find())

    def select(self, index):
        """The index-th node in the order in which the formula is read."""
        self.deselect()
        for _ in range(index + 1):
            self.app.key("tab")
        self.app.wait_still(self.find())

    def node(self, index):
        self.select(index)
        return self.blue(19)[0]

    def formula(self):
        """As the image of the formula is called."""
        image = next(item for item in self.app.find_all(role="image")
                     if item.within("Expression tree") and item.name != "Tree")
        return image.name


def main(program):
    write_table()
    report = Report()
    app = App(program)
    tree = Tree(app)

    def piece(name, search=None):
        """Where a piece of the palette is; the search brings it into sight."""
        app.find("Search").click(count=2)
        app.key("ctrl+a")
        app.key("backspace")
        app.type(search or name)
        app.settle(0.6)
        return next(item for item in app.find_all(name, role="push button") if item.within("Palette")).centre

    def type_formula(text):
        app.find("Formula").click(count=3)
        app.key("ctrl+a")
        app.type(text)
        app.key("enter")
        app.settle(1)

    def drag(start, end, steps=14):
        app.screen.drag(start, end, steps=steps)
        app.settle(1)

    def expect(formula):
        app.wait(lambda: tree.formula() == formula, f"{formula} on the canvas", 15)

    def suggestions():
        return [item.name for item in app.find_all(role="list item") if item.within("Suggestions")]

    def settled_suggestions():
        """Once the agent has answered: the same twice, a moment apart."""
        names = app.wait(suggestions, "suggestions for the open place")
        while True:
            app.settle(1)
            now = suggestions()
            if now and now == names:
                return names
            names = now

    def page():
        app.click("Three states", role="push button")
        app.click("Equations", role="push button")
        app.click("Open table", role="push button")
        app.find("Open", role="push button", index=-1)
        app.settle(1)
        app.key("ctrl+a")
        app.type(TABLE)
        app.key("enter")
        app.find("160 rows to fit, 40 held out", role="label", showing=False)
        app.wait(suggestions, "the agent's suggestions")

    def build():
        """c*sin(?)+? out of pieces of the palette."""
        drag(piece("+"), tree.places()[0])
        expect("? + ?")
        drag(piece("×", "mul"), tree.places()[0])
        expect("?*? + ?")
        drag(piece("c"), min(tree.places(), key=lambda place: (-place[1], place[0])))
        expect("c*? + ?")
        drag(piece("sin"), max(tree.places(), key=lambda place: place[1]))
        expect("c*sin(?) + ?")

    def is_locked():
        lock = app.find("Lock")
        return lock.has("pressed") or lock.has("checked")

    def lock_and_complete():
        tree.select(3)
        app.key("l")
        assert is_locked(), "L has not locked the sine"
        app.click("Complete", role="push button")
        app.wait(lambda: any("R² = 1.0000 (held out 1.0000)" in item.name for item in app.find_all(role="label")),
                 "the law to be found", 120)
        assert re.fullmatch(LAW, tree.formula()), f"the law is {tree.formula()}"
        tree.select(3)
        assert is_locked(), "the sine has lost its lock"

    def undo_and_redo_all():
        found = tree.formula()
        for _ in range(20):
            if tree.formula() == "?":
                break
            app.key("ctrl+z")
            app.settle(0.3)
        expect("?")
        for _ in range(20):
            if tree.formula() == found:
                break
            app.key("ctrl+shift+z")
            app.settle(0.3)
        expect(found)

    def look_and_take():
        """A suggestion that is looked at shows the whole tree with its R2, and is taken with one click."""
        type_formula("2.5*sin(1.3*x) + ?")
        app.wait(suggestions, "suggestions for the open place")
        row = next(item for item in app.find_all(role="list item") if item.within("Suggestions"))
        app.screen.move(*row.centre)
        app.wait(lambda: any(item.name.startswith("Would give R²") for item in app.find_all(role="label")),
                 "what the suggestion would give", 20)
        row.click()
        app.wait(lambda: "?" not in tree.formula(), "the suggestion to be taken", 20)
        app.key("ctrl+z")
        expect("2.5*sin(1.3*x) + ?")

    def drag_suggestion():
        app.wait(suggestions, "suggestions for the open place")
        row = next(item for item in app.find_all(role="list item") if item.within("Suggestions"))
        drag(row.centre, tree.places()[0])
        app.wait(lambda: "?" not in tree.formula(), "the suggestion to be taken", 20)

    def replace_in_ten_nodes():
        """Another operator before a place changes what the agent would do there."""
        type_formula("?")  # a formula that is like the one before keeps its locks
        type_formula("2.5*sin(1.3*x)+0.4*x")
        tree.select(9)
        before = settled_suggestions()
        drag(piece("cos"), tree.node(3))
        expect("2.5*cos(1.3*x) + 0.4*x")
        tree.select(9)
        app.wait(lambda: suggestions() not in ([], before), f"suggestions other than {before}", 20)

    def forbid_tan():
        type_formula("?")
        app.find("Search").click(count=2)
        app.key("ctrl+a")
        app.type("tan")
        app.settle(0.8)
        app.find("The agent may use tan").click()
        app.wait(lambda: suggestions() and not any(name.startswith("tan,") for name in suggestions()),
                 "suggestions without tan", 20)
        app.click("Complete", role="push button")
        app.wait(lambda: "?" not in tree.formula(), "the tree to be completed", 60)
        app.settle(1)
        labels = [item.name for item in app.find_all(role="label")]
        assert not any(re.search(r"\btan\(", name) for name in labels), "a candidate has a forbidden operator"

    def gestures():
        type_formula("sin(x)+c")
        drag(tree.node(1), tree.node(3))
        expect("c + sin(x)")
        type_formula("sin(x)*cos(?)")
        drag(tree.node(1), tree.node(4))
        expect("?*cos(sin(x))")
        type_formula("sin(x)*?")
        start, end = tree.node(1), tree.places()[0]
        app.screen.move(*start)
        app.screen.button(True)
        time.sleep(0.1)
        for i in range(1, 13):
            app.screen.move(start[0] + (end[0] - start[0]) * i / 12, start[1] + (end[1] - start[1]) * i / 12)
            time.sleep(0.03)
        app.screen.hold("ctrl", True)
        time.sleep(0.1)
        app.screen.button(False)
        time.sleep(0.2)
        app.screen.hold("ctrl", False)
        expect("sin(x)*sin(x)")
        type_formula("sin(x)")
        upper, lower = tree.node(0), tree.node(1)
        drag(piece("exp"), ((upper[0] + lower[0]) / 2, (upper[1] + lower[1]) / 2))
        expect("sin(exp(x))")

    def out_and_back():
        type_formula("sin(x)+c")
        drag(tree.node(1), tree.find().point(0.04, 0.8))
        expect("? + c")
        loose = app.find("sin(x)", role="push button")
        drag(loose.centre, tree.places()[0])
        expect("sin(x) + c")

    def children_stay():
        drag(piece("×", "mul"), tree.node(0))
        expect("sin(x)*c")
        drag(piece("exp"), tree.node(0))
        expect("exp(sin(x))")
        assert any(item.name == "c" and not item.within("Palette") for item in app.find_all(role="push button")), \
            "what has no room any more is not in the tray"

    def escape():
        start, end = piece("+"), tree.node(1)
        app.screen.move(*start)
        app.screen.button(True)
        for i in range(1, 13):
            app.screen.move(start[0] + (end[0] - start[0]) * i / 12, start[1] + (end[1] - start[1]) * i / 12)
            time.sleep(0.03)
        app.key("esc")
        app.screen.button(False)
        app.settle(1)
        assert tree.formula() == "exp(sin(x))", f"Escape has left {tree.formula()}"

    def keys():
        tree.select(1)
        app.type("+")
        app.key("enter")
        app.settle(1)
        expect("exp(x + ?)")
        tree.select(1)
        app.key("?")
        app.settle(1)
        expect("exp(?)")
        tree.select(1)
        app.type("cos")
        app.key("enter")
        app.settle(1)
        expect("exp(cos(?))")

    def live_error():
        app.find("Formula").click(count=3)
        app.key("ctrl+a")
        app.type("sin(x")
        app.settle(0.5)
        labels = [item.name for item in app.find_all(role="label") if item.within("Expression tree")]
        assert any("column" in name or "bracket" in name or ")" in name for name in labels), f"no error in {labels}"
        app.key("ctrl+a")
        app.type("x+1")
        app.key("enter")
        expect("x + 1")

    def history():
        """Back to a state, and on from it on a branch."""
        def states():
            return [item for item in app.find_all(role="push button") if item.name.startswith("State ")]

        type_formula("x^2")
        count = len(states())
        states()[-2].click()
        expect("x + 1")
        type_formula("x+2")
        names = [item.name for item in states()]
        assert len(names) == count + 1 and f"(from {count - 2})" in names[-1], f"no branch in {names[-3:]}"
        app.click("Compare")
        states()[-1].click()
        states()[-2].click()
        app.find("Go to this state", role="push button")
        app.key("esc")

    steps = [("a table, and suggestions for it", page), ("half a formula is built by dragging", build),
             ("its sine is locked and Complete finds the law", lock_and_complete),
             ("all is undone and redone", undo_and_redo_all), ("a suggestion is looked at and taken", look_and_take),
             ("a suggestion is dragged", drag_suggestion),
             ("a node of ten is replaced and suggestions change", replace_in_ten_nodes),
             ("swap, move, copy, insert", gestures), ("out of the tree and back", out_and_back),
             ("children stay as far as there is room", children_stay), ("Escape cancels a drag", escape),
             ("keys", keys), ("live errors of a typed formula", live_error),
             ("history: back, branch, compare", history), ("a forbidden operator is never seen", forbid_tan)]
    for name, function in steps:
        if not report.step(name, function) and os.environ.get("ORR_TEST_SHOTS"):
            app.screenshot(os.path.join(os.environ["ORR_TEST_SHOTS"], f"tree-{report.count}.png"))
        report.tell_complaints(app)
    app.stop()
    return report.finish()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
