#!/usr/bin/env python3
"""A naive, independent reading of "wait and work" (second edition), for differential testing.

    oracle.py FILE.ndjson[.gz] [--request-time US] [--inference auto|explicit|gap]
        waterfall|report|runs|what-if [TRACE_ID] [--slots 1,2,...] [--group NAME]

prints the JSON object of `waitline waterfall|report|runs|what-if --format json` for a file in the
intake-v2 format. Clarity goes before speed; times are Python integers, ratios are fractions, and
no decision is taken in floating point (milliseconds are doubles because the definitions say so).

The file is taken to be valid; a metadata line anywhere begins another stream, and a byte order
mark at the very start is skipped. Lines of other kinds than metadata, transaction, span and error
are skipped. Where the definitions leave something open, this reading chooses:

- a transaction is never its own child; where a transaction and a span of one trace have the same
  id, a `parent_id` means the transaction;
- groups of a waterfall are ordered by (earliest start, parent id, service, name, process), those
  of a report by key, null first; siblings by (start, id), a transaction before a span; a process
  by its four members in the order of their definition, an absent one first, pids as numbers;
- the type of a class of spans within tasks is the type as sent, before a dotted one is split;
- what is above a span within its task is found by going up through `parent_id` until the task, or
  until an event that is no span or child transaction of the task; one that is empty when clipped
  is passed, but does not count;
- what is said of a group's pool (slots, which pool is seen, lag, rate, scope, reading, occupancy,
  dense, and the delay) is the same under every inference: it is told of the data. What hangs on
  the wait itself is not: under `explicit` and `gap` nobody is released by anybody, the critical
  chain is one task long and there are no lines; a task of a group waited if its inferred wait,
  before spans are taken out of it, is not empty;
- the task that ended last is the last by (end, start, id); the critical chain stops before a task
  that it has already met;
- an empty `transaction_id` is an absent one; an absent name is another name than "";
- a span without a parent id hangs under its transaction and is no orphan;
- the root of a run is the earliest transaction without a parent id; a run has at least one
  transaction or span; without a transaction its name is null, its service its earliest span's;
- statistics of no tasks are null, their sums and shares 0;
- in a what-if, the slot time of a member that never held but waited counts from the end of its
  wait, like that of any that waited; the utilisation of a makespan of 0 is 0, and the replay check
  of a recorded makespan of 0 is null; both are rounded to four decimals, halves up.
"""

import argparse
import datetime
import gzip
import json
import os
import re
import sys
import unicodedata
from bisect import bisect_right
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from fractions import Fraction
from math import isqrt

TEN_YEARS = 315_360_000_000_000
TIME_LIMIT = 2**61
WAIT_PARTS = {"wait", "queue", "lock", "semaphore", "throttle", "backoff"}
WAIT_WORDS = {"wait", "waiting", "acquire", "acquiring", "semaphore", "permit", "lock", "queued",
              "throttle", "backoff"}
OWN_CODE = {"app", "custom", "code"}
INFERENCES = ["auto", "explicit", "gap"]
CLASS_SIZE = 5           # a class of spans, or several, is a line from so many members on
MOST_SLOTS = 4096
MOST_TRIED = 512         # takers that the costs are taken over, where there are more
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
    sent_type: str         # before a dotted one was split
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
            dig(metadata, "service", "node", "configured_name"),
            dig(metadata, "system", "container", "id"))


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
        name=body.get("name"), type=kind_type, sent_type=body["type"],
        subtype=subtype, action=action,
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
        return runs_of(stream.read(), request_time, inference)


def runs_of(data, request_time, inference="auto"):
    """The runs of what a file holds, by trace id."""
    if data[:2] == b"\x1f\x8b":
        data = gzip.decompress(data)
    if data[:3] == b"\xef\xbb\xbf":
        data = data[3:]
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

def covers(interval, start, end):
    return interval[0] <= start and end <= interval[1]


def open_leaves(opened):
    """Those of the open pieces that are no open one's parent; in a cycle all of them."""
    parents = {piece.event.parent for piece in opened}
    return [piece for piece in opened if piece.event not in parents] or opened


