#!/usr/bin/env python3
"""A naive, independent reading of "wait and work", for differential testing.

    oracle.py FILE.ndjson[.gz] [--request-time US] [--inference auto|explicit|gap]
        waterfall|report|runs [TRACE_ID]

prints the JSON object of `waitline waterfall|report|runs --format json` for a file in the
intake-v2 format. Clarity goes before speed; times are Python integers, ratios
are fractions, and no decision is taken in floating point (milliseconds are doubles because the
definitions say so).

The file is taken to be valid. Lines of other kinds than metadata, transaction, span and error
are skipped. Where the definitions leave something open, this reading chooses:

- a transaction is never its own child; where a transaction and a span of one trace have the same
  id, a `parent_id` means the transaction;
- groups of a waterfall are ordered by (earliest start, parent id, service, name), those of a
  report by key, null first; siblings by (start, id), a transaction before a span;
- what is said of a group's pool (slots, whether it is seen, reading, occupancy, dense, and the
  delay) is the same under every inference: it is told of the data. What hangs on the wait itself
  is not: under `explicit` and `gap` nobody is released by anybody and the critical chain is one
  task long; a task of a group waited if its inferred wait, before spans are taken out of it, is
  not empty;
- the task that ended last is the last by (end, start, id);
- an empty `transaction_id` is an absent one; an absent name is another name than "";
- a span without a parent id hangs under its transaction and is no orphan;
- the root of a run is the earliest transaction without a parent id; a run has at least one
  transaction or span; without a transaction its name is null, its service its earliest span's;
- statistics of no tasks are null, their sums and shares 0.
"""

import argparse
import datetime
import gzip
import json
import os
import re
import sys
import unicodedata
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from fractions import Fraction

TEN_YEARS = 315_360_000_000_000
TIME_LIMIT = 2**61
WAIT_PARTS = {"wait", "queue", "lock", "semaphore", "throttle", "backoff"}
WAIT_WORDS = {"wait", "waiting", "acquire", "acquiring", "semaphore", "permit", "lock", "queued",
              "throttle", "backoff"}
OWN_CODE = {"app", "custom", "code"}
INFERENCES = ["auto", "explicit", "gap"]
FLAGS = ["orphan", "incomplete", "compressed", "unsampled", "outlives-parent", "before-parent",
         "failed", "cycle"]


# --- Reading a file ---------------------------------------------------------------------------

@dataclass(eq=False)
class Event:
    """A transaction or a span. `parent` and `transaction` (of a span) are found by its Run."""
    kind: str
    trace_id: str
    id: str
    parent_id: str | None
    transaction_id: str | None
    name: str | None
    type: str
    subtype: str | None
    action: str | None
    service: str | None
    process: tuple
    user: str | None
    outcome: str
    sampled: bool
    dropped: int
    compressed: bool
    start: int | None      # None until it is known, for a span that tells only its offset
    offset: int
    request_time: int
    duration: int
    queued: int
    parent: "Event | None" = None
    transaction: "Event | None" = None

    @property
    def end(self):
        return self.start + self.duration

    @property
    def order(self):
        return (self.start, self.id, 0 if self.kind == "transaction" else 1)


def micros(milliseconds):
    """Milliseconds, taken as a double, in whole microseconds: halves away from zero, clamped."""
    try:
        product = float(milliseconds) * 1000.0
    except OverflowError:
        return TEN_YEARS
    if product > TEN_YEARS:
        return TEN_YEARS
    exact = Fraction(product)
    magnitude = (abs(exact) + Fraction(1, 2)).__floor__()
    return magnitude if exact >= 0 else -magnitude


RFC3339 = re.compile(r"(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d+))?"
                     r"(?:[Zz]|([+-])(\d\d):(\d\d))$")


def timestamp(value):
    """Microseconds since the epoch, of an integer or an RFC 3339 text (cut to microseconds)."""
    if not isinstance(value, str):
        return value
    year, month, day, hour, minute, second, digits, sign, off_h, off_m = \
        RFC3339.match(value).groups()
    days = datetime.date(int(year), int(month), int(day)).toordinal() \
        - datetime.date(1970, 1, 1).toordinal()
    seconds = days * 86400 + int(hour) * 3600 + int(minute) * 60 + int(second)
    if sign:
        offset = int(off_h) * 3600 + int(off_m) * 60
        seconds -= offset if sign == "+" else -offset
    return seconds * 1_000_000 + int((digits or "").ljust(6, "0")[:6])


