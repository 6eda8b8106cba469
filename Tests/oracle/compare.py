#!/usr/bin/env python3
"""Compares a waitline binary with the oracle, over the NDJSON files of a folder.

    compare.py [--inference auto|explicit|gap]... [--what-if] [--limit N] [--differences N]
        [--timeout S] WAITLINE_BINARY DIR

For each file (.ndjson, .ndjson.gz) `waterfall --format json FILE` is held against the oracle's
newest run, and `report --format json FILE` against its report; with `--inference`, given to both
sides, once for each. Everything must be equal, floats
within 1e-12. The groups of a report are matched by key, whatever their order. Exits with 1 on any
difference. With `--what-if` the newest run is replayed with other numbers of slots, too (under
`auto`); where there is no answer the binary must exit with 1.
Without a run the binary must exit with 1; over no tasks only the counts are compared,
or exit status 1 accepted.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile

import oracle

MISSING = "(absent)"
SLOTS = [1, 2, 3, 7, 50]        # numbers that runs are replayed with


def differences(path, ours, theirs):
    """Yields (path, ours, theirs) wherever two JSON values differ."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        for key in list(ours) + [key for key in theirs if key not in ours]:
            if key not in theirs or key not in ours:
                yield f"{path}.{key}", ours.get(key, MISSING), theirs.get(key, MISSING)
            else:
                yield from differences(f"{path}.{key}", ours[key], theirs[key])
    elif isinstance(ours, list) and isinstance(theirs, list):
        if len(ours) != len(theirs):
            yield f"{path}.length", len(ours), len(theirs)
        for position, pair in enumerate(zip(ours, theirs)):
            yield from differences(f"{path}[{position}{label(pair[0])}]", *pair)
    elif not same(ours, theirs):
        yield path, ours, theirs


def label(value):
    """The id of a row, for the path."""
    return f" {json.dumps(value['id'])}" if isinstance(value, dict) and "id" in value else ""


def same(ours, theirs):
    number = (int, float)
    if isinstance(ours, bool) or isinstance(theirs, bool):
        return ours is theirs
    if isinstance(ours, number) and isinstance(theirs, number) \
            and (isinstance(ours, float) or isinstance(theirs, float)):
        return abs(ours - theirs) <= 1e-12
    return type(ours) is type(theirs) and ours == theirs


def keyed(report):
    """A report with its groups in the order of their keys."""
    if isinstance(report.get("groups"), list):
        report["groups"].sort(key=lambda group: json.dumps(group.get("key")))
    return report


def run(binary, command, path, options, timeout, environment):
    """(exit status, JSON or None, a line about what went wrong)"""
    try:
        done = subprocess.run([binary, command, "--format", "json", *options, path],
                              capture_output=True, timeout=timeout, env=environment,
                              stdin=subprocess.DEVNULL)
    except subprocess.TimeoutExpired:
        return None, None, f"no answer within {timeout} s"
    said = done.stderr.decode("utf-8", "replace").strip().split("\n")[0]
    try:
        answer = json.loads(done.stdout.decode("utf-8"))
    except ValueError as error:
        return done.returncode, None, f"exit {done.returncode}, {error}; {said}"
    return done.returncode, answer, f"exit {done.returncode}; {said}"


def compare_waterfall(runs, inference, status, answer, said):
    if not runs:
        return [] if status == 1 else [("(no run: exit status)", 1, status)]
    if answer is None or status != 0:
        return [("(answer)", "a waterfall", said)]
    expected = json.loads(json.dumps(oracle.waterfall(oracle.newest_first(runs)[0])))
    # What else the process did stands in no definition of the oracle's.
    answer = {key: value for key, value in answer.items() if key not in ("background", "background_cut")}
    return list(differences("", expected, answer))


def compare_report(runs, inference, status, answer, said):
    expected = json.loads(json.dumps(oracle.report(runs, inference)))
    if expected["tasks"] == 0:
        if status == 1:
            return []
        if answer is not None:
            return [(key, expected[key], answer.get(key, MISSING))
                    for key in ("tasks", "unsampled", "incomplete", "runs", "groups")
                    if expected[key] != answer.get(key, MISSING)]
    if answer is None or status != 0:
        return [("(answer)", "a report", said)]
    return list(differences("", keyed(expected), keyed(answer)))


def compare_what_if(runs, inference, status, answer, said):
    """The binary's replay of the newest run against the oracle's."""
    try:
        expected = oracle.what_if(oracle.newest_first(runs)[0], SLOTS) if runs else None
    except oracle.NoAnswer:
        expected = None
    if expected is None:
        return [] if status == 1 else [("(no answer: exit status)", 1, status)]
    if answer is None or status != 0:
        return [("(answer)", "a what-if", said)]
    # Which numbers of slots are worth their price stands in no definition of the oracle's.
    answer = {key: value for key, value in answer.items() if key not in ("knee", "enough")}
    return list(differences("", json.loads(json.dumps(expected)), answer))


def shown(value):
    out = json.dumps(value)
    return out if len(out) <= 160 else out[:157] + "..."


def main():
    parser = argparse.ArgumentParser(description="Compares a waitline binary with the oracle.")
    parser.add_argument("--inference", choices=oracle.INFERENCES, action="append",
                        help="pass it on, and expect its answer; may be repeated "
                             "(without: nothing is passed, and auto expected)")
    parser.add_argument("--what-if", action="store_true",
                        help="compare the replays of the newest run as well")
    parser.add_argument("--limit", type=int, help="look at the first N files only")
    parser.add_argument("--differences", type=int, default=5, metavar="N",
                        help="differences shown per file and command (default 5)")
    parser.add_argument("--timeout", type=float, default=60, metavar="S")
    parser.add_argument("binary")
    parser.add_argument("dir")
    arguments = parser.parse_args()
    folder, binary = os.path.abspath(arguments.dir), os.path.abspath(arguments.binary)
    names = sorted(name for name in os.listdir(folder)
                   if name.endswith((".ndjson", ".ndjson.gz")))[:arguments.limit]
    passed = failed = 0
    with tempfile.TemporaryDirectory() as scratch:
        environment = {**os.environ, "TZ": "UTC", "HOME": scratch,
                       "WAITLINE_DATABASE": os.path.join(scratch, "none.db")}
        for name in names:
            path, bad = os.path.join(folder, name), False
            for inference in arguments.inference or [None]:
                options = ["--inference", inference] if inference else []
                runs = oracle.read_runs(path, inference=inference or "auto")
                checks = [("waterfall", compare_waterfall, []), ("report", compare_report, [])]
                if arguments.what_if and inference in (None, "auto"):
                    slots = ",".join(map(str, SLOTS))
                    checks.append(("what-if", compare_what_if, ["--slots", slots]))
                for command, check, more in checks:
                    answer = run(binary, command, path, [*options, *more], arguments.timeout,
                                 environment)
                    found = check(runs, inference or "auto", *answer)
                    bad = bad or bool(found)
                    if found:
                        print(f"{name}: {' '.join([command, *options])}: "
                              f"{len(found)} differences")
                    for where, ours, theirs in found[:arguments.differences]:
                        print(f"  {where}\n    oracle:   {shown(ours)}\n"
                              f"    waitline: {shown(theirs)}")
            passed, failed = passed + (not bad), failed + bad
            sys.stdout.flush()
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
