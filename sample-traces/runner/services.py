"""The users to bill, and the services the runner calls for them.

The services are simulated: a call lasts as long as was drawn for it beforehand. Its span carries what the agent's own
instrumentation says of a real call.
"""

import asyncio
import json
import random
import time
from dataclasses import dataclass
from functools import partial

import elasticapm
from elasticapm import async_capture_span

# A span for a call that leaves the process. The agent names the service called in it.
exit_span = partial(async_capture_span, leaf=True)

MARKETPLACES = {
    "aws": ("metering.marketplace.us-east-1.amazonaws.com", "/"),
    "azure": ("marketplaceapi.microsoft.com", "/api/usageEvent"),
    "gcp": ("servicecontrol.googleapis.com", "/v1/services/billing.example.com:report"),
}

# What a call typically takes, in seconds. Each user's calls take their own multiples of it.
SEARCH, SELECT, BILL, REPORT, LOOKUP = 0.080, 0.012, 0.008, 0.100, 0.015
# The same for everybody: the readings of a cluster, and a connection.
READINGS, CONNECT = 0.003, 0.005

# What can happen to a user's bill. The first three are failures, the others only get reported.
TROUBLES = {
    "rejected": "the marketplace rejects the usage",
    "declined": "the marketplace can't charge the user's card",
    "timeout": "the marketplace doesn't answer",
    "reset": "the connection breaks; a second attempt succeeds",
    "unplanned": "no plan is found, the list price is billed",
}
# What the marketplace answers. There is no answer where the connection breaks or the time is up.
STATUS = {"rejected": 422, "declined": 402, "unplanned": 200, None: 200}


class UsageRejected(Exception):
    """A marketplace doesn't accept the usage reported for a user."""


class CardDeclined(Exception):
    """A marketplace can't charge a user's card."""


class UnexpectedStatus(Exception):
    """A marketplace answers with a status that tells of no success."""


@dataclass
class User:
    """A user to bill: the work there will be, and when the runner got to it (µs since the epoch)."""

    id: str
    platform: str
    trouble: str | None
    clusters: int
    search_seconds: float
    select_seconds: float
    bill_seconds: float
    report_seconds: float
    lookup_seconds: float
    readings_seconds: float
    connect_seconds: float
    opened_us: int = 0
    asked_us: int = 0
    admitted_us: int = 0
    finished_us: int = 0
    # How long it paused before a second attempt, µs.
    paused_us: int = 0


def draw_users(count, seed, scale, troubles, clusters):
    """`count` users, of whom `troubles` says how many meet with which trouble, with up to `clusters` clusters each."""
    drawn = random.Random(f"{seed}:rejected").sample(range(1, count + 1), sum(troubles.values()))
    kinds = [kind for kind in TROUBLES for _ in range(troubles.get(kind, 0))]
    trouble = dict(zip(drawn, kinds))
    return [draw_user(number, seed, scale, trouble.get(number), clusters) for number in range(1, count + 1)]


def draw_user(number, seed, scale, trouble, clusters):
    """Drawn from the seed and the number alone: whoever's turn comes first, the work is the same in every design."""
    draw = random.Random(f"{seed}:{number}")
    platform = draw.choice(sorted(MARKETPLACES))
    typical = (SEARCH, SELECT, BILL, REPORT, LOOKUP)
    seconds = [seconds * scale * draw.lognormvariate(0, 0.35) for seconds in typical]
    clusters = draw.randint(1, clusters) if clusters else 0
    return User(f"user-{number:04}", platform, trouble, clusters, *seconds, READINGS * scale, CONNECT * scale)


def now_us():
    return time.time_ns() // 1_000


async def find_account(user):
    context = {
        "db": {"type": "sql", "instance": "billing", "statement": "SELECT id FROM accounts WHERE user_id = $1"},
        "destination": {"address": "postgresql", "port": 5432},
    }
    name = "SELECT FROM accounts"
    async with exit_span(name, span_type="db", span_subtype="postgresql", span_action="query", extra=context):
        await asyncio.sleep(user.lookup_seconds)


