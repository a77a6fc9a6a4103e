"""What a SPARQL query costs here and at two ready servers, on the same release, in one run.

    python -m benchmarks.sparql RELEASES [LARGER]

RELEASES is a folder of releases, such as ``$S230_HOME/graph``; LARGER one with several times the data, on which the
named queries are asked again. The yardsticks are ``oxigraph serve-read-only`` (package `oxigraph`, extra `test`) and
rdflib-endpoint (extra `bench`); a missing one is left out, which is said. Every time is a median in milliseconds that a
client on this machine sees, of queries that no cache has met. Each line of the summary says whether a bound is met.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import re
import selectors
import shutil
import socket
import statistics
import subprocess
import sys
import threading
import time
import urllib.parse
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import NamedTuple

from graph import queries, release
from graph.vocabulary import PREFIXES

TIMES, TIMES_SLOW = 15, 3
"""How often a query is asked; less often where it takes longer than `SLOW` seconds."""

SLOW = 1.0

PATIENCE = 60
"""Seconds to wait for an answer of a yardstick; a query that takes longer counts as that long."""

SMALL_IS_BELOW = 50
"""Milliseconds up to which a query counts as small."""

CLIENTS, SECONDS = 16, 5
SMALL = "SELECT ?s ?p ?o {{ ?s ?p ?o }} OFFSET {0} LIMIT 5"
MILLION = "SELECT ?s ?p ?o ?n {{ VALUES ?n {{ {} }} ?s ?p ?o }} LIMIT 1000000"
DECLARED = "".join(f"PREFIX {prefix}: <{namespace}>\n" for prefix, namespace in PREFIXES.items())

_number = count()


class Server(NamedTuple):
    """A server that runs: where it is asked, its process, and the seconds it took to its first answer."""

    name: str
    port: int
    path: str
    process: subprocess.Popen[bytes]
    ready: float


class Asked(NamedTuple):
    """One query at one server: its median in milliseconds, and how many rows came (-1: no answer)."""

    milliseconds: float
    rows: int


@contextlib.contextmanager
def running(name: str, command: list[str], path: str, patience: float = 300) -> Iterator[Server]:
    """A server started by `command`, in which ``{port}`` stands for a free port, until the block is left."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    began = time.perf_counter()
    environment = {"S230_QUERY_TIMEOUT": str(PATIENCE), **os.environ}
    process = subprocess.Popen(
        [part.format(port=port) for part in command],
        stderr=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        env=environment,
    )
    try:
        while True:
            with contextlib.suppress(OSError):
                if _status(port, path, "ASK {}") == 200:
                    break
            if process.poll() is not None or time.perf_counter() - began > patience:
                raise SystemExit(f"{name} does not come up: {' '.join(command)}")
            time.sleep(0.005)
        yield Server(name, port, path, process, time.perf_counter() - began)
    finally:
        process.terminate()
        process.wait(20)


def _status(port: int, path: str, query: str) -> int:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    line.request("GET", f"{path}?query={urllib.parse.quote(query)}", headers={"accept": "application/json"})
    status = line.getresponse().status
    line.close()
    return status


def ours(folder: Path) -> contextlib.AbstractContextManager[Server]:
    """This service, whole, as users start it."""
    command = [sys.executable, "-m", "api.cli", "serve", "--port", "{port}", "--store", str(folder)]
    return running("this service", command, "/sparql")


