"""A billing runner in three designs, observed by the Elastic APM agent.

    pipeline    async generators, one user after the other
    semaphore   a task per user, all at once, behind a semaphore: a transaction includes the wait for the permit
    queue       N workers take the users from a queue: a transaction begins when a worker takes the user

All designs bill the same users with the same work. They differ in how many users are billed at a time, and in when a
user's transaction is opened. The agent is set up by its own environment variables: ELASTIC_APM_SERVER_URL says where
the traces go.
"""

import argparse
import asyncio
import json
import threading
import time
from contextlib import contextmanager

import elasticapm

from services import UsageRejected, draw_users, generate_bill, get_clusters_used, report_usage


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
                await bill(user)

    await asyncio.gather(*(worker() for _ in range(max_concurrency)))


DESIGNS = {design.__name__: design for design in (pipeline, semaphore, queue)}


async def bill(user):
    admit(user)
    await get_clusters_used(user)
    await generate_bill(user)
    await report_usage(user)


def open_task(parent, user):
    user.opened_us = now_us()
    elasticapm.get_client().begin_transaction("user", trace_parent=parent.trace_parent)
    elasticapm.set_user_context(user_id=user.id)
    elasticapm.label(platform=user.platform, **parent.labels)


def admit(user):
    """The user's turn has come: what was before is wait, what follows is work."""
    user.admitted_us = now_us()


@contextmanager
def closing_task(user):
    """Ends the user's transaction. It is a failure where the usage was rejected; the other users' bills go on."""
    outcome = "success"
    try:
        yield
    except UsageRejected:
        outcome = "failure"
        elasticapm.get_client().capture_exception()
    finally:
        elasticapm.set_transaction_outcome(outcome)
        user.finished_us = now_us()
        elasticapm.get_client().end_transaction("user task", outcome)


def now_us():
    return time.time_ns() // 1_000


async def run(client, design, users, max_concurrency):
    """Bills the users, under a transaction that is the parent of all of theirs."""
    parent = client.begin_transaction("billing")
    elasticapm.label(design=design.__name__, max_concurrency=max_concurrency)
    # The agent keeps the current transaction in the context of the asyncio task. The design gets a task of its own:
    # the users' transactions would take the parent's place here, and it could not be ended.
    await asyncio.create_task(design(parent, users, max_concurrency))
    elasticapm.set_transaction_outcome("success")
    client.end_transaction("billing run", "success")


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
            times = {name: getattr(user, name) for name in ("opened_us", "admitted_us", "finished_us")}
            clock.write(json.dumps({"user": user.id, **times}) + "\n")


def parse_arguments():
    def positive(text):
        if int(text) < 1:
            raise ValueError
        return int(text)

    parser = argparse.ArgumentParser(description="Bills users, observed by the Elastic APM agent.")
    option = parser.add_argument
    option("--design", required=True, choices=DESIGNS)
    option("--users", type=positive, default=3, metavar="N", help="users to bill (default: 3)")
    option("--slots", type=positive, default=2, metavar="N", help="users at a time (default: 2); one in the pipeline")
    option("--seed", type=int, default=1, metavar="N", help="what the users' work is drawn from (default: 1)")
    option("--scale", type=float, default=1.0, metavar="X", help="factor of all work; 1 is 0.2 s per user (default: 1)")
    option("--fail", type=int, default=0, metavar="N", help="users whose usage is rejected (default: 0)")
    option("--clock", metavar="FILE", help="write when each user was opened, admitted and finished, as JSON lines")
    arguments = parser.parse_args()
    if not 0 <= arguments.fail <= arguments.users:
        parser.error("--fail has to be from 0 to --users")
    return arguments


def main():
    arguments = parse_arguments()
    users = draw_users(arguments.users, arguments.seed, arguments.scale, arguments.fail)
    max_concurrency = 1 if arguments.design == "pipeline" else arguments.slots
    # Without compression: the agent would send some neighbouring spans as one.
    client = elasticapm.Client(
        service_name="billing-runner", service_version="1.0.0", environment="sample", span_compression_enabled=False
    )
    try:
        asyncio.run(run(client, DESIGNS[arguments.design], users, max_concurrency))
    finally:
        close(client)
    if arguments.clock:
        write_clock(arguments.clock, users)


if __name__ == "__main__":
    main()
