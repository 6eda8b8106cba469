"""A Chromium without a window, driven over the DevTools protocol through a pipe: needs nothing but Python."""

import json
import os
import select
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

NAMES = ["chromium", "chromium-browser", "google-chrome"]


class Gone(Exception):
    """The browser ended, or did not answer in time."""


class Chromium:
    """Messages go to the browser's descriptor 3 and come from its descriptor 4, each closed by a zero byte."""

    def __init__(self, patience=60):
        program = next(filter(None, map(shutil.which, NAMES)), None)
        if program is None:
            raise Gone("no chromium is installed (Debian: apt-get install chromium)")
        self.patience = patience
        self.profile = tempfile.mkdtemp(prefix="waitline-browser-")
        self.log = open(Path(self.profile) / "stderr", "wb")
        to_read, self.to_browser = os.pipe()
        self.from_browser, to_write = os.pipe()
        arguments = [
            program, "--headless", "--remote-debugging-pipe", f"--user-data-dir={self.profile}", "--no-first-run",
            "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking", "--disable-sync",
            "--disable-extensions", "--disable-component-update", "--hide-scrollbars", "--force-color-profile=srgb",
        ]
        if os.getuid() == 0:
            arguments.append("--no-sandbox")

        def place_descriptors():
            # Away from 3 and 4 first, so that none is overwritten before it is copied.
            reading, writing = os.dup(to_read), os.dup(to_write)
            high = [os.dup2(reading, 100), os.dup2(writing, 101)]
            os.dup2(high[0], 3)
            os.dup2(high[1], 4)

        # A group of its own: its helpers end with it.
        self.process = subprocess.Popen(
            arguments, stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log, start_new_session=True,
            close_fds=False, preexec_fn=place_descriptors)
        os.close(to_read)
        os.close(to_write)
        self.buffer = b""
        self.number = 0
        self.answers = {}
        self.events = []

    def close(self):
        """Ends the browser, and all that it started."""
        try:
            self.send("Browser.close")
            self.process.wait(10)
        except (Gone, OSError, subprocess.TimeoutExpired):
            pass
        try:
            os.killpg(self.process.pid, 9)
        except ProcessLookupError:
            pass
        self.process.wait()
        os.close(self.to_browser)
        os.close(self.from_browser)
        self.log.close()
        shutil.rmtree(self.profile, ignore_errors=True)

    def post(self, method, parameters=None, session=None):
        """Sends a command; its number."""
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters or {}}
        if session:
            message["sessionId"] = session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self.to_browser, data):]
        return self.number

    def send(self, method, parameters=None, session=None):
        """Sends a command and waits for its answer."""
        number = self.post(method, parameters, session)
        deadline = time.monotonic() + self.patience
        while number not in self.answers:
            self.receive(deadline - time.monotonic())
        answer = self.answers.pop(number)
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']}")
        return answer.get("result", {})

    def receive(self, seconds):
        """Takes what comes within so many seconds, at least one message."""
        while b"\0" not in self.buffer:
            if seconds <= 0 or not select.select([self.from_browser], [], [], seconds)[0]:
                raise Gone("the browser does not answer" + self.last_words())
            data = os.read(self.from_browser, 1 << 20)
            if not data:
                raise Gone("the browser ended" + self.last_words())
            self.buffer += data
        *messages, self.buffer = self.buffer.split(b"\0")
        for message in map(json.loads, messages):
            if "id" in message:
                self.answers[message["id"]] = message
            else:
                self.events.append(message)

    def last_words(self):
        self.log.flush()
        text = (Path(self.profile) / "stderr").read_bytes()[-2000:].decode(errors="replace")
        return ":\n" + text if text.strip() else ""