def lenient_object(pairs):
    """Keys match case-insensitively, the last of duplicates counts, null is absent."""
    members = {}
    for key, value in pairs:
        members[key.lower()] = value
    return {key: value for key, value in members.items() if value is not None}


DECODER = json.JSONDecoder(object_pairs_hook=lenient_object)
LINE = re.compile(r'[ \t]*\{[ \t\r]*"([^"\\]*)"[ \t\r]*:[ \t\r]*')


def dig(value, *keys):
    """The member reached by a path of keys, or None."""
    for key in keys:
        if not isinstance(value, dict):
            return None
        value = value.get(key)
    return value


def text(value):
    return None if value is None else str(value)


def user_of(body, metadata):
    user = dig(body, "context", "user") or {}
    if any(user.get(member) is not None for member in ("id", "username", "email", "domain")):
        return text(user.get("id"))
    return text(dig(metadata, "user", "id"))


def process_of(metadata):
    system = metadata.get("system") or {}
    names = [system[key] for key in ("configured_hostname", "detected_hostname", "hostname")
             if key in system]
    return (names[0] if names else None, dig(metadata, "process", "pid"),
            dig(metadata, "service", "node", "configured_name"))


def outcome_of(kind, body):
    if "outcome" in body:
        return body["outcome"]
    if kind == "transaction":
        status, failing = dig(body, "context", "response", "status_code"), 500
    else:
        status, failing = dig(body, "context", "http", "status_code"), 400
    if status is None:
        return "unknown"
    return "failure" if status >= failing else "success"


def type_of(kind, body):
    """(type, subtype, action): a dotted type of a span without the others is split."""
    name = body["type"]
    if kind == "transaction":
        return name or "unknown", None, None
    subtype, action = body.get("subtype"), body.get("action")
    if subtype is None and action is None and "." in name:
        name, subtype, *rest = name.split(".", 2)
        action = rest[0] if rest else None
    return name, subtype, action


def make_event(kind, body, metadata, request_time):
    kind_type, subtype, action = type_of(kind, body)
    transaction = kind == "transaction"
    offset = 0
    if "timestamp" in body:
        start = timestamp(body["timestamp"])
    elif transaction:
        start = request_time
    else:
        start, offset = None, micros(body["start"])
    return Event(
        kind=kind, trace_id=body["trace_id"], id=body["id"],
        parent_id=body.get("parent_id") or None,
        transaction_id=None if transaction else body.get("transaction_id") or None,
        name=body.get("name"), type=kind_type, subtype=subtype, action=action,
        service=dig(body, "context", "service", "name") or dig(metadata, "service", "name"),
        process=process_of(metadata),
        user=user_of(body, metadata) if transaction else None,
        outcome=outcome_of(kind, body),
        sampled=body.get("sampled", True) if transaction else True,
        dropped=dig(body, "span_count", "dropped") or 0 if transaction else 0,
        compressed=not transaction and bool(body.get("composite")),
        start=start, offset=offset, request_time=request_time,
        duration=micros(body["duration"]),
        queued=max(0, micros(dig(body, "context", "message", "age", "ms") or 0))
        if transaction else 0)


def read_runs(path, request_time=None, inference="auto"):
    """The runs of a file, by trace id. The default request time is the file's own."""
    if request_time is None:
        request_time = os.stat(path).st_mtime_ns // 1000
    with open(path, "rb") as stream:
        data = stream.read()
    if data[:2] == b"\x1f\x8b":
        data = gzip.decompress(data)
    metadata, events, errors = {}, {}, {}
    for line in data.decode("utf-8", "replace").split("\n"):
        match = LINE.match(line)
        if not match:
            continue
        kind = match.group(1)
        if kind not in ("metadata", "transaction", "span", "error"):
            continue
        body, _ = DECODER.raw_decode(line, match.end())
        if kind == "metadata":
            metadata = body
        elif kind == "error":
            if "trace_id" in body:
                errors.setdefault((body["trace_id"], body["id"]), body)
        else:
            event = make_event(kind, body, metadata, request_time)
            if event.start is None or abs(event.start) <= TIME_LIMIT:
                events.setdefault((event.trace_id, kind, event.id), event)
    by_trace = defaultdict(list)
    for event in events.values():
        by_trace[event.trace_id].append(event)
    error_counts = Counter(trace_id for trace_id, _ in errors)
    return {trace_id: Run(trace_id, members, error_counts[trace_id], inference)
            for trace_id, members in by_trace.items()}


