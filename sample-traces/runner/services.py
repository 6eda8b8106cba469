"""The users to bill, and the services the runner calls for them.

The services are simulated: a call lasts as long as was drawn for it beforehand. Its span carries what the agent's own
instrumentation says of a real call.
"""

import asyncio
import json
import random
from dataclasses import dataclass
from functools import partial

from elasticapm import async_capture_span

# A span for a call that leaves the process. The agent names the service called in it.
exit_span = partial(async_capture_span, leaf=True)

MARKETPLACES = {
    "aws": ("metering.marketplace.us-east-1.amazonaws.com", "/"),
    "azure": ("marketplaceapi.microsoft.com", "/api/usageEvent"),
    "gcp": ("servicecontrol.googleapis.com", "/v1/services/billing.example.com:report"),
}

# What a call typically takes, in seconds. Each user's calls take their own multiples of it.
SEARCH, SELECT, BILL, REPORT = 0.080, 0.012, 0.008, 0.100


class UsageRejected(Exception):
    """A marketplace doesn't accept the usage reported for a user."""


@dataclass
class User:
    """A user to bill: the work there will be, and when the runner got to it (µs since the epoch)."""

    id: str
    platform: str
    rejected: bool
    search_seconds: float
    select_seconds: float
    bill_seconds: float
    report_seconds: float
    opened_us: int = 0
    admitted_us: int = 0
    finished_us: int = 0


def draw_users(count, seed, scale, failing):
    """`count` users, of whom `failing` will be rejected by their marketplace."""
    rejected = random.Random(f"{seed}:rejected").sample(range(1, count + 1), failing)
    return [draw_user(number, seed, scale, number in rejected) for number in range(1, count + 1)]


def draw_user(number, seed, scale, rejected):
    """Drawn from the seed and the number alone: whoever's turn comes first, the work is the same in every design."""
    draw = random.Random(f"{seed}:{number}")
    platform = draw.choice(sorted(MARKETPLACES))
    seconds = [typical * scale * draw.lognormvariate(0, 0.35) for typical in (SEARCH, SELECT, BILL, REPORT)]
    return User(f"user-{number:04}", platform, rejected, *seconds)


async def get_clusters_used(user):
    async with async_capture_span("get_clusters_used", span_type="app"):
        await search_usage(user)
        await select_clusters(user)


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


async def generate_bill(user):
    async with async_capture_span("generate_bill", span_type="app"):
        await asyncio.sleep(user.bill_seconds)


async def report_usage(user):
    """Reports to the marketplace the user came from."""
    host, path = MARKETPLACES[user.platform]
    context = {
        "http": {"url": f"https://{host}{path}", "method": "POST", "status_code": 422 if user.rejected else 200},
        "destination": {"address": host, "port": 443},
    }
    async with exit_span(f"POST {host}", span_type="external", span_subtype="http", extra=context):
        await asyncio.sleep(user.report_seconds)
        if user.rejected:
            raise UsageRejected(f"{host} rejected the usage of {user.id}")
