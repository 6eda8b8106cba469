#!/usr/bin/env python3
"""Generates small random and hostile traces in the intake-v2 format.

    generate.py --seed N [--count M] [--contested] OUTDIR

Each file has 1-3 traces (mostly one) of 0-60 events; the same seed gives the same files. Every
event is valid, and its time does not depend on when it is read, but for a few spans that tell
only their offset to a transaction that never comes: those count from the request's time, for
which all files get the same modification time. With --contested there are also events whose
meaning the definitions leave open (absent names, empty ids, a second metadata line, and the like);
differences there are questions, not faults.
"""

import argparse
import datetime
import gzip
import heapq
import json
import os
import random
from dataclasses import dataclass, field

FILE_TIME = 1_795_406_600     # s; the modification time of every file
EVENT_LIMIT = 60

HOSTILE = [
    "\u00e9", "e\u0301", "\u212b", "\u00c5", "A\u030a", "ID", "id", "Id", " ", "a b", "\ud55c", "\u1112\u1161\u11ab",
    "\"quoted\"", "back\\slash", "tab\there", "line\nbreak", "\u0000", "\u001b[31mred\u001b[0m",
    "\u202egnp.exe", "\u2028", "\U0001f600", "\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "'; DROP TABLE events; --", "%s%n", "../../etc/passwd", "<script>", "null", "0", "00",
    "9007199254740993", "\ufeffbom", "\uffff", "\U00010000", "z\u0300\u0301\u0302", "ss", "\u00df",
    "-", "_", "A" * 1024,
]
NAMES = ["SELECT FROM clusters", "POST /bill", "render", "get_clusters_used"]
WAIT_NAMES = ["acquire permit", "semaphore.acquire", "Wait for slot", "LOCK", "lock_user", "queued",
              "waits", "unlock", "awaiting permits", "get-permit()", "wait2", "2 wait", "\u00e9wait",
              "wait\u00e9", "back off", "throttle/backoff", "\u9501wait", "_wait_", "blocked"]
WAIT_TYPES = [
    ("wait", "lock", None), ("db.lock.wait", None, None), ("db", "lock", "wait"), ("app", None, None),
    ("custom.x", None, None), ("code", "sub", None), ("app.internal", None, None),
    ("db", "postgresql", "a.Queue.b"), ("queueing", None, None), ("WAIT", None, None),
    ("messaging.queue", None, None), ("x.y.z.lock", "sub", None), ("application", None, None),
    ("db.lockwait", None, None), ("external", "Semaphore", None), ("ext", None, "backoff"),
]
TYPES = [("db", "postgresql", "query"), ("external", "http", None), ("db.pg.query.x", None, None),
         ("app", None, None), ("a.b", None, None), ("external.http", "x", None), ("template", None, "y.z")]
USERS = ["user-1", "user-2", "user-3", 42, 7, "42", "", "\u00e9", "e\u0301", 12345678901234]
SERVICES = ["billing-runner", "Billing-runner", "worker_2", "api gateway"]

FEATURES = ["no_transaction_id", "start_only", "both_times", "orphans", "duplicates", "unsampled",
            "dropped", "composite", "outcomes", "users", "metadata_user", "services", "names",
            "waits", "outside", "empty", "halves", "odd_json", "ages", "nulls", "rfc3339", "tags",
            "cycles", "same_ids", "errors", "far", "nested", "children"]


@dataclass(eq=False)
class Event:
    """A transaction or span to be; times in µs from the trace's base."""
    kind: str
    id: str
    parent: str | None
    transaction: "Event | None"     # of a span; None where it never comes
    name: str
    type: tuple
    start: int
    duration: int
    more: dict = field(default_factory=dict)


