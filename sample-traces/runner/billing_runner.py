"""A billing runner in several designs, observed by the Elastic APM agent.

    pipeline    async generators, one user after the other
    semaphore   a task per user, all at once, behind a semaphore: a transaction includes the wait for the permit
    queue       N workers take the users from a queue: a transaction begins when a worker takes the user

and the semaphore in three variations:

    waitspan    a span says that the task waits for its permit
    lookup      a task looks something up before it asks for its permit, and opens a connection when it has it
    parentless  no transaction is around the run: each user's is a trace of its own

All designs bill the same users with the same work, but for the lookup. They differ in how many users are billed at a
time, and in when a user's transaction is opened. The agent is set up by its own environment variables:
ELASTIC_APM_SERVER_URL says where the traces go.
"""

import argparse
import asyncio
import json
import threading
from contextlib import contextmanager
from dataclasses import dataclass

import elasticapm
from elasticapm.utils.disttracing import TraceParent

from services import (
    TROUBLES,
    CardDeclined,
    UsageRejected,
    connect,
    draw_users,
    find_account,
    generate_bill,
    get_clusters_used,
    now_us,
    report_usage,
)


@dataclass
class Parent:
    """What the users' transactions are opened below, and the labels they get from it."""

    trace_parent: TraceParent | None
    labels: dict


async def pipeline(parent, users, max_concurrency):
    """Each stage hands on one user and is asked for the next when that one is through: slow, its figures right."""

    async def opened():
        for user in users:
            open_task(parent, user)
            admit(user)
            yield user

    async def searched(users):
        async for user in users:
            await get_clusters_used(user)
            yield user

    async def billed(users):
        async for user in users:
            await generate_bill(user)
            yield user

    async for user in billed(searched(opened())):
        with closing_task(user):
            await report_usage(user)


async def semaphore(parent, users, max_concurrency):
    """Fast, its figures wrong: a transaction is opened before its permit is there, and no span tells of the wait."""
    permits = asyncio.Semaphore(max_concurrency)

    async def task(user):
        open_task(parent, user)
        with closing_task(user):
            async with permits:
                admit(user)
                await bill(user)

    await asyncio.gather(*(task(user) for user in users))


async def queue(parent, users, max_concurrency):
    """As fast, its figures right: a transaction is opened when the work begins. The wait has become invisible."""
    waiting = asyncio.Queue()
    for user in users:
        waiting.put_nowait(user)

    async def worker():
        while not waiting.empty():
            user = waiting.get_nowait()
            open_task(parent, user)
            with closing_task(user):
                admit(user)
                await bill(user)

    await asyncio.gather(*(worker() for _ in range(max_concurrency)))


async def waitspan(parent, users, max_concurrency):
    """The semaphore that says so. Nothing has to be inferred from a transaction like this."""
    permits = asyncio.Semaphore(max_concurrency)

    async def task(user):
        open_task(parent, user)
        with closing_task(user):
            async with elasticapm.async_capture_span("wait for permit", span_type="app", span_subtype="semaphore"):
                await permits.acquire()
            try:
                admit(user)
                await bill(user)
            finally:
                permits.release()

    await asyncio.gather(*(task(user) for user in users))


async def lookup(parent, users, max_concurrency):
    """The wait is not at the start of the transaction: something quick, which needs no permit, is done before it."""
    permits = asyncio.Semaphore(max_concurrency)

    async def task(user):
        open_task(parent, user)
        with closing_task(user):
            await find_account(user)
            user.asked_us = now_us()
            async with permits:
                admit(user)
                await connect(user)
                await bill(user)

    await asyncio.gather(*(task(user) for user in users))


async def parentless(parent, users, max_concurrency):
    """The agent begins a trace with every transaction that has no parent: no trace shows two users."""
    await semaphore(parent, users, max_concurrency)


DESIGNS = {design.__name__: design for design in (pipeline, semaphore, queue, waitspan, lookup, parentless)}


async def bill(user):
    await get_clusters_used(user)
    await generate_bill(user)
    await report_usage(user)


def open_task(parent, user):
    user.opened_us = user.asked_us = now_us()
    elasticapm.get_client().begin_transaction("user", trace_parent=parent.trace_parent)
    elasticapm.set_user_context(user_id=user.id)
    elasticapm.label(platform=user.platform, **parent.labels)


def admit(user):
    """The user's turn has come: what was before is wait, what follows is work."""
    user.admitted_us = now_us()


@contextmanager
def closing_task(user):
    """Ends the user's transaction. It is a failure where the marketplace was; the other users' bills go on."""
    outcome = "success"
    try:
        yield
    except UsageRejected:
        outcome = "failure"
        elasticapm.get_client().capture_exception()
    except (CardDeclined, asyncio.TimeoutError):
        # Nobody below has dealt with it, as with what reaches the outermost handler of a framework.
        outcome = "failure"
        elasticapm.get_client().capture_exception(handled=False)
    finally:
        elasticapm.set_transaction_outcome(outcome)
        user.finished_us = now_us()
        elasticapm.get_client().end_transaction("user task", outcome)


