#!/usr/bin/env python3
"""Generates small random and hostile traces in the intake-v2 format.

    generate.py --seed N [--count M] [--contested] [--small] OUTDIR

Each file has 1-3 traces (mostly one), of a few events to some two hundred, and rarely of more than
a thousand (never with --small); the same seed gives the same files. Every event is valid, and its
time does not depend on when it is read, but for a few spans that tell only their offset to a
transaction that never comes: those count from the request's time, for which all files get the same
modification time. A file may hold several streams, of several processes and services.

A trace is made in one of these ways: a simulated runner whose tasks wait for slots, a rate, a
limit that changes, batches, or nothing, and for pools within (line; big: more tasks than the fit
tries them all); an older, simpler one (pool); tasks and spans at small integers (lattice); events
thrown together (soup). Some are then brought to an edge: one time of one event is moved until what
the oracle finds is about to change. Most are bent a little, by the file's features.

With --contested there are also events whose meaning the definitions leave open (absent names,
empty ids and the like); differences there are questions, not faults.
"""

import argparse
import datetime
import gzip
import heapq
import json
import os
import random
from dataclasses import dataclass, field

import oracle

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
            "cycles", "same_ids", "errors", "far", "nested", "children", "huge"]


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
    process: int = 0                # which of the file's metadata comes before it


