"""What a power cut leaves: strace shows that each 202 comes after an fdatasync of the log that holds its commit.

usage: synced.py BINARY [--rounds N] [--seed S]
4 clients post N bodies each at the same time. The trace of the server's system calls is read for each 202: the bytes
of its request went into a frame of the log; that frame's commit ended with a commit frame; an fdatasync (or fsync) of
the log began after that frame was written and ended well before the call that sends the 202 began; and the folder was
synced after the log was made. At the end the database is synced before its log is taken away.
"""
import bisect
import gzip
import json
import os
import re
import shutil
import subprocess
import sys
import threading
import time

import load
import stored
from proof import Proof
from server import NotReady, Server, post

CALLS = "pwrite64,pwritev,pwritev2,write,writev,sendto,sendmsg,fdatasync,fsync,unlink,unlinkat,openat,ftruncate"
SENDING = ("write", "writev", "sendto", "sendmsg")
ESCAPES = re.compile(rb"\\x([0-9a-f]{2})")


class Call:
    """One system call; times are positions in the trace, which is written in the order in which things happened."""

    def __init__(self, thread, name, text, began):
        self.thread, self.name, self.text, self.began, self.ended = thread, name, text, began, None
        self.result = None


def calls(lines):
    """The calls of a trace, in the order in which they began; those that were interrupted put together again."""
    line_form = re.compile(rb"^(\d+)\s+(?:(\w+)\((.*)|<\.\.\. (\w+) resumed>(.*))$", re.DOTALL)
    end = re.compile(rb"\)\s+= (-?\d+|\?)[^()]*(?:\([^()]*\))?$")
    open_calls, all_calls = {}, []
    for position, line in enumerate(lines):
        match = line_form.match(line)
        if not match:
            continue
        thread, name, rest, resumed, more = match.groups()
        if name:
            call = Call(thread, name.decode(), rest, position)
            all_calls.append(call)
        else:
            call = open_calls.pop(thread, None)
            if call is None or call.name != resumed.decode():
                continue
            call.text += more
        if rest is not None and rest.rstrip().endswith(b"<unfinished ...>"):
            call.text = rest.rstrip()[:-len(b"<unfinished ...>")]
            open_calls[thread] = call
            continue
        over = end.search(call.text)
        if over:
            call.ended = position
            call.result = int(over.group(1)) if over.group(1) != b"?" else None
    return all_calls


def unescaped(text):
    return ESCAPES.sub(lambda match: bytes([int(match.group(1), 16)]), text)


class Frame:
    """A page in the log: what was written when."""

    def __init__(self, header, call):
        self.is_commit, self.written, self.data = int.from_bytes(header[4:8], "big") != 0, call.ended, b""


class Trace:
    """A server's system calls, as far as they bear on what is synced."""

    def __init__(self, path, database):
        with open(path, "rb") as file:
            self.calls = calls(file.read().split(b"\n"))
        self.database, self.log = database.encode(), database.encode() + b"-wal"
        self.page_size = 8192
        self.frames = self._frames()
        self.syncs = [call for call in self.calls if call.name in ("fdatasync", "fsync") and call.result == 0]
        self.log_syncs = [call for call in self.syncs if self._path(call) == self.log]

    @staticmethod
    def _path(call):
        match = re.match(rb"\d+<([^>]*)>", call.text)
        return unescaped(match.group(1)) if match else None

    def _written(self, call):
        return unescaped(re.search(rb', "((?:[^"\\]|\\.)*)"', call.text).group(1))

    def _offset(self, call):
        return int(re.search(rb", (\d+)\s*\)\s+=", call.text).group(1))

    def _frames(self):
        """The frames in the order in which they were written; a header and its page are two calls, or one."""
        frames, open_frame, size = [], None, 24 + self.page_size
        for call in self.calls:
            if call.name not in ("pwrite64", "write") or self._path(call) != self.log or not call.result:
                continue
            data, place = self._written(call), self._offset(call)
            if place < 32:
                continue
            if (place - 32) % size == 0 and len(data) >= 24:
                open_frame = Frame(data, call)
                frames.append(open_frame)
                data = data[24:]
            if open_frame is not None and data:
                open_frame.data += data
                open_frame.written = call.ended
        return frames

    def accepted(self):
        """The calls that send a 202, by the client's port, in order."""
        ports = {}
        for call in self.calls:
            if call.name in SENDING and b"TCP" in call.text[:100]:
                peer = re.match(rb"\d+<TCP[^>]*->[^>]*:(\d+)\]>", call.text)
                count = unescaped(call.text).count(b"HTTP/1.1 202 ")
                for _ in range(count if peer else 0):
                    ports.setdefault(int(peer.group(1)), []).append(call)
        return ports

    def proves(self, call, mark):
        """Why nothing shows that the request with this mark was synced before this call; None where it is shown."""
        index = next((index for index, frame in enumerate(self.frames) if mark in frame.data), None)
        if index is None:
            return "its bytes are in no frame of the log"
        commit = next((frame for frame in self.frames[index:] if frame.is_commit), None)
        if commit is None or commit.written is None or commit.written > call.began:
            return "it was answered before its commit was written"
        first = bisect.bisect_left([sync.began for sync in self.log_syncs], commit.written)
        if not any(sync.ended is not None and sync.ended < call.began for sync in self.log_syncs[first:]):
            return "no fdatasync of the log that began after its commit ended before its answer"
        return None

    def folder_was_synced(self, before):
        """Whether the log's name was made durable before a moment."""
        made = next(call for call in self.calls
                    if call.name == "openat" and b'"' + self.log + b'"' in unescaped(call.text) and call.result >= 0)
        folder = os.path.dirname(self.log)
        return any(self._path(call) == folder and made.ended < call.began and call.ended < before
                   for call in self.syncs)

    def end_is_synced(self):
        """Whether the database was synced between what was last written to it and the taking away of its log."""
        gone = [call for call in self.calls if call.name.startswith("unlink") and self.log in unescaped(call.text)]
        written = [call for call in self.calls if call.name == "pwrite64" and self._path(call) == self.database]
        if not gone or not written:
            return False
        return any(self._path(call) == self.database and call.began > written[-1].ended
                   and call.ended < gone[-1].began for call in self.syncs)


