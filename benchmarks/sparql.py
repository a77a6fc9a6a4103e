"""What a SPARQL query costs: over HTTP against in this process, repeated, and from sixteen clients at once.

    python -m benchmarks.sparql RELEASES

RELEASES is a folder of releases, such as ``$S230_HOME/graph``. Times are medians in milliseconds.
"""

from __future__ import annotations

import asyncio
import socket
import statistics
import sys
import time
import urllib.parse
from collections.abc import Callable
from multiprocessing import get_context
from pathlib import Path

import httpx
import pyoxigraph as ox
import uvicorn
from fastapi import FastAPI

from api import sparql
from graph import release
from graph.engine import Engine

SMALL = "SELECT ?s ?p ?o {{ ?s ?p ?o }} OFFSET {0} LIMIT 5"
CLIENTS, SECONDS = 16, 5


def serve(folder: Path, listener: socket.socket) -> None:
    """Serve a releases folder on a socket."""
    app = FastAPI()
    sparql.mount(app, Engine(folder))
    uvicorn.Server(uvicorn.Config(app, log_level="error", access_log=False)).run([listener])


def median(ask: Callable[[int], object], times: int = 200) -> float:
    """The median time of a call in milliseconds."""
    spent = []
    for turn in range(times):
        began = time.perf_counter()
        ask(turn)
        spent.append(time.perf_counter() - began)
    return statistics.median(spent) * 1000


async def hammer(port: int) -> int:
    """How many different small queries sixteen connections get answered."""
    end, answered = time.monotonic() + SECONDS, 0

    async def client(number: int) -> None:
        nonlocal answered
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        turn = 0
        while time.monotonic() < end:
            turn += 1
            query = urllib.parse.quote(SMALL.format(turn % 50) + f" # {number} {turn}")
            writer.write(f"GET /sparql?query={query} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
            head = await reader.readuntil(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 200"), head
            length = next(line for line in head.split(b"\r\n") if line.startswith(b"content-length:"))
            await reader.readexactly(int(length.partition(b":")[2]))
            answered += 1
        writer.close()

    await asyncio.gather(*(client(number) for number in range(CLIENTS)))
    return answered


def main() -> None:
    """Measure and print."""
    folder = Path(sys.argv[1])
    # With the protocol named, asyncio switches Nagle's algorithm off.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.bind(("127.0.0.1", 0))
    listener.listen(128)
    port = listener.getsockname()[1]
    began = time.perf_counter()
    server = get_context("fork").Process(target=serve, args=(folder, listener))
    server.start()
    address = f"http://127.0.0.1:{port}/sparql"
    with httpx.Client(timeout=30) as client:
        client.get(address, params={"query": "ASK {}"})
        print(f"ready after            {time.perf_counter() - began:8.2f} s")
        store = ox.Store.read_only(str(release.current(folder) / "store"))
        here = median(lambda n: store.query(SMALL.format(n % 50)).serialize(format=ox.QueryResultsFormat.JSON))
        new = median(lambda n: client.get(address, params={"query": SMALL.format(n % 50) + f" # {n}"}))
        same = median(lambda n: client.get(address, params={"query": SMALL.format(1)}))
        nothing = median(lambda n: client.options(address))
    print(f"small, in this process {here:8.2f} ms\nsmall, over HTTP       {new:8.2f} ms")
    print(f"repeated, over HTTP    {same:8.2f} ms (of these {nothing:.2f} ms HTTP and client alone)")
    rate = asyncio.run(hammer(port)) / SECONDS
    print(f"{CLIENTS} clients             {rate:8.0f} queries a second (the client shares the machine)")
    server.terminate()
    server.join()


if __name__ == "__main__":
    main()