class Trace:
    """One trace: its events, and what they are made from."""

    def __init__(self, rng, trace_id, features, tiny, contested):
        self.rng, self.trace_id, self.features = rng, trace_id, features
        self.tiny, self.contested = tiny, contested
        self.events, self.ids = [], iter(self.make_ids())
        self.base = rng.choice([1_000_000, 1_000, 0, -10]) if tiny \
            else 1_795_406_600_000_000 + rng.randrange(10**9)

    def make_ids(self):
        style = self.rng.choice(["hex", "hex", "hex", "hex", "long", "short", "hostile"])
        if style == "hostile":
            yield from self.rng.sample(HOSTILE, len(HOSTILE))
        for number in range(10_000):
            if style == "short":
                yield f"{number:x}"
            else:
                yield f"{self.rng.getrandbits(128):032x}"[:32 if style == "long" else 16]

    def has(self, feature):
        return feature in self.features

    def chance(self, feature, probability):
        return self.has(feature) and self.rng.random() < probability

    def scaled(self, low, high):
        """A random time: small integers in a tiny trace, else `low` to `high` ms, in µs."""
        if self.tiny:
            return self.rng.randint(min(low, 12), min(high, 12))
        return round(self.rng.uniform(low, high) * 1000)

    def jitter(self):
        return self.rng.randint(0, 1) * self.rng.randint(0, 1) if self.tiny \
            else self.rng.randint(0, 300)

    def add(self, kind, parent, transaction, name, type_, start, duration, **more):
        event = Event(kind, next(self.ids), parent, transaction, name, type_, start,
                      max(0, duration), more)
        self.events.append(event)
        return event

    def name(self, otherwise):
        if self.chance("names", 0.3):
            return self.rng.choice(HOSTILE)
        return otherwise

    def span(self, transaction, parent, start, end):
        """A span of ordinary work, or one that only sounds like waiting."""
        name, type_ = self.rng.choice(NAMES), self.rng.choice(TYPES)
        if self.chance("waits", 0.3):
            name, type_ = self.rng.choice(WAIT_NAMES), self.rng.choice(WAIT_TYPES + TYPES)
        return self.add("span", parent, transaction, self.name(name), type_, start, end - start)

    # -- kinds of traces

    def pool(self):
        """Tasks behind a semaphore, or taken from a queue by workers; first come, first served."""
        rng = self.rng
        root = self.add("transaction", None, None, "billing run", ("billing",), 0, 0) \
            if rng.random() < 0.85 else None
        parent = root.id if root else next(self.ids)
        if root and rng.random() < 0.2:
            parent = self.add("span", root.id, root, "fan out", ("app", None, None), 0, 0).id
        count, slots = rng.randint(2, 14), rng.randint(1, 5)
        queued_design, lookups = rng.random() < 0.25, rng.random() < 0.35
        told = rng.choice([0, 0, 0, 0.5, 1])
        spread = rng.choice([0, 0, 1, 30])
        line, at = [], self.jitter()
        for number in range(count):
            lookup = self.scaled(1, 20) if lookups and rng.random() < 0.9 else 0
            lead = self.jitter() if rng.random() < 0.5 else 0
            line.append((at + lead + lookup, number, at, lead, lookup))
            at += self.jitter() + (self.scaled(0, spread) if spread else 0)
        free = [0] * slots
        for arrival, number, start, lead, lookup in sorted(line):
            taken = max(arrival, heapq.heappop(free)) + self.jitter()
            hold = self.scaled(1, 80) if rng.random() < 0.95 else 0
            heapq.heappush(free, taken + hold)
            if queued_design:
                opened, lead, lookup = taken, 0, 0
            else:
                opened = start
            task = self.add("transaction", parent, None, "user task", ("user",), opened,
                            taken + hold - opened, number=number)
            if queued_design and self.has("ages"):
                task.more["age"] = (taken - start) // 1000 if not self.tiny else rng.randint(-1, 2)
            if lookup:
                self.span(task, task.id, opened + lead, opened + lead + lookup)
            if rng.random() < told and taken > arrival:
                self.add("span", task.id, task, "semaphore.acquire", ("wait", "lock", None),
                         arrival + self.jitter(), taken - arrival)
            self.work(task, taken, taken + hold, rng.randint(0, 3))
            if len(self.events) > EVENT_LIMIT - 6:
                break
        if root:
            root.duration = max(event.start + event.duration for event in self.events)

    def work(self, task, start, end, count):
        """Work spans one after the other in [start, end), some with children."""
        cuts = sorted(self.rng.randint(start, max(start, end)) for _ in range(2 * count))
        if cuts and self.rng.random() < 0.7:
            cuts[0] = start + (self.jitter() if end - start > 1000 else 0)
        for left, right in zip(cuts[::2], cuts[1::2]):
            span = self.span(task, task.id, left, max(left, right))
            if self.chance("nested", 0.4):
                self.span(task, span.id, left, (left + right) // 2)
            if self.chance("children", 0.3):
                self.add("transaction", self.rng.choice([span.id, task.id]), None, "GET /child",
                         ("request",), left + self.jitter(), right - left)

    def edge(self):
        """Groups that lie on, or one step beside, a threshold of the definitions."""
        rng = self.rng
        step = 1 if self.tiny else 1000

        def near(value):
            return value + rng.choice([-1, 0, 0, 1])
        shape = rng.choice(["slots", "occupancy", "later", "both"])
        if shape == "slots":        # 1 % of the held time is held by two
            overlap, first = near(3), 250
            second = near(600 - first - 43)
            tasks = [(0, [(0, first)], first),
                     (0, [(first - overlap, first - overlap + second)], first - overlap + second),
                     (5, [(first - overlap + second, first + second + 40)], first + second + 40)]
        elif shape == "occupancy":  # one of two slots is free for a fifth of the wait
            late = near(16)
            tasks = [(late, [(late, 100)], 100), (0, [(0, 80)], 80), (0, [(near(80), 150)], 150)]
        elif shape == "both":       # the later reading sees a tenth more waiting
            tasks = [(0, [(0, 1000)], 1000), (950, [(1000, 2000)], 2000),
                     (1990, [(1990, near(1995)), (2000, 3000)], 3000)]
        else:                       # the wait after a lookup is 1 % of the durations
            wait = near(30)
            tasks = [(0, [(0, 1000)], 1000), (0, [(0, 1000 - wait), (1000, 2000)], near(2000))]
        root = self.add("transaction", None, None, "edge", ("run",), 0, 3000 * step)
        for start, spans, end in tasks:
            task = self.add("transaction", root.id, None, "user task", ("user",),
                            start * step, (end - start) * step)
            for left, right in spans:
                self.add("span", task.id, task, rng.choice(NAMES), rng.choice(TYPES),
                         left * step, (right - left) * step)

    def soup(self):
        """Events whose parents, transactions and times are thrown together."""
        rng = self.rng
        count = rng.randint(1, rng.choice([5, 15, 40]))
        ids = [next(self.ids) for _ in range(max(2, count * 3 // 4))]
        width = rng.choice([3, 10, 40]) * (1 if self.tiny else 5000)
        hub = rng.choice(ids)
        for _ in range(count):
            kind = rng.choice(["span", "transaction"])
            parent = rng.choice([rng.choice(ids), hub, None if kind == "transaction" else hub,
                                 rng.choice(ids)])
            event = Event(kind, rng.choice(ids), parent, None,
                          self.name(rng.choice(["task", "task", "other"])),
                          ("x",) if kind == "transaction" else rng.choice(TYPES + WAIT_TYPES),
                          rng.randint(0, width), rng.randint(0, width))
            self.events.append(event)
        transactions = [event for event in self.events if event.kind == "transaction"]
        for event in self.events:
            if event.kind == "span" and transactions and rng.random() < 0.8:
                event.transaction = rng.choice(transactions)

    def strange(self):
        """Takes what was made and bends it, as far as this file's features go."""
        rng, known = self.rng, list(self.events)
        for event in known:
            span = event.kind == "span"
            if self.chance("orphans", 0.12):
                event.parent = next(self.ids)
            if self.chance("cycles", 0.12):
                event.parent = rng.choice([event.id, rng.choice(known).id, rng.choice(known).id])
            if span and self.chance("orphans", 0.05):
                event.transaction = None
            if self.chance("outside", 0.2):
                event.start += rng.choice([-1, 1]) * self.scaled(0, 60)
            if self.chance("outside", 0.1):
                event.duration += self.scaled(0, 60)
            if self.chance("empty", 0.15):
                event.duration = 0
            if self.chance("same_ids", 0.08):
                event.id = rng.choice(known).id
            if self.chance("far", 0.03):
                event.duration = 10**18
        if self.has("duplicates"):
            for event in rng.sample(known, min(len(known), 3)):
                copy = Event(**{**vars(event), "more": dict(event.more)})
                copy.duration += rng.choice([0, 3])
                copy.name = rng.choice([event.name, "second"])
                self.events.append(copy)

    # -- as JSON

    def milliseconds(self, micros):
        if self.chance("halves", 0.5):
            return (micros + self.rng.choice([-0.5, 0.5, 0.49999, 0.50001])) / 1000
        if micros % 1000 == 0 and self.rng.random() < 0.5:
            return micros // 1000
        return micros / 1000

    def timestamp(self, event):
        micros = self.base + event.start
        if not self.chance("rfc3339", 0.5):
            return micros
        offset = self.rng.choice([None, None, 120, -330])
        shown = datetime.datetime(1970, 1, 1) \
            + datetime.timedelta(microseconds=micros, minutes=offset or 0)
        out = shown.strftime("%Y-%m-%dT%H:%M:%S")
        if shown.microsecond or self.rng.random() < 0.5:
            out += f".{shown.microsecond:06d}" + self.rng.choice(["", "0", "5", "999"])
        if offset is None:
            return out + "Z"
        return out + f"{'+' if offset > 0 else '-'}{abs(offset) // 60:02d}:{abs(offset) % 60:02d}"

    def body(self, event):
        rng, span = self.rng, event.kind == "span"
        body = {"id": event.id, "trace_id": self.trace_id, "name": event.name,
                "type": event.type[0], "duration": self.duration(event)}
        if event.parent is not None:
            body["parent_id"] = event.parent
        elif self.chance("nulls", 0.5):
            body["parent_id"] = rng.choice([None, ""])
        context = {}
        if span:
            self.span_body(event, body, context)
        else:
            self.transaction_body(event, body, context)
        if self.chance("outcomes", 0.6):
            body["outcome"] = rng.choice(["success", "failure", "unknown", None])
        if self.chance("services", 0.3):
            context["service"] = {"name": rng.choice(SERVICES),
                                  "node": {"configured_name": rng.choice("ab")}}
        if self.chance("tags", 0.5):
            context["tags"] = {"n": rng.choice([1, 2.5, True, None, "x"]), "name": "trap"}
        if context or self.chance("nulls", 0.3):
            body["context"] = context or rng.choice([None, {}])
        if self.contested:
            self.contest(event, body)
        if self.chance("odd_json", 0.3):
            body = {rng.choice([key, key.upper(), key.title()]): value
                    for key, value in rng.sample(list(body.items()), len(body))}
        return body

    def duration(self, event):
        if event.duration == 10**18:
            return self.rng.choice([1e18, 10**18, 1e300, 315_360_000_000.0, 315_360_000_000.001])
        return max(0, self.milliseconds(event.duration))

    def span_body(self, event, body, context):
        rng, known = self.rng, event.transaction
        for key, value in zip(("subtype", "action"), event.type[1:]):
            if value is not None or self.chance("nulls", 0.3):
                body[key] = value
        if known is not None and not self.chance("no_transaction_id", 0.6):
            body["transaction_id"] = known.id
        elif self.chance("orphans", 0.3):
            body["transaction_id"] = next(self.ids)
        offset = event.start - (known.start if known else 0)
        if self.chance("start_only", 0.5) and (known or rng.random() < 0.1):
            body["start"] = self.milliseconds(offset)
        else:
            body["timestamp"] = self.timestamp(event)
            if self.chance("both_times", 0.5):
                body["start"] = self.milliseconds(offset + rng.randint(-5, 5))
        if self.chance("composite", 0.3):
            body["composite"] = {"count": 3, "sum": 1.5, "compression_strategy": "exact_match"}
        if self.chance("outcomes", 0.4):
            context["http"] = {"status_code": rng.choice([200, 399, 400, 404, 500])}

    def transaction_body(self, event, body, context):
        rng = self.rng
        body["timestamp"] = self.timestamp(event)
        body["span_count"] = {"started": rng.randint(0, 5)}
        if rng.random() < 0.5:
            body["span_count"]["dropped"] = rng.randint(1, 9) if self.chance("dropped", 0.4) else 0
        if self.chance("unsampled", 0.25):
            body["sampled"] = False
        elif rng.random() < 0.5:
            body["sampled"] = None if self.chance("nulls", 0.5) else True
        if self.chance("nulls", 0.1):
            body["type"] = ""
        if self.chance("outcomes", 0.4):
            context["response"] = {"status_code": rng.choice([200, 404, 499, 500, 503])}
        if self.chance("users", 0.8):
            context["user"] = rng.choice([
                {"id": rng.choice(USERS)}, {"id": rng.choice(USERS), "email": "a@b.c"},
                {"username": "nobody"}, {"id": None}, {"email": None, "id": None}, {}])
        elif "number" in event.more and rng.random() < 0.9:
            context["user"] = {"id": f"user-{event.more['number']:04d}"}
        if "age" in event.more or self.chance("ages", 0.3):
            age = event.more.get("age", rng.choice([0, 1, -5, 20, 10**18, None]))
            context["message"] = {"queue": {"name": "work"}, "age": {"ms": age}}

    def contest(self, event, body):
        """What the definitions leave open."""
        rng = self.rng
        if rng.random() > 0.15:
            return
        if event.kind == "transaction":
            body["name"] = rng.choice([None, "", "caf\u00e9", "cafe\u0301"])
        else:
            body.update(rng.choice([
                {"parent_id": ""}, {"transaction_id": ""}, {"type": "APP", "name": "wait"},
                {"type": "app", "name": "wait\u00b2"}, {"type": "app", "name": "wait\u0301"},
                {"type": "app", "name": "loc\u212a"}, {"id": ""}, {"subtype": "", "type": "a.b"}]))


def metadata(rng, features):
    out = {"service": {"name": SERVICES[0], "agent": {"name": "python", "version": "6.26.2"}}}
    if rng.random() < 0.7:
        out["process"] = {"pid": rng.randint(1, 99999)}
    if rng.random() < 0.7:
        out["system"] = {"detected_hostname": "host", "hostname": "other"}
    if "metadata_user" in features:
        out["user"] = rng.choice([{"id": "meta"}, {"id": 5}, {"username": "m"}, {"id": "user-1"}])
    return {"metadata": out}


def write_line(rng, kind, body, odd):
    """A line, in odd files with spaces, a repeated key, or rubbish after the object."""
    line = json.dumps({kind: body}, ensure_ascii=rng.random() < 0.5)
    if odd and kind in ("transaction", "span"):
        twist = rng.randrange(6)
        if twist == 0:
            line = line.replace(f'{{"{kind}": {{', f'{{"{kind}": {{"duration": 77, ', 1)
        elif twist == 1:
            line += rng.choice(["`", " trailing", "\r"])
        elif twist == 2:
            line = "  " + line
        elif twist == 3:
            line = line[:-1] + ', "ignored": {"a": [1, {"b": null}]}}'
        if twist == 4:
            line += "\n"
    return line


def make_file(rng, contested):
    rate = rng.choice([0, 0.05, 0.05, 0.15, 0.3, 0.5])
    features = {feature for feature in FEATURES if rng.random() < rate}
    tiny = rng.random() < 0.5
    traces = rng.choice([1] * 8 + [2, 3])
    odd = "odd_json" in features
    lines, shared = [], iter(HOSTILE)
    for number in range(traces):
        trace_id = f"{rng.getrandbits(128):032x}" if rng.random() < 0.8 \
            else next(shared) + rng.choice(["", "-trace"])
        trace = Trace(rng, trace_id, features, tiny, contested)
        kind = rng.choice(["pool"] * 5 + ["soup"] * 3 + ["edge", "none"])
        if kind == "none" and number == 0 and rng.random() < 0.8:
            kind = "pool"
        if kind != "none":
            getattr(trace, kind)()
            if kind != "edge":
                trace.strange()
        room = EVENT_LIMIT // traces
        bodies = [(event.kind, trace.body(event)) for event in trace.events]
        if "errors" in features and bodies:
            bodies += [("error", {"id": f"e{n}", "trace_id": trace_id, "parent_id": "p",
                                  "transaction_id": "t", "timestamp": 1000,
                                  "exception": {"message": "boom"}}) for n in (1, 2, 2)]
            bodies.append(("metricset", {"samples": {"a.b": {"value": 1.0}}, "timestamp": 1000}))
        lines += bodies if traces == 1 and len(bodies) <= EVENT_LIMIT else bodies[:room]
    order = rng.random()
    if order < 0.4:
        rng.shuffle(lines)
    elif order < 0.6:
        lines.reverse()
    written = [write_line(rng, *line, odd) for line in lines]
    if contested and rng.random() < 0.2:
        written.insert(len(written) // 2, json.dumps(metadata(rng, features)))
    return "\n".join([json.dumps(metadata(rng, features))] + written) + "\n"


def main():
    parser = argparse.ArgumentParser(description="Generates small hostile traces.")
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--contested", action="store_true",
                        help="include what the definitions leave open")
    parser.add_argument("outdir")
    arguments = parser.parse_args()
    os.makedirs(arguments.outdir, exist_ok=True)
    for number in range(arguments.count):
        rng = random.Random(f"{arguments.seed}/{number}/{arguments.contested}")
        data = make_file(rng, arguments.contested).encode()
        name = f"{'contested-' if arguments.contested else ''}{arguments.seed}-{number:05d}.ndjson"
        if rng.random() < 0.05:
            data, name = gzip.compress(data, mtime=0), name + ".gz"
        path = os.path.join(arguments.outdir, name)
        with open(path, "wb") as stream:
            stream.write(data)
        os.utime(path, (FILE_TIME, FILE_TIME))


if __name__ == "__main__":
    main()
