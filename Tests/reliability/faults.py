"""What befalls a server while it runs: a disk that fails, a file that goes, locks, descriptors, the clock, SIGTERM.

usage: faults.py BINARY [--rounds N] [--seed S] [--slack F] [--only NAME] [--hold SECONDS]
Most faults come under four senders. Nothing is answered 202 that is not stored, nothing is left unanswered, the log
says in a line or two what is wrong, and the intake goes on by itself once it can. --hold: how long another program
keeps the database locked.
"""
import contextlib
import glob
import os
import resource
import shutil
import socket
import sqlite3
import subprocess
import sys
import time

import load
import stored
from outage import SENDERS, Load, afterwards, injected, looks_at_log, outage, reads, settled
from proof import Proof
from server import NotReady, Server, post, run
from starts import make_database

def failing_disk(proof, path):
    """The file system turned read-only; the disk does not sync; the disk does not write."""
    calls = "pwrite64,ftruncate,fallocate,fdatasync,fsync"
    cases = [("read-only while running", calls, "EROFS"), ("syncs that fail", "fdatasync,fsync", "EIO"),
             ("writes that fail", "pwrite64", "EIO")]
    for name, which, error in cases:
        outage(proof, name, path + name.split()[0], lambda server: injected(server, which, error), 3)


def locked(proof, path):
    """Another program holds the database's lock for writing."""
    @contextlib.contextmanager
    def fault(server):
        other = sqlite3.connect(path, isolation_level=None, timeout=30)
        other.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            other.execute("ROLLBACK")
            other.close()

    outage(proof, "locked by another program", path, fault, proof.options.hold)


def moved(proof, path):
    """The database file is moved away and back."""
    @contextlib.contextmanager
    def fault(server):
        os.rename(path, path + ".away")
        try:
            yield
        finally:
            os.rename(path + ".away", path)

    outage(proof, "moved away and back", path, fault, 3, reads_go_on=False)


