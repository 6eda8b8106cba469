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
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

RUNNER = Path(__file__).resolve().parent / "billing_runner.py"
FOLDER = RUNNER.parent.parent

THREE_USERS = {"users": 3, "slots": 2, "seed": 68, "scale": 3}
THOUSAND_USERS = {"users": 1000, "slots": 50, "seed": 68}
RECORDINGS = {
    "pipeline-3users.ndjson": {"design": "pipeline", **THREE_USERS},
    "before-3users.ndjson": {"design": "semaphore", **THREE_USERS},
    "after-3users.ndjson": {"design": "queue", **THREE_USERS},
    "before-1000users.ndjson.gz": {"design": "semaphore", **THOUSAND_USERS},
    "after-1000users.ndjson.gz": {"design": "queue", **THOUSAND_USERS},
}


class Intake(BaseHTTPRequestHandler):
    """Answers the agent's three kinds of request and keeps the bodies of events."""

    def do_GET(self):
        self.answer(200, {"version": "8.19.0"})

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


def run(arguments, agent):
    """Runs the runner in an environment of nothing but the agent's settings; returns the bodies the agent sent."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Intake) as server:
        server.bodies = []
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
    library = f"/usr/lib/python{sysconfig.get_python_version()}"
    return line.replace(sysconfig.get_path("stdlib"), library).replace(str(FOLDER), "/srv/billing")


def check_complete(lines, users):
    """A recording that lacks something must not be kept: a transaction and five spans per user, and the run's root."""
    kinds = Counter(next(iter(json.loads(line))) for line in lines)
    if (kinds["transaction"], kinds["span"], kinds["error"]) != (users + 1, 5 * users, 0):
        raise SystemExit(f"incomplete: {dict(kinds)} for {users} users")
    return kinds


def record(name, arguments):
    # Without stack traces the small recordings can be read.
    agent = {} if name.endswith(".gz") else {"SPAN_STACK_TRACE_MIN_DURATION": "-1"}
    lines = recorded_lines(run(arguments, agent))
    kinds = check_complete(lines, arguments["users"])
    content = "".join(line + "\n" for line in lines).encode("utf-8")
    if name.endswith(".gz"):
        content = gzip.compress(content, compresslevel=9, mtime=0)
    (FOLDER / name).write_bytes(content)
    print(f"{name}: {len(content)} bytes, {dict(kinds)}")


def main():
    parser = argparse.ArgumentParser(description="Records the sample traces again.")
    parser.add_argument("--only", choices=RECORDINGS, metavar="NAME", help="one recording instead of all five")
    only = parser.parse_args().only
    for name, arguments in RECORDINGS.items():
        if only in (None, name):
            record(name, arguments)


if __name__ == "__main__":
    main()
