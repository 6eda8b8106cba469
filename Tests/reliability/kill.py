"""kill -9 at random moments, under four senders: nothing acknowledged is lost, nothing is there twice.

usage: kill.py BINARY [--rounds N] [--seed S] [--slack F]
Of N rounds each starts the server on the same database and port, has four senders post, and kills it; every fifth kills
it once more while it starts. What was not acknowledged is sent again in the next round. At the end everything is sent
again, which must add nothing. Then imports are killed and begun anew, and servers are killed while they make a
database.
"""
import gzip
import json
import os
import subprocess
import sys
import time

import load
import stored
from proof import Proof
from server import NotReady, Server, environment, free_port, run

SENDERS = 4


class Killing:
    """The rounds on one database."""

    def __init__(self, proof):
        self.proof, self.path = proof, proof.path("killed.db")
        self.listen = f"127.0.0.1:{free_port(proof.random)}"
        self.makers = [load.Bodies(proof.options.seed, number) for number in range(SENDERS)]
        self.bodies, self.ready = [], []
        self.resent = self.found_again = self.last_body = self.lost = 0
        self.found = stored.collections.Counter()

    def start(self):
        server = Server(self.proof.binary, self.path, listen=self.listen)
        self.ready.append(server.ready)
        return server

    def round(self, number):
        random = self.proof.random
        if number % 5 == 4:
            server = Server(self.proof.binary, self.path, listen=self.listen, waits=False)
            time.sleep(random.random() * 0.15)
            server.kill()
        server = self.start()
        self.look(f"round {number}")
        again = [body for body in self.bodies if not body.is_acknowledged]
        random.shuffle(again)
        self.resent += len(again)

        def tell(body, answer):
            self.found_again += answer.duplicates > 0

        senders = [load.Sender(server, maker, again[index::SENDERS], tell) for index, maker in enumerate(self.makers)]
        for sender in senders:
            sender.start()
        # Early moments more often than late ones: there the log is recovered and the caches are empty.
        time.sleep(random.random() ** 2 * 1.5)
        server.kill()
        for sender in senders:
            sender.join(90)
        for sender in senders:
            self.bodies += sender.sent
            for text in sender.findings:
                self.proof.finding(f"round {number}: {text}")
        self.proof.expect(not server.said(), f"round {number}: the server said: {server.said()[-300:]}")

    def look(self, when):
        """Reads what came since the last look."""
        found, self.last_body = stored.read(self.path, self.last_body)
        self.found.update(found)
        self.lost += stored.compare(self.proof, self.found, self.bodies, when)

    def end(self):
        proof, server = self.proof, self.start()
        self.look("after the last kill")
        for body in self.bodies:
            if not body.is_acknowledged:
                problem = load.send(server, body)
                proof.expect(problem is None, f"sent again: {problem}")
        self.found, _ = stored.read(self.path)
        self.lost += stored.compare(proof, self.found, self.bodies, "after all was sent again")
        before = self.rows()
        for body in self.bodies:
            body.sends += 1
            answer = server.post(body.data, body.encoding)
            problem = load.take(body, answer)
            proof.expect(problem is None, f"sent once more: {problem}")
            if problem is None and answer.duplicates != len(body.keys):
                proof.finding(f"sent once more, {answer.duplicates} of {len(body.keys)} events were known")
        proof.expect(self.rows() == before, f"sending all once more made {before} rows {self.rows()}")
        self.export()
        code, _ = server.stop()
        proof.expect(code == 0, f"at the end, SIGTERM ended the server with {code}")
        stored.check(proof, self.path, "at the end")

    def rows(self):
        database = stored.connect(self.path)
        tables = ("bodies", "runs", "transactions", "parts", "side_events", "untraced_events")
        rows = {table: database.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables}
        database.close()
        return rows

    def export(self):
        """The program's own way out says the same of the trace that all senders shared."""
        code, output, errors = run(self.proof.binary, "export", load.SHARED_TRACE, "--database", self.path)
        words = [next(iter(json.loads(line).values())).get("id") for line in output.splitlines() if line]
        kept = [word for word in words if word]
        sent = {word for body in self.bodies if body.is_of_shared_trace for _, word in body.keys}
        self.proof.expect(code == 0 and sorted(kept) == sorted(sent),
                          f"export ended with {code} and {len(kept)} of {len(sent)} events: {errors}")


