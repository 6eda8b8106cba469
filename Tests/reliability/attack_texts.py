"""Texts that would be more than texts: what a terminal obeys, what a spreadsheet computes, SQL, paths."""

import csv
import io
import json
import os
import re
import time

from clients import METADATA, hexadecimal, lines, post, span, transaction

# C0, DEL, C1, and what turns the direction of writing or ends a line.
HARMFUL = [*range(0x20), *range(0x7F, 0xA0), 0x61C, 0x200E, 0x200F, *range(0x2028, 0x202F), *range(0x2066, 0x206A)]
HOSTILE = "a" + "".join(map(chr, HARMFUL)) + "\x1b[31m\x1b]0;title\x07\x9b2Jz"


def hostile_events(text, trace):
    """Every kind of event with a text in every field that takes one."""
    tags = {"design": text, "key" + text: text}
    where = {
        "db": {"statement": text, "instance": text, "type": text, "user": text, "link": text},
        "destination": {"address": text, "service": {"resource": text, "name": text, "type": text}},
        "http": {"url": text, "method": text, "request": {"id": text, "body": text}},
        "message": {"queue": {"name": text}, "routing_key": text, "body": text, "headers": {text: text}},
        "service": {"version": text, "target": {"name": text, "type": text}}, "tags": tags}
    asked = {
        "user": {"id": text, "username": text, "email": text, "domain": text}, "tags": tags, "custom": {text: text},
        "request": {"method": text, "url": {"full": text, "pathname": text}, "headers": {text: text}, "body": text,
                    "cookies": {text: text}, "env": {text: text}},
        "response": {"status_code": 500, "headers": {text: [text]}}, "page": {"referer": text, "url": text},
        "message": where["message"], "service": {"version": text, "environment": text}}
    root, tasks = "root" + text, [f"task{number}{text}" for number in range(4)]
    frames = [{"filename": text, "function": text, "module": text, "context_line": text, "lineno": 1}]
    yield transaction(trace, root, name="root " + text, duration=100, type=text)
    for number, task in enumerate(tasks):
        yield transaction(
            trace, task, root, name="task " + text, type=text, result=text, context=asked,
            span_count={"started": 1, "dropped": 1})
        yield span(
            trace, task, f"span{number}{text}", name="span " + text, type=text, subtype=text, action=text,
            context=where, stacktrace=frames)
    yield {"error": {
        "id": "error" + text, "trace_id": trace, "parent_id": tasks[0], "transaction_id": tasks[0], "culprit": text,
        "timestamp": time.time_ns() // 1000, "context": asked, "exception": {
            "message": text, "type": text, "module": text, "code": text, "stacktrace": frames,
            "cause": [{"message": text, "type": text}]}, "log": {"message": text, "logger_name": text}}}
    yield {"metricset": {"samples": {"a" + text.replace("*", "").replace('"', ""): {"value": 1}}, "tags": tags}}
    yield {"log": {"message": text, "trace.id": trace, "log.level": text, "log.logger": text}}


def hostile_metadata(text):
    service = {
        "name": "hostile", "version": text, "environment": text, "agent": {"name": text, "version": text},
        "node": {"configured_name": text}, "language": {"name": text, "version": text},
        "runtime": {"name": text, "version": text}, "framework": {"name": text, "version": text}}
    system = {"detected_hostname": text, "configured_hostname": text, "platform": text, "architecture": text}
    process = {"pid": 1, "title": text, "argv": [text]}
    return {"metadata": {
        "service": service, "system": system, "process": process, "user": {"id": text, "username": text},
        "labels": {"design": text, "key" + text: text}}}


SCREENS = [
    ("runs",), ("runs", "--all"), ("waterfall",), ("waterfall", "--rows", "all"), ("waterfall", "--width", "40"),
    ("report",), ("report", "--by", "name,version,outcome"), ("report", "--by", "service,label:design"),
    ("report", "--by", "run"), ("span", "root"), ("span", "task0"), ("span", "span0"), ("span", "error"),
    ("database", "info"), ("database", "check"),
]

