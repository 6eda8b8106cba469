"""Requests that are too large, framed twice, or without a credential."""

import base64
import os
import re
import time

from clients import INTAKE, METADATA, MIB, exchange, head, hexadecimal, lines, percentile, post, run_body, transaction


def too_large(attack):
    """A body of 10 GiB announced, bodies without end, a line of 20 MiB, a header of 1 MiB, 100 000 headers."""
    with attack.server() as server, attack.watch(server) as watch:
        good = lines(transaction(hexadecimal(16)))
        announced = exchange(server, [head(length=10 << 30), METADATA, *[good * 5_000] * 200], timeout=20)
        long_line = lines(transaction(hexadecimal(16), name="x" * (20 * MIB)))
        line = post(server, METADATA + good + long_line + lines(transaction(hexadecimal(16))), 60)
        endless = exchange(server, endless_body(), timeout=60)
        start = b"POST " + INTAKE.encode() + b" HTTP/1.1\r\nHost: x\r\n"
        header = exchange(server, start + b"X-Long: " + b"x" * MIB + b"\r\n\r\n", timeout=15)
        many = exchange(server, start + b"".join(b"X-%d: y\r\n" % n for n in range(100_000)) + b"\r\n", timeout=15)
        target = exchange(server, b"GET /" + b"x" * MIB + b" HTTP/1.1\r\nHost: x\r\n\r\n", timeout=15)
    result = line.json()
    errors = result.get("errors", [])
    attack.row("10 GiB announced", announced.status in (400, 413), f"{announced.status}")
    attack.row("a body without end", endless.status in (400, 413), f"{endless.status} {endless.body[:100]!r}")
    attack.row(
        "a line of 20 MiB", line.status == 400 and result.get("accepted") == 2 and len(errors) == 1,
        f"{line.status}, {result.get('accepted')} of 2 neighbours kept, {len(errors)} error, "
        f"answer of {len(line.raw)} bytes")
    attack.row("a header of 1 MiB", header.status in (400, 413, 431), f"{header.status}")
    attack.row("100 000 headers", many.status in (400, 413, 431), f"{many.status}")
    attack.row("a path of 1 MiB", target.status in (400, 404, 414, 431), f"{target.status}")
    attack.row("too large: others", watch.is_well(32 * MIB), watch.figures)