class Client(threading.Thread):
    """Posts bodies that compression leaves as they are, so that they can be found in what is written."""

    def __init__(self, server, number, count):
        super().__init__()
        self.server, self.number, self.count = server, number, count
        self.marks, self.port, self.findings, self.keys = [], None, [], []

    def run(self):
        connection = self.server.connect(120)
        connection.connect()
        self.port = connection.sock.getsockname()[1]
        for number in range(self.count):
            # Stands more than once in it, so that it is whole in one page wherever pages end.
            mark = f"{self.number:04x}{number:012x}"
            lines = [{"transaction": {"id": mark, "trace_id": "0" * 16 + mark, "name": mark, "type": "request",
                                      "duration": 1, "span_count": {"started": 0}}}]
            self.keys.append(("transaction", mark))
            data = load.METADATA + b"".join(json.dumps(line).encode() + b"\n" for line in lines)
            answer = post(connection, gzip.compress(data, 0), "gzip")
            if answer.status != 202:
                self.findings.append(f"a body was answered {answer}")
                return
            self.marks.append(mark.encode())
        connection.close()


def traced(proof, clients, count):
    """A server under strace with clients; the clients, the trace."""
    database, output = proof.path("synced.db"), proof.path("trace")
    tracer = ["strace", "-D", "-f", "-yy", "-xx", "-s", "20000", "-e", f"trace={CALLS}", "-e", "signal=none",
              "-o", output]
    # Text stands as hex, so that none of it looks like the end of something.
    server = Server(proof.binary, database, before=tracer, patience=120)
    running = [Client(server, number, count) for number in range(clients)]
    for client in running:
        client.start()
    for client in running:
        client.join()
    code, _ = server.stop(120)
    proof.expect(code == 0, f"SIGTERM ended the server with {code}: {server.said()}")
    end = time.monotonic() + 60
    while time.monotonic() < end:
        with open(output, "rb") as file:
            file.seek(max(0, os.path.getsize(output) - 200))
            if b"+++ exited with" in file.read().split(b"\n")[-2]:
                break
        time.sleep(0.1)
    return running, Trace(output, os.path.realpath(database))


def main():
    proof = Proof("synced")
    if not shutil.which("strace"):
        proof.finding("strace is needed and is not installed")
        proof.end()
    trial = subprocess.run(["strace", "-f", "-o", "/dev/null", "true"], capture_output=True, text=True)
    if trial.returncode != 0:
        proof.finding(f"strace may not trace here: {trial.stderr.strip()[-200:]}")
        proof.end()
    try:
        clients, trace = traced(proof, 4, proof.options.rounds)
    except NotReady as error:
        proof.finding(f"the server did not start under strace: {error}")
        proof.end()
    sent, shown, first = trace.accepted(), 0, None
    for client in clients:
        for text in client.findings:
            proof.finding(text)
        answers = sent.get(client.port, [])
        proof.expect(len(answers) == client.count,
                     f"{client.count} requests of port {client.port} were answered, the trace shows {len(answers)} 202")
        for mark, call in zip(client.marks, answers):
            reason = trace.proves(call, mark)
            proof.expect(reason is None, f"request {mark.decode()}: {reason}")
            shown += reason is None
            first = min(first or call.began, call.began)
    if first is not None:
        proof.expect(trace.folder_was_synced(first), "the folder was not synced after the log was made, before a 202")
    proof.expect(trace.end_is_synced(), "the log was taken away before the database was synced")
    keys = [key for client in clients for key in client.keys]
    found, _ = stored.read(proof.path("synced.db"))
    proof.expect(found == dict.fromkeys(keys, 1), f"{len(found)} of {len(keys)} events are stored")
    commits = sum(frame.is_commit for frame in trace.frames)
    proof.figure(f"{shown} of {len(keys)} answers 202 shown to come after the sync of their commit, {commits} commits, "
                 f"{len(trace.log_syncs)} syncs of the log")
    proof.end()


if __name__ == "__main__":
    sys.exit(main())