async def beat(client, seconds):
    """What else the process does, at a regular interval: each beat is a trace of its own."""
    while True:
        await asyncio.sleep(seconds)
        client.begin_transaction("heartbeat")
        client.end_transaction("heartbeat", "success")


async def run(client, design, users, max_concurrency):
    """Bills the users, under a transaction that is the parent of all of theirs, if the design has one."""
    labels = {"design": design.__name__, "max_concurrency": max_concurrency}
    if design is parentless:
        await design(Parent(None, labels), users, max_concurrency)
        return
    root = client.begin_transaction("billing")
    elasticapm.label(**labels)
    # The agent keeps the current transaction in the context of the asyncio task. The design gets a task of its own:
    # the users' transactions would take the parent's place here, and it could not be ended.
    await asyncio.create_task(design(Parent(root.trace_parent, labels), users, max_concurrency))
    elasticapm.set_transaction_outcome("success")
    client.end_transaction("billing run", "success")


async def run_beside(client, seconds, running):
    """Runs what is to be run, with a heart that beats meanwhile, if it is to."""
    heart = asyncio.create_task(beat(client, seconds)) if seconds else None
    await running
    if heart:
        heart.cancel()


def close(client):
    """Returns when the agent's thread has sent everything.

    client.close() alone returns as soon as any flush ends, also one begun before, and after ten seconds in any case.
    """
    senders = [thread for thread in threading.enumerate() if thread.name == "eapm event processor thread"]
    client.close()
    for sender in senders:
        sender.join()


def write_clock(path, users):
    """What the runner itself has measured, to hold the traces against: a JSON line per user."""
    with open(path, "w", encoding="utf-8") as clock:
        for user in users:
            names = ("opened_us", "asked_us", "admitted_us", "finished_us", "paused_us")
            times = {name: getattr(user, name) for name in names}
            clock.write(json.dumps({"user": user.id, **times}) + "\n")


def parse_arguments():
    def positive(text):
        if int(text) < 1:
            raise ValueError
        return int(text)

    def troubles(text):
        numbers = {}
        for part in text.split(","):
            kind, number = part.split(":")
            if kind not in TROUBLES or kind in numbers:
                raise ValueError
            numbers[kind] = positive(number)
        return numbers

    parser = argparse.ArgumentParser(description="Bills users, observed by the Elastic APM agent.")
    option = parser.add_argument
    option("--design", required=True, choices=DESIGNS)
    option("--users", type=positive, default=3, metavar="N", help="users to bill (default: 3)")
    option("--slots", type=positive, default=2, metavar="N", help="users at a time (default: 2); one in the pipeline")
    option("--seed", type=int, default=1, metavar="N", help="what the users' work is drawn from (default: 1)")
    option("--scale", type=float, default=1.0, metavar="X", help="factor of all work; 1 is 0.2 s per user (default: 1)")
    option("--fail", type=int, default=0, metavar="N", help="users whose usage is rejected (default: 0)")
    kinds = "; ".join(f"{kind}: {text}" for kind, text in TROUBLES.items())
    option("--trouble", type=troubles, default={}, metavar="KIND:N,...", help=f"N users meet with it ({kinds})")
    option("--clusters", type=positive, metavar="N", help="read the readings of 1 to N clusters per user, one by one")
    option("--heartbeat", type=float, metavar="SECONDS", help="beside the run, a transaction every so often")
    option("--clock", metavar="FILE", help="write when each user was opened, admitted and finished, as JSON lines")
    arguments = parser.parse_args()
    if not 0 <= arguments.fail <= arguments.users:
        parser.error("--fail has to be from 0 to --users")
    if arguments.fail:
        arguments.trouble["rejected"] = arguments.trouble.get("rejected", 0) + arguments.fail
    if sum(arguments.trouble.values()) > arguments.users:
        parser.error("--trouble and --fail have more users than --users")
    return arguments


def main():
    arguments = parse_arguments()
    users = draw_users(arguments.users, arguments.seed, arguments.scale, arguments.trouble, arguments.clusters)
    max_concurrency = 1 if arguments.design == "pipeline" else arguments.slots
    # Without compression: the agent would send some neighbouring spans as one.
    client = elasticapm.Client(
        service_name="billing-runner", service_version="1.0.0", environment="sample", span_compression_enabled=False
    )
    try:
        running = run(client, DESIGNS[arguments.design], users, max_concurrency)
        asyncio.run(run_beside(client, arguments.heartbeat, running))
    finally:
        close(client)
    if arguments.clock:
        write_clock(arguments.clock, users)


if __name__ == "__main__":
    main()
