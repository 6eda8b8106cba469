"""Clients that connect and do not get on: slow ones, silent ones, and those that go in the middle."""

import socket
import struct
import time

from clients import INTAKE, METADATA, MIB, closes_within, head, mib, run_body

# Seconds that such a connection may live (source: the reliability table's row of slow clients).
LIFE = 30


def slow(attack):
    """300 slow headers and 300 slow bodies, a byte a second; some that send nothing, or stop within a body."""
    with attack.server() as server, attack.watch(server) as watch:
        kinds = {
            "slow headers": (300, b"POST " + INTAKE.encode() + b" HTTP/1.1\r\nHost: x\r\nX-Slow: "),
            "slow bodies": (300, head(length=1_000_000) + METADATA),
            "slow chunks": (50, head(Transfer_Encoding="chunked") + b"f4240\r\n" + METADATA),
            "10 GiB announced": (10, head(length=10 << 30) + METADATA), "silent": (50, b""),
        }
        sockets = {name: [opened(server, start) for _ in range(count)] for name, (count, start) in kinds.items()}
        everyone = [connection for name in sockets for connection in sockets[name]]
        fed = {connection for name in sockets if name.startswith("slow") for connection in sockets[name]}
        half_open = [opened(server, head(length=1_000_000) + METADATA) for _ in range(50)]

        def feed(connection):
            if connection in fed:
                connection.send(b"a")

        closed, last = closes_within(everyone + half_open, LIFE + 2, feed)
        count = len(everyone) + len(half_open)
    attack.row(
        "slow clients: closed", closed == count and last <= LIFE,
        f"{closed} of {count} closed within {LIFE} s, the last after {last:.1f} s")
    # The table has 650 clients and 20 MiB.
    attack.row("slow clients: others", watch.is_well(20 * MIB * count / 650), watch.figures)


def idle(attack):
    """3 000 connections that say nothing."""
    with attack.server() as server:
        before = server.descriptors()
        with attack.watch(server) as watch:
            sockets, refused = [], 0
            for _ in range(3_000):
                try:
                    sockets.append(opened(server, b""))
                except OSError:
                    refused += 1
            closed, _ = closes_within(sockets, 5 if attack.small else 20)
        left = left_behind(server, before)
    attack.row(
        "idle connections", watch.is_well(130 * MIB) and left <= 5,
        f"3000 connections, {refused} refused and {closed} closed by the server, {left} left behind, {watch.figures}")


def resets(attack):
    """50 clients that reset the connection within a body, four times a second."""
    rounds = 12 if attack.small else 60
    with attack.server() as server:
        before = server.descriptors()
        with attack.watch(server) as watch:
            # Always the same: what is tried is not how the database grows.
            body = run_body()[1]
            for number in range(rounds):
                if number == rounds // 2:
                    half = server.memory()
                sockets = [opened(server, head(length=len(body) * 2) + body) for _ in range(50)]
                for connection in sockets:
                    # Without lingering, closing is a reset.
                    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    connection.close()
                time.sleep(0.25)
        left, memory = left_behind(server, before), server.memory()
    attack.row(
        "resets within a body", watch.is_well(32 * MIB) and left <= 5 and memory <= half * 1.1,
        f"{rounds * 50} resets, {left} descriptors left behind, "
        f"memory {mib(half)} after half of them and {mib(memory)} after all, {watch.figures}")


def left_behind(server, before):
    """How many descriptors the server has more than before, a while after its clients have gone."""
    deadline = time.monotonic() + 10
    while server.descriptors() > before + 5 and time.monotonic() < deadline:
        time.sleep(0.05)
    return server.descriptors() - before


def opened(server, start):
    connection = server.connect()
    connection.setblocking(False)
    if start:
        connection.send(start)
    return connection