# --- Waiting spans ----------------------------------------------------------------------------

def words(name):
    """The words of a name: runs of Unicode letters and digits."""
    found, word = [], ""
    for character in name + " ":
        category = unicodedata.category(character)
        if category[0] == "L" or category == "Nd":
            word += character
        elif word:
            found.append(word.lower())
            word = ""
    return found


def is_wait_span(span):
    """Whether a span's own type, subtype, action or name says that it waits."""
    parts = [part.lower() for value in (span.type, span.subtype, span.action) if value
             for part in value.split(".")]
    if any(part in WAIT_PARTS for part in parts):
        return True
    return span.type.split(".")[0].lower() in OWN_CODE \
        and any(word in WAIT_WORDS for word in words(span.name))


def waits(event, task):
    """Whether a span or child transaction of a task is, or is below, a wait span of the task."""
    seen = set()
    while event is not None and event is not task and event not in seen:
        if event.kind == "span" and event.transaction is task and is_wait_span(event):
            return True
        seen.add(event)
        event = event.parent
    return False


# --- Tasks ------------------------------------------------------------------------------------

@dataclass(eq=False)
class Piece:
    """A span of a task (or a child transaction), clipped to the task and not empty."""
    event: Event
    start: int
    end: int
    waits: bool


@dataclass(eq=False)
class Task:
    """A sampled transaction, its spans, and what is found out about its time."""
    event: Event
    pieces: list
    inferred: tuple | None = None     # the inferred wait, before spans are taken out of it
    released_by: "Task | None" = None
    delay: int = 0
    states: list = field(default_factory=list)      # (state, source, start, end)

    @property
    def order(self):
        return (self.event.start, self.event.id)

    def open_during(self, start, end):
        """The pieces open throughout an elementary interval."""
        return [piece for piece in self.pieces if piece.start <= start and end <= piece.end]

    def elementary(self, *more):
        """The elementary intervals of the task: between neighbouring ends of anything."""
        bounds = {self.event.start, self.event.end, *more}
        for piece in self.pieces:
            bounds |= {piece.start, piece.end}
        bounds = sorted(bounds)
        return list(zip(bounds, bounds[1:]))

    def gap_at_start(self):
        """Reading A: from the start to the first work."""
        first = min((piece.start for piece in self.pieces if not piece.waits),
                    default=self.event.end)
        return (self.event.start, first)

    def whole_leading_gap(self):
        """What inference `gap` takes: all of the gap at the start, of a task with work."""
        start, end = self.gap_at_start()
        works = any(not piece.waits for piece in self.pieces)
        return (start, end) if works and start < end else None

    def longest_gap(self):
        """Reading B: the longest interval without an open span, the earliest of equals."""
        free = []
        for start, end in self.elementary():
            if not self.open_during(start, end):
                if free and free[-1][1] == start:
                    free[-1] = (free[-1][0], end)
                else:
                    free.append((start, end))
        empty = (self.event.start, self.event.start)
        return min(free, key=lambda gap: (gap[0] - gap[1], gap[0]), default=empty)

    def find_states(self):
        """Sets `states`, joining neighbours that are alike."""
        for start, end in self.elementary(*(self.inferred or ())):
            state = self.state_during(start, end)
            if self.states and self.states[-1][:2] == state:
                self.states[-1] = (*state, self.states[-1][2], end)
            else:
                self.states.append((*state, start, end))
        self.check()

    def state_during(self, start, end):
        opened = self.open_during(start, end)
        if not opened:
            if self.inferred and self.inferred[0] <= start and end <= self.inferred[1]:
                return ("wait", "inferred")
            return ("self", None)
        parents = {piece.event.parent for piece in opened}
        leaves = [piece for piece in opened if piece.event not in parents] or opened
        if any(not leaf.waits for leaf in leaves):
            return ("work", None)
        return ("wait", "span")

    def time(self, state, source=None):
        return sum(end - start for name, its, start, end in self.states
                   if name == state and its == source)

    @property
    def total(self):
        return self.event.duration + self.event.queued

    @property
    def waits_by_source(self):
        return {"inferred": self.time("wait", "inferred"), "span": self.time("wait", "span"),
                "message": self.event.queued}

    @property
    def wait(self):
        return sum(self.waits_by_source.values())

    @property
    def work(self):
        return self.total - self.wait

    @property
    def self_time(self):
        return self.time("self")

    def check(self):
        """The states cover the task without hole or overlap, and wait + work = total."""
        at = self.event.start
        for state, source, start, end in self.states:
            assert start == at and end > start, "hole, overlap or empty state"
            assert (source is not None) == (state == "wait"), "source"
            at = end
        assert at == self.event.end, "states do not reach the end"
        for left, right in zip(self.states, self.states[1:]):
            assert left[:2] != right[:2], "neighbours not joined"
        assert self.time("work") + self.self_time == self.work, "wait + work != total"
        assert 0 <= self.wait <= self.total and 0 <= self.self_time <= self.work, "bounds"


