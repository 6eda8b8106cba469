"""Clients of a server under test: odd ones over plain sockets, an honest one, and what they send."""

import http.client
import json
import os
import select
import socket
import statistics
import threading
import time

MIB = 1 << 20
INTAKE = "/intake/v2/events"
METADATA = b'{"metadata":{"service":{"name":"load","agent":{"name":"script","version":"1"}}}}\n'


class Answer:
    """What came back on a socket."""

    def __init__(self, raw):
        self.raw = raw
        head, _, rest = raw.partition(b"\r\n\r\n")
        lines = head.split(b"\r\n")
        words = lines[0].split(b" ")
        self.status = int(words[1]) if len(words) > 1 and words[1].isdigit() else None
        self.headers = {}
        for line in lines[1:]:
            name, _, value = line.partition(b":")
            self.headers[name.strip().lower().decode("latin-1")] = value.strip().decode("latin-1")
        self.body = rest

    def json(self):
        try:
            return json.loads(self.body)
        except ValueError:
            return {}

    def __repr__(self):
        return f"{self.status} {self.body[:160]!r}"


def exchange(server, data, timeout=30, half_close=False):
    """Sends bytes, a sequence of pieces too, and reads until the server closes or is silent for `timeout`."""
    pieces = [data] if isinstance(data, (bytes, bytearray)) else data
    connection = server.connect(timeout)
    answer = b""
    try:
        try:
            for piece in pieces:
                connection.sendall(piece)
                if select.select([connection], [], [], 0)[0]:
                    break
            if half_close:
                connection.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # It may answer and close before it has read everything.
        try:
            while piece := connection.recv(65_536):
                answer += piece
        except OSError:
            pass
    finally:
        connection.close()
    return Answer(answer)


def head(method="POST", path=INTAKE + "?verbose", length=None, **headers):
    """A request's head, that of an agent unless told otherwise."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", "Connection: close"]
    if method == "POST":
        lines.append("Content-Type: application/x-ndjson")
    if length is not None:
        lines.append(f"Content-Length: {length}")
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def post(server, body, timeout=60, **headers):
    return exchange(server, [head(length=len(body), **headers), body], timeout)


def hexadecimal(size=8):
    return os.urandom(size).hex()


def transaction(trace, identifier=None, parent=None, **members):
    event = {
        "id": identifier or hexadecimal(), "trace_id": trace, "type": "request", "name": "task", "duration": 5,
        "timestamp": time.time_ns() // 1000, "span_count": {"started": 0}}
    if parent:
        event["parent_id"] = parent
    return {"transaction": {**event, **members}}


def span(trace, parent, identifier=None, **members):
    event = {
        "id": identifier or hexadecimal(), "trace_id": trace, "transaction_id": parent, "parent_id": parent,
        "type": "db.query", "name": "SELECT", "duration": 2, "timestamp": time.time_ns() // 1000}
    return {"span": {**event, **members}}


def lines(*events):
    return b"".join(json.dumps(event, separators=(",", ":")).encode() + b"\n" for event in events)


def run_body(tasks=3, spans=4, trace=None):
    """A run of tasks under one parent, as one body; its trace id and how many events it has."""
    trace, root = trace or hexadecimal(16), hexadecimal()
    events = [transaction(trace, root, name="run", duration=50)]
    for number in range(tasks):
        task = hexadecimal()
        events.append(transaction(trace, task, root, context={"user": {"id": f"user-{number}"}}))
        events += [span(trace, task) for _ in range(spans)]
    return trace, METADATA + lines(*events), len(events)


class HonestClient(threading.Thread):
    """An agent that behaves: a small body now and then on a kept connection, and how long each answer took."""

    def __init__(self, server, pause=0.02):
        super().__init__(daemon=True)
        self.server, self.pause = server, pause
        self.latencies, self.statuses, self.failures = [], [], []
        self.mark_at, self.stopping = 0, threading.Event()

    def run(self):
        connection = None
        while not self.stopping.wait(self.pause):
            _, body, _ = run_body(tasks=2, spans=2)
            started = time.monotonic()
            try:
                if connection is None:
                    connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=30)
                connection.request("POST", INTAKE, body, {"Content-Type": "application/x-ndjson"})
                answer = connection.getresponse()
                answer.read()
                self.statuses.append(answer.status)
                self.latencies.append(time.monotonic() - started)
                if answer.will_close:
                    connection.close()
                    connection = None
            except (OSError, http.client.HTTPException) as error:
                self.failures.append(repr(error))
                self.latencies.append(time.monotonic() - started)
                if connection:
                    connection.close()
                connection = None

    def mark(self):
        """Forgets what was measured; the 99th percentile of it, in seconds, and how many requests it was."""
        taken = self.latencies[self.mark_at:]
        self.mark_at = len(self.latencies)
        return percentile(taken, 99), len(taken)

    def refused(self):
        return [status for status in self.statuses if status != 202]

    def stop(self):
        self.stopping.set()
        self.join(60)


def percentile(values, rank):
    """Nearest rank; 0 of nothing."""
    if not values:
        return 0.0
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * rank // 100) - 1)]


def median(values):
    return statistics.median(values) if values else 0


def closes_within(sockets, seconds, feed=None, every=1.0):
    """Waits until the server has closed these; when the last of them was closed, after how long, and how many were.

    Meanwhile `feed` is called with each that is open, `every` so many seconds.
    """
    started = time.monotonic()
    poller = select.epoll()
    still_open = {connection.fileno(): connection for connection in sockets}
    for number in still_open:
        poller.register(number, select.EPOLLIN | select.EPOLLHUP | select.EPOLLRDHUP)
    last, next_feed = 0.0, started + every
    while still_open and time.monotonic() < started + seconds:
        for number, _ in poller.poll(0.1):
            connection = still_open[number]
            try:
                ended = not connection.recv(65_536)
            except BlockingIOError:
                continue
            except OSError:
                ended = True
            if ended:
                last = time.monotonic() - started
                poller.unregister(number)
                del still_open[number]
                connection.close()
        if feed and time.monotonic() >= next_feed:
            next_feed += every
            for connection in list(still_open.values()):
                try:
                    feed(connection)
                except OSError:
                    pass
    closed = len(sockets) - len(still_open)
    for connection in still_open.values():
        connection.close()
    poller.close()
    return closed, last


def mib(size):
    return f"{size / MIB:.1f} MiB"


def milliseconds(seconds):
    return f"{seconds * 1000:.1f} ms"


class Verdicts:
    """Rows of a table: what was seen, and whether that is as it has to be."""

    def __init__(self):
        self.failed = []

    def row(self, name, is_as_it_must_be, figures):
        print(f"{'pass' if is_as_it_must_be else 'FAIL'}  {name}: {figures}", flush=True)
        if not is_as_it_must_be:
            self.failed.append(name)

    def end(self):
        """The exit code, after the last line."""
        print("all rows pass" if not self.failed else f"{len(self.failed)} rows fail: {', '.join(self.failed)}")
        return 1 if self.failed else 0
