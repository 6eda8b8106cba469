"""Records the sample traces again: `python record.py`, or one of them with `--only NAME`.

An intake on a free port of the loopback interface answers as Elastic's APM Server does, the runner sends its traces
there, and the lines it sent are written to the folder above: the metadata once, then the events as they arrived.
"""

import argparse
import gzip
import json
import subprocess
import sys
import sysconfig
import threading
from collections import Counter
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

RUNNER = Path(__file__).resolve().parent / "billing_runner.py"
FOLDER = RUNNER.parent.parent

@dataclass
class Recording:
    """How a recording is made, and what it has to hold: one that lacks something must not be kept."""

    runner: dict
    transactions: int
    # None: as many as the transactions say they have.
    spans: int | None
    errors: int = 0
    # Settings of the agent, by their names without ELASTIC_APM_.
    agent: dict = field(default_factory=dict)
    # The version of APM Server it is recorded for: the agent sends no unsampled transaction to 8.0 and later.
    server: str = "8.19.0"


def plain(design, users, **runner):
    """A root, a transaction and five spans per user."""
    return Recording({"design": design, "users": users, "seed": 68, **runner}, users + 1, 5 * users)


RECORDINGS = {
    "pipeline-3users.ndjson": plain("pipeline", 3, slots=2, scale=3),
    "before-3users.ndjson": plain("semaphore", 3, slots=2, scale=3),
    "after-3users.ndjson": plain("queue", 3, slots=2, scale=3),
    "before-1000users.ndjson.gz": plain("semaphore", 1000, slots=50),
    "after-1000users.ndjson.gz": plain("queue", 1000, slots=50),
    **{f"{slots}-slots.ndjson.gz": plain("semaphore", 200, slots=slots) for slots in (2, 10, 50)},
    "failing-users.ndjson": Recording(
        {
            "design": "semaphore",
            "users": 12,
            "slots": 4,
            "seed": 68,
            "trouble": "rejected:1,declined:1,timeout:1,reset:1,unplanned:1",
        },
        transactions=13,
        spans=5 * 12 + 2,
        errors=5,
    ),
    "wait-spans.ndjson": Recording(
        {"design": "waitspan", "users": 12, "slots": 3, "seed": 68, "trouble": "reset:3"},
        transactions=13,
        spans=6 * 12 + 2 * 3,
        errors=3,
    ),
    "lookup-first.ndjson": Recording(
        {"design": "lookup", "users": 20, "slots": 4, "seed": 68}, transactions=21, spans=6 * 20
    ),
    "no-parent.ndjson": Recording(
        {"design": "parentless", "users": 8, "slots": 2, "seed": 68}, transactions=8, spans=5 * 8
    ),
    "compressed-and-dropped.ndjson": Recording(
        {"design": "semaphore", "users": 12, "slots": 3, "seed": 68, "clusters": 6, "trouble": "reset:2"},
        transactions=13,
        # Of 6 spans each, one is too short to be sent. A seventh and eighth would be too many.
        spans=6 * 12 - 1,
        errors=2,
        agent={"SPAN_COMPRESSION_ENABLED": "true", "EXIT_SPAN_MIN_DURATION": "5ms", "TRANSACTION_MAX_SPANS": "6"},
    ),
    "unsampled.ndjson": Recording(
        {"design": "parentless", "users": 6, "slots": 2, "seed": 68},
        transactions=6,
        spans=None,
        agent={"TRANSACTION_SAMPLE_RATE": "0.5"},
        server="7.17.28",
    ),
}


class Intake(BaseHTTPRequestHandler):
    """Answers the agent's three kinds of request and keeps the bodies of events."""

    def do_GET(self):
        self.answer(200, {"version": self.server.version})

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path.startswith("/config/v1/agents"):
            self.answer(200, {}, ("Etag", '"-"'), ("Cache-Control", "max-age=30, must-revalidate"))
        else:
            self.server.bodies.append(gzip.decompress(body).decode("utf-8"))
            self.answer(202, {})

    def answer(self, status, content, *headers):
        body = json.dumps(content).encode("utf-8")
        self.send_response(status)
        for name, value in (("Content-Type", "application/json"), ("Content-Length", str(len(body))), *headers):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        """No line per request."""