# --- Groups and their pools -------------------------------------------------------------------

class Reading:
    """One reading of a group: who held a slot when, and who waited for one."""

    def __init__(self, name, tasks, gaps):
        self.name, self.tasks, self.gaps = name, tasks, gaps
        self.steps = self.count_holds()
        self.held = sum(n * (end - start) for start, end, n in self.steps)
        self.slots = self.find_slots()
        self.admission, self.giver = {}, {}
        if self.slots > 0:
            self.admit()
        self.waited = [task for task in tasks
                       if task in self.admission and self.admission[task] > gaps[task][0]]
        self.waited_time = sum(self.admission[task] - gaps[task][0] for task in self.waited)
        self.occupancy, self.seen = None, False
        if self.waited:
            busy = sum(self.busy_slots(gaps[task][0], self.admission[task])
                       for task in self.waited)
            capacity = self.slots * self.waited_time
            self.occupancy = Fraction(busy, capacity)
            self.seen = 10 * busy >= 9 * capacity
            assert 0 <= busy <= capacity
        if not self.seen:
            self.waited, self.waited_time = [], 0

    def taking(self, task):
        return self.gaps[task][1]

    def count_holds(self):
        """N(t), as (start, end, N) between neighbouring changes."""
        change = Counter()
        for task in self.tasks:
            change[self.taking(task)] += 1
            change[task.event.end] -= 1
        times, steps, n = sorted(change), [], 0
        for start, end in zip(times, times[1:]):
            n += change[start]
            steps.append((start, end, n))
        return steps

    def find_slots(self):
        """The largest k such that "k or more" still has 1 % of all held time."""
        slots = 0
        for k in range(1, max((n for _, _, n in self.steps), default=0) + 1):
            part = sum(n * (end - start) for start, end, n in self.steps if n >= k)
            if self.held > 0 and 100 * part >= self.held:
                slots = k
        return slots

    def admit(self):
        """Hands each slot that was given back to the next that took one."""
        takers = sorted(self.tasks, key=lambda task: (self.taking(task), *task.order))
        givers = sorted(self.tasks, key=lambda task: (task.event.end, *task.order))
        for position, task in enumerate(takers):
            if position < self.slots:
                continue
            giver = givers[position - self.slots]
            if giver is not task:
                self.giver[task] = giver
                self.admission[task] = min(giver.event.end, self.taking(task))

    def busy_slots(self, start, end):
        """The integral of min(N, K) over [start, end)."""
        total = 0
        for step_start, step_end, n in self.steps:
            overlap = min(end, step_end) - max(start, step_start)
            if overlap > 0:
                total += min(n, self.slots) * overlap
        return total