async def connect(user):
    """No span tells of it, as of much that no library does."""
    await asyncio.sleep(user.connect_seconds)


async def get_clusters_used(user):
    async with async_capture_span("get_clusters_used", span_type="app"):
        await search_usage(user)
        await select_clusters(user)
        for _ in range(user.clusters):
            await select_readings(user)


async def search_usage(user):
    context = {
        "db": {"type": "elasticsearch", "statement": json.dumps({"query": {"term": {"user_id": user.id}}})},
        "http": {"url": "http://elasticsearch:9200/usage/_search", "method": "POST", "status_code": 200},
        "destination": {"address": "elasticsearch", "port": 9200},
    }
    name = "Elasticsearch: POST /usage/_search"
    async with exit_span(name, span_type="db", span_subtype="elasticsearch", span_action="query", extra=context):
        await asyncio.sleep(user.search_seconds)


async def select_clusters(user):
    context = {
        "db": {"type": "sql", "instance": "billing", "statement": "SELECT id, plan FROM clusters WHERE user_id = $1"},
        "destination": {"address": "postgresql", "port": 5432},
    }
    name = "SELECT FROM clusters"
    async with exit_span(name, span_type="db", span_subtype="postgresql", span_action="query", extra=context):
        await asyncio.sleep(user.select_seconds)


async def select_readings(user):
    """One cluster's: a query for each is slow, and the agent makes one span of neighbours that are alike."""
    statement = "SELECT hour, gb FROM readings WHERE cluster_id = $1"
    context = {
        "db": {"type": "sql", "instance": "billing", "statement": statement},
        "destination": {"address": "postgresql", "port": 5432},
    }
    name = "SELECT FROM readings"
    async with exit_span(name, span_type="db", span_subtype="postgresql", span_action="query", extra=context):
        await asyncio.sleep(user.readings_seconds)


async def generate_bill(user):
    async with async_capture_span("generate_bill", span_type="app"):
        await asyncio.sleep(user.bill_seconds)
        if user.trouble == "unplanned":
            message = {"message": "no plan for %s, billed the list price", "params": (user.id,)}
            elasticapm.get_client().capture_message(param_message=message, level="warning", logger_name="billing")


async def report_usage(user):
    """Reports to the marketplace the user came from. Where the connection breaks, it makes a second attempt."""
    try:
        await post_usage(user, user.trouble)
    except ConnectionResetError:
        elasticapm.get_client().capture_exception()
        await back_off(user)
        await post_usage(user, None)


async def post_usage(user, trouble):
    host, path = MARKETPLACES[user.platform]
    context = {
        "http": {"url": f"https://{host}{path}", "method": "POST"},
        "destination": {"address": host, "port": 443},
    }
    if trouble in STATUS:
        context["http"]["status_code"] = STATUS[trouble]
    async with exit_span(f"POST {host}", span_type="external", span_subtype="http", extra=context):
        if trouble == "timeout":
            await asyncio.wait_for(asyncio.Event().wait(), timeout=user.report_seconds)
        await asyncio.sleep(user.report_seconds)
        if trouble == "reset":
            raise ConnectionResetError(f"{host} has reset the connection")
        if trouble == "rejected":
            raise UsageRejected(f"{host} rejected the usage of {user.id}")
        try:
            check_status(host, STATUS[trouble])
        except UnexpectedStatus as error:
            raise CardDeclined(f"the card of {user.id} was declined") from error


def check_status(host, status):
    if status != 200:
        raise UnexpectedStatus(f"{host} answered with status {status}")


async def back_off(user):
    """Pauses before a second attempt, for as long as the first one took."""
    began_us = now_us()
    async with async_capture_span("backoff before retry", span_type="app"):
        await asyncio.sleep(user.report_seconds)
    user.paused_us += now_us() - began_us
