# SPDX-License-Identifier: GPL-3.0-or-later
"""Drives Orrery's real window as a person does: names found through AT-SPI, pointer and keys sent
through XTest, pixels read back from the X server. Runs inside a virtual display and a session bus of
its own (xvfb-run, dbus-run-session). Every failure says what was looked for and what was there."""

import os
import signal
import subprocess
import sys
import time

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # noqa: E402
from Xlib import X, XK, display  # noqa: E402
from Xlib.ext import xtest  # noqa: E402
from Xlib.protocol import event as xevent  # noqa: E402


class DriveError(Exception):
    """Something that a person would expect did not happen."""


# Names of keys as people write them.
KEYS = {
    "ctrl": "Control_L", "shift": "Shift_L", "alt": "Alt_L", "enter": "Return", "esc": "Escape",
    "tab": "Tab", "space": "space", "delete": "Delete", "backspace": "BackSpace", "left": "Left",
    "right": "Right", "up": "Up", "down": "Down", "home": "Home", "end": "End",
}
# Characters whose keysym has another name than the character itself.
CHARACTERS = {
    " ": "space", "/": "slash", ".": "period", "-": "minus", "_": "underscore", ",": "comma",
    "+": "plus", "*": "asterisk", "?": "question", ":": "colon", "~": "asciitilde", "=": "equal",
    ">": "greater", "<": "less", "(": "parenleft", ")": "parenright", "^": "asciicircum",
}


def pump():
    """Takes in what the accessibility bus has to tell: libatspi keeps copies of names and children."""
    context = GLib.MainContext.default()
    while context.iteration(False):
        pass


class Screen:
    """The pointer, the keyboard and the pixels of the X display."""

    def __init__(self):
        self.display = display.Display()
        self.root = self.display.screen().root
        geometry = self.root.get_geometry()
        self.width, self.height = geometry.width, geometry.height

    def move(self, x, y):
        xtest.fake_input(self.display, X.MotionNotify, x=int(round(x)), y=int(round(y)))
        self.display.sync()

    def button(self, press, number=1):
        xtest.fake_input(self.display, X.ButtonPress if press else X.ButtonRelease, number)
        self.display.sync()

    def click(self, x, y, count=1, number=1):
        self.move(x, y)
        time.sleep(0.06)
        for _ in range(count):
            self.button(True, number)
            time.sleep(0.03)
            self.button(False, number)
            time.sleep(0.05)

    def drag(self, start, end, steps=12, number=1):
        self.move(*start)
        time.sleep(0.06)
        self.button(True, number)
        time.sleep(0.06)
        for i in range(1, steps + 1):
            self.move(start[0] + (end[0] - start[0]) * i / steps, start[1] + (end[1] - start[1]) * i / steps)
            time.sleep(0.03)
        time.sleep(0.06)
        self.button(False, number)
        time.sleep(0.06)

    def scroll(self, x, y, clicks):
        """Up for positive clicks."""
        self.move(x, y)
        for _ in range(abs(clicks)):
            self.click(x, y, number=4 if clicks > 0 else 5)

    def _keycode(self, name):
        symbol = XK.string_to_keysym(KEYS.get(name.lower(), name) if len(name) > 1 else CHARACTERS.get(name, name))
        code = self.display.keysym_to_keycode(symbol)
        if symbol == 0 or code == 0:
            raise DriveError(f"the keyboard has no key “{name}”")
        shifted = self.display.keycode_to_keysym(code, 0) != symbol
        return code, shifted

    def key(self, combination):
        """Presses a combination such as "ctrl+shift+s"."""
        names = combination.split("+") if len(combination) > 1 else [combination]
        codes = []
        for name in names:
            code, shifted = self._keycode(name)
            if shifted and name.lower() not in KEYS:
                codes.append(self._keycode("shift")[0])
            codes.append(code)
        for code in codes:
            xtest.fake_input(self.display, X.KeyPress, code)
        for code in reversed(codes):
            xtest.fake_input(self.display, X.KeyRelease, code)
        self.display.sync()
        time.sleep(0.05)

    def hold(self, name, press):
        """Keeps a modifier down, or lets it go."""
        xtest.fake_input(self.display, X.KeyPress if press else X.KeyRelease, self._keycode(name)[0])
        self.display.sync()

    def type(self, text):
        for character in text:
            self.key(character)

    def pixels(self, box=None):
        """Rows of (blue, green, red, unused) bytes of a box (x, y, width, height)."""
        x, y, width, height = (int(round(v)) for v in (box or (0, 0, self.width, self.height)))
        x, y = max(x, 0), max(y, 0)
        width, height = min(width, self.width - x), min(height, self.height - y)
        if width <= 0 or height <= 0:
            raise DriveError(f"the box {box} lies outside the display")
        return self.root.get_image(x, y, width, height, X.ZPixmap, 0xFFFFFFFF).data

    def screenshot(self, path):
        os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
        subprocess.run(["import", "-silent", "-window", "root", path], check=True)
        return path


