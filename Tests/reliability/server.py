"""`waitline serve` as a process, and requests to it."""
import http.client
import json
import os
import resource
import signal
import socket
import subprocess
import threading
import time

DATABASE_WORDS = ("WAITLINE_DATABASE", "WAITLINE_SECRET_TOKEN")


def environment(more=None):
    """This process's, without what would change what the program does."""
    return {**{key: value for key, value in os.environ.items() if key not in DATABASE_WORDS}, **(more or {})}


class NotReady(Exception):
    """It ended, or said nothing for too long, instead of listening."""


class Server:
    """A server on a port of its own. `before` is a command that starts the program in place of itself."""

    def __init__(self, binary, database, listen="127.0.0.1:0", before=(), more=None, arguments=(), descriptors=None,
                 patience=60, waits=True):
        def limit():
            if descriptors:
                resource.setrlimit(resource.RLIMIT_NOFILE, (descriptors, descriptors))

        self.lines, self.database, self.url, self.port = [], database, None, None
        self.ready, self._listening, began = None, threading.Event(), time.monotonic()
        self.process = subprocess.Popen(
            [*before, binary, "serve", "--listen", listen, "--database", database, *arguments],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environment(more),
            preexec_fn=limit)
        self._reader = threading.Thread(target=self._read, args=(began,), daemon=True)
        self._reader.start()
        if waits:
            self.wait_until_ready(patience)

    def _read(self, began):
        for line in self.process.stderr:
            text = line.decode(errors="replace").rstrip("\n")
            if text.startswith("listening on http://") and self.port is None:
                self.ready = time.monotonic() - began
                self.url = text.removeprefix("listening on ")
                self.port = int(text.rsplit(":", 1)[1])
                self._listening.set()
            else:
                self.lines.append((time.monotonic(), text))
        self._listening.set()

    def wait_until_ready(self, patience=60):
        self._listening.wait(patience)
        if self.port is None:
            if self.process.poll() is None:
                try:
                    self.process.wait(2)
                except subprocess.TimeoutExpired:
                    self.kill()
            raise NotReady(f"exit {self.process.wait()}: {self.said() or 'said nothing'}")

    @property
    def pid(self):
        return self.process.pid

    @property
    def is_running(self):
        return self.process.poll() is None

    def said(self, since=0.0):
        """What it logged since a moment of the monotonic clock."""
        return "\n".join(text for when, text in list(self.lines) if when >= since)

    def kill(self):
        self.process.kill()
        self.process.wait()
        self._reader.join(10)

    def stop(self, patience=60, number=signal.SIGTERM):
        """Its exit code, and how long it took to end; negative where a signal ended it, None where nothing did."""
        began = time.monotonic()
        if self.is_running:
            self.process.send_signal(number)
        try:
            code = self.process.wait(patience)
        except subprocess.TimeoutExpired:
            self.kill()
            return None, time.monotonic() - began
        self._reader.join(10)
        return code, time.monotonic() - began

    def processor_seconds(self):
        """Seconds of processor time it has used."""
        with open(f"/proc/{self.pid}/stat") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory(self):
        """The most memory it had at once, bytes."""
        with open(f"/proc/{self.pid}/status") as file:
            return next(int(line.split()[1]) * 1024 for line in file if line.startswith("VmHWM"))

    def connect(self, timeout=30):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)

    def post(self, data, encoding=None, timeout=30):
        """One answer on a connection of its own."""
        connection = self.connect(timeout)
        try:
            return post(connection, data, encoding)
        finally:
            connection.close()


class Answer:
    """What a request was answered."""

    def __init__(self, response):
        self.status, self.body = response.status, response.read()
        self.headers = response.headers
        self.duplicates = int(response.headers.get("Waitline-Duplicates", 0))

    @property
    def accepted(self):
        """Events that it says it accepted; None where it does not say."""
        try:
            return json.loads(self.body)["accepted"]
        except (ValueError, KeyError, TypeError):
            return None

    def __str__(self):
        return f"{self.status} {self.body[:200].decode(errors='replace')}"


def post(connection, data, encoding=None, pieces=None):
    """Posts a body; in `pieces` (bytes, seconds before each) where they are given."""
    headers = {"Content-Type": "application/x-ndjson"}
    if encoding:
        headers["Content-Encoding"] = encoding
    if pieces is None:
        connection.request("POST", "/intake/v2/events", body=data, headers=headers)
    else:
        def slowly():
            for piece, pause in pieces:
                time.sleep(pause)
                yield piece
        connection.request("POST", "/intake/v2/events", body=slowly(), headers=headers, encode_chunked=True)
    return Answer(connection.getresponse())


def run(binary, *arguments, patience=300, more=None):
    """A command to its end: its exit code, standard output, standard error. No exit code where it does not end."""
    try:
        ended = subprocess.run([binary, *arguments], stdin=subprocess.DEVNULL, capture_output=True, timeout=patience,
                               env=environment(more))
    except subprocess.TimeoutExpired:
        return None, "", f"it did not end within {patience} s"
    return ended.returncode, ended.stdout.decode(errors="replace"), ended.stderr.decode(errors="replace")


def free_port(random):
    """A port that no connection takes by chance while a server is between two lives: below those given to clients."""
    with open("/proc/sys/net/ipv4/ip_local_port_range") as file:
        top = int(file.read().split()[0])
    for _ in range(1000):
        port = random.randrange(max(1025, top - 12_000), top)
        with socket.socket() as trial:
            try:
                trial.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue
    raise OSError("no free port")
