"""Bodies of events, each event with an id of its own, and senders that remember what was acknowledged.

An event is known by (kind, word): its id, or, for those without one, a word in its line.
"""
import gzip
import http.client
import json
import random
import socket
import threading
import time
import zlib

from server import post

METADATA = json.dumps({"metadata": {
    "service": {"name": "reliability", "version": "1.0", "agent": {"name": "python", "version": "6.26.2"}},
    "process": {"pid": 1}, "labels": {"proof": "yes"}}}).encode() + b"\n"
SHARED_TRACE = "5a" * 16


class Body:
    """What is sent as one request."""

    def __init__(self, data, encoding, keys, kind="large", pieces=None):
        self.data, self.encoding, self.keys, self.pieces = data, encoding, keys, pieces
        self.has_bad_line, self.is_of_shared_trace = kind == "partial", kind == "shared"
        self.sends, self.sent_at = 0, 0.0
        self.is_acknowledged = False


class Bodies:
    """Makes the bodies of one sender, the same for the same seed. `noise`: characters more in each transaction."""

    def __init__(self, seed, sender, noise=0):
        self.random, self.sender, self.count = random.Random(f"{seed} {sender}"), sender, 0
        self.noise = noise

    def word(self):
        self.count += 1
        # Most ids are 8 bytes of hex, which are kept as such; the others are kept as text.
        form = "odd-{:x}-{:x}" if self.count % 17 == 0 else "{:04x}{:012x}"
        return form.format(self.sender + 1, self.count)

    def trace(self):
        return "{:016x}{:016x}".format(self.sender + 1, self.count + 1)

    def next(self, kind=None):
        kind = kind or self.random.choices(["small", "large", "shared", "side", "partial"], [5, 2, 3, 2, 1])[0]
        lines, keys = getattr(self, kind)()
        data, encoding = METADATA + b"\n".join(lines) + b"\n", None
        choice = self.random.randrange(10)
        if choice < 6:
            data, encoding = gzip.compress(data, 5), "gzip"
        elif choice == 6:
            data, encoding = zlib.compress(data), "deflate"
        elif choice == 7:
            cut = self.random.randrange(len(data))
            data, encoding = gzip.compress(data[:cut]) + gzip.compress(data[cut:]), "gzip"
        pieces = None
        if self.random.random() < 0.15:
            cuts = sorted(self.random.randrange(len(data)) for _ in range(3))
            ends = zip([0, *cuts], [*cuts, len(data)])
            pieces = [(data[begin:end], self.random.random() * 0.03) for begin, end in ends if begin < end]
        return Body(data, encoding, keys, kind, pieces)

    def _transaction(self, trace, keys, spans=0, parent=None):
        word, at = self.word(), 1_700_000_000_000_000 + self.random.randrange(10 ** 12)
        transaction = {"id": word, "trace_id": trace, "type": "request", "name": f"GET /{self.random.randrange(50)}",
                       "timestamp": at, "duration": self.random.random() * 1e3, "span_count": {"started": spans}}
        if parent:
            transaction["parent_id"] = parent
        if self.noise:
            transaction["context"] = {"custom": {"noise": self.random.randbytes(self.noise // 2).hex()}}
        keys.append(("transaction", word))
        lines = [{"transaction": transaction}]
        for _ in range(spans):
            lines.append(self._span(trace, word, at, keys))
        self.random.shuffle(lines)
        return [json.dumps(line).encode() for line in lines]

    def _span(self, trace, transaction, at, keys):
        word = self.word()
        keys.append(("span", word))
        return {"span": {"id": word, "trace_id": trace, "transaction_id": transaction, "parent_id": transaction,
                         "type": "db.postgresql.query", "name": f"SELECT {self.random.randrange(50)}",
                         "timestamp": at + self.random.randrange(1000), "duration": self.random.random() * 10}}

    def small(self):
        keys = []
        return self._transaction(self.trace(), keys, self.random.randrange(4)), keys

    def large(self):
        lines, keys = [], []
        for _ in range(self.random.randrange(20, 200)):
            lines += self._transaction(self.trace(), keys, self.random.randrange(5))
        return lines, keys

    def shared(self):
        keys = []
        lines = self._transaction(SHARED_TRACE, keys, self.random.randrange(1, 250), parent="5a" * 8)
        return lines, keys

    def side(self):
        lines, keys = [], []
        for _ in range(self.random.randrange(1, 20)):
            kind, word = self.random.choice(["error", "traced error", "metricset", "log", "traced log"]), self.word()
            if kind == "metricset":
                event = {"samples": {"m": {"value": self.random.random()}}, "tags": {"word": word}}
            elif kind.endswith("log"):
                event = {"message": word}
                if kind == "traced log":
                    event["trace.id"] = self.trace()
            else:
                event = {"id": word, "exception": {"message": "it failed", "type": "Failure"}}
                if kind == "traced error":
                    event |= {"trace_id": self.trace(), "transaction_id": "ab" * 8, "parent_id": "ab" * 8}
            kind = kind.split()[-1]
            lines.append(json.dumps({kind: event}).encode())
            keys.append((kind, word))
        return lines, keys

    def partial(self):
        lines, keys = self.small()
        lines.insert(self.random.randrange(len(lines) + 1), b'{"transaction":{"id":"no trace id"}}')
        return lines, keys


def word_of(kind, event):
    """The word by which an event is known, read from its line."""
    if "id" in event:
        return event["id"]
    return event["tags"]["word"] if kind == "metricset" else event["message"]


class Sender(threading.Thread):
    """Posts bodies one after another on one connection until it is told to stop or the server is gone.

    First those of `again`, which were not acknowledged; then new ones. `tell` is told of each answer. What is answered
    503 is sent again a little later.
    """

    def __init__(self, server, bodies, again=(), tell=None, stops_when_gone=True, timeout=60):
        super().__init__(daemon=True)
        self.server, self.bodies, self.again = server, bodies, list(again)
        self.tell, self.stops_when_gone, self.timeout = tell, stops_when_gone, timeout
        self.sent, self.findings, self.stopping = [], [], threading.Event()
        self.statuses, self.unanswered = {}, []

    def stop(self):
        self.stopping.set()

    def run(self):
        connection = self.server.connect(self.timeout)
        while not self.stopping.is_set():
            body = self.again.pop() if self.again else self.bodies.next()
            if body.sends == 0:
                self.sent.append(body)
            body.sent_at = time.monotonic()
            try:
                answer = post(connection, body.data, body.encoding, body.pieces)
            except (OSError, http.client.HTTPException) as error:
                self.unanswered.append((time.monotonic(), body, repr(error)))
                self.again.append(body)
                if self.stops_when_gone:
                    return
                connection.close()
                time.sleep(0.05)
                continue
            finally:
                body.sends += 1
            problem = take(body, answer)
            if problem:
                self.findings.append(problem)
            self.statuses[answer.status] = self.statuses.get(answer.status, 0) + 1
            if self.tell:
                self.tell(body, answer)
            if answer.status >= 400:
                connection.close()
            if answer.status == 503:
                self.again.append(body)
                time.sleep(1)
        connection.close()


def take(body, answer):
    """Notes what an answer says of a body; what is wrong with the answer, else None."""
    right = 400 if body.has_bad_line else 202
    if answer.status == 503:
        return None if answer.headers.get("Retry-After") else "a 503 has no Retry-After"
    if answer.status != right or (right == 400 and answer.accepted != len(body.keys)):
        return f"a body of {len(body.keys)} events, to be answered {right}, was answered {answer}"
    # A commit holds all of a body or nothing.
    if answer.duplicates not in (0, len(body.keys)) or (answer.duplicates and body.sends < 2):
        return f"of a body of {len(body.keys)} events sent {body.sends} times, {answer.duplicates} were there before"
    body.is_acknowledged = True
    return None


def send(server, body, patience=60):
    """Posts one body on a connection of its own, again while that is answered 503; what is wrong, else None."""
    end = time.monotonic() + patience
    while True:
        body.sends += 1
        try:
            answer = server.post(body.data, body.encoding)
        except (OSError, http.client.HTTPException, socket.timeout) as error:
            return f"a body of {len(body.keys)} events was not answered: {error!r}"
        problem = take(body, answer)
        if problem or body.is_acknowledged or time.monotonic() > end:
            return problem or (None if body.is_acknowledged else f"a body was answered {answer} for {patience} s")
        time.sleep(0.1)