def oxigraph(folder: Path) -> contextlib.AbstractContextManager[Server] | None:
    """Oxigraph's own server over the store of the release."""
    program = shutil.which("oxigraph", path=os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"])))
    store = str(release.current(folder) / "store")
    command = [str(program), "serve-read-only", "--location", store, "--bind", "127.0.0.1:{port}"]
    return running("oxigraph", command, "/query") if program else None


def rdflib_endpoint(folder: Path) -> contextlib.AbstractContextManager[Server] | None:
    """rdflib-endpoint over the quads of the release."""
    command = [sys.executable, "-m", "benchmarks.rdflib_service", str(release.current(folder)), "{port}"]
    return running("rdflib-endpoint", command, "/") if find_spec("rdflib_endpoint") else None


def asked(server: Server, query: str) -> Asked:
    """Ask a query several times, each time with another comment."""
    line = http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE)
    spent: list[float] = []
    rows = -1
    while len(spent) < (TIMES if not spent or spent[0] < SLOW else TIMES_SLOW):
        body = urllib.parse.urlencode({"query": f"{DECLARED}{query}\n# {next(_number)}"})
        began = time.perf_counter()
        try:
            line.request("POST", server.path, body, _FORM)
            answer = line.getresponse()
            content = answer.read()
        except (OSError, http.client.HTTPException):
            return Asked(PATIENCE * 1000, -1)
        spent.append(time.perf_counter() - began)
        if answer.status != 200:
            return Asked(statistics.median(spent) * 1000, -1)
        rows = len(json.loads(content)["results"]["bindings"])
    line.close()
    return Asked(statistics.median(spent) * 1000, rows)


_FORM = {"content-type": "application/x-www-form-urlencoded", "accept": "application/sparql-results+json"}


def aggregates(query: str) -> bool:
    """Whether a query counts, sums or groups."""
    return bool(re.search(r"\b(?:COUNT|SUM|AVG|MIN|MAX|SAMPLE|GROUP_CONCAT)\s*\(|\bGROUP\s+BY\b", query))