class FileDrag:
    """Files dragged from another program, by the protocol that file managers speak (Xdnd, version 5)."""

    def __init__(self, paths):
        self.display = display.Display()
        root = self.display.screen().root
        self.window = root.create_window(0, 0, 10, 10, 0, X.CopyFromParent)
        self.content = "".join(GLib.filename_to_uri(path) + "\r\n" for path in paths).encode()
        self.window.set_selection_owner(self._atom("XdndSelection"), X.CurrentTime)
        self.display.sync()

    def _atom(self, name):
        return self.display.intern_atom(name)

    def _find_target(self, x, y):
        """The uppermost window at a place that takes part in dragging."""
        for window in reversed(self.display.screen().root.query_tree().children):
            try:
                box = window.get_geometry()
                if (window.get_attributes().map_state == X.IsViewable and box.x <= x < box.x + box.width
                        and box.y <= y < box.y + box.height
                        and window.get_full_property(self._atom("XdndAware"), X.AnyPropertyType) is not None):
                    return window
            except Exception:  # the window may go while it is asked
                continue
        raise DriveError(f"no window at {x}, {y} takes what is dragged")

    def _send(self, target, message, *numbers):
        data = (32, [self.window.id, *numbers, *[0] * (4 - len(numbers))])
        target.send_event(xevent.ClientMessage(window=target, client_type=self._atom(message), data=data))
        self.display.sync()

    def _give(self, request):
        """Hands the list of files over, or says which forms it has."""
        wanted, place = request.target, request.property
        if wanted == self._atom("text/uri-list"):
            request.requestor.change_property(place, wanted, 8, self.content)
        elif wanted == self._atom("TARGETS"):
            request.requestor.change_property(place, self._atom("ATOM"), 32, [self._atom("text/uri-list")])
        else:
            place = X.NONE
        request.requestor.send_event(xevent.SelectionNotify(time=request.time, requestor=request.requestor,
                                                            selection=request.selection, target=wanted,
                                                            property=place))
        self.display.sync()

    def _serve(self, until, timeout=30):
        """Answers the target until it sends a message of this kind; its numbers."""
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            if self.display.pending_events() == 0:
                time.sleep(0.02)
                continue
            event = self.display.next_event()
            if event.type == X.SelectionRequest:
                self._give(event)
            elif event.type == X.ClientMessage and event.client_type == self._atom(until):
                return event.data[1]
        raise DriveError(f"the window did not answer with {until}")

    def drop(self, x, y):
        """Drags to a place on the screen and lets go; whether the window took the files."""
        x, y = int(x), int(y)
        target = self._find_target(x, y)
        copy = self._atom("XdndActionCopy")
        self._send(target, "XdndEnter", 5 << 24, self._atom("text/uri-list"))
        for step in (-6, -3, 0):
            self._send(target, "XdndPosition", 0, ((x + step) << 16) | (y + step), X.CurrentTime, copy)
            taken = self._serve("XdndStatus")[1] & 1
        if taken:
            self._send(target, "XdndDrop", 0, X.CurrentTime)
            self._serve("XdndFinished")
        else:
            self._send(target, "XdndLeave")
        self.display.close()
        return bool(taken)