# What is drawn in colour too where few are to be drawn.
IN_COLOR = [("waterfall",), ("report",), ("span", "task0")]


def control_characters(attack):
    """What a terminal obeys, in every field and in rejected lines: none of it is on any screen, none in CSV."""
    trace = "trace" + HOSTILE
    rejected = [
        {HOSTILE: {}}, {"span": {"id": HOSTILE}}, {"transaction": {HOSTILE: HOSTILE, "duration": HOSTILE}},
        transaction(HOSTILE, HOSTILE, duration=-1)]
    with attack.server() as server:
        body = lines(hostile_metadata(HOSTILE), *hostile_events(HOSTILE, trace))
        # JSON may hold the harmful ones that are no C0 as they are.
        raw = body.replace(b"\\u2028", "\u2028".encode()).replace(b"\\u202e", "\u202e".encode())
        raw = raw.replace(b"\\u009b", "\u009b".encode()).replace(b"\\u007f", b"\x7f")
        raw = re.sub(rb'"(trace|root|task\d|span\d|error)(?=a)', rb'"other-\1', raw)
        answers = [post(server, body), post(server, raw), post(server, METADATA + lines(*rejected))]
        bad, screens = [], 0
        for words in SCREENS:
            for options in ((), ("--ascii", "always"), ("--color", "always"), ("--format", "json")):
                if words == ("database", "check") and options[:1] in (("--ascii",), ("--color",)):
                    continue
                if attack.small and options not in ((), ("--format", "json")) and words not in IN_COLOR:
                    continue
                screens += 1
                shown = server.waitline(*words, *options)
                found = harmful(shown.stdout, options[:1] == ("--color",)) | harmful(shown.stderr, False)
                if found or (shown.returncode != 0 and words != ("span", "error")):
                    bad.append(f"{' '.join(words + options)}: exit {shown.returncode}, {sorted(map(hex, found))[:5]}")
        exported = server.waitline("export", "--format", "csv")
        found = harmful(exported.stdout, False)
        log = harmful(server.said().encode(), False)
    attack.row(
        "control characters: stored", [answer.status for answer in answers] == [202, 202, 400],
        f"answered {[answer.status for answer in answers]}")
    attack.row("control characters: screens", not bad, "; ".join(bad) or f"{screens} screens are clean")
    attack.row("control characters: CSV", not found and exported.returncode == 0, f"{sorted(map(hex, found))}")
    attack.row("control characters: log", not log, f"{sorted(map(hex, log))}")
    formulas(attack)


