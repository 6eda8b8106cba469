"""What a server begins on: read-only, foreign, newer or damaged databases, locks, a second server.

usage: starts.py BINARY [--rounds N] [--seed S] [--slack F]
What cannot be used is refused with exit code 3 and one line, and stays as it is, byte for byte; nothing crashes. N
databases with random bytes changed are served, read and checked.
"""
import os
import shutil
import sqlite3
import subprocess
import sys
import time

import load
import stored
from proof import Proof, mount, with_own_mounts
from server import NotReady, Server, run

READING = (["runs", "--all"], ["report"], ["database", "info"], ["database", "check"])


def contents(path):
    if not os.path.exists(path):
        return None
    with open(path, "rb") as file:
        return file.read()


def make_database(proof, path, count=40):
    """A database with some of everything, whole and closed; its bodies."""
    maker, server = load.Bodies(proof.options.seed, 300), Server(proof.binary, path)
    bodies = [maker.next() for _ in range(count)]
    for body in bodies:
        problem = load.send(server, body)
        proof.expect(problem is None, f"making a database: {problem}")
    code, _ = server.stop()
    proof.expect(code == 0, f"making a database: SIGTERM ended the server with {code}")
    return bodies


def serve_once(proof, path):
    """Starts a server: the server where it listens, else None; and its exit code and lines where it ended."""
    server = Server(proof.binary, path, waits=False)
    try:
        server.wait_until_ready()
    except NotReady:
        return None, server.process.returncode, server.said().split("\n")
    return server, None, []


def refused(proof, name, path, words=(), reading=None):
    """Sees that nothing serves a database, in one line, and leaves it as it is.

    `reading` is the exit code that reading commands have to end with.
    """
    before = contents(path)
    server, code, lines = serve_once(proof, path)
    if not proof.expect(server is None, f"{name}: it was served"):
        server.kill()
        return
    proof.expect(code == 3, f"{name}: serve ended with {code}, not 3: {lines[-3:]}")
    proof.expect(len(lines) == 1 and lines[0] and all(word in lines[0] for word in words),
                 f"{name}: serve said {len(lines)} lines, not one with {words}: {lines[:3]}")
    if reading is not None:
        for command in READING:
            code, _, errors = run(proof.binary, *command, "--database", path)
            proof.expect(code == reading and errors.count("\n") <= 1,
                         f"{name}: `waitline {' '.join(command)}` ended with {code}, not {reading}: {errors[-300:]}")
    proof.expect(contents(path) == before, f"{name}: the file was changed")


def read_only(proof, base):
    folder = proof.path("read-only")
    os.mkdir(folder)
    mount("-t", "tmpfs", "-o", "size=64m", "tmpfs", folder)
    inside = os.path.join(folder, "kept.db")
    shutil.copy(base, inside)
    mount("-o", "remount,ro", folder)
    refused(proof, "a database in a read-only folder", inside)
    refused(proof, "a new database in a read-only folder", os.path.join(folder, "new.db"))
    refused(proof, "a new folder in a read-only one", os.path.join(folder, "new", "new.db"))
    for command in READING[:1] + READING[2:]:
        code, _, errors = run(proof.binary, *command, "--database", inside)
        proof.expect(code == 0, f"a read-only folder: `waitline {' '.join(command)}` ended with {code}: {errors}")
    mount("-o", "remount,rw", folder)
    server, code, lines = serve_once(proof, inside)
    if proof.expect(server is not None, f"writable again, serve ended with {code}: {lines[:2]}"):
        server.stop()
    file = proof.path("file.db")
    shutil.copy(base, file)
    mount("--bind", file, file)
    mount("-o", "remount,bind,ro", file)
    refused(proof, "a read-only file", file)
    subprocess.run(["umount", file], check=True)


