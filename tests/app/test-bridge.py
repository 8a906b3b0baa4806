#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a network's dynamics to an equation and back: the phase velocity of the bundled example is taken to the
Equations page, a law is found, drawn back over its chart, and run in the network's place; then the reduced flow
as a system of two equations, and another time range. test-bridge.py PROGRAM EXAMPLE"""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from drive import App, Report, share_changed  # noqa: E402

# The machine may be busy with other work; nothing here asserts a time.
SEARCH_TIMEOUT = 300


def main(program, example):
    report = Report()
    app = App(program, example)
    seen = {}

    def labels():
        return [item.name for item in app.find_all(role="label")]

    def has_label(part):
        return any(part in name for name in labels())

    def page(name):
        app.click(name, role="push button")
        app.settle(1)

    def opened():
        page("Model")
        app.wait_idle()
        seen["match"] = app.wait_still(app.find("HMM and network match", role="image"))
        page("Mechanism")
        app.wait_idle()
        app.choose("Analysis", "Orbit")
        seen["orbit chart"] = app.wait_still(app.find("Analyses"))
        app.choose("Analysis", "Residency")

    def find_equation(title):
        page("Dynamics")
        app.wait_idle()
        app.click("Find an equation", role="push button")
        app.find(title, role="menu item").click()
        app.wait(lambda: has_label("R²") or app.exists("Complete", role="push button"), "the Equations page")
        app.find("Show on the network", role="push button")

    def phase_velocity():
        find_equation("Phase speed dθ/dt = f(θ)")
        app.wait(lambda: any(name.startswith("three: motion, steps 0 to 29999") for name in labels()),
                 "the data's origin")
        assert not app.find("Run in its place", role="push button").has("sensitive"), "there is no law to run yet"

    def law():
        law_of("dtheta")
        app.wait(lambda: app.find("Run in its place", role="push button").has("sensitive"), "a law that can run")

    def law_drawn_back():
        app.click("Show on the network", role="push button")
        app.settle(1)
        assert app.has_chosen("Analysis", "Orbit"), "the card does not turn to the chart that the law is about"
        changed = share_changed(seen["orbit chart"], app.wait_still(app.find("Analyses")))
        assert changed > 0.004, f"no curve was drawn over the chart ({changed:.2%} of its pixels changed)"

    def law_runs():
        page("Equations")
        app.click("Run in its place", role="push button")
        app.wait_idle()
        page("Model")
        match = app.find("HMM and network match", role="image")
        changed = share_changed(seen["match"], app.wait_still(match))
        assert changed > 0.02, f"the law is not in the match panel ({changed:.2%} of its pixels changed)"

    def undone():
        page("Equations")
        for _ in range(2):
            app.click("Undo", role="push button")
        app.wait(lambda: not app.exists("Run in its place", role="push button"), "the data to be gone")
        for _ in range(2):
            app.click("Redo", role="push button")
        app.wait(lambda: app.exists("Run in its place", role="push button"), "the data to come back")

    def system():
        find_equation("Reduced flow dPC1, dPC2 = f(PC1, PC2)")
        app.find("From the network").find("dPC1")
        law_of("dPC1")
        assert not app.find("Run in its place", role="push button").has("sensitive"), "one of two equations is enough"
        app.find("From the network").find("dPC2").click()
        law_of("dPC2")
        app.wait(lambda: has_label("R² of the flow"), "the flow's agreement")
        assert app.find("Run in its place", role="push button").has("sensitive")

    def law_of(target):
        app.wait(lambda: app.find("Complete", role="push button").has("sensitive"), f"the open tree of {target}")
        app.settle(2)  # the bar above takes its place
        app.click("Complete", role="push button")
        app.wait(lambda: has_label("R² = "), f"a law for {target}", SEARCH_TIMEOUT)
        app.wait_idle()

    def flow_drawn():
        page("Dynamics")
        app.wait(lambda: has_label("the law’s flow, R² = "), "the law's flow in the orbit viewer")

    def other_range():
        strip = app.find("Time strip", role="image") if app.exists("Time strip", role="image") else app.find("Time strip")
        app.screen.drag(strip.point(0.3, 0.3), strip.point(0.8, 0.3))
        app.settle(1)
        page("Equations")
        app.wait(lambda: has_label("are selected now; these data are from steps 0 to 29999."), "the bar to offer it")
        app.click("Use the new range", role="push button")
        app.wait(lambda: any(name.startswith("three: motion, steps ") and not name.startswith("three: motion, steps 0 to")
                             for name in labels()), "the data to come from the new range")

    report.step("the example is opened", opened)
    report.step("the phase velocity is taken to the Equations page", phase_velocity)
    report.step("Complete finds a law", law)
    report.step("the law is drawn over the chart it came from", law_drawn_back)
    report.step("the law runs in the network's place", law_runs)
    report.step("data and law are undone and redone", undone)
    report.step("the reduced flow is a system with two trees", system)
    report.step("its flow is drawn in the orbit viewer", flow_drawn)
    report.step("another time range is used after being asked", other_range)
    report.tell_complaints(app)
    app.stop()
    return report.finish()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
