#!/usr/bin/env python3
"""Holds the oracle, or a waitline binary, against the cases and what is expected of them.

    cases.py CASES_DIR [--binary WAITLINE] [--timeout S]

The folder holds `expected.json` and a file NAME.ndjson.gz for each of its keys. Looked at are the
`waterfall` and the `report` of each file: the number of tasks, the groups with the sums over
their tasks (which tasks those are is taken from the oracle), and the lines, all of them exact;
occupancy to six decimals. Where the truth is known, the wait is within 3 % of it. The frontend and
the backend of one run are looked at each alone, and together: the frontend's file with the
backend's after it. Prints what differs, and `N cases passed, M failed`; exits with 1 on failures.
"""

import argparse
import gzip
import json
import os
import subprocess
import sys
import tempfile

import oracle

GROUP_KEYS = ["name", "tasks", "slots", "pool", "rate_us", "lag_us", "scope", "reading"]


class Failure(Exception):
    """There was no answer to look at."""


def ask_oracle(path):
    runs = oracle.read_runs(path)
    return oracle.waterfall(oracle.newest_first(runs)[0]), oracle.report(runs)


def ask_binary(binary, path, timeout):
    """The answers of a binary that knows no database."""
    answers = []
    with tempfile.TemporaryDirectory() as scratch:
        environment = {**os.environ, "TZ": "UTC", "HOME": scratch,
                       "WAITLINE_DATABASE": os.path.join(scratch, "none.db")}
        for command in ("waterfall", "report"):
            try:
                done = subprocess.run([binary, command, "--format", "json", path],
                                      capture_output=True, timeout=timeout, env=environment,
                                      stdin=subprocess.DEVNULL)
                answers.append(json.loads(done.stdout.decode("utf-8")))
            except subprocess.TimeoutExpired:
                raise Failure(f"{command}: no answer within {timeout} s") from None
            except ValueError:
                said = done.stderr.decode("utf-8", "replace").strip().split("\n")[0]
                raise Failure(f"{command}: exit {done.returncode}; {said}") from None
    return answers


def members_of_groups(path):
    """The ids of the tasks of each group, as the oracle finds them, in the groups' order."""
    run = oracle.newest_first(oracle.read_runs(path))[0]
    return [{task.event.id for task in group.tasks} for group in run.groups]


def sum_of(waterfall, key, ids):
    return sum(row[key] for row in waterfall["rows"]
               if row["kind"] == "transaction" and row["id"] in ids)


def same_occupancy(found, expected):
    if found is None or expected is None:
        return found is expected
    return abs(found - expected) <= 0.5000001e-6


def check_group(number, group, expected, sums):
    for key in GROUP_KEYS:
        if group.get(key, "(absent)") != expected[key]:
            yield f"group {number}: {key}", group.get(key, "(absent)"), expected[key]
    if not same_occupancy(group.get("occupancy"), expected["occupancy"]):
        yield f"group {number}: occupancy", group.get("occupancy"), expected["occupancy"]
    for key, found in sums.items():
        if found != expected[key]:
            yield f"group {number}: sum of {key}", found, expected[key]


def check_truth(expected, wait, within):
    """The wait told against the wait there was: of the outer line, where an inner one is known."""
    inner = expected.get("true_inner_wait_us")
    pairs = [("wait", wait if inner is None else wait - within, expected.get("true_wait_us")),
             ("wait within tasks", within, inner)]
    for name, told, true in pairs:
        if true is not None and 100 * abs(told - true) > 3 * true:
            yield f"{name}, within 3 %", told, true


def check_case(expected, members, waterfall, report):
    """Yields (what, found, expected) for all that differs."""
    if report.get("tasks") != expected["tasks"]:
        yield "tasks", report.get("tasks"), expected["tasks"]
    groups, lines = waterfall.get("groups", []), waterfall.get("lines", "(absent)")
    if len(groups) != len(expected["groups"]):
        yield "number of groups", len(groups), len(expected["groups"])
    total = 0
    for number, (group, its, ids) in enumerate(zip(groups, expected["groups"], members)):
        sums = {key: sum_of(waterfall, key, ids) for key in ("wait_us", "work_us")}
        total += sums["wait_us"]
        yield from check_group(number, group, its, sums)
    if lines != expected.get("lines", []):
        yield "lines", lines, expected.get("lines", [])
    within = sum(line["wait_us"] for line in lines) if isinstance(lines, list) else 0
    yield from check_truth(expected, total, within)


def check_both(waterfall, report):
    """The frontend and the backend in one file: one run, and the backend's events are its own."""
    found = {
        "tasks": report.get("tasks"), "groups": waterfall.get("groups"),
        "rows": [(row["depth"], row["name"], row["service"], row["flags"])
                 for row in waterfall["rows"]],
    }
    expected = {
        "tasks": 1, "groups": [],
        "rows": [(0, "GET /shop", "frontend", []), (1, "GET backend", "frontend", []),
                 (2, "GET /items", "backend", []), (3, "SELECT FROM t", "backend", [])],
    }
    for key, value in expected.items():
        if found[key] != value:
            yield key, found[key], value


def main():
    parser = argparse.ArgumentParser(description="Checks the cases.")
    parser.add_argument("--binary", metavar="WAITLINE",
                        help="look at this binary's answers instead of the oracle's")
    parser.add_argument("--timeout", type=float, default=60, metavar="S")
    parser.add_argument("cases_dir")
    arguments = parser.parse_args()
    folder = arguments.cases_dir
    binary = os.path.abspath(arguments.binary) if arguments.binary else None

    def ask(path):
        return ask_binary(binary, path, arguments.timeout) if binary else ask_oracle(path)

    passed = failed = 0

    def tell(name, look):
        nonlocal passed, failed
        try:
            found = list(look())
        except (Failure, KeyError, TypeError) as error:
            found = [(f"no answer ({error!r})", None, "an answer")]
        passed, failed = passed + (not found), failed + bool(found)
        for what, ours, theirs in found:
            print(f"{name}: {what}\n    found:    {json.dumps(ours)}\n"
                  f"    expected: {json.dumps(theirs)}")
        sys.stdout.flush()

    with open(os.path.join(folder, "expected.json"), encoding="utf-8") as stream:
        cases = json.load(stream)
    for name, expected in sorted(cases.items()):
        path = os.path.join(folder, name + ".ndjson.gz")
        tell(name, lambda: check_case(expected, members_of_groups(path), *ask(path)))
    for name in sorted(os.listdir(folder)):
        if name.endswith(".ndjson.gz") and name.removesuffix(".ndjson.gz") not in cases:
            tell(name, lambda: [("nothing is expected of this file", name, None)])
    halves = ["cc-frontend", "cc-backend"]
    if all(name in cases for name in halves):
        with tempfile.TemporaryDirectory() as scratch:
            path = os.path.join(scratch, "both.ndjson")
            with open(path, "wb") as both:
                for name in halves:
                    with gzip.open(os.path.join(folder, name + ".ndjson.gz")) as half:
                        both.write(half.read())
            tell("cc-frontend and cc-backend", lambda: check_both(*ask(path)))
    print(f"{passed} cases passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