def run(recording, arguments, agent):
    """Runs the runner in an environment of nothing but the agent's settings; returns the bodies the agent sent."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Intake) as server:
        server.bodies, server.version = [], recording.server
        threading.Thread(target=server.serve_forever, daemon=True).start()
        flags = [word for name, value in arguments.items() for word in (f"--{name}", str(value))]
        settings = {"SERVER_URL": f"http://127.0.0.1:{server.server_port}", "CLOUD_PROVIDER": "none", **agent}
        environment = {f"ELASTIC_APM_{name}": value for name, value in settings.items()}
        subprocess.run([sys.executable, RUNNER, *flags], env=environment, check=True)
        server.shutdown()
        return server.bodies


def recorded_lines(bodies):
    """The metadata once, then the events of all bodies. They have to have the same metadata."""
    metadata = {body.split("\n", 1)[0] for body in bodies}
    if len(metadata) != 1:
        raise SystemExit(f"the agent has sent {len(metadata)} different metadata lines, one was expected")
    return [neutral_metadata(metadata.pop())] + [
        neutral_paths(line) for body in bodies for line in body.splitlines()[1:]
    ]


def neutral_metadata(line):
    """The host's name and ids (a container's, a pod's) make place for a name of no machine."""
    metadata = json.loads(line)
    system = metadata["metadata"]["system"]
    metadata["metadata"]["system"] = {
        "detected_hostname": "billing-host",
        "architecture": system["architecture"],
        "platform": system["platform"],
    }
    return json.dumps(metadata)


def neutral_paths(line):
    """Stack traces name files by where they lie: here the runner lies in /srv and Python's own library in /usr/lib."""
    library = f"lib/python{sysconfig.get_python_version()}"
    for path, neutral in (
        (sysconfig.get_path("purelib"), f"/srv/billing/venv/{library}/site-packages"),
        (sysconfig.get_path("stdlib"), f"/usr/{library}"),
        (str(FOLDER), "/srv/billing"),
    ):
        line = line.replace(path, neutral)
    return line


def check_complete(lines, recording):
    events = [next(iter(json.loads(line).items())) for line in lines]
    kinds = Counter(kind for kind, _ in events)
    spans = recording.spans
    if spans is None:
        spans = sum(event["span_count"]["started"] for kind, event in events if kind == "transaction")
    expected = {"transaction": recording.transactions, "span": spans, "error": recording.errors}
    if any(kinds[kind] != count for kind, count in expected.items()):
        raise SystemExit(f"incomplete: {dict(kinds)}, expected {expected}")
    return kinds


def record(name, recording, clock):
    arguments = recording.runner | ({"clock": clock} if clock else {})
    # Without stack traces of spans the small recordings can be read.
    agent = {} if name.endswith(".gz") else {"SPAN_STACK_TRACE_MIN_DURATION": "-1"}
    lines = recorded_lines(run(recording, arguments, agent | recording.agent))
    kinds = check_complete(lines, recording)
    content = "".join(line + "\n" for line in lines).encode("utf-8")
    if name.endswith(".gz"):
        content = gzip.compress(content, compresslevel=9, mtime=0)
    (FOLDER / name).write_bytes(content)
    print(f"{name}: {len(content)} bytes, {dict(kinds)}")


def main():
    parser = argparse.ArgumentParser(description="Records the sample traces again.")
    parser.add_argument("--only", choices=RECORDINGS, metavar="NAME", help="one recording instead of all")
    parser.add_argument("--clock", metavar="FILE", help="with --only: what the runner itself has measured, as it does")
    options = parser.parse_args()
    if options.clock and not options.only:
        parser.error("--clock is of one recording: it needs --only")
    for name, recording in RECORDINGS.items():
        if options.only in (None, name):
            record(name, recording, options.clock)


if __name__ == "__main__":
    main()