def foreign(proof, base):
    """Files that are not ours, or were."""
    whole = contents(base)
    cases = {"zeroed": bytes(100) + whole[100:], "text": b"Dear diary,\n" * 400, "cut": whole[:len(whole) // 2 + 77],
             "short": whole[:60], "noise": proof.random.randbytes(50_000)}
    for name, data in cases.items():
        path = proof.path(f"{name}.db")
        with open(path, "wb") as file:
            file.write(data)
        if name != "cut":
            refused(proof, f"a {name} file", path, reading=3)
        else:
            survives(proof, "a database cut in half", path)
    other = proof.path("other.db")
    with sqlite3.connect(other) as database:
        database.execute("CREATE TABLE diary (day TEXT)")
    database.close()
    refused(proof, "another program's database", other, ["not a Waitline database"], reading=3)
    newer = proof.path("newer.db")
    shutil.copy(base, newer)
    with sqlite3.connect(newer) as database:
        database.execute("INSERT INTO grdb_migrations VALUES ('99 from the future')")
    database.close()
    refused(proof, "a newer schema", newer, ["newer"], reading=3)


def survives(proof, name, path):
    """Serves, reads and checks a damaged database: anything but a crash. How it went, in a word."""
    maker, before = load.Bodies(proof.options.seed, 400), contents(path)
    server, code, lines = serve_once(proof, path)
    word = "refused"
    if server is None:
        proof.expect(code == 3 and len(lines) == 1, f"{name}: serve ended with {code}: {lines[:3]}")
        proof.expect(contents(path) == before, f"{name}: it was refused and changed")
    else:
        word = "served"
        for _ in range(3):
            body = maker.next()
            try:
                answer = server.post(body.data, body.encoding)
            except OSError as error:
                proof.finding(f"{name}: a request was not answered: {error!r}; {server.said()[-600:]}")
                break
            proof.expect(answer.status in (202, 400, 503), f"{name}: a request was answered {answer}")
            word = "503" if answer.status == 503 else word
        code, _ = server.stop()
        proof.expect(code == 0, f"{name}: SIGTERM ended the server with {code}: {server.said()[-300:]}")
    for command in READING:
        code, _, errors = run(proof.binary, *command, "--database", path)
        proof.expect(code in (0, 1, 3) and errors.count("\n") <= 1,
                     f"{name}: `waitline {' '.join(command)}` ended with {code}: {errors[-300:]}")
    return word


def flipped(proof, base, rounds):
    """Random bytes of a database are something else."""
    whole, words = contents(base), {}
    for number in range(rounds):
        data, path = bytearray(whole), proof.path("flipped.db")
        for _ in range(proof.random.choice([1, 1, 5, 50])):
            place = proof.random.randrange(len(data))
            if proof.random.random() < 0.5:
                # The beginnings of pages say what everything else in them means.
                place = place // 8192 * 8192 + proof.random.randrange(40)
            data[place] ^= proof.random.randrange(1, 256)
        with open(path, "wb") as file:
            file.write(data)
        findings = proof.findings
        word = survives(proof, f"flips {number}", path)
        words[word] = words.get(word, 0) + 1
        if proof.findings > findings:
            with open(proof.path(f"flipped-{number}.db"), "wb") as file:
                file.write(data)
        for end in ("", "-wal", "-shm", ".lock"):
            if os.path.exists(path + end):
                os.remove(path + end)
    proof.figure(f"{rounds} databases with random bytes changed: "
                 + ", ".join(f"{count} {word}" for word, count in sorted(words.items())))


def locks(proof, base):
    """One server holds a database; what a dead one left holds nothing."""
    path = proof.path("held.db")
    shutil.copy(base, path)
    with open(path + ".lock", "w") as file:
        file.write("http://127.0.0.1:1\n")
    file = proof.path("one.ndjson")
    body = load.Bodies(proof.options.seed, 500).small()
    with open(file, "wb") as out:
        out.write(load.METADATA + b"\n".join(body[0]) + b"\n")
    code, output, errors = run(proof.binary, "import", file, "--database", path)
    proof.expect(code == 0, f"a stale lock: import ended with {code}: {errors}")
    with open(path + ".lock", "w") as lock:
        lock.write("http://127.0.0.1:1\n")
    first = Server(proof.binary, path)
    second, code, lines = serve_once(proof, path)
    if proof.expect(second is None, "a second server serves the same database"):
        proof.expect(code == 3 and len(lines) == 1 and f"127.0.0.1:{first.port}" in lines[0],
                     f"a second server ended with {code} and said {lines[:3]}")
    else:
        second.kill()
    taken = Server(proof.binary, proof.path("elsewhere.db"), listen=f"127.0.0.1:{first.port}", waits=False)
    taken.process.wait(30)
    time.sleep(0.2)
    proof.expect(taken.process.returncode not in (0, None) and taken.process.returncode > 0
                 and taken.said().count("\n") == 0, f"a port that is taken: {taken.process.returncode} {taken.said()}")
    maker = load.Bodies(proof.options.seed, 600)
    problem = load.send(first, maker.next())
    proof.expect(problem is None, f"the first server, after a second one tried: {problem}")
    code, output, errors = run(proof.binary, "import", file, "--database", path)
    proof.expect(code == 0, f"while a server holds the database, import ended with {code}: {errors}")
    first.kill()
    server, code, lines = serve_once(proof, path)
    if proof.expect(server is not None, f"after a kill, serve ended with {code}: {lines[:2]}"):
        server.stop()


def main():
    with_own_mounts()
    proof = Proof("starts")
    base = proof.path("base.db")
    try:
        bodies = make_database(proof, base)
        found, _ = stored.read(base)
        stored.compare(proof, found, bodies, "the database to begin with")
        # Reading it made a log's index, which is not part of what is copied.
        for end in ("-wal", "-shm"):
            if os.path.exists(base + end):
                os.remove(base + end)
        for case in (read_only, foreign, locks):
            case(proof, base)
        proof.figure("read-only, foreign, newer, held and stale ones are refused or taken as they should be")
        flipped(proof, base, proof.options.rounds)
    except (NotReady, stored.Damaged, OSError, sqlite3.Error, subprocess.SubprocessError) as error:
        proof.finding(f"the proof could not go on: {error!r}")
    proof.end()


if __name__ == "__main__":
    sys.exit(main())
