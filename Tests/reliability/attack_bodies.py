"""Bodies that are not what they seem: bombs, damaged gzip, JSON at its edges."""

import gzip
import json
import struct
import time
import zlib

from clients import METADATA, MIB, exchange, head, hexadecimal, lines, post, transaction


def gzip_repeated(start, piece, count):
    """A gzip member of `start` and many times `piece`, made in the time that one of them takes."""

    def deflated(data, ending):
        deflater = zlib.compressobj(9, zlib.DEFLATED, -15)
        return deflater.compress(data) + deflater.flush(ending)

    check = zlib.crc32(start)
    for _ in range(count):
        check = zlib.crc32(piece, check)
    size = len(start) + count * len(piece)
    # After a full flush a block stands for itself, so it may be there again.
    body = deflated(start, zlib.Z_FULL_FLUSH) + deflated(piece, zlib.Z_FULL_FLUSH) * count
    trailer = struct.pack("<II", check, size & 0xFFFFFFFF)
    return b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + body + deflated(b"", zlib.Z_FINISH) + trailer


def bombs(attack):
    """What inflates to 1 GiB: zeros, one within another, and valid events, as small as they can be."""
    zeros = gzip_repeated(b"", bytes(MIB), 1024)
    tiny = {
        "spans": {"span": {"id": "a", "trace_id": "b", "parent_id": "c", "name": "d", "type": "e", "duration": 1,
                           "timestamp": 1700000000000000}},
        "logs": {"log": {"message": ""}},
        "metricsets": {"metricset": {"samples": {"a": {"value": 1}}}},
    }
    bodies = {
        "zeros": (zeros, 1), "zeros behind metadata": (gzip_repeated(METADATA, bytes(MIB), 1024), 1),
        "a bomb within a bomb": (gzip.compress(zeros, 9), 1),
        "line feeds": (gzip_repeated(METADATA, b"\n" * MIB, 1024), 1),
    }
    for name, event in tiny.items():
        line = lines(event)
        # Events take longer than zeros: a second for each 16 MiB of the 128 that are read.
        bodies[f"tiny {name}"] = (gzip_repeated(METADATA, line * (MIB // len(line)), 1024), 8)
    chosen = ["zeros", "a bomb within a bomb", "line feeds", "tiny spans"] if attack.small else bodies
    for name in chosen:
        body, seconds = bodies[name]
        with attack.server() as server, attack.watch(server) as watch:
            started = time.monotonic()
            answer = post(server, body, timeout=120, Content_Encoding="gzip")
            took = time.monotonic() - started
        is_refused = answer.status in (400, 500, 503)
        attack.row(
            f"bomb: {name}", is_refused and took <= seconds * attack.slack,
            f"{len(body) / 1024:.0f} KiB, {answer.status} in {took:.2f} s, accepted {answer.json().get('accepted')}")
        # Valid events are stored, for which SQLite fills its cache: that is not the bomb's.
        room = 40 if name.startswith("tiny") else 32
        attack.row(f"bomb: {name}: others", watch.is_well(room * MIB), watch.figures)


def damaged(attack):
    """Gzip that is cut, has several members, junk behind it, or a trailer that lies."""

    def events(count):
        return [lines(transaction(hexadecimal(16))) for _ in range(count)]

    def body(*parts):
        return b"".join(parts)

    first, second = events(50), events(50)
    whole = gzip.compress(body(METADATA, *first, *second))
    two = gzip.compress(body(METADATA, *first)) + gzip.compress(body(*second))
    lying = whole[:-4] + struct.pack("<I", 0xFFFFFFF0)
    # What is damaged behind whole lines keeps those; so much is known to be there.
    cases = {
        "whole": (whole, (202,), 100), "two members": (two, (202,), 100), "cut": (whole[: len(whole) // 2], (500,), 1),
        "without its trailer": (whole[:-8], (500,), 99), "junk behind": (whole + b"junk behind it", (400,), 100),
        "a wrong checksum": (whole[:-8] + b"\1\2\3\4" + whole[-4:], (400, 500), 99),
        "a length that lies": (lying, (400, 500), 99), "no gzip at all": (b"not gzip", (400,), None),
        "a bit flipped": (whole[:200] + bytes([whole[200] ^ 1]) + whole[201:], (202, 400, 500), 0),
    }
    with attack.server() as server, attack.watch(server) as watch:
        for name, (data, statuses, least) in cases.items():
            answer = post(server, data, Content_Encoding="gzip")
            accepted = answer.json().get("accepted") if answer.status != 202 or answer.body else 0
            enough = least is None or (accepted or 0) >= least
            attack.row(f"gzip: {name}", answer.status in statuses and enough, f"{answer.status}, accepted {accepted}")
        both = exchange(
            server, [head(length=len(whole), Transfer_Encoding="chunked", Content_Encoding="gzip"), whole], 5)
        attack.row("gzip: both lengths", both.status == 400, f"{both.status}")
    attack.row("gzip: others", watch.is_well(32 * MIB), watch.figures)


def odd_json(attack):
    """JSON at its edges, each between two neighbours that have to be kept."""
    deep = 100_000

    def event(**raw):
        members = {
            "id": f'"{hexadecimal()}"', "trace_id": f'"{hexadecimal(16)}"', "type": '"request"', "name": '"odd"',
            "duration": "1", "timestamp": "1700000000000000", "span_count": '{"started":0}', **raw}
        return b'{"transaction":{%s}}\n' % b",".join(
            b'"%s":%s' % (name.encode(), value if isinstance(value, bytes) else value.encode())
            for name, value in members.items())

    numbers = ["NaN", "Infinity", "-Infinity", "1e400", "-1e400", "-1", "1e-400", 
               "9223372036854775808", "18446744073709551616", "-9223372036854775809", "1" * 400,
               "0x10", "01", "1.", ".5", "+1", "1e", "--1", "1e309"]
    odd = {
        "nested 100 000 deep": event(context='{"custom":{"a":' + "[" * deep + "]" * deep + "}}"),
        "nested and not closed": event(context='{"custom":{"a":' + "[" * deep),
        "objects 100 000 deep": event(context='{"custom":' + '{"a":' * deep + "1" + "}" * deep + "}"),
        "unknown and deep": event(unknown="[" * deep + "]" * deep), "a type nested deep": b'{"a":' * deep + b"\n",
        "double keys": b'{"transaction":{"id":"a","id":"b","id":"c"},"transaction":{}}\n',
        "100 000 equal keys": event(context='{"tags":{' + ",".join(['"k":1'] * 30_000) + "}}"),
        "lone surrogate": event(name='"a\\ud800b"'), "lone low surrogate": event(name='"\\udc00"'),
        "surrogates swapped": event(name='"\\udc00\\ud800"'), "invalid UTF-8": event(name=b'"a\xff\xfe\xc3(b"'),
        "overlong UTF-8": event(name=b'"\xc0\x80\xe0\x80\x80\xf8\x88\x80\x80\x80"'),
        "surrogate as UTF-8": event(name=b'"\xed\xa0\x80"'), "NUL escaped": event(name='"a\\u0000b"'),
        "NUL raw": event(name=b'"a\0b"'), "NUL between": b'{"transaction"\0:{}}\n',
        "line of NULs": b"\0" * 1000 + b"\n",
        "control raw": event(name=b'"a\x01\x1b\x7fb"'), "half an escape": event(name='"a\\u12"'),
        "no value": b'{"span":}\n',
        "half a key": b'{"tra\n', "an array": b"[1,2,3]\n", "a number": b"1\n", "a string": b'"transaction"\n',
        "null": b"null\n",
        "an empty id": event(id='""', trace_id='""'), "an id of objects": event(id="{}"),
        "a long id": event(id='"' + "i" * 1025 + '"'), "year 9999": event(timestamp="253402300799999999"),
    }
    for number in numbers:
        odd[f"duration {number[:20]}"] = event(duration=number)
        odd[f"timestamp {number[:20]}"] = event(timestamp=number)
        odd[f"count {number[:20]}"] = event(span_count=f'{{"started":{number}}}')
        odd[f"age {number[:20]}"] = event(context=f'{{"message":{{"age":{{"ms":{number}}}}}}}')
    trace, bad, slowest = hexadecimal(16), [], 0.0
    with attack.server() as server, attack.watch(server) as watch:
        for number, (name, line) in enumerate(odd.items()):
            neighbours = [lines(transaction(trace, f"{number:08x}0000000{side}")) for side in (0, 1)]
            started = time.monotonic()
            answer = post(server, METADATA + neighbours[0] + line + neighbours[1])
            slowest = max(slowest, time.monotonic() - started)
            result = answer.json()
            accepted, errors = result.get("accepted", 0), result.get("errors", [])
            if answer.status not in (202, 400) or accepted < 2 or len(errors) > 1 or accepted + len(errors) != 3:
                bad.append(f"{name}: {answer.status}, accepted {accepted}, {len(errors)} errors")
        shown = server.waitline("waterfall", trace, "--format", "json", "--rows", "all")
        rows = json.loads(shown.stdout)["rows"] if shown.returncode == 0 else []
        sent = {f"{number:08x}0000000{side}" for number in range(len(odd)) for side in (0, 1)}
        found = sent & {row["id"] for row in rows}
        questions = ("runs", "--all"), ("report",), ("database", "check")
        commands = [server.waitline(*words).returncode for words in questions]
    attack.row("JSON", not bad, "; ".join(bad) or f"{len(odd)} odd lines, slowest answer {slowest:.2f} s")
    attack.row("JSON: neighbours", found == sent, f"{len(found)} of {len(sent)} stored")
    attack.row("JSON: read back", commands == [0, 0, 0], f"exit codes of runs, report, database check: {commands}")
    attack.row("JSON: others", watch.is_well(32 * MIB), watch.figures)
