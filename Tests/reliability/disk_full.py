"""A full disk: requests get 503 with Retry-After, reads go on, and when there is room again so does the intake.

usage: disk_full.py BINARY [--rounds N] [--seed S] [--slack F]
The database lies on a tmpfs of 16 MiB, part of which a ballast file takes. Four senders post until they get 503;
reads are tried; the ballast is taken away; the intake has to go on within 5 s, without a restart. Then the rest is
filled in the same way, and the file system made larger. Everything acknowledged has to be there once, after a kill too.
"""
import os
import sys
import time

import load
import stored
from proof import Proof, mount, with_own_mounts
from server import NotReady, Server, run

SENDERS = 4
MIB = 1 << 20


class Filling:
    """A server on a small file system."""

    def __init__(self, proof):
        self.proof, self.folder = proof, proof.path("small")
        os.mkdir(self.folder)
        mount("-t", "tmpfs", "-o", "size=16m", "tmpfs", self.folder)
        self.path = os.path.join(self.folder, "full.db")
        self.ballast = os.path.join(self.folder, "ballast")
        with open(self.ballast, "wb") as file:
            file.write(os.urandom(6 * MIB))
        self.makers = [load.Bodies(proof.options.seed, number, noise=3_000) for number in range(SENDERS)]
        self.bodies, self.refused, self.longest = [], 0, 0.0
        self.server = Server(proof.binary, self.path)

    def fill_and_make_room(self, name, make_room):
        """Posts until there was no room for a while, makes room, and sees that the intake goes on."""
        proof, since = self.proof, time.monotonic()
        refusals, successes = [], []

        def tell(body, answer):
            (refusals if answer.status == 503 else successes).append((time.monotonic(), answer))

        senders = [load.Sender(self.server, maker, tell=tell, stops_when_gone=False) for maker in self.makers]
        for sender in senders:
            sender.start()
        end = time.monotonic() + 90
        while len(refusals) < 20 and time.monotonic() < end and self.server.is_running:
            time.sleep(0.05)
        full = proof.expect(len(refusals) >= 20, f"{name}: only {len(refusals)} requests got 503 in 90 s")
        if full:
            time.sleep(1.5)
            self.read(name)
        at_full = time.monotonic()
        made = make_room()
        while not any(when > at_full for when, _ in successes) and time.monotonic() < at_full + 30:
            time.sleep(0.02)
        resumed = next((when - at_full for when, _ in successes if when > at_full), None)
        # At once, or what there is of room is filled again.
        for sender in senders:
            sender.stop()
        for sender in senders:
            sender.join(90)
            self.bodies += sender.sent
            for text in sender.findings:
                proof.finding(f"{name}: {text}")
            for _, body, error in sender.unanswered:
                proof.finding(f"{name}: a body was not answered: {error}")
        if proof.expect(resumed is not None, f"{name}: the intake did not go on within 30 s of {made}"):
            proof.within(resumed, 5, f"{name}: going on after {made}")
            self.longest = max(self.longest, resumed)
        self.refused += len(refusals)
        self.look_at_log(name, since, len(refusals))

    def wait_until_over(self):
        """The log says when it has worked again for a while; until then it is one outage, which is told once."""
        end = time.monotonic() + 30
        while "stored again" not in self.server.said() and time.monotonic() < end:
            time.sleep(0.1)
        self.proof.expect("stored again" in self.server.said(), "the log does not say that events are stored again")

    def read(self, name):
        """Reading needs no room."""
        for command in (["runs"], ["report"], ["database", "info"]):
            code, _, errors = run(self.proof.binary, *command, "--database", self.path)
            # 1 says that there is nothing to report, which is so where no trace has tasks.
            self.proof.expect(code == 0 or (code == 1 and command == ["report"]),
                              f"{name}: `waitline {' '.join(command)}` ended with {code}: {errors[-300:]}")

    def look_at_log(self, name, since, refusals):
        """One line says that the disk is full; not one for each request."""
        lines = [line for line in self.server.said(since).split("\n") if line]
        about = [line for line in lines if "no room" in line or "full" in line]
        self.proof.expect(about, f"{name}: no line of the log says that there is no room: {lines[:2]}")
        self.proof.expect(len(lines) <= 4, f"{name}: {refusals} refused requests made {len(lines)} lines of log, "
                          f"where one says it: {lines[0] if lines else ''}")

    def end(self):
        proof = self.proof
        found, _ = stored.read(self.path)
        lost = stored.compare(proof, found, self.bodies, "when there was room again")
        self.server.kill()
        self.server = Server(proof.binary, self.path)
        for body in self.bodies:
            problem = load.send(self.server, body)
            proof.expect(problem is None, f"sent again: {problem}")
        code, _ = self.server.stop()
        proof.expect(code == 0, f"SIGTERM ended the server with {code}")
        found, _ = stored.read(self.path)
        lost += stored.compare(proof, found, self.bodies, "after all was sent again")
        stored.check(proof, self.path, "at the end")
        events = sum(len(body.keys) for body in self.bodies)
        proof.figure(f"{len(self.bodies)} bodies of {events} events, {self.refused} answers 503, {lost} acknowledged "
                     f"lost, went on {self.longest:.2f} s after there was room at the latest")


def main():
    with_own_mounts()
    proof = Proof("disk_full")
    filling = None

    def larger():
        mount("-o", "remount,size=256m", filling.folder)
        return "the file system was made larger"

    def without_ballast():
        os.remove(filling.ballast)
        return "6 MiB became free"

    try:
        filling = Filling(proof)
        filling.fill_and_make_room("ballast", without_ballast)
        filling.wait_until_over()
        filling.fill_and_make_room("to the brim", larger)
        filling.end()
    except (NotReady, stored.Damaged, OSError, stored.sqlite3.Error) as error:
        said = filling.server.said()[-300:] if filling else ""
        proof.finding(f"the proof could not go on: {error!r}; the server said: {said}")
    proof.end()


if __name__ == "__main__":
    sys.exit(main())
