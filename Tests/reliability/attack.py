#!/usr/bin/env python3
"""Attacks a waitline server from outside, row by row, and holds what is seen against the figures to reach.

    attack.py [--rows NAME,…] [--slack N] [--small] [--floor-ms N] BINARY

Each row has a server and a database of its own, and an honest client whose requests go on meanwhile: all of them have
to be acknowledged, with a 99th percentile of at most twice that before the attack (or of --floor-ms, which a busy
machine exceeds by itself). Memory is what the process had most of during the attack, beside what it had before. --slack
multiplies the limits to time that the processor sets: a debug build is ten times as slow. Exits with 1 where a row
fails.
"""

import argparse
import os
import sys
import time

import attack_bodies
import attack_connections
import attack_requests
import attack_texts
from clients import MIB, HonestClient, Verdicts, mib, milliseconds, post, run_body
from watched import Folder, Server, allow_descriptors

ROWS = {
    "slow": attack_connections.slow,
    "idle": attack_connections.idle,
    "resets": attack_connections.resets,
    "too-large": attack_requests.too_large,
    "smuggling": attack_requests.smuggling,
    "credentials": attack_requests.credentials,
    "bombs": attack_bodies.bombs,
    "gzip": attack_bodies.damaged,
    "json": attack_bodies.odd_json,
    "control-characters": attack_texts.control_characters,
    "injection": attack_texts.injection,
}


class Attack:
    """What rows have in common."""

    def __init__(self, options, folder, verdicts):
        self.binary = os.path.abspath(options.binary)
        self.folder, self.verdicts = folder, verdicts
        self.small, self.slack, self.floor = options.small, options.slack, options.floor_ms / 1000
        self.count = 0

    def server(self, *arguments, **environment):
        """A server on a database of its own."""
        self.count += 1
        os.mkdir(self.folder.file(str(self.count)))
        database = self.folder.file(f"{self.count}/attacked.db")
        return Server(self.binary, database, *arguments, environment=environment)

    def watch(self, server):
        return Watch(self, server)

    def row(self, name, is_as_it_must_be, figures):
        self.verdicts.row(name, is_as_it_must_be, figures)


class Watch:
    """What honest clients and the server's memory have of an attack."""

    def __init__(self, attack, server):
        self.attack, self.server = attack, server

    def __enter__(self):
        for _ in range(30):
            post(self.server, run_body()[1])
        self.client = HonestClient(self.server)
        self.client.start()
        self.client.stopping.wait(1.5 if self.attack.small else 5)
        self.before, _ = self.client.mark()
        self.server.forget_peak()
        self.memory = self.server.memory()
        return self

    def __exit__(self, *_):
        self.client.stopping.wait(0.3)
        self.during, self.requests = self.client.mark()
        self.client.stop()
        self.is_alive = self.server.is_alive()
        self.peak = self.server.peak() if self.is_alive else 0
        self.growth = max(0, self.peak - self.memory)

    def is_well(self, growth):
        """Whether the server lives and served everyone, with at most so many bytes more than before."""
        limit = max(2 * self.before, self.attack.floor)
        if self.attack.small:
            # CI's program is not optimized, and what it holds is larger.
            growth *= 1.25
        return (
            self.is_alive and self.requests > 0 and self.during <= limit and not self.client.failures
            and not self.client.refused() and self.growth <= growth and self.peak <= 150 * MIB)

    @property
    def figures(self):
        said = (
            f"honest p99 {milliseconds(self.before)} -> {milliseconds(self.during)} ({self.requests} requests), "
            f"memory +{mib(self.growth)} to {mib(self.peak)}")
        if self.client.failures or self.client.refused():
            said += f", {len(self.client.failures)} honest requests failed, refused: {self.client.refused()[:5]}"
        return said if self.is_alive else said + ", THE SERVER IS GONE"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("binary")
    parser.add_argument("--rows", default=",".join(ROWS), help="which, of " + ", ".join(ROWS))
    parser.add_argument("--slack", type=float, default=1)
    parser.add_argument("--floor-ms", type=float, default=50)
    parser.add_argument("--small", action="store_true", help="fewer and shorter, as in CI")
    options = parser.parse_args()
    chosen = options.rows.split(",")
    if unknown := [name for name in chosen if name not in ROWS]:
        parser.error(f"no row is named {unknown[0]}")
    allow_descriptors()
    verdicts = Verdicts()
    with Folder() as folder:
        for name in chosen:
            began = time.monotonic()
            ROWS[name](Attack(options, folder_of(folder, name), verdicts))
            print(f"      {name} took {time.monotonic() - began:.1f} s", flush=True)
    sys.exit(verdicts.end())


def folder_of(folder, name):
    """A folder of a row's own, in the one that is removed in the end."""
    inner = Folder()
    inner.path = folder.file(name)
    os.mkdir(inner.path)
    return inner


if __name__ == "__main__":
    main()