class Group:
    """Sampled transactions of one trace with the same parent id, service, process and name."""

    def __init__(self, tasks):
        self.tasks = sorted(tasks, key=lambda task: task.order)
        first = self.tasks[0].event
        self.parent_id, self.service, self.name = first.parent_id, first.service, first.name
        self.start = min(task.event.start for task in tasks)
        self.end = max(task.event.end for task in tasks)
        self.reading = self.choose_reading()
        self.slots = self.reading.slots
        window = self.end - self.start
        self.dense = self.slots > 0 and 2 * self.reading.held >= self.slots * window
        for task in self.tasks:
            if self.dense:
                task.delay = task.event.start - self.start

    def infer_waits(self):
        """Inference `auto`: the tasks that waited in the reading, and who released them."""
        for task in self.reading.waited:
            task.inferred = (self.reading.gaps[task][0], self.reading.admission[task])
            giver = self.reading.giver[task]
            if giver.event.end <= self.reading.taking(task):
                task.released_by = giver

    def choose_reading(self):
        at_start = Reading("start", self.tasks, {t: t.gap_at_start() for t in self.tasks})
        later = Reading("later", self.tasks, {t: t.longest_gap() for t in self.tasks})
        a, b = at_start.waited_time, later.waited_time
        durations = sum(task.event.duration for task in self.tasks)
        if later.seen and 10 * b > 11 * a and 100 * b >= durations:
            return later
        return at_start

    @property
    def waited(self):
        return [task for task in self.tasks if task.inferred is not None]

    def chain(self):
        """The critical chain, from the task that ended last."""
        task = max(self.tasks, key=lambda task: (task.event.end, *task.order))
        chain = []
        while task is not None:
            assert task not in chain, "the critical chain turns back"
            chain.append(task)
            task = task.released_by
        return chain

    @property
    def order(self):
        return (self.start, self.parent_id, self.service or "", self.name or "")


# --- Runs -------------------------------------------------------------------------------------

class Run:
    """A trace: its transactions and spans, tasks and groups."""

    def __init__(self, trace_id, events, errors, inference):
        self.trace_id, self.events, self.errors = trace_id, events, errors
        self.inference = inference
        self.transactions = {e.id: e for e in events if e.kind == "transaction"}
        self.spans = {e.id: e for e in events if e.kind == "span"}
        for event in events:
            event.parent = self.transactions.get(event.parent_id) \
                or self.spans.get(event.parent_id) if event.parent_id else None
        for span in self.spans.values():
            span.transaction = self.transaction_of(span)
        for span in self.spans.values():
            if span.start is None:
                known = span.transaction
                span.start = (known.start if known else span.request_time) + span.offset
        self.start = min(event.start for event in events)
        self.end = max(event.end for event in events)
        self.tasks = self.make_tasks()
        self.groups = self.make_groups()
        self.infer_waits()
        for task in self.tasks.values():
            task.find_states()

    def transaction_of(self, span):
        if span.transaction_id:
            return self.transactions.get(span.transaction_id)
        seen, event = set(), span
        while event is not None and event not in seen:
            if event.kind == "transaction":
                return event
            seen.add(event)
            event = event.parent
        return None

    def make_tasks(self):
        """Every sampled transaction with its clipped spans and child transactions."""
        members = defaultdict(list)
        for event in self.events:
            if event.kind == "span":
                owner = event.transaction
            elif event.parent is not None and event.parent.kind == "span":
                owner = event.parent.transaction
            else:
                owner = event.parent
            if owner is not None and owner is not event:
                members[owner].append(event)
        tasks = {}
        for transaction in self.transactions.values():
            if not transaction.sampled:
                continue
            pieces = []
            for event in members[transaction]:
                start = max(event.start, transaction.start)
                end = min(event.end, transaction.end)
                if start < end:
                    pieces.append(Piece(event, start, end, waits(event, transaction)))
            tasks[transaction] = Task(transaction, pieces)
        return tasks

    def make_groups(self):
        alike = defaultdict(list)
        for event, task in self.tasks.items():
            if event.parent_id:
                alike[event.parent_id, event.service, event.process, event.name].append(task)
        groups = [Group(tasks) for tasks in alike.values() if len(tasks) >= 2]
        return sorted(groups, key=lambda group: group.order)

    def infer_waits(self):
        """Sets the inferred wait of each task that has one under the inference in force."""
        if self.inference == "auto":
            for group in self.groups:
                group.infer_waits()
        elif self.inference == "gap":
            for task in self.tasks.values():
                task.inferred = task.whole_leading_gap()

    def counted_tasks(self):
        """The tasks a report counts."""
        grouped = [task for group in self.groups for task in group.tasks]
        with_user = [task for event, task in self.tasks.items() if event.user is not None]
        top = [task for event, task in self.tasks.items() if event.parent is None]
        return grouped or with_user or top

    def largest_group(self):
        return min(self.groups, default=None,
                   key=lambda group: (-len(group.tasks), group.start, group.parent_id,
                                      group.name or ""))


# --- What is printed --------------------------------------------------------------------------

def share(part, whole):
    """A ratio with four decimals, halves up; 0 of nothing."""
    return (2 * 10_000 * part + whole) // (2 * whole) / 10_000 if whole else 0


