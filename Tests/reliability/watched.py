"""A server under test, what the system says of its process, and the program's other commands."""

import os
import resource
import shutil
import signal
import socket
import subprocess
import tempfile
import time


def allow_descriptors(count=20_000):
    """Lets this process, and those it starts, have many sockets; how many it may have."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = count if hard == resource.RLIM_INFINITY else min(count, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    return wanted


class Folder:
    """A folder that is gone after use."""

    def __enter__(self):
        self.path = tempfile.mkdtemp(prefix="waitline-reliability-")
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.path, ignore_errors=True)

    def file(self, name):
        return os.path.join(self.path, name)


class Server:
    """`waitline serve` on a free port."""

    def __init__(self, binary, database, *arguments, environment=None):
        self.binary, self.database, self.arguments = binary, database, arguments
        self.environment = {**clean_environment(database), **(environment or {})}
        self.listen = "127.0.0.1:0"
        self.start()

    def start(self):
        started = time.monotonic()
        # To a file: a pipe that nobody empties would stop a server that has much to say.
        self.log = self.database + ".log"
        with open(self.log, "ab") as errors:
            position = errors.tell()
            self.process = subprocess.Popen(
                [self.binary, "serve", "--listen", self.listen, *self.arguments], stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL, stderr=errors, env=self.environment)
        prefix = "listening on http://127.0.0.1:"
        while True:
            with open(self.log, errors="replace") as said:
                said.seek(position)
                found = [line for line in said if line.startswith(prefix) and line.endswith("\n")]
            if found:
                break
            if self.process.poll() is not None or time.monotonic() > started + 60:
                raise RuntimeError(f"the server does not start: {self.said()[-500:]}")
            time.sleep(0.01)
        self.port = int(found[0][len(prefix):])
        self.pid = self.process.pid
        # Started again it is to be found where it was.
        self.listen = f"127.0.0.1:{self.port}"
        self.started_in = time.monotonic() - started

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def said(self):
        with open(self.log, errors="replace") as log:
            return log.read()

    def is_alive(self):
        return self.process.poll() is None

    def stop(self, number=signal.SIGTERM, patience=60):
        """Asks it to end; its exit code."""
        if self.is_alive():
            self.process.send_signal(number)
        try:
            return self.process.wait(patience)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            return None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.is_alive():
            self.process.kill()
            self.process.wait()

    # What the system says of the process.

    def memory(self):
        """Bytes in memory now."""
        return self._status("VmRSS")

    def peak(self):
        """The most bytes that were in memory since `forget_peak`."""
        return self._status("VmHWM")

    def forget_peak(self):
        with open(f"/proc/{self.pid}/clear_refs", "w") as file:
            file.write("5")

    def _status(self, name):
        with open(f"/proc/{self.pid}/status") as file:
            for line in file:
                if line.startswith(name + ":"):
                    return int(line.split()[1]) * 1024
        return 0

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.pid}/fd"))

    def connect(self, timeout=30):
        return socket.create_connection(("127.0.0.1", self.port), timeout=timeout)

    def waitline(self, *words, timeout=120):
        """Another command on the same database."""
        return waitline(self.binary, self.database, *words, timeout=timeout)


def clean_environment(database):
    environment = {name: value for name, value in os.environ.items() if not name.startswith("WAITLINE_")}
    return {**environment, "WAITLINE_DATABASE": database, "LANG": "C.UTF-8", "TZ": "UTC"}


def waitline(binary, database, *words, timeout=120):
    return subprocess.run(
        [binary, *words], capture_output=True, env=clean_environment(database), timeout=timeout,
        stdin=subprocess.DEVNULL, cwd=os.path.dirname(database))
