"""Holds what a database says of where its events' lines stand against the lines themselves.

usage: lines.py DATABASE FILE.ndjson[.gz]...
Every stored transaction, span, error, metricset and log must point at a line of the files, in the inflated body that it
came with; a transaction, span or error at the line with its id. Prints `N lines found`; exit 1 at the first that is not.
"""
import gzip
import json
import sqlite3
import sys
import zlib

KINDS = {3: "error", 4: "metricset", 5: "log"}


def read(path):
    opened = gzip.open(path) if path.endswith(".gz") else open(path, "rb")
    with opened as file:
        return file.read().split(b"\n")


def inflate(encoding, data):
    """All members of a gzip body, or a zlib stream."""
    if encoding == 2:
        return zlib.decompress(data)
    decoded = b""
    while data:
        member = zlib.decompressobj(31)
        decoded += member.decompress(data)
        data = member.unused_data
    return decoded


def text(identifier):
    return identifier.hex() if isinstance(identifier, bytes) else identifier


def main(path, files):
    sent = {line for file in files for line in read(file)}
    database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    bodies = {number: inflate(encoding, data)
              for number, encoding, data in database.execute("SELECT id, encoding, data FROM bodies")}
    sizes = dict(database.execute("SELECT id, decoded_size FROM bodies"))
    assert all(len(body) == sizes[number] for number, body in bodies.items()), "a body is not as long as it says"
    queries = ["SELECT 'transaction', id, body, line_offset, line_length FROM transactions",
               "SELECT 'span', id, body, line_offset, line_length FROM spans",
               "SELECT kind, CASE has_id WHEN 1 THEN id END, body, line_offset, line_length FROM side_events",
               "SELECT kind, id, body, line_offset, line_length FROM untraced_events"]
    found = 0
    for query in queries:
        for kind, identifier, body, offset, length in database.execute(query):
            line = bodies[body][offset:offset + length]
            event = json.loads(line).get(KINDS.get(kind, kind)) if line in sent else None
            if event is None or (identifier is not None and event["id"] != text(identifier)):
                sys.exit(f"{kind} {text(identifier)} does not stand at {offset}+{length} of body {body}: {line[:80]!r}")
            found += 1
    print(f"{found} lines found")


main(sys.argv[1], sys.argv[2:])