def slowdown(total, work):
    """How many times as long as its work something took, with four decimals; None without work."""
    return share(total, work) if work else None


def newest_first(runs):
    return sorted(runs.values(), key=lambda run: (-run.start, run.trace_id))


def parent_cycles(events):
    """The cycles of the parent relation, each as a list of its members."""
    cycles, done = [], set()
    for event in events:
        path = []
        while event is not None and event not in done and event not in path:
            path.append(event)
            event = event.parent
        if event is not None and event in path:
            cycles.append(path[path.index(event):])
        done.update(path)
    return cycles


def draw(run):
    """(event, depth) in the order drawn, and the set of events in a cycle.

    What has no parent to hang under hangs under its transaction, as long as that one is not
    below it; so does the first member of each cycle. They are taken in the order of siblings.
    """
    under = {event: event.parent for event in run.events}
    cycles = parent_cycles(run.events)
    for cycle in cycles:
        under[min(cycle, key=lambda event: event.order)] = None
    loose = [event for event in run.events if under[event] is None]
    for event in sorted(loose, key=lambda event: event.order):
        above = event.transaction
        while above is not None and above is not event:
            above = under[above]
        if above is None:
            under[event] = event.transaction
    children = defaultdict(list)
    for event in run.events:
        children[under[event]].append(event)
    drawn = []
    stack = [(event, 0) for event in sorted(children[None], key=lambda e: e.order, reverse=True)]
    while stack:
        event, depth = stack.pop()
        drawn.append((event, depth))
        stack += [(child, depth + 1)
                  for child in sorted(children[event], key=lambda e: e.order, reverse=True)]
    assert len(drawn) == len(run.events), "rows lost"
    return drawn, {event for cycle in cycles for event in cycle}


def flags(event, in_cycle):
    parent = event.parent
    holds = {
        "orphan": event.parent_id is not None and parent is None,
        "incomplete": event.dropped > 0,
        "compressed": event.compressed,
        "unsampled": not event.sampled,
        "outlives-parent": parent is not None and event.end > parent.end,
        "before-parent": parent is not None and event.start < parent.start,
        "failed": event.outcome == "failure",
        "cycle": in_cycle,
    }
    return [flag for flag in FLAGS if holds[flag]]


def state_json(run, state, source, start, end):
    out = {"state": state, "start_us": start - run.start, "duration_us": end - start}
    if source:
        out["source"] = source
    return out


def wait_source(task):
    sources = [source for source, time in task.waits_by_source.items() if time > 0]
    if len(sources) > 1:
        return "mixed"
    return sources[0] if sources else None


def row_json(run, event, depth, in_cycle):
    transaction = event.kind == "transaction"
    owner = event if transaction else event.transaction
    row = {
        "id": event.id, "parent_id": event.parent_id,
        "transaction_id": event.id if transaction
        else event.transaction_id or (owner.id if owner else None),
        "depth": depth, "kind": event.kind, "name": event.name, "type": event.type,
        "subtype": event.subtype, "action": event.action, "service": event.service,
        "user": owner.user if owner else None, "outcome": event.outcome,
        "start_us": event.start - run.start, "duration_us": event.duration,
        "flags": flags(event, in_cycle),
    }
    if transaction:
        task = run.tasks.get(event)
        row |= {
            "total_us": task.total, "wait_us": task.wait, "work_us": task.work,
            "self_us": task.self_time, "delay_us": task.delay, "queued_us": event.queued,
            "wait_source": wait_source(task),
            "released_by": task.released_by.event.id if task.released_by else None,
            "states": [state_json(run, *state) for state in task.states],
        } if task else dict.fromkeys(
            ["total_us", "wait_us", "work_us", "self_us", "delay_us", "queued_us",
             "wait_source", "released_by", "states"])
    return row


def group_json(group):
    reading = group.reading
    return {
        "parent_id": group.parent_id, "service": group.service, "name": group.name,
        "tasks": len(group.tasks), "slots": group.slots, "pool_seen": reading.seen,
        "reading": reading.name,
        "occupancy": None if reading.occupancy is None else float(reading.occupancy),
        "waited": len(group.waited), "dense": group.dense,
        "makespan_us": group.end - group.start,
        "chain": [task.event.id for task in group.chain()],
    }


