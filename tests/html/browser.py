"""A headless Chromium that answers questions about a page, through the DevTools protocol on a pipe
(--remote-debugging-pipe: messages are JSON texts that end in a zero byte). Standard library only.

    with Browser() as browser:
        page = browser.open("report.html", width=1280)
        page.value("document.title")
"""

import base64
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile


class BrowserError(Exception):
    """The browser did not do what it was asked to."""


def find_chromium():
    """The browser's path, or None."""
    return os.environ.get("CHROMIUM") or shutil.which("chromium")


def program_of_command_line(usage):
    """The program that a test of pages is called with, taken off sys.argv; ends if the test cannot be run."""
    if len(sys.argv) < 2:
        sys.exit(usage)
    if not find_chromium():
        print("skipped: there is no chromium; scripts/setup.sh installs it for ./test.sh")
        sys.exit(77)
    return sys.argv.pop(1)


class Browser:
    def __init__(self):
        self._folder = tempfile.TemporaryDirectory(prefix="ridgeline-chromium-", ignore_cleanup_errors=True)
        to_browser, self._out = os.pipe()
        self._in, from_browser = os.pipe()
        command = [
            find_chromium(), "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync", "--hide-scrollbars",
            "--disable-extensions", f"--user-data-dir={self._folder.name}", "--remote-debugging-pipe", "about:blank"]
        # Descriptors 3 and 4 are those that Chromium reads and writes.
        shell = ["/bin/sh", "-c", f'exec "$@" 3<&{to_browser} 4>&{from_browser}', "sh", *command]
        self._process = subprocess.Popen(
            shell, pass_fds=(to_browser, from_browser), stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to_browser)
        os.close(from_browser)
        self._buffer = b""
        self._number = 0
        self.events = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            self.call("Browser.close")
        except (BrowserError, OSError):
            pass
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        os.close(self._out)
        os.close(self._in)
        self._folder.cleanup()

    def call(self, method, session=None, **parameters):
        """The result of a command; what the browser reports meanwhile goes to `events`."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        os.write(self._out, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._receive()
            if answer.get("id") == self._number:
                if "error" in answer:
                    raise BrowserError(f"{method}: {answer['error']['message']}")
                return answer["result"]
            self.events.append(answer)

    def wait_for(self, method, session):
        """The first event of this name, which may have come already."""
        seen = 0
        while True:
            for event in self.events[seen:]:
                if event.get("method") == method and event.get("sessionId") == session:
                    return event
            seen = len(self.events)
            self.events.append(self._receive())

    def _receive(self):
        while b"\0" not in self._buffer:
            part = os.read(self._in, 1 << 20)
            if not part:
                raise BrowserError("the browser has ended")
            self._buffer += part
        message, self._buffer = self._buffer.split(b"\0", 1)
        return json.loads(message)

    def open(self, path, width=1280, height=900, theme="light"):
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        return Page(self, target, session, pathlib.Path(path).resolve().as_uri(), width, height, theme)


class Page:
    """One page: its size and theme, scripts in it, its picture, and what it complained of."""

    def __init__(self, browser, target, session, address, width, height, theme):
        self._browser, self._target, self._session = browser, target, session
        for domain in ("Page", "Runtime", "Log", "Network"):
            self._call(f"{domain}.enable")
        self._call("Performance.enable", timeDomain="threadTicks")
        self.resize(width, height)
        self.theme(theme)
        self._call("Page.navigate", url=address)
        browser.wait_for("Page.loadEventFired", session)

    def _call(self, method, **parameters):
        return self._browser.call(method, self._session, **parameters)

    def resize(self, width, height=900):
        self._call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1,
                   mobile=False)

    def theme(self, name):
        self._call("Emulation.setEmulatedMedia", media="",
                   features=[{"name": "prefers-color-scheme", "value": name}])

    def value(self, expression):
        """What an expression comes to; a promise is waited for."""
        answer = self._call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            details = answer["exceptionDetails"]
            raise BrowserError(details.get("exception", {}).get("description", details["text"]))
        return answer["result"].get("value")

    def to_front(self):
        """Pages behind others draw nothing."""
        self._call("Page.bringToFront")

    def settle(self):
        """Waits for two frames, so that all is drawn."""
        self.value("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")

    def point_at(self, x, y, click=False):
        kinds = ["mouseMoved"] + (["mousePressed", "mouseReleased"] if click else [])
        for kind in kinds:
            button = {} if kind == "mouseMoved" else {"button": "left", "clickCount": 1}
            self._call("Input.dispatchMouseEvent", type=kind, x=x, y=y, **button)

    def drag(self, x0, y0, x1, y1):
        """With the left button held down."""
        for kind, x, y in (("mouseMoved", x0, y0), ("mousePressed", x0, y0), ("mouseMoved", (x0 + x1) / 2, (y0 + y1) / 2),
                           ("mouseMoved", x1, y1), ("mouseReleased", x1, y1)):
            button = {"button": "none"} if kind == "mouseMoved" and (x, y) == (x0, y0) else {"button": "left", "buttons": 1}
            self._call("Input.dispatchMouseEvent", type=kind, x=x, y=y, clickCount=0 if kind == "mouseMoved" else 1, **button)

    def press(self, key):
        for kind in ("keyDown", "keyUp"):
            self._call("Input.dispatchKeyEvent", type=kind, key=key, code=key)

    def picture(self, path, whole=True):
        self.settle()
        clip = {}
        if whole:
            size = self._call("Page.getLayoutMetrics")["cssContentSize"]
            clip = {"clip": {"x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1},
                    "captureBeyondViewport": True}
        data = self._call("Page.captureScreenshot", format="png", **clip)["data"]
        pathlib.Path(path).write_bytes(base64.b64decode(data))

    def media(self, name):
        self._call("Emulation.setEmulatedMedia", media=name)

    def printed(self, path):
        data = self._call("Page.printToPDF", preferCSSPageSize=True, printBackground=True)["data"]
        pathlib.Path(path).write_bytes(base64.b64decode(data))

    def cpu_seconds(self):
        """Of the page's main thread: what it read, ran, laid out and drew."""
        metrics = self._call("Performance.getMetrics")["metrics"]
        return next(m["value"] for m in metrics if m["name"] == "TaskDuration")

    def complaints(self):
        """Errors and warnings of the console, exceptions, refused or failed loads; and every address asked for."""
        self.settle()
        found = []
        for event in self._browser.events:
            parameters = event.get("params", {})
            if event.get("sessionId") != self._session:
                continue
            if event["method"] == "Runtime.exceptionThrown":
                details = parameters["exceptionDetails"]
                found.append(details.get("exception", {}).get("description", details["text"]))
            elif event["method"] == "Runtime.consoleAPICalled":
                found.append(" ".join(str(a.get("value", a.get("description"))) for a in parameters["args"]))
            elif event["method"] == "Log.entryAdded":
                found.append(parameters["entry"]["text"])
        return found

    def requests(self):
        return [event["params"]["request"]["url"] for event in self._browser.events
                if event.get("method") == "Network.requestWillBeSent" and event.get("sessionId") == self._session]

    def close(self):
        self._browser.call("Target.closeTarget", targetId=self._target)
