"""One page in a browser: what is in it, real input, and all that it complains of or asks the network for."""

import base64
import time

KEYS = {
    "Enter": ("Enter", 13, "\r"), "Escape": ("Escape", 27, ""), "Tab": ("Tab", 9, ""), "ArrowDown": ("ArrowDown", 40, ""),
    "ArrowUp": ("ArrowUp", 38, ""), "ArrowLeft": ("ArrowLeft", 37, ""), "ArrowRight": ("ArrowRight", 39, ""),
    "Home": ("Home", 36, ""), "End": ("End", 35, ""), "PageDown": ("PageDown", 34, ""), "PageUp": ("PageUp", 33, ""),
}


class Page:
    """A tab that shows a file. Its complaints and requests are kept from before it loads."""

    def __init__(self, browser, path, width=1280, height=900, dark=False, scripts=True):
        self.browser = browser
        self.url = path.as_uri()
        target = browser.send("Target.createTarget", {"url": "about:blank"})["targetId"]
        self.target = target
        self.session = browser.send("Target.attachToTarget", {"targetId": target, "flatten": True})["sessionId"]
        for domain in ["Page", "Runtime", "Network", "Log", "Audits", "DOM", "Accessibility"]:
            self.send(f"{domain}.enable")
        self.send("Emulation.setDeviceMetricsOverride",
                  {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False})
        scheme = "dark" if dark else "light"
        self.send("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]})
        if not scripts:
            self.send("Emulation.setScriptExecutionDisabled", {"value": True})
        self.send("Page.navigate", {"url": self.url})
        self.wait_for_event("Page.loadEventFired")

    def send(self, method, parameters=None):
        return self.browser.send(method, parameters, self.session)

    def close(self):
        self.browser.send("Target.closeTarget", {"targetId": self.target})

    def own_events(self):
        return [event for event in self.browser.events if event.get("sessionId") == self.session]

    def wait_for_event(self, method):
        deadline = time.monotonic() + self.browser.patience
        while not any(event["method"] == method for event in self.own_events()):
            self.browser.receive(deadline - time.monotonic())

    def evaluate(self, expression):
        """What an expression says. It is answered by the browser's own tools: a page's policy does not bind them."""
        answer = self.send("Runtime.evaluate", {
            "expression": expression, "returnByValue": True, "awaitPromise": True})
        if "exceptionDetails" in answer:
            raise RuntimeError(f"{expression}: {answer['exceptionDetails']}")
        return answer["result"].get("value")

    def until(self, expression, wanted=True):
        """Waits until an expression says something; what it says at last."""
        deadline = time.monotonic() + self.browser.patience
        while True:
            value = self.evaluate(expression)
            if value == wanted or time.monotonic() > deadline:
                return value
            time.sleep(0.05)

    def settle(self):
        """Waits until what was asked for has been drawn."""
        self.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(1))))")

    # Input as from a person

    def key(self, name, times=1, modifiers=0):
        key, code, text = KEYS.get(name, (name, ord(name.upper()[0]), name))
        for _ in range(times):
            down = {"type": "keyDown" if text else "rawKeyDown", "key": key, "windowsVirtualKeyCode": code,
                    "modifiers": modifiers}
            if text:
                down["text"] = text
            self.send("Input.dispatchKeyEvent", down)
            self.send("Input.dispatchKeyEvent", {"type": "keyUp", "key": key, "windowsVirtualKeyCode": code,
                                                 "modifiers": modifiers})
        self.settle()

    def type(self, text):
        for character in text:
            self.key(character)

    def box(self, selector):
        """The middle of an element that is in sight, and its size."""
        return self.evaluate(f"""(() => {{
            const box = document.querySelector({selector!r}).getBoundingClientRect();
            return {{ x: box.x + box.width / 2, y: box.y + box.height / 2, width: box.width, height: box.height,
                      left: box.x, top: box.y }};
        }})()""")

    def click(self, selector, count=1):
        box = self.box(selector)
        for turn in range(1, count + 1):
            for kind in ["mousePressed", "mouseReleased"]:
                self.mouse(kind, box["x"], box["y"], button="left", clickCount=turn)
        self.settle()

    def mouse(self, kind, x, y, **more):
        self.send("Input.dispatchMouseEvent", {"type": kind, "x": x, "y": y, **more})

    def wheel(self, x, y, delta, modifiers=0):
        self.mouse("mouseWheel", x, y, deltaX=0, deltaY=delta, modifiers=modifiers)
        self.settle()

    # What it complained of

    def requests(self):
        """The addresses that were asked for."""
        return [event["params"]["request"]["url"] for event in self.own_events()
                if event["method"] == "Network.requestWillBeSent"]

    def complaints(self):
        """What stands on its console: messages, exceptions, what its policy stopped, and other issues."""
        found = []
        for event in self.own_events():
            parameters = event["params"]
            if event["method"] == "Runtime.exceptionThrown":
                details = parameters["exceptionDetails"]
                found.append(details.get("exception", {}).get("description", details["text"]))
            elif event["method"] == "Runtime.consoleAPICalled":
                found.append(str(parameters["args"]))
            elif event["method"] == "Log.entryAdded":
                found.append(parameters["entry"]["text"])
            elif event["method"] == "Audits.issueAdded":
                found.append(str(parameters["issue"]))
        return found

    def screenshot(self, path, whole=True):
        """A picture of the page, for people."""
        answer = self.send("Page.captureScreenshot", {"captureBeyondViewport": whole})
        path.write_bytes(base64.b64decode(answer["data"]))
