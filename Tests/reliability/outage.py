"""Faults under load: what four senders are answered while one lasts, what the log says, what is stored in the end."""
import contextlib
import os
import sqlite3
import subprocess
import time

import load
import stored
from server import NotReady, Server, run

SENDERS = 4
READING = (["runs", "--all"], ["database", "info"])


class Load:
    """Four senders on a server, and what they were answered."""

    def __init__(self, proof, name, server, first_maker=0, timeout=60):
        self.proof, self.name, self.server = proof, name, server
        self.answers = []
        makers = [load.Bodies(f"{proof.options.seed} {name}", first_maker + number) for number in range(SENDERS)]

        def tell(body, answer):
            self.answers.append((body.sent_at, time.monotonic(), answer.status, body))

        self.senders = [load.Sender(server, maker, tell=tell, stops_when_gone=False, timeout=timeout)
                        for maker in makers]
        for sender in self.senders:
            sender.start()

    def wait_for(self, condition, seconds):
        """When an answer that the condition holds for came: (sent, answered, status, body); None where none did."""
        end = time.monotonic() + seconds
        while True:
            found = next((answer for answer in list(self.answers) if condition(*answer)), None)
            if found or time.monotonic() > end:
                return found
            time.sleep(0.02)

    def begin(self):
        """Waits until it goes well."""
        good = self.wait_for(lambda sent, answered, status, body: status == 202, 30)
        self.proof.expect(good, f"{self.name}: nothing was accepted to begin with")

    def end(self, allows_unanswered=False):
        """Stops; all bodies that were sent."""
        for sender in self.senders:
            sender.stop()
        bodies = []
        for sender in self.senders:
            sender.join(90)
            bodies += sender.sent
            for text in sender.findings:
                self.proof.finding(f"{self.name}: {text}")
            for _, _, error in [] if allows_unanswered else sender.unanswered[:3]:
                self.proof.finding(f"{self.name}: a request was not answered: {error}")
        return bodies

    def accepted_between(self, begin, end):
        """Answers 202 to what was sent and answered while nothing could be stored."""
        return [answer for answer in self.answers if answer[2] == 202 and begin < answer[0] and answer[1] < end]

    def refused(self, begin):
        return [answer for answer in self.answers if answer[2] == 503 and begin < answer[1]]


def reads(proof, name, path, codes=(0,)):
    for command in READING:
        code, _, errors = run(proof.binary, *command, "--database", path)
        proof.expect(code in codes and errors.count("\n") <= 1,
                     f"{name}: `waitline {' '.join(command)}` ended with {code}: {errors[-300:]}")


def looks_at_log(proof, name, server, since, refusals):
    """The log says what is wrong, and not once for each request."""
    lines = [line for line in server.said(since).split("\n") if line]
    if refusals and proof.expect(lines, f"{name}: {refusals} requests were refused and the log says nothing"):
        proof.expect(len(lines) <= 5, f"{name}: {refusals} refused requests made {len(lines)} lines of log: {lines[0]}")


def outage(proof, name, path, fault, seconds, reads_go_on=True):
    """A fault for a while, under load: only 503, and the intake goes on within 5 s behind it."""
    server = Server(proof.binary, path)
    running = Load(proof, name, server)
    running.begin()
    since = time.monotonic()
    with fault(server):
        begin = time.monotonic()
        time.sleep(seconds)
        if reads_go_on:
            reads(proof, name, path)
        running.wait_for(lambda sent, answered, status, body: status == 503, 20)
        end = time.monotonic()
    over = time.monotonic()
    wrong, refusals = running.accepted_between(begin, end), running.refused(begin)
    proof.expect(refusals, f"{name}: nothing was refused")
    proof.expect(not wrong, f"{name}: {len(wrong)} requests were answered 202 although nothing could be stored")
    good = running.wait_for(lambda sent, answered, status, body: status == 202 and answered > over, 30)
    if proof.expect(good, f"{name}: it did not go on within 30 s; the log: {server.said()[-300:]}"):
        proof.within(good[1] - over, 5, f"{name}: going on")
    slowest = max((answered - sent for sent, answered, _, _ in running.answers), default=0)
    looks_at_log(proof, name, server, since, len(refusals))
    bodies = running.end()
    server.kill()
    settled(proof, name, path, bodies)
    proof.figure(f"{name}: {len(refusals)} answers 503, slowest answer {slowest:.1f} s"
                 + (f", went on after {good[1] - over:.2f} s" if good else ""))


def settled(proof, name, path, bodies):
    """After a kill: all that was acknowledged is there, and the rest can be sent again."""
    server = Server(proof.binary, path)
    stored.compare(proof, stored.read(path)[0], bodies, f"{name}, after a kill")
    for body in bodies:
        if not body.is_acknowledged:
            problem = load.send(server, body)
            proof.expect(problem is None, f"{name}, sent again: {problem}")
    code, _ = server.stop()
    proof.expect(code == 0, f"{name}: SIGTERM ended the server with {code}")
    stored.compare(proof, stored.read(path)[0], bodies, f"{name}, after all was sent again")
    stored.check(proof, path, name)


@contextlib.contextmanager
def injected(server, calls, error):
    """System calls on the database's files fail: what the kernel says where a file system went read-only, or a disk
    fails. A file system with files open for writing cannot be remounted read-only, so that this is the way to see it.
    """
    files = [part for end in ("", "-wal") for part in ("-P", os.path.realpath(server.database) + end)]
    tracer = subprocess.Popen(["strace", "-f", "-p", str(server.pid), *files, "-e", f"trace={calls}", "-e",
                               f"inject={calls}:error={error}", "-o", server.database + ".trace"],
                              stderr=subprocess.PIPE, text=True)
    line = tracer.stderr.readline()
    if "attached" not in line:
        tracer.kill()
        raise OSError(f"strace may not trace here: {line.strip()}")
    time.sleep(0.2)
    try:
        yield
    finally:
        tracer.terminate()
        tracer.wait(30)


def afterwards(proof, name, file):
    """Starts on what is left; what it holds, None where it is damaged, and how that shows."""
    try:
        server = Server(proof.binary, file)
    except NotReady as error:
        proof.expect("damaged" in str(error) and str(error).startswith("exit 3"), f"{name}, begun anew: {error}")
        return None, str(error)
    code, _ = server.stop()
    proof.expect(code == 0, f"{name}, begun anew: SIGTERM ended the server with {code}")
    try:
        found, _ = stored.read(file)
    except (sqlite3.Error, stored.Damaged, KeyError, AssertionError) as error:
        return None, repr(error)
    if name == "replaced":
        stored.check(proof, file, name)
    return found, None