class Trace:
    """One trace: its events, and what they are made from."""

    def __init__(self, rng, trace_id, features, tiny, contested, processes=1):
        self.rng, self.trace_id, self.features = rng, trace_id, features
        self.tiny, self.contested, self.processes = tiny, contested, processes
        self.events, self.ids = [], iter(self.make_ids())
        self.base = rng.choice([1_000_000, 1_000, 0, -10]) if tiny \
            else 1_795_406_600_000_000 + rng.randrange(10**9)
        if self.has("huge"):
            self.base = rng.choice([-1, 1]) * (2**61 - 10**16)

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

    def add(self, kind, parent, transaction, name, type_, start, duration, process=None, **more):
        if process is None:
            process = transaction.process if transaction else 0
        event = Event(kind, next(self.ids), parent, transaction, name, type_, start,
                      max(0, duration), more, process)
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

    # -- the second edition: pools, rates, hand-overs, and lines within tasks

    def root(self, sometimes=0.9):
        """The run's first transaction, or none; and the parent of its tasks."""
        if self.rng.random() > sometimes:
            return None, next(self.ids)
        root = self.add("transaction", None, None, "billing run", ("billing",), 0, 0)
        if self.rng.random() < 0.15:
            return root, self.add("span", root.id, root, "fan out", ("app", None, None), 0, 0).id
        return root, root.id

    def close(self, root):
        """The root lasts as long as all, mostly."""
        if root:
            ends = [event.start + event.duration for event in self.events]
            root.duration = max(ends)
            if self.rng.random() < 0.2:
                root.duration = self.rng.choice([self.scaled(1, 30), 5 * max(ends), 40 * max(ends)])

    def line(self, count=None):
        """Tasks behind a limit of some kind, in one or more processes, with or without lines
        within them."""
        Workload(self, count).run()

    def big(self):
        """More holders than the fit tries them all."""
        Workload(self, self.rng.randint(505, 640), plain=True).run()

    def lattice(self):
        """Tasks and spans at small integers, so that nearly everything ties with something."""
        rng = self.rng
        width = rng.choice([2, 3, 5, 8, 12]) * (1 if self.tiny else 1000)
        step = 1 if self.tiny else rng.choice([1, 1000])

        def interval(start, end):
            a, b = sorted(rng.randint(start // step, end // step) * step for _ in range(2))
            return a, b - a
        root, parent = self.root()
        names = rng.choice([["user task"], ["user task"], ["user task", "other task"]])
        classes = [(rng.choice(NAMES), rng.choice(TYPES)) for _ in range(rng.randint(1, 3))]
        spans, processes = rng.choice([0, 1, 1, 2, 4]), rng.randint(1, self.processes)
        inside = rng.random() < 0.5
        for _ in range(rng.choice([2, 2, 3, 3, 4, 5, 7, 9, 12])):
            start, duration = interval(0, width)
            if rng.random() < 0.4:
                start, duration = 0, width - start
            task = self.add("transaction", parent, None, rng.choice(names), ("user",), start,
                            duration, process=rng.randrange(processes))
            own = [task]
            for _ in range(rng.randint(0, spans)):
                name, type_ = rng.choice(classes)
                if rng.random() < 0.1:
                    name, type_ = rng.choice(WAIT_NAMES), rng.choice(WAIT_TYPES)
                above = rng.choice(own) if inside else task
                kind = "transaction" if rng.random() < 0.05 else "span"
                own.append(self.add(kind, above.id, None if kind == "transaction" else task,
                                    name, type_, *interval(start, start + duration)))
        self.close(root)

    def near_edge(self):
        """Moves one time of one event until what is found is about to change, to either side."""
        rng = self.rng
        coarse = rng.random() < 0.5
        before = self.outcome(coarse)
        for _ in range(8):
            event, which = rng.choice(self.events), rng.choice(["start", "duration"])
            low = getattr(event, which)
            ends = [other.start + other.duration for other in self.events]
            high = rng.choice([0, max(ends), low + rng.choice(ends), low // 2, 2 * low + 1])
            setattr(event, which, high)
            if self.outcome(coarse) == before:
                setattr(event, which, low)
                continue
            same, other = low, high
            while abs(same - other) > 1:
                middle = (same + other) // 2
                setattr(event, which, middle)
                if self.outcome(coarse) == before:
                    same = middle
                else:
                    other = middle
            setattr(event, which, rng.choice([same, other]))
            return

    def outcome(self, coarse=False):
        """What the oracle finds in the trace as it is so far, without its figures; `coarse`:
        which kinds of lines are seen, and little else."""
        def as_event(event):
            transaction = event.kind == "transaction"
            return oracle.Event(
                kind=event.kind, trace_id=self.trace_id, id=event.id, parent_id=event.parent,
                transaction_id=event.transaction.id if event.transaction else None,
                name=event.name, type=event.type[0], sent_type=event.type[0],
                subtype=event.type[1] if len(event.type) > 1 else None,
                action=event.type[2] if len(event.type) > 2 else None,
                service="s", process=(str(event.process), None, None, None), user=None,
                outcome="unknown", sampled=True, dropped=0, compressed=False,
                start=event.start, offset=0, request_time=0, duration=event.duration, queued=0)
        run = oracle.Run(self.trace_id, [as_event(event) for event in self.events], 0, "auto")
        if coarse:
            return ([(group.fit.pool, group.scope, group.reading) for group in run.groups],
                    [line.classes for line in run.lines], self.backlog(run))
        return ([(group.slots, group.fit.pool, group.scope, group.reading, group.dense,
                  [task.event.id for task in group.waited]) for group in run.groups],
                [(line.classes, line.fit.slots, len(line.fit.waits)) for line in run.lines])

    def backlog(self, run):
        try:
            return oracle.what_if(run, [1])["backlog_assumed"]
        except oracle.NoAnswer:
            return None

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
                          rng.randint(0, width), rng.randint(0, width),
                          process=rng.randrange(self.processes))
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
        if self.has("huge") or not self.chance("rfc3339", 0.5):
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


# --- A simulated runner -----------------------------------------------------------------------

class Limit:
    """What a task has to get before it goes on: slots, a rate, a limit that changes, batches."""

    def __init__(self, rng, clock, kind, slots, step, jitter, lifo=False, change=None):
        self.rng, self.clock, self.kind, self.step, self.jitter = rng, clock, kind, step, jitter
        self.free, self.slots, self.lifo, self.change = slots, slots, lifo, change
        self.line, self.taken, self.last, self.running = [], 0, None, 0

    def enter(self, waiter):
        """Puts a waiter in line: a function that gets the time, or None where it gave up."""
        self.line.append(waiter)
        if self.kind == "batches":
            self.clock.at(self.clock.now, self.admit)
        else:
            self.admit()

    def leave(self):
        self.free += self.kind != "batches"     # the next batch begins after all of this one
        self.running -= 1
        self.admit()

    def give_up(self, waiter):
        if waiter in self.line:
            self.line.remove(waiter)
            waiter(None)

    def admit(self):
        while self.line and self.may_admit():
            waiter = self.line.pop(-1 if self.lifo else 0)
            self.free -= 1
            self.taken += 1
            self.running += 1
            if self.change and self.taken == self.change[0]:
                self.free += self.change[1]
            at = self.clock.now + self.jitter()
            if self.kind == "rate" and self.last is not None:
                at = max(at, self.last + self.step + self.jitter())
            self.last = at
            self.clock.at(at, lambda waiter=waiter: waiter(self.clock.now))

    def may_admit(self):
        if self.kind in ("free", "rate"):
            return True
        if self.kind == "batches" and self.running == 0:
            self.free = self.slots
        return self.free > 0


class Clock:
    """What happens when."""

    def __init__(self):
        self.now, self.agenda, self.number = 0, [], 0

    def at(self, time, act):
        self.number += 1
        heapq.heappush(self.agenda, (max(time, self.now), self.number, act))

    def run(self):
        while self.agenda:
            self.now, _, act = heapq.heappop(self.agenda)
            act()


class Workload:
    """Tasks of a runner, each a program that waits for limits and spends time."""

    def __init__(self, trace, count, plain=False):
        self.trace, self.rng, self.plain = trace, trace.rng, plain
        rng = self.rng
        self.clock = Clock()
        self.kind = rng.choice(["slots"] * 8 + ["rate", "rate", "change", "change", "two",
                                                "batches", "free", "free", "free"])
        if plain:
            self.kind = rng.choice(["slots"] * 3 + ["rate", "change", "change", "two"])
        few = self.kind in ("slots", "free")
        sizes = [2, 3, 3, 4, 6, 8, 10, 14, 20] if few else [9, 12, 16, 24]
        self.count = count or rng.choice(sizes + [20, 32])
        self.slots = rng.choice([1, 1, 2, 2, 3, 4, 5, 8]) if not plain else rng.choice([3, 8, 20])
        if self.slots >= self.count and rng.random() < 0.8:
            self.slots = rng.randint(1, max(1, self.count // 2))
        self.inside = not plain and (rng.random() < (0.8 if self.kind == "free" else 0.2))
        if self.inside:
            self.count = max(self.count, rng.choice([5, 6, 10, 16]))
        self.processes = rng.choice([1, 1, trace.processes]) if not plain else 1
        self.alone = rng.random() < 0.3         # one task of the last process only
        self.shared = rng.random() < 0.6        # one limit over all processes
        self.hold = sorted([trace.scaled(1, 80), trace.scaled(1, 80)])
        self.even = rng.random() < 0.2          # all hold equally long
        self.head, self.tail = self.untold(), self.untold()
        self.lookups = 0 if plain else rng.choice([0, 0, 0, 0.9, 1])
        self.told = 0 if plain else rng.choice([0, 0, 0, 0, 0.5, 1])
        if self.kind in ("change", "two", "batches") and not plain and rng.random() < 0.7:
            self.count = rng.choice([20, 24, 30, 40])       # enough to show what it is
            self.lookups = self.told = 0
        self.patience = trace.scaled(1, 120) if rng.random() < 0.25 and not plain else None
        self.spread = rng.choice([0, 0, 0, 1, 10])
        self.work_spans = 1 if plain else rng.choice([0, 1, 1, 1, 2])
        self.others = not plain and rng.random() < 0.25      # spans of more kinds within

    def untold(self):
        """How long before or after its spans a task holds a slot: the same, or varied."""
        longest = self.trace.scaled(0, self.rng.choice([0, 0, 1, 10]))
        return (longest, self.rng.random() < 0.6)

    def some(self, untold):
        longest, same = untold
        return longest if same else self.rng.randint(0, longest)

    def a_hold(self):
        return self.hold[1] if self.even else self.rng.randint(*self.hold)

    def make_limits(self):
        """The limit of each process, and those within tasks."""
        rng = self.rng
        noise = rng.choice([lambda: 0, lambda: 0, self.trace.jitter])
        step = self.trace.scaled(1, 8)

        def limit(slots):
            change = None
            if self.kind == "change":
                change = (max(1, self.count * rng.randint(3, 6) // 10),
                          rng.choice([slots, 2 * slots, -(slots // 2), slots + 3]))
            kind = "slots" if self.kind in ("change", "two") else self.kind
            return Limit(rng, self.clock, kind, slots, step, noise,
                         self.kind == "slots" and rng.random() < 0.15, change)
        if self.kind == "two":
            pair = [limit(rng.randint(1, 3)), limit(rng.randint(2, 6))]
            self.limit_of = lambda number, process: pair[number % 2]
        elif self.shared:
            one = limit(self.slots)
            self.limit_of = lambda number, process: one
        else:
            each = [limit(self.slots) for _ in range(self.processes)]
            self.limit_of = lambda number, process: each[process]
        self.pools = [Limit(rng, self.clock, "slots", rng.randint(1, 3), 0, noise)
                      for _ in range(rng.choice([1, 1, 2]))]
        self.classes = [(rng.choice(NAMES), rng.choice(TYPES[:4]), rng.choice(self.pools))
                        for _ in range(rng.choice([1, 1, 2, 3]))]
        self.opened = rng.random() < 0.6        # a span is open above
        self.pool_tail = self.trace.scaled(0, 3) if rng.random() < 0.2 else 0

    def run(self):
        trace, rng = self.trace, self.rng
        root, self.parent = trace.root()
        self.make_limits()
        at = trace.jitter()
        for number in range(self.count):
            process = rng.randrange(self.processes)
            if self.processes > 1 and self.alone:
                last = self.processes - 1
                process = last if number == 0 else rng.randrange(last)
            steps = self.task(number, process)
            self.clock.at(at, lambda steps=steps: self.go(steps))
            at += trace.jitter() + (trace.scaled(0, self.spread) if self.spread else 0)
        self.clock.run()
        trace.close(root)

    def go(self, steps, told=None):
        """Runs a task up to where it waits for the time, or for a limit."""
        try:
            wanted, *more = steps.send(told)
        except StopIteration:
            return
        if wanted == "spend":
            self.clock.at(self.clock.now + more[0], lambda: self.go(steps, self.clock.now))
        else:
            limit, patience = more
            def waiter(time):
                self.go(steps, time)
            if patience is not None:
                self.clock.at(self.clock.now + patience, lambda: limit.give_up(waiter))
            limit.enter(waiter)

    def task(self, number, process):
        """The program of one task."""
        trace, rng, clock = self.trace, self.rng, self.clock
        limit = self.limit_of(number, process)
        task = trace.add("transaction", self.parent, None, "user task", ("user",), clock.now, 0,
                         number=number, process=process)
        if rng.random() < self.lookups:
            start = clock.now + trace.jitter()
            yield "spend", start - clock.now + trace.scaled(0, 12)
            trace.span(task, task.id, start, clock.now)
        arrival = clock.now
        got = yield "take", limit, self.patience if rng.random() < 0.9 else None
        if rng.random() < self.told and clock.now > arrival:
            trace.add("span", task.id, task, "semaphore.acquire", ("wait", "lock", None),
                      arrival, clock.now - arrival)
        if got is not None:
            yield "spend", self.some(self.head)
            yield from self.work(task, number, process)
            if rng.random() < 0.1:
                yield "spend", self.some(self.head)
            limit.leave()
            yield "spend", self.some(self.tail)
        elif rng.random() < 0.3:
            yield "spend", trace.jitter()
        task.duration = clock.now - task.start

    def work(self, task, number, process):
        trace, rng, clock = self.trace, self.rng, self.clock
        if self.inside:
            yield from self.work_inside(task, process)
            return
        for _ in range(self.work_spans):
            start = clock.now
            yield "spend", self.a_hold()
            span = trace.span(task, task.id, start, clock.now)
            if self.others and rng.random() < 0.5:
                trace.add("transaction", span.id, None, "GET /child", ("request",), start,
                          (clock.now - start) // 2, process=rng.randrange(trace.processes))
        if not self.work_spans:
            yield "spend", self.a_hold()

    def relayed(self, above, task, outset):
        """The parent of a span within: the one above, or rarely another transaction's span below
        that."""
        trace, rng = self.trace, self.rng
        if not self.others or rng.random() > 0.1:
            return above.id
        child = trace.add("transaction", above.id, None, "GET /relay", ("request",), outset,
                          trace.scaled(0, 90), process=task.process)
        return trace.span(child, child.id, outset, outset + 1).id

    def work_inside(self, task, process):
        """Work that takes a slot of a pool within the task, once for each class."""
        trace, rng, clock = self.trace, self.rng, self.clock
        above = task
        if self.opened:
            above = trace.span(task, task.id, clock.now, clock.now)
            if rng.random() < 0.2:
                above = trace.span(task, above.id, clock.now, clock.now)
        outset = clock.now
        for name, type_, pool in rng.sample(self.classes, len(self.classes)):
            if rng.random() < 0.5:
                start = clock.now
                yield "spend", trace.scaled(0, 10)
                trace.add("span", above.id, task, "render", ("app", None, None), start,
                          clock.now - start)
            if rng.random() < 0.9 or not trace.tiny:
                arrival = clock.now
                yield "take", pool, None
                if self.others and rng.random() < 0.3 and clock.now > arrival:
                    trace.add("span", above.id, task, "pool.acquire", ("app.wait", None, None),
                              arrival, (clock.now - arrival) // rng.choice([1, 2]))
                start = clock.now
                yield "spend", self.a_hold()
                span = trace.add("span", self.relayed(above, task, outset), task, name, type_,
                                 start, clock.now - start)
                pool.leave()
                if self.others and rng.random() < 0.2:
                    trace.span(task, span.id, start, start + (clock.now - start) // 2)
                if self.pool_tail:
                    yield "spend", self.pool_tail
            if self.others and rng.random() < 0.2:
                trace.add("transaction", above.id, None, "GET /child", ("request",),
                          clock.now, trace.scaled(0, 10), process=process)
            if self.others and rng.random() < 0.1:      # something else goes on meanwhile
                trace.span(task, task.id, clock.now, clock.now + trace.scaled(0, 30))
        if self.opened:
            spans = [event for event in trace.events
                     if event.transaction is task and event.start <= outset
                     and event.duration == 0 and event.name is not None]
            for span in spans:
                if span.id in (above.id, above.parent):
                    span.duration = clock.now - span.start


def metadata(rng, features):
    out = {"service": {"name": SERVICES[0], "agent": {"name": "python", "version": "6.26.2"}}}
    if rng.random() < 0.7:
        out["process"] = {"pid": rng.randint(1, 99999)}
    if rng.random() < 0.7:
        out["system"] = {"detected_hostname": "host", "hostname": "other"}
    if "metadata_user" in features:
        out["user"] = rng.choice([{"id": "meta"}, {"id": 5}, {"username": "m"}, {"id": "user-1"}])
    return {"metadata": out}


def another_process(rng, first):
    """The metadata of a process that differs from the first in one thing; sometimes in nothing
    that counts."""
    out = json.loads(json.dumps(first))["metadata"]
    what = rng.choice(["pid", "pid", "pid", "no pid", "container", "container", "node", "service",
                       "configured_hostname", "detected_hostname", "hostname", "nothing"])
    if what == "pid":
        out["process"] = {"pid": rng.choice([7, 9, 10, 100, rng.randint(1, 99999)])}
    elif what == "no pid":
        out.pop("process", None)
    elif what == "container":
        out.setdefault("system", {})["container"] = {"id": rng.choice(["a", "b", "B"])}
    elif what == "node":
        out["service"]["node"] = {"configured_name": rng.choice(["n1", "n2"])}
    elif what == "service":
        out["service"]["name"] = rng.choice(SERVICES)
    elif what == "nothing":
        out["service"]["version"] = "2"
    else:
        out.setdefault("system", {})[what] = rng.choice(["host", "h2", None])
    return {"metadata": out}


def streams(rng, metas, lines):
    """The lines with the metadata they need: each process for itself, or mixed; metadata may be
    repeated anywhere."""
    if len(metas) > 1 and rng.random() < 0.6:
        lines = sorted(lines, key=lambda line: line[0])
    written, current = [], None
    for process, line in lines or [(0, None)]:
        if process != current or rng.random() < 0.01:
            written.append(json.dumps(metas[process]))
            current = process
        if line is not None:
            written.append(line)
    return written


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


def make_trace(rng, kind, trace):
    getattr(trace, kind)()
    if kind in ("line", "lattice") and len(trace.events) < 150 and rng.random() < 0.45:
        trace.near_edge()
    if kind == "line" and rng.random() < 0.6 or kind == "big":
        return
    trace.strange()


def make_file(rng, contested, small=False):
    rate = rng.choice([0, 0, 0.05, 0.05, 0.15, 0.3, 0.5])
    features = {feature for feature in FEATURES if rng.random() < rate}
    if "huge" in features and rng.random() < 0.7:
        features.remove("huge")
    tiny = rng.random() < 0.5
    traces = rng.choice([1] * 8 + [2, 3])
    odd = "odd_json" in features
    metas = [metadata(rng, features)]
    while len(metas) < 4 and rng.random() < 0.5:
        metas.append(another_process(rng, metas[0]))
    lines, shared = [], iter(HOSTILE)
    for number in range(traces):
        trace_id = f"{rng.getrandbits(128):032x}" if rng.random() < 0.8 \
            else next(shared) + rng.choice(["", "-trace"])
        trace = Trace(rng, trace_id, features, tiny, contested, len(metas))
        kind = rng.choice(["line"] * 13 + ["lattice"] * 4 + ["pool"] * 3 + ["soup"] * 3 + ["none"])
        if kind == "none" and number == 0 and rng.random() < 0.8:
            kind = "line"
        if kind == "line" and not small and traces == 1 and rng.random() < 0.04:
            kind = "big"
        if kind != "none":
            make_trace(rng, kind, trace)
        bodies = [(event.process, event.kind, trace.body(event)) for event in trace.events]
        if "errors" in features and bodies:
            bodies += [(0, "error", {"id": f"e{n}", "trace_id": trace_id, "parent_id": "p",
                                     "transaction_id": "t", "timestamp": 1000,
                                     "exception": {"message": "boom"}}) for n in (1, 2, 2)]
            bodies.append((0, "metricset", {"samples": {"a.b": {"value": 1.0}},
                                            "timestamp": 1000}))
        lines += bodies
    order = rng.random()
    if order < 0.4:
        rng.shuffle(lines)
    elif order < 0.6:
        lines.reverse()
    written = [(process, write_line(rng, kind, body, odd)) for process, kind, body in lines]
    mark = "\ufeff" if rng.random() < 0.05 else ""
    return mark + "\n".join(streams(rng, metas, written)) + "\n"


def main():
    parser = argparse.ArgumentParser(description="Generates small hostile traces.")
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--contested", action="store_true",
                        help="include what the definitions leave open")
    parser.add_argument("--small", action="store_true", help="no trace of a thousand events")
    parser.add_argument("outdir")
    arguments = parser.parse_args()
    os.makedirs(arguments.outdir, exist_ok=True)
    for number in range(arguments.count):
        rng = random.Random(f"{arguments.seed}/{number}/{arguments.contested}")
        data = make_file(rng, arguments.contested, arguments.small).encode()
        name = f"{'contested-' if arguments.contested else ''}{arguments.seed}-{number:05d}.ndjson"
        if rng.random() < 0.05:
            data, name = gzip.compress(data, mtime=0), name + ".gz"
        path = os.path.join(arguments.outdir, name)
        with open(path, "wb") as stream:
            stream.write(data)
        os.utime(path, (FILE_TIME, FILE_TIME))


if __name__ == "__main__":
    main()