def waterfall(run):
    drawn, in_cycle = draw(run)
    return {
        "schema": "waitline.waterfall.v1", "trace_id": run.trace_id, "start_us": run.start,
        "makespan_us": run.end - run.start, "inference": run.inference,
        "groups": [group_json(group) for group in run.groups],
        "rows": [row_json(run, event, depth, event in in_cycle) for event, depth in drawn],
        "rows_left_out": 0,
    }


def percentile(values, q):
    """Nearest rank."""
    values = sorted(values)
    return values[-(-q * len(values) // 100) - 1]


def statistics(values):
    if not values:
        return dict.fromkeys(["p50", "p90", "p95", "p99", "max", "mean"]) | {"sum": 0}
    total, n = sum(values), len(values)
    return {"p50": percentile(values, 50), "p90": percentile(values, 90),
            "p95": percentile(values, 95), "p99": percentile(values, 99),
            "max": max(values), "mean": (2 * total + n) // (2 * n), "sum": total}


def summary(tasks):
    return {
        "tasks": len(tasks),
        "failed": sum(task.event.outcome == "failure" for task in tasks),
        "total_us": statistics([task.total for task in tasks]),
        "wait_us": statistics([task.wait for task in tasks]),
        "work_us": statistics([task.work for task in tasks]),
        "self_us": statistics([task.self_time for task in tasks]),
        "delay_us": statistics([task.delay for task in tasks]),
        "wait_share": share(sum(task.wait for task in tasks), sum(task.total for task in tasks)),
        "slowdown": slowdown(sum(task.total for task in tasks), sum(task.work for task in tasks)),
    }


def report(runs, inference="auto"):
    tasks = [task for run in runs.values() for task in run.counted_tasks()]
    by_user = defaultdict(list)
    for task in tasks:
        by_user[task.event.user].append(task)
    keys = sorted(by_user, key=lambda user: (user is not None, user or ""))
    return {
        "schema": "waitline.report.v1", "percentiles": "nearest-rank", "inference": inference,
        "by": "user", "tasks": len(tasks),
        "unsampled": sum(not event.sampled for run in runs.values() for event in run.events),
        "incomplete": sum(task.event.dropped > 0 for task in tasks),
        "runs": len(runs), "arriving": 0,
        "overall": summary(tasks),
        "groups": [{"key": user, **summary(by_user[user])} for user in keys],
        "groups_left_out": 0,
    }


def run_json(run):
    transactions = sorted(run.transactions.values(), key=lambda event: event.order)
    roots = [event for event in transactions if not event.parent_id]
    root = (roots or transactions or [None])[0]
    shown = root or min(run.spans.values(), key=lambda event: event.order)
    group = run.largest_group()
    tasks = group.tasks if group else []
    return {
        "trace_id": run.trace_id, "name": root.name if root else None,
        "service": shown.service, "start_us": run.start, "makespan_us": run.end - run.start,
        "arriving": False, "transactions": len(run.transactions), "spans": len(run.spans),
        "errors": run.errors, "tasks": len(tasks),
        "failed": sum(task.event.outcome == "failure" for task in tasks),
        "slots": group.slots if group else None,
        "wait_share": share(sum(task.wait for task in tasks),
                            sum(task.total for task in tasks)),
    }


def list_runs(runs):
    return {"schema": "waitline.runs.v1", "runs": [run_json(run) for run in newest_first(runs)]}


def main():
    parser = argparse.ArgumentParser(description="An oracle for waitline's JSON output.")
    parser.add_argument("file")
    parser.add_argument("--request-time", type=int, metavar="US",
                        help="default time of events, in µs (else the file's modification time)")
    parser.add_argument("--inference", choices=INFERENCES, default="auto",
                        help="where inferred waits come from (default auto)")
    parser.add_argument("command", choices=["waterfall", "report", "runs"])
    parser.add_argument("trace_id", nargs="?")
    arguments = parser.parse_args()
    runs = read_runs(arguments.file, arguments.request_time, arguments.inference)
    if arguments.trace_id is not None:
        runs = {key: run for key, run in runs.items() if key == arguments.trace_id}
    if arguments.command == "waterfall":
        if not runs:
            sys.exit("no such run")
        answer = waterfall(newest_first(runs)[0])
    elif arguments.command == "report":
        answer = report(runs, arguments.inference)
    else:
        answer = list_runs(runs)
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
