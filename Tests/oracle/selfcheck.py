#!/usr/bin/env python3
"""Checks the oracle against the worked examples in the definitions.

    selfcheck.py RECORDINGS_DIR

The folder holds design1-3users, design2-3users, design2-1000users, design3-3users,
design3-1000users, v-fail and v-waitspan (.ndjson.gz).
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


def hundredths(statistics):
    return [round(statistics[key] / 10_000) for key in ("p50", "p90", "p95", "p99")]


def group_of(waterfall, *keys):
    return tuple(waterfall["groups"][0][key] for key in keys)


def check_three_users(folder):
    """The worked example: 2 permits and 3 users."""
    runs, small = load(folder, "design2-3users")
    run = oracle.newest_first(runs)[0]
    tasks = [row for row in small["rows"] if row["kind"] == "transaction" and row["user"]]
    first, second, third = sorted(tasks, key=lambda row: row["user"])
    yield "3 users: start", [row["start_us"] for row in (first, second, third)], [168, 415, 596]
    fit = run.groups[0].fit
    takings = [member.taking - run.start for member in fit.takers]
    yield "3 users: first work", takings, [232, 452, 588931]
    yield "3 users: ends", [end - run.start for end in fit.ends], [588731, 1237137, 1357838]
    yield "3 users: lags, c, cost with 2 slots", \
        (fit.lags(2, range(3)), *fit.lag_and_cost(2, range(3))), ([64, 37, 200], 64, 163)
    yield "3 users: c with 1 slot, h", (fit.lag_and_cost(1, range(3))[0], fit.hold), \
        (-588279, 648206)
    yield "3 users: cost with 3 slots, baseline", \
        (fit.lag_and_cost(3, range(3))[1], fit.baseline), (588298, 588298)
    yield "3 users: group", group_of(small, "slots", "pool_seen", "pool", "rate_us", "lag_us",
                                     "scope", "reading", "occupancy", "waited", "dense"), \
        (2, True, "slots", None, 64, "process", "start", 1.0, 1, True)
    yield "3 users: wait, work of the third", (third["wait_us"], third["work_us"]), \
        (588135, 648406)
    yield "3 users: self, delay of the third", (third["self_us"], third["delay_us"]), (851, 428)
    yield "3 users: released by the second", third["released_by"] == second["id"], True
    yield "3 users: lines", small["lines"], []

    # The gaps before the first work, of the same table: it has no wait span.
    for inference, waits in (("explicit", [0, 0, 0]), ("gap", [64, 37, 588335])):
        runs, small = load(folder, "design2-3users", inference)
        tasks = [row for row in small["rows"] if row["kind"] == "transaction" and row["user"]]
        yield f"3 users: {inference}: waits", [row["wait_us"] for row in tasks], waits
        yield f"3 users: {inference}: sum", \
            oracle.report(runs, inference)["overall"]["wait_us"]["sum"], sum(waits)
        yield f"3 users: {inference}: slots, waited, length of the chain, lines", \
            (*group_of(small, "slots", "waited"), len(small["groups"][0]["chain"]),
             small["lines"]), (2, sum(wait > 0 for wait in waits), 1, [])

    runs, queue = load(folder, "design3-3users")
    yield "queue, 3 users: group", group_of(queue, "slots", "pool", "waited"), (2, None, 0)
    runs, _ = load(folder, "design1-3users")
    answer = oracle.what_if(oracle.newest_first(runs)[0], [1, 3])
    yield "sequential, 3 users: slots, backlog, waits with 3", \
        (answer["slots"], answer["backlog_assumed"], answer["rows"][1]["wait_us"]["max"]), \
        (1, True, 0)


def check_thousand_users(folder):
    runs, large = load(folder, "design2-1000users")
    overall = oracle.report(runs)["overall"]
    yield "1000 users: group", group_of(large, "slots", "pool", "waited", "scope", "reading"), \
        (50, "slots", 950, "process", "start")
    yield "1000 users: work", milliseconds(overall["work_us"]), [214, 277, 292, 316]
    yield "1000 users: recorded", hundredths(overall["total_us"]), [222, 388, 408, 427]
    yield "1000 users: wait share", overall["wait_share"], 0.9031
    answer = oracle.what_if(oracle.newest_first(runs)[0], [50])
    yield "1000 users: backlog, replay check", \
        (answer["backlog_assumed"], answer["replay_check"]), (False, 0.0)
    yield "1000 users: replayed", answer["rows"][0]["makespan_us"], answer["makespan_us"]

    runs, queue = load(folder, "design3-1000users")
    overall = oracle.report(runs)["overall"]
    yield "queue, 1000 users: group", group_of(queue, "slots", "pool", "waited"), (50, None, 0)
    yield "queue, 1000 users: wait", overall["wait_us"]["sum"], 0
    yield "queue, 1000 users: work", milliseconds(overall["total_us"]), [211, 275, 288, 306]
    answer = oracle.what_if(oracle.newest_first(runs)[0], [50])
    yield "queue, 1000 users: backlog", answer["backlog_assumed"], True
    yield "queue, 1000 users: replay check under 1 %", abs(answer["replay_check"]) < 0.01, True


def check_variants(folder):
    """Tasks that failed, and a runner that tells of its waiting."""
    runs, failing = load(folder, "v-fail")
    yield "failing: group", group_of(failing, "slots", "pool", "waited"), (2, "slots", 4)
    runs, told = load(folder, "v-waitspan")
    sources = {row["wait_source"] for row in told["rows"] if row["kind"] == "transaction"}
    yield "told: group", group_of(told, "slots", "pool", "waited"), (2, "slots", 3)
    yield "told: the runner's word goes before", "span" in sources, True


def main():
    good = True
    for checks in (check_three_users, check_thousand_users, check_variants):
        for found in checks(sys.argv[1]):
            good &= check(*found)
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