def gone(proof, path):
    """The database file is removed, replaced or cut: there is no going on, and nothing is accepted into nowhere."""
    other = proof.path("other.db")
    others = make_database(proof, other, 10)
    ways = {"removed": os.remove, "replaced": lambda file: os.replace(shutil.copy(other, other + ".copy"), file),
            "cut": lambda file: os.truncate(file, os.path.getsize(file) // 2 // 8192 * 8192)}
    for name, way in ways.items():
        file = f"{path}{name}"
        # Something of it is in the file, not all in the log.
        make_database(proof, file, 10)
        server = Server(proof.binary, file)
        running = Load(proof, name, server, first_maker=10)
        running.begin()
        since = time.monotonic()
        way(file)
        begin = time.monotonic()
        running.wait_for(lambda sent, answered, status, body: status == 503, 5)
        time.sleep(2)
        reads(proof, name, file, codes=(0, 1, 3))
        wrong, refusals = running.accepted_between(begin, time.monotonic()), running.refused(begin)
        proof.expect(server.is_running, f"{name}: the server ended: {server.said()[-300:]}")
        running.end(allows_unanswered=not server.is_running)
        if refusals:
            looks_at_log(proof, name, server, since, len(refusals))
        code, took = server.stop()
        proof.expect(code in (0, 3), f"{name}: SIGTERM ended the server with {code}: {server.said()[-300:]}")
        kept, reason = afterwards(proof, name, file)
        lost = [answer for answer in wrong if kept is None or not all(kept[key] for key in answer[3].keys)]
        proof.expect(not lost, f"{name}: {len(lost)} of {len(wrong)} requests that were sent after it are acknowledged "
                     "and not stored")
        if name == "replaced" and proof.expect(kept is not None, f"replaced: the new file is damaged: {reason}"):
            missing = [key for body in others for key in body.keys if not kept[key]]
            proof.expect(not missing, f"replaced: {len(missing)} events of the new file are gone")
        proof.figure(f"{name} while running: {len(refusals)} answers 503, {len(lost)} acknowledged into nowhere")


def descriptors(proof, path):
    """64 descriptors and 500 connections."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 4096), hard))
    server, name = Server(proof.binary, path, descriptors=64), "descriptors"
    maker, sockets, bodies = load.Bodies(proof.options.seed, 0), [], []
    honest = server.connect(20)
    honest.connect()
    bodies.append(maker.next("small"))
    problem = load.take(bodies[-1], post(honest, bodies[-1].data, bodies[-1].encoding))
    proof.expect(problem is None, f"{name}: before, {problem}")
    for _ in range(500):
        client = socket.socket()
        client.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            client.connect(("127.0.0.1", server.port))
        sockets.append(client)
    # Those that are too many are closed first.
    time.sleep(4)
    used, began = server.processor_seconds(), time.monotonic()
    time.sleep(3)
    share = (server.processor_seconds() - used) / (time.monotonic() - began)
    proof.expect(server.is_running, f"{name}: the server ended: {server.said()[-300:]}")
    # Little, since on a busy machine a program that spins does not get much either.
    proof.expect(share < 0.05, f"{name}: with all in use it spins at {share:.0%} of a core")
    # Who was there before goes on being served, and is told what cannot be stored.
    bodies.append(maker.next("small"))
    try:
        answer = post(honest, bodies[-1].data, bodies[-1].encoding)
        bodies[-1].sends += 1
        problem = load.take(bodies[-1], answer)
        proof.expect(problem is None, f"{name}: a connection from before, {problem}")
    except OSError as error:
        # It may have been closed to make room, as the one idle longest. A new one is served.
        proof.figure(f"{name}: a connection from before was closed: {error!r}")
        bodies[-1].sends += 1
    for client in sockets:
        client.close()
    closed = time.monotonic()
    bodies.append(maker.next("small"))
    while not bodies[-1].is_acknowledged and time.monotonic() < closed + 60:
        bodies[-1].sends += 1
        try:
            answer = server.post(bodies[-1].data, bodies[-1].encoding, timeout=1)
            problem = load.take(bodies[-1], answer)
            proof.expect(problem is None, f"{name}: afterwards, {problem}")
        except OSError:
            time.sleep(0.05)
    recovered = time.monotonic() - closed
    proof.within(recovered, 2, f"{name}: taking requests after 500 connections closed")
    proof.expect(server.said().count("\n") < 5, f"{name}: the log has {server.said().count(chr(10))} lines: "
                 f"{server.said()[:300]}")
    server.kill()
    settled(proof, name, path, bodies)
    proof.figure(f"64 descriptors, 500 connections: {share:.0%} of a core, recovered after {recovered:.2f} s")


def told_to_stop(proof, path):
    """SIGTERM under load: what is open is finished, what was acknowledged is stored, exit 0 within the grace time."""
    cut, slowest, name, bodies = 0, 0.0, "SIGTERM", []
    for number in range(max(2, proof.options.rounds // 5)):
        server = Server(proof.binary, path)
        running = Load(proof, f"{name} {number}", server, first_maker=number * SENDERS, timeout=30)
        running.begin()
        time.sleep(proof.random.random())
        told = time.monotonic()
        for sender in running.senders:
            sender.stops_when_gone = True
        code, took = server.stop(60)
        bodies += running.end(allows_unanswered=True)
        proof.expect(code == 0, f"{name}: it ended with {code}: {server.said()[-300:]}")
        proof.within(took, 10, f"{name}: ending")
        slowest = max(slowest, took)
        for sender in running.senders:
            for _, body, error in sender.unanswered:
                # A request on its way at that very moment may find the connection closed. One from before may not.
                if body.sent_at < told - 0.5 and not body.pieces:
                    proof.finding(f"{name}: a request sent {told - body.sent_at:.2f} s before it was cut off: {error}")
                cut += body.sent_at < told
        for line in server.said(told).split("\n"):
            proof.expect(not line, f"{name}: the log says {line}")
    settled(proof, name, path, bodies)
    proof.figure(f"SIGTERM under load: ended after {slowest:.2f} s at most, {cut} requests under way were cut off")


def clock(proof, path):
    """The clock jumps by a year, to and fro."""
    library = next(iter(glob.glob("/usr/lib/*/faketime/libfaketimeMT.so.1")), None)
    if not proof.expect(library, "clock: libfaketime is needed (Debian: faketime) and is not installed"):
        return
    stamp, name = proof.path("clock"), "clock"

    def jump(text):
        with open(stamp + ".new", "w") as file:
            file.write(text + "\n")
        os.replace(stamp + ".new", stamp)

    jump("+0")
    retains = "--retain" in run(proof.binary, "serve", "--help")[1]
    # The library changes the environment of the first process it is in, by which a Swift program finds its arguments:
    # so that has to be another, which then starts the program in place of itself.
    server = Server(proof.binary, path, before=["env"], arguments=["--retain", "30d"] if retains else [], more={
        "LD_PRELOAD": library, "FAKETIME_TIMESTAMP_FILE": stamp, "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1"})
    connection, maker, bodies, times = server.connect(20), load.Bodies(proof.options.seed, 0), [], []
    for offset in ("+0", "+365d", "+0", "-365d", "+0"):
        jump(offset)
        began = time.monotonic()
        for _ in range(5):
            body = maker.next("side")
            bodies.append(body)
            try:
                answer = post(connection, body.data, body.encoding)
            except OSError as error:
                proof.finding(f"{name} at {offset}: a request on a kept connection was not answered: {error!r}")
                connection.close()
                continue
            body.sends += 1
            problem = load.take(body, answer)
            proof.expect(problem is None, f"{name} at {offset}: {problem}")
            if answer.status >= 400:
                connection.close()
        proof.within(time.monotonic() - began, 5, f"{name} at {offset}: five requests")
        time.sleep(12 if retains else 1)
    used = server.processor_seconds()
    time.sleep(1)
    proof.expect(server.processor_seconds() - used < 0.5, f"{name}: the server is busy though nothing comes in")
    database = stored.connect(path)
    times = [row[0] // 1_000_000 - time.time() for row in database.execute("SELECT request_us FROM bodies")]
    database.close()
    year = 365 * 86_400 - 3_600
    proof.expect(max(times) > year and min(times) < -year, f"{name}: the server did not see the clock jump")
    code, _ = server.stop()
    proof.expect(code == 0, f"{name}: SIGTERM ended the server with {code}: {server.said()[-300:]}")
    for left in glob.glob(f"/dev/shm/*faketime*_{server.pid}"):
        os.remove(left)
    settled(proof, name, path, bodies)
    proof.figure("the clock a year on and back" + (", with retention" if retains else ""))


CASES = {"disk": failing_disk, "locked": locked, "moved": moved, "gone": gone, "descriptors": descriptors,
         "stop": told_to_stop, "clock": clock}


def main():
    def more(parser):
        parser.add_argument("--only", choices=sorted(CASES))
        parser.add_argument("--hold", type=float, default=20)

    proof = Proof("faults", more)
    for name, case in CASES.items():
        if proof.options.only not in (None, name):
            continue
        began = time.monotonic()
        try:
            case(proof, proof.path(f"{name}.db"))
        except (NotReady, stored.Damaged, OSError, sqlite3.Error, subprocess.SubprocessError) as error:
            proof.finding(f"{name}: the proof could not go on: {error!r}")
        proof.note(f"{name} took {time.monotonic() - began:.0f} s")
    proof.end()


if __name__ == "__main__":
    sys.exit(main())