@dataclass(eq=False)
class Piece:
    """A span of a task (or a child transaction), clipped to the task and not empty."""
    event: Event
    start: int
    end: int
    waits: bool


@dataclass(eq=False)
class Task:
    """A sampled transaction, its spans, and what is found out about its time.

    The inferred waits are whole here: spans are taken out of them where the states are found.
    """
    event: Event
    pieces: list
    inferred: tuple | None = None     # the wait in the group's line: (start, end)
    line_waits: list = field(default_factory=list)  # the waits in lines within the task
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
        waits = self.line_waits + ([self.inferred] if self.inferred else [])
        for start, end in self.elementary(*(time for wait in waits for time in wait)):
            state = self.state_during(start, end)
            if self.states and self.states[-1][:2] == state:
                self.states[-1] = (*state, self.states[-1][2], end)
            else:
                self.states.append((*state, start, end))
        self.check()

    def state_during(self, start, end):
        opened = self.open_during(start, end)
        leaves = open_leaves(opened)
        if opened and all(leaf.waits for leaf in leaves):
            return ("wait", "span")
        if any(covers(wait, start, end) for wait in self.line_waits):
            return ("wait", "inferred")
        if opened:
            return ("work", None)
        if self.inferred and covers(self.inferred, start, end):
            return ("wait", "inferred")
        return ("self", None)

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


# --- The fit: a line seen from outside ----------------------------------------------------------

@dataclass(eq=False)
class Member:
    """A task of a group, or a span of a class, as the fit sees it."""
    gap_start: int
    taking: int
    end: int
    start: int
    id: str
    task: Task

    @property
    def gap(self):
        return self.taking - self.gap_start