def share_changed(before, after):
    """The share of pixels that differ between two boxes of equal size."""
    import numpy
    a = numpy.frombuffer(before, dtype=numpy.uint8).reshape(-1, 4)[:, :3].astype(int)
    b = numpy.frombuffer(after, dtype=numpy.uint8).reshape(-1, 4)[:, :3].astype(int)
    if a.shape != b.shape:
        raise DriveError("the two pictures differ in size")
    return float((abs(a - b).max(axis=1) > 12).mean())


def mean_colour(picture):
    """(red, green, blue) from 0 to 255."""
    import numpy
    values = numpy.frombuffer(picture, dtype=numpy.uint8).reshape(-1, 4).mean(axis=0)
    return float(values[2]), float(values[1]), float(values[0])


def plain_name(accessible):
    """The name as it is read: GTK 4.8 doubles some ("_Save Save", "Recipe Recipe")."""
    name = (accessible.get_name() or "").replace("_", "", 1)
    half = len(name) // 2
    if len(name) % 2 == 1 and name[half] == " " and name[:half] == name[half + 1:]:
        return name[:half]
    return name


class Item:
    """One accessible object of the window."""

    def __init__(self, app, accessible):
        self.app = app
        self.accessible = accessible

    @property
    def name(self):
        return plain_name(self.accessible)

    @property
    def role(self):
        return self.accessible.get_role_name()

    def within(self, name):
        """Whether it lies inside an object of this name."""
        parent = self.accessible.get_parent()
        while parent is not None and parent.get_name() != name:
            parent = parent.get_parent()
        return parent is not None

    @property
    def text(self):
        """The text of an entry or label."""
        interface = self.accessible.get_text_iface()
        if interface is None:
            return self.name
        return Atspi.Text.get_text(self.accessible, 0, Atspi.Text.get_character_count(self.accessible))

    @property
    def value(self):
        return Atspi.Value.get_current_value(self.accessible)

    def has(self, state):
        """Whether it has a state such as "sensitive" or "showing"."""
        return self.accessible.get_state_set().contains(getattr(Atspi.StateType, state.upper()))

    @property
    def box(self):
        """(x, y, width, height) on the screen."""
        extents = Atspi.Component.get_extents(self.accessible, Atspi.CoordType.WINDOW)
        left, top = self.app.window_origin(self.accessible)
        return extents.x + left, extents.y + top, extents.width, extents.height

    @property
    def centre(self):
        x, y, width, height = self.box
        return x + width / 2, y + height / 2

    def point(self, across, down):
        """A place inside it, as fractions of its width and height."""
        x, y, width, height = self.box
        return x + across * width, y + down * height

    def _pane(self):
        """The box of the scrolled view that it lies in, or None."""
        parent = self.accessible.get_parent()
        while parent is not None:
            if parent.get_name() in ("GtkViewport", "GtkScrolledWindow") or parent.get_role_name() in ("scroll pane", "viewport"):
                return Item(self.app, parent).box
            parent = parent.get_parent()
        return None

    def scroll_to(self):
        """Turns the wheel, beside its scrolled view's controls, until its middle is in sight."""
        pane = self._pane()
        if pane is None or pane[3] <= 0:
            return
        for _ in range(30):
            middle = self.centre[1]
            if pane[1] + 4 <= middle <= pane[1] + pane[3] - 4:
                return
            self.app.screen.scroll(pane[0] + 6, pane[1] + pane[3] / 2, 1 if middle < pane[1] + 4 else -1)
            self.app.settle(0.15)

    def resting_box(self):
        """Its box once it has stopped moving: a click aimed while a list opens or a page slides misses."""
        before = self.box
        for _ in range(40):
            time.sleep(0.08)
            pump()
            after = self.box
            if after == before:
                break
            before = after
        return before

    def click(self, count=1, number=1):
        self.scroll_to()
        x, y, width, height = self.resting_box()
        if width <= 0 or height <= 0:
            raise DriveError(f"“{self.name}” ({self.role}) has no size, so it cannot be clicked")
        self.app.screen.click(x + width / 2, y + height / 2, count, number)
        self.app.settle()

    def pixels(self):
        return self.app.screen.pixels(self.box)

    def find(self, name, **options):
        return self.app.find(name, inside=self, **options)

    def set_text(self, text):
        """Clicks into it, replaces what it holds, and confirms with Enter."""
        # Near the start: a spin button has its - and + at the end.
        self.app.screen.click(*self.point(0.15, 0.5))
        self.app.settle()
        self.app.screen.key("ctrl+a")
        self.app.screen.type(text)
        self.app.screen.key("enter")
        self.app.settle()


