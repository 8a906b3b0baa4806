#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Mechanism page: gains turned by hand, kick neurons and blocks selected, an analysis done again with
other options. test-mechanism.py PROGRAM STUDY"""

import os
import re
import shutil
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from drive import App, Report, share_changed  # noqa: E402


def share_blue(picture):
    """The share of clearly blue pixels."""
    import numpy
    values = numpy.frombuffer(picture, dtype=numpy.uint8).reshape(-1, 4).astype(int)
    return float((values[:, 0] - values[:, 2] > 80).mean())


def main(program, example):
    study = os.path.join(os.environ["HOME"], "three.orrery")
    shutil.copy(example, study)
    report = Report()
    app = App(program, study)

    def labels():
        return [item.name for item in app.find_all(role="label")]

    def numbers(row):
        """The read-outs beside a label of the gain panel: as it is, with gains, random units."""
        names = labels()
        place = names.index(row)
        found = [re.match(r"[0-9.]+", text) for text in names[place + 1:place + 4]]
        return [float(match.group(0)) if match else None for match in found]

    def measured(least_controls=1):
        """Waits until the read-outs are of the refined kind."""
        pattern = re.compile(r"(\d+) paths of (\d+) steps(?:, (\d+) random groups)?")

        def look():
            for text in labels():
                match = pattern.match(text)
                if match and int(match.group(2)) >= 500 and int(match.group(3) or 0) >= least_controls:
                    return True
            return False
        app.wait(look, f"refined read-outs with {least_controls} random groups", 120)

    def page():
        app.find("Save", role="push button")
        app.click("Mechanism", role="push button")
        for name in ("Connectivity heatmap", "Kick neurons", "Gain", "Eigenvalues", "Resonance", "Training evolution"):
            app.find(name)
        app.wait_idle()

    def drag():
        measured(0)
        slider = app.find("Gain", role="slider")
        orbit = app.find("Orbit viewer")
        x, y, width, height = slider.box
        before = orbit.pixels()
        app.screen.drag((x + width / 2, y + height / 2), (x + 2, y + height / 2), steps=20)
        app.wait(lambda: slider.value < 0.2, "a gain near 0")
        measured()
        nominal, gained, random = numbers("Jumps 1 → 3")
        assert gained < 0.5 * nominal, f"jumps 1 → 3: {nominal} became {gained}"
        assert 0.7 * nominal < random < 1.4 * nominal, f"random units: {random} of {nominal}"
        app.wait(lambda: share_changed(before, orbit.pixels()) > 0.02, "another orbit under the gains")

    def silence():
        app.click("Reset gains", role="push button")
        app.wait(lambda: app.find("Gain", role="slider").value == 1.0, "gain 1")
        app.click("Silence")
        app.wait(lambda: app.find("Gain", role="slider").value == 0.0, "gain 0")
        measured()
        nominal, gained, _ = numbers("Jumps 1 → 3")
        assert gained < 0.2 * nominal, f"jumps 1 → 3: {nominal} became {gained}"
        app.click("Reset gains", role="push button")
        app.wait(lambda: app.find("Gain", role="slider").value == 1.0, "gain 1")
        measured(0)
        nominal, gained, random = numbers("Jumps 1 → 3")
        assert nominal == gained and random is None, f"{nominal}, {gained}, {random} after the reset"

    def compare():
        app.click("Compare", role="push button")
        card = app.find("Gain comparison")
        chart = app.find_all(role="image", inside=card)[0]
        # the curves are blue; what is said before they are there is grey
        app.wait(lambda: share_blue(chart.pixels()) > 0.004, "the paths and rates at three gains", 300)
        app.wait_idle(300)
        app.key("esc")
        app.wait(lambda: not app.exists("Gain comparison"), "the window to close")

    def keyboard():
        app.find("Gain value", role="spin button").set_text("1.50")
        app.wait(lambda: app.find("Gain", role="slider").value == 1.5, "gain 1.5")
        measured()
        app.click("Reset gains", role="push button")

    def select_row():
        table = app.find("Kick neurons", role="tree table")
        x, y, _, _ = table.box
        graph = app.find("HMM graph")
        before = graph.pixels()
        app.screen.click(x + 80, y + 60)
        app.settle()
        app.wait(lambda: "Selected units (1)" in sets(), "one selected unit among the sets")
        app.wait(lambda: share_changed(before, graph.pixels()) > 0.002, "the transition lit in the graph")

    def sets():
        """What the list of sets offers."""
        combo = app.find("Units", role="combo box")
        combo.click()
        app.settle(1)
        names = labels()
        app.key("esc")
        app.settle()
        return names

    def select_group():
        heatmap = app.find("Connectivity heatmap", role="image")
        x, y, width, _ = heatmap.box
        app.screen.move(x + width * 0.35, y + 200)
        app.settle(1)
        # the name over the first integrating population
        app.screen.click(x + 110, y + 14)
        app.settle()
        app.wait(lambda: any(re.match(r"Selected units \((3\d)\)", name) for name in sets()),
                 "the population's units among the sets")

    def analyze_again():
        app.find("Analysis options", role="push button").click()
        app.find("Steps", role="spin button").set_text("3000")
        app.find("Other seeds", role="spin button").set_text("0")
        app.find_all("Analyze again", role="push button")[0].click()
        app.wait(lambda: any(re.match(r"computed just now · steps 3.?000 ", name) for name in labels()),
                 "the age and the steps of the new result", 180)
        app.wait_idle(180)
        # what builds on the kick neurons may say that it is older; the residency times rest on nothing else
        assert not any("older than the network" in name for name in labels())

    def quiet():
        assert app.is_alive() and not app.complaints(), "\n".join(app.complaints())

    report.step("the page shows its views", page)
    report.step("dragging a gain changes read-outs and orbit", drag)
    report.step("a silenced group no longer jumps, and the reset undoes it", silence)
    report.step("three gains of a set are compared side by side", compare)
    report.step("a gain can be typed", keyboard)
    report.step("a kick neuron selects its unit and its transition", select_row)
    report.step("the bracket of a group selects its units", select_group)
    report.step("an analysis is done again with other options", analyze_again)
    report.step("nothing was complained about", quiet)
    app.stop()
    return report.finish()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
