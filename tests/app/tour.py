#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A tour of the window by itself: tour.py PROGRAM EXAMPLE FOLDER

Opens the bundled example, shows each page in light and dark, trains a small network for a few epochs and
shows its orbit. Leaves screenshots and report.md in FOLDER. Runs in a display of its own (./run tour)."""

import os
import platform
import re
import shutil
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from drive import App, Report, share_changed  # noqa: E402

EPOCHS = "80"


class Tour:
    def __init__(self, program, example, folder):
        self.program, self.example, self.folder = program, example, folder
        self.table = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(example))), "tables", "planets.csv")
        self.report = Report()
        self.pictures = []
        self.app = None

    def picture(self, name, about):
        self.app.screen.move(self.app.screen.width // 2, 4)
        self.app.settle(1)
        self.app.screenshot(os.path.join(self.folder, f"{name}.png"))
        self.pictures.append((name, about))

    def start(self, style, *files):
        if self.app is not None:
            self.app.stop()
            # What the tour left unsaved is not to be offered again.
            shutil.rmtree(os.path.join(os.environ["XDG_CACHE_HOME"], "orrery"), ignore_errors=True)
        folder = os.path.join(os.environ["XDG_CONFIG_HOME"], "glib-2.0", "settings")
        os.makedirs(folder, exist_ok=True)
        with open(os.path.join(folder, "keyfile"), "w", encoding="utf-8") as file:
            file.write(f"[io/github/orrery/Orrery]\nstyle='{style}'\n")
        self.app = App(self.program, *files, environment={"GSETTINGS_BACKEND": "keyfile"})

    def start_page(self):
        self.start("light")
        self.app.find("Three states", role="push button")
        self.picture("start-light", "The start page")

    def open_example(self):
        self.app.click(os.path.basename(self.example).removesuffix(".orrery"), role="list item")
        self.app.find("Save", role="push button")

    def show(self, page, style, about):
        self.app.click(page, role="push button")
        self.app.wait_idle()
        if page == "Equations":
            self.find_law()
        self.picture(f"{page.lower()}-{style}", about)

    def find_law(self):
        """Kepler's third law from the planets' table: the period by the distance from the sun."""
        self.app.click("Open table", role="push button")
        self.app.find("Open", role="push button", index=-1)
        self.app.settle(1)
        self.app.key("ctrl+a")
        self.app.type(self.table)
        self.app.key("enter")
        self.app.find("planets.csv", role="label")
        self.app.choose("Target", "period")
        self.app.settle(1)
        self.app.click("Complete", role="push button")
        self.app.wait(lambda: any(item.name.startswith("R² = 1.0000") for item in self.app.find_all(role="label")),
                      "an equation that explains the periods", 120)
        self.app.settle(1)

    def build_together(self, style):
        """The steps of an equation that a person and the agent build: pictures of the guide."""
        app = self.app
        app.click("New", role="push button")
        app.click("Three states", role="push button")
        if app.exists("Save changes?"):
            app.click("Discard", role="push button")
        app.click("Equations", role="push button")
        app.click("Try an example", role="push button")
        app.find("Formula").click(count=3)
        app.key("ctrl+a")
        app.type("c*sin(?)+?")
        app.key("enter")
        app.settle(1)
        app.screen.click(*app.find("Tree", role="panel").point(0.02, 0.05))
        for _ in range(4):
            app.key("tab")
        app.key("l")
        app.key("down")
        app.settle(1)
        self.picture(f"equations-build-{style}", "Half a formula: its sine is locked, the open place is selected")
        row = app.wait(lambda: next((item for item in app.find_all(role="list item") if item.within("Suggestions")), None),
                       "what the agent suggests")
        app.screen.move(*row.centre)
        app.wait(lambda: any(item.name.startswith("Would give R²") for item in app.find_all(role="label")),
                 "what the suggestion would give", 30)
        app.settle(1)
        app.screenshot(os.path.join(self.folder, f"equations-suggest-{style}.png"))
        self.pictures.append((f"equations-suggest-{style}", "A suggestion and the tree that it leads to"))
        app.click("Complete", role="push button")
        app.wait_idle()
        app.settle(1)
        app.click("Improve", role="push button")
        app.settle(4)
        self.picture(f"equations-improve-{style}", "Candidates while the search goes on")
        app.click("Stop", role="push button")
        app.wait_idle()
        app.settle(1)
        states = [item for item in app.find_all(role="push button") if item.name.startswith("State ")]
        app.click("Compare")
        states[0].click()
        states[-1].click()
        app.settle(1)
        self.picture(f"equations-compare-{style}", "Two states of the tree compared")
        app.key("esc")
        app.settle(1)

    def network_to_law(self, style):
        """The reduced flow of the example as two equations, and what they say about the network."""
        self.start(style, self.example)
        app = self.app
        app.click("Dynamics", role="push button")
        app.wait_idle()
        app.click("Find an equation", role="push button")
        app.find("Reduced flow dPC1, dPC2 = f(PC1, PC2)", role="menu item").click()
        app.find("Show on the network", role="push button")
        self.complete_law()
        app.find("From the network").find("dPC2").click()
        app.wait(lambda: app.find("Complete", role="push button").has("sensitive"), "the second equation's open tree")
        self.complete_law()
        app.wait(lambda: any("R² of the flow" in item.name for item in app.find_all(role="label")), "the flow's agreement")
        app.find("From the network").find("dPC1").click()
        self.picture(f"bridge-equations-{style}", "The reduced flow, and the law found for its first equation")
        app.click("Dynamics", role="push button")
        app.wait_idle()
        self.picture(f"bridge-flow-{style}", "The law's flow in the orbit viewer")
        if style == "light":
            app.click("Equations", role="push button")
            app.click("Run in its place", role="push button")
            app.wait_idle()
            app.click("Model", role="push button")
            app.wait(lambda: not any("sequences stand beside" in item.name for item in app.find_all(role="label")),
                     "the message to go")
            self.picture("bridge-match-light", "The law, run in the network's place, beside network and model")

    def complete_law(self):
        app = self.app
        app.settle(2)  # the bar above takes its place
        app.click("Complete", role="push button")
        app.wait(lambda: any(item.name.startswith("R² = ") for item in app.find_all(role="label")), "a law", 300)
        app.wait_idle()

    def bundled_law(self, name, about, style="light"):
        self.start(style, os.path.join(os.path.dirname(self.example), f"{name}.orrery"))
        self.app.click("Equations", role="push button")
        self.app.wait_idle()
        self.picture(f"bridge-{name}-{style}", about)

    def rotate(self):
        orbit = self.app.find("Orbit viewer")
        before = self.app.wait_still(orbit)
        self.app.screen.drag(orbit.point(0.45, 0.5), orbit.point(0.6, 0.62))
        self.app.settle(1)
        changed = share_changed(before, self.app.wait_still(orbit))
        assert changed > 0.005, f"dragging turned nothing: {changed:.2%} of the pixels changed"

    def choose_units(self):
        """The orbit takes the colours of two units' activity, the time strip shows their traces."""
        orbit = self.app.find("Orbit viewer")
        before = self.app.wait_still(orbit)
        self.app.screen.click(*self.app.find("Connectivity heatmap", role="image").point(0.4, 0.6))
        self.app.settle(1)
        changed = share_changed(before, self.app.wait_still(orbit))
        assert changed > 0.005, f"choosing units changed nothing: {changed:.2%} of the pixels"
        self.picture("units-light", "Two units chosen in the heatmap: their activity colours the orbit")

    def has_epochs(self):
        return any(re.match(rf"Epoch ([6-9]|[1-7]\d) of {EPOCHS} ", item.name)
                   for item in self.app.find_all(role="label"))

    def train(self):
        self.app.click("New", role="push button")
        self.app.click("Three states", role="push button")
        if self.app.exists("Save changes?"):
            self.app.click("Discard", role="push button")
        self.app.choose("Recipe", "Quick")
        self.app.find("Epochs", role="spin button").set_text(EPOCHS)
        self.app.click("Train", role="push button")
        self.app.settle(2)
        self.app.wait(self.has_epochs, "some epochs", 300)
        self.picture("training-light", "A network in training")
        self.app.wait(lambda: not self.app.exists("Stop", role="push button")
                      or not self.app.find("Stop", role="push button").has("sensitive"),
                      f"{EPOCHS} epochs of training", 600)
        self.app.wait_idle()
        self.picture("trained-light", f"After {EPOCHS} epochs, compared with the model")

    def orbit_of_it(self):
        self.app.click("Dynamics", role="push button")
        self.app.wait_idle()
        self.picture("trained-orbit-light", "The orbit of the network that was just trained")

    def dark(self):
        self.start("dark", *([self.example] if os.path.exists(self.example) else []))
        self.app.find("Save", role="push button")

    def no_complaints(self):
        assert not self.app.complaints(), "\n".join(self.app.complaints()[:10])

    def run(self):
        shutil.rmtree(self.folder, ignore_errors=True)
        os.makedirs(self.folder)
        steps = [("Start page", self.start_page)]
        pages = [("Model", "The model, its training and how well the network matches it"),
                 ("Dynamics", "The network's orbit, linked to the model, the connectivity and time"),
                 ("Mechanism", "The connectivity beside orbit, model and analyses"),
                 ("Equations", "An expression tree, its fit and its data")]
        if os.path.exists(self.example):
            steps.append(("Open the bundled example", self.open_example))
            for page, about in pages:
                steps.append((f"{page} page", lambda page=page, about=about: self.show(page, "light", about)))
            steps[4:4] = [("Turn the orbit", self.rotate), ("Choose units", self.choose_units)]
        steps.append(("An equation built together", lambda: self.build_together("light")))
        if os.path.exists(self.example):
            steps.append(("From the network to a law", lambda: self.network_to_law("light")))
            steps.append(("A law found with a person's help",
                          lambda: self.bundled_law("nullcline", "The nullcline: the law found around the locked current")))
            steps.append(("A law refuted",
                          lambda: self.bundled_law("escape", "The transition rate: the escape law over the data")))
            steps.append(("An empty start page again", lambda: self.start("light")))
        steps += [("Train a small network", self.train), ("Its orbit", self.orbit_of_it)]
        if os.path.exists(self.example):
            steps.append(("The same in dark", self.dark))
            for page, about in pages:
                steps.append((f"{page} page, dark", lambda page=page, about=about: self.show(page, "dark", about)))
            steps.append(("From the network to a law, dark", lambda: self.network_to_law("dark")))
            for name in ("nullcline", "escape"):
                steps.append((f"The study {name}, dark",
                              lambda name=name: self.bundled_law(name, f"The study {name} in dark", "dark")))
        steps.append(("An equation built together, dark", lambda: self.build_together("dark")))
        steps.append(("No complaints from GTK", self.no_complaints))
        for name, function in steps:
            if not self.report.step(name, function) and self.app is not None:
                self.app.screenshot(os.path.join(self.folder, f"failed-{self.report.count}.png"))
        if self.app is not None:
            self.app.stop()
        self.write()
        return self.report.finish()

    def write(self):
        good = sum(1 for line in self.report.lines if line[1])
        with open(os.path.join(self.folder, "report.md"), "w", encoding="utf-8") as file:
            file.write("# A tour of Orrery\n\n")
            file.write(f"{time.strftime('%Y-%m-%d %H:%M')}, {platform.machine()}, {os.cpu_count()} processors. "
                       f"{good} of {len(self.report.lines)} steps went well.\n\n| step | | seconds |\n| --- | --- | --- |\n")
            for name, fine, seconds, _ in self.report.lines:
                file.write(f"| {name} | {'done' if fine else 'FAILED'} | {seconds:.1f} |\n")
            for name, fine, _, why in self.report.lines:
                if not fine:
                    file.write(f"\n## {name}\n\n```\n{why}\n```\n")
            file.write("\n## What it saw\n")
            for name, about in self.pictures:
                file.write(f"\n{about}:\n\n![{about}]({name}.png)\n")


if __name__ == "__main__":
    if len(sys.argv) != 4:
        print(__doc__, file=sys.stderr)
        sys.exit(2)
    sys.exit(Tour(*sys.argv[1:]).run())