class App:
    """Orrery, started in the display of this process."""

    def __init__(self, program, *arguments, environment=None):
        self.screen = Screen()
        self.log_path = os.path.join(os.environ.get("XDG_RUNTIME_DIR", "/tmp"), f"orrery-{os.getpid()}.log")
        self.program = program
        self.process = None
        self.environment = dict(os.environ, GDK_BACKEND="x11", **(environment or {}))
        self.start(*arguments)

    def start(self, *arguments):
        # A busy machine may answer late; what only a failure waits for may be long.
        Atspi.set_timeout(20000, 20000)
        with open(self.log_path, "ab") as log:
            self.process = subprocess.Popen([self.program, *arguments], env=self.environment, stdout=log,
                                            stderr=subprocess.STDOUT)
        self.application = self.wait(self._find_application, "the program on the accessibility bus", 120)
        self.wait(lambda: self.window(), "a window", 120)
        self.settle()

    # What the program said

    @property
    def log(self):
        with open(self.log_path, encoding="utf-8", errors="replace") as log:
            return log.read()

    def complaints(self):
        """Lines in which GTK, GLib or the program warned."""
        marks = ("-WARNING **", "-CRITICAL **", "-ERROR **", "Gtk-WARNING", "assertion")
        # GTK 4.8's own file chooser measures its columns so.
        known = ("in measure() with for_size",)
        return [line for line in self.log.splitlines()
                if any(mark in line for mark in marks) and not any(text in line for text in known)]

    def is_alive(self):
        return self.process.poll() is None

    def kill(self):
        """As a crash would."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)

    def stop(self):
        if self.is_alive():
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.kill()

    # Looking

    def _find_application(self):
        desktop = Atspi.get_desktop(0)
        for i in range(desktop.get_child_count()):
            child = desktop.get_child_at_index(i)
            if child is not None and child.get_process_id() == self.process.pid:
                return child
        return None

    def windows(self):
        pump()
        # What libatspi remembers of a tree that was built meanwhile is out of date.
        self.application.clear_cache()
        found = []
        for i in range(self.application.get_child_count()):
            child = self.application.get_child_at_index(i)
            if child is not None:
                found.append(child)
        return found

    def window(self):
        """The uppermost window: a dialog stands after its parent."""
        windows = self.windows()
        active = [w for w in windows if w.get_state_set().contains(Atspi.StateType.ACTIVE)]
        return (active or windows or [None])[-1]

    def x_windows(self):
        """The mapped X windows of the program, lowest first: (x, y, width, height)."""
        connection = self.screen.display
        pid_atom = connection.intern_atom("_NET_WM_PID")
        found = []
        for window in self.screen.root.query_tree().children:
            try:
                if window.get_attributes().map_state != X.IsViewable:
                    continue
                pid = window.get_full_property(pid_atom, X.AnyPropertyType)
                if pid is not None and pid.value[0] == self.process.pid:
                    geometry = window.get_geometry()
                    found.append((geometry.x, geometry.y, geometry.width, geometry.height))
            except Exception:  # the window may go while it is asked
                continue
        return found

    def window_origin(self, accessible):
        """Where on the screen the top-level window of an object has its place (0, 0): inside the
        border that GTK draws around it where no window manager does."""
        frame = accessible
        while frame is not None and frame.get_role_name() not in ("frame", "dialog", "window", "alert"):
            if frame.get_name().endswith("Popover"):
                return self._popover_origin(frame)
            frame = frame.get_parent()
        if frame is None:
            return 0, 0
        inner = Atspi.Component.get_extents(frame, Atspi.CoordType.WINDOW)
        best = None
        for x, y, width, height in self.x_windows():
            margin_x, margin_y = width - inner.width, height - inner.height
            if 0 <= margin_x <= 120 and 0 <= margin_y <= 120:
                slack = margin_x + margin_y
                if best is None or slack <= best[0]:
                    best = slack, x + margin_x / 2, y + margin_y / 2
        if best is None:
            raise DriveError(f"no window on the screen has the size {inner.width} x {inner.height} of "
                             f"“{frame.get_name()}”; there are {self.x_windows()}")
        return best[1], best[2]

    def _popover_origin(self, popover):
        """GTK 4.8 tells a popover's place as that of its button: go by its X window."""
        told = Atspi.Component.get_extents(popover, Atspi.CoordType.WINDOW)
        near = [(abs(width - told.width) + abs(height - told.height), x, y)
                for x, y, width, height in self.x_windows()]
        if not near or min(near)[0] > 24:
            raise DriveError(f"no popover of {told.width} x {told.height} is on the screen: {self.x_windows()}")
        return min(near)[1] - told.x, min(near)[2] - told.y

    def walk(self, accessible, depth=0, limit=60):
        """The object and all that it shows, in depth."""
        if accessible is None or depth > limit:
            return
        yield accessible, depth
        try:
            count = accessible.get_child_count()
        except GLib.Error:
            return
        for i in range(count):
            try:
                child = accessible.get_child_at_index(i)
            except GLib.Error:
                continue
            yield from self.walk(child, depth + 1, limit)

    def _is_shown(self, accessible):
        """GTK 4.8 tells of few objects that they are showing: go by their size."""
        if not accessible.get_state_set().contains(Atspi.StateType.VISIBLE):
            return False
        if accessible.get_component_iface() is None:
            return False
        extents = Atspi.Component.get_extents(accessible, Atspi.CoordType.WINDOW)
        return extents.width > 0 and extents.height > 0

    def _matches(self, accessible, name, role, showing):
        try:
            if name is not None and plain_name(accessible) != name:
                return False
            if role is not None and accessible.get_role_name() != role:
                return False
            return not showing or self._is_shown(accessible)
        except GLib.Error:
            return False

    def find_all(self, name=None, role=None, showing=True, inside=None):
        pump()
        # The uppermost window first: a dialog's button, not one of the same name beneath it.
        roots = [inside.accessible] if inside else reversed(self.windows())
        return [Item(self, accessible) for root in roots for accessible, _ in self.walk(root)
                if self._matches(accessible, name, role, showing)]

    def find(self, name, role=None, timeout=60, showing=True, inside=None, index=0):
        """The index-th object with this accessible name, waited for."""
        deadline = time.monotonic() + timeout
        while True:
            found = self.find_all(name, role, showing, inside)
            if len(found) > index:
                return found[index]
            if not self.is_alive():
                raise DriveError(f"the program ended (status {self.process.returncode}) while “{name}” was looked "
                                 f"for; it said:\n{self.log[-2000:]}")
            if time.monotonic() > deadline:
                raise DriveError(f"no “{name}”" + (f" with the role {role}" if role else "")
                                 + f" after {timeout} s; what there is:\n{self.outline(inside)}")
            time.sleep(0.15)

    def exists(self, name, role=None, showing=True):
        return bool(self.find_all(name, role, showing))

    def outline(self, inside=None, showing=True):
        """The names of all objects, indented by depth."""
        lines = []
        for root in ([inside.accessible] if inside else self.windows()):
            for accessible, depth in self.walk(root):
                try:
                    if showing and not self._is_shown(accessible):
                        continue
                    name = plain_name(accessible)
                    if name:
                        lines.append("  " * depth + f"{accessible.get_role_name()}: {name}")
                except GLib.Error:
                    continue
        return "\n".join(lines) or "(nothing)"

    # Doing

    def click(self, name, role=None, count=1, **options):
        item = self.find(name, role, **options)
        if not item.has("sensitive"):
            self.wait(lambda: item.has("sensitive"), f"“{name}” to become sensitive", 15)
        item.click(count)
        return item

    def key(self, combination):
        self.screen.key(combination)
        self.settle()

    def type(self, text):
        self.screen.type(text)
        self.settle()

    def wait(self, condition, what, timeout=60, interval=0.15):
        """The first true value of condition()."""
        deadline = time.monotonic() + timeout
        while True:
            pump()
            try:
                value = condition()
            except GLib.Error:
                value = None
            if value:
                return value
            if self.process is not None and not self.is_alive():
                raise DriveError(f"the program ended (status {self.process.returncode}) while waiting for {what}; "
                                 f"it said:\n{self.log[-2000:]}")
            if time.monotonic() > deadline:
                raise DriveError(f"waited {timeout} s in vain for {what}; on the screen:\n"
                                 + (self.outline() if hasattr(self, "application") else "(no window)"))
            time.sleep(interval)

    def choose(self, name, choice):
        """An entry of a drop-down list; as a person does, looks whether it took."""
        for _ in range(4):
            self.find(name, role="combo box").click()
            entry = self._wait_entry(choice)
            if entry is not None:
                entry.click()
                self.settle(1)  # what depends on the choice may take other places
            else:
                self.key("esc")
            # Without a window manager a closed list keeps the pointer until the next press: one on the
            # window's edge.
            left, top = self.window_origin(self.window())
            self.screen.click(left + 5, top + 5 + self.screen.height / 2)
            self.settle(0.2)
            if self.has_chosen(name, choice):
                return
        raise DriveError(f"“{choice}” cannot be chosen in “{name}”; on the screen:\n{self.outline()}")

    def _wait_entry(self, choice, timeout=10):
        """The entry in the open list, or None."""
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            for item in self.find_all(choice, role="label"):
                if item.within("GtkListView"):
                    return item
            time.sleep(0.15)
        return None

    def has_chosen(self, name, choice, timeout=5):
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            if self.find_all(choice, role="label", inside=self.find(name, role="combo box")):
                return True
            time.sleep(0.15)
        return False

    def wait_idle(self, timeout=900):
        """Until nothing runs in the background."""
        self.settle(1)
        self.wait(lambda: not self.exists("Jobs", role="push button"), "the jobs to end", timeout, interval=0.5)

    def settle(self, seconds=0.35):
        """Lets the window answer and draw."""
        time.sleep(seconds)

    def wait_still(self, item, timeout=30):
        """Waits until an item's pixels no longer change."""
        deadline = time.monotonic() + timeout
        before = item.pixels()
        while time.monotonic() < deadline:
            time.sleep(0.3)
            after = item.pixels()
            if share_changed(before, after) == 0:
                return after
            before = after
        return before

    def screenshot(self, path):
        return self.screen.screenshot(path)