def endless_body():
    """Chunks of valid events, 200 MiB of them, plain."""
    yield head(Transfer_Encoding="chunked")
    yield b"%x\r\n%s\r\n" % (len(METADATA), METADATA)
    # Few events and much text: it is the body's size that is tried here.
    piece = lines(transaction("a" * 32, "b" * 16, context={"custom": {"text": "x" * 250_000}})) * 4
    for _ in range(200 * MIB // len(piece)):
        yield b"%x\r\n%s\r\n" % (len(piece), piece)
    yield b"0\r\n\r\n"


def smuggling(attack):
    """Requests whose length can be read in two ways, and headers that would make headers of answers."""
    body = METADATA
    hidden = b"GET /hidden-by-smuggling HTTP/1.1\r\nHost: x\r\n\r\n"
    start = b"POST " + INTAKE.encode() + b" HTTP/1.1\r\nHost: x\r\n"
    framings = {
        "length and chunked": [b"Content-Length: 4", b"Transfer-Encoding: chunked"],
        "chunked and length": [b"Transfer-Encoding: chunked", b"Content-Length: 400"],
        "two lengths": [b"Content-Length: 0", b"Content-Length: 99"],
        "two lengths in one": [b"Content-Length: 0, 99"],
        "signed length": [b"Content-Length: +5"], "negative length": [b"Content-Length: -5"],
        "hexadecimal length": [b"Content-Length: 0x5"], "huge length": [b"Content-Length: 99999999999999999999"],
        "space before the colon": [b"Content-Length : 5"], "folded length": [b"Content-Length:\r\n 5"],
        "unknown encoding": [b"Transfer-Encoding: xchunked"],
        "chunked not last": [b"Transfer-Encoding: chunked, identity"],
        "chunked twice": [b"Transfer-Encoding: chunked", b"Transfer-Encoding: chunked"],
        "line feeds alone": [b"X: y\nContent-Length: 5"], "NUL in a header": [b"X: a\0b", b"Content-Length: 0"],
        "carriage return in a header": [b"X: a\rContent-Length: 5", b"Content-Length: 0"],
    }
    bad = []
    with attack.server() as server, attack.watch(server) as watch:
        for name, headers in framings.items():
            request = start + b"\r\n".join(headers) + b"\r\n\r\n" + b"0\r\n\r\n" + hidden
            answer = exchange(server, request, timeout=3)
            statuses = re.findall(rb"HTTP/1\.[01] (\d{3})", answer.raw)
            # What was hidden must never have been a request after one that was served.
            if len(statuses) > 1 and statuses[0] == b"202" and b"404" in statuses:
                bad.append(f"{name}: {statuses}")
        for chunk in (b"FFFFFFFFFFFFFFFFF\r\n", b"-1\r\n", b"0x5\r\n", b"5;" + b"x" * MIB + b"\r\n", b"5\r\n12345XX"):
            answer = exchange(server, start + b"Transfer-Encoding: chunked\r\n\r\n" + chunk + body, timeout=3)
            if answer.status not in (400, 413, 431, 500):
                bad.append(f"chunk {chunk[:20]!r}: {answer.status}")
        injected = b"%0d%0aX-Injected: yes"
        for request in (
            b"GET /" + injected + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
            b"POST /intake/v2/rum/events HTTP/1.1\r\nHost: x\r\nOrigin: http://a\tb" + injected
            + b"\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
            start + b"Content-Type: x\x0bX-Injected: yes\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
        ):
            if "x-injected" in exchange(server, request, timeout=5).headers:
                bad.append(f"injected by {request[:30]!r}")
    attack.row(
        "smuggling and injected headers", not bad,
        "; ".join(bad) or f"{len(framings)} framings, none served twice")
    attack.row("smuggling: others", watch.is_well(20 * MIB), watch.figures)


def credentials(attack):
    """No credential, a wrong one, parts of the right one; that it is nowhere to be read; where it listens."""
    secret = "attack-" + hexadecimal(16)
    body = run_body()[1]
    tried = {
        "none": None, "empty": "", "no scheme": secret, "another scheme": f"Basic {secret}",
        "wrong": "Bearer " + "x" * len(secret), "a prefix": f"Bearer {secret[:-1]}", "longer": f"Bearer {secret}x",
        "another case": f"Bearer {secret.upper()}", "two spaces": f"Bearer  {secret}",
        "as an API key": "ApiKey " + base64.b64encode(f"id:{secret}".encode()).decode(),
    }
    with attack.server(WAITLINE_SECRET_TOKEN=secret) as server:
        let_in = []
        for name, value in tried.items():
            headers = {} if value is None else {"Authorization": value}
            for method, path in (("POST", INTAKE), ("GET", "/config/v1/agents?service.name=a")):
                sent = body if method == "POST" else b""
                answer = exchange(server, head(method, path, len(sent), **headers) + sent, timeout=10)
                if answer.status != 401:
                    let_in.append(f"{name} at {path}: {answer.status}")
            root = exchange(server, head("GET", "/", **headers), timeout=10)
            if root.body:
                let_in.append(f"{name} at /")
        right = post(server, body, Authorization=f"Bearer {secret}")
        early, late = timing(server, secret, 60 if attack.small else 400)
        addresses = listening_addresses(server)
        server.stop()
        places = [path for path in leftovers(server.database) if secret.encode() in open(path, "rb").read()]
    attack.row(
        "credentials", not let_in and right.status == 202,
        "; ".join(let_in) or f"{len(tried)} refused, the right one taken")
    attack.row(
        "credentials: time", late <= early * 1.25 + 0.0005,
        f"wrong from the first byte {early * 1e6:.0f} us, wrong in the last {late * 1e6:.0f} us")
    attack.row("credentials: nowhere to be read", not places, f"found in {places}" if places else "not in any file")
    attack.row("loopback by default", addresses == {"0100007F"}, f"listens on {sorted(addresses)}")


def timing(server, secret, count):
    """Seconds that a guess takes which differs in its first and in its last byte, in the fastest tenth of the tries."""
    guesses = {"early": "x" + secret[1:], "late": secret[:-1] + "x"}
    times = {name: [] for name in guesses}
    for _ in range(count):
        for name, guess in guesses.items():
            started = time.perf_counter()
            post(server, b"", Authorization=f"Bearer {guess}")
            times[name].append(time.perf_counter() - started)
    return percentile(times["early"], 10), percentile(times["late"], 10)


def listening_addresses(server):
    """The local addresses of the sockets that listen on the server's port, as the system writes them."""
    found = set()
    for name in ("tcp", "tcp6"):
        if not os.path.exists(f"/proc/net/{name}"):
            continue
        with open(f"/proc/net/{name}") as table:
            for line in list(table)[1:]:
                fields = line.split()
                address, port = fields[1].split(":")
                if fields[3] == "0A" and int(port, 16) == server.port:
                    found.add(address)
    return found


def leftovers(database):
    folder = os.path.dirname(database)
    return [os.path.join(folder, name) for name in os.listdir(folder)]