def lower_median(values):
    return sorted(values)[(len(values) - 1) // 2]


class Fit:
    """How many slots the members took turns at, what is seen, and who waited until when.

    slots    K                            lag      c(K), or None
    cost     cost(K), or None             pool     "slots", "rate", "handover" or None
    rate     the time between takings     waits    member -> (start, end) of its inferred wait
    giver    member -> the one that released it
    """

    def __init__(self, members):
        self.members = members
        self.holders = [member for member in members if member.taking < member.end]
        self.takers = sorted(self.holders, key=lambda m: (m.taking, m.start, m.id))
        self.enders = sorted(self.holders, key=lambda m: (m.end, m.start, m.id))
        self.ends = [member.end for member in self.enders]
        self.count = len(self.holders)
        self.held = sum(member.end - member.taking for member in self.holders)
        self.slots = min(self.count, 1)
        self.lag = self.cost = self.pool = self.rate = None
        self.waits, self.giver = {}, {}
        self.waiters, self.admission = [], {}
        if self.count >= 2:
            self.hold = lower_median([member.end - member.taking for member in self.holders])
            self.slots = self.find_slots()
            if self.slots > 0:
                self.judge()

    # -- Steps 2 and 3

    def lags(self, slots, positions):
        """Of the takers at these positions: how much later than foretold each took its slot."""
        lags = []
        for m in positions:
            taker = self.takers[m]
            foretold = taker.gap_start
            if m >= slots:
                foretold = max(foretold, self.ends[m - slots])
            lags.append(taker.taking - foretold)
        return lags

    def lag_and_cost(self, slots, positions):
        lags = self.lags(slots, positions)
        middle = lower_median(lags)
        return middle, sum(abs(lag - middle) for lag in lags)

    def most_at_once(self):
        """The largest number of intervals [taking, end) that contain one instant."""
        change = Counter()
        for member in self.holders:
            change[member.taking] += 1
            change[member.end] -= 1
        most = n = 0
        for time in sorted(change):
            n += change[time]
            most = max(most, n)
        return most

    def find_slots(self):
        """The number of slots that foretells best; 0 where none is a candidate."""
        n, top = self.count, self.most_at_once()
        positions = range(n)
        if n > MOST_TRIED:
            positions = [i * (n - 1) // (MOST_TRIED - 1) for i in range(MOST_TRIED)]
        best, best_cost = 0, None
        for slots in range(1, min(n, top + top // 2 + 2, MOST_SLOTS) + 1):
            lag, cost = self.lag_and_cost(slots, positions)
            if 2 * abs(lag) <= self.hold and (best_cost is None or cost < best_cost):
                best, best_cost = slots, cost
        return best

    # -- Steps 4 to 7

    def judge(self):
        """Finds the waiters, and which kind of line is seen, if any."""
        everyone = range(self.count)
        self.lag, self.cost = self.lag_and_cost(self.slots, everyone)
        lags = self.lags(self.count, everyone)
        least = min(lower_median(lags), self.hold // 2)
        self.baseline = sum(abs(lag - least) for lag in lags)
        for m in range(self.slots, self.count):
            taker = self.takers[m]
            admission = min(self.ends[m - self.slots], taker.taking)
            if admission > taker.gap_start:
                self.waiters.append(m)
                self.admission[taker] = admission
        if not self.waiters:
            return
        self.rate = self.find_rate()
        if self.rate is not None:
            self.pool = "rate"
            for taker in self.takers:
                if taker.gap > 0:
                    self.waits[taker] = (taker.gap_start, taker.taking)
        elif self.slots_are_seen():
            self.pool = "slots"
            self.admit_waiters()
            self.admit_the_rest()
        else:
            pairs = self.find_handovers()
            if pairs is not None:
                self.pool = "handover"
                for taker, giver in pairs:
                    self.waits[taker] = (taker.gap_start, giver.end)
                    self.giver[taker] = giver

    def find_rate(self):
        """The time between one taking and the next, where they come evenly; else None."""
        takings = [taker.taking for taker in self.takers if taker.gap > 0]
        if len(takings) < 8:
            return None
        steps = [later - sooner for sooner, later in zip(takings, takings[1:])]
        step = lower_median(steps)
        unevenness = sum(abs(one - step) for one in steps)
        seen = step > 0 and self.baseline > 0 \
            and 5 * unevenness <= takings[-1] - takings[0] \
            and 10 * unevenness <= self.baseline \
            and 2 * unevenness < self.cost
        return step if seen else None

    def slots_are_seen(self):
        """Whether the slots explain the gaps, and takings follow ends more closely than chance."""
        if 10 * self.cost > self.baseline:
            return False
        behind = [self.takers[m].taking - self.ends[m - self.slots] for m in self.waiters]
        middle = lower_median(behind)
        w = len(behind)
        deviation = sorted(abs(x - middle) for x in behind)[3 * (w - 1) // 4]
        span = self.takers[self.waiters[-1]].taking - self.takers[self.waiters[0]].taking
        return 200 * deviation * (w - 1) <= isqrt(10_000 * self.slots) * span

    def admit_waiters(self):
        """Each got the slot that one before it gave back; nobody releases itself."""
        for m in self.waiters:
            taker, giver = self.takers[m], self.enders[m - self.slots]
            self.waits[taker] = (taker.gap_start, self.admission[taker])
            if giver is not taker:
                self.giver[taker] = giver

    def admit_the_rest(self):
        """Members that never held waited to the last instant at which the slots were full."""
        steps = self.occupied()
        for member in self.members:
            if member.taking < member.end:
                continue
            # Just before b: b is the end of a part of a step within (gap start, end].
            full = [min(end, member.end) for start, end, n in steps
                    if n >= self.slots and start < member.end and end > member.gap_start]
            if full and max(full) > member.gap_start:
                self.waits[member] = (member.gap_start, max(full))

    def find_handovers(self):
        """(taker, the one that ended just before), where tasks begin just when others end."""
        between = lower_median([later - sooner for sooner, later in zip(self.ends, self.ends[1:])])
        late = [taker for taker in self.takers if taker.gap >= max(1, between)]
        pairs, matches = [], 0
        for taker in late:
            ended = bisect_right(self.ends, taker.taking)      # so many ended by then
            last = self.enders[ended - 1] if ended else None
            if last is not None and last.end > taker.gap_start:
                pairs.append((taker, last))
                matches += 10 * (taker.taking - last.end) <= between
        return pairs if len(late) >= 8 and 4 * matches >= 3 * len(late) else None

    # -- Step 8

    def occupied(self):
        """N(t), as (start, end, N) between neighbouring changes."""
        before = max(0, self.lag)
        change = Counter()
        for member in self.holders:
            change[max(member.gap_start, member.taking - before)] += 1
            change[member.end] -= 1
        times, steps, n = sorted(change), [], 0
        for start, end in zip(times, times[1:]):
            n += change[start]
            steps.append((start, end, n))
        return steps

    @property
    def occupancy(self):
        """The share of the slots in use while the waiters of step 4 stood in line."""
        if not self.waiters or self.pool in ("rate", "handover"):
            return None
        busy = line = 0
        steps = self.occupied()
        for taker, admission in self.admission.items():
            line += admission - taker.gap_start
            for start, end, n in steps:
                overlap = min(end, admission) - max(start, taker.gap_start)
                if overlap > 0:
                    busy += min(n, self.slots) * overlap
        assert 0 <= busy <= self.slots * line
        return Fraction(busy, self.slots * line)

    @property
    def waited_time(self):
        """`waited`: the inferred waits, or where nothing is seen, those of step 4's waiters."""
        if self.pool is None:
            return sum(admission - taker.gap_start for taker, admission in self.admission.items())
        return sum(end - start for start, end in self.waits.values())


def is_closer(together, apart):
    """Whether it costs less than half as much together (none: 0) as the fits do apart."""
    return 2 * (together.cost or 0) < sum(fit.cost or 0 for fit in apart)


# --- Groups -----------------------------------------------------------------------------------

def process_order(process):
    return tuple((value is not None, value if value is not None else "") for value in process)


class Group:
    """Sampled transactions of one trace with the same parent id, service and name: those of one
    process, or of all."""

    def __init__(self, tasks):
        self.tasks = sorted(tasks, key=lambda task: task.order)
        first = self.tasks[0].event
        self.parent_id, self.service, self.name = first.parent_id, first.service, first.name
        processes = {task.event.process for task in tasks}
        self.scope = "process" if len(processes) == 1 else "service"
        self.process = min(map(process_order, processes))
        self.start = min(task.event.start for task in tasks)
        self.end = max(task.event.end for task in tasks)
        self.reading, self.fit = self.choose_reading()
        self.member = {member.task: member for member in self.fit.members}
        self.slots = self.fit.slots
        self.dense = self.slots > 0 and 2 * self.fit.held >= self.slots * (self.end - self.start)

    @property
    def shown_slots(self):
        """The number of slots, where a number of slots is what was found."""
        return None if self.fit.pool in ("rate", "handover") else self.slots

    def read(self, gap_of):
        """The fit of one reading: `gap_of` tells the gap of a task."""
        members = []
        for task in self.tasks:
            start, taking = gap_of(task)
            members.append(Member(start, taking, task.event.end, task.event.start, task.event.id,
                                  task))
        return Fit(members)

    def choose_reading(self):
        at_start = self.read(Task.gap_at_start)
        later = self.read(Task.longest_gap)
        a = at_start.waited_time if at_start.pool else 0
        b = later.waited_time
        if later.pool and 10 * b > 11 * a and 100 * b >= self.durations:
            return "later", later
        return "start", at_start

    @property
    def durations(self):
        return sum(task.event.duration for task in self.tasks)

    def set_delays(self):
        for task in self.tasks:
            task.delay = task.event.start - self.start if self.dense else 0

    def infer_waits(self):
        """Inference `auto`: the tasks that waited, and who released them."""
        for member, wait in self.fit.waits.items():
            member.task.inferred = wait
        for member, giver in self.fit.giver.items():
            member.task.released_by = giver.task

    @property
    def waited(self):
        return [task for task in self.tasks if task.inferred is not None]

    def chain(self):
        """The critical chain, from the task that ended last."""
        task = max(self.tasks, key=lambda task: (task.event.end, *task.order))
        chain = []
        while task is not None and task not in chain:
            chain.append(task)
            task = task.released_by
        return chain

    @property
    def order(self):
        return (self.start, self.parent_id, self.service or "", self.name or "", self.process)


def is_one_limit(together, apart):
    """Whether the groups of several processes are one group: nothing is seen of any of them, or
    slots are seen together that foretell much better."""
    if all(group.fit.pool is None for group in apart):
        return True
    return together.fit.pool == "slots" \
        and is_closer(together.fit, [group.fit for group in apart])


# --- Lines within tasks -------------------------------------------------------------------------

class Line:
    """A class of spans that took turns at slots, or several classes together."""

    def __init__(self, service, process, classes, members):
        self.service, self.process = service, process
        self.classes = sorted(classes)      # (type, name)
        self.fit = Fit(members)

    def counts(self, durations):
        return self.fit.pool == "slots" and 100 * self.fit.waited_time >= durations

    def infer_waits(self):
        for member, wait in self.fit.waits.items():
            member.task.line_waits.append(wait)

    @property
    def order(self):
        return (self.service or "", process_order(self.process), self.classes)


def pieces_above(task, piece):
    """The pieces of the task above one of them, going up through `parent_id` within the task."""
    by_event = {other.event: other for other in task.pieces}
    above, seen, event = [], {piece.event}, piece.event.parent
    while event is not None and event not in seen and event is not task.event \
            and belongs(event, task.event):
        if event in by_event:
            above.append(by_event[event])
        seen.add(event)
        event = event.parent
    return above


def gap_before(task, piece, above):
    """The gap of a leaf work span: the time before it in which nothing was open but what is
    above it; (start, taking), empty where there is none."""
    others = [other for other in task.pieces if other is not piece]
    if any(other.start < piece.start < other.end for other in others if other not in above):
        return (piece.start, piece.start)
    start = max([task.event.start] + [other.start for other in above]
                + [other.end for other in others if other.end <= piece.start])
    if task.inferred and start <= task.inferred[1] <= piece.start:
        start = task.inferred[1]
    return (min(start, piece.start), piece.start)


def leaf_members(task):
    """((type, name), member of the fit) of each leaf work span of a task."""
    parents = {piece.event.parent for piece in task.pieces}
    for piece in task.pieces:
        event = piece.event
        if event.kind == "span" and not piece.waits and event not in parents:
            start, taking = gap_before(task, piece, pieces_above(task, piece))
            yield (event.sent_type, event.name), \
                Member(start, taking, piece.end, piece.start, event.id, task)


def find_lines(tasks):
    """The lines within the sampled transactions of a trace."""
    processes = defaultdict(list)
    for task in tasks:
        processes[task.event.service, task.event.process].append(task)
    lines = []
    for (service, process), members in processes.items():
        lines += lines_of_process(service, process, members)
    return sorted(lines, key=lambda line: line.order)


def lines_of_process(service, process, tasks):
    durations = sum(task.event.duration for task in tasks)
    classes = defaultdict(list)
    for task in tasks:
        for its_class, member in leaf_members(task):
            classes[its_class].append(member)
    alone = [Line(service, process, [its_class], members)
             for its_class, members in classes.items() if len(members) >= CLASS_SIZE]
    shared = [line for line in alone
              if 100 * sum(member.gap for member in line.fit.members) >= durations]
    counting = [line for line in alone if line.counts(durations)]
    if len(shared) < 2:
        return counting
    together = Line(service, process, [its for line in shared for its in line.classes],
                    [member for line in shared for member in line.fit.members])
    if together.counts(durations) and (
            not any(line in counting for line in shared)
            or is_closer(together.fit, [line.fit for line in shared])):
        return [together] + [line for line in counting if line not in shared]
    return counting


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
        self.lines = []
        for group in self.groups:
            group.set_delays()
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
        """The groups of single processes, and those that span several of them."""
        by_process = defaultdict(lambda: defaultdict(list))
        for event, task in self.tasks.items():
            if event.parent_id:
                by_process[event.parent_id, event.service, event.name][event.process].append(task)
        groups = []
        for processes in by_process.values():
            apart = [Group(tasks) for tasks in processes.values() if len(tasks) >= 2]
            together = None
            if len(processes) >= 2:
                together = Group([task for tasks in processes.values() for task in tasks])
            groups += [together] if together and is_one_limit(together, apart) else apart
        return sorted(groups, key=lambda group: group.order)

    def infer_waits(self):
        """Sets the inferred waits of the tasks under the inference in force, and the lines."""
        if self.inference == "auto":
            for group in self.groups:
                group.infer_waits()
            self.lines = find_lines(self.tasks.values())
            for line in self.lines:
                line.infer_waits()
        elif self.inference == "gap":
            for task in self.tasks.values():
                task.inferred = task.whole_leading_gap()

    def counted_tasks(self):
        """The tasks a report counts."""
        grouped = [task for group in self.groups for task in group.tasks]
        with_user = [task for event, task in self.tasks.items() if event.user is not None]
        top = [task for event, task in self.tasks.items() if is_top(event)]
        return grouped or with_user or top

    def largest_group(self):
        return min(self.groups, default=None, key=largest_first)


def largest_first(group):
    return (-len(group.tasks), group.start, group.parent_id, group.name or "", group.order)


def belongs(event, transaction):
    """Whether an event is a span or a child transaction of a transaction."""
    if event.kind == "transaction":
        over = event.parent
        over = over.transaction if over is not None and over.kind == "span" else over
        return over is transaction and event is not transaction
    return event.transaction is transaction


def is_top(transaction):
    """Whether the parent is absent, or is neither a transaction of the run nor a span whose
    transaction is in the run."""
    parent = transaction.parent
    return parent is None or parent.kind == "span" and parent.transaction is None


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
    fit = group.fit
    return {
        "parent_id": group.parent_id, "service": group.service, "name": group.name,
        "tasks": len(group.tasks), "slots": group.shown_slots,
        "pool_seen": fit.pool is not None, "pool": fit.pool, "rate_us": fit.rate,
        "lag_us": fit.lag, "scope": group.scope, "reading": group.reading,
        "occupancy": None if fit.occupancy is None else float(fit.occupancy),
        "waited": len(group.waited), "dense": group.dense,
        "makespan_us": group.end - group.start,
        "chain": [task.event.id for task in group.chain()],
    }


def line_json(line):
    return {
        "service": line.service,
        "spans": [{"type": type_, "name": name} for type_, name in line.classes],
        "slots": line.fit.slots, "waited": len(line.fit.waits), "wait_us": line.fit.waited_time,
    }


def waterfall(run):
    drawn, in_cycle = draw(run)
    return {
        "schema": "waitline.waterfall.v1", "trace_id": run.trace_id, "start_us": run.start,
        "makespan_us": run.end - run.start, "inference": run.inference,
        "lines": [line_json(line) for line in run.lines],
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
        "slots": group.shown_slots if group else None,
        "wait_share": share(sum(task.wait for task in tasks),
                            sum(task.total for task in tasks)),
    }


def list_runs(runs):
    return {"schema": "waitline.runs.v1", "runs": [run_json(run) for run in newest_first(runs)]}


# --- What if there were another number of slots? ------------------------------------------------

class NoAnswer(Exception):
    """Why there is no answer."""


def signed_share(part, whole):
    """A ratio with four decimals, halves up, of either sign."""
    return (2 * 10_000 * part + whole) // (2 * whole) / 10_000


def chosen_group(run, name):
    """The group of that name, or any: the one of the most tasks."""
    groups = [group for group in run.groups if name is None or group.name == name]
    if not groups:
        raise NoAnswer("the run has no group" + (f" {name}" if name is not None else ""))
    return min(groups, key=largest_first)


def replay(line, slots):
    """Serves the line, (arrival, slot time) each, on so many slots: (the waits, the last end)."""
    slots = min(slots, len(line))
    free = [None] * slots           # when each slot becomes free; None: from the beginning
    waits, last = [], None
    for arrival, slot_time in line:
        slot = min(range(slots), key=lambda i: (free[i] is not None, free[i] or 0))
        start = arrival if free[slot] is None else max(arrival, free[slot])
        free[slot] = start + slot_time
        waits.append(start - arrival)
        last = free[slot] if last is None else max(last, free[slot])
    return waits, last


def what_if(run, slots_list, group=None):
    """The JSON of `what-if`: the run's largest group, or the one named, on so many slots each."""
    group = chosen_group(run, group)
    fit = group.fit
    if fit.pool in ("rate", "handover"):
        raise NoAnswer(f"no number of slots is seen, but a {fit.pool}")
    seen = fit.pool == "slots"
    tail = max(0, -fit.lag) if seen else 0
    waits = sum(task.time("wait", "inferred") + task.time("wait", "span") for task in group.tasks)
    backlog = not seen or 100 * waits < group.durations
    queue = []                      # (place in line, slot time)
    for task in group.tasks:
        member = group.member[task]
        arrival = group.start if backlog else member.gap_start
        if seen:
            taken = fit.waits[member][1] if member in fit.waits else member.gap_start
            slot_time = max(0, member.end - tail - taken)
        else:
            slot_time = task.work
        queue.append(((arrival, member.taking, member.start, member.id), slot_time))
    line = [(place[0], slot_time) for place, slot_time in sorted(queue)]
    work = sum(slot_time for _, slot_time in line)
    first = min(arrival for arrival, _ in line)

    def makespan(slots):
        return replay(line, slots)[1] - first + tail

    rows = []
    for slots in slots_list:
        waits, _ = replay(line, slots)
        rows.append({
            "slots": slots, "makespan_us": makespan(slots),
            "wait_us": {"p50": percentile(waits, 50), "p95": percentile(waits, 95),
                        "p99": percentile(waits, 99), "max": max(waits)},
            "utilisation": share(work, slots * makespan(slots)),
        })
    recorded = group.end - group.start
    return {
        "schema": "waitline.what-if.v1", "trace_id": run.trace_id, "group": group.name,
        "tasks": len(group.tasks), "slots": group.slots, "makespan_us": recorded,
        "backlog_assumed": backlog,
        "replay_check": signed_share(makespan(group.slots) - recorded, recorded)
        if group.slots > 0 and recorded > 0 else None,
        "rows": rows,
    }



def main():
    parser = argparse.ArgumentParser(description="An oracle for waitline's JSON output.")
    parser.add_argument("file")
    parser.add_argument("--request-time", type=int, metavar="US",
                        help="default time of events, in µs (else the file's modification time)")
    parser.add_argument("--inference", choices=INFERENCES, default="auto",
                        help="where inferred waits come from (default auto)")
    parser.add_argument("command", choices=["waterfall", "report", "runs", "what-if"])
    parser.add_argument("trace_id", nargs="?")
    parser.add_argument("--slots", default="1,2,5,10,25,50,100",
                        help="numbers of slots to replay, with commas between (what-if)")
    parser.add_argument("--group", metavar="NAME", help="the group to replay (what-if)")
    arguments = parser.parse_args()
    runs = read_runs(arguments.file, arguments.request_time, arguments.inference)
    if arguments.trace_id is not None:
        runs = {key: run for key, run in runs.items() if key == arguments.trace_id}
    if arguments.command in ("waterfall", "what-if"):
        if not runs:
            sys.exit("no such run")
        run = newest_first(runs)[0]
        try:
            answer = waterfall(run) if arguments.command == "waterfall" else \
                what_if(run, [int(n) for n in arguments.slots.split(",")], arguments.group)
        except NoAnswer as reason:
            sys.exit(str(reason))
    elif arguments.command == "report":
        answer = report(runs, arguments.inference)
    else:
        answer = list_runs(runs)
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
