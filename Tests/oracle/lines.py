"""Holds what a database says of where its events' lines stand against the lines themselves.

usage: lines.py DATABASE FILE.ndjson[.gz]...
Every stored transaction, span, error, metricset and log must point at a line of the files, in the inflated body that it
came with; a transaction, span or error at the line with its id. The packed columns of spans are those of their lines,
too. Prints `N lines found`; exit 1 at the first that is not.
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


class Packed:
    """Reads the spans of a part, by the description of the format in Sources/TraceStorage/SpanBlock.swift."""

    def __init__(self, data):
        self.data, self.position = data, 0

    def integer(self):
        value = shift = 0
        while True:
            byte = self.data[self.position]
            self.position += 1
            value |= (byte & 127) << shift
            if byte < 128:
                return value
            shift += 7

    def signed(self):
        value = self.integer()
        return value >> 1 if value & 1 == 0 else -(value + 1 >> 1)

    def take(self, count):
        self.position += count
        return self.data[self.position - count:self.position]

    def spans(self, start):
        """(id, transaction, parent, start, duration, offset, line offset, line length, shape) of each."""
        ids = [self.take(8).hex() for _ in range(self.integer())]
        for _ in range(self.integer()):
            number, size = self.integer(), self.integer()
            raw = self.take(size >> 1)
            ids[number] = raw.hex() if size & 1 else raw.decode()
        met, shapes, line_end = 0, [], 0

        def reference():
            nonlocal met
            back = self.integer()
            if back:
                return ids[met - back]
            met += 1
            return ids[met - 1]

        while self.position < len(self.data):
            number = self.integer()
            if number == len(shapes):
                shape = list(shapes[-1]) if shapes else [0] * 8
                mask = self.take(1)[0]
                for member in range(8):
                    if mask >> member & 1:
                        shape[member] = self.integer()
                shapes.append(shape)
            shape = shapes[number]
            form = shape[0]
            identifier = reference()
            transaction = reference() if form & 1 else None
            parent = transaction if form & 4 else reference() if form & 2 else None
            start += self.signed()
            duration = self.integer()
            offset = self.signed() if form & 8 else None
            line = line_end + self.signed()
            length = self.integer()
            line_end = line + length
            yield identifier, transaction, parent, start, duration, offset, line, length, shape


def is_as_sent(span, event, strings):
    """Whether the packed columns of a span are those of its line."""
    identifier, transaction, parent, start, duration, _, _, _, shape = span
    texts = {key: strings.get(shape[member])
             for key, member in (("name", 2), ("type", 3), ("subtype", 4), ("action", 5))}
    outcomes = {None: 0, "unknown": 0, "success": 1, "failure": 2}
    return (
        event["id"] == identifier and (event.get("transaction_id") or None) == transaction
        and (event.get("parent_id") or None) == parent and ("timestamp" not in event or event["timestamp"] == start)
        and abs(event["duration"] * 1000 - duration) <= 0.5 + 1e-6
        and ("outcome" not in event or outcomes[event["outcome"]] == shape[0] >> 5 & 3)
        and all((event.get(key) or None) == (value or None) for key, value in texts.items()))


def main(path, files):
    sent = {line for file in files for line in read(file)}
    database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    bodies = {number: inflate(encoding, data)
              for number, encoding, data in database.execute("SELECT id, encoding, data FROM bodies")}
    sizes = dict(database.execute("SELECT id, decoded_size FROM bodies"))
    assert all(len(body) == sizes[number] for number, body in bodies.items()), "a body is not as long as it says"
    queries = ["SELECT 'transaction', id, body, line_offset, line_length FROM transactions",
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
    strings = dict(database.execute("SELECT id, text FROM strings"))
    for body, count, start, data in database.execute("SELECT body, spans, start_us, data FROM parts"):
        spans = list(Packed(data).spans(start)) if data else []
        assert len(spans) == count, f"a part of body {body} says it has {count} spans, and has {len(spans)}"
        for span in spans:
            line = bodies[body][span[6]:span[6] + span[7]]
            event = json.loads(line).get("span") if line in sent else None
            if event is None or not is_as_sent(span, event, strings):
                sys.exit(f"span {span} is not as its line in body {body} says: {line[:80]!r}")
            found += 1
    print(f"{found} lines found")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
