#!/usr/bin/env python3
"""An hour's soak, compressed: senders, restarts, readers and a prober on one database, and what it costs meanwhile.

    soak.py [--minutes M] [--events N] [--senders N] [--restarts N] [--retain AGE] [--disk-mib N] BINARY

The senders send runs, N events in all, and each body again until it is acknowledged. In the first third of the time
come half of the events, so that caches are full after it, and, in its first half, the restarts, with SIGTERM: so the
rest is one process, and the median of its memory and descriptors in the last third may be at most 1.1 times that in the
second. Readers ask for reports and lists all the time, and the prober (`waitline check-intake`) sends its run and reads
it back; it may miss nothing. In the end everything that was acknowledged has to be there once, unless --retain took
some of it, and the disk never held more than its cap. The last line says all figures; exits with 1 where one is not as
it has to be.
"""

import argparse
import gzip
import http.client
import itertools
import json
import os
import sys
import threading
import time

from clients import INTAKE, METADATA, MIB, hexadecimal, lines, median, percentile, span, transaction
from watched import Folder, Server

TASKS, SPANS = 25, 7
EVENTS = 1 + TASKS * (1 + SPANS)


class Bodies:
    """Runs of 25 tasks with 7 spans each, made of one text by putting another trace id and time into it."""

    def __init__(self):
        self.trace, self.second = "f" * 31 + "e", 1_700_000_000
        events = [transaction(self.trace, "0" * 16, name="run", duration=400, timestamp=self.second * 1_000_000)]
        for task in range(TASKS):
            identifier = f"{task + 1:016x}"
            begin = self.second * 1_000_000 + task * 1_000
            events.append(transaction(
                self.trace, identifier, "0" * 16, timestamp=begin, duration=100 + task,
                context={"user": {"id": f"user-{task}"}, "tags": {"design": "soak"}}))
            events += [
                span(self.trace, identifier, f"{task + 1:08x}{number:08x}", timestamp=begin + number * 10_000,
                     duration=9, context={"db": {"statement": f"SELECT {number} FROM invoices WHERE user = ?"}})
                for number in range(SPANS)]
        self.text = METADATA + lines(*events)

    def body(self):
        text = self.text.replace(self.trace.encode(), hexadecimal(16).encode())
        return gzip.compress(text.replace(str(self.second).encode(), str(int(time.time())).encode()), 1)


class Sender(threading.Thread):
    """Sends its share: half of it in the first third of the time, the rest in the rest, each at an even pace."""

    def __init__(self, soak, bodies):
        super().__init__(daemon=True)
        self.soak, self.bodies = soak, bodies
        self.latencies, self.again, self.connection = [], 0, None

    def run(self):
        started = time.monotonic()
        maker = Bodies()
        for number in range(self.bodies):
            time.sleep(max(0, started + self.due(number / self.bodies) - time.monotonic()))
            body = maker.body()
            while not self.is_acknowledged(body):
                self.again += 1
                if self.soak.gave_up.is_set():
                    return
                time.sleep(0.05)
            self.soak.acknowledge(EVENTS)

    def due(self, share):
        """When so much of it is to be sent, in seconds from the begin."""
        return self.soak.seconds * (share * 2 / 3 if share < 0.5 else 1 / 3 + (share - 0.5) * 4 / 3)

    def is_acknowledged(self, body):
        began = time.monotonic()
        try:
            if self.connection is None:
                self.connection = http.client.HTTPConnection("127.0.0.1", self.soak.server.port, timeout=60)
            headers = {"Content-Type": "application/x-ndjson", "Content-Encoding": "gzip"}
            self.connection.request("POST", INTAKE, body, headers)
            answer = self.connection.getresponse()
            answer.read()
            if answer.will_close:
                self.hang_up()
            self.latencies.append(time.monotonic() - began)
            return answer.status == 202
        except (OSError, http.client.HTTPException):
            self.hang_up()
            return False

    def hang_up(self):
        if self.connection:
            self.connection.close()
        self.connection = None