def rate(server: Server) -> float:
    """Different small queries a second that sixteen connections get answered, the client in a process of its own."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writing, str(_hammered(server)).encode())
        os._exit(0)
    os.close(writing)
    os.waitpid(child, 0)
    with os.fdopen(reading) as found:
        return float(found.read()) / SECONDS


def _hammered(server: Server) -> int:
    waiting = selectors.DefaultSelector()
    requests = [_request(server, number) for number in range(50_000)]
    turn = iter(requests * 10)
    received: dict[int, bytearray] = {}
    for _ in range(CLIENTS):
        line = socket.create_connection(("127.0.0.1", server.port))
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        waiting.register(line, selectors.EVENT_READ)
        received[line.fileno()] = bytearray()
        line.sendall(next(turn))
    answered, end = 0, time.monotonic() + SECONDS
    while time.monotonic() < end:
        for key, _ in waiting.select(0.1):
            line = key.fileobj  # type: ignore[assignment]
            held = received[line.fileno()]
            held += line.recv(1 << 16)
            if _is_whole(held):
                assert held.startswith(b"HTTP/1.1 200"), bytes(held[:200])
                held.clear()
                answered += 1
                line.sendall(next(turn))
    return answered


def _request(server: Server, number: int) -> bytes:
    query = urllib.parse.quote(SMALL.format(number % 50) + f" # {number}")
    accept = "application/sparql-results+json"
    return f"GET {server.path}?query={query} HTTP/1.1\r\nHost: localhost\r\nAccept: {accept}\r\n\r\n".encode()


def _is_whole(answer: bytearray) -> bool:
    head, ends, body = answer.partition(b"\r\n\r\n")
    if not ends:
        return False
    length = re.search(rb"(?i)content-length: *(\d+)", head)
    return len(body) >= int(length[1]) if length else body.endswith(b"0\r\n\r\n")


def server_seconds(server: Server, ask: Callable[[], object]) -> float:
    """Milliseconds per query that the service itself counts for what `ask` asks (`/metrics`)."""

    def told() -> tuple[float, float]:
        line = http.client.HTTPConnection("127.0.0.1", server.port)
        line.request("GET", "/metrics")
        text = line.getresponse().read().decode()
        line.close()
        sums = [re.search(rf's230_sparql_seconds_{what}{{outcome="200"}} (\S+)', text) for what in ("sum", "count")]
        return float(sums[0][1]) if sums[0] else 0.0, float(sums[1][1]) if sums[1] else 0.0

    before = told()
    ask()
    after = told()
    return (after[0] - before[0]) / (after[1] - before[1]) * 1000


def repeated(server: Server) -> None:
    """Ask one query two hundred times."""
    line = http.client.HTTPConnection("127.0.0.1", server.port)
    for _ in range(200):
        line.request("GET", f"{server.path}?query={urllib.parse.quote(SMALL.format(1))}")
        line.getresponse().read()
    line.close()


def million(server: Server, quads: int) -> tuple[int, float, float, float]:
    """A million rows read as CSV: rows, seconds, and the most memory of the service and of its largest worker in MB."""
    copies = " ".join(map(str, range(1_100_000 // max(quads, 1) + 2)))
    query = urllib.parse.quote(MILLION.format(copies))
    line = http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE)
    began, rows = time.perf_counter(), -1
    line.request("GET", f"{server.path}?query={query}", headers={"accept": "text/csv"})
    answer = line.getresponse()
    workers = 0.0
    done = threading.Event()

    def watch() -> None:
        nonlocal workers
        while not done.wait(0.05):
            workers = max([workers, *(resident(child) for child in _children(server.process.pid))])

    watching = threading.Thread(target=watch)
    watching.start()
    while piece := answer.read(1 << 16):
        rows += piece.count(b"\n")
    done.set()
    watching.join()
    return rows, time.perf_counter() - began, resident(server.process.pid, "VmHWM"), workers


def resident(process: int, what: str = "VmRSS") -> float:
    """Megabytes of a process by ``/proc`` (Linux); `VmHWM` is the most it ever had. 0 where that cannot be told."""
    with contextlib.suppress(OSError):
        found = re.search(rf"{what}:\s*(\d+) kB", Path(f"/proc/{process}/status").read_text())
        return int(found[1]) / 1024 if found else 0.0
    return 0.0


def _children(process: int) -> list[int]:
    with contextlib.suppress(OSError):
        return [int(child) for child in Path(f"/proc/{process}/task/{process}/children").read_text().split()]
    return []


def verdict(what: str, found: str, met: bool) -> None:
    """One line of the summary."""
    print(f"{'met    ' if met else 'NOT MET'}  {what:<66}{found}")


def compared(folder: Path) -> None:
    """The named queries at all servers, then the summary against each yardstick."""
    with contextlib.ExitStack() as stack:
        servers = [stack.enter_context(found) for start in STARTS if (found := start(folder))]
        names = [server.name for server in servers]
        print(f"{'named query, ms':<46}" + "".join(f"{name:>17}" for name in names))
        table: dict[str, list[Asked]] = {}
        for name in queries.names():
            text = queries.load(name).text
            table[name] = [asked(server, text) for server in servers]
            cells = "".join(
                f"{found.milliseconds:>17.2f}" if found.rows >= 0 else f"{'none':>17}" for found in table[name]
            )
            print(f"{name:<46}{cells}")
            different = {found.rows for found in table[name]} - {-1}
            if len(different) > 1:
                print(f"{'':<46}rows differ: {[found.rows for found in table[name]]}")
        if "oxigraph" in names:
            against_oxigraph(servers, table)
        else:
            print("oxigraph is not installed: pip install oxigraph")
        if "rdflib-endpoint" in names:
            against_rdflib(table, names.index("rdflib-endpoint"))
        else:
            print("rdflib-endpoint is not installed: pip install 'section230-graph[bench]'")
        alone(servers[0], folder)


STARTS = (ours, oxigraph, rdflib_endpoint)


def against_oxigraph(servers: list[Server], table: dict[str, list[Asked]]) -> None:
    """What this service adds to the engine."""
    pairs = [(found[0].milliseconds, found[1].milliseconds) for found in table.values()]
    small = [mine - theirs for mine, theirs in pairs if theirs <= SMALL_IS_BELOW]
    long = [mine / theirs for mine, theirs in pairs if theirs > SMALL_IS_BELOW]
    more = statistics.median(small)
    found = f"{more:+.2f} ms (worst {max(small):+.2f}, of {len(small)})"
    verdict("small queries: at most 2.5 ms more than oxigraph", found, more <= 2.5)
    if long:
        times = statistics.median(long)
        found = f"{times:.2f} times (worst {max(long):.2f}, of {len(long)})"
        verdict(f"queries over {SMALL_IS_BELOW} ms: at most 1.1 times oxigraph", found, times <= 1.1)
    mine, theirs = rate(servers[0]), rate(servers[1])
    found = f"{mine:,.0f} of {theirs:,.0f} a second: {mine / theirs:.2f}"
    verdict(f"{CLIENTS} clients: at least a quarter of oxigraph's rate, aim half", found, mine >= theirs / 4)


def against_rdflib(table: dict[str, list[Asked]], column: int) -> None:
    """That no named query is slower than with rdflib."""
    ratios = {name: found[column].milliseconds / found[0].milliseconds for name, found in table.items()}
    slowest = min(ratios, key=lambda name: ratios[name])
    verdict(
        "no named query slower than rdflib-endpoint", f"least {ratios[slowest]:.1f} times as fast", ratios[slowest] >= 1
    )
    grouped = [ratio for name, ratio in ratios.items() if aggregates(queries.load(name).text)]
    found = f"least {min(grouped):.1f}, median {statistics.median(grouped):.0f} times (of {len(grouped)})"
    verdict("where it aggregates: at least 3 times faster", found, min(grouped) >= 3)


def alone(server: Server, folder: Path) -> None:
    """What needs no yardstick."""
    spent = server_seconds(server, lambda: repeated(server))
    verdict("a repeated query: under 1 ms in the server", f"{spent:.2f} ms", spent < 1)
    quads = asked(server, "SELECT * { { SELECT (COUNT(*) AS ?n) { ?s ?p ?o } } }")
    assert quads.rows == 1
    rows, seconds, service, worker = million(server, release.description(release.current(folder))["quads"] // 2)
    found = f"{rows:,} rows in {seconds:.1f} s; service {service:.0f} MB, worker {worker:.0f} MB"
    verdict("a million rows: service under 300 MB, plus a worker", found, rows == 1_000_000 and service < 300)
    verdict("ready in under 1 s", f"{server.ready:.2f} s", server.ready < 1)


def grown(folder: Path, larger: Path) -> None:
    """The named queries on more data: how much longer where the answer did not grow."""
    with ours(folder) as server:
        before = {name: asked(server, queries.load(name).text) for name in queries.names()}
    with ours(larger) as server:
        after = {name: asked(server, queries.load(name).text) for name in queries.names()}
        print(f"\nready on the larger release: {server.ready:.2f} s")
    size = [release.description(release.current(where))["quads"] for where in (folder, larger)]
    same = {n: after[n].milliseconds / before[n].milliseconds for n in before if after[n].rows <= before[n].rows}
    for name, ratio in sorted(same.items(), key=lambda pair: -pair[1])[:5]:
        print(f"{name:<46}{before[name].milliseconds:>10.2f} -> {after[name].milliseconds:.2f} ms, {ratio:.2f} times")
    found = f"worst {max(same.values()):.2f}, median {statistics.median(same.values()):.2f} (of {len(same)})"
    verdict(f"{size[1] / size[0]:.0f} times the quads: less than 2 times as long", found, max(same.values()) < 2)


def main() -> None:
    """Measure and print."""
    if len(sys.argv) not in (2, 3):
        raise SystemExit(__doc__)
    compared(Path(sys.argv[1]))
    if len(sys.argv) == 3:
        grown(Path(sys.argv[1]), Path(sys.argv[2]))


if __name__ == "__main__":
    main()