def formulas(attack):
    """Texts that a spreadsheet would compute are texts in CSV."""
    beginnings = [
        "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "=cmd|'/c calc'!A0", "＝1", " =1", '"=1', "a,=1", "\n=1"]
    trace, root = hexadecimal(16), hexadecimal()
    tasks = [transaction(trace, hexadecimal(), root, name=text, context={"user": {"id": text}}) for text in beginnings]
    with attack.server() as server:
        answer = post(server, METADATA + lines(transaction(trace, root), *tasks, *[
            transaction(trace, hexadecimal(), root, name="pair") for _ in range(2)]))
        named = post(server, METADATA + lines(*[
            transaction("b" * 32, "=" + hexadecimal(), "c" * 16, name="=x", context={"user": {"id": f"=user{n}"}})
            for n in range(3)]))
        cells = []
        for run in (trace, "b" * 32):
            exported = server.waitline("export", run, "--format", "csv").stdout.decode()
            rows = list(csv.reader(io.StringIO(exported)))
            cells += [cell for row in rows[1:] for cell in row]
    live = [cell for cell in cells if cell[:1] in "=+-@\t\r＝＋－＠" and cell and not re.fullmatch(r"-?\d+", cell)]
    attack.row(
        "formulas in CSV", answer.status == named.status == 202 and cells and not live,
        f"{len(cells)} cells, {live[:5]}")


SQL = [
    "' OR '1'='1", "'; DROP TABLE runs; --", '"; DELETE FROM transactions; --', "%' OR 1=1 --",
    "x') UNION SELECT 1,2,3 --",
    "\\'; --", "%", "_", "*", "?1", ":a", "../../../../../../var/escaped", "..", "/etc/passwd", "a/../../b",
    "file:///etc/passwd?mode=rwc", "$(touch escaped)", "`touch escaped`", "; touch escaped", "%2e%2e%2f",
]


def injection(attack):
    """SQL and paths in every field, in selectors and filters: what was sent comes back, and nothing else happens."""
    texts = SQL[::3] if attack.small else SQL
    with attack.server() as server:
        folder = os.path.dirname(server.database)
        sent, statuses = {}, []
        for number, text in enumerate(texts):
            trace = f"{text}-run-{number}"
            body = lines(hostile_metadata(text), *hostile_events(text, trace))
            statuses.append(post(server, body).status)
            sent[trace] = body
        different = [text for text in sent if not comes_back(server, text, sent[text])]
        before = sorted(os.listdir(folder)), sorted(os.listdir("/tmp"))
        codes, wrong = {}, []
        for text in texts:
            for words in (
                ("report", text), ("waterfall", text), ("span", text), ("export", text, "--format", "csv"),
                ("waterfall", f"label:design={text}"), ("report", f"version:{text}"),
                ("report", f"label:{text}={text}"),
                ("report", "--user", text), ("report", "--name", text), ("report", "--service", text),
                ("report", "--label", f"design={text}"), ("span", "task", "--run", text),
                ("report", "--by", f"label:{text}"),
            ):
                shown = server.waitline(*words)
                codes[shown.returncode] = codes.get(shown.returncode, 0) + 1
                if shown.returncode not in (0, 1, 2, 3) or b"Fatal" in shown.stderr:
                    wrong.append(f"{words}: exit {shown.returncode}")
            told = server.waitline("report", "--user", text, "--format", "json")
            tasks = json.loads(told.stdout)["tasks"] if told.returncode == 0 else 0
            if tasks != 4:
                wrong.append(f"--user {text}: {tasks} of 4 tasks")
        escaped = server.waitline("export", "label:design=..", "--output", "../../../nosuch/../escaped.ndjson")
        after = sorted(os.listdir(folder)), sorted(os.listdir("/tmp"))
        check = server.waitline("database", "check")
    attack.row("injection: stored", set(statuses) == {202}, f"{len(texts)} texts, statuses {sorted(set(statuses))}")
    attack.row(
        "injection: comes back byte for byte", not different, f"{len(sent) - len(different)} runs, {different[:3]}")
    attack.row("injection: selectors and filters", not wrong, "; ".join(wrong[:5]) or f"exit codes {codes}")
    strange = set(after[0]) - set(before[0]) | {name for name in set(after[1]) - set(before[1]) if "escape" in name}
    attack.row(
        "injection: files", not strange and escaped.returncode in (2, 3),
        f"new {sorted(strange)}, {escaped.stderr[:100]!r}")
    attack.row("injection: the database", check.returncode == 0, check.stdout[-200:].decode(errors="replace").strip())


def comes_back(server, trace, body):
    """Whether a run's export has every line of its events as they were sent."""
    # A text that may be a path is asked for by its label's neighbour: the id's beginning would name a file.
    target = trace if "/" not in trace and "," not in trace and ".." not in trace else None
    if target is None:
        runs = json.loads(server.waitline("runs", "--all", "--format", "json").stdout)["runs"]
        return any(run["trace_id"] == trace and run["tasks"] == 4 for run in runs)
    exported = server.waitline("export", target)
    got = set(exported.stdout.splitlines())
    wanted = [line for line in body.splitlines() if b'{"metricset"' not in line and b'{"log"' not in line]
    return exported.returncode == 0 and all(line in got for line in wanted)


def harmful(output, is_colored):
    """The code points of an output that no screen may be given; escapes of colours are our own where there are any."""
    text = output.decode(errors="replace")
    if is_colored:
        text = re.sub(r"\x1b\[[0-9;]*m", "", text)
    return {ord(character) for character in text if ord(character) in HARMFUL and character != "\n"}