class Soak:
    """The server, everybody at work on it, and what was seen."""

    def __init__(self, options, folder):
        self.options = options
        self.database = folder.file("soak.db")
        self.seconds = options.minutes * 60
        self.server = Server(
            os.path.abspath(options.binary), self.database, *(["--retain", options.retain] if options.retain else []))
        # Whoever holds it can count on the server: a restart waits.
        self.is_up = threading.Lock()
        self.stopping, self.gave_up = threading.Event(), threading.Event()
        self.counting = threading.Lock()
        self.acknowledged, self.problems = 0, []
        self.samples, self.probes, self.reads, self.starts, self.disk, self.log = [], [], [], [], 0, 0

    def acknowledge(self, events):
        with self.counting:
            self.acknowledged += events

    def run(self):
        self.began = time.monotonic()
        count = max(1, round(self.options.events / EVENTS / self.options.senders))
        senders = [Sender(self, count) for _ in range(self.options.senders)]
        works = self.sample, self.probe, self.read, self.restart
        others = [threading.Thread(target=work, daemon=True) for work in works]
        for thread in senders + others:
            thread.start()
        deadline = self.began + self.seconds * 3 + 60
        for sender in senders:
            sender.join(max(0, deadline - time.monotonic()))
        if any(sender.is_alive() for sender in senders):
            self.gave_up.set()
            self.problems.append(f"the senders were not done after {deadline - self.began:.0f} s")
        self.took = time.monotonic() - self.began
        self.stopping.set()
        for thread in others:
            thread.join(120)
        return senders

    # Everybody's loop.

    def sample(self):
        while not self.stopping.wait(0.2):
            try:
                files = [self.database, self.database + "-wal"]
                sizes = [os.path.getsize(file) if os.path.exists(file) else 0 for file in files]
                self.disk, self.log = max(self.disk, sum(sizes)), max(self.log, sizes[1])
                at = (time.monotonic() - self.began) / self.seconds
                # A server that is being restarted tells nothing of itself.
                if at > 1 / 3 and self.server.is_alive():
                    self.samples.append((at, self.server.memory(), self.server.descriptors()))
            except OSError:
                pass

    def probe(self):
        while not self.stopping.wait(0.5):
            with self.is_up:
                shown = self.server.waitline(
                    "check-intake", self.server.url, "--database", self.database, "--within", "20s", "--format", "json")
            if shown.returncode != 0:
                self.problems.append(f"the prober: {ending(shown)}")
            else:
                self.probes.append(json.loads(shown.stdout)["total_us"] / 1e6)

    def read(self):
        questions = ("report", "since:20s"), ("runs", "--rows", "5"), ("waterfall", "--rows", "5"), ("report",)
        for words in itertools.cycle(questions):
            if self.stopping.wait(0.3):
                return
            began = time.monotonic()
            shown = self.server.waitline(*words, timeout=300)
            self.reads.append(time.monotonic() - began)
            # 1: there is no run yet, or none since then.
            if shown.returncode not in (0, 1):
                self.problems.append(f"{' '.join(words)}: {ending(shown)}")

    def restart(self):
        for number in range(self.options.restarts):
            due = self.began + self.seconds / 6 * (number + 1) / (self.options.restarts + 1)
            if self.stopping.wait(max(0, due - time.monotonic())):
                return
            with self.is_up:
                code = self.server.stop()
                if code != 0:
                    self.problems.append(f"told to stop, the server ended with {code}")
                self.server.start()
                self.starts.append(self.server.started_in)

    # What it comes to.

    def growth(self, column):
        """Medians of the second and of the last third of the time."""
        second = median([sample[column] for sample in self.samples if sample[0] <= 2 / 3])
        last = median([sample[column] for sample in self.samples if 2 / 3 < sample[0] <= 1])
        return second, last

    def stored(self):
        """Transactions and spans that are stored, those of the prober among them."""
        shown = self.server.waitline("database", "info", "--format", "json", timeout=600)
        events = json.loads(shown.stdout)["events"]
        return events["transactions"] + events["spans"]

    def verdict(self, senders):
        options = self.options
        memory, descriptors = self.growth(1), self.growth(2)
        if memory[1] > memory[0] * 1.1:
            self.problems.append("memory grows")
        if descriptors[1] > descriptors[0] * 1.1 + 1:
            self.problems.append("descriptors grow")
        cap = options.disk_mib * MIB if options.disk_mib else 96 * MIB + 250 * options.events
        if self.disk > cap:
            self.problems.append(f"the disk held more than {cap // MIB} MiB")
        if not self.probes:
            self.problems.append("the prober never came through")
        if not self.reads:
            self.problems.append("nobody read")
        code = self.server.stop()
        if code != 0:
            self.problems.append(f"told to stop, the server ended with {code}")
        wanted, stored = self.acknowledged + 5 * len(self.probes), self.stored()
        if stored != wanted if not options.retain else stored > wanted:
            self.problems.append(f"{stored} events are stored, {wanted} were acknowledged")
        check = self.server.waitline("database", "check", timeout=1800)
        if check.returncode != 0:
            self.problems.append(f"database check: {check.stdout[-300:].decode(errors='replace')}")
        latencies = [latency for sender in senders for latency in sender.latencies]
        for problem in self.problems[:20]:
            print(problem)
        print(
            f"soak {'FAILED' if self.problems else 'passed'}: {self.acknowledged} events in {self.took:.0f} s "
            f"({self.acknowledged / self.took:.0f}/s), stored {stored} of {wanted}, "
            f"p99 {percentile(latencies, 99) * 1000:.0f} ms, sent again {sum(sender.again for sender in senders)}, "
            f"{len(self.starts)} restarts (ready in {max(self.starts, default=0):.2f} s), "
            f"{len(self.probes)} probes (p99 {percentile(self.probes, 99):.2f} s), {len(self.reads)} reads "
            f"(slowest {max(self.reads, default=0):.1f} s), memory {memory[0] / MIB:.1f} -> {memory[1] / MIB:.1f} MiB, "
            f"descriptors {descriptors[0]:.0f} -> {descriptors[1]:.0f}, "
            f"disk {self.disk / MIB:.0f} of {cap // MIB} MiB, "
            f"log {self.log / MIB:.0f} MiB, {len(self.problems)} problems")
        return 1 if self.problems else 0


def ending(shown):
    """How a command ended, and what it said of why."""
    return f"exit {shown.returncode}, {shown.stderr.decode(errors='replace').strip()}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("binary")
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--events", type=int, default=50_000_000)
    parser.add_argument("--senders", type=int, default=4)
    parser.add_argument("--restarts", type=int, default=3)
    parser.add_argument("--retain", help="what the server is told to keep, where it can be told")
    parser.add_argument("--disk-mib", type=int, help="what database and log may take; else by the number of events")
    with Folder() as folder:
        soak = Soak(parser.parse_args(), folder)
        with soak.server:
            code = soak.verdict(soak.run())
    sys.exit(code)


if __name__ == "__main__":
    main()
