"""What a database holds, read without any code of the program: by its tables and the description of its formats."""
import collections
import json
import os
import sqlite3
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "oracle"))

from lines import KINDS, Packed, inflate, text  # noqa: E402
from load import word_of  # noqa: E402
from server import run  # noqa: E402


class Damaged(Exception):
    """A row does not say what its line says."""


def connect(path):
    return sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=30, isolation_level=None)


def read(path, after=0):
    """How often each event (kind, word) is stored by bodies numbered higher than `after`; and the highest number.

    Every event is read from its line in its body, and held against its row.
    """
    database = connect(path)
    database.execute("BEGIN")
    traces = dict(database.execute("SELECT id, trace_id FROM runs"))
    bodies = {number: inflate(encoding, data) for number, encoding, data in database.execute(
        "SELECT id, encoding, data FROM bodies WHERE id > ?", (after,))}
    found = collections.Counter()

    def note(kind, identifier, run, body, offset, length):
        line = bodies[body][offset:offset + length]
        try:
            event = json.loads(line)[kind]
        except (ValueError, KeyError, TypeError):
            raise Damaged(f"{kind} {text(identifier)} is not at {offset}+{length} of body {body}: {line[:80]!r}")
        word = word_of(kind, event)
        if identifier is not None and text(identifier) != word:
            raise Damaged(f"{kind} {text(identifier)} stands at the line of {word}")
        trace = event.get("trace_id", event.get("trace.id"))
        if (text(traces[run]) if run is not None else None) != trace:
            raise Damaged(f"{kind} {word} of trace {trace} is kept with another run")
        found[kind, word] += 1

    for row in database.execute(
            "SELECT 'transaction', id, run, body, line_offset, line_length FROM transactions WHERE body > ?", (after,)):
        note(*row)
    for kind, *row in database.execute(
            "SELECT kind, CASE has_id WHEN 1 THEN id END, run, body, line_offset, line_length FROM side_events "
            "WHERE body > ?", (after,)):
        note(KINDS[kind], *row)
    for kind, *row in database.execute(
            "SELECT kind, id, NULL, body, line_offset, line_length FROM untraced_events WHERE body > ?", (after,)):
        note(KINDS[kind], *row)
    for run_number, body, start, data in database.execute(
            "SELECT run, body, start_us, data FROM parts WHERE body > ?", (after,)):
        for span in Packed(data).spans(start) if data else []:
            note("span", span[0], run_number, body, span[6], span[7])
    database.close()
    return found, max(bodies, default=after)


def compare(proof, found, bodies, when):
    """Holds what is stored against what was acknowledged: each event once. How many acknowledged ones are missing."""
    acknowledged = {key for body in bodies if body.is_acknowledged for key in body.keys}
    sent = {key for body in bodies for key in body.keys}
    lost = [key for key in acknowledged if not found[key]]
    twice = [key for key, count in found.items() if count > 1]
    unknown = [key for key in found if key not in sent]
    problems = {"lost although acknowledged": lost, "stored twice": twice, "stored but never sent": unknown}
    for name, keys in problems.items():
        proof.expect(not keys, f"{when}: {len(keys)} events {name}, one is {keys[:1]}")
    return len(lost)


def check(proof, path, when):
    """Has the program and SQLite look at the database."""
    code, output, errors = run(proof.binary, "database", "check", "--database", path)
    proof.expect(code == 0, f"{when}: database check ended with {code}: {output[-300:]}{errors[-300:]}")
    database = connect(path)
    answer = [row[0] for row in database.execute("PRAGMA integrity_check")]
    proof.expect(answer == ["ok"], f"{when}: integrity_check says {answer[:3]}")
    orphans = database.execute("PRAGMA foreign_key_check").fetchall()
    proof.expect(not orphans, f"{when}: foreign_key_check says {orphans[:3]}")
    database.close()
