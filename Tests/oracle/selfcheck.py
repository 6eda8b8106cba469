#!/usr/bin/env python3
"""Checks the oracle against the worked examples in the definitions.

    selfcheck.py RECORDINGS_DIR

The folder holds design2-3users, design2-1000users, design3-3users and design3-1000users
(.ndjson.gz).
"""

import os
import sys

import oracle


def load(folder, name, inference="auto"):
    runs = oracle.read_runs(os.path.join(folder, name + ".ndjson.gz"), inference=inference)
    return runs, oracle.waterfall(oracle.newest_first(runs)[0])


def check(name, found, expected):
    print(f"{'ok  ' if found == expected else 'FAIL'} {name}: {found}")
    return found == expected


def milliseconds(statistics):
    return [round(statistics[key] / 1000) for key in ("p50", "p90", "p95", "p99")]


def main():
    folder, good = sys.argv[1], True

    _, small = load(folder, "design2-3users")
    third = next(row for row in small["rows"]
                 if row["kind"] == "transaction" and row["user"] == "user-0003")
    second = next(row for row in small["rows"]
                  if row["kind"] == "transaction" and row["user"] == "user-0002")
    good &= check("3 users: slots", small["groups"][0]["slots"], 2)
    good &= check("3 users: occupancy", small["groups"][0]["occupancy"], 1.0)
    good &= check("3 users: wait, work of the third", (third["wait_us"], third["work_us"]),
                  (588135, 648406))
    good &= check("3 users: self, delay of the third", (third["self_us"], third["delay_us"]),
                  (851, 428))
    good &= check("3 users: released by the second", third["released_by"] == second["id"], True)

    # The gaps before the first work, of the same table: it has no wait span.
    for inference, waits in (("explicit", [0, 0, 0]), ("gap", [64, 37, 588335])):
        runs, small = load(folder, "design2-3users", inference)
        tasks = [row for row in small["rows"] if row["kind"] == "transaction" and row["user"]]
        good &= check(f"3 users: {inference}: waits", [row["wait_us"] for row in tasks], waits)
        good &= check(f"3 users: {inference}: sum",
                      oracle.report(runs, inference)["overall"]["wait_us"]["sum"], sum(waits))
        group = small["groups"][0]
        good &= check(f"3 users: {inference}: slots, waited, chain",
                      (group["slots"], group["waited"], len(group["chain"])),
                      (2, sum(wait > 0 for wait in waits), 1))

    runs, large = load(folder, "design2-1000users")
    overall = oracle.report(runs)["overall"]
    good &= check("1000 users: slots", large["groups"][0]["slots"], 50)
    good &= check("1000 users: waited", large["groups"][0]["waited"], 950)
    good &= check("1000 users: work", milliseconds(overall["work_us"]), [214, 277, 292, 316])
    good &= check("1000 users: total p50", round(overall["total_us"]["p50"] / 10_000), 222)
    good &= check("1000 users: wait share", overall["wait_share"], 0.9031)

    runs, queue = load(folder, "design3-1000users")
    overall = oracle.report(runs)["overall"]
    good &= check("queue, 1000 users: slots", queue["groups"][0]["slots"], 50)
    good &= check("queue, 1000 users: wait", overall["wait_us"]["sum"], 0)
    good &= check("queue, 1000 users: work", milliseconds(overall["total_us"]),
                  [211, 275, 288, 306])

    _, queue = load(folder, "design3-3users")
    good &= check("queue, 3 users: slots, waited",
                  (queue["groups"][0]["slots"], queue["groups"][0]["waited"]), (2, 0))
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