class Report:
    """TAP on standard output for tests, and the same steps as a text for the tour."""

    def __init__(self):
        self.complaints = 0
        self.count = 0
        self.failed = 0
        self.lines = []

    def step(self, name, function, *arguments):
        self.count += 1
        start = time.monotonic()
        try:
            function(*arguments)
            good, why = True, ""
        except (DriveError, AssertionError, KeyError, GLib.Error, subprocess.SubprocessError, OSError) as error:
            good, why = False, str(error) or type(error).__name__
            self.failed += 1
        seconds = time.monotonic() - start
        print(f"{'ok' if good else 'not ok'} {self.count} - {name}", flush=True)
        for line in why.splitlines():
            print(f"# {line}", flush=True)
        self.lines.append((name, good, seconds, why))
        return good

    def tell_complaints(self, app):
        """What GTK warned about since the last call, as comments: which step provoked it."""
        found = app.complaints()
        for line in found[self.complaints:]:
            print(f"# {line}", flush=True)
        self.complaints = len(found)

    def run(self, app, steps):
        """All steps of a test, a picture of each that fails; ends the program. The exit status."""
        for function in steps:
            if not self.step(function.__name__.replace("_", " "), function):
                folder = os.environ.get("MESON_BUILD_ROOT", "/tmp")
                app.screenshot(os.path.join(folder, f"failed-{function.__name__}.png"))
                if not app.is_alive():
                    break
            self.tell_complaints(app)
        app.stop()
        return self.finish()

    def finish(self):
        print(f"1..{self.count}", flush=True)
        return 1 if self.failed else 0


def skip_all(reason):
    print(f"1..0 # SKIP {reason}")
    sys.exit(0)