def imports(proof, rounds):
    """An import killed at random moments and begun anew stores each event once."""
    # Long lines: several deliveries, each a commit of its own, of few events.
    maker, lines, keys = load.Bodies(proof.options.seed, 100, noise=6_000), [], []
    while len(keys) < 9_000:
        more, their_keys = maker.large()
        lines += more
        keys += their_keys
    file, path = proof.path("import.ndjson.gz"), proof.path("imported.db")
    with gzip.open(file, "wb", 1) as out:
        out.write(load.METADATA + b"\n".join(lines) + b"\n")
    arguments = [proof.binary, "import", file, "--format", "json", "--database"]
    began = time.monotonic()
    subprocess.run([*arguments, proof.path("whole.db")], check=True, stdout=subprocess.DEVNULL, env=environment())
    whole = time.monotonic() - began
    cut, stages = 0, set()
    for number in range(rounds):
        process = subprocess.Popen([*arguments, path], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                                   env=environment())
        # Later and later, so that each gets further than the one before.
        time.sleep((number + proof.random.random()) / rounds * whole)
        process.kill()
        cut += process.wait() == -9
        said = process.stderr.read().decode()
        proof.expect(not said, f"a killed import said: {said[-300:]}")
        stages.add(commits(path))
    for expected in (None, len(keys)):
        code, output, errors = run(*arguments, path)
        totals = json.loads(output) if code == 0 else {}
        right = code == 0 and totals["accepted"] == len(keys) and totals["rejected"] == 0
        proof.expect(right and expected in (None, totals["duplicates"]),
                     f"import after {rounds} kills ended with {code}: {output}{errors}")
    stored.compare(proof, stored.read(path)[0], [acknowledged(keys)], "after killed imports")
    stored.check(proof, path, "after killed imports")
    proof.figure(f"{cut} of {rounds} imports killed, at {len(stages)} stages, {len(keys)} events once")


def commits(path):
    """How many bodies a database holds; None where it has no tables yet."""
    try:
        database = stored.connect(path)
        count = database.execute("SELECT count(*) FROM bodies").fetchone()[0]
        database.close()
        return count
    except stored.sqlite3.Error:
        return None


def acknowledged(keys):
    body = load.Body(b"", None, keys)
    body.is_acknowledged = True
    return body


def beginnings(proof, rounds):
    """A server killed while it makes its database leaves one that the next takes up."""
    began = time.monotonic()
    Server(proof.binary, proof.path("first.db")).kill()
    whole = time.monotonic() - began
    sizes = set()
    for number in range(rounds):
        path = proof.path(f"new-{number}.db")
        server = Server(proof.binary, path, waits=False)
        if number % 3:
            # Most while its first pages are written, which is soon over.
            end = time.monotonic() + 10
            while not os.path.exists(path) and time.monotonic() < end:
                pass
            time.sleep(0.03 * proof.random.random())
        else:
            time.sleep(whole * proof.random.random())
        server.kill()
        sizes.add(os.path.getsize(path) if os.path.exists(path) else None)
        maker = load.Bodies(proof.options.seed, 200)
        try:
            server = Server(proof.binary, path)
        except NotReady as error:
            proof.finding(f"a database whose making was killed: {error}")
            continue
        bodies = [maker.next() for _ in range(3)]
        for body in bodies:
            problem = load.send(server, body)
            proof.expect(problem is None, f"after a kill in its making: {problem}")
        server.kill()
        stored.compare(proof, stored.read(path)[0], bodies, "after a kill in its making")
        if number % 10 == 0:
            stored.check(proof, path, "after a kill in its making")
    proof.figure(f"{rounds} kills in the making of a database (sizes left: "
                 f"{', '.join(map(str, sorted(sizes, key=lambda size: size or -1)))})")


def main():
    proof = Proof("kill")
    rounds = proof.options.rounds
    killing = Killing(proof)
    try:
        for number in range(rounds):
            killing.round(number)
        killing.end()
    except (NotReady, stored.Damaged, OSError, stored.sqlite3.Error) as error:
        proof.finding(f"the proof could not go on: {error!r}")
        proof.end()
    ready = sorted(killing.ready)
    proof.within(ready[-1], 1, "until it listened again, the slowest start")
    events = sum(len(body.keys) for body in killing.bodies)
    proof.figure(f"{rounds} kills under {SENDERS} senders, {len(killing.bodies)} bodies of {events} events, "
                 f"{killing.lost} acknowledged lost, {killing.resent} sent again of which {killing.found_again} were "
                 f"stored, ready after {ready[len(ready) // 2]:.2f} s (slowest {ready[-1]:.2f} s)")
    imports(proof, min(max(4, rounds // 5), 10))
    beginnings(proof, max(30, rounds // 4))
    proof.end()


if __name__ == "__main__":
    sys.exit(main())
